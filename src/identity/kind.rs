//! What sort of thing a value is, and how far apart two values of a sort are.

use super::normalise::account::{did, postcode, profile_url, url};
use super::normalise::company::company;
use super::normalise::date::Date;
use super::normalise::email::Email;
use super::normalise::fold::{compact, fold, words};
use super::normalise::name::Name;
use super::normalise::nickname;
use super::normalise::phone::Phone;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// What sort of thing a value is. The kind decides how it is normalised, compared and blocked.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A given name, alone in its field.
    Given,
    /// A family name, alone in its field.
    Family,
    /// A full name, in any order.
    Name,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A handle: the name of an account, chosen by its owner.
    Handle,
    /// The stable identifier of an account on a platform, as `platform:id`.
    Account,
    /// A decentralised identifier.
    Did,
    /// A web address.
    Url,
    /// A date, of birth as a rule.
    Date,
    /// The name of an organisation.
    Company,
    /// A street address or a part of one.
    Address,
    /// A city, a suburb, a place of birth.
    City,
    /// A postcode.
    Postcode,
    /// A number or code of any sort: a customer number, a year, a house number, a state.
    Code,
    /// Any other text: a title, an occupation, a list of authors.
    Text,
}

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 16] = [
        Self::Given,
        Self::Family,
        Self::Name,
        Self::Email,
        Self::Phone,
        Self::Handle,
        Self::Account,
        Self::Did,
        Self::Url,
        Self::Date,
        Self::Company,
        Self::Address,
        Self::City,
        Self::Postcode,
        Self::Code,
        Self::Text,
    ];

    /// The name of the kind, as [`FromStr`] reads it: `given`, `email`, …
    pub fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Family => "family",
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Handle => "handle",
            Self::Account => "account",
            Self::Did => "did",
            Self::Url => "url",
            Self::Date => "date",
            Self::Company => "company",
            Self::Address => "address",
            Self::City => "city",
            Self::Postcode => "postcode",
            Self::Code => "code",
            Self::Text => "text",
        }
    }

    /// The value as it is compared; empty when nothing is left of it. Idempotent.
    ///
    /// An e-mail address, a date or a number that does not parse keeps its folded letters and digits, so that a
    /// typing error in it can still be seen as one.
    ///
    /// ```
    /// use hearken::identity::Kind;
    ///
    /// assert_eq!(Kind::Email.normalise("J.Doe@GMail.com"), "jdoe@gmail.com");
    /// assert_eq!(Kind::Date.normalise("24.6.1971"), "19710624");
    /// assert_eq!(Kind::Company.normalise("Acme Foods Ltd."), "acme foods");
    /// ```
    pub fn normalise(self, text: &str) -> String {
        match self {
            Self::Given | Self::Family | Self::City | Self::Address | Self::Text => words(text),
            Self::Name => Name::parse(text).plain().to_owned(),
            Self::Email => {
                let squeezed = squeeze(text);
                Email::parse(&squeezed).map_or(squeezed, |mail| mail.as_str().to_owned())
            }
            Self::Phone => {
                let compacted = compact(text);
                let phone = Phone::parse(&fold(text), None).or_else(|| Phone::parse(&compacted, None));
                phone.map_or(compacted, |phone| phone.as_str().to_owned())
            }
            Self::Handle => squeeze(text).trim_start_matches('@').to_owned(),
            Self::Account => squeeze(text),
            Self::Did => did(text).map_or_else(|| squeeze(text), str::to_owned),
            Self::Url => match profile_url(text) {
                Some((platform, handle)) => format!("{platform}.com/{handle}"),
                None => url(text).unwrap_or_else(|| words(text)),
            },
            Self::Date => {
                let compacted = compact(text);
                Date::parse(text).or_else(|| Date::parse(&compacted)).map_or(compacted, Date::digits)
            }
            Self::Company => company(text),
            Self::Postcode => postcode(text),
            Self::Code => compact(text),
        }
    }

    /// A number the comparison of this kind needs beside the normalised text: the nickname number of a given name.
    pub(super) fn tag(self, normalised: &str) -> u16 {
        match self {
            Self::Given => nickname::number(normalised),
            _ => 0,
        }
    }
}

/// Folded, without white space.
fn squeeze(text: &str) -> String {
    let joined: String = fold(text).split_whitespace().collect();
    if joined.is_ascii() { joined } else { fold(&joined) }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// No kind has this name.
///
/// ```
/// use hearken::identity::Kind;
///
/// // The columns of a command line or a settings file.
/// assert_eq!("email".parse(), Ok(Kind::Email));
/// let error = "e-mail".parse::<Kind>().unwrap_err();
/// assert!(error.to_string().starts_with("no field kind is called \"e-mail\"; kinds are given, family"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "no field kind is called {0:?}; kinds are given, family, name, email, phone, handle, account, did, url, date, company, address, city, postcode, code, text"
)]
pub struct UnknownKind(String);

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(name: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownKind(name.to_owned()))
    }
}

/// How far apart two values of one field are. Every kind uses some of these; each has its own weight.
///
/// ```
/// use hearken::identity::{Kind, Level, Matcher, Person};
///
/// let matcher = Matcher::standard(10_000);
/// let level = |kind, a: &str, b: &str| {
///     let steps = matcher.compare(&Person::new("a").with(kind, a), &Person::new("b").with(kind, b)).waterfall.steps;
///     steps[0].level
/// };
/// assert_eq!(level(Kind::Given, "Robert", "Bob"), Level::Alias);
/// assert_eq!(level(Kind::Date, "1983-04-05", "1983-05-04"), Level::Swapped);
/// assert_eq!(level(Kind::Family, "Schmidt", "Schmiddt"), Level::Close);
/// assert_eq!(level(Kind::City, "Leeds", "Rome"), Level::Distant);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// One of the two is absent, or they cannot be held against each other: no evidence either way.
    #[default]
    Missing,
    /// The same after normalisation.
    Exact,
    /// Different words for one thing: a nickname, another spelling of one mailbox.
    Alias,
    /// Given and family name, or day and month, changed places.
    Swapped,
    /// One typing error apart.
    Close,
    /// A few errors apart, or sounding the same.
    Near,
    /// One is a part of the other: an initial, one half of a double name, a number without its country.
    Partial,
    /// Faintly alike.
    Faint,
    /// Nothing in common.
    Distant,
}

impl Level {
    /// Every level, in the order of the enum.
    pub const ALL: [Self; 9] = [
        Self::Missing,
        Self::Exact,
        Self::Alias,
        Self::Swapped,
        Self::Close,
        Self::Near,
        Self::Partial,
        Self::Faint,
        Self::Distant,
    ];

    /// How many levels there are.
    pub(super) const COUNT: usize = Self::ALL.len();

    /// The level with this number, `Missing` when there is none.
    pub(super) fn from_number(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Missing)
    }

    /// The name of the level: `exact`, `close`, …
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Exact => "exact",
            Self::Alias => "alias",
            Self::Swapped => "swapped",
            Self::Close => "close",
            Self::Near => "near",
            Self::Partial => "partial",
            Self::Faint => "faint",
            Self::Distant => "distant",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
