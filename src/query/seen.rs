//! The leaves that one text and its facts have, with the places of each.

/// A leaf of the index, by number.
pub(super) type LeafId = u32;

/// No more of them.
const END: u32 = u32::MAX;
/// Leaves below this have a bit of their own; the others share what is left of the 65,536.
const OWN: u32 = 49_152;
/// The bit that is always set.
const ALWAYS: u16 = u16::MAX - 1;
/// The bit that is never set.
const NEVER: u16 = u16::MAX;

/// Up to four leaves as the places of their bits: whether one of them is there takes four bits to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Signature(pub(super) u64);

impl Signature {
    /// Of no leaf: any text will do.
    pub(super) const ANYTHING: Self = Self::all(ALWAYS);
    /// Of no leaf: no text will do.
    pub(super) const NOTHING: Self = Self::all(NEVER);
    /// So many leaves have room.
    const ROOM: usize = 4;

    /// The signature of a group, where it has room, and whether none of its bits is shared.
    pub(super) fn of(leaves: &[LeafId]) -> Option<(Self, bool)> {
        let last = leaves.last().filter(|_| leaves.len() <= Self::ROOM)?;
        let bits = leaves.iter().chain(std::iter::repeat(last)).take(Self::ROOM);
        let packed = bits.fold(0, |packed, leaf| packed << 16 | u64::from(bit(*leaf)));
        Some((Self(packed), leaves.iter().all(|leaf| *leaf < OWN)))
    }

    const fn all(bit: u16) -> Self {
        Self(bit as u64 * 0x0001_0001_0001_0001)
    }
}

/// The place of a leaf's bit.
fn bit(leaf: LeafId) -> u16 {
    let shared = u32::from(ALWAYS) - OWN;
    (if leaf < OWN { leaf } else { OWN + leaf % shared }) as u16
}

/// Sets all the bits around a place.
fn set(bits: &mut [u64; 1024], place: u16, to: u64) {
    bits.get_mut(usize::from(place / 64)).into_iter().for_each(|word| *word = to);
}

/// A small table that stays in the first-level cache, cleared for every text.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    /// Leaf and its last occurrence; `END` where free. A power of two, at most half full.
    slots: Vec<(LeafId, u32)>,
    /// Every leaf once, in the order of the text.
    found: Vec<LeafId>,
    occurrences: Vec<Occurrence>,
    /// For every leaf there the bit at its place: see [`bit`].
    bits: Box<[u64; 1024]>,
}

impl Default for Seen {
    fn default() -> Self {
        let (slots, found, occurrences) = Default::default();
        Self { slots, found, occurrences, bits: Box::new([0; 1024]) }
    }
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
        for leaf in self.found.drain(..) {
            set(&mut self.bits, bit(leaf), 0);
        }
        set(&mut self.bits, ALWAYS, 1 << (ALWAYS % 64));
        self.occurrences.clear();
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
                let place = bit(leaf);
                if let Some(word) = self.bits.get_mut(usize::from(place / 64)) {
                    *word |= 1 << (place % 64);
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
        self.bit(bit(leaf)) != 0 && (leaf < OWN || self.last(leaf).is_some())
    }

    /// Whether a bit of the signature is set: if not, none of its leaves is there. Takes no branch.
    #[inline]
    pub(super) fn may_have(&self, signature: Signature) -> bool {
        let Signature(packed) = signature;
        let bits = [packed, packed >> 16, packed >> 32, packed >> 48].map(|place| self.bit(place as u16));
        bits.into_iter().fold(0, |any, bit| any | bit) != 0
    }

    #[inline]
    fn bit(&self, place: u16) -> u64 {
        self.bits.get(usize::from(place / 64)).map_or(0, |word| word >> (place % 64) & 1)
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
