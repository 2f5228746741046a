//! The leaves that one text and its facts have, with the places of each.

/// A leaf of the index, by number.
pub(super) type LeafId = u32;

/// No more of them.
const END: u32 = u32::MAX;
/// Places for flags, so few that they stay in the first-level cache.
const PLACES: u16 = 1 << 14;
/// Leaves below this have a place of their own; the others share the rest.
const OWN: u32 = 12_000;
/// The place whose flag is always up.
const ALWAYS: u16 = PLACES - 1;
/// The place whose flag is never up.
const NEVER: u16 = PLACES - 2;

/// Up to four leaves, each as the place of its flag: four looks say whether one of them is there.
pub(super) type Signature = [u16; 4];

/// Of no leaf: any text will do.
pub(super) const ANYTHING: Signature = [ALWAYS; 4];
/// Of no leaf: no text will do.
pub(super) const NOTHING: Signature = [NEVER; 4];

/// The signature of a group, where it has room, and whether every leaf has a place of its own.
pub(super) fn signature(leaves: &[LeafId]) -> Option<(Signature, bool)> {
    let last = *leaves.last().filter(|_| leaves.len() <= 4)?;
    let signature = [0, 1, 2, 3].map(|at| place(leaves.get(at).copied().unwrap_or(last)));
    Some((signature, leaves.iter().all(|leaf| *leaf < OWN)))
}

/// The place of a leaf's flag.
fn place(leaf: LeafId) -> u16 {
    let shared = u32::from(NEVER) - OWN;
    (if leaf < OWN { leaf } else { OWN + leaf % shared }) as u16
}

/// A flag for every leaf there; as many as a place has values, so that no look can miss.
#[derive(Debug, Clone)]
pub(super) struct Flags(Box<[u8; 1 << 16]>);

impl Flags {
    /// False when none of the leaves of the signature is there. Takes no branch.
    #[inline]
    pub(super) fn may_have(&self, signature: Signature) -> bool {
        signature.map(|place| self.at(place)).into_iter().fold(0, |any, flag| any | flag) != 0
    }

    #[inline]
    fn at(&self, place: u16) -> u8 {
        self.0.get(usize::from(place)).copied().unwrap_or(0)
    }

    #[inline]
    fn set(&mut self, place: u16, to: u8) {
        if let Some(flag) = self.0.get_mut(usize::from(place)) {
            *flag = to;
        }
    }
}

impl Default for Flags {
    fn default() -> Self {
        let mut flags = Self(Box::new([0; 1 << 16]));
        flags.set(ALWAYS, 1);
        flags
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
    flags: Flags,
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
            self.flags.set(place(leaf), 0);
        }
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
                self.flags.set(place(leaf), 1);
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
        self.flags.at(place(leaf)) != 0 && (leaf < OWN || self.last(leaf).is_some())
    }

    /// The flags of the leaves that are there.
    pub(super) fn flags(&self) -> &Flags {
        &self.flags
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
