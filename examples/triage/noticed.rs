//! What nobody said and the engine told all the same: crises, ladders, promises, alerts that went unseen.

use crate::clock::Clock;
use crate::run::{Run, Turn};
use hearken::engine::{Action, Command, Event};
use hearken::model::Timestamp;

/// What happened in a crisis: what the pulse saw, who was told, who acted, what the playbook asks for.
pub fn crisis(run: &Run, clock: &Clock<'_>) -> Vec<String> {
    let mut lines: Vec<(Timestamp, String)> = run.turns.iter().flat_map(of_crisis).collect();
    lines.extend(run.response.iter().map(|(at, line)| (*at, format!("playbook   {line}"))));
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(at, line)| format!("{}  {line}", clock.stamp(at))).collect()
}

fn of_crisis(turn: &Turn) -> Vec<(Timestamp, String)> {
    let mut lines = Vec::new();
    match &turn.event {
        Event::Observation { observation: seen } => {
            let numbers = seen.measures.iter().map(|(name, value)| format!("{name} {value}"));
            let level = if seen.level > 0 { format!(" level {} of 4", seen.level) } else { String::new() };
            let numbers = numbers.collect::<Vec<_>>().join(", ");
            lines.push(format!(
                "noticed    {}{level} about {}: {numbers}",
                seen.kind.replace('_', " "),
                seen.about
            ));
        }
        Event::Command { command: Command::Acknowledge { alert, by } } if alert.starts_with("crisis") => {
            lines.push(format!("seen       {alert}, by {by}"));
        }
        _ => {}
    }
    for effect in &turn.outcome.effects {
        if let Action::Alert { kind, to, reason, .. } = &effect.action
            && matches!(&**kind, "crisis" | "spike")
        {
            lines.push(format!("alert      {kind} → {to}: {reason}"));
        }
    }
    lines.into_iter().map(|line| (turn.at, line)).collect()
}

/// Every other alert of the clock, newest first.
pub fn alerts(run: &Run, clock: &Clock<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for turn in run.turns.iter().rev().filter(|turn| turn.item().is_none()) {
        for effect in &turn.outcome.effects {
            if let Action::Alert { kind, to, reason, case, .. } = &effect.action
                && !matches!(&**kind, "crisis" | "spike")
            {
                let case = case.as_ref().map_or_else(String::new, |case| format!(", {case}"));
                lines.push(format!("{}  {kind} → {to}: {reason}{case}", clock.stamp(turn.at)));
            }
        }
    }
    lines
}
