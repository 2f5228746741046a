use super::open::open_enum;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How much a piece of work matters, least first: `Low < Medium < High < Urgent < Critical`.
///
/// ```
/// use hearken::model::Priority;
///
/// assert!(Priority::High < Priority::Urgent);
/// assert_eq!(Priority::default(), Priority::Medium);
/// assert_eq!(serde_json::to_string(&Priority::Urgent).unwrap(), "\"urgent\"");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// When there is time.
    Low,
    /// The usual.
    #[default]
    Medium,
    /// Before the usual.
    High,
    /// Within minutes.
    Urgent,
    /// Drop everything.
    Critical,
}

impl Priority {
    /// All, least first.
    pub const ALL: [Self; 5] = [Self::Low, Self::Medium, Self::High, Self::Urgent, Self::Critical];

    /// The next higher one; the highest stays.
    #[must_use]
    pub const fn raised(self) -> Self {
        match self {
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High => Self::Urgent,
            Self::Urgent | Self::Critical => Self::Critical,
        }
    }

    /// The name as written in data and queries.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Urgent => "urgent",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where a case stands.
///
/// ```
/// use hearken::model::CaseStatus;
///
/// assert!(CaseStatus::Open.is_active() && CaseStatus::PendingCustomer.is_waiting());
/// assert!(!CaseStatus::Resolved.is_active());
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseStatus {
    /// Nobody has looked at it.
    #[default]
    New,
    /// The brand owes the next word.
    Open,
    /// The customer owes the next word.
    PendingCustomer,
    /// Another team owes the next step.
    PendingInternal,
    /// Stopped for a stated reason.
    OnHold,
    /// Comes back by itself at a stated time.
    Snoozed,
    /// Answered; new inbound within the window re-opens it.
    Resolved,
    /// Over without the customer's confirmation.
    Closed,
    /// Over, and the customer said so (or a waiver states why not).
    Confirmed,
}

impl CaseStatus {
    /// The brand owes something now: [`New`](Self::New) or [`Open`](Self::Open).
    pub const fn is_active(self) -> bool {
        matches!(self, Self::New | Self::Open)
    }

    /// Somebody else owes the next step, and the case is not over.
    pub const fn is_waiting(self) -> bool {
        matches!(self, Self::PendingCustomer | Self::PendingInternal | Self::OnHold | Self::Snoozed)
    }

    /// Resolved, closed or confirmed.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Resolved | Self::Closed | Self::Confirmed)
    }
}

open_enum!(
    /// What a case is about.
    ///
    /// ```
    /// use hearken::model::CaseKind;
    ///
    /// let kind: CaseKind = serde_json::from_str("\"warranty\"").unwrap();
    /// assert_eq!(kind, CaseKind::Other("warranty".into()));
    /// ```
    CaseKind {
        /// Somebody asks.
        Question = "question",
        /// Somebody complains.
        Complaint = "complaint",
        /// Something does not work.
        Issue = "issue",
        /// Somebody praises.
        Praise = "praise",
        /// Somebody may buy.
        Lead = "lead",
        /// Somebody suggests.
        Feedback = "feedback",
        /// The brand is under fire.
        Crisis = "crisis",
    }
);
