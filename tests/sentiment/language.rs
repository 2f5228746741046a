//! Languages: what is compiled in is read, what is not is neutral and to be reviewed.

use super::BUILTIN;
use hearken::sentiment::{Label, Sentiment};
use hearken::text::Text;

#[test]
fn a_language_that_is_not_known_is_not_guessed() {
    let reading = BUILTIN.read_in(&Text::new("I love it"), Some("xx"));
    assert_eq!((reading.label, reading.score, reading.confidence), (Label::Neutral, 0.0, 0.0));
    assert!(reading.needs_review);
}

#[test]
fn a_region_is_its_language() {
    let text = Text::new("I love it");
    assert_eq!(BUILTIN.score_in(&text, Some("en-GB")), BUILTIN.score(&text));
    assert_eq!(Sentiment::english().score(&text), BUILTIN.score(&text));
}

#[test]
fn every_language_tells_praise_from_complaint() {
    let pairs = [
        ("es", "me encanta, qué maravilla", "qué asco, es una mierda"),
        ("pt", "eu amo, maravilhoso", "que lixo, odeio isso"),
        ("fr", "j'adore, c'est magnifique", "quelle honte, c'est nul"),
        ("de", "ich liebe es, wunderschön", "das ist ekelhaft, ich hasse es"),
        ("it", "bellissimo, lo adoro", "che schifo, lo odio"),
        ("ar", "رائع جدا احبك", "سيء جدا، فساد وكذب"),
        ("hi", "बहुत अच्छा, शानदार", "बहुत बुरा, घटिया बकवास"),
    ];
    for (code, praise, complaint) in pairs {
        if BUILTIN.languages().any(|language| language == code) {
            let score = |source: &str| BUILTIN.score_in(&Text::new(source), Some(code)).score;
            assert!(score(praise) > 0.1, "{code}: {}", score(praise));
            assert!(score(complaint) < -0.1, "{code}: {}", score(complaint));
        }
    }
}

#[test]
fn emotion_and_irony_are_there_with_the_fitted_weights() {
    let text = Text::new("so furious about this");
    assert_eq!(BUILTIN.emotion(&text).is_some(), cfg!(feature = "fitted"));
    assert_eq!(BUILTIN.irony(&text).is_some(), cfg!(feature = "fitted"));
}

#[test]
fn what_is_built_in_has_no_fault() {
    for builder in [Sentiment::builder(), Sentiment::builder().hand_written()] {
        let built = builder.build().unwrap();
        assert!(built.languages().eq(BUILTIN.languages()));
    }
}

#[cfg(feature = "detect")]
#[test]
fn a_short_text_in_another_language_is_not_read_as_english() {
    let detecting = Sentiment::builder().detecting().build().unwrap();
    let review = |source: &str| detecting.read_in(&Text::new(source), None).confidence == 0.0;
    assert!(review("merci pour tout") && review("спасибо"));
    assert!(!review("thanks for all") && !review("lol"));
}

#[test]
fn every_built_in_lexicon_parses() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sentiment/data");
    let mut seen = 0;
    for file in std::fs::read_dir(data).unwrap().map(|file| file.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "lex") {
            let source = std::fs::read_to_string(&file).unwrap();
            let built = Sentiment::builder().overlay(&file.display().to_string(), &source).build();
            assert!(built.is_ok(), "{}", built.unwrap_err());
            seen += 1;
        }
    }
    assert!(seen >= 3);
}
