//! Sixty-four bits that tell two distant values apart without reading either.
//!
//! Most pairs of values have nothing in common. What a kind's closer levels need in common (letters for a
//! Jaro–Winkler similarity, digits for an edit distance, letter pairs for texts) is counted into one word a value,
//! and two words are held against each other by a few instructions. A signature never calls a value close; it
//! only rules that out.

use super::kind::{Kind, Level};

/// Set in a signature that cannot rule anything out.
const OPEN: u64 = 1 << 63;
/// Two bits a letter and five for pairs of digits.
const LETTERS: u64 = (1 << 57) - 1;
/// Three bits a digit.
const DIGITS: u64 = (1 << 30) - 1;

/// The signature of a normalised value. `tag` is the value's [`Kind::tag`].
pub(super) fn signature(kind: Kind, text: &str, tag: u16) -> u64 {
    match kind {
        Kind::Given | Kind::Family | Kind::City | Kind::Handle if tag == 0 && !text.contains(' ') => {
            letters(text)
        }
        Kind::Email => text.split_once('@').map_or(OPEN, |(local, _)| letters(local)),
        Kind::Phone => digits(text) | u64::from(text.starts_with('+')) << 31,
        Kind::Code | Kind::Postcode => digits(text) | prefix(text) << 31,
        Kind::Date if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) => {
            digits(text) | text.parse::<u64>().unwrap_or(0) << 31
        }
        Kind::Company | Kind::Address | Kind::Text | Kind::Name if text.len() >= 8 => letter_pairs(text),
        _ => OPEN,
    }
}

/// The level of two different values, where their signatures show it.
#[inline]
pub(super) fn ruled_out(kind: Kind, x: u64, y: u64) -> Option<Level> {
    if (x | y) & OPEN != 0 {
        return None;
    }
    match kind {
        Kind::Given | Kind::Family | Kind::City | Kind::Handle => {
            (jaro_bound(x, y) <= 0.7).then_some(Level::Distant)
        }
        // Local parts of Jaro–Winkler .9 have at least a Jaro of 5/6.
        Kind::Email => (jaro_bound(x, y) < 0.83).then_some(Level::Distant),
        // One edit changes at most two counts of digits.
        Kind::Phone => (differing(x, y) > 2 && (x ^ y) >> 31 == 0).then_some(Level::Distant),
        Kind::Code | Kind::Postcode => (differing(x, y) > 4 && (x ^ y) >> 31 != 0).then_some(Level::Distant),
        Kind::Date => date(x, y),
        Kind::Company | Kind::Address | Kind::Text | Kind::Name => {
            ((x & y).count_ones() * 4 < x.count_ones().min(y.count_ones())).then_some(Level::Distant)
        }
        _ => None,
    }
}

/// Which letters a word has (a second bit when twice), which pairs of digits, and its length.
fn letters(text: &str) -> u64 {
    if !(2..=63).contains(&text.len()) || !text.is_ascii() {
        return OPEN;
    }
    let mut bits = 0_u64;
    for byte in text.bytes() {
        bits |= match byte {
            b'a'..=b'z' => {
                let once = 1 << (2 * (byte - b'a'));
                if bits & once == 0 { once } else { once << 1 }
            }
            b'0'..=b'9' => 1 << (52 + (byte - b'0') / 2),
            _ => 0,
        };
    }
    bits | (text.len() as u64) << 57
}

/// The greatest Jaro similarity two words with these letters can have: `(m/|x| + m/|y| + 1) / 3` with m letters in
/// common.
fn jaro_bound(x: u64, y: u64) -> f32 {
    let length = |signature: u64| (signature >> 57 & 63) as u32;
    let marks = |signature: u64| (signature & LETTERS).count_ones();
    let unseen = (length(x) - marks(x)).min(length(y) - marks(y));
    let m = ((x & y & LETTERS).count_ones() + unseen) as f32;
    (m / length(x) as f32 + m / length(y) as f32 + 1.0) / 3.0
}

/// How often each of ten classes of characters stands in a text, to three.
fn digits(text: &str) -> u64 {
    let mut bits = 0_u64;
    for byte in text.bytes() {
        let class = 3 * u64::from(byte % 10);
        let seen = bits >> class & 7;
        bits |= (seen << 1 | 1) << class & 7 << class;
    }
    bits & DIGITS
}

fn differing(x: u64, y: u64) -> u32 {
    ((x ^ y) & DIGITS).count_ones()
}

/// 31 bits of the first three characters.
fn prefix(text: &str) -> u64 {
    text.bytes().take(3).fold(0, |bits, byte| bits << 8 | u64::from(byte)) & 0x7fff_ffff
}

/// Dates far apart: not three edits from each other, no two parts in common.
fn date(x: u64, y: u64) -> Option<Level> {
    let parts = |signature: u64| {
        let number = signature >> 31;
        [number / 10_000, number / 100 % 100, number % 100]
    };
    let (left, right) = (parts(x), parts(y));
    let unknown = left.contains(&0) || right.contains(&0);
    let equal = left.iter().zip(&right).filter(|(a, b)| a == b).count();
    if unknown || equal > 1 || differing(x, y) <= 6 {
        return None;
    }
    Some(if left.first() == right.first() { Level::Faint } else { Level::Distant })
}

/// The pairs of neighbouring letters of a text, each a bit.
fn letter_pairs(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.iter().skip(1));
    pairs.fold(0, |bits, (a, b)| bits | 1 << ((u32::from(*a) * 31 + u32::from(*b) * 7) % 63))
}
