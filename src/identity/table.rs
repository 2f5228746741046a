//! Rows as columns of distinct values.
//!
//! A file of a million people holds perhaps a hundred thousand names. Each distinct spelling is normalised once
//! and gets a number; a row is a handful of numbers; everything costly (signatures, codes, counts) is worked out
//! once for a value.
//!
//! ```text
//! row "7, Ann, LEE, …"  ──►  [12, 801, …]        value 12 = "ann", in 2,114 rows, signature 0x…
//! ```

use super::compare::View;
use super::kind::Kind;
use super::signature::signature;
use crate::error::{BuildError, Fault, FaultKind};
use siphasher::sip::SipHasher13;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Most fields of a bulk run: a comparison vector keeps four bits a field in one word.
pub const FIELDS: usize = 15;

/// A map from a 64-bit hash; the hash is its own hash.
pub(super) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Identity>>;

/// Passes a 64-bit key through.
#[derive(Debug, Default, Clone)]
pub(super) struct Identity(u64);

impl Hasher for Identity {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A fixed 64-bit hash of a text.
pub(super) fn hash_text(text: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// The distinct normalised values of the columns that share a kind of values. Value 0 is the absent one.
#[derive(Debug)]
pub(super) struct Vocabulary {
    pub(super) kind: Kind,
    raw: HashedMap<u32>,
    normal: HashedMap<u32>,
    arena: String,
    ends: Vec<u32>,
    tags: Vec<u16>,
    signatures: Vec<u64>,
}

impl Vocabulary {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            raw: HashedMap::default(),
            normal: HashedMap::default(),
            arena: String::new(),
            ends: vec![0],
            tags: vec![0],
            signatures: vec![0],
        }
    }

    /// The number of the value that `raw` is a spelling of.
    fn intern(&mut self, raw: &str) -> u32 {
        if raw.is_empty() {
            return 0;
        }
        let key = hash_text(raw);
        if let Some(value) = self.raw.get(&key) {
            return *value;
        }
        let normal = self.kind.normalise(raw);
        let value = if normal.is_empty() { 0 } else { self.number(&normal) };
        self.raw.insert(key, value);
        value
    }

    fn number(&mut self, normal: &str) -> u32 {
        let next = self.ends.len() as u32;
        let value = *self.normal.entry(hash_text(normal)).or_insert(next);
        if value == next {
            self.arena.push_str(normal);
            self.ends.push(u32::try_from(self.arena.len()).unwrap_or(u32::MAX));
            let tag = self.kind.tag(normal);
            self.tags.push(tag);
            self.signatures.push(signature(self.kind, normal, tag));
        }
        value
    }

    /// How many values there are, the absent one included.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The text of a value.
    pub(super) fn text(&self, value: u32) -> &str {
        let end = self.ends.get(value as usize).copied().unwrap_or(0);
        let start = (value as usize).checked_sub(1).and_then(|at| self.ends.get(at)).copied().unwrap_or(0);
        self.arena.get(start as usize..end as usize).unwrap_or("")
    }

    /// A value as comparison sees it.
    pub(super) fn view(&self, value: u32) -> View<'_> {
        View { text: self.text(value), tag: self.tag(value), signature: self.signature(value) }
    }

    /// The tag of a value.
    pub(super) fn tag(&self, value: u32) -> u16 {
        self.tags.get(value as usize).copied().unwrap_or(0)
    }

    /// The signature of a value.
    pub(super) fn signature(&self, value: u32) -> u64 {
        self.signatures.get(value as usize).copied().unwrap_or(0)
    }

    fn close(&mut self) {
        self.raw = HashedMap::default();
        self.normal = HashedMap::default();
    }
}

/// A field of a table: a name and a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name, as reports and waterfalls show it.
    pub name: String,
    /// What its values are.
    pub kind: Kind,
}

/// Rows to be matched, by field.
///
/// ```
/// use hearken::identity::{Kind, Table};
///
/// let mut table = Table::new([("first", Kind::Given), ("last", Kind::Family)])?;
/// table.push(["Ann", "Lee"]);
/// table.push(["Anne", ""]);
/// assert_eq!(table.len(), 2);
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug)]
pub struct Table {
    fields: Vec<Field>,
    pub(super) vocabularies: Vec<Vocabulary>,
    /// By field: its vocabulary.
    pub(super) vocabulary_of: Vec<usize>,
    /// Row after row, a value number a field.
    pub(super) cells: Vec<u32>,
    rows: usize,
    /// Rows of the first source; 0 where there is one source only.
    pub(super) left: usize,
}

impl Table {
    /// An empty table with these fields.
    ///
    /// # Errors
    /// No field, more than [`FIELDS`], or a name twice.
    pub fn new<N: Into<String>>(fields: impl IntoIterator<Item = (N, Kind)>) -> Result<Self, BuildError> {
        let fields: Vec<Field> =
            fields.into_iter().map(|(name, kind)| Field { name: name.into(), kind }).collect();
        let mut error = BuildError::default();
        if fields.is_empty() {
            error.push(
                Fault::new(FaultKind::Missing, "fields", "there is nothing to compare")
                    .mend("name at least one field"),
            );
        }
        if fields.len() > FIELDS {
            error.push(Fault::new(
                FaultKind::Limit,
                "fields",
                format!("{} fields, at most {FIELDS}", fields.len()),
            ));
        }
        for (at, field) in fields.iter().enumerate() {
            if fields.iter().take(at).any(|other| other.name == field.name) {
                error.push(Fault::new(
                    FaultKind::Duplicate,
                    format!("field {}", field.name),
                    "the name stands twice",
                ));
            }
        }
        let mut vocabularies: Vec<Vocabulary> = Vec::new();
        let mut vocabulary_of = Vec::new();
        for field in &fields {
            // Given and family names share their values, so that a swap is seen by number.
            let shared = |kind: Kind| matches!(kind, Kind::Given | Kind::Family);
            let known = vocabularies.iter().position(|v| shared(v.kind) && shared(field.kind));
            vocabulary_of.push(known.unwrap_or(vocabularies.len()));
            if known.is_none() {
                vocabularies.push(Vocabulary::new(if shared(field.kind) { Kind::Given } else { field.kind }));
            }
        }
        error.or(Self { fields, vocabularies, vocabulary_of, cells: Vec::new(), rows: 0, left: 0 })
    }

    /// Adds a row: a value a field, empty where absent. What is missing at the end is absent.
    pub fn push<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        let mut values = values.into_iter();
        for vocabulary in &self.vocabulary_of {
            let raw = values.next().unwrap_or("").trim();
            let value = self.vocabularies.get_mut(*vocabulary).map_or(0, |vocabulary| vocabulary.intern(raw));
            self.cells.push(value);
        }
        self.rows += 1;
    }

    /// Says that the rows so far are the first source and those to come the second: only pairs between the two
    /// are then compared.
    pub fn second_source(&mut self) {
        self.left = self.rows;
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The fields.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Frees what only adding rows needs.
    pub(super) fn close(&mut self) {
        self.vocabularies.iter_mut().for_each(Vocabulary::close);
    }

    /// The values of a row.
    pub(super) fn row(&self, row: u32) -> &[u32] {
        let width = self.fields.len();
        self.cells.get(row as usize * width..(row as usize + 1) * width).unwrap_or(&[])
    }

    /// An order in which rows with the same names stand together, so that the rows of a block are near each other
    /// in memory.
    pub(super) fn by_name(&self) -> Vec<u32> {
        let rank = |kind: Kind| match kind {
            Kind::Family => 0,
            Kind::Name => 1,
            Kind::Given => 2,
            _ => 3,
        };
        let mut fields: Vec<usize> = (0..self.fields.len()).collect();
        fields.sort_by_key(|at| self.fields.get(*at).map(|field| rank(field.kind)));
        let mut order: Vec<u32> = (0..self.rows as u32).collect();
        order.sort_by_cached_key(|row| {
            let value =
                |nth: usize| fields.get(nth).and_then(|at| self.row(*row).get(*at)).copied().unwrap_or(0);
            (value(0), value(1))
        });
        // The rows of the first source stay in front.
        order.sort_by_key(|row| *row as usize >= self.left);
        order
    }

    /// Puts row `order[n]` in place n.
    pub(super) fn arrange(&mut self, order: &[u32]) {
        self.cells = order.iter().flat_map(|row| self.row(*row)).copied().collect();
    }

    /// The vocabulary of a field.
    pub(super) fn vocabulary(&self, field: usize) -> Option<&Vocabulary> {
        self.vocabularies.get(*self.vocabulary_of.get(field)?)
    }

    /// How many rows hold each value of a field.
    pub(super) fn counts(&self, field: usize) -> Vec<u32> {
        let mut counts = vec![0; self.vocabulary(field).map_or(0, Vocabulary::len)];
        for value in self.cells.iter().skip(field).step_by(self.fields.len()) {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// True when a pair of these rows may be compared: any two rows of one source, or one of each of two.
    pub(super) fn admits(&self, a: u32, b: u32) -> bool {
        self.left == 0 || ((a as usize) < self.left) != ((b as usize) < self.left)
    }
}
