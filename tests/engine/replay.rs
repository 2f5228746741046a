//! A recorded turn decides again what it decided; another configuration is tried over the log of events.

use super::world::*;
use hearken::engine::{
    Answer, Engine, Event, Recording, Rows, Settings, Simulation, Step, Verdict, drive_recorded,
};
use hearken::model::Timestamp;
use hearken::store::MemoryStore;
use proptest::prelude::*;

fn settings() -> Settings {
    serde_json::from_str(include_str!("../data/engine/settings.json")).unwrap()
}

fn built(settings: Settings) -> Engine {
    Engine::builder("acme").salt(*b"0123456789abcdef").settings(settings).build().unwrap()
}

/// The log as it was lived: each event, its time, and what came of it.
fn lived(log: &[(Event, Timestamp)]) -> Vec<(Event, Timestamp, Verdict)> {
    let mut store = MemoryStore::default();
    let mut lived = Vec::new();
    for (event, now) in log {
        loop {
            let outcome = hearken::engine::drive(engine(), &mut store, event, *now).unwrap();
            lived.push((event.clone(), *now, Verdict::of(&outcome)));
            if !outcome.again {
                break;
            }
        }
    }
    lived
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_recorded_turn_decides_the_same_whatever_happened_since(log in log(20)) {
        let mut store = MemoryStore::default();
        let mut kept = Vec::new();
        for (event, now) in &log {
            loop {
                let (outcome, recording) = drive_recorded(engine(), &mut store, event, *now).unwrap();
                let again = outcome.again;
                kept.push((outcome, serde_json::to_string(&recording).unwrap()));
                if !again {
                    break;
                }
            }
        }
        prop_assert_eq!(store.dump(), replay(engine(), &log).dump(), "recording changes nothing");
        for (outcome, line) in &kept {
            let recording: Recording = serde_json::from_str(line).unwrap();
            prop_assert_eq!(&engine().reevaluate(&recording).unwrap(), outcome);
        }
    }

    #[test]
    fn the_same_configuration_over_its_own_log_differs_in_nothing(log in log(20)) {
        let mut simulation = Simulation::new(engine(), MemoryStore::default());
        for (event, at, was) in &lived(&log) {
            simulation.turn(event, *at, was).unwrap();
        }
        prop_assert_eq!(simulation.differences(), &[]);
    }
}

#[test]
fn the_stored_receipt_is_the_one_that_is_found_again() {
    let mut store = MemoryStore::default();
    let event = created(post(1, 1, 1, "my kettle broke, terrible"));
    let (_, recording) = drive_recorded(engine(), &mut store, &event, at(2)).unwrap();
    let stored = store.rows().find(|(key, _)| key.kind().as_str() == "receipt").unwrap().1.record.body();
    let found = engine().reevaluate(&recording).unwrap().receipt;
    assert_eq!(serde_json::to_string(&found).unwrap(), stored);
}

#[test]
fn an_engine_that_must_know_more_says_so() {
    let mut store = MemoryStore::default();
    let event = created(post(1, 1, 1, "hello, what a lovely morning"));
    let (_, recording) = drive_recorded(engine(), &mut store, &event, at(2)).unwrap();
    let mut settings = settings();
    settings.rules = serde_json::from_str(
        r#"{"rules": [{"id": "all", "when": "morning", "then": [{"assign": {"team": "service"}}]}]}"#,
    )
    .unwrap();
    let unread = built(settings).reevaluate(&recording).unwrap_err();
    assert!(unread.keys > 0 && unread.scans > 0, "{unread}");
}

#[test]
fn a_models_answer_is_part_of_a_recording() {
    let rules = r#"[{"id": "warranty", "when": "topic:warranty", "then": [{"assign": {"team": "legal"}}]}]"#;
    let settings = serde_json::from_str(&format!(r#"{{"rules": {{"rules": {rules}}}}}"#)).unwrap();
    let engine = Engine::builder("acme").settings(settings).ask_model().build().unwrap();
    let (store, event) = (MemoryStore::default(), created(post(1, 1, 1, "is this covered")));
    let mut recording = Recording::new(event.clone(), at(1));
    let mut step = engine.begin(&event, at(1));
    let outcome = loop {
        step = match step {
            Step::Need(need) => {
                let mut rows = Rows::fetch(&store, need.keys(), need.scans()).unwrap();
                for _ in need.questions() {
                    rows.answer(Answer { model: "ours/3".into(), topics: vec![("warranty".into(), 0.93)] });
                }
                recording.note(&need, &rows);
                need.supply(rows)
            }
            Step::Done(outcome) => break outcome,
        };
    };
    assert_eq!(outcome.assessment.as_ref().unwrap().team.as_ref().unwrap().as_str(), "legal");
    assert_eq!(engine.reevaluate(&recording).unwrap(), *outcome);
}

#[test]
fn a_changed_rule_changes_what_it_decides_and_nothing_else() {
    let words = [
        "my kettle broke, terrible",
        "can anyone recommend a lamp?",
        "love the new lamp, thank you!",
        "this lamp is the worst, a complaint",
    ];
    let log: Vec<(Event, Timestamp)> = (0..12u8)
        .map(|n| (created(post(n, n, i64::from(n), words[usize::from(n) % 4])), at(i64::from(n))))
        .collect();
    let mut changed = settings();
    let sales = changed.rules.rules.iter_mut().find(|rule| rule.id == "sales").unwrap();
    sales.then = serde_json::from_str(r#"[{"assign": {"team": "outreach"}}, {"priority": "high"}]"#).unwrap();
    let other = built(changed);
    let mut simulation = Simulation::new(&other, MemoryStore::default());
    for (event, at, was) in &lived(&log) {
        simulation.turn(event, *at, was).unwrap();
    }
    assert_eq!((simulation.turns(), simulation.differences().len()), (12, 3));
    for difference in simulation.differences() {
        assert!(difference.was.rules.iter().any(|rule| &**rule == "sales"), "{difference:?}");
        let team = difference.would_be.team.as_ref().map(|team| team.as_str());
        assert_eq!(
            (team, difference.was.team.as_ref().map(|t| t.as_str())),
            (Some("outreach"), Some("sales"))
        );
    }
    assert_eq!((simulation.counts()["team"], simulation.counts()["priority"]), (3, 3));
}
