//! The board on a terminal: a summary and how to read it, what is open, what was noticed, what was heard.

use crate::columns::fit;
use crate::config::Config;
use crate::line::{Line, Reader, priority};
use crate::names::spelled;
use crate::run::Run;
use crate::summary::{Summary, open};
use crate::{left_out, noticed};
use hearken::model::{Priority, Timestamp};
use std::io::{IsTerminal, Result, Write};

/// How the columns are read.
pub const LEGEND: [&str; 5] = [
    "who: a customer, and how sure that it is they; `= Name? 70%` asks a person to look",
    "mood: + positive, · neutral, − negative, ? this build has no words of that language",
    "lead: points and grade; A to C is how well they fit, 1 to 3 how much they do",
    "goes to: TEAM/AGENT, by when the next word is promised, and alerts (!) with who is told",
    "private: a message that only the brand and its author see",
];

pub fn print(out: &mut impl Write, run: &Run, config: &Config, reader: &Reader<'_>) -> Result<()> {
    let lines: Vec<Line<'_>> = run.turns.iter().filter_map(|turn| reader.line(turn)).collect();
    let summary = Summary::of(run, config, reader, &lines);
    let clock = &reader.clock;
    let days: Vec<i64> = lines.iter().map(|line| clock.day(line.turn.at)).collect();
    let span = match (days.iter().min(), days.iter().max()) {
        (Some(first), Some(last)) => {
            format!("{} to {}", crate::clock::Clock::date(*first), crate::clock::Clock::date(*last))
        }
        _ => "nothing heard".to_owned(),
    };
    writeln!(out, "{}   {span}   times in {}\n", config.brand().to_uppercase(), clock.name)?;
    for (name, fact) in summary.lines() {
        writeln!(out, "  {name:<9} {fact}")?;
    }
    section(out, "HOW TO READ IT", LEGEND)?;

    let end = run.turns.last().map(|turn| turn.at).unwrap_or_default();
    let open = open(&summary, &lines);
    writeln!(out, "\nOPEN NOW ({}), most urgent first", open.len())?;
    for (case, line) in open {
        let waits = case.waiting_since.map_or_else(
            || spelled(&format!("{:?}", case.status)),
            |since| format!("waits {}", span_of(since, end)),
        );
        let team = case.team.as_ref().map_or("nobody", |team| team.as_str());
        let agent = case.assignee.as_ref().map_or("waits for somebody", |agent| agent.as_str());
        let (who, said) = match (line, &case.parent) {
            (Some(line), _) => (line.who.clone(), line.said.clone()),
            (None, Some(parent)) => ("colleagues".to_owned(), format!("asked for help with {parent}")),
            (None, None) => (String::new(), String::new()),
        };
        let goes = format!("{team}/{agent}  {}", case.id);
        writeln!(
            out,
            "  {} {} {} {} {goes}",
            fit(case.priority.name(), 8),
            fit(&waits, 16),
            fit(&who, 26),
            fit(&said, 60)
        )?;
    }
    let crisis = noticed::crisis(run, clock);
    section(out, &format!("CRISES AND SPIKES ({}), as they happened", crisis.len()), crisis)?;
    heard(out, reader, &lines)?;
    let alerts = noticed::alerts(run, clock, &lines);
    section(out, &format!("ALERTS OF THE CLOCK ({}), newest first", alerts.len()), alerts)?;
    let dropped = left_out::dropped(run);
    section(out, "DROPPED BY THE ENGINE", dropped)?;
    section(out, &format!("REJECTED PIECES OF PAYLOADS ({})", run.refused.len()), left_out::rejected(run))
}

/// A heading, and lines under it.
pub fn section(
    out: &mut impl Write,
    title: &str,
    lines: impl IntoIterator<Item = impl AsRef<str>>,
) -> Result<()> {
    writeln!(out, "\n{title}")?;
    lines.into_iter().try_for_each(|line| writeln!(out, "  {}", line.as_ref()))
}

/// What was heard, day by day, the newest first.
fn heard(out: &mut impl Write, reader: &Reader<'_>, lines: &[Line<'_>]) -> Result<()> {
    let colour = std::io::stdout().is_terminal();
    let clock = &reader.clock;
    writeln!(out, "\nHEARD, newest first")?;
    let mut today = None;
    for line in lines.iter().rev() {
        let day = clock.day(line.turn.at);
        if today.replace(day) != Some(day) {
            let of_day = || lines.iter().filter(|line| clock.day(line.turn.at) == day);
            let negative = of_day().filter(|line| line.mood == crate::line::Mood::Negative).count();
            let date = crate::clock::Clock::date(day);
            writeln!(out, "\n{date} · {} heard, {negative} negative", of_day().count())?;
        }
        let alerts: String = line.alerts.iter().map(|alert| format!("  ! {alert}")).collect();
        let text = format!(
            "{} {} {} {} {} {} {} {} {}{alerts}",
            clock.time(line.turn.at),
            fit(&line.place, 17),
            fit(&line.who, 28),
            line.mood.sign(),
            fit(&line.said, 48),
            fit(&line.meant, 28),
            fit(&line.lead, 6),
            fit(priority(line.found.priority), 8),
            line.goes
        );
        let code = match line.found.priority {
            Priority::Critical => "1;31",
            Priority::Urgent => "31",
            Priority::High => "33",
            _ => "0",
        };
        let text = text.trim_end();
        if colour { writeln!(out, "\x1b[{code}m{text}\x1b[0m")? } else { writeln!(out, "{text}")? }
    }
    Ok(())
}

/// How long it is from one time to another, in words.
fn span_of(from: Timestamp, to: Timestamp) -> String {
    let minutes = to.since(from).max(0) / 60_000;
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1440),
    }
}
