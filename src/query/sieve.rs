//! A few hundred bits that say of most words that they are not there.

/// A bit for each hash in it; several may share one.
#[derive(Debug, Clone, Default)]
pub(super) struct Sieve([u64; 16]);

impl Sieve {
    /// Puts a hash in.
    #[inline]
    pub(super) fn note(&mut self, hash: u64) {
        let (word, bit) = place(hash);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    /// False when the hash is not in it; true when it may be.
    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = place(hash);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

/// The word and the bit of a hash.
#[inline]
fn place(hash: u64) -> (usize, u64) {
    ((hash >> 54) as usize % 16, 1 << (hash >> 58))
}

impl FromIterator<u64> for Sieve {
    fn from_iter<I: IntoIterator<Item = u64>>(hashes: I) -> Self {
        let mut sieve = Self::default();
        hashes.into_iter().for_each(|hash| sieve.note(hash));
        sieve
    }
}
