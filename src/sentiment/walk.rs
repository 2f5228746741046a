//! The walk: one pass over the tokens that decides which entries count, how strongly, and turned around or not.
//!
//! ```text
//! gap ─► signs: emoticons · ! ? … · where a sentence, a clause or a quoted title ends
//! word ─► the longest phrase that begins here, else the word, else the word without its "soooo",
//!         else the parts of a #CamelCase tag
//! entry ─► × boost × capitals × elongation × unreal, negated or not ─► Sink
//!            (a polar word inside a name or a title counts for nothing)
//! ```
//! Everything is linear: a word is looked at once, a phrase looks at most [`LONGEST`] words ahead.

use super::lexicon::{LONGEST, role};
use super::sink::{Hit, ONE, Sink};
use super::table::{NOTHING, Node, Table, join};
use crate::model::Span;
use crate::text::{Mark, Text, Token, TokenKind, fold, hash};

/// What the text as a whole shows; each has a rule entry in the lexicon.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) words: u32,
    /// Sources of the counts, in the order of [`RULES`].
    pub(super) counts: [u8; RULES.len()],
}

/// The rule entries, by place in [`Tally::counts`].
pub(super) const RULES: [&str; 10] = [
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
];
pub(super) const EXCLAMATION: usize = 0;
pub(super) const QUESTION: usize = 1;
pub(super) const ELLIPSIS: usize = 2;
pub(super) const QUOTE: usize = 3;
const LINK: usize = 4;
const MENTION: usize = 5;
const HASHTAG: usize = 6;
const CAPITALS: usize = 7;
const ELONGATION: usize = 8;
const NUMBER: usize = 9;

/// Entries that a walk remembers; one that falls on the place of another takes it.
const MEMORY: usize = 32;

/// The most parts of a tag that are read.
const PARTS: usize = 16;
/// How many words back a comparison or a negator looks for the polar entry it is about.
const BACK: u32 = 6;
/// What is left of something bad that ends, in thousandths: less than it was, and on the other side. An end tells more
/// than a denial does.
const RELIEF: i32 = -400;
/// Words that are looked up at once: each alone would wait for memory.
const AHEAD: usize = 32;

/// What capitals mean in a text.
#[derive(Debug, Clone, Copy)]
struct Capitals {
    /// Words of capitals are emphasis: most others are in small letters.
    emphasis: bool,
    /// Capitalised runs are names: most other words begin small.
    names: bool,
}

impl Capitals {
    fn of(text: &Text) -> Self {
        let (mut upper, mut title, mut words) = (0_usize, 0_usize, 0_usize);
        for token in text.tokens() {
            words += usize::from(token.kind() == TokenKind::Word);
            upper += usize::from(token.is_upper());
            title += usize::from(token.is_title());
        }
        Self { emphasis: upper > 0 && upper * 2 < words, names: title > 1 && (title - 1) * 3 < words * 2 }
    }
}

/// The state between two words.
pub(super) struct Walk<'a, S> {
    pub(super) table: &'a Table,
    pub(super) text: &'a Text,
    bytes: &'a [u8],
    pub(super) sink: &'a mut S,
    pub(super) tally: Tally,
    /// Words read so far; what works on the next words holds until one of them.
    clock: u32,
    /// Until when the last negator turns around.
    negated: u32,
    /// The last entry that works on others has worked on none so far.
    pub(super) unspent: bool,
    /// What strengthens the next polar word, and until when.
    pub(super) boost: i32,
    boosted: u32,
    /// What strengthens is a bad word elsewhere: "terribly".
    pub(super) bad_boost: bool,
    /// Strength of polar words under a condition or wish.
    pub(super) real: i32,
    /// Until when a polar word is turned around, and the valence of what turns it.
    reversed: u32,
    reverser: i16,
    /// Entries seen so far and how often: what is said again counts a half, a third, …
    pub(super) seen: [(u64, i32); MEMORY],
    /// What capitals mean in this text, once a word has them.
    capitals: Option<Capitals>,
    /// No word of the sentence has been read yet.
    pub(super) fresh: bool,
    /// The token at which a quoted title ends.
    pub(super) title: usize,
    /// Until when a word may look back at the last polar entry of the clause.
    polar: u32,
    /// The entries of the next words, from this token on, that were looked up at once.
    ahead: [&'a Node; AHEAD],
    /// A bit for each of them, the first one's lowest: a phrase may begin with it and the word behind it.
    pairs: u32,
    ahead_from: usize,
    ahead_to: usize,
}

pub(super) fn walk<S: Sink>(table: &Table, text: &Text, sink: &mut S) -> Tally {
    let mut walk = Walk {
        table,
        text,
        bytes: text.source().as_bytes(),
        sink,
        tally: Tally::default(),
        clock: 0,
        negated: 0,
        unspent: false,
        boost: ONE,
        boosted: 0,
        bad_boost: false,
        real: ONE,
        reversed: 0,
        reverser: 0,
        capitals: None,
        fresh: true,
        title: 0,
        polar: 0,
        seen: [(0, 0); MEMORY],
        ahead: [&NOTHING; AHEAD],
        pairs: 0,
        ahead_from: 0,
        ahead_to: 0,
    };
    walk.run();
    walk.tally
}

impl<'a, S: Sink> Walk<'a, S> {
    fn run(&mut self) {
        let tokens = self.text.tokens();
        let (mut at, mut read) = (0, 0);
        while let Some(token) = tokens.get(at) {
            let (start, end) = (token.span().start, token.span().end);
            // Most often one space stands between two words, and nothing is to be said of it.
            let spaced = start == read + 1 && self.byte(read) == b' ';
            if !spaced && start > read {
                self.gap(at, read);
            }
            let is_face = !spaced && end - start <= 2;
            at += self.token(at, token, is_face);
            read = tokens.get(at.wrapping_sub(1)).unwrap_or(token).span().end;
            self.fresh &= token.mark() == Some(Mark::At);
        }
        if self.bytes.len() as u32 > read {
            self.gap(tokens.len(), read);
        }
        self.sink.sentence(false, Span::default());
    }

    pub(super) fn count(&mut self, rule: usize) {
        if let Some(count) = self.tally.counts.get_mut(rule) {
            *count = count.saturating_add(1);
        }
    }

    /// Reads what stands before token `at`, from byte `start` on, where that is more than a space.
    #[inline(never)]
    fn gap(&mut self, at: usize, start: u32) {
        let gap = self.text.gap(at);
        self.signs(gap, start);
        // Most gaps end otherwise, which one byte tells.
        if matches!(gap.as_bytes().last(), Some(b'"' | 0x80..))
            && gap.ends_with(['"', '“', '”', '«', '»'])
            && at >= self.title
            && let Some(end) = self.title_end(at)
        {
            self.title = end;
        }
    }

    #[inline]
    pub(super) fn byte(&self, at: u32) -> u8 {
        self.bytes.get(at as usize).copied().unwrap_or(b' ')
    }

    /// The node of the word at token `at`, and whether a phrase may begin with it.
    #[inline]
    fn node(&mut self, at: usize) -> (&'a Node, bool) {
        if at >= self.ahead_to {
            self.look_ahead(at);
        }
        let ahead = at - self.ahead_from;
        (self.ahead.get(ahead).copied().unwrap_or(&NOTHING), self.pairs >> ahead & 1 == 1)
    }

    /// Looks up the words from token `from` on at once: what each waits for of the memory, all wait for together.
    #[inline(never)]
    fn look_ahead(&mut self, from: usize) {
        let table = self.table;
        let tokens = self.text.tokens().get(from..).unwrap_or_default();
        let mut guesses = [0; AHEAD];
        for (guess, token) in guesses.iter_mut().zip(tokens) {
            *guess = table.guess(token.hash());
        }
        self.pairs = 0;
        for (ahead, (token, next)) in (0..AHEAD).zip(tokens.iter().zip(tokens.iter().skip(1))) {
            self.pairs |= u32::from(table.may_join(join(token.hash(), next.hash()))) << ahead;
        }
        let mut opens = 0;
        for (ahead, ((node, guess), token)) in self.ahead.iter_mut().zip(&guesses).zip(tokens).enumerate() {
            *node = table.look(*guess, token.hash());
            opens |= u32::from(node.is(role::OPENS)) << ahead;
        }
        self.pairs &= opens;
        (self.ahead_from, self.ahead_to) = (from, from + AHEAD);
    }

    /// Reads the token, and says how many tokens that took. `is_face`: it may be part of an emoticon.
    #[inline]
    fn token(&mut self, at: usize, token: &Token, is_face: bool) -> usize {
        if !token.is_plain() {
            match token.mark() {
                _ if token.kind() == TokenKind::Link => {
                    self.count(LINK);
                    return 1;
                }
                Some(Mark::At) => {
                    self.count(MENTION);
                    return 1;
                }
                Some(Mark::Hash) => self.count(HASHTAG),
                _ => {}
            }
        }
        self.tally.words += 1;
        if is_face && let Some((node, span)) = self.mixed(at, token) {
            self.sign(node, span);
            return 1;
        }
        let (first, opens) = self.node(at);
        if !first.is_known() {
            self.unknown(token);
            return 1;
        }
        if opens && let Some((node, words)) = self.phrase(at, token) {
            if node.valence != 0 && at < self.title {
                self.step();
                return words;
            }
            let end = self.text.tokens().get(at + words - 1).map_or(token.span().end, |last| last.span().end);
            self.apply(node, Span::new(token.span().start, end), ONE);
            return words;
        }
        if first.is(role::ENTRY) && (token.is_joined() || !first.is(role::JOINED)) {
            let mut strength = ONE;
            if first.valence != 0 {
                if at < self.title || self.is_name(at, token) {
                    self.step();
                    return 1;
                }
                if token.is_upper() && self.capitals().emphasis {
                    strength = 1_250;
                    self.count(CAPITALS);
                }
            }
            self.apply(first, token.span(), strength);
        } else {
            self.step();
        }
        1
    }

    fn capitals(&mut self) -> Capitals {
        let text = self.text;
        *self.capitals.get_or_insert_with(|| Capitals::of(text))
    }

    /// Part of a run of capitalised words inside a sentence: "watching The Walking Dead".
    #[inline]
    fn is_name(&mut self, at: usize, token: &Token) -> bool {
        let is_long = |token: &Token| token.is_title() && !token.is_upper() && token.span().len() > 2;
        if self.fresh || !is_long(token) || !self.capitals().names {
            return false;
        }
        let tokens = self.text.tokens();
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        let after = tokens.get(at + 1);
        before.is_some_and(|before| is_long(before) && self.text.gap(at) == " ")
            || after.is_some_and(|after| is_long(after) && self.text.gap(at + 1) == " ")
    }

    /// The longest phrase that begins at token `at`, and its number of words; pairs on the way count at once.
    fn phrase(&mut self, at: usize, first: &Token) -> Option<(&'a Node, usize)> {
        let (table, text) = (self.table, self.text);
        let mut key = first.hash();
        let (mut longest, mut end) = (None, first.span().end);
        for (words, token) in (2..=LONGEST).zip(text.tokens().iter().skip(at + 1)) {
            let is_next = token.is_joined()
                || (token.span().start == end + 1 && self.byte(end) == b' ')
                || (token.mark() == Some(Mark::Hash) && text.gap(at + words - 1) == " #");
            if !is_next {
                break;
            }
            end = token.span().end;
            key = join(key, token.hash());
            if !table.may_join(key) {
                break;
            }
            let Some(node) = table.find(key) else { break };
            if node.is(role::ADDS) {
                let span = Span::new(first.span().start, token.span().end);
                let strength = self.again(node, ONE);
                self.sink.hit(Hit { node, span, negated: false, strength });
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
    #[inline(never)]
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
                    if node.is(role::NEGATES) {
                        // "Nooooo" is a cry, and turns nothing around.
                        self.sign(node, token.span());
                    } else {
                        self.apply(node, token.span(), 1_200);
                    }
                    return;
                }
            }
        } else if token.mark() == Some(Mark::Hash) && token.span().len() <= 140 {
            self.parts(token);
            return;
        }
        self.step();
    }

    /// The CamelCase parts of a tag, and the phrases that they make.
    fn parts(&mut self, token: &Token) {
        let raw = self.text.raw(token);
        let mut parts = [("", 0_u32); PARTS];
        let mut places = parts.iter_mut();
        let (mut start, mut small) = (0, false);
        for (end, c) in raw.char_indices().chain([(raw.len(), 'A')]) {
            if (c.is_uppercase() && small) || c == '_' || end == raw.len() {
                let part = raw.get(start..end).filter(|part| !part.is_empty() && part.len() < raw.len());
                if let (Some(part), Some(place)) = (part, part.and_then(|_| places.next())) {
                    *place = (part, token.span().start + start as u32);
                }
                start = if c == '_' { end + 1 } else { end };
            }
            small = c.is_lowercase() || c.is_numeric();
        }
        let found = parts.iter().take_while(|(part, _)| !part.is_empty()).count();
        let mut rest = parts.get(..found).unwrap_or(&[]);
        while !rest.is_empty() {
            let (mut taken, mut longest, mut before) = (1, None, None);
            for (words, (part, at)) in (1..=LONGEST).zip(rest) {
                let word = hash(&fold(part));
                let key = before.map_or(word, |before| join(before, word));
                before = Some(key);
                let Some(node) = self.table.find(key) else { break };
                if node.is(role::ENTRY) && !node.is(role::ADDS) {
                    (taken, longest) = (words, Some((node, at + part.len() as u32)));
                }
            }
            if let (Some((node, end)), Some((_, start))) = (longest, rest.first()) {
                self.apply(node, Span::new(*start, end), ONE);
            }
            rest = rest.get(taken..).unwrap_or(&[]);
        }
    }

    /// One entry, under whatever was said before it.
    #[inline]
    fn apply(&mut self, node: &Node, span: Span, strength: i32) {
        if node.valence != 0 || node.role & role::TURNS != 0 || self.is_negated() {
            return self.work(node, span, strength);
        }
        let strength = self.again(node, strength);
        self.sink.hit(Hit { node, span, negated: false, strength });
        self.step();
    }

    /// The same of an entry that is polar, turned around, or works on others.
    #[inline(never)]
    fn work(&mut self, node: &Node, span: Span, strength: i32) {
        let mut strength = strength;
        let polar = node.valence != 0;
        let mut negated = self.is_negated() && !node.is(role::NEGATES);
        if negated
            && node.valence < 0
            && !node.is(role::KEEPS | role::BOOSTS)
            && std::mem::take(&mut self.unspent)
        {
            self.sink.spent("negation", span);
        }
        if polar {
            if self.boosted > self.clock {
                strength = strength * self.boost / ONE;
                self.boosted = 0;
                if self.bad_boost && node.valence > 0 && std::mem::take(&mut self.unspent) {
                    self.sink.spent("intensity", span);
                }
            }
            strength = strength * self.real / ONE;
            if self.reversed > self.clock && i32::from(self.reverser) * i32::from(node.valence) <= 0 {
                self.reversed = 0;
                if node.valence < 0 && !negated {
                    if self.reverser == 0 && std::mem::take(&mut self.unspent) {
                        self.sink.spent("negation", span);
                    }
                    strength = strength * RELIEF / ONE;
                } else {
                    negated = !negated;
                }
            }
        }
        strength = self.again(node, strength);
        // "Was not fixed" ends nothing.
        let is_denied = negated && node.stays < 0;
        if node.is(role::BACK) && !is_denied && std::mem::take(&mut self.polar) > self.clock + 1 {
            self.sink.back(node.stays, span);
        }
        self.sink.hit(Hit { node, span, negated, strength });
        self.step();
        if polar {
            // What keeps is no word's to look back at: "so glad it is over".
            self.polar = if node.is(role::KEEPS) { 0 } else { self.clock + BACK };
        }
        if node.role & role::TURNS != 0 {
            self.turn(node, span);
        }
    }

    /// The strength of an entry that has perhaps been seen before.
    #[inline]
    pub(super) fn again(&mut self, node: &Node, strength: i32) -> i32 {
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
    #[inline(never)]
    fn turn(&mut self, node: &Node, span: Span) {
        if node.is(role::NEGATES) {
            self.negated = self.clock + u32::from(node.reach.max(1));
        } else if node.is(role::BOOSTS) {
            self.boost = i32::from(node.reach);
            self.boosted = self.clock + 3;
            self.bad_boost = node.valence < 0;
        }
        if node.works() {
            self.unspent = true;
        }
        if node.is(role::CONTRAST) {
            self.end_clause();
            self.real = ONE;
            self.reversed = 0;
            self.sink.contrast(span);
        }
        if node.is(role::UNREAL) {
            self.real = 300;
        }
        if node.is(role::REVERSES) {
            self.reversed = self.clock + 4;
            self.reverser = node.valence;
        }
    }

    /// A negator turns around what comes now.
    #[inline]
    pub(super) fn is_negated(&self) -> bool {
        self.negated > self.clock
    }

    /// A clause ends: nothing works on the next one.
    pub(super) fn end_clause(&mut self) {
        self.negated = 0;
        self.boosted = 0;
        self.polar = 0;
    }

    pub(super) fn end_sentence(&mut self, question: bool, span: Span) {
        self.end_clause();
        self.real = ONE;
        self.reversed = 0;
        self.fresh = true;
        self.sink.sentence(question, span);
    }

    #[inline]
    fn step(&mut self) {
        self.clock += 1;
    }
}

/// The word with `keep` of every letter that stands three or more times in a row.
fn squeeze(word: &str, keep: usize) -> String {
    let mut squeezed = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let behind = rest.trim_start_matches(first);
        let run = (rest.len() - behind.len()) / first.len_utf8();
        let kept = if run > 2 { keep } else { run };
        squeezed.extend(std::iter::repeat_n(first, kept));
        rest = behind;
    }
    squeezed
}
