//! Layer 1 once more, slowly: character by character, from the description alone.

use hearken::text::{Mark, TokenKind};
use regex::Regex;
use std::sync::LazyLock;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What the description says of one token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plain {
    pub kind: TokenKind,
    pub span: (usize, usize),
    pub position: Option<u32>,
    pub folded: String,
    pub mark: Option<Mark>,
    /// Capitals, title, digit, joined, elongated.
    pub traits: [bool; 5],
}

static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    let sign = r"[\u{FE0E}\u{FE0F}\u{20E3}\u{1F3FB}-\u{1F3FF}\u{E0020}-\u{E007F}]";
    let alone = r"\u{231A}-\u{231B}\u{23E9}-\u{23FA}\u{25FD}-\u{25FE}\u{2600}-\u{27BF}\u{2B1B}-\u{2B1C}\u{2B50}\u{2B55}\u{1F000}-\u{1FFFF}";
    let first = format!(
        r"(?:[\p{{Extended_Pictographic}}&&[{alone}]]|[\p{{Extended_Pictographic}}--[{alone}]]\u{{FE0F}})"
    );
    Regex::new(&format!(
        r"^(?:[0-9#*]\u{{FE0F}}?\u{{20E3}}|[\u{{1F1E6}}-\u{{1F1FF}}]{{1,2}}|[\u{{1F3FB}}-\u{{1F3FF}}]|{first}{sign}*(?:\u{{200D}}+\p{{Extended_Pictographic}}{sign}*)*)"
    ))
    .unwrap()
});

fn emoji(text: &str) -> usize {
    EMOJI.find(text).map_or(0, |found| found.end())
}

fn cjk(c: char) -> bool {
    let blocks = [
        0x1100..0x1200,
        0x3005..0x3008,
        0x3021..0x302A,
        0x3031..0x3036,
        0x3038..0x303D,
        0x3041..0x3097,
        0x309D..0x30A0,
        0x30A1..0x30FB,
        0x30FC..0x3100,
        0x3105..0x318F,
        0x31A0..0x31C0,
        0x31F0..0x3200,
        0x3400..0x4DC0,
        0x4E00..0xA000,
        0xA960..0xA97D,
        0xAC00..0xD7FC,
        0xF900..0xFB00,
        0xFF66..0xFF9E,
        0xFFA0..0xFFDD,
        0x1AFF0..0x1B170,
        0x20000..0x323B0,
    ];
    c.is_alphanumeric() && blocks.iter().any(|block| block.contains(&(c as u32)))
}

fn invisible(c: char) -> bool {
    let c = c as u32;
    c == 0xAD
        || c == 0x200C
        || c == 0x200D
        || (0xFE00..=0xFE0F).contains(&c)
        || (0xE0100..=0xE01EF).contains(&c)
}

fn glued(c: char) -> bool {
    is_combining_mark(c) || invisible(c)
}

fn glued_cjk(c: char) -> bool {
    let code = c as u32;
    glued(c)
        || (0x1160..0x1200).contains(&code)
        || (0xD7B0..0xD7FC).contains(&code)
        || (0xFF9E..0xFFA0).contains(&code)
}

fn few_marks(text: &str) -> String {
    let mut run = 0;
    let mut keep = |c: char| {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        run <= 8
    };
    text.chars().filter(|c| keep(*c)).collect()
}

/// The folded form, step by step.
pub fn fold(word: &str) -> String {
    if !word.is_empty() && emoji(word) == word.len() {
        let bare = word.replace(['\u{FE0E}', '\u{FE0F}'], "");
        return if emoji(&bare) == bare.len() { bare } else { word.to_owned() };
    }
    let visible = few_marks(&word.replace(invisible, ""));
    let plain: String = visible.nfkc().collect();
    let small: String = plain.replace('İ', "i").chars().flat_map(char::to_lowercase).collect();
    few_marks(&small.replace('ς', "σ").nfc().collect::<String>())
}

/// The tokens of `source`.
pub fn tokens(source: &str) -> Vec<Plain> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let pictured = emoji(rest);
        let len = |keep: &dyn Fn(usize, char) -> bool| {
            rest.char_indices().skip(1).find(|(i, c)| !keep(*i, *c)).map_or(rest.len(), |(i, _)| i)
        };
        if pictured > 0 {
            found.push((TokenKind::Emoji, at, at + pictured));
            at += pictured;
        } else if cjk(first) {
            let end = at + len(&|_, c| glued_cjk(c));
            found.push((TokenKind::Cjk, at, end));
            at = end;
        } else if first.is_alphanumeric() || first == '_' {
            let in_word = |i: usize, c: char| {
                let word = c.is_alphanumeric() || c == '_';
                if word { !cjk(c) && emoji(&rest[i..]) == 0 } else { glued(c) }
            };
            let end = at + len(&in_word);
            let blank = source[end..].find(char::is_whitespace).map_or(source.len(), |i| end + i);
            match link(&source[at..end], &source[end..]) {
                Some(start) => {
                    if start > 0 {
                        found.push((TokenKind::Word, at, at + start));
                    }
                    found.push((TokenKind::Link, at + start, blank));
                    at = blank;
                }
                None => {
                    found.push((TokenKind::Word, at, end));
                    at = end;
                }
            }
        } else {
            at += first.len_utf8();
        }
    }
    describe(source, &found)
}

/// Where in the word, with `tail` behind it, a link starts.
fn link(word: &str, tail: &str) -> Option<usize> {
    let goes_on = |from: usize| tail[from..].chars().next().is_some_and(|c| !c.is_whitespace());
    let small = word.to_ascii_lowercase();
    if tail.starts_with("://") && goes_on(3) {
        return [5, 4].into_iter().find_map(|len| small.ends_with(&"https"[..len]).then(|| word.len() - len));
    }
    (small == "www" && tail.starts_with('.') && goes_on(1)).then_some(0)
}

fn describe(source: &str, found: &[(TokenKind, usize, usize)]) -> Vec<Plain> {
    let mut position = 0;
    let mut before = None;
    let mut tokens = Vec::new();
    for &(kind, start, end) in found {
        let raw = &source[start..end];
        let sign = source[..start].chars().next_back();
        let gap = before.map(|before: usize| &source[before..start]);
        let linked = kind == TokenKind::Link;
        let joined = !linked && gap.is_some_and(|gap| ["'", "’", "-", "‐", "‑"].contains(&gap));
        let mark = match sign {
            _ if linked => None,
            Some('#' | '＃') => Some(Mark::Hash),
            Some('@' | '＠') => Some(Mark::At),
            Some('$') => Some(Mark::Cash),
            _ => None,
        };
        let [upper, title, digit, elongated] =
            if kind == TokenKind::Word { letters(raw) } else { [false; 4] };
        tokens.push(Plain {
            kind,
            span: (start, end),
            position: (!linked).then_some(position),
            folded: if linked { raw.to_owned() } else { fold(raw) },
            mark,
            traits: [upper, title, digit, joined, elongated],
        });
        position += u32::from(!linked);
        before = Some(end);
    }
    tokens
}

/// Capitals, title, digit, elongated.
fn letters(raw: &str) -> [bool; 4] {
    let chars: Vec<char> = raw.chars().filter(|c| c.is_ascii() || !glued(*c)).collect();
    let letters: Vec<char> = chars.iter().copied().filter(|c| c.is_alphabetic()).collect();
    let small = |c: char| if c.is_uppercase() { c.to_lowercase().next().unwrap() } else { c };
    [
        letters.len() >= 2 && letters.iter().all(|c| c.is_uppercase()),
        letters.first().is_some_and(|c| c.is_uppercase()),
        chars.iter().any(|c| c.is_numeric()),
        chars
            .windows(3)
            .any(|w| w[2].is_alphabetic() && small(w[0]) == small(w[1]) && small(w[1]) == small(w[2])),
    ]
}
