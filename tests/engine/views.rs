//! Reading back: conversations in pages, a person's timeline, the story of a case, the inbox.

use super::world::{self, *};
use hearken::desk::CaseEvent;
use hearken::engine::{
    CaseAct, Command, Disposition, DraftAct, Event, Inbox, Moment, Story, Subject, Thread, ThreadPage,
    Timeline, TimelineRow, look, look_async,
};
use hearken::model::{
    CaseStatus, Consent, ConsentStatus, Interaction, InteractionKind, ItemKey, Platform, Profile, Purpose,
    Scope, ThreadNode, Transaction, TransactionKind, Visibility,
};
use hearken::route::Presence;
use hearken::source::PlatformEvent;
use hearken::store::{MemoryStore, SharedStore};
use proptest::prelude::*;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

fn toot(id: &str, parent: Option<&str>, seconds: i64) -> Interaction {
    let mut item = Interaction::new(Platform::Mastodon, id, InteractionKind::Reply);
    item.in_reply_to = parent.map(Into::into);
    item.published_at = Some(at(seconds));
    item.author = Some(Profile::new(Platform::Mastodon, format!("author of {id}")));
    item.content.text = format!("words of {id}").into();
    item
}

fn hear(store: &mut MemoryStore, item: Interaction) {
    run(engine(), store, &created(item), at(500));
}

fn thread(store: &MemoryStore, item: &str, limit: usize) -> Vec<ThreadPage> {
    let mut view = Thread::of("acme", ItemKey::new(Platform::Mastodon, item)).limit(limit);
    let mut pages = Vec::new();
    loop {
        let page = look(&view, store).unwrap();
        let next = page.next.clone();
        pages.push(page);
        match next {
            Some(next) => view = view.after(next),
            None => return pages,
        }
    }
}

fn ids(pages: &[ThreadPage]) -> Vec<&str> {
    pages.iter().flat_map(|page| &page.lines).map(|line| &*line.turn.item.id).collect()
}

#[test]
fn a_conversation_without_an_id_is_one_by_its_replies_and_pages_miss_nothing() {
    let mut store = MemoryStore::default();
    for (n, (id, parent)) in
        [("a", None), ("b", Some("a")), ("c", Some("b")), ("d", Some("a"))].into_iter().enumerate()
    {
        hear(&mut store, toot(id, parent, n as i64));
    }
    hear(&mut store, toot("elsewhere", None, 2));
    let whole = thread(&store, "c", 100);
    assert_eq!(ids(&whole), ["a", "b", "c", "d"]);
    assert_eq!(whole[0].lines[2].item.content.text.reveal(), "words of c");
    assert!(whole[0].lines[2].assessment.is_some());
    let order: Vec<String> = whole[0]
        .conversation()
        .thread()
        .iter()
        .map(|node| match node {
            ThreadNode::Item(item, depth) => format!("{}{depth}", item.id),
            ThreadNode::Missing(id) => format!("?{id}"),
        })
        .collect();
    assert_eq!(order, ["a0", "b1", "c2", "d1"]);
    for limit in 1..4 {
        assert_eq!(ids(&thread(&store, "a", limit)), ids(&whole), "{limit} a page");
    }
    let mut edited = toot("b", Some("a"), 1);
    (edited.edited_at, edited.content.text) = (Some(at(90)), "other words".into());
    run(engine(), &mut store, &PlatformEvent::Edited(Box::new(edited)).into(), at(500));
    let gone = ItemKey::new(Platform::Mastodon, "d");
    run(engine(), &mut store, &PlatformEvent::Deleted { item: gone, at: None }.into(), at(500));
    let now = thread(&store, "a", 100);
    assert_eq!(ids(&now), ["a", "b", "c"]);
    assert_eq!(now[0].lines[1].item.content.text.reveal(), "other words");
}

#[test]
fn a_parent_that_never_came_is_a_gap() {
    let mut store = MemoryStore::default();
    hear(&mut store, toot("b", Some("a"), 1));
    hear(&mut store, toot("c", Some("b"), 2));
    let page = &thread(&store, "a", 9)[0];
    assert_eq!(page.conversation().thread()[0], ThreadNode::Missing("a".into()));
    assert_eq!(ids(&thread(&store, "c", 9)), ["b", "c"]);
}

#[test]
fn a_like_counts_for_what_it_is_about_and_for_nothing_else() {
    let mut store = MemoryStore::default();
    hear(&mut store, toot("a", None, 1));
    for n in 0..3 {
        let mut like = toot(&format!("like {n}"), Some("a"), 2 + n);
        (like.kind, like.content.text) = (InteractionKind::Reaction, "".into());
        like.visibility = "direct".into();
        like.reaction = Some(if n == 0 { "love".into() } else { "like".into() });
        let outcome = run(engine(), &mut store, &created(like), at(500));
        let found = outcome.assessment.unwrap();
        assert!(found.case.is_none() && !found.numbers.contains_key("sentiment"), "{}", outcome.receipt);
        assert!(outcome.effects.is_empty() && outcome.receipt.find("signal").is_some());
    }
    let page = &thread(&store, "a", 100)[0];
    assert_eq!(ids(std::slice::from_ref(page)), ["a"]);
    assert_eq!(page.reactions["a"]["like"], 2);
    assert_eq!(page.reactions["a"]["love"], 1);
}

/// A customer who was heard on three channels, complained, bought and consented.
fn known() -> MemoryStore {
    let mut store = MemoryStore::default();
    let mut known = customer(1);
    let mut order = Transaction::new("o-1", TransactionKind::Order, at(20));
    order.products.push("kettle".into());
    known.transactions.push(order);
    let put = Command::PutCustomer { customer: Box::new(known) };
    let consent = Consent::new("c-1", Purpose::Service, ConsentStatus::Granted, at(15), "form");
    let commands: [Event; 3] = [
        put.into(),
        Command::Consent { consent }.into(),
        Command::Presence { agent: "ann".into(), presence: Presence::Online }.into(),
    ];
    for command in commands {
        run(engine(), &mut store, &command, at(0));
    }
    for (n, platform) in
        [Platform::X, Platform::Email, Platform::Mastodon, Platform::X].into_iter().enumerate()
    {
        let seconds = 10 * (n as i64 + 1);
        let mut item = post(n as u8, 1, seconds, "my kettle broke, worst kettle ever");
        item.key.platform = platform.clone();
        let author = item.author.as_mut().unwrap();
        author.key.platform = platform;
        author.display_name = Some("Name1 Family1".into());
        author.emails.push(format!("{SECRET}1@example.com").into());
        run(engine(), &mut store, &created(item), at(seconds));
    }
    store
}

fn timeline(store: &MemoryStore, channel: Option<&str>, limit: usize) -> Vec<TimelineRow> {
    let mut view = Timeline::of("acme", Subject::Customer("c-1".into())).limit(limit);
    if let Some(channel) = channel {
        view = view.channel(channel);
    }
    let mut rows = Vec::new();
    loop {
        let page = look(&view, store).unwrap();
        assert!(page.rows.len() <= limit);
        rows.extend(page.rows);
        match page.next {
            Some(next) => view = view.after(next),
            None => return rows,
        }
    }
}

#[test]
fn a_timeline_holds_every_channel_in_order_and_filters_lose_nothing() {
    let store = known();
    let whole = timeline(&store, None, 100);
    let said = |row: &&TimelineRow| matches!(row.what, Moment::Said { .. });
    assert_eq!(whole.iter().filter(said).count(), 4);
    assert!(whole.windows(2).all(|pair| pair[0].at >= pair[1].at), "newest first");
    let mut channels: Vec<&str> = whole.iter().map(|row| &*row.channel).collect();
    channels.sort_unstable();
    channels.dedup();
    assert_eq!(channels, ["case", "consent", "email", "mastodon", "purchase", "x"]);
    let parts: usize = channels.iter().map(|channel| timeline(&store, Some(channel), 100).len()).sum();
    assert_eq!(parts, whole.len(), "the channels together are the whole");
    assert!(
        whole.iter().any(|row| matches!(&row.what, Moment::Case { event: CaseEvent::Assign { .. }, .. }))
    );
    for limit in [1, 2, 3, 7] {
        assert_eq!(timeline(&store, None, limit), whole, "{limit} a page");
    }
}

#[test]
fn a_story_holds_the_receipt_of_every_turn_that_touched_the_case() {
    let mut store = known();
    let inbox = look(&Inbox::of("acme"), &store).unwrap();
    let case = inbox.cases[0].case.id.clone();
    let mut told = Vec::new();
    for (seconds, command) in [
        (60, Command::Acknowledge { alert: "negative".into(), by: "ann".into() }),
        (61, world::act(&case, "ann", CaseAct::Escalate { team: "product".into(), why: "defect".into() })),
        (62, world::draft(&case, "ann", DraftAct::Write { text: "Sorry!".into(), private: false })),
        (63, world::draft(&case, "ann", DraftAct::Submit)),
    ] {
        told.push(run(engine(), &mut store, &command.into(), at(seconds)).receipt);
    }
    let whole = look(&Story::of("acme", case.clone()), &store).unwrap().unwrap();
    assert_eq!(whole.draft.as_ref().unwrap().text, "Sorry!");
    assert_eq!(whole.lines.len(), 4);
    assert!(told.iter().all(|receipt| whole.receipts.contains(receipt)), "{:#?}", whole.receipts);
    assert!(whole.receipts.windows(2).all(|pair| pair[0].at <= pair[1].at));
    let (mut view, mut pages) = (Story::of("acme", case.clone()).limit(2), Vec::new());
    loop {
        let page = look(&view, &store).unwrap().unwrap();
        pages.extend(page.receipts);
        match page.next {
            Some(next) => view = view.after(next),
            None => break,
        }
    }
    assert_eq!(pages, whole.receipts);
    assert!(look(&Story::of("acme", "C-none".into()), &store).unwrap().is_none());
    assert!(look(&Story::of("others", case), &store).unwrap().is_none(), "another tenant");
}

#[test]
fn a_revision_at_the_same_time_has_a_receipt_and_effects_of_its_own() {
    let mut store = MemoryStore::default();
    let words = "my kettle broke, worst kettle ever";
    let first = run(engine(), &mut store, &created(post(1, 1, 1, words)), at(9));
    let mut item = post(1, 1, 1, "my kettle broke, worst kettle ever, and it hurt me");
    item.edited_at = Some(at(2));
    let second = run(engine(), &mut store, &PlatformEvent::Edited(Box::new(item)).into(), at(9));
    assert!(!first.effects.is_empty() && !second.effects.is_empty(), "{}", second.receipt);
    assert!(first.effects.iter().all(|one| second.effects.iter().all(|other| one.id != other.id)));
    let case = first.assessment.as_ref().unwrap().case.clone().unwrap();
    let story = look(&Story::of("acme", case), &store).unwrap().unwrap();
    assert!(story.receipts.contains(&first.receipt));
    let receipts = store.rows().filter(|(key, _)| key.kind().as_str() == "receipt").count();
    assert_eq!(receipts, 2);
}

#[test]
fn an_inbox_filters_and_pages_over_all_networks() {
    let mut store = MemoryStore::default();
    for n in 0..40u8 {
        let mut item = post(n, n, i64::from(n), "my kettle broke, worst kettle ever");
        item.key.platform = if n % 2 == 0 { Platform::X } else { Platform::Youtube };
        run(engine(), &mut store, &created(item), at(i64::from(n)));
    }
    let all = look(&Inbox { limit: 100, ..Inbox::of("acme") }, &store).unwrap();
    assert_eq!((all.cases.len(), all.next), (40, None));
    let mut view = Inbox { limit: 7, platform: Some(Platform::X), ..Inbox::of("acme") };
    let mut met = Vec::new();
    loop {
        let page = look(&view, &store).unwrap();
        met.extend(page.cases.into_iter().map(|line| line.case));
        let Some(next) = page.next else { break };
        view.after = Some(next);
    }
    let expected: Vec<_> = all
        .cases
        .iter()
        .filter(|line| line.said.keys().eq([&Platform::X]))
        .map(|line| line.case.clone())
        .collect();
    assert_eq!(met, expected);
    let late = Inbox { since: Some(at(30)), limit: 100, ..Inbox::of("acme") };
    assert_eq!(look(&late, &store).unwrap().cases.len(), 10);
    let open = Inbox { status: Some(CaseStatus::Resolved), ..Inbox::of("acme") };
    assert!(look(&open, &store).unwrap().cases.is_empty());
    let drafted = all.cases.iter().filter(|line| line.drafted).count();
    assert_eq!(drafted, 40, "the rule drafts a reply to each");
}

#[test]
fn the_asynchronous_reader_reads_the_same() {
    let store = known();
    let view = Timeline::of("acme", Subject::Customer("c-1".into()));
    let shared = SharedStore::default();
    shared.with(|inner| *inner = store.clone());
    let mut future = pin!(look_async(&view, &shared));
    let Poll::Ready(page) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) else { panic!() };
    assert_eq!(page.unwrap(), look(&view, &store).unwrap());
}

#[test]
fn what_is_erased_is_in_no_view() {
    let mut store = known();
    let case = look(&Inbox::of("acme"), &store).unwrap().cases[0].case.id.clone();
    let erase = Command::Erase { subject: Subject::Customer("c-1".into()) };
    run(engine(), &mut store, &erase.into(), at(100));
    assert!(timeline(&store, None, 100).is_empty());
    assert!(look(&Story::of("acme", case), &store).unwrap().is_none());
    assert!(look(&Inbox::of("acme"), &store).unwrap().cases.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_private_stands_in_no_public_page(said in prop::collection::vec((0..4usize, any::<bool>()), 1..12)) {
        let mut store = MemoryStore::default();
        let visible = [Visibility::Public, Visibility::Unlisted, Visibility::Direct, Visibility::Followers];
        for ((which, case), id) in said.iter().zip(0u8..) {
            let words = if *case { "my kettle broke, terrible" } else { "hello" };
            let mut item = post(id, 1, i64::from(id), &format!("{words}, item {id}."));
            (item.visibility, item.root) = (visible[*which].clone(), Some("talk".into()));
            run(engine(), &mut store, &created(item), at(500));
        }
        let talk = Thread::of("acme", post(0, 1, 0, "").key);
        let person = Timeline::of("acme", Subject::Account(account(1)));
        let open = look(&talk.clone().scope(Scope::Public), &store).unwrap();
        let told = look(&person.clone().scope(Scope::Public), &store).unwrap();
        let public: Vec<String> = (0..).zip(&said).filter(|(_, (which, _))| *which < 2).map(|(id, _): (u8, _)| format!("x:post{id}")).collect();
        let lines: Vec<String> = open.lines.iter().map(|line| line.item.key.to_string()).collect();
        prop_assert_eq!(&lines, &public);
        prop_assert!(open.lines.iter().all(|line| line.assessment.is_none()), "what was found out is the brand's own");
        let mut rows: Vec<String> = told.rows.iter().map(|row| match &row.what {
            Moment::Said { item, assessment: None } => item.key.to_string(),
            other => format!("{other:?}"),
        }).collect();
        rows.reverse();
        prop_assert_eq!(rows, public);
        prop_assert_eq!(look(&talk, &store).unwrap().lines.len(), said.len());
        prop_assert!(look(&person, &store).unwrap().rows.len() >= said.len());
    }

    #[test]
    fn every_item_of_a_log_stands_in_its_thread(log in log(25)) {
        let store = replay(engine(), &log);
        for (key, row) in store.rows().filter(|(key, _)| key.kind().as_str() == "interaction") {
            let state: serde_json::Value = serde_json::from_str(&row.record.body()).unwrap();
            let id = key.id().split_once(':').unwrap().1;
            let page = look(&Thread::of("acme", ItemKey::new(Platform::X, id)), &store).unwrap();
            let stands = page.lines.iter().any(|line| &*line.turn.item.id == id);
            prop_assert_eq!(stands, !state["item"].is_null());
        }
    }
}

#[test]
fn a_timeline_shows_how_what_was_said_has_grown() {
    let mut store = MemoryStore::default();
    let complaint = post(1, 1, 60, "my kettle broke, terrible");
    let heard = run(engine(), &mut store, &created(complaint.clone()), at(60));
    let cases = store.rows().filter(|(key, _)| key.kind().as_str() == "case").count();
    for (seconds, count) in [(100, 3), (400, 60), (200, 12)] {
        let again =
            run(engine(), &mut store, &created(polled(complaint.clone(), Some(seconds), count)), at(500));
        assert_eq!(again.disposition, Disposition::Measured, "{}", again.receipt);
        assert!(again.assessment.is_none() && again.effects.is_empty());
    }
    assert_eq!(store.rows().filter(|(key, _)| key.kind().as_str() == "case").count(), cases);
    let page = look(&Timeline::of("acme", Subject::Account(account(1))), &store).unwrap();
    let said = page.rows.iter().find_map(|row| match &row.what {
        Moment::Said { item, assessment } => Some((item, assessment)),
        _ => None,
    });
    let (item, assessment) = said.unwrap();
    assert_eq!((item.growth(), item.metrics_history.len()), (vec![("reactions", 57)], 2));
    assert_eq!(assessment.as_ref(), heard.assessment.as_ref(), "what was found stays as it was");
    // An edit keeps what is known of them.
    let mut edited = post(1, 1, 60, "my kettle broke, terrible. Update: they called");
    edited.edited_at = Some(at(600));
    run(engine(), &mut store, &PlatformEvent::Edited(Box::new(edited)).into(), at(600));
    let page = look(&Timeline::of("acme", Subject::Account(account(1))), &store).unwrap();
    let Moment::Said { item, .. } = &page.rows.last().unwrap().what else { panic!() };
    assert!(item.content.text.reveal().ends_with("called") && item.growth() == [("reactions", 57)]);
}

#[test]
fn no_more_counts_are_kept_than_the_limit_and_none_comes_back() {
    let limits = hearken::limits::Limits { metrics: 3, ..Default::default() };
    let engine = hearken::engine::Engine::builder("acme").limits(limits).build().unwrap();
    let mut store = MemoryStore::default();
    let polls: Vec<Event> =
        (0..9).map(|n| created(polled(post(1, 1, 0, "hello"), Some(n), n as u64))).collect();
    polls.iter().for_each(|poll| _ = run(&engine, &mut store, poll, at(50)));
    let before = store.dump();
    for poll in &polls {
        let again = run(&engine, &mut store, poll, at(60));
        assert!(again.changes.is_empty(), "{}", again.receipt);
    }
    assert_eq!(store.dump(), before);
    let row = store.rows().find(|(key, _)| key.kind().as_str() == "interaction").unwrap().1.record.body();
    let item = &serde_json::from_str::<serde_json::Value>(&row).unwrap()["item"];
    assert_eq!(
        (item["metrics_history"].as_array().unwrap().len(), item["metrics"]["reactions"].as_u64()),
        (2, Some(8))
    );
}
