//! The words of a case that can be answered, and what becomes of it when some of them go.

use super::Docket;
use crate::desk::CaseEvent;
use crate::engine::interaction::is_outbound;
use crate::engine::people::holder;
use crate::engine::shelf::Stop;
use crate::engine::state::{CaseRecord, Chapter, ItemState, Keys};
use crate::engine::turn::{Turn, encoded};
use crate::model::{CaseId, ItemKey};
use crate::store::{Key, Kind, Scan};
use std::collections::BTreeSet;

/// Turns of a case that are read first.
const STORY: usize = 1_000;

/// Those of some items that the customer said and that hold, oldest first.
pub(super) fn of_customer(
    turn: &Turn<'_>,
    items: &BTreeSet<ItemKey>,
    holds: impl Fn(&ItemState) -> bool,
) -> Result<Vec<ItemKey>, Stop> {
    let keys: Vec<Key> = items.iter().map(|item| Keys(&turn.engine.tenant).item(item)).collect();
    turn.want(&keys.iter().collect::<Vec<_>>(), &[])?;
    let mut said = Vec::with_capacity(keys.len());
    for (item, key) in items.iter().zip(&keys) {
        let state = turn.get::<ItemState>(key)?.filter(|state| holds(state));
        let theirs = state.filter(|state| state.item.as_ref().is_some_and(|item| !is_outbound(item)));
        said.extend(theirs.map(|state| (state.at, item)));
    }
    said.sort();
    Ok(said.into_iter().map(|(_, item)| item.clone()).collect())
}

/// What the customer said in a case, but for some items, as its story tells. Takes time in the number of its turns.
fn told(turn: &Turn<'_>, record: &CaseRecord, but: &BTreeSet<ItemKey>) -> Result<Vec<ItemKey>, Stop> {
    let story =
        |case: &CaseId| Scan::new(&turn.engine.tenant, Kind::Story, Key::join(&[case.as_str(), ""]), STORY);
    let chapters = turn.all(record.names().map(story).collect())?;
    turn.want(&chapters, &[])?;
    let mut items = BTreeSet::new();
    for key in chapters {
        let Some(chapter) = turn.get::<Chapter>(key)? else { continue };
        for entry in &chapter.entries {
            match &entry.event {
                CaseEvent::Inbound(item) => drop(items.insert(item.clone())),
                // Of what was split off, the items themselves say where they stand.
                CaseEvent::Split { items: moved, .. } => items.extend(moved.iter().cloned()),
                _ => {}
            }
        }
    }
    items.retain(|item| !but.contains(item));
    of_customer(turn, &items, |state| record.holds(state))
}

impl Docket<'_, '_> {
    /// A case of which all last words have gone remembers those before them.
    pub(super) fn remember(&mut self, id: &CaseId, gone: &BTreeSet<ItemKey>) -> Result<(), Stop> {
        let turn = self.turn;
        if let Some(record) = self.case(id)?
            && record.recent.is_empty()
            && record.items() > 0
        {
            let words = told(turn, record, gone)?;
            record.heard(words);
        }
        Ok(())
    }

    /// Items are gone for good: their cases, of people who stay, count them no longer, and nobody answers them.
    pub(in crate::engine) fn lose<'i>(
        &mut self,
        items: impl Iterator<Item = (&'i ItemKey, &'i ItemState)> + Clone,
        stays: impl Fn(&str) -> bool,
    ) -> Result<(), Stop> {
        self.look_up(items.clone().filter_map(|(_, state)| state.case.as_ref()))?;
        let (mut cases, mut gone) = (BTreeSet::new(), BTreeSet::new());
        for (item, state) in items {
            let Some(case) = &state.case else { continue };
            let case = self.stands(case)?;
            let Some(record) = self.case(&case)? else { continue };
            if !stays(&record.person) {
                self.cases.remove(&case);
            } else if record.holds(state) {
                record.case.items.remove(item);
                record.count(&BTreeSet::from([item.clone()]));
                gone.insert(item.clone());
                cases.insert(case);
            }
        }
        for case in &cases {
            self.remember(case, &gone)?;
        }
        Ok(())
    }

    /// A case of somebody else says nothing more of an account by its names; `false` when it cannot but name it.
    pub(in crate::engine) fn forget(&mut self, id: &CaseId, names: &[String]) -> Result<bool, Stop> {
        let Some(record) = self.case(id)? else { return Ok(true) };
        record.recent.retain(|item| !holder::mentions(&item.id, names));
        if record.reply.as_ref().is_some_and(|reply| holder::mentions(&encoded(reply), names)) {
            record.reply = None;
        }
        let names_them = holder::mentions(&encoded(record), names);
        if names_them {
            self.cases.remove(id);
        }
        Ok(!names_them)
    }
}
