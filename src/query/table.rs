//! An open-addressing table from 64-bit hashes to ids, behind a small filter that turns most strangers away.

/// A slot that holds nothing: no id has all bits set.
const EMPTY: u64 = u64::MAX;
/// The filter never outgrows the first-level cache: 32 KiB.
const FILTER_WORDS: usize = 4096;

/// Ids by hash. Equality is the caller's: hashes only say where to look.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// One bit per hash.
    filter: Vec<u64>,
    /// The upper half of the hash, and the id.
    slots: Vec<u64>,
    len: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self { filter: vec![0; 16], slots: vec![EMPTY; 16], len: 0 }
    }
}

impl Table {
    /// False when nothing has this hash; true when something may have it.
    #[inline]
    pub(super) fn may_have(&self, hash: u64) -> bool {
        let (word, bit) = self.place(hash);
        self.filter.get(word).is_some_and(|word| word & bit != 0)
    }

    /// The id with this hash that is `same`.
    #[inline]
    pub(super) fn find(&self, hash: u64, same: impl Fn(u32) -> bool) -> Option<u32> {
        if !self.may_have(hash) {
            return None;
        }
        let mut at = hash as usize;
        loop {
            at &= self.slots.len() - 1;
            let slot = *self.slots.get(at)?;
            if slot == EMPTY {
                return None;
            }
            if slot >> 32 == hash >> 32 && same(slot as u32) {
                return Some(slot as u32);
            }
            at += 1;
        }
    }

    /// Adds an id that is not there; `hash_of` gives the hashes of those that are, when the table grows.
    pub(super) fn insert(&mut self, hash: u64, id: u32, hash_of: impl Fn(u32) -> u64) {
        self.len += 1;
        if self.len * 2 > self.slots.len() {
            let slots = self.slots.len() * 2;
            let old = std::mem::replace(&mut self.slots, vec![EMPTY; slots]);
            self.filter = vec![0; (slots / 8).clamp(16, FILTER_WORDS)];
            for slot in old.into_iter().filter(|slot| *slot != EMPTY) {
                self.put(hash_of(slot as u32), slot as u32);
            }
        }
        self.put(hash, id);
    }

    /// Bytes of the slots and the filter.
    pub(super) fn bytes(&self) -> usize {
        (self.slots.capacity() + self.filter.capacity()) * size_of::<u64>()
    }

    fn put(&mut self, hash: u64, id: u32) {
        let (word, bit) = self.place(hash);
        if let Some(word) = self.filter.get_mut(word) {
            *word |= bit;
        }
        let mut at = hash as usize;
        loop {
            at &= self.slots.len() - 1;
            match self.slots.get_mut(at) {
                Some(slot) if *slot != EMPTY => at += 1,
                Some(slot) => {
                    *slot = hash >> 32 << 32 | u64::from(id);
                    return;
                }
                None => return,
            }
        }
    }

    /// The word and the bit of the filter that stand for a hash; both sizes are powers of two.
    #[inline]
    fn place(&self, hash: u64) -> (usize, u64) {
        ((hash >> 38) as usize & (self.filter.len() - 1), 1 << (hash >> 32 & 63))
    }
}
