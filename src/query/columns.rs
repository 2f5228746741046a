//! Questions about facts as bitmaps over queries: one bit per query and answer, so that a few ANDs of words
//! answer thousands of rules at once.
//!
//! A column is a field. Its rows are what a fact of that field may come to: of words one row per value that
//! some query asks for and one for all others; of numbers one row per bound and one per gap between bounds.
//! A set bit says "this query is content": it does not ask, or what it asks is so. A query may hold only
//! where the rows picked by the facts, one per column, all have its bit. Of a field with several values the
//! rows are joined; a value that some query forbids has one more row, which must have the bit, too.

use super::ast::{Question, Test};
use super::plain::fits;
use super::rows::{Picked, Rows};
use super::seen::{LeafId, Seen};
use super::table::Table;
use crate::facts::{self, Facts, Field, FieldType, Finding, Head};

/// No row, no column, no leaf.
const NONE: u32 = u32::MAX;
/// More values or bounds than this, and a field is asked query by query: its rows would be nearly empty.
const MOST: usize = 256;

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
    rows: Rows,
    /// Whether some words of facts are leaves.
    pub(super) leaves: bool,
}

#[derive(Debug, Clone)]
struct Column {
    field: Field,
    numeric: bool,
    /// Where facts keep its number, if they always do.
    place: Option<usize>,
    /// The row of an absent fact, and of a word that nobody asks for.
    absent: u32,
    /// Of words, the rows of values asked for; of numbers, the row of each rank: gap, bound, gap, …
    rows: Vec<u32>,
    /// The bounds, in order.
    bounds: Vec<f64>,
}

/// A word that some query asks of some field.
#[derive(Debug, Clone)]
struct Value {
    head: Head,
    field: Field,
    word: Box<str>,
    column: u32,
    /// The row of those who are content with it.
    row: u32,
    /// The row of all but those who forbid it.
    forbidden: u32,
    /// The leaf that stands for it, where its field has no column.
    leaf: LeafId,
}

impl Columns {
    /// Gives a field its column. Called before anything is asked of it.
    pub(super) fn add(&mut self, field: Field) {
        let absent = self.rows.add(None);
        let numeric = numeric(&field);
        let rows = if numeric { vec![self.rows.add(None)] } else { Vec::new() };
        // The length is counted when it is not given.
        let place = field.slot().filter(|_| field != Field::Length);
        self.columns.push(Column { field, numeric, place, absent, rows, bounds: Vec::new() });
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
        self.leaves = true;
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

    /// For how many slots there is room.
    pub(super) fn room(&self) -> usize {
        self.rows.slots()
    }

    /// Makes room for so many slots.
    pub(super) fn widen(&mut self, slots: usize) {
        self.rows.widen(slots);
    }

    /// Puts a query into a free slot, for which there is room and whose questions have their rows.
    pub(super) fn set(&mut self, slot: u32, asked: &[Asked]) {
        for column in columns_of(asked) {
            self.set_column(slot, column, asked);
        }
    }

    /// Frees a slot: nothing is asked there.
    pub(super) fn free(&mut self, slot: u32) {
        self.rows.free(slot);
    }

    fn set_column(&mut self, slot: u32, at: u32, asked: &[Asked]) {
        let Some(column) = self.columns.get(at as usize) else { return };
        let mine = || asked.iter().filter(|asked| asked.column == at);
        // Absent: content when nothing is asked but that something be not so.
        let absent = mine().all(|asked| asked.negated);
        self.rows.put(column.absent, slot, absent);
        if column.numeric {
            let turns: Vec<usize> = mine().flat_map(|asked| turns(&column.bounds, &asked.question)).collect();
            let mut content = false;
            for (rank, row) in column.rows.iter().enumerate() {
                if rank == 0 || turns.contains(&rank) {
                    let n = representative(&column.bounds, rank);
                    content = mine().all(|a| fits(&column.field, &a.question.test, n) != a.negated);
                }
                self.rows.put(*row, slot, content);
            }
            return;
        }
        column.rows.iter().for_each(|row| self.rows.put(*row, slot, absent));
        for asked in mine() {
            for word in asked.question.words() {
                let key = facts::key(&column.field, word);
                let value = find(&self.table, &self.values, &column.field, key, Head::of(word), word);
                let Some(value) = value.and_then(|at| self.values.get(at as usize)) else { continue };
                let row = if asked.negated { value.forbidden } else { value.row };
                self.rows.put(row, slot, !asked.negated);
            }
        }
    }

    /// Picks the rows of some facts, and notes the leaves of their words.
    #[inline]
    pub(super) fn pick(&self, facts: &Facts<'_>, picked: &mut Picked, seen: &mut Seen) {
        picked.begin(&self.rows, self.columns.iter().map(|column| column.row(facts)));
        if self.values.is_empty() {
            return;
        }
        for finding in facts.findings() {
            let Finding { field, value, key, head } = finding;
            let found = find(&self.table, &self.values, field, *key, *head, value);
            let Some(value) = found.and_then(|at| self.values.get(at as usize)) else { continue };
            if value.leaf != NONE {
                seen.note(value.leaf, 0);
            }
            if value.forbidden != NONE {
                picked.must(&self.rows, value.forbidden);
            }
            if value.row != NONE
                && let Some(column) = self.columns.get(value.column as usize)
            {
                picked.row(&self.rows, value.column, column.absent, value.row);
            }
        }
        picked.finish();
    }

    /// Calls `each` with every slot of `live` that the facts content, in order, until it returns false.
    #[inline]
    pub(super) fn scan(&self, picked: &Picked, live: &[u64], each: impl FnMut(u32) -> bool) {
        self.rows.scan(picked, live, each);
    }

    /// Calls `each` with those of some slots of one word that the facts content, in order.
    #[inline]
    pub(super) fn check(&self, picked: &Picked, word: usize, slots: u64, each: impl FnMut(u32)) {
        self.rows.check(picked, word, slots, each);
    }

    /// Bytes of everything in it.
    pub(super) fn bytes(&self) -> usize {
        let words: usize = self.values.iter().map(|value| value.word.len()).sum();
        let columns: usize =
            self.columns.iter().map(|column| column.rows.capacity() * 4 + column.bounds.capacity() * 8).sum();
        words
            + columns
            + self.values.capacity() * size_of::<Value>()
            + self.columns.capacity() * size_of::<Column>()
            + self.table.bytes()
            + self.rows.bytes()
    }

    /// Makes the rows that questions need.
    pub(super) fn prepare(&mut self, asked: &[Asked]) {
        for asked in asked {
            for word in asked.question.words() {
                let value = self.value(&asked.question.field, word);
                self.value_row(value, asked);
            }
            asked.question.bounds().into_iter().for_each(|n| self.bound(asked.column, n));
        }
    }

    fn value_row(&mut self, value: u32, asked: &Asked) {
        let (Some(value), Some(column)) =
            (self.values.get_mut(value as usize), self.columns.get_mut(asked.column as usize))
        else {
            return;
        };
        if asked.negated && value.forbidden == NONE {
            value.forbidden = self.rows.add(None);
        } else if !asked.negated && value.row == NONE {
            // Until now it was one of all others.
            value.row = self.rows.add(Some(column.absent));
            column.rows.push(value.row);
        }
    }

    /// Makes `n` a bound: the gap it lies in becomes a gap, the bound and a gap, all as before.
    fn bound(&mut self, column: u32, n: f64) {
        let Some(known) = self.columns.get(column as usize) else { return };
        let at = known.bounds.partition_point(|bound| *bound < n);
        if known.bounds.get(at) == Some(&n) {
            return;
        }
        let gap = known.rows.get(2 * at).copied();
        let (bound, above) = (self.rows.add(gap), self.rows.add(gap));
        if let Some(column) = self.columns.get_mut(column as usize) {
            column.bounds.insert(at, n);
            column.rows.splice(2 * at + 1..2 * at + 1, [bound, above]);
        }
    }

    fn value(&mut self, field: &Field, word: &str) -> u32 {
        let (key, head) = (facts::key(field, word), Head::of(word));
        if let Some(known) = find(&self.table, &self.values, field, key, head, word) {
            return known;
        }
        let id = self.values.len() as u32;
        self.values.push(Value {
            head,
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
}

impl Column {
    /// The row of the number that some facts hold; of words, the row for absent ones.
    #[inline]
    fn row(&self, facts: &Facts<'_>) -> u32 {
        let number = match self.place {
            Some(place) => facts.number_at(place),
            None if self.numeric => facts.number(&self.field),
            None => None,
        };
        let row = number.and_then(|n| self.rows.get(rank_of(&self.bounds, n)));
        row.copied().unwrap_or(self.absent)
    }
}

/// The columns that are asked, each once.
fn columns_of(asked: &[Asked]) -> impl Iterator<Item = u32> {
    let before = |at: usize| asked.get(..at).unwrap_or(&[]);
    asked.iter().enumerate().filter_map(move |(at, asked)| {
        before(at).iter().all(|other| other.column != asked.column).then_some(asked.column)
    })
}

/// The ranks at which the answer to a question may change.
fn turns(bounds: &[f64], question: &Question) -> impl Iterator<Item = usize> {
    question.bounds().into_iter().flat_map(|n| {
        let rank = rank_of(bounds, n);
        [rank, rank + 1]
    })
}

fn numeric(field: &Field) -> bool {
    matches!(field.field_type(), FieldType::Number | FieldType::Rank(_) | FieldType::Time | FieldType::Date)
}

#[inline]
fn find(table: &Table, values: &[Value], field: &Field, key: u64, head: Head, word: &str) -> Option<u32> {
    table.find(key, |id| {
        values.get(id as usize).is_some_and(|value| {
            value.head == head && value.field == *field && (head.is_whole() || *value.word == *word)
        })
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
