use super::Listener;
use crate::facts::Facts;
use crate::model::{ItemKey, Timestamp};
use crate::query::Query;
use std::collections::BTreeMap;

/// Milliseconds of a week, and of the days from the Monday before 1970 to 1970.
const WEEK: i64 = 7 * 86_400_000;
const MONDAY: i64 = 3 * 86_400_000;
/// Missed mentions kept as samples.
const SAMPLES: usize = 20;

/// What the monitors cover: hits a week, monitors that never hit, and mentions that none of them heard.
///
/// ```
/// use hearken::facts::{Facts, Scope};
/// use hearken::listen::{Coverage, Listener, Monitor, MonitorKind, Scratch};
/// use hearken::model::{ItemKey, Platform, Timestamp};
/// use hearken::query::Query;
/// use hearken::text::Text;
///
/// let brand = Monitor::new("brand", MonitorKind::Brand).indirect("acme lamp");
/// let fair = Monitor::new("fair", MonitorKind::Campaign).direct("#acmefair");
/// let listener = Listener::build([brand, fair])?;
/// let mut coverage = Coverage::new(&listener, Query::parse("acme OR acme~1", Scope::Monitor)?);
/// let mut scratch = Scratch::default();
/// for (id, source) in ["acme lamp", "my acmee kettle leaks"].iter().enumerate() {
///     let text = Text::new(source);
///     let facts = Facts::new(&text);
///     let hits: Vec<usize> = listener.hear(&facts, None, &mut scratch).hits.iter().map(|hit| hit.place).collect();
///     coverage.note(&hits, &facts, &ItemKey::new(Platform::X, id.to_string()), Timestamp::from_secs(0));
/// }
/// assert_eq!(coverage.silent().collect::<Vec<_>>(), ["fair"]);
/// assert_eq!((coverage.missed(), &*coverage.samples()[0].id), (1, "1"));
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Coverage {
    /// By place.
    monitors: BTreeMap<usize, Box<str>>,
    brand: Query,
    weeks: BTreeMap<(i64, usize), u64>,
    missed: u64,
    samples: Vec<ItemKey>,
}

impl Coverage {
    /// A report on a listener's monitors. `brand` is a wide query for anything that sounds like a mention.
    pub fn new(listener: &Listener, brand: Query) -> Self {
        Self {
            monitors: listener.monitors().map(|(place, id, _)| (place, id.into())).collect(),
            brand,
            weeks: BTreeMap::new(),
            missed: 0,
            samples: Vec::new(),
        }
    }

    /// Counts a post and the places of the monitors that it hit.
    pub fn note(&mut self, hits: &[usize], facts: &Facts<'_>, item: &ItemKey, at: Timestamp) {
        let week = at.millis().saturating_add(MONDAY).div_euclid(WEEK);
        for hit in hits {
            *self.weeks.entry((week, *hit)).or_default() += 1;
        }
        if hits.is_empty() && self.brand.matches(facts) {
            self.missed += 1;
            if self.samples.len() < SAMPLES {
                self.samples.push(item.clone());
            }
        }
    }

    /// Monday (UTC) of the week, monitor, hits: by week, then in the order of the monitors; only those with hits.
    pub fn weeks(&self) -> impl Iterator<Item = (Timestamp, &str, u64)> {
        self.weeks.iter().filter_map(|((week, place), hits)| {
            Some((Timestamp::from_millis(week * WEEK - MONDAY), &**self.monitors.get(place)?, *hits))
        })
    }

    /// The monitors that never hit: their query is too narrow, or nobody speaks of it.
    pub fn silent(&self) -> impl Iterator<Item = &str> {
        self.monitors
            .iter()
            .filter(|(place, _)| !self.weeks.keys().any(|(_, hit)| hit == *place))
            .map(|(_, id)| &**id)
    }

    /// Posts that sound like a mention and hit no monitor.
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// The first of them, twenty at most.
    pub fn samples(&self) -> &[ItemKey] {
        &self.samples
    }
}
