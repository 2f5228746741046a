//! Payloads in order of arrival. A file's platform is the name of its folder.

use crate::fault::{Loaded, at, nearest};
use hearken::limits::Limits;
use hearken::model::{Platform, Timestamp};
use hearken::source::{PlatformEvent, Rejected, adapter};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A platform event, and when it came.
pub struct Arrival {
    pub at: Timestamp,
    pub event: PlatformEvent,
}

/// A piece of a payload that gave no event, and the file it stands in.
pub struct Refused {
    pub file: String,
    pub rejected: Rejected,
}

/// What the payloads hold.
#[derive(Default)]
pub struct Payloads {
    /// Every event, in order of arrival.
    pub arrivals: Vec<Arrival>,
    /// Every piece that gave none.
    pub refused: Vec<Refused>,
    /// Folders whose name is no platform with an adapter: read in the generic format.
    pub generic: BTreeSet<String>,
}

/// Reads them all. An event without a time of its own came when the one before it did.
pub fn load(paths: &[PathBuf], accounts: &[String]) -> Loaded<Payloads> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    if files.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(format!("{}: no files; payloads stand in PLATFORM/FILE", names.join(", ")).into());
    }
    files.sort_by(|a, b| a.file_name().cmp(&b.file_name()).then_with(|| a.cmp(b)));
    let mut all = Payloads::default();
    let mut now = Timestamp::default();
    for file in files {
        let folder = folder_of(&file);
        let platform = Platform::from(&*folder);
        if !Platform::ALL.contains(&platform) {
            all.generic.insert(folder);
        }
        let batch =
            adapter(&platform, accounts).parse(&fs::read(&file).map_err(at(&file))?, &Limits::default());
        for event in batch.events {
            now = time_of(&event).map_or(now, |at| now.max(at));
            all.arrivals.push(Arrival { at: now, event });
        }
        let file = file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        all.refused
            .extend(batch.rejected.into_iter().map(|rejected| Refused { file: file.clone(), rejected }));
    }
    Ok(all)
}

/// The name of the folder a file stands in, also when the path does not spell it.
fn folder_of(file: &Path) -> String {
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let folder = file.parent().and_then(Path::file_name);
    folder.map_or_else(|| "generic".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// What a folder's name may have been meant as: it may be a slip.
pub fn meant(folder: &str) -> String {
    nearest(folder, Platform::ALL.iter().map(Platform::as_str))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Loaded<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path).map_err(at(path))? {
            collect(&entry.map_err(at(path))?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_path_buf());
    } else {
        return Err(at(path)("no such file or folder"));
    }
    Ok(())
}

fn time_of(event: &PlatformEvent) -> Option<Timestamp> {
    match event {
        PlatformEvent::Created(item) | PlatformEvent::Edited(item) => item.edited_at.or(item.published_at),
        PlatformEvent::Deleted { at, .. } => *at,
        PlatformEvent::Profile(profile) => profile.observed_at,
        _ => None,
    }
}
