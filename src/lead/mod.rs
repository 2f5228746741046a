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

mod action;
mod care;
mod decay;
mod duration;
mod history;
mod ledger;
mod outreach;
mod owner;
mod review;
mod rules;
mod stage;

pub use action::{Action, Choice, Effect, Lot, NOTHING, Play};
pub use care::{Channel, Interest, Mention, Tier, interests, preferred_channel, value_tier};
pub use decay::Decay;
pub use duration::parse_duration;
pub use history::{Activity, Adjustment, History, Override};
pub use ledger::{Dropped, Entry, Grade, Ledger, Reason, Source};
pub use outreach::{Approach, Cadence, Guard, Nurture, NurtureState, NurtureStep, Refusal, Step, engage_by};
pub use owner::{Owned, Territories, TerritoryRule};
pub use review::{Crossing, RollUp, Shift, Standpoint};
pub use rules::{
    BurstRule, CriterionRule, GradeRule, GroupKind, GroupRule, Once, RuleFile, Rules, ScoreRule,
};
pub use stage::{IllegalMove, Lead, StageMove, Stages};
