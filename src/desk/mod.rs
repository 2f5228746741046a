//! What happens to it: cases, promised times, alerts, escalation, approval.
//!
//! ```text
//! CaseEvent ──► Case ───────► CaseCommand        where the matter stands, whose it is, since when somebody waits
//! SlaEvent ───► Sla ────────► SlaCommand         due soon, missed: timers as data, recomputed from history
//! AlertEvent ─► Alerts ─────► AlertCommand       grouped, deduplicated, inhibited, silenced, repeated, resolved once
//!               Escalation ─► EscalationCommand  a ladder of teams until somebody takes care
//!               Crisis ─────► CrisisCommand      a playbook: steps, owners, what to say, publishing paused
//! DraftEvent ─► Draft ──────► DraftCommand       a reply on its way out: approved, exact text, once
//! ```
//!
//! And what is measured of it, as functions of what was said:
//!
//! ```text
//! Transcript ─┬► hand_over          when a program gives way to a person, and is silent from then on
//!             ├► risk, RiskWatch    what is likely to escalate, told before it does
//!             ├► reply_outcomes     what came of each reply
//!             └► Responsiveness     how long questions waited, and everything else
//! cases ──────► ignored_negative ─► expected_loss    who was left alone, and what that may cost
//! pulse ──────► CrisisRecord        time to detect, time to the first statement
//!             └► statement_effects  what people said before and after each statement
//! Message ────► MessageGroup        one text in the words of each platform, approved as one
//! Schedule                          planned posts, which a crisis holds back
//! ```
//!
//! Each state machine is a pure step over plain serde data; nothing here reads a clock. Timers are commands (`WakeAt`), and
//! what was due is told with the time at which it was due, however late the tick. What is not allowed is
//! refused with a typed reason and changes nothing.
//!
//! # Figures
//!
//! What these promise together is checked in one simulation of everything that can happen to a desk:
//! `HEARKEN_STEPS=1000000 cargo test --release --test main desk::invariants -- --nocapture` runs a million steps
//! and prints how often each branch was taken.

mod alert;
mod approve;
mod case;
mod case_event;
mod escalate;
mod handover;
mod message;
mod milestone;
mod outcome;
mod responsive;
mod risk;
mod schedule;
mod sla;
mod stakes;
mod statement;
mod transcript;
mod watch;

pub use alert::{
    Alert, AlertCommand, AlertEvent, AlertKey, AlertKind, AlertPolicy, AlertRule, Alerts, Inhibition, Labels,
    Signal, Silence,
};
pub use approve::{
    Approval, ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, DraftRefusal, DraftStatus, Setting,
    TextHash,
};
pub use case::Case;
pub use case_event::{CaseCommand, CaseEvent, CasePolicy, CsatSkipped, Entry, Rating, Refusal};
pub use escalate::{
    Crisis, CrisisCommand, Escalation, EscalationCommand, Ladder, LadderStep, Playbook, PlaybookStep,
};
pub use handover::{HandOver, HandOverReason, HandOverRules, bot_may_speak, hand_over};
pub use message::{GroupPost, Message, MessageGroup, Part, Unfit};
pub use milestone::{CrisisRecord, Milestone};
pub use outcome::{OutcomeTally, ReplyOutcome, ReplyResponse, reply_outcomes};
pub use responsive::{ResponseTimes, Responsiveness};
pub use risk::{Risk, RiskCommand, RiskWatch, RiskWeights, Standing, by_risk, risk};
pub use schedule::{Schedule, ScheduleCommand};
pub use sla::{Promise, PromiseState, Sla, SlaBook, SlaCommand, SlaEvent, SlaLine, Targets};
pub use stakes::{Loss, Stakes, expected_loss};
pub use statement::{Change, StatementEffect, Stretch, statement_effects};
pub use transcript::{Transcript, Utterance, Voice};
pub use watch::{Due, Ignored, WeekRatio, about_to_breach, ignored_negative, weekly_ratio};
