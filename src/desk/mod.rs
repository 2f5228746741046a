//! What happens to it: cases, promised times, alerts.
//!
//! ```text
//! CaseEvent ──► Case ──► CaseCommand     where the matter stands, whose it is, since when somebody waits
//! SlaEvent ───► Sla ───► SlaCommand      due soon, missed: timers as data, recomputed from history
//! AlertEvent ─► Alerts ► AlertCommand    grouped, deduplicated, inhibited, silenced, repeated, resolved once
//! ```
//!
//! Each is a pure `step(event, now) -> commands` over plain serde data; nothing here reads a clock.

mod alert;
mod case;
mod sla;

pub use alert::{
    Alert, AlertCommand, AlertEvent, AlertKey, AlertKind, AlertPolicy, AlertRule, Alerts, Inhibition, Labels,
    Signal, Silence,
};
pub use case::{Case, CaseCommand, CaseEvent, CasePolicy, Entry, Rating, Refusal};
pub use sla::{Promise, PromiseState, Sla, SlaBook, SlaCommand, SlaEvent, SlaLine, Targets};
