//! Instagram: webhooks of comments and mentions; media and comments of the Graph API.

use super::meta::{self, Entry, person};
use super::read::{Fail, Out, Outcome, Own, Read, account, described, each, public, told};
use crate::model::{Attachment, EngagementMetrics, Interaction, InteractionKind, Platform, Profile};
use serde_json::Value;
use std::fmt::Display;

const INSTAGRAM: Platform = Platform::Instagram;

pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    meta::read(document, at, own, out, object);
}

/// Reads one element of `changes` of an Instagram account.
pub(super) fn change(change: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    let value = change.at("value");
    let place = format_args!("{at}/value");
    match change.text("field") {
        Some("comments") => out.put(&place, noticed(value, entry, InteractionKind::Comment)),
        Some("live_comments") => out.put(&place, noticed(value, entry, InteractionKind::LiveComment)),
        Some("mentions") => mention(value, entry, &place, out),
        Some("messages") => super::messenger::event(value, entry, &place, out),
        Some(field) if field.contains("insights") => out.reject(&place, Fail::not_an_interaction(field)),
        field => out.reject(at, Fail::unknown("field", field.unwrap_or_default())),
    }
}

fn noticed(value: &Value, entry: &Entry, kind: InteractionKind) -> Outcome {
    let mut item = comment(value, None, kind)?;
    item.published_at = item.published_at.or(entry.time);
    entry.settle(&mut item);
    Ok(told(item))
}

/// A mention names ids alone; the account that was mentioned may read what they hold.
fn mention(value: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    let account = entry.brand.as_deref().unwrap_or("me");
    if let Some(comment) = value.id("comment_id") {
        let path = format!(
            "/{account}?fields=mentioned_comment.comment_id({comment}){{id,text,timestamp,username}}"
        );
        out.follow_up(INSTAGRAM, comment, path);
    } else if let Some(media) = value.id("media_id") {
        let path =
            format!("/{account}?fields=mentioned_media.media_id({media}){{id,caption,timestamp,username}}");
        out.follow_up(INSTAGRAM, media, path);
    } else {
        out.reject(at, Fail::no_id("media_id", value.at("media_id")));
    }
}

/// Reads one object of the Graph API by what it looks like, and the comments inside it.
fn object(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    for (edge, what) in [("mentioned_comment", "text"), ("mentioned_media", "caption")] {
        let mentioned = value.at(edge);
        if mentioned.is_object() {
            let read = if what == "text" {
                comment(mentioned, None, InteractionKind::Mention)
            } else {
                media(mentioned)
            };
            let mention = read.map(|mut item| {
                item.kind = InteractionKind::Mention;
                item.brand_account = value.id("id").map(|id| crate::model::AccountKey::new(INSTAGRAM, id));
                own.settle(&mut item, &[]);
                told(item)
            });
            return out.put(&format_args!("{at}/{edge}"), mention);
        }
    }
    if value.has("media_type") || value.has("caption") || value.has("shortcode") {
        let item = media(value);
        let id = value.id("id");
        out.put(at, item.map(|item| settled(item, own)));
        comments(value, "comments/data", id.as_deref(), false, own, at, out);
    } else if value.has("text") && (value.has("timestamp") || value.has("created_time") || value.has("media"))
    {
        comment_and_replies(value, None, false, own, at, out);
    } else if value.has("username") && value.has("id") {
        out.put(at, profile(value));
    } else {
        out.reject(at, Fail::shapeless(value));
    }
}

fn settled(mut item: Interaction, own: &Own) -> super::PlatformEvent {
    own.settle(&mut item, &[]);
    told(item)
}

fn comment_and_replies(
    value: &Value,
    under: Option<&str>,
    reply: bool,
    own: &Own,
    at: &dyn Display,
    out: &mut Out,
) {
    let kind = if reply { InteractionKind::Reply } else { InteractionKind::Comment };
    out.put(at, comment(value, under, kind).map(|item| settled(item, own)));
    comments(value, "replies/data", value.id("id").as_deref(), true, own, at, out);
}

fn comments(
    value: &Value,
    edge: &str,
    under: Option<&str>,
    reply: bool,
    own: &Own,
    at: &dyn Display,
    out: &mut Out,
) {
    each(value, edge, at, |comment, at| comment_and_replies(comment, under, reply, own, at, out));
}

/// The author: `from`, `user`, or the user name alone.
fn author(value: &Value) -> Option<Profile> {
    let from = person(INSTAGRAM, value.at("from"));
    from.or_else(|| {
        account(INSTAGRAM, value.id("user/id").or_else(|| value.id("owner/id")), value.text("username"))
    })
}

fn comment(value: &Value, under: Option<&str>, kind: InteractionKind) -> Result<Interaction, Fail> {
    let mut item = Interaction::new(INSTAGRAM, value.need_id("id")?, kind);
    item.author = author(value);
    item.content.text = value.said(&["text"])?.into();
    item.published_at = value.time("timestamp").or_else(|| value.time("created_time"));
    item.root = value.id("media/id");
    item.conversation = item.root.clone();
    item.in_reply_to = value.id("parent_id").or_else(|| under.map(Into::into));
    if item.in_reply_to.is_some() && item.in_reply_to != item.root && value.has("parent_id") {
        item.kind = InteractionKind::Reply;
    }
    item.in_reply_to = item.in_reply_to.or_else(|| item.root.clone());
    item.metrics = metrics(value);
    Ok(item)
}

fn metrics(value: &Value) -> Option<EngagementMetrics> {
    public(EngagementMetrics {
        reactions: value.count("like_count"),
        comments: value.count("comments_count"),
        ..EngagementMetrics::default()
    })
}

fn media(value: &Value) -> Result<Interaction, Fail> {
    let mut item = Interaction::new(INSTAGRAM, value.need_id("id")?, InteractionKind::Post);
    item.author = author(value);
    // The pages of old wrap the caption.
    let caption = if value.has("caption/text") { "caption/text" } else { "caption" };
    item.content.text = value.said(&[caption])?.into();
    item.published_at = value.time("timestamp");
    item.url = value.text("permalink").map(Into::into);
    item.metrics = metrics(value);
    let children = value.list("children/data");
    let parts = if children.is_empty() { std::slice::from_ref(value) } else { children };
    let attached = |part: &Value| {
        Some(Attachment {
            kind: match part.text("media_type") {
                Some("VIDEO") => "video".into(),
                _ => "image".into(),
            },
            url: Some(part.text("media_url")?.into()),
            alt_text: part.personal("alt_text"),
            ..Attachment::default()
        })
    };
    item.attachments = parts.iter().filter_map(attached).collect();
    Ok(item)
}

fn profile(value: &Value) -> Outcome {
    let Some(mut profile) = person(INSTAGRAM, value) else {
        return Err(Fail::no_id("id", value.at("id")));
    };
    profile.bio = value.personal("biography").or_else(|| value.personal("bio"));
    profile.links.extend(value.personal("website"));
    profile.followers = value.count("followers_count").or_else(|| value.count("counts/followed_by"));
    profile.following = value.count("follows_count").or_else(|| value.count("counts/follows"));
    profile.posts = value.count("media_count").or_else(|| value.count("counts/media"));
    Ok(described(profile))
}
