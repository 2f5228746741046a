//! What happens to a case, what comes of it, and when cases move by themselves.

use super::case::Case;
use crate::model::{AgentId, CaseId, CaseStatus, ItemKey, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const DAY: i64 = 24 * 60 * 60_000;

/// What somebody (or time) does to a case.
///
/// ```
/// use hearken::desk::{Case, CaseCommand, CaseEvent, CasePolicy};
/// use hearken::model::{CaseStatus, ItemKey, Platform, Timestamp};
///
/// let (at, policy) = (Timestamp::from_secs, CasePolicy::default());
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// let commands = case.step(CaseEvent::Snooze(at(600)), at(60), &policy);
/// assert!(commands.contains(&CaseCommand::WakeAt(at(600))));
/// case.step(CaseEvent::Tick, at(600), &policy);
/// assert_eq!(case.status, CaseStatus::Open);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CaseEvent {
    /// The customer says something. The same item again is nothing new.
    Inbound(ItemKey),
    /// The brand answers in public or in private; a note among colleagues is a [`CaseEvent::Note`].
    Reply {
        /// What was sent.
        item: ItemKey,
        /// Who.
        by: AgentId,
        /// A program sent it.
        bot: bool,
    },
    /// An answer did not reach the customer, who waits for it as before. Told twice, it is told once.
    Undelivered(ItemKey),
    /// A colleague writes something down.
    Note(String),
    /// Gives the case to an agent, if its version is the expected one.
    Assign {
        /// Who gets it.
        agent: AgentId,
        /// The version that was decided on.
        expected_version: u64,
    },
    /// Takes the case from whoever has it.
    Unassign,
    /// Passes it to another team under the same id, with the same timeline, whose [entry](Entry::from) says whose it was.
    HandOff {
        /// The team.
        team: TeamId,
        /// Why.
        why: String,
    },
    /// The customer owes the next word.
    AwaitCustomer,
    /// Another team owes the next step.
    AwaitInternal,
    /// Stops it for a reason.
    Hold(String),
    /// Puts it away until then.
    Snooze(Timestamp),
    /// Takes it out of waiting.
    Resume,
    /// Opens a child case for another team (a defect for the product team); the owner stays.
    Escalate {
        /// The child's id, made by the host from content.
        child: CaseId,
        /// Its team.
        team: TeamId,
        /// Why.
        why: String,
    },
    /// A child is over.
    ChildOver(CaseId),
    /// Answered.
    Resolve(String),
    /// Given up by time, not answered by somebody: the customer never came back.
    Lapse(String),
    /// The customer rates it.
    Csat {
        /// The score.
        score: u8,
        /// Out of.
        scale: u8,
    },
    /// States why there will be no rating.
    Waive(String),
    /// The customer is satisfied; needs a rating or a waiver.
    Confirm,
    /// Over, without confirmation.
    Close,
    /// Changes the priority.
    Prioritise(Priority),
    /// Folds it into another case.
    MergeInto(CaseId),
    /// Another case is folded into this one.
    Absorb(Box<Case>),
    /// Moves items out into a new case.
    Split {
        /// The new case's id.
        into: CaseId,
        /// The items that move.
        items: BTreeSet<ItemKey>,
    },
    /// Time has passed.
    Tick,
}

/// What the host should do.
///
/// ```
/// use hearken::desk::{Case, CaseCommand, CaseEvent, CasePolicy};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// let hand_off = CaseEvent::HandOff { team: "sales".into(), why: "wants a new one".into() };
/// assert_eq!(case.step(hand_off, at(60), &CasePolicy::default()), [CaseCommand::Queue]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CaseCommand {
    /// The status changed.
    Moved {
        /// From.
        from: CaseStatus,
        /// To.
        to: CaseStatus,
    },
    /// The work must be given out: offer it to the desk.
    Queue,
    /// Ask the customer how it went.
    AskCsat,
    /// Do not ask.
    SkipCsat(CsatSkipped),
    /// Open this child case.
    Open(Box<Case>),
    /// Tell the parent that this child is over.
    TellParent(CaseId),
    /// New inbound came too late to re-open it: open a new case that names this one as its parent.
    FollowUp(ItemKey),
    /// Send [`CaseEvent::Tick`] then.
    WakeAt(Timestamp),
    /// Nothing was done.
    Refused(Refusal),
}

/// Why the customer is not asked for a rating.
///
/// ```
/// use hearken::desk::{Case, CaseCommand, CaseEvent, CasePolicy, CsatSkipped};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// // The platform lets a brand write for a day; the answer came on the third.
/// let policy = CasePolicy { csat_window: Some(86_400_000), ..CasePolicy::default() };
/// let commands = case.step(CaseEvent::Resolve("a new lamp".into()), at(3 * 86_400), &policy);
/// assert!(commands.contains(&CaseCommand::SkipCsat(CsatSkipped::OutsideWindow)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CsatSkipped {
    /// The platform no longer lets the brand write.
    OutsideWindow,
    /// Asked not long ago about the same case.
    AskedBefore,
    /// Nobody answered it: it lapsed.
    Automatic,
}

/// Why nothing was done.
///
/// ```
/// use hearken::desk::{Case, CaseCommand, CaseEvent, CasePolicy, Refusal};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// let late = CaseEvent::Assign { agent: "ben".into(), expected_version: 7 };
/// let refused = case.step(late, at(60), &CasePolicy::default());
/// assert_eq!(refused, [CaseCommand::Refused(Refusal::Stale { expected: 7, found: 1 })]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// Not from this status.
    #[error("not while the case is {0:?}")]
    Status(CaseStatus),
    /// Decided on another version.
    #[error("the case has version {found}, not {expected}")]
    Stale {
        /// Decided on.
        expected: u64,
        /// Found.
        found: u64,
    },
    /// Confirming needs a rating or a stated waiver.
    #[error("confirming needs a rating or a stated waiver")]
    NoCsat,
    /// Children are still open.
    #[error("a child case is still open")]
    ChildOpen,
    /// Folded into another case.
    #[error("folded into case {0}")]
    Merged(CaseId),
    /// A reason is required and empty, or a value is out of its range.
    #[error("a value is missing or out of range")]
    Value,
}

/// One line of a case's history.
///
/// ```
/// use hearken::desk::{Case, CaseEvent, CasePolicy};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// case.step(CaseEvent::Note("asked the depot".into()), at(60), &CasePolicy::default());
/// let told: Vec<_> = case.timeline.iter().map(|entry| entry.at).collect();
/// assert_eq!(told, [at(0), at(60)]);
/// assert_eq!(case.timeline[1].event, CaseEvent::Note("asked the depot".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: CaseEvent,
    /// Of a hand-off: whose it was before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Holder>,
}

/// Whose a case is.
///
/// ```
/// use hearken::desk::{Case, CaseEvent, CasePolicy, Holder};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let (at, policy) = (Timestamp::from_secs, CasePolicy::default());
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// let hand_off = |team: &str| CaseEvent::HandOff { team: team.into(), why: "theirs".into() };
/// case.step(hand_off("service"), at(60), &policy);
/// case.step(CaseEvent::Assign { agent: "ann".into(), expected_version: case.version }, at(90), &policy);
/// case.step(hand_off("sales"), at(120), &policy);
/// let from = case.timeline.last().and_then(|entry| entry.from.clone());
/// assert_eq!(from, Some(Holder { team: Some("service".into()), agent: Some("ann".into()) }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The team, if any has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Who of them, if anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
}

/// When cases move by themselves.
///
/// ```
/// use hearken::desk::CasePolicy;
///
/// let policy: CasePolicy = serde_json::from_str(r#"{"csat_again": 2592000000}"#).unwrap();
/// assert_eq!(policy.reopen_window, CasePolicy::default().reopen_window);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CasePolicy {
    /// New inbound re-opens a resolved case for this long, in milliseconds; then it closes by itself and new
    /// inbound is a new case.
    pub reopen_window: i64,
    /// For how many milliseconds after the customer's last word the platform lets the brand write: later nobody
    /// is asked for a rating. Absent: always.
    pub csat_window: Option<i64>,
    /// A case that is resolved again within so many milliseconds is not rated again. Absent: it is.
    pub csat_again: Option<i64>,
}

impl Default for CasePolicy {
    /// Seven days; a rating is asked for at every resolution.
    fn default() -> Self {
        Self { reopen_window: 7 * DAY, csat_window: None, csat_again: None }
    }
}

/// How a customer rated a case.
///
/// ```
/// use hearken::desk::{Case, CaseEvent, CasePolicy, Rating};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let (at, policy) = (Timestamp::from_secs, CasePolicy::default());
/// let mut case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// case.step(CaseEvent::Resolve("a new lamp".into()), at(60), &policy);
/// case.step(CaseEvent::Csat { score: 9, scale: 5 }, at(70), &policy);
/// assert_eq!(case.csat, None, "nine out of five is refused");
/// case.step(CaseEvent::Csat { score: 4, scale: 5 }, at(80), &policy);
/// assert_eq!(case.csat, Some(Rating { score: 4, scale: 5 }));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rating {
    /// The score.
    pub score: u8,
    /// Out of.
    pub scale: u8,
}
