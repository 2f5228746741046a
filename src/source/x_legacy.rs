//! X, API v1.1: statuses, users, stream messages, the events of user streams.

use super::read::{
    Fail, Out, Outcome, Own, Read, account, deleted, described, kind_by_links, public, reaction_id, told,
};
use super::x::{language, snowflake, words};
use crate::model::{
    AccountKey, Attachment, EngagementMetrics, Geo, Interaction, InteractionKind, Personal, Platform,
    Profile, Relationship,
};
use serde_json::Value;
use std::fmt::Display;

/// True for what only v1.1 sends.
pub(super) fn is_legacy(value: &Value) -> bool {
    let post = value.has("id_str") || value.at("user").is_object() || value.has("full_text");
    post || value.has("screen_name")
        || (value.has("event") && value.has("source"))
        || value.has("delete/status")
}

pub(super) fn read(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    if value.has("delete/status") {
        out.put(at, deletion(value.at("delete")));
    } else if value.has("event") {
        out.put(at, stream_event(value, own));
    } else if value.has("screen_name") && !value.has("text") && !value.has("full_text") {
        out.put(at, profile(value).map(described));
    } else {
        post_and_original(value, at, own, out);
    }
}

/// `{"status": {"id_str", "user_id_str"}, "timestamp_ms"}`.
pub(super) fn deletion(value: &Value) -> Outcome {
    let id = value.need_either("status/id_str", "status/id")?;
    Ok(deleted(Platform::X, id, value.time("timestamp_ms")))
}

pub(super) fn post_and_original(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let original = value.at("retweeted_status");
    if original.is_object() {
        out.put(&format_args!("{at}/retweeted_status"), post(original, own).map(told));
    }
    out.put(at, post(value, own).map(told));
}

/// The id, of which `id_str` is the exact form.
pub(super) fn exact_id(value: &Value) -> Result<Box<str>, Fail> {
    value.need_either("id_str", "id")
}

fn post(value: &Value, own: &Own) -> Result<Interaction, Fail> {
    let mut item = Interaction::new(Platform::X, exact_id(value)?, InteractionKind::Post);
    let times = value.time("timestamp_ms").or_else(|| value.time("created_at"));
    item.published_at = times.or_else(|| snowflake(&item.key.id));
    if value.at("user").is_object() {
        item.author = Some(profile(value.at("user")).map_err(|fail| fail.within("/user"))?);
    }
    let shared = value.at("retweeted_status");
    item.share_of = shared.is_object().then(|| exact_id(shared).ok()).flatten();
    item.in_reply_to = value.id("in_reply_to_status_id_str").or_else(|| value.id("in_reply_to_status_id"));
    item.quotes = value.id("quoted_status_id_str").or_else(|| value.id("quoted_status_id"));
    item.kind = kind_by_links(&item);
    let whole = if value.at("extended_tweet").is_object() { value.at("extended_tweet") } else { value };
    let text = match whole.said(&["full_text"])? {
        "" => value.said(&["full_text", "text"])?,
        text => text,
    };
    let entities = if whole.has("entities") { whole.at("entities") } else { value.at("entities") };
    let handles = words(&mut item, text, entities);
    if item.share_of.is_some() {
        item.content.text = Personal::default();
        item.facets.clear();
    }
    if let Some(name) = value.text("in_reply_to_screen_name") {
        let id = value.id("in_reply_to_user_id_str").or_else(|| value.id("in_reply_to_user_id"));
        let to = account(Platform::X, id, Some(name)).map(|profile| profile.key);
        item.recipients.extend(to.filter(|key| !item.recipients.contains(key)));
    }
    item.content.lang = value.text("lang").and_then(language);
    item.sensitive = value.flag("possibly_sensitive");
    item.geo = place(value);
    item.attachments = media(whole, value);
    item.metrics = metrics(value);
    let names: Vec<&str> = handles.iter().map(String::as_str).collect();
    own.settle(&mut item, &names);
    Ok(item)
}

fn place(value: &Value) -> Option<Geo> {
    let numbers = |list: &[Value]| match list {
        [a, b] => a.as_f64().zip(b.as_f64()),
        _ => None,
    };
    // `coordinates` is GeoJSON (longitude first), the older `geo` the other way round.
    let point = numbers(value.list("coordinates/coordinates"))
        .map(|(lon, lat)| (lat, lon))
        .or_else(|| numbers(value.list("geo/coordinates")));
    let country = value.text("place/country_code").map(Into::into);
    let city = (value.text("place/place_type") == Some("city")).then(|| value.text("place/name")).flatten();
    (point.is_some() || country.is_some()).then(|| Geo { country, city: city.map(Into::into), point })
}

fn media(whole: &Value, value: &Value) -> Vec<Attachment> {
    let lists = [whole, value]
        .into_iter()
        .flat_map(|v| [v.list("extended_entities/media"), v.list("entities/media")]);
    let list = lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
    list.iter()
        .map(|media| Attachment {
            kind: match media.text("type") {
                Some("photo") | None => "image".into(),
                Some("animated_gif") => "video".into(),
                Some(kind) => kind.into(),
            },
            url: media.text("media_url_https").or_else(|| media.text("media_url")).map(Into::into),
            alt_text: media.personal("ext_alt_text"),
            duration_ms: media.count("video_info/duration_millis"),
            ..Attachment::default()
        })
        .collect()
}

fn metrics(value: &Value) -> Option<EngagementMetrics> {
    public(EngagementMetrics {
        reactions: value.count("favorite_count"),
        comments: value.count("reply_count"),
        shares: value.count("retweet_count"),
        quotes: value.count("quote_count"),
        ..EngagementMetrics::default()
    })
}

/// A user of API v1.1.
pub(super) fn profile(user: &Value) -> Result<Profile, Fail> {
    let id = user.id("id_str").or_else(|| user.id("id"));
    let Some(mut profile) = account(Platform::X, id, user.text("screen_name")) else {
        return Err(Fail::no_id("id_str", user.at("id_str")));
    };
    profile.display_name = user.personal("name");
    profile.bio = user.personal("description");
    profile.location = user.personal("location");
    profile.verified = user.flag("verified");
    profile.protected = user.flag("protected");
    profile.created_at = user.time("created_at").or_else(|| user.time("created_timestamp"));
    profile.followers = user.count("followers_count");
    profile.following = user.count("friends_count");
    profile.posts = user.count("statuses_count");
    profile.listed = user.count("listed_count");
    profile.avatar = user.personal("profile_image_url_https");
    profile.suspended = user.flag("suspended");
    profile.relationship = user
        .flag("following")
        .map(|we_follow| Relationship { we_follow: Some(we_follow), ..Relationship::default() });
    profile.url = user.text("screen_name").map(|name| Personal::from(format!("https://x.com/{name}")));
    let links = user.list("entities/url/urls").iter().chain(user.list("entities/description/urls"));
    profile.links = links.filter_map(|link| link.personal("expanded_url")).collect();
    Ok(profile)
}

/// A favourite: who liked which post.
pub(super) fn favourite(value: &Value, who: &str, what: &str, own: &Own) -> Outcome {
    let author = profile(value.at(who)).map_err(|fail| fail.within(&format!("/{who}")))?;
    let target = exact_id(value.at(what)).map_err(|fail| fail.within(&format!("/{what}")))?;
    let mut item =
        Interaction::new(Platform::X, reaction_id(&target, &author.key.id), InteractionKind::Reaction);
    item.published_at = value.time("timestamp_ms").or_else(|| value.time("created_at"));
    item.author = Some(author);
    item.share_of = Some(target);
    item.reaction = Some("like".into());
    let to = value.at(what).at("user");
    item.recipients.extend(profile(to).ok().map(|to| to.key));
    own.settle(&mut item, &[to.text("screen_name").unwrap_or_default()]);
    Ok(told(item))
}

/// A follow or unfollow: accounts under `source` and `target`.
pub(super) fn follow(value: &Value, kind: InteractionKind, own: &Own) -> Outcome {
    let source = profile(value.at("source")).map_err(|fail| fail.within("/source"))?;
    let target = profile(value.at("target")).map_err(|fail| fail.within("/target"))?;
    let at = value.time("created_timestamp").or_else(|| value.time("created_at"));
    let moment = at.map_or(0, |at| at.millis());
    let id = format!("{}#{kind}#{}#{moment}", target.key.id, source.key.id);
    let mut item = Interaction::new(Platform::X, id, kind);
    item.published_at = at;
    item.author = Some(source);
    let handle = target.handle.as_ref().map_or("", |handle| handle.reveal()).to_owned();
    item.recipients.push(AccountKey::clone(&target.key));
    own.settle(&mut item, &[&handle]);
    Ok(told(item))
}

fn stream_event(value: &Value, own: &Own) -> Outcome {
    match value.text("event") {
        Some("favorite") => favourite(value, "source", "target_object", own),
        Some("unfavorite") => {
            let who = exact_id(value.at("source")).map_err(|fail| fail.within("/source"))?;
            let what = exact_id(value.at("target_object")).map_err(|fail| fail.within("/target_object"))?;
            Ok(deleted(Platform::X, reaction_id(&what, &who), value.time("created_at")))
        }
        Some("follow") => follow(value, InteractionKind::Follow, own),
        Some("unfollow") => follow(value, InteractionKind::Unfollow, own),
        name => Err(Fail::unknown("event", name.unwrap_or_default())),
    }
}
