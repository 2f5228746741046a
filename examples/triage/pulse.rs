//! Hours that are over go to the pulse; what it notices comes back as observations.

use crate::run::Turn;
use hearken::engine::{Disposition, Observation};
use hearken::model::Timestamp;
use hearken::pulse::{self, AlertKind, Tally, Watch, WatchConfig, Window};
use std::collections::BTreeMap;

pub const HOUR: i64 = 3_600_000;

/// The watch over all that is said of the brand.
pub struct Pulse {
    /// The brand's monitor.
    about: Box<str>,
    watch: Watch,
    /// The hour that is being filled.
    window: Window,
    hour: Option<i64>,
}

impl Pulse {
    pub fn new(about: &str) -> Self {
        let (watch, window) = (Watch::new(WatchConfig::hourly()), Window::new(HOUR, 1));
        Self { about: about.into(), watch, window, hour: None }
    }

    /// Counts what a turn heard: its mood, who spoke, and how far it went. An edit is not said again.
    pub fn hear(&mut self, turn: &Turn) {
        let (Some(item), Some(found)) = (turn.item(), &turn.outcome.assessment) else { return };
        let Some(mood) =
            found.numbers.get("sentiment").filter(|_| turn.outcome.disposition == Disposition::Accepted)
        else {
            return;
        };
        let followers = item.author.as_ref().and_then(|author| author.followers);
        let author = found.author.as_ref().map(|author| format!("{}:{}", author.platform, author.id));
        let counts = item.metrics.as_ref();
        self.window.add(&pulse::Observation {
            negative: u64::from(*mood < -0.25),
            positive: u64::from(*mood > 0.25),
            shares: counts.and_then(|counts| counts.shares).unwrap_or(0),
            reach: counts.and_then(|counts| counts.reach.or(counts.impressions)).or(followers).unwrap_or(0),
            author: author.as_deref(),
            ..pulse::Observation::at(turn.at)
        });
    }

    /// What the hours that are over by `now` show. Empty ones are told too, as the watch asks.
    pub fn close(&mut self, now: Timestamp) -> Vec<Observation> {
        let current = now.millis().div_euclid(HOUR);
        let first = *self.hour.get_or_insert(current);
        let mut seen = Vec::new();
        for hour in first..current {
            let start = Timestamp::from_millis(hour * HOUR);
            let full = std::mem::replace(&mut self.window, Window::new(HOUR, 1));
            let tally = full.buckets().find(|(at, _)| *at == start).map_or_else(Tally::default, |(_, t)| t);
            let reading = self.watch.push(start, &tally);
            seen.extend(reading.alerts.iter().map(|alert| self.observation(alert, &reading, &tally)));
        }
        self.hour = Some(current);
        seen
    }

    fn observation(&self, alert: &pulse::Alert, reading: &pulse::Reading, tally: &Tally) -> Observation {
        let (kind, level) = match alert.kind {
            AlertKind::Crisis(level) => ("crisis", level.number()),
            AlertKind::Negative => ("negative_spike", 0),
            AlertKind::Positive => ("positive_spike", 0),
            AlertKind::Share => ("negative_share", 0),
            _ => ("spike", 0),
        };
        let mut measures = BTreeMap::from([
            ("posts".into(), alert.posts as f64),
            ("negative".into(), alert.negative as f64),
            ("authors".into(), tally.authors.count() as f64),
        ]);
        if level > 0 {
            let reasons = reading.crisis.reasons.iter();
            measures
                .extend(reasons.map(|(name, points)| (format!("points: {name}").into(), points.as_f64())));
        }
        Observation { about: self.about.clone(), kind: kind.into(), at: alert.start + HOUR, level, measures }
    }
}
