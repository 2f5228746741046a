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
//!
//! ```
//! use hearken::limits::Limits;
//! use hearken::model::{Direction, InteractionKind};
//! use hearken::source::{PlatformEvent, Source, X};
//!
//! let payload = br#"{
//!     "data": [
//!         {"id": "1898000000000000001", "author_id": "77", "text": "@lumora my lamp broke",
//!          "entities": {"mentions": [{"start": 0, "end": 7, "id": "5", "username": "lumora"}]}},
//!         {"id": null, "text": "half a post"}
//!     ],
//!     "includes": {"users": [{"id": "77", "username": "ann", "name": "Ann"}]}
//! }"#;
//! let batch = X::of(["@lumora"]).parse(payload, &Limits::default());
//!
//! let PlatformEvent::Created(post) = &batch.events[0] else { panic!() };
//! assert_eq!((&post.kind, &post.direction), (&InteractionKind::Mention, &Direction::Inbound));
//! assert_eq!(post.author.as_ref().unwrap().handle.as_ref().unwrap().reveal(), "ann");
//! assert_eq!(batch.rejected[0].place, "/data/1/id");
//! ```
//!
//! # The adapters
//! [`X`], [`Facebook`], [`Instagram`], [`Messenger`], [`Linkedin`], [`Youtube`], [`Mastodon`], [`Bluesky`],
//! and [`Generic`], a documented format for everything else; [`adapter`] finds one by platform. Each takes
//! whatever its platform sends, told apart by shape: webhooks, API pages, single objects, lines of a stream.
//! An adapter may be told the brand's own accounts (`X::of(["@lumora"])`): what these say is
//! outbound, and a post that names one is a mention. What a brand may send back, and at which length, is
//! [`Capabilities`].
//!
//! # Laws
//! - **Total**: any bytes give a batch. Invalid UTF-8 becomes U+FFFD, and so does half an emoji.
//! - **Nothing lost**: each piece is an event, a rejection, a follow-up, or part of one. Empty bytes and
//!   blank lines are a stream's keep-alive and give nothing. Words that are no text refuse their item; any other
//!   field that is there and is not what its name says (a time, count, id, account, list) is told among the
//!   rejected, and its item stands without it. Of what a platform says beyond the model an adapter takes
//!   nothing, the payload is the host's to keep; [`Generic`] keeps every field.
//! - **Ids are text**: `"0123"`, `"123"` and 123 do not become one through arithmetic; integers are exact to
//!   2⁶⁴, and an id written as a larger number is refused, not rounded.
//! - **Revisions**: an item that the platform calls edited comes as [`PlatformEvent::Edited`] also when its
//!   first form was never seen.
//! - **Accounts without an id** (Instagram's comments name only the user name) have `@` and the name as id.
//! - **Reactions without an id** have `item#reaction#account` as id, so a withdrawn one is deleted by it; as
//!   deletion wins for ever, a reaction that is given again after it was withdrawn does not come back.
//! - **Shares** have no words of their own; the item shared comes as an event before it when the payload
//!   holds it.

mod bluesky;
mod capabilities;
mod facebook;
mod fields;
mod generic;
mod instagram;
mod linkedin;
mod markup;
mod mastodon;
mod messenger;
mod meta;
mod read;
mod stray;
mod time;
mod x;
mod x_activity;
mod x_legacy;
mod youtube;

pub use capabilities::{Act, Capabilities, Draft, LengthLimit, LengthMetric, Violation, ViolationKind};
pub use generic::Generic;

use crate::limits::Limits;
use crate::model::{AccountKey, Interaction, ItemKey, Platform, Profile, Provenance, Timestamp};
use serde::{Deserialize, Serialize};

/// What a platform tells: the part of an engine's events that comes from outside.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::source::{Mastodon, PlatformEvent, Source};
///
/// let payload = br#"{"stream": ["user"], "event": "delete", "payload": "106"}"#;
/// let batch = Mastodon::new().parse(payload, &Limits::default());
/// let PlatformEvent::Deleted { item, at } = &batch.events[0] else { panic!() };
/// assert_eq!((item.to_string(), *at), ("mastodon:106".to_owned(), None));
/// ```
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

/// A piece of a payload that gave no event, or a part of one that its event goes without: a field that cannot be
/// read, words over the bound.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::source::{Reason, Source, X};
///
/// let payload = br#"{"data": [{"id": "1", "text": ["a"]}, {"id": "2", "text": "b", "created_at": "yesterday"}]}"#;
/// let batch = X::new().parse(payload, &Limits::default());
/// assert_eq!(batch.events.len(), 1); // the second, without its time
/// let told: Vec<_> = batch.rejected.iter().map(|piece| (&*piece.place, piece.reason)).collect();
/// assert_eq!(told, [("/data/0/text", Reason::Field), ("/data/1/created_at", Reason::Field)]);
/// ```
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

/// Why a piece of a payload gave no event, or a field nothing.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::source::{Reason, Source, Youtube};
///
/// let why = |payload: &[u8]| Youtube::new().parse(payload, &Limits::default()).rejected[0].reason;
/// // What did not arrive whole is worth fetching again; what nobody said is not.
/// assert_eq!(why(br#"{"items": [{"kind": "youtube#com"#), Reason::NotJson);
/// assert_eq!(why(br#"{"items": [{"kind": "youtube#playlist", "id": "p"}]}"#), Reason::NotAnInteraction);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Not JSON at all.
    NotJson,
    /// JSON of a shape that this platform does not send.
    Shape,
    /// A required field is absent, or a field is of the wrong type or out of range.
    Field,
    /// A kind of item that this version does not know.
    UnknownKind,
    /// Well-formed, and not something anybody said or did: a token, a count, a setting.
    NotAnInteraction,
    /// Over a bound of [`Limits`].
    Limit,
}

/// Something the host should fetch: the payload named it and did not hold it.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::source::{Instagram, Source};
///
/// let payload = br#"{"object": "instagram", "entry": [{"id": "5", "time": 1772703015,
///     "changes": [{"field": "mentions", "value": {"comment_id": "71"}}]}]}"#;
/// let batch = Instagram::new().parse(payload, &Limits::default());
/// assert_eq!(batch.follow_up[0].item.to_string(), "instagram:71");
/// assert!(batch.follow_up[0].path.starts_with("/5?fields=mentioned_comment.comment_id(71)"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// What is asked for: an item, or the next page.
    pub item: ItemKey,
    /// The platform's own path or method, relative to its API.
    pub path: String,
}

/// What a payload gave.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::source::{Source, Youtube};
///
/// let page = br#"{"items": [{"kind": "youtube#playlist", "id": "p"}], "nextPageToken": "t2"}"#;
/// let batch = Youtube::new().parse(page, &Limits::default());
/// assert_eq!((batch.events.len(), batch.rejected.len(), batch.next.as_deref()), (0, 1, Some("t2")));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Events in the payload's order.
    pub events: Vec<PlatformEvent>,
    /// Pieces that gave no event and fields that could not be read, each with its reason.
    pub rejected: Vec<Rejected>,
    /// What to fetch.
    pub follow_up: Vec<Request>,
    /// The cursor of the next page.
    pub next: Option<String>,
    /// Where all of it comes from; absent for a payload without content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
}

impl Batch {
    /// States when the host received the payload: on every item as its provenance, and on every description of an
    /// account and every count that has no time of its own, so that an older one never takes the place of a newer.
    ///
    /// A host that leaves this out has events that say nothing of their way: two deliveries of one item are then
    /// the same to the byte.
    ///
    /// ```
    /// use hearken::limits::Limits;
    /// use hearken::model::Timestamp;
    /// use hearken::source::{PlatformEvent, Source, Youtube};
    ///
    /// let channel = br#"{"items": [{"kind": "youtube#channel", "id": "UC1", "snippet": {"title": "Ann"}}]}"#;
    /// let mut batch = Youtube::new().parse(channel, &Limits::default());
    /// batch.stamp(Timestamp::from_secs(60));
    /// let PlatformEvent::Profile(ann) = &batch.events[0] else { panic!() };
    /// assert_eq!(ann.observed_at, Some(Timestamp::from_secs(60)));
    /// ```
    pub fn stamp(&mut self, observed_at: Timestamp) {
        let provenance = self.provenance.as_mut().map(|provenance| {
            provenance.observed_at = Some(observed_at);
            Box::new(provenance.clone())
        });
        let seen = |time: &mut Option<Timestamp>| *time = time.or(Some(observed_at));
        for event in &mut self.events {
            match event {
                PlatformEvent::Created(item) | PlatformEvent::Edited(item) => {
                    item.provenance.clone_from(&provenance);
                    item.author.iter_mut().for_each(|author| seen(&mut author.observed_at));
                    item.metrics.iter_mut().for_each(|counts| seen(&mut counts.observed_at));
                }
                PlatformEvent::Profile(profile) => seen(&mut profile.observed_at),
                _ => {}
            }
        }
    }
}

/// One platform's payload format.
///
/// # Contract
/// `parse` is pure and total: any bytes give a [`Batch`], in time linear in their number. Every piece of
/// the payload is an event, a rejection, a follow-up or part of one of these; none is lost. Ids stay text.
///
/// A platform of a host's own, from outside the crate:
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::source::{Batch, PlatformEvent, Source};
///
/// /// Lines of `id TAB words`.
/// struct Guestbook;
///
/// impl Source for Guestbook {
///     fn parse(&self, payload: &[u8], _limits: &Limits) -> Batch {
///         let (text, mut batch) = (String::from_utf8_lossy(payload), Batch::default());
///         for (id, words) in text.lines().filter_map(|line| line.split_once('\t')) {
///             let mut item = Interaction::new(Platform::from("guestbook"), id, InteractionKind::Post);
///             item.content.text = words.into();
///             batch.events.push(PlatformEvent::Created(Box::new(item)));
///         }
///         batch
///     }
/// }
///
/// assert_eq!(Guestbook.parse(b"1\tlovely lamps", &Limits::default()).events.len(), 1);
/// ```
pub trait Source {
    /// Reads one payload.
    fn parse(&self, payload: &[u8], limits: &Limits) -> Batch;
}

/// Declares the adapter of a platform: the type, its two constructors, and its reading of one document.
macro_rules! adapter {
    ($(#[$doc:meta])* $name:ident, $read:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            own: read::Own,
        }

        impl $name {
            /// An adapter that knows none of the brand's accounts.
            pub fn new() -> Self {
                Self::default()
            }

            /// An adapter that knows the brand's own accounts, by id or handle.
            pub fn of<S: AsRef<str>>(accounts: impl IntoIterator<Item = S>) -> Self {
                Self { own: read::Own::new(accounts) }
            }
        }

        impl Source for $name {
            fn parse(&self, payload: &[u8], limits: &Limits) -> Batch {
                read::payload(stringify!($name), payload, limits, |document, place, out| {
                    let before = out.told();
                    $read(document, place, &self.own, out);
                    if out.leaves_something_out(before) {
                        stray::tell(document, place, out);
                    }
                })
            }
        }
    };
}

adapter!(
    /// X: API v2 with `includes`, filtered stream, direct messages, X Activity and compliance streams;
    /// Account Activity webhooks; v1.1 objects.
    ///
    /// An edited post keeps the id of its first form as its key; the id of the revision stands in the
    /// extension `revision_id`. A time that is absent follows from the id (a snowflake).
    X,
    x::read
);
adapter!(
    /// Facebook pages: feed, mention and rating webhooks; Graph posts, comments, conversations, messages.
    ///
    /// A recommendation without stars has score 1 or 0 on a scale of 1. Messages in the same webhook come
    /// with platform Messenger.
    Facebook,
    facebook::read
);
adapter!(
    /// Instagram: comment, live comment and mention webhooks, messages; Graph media and comments.
    ///
    /// A mention webhook holds ids alone and becomes a follow-up.
    Instagram,
    instagram::read
);
adapter!(
    /// Facebook Messenger: messages, echoes, edits, deletions, reactions, postbacks, deliveries, reads.
    Messenger,
    messenger::read
);
adapter!(
    /// LinkedIn: organization webhooks; comments, posts and UGC posts of the API. Ids are URNs.
    Linkedin,
    linkedin::read
);
adapter!(
    /// YouTube Data API v3: comment threads, comments, live chat, videos, channels.
    Youtube,
    youtube::read
);
adapter!(
    /// Mastodon: statuses, notifications (also grouped), conversations, searches, streaming envelopes.
    ///
    /// Ids are those of the server that was asked, since deletions and replies name nothing else; the
    /// canonical URI stands in the extension `uri`.
    Mastodon,
    mastodon::read
);
adapter!(
    /// Bluesky: Jetstream, feed and thread views, notifications, likes, records, chat. Ids are `at://` URIs.
    ///
    /// An item's time is the earlier of what its author claims and what the network saw.
    Bluesky,
    bluesky::read
);

/// The adapter of `platform` for a brand that owns `accounts` (ids or handles).
///
/// A platform without an adapter of its own is read by [`Generic`], which then stands for that platform.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::model::Platform;
/// use hearken::source::adapter;
///
/// let forum = adapter(&Platform::from("forum"), ["lumora"]);
/// let batch = forum.parse(br#"{"id": 7, "text": "Which kettle?", "author": "ann"}"#, &Limits::default());
/// assert_eq!(batch.events.len(), 1);
/// ```
pub fn adapter<S: AsRef<str>>(
    platform: &Platform,
    accounts: impl IntoIterator<Item = S>,
) -> Box<dyn Source + Send + Sync> {
    match platform {
        Platform::X => Box::new(X::of(accounts)),
        Platform::Facebook => Box::new(Facebook::of(accounts)),
        Platform::Instagram => Box::new(Instagram::of(accounts)),
        Platform::Messenger => Box::new(Messenger::of(accounts)),
        Platform::Linkedin => Box::new(Linkedin::of(accounts)),
        Platform::Youtube => Box::new(Youtube::of(accounts)),
        Platform::Mastodon => Box::new(Mastodon::of(accounts)),
        Platform::Bluesky => Box::new(Bluesky::of(accounts)),
        other => Box::new(Generic::of(accounts).platform(other.clone())),
    }
}
