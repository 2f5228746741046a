//! Emoji as the lexicon knows them: without variation selectors, skin tones and gender.

use std::borrow::Cow;

/// An emoji without variation selectors, skin tones and gender; any other word unchanged.
pub(super) fn plain(folded: &str) -> Cow<'_, str> {
    if folded.chars().any(is_dress) && folded.chars().any(|c| !is_dress(c)) {
        let bare: String = folded.chars().filter(|c| !is_dress(*c)).collect();
        Cow::Owned(without_gender(&bare).to_owned())
    } else {
        Cow::Borrowed(without_gender(folded))
    }
}

/// An emoji without the sign that a joiner hangs on it to say whether it shows a woman or a man.
fn without_gender(emoji: &str) -> &str {
    emoji.strip_suffix("\u{200D}\u{2640}").or_else(|| emoji.strip_suffix("\u{200D}\u{2642}")).unwrap_or(emoji)
}

fn is_dress(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}')
}
