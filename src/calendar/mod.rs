//! Business calendars: weekly hours with breaks, holidays and time zones; exact deadlines and durations.
//!
//! ```text
//! Hours (serde data: zone, weekly, holidays)
//!    │  Calendar::build      every fault at once
//!    ▼
//! Calendar ── is_open(t) · next_open(t) · next_close(t)
//!          ── elapsed(a, b)       business milliseconds between two instants
//!          └─ deadline(t, d)      the instant at which d business milliseconds are over
//! ```
//!
//! One definition carries everything: **an instant is open when the wall clock of the zone shows an open
//! time.** Elapsed business time is the measure of the open instants, and a deadline is its inverse. The
//! awkward cases then have one answer each:
//!
//! - **A skipped hour** (clocks forward) is no time at all: hours from 01:30 on a day that jumps from 01:00
//!   to 02:00 open at the jump.
//! - **A repeated hour** (clocks back) counts twice: the wall clock shows it twice. A 24-hour day has 25
//!   hours then, and 23 in spring; a calendar that is always open therefore measures plain time.
//! - **Overnight spans** (`22:00-06:00`) belong to the day they start on and run into the next.
//! - **A holiday** closes its whole local date, the tail of an overnight span included; it may have hours
//!   of its own instead.
//! - A deadline is the *earliest* instant at which the time is over: one hour from Friday 16:00, closing at
//!   17:00, is Friday 17:00 and not Monday morning. No time at all (`d ≤ 0`) is over at once.
//!
//! How: the open time since a fixed origin is a step-free, non-decreasing function of the local clock (a
//! weekly sawtooth, corrected at each holiday) and, shifted once for each change of offset, of the instant.
//! Both directions are a few binary searches: the cost does not depend on the distance.
//!
//! ```
//! use hearken::calendar::{Calendar, Hours};
//! use hearken::model::Timestamp;
//!
//! let hours: Hours = serde_json::from_str(
//!     r#"{"zone": "+01:00",
//!         "weekly": {"mon": ["09:00-12:30", "13:30-17:00"], "fri": ["09:00-17:00"]},
//!         "holidays": ["2026-12-25", {"date": "2026-12-28", "hours": ["10:00-12:00"]}]}"#).unwrap();
//! let calendar = Calendar::build(&hours).unwrap();
//!
//! let friday = Timestamp::parse("2026-03-06T16:30:00+01:00").unwrap();
//! let due = calendar.deadline(friday, 60 * 60_000);
//! assert_eq!(due, Timestamp::parse("2026-03-09T09:30:00+01:00").unwrap());
//! assert_eq!(calendar.elapsed(friday, due), 60 * 60_000);
//! ```

mod hours;
mod week;
mod zone;

pub use hours::{Holiday, Hours, Weekly};
pub use zone::{Local, Zone};

use crate::error::BuildError;
use crate::model::Timestamp;
use week::Clock;

/// Instants are clamped to this many milliseconds around 1970 (about 70 million years), far from overflow.
const EDGE: i64 = i64::MAX / 4;

/// A business calendar, built once from [`Hours`] and asked often. See the [module](self) for the rules.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::model::Timestamp;
///
/// let always = Calendar::always();
/// assert_eq!(always.deadline(Timestamp::from_secs(5), 1_000), Timestamp::from_secs(6));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    clock: Clock,
    /// At least one; the first begins with time.
    stretches: Vec<Stretch>,
}

/// A stretch of time with one offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    /// First instant, in milliseconds.
    since: i64,
    /// Local time minus UTC, in milliseconds.
    offset: i64,
    /// Open time since the origin at an instant of the stretch = open local time + `shift`.
    shift: i64,
    /// Open time since the origin at `since`.
    open: i64,
}

impl Calendar {
    /// Builds the calendar.
    ///
    /// # Errors
    /// Every fault: an unknown zone, an unreadable span or date, spans that overlap, a date given twice,
    /// a week without any open time.
    pub fn build(hours: &Hours) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        let zone = Zone::named(&hours.zone).unwrap_or_else(|fault| {
            error.push(fault);
            Zone::utc()
        });
        let clock = hours.read(&mut error);
        error.or(Self::on(&zone, clock))
    }

    /// Builds the calendar in a zone of the host's own; `hours.zone` is not read.
    ///
    /// # Errors
    /// As [`build`](Self::build), the zone apart.
    pub fn build_in(zone: &Zone, hours: &Hours) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        let clock = hours.read(&mut error);
        error.or(Self::on(zone, clock))
    }

    /// The calendar that never closes: business time is time.
    pub fn always() -> Self {
        Self::on(&Zone::utc(), Clock::always())
    }

    fn on(zone: &Zone, clock: Clock) -> Self {
        let mut stretches: Vec<Stretch> = Vec::with_capacity(zone.changes().len());
        for change in zone.changes() {
            let local = clock.open(change.since.saturating_add(change.offset));
            let open = match stretches.last() {
                Some(before) => clock.open(change.since + before.offset) + before.shift,
                None => local,
            };
            stretches.push(Stretch { since: change.since, offset: change.offset, shift: open - local, open });
        }
        Self { clock, stretches }
    }

    /// Business milliseconds from `a` to `b`; negative when `b` is before `a`.
    /// `elapsed(a, b) + elapsed(b, c) == elapsed(a, c)` for all three.
    pub fn elapsed(&self, a: Timestamp, b: Timestamp) -> i64 {
        self.open_until(b) - self.open_until(a)
    }

    /// The earliest instant at or after `start` by which `business` milliseconds are over.
    pub fn deadline(&self, start: Timestamp, business: i64) -> Timestamp {
        if business <= 0 {
            return start;
        }
        let target = self.open_until(start).saturating_add(business).min(EDGE);
        let index = self.stretches.partition_point(|stretch| stretch.open < target);
        let Some(stretch) = self.stretches.get(index.saturating_sub(1)) else { return start };
        Timestamp::from_millis(self.clock.reach(target - stretch.shift) - stretch.offset)
    }

    /// True when the instant is open.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.elapsed(at, at + 1) > 0
    }

    /// `at` when it is open, else the next opening.
    pub fn next_open(&self, at: Timestamp) -> Timestamp {
        self.deadline(at, 1) - 1
    }

    /// `at` when it is closed, else the next closing; `None` for a calendar that never closes.
    pub fn next_close(&self, at: Timestamp) -> Option<Timestamp> {
        let mut at = at.millis().clamp(-EDGE, EDGE);
        loop {
            let index = self.stretches.partition_point(|stretch| stretch.since <= at);
            let stretch = self.stretches.get(index.saturating_sub(1))?;
            let next = self.stretches.get(index).map(|next| next.since);
            let local = at + stretch.offset;
            let close = self.clock.end(local).map(|end| end - stretch.offset);
            at = match (close, next) {
                (Some(close), Some(next)) if next < close => next,
                (None, next) => next?,
                (Some(close), _) if close == at => return Some(Timestamp::from_millis(at)),
                (Some(close), _) => close,
            };
        }
    }

    fn open_until(&self, at: Timestamp) -> i64 {
        let at = at.millis().clamp(-EDGE, EDGE);
        let index = self.stretches.partition_point(|stretch| stretch.since <= at);
        match self.stretches.get(index.saturating_sub(1)) {
            Some(stretch) => self.clock.open(at + stretch.offset) + stretch.shift,
            None => 0,
        }
    }
}

impl Default for Calendar {
    fn default() -> Self {
        Self::always()
    }
}
