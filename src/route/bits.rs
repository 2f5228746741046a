//! A set of small numbers as words of 64 bits.

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    /// The empty set of numbers below `len`.
    pub(super) fn new(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    pub(super) fn set(&mut self, index: usize, on: bool) {
        if let Some(word) = self.words.get_mut(index / 64) {
            let bit = 1 << (index % 64);
            if on { *word |= bit } else { *word &= !bit }
        }
    }

    pub(super) fn has(&self, index: usize) -> bool {
        self.word(index / 64) >> (index % 64) & 1 == 1
    }

    pub(super) fn fill(&mut self) {
        (0..self.len).for_each(|index| self.set(index, true));
    }

    pub(super) fn words(&self) -> impl Iterator<Item = u64> + '_ {
        self.words.iter().copied()
    }

    pub(super) fn word(&self, place: usize) -> u64 {
        self.words.get(place).copied().unwrap_or(0)
    }
}

/// The numbers of the word at `place`, in order.
pub(super) fn ones(place: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let index = place * 64 + word.trailing_zeros() as usize;
            word &= word - 1;
            index
        })
    })
}
