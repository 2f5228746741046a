//! Hashtags, mentions, lists and cashtags, by the rules of twitter-text 3.

use super::class;

/// Letters of the longest handle of any platform (Instagram: 30).
const HANDLE: usize = 30;
/// Letters of the longest list name behind a handle.
const LIST: usize = 25;

/// The end of the hashtag whose sign stands at `sign` and whose name starts at `name`.
///
/// It holds a letter, is not glued to a word before, and no `#` or `://` follows.
pub(super) fn hashtag(text: &str, sign: usize, name: usize) -> Option<usize> {
    let glued = |c| (in_hashtag(c) || c == '&') && !matches!(c, '\u{FE0E}' | '\u{FE0F}');
    if before(text, sign).is_some_and(glued) {
        return None;
    }
    let rest = text.get(name..)?;
    if rest.starts_with(['\u{FE0F}', '\u{20E3}']) {
        return None;
    }
    let after = rest.trim_start_matches(in_hashtag);
    let body = rest.get(..rest.len() - after.len())?;
    let lettered = body.contains(|c: char| c.is_alphabetic() || class::is_mark(c));
    (lettered && !after.starts_with(['#', '＃']) && !after.starts_with("://")).then_some(name + body.len())
}

/// What may stand in a hashtag.
fn in_hashtag(c: char) -> bool {
    class::is_word(c)
        || matches!(
            c,
            '·' | '\u{5BE}'
                | '\u{5F3}'
                | '\u{5F4}'
                | '\u{F0B}'
                | '\u{F0C}'
                | '\u{200C}'
                | '\u{200D}'
                | '\u{3003}'
                | '\u{301C}'
                | '\u{309B}'
                | '\u{309C}'
                | '\u{30A0}'
                | '\u{30FB}'
                | '\u{A67E}'
                | '\u{FF5E}'
        )
        || !c.is_ascii() && class::is_mark(c)
}

/// The ends of the handle and of the list behind it, for the mention whose sign stands at `sign`, its name at `name`.
///
/// The two are the same where there is no list. It is not glued to a word before (other than `RT`), and no `@`,
/// accented letter or `://` follows.
pub(super) fn mention(text: &str, sign: usize, name: usize) -> Option<(usize, usize)> {
    let bars = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '!' | '#' | '$' | '%' | '&' | '*' | '@' | '＠')
    };
    if before(text, sign).is_some_and(bars) && !is_retweet(text.get(..sign)?) {
        return None;
    }
    let rest = text.get(name..)?;
    let in_name = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    let len = rest.bytes().take_while(in_name).count();
    let slug =
        rest.get(len..)?.strip_prefix('/').filter(|slug| slug.starts_with(|c: char| c.is_ascii_alphabetic()));
    let list =
        slug.map_or(0, |slug| 1 + slug.bytes().take(LIST).take_while(|b| in_name(b) || *b == b'-').count());
    let after = rest.get(len + list..)?;
    let ends = !after.starts_with(['@', '＠'])
        && !after.starts_with(class::is_latin_accent)
        && !after.starts_with("://");
    ((1..=HANDLE).contains(&len) && ends).then_some((name + len, name + len + list))
}

/// Whether `head` ends in the word `RT`.
fn is_retweet(head: &str) -> bool {
    let Some(at) = head.len().checked_sub(2) else { return false };
    let glued = |c: char| c.is_ascii_alphanumeric() || "_+~.-".contains(c);
    head.get(at..).is_some_and(|tail| tail.eq_ignore_ascii_case("rt")) && !before(head, at).is_some_and(glued)
}

/// The end of the cashtag whose sign stands at `sign`, its name at `name`: one to six letters, and one or two more
/// behind a dot or underscore.
pub(super) fn cashtag(text: &str, sign: usize, name: usize) -> Option<usize> {
    if !before(text, sign).is_none_or(|c| c.is_whitespace() || class::is_directional(c)) {
        return None;
    }
    let rest = text.get(name..)?;
    let len = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let ends = |end: &usize| {
        let next = rest.get(*end..).and_then(|rest| rest.chars().next());
        next.is_none_or(|c| c.is_whitespace() || c.is_ascii_punctuation())
    };
    let suffix = rest.get(len..)?.strip_prefix(['.', '_']).unwrap_or("");
    let more = suffix.bytes().take_while(u8::is_ascii_alphabetic).count();
    let whole = if (1..=2).contains(&more) { len + 1 + more } else { len };
    (1..=6).contains(&len).then(|| [whole, len].into_iter().find(ends)).flatten().map(|end| name + end)
}

/// The character before byte `at`.
fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at)?.chars().next_back()
}
