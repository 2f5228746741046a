use crate::model::Timestamp;
use crate::pulse::Window;
use crate::scorecard::{share_difference, wilson};
use serde::Serialize;

/// What people said in a stretch of time.
///
/// ```
/// use hearken::desk::statement_effects;
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Window};
///
/// const HOUR: i64 = 3_600_000;
/// let (at, mut window) = (|hour: i64| Timestamp::from_millis(hour * HOUR), Window::new(HOUR, 48));
/// for hour in 0..6 {
///     window.add(&Observation { posts: 10, negative: 4, ..Observation::at(at(hour)) });
/// }
/// // A second statement came after an hour: what was said after the first is short.
/// let effects = statement_effects(&window, [at(3), at(4)], 3 * HOUR, at(6));
/// let (before, after) = (effects[0].before, effects[0].after);
/// assert_eq!((before.length, before.posts, before.negative), (3 * HOUR, 30, 12));
/// assert_eq!((after.length, after.posts), (HOUR, 10));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stretch {
    /// Milliseconds of the buckets counted.
    pub length: i64,
    /// Posts.
    pub posts: u64,
    /// Negative ones among them.
    pub negative: u64,
    /// Positive ones among them.
    pub positive: u64,
}

/// How something stood after a statement compared with before, and what it may be by chance alone.
///
/// ```
/// use hearken::desk::statement_effects;
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Window};
///
/// const HOUR: i64 = 3_600_000;
/// let (at, mut window) = (|hour: i64| Timestamp::from_millis(hour * HOUR), Window::new(HOUR, 48));
/// for (hour, negative) in [(0, 3), (1, 2)] {
///     window.add(&Observation { posts: 5, negative, ..Observation::at(at(hour)) });
/// }
/// let change = statement_effects(&window, [at(1)], HOUR, at(2))[0].negative.unwrap();
/// assert!((change.value + 0.2).abs() < 1e-9, "from three of five to two of five …");
/// assert!(change.interval.0 < 0.0 && change.interval.1 > 0.0, "… which ten posts do not show to be more than chance");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The comparison: a difference of shares, or a ratio of rates.
    pub value: f64,
    /// Its 95 % interval.
    pub interval: (f64, f64),
}

/// What people said before and after a statement of the brand.
///
/// ```
/// use hearken::desk::statement_effects;
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Window};
///
/// const HOUR: i64 = 3_600_000;
/// let (at, mut window) = (|hour: i64| Timestamp::from_millis(hour * HOUR), Window::new(HOUR, 48));
/// window.add(&Observation { posts: 40, negative: 30, ..Observation::at(at(0)) });
/// window.add(&Observation { posts: 20, ..Observation::at(at(1)) });
/// let effect = statement_effects(&window, [at(1)], HOUR, at(2))[0];
/// assert_eq!(effect.volume.unwrap().value, 0.5, "half as much was said");
/// // A statement before anybody had said a word is compared with nothing.
/// let early = statement_effects(&window, [at(0)], HOUR, at(2))[0];
/// assert!(early.negative.is_none() && early.volume.is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct StatementEffect {
    /// When it was made.
    pub at: Timestamp,
    /// Before it, back to the statement before.
    pub before: Stretch,
    /// After it, up to the next.
    pub after: Stretch,
    /// The negative share after it minus that before it; `None` when a side has no posts.
    pub negative: Option<Change>,
    /// The same of the positive share.
    pub positive: Option<Change>,
    /// Posts in the same time after it, for each before it; `None` when there were none before.
    pub volume: Option<Change>,
}

/// What each statement was followed by, compared with what came before it: `span` milliseconds to each side, less where
/// another statement stands nearer, where the window ends, or where `now` is. In order of time, each time once.
///
/// Only whole closed buckets count, so the bucket in which a statement falls is neither before nor after it unless it
/// falls on its edge. The interval of a difference is Newcombe's, that of the volume comes from the share of posts that
/// lie after it (Wilson's). Both take posts as independent of each other, which those of one thread are not, and neither
/// knows what else happened at that time: an interval away from no change says that something changed, not why.
///
/// ```
/// use hearken::desk::statement_effects;
/// use hearken::model::Timestamp;
/// use hearken::pulse::{Observation, Window};
///
/// const HOUR: i64 = 3_600_000;
/// let mut window = Window::new(HOUR, 48);
/// for hour in 0..8 {
///     let at = Timestamp::from_millis(hour * HOUR);
///     let negative = if hour < 4 { 60 } else { 10 };
///     window.add(&Observation { posts: 80, negative, ..Observation::at(at) });
/// }
/// let at = Timestamp::from_millis(4 * HOUR);
/// let effect = &statement_effects(&window, [at], 4 * HOUR, Timestamp::from_millis(8 * HOUR))[0];
/// assert_eq!((effect.before.posts, effect.after.posts), (320, 320));
/// let negative = effect.negative.unwrap();
/// assert_eq!(negative.value, -0.625);
/// assert!(negative.interval.1 < -0.5, "it fell, and not by chance");
/// let volume = effect.volume.unwrap();
/// assert!(volume.value == 1.0 && volume.interval.0 < 1.0 && volume.interval.1 > 1.0);
/// ```
pub fn statement_effects(
    window: &Window,
    statements: impl IntoIterator<Item = Timestamp>,
    span: i64,
    now: Timestamp,
) -> Vec<StatementEffect> {
    let mut times: Vec<Timestamp> = statements.into_iter().filter(|&at| at <= now).collect();
    times.sort_unstable();
    times.dedup();
    let buckets: Vec<_> =
        window.buckets().map(|(start, tally)| (start, tally.posts, tally.negative, tally.positive)).collect();
    let oldest = buckets.first().map_or(now, |bucket| bucket.0);
    // Counts the buckets that lie in `from..to` as a whole. Those that nobody spoke in are not in the window at its end.
    let stretch = |from: Timestamp, to: Timestamp| {
        let width = window.width();
        let first = from.max(oldest).millis();
        let (first, last) = (first + (-first).rem_euclid(width), to.millis() - to.millis().rem_euclid(width));
        let mut sums = Stretch { length: (last - first).max(0), ..Stretch::default() };
        for (_, posts, negative, positive) in
            buckets.iter().filter(|bucket| first <= bucket.0.millis() && bucket.0.millis() < last)
        {
            sums.posts += posts;
            sums.negative += negative;
            sums.positive += positive;
        }
        sums
    };
    let mut effects = Vec::with_capacity(times.len());
    let mut previous = None;
    let mut rest = times.as_slice();
    while let Some((&at, later)) = rest.split_first() {
        let from = previous.map_or(at - span, |earlier: Timestamp| earlier.max(at - span));
        let to = later.first().map_or(at + span, |&next| next.min(at + span)).min(now);
        let (before, after) = (stretch(from, at), stretch(at, to));
        let share = |of: fn(&Stretch) -> u64| {
            let part = |side: &Stretch| (count(of(side)), count(side.posts));
            share_difference(part(&before), part(&after)).map(|(value, interval)| Change { value, interval })
        };
        effects.push(StatementEffect {
            at,
            before,
            after,
            negative: share(|side| side.negative),
            positive: share(|side| side.positive),
            volume: volume(&before, &after),
        });
        (previous, rest) = (Some(at), later);
    }
    effects
}

/// Given how many there are in all, each post lies after the statement with one probability; the ratio of the rates is
/// its odds, for equal times.
fn volume(before: &Stretch, after: &Stretch) -> Option<Change> {
    if before.posts == 0 || before.length == 0 || after.length == 0 {
        return None;
    }
    let exposure = before.length as f64 / after.length as f64;
    let (low, high) = wilson(count(after.posts), count(before.posts.saturating_add(after.posts)));
    let odds = |share: f64| share / (1.0 - share) * exposure;
    let value = after.posts as f64 / before.posts as f64 * exposure;
    Some(Change { value, interval: (odds(low), odds(high)) })
}

fn count(posts: u64) -> usize {
    usize::try_from(posts).unwrap_or(usize::MAX)
}
