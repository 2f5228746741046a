use super::rows::{Column, FixedHash, is_missing, is_no_number, number};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The bin of a missing value.
pub(super) const MISSING: u8 = 0;
/// The bin of a word too rare to have one, of a word never seen, and of a word among numbers.
pub(super) const OTHER: u8 = 1;
/// The first bin of values.
pub(super) const FIRST: usize = 2;
/// The bin of a column that the table does not have: beyond every table of points, so it adds nothing.
pub(super) const ABSENT: u8 = u8::MAX;
/// A bin number fits a byte, and [`ABSENT`] is none.
pub(super) const MOST_BINS: usize = ABSENT as usize;
/// Shares of a number column: each closes at most two bins, its own and the one before a heavy value.
const MOST_NUMBER_BINS: usize = (MOST_BINS - FIRST) / 2;

/// How the values of a field fall into bins. Bin 0 is "missing", bin 1 "other" (a word that is rare or new, or among
/// numbers a cell that is none), then come these. [`Rows`](super::Rows) says what counts as missing.
///
/// ```
/// # use hearken::scorecard::{Bins, Learned, Learner, Rows};
/// # let mut rows = Rows::new(["source", "visits"]).unwrap();
/// # for i in 0..400_usize { rows.push(&[["fair", "web"][i % 2], &(i % 7).to_string()], i % 7 + i % 2 * 2 + i / 7 % 3 > 5); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// // The axis of a chart for each field, in plain words.
/// let [source, visits] = fitted.card.fields() else { panic!() };
/// assert!(matches!(source.bins, Bins::Word { .. }) && visits.bins.is_ordered());
/// let labels: Vec<String> = (0..source.bins.len()).map(|bin| source.bins.label(bin)).collect();
/// assert_eq!((labels[0].as_str(), &labels[2..]), ("is missing", &["is fair".to_owned(), "is web".to_owned()][..]));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bins {
    /// Numbers: `edges` between neighbouring bins, ascending, a value on an edge belongs below; and the
    /// least and greatest training value of each bin.
    Number {
        /// One fewer than the bins.
        edges: Vec<f64>,
        /// Least and greatest value seen in each bin.
        ranges: Vec<(f64, f64)>,
    },
    /// Words: each its own bin, in byte order.
    Word {
        /// The words.
        levels: Vec<String>,
    },
}

impl Bins {
    /// Number of bins, the missing and the other one included.
    pub fn len(&self) -> usize {
        FIRST
            + match self {
                Self::Number { ranges, .. } => ranges.len(),
                Self::Word { levels } => levels.len(),
            }
    }

    /// True when no value has a bin of its own.
    pub fn is_empty(&self) -> bool {
        self.len() == FIRST
    }

    /// True when neighbouring bins are neighbours in value.
    pub fn is_ordered(&self) -> bool {
        matches!(self, Self::Number { .. })
    }

    /// What the bin holds, in plain words: `is web`, `is 3 to 7`, `is missing`.
    pub fn label(&self, bin: usize) -> String {
        match (bin.checked_sub(FIRST), self) {
            _ if bin == usize::from(ABSENT) => "is not given".to_owned(),
            (None, _) if bin == usize::from(MISSING) => "is missing".to_owned(),
            (None, Self::Number { .. }) => "is not a number".to_owned(),
            (None, Self::Word { .. }) => "is rare or new".to_owned(),
            (Some(i), Self::Number { ranges, .. }) => match ranges.get(i) {
                Some((low, high)) if low == high => format!("is {low}"),
                Some((_, high)) if i == 0 => format!("is {high} or less"),
                Some((low, _)) if i + 1 == ranges.len() => format!("is {low} or more"),
                Some((low, high)) => format!("is {low} to {high}"),
                None => String::new(),
            },
            (Some(i), Self::Word { levels }) => match levels.get(i) {
                Some(level) => format!("is {level}"),
                None => String::new(),
            },
        }
    }

    /// Bins for a column from the rows and the weight of each of its distinct strings: about `most` bins
    /// of numbers; words with fewer rows than `least` share the "other" bin. `None` when no value has a
    /// bin or all rows share one.
    ///
    /// Half of the rows' say in where edges lie goes by their weight: where recent rows weigh more, recent
    /// values get finer bins.
    pub(super) fn find(
        column: &Column,
        counts: &[f64],
        weights: &[f64],
        most: usize,
        least: f64,
    ) -> Option<Self> {
        let scale = counts.iter().sum::<f64>() / weights.iter().sum::<f64>().max(1e-300);
        let weights = counts.iter().zip(weights).map(|(count, weight)| 0.5 * (count + scale * weight));
        let mut words: Vec<(&str, f64)> = Vec::new();
        let mut numbers: Vec<(f64, f64)> = Vec::new();
        let (mut word_rows, mut number_rows) = (0.0, 0.0);
        let used = column.texts.iter().zip(counts).zip(weights);
        for ((text, count), weight) in used.filter(|((text, count), _)| **count > 0.0 && !is_missing(text)) {
            words.push((text, weight));
            match number(text) {
                Some(value) => {
                    numbers.push((value, weight));
                    number_rows += count;
                }
                None if is_no_number(text) => {}
                None => word_rows += count,
            }
        }
        let bins = if number_rows > 0.0 && number_rows >= 19.0 * word_rows {
            quantile_bins(numbers, most.min(MOST_NUMBER_BINS), least)
        } else {
            words.retain(|(_, weight)| *weight >= least);
            words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
            words.truncate(MOST_BINS - FIRST);
            words.sort_by_key(|(word, _)| *word);
            Self::Word { levels: words.into_iter().map(|(word, _)| word.to_owned()).collect() }
        };
        let one_bin = bins.len() == FIRST + 1 && counts.iter().filter(|count| **count > 0.0).count() == 1;
        (!bins.is_empty() && !one_bin).then_some(bins)
    }

    /// The bin of each distinct string of a column.
    pub(super) fn of_texts(&self, column: &Column) -> Vec<u8> {
        let finder = Finder::new(self);
        column.texts.iter().map(|text| finder.bin(text)).collect()
    }
}

/// Quantile bins: a bin closes when it has its share of the weight, and a value that alone has a share
/// gets its own bin. Edges lie half-way between the values around them.
fn quantile_bins(mut values: Vec<(f64, f64)>, most: usize, least: f64) -> Bins {
    values.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    values.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let share = (total / most as f64).max(least.min(total / 16.0)).max(4.0);
    let (mut edges, mut ranges) = (Vec::new(), Vec::new());
    let (mut low, mut weight) = (None, 0.0);
    for (i, &(value, own)) in values.iter().enumerate() {
        let start = *low.get_or_insert(value);
        weight += own;
        match values.get(i + 1) {
            Some(&(next, heavy)) => {
                if weight >= share || (heavy >= share && weight >= 0.3 * share) {
                    edges.push(f64::midpoint(value, next));
                    ranges.push((start, value));
                    (low, weight) = (None, 0.0);
                }
            }
            None => ranges.push((start, value)),
        }
    }
    Bins::Number { edges, ranges }
}

/// Finds the bin of a raw string.
#[derive(Debug, Clone)]
pub(super) enum Finder {
    Number(Vec<f64>),
    Word(HashMap<Box<str>, u8, FixedHash>),
}

impl Finder {
    pub(super) fn new(bins: &Bins) -> Self {
        match bins {
            Bins::Number { edges, .. } => Self::Number(edges.clone()),
            Bins::Word { levels } => Self::Word(
                levels.iter().zip(FIRST as u8..).map(|(w, bin)| (w.as_str().into(), bin)).collect(),
            ),
        }
    }

    /// The bin of a cell. O(log bins) for numbers, O(length) for words.
    pub(super) fn bin(&self, text: &str) -> u8 {
        match self {
            Self::Number(edges) => match number(text) {
                Some(value) => (FIRST + edges.partition_point(|edge| *edge < value)) as u8,
                None => self.without_value(text.trim(), text),
            },
            Self::Word(levels) => match levels.get(text) {
                Some(&bin) => bin,
                None => self.without_value(text.trim(), text),
            },
        }
    }

    /// A cell that is not a value as it stands: padded, missing or unknown.
    #[cold]
    fn without_value(&self, trimmed: &str, text: &str) -> u8 {
        if trimmed.len() < text.len() {
            self.bin(trimmed)
        } else if is_missing(trimmed) || (matches!(self, Self::Number(_)) && is_no_number(trimmed)) {
            MISSING
        } else {
            OTHER
        }
    }
}
