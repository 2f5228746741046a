use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Hashes kept: exact up to here, then a standard error of 1/√62, about 13 %.
const KEPT: usize = 64;

/// A count of distinct things in bounded memory: the 64 smallest hashes seen (K minimum values,
/// Bar-Yossef and others 2002). Merging is a union, so any order and any repetition give the same sketch.
///
/// ```
/// use hearken::pulse::Distinct;
///
/// let mut authors = Distinct::default();
/// for name in ["ann", "bob", "ann"] {
///     authors.insert(name);
/// }
/// assert_eq!(authors.count(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Distinct {
    least: BTreeSet<u64>,
}

impl Distinct {
    /// Counts `thing`, once however often it comes.
    pub fn insert(&mut self, thing: &str) {
        self.insert_hash(spread(thing.as_bytes()));
    }

    /// Counts what the other has seen.
    pub fn merge(&mut self, other: &Self) {
        for hash in &other.least {
            self.insert_hash(*hash);
        }
    }

    /// The number of distinct things: exact up to 63, an estimate above.
    pub fn count(&self) -> u64 {
        match self.least.last() {
            Some(last) if self.least.len() >= KEPT => {
                // The kth smallest of n uniform hashes lies near k/n of the range.
                let share = u128::from(*last).max(1);
                let estimate = ((KEPT as u128 - 1) << 64) / share;
                u64::try_from(estimate).unwrap_or(u64::MAX)
            }
            _ => self.least.len() as u64,
        }
    }

    fn insert_hash(&mut self, hash: u64) {
        self.least.insert(hash);
        if self.least.len() > KEPT {
            self.least.pop_last();
        }
    }
}

/// FNV-1a, then the finaliser of MurmurHash3 to spread it over 64 bits.
fn spread(bytes: &[u8]) -> u64 {
    let mut hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
