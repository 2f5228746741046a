use super::{Share, Shift, Spike, Surprise, Tally, Window};
use crate::model::{Points, Timestamp};
use serde::{Deserialize, Serialize};

/// Authors that a crisis needs: fewer are a quarrel.
const AUTHORS: u64 = 3;

/// How a watch alerts.
///
/// ```
/// use hearken::pulse::WatchConfig;
///
/// let config = WatchConfig { cool_down: 6, ..WatchConfig::hourly() };
/// assert_eq!(config.per_day, 24);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchConfig {
    /// Buckets a day, at least 1: it sets the memory of the detectors.
    pub per_day: u32,
    /// Buckets after an alert in which its kind keeps quiet, unless it gets worse; quiet ones are counted.
    pub cool_down: u32,
    /// Quiet buckets in a row after which a crisis falls by one level.
    pub calm: u32,
    /// Velocity from which the crisis levels 1 to 4 hold.
    pub levels: [Points; 4],
}

impl WatchConfig {
    /// Buckets of five minutes, an hour of cool-down, half an hour of calm a level.
    pub fn five_minutes() -> Self {
        Self {
            per_day: 288,
            cool_down: 12,
            calm: 6,
            levels: [Points::whole(2), Points::whole(5), Points::whole(8), Points::whole(12)],
        }
    }

    /// Buckets of an hour, two hours of cool-down and of calm a level.
    pub fn hourly() -> Self {
        Self { per_day: 24, cool_down: 2, calm: 2, ..Self::five_minutes() }
    }
}

/// Watches one series: volume, negative and positive posts, the negative share, and how fast trouble spreads.
///
/// Push every closed bucket once, oldest first, empty ones too; O(1) in state and time.
/// [`replay`](Watch::replay) does so over a [`Window`].
///
/// A crisis has a *velocity*, in points: two for a raised share of negative posts, and for each of negative
/// volume, shares, reach and distinct authors the octave (0–4) of its deviation. Without a deviation of
/// the negative side there is none, and with fewer than three authors no more than level 1. The level
/// rises at once and falls one at a time, after so many calm buckets.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{AlertKind, CrisisLevel, Tally, Watch, WatchConfig};
///
/// let mut watch = Watch::new(WatchConfig::five_minutes());
/// let mut bucket = Tally::default();
/// let mut at = Timestamp::from_secs(0);
/// for _ in 0..288 {
///     (bucket.posts, bucket.negative) = (10, 1);
///     assert!(watch.push(at, &bucket).alerts.is_empty());
///     at = at + 300_000;
/// }
/// (bucket.posts, bucket.negative, bucket.shares) = (90, 80, 400);
/// for name in ["ann", "bob", "cho", "dee"] {
///     bucket.authors.insert(name);
/// }
/// let reading = watch.push(at, &bucket);
/// assert_eq!(reading.crisis.level, Some(CrisisLevel::Serious));
/// assert!(reading.alerts.iter().any(|alert| alert.kind == AlertKind::Crisis(CrisisLevel::Serious)));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    config: WatchConfig,
    volume: Spike,
    negative: Spike,
    positive: Spike,
    shares: Spike,
    reach: Spike,
    authors: Spike,
    share: Shift,
    level: Option<CrisisLevel>,
    calm: u32,
    quiet: [Quiet; 5],
}

impl Watch {
    /// A watch that has seen nothing.
    pub fn new(config: WatchConfig) -> Self {
        let spike = Spike::new(config.per_day);
        Self {
            volume: spike.clone(),
            negative: spike.clone(),
            positive: spike.clone(),
            shares: spike.clone(),
            reach: spike.clone(),
            authors: spike,
            share: Shift::new(config.per_day),
            level: None,
            calm: 0,
            quiet: [Quiet::default(); 5],
            config,
        }
    }

    /// The readings of every bucket in a window: what a fresh watch says when it is pushed them in order.
    pub fn replay<'a>(config: &WatchConfig, window: &'a Window) -> impl Iterator<Item = Reading> + use<'a> {
        let mut watch = Self::new(config.clone());
        window.buckets().map(move |(start, tally)| watch.push(start, &tally))
    }

    /// Reads the next closed bucket.
    pub fn push(&mut self, start: Timestamp, tally: &Tally) -> Reading {
        let volume = self.volume.push(tally.posts);
        let negative = self.negative.push(tally.negative);
        let positive = self.positive.push(tally.positive);
        let share = self.share.push(tally.posts, tally.negative);
        let crisis = self.crisis(tally, &negative, &share);
        let mut alerts = Vec::new();
        let [q_volume, q_negative, q_positive, q_share, q_crisis] = &mut self.quiet;
        let pause = self.config.cool_down;
        let mut alert = |quiet: &mut Quiet, kind, grade: u8| {
            if let Some(suppressed) = quiet.pass(grade, pause) {
                alerts.push(Alert { start, kind, posts: tally.posts, negative: tally.negative, suppressed });
            }
        };
        alert(q_volume, AlertKind::Volume, grade(&volume));
        alert(q_negative, AlertKind::Negative, grade(&negative));
        alert(q_positive, AlertKind::Positive, grade(&positive));
        alert(q_share, AlertKind::Share, u8::from(share.raised));
        if let Some(level) = crisis.level {
            alert(q_crisis, AlertKind::Crisis(level), level.number());
        } else {
            alert(q_crisis, AlertKind::Crisis(CrisisLevel::Watch), 0);
        }
        Reading { start, volume, negative, positive, share, crisis, alerts }
    }

    fn crisis(&mut self, tally: &Tally, negative: &Surprise, share: &Share) -> Crisis {
        let parts = [
            ("negative share", if share.raised { 2 } else { 0 }),
            ("negative volume", negative.octave()),
            ("shares", self.shares.push(tally.shares).octave()),
            ("reach", self.reach.push(tally.reach).octave()),
            ("authors", self.authors.push(tally.authors.count()).octave()),
        ];
        let real = share.raised || negative.octave() > 0;
        let reasons: Vec<(&'static str, Points)> = parts
            .into_iter()
            .filter(|(_, points)| real && *points > 0)
            .map(|(name, points)| (name, Points::whole(i64::from(points))))
            .collect();
        let velocity: Points = reasons.iter().map(|(_, points)| *points).sum();
        let reached = self.config.levels.iter().filter(|least| velocity >= **least && real).count();
        let few = tally.authors.count() < AUTHORS;
        let now = CrisisLevel::from_number(if few { reached.min(1) } else { reached });
        if now >= self.level {
            self.level = now;
            self.calm = 0;
        } else {
            self.calm += 1;
            if self.calm >= self.config.calm.max(1) {
                self.calm = 0;
                self.level =
                    CrisisLevel::from_number(self.level.map_or(0, |level| usize::from(level.number()) - 1));
            }
        }
        Crisis { level: self.level, velocity, reasons }
    }
}

/// An octave that is worth an alert: 2 and more, of a record.
fn grade(surprise: &Surprise) -> u8 {
    if surprise.record && surprise.octave() >= 2 { surprise.octave() } else { 0 }
}

/// Cool-down of one kind of alert.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Quiet {
    left: u32,
    grade: u8,
    suppressed: u32,
}

impl Quiet {
    /// `Some` lets an alert of this grade out, with the number that were kept back since the last one.
    fn pass(&mut self, grade: u8, pause: u32) -> Option<u32> {
        let silent = self.left > 0;
        self.left = self.left.saturating_sub(1);
        if grade == 0 {
            if !silent {
                self.grade = 0;
            }
            return None;
        }
        if grade <= self.grade {
            // The same trouble goes on: it stays one alert until it has been away for a whole cool-down.
            self.left = pause;
            self.suppressed = self.suppressed.saturating_add(1);
            return None;
        }
        (self.left, self.grade) = (pause, grade);
        Some(core::mem::take(&mut self.suppressed))
    }
}

/// What a watch says about one bucket.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Watch, WatchConfig, Window};
///
/// const HOUR: i64 = 3_600_000;
/// let mut window = Window::new(HOUR, 24 * 14);
/// for hour in 0..200 {
///     let posts = if hour == 150 { 50 } else { 10 };
///     window.add(&Observation { posts, ..Observation::at(Timestamp::from_millis(hour * HOUR)) });
/// }
/// // Every bucket has a reading; a chart draws all of them and marks those with an alert.
/// let readings: Vec<_> = Watch::replay(&WatchConfig::hourly(), &window).collect();
/// assert_eq!(readings.len(), 200);
/// assert!(readings[150].volume.deviation > 6.0 && readings[150].alerts.len() == 1 && readings[151].alerts.is_empty());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Start of the bucket.
    pub start: Timestamp,
    /// Surprise of the posts.
    pub volume: Surprise,
    /// Surprise of the negative posts.
    pub negative: Surprise,
    /// Surprise of the positive posts.
    pub positive: Surprise,
    /// The negative share.
    pub share: Share,
    /// How fast trouble spreads.
    pub crisis: Crisis,
    /// Alerts, in the order volume, negative, positive, share, crisis.
    pub alerts: Vec<Alert>,
}

/// How fast trouble spreads.
///
/// ```
/// # use hearken::model::{Points, Timestamp};
/// # use hearken::pulse::{Tally, Watch, WatchConfig};
/// # let (mut watch, mut bucket, mut at) = (Watch::new(WatchConfig::five_minutes()), Tally::default(), Timestamp::from_secs(0));
/// # for _ in 0..288 {
/// #     (bucket.posts, bucket.negative) = (10, 1);
/// #     watch.push(at, &bucket);
/// #     at = at + 300_000;
/// # }
/// // After a quiet day: ninety posts in five minutes, eighty of them bad, by four people.
/// (bucket.posts, bucket.negative) = (90, 80);
/// for name in ["ann", "bob", "cho", "dee"] {
///     bucket.authors.insert(name);
/// }
/// let crisis = watch.push(at, &bucket).crisis;
/// assert!(crisis.level.is_some());
/// assert_eq!(crisis.reasons.iter().map(|(_, points)| *points).sum::<Points>(), crisis.velocity, "why, point by point");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Crisis {
    /// The level, with hysteresis; `None` is calm.
    pub level: Option<CrisisLevel>,
    /// The velocity of this bucket alone: the sum of the reasons.
    pub velocity: Points,
    /// What it is made of.
    pub reasons: Vec<(&'static str, Points)>,
}

/// A level of crisis, 1 to 4.
///
/// ```
/// use hearken::pulse::CrisisLevel;
///
/// // Whom to wake, by level; the names are the same in a settings file.
/// let from: CrisisLevel = serde_json::from_str(r#""serious""#).unwrap();
/// let wakes = |level| level >= from;
/// assert!(!wakes(CrisisLevel::Concern) && wakes(CrisisLevel::Critical));
/// assert_eq!(from.number(), 3);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CrisisLevel {
    /// 1: more complaints than usual; look at it.
    Watch,
    /// 2: it spreads; tell the team.
    Concern,
    /// 3: it spreads fast; tell those who decide.
    Serious,
    /// 4: everybody talks about it.
    Critical,
}

impl CrisisLevel {
    /// 1 to 4.
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    fn from_number(number: usize) -> Option<Self> {
        number.checked_sub(1).map(|n| match n {
            0 => Self::Watch,
            1 => Self::Concern,
            2 => Self::Serious,
            _ => Self::Critical,
        })
    }
}

/// What an alert is about.
///
/// ```
/// use hearken::pulse::{AlertKind, CrisisLevel};
///
/// let to = |kind| match kind {
///     AlertKind::Positive => "marketing",
///     AlertKind::Crisis(level) if level >= CrisisLevel::Serious => "executives",
///     _ => "service",
/// };
/// assert_eq!(to(AlertKind::Volume), "service");
/// assert_eq!(to(AlertKind::Crisis(CrisisLevel::Critical)), "executives");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A spike of posts.
    Volume,
    /// A spike of negative posts.
    Negative,
    /// A spike of positive posts: something to amplify.
    Positive,
    /// The negative share has risen.
    Share,
    /// A crisis has reached a level.
    Crisis(CrisisLevel),
}

/// An alert, to be handed to the engine as an observation.
///
/// ```
/// # use hearken::model::Timestamp;
/// # use hearken::pulse::{AlertKind, Tally, Watch, WatchConfig};
/// # let mut watch = Watch::new(WatchConfig::hourly());
/// let push = |watch: &mut Watch, hour: i64, posts| {
///     let mut bucket = Tally::default();
///     bucket.posts = posts;
///     watch.push(Timestamp::from_secs(hour * 3_600), &bucket).alerts
/// };
/// for hour in 0..200 {
///     assert!(push(&mut watch, hour, 10).is_empty());
/// }
/// let alerts = push(&mut watch, 200, 50);
/// assert_eq!((alerts[0].kind, alerts[0].posts), (AlertKind::Volume, 50));
/// assert!(push(&mut watch, 201, 50).is_empty(), "the same trouble goes on: told once");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Start of the bucket.
    pub start: Timestamp,
    /// What it is about.
    pub kind: AlertKind,
    /// Posts of the bucket.
    pub posts: u64,
    /// Negative ones among them.
    pub negative: u64,
    /// Alerts of this kind that cool-down kept back since the last one.
    pub suppressed: u32,
}
