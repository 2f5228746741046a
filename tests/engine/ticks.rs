//! Timers: few of them, and each worked off.

use super::escalation::{Desk, settings, told};
use super::world::{at, created, post};
use hearken::engine::{Action, Command, Disposition, Engine, Event, Outcome, Settings, Story, look};
use hearken::model::Timestamp;
use hearken::route::{Agent, Presence};
use hearken::store::{Key, Kind};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// A complaint of somebody of whom there are many.
fn complaint(n: i64) -> Event {
    let mut item = post(0, 0, n, "my kettle broke after a week, worst kettle ever");
    item.key.id = format!("complaint {n}").into();
    let author = item.author.as_mut().unwrap();
    (author.key.id, author.handle) = (format!("crowd{n}").into(), None);
    author.display_name = None;
    created(item)
}

fn timers(desk: &Desk) -> Vec<String> {
    let timers = desk.store.rows().filter(|(key, _)| *key.kind() == Kind::Timer);
    timers.map(|(_, row)| row.record.body()).collect()
}

/// When the next timer comes, in seconds of the test.
fn next(desk: &Desk) -> Option<i64> {
    let timers = desk.store.rows().filter(|(key, _)| *key.kind() == Kind::Timer);
    let due = timers.filter_map(|(key, _)| Key::read_time(key.parts().first()?)).min()?;
    Some(Timestamp::from_millis(due).since(at(0)) / 1_000)
}

#[test]
fn however_many_complaints_their_alerts_ask_for_one_timer() {
    let mut desk = Desk::new(settings());
    for n in 1..200 {
        desk.at(n, complaint(n));
    }
    let alerts = timers(&desk).iter().filter(|body| body.contains("alerts")).count();
    assert!(alerts <= 3, "{alerts} timers of alerts: {:?}", timers(&desk));
}

#[test]
fn a_timer_that_comes_too_early_asks_anew_and_nothing_is_told_late() {
    let mut desk = Desk::new(settings());
    for n in 1..20 {
        desk.at(n * 47, complaint(n));
    }
    let mut climbed = Vec::new();
    while let Some(due) = next(&desk).filter(|due| *due < 2 * HOUR) {
        let tick: Outcome = desk.at(due, Event::Due);
        assert_eq!(tick.disposition, Disposition::Accepted);
        climbed.extend(told(&tick, "negative").into_iter().map(|(to, level)| (due, to, level)));
    }
    let steps: Vec<_> = climbed.iter().filter(|(.., level)| *level > 1).collect();
    assert_eq!(steps.len(), 3, "{climbed:?}");
    for (step, (second, _, level)) in (1..).zip(steps) {
        assert_eq!((*second, *level), (47 + 15 * MINUTE * step, step as u32 + 1), "{climbed:?}");
    }
}

/// Settings with so many agents more, of a team of their own.
fn with_agents(many: usize) -> Settings {
    let mut settings = settings();
    let other = |n| Agent { teams: ["other".into()].into(), ..Agent::new(format!("other {n}"), 3) };
    settings.agents.extend((0..many).map(other));
    settings
}

#[test]
fn of_a_thousand_agents_a_turn_reads_those_whom_it_may_choose() {
    let (mut few, mut many) = (Desk::new(settings()), Desk::new(with_agents(1_000)));
    let (few, many) = (few.at(1, complaint(1)), many.at(1, complaint(1)));
    assert!(many.assessment.as_ref().unwrap().agent.is_some());
    assert_eq!(many.stats.keys, few.stats.keys);
    assert_eq!(many.stats.rounds, few.stats.rounds);
}

#[test]
fn what_asks_for_no_team_may_go_to_any_of_them() {
    let mut settings = with_agents(20);
    settings.agents.retain(|agent| agent.id.as_str() != "ann");
    settings.ladders.clear();
    settings.rules = serde_json::from_str(
        r#"{"rules": [{"id": "any", "when": "kettle", "then": [{"assign": {"agent": "other 7"}}]}]}"#,
    )
    .unwrap();
    let mut desk = Desk::new(settings);
    desk.at(1, Command::Presence { agent: "other 11".into(), presence: Presence::Online });
    let heard = desk.at(2, complaint(1));
    assert_eq!(heard.assessment.as_ref().unwrap().agent, Some("other 11".into()), "{}", heard.receipt);
}

#[test]
fn what_somebody_held_who_is_no_longer_there_goes_back_to_its_team() {
    let mut desk = Desk::new(settings());
    let heard = desk.at(1, complaint(1));
    let case = heard.assessment.as_ref().unwrap().case.clone().unwrap();
    assert_eq!(heard.assessment.as_ref().unwrap().agent, Some("ann".into()));
    desk.at(2, Event::Due);
    desk.at(60 * HOUR, Event::Due);
    let mut fewer = settings();
    fewer.agents.iter_mut().find(|agent| agent.id.as_str() == "ann").unwrap().id = "zoe".into();
    desk.engine = Engine::builder("acme").settings(fewer).build().unwrap();
    let first = desk.at(60 * HOUR + 1, Event::Due);
    assert!(first.receipt.find("missing").is_some() && first.receipt.find("given back").is_none());
    let due = next(&desk).unwrap();
    assert!(due <= 61 * HOUR + 1, "the host is asked to tick again: {due}");
    let tick = desk.at(61 * HOUR + 1, Event::Due);
    let why = tick.receipt.find("given back").unwrap_or_else(|| panic!("{}", tick.receipt));
    assert_eq!(*why.result, format!("{case}, ann is no longer here"));
    let story = look(&Story::of("acme", case.clone()), &desk.store).unwrap().unwrap();
    assert_eq!(story.case.assignee, None);
    let again = desk.at(61 * HOUR + 2, Event::Due);
    assert!(again.receipt.find("given back").is_none());
    let come = desk.at(61 * HOUR + 3, Command::Presence { agent: "zoe".into(), presence: Presence::Online });
    let given =
        |action: &Action| matches!(action, Action::Assign { case: of, agent: Some(_), .. } if *of == case);
    assert!(come.effects.iter().any(|effect| given(&effect.action)), "{}", come.receipt);
}

#[test]
fn while_engines_with_and_without_an_agent_share_a_store_nothing_changes_hands() {
    let mut desk = Desk::new(settings());
    let case = desk.at(1, complaint(1)).assessment.unwrap().case.clone().unwrap();
    let mut fewer = settings();
    fewer.agents.iter_mut().find(|agent| agent.id.as_str() == "ann").unwrap().id = "zoe".into();
    let mut other = Engine::builder("acme").settings(fewer).build().unwrap();
    for minute in 1..200 {
        std::mem::swap(&mut desk.engine, &mut other);
        let tick = desk.at(minute * MINUTE, Event::Due);
        assert!(tick.receipt.find("given back").is_none(), "minute {minute}: {}", tick.receipt);
    }
    let story = look(&Story::of("acme", case), &desk.store).unwrap().unwrap();
    assert_eq!(story.case.assignee, Some("ann".into()));
}
