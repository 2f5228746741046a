//! What stands between words: emoticons, marks of emphasis, where clauses and sentences end, and quoted titles.

use super::lexicon::role;
use super::sink::{Hit, ONE, Sink};
use super::table::Node;
use super::walk::{ELLIPSIS, EXCLAMATION, QUESTION, QUOTE, Walk};
use crate::model::Span;
use crate::text::{Token, TokenKind, hash};

/// The most words of a quoted title.
const TITLE: usize = 8;

impl<'a, S: Sink> Walk<'a, S> {
    pub(super) fn signs(&mut self, gap: &str, start: u32) {
        match *gap.as_bytes() {
            [b'\'' | b'-'] | [b' ', b'#' | b'@'] => return,
            [b',', b' '] => return self.end_clause(),
            [sign @ b'!'..=b'~'] | [sign @ b'!'..=b'~', b' '] => {
                return self
                    .punctuation(char::from(sign).encode_utf8(&mut [0; 4]), Span::new(start, start + 1));
            }
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

    /// An emoticon of signs and a letter or digit, as `:D`, `<3`, `</3` and `:+1:`.
    pub(super) fn mixed(&self, at: usize, token: &Token) -> Option<(&'a Node, Span)> {
        let eyes = self
            .text
            .gap(at)
            .chars()
            .next_back()
            .filter(|eyes| matches!(eyes, ':' | ';' | '=' | '<' | '-' | '+' | '/' | '\\'))?;
        let gap = self.text.gap(at);
        let eyes = if matches!(eyes, '-' | '+' | '/' | '\\') {
            gap.get(gap.len().checked_sub(2)?..)?
        } else {
            gap.get(gap.len() - 1..)?
        };
        let word = self.text.folded(token);
        let mut face = [0_u8; 4];
        let closed = word == "1" && self.text.gap(at + 1).starts_with(':');
        let signs = eyes.bytes().chain(word.bytes()).chain(closed.then_some(b':'));
        let length = face.iter_mut().zip(signs).map(|(place, sign)| *place = sign).count();
        let face = std::str::from_utf8(face.get(..length)?).ok()?;
        let node = self.table.find(hash(face)).filter(|node| node.is(role::ENTRY))?;
        Some((node, Span::new(token.span().start - eyes.len() as u32, token.span().end)))
    }

    /// A sign: nothing said before it changes it. A smile behind a "not" that turned nothing around shows that no
    /// complaint is meant.
    pub(super) fn sign(&mut self, node: &'a Node, span: Span) {
        if node.valence > 0 && self.is_negated() && std::mem::take(&mut self.unspent) {
            self.sink.spent("negation", span);
        }
        let strength = self.again(node, ONE);
        self.sink.hit(Hit { node, span, negated: false, strength });
    }

    /// Where a title ends that a quotation mark before token `at` opens: “Love Story” is a name and praises nothing.
    /// Its first and last word, and every longer word between, begin with a capital.
    pub(super) fn title_end(&self, at: usize) -> Option<usize> {
        let tokens = self.text.tokens();
        let is_name = |token: &Token| token.is_title() || token.has_digit();
        if !tokens.get(at).is_some_and(is_name) {
            return None;
        }
        for (end, token) in (at + 1..).zip(tokens.iter().skip(at)).take(TITLE) {
            if token.kind() != TokenKind::Word || (token.span().len() > 4 && !is_name(token)) {
                return None;
            }
            if self.text.gap(end).starts_with(['"', '”', '»', '“', ',', '.', '!', '?', ':', '…'])
                && self.text.gap(end).contains(['"', '”', '»', '“'])
            {
                return is_name(token).then_some(end);
            }
        }
        None
    }
}
