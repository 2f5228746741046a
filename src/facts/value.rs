use super::field::nearest;
use super::{Field, FieldType};
use crate::error::{Fault, FaultKind};
use chrono::{Datelike, NaiveDate};
use std::borrow::Cow;

/// A value for a fact, as an analyser or a host gives it.
///
/// ```
/// use hearken::facts::Value;
///
/// assert_eq!(Value::from("x"), Value::Text("x".to_owned()));
/// assert_eq!(Value::from(12), Value::Number(12.0));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A word, a name, a time, a day or an address.
    Text(String),
    /// Several of them.
    Many(Vec<String>),
    /// A number; must be finite.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Latitude and longitude in degrees.
    Point(f64, f64),
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<String>> for Value {
    fn from(value: Vec<String>) -> Self {
        Self::Many(value)
    }
}

impl<const N: usize> From<[&str; N]> for Value {
    fn from(value: [&str; N]) -> Self {
        Self::Many(value.into_iter().map(str::to_owned).collect())
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Number(value as f64)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(value as f64)
    }
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<(f64, f64)> for Value {
    fn from((latitude, longitude): (f64, f64)) -> Self {
        Self::Point(latitude, longitude)
    }
}

/// Folds a value the way every value of `field` is folded, in facts and in queries alike.
pub(crate) fn fold<'v>(field: &Field, value: &'v str) -> Cow<'v, str> {
    let bare: fn(&str) -> &str = match field {
        Field::From | Field::To => |text| text.trim_start_matches('@'),
        Field::Site => |text| text.trim_start_matches("www.").trim_end_matches('.'),
        _ => |text| text,
    };
    match crate::text::fold(value.trim()) {
        Cow::Borrowed(folded) => Cow::Borrowed(bare(folded)),
        Cow::Owned(folded) => Cow::Owned(bare(&folded).to_owned()),
    }
}

/// Reads one number of a numeric field as it is written: `12.5`, `high`, `09:30`, `2026-03-01`.
pub(crate) fn read_number(field: &Field, text: &str) -> Result<f64, Fault> {
    let number = match field.field_type() {
        FieldType::Rank(names) => {
            names.iter().position(|name| name.eq_ignore_ascii_case(text)).map(|rank| rank as f64)
        }
        FieldType::Time => minutes(text),
        FieldType::Date => days(text),
        _ => text.parse().ok().filter(|n: &f64| n.is_finite()),
    };
    number.ok_or_else(|| not_a_number(field, text))
}

/// What a numeric field takes instead of `text`.
fn not_a_number(field: &Field, text: &str) -> Fault {
    let wanted = match field.field_type() {
        FieldType::Rank(names) => format!("one of {}", names.join(", ")),
        FieldType::Time => "a time HH:MM from 00:00 to 24:00".to_owned(),
        FieldType::Date => "a day YYYY-MM-DD".to_owned(),
        _ => "a number".to_owned(),
    };
    let fault = Fault::new(FaultKind::Value, "", format!("`{field}` takes {wanted}, and this is `{text}`"));
    match field.field_type() {
        FieldType::Rank(names) => match nearest(&text.to_lowercase(), names) {
            Some(near) => fault.mend(format!("did you mean `{near}`?")),
            None => fault,
        },
        _ => fault,
    }
}

/// Whether `number` is one that [`Facts::number`](super::Facts::number) can answer for a field.
pub(super) fn is_number_of(field: &Field, number: f64) -> bool {
    let whole = number.fract() == 0.0;
    match field.field_type() {
        FieldType::Rank(names) => whole && (0.0..names.len() as f64).contains(&number),
        FieldType::Time => whole && (0.0..=1440.0).contains(&number),
        FieldType::Date => whole && number.abs() < f64::from(i32::MAX),
        _ => number.is_finite(),
    }
}

/// Writes a number of a numeric field as [`read_number`] reads it.
pub(crate) fn write_number(field: &Field, number: f64) -> String {
    match field.field_type() {
        FieldType::Rank(names) => names.get(number as usize).map_or_else(String::new, |n| (*n).to_owned()),
        FieldType::Time => format!("{:02}:{:02}", number as u32 / 60, number as u32 % 60),
        FieldType::Date => NaiveDate::from_num_days_from_ce_opt(number as i32)
            .map_or_else(String::new, |day| day.format("%Y-%m-%d").to_string()),
        _ => number.to_string(),
    }
}

/// Minutes since midnight; `24:00` is the end of the day.
fn minutes(text: &str) -> Option<f64> {
    let (hours, minutes) = text.split_once(':')?;
    let two =
        |t: &str| (t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit())).then(|| t.parse::<u32>().ok());
    let (hours, minutes) = (two(hours)??, two(minutes)??);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then(|| f64::from(hours * 60 + minutes))
}

/// Days since the first day of year 1.
fn days(text: &str) -> Option<f64> {
    let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    (text.len() == 10).then(|| f64::from(day.num_days_from_ce()))
}
