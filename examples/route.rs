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
//! the rules, each finding with facts that show it, `--bench` prints figures instead.

use clap::Parser as _;
use hearken::facts::Facts;
use hearken::limits::Limits;
use hearken::query::{Query, Scratch};
use hearken::route::{Rule, RuleBook, Rules, lint};
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
    /// facts, a JSON object a line; `--lint` needs none
    #[arg(long, required_unless_present = "lint")]
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

/// The least time of several runs: others disturb, nothing speeds up.
fn best(runs: usize, mut work: impl FnMut()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..runs).map(time).min().unwrap_or_default()
}

fn bench(book: &RuleBook, facts: &[Facts<'_>], out: &mut impl io::Write) -> Result<(), Failure> {
    let limits = Limits::default();
    let build = best(5, || {
        black_box(Rules::build(book, &limits).is_ok());
    });
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
    let few = &facts[..facts.len().min(2_000_000 / queries.len().max(1)).max(1).min(facts.len())];
    let plain = best(1, || {
        for facts in few {
            black_box(queries.iter().position(|query| query.matches(facts)));
        }
    });
    let mut scratch = Scratch::default();
    let all = best(3, || {
        for facts in facts {
            black_box(rules.matches(facts, &mut scratch).len());
        }
    });
    let first = best(7, || {
        for facts in facts {
            black_box(rules.first(facts, &mut scratch).is_some());
        }
    });
    let rate = |count: usize, time: Duration| count as f64 / time.as_secs_f64().max(1e-9);
    writeln!(out, "{:.0} facts/s plain scan", rate(few.len(), plain))?;
    writeln!(out, "{:.0} facts/s all matches", rate(facts.len(), all))?;
    writeln!(out, "{:.0} facts/s", rate(facts.len(), first))?;
    Ok(())
}
