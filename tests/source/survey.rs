//! Every payload of `../shared/payloads`: nothing lost without a word, and most of what speaks is read.

use crate::shared;
use hearken::limits::Limits;
use hearken::model::{Platform, Timestamp};
use hearken::source::{PlatformEvent, Reason, adapter};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

fn files(dir: &Path) -> Vec<PathBuf> {
    let (mut open, mut found) = (vec![dir.to_path_buf()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.extension().and_then(|e| e.to_str()) {
                _ if path.is_dir() => open.push(path),
                Some("json" | "jsonl") => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

/// A list without elements, or an answer whose lists have none.
fn is_empty_page(payload: &[u8]) -> bool {
    match serde_json::from_slice(payload).unwrap() {
        Value::Array(list) => list.is_empty(),
        Value::Object(answer) => {
            let mut lists = answer.values().filter_map(Value::as_array).peekable();
            lists.peek().is_some() && lists.all(Vec::is_empty)
        }
        _ => false,
    }
}

#[test]
fn every_shared_payload_is_answered() {
    let Some(root) = shared::dir("payloads") else { return };
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let source = adapter(&Platform::from(&*name), ["lumora"]);
        for path in files(&folder) {
            let payload = fs::read(&path).unwrap();
            let batch = source.parse(&payload, &Limits::default());
            let answered = batch.events.len() + batch.rejected.len() + batch.follow_up.len();
            assert!(answered > 0 || is_empty_page(&payload), "{}: no answer", path.display());
            for event in &batch.events {
                if let PlatformEvent::Created(item) | PlatformEvent::Edited(item) = event {
                    let text = item.content.text.reveal();
                    for facet in &item.facets {
                        assert!(
                            facet.span.of(text).is_some(),
                            "{}: {:?} marks nothing",
                            path.display(),
                            facet.span
                        );
                    }
                }
            }
        }
    }
}

/// Of the files of each platform, how many give at least one event or follow-up: below it, reading got worse.
#[test]
fn what_speaks_is_read() {
    let Some(root) = shared::dir("payloads") else { return };
    for (name, floor) in [
        ("x", 32),
        ("facebook", 56),
        ("instagram", 30),
        ("messenger", 37),
        ("mastodon", 24),
        ("bluesky", 16),
        ("youtube", 26),
        ("linkedin", 6),
    ] {
        let source = adapter(&Platform::from(name), ["lumora"]);
        let read = |path: &PathBuf| {
            let batch = source.parse(&fs::read(path).unwrap(), &Limits::default());
            !batch.events.is_empty() || !batch.follow_up.is_empty()
        };
        let count = files(&root.join(name)).iter().filter(|path| read(path)).count();
        assert!(count >= floor, "{name}: {count} files are read, {floor} were");
    }
}

/// The same posts as Bluesky's records and as ActivityStreams: id, words, address, time and author agree.
#[test]
fn bluesky_agrees_with_activity_streams() {
    let Some(root) = shared::dir("payloads/bluesky/granary") else { return };
    for name in ["POST_AUTHOR", "THREAD"] {
        let read = |suffix: &str| fs::read(root.join(format!("{name}_{suffix}.json"))).unwrap();
        let batch = adapter(&Platform::Bluesky, ["lumora"]).parse(&read("BSKY"), &Limits::default());
        let PlatformEvent::Created(post) = &batch.events[0] else { panic!("{name}: no post") };
        let activity: Value = serde_json::from_slice(&read("AS")).unwrap();
        let said = &activity["object"];
        assert_eq!(Some(&*post.key.id), said["id"].as_str());
        assert_eq!(Some(post.content.text.reveal()), said["content"].as_str());
        assert_eq!(post.url.as_deref(), said["url"].as_str());
        assert_eq!(post.published_at, said["published"].as_str().and_then(Timestamp::parse));
        let author = post.author.as_ref().unwrap();
        assert_eq!(Some(&*author.key.id), said["author"]["id"].as_str());
        assert_eq!(
            author.display_name.as_ref().map(|name| name.reveal()),
            said["author"]["displayName"].as_str()
        );
        let replies = said["replies"]["items"].as_array().map_or(0, Vec::len);
        assert_eq!(batch.events.len(), 1 + replies, "{name}");
    }
}

/// The two payloads that are malformed on purpose are named as such, and nothing else is.
#[test]
fn malformed_json_is_told_from_the_rest() {
    let Some(root) = shared::dir("payloads") else { return };
    let source = adapter(&Platform::from("other"), ["lumora"]);
    let broken = |path: &PathBuf| {
        let batch = source.parse(&fs::read(path).unwrap(), &Limits::default());
        batch.rejected.iter().any(|piece| piece.reason == Reason::NotJson)
    };
    let broken: Vec<_> = files(&root).into_iter().filter(broken).collect();
    let names: Vec<_> = broken.iter().map(|path| path.file_name().unwrap().to_string_lossy()).collect();
    assert_eq!(names, ["event_with_rsvps.as.json", "note_with_whitespace.as.json"]);
}
