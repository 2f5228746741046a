//! Which alerts climb a ladder of teams while nobody acknowledges them.

use crate::desk::Ladder;
use crate::error::{BuildError, Fault, FaultKind};
use crate::model::Priority;
use crate::route::{Action, RuleBook};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Alerts that the engine raises by itself; a rule's alert has the rule's own word.
const KINDS: [&str; 8] = [
    "crisis",
    "positive-spike",
    "request-due",
    "sla-due",
    "sla-missed",
    "spike",
    "unattended",
    "undelivered",
];

/// One line of [`Settings::ladders`](crate::engine::Settings::ladders): alerts of a kind, and the ladder they climb.
///
/// The alert's own target is told as ever. Then the ladder tells its steps, each once a round, until somebody
/// acknowledges the alert ([`Command::Acknowledge`](crate::engine::Command::Acknowledge)), its case is over, or it is
/// exhausted. A first step that is the alert's own target has been told and is not told twice.
///
/// ```
/// use hearken::engine::{Engine, Settings};
///
/// let settings: Settings = serde_json::from_str(r#"{
///     "rules": {"rules": [{"id": "burns", "when": "burn*", "then": [
///         {"alert": {"kind": "safety", "labels": {"to": "service-lead"}}}]}]},
///     "ladders": [{"kind": "safety", "at_least": "medium", "ladder": {"steps": [
///         {"to": "service-lead", "wait": 900000}, {"to": "legal", "wait": 1800000}, {"to": "executives", "wait": 3600000}]}}]
/// }"#).unwrap();
/// assert!(Engine::builder("lumora").settings(settings.clone()).build().is_ok());
///
/// let mut faulty = settings;
/// faulty.ladders[0].kind = "saftey".into();
/// faulty.ladders[0].ladder.steps[1].wait = 0;
/// let error = Engine::builder("lumora").settings(faulty).build().unwrap_err();
/// assert_eq!(error.faults().len(), 2);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderLine {
    /// The kind of alert.
    pub kind: Box<str>,
    /// Alerts of less priority do not climb.
    #[serde(default)]
    pub at_least: Priority,
    /// Who is told, and how long each has.
    pub ladder: Ladder,
}

/// The ladder that alerts of this kind and priority climb.
pub(in crate::engine) fn find<'l>(
    lines: &'l [LadderLine],
    kind: &str,
    priority: Priority,
) -> Option<&'l Ladder> {
    lines.iter().find(|line| &*line.kind == kind && priority >= line.at_least).map(|line| &line.ladder)
}

/// What is wrong with ladders: no steps, no time, no such alert.
pub(in crate::engine) fn check(lines: &[LadderLine], book: &RuleBook, error: &mut BuildError) {
    let rules = book.groups.iter().flat_map(|group| &group.rules).chain(&book.rules);
    let named = rules.flat_map(|rule| &rule.then).filter_map(|action| match action {
        Action::Alert { kind, .. } => Some(kind.as_str()),
        _ => None,
    });
    let kinds: BTreeSet<&str> = named.chain(KINDS).collect();
    for (at, line) in (1..).zip(lines) {
        let mut fault = |kind, message: String, mend: &str| {
            error.push(Fault::new(kind, format!("ladders, line {at}"), message).mend(mend));
        };
        if !kinds.contains(&*line.kind) {
            let known = kinds.iter().copied().collect::<Vec<_>>().join(", ");
            let mend = format!("name one of {known}, or add a rule that raises it");
            fault(FaultKind::Unknown, format!("nothing raises an alert of kind {:?}", line.kind), &mend);
        }
        if line.ladder.steps.is_empty() {
            fault(FaultKind::Missing, "a ladder without steps".to_owned(), "add a step");
        }
        if !(1..=Ladder::MAX_ROUNDS).contains(&line.ladder.rounds) {
            let mend = format!("1 to {}", Ladder::MAX_ROUNDS);
            fault(FaultKind::Value, format!("{} rounds", line.ladder.rounds), &mend);
        }
        for step in line.ladder.steps.iter().filter(|step| step.wait <= 0) {
            let message = format!("{} has {} ms to acknowledge", step.to, step.wait);
            fault(FaultKind::Value, message, "give it some minutes");
        }
    }
}
