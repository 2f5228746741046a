use super::additive::slope_and_level;
use super::judge::{Gain, logit_loss};
use super::real::{logit, sigmoid};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The one function from the log-odds of a score to the published probability.
///
/// ```
/// use hearken::scorecard::Calibration;
///
/// // A model that is too sure of itself, drawn together.
/// let platt: Calibration = serde_json::from_str(r#"{"platt": {"slope": 0.5, "shift": 0.0}}"#).unwrap();
/// assert!(platt.probability(4.0) < Calibration::None.probability(4.0));
/// assert_eq!(platt.probability(0.0), 0.5);
/// assert_eq!(platt.to_string(), "a line (Platt), slope 0.500, shift 0.000");
/// ```
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Calibration {
    /// The log-odds are right as they are.
    #[default]
    None,
    /// Platt: a straight line on the log-odds, fitted to validation rows.
    Platt {
        /// Above 1 spreads, below 1 draws together.
        slope: f64,
        /// Added to the log-odds.
        shift: f64,
    },
    /// Isotonic: a rising line through these knots, level beyond the ends.
    Isotonic {
        /// Log-odds from the model, ascending.
        from: Vec<f64>,
        /// Log-odds observed, ascending.
        to: Vec<f64>,
    },
}

/// As a report says it: `a line, slope 0.9, shift -0.1`.
impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Platt { slope, shift } => write!(f, "a line (Platt), slope {slope:.3}, shift {shift:.3}"),
            Self::Isotonic { from, .. } => write!(f, "isotonic, {} knots", from.len()),
        }
    }
}

impl Calibration {
    /// The probability for log-odds `x`. O(log knots).
    pub fn probability(&self, x: f64) -> f64 {
        sigmoid(self.log_odds(x))
    }

    pub(super) fn log_odds(&self, x: f64) -> f64 {
        match self {
            Self::None => x,
            Self::Platt { slope, shift } => slope * x + shift,
            Self::Isotonic { from, to } => {
                let above = from.partition_point(|knot| *knot < x);
                let knot = |i: usize| Some((*from.get(i)?, *to.get(i)?));
                match (above.checked_sub(1).and_then(knot), knot(above)) {
                    (Some((x0, y0)), Some((x1, y1))) => y0 + (y1 - y0) * (x - x0) / (x1 - x0),
                    (Some((_, end)), None) | (None, Some((_, end))) => end,
                    (None, None) => x,
                }
            }
        }
    }

    /// Chooses by cross-fitting on validation rows: each half judges what the other half fitted, and a
    /// calibration is taken only when it gains more than a standard error over none, the straight line
    /// unless the isotonic one gains that much over it too.
    pub(super) fn choose(logits: &[f64], outcomes: &[f64], weights: &[f64]) -> Self {
        if logits.len() < 20 {
            return Self::None;
        }
        let (mut platt_gain, mut isotonic_gain) = (Gain::default(), Gain::default());
        for half in [0, 1] {
            let part = |values: &[f64], own: bool| -> Vec<f64> {
                let mine = |i: usize| (i % 2 == half) == own;
                values.iter().enumerate().filter(|(i, _)| mine(*i)).map(|(_, v)| *v).collect()
            };
            let (x, y, w) = (part(logits, true), part(outcomes, true), part(weights, true));
            let (platt, isotonic) = (Self::platt(&x, &y, &w), Self::isotonic(&x, &y, &w));
            for ((x, y), w) in part(logits, false).iter().zip(part(outcomes, false)).zip(part(weights, false))
            {
                let line = w * logit_loss(platt.log_odds(*x), y);
                platt_gain.add(w * logit_loss(*x, y) - line);
                isotonic_gain.add(line - w * logit_loss(isotonic.log_odds(*x), y));
            }
        }
        if platt_gain.certainty() <= 1.0 {
            return Self::None;
        }
        if isotonic_gain.certainty() > 1.0 {
            Self::isotonic(logits, outcomes, weights)
        } else {
            Self::platt(logits, outcomes, weights)
        }
    }

    /// The straight line that fits best; none when it would turn the order round.
    pub(super) fn platt(logits: &[f64], outcomes: &[f64], weights: &[f64]) -> Self {
        let (slope, shift) = slope_and_level(logits, outcomes, weights, (1.0, 0.0));
        if slope > 0.0 { Self::Platt { slope, shift } } else { Self::None }
    }

    /// Pool adjacent violators over at most about 50 groups of equal weight; the knots are the means of
    /// the pools, so that distinct scores stay distinct between knots.
    fn isotonic(logits: &[f64], outcomes: &[f64], weights: &[f64]) -> Self {
        let mut cases: Vec<(f64, f64, f64)> =
            logits.iter().zip(outcomes).zip(weights).map(|((x, y), w)| (*x, *y, *w)).collect();
        cases.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
        let mut pools: Vec<(f64, f64, f64)> = Vec::new();
        let least = cases.len().div_ceil(50).max(20);
        let mut ties = cases.chunk_by(|a, b| a.0 == b.0).peekable();
        while ties.peek().is_some() {
            // Weight, weighted log-odds, weighted outcomes. Equal scores stay in one group: which of them won must not
            // decide where they stand.
            let (mut pool, mut rows) = ((0.0, 0.0, 0.0), 0);
            while let Some(tie) = ties.next_if(|_| rows < least) {
                rows += tie.len();
                pool = tie
                    .iter()
                    .fold(pool, |(w, x, y), case| (w + case.2, x + case.2 * case.0, y + case.2 * case.1));
            }
            while let Some(last) = pools.pop() {
                if last.2 * pool.0 < pool.2 * last.0 {
                    pools.push(last);
                    break;
                }
                pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
            }
            pools.push(pool);
        }
        let (from, to) =
            pools.iter().filter(|p| p.0 > 0.0).map(|(w, x, y)| (x / w, logit((y + 0.5) / (w + 1.0)))).unzip();
        Self::Isotonic { from, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Log-odds from −4 to 4 whose outcomes are drawn with the probability that `truth` makes of them, spread as
    /// evenly as counting allows.
    fn cases(truth: impl Fn(f64) -> f64) -> (Vec<f64>, Vec<f64>) {
        let (mut logits, mut outcomes, mut owed) = (Vec::new(), Vec::new(), [0.5; 80]);
        for i in 0..8_000_usize {
            let step = i * 37 % 80;
            let x = step as f64 / 10.0 - 3.95;
            let Some(owed) = owed.get_mut(step) else { continue };
            *owed += sigmoid(truth(x));
            let won = *owed >= 1.0;
            *owed -= f64::from(u8::from(won));
            logits.push(x);
            outcomes.push(f64::from(u8::from(won)));
        }
        (logits, outcomes)
    }

    fn chosen(truth: impl Fn(f64) -> f64) -> Calibration {
        let (logits, outcomes) = cases(truth);
        Calibration::choose(&logits, &outcomes, &vec![1.0; logits.len()])
    }

    #[test]
    fn each_form_is_chosen_where_it_is_needed() {
        assert_eq!(chosen(|x| x), Calibration::None);
        let Calibration::Platt { slope, shift } = chosen(|x| 0.5 * x - 1.0) else { panic!("no line") };
        assert!((slope - 0.5).abs() < 0.05 && (shift + 1.0).abs() < 0.05, "{slope} {shift}");
        let stairs = |x: f64| if x < 0.0 { -3.0 } else { 1.0 };
        let bent = chosen(stairs);
        assert!(matches!(bent, Calibration::Isotonic { .. }), "{bent:?}");
        for x in [-3.5, -2.0, 2.0, 3.5] {
            assert!((bent.log_odds(x) - stairs(x)).abs() < 0.3, "{x} {}", bent.log_odds(x));
        }
        assert_eq!(Calibration::choose(&[1.0], &[1.0], &[1.0]), Calibration::None, "too little to judge");
    }

    #[test]
    fn every_form_keeps_the_order() {
        for truth in [0.3, 1.0, 2.0] {
            let (x, y) = cases(|x| truth * x + 0.3 * (3.0 * x).sin());
            let w = vec![1.0; x.len()];
            for form in [Calibration::None, Calibration::platt(&x, &y, &w), Calibration::isotonic(&x, &y, &w)]
            {
                let line: Vec<f64> = (-600..600).map(|i| form.probability(f64::from(i) / 100.0)).collect();
                assert!(line.is_sorted(), "{form:?}");
            }
        }
    }
}
