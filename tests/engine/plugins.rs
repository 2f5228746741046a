//! The plug-in points, each implemented from outside the crate: a platform, a comparison, an action, a model.
//! A store of the host's own is `Rival` in the laws and `Faulty` in the store tests.

use super::world::{at, created, customer, post, run};
use hearken::engine::{Action, Answer, Command, Disposition, Engine, Event, Rows, Settings, Step};
use hearken::identity::{Comparison, Level, Matcher, Person, Thresholds};
use hearken::limits::Limits;
use hearken::model::{Interaction, InteractionKind, Platform, Points};
use hearken::source::{Batch, PlatformEvent, Source};
use hearken::store::MemoryStore;

/// A platform of the host's own: a line is `id TAB text`.
struct Lines;

impl Source for Lines {
    fn parse(&self, payload: &[u8], _limits: &Limits) -> Batch {
        let mut batch = Batch::default();
        for line in String::from_utf8_lossy(payload).lines() {
            if let Some((id, text)) = line.split_once('\t') {
                let mut item = Interaction::new(Platform::Other("pager".into()), id, InteractionKind::Post);
                item.content.text = text.into();
                batch.events.push(PlatformEvent::Created(Box::new(item)));
            }
        }
        batch
    }
}

#[test]
fn a_platform() {
    let mut store = MemoryStore::default();
    for event in Lines.parse(b"7\thello\n8\tworld", &Limits::default()).events {
        let outcome = run(super::world::engine(), &mut store, &event.into(), at(1));
        assert_eq!(outcome.disposition, Disposition::Accepted);
        assert_eq!(outcome.assessment.unwrap().item.platform.as_str(), "pager");
    }
}

/// The host knows that a certain word in a bio settles who somebody is.
#[derive(Debug)]
struct Badge;

impl Comparison for Badge {
    fn name(&self) -> &str {
        "badge"
    }
    fn compare(&self, a: &Person, b: &Person) -> Option<(Level, Points)> {
        let badge =
            |person: &Person| person.values().iter().any(|value| value.raw().reveal().contains("zanzibar"));
        (badge(a) && badge(b)).then_some((Level::Exact, Points::whole(40)))
    }
}

#[test]
fn a_comparison() {
    let matcher = Matcher::standard(1_000).comparison(Box::new(Badge));
    let engine = Engine::builder("acme").matcher(matcher, Thresholds::tolerating(0.01)).build().unwrap();
    let mut store = MemoryStore::default();
    let mut known = customer(1);
    known.name = Some("Person zanzibar 1".into());
    (known.given, known.family) = (None, None);
    run(&engine, &mut store, &Command::PutCustomer { customer: Box::new(known) }.into(), at(0));
    let outcome = run(&engine, &mut store, &created(post(1, 1, 1, "hello")), at(1));
    let identity = outcome.receipt.find("identity").unwrap();
    assert!(identity.because.iter().any(|part| &*part.what == "badge"), "{}", outcome.receipt);
    assert!(outcome.assessment.unwrap().customer.clone().unwrap().linked);
}

fn with_rules(rules: &str) -> Settings {
    serde_json::from_str(&format!(r#"{{"rules": {{"rules": {rules}}}}}"#)).unwrap()
}

#[test]
fn an_action() {
    let rules = r#"[{"id": "confetti", "when": "hello", "then": [{"custom": {"name": "confetti", "args": {"colour": "red"}}}]}]"#;
    let engine = Engine::builder("acme").settings(with_rules(rules)).build().unwrap();
    let outcome = run(&engine, &mut MemoryStore::default(), &created(post(1, 1, 1, "hello")), at(1));
    let Some(Action::Custom { name, args, .. }) = outcome.effects.first().map(|e| &e.action) else {
        panic!()
    };
    assert_eq!((&**name, args["colour"].as_str()), ("confetti", Some("red")));
}

#[test]
fn a_model() {
    let rules = r#"[{"id": "warranty", "when": "topic:warranty", "then": [{"assign": {"team": "legal"}}]}]"#;
    let engine = Engine::builder("acme").settings(with_rules(rules)).ask_model().build().unwrap();
    let (store, event) = (MemoryStore::default(), created(post(1, 1, 1, "is this covered")));
    let mut step = engine.begin(&event, at(1));
    let mut asked = 0;
    let outcome = loop {
        step = match step {
            Step::Need(need) => {
                let mut rows = Rows::fetch(&store, need.keys(), need.scans()).unwrap();
                for question in need.questions() {
                    asked += 1;
                    assert_eq!(question.text.reveal(), "is this covered");
                    rows.answer(Answer { model: "ours/3".into(), topics: vec![("warranty".into(), 0.93)] });
                }
                need.supply(rows)
            }
            Step::Done(outcome) => break outcome,
        };
    };
    assert_eq!(asked, 1);
    assert_eq!(outcome.assessment.as_ref().unwrap().team.as_ref().unwrap().as_str(), "legal");
    assert_eq!(&*outcome.receipt.find("model").unwrap().result, "ours/3");
    let unanswered = hearken::engine::drive(&engine, &mut MemoryStore::default(), &event, at(1));
    assert!(unanswered.unwrap_err().to_string().contains("asks a model"));
}

#[test]
fn a_log_of_events_replays_from_json() {
    let engine = super::world::engine();
    let log = [
        created(post(1, 1, 1, "my kettle broke, terrible")),
        Command::Unlink { account: super::world::account(1), by: "ann".into() }.into(),
    ];
    let lines: Vec<String> = log.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
    let read: Vec<Event> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let state = |events: &[Event]| {
        let mut store = MemoryStore::default();
        events.iter().for_each(|event| drop(run(engine, &mut store, event, at(5))));
        store.dump()
    };
    assert_eq!(state(&read), state(&log));
}
