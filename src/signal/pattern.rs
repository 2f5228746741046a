//! The pattern format: `KIND NAME = QUERY`, a line each.

use super::Urgency;
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::Scope;
use crate::limits::Limits;
use crate::model::Points;
use crate::query::{Grounds, Parser, Query};

/// A query and what its hit says.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) kind: Kind,
    pub(super) name: Box<str>,
    pub(super) query: Query,
    pub(super) grounds: Grounds,
    /// It asks about topics, so that it must wait for other categories.
    pub(super) asks_topics: bool,
}

/// What a hit says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Intent,
    Category,
    Buying(Points),
    Urgency(Urgency),
    Request,
    Recommend,
    Switch(Shape),
}

/// How a change of product is worded: which name comes first, and the word between the names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) from_first: bool,
    pub(super) between: Option<Box<str>>,
}

/// Reads patterns that come after those before.
pub(super) fn parse(mut patterns: Vec<Pattern>, source: &str) -> Result<Vec<Pattern>, BuildError> {
    let mut error = BuildError::default();
    let limits = Limits::default();
    let mut parser = Parser::new(Scope::Monitor, &limits);
    for (line, text) in lines(source) {
        match pattern(&mut parser, line, &text) {
            Ok((pattern, replaces)) => {
                if replaces {
                    patterns.retain(|old| old.kind != pattern.kind || old.name != pattern.name);
                }
                patterns.push(pattern);
            }
            Err(faults) => faults.faults().iter().cloned().for_each(|fault| error.push(fault)),
        }
    }
    error.or(patterns)
}

/// The patterns, each with the number of its first line and its line breaks; comments left out.
fn lines(source: &str) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1..).zip(source.lines()) {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        match out.last_mut() {
            Some((_, open)) if line.starts_with(char::is_whitespace) => {
                open.push('\n');
                open.push_str(line);
            }
            _ => out.push((number, line.to_owned())),
        }
    }
    out
}

/// One pattern, and whether it replaces those of its name.
fn pattern(parser: &mut Parser<'_>, line: u32, source: &str) -> Result<(Pattern, bool), BuildError> {
    let fault = |kind, message: String, mend: &str| -> BuildError {
        Fault::new(kind, "signals", message).at(line, 1).mend(mend).into()
    };
    let Some((head, query)) = source.split_once('=') else {
        return Err(fault(FaultKind::Syntax, "expected `=`".to_owned(), "KIND NAME = QUERY"));
    };
    let (head, replaces) = head.strip_suffix(':').map_or((head, false), |head| (head, true));
    let words: Vec<&str> = head.split_whitespace().collect();
    let (kind, name) = match words.as_slice() {
        ["intent", name] => (Kind::Intent, *name),
        ["category", name] => (Kind::Category, *name),
        ["buying", points] => match points.parse::<u16>() {
            Ok(points) => (Kind::Buying(Points::whole(points.into())), "buying"),
            Err(_) => {
                let message = format!("`{points}` is no number of points");
                return Err(fault(FaultKind::Value, message, "a whole number, as in `buying 3 = …`"));
            }
        },
        ["urgency", level, why] => match level_of(level) {
            Some(level) => (Kind::Urgency(level), *why),
            None => {
                let message = format!("`{level}` is no level of urgency");
                return Err(fault(FaultKind::Value, message, "low, medium, high or critical"));
            }
        },
        ["request", name] => (Kind::Request, *name),
        ["recommend", name] => (Kind::Recommend, *name),
        ["switch", first @ ("from" | "to"), between] => {
            let between = (*between != "-").then(|| (*between).into());
            (Kind::Switch(Shape { from_first: *first == "from", between }), *first)
        }
        _ => {
            let message = format!("`{}` is no kind and name of a pattern", head.trim());
            let mend = "intent NAME, category NAME, buying POINTS, urgency LEVEL REASON, request NAME, \
                        recommend NAME or switch FIRST WORD";
            return Err(fault(FaultKind::Unknown, message, mend));
        }
    };
    let before = u32::try_from(source.chars().count() - query.chars().count()).unwrap_or(0);
    let asks_topics = query.contains("topic:");
    let query = parser.parse(query).map_err(|faults| placed(&faults, line, before))?;
    let grounds = Grounds::of(&query);
    Ok((Pattern { kind, name: name.into(), query, grounds, asks_topics }, replaces))
}

fn level_of(name: &str) -> Option<Urgency> {
    [Urgency::Low, Urgency::Medium, Urgency::High, Urgency::Critical]
        .into_iter()
        .find(|level| level.name() == name)
}

/// The faults of a query, with the lines and columns of the text that holds it.
fn placed(faults: &BuildError, first: u32, before: u32) -> BuildError {
    let mut out = BuildError::default();
    for fault in faults.faults() {
        let (line, column) = match fault.position() {
            Some((1, column)) => (first, column + before),
            Some((line, column)) => (first + line - 1, column),
            None => (first, 1 + before),
        };
        out.push(fault.clone().within("signals").at(line, column));
    }
    out
}
