//! Jaro–Winkler and optimal string alignment, one machine word per string.
//!
//! A [`Pattern`] is a left string laid out once: for each symbol a mask of the places where it stands. Every
//! right string is then compared by word operations on the masks, so a left string that meets many right
//! strings (as blocking orders them) pays for its layout once.
//!
//! ```text
//! "anna"      a → 1001      compare "anan":   one shift, one and, one or a letter
//!             n → 0110
//! ```
//!
//! Strings of at most 64 ASCII bytes take this path. Others go to `strsim` over characters, which is also the
//! oracle the tests hold this file against.

/// Most bytes of a string on the fast path.
const WORD: usize = 64;

/// A left string, laid out for comparison with many right strings.
///
/// ```
/// use hearken::identity::Pattern;
///
/// let mut left = Pattern::default();
/// left.set("martha");
/// assert!((left.jaro_winkler("marhta") - 0.9611).abs() < 1e-4);
/// assert_eq!(left.osa("marhta"), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    /// Where each ASCII byte stands in `text`; all zero when `text` is not on the fast path.
    masks: [u64; 128],
    fast: bool,
}

impl Default for Pattern {
    fn default() -> Self {
        Self { text: String::new(), masks: [0; 128], fast: true }
    }
}

impl Pattern {
    /// Takes `text` as the left string, unless it already is. Allocates only to grow the buffer.
    pub fn set(&mut self, text: &str) {
        if text == self.text {
            return;
        }
        for byte in self.text.bytes() {
            *slot(&mut self.masks, byte) = 0;
        }
        self.text.clear();
        self.text.push_str(text);
        self.fast = text.len() <= WORD && text.is_ascii();
        if self.fast {
            let mut bit = 1_u64;
            for byte in text.bytes() {
                *slot(&mut self.masks, byte) |= bit;
                bit <<= 1;
            }
        }
    }

    /// The left string.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Jaro–Winkler similarity in 0..=1, prefix scale 0.1 over at most 4 letters where Jaro is above 0.7
    /// (Winkler 1990, as `strsim`).
    /// Two empty strings are the same: 1.
    pub fn jaro_winkler(&self, other: &str) -> f64 {
        let right = other.as_bytes();
        if !self.fast || right.len() > WORD {
            return strsim::jaro_winkler(&self.text, other);
        }
        let left = self.text.as_bytes();
        if left.is_empty() || right.is_empty() {
            return if left.len() == right.len() { 1.0 } else { 0.0 };
        }
        let Some((matched, transposed)) = self.jaro_counts(right) else {
            return strsim::jaro_winkler(&self.text, other);
        };
        if matched == 0 {
            return 0.0;
        }
        let m = f64::from(matched);
        let jaro =
            (m / left.len() as f64 + m / right.len() as f64 + (m - f64::from(transposed / 2)) / m) / 3.0;
        if jaro <= 0.7 {
            return jaro;
        }
        let prefix = left.iter().zip(right).take(4).take_while(|(a, b)| a == b).count();
        jaro + 0.1 * prefix as f64 * (1.0 - jaro)
    }

    /// Matched letters, and matched letters that stand in another order; `None` for a right string that is not ASCII.
    fn jaro_counts(&self, right: &[u8]) -> Option<(u32, u32)> {
        let reach = (self.text.len().max(right.len()) / 2).saturating_sub(1);
        // The window of the j-th right letter is j-reach ..= j+reach.
        let mut window = ones(reach + 1);
        let (mut in_left, mut in_right, mut bit) = (0_u64, 0_u64, 1_u64);
        let (mut seen, mut in_order) = (0_u8, true);
        for (j, &byte) in right.iter().enumerate() {
            let free = self.mask(byte) & window & !in_left;
            let lowest = free & free.wrapping_neg();
            // Each match behind all before it: then no letter changed places. Without a match this holds as well.
            in_order &= lowest.wrapping_sub(1) >= in_left;
            in_left |= lowest;
            in_right |= if free == 0 { 0 } else { bit };
            bit <<= 1;
            seen |= byte;
            window = (window << 1) | u64::from(j < reach);
        }
        if seen >= 128 {
            return None;
        }
        if in_order {
            return Some((in_left.count_ones(), 0));
        }
        let (mut rest, mut transposed) = (in_left, 0);
        while in_right != 0 {
            let byte = right.get(in_right.trailing_zeros() as usize).copied().unwrap_or(0);
            let lowest = rest & rest.wrapping_neg();
            transposed += u32::from(self.mask(byte) & lowest == 0);
            rest ^= lowest;
            in_right &= in_right - 1;
        }
        Some((in_left.count_ones(), transposed))
    }

    /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, no part
    /// edited twice (Hyyrö 2003, the bit-parallel form with transpositions).
    pub fn osa(&self, other: &str) -> usize {
        let right = other.as_bytes();
        if !self.fast || right.len() > WORD || !right.is_ascii() {
            return strsim::osa_distance(&self.text, other);
        }
        if self.text.is_empty() {
            return right.len();
        }
        let last = 1_u64 << (self.text.len() - 1);
        let (mut vp, mut vn, mut d0, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        let mut distance = self.text.len();
        for &byte in right {
            let here = self.mask(byte);
            let swap = ((!d0 & here) << 1) & before;
            d0 = ((here & vp).wrapping_add(vp) ^ vp) | here | vn | swap;
            let hp = vn | !(d0 | vp);
            let hn = d0 & vp;
            distance += usize::from(hp & last != 0);
            distance -= usize::from(hn & last != 0);
            let shifted = hp << 1 | 1;
            vp = (hn << 1) | !(d0 | shifted);
            vn = shifted & d0;
            before = here;
        }
        distance
    }

    #[expect(clippy::indexing_slicing, reason = "byte & 127 is below 128")]
    fn mask(&self, byte: u8) -> u64 {
        self.masks[usize::from(byte & 127)]
    }
}

#[expect(clippy::indexing_slicing, reason = "byte & 127 is below 128")]
fn slot(masks: &mut [u64; 128], byte: u8) -> &mut u64 {
    &mut masks[usize::from(byte & 127)]
}

/// The lowest `n` bits set; all of them from 64 on.
fn ones(n: usize) -> u64 {
    if n >= 64 { u64::MAX } else { (1 << n) - 1 }
}
