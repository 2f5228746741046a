//! A small world to draw random events from.

use hearken::desk::TextHash;
use hearken::engine::{
    CaseAct, Command, CrisisAct, DraftAct, Engine, Event, Outcome, PostAct, Settings, Subject, drive,
};
use hearken::model::{
    AccountKey, CaseId, Customer, CustomerId, DataSubjectRequest, Direction, EngagementMetrics, Facet,
    FacetKind, Interaction, InteractionKind, ItemKey, Platform, Priority, Profile, RequestKind, RequestState,
    Span, Timestamp,
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

/// Counts of a post, polled then; when nobody says when, at the time of the turn.
pub fn polled(mut item: Interaction, seconds: Option<i64>, reactions: u64) -> Interaction {
    let observed_at = seconds.map(at);
    item.metrics = Some(EngagementMetrics { observed_at, reactions: Some(reactions), ..Default::default() });
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

/// What somebody does to a case.
pub fn act(case: &CaseId, by: &str, act: CaseAct) -> Command {
    Command::Case { case: case.clone(), by: by.into(), act }
}

/// What somebody does to the draft of a case.
pub fn draft(case: &CaseId, by: &str, act: DraftAct) -> Command {
    Command::Draft { case: case.clone(), by: by.into(), act }
}

pub fn resolve(case: &CaseId) -> Command {
    act(case, "ann", CaseAct::Resolve { code: "replaced".into() })
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
        2 => (item.clone(), prop::option::weighted(0.8, 0..50i64), 0..4u64)
            .prop_map(|(item, seconds, count)| created(polled(item, seconds, count))),
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
        1 => delivery(),
        1 => (0..4u8, 0..4u8).prop_map(|(from, to)| PlatformEvent::AccountMoved {
            from: account(from), to: account(to)
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
        (prop::sample::select(vec!["ann", "ann", "eve", "ben"]), any::<bool>()).prop_map(|(agent, there)| {
            let presence = if there { Presence::Online } else { Presence::Offline };
            Command::Presence { agent: agent.into(), presence }.into()
        }),
        (0..3i64).prop_map(|_| Event::Due),
        (0..4u8).prop_map(|a| Command::Erase { subject: Subject::Account(account(a)) }.into()),
        (0..3u8).prop_map(move |c| Command::Erase { subject: Subject::Customer(customer_id(c)) }.into()),
    ]
}

/// The cases that complaints in the first four posts open, whoever wrote them, then those that are split from them for
/// the next four posts.
fn cases() -> &'static [CaseId] {
    static CASES: OnceLock<Vec<CaseId>> = OnceLock::new();
    CASES.get_or_init(|| {
        let mut store = MemoryStore::default();
        let mut cases = Vec::new();
        for n in 0..4 {
            let outcome = run(engine(), &mut store, &complaint(n), at(0));
            cases.push(outcome.assessment.unwrap().case.clone().unwrap());
        }
        for n in 0..4 {
            run(engine(), &mut store, &complaint(n + 4), at(1));
            let outcome = run(engine(), &mut store, &split(&cases[usize::from(n)], n + 4).into(), at(2));
            let told = outcome.receipt.find("split").unwrap().result.to_string();
            let part = told.split_once(" into ").unwrap().1.split(',').next().unwrap();
            cases.push(part.into());
        }
        cases
    })
}

fn case(n: u8) -> CaseId {
    cases()[usize::from(n)].clone()
}

fn complaint(n: u8) -> Event {
    created(post(n, n % 4, 0, WORDS[0]))
}

fn split(from: &CaseId, item: u8) -> Command {
    act(from, "ann", CaseAct::Split { items: [post(item, 0, 0, "").key].into() })
}

/// Things that are done one after the other, or the first of them.
fn scene() -> impl Strategy<Value = Vec<Event>> {
    let reply = |n: u8, version: u64, rejected: bool| {
        let text = "We are sorry.";
        let hash = || TextHash::of(text);
        let acts = [
            ("ann", DraftAct::Write { text: text.into(), private: false }),
            ("ann", DraftAct::Submit),
            ("eve", DraftAct::Approve { text: hash() }),
            match rejected {
                true => ("eve", DraftAct::Reject { reason: "too soft".into() }),
                false => ("ann", DraftAct::Publish { text: hash(), version }),
            },
        ];
        let acts = acts.map(|(by, what)| Event::from(draft(&case(n), by, what)));
        [complaint(n)].into_iter().chain(acts).collect::<Vec<_>>()
    };
    let opened = |n: u8| {
        let acts = [DraftAct::Open, DraftAct::Leave].map(|what| draft(&case(n), "eve", what).into());
        [complaint(n)].into_iter().chain(acts).collect::<Vec<_>>()
    };
    let parts = |n: u8, back: bool| {
        let (one, other) = if back { (n + 4, n) } else { (n, n + 4) };
        let merge = act(&case(one), "ann", CaseAct::Merge { into: case(other) });
        vec![complaint(n), complaint(n + 4), split(&case(n), n + 4).into(), merge.into()]
    };
    let solved = |n: u8, close: bool| {
        let confirm = Command::Confirm { case: case(n), waiver: None };
        let last = if close { act(&case(n), "ann", CaseAct::Close) } else { confirm };
        let csat = Command::Csat { case: case(n), score: 4, scale: 5 };
        vec![complaint(n), resolve(&case(n)).into(), csat.into(), last.into()]
    };
    let in_hands = |n: u8| {
        let give = CaseAct::Give { to: "eve".into(), version: 2 };
        let acts = [("ann", CaseAct::Take { version: 1 }), ("ann", give), ("eve", CaseAct::Decline)];
        let acts = acts.map(|(by, what)| Event::from(act(&case(n), by, what)));
        [complaint(n)].into_iter().chain(acts).collect::<Vec<_>>()
    };
    let put_away = |n: u8| {
        let acts = [CaseAct::Hold { why: "parts".into() }, CaseAct::Resume];
        let acts = acts.map(|what| act(&case(n), "ann", what).into());
        [complaint(n)].into_iter().chain(acts).collect::<Vec<_>>()
    };
    let recall = || {
        let acts = [CrisisAct::Begin, CrisisAct::Done { step: "say".into() }, CrisisAct::End];
        acts.map(|act| crisis(act).into()).to_vec()
    };
    let offer = |due: i64, last: u8| {
        let (words, name) = ("a third off!", "offer0");
        let text = || TextHash::of(words);
        let acts = [
            ("ann", PostAct::Write { text: words.into(), channels: Vec::new() }),
            ("ann", PostAct::Submit),
            ("eve", PostAct::Approve { text: text() }),
            ("ann", PostAct::Plan { text: text(), due: at(due) }),
        ];
        let last = match last {
            0 => crisis(CrisisAct::Begin),
            1 => post_act(name, "ann", PostAct::Unplan),
            2 => post_act(name, "ann", PostAct::Publish { text: text() }),
            _ => post_act(name, "eve", PostAct::Reject { reason: "too loud".into() }),
        };
        let acts = acts.map(|(by, act)| post_act(name, by, act).into());
        acts.into_iter().chain([last.into()]).collect::<Vec<_>>()
    };
    let done =
        |n: u8| case_act(n).prop_map(move |what| vec![complaint(n), act(&case(n), "ann", what).into()]);
    let scenes = prop_oneof![
        3 => (0..4u8).prop_flat_map(done),
        1 => (0..4u8).prop_map(in_hands),
        1 => (0..4u8).prop_map(put_away),
        1 => (0..4u8).prop_map(move |_| recall()),
        2 => (101..140i64, 0..4u8).prop_map(move |(due, last)| offer(due, last)),
        2 => (0..4u8, 1..4u64, any::<bool>()).prop_map(move |(n, version, no)| reply(n, version, no)),
        1 => (0..4u8).prop_map(opened),
        1 => (0..4u8, any::<bool>()).prop_map(move |(n, back)| parts(n, back)),
        1 => (0..4u8, any::<bool>()).prop_map(move |(n, close)| solved(n, close)),
    ];
    (scenes, 1..6usize).prop_map(|(mut events, most)| {
        events.truncate(most);
        events
    })
}

/// What somebody may do to a case.
fn case_act(n: u8) -> impl Strategy<Value = CaseAct> {
    prop_oneof![
        2 => (1..6u64).prop_map(|version| CaseAct::Take { version }),
        1 => (1..6u64).prop_map(|version| CaseAct::Give { to: "eve".into(), version }),
        2 => Just(CaseAct::Decline),
        1 => Just(CaseAct::HandOff { team: "sales".into(), why: "an offer".into() }),
        1 => Just(CaseAct::AwaitCustomer),
        1 => Just(CaseAct::AwaitInternal),
        1 => Just(CaseAct::Hold { why: "parts".into() }),
        1 => (101..140i64).prop_map(|t| CaseAct::Snooze { until: at(t) }),
        1 => Just(CaseAct::Resume),
        1 => Just(CaseAct::Note { text: format!("{SECRET}_{} called", n % 4).as_str().into() }),
        1 => Just(CaseAct::Prioritise { priority: Priority::Low }),
        1 => Just(CaseAct::Escalate { team: "product".into(), why: "a defect".into() }),
        2 => Just(CaseAct::Merge { into: case((n + 4) % 8) }),
        2 => Just(CaseAct::Split { items: [post((n + 4) % 8, 0, 0, "").key].into() }),
        2 => Just(CaseAct::Resolve { code: "replaced".into() }),
        1 => Just(CaseAct::Close),
    ]
}

/// What the team does to cases, their drafts, alerts and playbooks, and what becomes of replies.
pub fn desk_event() -> impl Strategy<Value = Event> {
    let by = || prop_oneof![Just("ann"), Just("eve")];
    let words = |n: u8| format!("we are on it, {n}");
    let drafts = prop_oneof![
        Just(DraftAct::Open),
        Just(DraftAct::Leave),
        (0..2u8).prop_map(move |n| DraftAct::Write { text: words(n).as_str().into(), private: false }),
        Just(DraftAct::Submit),
        (0..2u8).prop_map(move |n| DraftAct::Approve { text: TextHash::of(&words(n)) }),
        Just(DraftAct::Reject { reason: "too soft".into() }),
        (0..2u8, 1..6u64)
            .prop_map(move |(n, version)| DraftAct::Publish { text: TextHash::of(&words(n)), version }),
    ];
    let crises = prop_oneof![
        Just(CrisisAct::Begin),
        Just(CrisisAct::Done { step: "say".into() }),
        Just(CrisisAct::End),
    ];
    let id = case;
    let states = [RequestState::Received, RequestState::Verified];
    prop_oneof![
        10 => (0..8u8, by()).prop_flat_map(move |(n, by)| {
            case_act(n).prop_map(move |what| act(&id(n), by, what).into())
        }),
        4 => (0..8u8, by(), drafts).prop_map(move |(n, by, what)| draft(&id(n), by, what).into()),
        1 => post_event(),
        1 => (by(), crises).prop_map(|(by, act)| {
            Command::Crisis { playbook: "recall".into(), by: by.into(), act }.into()
        }),
        1 => (101..140i64).prop_map(|t| Command::Silence {
            kind: "negative".into(), about: None, until: at(t), by: "ann".into()
        }.into()),
        2 => (0..8u8, 0..3u8, any::<bool>()).prop_map(move |(n, reply, automatic)| Command::ReplySent {
            case: id(n), item: ItemKey::new(Platform::X, format!("sent{reply}")), by: "ann".into(), automatic
        }.into()),
        1 => (0..8u8).prop_map(move |n| Command::Csat { case: id(n), score: 4, scale: 5 }.into()),
        1 => (0..8u8).prop_map(move |n| Command::Confirm { case: id(n), waiver: Some("by phone".into()) }.into()),
        1 => (0..3u8, prop::sample::select(states.to_vec()), 101..140i64).prop_map(|(c, state, due)| {
            let mut request = DataSubjectRequest::new(format!("c-{c}"), RequestKind::Access, at(0));
            (request.state, request.due_at) = (state, Some(at(due)));
            Command::Request { request }.into()
        }),
    ]
}

/// What the team does to two posts of its own and to the statement of its playbook.
pub fn post_event() -> impl Strategy<Value = Event> {
    let name = prop_oneof![
        2 => (0..2u8).prop_map(|n| format!("offer{n}")),
        1 => Just("recall/say".to_owned()),
    ];
    let words = |n: u8| ["a third off!", "half the price!", "We are looking into it."][usize::from(n % 3)];
    let acts = prop_oneof![
        2 => (0..3u8, any::<bool>()).prop_map(move |(n, everywhere)| PostAct::Write {
            text: words(n).into(),
            channels: if everywhere { Vec::new() } else { vec!["x".into()] }
        }),
        3 => Just(PostAct::Submit),
        4 => (0..3u8).prop_map(move |n| PostAct::Approve { text: TextHash::of(words(n)) }),
        1 => Just(PostAct::Reject { reason: "too loud".into() }),
        4 => (0..3u8, 101..140i64)
            .prop_map(move |(n, t)| PostAct::Plan { text: TextHash::of(words(n)), due: at(t) }),
        1 => Just(PostAct::Unplan),
        1 => (0..3u8).prop_map(move |n| PostAct::Publish { text: TextHash::of(words(n)) }),
    ];
    let by = prop::sample::select(vec!["ann", "eve"]);
    (name, by, acts).prop_map(|(name, by, act)| post_act(&name, by, act).into())
}

/// What somebody does to a post of the brand's own.
pub fn post_act(name: &str, by: &str, act: PostAct) -> Command {
    Command::Post { post: name.into(), by: by.into(), act }
}

/// Somebody begins, carries on or ends the recall.
pub fn crisis(act: CrisisAct) -> Command {
    Command::Crisis { playbook: "recall".into(), by: "maud".into(), act }
}

/// What becomes of a reply.
fn delivery() -> impl Strategy<Value = Event> {
    let ids =
        prop_oneof![(0..4u8).prop_map(|n| format!("answer{n}")), (0..3u8).prop_map(|n| format!("sent{n}"))];
    let status = prop::sample::select(&["delivered", "read", "failed"][..]);
    (ids, status).prop_map(|(id, status)| {
        PlatformEvent::Delivery { item: ItemKey::new(Platform::X, id), status: status.into() }.into()
    })
}

/// A log of about `most` events, a second apart.
pub fn log(most: usize) -> impl Strategy<Value = Vec<(Event, Timestamp)>> {
    let one =
        prop_oneof![4 => platform_event(), 1 => command(), 2 => desk_event()].prop_map(|event| vec![event]);
    let some = prop_oneof![5 => one, 1 => scene()];
    prop::collection::vec(some, 1..most).prop_map(|events| {
        events.into_iter().flatten().zip(0..).map(|(event, i)| (event, at(100 + i))).collect()
    })
}
