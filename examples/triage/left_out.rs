//! Everything that gave no decision, with its reason: nothing is lost.

use crate::columns::fit;
use crate::names::spelled;
use crate::run::Run;
use hearken::engine::Disposition;
use std::collections::BTreeMap;

/// What the engine dropped, by reason.
pub fn dropped(run: &Run) -> Vec<String> {
    let mut dropped: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for turn in &run.turns {
        if let (Disposition::Dropped(why), Some(item)) = (&turn.outcome.disposition, turn.item()) {
            let detail = turn.outcome.receipt.find("dropped").map_or("", |finding| &finding.result);
            dropped
                .entry(format!("{why:?}: {detail}").to_lowercase())
                .or_default()
                .push(item.key.to_string());
        }
    }
    let line = |(why, items): (&String, &Vec<String>)| {
        format!("{:>3}  {why}; e.g. {}", items.len(), items.first().map_or("", |item| item))
    };
    dropped.iter().map(line).collect()
}

/// Pieces of payloads that were no interaction.
pub fn rejected(run: &Run) -> Vec<String> {
    let line = |piece: &crate::payloads::Refused| {
        let (place, detail) = (&*piece.rejected.place, &piece.rejected.detail);
        let place = if place.is_empty() { "the whole" } else { place };
        let reason = format!("{:?}", piece.rejected.reason);
        format!("{} {} {}: {detail}", fit(&piece.file, 32), fit(place, 36), spelled(&reason))
    };
    run.refused.iter().map(line).collect()
}
