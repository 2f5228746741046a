//! The pattern format: `KIND NAME = QUERY`, a line each, and groups of words: `words NAME = QUERY`, used as `{NAME}`.

use super::Urgency;
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::Scope;
use crate::limits::Limits;
use crate::model::Points;
use crate::query::{Grounds, Parser, Query};
use std::collections::BTreeMap;

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
    let mut groups = Groups::new();
    for (line, text) in lines(source) {
        let text = Expanded::new(&text, &groups);
        let read = match text.source.strip_prefix("words ") {
            Some(rest) => group(&mut parser, line, &text, rest).map(|(name, words)| {
                groups.insert(name.into(), words);
            }),
            None => pattern(&mut parser, line, &text).map(|(pattern, replaces)| {
                if replaces {
                    patterns.retain(|old| old.kind != pattern.kind || old.name != pattern.name);
                }
                patterns.push(pattern);
            }),
        };
        if let Err(faults) = read {
            faults.faults().iter().cloned().for_each(|fault| error.push(fault));
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
fn pattern(parser: &mut Parser<'_>, line: u32, text: &Expanded) -> Result<(Pattern, bool), BuildError> {
    let fault = |kind, message: String, mend: &str| fault(line, kind, message, mend);
    let Some((head, query)) = text.source.split_once('=') else {
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
                        recommend NAME, switch FIRST WORD or words NAME";
            return Err(fault(FaultKind::Unknown, message, mend));
        }
    };
    let asks_topics = query.contains("topic:");
    let query = parser.parse(query).map_err(|faults| text.placed(&faults, line, query))?;
    let grounds = Grounds::of(&query);
    Ok((Pattern { kind, name: name.into(), query, grounds, asks_topics }, replaces))
}

fn level_of(name: &str) -> Option<Urgency> {
    [Urgency::Low, Urgency::Medium, Urgency::High, Urgency::Critical]
        .into_iter()
        .find(|level| level.name() == name)
}

/// The name and the words of a group, in brackets.
fn group<'t>(
    parser: &mut Parser<'_>,
    line: u32,
    text: &Expanded,
    rest: &'t str,
) -> Result<(&'t str, String), BuildError> {
    let Some((name, query)) = rest.split_once('=') else {
        return Err(fault(line, FaultKind::Syntax, "expected `=`".to_owned(), "words NAME = QUERY"));
    };
    parser.parse(query).map_err(|faults| text.placed(&faults, line, query))?;
    Ok((name.trim(), format!("({})", query.split_whitespace().collect::<Vec<_>>().join(" "))))
}

fn fault(line: u32, kind: FaultKind, message: String, mend: &str) -> BuildError {
    Fault::new(kind, "signals", message).at(line, 1).mend(mend).into()
}

/// Groups of words by name.
type Groups = BTreeMap<Box<str>, String>;

/// A pattern with its groups written out, and where they made it longer.
struct Expanded {
    source: String,
    grown: Vec<Grown>,
}

/// From this line and column on, counted from 0, so many characters are not in the file.
struct Grown {
    line: usize,
    column: usize,
    by: usize,
}

impl Expanded {
    fn new(written: &str, groups: &Groups) -> Self {
        let (mut source, mut grown, mut rest) = (String::new(), Vec::new(), written);
        while let Some((before, behind)) = rest.split_once('{') {
            source.push_str(before);
            let group =
                behind.split_once('}').and_then(|(name, after)| Some((name, groups.get(name)?, after)));
            let Some((name, words, after)) = group else {
                source.push('{');
                rest = behind;
                continue;
            };
            grown.push(Grown {
                line: source.matches('\n').count(),
                column: source.rsplit('\n').next().unwrap_or("").chars().count(),
                by: words.chars().count().saturating_sub(name.chars().count() + 2),
            });
            source.push_str(words);
            rest = after;
        }
        source.push_str(rest);
        Self { source, grown }
    }

    /// The faults of a query at the end of it, with the lines and columns of the file. `first` is its first line.
    fn placed(&self, faults: &BuildError, first: u32, query: &str) -> BuildError {
        let before = self.source.chars().count() - query.chars().count();
        let mut out = BuildError::default();
        for fault in faults.faults() {
            let (line, column) = fault.position().unwrap_or((1, 1));
            let mut column = column as usize + if line == 1 { before } else { 0 };
            let line = line.saturating_sub(1);
            for grown in self.grown.iter().rev().filter(|grown| grown.line == line as usize) {
                column -= grown.by.min(column.saturating_sub(grown.column + 1));
            }
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            out.push(fault.clone().within("signals").at(first + line, column));
        }
        out
    }
}
