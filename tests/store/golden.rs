//! Records as they were stored under each schema: what was written once is read for ever.
//!
//! `tests/data/store/schema-1.jsonl` holds the rows of a store after [`before`], one a line. Whoever changes a
//! stored shape so that these rows no longer serve raises the schema and brings the old rows up to date; the file
//! is not written anew.

use crate::engine::world::{account, at, created, customer, engine, post, profile, run};
use hearken::engine::{
    Action, Command, CrisisAct, Disposition, Drop, Event, Inbox, Outcome, Story, Subject, Timeline, look,
};
use hearken::model::{
    CaseId, Consent, ConsentStatus, DataSubjectRequest, ItemKey, Platform, Purpose, RequestKind,
};
use hearken::route::Presence;
use hearken::source::PlatformEvent;
use hearken::store::{Changes, Key, Kind, MemoryStore, Record, SCHEMA, Store};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::PathBuf;

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/store/schema-1.jsonl")
}

/// A customer who complains, a stranger who complains, one who is not who they seem, one who was erased.
fn before() -> MemoryStore {
    let mut store = MemoryStore::default();
    let complaint = "my kettle broke after a week, worst kettle ever, I want my money back";
    let known = |id: u8, seconds: i64, words: &str| {
        let mut item = post(id, 1, seconds, words);
        let author = item.author.as_mut().unwrap();
        author.display_name = Some("Name1 Family1".into());
        author.emails.push("zanzibar1@example.com".into());
        created(item)
    };
    let not_same = Command::NotSame { account: account(2), customer: "c-2".into(), by: "ann".into() };
    let log: Vec<Event> = vec![
        Command::PutCustomer { customer: Box::new(customer(1)) }.into(),
        Command::PutCustomer { customer: Box::new(customer(2)) }.into(),
        Command::Presence { agent: "ann".into(), presence: Presence::Online }.into(),
        Command::Consent {
            consent: Consent::new("c-1", Purpose::Service, ConsentStatus::Granted, at(4), "form"),
        }
        .into(),
        known(1, 5, complaint),
        Command::Presence { agent: "ann".into(), presence: Presence::Offline }.into(),
        created(post(2, 2, 7, complaint)),
        not_same.into(),
        PlatformEvent::Profile(Box::new(profile(3, 9))).into(),
        created(post(3, 3, 10, "love the new lamp")),
        Command::Erase { subject: Subject::Account(account(3)) }.into(),
        Command::Crisis { playbook: "recall".into(), by: "ann".into(), act: CrisisAct::Begin }.into(),
        Command::Request { request: DataSubjectRequest::new("c-1", RequestKind::Access, at(13)) }.into(),
    ];
    for (event, seconds) in log.iter().zip(1..) {
        run(engine(), &mut store, event, at(seconds));
    }
    store
}

fn rows(schema: u16) -> Vec<(Key, Record)> {
    let text = std::fs::read_to_string(file()).unwrap();
    let row = |line: &str| {
        let row: Value = serde_json::from_str(line).unwrap();
        let key = Key::new(&"acme".into(), row["kind"].as_str().unwrap().into(), row["id"].as_str().unwrap());
        let subject = row["subject"].as_str().map(Into::into);
        assert_eq!(row["schema"], 1);
        (key, Record::stored(schema, subject, row["body"].as_str().unwrap().into()))
    };
    text.lines().map(row).collect()
}

fn stored(schema: u16) -> MemoryStore {
    let (mut store, mut changes) = (MemoryStore::default(), Changes::default());
    rows(schema).into_iter().for_each(|(key, record)| changes.put(key, record));
    store.commit(&changes).unwrap();
    store
}

/// Adds what the engine stores today of kinds that are new since the file was written. For a new schema, under a new name.
#[test]
#[ignore = "writes the golden file"]
fn write() {
    let store = before();
    let known: BTreeSet<Kind> = rows(1).iter().map(|(key, _)| key.kind().clone()).collect();
    let lines = store.rows().filter(|(key, _)| !known.contains(key.kind())).map(|(key, row)| {
        let record = &row.record;
        json!({"kind": key.kind().as_str(), "id": key.id(), "schema": record.schema(), "subject": record.subject(),
            "body": record.body()})
        .to_string()
            + "\n"
    });
    let text: String = std::fs::read_to_string(file())
        .unwrap()
        .lines()
        .map(|line| format!("{line}\n"))
        .chain(lines)
        .collect();
    std::fs::write(file(), text).unwrap();
}

#[test]
fn the_file_has_records_of_every_kind() {
    let kinds: BTreeSet<Kind> = rows(1).iter().map(|(key, _)| key.kind().clone()).collect();
    let missing: Vec<&Kind> = Kind::ALL.iter().filter(|kind| !kinds.contains(kind)).collect();
    assert_eq!(missing, [] as [&Kind; 0]);
}

/// Everything a host may do next, on the rows of before: nothing is unreadable, and it goes on as it would have.
#[test]
fn work_goes_on_over_stored_records() {
    let mut store = stored(SCHEMA);
    let cases: Vec<CaseId> =
        store.rows().filter(|(key, _)| *key.kind() == Kind::Case).map(|(key, _)| key.id().into()).collect();
    assert_eq!(cases.len(), 2);
    let bodies: String = store.rows().map(|(_, row)| row.record.body()).collect();
    assert!(bodies.contains("sorry about your kettle"), "no draft is kept");
    let customer = Subject::Customer("c-1".into());
    assert!(!look(&Timeline::of("acme", customer.clone()), &store).unwrap().rows.is_empty());
    assert_eq!(look(&Inbox::of("acme"), &store).unwrap().cases.len(), 2);
    for case in &cases {
        assert!(!look(&Story::of("acme", case.clone()), &store).unwrap().unwrap().receipts.is_empty());
    }
    let reply = |case: &CaseId| Command::ReplySent {
        case: case.clone(),
        item: ItemKey::new(Platform::X, format!("reply to {case}")),
        by: "ann".into(),
        automatic: false,
    };
    let mut log: Vec<Event> = vec![
        Command::Presence { agent: "ann".into(), presence: Presence::Online }.into(),
        created(post(4, 1, 20, "still nothing, I am furious about this kettle")),
        created(post(5, 2, 21, "still waiting for my money")),
        Event::Due,
    ];
    log.extend(cases.iter().map(|case| reply(case).into()));
    log.push(Command::Export { subject: customer.clone() }.into());
    log.push(Command::Erase { subject: customer }.into());
    let outcomes: Vec<Outcome> =
        log.iter().zip(0..).map(|(event, i)| run(engine(), &mut store, event, at(20 + 3_600 * i))).collect();
    for (event, outcome) in log.iter().zip(&outcomes) {
        assert!(!matches!(outcome.disposition, Disposition::Dropped(_)), "{event:?}: {}", outcome.receipt);
    }
    let exported = outcomes[outcomes.len() - 2].effects.iter().find_map(|effect| match &effect.action {
        Action::Exported { .. } => Some(serde_json::to_string(&effect.action).unwrap()),
        _ => None,
    });
    assert!(exported.unwrap().contains("worst kettle ever"));
    assert!(!store.dump().contains("zanzibar1@example.com"));
}

/// A newer program's records are not touched, and the receipt says which schema was met.
#[test]
fn records_of_a_newer_schema_are_refused() {
    let mut store = stored(SCHEMA + 1);
    let before = store.dump();
    let outcome = run(engine(), &mut store, &created(post(4, 1, 20, "hello again")), at(20));
    assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Unreadable));
    let words = outcome.receipt.to_string();
    assert!(words.contains("schema 2") && words.contains("up to 1"), "{words}");
    assert_eq!(store.dump(), before);
}
