//! Points from rules and events: what each lead stands at, why, and when that will change.
//!
//! ```text
//! cargo run --release --example lead_points -- \
//!     --rules examples/data/leads/rules.json --events examples/data/leads/events.jsonl --explain ann
//! ```
//!
//! An event is a line of JSON: `id`, `lead`, `at`, and facts as the query language names them; `object` and
//! `link` where it has them. `"profile": true` says that the facts are about the lead itself (and `company`, where
//! it works: a company's line follows those of the leads), `"retract"` takes an event back, `"adjust"` gives points
//! by hand, `"set"` stands beside the score, `"closed": "won"` or `"lost"` ends a lead (with `score`, for that
//! product). Lines that cannot be read are told on standard error and left out, and so is who has
//! more events than are kept ([`Limits::lead_events`]). `--dry-run NEW.json` prints what other
//! rules would change, and who would cross a threshold; `--qualify` where the threshold of each score should lie, from
//! what closed leads stood at when they closed.

#[path = "common/end.rs"]
mod end;

use clap::Parser;
use hearken::facts::Facts;
use hearken::lead::{
    Activity, Adjustment, History, Ledger, Override, RollUp, RuleFile, Rules, Source, Standpoint, qualify,
};
use hearken::limits::Limits;
use hearken::model::{Points, Timestamp};
use hearken::scorecard::Validation;
use hearken::text::Text;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(clap::Parser)]
struct Arguments {
    /// The rules, JSON
    #[arg(long)]
    rules: String,
    /// The events, one JSON object a line
    #[arg(long)]
    events: String,
    /// The instant the scores hold for, RFC 3339; default: the last event
    #[arg(long)]
    as_of: Option<String>,
    /// Prints the ledger of this lead
    #[arg(long, value_name = "LEAD")]
    explain: Option<String>,
    /// Prints what these rules would change
    #[arg(long, value_name = "RULES")]
    dry_run: Option<String>,
    /// Prints where thresholds should lie, from closed leads
    #[arg(long, conflicts_with_all = ["explain", "dry_run"])]
    qualify: bool,
    /// Cost of a buyer not called
    #[arg(long, default_value_t = 5.0)]
    cost_miss: f64,
    /// Cost of a call in vain
    #[arg(long, default_value_t = 1.0)]
    cost_false_alarm: f64,
}

type Failure = Box<dyn std::error::Error>;

/// What is known of one lead: its events with their facts, and its latest profile up to the instant asked for.
#[derive(Default)]
struct Known {
    history: History,
    events: BTreeMap<String, Map<String, Value>>,
    profile: Option<Profile>,
    closed: Option<(Timestamp, bool, Option<String>)>,
}

/// What is known about a lead itself from an instant on.
struct Profile {
    at: Timestamp,
    facts: Map<String, Value>,
    company: Option<String>,
}

impl Profile {
    /// The later one holds; of two at one instant it does not matter which was read first.
    fn rank(&self) -> (Timestamp, String, &Option<String>) {
        (self.at, Value::from(self.facts.clone()).to_string(), &self.company)
    }
}

impl Known {
    /// The fit criteria of these rules that hold.
    fn fit(&self, rules: &Rules) -> Result<Vec<String>, Failure> {
        self.profile.as_ref().map_or(Ok(Vec::new()), |profile| matches(rules, &profile.facts))
    }
}

fn main() -> ExitCode {
    end::end(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let rules = read_rules(&arguments.rules)?;
    let asked = arguments.as_of.as_deref();
    let asked =
        asked.map(|text| Timestamp::parse(text).ok_or(format!("--as-of {text}: not a time"))).transpose()?;

    let (mut leads, mut last) = (BTreeMap::<String, Known>::new(), None);
    let bytes = std::fs::read(&arguments.events).map_err(|error| format!("{}: {error}", arguments.events))?;
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match take(line, &rules, &mut leads, asked) {
            Ok(at) => last = last.max(Some(at)),
            Err(why) => eprintln!("line {}: {why}", number + 1),
        }
    }
    for (lead, known) in &leads {
        if let Some(until) = known.history.forgotten() {
            eprintln!("notice: {lead} has more events than are kept; those until {until} may not count");
        }
    }
    let Some(as_of) = asked.or(last) else { return Ok(()) };
    if let Some(path) = &arguments.dry_run {
        return dry_run(&rules, &read_rules(path)?, &leads, as_of);
    }
    if arguments.qualify {
        return thresholds(&rules, &leads, arguments);
    }
    let mut companies: BTreeMap<(&str, String), Vec<Points>> = BTreeMap::new();
    for (lead, known) in &leads {
        if arguments.explain.as_ref().is_some_and(|asked| asked != lead) {
            continue;
        }
        let fit = known.fit(&rules)?;
        let fit: Vec<&str> = fit.iter().map(String::as_str).collect();
        for ledger in rules.ledgers(&known.history, &fit, as_of) {
            end::say(format_args!("{}", summary(lead, &ledger, &rules)));
            if arguments.explain.is_some() {
                explain(&ledger);
            } else if let Some(company) = known.profile.as_ref().and_then(|profile| profile.company.as_ref())
            {
                companies.entry((company, ledger.score)).or_default().push(ledger.total);
            }
        }
    }
    for ((company, score), totals) in companies {
        let all = |how: RollUp| how.of(totals.iter().copied()).unwrap_or_default();
        let (sum, best, mean) = (all(RollUp::Sum), all(RollUp::Max), all(RollUp::Mean));
        end::say(format_args!(
            "{company}\t{score}\tsum {sum}\tbest {best}\tmean {mean}\tof {}",
            totals.len()
        ));
    }
    if let Some(lead) = arguments.explain.as_ref().filter(|lead| !leads.contains_key(*lead)) {
        eprintln!("no lead {lead}");
    }
    Ok(())
}

fn read_rules(path: &str) -> Result<Rules, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let file: RuleFile = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    Ok(Rules::build(&file, &Limits::default())?)
}

/// Every score that other rules would change: lead, score, before, after, thresholds reached (+) and lost (−).
fn dry_run(
    old: &Rules,
    new: &Rules,
    leads: &BTreeMap<String, Known>,
    as_of: Timestamp,
) -> Result<(), Failure> {
    for (lead, known) in leads {
        let mut after = known.history.clone();
        after.rematch(|activity| {
            let facts = known.events.get(&activity.id);
            facts.and_then(|facts| matches(new, facts).ok()).unwrap_or_default()
        });
        let (fit, fit_after) = (known.fit(old)?, known.fit(new)?);
        let fit: Vec<&str> = fit.iter().map(String::as_str).collect();
        let fit_after: Vec<&str> = fit_after.iter().map(String::as_str).collect();
        let before = Standpoint { history: &known.history, fit: &fit };
        let stands = (lead.as_str(), before, Standpoint { history: &after, fit: &fit_after });
        for shift in new.dry_run(old, [stands], as_of) {
            let total =
                |state: &Option<(Points, _)>| state.as_ref().map_or("-".to_owned(), |s| s.0.to_string());
            let crossed =
                shift.crossed.iter().map(|c| format!("{}{}", if c.reached { "+" } else { "-" }, c.threshold));
            let crossed: Vec<String> = crossed.collect();
            end::say(format_args!(
                "{lead}\t{}\t{}\t{}\t{}",
                shift.score,
                total(&shift.before),
                total(&shift.after),
                crossed.join(" ")
            ));
        }
    }
    Ok(())
}

/// For each score, the points of least cost among closed leads, and how many of the first bought.
fn thresholds(rules: &Rules, leads: &BTreeMap<String, Known>, arguments: &Arguments) -> Result<(), Failure> {
    let mut closed: BTreeMap<String, Vec<(Points, bool)>> = BTreeMap::new();
    for known in leads.values() {
        let Some((at, won, about)) = &known.closed else { continue };
        let fit = known.fit(rules)?;
        let fit: Vec<&str> = fit.iter().map(String::as_str).collect();
        for ledger in rules.ledgers(&known.history, &fit, *at) {
            if about.as_ref().is_none_or(|about| *about == ledger.score) {
                closed.entry(ledger.score).or_default().push((ledger.total, *won));
            }
        }
    }
    if closed.is_empty() {
        eprintln!("no lead is closed");
    }
    for (score, closed) in closed {
        let costs = (arguments.cost_miss, arguments.cost_false_alarm);
        let (from, judged) = qualify(closed.iter().copied(), costs.0, costs.1)
            .ok_or("--cost-miss and --cost-false-alarm must be positive numbers")?;
        let share = |(value, (low, high)): (f64, (f64, f64))| format!("{value:.2} ({low:.2}–{high:.2})");
        end::say(format_args!(
            "{score}\tfrom {from}\tprecision {}\trecall {}\tcost {:.2} a lead",
            share(judged.precision),
            share(judged.recall),
            judged.cost
        ));
        let most = closed.iter().map(|(points, _)| points.as_thousandths().abs()).max().unwrap_or(0);
        let scale = |points: &Points| 0.5 + 0.5 * points.as_thousandths() as f64 / most.max(1) as f64;
        let check = Validation::new(closed.iter().map(|(points, won)| (scale(points), *won)));
        let shares = [4, 2, 1].iter().map(|part| closed.len() / part).filter(|k| *k > 0);
        let told: Vec<String> =
            shares.map(|k| format!("of the first {k}: {:.2}", check.precision_at(k))).collect();
        end::say(format_args!("{score}\tbought {}", told.join(", ")));
    }
    Ok(())
}

/// Reads one line into its lead's history.
fn take(
    line: &[u8],
    rules: &Rules,
    leads: &mut BTreeMap<String, Known>,
    asked: Option<Timestamp>,
) -> Result<Timestamp, Failure> {
    let mut event: Map<String, Value> = serde_json::from_slice(line)?;
    let mut text = |name: &str| match event.remove(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    };
    let lead = text("lead").ok_or("no `lead`")?;
    let at = text("at").and_then(|at| Timestamp::parse(&at)).ok_or("no time `at`")?;
    let (id, object, link) = (text("id"), text("object"), text("link"));
    let (mut score, mut by, mut reason, retract) =
        (text("score"), text("by"), text("reason"), text("retract"));
    let (company, closed) = (text("company"), text("closed"));
    let known = leads.entry(lead).or_default();
    if let Some(id) = retract {
        known.history.retract(&id);
        return Ok(at);
    }
    if let Some(outcome) = closed {
        let won = match outcome.as_str() {
            "won" => true,
            "lost" => false,
            _ => return Err(format!("closed: {outcome:?} is neither \"won\" nor \"lost\"").into()),
        };
        known.closed = known.closed.take().max(Some((at, won, score)));
        return Ok(at);
    }
    let mut by_hand = || -> Result<(String, String, String), Failure> {
        let score = score.take().ok_or("points by hand need `score`")?;
        if !rules.scores().any(|known| known == score) {
            return Err(format!("no score {score}").into());
        }
        Ok((
            score,
            by.take().ok_or("points by hand need `by`")?,
            reason.take().ok_or("points by hand need `reason`")?,
        ))
    };
    if let Some(points) = event.get("set") {
        let (score, by, reason) = by_hand()?;
        known.history.set_by_hand(Override {
            at,
            score,
            points: match points {
                Value::Null => None,
                points => Some(Points::nearest(points.as_f64().ok_or("`set` is no number and not null")?)),
            },
            by,
            reason,
        });
        return Ok(at);
    }
    let id = id.ok_or("no `id`")?;
    if event.remove("profile").is_some() {
        let profile = Profile { at, facts: event, company };
        let newer = known.profile.as_ref().is_none_or(|known| known.rank() < profile.rank());
        if newer && asked.is_none_or(|asked| at <= asked) {
            known.profile = Some(profile);
        }
    } else if let Some(points) = event.get("adjust").and_then(Value::as_f64) {
        let (score, by, reason) = by_hand()?;
        known.history.adjust(Adjustment { id, at, score, points: Points::nearest(points), by, reason });
    } else {
        let mut activity = Activity::new(id, at, matches(rules, &event)?);
        (activity.object, activity.link) = (object, link);
        known.events.insert(activity.id.clone(), event);
        known.history.record(activity);
    }
    Ok(at)
}

/// The criteria that facts in JSON meet.
fn matches(rules: &Rules, facts: &Map<String, Value>) -> Result<Vec<String>, Failure> {
    let text = Text::new(facts.get("text").and_then(Value::as_str).unwrap_or(""));
    let facts = Facts::from_json(&text, facts)?;
    Ok(rules.matches(&facts).into_iter().map(str::to_owned).collect())
}

fn summary(lead: &str, ledger: &Ledger, rules: &Rules) -> String {
    let mut line = format!("{lead}\t{}\t{}", ledger.score, ledger.total);
    if let Some(grade) = ledger.grade {
        line += &format!("\t{grade}");
    }
    if let Some(threshold) = rules.reached(&ledger.score, ledger.total).first() {
        line += &format!("\t{threshold}");
    }
    if let Some((at, threshold)) = rules.next_loss(ledger) {
        line += &format!("\tbelow {threshold} from {at}");
    }
    if let Some((by_hand, points)) = ledger.by_hand.as_ref().and_then(|o| Some((o, o.points?))) {
        line += &format!("\tset to {points} by {}: {}", by_hand.by, by_hand.reason);
    }
    line
}

fn explain(ledger: &Ledger) {
    for entry in &ledger.entries {
        let source = match &entry.source {
            Source::Fit { criterion } => format!("fit: {criterion}"),
            Source::Event { activity, criterion, at, worth, implied } => {
                let how = if *implied { ", implied" } else { "" };
                format!("{at} {criterion} ({activity}{how}): {worth} then")
            }
            Source::CriterionCap { criterion } => format!("cap of {criterion}"),
            Source::GroupCap { group } => format!("cap of {group}"),
            Source::Adjustment { by, reason, .. } => format!("by {by}: {reason}"),
            Source::Floor => "floor".to_owned(),
            Source::Ceiling => "ceiling".to_owned(),
            _ => String::new(),
        };
        end::say(format_args!("{:>10}  {source}", entry.points.to_string()));
    }
    for dropped in &ledger.dropped {
        end::say(format_args!(
            "{:>10}  {} ({}): {:?}",
            "-", dropped.criterion, dropped.activity, dropped.reason
        ));
    }
}
