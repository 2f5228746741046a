//! One case from the first word to the last, told from its receipts alone.

use crate::board::short;
use crate::run::{Run, Turn};
use hearken::engine::{Action, Disposition, Finding};
use std::io::{Result, Write};

/// The turns that concern a case: its items, and commands and timers whose receipts or effects name it.
fn turns_of<'r>(run: &'r Run, case: &str) -> Vec<&'r Turn> {
    let effects = run.turns.iter().flat_map(|turn| &turn.outcome.effects);
    let children = effects.filter_map(|effect| match &effect.action {
        Action::Escalate { case: parent, child, .. } if parent.as_str() == case => Some(child.as_str()),
        _ => None,
    });
    let family: Vec<&str> = std::iter::once(case).chain(children).collect();
    let concerns = |turn: &&Turn| {
        let assessed = turn.outcome.assessment.as_ref().and_then(|found| found.case.as_ref());
        let told = serde_json::to_string(&(&turn.event, &turn.outcome.effects)).unwrap_or_default();
        let named = family.iter().any(|case| told.contains(case));
        let decided = !matches!(turn.outcome.disposition, Disposition::Dropped(_));
        decided && (assessed.is_some_and(|id| id.as_str() == case) || named)
    };
    run.turns.iter().filter(concerns).collect()
}

fn result<'t>(turn: &'t Turn, what: &str) -> Option<&'t Finding> {
    turn.outcome.receipt.find(what)
}

pub fn print(out: &mut impl Write, run: &Run, item: &str) -> Result<()> {
    let first = run.turns.iter().find(|turn| {
        turn.item().is_some_and(|seen| seen.key.to_string() == item) && turn.outcome.assessment.is_some()
    });
    let case = first.and_then(|turn| turn.outcome.assessment.as_ref()).and_then(|found| found.case.clone());
    let (Some(first), Some(case)) = (first, case) else {
        return writeln!(out, "\nno case to tell of");
    };
    writeln!(out, "\nTHE STORY OF CASE {case}, FROM ITS RECEIPTS")?;
    if let Some(seen) = first.item() {
        writeln!(out, "  “{}”", seen.content.text.reveal())?;
    }
    for turn in turns_of(run, case.as_str()) {
        for line in lines(turn) {
            writeln!(out, "  {}  {line}", short(turn.at))?;
        }
    }
    Ok(())
}

/// What a turn decided, a line each.
fn lines(turn: &Turn) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(found) = &turn.outcome.assessment {
        let topics: Vec<&str> = crate::board::words(found, "topic").collect();
        lines.push(format!("heard      on {}: {}", found.item.platform, topics.join(", ")));
        if let Some(sentiment) = result(turn, "sentiment") {
            lines.push(format!("feeling    {}", sentiment.result));
        }
        if let (Some(identity), Some(customer)) = (result(turn, "identity"), &found.customer) {
            let parts: Vec<String> = identity
                .because
                .iter()
                .filter_map(|part| part.points.map(|points| format!("{} {points:+}", part.what)))
                .collect();
            let sure = f64::from(customer.probability) / 10.0;
            let evidence = if parts.is_empty() { identity.result.to_string() } else { parts.join(", ") };
            lines.push(format!("who        customer {}, {sure:.1} % sure ({evidence})", customer.customer));
        }
        if let Some(route) = result(turn, "route") {
            let rules: Vec<&str> = route.because.iter().map(|rule| &*rule.what).collect();
            lines.push(format!("rules      {} ({})", rules.join(", "), route.result));
        }
    }
    for finding in &turn.outcome.receipt.findings {
        match &*finding.what {
            "case" => lines.push(format!("case       {}", finding.result)),
            "acknowledged" | "linked" | "draft" | "ladder" => {
                lines.push(format!("{:<10} {}", finding.what, finding.result))
            }
            _ => {}
        }
    }
    for effect in &turn.outcome.effects {
        lines.extend(match &effect.action {
            Action::Alert { kind, priority, to, reason, .. } => {
                Some(format!("alert      {kind}, {priority}, to {to}: {reason}"))
            }
            Action::Assign { team, agent: Some(agent), .. } => Some(format!("assigned   {team}: {agent}")),
            Action::Assign { team, agent: None, .. } => Some(format!("waits      for {team}")),
            Action::Draft { text, private, .. } => {
                let way = if *private { "by private message" } else { "in public" };
                Some(format!("drafted    {way}: “{}”", text.reveal()))
            }
            Action::Reply { text, .. } => Some(format!("reply      may go out: “{}”", text.reveal())),
            Action::Escalate { team, child, .. } => Some(format!("escalated  to {team}, as case {child}")),
            Action::AskCsat { .. } => Some("asked      how satisfied the customer is".to_owned()),
            _ => None,
        });
    }
    if let hearken::engine::Event::Command { command } = &turn.event {
        let said = serde_json::to_value(command).unwrap_or_default();
        match said["do"].as_str() {
            Some("reply_sent") => {
                lines.insert(0, format!("replied    by {}", said["by"].as_str().unwrap_or("?")))
            }
            Some("resolve") => {
                lines.insert(0, format!("resolved   {}", said["code"].as_str().unwrap_or("?")))
            }
            Some("csat") => {
                lines.insert(0, format!("satisfied  {} of {} (CSAT)", said["score"], said["scale"]))
            }
            Some("confirm") => lines.insert(0, "confirmed  the customer is content".to_owned()),
            _ => {}
        }
    }
    lines
}

/// The full receipts of an item, or of every turn of a case.
pub fn explain(out: &mut impl Write, run: &Run, id: &str) -> Result<()> {
    let of_item = |turn: &&Turn| &*turn.outcome.receipt.event == id;
    let mut turns: Vec<&Turn> = run.turns.iter().filter(of_item).collect();
    if turns.is_empty() {
        turns = turns_of(run, id);
    }
    if turns.is_empty() {
        return writeln!(
            out,
            "nothing is known of {id}; ids look like x:2033448681599926329 or C-0123456789ab"
        );
    }
    for turn in turns {
        writeln!(out, "{}", turn.outcome.receipt)?;
    }
    Ok(())
}
