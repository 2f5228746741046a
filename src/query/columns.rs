//! Questions about facts as bitmaps over queries: one bit per query and answer, so that a few ANDs of words
//! answer thousands of rules at once.
//!
//! A column is a field. Its rows are what a fact of that field may come to: of words one row per value that
//! some query asks for and one for all others; of numbers one row per bound and one per gap between bounds.
//! A set bit says "this query is content": it does not ask, or what it asks is so. A query may hold only
//! where the rows picked by the facts, one per column, all have its bit; of a field with several values the
//! rows are joined, and a row of values that a query forbids is taken out.

use super::ast::{Question, Test};
use super::plain::fits;
use super::seen::{LeafId, Seen};
use super::table::Table;
use crate::facts::{self, Facts, Field, FieldType};

/// No row, no column, no leaf.
const NONE: u32 = u32::MAX;
/// More values or bounds than this, and a field is asked query by query: its rows would be nearly empty.
const MOST: usize = 256;
/// Words of 64 queries that are worked on together.
const BLOCK: usize = 8;

/// Which queries the bits stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Those that are looked at for every interaction.
    Scanned,
    /// Those that a word of the text brings up first.
    Checked,
}

/// What a query asks of a column.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) column: u32,
    pub(super) question: Question,
    pub(super) negated: bool,
}

/// The bitmaps of every column.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    columns: Vec<Column>,
    values: Vec<Value>,
    table: Table,
    rows: u32,
    scanned: Bits,
    checked: Bits,
}

#[derive(Debug, Clone)]
struct Column {
    field: Field,
    numeric: bool,
    /// The row of an absent fact, and of a word that nobody asks for.
    absent: u32,
    /// Of words, the rows of values asked for; of numbers, the row of each rank: gap, bound, gap, …
    rows: Vec<u32>,
    /// Rows whose bits take a query out.
    forbidden: Vec<u32>,
    /// The bounds, in order.
    bounds: Vec<f64>,
}

/// A word that some query asks of some field.
#[derive(Debug, Clone)]
struct Value {
    field: Field,
    word: Box<str>,
    column: u32,
    row: u32,
    forbidden: u32,
    /// The leaf that stands for it, where its field has no column.
    leaf: LeafId,
}

#[derive(Debug, Clone, Default)]
struct Bits {
    /// Words per row.
    width: usize,
    words: Vec<u64>,
}

/// The rows that some facts pick.
#[derive(Debug, Clone, Default)]
pub(super) struct Picked {
    /// One row per column.
    single: Vec<u32>,
    /// Further rows of a column with several values.
    also: Vec<(u32, u32)>,
    forbidden: Vec<u32>,
}

impl Columns {
    /// Gives a field its column. Called before anything is asked of it.
    pub(super) fn add(&mut self, field: Field) {
        let absent = self.row(NONE);
        let numeric = numeric(&field);
        let rows = if numeric { vec![self.row(NONE)] } else { Vec::new() };
        self.columns.push(Column { field, numeric, absent, rows, forbidden: Vec::new(), bounds: Vec::new() });
    }

    /// Whether a field with so many values and bounds is better off with a column.
    pub(super) fn suits(field: &Field, values: usize) -> bool {
        let kind = matches!(
            field.field_type(),
            FieldType::Word
                | FieldType::Words
                | FieldType::Flag
                | FieldType::Number
                | FieldType::Rank(_)
                | FieldType::Time
                | FieldType::Date
        );
        kind && *field != Field::Has && values <= MOST
    }

    /// The column of a field, where it has one.
    pub(super) fn of(&self, field: &Field) -> Option<u32> {
        self.columns.iter().position(|column| column.field == *field).map(|at| at as u32)
    }

    /// The leaf that stands for a word of a field that has no column.
    pub(super) fn leaf(&mut self, field: &Field, word: &str, new: impl FnOnce() -> LeafId) -> LeafId {
        let value = self.value(field, word);
        match self.values.get_mut(value as usize) {
            Some(value) if value.leaf == NONE => {
                value.leaf = new();
                value.leaf
            }
            Some(value) => value.leaf,
            None => NONE,
        }
    }

    /// How likely facts are to content a query: a guess, in thousandths.
    pub(super) fn chance(&self, asked: &[Asked]) -> u32 {
        asked.iter().fold(1000, |chance, asked| {
            let column = self.columns.get(asked.column as usize);
            let values = column.map_or(1, |column| column.rows.len() as u32 + 1);
            let one = match &asked.question.test {
                _ if asked.negated => 900,
                Test::OneOf(words) => (1000 * words.len() as u32 / values).min(1000),
                Test::Equals(numbers) => (2000 * numbers.len() as u32 / values).min(1000),
                _ => 500,
            };
            chance * one / 1000
        })
    }

    /// Sets the bits of one query everywhere.
    pub(super) fn set(&mut self, side: Side, slot: u32, asked: &[Asked]) {
        self.prepare(asked);
        let bits = match side {
            Side::Scanned => &mut self.scanned,
            Side::Checked => &mut self.checked,
        };
        bits.make_room(slot, self.rows);
        for (at, column) in self.columns.iter().enumerate() {
            let mine = asked.iter().filter(|asked| asked.column == at as u32);
            // Absent: content when nothing is asked but that something be not so.
            let absent = mine.clone().all(|asked| asked.negated);
            bits.put(column.absent, slot, absent);
            column.forbidden.iter().for_each(|row| bits.put(*row, slot, false));
            for (rank, row) in column.rows.iter().enumerate() {
                let content = if column.numeric {
                    let n = representative(&column.bounds, rank);
                    mine.clone().all(|asked| fits(&column.field, &asked.question.test, n) != asked.negated)
                } else {
                    absent
                };
                bits.put(*row, slot, content);
            }
        }
        for asked in asked {
            let Some(column) = self.columns.get(asked.column as usize) else { continue };
            let Test::OneOf(words) = &asked.question.test else { continue };
            for word in words {
                let value =
                    find(&self.table, &self.values, &column.field, facts::key(&column.field, word), word);
                let Some(value) = value.and_then(|at| self.values.get(at as usize)) else { continue };
                bits.put(if asked.negated { value.forbidden } else { value.row }, slot, true);
            }
        }
    }

    /// Picks the rows of some facts, and notes the leaves of their words.
    pub(super) fn pick(&self, facts: &Facts<'_>, picked: &mut Picked, seen: &mut Seen) {
        picked.single.clear();
        picked.also.clear();
        picked.forbidden.clear();
        for column in &self.columns {
            let rank = if column.numeric { facts.number(&column.field) } else { None };
            let row = rank.and_then(|n| column.rows.get(rank_of(&column.bounds, n)));
            picked.single.push(row.copied().unwrap_or(column.absent));
        }
        if self.values.is_empty() {
            return;
        }
        for finding in facts.findings() {
            let found = find(&self.table, &self.values, &finding.field, finding.key, &finding.value);
            let Some(value) = found.and_then(|at| self.values.get(at as usize)) else { continue };
            if value.leaf != NONE {
                seen.note(value.leaf, 0);
            }
            if value.forbidden != NONE {
                picked.forbidden.push(value.forbidden);
            }
            if value.row == NONE {
                continue;
            }
            let absent = self.columns.get(value.column as usize).map(|column| column.absent);
            match picked.single.get_mut(value.column as usize) {
                Some(row) if Some(*row) == absent => *row = value.row,
                _ => picked.also.push((value.column, value.row)),
            }
        }
    }

    /// Whether the facts content a query that a word has brought up.
    pub(super) fn content(&self, picked: &Picked, slot: u32) -> bool {
        let set = |row: u32| self.checked.get(row, slot);
        picked.single.iter().enumerate().all(|(column, row)| {
            set(*row) || picked.also.iter().any(|(also, row)| *also == column as u32 && set(*row))
        }) && !picked.forbidden.iter().any(|row| set(*row))
    }

    /// Calls `each` with every scanned slot that the facts content, in order, until it returns false.
    /// `live` has a bit for every slot in use.
    pub(super) fn scan(&self, picked: &Picked, live: &[u64], mut each: impl FnMut(u32) -> bool) {
        let width = self.scanned.width;
        for (block, live) in live.chunks(BLOCK).enumerate() {
            let mut left = [0; BLOCK];
            left.iter_mut().zip(live).for_each(|(left, live)| *left = *live);
            for (column, row) in picked.single.iter().enumerate() {
                let words = self.scanned.block(*row, width, block);
                if !picked.also.iter().any(|(also, _)| *also == column as u32) {
                    left.iter_mut().zip(words).for_each(|(left, word)| *left &= word);
                    continue;
                }
                let mut joined = [0; BLOCK];
                joined.iter_mut().zip(words).for_each(|(joined, word)| *joined = *word);
                for (_, row) in picked.also.iter().filter(|(also, _)| *also == column as u32) {
                    let words = self.scanned.block(*row, width, block);
                    joined.iter_mut().zip(words).for_each(|(joined, word)| *joined |= word);
                }
                left.iter_mut().zip(joined).for_each(|(left, joined)| *left &= joined);
            }
            for row in &picked.forbidden {
                let words = self.scanned.block(*row, width, block);
                left.iter_mut().zip(words).for_each(|(left, word)| *left &= !word);
            }
            for (at, mut word) in left.into_iter().enumerate() {
                while word != 0 {
                    let slot = ((block * BLOCK + at) * 64) as u32 + word.trailing_zeros();
                    if !each(slot) {
                        return;
                    }
                    word &= word - 1;
                }
            }
        }
    }

    /// Bytes of everything in it.
    pub(super) fn bytes(&self) -> usize {
        let words: usize = self.values.iter().map(|value| value.word.len()).sum();
        let columns: usize = self
            .columns
            .iter()
            .map(|c| (c.rows.capacity() + c.forbidden.capacity()) * 4 + c.bounds.capacity() * 8)
            .sum();
        words
            + columns
            + self.values.capacity() * size_of::<Value>()
            + self.columns.capacity() * size_of::<Column>()
            + self.table.bytes()
            + (self.scanned.words.capacity() + self.checked.words.capacity()) * size_of::<u64>()
    }

    /// Makes the rows that questions need.
    pub(super) fn prepare(&mut self, asked: &[Asked]) {
        for asked in asked {
            let Some(column) = self.columns.get(asked.column as usize) else { continue };
            let field = column.field.clone();
            for word in asked.question.words() {
                let value = self.value(&field, word);
                self.value_row(value, asked);
            }
            asked.question.bounds().into_iter().for_each(|n| self.bound(asked.column, n));
        }
    }

    fn value_row(&mut self, value: u32, asked: &Asked) {
        let absent = self.columns.get(asked.column as usize).map_or(NONE, |column| column.absent);
        let known = self.values.get(value as usize).map(|v| if asked.negated { v.forbidden } else { v.row });
        if known != Some(NONE) {
            return;
        }
        // A new value was one of "all others" until now; nobody has forbidden it.
        let row = self.row(if asked.negated { NONE } else { absent });
        if asked.negated {
            self.scanned.fill(row, 0);
            self.checked.fill(row, 0);
        }
        if let (Some(value), Some(column)) =
            (self.values.get_mut(value as usize), self.columns.get_mut(asked.column as usize))
        {
            let (mine, all) = if asked.negated {
                (&mut value.forbidden, &mut column.forbidden)
            } else {
                (&mut value.row, &mut column.rows)
            };
            *mine = row;
            all.push(row);
        }
    }

    /// Makes `n` a bound: the gap it lies in becomes a gap, the bound and a gap, all as before.
    fn bound(&mut self, column: u32, n: f64) {
        let Some(known) = self.columns.get(column as usize) else { return };
        let at = known.bounds.partition_point(|bound| *bound < n);
        if known.bounds.get(at) == Some(&n) {
            return;
        }
        let gap = known.rows.get(2 * at).copied().unwrap_or(NONE);
        let (bound, above) = (self.row(gap), self.row(gap));
        if let Some(column) = self.columns.get_mut(column as usize) {
            column.bounds.insert(at, n);
            column.rows.splice(2 * at + 1..2 * at + 1, [bound, above]);
        }
    }

    fn value(&mut self, field: &Field, word: &str) -> u32 {
        let key = facts::key(field, word);
        if let Some(known) = find(&self.table, &self.values, field, key, word) {
            return known;
        }
        let id = self.values.len() as u32;
        self.values.push(Value {
            field: field.clone(),
            word: word.into(),
            column: self.of(field).unwrap_or(NONE),
            row: NONE,
            forbidden: NONE,
            leaf: NONE,
        });
        let values = &self.values;
        let hash_of =
            |id: u32| values.get(id as usize).map_or(0, |value| facts::key(&value.field, &value.word));
        self.table.insert(key, id, hash_of);
        id
    }

    /// A new row like another, or full.
    fn row(&mut self, like: u32) -> u32 {
        self.rows += 1;
        self.scanned.add(like);
        self.checked.add(like);
        self.rows - 1
    }
}

impl Bits {
    fn add(&mut self, like: u32) {
        let from = like as usize * self.width;
        if like == NONE {
            self.words.resize(self.words.len() + self.width, u64::MAX);
        } else {
            self.words.extend_from_within(from..from + self.width);
        }
    }

    fn fill(&mut self, row: u32, with: u64) {
        let from = row as usize * self.width;
        if let Some(words) = self.words.get_mut(from..from + self.width) {
            words.fill(with);
        }
    }

    /// Widens the rows until they have a bit for the slot.
    fn make_room(&mut self, slot: u32, rows: u32) {
        let needed = slot as usize / 64 + 1;
        if needed <= self.width {
            return;
        }
        let width = needed.max(self.width * 2).next_multiple_of(BLOCK);
        let mut words = Vec::with_capacity(rows as usize * width);
        for row in 0..rows as usize {
            words.extend_from_slice(self.words.get(row * self.width..(row + 1) * self.width).unwrap_or(&[]));
            words.resize((row + 1) * width, u64::MAX);
        }
        *self = Self { width, words };
    }

    fn put(&mut self, row: u32, slot: u32, value: bool) {
        if let Some(word) = self.words.get_mut(row as usize * self.width + slot as usize / 64) {
            *word = *word & !(1 << (slot % 64)) | u64::from(value) << (slot % 64);
        }
    }

    fn get(&self, row: u32, slot: u32) -> bool {
        let word = self.words.get(row as usize * self.width + slot as usize / 64);
        word.is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }

    #[inline]
    fn block(&self, row: u32, width: usize, block: usize) -> &[u64] {
        let from = row as usize * width + block * BLOCK;
        self.words.get(from..from + BLOCK).unwrap_or(&[])
    }
}

fn numeric(field: &Field) -> bool {
    matches!(field.field_type(), FieldType::Number | FieldType::Rank(_) | FieldType::Time | FieldType::Date)
}

#[inline]
fn find(table: &Table, values: &[Value], field: &Field, key: u64, word: &str) -> Option<u32> {
    table.find(key, |id| {
        values.get(id as usize).is_some_and(|value| *value.word == *word && value.field == *field)
    })
}

/// The rank of a number: `2 i + 1` on bound `i`, an even one in the gap below it.
fn rank_of(bounds: &[f64], n: f64) -> usize {
    let at = bounds.partition_point(|bound| *bound < n);
    2 * at + usize::from(bounds.get(at) == Some(&n))
}

/// A number of that rank.
fn representative(bounds: &[f64], rank: usize) -> f64 {
    let bound = |at: usize| bounds.get(at).copied();
    let below = (rank / 2).checked_sub(1).and_then(bound);
    match (rank % 2, below, bound(rank / 2)) {
        (1, _, Some(on)) => on,
        (_, Some(below), Some(above)) => below / 2.0 + above / 2.0,
        (_, Some(below), None) => below + below.abs() + 1.0,
        (_, None, Some(above)) => above - above.abs() - 1.0,
        (_, None, None) => 0.0,
    }
}
