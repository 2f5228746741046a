//! The nouns, as plain serde data.
//!
//! ```text
//! Interaction ── author ──► Profile ── linked to ──► Customer ── bought ──► Transaction
//!      │                                                │
//!      └── in ──► Conversation                          ├── allowed ──► Consent
//!                                                       └── asked ────► DataSubjectRequest
//! ```
//!
//! The laws of the data, everywhere in the crate:
//! - **Absent is not zero**: what a platform did not say is `None`, never 0, `false` or an empty string.
//! - **Open enums**: a name this version does not know stands in `Other` and round-trips unchanged.
//! - **Unknown fields survive** in [`Extensions`].
//! - Times are [`Timestamp`]s (milliseconds UTC), money is [`Money`] in minor units, places in a text are
//!   [`Span`]s of UTF-8 bytes, explained scores are [`Points`].
//! - Ids are text, whatever their type in a payload: numbers above 2⁵³ do not survive a float.
//! - Personal values are [`Personal`]: their `Debug` is redacted.
//!
//! What the analysers find about an interaction is not here: it stands in [`facts`](crate::facts).
//!
//! ```
//! use hearken::model::{Interaction, InteractionKind, Platform};
//!
//! let json = r#"{"platform":"threads","id":"17","kind":"poem","direction":"inbound",
//!     "visibility":"public","source_kind":"social_network","content":{"text":"Oh"}}"#;
//! let item: Interaction = serde_json::from_str(json).unwrap();
//! assert_eq!(item.key.platform, Platform::Threads);
//! assert_eq!(item.kind, InteractionKind::Other("poem".into()));
//! assert_eq!(serde_json::to_value(&item).unwrap(), serde_json::from_str::<serde_json::Value>(json).unwrap());
//! ```

mod address;
mod case;
mod consent;
mod conversation;
mod customer;
mod id;
mod interaction;
mod metrics;
mod open;
mod permission;
mod personal;
mod points;
mod poll;
pub(crate) mod profile;
mod provenance;
mod request;
mod reread;
mod scope;
mod span;
mod time;
mod transaction;

/// Fields this version does not know, kept as they came.
pub type Extensions = std::collections::BTreeMap<Box<str>, serde_json::Value>;

pub use address::Address;
pub use case::{CaseKind, CaseStatus, Priority};
pub use consent::{Consent, ConsentStatus, LegalBasis, Purpose};
pub use conversation::{Conversation, ThreadNode, Turn};
pub use customer::{Customer, DoNotContact, LifecycleStage, Preference, PreferenceBasis};
pub use id::{AccountKey, AgentId, CaseId, CustomerId, ItemKey, Platform, TeamId, Tenant};
pub use interaction::{
    Attachment, Content, Direction, Facet, FacetKind, Geo, Interaction, InteractionKind, Label, Review,
    SourceKind, Utterance, Visibility,
};
pub use metrics::{EngagementMetrics, MetricBasis};
pub(crate) use open::open_enum;
pub use permission::Permission;
pub use personal::Personal;
pub use points::Points;
pub use poll::{Poll, PollOption};
pub use profile::{FieldChange, Profile, ProfileKind, Relationship};
pub use provenance::Provenance;
pub use request::{DataSubjectRequest, RequestKind, RequestState};
pub(crate) use reread::reread;
pub use scope::Scope;
pub use span::Span;
pub use time::Timestamp;
pub use transaction::{Attribution, Money, Transaction, TransactionKind, TransactionLine, TransactionStatus};
