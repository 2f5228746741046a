use super::open::open_enum;
use super::{CustomerId, Timestamp};
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
    }
);

/// One entry of the consent ledger; the ledger is only ever added to, the latest entry holds.
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
}
