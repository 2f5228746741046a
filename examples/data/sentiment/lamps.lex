# What Lumora's lexicon says otherwise: the format of src/sentiment/lexicon.rs, laid over the built-in one.
# A lamp that is dim, or warm, is as it was ordered; one that hums is not.
dim, dimmed, dimmer, warm white, warm = 0
dead bulb, dead bulbs = -1.2
hums, humming, buzzing, flickers, flickering = -2 anger
soft light = +1.5 joy
