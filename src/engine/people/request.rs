//! What a person asks about their data: kept until it is answered, told when its time is up, done once it is verified.

use super::person;
use crate::engine::Action;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::Subject;
use crate::engine::outcome::Drop;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::Target;
use crate::engine::turn::Turn;
use crate::engine::work::alerts::Raised;
use crate::model::{DataSubjectRequest, Priority, RequestKind, RequestState};
use crate::store::{Key, Kind};

/// A request that is new or further on. One that is verified is done in the same turn, as far as the engine can.
pub(in crate::engine) fn put(
    turn: &Turn<'_>,
    event: &str,
    request: &DataSubjectRequest,
) -> Result<Outcome, Stop> {
    let engine = turn.engine;
    let subject = Subject::Customer(request.customer.clone());
    let verified = request.state == RequestState::Verified;
    if verified && request.kind == RequestKind::Erasure {
        return person::erase(turn, event, &subject);
    }
    // The name tells nothing of the person: a timer that outlives them holds it.
    let name = format!("request {} {} {}", request.customer, request.received_at.millis(), request.kind);
    let name: Box<str> = engine.token(&name).into();
    let key = Key::new(&engine.tenant, Kind::Request, &*name);
    let mut request = request.clone();
    let exports = verified && matches!(request.kind, RequestKind::Access | RequestKind::Portability);
    if exports {
        (request.state, request.certificate) = (RequestState::Fulfilled, Some(event.into()));
    }
    let held = turn.get::<DataSubjectRequest>(&key)?;
    if held.as_deref() == Some(&request) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the request is as it was"));
    }
    let mut plan = Plan::new(turn, event, Some(subject.name()));
    plan.find(Finding::new("request").result(format!("{}, {}", request.kind, request.state)));
    if exports {
        let document = person::document(turn, &subject)?;
        plan.effect(Action::Exported { document });
    }
    let due = request.due_at.filter(|due| is_open(&request) && *due > turn.now);
    if let Some(due) = due {
        plan.find(Finding::new("due").result(due.to_string()));
        plan.timer(due, Target::Request(name));
    }
    plan.put(key, request);
    Ok(plan.done(Disposition::Accepted))
}

fn is_open(request: &DataSubjectRequest) -> bool {
    !matches!(request.state, RequestState::Fulfilled | RequestState::Refused)
}

/// The alerts of requests whose time is up, if nobody has answered them by now.
pub(in crate::engine) fn due(turn: &Turn<'_>, names: &[Box<str>]) -> Result<Vec<Raised>, Stop> {
    let keys = names.iter().map(|name| Key::new(&turn.engine.tenant, Kind::Request, &**name));
    let keys: Vec<Key> = keys.collect();
    turn.want(&keys.iter().collect::<Vec<_>>(), &[])?;
    let mut raised = Vec::new();
    for key in &keys {
        let Some(request) = turn.get::<DataSubjectRequest>(key)? else { continue };
        let is_due = is_open(&request) && request.due_at.is_some_and(|due| due <= turn.now);
        raised.extend(is_due.then(|| Raised {
            kind: "request-due".into(),
            priority: Priority::Urgent,
            to: "on-call".into(),
            about: request.kind.as_str().into(),
            case: None,
            reason: format!("a request for {} is due and not answered", request.kind),
        }));
    }
    Ok(raised)
}
