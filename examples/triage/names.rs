//! Names that people can read, for accounts that are numbers.

use crate::run::{Run, Turn};
use hearken::engine::Event;
use hearken::model::{AccountKey, Customer, Personal, Profile};
use hearken::source::PlatformEvent;
use std::collections::BTreeMap;

/// What each account is called, as far as any payload tells.
pub struct Names<'r> {
    known: BTreeMap<&'r AccountKey, String>,
    customers: &'r BTreeMap<String, Customer>,
}

impl<'r> Names<'r> {
    pub fn of(run: &'r Run) -> Self {
        let profiles = run.turns.iter().filter_map(|turn| match &turn.event {
            Event::Platform { event: PlatformEvent::Profile(profile) } => Some(&**profile),
            _ => turn.item()?.author.as_ref(),
        });
        let mut known = BTreeMap::new();
        for profile in profiles {
            if let Some(name) = called(profile) {
                known.insert(&profile.key, name);
            }
        }
        Self { known, customers: &run.customers }
    }

    /// Who speaks: the customer and how sure that is, else the account.
    pub fn who(&self, turn: &Turn) -> String {
        let author = turn.item().and_then(|item| item.author.as_ref());
        let account = author.map_or_else(|| "nobody named".to_owned(), |author| self.account(&author.key));
        let Some(found) = turn.outcome.assessment.as_ref().and_then(|found| found.customer.as_ref()) else {
            return account;
        };
        let name = self.customer(found.customer.as_str());
        let sure = f64::from(found.probability) / 10.0;
        if found.linked { format!("{name} {sure:.0}%") } else { format!("{account} = {name}? {sure:.0}%") }
    }

    /// A customer's name, else the id.
    pub fn customer(&self, id: &str) -> String {
        let part = |name: &Option<Personal>| name.as_ref().map(|name| name.reveal().to_owned());
        let parts = self.customers.get(id).map(|customer| [part(&customer.given), part(&customer.family)]);
        let name = parts.into_iter().flatten().flatten().collect::<Vec<_>>().join(" ");
        if name.is_empty() { id.to_owned() } else { name }
    }

    fn account(&self, key: &AccountKey) -> String {
        self.known.get(key).cloned().unwrap_or_else(|| {
            let id: Vec<char> = key.id.chars().collect();
            let end: String = id.iter().skip(id.len().saturating_sub(4)).collect();
            format!("{} user …{end}", key.platform)
        })
    }
}

fn called(profile: &Profile) -> Option<String> {
    match (&profile.handle, &profile.display_name) {
        (Some(handle), _) => Some(format!("@{}", handle.reveal().trim_start_matches('@'))),
        (None, Some(name)) => Some(name.reveal().to_owned()),
        (None, None) => None,
    }
}

/// `NotAnInteraction` as `not an interaction`.
pub fn spelled(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    words
}
