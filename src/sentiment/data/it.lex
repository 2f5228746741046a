# Italian, written by hand.
! format 1
non, mai, nessuno, nessuna, niente, nulla, né, senza, neanche, nemmeno = negates:3
molto, molta, tanto, tanta, così, troppo, davvero, super, proprio, veramente, assai = boost:1.3
poco, quasi, abbastanza = damp:0.6
ma, però, anche se = contrast
se, vorrei, magari, dovrebbe = unreal
buono, buona, buoni, buone, bene, bello, bella, belli, belle, bel, bravo, brava, bravi, carino, carina, simpatico, simpatica, divertente, meglio, migliore, migliori, utile, interessante = +2 joy
eccellente, ottimo, ottima, fantastico, fantastica, meraviglioso, meravigliosa, stupendo, stupenda, perfetto, perfetta, incredibile, magnifico, splendido, splendida, geniale, bellissimo, bellissima, grande, mitico, capolavoro, il migliore, spettacolo, spettacolare = +3 joy:2
amore, amo, adoro, ti amo, ti voglio bene, innamorato, innamorata = +2.9 joy:3
felice, felici, felicità, gioia, allegria, contento, contenta, sorriso, ridere, risate, haha, ahah, ahaha, ahahah, ahahaha, festa = +2 joy:2
grazie, complimenti, auguri, congratulazioni, buona fortuna, fortuna, orgoglio, orgoglioso, piace, mi piace, piaciuto, vinto, vincere, vittoria, campione, campioni, successo, speranza, spero, pace, forza, buongiorno, buonanotte, consiglio, appoggio, bene così = +1.7 joy optimism
cattivo, cattiva, male, peggio, peggiore, brutto, brutta, orribile, terribile, pessimo, pessima, schifo, schifoso, fa schifo, merda, vergogna, vergognoso, ridicolo, ridicola, ridicoli, patetico, noioso, noia, lento, caro, inutile, inutili, disastro, assurdo, squallido, scandalo, buffone, buffoni, pagliaccio, pagliacci = -2.4 disgust anger
odio, odiare, odioso, rabbia, incazzato, incazzata, cazzo, cazzi, stronzo, stronza, stronzi, coglione, coglioni, idiota, idioti, imbecille, scemo, stupido, stupida, puttana, troia, bastardo, bastardi, vaffanculo, ladri, ladro, corrotto, corrotti, corruzione, bugiardo, bugie, bugia, bugiardi, falso, ipocrita, ipocriti, mafia, mafioso, fascista, fascisti, basta, rotto le palle = -2.5 anger:3
triste, tristezza, piangere, piango, lacrime, dolore, soffrire, soffro, sofferenza, solo, sola, solitudine, morte, morto, morta, morti, morire, perso, perdere, perde, sconfitta, malato, stanco, stanca, stress, peccato, problema, problemi, colpa, crisi, fallimento, fallito, errore, errori, sbagliare, sbagliato, paura, preoccupato, pericolo, incidente, vittime, violenza, guerra, disoccupazione, tasse, austerità, rubare, rotto, guasto, ritardo, purtroppo, deluso, delusa, delusione, manchi, mi manca, non funziona = -1.9 sadness
