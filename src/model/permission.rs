use super::{ConsentStatus, Customer, DoNotContact};
use serde::{Deserialize, Serialize};

/// What stands against writing to a person on one channel: what they said, and what the host's record of them bars. A plain
/// value, so that whoever writes need not know where consents are kept.
///
/// ```
/// use hearken::model::{ConsentStatus, Customer, DoNotContact, Permission};
///
/// let mut ann = Customer::new("c-17");
/// let on_x = Permission::of(Some(&ann), ConsentStatus::NotAsked, "x");
/// assert!(!on_x.is_refused() && on_x.barred.is_none());
/// assert!(Permission::of(Some(&ann), ConsentStatus::Expired, "x").is_refused());
/// ann.do_not_contact.push(DoNotContact { channel: None, reason: Some("asked".into()) });
/// let barred = Permission::of(Some(&ann), ConsentStatus::Granted, "x").barred.unwrap();
/// assert_eq!(barred.reason.as_deref(), Some("asked"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Permission {
    /// What they said to it, as it holds now ([`Consent::status`](super::Consent::status)).
    pub consent: ConsentStatus,
    /// What bars the channel, whatever they said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barred: Option<DoNotContact>,
}

impl Permission {
    /// What stands against writing to a customer on a channel; nobody's record bars nothing.
    pub fn of(customer: Option<&Customer>, consent: ConsentStatus, channel: &str) -> Self {
        Self { consent, barred: customer.and_then(|customer| customer.barred(channel)).cloned() }
    }

    /// True when they said no, no longer, or yes for a time that is over.
    pub fn is_refused(&self) -> bool {
        matches!(self.consent, ConsentStatus::Denied | ConsentStatus::Withdrawn | ConsentStatus::Expired)
    }
}
