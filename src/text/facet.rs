//! Layer 2: the facets of a text, found from the marks and kinds of its tokens.

use super::token::Mark;
use super::{Text, TokenKind, contact, tag, url};
use crate::model::Span;
use std::ops::Range;

/// What a facet is.
///
/// ```
/// use hearken::text::{FacetKind, Text};
///
/// let text = Text::new("order 17 never came, mail me: ann@acme.com or +1 415 555 0100");
/// // What must not stand in a log.
/// let personal = |kind| matches!(kind, FacetKind::Email | FacetKind::Phone);
/// let facets = text.facets();
/// let hidden: Vec<_> = facets.iter().filter(|facet| personal(facet.kind())).map(|facet| text.name(facet)).collect();
/// assert_eq!(hidden, ["ann@acme.com", "+1 415 555 0100"]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FacetKind {
    /// `#tag`, with at least one letter.
    Hashtag,
    /// `@user`.
    Mention,
    /// `@user/list`, a list on X.
    List,
    /// `$TICKER`.
    Cashtag,
    /// A link, with a scheme or without: `https://acme.example/x`, `acme.com`.
    Link,
    /// An e-mail address.
    Email,
    /// A phone number with a country code or in a usual grouping.
    Phone,
    /// An emoji sequence.
    Emoji,
}

/// A stretch of a text that is more than words: see [`Text::facets`].
///
/// ```
/// use hearken::text::{FacetKind, Text};
///
/// let text = Text::new("@AcmeHelp #BatteryLife 😡 write to ann@acme.com");
/// let found: Vec<_> = text.facets().iter().map(|facet| (facet.kind(), text.name(facet))).collect();
/// assert_eq!(found, [
///     (FacetKind::Mention, "AcmeHelp"),
///     (FacetKind::Hashtag, "BatteryLife"),
///     (FacetKind::Emoji, "😡"),
///     (FacetKind::Email, "ann@acme.com"),
/// ]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Facet {
    kind: FacetKind,
    span: Span,
}

impl Facet {
    fn new(kind: FacetKind, range: Range<usize>) -> Self {
        Self { kind, span: Span::new(range.start as u32, range.end as u32) }
    }

    /// What it is.
    pub fn kind(&self) -> FacetKind {
        self.kind
    }

    /// Where it stands in the source, with its sign, in UTF-8 bytes.
    pub fn span(&self) -> Span {
        self.span
    }
}

/// The facets of `text` in order; of two that overlap the one that starts first.
pub(super) fn facets(text: &Text) -> Vec<Facet> {
    let source = text.source();
    let mut links = Vec::new();
    url::links(source, &mut links);
    let mut facets: Vec<Facet> =
        links.into_iter().map(|span| Facet { kind: FacetKind::Link, span }).collect();
    let linked = facets.len();
    for token in text.tokens().iter().filter(|token| !token.is_plain()) {
        let at = token.span().start as usize;
        match token.kind() {
            TokenKind::Emoji => facets.push(Facet::new(FacetKind::Emoji, token.span().range())),
            TokenKind::Link => in_link(source, token.span().range(), &mut facets),
            _ => {
                if let Some(mark) = token.mark() {
                    let sign = at
                        - source
                            .get(..at)
                            .and_then(|head| head.chars().next_back())
                            .map_or(0, char::len_utf8);
                    facets.extend(marked(source, mark, sign, at));
                }
                if token.has_digit() {
                    facets
                        .extend(contact::phone(source, at).map(|range| Facet::new(FacetKind::Phone, range)));
                }
            }
        }
    }
    if linked > 0 || facets.iter().any(|facet| matches!(facet.kind, FacetKind::Email | FacetKind::Phone)) {
        facets.sort_unstable_by_key(|facet| (facet.span.start, std::cmp::Reverse(facet.span.end)));
    }
    let mut end = 0;
    facets.retain(|facet| {
        let free = facet.span.start >= end;
        if free {
            end = facet.span.end;
        }
        free
    });
    facets
}

/// The facet that `mark` at `sign` makes of the name at `name`.
fn marked(source: &str, mark: Mark, sign: usize, name: usize) -> Option<Facet> {
    match mark {
        Mark::Hash => tag::hashtag(source, sign, name).map(|end| Facet::new(FacetKind::Hashtag, sign..end)),
        Mark::Cash => tag::cashtag(source, sign, name).map(|end| Facet::new(FacetKind::Cashtag, sign..end)),
        Mark::At => {
            let mention = tag::mention(source, sign, name).map(|(user, list)| {
                let kind = if user == list { FacetKind::Mention } else { FacetKind::List };
                Facet::new(kind, sign..list)
            });
            mention.or_else(|| contact::email(source, sign).map(|range| Facet::new(FacetKind::Email, range)))
        }
    }
}

/// The facets of a link token behind the link proper: it goes on to the next white space, which in CJK text may be far.
fn in_link(source: &str, range: Range<usize>, facets: &mut Vec<Facet>) {
    for (at, c) in source.get(range.clone()).unwrap_or("").char_indices() {
        let Some(mark) = Mark::of(c) else { continue };
        let sign = range.start + at;
        facets.extend(marked(source, mark, sign, sign + c.len_utf8()));
    }
}

/// The words of a CamelCase name that starts at byte `base`: cut at signs, before a capital behind a small letter or
/// digit, before the last of several capitals, and between a letter and a digit.
pub(super) fn parts(name: &str, base: u32) -> Vec<Span> {
    let mut parts: Vec<Span> = Vec::new();
    let mut before = None;
    let mut chars = name.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let (start, end) = (base + at as u32, base + (at + c.len_utf8()) as u32);
        let sign = !(c.is_alphanumeric() || super::class::extends(c)) || c == '_';
        if sign {
            before = None;
            continue;
        }
        match parts.last_mut() {
            Some(part) if before.is_some_and(|before| !cuts(before, c, next)) => part.end = end,
            _ => parts.push(Span::new(start, end)),
        }
        before = Some(c);
    }
    parts
}

/// Whether a new word starts at `c`, between `before` and `next`.
fn cuts(before: char, c: char, next: Option<char>) -> bool {
    if c.is_uppercase() {
        return !before.is_uppercase() || next.is_some_and(char::is_lowercase);
    }
    c.is_numeric() && before.is_alphabetic()
}
