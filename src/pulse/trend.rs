use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The terms that come most often, in bounded memory, with bounds on the error (Misra and Gries 1982; merging
/// after Agarwal and others 2012).
///
/// For every term the true count lies in `count ..= count + error`, where [`error`](Self::error) is one
/// number for the whole summary and never more than `total / (capacity + 1)`. So each term that makes up more than that share is
/// present. While at most `capacity` different terms came, the error is 0 and any order or split of
/// the input gives the same summary; above that the bounds hold in any order.
///
/// ```
/// use hearken::pulse::HeavyHitters;
///
/// let mut terms = HeavyHitters::new(2);
/// for term in ["battery", "battery", "screen", "battery", "case", "battery"] {
///     terms.add(term, 1);
/// }
/// let top = terms.top().next().unwrap();
/// assert_eq!(top.term, "battery");
/// assert!(top.least <= 4 && 4 <= top.most);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeavyHitters {
    capacity: usize,
    counts: BTreeMap<Box<str>, u64>,
    total: u64,
    error: u64,
}

impl HeavyHitters {
    /// An empty summary that keeps at most `capacity` terms, at least one.
    pub fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), counts: BTreeMap::new(), total: 0, error: 0 }
    }

    /// Counts `term` `times` more times. O(log capacity) amortised.
    pub fn add(&mut self, term: &str, times: u64) {
        if times == 0 {
            return;
        }
        self.total = self.total.saturating_add(times);
        match self.counts.get_mut(term) {
            Some(count) => *count = count.saturating_add(times),
            None => {
                self.counts.insert(term.into(), times);
                self.shrink();
            }
        }
    }

    /// Adds what another summary has counted; keeps its own capacity.
    pub fn merge(&mut self, other: &Self) {
        self.total = self.total.saturating_add(other.total);
        self.error = self.error.saturating_add(other.error);
        for (term, count) in &other.counts {
            let ours = self.counts.entry(term.clone()).or_default();
            *ours = ours.saturating_add(*count);
        }
        self.shrink();
    }

    /// The terms kept, most frequent first, equal ones in alphabetical order.
    pub fn top(&self) -> impl Iterator<Item = Hit<'_>> {
        let mut hits: Vec<Hit<'_>> = self.counts.keys().map(|term| self.count(term)).collect();
        hits.sort_by(|a, b| b.least.cmp(&a.least).then(a.term.cmp(b.term)));
        hits.into_iter()
    }

    /// Bounds on how often `term` came.
    pub fn count<'a>(&self, term: &'a str) -> Hit<'a> {
        let least = self.counts.get(term).copied().unwrap_or(0);
        Hit { term, least, most: least.saturating_add(self.error) }
    }

    /// All that was counted, kept or not.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// By how much the count of any term may be too low.
    pub fn error(&self) -> u64 {
        self.error
    }

    /// Takes the count of the first term that has no room off every term, so that all of them fit again.
    fn shrink(&mut self) {
        if self.counts.len() <= self.capacity {
            return;
        }
        let mut counts: Vec<u64> = self.counts.values().copied().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        let cut = counts.get(self.capacity).copied().unwrap_or(0);
        self.error = self.error.saturating_add(cut);
        self.counts.retain(|_, count| {
            *count = count.saturating_sub(cut);
            *count > 0
        });
    }
}

/// How often a term came: the truth lies between the bounds, both included.
///
/// ```
/// use hearken::pulse::HeavyHitters;
///
/// let mut terms = HeavyHitters::new(1);
/// for term in ["battery", "screen", "battery", "battery"] {
///     terms.add(term, 1);
/// }
/// // There was room for one term only: what is not known for sure is said as bounds, and the truth, three, lies within.
/// let hit = terms.count("battery");
/// assert!(hit.least <= 3 && 3 <= hit.most);
/// assert_eq!(hit.most - hit.least, terms.error());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The term.
    pub term: &'a str,
    /// At least so often.
    pub least: u64,
    /// At most so often.
    pub most: u64,
}

/// When a term counts as emerging.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{TrendConfig, Trends};
///
/// // Hours instead of days, and a word for what comes three times.
/// let config = TrendConfig { width: 3_600_000, buckets: 24, floor: 3, ..TrendConfig::default() };
/// let emerging = |config| {
///     let mut trends = Trends::new(config);
///     trends.add(Timestamp::from_secs(0), "lamp", 1);
///     trends.add(Timestamp::from_secs(5 * 3_600), "recall", 4);
///     trends.emerging(Timestamp::from_secs(5 * 3_600)).len()
/// };
/// assert_eq!((emerging(config), emerging(TrendConfig::default())), (1, 0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrendConfig {
    /// Milliseconds of a bucket.
    pub width: i64,
    /// Buckets kept: the newest is judged by those before it.
    pub buckets: u32,
    /// Terms kept a bucket.
    pub capacity: usize,
    /// The least count that is worth a word.
    pub floor: u64,
    /// How many times its usual count a term must reach.
    pub growth: u64,
}

impl Default for TrendConfig {
    /// Days, compared with the fortnight before, 1,000 terms each; 5 times and thrice the usual are the least.
    fn default() -> Self {
        Self { width: 86_400_000, buckets: 15, capacity: 1_000, floor: 5, growth: 3 }
    }
}

/// Emerging terms or topics of a stream, in memory bounded by `buckets × capacity`.
///
/// The host says what a term is: a word, a hashtag, a topic's name. A term emerges in a bucket when its least
/// count there is at least the floor, `growth` times the most it can have been on average before, and
/// four standard deviations (of a Poisson count) above that. The first bucket of a stream tells nothing.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{TrendConfig, Trends};
///
/// const DAY: i64 = 86_400_000;
/// let mut trends = Trends::new(TrendConfig::default());
/// for day in 0..10 {
///     let at = Timestamp::from_millis(day * DAY);
///     trends.add(at, "battery", if day == 9 { 20 } else { 4 });
///     trends.add(at, "screen", 4);
/// }
/// let emerging = trends.emerging(Timestamp::from_millis(9 * DAY));
/// assert_eq!(emerging.len(), 1);
/// assert_eq!(&*emerging[0].term, "battery");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trends {
    config: TrendConfig,
    buckets: BTreeMap<i64, HeavyHitters>,
    first: Option<i64>,
    expired: u64,
}

impl Trends {
    /// A stream that has seen nothing.
    pub fn new(config: TrendConfig) -> Self {
        Self { config, buckets: BTreeMap::new(), first: None, expired: 0 }
    }

    /// Counts `term` `times` times at an instant.
    pub fn add(&mut self, at: Timestamp, term: &str, times: u64) {
        let number = self.number(at);
        self.first = Some(self.first.map_or(number, |first| first.min(number)));
        if number < self.oldest() {
            self.expired = self.expired.saturating_add(times);
            return;
        }
        let capacity = self.config.capacity;
        self.buckets.entry(number).or_insert_with(|| HeavyHitters::new(capacity)).add(term, times);
        self.expire();
    }

    /// Adds what another stream of the same configuration has seen; false, and nothing changes, for another.
    pub fn merge(&mut self, other: &Self) -> bool {
        if self.config != other.config {
            return false;
        }
        for (number, terms) in &other.buckets {
            let capacity = self.config.capacity;
            self.buckets.entry(*number).or_insert_with(|| HeavyHitters::new(capacity)).merge(terms);
        }
        self.first = [self.first, other.first].into_iter().flatten().min();
        self.expired = self.expired.saturating_add(other.expired);
        self.expire();
        true
    }

    /// The terms that emerge in the bucket of `at`, strongest growth first. O(capacity × buckets × log capacity).
    pub fn emerging(&self, at: Timestamp) -> Vec<Emerging> {
        let number = self.number(at);
        let start =
            self.first.unwrap_or(number).max(number.saturating_sub(i64::from(self.config.buckets) - 1));
        let (Some(terms), Ok(before @ 1..)) =
            (self.buckets.get(&number), u64::try_from(number.saturating_sub(start)))
        else {
            return Vec::new();
        };
        let mut out: Vec<Emerging> = terms
            .top()
            .take_while(|hit| hit.least >= self.config.floor)
            .filter_map(|hit| {
                let past: u64 =
                    self.buckets.range(start..number).map(|(_, terms)| terms.count(hit.term).most).sum();
                let usual = past as f64 / before as f64;
                let count = hit.least as f64;
                let above = count >= self.config.growth as f64 * usual
                    && count - usual >= 4.0 * usual.sqrt().max(1.0);
                above.then(|| Emerging { term: hit.term.into(), least: hit.least, most: hit.most, usual })
            })
            .collect();
        out.sort_by(|a, b| {
            b.growth().total_cmp(&a.growth()).then(b.least.cmp(&a.least)).then(a.term.cmp(&b.term))
        });
        out
    }

    /// What was counted in all buckets that are kept.
    pub fn all(&self) -> HeavyHitters {
        let mut all = HeavyHitters::new(self.config.capacity);
        self.buckets.values().for_each(|terms| all.merge(terms));
        all
    }

    /// What was counted in the bucket of an instant, if any of it is kept.
    pub fn bucket(&self, at: Timestamp) -> Option<&HeavyHitters> {
        self.buckets.get(&self.number(at))
    }

    /// Counts that were too old to be kept.
    pub fn expired(&self) -> u64 {
        self.expired
    }

    fn number(&self, at: Timestamp) -> i64 {
        at.millis().div_euclid(self.config.width.max(1))
    }

    fn oldest(&self) -> i64 {
        self.buckets
            .keys()
            .next_back()
            .map_or(i64::MIN, |newest| newest.saturating_sub(i64::from(self.config.buckets.max(2)) - 1))
    }

    fn expire(&mut self) {
        let oldest = self.oldest();
        while let Some(entry) = self.buckets.first_entry() {
            if *entry.key() >= oldest {
                break;
            }
            self.expired = self.expired.saturating_add(entry.remove().total());
        }
    }
}

/// A term that comes far more often than it used to.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{TrendConfig, Trends};
///
/// let (day, mut trends) = (86_400, Trends::new(TrendConfig::default()));
/// for (on, times) in [(0, 2), (1, 2), (2, 2), (3, 14)] {
///     trends.add(Timestamp::from_secs(on * day), "recall", times);
/// }
/// let found = &trends.emerging(Timestamp::from_secs(3 * day))[0];
/// let line = format!("{}: {} today, {} a day before", found.term, found.least, found.usual);
/// assert_eq!(line, "recall: 14 today, 2 a day before");
/// assert_eq!(found.growth(), 5.0);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Emerging {
    /// The term.
    pub term: Box<str>,
    /// It came at least so often.
    pub least: u64,
    /// And at most so often.
    pub most: u64,
    /// The most it can have come in a bucket before, on average.
    pub usual: f64,
}

impl Emerging {
    /// How many times the usual count, one being added to both so that a new term has a number.
    pub fn growth(&self) -> f64 {
        (self.least as f64 + 1.0) / (self.usual + 1.0)
    }
}
