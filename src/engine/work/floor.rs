//! The desk as it is stored: a record for each agent, one for each case that waits, in the line of its team.
//!
//! ```text
//! queue / team / importance and age / case ─► the first page of each line ─► Desk
//! ```
//!
//! A turn reads the lines that it concerns: those of its cases' teams, of the teams of whoever gets room, of cases that ask
//! for no team, and of the team that stands in when nobody is there; and the agents of those teams, of however many others there
//! are. A line longer than a page is gone through page by page:
//! where some of it has been given out, a timer looks at what has moved up.

use crate::engine::Engine;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{CaseRecord, Keys, Target};
use crate::engine::turn::Turn;
use crate::model::{AgentId, CaseId, TeamId, Timestamp};
use crate::route::{AgentState, Desk, DeskCommand, DeskEvent, Waiting};
use crate::store::{Key, Kind, Scan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Waiting cases of a line that one turn looks at. The policy's order holds among them.
const PAGE: usize = 256;

/// The desk of one turn, as far as the turn has come to look at it.
#[derive(Debug, Default)]
pub(in crate::engine) struct Floor {
    desk: Option<Desk>,
    /// What the agents that have been read held before the turn. The others count as away: nothing is for them.
    agents: BTreeMap<AgentId, Arc<AgentState>>,
    /// The teams whose lines have been read; `""` for no team.
    lines: BTreeSet<Box<str>>,
    /// Waiting cases that were looked up wherever in a line they stand.
    places: BTreeSet<Key>,
    /// The lines that time has come for.
    woken: BTreeSet<Box<str>>,
}

impl Floor {
    /// Says that time has come for lines: the next tick looks at them.
    pub(in crate::engine) fn wake(&mut self, lines: BTreeSet<Box<str>>) {
        self.woken.extend(lines);
    }

    /// Lets the desk hear events; `cases` are those that the turn knows and those that the events are about.
    pub(in crate::engine) fn hear(
        &mut self,
        turn: &Turn<'_>,
        cases: &BTreeMap<CaseId, CaseRecord>,
        events: Vec<DeskEvent>,
    ) -> Result<Vec<DeskCommand>, Stop> {
        self.read(turn, cases, &events)?;
        let desk = self.desk.get_or_insert_with(|| turn.engine.desk.clone());
        let mut commands = Vec::new();
        for event in events {
            commands.extend(desk.step(event, turn.now));
        }
        Ok(commands)
    }

    /// Reads the lines that events concern, unless they have been. These reads are hints: only what a turn changes must
    /// still be as it was read.
    fn read(
        &mut self,
        turn: &Turn<'_>,
        cases: &BTreeMap<CaseId, CaseRecord>,
        events: &[DeskEvent],
    ) -> Result<(), Stop> {
        let engine = turn.engine;
        let mut others = Vec::new();
        for case in events.iter().filter_map(DeskEvent::work).filter(|case| !cases.contains_key(*case)) {
            others.extend(turn.get::<CaseRecord>(&Keys(&engine.tenant).case(case))?);
        }
        let about: Vec<&CaseRecord> = cases.values().chain(others.iter().map(|record| &**record)).collect();
        let mut lines = concerned(engine, &about, events);
        lines.extend(self.woken.iter().cloned());
        lines.retain(|line| !self.lines.contains(line));
        let placed = about.iter().filter_map(|record| record.place.as_deref());
        let places = placed.map(|place| Key::new(&engine.tenant, Kind::Queue, place));
        let places: BTreeSet<Key> = places.filter(|key| !self.places.contains(key)).collect();
        let mut agents = self.askable(engine, asks(&about, events, &lines, &self.woken));
        if self.desk.is_some() && lines.is_empty() && places.is_empty() && agents.is_empty() {
            return Ok(());
        }
        let heads: Vec<Scan> = lines.iter().map(|line| head(engine, line)).collect();
        let keys: Vec<Key> = keys_of(engine, &agents).into_iter().chain(places.iter().cloned()).collect();
        turn.glance(&keys, &heads.iter().collect::<Vec<_>>())?;

        let mut found = Vec::new();
        for page in &heads {
            for (_, row) in turn.page(page)? {
                found.push(row.record.decode::<Waiting>()?);
            }
        }
        for place in &places {
            found.extend(turn.get::<Waiting>(place)?);
        }
        // What waits in a line that its team does not take from asks for others.
        let waiting = found.iter().map(|waiting| &waiting.work);
        let asked = waiting.flat_map(|work| asked(work.team.as_ref(), [work.owner.as_ref()])).collect();
        agents.extend(self.askable(engine, asked));
        let states = keys_of(engine, &agents);
        turn.glance(&states, &[])?;
        let desk = self.desk.get_or_insert_with(|| {
            let mut desk = engine.desk.clone();
            desk.begin(turn.now);
            desk
        });
        for (agent, key) in agents.into_iter().zip(&states) {
            if let Some(held) = turn.get::<AgentState>(key)? {
                desk.put_agent(&agent, Arc::clone(&held));
                self.agents.insert(agent, held);
            } else {
                self.agents.insert(agent, Arc::default());
            }
        }
        for waiting in found {
            // What has been looked at before is as the turn has left it.
            if !desk.knows(&waiting.work.id) {
                desk.put((*waiting).clone());
            }
        }
        self.lines.extend(lines);
        self.places.extend(places);
        Ok(())
    }

    /// Those asked for who have not been read.
    fn askable(&self, engine: &Engine, asked: BTreeSet<Ask>) -> BTreeSet<AgentId> {
        let roster = engine.desk.roster();
        let mut agents: BTreeSet<AgentId> = BTreeSet::new();
        for ask in asked {
            match ask {
                Ask::Anybody => agents.extend(engine.agents().map(|agent| agent.id.clone())),
                Ask::Team(team) => agents.extend(roster.members(&team).map(|agent| agent.id.clone())),
                Ask::Agent(agent) => {
                    let backup = roster.agent(&agent).map(|agent| agent.backup.clone());
                    agents.extend(backup.into_iter().flatten().chain([agent]));
                }
            }
        }
        agents.retain(|agent| roster.agent(agent).is_some() && !self.agents.contains_key(agent));
        agents
    }

    /// Writes the agents and waiting cases that have changed, and tells each case where it waits.
    pub(in crate::engine) fn record(
        self,
        turn: &Turn<'_>,
        plan: &mut Plan<'_, '_>,
        cases: &mut BTreeMap<CaseId, CaseRecord>,
    ) -> BTreeSet<(Timestamp, Target)> {
        let mut timers = BTreeSet::new();
        let Some(desk) = &self.desk else { return timers };
        let engine = turn.engine;
        let keys = Keys(&engine.tenant);
        // A line that time has come for asks for the next time.
        let next = desk.wake().into_iter().flat_map(|at| self.woken.iter().map(move |line| (at, line)));
        timers.extend(next.map(|(at, line)| (at, Target::Line(line.clone()))));
        for (agent, before) in &self.agents {
            let Some(held) = desk.roster().state(agent).filter(|held| *held != &**before) else { continue };
            if let Some(at) = desk.wake_of_agent(agent) {
                let lines = lines_of(engine, agent).chain(["".into()]);
                timers.extend(lines.map(|line| (at, Target::Line(line))));
            }
            plan.put_shared(keys.agent(agent), held.clone());
        }
        let stored = self.stored(turn);
        let now: BTreeMap<Key, &Waiting> =
            desk.items().map(|waiting| (keys.queue(line(engine, waiting), &waiting.work), waiting)).collect();
        let mut long = BTreeSet::new();
        for (key, waiting) in stored.iter().filter(|(key, _)| !now.contains_key(**key)) {
            plan.delete((*key).clone());
            if let Some(waiting) = waiting {
                if let Some(record) = cases.get_mut(&waiting.work.id) {
                    record.place = None;
                }
                long.extend(Some(line(engine, waiting)).filter(|line| self.is_long(turn, line)));
            }
        }
        timers.extend(long.into_iter().map(|line| (turn.now + 1, Target::Line(line.into()))));
        for (key, waiting) in now {
            if let Some(record) = cases.get_mut(&waiting.work.id) {
                record.place = Some(key.id().into());
            }
            if stored.get(&key).and_then(Option::as_deref) != Some(waiting) {
                let line: Box<str> = line(engine, waiting).into();
                timers.extend(desk.wake_of(&waiting.work.id).map(|at| (at, Target::Line(line))));
                plan.put_shared(key, waiting.clone());
            }
        }
        timers
    }

    /// What waited before the turn, of all that it has looked at.
    fn stored<'t>(&self, turn: &'t Turn<'_>) -> BTreeMap<&'t Key, Option<Arc<Waiting>>> {
        let pages = self.lines.iter().map(|line| head(turn.engine, line));
        let mut stored = BTreeMap::new();
        for page in pages {
            stored.extend(
                turn.page(&page).unwrap_or_default().iter().map(|(key, row)| (key, row.record.decode().ok())),
            );
        }
        let alone = turn.looked_up().filter(|(key, _)| self.places.contains(*key));
        stored.extend(alone.map(|(key, row)| (key, row.record.decode().ok())));
        stored
    }

    /// True when more waits in a line than a turn looks at.
    fn is_long(&self, turn: &Turn<'_>, line: &str) -> bool {
        self.lines.contains(line) && turn.page(&head(turn.engine, line)).is_ok_and(|page| page.len() >= PAGE)
    }
}

/// The team in whose line a case waits; `""` for no team. Where nobody is there for it, it waits in the line of those who
/// stand in.
fn line<'w>(engine: &'w Engine, waiting: &'w Waiting) -> &'w str {
    let stands_in = fallback(engine).filter(|_| waiting.unattended);
    stands_in.or(waiting.work.team.as_ref()).map_or("", TeamId::as_str)
}

fn fallback(engine: &Engine) -> Option<&TeamId> {
    engine.desk.roster().policy().fallback.as_ref()
}

/// The lines that an agent takes work from.
fn lines_of<'e>(engine: &'e Engine, agent: &AgentId) -> impl Iterator<Item = Box<str>> + use<'e> {
    let known = engine.desk.roster().agent(agent);
    known.into_iter().flat_map(|agent| &agent.teams).map(|team| team.as_str().into())
}

/// The lines that cases and events concern, as their teams' names.
fn concerned(engine: &Engine, about: &[&CaseRecord], events: &[DeskEvent]) -> BTreeSet<Box<str>> {
    let mut lines: BTreeSet<Box<str>> = BTreeSet::from(["".into()]);
    lines.extend(fallback(engine).map(|team| team.as_str().into()));
    for case in about.iter().map(|record| &record.case) {
        lines.extend(case.team.iter().map(|team| team.as_str().into()));
        lines.extend(case.assignee.iter().flat_map(|agent| lines_of(engine, agent)));
    }
    for event in events {
        if let DeskEvent::Presence { agent, .. } = event {
            lines.extend(lines_of(engine, agent));
        }
    }
    lines
}

/// To whom something may be given, or from whom it may be taken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ask {
    /// All agents.
    Anybody,
    /// A team's.
    Team(TeamId),
    /// One agent, and who stands in.
    Agent(AgentId),
}

/// Whom a piece of work asks for: its team, else everybody; its owner, its holder.
fn asked<'a>(
    team: Option<&'a TeamId>,
    agents: impl IntoIterator<Item = Option<&'a AgentId>>,
) -> impl Iterator<Item = Ask> {
    let team = team.map_or(Ask::Anybody, |team| Ask::Team(team.clone()));
    agents.into_iter().flatten().map(|agent| Ask::Agent(agent.clone())).chain([team])
}

/// Whom cases, events and lines ask for.
fn asks(
    about: &[&CaseRecord],
    events: &[DeskEvent],
    lines: &BTreeSet<Box<str>>,
    woken: &BTreeSet<Box<str>>,
) -> BTreeSet<Ask> {
    let of_case = |record: &&CaseRecord| {
        let agents = [record.owner.as_ref(), record.case.assignee.as_ref()];
        asked(record.case.team.as_ref(), agents).collect::<Vec<_>>()
    };
    let of_event = |event: &DeskEvent| match event {
        DeskEvent::Offer(work) => asked(work.team.as_ref(), [work.owner.as_ref()]).collect(),
        DeskEvent::Decline { agent, .. }
        | DeskEvent::Take { agent, .. }
        | DeskEvent::Presence { agent, .. } => vec![Ask::Agent(agent.clone())],
        DeskEvent::Done(_) | DeskEvent::Tick => Vec::new(),
    };
    let of_line = |line: &str| match (line, woken.contains(line)) {
        ("", true) => Some(Ask::Anybody),
        ("", false) => None,
        (team, _) => Some(Ask::Team(TeamId::from(team))),
    };
    let lines = lines.iter().filter_map(|line| of_line(line));
    about.iter().flat_map(of_case).chain(events.iter().flat_map(of_event)).chain(lines).collect()
}

/// Where the states of agents stand.
fn keys_of(engine: &Engine, agents: &BTreeSet<AgentId>) -> Vec<Key> {
    agents.iter().map(|agent| Keys(&engine.tenant).agent(agent)).collect()
}

/// The first page of a line.
fn head(engine: &Engine, line: &str) -> Scan {
    Scan::new(&engine.tenant, Kind::Queue, Key::join(&[line, ""]), PAGE)
}
