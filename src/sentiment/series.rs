//! Sentiment over time: buckets that take one reading at a time and merge exactly.
//!
//! Sums are integers, so a stream, a batch, and any way of merging parts give the same bytes.

use super::{Label, Polarity};
use crate::model::Timestamp;
use std::collections::BTreeMap;

/// Counts and sums of some readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Counts {
    negative: u64,
    neutral: u64,
    positive: u64,
    /// Ten-thousandths of score.
    score: i64,
}

impl Counts {
    fn merge(&mut self, other: &Self) {
        self.negative += other.negative;
        self.neutral += other.neutral;
        self.positive += other.positive;
        self.score += other.score;
    }
}

/// A series of buckets of equal length, aligned to the epoch.
///
/// [`add`](Self::add) takes time in the logarithm of the buckets; only buckets that were hit take room.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::sentiment::{Sentiment, Series};
/// use hearken::text::Text;
///
/// let sentiment = Sentiment::english();
/// let (mut morning, mut evening) = (Series::new(3_600_000), Series::new(3_600_000));
/// morning.add(Timestamp::from_secs(60), &sentiment.score(&Text::new("love it")));
/// evening.add(Timestamp::from_secs(90), &sentiment.score(&Text::new("hate it")));
/// morning.merge(&evening);
/// let point = morning.points().next().unwrap();
/// assert_eq!((point.positive, point.negative, point.net), (1, 1, 0.0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    millis: i64,
    buckets: BTreeMap<i64, Counts>,
}

/// One bucket, or a window of them.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::sentiment::{Sentiment, Series};
/// use hearken::text::Text;
///
/// let (sentiment, mut days) = (Sentiment::english(), Series::new(86_400_000));
/// for (hour, post) in [(1, "love it"), (2, "hate it"), (3, "awful"), (30, "thank you!")] {
///     days.add(Timestamp::from_secs(hour * 3_600), &sentiment.score(&Text::new(post)));
/// }
/// let chart: Vec<_> = days.points().map(|day| (day.count(), day.negative, day.net > 0.0)).collect();
/// assert_eq!(chart, [(3, 2, false), (1, 0, true)]);
/// // One post is no proof: the interval says so.
/// let last = days.points().last().unwrap();
/// assert!(last.positive_share == Some(1.0) && last.interval.0 < 0.5);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesPoint {
    /// When it begins.
    pub start: Timestamp,
    /// Readings labelled negative.
    pub negative: u64,
    /// Readings labelled neutral.
    pub neutral: u64,
    /// Readings labelled positive.
    pub positive: u64,
    /// Mean score, −1 to 1; 0 without readings.
    pub mean: f64,
    /// Net sentiment: positive less negative readings, as a share of all, −1 to 1.
    pub net: f64,
    /// The share of positive readings among the polar ones; `None` when all are neutral.
    pub positive_share: Option<f64>,
    /// The 95 % Wilson interval of that share: 0 to 1 when nothing is polar.
    pub interval: (f64, f64),
}

impl SeriesPoint {
    /// How many readings it holds.
    pub fn count(&self) -> u64 {
        self.negative + self.neutral + self.positive
    }

    fn of(start: i64, counts: &Counts) -> Self {
        let Counts { negative, neutral, positive, score } = *counts;
        let all = (negative + neutral + positive).max(1) as f64;
        let polar = negative + positive;
        Self {
            start: Timestamp::from_millis(start),
            negative,
            neutral,
            positive,
            mean: score as f64 / 10_000.0 / all,
            net: (positive as f64 - negative as f64) / all,
            positive_share: (polar > 0).then(|| positive as f64 / polar as f64),
            interval: wilson(positive, polar),
        }
    }
}

/// The 95 % score interval of a share (Wilson 1927): right at the ends and for few readings.
fn wilson(hits: u64, all: u64) -> (f64, f64) {
    if all == 0 {
        return (0.0, 1.0);
    }
    let z = 1.959_963_984_540_054;
    let n = all as f64;
    let share = hits as f64 / n;
    let middle = share + z * z / (2.0 * n);
    let reach = z * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + z * z / n;
    (((middle - reach) / whole).clamp(0.0, share), ((middle + reach) / whole).clamp(share, 1.0))
}

impl Series {
    /// An empty series of buckets of so many milliseconds, at least 1.
    pub fn new(bucket_millis: i64) -> Self {
        Self { millis: bucket_millis.max(1), buckets: BTreeMap::new() }
    }

    /// Counts one reading.
    pub fn add(&mut self, when: Timestamp, polarity: &Polarity) {
        let start = when.millis().div_euclid(self.millis).saturating_mul(self.millis);
        let bucket = self.buckets.entry(start).or_default();
        match polarity.label {
            Label::Negative => bucket.negative += 1,
            Label::Neutral => bucket.neutral += 1,
            Label::Positive => bucket.positive += 1,
        }
        bucket.score += (polarity.score * 10_000.0).round() as i64;
    }

    /// Counts what another series has counted; buckets of another length are counted by where they begin.
    pub fn merge(&mut self, other: &Self) {
        for (start, counts) in &other.buckets {
            let start = start.div_euclid(self.millis).saturating_mul(self.millis);
            self.buckets.entry(start).or_default().merge(counts);
        }
    }

    /// The buckets that hold readings, in order of time.
    pub fn points(&self) -> impl Iterator<Item = SeriesPoint> + '_ {
        self.buckets.iter().map(|(start, counts)| SeriesPoint::of(*start, counts))
    }

    /// All buckets that begin from `from` up to, not including, `to`, as one.
    pub fn window(&self, from: Timestamp, to: Timestamp) -> SeriesPoint {
        let mut sum = Counts::default();
        if from < to {
            self.buckets.range(from.millis()..to.millis()).for_each(|(_, counts)| sum.merge(counts));
        }
        SeriesPoint::of(from.millis(), &sum)
    }
}
