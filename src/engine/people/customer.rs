//! The host's records of customers, each filed under its blocking keys.

use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::Subject;
use crate::engine::outcome::Drop;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{AccountState, CustomerState, Keys, Link};
use crate::engine::turn::Turn;
use crate::model::Customer;
use crate::model::profile::plain_handle;
use crate::store::{Key, Kind};

/// Keeps the host's record.
pub(in crate::engine) fn put(turn: &Turn<'_>, event: &str, customer: &Customer) -> Result<Outcome, Stop> {
    let key = Keys(&turn.engine.tenant).customer(&customer.id);
    let held = turn.get::<CustomerState>(&key)?;
    if held.as_ref().is_some_and(|held| held.record == *customer) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the record is as it was"));
    }
    let mut plan = Plan::new(turn, event, Some(Subject::Customer(customer.id.clone()).name()));
    plan.find(Finding::new("customer").result(if held.is_some() { "changed" } else { "new" }));
    keep(turn, &mut plan, held.as_deref(), customer.clone());
    Ok(plan.done(Disposition::Accepted))
}

/// Strikes an account that goes from the record of its customer.
pub(in crate::engine) fn forget(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    account: &AccountState,
    link: &Link,
) -> Result<(), Stop> {
    let key = Keys(&turn.engine.tenant).customer(&link.customer);
    let Some(held) = turn.get::<CustomerState>(&key)? else { return Ok(()) };
    let profile = &account.profile;
    let handle = profile.handle.as_ref().map(|handle| plain_handle(handle.reveal()));
    let is_theirs = |known: &str| {
        let (platform, name) = known.split_once(':').unwrap_or((profile.key.platform.as_str(), known));
        platform == profile.key.platform.as_str() && handle == Some(plain_handle(name))
    };
    let mut record = held.record.clone();
    record.accounts.retain(|known| *known != profile.key);
    record.handles.retain(|known| !is_theirs(known.reveal()));
    if record != held.record {
        keep(turn, plan, Some(&held), record);
    }
    Ok(())
}

/// Writes a record and its postings, each under a key of its own: a popular name makes no hot record.
fn keep(turn: &Turn<'_>, plan: &mut Plan<'_, '_>, held: Option<&CustomerState>, record: Customer) {
    let engine = turn.engine;
    let id = record.id.clone();
    let subject = Subject::Customer(id.clone()).name();
    let fresh = CustomerState::new(record);
    let postings = |state: &CustomerState| -> Vec<Key> {
        let keys = engine.matcher.keys(state.person());
        let posting = |key: &str| Key::ordered(&engine.tenant, Kind::Posting, &[key, id.as_str()]);
        keys.iter().map(|key| posting(key.as_str())).collect()
    };
    let (old, new) = (held.map(postings).unwrap_or_default(), postings(&fresh));
    for gone in old.into_iter().filter(|key| !new.contains(key)) {
        plan.delete_of(&subject, gone);
    }
    for posting in new {
        plan.put_of(&subject, posting, ());
    }
    plan.put_of(&subject, Keys(&engine.tenant).customer(&id), fresh);
}
