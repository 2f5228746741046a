# Portuguese, written by hand.
! format 1
não, nao, n, nunca, jamais, ninguém, ninguem, nada, nem, nenhum, nenhuma, sem = negates:3
muito, mt, mto, mtu, tão, tao, super, demais, bastante, mais, realmente, totalmente = boost:1.3
pouco, quase, meio = damp:0.6
mas, porém, embora = contrast
se, queria, oxalá, devia, deveria = unreal
bom, boa, bons, boas, bem, bonito, bonita, lindo, linda, lindos, lindas, legal, melhor, melhores, gostoso, gostosa, fofo, fofa, engraçado, divertido, top, massa, da hora, show, fixe, útil = +2 joy
excelente, incrível, ótimo, ótima, otimo, maravilhoso, maravilhosa, perfeito, perfeita, fantástico, espetacular, sensacional, genial, maravilha, brilhante, impecável, rainha, diva, arrasou, arrasa, o melhor, a melhor, obra prima = +3 joy:2
amor, amo, adoro, adorei, amei, amando, apaixonado, apaixonada, te amo, eu amo, amar, saudade boa = +3 joy:3
feliz, felizes, felicidade, alegria, alegre, contente, sorriso, sorrir, rindo, kkk, kkkk, kkkkk, kkkkkk, haha, hahaha, rs, rsrs = +1.8 joy:2
obrigado, obrigada, parabéns, parabens, sorte, orgulho, gosto, gostei, curti, ganhamos, ganhar, ganhou, vitória, campeão, sucesso, esperança, paz, recomendo, deus abençoe, graças a deus, torcendo, merece, mereceu, linda demais = +1.8 joy optimism
ruim, mau, má, mal, pior, piores, feio, feia, horrível, horroroso, terrível, péssimo, péssima, lixo, merda, bosta, nojo, nojento, nojenta, ridículo, ridícula, vergonha, chato, chata, chatos, tédio, fraco, lento, caro, inútil, um saco, palhaçada, tosco = -2.4 disgust anger
odeio, ódio, odio, raiva, puto, puta, porra, caralho, foda se, fodase, fdp, filho da puta, idiota, idiotas, imbecil, burro, burra, otário, trouxa, desgraça, desgraçado, inferno, corrupto, corruptos, corrupção, mentira, mentiroso, ladrão, bandido, golpe, golpista, falso, falsa, hipócrita, cala a boca, irritante, irritada, irritado = -2.5 anger:3
triste, tristeza, chorar, chorando, chorei, choro, dor, dói, sofrer, sofrendo, sofrimento, sozinho, sozinha, saudade, saudades, morrer, morte, morreu, morrendo, perder, perdeu, perdi, derrota, doente, cansado, cansada, estresse, pena, problema, problemas, culpa, crise, fracasso, erro, medo, preocupado, perigo, acidente, violência, guerra, roubo, quebrado, reclamação, não funciona, não gosto, não aguento, infelizmente, decepção, decepcionado = -1.9 sadness
