//! The word hash: 64 bits, the same on every platform, cheap for short words.
//!
//! A word is read as little-endian 64-bit lanes, two at a time, the last one padded with zeros; each pair is mixed by a
//! 64×64→128-bit multiplication whose halves are folded together, as in wyhash and rapidhash. The length goes
//! in at the end, so that padding cannot collide. It spreads well and resists nobody: who must not be fooled by a
//! crafted collision compares the folded forms as well.

use super::lane::load;

const SEED: u64 = 0x9E37_79B9_7F4A_7C15; // 2^64 / golden ratio
const LEFT: u64 = 0xD6E8_FEB8_6659_FD93;
const RIGHT: u64 = 0xA076_1D64_78BD_642F;

/// The hash of a folded word, the same as [`Token::hash`](super::Token::hash) of a token with that folded form.
///
/// ```
/// use hearken::text::{Text, fold, hash};
///
/// let text = Text::new("CAFÉ");
/// assert_eq!(text.tokens()[0].hash(), hash(&fold("Café")));
/// ```
pub fn hash(folded: &str) -> u64 {
    let bytes = folded.as_bytes();
    let mut seed = SEED;
    let mut rest = bytes;
    while rest.len() > 16
        && let Some((pair, tail)) = rest.split_at_checked(16)
    {
        let (left, right) = pair.split_at(8);
        seed = fold(multiply(load(left) ^ LEFT, load(right) ^ seed));
        rest = tail;
    }
    let (left, right) = rest.split_at(rest.len().min(8));
    finish(partial(left), partial(right), seed, bytes.len())
}

/// The hash of a word of at most 16 bytes that stand in two lanes, zeros behind them.
pub(super) fn short(left: u64, right: u64, len: usize) -> u64 {
    finish(left, right, SEED, len)
}

/// Ends a hash: the last pair of lanes, the state so far and the length of the whole word in bytes.
fn finish(left: u64, right: u64, seed: u64, len: usize) -> u64 {
    let product = multiply(left ^ LEFT, right ^ seed);
    fold(multiply(product as u64 ^ RIGHT ^ len as u64, (product >> 64) as u64 ^ LEFT))
}

/// Up to eight bytes as a lane, zeros behind them.
fn partial(bytes: &[u8]) -> u64 {
    if bytes.len() == 8 {
        return load(bytes);
    }
    bytes.iter().rev().fold(0, |lane, byte| lane << 8 | u64::from(*byte))
}

fn multiply(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

fn fold(product: u128) -> u64 {
    product as u64 ^ (product >> 64) as u64
}
