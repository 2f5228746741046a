//! Facebook pages: webhooks of feed, mentions and ratings; posts, comments, messages of the Graph API.

use super::PlatformEvent;
use super::markup::Plain;
use super::meta::{self, Entry, person};
use super::read::{Fail, Out, Outcome, Own, Read, deleted, described, each, public, reaction_id, told};
use crate::model::{
    AccountKey, Attachment, EngagementMetrics, Facet, FacetKind, Interaction, InteractionKind, Personal,
    Platform, Profile, ProfileKind, Review, SourceKind, Visibility,
};
use serde_json::Value;
use std::fmt::Display;

const FACEBOOK: Platform = Platform::Facebook;

pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    meta::read(document, at, own, out, object);
}

/// Reads one element of `changes` of a page.
pub(super) fn change(change: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    let value = change.at("value");
    let place = format_args!("{at}/value");
    match change.text("field") {
        Some("feed" | "ratings") => feed(value, entry, &place, out),
        Some("mention") => mention(value, entry, &place, out),
        Some("leadgen") => match value.need_id("leadgen_id") {
            Ok(id) => out.follow_up(FACEBOOK, id.clone(), format!("/{id}")),
            Err(fail) => out.reject(&place, fail),
        },
        Some("message_reactions" | "messages" | "conversations") => {
            out.reject(&place, Fail::not_an_interaction("a notice of messages that come by themselves"));
        }
        field => out.reject(at, Fail::unknown("field", field.unwrap_or_default())),
    }
}

/// Who did it: `from`, or the older `sender_id` and `sender_name`, or a bare `user_id`.
fn sender(value: &Value) -> Option<Profile> {
    if let Some(from) = person(FACEBOOK, value.at("from")) {
        return Some(from);
    }
    let id = ["sender_id", "reviewer_id", "user_id"].iter().find_map(|key| value.id(key))?;
    let mut profile = Profile::new(FACEBOOK, id);
    profile.display_name = value.personal("sender_name").or_else(|| value.personal("reviewer_name"));
    Some(profile)
}

fn feed(value: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    let verb = value.text("verb").unwrap_or_default();
    let outcome = match (verb, value.text("item").unwrap_or_default()) {
        ("hide" | "unhide" | "block" | "unblock" | "mute" | "follow" | "unfollow", item) => {
            Err(Fail::not_an_interaction(format!("moderation by the page: {verb} of a {item}")))
        }
        ("add" | "edit" | "edited" | "remove", "like" | "reaction") => reaction(value, entry),
        ("add" | "edit" | "edited" | "remove", "rating") => rating(value, entry),
        ("add" | "edit" | "edited" | "remove", "comment") => return comment(value, entry, at, out),
        (
            "add" | "edit" | "edited" | "remove",
            "status" | "post" | "photo" | "video" | "share" | "album" | "link" | "note" | "event" | "offer"
            | "milestone" | "story",
        ) => post(value, entry, InteractionKind::Post),
        ("add" | "edit" | "edited" | "remove", item) => Err(Fail::unknown("item", item)),
        _ => Err(Fail::unknown("verb", verb)),
    };
    out.put(at, outcome);
}

fn is_edit(value: &Value) -> bool {
    value.text("verb").is_some_and(|verb| verb.starts_with("edit"))
}

/// Finishes an item of a webhook: sender, times, and the event that its verb makes of it.
fn by_verb(mut item: Interaction, value: &Value, entry: &Entry) -> PlatformEvent {
    if value.text("verb") == Some("remove") {
        return deleted(FACEBOOK, item.key.id, entry.time);
    }
    item.author = sender(value);
    item.published_at = value.time("created_time").or(entry.time);
    entry.settle(&mut item);
    if is_edit(value) {
        item.edited_at = entry.time.or(item.published_at);
        return PlatformEvent::Edited(Box::new(item));
    }
    PlatformEvent::Created(Box::new(item))
}

fn post(value: &Value, entry: &Entry, kind: InteractionKind) -> Outcome {
    let keys = ["post_id", "photo_id", "video_id", "album_id", "share_id"];
    let id = keys
        .iter()
        .find_map(|key| value.id(key))
        .ok_or_else(|| Fail::no_id("post_id", value.at("post_id")))?;
    let mut item = Interaction::new(FACEBOOK, id, kind);
    item.content.text = value.said(&["message", "story"])?.into();
    item.attachments = linked(value);
    Ok(by_verb(item, value, entry))
}

fn linked(value: &Value) -> Vec<Attachment> {
    let link = match value.text("item") {
        Some("photo") => "image",
        Some("video") => "video",
        _ => "link",
    };
    let one = [("photo", "image"), ("video", "video"), ("link", link)];
    let single = one.into_iter().filter_map(|(key, kind)| Some((kind, value.text(key)?)));
    let photos = value.list("photos").iter().filter_map(|url| Some(("image", url.as_str()?)));
    let attached = |(kind, url): (&str, &str)| Attachment {
        kind: kind.into(),
        url: Some(url.into()),
        ..Attachment::default()
    };
    single.chain(photos).map(attached).collect()
}

fn comment(value: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    let (id, text) = match value.need_id("comment_id").and_then(|id| Ok((id, value.said(&["message"])?))) {
        Ok(comment) => comment,
        Err(fail) => return out.reject(at, fail),
    };
    let attachments = linked(value);
    if value.text("verb") == Some("add") && !value.has("message") && attachments.is_empty() {
        let path = format!("/{id}?fields=id,message,from,created_time,parent,attachment");
        return out.follow_up(FACEBOOK, id, path);
    }
    let mut item = Interaction::new(FACEBOOK, id, InteractionKind::Comment);
    item.content.text = text.into();
    item.attachments = attachments;
    item.root = value.id("post_id");
    item.conversation = item.root.clone();
    item.in_reply_to = value.id("parent_id").or_else(|| item.root.clone());
    if item.in_reply_to != item.root {
        item.kind = InteractionKind::Reply;
    }
    out.put(at, Ok(by_verb(item, value, entry)));
}

fn reaction(value: &Value, entry: &Entry) -> Outcome {
    let who =
        sender(value).map_or_else(|| Err(Fail::field("from/id", "who reacted", value.at("from"))), Ok)?;
    // A like without an item is a like of the page itself.
    let target = value.id("comment_id").or_else(|| value.id("post_id")).or_else(|| entry.brand.clone());
    let target = target.ok_or_else(|| Fail::no_id("post_id", value.at("post_id")))?;
    let mut item = Interaction::new(FACEBOOK, reaction_id(&target, &who.key.id), InteractionKind::Reaction);
    item.reaction = Some(value.text("reaction_type").unwrap_or("like").into());
    item.share_of = Some(target);
    item.root = value.id("post_id");
    Ok(by_verb(item, value, entry))
}

fn rating(value: &Value, entry: &Entry) -> Outcome {
    let mut item = Interaction::new(FACEBOOK, value.need_id("open_graph_story_id")?, InteractionKind::Review);
    item.source_kind = SourceKind::ReviewSite;
    item.content.text = value.said(&["review_text"])?.into();
    item.review = Some(review(value));
    Ok(by_verb(item, value, entry))
}

/// Stars of five, or a recommendation as 1 or 0 of one.
fn review(value: &Value) -> Review {
    let stars = value.at("rating").as_f64().map(|score| (score, 5.0));
    let recommends = match value.text("recommendation_type").map(str::to_ascii_lowercase).as_deref() {
        Some("positive") => Some((1.0, 1.0)),
        Some("negative") => Some((0.0, 1.0)),
        _ => None,
    };
    let scale_min = stars.map(|_| 1.0).or(recommends.map(|_| 0.0));
    let (score, scale_max) = stars.or(recommends).unzip();
    Review { score, scale_max, scale_min, subject: None }
}

fn mention(value: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    let outcome = match value.id("comment_id").or_else(|| value.id("post_id")) {
        None => Err(Fail::no_id("post_id", value.at("post_id"))),
        Some(id) if value.text("verb") != Some("remove") && !value.has("message") => {
            let path = format!("/{id}?fields=id,message,from,created_time");
            return out.follow_up(FACEBOOK, id, path);
        }
        Some(id) => value.said(&["message"]).map(|text| {
            let mut item = Interaction::new(FACEBOOK, id, InteractionKind::Mention);
            item.content.text = text.into();
            item.root = value.id("post_id").filter(|post| *post != item.key.id);
            item.in_reply_to = item.root.clone();
            item.attachments = linked(value);
            by_verb(item, value, entry)
        }),
    };
    out.put(at, outcome);
}

/// Reads one object of the Graph API by what it looks like, and the comments and messages inside it.
pub(super) fn object(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let id = value.text("id").unwrap_or_default();
    let created = value.has("created_time");
    if value.at("messages").is_object() || (id.starts_with("t_") && !created) {
        each(value, "messages/data", at, |message, at| {
            out.put(at, direct_message(message, value.id("id"), own));
        });
        if value.list("messages/data").is_empty() {
            out.reject(at, Fail::not_an_interaction("a conversation without its messages"));
        }
        return;
    }
    if created
        && (id.starts_with("m_")
            || id.starts_with("mid.")
            || value.at("to/data").is_array() && value.has("tags"))
    {
        out.put(at, direct_message(value, None, own));
    } else if value.has("reviewer") || value.has("recommendation_type") {
        out.put(at, graph_rating(value, own));
    } else if created && is_comment(value) {
        comment_and_replies(value, Under::Nothing, own, at, out);
    } else if created
        && [
            "message",
            "story",
            "attachments",
            "link",
            "status_type",
            "type",
            "name",
            "picture",
            "permalink_url",
        ]
        .iter()
        .any(|key| value.has(key))
    {
        out.put(at, graph_post(value, own));
        children(value, value.text("id").map_or(Under::Nothing, Under::Post), own, at, out);
    } else if value.has("name") && value.has("id") && !value.has("start_time") && !value.has("rsvp_status") {
        out.put(at, profile(value));
    } else if value.has("comments") {
        children(value, value.text("id").map_or(Under::Nothing, Under::Post), own, at, out);
    } else {
        out.reject(at, Fail::shapeless(value));
    }
}

fn is_comment(value: &Value) -> bool {
    let marks = [
        "comment_count",
        "can_reply_privately",
        "can_hide",
        "parent",
        "object",
        "message_tags",
        "is_private",
    ];
    marks.iter().any(|key| value.has(key))
        || value.text("permalink_url").is_some_and(|url| url.contains("comment_id="))
        || value.at("attachment").is_object()
        || (value.has("message")
            && !value.has("type")
            && value.at("privacy").is_object()
            && value.has("from"))
}

/// The id, or where a page of comments leaves it out, the one in the permalink.
fn comment_id(value: &Value) -> Result<Box<str>, Fail> {
    value
        .id("id")
        .or_else(|| from_permalink(value.text("permalink_url")?))
        .map_or_else(|| value.need_id("id"), Ok)
}

/// `…/posts/POST/?comment_id=C&reply_comment_id=R` is comment `POST_R`, or `POST_C` without R.
fn from_permalink(url: &str) -> Option<Box<str>> {
    let (path, query) = url.split_once('?')?;
    let post = path.trim_end_matches('/').rsplit('/').next()?;
    let of = |key: &str| query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
    let comment = of("reply_comment_id").or_else(|| of("comment_id"))?;
    Some(format!("{post}_{comment}").into())
}

/// What a comment was found under.
#[derive(Clone, Copy)]
enum Under<'a> {
    Nothing,
    Post(&'a str),
    Comment(&'a str),
}

fn comment_and_replies(value: &Value, under: Under, own: &Own, at: &dyn Display, out: &mut Out) {
    out.put(at, graph_comment(value, under, own).map(told));
    children(value, value.text("id").map_or(Under::Nothing, Under::Comment), own, at, out);
}

/// Comments and reactions that a Graph object carries.
fn children(value: &Value, under: Under, own: &Own, at: &dyn Display, out: &mut Out) {
    let id = value.id("id");
    each(value, "comments/data", at, |comment, at| comment_and_replies(comment, under, own, at, out));
    // Where both are given, a like is also among the reactions.
    let edge = if value.has("reactions") { "reactions/data" } else { "likes/data" };
    each(value, edge, at, |who, at| {
        let Some((author, target)) = person(FACEBOOK, who).zip(id.clone()) else {
            return out.reject(at, Fail::no_id("id", who.at("id")));
        };
        let mut item =
            Interaction::new(FACEBOOK, reaction_id(&target, &author.key.id), InteractionKind::Reaction);
        item.reaction = Some(who.text("type").unwrap_or("like").to_ascii_lowercase().into());
        item.share_of = Some(target);
        item.author = Some(author);
        own.settle(&mut item, &[]);
        out.put(at, Ok(told(item)));
    });
}

fn graph_comment(value: &Value, under: Under, own: &Own) -> Result<Interaction, Fail> {
    let mut item = Interaction::new(FACEBOOK, comment_id(value)?, InteractionKind::Comment);
    said(&mut item, value)?;
    let (post, comment) = match under {
        Under::Nothing => (None, None),
        Under::Post(id) => (Some(id.into()), None),
        Under::Comment(id) => (None, Some(id.into())),
    };
    // A comment's id is the post's id and its own, joined.
    let of_id = || item.key.id.rsplit_once('_').map(|(post, _)| post.into());
    item.root = value.id("object/id").or(post).or_else(of_id);
    let parent = value.id("parent/id").or(comment);
    if parent.is_some() {
        item.kind = InteractionKind::Reply;
    }
    item.in_reply_to = parent.or_else(|| item.root.clone());
    item.conversation = item.root.clone();
    if value.flag("is_private") == Some(true) {
        item.visibility = Visibility::Direct;
    }
    let attached = value.at("attachment");
    item.attachments.extend(attached.is_object().then(|| attachment(attached)));
    own.settle(&mut item, &[]);
    Ok(item)
}

/// What posts and comments share: author, words, tags, times, counts.
fn said(item: &mut Interaction, value: &Value) -> Result<(), Fail> {
    item.author = person(FACEBOOK, value.at("from"));
    item.content.text = value.said(&["message", "story"])?.into();
    item.published_at = value.time("created_time");
    item.url = value.text("permalink_url").map(Into::into);
    tags(item, value);
    item.metrics = public(EngagementMetrics {
        reactions: ["like_count", "reactions/summary/total_count", "likes"]
            .iter()
            .find_map(|path| value.count(path)),
        comments: value.count("comment_count").or_else(|| value.count("comments/summary/total_count")),
        shares: value.count("shares/count"),
        ..EngagementMetrics::default()
    });
    Ok(())
}

/// `message_tags`: people and pages named in the text, by UTF-16 offset.
fn tags(item: &mut Interaction, value: &Value) {
    if value.list("message_tags").is_empty() {
        return;
    }
    let plain = Plain::utf16(item.content.text.reveal());
    for tag in value.list("message_tags") {
        let span = tag.at("offset").as_u64().zip(tag.at("length").as_u64());
        let span = span.and_then(|(start, length)| plain.span(start, start.saturating_add(length)));
        if let Some((span, id)) = span.zip(tag.id("id")) {
            item.facets.push(Facet { span, kind: FacetKind::Mention, target: Some(Personal::from(&*id)) });
            item.recipients.push(AccountKey::new(FACEBOOK, id));
        }
    }
}

fn graph_post(value: &Value, own: &Own) -> Outcome {
    let mut item = Interaction::new(FACEBOOK, value.need_id("id")?, InteractionKind::Post);
    said(&mut item, value)?;
    // A photo's name is its caption, a link's name is the title of the page.
    match value.said(&["name"])? {
        "" => {}
        caption if item.content.text.is_empty() && value.has("images") => item.content.text = caption.into(),
        name => item.title = Some(name.into()),
    }
    if value.text("status_type") == Some("shared_story") {
        item.kind = InteractionKind::Share;
        item.share_of = value.id("parent_id");
    }
    let link =
        Attachment { kind: "link".into(), url: value.text("link").map(Into::into), ..Attachment::default() };
    item.attachments = value.list("attachments/data").iter().map(attachment).collect();
    item.attachments.extend(link.url.is_some().then_some(link));
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn attachment(value: &Value) -> Attachment {
    let kind = value.text("type").or_else(|| value.text("media_type")).unwrap_or("file");
    let kind = if kind.contains("photo") { "image" } else { kind };
    let mime = value.text("mime_type");
    let url = ["media/image/src", "image_data/url", "video_data/url", "file_url", "url", "unshimmed_url"];
    Attachment {
        kind: mime.and_then(|m| m.split('/').next()).unwrap_or(kind).into(),
        url: url.iter().find_map(|key| value.text(key)).map(Into::into),
        media_type: mime.map(Into::into),
        alt_text: value.personal("description").or_else(|| value.personal("title")),
        ..Attachment::default()
    }
}

fn direct_message(value: &Value, conversation: Option<Box<str>>, own: &Own) -> Outcome {
    let mut item =
        Interaction::new(Platform::Messenger, value.need_id("id")?, InteractionKind::DirectMessage);
    item.author = person(Platform::Messenger, value.at("from"));
    item.content.text = value.said(&["message"])?.into();
    item.published_at = value.time("created_time");
    item.conversation = conversation;
    let to = value.list("to/data").iter().filter_map(|to| person(Platform::Messenger, to));
    item.recipients = to.map(|to| to.key).collect();
    item.attachments = value.list("attachments/data").iter().map(attachment).collect();
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn graph_rating(value: &Value, own: &Own) -> Outcome {
    let author = person(FACEBOOK, value.at("reviewer"));
    let story = value.id("open_graph_story/id").or_else(|| value.id("id"));
    let story = story.or_else(|| {
        let at = value.time("created_time")?;
        Some(format!("{}#review#{}", author.as_ref()?.key.id, at.millis()).into())
    });
    let mut item =
        Interaction::new(FACEBOOK, story.map_or_else(|| value.need_id("id"), Ok)?, InteractionKind::Review);
    item.source_kind = SourceKind::ReviewSite;
    item.author = author;
    item.published_at = value.time("created_time");
    item.content.text = value.said(&["review_text"])?.into();
    item.review = Some(review(value));
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn profile(value: &Value) -> Outcome {
    let Some(mut profile) = person(FACEBOOK, value) else {
        return Err(Fail::no_id("id", value.at("id")));
    };
    let is_page = value.has("category") || value.has("fan_count") || value.has("access_token");
    profile.kind = is_page.then_some(ProfileKind::Page);
    profile.bio = value.personal("about").or_else(|| value.personal("bio"));
    profile.url = value.personal("link");
    profile.links.extend(value.personal("website"));
    profile.phones.extend(value.personal("phone"));
    profile.followers = value.count("followers_count").or_else(|| value.count("fan_count"));
    profile.location = value.personal("location/name").or_else(|| value.personal("hometown/name"));
    Ok(described(profile))
}
