//! Each item is read in its own language, or not at all.

use super::world::{at, created, post, run};
use hearken::engine::{Assessment, Engine, Outcome, Settings};
use hearken::store::MemoryStore;

fn settings() -> Settings {
    serde_json::from_str(
        r#"{"rules": {"rules": [{"id": "all", "when": "is:inbound", "then": [{"assign": {"team": "service"}}]}]},
            "agents": [{"id": "ann", "capacity": 3, "teams": ["service"], "languages": ["en", "es"]},
                       {"id": "kim", "capacity": 3, "teams": ["service"], "languages": ["en"]},
                       {"id": "jo", "capacity": 3, "teams": ["sales"], "languages": ["de"]}]}"#,
    )
    .unwrap()
}

fn hear(words: &str, lang: Option<&str>) -> Outcome {
    let engine = Engine::builder("acme").settings(settings()).build().unwrap();
    let mut item = post(1, 1, 1, words);
    item.content.lang = lang.map(Into::into);
    run(&engine, &mut MemoryStore::default(), &created(item), at(1))
}

fn found(words: &str, lang: Option<&str>) -> Assessment {
    (*hear(words, lang).assessment.unwrap()).clone()
}

const SPANISH: &str = "la tetera es horrible, no funciona y nadie me responde";

#[test]
fn an_english_text_is_read_whether_or_not_its_language_is_stated() {
    for lang in [None, Some("en"), Some("en-GB"), Some("und")] {
        let found = found("this kettle is terrible, I hate it", lang);
        assert!(found.numbers["sentiment"] < -0.3 && found.confidence > 0.3, "{lang:?}: {found:?}");
    }
}

#[test]
fn a_text_in_a_language_nobody_reads_here_is_neutral_and_to_be_looked_at() {
    let foreign = [
        (SPANISH, None),
        ("das ist nicht gut, ich hasse es", None),
        ("これは壊れています", None),
        ("привет, чайник сломался", None),
        ("هل المصباح متوفر", None),
        ("क्या यह चलता है", None),
        ("fantastisk kundtjänst", Some("sv")),
        ("this looks English and is said not to be, terrible", Some("hr")),
    ];
    // A build with the feature of a language, or with `detect`, may know better.
    let known: Vec<&str> = hearken::sentiment::Sentiment::builtin().languages().collect();
    for (words, lang) in foreign {
        let found = found(words, lang);
        let unread = found.confidence == 0.0 && found.needs_review && found.numbers["sentiment"] == 0.0;
        assert!(unread || known.len() > 1, "{words}: {found:?}");
    }
}

#[test]
fn a_few_foreign_words_or_none_at_all_leave_a_text_english() {
    for words in [
        "no me gusta? I love it and it is fine",
        "thanks!",
        "my kettle broke",
        "@lumora la la land is the best",
        "I've paid",
        "do as I say",
        "ha ha",
        "im ok",
        "see lumora.com",
        "10 euros per day",
        "die hard",
        "greetings from Los Angeles",
        "mi casa",
        "y u no reply",
    ] {
        let outcome = hear(words, None);
        assert!(
            outcome.receipt.to_string().contains(", en as nothing says otherwise"),
            "{}",
            outcome.receipt
        );
    }
    assert!(!found("", None).words.contains_key("lang"), "assumed is not known");
}

#[test]
fn who_answers_speaks_the_language_where_somebody_in_the_team_does() {
    let agent = |lang| found(SPANISH, Some(lang)).agent.map(|agent| agent.to_string());
    let online = |lang: &str| {
        let engine = Engine::builder("acme").settings(settings()).build().unwrap();
        let mut store = MemoryStore::default();
        for agent in ["kim", "ann"] {
            let presence = hearken::route::Presence::Online;
            let command = hearken::engine::Command::Presence { agent: agent.into(), presence };
            run(&engine, &mut store, &command.into(), at(0));
        }
        let mut item = post(1, 1, 1, SPANISH);
        item.content.lang = Some(lang.into());
        let outcome = run(&engine, &mut store, &created(item), at(1));
        outcome.assessment.as_ref().unwrap().agent.as_ref().map(ToString::to_string)
    };
    assert_eq!(agent("es"), None, "nobody is there");
    for _ in 0..2 {
        assert_eq!(online("es-MX").as_deref(), Some("ann"));
    }
    assert!(online("de").is_some(), "only sales speaks it, so anybody in the team");
}
