//! Laws of the engine over random sequences of events.

use super::world::*;
use hearken::engine::{Command, Disposition, Drop, Event, Outcome, Rows, Step, Subject, drive, drive_async};
use hearken::model::{ItemKey, Platform, Timestamp};
use hearken::route::Presence;
use hearken::source::PlatformEvent;
use hearken::store::{Changes, Commit, Key, MemoryStore, Row, Scan, SharedStore, Store};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn is_platform(event: &Event) -> bool {
    matches!(event, Event::Platform { .. })
}

/// Polls a future that never waits.
fn ready<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => panic!("a store in memory never waits"),
    }
}

/// The teams whose people a turn gave work to, or for whom it let work wait.
fn hands(outcome: &Outcome, keys: &[Key]) -> BTreeSet<&'static str> {
    let team_of = |agent: &str| if agent == "ben" { "sales" } else { "service" };
    let given = keys.iter().filter(|key| key.kind().as_str() == "agent").map(|key| team_of(key.id()));
    let waits = keys.iter().any(|key| key.kind().as_str() == "queue");
    let team = outcome.assessment.as_ref().and_then(|found| found.team.as_ref());
    let waiting = match team.map(|team| team.as_str()).filter(|_| waits) {
        Some("sales") => vec!["sales"],
        None if !waits => Vec::new(),
        Some("service") => vec!["service"],
        _ => vec!["sales", "service"],
    };
    given.chain(waiting).collect()
}

fn shuffle(events: &mut [Event], seed: u64) {
    let mut state = seed;
    for i in (1..events.len()).rev() {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        events.swap(i, (state >> 33) as usize % (i + 1));
    }
}

/// A store that refuses every other commit as if somebody else had been there first.
struct Rival {
    inner: MemoryStore,
    commits: usize,
}

impl Store for Rival {
    type Error = Infallible;
    fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
        Store::load(&self.inner, keys)
    }
    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
        Store::scan(&self.inner, scan)
    }
    fn commit(&mut self, changes: &Changes) -> Result<Commit, Infallible> {
        self.commits += 1;
        match changes.reads().next() {
            Some((key, _)) if self.commits % 2 == 1 => Ok(Commit::Conflict(vec![key.clone()])),
            _ => Store::commit(&mut self.inner, changes),
        }
    }
}

proptest! {
    // `HEARKEN_CASES` asks for more of them, as `.ci/run` does.
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("HEARKEN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48)
    ))]

    #[test]
    fn a_redelivered_log_changes_nothing(log in log(18)) {
        let engine = engine();
        let platform: Vec<_> = log.into_iter().filter(|(event, _)| is_platform(event)).collect();
        let mut store = MemoryStore::default();
        // News of something that is not known yet may be understood when it comes again.
        let unheard = Disposition::Dropped(Drop::Unknown);
        let heard = |(event, now): &&(Event, Timestamp)| run(engine, &mut store, event, *now).disposition != unheard;
        let platform: Vec<&(Event, Timestamp)> = platform.iter().filter(heard).collect();
        let before = store.dump();
        for (event, now) in platform {
            let outcome = run(engine, &mut store, event, *now + 1_000_000);
            prop_assert!(outcome.changes.is_empty(), "{event:?} changed something again");
            prop_assert!(matches!(outcome.disposition, Disposition::Dropped(_)));
        }
        prop_assert_eq!(store.dump(), before);
    }

    #[test]
    fn the_same_log_gives_the_same_bytes(log in log(18)) {
        let engine = engine();
        prop_assert_eq!(replay(engine, &log).dump(), replay(engine, &log).dump());
    }

    #[test]
    fn conflicts_at_commit_change_nothing(log in log(18)) {
        let engine = engine();
        let mut rival = Rival { inner: MemoryStore::default(), commits: 0 };
        for (event, now) in &log {
            while drive(engine, &mut rival, event, *now).unwrap().again {}
        }
        prop_assert_eq!(rival.inner.dump(), replay(engine, &log).dump());
    }

    #[test]
    fn sync_and_async_drivers_agree(log in log(18)) {
        let engine = engine();
        let shared = SharedStore::default();
        for (event, now) in &log {
            while ready(drive_async(engine, &shared, event, *now)).unwrap().again {}
        }
        prop_assert_eq!(shared.with(|store| store.dump()), replay(engine, &log).dump());
    }

    #[test]
    fn events_that_look_at_nothing_in_common_commute(log in log(18), swap in any::<prop::sample::Index>()) {
        let engine = engine();
        let i = swap.index(log.len());
        let mut store = replay(engine, &log[..i]);
        if let (Some((a, t)), Some((b, _))) = (log.get(i), log.get(i + 1)) {
            let mut other = store.clone();
            let keys = |changes: &Changes| -> Vec<Key> {
                changes.reads().map(|(k, _)| k.clone()).chain(changes.writes().map(|(k, _)| k.clone())).collect()
            };
            let (first, second) = (run(engine, &mut store, a, *t), run(engine, &mut store, b, *t));
            let (x, y) = (keys(&first.changes), keys(&second.changes));
            // Whoever is given work is free no longer, and the next of the same team goes to somebody else, or waits: of two
            // that want the same hands, the first has them. Those of different teams want different hands.
            let has = |keys: &[Key], kind: &str| keys.iter().any(|key| key.kind().as_str() == kind);
            let given = has(&x, "agent") || has(&y, "agent");
            let rivals = given && !hands(&first, &x).is_disjoint(&hands(&second, &y));
            let meet = rivals || x.iter().any(|key| y.contains(key));
            let apart = is_platform(a) && is_platform(b) && !meet;
            if apart && !x.is_empty() && !y.is_empty() {
                run(engine, &mut other, b, *t);
                run(engine, &mut other, a, *t);
                prop_assert_eq!(store.dump(), other.dump());
            }
        }
    }

    #[test]
    fn any_order_of_an_items_revisions_ends_with_the_same_item(times in prop::collection::vec(0..20i64, 1..6), delete in any::<bool>(), seed in any::<u64>()) {
        let engine = engine();
        let mut events: Vec<Event> = times.iter().enumerate().map(|(i, t)| {
            let mut item = post(1, 1, 0, &format!("words {i}"));
            item.edited_at = Some(at(*t));
            PlatformEvent::Edited(Box::new(item)).into()
        }).collect();
        if delete {
            events.push(PlatformEvent::Deleted { item: ItemKey::new(Platform::X, "post1"), at: None }.into());
        }
        let item_of = |events: &[Event]| {
            let log: Vec<(Event, Timestamp)> = events.iter().map(|e| (e.clone(), at(500))).collect();
            let store = replay(engine, &log);
            let wanted = store.rows().find(|(key, _)| key.kind().as_str() == "interaction").map(|(_, row)| row.record.body());
            wanted.map(|body| serde_json::from_str::<serde_json::Value>(&body).unwrap()["item"].clone())
        };
        let straight = item_of(&events);
        let mut shuffled = events.clone();
        shuffle(&mut shuffled, seed);
        prop_assert_eq!(item_of(&shuffled), straight);
    }

    #[test]
    fn counts_in_any_order_end_with_the_same_item(
        polls in prop::collection::vec((0..30i64, 0..5u64, prop::option::of(0..8i64)), 1..12),
        seed in any::<u64>(),
    ) {
        let engine = engine();
        let events: Vec<Event> = polls.iter().map(|(t, count, edited)| {
            let mut item = polled(post(1, 1, 0, &format!("words {edited:?}")), Some(*t), *count);
            item.edited_at = edited.map(at);
            created(item)
        }).collect();
        let stored = |events: &[Event]| {
            let mut store = MemoryStore::default();
            for event in events {
                let outcome = run(engine, &mut store, event, at(500));
                let is_new = matches!(outcome.disposition, Disposition::Accepted | Disposition::Revised);
                prop_assert_eq!(outcome.assessment.is_some(), is_new, "counts are no second word");
                prop_assert!(is_new || outcome.effects.is_empty());
            }
            let row = store.rows().find(|(key, _)| key.kind().as_str() == "interaction").unwrap().1.record.body();
            Ok(serde_json::from_str::<serde_json::Value>(&row).unwrap()["item"].clone())
        };
        let straight = stored(&events)?;
        let mut shuffled = events.clone();
        shuffle(&mut shuffled, seed);
        prop_assert_eq!(stored(&shuffled)?, straight.clone());
        // The plain reckoning: of each count the first time and the last, the latest apart.
        let mut plain: Vec<(i64, u64)> = polls.iter().filter(|(t, count, _)| {
            let same = || polls.iter().filter(|other| other.1 == *count).map(|other| other.0);
            same().min() == Some(*t) || same().max() == Some(*t)
        }).map(|(t, count, _)| (*t, *count)).collect();
        plain.sort_unstable();
        plain.dedup();
        let kept = straight["metrics_history"].as_array().into_iter().flatten().chain([&straight["metrics"]]);
        let kept: Vec<(i64, u64)> = kept.map(|seen| {
            let time = Timestamp::from_millis(seen["observed_at"].as_i64().unwrap());
            (time.since(at(0)) / 1000, seen["reactions"].as_u64().unwrap())
        }).collect();
        prop_assert_eq!(kept, plain);
    }

    #[test]
    fn an_erased_person_leaves_no_word_and_does_not_come_back(log in log(18), n in 0..4u8) {
        let engine = engine();
        let mut store = replay(engine, &log);
        let known: Vec<String> = store.rows().map(|(key, _)| key.id().to_owned()).collect();
        let erase = Command::Erase { subject: Subject::Account(account(n)) }.into();
        run(engine, &mut store, &erase, at(1_000));
        let gone = |store: &MemoryStore| {
            let dump = store.dump();
            !dump.contains(&format!("own{n}")) && !dump.contains(&format!("{SECRET}_{n}"))
        };
        prop_assert!(gone(&store), "{}", store.dump());
        for (event, now) in log.iter().filter(|(event, _)| is_platform(event)) {
            run(engine, &mut store, event, *now + 2_000_000);
            // Nobody can tell whose an item is that was never kept and names nobody.
            if let Some((unsigned, id)) = without_author(event).filter(|(_, id)| known.contains(id)) {
                run(engine, &mut store, &unsigned, *now + 2_000_000);
                prop_assert!(gone(&store), "{id} without its author brought them back: {}", store.dump());
            }
        }
        prop_assert!(gone(&store), "an old post brought them back: {}", store.dump());
    }
}

/// Why the law on orders leaves out two that want the same hands, and only those.
#[test]
fn the_first_of_one_team_has_its_free_hands_and_two_teams_do_not_mind_each_other() {
    let engine = engine();
    let swapped = |agents: [&str; 2], words: [&str; 2]| {
        let mut before = MemoryStore::default();
        for agent in agents {
            let come = Command::Presence { agent: agent.into(), presence: Presence::Online };
            run(engine, &mut before, &come.into(), at(0));
        }
        let [a, b] = [1, 2].map(|n| created(post(n, n, 1, words[usize::from(n) - 1])));
        let after = |first: &Event, second: &Event| {
            let mut store = before.clone();
            for event in [first, second] {
                let outcome = run(engine, &mut store, event, at(1));
                assert!(outcome.assessment.unwrap().team.is_some());
            }
            store.dump()
        };
        after(&a, &b) == after(&b, &a)
    };
    let complaint = "my kettle broke and nobody answers, terrible";
    assert!(swapped(["ann", "ben"], [complaint, "can anyone recommend a kettle?"]), "service and sales");
    assert!(!swapped(["eve", "ben"], [complaint, complaint]), "eve has room for one");
}

#[test]
fn a_turn_by_hand_equals_a_driven_one() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    let event = created(post(1, 1, 0, "hello"));
    let mut step = engine.begin(&event, at(1));
    let outcome = loop {
        step = match step {
            Step::Need(need) => {
                let rows = Rows::fetch(&store, need.keys(), need.scans()).unwrap();
                need.supply(rows)
            }
            Step::Done(outcome) => break outcome,
        };
    };
    assert_eq!(*outcome, drive(engine, &mut store, &event, at(1)).unwrap());
}

#[test]
fn a_deletion_wins_even_when_it_comes_first() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    let gone = PlatformEvent::Deleted { item: ItemKey::new(Platform::X, "post1"), at: None }.into();
    run(engine, &mut store, &gone, at(1));
    let outcome = run(engine, &mut store, &created(post(1, 1, 0, "too late")), at(2));
    assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Deleted));
    assert!(!store.dump().contains("too late"));
}

#[test]
fn a_record_that_cannot_be_read_stops_the_turn_and_changes_nothing() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &created(post(1, 1, 0, "hello")), at(1));
    let key = store.rows().map(|(key, _)| key).find(|key| key.kind().as_str() == "interaction").unwrap();
    let mut changes = Changes::default();
    changes.put(key, hearken::store::Record::stored(1, None, "7".into()));
    Store::commit(&mut store, &changes).unwrap();
    let outcome = run(engine, &mut store, &created(post(1, 1, 0, "hello")), at(2));
    assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Unreadable));
    assert!(outcome.changes.is_empty());
}

#[test]
fn two_tenants_never_meet() {
    let ours = engine();
    let theirs = hearken::engine::Engine::builder("acme2").build().unwrap();
    let theirs = &theirs;
    let mut store = MemoryStore::default();
    run(ours, &mut store, &created(post(1, 1, 0, "hello")), at(1));
    let outcome = run(theirs, &mut store, &created(post(1, 1, 0, "hello")), at(1));
    assert_eq!(outcome.disposition, Disposition::Accepted);
    let tenants: Vec<String> = store.rows().map(|(key, _)| key.tenant().to_string()).collect();
    assert_eq!(
        tenants.iter().filter(|t| *t == "acme").count(),
        tenants.iter().filter(|t| *t == "acme2").count()
    );
}
