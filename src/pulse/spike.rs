/// Half-life of the mean and the deviation, in days: long enough that a burst does not become the norm.
const MEMORY_DAYS: f64 = 14.0;
/// Blocks that the last day is cut into, to know its record in bounded state.
const BLOCKS: usize = 12;
/// A record counts when it beats the last day's by this factor.
const RECORD: f64 = 1.25;
/// Buckets before the first score: a mean and a deviation of fewer say little.
const WARM_UP: u64 = 24;
/// The least standard deviation, in posts: counts are whole.
const FLOOR: f64 = 1.0;

/// A streaming spike detector over the counts of equal buckets, O(1) in state and time.
///
/// For the count `x` of a bucket, with the exponentially weighted mean `m` and standard deviation `s` of the
/// buckets before it, the deviation is `(x − m) / max(s, 1)`. It is a record when the excess `x − m` beats every
/// excess of about the last day (and of no fewer than 12 buckets) by a quarter.
///
/// ```
/// use hearken::pulse::Spike;
///
/// let mut spike = Spike::new(288); // buckets of five minutes
/// let scores: Vec<f64> = (0..400).map(|i| spike.push(if i == 300 { 50 } else { 10 }).score()).collect();
/// assert_eq!(scores.iter().position(|score| *score >= 0.5), Some(300));
/// assert_eq!(scores.iter().filter(|score| **score > 0.0).count(), 1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Spike {
    rate: f64,
    block: u64,
    seen: u64,
    mean: f64,
    variance: f64,
    /// The largest excess over the mean in each past block, and in the block being filled.
    peaks: [f64; BLOCKS],
    peak: f64,
}

impl Spike {
    /// A detector for series of `per_day` buckets a day; 0 is read as 1.
    pub fn new(per_day: u32) -> Self {
        let per_day = per_day.max(1);
        Self {
            rate: core::f64::consts::LN_2 / (MEMORY_DAYS * f64::from(per_day)).max(BLOCKS as f64),
            block: u64::from(per_day).div_ceil(BLOCKS as u64),
            seen: 0,
            mean: 0.0,
            variance: 0.0,
            peaks: [0.0; BLOCKS],
            peak: 0.0,
        }
    }

    /// Reads the next bucket's count, and says how surprising it is. Buckets without posts count too: push 0.
    pub fn push(&mut self, count: u64) -> Surprise {
        let value = count as f64;
        let excess = value - self.mean;
        let surprise = self.judge(excess);
        self.learn(value);
        if self.seen > WARM_UP {
            self.remember(excess);
        }
        surprise
    }

    /// The mean count that the next bucket is compared with.
    pub fn expected(&self) -> f64 {
        self.mean
    }

    fn judge(&self, excess: f64) -> Surprise {
        if self.seen < WARM_UP {
            return Surprise { expected: self.mean, deviation: 0.0, record: false };
        }
        let best = self.peaks.iter().fold(self.peak, |best, peak| best.max(*peak));
        Surprise {
            expected: self.mean,
            deviation: excess / self.variance.sqrt().max(FLOOR),
            record: excess > 0.0 && excess >= RECORD * best,
        }
    }

    /// Welford's update while the series is young, the exponential one after.
    fn learn(&mut self, value: f64) {
        self.seen += 1;
        let rate = self.rate.max(1.0 / self.seen as f64);
        let delta = value - self.mean;
        self.mean += rate * delta;
        self.variance = (1.0 - rate) * (self.variance + rate * delta * delta);
    }

    fn remember(&mut self, excess: f64) {
        self.peak = self.peak.max(excess);
        if self.seen.is_multiple_of(self.block) {
            self.peaks.rotate_left(1);
            if let Some(last) = self.peaks.last_mut() {
                *last = self.peak;
            }
            self.peak = 0.0;
        }
    }
}

/// How surprising one bucket is.
///
/// ```
/// use hearken::pulse::Spike;
///
/// let mut spike = Spike::new(24);
/// for hour in 0..200 {
///     spike.push(10 + hour % 3);
/// }
/// let (usual, burst) = (spike.push(11), spike.push(60));
/// assert_eq!((usual.octave(), usual.score()), (0, 0.0));
/// assert!(burst.record && burst.score() >= 0.5, "worth an alert: sixty where {:.0} are usual", burst.expected);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Surprise {
    /// The mean count of the buckets before.
    pub expected: f64,
    /// Standard deviations above (negative: below) the mean; 0 while the series is younger than 24 buckets.
    pub deviation: f64,
    /// Its excess over the mean beats every one of the last day by a quarter.
    pub record: bool,
}

impl Surprise {
    /// The octave of the deviation, record or not: below 3 → 0, from 3 → 1, from 6 → 2, from 12 → 3, from 24 → 4.
    pub fn octave(&self) -> u8 {
        [3.0, 6.0, 12.0, 24.0].iter().map(|least| u8::from(self.deviation >= *least)).sum()
    }

    /// The anomaly score in 0..1, in quarters: the octave of a record, 0 for what is none. Alert from ½.
    pub fn score(&self) -> f64 {
        if self.record { f64::from(self.octave()) / 4.0 } else { 0.0 }
    }
}
