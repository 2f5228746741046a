//! One case from the first word to the last, read back from the store: what was said, what was done, and why.

use crate::config::Config;
use crate::fault::{Loaded, nearest};
use crate::line::Reader;
use crate::run::{Run, Turn};
use hearken::desk::CaseEvent;
use hearken::engine::{Finding, Line, Receipt, Story, StoryPage, look};
use hearken::model::{CaseId, Direction, Timestamp};
use std::collections::BTreeSet;
use std::io::Write;

/// A case's whole story, page after page.
fn read(run: &Run, config: &Config, case: &CaseId) -> Loaded<Option<StoryPage>> {
    let mut view = Story::of(config.tenant(), case.clone());
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
    let about = |turn: &&Turn| turn.item().is_some_and(|seen| seen.key.to_string() == item);
    run.turns.iter().filter(about).find_map(found)
}

/// A case's story: a heading, and a line for everything that was said, found and done.
pub struct Told {
    pub heading: String,
    pub lines: Vec<String>,
}

/// Tells the case of an item, with what colleagues did for it.
pub fn of_item(run: &Run, config: &Config, reader: &Reader<'_>, item: &str) -> Loaded<Told> {
    let case = case_of(run, item).ok_or_else(|| format!("{item} has no case to tell of"))?;
    let mut story = read(run, config, &case)?.ok_or_else(|| format!("case {case} is gone"))?;
    let children: Vec<CaseId> = story.case.timeline.iter().filter_map(|entry| child(&entry.event)).collect();
    for child in &children {
        let told: BTreeSet<_> = story.receipts.iter().map(|one| (one.at, one.event.clone())).collect();
        let theirs = read(run, config, child)?.into_iter().flat_map(|child| child.receipts);
        story.receipts.extend(theirs.filter(|one| !told.contains(&(one.at, one.event.clone()))));
    }
    story.receipts.sort_by_key(|receipt| receipt.at);
    let mut lines = Vec::new();
    for receipt in &story.receipts {
        let at = reader.clock.stamp(receipt.at);
        lines.extend(tell(receipt, &story, reader).into_iter().map(|line| format!("{at}  {line}")));
    }
    Ok(Told { heading: format!("The story of case {case}, from its receipts"), lines })
}

fn child(event: &CaseEvent) -> Option<CaseId> {
    match event {
        CaseEvent::Escalate { child, .. } => Some(child.clone()),
        _ => None,
    }
}

/// What a turn heard, found and decided, a line each.
fn tell(receipt: &Receipt, story: &StoryPage, reader: &Reader<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let said = story.lines.iter().find(|line| line.item.key.to_string() == *receipt.event);
    if let Some(Line { item, assessment, .. }) = said {
        let ours = item.direction == Direction::Outbound;
        let how = if ours { "we said" } else { "heard" };
        let private = if item.is_private() { ", in private" } else { "" };
        lines.push(format!("{how:<10} on {}{private}: “{}”", item.key.platform, item.content.text.reveal()));
        let who = assessment.as_ref().and_then(|found| found.customer.as_ref());
        lines.extend(who.map(|found| {
            let sure = f64::from(found.probability) / 10.0;
            let name = reader.names.customer(found.customer.as_str());
            format!("customer   {name} ({}), {sure:.1} % sure", found.customer)
        }));
    }
    lines.extend(receipt.findings.iter().filter_map(|finding| found(finding, reader)));
    // A receipt holds no words; the case does.
    let noted = story.case.timeline.iter().filter(|entry| entry.at == receipt.at);
    lines.extend(noted.filter_map(|entry| match &entry.event {
        CaseEvent::Note(words) if receipt.find("note").is_some() => Some(format!("           “{words}”")),
        _ => None,
    }));
    let drafted = story.draft.as_ref().filter(|draft| draft.id.starts_with(&*receipt.event));
    lines.extend(drafted.map(|draft| format!("           “{}”", draft.text)));
    lines
}

/// A finding as a line; what only matters to a debugger is left to `--explain`.
fn found(finding: &Finding, reader: &Reader<'_>) -> Option<String> {
    let names = || finding.because.iter().map(|part| part.what.to_string()).collect::<Vec<_>>().join(", ");
    let points = || {
        let parts =
            finding.because.iter().filter_map(|part| Some(format!("{} {:+}", part.what, part.points?)));
        parts.collect::<Vec<_>>().join(", ")
    };
    let result = times(&finding.result, reader);
    Some(match &*finding.what {
        "category" => format!("category   {result}"),
        "sentiment" => format!("feeling    {result}"),
        "identity" if finding.because.is_empty() => format!("who        {result}"),
        "identity" => format!("who        {result} ({})", points()),
        "route" if finding.because.is_empty() => return None,
        "route" => format!("rules      {} ({result})", names()),
        "acknowledged" => format!("seen       {result}"),
        "csat" => format!("satisfied  {result} (CSAT)"),
        "note" | "warned" | "waits" | "draft" | "ladder" | "case" | "assigned" | "alert" | "reply"
        | "escalated" | "helped" | "resolved" | "confirmed" | "thanks" => {
            format!("{:<10} {result}", finding.what)
        }
        _ => return None,
    })
}

/// The words of a finding, its times as the brand's clock shows them.
fn times(result: &str, reader: &Reader<'_>) -> String {
    let word = |word: &str| match Timestamp::parse(word).filter(|_| word.contains('T')) {
        Some(at) => reader.clock.stamp(at).trim().to_owned(),
        None => word.to_owned(),
    };
    result.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The full receipts of an item, or of every turn of a case.
pub fn explain(out: &mut impl Write, run: &Run, config: &Config, id: &str, json: bool) -> Loaded<()> {
    let of_item = run.turns.iter().map(|turn| &*turn.outcome.receipt).filter(|receipt| &*receipt.event == id);
    let mut receipts: Vec<Receipt> = of_item.cloned().collect();
    if receipts.is_empty() {
        receipts = read(run, config, &id.into())?.map(|story| story.receipts).unwrap_or_default();
    }
    if receipts.is_empty() {
        let items = run.turns.iter().filter_map(|turn| Some(turn.item()?.key.to_string()));
        let cases = run.turns.iter().filter_map(|turn| turn.outcome.assessment.as_ref()?.case.clone());
        let known: BTreeSet<String> = items.chain(cases.map(|case| case.to_string())).collect();
        let mut near = nearest(id, known.iter().map(String::as_str));
        if near.is_empty() {
            let some = [known.first(), known.last()].into_iter().flatten();
            let some: Vec<&str> = some.map(String::as_str).collect();
            near = format!("; the {} known ones are like {}", known.len(), some.join(" and "));
        }
        return Err(format!("no item or case is named {id}{near}").into());
    }
    for receipt in &receipts {
        if json {
            writeln!(out, "{}", serde_json::to_string(receipt)?)?;
        } else {
            writeln!(out, "{receipt}")?;
        }
    }
    Ok(())
}
