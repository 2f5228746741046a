//! An object whose every field is accounted for: read, or handed back.

use super::read::id_of;
use super::stray::Token;
use super::time;
use crate::model::{Extensions, Timestamp};
use serde_json::{Map, Value};
use std::cell::RefCell;
use std::collections::BTreeSet;

/// The fields of an object, and which of them have been read. A field of the wrong type stays unread.
#[derive(Debug)]
pub(super) struct Fields<'v> {
    object: &'v Map<String, Value>,
    read: RefCell<BTreeSet<&'v str>>,
}

impl<'v> Fields<'v> {
    pub(super) fn new(object: &'v Map<String, Value>) -> Self {
        Self { object, read: RefCell::default() }
    }

    /// The first of the fields that `read` understands.
    pub(super) fn take<T>(&self, keys: &[&str], read: impl Fn(&'v Value) -> Option<T>) -> Option<T> {
        keys.iter().find_map(|key| {
            let (name, value) = self.object.get_key_value(*key)?;
            let taken = read(value)?;
            self.read.borrow_mut().insert(name);
            Some(taken)
        })
    }

    pub(super) fn text(&self, keys: &[&str]) -> Option<&'v str> {
        self.take(keys, |value| value.as_str().filter(|text| !text.is_empty()))
    }

    /// A text as any type made of one.
    pub(super) fn word<T: From<&'v str>>(&self, keys: &[&str]) -> Option<T> {
        self.text(keys).map(T::from)
    }

    pub(super) fn id(&self, keys: &[&str]) -> Option<Box<str>> {
        self.take(keys, id_of)
    }

    pub(super) fn time(&self, keys: &[&str]) -> Option<Timestamp> {
        self.take(keys, time::read)
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        self.take(&[key], Value::as_bool)
    }

    pub(super) fn count(&self, keys: &[&str]) -> Option<u64> {
        self.take(keys, |value| value.as_u64().or_else(|| value.as_str()?.parse().ok()))
    }

    /// A number, or its digits as text.
    pub(super) fn number(&self, keys: &[&str]) -> Option<f64> {
        let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
        self.take(keys, |value| number(value).filter(|number| number.is_finite()))
    }

    /// The fields of an object inside.
    pub(super) fn inside(&self, key: &str) -> Option<Fields<'v>> {
        self.take(&[key], Value::as_object).map(Fields::new)
    }

    /// Something other than null stands there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.object.get(key).is_some_and(|value| !value.is_null())
    }

    /// Puts what nobody has read among the extensions, as it came: under its name, or, below the top (`place`)
    /// and where the name is one of the model's own, under its JSON pointer. What is empty says nothing.
    pub(super) fn keep(&self, place: &str, reserved: &[&str], kept: &mut Extensions) {
        let read = self.read.borrow();
        for (name, value) in
            self.object.iter().filter(|(name, value)| !read.contains(name.as_str()) && !is_empty(value))
        {
            let plain = place.is_empty() && !reserved.contains(&name.as_str()) && !name.starts_with('/');
            let name = if plain { name.clone() } else { format!("{place}/{}", Token(name)) };
            kept.insert(name.into(), value.clone());
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => false,
    }
}
