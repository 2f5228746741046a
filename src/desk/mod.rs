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
//! # Feeding the measures
//!
//! A measure is a fold over what the host has kept; nobody feeds it but the host, now or at the end of a quarter. Most
//! take a [`Transcript`], one a conversation: an [`Utterance`] for each item that came in or went out. What the others
//! take beside it:
//!
//! | measure | is handed | which comes from |
//! |---|---|---|
//! | [`Responsiveness`], [`reply_outcomes`], [`hand_over`] | transcripts | items, with the mood and topics found in them (`Outcome::assessment` of the engine, or `sentiment` and `signal`) |
//! | [`risk`](risk()), [`RiskWatch`] | a transcript, a [`Standing`] | [`Sla::state`] (misses), [`Case::reopened`], the author's followers, an intent to cancel |
//! | [`ignored_negative`], [`about_to_breach`] | cases, and which of them are negative; their [`Sla`]s | the cases that the host keeps open |
//! | [`expected_loss`] | the customers behind them, with their value; a share of [`Stakes`] | the host's own records |
//! | [`weekly_ratio`] | (when, whether it was answered) for each inbound item | transcripts, and posts that open no case |
//! | [`CrisisRecord`] | readings of a `pulse::Watch`; [`CrisisRecord::note`] when something was done | an [`Observation`](crate::pulse::Observation) for each post; [`Crisis`], [`Escalation`] |
//! | [`statement_effects`] | a `pulse::Window` of the same posts, the times of statements | [`DraftCommand::Publish`] |
//!
//! ```
//! use hearken::calendar::Calendar;
//! use hearken::desk::*;
//! use hearken::facts::{Facts, Field};
//! use hearken::model::{CaseKind, Interaction, InteractionKind, Money, Platform, Points, Priority, Timestamp};
//! use hearken::query::Scratch;
//! use hearken::sentiment::Sentiment;
//! use hearken::signal::Signals;
//! use hearken::text::Text;
//!
//! // What was said: an utterance for each item, with what the analysers find in a customer's words.
//! let (sentiment, signals, mut scratch) = (Sentiment::english(), Signals::english(), Scratch::default());
//! let mut said = |minute: i64, id: &str, voice: Voice, words: &str| {
//!     let mut item = Interaction::new(Platform::X, id, InteractionKind::Mention);
//!     item.content.text = words.into();
//!     let mut utterance = Utterance::new(Timestamp::from_secs(minute * 60), item.key.clone(), voice);
//!     if utterance.voice == Voice::Customer {
//!         let text = Text::new(words);
//!         let mut facts = Facts::of(&text, &item);
//!         signals.read(&mut facts, &mut scratch);
//!         utterance.mood = Some(Points::nearest(sentiment.score(&text).score));
//!         utterance.question = facts.words(&Field::Topic).any(|topic| topic == "question");
//!     }
//!     utterance
//! };
//! let mut talk = Transcript::default();
//! talk.add(said(0, "1", Voice::Customer, "Where is my order? This is terrible, I am so angry."));
//! talk.add(said(30, "2", Voice::Agent("ann".into()), "It is on its way, sorry!"));
//! talk.add(said(40, "3", Voice::Customer, "Great, thank you so much!"));
//!
//! // How long it waited, and what the reply led to.
//! let (calendar, now) = (Calendar::always(), Timestamp::from_secs(3 * 3_600));
//! let mut times = Responsiveness::default();
//! times.add(&talk, &calendar, now);
//! assert_eq!(times.questions.percentile(50), Some(30 * 60_000));
//! let outcome = &reply_outcomes(&talk, 24 * 3_600_000, now)[0];
//! assert_eq!(outcome.response, ReplyResponse::CustomerReplied);
//! assert!(outcome.mood_change > Some(Points::ZERO));
//!
//! // The risk of it, with what the desk knows beside the words: higher before the reply than after the thanks.
//! let targets = SlaBook::default().targets(&CaseKind::Complaint, Priority::High, None);
//! let sla = Sla::open(Timestamp::from_secs(0), targets, 0);
//! let early = Timestamp::from_secs(20 * 60);
//! let missed = sla.state(Promise::First, &calendar, early).missed.len() as u32;
//! let standing = Standing { missed, reach: Some(40_000), ..Standing::default() };
//! let weights = RiskWeights::default();
//! assert!(risk(&talk, &standing, &weights, early).score > risk(&talk, &standing, &weights, now).score);
//!
//! // Who was left alone with a bad word, and what that may cost.
//! let case = Case::open("c1", Timestamp::from_secs(0), talk.said()[0].item.clone());
//! let ignored = ignored_negative([&case], |_| talk.said()[0].mood < Some(Points::ZERO), &calendar, now, 3_600_000);
//! let value = |_: &Ignored| ("ann".into(), Some(Money { minor: 500_00, currency: "EUR".into() }));
//! let loss = expected_loss(ignored.iter().map(value), Stakes::default().ignored);
//! assert_eq!((loss.people, loss.value["EUR"]), (1, 140_00));
//! ```
//!
//! The example program `desk_report` feeds all of them from a file of posts and one of what the desk did.
//!
//! # Time, and what is refused
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
pub use case_event::{CaseCommand, CaseEvent, CasePolicy, CsatSkipped, Entry, Holder, Rating, Refusal};
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
