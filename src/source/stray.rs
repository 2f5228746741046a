//! Fields that a payload gives and that are not what their name says: told, since the item they belong to
//! goes on without them.
//!
//! A reader takes an absent time, count or author for absent. One that is *there* and cannot be read would
//! look the same; this walk over the whole document finds it by its name, whoever read it or did not. Words
//! that are no text are another matter: they refuse their item (see [`Read::said`](super::read::Read::said)).

use super::read::{Fail, Out};
use super::time;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::{self, Display};

/// Tells every field below `value` that is there and is not what its name says, once where its item was refused
/// for it; linear in the document.
pub(super) fn tell(value: &Value, at: &dyn Display, out: &mut Out) {
    let mut strays = Vec::new();
    find(value, at, &mut strays);
    if !strays.is_empty() {
        let known: BTreeSet<String> = out.rejected_places().map(str::to_owned).collect();
        for (place, fail) in strays.into_iter().filter(|(place, _)| !known.contains(place)) {
            out.reject(&place, fail);
        }
    }
}

fn find(value: &Value, at: &dyn Display, strays: &mut Vec<(String, Fail)>) {
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, inside)| find(inside, &format_args!("{at}/{i}"), strays));
        }
        Value::Object(fields) => {
            for (name, inside) in fields {
                let place = format_args!("{at}/{}", Token(name));
                if let Some(expected) = Expected::of(name).filter(|_| !is_blank(inside))
                    && !expected.holds(inside)
                {
                    strays.push((place.to_string(), Fail::stray(expected.words(), inside)));
                }
                find(inside, &place, strays);
            }
        }
        _ => {}
    }
}

/// What a field's name promises, on every platform that has such a field.
#[derive(Clone, Copy)]
enum Expected {
    Time,
    Count,
    Id,
    Flag,
    Word,
    /// An account: its id, or an object that holds it.
    Who,
    /// An account, an item, or several: a list, or a page with `data`.
    Part,
    /// A list of items.
    List,
}

impl Expected {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "created_at"
            | "created_time"
            | "createdAt"
            | "created_timestamp"
            | "edited_at"
            | "event_at"
            | "indexedAt"
            | "lastModifiedAt"
            | "latest_page_notification_at"
            | "publishedAt"
            | "firstPublishedAt"
            | "sentAt"
            | "time"
            | "time_us"
            | "timestamp"
            | "timestamp_ms"
            | "updatedAt"
            | "expires_at"
            | "end_datetime" => Self::Time,
            "from"
            | "sender"
            | "user"
            | "includes"
            | "retweeted_status"
            | "reblog"
            | "replies"
            | "comments"
            | "reactions"
            | "likes"
            | "created"
            | "lastModified"
            | "moved"
            | "decoratedGeneratedActivity" => Self::Part,
            "tweets" | "referenced_tweets" | "notifications" => Self::List,
            "author" | "actor" | "owner" | "authorChannelId" => Self::Who,
            "id" | "id_str" => Self::Id,
            "username" | "screen_name" | "acct" | "type" => Self::Word,
            _ if name.ends_with("_count") || name.ends_with("Count") && !name.starts_with("hidden") => {
                Self::Count
            }
            _ if name.ends_with("_id") || name.ends_with("_id_str") || name.ends_with("Id") => Self::Id,
            _ if name.starts_with("is_") => Self::Flag,
            _ => return None,
        })
    }

    fn holds(self, value: &Value) -> bool {
        match self {
            Self::Time => time::read(value).is_some(),
            Self::Count => match value {
                Value::String(digits) => digits.parse::<u64>().is_ok(),
                Value::Number(number) => number.is_u64(),
                _ => false,
            },
            Self::Id => value.is_string() || value.is_u64() || value.is_i64(),
            Self::Flag => value.is_boolean(),
            // Some platforms number their types.
            Self::Word => value.is_string() || value.is_u64(),
            Self::Who => match value {
                Value::Object(account) => account.values().any(Value::is_string),
                value => Self::Id.holds(value),
            },
            Self::Part => match value {
                // The count of likes or comments, without them.
                Value::Number(count) => count.is_u64(),
                Value::Object(part) => part.get("data").is_none_or(Value::is_array),
                value => Self::List.holds(value),
            },
            Self::List => value.as_array().is_some_and(|list| list.iter().all(Value::is_object)),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Time => "a time of the years 0 to 9999",
            Self::Count => "a count",
            Self::Id => "an identifier (a string or an integer)",
            Self::Flag => "true or false",
            Self::Word => "a string",
            Self::Who => "an account",
            Self::Part => "an object or a list of objects",
            Self::List => "a list of objects",
        }
    }
}

/// Null and the empty string are how platforms write "nothing".
fn is_blank(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// A foreign key as a token of a JSON pointer (RFC 6901).
#[derive(Debug)]
pub(super) struct Token<'a>(pub(super) &'a str);

impl Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, part) in self.0.split('~').enumerate() {
            f.write_str(if i == 0 { "" } else { "~0" })?;
            for (j, part) in part.split('/').enumerate() {
                f.write_str(if j == 0 { "" } else { "~1" })?;
                f.write_str(part)?;
            }
        }
        Ok(())
    }
}
