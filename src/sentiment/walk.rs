//! The walk: one pass over the tokens that decides which entries count, how strongly, and turned around or not.
//!
//! ```text
//! gap ─► signs: emoticons · ! ? … · where a sentence or clause ends
//! word ─► the longest phrase that begins here, else the word, else the word without its "soooo",
//!         else the parts of a #CamelCase tag
//! entry ─► × boost × capitals × elongation × unreal, negated or not ─► Sink
//! ```
//! Everything is linear: a word is looked at once, a phrase looks at most [`LONGEST`] words ahead.

use super::lexicon::{LONGEST, role};
use super::table::{Node, Table, join};
use crate::model::Span;
use crate::text::{Mark, Text, Token, TokenKind, fold, hash};

/// Strength 1.
pub(super) const ONE: i32 = 1_000;

/// One entry at one place of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'a> {
    pub(super) node: &'a Node,
    /// Bytes of the source.
    pub(super) span: Span,
    pub(super) negated: bool,
    /// Thousandths: how much of the node's weights counts.
    pub(super) strength: i32,
}

impl Hit<'_> {
    /// What its node adds to negative, neutral and positive, in thousandths of a logit.
    #[inline]
    pub(super) fn adds(&self) -> [i64; 3] {
        let weights = if self.negated { self.node.negated } else { self.node.plain };
        weights.map(|weight| i64::from(i32::from(weight) * self.strength / ONE))
    }
}

/// Who listens to a walk: sums for a score, a list for an explanation.
pub(super) trait Sink {
    fn hit(&mut self, hit: Hit<'_>);
    /// A contrast: what came so far counts less; the word that says so.
    fn contrast(&mut self, _span: Span) {}
    /// A sentence ended, with a question mark or without.
    fn sentence(&mut self, _question: bool, _span: Span) {}
}

/// What the text as a whole shows; each has a rule entry in the lexicon.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) words: u32,
    /// Sources of the counts, in the order of [`RULES`].
    pub(super) counts: [u8; RULES.len()],
}

/// The rule entries, by place in [`Tally::counts`].
pub(super) const RULES: [&str; 11] = [
    "<exclamation>",
    "<question>",
    "<ellipsis>",
    "<quote>",
    "<link>",
    "<mention>",
    "<hashtag>",
    "<capitals>",
    "<elongation>",
    "<number>",
    "<length>",
];
const EXCLAMATION: usize = 0;
const QUESTION: usize = 1;
const ELLIPSIS: usize = 2;
const QUOTE: usize = 3;
const LINK: usize = 4;
const MENTION: usize = 5;
const HASHTAG: usize = 6;
const CAPITALS: usize = 7;
const ELONGATION: usize = 8;
const NUMBER: usize = 9;
const LENGTH: usize = 10;

/// Entries that a walk remembers; one that falls on the place of another takes it.
const MEMORY: usize = 32;

/// The state between two words.
struct Walk<'a, S> {
    table: &'a Table,
    text: &'a Text,
    sink: &'a mut S,
    tally: Tally,
    /// Words that the last negator still turns around.
    negated: u16,
    /// What strengthens the next polar word, and for how many words more.
    boost: i32,
    boosted: u8,
    /// Strength of polar words under a condition or wish.
    real: i32,
    /// The next polar word is turned around.
    reversed: u8,
    /// Bytes of the source that have been read.
    read: u32,
    /// Entries seen so far and how often: what is said again counts a half, a third, …
    seen: [(u64, i32); MEMORY],
    /// Capitalised runs are names: most other words begin small.
    names: bool,
    /// No word of the sentence has been read yet.
    fresh: bool,
    /// Capitals mean something: most other words are in small letters.
    shouting: bool,
}

pub(super) fn walk<S: Sink>(table: &Table, text: &Text, sink: &mut S) -> Tally {
    let (mut upper, mut title, mut words) = (0_usize, 0_usize, 0_usize);
    for token in text.tokens() {
        words += usize::from(token.kind() == TokenKind::Word);
        upper += usize::from(token.is_upper());
        title += usize::from(token.is_title());
    }
    let mut walk = Walk {
        table,
        text,
        sink,
        tally: Tally::default(),
        negated: 0,
        boost: ONE,
        boosted: 0,
        real: ONE,
        reversed: 0,
        shouting: upper > 0 && upper * 2 < words,
        names: title > 1 && title * 2 < words,
        fresh: true,
        read: 0,
        seen: [(0, 0); MEMORY],
    };
    walk.run();
    walk.tally
}

impl<'a, S: Sink> Walk<'a, S> {
    fn run(&mut self) {
        let tokens = self.text.tokens();
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            self.gap(at, token.span().start);
            let taken = self.token(at, token);
            at += taken;
            self.read = tokens.get(at.wrapping_sub(1)).unwrap_or(token).span().end;
            self.fresh = false;
        }
        self.gap(tokens.len(), self.text.source().len() as u32);
        self.sink.sentence(false, Span::default());
        let length = (self.tally.words + 1).ilog2() as u8;
        self.set(LENGTH, length);
    }

    fn count(&mut self, rule: usize) {
        if let Some(count) = self.tally.counts.get_mut(rule) {
            *count = count.saturating_add(1);
        }
    }

    fn set(&mut self, rule: usize, value: u8) {
        if let Some(count) = self.tally.counts.get_mut(rule) {
            *count = value;
        }
    }

    /// Reads what stands before token `at`, which most often is one space.
    #[inline]
    fn gap(&mut self, at: usize, end: u32) {
        let start = std::mem::replace(&mut self.read, end);
        let length = end.saturating_sub(start);
        if length > 1 || (length == 1 && self.byte(start) != b' ') {
            self.signs(self.text.gap(at), start);
        }
    }

    #[inline]
    fn byte(&self, at: u32) -> u8 {
        self.text.source().as_bytes().get(at as usize).copied().unwrap_or(b' ')
    }

    fn signs(&mut self, gap: &str, start: u32) {
        match gap {
            ", " => return self.end_clause(),
            " #" | " @" | "'" | "-" => return,
            _ => {}
        }
        let mut place = start as usize;
        for run in gap.split_inclusive(char::is_whitespace) {
            let signs = run.trim_end();
            let span = Span::new(place as u32, (place + signs.len()) as u32);
            place += run.len();
            if signs.is_empty() {
                if run == "\n" {
                    self.end_sentence(false, span);
                }
            } else if signs.len() < 2 || !self.emoticon(signs, span) {
                self.punctuation(signs, span);
            }
        }
    }

    fn punctuation(&mut self, signs: &str, span: Span) {
        let (mut exclamation, mut question, mut dots) = (0_u8, false, 0_u8);
        for sign in signs.chars() {
            match sign {
                '!' | '！' => exclamation = exclamation.saturating_add(1),
                '?' | '？' | '؟' => question = true,
                '.' | '。' => dots = dots.saturating_add(1),
                '…' => dots = 3,
                '"' | '“' | '”' | '«' | '»' => self.count(QUOTE),
                ',' | ';' | ':' | '(' | ')' | '،' => self.end_clause(),
                _ => {}
            }
        }
        for _ in 0..exclamation.min(3) {
            self.count(EXCLAMATION);
        }
        if question {
            self.count(QUESTION);
        }
        if dots >= 2 {
            self.count(ELLIPSIS);
        }
        if question || exclamation > 0 || dots > 0 {
            self.end_sentence(question, span);
        }
    }

    fn end_clause(&mut self) {
        self.negated = 0;
        self.boosted = 0;
    }

    fn end_sentence(&mut self, question: bool, span: Span) {
        self.end_clause();
        self.real = ONE;
        self.reversed = 0;
        self.fresh = true;
        self.sink.sentence(question, span);
    }

    /// An emoticon made of signs alone; its last sign may be repeated.
    fn emoticon(&mut self, signs: &str, span: Span) -> bool {
        if signs.len() > 24 {
            return false;
        }
        let table = self.table;
        let mut known = table.find(hash(signs));
        if known.is_none()
            && let Some(last) = signs.chars().next_back()
        {
            let once = signs.trim_end_matches(last).len() + last.len_utf8();
            known = signs.get(..once).and_then(|once| table.find(hash(once)));
        }
        match known.filter(|node| node.is(role::ENTRY)) {
            Some(node) => {
                self.sign(node, span);
                true
            }
            None => false,
        }
    }

    /// An emoticon of a sign and a letter or digit, as `:D` and `<3`.
    fn mixed(&self, at: usize, token: &Token) -> Option<(&'a Node, Span)> {
        let eyes = self
            .text
            .gap(at)
            .chars()
            .next_back()
            .filter(|eyes| matches!(eyes, ':' | ';' | '=' | '<' | '-'))?;
        let gap = self.text.gap(at);
        let eyes =
            if eyes == '-' { gap.get(gap.len().checked_sub(2)?..)? } else { gap.get(gap.len() - 1..)? };
        let word = self.text.folded(token);
        let mut face = [0_u8; 4];
        let signs = eyes.bytes().chain(word.bytes());
        let length = face.iter_mut().zip(signs).map(|(place, sign)| *place = sign).count();
        let face = std::str::from_utf8(face.get(..length)?).ok()?;
        let node = self.table.find(hash(face)).filter(|node| node.is(role::ENTRY))?;
        Some((node, Span::new(token.span().start - eyes.len() as u32, token.span().end)))
    }

    /// Reads the token, and says how many tokens that took.
    #[inline]
    fn token(&mut self, at: usize, token: &Token) -> usize {
        if token.kind() == TokenKind::Link {
            self.count(LINK);
            return 1;
        }
        match token.mark() {
            None | Some(Mark::Cash) => {}
            Some(Mark::At) => {
                self.count(MENTION);
                return 1;
            }
            Some(_) => self.count(HASHTAG),
        }
        self.tally.words += 1;
        if token.span().len() <= 2
            && matches!(self.byte(token.span().start.wrapping_sub(1)), b':' | b';' | b'=' | b'<' | b'-')
            && let Some((node, span)) = self.mixed(at, token)
        {
            self.sign(node, span);
            return 1;
        }
        let table = self.table;
        let Some(first) = table.find(token.hash()) else {
            self.unknown(token);
            return 1;
        };
        if first.is(role::OPENS)
            && let Some((node, words)) = self.phrase(at, token)
        {
            let end = self.text.tokens().get(at + words - 1).map_or(token.span().end, |last| last.span().end);
            self.apply(node, Span::new(token.span().start, end), ONE);
            return words;
        }
        if first.is(role::ENTRY) && (token.is_joined() || !first.is(role::JOINED)) {
            if self.names && first.valence != 0 && self.is_name(at, token) {
                self.step();
                return 1;
            }
            let mut strength = ONE;
            if token.is_upper() && self.shouting && first.valence != 0 {
                strength = 1_250;
                self.count(CAPITALS);
            }
            self.apply(first, token.span(), strength);
        } else {
            self.step();
        }
        1
    }

    /// Part of a run of capitalised words inside a sentence: "watching The Walking Dead".
    fn is_name(&self, at: usize, token: &Token) -> bool {
        let tokens = self.text.tokens();
        let is_long = |token: &Token| token.is_title() && !token.is_upper() && token.span().len() > 2;
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let after = tokens.get(at + 1);
        !self.fresh
            && is_long(token)
            && (before.is_some_and(|before| is_long(before) && self.text.gap(at) == " ")
                || after.is_some_and(|after| is_long(after) && self.text.gap(at + 1) == " "))
    }

    /// The longest phrase that begins at token `at`, and its number of words; pairs on the way count at once.
    fn phrase(&mut self, at: usize, first: &Token) -> Option<(&'a Node, usize)> {
        let (table, text) = (self.table, self.text);
        let mut key = first.hash();
        let mut longest = None;
        for (words, token) in (2..=LONGEST).zip(text.tokens().iter().skip(at + 1)) {
            if !token.is_joined() && !matches!(text.gap(at + words - 1), " " | " #") {
                break;
            }
            key = join(key, token.hash());
            let Some(node) = table.find(key) else { break };
            if node.is(role::ADDS) {
                let span = Span::new(first.span().start, token.span().end);
                self.sink.hit(Hit { node, span, negated: false, strength: ONE });
            } else if node.is(role::ENTRY) {
                longest = Some((node, words));
            }
            if !node.is(role::OPENS) {
                break;
            }
        }
        longest
    }

    /// A word without an entry: perhaps elongated, an emoji in other dress, or a tag of several words.
    fn unknown(&mut self, token: &Token) {
        if token.has_digit() {
            self.count(NUMBER);
        }
        let table = self.table;
        let folded = self.text.folded(token);
        if token.kind() == TokenKind::Emoji {
            let plain = super::emoji::plain(folded);
            if let Some(node) = table.find(hash(&plain)).filter(|node| node.is(role::ENTRY)) {
                self.sign(node, token.span());
            }
        } else if token.is_elongated() && folded.len() <= 64 {
            self.count(ELONGATION);
            for keep in [2, 1] {
                if let Some(node) =
                    table.find(hash(&squeeze(folded, keep))).filter(|node| node.is(role::ENTRY))
                {
                    self.apply(node, token.span(), 1_200);
                    return;
                }
            }
        } else if token.mark() == Some(Mark::Hash) && token.span().len() <= 140 {
            self.parts(token);
            return;
        }
        self.step();
    }

    /// The CamelCase parts of a tag.
    fn parts(&mut self, token: &Token) {
        let raw = self.text.raw(token);
        let mut start = 0;
        let mut small = false;
        for (end, c) in raw.char_indices().chain([(raw.len(), 'A')]) {
            if (c.is_uppercase() && small) || c == '_' || end == raw.len() {
                if start > 0 || end < raw.len() {
                    self.part(raw, start, end, token);
                }
                start = if c == '_' { end + 1 } else { end };
            }
            small = c.is_lowercase() || c.is_numeric();
        }
    }

    fn part(&mut self, raw: &str, start: usize, end: usize, token: &Token) {
        let Some(part) = raw.get(start..end).filter(|part| !part.is_empty()) else { return };
        let table = self.table;
        let base = token.span().start;
        if let Some(node) = table.find(hash(&fold(part))).filter(|node| node.is(role::ENTRY)) {
            self.apply(node, Span::new(base + start as u32, base + end as u32), ONE);
        }
    }

    /// One entry, under whatever was said before it.
    #[inline]
    fn apply(&mut self, node: &Node, span: Span, strength: i32) {
        let mut strength = strength;
        let polar = node.valence != 0;
        let mut negated = self.negated > 0 && !node.is(role::NEGATES);
        if polar {
            if self.boosted > 0 {
                strength = strength * self.boost / ONE;
                self.boosted = 0;
            }
            strength = strength * self.real / ONE;
            if self.reversed > 0 {
                negated = !negated;
                self.reversed = 0;
            }
        }
        strength = self.again(node, strength);
        self.sink.hit(Hit { node, span, negated, strength });
        self.step();
        if node.role & (role::NEGATES | role::BOOSTS | role::CONTRAST | role::UNREAL | role::REVERSES) != 0 {
            self.turn(node, span);
        }
    }

    /// A sign: nothing said before it changes it.
    fn sign(&mut self, node: &'a Node, span: Span) {
        let strength = self.again(node, ONE);
        self.sink.hit(Hit { node, span, negated: false, strength });
    }

    /// The strength of an entry that has perhaps been seen before.
    #[inline]
    fn again(&mut self, node: &Node, strength: i32) -> i32 {
        match self.seen.get_mut(node.key as usize % MEMORY) {
            Some((key, times)) if *key == node.key => {
                *times += 1;
                strength / *times
            }
            Some(place) => {
                *place = (node.key, 1);
                strength
            }
            None => strength,
        }
    }

    /// An entry that changes what the next words mean.
    fn turn(&mut self, node: &Node, span: Span) {
        if node.is(role::NEGATES) {
            self.negated = node.reach.max(1);
        } else if node.is(role::BOOSTS) {
            self.boost = i32::from(node.reach);
            self.boosted = 3;
        }
        if node.is(role::CONTRAST) {
            self.end_clause();
            self.real = ONE;
            self.sink.contrast(span);
        }
        if node.is(role::UNREAL) {
            self.real = 300;
        }
        if node.is(role::REVERSES) {
            self.reversed = 4;
        }
    }

    #[inline]
    fn step(&mut self) {
        self.negated = self.negated.saturating_sub(1);
        self.boosted = self.boosted.saturating_sub(1);
        self.reversed = self.reversed.saturating_sub(1);
    }
}

/// The word with no letter more than `keep` times in a row.
fn squeeze(word: &str, keep: usize) -> String {
    let mut squeezed = String::with_capacity(word.len());
    let (mut last, mut run) = (None, 0);
    for c in word.chars() {
        run = if last == Some(c) { run + 1 } else { 1 };
        last = Some(c);
        if run <= keep {
            squeezed.push(c);
        }
    }
    squeezed
}
