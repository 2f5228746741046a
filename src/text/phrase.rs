//! Layer 2: sentences and clauses, as ranges of tokens.

use super::Text;
use std::ops::Range;

/// Titles and shortenings that end in a dot without ending a sentence.
const SHORT: [&str; 24] = [
    "al", "approx", "co", "corp", "dept", "dr", "est", "etc", "fig", "gen", "inc", "jr", "ltd", "mr", "mrs",
    "ms", "mt", "no", "prof", "rev", "sen", "sr", "st", "vs",
];

/// Ranges of the tokens of `text`, cut before each token where `ends` holds.
pub(super) fn ranges(text: &Text, ends: fn(&Text, usize) -> bool) -> impl Iterator<Item = Range<usize>> + '_ {
    let count = text.tokens().len();
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = start;
        start = (first + 1..count).find(|at| ends(text, *at)).unwrap_or(count);
        (first < count).then_some(first..start)
    })
}

/// Whether a sentence ends in the gap before token `at`.
pub(super) fn ends_sentence(text: &Text, at: usize) -> bool {
    let gap = text.gap(at);
    if gap.contains(['!', '?', '…', '\n', '。', '！', '？', '．', '؟', '।', '‼', '⁇', '⁈', '⁉'])
    {
        return true;
    }
    let Some((before, after)) = gap.split_once('.') else { return false };
    if after.is_empty() || before.contains(char::is_whitespace) {
        return false;
    }
    !before.is_empty() || after.starts_with('.') || !is_short(text, at)
}

/// Whether a clause ends in the gap before token `at`.
pub(super) fn ends_clause(text: &Text, at: usize) -> bool {
    let gap = text.gap(at);
    gap.contains([',', ';', ':', '(', ')', '[', ']', '—', '–', '、', '，', '；', '：', '،', '؛', '|'])
        || gap.contains(" - ")
        || gap.contains("--")
        || ends_sentence(text, at)
}

/// Whether the dot behind token `at - 1` belongs to it: an initial or a shortening.
fn is_short(text: &Text, at: usize) -> bool {
    let word =
        at.checked_sub(1).and_then(|before| text.tokens().get(before)).map_or("", |word| text.folded(word));
    word.chars().count() == 1 && word.starts_with(char::is_alphabetic) && word != "i" || SHORT.contains(&word)
}
