//! The board: who spoke, what they meant, how much it matters, where it goes, by when.

use crate::run::{Run, Turn};
use hearken::engine::{Action, Assessment, Disposition};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Result, Write};

/// Cuts to `width` characters and pads to it.
fn fit(text: &str, width: usize) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut cut: String = flat.chars().take(width).collect();
    if flat.chars().count() > width {
        cut.pop();
        cut.push('…');
    }
    let pad = width.saturating_sub(cut.chars().count());
    cut + &" ".repeat(pad)
}

pub fn words<'a>(found: &'a Assessment, field: &str) -> impl Iterator<Item = &'a str> {
    found.words.get(field).into_iter().flatten().map(|word| &**word)
}

/// The author: the customer and how sure, else the handle.
pub fn who(run: &Run, turn: &Turn) -> String {
    let item = turn.item();
    let handle = item.and_then(|item| item.author.as_ref()).map_or_else(
        || "?".to_owned(),
        |author| match (&author.handle, &author.display_name) {
            (Some(handle), _) => format!("@{}", handle.reveal().trim_start_matches('@')),
            (None, Some(name)) => name.reveal().to_owned(),
            (None, None) => author.key.id.to_string(),
        },
    );
    let Some(found) = turn.outcome.assessment.as_ref().and_then(|found| found.customer.as_ref()) else {
        return handle;
    };
    let name = run.customers.get(found.customer.as_str()).map_or_else(
        || found.customer.to_string(),
        |customer| {
            let part =
                |name: &Option<hearken::model::Personal>| name.as_ref().map_or("", |n| n.reveal()).to_owned();
            format!("{} {}", part(&customer.given), part(&customer.family))
        },
    );
    let sure = f64::from(found.probability) / 10.0;
    if found.linked { format!("{name} {sure:.0}%") } else { format!("{handle} = {name}? {sure:.0}%") }
}

/// What they meant, in a few words.
pub fn meaning(found: &Assessment) -> String {
    let mut parts: Vec<&str> = words(found, "topic").chain(words(found, "intent")).collect();
    parts.dedup();
    parts.join(" ")
}

pub fn mood(found: &Assessment) -> &'static str {
    match found.numbers.get("sentiment").copied().unwrap_or(0.0) {
        score if score < -0.25 => "−",
        score if score > 0.25 => "+",
        _ => "·",
    }
}

/// Alerts that the turn set off.
pub fn alerts(turn: &Turn) -> Vec<String> {
    let of = |action: &Action| match action {
        Action::Alert { kind, to, .. } => Some(format!("{kind} → {to}")),
        _ => None,
    };
    turn.outcome.effects.iter().filter_map(|effect| of(&effect.action)).collect()
}

/// A timestamp as day, month and minute.
pub fn short(at: hearken::model::Timestamp) -> String {
    let text = at.to_string();
    format!("{} {}", text.get(5..10).unwrap_or(""), text.get(11..16).unwrap_or(""))
}

pub fn print(out: &mut impl Write, run: &Run) -> Result<()> {
    let colour = std::io::stdout().is_terminal();
    let paint = |text: String, code: &str| if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text };
    let heard: Vec<&Turn> = run.turns.iter().filter(|turn| turn.item().is_some()).collect();
    let inbound = |turn: &&&Turn| {
        turn.outcome.assessment.as_ref().is_some_and(|found| found.numbers.contains_key("sentiment"))
    };
    writeln!(out, "LUMORA   {} items heard, {} customers known\n", heard.len(), run.customers.len())?;
    let header = format!(
        "{} {} {} {} {} {} {} {} {}",
        fit("when", 11),
        fit("where", 11),
        fit("who", 26),
        fit("said", 44),
        fit("m", 1),
        fit("meant", 26),
        fit("lead", 8),
        fit("priority", 8),
        "goes to, by when, alerts"
    );
    writeln!(out, "{}", paint(header, "1"))?;
    for turn in heard.iter().filter(inbound) {
        let (Some(item), Some(found)) = (turn.item(), &turn.outcome.assessment) else { continue };
        let lead = match (&found.lead, &found.grade) {
            (Some(points), Some(grade)) if points.as_thousandths() > 0 => {
                format!("{:.0} {grade}", points.as_f64())
            }
            _ => String::new(),
        };
        let mut goes = match (&found.team, &found.agent) {
            (Some(team), Some(agent)) => format!("{team}/{agent}"),
            (Some(team), None) => format!("{team} queue"),
            _ if found.rule.as_deref() == Some("spam") => "hidden".to_owned(),
            _ => "—".to_owned(),
        };
        if let Some(due) = found.due {
            goes += &format!(" by {}", short(due));
        }
        for alert in alerts(turn) {
            goes += &format!("  ! {alert}");
        }
        let revised = if turn.outcome.disposition == Disposition::Revised { "✎" } else { " " };
        let line = format!(
            "{} {} {} {}{} {} {} {} {} {}",
            fit(&short(turn.at), 11),
            fit(item.key.platform.as_str(), 11),
            fit(&who(run, turn), 26),
            revised,
            fit(item.content.text.reveal(), 43),
            mood(found),
            fit(&meaning(found), 26),
            fit(&lead, 8),
            fit(found.priority.name(), 8),
            goes
        );
        let code = match found.priority {
            hearken::model::Priority::Critical => "1;31",
            hearken::model::Priority::Urgent => "31",
            hearken::model::Priority::High => "33",
            _ => "0",
        };
        writeln!(out, "{}", paint(line, code))?;
    }
    noticed(out, run)?;
    refused(out, run)
}

/// What the pulse noticed and what the clock set off.
fn noticed(out: &mut impl Write, run: &Run) -> Result<()> {
    let from_outside = |turn: &&Turn| turn.item().is_none();
    let mut lines = Vec::new();
    for turn in run.turns.iter().filter(from_outside) {
        for effect in &turn.outcome.effects {
            if let Action::Alert { kind, to, reason, .. } = &effect.action {
                lines.push(format!("  {}  {kind} → {to}: {reason}", short(turn.at)));
            }
        }
    }
    writeln!(out, "\nNOTICED BY THE CLOCK AND THE PULSE ({})", lines.len())?;
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Everything that gave no decision, with its reason: nothing is lost.
fn refused(out: &mut impl Write, run: &Run) -> Result<()> {
    let mut dropped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for turn in &run.turns {
        if let (Disposition::Dropped(why), Some(item)) = (&turn.outcome.disposition, turn.item()) {
            let detail = turn.outcome.receipt.find("dropped").map_or("", |finding| &finding.result);
            dropped.entry(format!("{why:?}: {detail}")).or_default().push(item.key.to_string());
        }
    }
    let count: usize = dropped.values().map(Vec::len).sum();
    writeln!(out, "\nDROPPED BY THE ENGINE ({count})")?;
    for (why, items) in &dropped {
        writeln!(out, "  {:>3}  {why}   e.g. {}", items.len(), items.first().map_or("", |item| item))?;
    }
    writeln!(out, "\nREJECTED PIECES OF PAYLOADS ({})", run.refused.len())?;
    for piece in &run.refused {
        let (place, detail) = (&piece.rejected.place, &piece.rejected.detail);
        let place = if place.is_empty() { "the whole" } else { place };
        writeln!(
            out,
            "  {}  {}  {:?}: {}",
            fit(&piece.file, 32),
            fit(place, 28),
            piece.rejected.reason,
            fit(detail, 80)
        )?;
    }
    Ok(())
}
