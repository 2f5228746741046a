//! What somebody did to a case, as its receipt tells it.

use crate::desk::CaseEvent;
use crate::engine::Finding;
use crate::model::{AgentId, CaseId};

/// The finding of an event; `None` for what other findings tell.
pub(super) fn note(case: &CaseId, event: &CaseEvent, by: Option<&AgentId>) -> Option<Finding> {
    let (what, result) = match event {
        CaseEvent::Reply { by, .. } => return Some(Finding::new("reply").result(format!("{case}, by {by}"))),
        // The words of a note stay in the case.
        CaseEvent::Note(_) if by.is_some() => ("note", case.to_string()),
        CaseEvent::HandOff { team, why } => ("handed over", format!("{case} to {team}: {why}")),
        CaseEvent::Undelivered(_) => ("undelivered", case.to_string()),
        CaseEvent::AwaitCustomer => ("waits", format!("{case} for the customer")),
        CaseEvent::AwaitInternal => ("waits", format!("{case} for colleagues")),
        CaseEvent::Hold(why) => ("on hold", format!("{case}: {why}")),
        CaseEvent::Snooze(until) => ("snoozed", format!("{case} until {until}")),
        CaseEvent::Resume => ("resumed", case.to_string()),
        CaseEvent::Prioritise(priority) => ("priority", format!("{case}, {priority}")),
        CaseEvent::MergeInto(into) => ("merged", format!("{case} into {into}")),
        CaseEvent::Split { into, items } => ("split", format!("{case}, {} items into {into}", items.len())),
        CaseEvent::Close => ("closed", case.to_string()),
        CaseEvent::Escalate { child, team, why } => {
            ("escalated", format!("{case} to {team}, as {child}: {why}"))
        }
        CaseEvent::ChildOver(child) => ("helped", format!("{case}, by {child}")),
        CaseEvent::Resolve(code) => ("resolved", format!("{case}, {code}")),
        CaseEvent::Csat { score, scale } => ("csat", format!("{case}, {score} of {scale}")),
        CaseEvent::Confirm => ("confirmed", case.to_string()),
        _ => return None,
    };
    let by = by.map_or_else(String::new, |by| format!(", by {by}"));
    Some(Finding::new(what).result(format!("{result}{by}")))
}
