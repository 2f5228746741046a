# French, written by hand.
! format 1
pas = negates:3 back:-0.5
pas mal, pourquoi pas, n est ce pas = 0 keeps
jamais, rien, personne, aucun, aucune, sans, ni, plus jamais = negates:3
ne, n = 0
très, trop, si, tellement, vraiment, super, hyper, grave, bien trop, tout à fait, complètement = boost:1.3
peu, un peu, assez, presque, plutôt = damp:0.6
mais, cependant, pourtant = contrast
voudrais, aimerais, devrait, faudrait = unreal
bon, bonne, bons, bonnes, bien, beau, belle, beaux, belles, joli, jolie, mignon, mignonne, sympa, cool, drôle, mieux, meilleur, meilleure, agréable, utile, chouette, top, pratique, efficace, écologique = +2 joy
excellent, excellente, génial, géniale, incroyable, magnifique, superbe, parfait, parfaite, merveilleux, fantastique, formidable, extraordinaire, sublime, chef d œuvre, le meilleur, la meilleure, splendide, énorme, kiff, kiffe = +3 joy:2
amour, aime, j aime, adore, j adore, adoré, adorent, je t aime = +2.7 joy:3
heureux, heureuse, bonheur, joie, joyeux, content, contente, ravi, ravie, sourire, rire, mdr, ptdr, lol, haha, profiter, fête = +2 joy:2
merci, bravo, félicitations, bonne chance, bon courage, courage, fier, fière, fierté, plaisir, gagné, gagner, victoire, champion, champions, succès, réussite, réussi, espoir, espère, vivement, hâte, paix, solidarité, soutien, recommande, innovation, bonne nouvelle, bon anniversaire, joyeux anniversaire, bonne journée, bon appétit = +1.8 joy optimism
mauvais, mauvaise, mal, pire, nul, nulle, nuls, moche, horrible, affreux, terrible, honte, honteux, scandale, scandaleux, dégueulasse, dégoûtant, dégoûté, dégoûtée, pourri, merde, merdique, ridicule, pathétique, catastrophe, catastrophique, désastre, chiant, chiante, ennuyeux, lent, cher, inutile, n importe quoi, lamentable, minable, inadmissible = -2.4 disgust anger
haine, déteste, hais, rage, colère, énervé, énervée, énerve, saoule, soûle, putain, ptn, con, conne, cons, connard, connards, connasse, salope, pute, fdp, enculé, idiot, idiote, imbécile, débile, abruti, voleur, voleurs, menteur, menteurs, mensonge, mensonges, corrompu, raciste, racistes, facho, fasciste, ta gueule, ferme ta gueule, marre, ras le bol, insupportable = -2.6 anger:3
triste, tristesse, pleure, pleurer, pleurs, larmes, douleur, souffre, souffrir, souffrance, seul, seule, solitude, mort, morte, morts, mourir, décès, perdu, perdre, perd, défaite, malade, fatigué, fatiguée, stress, dommage, problème, problèmes, faute, crise, échec, erreur, peur, inquiet, danger, dangereux, accident, victimes, violence, guerre, attentat, pollution, menace, menacé, vol, cassé, panne, en panne, retard, grève, malheureusement, déçu, déçue, déception, manque, me manque = -1.9 sadness
