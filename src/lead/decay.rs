use crate::model::Timestamp;
use crate::scorecard::real::{exp2, ln};
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

/// A sum of points that halves with every half-life: forward decay in two numbers.
///
/// Adding is O(1), whether the event is new, late or taken back; the order does not matter beyond 1e-9 of
/// the sum; two sums merge; and the instant at which the sum will cross a threshold is a formula, so
/// nobody has to look again before it. Nothing grows with the number of events.
/// (Cormode, Shkapenyuk, Srivastava and Xu, *Forward Decay*, ICDE 2009.)
///
/// The explained score of a lead is not kept here but read from its [`History`](super::History) in exact
/// integers; this is the form for streams that keep no history.
///
/// ```
/// use hearken::lead::Decay;
/// use hearken::model::Timestamp;
///
/// const DAY: i64 = 86_400_000;
/// let (start, day) = (Timestamp::from_secs(0), |n| Timestamp::from_millis(n * DAY));
/// let mut interest = Decay::new(14 * DAY);
/// interest.add(start, 25.0);
/// assert_eq!(interest.at(day(14)), 12.5);
/// assert_eq!(interest.at(day(28)), 6.25);
/// assert_eq!(interest.falls_below(12.5), Some(day(14)));
/// interest.retract(start, 25.0);
/// assert_eq!(interest.at(day(14)), 0.0);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Decay {
    half_life: i64,
    sum: f64,
    latest: Timestamp,
}

impl Decay {
    /// Nothing yet, halving every `half_life` milliseconds (at least 1).
    pub fn new(half_life: i64) -> Self {
        Self { half_life: half_life.max(1), sum: 0.0, latest: Timestamp::from_millis(i64::MIN) }
    }

    /// Adds `points` of an event at `at`, which may lie before events already added.
    #[inline]
    pub fn add(&mut self, at: Timestamp, points: f64) {
        if at >= self.latest {
            self.sum = self.sum * halved(at.since(self.latest), self.half_life) + points;
            self.latest = at;
        } else {
            self.sum += points * halved(self.latest.since(at), self.half_life);
        }
    }

    /// Takes back an event that was added with the same time and points.
    pub fn retract(&mut self, at: Timestamp, points: f64) {
        self.add(at, -points);
    }

    /// Adds everything another sum of the same half-life holds, as when two leads prove to be one.
    pub fn merge(&mut self, other: &Self) {
        self.add(other.latest, other.sum);
    }

    /// The sum at `when`. Before the latest event it is the sum as that event would have had it
    /// then, larger than it was: for the past, read the history.
    pub fn at(&self, when: Timestamp) -> f64 {
        if when >= self.latest {
            self.sum * halved(when.since(self.latest), self.half_life)
        } else {
            self.sum / halved(self.latest.since(when), self.half_life)
        }
    }

    /// The first millisecond, not before the latest event, from which the sum is at most `threshold` if
    /// nothing more happens: `latest + half_life · log2(sum / threshold)`. `None` when it already is, or
    /// never will be.
    pub fn falls_below(&self, threshold: f64) -> Option<Timestamp> {
        if !(threshold > 0.0 && self.sum > threshold) {
            return None;
        }
        let halvings = ln(self.sum / threshold) / LN_2;
        let wait = halvings * self.half_life as f64;
        // Logarithm and sum are right to some 1e-15: what is a whole millisecond but for that, is one.
        let whole = wait.round();
        let error = 4e-15 * (self.half_life as f64 + wait);
        let wait = if (wait - whole).abs() <= error { whole } else { wait.ceil() };
        Some(self.latest + wait as i64)
    }
}

/// 2 to the power of minus `age / half_life`; 1 for an age that is not positive. Whole halvings are exact.
#[inline]
pub(super) fn halved(age: i64, half_life: i64) -> f64 {
    if age <= 0 {
        return 1.0;
    }
    let (whole, rest) = (age / half_life, age % half_life);
    if whole >= 1_000 {
        return 0.0;
    }
    // Below 1,000 halvings the power of two is a normal number, made from its exponent.
    let power = f64::from_bits((1_023 - whole as u64) << 52);
    power * exp2(-(rest as f64) / half_life as f64)
}
