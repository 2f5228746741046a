//! Replies on their way out: drafted by a rule or written by a person, approved by another, published once.
//!
//! ```text
//! rule's template ─► Draft (bot) ──submit──► Action::Draft ─► approve ─► publish ─► Action::Reply ─► host
//! Command::Write ──► Draft (person) ─submit─┘       edit, reject, new words of the customer: not this text
//! ```
//!
//! What may happen when is the desk's [`Draft`]; here it is kept beside its case and told to the host.

use super::author;
use super::outcome::Drop;
use super::plan::Plan;
use super::shelf::Stop;
use super::state::{CaseRecord, Keys};
use super::turn::Turn;
use super::{Action, Disposition, Finding, Outcome};
use crate::desk::{ApprovalPolicy, Author, Case, CaseEvent, Draft, DraftCommand, DraftEvent, DraftRefusal};
use crate::desk::{DraftStatus, Setting};
use crate::error::{BuildError, Fault, FaultKind};
use crate::model::{AgentId, CaseId, ItemKey, Personal, ProfileKind};
use serde::{Deserialize, Serialize};

/// A reply on its way out, and what it answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Reply {
    /// Where it stands.
    pub(super) draft: Draft,
    /// What it answers.
    pub(super) item: ItemKey,
    /// True when it should go by private message.
    pub(super) private: bool,
    /// A program wrote what it answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) to_program: bool,
}

impl Reply {
    fn new(draft: Draft, item: ItemKey, private: bool) -> Self {
        Self { draft, item, private, to_program: false }
    }

    /// True until it is sent or rejected.
    pub(super) fn is_waiting(&self) -> bool {
        !matches!(self.draft.status, DraftStatus::Published | DraftStatus::Rejected)
    }

    /// Tells the draft something; its effects go into the plan.
    fn step(
        &mut self,
        turn: &Turn<'_>,
        plan: &mut Plan<'_, '_>,
        case: &Case,
        event: DraftEvent,
    ) -> Result<(), DraftRefusal> {
        let setting = Setting {
            case_version: case.version,
            human: case.human,
            answers_auto_reply: self.to_program,
            paused: false,
        };
        for command in self.draft.step(event, turn.now, &turn.engine.approvals, setting) {
            let (item, case, private) = (self.item.clone(), case.id.clone(), self.private);
            match command {
                DraftCommand::AskApproval(hash) => {
                    let text = self.draft.text.as_str().into();
                    plan.effect(Action::Draft { item, case, text, hash, private });
                }
                DraftCommand::Publish { text, .. } => {
                    plan.effect(Action::Reply { item, case, text: text.into(), private });
                }
                DraftCommand::Refused(refusal) => return Err(refusal),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What is wrong with a policy.
pub(super) fn check(policy: &ApprovalPolicy, error: &mut BuildError) {
    if policy.approvals > 0 && policy.valid <= 0 {
        let message = format!("an approval that holds for {} ms never holds", policy.valid);
        error.push(Fault::new(FaultKind::Value, "approvals, valid", message).mend("give it some hours"));
    }
}

/// A rule's filled template becomes the draft of the case. Programs that need no approval are heard at once.
pub(super) fn by_rule(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    record: &mut CaseRecord,
    template: &str,
    text: &Personal,
    item: (&ItemKey, bool),
    author: &author::Author,
) {
    let policy = &turn.engine.approvals;
    let id = format!("{} by {template}", plan.receipt.event);
    let draft = Draft::new(id, Author::Bot(template.into()), text.reveal());
    let hash = draft.hash();
    let mut reply = Reply::new(draft, item.0.clone(), item.1);
    reply.to_program = author.account.profile.kind == Some(ProfileKind::Bot);
    let event = if policy.approvals == 0 || !policy.bots_need_approval {
        DraftEvent::Publish { text: hash, case_version: record.case.version }
    } else {
        DraftEvent::Submit
    };
    match reply.step(turn, plan, &record.case, event) {
        Ok(()) => record.reply = Some(reply),
        Err(refusal) => plan.find(Finding::new("draft").result(refusal.to_string())),
    }
}

/// A person writes, or changes what is written. A person's words in the place of a program's are their own draft.
pub(super) fn write(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    text: &Personal,
    private: bool,
    by: &AgentId,
) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).case(case);
    let Some(record) = turn.get::<CaseRecord>(&key)? else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such case"));
    };
    let said = record.case.timeline.iter().rev().find_map(|entry| match &entry.event {
        CaseEvent::Inbound(item) => Some(item.clone()),
        _ => None,
    });
    let Some(item) = said else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "nothing was said that could be answered"));
    };
    let theirs = |reply: &&Reply| {
        matches!(reply.draft.author, Author::Person(_)) && reply.draft.status != DraftStatus::Published
    };
    let mut plan = Plan::new(turn, event, Some(record.person.clone()));
    let reply = match record.reply.as_ref().filter(theirs) {
        Some(held) => {
            let mut reply = Reply { item, private, ..held.clone() };
            let edit = DraftEvent::Edit { by: by.clone(), text: text.reveal().to_owned() };
            if let Err(refusal) = reply.step(turn, &mut plan, &record.case, edit) {
                return Ok(Outcome::dropped(turn, event, Drop::Refused, &refusal.to_string()));
            }
            reply
        }
        None => Reply::new(Draft::new(event, Author::Person(by.clone()), text.reveal()), item, private),
    };
    if record.reply.as_ref() == Some(&reply) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the draft is as it was"));
    }
    plan.find(Finding::new("draft").result(format!("written by {by}")));
    plan.tells(case, &record.person);
    plan.put(key, CaseRecord { reply: Some(reply), ..(*record).clone() });
    Ok(plan.done(Disposition::Accepted))
}

/// Submits, approves, rejects or publishes the draft of a case.
pub(super) fn step(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: &AgentId,
    does: DraftEvent,
) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).case(case);
    let Some(record) = turn.get::<CaseRecord>(&key)? else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such case"));
    };
    let Some(mut reply) = record.reply.clone() else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "nothing is drafted"));
    };
    let mut plan = Plan::new(turn, event, Some(record.person.clone()));
    if let Err(refusal) = reply.step(turn, &mut plan, &record.case, does.clone()) {
        return Ok(Outcome::dropped(turn, event, Drop::Refused, &refusal.to_string()));
    }
    let did = match does {
        DraftEvent::Submit => "submitted",
        DraftEvent::Approve { .. } if reply.draft.status == DraftStatus::Submitted => "one approval more",
        DraftEvent::Approve { .. } => "approved",
        DraftEvent::Reject { .. } => "rejected",
        _ => "published",
    };
    plan.find(Finding::new("draft").result(format!("{did} by {by}")));
    plan.tells(case, &record.person);
    plan.put(key, CaseRecord { reply: Some(reply), ..(*record).clone() });
    Ok(plan.done(Disposition::Accepted))
}
