use super::agent::{Agent, AgentState, Presence};
use super::assign::{Choice, Policy, Wait, Why, Work};
use super::bits::Bits;
use super::roster::Roster;
use crate::error::BuildError;
use crate::model::{AgentId, CaseId, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happens to a desk.
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

/// What the host should do.
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

/// Work that waits.
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

/// Everything about a desk that changes, as data: what a store keeps (a record per agent, a record per
/// waiting item), and what a snapshot is.
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
    /// Sorted as last tried, so that sorting again is cheap.
    waiting: Vec<Entry>,
    now: Timestamp,
    wake: Option<Timestamp>,
}

/// Waiting work with the hash of what it asks for.
#[derive(Debug, Clone)]
struct Entry {
    item: Waiting,
    signature: u64,
}

impl From<Waiting> for Entry {
    fn from(item: Waiting) -> Self {
        Self { signature: item.work.signature(), item }
    }
}

/// What has been tried in vain in one go: work that asks alike need not be tried again.
#[derive(Debug, Default)]
struct Tried(Vec<Vain>);

#[derive(Debug)]
struct Vain {
    signature: u64,
    relax: bool,
    /// Where the work that was tried now waits.
    place: usize,
    reason: Wait,
}

impl Tried {
    fn reason(&self, entry: &Entry, relax: bool, waiting: &[Entry]) -> Option<Wait> {
        let alike = |vain: &&Vain| {
            (vain.signature, vain.relax) == (entry.signature, relax)
                && waiting.get(vain.place).is_some_and(|other| other.item.work.asks_like(&entry.item.work))
        };
        self.0.iter().find(alike).map(|vain| vain.reason)
    }
}

impl Desk {
    /// A desk with nobody present and nothing waiting.
    ///
    /// # Errors
    /// As [`Roster::build`].
    pub fn build(agents: Vec<Agent>, policy: Policy) -> Result<Self, BuildError> {
        let roster = Roster::build(agents, policy)?;
        Ok(Self { roster, waiting: Vec::new(), now: Timestamp::from_millis(i64::MIN), wake: None })
    }

    /// The agents.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What waits, the next to be tried first.
    pub fn waiting(&self) -> impl ExactSizeIterator<Item = &Waiting> {
        self.waiting.iter().map(|entry| &entry.item)
    }

    /// What the desk knows, to be kept.
    pub fn snapshot(&self) -> DeskState {
        DeskState {
            agents: self.roster.agents().map(|(agent, state)| (agent.id.clone(), state.clone())).collect(),
            waiting: self.waiting().map(|item| (item.work.id.clone(), item.clone())).collect(),
            now: self.now,
            wake: self.wake,
        }
    }

    /// Goes on from a snapshot. The state of an agent who is no longer in the roster is given back.
    pub fn restore(&mut self, state: DeskState) -> BTreeMap<AgentId, AgentState> {
        (self.now, self.wake) = (state.now, state.wake);
        self.waiting = state.waiting.into_values().map(Entry::from).collect();
        let mut gone = BTreeMap::new();
        for (agent, kept) in state.agents {
            if !self.roster.restore(&agent, kept.clone(), state.now) {
                gone.insert(agent, kept);
            }
        }
        gone
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

    fn known(&self, work: &CaseId) -> Option<&Work> {
        let waiting = self.waiting().map(|item| &item.work).find(|other| other.id == *work);
        let held = || self.roster.state(self.roster.holder(work)?)?.held.get(work);
        waiting.or_else(held)
    }

    fn enqueue(&mut self, work: Work) {
        self.waiting.push(Entry::from(Waiting { work, reason: None, unattended: false }));
    }

    /// Removes the work from the queue or from its holder's hands.
    fn withdraw(&mut self, work: &CaseId) -> Option<Work> {
        if let Some(place) = self.waiting.iter().position(|entry| entry.item.work.id == *work) {
            return Some(self.waiting.remove(place).item.work);
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
        let tighten = self.roster.policy().tighten;
        loop {
            let backlog = self.waiting.len();
            self.go_through(backlog, commands);
            if backlog <= tighten || self.waiting.len() > tighten {
                return;
            }
        }
    }

    /// Tries all that waits, in order: what cannot go stays in that order.
    fn go_through(&mut self, backlog: usize, commands: &mut Vec<DeskCommand>) {
        let now = self.now;
        let mut waiting = std::mem::take(&mut self.waiting);
        let policy = self.roster.policy();
        waiting.sort_by(|a, b| {
            let rank = policy.rank(&a.item.work, now).cmp(&policy.rank(&b.item.work, now));
            rank.then_with(|| a.item.work.id.cmp(&b.item.work.id))
        });
        let mut tried = Tried::default();
        let mut kept = Bits::new(self.roster.len());
        for mut entry in waiting {
            let relax = self.roster.policy().relaxes(&entry.item.work, now, backlog);
            let known = tried.reason(&entry, relax, &self.waiting);
            let reason = known.or_else(|| self.assign(&mut entry.item, relax, &mut kept, commands));
            if let Some(reason) = reason {
                if known.is_none() {
                    let (signature, place) = (entry.signature, self.waiting.len());
                    tried.0.push(Vain { signature, relax, place, reason });
                }
                entry.item.explain(reason, self.roster.policy(), commands);
                self.waiting.push(entry);
            }
        }
    }

    /// Gives the work to somebody, or says why it waits. Agents that must keep their room for it are added
    /// to `kept`.
    fn assign(
        &mut self,
        item: &mut Waiting,
        relax: bool,
        kept: &mut Bits,
        commands: &mut Vec<DeskCommand>,
    ) -> Option<Wait> {
        let (now, policy, work) = (self.now, self.roster.policy(), &item.work);
        let barred = (work.priority < Priority::Urgent).then_some(&*kept);
        let mut choice = self.roster.choose_among(work, now, relax, barred);
        if let (Choice::Nobody(reason), Some(team)) = (choice, &policy.fallback)
            && reason.is_unattended()
        {
            item.explain(reason, policy, commands);
            choice = match self.roster.choose_among(&item.work.lent_to(team), now, false, barred) {
                Choice::Agent { agent, .. } => Choice::Agent { agent, why: Why::Fallback, relaxed: true },
                Choice::Nobody(_) => choice,
            };
        }
        let work = &item.work;
        match choice {
            Choice::Agent { agent, why, relaxed } => {
                let agent = agent.clone();
                commands.push(DeskCommand::Assign {
                    work: work.id.clone(),
                    agent: agent.clone(),
                    expected_version: work.version,
                    why,
                    relaxed,
                    over_capacity: false,
                });
                self.roster.hold(&agent, work.clone(), now);
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
        for Entry { item, .. } in &self.waiting {
            at(policy.relaxes_at(&item.work));
            at(policy.starves_at(&item.work));
        }
        if !self.waiting.is_empty() {
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

impl Waiting {
    /// Says why it waits, once for each reason.
    fn explain(&mut self, reason: Wait, policy: &Policy, commands: &mut Vec<DeskCommand>) {
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
