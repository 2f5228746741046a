//! From a platform's payload to events: pure bytes in, plain data out.
//!
//! ```text
//! webhook body, API page, stream line
//!        │  Source::parse(bytes)
//!        ▼
//! Batch { events, rejected, follow_up, next }
//! ```
//!
//! The host owns the sockets: it receives a webhook or fetches a page and hands the bytes to the platform's
//! [`Source`]. One bad item never sinks a batch: it stands in [`Batch::rejected`] with a reason and the place
//! where it was found. What the payload only points to is asked for in [`Batch::follow_up`].

use crate::limits::Limits;
use crate::model::{AccountKey, Interaction, ItemKey, Profile, Timestamp};
use serde::{Deserialize, Serialize};

/// What a platform tells: the part of an engine's events that comes from outside.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum PlatformEvent {
    /// An item that is new, or seen again.
    Created(Box<Interaction>),
    /// A later revision of an item; its `edited_at` orders revisions.
    Edited(Box<Interaction>),
    /// An item is gone. Wins over every revision, also when it comes first.
    Deleted {
        /// The item.
        item: ItemKey,
        /// When, where the platform says so.
        at: Option<Timestamp>,
    },
    /// A description of an account.
    Profile(Box<Profile>),
    /// An account was deleted or withdrew its authorisation: what is stored of it must go.
    AccountErased {
        /// The account.
        account: AccountKey,
    },
    /// An account goes on under another id.
    AccountMoved {
        /// The id of before.
        from: AccountKey,
        /// The id of now.
        to: AccountKey,
    },
    /// A message of the brand's was delivered, read or refused.
    Delivery {
        /// The message.
        item: ItemKey,
        /// `sent`, `delivered`, `read`, `failed`.
        status: Box<str>,
    },
}

/// A piece of a payload that gave no event.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// Where: a JSON pointer (RFC 6901) into the payload.
    pub place: String,
    /// Why.
    pub reason: Reason,
    /// In words: what was expected, what was found.
    pub detail: String,
}

/// Why a piece of a payload gave no event.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Not JSON at all.
    NotJson,
    /// JSON of a shape that this platform does not send.
    Shape,
    /// A required field is absent or of the wrong type.
    Field,
    /// A kind of item that this version does not know.
    UnknownKind,
    /// Well-formed, and not something anybody said or did: a token, a count, a setting.
    NotAnInteraction,
    /// Over a bound of [`Limits`].
    Limit,
}

/// Something the host should fetch: the payload named it and did not hold it.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What is asked for: an item, or the next page.
    pub item: ItemKey,
    /// The platform's own path or method, relative to its API.
    pub path: String,
}

/// What a payload gave.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Events in the payload's order.
    pub events: Vec<PlatformEvent>,
    /// Pieces that gave no event, each with its reason.
    pub rejected: Vec<Rejected>,
    /// What to fetch.
    pub follow_up: Vec<Request>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

/// One platform's payload format.
///
/// # Contract
/// `parse` is pure and total: any bytes give a [`Batch`], in time linear in their number. Every piece of
/// the payload is an event, a rejection, a follow-up or part of one of these; none is lost. Ids stay text.
pub trait Source {
    /// Reads one payload.
    fn parse(&self, payload: &[u8], limits: &Limits) -> Batch;
}
