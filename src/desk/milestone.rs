use crate::model::Timestamp;
use crate::pulse::{AlertKind, CrisisLevel, Reading};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A point on the way through a crisis.
///
/// ```
/// use hearken::desk::{CrisisRecord, Milestone};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut record = CrisisRecord::default();
/// record.note(Milestone::Began, at(0));
/// record.note(Milestone::Acknowledged, at(900));
/// assert_eq!(record.time_to(Milestone::Acknowledged), Some(900_000));
/// assert!(Milestone::Detected < Milestone::Statement, "in the order in which a crisis should reach them");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Milestone {
    /// It began, as one knows afterwards: the first post about it.
    Began,
    /// It was noticed: the watch raised an alert.
    Detected,
    /// Somebody took care of the alert.
    Acknowledged,
    /// The brand made a statement.
    Statement,
    /// It was over.
    Over,
}

/// How fast a crisis was met: the times of its milestones, and from them how long each took.
///
/// Every milestone is noted each time; what counts is the first since it began. So it does not matter in which order
/// things become known (when it began is usually known last), nothing changes when one is told twice, and parts of the
/// record merge in any order.
///
/// ```
/// use hearken::desk::{CrisisRecord, Milestone};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut record = CrisisRecord::default();
/// for (milestone, seconds) in
///     [(Milestone::Statement, 5_400), (Milestone::Detected, 100), (Milestone::Detected, 1_800), (Milestone::Began, 600)]
/// {
///     record.note(milestone, at(seconds));
/// }
/// assert_eq!(record.time_to(Milestone::Detected), Some(1_200_000));
/// assert_eq!(record.time_to(Milestone::Statement), Some(4_800_000));
/// assert_eq!(record.time_to(Milestone::Over), None);
/// assert_eq!(record.before(Milestone::Detected), 1, "a false alarm");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CrisisRecord {
    times: BTreeMap<Milestone, BTreeSet<Timestamp>>,
}

impl CrisisRecord {
    /// Notes that a milestone was reached.
    pub fn note(&mut self, milestone: Milestone, at: Timestamp) {
        self.times.entry(milestone).or_default().insert(at);
    }

    /// Notes a detection when a reading raises a crisis alert of this level or more: at the end of its bucket of `width`
    /// milliseconds, since nobody reads a bucket before it is closed.
    ///
    /// ```
    /// use hearken::desk::{CrisisRecord, Milestone};
    /// use hearken::model::Timestamp;
    /// use hearken::pulse::{CrisisLevel, Tally, Watch, WatchConfig};
    ///
    /// const WIDTH: i64 = 300_000;
    /// let (mut watch, mut record) = (Watch::new(WatchConfig::five_minutes()), CrisisRecord::default());
    /// let mut tally = Tally::default();
    /// for bucket in 0..300 {
    ///     let start = Timestamp::from_millis(bucket * WIDTH);
    ///     (tally.posts, tally.negative) = if bucket < 290 { (10, 1) } else { (90, 80) };
    ///     for author in ["ann", "bob", "cho", "dee"] {
    ///         tally.authors.insert(author);
    ///     }
    ///     record.read(&watch.push(start, &tally), WIDTH, CrisisLevel::Watch);
    /// }
    /// record.note(Milestone::Began, Timestamp::from_millis(290 * WIDTH));
    /// assert_eq!((record.time_to(Milestone::Detected), record.before(Milestone::Detected)), (Some(WIDTH), 0));
    /// ```
    pub fn read(&mut self, reading: &Reading, width: i64, least: CrisisLevel) {
        let crisis = |kind| matches!(kind, AlertKind::Crisis(level) if level >= least);
        if reading.alerts.iter().any(|alert| crisis(alert.kind)) {
            self.note(Milestone::Detected, reading.start + width);
        }
    }

    /// Adds what another record of the same crisis holds.
    pub fn merge(&mut self, other: &Self) {
        for (milestone, times) in &other.times {
            self.times.entry(*milestone).or_default().extend(times);
        }
    }

    /// When it began: the earliest that anybody says.
    pub fn began(&self) -> Option<Timestamp> {
        self.times.get(&Milestone::Began)?.first().copied()
    }

    /// When a milestone was first reached since it began.
    pub fn first(&self, milestone: Milestone) -> Option<Timestamp> {
        self.times.get(&milestone)?.range(self.began()?..).next().copied()
    }

    /// Milliseconds from its beginning to a milestone: with [`Milestone::Detected`] the time to detect, with
    /// [`Milestone::Statement`] the time to the first statement. `None` while one of the two is not known.
    pub fn time_to(&self, milestone: Milestone) -> Option<i64> {
        Some(self.first(milestone)?.since(self.began()?))
    }

    /// How often a milestone was noted before it began: of detections, the false alarms. All of them while nobody knows
    /// of a beginning.
    pub fn before(&self, milestone: Milestone) -> usize {
        let Some(times) = self.times.get(&milestone) else { return 0 };
        self.began().map_or(times.len(), |began| times.range(..began).count())
    }
}
