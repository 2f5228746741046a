//! Texts as platforms write them, to plain text with facets: entities, HTML, offsets in other units.

use crate::model::{Facet, FacetKind, Personal, Span};

/// A plain text and the way from a platform's offsets into it.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// The text.
    pub(super) text: String,
    /// The byte of the text at each offset of the source; the last is the length.
    starts: Vec<u32>,
}

impl Plain {
    /// Decodes the character references of `source`; offsets count Unicode scalar values (X).
    pub(super) fn decode(source: &str) -> Self {
        let mut plain = Self::default();
        let mut rest = source;
        while let Some(first) = rest.chars().next() {
            let (decoded, length) = reference(rest).unwrap_or((first, first.len_utf8()));
            let (taken, left) = rest.split_at_checked(length).unwrap_or((rest, ""));
            plain.push(decoded, taken.chars().count());
            rest = left;
        }
        plain.starts.push(plain.text.len() as u32);
        plain
    }

    /// Takes `source` as it stands; offsets count UTF-16 code units (Meta, LinkedIn).
    pub(super) fn utf16(source: &str) -> Self {
        let mut plain = Self::default();
        source.chars().for_each(|c| plain.push(c, c.len_utf16()));
        plain.starts.push(plain.text.len() as u32);
        plain
    }

    /// Adds a character that took `units` of the source.
    fn push(&mut self, c: char, units: usize) {
        self.starts.extend(std::iter::repeat_n(self.text.len() as u32, units));
        self.text.push(c);
    }

    /// The bytes under the source's units `start..end`, or `None` where these do not lie in the text.
    pub(super) fn span(&self, start: u64, end: u64) -> Option<Span> {
        let byte = |offset: u64| self.starts.get(usize::try_from(offset).ok()?).copied();
        let span = Span::new(byte(start)?, byte(end)?);
        (!span.is_empty()).then_some(span)
    }
}

/// A character reference at the start of the text: the character, and the length of the reference.
///
/// The five of XML, `&nbsp;` and numbers; other names stay as they are written.
fn reference(text: &str) -> Option<(char, usize)> {
    let body = text.strip_prefix('&')?;
    let end = body.bytes().take(10).position(|byte| byte == b';')?;
    let name = body.get(..end)?;
    let decoded = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')?
        }
    };
    Some((decoded, end + 2))
}

/// Plain text of HTML, with a facet for each link.
///
/// Tags go; `br` and the ends of blocks become line breaks; white space stays as written; comments,
/// scripts and styles go with what they hold. A link with class `mention` or `hashtag` becomes that kind
/// of facet (Mastodon). Time is linear in the input.
pub(super) fn from_html(html: &str) -> (String, Vec<Facet>) {
    let mut text = String::with_capacity(html.len());
    let mut facets = Vec::new();
    let mut link: Option<(u32, String, FacetKind)> = None;
    let mut rest = html;
    while let Some(first) = rest.chars().next() {
        if first == '<' && opens_tag(rest) {
            let (tag, left) = tag(rest);
            rest = left;
            let name = tag.trim_start_matches('/').split([' ', '\t', '\n', '/']).next().unwrap_or("");
            let closing = tag.starts_with('/');
            match name.to_ascii_lowercase().as_str() {
                "br" => text.push('\n'),
                "p" | "div" | "li" | "blockquote" | "h1" | "h2" | "h3" if closing => text.push_str("\n\n"),
                "script" | "style" if !closing => rest = skip_to_close(rest, name),
                "a" if closing => close(&mut link, &text, &mut facets),
                "a" => {
                    close(&mut link, &text, &mut facets);
                    let class = attribute(tag, "class").unwrap_or_default();
                    let has = |word: &str| class.split_whitespace().any(|c| c == word);
                    let kind = match () {
                        () if has("hashtag") => FacetKind::Hashtag,
                        () if has("mention") => FacetKind::Mention,
                        () => FacetKind::Link,
                    };
                    link = attribute(tag, "href").map(|href| (text.len() as u32, href, kind));
                }
                _ => {}
            }
            continue;
        }
        let (decoded, length) = reference(rest).unwrap_or((first, first.len_utf8()));
        text.push(decoded);
        rest = rest.split_at_checked(length).map_or("", |(_, left)| left);
    }
    close(&mut link, &text, &mut facets);
    let trimmed = text.trim_end().len();
    text.truncate(trimmed);
    facets.retain(|facet| facet.span.range().end <= trimmed);
    (text, facets)
}

fn opens_tag(rest: &str) -> bool {
    rest.chars().nth(1).is_some_and(|c| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

/// The inside of the tag at the start of the text, and what follows it; a tag that never ends runs to the end.
fn tag(rest: &str) -> (&str, &str) {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return ("", comment.split_once("-->").map_or("", |(_, left)| left));
    }
    let inside = rest.strip_prefix('<').unwrap_or(rest);
    let mut quote = None;
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (None, '>') => return (inside.get(..at).unwrap_or(""), inside.get(at + 1..).unwrap_or("")),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    (inside, "")
}

fn skip_to_close<'a>(rest: &'a str, name: &str) -> &'a str {
    rest.match_indices("</")
        .find(|(at, _)| rest.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)))
        .and_then(|(at, _)| rest.get(at..))
        .unwrap_or("")
}

/// The value of an attribute, quoted either way, character references decoded.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    loop {
        let (before, after) = rest.split_once('=')?;
        let key = before.trim_end().rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
        let after = after.trim_start();
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => match after.strip_prefix('\'') {
                Some(quoted) => quoted.split_once('\'').unwrap_or((quoted, "")),
                None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
            },
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(Plain::decode(value).text);
        }
        rest = left;
    }
}

fn close(link: &mut Option<(u32, String, FacetKind)>, text: &str, facets: &mut Vec<Facet>) {
    if let Some((start, href, kind)) = link.take() {
        let span = Span::new(start, text.len() as u32);
        if let Some(shown) = span.of(text).filter(|_| !span.is_empty()) {
            let target = match kind {
                FacetKind::Hashtag => shown.trim_start_matches('#').to_owned(),
                _ => href,
            };
            facets.push(Facet { span, kind, target: Some(Personal::from(target)) });
        }
    }
}
