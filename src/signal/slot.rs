//! What stands behind a cue: a name, the two names of a change, the rest of a clause.

use super::Switch;
use super::pattern::Shape;
use crate::model::Span;
use crate::text::{Text, Token, TokenKind};

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
    let tokens = text.tokens();
    name(text, clause(text, tokens.partition_point(|token| token.span().start < cue.end)), None)
        .map(|(span, _)| span)
}

/// The names of a change whose words end at `cue`.
pub(super) fn switch(text: &Text, cue: Span, shape: &Shape) -> Option<Switch> {
    let tokens = text.tokens();
    let start = tokens.partition_point(|token| token.span().start < cue.end);
    let behind = clause(text, start);
    let between = shape.between.as_deref();
    let (first, taken) = name(text, behind, between)?;
    let rest = behind.get(taken..).unwrap_or(&[]);
    let second = between.and_then(|word| {
        let at = rest.iter().take(REACH).position(|token| text.folded(token) == word)?;
        name(text, rest.get(at + 1..)?, None).map(|(span, _)| span)
    });
    let (from, to) = if shape.from_first { (Some(first), second) } else { (second, Some(first)) };
    // "left the house" changes no product: words that mean much else need both names.
    let plain = shape.from_first && between != Some("to") && between.is_some();
    (!plain || (from.is_some() && to.is_some())).then_some(Switch { cue, from, to })
}

/// The rest of the clause behind a cue, without the articles it begins with.
pub(super) fn rest_of_clause(text: &Text, cue: Span) -> Option<Span> {
    let tokens = text.tokens();
    let behind = clause(text, tokens.partition_point(|token| token.span().start < cue.end));
    let begin = behind.iter().position(|token| !skipped(text, token))?;
    let wish = behind.get(begin..)?;
    let end =
        wish.iter().position(|token| ["so", "because", "please", "pls", "plz"].contains(&text.folded(token)));
    span(wish.get(..end.unwrap_or(wish.len()).min(WISH))?)
}

/// The tokens from `start` to the end of the clause that token is in.
fn clause(text: &Text, start: usize) -> &[Token] {
    let end = text.clauses().find(|clause| clause.contains(&start)).map_or(start, |clause| clause.end);
    text.tokens().get(start..end).unwrap_or(&[])
}

/// The first name among `tokens`, and how many tokens were read. A name that begins with a capital, a digit or
/// a mark goes on while its words do; one that does not is a single word.
fn name(text: &Text, tokens: &[Token], until: Option<&str>) -> Option<(Span, usize)> {
    let begin = tokens.iter().position(|token| !skipped(text, token))?;
    let rest = tokens.get(begin..)?;
    let first = rest.first().filter(|token| is_word(token) && !AFTER.contains(&text.folded(token)))?;
    let length = if proper(first) {
        let part = |token: &&Token| {
            (proper(token) || token.is_joined()) && is_word(token) && until != Some(text.folded(token))
        };
        1 + rest.iter().skip(1).take(NAME - 1).take_while(part).count()
    } else {
        1 + rest.iter().skip(1).take(NAME - 1).take_while(|token| token.is_joined()).count()
    };
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
