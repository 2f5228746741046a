//! Phone numbers in E.164 form: `+`, country code, national number.
//!
//! A number written with its country code needs no table. One without needs to know where it was written: the
//! host gives the calling code, or, with the feature `phone`, the ISO country (then the number is also checked
//! against that country's plan).

/// A phone number.
///
/// ```
/// use hearken::identity::Phone;
///
/// let there = Phone::parse("+44 (0)20 7946 0018", None).unwrap();
/// let here = Phone::parse("020 7946 0018", Some("44")).unwrap();
/// assert_eq!(there.as_str(), "+442079460018");
/// assert_eq!(there, here);
/// assert!(!Phone::parse("020 7946 0018", None).unwrap().is_e164());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(String);

impl Phone {
    /// Reads a number; `calling_code` is that of the country in which a number without one was written
    /// (digits, `"44"`). `None` for fewer than 5 or more than 15 digits.
    pub fn parse(text: &str, calling_code: Option<&str>) -> Option<Self> {
        let text = text.split(['x', 'X', ';', '#']).next().unwrap_or("").replace("(0)", "");
        let international = text.trim_start().starts_with(['+', '＋']);
        let digits: String =
            text.chars().filter_map(|c| c.to_digit(10).or_else(|| wide_digit(c))).map(digit).collect();
        let (international, digits) = match digits.strip_prefix("00") {
            Some(rest) if !international => (true, rest.to_owned()),
            _ => (international, digits),
        };
        if !(5..=15).contains(&digits.len()) {
            return None;
        }
        Some(Self(match (international, calling_code) {
            (true, _) => format!("+{digits}"),
            (false, Some("1")) if digits.len() == 11 && digits.starts_with('1') => format!("+{digits}"),
            (false, Some(code)) => format!("+{code}{}", digits.strip_prefix('0').unwrap_or(&digits)),
            (false, None) => digits,
        }))
    }

    /// Reads a number written in the country with this ISO 3166-1 code (`"GB"`), by that country's plan; `None`
    /// when the plan has no such number.
    ///
    /// ```
    /// use hearken::identity::Phone;
    ///
    /// assert_eq!(Phone::parse_in("020 7946 0018", "GB").unwrap().as_str(), "+442079460018");
    /// ```
    #[cfg(feature = "phone")]
    pub fn parse_in(text: &str, country: &str) -> Option<Self> {
        let number = phonenumber::parse(country.parse().ok(), text).ok()?;
        phonenumber::is_valid(&number)
            .then(|| Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// The number: E.164 when the country is known, else its digits as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// True when the country is known.
    pub fn is_e164(&self) -> bool {
        self.0.starts_with('+')
    }

    /// The last eight digits: what numbers with and without their country code have in common.
    pub fn tail(&self) -> &str {
        self.0.get(self.0.len().saturating_sub(8)..).unwrap_or(&self.0)
    }
}

/// Full-width and Arabic digits.
fn wide_digit(c: char) -> Option<u32> {
    [0xff10, 0x660, 0x6f0, 0x966]
        .into_iter()
        .find_map(|zero| (c as u32).checked_sub(zero).filter(|d| *d < 10))
}

fn digit(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}
