//! A complaint about a defective product, from the first word to the customer's satisfaction (C17).

use super::world::{self, at, created, engine, post, run};
use hearken::engine::{
    Action, CaseAct, Command, Disposition, DraftAct, Drop, Engine, Event, Finding, Outcome,
};
use hearken::model::{CaseId, ItemKey, Platform, Priority, Span};
use hearken::route::Presence;
use hearken::store::MemoryStore;

struct Desk {
    store: MemoryStore,
    now: i64,
}

impl Desk {
    fn new() -> Self {
        let mut desk = Self { store: MemoryStore::default(), now: 0 };
        desk.does(Command::PutCustomer { customer: Box::new(super::world::customer(1)) });
        desk.does(Command::Presence { agent: "ann".into(), presence: Presence::Online });
        desk
    }

    fn does(&mut self, command: Command) -> Outcome {
        self.now += 60;
        run(engine(), &mut self.store, &command.into(), at(self.now))
    }

    fn hears(&mut self, id: u8, words: &str) -> Outcome {
        self.now += 60;
        let mut item = post(id, 1, self.now, words);
        let author = item.author.as_mut().unwrap();
        author.display_name = Some("Name1 Family1".into());
        author.emails.push("zanzibar1@example.com".into());
        run(engine(), &mut self.store, &created(item), at(self.now))
    }
}

fn alerts(outcome: &Outcome) -> usize {
    outcome.effects.iter().filter(|effect| matches!(effect.action, Action::Alert { .. })).count()
}

fn complaint(desk: &mut Desk) -> (Outcome, CaseId) {
    let outcome = desk.hears(1, "my kettle broke after a week, worst kettle ever, I want my money back");
    let case =
        outcome.assessment.as_ref().unwrap().case.clone().unwrap_or_else(|| panic!("{}", outcome.receipt));
    (outcome, case)
}

#[test]
fn from_complaint_to_satisfaction() {
    let mut desk = Desk::new();
    let (heard, case) = complaint(&mut desk);
    let found = heard.assessment.as_ref().unwrap();
    assert!(found.words["topic"].iter().any(|topic| &**topic == "complaint"), "{}", heard.receipt);
    assert!(found.numbers["sentiment"] < 0.0, "{}", heard.receipt);
    assert_eq!(found.customer.as_ref().unwrap().customer.as_str(), "c-1");
    assert_eq!((found.priority, alerts(&heard)), (Priority::Urgent, 1), "{}", heard.receipt);
    assert_eq!(found.team.as_ref().unwrap().as_str(), "service");
    assert_eq!(found.agent.as_ref().unwrap().as_str(), "ann");
    let draft = heard.effects.iter().find_map(|effect| match &effect.action {
        Action::Draft { text, hash, .. } => Some((hash.clone(), text.reveal().to_owned())),
        _ => None,
    });
    let (draft, words) = draft.unwrap_or_else(|| panic!("{}", heard.receipt));
    assert!(words.contains("sorry about your kettle"), "{words}");

    desk.does(world::draft(&case, "ben", DraftAct::Approve { text: draft.clone() }));
    let version = 2;
    let sent = desk.does(world::draft(&case, "ann", DraftAct::Publish { text: draft, version }));
    assert!(matches!(&sent.effects[0].action, Action::Reply { text, .. } if text.reveal() == words));
    let reply = ItemKey::new(Platform::X, "reply1");
    desk.does(Command::ReplySent { case: case.clone(), item: reply, by: "ann".into(), automatic: false });

    let team = "product".into();
    let escalated = desk.does(world::act(&case, "ann", CaseAct::Escalate { team, why: "a defect".into() }));
    let child = escalated.effects.iter().find_map(|effect| match &effect.action {
        Action::Escalate { child, .. } => Some(child.clone()),
        _ => None,
    });
    let early = desk.does(world::resolve(&case));
    assert_eq!(early.disposition, Disposition::Dropped(Drop::Refused), "a child case is open");
    desk.does(world::resolve(&child.unwrap()));
    let resolved = desk.does(world::resolve(&case));
    assert!(resolved.effects.iter().any(|effect| matches!(effect.action, Action::AskCsat { .. })));
    assert_eq!(&*resolved.receipt.find("resolved").unwrap().result, format!("{case}, replaced, by ann"));

    let confirm = || Command::Confirm { case: case.clone(), waiver: None };
    assert_eq!(desk.does(confirm()).disposition, Disposition::Dropped(Drop::Refused), "no CSAT yet");
    let rated = desk.does(Command::Csat { case: case.clone(), score: 5, scale: 5 });
    assert_eq!(&*rated.receipt.find("csat").unwrap().result, format!("{case}, 5 of 5"));
    assert_eq!(desk.does(confirm()).disposition, Disposition::Accepted);
}

#[test]
fn a_redelivered_complaint_opens_no_second_case_and_a_second_word_joins_the_first() {
    let mut desk = Desk::new();
    let (_, case) = complaint(&mut desk);
    let again = desk.hears(2, "hello? my kettle is still broken, this is terrible");
    assert_eq!(again.assessment.unwrap().case, Some(case));
}

#[test]
fn thanks_for_a_solved_problem_do_not_open_it_again() {
    let mut desk = Desk::new();
    let (_, case) = complaint(&mut desk);
    desk.does(world::resolve(&case));
    let thanks = desk.hears(3, "thank you so much, the new one is wonderful, I love it!");
    assert_eq!(thanks.assessment.unwrap().case, None, "{}", thanks.receipt);
}

#[test]
fn an_unseen_promise_is_told_when_its_time_comes() {
    let mut desk = Desk::new();
    complaint(&mut desk);
    let late = run(engine(), &mut desk.store, &hearken::engine::Event::Due, at(desk.now + 2 * 86_400));
    assert!(alerts(&late) >= 1, "{}", late.receipt);
    let again = run(engine(), &mut desk.store, &hearken::engine::Event::Due, at(desk.now + 2 * 86_400));
    assert_eq!(alerts(&again), 0, "told once");
}

const DAY: i64 = 86_400;

/// A desk with other settings than the shared ones, its agent Ann online.
fn own(change: &str) -> (Engine, MemoryStore) {
    let mut settings: serde_json::Value =
        serde_json::from_str(include_str!("../data/engine/settings.json")).unwrap();
    let change: serde_json::Map<_, _> = serde_json::from_str(change).unwrap();
    settings.as_object_mut().unwrap().extend(change);
    let settings = serde_json::from_value(settings).unwrap();
    let (engine, mut store) =
        (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
    for agent in ["ann", "ben"] {
        let online = Command::Presence { agent: agent.into(), presence: Presence::Online };
        run(&engine, &mut store, &online.into(), at(0));
    }
    (engine, store)
}

#[test]
fn a_word_too_late_to_open_a_case_again_restarts_none_of_its_promises() {
    let (engine, mut store) = own(r#"{"sla": {"default": {"resolution": 259200000}}}"#);
    let mut hears = |id, day: i64, words: &str| {
        run(&engine, &mut store, &created(post(id, 1, day * DAY, words)), at(day * DAY))
    };
    let case = hears(1, 1, "my kettle broke, worst kettle ever").assessment.unwrap().case.clone().unwrap();
    let resolve = world::resolve(&case);
    run(&engine, &mut store, &resolve.into(), at(2 * DAY));
    run(&engine, &mut store, &created(post(2, 1, 12 * DAY, "the box is on the table")), at(12 * DAY));
    let late = run(&engine, &mut store, &Event::Due, at(30 * DAY));
    assert_eq!(alerts(&late), 0, "{}", late.receipt);
}

#[test]
fn colleagues_who_are_asked_for_help_need_not_speak_the_customers_language() {
    let (engine, mut store) =
        own(r#"{"agents": [{"id": "ann", "capacity": 3, "teams": ["service"], "languages": ["es", "en"]},
            {"id": "ben", "capacity": 2, "teams": ["product"], "languages": ["en"]}]}"#);
    let mut item = post(1, 1, 60, "my kettle broke, worst kettle ever");
    item.content.lang = Some("es".into());
    let heard = run(&engine, &mut store, &created(item), at(60));
    let (case, why) = (heard.assessment.unwrap().case.clone().unwrap(), "a defect".into());
    let escalate = world::act(&case, "ann", CaseAct::Escalate { team: "product".into(), why });
    let asked = run(&engine, &mut store, &escalate.into(), at(120));
    let given = |action: &Action| matches!(action, Action::Assign { agent: Some(agent), .. } if agent.as_str() == "ben");
    assert!(asked.effects.iter().any(|effect| given(&effect.action)), "{}", asked.receipt);
}

#[test]
fn thanks_after_our_answer_neither_opens_the_case_nor_starts_a_promise() {
    let mut desk = Desk::new();
    let (_, case) = complaint(&mut desk);
    let reply = ItemKey::new(Platform::X, "reply1");
    desk.does(Command::ReplySent { case: case.clone(), item: reply, by: "ann".into(), automatic: false });
    let thanks = desk.hears(2, "thank you so much, you were wonderful!");
    let found = thanks.assessment.as_ref().unwrap();
    assert_eq!((found.case.as_ref(), found.due), (Some(&case), None), "{}", thanks.receipt);
    let waits = |desk: &Desk| desk.store.dump().contains(r#""status":"pending_customer""#);
    assert!(waits(&desk), "{}", desk.store.dump());
    desk.hears(3, "thank you, but when will my kettle arrive? still broken and nobody answers");
    assert!(!waits(&desk), "{}", desk.store.dump());
}

#[test]
fn a_receipt_tells_the_version_the_facts_and_what_the_mood_is_made_of() {
    let mut desk = Desk::new();
    let (heard, _) = complaint(&mut desk);
    let receipt = &heard.receipt;
    assert_eq!(&*receipt.by, engine().version());
    assert!(receipt.by.starts_with(concat!("hearken ", env!("CARGO_PKG_VERSION"), ", settings ")));
    let facts = &receipt.find("facts").unwrap().result;
    assert!(facts.contains("platform:x") && facts.contains("topic:complaint"), "{facts}");
    assert!(!facts.contains("own1"), "no name of anybody: {facts}");
    let mood = receipt.find("sentiment").unwrap();
    assert!(mood.because.len() > 2 && mood.because.iter().any(|part| !part.spans.is_empty()), "{receipt}");
    receipt.check().unwrap();
}

#[test]
fn the_evidence_of_a_finding_is_kept_in_order_however_much_of_it_there_is() {
    for many in 0..5 {
        let spans: Vec<Span> = (0..many).map(|n| Span::new(n * 10, n * 10 + 4)).collect();
        let at_once = Finding::new("signal").spans(spans.iter().copied());
        let singly = spans.iter().fold(Finding::new("signal"), |found, span| found.spans([*span]));
        assert_eq!((&*at_once.spans, &at_once), (spans.as_slice(), &singly));
        let written = serde_json::to_value(&at_once).unwrap();
        assert_eq!(written.get("spans").cloned(), (many > 0).then(|| serde_json::to_value(&spans).unwrap()));
        assert_eq!(serde_json::from_value::<Finding>(written).unwrap(), at_once);
    }
}
