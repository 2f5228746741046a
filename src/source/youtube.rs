//! YouTube Data API v3: comment threads, comments, live chat, videos, channels.

use super::markup::from_html;
use super::read::{Fail, Out, Outcome, Own, Read, account, described, each, public, told};
use crate::model::{
    AccountKey, EngagementMetrics, Interaction, InteractionKind, Personal, Platform, Profile, ProfileKind,
};
use serde_json::Value;
use std::fmt::Display;

const YOUTUBE: Platform = Platform::Youtube;

pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    if document.at("items").is_array() {
        each(document, "items", at, |item, at| one(item, own, at, out));
        out.next_page(document.text("nextPageToken"));
    } else if document.has("error") {
        let words = document.text("error/message").or_else(|| document.text("error"));
        out.reject(&format_args!("{at}/error"), Fail::error(words));
    } else {
        one(document, own, at, out);
    }
}

fn one(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    match value.text("kind").and_then(|kind| kind.strip_prefix("youtube#")) {
        Some("commentThread") => thread(value, own, at, out),
        Some("comment") => out.put(at, comment(value, &Value::Null, own)),
        Some("liveChatMessage") => out.put(at, live_chat(value, own)),
        Some("video") => out.put(at, video(value, own)),
        Some("channel") => out.put(at, channel(value)),
        Some("activity") => activity(value, at, out),
        Some(kind) => out.reject(at, Fail::not_an_interaction(format!("a {kind}"))),
        None if value.at("topLevelComment").is_object() => {
            let top = value.at("topLevelComment");
            out.put(&format_args!("{at}/topLevelComment"), comment(top, value, own));
        }
        None if value.has("textOriginal") || value.has("textDisplay") => {
            // The inside of a comment: without its envelope it has no id.
            out.put(at, comment(value, &Value::Null, own));
        }
        None => out.reject(at, Fail::shapeless(value)),
    }
}

fn thread(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let snippet = value.at("snippet");
    let top = comment(snippet.at("topLevelComment"), snippet, own);
    out.put(&format_args!("{at}/snippet/topLevelComment"), top);
    out.need_list(value, "replies/comments", at);
    each(value, "replies/comments", at, |reply, at| out.put(at, comment(reply, snippet, own)));
}

fn author(snippet: &Value) -> Option<Profile> {
    let name = snippet.text("authorDisplayName");
    // Since 2023 the display name is the handle, with its `@`.
    let handle = name.filter(|name| name.starts_with('@'));
    let id = snippet.id("authorChannelId/value").or_else(|| snippet.id("authorChannelId"));
    let mut author = account(YOUTUBE, id, handle)?;
    author.display_name = name.map(Personal::from);
    author.url = snippet.personal("authorChannelUrl");
    Some(author)
}

/// A comment; what it does not say of video and channel, its `thread` does.
fn comment(value: &Value, thread: &Value, own: &Own) -> Outcome {
    let mut item = Interaction::new(YOUTUBE, value.need_id("id")?, InteractionKind::Comment);
    let snippet = value.at("snippet");
    item.author = author(snippet);
    match value.said(&["snippet/textOriginal"])? {
        "" => {
            let (text, facets) = from_html(value.said(&["snippet/textDisplay"])?);
            (item.content.text, item.facets) = (text.into(), facets);
        }
        text => item.content.text = text.into(),
    }
    item.published_at = snippet.time("publishedAt");
    item.edited_at =
        snippet.time("updatedAt").filter(|at| item.published_at.is_some_and(|first| *at > first));
    item.root = snippet.id("videoId").or_else(|| thread.id("videoId"));
    item.in_reply_to =
        snippet.id("parentId").or_else(|| item.key.id.split_once('.').map(|(top, _)| top.into()));
    item.conversation = Some(item.in_reply_to.clone().unwrap_or_else(|| item.key.id.clone()));
    if item.in_reply_to.is_some() {
        item.kind = InteractionKind::Reply;
    }
    item.in_reply_to = item.in_reply_to.or_else(|| item.root.clone());
    if let Some(video) = &item.root {
        item.url = Some(format!("https://www.youtube.com/watch?v={video}&lc={}", item.key.id).into());
    }
    item.metrics = public(EngagementMetrics {
        reactions: snippet.count("likeCount"),
        comments: thread.count("totalReplyCount").filter(|_| item.kind == InteractionKind::Comment),
        ..EngagementMetrics::default()
    });
    let channel = snippet.id("channelId").or_else(|| thread.id("channelId"));
    item.recipients.extend(channel.map(|id| AccountKey::new(YOUTUBE, id)));
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn live_chat(value: &Value, own: &Own) -> Outcome {
    let snippet = value.at("snippet");
    let text = value.said(&["snippet/textMessageDetails/messageText", "snippet/displayMessage"])?;
    match snippet.text("type") {
        Some(
            "textMessageEvent"
            | "superChatEvent"
            | "superStickerEvent"
            | "memberMilestoneChatEvent"
            | "fanFundingEvent",
        ) => {}
        Some("messageDeletedEvent") => {
            let gone = snippet.need_id("messageDeletedDetails/deletedMessageId")?;
            return Ok(super::read::deleted(YOUTUBE, gone, snippet.time("publishedAt")));
        }
        kind => return Err(Fail::unknown("type", kind.unwrap_or_default())),
    }
    let mut item = Interaction::new(YOUTUBE, value.need_id("id")?, InteractionKind::LiveComment);
    let id = snippet.id("authorChannelId").or_else(|| value.id("authorDetails/channelId"));
    item.author = account(YOUTUBE, id, None).map(|mut author| {
        author.display_name = value.personal("authorDetails/displayName");
        author.url = value.personal("authorDetails/channelUrl");
        author
    });
    item.content.text = text.into();
    item.conversation = snippet.id("liveChatId");
    // What was paid for the message, as it came: an amount in millionths and a currency.
    for paid in ["superChatDetails", "superStickerDetails", "fanFundingEventDetails"] {
        if snippet.has(paid) {
            item.extensions.insert(paid.into(), snippet.at(paid).clone());
        }
    }
    item.published_at = snippet.time("publishedAt");
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn video(value: &Value, own: &Own) -> Outcome {
    let id = value.need_id("id")?;
    let snippet = value.at("snippet");
    if !snippet.is_object() {
        return Err(Fail::not_an_interaction("a video without its snippet"));
    }
    let mut item = Interaction::new(YOUTUBE, id, InteractionKind::Post);
    item.author = account(YOUTUBE, snippet.id("channelId"), None).map(|mut channel| {
        channel.display_name = snippet.personal("channelTitle");
        channel
    });
    item.title = snippet.personal("title");
    item.content.text = value.said(&["snippet/description"])?.into();
    item.content.lang =
        snippet.text("defaultAudioLanguage").or_else(|| snippet.text("defaultLanguage")).map(Into::into);
    item.published_at = snippet.time("publishedAt");
    item.url = Some(format!("https://www.youtube.com/watch?v={}", item.key.id).into());
    let counts = value.at("statistics");
    item.metrics = public(EngagementMetrics {
        views: counts.count("viewCount"),
        reactions: counts.count("likeCount"),
        comments: counts.count("commentCount"),
        ..EngagementMetrics::default()
    });
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn channel(value: &Value) -> Outcome {
    let snippet = value.at("snippet");
    let mut profile = Profile::new(YOUTUBE, value.need_id("id")?);
    profile.kind = Some(ProfileKind::Page);
    let handle = snippet.text("customUrl").map(|handle| handle.trim_start_matches('@'));
    profile.handle = handle.map(Personal::from);
    profile.display_name = snippet.personal("title");
    profile.bio = snippet.personal("description");
    profile.created_at = snippet.time("publishedAt");
    let hidden = value.flag("statistics/hiddenSubscriberCount") == Some(true);
    profile.followers = value.count("statistics/subscriberCount").filter(|_| !hidden);
    profile.posts = value.count("statistics/videoCount");
    profile.location = snippet.personal("country");
    profile.avatar = snippet.personal("thumbnails/default/url");
    Ok(described(profile))
}

/// An activity points to a video and says nothing itself.
fn activity(value: &Value, at: &dyn Display, out: &mut Out) {
    let details = value.at("contentDetails");
    match details.id("upload/videoId").or_else(|| details.id("like/resourceId/videoId")) {
        Some(video) => {
            out.follow_up(YOUTUBE, video.clone(), format!("/videos?part=snippet,statistics&id={video}"))
        }
        None => out.reject(at, Fail::not_an_interaction("an activity that names no video")),
    }
}
