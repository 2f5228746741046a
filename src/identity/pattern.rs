//! Comparison vectors in bulk: pairs of rows to patterns of levels.
//!
//! A pattern is four bits a field in one word. Comparing goes by value numbers, never by rows: equal numbers are
//! exact without looking at a letter; a signature (which letters a value has) rules out most distant pairs; what
//! is left is compared by the kernels and remembered.

use super::compare::Comparer;
use super::kind::{Kind, Level};
use super::signature::ruled_out;
use super::table::{Table, Vocabulary};

/// Levels of all fields, four bits a field, the first field lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Pattern(pub(super) u64);

impl Pattern {
    pub(super) fn level(self, field: usize) -> Level {
        Level::from_number((self.0 >> (4 * field) & 15) as u8)
    }

    pub(super) fn set(&mut self, field: usize, level: Level) {
        self.0 = self.0 & !(15 << (4 * field)) | (level as u64) << (4 * field);
    }
}

/// Entries of the memory of compared value pairs.
const MEMORY: usize = 1 << 14;

/// Compares rows of one table.
pub(super) struct RowComparer<'a> {
    table: &'a Table,
    comparer: Comparer,
    kinds: Vec<Kind>,
    given_family: Option<(usize, usize)>,
    /// Row after row, the signature of each value: what a pair needs lies side by side.
    signatures: Vec<u64>,
    memory: Vec<(u64, Level)>,
}

impl<'a> RowComparer<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
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
            signatures: signatures.collect(),
            memory: vec![(0, Level::Missing); MEMORY],
            kinds,
        }
    }

    fn signatures(&self, row: u32) -> &[u64] {
        let width = self.kinds.len();
        self.signatures.get(row as usize * width..(row as usize + 1) * width).unwrap_or(&[])
    }

    /// The pattern of two rows.
    pub(super) fn pattern(&mut self, a: u32, b: u32) -> Pattern {
        let table = self.table;
        let mut pattern = Pattern::default();
        let mut open = 0_u32;
        let values = table.row(a).iter().zip(table.row(b));
        let signatures = self.signatures(a).iter().zip(self.signatures(b));
        for (field, (((x, y), (sx, sy)), kind)) in values.zip(signatures).zip(&self.kinds).enumerate() {
            if *x == 0 || *y == 0 {
                continue;
            }
            if x == y {
                pattern.set(field, Level::Exact);
            } else if let Some(level) = ruled_out(*kind, *sx, *sy) {
                pattern.set(field, level);
            } else {
                open |= 1 << field;
            }
        }
        while open != 0 {
            let field = open.trailing_zeros() as usize;
            open &= open - 1;
            pattern.set(field, self.level_of_rows(field, a, b));
        }
        self.swapped(&mut pattern, a, b);
        pattern
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
        let crossed = |x: u32, y: u32| x != 0 && x == y;
        if !crossed(given_a, family_b) && !crossed(family_a, given_b) {
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
    pub(super) fn level_of_rows(&mut self, field: usize, a: u32, b: u32) -> Level {
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
        let key = u64::from(x) << 36 | u64::from(y) << 4 | field as u64;
        let place = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 50) as usize % MEMORY;
        if let Some((known, level)) = self.memory.get(place)
            && *known == key
        {
            return *level;
        }
        let (Some(vocabulary), Some(kind)) = (self.table.vocabulary(field), self.kinds.get(field)) else {
            return Level::Missing;
        };
        let level = self.comparer.level(*kind, vocabulary.view(x), vocabulary.view(y));
        if let Some(entry) = self.memory.get_mut(place) {
            *entry = (key, level);
        }
        level
    }
}
