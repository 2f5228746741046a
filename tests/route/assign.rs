//! Scenarios 1–5 of the field, and what else assignment promises.

use hearken::calendar::{Hours, Weekly};
use hearken::model::{AgentId, CaseId, Priority, Timestamp};
use hearken::route::{
    Agent, Choice, Desk, DeskCommand, DeskEvent, Fair, Margin, Order, Pick, Policy, Presence, Roster, Wait,
    Why, Work,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(minutes * MINUTE)
}

fn work(id: &str, minute: i64) -> Work {
    Work::new(id, at(minute), 60 * MINUTE)
}

fn offer(desk: &mut Desk, work: Work, now: i64) -> Vec<DeskCommand> {
    desk.step(DeskEvent::Offer(Box::new(work)), at(now))
}

fn presence(desk: &mut Desk, agent: &str, presence: Presence, now: i64) -> Vec<DeskCommand> {
    desk.step(DeskEvent::Presence { agent: agent.into(), presence }, at(now))
}

fn desk_of(agents: Vec<Agent>, policy: Policy) -> Desk {
    let ids: Vec<AgentId> = agents.iter().map(|agent| agent.id.clone()).collect();
    let mut desk = Desk::build(agents, policy).unwrap();
    for agent in ids {
        desk.step(DeskEvent::Presence { agent, presence: Presence::Online }, at(0));
    }
    desk
}

fn assigned(commands: &[DeskCommand]) -> Vec<(String, String)> {
    let pair = |command: &DeskCommand| match command {
        DeskCommand::Assign { work, agent, .. } => Some((work.to_string(), agent.to_string())),
        _ => None,
    };
    commands.iter().filter_map(pair).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

/// Scenario 1: offline past the grace gives the work to somebody else; back inside it, nothing moves.
#[test]
fn scenario_01_offline_past_grace_gives_work_back() {
    let policy = Policy { grace: Some(10 * MINUTE), ..Policy::least_busy() };
    let mut desk = desk_of(vec![Agent::new("a", 1), Agent::new("b", 1)], policy);
    assert_eq!(assigned(&offer(&mut desk, work("c", 0), 0)), pairs(&[("c", "a")]));
    let gone = presence(&mut desk, "a", Presence::Offline, 5);
    assert_eq!(gone, [DeskCommand::WakeAt(at(15))]);
    presence(&mut desk, "a", Presence::Online, 14);
    assert!(assigned(&desk.step(DeskEvent::Tick, at(16))).is_empty(), "back in time");

    presence(&mut desk, "a", Presence::Offline, 20);
    let taken = desk.step(DeskEvent::Tick, at(30));
    assert_eq!(taken[0], DeskCommand::TakeBack { work: "c".into(), agent: "a".into() });
    assert_eq!(assigned(&taken), pairs(&[("c", "b")]));

    // Nobody eligible: it waits, with the age it came with.
    presence(&mut desk, "b", Presence::Offline, 40);
    let taken = desk.step(DeskEvent::Tick, at(50));
    assert!(taken.iter().any(|c| matches!(c, DeskCommand::Unattended { reason: Wait::AllAway, .. })));
    let waiting: Vec<_> = desk.waiting().collect();
    assert_eq!((waiting[0].work.since, waiting.len()), (at(0), 1));
}

/// Scenario 2: the oldest that waits goes before one that arrives.
#[test]
fn scenario_02_the_oldest_goes_first_when_room_comes_free() {
    let mut desk = desk_of(vec![Agent::new("a", 3)], Policy::least_busy());
    for (minute, id) in ["1", "2", "3"].into_iter().enumerate() {
        assert_eq!(assigned(&offer(&mut desk, work(id, minute as i64), minute as i64)).len(), 1);
    }
    let queued = offer(&mut desk, work("4", 3), 3);
    assert_eq!(queued, [DeskCommand::Queue { work: "4".into(), reason: Wait::AllAtCapacity }]);
    assert_eq!(assigned(&desk.step(DeskEvent::Done("2".into()), at(4))), pairs(&[("4", "a")]));
    assert!(assigned(&offer(&mut desk, work("5", 5), 5)).is_empty());
    let mut desk = Desk::build(vec![Agent::new("a", 1)], Policy::least_busy()).unwrap();
    offer(&mut desk, work("late", 2), 3);
    offer(&mut desk, work("old", 1), 3);
    assert_eq!(assigned(&presence(&mut desk, "a", Presence::Online, 4)), pairs(&[("old", "a")]));
}

/// Scenario 3: six items to three agents of four are 2/2/2.
#[test]
fn scenario_03_loads_are_balanced() {
    for pick in [Pick::LeastBusy, Pick::RoundRobin] {
        let agents = ["a", "b", "c"].map(|id| Agent::new(id, 4)).to_vec();
        let mut desk = desk_of(agents, Policy { pick, ..Policy::least_busy() });
        for (minute, id) in ["1", "2", "3", "4", "5", "6"].into_iter().enumerate() {
            offer(&mut desk, work(id, minute as i64), minute as i64);
        }
        let loads: Vec<u32> = desk.roster().agents().map(|(_, state)| state.units()).collect();
        assert_eq!(loads, [2, 2, 2], "{pick:?}");
    }
}

/// Scenario 4: capacity is always said, and all full means queued with that reason.
#[test]
fn scenario_04_capacity_is_explicit() {
    assert!(serde_json::from_str::<Agent>(r#"{"id": "a"}"#).is_err());
    let error = Roster::build(vec![Agent::new("a", 0), Agent::new("a", 1)], Policy::default()).unwrap_err();
    let faults = "agent a: a capacity of nothing (say how many units of work at a time)\n\
                  agent a: given twice (give each agent an id of its own)";
    assert_eq!(error.to_string(), faults);
    // Weights count over every kind of work.
    let mut desk = desk_of(vec![Agent::new("a", 3)], Policy::least_busy());
    offer(&mut desk, Work { units: 2, ..work("dm", 0) }, 0);
    let full = offer(&mut desk, Work { units: 2, ..work("dm2", 1) }, 1);
    assert_eq!(full, [DeskCommand::Queue { work: "dm2".into(), reason: Wait::AllAtCapacity }]);
}

/// Scenario 5: presence is the host's; "stay available" wins over away; nobody there is told, not hidden.
#[test]
fn scenario_05_nobody_there_is_never_limbo() {
    let mut stays = Agent::new("stays", 1);
    stays.stay_available = true;
    let mut fallback = Agent::new("night", 1);
    fallback.teams.insert("night".into());
    let policy = Policy { fallback: Some("night".into()), ..Policy::least_busy() };
    let mut desk = Desk::build(vec![stays, fallback, Agent::new("leaves", 9)], policy).unwrap();
    presence(&mut desk, "stays", Presence::Away, 0);
    presence(&mut desk, "leaves", Presence::Away, 0);
    assert_eq!(assigned(&offer(&mut desk, work("1", 0), 0)), pairs(&[("1", "stays")]));

    let day = |id: &str| Work { language: Some("sw".into()), ..work(id, 1) };
    let alone = offer(&mut desk, day("2"), 1);
    let told = DeskCommand::Unattended {
        work: "2".into(),
        reason: Wait::NobodyQualified,
        fallback: Some("night".into()),
    };
    assert_eq!(alone, [told], "an alert, once");
    offer(&mut desk, work("3", 1), 1);
    let unattended = |desk: &Desk| desk.unattended().map(|item| item.work.id.to_string()).collect::<Vec<_>>();
    assert_eq!(unattended(&desk), ["2"], "for the third there is somebody, who has no room");
    let commands = presence(&mut desk, "night", Presence::Online, 2);
    assert_eq!(unattended(&desk), [""; 0]);
    assert!(matches!(&commands[..], [DeskCommand::Assign { why: Why::Fallback, relaxed: true, .. }]));
}

#[test]
fn sticky_then_owner_then_backup_then_policy() {
    let mut ann = Agent::new("ann", 1);
    ann.backup = Some("bo".into());
    let mut desk = desk_of(
        vec![ann, Agent::new("bo", 1), Agent::new("cy", 5), Agent::new("di", 1)],
        Policy::least_busy(),
    );
    let owned = |id: &str| Work { owner: Some("ann".into()), sticky: Some("di".into()), ..work(id, 0) };
    let mut whys = Vec::new();
    for id in ["1", "2", "3", "4"] {
        for command in offer(&mut desk, owned(id), 0) {
            if let DeskCommand::Assign { agent, why, .. } = command {
                whys.push((agent.to_string(), why));
            }
        }
    }
    let expected = [("di", Why::Sticky), ("ann", Why::Owner), ("bo", Why::Backup), ("cy", Why::Policy)];
    assert_eq!(whys, expected.map(|(agent, why)| (agent.to_owned(), why)));
}

#[test]
fn a_decliner_is_never_asked_again() {
    let mut desk = desk_of(vec![Agent::new("a", 1), Agent::new("b", 1)], Policy::least_busy());
    offer(&mut desk, work("1", 0), 0);
    let decline = |agent: &str| DeskEvent::Decline { work: "1".into(), agent: agent.into() };
    assert_eq!(assigned(&desk.step(decline("a"), at(1))), pairs(&[("1", "b")]));
    let commands = desk.step(decline("b"), at(2));
    assert!(matches!(commands[..], [DeskCommand::Unattended { reason: Wait::AllDeclined, .. }]));
    assert!(desk.step(decline("b"), at(3)).is_empty(), "declining twice is nothing");
    // Offered again it remembers, and its age stays.
    assert!(assigned(&offer(&mut desk, Work { version: 1, ..work("1", 9) }, 9)).is_empty());
    assert_eq!(desk.waiting().next().unwrap().work.since, at(0));
}

#[test]
fn skills_relax_in_time_and_tighten_in_overload() {
    let mut expert = Agent::new("expert", 1);
    expert.skills = BTreeMap::from([("billing".into(), 3)]);
    let policy =
        Policy { relax: BTreeMap::from([(Priority::Medium, 50)]), tighten: 0, ..Policy::least_busy() };
    let mut desk = desk_of(vec![expert, Agent::new("novice", 2)], policy);
    let billing = |id: &str| Work { skills: BTreeMap::from([("billing".into(), 2)]), ..work(id, 0) };
    offer(&mut desk, billing("1"), 0);
    let queued = offer(&mut desk, billing("2"), 0);
    let reason = Wait::AllAtCapacity;
    assert_eq!(queued, [DeskCommand::Queue { work: "2".into(), reason }, DeskCommand::WakeAt(at(30))]);
    assert!(assigned(&desk.step(DeskEvent::Tick, at(29))).is_empty());
    let relaxed = desk.step(DeskEvent::Tick, at(30));
    assert!(
        matches!(&relaxed[0], DeskCommand::Assign { agent, relaxed: true, .. } if agent.as_str() == "novice")
    );
    // Past its due time, with more than `tighten` waiting, the skill is asked for again.
    offer(&mut desk, billing("3"), 61);
    assert_eq!(desk.waiting().len(), 1);
}

fn skilled(id: &str, skill: &str) -> Agent {
    Agent { skills: BTreeMap::from([(skill.into(), 3)]), ..Agent::new(id, 1) }
}

fn asking(id: &str, skill: &str) -> Work {
    Work { skills: BTreeMap::from([(skill.into(), 2)]), ..work(id, 0) }
}

/// A skill that nobody has is dropped like any other, at its time; where skills are never dropped somebody is told.
#[test]
fn a_skill_that_nobody_has_is_dropped_in_time() {
    let relax = BTreeMap::from([(Priority::Medium, 50)]);
    let mut desk =
        desk_of(vec![skilled("a", "billing")], Policy { relax, tighten: 0, ..Policy::least_busy() });
    let waits = |reason| DeskCommand::Queue { work: "1".into(), reason };
    let queued = offer(&mut desk, asking("1", "law"), 0);
    assert_eq!(queued, [waits(Wait::UntilRelaxed), DeskCommand::WakeAt(at(30))]);
    assert_eq!(assigned(&desk.step(DeskEvent::Tick, at(30))), pairs(&[("1", "a")]));

    let mut strict = desk_of(vec![skilled("a", "billing")], Policy::least_busy());
    let told = offer(&mut strict, asking("1", "law"), 0);
    assert!(matches!(told[..], [DeskCommand::Unattended { reason: Wait::NobodyQualified, .. }]), "{told:?}");
}

/// An overload asks for skills again only as long as somebody who has them is there: it would wait for nobody.
#[test]
fn what_is_late_waits_for_no_skill_that_is_not_there() {
    let relax = BTreeMap::from([(Priority::Medium, 50)]);
    let policy = Policy { relax, tighten: 0, ..Policy::least_busy() };
    let agents = vec![skilled("expert", "billing"), Agent::new("novice", 1)];
    let mut desk = desk_of(agents, policy);
    for id in ["1", "2", "3"] {
        offer(&mut desk, asking(id, "billing"), 0);
    }
    assert_eq!(assigned(&desk.step(DeskEvent::Tick, at(30))), pairs(&[("2", "novice")]));
    assert!(
        assigned(&desk.step(DeskEvent::Done("2".into()), at(61))).is_empty(),
        "it is late: for the expert"
    );
    let gone = presence(&mut desk, "expert", Presence::Offline, 62);
    assert_eq!(assigned(&gone), pairs(&[("3", "novice")]), "who has left");
    assert_eq!(desk.unattended().count(), 0);
}

/// Work that is more than anybody could ever hold is told, not left to wait for room.
#[test]
fn what_nobody_could_ever_hold_is_told() {
    let mut desk = desk_of(vec![Agent::new("a", 2)], Policy::default());
    let told = offer(&mut desk, Work { units: 3, ..work("1", 0) }, 0);
    assert!(
        matches!(told[0], DeskCommand::Unattended { reason: Wait::NobodyQualified, .. }),
        "never AllAtCapacity: {told:?}"
    );
    let all = Policy { reserve: 2, ..Policy::least_busy() };
    let told = offer(&mut desk_of(vec![Agent::new("a", 2)], all), work("1", 0), 0);
    assert!(
        matches!(told[..], [DeskCommand::Unattended { .. }]),
        "all of it is kept for urgent work: {told:?}"
    );
}

#[test]
fn every_fault_of_a_roster_is_reported() {
    let backup = Some("nobody".into());
    let agents = vec![Agent { backup, ..skilled("a", "law") }, Agent { capacity: 0, ..Agent::new("b", 1) }];
    let policy = Policy {
        fair: Some(Fair { assignments: 0, window: 0 }),
        grace: Some(-1),
        fallback: Some("night".into()),
        ..Policy::default()
    };
    let error = Roster::build(agents, policy).unwrap_err();
    let places: Vec<&str> = error.faults().iter().map(|fault| fault.place()).collect();
    assert_eq!(places, ["agent a", "agent b", "policy", "policy", "policy", "policy"]);
    assert!(error.faults().iter().all(|fault| fault.remedy().is_some()), "{error}");
}

#[test]
fn working_hours_open_and_close_by_themselves() {
    let mut nine_to_five = Agent::new("a", 1);
    nine_to_five.hours =
        Some(Hours { zone: "UTC".into(), weekly: Weekly::workdays(&["09:00-17:00"]), holidays: vec![] });
    let mut desk = Desk::build(vec![nine_to_five], Policy::least_busy()).unwrap();
    let time = |text: &str| Timestamp::parse(text).unwrap();
    let early = time("2026-03-02T08:00:00Z");
    desk.step(DeskEvent::Presence { agent: "a".into(), presence: Presence::Online }, early);
    let commands = desk.step(DeskEvent::Offer(Box::new(Work::new("1", early, 60 * MINUTE))), early);
    let nine = time("2026-03-02T09:00:00Z");
    assert!(commands.contains(&DeskCommand::WakeAt(nine)), "{commands:?}");
    assert_eq!(assigned(&desk.step(DeskEvent::Tick, nine)), pairs(&[("1", "a")]));
}

#[test]
fn a_fair_share_in_a_window() {
    let policy = Policy { fair: Some(Fair { assignments: 2, window: 30 * MINUTE }), ..Policy::least_busy() };
    let mut desk = desk_of(vec![Agent::new("a", 9)], policy);
    offer(&mut desk, work("1", 0), 0);
    offer(&mut desk, work("2", 10), 10);
    let third = offer(&mut desk, work("3", 20), 20);
    assert_eq!(
        third,
        [DeskCommand::Queue { work: "3".into(), reason: Wait::FairShare }, DeskCommand::WakeAt(at(30))]
    );
    assert_eq!(assigned(&desk.step(DeskEvent::Tick, at(30))), pairs(&[("3", "a")]));
}

#[test]
fn a_person_may_overrule_capacity_and_it_shows() {
    let mut desk = desk_of(vec![Agent::new("a", 1)], Policy::least_busy());
    offer(&mut desk, work("1", 0), 0);
    offer(&mut desk, work("2", 0), 0);
    let commands = desk.step(DeskEvent::Take { work: "2".into(), agent: "a".into() }, at(1));
    assert!(matches!(commands[0], DeskCommand::Assign { why: Why::Manual, over_capacity: true, .. }));
    assert!(desk.step(DeskEvent::Take { work: "2".into(), agent: "a".into() }, at(1)).is_empty());
}

#[test]
fn nothing_starves() {
    let policy = Policy { order: Order::Promises { patience: 200 }, ..Policy::promises() };
    let mut desk = desk_of(vec![Agent::new("a", 1)], policy);
    offer(&mut desk, work("first", 0), 0);
    offer(&mut desk, Work { priority: Priority::Low, ..work("old", 0) }, 0);
    for minute in 1..=120 {
        let urgent = Work { priority: Priority::Urgent, ..work(&format!("u{minute}"), minute) };
        offer(&mut desk, urgent, minute);
    }
    assert_eq!(assigned(&desk.step(DeskEvent::Done("first".into()), at(121))), pairs(&[("old", "a")]));
}

#[test]
fn room_for_urgent_work_is_kept() {
    let mut desk = desk_of(vec![Agent::new("a", 2)], Policy { reserve: 1, ..Policy::least_busy() });
    offer(&mut desk, work("1", 0), 0);
    assert!(assigned(&offer(&mut desk, work("2", 0), 0)).is_empty());
    let urgent = Work { priority: Priority::Urgent, ..work("3", 0) };
    assert_eq!(assigned(&offer(&mut desk, urgent, 0)), pairs(&[("3", "a")]));
}

/// As long as it can wait, other work leaves room for urgent work at one agent; a few agents keep less.
#[test]
fn a_margin_is_kept_for_urgent_work() {
    let policy = Policy { margin: Some(Margin { units: 2, percent: 50 }), ..Policy::least_busy() };
    let mut desk = desk_of(vec![Agent::new("a", 4), Agent::new("b", 4)], policy.clone());
    for id in ["1", "2", "3", "4", "5", "6"] {
        assert_eq!(assigned(&offer(&mut desk, work(id, 0), 0)).len(), 1, "{id}");
    }
    let queued = offer(&mut desk, work("7", 0), 0);
    let reason = Wait::AllAtCapacity;
    assert_eq!(queued, [DeskCommand::Queue { work: "7".into(), reason }, DeskCommand::WakeAt(at(30))]);
    let urgent = Work { priority: Priority::Urgent, units: 2, ..work("urgent", 1) };
    assert_eq!(assigned(&offer(&mut desk, urgent, 1)).len(), 1, "the margin is for this");
    desk.step(DeskEvent::Done("urgent".into()), at(2));
    assert!(assigned(&desk.step(DeskEvent::Tick, at(29))).is_empty());
    assert_eq!(assigned(&desk.step(DeskEvent::Tick, at(30))).len(), 1, "half of its target has passed");

    let mut alone = desk_of(vec![Agent::new("a", 3)], policy);
    for id in ["1", "2", "3"] {
        assert_eq!(
            assigned(&offer(&mut alone, work(id, 0), 0)).len(),
            1,
            "{id}: one agent of three keeps none"
        );
    }
}

/// What is late takes the margin, though what asks alike, is not late and is tried first must leave it.
#[test]
fn what_presses_is_tried_for_itself() {
    let order = Order::Promises { patience: 800 };
    let policy = Policy { order, margin: Some(Margin { units: 2, percent: 50 }), ..Policy::least_busy() };
    let mut desk = desk_of(vec![Agent::new("a", 4), Agent::new("b", 4)], policy);
    for index in 0..8 {
        let urgent = Work { priority: Priority::Urgent, ..work(&format!("urgent{index}"), 0) };
        assert_eq!(assigned(&offer(&mut desk, urgent, 0)).len(), 1);
    }
    offer(&mut desk, Work::new("late", at(0), 10 * MINUTE), 0);
    offer(&mut desk, work("fresh", 20), 20);
    let order: Vec<&str> = desk.waiting().map(|item| item.work.id.as_str()).collect();
    assert_eq!(order, ["fresh", "late"]);
    assert_eq!(assigned(&desk.step(DeskEvent::Done("urgent0".into()), at(21))), pairs(&[("late", "a")]));
}

/// The desk as a list that is sorted and gone through at every step.
struct PlainDesk {
    roster: Roster,
    waiting: Vec<Work>,
}

impl PlainDesk {
    fn rank(&self, work: &Work, now: Timestamp) -> (u32, u32, Timestamp, CaseId) {
        let target = work.due.since(work.since);
        let (class, weight) = match self.roster.policy().order {
            Order::Arrival => (0, 0),
            Order::Priority { patience } | Order::Promises { patience }
                if work.since + target * i64::from(patience) / 100 <= now =>
            {
                (0, 0)
            }
            Order::Priority { .. } => (5 - work.priority as u32, 0),
            Order::Promises { .. } => {
                let late = if work.due < now { 5 } else { 0 };
                (5 - work.priority as u32 + late, if work.priority < Priority::High { work.units } else { 0 })
            }
        };
        (class, weight, work.since, work.id.clone())
    }

    fn go_through(&mut self, now: Timestamp) -> Vec<(String, String)> {
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.sort_by_key(|work| self.rank(work, now));
        let mut given = Vec::new();
        for work in waiting {
            let agent = match self.roster.choose(&work, now) {
                Choice::Agent { agent, .. } => Some(agent.clone()),
                Choice::Nobody(_) => None,
            };
            match agent {
                Some(agent) => {
                    given.push((work.id.to_string(), agent.to_string()));
                    self.roster.hold(&agent, work, now);
                }
                None => self.waiting.push(work),
            }
        }
        given
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    /// Lines of work that asks alike give what going through everything gives, in the same order.
    #[test]
    fn a_desk_gives_what_a_plain_list_gives(seed in any::<u64>()) {
        let mut random = super::Random(seed);
        let orders =
            [Order::Arrival, Order::Priority { patience: 400 }, Order::Promises { patience: 400 }];
        let policy = Policy {
            order: orders[random.below(3) as usize],
            relax: BTreeMap::from([(Priority::Medium, 50), (Priority::High, 25)]),
            margin: (random.below(2) == 0).then_some(Margin { units: 2, percent: 40 }),
            ..Policy::least_busy()
        };
        let agents: Vec<Agent> = (0..5).map(|index| {
            let mut agent = Agent::new(format!("a{index}"), random.below(3) as u32 + 1);
            agent.languages = (0..2).filter(|_| random.below(2) == 0).map(|l| format!("l{l}")).collect();
            agent.skills = skills(&mut random, 3);
            agent
        }).collect();
        let mut desk = Desk::build(agents.clone(), policy.clone()).unwrap();
        let mut plain = PlainDesk { roster: Roster::build(agents, policy).unwrap(), waiting: Vec::new() };
        let mut minute = 0;
        for step in 0..120 {
            minute += random.below(8) as i64;
            let now = at(minute);
            let event = match random.below(5) {
                0 | 1 => {
                    let mut new = work(&format!("w{:03}", random.below(1_000)), minute - random.below(20) as i64);
                    new.version = step;
                    new.due = new.since + (random.below(3) as i64 + 1) * 20 * MINUTE;
                    new.priority = [Priority::Low, Priority::Medium, Priority::High][random.below(3) as usize];
                    new.units = random.below(2) as u32 + 1;
                    new.language = (random.below(2) == 0).then(|| format!("l{}", random.below(2)));
                    new.skills = skills(&mut random, 9);
                    if plain.waiting.iter().any(|other| other.id == new.id) || plain.roster.holder(&new.id).is_some() {
                        continue;
                    }
                    plain.waiting.push(new.clone());
                    DeskEvent::Offer(Box::new(new))
                }
                2 => {
                    let held = plain.roster.agents().find_map(|(_, state)| state.held.keys().next().cloned());
                    let Some(held) = held else { continue };
                    let agent = plain.roster.holder(&held).unwrap().clone();
                    plain.roster.release(&agent, &held, now);
                    DeskEvent::Done(held)
                }
                3 => {
                    let agent = AgentId::from(format!("a{}", random.below(5)));
                    let presence = [Presence::Online, Presence::Online, Presence::Offline][random.below(3) as usize];
                    plain.roster.set_presence(&agent, presence, now);
                    DeskEvent::Presence { agent, presence }
                }
                _ => DeskEvent::Tick,
            };
            let given = assigned(&desk.step(event, now));
            prop_assert_eq!(given, plain.go_through(now));
            prop_assert_eq!(desk.waiting().len(), plain.waiting.len());
            let order: Vec<&CaseId> = desk.waiting().map(|item| &item.work.id).collect();
            prop_assert_eq!(order, plain.waiting.iter().map(|work| &work.id).collect::<Vec<_>>());
        }
    }
}

/// Each of nine skills, at some level, once in `rarity`.
fn skills(random: &mut super::Random, rarity: u64) -> BTreeMap<String, u8> {
    let mut skills = BTreeMap::new();
    for skill in 0..9 {
        if random.below(rarity) == 0 {
            skills.insert(format!("s{skill}"), random.below(5) as u8 + 1);
        }
    }
    skills
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The indexed choice equals a plain look at every agent.
    #[test]
    fn a_choice_is_the_best_of_a_plain_scan(seed in any::<u64>()) {
        let mut random = super::Random(seed);
        let mut agents = Vec::new();
        for index in 0..random.below(80) + 1 {
            let mut agent = Agent::new(format!("a{index:03}"), random.below(4) as u32 + 1);
            agent.languages = (0..4).filter(|_| random.below(2) == 0).map(|l| format!("l{l}")).collect();
            agent.teams = (0..3).filter(|_| random.below(2) == 0).map(|t| format!("t{t}").as_str().into()).collect();
            agent.skills = skills(&mut random, 2);
            agents.push(agent);
        }
        let picks = [Pick::LeastBusy, Pick::LongestIdle, Pick::RoundRobin, Pick::MostSkilled];
        let pick = picks[random.below(4) as usize];
        let mut roster = Roster::build(agents.clone(), Policy { pick, ..Policy::least_busy() }).unwrap();
        for agent in &agents {
            let states = [Presence::Online, Presence::Online, Presence::Offline];
            roster.set_presence(&agent.id, states[random.below(3) as usize], at(random.below(9) as i64));
            for item in 0..random.below(3) {
                let id = format!("{}-{item}", agent.id);
                roster.hold(&agent.id, work(&id, 0), at(random.below(9) as i64));
            }
        }
        for _ in 0..20 {
            let mut wanted = work("new", 0);
            wanted.units = random.below(2) as u32 + 1;
            wanted.language = (random.below(2) == 0).then(|| format!("l{}", random.below(5)));
            wanted.team = (random.below(2) == 0).then(|| format!("t{}", random.below(3)).as_str().into());
            wanted.skills = skills(&mut random, 4);
            let plain = roster.agents().filter(|(agent, state)| {
                state.presence == Presence::Online
                    && agent.capacity >= state.units() + wanted.units
                    && wanted.team.as_ref().is_none_or(|team| agent.teams.contains(team))
                    && wanted.language.as_ref().is_none_or(|language| agent.languages.contains(language))
                    && wanted.skills.iter().all(|(skill, level)| agent.skills.get(skill).is_some_and(|l| l >= level))
            }).min_by_key(|(agent, state)| {
                let busy = u64::from(state.units()) * 1_000 / u64::from(agent.capacity);
                let skill: i64 = wanted.skills.keys().map(|s| i64::from(agent.skills[s])).sum();
                let zero = at(0);
                match pick {
                    Pick::LeastBusy => (0, busy, state.freed, zero),
                    Pick::LongestIdle => (0, 0, state.freed, zero),
                    Pick::RoundRobin => (state.assigned.map_or(i64::MIN, Timestamp::millis), busy, state.freed, zero),
                    Pick::MostSkilled => (-skill, busy, state.freed, zero),
                }
            }).map(|(agent, _)| agent.id.clone());
            let chosen = match roster.choose(&wanted, at(10)) {
                Choice::Agent { agent, .. } => Some(agent.clone()),
                Choice::Nobody(_) => None,
            };
            prop_assert_eq!(chosen, plain);
        }
    }
}

/// Applying an assignment twice is one assignment: the second finds another version.
#[test]
fn assignments_are_compare_and_set() {
    use hearken::desk::{Case, CaseCommand, CaseEvent, CasePolicy, Refusal};
    use hearken::model::{ItemKey, Platform};
    let mut case = Case::open(CaseId::from("c"), at(0), ItemKey::new(Platform::X, "1"));
    let mut desk = desk_of(vec![Agent::new("a", 1)], Policy::least_busy());
    let commands = offer(&mut desk, Work { version: case.version, ..work("c", 0) }, 0);
    let [DeskCommand::Assign { agent, expected_version, .. }] = &commands[..] else { panic!("{commands:?}") };
    let assign = CaseEvent::Assign { agent: agent.clone(), expected_version: *expected_version };
    let policy = CasePolicy::default();
    assert!(matches!(case.step(assign.clone(), at(1), &policy)[..], [CaseCommand::Moved { .. }]));
    let again = case.step(assign, at(1), &policy);
    assert_eq!(again, [CaseCommand::Refused(Refusal::Stale { expected: 1, found: 2 })]);
}
