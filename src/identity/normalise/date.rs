//! Calendar dates as people type them, down to the typing errors.
//!
//! A date of birth in a customer file is a string of digits that somebody typed. It is kept as eight digits
//! (`YYYYMMDD`, zero where unknown) even when no calendar has such a day, because `1965-13-02` is still one
//! keystroke away from the right date.

/// A date, possibly incomplete, possibly impossible.
///
/// ```
/// use hearken::identity::Date;
///
/// let a = Date::parse("24/06/1971").unwrap();
/// assert_eq!(a, Date::parse("1971-06-24").unwrap());
/// assert_eq!(a.digits(), "19710624");
/// assert_eq!(Date::parse("June 24, 1971").unwrap(), a);
/// assert_eq!(Date::parse("1971").unwrap().month(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

const MONTHS: &[(&str, u8)] = &[
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
];

impl Date {
    /// Reads `1971-06-24`, `19710624`, `24.6.1971`, `6/24/1971`, `24 June 1971`, `1971-06`, `1971`, with or
    /// without a time behind. Of `4/6/1971` the first number is the day, as everywhere outside the United
    /// States; comparison forgives the other order.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text
            .split_once(['T', 't'])
            .filter(|(date, _)| date.len() >= 8 && date.ends_with(|c: char| c.is_ascii_digit()))
            .map_or(text, |(date, _)| date);
        let mut numbers = [(0_u32, 0_usize); 3];
        let mut slots = numbers.iter_mut();
        let mut named = None;
        for part in text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty()) {
            let digits = part.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            if digits.is_empty() {
                let key = part.get(..3).unwrap_or(part).to_ascii_lowercase();
                named = named.or(MONTHS.iter().find(|(name, _)| *name == key).map(|(_, month)| *month));
            } else if let (Ok(number), Some(slot)) = (digits.parse(), slots.next()) {
                *slot = (number, digits.len());
            }
        }
        let [first, second, third] = numbers;
        let (year, month, day) = match (named, first, second, third) {
            (Some(month), (year, 4), (day, _), _) | (Some(month), (day, _), (year, 4), _) => {
                (year, u32::from(month), day)
            }
            (None, (whole, 8), (_, 0), _) => (whole / 10_000, whole / 100 % 100, whole % 100),
            (None, (whole, 6), (_, 0), _) => (whole / 100, whole % 100, 0),
            (None, (year, 4), (month, 0..=2), (day, 0..=2)) => (year, month, day),
            (None, (a, 1..=2), (b, 1..=2), (year, 4)) => {
                if b > 12 && a <= 12 {
                    (year, a, b)
                } else {
                    (year, b, a)
                }
            }
            (None, (month, 1..=2), (year, 4), (_, 0)) => (year, month, 0),
            _ => return None,
        };
        let date = Self { year: year.min(9_999) as u16, month: month.min(99) as u8, day: day.min(99) as u8 };
        (date.year > 0).then_some(date)
    }

    /// The year.
    pub fn year(self) -> u16 {
        self.year
    }

    /// The month as typed, 1..=99, if known.
    pub fn month(self) -> Option<u8> {
        (self.month > 0).then_some(self.month)
    }

    /// The day as typed, 1..=99, if known.
    pub fn day(self) -> Option<u8> {
        (self.day > 0).then_some(self.day)
    }

    /// Eight digits, `YYYYMMDD`.
    pub fn digits(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }
}
