//! What people do at the desk: take and decline, put away and hand over, fold together and take apart, write without
//! colliding, keep alerts quiet, carry out a playbook.

use super::escalation::{Desk, refused, settings, told, wakes};
use super::world::{self, act, at, created, crisis, desk_event, engine, log, post, run};
use hearken::desk::{AlertKind, Case, Inhibition};
use hearken::engine::{
    Action, CaseAct, Command, CrisisAct, Disposition, DraftAct, Event, Observation, Outcome, Story, Subject,
    look,
};
use hearken::model::{CaseId, CaseStatus, ItemKey, Priority};
use hearken::route::{Agent, Presence};
use hearken::store::MemoryStore;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

/// A desk at which nobody is there.
fn alone() -> Desk {
    let mut desk = Desk::new(settings());
    presence(&mut desk, "ann", Presence::Offline);
    desk
}

fn presence(desk: &mut Desk, who: &str, presence: Presence) -> Outcome {
    desk.at(1, Command::Presence { agent: who.into(), presence })
}

fn opened(outcome: &Outcome) -> CaseId {
    outcome.assessment.as_ref().unwrap().case.clone().unwrap()
}

fn case(desk: &Desk, id: &CaseId) -> Case {
    look(&Story::of("acme", id.clone()), &desk.store).unwrap().unwrap().case
}

/// To whom a turn gives cases; nobody where one waits.
fn given(outcome: &Outcome) -> Vec<Option<String>> {
    let of = |action: &Action| match action {
        Action::Assign { agent, .. } => Some(agent.as_ref().map(ToString::to_string)),
        _ => None,
    };
    outcome.effects.iter().filter_map(|effect| of(&effect.action)).collect()
}

#[track_caller]
fn done(outcome: &Outcome) {
    assert_eq!(outcome.disposition, Disposition::Accepted, "{}", outcome.receipt);
}

fn item(id: u8) -> ItemKey {
    post(id, 0, 0, "").key
}

#[test]
fn of_two_who_take_a_case_at_once_the_second_is_told() {
    let mut desk = alone();
    let id = opened(&desk.complaint(1, 60));
    let version = desk.version(&id);
    let first = desk.at(70, act(&id, "eve", CaseAct::Take { version }));
    assert_eq!(given(&first), [Some("eve".to_owned())], "room or not, there or not");
    refused(&desk.at(70, act(&id, "ann", CaseAct::Take { version })), "not 1");
    assert_eq!(case(&desk, &id).assignee, Some("eve".into()));
    let version = desk.version(&id);
    done(&desk.at(71, act(&id, "eve", CaseAct::Give { to: "ann".into(), version })));
    assert_eq!(case(&desk, &id).assignee, Some("ann".into()));
    let nobody = act(&id, "eve", CaseAct::Give { to: "zed".into(), version: version + 1 });
    assert!(desk.at(72, nobody).receipt.to_string().contains("no such agent"));
}

#[test]
fn a_declined_case_goes_to_the_next_and_never_back() {
    let mut desk = Desk::new(settings());
    presence(&mut desk, "eve", Presence::Online);
    let id = opened(&desk.complaint(1, 60));
    let first = case(&desk, &id).assignee.unwrap();
    let second = if first.as_str() == "ann" { "eve" } else { "ann" };
    refused(&desk.at(61, act(&id, second, CaseAct::Decline)), "does not have the case");
    assert_eq!(given(&desk.at(61, act(&id, first.as_str(), CaseAct::Decline))), [Some(second.to_owned())]);
    assert_eq!(given(&desk.at(62, act(&id, second, CaseAct::Decline))), [None], "it waits");
    assert_eq!(case(&desk, &id).assignee, None);
    for who in ["ann", "eve"] {
        presence(&mut desk, who, Presence::Offline);
        assert!(given(&presence(&mut desk, who, Presence::Online)).is_empty(), "{who} declined it");
    }
}

#[test]
fn a_snoozed_case_is_nobodys_until_it_wakes_at_its_time() {
    let mut desk = alone();
    let id = opened(&desk.complaint(1, 60));
    let snoozed = desk.at(70, act(&id, "ann", CaseAct::Snooze { until: at(5_000) }));
    assert!(wakes(&snoozed).contains(&5_000), "{:?}", wakes(&snoozed));
    assert!(given(&presence(&mut desk, "eve", Presence::Online)).is_empty(), "not while it is put away");
    desk.at(4_999, Event::Due);
    assert_eq!(case(&desk, &id).status, CaseStatus::Snoozed);
    let woken = desk.at(5_000, Event::Due);
    assert_eq!(given(&woken), [Some("eve".to_owned())], "{}", woken.receipt);
    assert_eq!(case(&desk, &id).status, CaseStatus::Open);
    refused(&desk.at(5_001, act(&id, "ann", CaseAct::Snooze { until: at(5_001) })), "out of range");
}

#[test]
fn the_customers_word_ends_a_snooze() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    done(&desk.at(70, act(&id, "ann", CaseAct::Snooze { until: at(90_000) })));
    desk.complaint(2, 80);
    assert_eq!(case(&desk, &id).status, CaseStatus::Open);
}

#[test]
fn a_case_that_is_handed_over_keeps_its_id_and_its_timeline() {
    let mut desk = Desk::new(settings());
    presence(&mut desk, "ben", Presence::Online);
    let id = opened(&desk.complaint(1, 60));
    let before = case(&desk, &id).timeline;
    let hand_off = CaseAct::HandOff { team: "sales".into(), why: "wants a new one".into() };
    let moved = desk.at(70, act(&id, "ann", hand_off));
    assert_eq!(given(&moved), [Some("ben".to_owned())]);
    assert_eq!(
        &*moved.receipt.find("handed over").unwrap().result,
        format!("{id} to sales: wants a new one, by ann")
    );
    let after = case(&desk, &id);
    assert_eq!(after.timeline[..before.len()], before);
    assert_eq!((after.team.unwrap().as_str(), after.assignee.unwrap().as_str()), ("sales", "ben"));
}

#[test]
fn a_case_waits_for_the_customer_for_colleagues_or_for_a_reason() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    let acts = [
        (CaseAct::AwaitCustomer, CaseStatus::PendingCustomer),
        (CaseAct::AwaitInternal, CaseStatus::PendingInternal),
        (CaseAct::Hold { why: "parts are ordered".into() }, CaseStatus::OnHold),
        (CaseAct::Resume, CaseStatus::Open),
    ];
    for (step, (what, status)) in (70..).zip(acts) {
        let outcome = desk.at(step, act(&id, "ann", what));
        done(&outcome);
        assert!(outcome.receipt.to_string().contains("by ann"), "{}", outcome.receipt);
        assert_eq!(case(&desk, &id).status, status);
    }
    refused(&desk.at(80, act(&id, "ann", CaseAct::Hold { why: " ".into() })), "missing");
    refused(&desk.at(80, act(&id, "ann", CaseAct::Close)), "while the case is Open");
    done(&desk.at(81, world::resolve(&id)));
    done(&desk.at(82, act(&id, "ann", CaseAct::Close)));
    assert_eq!(case(&desk, &id).status, CaseStatus::Closed);
}

#[test]
fn a_note_stays_among_colleagues_and_goes_with_the_person() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    let note = CaseAct::Note { text: "called, was furious".into() };
    let noted = desk.at(70, act(&id, "ann", note));
    assert_eq!(&*noted.receipt.find("note").unwrap().result, format!("{id}, by ann"));
    let person = || Subject::Account(world::account(1));
    let exported = desk.at(71, Command::Export { subject: person() });
    let document = serde_json::to_string(&exported.effects).unwrap();
    assert!(document.contains("was furious"), "{document}");
    desk.at(72, Command::Erase { subject: person() });
    assert!(!desk.store.dump().contains("was furious"), "{}", desk.store.dump());
}

#[test]
fn another_priority_is_another_promise_and_another_place_in_the_queue() {
    let mut settings = settings();
    settings.sla = serde_json::from_str(
        r#"{"lines": [{"priority": "critical", "targets": {"first": 60000}}], "default": {"first": 3600000}}"#,
    )
    .unwrap();
    let mut desk = Desk::new(settings);
    presence(&mut desk, "ann", Presence::Offline);
    let first = desk.complaint(1, 60);
    let words = "my kettle broke, terrible";
    let second = opened(&desk.at(61, created(post(3, 3, 61, words))));
    assert_eq!(first.assessment.as_ref().unwrap().due, Some(at(60 + 3_600)));
    let raised = desk.at(62, act(&second, "ann", CaseAct::Prioritise { priority: Priority::Critical }));
    assert!(wakes(&raised).iter().any(|due| *due <= 61 + 60), "{:?}", wakes(&raised));
    let here = presence(&mut desk, "eve", Presence::Online);
    let to_eve = here.effects.iter().find_map(|effect| match &effect.action {
        Action::Assign { case, agent: Some(_), .. } => Some(case.clone()),
        _ => None,
    });
    assert_eq!(to_eve, Some(second), "eve has room for one: the graver");
}

/// Two open cases of one person: the second word was split off.
fn two_cases(desk: &mut Desk) -> (CaseId, CaseId) {
    let first = opened(&desk.complaint(1, 60));
    desk.complaint(2, 61);
    let split = CaseAct::Split { items: [item(2)].into() };
    let outcome = desk.at(62, act(&first, "ann", split));
    done(&outcome);
    let told = outcome.receipt.find("split").unwrap().result.to_string();
    let second =
        told.split(' ').find(|word| word.starts_with("C-") && !word.contains(first.as_str())).unwrap();
    (first, second.trim_end_matches(',').into())
}

#[test]
fn a_split_case_is_a_case_of_its_own_and_answers_find_it() {
    let mut desk = Desk::new(settings());
    let (first, second) = two_cases(&mut desk);
    assert_eq!(case(&desk, &first).items, BTreeSet::from([item(1)]));
    let part = case(&desk, &second);
    assert_eq!((part.items.clone(), part.parent.clone()), (BTreeSet::from([item(2)]), Some(first.clone())));
    assert_eq!(part.assignee.unwrap().as_str(), "ann", "it was offered to the desk");
    let mut answer = post(7, 9, 70, "We are on it");
    (answer.direction, answer.author) = (hearken::model::Direction::Outbound, None);
    answer.in_reply_to = Some("post2".into());
    let said = desk.at(70, created(answer));
    assert_eq!(opened(&said), second);
    assert_eq!(case(&desk, &second).status, CaseStatus::PendingCustomer);
    assert_eq!(case(&desk, &first).status, CaseStatus::Open);
    let all = CaseAct::Split { items: [item(1)].into() };
    refused(&desk.at(71, act(&first, "ann", all)), "nothing would be left");
}

#[test]
fn a_case_folded_into_another_gives_it_everything() {
    let mut desk = Desk::new(settings());
    let (first, second) = two_cases(&mut desk);
    let merged = desk.at(70, act(&second, "ann", CaseAct::Merge { into: first.clone() }));
    done(&merged);
    assert!(case(&desk, &first).items.contains(&item(2)));
    assert_eq!(case(&desk, &second).merged_into, Some(first.clone()));
    refused(&desk.at(71, act(&second, "ann", CaseAct::Resume)), "folded into");
    refused(&desk.at(71, act(&first, "ann", CaseAct::Merge { into: first.clone() })), "out of range");
    assert_eq!(opened(&desk.complaint(4, 72)), first, "the next word joins the case that stays");
    let other = opened(&desk.at(73, created(post(3, 3, 73, "my kettle broke, terrible"))));
    refused(&desk.at(74, act(&other, "ann", CaseAct::Merge { into: first })), "two people");
}

#[test]
fn a_silenced_kind_is_told_at_the_end_of_its_silence_and_its_ladder_stands_still() {
    let silence = |until: i64| Command::Silence {
        kind: "negative".into(),
        about: Some("kettle".into()),
        until: at(until),
        by: "ann".into(),
    };
    let mut desk = Desk::new(settings());
    done(&desk.at(10, silence(600)));
    let heard = desk.complaint(1, 60);
    assert!(told(&heard, "negative").is_empty(), "{}", heard.receipt);
    assert_eq!(told(&desk.at(600, Event::Due), "negative"), [("service".to_owned(), 0)]);
    done(&desk.at(700, silence(4_000)));
    assert!(told(&desk.at(600 + 1_000, Event::Due), "negative").is_empty(), "its next step was due at 1500");
    let late = told(&desk.at(4_000, Event::Due), "negative");
    assert!(late.contains(&("legal".to_owned(), 2)), "{late:?}");
    refused(&desk.at(4_001, silence(4_001)), "out of range");
}

#[test]
fn a_crisis_keeps_single_complaints_quiet_and_what_lasts_is_told_after_it() {
    let mut settings = settings();
    let of = |kind| Inhibition { source: AlertKind::Crisis, target: kind, equal: BTreeSet::new() };
    settings.alerts.inhibitions = vec![of(AlertKind::Negative)];
    let (mut desk, mut wakes_at) = (Desk::new(settings.clone()), Vec::new());
    let seen = Observation {
        about: "kettle".into(),
        kind: "negative_spike".into(),
        at: at(10),
        level: 3,
        measures: [].into(),
    };
    let crisis = desk.at(10, seen);
    assert_eq!(told(&crisis, "crisis").len(), 1, "{}", crisis.receipt);
    let heard = desk.complaint(1, 60);
    assert!(told(&heard, "negative").is_empty(), "{}", heard.receipt);
    wakes_at.extend(wakes(&crisis).into_iter().chain(wakes(&heard)));
    wakes_at.sort_unstable();
    let after: Vec<_> = wakes_at.iter().flat_map(|&s| told(&desk.at(s, Event::Due), "negative")).collect();
    assert_eq!(after.first(), Some(&("service".to_owned(), 0)), "woken at {wakes_at:?}");

    settings.alerts.inhibitions.push(Inhibition { source: AlertKind::Negative, ..of(AlertKind::Crisis) });
    let error = hearken::engine::Engine::builder("acme").settings(settings).build().unwrap_err();
    assert!(error.to_string().starts_with("alerts, inhibition of negative by crisis:"), "{error}");
}

#[test]
fn who_opens_a_draft_that_others_write_in_is_warned() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    let open = |who: &str| world::draft(&id, who, DraftAct::Open);
    let first = desk.at(70, open("ann"));
    assert!(!first.effects.iter().any(|effect| matches!(effect.action, Action::Warn { .. })));
    let second = desk.at(71, open("eve"));
    let warned = Action::Warn { case: id.clone(), who: "eve".into(), others: BTreeSet::from(["ann".into()]) };
    assert!(second.effects.iter().any(|effect| effect.action == warned), "{:?}", second.effects);
    desk.at(72, world::draft(&id, "ann", DraftAct::Leave));
    desk.at(73, world::draft(&id, "eve", DraftAct::Leave));
    assert_eq!(desk.at(74, open("ann")).effects, [], "she is alone again");
    // The rule's words are still there: opening changes none.
    let words = desk
        .at(75, world::draft(&id, "ben", DraftAct::Write { text: "We are sorry.".into(), private: false }));
    done(&words);
    let warned = desk.at(76, open("eve"));
    assert!(warned.receipt.find("warned").is_some(), "ann has it open, whoever wrote: {}", warned.receipt);
}

#[test]
fn what_is_not_written_is_not_submitted() {
    let mut desk = Desk::new(settings());
    let hello = post(1, 1, 60, "can anyone recommend a lamp?");
    let id = opened(&desk.at(60, created(hello)));
    done(&desk.at(61, world::draft(&id, "ben", DraftAct::Open)));
    refused(&desk.at(62, world::draft(&id, "ben", DraftAct::Submit)), "nothing is written");
}

#[test]
fn a_playbook_is_carried_out_step_by_step() {
    let mut desk = Desk::new(settings());
    desk.at(62, crisis(CrisisAct::Begin));
    assert!(matches!(desk.at(63, crisis(CrisisAct::Begin)).disposition, Disposition::Dropped(_)));
    let next = desk.at(65, crisis(CrisisAct::Done { step: "say".into() }));
    assert!(matches!(&next.effects[0].action, Action::PlaybookStep { step, .. } if step.id == "mend"));
    assert_eq!(&*next.receipt.find("crisis").unwrap().result, "recall, say done, 1 of 2, by maud");
    assert!(desk.at(66, crisis(CrisisAct::Done { step: "dance".into() })).changes.is_empty());
    let over = desk.at(67, crisis(CrisisAct::End));
    assert!(matches!(over.effects[0].action, Action::Publishing { paused: false, .. }));
}

#[test]
fn faults_of_playbooks_are_reported_at_build_all_at_once() {
    let mut settings = settings();
    settings.playbooks = serde_json::from_str(
        r#"[{"id": "a", "steps": []}, {"id": "a", "steps": [
            {"id": "x", "owner": "pr", "after": ["y"]}, {"id": "y", "owner": "pr", "after": ["x"]},
            {"id": "z", "owner": "pr", "after": ["nothing"]}]}]"#,
    )
    .unwrap();
    let error = hearken::engine::Engine::builder("acme").settings(settings).build().unwrap_err();
    let text = error.to_string();
    let wanted = ["without steps", "given twice", "\"nothing\", which is no step", "step x waits for itself"];
    assert!(wanted.iter().all(|words| text.contains(words)) && error.faults().len() == 4, "{text}");
}

/// A host that wakes the engine whenever it asked for it, and only then.
fn until(desk: &mut Desk, mut asked: BTreeSet<i64>, end: i64) -> Vec<(i64, String)> {
    let mut got = Vec::new();
    while let Some(now) = asked.pop_first().filter(|now| *now <= end) {
        let outcome = desk.at(now, Event::Due);
        asked.extend(wakes(&outcome));
        got.extend(given(&outcome).into_iter().flatten().map(|agent| (now, agent)));
    }
    got
}

#[test]
fn each_waiting_case_is_woken_at_its_own_time() {
    let mut settings = settings();
    settings.rules.rules[0].then =
        serde_json::from_str(r#"[{"assign": {"team": "service", "skills": {"solder": 5}}}]"#).unwrap();
    settings.ladders.clear();
    settings.assignment =
        serde_json::from_str(r#"{"margin": null, "relax": {"high": 1, "medium": 1}}"#).unwrap();
    let solders = |agent: &mut Agent| _ = agent.skills.insert("solder".into(), 5);
    settings.agents.iter_mut().filter(|agent| agent.id.as_str() == "eve").for_each(solders);
    let mut desk = Desk::new(settings);
    let mut asked = BTreeSet::new();
    // One per cent of a promised day: then anybody in the team may have it.
    for (id, seconds) in [(1, 60), (2, 120), (3, 180)] {
        let heard = desk.at(seconds, created(post(id, id, seconds, "my kettle broke, terrible")));
        assert!(given(&heard).iter().all(Option::is_none), "who can solder is away: {}", heard.receipt);
        asked.extend(wakes(&heard));
        assert!(wakes(&heard).contains(&(seconds + 864)), "{:?}", wakes(&heard));
        let others = wakes(&heard).into_iter().filter(|wake| [924, 984, 1044].contains(wake)).count();
        assert_eq!(others, 1, "of its own case alone");
    }
    let ann = || "ann".to_owned();
    assert_eq!(until(&mut desk, asked, 2_000), [(924, ann()), (984, ann()), (1044, ann())]);
}

/// What random logs must reach, or their laws say little: every act is carried out in some of them.
#[test]
fn random_logs_reach_every_act() {
    let mut runner = TestRunner::deterministic();
    let mut reached = BTreeSet::new();
    let mut all = BTreeSet::new();
    let name = |event: &Event| {
        let Event::Command { command } = event else { return None };
        let json = serde_json::to_value(command).unwrap();
        Some(format!("{} {}", json["do"].as_str()?, json["act"].as_str().unwrap_or_default()))
    };
    for _ in 0..1_000 {
        all.extend(name(&desk_event().new_tree(&mut runner).unwrap().current()));
    }
    for _ in 0..300 {
        let (mut store, log) = (MemoryStore::default(), log(18).new_tree(&mut runner).unwrap().current());
        for (event, now) in &log {
            let outcome = run(engine(), &mut store, event, *now);
            if outcome.disposition == Disposition::Accepted {
                reached.extend(name(event));
            }
        }
        if all.is_subset(&reached) {
            return;
        }
    }
    panic!("never carried out: {:?}", all.difference(&reached).collect::<Vec<_>>());
}
