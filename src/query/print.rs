//! A query as text again: reading what is printed gives the same query.

use super::Query;
use super::ast::{Form, Leaf, Near, Node, Phrase, Question, Test, Word};
use crate::facts::{Field, write_number};
use std::fmt::{self, Write};

/// How tightly a printed part holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hold {
    Or,
    And,
    Tight,
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<(String, Hold)> = Vec::new();
        for node in &self.nodes {
            let operands = parts.split_off(parts.len().saturating_sub(node.arity()));
            parts.push(match node {
                Node::Leaf(leaf) => (leaf.to_string(), Hold::Tight),
                Node::Not => (format!("-{}", listed(operands, " ", Hold::Tight)), Hold::Tight),
                Node::And(_) => (listed(operands, " ", Hold::Tight), Hold::And),
                Node::Or(_) => (listed(operands, " OR ", Hold::And), Hold::Or),
                Node::Min { least, .. } => {
                    (format!("min:{least}({})", listed(operands, " ", Hold::Tight)), Hold::Tight)
                }
            });
        }
        parts.iter().try_for_each(|(part, _)| f.write_str(part))
    }
}

/// Operands side by side, those that hold less than `least` in brackets.
fn listed(operands: Vec<(String, Hold)>, between: &str, least: Hold) -> String {
    let mut out = String::new();
    for (operand, hold) in operands {
        if !out.is_empty() {
            out.push_str(between);
        }
        if hold < least {
            out.extend(["(", &operand, ")"]);
        } else {
            out.push_str(&operand);
        }
    }
    out
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Leaf::Phrase(phrase) => phrase.fmt(f),
            Leaf::Near(near) => near.fmt(f),
            Leaf::Raw(literal) => write!(f, "raw:{}", Quoted(literal)),
            Leaf::Regex(pattern) => {
                write!(
                    f,
                    "/{}/{}",
                    pattern.source.replace('/', "\\/"),
                    if pattern.ignore_case { "i" } else { "" }
                )
            }
            Leaf::Field(question) => question.fmt(f),
        }
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.words.iter().any(|word| word.form == Form::Exact) {
            f.write_char('!')?;
        }
        if let [word] = &*self.words {
            return word.fmt(f);
        }
        for (i, word) in self.words.iter().enumerate() {
            write!(f, "{}{word}", if i == 0 { '"' } else { ' ' })?;
        }
        f.write_char('"')?;
        self.within.map_or(Ok(()), |within| write!(f, "~{within}"))
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sign) = self.mark {
            f.write_char(sign.as_char())?;
        }
        f.write_str(&self.text)?;
        match self.form {
            Form::Prefix => f.write_char('*'),
            Form::Fuzzy(distance) => write!(f, "~{distance}"),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Near {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        group(f, &self.first)?;
        for step in &self.then {
            write!(f, " {}NEAR/{} ", if step.ordered { "O" } else { "" }, step.within)?;
            group(f, &step.of)?;
        }
        Ok(())
    }
}

fn group(f: &mut fmt::Formatter<'_>, phrases: &[Phrase]) -> fmt::Result {
    if let [phrase] = phrases {
        return write!(f, "{phrase}");
    }
    for (i, phrase) in phrases.iter().enumerate() {
        write!(f, "{}{phrase}", if i == 0 { "(" } else { " OR " })?;
    }
    f.write_char(')')
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = &self.field;
        match &self.test {
            Test::OneOf(values) => list(f, field, values.iter().map(|value| Quoted(value))),
            Test::Equals(numbers) => list(f, field, numbers.iter().map(|n| write_number(field, *n))),
            Test::Compare(comparison, n) => {
                write!(f, "{field}{}{}", comparison.sign(), write_number(field, *n))
            }
            Test::Between(low, high) => {
                write!(f, "{field}:[{}..{}]", write_number(field, *low), write_number(field, *high))
            }
            Test::Box([south, west, north, east]) => write!(f, "{field}:[{south},{west}..{north},{east}]"),
        }
    }
}

fn list(
    f: &mut fmt::Formatter<'_>,
    field: &Field,
    values: impl ExactSizeIterator<Item: fmt::Display>,
) -> fmt::Result {
    let single = values.len() == 1;
    write!(f, "{field}:{}", if single { "" } else { "(" })?;
    for (i, value) in values.enumerate() {
        write!(f, "{}{value}", if i == 0 { "" } else { " OR " })?;
    }
    f.write_str(if single { "" } else { ")" })
}

/// A value, in quotation marks where it needs them.
struct Quoted<'v>(&'v str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let special = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | '{' | '}' | '[' | '\\');
        if !self.0.is_empty() && !self.0.contains(special) {
            return f.write_str(self.0);
        }
        write!(f, "\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
