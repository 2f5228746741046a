//! What the brand says to everybody: approved as it was read, planned, held back while a crisis lasts.

use super::escalation::{Desk, refused, settings, wakes};
use super::world::{at, crisis, engine, post_act, post_event, run};
use hearken::desk::TextHash;
use hearken::engine::{Action, Command, CrisisAct, Disposition, Engine, Event, Outcome, PostAct};
use hearken::store::MemoryStore;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const WORDS: &str = "Everything a third off!";

fn post(by: &str, act: PostAct) -> Command {
    post_act("sale", by, act)
}

fn text() -> TextHash {
    TextHash::of(WORDS)
}

fn write() -> Command {
    post("ann", PostAct::Write { text: WORDS.into(), channels: vec!["x".into()] })
}

fn plan(due: i64) -> Command {
    post("ann", PostAct::Plan { text: text(), due: at(due) })
}

/// A desk with a post that is approved and planned.
fn planned(due: i64) -> Desk {
    let mut desk = Desk::new(settings());
    desk.at(1, write());
    desk.at(2, post("ann", PostAct::Submit));
    desk.at(3, post("eve", PostAct::Approve { text: text() }));
    assert_eq!(wakes(&desk.at(4, plan(due))), [due]);
    desk
}

/// What became of posts in a turn: `out NAME`, `held NAME`, `review NAME: why`, `approve NAME`.
fn told(outcome: &Outcome) -> Vec<String> {
    let of = |action: &Action| match action {
        Action::Post { post, .. } => Some(format!("out {post}")),
        Action::PostHeld { post, .. } => Some(format!("held {post}")),
        Action::PostReview { post, why, .. } => Some(format!("review {post}: {why}")),
        Action::PostDraft { post, .. } => Some(format!("approve {post}")),
        _ => None,
    };
    outcome.effects.iter().filter_map(|effect| of(&effect.action)).collect()
}

#[test]
fn a_planned_post_goes_out_at_its_time_once() {
    let mut desk = planned(900);
    assert!(told(&desk.at(899, Event::Due)).is_empty());
    let out = desk.at(900, Event::Due);
    let Action::Post { post, channels, text, hash } = &out.effects[0].action else { panic!("{out:?}") };
    assert_eq!((&**post, &*channels[0], text.reveal(), hash), ("sale", "x", WORDS, &self::text()));
    assert!(told(&desk.at(901, Event::Due)).is_empty());
    refused(&desk.at(902, plan(2_000)), "not in this status");
}

#[test]
fn what_nobody_approved_or_somebody_changed_does_not_go_out_at_its_time() {
    let mut desk = Desk::new(settings());
    desk.at(1, write());
    desk.at(2, plan(900));
    assert_eq!(told(&desk.at(900, Event::Due)), ["review sale: not enough approvals that still hold"]);

    let mut desk = planned(900);
    let other = PostAct::Write { text: "Everything for nothing!".into(), channels: vec!["x".into()] };
    desk.at(5, post("ann", other));
    assert_eq!(told(&desk.at(900, Event::Due)), ["review sale: the text has changed since"]);

    let mut desk = planned(900);
    desk.at(5, post("ann", PostAct::Write { text: WORDS.into(), channels: vec!["facebook".into()] }));
    let out = desk.at(900, Event::Due);
    assert_eq!(told(&out), ["review sale: not enough approvals that still hold"], "nor in other places");

    let mut desk = planned(900);
    desk.at(5, post("eve", PostAct::Reject { reason: "too loud".into() }));
    assert!(told(&desk.at(900, Event::Due)).is_empty(), "it is planned for no time any more");
}

#[test]
fn what_is_planned_may_be_planned_anew_or_for_no_time() {
    let mut desk = planned(900);
    assert_eq!(wakes(&desk.at(5, plan(1_200))), [1_200]);
    assert!(told(&desk.at(900, Event::Due)).is_empty());
    assert_eq!(desk.at(901, plan(1_200)).disposition, Disposition::Dropped(hearken::engine::Drop::Duplicate));
    desk.at(902, post("ann", PostAct::Unplan));
    assert!(told(&desk.at(1_200, Event::Due)).is_empty());
    refused(&desk.at(1_300, plan(1_300)), "that time has passed");
    let other = PostAct::Plan { text: TextHash::of("something else"), due: at(2_000) };
    refused(&desk.at(1_301, post("ann", other)), "the text has changed since");
    assert_eq!(told(&desk.at(1_302, post("ann", PostAct::Publish { text: text() }))), ["out sale"]);
}

#[test]
fn a_crisis_holds_back_what_falls_due_and_nothing_that_was_held_goes_out_by_itself() {
    let mut desk = planned(900);
    let begun = desk.at(600, crisis(CrisisAct::Begin));
    assert!(matches!(&begun.effects[0].action, Action::Publishing { paused: true, .. }), "{begun:?}");
    let held = desk.at(900, Event::Due);
    assert_eq!(told(&held), ["held sale"]);
    assert_eq!(&*held.receipt.find("held back").unwrap().result, "sale");
    let over = desk.at(1_000, crisis(CrisisAct::End));
    assert_eq!(told(&over), ["review sale: the crisis that held it back is over"]);
    assert!(told(&desk.at(2_000, Event::Due)).is_empty());
    desk.at(2_001, plan(2_500));
    assert_eq!(told(&desk.at(2_500, Event::Due)), ["out sale"], "somebody looked and planned it again");
}

#[test]
fn a_post_for_after_the_crisis_goes_out_at_its_time() {
    let mut desk = planned(2_000);
    desk.at(600, crisis(CrisisAct::Begin));
    desk.at(1_000, crisis(CrisisAct::End));
    assert_eq!(told(&desk.at(2_000, Event::Due)), ["out sale"]);
}

#[test]
fn a_holding_statement_is_a_draft_that_nobody_sends_unread() {
    // Whatever the brand asks of its other posts.
    let mut settings = settings();
    settings.approvals = serde_json::from_str(r#"{"approvals": 0, "bots_need_approval": false}"#).unwrap();
    let mut desk = Desk::new(settings);
    let begun = desk.at(60, crisis(CrisisAct::Begin));
    assert_eq!(told(&begun), ["approve recall/say"]);
    let step = begun.effects.iter().find_map(|effect| match &effect.action {
        Action::PlaybookStep { step, post, .. } => Some((step, post)),
        _ => None,
    });
    let (step, named) = step.unwrap();
    assert_eq!((step.holding_statement.as_deref(), named.as_deref()), (None, Some("recall/say")));
    let hash = begun.effects.iter().find_map(|effect| match &effect.action {
        Action::PostDraft { hash, .. } => Some(hash.clone()),
        _ => None,
    });
    let hash = hash.unwrap();
    assert_eq!(hash, TextHash::of("We are looking into it."));
    let act = |by: &str, act| post_act("recall/say", by, act);
    let publish = || act("maud", PostAct::Publish { text: hash.clone() });
    refused(&desk.at(61, publish()), "not enough approvals");
    let soon = PostAct::Plan { text: hash.clone(), due: at(90) };
    refused(&desk.at(62, act("maud", soon)), "when somebody sends it");
    desk.at(63, act("maud", PostAct::Approve { text: hash.clone() }));
    // Another word, and nobody has read it.
    let other = PostAct::Write { text: "We look into it.".into(), channels: Vec::new() };
    desk.at(64, act("sven", other));
    refused(&desk.at(65, publish()), "the text has changed");
    let hash = TextHash::of("We look into it.");
    desk.at(66, act("sven", PostAct::Submit));
    refused(
        &desk.at(67, act("sven", PostAct::Approve { text: hash.clone() })),
        "nobody approves what they wrote",
    );
    desk.at(68, act("maud", PostAct::Approve { text: hash.clone() }));
    let out = desk.at(69, act("maud", PostAct::Publish { text: hash.clone() }));
    assert_eq!(told(&out), ["out recall/say"], "while planned posts wait");

    desk.at(70, crisis(CrisisAct::End));
    let again = desk.at(80, crisis(CrisisAct::Begin));
    assert_eq!(told(&again), ["approve recall/say"], "of a new crisis, a new draft");
    desk.at(81, act("maud", PostAct::Approve { text: TextHash::of("We are looking into it.") }));
    desk.at(82, crisis(CrisisAct::End));
    let late = act("maud", PostAct::Publish { text: TextHash::of("We are looking into it.") });
    refused(&desk.at(83, late), "its crisis is over");
}

#[test]
fn a_statement_needs_an_approval_that_can_hold() {
    let mut settings = settings();
    settings.approvals = serde_json::from_str(r#"{"approvals": 0, "valid": 0}"#).unwrap();
    let error = Engine::builder("acme").settings(settings).build().unwrap_err();
    assert!(error.to_string().contains("never holds"), "{error}");
}

#[test]
fn a_command_about_no_post_and_one_told_twice_change_nothing() {
    let mut desk = Desk::new(settings());
    assert!(desk.at(1, post("ann", PostAct::Submit)).receipt.to_string().contains("no such post"));
    desk.at(2, write());
    assert!(desk.at(3, write()).changes.is_empty());
    let blank = post_act("blank", "ann", PostAct::Write { text: " ".into(), channels: Vec::new() });
    desk.at(4, blank);
    refused(&desk.at(5, post_act("blank", "ann", PostAct::Submit)), "nothing is written");
}

/// What may go out, reckoned plainly: approved by somebody who wrote nothing of it, of these words, since they were
/// last written or sent somewhere else.
#[derive(Default)]
struct Plain {
    text: String,
    channels: Vec<Box<str>>,
    writers: BTreeSet<String>,
    approved: bool,
}

impl Plain {
    fn hear(&mut self, by: &str, act: &PostAct) {
        match act {
            PostAct::Write { text, channels } => {
                self.approved &= text.reveal() == self.text && *channels == self.channels;
                self.text = text.reveal().to_owned();
                self.channels.clone_from(channels);
                self.writers.insert(by.to_owned());
            }
            PostAct::Approve { text } => {
                self.approved |= *text == TextHash::of(&self.text) && !self.writers.contains(by);
            }
            PostAct::Reject { .. } => self.approved = false,
            _ => {}
        }
    }
}

fn crisis_act() -> impl Strategy<Value = Event> {
    let acts = prop::sample::select(vec![CrisisAct::Begin, CrisisAct::End]);
    acts.prop_map(|act| crisis(act).into())
}

/// A post as it should come about: written, approved by another, planned.
fn in_order() -> impl Strategy<Value = Vec<Event>> {
    (0..4u8, 105..130i64).prop_map(|(n, due)| {
        let acts = [
            ("ann", PostAct::Write { text: WORDS.into(), channels: Vec::new() }),
            ("ann", PostAct::Submit),
            ("eve", PostAct::Approve { text: text() }),
            ("ann", PostAct::Plan { text: text(), due: at(due) }),
        ];
        acts.map(|(by, act)| post_act(&format!("offer{n}"), by, act).into()).to_vec()
    })
}

fn story() -> impl Strategy<Value = Vec<Event>> {
    let one = prop_oneof![4 => post_event(), 2 => crisis_act(), 4 => Just(Event::Due)]
        .prop_map(|event| vec![event]);
    let some = prop_oneof![4 => one, 1 => in_order()];
    prop::collection::vec(some, 1..30).prop_map(|events| events.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_goes_out_unread_and_nothing_planned_goes_out_in_a_crisis(story in story()) {
        let mut store = MemoryStore::default();
        let (mut posts, mut sent) = (BTreeMap::<String, Plain>::new(), BTreeSet::<String>::new());
        let mut paused = false;
        for (event, seconds) in story.iter().zip(100..) {
            let outcome = run(engine(), &mut store, event, at(seconds));
            let was_paused = paused;
            let accepted = outcome.disposition == Disposition::Accepted;
            let mut by_hand = None;
            match event {
                Event::Command { command: Command::Post { post, by, act } } if accepted => {
                    posts.entry(post.to_string()).or_default().hear(by.as_str(), act);
                    by_hand = matches!(act, PostAct::Publish { .. }).then(|| post.to_string());
                }
                Event::Command { command: Command::Crisis { act: CrisisAct::Begin, .. } } if accepted => {
                    let say = Plain { text: "We are looking into it.".into(), ..Plain::default() };
                    posts.insert("recall/say".into(), say);
                    paused = true;
                }
                Event::Command { command: Command::Crisis { act: CrisisAct::End, .. } } if accepted => {
                    paused = false;
                }
                _ => {}
            }
            for line in told(&outcome) {
                if let Some(name) = line.strip_prefix("out ") {
                    prop_assert!(posts[name].approved, "{name} was not approved");
                    prop_assert!(sent.insert(name.to_owned()) || name == "recall/say", "{name} went out twice");
                    let planned = by_hand.as_deref() != Some(name);
                    prop_assert!(!planned || !was_paused, "{name} went out in a crisis");
                }
                prop_assert!(!line.starts_with("held ") || was_paused, "{line} and no crisis");
            }
        }
    }
}
