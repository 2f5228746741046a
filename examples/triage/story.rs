//! One case from the first word to the last, read back from the store: what was said, what was done, and why.

use crate::board::short;
use crate::run::{Run, Turn};
use hearken::desk::{CaseEvent, Entry};
use hearken::engine::{Finding, Line, Receipt, Story, StoryPage, look};
use hearken::model::{CaseId, Timestamp};
use std::error::Error;
use std::io::Write;

/// A case's whole story, page after page.
fn read(run: &Run, case: &CaseId) -> Result<Option<StoryPage>, Box<dyn Error>> {
    let mut view = Story::of("lumora", case.clone());
    let Some(mut story) = look(&view, &run.store)? else { return Ok(None) };
    while let Some(next) = story.next.take() {
        view = view.after(next);
        let Some(page) = look(&view, &run.store)? else { break };
        story.receipts.extend(page.receipts);
        story.next = page.next;
    }
    Ok(Some(story))
}

/// The case that an item belongs to.
fn case_of(run: &Run, item: &str) -> Option<CaseId> {
    let found = |turn: &Turn| turn.outcome.assessment.as_ref()?.case.clone();
    run.turns
        .iter()
        .filter(|turn| turn.item().is_some_and(|seen| seen.key.to_string() == item))
        .find_map(found)
}

pub fn print(out: &mut impl Write, run: &Run, item: &str) -> Result<(), Box<dyn Error>> {
    let Some(case) = case_of(run, item) else { return Ok(writeln!(out, "\nno case to tell of")?) };
    let Some(story) = read(run, &case)? else { return Ok(writeln!(out, "\nno case to tell of")?) };
    writeln!(out, "\nTHE STORY OF CASE {case}, FROM ITS RECEIPTS")?;
    let mut lines: Vec<(Timestamp, String)> = tell(&story);
    for entry in &story.case.timeline {
        if let CaseEvent::Escalate { child, .. } = &entry.event
            && let Some(child) = read(run, child)?
        {
            lines.extend(child.case.timeline.iter().filter_map(done));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    for (at, line) in lines {
        writeln!(out, "  {}  {line}", short(at))?;
    }
    Ok(())
}

/// What was said, what was done, and why, a line each.
fn tell(story: &StoryPage) -> Vec<(Timestamp, String)> {
    let mut lines = Vec::new();
    for receipt in &story.receipts {
        let said = story.lines.iter().find(|line| line.item.key.to_string() == *receipt.event);
        if let Some(Line { item, assessment, .. }) = said {
            let words = format!("heard      on {}: “{}”", item.key.platform, item.content.text.reveal());
            lines.push((receipt.at, words));
            let who = assessment.as_ref().and_then(|found| found.customer.as_ref());
            lines.extend(who.map(|found| {
                let sure = f64::from(found.probability) / 10.0;
                (receipt.at, format!("customer   {}, {sure:.1} % sure", found.customer))
            }));
        }
        lines.extend(findings(receipt).into_iter().map(|line| (receipt.at, line)));
        let drafted = story.draft.as_ref().filter(|draft| draft.id.starts_with(&*receipt.event));
        lines.extend(drafted.map(|draft| (receipt.at, format!("drafted    “{}”", draft.text))));
    }
    lines.extend(story.case.timeline.iter().filter_map(done));
    lines
}

/// What a turn found and decided.
fn findings(receipt: &Receipt) -> Vec<String> {
    let names = |finding: &Finding| {
        finding.because.iter().map(|part| part.what.to_string()).collect::<Vec<_>>().join(", ")
    };
    let points = |finding: &Finding| {
        let parts =
            finding.because.iter().filter_map(|part| Some(format!("{} {:+}", part.what, part.points?)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    for finding in &receipt.findings {
        let result = &finding.result;
        lines.extend(match &*finding.what {
            "category" => Some(format!("category   {result}")),
            "sentiment" => Some(format!("feeling    {result}")),
            "identity" if finding.because.is_empty() => Some(format!("who        {result}")),
            "identity" => Some(format!("who        {result} ({})", points(finding))),
            "route" => Some(format!("rules      {} ({result})", names(finding))),
            "alert" => Some(format!("alert      {result}")),
            "acknowledged" => Some(format!("seen       {result}")),
            "draft" | "ladder" | "case" | "assigned" => Some(format!("{:<10} {result}", finding.what)),
            _ => None,
        });
    }
    lines
}

/// What somebody did to a case.
fn done(entry: &Entry) -> Option<(Timestamp, String)> {
    let line = match &entry.event {
        CaseEvent::Reply { by, .. } => format!("replied    by {by}"),
        CaseEvent::Escalate { child, team, why } => format!("escalated  to {team}, as case {child}: {why}"),
        CaseEvent::ChildOver(child) => format!("helped     by case {child}"),
        CaseEvent::Resolve(code) => format!("resolved   {code}"),
        CaseEvent::Csat { score, scale } => format!("satisfied  {score} of {scale} (CSAT)"),
        CaseEvent::Confirm => "confirmed  the customer is content".to_owned(),
        _ => return None,
    };
    Some((entry.at, line))
}

/// The full receipts of an item, or of every turn of a case.
pub fn explain(out: &mut impl Write, run: &Run, id: &str) -> Result<(), Box<dyn Error>> {
    let of_item = |turn: &&Turn| &*turn.outcome.receipt.event == id;
    let turns: Vec<&Turn> = run.turns.iter().filter(of_item).collect();
    for turn in &turns {
        writeln!(out, "{}", turn.outcome.receipt)?;
    }
    if turns.is_empty() {
        match read(run, &id.into())? {
            Some(story) => story.receipts.iter().try_for_each(|receipt| writeln!(out, "{receipt}"))?,
            None => writeln!(
                out,
                "nothing is known of {id}; ids look like x:2033448681599926329 or C-0123456789ab"
            )?,
        }
    }
    Ok(())
}
