use super::open::open_enum;
use super::{AccountKey, AgentId, CustomerId, Extensions, Money, Personal, TeamId, Timestamp};
use serde::{Deserialize, Serialize};

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
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Personal>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Box<str>>,
    /// BCP 47 languages, the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Box<str>>,
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
            city: None,
            country: None,
            languages: Vec::new(),
            stage: None,
            tier: None,
            lifetime_value: None,
            owner: None,
            team: None,
            tags: Vec::new(),
            transactions: Vec::new(),
            created_at: None,
            extensions: Extensions::new(),
        }
    }
}
