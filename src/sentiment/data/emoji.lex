# Emoticons and emoji, written by hand: they speak every language.
! format 1

# --- emoticons and emoji --------------------------------------------------------------------------------------------
:), :-), =), :], (:, ^_^, ^^, :'), ;), ;-), :}, c:, (;, :d, :-d, =d, xd, ;d, :p, :-p, ;p, =p, <3, :3, :*, :-*, ;*, \o/ = +2.0 joy:2 keeps
:(, :-(, =(, :[, ):, :'(, :((, ;(, :/, :-/, :\, =/, :|, :-|, d:, :c, -_-, -__-, >:(, >.<, :@, :s, </3, <\3, t_t, ._., :o( = -1.9 sadness:2 keeps
🤤, 🤠, 🤝, 🤟, 🤘, 🤙, 🎯, 🫶, 🥲, 🎈, 🎀, 🏅, 🥈, 🥉, 💎, 🏖, 🌝, 💫, 😀, 😁, 😃, 😄, 😆, 😊, ☺, 🙂, 😺, 😸, 😇, 🤗, 😎, 🥳, 🎉, 🎊, 🎂, 🎁, 🥂, 🍾, 🙌, 👏, 💃, 🕺, ✨, 🌟, ⭐, 🌞, ☀, 🌈, 🏆, 🥇, 🤩, 😌, 😏, 😋, 😛, 😜, 😝, 🤪, 😹, 🐶, 🎶, 🎵, 🌸, 🌹, 🌺, 🌻, 🌷, 💐, 💪, 🔥, 💯, 👌, 👍, 👊, ✌, 🤞, 🙏, 🆒, ✅, ☕, 🍕, 🍻, 🍺, 🍷 = +1.8 joy:2 keeps
😍, 🥰, 😘, 😗, 😙, 😚, 😻, 💕, 💖, 💗, 💓, 💞, 💘, 💝, 💟, ❤, ♥, 🧡, 💛, 💚, 💙, 💜, 🖤, 🤍, ❣, 💑, 💏, 💋, 👑, 🥹 = +2.3 joy:3 keeps
😂, 🤣, 😅 = +0.9 joy:2 keeps
🤨, 🧐, 🤫, 🤭, 🫠, 🫡, 🤷, 🙆, 🤯, 😉, 🙃, 😮, 😲, 😯, 😳, 🤔, 👀, 💁, 🙈, 🙊, 🙉 = +0.2 surprise keeps
🥵, 🥶, 🥴, 🙅, 😵, 🤧, 🆘, 😞, 😔, 😟, 😕, 🙁, ☹, 😣, 😖, 😫, 😩, 😢, 😭, 😿, 💔, 😥, 😓, 😪, 🥺, 😦, 😧, 🥀, 😴, 🤕, 🤒, 😷, 👎, 🚫, ❌, ⚠ = -1.7 sadness:2 keeps
😠, 😡, 🤬, 👿, 😤, 🖕, 😾, 💢 = -2.5 anger:3 keeps
🤢, 🤮, 💩, 😒, 🙄, 😑, 😐, 😬, 🤡, 🤦, 😶, 🤥 = -1.6 disgust:2 keeps
😰, 😨, 😱, ☠, 💀 = -0.9 fear:2 keeps

# --- shortcodes, by the name between the colons ---------------------------------------------------------------------
:+1:, thumbsup, thumbs_up, tada, clap, raised_hands, ok_hand, grinning, smiley, smile_cat, blush, relaxed, slightly_smiling_face, sunglasses, partying_face, star_struck, hugging, hugging_face, hugs, pray, muscle, trophy, 1st_place_medal, white_check_mark, heavy_check_mark, confetti_ball, dancer, sparkles, star2, grin, yum = +1.8 joy:2 keeps
heart_eyes, heart_eyes_cat, smiling_face_with_three_hearts, smiling_face_with_hearts, kissing_heart, two_hearts, sparkling_heart, heartpulse, heartbeat, revolving_hearts, cupid, gift_heart, green_heart, blue_heart, purple_heart, yellow_heart, orange_heart, red_heart, hearts = +2.3 joy:3 keeps
face_with_tears_of_joy, rolling_on_the_floor_laughing, sweat_smile = +0.9 joy:2 keeps
:-1:, thumbsdown, thumbs_down, broken_heart, slightly_frowning_face, frowning_face, white_frowning_face, loudly_crying_face, crying_face, crying_cat_face, disappointed_relieved, tired_face, pensive, persevere, confounded, no_entry, no_entry_sign = -1.7 sadness:2 keeps
face_with_symbols_on_mouth, cursing_face, face_with_cursing, pouting_face, steam_from_nose, middle_finger, imp, angry_face = -2.5 anger:3 keeps
nauseated_face, vomiting_face, face_vomiting, face_with_rolling_eyes, rolling_eyes, roll_eyes, unamused, expressionless, neutral_face, face_palm, facepalming, man_facepalming, woman_facepalming, person_facepalming, clown_face, hankey, poop = -1.6 disgust:2 keeps
cold_sweat, fearful, screaming_face, face_screaming_in_fear, skull_and_crossbones = -0.9 fear:2 keeps
