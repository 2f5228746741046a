//! Hints at sarcasm. They lower the confidence and ask for review; no hint turns a label around.

use super::lexicon::role;
use super::sink::Hit;
use serde::{Deserialize, Serialize};

/// What hints at sarcasm.
///
/// ```
/// use hearken::sentiment::{SarcasmCue, Sentiment};
/// use hearken::text::Text;
///
/// let reading = Sentiment::english().read(&Text::new("Oh great, another delay. Thanks for nothing #sarcasm"));
/// assert!(reading.sarcasm.contains(&SarcasmCue::Marker));
/// assert!(reading.needs_review, "a hint sends it to a person; it does not turn the label around");
/// ```
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

/// What the entries of a text hint at, as they come.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cues {
    marker: bool,
    clash: bool,
    /// Strong praise stands in this sentence, with no contrast behind it.
    praised: bool,
}

impl Cues {
    /// The roles that count here.
    pub(super) const ROLES: u16 = role::CUE | role::CONTRAST;

    pub(super) fn hit(&mut self, hit: &Hit<'_>) {
        self.marker |= hit.node.is(role::CUE);
        if hit.node.is(role::CONTRAST) {
            self.praised = false;
        } else if !hit.is_turned() {
            self.clash |= self.praised && hit.node.valence <= -STRONG;
            self.praised |= hit.node.valence >= 2 * STRONG - 500;
        }
    }

    pub(super) fn sentence(&mut self) {
        self.praised = false;
    }

    pub(super) fn found(self, irony: Option<f64>) -> Vec<SarcasmCue> {
        let cues = [
            (self.marker, SarcasmCue::Marker),
            (self.clash, SarcasmCue::Incongruity),
            (irony.is_some_and(|irony| irony >= LIKELY), SarcasmCue::Likely),
        ];
        cues.into_iter().filter_map(|(shown, cue)| shown.then_some(cue)).collect()
    }
}
