use super::card::{Scorecard, Sheet, points};
use super::rows::Fold;
use std::hash::Hasher;

/// The level follows about so many of the latest cases.
const LEVEL_MEMORY: f64 = 500.0;
/// A bin counts as having at least so many rows, so that a lone case cannot throw it far.
const BIN_PRIOR: f64 = 20.0;

impl Scorecard {
    /// A small step between two fits: moves the model towards an outcome that has just become known, of
    /// a row scored with this model into `sheet`.
    ///
    /// It is one diagonal Newton step: the base moves as if the last 500 cases made it, the bins of the
    /// row as the rows they were learnt from allow, shared among the fields. Pairs stay. The points of a score still
    /// add up, and the version changes with every step. Unlike a fit, the order of steps matters.
    /// O(fields).
    ///
    /// ```
    /// use hearken::scorecard::{Learned, Learner, Rows};
    ///
    /// # let mut rows = Rows::new(["source"]).unwrap();
    /// # for i in 0..400 { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
    /// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
    /// let mut card = fitted.card;
    /// let mut sheet = card.scorer(&["source"]).sheet();
    /// let before = card.scorer(&["source"]).score(&["web"], &mut sheet);
    /// card.observe(&sheet, true);
    /// let after = card.scorer(&["source"]).score(&["web"], &mut sheet);
    /// assert!(after.probability > before.probability && after.model != before.model);
    /// ```
    pub fn observe(&mut self, sheet: &Sheet, outcome: bool) {
        let total = self.base + sheet.parts.iter().copied().sum();
        let p = self.probability(total);
        let residual = f64::from(u8::from(outcome)) - p;
        let variance = (p * (1.0 - p)).max(0.05);
        let (rows, _) = self.learnt_from();
        self.base += points(residual / (variance * LEVEL_MEMORY.min(rows as f64)));
        let share = 1.0 / self.fields.len().max(1) as f64;
        for (field, bin) in self.fields.iter_mut().zip(&sheet.bins) {
            let bin = usize::from(*bin);
            if let (Some(entry), Some(rows)) = (field.points.get_mut(bin), field.rows.get_mut(bin)) {
                *entry += points(share * residual / (variance * (*rows + BIN_PRIOR)));
                *rows += 1.0;
            }
        }
        let mut hash = Fold::default();
        hash.write_u64(self.version);
        hash.write(&sheet.bins);
        hash.write_u64(u64::from(outcome));
        self.version = hash.finish() >> 11;
    }
}
