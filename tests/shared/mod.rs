//! Access to `../shared`: evaluation data that stands beside the repository and is never copied into it.
//!
//! A test that needs it asks [`dir`]; when the folder is absent the test says so and passes without
//! having looked, and the notice counts as its skip.

use std::path::PathBuf;

/// The path of `../shared/<under>`, or `None` with a printed notice when it is absent.
#[allow(dead_code)]
pub fn dir(under: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(under);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: ../shared/{under} is absent");
    None
}
