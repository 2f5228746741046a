//! Comparison vectors in bulk: pairs of rows to patterns of levels.
//!
//! A pattern is four bits a field in one word. Comparing goes by value numbers, never by rows: equal numbers are
//! exact without looking at a letter; a signature (which letters a value has) rules out most distant pairs; what
//! is left is compared by the kernels and remembered.

use super::bound::Bound;
use super::redundant::{Echo, echoes, news};
use super::table::{Table, Vocabulary};
use crate::identity::compare::Comparer;
use crate::identity::kind::{Kind, Level};
use crate::identity::signature::ruled_out;

/// Levels of all fields, four bits a field, the first field lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(in crate::identity) struct Pattern(pub(in crate::identity) u64);

impl Pattern {
    pub(in crate::identity) fn level(self, field: usize) -> Level {
        Level::from_number((self.0 >> (4 * field) & 15) as u8)
    }

    pub(in crate::identity) fn set(&mut self, field: usize, level: Level) {
        self.0 = self.0 & !(15 << (4 * field)) | (level as u64) << (4 * field);
    }
}

/// Entries of the memory of compared value pairs.
const MEMORY: usize = 1 << 14;
/// Bits of the number of a value that is remembered.
const NUMBER: u32 = 28;

/// Pairs whose rows are fetched together.
const BATCH: usize = 16;

/// A pair of which some fields are not compared yet: those with a bit in `open`; what is known is in the pattern,
/// and `most` bounds its bits.
#[derive(Debug, Clone, Copy)]
struct Open {
    left: u32,
    right: u32,
    pattern: Pattern,
    open: u32,
    most: f32,
}

/// Has memory bring what the items read, all at once: none of them waits for another.
pub(in crate::identity) fn fetch(reads: impl Iterator<Item = u64>) {
    std::hint::black_box(reads.fold(0, |sum, read| sum ^ read));
}

/// Compares rows of one table.
pub(in crate::identity) struct RowComparer<'a> {
    table: &'a Table,
    comparer: Comparer,
    kinds: Vec<Kind>,
    given_family: Option<(usize, usize)>,
    echoes: Vec<Echo>,
    /// Row after row, the signature of each value: what a pair needs lies side by side.
    signatures: Vec<u64>,
    /// Two values and their field, and their level in the lowest four bits; 0 where nothing is remembered.
    memory: Vec<u64>,
}

impl<'a> RowComparer<'a> {
    pub(in crate::identity) fn new(table: &'a Table) -> Self {
        Self::with(table, echoes(table))
    }

    /// Compares with these columns said twice, whatever the rows of the table say now.
    pub(in crate::identity) fn with(table: &'a Table, echoes: Vec<Echo>) -> Self {
        let kinds: Vec<Kind> = table.fields().iter().map(|field| field.kind).collect();
        let at = |kind: Kind| kinds.iter().position(|other| *other == kind);
        let vocabularies: Vec<&Vocabulary> =
            (0..kinds.len()).filter_map(|field| table.vocabulary(field)).collect();
        let rows = table.cells.chunks_exact(kinds.len());
        let signatures = rows.flat_map(|row| {
            row.iter().zip(&vocabularies).map(|(value, vocabulary)| vocabulary.signature(*value))
        });
        Self {
            table,
            comparer: Comparer::default(),
            given_family: at(Kind::Given).zip(at(Kind::Family)),
            echoes,
            signatures: signatures.collect(),
            memory: vec![0; MEMORY],
            kinds,
        }
    }

    /// The columns that were taken for said twice.
    pub(in crate::identity) fn into_echoes(self) -> Vec<Echo> {
        self.echoes
    }

    fn signatures(&self, row: u32) -> &[u64] {
        let width = self.kinds.len();
        self.signatures.get(row as usize * width..(row as usize + 1) * width).unwrap_or(&[])
    }

    /// The pattern of two rows.
    pub(in crate::identity) fn pattern(&mut self, a: u32, b: u32) -> Pattern {
        let (mut pattern, mut open) = self.look(a, b);
        while open != 0 {
            let field = open.trailing_zeros() as usize;
            open &= open - 1;
            pattern.set(field, self.level_of_rows(field, a, b));
        }
        self.swapped(&mut pattern, a, b);
        pattern
    }

    /// Tells `found` each pair whose pattern reaches the bound: its rows and the pattern. Of the others no more is
    /// compared than shows that they do not.
    ///
    /// Rows and values of a batch of pairs are fetched side by side before the first is needed: what a pair costs
    /// is mostly waiting for memory.
    pub(in crate::identity) fn hopeful(
        &mut self,
        pairs: &[(u32, u32)],
        bound: &Bound<'_>,
        mut found: impl FnMut(u32, u32, Pattern),
    ) {
        let mut open: Vec<Open> = Vec::with_capacity(BATCH);
        for batch in pairs.chunks(BATCH) {
            fetch(batch.iter().map(|(a, b)| self.touch_row(*a) ^ self.touch_row(*b)));
            open.extend(batch.iter().filter_map(|(a, b)| self.hope(*a, *b, bound)));
            fetch(open.iter().map(|pair| self.touch_values(pair)));
            for pair in open.drain(..) {
                if let Some(pattern) = self.decided(pair, bound) {
                    found(pair.left, pair.right, pattern);
                }
            }
        }
    }

    /// A pair as far as it is known without reading a letter; `None` when that is hopeless already.
    fn hope(&self, left: u32, right: u32, bound: &Bound<'_>) -> Option<Open> {
        let (pattern, open) = self.look(left, right);
        let (a, b) = (self.table.row(left), self.table.row(right));
        let most = if self.crossed(a, b) { f32::INFINITY } else { bound.most(pattern, open, a, b) };
        (most >= bound.floor()).then_some(Open { left, right, pattern, open, most })
    }

    /// The whole pattern of a pair that reaches the bound.
    fn decided(&mut self, pair: Open, bound: &Bound<'_>) -> Option<Pattern> {
        let Open { left, right, mut pattern, open, mut most } = pair;
        let table = self.table;
        for field in bound.order().filter(|field| open >> field & 1 == 1) {
            let level = self.level_of_rows(field, left, right);
            pattern.set(field, level);
            most -= bound.loss(field, level, table.row(left), table.row(right));
            if most < bound.floor() {
                return None;
            }
        }
        self.swapped(&mut pattern, left, right);
        Some(pattern)
    }

    /// Reads a bit of everything a row keeps.
    fn touch_row(&self, row: u32) -> u64 {
        let cell = |cell: Option<&u32>| cell.copied().map_or(0, u64::from);
        let (cells, signatures) = (self.table.row(row), self.signatures(row));
        let signature = |signature: Option<&u64>| signature.copied().unwrap_or(0);
        cell(cells.first())
            ^ cell(cells.last())
            ^ signature(signatures.first())
            ^ signature(signatures.last())
    }

    /// Reads a bit of every value that is still to be compared.
    fn touch_values(&self, pair: &Open) -> u64 {
        let (left, right) = (self.table.row(pair.left), self.table.row(pair.right));
        let fields = left.iter().zip(right).enumerate().filter(|(field, _)| pair.open >> field & 1 == 1);
        fields.fold(0, |sum, (field, (x, y))| {
            let touch =
                |value: u32| self.table.vocabulary(field).map_or(0, |vocabulary| vocabulary.touch(value));
            let known = Remembered::of(field, *x, *y).and_then(|key| self.memory.get(key.place()));
            sum ^ touch(*x) ^ touch(*y) ^ known.copied().unwrap_or(0)
        })
    }

    /// What is known of two rows without reading a letter, and a bit for every field that is not.
    fn look(&self, a: u32, b: u32) -> (Pattern, u32) {
        let (mut same, mut differ) = (0_u32, 0_u32);
        for (field, (x, y)) in self.table.row(a).iter().zip(self.table.row(b)).enumerate() {
            let both = u32::from(*x != 0) & u32::from(*y != 0);
            same |= (both & u32::from(x == y)) << field;
            differ |= (both & u32::from(x != y)) << field;
        }
        let news = news(&self.echoes, same | differ);
        (same, differ) = (same & news, differ & news);
        let mut pattern = Pattern::default();
        while same != 0 {
            pattern.set(same.trailing_zeros() as usize, Level::Exact);
            same &= same - 1;
        }
        let (left, right) = (self.signatures(a), self.signatures(b));
        let mut open = differ;
        while differ != 0 {
            let field = differ.trailing_zeros() as usize;
            differ &= differ - 1;
            if let (Some(kind), Some(x), Some(y)) = (self.kinds.get(field), left.get(field), right.get(field))
                && let Some(level) = ruled_out(*kind, *x, *y)
            {
                pattern.set(field, level);
                open &= !(1 << field);
            }
        }
        (pattern, open)
    }

    /// True when one row's given name is the other's family name.
    fn crossed(&self, left: &[u32], right: &[u32]) -> bool {
        let Some((given, family)) = self.given_family else { return false };
        let same = |x: Option<&u32>, y: Option<&u32>| x == y && x.is_some_and(|x| *x != 0);
        same(left.get(given), right.get(family)) || same(left.get(family), right.get(given))
    }

    /// Marks given and family name as swapped where one row's given name is the other's family name.
    fn swapped(&mut self, pattern: &mut Pattern, a: u32, b: u32) {
        let Some((given, family)) = self.given_family else { return };
        let agree = |level: Level| matches!(level, Level::Exact | Level::Alias | Level::Close);
        let levels = (pattern.level(given), pattern.level(family));
        if agree(levels.0) || agree(levels.1) {
            return;
        }
        let value = |row: u32, field: usize| self.table.row(row).get(field).copied().unwrap_or(0);
        let (given_a, family_a, given_b, family_b) =
            (value(a, given), value(a, family), value(b, given), value(b, family));
        if !self.crossed(self.table.row(a), self.table.row(b)) {
            return;
        }
        let cross = (self.level(given, given_a, family_b), self.level(given, family_a, given_b));
        let good = |level: Level| agree(level) || level == Level::Missing;
        if good(cross.0) && good(cross.1) {
            for field in [given, family] {
                if pattern.level(field) != Level::Missing {
                    pattern.set(field, Level::Swapped);
                }
            }
        }
    }

    /// The level between two rows in one field.
    pub(in crate::identity) fn level_of_rows(&mut self, field: usize, a: u32, b: u32) -> Level {
        let value = |row: u32| self.table.row(row).get(field).copied().unwrap_or(0);
        let (x, y) = (value(a), value(b));
        self.level(field, x, y)
    }

    /// The level between two values of a field.
    fn level(&mut self, field: usize, x: u32, y: u32) -> Level {
        if x == 0 || y == 0 {
            return Level::Missing;
        }
        if x == y {
            return Level::Exact;
        }
        let (x, y) = (x.min(y), x.max(y));
        let key = Remembered::of(field, x, y);
        if let Some(level) = key.and_then(|key| key.level(*self.memory.get(key.place())?)) {
            return level;
        }
        let (Some(vocabulary), Some(kind)) = (self.table.vocabulary(field), self.kinds.get(field)) else {
            return Level::Missing;
        };
        let level = self.comparer.level(*kind, vocabulary.view(x), vocabulary.view(y));
        if let Some(key) = key
            && let Some(entry) = self.memory.get_mut(key.place())
        {
            *entry = key.0 | level as u64;
        }
        level
    }
}

/// Two values of a field, as the memory of compared pairs files them: 28 bits a value, four the field, four the level.
/// Values whose numbers need more are compared each time.
#[derive(Clone, Copy)]
struct Remembered(u64);

impl Remembered {
    fn of(field: usize, x: u32, y: u32) -> Option<Self> {
        let (x, y) = (x.min(y), x.max(y));
        let key = u64::from(x) << (NUMBER + 8) | u64::from(y) << 8 | (field as u64) << 4;
        (y >> NUMBER == 0).then_some(Self(key))
    }

    /// Where the pair is filed.
    fn place(self) -> usize {
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as usize % MEMORY
    }

    /// The level of the pair, when this entry is its own.
    fn level(self, entry: u64) -> Option<Level> {
        (entry & !15 == self.0).then(|| Level::from_number((entry & 15) as u8))
    }
}
