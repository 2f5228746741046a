//! Hints at sarcasm. They lower the confidence and ask for review; no hint turns a label around.

use super::explain::Found;
use super::lexicon::role;
use serde::{Deserialize, Serialize};

/// What hints at sarcasm.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SarcasmCue {
    /// Words or a tag that say so: `#sarcasm`, "yeah right", "thanks for nothing".
    Marker,
    /// Praise and a bad situation in one sentence, with no "but" between them: "love being put on hold".
    Incongruity,
    /// The irony model finds it likely (feature `fitted`).
    Likely,
}

/// From this probability on the irony model counts as a hint.
const LIKELY: f64 = 0.75;
/// Thousandths of valence from which praise and trouble are told.
const STRONG: i16 = 1_500;

pub(super) fn cues(found: &[Found], irony: Option<f64>) -> Vec<SarcasmCue> {
    let mut cues = Vec::new();
    if found.iter().any(|found| found.role & role::CUE != 0) {
        cues.push(SarcasmCue::Marker);
    }
    let mut praised = None;
    let clash = found.iter().any(|found| {
        if found.role & role::CONTRAST != 0 {
            praised = None;
        } else if !found.negated && found.valence >= 2 * STRONG - 500 {
            praised = Some(found.sentence);
        }
        !found.negated && found.valence <= -STRONG && praised == Some(found.sentence)
    });
    if clash {
        cues.push(SarcasmCue::Incongruity);
    }
    if irony.is_some_and(|irony| irony >= LIKELY) {
        cues.push(SarcasmCue::Likely);
    }
    cues
}
