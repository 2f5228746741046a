//! Rows that say word for word what another says, folded into one before anything is compared.
//!
//! A form sent ten thousand times makes fifty million pairs that nobody needs to look at, makes every value in it
//! look common, and every block that holds it too large. Five rows or more that are alike in everything are one person
//! where what they say is too much for chance:
//!
//! ```text
//! Σ −log2 (share of the other rows that say this)  −  log2 (rows)   ≥ 10 bits
//! ```
//!
//! with every saying counted once, however often it was sent, and few rows filled up with the stated shares of the
//! kind. Where a table has names, rows need one in full too, or an address of their own: the number and the mailbox of
//! an office are rare, and are many people's. Empty rows, and those that only name a city, stay rows of their own.

use super::table::Table;
use crate::identity::kind::{Kind, Level};
use crate::identity::normalise::email::Email;
use crate::identity::weight::standard_field;
use std::collections::BTreeSet;

/// Rows alike from which on they are folded: two or three are what matching is learnt from.
const CROWD: usize = 5;
/// Log-odds in bits from which on rows alike are one person.
const CERTAIN: f64 = 10.0;
/// Most bits that being alike says.
const MOST: f64 = 40.0;
/// Rows that the stated share of a value counts as.
const STATED: f64 = 100.0;
/// People a row may be of, at least, however small the table.
const PEOPLE: f64 = 10_000.0;
/// Pairs between two groups of rows alike that are all told; of more, each row with one of the other group.
const TOLD: usize = 400;

/// A row, those alike with it, and the log-odds that they are one person.
#[derive(Debug)]
struct Group {
    rows: Vec<u32>,
    bits: f32,
}

/// The rows of a table that repeat others.
#[derive(Debug, Default)]
pub(in crate::identity) struct Copies {
    /// Rows folded into the first that says the same; each group in the order of its rows, as the groups.
    groups: Vec<Group>,
    /// Rows that repeat one before them and stay: what they say may be anybody's.
    pub(in crate::identity) stay: Vec<u32>,
    /// By row: the number of its group and its place in it; empty where nothing is folded.
    place_of: Vec<(u32, u32)>,
}

/// Marks a row that stands in no group.
const ALONE: u32 = u32::MAX;

impl Copies {
    /// Finds them: `n log n` in the rows. Rows that somebody decided about stay as they are.
    pub(in crate::identity) fn of(table: &Table) -> Self {
        let alike = alike(table);
        if alike.is_empty() {
            return Self::default();
        }
        let repeats: Vec<u32> = alike.iter().flat_map(|rows| rows.iter().skip(1)).copied().collect();
        let telling = Telling::of(table, &repeats);
        let decided: BTreeSet<u32> = table.apart().iter().flat_map(|(a, b)| [*a, *b]).collect();
        let mut out = Self::default();
        for rows in alike {
            let bits = rows.first().map_or(0.0, |row| telling.bits(*row));
            if bits >= CERTAIN && !rows.iter().any(|row| decided.contains(row)) {
                out.groups.push(Group { rows, bits: bits.min(MOST) as f32 });
            } else {
                out.stay.extend(rows.iter().skip(1));
            }
        }
        if !out.groups.is_empty() {
            out.place_of = vec![(ALONE, 0); table.len()];
        }
        for (number, group) in (0_u32..).zip(&out.groups) {
            for (rank, row) in (0_u32..).zip(&group.rows) {
                if let Some(slot) = out.place_of.get_mut(*row as usize) {
                    *slot = (number, rank);
                }
            }
        }
        out
    }

    /// How many rows are folded into another.
    pub(in crate::identity) fn folded(&self) -> u64 {
        self.groups.iter().map(|group| group.rows.len() as u64 - 1).sum()
    }

    fn group(&self, row: u32) -> Option<(&Group, u32)> {
        let (number, rank) = *self.place_of.get(row as usize)?;
        Some((self.groups.get(number as usize)?, rank))
    }

    /// The row that stands for a row.
    pub(in crate::identity) fn first(&self, row: u32) -> u32 {
        self.group(row).and_then(|(group, _)| group.rows.first()).copied().unwrap_or(row)
    }

    /// Of rows that are alike with two others: the row to this one as that is to the first of its rows; itself where
    /// there is none.
    pub(in crate::identity) fn opposite(&self, row: u32, first: u32) -> u32 {
        let rank = self.group(row).map_or(0, |(_, rank)| rank);
        self.rows(&first).get(rank as usize).copied().unwrap_or(row)
    }

    /// The rows a row stands for.
    fn rows<'a>(&'a self, row: &'a u32) -> &'a [u32] {
        self.group(*row).map_or(std::slice::from_ref(row), |(group, _)| &group.rows)
    }

    /// Every pair between the rows that two rows stand for; of more than four hundred, each row with one of the other
    /// side.
    pub(in crate::identity) fn between(&self, a: u32, b: u32, mut tell: impl FnMut(u32, u32)) {
        let (left, right) = (self.rows(&a), self.rows(&b));
        if left.len() * right.len() <= TOLD {
            left.iter().for_each(|a| right.iter().for_each(|b| tell(*a, *b)));
        } else {
            let pairs = left.iter().cycle().zip(right.iter().cycle());
            pairs.take(left.len().max(right.len())).for_each(|(a, b)| tell(*a, *b));
        }
    }

    /// Every pair within the groups with its log-odds; of a group of more than four hundred pairs, each row with the
    /// first.
    pub(in crate::identity) fn within(&self, mut tell: impl FnMut(u32, u32, f32)) {
        for Group { rows, bits } in &self.groups {
            let few = rows.len() * (rows.len() - 1) / 2 <= TOLD;
            for (at, a) in rows.iter().enumerate().take(if few { rows.len() } else { 1 }) {
                rows.iter().skip(at + 1).for_each(|b| tell(*a, *b, *bits));
            }
        }
    }
}

/// Rows of one source that hold the same values, five or more together. Empty ones are left out.
fn alike(table: &Table) -> Vec<Vec<u32>> {
    let row_bits = 64 - (table.len() as u64).leading_zeros();
    let row_mask = (1_u64 << row_bits) - 1;
    let hash = |row: u32| {
        let side = u64::from(row as usize >= table.left) + 1;
        let cells = table.row(row).iter();
        cells.fold(side, |key, cell| {
            let key = (key ^ u64::from(*cell)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            key ^ key >> 32
        })
    };
    let said = (0..table.len() as u32).filter(|row| table.row(*row).iter().any(|cell| *cell != 0));
    let mut keys: Vec<u64> = said.map(|row| hash(row) & !row_mask | u64::from(row)).collect();
    keys.sort_unstable();
    let mut out: Vec<Vec<u32>> = Vec::new();
    for block in keys.chunk_by(|a, b| a & !row_mask == b & !row_mask).filter(|block| block.len() >= CROWD) {
        let mut rows: Vec<u32> = block.iter().map(|key| (key & row_mask) as u32).collect();
        let first = rows.first().copied().unwrap_or(0);
        // Rows that only the hash makes alike stay where they are.
        rows.retain(|row| table.row(*row) == table.row(first));
        if rows.len() >= CROWD {
            out.push(rows);
        }
    }
    out.sort_unstable();
    out
}

/// How telling each value is.
struct Telling<'a> {
    table: &'a Table,
    /// By field: how many rows hold each value, and how many any; rows alike count once.
    counts: Vec<(Vec<u32>, f64)>,
    named: bool,
    people: f64,
}

impl<'a> Telling<'a> {
    fn of(table: &'a Table, repeats: &[u32]) -> Self {
        let counts = (0..table.fields().len()).map(|field| {
            let counts = table.counts_once(field, repeats);
            let held = counts.iter().skip(1).map(|count| f64::from(*count)).sum();
            (counts, held)
        });
        Self {
            table,
            counts: counts.collect(),
            named: table.fields().iter().any(|field| is_name(field.kind)),
            people: (table.len() as f64).max(PEOPLE),
        }
    }

    /// Log-odds in bits that two rows which both say what this one says are one person.
    fn bits(&self, row: u32) -> f64 {
        if self.named && !self.says_who(row) {
            return 0.0;
        }
        let parts = self.has(row, Kind::Given) && self.has(row, Kind::Family);
        let mut names = 0;
        let mut bits = -self.people.log2();
        for ((value, field), (counts, held)) in
            self.table.row(row).iter().zip(self.table.fields()).zip(&self.counts)
        {
            names += i32::from(field.kind == Kind::Name && *value != 0);
            // A full name beside its parts, or a second one, is no news.
            if *value == 0 || (field.kind == Kind::Name && (parts || names > 1)) {
                continue;
            }
            let others = counts.get(*value as usize).map_or(0.0, |count| f64::from(count.saturating_sub(1)));
            let stated = standard_field(field.kind).u.get(Level::Exact as usize).copied().unwrap_or(0.01);
            bits -= ((others + STATED * stated) / (held + STATED)).log2();
        }
        bits
    }

    fn has(&self, row: u32, kind: Kind) -> bool {
        self.values(row).any(|(other, _)| other == kind)
    }

    /// True when a row names a person in full or gives an address that one person has.
    fn says_who(&self, row: u32) -> bool {
        let own = self.values(row).any(|(kind, value)| match kind {
            Kind::Name => value.contains(' '),
            Kind::Email => Email::parse(value).is_some_and(|mail| !mail.is_role()),
            Kind::Handle | Kind::Account | Kind::Did => true,
            _ => false,
        });
        own || (self.has(row, Kind::Given) && self.has(row, Kind::Family))
    }

    /// What a row has, with the kind.
    fn values(&self, row: u32) -> impl Iterator<Item = (Kind, &str)> {
        let values = (0..self.table.fields().len()).map(move |field| self.table.value(row, field));
        self.table.fields().iter().map(|field| field.kind).zip(values).filter(|(_, value)| !value.is_empty())
    }
}

fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::Given | Kind::Family | Kind::Name)
}
