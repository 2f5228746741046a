//! Rows as columns of distinct values.
//!
//! A file of a million people holds perhaps a hundred thousand names. Each distinct spelling is normalised once
//! and gets a number; a row is a handful of numbers; everything costly (signatures, codes, counts) is worked out
//! once for a value.
//!
//! ```text
//! row "7, Ann, LEE, …"  ──►  [12, 801, …]        value 12 = "ann", in 2,114 rows, signature 0x…
//! ```

use crate::error::{BuildError, Fault, FaultKind};
use crate::identity::compare::{View, sound};
use crate::identity::intern::{Spellings, hash_text};
use crate::identity::kind::Kind;
use crate::identity::signature::signature;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Most fields of a bulk run: a comparison vector keeps four bits a field in one word.
pub const FIELDS: usize = 15;

/// A map from a 64-bit hash; the hash is its own hash.
pub(in crate::identity) type HashedMap<V> = HashMap<u64, V, BuildHasherDefault<Identity>>;

/// Passes a 64-bit key through.
#[derive(Debug, Default, Clone)]
pub(in crate::identity) struct Identity(u64);

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

/// The distinct normalised values of the columns that share a kind of values. Value 0 is the absent one.
#[derive(Debug)]
pub(in crate::identity) struct Vocabulary {
    pub(in crate::identity) kind: Kind,
    /// The number of every spelling met, as written and as normalised.
    spellings: Spellings,
    arena: String,
    entries: Vec<Entry>,
}

/// What is known of a value, side by side.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    signature: u64,
    start: u32,
    sound: u32,
    length: u16,
    tag: u16,
}

impl Vocabulary {
    fn new(kind: Kind) -> Self {
        Self { kind, spellings: Spellings::default(), arena: String::new(), entries: vec![Entry::default()] }
    }

    /// The number of a spelling that was not met before.
    #[cold]
    fn meet(&mut self, raw: &str, hash: u64) -> u32 {
        let normal = self.kind.normalise(raw);
        if normal.is_empty() {
            self.spellings.insert(hash, 0);
            return 0;
        }
        let same = normal == raw;
        let plain = if same { hash } else { hash_text(&normal) };
        let known = if same { None } else { self.spellings.get(plain, self.spellings.home(plain)) };
        let value = known.unwrap_or_else(|| {
            let next = self.entries.len() as u32;
            self.add(&normal);
            self.spellings.insert(plain, next);
            next
        });
        if !same {
            self.spellings.insert(hash, value);
        }
        value
    }

    /// Adds a value; of one longer than 64 KiB the first part counts.
    fn add(&mut self, normal: &str) {
        let ends = (0..=normal.len().min(usize::from(u16::MAX))).rev();
        let normal = ends.into_iter().find_map(|end| normal.get(..end)).unwrap_or("");
        let tag = self.kind.tag(normal);
        let (signature, sound) = (signature(self.kind, normal, tag), sound(self.kind, normal));
        self.file(normal, Entry { signature, start: 0, sound, length: 0, tag });
    }

    fn file(&mut self, normal: &str, entry: Entry) {
        // Beyond 4 GiB of texts values become empty ones.
        let start = u32::try_from(self.arena.len() + normal.len()).map_or(0, |end| end - normal.len() as u32);
        let length = if start == 0 && !self.arena.is_empty() { 0 } else { normal.len() as u16 };
        if length > 0 {
            self.arena.push_str(normal);
        }
        self.entries.push(Entry { start, length, ..entry });
    }

    /// The same values under other numbers: `order` lists the present numbers, without the absent one.
    fn renumbered(&self, order: &[u32]) -> Self {
        let mut out = Self::new(self.kind);
        out.arena.reserve_exact(self.arena.len());
        for value in order {
            out.file(self.text(*value), self.entry(*value));
        }
        out
    }

    /// By value: its place when values are ordered by sound, then by text.
    fn by_sound(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by(|x, y| {
            self.sound(*x).cmp(&self.sound(*y)).then_with(|| self.text(*x).cmp(self.text(*y)))
        });
        let mut ranks = vec![0; self.len()];
        for (rank, value) in (0_u32..).zip(order) {
            if let Some(slot) = ranks.get_mut(value as usize) {
                *slot = rank;
            }
        }
        ranks
    }

    /// By value: 32 bits of its text, 0 where absent.
    fn hashes(&self) -> Vec<u32> {
        let hash = |value: u32| if value == 0 { 0 } else { hash_text(self.text(value)) as u32 };
        (0..self.len() as u32).map(hash).collect()
    }

    /// Files the values again, after [`Table::close`].
    fn reopen(&mut self) {
        for value in 1..self.entries.len() as u32 {
            self.spellings.insert(hash_text(self.text(value)), value);
        }
    }

    /// How many values there are, the absent one included.
    pub(in crate::identity) fn len(&self) -> usize {
        self.entries.len()
    }

    fn entry(&self, value: u32) -> Entry {
        self.entries.get(value as usize).copied().unwrap_or_default()
    }

    /// The text of a value.
    pub(in crate::identity) fn text(&self, value: u32) -> &str {
        self.text_of(self.entry(value))
    }

    fn text_of(&self, entry: Entry) -> &str {
        let start = entry.start as usize;
        self.arena.get(start..start + usize::from(entry.length)).unwrap_or("")
    }

    /// A value as comparison sees it.
    pub(in crate::identity) fn view(&self, value: u32) -> View<'_> {
        let entry = self.entry(value);
        View { text: self.text_of(entry), tag: entry.tag, signature: entry.signature, sound: entry.sound }
    }

    /// The first letter of a value: reading it brings the rest.
    pub(in crate::identity) fn touch(&self, value: u32) -> u64 {
        self.arena.as_bytes().get(self.entry(value).start as usize).copied().map_or(0, u64::from)
    }

    /// The tag of a value.
    pub(in crate::identity) fn tag(&self, value: u32) -> u16 {
        self.entry(value).tag
    }

    /// How a value sounds.
    pub(in crate::identity) fn sound(&self, value: u32) -> u32 {
        self.entry(value).sound
    }

    /// The signature of a value.
    pub(in crate::identity) fn signature(&self, value: u32) -> u64 {
        self.entry(value).signature
    }
}

/// A field of a table: a name and a kind.
///
/// ```
/// use hearken::identity::{Kind, Table};
///
/// let table = Table::new([("Vorname", Kind::Given), ("Nachname", Kind::Family)]).unwrap();
/// // The host's names of its columns come back in every report.
/// let head: Vec<_> = table.fields().iter().map(|field| format!("{} ({})", field.name, field.kind.name())).collect();
/// assert_eq!(head, ["Vorname (given)", "Nachname (family)"]);
/// ```
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
    pub(in crate::identity) vocabularies: Vec<Vocabulary>,
    /// By field: its vocabulary.
    pub(in crate::identity) vocabulary_of: Vec<usize>,
    /// Row after row, a value number a field.
    pub(in crate::identity) cells: Vec<u32>,
    rows: usize,
    /// The spellings were dropped.
    closed: bool,
    /// Rows of the first source; 0 where there is one source only.
    pub(in crate::identity) left: usize,
    apart: Vec<(u32, u32)>,
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
        error.or(Self {
            fields,
            vocabularies,
            vocabulary_of,
            cells: Vec::new(),
            rows: 0,
            closed: false,
            left: 0,
            apart: Vec::new(),
        })
    }

    /// Adds a row: a value a field, empty where absent. What is missing at the end is absent.
    pub fn push<'a>(&mut self, values: impl IntoIterator<Item = &'a str>) {
        if std::mem::take(&mut self.closed) {
            self.vocabularies.iter_mut().for_each(Vocabulary::reopen);
        }
        let mut values = values.into_iter();
        let mut met = [("", 0); FIELDS];
        for slot in met.iter_mut().take(self.fields.len()) {
            let raw = values.next().unwrap_or("").trim();
            *slot = (raw, if raw.is_empty() { 0 } else { hash_text(raw) });
        }
        // The slots of the whole row are fetched side by side, with nothing in between, before the first is needed.
        let mut homes = [None; FIELDS];
        for ((home, (raw, hash)), vocabulary) in homes.iter_mut().zip(&met).zip(&self.vocabulary_of) {
            let vocabulary = self.vocabularies.get(*vocabulary).filter(|_| !raw.is_empty());
            *home = vocabulary.map(|vocabulary| vocabulary.spellings.home(*hash));
        }
        for (((raw, hash), home), vocabulary) in met.into_iter().zip(homes).zip(&self.vocabulary_of) {
            let value = match (home, self.vocabularies.get_mut(*vocabulary)) {
                (Some(home), Some(vocabulary)) => match vocabulary.spellings.get(hash, home) {
                    Some(value) => value,
                    None => vocabulary.meet(raw, hash),
                },
                _ => 0,
            };
            self.cells.push(value);
        }
        self.rows += 1;
    }

    /// Says that the rows so far are the first source and those to come the second: only pairs between the two
    /// are then compared.
    pub fn second_source(&mut self) {
        self.left = self.rows;
    }

    /// Says that two rows, counted from 0, are not one person: their pair is not scored, and no cluster holds both.
    pub fn keep_apart(&mut self, a: u32, b: u32) {
        if a != b {
            self.apart.push((a, b));
        }
    }

    pub(in crate::identity) fn apart(&self) -> &[(u32, u32)] {
        &self.apart
    }

    /// The normalised value of a field in a row, both counted from 0; empty where absent.
    pub fn value(&self, row: u32, field: usize) -> &str {
        let value = self.row(row).get(field).copied().unwrap_or(0);
        self.vocabulary(field).map_or("", |vocabulary| vocabulary.text(value))
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

    /// Puts row `order[n]` in place n, numbers the values in the order in which the rows then hold them, and frees
    /// what only adding rows needs: rows that stand together then have their values together in memory. Rows that
    /// `order` leaves out are out until [`Table::arrange`] brings them back.
    pub(in crate::identity) fn close(&mut self, order: &[u32]) {
        self.arrange(order);
        let mut numbers: Vec<Vec<u32>> = self.vocabularies.iter().map(|v| vec![0; v.len()]).collect();
        let mut orders: Vec<Vec<u32>> =
            self.vocabularies.iter().map(|v| Vec::with_capacity(v.len())).collect();
        for (cell, vocabulary) in self.cells.iter_mut().zip(self.vocabulary_of.iter().cycle()) {
            let Some((numbers, order)) = numbers.get_mut(*vocabulary).zip(orders.get_mut(*vocabulary)) else {
                continue;
            };
            if let Some(number) = numbers.get_mut(*cell as usize).filter(|_| *cell != 0) {
                if *number == 0 {
                    order.push(*cell);
                    *number = order.len() as u32;
                }
                *cell = *number;
            }
        }
        for (vocabulary, order) in self.vocabularies.iter_mut().zip(orders) {
            *vocabulary = vocabulary.renumbered(&order);
        }
        self.closed = true;
    }

    /// The values of a row.
    pub(in crate::identity) fn row(&self, row: u32) -> &[u32] {
        let width = self.fields.len();
        self.cells.get(row as usize * width..(row as usize + 1) * width).unwrap_or(&[])
    }

    /// An order in which rows with the same or a like-sounding name stand together, so that the rows of a block are
    /// near each other in memory. The rows of the first source stay in front. Only rows that `stand` are in it. It depends
    /// on what the rows hold and not on where they stood: only rows that hold the same are in the order in which they
    /// were pushed.
    pub(in crate::identity) fn by_name(&self, stand: impl Fn(u32) -> bool) -> Vec<u32> {
        let rank = |kind: Kind| match kind {
            Kind::Family => 0,
            Kind::Name => 1,
            Kind::Given => 2,
            _ => 3,
        };
        let mut fields: Vec<usize> = (0..self.fields.len()).collect();
        fields.sort_by_key(|at| self.fields.get(*at).map(|field| rank(field.kind)));
        let [first, second] = [0, 1].map(|nth| fields.get(nth).copied().unwrap_or(0));
        let ranks = self.vocabulary(first).map_or_else(Vec::new, Vocabulary::by_sound);
        let hashes = self.vocabulary(second).map_or_else(Vec::new, Vocabulary::hashes);
        let mut keys: Vec<(u64, u32)> = (0..self.rows as u32)
            .filter(|row| stand(*row))
            .map(|row| {
                let value = |field: usize| self.row(row).get(field).copied().unwrap_or(0);
                let rank = ranks.get(value(first) as usize).copied().unwrap_or(0);
                let hash = hashes.get(value(second) as usize).copied().unwrap_or(0);
                let behind = u64::from(row as usize >= self.left) << 63;
                (behind | u64::from(rank) << 32 | u64::from(hash), row)
            })
            .collect();
        keys.sort_unstable();
        for same in keys.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
            same.sort_unstable_by(|(_, a), (_, b)| self.by_text(*a, *b).then(a.cmp(b)));
        }
        keys.into_iter().map(|(_, row)| row).collect()
    }

    /// Compares two rows by the texts they hold, field by field.
    fn by_text(&self, a: u32, b: u32) -> Ordering {
        let values = self.row(a).iter().zip(self.row(b)).enumerate();
        let texts = |(field, (x, y)): (usize, (&u32, &u32))| {
            let vocabulary = self.vocabulary(field)?;
            (x != y).then(|| vocabulary.text(*x).cmp(vocabulary.text(*y)))
        };
        values.filter_map(texts).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    /// Puts row `order[n]` in place n, as often as it stands there. Rows of the first source stay in front.
    pub(in crate::identity) fn arrange(&mut self, order: &[u32]) {
        let mut cells = Vec::with_capacity(order.len() * self.fields.len());
        order.iter().for_each(|row| cells.extend_from_slice(self.row(*row)));
        self.cells = cells;
        self.rows = order.len();
        self.left = order.iter().filter(|row| (**row as usize) < self.left).count();
    }

    /// How many rows hold each value of a field, those that repeat others left out.
    pub(in crate::identity) fn counts_once(&self, field: usize, repeats: &[u32]) -> Vec<u32> {
        let mut counts = self.counts(field);
        for value in repeats.iter().filter_map(|row| self.row(*row).get(field)) {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count -= 1;
            }
        }
        counts
    }

    /// The vocabulary of a field.
    pub(in crate::identity) fn vocabulary(&self, field: usize) -> Option<&Vocabulary> {
        self.vocabularies.get(*self.vocabulary_of.get(field)?)
    }

    /// How many rows hold each value of a field.
    pub(in crate::identity) fn counts(&self, field: usize) -> Vec<u32> {
        let mut counts = vec![0; self.vocabulary(field).map_or(0, Vocabulary::len)];
        for value in self.cells.iter().skip(field).step_by(self.fields.len()) {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// True when a pair of these rows may be compared: any two rows of one source, or one of each of two.
    pub(in crate::identity) fn admits(&self, a: u32, b: u32) -> bool {
        self.left == 0 || ((a as usize) < self.left) != ((b as usize) < self.left)
    }
}
