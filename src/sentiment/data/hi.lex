# Hindi in both scripts, written by hand.
! format 1
nahi, nahin, nai, nhi, mat, na, kabhi nahi, bina, नहीं, नही, मत, ना, बिना, कभी नहीं = negates:2
bahut, bohot, bohut, kaafi, itna, itni, बहुत, काफी, इतना, बड़ा, सबसे = boost:1.3
lekin, magar, par, parantu, लेकिन, मगर, परंतु, पर = contrast
agar, kaash, अगर, काश, यदि = unreal
accha, acha, achha, achi, acchi, achhi, badhiya, badiya, sahi, mast, sundar, pyara, pyari, zabardast, kamaal, kamal, shandar, shaandar, dhansu, jhakaas, अच्छा, अच्छी, अच्छे, बढ़िया, सुंदर, सुन्दर, सही, मस्त, प्यारा, प्यारी, शानदार, जबरदस्त, कमाल, बेहतरीन, उत्तम, बेहतर, लाजवाब, अद्भुत, महान = +2.4 joy:2
pyar, pyaar, mohabbat, ishq, dil se, प्यार, प्रेम, मोहब्बत, इश्क = +2.3 joy:2
khush, khushi, mazaa, maza, hasi, खुश, खुशी, ख़ुशी, मजा, मज़ा, हंसी, आनंद, सुख = +2.2 joy:2
dhanyavad, shukriya, badhai, badhaai, mubarak, jai ho, jai, jeet, jeeta, jeetega, safal, umeed, garv, swagat, धन्यवाद, शुक्रिया, बधाई, शुभकामनाएं, शुभकामनाएँ, मुबारक, जय, जीत, सफल, सफलता, उम्मीद, आशा, गर्व, स्वागत, शुभ, शांति, विकास, सम्मान = +1.8 joy optimism
bura, buri, bekar, bekaar, ganda, gandi, ghatiya, wahiyat, kharab, faltu, bakwas, bakwaas, sharam, sharm, बुरा, बुरी, बेकार, गंदा, गंदी, घटिया, खराब, फालतू, बकवास, शर्म, शर्मनाक, बदतर = -2.4 disgust anger
nafrat, gussa, kutta, kutte, saala, sala, saale, harami, kamina, kamine, gadha, pagal, chutiya, bhosdi, madarchod, bc, mc, jhooth, jhuta, chor, dhokha, gaddar, deshdrohi, bhrasht, besharam, नफरत, नफ़रत, गुस्सा, कुत्ता, कुत्ते, साला, हरामी, कमीना, गधा, पागल, मूर्ख, झूठ, झूठा, झूठे, चोर, धोखा, गद्दार, देशद्रोही, भ्रष्ट, भ्रष्टाचार, लूट, बेशर्म, पाखंड = -2.5 anger:3
dukh, dukhi, udaas, rona, ro, dard, akela, maut, mar, mara, haar, haara, bimar, mushkil, samasya, dar, darr, afsos, barbaad, nuksan, दुख, दुःख, दुखी, उदास, रोना, दर्द, अकेला, मौत, मृत्यु, मर, हार, बीमार, मुश्किल, समस्या, डर, अफसोस, बर्बाद, नुकसान, हत्या, आतंक, आतंकवादी, आतंकी, हिंसा, युद्ध, गरीब, बेरोजगारी, संकट, खतरा = -1.8 sadness
