//! What the brand's people did, beside what the platforms tell: of the bundled days this is the other half.

use crate::fault::{Loaded, at};
use hearken::model::Timestamp;
use serde::Deserialize;
use std::fs;
use std::path::Path;

/// The people's part of the story, in order of time.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// How the team works, where no step says otherwise.
    #[serde(default)]
    pub team: Option<Team>,
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The item whose case is told from its receipts.
    #[serde(default)]
    pub story: Option<String>,
}

/// A team that answers and solves whatever it is given, so many minutes after it was given.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    pub answers_after_minutes: i64,
    pub solves_after_minutes: i64,
}

/// A command of the engine. `case of ITEM` and `product case of ITEM` stand for their ids, `words for ITEM` for the hash
/// of the text drafted in answer; whoever publishes or takes a case sees it as it is then.
#[derive(Deserialize)]
pub struct Step {
    at: String,
    /// When, once it is read.
    #[serde(skip)]
    pub when: Timestamp,
    #[serde(flatten)]
    pub command: serde_json::Map<String, serde_json::Value>,
}

impl Step {
    /// A text of the command.
    pub fn word(&self, name: &str) -> Option<&str> {
        self.command.get(name)?.as_str()
    }
}

/// Reads a script; every bad time is told with its step.
pub fn load(path: &Path) -> Loaded<Script> {
    let text = fs::read_to_string(path).map_err(at(path))?;
    let mut script: Script = serde_json::from_str(&text).map_err(at(path))?;
    let mut faults = Vec::new();
    for (number, step) in (1..).zip(&mut script.steps) {
        match Timestamp::parse(&step.at) {
            Some(when) => step.when = when,
            None => faults.push(format!("step {number}: {:?} is no time like 2026-03-16T07:50:00Z", step.at)),
        }
    }
    script.steps.sort_by_key(|step| step.when);
    if faults.is_empty() { Ok(script) } else { Err(at(path)(faults.join("\n"))) }
}
