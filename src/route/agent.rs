#[cfg(doc)]
use super::assign::Policy;
use super::assign::Work;
use crate::calendar::Hours;
use crate::model::{AgentId, CaseId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Skill levels are 1 to this.
pub const MAX_LEVEL: u8 = 5;

/// Somebody who answers.
///
/// ```
/// use hearken::route::Agent;
///
/// let ann: Agent = serde_json::from_str(
///     r#"{"id": "ann", "languages": ["en", "pt"], "skills": {"billing": 3}, "capacity": 4}"#).unwrap();
/// assert_eq!((ann.capacity, ann.stay_available), (4, false));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// The host's id.
    pub id: AgentId,
    /// Units of work at a time, over all channels. There is no "unlimited": the host says a number.
    pub capacity: u32,
    /// Teams the agent belongs to.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub teams: BTreeSet<TeamId>,
    /// Languages the agent writes.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub languages: BTreeSet<String>,
    /// Territories the agent serves.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub territories: BTreeSet<String>,
    /// Skills, each with a level from 1 to [`MAX_LEVEL`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<String, u8>,
    /// Working hours; absent: whenever present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// Counts as present while merely [`Presence::Away`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stay_available: bool,
    /// Who stands in where this agent owns the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<AgentId>,
}

impl Agent {
    /// An agent with `capacity` units who has nothing else.
    pub fn new(id: impl Into<AgentId>, capacity: u32) -> Self {
        Self {
            id: id.into(),
            capacity,
            teams: BTreeSet::new(),
            languages: BTreeSet::new(),
            territories: BTreeSet::new(),
            skills: BTreeMap::new(),
            hours: None,
            stay_available: false,
            backup: None,
        }
    }

    /// How much the agent can do: languages times skills.
    pub(super) fn flexibility(&self) -> u64 {
        (self.languages.len().max(1) * self.skills.len().max(1)) as u64
    }
}

/// Whether an agent is there. The host says so.
///
/// ```
/// use hearken::route::Presence;
///
/// assert_eq!(serde_json::from_str::<Presence>(r#""online""#).unwrap(), Presence::Online);
/// assert_eq!(Presence::default(), Presence::Offline);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Takes work.
    Online,
    /// Not seen for a while; takes work only with [`Agent::stay_available`].
    Away,
    /// Signed out.
    #[default]
    Offline,
}

/// What changes about an agent: one record per agent in a store.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::route::{Agent, Desk, DeskEvent, Policy, Presence, Work};
///
/// let now = Timestamp::from_secs(0);
/// let mut desk = Desk::build(vec![Agent::new("ann", 3)], Policy::least_busy()).unwrap();
/// desk.step(DeskEvent::Presence { agent: "ann".into(), presence: Presence::Online }, now);
/// desk.step(DeskEvent::Offer(Box::new(Work { units: 2, ..Work::new("c1", now, 600_000) })), now);
/// // The record of Ann that a store keeps: she is there, and one unit of three is left.
/// let ann = &desk.snapshot().agents[&"ann".into()];
/// assert!(ann.is_there(&Agent::new("ann", 3)) && ann.held.contains_key(&"c1".into()));
/// assert_eq!(ann.units(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentState {
    /// Whether the agent is there.
    pub presence: Presence,
    /// Since when the agent has been there, or not.
    pub since: Timestamp,
    /// The work in hand, by id.
    pub held: BTreeMap<CaseId, Work>,
    /// When room last came free.
    pub freed: Timestamp,
    /// When work was last assigned, if ever.
    pub assigned: Option<Timestamp>,
    /// The last assignments, oldest first, as many as [`Policy::fair`] asks for.
    #[serde(default, skip_serializing_if = "VecDeque::is_empty")]
    pub recent: VecDeque<Timestamp>,
}

impl AgentState {
    /// True when the agent takes work, working hours apart.
    pub fn is_there(&self, agent: &Agent) -> bool {
        match self.presence {
            Presence::Online => true,
            Presence::Away => agent.stay_available,
            Presence::Offline => false,
        }
    }

    /// Units in use.
    pub fn units(&self) -> u32 {
        self.held.values().fold(0, |sum, work| sum.saturating_add(work.units))
    }
}
