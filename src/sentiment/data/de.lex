# German, written by hand.
! format 1
nicht, nich, net = negates:3 back:-0.5
nicht nur, nicht mehr lange, wenn nicht = 0 keeps
nie, niemals, niemand, nichts, kein, keine, keinen, keiner, keinem, weder, ohne, nix = negates:3
sehr, so, total, echt, richtig, mega, super, voll, extrem, wirklich, absolut, zu, viel, einfach nur = boost:1.3
etwas, bisschen, ein bisschen, fast, kaum, ziemlich = damp:0.7
aber, jedoch, obwohl, sondern = contrast
wenn, falls, ob, würde, hätte, könnte, sollte = unreal
gut, gute, guter, gutes, guten, schön, schöne, schöner, schönes, schönen, nett, süß, süße, cool, lecker, lustig, besser, beste, bester, besten, toll, tolle, toller, tolles, spannend, hübsch, nützlich, praktisch = +2 joy
ausgezeichnet, hervorragend, genial, geil, geile, geiler, fantastisch, wunderbar, wunderschön, perfekt, großartig, unglaublich, spitze, klasse, hammer, traumhaft, herrlich, grandios, sensationell, am besten = +3 joy:2
liebe, lieben, liebt, liebst, geliebt, verliebt, ich liebe, lieb dich, ich liebe dich, hab dich lieb = +2.8 joy:3
glücklich, glück, freude, freu, freue, freuen, freut, froh, fröhlich, lachen, lacht, lächeln, spaß, genießen, feiern, haha, hahaha, hihi, yeah, juhu = +2.2 joy:2
danke, dankeschön, vielen dank, glückwunsch, herzlichen glückwunsch, gratuliere, alles gute, viel glück, viel erfolg, stolz, gewonnen, gewinnen, sieg, erfolg, erfolgreich, hoffnung, hoffe, hoffentlich, mag, gefällt, empfehle, empfehlenswert, frieden, guten morgen, gute nacht, schönen tag, gute besserung, willkommen = +1.8 joy optimism
schlecht, schlechte, schlechter, schlechtes, schlimm, schlimmer, schlimmste, mies, miese, hässlich, furchtbar, schrecklich, grausam, scheiße, scheiß, scheisse, kacke, mist, dreck, müll, ekel, ekelhaft, eklig, widerlich, peinlich, lächerlich, langweilig, öde, langsam, teuer, nutzlos, katastrophe, katastrophal, unverschämt, frechheit, unmöglich, doof, blöd, blöde, blöder = -2.4 disgust anger
hass, hasse, hassen, hasst, wut, wütend, sauer, nervt, nervig, genervt, arsch, arschloch, idiot, idioten, dumm, dumme, dummer, depp, trottel, spinner, wichser, hure, fresse, lügner, lüge, lügen, lügt, betrug, betrüger, korrupt, nazi, nazis, rassist, rassisten, kotzt, kotzen, zum kotzen, verdammt, verfickt, halt die fresse = -2.6 anger:3
traurig, traurige, weinen, weine, heulen, heul, tränen, schmerz, schmerzen, leid, leiden, leidet, allein, alleine, einsam, tod, tot, tote, toten, sterben, gestorben, verloren, verlieren, verliert, niederlage, krank, müde, stress, schade, problem, probleme, schuld, krise, fehler, angst, sorge, sorgen, gefahr, gefährlich, unfall, opfer, gewalt, krieg, kaputt, defekt, verspätung, leider, enttäuscht, enttäuschung, enttäuschend, vermisse, funktioniert nicht, geht nicht = -1.9 sadness
