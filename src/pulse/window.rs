use super::Distinct;
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of one moment: usually one post. Fields left at 0 or `None` add nothing.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::Observation;
///
/// let post = Observation { negative: 1, author: Some("ann"), ..Observation::at(Timestamp::from_secs(60)) };
/// assert_eq!(post.posts, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation<'a> {
    /// When.
    pub at: Timestamp,
    /// Posts.
    pub posts: u64,
    /// Negative ones among them.
    pub negative: u64,
    /// Positive ones among them.
    pub positive: u64,
    /// Shares and reposts.
    pub shares: u64,
    /// People reached.
    pub reach: u64,
    /// Who spoke, for the count of distinct authors.
    pub author: Option<&'a str>,
}

impl Observation<'_> {
    /// One post of unknown mood, reach and author.
    pub fn at(at: Timestamp) -> Self {
        Self { at, posts: 1, negative: 0, positive: 0, shares: 0, reach: 0, author: None }
    }
}

/// The sums of one bucket. All additions saturate.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Window};
///
/// let mut window = Window::new(3_600_000, 24);
/// for author in ["ann", "bo", "ann"] {
///     let post = Observation::at(Timestamp::from_secs(60));
///     window.add(&Observation { negative: 1, reach: 100, author: Some(author), ..post });
/// }
/// let (_, tally) = window.buckets().next().unwrap();
/// assert_eq!((tally.posts, tally.negative, tally.reach), (3, 3, 300));
/// assert_eq!(tally.authors.count(), 2, "two people, however often they speak");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Posts.
    pub posts: u64,
    /// Negative posts.
    pub negative: u64,
    /// Positive posts.
    pub positive: u64,
    /// Shares and reposts.
    pub shares: u64,
    /// People reached, counted once a post.
    pub reach: u64,
    /// Distinct authors.
    pub authors: Distinct,
}

impl Tally {
    fn add(&mut self, seen: &Observation<'_>) {
        self.posts = self.posts.saturating_add(seen.posts);
        self.negative = self.negative.saturating_add(seen.negative);
        self.positive = self.positive.saturating_add(seen.positive);
        self.shares = self.shares.saturating_add(seen.shares);
        self.reach = self.reach.saturating_add(seen.reach);
        if let Some(author) = seen.author {
            self.authors.insert(author);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.posts = self.posts.saturating_add(other.posts);
        self.negative = self.negative.saturating_add(other.negative);
        self.positive = self.positive.saturating_add(other.positive);
        self.shares = self.shares.saturating_add(other.shares);
        self.reach = self.reach.saturating_add(other.reach);
        self.authors.merge(&other.authors);
    }
}

/// The last buckets of a series: integer sums in bounded memory, that shards merge in any order.
///
/// A bucket starts at a multiple of the width since 1970. The window holds the newest bucket seen and those
/// before it, as many as it was made for; what is older has expired, and its posts are counted, whether it came late or
/// grew old. So the window depends only on what was observed, not on the order.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Window};
///
/// let mut ours = Window::new(60_000, 10);
/// ours.add(&Observation::at(Timestamp::from_secs(30)));
/// let mut theirs = Window::new(60_000, 10);
/// theirs.add(&Observation::at(Timestamp::from_secs(601)));
/// ours.merge(&theirs);
/// assert_eq!(ours.expired(), 1);
/// assert_eq!(ours.buckets().count(), 1);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    width: i64,
    length: i64,
    /// Number of the bucket → its sums; only buckets with observations.
    tallies: BTreeMap<i64, Tally>,
    expired: u64,
}

impl Window {
    /// A window of `length` buckets of `width` milliseconds; both at least 1.
    pub fn new(width: i64, length: u32) -> Self {
        Self { width: width.max(1), length: i64::from(length.max(1)), tallies: BTreeMap::new(), expired: 0 }
    }

    /// Counts an observation. O(log length).
    pub fn add(&mut self, seen: &Observation<'_>) {
        let number = seen.at.millis().div_euclid(self.width);
        if number < self.oldest() {
            self.expired = self.expired.saturating_add(seen.posts);
        } else {
            self.tallies.entry(number).or_default().add(seen);
            self.expire();
        }
    }

    /// Adds what another window of the same shape has seen. A window of another width or length is refused:
    /// the answer is false and nothing changes.
    pub fn merge(&mut self, other: &Self) -> bool {
        if (self.width, self.length) != (other.width, other.length) {
            return false;
        }
        for (number, tally) in &other.tallies {
            self.tallies.entry(*number).or_default().merge(tally);
        }
        self.expired = self.expired.saturating_add(other.expired);
        self.expire();
        true
    }

    /// Every bucket from the oldest with posts to the newest, in order, empty ones too.
    pub fn buckets(&self) -> impl Iterator<Item = (Timestamp, Tally)> + '_ {
        let first = self.tallies.keys().next().copied().unwrap_or(0);
        let end = self.tallies.keys().next_back().map_or(first, |last| last.saturating_add(1));
        (first..end).map(|number| {
            let start = Timestamp::from_millis(number.saturating_mul(self.width));
            (start, self.tallies.get(&number).cloned().unwrap_or_default())
        })
    }

    /// Posts that were too old for the window.
    pub fn expired(&self) -> u64 {
        self.expired
    }

    /// Milliseconds of one bucket.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// The oldest bucket that the window can hold now.
    fn oldest(&self) -> i64 {
        self.tallies
            .keys()
            .next_back()
            .map_or(i64::MIN, |newest| newest.saturating_sub(self.length).saturating_add(1))
    }

    fn expire(&mut self) {
        let oldest = self.oldest();
        while let Some(entry) = self.tallies.first_entry() {
            if *entry.key() >= oldest {
                break;
            }
            self.expired = self.expired.saturating_add(entry.remove().posts);
        }
    }
}
