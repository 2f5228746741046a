//! Routing: which rule decides about which facts.
//!
//! ```text
//! cargo run --release --example route -- --rules rules.json --facts facts.jsonl
//! ```
//!
//! Rules are a rule book (`{"rules": [{"id", "when", "then"}]}`, see `hearken::route::RuleBook`), facts a flat
//! object a line with an `id`, a `text` and fields by their query names. Standard output has
//! `fact-id TAB rule-id` for every line, the first rule that matches, or `-` for the implicit root; with `--all`
//! every rule that matches, comma-separated. `--explain ID` says why for one line, `--lint` what is wrong with
//! the rules, each finding with facts that show it, `--what-if OTHER.json` what other rules would have done with
//! the lines that `--rules` have decided, as a diff, `--bench` prints figures instead: matching only, of facts
//! that have just been made, as those of a host have. A figure is the sum over slices of the lines of the least
//! time seen, so that what else the machine does counts as little as it can.

use clap::Parser as _;
use hearken::facts::Facts;
use hearken::limits::Limits;
use hearken::query::{Query, Scratch};
use hearken::route::{Decision, Rule, RuleBook, Rules, lint, responsibilities, what_if};
use hearken::text::Text;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{fs, io};

#[derive(clap::Parser)]
struct Options {
    /// the rule book, JSON
    #[arg(long)]
    rules: PathBuf,
    /// facts, a JSON object a line; `--lint` and `--owners` need none
    #[arg(long, required_unless_present_any = ["lint", "owners"])]
    facts: Option<PathBuf>,
    /// every rule that matches, not only the first
    #[arg(long)]
    all: bool,
    /// why the line with this id went where it went
    #[arg(long)]
    explain: Option<String>,
    /// what is wrong with the rules
    #[arg(long)]
    lint: bool,
    /// which teams the rules give each topic to; `-` for none
    #[arg(long)]
    owners: bool,
    /// other rules: prints the lines that they would decide differently
    #[arg(long)]
    what_if: Option<PathBuf>,
    /// print figures instead of matches
    #[arg(long)]
    bench: bool,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has had enough, such as `head`, is no failure.
        Err(error)
            if error.downcast_ref().is_some_and(|e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A line of the facts: its id, its text, and its object.
struct Line {
    id: String,
    text: Text,
    object: Map<String, Value>,
}

fn run(options: &Options) -> Result<(), Failure> {
    let book: RuleBook = serde_json::from_slice(&fs::read(&options.rules)?)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    if options.lint {
        for finding in lint(&book, &Limits::default())? {
            writeln!(out, "{finding}")?;
        }
        return Ok(out.flush()?);
    }
    if options.owners {
        for (topic, teams) in responsibilities(&book) {
            let teams: Vec<String> = teams.into_iter().collect();
            writeln!(out, "{topic}\t{}", if teams.is_empty() { "-".to_owned() } else { teams.join(",") })?;
        }
        return Ok(out.flush()?);
    }
    let lines = match &options.facts {
        Some(path) => read_lines(&fs::read_to_string(path)?)?,
        None => Vec::new(),
    };
    let facts = lines.iter().map(|line| Facts::from_json(&line.text, &line.object));
    let facts = facts.collect::<Result<Vec<Facts<'_>>, _>>()?;
    if options.bench {
        bench(&book, &facts, &mut out)?;
        return Ok(out.flush()?);
    }
    let rules = Rules::build(&book, &Limits::default())?;
    let mut scratch = Scratch::default();
    if let Some(path) = &options.what_if {
        let other: RuleBook = serde_json::from_slice(&fs::read(path)?)?;
        let other = Rules::build(&other, &Limits::default())?;
        let decided: Vec<Decision> = facts.iter().map(|facts| rules.decide(facts, &mut scratch)).collect();
        let record = lines.iter().zip(facts.iter().zip(&decided));
        let record = record.map(|(line, (facts, decision))| (line.id.as_str(), facts, decision));
        let diff = what_if(&other, record, &mut scratch);
        for change in &diff.changed {
            writeln!(out, "{}\t{}\t{}", change.id, summary(&change.before), summary(&change.after))?;
        }
        writeln!(out, "{} of {} decided differently", diff.changed.len(), diff.seen)?;
        return Ok(out.flush()?);
    }
    let mut row = String::new();
    for (line, facts) in lines.iter().zip(&facts) {
        match &options.explain {
            Some(id) if *id == line.id => explain(&rules, facts, &mut scratch, &mut out)?,
            Some(_) => {}
            None => {
                row.clear();
                write!(row, "{}\t", line.id)?;
                write_matches(&rules, facts, options.all, &mut scratch, &mut row);
                writeln!(out, "{row}")?;
            }
        }
    }
    Ok(out.flush()?)
}

fn read_lines(jsonl: &str) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for line in jsonl.lines().filter(|line| !line.trim().is_empty()) {
        let object: Map<String, Value> = serde_json::from_str(line)?;
        let word = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
        let (id, text) = (word("id").to_owned(), Text::new(word("text")));
        lines.push(Line { id, text, object });
    }
    Ok(lines)
}

fn write_matches(rules: &Rules, facts: &Facts<'_>, all: bool, scratch: &mut Scratch, row: &mut String) {
    let found = if all { rules.matches(facts, scratch) } else { Vec::from_iter(rules.first(facts, scratch)) };
    if found.is_empty() {
        row.push('-');
    }
    for (place, rule) in found.into_iter().enumerate() {
        let comma = if place == 0 { "" } else { "," };
        row.extend([comma, &rule.id]);
    }
}

/// Which rules acted, and who gets it.
fn summary(decision: &Decision) -> String {
    let rules: Vec<&str> = decision.fired.iter().map(|fired| fired.rule.as_str()).collect();
    let rules = if rules.is_empty() { "-".to_owned() } else { rules.join(",") };
    let assign = &decision.verdict.assign;
    let agent = assign.agent.as_ref().map(|agent| agent.to_string());
    let who = agent.or_else(|| assign.team.as_ref().map(|team| team.to_string()));
    format!("{rules} → {}", who.unwrap_or_else(|| "nobody".to_owned()))
}

/// The decision, then why the rule that decided holds and those before it do not, nearest to the decision last.
fn explain(
    rules: &Rules,
    facts: &Facts<'_>,
    scratch: &mut Scratch,
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    writeln!(out, "{}", serde_json::to_string_pretty(&rules.decide(facts, scratch))?)?;
    let first = rules.first(facts, scratch).map(|rule| rule.id.clone());
    for (_, rule) in rules.iter() {
        if let Some(why) = rules.explain(&rule.id, facts) {
            writeln!(out, "{}\t{why}", rule.id)?;
        }
        if first.as_ref() == Some(&rule.id) {
            break;
        }
    }
    Ok(())
}

/// Passes over all facts, of which the shortest counts.
const PASSES: usize = 9;

/// The least time of several runs: others disturb, nothing speeds up. What is made is dropped behind the clock.
fn best<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    let time = |_| {
        let start = Instant::now();
        let made = black_box(work());
        let took = start.elapsed();
        drop(made);
        took
    };
    (0..runs).map(time).min().unwrap_or_default()
}

fn bench(book: &RuleBook, facts: &[Facts<'_>], out: &mut impl io::Write) -> Result<(), Failure> {
    let limits = Limits::default();
    let build = best(5, || Rules::build(book, &limits));
    let mut rules = Rules::build(book, &limits)?;
    let changed: Vec<Rule> = rules.iter().map(|(_, rule)| rule.clone()).collect();
    let sample: Vec<&Rule> = changed.iter().step_by(changed.len().div_ceil(200).max(1)).collect();
    let change = best(5, || {
        for rule in &sample {
            black_box(rules.replace((*rule).clone(), &limits).is_ok());
        }
    });
    writeln!(out, "{:.3} ms build", build.as_secs_f64() * 1e3)?;
    writeln!(out, "{:.3} us change", change.as_secs_f64() * 1e6 / sample.len().max(1) as f64)?;
    writeln!(out, "{} index bytes", rules.bytes())?;

    // The plain scan: every rule in order, by the evaluator that defines the language.
    let queries = rules.iter().map(|(_, rule)| Query::parse(&rule.when, hearken::facts::Scope::Rule));
    let queries = queries.collect::<Result<Vec<Query>, _>>()?;
    let few = &facts[..(2_000_000 / queries.len().max(1)).clamp(1, facts.len())];
    let plain = best(1, || {
        for facts in few {
            black_box(queries.iter().position(|query| query.matches(facts)));
        }
    });
    let mut scratch = Scratch::default();
    let all = best(PASSES, || {
        for facts in facts {
            black_box(rules.matches(facts, &mut scratch).len());
        }
    });
    let first = best(PASSES, || {
        for facts in facts {
            black_box(rules.first(facts, &mut scratch).is_some());
        }
    });
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64().max(1e-9);
    writeln!(out, "{} facts", facts.len())?;
    writeln!(out, "{:.0} facts/s plain scan", rate(few.len(), plain))?;
    writeln!(out, "{:.0} facts/s all matches", rate(facts.len(), all))?;
    writeln!(out, "{:.0} facts/s", rate(facts.len(), first))?;
    Ok(())
}
