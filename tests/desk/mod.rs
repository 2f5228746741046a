//! Cases, promises, alerts, escalation and approval: the scenarios of the field, and laws.

mod alert;
mod approve;
mod case;
mod crisis;
mod invariants;
mod sla;
mod transcript;

use hearken::model::Timestamp;

/// So many minutes after the epoch.
fn at(minutes: i64) -> Timestamp {
    Timestamp::from_millis(minutes * 60_000)
}
