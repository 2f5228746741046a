//! The alerts of the simulated world, and what must hold of them: invariants 9 and 14.

use super::{Checks, Coverage};
use crate::route::Random;
use hearken::desk::*;
use hearken::model::{Priority, Timestamp};
use std::collections::BTreeMap;

const MINUTE: i64 = 60_000;
const INTERVAL: i64 = 30 * MINUTE;

pub(super) struct Alarm {
    pub(super) alerts: Alerts,
    policy: AlertPolicy,
    /// When each alert was last told: a plain record.
    told: BTreeMap<AlertKey, Timestamp>,
    silences: Vec<Silence>,
    /// Time never runs backwards.
    now: Timestamp,
}

impl Alarm {
    pub(super) fn new() -> Self {
        let quiet_in_crisis =
            |target| Inhibition { source: AlertKind::Crisis, target, equal: Default::default() };
        let rule = AlertRule { repeat_interval: INTERVAL, quiet: 120 * MINUTE, ..AlertRule::default() };
        Self {
            alerts: Alerts::default(),
            policy: AlertPolicy {
                rules: vec![(AlertKind::Negative, rule.clone()), (AlertKind::Crisis, rule)],
                inhibitions: vec![quiet_in_crisis(AlertKind::Negative), quiet_in_crisis(AlertKind::Crisis)],
            },
            told: BTreeMap::new(),
            silences: Vec::new(),
            now: Timestamp::from_millis(0),
        }
    }

    /// Something happens to alerts.
    pub(super) fn event(
        &mut self,
        random: &mut Random,
        now: Timestamp,
        coverage: &mut Coverage,
    ) -> AlertEvent {
        let id = random.below(60).to_string();
        let kind = if random.below(9) == 0 { AlertKind::Crisis } else { AlertKind::Negative };
        let key = AlertKey { kind: kind.clone(), labels: Labels::new() };
        match random.below(6) {
            0 => AlertEvent::Resolve(key),
            1 => AlertEvent::Acknowledge { key, by: "agent1".into() },
            2 if random.below(4) == 0 => {
                *coverage.entry("silenced").or_default() += 1;
                let until = now + random.below(40 * MINUTE as u64) as i64;
                let silence = Silence { kind: Some(kind), labels: Labels::new(), from: now, until };
                self.silences.push(silence.clone());
                AlertEvent::Silence(silence)
            }
            _ => AlertEvent::Signal(Signal { id, kind, priority: Priority::High, labels: Labels::new() }),
        }
    }

    pub(super) fn step(
        &mut self,
        event: AlertEvent,
        now: Timestamp,
        checks: &mut Checks,
        coverage: &mut Coverage,
    ) -> Vec<AlertCommand> {
        let commands = self.alerts.step(event.clone(), now, &self.policy);
        self.now = self.now.max(now);
        let now = self.now;
        for command in &commands {
            match command {
                AlertCommand::Notify { key, .. } => {
                    // Those that were told and are over in one late tick are told of, but last no longer.
                    let told =
                        self.alerts.active().iter().find(|(other, _)| other == key).and_then(|(_, a)| a.told);
                    if let (Some(before), Some(told)) = (self.told.get(key), told) {
                        let apart = told.since(*before) >= INTERVAL || told == *before;
                        checks.must(14, apart, || format!("told at {before} and {told}"));
                    }
                    self.told.insert(key.clone(), told.unwrap_or(now));
                    *coverage.entry("alert told").or_default() += 1;
                }
                AlertCommand::Resolved(key) => {
                    let was_told = self.told.remove(key).is_some();
                    checks.must(14, was_told, || format!("{key:?} is over and was not told, or over twice"));
                    *coverage.entry("alert over").or_default() += 1;
                }
                _ => {}
            }
        }
        for (key, alert) in self.alerts.active().iter().filter(|(_, alert)| alert.told == Some(now)) {
            let quiet = self.is_quiet(key, alert, now);
            checks.must(14, !quiet, || format!("{key:?} was told of at {now} although it is kept quiet"));
        }
        let again = self.alerts.clone().step(AlertEvent::Tick, now, &self.policy);
        checks.must(14, again.is_empty(), || format!("told again: {again:?}"));
        if let AlertEvent::Signal(_) = event {
            let mut twice = self.alerts.clone();
            let again = twice.step(event, now, &self.policy);
            let same = again.is_empty() && twice == self.alerts;
            checks.must(11, same, || format!("the same signal again: {again:?}"));
        }
        self.silences.retain(|silence| silence.until > now);
        self.quiet(now, checks, coverage);
        commands
    }

    /// Something keeps an alert quiet this very instant: a silence until its exact end, or another kind of alert; never
    /// itself.
    fn is_quiet(&self, key: &AlertKey, alert: &Alert, now: Timestamp) -> bool {
        let silenced = self.silences.iter().any(|silence| {
            silence.kind.as_ref() == Some(&key.kind) && (silence.from..silence.until).contains(&now)
        });
        silenced || (key.kind == AlertKind::Negative && self.crisis() && alert.since.is_some())
    }

    fn crisis(&self) -> bool {
        let begun = |(key, alert): &(AlertKey, Alert)| key.kind == AlertKind::Crisis && alert.since.is_some();
        self.alerts.active().iter().any(begun)
    }

    /// What lasts and is not kept quiet has been told.
    fn quiet(&self, now: Timestamp, checks: &mut Checks, coverage: &mut Coverage) {
        for (key, alert) in self.alerts.active().iter().filter(|(_, alert)| alert.since.is_some()) {
            if key.kind == AlertKind::Negative && self.crisis() {
                *coverage.entry("inhibited").or_default() += 1;
            }
            let told = alert.told.is_some() || self.is_quiet(key, alert, now);
            checks.must(14, told, || format!("{key:?} was not told by {now}"));
        }
    }

    /// One late tick says what many would have said, in the same order.
    pub(super) fn ticks(&self, random: &mut Random, now: Timestamp, checks: &mut Checks) {
        let (mut often, mut once) = (self.alerts.clone(), self.alerts.clone());
        let (mut at, mut said) = (now, Vec::new());
        for _ in 0..6 {
            at = at + random.below(50 * MINUTE as u64) as i64;
            said.extend(often.step(AlertEvent::Tick, at, &self.policy));
        }
        let late = once.step(AlertEvent::Tick, at, &self.policy);
        let news = |commands: Vec<AlertCommand>| -> Vec<AlertCommand> {
            commands.into_iter().filter(|command| !matches!(command, AlertCommand::WakeAt(_))).collect()
        };
        let (said, late) = (news(said), news(late));
        checks.must(9, said == late, || format!("often {said:?}, once {late:?}"));
    }
}
