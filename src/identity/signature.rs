//! Sixty-four bits that tell two distant values apart without reading either.
//!
//! Most pairs of values have nothing in common. What a kind's closer levels need in common (letters for a
//! Jaro–Winkler similarity, digits for an edit distance, letter pairs for texts) is counted into one word a value,
//! and two words are held against each other by a few instructions. A signature never calls a value close; it
//! only rules that out.

use super::kind::{Kind, Level};

/// Set in a signature that cannot rule anything out.
const OPEN: u64 = 1 << 63;
/// Two bits a letter, one for digits.
const LETTERS: u64 = (1 << 53) - 1;
/// Set for a given name that has nicknames or is one.
const NICKNAMED: u64 = 1 << 53;
/// Three bits a digit.
const DIGITS: u64 = (1 << 30) - 1;

/// The signature of a normalised value. `tag` is the value's [`Kind::tag`].
pub(super) fn signature(kind: Kind, text: &str, tag: u16) -> u64 {
    match kind {
        Kind::Given | Kind::Family | Kind::City | Kind::Handle if !text.contains(' ') => {
            letters(text) | if tag == 0 { 0 } else { NICKNAMED }
        }
        Kind::Email => text.split_once('@').map_or(OPEN, |(local, _)| letters(local)),
        Kind::Phone => digits(text) | u64::from(text.starts_with('+')) << 31,
        Kind::Code | Kind::Postcode => digits(text) | prefix(text) << 31,
        Kind::Date if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) => {
            digits(text) | text.parse::<u64>().unwrap_or(0) << 31
        }
        // Letters of another script have no pairs in common with these, and that says nothing.
        Kind::Company | Kind::Address | Kind::Text | Kind::Name if text.len() >= 8 && text.is_ascii() => {
            letter_pairs(text)
        }
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
        Kind::Given if x & y & NICKNAMED != 0 => None,
        Kind::Given | Kind::Family | Kind::City | Kind::Handle => {
            jaro_at_most(x, y, 70).then_some(Level::Distant)
        }
        // Local parts of Jaro–Winkler .9 have at least a Jaro of 5/6.
        Kind::Email => jaro_at_most(x, y, 83).then_some(Level::Distant),
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

/// Which letters a word has (a second bit when twice), whether it has digits, its length and how many of its
/// characters have no bit of their own.
fn letters(text: &str) -> u64 {
    if !(2..=31).contains(&text.len()) || !text.is_ascii() {
        return OPEN;
    }
    let mut bits = 0_u64;
    for byte in text.bytes() {
        bits |= match byte {
            b'a'..=b'z' => {
                let once = 1 << (2 * (byte - b'a'));
                if bits & once == 0 { once } else { once << 1 }
            }
            b'0'..=b'9' => 1 << 52,
            _ => 0,
        };
    }
    let unseen = text.len() as u64 - u64::from(bits.count_ones());
    if unseen > 15 { OPEN } else { bits | unseen << 54 | (text.len() as u64) << 58 }
}

/// True when two words with these letters cannot have a Jaro similarity above so many hundredths: it is at most
/// `(m/|x| + m/|y| + 1) / 3` with m letters in common.
fn jaro_at_most(x: u64, y: u64, hundredths: u32) -> bool {
    let length = |signature: u64| (signature >> 58 & 31) as u32;
    let unseen = |signature: u64| (signature >> 54 & 15) as u32;
    let m = (x & y & LETTERS).count_ones() + unseen(x).min(unseen(y));
    let (x, y) = (length(x), length(y));
    100 * m * (x + y) <= (3 * hundredths - 100) * x * y
}

/// True when the signatures show that neither value has a space.
#[inline]
pub(super) fn single_words(x: u64, y: u64) -> bool {
    (x | y) & OPEN == 0
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
