use chrono::{DateTime, Datelike, SecondsFormat, TimeZone, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Sub};

/// An instant: milliseconds since 1970-01-01T00:00:00Z, without leap seconds. The host gives it.
///
/// ```
/// use hearken::model::Timestamp;
///
/// let t: Timestamp = Timestamp::parse("2026-03-01T12:00:00+01:00").unwrap();
/// assert_eq!(t.to_string(), "2026-03-01T11:00:00.000Z");
/// assert_eq!((t + 1_500).millis() - t.millis(), 1_500);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `millis` after the epoch.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The instant `seconds` after the epoch; saturates.
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// Reads RFC 3339 (`2026-03-01T12:00:00Z`); any offset, any number of decimals, cut to milliseconds.
    pub fn parse(text: &str) -> Option<Self> {
        DateTime::parse_from_rfc3339(text).ok().map(|t| Self(t.timestamp_millis()))
    }

    /// Milliseconds since the epoch.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1_000)
    }

    /// The same instant in chrono's terms, or `None` outside chrono's range (years ±262,000).
    pub fn to_chrono(self) -> Option<DateTime<Utc>> {
        Utc.timestamp_millis_opt(self.0).single()
    }

    /// Milliseconds from `earlier` to here; saturates, negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl Add<i64> for Timestamp {
    type Output = Self;
    /// Milliseconds later; saturates.
    fn add(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }
}

impl Sub<i64> for Timestamp {
    type Output = Self;
    /// Milliseconds earlier; saturates.
    fn sub(self, millis: i64) -> Self {
        Self(self.0.saturating_sub(millis))
    }
}

/// Prints RFC 3339 in UTC with milliseconds; outside the years 0..=9999 the count of milliseconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_chrono().filter(|t| (0..=9999).contains(&t.year())) {
            Some(t) => f.pad(&t.to_rfc3339_opts(SecondsFormat::Millis, true)),
            None => write!(f, "{}ms", self.0),
        }
    }
}
