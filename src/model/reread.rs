//! A JSON value as one of the crate's types.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a value through its text: every type here is read from text already, and serde makes a second reader of the
/// whole tree of types for a second format.
///
/// # Errors
/// What serde says of it, without the line and column of a text that nobody wrote.
pub(crate) fn reread<T: DeserializeOwned>(value: &Value) -> Result<T, String> {
    serde_json::from_str(&value.to_string()).map_err(|why| {
        let why = why.to_string();
        why.split(" at line ").next().unwrap_or_default().to_owned()
    })
}
