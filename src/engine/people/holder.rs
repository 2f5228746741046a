//! Whose data an item is, and what is left of an item when somebody whom it names goes.
//!
//! ```text
//! what somebody says           ─► theirs; filed as well under whom it addresses
//! what the brand says          ─► that of whom it is said to
//! what names nobody            ─► a name of its own, under which its case is kept and can be erased
//! ```

use crate::engine::interaction::is_outbound;
use crate::engine::state::ItemState;
use crate::model::{AccountKey, Facet, Interaction, ItemKey, reread};
use serde_json::Value;

/// The account whose data an item is. `parent` is what it answers, where that is known.
pub(in crate::engine) fn holder(item: &Interaction, parent: Option<&ItemState>) -> Option<AccountKey> {
    if !is_outbound(item) {
        return Some(item.author.as_ref().map_or_else(|| unnamed(&item.key), |author| author.key.clone()));
    }
    let answered = || parent?.item.as_ref().filter(|parent| !is_outbound(parent))?.author.as_ref();
    let addressed = item.recipients.first().filter(|to| item.brand_account.as_ref() != Some(to));
    addressed.or_else(|| answered().map(|author| &author.key)).cloned()
}

/// Stands for the author of an item that names none.
pub(in crate::engine) fn unnamed(item: &ItemKey) -> AccountKey {
    AccountKey::new(item.platform.clone(), format!("unnamed {}", item.id))
}

/// All others of whom an item tells: whom it addresses or mentions, but for the brand.
pub(in crate::engine) fn others(item: &Interaction) -> impl Iterator<Item = &AccountKey> {
    item.recipients.iter().filter(|to| item.brand_account.as_ref() != Some(to))
}

/// The id that an item got with its latest revision, on a platform that gives each its own.
pub(in crate::engine) fn revision_key(item: &Interaction) -> Option<ItemKey> {
    let id = item.extensions.get("revision_id")?.as_str().filter(|id| **id != *item.key.id)?;
    Some(ItemKey::new(item.key.platform.clone(), id))
}

/// An item without the names of somebody, with those by which the item itself mentions them: each is struck out wherever
/// it stands as a word of its own, byte for byte, so that spans stay true. `None` when nothing readable would be left.
pub(in crate::engine) fn struck(state: &ItemState, known: &[String]) -> Option<ItemState> {
    let item = state.item.as_ref()?;
    let text = item.content.text.reveal();
    let is_theirs = |facet: &&Facet| {
        let target = facet.target.as_ref().map(|target| target.reveal());
        target.is_some_and(|target| known.iter().any(|name| name == target))
    };
    let mentions = item.facets.iter().filter(is_theirs).filter_map(|facet| facet.span.of(text));
    let mut names: Vec<String> = mentions.map(|name| name.trim_start_matches('@').to_owned()).collect();
    names.extend(known.iter().cloned());
    let mut value = serde_json::to_value(state).ok()?;
    strike(&mut value, &names);
    let left: ItemState = reread(&value).ok()?;
    Some(ItemState { struck: true, ..left })
}

fn strike(value: &mut Value, names: &[String]) {
    match value {
        Value::String(text) => {
            for name in names {
                strike_out(text, name);
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| strike(value, names)),
        Value::Object(fields) => fields.values_mut().for_each(|value| strike(value, names)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// True when one of the names stands in a text as a word of its own.
pub(in crate::engine) fn mentions(text: &str, names: &[String]) -> bool {
    names.iter().any(|name| places(text, name).next().is_some())
}

/// Replaces a name by as many low lines as it has bytes.
fn strike_out(text: &mut String, name: &str) {
    let found: Vec<usize> = places(text, name).collect();
    for at in found {
        text.replace_range(at..at + name.len(), &"_".repeat(name.len()));
    }
}

/// Where a name stands as a word of its own, whatever its case.
fn places(text: &str, name: &str) -> impl Iterator<Item = usize> {
    let (whole, name) = (text.to_ascii_lowercase(), name.to_ascii_lowercase());
    let glued = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let is_alone = |at: &usize| {
        let (before, rest) = whole.split_at_checked(*at).unwrap_or_default();
        let after = rest.get(name.len()..).unwrap_or_default();
        !glued(before.chars().next_back()) && !glued(after.chars().next())
    };
    let found: Vec<usize> = match name.is_empty() {
        true => Vec::new(),
        false => whole.match_indices(&*name).map(|(at, _)| at).filter(is_alone).collect(),
    };
    found.into_iter()
}
