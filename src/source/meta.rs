//! Meta's common ground: the webhook envelope of pages and Instagram, and the pages of the Graph API.
//!
//! ```text
//! {"object": "page" | "instagram", "entry": [
//!     {"id", "time", "changes": [{"field", "value"}], "messaging": […], "standby": […]}]}
//! ```

use super::read::{Fail, Out, Own, Read, each};
use super::stray::Token;
use super::{facebook, instagram, messenger};
use crate::model::{AccountKey, Direction, Interaction, Platform, Profile, Timestamp};
use serde_json::Value;
use std::fmt::Display;

/// What the entry around a change or message says.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Facebook, Messenger or Instagram.
    pub(super) platform: Platform,
    /// The page or Instagram account.
    pub(super) brand: Option<Box<str>>,
    /// When the webhook was sent.
    pub(super) time: Option<Timestamp>,
    /// The brand's further accounts.
    pub(super) own: &'a Own,
}

impl Entry<'_> {
    /// Settles who speaks to whom: the entry's account is the brand's.
    pub(super) fn settle(&self, item: &mut Interaction) {
        let brand = self.brand.as_ref().map(|id| AccountKey::new(self.platform.clone(), id.clone()));
        if item.author.is_some() && item.author.as_ref().map(|author| &author.key) == brand.as_ref() {
            item.direction = Direction::Outbound;
        }
        item.brand_account = brand;
        self.own.settle(item, &[]);
    }
}

/// Reads one object of the Graph API.
type ReadObject = fn(&Value, &Own, &dyn Display, &mut Out);

/// Reads a document of any of Meta's platforms; `object` reads the platform's own Graph objects.
pub(super) fn read(document: &Value, at: &dyn Display, own: &Own, out: &mut Out, object: ReadObject) {
    if document.at("entry").is_array() {
        webhook(document, at, own, out);
    } else {
        graph(document, at, own, out, object);
    }
}

/// Reads a webhook, whichever of Meta's platforms it tells of.
fn webhook(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let instagram = document.text("object") == Some("instagram");
    each(document, "entry", at, |value, at| {
        let brand = value.id("id").filter(|id| &**id != "0");
        let platform = if instagram { Platform::Instagram } else { Platform::Facebook };
        let mut entry = Entry { platform, brand, time: value.time("time"), own };
        each(value, "changes", at, |change, at| match change.at("value") {
            Value::Null => {
                let field = change.text("field").unwrap_or("an unnamed field");
                out.reject(at, Fail::not_an_interaction(format!("a setting changed: {field}")));
            }
            _ if instagram => instagram::change(change, &entry, at, out),
            _ => facebook::change(change, &entry, at, out),
        });
        if !instagram {
            entry.platform = Platform::Messenger;
        }
        for list in ["messaging", "standby"] {
            each(value, list, at, |message, at| messenger::event(message, &entry, at, out));
        }
        if !["changes", "messaging", "standby"].iter().any(|list| value.at(list).is_array()) {
            out.reject(at, Fail::new(super::Reason::Shape, "an entry without changes or messages"));
        }
    });
}

/// Walks a Graph answer: one object, `data` of a page, or objects by id.
fn graph(document: &Value, at: &dyn Display, own: &Own, out: &mut Out, one: ReadObject) {
    if document.at("data").is_array() {
        each(document, "data", at, |value, at| one(value, own, at, out));
        // `paging.next` is a whole URL and holds the access token; the cursor alone says as much.
        if document.has("paging/next") {
            out.next_page(document.text("paging/cursors/after"));
        }
    } else if document.at("error").is_object() {
        out.reject(&format_args!("{at}/error"), Fail::error(document.text("error/message")));
    } else if let Some(by_id) = document.as_object().filter(|object| is_by_id(object)) {
        by_id.iter().for_each(|(id, value)| one(value, own, &format_args!("{at}/{}", Token(id)), out));
    } else {
        one(document, own, at, out);
    }
}

fn is_by_id(object: &serde_json::Map<String, Value>) -> bool {
    !object.is_empty() && object.iter().all(|(id, value)| value.text("id") == Some(id))
}

/// `{"id", "name", "username"}` as Meta writes people and pages.
pub(super) fn person(platform: Platform, value: &Value) -> Option<Profile> {
    let handle = value.text("username");
    let mut profile = super::read::account(platform, value.id("id"), handle)?;
    profile.display_name = value.personal("name").or_else(|| value.personal("full_name"));
    // Messages give every person an address at facebook.com that is no mailbox of theirs.
    profile.emails.extend(value.personal("email").filter(|email| !email.reveal().ends_with("@facebook.com")));
    Some(profile)
}
