//! Which language an item is in, and who says so.
//!
//! What the platform says holds. Where it says nothing, the feature `detect` guesses and is believed when it is sure.
//! Else an item counts as English unless its letters or its small words are another language's: then nobody knows
//! which, and a language that is not known is read as neutral, to be looked at, never as a guess.

use crate::model::Interaction;
use crate::text::{Guess, Text};
use std::borrow::Cow;

/// The code of a language that is not known (ISO 639-2: undetermined).
const UNKNOWN: &str = "und";

/// The language of an item.
pub(super) struct Language<'i> {
    /// Its code, `und` where it is not known.
    pub(super) code: Cow<'i, str>,
    source: Source,
}

/// Who says which language it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The platform.
    Stated,
    /// The feature `detect`.
    Detected,
    /// Its letters or small words: not English.
    Foreign,
    /// Nobody; nothing speaks against English.
    Assumed,
}

impl<'i> Language<'i> {
    /// The language of an item of that text.
    pub(super) fn of(item: &'i Interaction, text: &Text) -> Self {
        // Platforms write `und` and the like for what they do not know themselves.
        let unknown = |code: &&str| matches!(*code, "" | UNKNOWN | "zxx" | "mis" | "mul");
        let (code, source) = match item.content.lang.as_deref().filter(|code| !unknown(code)) {
            Some(code) => (code.into(), Source::Stated),
            None => match text.guess() {
                Guess::Detected(code) => (code.into(), Source::Detected),
                Guess::Foreign => (UNKNOWN.into(), Source::Foreign),
                Guess::English => ("en".into(), Source::Assumed),
            },
        };
        Self { code, source }
    }

    /// The language without its region, where it is known: what an agent must speak.
    pub(super) fn spoken(&self) -> Option<String> {
        let code = self.known()?;
        Some(code.split(['-', '_']).next().unwrap_or(code).to_lowercase())
    }

    /// The code, where it is known and not only assumed: what a query may ask for.
    pub(super) fn known(&self) -> Option<&str> {
        matches!(self.source, Source::Stated | Source::Detected).then_some(&*self.code)
    }

    /// As it stands in a receipt, in pieces: `es as stated`.
    pub(super) fn words(&self) -> [&str; 3] {
        let source = match self.source {
            Source::Stated => "as stated",
            Source::Detected => "as detected",
            Source::Foreign => "by its words",
            Source::Assumed => "as nothing says otherwise",
        };
        [&self.code, " ", source]
    }
}
