//! What nobody said and the engine told all the same: crises, ladders, promises, alerts that went unseen.

use crate::clock::Clock;
use crate::line::Line;
use crate::run::{Run, Turn};
use hearken::engine::{Action, Command, Event, PostAct};
use hearken::model::{CaseId, Timestamp};
use std::collections::BTreeMap;

/// What happened in a crisis: what the pulse saw, who was told, who acted, what the playbook asks for, which posts went out
/// and which had to wait.
pub fn crisis(run: &Run, clock: &Clock<'_>) -> Vec<String> {
    let mut lines: Vec<(Timestamp, String)> =
        run.turns.iter().flat_map(|turn| of_crisis(turn, clock)).collect();
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().map(|(at, line)| format!("{}  {line}", clock.stamp(at))).collect()
}

fn of_crisis(turn: &Turn, clock: &Clock<'_>) -> Vec<(Timestamp, String)> {
    let mut lines = Vec::new();
    match &turn.event {
        Event::Observation { observation: seen } => {
            let level = if seen.level > 0 { format!(" level {} of 4", seen.level) } else { String::new() };
            let (kind, about) = (seen.kind.replace('_', " "), &seen.about);
            lines.push(format!("noticed    {kind}{level} about {about}: {}", measures(&seen.measures)));
        }
        Event::Command { command: Command::Acknowledge { alert, by } } if alert.starts_with("crisis") => {
            lines.push(format!("seen       {alert}, by {by}"));
        }
        Event::Command { command: Command::Post { post, by, act: PostAct::Approve { .. } } } => {
            lines.push(format!("approved   {post}, by {by}"));
        }
        Event::Command { command: Command::Silence { kind, until, by, .. } }
            if matches!(&**kind, "crisis" | "spike") =>
        {
            lines.push(format!("quiet      {kind} until {}, by {by}", clock.stamp(*until).trim()));
        }
        Event::Command { command: Command::Crisis { .. } } => {
            let done = turn.outcome.receipt.findings.iter().filter(|finding| &*finding.what == "crisis");
            lines.extend(done.map(|done| format!("playbook   {}", done.result)));
        }
        _ => {}
    }
    for effect in &turn.outcome.effects {
        if let Action::Alert { kind, to, reason, .. } = &effect.action
            && matches!(&**kind, "crisis" | "spike")
        {
            lines.push(format!("alert      {kind} → {to}: {reason}"));
        }
        match &effect.action {
            Action::Publishing { paused: true, .. } => {
                lines.push("playbook   planned posts are held back".to_owned());
            }
            Action::Publishing { paused: false, .. } => {
                lines.push("playbook   planned posts go out again".to_owned());
            }
            Action::PlaybookStep { step, .. } => {
                lines.push(format!("playbook   {} → {}", step.id, step.owner));
            }
            Action::PostDraft { post, text, .. } => {
                lines.push(format!("to approve {post}: “{}”", text.reveal()));
            }
            Action::Post { post, channels, .. } => {
                lines.push(format!("published  {post}, on {}", channels.join(", ")));
            }
            Action::PostHeld { post, due } => {
                lines.push(format!("held back  {post}, planned for {}", clock.stamp(*due)));
            }
            Action::PostReview { post, why, .. } => lines.push(format!("to look at {post}: {why}")),
            _ => {}
        }
    }
    lines.into_iter().map(|line| (turn.at, line)).collect()
}

/// `24 posts, 19 negative, 24 authors; points for reach 4, shares 4`.
fn measures(measures: &BTreeMap<Box<str>, f64>) -> String {
    let count = |name: &str| measures.get(name).map(|count| format!("{count} {name}"));
    let counts: Vec<String> = ["posts", "negative", "authors"].into_iter().filter_map(count).collect();
    let points = measures.iter().filter_map(|(name, points)| Some((name.strip_prefix("points: ")?, points)));
    let points: Vec<String> = points.map(|(name, points)| format!("{name} {points}")).collect();
    let points =
        if points.is_empty() { String::new() } else { format!("; points for {}", points.join(", ")) };
    format!("{}{points}", counts.join(", "))
}

/// Every other alert of the clock, newest first.
pub fn alerts(run: &Run, clock: &Clock<'_>, heard: &[Line<'_>]) -> Vec<String> {
    let whose: BTreeMap<&CaseId, &str> =
        heard.iter().filter_map(|line| Some((line.found.case.as_ref()?, &*line.who))).collect();
    let mut lines = Vec::new();
    for turn in run.turns.iter().rev().filter(|turn| turn.item().is_none()) {
        for effect in &turn.outcome.effects {
            if let Action::Alert { kind, to, reason, case, .. } = &effect.action
                && !matches!(&**kind, "crisis" | "spike")
            {
                let who = |case| whose.get(case).map_or_else(String::new, |who| format!(" of {who}"));
                let case = case.as_ref().map_or_else(String::new, |case| format!(", {case}{}", who(case)));
                lines.push(format!("{}  {kind} → {to}: {reason}{case}", clock.stamp(turn.at)));
            }
        }
    }
    lines
}
