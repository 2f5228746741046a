use super::EDGE;
use crate::error::{Fault, FaultKind};
use crate::model::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 24 * 60 * MINUTE;

/// A time zone: its offset from UTC, and every instant at which that changes.
///
/// The core knows `UTC` and fixed offsets, and takes a table of changes from a host; IANA names need the
/// feature `tz`.
///
/// ```
/// use hearken::calendar::Zone;
/// use hearken::model::Timestamp;
///
/// let india = Zone::named("+05:30").unwrap();
/// let local = india.local(Timestamp::parse("2026-03-01T20:00:00Z").unwrap());
/// assert_eq!((local.weekday(), local.hour(), local.minute()), ("mon", 1, 30));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    changes: Vec<Change>,
}

/// From `since` on, local time is UTC plus `offset`; both in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) since: i64,
    pub(super) offset: i64,
}

/// What the wall clock of a zone shows.
///
/// ```
/// use hearken::calendar::Zone;
/// use hearken::model::Timestamp;
///
/// let instant = Timestamp::parse("2026-03-01T23:30:00Z").unwrap();
/// let [utc, tokyo] = ["UTC", "+09:00"].map(|zone| Zone::named(zone).unwrap().local(instant));
/// // The same instant, and already Monday morning there: what `weekday` and `time` in a query ask about.
/// assert_eq!((utc.weekday(), tokyo.weekday(), tokyo.hour()), ("sun", "mon", 8));
/// assert_eq!(tokyo.day() - utc.day(), 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Local(i64);

impl Local {
    /// Days since 1970-01-01 on the local calendar.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(DAY)
    }

    /// `mon` … `sun`, as the `weekday` field of a query.
    pub const fn weekday(self) -> &'static str {
        match (self.day() + 3).rem_euclid(7) {
            0 => "mon",
            1 => "tue",
            2 => "wed",
            3 => "thu",
            4 => "fri",
            5 => "sat",
            _ => "sun",
        }
    }

    /// Hour of the day, 0–23.
    pub const fn hour(self) -> u32 {
        (self.0.rem_euclid(DAY) / (60 * MINUTE)) as u32
    }

    /// Minute of the hour, 0–59.
    pub const fn minute(self) -> u32 {
        (self.0.rem_euclid(60 * MINUTE) / MINUTE) as u32
    }
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self { changes: vec![Change { since: -EDGE, offset: 0 }] }
    }

    /// A zone from a table: the offset in seconds before the first change, then each change with the offset
    /// that it brings, in order of time.
    ///
    /// # Errors
    /// An offset of 24 hours or more, or changes out of order.
    pub fn from_changes(first: i32, changes: &[(Timestamp, i32)]) -> Result<Self, Fault> {
        let offsets = std::iter::once((Timestamp::from_millis(-EDGE), first)).chain(changes.iter().copied());
        let mut table: Vec<Change> = Vec::with_capacity(changes.len() + 1);
        for (since, seconds) in offsets {
            if seconds.abs() >= 86_400 {
                return Err(Fault::new(FaultKind::Value, "zone", "an offset of a day or more"));
            }
            let since = since.millis();
            if since > EDGE || table.last().is_some_and(|last| last.since >= since) {
                return Err(Fault::new(FaultKind::Value, "zone", "changes out of order"));
            }
            table.push(Change { since, offset: i64::from(seconds) * 1_000 });
        }
        Ok(Self { changes: table })
    }

    /// The zone called `UTC`, `Z`, `+02:00`, `-03:30`, or, with the feature `tz`, by its IANA name.
    ///
    /// IANA offsets are taken from 1970 to 2100, where the table of `chrono-tz` ends; before and after, the
    /// first and the last one hold.
    ///
    /// # Errors
    /// An unknown name.
    pub fn named(name: &str) -> Result<Self, Fault> {
        if matches!(name, "UTC" | "Z") {
            return Ok(Self::utc());
        }
        match fixed(name) {
            Some(seconds) => Self::from_changes(seconds, &[]),
            None => iana(name),
        }
    }

    /// What the wall clock shows at an instant. O(log changes).
    pub fn local(&self, at: Timestamp) -> Local {
        let at = at.millis().clamp(-EDGE, EDGE);
        let index = self.changes.partition_point(|change| change.since <= at);
        Local(at + self.changes.get(index.saturating_sub(1)).map_or(0, |change| change.offset))
    }

    pub(super) fn changes(&self) -> &[Change] {
        &self.changes
    }
}

/// Seconds of `+HH:MM` or `-HH:MM`.
fn fixed(name: &str) -> Option<i32> {
    let (sign, rest) = match name.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    Some(sign * (super::hours::clock_time(rest)? / 1_000) as i32)
}

#[cfg(not(feature = "tz"))]
fn iana(name: &str) -> Result<Zone, Fault> {
    Err(Fault::new(FaultKind::Unknown, "zone", format!("no zone {name:?} in this build"))
        .mend("use UTC or an offset like +01:00, or turn on the feature tz"))
}

#[cfg(feature = "tz")]
fn iana(name: &str) -> Result<Zone, Fault> {
    use chrono::{Offset, TimeZone};

    /// 1970-01-01 to 2101-01-01.
    const DAYS: std::ops::Range<i64> = 0..47_847;

    let zone: chrono_tz::Tz = name.parse().map_err(|_| {
        Fault::new(FaultKind::Unknown, "zone", format!("no zone {name:?}"))
            .mend("use an IANA name like Europe/London, UTC, or an offset like +01:00")
    })?;
    let offset = |second: i64| {
        let utc = Timestamp::from_secs(second).to_chrono().unwrap_or_default().naive_utc();
        zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    };
    // The table itself is private: look once a day, and where the offset differs find the second.
    let first = offset(DAYS.start * 86_400);
    let mut changes = Vec::new();
    let mut known = first;
    for day in DAYS {
        let (mut before, mut after) = (day * 86_400, (day + 1) * 86_400);
        let found = offset(after);
        if found != known {
            while after - before > 1 {
                let middle = before + (after - before) / 2;
                if offset(middle) == known { before = middle } else { after = middle }
            }
            changes.push((Timestamp::from_secs(after), found));
            known = found;
        }
    }
    Zone::from_changes(first, &changes)
}
