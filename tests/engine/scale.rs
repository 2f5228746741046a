//! One of something, very large: a person, a list of cases, a chain of them, a text. Nothing is lost at the end of a page, and
//! nothing takes a round of lookup for each.

use super::escalation::{Desk, settings, told};
use super::world::{account, act, at, created, engine, post, run};
use hearken::engine::{
    Action, CaseAct, Command, Disposition, Event, Inbox, Missing, Moment, Outcome, Rows, Shelf, Step, Story,
    Subject, Thread, Timeline, View, look,
};
use hearken::model::{
    CaseId, CaseStatus, Direction, Interaction, InteractionKind, ItemKey, Platform, Tenant, Timestamp,
};
use hearken::store::{Changes, Key, Kind, MemoryStore, Record, SCHEMA, Store};
use std::collections::BTreeSet;

const COMPLAINT: &str = "my kettle broke after a week, worst kettle ever";

fn opened(outcome: &Outcome) -> CaseId {
    assert_eq!(outcome.disposition, Disposition::Accepted, "{}", outcome.receipt);
    outcome.assessment.as_ref().unwrap().case.clone().unwrap()
}

fn item(n: u8) -> ItemKey {
    ItemKey::new(Platform::X, format!("post{n}"))
}

/// What the brand says to an item.
fn answer(to: u8, seconds: i64) -> Event {
    let mut item = post(250, 9, seconds, "We are sorry.");
    item.direction = Direction::Outbound;
    item.in_reply_to = Some(format!("post{to}").into());
    item.recipients.push(account(1));
    created(item)
}

/// A case of so many items.
fn case_of(desk: &mut Desk, items: u8) -> CaseId {
    let ids: BTreeSet<CaseId> = (0..items).map(|n| opened(&desk.complaint(n, 10 + i64::from(n)))).collect();
    assert_eq!(ids.len(), 1);
    ids.into_iter().next().unwrap()
}

/// Splits items off a case; the case they are in now.
fn split(desk: &mut Desk, case: &CaseId, items: impl Iterator<Item = u8>, seconds: i64) -> CaseId {
    let known = cases(desk);
    let done = desk.at(seconds, act(case, "ann", CaseAct::Split { items: items.map(item).collect() }));
    assert_eq!(done.disposition, Disposition::Accepted, "{}", done.receipt);
    cases(desk).difference(&known).next().unwrap().clone()
}

fn cases(desk: &Desk) -> BTreeSet<CaseId> {
    let of_kind = desk.store.rows().filter(|(key, _)| *key.kind() == Kind::Case);
    of_kind.map(|(key, _)| key.id().into()).collect()
}

#[test]
fn however_many_cases_are_folded_into_one_another_the_next_word_finds_the_last() {
    let mut desk = Desk::new(settings());
    let first = case_of(&mut desk, 21);
    let mut chain = vec![first.clone()];
    for n in 1..=20 {
        chain.push(split(&mut desk, &first, n..=n, 100 + i64::from(n)));
    }
    // Each into the one that was made before it, the last first.
    for (n, pair) in (0..).zip(chain.windows(2).rev()) {
        let merged = desk.at(300 + n, act(&pair[1], "ann", CaseAct::Merge { into: pair[0].clone() }));
        assert_eq!(merged.disposition, Disposition::Accepted, "{}", merged.receipt);
    }
    let next = desk.at(400, created(post(100, 1, 400, COMPLAINT)));
    assert_eq!(opened(&next), first);
    assert_eq!(opened(&desk.at(410, answer(20, 410))), first, "what was said in the last, too");
}

#[test]
fn an_answer_finds_its_item_through_however_many_cases_it_was_split_into() {
    let mut desk = Desk::new(settings());
    let mut case = case_of(&mut desk, 20);
    for n in 1..=19 {
        case = split(&mut desk, &case, n..20, 100 + i64::from(n));
    }
    assert_eq!(opened(&desk.at(300, answer(19, 300))), case);
    let story = look(&Story::of("acme", case), &desk.store).unwrap().unwrap();
    assert_eq!(story.case.items.len(), 2, "the item and its answer");
}

/// Files so many things under a name.
fn file(desk: &mut Desk, name: &str, many: i64) {
    let (tenant, mut changes) = (Tenant::from("acme"), Changes::default());
    for n in 0..many {
        let id = Key::join(&["old", &Key::time(n), ""]);
        let filing = Key::ordered(&tenant, Kind::Subject, &[name, "receipt", &id]);
        changes.put(filing, Record::new(SCHEMA, &()).of(name));
    }
    desk.store.commit(&changes).unwrap();
}

#[test]
fn whoever_has_a_hundred_thousand_records_is_exported_and_may_part_with_an_account() {
    let mut desk = Desk::new(settings());
    desk.complaint(1, 10);
    desk.at(11, Command::Link { account: account(1), customer: "c-1".into(), by: "ann".into() });
    file(&mut desk, "customer c-1", 125_000);
    let exported = desk.at(20, Command::Export { subject: Subject::Customer("c-1".into()) });
    assert!(exported.effects.iter().any(|effect| matches!(effect.action, Action::Exported { .. })));
    let erased = desk.at(30, Command::Erase { subject: Subject::Account(account(1)) });
    assert_eq!(erased.disposition, Disposition::Accepted, "{}", erased.receipt);
}

#[test]
fn what_somebody_said_it_is_not_holds_however_often_it_was_said() {
    let mut desk = Desk::new(settings());
    desk.at(10, created(post(1, 1, 10, "hello")));
    let mut not = |customer: &str| {
        let (account, customer) = (account(1), customer.into());
        desk.at(11, Command::NotSame { account, customer, by: "ann".into() });
    };
    // These stand before c-1.
    (0..205).for_each(|n| not(&format!("a-{n:03}")));
    not("c-1");
    let mut again = post(2, 1, 20, "hello again");
    again.author.as_mut().unwrap().emails.push("zanzibar1@example.com".into());
    let heard = desk.at(20, created(again));
    assert_eq!(heard.assessment.unwrap().customer, None);
}

#[test]
fn a_list_of_addresses_is_not_looked_up_one_by_one() {
    let desk = Desk::new(settings());
    let words: String = (0..2_000).map(|n| format!("somebody{n}@else.com ")).collect();
    let event = created(post(1, 7, 10, &words));
    let (mut step, mut scans) = (desk.engine.begin(&event, at(10)), 0);
    let outcome = loop {
        step = match step {
            Step::Need(need) => {
                scans += need.scans().len();
                let rows = Rows::fetch(&desk.store, need.keys(), need.scans()).unwrap();
                need.supply(rows)
            }
            Step::Done(outcome) => break outcome,
        };
    };
    assert!(scans < 50, "{scans} scans");
    let told = &outcome.receipt.find("identity").unwrap().because[0];
    assert_eq!((&*told.what, &*told.result), ("contacts left out", "1992"));
}

/// A page, and how often it asked the store.
fn read<V: View>(view: &V, store: &MemoryStore) -> (V::Page, usize) {
    let (mut shelf, mut lookups) = (Shelf::default(), 0);
    loop {
        match view.read(&shelf) {
            Ok(page) => return (page, lookups),
            Err(Missing::Rows(lookup)) => {
                lookups += 1;
                let rows = Rows::fetch(store, lookup.keys(), lookup.scans()).unwrap();
                shelf.supply(lookup, rows);
            }
            Err(Missing::Unreadable(error)) => panic!("{error}"),
        }
    }
}

#[test]
fn an_inbox_goes_through_few_cases_a_page_and_through_all_of_them_page_by_page() {
    let mut desk = Desk::new(settings());
    desk.complaint(1, 10);
    let case = desk.store.rows().find(|(key, _)| *key.kind() == Kind::Case).unwrap().1.record.body();
    let waiting = case.replace(r#""status":"open""#, r#""status":"on_hold""#);
    assert_ne!(case, waiting);
    let (tenant, mut changes) = (Tenant::from("acme"), Changes::default());
    let mut put = |id: &str, body: &str| {
        let body = Record::stored(SCHEMA, None, body.into());
        changes.put(Key::new(&tenant, Kind::Case, id), body);
    };
    (0..8_500).for_each(|n| put(&format!("D-{n:05}"), &case));
    ["A-1", "D-00700x", "D-08400x", "E-1"].iter().for_each(|id| put(id, &waiting));
    desk.store.commit(&changes).unwrap();

    let mut view = Inbox { status: Some(CaseStatus::OnHold), limit: 3, ..Inbox::of("acme") };
    let (mut found, mut pages) = (0, 0);
    loop {
        let (page, lookups) = read(&view, &desk.store);
        assert!(lookups <= 5, "{lookups} lookups for a page");
        (found, pages) = (found + page.cases.len(), pages + 1);
        match page.next {
            Some(next) => view.after = Some(next),
            None => break,
        }
    }
    assert_eq!((found, pages), (4, 2));
}

#[test]
fn a_timeline_of_forty_accounts_takes_a_few_lookups() {
    let mut desk = Desk::new(settings());
    for n in 0..40 {
        let mut item = post(n, n, 10 + i64::from(n), COMPLAINT);
        item.author.as_mut().unwrap().display_name = None;
        desk.at(10 + i64::from(n), created(item));
        desk.at(60, Command::Link { account: account(n), customer: "c-1".into(), by: "ann".into() });
    }
    let view = Timeline::of("acme", Subject::Customer("c-1".into())).limit(1_000);
    let (page, lookups) = read(&view, &desk.store);
    assert!(lookups <= 7, "{lookups} lookups");
    assert_eq!(page.rows.iter().filter(|row| matches!(row.what, Moment::Said { .. })).count(), 40);
}

#[test]
fn alerts_of_many_kinds_climb_in_one_tick() {
    let rule = |n: i64| {
        format!(
            r#"{{"id": "rule {n}", "when": "word{n}", "then": [{{"assign": {{"team": "service"}}}},
                {{"alert": {{"kind": "kind {n}"}}}}]}}"#
        )
    };
    let ladder = |n: i64| {
        format!(
            r#"{{"kind": "kind {n}", "at_least": "low", "ladder": {{"steps": [
                {{"to": "service", "wait": 900000}}, {{"to": "legal", "wait": 900000}}]}}}}"#
        )
    };
    let all = |one: &dyn Fn(i64) -> String| (0..16).map(one).collect::<Vec<_>>().join(",");
    let mut settings = settings();
    settings.rules = serde_json::from_str(&format!(r#"{{"rules": [{}]}}"#, all(&rule))).unwrap();
    settings.ladders = serde_json::from_str(&format!("[{}]", all(&ladder))).unwrap();
    let mut desk = Desk::new(settings);
    for n in 0..16 {
        let words = format!("it is word{n}");
        opened(&desk.at(60, created(post(n, n, 60, &words))));
    }
    let due = desk.at(60 + 15 * 60, Event::Due);
    assert_eq!(due.disposition, Disposition::Accepted, "{}", due.receipt);
    let climbed = |n: u8| told(&due, &format!("kind {n}")) == [("legal".to_owned(), 2)];
    assert!((0..16).all(climbed), "{}", due.receipt);
}

fn toot(id: &str, parent: Option<&str>) -> Interaction {
    let mut item = Interaction::new(Platform::Mastodon, id, InteractionKind::Reply);
    item.in_reply_to = parent.map(Into::into);
    item.author = Some(hearken::model::Profile::new(Platform::Mastodon, format!("author of {id}")));
    item.content.text = format!("words of {id}").into();
    item
}

#[test]
fn answers_that_come_before_what_they_answer_are_in_its_conversation() {
    let said = [("a", None), ("b", Some("a")), ("c", Some("b")), ("d", Some("c")), ("e", Some("b"))];
    for order in ["abcde", "edcba", "dcbea", "cdeab", "cbdae"] {
        let mut store = MemoryStore::default();
        for (second, id) in (1..).zip(order.chars()) {
            let (id, parent) = *said.iter().find(|(known, _)| known.starts_with(id)).unwrap();
            run(engine(), &mut store, &created(toot(id, parent)), at(second));
        }
        for id in ["a", "c", "e"] {
            let page = look(&Thread::of("acme", ItemKey::new(Platform::Mastodon, id)), &store).unwrap();
            let heard: BTreeSet<&str> = page.lines.iter().map(|line| &*line.turn.item.id).collect();
            assert_eq!(heard, ["a", "b", "c", "d", "e"].into(), "{order}, the conversation of {id}");
        }
    }
}

#[test]
fn thanks_while_colleagues_are_at_work_promise_nothing_anew() {
    let mut desk = Desk::new(settings());
    let case = opened(&desk.complaint(1, 60));
    desk.at(120, answer(1, 120));
    desk.at(130, act(&case, "ann", CaseAct::AwaitInternal));
    let thanks = desk.at(600, created(post(2, 1, 600, "thank you so much, lovely support")));
    assert_eq!(opened(&thanks), case);
    let story = look(&Story::of("acme", case), &desk.store).unwrap().unwrap();
    assert_eq!(
        (story.case.status, story.case.waiting_since),
        (CaseStatus::PendingInternal, None::<Timestamp>)
    );
}

#[test]
fn a_page_of_a_conversation_that_is_the_last_names_no_next() {
    let mut store = MemoryStore::default();
    for (second, id) in (1..).zip(["a", "b", "c", "d"]) {
        run(engine(), &mut store, &created(toot(id, (id != "a").then_some("a"))), at(second));
    }
    let view = Thread::of("acme", ItemKey::new(Platform::Mastodon, "a")).limit(2);
    let first = look(&view, &store).unwrap();
    let last = look(&view.after(first.next.unwrap()), &store).unwrap();
    assert_eq!((first.lines.len(), last.lines.len(), last.next), (2, 2, None));
}

#[test]
fn an_address_that_too_many_share_is_told_of() {
    let mut desk = Desk::new(settings());
    let mut hear = |customers: std::ops::Range<usize>, second: i64| {
        for n in customers {
            let mut customer = hearken::model::Customer::new(format!("shared-{n:03}"));
            customer.emails.push("info@shared.example".into());
            desk.at(second, Command::PutCustomer { customer: Box::new(customer) });
        }
        let mut item = post(second as u8, second as u8, second, "hello");
        item.author.as_mut().unwrap().emails.push("info@shared.example".into());
        desk.at(second, created(item))
    };
    let told = |outcome: &Outcome| {
        let parts = outcome.receipt.find("identity").map(|found| found.because.clone()).unwrap_or_default();
        parts.iter().any(|part| part.what.contains("more share"))
    };
    assert!(!told(&hear(0..64, 10)), "they all fit");
    assert!(told(&hear(64..65, 11)));
}
