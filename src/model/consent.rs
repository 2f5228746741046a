use super::open::open_enum;
use super::{AgentId, CustomerId, Extensions, Timestamp};
use serde::{Deserialize, Serialize};

open_enum!(
    /// What data may be used for.
    Purpose {
        /// To answer and help.
        Service = "service",
        /// To advertise.
        Marketing = "marketing",
        /// To predict behaviour.
        Profiling = "profiling",
        /// To count.
        Analytics = "analytics",
        /// To fit offers and pages to the person.
        Personalization = "personalization",
        /// To hand it to others.
        ThirdPartyShare = "third_party_share",
        /// To sell it.
        Sale = "sale",
        /// To study it.
        Research = "research",
    }
);

open_enum!(
    /// What somebody said to a use of their data.
    ConsentStatus {
        /// Yes.
        Granted = "granted",
        /// No.
        Denied = "denied",
        /// Yes once, no longer.
        Withdrawn = "withdrawn",
        /// Yes once, for a time that is over.
        Expired = "expired",
        /// Never asked.
        NotAsked = "not_asked",
        /// That it is not sold.
        OptedOutOfSale = "opted_out_of_sale",
    }
);

open_enum!(
    /// On what ground data are used (GDPR, Art. 6(1)).
    LegalBasis {
        /// The person agreed.
        Consent = "consent",
        /// A contract with the person needs it.
        Contract = "contract",
        /// A law demands it.
        LegalObligation = "legal_obligation",
        /// Somebody's life depends on it.
        VitalInterests = "vital_interests",
        /// A task in the public interest.
        PublicTask = "public_task",
        /// An interest that outweighs the person's.
        LegitimateInterests = "legitimate_interests",
    }
);

/// One entry of the consent ledger; the ledger is only ever added to, the latest entry holds.
///
/// ```
/// use hearken::model::{Consent, ConsentStatus, Purpose, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let mut yes = Consent::new("c-17", Purpose::Marketing, ConsentStatus::Granted, at(10), "form 3");
/// yes.expires = Some(at(100));
/// let mut not_by_mail = Consent::new("c-17", Purpose::Marketing, ConsentStatus::Withdrawn, at(20), "a message");
/// (not_by_mail.channel, not_by_mail.supersedes) = (Some("email".into()), Some(yes.at));
/// let ledger = [yes, not_by_mail];
///
/// let status = |channel, now| Consent::status(&ledger, &Purpose::Marketing, channel, at(now));
/// assert_eq!(status("email", 15), ConsentStatus::Granted);
/// assert_eq!(status("email", 30), ConsentStatus::Withdrawn);
/// assert_eq!(status("x", 30), ConsentStatus::Granted);
/// assert_eq!(status("x", 100), ConsentStatus::Expired);
/// assert_eq!(Consent::status(&ledger, &Purpose::Sale, "x", at(30)), ConsentStatus::NotAsked);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Whose consent.
    pub customer: CustomerId,
    /// To what.
    pub purpose: Purpose,
    /// On which channel; absent for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Box<str>>,
    /// What was said.
    pub status: ConsentStatus,
    /// When it was said.
    pub at: Timestamp,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
    /// How it is known: a form's id, a message.
    pub evidence: Box<str>,
    /// Which version of the text the person was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text_version: Option<Box<str>>,
    /// On what ground the data are used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<LegalBasis>,
    /// Under whose law: ISO 3166-1 alpha-2, or ISO 3166-2 where a state has its own (`US-CA`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jurisdiction: Option<Box<str>>,
    /// Who entered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_by: Option<AgentId>,
    /// The time ([`at`](Consent::at)) of the entry that this one takes the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supersedes: Option<Timestamp>,
    /// Fields this version does not know: they survive a round trip.
    #[serde(flatten)]
    pub extensions: Extensions,
}

impl Consent {
    /// An entry for all channels and without an end.
    pub fn new(
        customer: impl Into<CustomerId>,
        purpose: Purpose,
        status: ConsentStatus,
        at: Timestamp,
        evidence: impl Into<Box<str>>,
    ) -> Self {
        Self {
            customer: customer.into(),
            purpose,
            channel: None,
            status,
            at,
            expires: None,
            evidence: evidence.into(),
            text_version: None,
            legal_basis: None,
            jurisdiction: None,
            recorded_by: None,
            supersedes: None,
            extensions: Extensions::new(),
        }
    }

    /// What holds at `now` for a purpose on a channel, by the entries of one customer in any order: the latest
    /// entry for the channel or for all of them; of two at one time the one further back in the list.
    pub fn status<'a>(
        ledger: impl IntoIterator<Item = &'a Consent>,
        purpose: &Purpose,
        channel: &str,
        now: Timestamp,
    ) -> ConsentStatus {
        let speaks = |entry: &&Consent| {
            entry.purpose == *purpose
                && entry.at <= now
                && entry.channel.as_deref().is_none_or(|of_entry| of_entry == channel)
        };
        match ledger.into_iter().filter(speaks).max_by_key(|entry| entry.at) {
            None => ConsentStatus::NotAsked,
            Some(entry)
                if entry.status == ConsentStatus::Granted && entry.expires.is_some_and(|end| end <= now) =>
            {
                ConsentStatus::Expired
            }
            Some(entry) => entry.status.clone(),
        }
    }
}
