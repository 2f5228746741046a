//! A small world to draw random events from.

use hearken::engine::{Command, Engine, Event, Outcome, Settings, Subject, drive};
use hearken::model::{
    AccountKey, Customer, CustomerId, Direction, Facet, FacetKind, Interaction, InteractionKind, ItemKey,
    Platform, Profile, Span, Timestamp,
};
use hearken::route::Presence;
use hearken::source::PlatformEvent;
use hearken::store::MemoryStore;
use proptest::prelude::*;
use std::sync::OnceLock;

pub const SECRET: &str = "zanzibar";

/// One engine for all tests: it never changes.
pub fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let settings: Settings = serde_json::from_str(include_str!("../data/engine/settings.json")).unwrap();
        Engine::builder("acme").salt(*b"0123456789abcdef").settings(settings).build().unwrap()
    })
}

pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(1_772_000_000 + seconds)
}

pub fn account(n: u8) -> AccountKey {
    AccountKey::new(Platform::X, format!("own{n}"))
}

pub fn profile(n: u8, seconds: i64) -> Profile {
    let mut profile = Profile::new(Platform::X, format!("own{n}"));
    profile.handle = Some(format!("{SECRET}_{n}").into());
    profile.display_name = Some(format!("Person {SECRET} {n}").into());
    profile.observed_at = Some(at(seconds));
    profile
}

pub fn post(id: u8, author: u8, seconds: i64, text: &str) -> Interaction {
    let mut item = Interaction::new(Platform::X, format!("post{id}"), InteractionKind::Post);
    item.author = Some(profile(author, seconds));
    item.published_at = Some(at(seconds));
    item.content.text = text.into();
    item
}

/// A post whose id names its author, as on platforms where a key is an address.
pub fn addressed(id: u8, author: u8, seconds: i64, text: &str) -> Interaction {
    let mut item = post(id, author, seconds, text);
    item.key.id = format!("at://own{author}/post{id}").into();
    item
}

/// What somebody says to another, by name; the brand itself when nobody is given.
pub fn reply(id: u8, author: Option<u8>, to: u8, seconds: i64) -> Interaction {
    let mut item = post(id, author.unwrap_or(9), seconds, &format!("@{SECRET}_{to}: yes, that is so"));
    item.recipients.push(account(to));
    let name = Span::new(0, SECRET.len() as u32 + 3);
    let target = Some(format!("own{to}").into());
    item.facets.push(Facet { span: name, kind: FacetKind::Mention, target });
    match author {
        Some(author) => {
            item.key.id = format!("reply{id} of {author}").into();
            item.in_reply_to = Some(format!("at://own{to}/post{id}").into());
        }
        None => {
            item.key.id = format!("answer{id}").into();
            item.author = None;
            item.direction = Direction::Outbound;
        }
    }
    item
}

/// The same item without its author, as some platforms deliver it to some readers; and its id.
pub fn without_author(event: &Event) -> Option<(Event, String)> {
    let Event::Platform { event: PlatformEvent::Created(item) } = event else { return None };
    let mut item = item.clone();
    item.author = None;
    let id = item.key.to_string();
    Some((PlatformEvent::Created(item).into(), id))
}

pub fn customer(n: u8) -> Customer {
    let mut customer = Customer::new(format!("c-{n}"));
    customer.given = Some(format!("Name{n}").into());
    customer.family = Some(format!("Family{n}").into());
    customer.emails.push(format!("{SECRET}{n}@example.com").into());
    customer
}

pub fn created(item: Interaction) -> Event {
    PlatformEvent::Created(Box::new(item)).into()
}

pub fn run(engine: &Engine, store: &mut MemoryStore, event: &Event, now: Timestamp) -> Outcome {
    let mut outcome = drive(engine, store, event, now).unwrap();
    while outcome.again {
        outcome = drive(engine, store, event, now).unwrap();
    }
    outcome.receipt.check().unwrap();
    outcome
}

/// The state after a log of events, each with its time.
pub fn replay(engine: &Engine, log: &[(Event, Timestamp)]) -> MemoryStore {
    let mut store = MemoryStore::default();
    for (event, now) in log {
        run(engine, &mut store, event, *now);
    }
    store
}

const WORDS: [&str; 6] = [
    "my kettle broke and nobody answers, terrible",
    "love the new lamp, thank you!",
    "can anyone recommend a kettle?",
    "order 1234 never came, this is urgent",
    "",
    "これは壊れています 😡",
];

pub fn platform_event() -> impl Strategy<Value = Event> {
    let item = (0..12u8, 0..50i64, 0..WORDS.len()).prop_map(|(id, t, w)| post(id, id % 4, t, WORDS[w]));
    let at_address = (0..4u8, 0..4u8, 0..50i64, 0..WORDS.len())
        .prop_map(|(id, author, t, w)| addressed(id, author, t, WORDS[w]));
    let said_to = (0..4u8, prop::option::of(0..4u8), 0..4u8, 0..50i64)
        .prop_map(|(id, author, to, t)| reply(id, author, to, t));
    prop_oneof![
        4 => item.clone().prop_map(created),
        1 => (item, 0..50i64).prop_map(|(mut item, later)| {
            item.edited_at = item.published_at.map(|t| t + later * 1_000);
            PlatformEvent::Edited(Box::new(item)).into()
        }),
        1 => (0..12u8).prop_map(|id| PlatformEvent::Deleted {
            item: ItemKey::new(Platform::X, format!("post{id}")), at: None
        }.into()),
        1 => at_address.prop_map(created),
        1 => said_to.prop_map(created),
        1 => (0..4u8, 0..4u8).prop_map(|(id, author)| PlatformEvent::Deleted {
            item: ItemKey::new(Platform::X, format!("at://own{author}/post{id}")), at: None
        }.into()),
        1 => (0..4u8, 0..50i64).prop_map(|(n, t)| PlatformEvent::Profile(Box::new(profile(n, t))).into()),
    ]
}

pub fn command() -> impl Strategy<Value = Event> {
    let customer_id = |n: u8| CustomerId::from(format!("c-{n}"));
    prop_oneof![
        (0..3u8).prop_map(|n| Command::PutCustomer { customer: Box::new(customer(n)) }.into()),
        (0..4u8, 0..3u8).prop_map(move |(a, c)| Command::Link {
            account: account(a),
            customer: customer_id(c),
            by: "ann".into()
        }
        .into()),
        (0..4u8).prop_map(|a| Command::Unlink { account: account(a), by: "ann".into() }.into()),
        (0..4u8, 0..3u8).prop_map(move |(a, c)| Command::NotSame {
            account: account(a),
            customer: customer_id(c),
            by: "ann".into()
        }
        .into()),
        prop_oneof![Just(Presence::Online), Just(Presence::Offline)].prop_map(|presence| Command::Presence {
            agent: "ann".into(),
            presence
        }
        .into()),
        (0..3i64).prop_map(|_| Event::Due),
        (0..4u8).prop_map(|a| Command::Erase { subject: Subject::Account(account(a)) }.into()),
        (0..3u8).prop_map(move |c| Command::Erase { subject: Subject::Customer(customer_id(c)) }.into()),
    ]
}

/// A log of up to `most` events, a second apart.
pub fn log(most: usize) -> impl Strategy<Value = Vec<(Event, Timestamp)>> {
    let event = prop_oneof![3 => platform_event(), 1 => command()];
    prop::collection::vec(event, 1..most)
        .prop_map(|events| events.into_iter().zip(0..).map(|(event, i)| (event, at(100 + i))).collect())
}
