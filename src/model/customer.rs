use super::open::open_enum;
use super::{
    AccountKey, Address, AgentId, CustomerId, Extensions, Money, Personal, Points, TeamId, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

open_enum!(
    /// Where a customer stands with the brand.
    LifecycleStage {
        /// Reads what the brand publishes.
        Subscriber = "subscriber",
        /// Has shown interest.
        Lead = "lead",
        /// Qualified by marketing.
        Mql = "mql",
        /// Qualified by sales.
        Sql = "sql",
        /// In a deal.
        Opportunity = "opportunity",
        /// Has bought.
        Customer = "customer",
        /// Speaks for the brand.
        Evangelist = "evangelist",
    }
);

open_enum!(
    /// How a preference is known.
    PreferenceBasis {
        /// They said so.
        Declared = "declared",
        /// They acted so.
        Observed = "observed",
        /// It was concluded.
        Inferred = "inferred",
    }
);

/// Something a customer likes, and how that is known.
///
/// ```
/// use hearken::model::{Preference, PreferenceBasis, Timestamp};
///
/// let json = r#"{"key":"channel","value":"email","basis":"observed","confidence":800,"expires":90000}"#;
/// let likes: Preference = serde_json::from_str(json).unwrap();
/// assert_eq!(likes.basis, PreferenceBasis::Observed);
/// assert!(likes.holds(Timestamp::from_millis(89_999)) && !likes.holds(Timestamp::from_millis(90_000)));
/// assert_eq!(serde_json::to_string(&likes).unwrap(), json);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// What it is about: `channel`, `colour`, `newsletter`.
    pub key: Box<str>,
    /// What they prefer.
    pub value: Personal,
    /// How it is known.
    pub basis: PreferenceBasis,
    /// How sure, from 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Points>,
    /// When it is no longer to be relied on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}

impl Preference {
    /// True until it expires.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|end| now < end)
    }
}

/// A channel on which a customer is not to be contacted.
///
/// ```
/// use hearken::model::DoNotContact;
///
/// let never: DoNotContact = serde_json::from_str(r#"{"reason":"asked"}"#).unwrap();
/// assert_eq!(never.channel, None); // on no channel at all
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoNotContact {
    /// Which channel; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Box<str>>,
    /// Why: `asked`, `bounced`, `deceased`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Box<str>>,
}

/// A record of the host's CRM: a person or a body it knows.
///
/// ```
/// use hearken::model::Customer;
///
/// let mut ann = Customer::new("c-17");
/// ann.emails.push("ann@example.com".into());
/// assert_eq!(serde_json::from_str::<Customer>(&serde_json::to_string(&ann).unwrap()).unwrap(), ann);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// The host's id.
    pub id: CustomerId,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given: Option<Personal>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<Personal>,
    /// Name as written, where it is not known in parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal>,
    /// E-mail addresses, the first is the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Personal>,
    /// Phone numbers, the first is the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Personal>,
    /// Handles declared without knowing the account's id, as `platform:handle` or bare.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub handles: Vec<Personal>,
    /// Accounts that are surely theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<AccountKey>,
    /// Date of birth, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<Personal>,
    /// Company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<Personal>,
    /// Their place in the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Personal>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Personal>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Box<str>>,
    /// Addresses, the first is the main one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// BCP 47 languages, the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Box<str>>,
    /// IANA name of the time zone they live in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<Box<str>>,
    /// Where they stand with the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<LifecycleStage>,
    /// The host's tier: `gold`, `silver`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Box<str>>,
    /// Lifetime value as the host reckons it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifetime_value: Option<Money>,
    /// The agent who owns the relation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<AgentId>,
    /// The team that owns the relation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The host's tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Box<str>>,
    /// What they like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preferences: Vec<Preference>,
    /// What they care about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interests: Vec<Box<str>>,
    /// The host's segments that they are in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Box<str>>,
    /// Where they are not to be contacted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub do_not_contact: Vec<DoNotContact>,
    /// Their ids in the host's other systems, by the system's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub external_ids: BTreeMap<Box<str>, Box<str>>,
    /// What they bought and own, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transactions: Vec<super::Transaction>,
    /// When the record was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Fields this version does not know: they survive a round trip.
    #[serde(flatten)]
    pub extensions: Extensions,
}

impl Customer {
    /// A record with an id and nothing else.
    pub fn new(id: impl Into<CustomerId>) -> Self {
        Self {
            id: id.into(),
            given: None,
            family: None,
            name: None,
            emails: Vec::new(),
            phones: Vec::new(),
            handles: Vec::new(),
            accounts: Vec::new(),
            birth_date: None,
            company: None,
            title: None,
            city: None,
            country: None,
            addresses: Vec::new(),
            languages: Vec::new(),
            time_zone: None,
            stage: None,
            tier: None,
            lifetime_value: None,
            owner: None,
            team: None,
            tags: Vec::new(),
            preferences: Vec::new(),
            interests: Vec::new(),
            segments: Vec::new(),
            do_not_contact: Vec::new(),
            external_ids: BTreeMap::new(),
            transactions: Vec::new(),
            created_at: None,
            extensions: Extensions::new(),
        }
    }

    /// False where they are not to be contacted on that channel: a platform's name, `email`, `phone`.
    ///
    /// ```
    /// use hearken::model::{Customer, DoNotContact};
    ///
    /// let mut ann = Customer::new("c-17");
    /// ann.do_not_contact.push(DoNotContact { channel: Some("phone".into()), reason: Some("asked".into()) });
    /// assert!(ann.may_contact("x") && !ann.may_contact("phone"));
    /// ann.do_not_contact.push(DoNotContact { channel: None, reason: None });
    /// assert!(!ann.may_contact("x"));
    /// ```
    pub fn may_contact(&self, channel: &str) -> bool {
        self.barred(channel).is_none()
    }

    /// What bars that channel, if anything does; see [`may_contact`](Customer::may_contact).
    pub fn barred(&self, channel: &str) -> Option<&DoNotContact> {
        self.do_not_contact
            .iter()
            .find(|entry| entry.channel.as_deref().is_none_or(|barred| barred == channel))
    }
}
