//! Lexemes to a postfix program, with an explicit stack of open brackets.

use super::Query;
use super::ast::{Leaf, Near, Node, Phrase, Step, Test};
use super::lexer::{Lexeme, Lexer, limit, syntax};
use crate::error::BuildError;
use crate::facts::Scope;
use crate::limits::Limits;
use crate::text::Text;
use std::mem;

/// Reads queries, many with the same buffers.
///
/// ```
/// use hearken::facts::Scope;
/// use hearken::limits::Limits;
/// use hearken::query::Parser;
///
/// let limits = Limits::default();
/// let mut parser = Parser::new(Scope::Monitor, &limits);
/// assert!(parser.parse("acme (late OR \"never came\") -lang:de").is_ok());
///
/// let error = parser.parse("acme AND OR late").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "line 1, column 10: expected a word, a phrase, a field or `(` after `AND` (take out `AND` or `OR`)"
/// );
/// ```
#[derive(Debug)]
pub struct Parser<'l> {
    scope: Scope,
    limits: &'l Limits,
    text: Text,
    /// Nodes of the query that is being read.
    nodes: Vec<Node>,
}

impl<'l> Parser<'l> {
    /// A parser of queries that may ask what `scope` allows.
    pub fn new(scope: Scope, limits: &'l Limits) -> Self {
        Self { scope, limits, text: Text::new(""), nodes: Vec::new() }
    }

    /// Reads one query. Linear in its bytes, times its nesting.
    ///
    /// # Errors
    /// Every fault, with line and column: what was expected and how to mend it; a field the scope does not
    /// allow; a bound of the limits that is passed.
    pub fn parse(&mut self, source: &str) -> Result<Query, BuildError> {
        if source.len() > self.limits.query_bytes {
            let fault = limit(format!("a query may have {} bytes", self.limits.query_bytes));
            return Err(fault.at(1, 1).mend("make it several queries").into());
        }
        let lexer = Lexer {
            source,
            at: 0,
            scope: self.scope,
            limits: self.limits,
            text: &mut self.text,
            faults: BuildError::default(),
        };
        let mut reading = Reading {
            lexer,
            ahead: None,
            nodes: mem::take(&mut self.nodes),
            stack: Vec::new(),
            top: Frame::new(None, 0, 0),
            leaves: 0,
        };
        reading.run();
        let Reading { lexer, mut nodes, .. } = reading;
        // A copy of the exact size; the buffer stays.
        let mut exact = Vec::with_capacity(nodes.len());
        exact.append(&mut nodes);
        let query = Query { nodes: exact };
        let faults = lexer.faults;
        self.nodes = nodes;
        faults.or(query)
    }
}

/// An open bracket, or the whole query.
struct Frame {
    /// `min:n(` rather than `(`.
    least: Option<u32>,
    /// Where it opens in the source.
    at: usize,
    /// Where its first node stands.
    first: usize,
    /// Signs of negation before the operand to come.
    nots: u32,
    /// The left side of a NEAR whose right side is to come: its first node, distance, order.
    near: Option<(usize, u32, bool)>,
    /// Operands of the AND being read.
    ands: u32,
    /// Finished operands of OR, or of `min`.
    ors: u32,
    /// The operator that an operand must follow.
    after: Option<&'static str>,
}

impl Frame {
    fn new(least: Option<u32>, at: usize, first: usize) -> Self {
        Self { least, at, first, nots: 0, near: None, ands: 0, ors: 0, after: None }
    }
}

struct Reading<'s> {
    lexer: Lexer<'s>,
    ahead: Option<(Lexeme, usize)>,
    nodes: Vec<Node>,
    stack: Vec<Frame>,
    top: Frame,
    leaves: usize,
}

impl Reading<'_> {
    fn run(&mut self) {
        loop {
            let (lexeme, at) = self.ahead.take().unwrap_or_else(|| self.lexer.next());
            let first = self.nodes.len();
            match lexeme {
                Lexeme::End => break,
                Lexeme::Not => {
                    self.top.nots += 1;
                    self.top.after = Some("NOT");
                }
                Lexeme::And => self.and(at),
                Lexeme::Or => self.or(at),
                Lexeme::Near { .. } => self.lexer.note(at, syntax("expected a word or a phrase before NEAR")),
                Lexeme::Open => self.open(Frame::new(None, at, first)),
                Lexeme::Min(least) => self.open(Frame::new(Some(least), at, first)),
                Lexeme::Close => self.close(at),
                Lexeme::Leaf(leaf) => {
                    self.leaves += weight(&leaf);
                    self.nodes.push(Node::Leaf(leaf));
                    self.operand(first);
                }
                Lexeme::Faulty => {
                    self.nodes.push(Node::Leaf(Leaf::Raw("".into())));
                    self.operand(first);
                }
            }
            if self.leaves > self.lexer.limits.query_leaves {
                let fault = limit(format!("a query may have {} leaves", self.lexer.limits.query_leaves));
                self.lexer.note(at, fault.mend("make it several queries"));
                return;
            }
            if self.stack.len() > self.lexer.limits.query_depth {
                let fault = limit(format!("brackets may nest {} deep", self.lexer.limits.query_depth));
                self.lexer.note(at, fault.mend("take out brackets"));
                return;
            }
        }
        while let Some(outer) = self.stack.pop() {
            self.lexer.note(self.top.at, syntax("a bracket opens here and never closes").mend("add `)`"));
            self.top = outer;
            self.top.ands += 1;
            self.top.after = None;
        }
        let end = self.lexer.source.trim_end().len();
        if self.top.ands == 0 && self.top.ors == 0 && self.top.after.is_none() {
            if self.lexer.faults.is_empty() {
                self.lexer.note(end, syntax("expected a query, and there is nothing").mend("write a word"));
            }
            return;
        }
        self.end_of_group(end);
    }

    fn open(&mut self, frame: Frame) {
        self.stack.push(mem::replace(&mut self.top, frame));
    }

    fn close(&mut self, at: usize) {
        let Some(outer) = self.stack.pop() else {
            self.lexer.note(at, syntax("`)` without `(`").mend("take it out"));
            return;
        };
        self.end_of_group(at);
        let group = mem::replace(&mut self.top, outer);
        if let Some(least) = group.least {
            if least == 0 || least > group.ors {
                let fault = syntax(format!("`min:{least}` of {} parts", group.ors));
                self.lexer.note(group.at, fault.mend(format!("a number from 1 to {}", group.ors)));
            }
            self.nodes.push(Node::Min { least, of: group.ors });
        }
        self.operand(group.first);
    }

    /// An operand has been read: its nodes start at `first`. Joins it to a NEAR before it, looks for one
    /// behind it, and applies the negations before it.
    fn operand(&mut self, first: usize) {
        let mut first = first;
        if let Some((left, within, ordered)) = self.top.near.take() {
            let of = self.nodes.split_off(first);
            let before = self.nodes.split_off(left);
            first = left;
            match join(before, of, within, ordered) {
                Some(near) => self.nodes.push(Node::Leaf(Leaf::Near(near))),
                None => {
                    if self.lexer.faults.is_empty() {
                        let fault = syntax("NEAR joins words, phrases and groups of them with OR");
                        self.lexer
                            .note(self.lexer.at.saturating_sub(1), fault.mend("(a OR \"b c\") NEAR/3 d"));
                    }
                    self.nodes.push(Node::Leaf(Leaf::Raw("".into())));
                }
            }
        }
        self.top.after = None;
        match self.lexer.next() {
            (Lexeme::Near { within, ordered }, _) => {
                self.top.near = Some((first, within, ordered));
                self.top.after = Some("NEAR");
                let (next, at) = self.lexer.next();
                if matches!(next, Lexeme::Not) {
                    self.lexer.note(at, syntax("NEAR cannot take a negation").mend("a NEAR/3 b -c"));
                } else {
                    self.ahead = Some((next, at));
                }
                return;
            }
            other => self.ahead = Some(other),
        }
        for _ in 0..mem::take(&mut self.top.nots) {
            self.nodes.push(Node::Not);
        }
        if self.top.least.is_some() { self.top.ors += 1 } else { self.top.ands += 1 }
    }

    fn and(&mut self, at: usize) {
        if self.top.least.is_some() {
            self.lexer.note(at, in_min("AND"));
        } else if self.top.after.is_some() || self.top.ands == 0 {
            self.misplaced("AND", at);
        }
        self.top.after = Some("AND");
    }

    fn or(&mut self, at: usize) {
        if self.top.least.is_some() {
            self.lexer.note(at, in_min("OR"));
        } else if self.top.after.is_some() || self.top.ands == 0 {
            self.misplaced("OR", at);
        } else {
            self.end_of_and();
        }
        self.top.after = Some("OR");
    }

    /// An operator where an operand should stand.
    fn misplaced(&mut self, operator: &str, at: usize) {
        let fault = match self.top.after {
            Some(after) => syntax(format!("expected a word, a phrase, a field or `(` after `{after}`"))
                .mend(format!("take out `{after}` or `{operator}`")),
            None => syntax(format!("expected a word, a phrase, a field or `(` before `{operator}`")).mend(
                format!("take out `{operator}`, or write it small or in quotation marks if it is a word"),
            ),
        };
        self.lexer.note(at, fault);
    }

    fn end_of_and(&mut self) {
        let ands = mem::take(&mut self.top.ands);
        if ands > 1 {
            self.nodes.push(Node::And(ands));
        }
        self.top.ors += 1;
    }

    /// The group ends at the byte `at`.
    fn end_of_group(&mut self, at: usize) {
        if let Some(after) = self.top.after {
            let fault = syntax(format!("expected a word, a phrase, a field or `(` after `{after}`"));
            self.lexer.note(at, fault.mend(format!("take out `{after}`")));
        } else if self.top.ands == 0 && self.top.ors == 0 {
            self.lexer.note(self.top.at, syntax("nothing stands in the brackets").mend("take them out"));
        }
        if self.top.least.is_none() {
            self.end_of_and();
            if self.top.ors > 1 {
                self.nodes.push(Node::Or(self.top.ors));
            }
        }
    }
}

fn in_min(operator: &str) -> crate::error::Fault {
    syntax(format!("the parts of `min` stand side by side, without `{operator}`"))
        .mend("min:2(late \"never came\" (refund OR money))")
}

/// How much a leaf counts against the limit of leaves.
fn weight(leaf: &Leaf) -> usize {
    match leaf {
        Leaf::Phrase(phrase) => phrase.words.len(),
        Leaf::Near(near) => near.then.len() + 1,
        Leaf::Field(question) => match &question.test {
            Test::OneOf(values) => values.len(),
            Test::Equals(values) => values.len(),
            _ => 1,
        },
        Leaf::Raw(_) | Leaf::Regex(_) => 1,
    }
}

/// `left NEAR/n right`; `None` where a side is something else than phrases joined with OR.
fn join(left: Vec<Node>, right: Vec<Node>, within: u32, ordered: bool) -> Option<Near> {
    let step = Step { within, ordered, of: group(right)? };
    if let [Node::Leaf(Leaf::Near(_))] = left.as_slice() {
        let Some(Node::Leaf(Leaf::Near(mut chain))) = left.into_iter().next() else {
            return None;
        };
        chain.then.push(step);
        return Some(chain);
    }
    Some(Near { first: group(left)?, then: vec![step] })
}

fn group(nodes: Vec<Node>) -> Option<Vec<Phrase>> {
    let mut phrases = Vec::new();
    for node in nodes {
        match node {
            Node::Leaf(Leaf::Phrase(phrase)) => phrases.push(phrase),
            Node::Or(_) => {}
            _ => return None,
        }
    }
    Some(phrases)
}
