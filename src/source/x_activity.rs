//! X's events about accounts: Account Activity webhooks, the X Activity stream, compliance streams.

use super::read::{Fail, Out, Outcome, Own, Read, deleted, each, told};
use super::{PlatformEvent, x, x_legacy};
use crate::model::{AccountKey, Attachment, Interaction, InteractionKind, Platform};
use serde_json::Value;
use std::fmt::Display;

/// The lists of an Account Activity webhook that tell of something said or done.
const LISTS: [&str; 6] = [
    "tweet_create_events",
    "tweet_delete_events",
    "favorite_events",
    "follow_events",
    "direct_message_events",
    "user_event",
];

pub(super) fn is_webhook(document: &Value) -> bool {
    document.has("for_user_id") || LISTS.iter().any(|list| document.has(list))
}

pub(super) fn webhook(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let Some(lists) = document.as_object() else { return };
    // The webhook says for which of the brand's accounts it comes.
    let own = &own.and(document.id("for_user_id"));
    for (name, value) in lists {
        let mut put_all = |read: &dyn Fn(&Value) -> Outcome| {
            each(document, name, at, |event, at| out.put(at, read(event)));
        };
        match name.as_str() {
            "for_user_id" | "users" | "apps" | "user_has_blocked" => {}
            "user_event" => out.put(&format_args!("{at}/{name}"), revocation(value)),
            _ if !value.is_array() => out.reject(&format_args!("{at}/{name}"), Fail::unknown("field", name)),
            "block_events"
            | "mute_events"
            | "direct_message_indicate_typing_events"
            | "direct_message_mark_read_events" => {
                each(document, name, at, |_, at| out.reject(at, Fail::not_an_interaction(name.as_str())));
            }
            "tweet_create_events" => {
                each(document, name, at, |post, at| x_legacy::post_and_original(post, at, own, out));
            }
            "tweet_delete_events" => put_all(&x_legacy::deletion),
            "favorite_events" => {
                put_all(&|event| x_legacy::favourite(event, "user", "favorited_status", own))
            }
            "follow_events" => put_all(&|event| follow(event, own)),
            "direct_message_events" => put_all(&|event| direct_message(event, document.at("users"), own)),
            _ => out.reject(&format_args!("{at}/{name}"), Fail::unknown("list of events", name)),
        }
    }
}

fn follow(event: &Value, own: &Own) -> Outcome {
    match event.text("type") {
        Some("follow") => x_legacy::follow(event, InteractionKind::Follow, own),
        Some("unfollow") => x_legacy::follow(event, InteractionKind::Unfollow, own),
        kind => Err(Fail::unknown("type", kind.unwrap_or_default())),
    }
}

fn revocation(value: &Value) -> Outcome {
    let id = value.at("revoke/source").need_id("user_id").map_err(|fail| fail.within("/revoke/source"))?;
    Ok(PlatformEvent::AccountErased { account: AccountKey::new(Platform::X, id) })
}

fn direct_message(event: &Value, users: &Value, own: &Own) -> Outcome {
    if event.text("type") != Some("message_create") {
        return Err(Fail::unknown("type", event.text("type").unwrap_or_default()));
    }
    let create = event.at("message_create");
    let mut item = Interaction::new(Platform::X, event.need_id("id")?, InteractionKind::DirectMessage);
    item.published_at = event.time("created_timestamp");
    let sender = create.need_id("sender_id").map_err(|fail| fail.within("/message_create"))?;
    let known = users.get(&*sender).and_then(|user| x_legacy::profile(user).ok());
    item.author = Some(known.unwrap_or_else(|| crate::model::Profile::new(Platform::X, sender.clone())));
    if let Some(to) = create.id("target/recipient_id") {
        let (low, high) =
            if (sender.len(), &sender) < (to.len(), &to) { (&sender, &to) } else { (&to, &sender) };
        item.conversation = Some(format!("{low}-{high}").into());
        item.recipients.push(AccountKey::new(Platform::X, to));
    }
    let data = create.at("message_data");
    item.content.text = event.said(&["message_create/message_data/text"])?.into();
    let media = data.at("attachment/media");
    item.attachments.extend(media.is_object().then(|| Attachment {
        kind: "image".into(),
        url: media.text("media_url_https").map(Into::into),
        ..Attachment::default()
    }));
    own.settle(&mut item, &[]);
    Ok(told(item))
}

/// An event of the X Activity stream: `{"event_type": "post.create", "payload": …}`.
pub(super) fn activity(value: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let payload = value.at("payload");
    let place = format_args!("{at}/payload");
    match value.text("event_type").unwrap_or_default() {
        "post.create" | "post.mention.create" | "post.reply.create" => {
            x::post_alone(payload, &place, own, out)
        }
        "post.delete" => {
            let gone = payload.need_id("id").or_else(|fail| payload.id("post_id").ok_or(fail));
            out.put(&place, gone.map(|id| deleted(Platform::X, id, value.time("created_at"))));
        }
        name if name.starts_with("profile.") => {
            out.reject(at, Fail::not_an_interaction(format!("a change of a profile: {name}")));
        }
        name => out.reject(at, Fail::unknown("event_type", name)),
    }
}

/// A line of a compliance stream: posts and users gone. False when the value is nothing of that.
pub(super) fn compliance(value: &Value, at: &dyn Display, out: &mut Out) -> bool {
    let Some((name, body)) =
        value.as_object().filter(|o| o.len() == 1).and_then(|object| object.iter().next())
    else {
        return false;
    };
    let when = body.time("event_at");
    let post = || body.at("tweet").need_id("id").map_err(|fail| fail.within(&format!("/{name}/tweet")));
    let user = || body.at("user").need_id("id").map_err(|fail| fail.within(&format!("/{name}/user")));
    match name.as_str() {
        "delete" | "tweet_delete" => {
            out.put(at, post().map(|id| deleted(Platform::X, id, when)));
        }
        "user_delete" => {
            let gone =
                user().map(|id| PlatformEvent::AccountErased { account: AccountKey::new(Platform::X, id) });
            out.put(at, gone);
        }
        "drop"
        | "undrop"
        | "withheld"
        | "scrub_geo"
        | "limit"
        | "warning"
        | "disconnect"
        | "status_withheld"
        | "user_withheld"
        | "user_protect"
        | "user_unprotect"
        | "user_suspend"
        | "user_unsuspend"
        | "user_undelete"
        | "user_profile_modification"
        | "tweet_edit" => {
            out.reject(at, Fail::not_an_interaction(format!("a notice of the stream: {name}")));
        }
        _ => return false,
    }
    true
}
