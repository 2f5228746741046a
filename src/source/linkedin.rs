//! LinkedIn: organization webhooks; comments, posts and UGC posts of the REST API.

use super::PlatformEvent;
use super::markup::Plain;
use super::read::{Fail, Out, Outcome, Own, Read, deleted, described, each, public, reaction_id, told};
use crate::model::{
    AccountKey, Attachment, EngagementMetrics, Facet, FacetKind, Interaction, InteractionKind, Personal,
    Platform, Poll, PollOption, Profile, ProfileKind, Span, Visibility,
};
use serde_json::Value;
use std::fmt::Display;

const LINKEDIN: Platform = Platform::Linkedin;

pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    if document.has("notifications") {
        each(document, "notifications", at, |notice, at| out.put(at, notification(notice, own)));
    } else if document.at("elements").is_array() {
        each(document, "elements", at, |element, at| one(element, own, at, out));
        let next = document.list("paging/links").iter().find(|link| link.text("rel") == Some("next"));
        out.next_page(next.and_then(|link| link.text("href")));
    } else {
        one(document, own, at, out);
    }
}

fn one(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    if value.has("commentUrn") || (value.has("actor") && value.has("message")) {
        out.put(at, comment(value, own));
    } else if value.has("commentary") || value.has("specificContent") {
        out.put(at, post(value, own));
    } else if value.has("actor") && value.has("reactionType") {
        out.put(at, reaction(value, own));
    } else if ["localizedFirstName", "localizedName", "vanityName"].iter().any(|key| value.has(key)) {
        out.put(at, profile(value));
    } else {
        out.reject(at, Fail::shapeless(value));
    }
}

fn member(urn: Option<Box<str>>) -> Option<Profile> {
    let urn = urn?;
    let organization = urn.contains(":organization:") || urn.contains(":company:");
    let mut profile = Profile::new(LINKEDIN, urn);
    profile.kind = organization.then_some(ProfileKind::Organization);
    Some(profile)
}

/// What somebody did to an organization's posts, or with its name.
fn notification(notice: &Value, own: &Own) -> Outcome {
    let action = notice.text("action").unwrap_or_default();
    let brand = notice.id("organizationalEntity");
    let target = notice.id("sourcePost");
    let at = notice.time("lastModifiedAt");
    let (kind, revised) = match action {
        "COMMENT" => (InteractionKind::Comment, false),
        "COMMENT_EDIT" => (InteractionKind::Comment, true),
        "COMMENT_DELETE" => return Ok(deleted(LINKEDIN, notice.need_id("generatedActivity")?, at)),
        "ADMIN_COMMENT" => (InteractionKind::Comment, false),
        "LIKE" | "REACTION" => (InteractionKind::Reaction, false),
        "SHARE" => (InteractionKind::Share, false),
        "SHARE_MENTION" | "COMMENT_MENTION" | "PHOTO_MENTION" => (InteractionKind::Mention, false),
        _ => return Err(Fail::unknown("action", action)),
    };
    let act = notice.need_id("generatedActivity")?;
    let id = if kind == InteractionKind::Reaction {
        let notice = notice.need_id("notificationId")?;
        reaction_id(target.as_deref().unwrap_or(&act), &notice)
    } else {
        act
    };
    let mut item = Interaction::new(LINKEDIN, id, kind);
    let told_of = notice.at("decoratedGeneratedActivity");
    let inside = ["comment", "share", "ugcPost", "reaction", "like"].iter().map(|key| (key, told_of.at(key)));
    if let Some((key, inside)) = inside.into_iter().find(|(_, value)| !value.is_null()) {
        if !inside.is_object() {
            let fail = Fail::field(key, "an object", inside);
            return Err(fail.within("/decoratedGeneratedActivity"));
        }
        item.author = member(inside.id("owner").or_else(|| inside.id("actor")));
        item.content.text =
            inside.said(&["text"]).map_err(|fail| fail.within("/decoratedGeneratedActivity"))?.into();
        item.url = inside.text("link").map(Into::into);
        item.conversation = inside.id("entity");
    }
    match item.kind {
        InteractionKind::Comment => (item.in_reply_to, item.root) = (target.clone(), target),
        InteractionKind::Reaction | InteractionKind::Share => item.share_of = target,
        _ => item.root = target,
    }
    if item.kind == InteractionKind::Reaction {
        item.reaction = Some("like".into());
    }
    item.published_at = at;
    item.brand_account = brand.map(|id| AccountKey::new(LINKEDIN, id));
    if action == "ADMIN_COMMENT" || item.author.as_ref().map(|a| &a.key) == item.brand_account.as_ref() {
        item.direction = crate::model::Direction::Outbound;
    }
    own.settle(&mut item, &[]);
    if revised {
        (item.edited_at, item.published_at) = (at, None);
        return Ok(PlatformEvent::Edited(Box::new(item)));
    }
    Ok(told(item))
}

/// Times: a later `lastModified` is an edit.
fn times(item: &mut Interaction, value: &Value, created: [&str; 3], modified: [&str; 2]) {
    item.published_at = created.iter().find_map(|path| value.time(path));
    let modified = modified.iter().find_map(|path| value.time(path));
    item.edited_at = modified.filter(|at| item.published_at.is_some_and(|first| *at > first));
}

fn comment(value: &Value, own: &Own) -> Outcome {
    let urn = value.id("commentUrn").map_or_else(|| value.need_either("$URN", "id"), Ok)?;
    let mut item = Interaction::new(LINKEDIN, urn, InteractionKind::Comment);
    item.author = member(value.id("actor").or_else(|| value.id("created/actor")));
    item.root = value.id("object");
    item.conversation = item.root.clone();
    item.in_reply_to = value.id("parentComment");
    if item.in_reply_to.is_some() {
        item.kind = InteractionKind::Reply;
    }
    item.in_reply_to = item.in_reply_to.or_else(|| item.root.clone());
    times(
        &mut item,
        value,
        ["created/time", "createdAt", "publishedAt"],
        ["lastModified/time", "lastModifiedAt"],
    );
    item.content.text = value.said(&["message/text"])?.into();
    attributes(&mut item, value.list("message/attributes"));
    let likes = ["likesSummary/aggregatedTotalLikes", "likesSummary/totalLikes"];
    item.metrics = public(EngagementMetrics {
        reactions: likes.iter().find_map(|path| value.count(path)),
        comments: value.count("commentsSummary/aggregatedTotalComments"),
        ..EngagementMetrics::default()
    });
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// Members and organizations named in a message: `{start, length, value: {"…Entity": {"member": urn}}}`.
/// Offsets are read as UTF-16; one that does not lie in the text gives no facet.
fn attributes(item: &mut Interaction, attributes: &[Value]) {
    if attributes.is_empty() {
        return;
    }
    let plain = Plain::utf16(item.content.text.reveal());
    for attribute in attributes {
        let entities = attribute.at("value").as_object().into_iter().flatten().map(|(_, entity)| entity);
        let urn = entities
            .filter_map(|e| ["member", "company", "organization", "person"].iter().find_map(|k| e.id(k)));
        let Some(urn) = urn.into_iter().next() else { continue };
        let span = attribute.at("start").as_u64().zip(attribute.at("length").as_u64());
        if let Some(span) = span.and_then(|(start, length)| plain.span(start, start.saturating_add(length))) {
            item.facets.push(Facet { span, kind: FacetKind::Mention, target: Some(Personal::from(&*urn)) });
        }
        item.recipients.push(AccountKey::new(LINKEDIN, urn));
    }
}

fn post(value: &Value, own: &Own) -> Outcome {
    let mut item = Interaction::new(LINKEDIN, value.need_id("id")?, InteractionKind::Post);
    if let Some(state) = value.text("lifecycleState").filter(|state| *state != "PUBLISHED") {
        return Err(Fail::not_an_interaction(format!("a post that is not published: {state}")));
    }
    item.author = member(value.id("author"));
    times(
        &mut item,
        value,
        ["publishedAt", "firstPublishedAt", "createdAt"],
        ["lastModifiedAt", "lastModified/time"],
    );
    let share = value.at("specificContent/com.linkedin.ugc.ShareContent");
    let little = value.said(&["commentary"])?;
    if !little.is_empty() {
        let (text, facets) = little_text(little);
        let named =
            facets.iter().filter(|facet| facet.kind == FacetKind::Mention).filter_map(|f| f.target.as_ref());
        item.recipients = named.map(|urn| AccountKey::new(LINKEDIN, urn.reveal())).collect();
        (item.content.text, item.facets) = (text.into(), facets);
    } else {
        let path = "specificContent/com.linkedin.ugc.ShareContent/shareCommentary/text";
        item.content.text = value.said(&[path])?.into();
        attributes(&mut item, share.list("shareCommentary/attributes"));
    }
    item.visibility = match value.text("visibility") {
        Some("CONNECTIONS" | "LOGGED_IN") => Visibility::Followers,
        _ => Visibility::Public,
    };
    if let Some(parent) = value.id("reshareContext/parent") {
        let words = !item.content.text.is_empty();
        item.kind = if words { InteractionKind::Quote } else { InteractionKind::Share };
        *(if words { &mut item.quotes } else { &mut item.share_of }) = Some(parent);
        item.root = value.id("reshareContext/root");
    }
    let article = value.at("content/article");
    item.attachments.extend(article.is_object().then(|| Attachment {
        kind: "link".into(),
        url: article.text("source").map(Into::into),
        alt_text: article.personal("title"),
        ..Attachment::default()
    }));
    let media = value.at("content/media");
    item.attachments.extend(media.is_object().then(|| Attachment {
        kind: if media.text("id").is_some_and(|id| id.contains(":video:")) {
            "video".into()
        } else {
            "image".into()
        },
        alt_text: media.personal("altText"),
        ..Attachment::default()
    }));
    item.attachments.extend(value.list("content/multiImage/images").iter().map(|image| Attachment {
        kind: "image".into(),
        alt_text: image.personal("altText"),
        ..Attachment::default()
    }));
    item.attachments.extend(share.list("media").iter().map(|media| Attachment {
        kind: share.text("shareMediaCategory").unwrap_or("file").to_ascii_lowercase().into(),
        url: media.text("originalUrl").map(Into::into),
        alt_text: media.personal("title/text").or_else(|| media.personal("description/text")),
        ..Attachment::default()
    }));
    item.poll = poll(value.at("content/poll"));
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn poll(poll: &Value) -> Option<Box<Poll>> {
    let option = |option: &Value| PollOption {
        text: option.personal("text").unwrap_or_default(),
        votes: option.count("voteCount"),
    };
    poll.is_object().then(|| {
        Box::new(Poll {
            question: poll.personal("question"),
            options: poll.list("options").iter().map(option).collect(),
            voters: poll.count("uniqueVotersCount"),
            ..Poll::default()
        })
    })
}

/// LinkedIn's "little text": `@[Name](urn)` and `{hashtag|\#|tag}` become facets, `\` escapes go.
fn little_text(source: &str) -> (String, Vec<Facet>) {
    let mut text = String::with_capacity(source.len());
    let mut facets = Vec::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or("");
        let start = text.len() as u32;
        let template = match first {
            '@' => after.strip_prefix('[').and_then(|r| {
                let (name, r) = r.split_once("](").filter(|(name, _)| name.len() < 300)?;
                let (urn, r) = r.split_once(')').filter(|(urn, _)| urn.starts_with("urn:"))?;
                Some((FacetKind::Mention, unescape(name), urn.to_owned(), r))
            }),
            '{' => after.strip_prefix("hashtag|").and_then(|r| {
                let r = r.strip_prefix("\\#|").or_else(|| r.strip_prefix("#|"))?;
                let (tag, r) = r.split_once('}').filter(|(tag, _)| tag.len() < 300)?;
                Some((FacetKind::Hashtag, format!("#{}", unescape(tag)), unescape(tag), r))
            }),
            _ => None,
        };
        if let Some((kind, shown, target, left)) = template {
            text.push_str(&shown);
            let span = Span::new(start, text.len() as u32);
            facets.push(Facet { span, kind, target: Some(Personal::from(target)) });
            rest = left;
        } else if first == '\\' {
            let mut chars = after.chars();
            text.extend(chars.next());
            rest = chars.as_str();
        } else {
            text.push(first);
            rest = after;
        }
    }
    (text, facets)
}

fn unescape(text: &str) -> String {
    text.replace('\\', "")
}

fn reaction(value: &Value, own: &Own) -> Outcome {
    let target = value.id("root").or_else(|| value.id("object"));
    let mut item = Interaction::new(LINKEDIN, value.need_id("id")?, InteractionKind::Reaction);
    item.author = member(value.id("actor"));
    item.reaction = value.text("reactionType").map(|name| name.to_ascii_lowercase().into());
    item.share_of = target;
    item.published_at = value.time("created/time");
    own.settle(&mut item, &[]);
    Ok(told(item))
}

fn profile(value: &Value) -> Outcome {
    let organization = value.has("localizedName");
    let urn = value.id("$URN").or_else(|| {
        let sort = if organization { "organization" } else { "person" };
        value.id("id").map(|id| format!("urn:li:{sort}:{id}").into())
    });
    let mut profile = Profile::new(LINKEDIN, urn.map_or_else(|| value.need_id("id"), Ok)?);
    profile.kind = Some(if organization { ProfileKind::Organization } else { ProfileKind::Person });
    profile.handle = value.personal("vanityName");
    let given = value.text("localizedFirstName").unwrap_or_default();
    let family = value.text("localizedLastName").unwrap_or_default();
    let name = format!("{given} {family}");
    profile.display_name = value
        .personal("localizedName")
        .or_else(|| Some(name.trim()).filter(|n| !n.is_empty()).map(Personal::from));
    profile.bio = value.personal("localizedHeadline").or_else(|| value.personal("localizedDescription"));
    Ok(described(profile))
}
