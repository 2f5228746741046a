use super::additive::{Additive, Grid};
use super::bins::{ABSENT, Bins, Finder};
use super::calibrate::Calibration;
use super::fit::{Sample, columns, sum_by_code};
use super::rows::Fold;
use crate::model::Points;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;
use std::hash::Hasher;

/// Points that double the odds.
pub const POINTS_PER_DOUBLING: i64 = 20;
/// Thousandths of a point per unit of log-odds.
const THOUSANDTHS: f64 = POINTS_PER_DOUBLING as f64 * 1_000.0 / LN_2;
/// The version of the serialised form.
const FORMAT: u32 = 1;

/// A fitted model: a table of points per field, a few tables for pairs of fields, and one function from
/// the sum of points to a probability. Plain serde data, with a version that every score carries.
///
/// The score of a row is the base plus one entry of each table, all [`Points`], so it is the sum of its
/// explanation exactly. Twenty points double the odds. Entries are relative to the average training row:
/// positive speaks for the outcome, negative against it.
///
/// ```
/// use hearken::scorecard::{Learned, Learner, Rows, Scorecard};
///
/// # let mut rows = Rows::new(["source"]).unwrap();
/// # for i in 0..200 { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let card: Scorecard = fitted.card;
/// let stored = serde_json::to_string(&card).unwrap();
/// assert_eq!(serde_json::from_str::<Scorecard>(&stored).unwrap(), card);
///
/// let scorer = card.scorer(&["source"]);
/// let mut sheet = scorer.sheet();
/// let score = scorer.score(&["web"], &mut sheet);
/// assert_eq!(card.base() + sheet.parts().iter().copied().sum(), score.points);
/// assert_eq!(score.model, card.version());
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scorecard {
    format: u32,
    pub(super) version: u64,
    pub(super) base: Points,
    pub(super) fields: Vec<Field>,
    pub(super) pairs: Vec<Pair>,
    pub(super) calibration: Calibration,
    rows: usize,
    positives: usize,
    forbidden: Vec<String>,
}

/// The table of one field.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["source"]).unwrap();
/// # for i in 0..200_usize { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// // The whole model of this column, to be printed and argued about.
/// let field = &fitted.card.fields()[0];
/// let line = |bin: usize| format!("{} {}: {}", field.name, field.bins.label(bin), field.points[bin]);
/// assert!(line(2).starts_with("source is fair: -") && !line(3).contains('-'), "{} {}", line(2), line(3));
/// assert_eq!(field.rows.iter().sum::<f64>(), 200.0);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Field {
    /// The column.
    pub name: String,
    /// How its values fall into bins.
    pub bins: Bins,
    /// The points of each bin; none for a bin without training rows.
    pub points: Vec<Points>,
    /// Training rows in each bin, by weight.
    pub rows: Vec<f64>,
}

/// The table of two fields together, beyond what each says alone.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["a", "b"]).unwrap();
/// # for i in 0..1_200_usize {
/// #     let (a, b) = (i % 2, i / 2 % 2);
/// #     rows.push(&[["no", "yes"][a], ["no", "yes"][b]], (a == b) == (i / 4 % 10 < 9));
/// # }
/// // The outcome comes when both columns say the same: neither tells anything alone, so they are learnt together.
/// let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let pair = &fitted.card.pairs()[0];
/// assert_eq!(pair.fields, (0, 1));
/// let cell = |a: usize, b: usize| pair.points[usize::from(pair.rows[a]) * pair.width + usize::from(pair.columns[b])];
/// assert!(cell(2, 2) > cell(2, 3), "no with no speaks for it, no with yes against it");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Pair {
    /// The two fields, by place.
    pub fields: (usize, usize),
    /// The cell of each bin of the first field.
    pub rows: Vec<u8>,
    /// The cell of each bin of the second field.
    pub columns: Vec<u8>,
    /// Cells of the second field.
    pub width: usize,
    /// The points of each cell, a row of `width` for each cell of the first field.
    pub points: Vec<Points>,
}

impl Scorecard {
    pub(super) fn new(
        fields: Vec<(String, Bins)>,
        model: Additive,
        sample: &Sample,
        calibration: Calibration,
        (rows, positives): (usize, usize),
        mut forbidden: Vec<String>,
    ) -> Self {
        let total: f64 = sample.weights.iter().sum();
        let mass = sample.mass();
        let mut base = model.intercept;
        // Points of one table relative to its mean over the training rows; bins without rows get none.
        let mut centre = |codes: &[u8], weights: &[f64]| -> (Vec<Points>, Vec<f64>) {
            let (rows, _) = columns(&sum_by_code(codes, &mass));
            let mean = rows.iter().zip(weights).map(|(n, w)| n * w).sum::<f64>() / total;
            base += mean;
            let points = (rows.iter().zip(weights))
                .map(|(n, w)| if *n > 0.0 { points(w - mean) } else { Points::ZERO })
                .collect();
            (points, rows.iter().copied().take(weights.len()).collect())
        };
        let fields: Vec<Field> = (fields.into_iter().zip(&model.tables).zip(&sample.codes))
            .map(|(((name, bins), weights), codes)| {
                let (points, rows) = centre(codes, weights);
                Field { name, bins, points, rows }
            })
            .collect();
        let pairs: Vec<Pair> = (model.grids.into_iter())
            .map(|grid| {
                let codes = |i: usize| sample.codes.get(i).map(Vec::as_slice).unwrap_or_default();
                let cells = grid.codes(codes(grid.fields.0), codes(grid.fields.1));
                let (points, _) = centre(&cells, &grid.weights);
                let Grid { fields, rows, columns, width, .. } = grid;
                Pair { fields, rows, columns, width, points }
            })
            .collect();
        forbidden.sort();
        forbidden.dedup();
        let base = points(base);
        let mut card =
            Self { format: FORMAT, version: 0, base, fields, pairs, calibration, rows, positives, forbidden };
        card.stamp();
        card
    }

    /// Sets the version to a hash of everything that decides a score.
    pub(super) fn stamp(&mut self) {
        self.version = 0;
        let mut hash = Fold::default();
        hash.write(serde_json::to_string(self).unwrap_or_default().as_bytes());
        // 53 bits, so that the number survives programs that read JSON numbers as floating point.
        self.version = hash.finish() >> 11;
    }

    /// The same model with another calibration, and so another version.
    pub(super) fn calibrated(mut self, calibration: Calibration) -> Self {
        self.calibration = calibration;
        self.stamp();
        self
    }

    /// The log-odds that a sum of points stands for, before calibration.
    pub(super) fn log_odds(points: Points) -> f64 {
        points.as_thousandths() as f64 / THOUSANDTHS
    }

    /// The version: a hash of the content, the same for the same model on every machine.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The points of the average training row.
    pub fn base(&self) -> Points {
        self.base
    }

    /// The tables, one a field, in the order of the training columns.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The tables of two fields.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// The function from the sum of points to the probability.
    pub fn calibration(&self) -> &Calibration {
        &self.calibration
    }

    /// Rows it was learnt from, and those of them with the outcome.
    pub fn learnt_from(&self) -> (usize, usize) {
        (self.rows, self.positives)
    }

    /// True when a column takes part in the score, alone or in a pair. A column that is forbidden never
    /// does, and here a host sees it.
    pub fn uses(&self, column: &str) -> bool {
        self.fields.iter().any(|field| field.name == column)
    }

    /// The columns that were forbidden, sorted. None of them is used.
    pub fn forbidden(&self) -> &[String] {
        &self.forbidden
    }

    /// The probability for a sum of points: the one stated function. It is no surer than the rows allow: of `n`
    /// training rows, were all alike, the next would be another with `1 / (n + 2)` (Laplace's rule of succession).
    pub fn probability(&self, points: Points) -> f64 {
        let least = self.least();
        self.calibration.probability(Self::log_odds(points)).clamp(least, 1.0 - least)
    }

    /// The least probability it gives; the greatest is as far from 1.
    pub(super) fn least(&self) -> f64 {
        1.0 / (self.rows as f64 + 2.0)
    }

    /// Prepares for scoring rows of these columns, in this order. A field whose column is not among them adds nothing
    /// to any row, as on average: that a table lacks a column says nothing of its rows, while an empty cell does.
    pub fn scorer<S: AsRef<str>>(&self, columns: &[S]) -> Scorer<'_> {
        let readers = (self.fields.iter())
            .map(|field| Reader {
                column: columns.iter().position(|name| name.as_ref() == field.name),
                finder: Finder::new(&field.bins),
                points: &field.points,
            })
            .collect();
        Scorer { card: self, readers }
    }
}

/// The points of a difference in log-odds, to the nearest thousandth.
pub(super) fn points(log_odds: f64) -> Points {
    Points::thousandths((log_odds * THOUSANDTHS).round() as i64)
}

/// A scorecard bound to the columns of a table.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["source"]).unwrap();
/// # for i in 0..200_usize { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// // Bound once to the columns of the host's list, then run over it; the sheet is filled anew for each row.
/// let scorer = fitted.card.scorer(&["name", "source"]);
/// let mut sheet = scorer.sheet();
/// let scores = [["Ann", "web"], ["Bo", "fair"]].map(|row| scorer.score(&row, &mut sheet).probability);
/// assert!(scores[0] > scores[1]);
/// ```
#[derive(Debug, Clone)]
pub struct Scorer<'a> {
    pub(super) card: &'a Scorecard,
    readers: Vec<Reader<'a>>,
}

#[derive(Debug, Clone)]
struct Reader<'a> {
    column: Option<usize>,
    finder: Finder,
    points: &'a [Points],
}

/// The bins a row fell into and the points each table gave it. Kept by the caller and filled again for
/// every row, so that scoring allocates nothing.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["source"]).unwrap();
/// # for i in 0..200_usize { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let scorer = fitted.card.scorer(&["source"]);
/// let mut sheet = scorer.sheet();
/// let score = scorer.score(&["web"], &mut sheet);
/// // Where the points of this row come from.
/// assert_eq!(fitted.card.base() + sheet.parts().iter().copied().sum(), score.points);
/// assert_eq!(fitted.card.fields()[0].bins.label(sheet.bins()[0].into()), "is web");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    pub(super) bins: Vec<u8>,
    pub(super) parts: Vec<Points>,
}

impl Sheet {
    /// The points of each table: first the fields, then the pairs. They and the base add up to the score.
    pub fn parts(&self) -> &[Points] {
        &self.parts
    }

    /// The bin of each field; 255 for a field whose column the table does not have.
    pub fn bins(&self) -> &[u8] {
        &self.bins
    }
}

/// How many reasons a score names.
pub const REASONS: usize = 5;

/// A score: points, probability, the strongest reasons, and the model that gave it.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["source"]).unwrap();
/// # for i in 0..200_usize { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let scorer = fitted.card.scorer(&["source"]);
/// let score = scorer.score(&["web"], &mut scorer.sheet());
/// // What is stored beside the lead: how likely, on how many points, by which model.
/// assert_eq!(score.probability, fitted.card.probability(score.points));
/// assert_eq!(score.model, fitted.card.version());
/// assert_eq!(score.reasons().count(), 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Score {
    /// Base and contributions added up.
    pub points: Points,
    /// The calibrated probability of the outcome.
    pub probability: f64,
    /// The version of the model.
    pub model: u64,
    reasons: [Reason; REASONS],
}

/// One table's part in a score.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["source", "age"]).unwrap();
/// # for i in 0..200_usize { rows.push(&[["fair", "web"][i % 2], "40"], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let scorer = fitted.card.scorer(&["source", "age"]);
/// let mut sheet = scorer.sheet();
/// let score = scorer.score(&["fair", "40"], &mut sheet);
/// let reason = score.reasons().next().unwrap();
/// assert!(reason.points < hearken::model::Points::ZERO, "it speaks against");
/// assert!(scorer.words(&sheet, reason).starts_with("source is fair (-"));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reason {
    /// The table: fields first, then pairs; [`Scorer::words`] puts it into words.
    pub part: usize,
    /// What it adds; negative speaks against the outcome.
    pub points: Points,
}

impl Score {
    /// The strongest reasons, for or against, strongest first; those without points are left out.
    pub fn reasons(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.points != Points::ZERO)
    }
}

impl Scorer<'_> {
    /// Fields whose column the table does not have: they add nothing.
    pub fn absent(&self) -> impl Iterator<Item = &str> {
        let fields = self.card.fields.iter().zip(&self.readers);
        fields.filter(|(_, reader)| reader.column.is_none()).map(|(field, _)| field.name.as_str())
    }

    /// An empty sheet of the right size.
    pub fn sheet(&self) -> Sheet {
        let parts = self.readers.len() + self.card.pairs.len();
        Sheet { bins: vec![0; self.readers.len()], parts: vec![Points::ZERO; parts] }
    }

    /// Scores a row of raw strings and leaves its parts in `sheet`. O(fields), nothing is allocated.
    pub fn score(&self, cells: &[&str], sheet: &mut Sheet) -> Score {
        let fields = self.readers.len().min(sheet.parts.len());
        let (fields, pairs) = sheet.parts.split_at_mut(fields);
        let mut total = self.card.base;
        let mut top = [Reason::default(); REASONS];
        for (part, ((reader, bin), slot)) in self.readers.iter().zip(&mut sheet.bins).zip(fields).enumerate()
        {
            *bin = match reader.column {
                Some(column) => reader.finder.bin(cells.get(column).copied().unwrap_or_default()),
                None => ABSENT,
            };
            *slot = reader.points.get(usize::from(*bin)).copied().unwrap_or_default();
            total += *slot;
            insert(&mut top, Reason { part, points: *slot });
        }
        for (part, (pair, slot)) in (self.readers.len()..).zip(self.card.pairs.iter().zip(pairs)) {
            *slot = pair.points_at(&sheet.bins);
            total += *slot;
            insert(&mut top, Reason { part, points: *slot });
        }
        Score {
            points: total,
            probability: self.card.probability(total),
            model: self.card.version,
            reasons: top,
        }
    }
}

impl Pair {
    /// The points of a row with these bins; none where a column is absent.
    pub(super) fn points_at(&self, bins: &[u8]) -> Points {
        let cell = |map: &[u8], field: usize| Some(usize::from(*map.get(usize::from(*bins.get(field)?))?));
        let at = || Some(cell(&self.rows, self.fields.0)? * self.width + cell(&self.columns, self.fields.1)?);
        at().and_then(|at| self.points.get(at)).copied().unwrap_or_default()
    }
}

/// Keeps the strongest reasons in order; the earlier table stands first among equals.
#[inline]
fn insert(top: &mut [Reason; REASONS], reason: Reason) {
    let strength = |reason: &Reason| reason.points.as_thousandths().unsigned_abs();
    let mut carried = reason;
    if strength(&carried) <= top.last().map_or(0, strength) {
        return;
    }
    for slot in top {
        if strength(&carried) > strength(slot) {
            std::mem::swap(slot, &mut carried);
        }
    }
}
