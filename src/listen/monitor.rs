use super::{Audience, Unknown};
use crate::model::{Timestamp, open_enum};
use serde::{Deserialize, Serialize};

open_enum!(
    /// What a monitor watches.
    MonitorKind {
        /// One's own brand.
        Brand = "brand",
        /// A competitor.
        Competitor = "competitor",
        /// An industry and its terms.
        Industry = "industry",
        /// A campaign.
        Campaign = "campaign",
        /// A product.
        Product = "product",
        /// A crisis.
        Crisis = "crisis",
        /// A conference, launch or promotion; it has a window.
        Event = "event",
    }
);

/// What to listen for. Plain data: a host keeps it where it likes, and [builds](super::Listener::build) many at once.
///
/// A post concerns the monitor when one of its aliases holds (if it has any) and its query holds (if it has
/// one), no exclusion holds, the author is of its audience, and the time lies in its window. Aliases, query
/// and exclusions are written in the [query language](crate::query).
///
/// ```
/// use hearken::listen::{Monitor, MonitorKind, Unknown};
///
/// let launch = Monitor::new("launch", MonitorKind::Event)
///     .direct("#acmelaunch")
///     .indirect("(acme OR @acme) (launch OR keynote)")
///     .countries(["ch", "de"])
///     .unknown(Unknown::Keep);
/// let json = serde_json::to_string(&launch).unwrap();
/// assert_eq!(serde_json::from_str::<Monitor>(&json).unwrap(), launch);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    /// Its name, unique among all monitors.
    pub id: Box<str>,
    /// What it watches.
    pub kind: MonitorKind,
    /// Names by which it is addressed: `@acme`, `#acme`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub direct: Vec<Box<str>>,
    /// Names by which it is talked about: `acme`, `"rocket skates"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indirect: Vec<Box<str>>,
    /// What must hold as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<Box<str>>,
    /// What must not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<Box<str>>,
    /// Who must speak, and where.
    #[serde(default, skip_serializing_if = "Audience::is_everybody")]
    pub audience: Audience,
    /// From when to when it listens, the end excluded. A post without a time is outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<(Timestamp, Timestamp)>,
}

impl Monitor {
    /// A monitor that listens for nothing yet.
    pub fn new(id: &str, kind: MonitorKind) -> Self {
        Self {
            id: id.into(),
            kind,
            direct: Vec::new(),
            indirect: Vec::new(),
            query: None,
            exclude: Vec::new(),
            audience: Audience::default(),
            window: None,
        }
    }

    /// Adds a name by which it is addressed.
    #[must_use]
    pub fn direct(mut self, alias: &str) -> Self {
        self.direct.push(alias.into());
        self
    }

    /// Adds a name by which it is talked about.
    #[must_use]
    pub fn indirect(mut self, alias: &str) -> Self {
        self.indirect.push(alias.into());
        self
    }

    /// Sets what must hold as well.
    #[must_use]
    pub fn query(mut self, query: &str) -> Self {
        self.query = Some(query.into());
        self
    }

    /// Adds what must not hold.
    #[must_use]
    pub fn exclude(mut self, query: &str) -> Self {
        self.exclude.push(query.into());
        self
    }

    /// Sets the countries (ISO 3166-1 alpha-2) that a post must come from.
    #[must_use]
    pub fn countries<'a>(mut self, countries: impl IntoIterator<Item = &'a str>) -> Self {
        self.audience.countries =
            countries.into_iter().map(|country| country.to_lowercase().into()).collect();
        self
    }

    /// Sets what happens to a post of which the audience's facts are unknown.
    #[must_use]
    pub fn unknown(mut self, policy: Unknown) -> Self {
        self.audience.unknown = policy;
        self
    }

    /// Sets from when to when it listens, the end excluded.
    #[must_use]
    pub fn window(mut self, from: Timestamp, to: Timestamp) -> Self {
        self.window = Some((from, to));
        self
    }
}
