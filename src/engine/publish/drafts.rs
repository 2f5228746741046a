//! Replies on their way out: drafted by a rule or written by a person, approved by another, published once.
//!
//! ```text
//! rule's template ──► Draft (bot) ──submit──► Action::Draft ─► approve ─► publish ─► Action::Reply ─► host
//! DraftAct::Write ──► Draft (person) ─submit─┘       edit, reject, new words of the customer: not this text
//! DraftAct::Open ───► others are writing already: Action::Warn
//! ```
//!
//! What may happen when is the desk's [`Draft`]; here it is kept beside its case and told to the host. Nobody writes to
//! whoever asked not to be written to.

use crate::desk::{ApprovalPolicy, Author, Case, Draft, DraftCommand, DraftEvent, DraftRefusal};
use crate::desk::{DraftStatus, Playbook, Setting};
use crate::engine::Action;
use crate::engine::Disposition;
use crate::engine::DraftAct;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::outcome::Drop;
use crate::engine::people::author;
use crate::engine::people::contact;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{CaseRecord, Chapter, Keys};
use crate::engine::turn::Turn;
use crate::error::{BuildError, Fault, FaultKind};
use crate::model::{AgentId, CaseId, ItemKey, Personal, ProfileKind};
use serde::{Deserialize, Serialize};

/// A reply on its way out, and what it answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::engine) struct Reply {
    /// Where it stands.
    pub(in crate::engine) draft: Draft,
    /// What it answers.
    pub(in crate::engine) item: ItemKey,
    /// True when it should go by private message.
    pub(in crate::engine) private: bool,
    /// A program wrote what it answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(in crate::engine) to_program: bool,
}

impl Reply {
    fn new(draft: Draft, item: ItemKey, private: bool) -> Self {
        Self { draft, item, private, to_program: false }
    }

    /// True until it is sent or rejected.
    pub(in crate::engine) fn is_waiting(&self) -> bool {
        !matches!(self.draft.status, DraftStatus::Published | DraftStatus::Rejected)
    }

    /// True while people write in it; a person's words in the place of a program's are a draft of their own.
    fn is_theirs(&self) -> bool {
        matches!(self.draft.author, Author::Person(_)) && self.draft.status != DraftStatus::Published
    }

    /// Tells the draft something; its effects go into the plan.
    fn step(
        &mut self,
        turn: &Turn<'_>,
        plan: &mut Plan<'_, '_>,
        case: &Case,
        event: DraftEvent,
    ) -> Result<(), DraftRefusal> {
        let setting =
            Setting { case_version: case.version, human: case.human, answers_auto_reply: self.to_program };
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
                DraftCommand::Warn { who, others } => {
                    let names: Vec<&str> = others.iter().map(AgentId::as_str).collect();
                    let warned = format!("{who}: {} is writing already", names.join(", "));
                    plan.find(Finding::new("warned").result(warned));
                    plan.effect(Action::Warn { case, who, others });
                }
                DraftCommand::Refused(refusal) => return Err(refusal),
            }
        }
        Ok(())
    }
}

/// What is wrong with a policy.
pub(in crate::engine) fn check(policy: &ApprovalPolicy, playbooks: &[Playbook], error: &mut BuildError) {
    let states = |book: &Playbook| book.steps.iter().any(|step| step.holding_statement.is_some());
    if policy.valid <= 0 && (policy.approvals > 0 || playbooks.iter().any(states)) {
        let message = format!("an approval that holds for {} ms never holds", policy.valid);
        error.push(Fault::new(FaultKind::Value, "approvals, valid", message).mend("give it some hours"));
    }
}

/// A rule's filled template becomes the draft of the case. Programs that need no approval are heard at once.
pub(in crate::engine) fn by_rule(
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

/// What somebody does to the draft of a case.
pub(in crate::engine) fn act(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: &AgentId,
    act: &DraftAct,
) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).case(case);
    let Some(record) = turn.get::<CaseRecord>(&key)? else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such case"));
    };
    let refused = |why: &str| Ok(Outcome::dropped(turn, event, Drop::Refused, why));
    let does = match act {
        DraftAct::Open => DraftEvent::Open(by.clone()),
        DraftAct::Leave => DraftEvent::Leave(by.clone()),
        DraftAct::Write { text, .. } => DraftEvent::Edit { by: by.clone(), text: text.reveal().to_owned() },
        DraftAct::Submit => DraftEvent::Submit,
        DraftAct::Approve { text } => DraftEvent::Approve { by: by.clone(), text: text.clone() },
        DraftAct::Reject { reason } => DraftEvent::Reject { by: by.clone(), why: reason.reveal().to_owned() },
        DraftAct::Publish { text, version } => {
            DraftEvent::Publish { text: text.clone(), case_version: *version }
        }
    };
    let mut plan = Plan::new(turn, event, Some(record.person.clone()));
    let held = record.reply.as_ref();
    let mut reply = match act {
        DraftAct::Open | DraftAct::Write { .. } => {
            let kept = held.filter(|reply| match act {
                DraftAct::Open => reply.draft.status != DraftStatus::Published,
                _ => reply.is_theirs(),
            });
            let Some(mut reply) = answer(kept, held, &record, event, by) else {
                return Ok(Outcome::dropped(
                    turn,
                    event,
                    Drop::Unknown,
                    "nothing was said that could be answered",
                ));
            };
            if let DraftAct::Write { private, .. } = act {
                reply.private = *private;
            }
            reply
        }
        _ => match held {
            Some(reply) => reply.clone(),
            None => return Ok(Outcome::dropped(turn, event, Drop::Unknown, "nothing is drafted")),
        },
    };
    if matches!(act, DraftAct::Write { .. } | DraftAct::Submit | DraftAct::Publish { .. })
        && let Some(why) = contact::barred(turn, &record.person, &reply.item)?
    {
        return refused(&why);
    }
    if matches!(act, DraftAct::Submit) && reply.draft.text.trim().is_empty() {
        return refused("nothing is written yet");
    }
    if let Err(refusal) = reply.step(turn, &mut plan, &record.case, does) {
        return refused(&refusal.to_string());
    }
    if held == Some(&reply) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the draft is as it was"));
    }
    let did = match act {
        DraftAct::Open => "opened",
        DraftAct::Leave => "left",
        DraftAct::Write { .. } => "written",
        DraftAct::Submit => "submitted",
        DraftAct::Approve { .. } if reply.draft.status == DraftStatus::Submitted => "one approval more",
        DraftAct::Approve { .. } => "approved",
        DraftAct::Reject { .. } => "rejected",
        DraftAct::Publish { .. } => "published",
    };
    plan.find(Finding::new("draft").result(format!("{did} by {by}")));
    plan.tells(&record, Chapter::default());
    plan.put(key, CaseRecord { reply: Some(reply), ..(*record).clone() });
    Ok(plan.done(Disposition::Accepted))
}

/// The draft that is kept, or a new one in place of what is held: a program's, or one that went out. It answers the
/// customer's last word; `None` when there is none.
fn answer(
    kept: Option<&Reply>,
    held: Option<&Reply>,
    record: &CaseRecord,
    event: &str,
    by: &AgentId,
) -> Option<Reply> {
    let item = record.recent.last()?;
    let fresh = || {
        let mut draft = Draft::new(event, Author::Person(by.clone()), "");
        draft.open = held.map(|reply| reply.draft.open.clone()).unwrap_or_default();
        Reply::new(draft, item.clone(), false)
    };
    Some(kept.map_or_else(fresh, |reply| Reply { item: item.clone(), ..reply.clone() }))
}
