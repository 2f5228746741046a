//! Eight bytes at a time: what a few machine instructions tell about the characters in a 64-bit lane.
//!
//! A byte of a *mask* is 0x80 where something holds of that byte of the lane and 0 elsewhere. Lanes are
//! little-endian: the first byte of the text is the lowest. The tricks need bytes below 0x80 to stay clear of their
//! neighbours, so every function says what it takes.

/// The same byte eight times.
const fn all(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

const HIGH: u64 = all(0x80);

/// A lane of the first eight bytes.
pub(super) fn load(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

/// The first `len` bytes of a lane, zeros behind them; `len` is 1 to 8.
pub(super) fn first(lane: u64, len: usize) -> u64 {
    lane & u64::MAX >> (64 - 8 * len as u32)
}

/// Whether a lane of ASCII word characters, and zeros behind them, holds small letters only.
pub(super) fn is_small(lane: u64, len: usize) -> bool {
    // Of word characters, only the small letters have both bits.
    lane & all(0x60) == first(all(0x60), len)
}

/// The bytes that are not ASCII, of any lane.
pub(super) fn other(lane: u64) -> u64 {
    lane & HIGH
}

/// The ASCII letters, digits and underscores of any lane.
pub(super) fn word(lane: u64) -> u64 {
    let ascii = lane & !HIGH;
    let small = ascii | all(0x20);
    let letter = (small + all(0x80 - b'a')) & !(small + all(0x80 - b'z' - 1));
    let digit = (ascii + all(0x80 - b'0')) & !(ascii + all(0x80 - b'9' - 1));
    (letter | digit | zero(ascii ^ all(b'_'))) & !lane & HIGH
}

/// The zero bytes of a lane of ASCII.
pub(super) fn zero(ascii: u64) -> u64 {
    (HIGH - ascii) & HIGH
}

/// One bit for each byte of a mask, the first byte's lowest.
pub(super) fn bits(mask: u64) -> u64 {
    (mask >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// The letters, capitals and digits of a lane that holds ASCII word characters, and zeros behind them.
pub(super) struct Letters {
    /// The letters.
    pub(super) letters: u64,
    /// The capitals.
    pub(super) capitals: u64,
    /// The digits.
    pub(super) digits: u64,
    /// The lane with its capitals made small.
    pub(super) small: u64,
}

impl Letters {
    pub(super) fn of(lane: u64) -> Self {
        // Of word characters, only letters and `_` have bit 0x40, and only capitals and `_` of them lack 0x20.
        let letters = lane << 1 & HIGH & !zero(lane ^ all(b'_'));
        let capitals = letters & !(lane << 2);
        // Only digits have 0x10 and lack 0x40; zeros lack both.
        let digits = lane << 3 & !(lane << 1) & HIGH;
        Self { letters, capitals, digits, small: lane | capitals >> 2 }
    }
}

/// Where three equal letters start in a lane of small word characters.
pub(super) fn tripled(small: u64) -> u64 {
    let again = zero(small ^ small >> 8);
    let run = again & again >> 8 & small << 1; // neither of zeros nor of digits
    if run == 0 { 0 } else { run & !zero(small ^ all(b'_')) }
}
