//! Faults of the input: what, and where.

use std::error::Error;
use std::fmt::Display;
use std::path::Path;

pub type Loaded<T> = Result<T, Box<dyn Error>>;

/// A fault told with the file it is in; of several lines each stands on its own.
pub fn at<E: Display>(path: &Path) -> impl Fn(E) -> Box<dyn Error> {
    move |fault| {
        let text = fault.to_string();
        let lines: Vec<String> = text.lines().map(|line| format!("{}: {line}", path.display())).collect();
        lines.join("\n").into()
    }
}

/// The names that are like a word that nobody knows, as a question; nothing when none is.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let word = word.to_lowercase();
    let near = known.into_iter().map(|name| (strsim::osa_distance(&name.to_lowercase(), &word), name));
    let mut near: Vec<(usize, &str)> =
        near.filter(|(far, name)| far * 3 <= name.len().min(word.len())).collect();
    near.sort_unstable();
    near.dedup();
    let near: Vec<&str> = near.into_iter().take(3).map(|(_, name)| name).collect();
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) }
}
