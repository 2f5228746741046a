//! Scenario 14: told at most once an interval, resolved once, ladders that fire each step once.

use super::at;
use hearken::desk::*;
use hearken::model::Priority;

const MINUTE: i64 = 60_000;

fn signal(id: &str, kind: AlertKind, labels: &[(&str, &str)]) -> AlertEvent {
    let labels = labels.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
    AlertEvent::Signal(Signal { id: id.into(), kind, priority: Priority::High, labels })
}

fn policy(rules: &[(AlertKind, AlertRule)]) -> AlertPolicy {
    AlertPolicy { rules: rules.to_vec(), inhibitions: vec![] }
}

fn rounds(commands: &[AlertCommand]) -> Vec<(AlertKind, u32, usize)> {
    let told = |command: &AlertCommand| match command {
        AlertCommand::Notify { key, round, count, .. } => Some((key.kind.clone(), *round, *count)),
        _ => None,
    };
    commands.iter().filter_map(told).collect()
}

#[test]
fn scenario_14_repeats_only_at_the_interval_and_is_over_once() {
    let rule = AlertRule { repeat_interval: 10 * MINUTE, quiet: 30 * MINUTE, ..AlertRule::default() };
    let policy = policy(&[(AlertKind::Negative, rule)]);
    let mut alerts = Alerts::default();
    let mut told = rounds(&alerts.step(signal("1", AlertKind::Negative, &[]), at(0), &policy));
    for minute in 1..=20 {
        told.extend(rounds(&alerts.step(
            signal(&minute.to_string(), AlertKind::Negative, &[]),
            at(minute),
            &policy,
        )));
    }
    assert_eq!(told.iter().map(|(_, round, _)| *round).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(told[1].2, 9, "those not told of are counted; minute 1 repeated the first signal");
    // One late tick: the repeats until it went quiet, then over, once.
    let commands = alerts.step(AlertEvent::Tick, at(500), &policy);
    assert_eq!(rounds(&commands).len(), 2, "at 30 and 40; at 50 it is over");
    assert_eq!(commands.iter().filter(|c| matches!(c, AlertCommand::Resolved(_))).count(), 1);
    assert!(alerts.step(AlertEvent::Tick, at(900), &policy).is_empty());
}

#[test]
fn scenario_14_acknowledged_it_is_told_no_more() {
    let rule = AlertRule { repeat_interval: 10 * MINUTE, quiet: 1_000 * MINUTE, ..AlertRule::default() };
    let policy = policy(&[(AlertKind::Crisis, rule)]);
    let mut alerts = Alerts::default();
    alerts.step(signal("1", AlertKind::Crisis, &[]), at(0), &policy);
    let key = alerts.active()[0].0.clone();
    alerts.step(AlertEvent::Acknowledge { key: key.clone(), by: "ann".into() }, at(5), &policy);
    assert!(rounds(&alerts.step(AlertEvent::Tick, at(100), &policy)).is_empty());
    let over = alerts.step(AlertEvent::Resolve(key.clone()), at(101), &policy);
    assert_eq!(over[0], AlertCommand::Resolved(key.clone()));
    assert!(alerts.step(AlertEvent::Resolve(key), at(102), &policy).is_empty());
}

#[test]
fn threshold_window_group_wait_and_duplicates() {
    let rule =
        AlertRule { threshold: 3, window: 10 * MINUTE, group_wait: 2 * MINUTE, ..AlertRule::default() };
    let policy = policy(&[(AlertKind::PositiveSpike, rule)]);
    let mut alerts = Alerts::default();
    for (id, minute) in [("1", 0), ("2", 1), ("2", 1), ("2", 2), ("3", 11), ("4", 12)] {
        let commands = alerts.step(signal(id, AlertKind::PositiveSpike, &[]), at(minute), &policy);
        assert!(rounds(&commands).is_empty(), "{id} at {minute}");
    }
    let commands = alerts.step(signal("5", AlertKind::PositiveSpike, &[]), at(13), &policy);
    assert_eq!(commands, [AlertCommand::WakeAt(at(15))], "3, 4 and 5 in ten minutes");
    let told = rounds(&alerts.step(AlertEvent::Tick, at(15), &policy));
    assert_eq!(told, [(AlertKind::PositiveSpike, 1, 5)]);
}

/// A label that is absent is not an empty one: such alerts are neither grouped nor inhibited together.
#[test]
fn scenario_07_missing_is_not_empty() {
    let by_brand = || AlertRule { group_by: ["brand".to_owned()].into(), ..AlertRule::default() };
    let policy = AlertPolicy {
        rules: vec![(AlertKind::Negative, by_brand()), (AlertKind::Crisis, by_brand())],
        inhibitions: vec![Inhibition {
            source: AlertKind::Crisis,
            target: AlertKind::Negative,
            equal: ["brand".to_owned()].into(),
        }],
    };
    let mut alerts = Alerts::default();
    alerts.step(signal("1", AlertKind::Crisis, &[("brand", "")]), at(0), &policy);
    alerts.step(signal("2", AlertKind::Crisis, &[]), at(0), &policy);
    assert_eq!(alerts.active().len(), 2);
    let unlabelled = alerts.step(signal("3", AlertKind::Negative, &[]), at(1), &policy);
    assert_eq!(rounds(&unlabelled).len(), 1, "nothing to be equal in");
    let inhibited = alerts.step(signal("4", AlertKind::Negative, &[("brand", "")]), at(1), &policy);
    assert!(rounds(&inhibited).is_empty());
}

#[test]
fn inhibition_ends_with_its_source_and_never_hits_itself() {
    let all =
        |kind: AlertKind| Inhibition { source: AlertKind::Crisis, target: kind, equal: Default::default() };
    let policy =
        AlertPolicy { rules: vec![], inhibitions: vec![all(AlertKind::Negative), all(AlertKind::Crisis)] };
    let mut alerts = Alerts::default();
    let crisis = alerts.step(signal("1", AlertKind::Crisis, &[]), at(0), &policy);
    assert_eq!(rounds(&crisis).len(), 1, "not by itself");
    assert!(rounds(&alerts.step(signal("2", AlertKind::Negative, &[]), at(1), &policy)).is_empty());
    let key = AlertKey { kind: AlertKind::Crisis, labels: Labels::new() };
    let commands = alerts.step(AlertEvent::Resolve(key), at(2), &policy);
    assert_eq!(rounds(&commands), [(AlertKind::Negative, 1, 1)], "told as soon as nothing is in the way");
}

#[test]
fn a_silence_ends_exactly() {
    let mut alerts = Alerts::default();
    let policy = AlertPolicy::default();
    let silence = Silence { kind: None, labels: Labels::new(), from: at(0), until: at(10) };
    alerts.step(AlertEvent::Silence(silence), at(0), &policy);
    assert!(rounds(&alerts.step(signal("1", AlertKind::Negative, &[]), at(1), &policy)).is_empty());
    let last = hearken::model::Timestamp::from_millis(10 * MINUTE - 1);
    assert!(rounds(&alerts.step(AlertEvent::Tick, last, &policy)).is_empty());
    assert_eq!(rounds(&alerts.step(AlertEvent::Tick, at(10), &policy)).len(), 1);
}

#[test]
fn scenario_14_ladders_fire_each_step_once_a_round_and_stop_on_acknowledgement() {
    let ladder: Ladder = serde_json::from_str(
        r#"{"rounds": 2, "steps": [{"to": "social", "wait": 300000}, {"to": "legal", "wait": 600000}]}"#,
    )
    .unwrap();
    let steps = |commands: &[EscalationCommand]| -> Vec<(String, u32, i64)> {
        let told = |command: &EscalationCommand| match command {
            EscalationCommand::Tell { to, round, due, .. } => {
                Some((to.to_string(), *round, due.millis() / MINUTE))
            }
            _ => None,
        };
        commands.iter().filter_map(told).collect()
    };
    let mut late = Escalation::start(ladder.clone(), at(0));
    let commands = late.tick(at(1_000));
    let expected = [("social", 1, 0), ("legal", 1, 5), ("social", 2, 15), ("legal", 2, 20)];
    assert_eq!(steps(&commands), expected.map(|(to, round, minute)| (to.to_owned(), round, minute)));
    assert!(commands.contains(&EscalationCommand::Exhausted));
    assert!(late.tick(at(2_000)).is_empty());

    let mut often = Escalation::start(ladder.clone(), at(0));
    let many: Vec<_> = (0..60).flat_map(|minute| often.tick(at(minute))).collect();
    assert_eq!(steps(&many), steps(&commands), "however often one looks");

    let mut stopped = Escalation::start(ladder, at(0));
    stopped.tick(at(5));
    assert_eq!(stopped.level(), 2);
    stopped.acknowledge("ann".into());
    assert!(stopped.tick(at(100)).is_empty());
}

#[test]
fn every_fault_of_a_policy_is_reported() {
    let policy: AlertPolicy = serde_json::from_str(
        r#"{"rules": [["negative", {"window": 0, "threshold": 5000}], ["negative", {"quiet": -1, "threshold": 0}]],
            "inhibitions": [{"source": "crisis", "target": "crisis"}, {"source": "crisis", "target": "negative"},
                            {"source": "negative", "target": "sla"}, {"source": "sla", "target": "crisis"}]}"#,
    )
    .unwrap();
    let error = policy.check().unwrap_err();
    let text = error.to_string();
    for part in
        ["window of 0 ms", "of 5000 (1 to 1000)", "has a rule already", "quiet of -1", "of 0 (1", "neither"]
    {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(error.faults().len(), 6, "{text}");
    assert!(error.faults().iter().all(|fault| fault.remedy().is_some()));
    let sound = r#"{"inhibitions": [{"source": "crisis", "target": "crisis"}, {"source": "crisis", "target": "negative"}]}"#;
    assert!(serde_json::from_str::<AlertPolicy>(sound).unwrap().check().is_ok());
}

/// A flood is counted to the last, and remembered no further than stated.
#[test]
fn a_flood_costs_no_more_than_is_stated() {
    let (mut alerts, policy) = (Alerts::default(), AlertPolicy::default());
    for number in 0..3_000 {
        alerts.step(signal(&number.to_string(), AlertKind::Negative, &[]), at(1), &policy);
    }
    let written = serde_json::to_string(&alerts).unwrap();
    assert!(written.len() < 20 * AlertRule::MAX_REMEMBERED, "{} bytes", written.len());
    assert_eq!(alerts.active()[0].1.count, 3_000);
    alerts.step(signal("2999", AlertKind::Negative, &[]), at(1), &policy);
    assert_eq!(alerts.active()[0].1.count, 3_000, "the latest are known again");
}
