//! The leaves that one text and its facts have, with the places of each.

/// A leaf of the index, by number.
pub(super) type LeafId = u32;

/// No more of them.
const END: u32 = u32::MAX;
/// Bits of the filter: 1 KiB, so that a text of thirty leaves leaves it nearly empty.
const BITS: u32 = 8192;
/// Instead of four lower halves: any text will do.
pub(super) const ANYTHING: [u16; 4] = [u16::MAX; 4];

/// What a posting keeps of the leaves one of which must be there.
pub(super) fn signature(leaves: &[LeafId]) -> [u16; 4] {
    let lower = |at: usize| leaves.get(at).or(leaves.last()).map(|leaf| (leaf % BITS) as u16);
    match leaves.len() {
        1..=4 => [0, 1, 2, 3].map(|at| lower(at).unwrap_or(u16::MAX)),
        _ => ANYTHING,
    }
}

/// A small table that stays in the first-level cache, cleared for every text.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Leaf and its last occurrence; `END` where free. A power of two, at most half full.
    slots: Vec<(LeafId, u32)>,
    /// Every leaf once, in the order of the text.
    found: Vec<LeafId>,
    occurrences: Vec<Occurrence>,
    /// One bit of [`BITS`] for every leaf there: its lower bits say which.
    bits: Vec<u64>,
}

#[derive(Debug, Clone, Copy)]
struct Occurrence {
    /// The number of the word.
    word: u32,
    /// The occurrence of the same leaf before this one.
    before: u32,
}

impl Seen {
    /// Forgets everything, and makes room for about `leaves`.
    pub(super) fn clear(&mut self, leaves: usize) {
        let room = (leaves * 3).next_power_of_two().max(32);
        self.slots.clear();
        self.slots.resize(room, (END, END));
        self.found.clear();
        self.occurrences.clear();
        self.bits.clear();
        self.bits.resize((BITS / 64) as usize, 0);
    }

    /// Notes a leaf at the word with this number.
    #[inline]
    pub(super) fn note(&mut self, leaf: LeafId, word: u32) {
        let this = self.occurrences.len() as u32;
        let before = match self.slot(leaf) {
            Some((known, last)) if *known == leaf => std::mem::replace(last, this),
            Some(free) => {
                *free = (leaf, this);
                self.found.push(leaf);
                if let Some(word) = self.bits.get_mut((leaf % BITS / 64) as usize) {
                    *word |= 1 << (leaf % 64);
                }
                END
            }
            None => END,
        };
        self.occurrences.push(Occurrence { word, before });
        if self.found.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    /// Whether the leaf is there.
    #[inline]
    pub(super) fn has(&self, leaf: LeafId) -> bool {
        self.bit((leaf % BITS) as u16) && self.last(leaf).is_some()
    }

    /// False when none of the leaves of a signature is there.
    #[inline]
    pub(super) fn may_have(&self, signature: [u16; 4]) -> bool {
        signature == ANYTHING || signature.into_iter().any(|lower| self.bit(lower))
    }

    #[inline]
    fn bit(&self, lower: u16) -> bool {
        self.bits.get(usize::from(lower / 64)).is_some_and(|word| word >> (lower % 64) & 1 != 0)
    }

    /// Every leaf there, once.
    pub(super) fn found(&self) -> &[LeafId] {
        &self.found
    }

    /// Whether the two leaves stand at different words, at most `within` apart; if `ordered`, the first before
    /// the second. Linear in their occurrences.
    pub(super) fn near(&self, first: LeafId, second: LeafId, within: u32, ordered: bool) -> bool {
        let nth = |at: u32| self.occurrences.get(at as usize);
        let start = |leaf: LeafId| self.last(leaf).and_then(nth);
        let (mut a, mut b) = (start(first), start(second));
        // From the end of the text: the later of the two is compared with the nearest of the other before it.
        while let (Some(x), Some(y)) = (a, b) {
            let (before_x, before_y) = (nth(x.before), nth(y.before));
            let close = |early: &Occurrence, late: &Occurrence| late.word - early.word <= within;
            if x.word == y.word {
                if before_x.is_some_and(|x| close(x, y)) || !ordered && before_y.is_some_and(|y| close(y, x))
                {
                    return true;
                }
                (a, b) = (before_x, before_y);
            } else if x.word < y.word {
                if close(x, y) {
                    return true;
                }
                b = before_y;
            } else {
                if !ordered && close(y, x) {
                    return true;
                }
                a = before_x;
            }
        }
        false
    }

    fn last(&self, leaf: LeafId) -> Option<u32> {
        let mut at = start(leaf);
        loop {
            at &= self.slots.len().wrapping_sub(1);
            match *self.slots.get(at)? {
                (known, last) if known == leaf => return Some(last),
                (END, _) => return None,
                _ => at += 1,
            }
        }
    }

    /// The slot of a leaf, or the free one that it would take.
    fn slot(&mut self, leaf: LeafId) -> Option<&mut (LeafId, u32)> {
        let mut at = start(leaf) & (self.slots.len() - 1);
        while let Some((known, _)) = self.slots.get(at)
            && *known != leaf
            && *known != END
        {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots.get_mut(at)
    }

    fn grow(&mut self) {
        let room = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![(END, END); room]);
        for entry in old.into_iter().filter(|entry| entry.0 != END) {
            if let Some(free) = self.slot(entry.0) {
                *free = entry;
            }
        }
    }
}

fn start(leaf: LeafId) -> usize {
    (leaf.wrapping_mul(0x9E37_79B1) >> 16) as usize
}
