//! Links, with and without a scheme, by the rules of twitter-text 3: its patterns, read from left to right once.
//!
//! Every link has a dot between two domain characters, so the search goes from dot to dot. Around one it takes the
//! *run*, everything that may stand in a host name, and in the run the longest *domain*: labels up to the last one
//! that starts with a top-level domain. Port, path and query follow. Nothing is looked at more than a few times.

use super::{class, tld};
use crate::model::Span;

/// Bytes of the longest link; and of the longest label of a domain, in punycode.
const LONGEST: usize = 4096;
const LABEL: usize = 63;
/// Characters of the longest `t.co` slug.
const SLUG: usize = 40;

/// Appends the links of `text` in order.
pub(super) fn links(text: &str, out: &mut Vec<Span>) {
    let (mut from, mut seek) = (0, 0);
    while let Some(found) = text.as_bytes().get(seek..).and_then(|rest| memchr::memchr(b'.', rest)) {
        let dot = seek + found;
        seek = dot + 1;
        if !joins(text, dot) {
            continue;
        }
        let (head, tail) = text.split_at_checked(dot).unwrap_or((text, ""));
        let head = head.get(from..).unwrap_or("");
        let start = from + head.trim_end_matches(in_run).len();
        let end = text.len() - tail.trim_start_matches(in_run).len();
        from = link(text, from, start, end, out).max(seek);
        seek = from;
    }
}

/// Whether the dot stands between two characters that may be letters of a label.
fn joins(text: &str, dot: usize) -> bool {
    let letter =
        |at: usize| text.as_bytes().get(at).is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii());
    letter(dot.wrapping_sub(1)) && letter(dot + 1)
}

/// What may stand in a host name.
fn in_run(c: char) -> bool {
    match c {
        '-' | '_' | '.' => true,
        _ if c.is_ascii() => c.is_ascii_alphanumeric(),
        '\u{180E}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}' => false,
        _ => !c.is_whitespace() && !class::is_directional(c),
    }
}

/// What may not stand directly before a link.
fn bars(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '@' | '＠' | '$' | '#' | '＃')
}

/// Takes the link in the run `start..end`, where everything before `from` is spent; answers up to where all is spent.
fn link(text: &str, from: usize, start: usize, end: usize, out: &mut Vec<Span>) -> usize {
    let run = text.get(start..end).unwrap_or("");
    let spent = text.get(from..start).unwrap_or("");
    let before = spent.chars().next_back();
    if let Some(scheme) = scheme(spent) {
        // A scheme inside a word still begins a link: the space before it was forgotten.
        let sign = spent.get(..spent.len() - scheme).and_then(|head| head.chars().next_back());
        if !sign.is_some_and(|c| bars(c) && !c.is_ascii_alphanumeric()) {
            return with_scheme(text, start - scheme, start, run, out).unwrap_or(end);
        }
    }
    // Directly behind the link before, or behind a character that bars links, the first character that does not
    // bar stands in for the one before.
    let skip = if start == 0 || before.is_some_and(|c| !bars(c)) {
        if before.is_some_and(|c| "-_./".contains(c)) {
            return end;
        }
        0
    } else {
        match run.char_indices().find(|(_, c)| !bars(*c)) {
            Some((at, c)) if !"-_.".contains(c) => at + c.len_utf8(),
            _ => return end,
        }
    };
    bare(text, start + skip, run.get(skip..).unwrap_or(""), out).unwrap_or(end)
}

/// The length of the scheme that ends `text`.
fn scheme(text: &str) -> Option<usize> {
    let ends = |scheme: &&str| {
        let at = text.len().checked_sub(scheme.len());
        at.and_then(|at| text.get(at..)).is_some_and(|tail| tail.eq_ignore_ascii_case(scheme))
    };
    ["https://", "http://"].into_iter().find(ends).map(|scheme| scheme.len())
}

/// The link that starts with a scheme at `start`, its host at `host`; answers its end.
fn with_scheme(text: &str, start: usize, host: usize, run: &str, out: &mut Vec<Span>) -> Option<usize> {
    let name = run.get(..domain(run, text.get(host..)?)?)?;
    let rest = text.get(host + name.len()..)?;
    let tail = Tail::of(rest);
    let end = host + name.len() + tail.len;
    if !fits(name, end - start) {
        return Some(end);
    }
    let kept = if name.eq_ignore_ascii_case("t.co") { short(rest) } else { Some(tail.len) };
    if let Some(kept) = kept {
        out.push(Span::new(start as u32, (host + name.len() + kept) as u32));
    }
    Some(end)
}

/// What `rest`, behind the host `t.co`, holds of its link: a slug and a query. `None` if the slug is too long.
fn short(rest: &str) -> Option<usize> {
    let slug =
        rest.strip_prefix('/').map_or(0, |path| path.bytes().take_while(u8::is_ascii_alphanumeric).count());
    match slug {
        0 => Some(Tail::of(rest).len),
        1..=SLUG => Some(1 + slug + query(rest.get(1 + slug..).unwrap_or(""))),
        _ => None,
    }
}

/// The links without a scheme in the run at `start`: the ASCII domains in it, path and query with the last one.
fn bare(text: &str, start: usize, run: &str, out: &mut Vec<Span>) -> Option<usize> {
    let name = run.get(..domain(run, text.get(start..)?)?)?;
    let tail = Tail::of(text.get(start + name.len()..)?);
    let end = start + name.len() + tail.len;
    if !fits(name, end - start) {
        return Some(end);
    }
    let first = out.len();
    let mut at = 0;
    while let Some(rest) = name.get(at..).filter(|rest| !rest.is_empty()) {
        at += match ascii_domain(rest) {
            Ok(len) => {
                out.push(Span::new((start + at) as u32, (start + at + len) as u32));
                len
            }
            Err(skip) => skip,
        };
    }
    if tail.path
        && let Some(last) = out.get_mut(first..).and_then(<[Span]>::last_mut)
    {
        last.end = end as u32;
    }
    Some(end)
}

/// The length of the longest domain at the start of `run`, which `text` goes on from.
pub(super) fn domain(run: &str, text: &str) -> Option<usize> {
    let mut end = None;
    let mut at = 0;
    let mut named = false; // the label before may stand directly before a top-level domain
    for label in run.split('.') {
        if named && let Some(len) = tld::at_start(text.get(at..).unwrap_or("")) {
            end = Some(at + len);
        }
        if label.is_empty() || label.starts_with(['-', '_']) || label.ends_with(['-', '_']) {
            break;
        }
        named = !label.contains('_');
        at += label.len() + 1;
    }
    end
}

/// The length of the domain of Latin labels at the start of `text`, or how far to go on to look for one.
fn ascii_domain(text: &str) -> Result<usize, usize> {
    let latin = |c: char| c.is_ascii_alphanumeric() || c == '-' || class::is_latin_accent(c);
    let mut end = None;
    let mut at = 0;
    for label in text.split('.') {
        if at > 0
            && let Some(len) = tld::at_start(text.get(at..).unwrap_or(""))
        {
            end = Some(at + len);
        }
        let run = label.len() - label.trim_start_matches(latin).len();
        at += run + 1;
        if run == 0 || run < label.len() {
            break;
        }
    }
    let skip = text.len() - text.trim_start_matches(latin).len();
    end.ok_or(skip + text.get(skip..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8))
}

/// What follows the host: port, path, query.
struct Tail {
    len: usize,
    path: bool,
}

impl Tail {
    fn of(rest: &str) -> Self {
        let digits =
            rest.strip_prefix(':').map_or(0, |port| port.bytes().take_while(u8::is_ascii_digit).count());
        let port = if digits > 0 { 1 + digits } else { 0 };
        let path = path(rest.get(port..).unwrap_or(""));
        let query = query(rest.get(port + path..).unwrap_or(""));
        Self { len: port + path + query, path: path > 0 }
    }
}

/// The length of the path at the start of `text`: it ends in a letter, a digit, one of `+-=_#/` or balanced brackets.
fn path(text: &str) -> usize {
    if !text.starts_with('/') {
        return 0;
    }
    let (mut at, mut end) = (0, 0);
    while let Some((rest, c)) = text.get(at..).and_then(|rest| rest.chars().next().map(|c| (rest, c))) {
        let brackets = if c == '(' { balanced(rest) } else { 0 };
        if brackets == 0 && !in_path(c) {
            break;
        }
        at += if brackets > 0 { brackets } else { c.len_utf8() };
        if brackets > 0 || is_path_letter(c) || "+-=_#/".contains(c) {
            end = at;
        }
    }
    end
}

fn is_path_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '\u{400}'..='\u{4FF}') || class::is_latin_accent(c)
}

fn in_path(c: char) -> bool {
    is_path_letter(c) || "!*';:=+,.$/%#[]-–_~@|&".contains(c)
}

/// The length of `(…)` or `(…(…)…)` at the start of `text`, 0 where the brackets do not balance or hold nothing.
fn balanced(text: &str) -> usize {
    let (mut depth, mut filled, mut inner) = (0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            '(' if depth < 2 && !inner => {
                inner = depth == 1;
                depth += 1;
                filled = false;
            }
            ')' if depth == 1 => return if filled || inner { at + 1 } else { 0 },
            ')' if depth == 2 && filled => depth = 1,
            _ if depth > 0 && in_path(c) => filled = true,
            _ => return 0,
        }
    }
    0
}

/// The length of the query at the start of `text`: it ends in a letter, a digit or one of `-_&=#/`.
fn query(text: &str) -> usize {
    if !text.starts_with('?') {
        return 0;
    }
    let inside = |b: &u8| b.is_ascii_alphanumeric() || b"!?*'@();:&=+$/%#[]-_.,~|".contains(b);
    let run = text.bytes().take_while(inside).count();
    let ends = |b: &u8| b.is_ascii_alphanumeric() || b"-_&=#/".contains(b);
    text.as_bytes().get(1..run).and_then(|run| run.iter().rposition(ends)).map_or(0, |last| last + 2)
}

/// Whether a link of `len` bytes with this domain can exist: bounds of the link and of each label in punycode.
fn fits(domain: &str, len: usize) -> bool {
    let separators = ['.', '。', '．', '｡'];
    len <= LONGEST && domain.split(separators).all(|label| encoded(label).is_some_and(|len| len <= LABEL))
}

/// The length of a label in punycode with its prefix (RFC 3492), `None` beyond all bounds or for a false prefix.
fn encoded(label: &str) -> Option<usize> {
    if label.is_ascii() {
        return Some(label.len());
    }
    let mut chars = ['\0'; LABEL];
    let mut count = 0;
    for (slot, c) in chars.iter_mut().zip(label.chars()) {
        *slot = c;
        count += 1;
    }
    let chars = chars.get(..count)?;
    if label.chars().nth(count).is_some() || label.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("xn--")) {
        return None;
    }
    let basic = chars.iter().filter(|c| c.is_ascii()).count() as u32;
    let mut len = 4 + basic + u32::from(basic > 0);
    let (mut code, mut delta, mut bias, mut done) = (128, 0_u32, 72, basic);
    while (done as usize) < count {
        let next = chars.iter().map(|c| *c as u32).filter(|c| *c >= code).min()?;
        delta += (next - code) * (done + 1);
        code = next;
        for c in chars {
            delta += u32::from((*c as u32) < code);
            if *c as u32 == code {
                len += digits(delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta += 1;
        code += 1;
    }
    Some(len as usize)
}

/// How many digits punycode writes for `delta`.
fn digits(mut delta: u32, bias: u32) -> u32 {
    let mut count = 1;
    for k in 1.. {
        let threshold = (36 * k as u32).saturating_sub(bias).clamp(1, 26);
        if delta < threshold {
            break;
        }
        delta = (delta - threshold) / (36 - threshold);
        count = k + 1;
    }
    count as u32
}

/// The next bias of punycode.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = delta / if first { 700 } else { 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}
