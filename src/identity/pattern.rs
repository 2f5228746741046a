//! Comparison vectors in bulk: pairs of rows to patterns of levels.
//!
//! A pattern is four bits a field in one word. Comparing goes by value numbers, never by rows: equal numbers are
//! exact without looking at a letter; a signature (which letters a value has) rules out most distant pairs; what
//! is left is compared by the kernels and remembered.

use super::compare::{Comparer, View};
use super::kind::{Kind, Level};
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
const MEMORY: usize = 1 << 15;

/// Compares rows of one table.
pub(super) struct RowComparer<'a> {
    table: &'a Table,
    comparer: Comparer,
    kinds: Vec<Kind>,
    given_family: Option<(usize, usize)>,
    /// By vocabulary: the signature of each value.
    signatures: Vec<Vec<u64>>,
    memory: Vec<(u64, u8, Level)>,
}

impl<'a> RowComparer<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        let kinds: Vec<Kind> = table.fields().iter().map(|field| field.kind).collect();
        let at = |kind: Kind| kinds.iter().position(|other| *other == kind);
        let given_family = at(Kind::Given).zip(at(Kind::Family));
        let signatures = table.vocabularies.iter().map(signatures).collect();
        Self {
            table,
            comparer: Comparer::default(),
            kinds,
            given_family,
            signatures,
            memory: vec![(0, 0, Level::Missing); MEMORY],
        }
    }

    /// The pattern of two rows.
    pub(super) fn pattern(&mut self, a: u32, b: u32) -> Pattern {
        let table = self.table;
        let (left, right) = (table.row(a), table.row(b));
        let mut pattern = Pattern::default();
        for (field, (x, y)) in left.iter().zip(right).enumerate() {
            pattern.set(field, self.level(field, *x, *y));
        }
        if let Some((given, family)) = self.given_family {
            let value = |row: &[u32], field: usize| row.get(field).copied().unwrap_or(0);
            let straight = pattern.level(given).min(pattern.level(family));
            if straight > Level::Alias || straight == Level::Missing {
                let cross = (
                    self.level(given, value(left, given), value(right, family)),
                    self.level(given, value(left, family), value(right, given)),
                );
                let good = |level: Level| matches!(level, Level::Exact | Level::Alias | Level::Close);
                if (cross.0 == Level::Exact
                    && (good(cross.1) || cross.1 == Level::Missing)
                    && straight != Level::Close)
                    || (cross.1 == Level::Exact
                        && (good(cross.0) || cross.0 == Level::Missing)
                        && straight != Level::Close)
                {
                    for field in [given, family] {
                        if pattern.level(field) != Level::Missing {
                            pattern.set(field, Level::Swapped);
                        }
                    }
                }
            }
        }
        pattern
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
        let kind = self.kinds.get(field).copied().unwrap_or(Kind::Text);
        let shared = self.table.vocabulary_of.get(field).copied().unwrap_or(0);
        let signature = |value: u32| {
            self.signatures.get(shared).and_then(|list| list.get(value as usize)).copied().unwrap_or(0)
        };
        if let Some(level) = ruled_out(kind, signature(x), signature(y)) {
            return level;
        }
        let key = u64::from(x) << 32 | u64::from(y);
        let slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize ^ field << 11;
        let place = slot % MEMORY;
        if let Some((known, of, level)) = self.memory.get(place)
            && *known == key
            && usize::from(*of) == field
        {
            return *level;
        }
        let Some(vocabulary) = self.table.vocabularies.get(shared) else { return Level::Missing };
        let view = |value: u32| View {
            text: vocabulary.text(value),
            tag: vocabulary.tags.get(value as usize).copied().unwrap_or(0),
        };
        let level = self.comparer.level(kind, view(x), view(y));
        if let Some(entry) = self.memory.get_mut(place) {
            *entry = (key, field as u8, level);
        }
        level
    }
}

/// Bits of a signature that stand for letters and digits; above them six bits of length, then one that says
/// that the signature cannot rule anything out.
const LETTERS: u64 = (1 << 57) - 1;
const OPEN: u64 = 1 << 63;

/// Which letters a value has (twice: a second bit), which digits pair-wise, and how long it is.
fn signatures(vocabulary: &Vocabulary) -> Vec<u64> {
    (0..vocabulary.len() as u32)
        .map(|value| {
            let text = vocabulary.text(value);
            let tagged = vocabulary.tags.get(value as usize).is_some_and(|tag| *tag != 0);
            if tagged || text.len() > 63 || !text.is_ascii() || text.contains(' ') {
                return OPEN;
            }
            let mut bits = 0_u64;
            for byte in text.bytes() {
                let bit = match byte {
                    b'a'..=b'z' => {
                        let first = 1 << (2 * (byte - b'a'));
                        if bits & first == 0 { first } else { first << 1 }
                    }
                    b'0'..=b'9' => 1 << (52 + (byte - b'0') / 2),
                    _ => 0,
                };
                bits |= bit;
            }
            bits | (text.len() as u64) << 57
        })
        .collect()
}

/// `Distant`, when the signatures show that no better level is possible.
fn ruled_out(kind: Kind, x: u64, y: u64) -> Option<Level> {
    if (x | y) & OPEN != 0
        || !matches!(kind, Kind::Given | Kind::Family | Kind::City | Kind::Handle | Kind::Company)
    {
        return None;
    }
    let length = |signature: u64| (signature >> 57 & 63) as u32;
    let (long_x, long_y) = (length(x), length(y));
    if long_x.min(long_y) <= 1 {
        return None;
    }
    let marks = |signature: u64| (signature & LETTERS).count_ones();
    let common = (x & y & LETTERS).count_ones() + (long_x - marks(x)).min(long_y - marks(y));
    // Jaro is at most (m/|x| + m/|y| + 1)/3 with m letters in common; Winkler adds at most .4 of the rest.
    let m = f64::from(common);
    let jaro = (m / f64::from(long_x) + m / f64::from(long_y) + 1.0) / 3.0;
    (jaro <= 0.7).then_some(Level::Distant)
}
