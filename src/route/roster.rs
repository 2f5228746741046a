use super::agent::{Agent, AgentState, MAX_LEVEL, Presence};
use super::assign::{Choice, Fair, Pick, Policy, Skills, Wait, Why, Work};
use super::bits::{self, Bits};
use super::need::{Need, Rows};
use crate::calendar::Calendar;
use crate::error::{BuildError, Fault, FaultKind};
use crate::model::{AgentId, CaseId, Priority, TeamId, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The agents and what they are doing, indexed to choose among thousands in about a microsecond.
///
/// Agents are kept in order of id, so neither the order of the configuration nor that of events can change
/// a choice.
///
/// ```
/// use hearken::model::{AgentId, Timestamp};
/// use hearken::route::{Agent, Choice, Policy, Presence, Roster, Wait, Why, Work};
///
/// let agents = vec![Agent::new("bo", 1), Agent::new("ann", 1)];
/// let mut roster = Roster::build(agents, Policy::least_busy()).unwrap();
/// let (ann, bo) = (AgentId::from("ann"), AgentId::from("bo"));
/// let now = Timestamp::from_secs(0);
/// let work = Work::new("case 1", now, 60_000);
/// assert_eq!(roster.choose(&work, now), Choice::Nobody(Wait::AllAway));
///
/// roster.set_presence(&ann, Presence::Online, now);
/// roster.set_presence(&bo, Presence::Online, now);
/// assert_eq!(roster.choose(&work, now), Choice::Agent { agent: &ann, why: Why::Policy, relaxed: false });
/// roster.hold(&ann, work.clone(), now);
/// assert!(matches!(roster.choose(&Work::new("case 2", now, 0), now), Choice::Agent { agent, .. } if *agent == bo));
/// ```
#[derive(Debug, Clone)]
pub struct Roster {
    /// What nothing that happens changes, shared by all copies: a copy costs what changes.
    fixed: Arc<Fixed>,
    shifts: Vec<Shift>,
    states: Vec<Arc<AgentState>>,
    hot: Vec<Hot>,
    /// Who holds what.
    holders: BTreeMap<CaseId, usize>,
    available: Bits,
    /// When the working hours of those who are there next begin or end.
    changes: BTreeSet<(Timestamp, usize)>,
}

/// A roster as it was built.
#[derive(Debug)]
struct Fixed {
    policy: Policy,
    agents: Vec<Agent>,
    /// The working hours of those who have any.
    hours: Vec<Option<Calendar>>,
    rows: Rows,
}

/// What an agent's working hours say from one instant until another.
#[derive(Debug, Clone, Copy)]
struct Shift {
    works: bool,
    from: Timestamp,
    until: Timestamp,
}

impl Shift {
    /// Before anybody has asked.
    const UNKNOWN: Self = Self {
        works: false,
        from: Timestamp::from_millis(i64::MAX),
        until: Timestamp::from_millis(i64::MAX),
    };

    fn at(now: Timestamp, hours: &Calendar) -> Self {
        let works = hours.is_open(now);
        let until = match works {
            true => hours.next_close(now).unwrap_or(Timestamp::from_millis(i64::MAX)),
            false => hours.next_open(now),
        };
        Self { works, from: now, until }
    }
}

/// What a choice reads of every candidate, side by side in memory.
#[derive(Debug, Clone, Copy, Default)]
struct Hot {
    capacity: u32,
    used: u32,
    /// Use of the capacity in thousandths, with the surcharge for flexibility.
    busy: u32,
    surcharge: u32,
    freed: i64,
    assigned: i64,
    /// From when another assignment is fair.
    fair_from: i64,
}

/// On what terms an agent is chosen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Terms<'a> {
    pub(super) now: Timestamp,
    /// Whether the skills asked for are insisted on.
    pub(super) skills: Skills,
    /// So many units must be left free at one agent.
    pub(super) margin: u32,
    /// Who must keep their room for something else.
    pub(super) barred: Option<&'a Bits>,
}

/// What room there is among some agents.
#[derive(Debug, Clone, Copy, Default)]
struct Room {
    /// Who has most, how much, and the most that anybody else has.
    roomiest: usize,
    most: u32,
    second: u32,
    /// What they can hold together, and the one who can hold most.
    capacity: u32,
    largest: u32,
}

impl Room {
    /// True when somebody is left with `margin` units where `index` takes on `units`. A few cannot keep much: no more
    /// than a quarter of what they can hold.
    fn leaves(self, margin: u32, index: usize, units: u32) -> bool {
        let margin = margin.min(self.capacity / 4).min(self.largest);
        let others = if index == self.roomiest { self.second } else { self.most };
        others >= margin || (index == self.roomiest && self.most.saturating_sub(units) >= margin)
    }
}

impl Roster {
    /// Indexes the agents. O(agents × what they have).
    ///
    /// # Errors
    /// Every fault: an id twice, a capacity of nothing, a level outside 1 to [`MAX_LEVEL`], hours that do not
    /// build, a backup that does not exist; a policy with a fair share of nothing, a negative grace, or a fallback
    /// team that nobody belongs to.
    pub fn build(mut agents: Vec<Agent>, policy: Policy) -> Result<Self, BuildError> {
        agents.sort_by(|a, b| a.id.cmp(&b.id));
        let mut error = BuildError::default();
        let mut hours = Vec::with_capacity(agents.len());
        for (index, agent) in agents.iter().enumerate() {
            let place = format!("agent {}", agent.id);
            let mut fault = |kind, message: &str, mend: &str| {
                error.push(Fault::new(kind, &*place, message).mend(mend));
            };
            if index.checked_sub(1).and_then(|before| agents.get(before)).is_some_and(|b| b.id == agent.id) {
                fault(FaultKind::Duplicate, "given twice", "give each agent an id of its own");
            }
            if agent.capacity == 0 {
                fault(FaultKind::Value, "a capacity of nothing", "say how many units of work at a time");
            }
            for (skill, level) in &agent.skills {
                if !(1..=MAX_LEVEL).contains(level) {
                    let mend = format!("levels are 1 to {MAX_LEVEL}");
                    fault(FaultKind::Value, &format!("level {level} of {skill}"), &mend);
                }
            }
            if let Some(backup) = &agent.backup
                && agents.binary_search_by(|other| other.id.cmp(backup)).is_err()
            {
                let message = format!("no agent {backup} to stand in");
                fault(FaultKind::Unknown, &message, "name another agent of the roster");
            }
            hours.push(match agent.hours.as_ref().map(Calendar::build).transpose() {
                Ok(calendar) => calendar,
                Err(faults) => {
                    error.absorb(&place, faults);
                    None
                }
            });
        }
        policy.check(&agents.iter().flat_map(|agent| &agent.teams).collect(), &mut error);
        let most = agents.iter().map(Agent::flexibility).max().unwrap_or(1).max(1);
        let hot = agents.iter().map(|agent| {
            let surcharge = u64::from(policy.spare_flexible) * agent.flexibility() / most;
            Hot { capacity: agent.capacity, surcharge: surcharge as u32, freed: i64::MIN, ..Hot::default() }
        });
        let roster = Self {
            hot: hot.collect(),
            shifts: vec![Shift::UNKNOWN; agents.len()],
            states: vec![Arc::default(); agents.len()],
            holders: BTreeMap::new(),
            available: Bits::new(agents.len()),
            changes: BTreeSet::new(),
            fixed: Arc::new(Fixed { rows: Rows::of(&agents), policy, agents, hours }),
        };
        error.or(roster)
    }

    /// The policy it was built with.
    pub fn policy(&self) -> &Policy {
        &self.fixed.policy
    }

    /// The agents in order of id, each with its state.
    pub fn agents(&self) -> impl Iterator<Item = (&Agent, &AgentState)> {
        self.fixed.agents.iter().zip(self.states.iter().map(|state| &**state))
    }

    /// The agents of a team, in order of id.
    pub(crate) fn members(&self, team: &TeamId) -> impl Iterator<Item = &Agent> {
        let words = self.fixed.rows.teams.get(team).into_iter().flat_map(|set| set.words().enumerate());
        let places = words.flat_map(|(place, word)| bits::ones(place, word));
        places.filter_map(|place| self.fixed.agents.get(place))
    }

    /// An agent.
    pub fn agent(&self, agent: &AgentId) -> Option<&Agent> {
        self.fixed.agents.get(self.find(agent)?)
    }

    /// An agent's state.
    pub fn state(&self, agent: &AgentId) -> Option<&AgentState> {
        self.states.get(self.find(agent)?).map(|state| &**state)
    }

    /// Replaces an agent's state, as read from a store. False when there is no such agent.
    pub fn restore(&mut self, agent: &AgentId, state: impl Into<Arc<AgentState>>, now: Timestamp) -> bool {
        let Some(index) = self.find(agent) else { return false };
        let Some(slot) = self.states.get_mut(index) else { return false };
        let before = std::mem::replace(slot, state.into());
        before.held.keys().for_each(|work| {
            self.holders.remove(work);
        });
        self.holders.extend(slot.held.keys().map(|work| (work.clone(), index)));
        self.refresh(index, now);
        true
    }

    /// Says whether an agent is there. False when there is no such agent.
    pub fn set_presence(&mut self, agent: &AgentId, presence: Presence, now: Timestamp) -> bool {
        self.change(agent, now, |agent, state| {
            let before = state.is_there(agent);
            state.presence = presence;
            if state.is_there(agent) != before {
                state.since = now;
                if !before {
                    state.freed = now;
                }
            }
        })
    }

    /// Puts work into an agent's hands. False when there is no such agent.
    pub fn hold(&mut self, agent: &AgentId, work: Work, now: Timestamp) -> bool {
        let Some(index) = self.find(agent) else { return false };
        self.holders.insert(work.id.clone(), index);
        let keep = self.fixed.policy.fair.map_or(0, |fair| fair.assignments as usize);
        self.change(agent, now, |_, state| {
            state.held.insert(work.id.clone(), work);
            state.assigned = Some(now);
            state.recent.push_back(now);
            while state.recent.len() > keep {
                state.recent.pop_front();
            }
        })
    }

    /// Takes work out of an agent's hands.
    pub fn release(&mut self, agent: &AgentId, work: &CaseId, now: Timestamp) -> Option<Work> {
        let mut released = None;
        self.change(agent, now, |_, state| {
            released = state.held.remove(work);
            if released.is_some() {
                state.freed = now;
            }
        });
        if released.is_some() {
            self.holders.remove(work);
        }
        released
    }

    /// Who holds a piece of work.
    pub fn holder(&self, work: &CaseId) -> Option<&AgentId> {
        self.fixed.agents.get(*self.holders.get(work)?).map(|agent| &agent.id)
    }

    /// How many agents there are.
    pub fn len(&self) -> usize {
        self.fixed.agents.len()
    }

    /// True when there is nobody.
    pub fn is_empty(&self) -> bool {
        self.fixed.agents.is_empty()
    }

    /// When somebody's working hours next begin or end.
    pub(super) fn next_hours(&self) -> Option<Timestamp> {
        self.changes.first().map(|&(at, _)| at)
    }

    /// True when the agent takes work at all at the last instant the roster was told.
    pub fn is_available(&self, agent: &AgentId) -> bool {
        self.find(agent).is_some_and(|index| self.available.has(index))
    }

    /// Units free at an agent; nothing when it holds more than its capacity.
    pub fn room(&self, agent: &AgentId) -> u32 {
        self.find(agent)
            .and_then(|index| self.hot.get(index))
            .map_or(0, |hot| hot.capacity.saturating_sub(hot.used))
    }

    /// Applies the working hours up to `now`. O(log agents) a change.
    pub fn advance(&mut self, now: Timestamp) {
        while let Some(&(at, index)) = self.changes.first().filter(|(at, _)| *at <= now) {
            self.changes.remove(&(at, index));
            self.refresh(index, now);
        }
    }

    /// Who should get `work` now, skills relaxed where the policy says so. O(agents / 64 + candidates).
    pub fn choose(&mut self, work: &Work, now: Timestamp) -> Choice<'_> {
        self.advance(now);
        let stage = self.fixed.policy.stage(work, now);
        let margin = self.fixed.policy.margin_of(work, stage);
        let skills = if stage.relaxed { Skills::Dropped } else { Skills::Asked };
        self.choose_on(work, Terms { now, skills, margin, barred: None })
    }

    pub(super) fn choose_on(&self, work: &Work, terms: Terms<'_>) -> Choice<'_> {
        let Some(need) = Need::of(&self.fixed.rows, work) else {
            return Choice::Nobody(Wait::NobodyQualified);
        };
        let now = terms.now;
        let wide = need.relaxed();
        let found = self.best(&need, work, &terms).map(|found| (found, false));
        let dropped = || match terms.skills {
            Skills::Asked => false,
            Skills::Tightened => self.diagnose(&need, work, now).is_unattended(),
            Skills::Dropped => true,
        };
        let (found, dropped) = match found {
            Some(found) => (Some(found), false),
            None if dropped() => (self.best(&wide, work, &terms).map(|found| (found, true)), true),
            None => (None, false),
        };
        match found.and_then(|((index, why), relaxed)| Some((self.fixed.agents.get(index)?, why, relaxed))) {
            Some((agent, why, relaxed)) => Choice::Agent { agent: &agent.id, why, relaxed },
            None => {
                let reason = self.diagnose(if dropped { &wide } else { &need }, work, now);
                let later = !dropped && reason.is_unattended() && self.fixed.policy.relaxes(work);
                Choice::Nobody(match later && !self.diagnose(&wide, work, now).is_unattended() {
                    true => Wait::UntilRelaxed,
                    false => reason,
                })
            }
        }
    }

    /// The suitable agents that could take none of `work` now, emptiest first, at most `count`.
    pub(super) fn emptiest(&self, work: &Work, count: usize, out: &mut Bits) {
        let Some(need) = Need::of(&self.fixed.rows, work) else { return };
        for _ in 0..count {
            let free = need.candidates(&self.available).filter(|&index| !out.has(index));
            let best = free.min_by_key(|&index| self.hot.get(index).map_or(u32::MAX, |hot| hot.used));
            let Some(index) = best else { return };
            out.set(index, true);
        }
    }

    /// The best eligible agent.
    fn best(&self, need: &Need<'_>, work: &Work, terms: &Terms<'_>) -> Option<(usize, Why)> {
        let Terms { now, barred, .. } = *terms;
        let room = (terms.margin > 0).then(|| self.room_of(&need.relaxed()));
        let units = self.units(work);
        let declined: &BTreeSet<AgentId> = &work.declined;
        let fits = |index: usize, hot: &Hot| {
            hot.capacity.saturating_sub(hot.used) >= units
                && hot.fair_from <= now.millis()
                && !barred.is_some_and(|barred| barred.has(index))
                && room.is_none_or(|room| room.leaves(terms.margin, index, work.units))
                && (declined.is_empty()
                    || self.fixed.agents.get(index).is_none_or(|a| !declined.contains(&a.id)))
        };
        let eligible = |id: &Option<AgentId>| {
            let index = self.find(id.as_ref()?)?;
            let hot = self.hot.get(index)?;
            (self.available.has(index) && need.meets(index) && fits(index, hot)).then_some(index)
        };
        if let Some(index) = eligible(&work.sticky) {
            return Some((index, Why::Sticky));
        }
        if let Some(index) = eligible(&work.owner) {
            return Some((index, Why::Owner));
        }
        if let Some(owner) = work.owner.as_ref().and_then(|owner| self.fixed.agents.get(self.find(owner)?))
            && let Some(index) = eligible(&owner.backup)
        {
            return Some((index, Why::Backup));
        }
        let mut best: Option<((i64, u32, i64), usize)> = None;
        for index in need.candidates(&self.available) {
            let Some(hot) = self.hot.get(index).filter(|hot| fits(index, hot)) else { continue };
            let key = match self.fixed.policy.pick {
                Pick::LeastBusy => (0, hot.busy, hot.freed),
                Pick::LongestIdle => (hot.freed, 0, 0),
                Pick::RoundRobin => (hot.assigned, hot.busy, hot.freed),
                Pick::MostSkilled => (-self.skill(index, work), hot.busy, hot.freed),
            };
            if best.is_none_or(|(least, _)| key < least) {
                best = Some((key, index));
            }
        }
        best.map(|(_, index)| (index, Why::Policy))
    }

    /// Units that an agent must have free to be given the work.
    fn units(&self, work: &Work) -> u32 {
        let reserve = if work.priority < Priority::High { self.fixed.policy.reserve } else { 0 };
        work.units.saturating_add(reserve)
    }

    /// What room there is among those who meet a need.
    fn room_of(&self, need: &Need<'_>) -> Room {
        let mut all = Room::default();
        for (index, hot) in
            need.candidates(&self.available).filter_map(|index| Some((index, self.hot.get(index)?)))
        {
            let room = hot.capacity.saturating_sub(hot.used);
            all.capacity = all.capacity.saturating_add(hot.capacity);
            all.largest = all.largest.max(hot.capacity);
            if room > all.most {
                (all.roomiest, all.most, all.second) = (index, room, all.most);
            } else {
                all.second = all.second.max(room);
            }
        }
        all
    }

    /// Sum of the agent's levels in the skills asked for.
    fn skill(&self, index: usize, work: &Work) -> i64 {
        let Some(agent) = self.fixed.agents.get(index) else { return 0 };
        work.skills.keys().filter_map(|skill| agent.skills.get(skill)).map(|&level| i64::from(level)).sum()
    }

    /// Why nobody is eligible.
    fn diagnose(&self, need: &Need<'_>, work: &Work, now: Timestamp) -> Wait {
        let mut everybody = Bits::new(self.fixed.agents.len());
        everybody.fill();
        let mut reason = Wait::NobodyQualified;
        let units = self.units(work);
        for index in need.candidates(&everybody) {
            let (Some(agent), Some(hot)) = (self.fixed.agents.get(index), self.hot.get(index)) else {
                continue;
            };
            let stage = if hot.capacity < units {
                Wait::NobodyQualified
            } else if work.declined.contains(&agent.id) {
                Wait::AllDeclined
            } else if !self.available.has(index) {
                Wait::AllAway
            } else if hot.fair_from > now.millis() && hot.capacity.saturating_sub(hot.used) >= units {
                Wait::FairShare
            } else {
                Wait::AllAtCapacity
            };
            reason = reason.max(stage);
        }
        reason
    }

    fn find(&self, agent: &AgentId) -> Option<usize> {
        self.fixed.agents.binary_search_by(|other| other.id.cmp(agent)).ok()
    }

    fn change(
        &mut self,
        agent: &AgentId,
        now: Timestamp,
        edit: impl FnOnce(&Agent, &mut AgentState),
    ) -> bool {
        let Some(index) = self.find(agent) else { return false };
        if let (Some(agent), Some(state)) = (self.fixed.agents.get(index), self.states.get_mut(index)) {
            edit(agent, Arc::make_mut(state));
        }
        self.refresh(index, now);
        true
    }

    /// Brings the index in line with an agent's state and working hours.
    fn refresh(&mut self, index: usize, now: Timestamp) {
        let (Some(agent), Some(state), Some(hot), Some(shift)) = (
            self.fixed.agents.get(index),
            self.states.get(index),
            self.hot.get_mut(index),
            self.shifts.get_mut(index),
        ) else {
            return;
        };
        let hours = self.fixed.hours.get(index).and_then(Option::as_ref);
        if let Some(hours) = hours {
            self.changes.remove(&(shift.until, index));
            if !(shift.from..shift.until).contains(&now) {
                *shift = Shift::at(now, hours);
            }
            if state.is_there(agent) {
                self.changes.insert((shift.until, index));
            }
        }
        hot.used = state.units();
        let part = u64::from(hot.used) * 1_000 / u64::from(hot.capacity.max(1));
        hot.busy = u32::try_from(part).unwrap_or(u32::MAX).saturating_add(hot.surcharge);
        hot.freed = state.freed.millis();
        hot.assigned = state.assigned.map_or(i64::MIN, Timestamp::millis);
        hot.fair_from = match self.fixed.policy.fair {
            Some(Fair { assignments, window }) if state.recent.len() >= assignments as usize => {
                state.recent.front().map_or(i64::MIN, |&first| (first + window).millis())
            }
            _ => i64::MIN,
        };
        let working = hours.is_none() || shift.works;
        self.available.set(index, state.is_there(agent) && working);
    }

    /// When an agent has had a fair share for long enough; in the past when that never matters.
    pub(super) fn fair_from(&self, agent: &AgentId) -> Option<Timestamp> {
        let hot = self.find(agent).and_then(|index| self.hot.get(index))?;
        Some(Timestamp::from_millis(hot.fair_from))
    }

    /// The earliest instant at which the fair-share window gives somebody room again, after `now`.
    pub(super) fn next_fair(&self, now: Timestamp) -> Option<Timestamp> {
        let later = self.hot.iter().map(|hot| hot.fair_from).filter(|&at| at > now.millis());
        later.min().map(Timestamp::from_millis)
    }
}
