//! A person as the matcher sees one: an id, and values with their kinds.

use super::compare::{View, sound};
use super::kind::Kind;
use super::normalise::name::Name;
use super::normalise::phone::Phone;
use super::signature::signature;
use crate::model::Personal;
use serde::{Deserialize, Serialize};

/// One thing known of a person. Normalised once, when it is made.
///
/// ```
/// use hearken::identity::{Kind, Person};
///
/// let ann = Person::new("c-1").claimed(Kind::Email, "Ann.Lee@GMail.com").email("ann@lee.example");
/// let [claimed, known] = ann.values() else { panic!() };
/// // As it is compared, as it came, and whether anybody but Ann says so.
/// assert_eq!((claimed.normal(), claimed.raw().reveal()), ("annlee@gmail.com", "Ann.Lee@GMail.com"));
/// assert!(claimed.is_claimed() && !known.is_claimed());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Value {
    kind: Kind,
    raw: Personal,
    normal: Personal,
    tag: u16,
    signature: u64,
    sound: u32,
    claimed: bool,
}

impl Value {
    fn new(kind: Kind, raw: &str, claimed: bool) -> Self {
        let normal = kind.normalise(raw);
        let tag = kind.tag(&normal);
        let (signature, sound) = (signature(kind, &normal, tag), sound(kind, &normal));
        Self { kind, raw: raw.into(), normal: normal.into(), tag, signature, sound, claimed }
    }

    /// What sort of thing it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// As it was given.
    pub fn raw(&self) -> &Personal {
        &self.raw
    }

    /// As it is compared.
    pub fn normal(&self) -> &str {
        self.normal.reveal()
    }

    /// True when somebody said so and nobody checked; such a value is evidence, never certainty.
    pub fn is_claimed(&self) -> bool {
        self.claimed
    }

    pub(super) fn view(&self) -> View<'_> {
        View { text: self.normal(), tag: self.tag, signature: self.signature, sound: self.sound }
    }
}

/// The stored form of a value: what was given, and nothing derived.
#[derive(Serialize, Deserialize)]
struct Stored {
    kind: Kind,
    value: Personal,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    claimed: bool,
}

impl From<Stored> for Value {
    fn from(stored: Stored) -> Self {
        Self::new(stored.kind, stored.value.reveal(), stored.claimed)
    }
}

impl From<Value> for Stored {
    fn from(value: Value) -> Self {
        Self { kind: value.kind, value: value.raw, claimed: value.claimed }
    }
}

/// A person: a customer, a social profile, the author of a post.
///
/// Any kind may be there several times: three e-mail addresses, a maiden name. Values that are empty once
/// normalised are left out; absent is not evidence.
///
/// ```
/// use hearken::identity::{Kind, Person};
///
/// let ann = Person::new("c-17")
///     .name("Dr. Ann Lee")
///     .email("Ann.Lee+shop@gmail.com")
///     .account("mastodon", "109302436954721982")
///     .handle("@AnnLee83")
///     .with(Kind::City, "Leeds");
/// assert_eq!(ann.of(Kind::Email).next().map(|v| v.normal()), Some("annlee@gmail.com"));
/// assert_eq!(format!("{:?}", ann.of(Kind::Name).next().unwrap().raw()), "‹11 bytes›");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    id: String,
    values: Vec<Value>,
}

impl Person {
    /// A person of whom nothing is known but the id.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), values: Vec::new() }
    }

    /// Adds a value the host stands behind.
    #[must_use]
    pub fn with(self, kind: Kind, value: &str) -> Self {
        self.push(Value::new(kind, value, false))
    }

    /// Adds a value that somebody claimed and nobody checked, such as an e-mail address given in a message.
    #[must_use]
    pub fn claimed(self, kind: Kind, value: &str) -> Self {
        self.push(Value::new(kind, value, true))
    }

    /// Adds a full name.
    #[must_use]
    pub fn name(self, full: &str) -> Self {
        self.with(Kind::Name, full)
    }

    /// Adds a name given in two fields.
    #[must_use]
    pub fn given_family(self, given: &str, family: &str) -> Self {
        self.with(Kind::Name, &format!("{given} {family}"))
    }

    /// Adds an e-mail address.
    #[must_use]
    pub fn email(self, address: &str) -> Self {
        self.with(Kind::Email, address)
    }

    /// Adds a phone number written with its country code.
    #[must_use]
    pub fn phone(self, number: &str) -> Self {
        self.with(Kind::Phone, number)
    }

    /// Adds a phone number written in the country with this calling code.
    #[must_use]
    pub fn phone_in(self, calling_code: &str, number: &str) -> Self {
        match Phone::parse(number, Some(calling_code)) {
            Some(phone) => self.phone(phone.as_str()),
            None => self.phone(number),
        }
    }

    /// Adds a handle.
    #[must_use]
    pub fn handle(self, handle: &str) -> Self {
        self.with(Kind::Handle, handle)
    }

    /// Adds the stable identifier of an account on a platform.
    #[must_use]
    pub fn account(self, platform: &str, id: &str) -> Self {
        self.with(Kind::Account, &format!("{platform}:{id}"))
    }

    /// The host's identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Every value, in the order they were added.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// The values of one kind.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = &Value> {
        self.values.iter().filter(move |value| value.kind == kind)
    }

    /// The names, read into given and family names.
    pub fn names(&self) -> impl Iterator<Item = Name> {
        self.of(Kind::Name).map(|value| Name::parse(value.raw.reveal()))
    }

    fn push(mut self, value: Value) -> Self {
        let known = self.values.iter().any(|other| {
            other.kind == value.kind && other.normal == value.normal && other.claimed == value.claimed
        });
        if !value.normal.is_empty() && !known {
            self.values.push(value);
        }
        self
    }
}
