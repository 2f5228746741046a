//! The nouns, as plain serde data.
//!
//! ```
//! use hearken::model::{Points, Timestamp};
//!
//! assert_eq!(Points::whole(2).as_f64(), 2.0);
//! assert!(Timestamp::from_secs(1) < Timestamp::from_secs(2));
//! ```

mod case;
mod personal;
mod points;
mod span;
mod time;

pub use case::{CaseKind, CaseStatus, Priority};
pub use personal::Personal;
pub use points::Points;
pub use span::Span;
pub use time::Timestamp;
