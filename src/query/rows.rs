//! Rows of bits, one bit per slot, and what is left of the slots where some facts pick a few of the rows.

/// Words of 64 slots that are worked on together.
const BLOCK: usize = 8;

/// A table of bits. The rows have one width and stand one behind the other.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    count: u32,
    /// Words per row.
    width: usize,
    words: Vec<u64>,
}

/// The rows that some facts pick.
#[derive(Debug, Clone, Default)]
pub(super) struct Picked {
    /// Where the rows start that must all have a slot's bit: one per column, then others.
    starts: Vec<usize>,
    /// Columns of several rows, one of which must have it: how many, and where each starts.
    several: Vec<usize>,
    any: Vec<usize>,
    /// Further rows of a column, until it is known how many there are.
    also: Vec<(usize, usize)>,
}

impl Rows {
    /// A new row like another, or full.
    pub(super) fn add(&mut self, like: Option<u32>) -> u32 {
        match like.map(|row| self.start(row)) {
            Some(start) => self.words.extend_from_within(start..start + self.width),
            None => self.words.resize(self.words.len() + self.width, u64::MAX),
        }
        self.count += 1;
        self.count - 1
    }

    /// Widens the rows until they have a bit for every slot below `slots`. New bits are set.
    pub(super) fn widen(&mut self, slots: usize) {
        let width = slots.div_ceil(64).next_multiple_of(BLOCK);
        if width <= self.width {
            return;
        }
        let mut words = Vec::with_capacity(self.count as usize * width);
        for row in 0..self.count {
            words.extend_from_slice(self.row(row));
            words.resize((row as usize + 1) * width, u64::MAX);
        }
        (self.width, self.words) = (width, words);
    }

    /// How many slots have a bit.
    pub(super) fn slots(&self) -> usize {
        self.width * 64
    }

    /// Sets or clears a slot's bit.
    #[inline]
    pub(super) fn put(&mut self, row: u32, slot: u32, value: bool) {
        if let Some(word) = self.words.get_mut(row as usize * self.width + slot as usize / 64) {
            *word = *word & !(1 << (slot % 64)) | u64::from(value) << (slot % 64);
        }
    }

    /// Sets a slot's bit in every row.
    pub(super) fn free(&mut self, slot: u32) {
        let of_slot = self.words.iter_mut().skip(slot as usize / 64).step_by(self.width.max(1));
        of_slot.for_each(|word| *word |= 1 << (slot % 64));
    }

    /// Calls `each` with every slot of `live` that is left, in order, until it returns false.
    #[inline]
    pub(super) fn scan(&self, picked: &Picked, live: &[u64], mut each: impl FnMut(u32) -> bool) {
        for (at, live) in (0..).step_by(BLOCK).zip(live.chunks(BLOCK)) {
            let mut words = [0; BLOCK];
            words.iter_mut().zip(live).for_each(|(word, live)| *word = *live);
            let row = |start: usize| self.words.get(start + at..)?.first_chunk::<BLOCK>();
            if !walk(at, left(picked, words, row), &mut each) {
                return;
            }
        }
    }

    /// Calls `each` with those of some slots of one word that are left.
    #[inline]
    pub(super) fn check(&self, picked: &Picked, word: usize, slots: u64, mut each: impl FnMut(u32)) {
        let row = |start: usize| self.words.get(start + word).map(std::array::from_ref);
        walk(word, left(picked, [slots], row), &mut |slot| {
            each(slot);
            true
        });
    }

    /// Bytes of the bits.
    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }

    fn start(&self, row: u32) -> usize {
        row as usize * self.width
    }

    fn row(&self, row: u32) -> &[u64] {
        let start = self.start(row);
        self.words.get(start..start + self.width).unwrap_or(&[])
    }
}

impl Picked {
    /// Begins with one row per column.
    #[inline]
    pub(super) fn begin(&mut self, rows: &Rows, of_columns: impl Iterator<Item = u32>) {
        self.starts.clear();
        self.starts.extend(of_columns.map(|row| rows.start(row)));
        self.several.clear();
        self.any.clear();
        self.also.clear();
    }

    /// Picks a row of a column: in place of the one for absent facts, or beside the others. The rows of one
    /// column come one behind the other.
    #[inline]
    pub(super) fn row(&mut self, rows: &Rows, column: u32, absent: u32, row: u32) {
        let (absent, row) = (rows.start(absent), rows.start(row));
        match self.starts.get_mut(column as usize) {
            Some(start) if *start == absent => *start = row,
            _ => self.also.push((column as usize, row)),
        }
    }

    /// Picks a row whatever else is picked of its column.
    #[inline]
    pub(super) fn must(&mut self, rows: &Rows, row: u32) {
        self.starts.push(rows.start(row));
    }

    /// Puts the rows of columns that have several beside one another.
    #[inline]
    pub(super) fn finish(&mut self) {
        /// No row: it is among several.
        const MOVED: usize = usize::MAX;
        if self.also.is_empty() {
            return;
        }
        for several in self.also.chunk_by(|(a, _), (b, _)| a == b) {
            let first = several.first().and_then(|(column, _)| self.starts.get_mut(*column));
            self.any.extend(first.map(|start| std::mem::replace(start, MOVED)));
            self.any.extend(several.iter().map(|(_, start)| start));
            self.several.push(several.len() + 1);
        }
        self.starts.retain(|start| *start != MOVED);
    }
}

/// What is left of some words, by the same words of the rows that start at a place.
#[inline]
fn left<'r, const N: usize>(
    picked: &Picked,
    mut words: [u64; N],
    row: impl Fn(usize) -> Option<&'r [u64; N]>,
) -> [u64; N] {
    for start in &picked.starts {
        let row = row(*start).unwrap_or(&[0; N]);
        words.iter_mut().zip(row).for_each(|(word, row)| *word &= row);
    }
    let mut rows = picked.any.iter();
    for count in &picked.several {
        let mut any = [0; N];
        for start in rows.by_ref().take(*count) {
            let row = row(*start).unwrap_or(&[0; N]);
            any.iter_mut().zip(row).for_each(|(any, row)| *any |= row);
        }
        words.iter_mut().zip(any).for_each(|(word, any)| *word &= any);
    }
    words
}

/// Calls `each` with the number of every bit, in order, until it returns false.
#[inline]
fn walk<const N: usize>(at: usize, words: [u64; N], each: &mut impl FnMut(u32) -> bool) -> bool {
    for (at, mut word) in (at..).zip(words) {
        while word != 0 {
            if !each(at as u32 * 64 + word.trailing_zeros()) {
                return false;
            }
            word &= word - 1;
        }
    }
    true
}
