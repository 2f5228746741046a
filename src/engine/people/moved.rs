//! An account that goes on under another id: whoever is known behind one is known behind the other.

use super::author::account_subject;
use super::kin;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::Subject;
use crate::engine::command;
use crate::engine::outcome::Drop;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{AccountState, Keys, account_name};
use crate::engine::turn::{Turn, encoded};
use crate::model::{AccountKey, Profile};
use std::sync::Arc;

/// The account that is linked to nobody gets the link of the other, with all that hangs on it. Two that are linked to
/// different customers stay as they are: a person has to look.
pub(in crate::engine) fn moved(turn: &Turn<'_>, from: &AccountKey, to: &AccountKey) -> Result<Outcome, Stop> {
    let (engine, keys) = (turn.engine, Keys(&turn.engine.tenant));
    let event = format!("move {}", engine.token(&encoded(&(from, to))));
    let (old, new) = (keys.account(from), keys.account(to));
    let marks = [from, to].map(|account| engine.erased_mark(&account_name(account)));
    let [gone, back] = &marks;
    turn.want(&[&old, &new, gone, back], &[])?;
    let no = |why, words: &str| Ok(Outcome::dropped(turn, &event, why, words));
    if marks.iter().any(|mark| turn.row(mark).is_some()) {
        return no(Drop::Erased, "its holder was erased");
    }
    let (before, after) = (turn.get::<AccountState>(&old)?, turn.get::<AccountState>(&new)?);
    let link_of = |state: &Option<Arc<AccountState>>| state.as_ref().and_then(|state| state.link.clone());
    let (account, key, state, link) = match (link_of(&before), link_of(&after)) {
        (Some(link), None) => (to, new, after, link),
        (None, Some(link)) => (from, old, before, link),
        (None, None) => return no(Drop::Unknown, "neither of them is known to be anybody's"),
        (Some(a), Some(b)) if a.customer == b.customer => {
            return no(Drop::Duplicate, "they are linked to one customer");
        }
        (Some(_), Some(_)) => {
            return no(Drop::Refused, "they are linked to two customers: a person has to look");
        }
    };
    if turn.has(&command::unlike(turn, account, &link.customer))? {
        return no(Drop::Refused, "somebody said that they are not the same");
    }
    let person = Subject::Customer(link.customer.clone());
    let mut plan = Plan::new(turn, &event, Some(account_subject(account)));
    let brought = kin::own(turn, &mut plan, account)?;
    kin::give(turn, &mut plan, brought, &person)?;
    plan.file(&person.name(), &key);
    let sure = f64::from(link.probability) / 1000.0;
    plan.find(
        Finding::new("linked").result(format!("as the account that goes on as it, probability {sure:.3}")),
    );
    let profile = match &state {
        Some(state) => state.profile.clone(),
        None => Profile::new(account.platform.clone(), account.id.clone()),
    };
    plan.put(key, AccountState { profile, link: Some(link) });
    Ok(plan.done(Disposition::Accepted))
}
