use super::{Mention, Tone};
use crate::model::Platform;
use std::collections::BTreeMap;

/// Volume, tone and share of voice, by monitor and platform. A fold in integers: shards merge in any order, and
/// the rows add up to the totals.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Voice};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let text = Text::new("…");
/// let mut voice = Voice::default();
/// for (monitor, sentiment) in [("acme", 0.9), ("acme", 0.5), ("acme", -0.7), ("globex", 0.4)] {
///     let item = Interaction::new(Platform::X, "1", InteractionKind::Post);
///     voice.add(monitor, &Mention::of(&item, &Facts::new(&text).with("sentiment", sentiment)));
/// }
/// let acme = voice.of("acme");
/// assert_eq!(acme.net(), Some(1.0 / 3.0));
/// assert_eq!(voice.share("acme", ["acme", "globex"]), Some(0.75));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voice {
    rows: BTreeMap<(Box<str>, Platform), Volume>,
}

/// How much was said, and in what tone.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Voice};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let (text, mut voice) = (Text::new("…"), Voice::default());
/// for (platform, score) in [(Platform::X, Some(0.8)), (Platform::X, None), (Platform::Reddit, Some(-0.8))] {
///     let facts = Facts::new(&text);
///     let facts = score.map_or(facts.clone(), |score| facts.with("sentiment", score));
///     voice.add("acme", &Mention::of(&Interaction::new(platform, "1", InteractionKind::Post), &facts));
/// }
/// let (all, x) = (voice.of("acme"), voice.on(&Platform::X));
/// assert_eq!((all.posts, all.positive, all.negative, all.unknown), (3, 1, 1, 1));
/// assert_eq!((all.net(), x.net()), (Some(0.0), Some(1.0)), "what nobody has judged weighs nothing");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Volume {
    /// Posts: the sum of the four tones.
    pub posts: u64,
    /// Positive ones.
    pub positive: u64,
    /// Neutral ones.
    pub neutral: u64,
    /// Negative ones.
    pub negative: u64,
    /// Those whose tone is unknown.
    pub unknown: u64,
    /// People reached, as far as it is known.
    pub reach: u64,
}

impl Volume {
    /// Net sentiment, −1 to 1: positive less negative, over those with a tone. `None` when none has.
    pub fn net(&self) -> Option<f64> {
        let known = self.positive + self.neutral + self.negative;
        (known > 0).then(|| (self.positive as f64 - self.negative as f64) / known as f64)
    }

    fn add(&mut self, other: &Volume) {
        self.posts += other.posts;
        self.positive += other.positive;
        self.neutral += other.neutral;
        self.negative += other.negative;
        self.unknown += other.unknown;
        self.reach = self.reach.saturating_add(other.reach);
    }
}

impl Voice {
    /// Counts a mention for a monitor. A post that concerns several monitors counts once for each.
    pub fn add(&mut self, monitor: &str, mention: &Mention) {
        let mut one = Volume { posts: 1, reach: mention.reach.unwrap_or(0), ..Volume::default() };
        *match mention.tone() {
            Tone::Positive => &mut one.positive,
            Tone::Neutral => &mut one.neutral,
            Tone::Negative => &mut one.negative,
            Tone::Unknown => &mut one.unknown,
        } = 1;
        self.rows.entry((monitor.into(), mention.item.platform.clone())).or_default().add(&one);
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Voice) {
        for (key, volume) in &other.rows {
            self.rows.entry(key.clone()).or_default().add(volume);
        }
    }

    /// The rows, by monitor, then platform.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &Platform, &Volume)> {
        self.rows.iter().map(|((monitor, platform), volume)| (&**monitor, platform, volume))
    }

    /// The sum over the platforms.
    pub fn of(&self, monitor: &str) -> Volume {
        self.sum(|row, _| row == monitor)
    }

    /// The sum over the monitors.
    pub fn on(&self, platform: &Platform) -> Volume {
        self.sum(|_, row| row == platform)
    }

    /// The sum of all rows.
    pub fn total(&self) -> Volume {
        self.sum(|_, _| true)
    }

    /// Share of voice, 0 to 1: the mentions of one monitor over those of a group that it is part of (one's own brand
    /// and its competitors). `None` when nobody was mentioned.
    pub fn share<'a>(&self, monitor: &str, group: impl IntoIterator<Item = &'a str>) -> Option<f64> {
        let all: u64 = group.into_iter().map(|one| self.of(one).posts).sum();
        (all > 0).then(|| self.of(monitor).posts as f64 / all as f64)
    }

    fn sum(&self, wanted: impl Fn(&str, &Platform) -> bool) -> Volume {
        let mut sum = Volume::default();
        self.rows().filter(|(monitor, platform, _)| wanted(monitor, platform)).for_each(|row| sum.add(row.2));
        sum
    }
}
