//! The shape of the house: who may use whom, which crates may be linked, how large a file may be.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the top. A room uses rooms on lower floors only; rooms on one floor do not know each other.
const FLOORS: [&[&str]; 7] = [
    &["engine"],
    &["desk", "route", "lead", "listen", "signal"],
    &["identity", "sentiment", "query", "respond", "scorecard"],
    &["facts"],
    &["source", "store", "calendar", "pulse"],
    &["text"],
    &["model", "error", "limits"],
];

/// Crates the library may depend on; the optional ones are features, off by default.
const DEPENDENCIES: [&str; 11] = [
    "aho-corasick",
    "chrono",
    "memchr",
    "regex",
    "serde",
    "serde_json",
    "siphasher",
    "strsim",
    "thiserror",
    "unicode-normalization",
    "unicode-segmentation",
];
const OPTIONAL: [&str; 3] = ["chrono-tz", "phonenumber", "whatlang"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            files.extend(sources(&entry));
        } else if entry.extension().is_some_and(|e| e == "rs") {
            files.push(entry);
        }
    }
    files.sort();
    files
}

/// The module a file belongs to: the first part of its path under `src`.
fn room(file: &Path) -> String {
    let under = file.strip_prefix(root().join("src")).unwrap();
    under.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// Modules named after `crate::` in code, comments left out.
fn uses(code: &str) -> Vec<String> {
    let code: String =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let name =
        |rest: &str| -> String { rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            None => found.push(name(rest)),
            Some(group) => {
                let (mut depth, mut start) = (0, true);
                for (i, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && !c.is_whitespace() => {
                            found.push(name(&group[i..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found
}

fn floors() -> BTreeMap<&'static str, usize> {
    FLOORS.iter().enumerate().flat_map(|(i, rooms)| rooms.iter().map(move |room| (*room, i))).collect()
}

#[test]
fn arrows_point_down() {
    let floors = floors();
    let mut wrong = Vec::new();
    for file in sources(&root().join("src")) {
        let from = room(&file);
        if from == "lib" {
            continue;
        }
        let own = *floors.get(from.as_str()).unwrap_or_else(|| panic!("{from} stands on no floor"));
        for to in uses(&fs::read_to_string(&file).unwrap()) {
            let Some(floor) = floors.get(to.as_str()) else { continue };
            if to != from && *floor <= own {
                wrong.push(format!("{} uses {to}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_arrows_sees_them() {
    assert_eq!(
        uses("use crate::{model::{A, B}, text};\nlet x = crate::limits::Limits;"),
        ["model", "text", "limits"]
    );
    assert_eq!(uses("// use crate::engine;"), [""; 0]);
}

#[test]
fn only_listed_crates_are_linked() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    for line in table.lines().filter(|line| line.contains('=')) {
        let name = line.split_whitespace().next().unwrap();
        if line.contains("optional = true") {
            assert!(OPTIONAL.contains(&name), "{name} is not listed");
        } else {
            assert!(DEPENDENCIES.contains(&name), "{name} is not listed");
        }
    }
}

/// A room is a folder of files; one of more files than a reader takes in at once is divided by what they are for, and no
/// further.
#[test]
fn a_room_is_taken_in_at_once() {
    let mut files = BTreeMap::<PathBuf, usize>::new();
    for file in sources(&root().join("src")) {
        let depth = file.strip_prefix(root().join("src")).unwrap().iter().count();
        assert!(depth <= 3, "{} is too deep", file.display());
        *files.entry(file.parent().unwrap().to_owned()).or_default() += 1;
    }
    for (folder, count) in files {
        assert!(count <= 26, "{} holds {count} files", folder.display());
    }
}

#[test]
fn a_file_has_one_idea() {
    for file in sources(&root().join("src")) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= 650, "{} has {lines} lines", file.display());
    }
}
