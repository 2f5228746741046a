//! The documented JSON format for every platform that has no adapter of its own.

use super::read::{Fail, Out, Outcome, Own, Read, account, deleted, described, each, id_of, payload, told};
use super::{Batch, PlatformEvent, Source};
use crate::limits::Limits;
use crate::model::{
    AccountKey, Attachment, Direction, EngagementMetrics, Geo, Interaction, InteractionKind, Personal,
    Platform, Profile, ProfileKind, Review, SourceKind, Timestamp, Visibility,
};
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
/// | `deleted: true` | `event: "deleted"` | the item is gone |
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
                each(value, name, at, |item, at| out.put(at, self.one(item)));
                out.next_page(value.text("next").or_else(|| value.text("cursor")));
            }
            _ => out.put(at, self.one(value)),
        }
    }

    fn one(&self, value: &Value) -> Outcome {
        if !value.is_object() {
            return Err(Fail::new(super::Reason::Shape, "expected an object"));
        }
        if let Some(event) = canonical(value) {
            return Ok(event);
        }
        let platform = value.text("platform").map_or_else(|| self.platform.clone(), Platform::from);
        let gone = value.flag("deleted") == Some(true) || value.text("event") == Some("deleted");
        let said = said(value);
        if !gone && said.is_none() && !is_act(value) {
            let describes = value.has("handle") || value.has("name") || value.has("username");
            return match profile(&platform, value, "").filter(|_| describes && value.has("id")) {
                Some(profile) => Ok(described(profile)),
                None => Err(Fail::shapeless(value)),
            };
        }
        let id = value.need_either("external_id", "id")?;
        if gone {
            return Ok(deleted(platform, id, first(value, &["deleted_at", "edited_at", "updated_at"])));
        }
        let mut item = Interaction::new(platform, id, kind(value));
        item.content.text = said.unwrap_or_default().into();
        self.fill(&mut item, value);
        Ok(told(item))
    }

    fn fill(&self, item: &mut Interaction, value: &Value) {
        let platform = item.key.platform.clone();
        let text = |keys: &[&str]| keys.iter().find_map(|key| value.text(key)).map(Box::<str>::from);
        let id = |keys: &[&str]| keys.iter().find_map(|key| value.id(key));
        let person =
            ["author", "user", "from"].iter().map(|key| value.at(key)).find(|value| !value.is_null());
        item.author = profile(&platform, person.unwrap_or(&Value::Null), &item.key.id)
            .or_else(|| account(platform.clone(), None, value.text("username")));
        item.published_at =
            first(value, &["published_at", "created_at", "timestamp", "date", "date_published", "time"]);
        let edited = first(value, &["edited_at", "updated_at"]);
        item.edited_at = edited.filter(|at| item.published_at.is_none_or(|first| *at > first));
        item.in_reply_to = id(&["in_reply_to", "parent_id"]);
        item.root = id(&["root", "thread_id"]);
        item.conversation = id(&["conversation", "conversation_id", "thread_id"]);
        item.share_of = id(&["share_of"]);
        item.quotes = id(&["quotes"]);
        item.reaction = text(&["reaction"]);
        item.title = value.personal("title").or_else(|| value.personal("subject"));
        item.url = text(&["url", "link"]);
        item.campaign = text(&["campaign"]);
        item.sensitive = value.flag("sensitive");
        item.content.lang = text(&["lang", "language", "content/lang"]);
        item.content.warning = value.personal("warning");
        item.review = review(value);
        let to = value.list("to").iter().chain(value.list("recipients"));
        item.recipients = to
            .filter_map(|to| Some(AccountKey::new(platform.clone(), id_of(to).or_else(|| to.id("id"))?)))
            .collect();
        item.brand_account = value.id("brand_account").map(|id| AccountKey::new(platform, id));
        item.attachments = value.list("attachments").iter().filter_map(attachment).collect();
        item.metrics = metrics(value.at("metrics"));
        let (country, city) = (text(&["country", "geo/country"]), text(&["city", "geo/city"]));
        item.geo = (country.is_some() || city.is_some()).then_some(Geo { country, city, point: None });
        if let Some(visibility) = value.text("visibility") {
            item.visibility = Visibility::from(visibility);
        }
        item.source_kind = match (value.text("source_kind"), &item.kind) {
            (Some(name), _) => SourceKind::from(name),
            (None, InteractionKind::Review) => SourceKind::ReviewSite,
            (None, InteractionKind::Email | InteractionKind::Call | InteractionKind::Form) => {
                SourceKind::OwnChannel
            }
            (None, _) => SourceKind::SocialNetwork,
        };
        self.own.settle(item, &[]);
        if let Some(direction) = value.text("direction") {
            item.direction = Direction::from(direction);
        }
    }
}

impl Source for Generic {
    fn parse(&self, bytes: &[u8], limits: &Limits) -> Batch {
        payload(bytes, limits, |document, place, out| self.document(document, place, out))
    }
}

/// What this crate wrote itself: an event, or an interaction with all its settled fields.
fn canonical(value: &Value) -> Option<PlatformEvent> {
    if value.has("event") {
        return serde_json::from_value(value.clone()).ok();
    }
    let settled = ["platform", "id", "kind", "direction", "visibility", "source_kind", "content"];
    let whole = settled.iter().all(|key| value.has(key)) && value.at("content").is_object();
    whole.then(|| serde_json::from_value(value.clone()).ok().map(told)).flatten()
}

fn said(value: &Value) -> Option<&str> {
    let fields = ["text", "content", "content/text", "body", "message", "comment", "content_text"];
    fields.iter().find_map(|key| value.text(key))
}

fn first(value: &Value, keys: &[&str]) -> Option<Timestamp> {
    keys.iter().find_map(|key| value.time(key))
}

/// Something done without words.
fn is_act(value: &Value) -> bool {
    let done = ["reaction", "follow", "unfollow", "share", "call"];
    value.text("kind").is_some_and(|kind| done.contains(&kind))
        || ["rating", "stars", "review", "reaction", "share_of", "attachments", "title"]
            .iter()
            .any(|key| value.has(key))
}

fn kind(value: &Value) -> InteractionKind {
    let known = |name: &str| InteractionKind::ALL.iter().find(|kind| kind.as_str() == name).cloned();
    match (value.text("kind"), value.text("type").and_then(known)) {
        (Some(name), _) => InteractionKind::from(name),
        (None, Some(kind)) => kind,
        (None, None) if review(value).is_some() => InteractionKind::Review,
        (None, None) if value.has("reaction") => InteractionKind::Reaction,
        (None, None) if value.has("in_reply_to") || value.has("parent_id") => InteractionKind::Comment,
        (None, None) if value.has("share_of") => InteractionKind::Share,
        (None, None) => InteractionKind::Post,
    }
}

fn review(value: &Value) -> Option<Review> {
    let inside = value.at("review");
    let number =
        |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|n| n.is_finite());
    let score = [value.at("rating"), value.at("stars"), inside.at("score")].into_iter().find_map(number);
    let scale_max = [value.at("rating_max"), inside.at("scale_max")].into_iter().find_map(number);
    (score.is_some() || inside.is_object()).then(|| Review {
        score,
        scale_max: scale_max.or_else(|| value.has("stars").then_some(5.0)),
        subject: inside.text("subject").or_else(|| value.text("product")).map(Into::into),
    })
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
    let handle = ["handle", "username", "screen_name"].iter().find_map(|key| value.text(key));
    let named = ["name", "display_name"].iter().find_map(|key| value.personal(key));
    let mail = value.id("email").filter(|_| handle.is_none());
    let id = value
        .id("id")
        .or(mail)
        .or_else(|| named.as_ref().filter(|_| handle.is_none()).and_then(|_| nameless()));
    let mut profile = account(platform.clone(), id, handle)?;
    profile.display_name = named;
    profile.bio = value.personal("bio");
    profile.url = value.personal("url");
    profile.links = strings(value, "links").chain(value.personal("website")).collect();
    profile.emails = value.personal("email").into_iter().chain(strings(value, "emails")).collect();
    profile.phones = value.personal("phone").into_iter().chain(strings(value, "phones")).collect();
    profile.languages = value.list("languages").iter().filter_map(Value::as_str).map(Into::into).collect();
    profile.kind = value.text("kind").map(ProfileKind::from);
    profile.location = value.personal("location");
    profile.verified = value.flag("verified");
    profile.created_at = value.time("created_at");
    profile.followers = value.count("followers");
    profile.following = value.count("following");
    profile.posts = value.count("posts");
    Some(profile)
}

fn strings(value: &Value, key: &str) -> impl Iterator<Item = Personal> {
    value.list(key).iter().filter_map(Value::as_str).filter(|text| !text.is_empty()).map(Personal::from)
}

fn attachment(value: &Value) -> Option<Attachment> {
    if let Some(link) = value.as_str() {
        return Some(Attachment { kind: "link".into(), url: Some(link.into()), ..Attachment::default() });
    }
    value.is_object().then(|| Attachment {
        kind: value.text("kind").or_else(|| value.text("type")).unwrap_or("file").into(),
        url: value.text("url").map(Into::into),
        media_type: value.text("media_type").map(Into::into),
        alt_text: value.personal("alt_text"),
        duration_ms: value.count("duration_ms"),
        ..Attachment::default()
    })
}

fn metrics(value: &Value) -> Option<EngagementMetrics> {
    value.is_object().then(|| EngagementMetrics {
        observed_at: value.time("observed_at"),
        impressions: value.count("impressions"),
        reach: value.count("reach"),
        views: value.count("views"),
        reactions: value.count("reactions").or_else(|| value.count("likes")),
        comments: value.count("comments"),
        shares: value.count("shares"),
        quotes: value.count("quotes"),
        saves: value.count("saves"),
        link_clicks: value.count("link_clicks"),
        ..EngagementMetrics::default()
    })
}
