//! What the promises of a case hear of what happens to it.

use crate::desk::{CaseEvent, Sla, SlaEvent};
use crate::model::{CaseStatus, Timestamp};

/// Tells the promises of an event that took a case from one state to another.
pub(super) fn hear(sla: &mut Sla, event: &CaseEvent, before: CaseStatus, after: CaseStatus, now: Timestamp) {
    match event {
        // What comes too late to open the case again is for another case to promise.
        CaseEvent::Inbound(_) if after.is_over() => {}
        CaseEvent::Inbound(_) => {
            sla.hear(if before.is_over() { SlaEvent::Reopen } else { SlaEvent::Inbound }, now)
        }
        CaseEvent::Reply { .. } => sla.hear(SlaEvent::Reply, now),
        // The customer waits again, for what they were to be told.
        CaseEvent::Undelivered(_) if before.is_over() && !after.is_over() => sla.hear(SlaEvent::Reopen, now),
        CaseEvent::Undelivered(_) if !after.is_over() => sla.hear(SlaEvent::Inbound, now),
        _ => {}
    }
    match (before, after) {
        (before, after) if before == after => {}
        (_, CaseStatus::Resolved) => sla.hear(SlaEvent::Resolve, now),
        (_, after) if after.is_waiting() => sla.hear(SlaEvent::Pause, now),
        (before, _) if before.is_waiting() => sla.hear(SlaEvent::Resume, now),
        _ => {}
    }
}
