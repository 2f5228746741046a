//! Who may be written to, and where: what the host's record of a customer bars, and what the consent ledger says.
//!
//! The ledger is only ever added to, and grows for as long as the customer stays. What holds of it stands beside it, a record
//! for each purpose: whoever writes an answer reads that one.

use super::kin;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{CustomerState, Keys};
use crate::engine::turn::{Turn, encoded};
use crate::model::{Consent, ConsentStatus, CustomerId, ItemKey, Permission, Purpose, Timestamp};
use crate::store::Key;
use serde::{Deserialize, Serialize};

/// Entries that are kept of one purpose: one for each channel, and those that are dated ahead. The oldest make room.
const KEPT: usize = 256;

/// What holds of the ledger for one purpose: the latest entry for each channel and for all of them, and those whose time is
/// still to come; oldest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(in crate::engine) struct Standing(Vec<Consent>);

impl Standing {
    /// Adds an entry. `order` tells entries of one time apart as the ledger does, so that it does not matter which is entered
    /// first.
    fn hear(&mut self, entry: Consent, now: Timestamp, order: impl Fn(&Consent) -> String) {
        self.0.push(entry);
        self.0.sort_by_cached_key(|entry| (entry.at, order(entry)));
        let entries = std::mem::take(&mut self.0);
        let is_past = |entry: &Consent, later: &Consent| later.channel == entry.channel && later.at <= now;
        for (place, entry) in (1..).zip(&entries) {
            if !entries.iter().skip(place).any(|later| is_past(entry, later)) {
                self.0.push(entry.clone());
            }
        }
        self.0.drain(..self.0.len().saturating_sub(KEPT));
    }

    fn status(&self, purpose: &Purpose, channel: &str, now: Timestamp) -> ConsentStatus {
        Consent::status(&self.0, purpose, channel, now)
    }
}

/// Keeps what holds now that an entry came into the ledger.
pub(in crate::engine) fn entered(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    entry: &Consent,
) -> Result<(), Stop> {
    let key = standing(turn, &entry.customer, &entry.purpose);
    let held = turn.get::<Standing>(&key)?;
    let mut next = held.as_deref().cloned().unwrap_or_default();
    next.hear(entry.clone(), turn.now, |entry| turn.engine.token(&encoded(entry)));
    if held.as_deref() != Some(&next) {
        plan.put(key, next);
    }
    Ok(())
}

/// Where what holds for one purpose stands.
pub(in crate::engine) fn standing(turn: &Turn<'_>, customer: &CustomerId, purpose: &Purpose) -> Key {
    Keys(&turn.engine.tenant).standing(customer, purpose)
}

/// Why a person is not to be answered where an item stands; `None` when they may be. Whoever writes to the brand asks for
/// an answer, so that a consent that was never asked for bars nothing; one that was refused or taken back does.
pub(in crate::engine) fn barred(
    turn: &Turn<'_>,
    person: &str,
    item: &ItemKey,
) -> Result<Option<String>, Stop> {
    let person = kin::behind(turn, person)?;
    let Some(id) = person.strip_prefix("customer ").map(CustomerId::from) else { return Ok(None) };
    let (key, channel) = (Keys(&turn.engine.tenant).customer(&id), item.platform.as_str());
    let ledger = standing(turn, &id, &Purpose::Service);
    turn.want(&[&key, &ledger], &[])?;
    let held = turn.get::<CustomerState>(&key)?;
    let said = turn.get::<Standing>(&ledger)?;
    let consent =
        said.map_or(ConsentStatus::NotAsked, |said| said.status(&Purpose::Service, channel, turn.now));
    let may = Permission::of(held.as_ref().map(|held| &held.record), consent, channel);
    Ok(match &may {
        Permission { barred: Some(_), .. } => {
            Some(format!("the customer is not to be contacted on {channel}"))
        }
        Permission { consent, .. } if may.is_refused() => {
            Some(format!("the customer's consent to be answered on {channel} is {consent}"))
        }
        _ => None,
    })
}
