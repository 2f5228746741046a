//! Alerts that nobody acknowledges climb a ladder; replies go out approved by another, or not at all.

use super::world::{self, at, created, customer, post, resolve, run};
use hearken::desk::TextHash;
use hearken::engine::{Action, Command, Disposition, DraftAct, Drop, Engine, Event, Outcome, Settings};
use hearken::model::{CaseId, ItemKey, Platform, ProfileKind};
use hearken::route::Presence;
use hearken::store::MemoryStore;

const MINUTE: i64 = 60;

pub(super) fn settings() -> Settings {
    let mut settings: Settings = serde_json::from_str(include_str!("../data/engine/settings.json")).unwrap();
    settings.ladders = serde_json::from_str(
        r#"[{"kind": "negative", "at_least": "urgent", "ladder": {"steps": [
            {"to": "service", "wait": 900000}, {"to": "legal", "wait": 900000},
            {"to": "press", "wait": 900000}, {"to": "executives", "wait": 900000}]}}]"#,
    )
    .unwrap();
    settings
}

pub(super) struct Desk {
    pub(super) engine: Engine,
    pub(super) store: MemoryStore,
}

impl Desk {
    pub(super) fn new(settings: Settings) -> Self {
        let engine = Engine::builder("acme").settings(settings).build().unwrap();
        let mut desk = Self { engine, store: MemoryStore::default() };
        desk.at(0, Command::PutCustomer { customer: Box::new(customer(1)) });
        desk.at(0, Command::Presence { agent: "ann".into(), presence: Presence::Online });
        desk
    }

    pub(super) fn at(&mut self, seconds: i64, event: impl Into<Event>) -> Outcome {
        run(&self.engine, &mut self.store, &event.into(), at(seconds))
    }

    /// A complaint that raises an urgent alert, opens a case and drafts a reply.
    pub(super) fn complaint(&mut self, id: u8, seconds: i64) -> Outcome {
        self.at(seconds, created(post(id, 1, seconds, "my kettle broke after a week, worst kettle ever")))
    }

    pub(super) fn version(&self, case: &CaseId) -> u64 {
        let row =
            self.store.rows().find(|(key, _)| key.kind().as_str() == "case" && key.id() == case.as_str());
        let body: serde_json::Value = serde_json::from_str(&row.unwrap().1.record.body()).unwrap();
        body["case"]["version"].as_u64().unwrap()
    }
}

/// Who is told of alerts of one kind, and at which step.
pub(super) fn told(outcome: &Outcome, wanted: &str) -> Vec<(String, u32)> {
    let of = |action: &Action| match action {
        Action::Alert { to, level, kind, .. } if &**kind == wanted => Some((to.to_string(), *level)),
        _ => None,
    };
    outcome.effects.iter().filter_map(|effect| of(&effect.action)).collect()
}

pub(super) fn wakes(outcome: &Outcome) -> Vec<i64> {
    let of = |action: &Action| match action {
        Action::WakeAt { at } => Some(*at),
        _ => None,
    };
    outcome.effects.iter().filter_map(|effect| of(&effect.action)).map(|t| t.since(at(0)) / 1000).collect()
}

fn step(to: &str, level: u32) -> Vec<(String, u32)> {
    vec![(to.to_owned(), level)]
}

#[test]
fn an_alert_that_nobody_sees_climbs_to_the_executives_each_step_once() {
    let mut desk = Desk::new(settings());
    let heard = desk.complaint(1, 60);
    assert_eq!(told(&heard, "negative"), step("service", 0), "its own target, which is the first step, once");
    assert!(wakes(&heard).contains(&(60 + 15 * MINUTE)), "{:?}", wakes(&heard));
    assert!(told(&desk.at(60 + 14 * MINUTE, Event::Due), "negative").is_empty());
    assert_eq!(told(&desk.at(60 + 15 * MINUTE, Event::Due), "negative"), step("legal", 2));
    assert!(told(&desk.at(60 + 16 * MINUTE, Event::Due), "negative").is_empty(), "told once");
    let late = desk.at(60 + 50 * MINUTE, Event::Due);
    let both = vec![("press".to_owned(), 3), ("executives".to_owned(), 4)];
    assert_eq!(told(&late, "negative"), both, "a late tick tells what is due, in order");
    let over = desk.at(60 + 3 * 60 * MINUTE, Event::Due);
    assert!(told(&over, "negative").is_empty());
    assert!(over.receipt.to_string().contains("nobody has acknowledged it"), "{}", over.receipt);
}

#[test]
fn an_acknowledged_alert_climbs_no_further() {
    let mut desk = Desk::new(settings());
    desk.complaint(1, 60);
    desk.at(60 + 15 * MINUTE, Event::Due);
    let seen = desk.at(60 + 20 * MINUTE, Command::Acknowledge { alert: "negative".into(), by: "ann".into() });
    assert_eq!(seen.disposition, Disposition::Accepted, "{}", seen.receipt);
    for minutes in [30, 45, 60, 600] {
        assert!(told(&desk.at(60 + minutes * MINUTE, Event::Due), "negative").is_empty());
    }
}

#[test]
fn a_ladder_outlives_the_quiet_of_its_alert_and_ends_with_its_case() {
    let mut settings = settings();
    settings.ladders[0].ladder.steps[0].wait = 3 * 3_600_000;
    let mut desk = Desk::new(settings);
    let case = desk.complaint(1, 60).assessment.unwrap().case.clone().unwrap();
    let hours = |n: i64| 60 + n * 60 * MINUTE;
    assert!(told(&desk.at(hours(2), Event::Due), "negative").is_empty(), "quiet for an hour, so over");
    assert_eq!(told(&desk.at(hours(3), Event::Due), "negative"), step("legal", 2), "and still unseen");
    desk.at(hours(3) + 1, resolve(&case));
    let solved = desk.at(hours(3) + 15 * MINUTE, Event::Due);
    assert!(told(&solved, "negative").is_empty(), "{}", solved.receipt);
    assert!(solved.receipt.to_string().contains("its case is over"), "{}", solved.receipt);
}

#[test]
fn a_repeated_notice_goes_to_the_alerts_own_target() {
    let mut settings = settings();
    settings.ladders.clear();
    settings.alerts =
        serde_json::from_str(r#"{"rules": [["negative", {"repeat_interval": 600000}]]}"#).unwrap();
    let mut desk = Desk::new(settings);
    desk.complaint(1, 60);
    assert_eq!(told(&desk.at(60 + 10 * MINUTE, Event::Due), "negative"), step("service", 0));
}

#[test]
fn faults_of_ladders_and_approvals_are_reported_at_build_all_at_once() {
    let mut settings = settings();
    settings.ladders[0].kind = "negativ".into();
    settings.ladders[0].ladder.rounds = 9;
    settings.ladders[0].ladder.steps[2].wait = 0;
    let mut empty = settings.ladders[0].clone();
    (empty.kind, empty.ladder.rounds) = ("crisis".into(), 1);
    empty.ladder.steps.clear();
    settings.ladders.push(empty);
    settings.approvals.valid = 0;
    let error = Engine::builder("acme").settings(settings).build().unwrap_err();
    let lines: Vec<String> = error.faults().iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 5, "{error}");
    assert!(lines[0].contains("ladders, line 1: nothing raises an alert of kind \"negativ\""), "{error}");
    assert!(lines[3].starts_with("ladders, line 2: a ladder without steps"), "{error}");
}

/// The draft that a turn asks approval for.
pub(super) fn draft(outcome: &Outcome) -> (String, TextHash) {
    let of = |action: &Action| match action {
        Action::Draft { text, hash, .. } => Some((text.reveal().to_owned(), hash.clone())),
        _ => None,
    };
    let draft = outcome.effects.iter().find_map(|effect| of(&effect.action));
    draft.unwrap_or_else(|| panic!("no draft in {}", outcome.receipt))
}

pub(super) fn reply(outcome: &Outcome) -> Option<String> {
    outcome.effects.iter().find_map(|effect| match &effect.action {
        Action::Reply { text, .. } => Some(text.reveal().to_owned()),
        _ => None,
    })
}

#[track_caller]
pub(super) fn refused(outcome: &Outcome, why: &str) {
    assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Refused), "{}", outcome.receipt);
    assert!(outcome.receipt.to_string().contains(why), "{}", outcome.receipt);
    assert!(outcome.changes.is_empty());
}

fn approve(case: &CaseId, text: &TextHash, by: &str) -> Command {
    world::draft(case, by, DraftAct::Approve { text: text.clone() })
}

fn publish(case: &CaseId, text: &TextHash, version: u64) -> Command {
    world::draft(case, "ann", DraftAct::Publish { text: text.clone(), version })
}

#[test]
fn a_drafted_reply_goes_out_once_approved_and_only_once() {
    let mut desk = Desk::new(settings());
    let heard = desk.complaint(1, 60);
    let (case, (words, text)) = (heard.assessment.clone().unwrap().case.clone().unwrap(), draft(&heard));
    assert_eq!(text, TextHash::of(&words));
    refused(&desk.at(70, publish(&case, &text, desk.version(&case))), "not enough approvals");
    refused(&desk.at(71, approve(&case, &TextHash::of("other words"), "ben")), "the text has changed");
    assert_eq!(desk.at(72, approve(&case, &text, "ben")).disposition, Disposition::Accepted);
    let sent = desk.at(73, publish(&case, &text, desk.version(&case)));
    assert_eq!(reply(&sent), Some(words));
    refused(&desk.at(74, publish(&case, &text, desk.version(&case))), "not in this status");
}

#[test]
fn a_persons_draft_is_written_submitted_approved_by_another_and_published() {
    let mut desk = Desk::new(settings());
    let case = desk.complaint(1, 60).assessment.unwrap().case.clone().unwrap();
    let write =
        |words: &str| world::draft(&case, "ann", DraftAct::Write { text: words.into(), private: true });
    let submit = || world::draft(&case, "ann", DraftAct::Submit);
    desk.at(70, write("We are sory."));
    let (words, typo) = draft(&desk.at(71, submit()));
    assert_eq!(words, "We are sory.");
    refused(&desk.at(72, approve(&case, &typo, "ann")), "nobody approves what they wrote");
    desk.at(73, approve(&case, &typo, "ben"));
    desk.at(74, write("We are sorry."));
    refused(&desk.at(75, publish(&case, &typo, desk.version(&case))), "the text has changed");
    let (_, text) = draft(&desk.at(76, submit()));
    refused(&desk.at(77, publish(&case, &text, desk.version(&case))), "not enough approvals");
    desk.at(78, approve(&case, &text, "ben"));
    let seen = desk.version(&case);
    desk.complaint(2, 79);
    refused(&desk.at(80, publish(&case, &text, seen)), "the case has moved on");
    assert_eq!(reply(&desk.at(81, publish(&case, &text, desk.version(&case)))).unwrap(), "We are sorry.");
    let again = desk.at(82, write("One thing more."));
    assert_eq!(again.disposition, Disposition::Accepted, "a new draft after one that went out");
}

#[test]
fn an_approval_expires_and_a_rejected_draft_does_not_go_out() {
    let mut desk = Desk::new(settings());
    let heard = desk.complaint(1, 60);
    let (case, (_, text)) = (heard.assessment.clone().unwrap().case.clone().unwrap(), draft(&heard));
    desk.at(61, approve(&case, &text, "ben"));
    let day = 24 * 60 * MINUTE;
    refused(&desk.at(61 + day, publish(&case, &text, desk.version(&case))), "that still hold");
    desk.at(62 + day, approve(&case, &text, "ben"));
    desk.at(63 + day, world::draft(&case, "eve", DraftAct::Reject { reason: "too soft".into() }));
    refused(&desk.at(64 + day, publish(&case, &text, desk.version(&case))), "not enough approvals");
}

#[test]
fn programs_are_silent_after_a_person_and_towards_programs() {
    let mut desk = Desk::new(settings());
    let heard = desk.complaint(1, 60);
    let (case, (_, text)) = (heard.assessment.clone().unwrap().case.clone().unwrap(), draft(&heard));
    desk.at(61, approve(&case, &text, "ben"));
    let item = ItemKey::new(Platform::X, "by-hand");
    desk.at(62, Command::ReplySent { case: case.clone(), item, by: "ann".into(), automatic: false });
    refused(&desk.at(63, publish(&case, &text, desk.version(&case))), "a person has taken over");

    let mut other = Desk::new(settings());
    let mut item = post(3, 3, 60, "my kettle broke after a week, worst kettle ever");
    item.author.as_mut().unwrap().kind = Some(ProfileKind::Bot);
    let heard = other.at(60, created(item));
    let (case, (_, text)) = (heard.assessment.clone().unwrap().case.clone().unwrap(), draft(&heard));
    other.at(61, approve(&case, &text, "ben"));
    refused(
        &other.at(62, publish(&case, &text, other.version(&case))),
        "a program does not answer a program",
    );
}

#[test]
fn programs_that_need_no_approval_are_heard_at_once() {
    let mut settings = settings();
    settings.approvals.bots_need_approval = false;
    let heard = Desk::new(settings).complaint(1, 60);
    assert!(reply(&heard).unwrap().contains("sorry about your kettle"), "{}", heard.receipt);
}
