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
#[inline]
fn stop(text: &Text, at: usize) -> Stop {
    let gap = text.gap_bytes(at);
    // Nearly every gap is one space, or nothing but an apostrophe.
    if matches!(gap, [] | [b' ' | b'\'' | b'"' | b'#' | b'@' | b'$' | b'/' | b'&']) {
        return Stop::None;
    }
    let signs = if gap.is_ascii() {
        Signs::of(gap.iter().map(|byte| char::from(*byte)))
    } else {
        Signs::of(text.gap(at).chars())
    };
    if signs.stop == Stop::Sentence || signs.dot && ends_at_dot(text, at, gap) {
        return Stop::Sentence;
    }
    let dashed =
        |gap: &[u8]| gap.windows(2).any(|pair| pair == b"--") || gap.windows(3).any(|three| three == b" - ");
    if signs.dash && dashed(gap) { Stop::Clause } else { signs.stop }
}

/// The signs of a gap, where a dot or a dash may mean something or nothing.
struct Signs {
    stop: Stop,
    dot: bool,
    dash: bool,
}

impl Signs {
    fn of(chars: impl Iterator<Item = char>) -> Self {
        let mut signs = Self { stop: Stop::None, dot: false, dash: false };
        for c in chars {
            match c {
                '!' | '?' | '…' | '\n' | '。' | '！' | '？' | '．' | '؟' | '।' | '‼' | '⁇' | '⁈' | '⁉' =>
                {
                    return Self { stop: Stop::Sentence, ..signs };
                }
                ',' | ';' | ':' | '(' | ')' | '[' | ']' | '|' | '—' | '–' | '、' | '，' | '；' | '：'
                | '،' | '؛' => signs.stop = Stop::Clause,
                '.' => signs.dot = true,
                '-' => signs.dash = true,
                _ => {}
            }
        }
        signs
    }
}

/// Whether a dot in `gap`, before token `at`, ends a sentence: more follows it in the gap, and it is not that of an
/// initial or a shortening.
fn ends_at_dot(text: &Text, at: usize, gap: &[u8]) -> bool {
    let mut parts = gap.splitn(2, |byte| *byte == b'.');
    let (Some(before), Some(after)) = (parts.next(), parts.next()) else { return false };
    if after.is_empty() || before.iter().any(u8::is_ascii_whitespace) {
        return false;
    }
    !before.is_empty() || after.starts_with(b".") || !is_short(text, at)
}

/// Whether the dot behind token `at - 1` belongs to it: an initial or a shortening.
fn is_short(text: &Text, at: usize) -> bool {
    let word =
        at.checked_sub(1).and_then(|before| text.tokens().get(before)).map_or("", |word| text.folded(word));
    word.chars().count() == 1 && word.starts_with(char::is_alphabetic) && word != "i" || SHORT.contains(&word)
}
