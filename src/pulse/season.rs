use crate::model::Timestamp;
use serde::{Deserialize, Serialize};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;
/// Hours of a week.
const WEEK: usize = 168;

/// The usual day and week: sums by weekday and hour, in 168 cells; shards merge by addition.
///
/// Time is local to one offset from UTC; a host whose zone changes its offset hands over local instants
/// and offset 0. Weeks start on Monday.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::Season;
///
/// let mut season = Season::new(0);
/// for hour in 0..168 * 4 {
///     let posts = if hour % 24 == 9 { 30 } else { 10 };
///     season.add(Timestamp::from_secs(hour * 3600), posts);
/// }
/// let nine = Timestamp::from_secs(9 * 3600);
/// assert!(season.factor(nine).unwrap() > 2.5); // nine o'clock is far above the mean hour
/// assert_eq!(season.hours().map(|(hour, _)| hour).next(), Some(9)); // the busiest
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Season {
    offset: i64,
    /// Posts and observations of each cell, from Monday 00:00.
    cells: Vec<(u64, u64)>,
}

impl Season {
    /// An empty week, local time being `offset` milliseconds ahead of UTC.
    pub fn new(offset: i64) -> Self {
        Self { offset, cells: vec![(0, 0); WEEK] }
    }

    /// Adds the count of one bucket that starts `at`; empty buckets count too. Buckets are equal, an hour or less.
    pub fn add(&mut self, at: Timestamp, posts: u64) {
        let cell = self.cell(at);
        if let Some((sum, buckets)) = self.cells.get_mut(cell) {
            *sum = sum.saturating_add(posts);
            *buckets = buckets.saturating_add(1);
        }
    }

    /// Adds another week of the same offset; false, and nothing changes, when the offsets differ.
    pub fn merge(&mut self, other: &Self) -> bool {
        if self.offset != other.offset {
            return false;
        }
        for (ours, theirs) in self.cells.iter_mut().zip(&other.cells) {
            ours.0 = ours.0.saturating_add(theirs.0);
            ours.1 = ours.1.saturating_add(theirs.1);
        }
        true
    }

    /// How busy this hour of the week is, 1 being the mean; `None` while there is nothing to compare.
    pub fn factor(&self, at: Timestamp) -> Option<f64> {
        let cell = self.cells.get(self.cell(at))?;
        ratio(*cell, self.total())
    }

    /// Hours of the day with their factors, busiest first.
    pub fn hours(&self) -> impl Iterator<Item = (u8, f64)> {
        self.ranked(24, |cell| cell % 24)
    }

    /// Weekdays (0 is Monday) with their factors, busiest first.
    pub fn weekdays(&self) -> impl Iterator<Item = (u8, f64)> {
        self.ranked(7, |cell| cell / 24)
    }

    fn ranked(&self, groups: u8, group: impl Fn(usize) -> usize) -> impl Iterator<Item = (u8, f64)> {
        let total = self.total();
        let mut out: Vec<(u8, f64)> = (0..groups)
            .filter_map(|wanted| {
                let cells =
                    self.cells.iter().enumerate().filter(|(cell, _)| group(*cell) == usize::from(wanted));
                Some((wanted, ratio(sum(cells.map(|(_, cell)| cell)), total)?))
            })
            .collect();
        out.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        out.into_iter()
    }

    fn total(&self) -> (u64, u64) {
        sum(self.cells.iter())
    }

    fn cell(&self, at: Timestamp) -> usize {
        // 1970-01-01 was a Thursday: the fourth day of a week that starts on Monday.
        let hours = at.millis().saturating_add(self.offset).div_euclid(HOUR) + 3 * 24;
        usize::try_from(hours.rem_euclid(WEEK as i64)).unwrap_or(0)
    }
}

fn sum<'a>(cells: impl Iterator<Item = &'a (u64, u64)>) -> (u64, u64) {
    cells
        .fold((0, 0), |(posts, buckets), cell| (posts.saturating_add(cell.0), buckets.saturating_add(cell.1)))
}

/// Mean of a part over the mean of the whole; `None` where either has no buckets, or the whole no posts.
fn ratio(part: (u64, u64), whole: (u64, u64)) -> Option<f64> {
    let mean = |(posts, buckets): (u64, u64)| (buckets > 0).then(|| posts as f64 / buckets as f64);
    Some(mean(part)? / mean(whole).filter(|mean| *mean > 0.0)?)
}
