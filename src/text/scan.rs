//! Layer 1: one pass over the source that finds the tokens.
//!
//! Most of most posts is ASCII, so that is what the pass is built for. It looks at a *window* of 64 bytes and makes two
//! bit sets of it, word characters and bytes that are not ASCII; runs of ones are words, found by counting zeros. A
//! word of up to eight bytes is one 64-bit lane, from which its traits and hash follow without a loop. Where a word
//! touches a byte that is not ASCII, and for links, [`Scan::piece`] takes one token character by character.

use super::lane::{self, Letters};
use super::token::{Token, Traits};
use super::{class, emoji, fold, hash};
use crate::model::Span;

/// Bytes of a window, and of what is read from it: two lanes may start at its last byte.
const WINDOW: usize = 64;
const VIEW: usize = WINDOW + 16;

/// Zeros that stand behind the source, so that a view can be read at its last byte.
pub(super) const PADDING: &str = match std::str::from_utf8(&[0; VIEW]) {
    Ok(zeros) => zeros,
    Err(_) => "",
};

/// Splits `source`, the first `len` bytes of it, with [`PADDING`] behind; appends to `tokens`.
///
/// `folded` holds the source with ASCII capitals made small; folded forms that differ from it are appended.
pub(super) fn scan(source: &str, len: usize, folded: &mut String, tokens: &mut Vec<Token>) {
    let text = source.get(..len).unwrap_or("");
    Scan { source: text, bytes: source.as_bytes(), folded, tokens, position: 0, end: usize::MAX }.run();
}

/// The state of a pass.
struct Scan<'a> {
    source: &'a str,
    /// The source with its padding.
    bytes: &'a [u8],
    folded: &'a mut String,
    tokens: &'a mut Vec<Token>,
    /// The position of the next token.
    position: u32,
    /// Where the last token ends; before the first, one before the start.
    end: usize,
}

/// What the bytes of a window are, one bit each.
struct Window {
    word: u64,
    other: u64,
}

impl Window {
    fn of(view: &[u8; VIEW]) -> Self {
        let mut window = Self { word: 0, other: 0 };
        for (i, chunk) in view.as_chunks::<8>().0.iter().take(WINDOW / 8).enumerate() {
            let lane = u64::from_le_bytes(*chunk);
            window.word |= lane::bits(lane::word(lane)) << (8 * i);
            window.other |= lane::bits(lane::other(lane)) << (8 * i);
        }
        window
    }
}

impl Scan<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while at < self.source.len() {
            let Some(view) = self.bytes.get(at..).and_then(<[u8]>::first_chunk) else { return };
            at = self.window(at, view);
        }
    }

    /// Takes what lies in the window at byte `base`; answers where the next one starts.
    fn window(&mut self, base: usize, view: &[u8; VIEW]) -> usize {
        let window = Window::of(view);
        let mut from = 0; // the bits below it are spent
        loop {
            let start = ((window.word | window.other) & u64::MAX << from).trailing_zeros() as usize;
            if start == WINDOW {
                return base + WINDOW;
            }
            let end = (!window.word & u64::MAX << start).trailing_zeros() as usize;
            if end == WINDOW && start > 0 {
                return base + start;
            }
            let next = if end == WINDOW || window.other >> end & 1 == 1 && !is_stop(view, end) || start == end
            {
                self.piece(base + start)
            } else {
                self.word(view, base, start, end)
            };
            from = next - base;
            if from >= WINDOW {
                return next;
            }
        }
    }

    /// Takes the ASCII word on bytes `start..end` of the window at `base`; answers where to go on.
    fn word(&mut self, view: &[u8; VIEW], base: usize, start: usize, end: usize) -> usize {
        let after = view.get(end).map_or(0, |byte| *byte);
        if matches!(after, b':' | b'.') && self.is_link(base + start, base + end) {
            return self.piece(base + start);
        }
        let len = end - start;
        let lane = |at: usize| view.get(at..at + 8).map_or(0, lane::load);
        let mut traits = self.before(base + start);
        let left = lane::first(lane(start), len.min(8));
        let hash;
        if len <= 8 {
            let small = if lane::is_small(left, len) {
                left
            } else {
                let letters = Letters::of(left);
                traits |= short(&letters);
                letters.small
            };
            traits |= elongated(lane::tripled(small));
            hash = hash::short(small, 0, len);
        } else {
            let right = lane::first(lane(start + 8), len.min(16) - 8);
            if len <= 16 && lane::is_small(left, 8) && lane::is_small(right, len - 8) {
                let middle = left >> 48 | right << 16;
                traits |= elongated(lane::tripled(left) | lane::tripled(middle) | lane::tripled(right));
                hash = hash::short(left, right, len);
            } else {
                traits |= long(view.get(start..end).unwrap_or(&[]));
                hash = hash::hash(self.folded.get(base + start..base + end).unwrap_or(""));
            }
        }
        let span = Span::new((base + start) as u32, (base + end) as u32);
        self.push(Token { hash, span, folded: span, position: self.position, traits: Traits(traits) }, 1);
        base + end
    }

    /// Adds a token that takes `positions`, 0 or 1.
    fn push(&mut self, token: Token, positions: u32) {
        self.end = token.span.end as usize;
        self.position += positions;
        self.tokens.push(token);
    }

    /// The traits that follow from what stands before byte `at`: the mark, and whether it is joined.
    #[inline(always)]
    fn before(&self, at: usize) -> u32 {
        let byte = self.bytes.get(at.wrapping_sub(1)).map_or(0, |byte| *byte);
        if !byte.is_ascii() {
            return self.before_wide(at);
        }
        let traits = SIGNS.get(usize::from(byte)).map_or(0, |sign| *sign);
        // Only the character directly between two tokens joins.
        if at.wrapping_sub(self.end) == 1 { traits } else { traits & !Traits::JOINED }
    }

    /// The same where a character that is not ASCII stands before.
    #[cold]
    fn before_wide(&self, at: usize) -> u32 {
        let head = self.source.get(..at).unwrap_or("");
        match head.chars().next_back() {
            Some('＃') => Traits::MARK_HASH,
            Some('＠') => Traits::MARK_AT,
            Some('’' | '‐' | '‑') if at.wrapping_sub(self.end) == 3 => Traits::JOINED,
            _ => 0,
        }
    }

    /// Whether a link begins in the ASCII word on bytes `start..end`.
    #[cold]
    fn is_link(&self, start: usize, end: usize) -> bool {
        let (word, tail) = (self.source.get(start..end), self.source.get(end..));
        word.zip(tail).is_some_and(|(word, tail)| link(word, tail).is_some())
    }

    /// Takes what begins at byte `at`, one token or one character that is none; answers where to go on.
    fn piece(&mut self, at: usize) -> usize {
        let rest = self.source.get(at..).unwrap_or("");
        let Some(first) = rest.chars().next() else { return at + 1 };
        if let '\u{2010}'..='\u{203B}' = first {
            return at + first.len_utf8(); // common punctuation
        }
        let emoji = emoji::sequence(rest);
        if emoji > 0 {
            return self.slow(at, at + emoji, Traits::EMOJI);
        }
        if class::is_cjk(first) {
            return self.slow(at, at + run(rest, |c, _| class::extends_cjk(c)), Traits::CJK);
        }
        if !class::is_word(first) {
            return if class::is_mark(first) { self.keycap(at) } else { None }
                .unwrap_or(at + first.len_utf8());
        }
        let len = run(rest, in_word);
        let (word, tail) = rest.split_at_checked(len).unwrap_or((rest, ""));
        let Some(before) = link(word, tail) else { return self.slow(at, at + len, Traits::WORD) };
        if before > 0 {
            self.slow(at, at + before, Traits::WORD);
        }
        let end = tail.find(char::is_whitespace).unwrap_or(tail.len());
        self.slow(at + before, at + len + end, Traits::LINK)
    }

    /// Takes the keycap on a `#` or `*` just before byte `at`, which the window took for punctuation.
    fn keycap(&mut self, at: usize) -> Option<usize> {
        let sign = at.checked_sub(1)?;
        let rest = self.source.get(sign..)?;
        let len = emoji::sequence(rest);
        (len > 0 && rest.starts_with(['#', '*'])).then(|| self.slow(sign, sign + len, Traits::EMOJI))
    }

    /// Adds the token on bytes `start..end`, whatever is in it; answers its end.
    fn slow(&mut self, start: usize, end: usize, kind: u32) -> usize {
        let raw = self.source.get(start..end).unwrap_or("");
        let from = self.folded.len();
        let mut traits = kind;
        let mut folded = Span::new(start as u32, end as u32);
        match kind {
            Traits::LINK => self.folded.push_str(raw),
            Traits::EMOJI => fold::emoji_into(raw, self.folded),
            _ if fold::is_folded(raw) => {}
            _ => fold::fold_into(raw, self.folded),
        }
        if self.folded.len() > from {
            folded = Span::new(from as u32, self.folded.len() as u32);
        }
        if kind != Traits::LINK {
            traits |= self.before(start);
        }
        if kind == Traits::WORD {
            traits |= of_chars(raw);
        }
        let hash = hash::hash(folded.of(self.folded).unwrap_or(""));
        let span = Span::new(start as u32, end as u32);
        let positions = u32::from(kind != Traits::LINK);
        self.push(Token { hash, span, folded, position: self.position, traits: Traits(traits) }, positions);
        end
    }
}

/// What each byte means for the token behind it: a table, since which it is, is anyone's guess.
#[expect(clippy::indexing_slicing, reason = "run by the compiler, which would say so")]
const SIGNS: [u32; 256] = {
    let mut signs = [0; 256];
    signs[b'#' as usize] = Traits::MARK_HASH;
    signs[b'@' as usize] = Traits::MARK_AT;
    signs[b'$' as usize] = Traits::MARK_CASH;
    signs[b'\'' as usize] = Traits::JOINED;
    signs[b'-' as usize] = Traits::JOINED;
    signs
};

/// Whether the character at `at`, which is not ASCII, is one that ends any word: a quotation mark, dash or ellipsis
/// (U+2010 to U+203F), or an emoji (U+1F300 to U+1FAFF).
fn is_stop(view: &[u8; VIEW], at: usize) -> bool {
    matches!(view.get(at..at + 3), Some([0xE2, 0x80, 0x90..=0xBF] | [0xF0, 0x9F, 0x8C..=0xAB]))
}

/// The traits of an ASCII word of one lane, but for elongation.
fn short(word: &Letters) -> u32 {
    let first = word.letters & word.letters.wrapping_neg();
    let several = word.letters != first;
    flags(several && word.letters == word.capitals, word.capitals & first != 0, word.digits != 0)
}

fn flags(upper: bool, title: bool, digit: bool) -> u32 {
    let flag = |holds: bool, flag: u32| if holds { flag } else { 0 };
    flag(upper, Traits::UPPER) | flag(title, Traits::TITLE) | flag(digit, Traits::DIGIT)
}

fn elongated(tripled: u64) -> u32 {
    if tripled == 0 { 0 } else { Traits::ELONGATED }
}

/// The traits of an ASCII word of any length.
fn long(word: &[u8]) -> u32 {
    let (mut letters, mut capitals, mut title, mut digit, mut tripled) = (0, 0, false, false, 0);
    let (mut run, mut last) = (0, 0);
    for byte in word {
        let letter = byte.is_ascii_alphabetic();
        let capital = byte.is_ascii_uppercase();
        title |= letters == 0 && capital;
        letters += u32::from(letter);
        capitals += u32::from(capital);
        digit |= byte.is_ascii_digit();
        let small = byte.to_ascii_lowercase();
        run = if small == last { run + 1 } else { 1 };
        tripled |= u64::from(letter && run >= 3);
        last = small;
    }
    flags(letters >= 2 && letters == capitals, title, digit) | elongated(tripled)
}

/// The traits of any word.
fn of_chars(word: &str) -> u32 {
    let (mut letters, mut capitals, mut title, mut digit, mut tripled) = (0, 0, false, false, 0);
    let (mut run, mut last) = (0, '\0');
    for c in word.chars().filter(|c| !class::extends(*c)) {
        let letter = c.is_alphabetic();
        let capital = c.is_uppercase();
        title |= letters == 0 && capital;
        letters += u32::from(letter);
        capitals += u32::from(capital);
        digit |= c.is_numeric();
        let small = if capital { c.to_lowercase().next().unwrap_or(c) } else { c };
        run = if small == last { run + 1 } else { 1 };
        tripled |= u64::from(letter && run >= 3);
        last = small;
    }
    flags(letters >= 2 && letters == capitals, title, digit) | elongated(tripled)
}

/// The length of the first character of `text` and the characters after it that `keep` passes, given the character
/// and the text from it on.
fn run(text: &str, keep: impl Fn(char, &str) -> bool) -> usize {
    let mut rest = text.chars();
    rest.next();
    loop {
        let before = rest.as_str();
        match rest.next() {
            Some(c) if keep(c, before) => {}
            _ => return text.len() - before.len(),
        }
    }
}

/// Whether a word goes on with `c`, at the start of `rest`.
fn in_word(c: char, rest: &str) -> bool {
    match c {
        _ if c.is_ascii_digit() => emoji::sequence(rest) == 0,
        _ if c.is_ascii() => class::is_word(c),
        _ if class::is_word(c) => !class::is_cjk(c) && emoji::sequence(rest) == 0,
        _ => class::extends(c),
    }
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
