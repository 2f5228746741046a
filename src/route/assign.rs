use crate::error::{BuildError, Fault, FaultKind};
use crate::model::{AgentId, CaseId, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A piece of work to give to somebody: a case, a message, a call-back.
///
/// ```
/// use hearken::model::{Priority, Timestamp};
/// use hearken::route::Work;
///
/// let mut work = Work::new("case 7", Timestamp::from_secs(0), 300_000);
/// work.priority = Priority::Urgent;
/// work.skills.insert("billing".into(), 2);
/// assert_eq!(work.due, Timestamp::from_secs(300));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Its id, the host's or the case's.
    pub id: CaseId,
    /// The version of the case's record that this was read from: what an assignment expects to find.
    #[serde(default)]
    pub version: u64,
    /// When it came in. Its age counts from here and survives every re-queue.
    pub since: Timestamp,
    /// When somebody should have started: the SLA's next deadline.
    pub due: Timestamp,
    /// How much it matters.
    #[serde(default)]
    pub priority: Priority,
    /// How much of an agent's capacity it takes, by kind of work (a public post 1, a private case 2).
    #[serde(default = "one")]
    pub units: u32,
    /// The team it belongs to. Never relaxed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The language it is written in. Never relaxed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The territory it falls into. Never relaxed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Skills and the least level of each. Dropped after [`Policy::relax`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<String, u8>,
    /// The agent who had it before, asked first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticky: Option<AgentId>,
    /// The agent who owns the account, asked next, and then the owner's backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentId>,
    /// Who declined it: never asked again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub declined: BTreeSet<AgentId>,
}

fn one() -> u32 {
    1
}

impl Work {
    /// Work of one unit and medium priority that asks for nothing, to be started `target` milliseconds after
    /// `since`.
    pub fn new(id: impl Into<CaseId>, since: Timestamp, target: i64) -> Self {
        Self {
            id: id.into(),
            version: 0,
            since,
            due: since + target,
            priority: Priority::default(),
            units: 1,
            team: None,
            language: None,
            territory: None,
            skills: BTreeMap::new(),
            sticky: None,
            owner: None,
            declined: BTreeSet::new(),
        }
    }

    /// The same work as the fallback team gets it: asking for nothing but the team.
    pub(super) fn lent_to(&self, team: &TeamId) -> Self {
        Self {
            team: Some(team.clone()),
            language: None,
            territory: None,
            skills: BTreeMap::new(),
            owner: None,
            ..self.clone()
        }
    }

    /// The instant `percent` of the way from arrival to the due time.
    pub(super) fn part(&self, percent: u32) -> Timestamp {
        let target = i128::from(self.due.since(self.since).max(0));
        self.since + i64::try_from(target * i128::from(percent) / 100).unwrap_or(i64::MAX)
    }
}

/// How work is ordered, and who gets it. Plain data; a percentage is of the time from arrival to due.
///
/// The default is the discipline that keeps most promises when there is too much to do:
/// [`Policy::promises`]. [`Policy::least_busy`] is the common baseline.
///
/// ```
/// use hearken::route::{Pick, Policy};
///
/// let policy: Policy = serde_json::from_str(r#"{"pick": "round_robin"}"#).unwrap();
/// assert_eq!(policy.pick, Pick::RoundRobin);
/// assert_eq!(policy.relax, Policy::promises().relax);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Which waiting work is tried first.
    pub order: Order,
    /// Which of several eligible agents gets it.
    pub pick: Pick,
    /// Skills are no longer asked for after this part of the target; absent: always asked.
    pub relax: BTreeMap<Priority, u32>,
    /// Work that is past its due time asks for its skills again while more than this many items wait, as long as
    /// somebody who has them is there: an agent without the skill takes longer, which an overload cannot afford.
    pub tighten: usize,
    /// Units that work below high priority leaves free at every agent.
    pub reserve: u32,
    /// So many of the emptiest suitable agents take no lower work while high or more urgent work of several
    /// units waits for room: else small work would fill every gap first.
    pub hold: usize,
    /// Room that is kept for urgent work as long as other work can wait; absent: none.
    pub margin: Option<Margin>,
    /// How much busier an agent counts who can do much else, in thousandths of the capacity for the most
    /// flexible agent of the roster: keeps the polyglots free.
    pub spare_flexible: u32,
    /// At most so many assignments to one agent in a window of time.
    pub fair: Option<Fair>,
    /// An agent that has not been available for this long gives the work in hand back, in milliseconds;
    /// absent: keeps it.
    pub grace: Option<i64>,
    /// The team that gets work for which nobody at all is there.
    pub fallback: Option<TeamId>,
}

/// Which waiting work is tried first. Equal work goes by age, then by id.
///
/// ```
/// use hearken::model::{Priority, Timestamp};
/// use hearken::route::{Agent, Desk, DeskEvent, Order, Policy, Work};
///
/// let next = |order| {
///     let mut desk = Desk::build(vec![Agent::new("ann", 1)], Policy { order, ..Policy::least_busy() }).unwrap();
///     for (id, second, priority) in [("old", 0, Priority::Low), ("new", 60, Priority::Urgent)] {
///         let at = Timestamp::from_secs(second);
///         desk.step(DeskEvent::Offer(Box::new(Work { priority, ..Work::new(id, at, 600_000) })), at);
///     }
///     desk.waiting().next().unwrap().work.id.to_string()
/// };
/// assert_eq!(next(Order::Arrival), "old");
/// assert_eq!(next(Order::Priority { patience: 800 }), "new");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// The oldest.
    Arrival,
    /// The most important, and among equals the oldest, with two exceptions that pay in an overload: at
    /// medium priority and below the lighter work goes first, and work that has missed its due time gives
    /// way to work that can still make it. So that nothing starves, work older than `patience` percent of
    /// its target goes before everything else, the oldest first.
    Promises {
        /// Percent of the target.
        patience: u32,
    },
    /// The most important, and among equals the oldest; older than `patience` percent of its target it goes
    /// before everything else.
    Priority {
        /// Percent of the target.
        patience: u32,
    },
}

/// Which of several eligible agents gets the work. Ties: who has been without new room the longest, then id.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Choice, Pick, Policy, Presence, Roster, Work};
///
/// let now = Timestamp::from_secs(0);
/// let expert = Agent { skills: [("billing".to_owned(), 5)].into(), ..Agent::new("expert", 2) };
/// let novice = Agent { skills: [("billing".to_owned(), 1)].into(), ..Agent::new("novice", 2) };
/// let who = |pick| {
///     let agents = vec![expert.clone(), novice.clone()];
///     let mut roster = Roster::build(agents, Policy { pick, ..Policy::least_busy() }).unwrap();
///     for agent in ["expert", "novice"] {
///         roster.set_presence(&agent.into(), Presence::Online, now);
///     }
///     roster.hold(&"expert".into(), Work::new("at hand", now, 0), now);
///     let refund = Work { skills: [("billing".to_owned(), 1)].into(), ..Work::new("refund", now, 0) };
///     let Choice::Agent { agent, .. } = roster.choose(&refund, now) else { panic!() };
///     agent.to_string()
/// };
/// assert_eq!((who(Pick::LeastBusy).as_str(), who(Pick::MostSkilled).as_str()), ("novice", "expert"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The least part of the capacity in use.
    LeastBusy,
    /// The longest without work coming free or coming online.
    LongestIdle,
    /// The longest since an assignment, then the least busy.
    RoundRobin,
    /// The highest sum of levels in the skills asked for, then the least busy.
    MostSkilled,
}

/// At most `assignments` in any `window` milliseconds.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Desk, DeskCommand, DeskEvent, Fair, Policy, Presence, Wait, Work};
///
/// // One an hour, however much room there is.
/// let fair = Some(Fair { assignments: 1, window: 3_600_000 });
/// let mut desk = Desk::build(vec![Agent::new("ann", 9)], Policy { fair, ..Policy::least_busy() }).unwrap();
/// let at = Timestamp::from_secs;
/// desk.step(DeskEvent::Presence { agent: "ann".into(), presence: Presence::Online }, at(0));
/// let offer = |id: &str| DeskEvent::Offer(Box::new(Work::new(id, at(0), 600_000)));
/// assert!(matches!(desk.step(offer("a"), at(0))[0], DeskCommand::Assign { .. }));
/// let commands = desk.step(offer("b"), at(60));
/// assert_eq!(commands[0], DeskCommand::Queue { work: "b".into(), reason: Wait::FairShare });
/// assert!(commands.contains(&DeskCommand::WakeAt(at(3_600))));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fair {
    /// How many.
    pub assignments: u32,
    /// Milliseconds.
    pub window: i64,
}

/// Room for urgent work. As long as less than `percent` of its target has passed, work below high priority is given
/// out only where one of those who could take it, its skills apart, is left with so many units free. A few cannot keep
/// much: never more than a quarter of what they can hold together, so that one agent of three units keeps none.
///
/// ```
/// use hearken::model::{Priority, Timestamp};
/// use hearken::route::{Agent, Choice, Margin, Policy, Presence, Roster, Wait, Work};
///
/// // One unit stays free for urgent work until other work has waited for half of its target.
/// let margin = Some(Margin { units: 1, percent: 50 });
/// let mut roster = Roster::build(vec![Agent::new("ann", 4)], Policy { margin, ..Policy::least_busy() }).unwrap();
/// let at = Timestamp::from_secs;
/// roster.set_presence(&"ann".into(), Presence::Online, at(0));
/// roster.hold(&"ann".into(), Work { units: 3, ..Work::new("at hand", at(0), 0) }, at(0));
/// let usual = Work::new("usual", at(0), 600_000);
/// let urgent = Work { priority: Priority::Urgent, ..usual.clone() };
/// assert_eq!(roster.choose(&usual, at(0)), Choice::Nobody(Wait::AllAtCapacity));
/// assert!(matches!(roster.choose(&urgent, at(0)), Choice::Agent { .. }));
/// assert!(matches!(roster.choose(&usual, at(300)), Choice::Agent { .. }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Margin {
    /// Units at one agent.
    pub units: u32,
    /// Percent of the target.
    pub percent: u32,
}

impl Policy {
    /// What cannot be meant: `teams` are those that somebody belongs to.
    pub(super) fn check(&self, teams: &BTreeSet<&TeamId>, error: &mut BuildError) {
        let mut fault = |kind, message: String, mend: &str| {
            error.push(Fault::new(kind, "policy", message).mend(mend));
        };
        if let Some(Fair { assignments, window }) = self.fair {
            if assignments == 0 {
                let message = "a fair share of nothing: nobody would get any work".to_owned();
                fault(FaultKind::Value, message, "say how many assignments, or leave `fair` out");
            }
            if window <= 0 {
                let message = format!("a fair share in a window of {window} ms");
                fault(FaultKind::Value, message, "give it some minutes");
            }
        }
        if let Some(grace) = self.grace.filter(|&grace| grace < 0) {
            let message = format!("a grace of {grace} ms");
            fault(FaultKind::Value, message, "give it some minutes, or leave `grace` out");
        }
        if let Some(team) = self.fallback.as_ref().filter(|team| !teams.contains(team)) {
            let message = format!("nobody belongs to the fallback team {team}");
            fault(FaultKind::Unknown, message, "name a team that an agent belongs to");
        }
    }

    /// Oldest first, to the least busy; skills always asked for.
    pub fn least_busy() -> Self {
        Self {
            order: Order::Arrival,
            pick: Pick::LeastBusy,
            relax: BTreeMap::new(),
            tighten: usize::MAX,
            reserve: 0,
            hold: 0,
            margin: None,
            spare_flexible: 0,
            fair: None,
            grace: None,
            fallback: None,
        }
    }

    /// The discipline that keeps most promises. Its figures were chosen on the scenario seeds 100–119 of
    /// `examples/desk_simulation.rs`, at loads of 1.0 to 1.8: patience is long, for work that is very late keeps
    /// what is not from being in time, and still nothing waits longer than eight times its target while
    /// anybody works. The margin makes other work wait some minutes of its hour, and halves the urgent
    /// work that is late for want of room.
    pub fn promises() -> Self {
        let percent = |priority| match priority {
            Priority::Critical | Priority::Urgent => 0,
            Priority::High => 25,
            Priority::Medium | Priority::Low => 50,
        };
        Self {
            order: Order::Promises { patience: 800 },
            relax: Priority::ALL.into_iter().map(|priority| (priority, percent(priority))).collect(),
            tighten: 0,
            hold: 12,
            margin: Some(Margin { units: 2, percent: 30 }),
            spare_flexible: 150,
            ..Self::least_busy()
        }
    }

    /// When time changes how `work` is treated: it goes before everything else, is late, no longer asks for its
    /// skills, takes the margin.
    fn turns(&self, work: &Work) -> [Option<Timestamp>; 4] {
        let starves = match self.order {
            Order::Arrival => None,
            Order::Promises { patience } | Order::Priority { patience } => Some(work.part(patience)),
        };
        let late_counts =
            matches!(self.order, Order::Promises { .. }) || self.tighten < usize::MAX || self.hold > 0;
        let yields = self.margin.filter(|_| work.priority < Priority::High);
        [
            starves,
            late_counts.then(|| work.due + 1),
            self.relax.get(&work.priority).map(|&percent| work.part(percent)),
            yields.map(|margin| work.part(margin.percent)),
        ]
    }

    /// What time has done to `work` by `now`.
    pub(super) fn stage(&self, work: &Work, now: Timestamp) -> Stage {
        let [starved, late, relaxed, pressing] = self.turns(work).map(|at| at.is_some_and(|at| at <= now));
        Stage { starved, late, relaxed, pressing }
    }

    /// When `work` next comes to another stage.
    pub(super) fn next_stage(&self, work: &Work, now: Timestamp) -> Option<Timestamp> {
        self.turns(work).into_iter().flatten().filter(|&at| at > now).min()
    }

    /// The place of `work` in the queue, before its age: smaller goes first.
    pub(super) fn rank(&self, work: &Work, stage: Stage) -> (u8, u32) {
        let class = (Priority::Critical as u8 - work.priority as u8) + 1;
        match self.order {
            Order::Arrival => (0, 0),
            _ if stage.starved => (0, 0),
            Order::Priority { .. } => (class, 0),
            Order::Promises { .. } => {
                let late = if stage.late { Priority::ALL.len() as u8 } else { 0 };
                let weight = if work.priority < Priority::High { work.units } else { 0 };
                (class + late, weight)
            }
        }
    }

    /// True when skills are dropped from `work` in time.
    pub(super) fn relaxes(&self, work: &Work) -> bool {
        self.relax.contains_key(&work.priority)
    }

    /// Units that `work` must leave free at one agent.
    pub(super) fn margin_of(&self, work: &Work, stage: Stage) -> u32 {
        let bound = work.priority < Priority::High && !stage.pressing;
        self.margin.filter(|_| bound).map_or(0, |margin| margin.units)
    }
}

/// What time has done to work that waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stage {
    /// It goes before everything else.
    pub(super) starved: bool,
    /// It has missed its due time, and that counts.
    pub(super) late: bool,
    /// It no longer asks for its skills, unless there is too much to do.
    pub(super) relaxed: bool,
    /// It no longer leaves a margin for urgent work.
    pub(super) pressing: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self::promises()
    }
}

/// Whether the skills of a piece of work are insisted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skills {
    /// They are.
    Asked,
    /// They are as long as somebody who has them is there: otherwise it would wait for nobody.
    Tightened,
    /// They are not.
    Dropped,
}

/// Why this agent.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Choice, Policy, Presence, Roster, Why, Work};
///
/// let now = Timestamp::from_secs(0);
/// let ann = Agent { backup: Some("bo".into()), ..Agent::new("ann", 2) };
/// let mut roster = Roster::build(vec![ann, Agent::new("bo", 2), Agent::new("cy", 2)], Policy::default()).unwrap();
/// for agent in ["bo", "cy"] {
///     roster.set_presence(&agent.into(), Presence::Online, now);
/// }
/// // Ann owns the account and is away: Bo stands in, and the receipt can say so.
/// let work = Work { owner: Some("ann".into()), ..Work::new("case 7", now, 600_000) };
/// let Choice::Agent { agent, why, .. } = roster.choose(&work, now) else { panic!() };
/// assert_eq!((agent.as_str(), why), ("bo", Why::Backup));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Had it before.
    Sticky,
    /// Owns the account.
    Owner,
    /// Stands in for the owner.
    Backup,
    /// First by the policy's [`Pick`].
    Policy,
    /// Of the fallback team; nobody else is there.
    Fallback,
    /// A person said so.
    Manual,
}

/// Why nobody, the first that holds.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Choice, Policy, Presence, Roster, Wait, Work};
///
/// let now = Timestamp::from_secs(0);
/// let mut roster = Roster::build(vec![Agent::new("ann", 1)], Policy::least_busy()).unwrap();
/// let work = Work::new("a", now, 600_000);
/// let why = |roster: &mut Roster, work: &Work| match roster.choose(work, now) {
///     Choice::Nobody(wait) => (wait, wait.is_unattended()),
///     Choice::Agent { agent, .. } => panic!("{agent}"),
/// };
/// assert_eq!(why(&mut roster, &work), (Wait::AllAway, true), "somebody must be told");
/// roster.set_presence(&"ann".into(), Presence::Online, now);
/// roster.hold(&"ann".into(), Work::new("b", now, 600_000), now);
/// assert_eq!(why(&mut roster, &work), (Wait::AllAtCapacity, false), "its turn will come");
/// let dutch = Work { language: Some("nl".into()), ..work };
/// assert_eq!(why(&mut roster, &dutch), (Wait::NobodyQualified, true));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// Nobody in the roster meets what is asked for, or could ever hold so much.
    NobodyQualified,
    /// Everybody who does has declined it.
    AllDeclined,
    /// Everybody who does is offline, away or outside working hours.
    AllAway,
    /// The same, but in time the skills will no longer be asked for, and then there is somebody.
    UntilRelaxed,
    /// Everybody there is full, or keeps the rest for more urgent work.
    AllAtCapacity,
    /// Everybody with room has had a fair share for now.
    FairShare,
}

impl Wait {
    /// Nobody is there at all: somebody must be told.
    pub const fn is_unattended(self) -> bool {
        matches!(self, Self::NobodyQualified | Self::AllDeclined | Self::AllAway)
    }
}

/// Who gets a piece of work, or why nobody does.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Choice, Policy, Presence, Roster, Work};
///
/// let now = Timestamp::from_secs(0);
/// let mut roster = Roster::build(vec![Agent::new("ann", 1)], Policy::least_busy()).unwrap();
/// let line = |choice: Choice| match choice {
///     Choice::Agent { agent, .. } => format!("{agent}, please"),
///     Choice::Nobody(wait) => format!("waits: {wait:?}"),
/// };
/// let work = Work::new("c1", now, 600_000);
/// assert_eq!(line(roster.choose(&work, now)), "waits: AllAway");
/// roster.set_presence(&"ann".into(), Presence::Online, now);
/// assert_eq!(line(roster.choose(&work, now)), "ann, please");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice<'r> {
    /// This agent.
    Agent {
        /// The agent's id.
        agent: &'r AgentId,
        /// Why.
        why: Why,
        /// The skills were not asked for.
        relaxed: bool,
    },
    /// Nobody.
    Nobody(Wait),
}
