//! The documented JSON format for every platform that has no adapter of its own.

use super::fields::Fields;
use super::read::{Fail, Out, Outcome, Own, Read, account, deleted, described, each, id_of, payload, told};
use super::{Batch, PlatformEvent, Source};
use crate::limits::Limits;
use crate::model::{
    AccountKey, Attachment, Direction, EngagementMetrics, Extensions, Facet, Geo, Interaction,
    InteractionKind, Personal, Platform, Profile, Review, SourceKind, Visibility, reread,
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::fmt::Display;

/// A documented JSON format for everything else: forums, review sites, mail, exports, hosts' own channels.
///
/// # Format
/// One item, a list of items, an object with a list under `items`, `events`, `data` or `results` (and
/// the next page's cursor under `next` or `cursor`), or one item a line. An item is either a
/// [`PlatformEvent`] as this crate writes it, which comes back unchanged, or an object with these fields,
/// of which only `id` and something said or done are required:
///
/// | field | also as | meaning |
/// |---|---|---|
/// | `id` | `external_id` | string or integer |
/// | `platform` | | where, if not where the adapter stands for |
/// | `text` | `content` (string or `{text}`), `body`, `message`, `comment`, `content_text` | what was said |
/// | `kind` | `type` | an [`InteractionKind`]; by default `review` with a rating, `comment` with a parent, else `post` |
/// | `author` | `user`, `from` | a name, or `{id, handle, name, email, phone, bio, url, location, followers, verified, kind}` |
/// | `published_at` | `created_at`, `timestamp`, `date`, `date_published`, `time` | RFC 3339, or a count of s, ms or µs |
/// | `edited_at` | `updated_at` | later than the former: an edit |
/// | `in_reply_to` | `parent_id` | the item answered |
/// | `root`, `conversation` | `thread_id`, `conversation_id` | the thread |
/// | `share_of`, `quotes`, `reaction` | | the item shared, reacted to or quoted; the reaction |
/// | `rating`, `rating_max` | `stars`, `review {score, scale_max, subject}` | a review |
/// | `visibility`, `direction`, `source_kind` | | as in the model |
/// | `to` | `recipients` | ids |
/// | `brand_account`, `title`, `url`, `lang`, `sensitive`, `campaign` | `subject`, `link`, `language` | |
/// | `attachments` | | `[{kind, url, media_type, alt_text}]` or links |
/// | `metrics` | | `{reactions, comments, shares, views, …}` |
/// | `country`, `city` | | where it was said |
/// | `poll`, `facets`, `labels`, `agent`, `stream_offset_ms` | | as in the model |
/// | `deleted: true` | `event: "deleted"` | the item is gone |
///
/// Every other field, and one that is not what its name says, is kept as it came among the
/// [`extensions`](Interaction::extensions) of the item or account: under its name, or, where it stood deeper or the
/// name is one of the model's own, under its JSON pointer (`/metrics/claps`). Words that are no text, and a `kind`,
/// `visibility`, `direction` or `source_kind` that is no name, refuse the item: to guess them could show a private
/// message to everybody.
///
/// An author of whom only a name is known (a text with a space in it, or an object without `id`, `handle`
/// and `email`) is an account of its own for each item, `ITEM#author`: two people of one name never become
/// one. An object with `id`, `handle` or `name`, and without words, is the description of an account.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::model::{InteractionKind, Platform};
/// use hearken::source::{Generic, PlatformEvent, Source};
///
/// let payload = br#"{"id": "r-0123", "rating": 2, "rating_max": 5, "text": "Leaks.",
///     "author": {"name": "Ann", "email": "ann@example.com"}, "date": "2026-03-05T09:00:00+0000"}"#;
/// let batch = Generic::new().platform(Platform::from("reviews")).parse(payload, &Limits::default());
///
/// let PlatformEvent::Created(review) = &batch.events[0] else { panic!() };
/// assert_eq!(review.kind, InteractionKind::Review);
/// assert_eq!(review.key.to_string(), "reviews:r-0123");
/// assert_eq!(review.review.as_ref().unwrap().score, Some(2.0));
/// ```
#[derive(Debug, Clone)]
pub struct Generic {
    own: Own,
    platform: Platform,
}

impl Default for Generic {
    fn default() -> Self {
        Self { own: Own::default(), platform: Platform::from("generic") }
    }
}

impl Generic {
    /// An adapter that knows none of the brand's accounts.
    pub fn new() -> Self {
        Self::default()
    }

    /// An adapter that knows the brand's own accounts, by id or handle.
    pub fn of<S: AsRef<str>>(accounts: impl IntoIterator<Item = S>) -> Self {
        Self { own: Own::new(accounts), ..Self::default() }
    }

    /// The platform of items that name none.
    #[must_use]
    pub fn platform(self, platform: Platform) -> Self {
        Self { platform, ..self }
    }

    fn document(&self, value: &Value, at: &dyn Display, out: &mut Out) {
        match ["items", "events", "data", "results"].into_iter().find(|name| value.at(name).is_array()) {
            Some(name) if !value.has("id") => {
                each(value, name, at, |item, at| self.item(item, at, out));
                out.next_page(value.text("next").or_else(|| value.text("cursor")));
            }
            _ => self.item(value, at, out),
        }
    }

    /// Reads an item. A time that is none is kept with the rest that nobody understands, and told.
    fn item(&self, value: &Value, at: &dyn Display, out: &mut Out) {
        let own = canonical(value);
        let is_own = own.is_some();
        out.put(at, own.map_or_else(|| self.one(value), Ok));
        for name in
            PUBLISHED.iter().chain(&EDITED).filter(|name| !is_own && value.has(name) && value.at(name) != "")
        {
            if value.time(name).is_none() {
                out.reject(
                    &format_args!("{at}/{name}"),
                    Fail::stray("a time of the years 0 to 9999", value.at(name)),
                );
            }
        }
    }

    fn one(&self, value: &Value) -> Outcome {
        let Some(object) = value.as_object() else {
            return Err(Fail::new(super::Reason::Shape, "expected an object"));
        };
        let fields = Fields::new(object);
        let platform = fields.word(&["platform"]).unwrap_or_else(|| self.platform.clone());
        let gone = fields.flag("deleted") == Some(true)
            || fields.take(&["event"], |event| (event == "deleted").then_some(())).is_some();
        let content = fields.inside("content");
        let said = if gone { "" } else { said(&fields, content.as_ref(), value)? };
        if !gone && said.is_empty() && !is_act(value) {
            let describes = value.has("handle") || value.has("name") || value.has("username");
            return match profile(&platform, value, "").filter(|_| describes && value.has("id")) {
                Some(profile) => Ok(described(profile)),
                None => Err(Fail::shapeless(value)),
            };
        }
        let Some(id) = fields.id(&["external_id", "id"]) else {
            return Err(Fail::no_id("id", value.at("id")));
        };
        if gone {
            return Ok(deleted(platform, id, fields.time(&["deleted_at"]).or_else(|| fields.time(&EDITED))));
        }
        for name in ["kind", "visibility", "direction", "source_kind"] {
            if value.has(name) && !value.at(name).is_string() {
                return Err(Fail::field(name, "a name", value.at(name)));
            }
        }
        let mut item = Interaction::new(platform, id, InteractionKind::Post);
        item.content.text = said.into();
        self.fill(&mut item, &fields);
        if let Some(content) = content {
            item.content.lang = item.content.lang.or_else(|| content.word(&["lang"]));
            item.content.warning = item.content.warning.or_else(|| content.word(&["warning"]));
            content.keep("/content", &[], &mut item.extensions);
        }
        fields.keep("", &ITEM_FIELDS, &mut item.extensions);
        Ok(told(item))
    }

    fn fill(&self, item: &mut Interaction, fields: &Fields) {
        let platform = item.key.platform.clone();
        let by = |value: &Value| profile(&platform, value, &item.key.id);
        item.author = fields
            .take(&["author", "user", "from"], by)
            .or_else(|| account(platform.clone(), None, fields.text(&["username"])));
        item.published_at = fields.time(&PUBLISHED);
        let edited = fields.time(&EDITED);
        item.edited_at = edited.filter(|at| item.published_at.is_none_or(|first| *at > first));
        item.in_reply_to = fields.id(&["in_reply_to", "parent_id"]);
        item.root = fields.id(&["root", "thread_id"]);
        item.conversation = fields.id(&["conversation", "conversation_id", "thread_id"]);
        item.share_of = fields.id(&["share_of"]);
        item.quotes = fields.id(&["quotes"]);
        item.reaction = fields.word(&["reaction"]);
        item.title = fields.word(&["title", "subject"]);
        item.url = fields.word(&["url", "link"]);
        item.campaign = fields.word(&["campaign"]);
        item.agent = fields.word(&["agent"]);
        item.sensitive = fields.flag("sensitive");
        item.content.lang = fields.word(&["lang", "language"]);
        item.content.warning = fields.word(&["warning"]);
        item.stream_offset_ms = fields.count(&["stream_offset_ms"]);
        item.labels = fields.take(&["labels"], whole).unwrap_or_default();
        item.poll = fields.take(&["poll"], whole);
        item.provenance = fields.take(&["provenance"], whole);
        let text = item.content.text.reveal();
        let fits = |facets: &Vec<Facet>| facets.iter().all(|facet| facet.span.of(text).is_some());
        item.facets = fields.take(&["facets"], |value| whole(value).filter(fits)).unwrap_or_default();
        item.review = review(fields, &mut item.extensions);
        item.kind = kind(item, fields);
        let to =
            |value: &Value| value.as_array()?.iter().map(|to| id_of(to).or_else(|| to.id("id"))).collect();
        let to: Option<Vec<Box<str>>> = fields.take(&["to", "recipients"], to);
        let to = to.into_iter().flatten().map(|id| AccountKey::new(platform.clone(), id));
        item.recipients = to.collect();
        item.brand_account = fields.id(&["brand_account"]).map(|id| AccountKey::new(platform.clone(), id));
        let attached = fields.take(&["attachments"], Value::as_array).map_or(&[][..], Vec::as_slice);
        for (i, value) in attached.iter().enumerate() {
            item.attachments.extend(attachment(value, &format!("/attachments/{i}"), &mut item.extensions));
        }
        if let Some(counts) = fields.inside("metrics") {
            item.metrics = Some(metrics(&counts));
            counts.keep("/metrics", &[], &mut item.extensions);
        }
        item.geo = geo(fields, &mut item.extensions);
        if let Some(visibility) = fields.text(&["visibility"]) {
            item.visibility = Visibility::from(visibility);
        }
        item.source_kind = match (fields.text(&["source_kind"]), &item.kind) {
            (Some(name), _) => SourceKind::from(name),
            (None, InteractionKind::Review) => SourceKind::ReviewSite,
            (None, InteractionKind::Email | InteractionKind::Call | InteractionKind::Form) => {
                SourceKind::OwnChannel
            }
            (None, _) => SourceKind::SocialNetwork,
        };
        self.own.settle(item, &[]);
        if let Some(direction) = fields.text(&["direction"]) {
            item.direction = Direction::from(direction);
        }
    }
}

impl Source for Generic {
    fn parse(&self, bytes: &[u8], limits: &Limits) -> Batch {
        payload("Generic", bytes, limits, |document, place, out| self.document(document, place, out))
    }
}

/// Where the time of an item may stand, the first that can be read holds.
const PUBLISHED: [&str; 6] = ["published_at", "created_at", "timestamp", "date", "date_published", "time"];

/// Where the time of its last revision may stand.
const EDITED: [&str; 2] = ["edited_at", "updated_at"];

/// The names of an item's own fields: an unread field of the same name is kept under its pointer.
const ITEM_FIELDS: [&str; 33] = [
    "event",
    "platform",
    "id",
    "kind",
    "direction",
    "visibility",
    "source_kind",
    "author",
    "recipients",
    "brand_account",
    "agent",
    "published_at",
    "edited_at",
    "url",
    "title",
    "content",
    "facets",
    "attachments",
    "in_reply_to",
    "root",
    "quotes",
    "share_of",
    "conversation",
    "reaction",
    "review",
    "poll",
    "geo",
    "sensitive",
    "labels",
    "metrics",
    "campaign",
    "stream_offset_ms",
    "provenance",
];

/// The names of an account's own fields.
const PROFILE_FIELDS: [&str; 31] = [
    "event",
    "platform",
    "id",
    "handle",
    "previous_handles",
    "display_name",
    "bio",
    "url",
    "links",
    "emails",
    "phones",
    "dids",
    "kind",
    "languages",
    "location",
    "geo",
    "verified",
    "protected",
    "created_at",
    "followers",
    "following",
    "posts",
    "labels",
    "avatar_hash",
    "listed",
    "avatar",
    "suspended",
    "dm_open",
    "moved_to",
    "relationship",
    "observed_at",
];

/// What this crate wrote itself: an event, or an interaction with all its settled fields.
fn canonical(value: &Value) -> Option<PlatformEvent> {
    if value.has("event") {
        return reread(value).ok();
    }
    let settled = ["platform", "id", "kind", "direction", "visibility", "source_kind", "content"];
    let whole = settled.iter().all(|key| value.has(key)) && value.at("content").is_object();
    whole.then(|| reread(value).ok().map(told)).flatten()
}

/// The words: the first of the fields that has any. One that is no text refuses the item.
fn said<'v>(fields: &Fields<'v>, content: Option<&Fields<'v>>, value: &'v Value) -> Result<&'v str, Fail> {
    let others = ["body", "message", "comment", "content_text"];
    let within = || content.and_then(|content| content.text(&["text"]));
    let text = fields.text(&["text", "content"]).or_else(within).or_else(|| fields.text(&others));
    if let Some(text) = text {
        return Ok(text);
    }
    // Without an id the object is no item of this format, whatever it calls its parts.
    if !fields.has("id") && !fields.has("external_id") {
        return Ok("");
    }
    value.said(&["text", "content/text"])?;
    value.said(&others)
}

/// A part of the model as it is written in JSON.
fn whole<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// Something done without words.
fn is_act(value: &Value) -> bool {
    let done = ["reaction", "follow", "unfollow", "share", "call"];
    value.text("kind").is_some_and(|kind| done.contains(&kind))
        || ["rating", "stars", "review", "reaction", "share_of", "attachments", "title", "poll"]
            .iter()
            .any(|key| value.has(key))
}

fn kind(item: &Interaction, fields: &Fields) -> InteractionKind {
    let known = |value: &Value| {
        InteractionKind::ALL.iter().find(|kind| Some(kind.as_str()) == value.as_str()).cloned()
    };
    let named = fields.word(&["kind"]).or_else(|| fields.take(&["type"], known));
    named.unwrap_or(match () {
        () if item.review.is_some() => InteractionKind::Review,
        () if item.reaction.is_some() => InteractionKind::Reaction,
        () if item.in_reply_to.is_some() => InteractionKind::Comment,
        () if item.share_of.is_some() => InteractionKind::Share,
        () => InteractionKind::Post,
    })
}

fn review(fields: &Fields, kept: &mut Extensions) -> Option<Review> {
    let inside = fields.inside("review");
    let part = |key: &str| inside.as_ref().and_then(|review| review.number(&[key]));
    let stars = fields.has("stars").then_some(5.0);
    let score = fields.number(&["rating", "stars"]).or_else(|| part("score"));
    let read = Review {
        score,
        scale_max: fields.number(&["rating_max"]).or_else(|| part("scale_max")).or(stars),
        scale_min: part("scale_min"),
        subject: inside
            .as_ref()
            .and_then(|review| review.word(&["subject"]))
            .or_else(|| fields.word(&["product"])),
    };
    if let Some(inside) = &inside {
        inside.keep("/review", &[], kept);
    }
    (read.score.is_some() || inside.is_some()).then_some(read)
}

fn geo(fields: &Fields, kept: &mut Extensions) -> Option<Geo> {
    let inside = fields.inside("geo");
    let part = |key: &str| inside.as_ref().and_then(|geo| geo.word(&[key]));
    let read = Geo {
        country: fields.word(&["country"]).or_else(|| part("country")),
        city: fields.word(&["city"]).or_else(|| part("city")),
        point: inside.as_ref().and_then(|geo| geo.take(&["point"], whole)),
    };
    if let Some(inside) = &inside {
        inside.keep("/geo", &[], kept);
    }
    (read != Geo::default()).then_some(read)
}

/// A person: a bare handle or name, or an object. One of whom only the name is known is told by the `item`.
fn profile(platform: &Platform, value: &Value, item: &str) -> Option<Profile> {
    let nameless = || Some(format!("{item}#author").into());
    if let Some(name) = value.as_str().filter(|name| !name.trim().is_empty()) {
        if !name.contains(char::is_whitespace) {
            return account(platform.clone(), None, Some(name));
        }
        let mut profile = account(platform.clone(), nameless(), None)?;
        profile.display_name = Some(name.into());
        return Some(profile);
    }
    let fields = Fields::new(value.as_object()?);
    let handle = fields.text(&["handle", "username", "screen_name"]);
    let named: Option<Personal> = fields.word(&["name", "display_name"]);
    let mail = value.id("email").filter(|_| handle.is_none());
    let id = fields
        .id(&["id"])
        .or(mail)
        .or_else(|| named.as_ref().filter(|_| handle.is_none()).and_then(|_| nameless()));
    let mut profile = account(platform.clone(), id, handle)?;
    profile.display_name = named;
    profile.bio = fields.word(&["bio"]);
    profile.url = fields.word(&["url"]);
    let strings = |key: &str| fields.take(&[key], whole::<Vec<Personal>>).unwrap_or_default();
    profile.links = strings("links").into_iter().chain(fields.word(&["website"])).collect();
    profile.emails = fields.word(&["email"]).into_iter().chain(strings("emails")).collect();
    profile.phones = fields.word(&["phone"]).into_iter().chain(strings("phones")).collect();
    profile.languages = fields.take(&["languages"], whole).unwrap_or_default();
    profile.kind = fields.word(&["kind"]);
    profile.location = fields.word(&["location"]);
    profile.verified = fields.flag("verified");
    profile.created_at = fields.time(&["created_at"]);
    profile.followers = fields.count(&["followers"]);
    profile.following = fields.count(&["following"]);
    profile.posts = fields.count(&["posts"]);
    profile.listed = fields.count(&["listed"]);
    profile.avatar = fields.word(&["avatar"]);
    profile.suspended = fields.flag("suspended");
    profile.protected = fields.flag("protected");
    profile.dm_open = fields.flag("dm_open");
    profile.relationship = fields.take(&["relationship"], whole);
    profile.previous_handles = strings("previous_handles");
    profile.dids = strings("dids");
    profile.avatar_hash = fields.count(&["avatar_hash"]);
    profile.observed_at = fields.time(&["observed_at"]);
    fields.text(&["platform"]);
    fields.keep("", &PROFILE_FIELDS, &mut profile.extensions);
    Some(profile)
}

fn attachment(value: &Value, place: &str, kept: &mut Extensions) -> Option<Attachment> {
    if let Some(link) = value.as_str() {
        return Some(Attachment { kind: "link".into(), url: Some(link.into()), ..Attachment::default() });
    }
    let Some(object) = value.as_object() else {
        kept.insert(place.into(), value.clone());
        return None;
    };
    let fields = Fields::new(object);
    let read = Attachment {
        kind: fields.word(&["kind", "type"]).unwrap_or_else(|| "file".into()),
        url: fields.word(&["url"]),
        media_type: fields.word(&["media_type"]),
        alt_text: fields.word(&["alt_text"]),
        duration_ms: fields.count(&["duration_ms"]),
        transcript: fields.take(&["transcript"], whole).unwrap_or_default(),
    };
    fields.keep(place, &[], kept);
    Some(read)
}

fn metrics(counts: &Fields) -> EngagementMetrics {
    EngagementMetrics {
        observed_at: counts.time(&["observed_at"]),
        basis: counts.word(&["basis"]),
        impressions: counts.count(&["impressions"]),
        reach: counts.count(&["reach"]),
        views: counts.count(&["views"]),
        reactions: counts.count(&["reactions", "likes"]),
        comments: counts.count(&["comments"]),
        shares: counts.count(&["shares"]),
        quotes: counts.count(&["quotes"]),
        saves: counts.count(&["saves"]),
        link_clicks: counts.count(&["link_clicks"]),
    }
}
