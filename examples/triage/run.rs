//! Every event through the engine, in order of time: arrivals, the team's commands, timers, what the pulse notices.

use crate::config::Config;
use crate::fault::Loaded;
use crate::payloads::{Arrival, Refused};
use crate::pulse::{HOUR, Pulse};
use crate::script::{Script, Step};
use crate::team::Agenda;
use hearken::desk::TextHash;
use hearken::engine::{Action, Command, Disposition, Engine, Event, Outcome, Story, drive, look};
use hearken::model::{Customer, Direction, Interaction, Timestamp};
use hearken::source::PlatformEvent;
use hearken::store::{Key, Kind, MemoryStore, Scan, Store};
use indicatif::{ProgressBar, ProgressStyle};
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;

/// One turn: what came, and what was decided.
pub struct Turn {
    pub at: Timestamp,
    pub event: Event,
    pub outcome: Outcome,
}

impl Turn {
    /// The item, when the turn is about one.
    pub fn item(&self) -> Option<&Interaction> {
        match &self.event {
            Event::Platform { event: PlatformEvent::Created(item) | PlatformEvent::Edited(item) } => {
                Some(item)
            }
            _ => None,
        }
    }

    /// True when somebody else than the brand said something that was not known.
    pub fn is_heard(&self) -> bool {
        let known = matches!(self.outcome.disposition, Disposition::Dropped(_));
        self.item().is_some() && !known && !self.is_ours()
    }

    /// True when the brand itself speaks.
    pub fn is_ours(&self) -> bool {
        self.item().is_some_and(|item| item.direction == Direction::Outbound)
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

/// What came of all events.
pub struct Run {
    pub turns: Vec<Turn>,
    /// The state before the first turn, and after the last.
    pub start: MemoryStore,
    pub store: MemoryStore,
    pub refused: Vec<Refused>,
    pub customers: BTreeMap<String, Customer>,
}

pub fn run(
    (config, engine): (&Config, Engine),
    script: &Script,
    customers: Vec<Customer>,
    (arrivals, refused): (Vec<Arrival>, Vec<Refused>),
) -> Loaded<Run> {
    let mut world = World {
        config,
        script,
        scripted: script.steps.iter().filter_map(|step| step.word("case")).collect(),
        pulse: Pulse::new(config.monitor().unwrap_or(config.brand())),
        engine,
        store: MemoryStore::default(),
        turns: Vec::new(),
        names: BTreeMap::new(),
        agenda: Agenda::default(),
    };
    let start = arrivals.first().map(|arrival| arrival.at).unwrap_or_default();
    for customer in &customers {
        let event = Command::PutCustomer { customer: Box::new(customer.clone()) }.into();
        drive(&world.engine, &mut world.store, &event, start - HOUR)?;
    }
    let before = world.store.clone();
    let bar = progress(arrivals.len());
    let mut steps = script.steps.iter().peekable();
    for arrival in arrivals {
        while let Some(step) = steps.next_if(|step| step.when <= arrival.at) {
            world.step(step)?;
        }
        world.turn(arrival.at, arrival.event.into())?;
        bar.inc(1);
    }
    steps.try_for_each(|step| world.step(step))?;
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

struct World<'c> {
    config: &'c Config,
    script: &'c Script,
    /// Cases that the script cares for, by the names it uses.
    scripted: BTreeSet<&'c str>,
    engine: Engine,
    store: MemoryStore,
    turns: Vec<Turn>,
    /// `case of x:1` and the like, and the ids they stand for.
    names: BTreeMap<String, String>,
    pulse: Pulse,
    agenda: Agenda,
}

impl World<'_> {
    /// Everything that comes before it, then the event.
    fn turn(&mut self, at: Timestamp, event: Event) -> Loaded<()> {
        for seen in self.pulse.close(at) {
            self.until(seen.at)?;
            self.decide(seen.at, seen.into())?;
        }
        self.until(at)?;
        self.decide(at, event)
    }

    /// What the team does, and the timers, up to `now`.
    fn until(&mut self, now: Timestamp) -> Loaded<()> {
        while let Some((when, command)) = self.agenda.next(now) {
            self.due(when)?;
            self.decide(when, command.into())?;
        }
        self.due(now)
    }

    fn decide(&mut self, at: Timestamp, event: Event) -> Loaded<()> {
        loop {
            let outcome = drive(&self.engine, &mut self.store, &event, at)?;
            let again = outcome.again;
            self.remember(&outcome);
            if let Some(team) = self.script.team {
                let name = |id: &str| self.names.iter().find(|(_, known)| *known == id).map(|(name, _)| name);
                let scripted = |id: &_| name(id).is_some_and(|name| self.scripted.contains(name.as_str()));
                self.agenda.plan(team, at, &outcome, |case| scripted(case.as_str()));
            }
            if let Some(playbook) = self.config.settings.playbooks.first() {
                self.agenda.hear(&playbook.id, at, &outcome);
            }
            let turn = Turn { at, event: event.clone(), outcome };
            self.pulse.hear(&turn);
            self.turns.push(turn);
            if !again {
                return Ok(());
            }
        }
    }

    /// Timers up to `now`, each at its own time.
    fn due(&mut self, now: Timestamp) -> Loaded<()> {
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

    /// The names by which a script speaks of what came of a turn.
    fn remember(&mut self, outcome: &Outcome) {
        let found = outcome.assessment.as_ref();
        let named = found.and_then(|found| Some((format!("case of {}", found.item), found.case.as_ref()?)));
        self.names.extend(named.map(|(name, case)| (name, case.to_string())));
        for effect in &outcome.effects {
            let (name, id) = match (&effect.action, found) {
                (Action::Draft { item, hash, .. }, Some(_)) => (format!("words for {item}"), in_words(hash)),
                (Action::PostDraft { post, hash, .. }, _) => (format!("words for {post}"), in_words(hash)),
                (Action::Escalate { child, team, .. }, Some(found)) => {
                    (format!("{team} case of {}", found.item), child.to_string())
                }
                _ => continue,
            };
            self.names.insert(name, id);
        }
    }

    /// What somebody did. A step about a case that never came about is left out, and told.
    fn step(&mut self, step: &Step) -> Loaded<()> {
        let at = step.when;
        let mut command = step.command.clone();
        for (name, value) in &mut command {
            let Some(text) = value.as_str() else { continue };
            if let ("due" | "until", Some(time)) = (name.as_str(), Timestamp::parse(text)) {
                *value = time.millis().into();
                continue;
            }
            match self.names.get(text) {
                Some(id) => *value = id.as_str().into(),
                None if text.contains(" of ") && text.contains("case") || text.starts_with("words for ") => {
                    eprintln!("script, {at}: left out, there is no {text}");
                    return Ok(());
                }
                None => {}
            }
        }
        if let (Some("publish" | "take" | "give"), Some(case)) =
            (step.word("act"), command.get("case").and_then(|id| id.as_str()))
        {
            // Whoever does it has the case in front of them.
            let story = look(&Story::of(self.engine.tenant().clone(), case.into()), &self.store)?;
            let version = story.map_or(0, |story| story.case.version);
            command.insert("version".to_owned(), version.into());
        }
        let command: Command =
            serde_json::from_value(command.into()).map_err(|why| format!("script, {at}: {why}"))?;
        self.turn(at, command.into())
    }
}

/// A hash as a command has it.
fn in_words(hash: &TextHash) -> String {
    serde_json::to_value(hash).ok().and_then(|hash| hash.as_str().map(str::to_owned)).unwrap_or_default()
}
