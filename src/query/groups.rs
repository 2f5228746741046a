//! Queries that wait at a leaf and ask about facts as well: slots of the bitmaps, up to 64 at a time.

use super::seen::LeafId;

/// No more groups.
const END: u32 = u32::MAX;

/// For every leaf a chain of groups.
#[derive(Debug, Clone, Default)]
pub(super) struct Groups {
    /// By leaf: its first group.
    first: Vec<u32>,
    groups: Vec<Group>,
}

/// Slots whose bits stand in one word of a row.
#[derive(Debug, Clone, Copy)]
struct Group {
    word: u32,
    next: u32,
    slots: u64,
}

impl Groups {
    /// True when no query has ever waited here.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The groups of a leaf: a word of the rows, and the slots there by their bits.
    #[inline]
    pub(super) fn of(&self, leaf: LeafId) -> impl Iterator<Item = (usize, u64)> {
        let mut next = self.first.get(leaf as usize).copied().unwrap_or(END);
        std::iter::from_fn(move || {
            let group = self.groups.get(next as usize)?;
            next = group.next;
            Some((group.word as usize, group.slots))
        })
    }

    /// Lets a slot wait at a leaf.
    pub(super) fn add(&mut self, leaf: LeafId, slot: u32) {
        let (word, bit) = (slot / 64, 1 << (slot % 64));
        if let Some(group) = self.find(leaf, word) {
            group.slots |= bit;
            return;
        }
        if self.first.len() <= leaf as usize {
            self.first.resize(leaf as usize + 1, END);
        }
        if let Some(first) = self.first.get_mut(leaf as usize) {
            self.groups.push(Group { word, next: *first, slots: bit });
            *first = self.groups.len() as u32 - 1;
        }
    }

    /// Lets it wait there no longer. Its group stays, for the next one that takes the slot.
    pub(super) fn remove(&mut self, leaf: LeafId, slot: u32) {
        if let Some(group) = self.find(leaf, slot / 64) {
            group.slots &= !(1 << (slot % 64));
        }
    }

    /// Bytes of everything in it.
    pub(super) fn bytes(&self) -> usize {
        self.first.capacity() * size_of::<u32>() + self.groups.capacity() * size_of::<Group>()
    }

    fn find(&mut self, leaf: LeafId, word: u32) -> Option<&mut Group> {
        let mut at = *self.first.get(leaf as usize)?;
        while self.groups.get(at as usize)?.word != word {
            at = self.groups.get(at as usize)?.next;
        }
        self.groups.get_mut(at as usize)
    }
}
