use super::real::{ln, sigmoid};

/// How well probabilities fit outcomes that the model had not seen.
///
/// [`Fitted`](super::Fitted) holds one from its inner folds; a host builds its own from any list of
/// probabilities and outcomes.
///
/// ```
/// use hearken::scorecard::Validation;
///
/// let check = Validation::new([(0.9, true), (0.8, true), (0.3, false), (0.6, false)]);
/// assert_eq!(check.auc(), 1.0);
/// // A missed buyer costs five times a wasted call: call from 0.8 upwards.
/// let choice = check.threshold(5.0, 1.0).unwrap();
/// assert_eq!((choice.threshold, choice.misses, choice.false_alarms), (0.8, 0, 0));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Validation {
    /// Ascending by probability, then outcome.
    cases: Vec<(f64, bool)>,
}

/// One bar of a reliability plot.
///
/// ```
/// use hearken::scorecard::Validation;
///
/// let cases = (0..100).map(|n| (0.25, n < 24)).chain((0..100).map(|n| (0.75, n < 90)));
/// let bars = Validation::new(cases).reliability(2);
/// // Where 25 % was said, it was so; where 75 % was said, it was too little.
/// let honest: Vec<_> = bars.iter()
///     .map(|bar| bar.interval.0 <= bar.predicted && bar.predicted <= bar.interval.1)
///     .collect();
/// assert_eq!((honest, bars[1].rows, bars[1].observed), (vec![true, false], 100, 0.9));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Reliability {
    /// Number of rows whose probability fell into the bar.
    pub rows: usize,
    /// Their mean probability.
    pub predicted: f64,
    /// The share of them that had the outcome.
    pub observed: f64,
    /// 95 % Wilson interval of the observed share.
    pub interval: (f64, f64),
}

/// A threshold chosen from costs, with what it did on the validation rows.
///
/// ```
/// use hearken::scorecard::Validation;
///
/// let check = Validation::new([(0.9, true), (0.8, false), (0.6, true), (0.2, false)]);
/// // A buyer who is missed costs as much as ten calls in vain, then only a tenth of one.
/// let (eager, careful) = (check.threshold(10.0, 1.0).unwrap(), check.threshold(1.0, 10.0).unwrap());
/// assert_eq!((eager.threshold, eager.hits, eager.false_alarms), (0.6, 2, 1));
/// assert_eq!((careful.threshold, careful.precision.0, careful.recall.0), (0.9, 1.0, 0.5));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Threshold {
    /// Act on this probability and above.
    pub threshold: f64,
    /// Rows with the outcome below the threshold.
    pub misses: usize,
    /// Rows without the outcome at or above it.
    pub false_alarms: usize,
    /// Rows with the outcome at or above it.
    pub hits: usize,
    /// Mean cost per row.
    pub cost: f64,
    /// 95 % interval of the mean cost per row (normal approximation).
    pub cost_interval: (f64, f64),
    /// Share of hits among those acted on, with its 95 % Wilson interval.
    pub precision: (f64, (f64, f64)),
    /// Share of hits among those with the outcome, with its 95 % Wilson interval.
    pub recall: (f64, (f64, f64)),
}

impl Validation {
    /// Takes probabilities with their outcomes, in any order; not-a-number counts as 0.
    pub fn new(cases: impl IntoIterator<Item = (f64, bool)>) -> Self {
        let mut cases: Vec<(f64, bool)> =
            cases.into_iter().map(|(p, y)| (if p.is_nan() { 0.0 } else { p.clamp(0.0, 1.0) }, y)).collect();
        cases.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Self { cases }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.cases.len()
    }

    /// Number of rows with the outcome.
    pub fn positives(&self) -> usize {
        self.cases.iter().filter(|case| case.1).count()
    }

    /// Area under the ROC curve: how often a row with the outcome stands above one without, ties half.
    /// 0.5 when either kind is absent. O(n).
    pub fn auc(&self) -> f64 {
        let positives = self.positives() as f64;
        let negatives = self.rows() as f64 - positives;
        if positives == 0.0 || negatives == 0.0 {
            return 0.5;
        }
        let (mut below, mut won) = (0.0, 0.0);
        for tie in self.cases.chunk_by(|a, b| a.0 == b.0) {
            let hits = tie.iter().filter(|case| case.1).count() as f64;
            let rest = tie.len() as f64 - hits;
            won += hits * (below + rest / 2.0);
            below += rest;
        }
        won / (positives * negatives)
    }

    /// Mean negative log-likelihood, probabilities held within 1e-6 of 0 and 1.
    pub fn log_loss(&self) -> f64 {
        let sum: f64 = self.cases.iter().map(|&(p, y)| loss(p, y)).sum();
        sum / self.rows().max(1) as f64
    }

    /// Expected calibration error: the mean gap between predicted and observed over `bars` bars of equal
    /// width, weighted by their rows.
    pub fn calibration_error(&self, bars: usize) -> f64 {
        let gaps: f64 = (self.reliability(bars).iter())
            .map(|bar| (bar.predicted - bar.observed).abs() * bar.rows as f64)
            .sum();
        gaps / self.rows().max(1) as f64
    }

    /// The reliability plot: bars of equal width, the empty ones left out.
    pub fn reliability(&self, bars: usize) -> Vec<Reliability> {
        let bar_of = |p: f64| ((p * bars as f64) as usize).min(bars.saturating_sub(1));
        (self.cases.chunk_by(|a, b| bar_of(a.0) == bar_of(b.0)))
            .map(|bar| {
                let (rows, hits) = (bar.len(), bar.iter().filter(|case| case.1).count());
                Reliability {
                    rows,
                    predicted: bar.iter().map(|case| case.0).sum::<f64>() / rows as f64,
                    observed: hits as f64 / rows as f64,
                    interval: wilson(hits, rows),
                }
            })
            .collect()
    }

    /// The share of outcomes among the `k` rows of greatest probability; ties across the border count in
    /// proportion. Of all rows when there are fewer; 0 when there are none. O(n).
    ///
    /// ```
    /// use hearken::scorecard::Validation;
    ///
    /// let check = Validation::new([(0.9, true), (0.8, false), (0.8, true), (0.1, false)]);
    /// assert_eq!((check.precision_at(1), check.precision_at(2), check.precision_at(3)), (1.0, 0.75, 2.0 / 3.0));
    /// ```
    pub fn precision_at(&self, k: usize) -> f64 {
        let k = k.min(self.rows());
        let (mut left, mut hits) = (k, 0.0);
        for tie in self.cases.chunk_by(|a, b| a.0 == b.0).rev() {
            let taken = left.min(tie.len());
            let won = tie.iter().filter(|case| case.1).count();
            hits += (won * taken) as f64 / tie.len() as f64;
            left -= taken;
        }
        hits / k.max(1) as f64
    }

    /// The threshold of least total cost, given the cost of a miss (an outcome not acted on) and of a
    /// false alarm; among equals the highest. `None` without rows or with a cost that is not positive.
    /// O(n).
    pub fn threshold(&self, miss: f64, false_alarm: f64) -> Option<Threshold> {
        let sane = |cost: f64| cost.is_finite() && cost > 0.0;
        if !sane(miss) || !sane(false_alarm) || self.cases.is_empty() {
            return None;
        }
        let positives = self.positives();
        // From the top: first act on nobody, then on ever more.
        let mut best = (miss * positives as f64, 1.0_f64.next_up(), 0, 0);
        let (mut hits, mut alarms) = (0, 0);
        for tie in self.cases.chunk_by(|a, b| a.0 == b.0).rev() {
            let won = tie.iter().filter(|case| case.1).count();
            hits += won;
            alarms += tie.len() - won;
            let cost = miss * (positives - hits) as f64 + false_alarm * alarms as f64;
            if cost < best.0 {
                best = (cost, tie.first().map_or(0.0, |case| case.0), hits, alarms);
            }
        }
        let (cost, threshold, hits, false_alarms) = best;
        let rows = self.rows() as f64;
        let (mean, misses) = (cost / rows, positives - hits);
        let square = miss * miss * misses as f64 + false_alarm * false_alarm * false_alarms as f64;
        let half = 1.96 * ((square / rows - mean * mean).max(0.0) / rows).sqrt();
        let share = |part: usize, all: usize| (part as f64 / all.max(1) as f64, wilson(part, all));
        Some(Threshold {
            threshold,
            misses,
            false_alarms,
            hits,
            cost: mean,
            cost_interval: ((mean - half).max(0.0), mean + half),
            precision: share(hits, hits + false_alarms),
            recall: share(hits, positives),
        })
    }
}

/// Negative log-likelihood of one outcome.
pub(super) fn loss(p: f64, outcome: bool) -> f64 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    -ln(if outcome { p } else { 1.0 - p })
}

/// Negative log-likelihood of an outcome (0 or 1) under log-odds.
pub(super) fn logit_loss(logit: f64, outcome: f64) -> f64 {
    loss(sigmoid(logit), outcome > 0.5)
}

/// 95 % Wilson score interval of a share: `hits` of `rows`. The whole of 0..1 when there is no row.
///
/// ```
/// use hearken::scorecard::wilson;
///
/// let (low, high) = wilson(8, 10);
/// assert!((low - 0.490).abs() < 0.001 && (high - 0.943).abs() < 0.001);
/// ```
pub fn wilson(hits: usize, rows: usize) -> (f64, f64) {
    if rows == 0 {
        return (0.0, 1.0);
    }
    const Z: f64 = 1.959_963_984_540_054;
    let (n, p) = (rows as f64, hits as f64 / rows as f64);
    let centre = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let scale = 1.0 + Z * Z / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

/// The difference of two shares, `second − first`, each as `(hits, rows)`, with its 95 % interval: Newcombe's, from the
/// two Wilson intervals. `None` when a side is empty; hits beyond the rows are as many as the rows.
///
/// ```
/// use hearken::scorecard::share_difference;
///
/// let (difference, (low, high)) = share_difference((150, 1000), (30, 100)).unwrap();
/// assert!((difference - 0.15).abs() < 1e-12 && 0.0 < low && high < 0.25);
/// assert_eq!(share_difference((1, 10), (0, 0)), None);
/// ```
pub fn share_difference(first: (usize, usize), second: (usize, usize)) -> Option<(f64, (f64, f64))> {
    let share = |(hits, rows): (usize, usize)| {
        let (low, high) = wilson(hits.min(rows), rows);
        (rows > 0).then(|| (hits.min(rows) as f64 / rows as f64, low, high))
    };
    let ((a, a_low, a_high), (b, b_low, b_high)) = (share(first)?, share(second)?);
    let root = |a: f64, b: f64| (a * a + b * b).sqrt();
    let difference = b - a;
    let (low, high) = (difference - root(b - b_low, a_high - a), difference + root(b_high - b, a - a_low));
    // A difference of shares lies between −1 and 1; sums of floats may pass it by a rounding.
    Some((difference, (low.max(-1.0), high.min(1.0))))
}

/// Whether a paired difference per row is a gain beyond one standard error, and its mean and that error.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Gain {
    rows: f64,
    sum: f64,
    squares: f64,
}

impl Gain {
    pub(super) fn add(&mut self, difference: f64) {
        self.rows += 1.0;
        self.sum += difference;
        self.squares += difference * difference;
    }

    /// The mean in standard errors; positive is a gain.
    pub(super) fn certainty(&self) -> f64 {
        let mean = self.sum / self.rows.max(1.0);
        let variance = (self.squares / self.rows.max(1.0) - mean * mean).max(1e-300);
        mean / (variance / self.rows.max(1.0)).sqrt()
    }
}
