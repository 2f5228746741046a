//! Cases as data: `tests/data/source/*.json`, each a list of
//! `{about, platform, accounts?, payload, events, rejected?, follow_up?, next?}`.
//!
//! A payload is JSON, or a string with the raw bytes. What is expected is a part of what must come: every
//! field given must be equal, a field given as null must be absent, other fields are free. The number of
//! events, rejections and follow-ups must be exact.

use hearken::limits::Limits;
use hearken::model::Platform;
use hearken::source::adapter;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Where `got` is not what `wanted` asks, as a pointer, or `None`.
fn difference(wanted: &Value, got: &Value, at: &str) -> Option<String> {
    match (wanted, got) {
        (Value::Object(wanted), Value::Object(got)) => wanted.iter().find_map(|(key, value)| {
            difference(value, got.get(key).unwrap_or(&Value::Null), &format!("{at}/{key}"))
        }),
        (Value::Array(wanted), Value::Array(got)) if wanted.len() == got.len() => {
            wanted.iter().zip(got).enumerate().find_map(|(i, (w, g))| difference(w, g, &format!("{at}/{i}")))
        }
        _ if wanted == got => None,
        _ => Some(format!("{at}: wanted {wanted}, got {got}")),
    }
}

#[test]
fn every_case() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/source");
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut ran, mut failed) = (0, Vec::new());
    for file in files {
        let cases: Vec<Value> = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        for case in cases {
            let text =
                |key: &str| case[key].as_str().unwrap_or_else(|| panic!("{}: no {key}", file.display()));
            let accounts: Vec<String> = serde_json::from_value(case["accounts"].clone()).unwrap_or_default();
            let payload = match &case["payload"] {
                Value::String(raw) => raw.clone(),
                payload => payload.to_string(),
            };
            let batch = adapter(&Platform::from(text("platform")), accounts)
                .parse(payload.as_bytes(), &Limits::default());
            let got = serde_json::to_value(&batch).unwrap();
            let list = |key: &str| case.get(key).cloned().unwrap_or(json!([]));
            let wanted = json!({"events": list("events"), "rejected": list("rejected"),
                "follow_up": list("follow_up"), "next": case["next"]});
            if let Some(difference) = difference(&wanted, &got, "") {
                failed.push(format!("{}: {}\n  {difference}", file.display(), text("about")));
            }
            ran += 1;
        }
    }
    assert!(failed.is_empty(), "{} of {ran} cases fail:\n{}", failed.len(), failed.join("\n"));
    assert!(ran >= 60, "only {ran} cases were found");
}
