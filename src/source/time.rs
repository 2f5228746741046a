//! The instants of the platforms, in every format they come in.

use crate::model::Timestamp;
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use serde_json::Value;
use std::ops::RangeInclusive;

/// Reads an instant:
/// - RFC 3339, also with `+0000` for `+00:00` (Meta) and without any zone (then UTC);
/// - `Wed Feb 22 20:26:41 +0000 2012` (X v1.1) and RFC 2822;
/// - a date alone, its midnight UTC;
/// - a count since 1970 as integer, decimal fraction or digits in a string; the unit follows from the size:
///   below 10¹¹ seconds (year 5138), below 10¹⁴ milliseconds, below 10¹⁷ microseconds, else nanoseconds;
/// - `{"seconds": …, "nanos": …}` (Google).
///
/// What lies outside the years 0 to 9999 is no time of a platform's.
pub(super) fn read(value: &Value) -> Option<Timestamp> {
    const YEARS: RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;
    any(value).filter(|at| YEARS.contains(&at.millis()))
}

fn any(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => from_text(text.trim()),
        Value::Number(number) => match number.as_i64() {
            Some(count) => Some(from_count(count)),
            None => number.as_f64().and_then(from_fraction),
        },
        Value::Object(parts) => {
            let seconds = match parts.get("seconds")? {
                Value::String(digits) => digits.parse().ok()?,
                number => number.as_i64()?,
            };
            let nanos = parts.get("nanos").and_then(Value::as_i64).unwrap_or(0);
            Some(Timestamp::from_secs(seconds) + nanos / 1_000_000)
        }
        _ => None,
    }
}

fn from_count(count: i64) -> Timestamp {
    match count.unsigned_abs() {
        0..100_000_000_000 => Timestamp::from_secs(count),
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millis(count),
        100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_millis(count.div_euclid(1_000)),
        _ => Timestamp::from_millis(count.div_euclid(1_000_000)),
    }
}

/// Seconds with decimals; a larger float is an integer written with an exponent or `.0`.
fn from_fraction(count: f64) -> Option<Timestamp> {
    match count.abs() {
        0.0..1e11 => Some(Timestamp::from_millis((count * 1_000.0).round() as i64)),
        1e11..9.2e18 => Some(from_count(count as i64)),
        _ => None,
    }
}

fn from_text(text: &str) -> Option<Timestamp> {
    if let Ok(count) = text.parse::<i64>() {
        return Some(from_count(count));
    }
    let zoned = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z"))
        .or_else(|_| {
            // A weekday that does not fit its date makes the instant no less clear.
            let date = text.split_once(' ').map_or("", |(_weekday, date)| date);
            DateTime::parse_from_str(date, "%b %d %H:%M:%S %z %Y")
        })
        .or_else(|_| DateTime::parse_from_rfc2822(text));
    if let Ok(zoned) = zoned {
        return Some(Timestamp::from_millis(zoned.timestamp_millis()));
    }
    let naive = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f")
        .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"))
        .ok()
        .or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0));
    naive.map(|naive| Timestamp::from_millis(naive.and_utc().timestamp_millis()))
}
