//! Many at once: whoever comes takes a long line, time comes for a hundred promises, a customer of many cases is erased.
//! None of it may take more rounds of lookup than a turn has.

use super::escalation::{Desk, settings, told};
use super::world::{act, created, post};
use hearken::desk::Case;
use hearken::engine::{
    Action, CaseAct, Command, Disposition, Event, Outcome, Settings, Story, Subject, look,
};
use hearken::model::{AccountKey, CaseId, Platform, Priority};
use hearken::route::Presence;
use std::collections::BTreeSet;

const MINUTE: i64 = 60;

/// A desk whose agents have much room.
fn roomy() -> Settings {
    let mut settings = settings();
    settings.agents.iter_mut().for_each(|agent| agent.capacity = 1_000);
    settings
}

fn presence(desk: &mut Desk, seconds: i64, who: &str, presence: Presence) -> Outcome {
    desk.at(seconds, Command::Presence { agent: who.into(), presence })
}

/// A complaint of somebody of whom there are many.
fn complaint(n: i64) -> Event {
    let mut item = post(0, 0, n, "my kettle broke after a week, worst kettle ever");
    item.key.id = format!("complaint {n}").into();
    let author = item.author.as_mut().unwrap();
    (author.key.id, author.handle) = (format!("crowd{n}").into(), Some(format!("crowd_{n}").into()));
    author.display_name = None;
    created(item)
}

/// Complaints of so many people, a second apart; their cases in order.
fn complaints(desk: &mut Desk, many: i64, seconds: i64) -> Vec<CaseId> {
    let mut complain = |n| opened(&desk.at(seconds + n, complaint(n)));
    (0..many).map(&mut complain).collect()
}

fn opened(outcome: &Outcome) -> CaseId {
    outcome.assessment.as_ref().unwrap().case.clone().unwrap()
}

fn case(desk: &Desk, id: &CaseId) -> Case {
    look(&Story::of("acme", id.clone()), &desk.store).unwrap().unwrap().case
}

/// The cases that a turn gives to somebody, in order.
fn given(outcome: &Outcome) -> Vec<CaseId> {
    let of = |action: &Action| match action {
        Action::Assign { case, agent: Some(_), .. } => Some(case.clone()),
        _ => None,
    };
    outcome.effects.iter().filter_map(|effect| of(&effect.action)).collect()
}

#[track_caller]
fn done(outcome: &Outcome) {
    assert_eq!(outcome.disposition, Disposition::Accepted, "{}", outcome.receipt);
}

#[test]
fn whoever_comes_gets_all_that_waits_and_gives_it_all_back() {
    let mut desk = Desk::new(roomy());
    presence(&mut desk, 1, "ann", Presence::Offline);
    let ids = complaints(&mut desk, 100, 60);
    let come = presence(&mut desk, 500, "ann", Presence::Online);
    done(&come);
    assert_eq!(given(&come), ids, "the oldest first");
    for id in &ids {
        assert_eq!(case(&desk, id).assignee, Some("ann".into()), "what the desk says, the case says");
    }
    // Whoever declines it all gives it to the next.
    presence(&mut desk, 600, "eve", Presence::Online);
    for id in &ids {
        done(&desk.at(601, act(id, "ann", CaseAct::Decline)));
        assert_eq!(case(&desk, id).assignee, Some("eve".into()));
    }
}

#[test]
fn a_line_longer_than_a_page_is_given_out_whole_and_in_order() {
    let mut desk = Desk::new(roomy());
    presence(&mut desk, 1, "ann", Presence::Offline);
    let ids = complaints(&mut desk, 300, 60);
    let mut order = given(&presence(&mut desk, 700, "ann", Presence::Online));
    assert!(order.len() < ids.len(), "a turn looks at so much of a line, and no more");
    for second in 701.. {
        let more = desk.at(second, Event::Due);
        match given(&more) {
            more if more.is_empty() => break,
            more => order.extend(more),
        }
    }
    assert_eq!(order, ids, "the oldest first, nothing left");
}

#[test]
fn the_urgent_goes_first_however_long_the_line() {
    let mut desk = Desk::new(settings());
    presence(&mut desk, 1, "ann", Presence::Offline);
    let mut ids = complaints(&mut desk, 300, 60);
    let last = ids.pop().unwrap();
    done(&desk.at(500, act(&last, "ann", CaseAct::Prioritise { priority: Priority::Critical })));
    let come = presence(&mut desk, 700, "ann", Presence::Online);
    assert_eq!(given(&come)[0], last);
    assert_eq!(given(&come)[1..], ids[..2], "then the oldest");
}

#[test]
fn a_hundred_promises_missed_at_once_are_all_told() {
    let mut desk = Desk::new(roomy());
    let ids = complaints(&mut desk, 100, 60);
    let late = 60 + 3 * 24 * 60 * MINUTE;
    for second in [late, late + 60 * MINUTE] {
        while desk.at(second, Event::Due).disposition == Disposition::Accepted {}
        let nothing = desk.at(second, Event::Due).receipt.to_string();
        assert!(nothing.contains("nothing is due"), "{nothing}");
    }
    for id in &ids {
        let story = look(&Story::of("acme", id.clone()), &desk.store).unwrap().unwrap();
        let heard = story.receipts.iter().any(|receipt| receipt.to_string().contains("missed"));
        assert!(heard, "{id}: {:#?}", story.receipts);
    }
}

#[test]
fn whoever_has_forty_accounts_and_cases_goes_whole_while_others_take_the_room() {
    let mut settings = settings();
    settings.agents.iter_mut().for_each(|agent| agent.capacity = 40);
    let mut desk = Desk::new(settings);
    let theirs = complaints(&mut desk, 40, 60);
    for n in 0..40 {
        let account = AccountKey::new(Platform::X, format!("crowd{n}"));
        done(&desk.at(200, Command::Link { account, customer: "c-1".into(), by: "ann".into() }));
    }
    let others: Vec<CaseId> = (40..100).map(|n| opened(&desk.at(300 + n, complaint(n)))).collect();
    assert_eq!(case(&desk, &theirs[0]).assignee, Some("ann".into()));
    assert_eq!(case(&desk, &others[0]).assignee, None);
    done(&desk.at(900, Command::Export { subject: Subject::Customer("c-1".into()) }));
    let mut given_out = Vec::new();
    loop {
        let erased = desk.at(900, Command::Erase { subject: Subject::Customer("c-1".into()) });
        done(&erased);
        given_out.extend(given(&erased));
        if !erased.again {
            break;
        }
    }
    assert_eq!(given_out, others[..40], "the oldest take the room");
    for (key, row) in desk.store.rows() {
        let said = format!("{} {}", key.id(), row.record.body());
        // The timer of a case outlives it, and tells nothing.
        let case = key.kind().as_str() != "timer" && said.contains(theirs[39].as_str());
        assert!(!case && !said.contains("crowd39"), "left of them: {said}");
    }
}

#[test]
fn an_account_takes_fifteen_cases_with_children_along() {
    let mut desk = Desk::new(roomy());
    let account = AccountKey::new(Platform::X, "own1");
    desk.complaint(0, 10);
    done(&desk.at(20, Command::Link { account: account.clone(), customer: "c-1".into(), by: "ann".into() }));
    let mut cases = BTreeSet::new();
    for n in 1..=15u8 {
        // Too late to open the one before again.
        let second = i64::from(n) * 40 * 24 * 60 * MINUTE;
        let id = opened(&desk.complaint(n, second));
        let escalate = CaseAct::Escalate { team: "sales".into(), why: "a part is missing".into() };
        let escalated = desk.at(second, act(&id, "ann", escalate));
        let child = escalated.effects.iter().find_map(|effect| match &effect.action {
            Action::Escalate { child, .. } => Some(child.clone()),
            _ => None,
        });
        for over in [child.unwrap(), id.clone()] {
            done(&desk.at(second, act(&over, "ann", CaseAct::Resolve { code: "sent".into() })));
            done(&desk.at(second, act(&over, "ann", CaseAct::Close)));
        }
        cases.insert(id);
    }
    assert!(cases.len() > 12, "{cases:?}");
    done(&desk.at(700 * 24 * 60 * MINUTE, Command::Unlink { account, by: "ann".into() }));
}

#[test]
fn when_the_last_one_goes_the_team_of_what_waits_is_told() {
    let mut desk = Desk::new(settings());
    let ids = complaints(&mut desk, 4, 60);
    assert_eq!(case(&desk, &ids[3]).assignee, None, "ann has room for three");
    let gone = presence(&mut desk, 100, "ann", Presence::Offline);
    assert_eq!(told(&gone, "unattended"), [("service".to_owned(), 0)], "{}", gone.receipt);
}
