//! Alerts of a turn: signals in, notices out, one record for each kind of alert; kinds that keep each other quiet share
//! one.
//!
//! ```text
//! rule, promise, desk, pulse ─► Signal ─► Alerts ─┬─ notify, repeat ─► Action::Alert to the alert's own target
//!                                                 └─ told, unseen ───► Escalation ─► Action::Alert up the ladder
//! ```

use super::ladder;
use crate::desk::{Alert, AlertCommand, AlertEvent, AlertKey, AlertKind, Alerts, Escalation};
use crate::desk::{EscalationCommand, Labels, Signal, Silence};
use crate::engine::Action;
use crate::engine::Finding;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{CaseRecord, Chapter, Keys, Target};
use crate::engine::turn::Turn;
use crate::model::{AgentId, CaseId, Priority, Timestamp};
use crate::store::Key;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something that may become an alert.
pub(in crate::engine) struct Raised {
    /// What sort: `negative`, `crisis`, `sla-missed`, a rule's own word.
    pub(in crate::engine) kind: Box<str>,
    /// How much it matters.
    pub(in crate::engine) priority: Priority,
    /// Who is told.
    pub(in crate::engine) to: Box<str>,
    /// What it is about: a product, a monitor.
    pub(in crate::engine) about: Box<str>,
    /// The case.
    pub(in crate::engine) case: Option<CaseId>,
    /// Why.
    pub(in crate::engine) reason: String,
}

/// The alerts of one kind and its kin, and who is told of each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Book {
    alerts: Alerts,
    /// By group.
    notices: BTreeMap<Box<str>, Notice>,
    /// The one timer that has been asked for. Each signal puts off what is to happen, and asks for no other: when the timer
    /// comes too early, it asks anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    timer: Option<Timestamp>,
}

/// What an alert's notices say, and how far it has climbed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Notice {
    to: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    case: Option<CaseId>,
    priority: Priority,
    reason: Box<str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    climb: Option<Escalation>,
}

fn kind_of(name: &str) -> AlertKind {
    match name {
        "negative" => AlertKind::Negative,
        "crisis" => AlertKind::Crisis,
        "opportunity" => AlertKind::Opportunity,
        "positive-spike" | "positive_spike" => AlertKind::PositiveSpike,
        "unattended" => AlertKind::Unattended,
        other => AlertKind::Custom(other.to_owned()),
    }
}

/// Under what name the alerts of a kind are kept: the least of those that share inhibitions with it.
fn family(turn: &Turn<'_>, kind: &str) -> Box<str> {
    let kind = kind_of(kind);
    let kin = turn.engine.alert_policy.kin(&kind);
    kin.into_iter().map(AlertKind::name).min().unwrap_or_default().into()
}

/// An alert's group as one word; it names what the alert is about, never a person.
fn group(key: &AlertKey) -> Box<str> {
    let kind = key.kind.name();
    let labels: Vec<String> = key.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if labels.is_empty() { kind.into() } else { format!("{kind}/{}", labels.join(",")).into() }
}

/// The alerts of the kinds that a turn touches.
pub(in crate::engine) fn raise(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    raised: &[Raised],
) -> Result<(), Stop> {
    tick(turn, plan, &BTreeSet::new(), raised)
}

/// Time has passed for the alerts that are kept under some names, and more are raised.
pub(in crate::engine) fn tick(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    woken: &BTreeSet<Box<str>>,
    raised: &[Raised],
) -> Result<(), Stop> {
    let mut families: BTreeMap<Box<str>, Vec<&Raised>> =
        woken.iter().map(|family| (family.clone(), Vec::new())).collect();
    for one in raised {
        families.entry(family(turn, &one.kind)).or_default().push(one);
    }
    look_up(turn, families.keys())?;
    for (family, mut raised) in families {
        let mut book = Book::load(turn, &family)?;
        if woken.contains(&family) {
            book.timer = book.timer.filter(|at| *at > turn.now);
            book.step(turn, plan, AlertEvent::Tick);
        }
        raised.sort_by(|one, other| one.kind.cmp(&other.kind));
        for one in raised {
            book.hear(turn, plan, one);
        }
        book.finish(turn, plan, &family)?;
    }
    Ok(())
}

/// Looks the books of some names up in one round, and the cases of what climbs further in another.
fn look_up<'k>(turn: &Turn<'_>, families: impl IntoIterator<Item = &'k Box<str>>) -> Result<(), Stop> {
    let keys: Vec<Key> =
        families.into_iter().map(|family| Keys(&turn.engine.tenant).alerts(family)).collect();
    turn.want(&keys.iter().collect::<Vec<_>>(), &[])?;
    let mut cases = Vec::new();
    for key in &keys {
        cases.extend(turn.get::<Book>(key)?.iter().flat_map(|book| book.climbing(turn)));
    }
    turn.want(&cases.iter().collect::<Vec<_>>(), &[])
}

/// Somebody has seen an alert: it is told no more, and its ladder stops. False when no such alert is on.
pub(in crate::engine) fn acknowledge(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    kind: &str,
    name: &str,
    by: &AgentId,
) -> Result<bool, Stop> {
    let family = family(turn, kind);
    let mut book = Book::load(turn, &family)?;
    let key = book.alerts.active().iter().map(|(key, _)| key).find(|key| &*group(key) == name).cloned();
    let climb = book.notices.get_mut(name).and_then(|notice| notice.climb.as_mut());
    if key.is_none() && climb.is_none() {
        return Ok(false);
    }
    if let Some(climb) = climb {
        climb.acknowledge(by.clone());
    }
    if let Some(case) = book.notices.get(name).and_then(|notice| notice.case.clone()) {
        tells(turn, plan, &case)?;
    }
    if let Some(key) = key {
        book.step(turn, plan, AlertEvent::Acknowledge { key, by: by.clone() });
    }
    book.finish(turn, plan, &family)?;
    Ok(true)
}

/// Nothing of a kind is told until then, but for what is about something else.
pub(in crate::engine) fn silence(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    kind: &str,
    about: Option<&str>,
    until: Timestamp,
) -> Result<(), Stop> {
    let family = family(turn, kind);
    let mut book = Book::load(turn, &family)?;
    let labels = about.map(|about| ("about".to_owned(), about.to_owned())).into_iter().collect();
    let silence = Silence { kind: Some(kind_of(kind)), labels, from: turn.now, until };
    book.step(turn, plan, AlertEvent::Silence(silence));
    book.finish(turn, plan, &family)
}

/// The case that an alert belongs to hears of it, if it is still there; true while it is not over.
fn tells(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, case: &CaseId) -> Result<bool, Stop> {
    let Some(record) = turn.get::<CaseRecord>(&Keys(&turn.engine.tenant).case(case))? else {
        return Ok(false);
    };
    plan.tells(&record, Chapter::default());
    Ok(!record.case.status.is_over())
}

impl Book {
    fn load(turn: &Turn<'_>, family: &str) -> Result<Self, Stop> {
        let key = Keys(&turn.engine.tenant).alerts(family);
        Ok(turn.get::<Self>(&key)?.map(|book| (*book).clone()).unwrap_or_default())
    }

    /// Takes in what may become an alert.
    fn hear(&mut self, turn: &Turn<'_>, plan: &mut Plan<'_, '_>, one: &Raised) {
        let kind = &one.kind;
        let labels = [("about", &one.about), ("to", &one.to)];
        let labels: Labels =
            labels.into_iter().map(|(name, value)| (name.to_owned(), value.to_string())).collect();
        let id = turn.engine.token(&format!("{} {:?} {}", plan.receipt.event, one.case, one.about));
        let signal = Signal { id, kind: kind_of(kind), priority: one.priority, labels };
        let group = group(&turn.engine.alert_policy.key(&signal));
        self.notices.entry(group.clone()).or_insert_with(|| Notice::of(one)).hear(one);
        let told = self.step(turn, plan, AlertEvent::Signal(signal));
        let what = Finding::new("alert").result(format!("{kind}, {}: {}", one.priority, one.reason));
        plan.find(match told.contains(&group) {
            true => what,
            false => what.child(Finding::new("told before, or waiting")),
        });
    }

    /// Tells the alerts something; the groups whose notice went out.
    fn step(&mut self, turn: &Turn<'_>, plan: &mut Plan<'_, '_>, event: AlertEvent) -> Vec<Box<str>> {
        let mut told = Vec::new();
        for command in self.alerts.step(event, turn.now, &turn.engine.alert_policy) {
            match command {
                AlertCommand::Notify { key, priority, count, round } => {
                    let group = group(&key);
                    let Some(notice) = self.notices.get_mut(&group) else { continue };
                    notice.priority = priority;
                    let reason = match (count, round) {
                        (1, 1) => notice.reason.to_string(),
                        (_, 1) => format!("{} ({count} signals)", notice.reason),
                        _ => format!("{} ({count} signals, notice {round})", notice.reason),
                    };
                    plan.effect(notice.alert(&group, key.kind.name(), notice.to.clone(), 0, reason));
                    told.push(group);
                }
                AlertCommand::Resolved(key) => {
                    plan.find(Finding::new("alert over").result(group(&key)));
                }
                // All that is kept under one name asks together; see `finish`.
                AlertCommand::WakeAt(_) => {}
            }
        }
        told
    }

    /// The cases of alerts that are due to climb further.
    fn climbing(&self, turn: &Turn<'_>) -> Vec<Key> {
        let further = |climb: &Escalation| climb.level() > 0 && climb.is_due(turn.now);
        let climbing = self.notices.values().filter(|notice| notice.climb.as_ref().is_some_and(further));
        let cases = climbing.filter_map(|notice| Some(Keys(&turn.engine.tenant).case(notice.case.as_ref()?)));
        cases.collect()
    }

    /// Lets what is told and unseen climb, forgets what is over, and writes the rest.
    fn finish(mut self, turn: &Turn<'_>, plan: &mut Plan<'_, '_>, family: &str) -> Result<(), Stop> {
        for (key, alert) in self.alerts.active() {
            let unseen = alert.told.is_some() && alert.acknowledged.is_none();
            let notice = self.notices.get_mut(&group(key)).filter(|notice| notice.climb.is_none());
            if let Some(notice) = notice.filter(|_| unseen) {
                notice.climb = start(turn, key.kind.name(), alert);
            }
        }
        // A ladder whose alert is silenced stands still; what was due by its end is told then.
        let silenced: BTreeSet<Box<str>> = (self.alerts.active().iter())
            .filter(|(key, alert)| self.alerts.is_silenced(key, alert))
            .map(|(key, _)| group(key))
            .collect();
        turn.want(&self.climbing(turn).iter().collect::<Vec<_>>(), &[])?;
        for (group, notice) in self.notices.iter_mut().filter(|(group, _)| !silenced.contains(*group)) {
            notice.climb(turn, plan, group)?;
        }
        // What stands still is looked at when its silence ends.
        let climbing = self.notices.iter().filter(|(group, _)| !silenced.contains(*group));
        let further = climbing.filter_map(|(_, notice)| notice.climb.as_ref()?.due());
        self.ask(turn, plan, family, further.chain(self.alerts.wake()).min());
        let on: BTreeSet<Box<str>> = self.alerts.active().iter().map(|(key, _)| group(key)).collect();
        self.notices.retain(|group, notice| {
            on.contains(group) || notice.climb.as_ref().is_some_and(Escalation::is_climbing)
        });
        plan.put_shared(Keys(&turn.engine.tenant).alerts(family), self);
        Ok(())
    }

    /// Asks to be woken, unless a timer comes no later than that.
    fn ask(&mut self, turn: &Turn<'_>, plan: &mut Plan<'_, '_>, family: &str, next: Option<Timestamp>) {
        let target = || Target::Alerts(family.into());
        if let Some(at) = next.filter(|at| self.timer.is_none_or(|timer| *at < timer)) {
            if let Some(late) = self.timer.replace(at) {
                plan.delete(Keys(&turn.engine.tenant).timer(late, &target()));
            }
            plan.timer(at, target());
        }
    }
}

fn start(turn: &Turn<'_>, kind: &str, alert: &Alert) -> Option<Escalation> {
    let ladder = ladder::find(&turn.engine.ladders, kind, alert.priority)?;
    Some(Escalation::start(ladder.clone(), turn.now))
}

impl Notice {
    fn of(raised: &Raised) -> Self {
        Self {
            to: raised.to.clone(),
            case: raised.case.clone(),
            priority: raised.priority,
            reason: raised.reason.as_str().into(),
            climb: None,
        }
    }

    /// A signal as grave as those before, or graver, says why from now on.
    fn hear(&mut self, raised: &Raised) {
        if raised.priority >= self.priority {
            self.priority = raised.priority;
            self.reason = raised.reason.as_str().into();
        }
    }

    fn alert(&self, group: &str, kind: &str, to: Box<str>, level: u32, reason: String) -> Action {
        let (priority, case) = (self.priority, self.case.clone());
        Action::Alert {
            group: group.into(),
            kind: kind.into(),
            priority,
            to,
            level,
            case,
            reason: reason.into(),
        }
    }

    /// Tells the steps of the ladder that are due, unless the case is over by now.
    fn climb(&mut self, turn: &Turn<'_>, plan: &mut Plan<'_, '_>, group: &str) -> Result<(), Stop> {
        let kind = group.split('/').next().unwrap_or(group);
        let Some(mut climb) = self.climb.clone().filter(Escalation::is_climbing) else { return Ok(()) };
        let due = climb.tick(turn.now);
        let further = due.iter().any(|step| match step {
            EscalationCommand::Tell { round, level, .. } => (*round, *level) != (1, 1),
            _ => false,
        });
        if let Some(case) = self.case.as_ref().filter(|_| further)
            && !tells(turn, plan, case)?
        {
            climb.stop();
            plan.find(Finding::new("ladder").result(format!("{group}: its case is over")));
            self.climb = Some(climb);
            return Ok(());
        }
        for command in due {
            match command {
                EscalationCommand::Tell { to, level, round, .. } => {
                    let own = (level, round) == (1, 1) && to.as_str() == &*self.to;
                    if !own {
                        let reason = format!("{}, step {level} of its ladder", self.reason);
                        plan.effect(self.alert(group, kind, to.as_str().into(), level, reason));
                    }
                    plan.find(Finding::new("ladder").result(format!("{group}: step {level}, {to}")));
                }
                EscalationCommand::Exhausted => {
                    plan.find(Finding::new("ladder").result(format!("{group}: nobody has acknowledged it")));
                }
                EscalationCommand::WakeAt(_) => {}
            }
        }
        self.climb = Some(climb);
        Ok(())
    }
}
