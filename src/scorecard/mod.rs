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
//! It knows nothing of leads: [`lead`](crate::lead) and hosts bring the rows.

mod additive;
mod bins;
mod calibrate;
mod card;
mod explain;
mod fit;
mod judge;
mod learn;
mod observe;
pub(crate) mod real;
mod renew;
mod rows;

pub use bins::Bins;
pub use calibrate::Calibration;
pub use card::{Field, POINTS_PER_DOUBLING, Pair, REASONS, Reason, Score, Scorecard, Scorer, Sheet};
pub use explain::Change;
pub use fit::Direction;
pub use judge::{Reliability, Threshold, Validation, wilson};
pub use learn::{Fitted, Learned, Learner};
pub use renew::Renewal;
pub use rows::Rows;
