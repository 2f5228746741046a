//! Layer 1: one pass over the source that finds the tokens.

use super::token::{Mark, Token, Traits};
use super::{class, emoji, fold, hash};
use crate::model::Span;

/// Splits `source` into `tokens`; folded forms go to `folded`.
pub(super) fn scan(source: &str, folded: &mut String, tokens: &mut Vec<Token>) {
    let mut sink = Sink { source, folded, tokens, position: 0 };
    let mut at = 0;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        at += sink.piece(at, rest);
    }
}

/// Where tokens go.
struct Sink<'a> {
    source: &'a str,
    folded: &'a mut String,
    tokens: &'a mut Vec<Token>,
    position: u32,
}

impl Sink<'_> {
    /// Takes what begins at byte `at`, where `rest` is the source from there; answers its length in bytes.
    fn piece(&mut self, at: usize, rest: &str) -> usize {
        let Some(first) = rest.chars().next() else { return 0 };
        let emoji = emoji::sequence(rest);
        if emoji > 0 {
            self.push(at, at + emoji, Traits::EMOJI);
            return emoji;
        }
        if class::is_cjk(first) {
            let len = run(rest, first.len_utf8(), |c, _| class::extends_cjk(c));
            self.push(at, at + len, Traits::CJK);
            return len;
        }
        if !class::is_word(first) {
            return first.len_utf8();
        }
        let len = run(rest, first.len_utf8(), in_word);
        let (word, tail) = rest.split_at_checked(len).unwrap_or((rest, ""));
        let Some(before) = link(word, tail) else {
            self.push(at, at + len, Traits::WORD);
            return len;
        };
        if before > 0 {
            self.push(at, at + before, Traits::WORD);
        }
        let end = len + tail.find(char::is_whitespace).unwrap_or(tail.len());
        self.push(at + before, at + end, Traits::LINK);
        end
    }

    /// Adds the token on bytes `start..end`.
    fn push(&mut self, start: usize, end: usize, kind: u32) {
        let (Some(raw), Some(head)) = (self.source.get(start..end), self.source.get(..start)) else { return };
        let from = self.folded.len();
        let mut traits = kind;
        if kind == Traits::LINK {
            self.folded.push_str(raw);
        } else {
            fold::fold_into(raw, self.folded);
            traits |= mark(head) | self.joined(head);
            if kind != Traits::EMOJI {
                traits |= letters(raw);
            }
        }
        let folded = self.folded.get(from..).unwrap_or("");
        self.tokens.push(Token {
            hash: hash::hash(folded),
            span: Span::new(start as u32, end as u32),
            folded: Span::new(from as u32, self.folded.len() as u32),
            position: self.position,
            traits: Traits(traits),
        });
        self.position += u32::from(kind != Traits::LINK);
    }

    /// Whether one apostrophe or hyphen is all that stands between the token before and here, the end of `head`.
    fn joined(&self, head: &str) -> u32 {
        let glue = self.tokens.last().and_then(|before| head.get(before.span.end as usize..));
        match glue {
            Some("'" | "’" | "-" | "‐" | "‑") => Traits::JOINED,
            _ => 0,
        }
    }
}

/// The length of the run that starts `text`: `first` bytes and the characters after them that `keep` passes, given
/// the character and the text from it on.
fn run(text: &str, first: usize, keep: impl Fn(char, &str) -> bool) -> usize {
    let tail = text.get(first..).unwrap_or("");
    let end = tail.char_indices().find(|(at, c)| !keep(*c, tail.get(*at..).unwrap_or("")));
    end.map_or(text.len(), |(at, _)| first + at)
}

/// Whether a word goes on with `c`, at the start of `rest`.
fn in_word(c: char, rest: &str) -> bool {
    (class::is_word(c) && !class::is_cjk(c) || class::extends(c)) && emoji::sequence(rest) == 0
}

/// Where in `word`, with `tail` behind it, a link begins.
fn link(word: &str, tail: &str) -> Option<usize> {
    let scheme = |name: &str| {
        let at = word.len().checked_sub(name.len())?;
        word.get(at..)?.eq_ignore_ascii_case(name).then_some(at)
    };
    let (at, body) = if let Some(body) = tail.strip_prefix("://") {
        (scheme("https").or_else(|| scheme("http"))?, body)
    } else {
        (scheme("www").filter(|at| *at == 0)?, tail.strip_prefix('.')?)
    };
    body.starts_with(|c: char| !c.is_whitespace()).then_some(at)
}

/// The mark that ends `head`.
fn mark(head: &str) -> u32 {
    match head.chars().next_back().and_then(Mark::of) {
        Some(Mark::Hash) => Traits::MARK_HASH,
        Some(Mark::At) => Traits::MARK_AT,
        Some(Mark::Cash) => Traits::MARK_CASH,
        None => 0,
    }
}

/// The flags that depend on the letters of a word.
fn letters(word: &str) -> u32 {
    let mut flags = 0;
    let (mut letters, mut small, mut run, mut last) = (0, 0, 0, '\0');
    for c in word.chars().filter(|c| !class::extends(*c)) {
        let folded = c.to_lowercase().next().unwrap_or(c);
        if c.is_alphabetic() {
            if letters == 0 && c.is_uppercase() {
                flags |= Traits::TITLE;
            }
            letters += 1;
            small += u32::from(!c.is_uppercase());
        }
        if c.is_numeric() {
            flags |= Traits::DIGIT;
        }
        run = if folded == last { run + 1 } else { 1 };
        if run >= 3 && c.is_alphabetic() {
            flags |= Traits::ELONGATED;
        }
        last = folded;
    }
    if letters >= 2 && small == 0 {
        flags |= Traits::UPPER;
    }
    flags
}
