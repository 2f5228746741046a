use crate::desk::TextHash;
use crate::model::{AgentId, ItemKey, Personal, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What somebody of the team does to a case: see [`Command::Case`](crate::engine::Command::Case).
///
/// What is not allowed as things stand changes nothing; the receipt of the dropped turn says why.
///
/// ```
/// use hearken::engine::{Action, CaseAct, Command, Disposition, Drop, Engine, Settings, drive};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"agents": [{"id": "ann", "capacity": 1}, {"id": "ben", "capacity": 1}],
///     "rules": {"rules": [{"id": "broken", "when": "broke", "then": [{"assign": {"team": "service"}}]}]}}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.content.text = "my lamp broke".into();
/// let at = Timestamp::from_secs;
/// let heard = drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), at(0)).unwrap();
/// let case = heard.assessment.as_ref().unwrap().case.clone().unwrap();
///
/// let mut act = |by: &str, act, now| {
///     let command = Command::Case { case: case.clone(), by: by.into(), act };
///     drive(&engine, &mut store, &command.into(), now).unwrap()
/// };
/// // Both saw version 1: the first has it, the second is told.
/// assert_eq!(act("ann", CaseAct::Take { version: 1 }, at(9)).disposition, Disposition::Accepted);
/// let late = act("ben", CaseAct::Take { version: 1 }, at(9));
/// assert_eq!(late.disposition, Disposition::Dropped(Drop::Refused));
/// assert!(late.receipt.to_string().contains("the case has version 2, not 1"));
/// // Put away until tomorrow: the host is asked to wake the engine then.
/// let tomorrow = at(86_400);
/// let snoozed = act("ann", CaseAct::Snooze { until: tomorrow }, at(10));
/// assert!(snoozed.effects.iter().any(|effect| effect.action == Action::WakeAt { at: tomorrow }));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum CaseAct {
    /// Claims it, room or not, unless it has moved on since it was looked at.
    Take {
        /// The version that was looked at ([`Case::version`](crate::desk::Case::version)).
        version: u64,
    },
    /// Gives it to somebody else, room or not, unless it has moved on since it was looked at.
    Give {
        /// Who gets it.
        to: AgentId,
        /// The version that was looked at.
        version: u64,
    },
    /// Gives it back. It goes to the next, and is never offered to whoever declined it again.
    Decline,
    /// Passes it to another team under the same id, with the same timeline.
    HandOff {
        /// The team.
        team: TeamId,
        /// Why.
        why: Box<str>,
    },
    /// The customer owes the next word.
    AwaitCustomer,
    /// A colleague owes the next step.
    AwaitInternal,
    /// Stops it for a reason.
    Hold {
        /// The reason.
        why: Box<str>,
    },
    /// Puts it away; it comes back by itself, or with the customer's next word.
    Snooze {
        /// Until when.
        until: Timestamp,
    },
    /// Takes it out of waiting.
    Resume,
    /// Writes something down for colleagues.
    Note {
        /// The words; they stand in the case's timeline and in no receipt.
        text: Personal,
    },
    /// It matters more, or less. Targets that came from the priority come from the new one.
    Prioritise {
        /// How much.
        priority: Priority,
    },
    /// The work needs another team, which gets a case of its own; the owner stays.
    Escalate {
        /// The team that is asked.
        team: TeamId,
        /// Why.
        why: Box<str>,
    },
    /// Folds it into another case of the same person, which takes over all that was said.
    Merge {
        /// The case that stays.
        into: crate::model::CaseId,
    },
    /// Moves items out into a case of their own.
    Split {
        /// What moves: some of the case's items, not all.
        items: BTreeSet<ItemKey>,
    },
    /// The problem is solved.
    Resolve {
        /// How: the host's code.
        code: Box<str>,
    },
    /// A solved case is over, without confirmation.
    Close,
}

/// What somebody does to the reply of a case: see [`Command::Draft`](crate::engine::Command::Draft). A case has one draft at a
/// time.
///
/// ```
/// use hearken::engine::{Command, DraftAct};
///
/// let act = DraftAct::Write { text: "We are sorry.".into(), private: false };
/// let command = Command::Draft { case: "C-1".into(), by: "ann".into(), act };
/// let line = r#"{"do":"draft","case":"C-1","by":"ann","act":"write","text":"We are sorry.","private":false}"#;
/// assert_eq!(serde_json::to_string(&command).unwrap(), line);
/// assert_eq!(serde_json::from_str::<Command>(line).unwrap(), command);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum DraftAct {
    /// Opens it to write. Whoever opens it while others have it open is warned:
    /// [`Action::Warn`](crate::engine::Action::Warn).
    Open,
    /// Closes it again; the words stay.
    Leave,
    /// Writes it, or changes it: every approval is void.
    Write {
        /// The words.
        text: Personal,
        /// True when it should go by private message.
        #[serde(default)]
        private: bool,
    },
    /// Asks for approval.
    Submit,
    /// It may go out, exactly as it was read. Nobody approves what they wrote.
    Approve {
        /// The text that was read: [`Action::Draft`](crate::engine::Action::Draft) names it.
        text: TextHash,
    },
    /// It may not go out.
    Reject {
        /// Why.
        reason: Personal,
    },
    /// The approved draft goes out, unless the case has moved on since somebody looked.
    Publish {
        /// The text that is to go out.
        text: TextHash,
        /// The version of the case that was looked at ([`Case::version`](crate::desk::Case::version)).
        version: u64,
    },
}

/// What somebody does to a post of the brand's own: see [`Command::Post`](crate::engine::Command::Post).
///
/// ```
/// use hearken::desk::TextHash;
/// use hearken::engine::{Action, Command, CrisisAct, Engine, Event, PostAct, Settings, drive};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"playbooks": [
///     {"id": "outage", "pause_publishing": true, "steps": [{"id": "cause", "owner": "engineering"}]}]}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut at = |seconds, event: Event| {
///     drive(&engine, &mut store, &event, Timestamp::from_secs(seconds)).unwrap().effects
/// };
/// let post = |by: &str, act| Command::Post { post: "spring sale".into(), by: by.into(), act }.into();
/// let crisis = |act| Command::Crisis { playbook: "outage".into(), by: "maud".into(), act }.into();
/// let (words, due) = ("Everything a third off!", Timestamp::from_secs(900));
/// let text = TextHash::of(words);
/// at(0, post("ann", PostAct::Write { text: words.into(), channels: vec!["x".into()] }));
/// at(1, post("ann", PostAct::Submit));
/// at(2, post("ben", PostAct::Approve { text: text.clone() }));
/// let planned = at(3, post("ann", PostAct::Plan { text, due }));
/// assert_eq!(planned[0].action, Action::WakeAt { at: due });
/// // Its time comes in a crisis: it waits, and when that is over somebody looks whether it still fits.
/// at(600, crisis(CrisisAct::Begin));
/// assert_eq!(at(900, Event::Due)[0].action, Action::PostHeld { post: "spring sale".into(), due });
/// let over = at(1_200, crisis(CrisisAct::End));
/// assert!(over.iter().any(|effect| matches!(&effect.action, Action::PostReview { post, .. } if &**post == "spring sale")));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum PostAct {
    /// Writes it, or changes it: other words or other places make every approval void.
    Write {
        /// The words.
        text: Personal,
        /// Where it goes, as the host names it; empty: wherever the host decides.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<Box<str>>,
    },
    /// Asks for approval.
    Submit,
    /// It may go out, exactly as it was read. Nobody approves what they wrote.
    Approve {
        /// The text that was read: [`Action::PostDraft`](crate::engine::Action::PostDraft) names it.
        text: TextHash,
    },
    /// It may not go out like this, and is planned for no time any more.
    Reject {
        /// Why.
        reason: Personal,
    },
    /// It goes out at that time, if it is approved by then, has still these words, and no crisis holds it back. A post that
    /// is planned already is planned anew.
    Plan {
        /// The text that is to go out.
        text: TextHash,
        /// When.
        due: Timestamp,
    },
    /// It is planned for no time any more; the words stay.
    Unplan,
    /// The approved post goes out now, whatever it was planned for: who says so knows of any crisis.
    Publish {
        /// The text that is to go out.
        text: TextHash,
    },
}

/// How a playbook goes on: see [`Command::Crisis`](crate::engine::Command::Crisis).
///
/// ```
/// use hearken::engine::{Action, Command, CrisisAct, Engine, Settings, drive};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"playbooks": [{"id": "outage", "pause_publishing": true, "steps": [
///     {"id": "statement", "owner": "pr", "holding_statement": "We are looking into it."},
///     {"id": "cause", "owner": "engineering", "after": ["statement"]}]}]}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut act = |act| {
///     let command = Command::Crisis { playbook: "outage".into(), by: "maud".into(), act };
///     drive(&engine, &mut store, &command.into(), Timestamp::from_secs(0)).unwrap().effects
/// };
/// let begun = act(CrisisAct::Begin);
/// assert!(matches!(&begun[0].action, Action::Publishing { paused: true, .. }));
/// // What it wants said is a draft that somebody must approve: `Command::Post` of that name.
/// assert!(matches!(&begun[1].action, Action::PostDraft { post, .. } if &**post == "outage/statement"));
/// assert!(matches!(&begun[2].action, Action::PlaybookStep { step, .. } if step.id == "statement"));
/// let next = act(CrisisAct::Done { step: "statement".into() });
/// assert!(matches!(&next[0].action, Action::PlaybookStep { step, .. } if step.id == "cause"));
/// assert!(matches!(&act(CrisisAct::End)[0].action, Action::Publishing { paused: false, .. }));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum CrisisAct {
    /// It begins.
    Begin,
    /// A step is done.
    Done {
        /// The step.
        step: Box<str>,
    },
    /// It is over.
    End,
}
