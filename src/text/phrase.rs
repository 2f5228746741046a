//! Layer 2: sentences and clauses, as ranges of tokens.

use super::Text;
use std::ops::Range;

/// Titles and shortenings that end in a dot without ending a sentence.
const SHORT: [&str; 24] = [
    "al", "approx", "co", "corp", "dept", "dr", "est", "etc", "fig", "gen", "inc", "jr", "ltd", "mr", "mrs",
    "ms", "mt", "no", "prof", "rev", "sen", "sr", "st", "vs",
];

/// How much of a stop the gap between two tokens is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stop {
    None,
    Clause,
    Sentence,
}

/// Ranges of the tokens of `text`, cut at every gap that is at least such a stop.
pub(super) fn ranges(text: &Text, least: Stop) -> impl Iterator<Item = Range<usize>> + '_ {
    let count = text.tokens().len();
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = start;
        start = (first + 1..count).find(|at| stop(text, *at) >= least).unwrap_or(count);
        (first < count).then_some(first..start)
    })
}

/// What the gap before token `at` is.
fn stop(text: &Text, at: usize) -> Stop {
    let gap = text.gap(at);
    if gap == " " {
        return Stop::None;
    }
    let (mut stop, mut dot, mut dash) = (Stop::None, false, false);
    for c in gap.chars() {
        match c {
            '!' | '?' | '…' | '\n' | '。' | '！' | '？' | '．' | '؟' | '।' | '‼' | '⁇' | '⁈' | '⁉' =>
            {
                return Stop::Sentence;
            }
            ',' | ';' | ':' | '(' | ')' | '[' | ']' | '|' | '—' | '–' | '、' | '，' | '；' | '：' | '،'
            | '؛' => {
                stop = Stop::Clause;
            }
            '.' => dot = true,
            '-' => dash = true,
            _ => {}
        }
    }
    if dot && ends_at_dot(text, at, gap) {
        return Stop::Sentence;
    }
    if dash && (gap.contains(" - ") || gap.contains("--")) { Stop::Clause } else { stop }
}

/// Whether a dot in `gap`, before token `at`, ends a sentence: more follows it in the gap, and it is not that of an
/// initial or a shortening.
fn ends_at_dot(text: &Text, at: usize, gap: &str) -> bool {
    let Some((before, after)) = gap.split_once('.') else { return false };
    if after.is_empty() || before.contains(char::is_whitespace) {
        return false;
    }
    !before.is_empty() || after.starts_with('.') || !is_short(text, at)
}

/// Whether the dot behind token `at - 1` belongs to it: an initial or a shortening.
fn is_short(text: &Text, at: usize) -> bool {
    let word =
        at.checked_sub(1).and_then(|before| text.tokens().get(before)).map_or("", |word| text.folded(word));
    word.chars().count() == 1 && word.starts_with(char::is_alphabetic) && word != "i" || SHORT.contains(&word)
}
