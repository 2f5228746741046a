//! What became of a reply after it went out: arrived, read, or failed.

use crate::desk::CaseEvent;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::outcome::Drop;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{CaseRecord, Chapter, ItemState, Keys};
use crate::engine::turn::Turn;
use crate::engine::work::Docket;
use crate::engine::work::alerts::{self, Raised};
use crate::model::ItemKey;

/// Later news of one reply outrank earlier ones, in whatever order they come; a name that is not known tells least.
fn rank(status: &str) -> usize {
    let order = ["sent", "delivered", "read", "failed"];
    order.iter().position(|known| *known == status).map_or(0, |place| place + 1)
}

/// The case of a reply hears what became of it. A reply that failed gives the case back to whoever answers: the customer
/// waits as if nothing had been said, and the team is told.
pub(in crate::engine) fn heard(turn: &Turn<'_>, item: &ItemKey, status: &str) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).item(item);
    let event = format!("delivery {}", turn.engine.token(&format!("{item} {status}")));
    let Some(state) = turn.get::<ItemState>(&key)? else {
        return Ok(Outcome::dropped(turn, &event, Drop::Unknown, "no such reply"));
    };
    if state.delivery.as_deref().is_some_and(|known| rank(known) >= rank(status)) {
        return Ok(Outcome::dropped(turn, &event, Drop::Duplicate, "that much or more is known"));
    }
    let mut plan = Plan::new(turn, &event, turn.subject(&key));
    let mut failed = None;
    let case = state.stands_in();
    let mut docket = Docket::new(turn);
    let case = case.map(|case| docket.stands(&case)).transpose()?;
    let told = case.as_ref().map_or_else(|| status.to_owned(), |case| format!("{case}, {status}"));
    plan.find(Finding::new("delivery").result(told));
    if let Some(case) = case {
        if status == "failed" {
            docket.tell(&case, CaseEvent::Undelivered(item.clone()))?;
            failed = docket.case(&case)?.map(|record| undelivered(record));
        } else if let Some(record) = docket.case(&case)? {
            plan.tells(record, Chapter::default());
        }
    }
    let mut raised = docket.record(&mut plan);
    raised.extend(failed);
    alerts::raise(turn, &mut plan, &raised)?;
    let next = ItemState { delivery: Some(status.into()), ..(*state).clone() };
    plan.put_filed(turn.subject(&key).as_deref(), key, next);
    Ok(plan.done(Disposition::Accepted))
}

fn undelivered(record: &CaseRecord) -> Raised {
    let to: Box<str> = record.case.team.as_ref().map_or("on-call", |team| team.as_str()).into();
    Raised {
        kind: "undelivered".into(),
        priority: record.case.priority,
        about: to.clone(),
        to,
        case: Some(record.case.id.clone()),
        reason: "a reply did not reach the customer".to_owned(),
    }
}
