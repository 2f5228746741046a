//! Mastodon: statuses, notifications, conversations, searches, streaming envelopes.

use super::PlatformEvent;
use super::markup::from_html;
use super::read::{
    Fail, Out, Outcome, Own, Read, deleted, described, document, each, id_of, kind_by_links, public,
    reaction_id, told,
};
use super::stray;
use crate::model::{
    AccountKey, Attachment, EngagementMetrics, FacetKind, Interaction, InteractionKind, Personal, Platform,
    Poll, PollOption, Profile, ProfileKind, Visibility,
};
use serde_json::Value;
use std::fmt::Display;

const MASTODON: Platform = Platform::Mastodon;

/// The lists that searches and contexts come in.
const LISTS: [&str; 5] = ["accounts", "statuses", "hashtags", "ancestors", "descendants"];

pub(super) fn read(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    if value.has("event") && (value.has("stream") || value.has("payload")) {
        streamed(value, at, own, out);
    } else if value.at("notification_groups").is_array() {
        groups(value, at, own, out);
    } else if !value.has("last_status") && LISTS.iter().any(|list| value.at(list).is_array()) {
        for list in LISTS {
            each(value, list, at, |found, at| one(found, own, at, out));
        }
    } else {
        one(value, own, at, out);
    }
}

/// `{"stream": […], "event": …, "payload": …}`; the payload is JSON inside a string, or a bare id.
fn streamed(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let event = value.text("event").unwrap_or_default();
    let place = format_args!("{at}/payload");
    let inner;
    let payload = match value.at("payload") {
        Value::String(text) if event != "delete" => match document(text) {
            Ok(parsed) => {
                stray::tell(&parsed, &place, out);
                inner = parsed;
                &inner
            }
            Err(error) => return out.reject(&place, Fail::new(super::Reason::NotJson, error.to_string())),
        },
        payload => payload,
    };
    match event {
        "update" | "status.update" => {
            status_and_original(payload, event == "status.update", own, &place, out)
        }
        "delete" => {
            let id = id_of(payload).ok_or_else(|| Fail::no_id("payload", payload));
            out.put(at, id.map(|id| deleted(MASTODON, id, None)));
        }
        "notification" => notification(payload, own, &place, out),
        "conversation" => one(payload, own, &place, out),
        name if name == "filters_changed"
            || name.contains("announcement")
            || name.contains("notifications_merged") =>
        {
            out.reject(at, Fail::not_an_interaction(name));
        }
        name => out.reject(at, Fail::unknown("event", name)),
    }
}

fn one(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    if value.has("type") && value.has("account") && !value.has("content") {
        notification(value, own, at, out);
    } else if value.has("last_status") {
        status_and_original(value.at("last_status"), false, own, &format_args!("{at}/last_status"), out);
    } else if (value.has("account") || value.has("created_at"))
        && (value.has("content") || value.has("reblog") || value.has("uri") || value.has("visibility"))
    {
        status_and_original(value, false, own, at, out);
    } else if value.has("acct") {
        out.put(at, profile(value).map(described));
        moved(value, at, out);
    } else if value.has("error") {
        out.reject(at, Fail::error(value.text("error")));
    } else {
        out.reject(at, Fail::shapeless(value));
    }
}

fn status_and_original(value: &Value, edited: bool, own: &Own, at: &dyn Display, out: &mut Out) {
    let original = value.at("reblog");
    if original.is_object() {
        out.put(&format_args!("{at}/reblog"), status(original, own).map(told));
    }
    out.put(
        at,
        status(value, own).map(|mut item| {
            if edited && item.edited_at.is_none() {
                item.edited_at = item.published_at;
            }
            told(item)
        }),
    );
}

fn visibility(name: Option<&str>) -> Visibility {
    match name {
        None | Some("public") => Visibility::Public,
        Some("private") => Visibility::Followers,
        Some(name) => Visibility::from(name),
    }
}

fn status(value: &Value, own: &Own) -> Result<Interaction, Fail> {
    let mut item = Interaction::new(MASTODON, value.need_id("id")?, InteractionKind::Post);
    item.author = Some(profile(value.at("account")).map_err(|fail| fail.within("/account"))?);
    item.visibility = visibility(value.text("visibility"));
    item.published_at = value.time("created_at");
    item.edited_at = value.time("edited_at");
    item.url = value.text("url").or_else(|| value.text("uri")).map(Into::into);
    if let Some(uri) = value.text("uri") {
        item.extensions.insert("uri".into(), uri.into());
    }
    item.in_reply_to = value.id("in_reply_to_id");
    item.quotes = value.id("quote/quoted_status/id").or_else(|| value.id("quote/id"));
    item.share_of = value.id("reblog/id");
    item.kind = match kind_by_links(&item) {
        InteractionKind::Share => InteractionKind::Share,
        _ if item.visibility == Visibility::Direct => InteractionKind::DirectMessage,
        kind => kind,
    };
    if item.share_of.is_none() {
        words(&mut item, value)?;
    }
    let mentions = value.list("mentions");
    item.recipients = mentions.iter().filter_map(|m| Some(AccountKey::new(MASTODON, m.id("id")?))).collect();
    let to = value.id("in_reply_to_account_id").map(|id| AccountKey::new(MASTODON, id));
    item.recipients.extend(to.filter(|to| !item.recipients.contains(to)));
    item.sensitive = value.flag("sensitive");
    item.metrics = public(EngagementMetrics {
        reactions: value.count("favourites_count"),
        comments: value.count("replies_count"),
        shares: value.count("reblogs_count"),
        quotes: value.count("quotes_count"),
        ..EngagementMetrics::default()
    });
    let handles: Vec<&str> =
        mentions.iter().filter(|m| m.has("id")).map(|m| m.text("acct").unwrap_or_default()).collect();
    own.settle(&mut item, &handles);
    Ok(item)
}

fn words(item: &mut Interaction, value: &Value) -> Result<(), Fail> {
    // A deleted status comes back with its source in `text` instead of `content`.
    let (text, mut facets) = match value.said(&["content"])? {
        "" => (value.said(&["text"])?.to_owned(), Vec::new()),
        html => from_html(html),
    };
    for facet in facets.iter_mut().filter(|facet| facet.kind == FacetKind::Mention) {
        let href = facet.target.as_ref().map(Personal::reveal);
        let known = value.list("mentions").iter().find(|m| m.text("url") == href && href.is_some());
        if let Some(id) = known.and_then(|m| m.id("id")) {
            facet.target = Some(Personal::from(&*id));
        }
    }
    item.content.text = text.into();
    item.facets = facets;
    item.content.lang = value.text("language").map(Into::into);
    item.content.warning = value.personal("spoiler_text");
    item.attachments = value.list("media_attachments").iter().map(attachment).collect();
    item.attachments.extend(card(value.at("card")));
    item.poll = poll(value.at("poll"));
    Ok(())
}

/// The page that a link in the text leads to, as the server shows it.
fn card(card: &Value) -> Option<Attachment> {
    Some(Attachment {
        kind: "link".into(),
        url: Some(card.text("url")?.into()),
        alt_text: card.personal("title"),
        ..Attachment::default()
    })
}

fn poll(poll: &Value) -> Option<Box<Poll>> {
    let option = |option: &Value| PollOption {
        text: option.personal("title").unwrap_or_default(),
        votes: option.count("votes_count"),
    };
    poll.is_object().then(|| {
        Box::new(Poll {
            id: poll.id("id"),
            question: None,
            options: poll.list("options").iter().map(option).collect(),
            multiple: poll.flag("multiple"),
            closes_at: poll.time("expires_at"),
            votes: poll.count("votes_count"),
            voters: poll.count("voters_count"),
        })
    })
}

fn attachment(media: &Value) -> Attachment {
    let seconds = media.at("meta/original/duration").as_f64().filter(|seconds| (0.0..1e9).contains(seconds));
    Attachment {
        kind: match media.text("type") {
            Some("gifv") => "video".into(),
            kind => kind.unwrap_or("file").into(),
        },
        url: media.text("url").or_else(|| media.text("remote_url")).map(Into::into),
        alt_text: media.personal("description"),
        duration_ms: seconds.map(|seconds| (seconds * 1_000.0) as u64),
        ..Attachment::default()
    }
}

/// An account as Mastodon describes it.
fn profile(value: &Value) -> Result<Profile, Fail> {
    let mut profile = Profile::new(MASTODON, value.need_id("id")?);
    profile.handle = value.personal("acct").or_else(|| value.personal("username"));
    profile.display_name = value.personal("display_name");
    profile.url = value.personal("url");
    let (bio, links) = from_html(value.text("note").unwrap_or_default());
    profile.bio = Some(bio).filter(|bio| !bio.is_empty()).map(Personal::from);
    let fields =
        value.list("fields").iter().flat_map(|field| from_html(field.text("value").unwrap_or_default()).1);
    let links = links.into_iter().chain(fields).filter(|facet| facet.kind == FacetKind::Link);
    profile.links = links.filter_map(|facet| facet.target).collect();
    profile.kind = match (value.flag("bot"), value.flag("group")) {
        (Some(true), _) => Some(ProfileKind::Bot),
        (_, Some(true)) => Some(ProfileKind::Group),
        _ => None,
    };
    profile.protected = value.flag("locked");
    profile.avatar = value.personal("avatar");
    profile.suspended = value.flag("suspended");
    profile.moved_to = value.id("moved/id").map(|to| AccountKey::new(MASTODON, to));
    profile.created_at = value.time("created_at");
    profile.followers = value.count("followers_count");
    profile.following = value.count("following_count");
    profile.posts = value.count("statuses_count");
    Ok(profile)
}

/// An account whose holder says where they went on: told beside its description.
fn moved(value: &Value, at: &dyn Display, out: &mut Out) {
    if let (Some(from), Some(to)) = (value.id("id"), value.id("moved/id")) {
        let [from, to] = [from, to].map(|id| AccountKey::new(MASTODON, id));
        out.put(&format_args!("{at}/moved"), Ok(PlatformEvent::AccountMoved { from, to }));
    }
}

fn notification(value: &Value, own: &Own, at: &dyn Display, out: &mut Out) {
    let kind = value.text("type").unwrap_or_default();
    let place = format_args!("{at}/status");
    match kind {
        "mention" | "status" | "update" | "quote" | "quoted_update" => {
            let told = status(value.at("status"), own).map(|mut item| {
                if kind == "mention" && item.kind == InteractionKind::Post {
                    item.kind = InteractionKind::Mention;
                }
                told(item)
            });
            out.put(&place, told);
        }
        "favourite" | "reblog" | "follow" | "follow_request" => out.put(at, act(kind, value, own)),
        "poll"
        | "severed_relationships"
        | "moderation_warning"
        | "admin.sign_up"
        | "admin.report"
        | "annual_report"
        | "added_to_collection"
        | "collection_update" => out.reject(at, Fail::not_an_interaction(kind)),
        _ => out.reject(at, Fail::unknown("type", kind)),
    }
}

fn act(kind: &str, value: &Value, own: &Own) -> Outcome {
    let author = profile(value.at("account")).map_err(|fail| fail.within("/account"))?;
    let target = value.id("status/id");
    acted(kind, author, target, value, own)
}

/// A favourite, boost or follow by `author`, at the time of the notification.
fn acted(kind: &str, author: Profile, target: Option<Box<str>>, value: &Value, own: &Own) -> Outcome {
    let at = value.time("created_at").or_else(|| value.time("latest_page_notification_at"));
    let on = target.as_deref().unwrap_or_default();
    let id = reaction_id(on, &author.key.id);
    let mut item = match kind {
        "favourite" => Interaction::new(MASTODON, id, InteractionKind::Reaction),
        "reblog" => {
            Interaction::new(MASTODON, format!("{on}#reblog#{}", author.key.id), InteractionKind::Share)
        }
        _ => {
            let moment = at.map_or(0, |at| at.millis());
            Interaction::new(MASTODON, format!("#follow#{}#{moment}", author.key.id), InteractionKind::Follow)
        }
    };
    item.reaction = (kind == "favourite").then(|| "like".into());
    item.published_at = at;
    item.author = Some(author);
    item.share_of = target;
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// Grouped notifications: accounts and statuses stand beside the groups that name them.
fn groups(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let by_id = |list: &str| -> std::collections::BTreeMap<Box<str>, &Value> {
        value.list(list).iter().filter_map(|v| Some((v.id("id")?, v))).collect()
    };
    let (accounts, statuses) = (by_id("accounts"), by_id("statuses"));
    each(value, "notification_groups", at, |group, at| {
        let kind = group.text("type").unwrap_or_default();
        let is_act = matches!(kind, "favourite" | "reblog" | "follow" | "follow_request");
        let target = group.id("status_id");
        if let Some(about) = target.as_ref().and_then(|id| statuses.get(id)).filter(|_| !is_act) {
            return out.put(at, status(about, own).map(told));
        }
        each(group, "sample_account_ids", at, |id, at| {
            let account = id_of(id).and_then(|id| accounts.get(&id).copied()).unwrap_or(&Value::Null);
            let outcome = match is_act {
                true => profile(account).and_then(|author| acted(kind, author, target.clone(), group, own)),
                false => Err(Fail::unknown("type", kind)),
            };
            out.put(at, outcome);
        });
        if group.list("sample_account_ids").is_empty() {
            out.reject(at, Fail::not_an_interaction(format!("a group without accounts: {kind}")));
        }
    });
}
