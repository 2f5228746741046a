use crate::model::{AgentId, CaseId, CaseKind, CaseStatus, ItemKey, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const DAY: i64 = 24 * 60 * 60_000;

/// What somebody (or time) does to a case.
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
    /// Passes it to another team under the same id, with the same timeline.
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

/// Why nothing was done.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: CaseEvent,
}

/// When cases move by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CasePolicy {
    /// New inbound re-opens a resolved case for this long, in milliseconds; then it closes by itself and new
    /// inbound is a new case.
    pub reopen_window: i64,
}

impl Default for CasePolicy {
    /// Seven days.
    fn default() -> Self {
        Self { reopen_window: 7 * DAY }
    }
}

/// How a customer rated a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Rating {
    /// The score.
    pub score: u8,
    /// Out of.
    pub scale: u8,
}

/// One matter of one customer: a state machine with a memory.
///
/// ```text
///            inbound ──────────────────────────────────────────────┐
///               ▼                                                  │
/// New ──► Open ──reply──► PendingCustomer ──resolve──► Resolved ──confirm──► Confirmed
///          ▲ │                                          │  │
///          │ ├─► PendingInternal, OnHold, Snoozed       │  └─window over──► Closed
///          └─┴──────── resume, wake, inbound ◄──────────┘
/// ```
///
/// ```
/// use hearken::desk::{Case, CaseCommand, CaseEvent, CasePolicy};
/// use hearken::model::{CaseStatus, ItemKey, Platform, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let policy = CasePolicy::default();
/// let mut case = Case::open("c1", at(0), item("1"));
/// case.step(CaseEvent::Reply { item: item("2"), by: "ann".into(), bot: false }, at(60), &policy);
/// assert_eq!((case.status, case.waiting_since), (CaseStatus::PendingCustomer, None));
/// case.step(CaseEvent::Inbound(item("3")), at(90), &policy);
/// assert_eq!((case.status, case.waiting_since), (CaseStatus::Open, Some(at(90))));
///
/// case.step(CaseEvent::Resolve("refunded".into()), at(120), &policy);
/// let commands = case.step(CaseEvent::Confirm, at(130), &policy);
/// assert!(matches!(commands[..], [CaseCommand::Refused(_)]), "no confirmation without a rating");
/// case.step(CaseEvent::Csat { score: 5, scale: 5 }, at(140), &policy);
/// case.step(CaseEvent::Confirm, at(150), &policy);
/// assert_eq!(case.status, CaseStatus::Confirmed);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// Its id, for life.
    pub id: CaseId,
    /// Counts the changes.
    pub version: u64,
    /// What it is about.
    pub kind: CaseKind,
    /// Where it stands.
    pub status: CaseStatus,
    /// How much it matters.
    pub priority: Priority,
    /// Whose it is.
    pub team: Option<TeamId>,
    /// Who answers the customer.
    pub assignee: Option<AgentId>,
    /// A person has answered: programs are silent from then on.
    pub human: bool,
    /// The case it was escalated, split or continued from.
    pub parent: Option<CaseId>,
    /// Child cases that are not over.
    pub open_children: BTreeSet<CaseId>,
    /// The case it was folded into.
    pub merged_into: Option<CaseId>,
    /// What the customer said, and what was answered.
    pub items: BTreeSet<ItemKey>,
    /// What the customer said too late to re-open it: for a new case.
    pub passed_on: BTreeSet<ItemKey>,
    /// When it began.
    pub opened_at: Timestamp,
    /// Since when the customer waits for a word.
    pub waiting_since: Option<Timestamp>,
    /// When it comes back from [`CaseStatus::Snoozed`].
    pub snoozed_until: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// How often it was opened again.
    pub reopened: u32,
    /// How the customer rated it.
    pub csat: Option<Rating>,
    /// Why there is no rating.
    pub waiver: Option<String>,
    /// Everything that happened, in order.
    pub timeline: Vec<Entry>,
}

impl Case {
    /// A new case of one inbound item.
    pub fn open(id: impl Into<CaseId>, at: Timestamp, item: ItemKey) -> Self {
        let mut case = Self::empty(id.into(), at);
        case.waiting_since = Some(at);
        case.items.insert(item.clone());
        case.timeline.push(Entry { at, event: CaseEvent::Inbound(item) });
        case
    }

    fn empty(id: CaseId, at: Timestamp) -> Self {
        Self {
            id,
            version: 1,
            kind: CaseKind::Question,
            status: CaseStatus::New,
            priority: Priority::default(),
            team: None,
            assignee: None,
            human: false,
            parent: None,
            open_children: BTreeSet::new(),
            merged_into: None,
            items: BTreeSet::new(),
            passed_on: BTreeSet::new(),
            opened_at: at,
            waiting_since: None,
            snoozed_until: None,
            resolved_at: None,
            reopened: 0,
            csat: None,
            waiver: None,
            timeline: Vec::new(),
        }
    }

    /// Takes one event in. What is not allowed changes nothing and is answered with
    /// [`CaseCommand::Refused`]; what changes nothing leaves the version as it is.
    pub fn step(&mut self, event: CaseEvent, now: Timestamp, policy: &CasePolicy) -> Vec<CaseCommand> {
        let mut commands = Vec::new();
        // The timeline only grows at the end: it is kept aside instead of being copied.
        let mut timeline = std::mem::take(&mut self.timeline);
        let mut next = self.clone();
        let applied = next.apply(&event, now, policy, &mut commands);
        if applied.is_err() || next == *self {
            self.timeline = timeline;
            return applied.map_or_else(|refusal| vec![CaseCommand::Refused(refusal)], |()| commands);
        }
        if next.status != self.status {
            let (from, to) = (self.status, next.status);
            commands.insert(0, CaseCommand::Moved { from, to });
            if to.is_over() && !from.is_over() {
                commands.extend(next.parent.clone().map(CaseCommand::TellParent));
            }
        }
        next.version += 1;
        if !next.timeline.is_empty() {
            timeline.append(&mut next.timeline);
            timeline.sort_by_key(|entry| entry.at);
        }
        let event = match event {
            // The timeline of the other case has been taken over; its copy is not kept twice.
            CaseEvent::Absorb(other) => CaseEvent::Note(format!("case {} was folded in", other.id)),
            event => event,
        };
        timeline.push(Entry { at: now, event });
        next.timeline = timeline;
        *self = next;
        commands
    }

    fn apply(
        &mut self,
        event: &CaseEvent,
        now: Timestamp,
        policy: &CasePolicy,
        commands: &mut Vec<CaseCommand>,
    ) -> Result<(), Refusal> {
        if let Some(into) = &self.merged_into {
            return match event {
                CaseEvent::Tick => Ok(()),
                _ => Err(Refusal::Merged(into.clone())),
            };
        }
        match event {
            CaseEvent::Inbound(item) => self.inbound(item, now, policy, commands),
            CaseEvent::Reply { item, by: _, bot } => {
                if self.items.insert(item.clone()) {
                    self.human |= !bot;
                    self.waiting_since = None;
                    if self.status.is_active() || self.status == CaseStatus::PendingInternal {
                        self.status = CaseStatus::PendingCustomer;
                    }
                }
            }
            CaseEvent::Note(text) => return text_given(text),
            CaseEvent::Assign { agent, expected_version } => {
                if *expected_version != self.version {
                    let (expected, found) = (*expected_version, self.version);
                    return Err(Refusal::Stale { expected, found });
                }
                self.must_not_be_over()?;
                self.assignee = Some(agent.clone());
                if self.status == CaseStatus::New {
                    self.status = CaseStatus::Open;
                }
            }
            CaseEvent::Unassign => {
                if self.assignee.take().is_some() && !self.status.is_over() {
                    commands.push(CaseCommand::Queue);
                }
            }
            CaseEvent::HandOff { team, why } => {
                text_given(why)?;
                self.must_not_be_over()?;
                self.team = Some(team.clone());
                self.assignee = None;
                commands.push(CaseCommand::Queue);
            }
            CaseEvent::AwaitCustomer => self.wait(CaseStatus::PendingCustomer)?,
            CaseEvent::AwaitInternal => self.wait(CaseStatus::PendingInternal)?,
            CaseEvent::Hold(why) => {
                text_given(why)?;
                self.wait(CaseStatus::OnHold)?;
            }
            CaseEvent::Snooze(until) => {
                if *until <= now {
                    return Err(Refusal::Value);
                }
                self.wait(CaseStatus::Snoozed)?;
                self.snoozed_until = Some(*until);
                commands.push(CaseCommand::WakeAt(*until));
            }
            CaseEvent::Resume => {
                self.must_not_be_over()?;
                self.reopen();
            }
            CaseEvent::Escalate { child, team, why } => {
                text_given(why)?;
                self.must_not_be_over()?;
                if self.open_children.insert(child.clone()) {
                    let mut case = Self::empty(child.clone(), now);
                    case.kind = self.kind.clone();
                    case.priority = self.priority;
                    case.team = Some(team.clone());
                    case.parent = Some(self.id.clone());
                    commands.push(CaseCommand::Open(Box::new(case)));
                }
            }
            CaseEvent::ChildOver(child) => {
                self.open_children.remove(child);
                if self.open_children.is_empty() && self.status == CaseStatus::PendingInternal {
                    self.status = CaseStatus::Open;
                }
            }
            CaseEvent::Resolve(code) => {
                text_given(code)?;
                self.must_not_be_over()?;
                if !self.open_children.is_empty() {
                    return Err(Refusal::ChildOpen);
                }
                self.status = CaseStatus::Resolved;
                (self.waiting_since, self.snoozed_until) = (None, None);
                self.resolved_at = Some(now);
                commands.push(CaseCommand::AskCsat);
                commands.push(CaseCommand::WakeAt(now + policy.reopen_window));
            }
            CaseEvent::Csat { score, scale } => {
                if *scale < 2 || score > scale {
                    return Err(Refusal::Value);
                }
                self.csat = Some(Rating { score: *score, scale: *scale });
            }
            CaseEvent::Waive(why) => {
                text_given(why)?;
                self.waiver = Some(why.clone());
            }
            CaseEvent::Confirm => match self.status {
                CaseStatus::Resolved | CaseStatus::Closed if self.csat.is_some() || self.waiver.is_some() => {
                    self.status = CaseStatus::Confirmed;
                }
                CaseStatus::Confirmed => {}
                CaseStatus::Resolved | CaseStatus::Closed => return Err(Refusal::NoCsat),
                other => return Err(Refusal::Status(other)),
            },
            CaseEvent::Close => match self.status {
                CaseStatus::Resolved => self.status = CaseStatus::Closed,
                CaseStatus::Closed => {}
                other => return Err(Refusal::Status(other)),
            },
            CaseEvent::Prioritise(priority) => self.priority = *priority,
            CaseEvent::MergeInto(other) => {
                if *other == self.id {
                    return Err(Refusal::Value);
                }
                self.merged_into = Some(other.clone());
                self.status = CaseStatus::Closed;
                (self.waiting_since, self.snoozed_until, self.assignee) = (None, None, None);
            }
            CaseEvent::Absorb(other) => self.absorb(other)?,
            CaseEvent::Split { into, items } => {
                self.must_not_be_over()?;
                if items.is_empty() || !items.is_subset(&self.items) || *into == self.id {
                    return Err(Refusal::Value);
                }
                let mut case = Self::empty(into.clone(), now);
                (case.kind, case.priority, case.team) = (self.kind.clone(), self.priority, self.team.clone());
                case.parent = Some(self.id.clone());
                case.waiting_since = self.waiting_since;
                case.items = items.clone();
                self.items.retain(|item| !items.contains(item));
                commands.push(CaseCommand::Open(Box::new(case)));
            }
            CaseEvent::Tick => self.tick(now, policy),
        }
        Ok(())
    }

    fn inbound(
        &mut self,
        item: &ItemKey,
        now: Timestamp,
        policy: &CasePolicy,
        commands: &mut Vec<CaseCommand>,
    ) {
        if self.items.contains(item) || self.passed_on.contains(item) {
            return;
        }
        self.tick(now, policy);
        let window = self.resolved_at.map(|at| at + policy.reopen_window);
        if self.status.is_over() && window.is_none_or(|end| end <= now) {
            self.passed_on.insert(item.clone());
            commands.push(CaseCommand::FollowUp(item.clone()));
            return;
        }
        self.items.insert(item.clone());
        self.waiting_since = self.waiting_since.or(Some(now));
        if self.status.is_over() {
            self.reopened += 1;
            (self.resolved_at, self.csat, self.waiver) = (None, None, None);
            commands.push(CaseCommand::Queue);
        }
        self.reopen();
    }

    fn tick(&mut self, now: Timestamp, policy: &CasePolicy) {
        if self.snoozed_until.is_some_and(|until| until <= now) {
            self.reopen();
        }
        let over = self.resolved_at.is_some_and(|at| at + policy.reopen_window <= now);
        if self.status == CaseStatus::Resolved && over {
            self.status = CaseStatus::Closed;
        }
    }

    /// Back to work: new work stays new.
    fn reopen(&mut self) {
        self.snoozed_until = None;
        if self.status != CaseStatus::New {
            self.status = CaseStatus::Open;
        }
    }

    fn wait(&mut self, status: CaseStatus) -> Result<(), Refusal> {
        self.must_not_be_over()?;
        self.snoozed_until = None;
        self.status = status;
        Ok(())
    }

    fn absorb(&mut self, other: &Self) -> Result<(), Refusal> {
        if other.id == self.id {
            return Err(Refusal::Value);
        }
        self.must_not_be_over()?;
        self.items.extend(other.items.iter().cloned());
        self.open_children.extend(other.open_children.iter().cloned());
        self.opened_at = self.opened_at.min(other.opened_at);
        self.waiting_since = [self.waiting_since, other.waiting_since].into_iter().flatten().min();
        self.priority = self.priority.max(other.priority);
        self.human |= other.human;
        self.timeline.extend(other.timeline.iter().cloned());
        if self.waiting_since.is_some() {
            self.reopen();
        }
        Ok(())
    }

    fn must_not_be_over(&self) -> Result<(), Refusal> {
        if self.status.is_over() { Err(Refusal::Status(self.status)) } else { Ok(()) }
    }
}

fn text_given(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::Value) } else { Ok(()) }
}
