//! Who may be written to, and where: what the host's record of a customer bars, and what the consent ledger says.

use super::kin;
use super::shelf::Stop;
use super::state::{CustomerState, Keys};
use super::turn::Turn;
use crate::model::{Consent, ConsentStatus, CustomerId, ItemKey, Purpose};
use crate::store::{Key, Kind, Scan};

/// Entries of one customer's ledger that are read, the latest of them all.
const LEDGER: usize = 1_024;

/// Why a person is not to be answered where an item stands; `None` when they may be. Whoever writes to the brand asks for
/// an answer, so that a consent that was never asked for bars nothing; one that was refused or taken back does.
pub(super) fn barred(turn: &Turn<'_>, person: &str, item: &ItemKey) -> Result<Option<String>, Stop> {
    let person = kin::behind(turn, person)?;
    let Some(id) = person.strip_prefix("customer ").map(CustomerId::from) else { return Ok(None) };
    let tenant = &turn.engine.tenant;
    let (key, channel) = (Keys(tenant).customer(&id), item.platform.as_str());
    let entries = Scan::new(tenant, Kind::Consent, Key::join(&[id.as_str(), ""]), LEDGER);
    turn.want(&[&key], &[&entries])?;
    if let Some(held) = turn.get::<CustomerState>(&key)?
        && !held.record.may_contact(channel)
    {
        return Ok(Some(format!("the customer is not to be contacted on {channel}")));
    }
    let mut ledger = Vec::new();
    for (_, row) in turn.page(&entries)? {
        ledger.push(row.record.decode::<Consent>()?);
    }
    let ledger = ledger.iter().map(|entry| &**entry);
    let status = Consent::status(ledger, &Purpose::Service, channel, turn.now);
    let no = matches!(status, ConsentStatus::Denied | ConsentStatus::Withdrawn | ConsentStatus::Expired);
    Ok(no.then(|| format!("the customer's consent to be answered on {channel} is {status}")))
}
