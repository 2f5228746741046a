use crate::error::{BuildError, Fault, FaultKind};
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// Closed cases to learn from: a table of raw strings, the outcome of each row and, where the order in
/// time matters, when it was.
///
/// Each column keeps every distinct string once, so a row costs one look-up and four bytes a cell.
/// What a column *is* is found from its strings when a model is fitted: numbers, where at least nineteen in twenty
/// cells with a value are finite decimal numbers, else words.
///
/// A cell is missing when it is empty, `NA`, `N/A`, `#N/A`, `NaN` or `null`, in any case; in a column of numbers
/// also when it is `?`, `-`, `--`, `.`, `unknown`, `none` or `nil`. In a column of words these are words like any other, for
/// that something is unknown may tell much. Any other cell of a column of numbers that is no finite number counts
/// as "not a number", apart from the missing ones. Blanks around a cell do not count.
///
/// ```
/// use hearken::scorecard::Rows;
///
/// let mut rows = Rows::new(["source", "visits"]).unwrap();
/// rows.push(&["web", "3"], true);
/// rows.push(&["fair", ""], false);      // an empty cell is a missing value
/// assert_eq!((rows.len(), rows.positives()), (2, 1));
/// ```
#[derive(Debug, Clone)]
pub struct Rows {
    pub(super) columns: Vec<Column>,
    pub(super) outcomes: Vec<bool>,
    pub(super) times: Vec<i64>,
}

/// One column: its distinct strings, and for every row which of them it has.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) texts: Vec<Box<str>>,
    pub(super) ids: Vec<u32>,
    index: HashMap<Box<str>, u32, FixedHash>,
}

impl Rows {
    /// An empty table with these columns; the outcome is not one of them.
    ///
    /// # Errors
    /// No column, or the same name twice.
    pub fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Result<Self, BuildError> {
        let mut columns: Vec<Column> = Vec::new();
        let mut error = BuildError::default();
        for name in names {
            let name = name.into();
            if columns.iter().any(|c| c.name == name) {
                error.push(
                    Fault::new(FaultKind::Duplicate, format!("column {name}"), "this name stands twice")
                        .mend("rename or drop one of them"),
                );
            }
            columns.push(Column { name, texts: Vec::new(), ids: Vec::new(), index: HashMap::default() });
        }
        if columns.is_empty() {
            error.push(Fault::new(FaultKind::Missing, "columns", "a table needs at least one column"));
        }
        error.or(Self { columns, outcomes: Vec::new(), times: Vec::new() })
    }

    /// Adds a closed case of no particular time. Cells beyond the columns are ignored, absent ones are
    /// missing values.
    pub fn push(&mut self, cells: &[&str], outcome: bool) {
        self.push_at(cells, outcome, 0);
    }

    /// Adds a closed case and when it closed, in any unit that grows with time: milliseconds, days, the
    /// number of the row. Only differences count; a learner that forgets uses them.
    pub fn push_at(&mut self, cells: &[&str], outcome: bool, at: i64) {
        let mut cells = cells.iter();
        for column in &mut self.columns {
            let id = column.intern(cells.next().copied().unwrap_or_default());
            column.ids.push(id);
        }
        self.outcomes.push(outcome);
        self.times.push(at);
    }

    /// The first `count` rows as a table of their own.
    pub(super) fn first(&self, count: usize) -> Self {
        let mut part = self.clone();
        part.outcomes.truncate(count);
        part.times.truncate(count);
        part.columns.iter_mut().for_each(|column| column.ids.truncate(count));
        part
    }

    /// The rows of each value of a column, without that column: what was done, say, and how it went each time.
    /// None when there is no such column, or no other.
    ///
    /// ```
    /// use hearken::scorecard::Rows;
    ///
    /// let mut rows = Rows::new(["plan", "action"]).unwrap();
    /// rows.push(&["basic", "call"], true);
    /// rows.push(&["pro", ""], false);
    /// rows.push(&["pro", "call"], true);
    /// let done = rows.by("action");
    /// assert_eq!(done.keys().collect::<Vec<_>>(), ["", "call"]);
    /// assert_eq!(done["call"].names().collect::<Vec<_>>(), ["plan"]);
    /// assert_eq!((done["call"].len(), done["call"].positives()), (2, 2));
    /// ```
    pub fn by(&self, column: &str) -> BTreeMap<String, Rows> {
        let mut parts = BTreeMap::new();
        let Some(place) = self.columns.iter().position(|c| c.name == column) else { return parts };
        let names: Vec<&str> = self.names().filter(|name| *name != column).collect();
        for (row, (outcome, at)) in self.outcomes.iter().zip(&self.times).enumerate() {
            let mut cells = self.row(row).unwrap_or_default();
            let value = cells.remove(place);
            if let Ok(empty) = Rows::new(names.iter().copied()) {
                parts.entry(value.to_owned()).or_insert(empty).push_at(&cells, *outcome, *at);
            }
        }
        parts
    }

    /// The cells of a row, as they were pushed; `None` beyond the last.
    pub fn row(&self, row: usize) -> Option<Vec<&str>> {
        self.columns
            .iter()
            .map(|column| column.texts.get(*column.ids.get(row)? as usize).map(|t| &**t))
            .collect()
    }

    /// The outcome of a row; `None` beyond the last.
    pub fn outcome(&self, row: usize) -> Option<bool> {
        self.outcomes.get(row).copied()
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty()
    }

    /// Number of rows with the outcome.
    pub fn positives(&self) -> usize {
        self.outcomes.iter().filter(|&&outcome| outcome).count()
    }

    /// The names of the columns in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }
}

impl Column {
    fn intern(&mut self, text: &str) -> u32 {
        let text = text.trim();
        if let Some(&id) = self.index.get(text) {
            return id;
        }
        let id = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.into());
        self.index.insert(text.into(), id);
        id
    }
}

/// True for a cell that holds no value: nothing, or one of the marks that exports write for nothing.
pub(super) fn is_missing(text: &str) -> bool {
    text.is_empty() || is_one_of(text, &["na", "n/a", "#n/a", "nan", "null"])
}

/// True for a cell that among numbers holds no value. Among words these are words: that something is unknown may
/// tell much.
pub(super) fn is_no_number(text: &str) -> bool {
    is_one_of(text, &["?", "-", "--", ".", "unknown", "none", "nil"])
}

fn is_one_of(text: &str, marks: &[&str]) -> bool {
    marks.iter().any(|mark| text.eq_ignore_ascii_case(mark))
}

/// The number a cell holds, where it holds one that is finite.
///
/// Up to fifteen digits the count of the smallest decimals and the power of ten are exact, so one
/// division gives the nearest number; all else goes the general way.
pub(super) fn number(text: &str) -> Option<f64> {
    const POWERS: [f64; 16] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (mut count, mut decimals, mut seen_point, mut plain) = (0_u64, 0_usize, false, digits.len() <= 15);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                count = count.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                decimals += usize::from(seen_point);
            }
            b'.' if !seen_point => seen_point = true,
            _ => {
                plain = false;
                break;
            }
        }
    }
    if plain && digits.len() > usize::from(seen_point) {
        let value = count as f64 / POWERS.get(decimals).copied().unwrap_or(1.0);
        return Some(if negative { -value } else { value });
    }
    let starts_like_one = digits.first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b'+'));
    if starts_like_one { text.parse().ok().filter(|value: &f64| value.is_finite()) } else { None }
}

/// A hash with a fixed key for tables that are only probed, never walked: multiply and rotate, eight
/// bytes at a time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Fold(u64);

pub(super) type FixedHash = BuildHasherDefault<Fold>;

impl Fold {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in chunks.by_ref() {
            self.add(chunk.iter().fold(0, |word, &b| word << 8 | u64::from(b)));
        }
        self.add(chunks.remainder().iter().fold(bytes.len() as u64, |word, &b| word << 8 | u64::from(b)));
    }

    fn write_u8(&mut self, _: u8) {}

    fn write_u64(&mut self, word: u64) {
        self.add(word);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 29
    }
}
