//! Folding: the form under which two spellings of a word are the same word.
//!
//! Case and width are folded, accents are not. In order: invisible joiners and variation selectors go, compatibility
//! forms become plain ones (NFKC: full-width letters, half-width kana, ligatures, the "bold" and "script" letters of
//! social posts), capitals become small, and the result is composed (NFC). `ς` becomes `σ`, `İ` becomes `i`. Of the
//! combining marks on one character the first [`MARKS`] stay.

use super::{class, emoji};
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

/// Whether `word` is its own folded form, apart from ASCII capitals; `false` where that takes a closer look.
pub(super) fn is_folded(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii() || simple(c) == Some(c))
}

/// Appends the folded form of `word` to `out`.
pub(super) fn fold_into(word: &str, out: &mut String) {
    let start = out.len();
    for c in word.chars() {
        if let Some(folded) = simple(c) {
            out.push(folded);
            continue;
        }
        out.truncate(start);
        if emoji::sequence(word) == word.len() {
            return emoji_into(word, out);
        }
        let plain = word.chars().filter(|c| !class::is_invisible(*c)).filter(few_marks());
        return out.extend(plain.nfkc().flat_map(lower).nfc().filter(few_marks()));
    }
}

/// Appends the folded form of an emoji sequence to `out`: it goes without its variation selectors where it is an
/// emoji without them.
pub(super) fn emoji_into(sequence: &str, out: &mut String) {
    let start = out.len();
    out.extend(sequence.chars().filter(|c| !matches!(c, '\u{FE0E}' | '\u{FE0F}')));
    let bare = out.get(start..).unwrap_or("");
    if emoji::sequence(bare) != bare.len() {
        out.truncate(start);
        out.push_str(sequence);
    }
}

/// The folded form of a character where it is one character and does not depend on its neighbours of this kind.
///
/// The letters of the common scripts that neither decompose nor compose with one another.
fn simple(c: char) -> Option<char> {
    let shifted = |by: u32| char::from_u32(c as u32 + by);
    match c {
        '\0'..='\x7F' => Some(c.to_ascii_lowercase()),
        'ß'..='ö' | 'ø'..='ÿ' | 'ά'..='ρ' | 'σ'..='ώ' | 'а'..='џ' => Some(c),
        'À'..='Ö' | 'Ø'..='Þ' | 'Α'..='Ρ' | 'Σ'..='Ϋ' | 'А'..='Я' => shifted(0x20),
        'Ѐ'..='Џ' => shifted(0x50),
        'Ā'..='į' | 'Ĵ'..='ķ' | 'Ŋ'..='ŷ' => shifted(1 - (c as u32 & 1)),
        'Ĺ'..='ľ' | 'Ł'..='ň' | 'Ź'..='ž' => shifted(c as u32 & 1),
        'א'..='ת' | 'ء'..='غ' | 'ف'..='ي' | 'ٹ'..='ۓ' | 'ก'..='ฯ' => Some(c),
        'ぁ'..='ゖ' | 'ァ'..='ー' | '一'..='鿿' | '가'..='힣' => Some(c),
        _ => None,
    }
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
