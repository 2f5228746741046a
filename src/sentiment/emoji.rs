//! Emoji as the lexicon knows them: without variation selectors and skin tones.

use std::borrow::Cow;

/// An emoji without variation selectors and skin tones; any other word unchanged.
pub(super) fn plain(folded: &str) -> Cow<'_, str> {
    if folded.chars().any(is_dress) && folded.chars().any(|c| !is_dress(c)) {
        Cow::Owned(folded.chars().filter(|c| !is_dress(*c)).collect())
    } else {
        Cow::Borrowed(folded)
    }
}

fn is_dress(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}
