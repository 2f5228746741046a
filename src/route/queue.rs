use super::agent::{Agent, AgentState, Presence};
use super::assign::{Choice, Policy, Skills, Stage, Wait, Why, Work};
use super::backlog::{Asks, Backlog, Head, Waiting};
use super::bits::Bits;
use super::roster::{Roster, Terms};
use crate::error::BuildError;
use crate::model::{AgentId, CaseId, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What happens to a desk.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Desk, DeskCommand, DeskEvent, Policy, Presence, Work};
///
/// let agents = vec![Agent::new("ann", 1), Agent::new("ben", 1)];
/// let mut desk = Desk::build(agents, Policy::least_busy()).unwrap();
/// let now = Timestamp::from_secs(0);
/// for agent in ["ann", "ben"] {
///     desk.step(DeskEvent::Presence { agent: agent.into(), presence: Presence::Online }, now);
/// }
/// let given = desk.step(DeskEvent::Offer(Box::new(Work::new("c1", now, 600_000))), now);
/// let [DeskCommand::Assign { agent: first, .. }] = &given[..] else { panic!("{given:?}") };
/// // Whoever declines it is not asked again: it goes to the next.
/// let given = desk.step(DeskEvent::Decline { work: "c1".into(), agent: first.clone() }, now);
/// assert!(matches!(&given[..], [DeskCommand::Assign { agent, .. }] if agent != first));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskEvent {
    /// Work to give out: new, re-opened, or changed. Work that is already known is replaced by a newer
    /// [version](Work::version) of it, with its age, and waits again; the same version again is nothing new.
    Offer(Box<Work>),
    /// Work is over, or no longer for this desk.
    Done(CaseId),
    /// An agent gives work back and will not be offered it again.
    Decline {
        /// The work.
        work: CaseId,
        /// Who declines.
        agent: AgentId,
    },
    /// A person gives work to an agent, room or not.
    Take {
        /// The work.
        work: CaseId,
        /// Who gets it.
        agent: AgentId,
    },
    /// The host says whether an agent is there.
    Presence {
        /// The agent.
        agent: AgentId,
        /// There or not.
        presence: Presence,
    },
    /// Time has passed: the answer to [`DeskCommand::WakeAt`].
    Tick,
}

impl DeskEvent {
    /// The work it is about.
    pub fn work(&self) -> Option<&CaseId> {
        match self {
            Self::Offer(work) => Some(&work.id),
            Self::Done(work) | Self::Decline { work, .. } | Self::Take { work, .. } => Some(work),
            Self::Presence { .. } | Self::Tick => None,
        }
    }
}

/// What the host should do.
///
/// ```
/// use hearken::model::{Priority, Timestamp};
/// use hearken::route::{Agent, Desk, DeskCommand, DeskEvent, Policy, Presence, Why, Work};
///
/// let now = Timestamp::from_secs(0);
/// let mut desk = Desk::build(vec![Agent::new("ann", 1)], Policy::default()).unwrap();
/// desk.step(DeskEvent::Presence { agent: "ann".into(), presence: Presence::Online }, now);
/// let work = Work { version: 4, priority: Priority::Urgent, ..Work::new("c1", now, 600_000) };
/// let commands = desk.step(DeskEvent::Offer(Box::new(work)), now);
/// let [DeskCommand::Assign { work, agent, expected_version, why, .. }] = &commands[..] else { panic!() };
/// assert_eq!((work.as_str(), agent.as_str(), *why), ("c1", "ann", Why::Policy));
/// assert_eq!(*expected_version, 4, "a case that has moved on since is offered again instead");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeskCommand {
    /// Give the work to the agent, if the case still has the expected version. On a conflict the host offers
    /// the work again as it now is.
    Assign {
        /// The work.
        work: CaseId,
        /// Who gets it.
        agent: AgentId,
        /// The version of the case this was decided on.
        expected_version: u64,
        /// Why this agent.
        why: Why,
        /// The skills were not asked for.
        relaxed: bool,
        /// The agent now holds more than its capacity; only ever by [`DeskEvent::Take`].
        over_capacity: bool,
    },
    /// Take the work from an agent who has been gone too long; it waits again, with its age.
    TakeBack {
        /// The work.
        work: CaseId,
        /// Who had it.
        agent: AgentId,
    },
    /// The work waits, for a new reason.
    Queue {
        /// The work.
        work: CaseId,
        /// Why.
        reason: Wait,
    },
    /// Nobody is there for the work at all: alert. From now on the fallback team gets it when it has room.
    Unattended {
        /// The work.
        work: CaseId,
        /// Why.
        reason: Wait,
        /// The policy's fallback team.
        fallback: Option<TeamId>,
    },
    /// Send [`DeskEvent::Tick`] at this instant.
    WakeAt(Timestamp),
}

impl DeskCommand {
    /// The work it is about.
    pub fn work(&self) -> Option<&CaseId> {
        match self {
            Self::Assign { work, .. }
            | Self::TakeBack { work, .. }
            | Self::Queue { work, .. }
            | Self::Unattended { work, .. } => Some(work),
            Self::WakeAt(_) => None,
        }
    }
}

/// Everything about a desk that changes, as data: what a store keeps (a record per agent, a record per
/// waiting item), and what a snapshot is.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Desk, DeskEvent, DeskState, Policy, Presence, Work};
///
/// let now = Timestamp::from_secs(0);
/// let agents = || vec![Agent::new("ann", 1), Agent::new("bo", 1)];
/// let mut desk = Desk::build(agents(), Policy::default()).unwrap();
/// desk.step(DeskEvent::Presence { agent: "bo".into(), presence: Presence::Online }, now);
/// desk.step(DeskEvent::Offer(Box::new(Work::new("c1", now, 600_000))), now);
/// let kept = serde_json::to_string(&desk.snapshot()).unwrap();
/// // After a restart the desk goes on; Bo has left in the meantime, and what he held is given back.
/// let mut next = Desk::build(vec![Agent::new("ann", 1)], Policy::default()).unwrap();
/// let gone = next.restore(serde_json::from_str::<DeskState>(&kept).unwrap());
/// assert!(gone[&"bo".into()].held.contains_key(&"c1".into()));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskState {
    /// The agents.
    pub agents: BTreeMap<AgentId, AgentState>,
    /// What waits.
    pub waiting: BTreeMap<CaseId, Waiting>,
    /// The last instant told.
    pub now: Timestamp,
    /// The tick that has been asked for.
    pub wake: Option<Timestamp>,
}

/// A roster and its queue: `step(event, now) -> commands`.
///
/// After every step no work waits for which an eligible agent has room, unless the policy's reserve, hold or
/// fair share says so. Time never runs backwards: an earlier `now` counts as the last one. The same events
/// give the same commands, whatever the order in which agents were configured.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Desk, DeskCommand, DeskEvent, Policy, Presence, Wait, Work};
///
/// let mut desk = Desk::build(vec![Agent::new("ann", 1)], Policy::default()).unwrap();
/// let at = Timestamp::from_secs;
/// let offer = |id: &str, now| DeskEvent::Offer(Box::new(Work::new(id, now, 600_000)));
/// desk.step(DeskEvent::Presence { agent: "ann".into(), presence: Presence::Online }, at(0));
/// assert!(matches!(&desk.step(offer("a", at(1)), at(1))[..], [DeskCommand::Assign { .. }]));
///
/// let commands = desk.step(offer("b", at(2)), at(2));
/// assert_eq!(commands[0], DeskCommand::Queue { work: "b".into(), reason: Wait::AllAtCapacity });
///
/// // On freeing capacity the oldest goes first.
/// let commands = desk.step(DeskEvent::Done("a".into()), at(3));
/// assert!(matches!(&commands[0], DeskCommand::Assign { work, .. } if work.as_str() == "b"));
/// ```
#[derive(Debug, Clone)]
pub struct Desk {
    roster: Roster,
    backlog: Backlog,
    now: Timestamp,
    wake: Option<Timestamp>,
}

impl Desk {
    /// A desk with nobody present and nothing waiting.
    ///
    /// # Errors
    /// As [`Roster::build`].
    pub fn build(agents: Vec<Agent>, policy: Policy) -> Result<Self, BuildError> {
        let roster = Roster::build(agents, policy)?;
        Ok(Self { roster, backlog: Backlog::default(), now: Timestamp::from_millis(i64::MIN), wake: None })
    }

    /// The agents.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What waits, the next to be tried first.
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &Waiting> {
        self.backlog.in_order()
    }

    /// Work for which nobody is there at all, as of the last step, the next to be tried first.
    ///
    /// ```
    /// use hearken::model::Timestamp;
    /// use hearken::route::{Agent, Desk, DeskEvent, Policy, Work};
    ///
    /// let now = Timestamp::from_secs(0);
    /// let mut desk = Desk::build(vec![Agent::new("ann", 1)], Policy::default()).unwrap();
    /// desk.step(DeskEvent::Offer(Box::new(Work::new("a", now, 600_000))), now);
    /// assert_eq!(desk.unattended().count(), 1, "ann has not come yet");
    /// ```
    pub fn unattended(&self) -> impl Iterator<Item = &Waiting> {
        self.waiting().filter(|item| item.reason.is_some_and(Wait::is_unattended))
    }

    /// What the desk knows, to be kept.
    pub fn snapshot(&self) -> DeskState {
        DeskState {
            agents: self.roster.agents().map(|(agent, state)| (agent.id.clone(), state.clone())).collect(),
            waiting: self.backlog.items().map(|item| (item.work.id.clone(), item.clone())).collect(),
            now: self.now,
            wake: self.wake,
        }
    }

    /// Goes on from a snapshot. The state of an agent who is no longer in the roster is given back.
    pub fn restore(&mut self, state: DeskState) -> BTreeMap<AgentId, AgentState> {
        self.begin(state.now);
        self.wake = state.wake;
        state.waiting.into_values().for_each(|item| self.put(item));
        let mut gone = BTreeMap::new();
        for (agent, kept) in state.agents {
            match self.roster.agent(&agent) {
                Some(_) => self.put_agent(&agent, kept),
                None => gone.extend([(agent, kept)]),
            }
        }
        gone
    }

    /// Begins at `now` with nothing waiting. Of a desk that is kept in parts, the parts that a turn reads are put in then.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        (self.now, self.wake) = (now, None);
        self.backlog = Backlog::default();
    }

    /// Puts in an agent's state, as it was kept.
    pub(crate) fn put_agent(&mut self, agent: &AgentId, state: impl Into<Arc<AgentState>>) {
        self.roster.restore(agent, state, self.now);
    }

    /// Puts in what waits, as it was kept.
    pub(crate) fn put(&mut self, item: Waiting) {
        self.backlog.add(item, self.roster.policy(), self.now);
    }

    /// The tick that has been asked for.
    pub(crate) fn wake(&self) -> Option<Timestamp> {
        self.wake
    }

    /// Everything that waits, by id.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Waiting> {
        self.backlog.items()
    }

    /// When time next does something to waiting work: it comes to another stage, or the hours or the fair share of somebody
    /// who may get it change. Of a desk that is kept in parts (a record for each item), each part asks to be woken itself.
    pub fn wake_of(&self, work: &CaseId) -> Option<Timestamp> {
        let turn = self.backlog.turn_of(work)?;
        let times = [turn, self.roster.next_hours(), self.roster.next_fair(self.now)];
        times.into_iter().flatten().filter(|&at| at > self.now).min()
    }

    /// When time next does something to what an agent holds or may get: it is taken back from whoever is gone for too
    /// long, or their fair share ends.
    pub fn wake_of_agent(&self, agent: &AgentId) -> Option<Timestamp> {
        let state = self.roster.state(agent)?;
        let gone = |known: &Agent| !state.held.is_empty() && !state.is_there(known);
        let held = self.roster.agents().any(|(known, _)| known.id == *agent && gone(known));
        let back = self.roster.policy().grace.filter(|_| held).map(|grace| state.since + grace);
        [back, self.roster.fair_from(agent)].into_iter().flatten().filter(|&at| at > self.now).min()
    }

    /// Takes one event in. Commands come in the order in which they were decided, a `WakeAt` last.
    pub fn step(&mut self, event: DeskEvent, now: Timestamp) -> Vec<DeskCommand> {
        self.now = self.now.max(now);
        let mut commands = Vec::new();
        match event {
            DeskEvent::Offer(work) => self.offer(*work),
            DeskEvent::Done(work) => {
                self.withdraw(&work);
            }
            DeskEvent::Decline { work, agent } => {
                if let Some(mut given) = self.roster.release(&agent, &work, self.now) {
                    given.declined.insert(agent);
                    self.enqueue(given);
                }
            }
            DeskEvent::Take { work, agent } => self.take(&work, agent, &mut commands),
            DeskEvent::Presence { agent, presence } => {
                self.roster.set_presence(&agent, presence, self.now);
            }
            DeskEvent::Tick => {}
        }
        self.take_back(&mut commands);
        self.drain(&mut commands);
        self.schedule(&mut commands);
        commands
    }

    fn offer(&mut self, mut work: Work) {
        if self.known(&work.id).is_some_and(|known| known.version >= work.version) {
            return;
        }
        if let Some(known) = self.withdraw(&work.id) {
            work.since = work.since.min(known.since);
            work.declined.extend(known.declined);
        }
        self.enqueue(work);
    }

    /// True for work that waits here or is in somebody's hands.
    pub fn knows(&self, work: &CaseId) -> bool {
        self.known(work).is_some()
    }

    fn known(&self, work: &CaseId) -> Option<&Work> {
        let held = || self.roster.state(self.roster.holder(work)?)?.held.get(work);
        self.backlog.get(work).or_else(held)
    }

    fn enqueue(&mut self, work: Work) {
        let item = Waiting { work, reason: None, unattended: false };
        self.backlog.add(item, self.roster.policy(), self.now);
    }

    /// Removes the work from the queue or from its holder's hands.
    fn withdraw(&mut self, work: &CaseId) -> Option<Work> {
        if let Some(item) = self.backlog.remove(work) {
            return Some(item.work);
        }
        let holder = self.roster.holder(work)?.clone();
        self.roster.release(&holder, work, self.now)
    }

    fn take(&mut self, work: &CaseId, agent: AgentId, commands: &mut Vec<DeskCommand>) {
        if self.roster.state(&agent).is_none_or(|state| state.held.contains_key(work)) {
            return;
        }
        let Some(given) = self.withdraw(work) else { return };
        let over_capacity = self.roster.room(&agent) < given.units;
        commands.push(DeskCommand::Assign {
            work: work.clone(),
            agent: agent.clone(),
            expected_version: given.version,
            why: Why::Manual,
            relaxed: false,
            over_capacity,
        });
        self.roster.hold(&agent, given, self.now);
    }

    /// Work of agents who have been gone for longer than the policy's grace.
    fn take_back(&mut self, commands: &mut Vec<DeskCommand>) {
        let Some(grace) = self.roster.policy().grace else { return };
        let gone = |agent: &Agent, state: &AgentState| {
            !state.is_there(agent) && !state.held.is_empty() && state.since + grace <= self.now
        };
        let holders: Vec<(AgentId, Vec<CaseId>)> = (self.roster.agents())
            .filter(|(agent, state)| gone(agent, state))
            .map(|(agent, state)| (agent.id.clone(), state.held.keys().cloned().collect()))
            .collect();
        for (agent, held) in holders {
            for work in held {
                if let Some(given) = self.roster.release(&agent, &work, self.now) {
                    commands.push(DeskCommand::TakeBack { work, agent: agent.clone() });
                    self.enqueue(given);
                }
            }
        }
    }

    /// Tries all that waits; again when that ends an overload, for skills may then relax.
    fn drain(&mut self, commands: &mut Vec<DeskCommand>) {
        self.roster.advance(self.now);
        self.backlog.advance(self.roster.policy(), self.now);
        let tighten = self.roster.policy().tighten;
        loop {
            let backlog = self.backlog.len();
            self.go_through(backlog > tighten, commands);
            if backlog <= tighten || self.backlog.len() > tighten {
                return;
            }
        }
    }

    /// Tries the first of every line, in order, and the next where it could go: where the first cannot go, nobody
    /// behind it can.
    fn go_through(&mut self, overload: bool, commands: &mut Vec<DeskCommand>) {
        let mut heads = self.backlog.heads();
        let mut tried: BTreeMap<(Arc<Asks>, Skills, bool), Wait> = BTreeMap::new();
        let mut kept = Bits::new(self.roster.len());
        while let Some(Head { line, id, .. }) = heads.pop_first() {
            let skills = match line.stage.relaxed {
                false => Skills::Asked,
                true if line.stage.late && overload => Skills::Tightened,
                true => Skills::Dropped,
            };
            let alike = (line.asks.clone(), skills, line.stage.pressing);
            let reason = match tried.get(&alike) {
                Some(reason) => *reason,
                None => match self.assign(&id, line.stage, skills, &mut kept, commands) {
                    Some(reason) => *tried.entry(alike).or_insert(reason),
                    None => {
                        self.backlog.remove(&id);
                        heads.extend(self.backlog.head(&line));
                        continue;
                    }
                },
            };
            self.backlog.explain(&line, reason, self.roster.policy(), commands);
        }
    }

    /// Gives the work to somebody, or says why it waits. Agents that must keep their room for it are added
    /// to `kept`.
    fn assign(
        &mut self,
        id: &CaseId,
        stage: Stage,
        skills: Skills,
        kept: &mut Bits,
        commands: &mut Vec<DeskCommand>,
    ) -> Option<Wait> {
        let (now, policy) = (self.now, self.roster.policy());
        let item = self.backlog.get_mut(id)?;
        let barred = (item.work.priority < Priority::Urgent).then_some(&*kept);
        let terms = Terms { now, skills, margin: policy.margin_of(&item.work, stage), barred };
        let mut choice = self.roster.choose_on(&item.work, terms);
        if let (Choice::Nobody(reason), Some(team)) = (choice, &policy.fallback)
            && reason.is_unattended()
        {
            item.explain(reason, policy, commands);
            choice = match self
                .roster
                .choose_on(&item.work.lent_to(team), Terms { skills: Skills::Asked, ..terms })
            {
                Choice::Agent { agent, .. } => Choice::Agent { agent, why: Why::Fallback, relaxed: true },
                Choice::Nobody(_) => choice,
            };
        }
        let work = &item.work;
        match choice {
            Choice::Agent { agent, why, relaxed } => {
                let (agent, work) = (agent.clone(), work.clone());
                commands.push(DeskCommand::Assign {
                    work: work.id.clone(),
                    agent: agent.clone(),
                    expected_version: work.version,
                    why,
                    relaxed,
                    over_capacity: false,
                });
                self.roster.hold(&agent, work, now);
                None
            }
            Choice::Nobody(reason) => {
                if work.priority >= Priority::High && work.units > 1 && work.due >= now {
                    self.roster.emptiest(work, policy.hold, kept);
                }
                Some(reason)
            }
        }
    }

    /// Asks for the next tick, when it is not the one asked for already.
    fn schedule(&mut self, commands: &mut Vec<DeskCommand>) {
        let now = self.now;
        let policy = self.roster.policy();
        let mut next: Option<Timestamp> = None;
        let mut at = |instant: Option<Timestamp>| {
            let Some(instant) = instant.filter(|&instant| instant > now) else { return };
            next = Some(next.map_or(instant, |next| next.min(instant)));
        };
        at(self.backlog.next_turn());
        if self.backlog.len() > 0 {
            at(self.roster.next_fair(now));
            at(self.roster.next_hours());
        }
        if let Some(grace) = policy.grace {
            for (agent, state) in self.roster.agents() {
                at((!state.held.is_empty() && !state.is_there(agent)).then(|| state.since + grace));
            }
        }
        if next != self.wake {
            self.wake = next;
            commands.extend(next.map(DeskCommand::WakeAt));
        }
    }
}
