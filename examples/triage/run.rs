//! Every event through the engine, in order of time: arrivals, the team's commands, timers, what the pulse notices.

use crate::load::{Arrival, Config, Refused, Team};
use hearken::engine::{
    Action, Command, Disposition, Engine, Event, Observation, Outcome, Story, drive, look,
};
use hearken::model::{Customer, Interaction, ItemKey, Platform, Timestamp};
use hearken::pulse::{AlertKind, Tally, Watch, WatchConfig};
use hearken::source::PlatformEvent;
use hearken::store::{Key, Kind, MemoryStore, Scan, Store};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::IsTerminal;

const HOUR: i64 = 3_600_000;

/// One turn: what came, and what was decided.
pub struct Turn {
    pub at: Timestamp,
    pub event: Event,
    pub outcome: Outcome,
}

impl Turn {
    /// The item, when the turn is about one from outside.
    pub fn item(&self) -> Option<&Interaction> {
        match &self.event {
            Event::Platform { event: PlatformEvent::Created(item) | PlatformEvent::Edited(item) } => {
                Some(item)
            }
            _ => None,
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "at": self.at.to_string(),
            "event": self.event,
            "disposition": self.outcome.disposition,
            "assessment": self.outcome.assessment,
            "effects": self.outcome.effects,
            "receipt": self.outcome.receipt,
            "stats": self.outcome.stats,
        })
    }
}

pub struct Run {
    pub turns: Vec<Turn>,
    /// The state before the first turn, and after the last.
    pub start: MemoryStore,
    pub store: MemoryStore,
    pub refused: Vec<Refused>,
    pub customers: BTreeMap<String, Customer>,
}

/// The engine of a configuration.
pub fn engine(config: &Config) -> Result<Engine, Box<dyn Error>> {
    Ok(Engine::builder("lumora").salt(*b"a story, no salt").settings(config.settings.clone()).build()?)
}

pub fn run(
    config: &Config,
    customers: Vec<Customer>,
    arrivals: Vec<Arrival>,
    refused: Vec<Refused>,
) -> Result<Run, Box<dyn Error>> {
    let mut world = World {
        engine: engine(config)?,
        store: MemoryStore::default(),
        turns: Vec::new(),
        names: BTreeMap::new(),
        watch: Watch::new(WatchConfig::hourly()),
        tally: Tally::default(),
        hour: None,
        team: config.team,
        scripted: config
            .script
            .iter()
            .filter_map(|step| step.command.get("case")?.as_str().map(str::to_owned))
            .collect(),
        agenda: BTreeMap::new(),
    };
    let start = arrivals.first().map(|arrival| arrival.at).unwrap_or_default();
    for customer in &customers {
        let event = Command::PutCustomer { customer: Box::new(customer.clone()) }.into();
        drive(&world.engine, &mut world.store, &event, start - HOUR)?;
    }
    let before = world.store.clone();
    let bar = progress(arrivals.len());
    let mut script = config.script.iter().peekable();
    for arrival in arrivals {
        while let Some(step) = script.peek() {
            let at = Timestamp::parse(&step.at).ok_or_else(|| format!("script: {} is no time", step.at))?;
            if at > arrival.at {
                break;
            }
            world.command(at, &step.command)?;
            script.next();
        }
        world.turn(arrival.at, arrival.event.into())?;
        bar.inc(1);
    }
    for step in script {
        let at = Timestamp::parse(&step.at).ok_or_else(|| format!("script: {} is no time", step.at))?;
        world.command(at, &step.command)?;
    }
    bar.finish_and_clear();
    let customers = customers.into_iter().map(|customer| (customer.id.to_string(), customer)).collect();
    Ok(Run { turns: world.turns, start: before, store: world.store, refused, customers })
}

/// A bar when there is much to do and somebody watches.
fn progress(events: usize) -> ProgressBar {
    if events < 2_000 || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} events, {eta} left");
    ProgressBar::new(events as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

struct World {
    engine: Engine,
    store: MemoryStore,
    turns: Vec<Turn>,
    /// `case of x:1` and the like, and the ids they stand for.
    names: BTreeMap<String, String>,
    watch: Watch,
    tally: Tally,
    hour: Option<i64>,
    team: Option<Team>,
    /// Cases that the script cares for, by the names it uses.
    scripted: BTreeSet<String>,
    /// What the team will do, in order of time.
    agenda: BTreeMap<(Timestamp, String), Command>,
}

impl World {
    fn turn(&mut self, at: Timestamp, event: Event) -> Result<(), Box<dyn Error>> {
        while let Some(entry) = self.agenda.first_entry().filter(|entry| entry.key().0 <= at) {
            let ((when, _), command) = entry.remove_entry();
            self.due(when)?;
            self.decide(when, command.into())?;
        }
        self.due(at)?;
        self.close_hours(at)?;
        self.decide(at, event)
    }

    fn decide(&mut self, at: Timestamp, event: Event) -> Result<(), Box<dyn Error>> {
        loop {
            let outcome = drive(&self.engine, &mut self.store, &event, at)?;
            let again = outcome.again;
            self.remember(&outcome);
            if let (Some(found), Disposition::Accepted) = (&outcome.assessment, &outcome.disposition) {
                let sentiment = found.numbers.get("sentiment").copied();
                if let Some(score) = sentiment {
                    self.tally.posts += 1;
                    self.tally.negative += u64::from(score < -0.25);
                    self.tally.positive += u64::from(score > 0.25);
                    if let Some(author) = &found.author {
                        self.tally.authors.insert(&author.id);
                    }
                }
            }
            self.plan_work(at, &outcome);
            self.turns.push(Turn { at, event: event.clone(), outcome });
            if !again {
                return Ok(());
            }
        }
    }

    /// Whoever is given a case answers and solves it in time, unless the script does.
    fn plan_work(&mut self, at: Timestamp, outcome: &Outcome) {
        let Some(team) = self.team else { return };
        for effect in &outcome.effects {
            let Action::Assign { case, agent: Some(agent), .. } = &effect.action else { continue };
            let name = self.names.iter().find(|(_, id)| *id == case.as_str()).map(|(name, _)| name.clone());
            if name.is_some_and(|name| self.scripted.contains(&name)) {
                continue;
            }
            let (case, by) = (case.clone(), agent.clone());
            let item = ItemKey::new(Platform::Email, format!("answer in {case} at {}", at.millis()));
            let reply = Command::ReplySent { case: case.clone(), item, by: by.clone(), automatic: false };
            self.agenda.insert((at + team.answers_after_minutes * 60_000, format!("{case} reply")), reply);
            let code = "solved".into();
            let solve = Command::Resolve { case: case.clone(), by, code };
            self.agenda.insert((at + team.solves_after_minutes * 60_000, format!("{case} solve")), solve);
        }
    }

    /// Timers up to `now`, each at its own time.
    fn due(&mut self, now: Timestamp) -> Result<(), Box<dyn Error>> {
        for _ in 0..1_000 {
            let Some(at) = self.next_timer().filter(|at| *at <= now) else { break };
            self.decide(at, Event::Due)?;
        }
        Ok(())
    }

    fn next_timer(&self) -> Option<Timestamp> {
        let scan = Scan::new(self.engine.tenant(), Kind::Timer, "", 1);
        let rows = Store::scan(&self.store, &scan).ok()?;
        let first = rows.first()?.0.parts().into_iter().next()?;
        Key::read_time(&first).map(Timestamp::from_millis)
    }

    /// Hours that are over go to the pulse; what it notices comes back as an observation.
    fn close_hours(&mut self, now: Timestamp) -> Result<(), Box<dyn Error>> {
        let current = now.millis().div_euclid(HOUR);
        let mut hour = *self.hour.get_or_insert(current);
        while hour < current {
            let start = Timestamp::from_millis(hour * HOUR);
            let tally = std::mem::take(&mut self.tally);
            let reading = self.watch.push(start, &tally);
            for alert in reading.alerts {
                let (kind, level) = match alert.kind {
                    AlertKind::Crisis(level) => ("crisis", level.number()),
                    AlertKind::Negative => ("negative_spike", 0),
                    AlertKind::Positive => ("positive_spike", 0),
                    _ => continue,
                };
                let measures = BTreeMap::from([
                    ("posts".into(), alert.posts as f64),
                    ("negative".into(), alert.negative as f64),
                ]);
                let about = "lumora".into();
                let seen = Observation { about, kind: kind.into(), at: start + HOUR, level, measures };
                self.decide(start + HOUR, seen.into())?;
            }
            hour += 1;
        }
        self.hour = Some(current);
        Ok(())
    }

    fn remember(&mut self, outcome: &Outcome) {
        let Some(found) = &outcome.assessment else { return };
        if let Some(case) = &found.case {
            self.names.insert(format!("case of {}", found.item), case.to_string());
        }
        for effect in &outcome.effects {
            match &effect.action {
                Action::Draft { item, hash, .. } => {
                    let hash = serde_json::to_value(hash).unwrap_or_default();
                    let hash = hash.as_str().unwrap_or_default();
                    self.names.insert(format!("words for {item}"), hash.to_owned());
                }
                Action::Escalate { child, team, .. } => {
                    self.names.insert(format!("{team} case of {}", found.item), child.to_string());
                }
                _ => {}
            }
        }
    }

    fn command(
        &mut self,
        at: Timestamp,
        command: &serde_json::Map<String, serde_json::Value>,
    ) -> Result<(), Box<dyn Error>> {
        let mut command = command.clone();
        for value in command.values_mut() {
            if let Some(id) = value.as_str().and_then(|text| self.names.get(text)) {
                *value = id.as_str().into();
            }
        }
        let word = |name: &str| command.get(name).and_then(serde_json::Value::as_str);
        if let (Some("publish"), Some(case)) = (word("do"), word("case")) {
            // Whoever publishes has the case in front of them.
            let story = look(&Story::of(self.engine.tenant().clone(), case.into()), &self.store)?;
            let version = story.ok_or_else(|| format!("script, {at}: no case {case}"))?.case.version;
            command.insert("version".to_owned(), version.into());
        }
        let command: Command =
            serde_json::from_value(command.into()).map_err(|e| format!("script, {at}: {e}"))?;
        self.turn(at, command.into())
    }
}
