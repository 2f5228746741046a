//! A configuration whose JSON has not the shape of [`Settings`]: every fault at once, each with its place.
//!
//! serde stops at the first fault. Here the part that it stopped at is found, told and left out, until nothing is left to
//! tell; a list is read item by item. It costs a reading of the configuration for each of its parts, and only when it is
//! faulty.

use super::Settings;
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::nearest;
use crate::model::reread;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Faults told at once; who has more has the wrong file.
const MOST: usize = 64;

/// Reads settings from JSON text.
pub(super) fn read(source: &str) -> Result<Settings, BuildError> {
    let value: Value = serde_json::from_str(source).map_err(|why| {
        let (line, column) = (why.line(), why.column());
        let position = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let why = why.to_string();
        let words = why.split(" at line ").next().unwrap_or_default();
        Fault::new(FaultKind::Syntax, "", words).at(position(line), position(column))
    })?;
    match reread(&value) {
        Ok(settings) => Ok(settings),
        Err(why) => {
            let mut found = BuildError::default();
            Part { embed: &|value| value, place: "", ignored: &BTreeSet::new() }.walk(&value, &mut found);
            if found.is_empty() {
                found.push(Fault::new(FaultKind::Value, "", why));
            }
            Err(found)
        }
    }
}

/// A part of a configuration, and how it stands in an otherwise sound one.
struct Part<'p> {
    embed: &'p dyn Fn(Value) -> Value,
    place: &'p str,
    /// What is said only because something faulty was left out.
    ignored: &'p BTreeSet<String>,
}

impl Part<'_> {
    /// What serde says of the whole with this value in its place.
    fn fault(&self, value: Value) -> Option<String> {
        let why = reread::<Settings>(&(self.embed)(value)).err()?;
        Some(why).filter(|why| !self.ignored.contains(why))
    }

    fn walk(&self, value: &Value, found: &mut BuildError) {
        let Some(why) = self.fault(value.clone()).filter(|_| found.faults().len() < MOST) else { return };
        let before = found.faults().len();
        match value {
            Value::Array(items) => self.items(items, found),
            Value::Object(fields) => self.fields(fields, found),
            _ => {}
        }
        if found.faults().len() == before {
            found.push(told(self.place, &why));
        }
    }

    /// A list, item by item; a pair is one thing.
    fn items(&self, items: &[Value], found: &mut BuildError) {
        let alone = |item: &Value| self.fault(Value::Array(vec![item.clone()]));
        if items.iter().filter_map(alone).any(|why| why.starts_with("invalid length")) {
            return;
        }
        for (number, item) in (1..).zip(items) {
            let id = item.get("id").and_then(Value::as_str).map(str::to_owned);
            let place = within(self.place, &id.unwrap_or_else(|| format!("item {number}")));
            let embed = |item| (self.embed)(Value::Array(vec![item]));
            Part { embed: &embed, place: &place, ignored: self.ignored }.walk(item, found);
        }
    }

    /// An object: the fields without which it would be sound, each beside the sound rest.
    fn fields(&self, fields: &Map<String, Value>, found: &mut BuildError) {
        let (mut rest, mut ignored) = (fields.clone(), self.ignored.clone());
        let mut faulty = Vec::new();
        loop {
            let part = Part { ignored: &ignored, ..*self };
            let Some(why) = part.fault(rest.clone().into()) else { break };
            let missed = |name: &str| format!("missing field `{name}`");
            let is_faulty = |name: &&String| {
                let mut fewer = rest.clone();
                match fewer.get_mut(*name) {
                    Some(Value::Array(items)) => items.clear(),
                    _ => _ = fewer.remove(*name),
                }
                let then = part.fault(fewer.into());
                let only_missed = why.starts_with("missing field") && then == Some(missed(name));
                then.as_ref() != Some(&why) && !only_missed
            };
            let Some(name) = rest.keys().find(is_faulty).cloned() else {
                // What is empty by now has been told piece by piece.
                if faulty.is_empty() || !rest.is_empty() {
                    found.push(told(self.place, &why));
                }
                break;
            };
            rest.remove(&name);
            ignored.insert(missed(&name));
            faulty.push((name, why));
        }
        for (name, why) in faulty {
            let unknown = |what: &str| why.starts_with(&format!("unknown {what} `{name}`"));
            if unknown("field") || unknown("variant") {
                found.push(told(self.place, &why));
                continue;
            }
            let Some(value) = fields.get(&name) else { continue };
            let embed = |value| {
                let mut whole = rest.clone();
                whole.insert(name.clone(), value);
                (self.embed)(whole.into())
            };
            Part { embed: &embed, place: &within(self.place, &name), ignored: &ignored }.walk(value, found);
        }
    }
}

fn within(place: &str, name: &str) -> String {
    if place.is_empty() { name.to_owned() } else { format!("{place}, {name}") }
}

/// What serde says as a fault, with the name that was perhaps meant.
fn told(place: &str, why: &str) -> Fault {
    let kind = match why {
        why if why.starts_with("unknown") => FaultKind::Unknown,
        why if why.starts_with("missing") => FaultKind::Missing,
        _ => FaultKind::Value,
    };
    let fault = Fault::new(kind, place, why);
    let names: Vec<&str> = why.split('`').skip(1).step_by(2).collect();
    let unknown = names.split_first().filter(|_| kind == FaultKind::Unknown);
    match unknown.and_then(|(name, known)| nearest(name, known)) {
        Some(meant) => fault.mend(format!("did you mean {meant}?")),
        None => fault,
    }
}
