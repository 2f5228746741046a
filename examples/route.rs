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
use hearken::error::BuildError;
use hearken::facts::Facts;
use hearken::limits::Limits;
use hearken::query::{Query, Scratch};
use hearken::route::{Decision, Rule, RuleBook, Rules, lint, responsibilities, what_if};
use hearken::text::Text;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::hint::black_box;
use std::io::Write as _;
use std::path::{Path, PathBuf};
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

/// A line of the facts: its number, its id, its text, and its object.
struct Line {
    number: usize,
    id: String,
    text: Text,
    object: Map<String, Value>,
}

fn run(options: &Options) -> Result<(), Failure> {
    let book = read_book(&options.rules)?;
    let build = |path: &Path, book: &RuleBook| -> Result<Rules, Failure> {
        Rules::build(book, &Limits::default()).map_err(|faults| within(path, faults))
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    if options.lint {
        for finding in lint(&book, &Limits::default()).map_err(|faults| within(&options.rules, faults))? {
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
    let path = options.facts.as_deref().unwrap_or(Path::new(""));
    let lines = read_lines(path)?;
    let facts = lines.iter().map(|line| {
        let place = |faults| within(Path::new(&format!("{}, line {}", path.display(), line.number)), faults);
        Facts::from_json(&line.text, &line.object).map_err(place)
    });
    let facts = facts.collect::<Result<Vec<Facts<'_>>, _>>()?;
    let rules = build(&options.rules, &book)?;
    if options.bench {
        bench(&book, rules, &facts, &mut out)?;
        return Ok(out.flush()?);
    }
    let mut scratch = Scratch::default();
    if let Some(path) = &options.what_if {
        let other = build(path, &read_book(path)?)?;
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
    if let Some(id) = options.explain.as_ref().filter(|id| lines.iter().all(|line| line.id != **id)) {
        return Err(format!("{}: no line has the id {id:?}", path.display()).into());
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

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn read_book(path: &Path) -> Result<RuleBook, Failure> {
    serde_json::from_str(&read(path)?).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn read_lines(path: &Path) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    let jsonl = read(path)?;
    for (number, line) in (1..).zip(jsonl.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |what: String| format!("{}, line {number}: {what}", path.display());
        let object: Map<String, Value> =
            serde_json::from_str(line).map_err(|error| fault(error.to_string()))?;
        let id = match object.get("id") {
            Some(Value::String(id)) => id.clone(),
            Some(Value::Number(id)) => id.to_string(),
            _ => return Err(fault("no id (add one, a word or a number)".to_owned()).into()),
        };
        let text = Text::new(object.get("text").and_then(Value::as_str).unwrap_or_default());
        lines.push(Line { number, id, text, object });
    }
    Ok(lines)
}

/// What is wrong with a file, each fault with its place.
fn within(path: &Path, faults: BuildError) -> Failure {
    let mut all = BuildError::default();
    all.absorb(&path.display().to_string(), faults);
    all.into()
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

fn bench(
    book: &RuleBook,
    mut rules: Rules,
    facts: &[Facts<'_>],
    out: &mut impl io::Write,
) -> Result<(), Failure> {
    let limits = Limits::default();
    let build = best(5, || Rules::build(book, &limits));
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
    let few = &facts[..(2_000_000 / queries.len().max(1)).clamp(1, facts.len().max(1)).min(facts.len())];
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
