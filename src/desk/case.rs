use super::case_event::{CaseCommand, CaseEvent, CasePolicy, CsatSkipped, Entry, Holder, Rating, Refusal};
use crate::model::{AgentId, CaseId, CaseKind, CaseStatus, ItemKey, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

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
    /// What the customer said, and what was answered. The [engine](crate::engine) keeps these three in rows of their own, so
    /// that a case does not grow with what is said in it: what it stores has none.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub items: BTreeSet<ItemKey>,
    /// What the customer said too late to re-open it: for a new case.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub passed_on: BTreeSet<ItemKey>,
    /// Answers that did not reach the customer.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub undelivered: BTreeSet<ItemKey>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When the customer last said something.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_inbound: Option<Timestamp>,
    /// Since when the customer waits for a word.
    pub waiting_since: Option<Timestamp>,
    /// When it comes back from [`CaseStatus::Snoozed`].
    pub snoozed_until: Option<Timestamp>,
    /// When it was last resolved.
    pub resolved_at: Option<Timestamp>,
    /// How often it was opened again.
    pub reopened: u32,
    /// When the customer was last asked to rate it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub csat_asked: Option<Timestamp>,
    /// How the customer rated it.
    pub csat: Option<Rating>,
    /// Why there is no rating.
    pub waiver: Option<String>,
    /// Everything that happened, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<Entry>,
}

impl Case {
    /// A new case of one inbound item.
    pub fn open(id: impl Into<CaseId>, at: Timestamp, item: ItemKey) -> Self {
        let mut case = Self::empty(id.into(), at);
        (case.last_inbound, case.waiting_since) = (Some(at), Some(at));
        case.items.insert(item.clone());
        case.timeline.push(Entry { at, event: CaseEvent::Inbound(item), from: None });
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
            undelivered: BTreeSet::new(),
            opened_at: at,
            last_inbound: None,
            waiting_since: None,
            snoozed_until: None,
            resolved_at: None,
            reopened: 0,
            csat_asked: None,
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
        let noted = matches!(event, CaseEvent::Note(_));
        if applied.is_err() || next == *self && !noted {
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
        let handed = matches!(event, CaseEvent::HandOff { .. });
        let from = handed.then(|| Holder { team: self.team.take(), agent: self.assignee.take() });
        timeline.push(Entry { at: now, event, from });
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
            CaseEvent::Undelivered(item) => {
                if self.items.contains(item) && self.undelivered.insert(item.clone()) {
                    self.waiting_since = self.waiting_since.or(self.last_inbound);
                    if self.status == CaseStatus::Resolved {
                        self.take_up_again(commands);
                    }
                    if matches!(self.status, CaseStatus::Open | CaseStatus::PendingCustomer) {
                        self.reopen();
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
                self.must_be_another(child)?;
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
            CaseEvent::Resolve(code) | CaseEvent::Lapse(code) => {
                text_given(code)?;
                self.must_not_be_over()?;
                if !self.open_children.is_empty() {
                    return Err(Refusal::ChildOpen);
                }
                self.status = CaseStatus::Resolved;
                (self.waiting_since, self.snoozed_until) = (None, None);
                self.resolved_at = Some(now);
                let automatic = matches!(event, CaseEvent::Lapse(_));
                commands.push(match self.csat_skipped(automatic, now, policy) {
                    Some(why) => CaseCommand::SkipCsat(why),
                    None => {
                        self.csat_asked = Some(now);
                        CaseCommand::AskCsat
                    }
                });
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
                self.must_be_another(into)?;
                if items.is_empty() || !items.is_subset(&self.items) {
                    return Err(Refusal::Value);
                }
                let mut case = Self::empty(into.clone(), now);
                (case.kind, case.priority, case.team) = (self.kind.clone(), self.priority, self.team.clone());
                case.parent = Some(self.id.clone());
                (case.last_inbound, case.waiting_since) = (self.last_inbound, self.waiting_since);
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
        self.last_inbound = self.last_inbound.max(Some(now));
        self.waiting_since = self.waiting_since.or(Some(now));
        if self.status.is_over() {
            self.take_up_again(commands);
        }
        self.reopen();
    }

    /// What was over is open again.
    fn take_up_again(&mut self, commands: &mut Vec<CaseCommand>) {
        self.reopened += 1;
        (self.resolved_at, self.csat, self.waiver) = (None, None, None);
        commands.push(CaseCommand::Queue);
        self.status = CaseStatus::Open;
    }

    /// Why the customer is not asked for a rating, if so.
    fn csat_skipped(&self, automatic: bool, now: Timestamp, policy: &CasePolicy) -> Option<CsatSkipped> {
        let last = self.last_inbound.unwrap_or(self.opened_at);
        if automatic {
            Some(CsatSkipped::Automatic)
        } else if policy.csat_window.is_some_and(|window| last + window <= now) {
            Some(CsatSkipped::OutsideWindow)
        } else if self.csat_asked.zip(policy.csat_again).is_some_and(|(asked, again)| now < asked + again) {
            Some(CsatSkipped::AskedBefore)
        } else {
            None
        }
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
        self.undelivered.extend(other.undelivered.iter().cloned());
        self.open_children.extend(other.open_children.iter().cloned());
        self.opened_at = self.opened_at.min(other.opened_at);
        self.last_inbound = self.last_inbound.max(other.last_inbound);
        self.csat_asked = self.csat_asked.max(other.csat_asked);
        self.waiting_since = [self.waiting_since, other.waiting_since].into_iter().flatten().min();
        self.priority = self.priority.max(other.priority);
        self.human |= other.human;
        self.timeline.extend(other.timeline.iter().cloned());
        if self.waiting_since.is_some() {
            self.reopen();
        }
        Ok(())
    }

    /// A case that is to be opened is neither this one nor the one that this came from.
    fn must_be_another(&self, case: &CaseId) -> Result<(), Refusal> {
        if *case == self.id || self.parent.as_ref() == Some(case) { Err(Refusal::Value) } else { Ok(()) }
    }

    fn must_not_be_over(&self) -> Result<(), Refusal> {
        if self.status.is_over() { Err(Refusal::Status(self.status)) } else { Ok(()) }
    }
}

fn text_given(text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Err(Refusal::Value) } else { Ok(()) }
}
