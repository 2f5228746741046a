use super::open::open_enum;
use super::{AgentId, CustomerId, Extensions, Timestamp};
use serde::{Deserialize, Serialize};

open_enum!(
    /// What a person asks about their data.
    RequestKind {
        /// To see it.
        Access = "access",
        /// To take it elsewhere.
        Portability = "portability",
        /// To have it erased.
        Erasure = "erasure",
        /// To have it corrected.
        Rectification = "rectification",
        /// To have it used for less.
        Restriction = "restriction",
        /// That a use ends.
        Objection = "objection",
        /// That it is not sold.
        OptOutOfSale = "opt_out_of_sale",
    }
);

open_enum!(
    /// Where a request stands.
    RequestState {
        /// It came in.
        Received = "received",
        /// The person is who they say.
        Verified = "verified",
        /// It was done.
        Fulfilled = "fulfilled",
        /// It was refused, for a reason that was told.
        Refused = "refused",
    }
);

/// What a person asks about the data held of them, with the time by which the law wants an answer.
///
/// The deadline is the host's: it depends on the place (one month under the GDPR, Art. 12(3); 45 days under the
/// CCPA, §1798.130).
///
/// ```
/// use hearken::model::{DataSubjectRequest, RequestKind, RequestState, Timestamp};
///
/// let day = 86_400_000;
/// let received = Timestamp::from_secs(1_772_000_000);
/// let mut request = DataSubjectRequest::new("c-17", RequestKind::Access, received);
/// request.due_at = Some(received + 45 * day);
/// assert!(!request.is_overdue(received + 45 * day) && request.is_overdue(received + 46 * day));
/// request.state = RequestState::Fulfilled;
/// assert!(!request.is_overdue(received + 46 * day));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataSubjectRequest {
    /// Whose data.
    pub customer: CustomerId,
    /// What is asked.
    pub kind: RequestKind,
    /// When it came in.
    pub received_at: Timestamp,
    /// By when it must be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Timestamp>,
    /// True when the person was told that it takes longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extended: Option<bool>,
    /// Who made sure that the person is who they say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<AgentId>,
    /// Where it stands.
    pub state: RequestState,
    /// The proof of what was done: the id of the export, of the erasure's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<Box<str>>,
    /// Fields this version does not know: they survive a round trip.
    #[serde(flatten)]
    pub extensions: Extensions,
}

impl DataSubjectRequest {
    /// A request that has just come in.
    pub fn new(customer: impl Into<CustomerId>, kind: RequestKind, received_at: Timestamp) -> Self {
        Self {
            customer: customer.into(),
            kind,
            received_at,
            due_at: None,
            extended: None,
            verified_by: None,
            state: RequestState::Received,
            certificate: None,
            extensions: Extensions::new(),
        }
    }

    /// True when it is neither fulfilled nor refused and its time is over.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        let open = !matches!(self.state, RequestState::Fulfilled | RequestState::Refused);
        open && self.due_at.is_some_and(|due| now > due)
    }
}
