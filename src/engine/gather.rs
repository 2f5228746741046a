//! What is known of an item before anybody analyses it, as facts.

use super::Engine;
use super::people::author::Author;
use crate::facts::{Facts, Field};
use crate::model::{Interaction, Timestamp};
use crate::text::Text;

/// The facts that the item, its author, the customer and the clock give.
pub(super) fn facts<'t>(
    engine: &Engine,
    item: &Interaction,
    author: &Author,
    text: &'t Text,
    at: Timestamp,
) -> Facts<'t> {
    let named = item.author.as_ref().map(|_| &author.account.profile);
    let mut facts = Facts::by(text, item, named);
    if let Some(customer) = author.customer() {
        if let Some(tier) = &customer.tier {
            facts.set(Field::Tier, &**tier);
        }
        if let Some(stage) = &customer.stage {
            facts.set(Field::Stage, stage.as_str());
        }
    }
    let local = engine.zone.local(at);
    facts.set(Field::Weekday, local.weekday());
    facts.set(Field::Time, i64::from(local.hour() * 60 + local.minute()));
    facts.set(Field::Date, local.day() + DAYS_TO_1970);
    facts
}

/// Days from the first day of year 1, which is day 1, to 1970-01-01, which is day 719,163.
const DAYS_TO_1970: i64 = 719_163;
