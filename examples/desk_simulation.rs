//! A day at a service desk, replayed under several assignment policies.
//!
//! `cargo run --release --example desk_simulation -- SCENARIO.json… [--policy NAME…] [--policy-file FILE.json]`
//! `… -- SCENARIO.json --policy NAME --what-if OTHER.json`
//!
//! Scenarios and mechanics are those of `../shared/tools/desk_sim.py` (`desk_sim.py scenario SEED LOAD` makes
//! one); [`hearken::route::Desk`] decides. Printed per policy, averaged over the scenarios: the share of items
//! started inside their target (all, urgent, high, normal), and the 95th percentile of the wait in seconds. Whoever has
//! fewer topics counts as knowing each of them better, which `most_skilled` alone asks about.
//!
//! With `--what-if` the items of the first scenario meet the staff and the targets of the other: printed are the
//! items that come out differently (who, and whether in target, before and after), then what that does to the
//! promises and to each agent's load. The same staff and targets make no difference.

use clap::{Parser, ValueEnum};
use hearken::error::BuildError;
use hearken::model::{Priority, Timestamp};
use hearken::route::{Agent, Desk, DeskCommand, DeskEvent, MAX_LEVEL, Order, Pick, Policy, Presence, Work};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[path = "common/end.rs"]
mod end;

#[derive(Parser)]
struct Options {
    /// Scenario files.
    #[arg(required = true)]
    scenarios: Vec<PathBuf>,
    /// Policies to run; all when absent.
    #[arg(long, value_enum)]
    policy: Vec<Name>,
    /// Policies of your own, as JSON.
    #[arg(long)]
    policy_file: Vec<PathBuf>,
    /// A scenario whose staff and targets the first one's items are given.
    #[arg(long)]
    what_if: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Name {
    RoundRobin,
    LeastBusy,
    LongestIdle,
    MostSkilled,
    Priority,
    Promises,
}

impl Name {
    fn policy(self) -> Policy {
        let base = Policy::least_busy();
        match self {
            Self::RoundRobin => Policy { pick: Pick::RoundRobin, ..base },
            Self::LeastBusy => base,
            Self::LongestIdle => Policy { pick: Pick::LongestIdle, ..base },
            Self::MostSkilled => Policy { pick: Pick::MostSkilled, ..base },
            Self::Priority => Policy { order: Order::Priority { patience: 1_000 }, ..base },
            Self::Promises => Policy::promises(),
        }
    }
}

#[derive(Deserialize)]
struct Scenario {
    agents: Vec<ScenarioAgent>,
    items: Vec<Item>,
    targets_seconds: Vec<i64>,
}

#[derive(Clone, Deserialize)]
struct ScenarioAgent {
    id: usize,
    languages: Vec<usize>,
    topics: Vec<usize>,
    capacity: u32,
    start: f64,
    end: f64,
    offline: Vec<(f64, f64)>,
}

#[derive(Clone, Deserialize)]
struct Item {
    id: usize,
    at: f64,
    language: usize,
    topic: usize,
    priority: usize,
    units: u32,
    handle_seconds: f64,
}

#[derive(Clone, Copy)]
enum Happening {
    Arrives(usize),
    Finished(usize, usize),
    Presence(usize, bool),
}

/// Happenings in order of time, then of being planned.
#[derive(Default)]
struct Agenda {
    entries: BTreeMap<(i64, usize), Happening>,
    planned: usize,
}

impl Agenda {
    fn plan(&mut self, at: i64, happening: Happening) {
        self.entries.insert((at, self.planned), happening);
        self.planned += 1;
    }
}

fn millis(seconds: f64) -> i64 {
    (seconds * 1_000.0).round() as i64
}

/// Ids of the same length, so that ties go by number.
fn id(number: usize) -> String {
    format!("{number:06}")
}

fn number(id: &str) -> usize {
    id.parse().expect("an id of ours")
}

/// What became of an item.
#[derive(Clone, Copy)]
struct Started {
    /// Who started it, if anybody did.
    agent: Option<usize>,
    /// Seconds.
    wait: f64,
}

/// What becomes of every item, by the mechanics that every simulator of it shares.
fn run(scenario: &Scenario, policy: Policy) -> Result<Vec<Started>, BuildError> {
    let agents = scenario.agents.iter().map(|member| {
        let mut agent = Agent::new(id(member.id), member.capacity);
        agent.languages = member.languages.iter().map(usize::to_string).collect();
        let level = MAX_LEVEL - member.topics.len().clamp(1, usize::from(MAX_LEVEL)) as u8 + 1;
        agent.skills = member.topics.iter().map(|topic| (topic.to_string(), level)).collect();
        agent
    });
    let mut desk = Desk::build(agents.collect(), policy)?;

    let mut agenda = Agenda::default();
    for item in &scenario.items {
        agenda.plan(millis(item.at), Happening::Arrives(item.id));
    }
    for member in &scenario.agents {
        let shift = std::iter::once((member.end, member.start)).chain(member.offline.iter().copied());
        for (off, on) in shift {
            agenda.plan(millis(on), Happening::Presence(member.id, true));
            agenda.plan(millis(off), Happening::Presence(member.id, false));
        }
    }

    let mut units = vec![0; scenario.agents.len()];
    let never = |item: &Item| Started { agent: None, wait: 36_000.0 + 3_600.0 - item.at };
    let mut started: Vec<Started> = scenario.items.iter().map(never).collect();
    while let Some(((at, _), happening)) = agenda.entries.pop_first() {
        let now = Timestamp::from_millis(at);
        let event = match happening {
            Happening::Arrives(item) => {
                DeskEvent::Offer(Box::new(work(&scenario.items[item], &scenario.targets_seconds, now)))
            }
            Happening::Finished(item, agent) => {
                units[agent] -= scenario.items[item].units;
                DeskEvent::Done(id(item).into())
            }
            Happening::Presence(agent, there) => DeskEvent::Presence {
                agent: id(agent).into(),
                presence: if there { Presence::Online } else { Presence::Offline },
            },
        };
        for command in desk.step(event, now) {
            let DeskCommand::Assign { work, agent, .. } = command else { continue };
            let (item, agent) = (&scenario.items[number(work.as_str())], number(agent.as_str()));
            let unskilled = if scenario.agents[agent].topics.contains(&item.topic) { 1.0 } else { 1.6 };
            let service = item.handle_seconds * (1.0 + 0.15 * f64::from(units[agent])) * unskilled;
            units[agent] += item.units;
            started[item.id] = Started { agent: Some(agent), wait: (at - millis(item.at)) as f64 / 1_000.0 };
            agenda.plan(at + millis(service), Happening::Finished(item.id, agent));
        }
    }
    Ok(started)
}

fn work(item: &Item, targets: &[i64], now: Timestamp) -> Work {
    let mut work = Work::new(id(item.id), now, targets[item.priority] * 1_000);
    work.priority = [Priority::Urgent, Priority::High, Priority::Medium][item.priority];
    work.units = item.units;
    work.language = Some(item.language.to_string());
    work.skills = BTreeMap::from([(item.topic.to_string(), 1)]);
    work
}

/// Shares in target (all, urgent, high, normal), then the 95th percentiles of the wait.
fn figures(scenario: &Scenario, started: &[Started]) -> [f64; 8] {
    let mut figures = [0.0; 8];
    for (place, class) in [None, Some(0), Some(1), Some(2)].into_iter().enumerate() {
        let items = scenario.items.iter().filter(|item| class.is_none_or(|class| item.priority == class));
        let mut of_class: Vec<(f64, f64)> = items
            .map(|item| (started[item.id].wait, scenario.targets_seconds[item.priority] as f64))
            .collect();
        let inside = of_class.iter().filter(|(wait, target)| wait <= target).count();
        figures[place] = inside as f64 / of_class.len().max(1) as f64;
        of_class.sort_by(|a, b| a.0.total_cmp(&b.0));
        let last = of_class.len().saturating_sub(1);
        figures[4 + place] = of_class.get(last.min(of_class.len() * 95 / 100)).map_or(0.0, |(wait, _)| *wait);
    }
    figures
}

/// The items of one scenario under the staff and the targets of another: what would have been different.
fn what_if(recorded: &Scenario, other: &Scenario, policy: Policy) -> Result<(), BuildError> {
    let changed = Scenario {
        agents: other.agents.clone(),
        items: recorded.items.clone(),
        targets_seconds: other.targets_seconds.clone(),
    };
    let before = run(recorded, policy.clone())?;
    let after = run(&changed, policy)?;
    let inside = |scenario: &Scenario, item: &Item, started: &Started| {
        started.wait <= scenario.targets_seconds[item.priority] as f64
    };
    let name = |agent: Option<usize>| agent.map_or("nobody".to_owned(), |agent| format!("agent {agent}"));
    let word = |inside: bool| if inside { "in time" } else { "late" };
    let (mut differ, mut lost, mut won, mut kept) = (0, 0, 0, 0);
    let mut loads: BTreeMap<usize, [i64; 2]> = BTreeMap::new();
    println!("item\tbefore\tafter\tbefore\tafter");
    for item in &recorded.items {
        let (old, new) = (before[item.id], after[item.id]);
        let (was, is) = (inside(recorded, item, &old), inside(&changed, item, &new));
        for (agent, side) in [(old.agent, 0), (new.agent, 1)] {
            agent.into_iter().for_each(|agent| loads.entry(agent).or_default()[side] += 1);
        }
        lost += usize::from(was && !is);
        won += usize::from(!was && is);
        kept += usize::from(was);
        if old.agent != new.agent || was != is {
            differ += 1;
            println!("{}\t{}\t{}\t{}\t{}", item.id, name(old.agent), name(new.agent), word(was), word(is));
        }
    }
    let all = recorded.items.len();
    println!("{differ} of {all} items come out differently");
    println!("in time: {kept} before, {} after; {won} won, {lost} lost", kept + won - lost);
    for (agent, [old, new]) in loads.into_iter().filter(|(_, [old, new])| old != new) {
        println!("agent {agent}: {old} items before, {new} after");
    }
    Ok(())
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, String> {
    let fault = |error: &dyn Error| format!("{}: {error}", path.display());
    let bytes = std::fs::read(path).map_err(|error| fault(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| fault(&error))
}

/// A scenario whose agents and items are numbered from 0, in order, and have what the mechanics ask for.
fn scenario(path: &Path) -> Result<Scenario, String> {
    let scenario: Scenario = read(path)?;
    let fault = |what: String| Err(format!("{}: {what}", path.display()));
    if let Some((place, _)) = (0..).zip(&scenario.agents).find(|(place, agent)| agent.id != *place) {
        return fault(format!("agent {place} has another id (number them from 0, in order)"));
    }
    if let Some((place, _)) = (0..).zip(&scenario.items).find(|(place, item)| item.id != *place) {
        return fault(format!("item {place} has another id (number them from 0, in order)"));
    }
    let classes = scenario.targets_seconds.len().min(3);
    if let Some(item) = scenario.items.iter().find(|item| item.priority >= classes) {
        return fault(format!("item {} has priority {} of {classes}", item.id, item.priority));
    }
    Ok(scenario)
}

fn main() -> ExitCode {
    end::end(report(&Options::parse()))
}

fn report(options: &Options) -> Result<(), Box<dyn Error>> {
    let scenarios =
        options.scenarios.iter().map(|path| scenario(path)).collect::<Result<Vec<Scenario>, _>>()?;
    let named: &[Name] = if options.policy.is_empty() && options.policy_file.is_empty() {
        Name::value_variants()
    } else {
        &options.policy
    };
    let mut policies: Vec<(String, Policy)> = Vec::new();
    for name in named {
        let label = name.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned());
        policies.push((label, name.policy()));
    }
    for path in &options.policy_file {
        policies.push((path.display().to_string(), read(path)?));
    }
    if let Some(path) = &options.what_if {
        let (_, policy) = policies.pop().ok_or("name a policy")?;
        return Ok(what_if(&scenarios[0], &scenario(path)?, policy)?);
    }
    println!("policy\tall\turgent\thigh\tnormal\tp95 all\tp95 urgent\tp95 high\tp95 normal");
    for (label, policy) in policies {
        let mut mean = [0.0; 8];
        for scenario in &scenarios {
            let of_scenario = figures(scenario, &run(scenario, policy.clone())?);
            mean.iter_mut().zip(of_scenario).for_each(|(sum, value)| *sum += value / scenarios.len() as f64);
        }
        let shares = mean[..4].iter().map(|share| format!("{share:.4}"));
        let waits = mean[4..].iter().map(|wait| format!("{wait:.0}"));
        println!("{label}\t{}", shares.chain(waits).collect::<Vec<_>>().join("\t"));
    }
    Ok(())
}
