//! What waits, in lines: work that asks alike and to which time has done the same stands in one line, the oldest
//! first. Where the first of a line cannot go, none behind it can, so a step costs the number of lines and not
//! that of what waits.

use super::assign::{Policy, Stage, Wait, Work};
use super::queue::DeskCommand;
use crate::model::{AgentId, CaseId, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Work that waits.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Desk, DeskEvent, Policy, Wait, Work};
///
/// let now = Timestamp::from_secs(0);
/// let mut desk = Desk::build(vec![Agent::new("ann", 1)], Policy::default()).unwrap();
/// desk.step(DeskEvent::Offer(Box::new(Work::new("c1", now, 600_000))), now);
/// // A line of the board: what waits, and why.
/// let line = desk.waiting().next().unwrap();
/// assert_eq!((line.work.id.as_str(), line.reason), ("c1", Some(Wait::AllAway)));
/// assert!(line.unattended, "an alert has gone out, and will not again");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The work.
    pub work: Work,
    /// Why it waits; `None` before the first try.
    pub reason: Option<Wait>,
    /// The fallback has been told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unattended: bool,
}

impl Waiting {
    /// Says why it waits, once for each reason.
    pub(super) fn explain(&mut self, reason: Wait, policy: &Policy, commands: &mut Vec<DeskCommand>) {
        let work = self.work.id.clone();
        if reason.is_unattended() && !self.unattended {
            self.unattended = true;
            commands.push(DeskCommand::Unattended { work, reason, fallback: policy.fallback.clone() });
        } else if self.reason != Some(reason) && !reason.is_unattended() {
            commands.push(DeskCommand::Queue { work, reason });
        }
        self.reason = Some(reason);
    }
}

/// What decides which agents are eligible, whether or not skills are relaxed.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asks {
    units: u32,
    priority: Priority,
    team: Option<TeamId>,
    language: Option<String>,
    territory: Option<String>,
    skills: BTreeMap<String, u8>,
    declined: BTreeSet<AgentId>,
}

impl Asks {
    fn of(work: &Work) -> Arc<Self> {
        Arc::new(Self {
            units: work.units,
            priority: work.priority,
            team: work.team.clone(),
            language: work.language.clone(),
            territory: work.territory.clone(),
            skills: work.skills.clone(),
            declined: work.declined.clone(),
        })
    }
}

/// Which line: its rank, what its work asks for, what time has done to it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LineKey {
    rank: (u8, u32),
    pub(super) asks: Arc<Asks>,
    pub(super) stage: Stage,
}

/// The first of a line, in the order in which lines are tried.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Head {
    rank: (u8, u32),
    since: Timestamp,
    pub(super) id: CaseId,
    pub(super) line: LineKey,
}

#[derive(Debug, Clone, Default)]
struct Line {
    /// By age.
    members: BTreeSet<(Timestamp, CaseId)>,
    /// The reason that all of them have been given.
    told: Option<Wait>,
}

#[derive(Debug, Clone)]
struct Place {
    item: Waiting,
    line: LineKey,
    /// When it changes lines.
    turn: Option<Timestamp>,
}

/// All that waits.
#[derive(Debug, Clone, Default)]
pub(super) struct Backlog {
    places: BTreeMap<CaseId, Place>,
    lines: BTreeMap<LineKey, Line>,
    /// When time next does something to which work.
    turns: BTreeSet<(Timestamp, CaseId)>,
}

impl Backlog {
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn get(&self, id: &CaseId) -> Option<&Work> {
        self.places.get(id).map(|place| &place.item.work)
    }

    pub(super) fn get_mut(&mut self, id: &CaseId) -> Option<&mut Waiting> {
        self.places.get_mut(id).map(|place| &mut place.item)
    }

    /// Everything, by id.
    pub(super) fn items(&self) -> impl Iterator<Item = &Waiting> {
        self.places.values().map(|place| &place.item)
    }

    /// Everything, the next to be tried first.
    pub(super) fn in_order(&self) -> impl ExactSizeIterator<Item = &Waiting> {
        let mut places: Vec<&Place> = self.places.values().collect();
        places.sort_by_key(|place| (place.line.rank, place.item.work.since));
        places.into_iter().map(|place| &place.item)
    }

    /// Puts work into its line. O(log waiting).
    pub(super) fn add(&mut self, item: Waiting, policy: &Policy, now: Timestamp) {
        let asks = Asks::of(&item.work);
        self.remove(&item.work.id);
        self.put(item, asks, policy, now);
    }

    fn put(&mut self, item: Waiting, asks: Arc<Asks>, policy: &Policy, now: Timestamp) {
        let (id, since) = (item.work.id.clone(), item.work.since);
        let stage = policy.stage(&item.work, now);
        let line = LineKey { rank: policy.rank(&item.work, stage), asks, stage };
        let turn = policy.next_stage(&item.work, now);
        self.turns.extend(turn.map(|at| (at, id.clone())));
        let members = self.lines.entry(line.clone()).or_default();
        if members.members.is_empty() {
            members.told = item.reason;
        }
        members.told = members.told.filter(|_| members.told == item.reason);
        members.members.insert((since, id.clone()));
        self.places.insert(id, Place { item, line, turn });
    }

    /// Takes work out. O(log waiting).
    pub(super) fn remove(&mut self, id: &CaseId) -> Option<Waiting> {
        self.take(id).map(|place| place.item)
    }

    fn take(&mut self, id: &CaseId) -> Option<Place> {
        let place = self.places.remove(id)?;
        if let Some(at) = place.turn {
            self.turns.remove(&(at, id.clone()));
        }
        if let Some(line) = self.lines.get_mut(&place.line) {
            line.members.remove(&(place.item.work.since, id.clone()));
            if line.members.is_empty() {
                self.lines.remove(&place.line);
            }
        }
        Some(place)
    }

    /// Lets time do what it does by `now`. O(log waiting) a turn.
    pub(super) fn advance(&mut self, policy: &Policy, now: Timestamp) {
        while let Some((_, id)) = self.turns.first().filter(|(at, _)| *at <= now).cloned() {
            if let Some(Place { item, line, .. }) = self.take(&id) {
                self.put(item, line.asks, policy, now);
            }
        }
    }

    /// When time next does something to waiting work; `None` inside when it never does.
    pub(super) fn turn_of(&self, id: &CaseId) -> Option<Option<Timestamp>> {
        self.places.get(id).map(|place| place.turn)
    }

    /// When time next does something to any of it.
    pub(super) fn next_turn(&self) -> Option<Timestamp> {
        self.turns.first().map(|(at, _)| *at)
    }

    /// The first of every line.
    pub(super) fn heads(&self) -> BTreeSet<Head> {
        self.lines.keys().filter_map(|line| self.head(line)).collect()
    }

    /// The first of a line.
    pub(super) fn head(&self, line: &LineKey) -> Option<Head> {
        let (since, id) = self.lines.get(line)?.members.first()?;
        Some(Head { rank: line.rank, since: *since, id: id.clone(), line: line.clone() })
    }

    /// Says why all in a line wait, to those who have not been told.
    pub(super) fn explain(
        &mut self,
        line: &LineKey,
        reason: Wait,
        policy: &Policy,
        commands: &mut Vec<DeskCommand>,
    ) {
        let Some(line) = self.lines.get_mut(line).filter(|line| line.told != Some(reason)) else { return };
        line.told = Some(reason);
        for (_, id) in &line.members {
            if let Some(place) = self.places.get_mut(id) {
                place.item.explain(reason, policy, commands);
            }
        }
    }
}
