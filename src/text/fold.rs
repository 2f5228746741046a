//! Folding: the form under which two spellings of a word are the same word.
//!
//! Case and width are folded, accents are not. In order: invisible joiners and variation selectors go, compatibility
//! forms become plain ones (NFKC: full-width letters, half-width kana, ligatures, the "bold" and "script" letters of
//! social posts), capitals become small, and the result is composed (NFC). `ς` becomes `σ`, `İ` becomes `i`. Of the
//! combining marks on one character the first [`MARKS`] stay.

use super::class;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Combining marks kept on one character: more is "zalgo", not language.
const MARKS: usize = 8;

/// The folded form of a word: what [`Text::folded`](super::Text::folded) holds, borrowed where nothing changes.
///
/// Folding twice changes nothing more.
///
/// ```
/// use hearken::text::fold;
///
/// assert_eq!(fold("Straße"), "straße");
/// assert_eq!(fold("ＡＣＭＥ"), "acme");
/// assert_eq!(fold("Cafe\u{301}"), "café");
/// assert_ne!(fold("café"), "cafe");
/// ```
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Borrowed(word)
        };
    }
    let mut folded = String::with_capacity(word.len());
    fold_into(word, &mut folded);
    if folded == word { Cow::Borrowed(word) } else { Cow::Owned(folded) }
}

/// Appends the folded form of `word` to `out`.
pub(super) fn fold_into(word: &str, out: &mut String) {
    let plain = word.chars().filter(|c| !class::is_invisible(*c)).filter(few_marks());
    out.extend(plain.nfkc().flat_map(lower).nfc().filter(few_marks()));
}

/// A filter that passes at most [`MARKS`] combining marks in a row.
fn few_marks() -> impl FnMut(&char) -> bool {
    let mut run = 0;
    move |c| {
        run = if class::is_mark(*c) { run + 1 } else { 0 };
        run <= MARKS
    }
}

/// The small form of one character.
fn lower(c: char) -> std::char::ToLowercase {
    match c {
        'ς' => 'σ',
        'İ' => 'i',
        _ => c,
    }
    .to_lowercase()
}
