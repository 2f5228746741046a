//! Messenger, and Instagram's messages, which have the same shape.

use super::meta::{self, Entry};
use super::read::{Fail, Out, Outcome, Own, Read, deleted, each, id_of, reaction_id, told};
use super::{PlatformEvent, facebook};
use crate::model::{
    AccountKey, Attachment, Direction, Geo, Interaction, InteractionKind, ItemKey, Platform, Profile,
    Timestamp, Visibility,
};
use serde_json::Value;
use std::fmt::Display;

pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    meta::read(document, at, own, out, facebook::object);
}

/// What a messaging event may hold that nobody said.
const SETTINGS: [&str; 16] = [
    "optin",
    "referral",
    "account_linking",
    "app_roles",
    "pass_thread_control",
    "take_thread_control",
    "request_thread_control",
    "policy-enforcement",
    "policy_enforcement",
    "payment",
    "checkout_update",
    "pre_checkout",
    "game_play",
    "message_context",
    "typing",
    "feedback",
];

/// Reads one element of `messaging` or `standby`.
pub(super) fn event(value: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    if value.has("message") {
        out.put(at, message(value, entry).map_err(|fail| fail.within("/message")));
    } else if value.has("message_edit") {
        out.put(at, edit(value, entry).map_err(|fail| fail.within("/message_edit")));
    } else if value.has("reaction") {
        out.put(at, reaction(value, entry).map_err(|fail| fail.within("/reaction")));
    } else if value.has("postback") {
        out.put(at, postback(value, entry));
    } else if value.has("delivery") {
        delivery(value, entry, at, out);
    } else if value.has("read") {
        out.put(at, seen(value, entry));
    } else if let Some(what) = SETTINGS.iter().find(|key| value.has(key)) {
        out.reject(at, Fail::not_an_interaction(*what));
    } else {
        let ignored = ["sender", "recipient", "timestamp"];
        let name = value.as_object().and_then(|o| o.keys().find(|key| !ignored.contains(&key.as_str())));
        out.reject(at, Fail::unknown("messaging event", name.map_or("", String::as_str)));
    }
}

/// The accounts of an event: page-scoped ids, or the reference of a guest.
fn party(value: &Value, role: &str) -> Option<Box<str>> {
    let party = value.at(role);
    party.id("id").or_else(|| party.id("user_ref"))
}

/// A message between the two accounts of the event, still empty.
fn between(value: &Value, entry: &Entry, id: Box<str>, kind: InteractionKind, echo: bool) -> Interaction {
    let platform = &entry.platform;
    let mut item = Interaction::new(platform.clone(), id, kind);
    item.visibility = Visibility::Direct;
    item.published_at = value.time("timestamp").or(entry.time);
    let (sender, recipient) = (party(value, "sender"), party(value, "recipient"));
    // Some samples of echoes keep the customer as sender: the flag decides, not the order.
    let turned = echo && sender.is_some() && sender != entry.brand && recipient == entry.brand;
    let (sender, recipient) = if turned { (recipient, sender) } else { (sender, recipient) };
    let customer = [&sender, &recipient].into_iter().flatten().find(|id| Some(*id) != entry.brand.as_ref());
    let brand = entry.brand.as_deref().unwrap_or_default();
    item.conversation = customer.map(|customer| format!("{brand}/{customer}").into());
    item.author = sender.map(|id| Profile::new(platform.clone(), id));
    item.recipients.extend(recipient.map(|id| AccountKey::new(platform.clone(), id)));
    entry.settle(&mut item);
    if echo {
        item.direction = Direction::Outbound;
    }
    item
}

fn message(value: &Value, entry: &Entry) -> Outcome {
    let message = value.at("message");
    let id = message.need_id("mid")?;
    if message.flag("is_deleted") == Some(true) {
        return Ok(deleted(entry.platform.clone(), id, value.time("timestamp").or(entry.time)));
    }
    let echo = message.flag("is_echo") == Some(true);
    let mut item = between(value, entry, id, InteractionKind::DirectMessage, echo);
    item.content.text = message.said(&["text"])?.into();
    item.in_reply_to = message.id("reply_to/mid");
    if let Some(story) = message.id("reply_to/story/id") {
        item.kind = InteractionKind::StoryReply;
        item.in_reply_to = Some(story);
    }
    item.attachments = message.list("attachments").iter().map(attachment).collect();
    item.geo = message.list("attachments").iter().find_map(|attached| {
        let place = attached.at("payload/coordinates");
        let point = place.at("lat").as_f64().zip(place.at("long").as_f64())?;
        Some(Geo { point: Some(point), ..Geo::default() })
    });
    if message.flag("is_unsupported") == Some(true) {
        item.attachments.push(Attachment { kind: "unsupported".into(), ..Attachment::default() });
    }
    if let Some(payload) = message.text("quick_reply/payload") {
        item.extensions.insert("payload".into(), payload.into());
    }
    Ok(told(item))
}

fn attachment(value: &Value) -> Attachment {
    Attachment {
        kind: value.text("type").unwrap_or("file").into(),
        url: value.text("payload/url").or_else(|| value.text("url")).map(Into::into),
        alt_text: value.personal("title").or_else(|| value.personal("payload/title")),
        ..Attachment::default()
    }
}

fn edit(value: &Value, entry: &Entry) -> Outcome {
    let edit = value.at("message_edit");
    let mut item = between(value, entry, edit.need_id("mid")?, InteractionKind::DirectMessage, false);
    item.content.text = edit.said(&["text"])?.into();
    item.edited_at = item.published_at.take();
    Ok(PlatformEvent::Edited(Box::new(item)))
}

fn reaction(value: &Value, entry: &Entry) -> Outcome {
    let reaction = value.at("reaction");
    let target = reaction.need_id("mid")?;
    let who = party(value, "sender").unwrap_or_default();
    let id = reaction_id(&target, &who);
    if reaction.text("action") == Some("unreact") {
        return Ok(deleted(entry.platform.clone(), id, value.time("timestamp").or(entry.time)));
    }
    let mut item = between(value, entry, id, InteractionKind::Reaction, false);
    item.reaction = reaction.text("emoji").or_else(|| reaction.text("reaction")).map(Into::into);
    item.share_of = Some(target);
    Ok(told(item))
}

/// A button pressed: its title is what the person said.
fn postback(value: &Value, entry: &Entry) -> Outcome {
    let postback = value.at("postback");
    let id = postback.id("mid").or_else(|| {
        let at = value.time("timestamp").map(Timestamp::millis)?;
        Some(format!("postback#{}#{at}", party(value, "sender")?).into())
    });
    let id = id.ok_or_else(|| Fail::no_id("sender/id", value.at("sender/id")))?;
    let mut item = between(value, entry, id, InteractionKind::DirectMessage, false);
    item.content.text = value.said(&["postback/title"])?.into();
    if let Some(payload) = postback.text("payload") {
        item.extensions.insert("payload".into(), payload.into());
    }
    Ok(told(item))
}

fn delivery(value: &Value, entry: &Entry, at: &dyn Display, out: &mut Out) {
    each(value, "delivery/mids", at, |id, at| {
        let id = id_of(id).ok_or_else(|| Fail::no_id("", id));
        out.put(at, id.map(|id| status(&entry.platform, id, "delivered")));
    });
    out.need_list(value, "delivery/mids", at);
    if !value.has("delivery/mids") || value.at("delivery/mids") == &Value::Array(Vec::new()) {
        out.reject(at, Fail::not_an_interaction("delivered up to a time, no message named"));
    }
}

fn seen(value: &Value, entry: &Entry) -> Outcome {
    match value.id("read/mid") {
        Some(id) => Ok(status(&entry.platform, id, "read")),
        None => Err(Fail::not_an_interaction("read up to a time, no message named")),
    }
}

fn status(platform: &Platform, id: Box<str>, status: &str) -> PlatformEvent {
    PlatformEvent::Delivery { item: ItemKey::new(platform.clone(), id), status: status.into() }
}
