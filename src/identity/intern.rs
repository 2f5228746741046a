//! Which value a spelling stands for: an open-addressing table from 64-bit hashes to numbers.
//!
//! Millions of cells are looked up once each, nearly always in a table too large for the cache. One slot holds
//! hash and number side by side, so a look-up is one memory access; [`Spellings::home`] lets a row fetch the slots
//! of all its cells before it needs the first.

use siphasher::sip::SipHasher13;
use std::hash::Hasher;

/// A fixed 64-bit hash of a text.
pub(super) fn hash_text(text: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// A hash in two halves, which keep a slot at twelve bytes, and a number, [`FREE`] where there is none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    hash: [u32; 2],
    number: u32,
}

const FREE: u32 = u32::MAX;
const EMPTY: Slot = Slot { hash: [0; 2], number: FREE };

/// The number of each spelling, by hash.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// A power of two, at least a quarter of it free; empty before the first insertion.
    slots: Vec<Slot>,
    filled: usize,
}

impl Spellings {
    /// The slot where a search for this hash begins.
    pub(super) fn home(&self, hash: u64) -> Slot {
        self.slots.get(self.place(hash)).copied().unwrap_or(EMPTY)
    }

    /// The number of this hash. `home` is where the search begins.
    pub(super) fn get(&self, hash: u64, home: Slot) -> Option<u32> {
        let (halves, mut slot, mut at) = (halves(hash), home, self.place(hash));
        while slot.number != FREE {
            if slot.hash == halves {
                return Some(slot.number);
            }
            at = if at + 1 < self.slots.len() { at + 1 } else { 0 };
            slot = self.slots.get(at).copied().unwrap_or(EMPTY);
        }
        None
    }

    /// Files a number under a hash that has none.
    pub(super) fn insert(&mut self, hash: u64, number: u32) {
        if (self.filled + 1) * 4 > self.slots.len() * 3 {
            let wider = (self.slots.len() * 2).max(16);
            for slot in std::mem::replace(&mut self.slots, vec![EMPTY; wider]) {
                if slot.number != FREE {
                    self.put(slot);
                }
            }
        }
        self.filled += 1;
        self.put(Slot { hash: halves(hash), number });
    }

    fn put(&mut self, slot: Slot) {
        let [high, low] = slot.hash;
        let mut at = self.place(u64::from(high) << 32 | u64::from(low));
        while self.slots.get(at).is_some_and(|other| other.number != FREE) {
            at = if at + 1 < self.slots.len() { at + 1 } else { 0 };
        }
        if let Some(place) = self.slots.get_mut(at) {
            *place = slot;
        }
    }

    fn place(&self, hash: u64) -> usize {
        hash as usize & self.slots.len().wrapping_sub(1)
    }
}

fn halves(hash: u64) -> [u32; 2] {
    [(hash >> 32) as u32, hash as u32]
}
