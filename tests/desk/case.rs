//! Cases: states that move themselves, and what can never happen.

use super::at;
use hearken::desk::*;
use hearken::model::{CaseStatus, ItemKey, Platform, Priority};

fn item(id: &str) -> ItemKey {
    ItemKey::new(Platform::X, id)
}

fn reply(id: &str, bot: bool) -> CaseEvent {
    CaseEvent::Reply { item: item(id), by: "ann".into(), bot }
}

struct Story(Case);

impl Story {
    fn new() -> Self {
        Self(Case::open("c", at(0), item("1")))
    }

    fn step(&mut self, event: CaseEvent, minute: i64) -> Vec<CaseCommand> {
        self.0.step(event, at(minute), &CasePolicy::default())
    }
}

fn refusal(commands: &[CaseCommand]) -> Option<&Refusal> {
    match commands {
        [CaseCommand::Refused(refusal)] => Some(refusal),
        _ => None,
    }
}

#[test]
fn a_word_of_the_customer_reopens_within_the_window() {
    let day = 24 * 60;
    let mut story = Story::new();
    story.step(reply("2", false), 1);
    story.step(CaseEvent::Resolve("done".into()), 2);
    let commands = story.step(CaseEvent::Inbound(item("3")), 2 + 7 * day - 1);
    assert!(commands.contains(&CaseCommand::Queue));
    assert_eq!((story.0.status, story.0.reopened), (CaseStatus::Open, 1));

    story.step(CaseEvent::Resolve("done".into()), 7 * day);
    let commands = story.step(CaseEvent::Inbound(item("4")), 14 * day);
    assert_eq!(commands.last(), Some(&CaseCommand::FollowUp(item("4"))), "too late: a new case");
    assert_eq!(story.0.status, CaseStatus::Closed);
}

#[test]
fn the_same_item_again_is_nothing_new() {
    let mut story = Story::new();
    story.step(reply("2", false), 1);
    let before = story.0.clone();
    assert!(story.step(CaseEvent::Inbound(item("1")), 5).is_empty());
    assert!(story.step(reply("2", false), 5).is_empty());
    assert_eq!(story.0, before);
}

#[test]
fn snooze_wakes_by_itself_or_by_the_customer() {
    let mut story = Story::new();
    story.step(CaseEvent::Assign { agent: "ann".into(), expected_version: 1 }, 1);
    assert_eq!(refusal(&story.step(CaseEvent::Snooze(at(1)), 1)), Some(&Refusal::Value));
    let commands = story.step(CaseEvent::Snooze(at(60)), 1);
    assert!(commands.contains(&CaseCommand::WakeAt(at(60))));
    story.step(CaseEvent::Tick, 59);
    assert_eq!(story.0.status, CaseStatus::Snoozed);
    story.step(CaseEvent::Tick, 60);
    assert_eq!(story.0.status, CaseStatus::Open);
    story.step(CaseEvent::Snooze(at(100)), 61);
    story.step(CaseEvent::Inbound(item("2")), 62);
    assert_eq!((story.0.status, story.0.snoozed_until), (CaseStatus::Open, None));
}

#[test]
fn never_confirmed_without_a_rating_or_a_stated_waiver() {
    let mut story = Story::new();
    assert!(matches!(refusal(&story.step(CaseEvent::Confirm, 1)), Some(Refusal::Status(CaseStatus::New))));
    story.step(CaseEvent::Resolve("done".into()), 2);
    assert_eq!(refusal(&story.step(CaseEvent::Confirm, 3)), Some(&Refusal::NoCsat));
    assert_eq!(refusal(&story.step(CaseEvent::Csat { score: 6, scale: 5 }, 3)), Some(&Refusal::Value));
    assert_eq!(refusal(&story.step(CaseEvent::Waive(" ".into()), 3)), Some(&Refusal::Value));
    story.step(CaseEvent::Waive("the account is gone".into()), 3);
    story.step(CaseEvent::Confirm, 4);
    assert_eq!(story.0.status, CaseStatus::Confirmed);
}

#[test]
fn a_rating_does_not_outlive_a_reopening() {
    let mut story = Story::new();
    story.step(CaseEvent::Resolve("done".into()), 2);
    story.step(CaseEvent::Csat { score: 1, scale: 5 }, 3);
    story.step(CaseEvent::Inbound(item("2")), 4);
    story.step(CaseEvent::Resolve("done".into()), 5);
    assert_eq!(refusal(&story.step(CaseEvent::Confirm, 6)), Some(&Refusal::NoCsat));
}

/// R10: the product team gets a child, the customer keeps their agent, and resolving waits for it.
#[test]
fn a_child_case_leaves_the_owner() {
    let mut story = Story::new();
    story.step(CaseEvent::Assign { agent: "ann".into(), expected_version: 1 }, 1);
    let escalate =
        || CaseEvent::Escalate { child: "c.1".into(), team: "product".into(), why: "defect".into() };
    let commands = story.step(escalate(), 2);
    let [CaseCommand::Open(child)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!((child.parent.as_ref(), child.team.as_ref()), (Some(&"c".into()), Some(&"product".into())));
    assert_eq!(story.0.assignee, Some("ann".into()));
    assert!(story.step(escalate(), 2).is_empty(), "once");
    assert_eq!(refusal(&story.step(CaseEvent::Resolve("done".into()), 3)), Some(&Refusal::ChildOpen));

    let mut child = (**child).clone();
    let over = child.step(CaseEvent::Resolve("mended".into()), at(9), &CasePolicy::default());
    assert!(over.contains(&CaseCommand::TellParent("c".into())));
    story.step(CaseEvent::AwaitInternal, 5);
    story.step(CaseEvent::ChildOver("c.1".into()), 9);
    assert_eq!(story.0.status, CaseStatus::Open, "back by itself");
    assert!(refusal(&story.step(CaseEvent::Resolve("mended".into()), 10)).is_none());
}

#[test]
fn a_hand_off_keeps_one_id_and_one_timeline() {
    let mut story = Story::new();
    story.step(CaseEvent::Assign { agent: "ann".into(), expected_version: 1 }, 1);
    let before = story.0.timeline.clone();
    let commands = story.step(CaseEvent::HandOff { team: "billing".into(), why: "an invoice".into() }, 2);
    assert_eq!(commands, [CaseCommand::Queue]);
    assert_eq!((story.0.id.as_str(), story.0.assignee.as_ref()), ("c", None));
    assert_eq!(story.0.timeline[..before.len()], before[..]);
    let entry = story.0.timeline.last().unwrap();
    assert!(matches!(&entry.event, CaseEvent::HandOff { why, .. } if why == "an invoice"));
    assert_eq!(entry.from, Some(Holder { team: None, agent: Some("ann".into()) }));

    story.step(CaseEvent::HandOff { team: "legal".into(), why: "a threat".into() }, 3);
    let from = story.0.timeline.last().unwrap().from.clone();
    assert_eq!(
        from,
        Some(Holder { team: Some("billing".into()), agent: None }),
        "from, to and why in one entry"
    );
    assert!(story.0.timeline[..before.len()].iter().all(|entry| entry.from.is_none()));
}

/// Neither itself nor the one it came from: either would wait for itself for ever.
#[test]
fn a_case_is_no_child_of_its_own() {
    let mut story = Story::new();
    let escalate = |child: &str| CaseEvent::Escalate {
        child: child.into(),
        team: "product".into(),
        why: "defect".into(),
    };
    assert_eq!(refusal(&story.step(escalate("c"), 1)), Some(&Refusal::Value));
    let commands = story.step(escalate("c.1"), 2);
    let [CaseCommand::Open(child)] = &commands[..] else { panic!("{commands:?}") };
    let mut child = Story((**child).clone());
    assert_eq!(refusal(&child.step(escalate("c"), 3)), Some(&Refusal::Value));
    assert!(child.0.open_children.is_empty());
    assert!(refusal(&story.step(CaseEvent::Resolve("done".into()), 4)) == Some(&Refusal::ChildOpen));
}

#[test]
fn waiting_since_is_the_first_unanswered_word() {
    let mut story = Story::new();
    story.step(CaseEvent::Inbound(item("2")), 5);
    assert_eq!(story.0.waiting_since, Some(at(0)));
    story.step(reply("3", false), 6);
    assert_eq!(story.0.waiting_since, None);
    story.step(CaseEvent::Inbound(item("4")), 7);
    story.step(CaseEvent::Inbound(item("5")), 8);
    assert_eq!(story.0.waiting_since, Some(at(7)));
}

#[test]
fn merge_and_split_lose_nothing() {
    let mut one = Story::new();
    let mut two = Case::open("d", at(3), item("9"));
    two.priority = Priority::Urgent;
    one.step(reply("2", false), 4);
    one.step(CaseEvent::Absorb(Box::new(two.clone())), 5);
    assert_eq!((one.0.items.len(), one.0.priority, one.0.waiting_since), (3, Priority::Urgent, Some(at(3))));
    assert_eq!(one.0.status, CaseStatus::Open);
    let policy = CasePolicy::default();
    two.step(CaseEvent::MergeInto("c".into()), at(5), &policy);
    let late = two.step(CaseEvent::Inbound(item("10")), at(6), &policy);
    assert_eq!(refusal(&late), Some(&Refusal::Merged("c".into())), "the host is told where it went");

    let split =
        |ids: &[&str]| CaseEvent::Split { into: "e".into(), items: ids.iter().map(|id| item(id)).collect() };
    assert_eq!(refusal(&one.step(split(&["nowhere"]), 7)), Some(&Refusal::Value));
    let commands = one.step(split(&["9"]), 7);
    let [CaseCommand::Open(other)] = &commands[..] else { panic!("{commands:?}") };
    assert!(other.items.contains(&item("9")) && !one.0.items.contains(&item("9")));
}

#[test]
fn a_person_answering_is_remembered() {
    let mut story = Story::new();
    story.step(reply("2", true), 1);
    assert!(!story.0.human);
    story.step(reply("3", false), 2);
    assert!(story.0.human);
}

#[test]
fn cases_round_trip() {
    let mut story = Story::new();
    story.step(CaseEvent::Hold("a strike".into()), 2);
    let text = serde_json::to_string(&story.0).unwrap();
    assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), story.0);
}

/// Scenario 15: a rating is asked for inside the messaging window, not twice in a row, not when nobody answered.
#[test]
fn scenario_15_ratings_are_asked_for_where_that_makes_sense() {
    let policy = CasePolicy {
        csat_window: Some(24 * 60 * 60_000),
        csat_again: Some(60 * 60_000),
        ..CasePolicy::default()
    };
    let resolve = || CaseEvent::Resolve("answered".into());
    let open = || Case::open("c", at(0), item("1"));
    let asked = |case: &mut Case, event: CaseEvent, minute: i64| -> Option<CsatSkipped> {
        let commands = case.step(event, at(minute), &policy);
        let skipped = commands.iter().find_map(|command| match command {
            CaseCommand::SkipCsat(why) => Some(*why),
            _ => None,
        });
        assert_eq!(skipped.is_none(), commands.contains(&CaseCommand::AskCsat));
        skipped
    };
    assert_eq!(asked(&mut open(), resolve(), 24 * 60), Some(CsatSkipped::OutsideWindow));
    assert_eq!(asked(&mut open(), CaseEvent::Lapse("silent".into()), 5), Some(CsatSkipped::Automatic));

    let mut case = open();
    assert_eq!(asked(&mut case, resolve(), 10), None);
    case.step(CaseEvent::Inbound(item("2")), at(20), &policy);
    assert_eq!(asked(&mut case, resolve(), 69), Some(CsatSkipped::AskedBefore));
    case.step(CaseEvent::Inbound(item("3")), at(70), &policy);
    assert_eq!(asked(&mut case, resolve(), 71), None);
}
