//! Bluesky (AT Protocol): Jetstream, views of posts and threads, notifications, records, chat.

use super::PlatformEvent;
use super::read::{Fail, Out, Outcome, Own, Read, deleted, described, each, kind_by_links, public, told};
use crate::model::{
    AccountKey, Attachment, EngagementMetrics, Facet, FacetKind, Interaction, InteractionKind, Label,
    Personal, Platform, Profile, Relationship, Span, Timestamp,
};
use serde_json::Value;
use std::fmt::Display;

const BLUESKY: Platform = Platform::Bluesky;

/// The lists that answers of the API come in.
const LISTS: [&str; 12] = [
    "feed",
    "posts",
    "notifications",
    "likes",
    "repostedBy",
    "records",
    "messages",
    "logs",
    "follows",
    "followers",
    "profiles",
    "actors",
];

pub(super) fn read(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    if value.has("kind") && value.has("time_us") {
        return jetstream(value, own, at, out);
    }
    let mut listed = false;
    for name in LISTS.iter().filter(|name| value.at(name).is_array()) {
        listed = true;
        each(value, name, at, |element, at| match *name {
            "likes" => out.put(at, like_of(element, value.text("uri"), own)),
            "repostedBy" => out.put(at, profile(element).map(described)),
            _ => one(element, own, at, out),
        });
    }
    if value.at("thread").is_object() {
        thread(value.at("thread"), own, &format_args!("{at}/thread"), out);
    } else if !listed {
        one(value, own, at, out);
    }
    out.next_page(value.text("cursor"));
}

fn one(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let kind = value.text("$type").unwrap_or_default();
    if value.at("post").is_object()
        && (kind.ends_with("#threadViewPost") || value.has("replies") || value.has("parent"))
    {
        thread(value, own, at, out);
    } else if value.at("post").is_object() {
        feed_view(value, own, at, out);
    } else if value.has("reason") && value.has("record") {
        out.put(at, notification(value, own));
    } else if value.at("record").is_object() && value.has("author") {
        out.put(at, post_view(value, own).map(told));
    } else if value.at("value").is_object() && value.has("uri") {
        out.put(at, listed_record(value, own));
    } else if value.has("sender") && value.has("sentAt") {
        out.put(at, message(value, None, own));
    } else if value.has("convoId") && value.has("message") {
        logged(value, own, at, out);
    } else if value.has("did") && value.has("handle") && !value.has("didDoc") {
        out.put(at, profile(value).map(described));
    } else if kind == "app.bsky.feed.getLikes#like" {
        out.put(at, like_of(value, None, own));
    } else if kind.starts_with("app.bsky.feed.") || kind.starts_with("app.bsky.graph.follow") {
        // A bare record: who wrote it and under which key, only its envelope knows.
        out.reject(at, Fail::field("uri", "the at:// address of the record", value.at("uri")));
    } else {
        out.reject(at, Fail::shapeless(value));
    }
}

fn thread(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    if value.at("parent").is_object() {
        thread(value.at("parent"), own, &format_args!("{at}/parent"), out);
    }
    if value.at("post").is_object() {
        out.put(&format_args!("{at}/post"), post_view(value.at("post"), own).map(told));
    } else {
        let what =
            if value.has("notFound") { "a post that is not found" } else { "a post that is not shown" };
        out.reject(at, Fail::not_an_interaction(what));
    }
    out.need_list(value, "replies", at);
    each(value, "replies", at, |reply, at| thread(reply, own, at, out));
}

fn feed_view(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let post = value.at("post");
    out.put(&format_args!("{at}/post"), post_view(post, own).map(told));
    let reason = value.at("reason");
    if reason.text("$type").is_some_and(|kind| kind.ends_with("#reasonRepost")) || reason.has("by") {
        out.put(&format_args!("{at}/reason"), repost(reason, post, own));
    } else if !(reason.is_null() || reason.is_object()) {
        out.reject(at, Fail::field("reason", "an object", reason));
    }
}

fn repost(reason: &Value, post: &Value, own: &Own) -> Outcome {
    let author = profile(reason.at("by")).map_err(|fail| fail.within("/by"))?;
    let shared = post.need_id("uri")?;
    let id = reason.id("uri").unwrap_or_else(|| format!("{shared}#repost#{}", author.key.id).into());
    let mut item = Interaction::new(BLUESKY, id, InteractionKind::Share);
    item.author = Some(author);
    item.share_of = Some(shared);
    item.published_at = reason.time("indexedAt");
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// One line of Jetstream.
fn jetstream(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let seen = value.time("time_us");
    match value.text("kind") {
        Some("commit") => out.put(at, commit(value, seen, own)),
        Some("account") => out.put(at, account_change(value)),
        Some("identity") => out.put(at, identity(value, seen)),
        kind => out.reject(at, Fail::unknown("kind", kind.unwrap_or_default())),
    }
}

fn commit(value: &Value, seen: Option<Timestamp>, own: &Own) -> Outcome {
    let did = value.need_id("did")?;
    let commit = value.at("commit");
    let collection = commit.text("collection").unwrap_or_default();
    let key = commit.need_id("rkey").map_err(|fail| fail.within("/commit"))?;
    let uri = format!("at://{did}/{collection}/{key}");
    if !matches!(
        collection,
        "app.bsky.feed.post"
            | "app.bsky.feed.like"
            | "app.bsky.feed.repost"
            | "app.bsky.graph.follow"
            | "app.bsky.actor.profile"
    ) {
        return Err(match collection {
            _ if collection.starts_with("app.bsky.") || collection.starts_with("chat.bsky.") => {
                Fail::not_an_interaction(format!("a record of {collection}"))
            }
            _ => Fail::unknown("collection", collection),
        });
    }
    let operation = commit.text("operation").unwrap_or_default();
    let author = Profile::new(BLUESKY, did);
    match operation {
        "create" | "update" if collection == "app.bsky.actor.profile" => {
            Ok(described(own_profile(author, commit.at("record"), seen)))
        }
        "delete" if collection == "app.bsky.actor.profile" => {
            Err(Fail::not_an_interaction("a profile emptied"))
        }
        "create" | "update" => {
            let record = record(commit.at("record"), uri, Some(author), seen);
            let mut item = record.map_err(|fail| fail.within("/commit/record"))?;
            if operation == "update" {
                item.edited_at = seen;
            }
            own.settle(&mut item, &[]);
            Ok(told(item))
        }
        "delete" => Ok(deleted(BLUESKY, uri, seen)),
        _ => Err(Fail::unknown("operation", operation)),
    }
}

fn own_profile(mut profile: Profile, record: &Value, seen: Option<Timestamp>) -> Profile {
    profile.display_name = record.personal("displayName");
    profile.bio = record.personal("description");
    profile.observed_at = seen;
    profile
}

fn account_change(value: &Value) -> Outcome {
    let account = value.at("account");
    let did = value.need_either("account/did", "did")?;
    match (account.flag("active"), account.text("status")) {
        (Some(false), Some("deleted" | "takendown" | "deactivated")) => {
            Ok(PlatformEvent::AccountErased { account: AccountKey::new(BLUESKY, did) })
        }
        (_, status) => {
            let status = status.unwrap_or("active");
            Err(Fail::not_an_interaction(format!("the state of an account: {status}")))
        }
    }
}

fn identity(value: &Value, seen: Option<Timestamp>) -> Outcome {
    let identity = value.at("identity");
    let did = value.need_either("identity/did", "did")?;
    let Some(handle) = identity.personal("handle") else {
        return Err(Fail::not_an_interaction("an identity that names no handle"));
    };
    let mut profile = Profile::new(BLUESKY, did);
    profile.handle = Some(handle);
    profile.observed_at = seen;
    Ok(described(profile))
}

/// The author of an `at://` address.
fn authority(uri: &str) -> Option<&str> {
    uri.strip_prefix("at://")?.split('/').next().filter(|did| !did.is_empty())
}

/// Reads a record of a post, like, repost or follow.
fn record(
    record: &Value,
    uri: String,
    author: Option<Profile>,
    seen: Option<Timestamp>,
) -> Result<Interaction, Fail> {
    let kind = record.text("$type").unwrap_or_else(|| uri.split('/').nth(3).unwrap_or_default()).to_owned();
    let author = author.or_else(|| authority(&uri).map(|did| Profile::new(BLUESKY, did)));
    let mut item = match &*kind {
        "app.bsky.feed.post" => post(record, uri)?,
        "app.bsky.feed.like" | "app.bsky.feed.repost" => {
            let like = kind.ends_with("like");
            let sort = if like { InteractionKind::Reaction } else { InteractionKind::Share };
            let mut item = Interaction::new(BLUESKY, uri, sort);
            let target = record.need_id("subject/uri")?;
            item.recipients.extend(authority(&target).map(|did| AccountKey::new(BLUESKY, did)));
            item.share_of = Some(target);
            item.reaction = like.then(|| "like".into());
            item
        }
        "app.bsky.graph.follow" => {
            let mut item = Interaction::new(BLUESKY, uri, InteractionKind::Follow);
            item.recipients.push(AccountKey::new(BLUESKY, record.need_id("subject")?));
            item
        }
        _ => return Err(Fail::unknown("$type", &kind)),
    };
    item.author = author;
    let claimed = record.time("createdAt");
    item.published_at = claimed.into_iter().chain(seen).min();
    Ok(item)
}

fn post(record: &Value, uri: String) -> Result<Interaction, Fail> {
    let Value::String(text) = record.at("text") else {
        return Err(Fail::field("text", "a string", record.at("text")));
    };
    let url = authority(&uri).zip(uri.rsplit('/').next());
    let url = url.map(|(did, key)| format!("https://bsky.app/profile/{did}/post/{key}").into());
    let mut item = Interaction::new(BLUESKY, uri, InteractionKind::Post);
    item.url = url;
    item.content.text = text.as_str().into();
    item.content.lang = record.list("langs").first().and_then(Value::as_str).map(Into::into);
    facets(&mut item, record, text);
    item.in_reply_to = record.id("reply/parent/uri");
    item.root = record.id("reply/root/uri");
    item.conversation = item.root.clone();
    embed(&mut item, record.at("embed"));
    item.kind = kind_by_links(&item);
    let to = item.in_reply_to.as_deref().and_then(authority).map(|did| AccountKey::new(BLUESKY, did));
    item.recipients.extend(to.filter(|to| !item.recipients.contains(to)));
    let labels = record.list("labels/values").iter().filter_map(|label| label.text("val"));
    let source: Box<str> = item.key.id.as_ref().into();
    let source = authority(&source).unwrap_or("self");
    item.labels = labels.map(|value| label(source, value)).collect();
    Ok(item)
}

fn label(source: &str, value: &str) -> Label {
    Label { source: source.into(), value: value.into(), negated: false, expires: None }
}

/// Facets lie on UTF-8 bytes; one that does not lie on characters of the text marks nothing.
fn facets(item: &mut Interaction, record: &Value, text: &str) {
    for facet in record.list("facets") {
        let at = |key: &str| u32::try_from(facet.at("index").at(key).as_u64()?).ok();
        let Some(span) = at("byteStart").zip(at("byteEnd")).map(|(start, end)| Span::new(start, end)) else {
            continue;
        };
        if span.of(text).is_none_or(str::is_empty) {
            continue;
        }
        for feature in facet.list("features") {
            let kind = feature.text("$type").and_then(|kind| kind.rsplit('#').next());
            let (kind, target) = match kind {
                Some("mention") => (FacetKind::Mention, feature.text("did")),
                Some("link") => (FacetKind::Link, feature.text("uri")),
                Some("tag") => (FacetKind::Hashtag, feature.text("tag")),
                _ => continue,
            };
            if let (FacetKind::Mention, Some(did)) = (&kind, target) {
                item.recipients.push(AccountKey::new(BLUESKY, did));
            }
            item.facets.push(Facet { span, kind, target: target.map(Personal::from) });
        }
    }
    item.facets.sort_by_key(|facet| facet.span);
}

/// Pictures, films, link cards, and the post that is quoted.
fn embed(item: &mut Interaction, embed: &Value) {
    let media = if embed.at("media").is_object() { embed.at("media") } else { embed };
    for image in media.list("images") {
        item.attachments.push(Attachment {
            kind: "image".into(),
            url: image.text("fullsize").map(Into::into),
            media_type: image.text("image/mimeType").map(Into::into),
            alt_text: image.personal("alt"),
            ..Attachment::default()
        });
    }
    let external = media.at("external");
    if external.is_object() {
        item.attachments.push(Attachment {
            kind: "link".into(),
            url: external.text("uri").map(Into::into),
            alt_text: external.personal("title"),
            ..Attachment::default()
        });
    }
    if media.has("video") || media.has("playlist") {
        item.attachments.push(Attachment {
            kind: "video".into(),
            url: media.text("playlist").map(Into::into),
            media_type: media.text("video/mimeType").map(Into::into),
            alt_text: media.personal("alt"),
            ..Attachment::default()
        });
    }
    let quoted = embed.id("record/record/uri").or_else(|| embed.id("record/uri"));
    item.quotes = quoted.filter(|uri| uri.contains("/app.bsky.feed.post/"));
}

/// A post with its author and counts, as feeds and threads show it.
fn post_view(value: &Value, own: &Own) -> Result<Interaction, Fail> {
    let uri = value.need_id("uri")?;
    let author = profile(value.at("author")).ok();
    let handle = author.as_ref().and_then(|author| author.handle.clone());
    let read = record(value.at("record"), uri.into(), author, value.time("indexedAt"));
    let mut item = read.map_err(|fail| fail.within("/record"))?;
    if let (Some(handle), Some(key)) = (handle, item.key.id.rsplit('/').next()) {
        item.url = Some(format!("https://bsky.app/profile/{}/post/{key}", handle.reveal()).into());
    }
    item.metrics = public(EngagementMetrics {
        reactions: value.count("likeCount"),
        comments: value.count("replyCount"),
        shares: value.count("repostCount"),
        quotes: value.count("quoteCount"),
        saves: value.count("bookmarkCount"),
        ..EngagementMetrics::default()
    });
    item.labels = labels(value);
    own.settle(&mut item, &[]);
    Ok(item)
}

fn labels(value: &Value) -> Vec<Label> {
    let read = |value: &Value| {
        let mut read = label(value.text("src")?, value.text("val")?);
        read.negated = value.flag("neg") == Some(true);
        read.expires = value.time("exp");
        Some(read)
    };
    value.list("labels").iter().filter_map(read).collect()
}

fn profile(value: &Value) -> Result<Profile, Fail> {
    let mut profile = Profile::new(BLUESKY, value.need_id("did")?);
    profile.handle = value.personal("handle").filter(|handle| handle.reveal() != "handle.invalid");
    profile.display_name = value.personal("displayName");
    profile.bio = value.personal("description");
    profile.links.extend(value.personal("website"));
    profile.followers = value.count("followersCount");
    profile.following = value.count("followsCount");
    profile.posts = value.count("postsCount");
    profile.created_at = value.time("createdAt");
    profile.verified = value.text("verification/verifiedStatus").map(|status| status == "valid");
    profile.avatar = value.personal("avatar");
    profile.relationship = value.at("viewer").is_object().then(|| Relationship {
        // A viewer's state names the record of each follow and block; where there is none, there is no follow.
        we_follow: Some(value.has("viewer/following")),
        follows_us: Some(value.has("viewer/followedBy")),
        blocked: Some(value.has("viewer/blocking")),
        blocked_by: value.flag("viewer/blockedBy"),
        muted: value.flag("viewer/muted"),
    });
    profile.labels = labels(value);
    Ok(profile)
}

fn notification(value: &Value, own: &Own) -> Outcome {
    match value.text("reason") {
        Some(
            "like" | "repost" | "follow" | "mention" | "reply" | "quote" | "subscribed-post"
            | "like-via-repost" | "repost-via-repost",
        ) => {}
        Some(reason @ ("starterpack-joined" | "verified" | "unverified" | "contact-match")) => {
            return Err(Fail::not_an_interaction(reason));
        }
        reason => return Err(Fail::unknown("reason", reason.unwrap_or_default())),
    }
    let author = profile(value.at("author")).map_err(|fail| fail.within("/author"))?;
    let uri = value.need_id("uri")?;
    let read = record(value.at("record"), uri.into(), Some(author), value.time("indexedAt"));
    let mut item = read.map_err(|fail| fail.within("/record"))?;
    if value.text("reason") == Some("mention") && item.kind == InteractionKind::Post {
        item.kind = InteractionKind::Mention;
    }
    item.labels = labels(value);
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// `{"uri", "cid", "value"}`: a record as repositories list it.
fn listed_record(value: &Value, own: &Own) -> Outcome {
    let uri = value.need_id("uri")?;
    let mut item = record(value.at("value"), uri.into(), None, None).map_err(|fail| fail.within("/value"))?;
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// An actor among the likes of a post; the post is named by the page.
fn like_of(value: &Value, target: Option<&str>, own: &Own) -> Outcome {
    let author = profile(value.at("actor")).map_err(|fail| fail.within("/actor"))?;
    let Some(target) = target else {
        return Err(Fail::field("uri", "the at:// address of the post that is liked", value.at("uri")));
    };
    let id = super::read::reaction_id(target, &author.key.id);
    let mut item = Interaction::new(BLUESKY, id, InteractionKind::Reaction);
    item.author = Some(author);
    item.share_of = Some(target.into());
    item.reaction = Some("like".into());
    item.published_at = value.time("createdAt");
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// A message of a chat.
fn message(value: &Value, conversation: Option<Box<str>>, own: &Own) -> Outcome {
    let mut item = Interaction::new(BLUESKY, value.need_id("id")?, InteractionKind::DirectMessage);
    item.author = Some(Profile::new(
        BLUESKY,
        value.at("sender").need_id("did").map_err(|fail| fail.within("/sender"))?,
    ));
    item.published_at = value.time("sentAt");
    item.conversation = conversation;
    if value.text("$type").is_some_and(|kind| kind.ends_with("#deletedMessageView")) {
        return Ok(deleted(BLUESKY, item.key.id, item.published_at));
    }
    let text = value.said(&["text"])?;
    item.content.text = text.into();
    facets(&mut item, value, text);
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// An entry of the log of chats.
fn logged(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let place = format_args!("{at}/message");
    match value.text("$type").and_then(|kind| kind.rsplit('#').next()) {
        Some("logCreateMessage") => out.put(&place, message(value.at("message"), value.id("convoId"), own)),
        Some("logDeleteMessage") => {
            let gone = value.at("message");
            out.put(&place, gone.need_id("id").map(|id| deleted(BLUESKY, id, gone.time("sentAt"))));
        }
        kind => out.reject(at, Fail::not_an_interaction(kind.unwrap_or("an entry of a log"))),
    }
}
