use super::bins::FIRST;
use super::card::{Reason, Scorer, Sheet};
use crate::model::Points;

/// A change of one field that would help to reach another score.
///
/// ```
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["complaints", "age"]).unwrap();
/// # for i in 0..600_usize { rows.push(&[&(i % 5).to_string(), "40"], i % 5 * 2 + i / 10 % 7 > 7); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let scorer = fitted.card.scorer(&["complaints", "age"]);
/// let mut sheet = scorer.sheet();
/// scorer.score(&["4", "40"], &mut sheet);
/// // What would have to be otherwise for a risk of less than a third; nobody can change an age.
/// let changes = scorer.changes_below(&sheet, 0.33, |field| field != "age").unwrap();
/// assert_eq!((changes[0].field.as_str(), changes[0].now.as_str()), ("complaints", "is 4"));
/// assert_ne!(changes[0].instead, changes[0].now);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// The field.
    pub field: String,
    /// What it is now, in plain words.
    pub now: String,
    /// What it would have to be, in plain words.
    pub instead: String,
    /// What the change adds, pairs included.
    pub gain: Points,
}

impl Scorer<'_> {
    /// A reason in plain words: `visits is 3 to 7 (+12.4)`, for a pair
    /// `source is web with visits is 3 to 7 (−2.1)`.
    pub fn words(&self, sheet: &Sheet, reason: &Reason) -> String {
        let sign = if reason.points > Points::ZERO { "+" } else { "" };
        format!("{} ({sign}{})", self.describe(sheet, reason), reason.points)
    }

    /// What a reason rests on, in plain words without its points: `visits is 3 to 7`.
    pub fn describe(&self, sheet: &Sheet, reason: &Reason) -> String {
        let fields = self.card.fields.len();
        match reason.part.checked_sub(fields) {
            None => self.field_words(sheet, reason.part),
            Some(pair) => match self.card.pairs.get(pair) {
                Some(pair) => format!(
                    "{} with {}",
                    self.field_words(sheet, pair.fields.0),
                    self.field_words(sheet, pair.fields.1)
                ),
                None => String::new(),
            },
        }
    }

    fn field_words(&self, sheet: &Sheet, field: usize) -> String {
        let bin = sheet.bins.get(field).copied().map_or(0, usize::from);
        self.card.fields.get(field).map_or(String::new(), |f| format!("{} {}", f.name, f.bins.label(bin)))
    }

    /// All parts of a sheet, the strongest first.
    pub fn explain(&self, sheet: &Sheet) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = sheet
            .parts
            .iter()
            .enumerate()
            .filter(|(_, points)| **points != Points::ZERO)
            .map(|(part, points)| Reason { part, points: *points })
            .collect();
        reasons.sort_by_key(|r| (std::cmp::Reverse(r.points.as_thousandths().unsigned_abs()), r.part));
        reasons
    }

    /// What would bring the probability below a threshold: as [`changes_to`](Self::changes_to), no change where it
    /// is below already.
    pub fn changes_below(
        &self,
        sheet: &Sheet,
        threshold: f64,
        may_change: impl Fn(&str) -> bool,
    ) -> Option<Vec<Change>> {
        let enough = |points: Points| self.card.probability(points) < threshold;
        self.changes(sheet, enough, false, may_change)
    }

    /// What would change the grade: a short list of changes, each to a value that training rows had,
    /// that lifts (or, below the score, lowers) a row to `target`, the most helpful field first. Only the
    /// fields that `may_change` accepts are changed. `None` when even all of them would not do.
    ///
    /// Greedy: each step takes the field whose change moves the score furthest, pairs included.
    /// O(changes × fields × bins × tables).
    pub fn changes_to(
        &self,
        sheet: &Sheet,
        target: Points,
        may_change: impl Fn(&str) -> bool,
    ) -> Option<Vec<Change>> {
        let rising = target > self.total(&sheet.bins);
        let reached = |total: Points| if rising { total >= target } else { total <= target };
        self.changes(sheet, reached, rising, may_change)
    }

    fn changes(
        &self,
        sheet: &Sheet,
        reached: impl Fn(Points) -> bool,
        rising: bool,
        may_change: impl Fn(&str) -> bool,
    ) -> Option<Vec<Change>> {
        let mut bins = sheet.bins.clone();
        let (mut total, mut changes) = (self.total(&bins), Vec::new());
        while !reached(total) {
            let mut best: Option<(Points, usize, u8)> = None;
            let fields = self.card.fields.iter().enumerate();
            let open = |i: usize| bins.get(i) == sheet.bins.get(i);
            for (i, field) in fields.filter(|(i, field)| open(*i) && may_change(&field.name)) {
                let seen = field.rows.iter().enumerate().skip(FIRST).filter(|(_, rows)| **rows > 0.0);
                for bin in seen.filter_map(|(bin, _)| u8::try_from(bin).ok()) {
                    let mut other = bins.clone();
                    if let Some(slot) = other.get_mut(i) {
                        *slot = bin;
                    }
                    let value = self.total(&other);
                    let better = best.is_none_or(|(b, ..)| if rising { value > b } else { value < b });
                    if better {
                        best = Some((value, i, bin));
                    }
                }
            }
            let (value, i, bin) = best?;
            let gain = value - total;
            if gain == Points::ZERO || (gain > Points::ZERO) != rising {
                return None;
            }
            let (field, slot) = (self.card.fields.get(i)?, bins.get_mut(i)?);
            changes.push(Change {
                field: field.name.clone(),
                now: field.bins.label(usize::from(*slot)),
                instead: field.bins.label(usize::from(bin)),
                gain,
            });
            *slot = bin;
            total = value;
        }
        Some(changes)
    }

    fn total(&self, bins: &[u8]) -> Points {
        let fields = (self.card.fields.iter().zip(bins))
            .map(|(field, bin)| field.points.get(usize::from(*bin)).copied().unwrap_or_default());
        let pairs = self.card.pairs.iter().map(|pair| pair.points_at(bins));
        self.card.base + fields.sum() + pairs.sum()
    }
}
