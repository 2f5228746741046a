//! X, API v2: posts, users and direct messages with their `includes`; the way in for all of X's formats.

use super::markup::Plain;
use super::read::{
    Fail, Out, Outcome, Own, Read, account, described, each, id_of, kind_by_links, public, told,
};
use super::{x_activity, x_legacy};
use crate::model::{
    AccountKey, Attachment, EngagementMetrics, Facet, FacetKind, Geo, Interaction, InteractionKind, Personal,
    Platform, Poll, PollOption, Profile, Timestamp,
};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Display;

pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    if x_activity::is_webhook(document) {
        return x_activity::webhook(document, at, own, out);
    }
    if document.at("statuses").is_array() {
        return each(document, "statuses", at, |status, at| x_legacy::read(status, at, own, out));
    }
    let paged = ["data", "includes", "errors", "meta"].iter().any(|key| document.has(key));
    if !paged {
        return one(document, &Includes::default(), at, own, out);
    }
    let includes = Includes::of(document.at("includes"));
    match document.at("data") {
        Value::Array(_) => each(document, "data", at, |value, at| one(value, &includes, at, own, out)),
        Value::Null if document.has("includes") => {
            each(document, "includes/users", at, |user, at| out.put(at, profile(user).map(described)));
        }
        Value::Null if !document.has("errors") => {
            out.reject(at, Fail::not_an_interaction("an answer without data"))
        }
        Value::Null => {}
        value => one(value, &includes, &format_args!("{at}/data"), own, out),
    }
    each(document, "errors", at, |error, at| {
        let words = ["title", "message", "detail"].iter().find_map(|key| error.text(key));
        out.reject(at, Fail::error(words));
    });
    out.next_page(document.text("meta/next_token"));
}

/// Reads one value by what it looks like.
fn one(value: &Value, includes: &Includes, at: &dyn Display, own: &Own, out: &mut Out) {
    let has = |key: &str| value.has(key);
    if has("event_type")
        && (has("payload") || value.text("event_type").is_some_and(|name| name.contains('.')))
    {
        x_activity::activity(value, at, own, out);
    } else if has("event_type") {
        out.put(at, direct_message(value, includes, own));
    } else if x_legacy::is_legacy(value) {
        x_legacy::read(value, at, own, out);
    } else if has("text") || has("note_tweet") {
        post_and_original(value, includes, at, own, out);
    } else if has("username") {
        out.put(at, profile(value).map(described));
    } else if !x_activity::compliance(value, at, out) {
        out.reject(at, Fail::shapeless(value));
    }
}

/// What a v2 answer puts beside its data, by id.
#[derive(Debug, Default)]
struct Includes<'a> {
    users: BTreeMap<&'a str, &'a Value>,
    posts: BTreeMap<&'a str, &'a Value>,
    media: BTreeMap<&'a str, &'a Value>,
    places: BTreeMap<&'a str, &'a Value>,
    polls: BTreeMap<&'a str, &'a Value>,
}

impl<'a> Includes<'a> {
    fn of(includes: &'a Value) -> Self {
        let by = |list: &str, key: &str| -> BTreeMap<&'a str, &'a Value> {
            includes.list(list).iter().filter_map(|value| Some((value.text(key)?, value))).collect()
        };
        Self {
            users: by("users", "id"),
            posts: by("tweets", "id"),
            media: by("media", "media_key"),
            places: by("places", "id"),
            polls: by("polls", "id"),
        }
    }

    fn author(&self, id: Option<Box<str>>) -> Option<Profile> {
        let id = id?;
        match self.users.get(&*id) {
            Some(user) => profile(user).ok(),
            None => Some(Profile::new(Platform::X, id)),
        }
    }
}

/// A post without includes.
pub(super) fn post_alone(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    post_and_original(value, &Includes::default(), at, own, out);
}

/// A post; the original of a share, where it is at hand, comes before it.
fn post_and_original(value: &Value, includes: &Includes, at: &dyn Display, own: &Own, out: &mut Out) {
    let outcome = post(value, includes, own);
    let original =
        outcome.as_ref().ok().and_then(|item| item.share_of.as_deref()).and_then(|id| includes.posts.get(id));
    if let Some(original) = original {
        out.put(at, post(original, includes, own).map(told));
    }
    let with_original = original.is_some();
    out.put(
        at,
        outcome.map(|mut item| {
            if with_original {
                item.content.text = Personal::default();
                item.facets.clear();
            }
            told(item)
        }),
    );
}

fn post(value: &Value, includes: &Includes, own: &Own) -> Result<Interaction, Fail> {
    let id = value.need_id("id")?;
    let revisions = value.list("edit_history_tweet_ids");
    let first = revisions.first().filter(|_| revisions.len() > 1).and_then(id_of);
    let mut item =
        Interaction::new(Platform::X, first.clone().unwrap_or_else(|| id.clone()), InteractionKind::Post);
    item.published_at = value.time("created_at").or_else(|| snowflake(&id));
    if let Some(first) = first.filter(|first| *first != id) {
        item.edited_at = item.published_at;
        item.published_at = snowflake(&first);
        item.extensions.insert("revision_id".into(), Value::from(&*id));
    }
    item.author = includes.author(value.id("author_id"));
    item.conversation = value.id("conversation_id");
    for reference in value.list("referenced_tweets") {
        let target = reference.id("id");
        match reference.text("type") {
            Some("replied_to") => item.in_reply_to = target,
            Some("quoted") => item.quotes = target,
            Some("retweeted") => item.share_of = target,
            _ => {}
        }
    }
    item.kind = kind_by_links(&item);
    item.root = item.conversation.clone().filter(|root| **root != *item.key.id);
    let (text, entities) = match value.said(&["note_tweet/text"])? {
        "" => (value.said(&["text"])?, value.at("entities")),
        long => (long, value.at("note_tweet/entities")),
    };
    let handles = words(&mut item, text, entities);
    if let Some(to) = value.id("in_reply_to_user_id") {
        let to = AccountKey::new(Platform::X, to);
        if !item.recipients.contains(&to) {
            item.recipients.push(to);
        }
    }
    item.content.lang = value.text("lang").and_then(language);
    item.sensitive = value.flag("possibly_sensitive");
    item.metrics = metrics(value);
    item.geo = place(value, includes);
    item.attachments = media(value, includes);
    item.poll = poll(value, includes);
    let names: Vec<&str> = handles.iter().map(String::as_str).collect();
    own.settle(&mut item, &names);
    Ok(item)
}

/// Sets text, facets and recipients from the entities of either version; answers the recipients' handles.
pub(super) fn words(item: &mut Interaction, text: &str, entities: &Value) -> Vec<String> {
    let plain = Plain::decode(text);
    let mut handles = Vec::new();
    for (lists, kind, targets) in [
        (["mentions", "user_mentions"], FacetKind::Mention, ["username", "screen_name"]),
        (["hashtags", "hashtags"], FacetKind::Hashtag, ["tag", "text"]),
        (["cashtags", "symbols"], FacetKind::Cashtag, ["tag", "text"]),
        (["urls", "urls"], FacetKind::Link, ["expanded_url", "url"]),
    ] {
        let list = lists.iter().map(|list| entities.list(list)).find(|list| !list.is_empty());
        for entity in list.unwrap_or_default() {
            let mut target = targets.iter().find_map(|key| entity.text(key)).map(str::to_owned);
            if kind == FacetKind::Mention {
                let id = entity.id("id_str").or_else(|| entity.id("id"));
                let Some(profile) = account(Platform::X, id, target.as_deref()) else { continue };
                handles.push(target.take().unwrap_or_default());
                target = Some(profile.key.id.to_string());
                item.recipients.push(profile.key);
            }
            let ends = match entity.list("indices") {
                [start, end] => (start, end),
                _ => (entity.at("start"), entity.at("end")),
            };
            let span = ends.0.as_u64().zip(ends.1.as_u64()).and_then(|(start, end)| plain.span(start, end));
            if let Some(span) = span {
                item.facets.push(Facet { span, kind: kind.clone(), target: target.map(Personal::from) });
            }
        }
    }
    item.facets.sort_by_key(|facet| facet.span);
    item.content.text = Personal::from(plain.text);
    handles
}

/// X's language codes that say "no language": `und`, `zxx` and the `q` codes of its own.
pub(super) fn language(code: &str) -> Option<Box<str>> {
    let none = matches!(code, "und" | "zxx") || (code.len() == 3 && code.starts_with('q'));
    (!none).then(|| code.into())
}

/// The time in a snowflake id: milliseconds since 2010-11-04T01:42:54.657Z in the bits above 22.
pub(super) fn snowflake(id: &str) -> Option<Timestamp> {
    let id: u64 = id.parse().ok()?;
    let millis = i64::try_from(id >> 22).ok()?;
    // Ids before November 2010 were plain counts.
    (id > 30_000_000_000).then(|| Timestamp::from_millis(millis + 1_288_834_974_657))
}

fn metrics(value: &Value) -> Option<EngagementMetrics> {
    let count = |name: &str| value.at("public_metrics").count(name);
    public(EngagementMetrics {
        impressions: count("impression_count"),
        reactions: count("like_count"),
        comments: count("reply_count"),
        shares: count("retweet_count").or_else(|| count("repost_count")),
        quotes: count("quote_count"),
        saves: count("bookmark_count"),
        ..EngagementMetrics::default()
    })
}

fn place(value: &Value, includes: &Includes) -> Option<Geo> {
    let geo = value.at("geo");
    let place = geo.text("place_id").and_then(|id| includes.places.get(id));
    let point = match geo.list("coordinates/coordinates") {
        [lon, lat] => lat.as_f64().zip(lon.as_f64()),
        _ => None,
    };
    (place.is_some() || point.is_some()).then(|| Geo {
        country: place.and_then(|p| p.text("country_code")).map(Into::into),
        city: place
            .filter(|p| p.text("place_type") == Some("city"))
            .and_then(|p| p.text("name"))
            .map(Into::into),
        point,
    })
}

fn media(value: &Value, includes: &Includes) -> Vec<Attachment> {
    let keys = value.list("attachments/media_keys").iter().filter_map(Value::as_str);
    keys.map(|key| {
        let known = includes.media.get(key);
        let text = |path: &str| known.and_then(|m| m.text(path));
        Attachment {
            kind: match text("type") {
                Some("photo") | None => "image".into(),
                Some("animated_gif") => "video".into(),
                Some(kind) => kind.into(),
            },
            url: text("url").or_else(|| text("preview_image_url")).map(Into::into),
            alt_text: text("alt_text").map(Personal::from),
            duration_ms: known.and_then(|m| m.count("duration_ms")),
            ..Attachment::default()
        }
    })
    .collect()
}

/// The poll of a post; where the includes do not hold it, its id.
fn poll(value: &Value, includes: &Includes) -> Option<Box<Poll>> {
    let id = value.list("attachments/poll_ids").first().and_then(id_of)?;
    let known = includes.polls.get(&*id).copied().unwrap_or(&Value::Null);
    let mut options: Vec<&Value> = known.list("options").iter().collect();
    options.sort_by_key(|option| option.count("position"));
    let options = options.into_iter().map(|option| PollOption {
        text: option.personal("label").unwrap_or_default(),
        votes: option.count("votes"),
    });
    Some(Box::new(Poll {
        id: Some(id),
        options: options.collect(),
        closes_at: known.time("end_datetime"),
        ..Poll::default()
    }))
}

/// A user of API v2.
pub(super) fn profile(user: &Value) -> Result<Profile, Fail> {
    let mut profile = Profile::new(Platform::X, user.need_id("id")?);
    profile.handle = user.personal("username");
    profile.display_name = user.personal("name");
    profile.bio = user.personal("description");
    profile.location = user.personal("location");
    profile.verified = user.flag("verified");
    profile.protected = user.flag("protected");
    profile.created_at = user.time("created_at");
    profile.followers = user.count("public_metrics/followers_count");
    profile.following = user.count("public_metrics/following_count");
    profile.posts = user.count("public_metrics/tweet_count");
    profile.listed = user.count("public_metrics/listed_count");
    profile.avatar = user.personal("profile_image_url");
    profile.dm_open = user.flag("receives_your_dm");
    profile.url = user.text("username").map(|name| Personal::from(format!("https://x.com/{name}")));
    let links = user.list("entities/url/urls").iter().chain(user.list("entities/description/urls"));
    profile.links = links.filter_map(|link| link.personal("expanded_url")).collect();
    Ok(profile)
}

fn direct_message(value: &Value, includes: &Includes, own: &Own) -> Outcome {
    match value.text("event_type") {
        Some("MessageCreate") => {}
        Some(kind @ ("ParticipantsJoin" | "ParticipantsLeave")) => {
            return Err(Fail::not_an_interaction(kind));
        }
        kind => return Err(Fail::unknown("event_type", kind.unwrap_or_default())),
    }
    let mut item = Interaction::new(Platform::X, value.need_id("id")?, InteractionKind::DirectMessage);
    item.published_at = value.time("created_at").or_else(|| snowflake(&item.key.id));
    item.author = includes.author(value.id("sender_id"));
    item.conversation = value.id("dm_conversation_id");
    words(&mut item, value.said(&["text"])?, value.at("entities"));
    let sender = item.author.as_ref().map(|author| author.key.id.clone());
    // A one-to-one conversation's id is the two accounts' ids, joined.
    let both = item.conversation.as_deref().and_then(|c| c.split_once('-'));
    let both: Vec<Box<str>> = both.into_iter().flat_map(|(a, b)| [a.into(), b.into()]).collect();
    let named = value.list("participant_ids").iter().filter_map(id_of);
    for id in named.chain(both) {
        if Some(&id) == sender.as_ref() {
            continue;
        }
        let key = AccountKey::new(Platform::X, id);
        if !item.recipients.contains(&key) {
            item.recipients.push(key);
        }
    }
    item.attachments = media(value, includes);
    own.settle(&mut item, &[]);
    Ok(told(item))
}
