//! E-mail addresses and phone numbers, as people write them in posts.

use super::url;
use std::ops::Range;

/// Bytes of the longest local part of an address (RFC 5321).
const LOCAL: usize = 64;

/// The e-mail address around the `@` at byte `at`.
///
/// Its host ends in a top-level domain. `@user@host` is an account on another server, not an address.
pub(super) fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
    let in_local = |b: &u8| b.is_ascii_alphanumeric() || b"._%+-".contains(b);
    let local = head.bytes().rev().take(LOCAL).take_while(in_local).count();
    let start = at - local;
    let local = head.get(start..)?;
    let skip = local.len() - local.trim_start_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_').len();
    if skip == local.len() || head.get(..start)?.ends_with(['@', '/']) {
        return None;
    }
    let in_host = |b: &u8| b.is_ascii_alphanumeric() || b"-.".contains(b);
    let host = tail.get(..tail.bytes().take(255).take_while(in_host).count())?;
    Some(start + skip..at + 1 + url::domain(host, tail)?)
}

/// Groups of digits in the longest phone number that is looked for.
const GROUPS: usize = 6;

/// The phone number whose first digit is at byte `at`.
///
/// With `+` or `00` in front, 8 to 15 digits in any grouping; else the North American shape (3-3-4, also behind a 1)
/// or a trunk 0 with 9 to 12 digits in two groups or more, that cannot be a date. A bare run of digits is none.
pub(super) fn phone(text: &str, at: usize) -> Option<Range<usize>> {
    let head = text.get(..at)?;
    let sign = head.trim_end_matches('(');
    let plus = sign.ends_with('+');
    let lead = sign.strip_suffix('+').unwrap_or(sign);
    if lead.ends_with(|c: char| c.is_alphanumeric() || "+-./#$€£_%=&,@".contains(c))
        || head.len() - lead.len() > 2
    {
        return None;
    }
    let mut sizes = [0; GROUPS];
    let mut ends = [0; GROUPS];
    let mut end = at;
    let mut count = 0;
    for (size, stop) in sizes.iter_mut().zip(&mut ends) {
        let rest = text.get(end..)?;
        let gap = if count == 0 { 0 } else { separator(rest) };
        let digits = rest.get(gap..)?.bytes().take(16).take_while(u8::is_ascii_digit).count();
        if digits == 0 || count > 0 && gap == 0 {
            break;
        }
        end += gap + digits;
        (*size, *stop) = (digits, end);
        count += 1;
    }
    (1..=count).rev().find_map(|count| {
        let end = *ends.get(count - 1)?;
        let glued = text.get(end..)?.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '%'));
        let trunk = text.get(at..)?.bytes().take_while(|b| *b == b'0').count();
        (!glued && is_phone(sizes.get(..count)?, plus, trunk)).then_some(lead.len()..end)
    })
}

/// The length of what separates two groups: one or two of space, dash, dot, slash and brackets.
fn separator(text: &str) -> usize {
    let one = |c: char| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{A0}' | '\u{2011}');
    text.chars().take(2).take_while(|c| one(*c)).map(char::len_utf8).sum()
}

/// Whether groups of these sizes are a phone number, behind a plus or with so many zeros in front.
fn is_phone(sizes: &[usize], plus: bool, trunk: usize) -> bool {
    let digits: usize = sizes.iter().sum();
    match sizes {
        _ if plus => (8..=15).contains(&digits),
        _ if trunk == 2 => (10..=17).contains(&digits),
        [3, 3, 4] | [1, 3, 3, 4] => true,
        [2, 2, 2 | 4] => false,
        [first, _, ..] => trunk == 1 && (2..=5).contains(first) && (9..=12).contains(&digits),
        _ => false,
    }
}
