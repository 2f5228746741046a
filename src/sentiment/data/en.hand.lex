# English, written by hand. TERM, TERM = ATTRIBUTES; src/sentiment/lexicon.rs states the format.
# Where the lexicon of VADER (MIT; Hutto and Gilbert 2014) has a word of a plain line too, and on the same side, its
# valence is about the mean of both.
! format 1
! bias 0 0.15 0
! base -0.4 0.5 0.1
! graded 1.2 6 0.5

# --- negators, boosters, contrast, the unreal -----------------------------------------------------------------------
t = negates joined
won t = negates
not, never, cannot, cant, dont, doesnt, didnt, isnt, wasnt, arent, werent, couldnt, wouldnt, shouldnt, havent, hasnt, hadnt, aint, wont = negates
nobody, none, nothing, nowhere, neither, nor, no one, noone = negates:6
yet to, have yet to, has yet to, had yet to, no need to = negates:6
without, hardly, barely, scarcely, rarely, seldom, lack, lacks, lacking, lacked, zero, anything but, far from = negates:3
no = negates:3
not only, not just, not to mention, no doubt, without a doubt, without doubt, without question, nothing but, no wonder, no matter, no less, if not, not sure if, not that, why not, none other, can t help but, could not wait = 0 keeps
very, really, so, extremely, incredibly, absolutely, totally, completely, super, truly, seriously, highly, insanely, utterly, deeply, ridiculously, unbelievably, remarkably, especially, particularly, damn, fucking, freaking, frickin, fuckin, bloody, hella, soo, sooo, way too, too = boost:1.3
most, more, quite, pretty, so much, such a, such an, so many, by far, as hell, af = boost:1.15
slightly, somewhat, a bit, a little, kinda, kind of, sort of, sorta, fairly, almost, nearly, partly, partially, marginally, a little bit, mildly = damp:0.6
never seen such, never had such, never met such, never experienced such, never received such, never read such, never heard such = boost:1.3 keeps
never seen a more, never had a more, never met a more, never read a more, never heard a more, never tasted a more, never been more, never felt more = boost:1.3 keeps
terribly, horribly, awfully, dreadfully, frightfully, disgustingly, stupidly, wickedly, scarily, badly = -1.9 boost:1.3
couldn t be more, could not be more, can t be more, couldn t have been more, could not have been more = boost:1.6
may be = damp:0.6
there is no, there s no, there are no, there was no, there were no = negates:3
but, however, although, though, yet, except, nevertheless, nonetheless, still though = contrast
if, unless, whether, as long as, would have, could have, should have, i wish, wish, supposed to = unreal
might, i expected a, expected a, hoped for a, hoped for = unreal
were promised, was promised, been promised = -0.8 unreal
should really = unreal
i hoped, we hoped, had hoped, was hoping, were hoping, i expected, we expected, was expecting, were expecting, had expected, i thought it, thought it would, i wanted to like, i wanted to love, wanted to like, wanted to love, i wish i could say, wish i could say, claims to be, claim to be, meant to be, suppose to be = unreal
used to = reverses
old version was, older version was, previous version was, old app was, old one was, last version was = -1 reverses
get used to, got used to, getting used to, m used to, am used to, is used to, are used to, be used to, not used to = 0 keeps
used to work, used to be able to, used to answer = -1.5 keeps

# --- joy, praise ----------------------------------------------------------------------------------------------------
awesome, incredible, phenomenal, spectacular, superb, sensational, marvellous, extraordinary, exceptional = +3.2 joy:2
amazing, fantastic, magnificent, outstanding, brilliant, marvelous, splendid, wonderful = +3 joy:2
breathtaking, terrific, fabulous = +2.7 joy:2
perfect, perfection, excellent, masterpiece, best ever, gorgeous, beautiful, beautifully, exquisite, impeccable, world class, top notch, first class, five stars, 5 stars, second to none = +3.1 joy:2
perfectly = +3.3 joy:2
flawless = +2.7 joy:2
stunning = +2.4 joy:2
flawlessly = +2.1 joy:2
love, loved, loving, luv, lovin, loove, lovely = +2.9 joy:2
loves, adore = +2.7 joy:2
adored, adores, adorable = +2.4 joy:2
happy, happier, happily, happiness, joy, delightful, overjoyed, bliss, cheerful, merry = +2.8 joy:3
happiest, joyful, joyous, elated, euphoric, blissful = +3 joy:3
delighted, thrilled, ecstatic, jolly = +2.4 joy:3
greatly, goodness, nicest, coolest, sweet, sweetest, decent, well done, good job, great job, nice job, good work, great work, nice work, keep it up, way to go, good one, nice one = +2 joy
greatest, best = +2.7 joy
great = +2.4 joy
good, better, nice, nicely, cool = +1.8 joy
fine = +1.5 joy
solid = +1.2 joy
exciting, excitement, stoked, psyched, pumped, hyped, giddy, buzzing, fired up = +2.3 joy:2 optimism
excites, exhilarating, thrilling = +2.1 joy:2 optimism
excited, eager, eagerly, thrill = +1.8 joy:2 optimism
enjoy, enjoyed, enjoying, enjoys, fun, hysterical, laughing, laughed, laughs, laughter, a blast, was a blast, had a blast, having a blast, good time, great time, best time = +2 joy:2
funniest, laugh, lmao, lmfao, rofl = +2.4 joy:2
enjoyable, funny, hilarious, entertaining, entertained, amusing, amused, playful = +1.8 joy:2
hahahaha, hehe, hehehe, lolol, jaja = +0.8 joy
hahaha, lolz = +1.8 joy
haha = +1.5 joy
lol = +1.2 joy
yay, yayy, woohoo, woo hoo, wooo, hooray, hurray, yippee, hell yeah, hell yes, heck yeah, fuck yeah, fuck yes, oh yeah, yes please, yesss, yess, whoop whoop, boom, bravo, kudos, props, hats off, congrats, congratz, cheers to, shout out, shoutout = +2.3 joy:2
congratulations, congratulation = +2.7 joy:2
woot, cheers = +2.1 joy:2
thank you, thanks, thank you so much, thanks so much, thank u, tysm, much appreciated, appreciate it, appreciated, appreciation, grateful, gratitude, thankfully, blessing, thank god, thank goodness = +2.1 joy trust
thankful, blessed, blessings = +2.4 joy trust
thx, ty, appreciate = +1.8 joy trust
impressive, wow, wowed, blown away, mind blowing, mindblowing, jaw dropping, unforgettable, memorable, legendary, epic, iconic, kickass, kick ass, dope, lit, fire, on fire, on point, on fleek, fleek, slay, slayed, slays, slaying, killing it, killed it, killin it, nailed it, crushing it, crushed it, rocks, rocked, rockin, rock on, bomb, the bomb, da bomb, goat, the goat, goals, ace, stellar, lush, banging, bangin, banger, bops, groovy, rad, gnarly, swag, sick beat, sickest, bossing it, on top form = +2.3 joy
impressed, impresses, fab = +2.1 joy
badass = +1.8 joy
favorite, favourite, favourites, faves, fav, favs = +2 joy
favorites, fave = +1.8 joy
proud, honoured, honor, privileged, inspiring, inspired, inspires, motivated, motivating, uplifting, empowering, encouragement, heartwarming, touching, moving story = +2.2 joy optimism:2
proudly, honored, honour, inspiration, inspirational, encouraging = +2.4 joy optimism:2
pride, privilege, motivation, encouraged = +1.8 joy optimism:2
optimistic, fingers crossed, bright future, brighter, looking forward, looking forward to, look forward to, look forward, looking fwd, can t wait for, cant wait for, cannot wait for, can t wait to see, cant wait to see, so ready for, counting down the days = +1.6 optimism:3
optimism = +2.1 optimism:3
hope, hopes, hoping, hopeful, hopefully, promising = +1.8 optimism:3
can t wait, cant wait, cannot wait, can not wait, couldn t wait, can t wait to, cant wait to, can t get enough, can t get enough of = +2.4 joy optimism:2 keeps
victory, victorious, champs, succeeded, achievement, achieve, achieved, accomplished, accomplishment, unbeaten, undefeated, comeback win = +1.9 joy
win, wins, winner, won, champion, success, successful = +2.4 joy
winning, winners, triumph, triumphant, champions, champ, successfully, succeed = +2.1 joy
beautifull, pretty girl, cute, cutie, hot, hottest, attractive, classy, graceful, stylish, hottie, dreamy, angelic = +1.9 joy
beauty, cutest, charming = +2.4 joy
handsome, sexy, elegant, glamorous = +2.1 joy
clever, genius, talented, gifted, skilled, skilful, skillful, wise, wisdom, intelligent, insightful, ingenious, inventive, intuitive = +2 trust
smartest, brilliance = +2.4 trust
smart, talent, thoughtful, creative, innovative = +1.8 trust
kind, kindness, kindest, friendly, helped, generous, generosity, caring, compassionate, warm welcome, hospitable, polite, courteous, attentive, patient staff, professional, professionalism = +2 trust:2
friendliest, gracious = +2.4 trust:2
helpful, considerate, sincere, welcoming = +1.8 trust:2
supportive = +1.5 trust:2
reliable, reliably, dependable, integrity, authentic, genuine, legit, secure = +1.6 trust:2
trustworthy, loyalty = +2.1 trust:2
trust, trusted, honest, honesty, loyal, faithful, safe, safely = +1.8 trust:2
highly recommend, highly recommended, would recommend, must have, must see, must read, must watch, must buy, worth it, worth every penny, worth the money, worth the wait, well worth, great value, good value, a steal, value for money, well made, well built, well designed, high quality, top quality, quality product, durable, sturdy, comfortable, comfy, cozy, cosy, spacious, spotless, delicious, yummy, tasty, mouthwatering, refreshing, crisp, smooth, smoothly, seamless, seamlessly, effortless, easy to use, user friendly, works great, works well, works perfectly, works like a charm, like a charm, works fine, does the job, quick response, fast response, fast delivery, quick delivery, arrived early, fast shipping, prompt, promptly, lifesaver, life saver, game changer, upgraded me, refunded, went above and beyond, above and beyond, exceeded my expectations, exceeded expectations = +2.3 trust joy
scrumptious, efficient, efficiently = +2.1 trust joy
recommend, responsive = +1.8 trust joy
recommended, bargain = +1.5 trust joy
improvements, upgrade, upgraded, solution, advantage, gains, boosts, growing strong, thrive, thriving, prosper, prosperity, rise to, breakthrough, milestone, record high = +1.2 optimism
improved, gain = +1.8 optimism
improve, improves, improving, improvement, benefit, beneficial, growth, profitable = +1.5 optimism
glad, pleased, pleasantly, satisfied, satisfying, satisfaction, content with, relieved, relief, relax, serene, chill, chillin, chilling with, comforting = +1.7 joy
pleasure, pleasant, relaxing, relaxed, peaceful, peace = +2.1 joy
calm, soothing, comfort = +1.5 joy
smile, xx, cuddle, cuddles, snuggle, romantic, bestie, besties = +1.5 joy
xoxo, sweetheart = +2.4 joy
smiled, romance, darling, bff, soulmate = +2.1 joy
welcome, sunny, sunshine, smiles, smiling, hug, hugs, kiss, kisses = +1.8 joy
warm = +1.2 joy
celebration, celebrations, party, partying, festive, happy birthday, birthday, happy bday, happy anniversary, merry christmas, happy holidays, happy new year, happy thanksgiving, happy easter, happy friday, good morning, goodmorning, good night, goodnight, sweet dreams, good luck, best of luck, best wishes, get well soon, have a great day, have a good day, have a nice day, enjoy your day, have fun, good news, great news, welcome back, welcome home = +1.9 joy
celebrate, celebrating, celebrated = +2.4 joy
tgif = +2.1 joy
legend, legends, stronger, bold, determined, unstoppable = +1.4 trust optimism
hero, heroic = +2.1 trust optimism
heroes, courage, courageous, brave, bravery, fearless, strong, strength, passionate, passion, confident, confidence = +1.8 trust optimism
gifts, treats, fortunately, jackpot = +1.2 joy
reward = +2.1 joy
free, bonus, rewarded, rewarding, prize, luckily = +1.8 joy
gift, treat, lucky, luck, fortunate = +1.5 joy
interesting, intriguing, unique, fresh, creative idea, cool idea, great idea, good idea, excellent idea, famous, classic, iconic moment, special, magical, magic, dream come true, dreams come true = +1.5 joy
heavenly, paradise = +2.4 joy
fascinating, rich, precious = +2.1 joy
popular, heaven = +1.8 joy
agreed, agrees, supported, approve, respects, deserved, well deserved, deserves better chance = +1.3 trust
praise = +2.1 trust
admire, admired, admiration, respect, respected, praised, praises, applaud = +1.8 trust
agree, support, supports, supporting, approved, worthy = +1.5 trust
missed you so much, miss you so much = +0.6 sadness joy
like, likes, liked, liking = +1.2
wanna, want, pls, plz, number, real, forward = +0.2
kindly, save, interest, useful, easy, care, grand = +1.2
ready, dear, play, yes, interested, natural, clean, clear, clearly, active, easily, faith, true, united, fit, credit = +0.9
sure, please, top, playing, okay, ok, share, important, original, join, energy, god = +0.6
clean room, very clean, so clean, super clean, clean and = +1.8 joy

# --- anger, dislike -------------------------------------------------------------------------------------------------
hate, hated, hatred, h8, detest = -3 anger:3 disgust
hating, hateful, loathe = -2.7 anger:3 disgust
hates, loathed, loathes, despised, abhor = -2.4 anger:3 disgust
despise = -2.1 anger:3 disgust
anger, furious, fury, rage, infuriated, irate, fuming, seething, pissed off, pissing me off, pisses me off, ticked off, makes my blood boil, sick and tired, had enough, enough is enough, sick of, tired of, so done with, done with this, over it, last straw, wtf, ffs, gtfo, stfu, smfh, go to hell, screw you, fuck you, fuck off, fuck this, fuck that, fuck them, piss off, shut up, shut the fuck up, shame on you, shame on, how dare = -2.6 anger:3
angriest, pissed = -3 anger:3
angry, angrier, mad, raging, outrage, outraged, outrageous, livid, infuriating, wth = -2.4 anger:3
enraged, fed up, smh = -2.1 anger:3
annoying, annoyed, annoys, annoy, irritating, irritated, irritate, irritates, frustrating, frustrates, nuisance, pain in the ass, pain in the neck, drives me crazy, drive me crazy, drives me nuts, driving me crazy, gets on my nerves, on my nerves, pet peeve, ugh, ughh, argh, grr, bleh, sigh, facepalm, eye roll, rolls eyes = -1.9 anger:2
frustrated, frustration = -2.1 anger:2
annoyance, aggravating, bothersome = -1.5 anger:2
grrr, meh = -1.2 anger:2
horrendous, atrocious, abysmal, ghastly, worst, worst ever, the worst, pathetic, disgraceful, disaster, disastrous, inexcusable, deplorable, despicable, vile, garbage, trash, trashy, rubbish, shite, bullshit, bs, horseshit, dogshit, piece of shit, piece of crap, pos phone, sucking, suckish, blows, joke of a, hot mess, train wreck, trainwreck, dumpster fire, shitshow, shit show, clusterfuck, total joke, a joke, what a joke, waste of time, waste of money, waste of space, complete waste, total waste = -3 anger:2 disgust
horrific, catastrophe = -3.3 anger:2 disgust
horrible, horrid, pitiful, disgrace, catastrophic, crappy, shit, shitty = -2.7 anger:2 disgust
terrible, awful, appalling, dreadful, worthless, disgraced, unacceptable, crap, sucks, suck, sucked, sux, lame, lamest = -2.4 anger:2 disgust
worse, worsen, worsening, worsened, poor, poorly, low quality, poor quality, cheaply made, mediocre, subpar, sub par, underwhelming, disappointing, disappointed, disappointment, let down, letdown, not impressed, unsatisfactory, unhappy, displeased, regret, overrated, overpriced, rip off, ripoff, ripped off, rip offs, bland, stale, tedious, tiresome, yawn, snooze fest, snoozefest, meaningless, pointless, useless, senseless, absurd, silly = -2.1 sadness disgust
bad, poorest = -2.4 sadness disgust
inferior, disappoints, disappoint, unimpressed, unimpressive, dissatisfied, unsatisfied, dislike, disliked, dislikes, regrets, regretted, boring, boredom, ridiculous, ludicrous, nonsense = -1.8 sadness disgust
bored, bore, ridiculousness = -1.5 sadness disgust
dull = -1.5 sadness
idiots, idiotic, moronic, dumbass, dimwit, retarded, clown, clowns, asshole, assholes, ass hole, bastards, bitch, bitches, douchebag, cunts, wankers, scum, slut, hoe, creep, creepy, creeps, perv, hypocrite, hypocrites, hypocrisy, cowards, disrespectful, nasty, mean spirited, bullies, bullying, racist, sexist, sexism, misogynist, misogyny, bigot, bigots, bigotry, homophobic, homophobia, transphobic, nazi, nazis, fascist, toxic, toxicity = -2.6 anger:2 disgust:2
dickhead, twat, scumbag, whore, bullied, racism = -3 anger:2 disgust:2
stupid, stupidest, stupidity, idiot, moron, dumb, dumbest, fool, fools, imbecile, retard, loser, losers, bastard, dick, cunt, wanker, pervert, hypocritical, coward, arrogant, arrogance, rude, rudest, disrespected, bully, racists = -2.4 anger:2 disgust:2
morons, dumber, jerk, prick, douche, cowardly, ignorance, rudeness, disrespect = -2.1 anger:2 disgust:2
foolish, jerks, bitching, pricks, ignorant, fascists = -1.8 anger:2 disgust:2
disgusted, disgusting, nauseating, nauseous, repulsive, revolting, sickening, sickened, yuck, eww, ew, ewww, icky, filthy, stinking, smelly, smells bad, reeks, puke, vomit, vomiting, barf, makes me sick, bad smell, bad taste, mold, moldy, rotten, rot, cockroach, cockroaches, bed bugs = -2.3 disgust:3
disgust = -2.7 disgust:3
gross, yucky, dirty, stink, puking = -2.1 disgust:3
stinks, stinky = -1.8 disgust:3
grossed = -1.2 disgust:3
liar, liars, lie, lying, fraud, frauds, fraudulent, scam, scams, scammed, scammer, scammers, cheated, cheater, cheating, deceptive, dishonest, mislead, misled, shady, sketchy, corrupt, corruption, crooked, crook, crooks, betrayal, conned, swindle, steal, stole, stolen, stealing, thief, thieves, theft, rob, robbed, robbery, phony, sham, backstab, backstabber, two faced = -2.3 anger:2 disgust
betray, betrayed = -2.7 anger:2 disgust
lies, fake, fakes, cheat, cheaters, deceive, deceived, misleading = -2.1 anger:2 disgust
lied, deceiving, hoax = -1.8 anger:2 disgust

# --- sadness --------------------------------------------------------------------------------------------------------
sadly, sadness, depressing, heartbreaking, broken heart, broken hearted, devastation, mourn, mourning, gutted, bummed, bummer, crushed, hopeless, lonely, loneliness, lonesome, tragic, bawling, sobbing, weeping, cried, cries, in tears, tear jerker, rip, r i p, rest in peace, passed away, gone too soon, condolences, thoughts and prayers, miss you, i miss, missing you, so much pain, hurting, painful, ache, agony, unfortunate, unfortunately, unlucky, sorry to hear, sorry for your loss, feel bad, feels bad, feel like shit, feel sick, feeling sick, feeling down, feel down, worthlessness, exhausted, exhausting, drained, tired, burnt out, burned out, stressed, stress, overwhelmed, struggling, struggles = -1.9 sadness:2
heartbroken, devastating, tragedy = -2.7 sadness:2
saddest, depression, misery, heartbreak, devastated, tragically, weep, torture = -2.4 sadness:2
sad, sadder, saddened, saddening, unhappiness, depressed, miserable, grief, grieving, mourns, sorrow, sorrowful, crying, cry, hurts, hurt, pain, painfully, aching, suffer, suffering, suffered, suffers, stressful = -2.1 sadness:2
despair, alone, sob, tears, missed, weary, struggle = -1.5 sadness:2
gloomy = -1.2 sadness:2
apologize, apologise, apology, apologies = -0.5 sadness
sorry = -0.3 sadness
lose, loses, losing, loss, losses, epic fail, flop, flopped, blew it, eliminated, relegated, blown lead = -1.5 sadness
fail, choke = -2.1 sadness
defeat, defeated, beaten, failing, failure, failures, choked = -1.8 sadness
canceled, cancellation, delays, late, stranded, waiting, waited, still waiting, been waiting, on hold, hours on hold, no response, no reply, no answer, no help, no one answers, ignoring, unanswered, unresponsive, unhelpful, useless support, lost my luggage, lost luggage, lost my bag, lost bags, missed my flight, missed flight, missed connection, overbooked, rebook, kept waiting, hung up on, hung up, disconnected, wrong item, wrong order, wrong size, missing item, never arrived, never received, didn t arrive, still no, still not, still nothing, not received, overcharged, double charged, hidden fees, charged twice, refund, refunds, want my money back, money back, chargeback, complaints, complain, complained, complains, worst customer service, terrible service, bad service, poor service, worst service, horrible service, awful service, bad experience, terrible experience, never again, never buy, never using, never flying, never use, stay away, steer clear, do not buy, don t buy, dont buy, don t waste your, do yourself a favor, switch to, switching to = -1.8 anger sadness
cancel, cancelled, cancels, delay, delayed, stuck, ignored, ignores, complaint, avoid = -1.5 anger sadness
postponed, complaining = -1.2 anger sadness
broken, broke, breaks, breaking down, broke down, breakdown, defective, defects, fault, damaged, damages, cracked, shattered, wrecked, crash, crashed, crashes, crashing, crashy, freeze, freezing up, froze, bug, bugs, buggy, glitch, glitches, glitchy, laggy, slow, slower, slowest, slowly, sluggish, error, fault codes, malfunction, malfunctioning, malfunctions, outage, outages, down again, is down, not working, doesn t work, does not work, doesnt work, don t work, didn t work, did not work, won t work, wont work, stopped working, quit working, won t load, won t open, wont load, isn t working, isnt working, won t turn on, won t start, keeps crashing, keeps freezing, fell apart, falls apart, falling apart, leaks, leaking, issue, issues, problem, problems, problematic, trouble, troubles, hassle, messed up, messing, screw up, fucked up, f ed up, botched, incompetent, unreliable, nightmare, nightmares, impossible, complicated, clunky, flimsy, cheap, uncomfortable, cramped, cold food, overcooked, undercooked, soggy, tasteless, flavorless, greasy, flaw, flaws, flawed, weak, weakness, shoddy, sloppy, half assed, half baked = -1.7 anger
hell = -2.7 anger
fucked, hellish = -2.4 anger
damage, destroying, troublesome, screwed, incompetence, unprofessional, weakest, lousy = -2.1 anger
defect, faulty, lag, lags, lagging, errors, leak, mess, messed, messy, screwed up, inconvenient, inconvenience, difficult, confused = -1.5 anger
confusing, noisy = -1.2 anger
freezes = -0.9 anger
can t stand, cant stand, cannot stand, couldn t stand, can t bear, can t believe how bad, can t take it, can t deal, can t even get, can t trust, can t find, can t get through, don t like, dont like, didn t like, doesn t like, do not like, did not like, never liked, don t care, dont care, couldn t care less, could care less, don t give a, no fucks given, zero fucks, no respect, no class, no thanks, no clue, no idea why, no excuse, no chance, no hope, not worth, not worth it, isn t worth, not good enough, not good, not great, not cool, not funny, not happy, not fair, not okay, not ok, not right, not a fan, not the best, isn t good, isn t great, wasn t great, wasn t good, nothing special, nothing good, nobody cares, no one cares, who cares, could be better, could have been better, should be better, needs work, needs improvement, leaves a lot to be desired, left a lot to be desired, kiss of death, nail in the coffin, all but dead, kick in the teeth, slap in the face, stab in the back, beyond me, so much for, good riddance, over my dead body, a far cry from, past its prime, hit rock bottom, rock bottom, going downhill, gone downhill, went downhill, downhill, down the drain, drop the ball, dropped the ball, asleep at the wheel, under the weather, bite the dust, bites the dust, dead to me, dead inside, want to die, wanna die, kill me, kill me now, just kill me, kms, fml, my life sucks, worst day, bad day, worst week, bad news, get a life, get over it, grow up, what is wrong with, what s wrong with, what the hell, what the fuck, what the heck, are you kidding me, you ve got to be kidding, give me a break, not even funny, can t make this up, all but perfection, all but perfect, joke s on = -2.0 anger keeps

# --- fear -----------------------------------------------------------------------------------------------------------
afraid, scared, scariest, fears, frightened, fright, panicking, panicked, worry, worries, worrisome, dread, threats, threaten, threatened, dangerous, dangerously, unsafe, disturbed, doom = -1.7 fear:3
terrified, doomed = -2.4 fear:3
scary, scare, terrifying, terrify, terror, fear, feared, fearful, frightening, horror, horrors, horrified, horrifying, panic, dreading, dreaded, threat, threatening, danger, disturbing = -2.1 fear:3
scares, frighten, anxious, nervous, worried, worrying, eerie, haunting, paranoid, risk, warning = -1.5 fear:3
anxiety, alarming, risky = -1.2 fear:3

# --- topics of bad news ---------------------------------------------------------------------------------------------
deaths, dies, dying, deadly, shooting, shot dead, gunman, massacre, genocide, bomb blast, bombing, bombed, bombs, explosion, victim, victims, isis, hostage, kidnapped, arrest, jail, convicted, crimes, illegally, sued, sue, accused, accuses, allegations, alleged, collapsed, bankruptcy, famine, disease, virus, epidemic, injuries, wounded, flood, flooding, earthquake, drought, wildfire, slave, oppression, savage attack, hostile, threatens, boycott, condemn, criticize, criticized, slammed, slams, blame, embarrassed, embarrassing, humiliated, humiliating, cringe, cringey, jealousy, envy, greedy, lazy, laziness, fat shaming, crazy, odd, deny, against, doubt, doubts, doubtful, guilt, cursed, damned, unfairly, biased, offend, mocked, stalker, stalking, desperate, desperately, flu, headache, migraine, sore, fever, cough, hungover, hangover, surgery, hospital, dump, dumping, ditched, layoffs, laid off = -1.6 fear sadness
kill, murder, murderer, rape, raped, rapist, terrorist, terrorism, slavery = -2.7 fear sadness
killed, killing, killer, murdered, murders, dead, death, die, fatally, suicide, rapists, abuse, abusive, violence, violent, war, terrorists, crisis, cancer, devastate, evil, devil, cruelty, brutal, brutality = -2.4 fear sadness
kills, died, fatal, assault, assaulted, abuser, wars, criminal, criminals, crime, illegal, ban, bankrupt, cruel, riot, humiliation, revenge, ugliest, sin, curse, injustice, harassed, harassment, fired = -2.1 fear sadness
attack, attacked, attacks, attacking, abused, arrested, prison, jailed, guilty, banned, scandal, collapse, recession, unemployment, poverty, infected, injured, injury, accident, oppressed, riots, condemned, condemns, criticism, blamed, blames, shame, shameful, ashamed, embarrassment, jealous, bitter, selfish, greed, ugly, insane, weirdo, wrong, reject, rejected, rejects, denied, denies, unfair, unjust, disappointingly, inadequate, insult, insulted, insulting, insults, offensive, mock, mocking, harass, sick, ill, illness, puked, dumped = -1.8 fear sadness
lawsuit, protest, protests, awkward, resent, weird, strange, propaganda, offended = -1.2 fear sadness

back is killing me, head is killing me, feet are killing me, foot is killing me, knee is killing me, knees are killing me, tooth is killing me, stomach is killing me, legs are killing me, throat is killing me, neck is killing me, shoulder is killing me, allergies are killing me, heat is killing me = -1.8 sadness keeps
took away, takes away, taking away, taken away = -1.2 anger
scratch, scratches, scratched, dent, dents, dented, stain, stains, stained, tinny, squeaky, wobbly = -1.2

# --- comparisons, and what looks like one -----------------------------------------------------------------------------
than = back:0.5
less = negates:2
rather than, other than, more than, less than, no more than, no less than, more or less, better late than never = 0 keeps
than before, than ever, than ever before, than last time, than last year, than last week, than yesterday, than expected, than i expected, than i thought, than i imagined, than we expected, than we thought = 0
couldn t ask for a, could not ask for a, couldn t have wished for, could not have wished for, couldn t wish for, could not wish for = +2.3 joy keeps
more than happy, more than pleased, more than satisfied, more than welcome, more than fair, better than any, better than all, never been better, never been happier, never felt better, never looked better, nobody does it better, none better, could not ask for more, couldn t fault, can t fault it, can t praise, cannot praise, can t stop smiling, can t stop laughing, nothing short of amazing, nothing short of brilliant, nothing short of perfect, nothing but praise, nothing but good, nothing but love, hard to fault, easy as pie = +2.3 joy keeps
couldn t imagine a better, couldn t imagine better, could not imagine a better, can t imagine a better, couldn t wish for a better, could not wish for a better, couldn t hope for a better, could not hope for a better = +2.3 joy keeps
worse than ever, worse than before, worse than expected, worse than i expected, worse than useless, never been worse, never felt worse, couldn t be worse, could not be worse, can t get any worse, couldn t get worse, could not get worse, less than impressed, less than happy, less than ideal, less than helpful, less than great, nothing to write home about, not up to scratch, not up to par, not up to standard, not fit for purpose, no better than, hardly worth, not what i paid for, not what i ordered, not as described, not as advertised, not as good as, not as good, isn t as good, no longer works, no longer working, nothing works, never works, never worked, left me hanging, wasted my time, wasting my time, wish i hadn t, wish i had not, wish i d never, wish i had never, should have known better, should never have bought, i expected better, expected better, deserve better, must do better, could do better, have to do better, lost hope, lost all hope, losing hope, losing patience, lost patience, lost interest, hopes dashed, falls short, fell short, fall short, fallen short = -2.0 anger keeps
heals, healed, recovers from, recovered from, recovering from, survives, survived, rules out, ruled out, cleared of, acquitted of, rescued from, saved from, safe from, protects against, protect against, protected from = reverses
fewer = reverses
fixed, fixes, solved, solves, resolved, resolves = +1.2 optimism reverses
ruined, ruin, ruins, ruining, spoiled, spoils, spoilt, spoiling, destroyed, destroy, destroys = -1.9 anger reverses
failed to, fails to, fail to, failing to, refuse to, refused to, refuses to, refusing to, unable to, was unable to = -1.6 reverses
lost = -1.5 sadness reverses
failed, fails = -1.8 sadness
refuse, refused, refuses = -1.6 anger
allays, allayed, averts, averted, dispels, dispelled, debunked, debunks = reverses back:-0.4
were unfounded, was unfounded, are unfounded, proved unfounded, unfounded = 0 back:-0.6
finally fixed = +2.4 joy reverses
won t find a better, won t find a nicer, won t find a kinder, won t find a friendlier, will not find a better, will not find a nicer, will not find a kinder, will not find a friendlier, never find a better = +2.3 joy keeps
expected more from, expected better from, expected more of, expected better of, expected so much more, i expected more from, i expected better from, i expected more of, i expected better of, i expected so much more = -1.8 keeps
way faster, much faster, so much faster, a lot faster, faster than, way quicker, much quicker, quicker than, so much easier, much easier = +1.8
way faster than, much faster than, far faster than, a lot faster than, way quicker than, much quicker than, far quicker than = +2.3 joy
worth every cent, worth every pound, worth every dollar, worth every euro, worth every bit, worth every second, worth every mile = +2.3 trust joy
up to here with, had it up to here = -2.2 anger keeps
please fix, plz fix, fix your, fix this, would fix, need to fix, needs fixing = -1.4 keeps
is over, are over, was over, is finally over, is almost over, is history = back:-0.4
until = back:0.4
can t wait until, cant wait until, cannot wait until, can t wait till, cant wait till, until the end, until then = 0 keeps
was great until, was good until, was fine until, worked until, worked fine until, worked well until, loved it until, liked it until, great until, until the last update, until the latest update, until you lost = -1.5 keeps
takes the fun out of, took the fun out of, takes the joy out of, taking the fun out of, spoils the fun, spoiled the fun, sucks the life out of = -2.0 keeps
took all the fun out of, takes all the fun out of, took all the joy out of, takes all the joy out of = -2.0 keeps
washed out = -1.4 reverses
could have been so much better, could have been much better, could have been a lot better = -1.4 sadness keeps
works as described, exactly as described, works as advertised, as advertised, does what it says, does exactly what it says = +1.6 trust keeps
nothing like the picture, nothing like the photo, nothing like the pictures, not what we ordered, sent it back, sending it back, returned it the next day, going straight back = -1.8 keeps
pain stopped, pain has stopped, bleeding stopped, bleeding has stopped, itching stopped, noise stopped, crying stopped, headache stopped, nausea stopped = +1.4 optimism keeps
thank you in advance, thanks in advance, never the worst, never the best = 0 keeps
i wish this, i wish it, i wish they, i wish the, i wish there, i wish that, wish it was, wish it were, wish they would, wish you would, wish there was, wish there were, would be nice if, would be great if, would be good if, would be better if, would be helpful if = -1.0 unreal keeps
hope someone, hope somebody, hope they fix, hope you fix, hope it gets fixed = -0.8 keeps
gets rid of, getting rid of = reverses
ends the nightmare, nightmare is over, the nightmare is over, end of the nightmare, war is over, ends the war = +1.5 keeps
would have liked, would have loved, would have preferred, would have expected, would have been nice, would have been better = -1.5 keeps

# --- shifters and phrases that mislead ------------------------------------------------------------------------------
ends, stop, stops, stopped, prevent, prevents, prevented, avoids, avoided, reduce, reduces, reduced, ease, eases, eased, fight, fights, fighting, beat, beats, defeats, overcome, overcame, eliminate, eliminates, relieve, relieves, dashed, dashes, shatters, kills off, puts an end to, put an end to, free from, free of, rid of, get rid of, got rid of, no more = reverses
no complaints, no problem, no problems, no worries, no issues, no issue, no regrets, no bad, nothing bad, nothing wrong, nothing to worry about, nothing to complain about, nothing to dislike, no harm done, no biggie, no big deal, no fault, without a hitch, without problems, without issues, without any problems, without any issues, trouble free, hassle free, error free, problem solved, not bad, not bad at all, not too bad, not half bad, isn t bad, wasn t bad, never disappoints, never disappoint, never disappointed, never fails, never fails to, does not disappoint, doesn t disappoint, didn t disappoint, did not disappoint, won t disappoint, won t regret, wont regret, you won t regret, no doubt about it, fears unfounded, worries unfounded, unfounded fears, couldn t be happier, could not be happier, couldn t be better, could not be better, couldn t be more pleased, couldn t ask for more, couldn t ask for better, can t complain, cant complain, cannot complain, can t go wrong, can t beat, cant beat, can t be beat, hard to beat, can t fault, cannot fault, can t say enough good, can t recommend enough, can t thank you enough, can t get better, doesn t get better, it doesn t get better, doesn t get any better, nothing better, nothing better than, nothing beats, not your average, to die for, dying to, dying to try, dying to see, dying for, died laughing, dying of laughter, dead laughing, i m dead, im dead, dying laughing, killing me, sick skills, sick beats, so sick, wicked good, wicked cool, bad ass, insanely good, crazy good, stupid good, scary good, ridiculously good, damn good, pretty damn good, too good, hell of a, one hell of a, helluva, over the moon, on cloud nine, cloud nine, walking on air, head over heels, hit it out of the park, out of the park, knocked it out, cherry on top, icing on the cake, blast from the past, get your freak on, break a leg, sweet tooth, for the win, ftw, thank heavens, as good as it gets, keep up the good work, hats off to, couldn t agree more, could not agree more, big up, big thanks, huge thanks, many thanks, you rock, you rule, all the best, sign me up, count me in, take my money, shut up and take my money = +2.3 joy keeps
a blessing, a class act, a gem, a keeper, a must, a must have, a no brainer, a treat, a winner, at its best, at its finest, best thing ever, better than ever, better than expected, better than i expected, changed my life, class act, feel good, feel great, feeling good, feels good, feels great, gets better, gets the job done, good as new, good vibes, got the job done, great vibes, hidden gem, hit the spot, hits the spot, home run, i love you, ilysm, life changing, like new, love it, love this, love u, love you, loving it, made my day, made my week, made my year, make my day, makes my day, money well spent, music to my ears, no brainer, out of this world, piece of cake, pleasant surprise, pleasantly surprised, saved my life, saved the day, so cute, so excited, so good, so happy, so much fun, so much love, so proud, state of the art, thumbs up, time well spent, too cute, top of the line, two thumbs up, well played, will buy again, would buy again, would definitely buy again, would do it again, would go back = +2.3 joy
ily = +3 joy
not a bad word to say, not a bad word about, nobody has a bad word = +1.2 keeps
never failed me, never fails me, never failed, never failed us, never let me down, never lets me down, never let us down, never lets us down, never let you down, never lets you down, never had a problem, never had any problems, never had problems, never had an issue, never had any issues, never had issues, never had any trouble, never had trouble, never a problem, never a dull moment, never had better, never had a better, never seen better, never seen a better, never tasted better, never heard better, nothing is better, nothing better in the world, no one does it better, does it better than anyone, couldn t have asked for, could not have asked for, couldn t have been better, could not have been better, couldn t have been happier, wouldn t change a thing, would not change a thing, will be back, definitely coming back, will definitely be back, 10 out of 10, five out of five, 5 out of 5, ten out of ten, a 10, hit the nail on the head, nailed it again, best of both worlds, bee s knees, cat s pajamas, cat s whiskers, worth its weight in gold, a breath of fresh air, breath of fresh air, blessing in disguise, takes the cake, took my breath away, takes my breath away, blew my mind, blows my mind, blew me away, blows me away, blown my mind, swept me off my feet, would kill for, so good it hurts, good it hurts, a cut above, head and shoulders above, in good hands, in safe hands, ahead of the curve, on top of the world, at the end of the tunnel, went the extra mile, goes the extra mile, go the extra mile, good as gold, nicely done, gold standard, sight for sore eyes, what a treat, put a smile on, puts a smile on, put a smile on my face, smile on my face, warms my heart, warmed my heart, melts my heart, melted my heart, can t go wrong with, couldn t put it down, couldn t put down, can t put it down, can t stop watching, can t stop listening, can t stop eating, can t stop playing, cannot stop playing, hooked on it, had me in stitches, laughed out loud, kills it, this track is sick, track is sick, beat is sick, song is sick, that s sick, is so sick, sick track, sick tune, sick song, sick guitar, sick moves = +2.3 joy keeps
no fuss, no fees, no hidden fees, no hidden costs, no hidden charges, no nonsense, no drama, no hassle, no hassles, no stress, no pressure, no catch, no strings attached, no strings, no queue, no queues, no waiting, no wait, no ads, no lag, no bugs, no glitches, no crashes, no errors, no side effects, no mess, no delays, no delay, no trouble, no pain, no surprises, no bull, no bs, no spam, no downtime, no leaks, no damage, no gimmicks, no interruptions, no noise, no smell = +1.4 trust keeps
don t mind, dont mind, do not mind, doesn t mind, didn t mind, wouldn t mind, would not mind, never mind, no rush, no hurry, no need, no matter what, not to worry, don t worry, dont worry, do not worry, don t panic, nothing to lose, not a bad word, not a single problem, not a single issue, not a single complaint, not a single bad, without a single problem, without incident, without fail, without fuss, without delay, in no time, nothing but net, no one was hurt, nobody was hurt, not hurt, unharmed, i ve seen worse, seen worse, i ve had worse, had worse, have seen worse, not as bad as, isn t as bad as, wasn t as bad as, not that bad, isn t that bad, wasn t that bad, don t cry, don t be afraid, cheer up = +0.7 keeps
don t mind at all, dont mind at all, do not mind at all, doesn t mind at all = +1.4 keeps
so so, could be worse, it s ok, it s okay, its ok, its okay, it is what it is, no comment, no way, oh my god, oh my gosh, omfg, omigod, oh my, holy shit, holy crap, holy cow, damn it good, as usual, good question, good point, to be fair, would like, i d like, would love to know, like to know, feel like, feels like, felt like, look like, looks like, looked like, looking like, sounds like, sound like, seems like, seem like, something like, things like, stuff like, people like, just like, like a, like the, like this, like that, like it s, more like, act like, acting like, sort of like, such as, at the heart of, in the heart of, heart of, by heart, heart attack grill, kind of people, the kind of, what kind of, this kind of, any kind, well as, as well, as well as, might as well, oh well, well known, pretty sure, pretty much, no fun intended, make sure, for sure, be sure, not sure, i m sure, sure if, want to, wants to, wanted to, thank me later, in good time, for good, a good deal of, good for nothing, as good as, better not, had better, d better, you better, better than that, best regards, kind regards, at best, at least, top of the, bottom of the, in case, just in case, free time, feel free, free agent, free agency, war on, star wars, game of thrones, walking dead, the walking dead, fear the walking dead, grateful dead, evil dead, black friday, good friday, bad blood, bad boys, bad bunny, breaking bad, better call saul, happy feet, happy hour, happy meal, miss usa, miss america, miss universe, miss world, miss teen, united nations, united states, manchester united, man united, newcastle united, leeds united, west ham united, united airlines, best buy, american horror story, the hunger games, hunger games, angry birds, suicide squad, criminal minds, orange is the new black, pretty little liars, pretty woman, beauty and the beast, super mario, super bowl, world war, world war z, civil war, cold war, death valley, death star, dark knight, killing joke, the killers, guns n roses, arctic monkeys, love and hip hop, love island, love actually, crazy stupid love, big brother, grand theft auto, kill bill, lost in translation, desperate housewives, american idol, the voice, america s got talent, britain s got talent, got talent, god of war, call of duty, gears of war, dead or alive, red dead redemption, dead pool, play station, crash bandicoot, fall out boy, my chemical romance, mad max, mad men, insane clown posse, trust fund, trust me, hate to say, i hate to, no offense, trust issues, fire department, fire fighter, fire alarm, cancer research, breast cancer awareness, mental health, intensive care, health care, obama care, critical mass, lie down, lying down, lies in, lies with, mean time, i mean, you mean, mean to, means that, what do you mean, sick day, shot of, shot at, a shot, long shot, screen shot, parking lot, stress test, crash course, play off, kick off, free kick, penalty kick, sudden death, dead heat, dead line, dead end road, fan favorite to win, hard drive, hard copy, hard hat, work hard, working hard, die hard, diehard fan, novel = 0 keeps
someone help, would love a, would love an, would love it if, would love if, d love a, d love an, d love it if, would love some, would be nice, would be great, would be good, would be cool, would be awesome, great britain, great lakes, great barrier reef, great wall, great depression, cape of good hope, crime and punishment, war and peace, pride and prejudice, paradise lost, bad romance, good morning america, good will hunting, happy days, happy gilmore, happy socks, sad songs, love story, love letters, war horse, war of the worlds, the war of the worlds, the war of, war of, nightmare before christmas, nightmare on elm street, the great gatsby, great gatsby, the great escape, beautiful mind, wonderful life, it s a wonderful life, silver linings playbook, american beauty, black beauty, sleeping beauty, crazy rich asians, crazy horse, the good place, the good wife, the good doctor, good wife, dr death, dr strange, doctor strange, dr evil, the joy luck club, joy division, the pursuit of happyness, pursuit of happiness, sense and sensibility, fifty shades, the help, lost and found, lost property, lucky charms, sick leave, sick pay, sick note, mean girls, main street, fire station, fire drill, fire exit, in case of fire, fire brigade, fire service, fire truck, free speech, free trade, trade war, price war, bidding war, tug of war, deadline, dead sea, dead end, death metal, killer whale, killer whales, sharp pain reliever, pain killer, painkillers, pain relief, stress relief, stress ball, problem solving, trouble shooting, bug fix, bug fixes, hate crime, hate speech, love handles, love seat, cool down, cool box, cold front, warm front, warm up, sweet potato, sweet corn, bitter lemon, sour cream, hot dog, hot dogs, hot water, hot chocolate, like for like, i would like, we would like, would you like, if you like, like a lot of, and the like, best before, best man, best practice, best practices, best regards to, good faith, good friday agreement, consumer goods, white goods, a great many, great grandmother, great grandfather, great aunt, great uncle, great dane, fair enough, fair trade, trade fair, world fair, state fair, book fair, fine print, fine dining, parking fine, the fine was, pretty please, pretty often, kind of a, two of a kind, of a kind, that kind, some kind of, smart phone, smart phones, smart tv, smart watch, smart home, smart meter, brilliant earth, super market, super glue, super intendent, clear the table, clear up, all clear, rich tea, save as, save the date, save file, save button, play button, win win, windows 10, winning numbers, trustees, peace treaty, peace talks, peace corps, peace river, honor roll, united kingdom, united front, security guard, security check, security code, social security, safe mode, safe box, welcome desk, welcome email, welcome pack, welcome page, gift card, gift cards, gift shop, free of charge delivery, credit card, credit cards, credit note, credit score, value added tax, share price, share holder, interest rate, interest rates, interest free, care home, care worker, health insurance, childcare, skin care, active directory, active ingredient, fun fact, fun run, joy con, joy stick, hope street, hope valley, faith leaders, grand prix, grand piano, grand canyon, grand central, fresh water, fresh air, natural gas, natural history, original post, rest in, alone time, home alone, sorry not sorry, excuse me, pardon me, no 1 priority, bus no, train no, no 5, room no, flight no, order no, account no, ref no, ticket no = 0 keeps
need help, i need help, needs help, help please, please help, pls help, help me, help me please, help us, please help me, please help us, can you help, could you help, can you help me, could you help me, can someone help, can anyone help, anyone help, need some help, need your help, for help, any help, please check, please dm, please follow, please contact, please call, please reply, please respond, please confirm, please send, please let me know, pls check, pls dm, kindly check, kindly advise, kindly confirm, kindly reply, please advise, would be helpful, know a good, knows a good, recommend a good, recommend me, can anyone recommend, can you recommend, could you recommend, any recommendations, does anyone recommend, would you recommend = 0 -10/30/-20 keeps
dear team, dear sir, dear madam, dear sirs, dear customer, dear customers, dear customer service, dear support, dear all, dear friends, dear colleagues, to whom it may concern = 0 keeps
be so kind, be so kind as to, some help with, no parking, no smoking, no entry, no dogs, no pets = 0 keeps
if you have any problem, if you have any problems, if you have any issue, if you have any issues, if you have any trouble, have any problem, have any problems, have any issues, have any trouble, any problem, any problems, any issue, any issues, any trouble, something goes wrong, anything goes wrong, something went wrong, in case of emergency, in case of trouble, in case of problems, in an emergency = 0 keeps
stop disturbing, stop bothering, stop spamming, stop calling me, stop lying, stop sending, stop texting, leave me alone, disturbing me = -1.8 anger keeps
refrain from, kindly refrain, please refrain, please stop, kindly stop, rubs salt in the wound, rub salt in the wound, salt in the wound, salt in the wounds, adds insult to injury, add insult to injury, insult to injury, too good to be true, wolf in sheep s clothing, tip of the iceberg, straw that broke the, the final straw, final straw, cost an arm and a leg, costs an arm and a leg, arm and a leg, costs a fortune, cost a fortune, cost me a fortune, bitter pill, bitter pill to swallow, from bad to worse, leaves much to be desired, leave much to be desired, left much to be desired, bad taste in my mouth, bad taste in your mouth, missed the mark, misses the mark, miss the mark, down the toilet, down the pan, went south, gone south, going south, goes downhill, blew up in my face, blow up in my face, backfired, not my cup of tea, isn t my cup of tea, up the wall, round the bend, pulling my hair out, pull my hair out, at my wits end, wits end, wit s end, end of my rope, end of my tether, last nerve, on my last nerve, makes my skin crawl, skin crawl, a dead end, wild goose chase, waste of a day, waste of an hour, waste of a trip, waste of my time, waste of breath, waste of data, money pit, white elephant, lemon of a car, dead on arrival, doa, dead in the water, kiss goodbye to, say goodbye to my money, stabbed in the back, stabbed me in the back, threw me under the bus, thrown under the bus, under the bus, taken for a ride, took me for a ride, pull the wool over, smoke and mirrors, daylight robbery, highway robbery, fool s errand, fool s gold, flogging a dead horse, beating a dead horse, back to square one, back to the drawing board, can of worms, skating on thin ice, thin ice, in hot water, tough pill, raw deal, short end of the stick, bad apple, rotten to the core, sore loser, a bust, race to the bottom, below the belt, beyond a joke, no laughing matter, nothing to smile about, nothing to celebrate, nothing to be proud of, bane of my life, bane of my existence, fly in the ointment, thorn in my side, eyesore, an eyesore, blood boil, blood boiling, fell on deaf ears, deaf ears, falls on deaf ears, run around, the runaround, given the runaround, gave me the runaround, passed from pillar to post, pillar to post, never hear back, never heard back, never got back to me, never replied, never responded, no one replied, nobody replied, nobody answers, no one picks up, nobody picks up, don t care about, doesn t care about, don t even care, do you even care, do you even, could not care less, never had worse, never had a worse, never seen worse, never seen a worse, never seen such bad, could have been great, could have been good, could have been so good, could ve been great, could ve been better, should have been better, should work better, old one was better, old version was better, the old one was better, previous version was better, was better before, were better before, was so much better before, worked better before, others are better, other brands are better, other apps are better, competitors are better, competition is better, there are better, i ve seen better, seen better, i ve had better, have had better, ve had better, have seen better, third time i, fourth time i, fifth time i, tenth time i, for the third time, for the fourth time, for the fifth time, for the tenth time, third time this, losing my bag, losing my luggage, losing my parcel, losing my order, losing my data, wasting our time, wasting everyone s time, logging me out, logs me out, kicks me out, kicked me out, charged me twice, charged without, without asking, without my permission, without my consent, without permission, not impressed at, notimpressed, nothappy, neveragain, worstever, notok, notcool, no fair, thanks for ruining, thank you for ruining, thanks for wasting, thank you for wasting, thanks for losing, thank you for losing, thanks for breaking, thank you for breaking, thanks for ignoring, thank you for ignoring, thanks for destroying, money for nothing, all talk, all bark and no bite, all show = -2.0 anger keeps
for the love of, for the love of god, took forever, takes forever, taking forever, take forever, like pulling teeth, without warning, without any warning, without notice, without consent, locked out, locked me out, locked my account, deleted my account = -1.6 anger keeps
within minutes, within the hour, within an hour, in minutes, sorted it, sorted it out, was sorted, got sorted, got it sorted, all sorted, sorted now, sorting it, for sorting = +1.5 trust keeps
yeah right, oh great, oh joy, oh wonderful, oh fantastic, just great, just what i needed, great job guys, way to ruin, shocker, wow thanks, sure jan, how original, how lovely, real mature, slow clap, gee thanks, love it when, i love when, don t you love, because why not, as if, color me surprised = cue
thanks a lot, just perfect, just wonderful, nice going, what a surprise, big surprise, how nice, my favorite part, i just love, living the dream = cue adds
best day ever = +2.7 joy:2 cue
sarcasm, sarcastic, irony, ironic, not really, notreally, kidding, s = cue
shock, shocked, shocking, unexpected, unexpectedly, astonishing, stunned, speechless, omg = +0.2 surprise:2
amazed = +1.2 surprise:2
astonished, astounding = +0.9 surprise:2
surprised, surprise, surprising, surprisingly, unbelievable = +0.6 surprise:2

# --- what ends: trouble that is over, joy that is over ------------------------------------------------------------------
is gone, are gone, has gone, have gone, is finally gone, are finally gone, is all gone, went away, gone away, has gone away, have gone away, goes away, has disappeared, have disappeared, has vanished, have vanished, has cleared up, have cleared up, has finally stopped, has stopped, have stopped, finally stopped, has ceased, has eased, have eased, eased off, has subsided, has faded, have faded, has passed, have passed, is behind me, is behind us, is now over, is no more, are no more, cleared up, clears up, been lifted, was lifted, were lifted = 0 back:-0.7
is fixed, are fixed, is now fixed, are now fixed, is finally fixed, was fixed, were fixed, been fixed, got fixed, is solved, is now solved, was solved, were solved, been solved, got solved, is resolved, is now resolved, was resolved, were resolved, been resolved, got resolved, been sorted, was repaired, were repaired, been repaired, is repaired, got repaired, been corrected, was corrected, was averted, were averted, been averted, been cured = +1.2 optimism back:-0.4
was called off, were called off, been called off, were dismissed, was dismissed, been dismissed, were dropped, been dropped, were groundless, was groundless, proved groundless, were baseless, was baseless, proved baseless, proved wrong, was a false alarm, false alarm, were false, was false, proved false, turned out to be false, were exaggerated, was exaggerated, proved exaggerated, were overblown, was overblown = 0 back:-0.4
were dashed, was dashed, been dashed, are dashed, were shattered, was shattered, went up in smoke, came to nothing = -1.2 sadness back:-0.5
has passed away, have passed away = -2 sadness keeps
sorted out, sorted out the, sorts out, cleared up the, clears up the, helped with, got over, getting over, rescued me from, spared me, spared us = +1.2 trust reverses
no longer have to, no longer need to, don t have to, dont have to, do not have to, doesn t have to, no longer need = reverses
no longer have to worry, don t have to worry, dont have to worry, no need to worry, no longer worry, no longer worried, stop worrying = +1.4 optimism keeps
finally solved, finally resolved, finally repaired, finally sorted, finally sorted out, finally got rid of, glad to be rid of = +2.4 joy reverses
accused of, suspected of, convicted of = -1.5

# --- served, and what is asked of those who serve ------------------------------------------------------------------------
got my refund, got our refund, got a refund, got a full refund, received my refund, received a full refund, got my money back, gave me a full refund, refunded me in full, refunded immediately, refunded straight away = +1.8 trust keeps
not once did they, not once did anyone, not once did anybody, not once did you, not once has anyone, not once has anybody = -1.4 keeps
won t stop talking about, can t stop talking about, cant stop talking about, can t stop listening to, cant stop listening to, cant stop watching, cant stop smiling, cant stop laughing, won t regret it, wont regret it, won t be disappointed, wont be disappointed = +2 joy keeps
won t refund, wont refund, will not refund, won t give me a refund, won t replace, won t help, won t answer, won t reply, won t respond, won t fix, won t connect, won t charge, wont open, wont connect, wont start, wont charge, wont turn on = -1.8 anger keeps
let me know if you, please dm us your, please dm your = 0 keeps
wish you would fix, wish they would fix, wish someone would fix = -1.8 keeps
hope someone fixes, hope somebody fixes, hope they fix it = -0.8 keeps
so glad, so pleased, so relieved, so thankful, so grateful = +2.8 joy:3 keeps
not so glad, not so happy, not so pleased, isn t so happy, wasn t so happy = -1.6 sadness keeps
not once did it crash, not once did it fail, never once let me down, never once failed, hasn t crashed once, never crashed, never crashes = +1.8 trust keeps
nothing to fear, nothing to be afraid of, don t be sad, dont be sad, dont be afraid = +0.8 optimism keeps
not once = negates:6
wanna go to, wanna come to = 0 keeps
hour wait, hours wait, hour queue, hours of waiting, another hour on, another hour of, another hour in = -1.5 sadness keeps
should have stayed in bed, should have stayed at home, should have stayed home, should ve stayed in bed, should ve stayed home = -1.4 sadness keeps
just works, it just works = +1.6 trust keeps
no more queueing, no more queues, no more waiting, no more hassle, no more stress, no more pain, no more worries = +1.4 optimism keeps
because that worked so well, that worked so well last time, that went so well last time = -1.4 cue keeps
how do i, how can i, how would i, where do i, where can i, can i change, can i book, can i still, what time does, what time do, what time will, is it possible to, do you fly to, do you deliver to = 0 keeps

# --- polite, and about to be done ---------------------------------------------------------------------------------------
would appreciate it if, would appreciate if, appreciate it if, would be grateful if, would be grateful for, would appreciate a, would appreciate an, would appreciate any, would appreciate your, love to know, happy to help with = 0 keeps
call me later, call me back, call me when, call u later, call you later, call you back, call u when, text me when, text me later, at home, at home now, at work, at work now, on my way, on my way home, on the way, on the way home, see u then, see you then, see u later, see you later, see u at, see you at, c u, c u later, c u then, will do = 0 keeps
ill be, ill call, ill see, ill get, ill go, ill come, ill do, ill tell, ill ask, ill try, ill send, ill text, ill take, ill give, ill let, ill have, ill just, ill probably, ill meet, ill pick, ill check, ill bring, ill wait, ill make, ill find = 0 keeps
no prob, no probs, no probz, np, nvm, no worries mate = +1.4 keeps

# --- written as it is typed ---------------------------------------------------------------------------------------------
grt, gud, gd, noice, gorj, amazin, amazeballs, brill, lovley, beautifull day, fantabulous, awsome, awesum, excelent, gr8t = +2 joy
gr8 = +2.4 joy
gd luck, gud luck, gd morning, gud morning, gd night, gud night, gd nite, gud nite, gudnite, gnite, hpy bday, hapy bday, hbd, happy bday to u, hav fun, hav a gr8, hav a good, hav a nice, hav a great, have a gr8 = +1.9 joy
thanx, thnx, thnks, thankyou, thanku, tanx, thnq, thank q, cheers mate, much luv, lots of luv, lotsa luv, luvly, luving, luved, luvs, i luv u, i luv you, ilysm babe = +2.3 joy
ilu = +3 joy
tnx = +1.8 joy
cnt wait, cnt wait to, cnt wait 2, cant wait 2, can t wait 2, cant w8, cnt w8 = +2.4 joy optimism:2 keeps
sry, soz, srry, sorry but, so sorry but = -0.6 sadness
cnt, dnt, dun, dosnt, wudnt, shudnt, cudnt, wnt, aint no, neva, nva = negates
didnt even, didn t even, doesnt even, doesn t even, cant even, won t even, wont even, wouldn t even, dont even, couldn t even = -1.3 negates:3
rly, rlly, realy, srsly, sooo so = boost:1.3
h8s, h8d, h8ing, effing hate, cba, cant be arsed, cant be bothered, couldn t be bothered, can t be bothered, pissd, grrrrr, wtaf, omfg no, smdh, feelin rubbish, feeling rubbish, feel rubbish, feelin crap, feelin sick, totally gutted = -2 anger

# --- on the way: flights, trains, parcels -------------------------------------------------------------------------------
flight delayed, flight cancelled, flight canceled, flights cancelled, flights canceled, flight got cancelled, cancelled flight, canceled flight, cancelled my flight, canceled my flight, cancelled our flight, canceled our flight, delayed again, cancelled again, canceled again, delayed flight, delayed flights, hour delay, hours delay, hr delay, hours late, hour late, hrs late, minutes late, another delay, more delays, delayed for hours, train cancelled, trains cancelled, missed our flight, missed my connection, missed our connection, missed the connection, miss my connection, miss our connection = -2 anger
lost my bags, lost our luggage, lost our bags, lost bag, lost baggage, lost my suitcase, lost my parcel, lost my package, luggage lost, bag was lost, never came, never turned up, never showed up, still no bag, still no bags, still no luggage, damaged my bag, damaged my luggage, broke my suitcase = -2.2 anger
on hold for, been on hold, still on hold, put on hold, kept on hold, minutes on hold, hung up on me, hung up on us, hangs up on me, hanging up on me, got disconnected, keeps disconnecting, call dropped, no one answering, nobody answering, nobody is answering, no one is answering, is nobody answering, is no one answering, no one to help, nobody to help, no explanation, no updates, no update, no information, no info, no communication, no apology, no notice, with no notice, no hotel, no compensation, no refund = -2 anger keeps
stuck on the, stuck at the, stuck in the, stuck in, stuck on, on the tarmac, on the runway for, sitting on the tarmac, sitting on the plane, sat on the plane, sleeping at the airport, no gate, no gate available, bumped from, denied boarding, boarding denied, lost my reservation, lost our reservation = -1.7 anger
want a refund, want my refund, still waiting for my refund, waiting for my refund, where is my refund, where s my refund, demand a refund, refund me, give me my money back, money back please, charged me for, hidden fee, extra fee, waiting on hold = -1.8 anger keeps
can t check in, cant check in, couldn t check in, can t log in, cant log in, can t get through to, can t rebook, can t reach, cant reach, unable to check in, won t let me, wont let me, doesn t let me, site is down, website is down, app is down, system is down, systems are down = -1.7 anger keeps
thanks for nothing, thanks a lot for nothing, thank you for nothing, thanks for the delay, thanks for the wait, thanks for the cancelled = -2 anger cue keeps
worst airline, worst flight, worst airport, never flying with, never fly with, never flying again, never again will i, will never fly, won t be flying, won t fly, last time i fly, last time flying, bad flight, rude crew, rude staff, rude agent, rude flight attendant = -2.5 anger keeps
rebooked me, rebooked us, got me home, got us home, got me on an earlier, got us on an earlier, on time, right on time, landed early, boarded early, found my bag, found my luggage, found our bags, waived the fee, held the connection, held the plane, made it home, smooth flight, great flight, great crew, good flight, best airline, best flight, lovely crew, helpful crew, friendly crew = +1.9 trust joy

# --- the text as a whole --------------------------------------------------------------------------------------------
<exclamation> = -5/-15/10
<question> = 5/10/-10
<link> = -5/20/-5

# --- not the one, not the other ------------------------------------------------------------------------------------
not the worst, isn t the worst, wasn t the worst, any good, any better, no better = 0 0/40/-20 keeps
cure, cures, cured = +1.8 optimism reverses
if only = -1.2 keeps unreal

# --- what stood with learnt weights alone ---------------------------------------------------------------------------
finest = +2.3 joy
godsend = +2.6 joy:2
thumbs down, out of order = -1.8
no hot water, without hot water, without heating = -1.6 keeps
parcel in the rain, package in the rain, box in the rain, order in the rain, parcels in the rain = -1.6
went black, came apart, comes apart = -1.6
