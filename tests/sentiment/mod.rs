//! Sentiment: what is read from a text, that explanations add up, and what overlays, threads, series and learning do.

mod accuracy;
mod language;
mod learning;
mod rules;
mod scope;
mod series;

use hearken::model::{Points, Span};
use hearken::sentiment::{Emotion, Label, SarcasmCue, Sentiment};
use hearken::text::Text;
use proptest::prelude::*;
use std::sync::LazyLock;

/// The scorer of every test that changes nothing: building one takes a while in a debug build.
static BUILTIN: LazyLock<Sentiment> = LazyLock::new(Sentiment::builtin);

fn score(source: &str) -> f64 {
    BUILTIN.score(&Text::new(source)).score
}

/// Texts of words that rules speak of, signs, emoji and anything else.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(vec![
            "not", "never", "good", "bad", "love", "hate", "but", "if", "very", "can't", "wait", "GREAT", "sooo", "#BestDay",
            "@ann", "Walking", "Dead", "ends", "hope", "no", "problem", "the", "😀", "😡", ":)", ":(", "<3", "https://x.example",
        ]).prop_map(str::to_owned),
        1 => proptest::sample::select(vec!["!", "?", "…", ",", ".", "\n", "\"", "!!!!", "?!"]).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    let gap = proptest::sample::select(vec![" ", "", ", ", "-"]);
    proptest::collection::vec((piece, gap), 0..24)
        .prop_map(|parts| parts.into_iter().map(|(piece, gap)| piece + gap).collect())
}

proptest! {
    #[test]
    fn contributions_add_up_to_the_raw_score(source in texts()) {
        let text = Text::new(&source);
        for language in BUILTIN.languages() {
            let explanation = BUILTIN.explain_in(&text, Some(language));
            let polarity = BUILTIN.score_in(&text, Some(language));
            prop_assert_eq!(explanation.total(), explanation.raw);
            prop_assert_eq!(explanation.raw, polarity.raw);
            let p = polarity.probabilities;
            prop_assert!((p.negative + p.neutral + p.positive - 1.0).abs() < 0.001);
            prop_assert!((-1.0..=1.0).contains(&polarity.score));
            prop_assert!(polarity.label != Label::Positive || polarity.score >= 0.0);
            prop_assert!(polarity.label != Label::Negative || polarity.score <= 0.0);
            for part in explanation.contributions {
                prop_assert!(part.span.of(text.source()).is_some());
            }
        }
    }

    #[test]
    fn the_fast_path_and_the_full_reading_agree(source in texts()) {
        let text = Text::new(&source);
        let reading = BUILTIN.read(&text);
        prop_assert_eq!(reading.polarity, BUILTIN.score(&text));
        prop_assert!((0.0..=1.0).contains(&reading.intensity) && (0.0..=1.0).contains(&reading.confidence));
        let shares: f64 = reading.emotions.iter().map(|(_, share)| share).sum();
        prop_assert!(reading.emotions.is_empty() || (shares - 1.0).abs() < 0.01);
    }

    #[test]
    fn a_boost_before_a_polar_word_never_weakens_it(word in proptest::sample::select(vec!["bad", "awful", "nice", "great"])) {
        let intensity = |source: String| BUILTIN.read(&Text::new(&source)).intensity;
        let (boosted, plain) = (format!("that is very {word}"), format!("that is {word}"));
        prop_assert!(intensity(boosted) > intensity(plain));
    }
}

#[test]
fn what_shows_nothing_is_neutral() {
    for source in ["", " ", "xyzzyq", "\u{0}", "—"] {
        let polarity = BUILTIN.score(&Text::new(source));
        assert_eq!((polarity.label, polarity.score), (Label::Neutral, 0.0), "{source:?}");
    }
    let text = Text::new("I ordered Qwxz, and the driver was rude.");
    let aspects = BUILTIN.aspects(&text, &[Span::new(10, 14), Span::new(24, 30)]);
    assert_eq!(aspects[1].polarity.label, Label::Negative);
    let none = BUILTIN.aspects(&Text::new("Qwxz"), &[Span::new(0, 4)]);
    assert_eq!(none[0].polarity.label, Label::Neutral);
}

#[test]
fn what_is_said_more_strongly_scores_further_out() {
    let ladders = [
        ["the film was decent", "the film was great", "the film was really great", "the film was AMAZING!!!"],
        ["the film was dull", "the film was bad", "the film was very bad", "the film was AWFUL!!!"],
    ];
    for ladder in ladders {
        let scores = ladder.map(|source| score(source).abs());
        assert!(scores.is_sorted_by(|a, b| a < b), "{ladder:?}: {scores:?}");
        assert!(scores[3] < 1.0);
    }
}

#[test]
fn a_valence_grades_the_score_and_moves_no_label() {
    let polarity = |bias: &str, valence: &str| {
        let overlay = format!("! bias {bias}\n! above 0 0 0\nqwxz = {valence}");
        let sentiment = Sentiment::builder().overlay("graded", &overlay).build().unwrap();
        sentiment.score(&Text::new("qwxz"))
    };
    let (weak, strong) = (polarity("0 1 0", "+1"), polarity("0 1 0", "+4"));
    assert_eq!((weak.probabilities, weak.label), (strong.probabilities, strong.label));
    assert!(strong.score > weak.score && weak.score > -0.1);
    assert!(strong.raw.valence > weak.raw.valence);
    let against = polarity("1 0 0", "+4");
    assert_eq!((against.label, against.score), (Label::Negative, 0.0));
}

#[test]
fn a_negator_does_not_turn_an_emoticon_around() {
    for words in ["not today", "I don't know", "no tickets", "never mind"] {
        for (face, up) in [(":)", true), ("😍", true), (":D", true), (":(", false), ("💔", false)] {
            let moved = score(&format!("{words} {face}")) - score(words);
            assert!(if up { moved > 0.0 } else { moved < 0.0 }, "{words} {face}: {moved}");
        }
    }
}

#[test]
fn time_is_linear_in_the_text() {
    let wall = "😡".repeat(16 * 1024);
    let word = "a".repeat(64 * 1024);
    let tag = format!("#{}", "Ab".repeat(30_000));
    let phrases = "can't ".repeat(10_000);
    for source in [wall, word, tag, phrases] {
        BUILTIN.read(&Text::new(&source));
    }
}

#[test]
fn more_than_three_exclamation_marks_say_no_more_than_three() {
    assert_eq!(score("the parcel is here!!!"), score("the parcel is here!!!!!!!!!!!!"));
    assert!(score("good!!!") > score("good"));
}

#[test]
fn half_of_a_comparison_is_about_the_other_thing() {
    let parts = BUILTIN.explain(&Text::new("better than yours")).contributions;
    let pull = |reason: &str| parts.iter().find(|part| part.reason == reason).map(|part| part.pull());
    assert!(pull("comparison").unwrap() < Points::ZERO);
    assert!(pull("entry").unwrap() > Points::ZERO);
}

#[test]
fn a_bad_word_that_only_strengthens_takes_itself_back() {
    let reasons = |source: &str| -> Vec<&str> {
        BUILTIN.explain(&Text::new(source)).contributions.iter().map(|part| part.reason).collect()
    };
    assert!(reasons("terribly nice people").contains(&"intensity"));
    assert!(!reasons("terribly rude people").contains(&"intensity"));
    assert!(score("terribly nice people") > 0.0 && score("they sang terribly") < 0.0);
}

#[test]
fn a_bad_word_spoils_what_is_good_and_a_good_one_mends_what_is_bad() {
    let turned = |source: &str| {
        let parts = BUILTIN.explain(&Text::new(source)).contributions;
        parts.iter().any(|part| part.reason == "negated")
    };
    for (source, turns) in [
        ("they ruined a wonderful evening", true),
        ("they ruined a horrible evening", false),
        ("it fixed a horrible bug", true),
        ("it fixed my wonderful lamp", false),
        ("the ceasefire ends a horrible war", true),
    ] {
        assert_eq!(turned(source), turns, "{source}");
    }
}

#[test]
fn a_shortcode_is_read_as_its_emoji() {
    for (code, up) in [(":heart_eyes:", true), (":+1:", true), (":-1:", false), (":broken_heart:", false)] {
        for source in [code.to_owned(), format!("the bus {code}"), format!("{code} the bus")] {
            assert!(
                if up { score(&source) > 0.1 } else { score(&source) < -0.1 },
                "{source}: {}",
                score(&source)
            );
        }
    }
    assert_eq!(score("at 5:+1 or -1:"), score("at 5: +1 or - 1:"));
}

#[test]
fn a_negator_behind_its_word_turns_it_around() {
    if BUILTIN.languages().any(|code| code == "de") {
        let score = |source: &str| BUILTIN.score_in(&Text::new(source), Some("de")).score;
        assert!(score("das gefällt mir nicht") < score("das gefällt mir"));
    }
}

#[test]
fn variation_selectors_and_skin_tones_change_nothing() {
    for (plain, dressed) in [("❤", "❤️"), ("👍", "👍🏽"), ("👎", "👎🏿")] {
        assert_eq!(score(plain), score(dressed));
    }
}

#[test]
fn length_alone_proves_nothing() {
    assert!(score("good bad ").abs() < 0.6);
    assert!(score(&"good bad ".repeat(2_000)).abs() < 0.6);
}

#[test]
fn emotions_are_named_and_both_poles_are_mixed() {
    let reading = BUILTIN.read(&Text::new("I am so scared and terrified of the dark"));
    assert_eq!(reading.emotions.first().map(|(emotion, _)| *emotion), Some(Emotion::Fear));
    assert!(BUILTIN.read(&Text::new("I love the camera, I hate the terrible battery")).mixed);
    assert!(!BUILTIN.read(&Text::new("I love the camera")).mixed);
}

#[test]
fn sarcasm_lowers_confidence_and_never_turns_the_label() {
    let plain = BUILTIN.read(&Text::new("I love this"));
    let marked = BUILTIN.read(&Text::new("I love this #sarcasm"));
    assert!(plain.sarcasm.is_empty());
    assert!(marked.sarcasm.contains(&SarcasmCue::Marker));
    assert!(marked.confidence < plain.confidence && marked.needs_review);
    assert_eq!(marked.label, Label::Positive);
    let clash = BUILTIN.read(&Text::new("I absolutely love being ignored by your staff"));
    assert!(clash.sarcasm.contains(&SarcasmCue::Incongruity));
}

#[test]
fn a_contrast_takes_from_what_was_said_of_its_own_target() {
    let arc = |source: &str| {
        let at = source.find("Arc").unwrap() as u32;
        let aspects = BUILTIN.aspects(&Text::new(source), &[Span::new(4, 8), Span::new(at, at + 3)]);
        assert!(aspects[0].contributions.iter().any(|part| part.reason == "contrast"), "{source}");
        aspects[1].polarity
    };
    let beside_good = arc("The Glow is nice, but the Arc is lovely");
    assert_eq!(beside_good.label, Label::Positive);
    assert_eq!(beside_good, arc("The Glow is awful, but the Arc is lovely"));
}

#[test]
fn aspects_take_what_stands_nearest() {
    let source = "Love the Acme camera, hate the app. I bought Zed last week. It is terrible.";
    let at = |word: &str| {
        let start = source.find(word).unwrap() as u32;
        Span::new(start, start + word.len() as u32)
    };
    let aspects = BUILTIN.aspects(&Text::new(source), &[at("Acme"), at("app"), at("Zed")]);
    let labels: Vec<Label> = aspects.iter().map(|aspect| aspect.polarity.label).collect();
    assert_eq!(labels, [Label::Positive, Label::Negative, Label::Negative]);
}

#[test]
fn a_thread_moves_a_short_reply_and_says_by_how_much() {
    let before = BUILTIN.score(&Text::new("Your app is awful, it lost all my photos"));
    let text = Text::new("same here");
    let moved = BUILTIN.read_in_thread(&text, None, &[before, before]);
    assert!(moved.reading.score < moved.alone.score);
    assert!(moved.effect.negative > Points::ZERO);
    assert_eq!(moved.alone, BUILTIN.score(&text));
    assert_eq!(moved.looked_at, 2);
    let alone = BUILTIN.read_in_thread(&text, None, &[]);
    assert_eq!(alone.reading.polarity, alone.alone);
}
