//! Alerts of a turn: signals in, notices out, one record for each kind of alert.

use super::plan::Plan;
use super::state::{Keys, Target};
use super::turn::{Stop, Turn};
use super::{Action, Finding};
use crate::desk::{AlertCommand, AlertEvent, AlertKey, AlertKind, Alerts, Labels, Signal};
use crate::model::{CaseId, Priority};

/// Something that may become an alert.
pub(super) struct Raised {
    /// What sort: `negative`, `crisis`, `sla-missed`, a rule's own word.
    pub(super) kind: Box<str>,
    /// How much it matters.
    pub(super) priority: Priority,
    /// Who is told.
    pub(super) to: Box<str>,
    /// What it is about: a product, a monitor.
    pub(super) about: Box<str>,
    /// The case.
    pub(super) case: Option<CaseId>,
    /// Why.
    pub(super) reason: String,
}

fn kind_of(name: &str) -> AlertKind {
    match name {
        "negative" => AlertKind::Negative,
        "crisis" => AlertKind::Crisis,
        "opportunity" => AlertKind::Opportunity,
        "positive-spike" => AlertKind::PositiveSpike,
        "unattended" => AlertKind::Unattended,
        other => AlertKind::Custom(other.to_owned()),
    }
}

/// An alert's group as one word; it names what the alert is about, never a person.
fn group(kind: &str, key: &AlertKey) -> Box<str> {
    let labels: Vec<String> = key.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if labels.is_empty() { kind.into() } else { format!("{kind}/{}", labels.join(",")).into() }
}

/// The alerts of the kinds that a turn touches.
pub(super) fn raise(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, raised: &[Raised]) -> Result<(), Stop> {
    let mut kinds: Vec<&str> = raised.iter().map(|one| &*one.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        let mut state = load(turn, kind)?;
        for one in raised.iter().filter(|one| &*one.kind == kind) {
            let mut labels = Labels::new();
            labels.insert("about".to_owned(), one.about.to_string());
            labels.insert("to".to_owned(), one.to.to_string());
            let id = turn.engine.token(&format!("{} {:?} {}", plan.receipt.event, one.case, one.about));
            let signal = Signal { id, kind: kind_of(kind), priority: one.priority, labels };
            let commands = state.step(AlertEvent::Signal(signal), turn.now, &turn.engine.alert_policy);
            let told = commands.iter().any(|command| matches!(command, AlertCommand::Notify { .. }));
            let what = Finding::new("alert").result(format!("{kind}, {}: {}", one.priority, one.reason));
            plan.find(if told { what } else { what.child(Finding::new("told before, or waiting")) });
            carry(plan, kind, commands, Some(one));
        }
        plan.put_shared(Keys(&turn.engine.tenant).alerts(kind), state);
    }
    Ok(())
}

/// Tells the alerts of one kind that time has passed, or that somebody has seen one.
pub(super) fn tell(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    kind: &str,
    event: impl FnOnce(&Alerts) -> Option<AlertEvent>,
) -> Result<bool, Stop> {
    let mut state = load(turn, kind)?;
    let Some(event) = event(&state) else { return Ok(false) };
    let commands = state.step(event, turn.now, &turn.engine.alert_policy);
    carry(plan, kind, commands, None);
    plan.put_shared(Keys(&turn.engine.tenant).alerts(kind), state);
    Ok(true)
}

/// The active alert of that group.
pub(super) fn find(alerts: &Alerts, kind: &str, name: &str) -> Option<AlertKey> {
    alerts.active().iter().map(|(key, _)| key).find(|key| &*group(kind, key) == name).cloned()
}

fn load(turn: &Turn<'_>, kind: &str) -> Result<Alerts, Stop> {
    let key = Keys(&turn.engine.tenant).alerts(kind);
    Ok(turn.get::<Alerts>(&key)?.map(|state| (*state).clone()).unwrap_or_default())
}

fn carry(plan: &mut Plan<'_, '_>, kind: &str, commands: Vec<AlertCommand>, raised: Option<&Raised>) {
    for command in commands {
        match command {
            AlertCommand::Notify { key, priority, count, round } => {
                let reason = match raised {
                    Some(one) if count == 1 => one.reason.clone(),
                    Some(one) => format!("{} ({count} signals)", one.reason),
                    None => format!("{count} signals, notice {round}"),
                };
                plan.effect(Action::Alert {
                    group: group(kind, &key),
                    kind: kind.into(),
                    priority,
                    to: raised.map_or_else(|| "on-call".into(), |one| one.to.clone()),
                    case: raised.and_then(|one| one.case.clone()),
                    reason: reason.into(),
                });
            }
            AlertCommand::Resolved(key) => plan.find(Finding::new("alert over").result(group(kind, &key))),
            AlertCommand::WakeAt(at) => plan.timer(at, Target::Alerts(kind.into())),
        }
    }
}
