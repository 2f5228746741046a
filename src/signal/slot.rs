//! What stands behind a cue: a name, the two names of a change, the rest of a clause.

use super::Switch;
use super::pattern::Shape;
use crate::model::Span;
use crate::text::{Text, Token, TokenKind};
use std::ops::Range;

/// Words of a name at most.
const NAME: usize = 4;
/// Words between a cue and the second name at most.
const REACH: usize = 6;
/// Words of a wish at most.
const WISH: usize = 12;

/// Words that stand before a name and are no part of it.
const BEFORE: [&str; 22] = [
    "a", "an", "the", "my", "our", "your", "their", "his", "her", "this", "that", "these", "those", "to",
    "out", "using", "use", "old", "new", "good", "some", "with",
];
/// Words that end a name, and that no name is.
const AFTER: [&str; 40] = [
    "and",
    "or",
    "but",
    "because",
    "since",
    "so",
    "for",
    "to",
    "from",
    "with",
    "in",
    "on",
    "at",
    "of",
    "it",
    "is",
    "was",
    "if",
    "as",
    "when",
    "after",
    "before",
    "last",
    "today",
    "yesterday",
    "now",
    "this",
    "that",
    "anyone",
    "instead",
    "who",
    "which",
    "not",
    "you",
    "them",
    "him",
    "her",
    "me",
    "us",
    "any",
];

/// The name that follows a cue.
pub(super) fn name_after(text: &Text, cue: Span) -> Option<Span> {
    name(text, rest(text, text.clauses(), after(text, cue)), None).map(|(span, _)| span)
}

/// The names of a change whose words end at `cue`; both are in its sentence.
pub(super) fn switch(text: &Text, cue: Span, shape: &Shape) -> Option<Switch> {
    let behind = rest(text, text.sentences(), after(text, cue));
    let between = shape.between.as_deref();
    let (first, taken) = name(text, behind, between)?;
    let further = behind.get(taken..).unwrap_or(&[]);
    let second = between.and_then(|word| {
        let at = further.iter().take(REACH).position(|token| text.folded(token) == word)?;
        name(text, further.get(at + 1..)?, None).map(|(span, _)| span)
    });
    let (from, to) = if shape.from_first { (Some(first), second) } else { (second, Some(first)) };
    // "left the house" changes no product: words that mean much else need both names.
    let plain = shape.from_first && between != Some("to") && between.is_some();
    (!plain || (from.is_some() && to.is_some())).then_some(Switch { cue, from, to })
}

/// The rest of the clause behind a cue, without the articles it begins with.
pub(super) fn rest_of_clause(text: &Text, cue: Span) -> Option<Span> {
    let behind = rest(text, text.clauses(), after(text, cue));
    let begin = behind.iter().position(|token| !skipped(text, token))?;
    let wish = behind.get(begin..)?;
    let end =
        wish.iter().position(|token| ["so", "because", "please", "pls", "plz"].contains(&text.folded(token)));
    span(wish.get(..end.unwrap_or(wish.len()).min(WISH))?)
}

/// The tokens from `start` to the end of the clause or sentence that token is in.
fn rest(text: &Text, mut units: impl Iterator<Item = Range<usize>>, start: usize) -> &[Token] {
    let end = units.find(|unit| unit.contains(&start)).map_or(start, |unit| unit.end);
    text.tokens().get(start..end).unwrap_or(&[])
}

/// The first token behind a cue.
fn after(text: &Text, cue: Span) -> usize {
    text.tokens().partition_point(|token| token.span().start < cue.end)
}

/// The first name among `tokens`, and how many tokens were read. A name that begins with a capital, a digit or
/// a mark goes on while its words do; one that does not is a single word.
fn name(text: &Text, tokens: &[Token], until: Option<&str>) -> Option<(Span, usize)> {
    let begin = tokens.iter().position(|token| !skipped(text, token))?;
    let rest = tokens.get(begin..)?;
    let first = rest.first().filter(|token| is_word(token) && !AFTER.contains(&text.folded(token)))?;
    let goes_on = |pair: &[Token]| match pair {
        [before, next] => {
            // One character, or two where a mark stands before the word: "Big Bank", "big-bank"; not "Acme, Globex".
            let gap = next.span().start.saturating_sub(before.span().end);
            let near = gap <= 1 + u32::from(next.mark().is_some());
            let part = next.is_joined() || (proper(first) && proper(next));
            near && part && is_word(next) && until != Some(text.folded(next))
        }
        _ => false,
    };
    let length = 1 + rest.windows(2).take(NAME - 1).take_while(|pair| goes_on(pair)).count();
    // "Acme's" is Acme.
    let named = rest.get(..length)?;
    let named = match named {
        [before @ .., last] if !before.is_empty() && last.is_joined() && text.folded(last) == "s" => before,
        all => all,
    };
    Some((span(named)?, begin + length))
}

fn skipped(text: &Text, token: &Token) -> bool {
    BEFORE.contains(&text.folded(token))
}

fn proper(token: &Token) -> bool {
    token.is_title() || token.is_upper() || token.has_digit() || token.mark().is_some()
}

fn is_word(token: &Token) -> bool {
    matches!(token.kind(), TokenKind::Word | TokenKind::Cjk)
}

fn span(tokens: &[Token]) -> Option<Span> {
    Some(Span::new(tokens.first()?.span().start, tokens.last()?.span().end))
}
