//! Characters to lexemes: operators and brackets, and whole leaves.

use super::ast::{Leaf, Near, Pattern, Phrase, Step};
use super::{question, term};
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::Scope;
use crate::limits::Limits;
use crate::text::Text;
use regex::RegexBuilder;

/// What the parser reads.
#[derive(Debug)]
pub(super) enum Lexeme {
    Open,
    Close,
    And,
    Or,
    Not,
    Near {
        within: u32,
        ordered: bool,
    },
    /// `min:n(`
    Min(u32),
    Leaf(Leaf),
    /// A leaf that was at fault; the fault has been noted.
    Faulty,
    End,
}

/// Reads a query from left to right. Faults are collected; reading goes on after each.
pub(super) struct Lexer<'s> {
    pub(super) source: &'s str,
    pub(super) at: usize,
    pub(super) scope: Scope,
    pub(super) limits: &'s Limits,
    /// The one tokeniser, its buffers reused for every term.
    pub(super) text: &'s mut Text,
    pub(super) faults: BuildError,
}

impl<'s> Lexer<'s> {
    /// The next lexeme and the byte where it starts.
    pub(super) fn next(&mut self) -> (Lexeme, usize) {
        self.skip(char::is_whitespace);
        let start = self.at;
        let lexeme = match self.peek() {
            None => Lexeme::End,
            Some('(') => self.one(Lexeme::Open),
            Some(')') => self.one(Lexeme::Close),
            Some('-') => self.one(Lexeme::Not),
            Some(_) => match self.wordlike() {
                Some(operator) => operator,
                None => match self.leaf() {
                    Ok(leaf) => Lexeme::Leaf(leaf),
                    Err(fault) => {
                        self.note(start, fault);
                        Lexeme::Faulty
                    }
                },
            },
        };
        (lexeme, start)
    }

    /// Notes a fault at a byte of the query.
    pub(super) fn note(&mut self, at: usize, fault: Fault) {
        let before = self.source.get(..at).unwrap_or(self.source);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        self.faults.push(fault.at(line as u32, column as u32));
    }

    pub(super) fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or("")
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes characters while they hold, and returns them.
    pub(super) fn skip(&mut self, holds: impl Fn(char) -> bool) -> &'s str {
        let rest = self.rest();
        let end = rest.find(|c| !holds(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    /// Takes `prefix` when it is next.
    pub(super) fn take(&mut self, prefix: &str) -> bool {
        let taken = self.rest().starts_with(prefix);
        if taken {
            self.at += prefix.len();
        }
        taken
    }

    /// Takes characters up to white space, a bracket or a quotation mark.
    pub(super) fn bare(&mut self) -> &'s str {
        self.skip(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '"' | '{' | '}'))
    }

    /// Takes a quoted string whose opening mark is next; `\"` and `\\` stand for themselves.
    pub(super) fn quoted(&mut self) -> Result<String, Fault> {
        self.until('"').ok_or_else(|| {
            syntax("a quotation mark opens here and never closes").mend("add the closing `\"`")
        })
    }

    /// Takes a string between two marks, the first of which is next. A backslash before the mark or before
    /// a backslash is taken away in quoted strings; in a regex only the one before the mark.
    fn until(&mut self, mark: char) -> Option<String> {
        let mut out = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = characters.next() {
            if c == mark {
                self.at += at + c.len_utf8();
                return Some(out);
            }
            match characters.peek() {
                Some((_, next)) if c == '\\' && (*next == mark || (mark == '"' && *next == '\\')) => {
                    out.push(*next);
                    characters.next();
                }
                Some((_, next)) if c == '\\' => {
                    out.extend([c, *next]);
                    characters.next();
                }
                _ => out.push(c),
            }
        }
        self.at = self.source.len();
        None
    }

    fn one(&mut self, lexeme: Lexeme) -> Lexeme {
        self.at += 1;
        lexeme
    }

    /// An operator in words, or `min:n(`.
    fn wordlike(&mut self) -> Option<Lexeme> {
        let start = self.at;
        let word = self.bare();
        let operator = match word {
            "AND" => Some(Lexeme::And),
            "OR" => Some(Lexeme::Or),
            "NOT" => Some(Lexeme::Not),
            _ => match near_operator(word) {
                Some(near) => Some(near),
                None if word.starts_with("min:") && self.peek() == Some('(') => {
                    word.get(4..).and_then(|n| n.parse().ok()).map(|n| self.one(Lexeme::Min(n)))
                }
                None => None,
            },
        };
        if operator.is_none() {
            self.at = start;
        }
        operator
    }

    fn leaf(&mut self) -> Result<Leaf, Fault> {
        let start = self.at;
        match self.peek() {
            Some('"') => self.phrase(false).map(Leaf::Phrase),
            Some('!') => {
                self.at += 1;
                let phrase = if self.peek() == Some('"') { self.phrase(true) } else { self.word(true) };
                phrase.map(Leaf::Phrase)
            }
            Some('/') => self.regex().map(Leaf::Regex),
            Some('{') => self.near_list().map(Leaf::Near),
            Some('}') => {
                self.at += 1;
                Err(syntax("`}` without `{`").mend("put it in quotation marks, or take it out"))
            }
            _ => {
                let name = self.skip(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
                let named = name.starts_with(char::is_alphabetic);
                match self.peek() {
                    Some(':') if name == "raw" => {
                        self.at += 1;
                        self.raw().map(Leaf::Raw)
                    }
                    Some(':' | '<' | '>' | '=') if named => question::read(self, name).map(Leaf::Field),
                    _ => {
                        self.at = start;
                        self.word(false).map(Leaf::Phrase)
                    }
                }
            }
        }
    }

    /// A quoted phrase, with `~n` after it.
    fn phrase(&mut self, exact: bool) -> Result<Phrase, Fault> {
        let words = self.quoted()?;
        let phrase = term::phrase(self.text, &words, exact)?;
        if !self.take("~") {
            return Ok(phrase);
        }
        let digits = self.skip(|c| c.is_ascii_digit());
        match digits.parse() {
            Ok(within) => term::loosen(phrase, within),
            Err(_) => Err(syntax("expected a number of words after `~`").mend("\"two words\"~5")),
        }
    }

    /// A bare word, which may hold several words of the text: `don't`, `C3-PO`.
    fn word(&mut self, exact: bool) -> Result<Phrase, Fault> {
        let word = self.bare();
        term::phrase(self.text, word, exact)
    }

    fn raw(&mut self) -> Result<Box<str>, Fault> {
        let literal = if self.peek() == Some('"') { self.quoted()? } else { self.bare().to_owned() };
        if literal.is_empty() {
            return Err(syntax("expected the literal text after `raw:`").mend("raw:\"Google+\""));
        }
        Ok(literal.into())
    }

    fn regex(&mut self) -> Result<Pattern, Fault> {
        let source = self
            .until('/')
            .ok_or_else(|| syntax("a regex opens here and never closes").mend("add the closing `/`"))?;
        let flags = self.bare();
        if !matches!(flags, "" | "i") {
            return Err(syntax(format!("expected a space or `i` after the regex, and this is `{flags}`"))
                .mend("put a word with slashes in quotation marks"));
        }
        if source.len() > self.limits.regex_bytes {
            return Err(limit(format!("a regex may have {} bytes", self.limits.regex_bytes)));
        }
        let ignore_case = flags == "i";
        let regex = RegexBuilder::new(&source)
            .case_insensitive(ignore_case)
            .size_limit(self.limits.regex_size)
            .dfa_size_limit(self.limits.regex_size)
            .build()
            .map_err(|error| match error {
                regex::Error::CompiledTooBig(size) => {
                    limit(format!("the regex compiles to more than {size} bytes")).mend("repeat less")
                }
                other => {
                    let text = other.to_string();
                    let last = text.lines().last().unwrap_or("").trim_start_matches("error: ");
                    Fault::new(FaultKind::Value, "", format!("not a regex: {last}"))
                }
            })?;
        Ok(Pattern { source: source.into(), ignore_case, regex })
    }

    /// `{near/n:a,b}` and `{onear/n:a,b}`.
    fn near_list(&mut self) -> Result<Near, Fault> {
        let example = "{near/4:late,refund}";
        let inside = self.rest().get(1..).and_then(|rest| rest.split_once('}')).map(|(inside, _)| inside);
        let Some(inside) = inside else {
            self.at = self.source.len();
            return Err(syntax("`{` opens here and never closes").mend(example));
        };
        self.at += inside.len() + 2;
        let (head, list) =
            inside.split_once(':').ok_or_else(|| syntax("expected `near/n:`").mend(example))?;
        let Some(Lexeme::Near { within, ordered }) = near_operator(&head.trim().to_uppercase()) else {
            return Err(
                syntax(format!("expected `near/n:` or `onear/n:`, and this is `{head}:`")).mend(example)
            );
        };
        let mut groups = Vec::new();
        for item in list.split(',') {
            groups.push(vec![term::phrase(self.text, item.trim().trim_matches('"'), false)?]);
        }
        let mut groups = groups.into_iter();
        let first = groups.next().unwrap_or_default();
        let then: Vec<Step> = groups.map(|of| Step { within, ordered, of }).collect();
        if then.is_empty() {
            return Err(syntax("expected two words or more, separated by commas").mend(example));
        }
        Ok(Near { first, then })
    }
}

/// `NEAR/n`, `NEAR/nf` and `ONEAR/n`, with `n` of one or more.
fn near_operator(word: &str) -> Option<Lexeme> {
    let (ordered, distance) = match word.strip_prefix("ONEAR/") {
        Some(distance) => (true, distance),
        None => {
            let distance = word.strip_prefix("NEAR/")?;
            let forward = distance.strip_suffix(['f', 'F']);
            (forward.is_some(), forward.unwrap_or(distance))
        }
    };
    let within = distance.parse().ok().filter(|n| *n > 0)?;
    Some(Lexeme::Near { within, ordered })
}

pub(super) fn syntax(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Syntax, "", message)
}

pub(super) fn limit(message: impl Into<String>) -> Fault {
    Fault::new(FaultKind::Limit, "", message)
}
