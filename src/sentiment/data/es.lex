# Spanish, written by hand.
! format 1
no, nunca, jamás, nadie, nada, ni, ningún, ninguna, ninguno, tampoco, sin = negates:3
muy, mucho, muchísimo, tan, tanto, super, súper, demasiado, bastante, más, realmente, totalmente = boost:1.3
poco, algo, casi, apenas = damp:0.6
pero, aunque, sino = contrast
si, ojalá, quisiera, debería = unreal
bueno, buena, buenos, buenas, buen, bien, bonito, bonita, lindo, linda, guapo, guapa, rico, rica, mejor, mejores, mola, guay, chulo, útil, divertido, divertida, gracioso = +2 joy
excelente, increíble, genial, fantástico, fantástica, maravilloso, maravillosa, perfecto, perfecta, espectacular, brutal, precioso, preciosa, hermoso, hermosa, magnífico, impresionante, estupendo, grande, crack, obra maestra, la mejor, el mejor = +3 joy:2
amor, amo, adoro, encanta, me encanta, encantan, encantado, encantada, quiero mucho, te quiero, os quiero, te amo = +3 joy:3
feliz, felices, felicidad, alegría, alegre, contento, contenta, sonrisa, reír, risa, disfrutar, disfruta, disfrutando, jaja, jajaja, jajajaja = +2.3 joy:2
gracias, muchas gracias, enhorabuena, felicidades, felicitaciones, bravo, olé, ole, gracias a dios, suerte, ánimo, orgullo, orgulloso, orgullosa, gusta, me gusta, gustó, gustan, ganamos, ganar, ganado, victoria, campeón, campeones, éxito, ilusión, esperanza, ganas, paz, apoyo, recomiendo, recomendable = +1.8 joy optimism
malo, mala, malos, malas, mal, peor, peores, feo, fea, horrible, horribles, terrible, asco, asqueroso, asquerosa, fatal, pésimo, pésima, desastre, vergüenza, lamentable, basura, mierda, puta mierda, cutre, ridículo, patético, aburrido, aburrida, aburrimiento, lento, caro, inútil = -2.4 disgust anger
odio, odiar, odia, odioso, rabia, cabreo, enfado, enfadado, enfadada, joder, coño, puto, puta, putos, cabrón, cabrones, gilipollas, idiota, idiotas, imbécil, imbéciles, estúpido, estúpida, tonto, tonta, payaso, hijo de puta, hijos de puta, hdp, ladrones, ladrón, corrupto, corruptos, corrupción, mentira, mentiras, mentiroso, sinvergüenza, fascista, harto, harta, hasta los cojones, que te den = -2.6 anger:3
triste, tristeza, tristes, llorar, lloro, llorando, pena, dolor, duele, sufrir, sufrimiento, solo, sola, soledad, depresión, muerte, muerto, muertos, murió, perder, perdido, pierde, derrota, echo de menos, extraño, enfermo, enferma, cansado, cansada, estrés, lástima, problema, problemas, culpa, crisis, fracaso, error, miedo, preocupado, peligro, accidente, víctimas, violencia, guerra, robo, robar, estafa, roto, queja, quejas, no funciona, no puedo, no me gusta = -1.9 sadness
