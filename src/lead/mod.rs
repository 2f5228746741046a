//! Leads: points that add up, fade without a cron job, and say when they will have faded.
//!
//! ```text
//!   facts of an event ──► Rules::matches ──► Activity ──► History ──┐    (a set: order and repetition
//!   facts of a person ──► Rules::matches ──► fit criteria ──────────┤     of arrival leave no trace)
//!                                                                   ▼
//!                          bursts withdrawn · clicks imply opens · once per object · counts in a span
//!                                                                   ▼
//!                          Ledger: entries in thousandths; caps, floor and ceiling are entries too
//!                                │                 │                       │
//!                              total             grade              falls_below: WakeAt
//! ```
//!
//! Nothing is counted when an event arrives: the ledger is read from the history, as of any instant. So a
//! late event, one taken back, a replay, a merge, a burst recognised afterwards or a change of rules need no
//! repair, and the sum of the ledger is the score by construction. [`Decay`] is the form for streams that
//! keep no history.
//!
//! What is done with a lead, each a function of plain values:
//!
//! ```text
//!   how far it is      Stages, Lead            legal moves only; a sale names its transaction
//!   when it is ripe    qualify                 the threshold of least cost among closed leads
//!   whose it is        Territories             first that holds; a named deputy when the owner is away
//!   until when         engage_by               strength of the buying signal, halving
//!   whether            Guard                   permission, public signals only, relevance, not too often
//!   where and with what  preferred_channel, interests, value_tier, Nurture, Cadence
//!   what to do next    Strategies ─► Choice    expected value of each action learnt, doing nothing included
//!   who may leave      Retention ─► Risk       a scorecard, the threshold of least cost, a Play with a holdout
//!   did it help        Effect                  those treated against those held back
//! ```
//!
//! `cargo run --release --example lead_points` prints ledgers and where thresholds should lie, `--example outreach` the
//! view of one who writes to leads, `--example retain` risks and next actions, `--example lead_score` learns and
//! judges scorecards. `cargo bench --bench lead` times decay, ledgers and scorecards.
//!
//! ```
//! use hearken::lead::{Activity, History, RuleFile, Rules};
//! use hearken::limits::Limits;
//! use hearken::model::{Points, Timestamp};
//!
//! let file: RuleFile = serde_json::from_str(r#"{
//!   "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}], "thresholds": {"mql": 20}}],
//!   "criteria": [{"id": "demo", "score": "crm", "group": "does", "when": "demo", "points": 25, "half_life": "14d"}]
//! }"#)?;
//! let rules = Rules::build(&file, &Limits::default())?;
//! let (asked, day) = (Timestamp::from_secs(0), 86_400_000);
//! let mut history = History::default();
//! history.record(Activity::new("post 1", asked, ["demo"]));
//! let ledger = rules.ledger("crm", &history, &[], asked).unwrap();
//! assert_eq!(ledger.total, Points::whole(25));
//! let (wake, threshold) = rules.next_loss(&ledger).unwrap();
//! assert_eq!((threshold, wake.since(asked) / day), ("mql", 4), "no cron job looks before then");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod action;
mod care;
mod decay;
mod duration;
mod history;
mod ledger;
mod outreach;
mod owner;
mod retention;
mod review;
mod rules;
mod stage;
mod strategy;

pub use action::{Action, Choice, Effect, Lot, NOTHING, Play};
pub use care::{Channel, Interest, Mention, Tier, interests, preferred_channel, value_tier};
pub use decay::Decay;
pub use duration::parse_duration;
pub use history::{Activity, Adjustment, History, Override};
pub use ledger::{Dropped, Entry, Grade, Ledger, Reason, Source};
pub use outreach::{Approach, Cadence, Guard, Nurture, NurtureState, NurtureStep, Refusal, Step, engage_by};
pub use owner::{Owned, Territories, TerritoryRule};
pub use retention::{Retention, Risk, Watch};
pub use review::{Crossing, RollUp, Shift, Standpoint, qualify};
pub use rules::{
    BurstRule, CriterionRule, GradeRule, GroupKind, GroupRule, Once, RuleFile, Rules, ScoreRule,
};
pub use stage::{IllegalMove, Lead, StageMove, Stages};
pub use strategy::{Advisor, Offer, Strategies};
