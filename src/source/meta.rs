//! Meta's common ground: the webhook envelope of pages and Instagram, and the pages of the Graph API.
//!
//! ```text
//! {"object": "page" | "instagram", "entry": [
//!     {"id", "time", "changes": [{"field", "value"}], "messaging": […], "standby": […]}]}
//! ```

use super::read::{Fail, Out, Own, Read, token};
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

pub(super) fn is_webhook(document: &Value) -> bool {
    document.at("entry").is_array()
}

/// Reads a webhook, whichever of Meta's platforms it tells of.
pub(super) fn webhook(document: &Value, at: &dyn Display, own: &Own, out: &mut Out) {
    let instagram = document.text("object") == Some("instagram");
    for (i, value) in document.list("entry").iter().enumerate() {
        let at = format_args!("{at}/entry/{i}");
        let brand = value.id("id").filter(|id| &**id != "0");
        let platform = if instagram { Platform::Instagram } else { Platform::Facebook };
        let mut entry = Entry { platform, brand, time: value.time("time"), own };
        for (j, change) in value.list("changes").iter().enumerate() {
            let at = format_args!("{at}/changes/{j}");
            match change.at("value") {
                Value::Null => {
                    let field = change.text("field").unwrap_or("an unnamed field");
                    out.reject(&at, Fail::not_an_interaction(format!("a setting changed: {field}")));
                }
                _ if instagram => instagram::change(change, &entry, &at, out),
                _ => facebook::change(change, &entry, &at, out),
            }
        }
        if !instagram {
            entry.platform = Platform::Messenger;
        }
        for list in ["messaging", "standby"] {
            for (j, message) in value.list(list).iter().enumerate() {
                messenger::event(message, &entry, &format_args!("{at}/{list}/{j}"), out);
            }
        }
        if !["changes", "messaging", "standby"].iter().any(|list| value.at(list).is_array()) {
            out.reject(&at, Fail::new(super::Reason::Shape, "an entry without changes or messages"));
        }
    }
}

/// Walks a Graph answer: one object, `data` of a page, or objects by id; `each` reads one.
pub(super) fn graph(
    document: &Value,
    at: &dyn Display,
    out: &mut Out,
    each: impl Fn(&Value, &dyn Display, &mut Out),
) {
    if let Some(list) = document.as_array() {
        list.iter().enumerate().for_each(|(i, value)| each(value, &format_args!("{at}/{i}"), out));
    } else if let Some(list) = document.at("data").as_array() {
        list.iter().enumerate().for_each(|(i, value)| each(value, &format_args!("{at}/data/{i}"), out));
        // `paging.next` is a whole URL and holds the access token; the cursor alone says as much.
        if document.has("paging/next") {
            out.next_page(document.text("paging/cursors/after"));
        }
    } else if document.at("error").is_object() {
        let words = document.text("error/message").unwrap_or("no words");
        out.reject(
            &format_args!("{at}/error"),
            Fail::not_an_interaction(format!("an error of the platform: {words}")),
        );
    } else if let Some(by_id) = document.as_object().filter(|object| is_by_id(object)) {
        by_id.iter().for_each(|(id, value)| each(value, &format_args!("{at}/{}", token(id)), out));
    } else {
        each(document, at, out);
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
