//! The scorecard: a model that leads, churn and next actions share, and that anybody can read.
//!
//! Closed cases go in as raw strings with their outcomes; out comes a table of points per field. A score
//! is the sum of one entry of each table, so its explanation is exact, and one stated function maps the
//! sum to a calibrated probability.
//!
//! ```text
//!   raw strings ──► bins ──► weight of evidence ──► all fields together ──► pairs, if they gain
//!     Rows          per field   each field alone      penalties by empirical     │   on inner folds
//!                                                     Bayes, per field           ▼
//!   Score ◄── Scorer ◄── Scorecard (points, version, serde) ◄── calibration, if it gains
//! ```
//!
//! While the world drifts, [`Renewal`] learns anew after every so many cases and chooses by its own record how fast
//! to forget; [`Follower`] keeps the level right in between. [`Validation`] says how well probabilities fit: AUC,
//! calibration, reliability with intervals, precision among the first k, the threshold of least cost.
//!
//! What is missing is told from what is absent. A cell without a value has a bin, and what that bin says is drawn to
//! no evidence unless enough rows speak: one row with a hole decides nothing. A column that a table does not have
//! adds nothing. [`Rows`] lists the spellings of a missing value.
//!
//! On the bank calls of Moro et al. (2014) in call order, first 60 % to learn from, learnt anew every 1,000 calls:
//! AUC .776 and calibration error .026 when nothing is learnt in between, .804 and .012 when each outcome is told
//! before the next call is scored (`lead_score --refit-every 1000` prints both).
//!
//! `cargo bench --bench lead` learns and scores beside smartcore's logistic regression.
//!
//! It knows nothing of leads: [`lead`](crate::lead) and hosts bring the rows.

mod additive;
mod bins;
mod calibrate;
mod card;
mod explain;
mod fit;
mod follow;
mod judge;
mod learn;
pub(crate) mod real;
mod renew;
mod rows;

pub use bins::Bins;
pub use calibrate::Calibration;
pub use card::{Field, POINTS_PER_DOUBLING, Pair, REASONS, Reason, Score, Scorecard, Scorer, Sheet};
pub use explain::Change;
pub use fit::Direction;
pub use follow::Follower;
pub use judge::{Reliability, Threshold, Validation, share_difference, wilson};
pub use learn::{Fitted, Learned, Learner};
pub use renew::Renewal;
pub use rows::Rows;
