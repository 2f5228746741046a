use super::week::{Clock, DAY, Exception, Piece, WEEK};
use crate::error::{BuildError, Fault, FaultKind};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// Opening hours as data. Times are the zone's wall clock.
///
/// ```
/// use hearken::calendar::{Calendar, Hours};
///
/// let night: Hours = serde_json::from_str(r#"{"weekly": {"sat": ["22:00-06:00"]}}"#).unwrap();
/// assert!(Calendar::build(&night).is_ok());
/// let wrong: Hours = serde_json::from_str(r#"{"weekly": {"sat": ["9-5", "08:00-12:00", "11:00-13:00"]}}"#).unwrap();
/// assert_eq!(Calendar::build(&wrong).unwrap_err().faults().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// `UTC`, an offset like `+01:00`, or an IANA name (feature `tz`).
    #[serde(default = "utc")]
    pub zone: String,
    /// The hours of each weekday.
    pub weekly: Weekly,
    /// Dates with other hours than their weekday's.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holidays: Vec<Holiday>,
}

fn utc() -> String {
    "UTC".to_owned()
}

/// The spans of each weekday, `HH:MM-HH:MM`: the end is excluded, `24:00` is the end of the day, and an end
/// before the start means the next day. A break is the time between two spans.
///
/// ```
/// use hearken::calendar::{Calendar, Hours, Weekly};
/// use hearken::model::Timestamp;
///
/// let weekly = Weekly::workdays(&["09:00-12:00", "13:00-17:00"]);
/// let calendar = Calendar::build(&Hours { zone: "UTC".into(), weekly, holidays: Vec::new() }).unwrap();
/// let open = |time| calendar.is_open(Timestamp::parse(time).unwrap());
/// assert!(open("2026-03-06T11:59:00Z") && !open("2026-03-06T12:30:00Z"), "a break at noon");
/// assert!(!open("2026-03-07T10:00:00Z"), "and Saturday");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weekly {
    /// Monday.
    pub mon: Vec<String>,
    /// Tuesday.
    pub tue: Vec<String>,
    /// Wednesday.
    pub wed: Vec<String>,
    /// Thursday.
    pub thu: Vec<String>,
    /// Friday.
    pub fri: Vec<String>,
    /// Saturday.
    pub sat: Vec<String>,
    /// Sunday.
    pub sun: Vec<String>,
}

impl Weekly {
    /// The same spans from Monday to Friday, closed at the weekend.
    pub fn workdays(spans: &[&str]) -> Self {
        let day: Vec<String> = spans.iter().map(|&span| span.to_owned()).collect();
        Self {
            mon: day.clone(),
            tue: day.clone(),
            wed: day.clone(),
            thu: day.clone(),
            fri: day,
            ..Self::default()
        }
    }

    fn days(&self) -> [(&'static str, &[String]); 7] {
        [
            ("mon", &self.mon),
            ("tue", &self.tue),
            ("wed", &self.wed),
            ("thu", &self.thu),
            ("fri", &self.fri),
            ("sat", &self.sat),
            ("sun", &self.sun),
        ]
    }
}

/// A date that differs from its weekday: closed, or with hours of its own. In JSON either the date alone or
/// `{"date": "2026-12-24", "hours": ["09:00-12:00"]}`; these spans end by 24:00.
///
/// ```
/// use hearken::calendar::{Calendar, Holiday, Hours, Weekly};
/// use hearken::model::Timestamp;
///
/// let holidays: Vec<Holiday> =
///     serde_json::from_str(r#"["2026-12-25", {"date": "2026-12-24", "hours": ["09:00-12:00"]}]"#).unwrap();
/// let hours = Hours { zone: "UTC".into(), weekly: Weekly::workdays(&["09:00-17:00"]), holidays };
/// let calendar = Calendar::build(&hours).unwrap();
/// let asked = Timestamp::parse("2026-12-24T11:30:00Z").unwrap();
/// // Half an hour is left on Christmas Eve; the other half comes on Monday.
/// assert_eq!(calendar.deadline(asked, 3_600_000), Timestamp::parse("2026-12-28T09:30:00Z").unwrap());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Holiday {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// Its spans; none means closed.
    pub hours: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Closed(String),
    Open { date: String, hours: Vec<String> },
}

impl From<Written> for Holiday {
    fn from(written: Written) -> Self {
        match written {
            Written::Closed(date) => Self { date, hours: Vec::new() },
            Written::Open { date, hours } => Self { date, hours },
        }
    }
}

impl From<Holiday> for Written {
    fn from(holiday: Holiday) -> Self {
        match holiday.hours.is_empty() {
            true => Self::Closed(holiday.date),
            false => Self::Open { date: holiday.date, hours: holiday.hours },
        }
    }
}

impl Hours {
    /// Reads the data into a clock; what is wrong goes to `error`.
    pub(super) fn read(&self, error: &mut BuildError) -> Clock {
        let mut week = Vec::new();
        for (index, (name, spans)) in self.weekly.days().into_iter().enumerate() {
            let midnight = index as i64 * DAY;
            for (start, end) in spans.iter().filter_map(|span| read_span(span, name, error)) {
                let (start, end) = (midnight + start, midnight + end);
                week.push(Piece::new(start, end.min(WEEK)));
                if end > WEEK {
                    week.push(Piece::new(0, end - WEEK)); // Sunday night runs into Monday
                }
            }
        }
        let week = join(week, "weekly", error);
        if week.is_empty() && error.is_empty() {
            error.push(Fault::new(FaultKind::Missing, "weekly", "no open time in the week"));
        }

        let mut exceptions: Vec<Exception> = Vec::new();
        for holiday in &self.holidays {
            let Ok(date) = holiday.date.parse::<NaiveDate>() else {
                error.push(
                    Fault::new(FaultKind::Syntax, "holidays", format!("no date {:?}", holiday.date))
                        .mend("write YYYY-MM-DD"),
                );
                continue;
            };
            let mut pieces = Vec::new();
            for span in &holiday.hours {
                let Some((start, end)) = read_span(span, &holiday.date, error) else { continue };
                if end > DAY {
                    error.push(
                        Fault::new(FaultKind::Value, &*holiday.date, "the hours of a holiday end by 24:00")
                            .mend("give the next date its own hours"),
                    );
                }
                pieces.push(Piece::new(start, end));
            }
            let pieces = join(pieces, &holiday.date, error);
            exceptions.push(Exception::new(i64::from(date.num_days_from_ce()) - 719_163, pieces));
        }
        exceptions.sort_by_key(Exception::day);
        if exceptions.windows(2).any(|pair| matches!(pair, [a, b] if a.day() == b.day())) {
            error.push(Fault::new(FaultKind::Duplicate, "holidays", "a date is given twice"));
            exceptions.dedup_by_key(|exception| exception.day());
        }
        Clock::new(week, exceptions)
    }
}

/// Sorts the pieces and joins those that touch; pieces that overlap are a fault.
fn join(mut pieces: Vec<Piece>, place: &str, error: &mut BuildError) -> Vec<Piece> {
    pieces.sort_by_key(|piece| piece.start);
    let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if piece.start < last.end => {
                error.push(Fault::new(FaultKind::Conflict, place, "spans overlap"));
                last.end = last.end.max(piece.end);
            }
            Some(last) if piece.start == last.end => last.end = piece.end,
            _ => joined.push(piece),
        }
    }
    joined
}

/// `HH:MM-HH:MM` in milliseconds from midnight; the end of an overnight span is past 24 hours.
fn read_span(span: &str, place: &str, error: &mut BuildError) -> Option<(i64, i64)> {
    let read = span
        .split_once('-')
        .and_then(|(start, end)| Some((clock_time(start.trim())?, clock_time(end.trim())?)));
    match read {
        Some((start, end)) if start != end && start < DAY => {
            Some((start, if end > start { end } else { end + DAY }))
        }
        _ => {
            error.push(
                Fault::new(FaultKind::Syntax, place, format!("no span {span:?}"))
                    .mend("write HH:MM-HH:MM, 00:00-24:00 for a whole day"),
            );
            None
        }
    }
}

/// Milliseconds from midnight of `HH:MM`, up to `24:00`.
pub(super) fn clock_time(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let number = |digits: &str| -> Option<i64> {
        let plain = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let millis = (hour * 60 + minute) * 60_000;
    (minute < 60 && millis <= DAY).then_some(millis)
}
