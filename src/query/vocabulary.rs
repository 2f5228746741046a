//! The words and phrases that queries ask for, each once, and the pass over a text that finds them.

use super::ast::{Form, Phrase, Sign, Word};
use super::common::Common;
use super::open::{Open, Shape};
use super::seen::{LeafId, Seen};
use super::table::Table;
use super::waiting::List;
use crate::text::{Text, Token, TokenKind, fold, hash};

/// Keeps words of different kinds apart in one table: a hash is mixed with the kind.
const SALT: u64 = 0x9E37_79B9_7F4A_7C15;
const WHOLE: u8 = 0;
const EXACT: u8 = 1;
const EMOJI: u8 = 2;
const PREFIX: u8 = 3;
const WILDCARD: u8 = 4;
const FUZZY: u8 = 5; // and 6, for a distance of 2
const FACT: u8 = 7;
const PHRASE: u8 = 8;
/// No node of the tree of phrases.
const NONE: u32 = u32::MAX;

/// Every leaf that is found by reading: words, phrases, and the words of facts.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    leaves: Vec<Leaf>,
    guesses: Vec<Guess>,
    /// The longer words of the leaves, one behind the other.
    words: Vec<u8>,
    table: Table,
    /// Phrases as a tree of leaves.
    tree: Vec<Node>,
    branches: Table,
    open: Open,
    exact: bool,
    common: Common,
}

/// A leaf as reading needs it, in half a cache line.
#[derive(Debug, Clone)]
struct Leaf {
    /// Its word; of a longer one where it stands in `words`, and its length.
    word: [u8; SHORT],
    /// Bytes of the word, or `LONG`.
    len: u8,
    kind: u8,
    /// The node of the phrases that begin with it.
    begins: u32,
    /// The queries that wait at it.
    list: List,
}

/// A word of so many bytes stands in its leaf.
const SHORT: usize = 14;
const LONG: u8 = u8::MAX;

/// How common a leaf may be.
#[derive(Debug, Clone)]
struct Guess {
    /// How many of ten thousand posts hold it.
    rate: u32,
    /// How many queries ask for it: what many ask for is common.
    asked: u32,
}

/// A node of the tree of phrases: the leaf that leads here from the node before.
#[derive(Debug, Clone)]
struct Node {
    before: u32,
    leaf: LeafId,
    /// The phrase that ends here.
    phrase: u32,
    goes_on: bool,
}

/// Buffers for reading one text.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    pub(super) seen: Seen,
    here: Vec<LeafId>,
    open: Vec<u32>,
    next: Vec<u32>,
}

impl Vocabulary {
    /// The leaf of a phrase without emoji, or of one word.
    pub(super) fn phrase(&mut self, phrase: &Phrase) -> LeafId {
        let mut words = phrase.words.iter();
        let Some(first) = words.next() else { return self.fact() };
        let first = self.word(first);
        let mut rarest = self.rate(first);
        if phrase.words.len() == 1 {
            self.ask(first);
            return first;
        }
        let mut node = self.leaves.get(first as usize).map_or(NONE, |leaf| leaf.begins);
        if node == NONE {
            node = self.node(NONE, first);
            if let Some(leaf) = self.leaves.get_mut(first as usize) {
                leaf.begins = node;
            }
        }
        for word in words {
            let leaf = self.word(word);
            rarest = rarest.min(self.rate(leaf));
            node = self.branch(node, leaf).unwrap_or_else(|| {
                let to = self.node(node, leaf);
                let tree = &self.tree;
                let hash_of = |id: u32| tree.get(id as usize).map_or(0, |n| branch_hash(n.before, n.leaf));
                self.branches.insert(branch_hash(node, leaf), to, hash_of);
                to
            });
        }
        let known = self.tree.get(node as usize).map_or(NONE, |node| node.phrase);
        let leaf = if known == NONE { self.add("", PHRASE) } else { known };
        // A phrase is a good deal rarer than its rarest word.
        if let Some(guess) = self.guesses.get_mut(leaf as usize) {
            guess.rate = (rarest / 16).max(1);
        }
        if let Some(node) = self.tree.get_mut(node as usize) {
            node.phrase = leaf;
        }
        self.ask(leaf);
        leaf
    }

    /// A leaf that is found among the facts, not in the text.
    pub(super) fn fact(&mut self) -> LeafId {
        self.add("", FACT)
    }

    /// How many of ten thousand posts hold the leaf: a guess from the queries themselves and a list of
    /// common words, good enough to choose the rarer of two.
    pub(super) fn frequency(&self, leaf: LeafId) -> u32 {
        self.guesses.get(leaf as usize).map_or(0, |guess| guess.rate * guess.asked.clamp(1, 256))
    }

    /// Reads a text: notes every leaf that it holds.
    pub(super) fn read(&self, text: &Text, reading: &mut Reading) {
        let Reading { seen, here, open, next } = reading;
        open.clear();
        let mut number = 0;
        for token in text.tokens() {
            here.clear();
            match token.kind() {
                TokenKind::Link => continue,
                TokenKind::Emoji => {
                    let folded = text.folded(token);
                    let mark = token.mark().map(Sign::of);
                    let marked = mark.and_then(|_| self.find(token.hash(), marked(EMOJI, mark), folded));
                    let leaves = self.find(token.hash(), EMOJI, folded).into_iter().chain(marked);
                    leaves.for_each(|leaf| seen.note(leaf, number));
                    continue;
                }
                _ => self.word_leaves(text, token, here),
            }
            number += 1;
            if here.is_empty() {
                open.clear();
                continue;
            }
            next.clear();
            for leaf in &*here {
                seen.note(*leaf, number);
                for node in &*open {
                    if let Some(to) = self.branch(*node, *leaf)
                        && let Some(node) = self.tree.get(to as usize)
                    {
                        if node.phrase != NONE {
                            seen.note(node.phrase, number);
                        }
                        if node.goes_on {
                            next.push(to);
                        }
                    }
                }
                if let Some(leaf) = self.leaves.get(*leaf as usize)
                    && leaf.begins != NONE
                {
                    next.push(leaf.begins);
                }
            }
            std::mem::swap(open, next);
        }
    }

    /// The list of the queries that wait at a leaf.
    #[inline]
    pub(super) fn list(&self, leaf: LeafId) -> List {
        self.leaves.get(leaf as usize).map_or_else(List::default, |leaf| leaf.list)
    }

    /// The same, to be changed.
    pub(super) fn list_mut(&mut self, leaf: LeafId) -> Option<&mut List> {
        self.leaves.get_mut(leaf as usize).map(|leaf| &mut leaf.list)
    }

    /// The lists of all leaves.
    pub(super) fn lists(&mut self) -> impl Iterator<Item = &mut List> {
        self.leaves.iter_mut().map(|leaf| &mut leaf.list)
    }

    /// Bytes of everything in it.
    pub(super) fn bytes(&self) -> usize {
        self.leaves.capacity() * size_of::<Leaf>()
            + self.guesses.capacity() * size_of::<Guess>()
            + self.words.capacity()
            + self.table.bytes()
            + self.tree.capacity() * size_of::<Node>()
            + self.branches.bytes()
            + self.open.bytes()
    }

    /// The leaves that one word of the text is.
    #[inline]
    fn word_leaves(&self, text: &Text, token: &Token, here: &mut Vec<LeafId>) {
        // Most words are strangers, and the filter says so before anything else is looked at.
        let mark = token.mark().map(Sign::of);
        if self.table.may_have(token.hash()) {
            here.extend(self.find(token.hash(), WHOLE, text.folded(token)));
        }
        if mark.is_some() {
            here.extend(self.find(token.hash(), marked(WHOLE, mark), text.folded(token)));
        }
        if self.exact || !self.open.is_empty() {
            self.rarer_leaves(text, token, mark, here);
        }
    }

    /// Words as written, prefixes, wildcards and misspellings.
    fn rarer_leaves(&self, text: &Text, token: &Token, mark: Option<Sign>, here: &mut Vec<LeafId>) {
        if self.exact {
            let raw = text.raw(token);
            here.extend(self.find(hash(raw), EXACT, raw));
            if mark.is_some() {
                here.extend(self.find(hash(raw), marked(EXACT, mark), raw));
            }
        }
        if !self.open.is_empty() {
            let already = here.len();
            self.open.find(text.folded(token), here);
            // One with a mark of its own holds only behind that mark.
            let mut at = 0;
            here.retain(|leaf| {
                at += 1;
                let wanted = self.leaves.get(*leaf as usize).map_or(0, |leaf| leaf.kind >> 4);
                at <= already || wanted == 0 || wanted == marked(0, mark) >> 4
            });
        }
    }

    /// The leaf of one word.
    fn word(&mut self, word: &Word) -> LeafId {
        let (form, shape) = match word.form {
            Form::Whole => (WHOLE, None),
            Form::Exact => (EXACT, None),
            Form::Emoji => (EMOJI, None),
            Form::Prefix => (PREFIX, Some(Shape::Prefix(word.text.clone()))),
            Form::Wildcard => (WILDCARD, Some(Shape::Wildcard(word.text.clone()))),
            Form::Fuzzy(distance) => (FUZZY + distance - 1, Some(Shape::Fuzzy(word.text.clone(), distance))),
        };
        let text = if form == EMOJI { fold(&word.text) } else { (&*word.text).into() };
        let kind = marked(form, word.mark);
        if let Some(known) = self.find(word.hash, kind, &text) {
            return known;
        }
        let leaf = self.add(&text, kind);
        let (leaves, words) = (&self.leaves, &self.words);
        let hash_of = |id: u32| {
            let word = |leaf| std::str::from_utf8(word_of(words, leaf)).unwrap_or("");
            leaves.get(id as usize).map_or(0, |leaf| key(hash(word(leaf)), leaf.kind))
        };
        self.table.insert(key(word.hash, kind), leaf, hash_of);
        self.exact |= form == EXACT;
        if let Some(shape) = shape {
            self.open.insert(leaf, shape);
        }
        leaf
    }

    #[inline]
    fn find(&self, hash: u64, kind: u8, word: &str) -> Option<LeafId> {
        self.table.find(key(hash, kind), |id| {
            self.leaves
                .get(id as usize)
                .is_some_and(|leaf| leaf.kind == kind && word_of(&self.words, leaf) == word.as_bytes())
        })
    }

    fn branch(&self, node: u32, leaf: LeafId) -> Option<u32> {
        let same = |id: u32| self.tree.get(id as usize).is_some_and(|n| n.before == node && n.leaf == leaf);
        self.branches.find(branch_hash(node, leaf), same)
    }

    fn node(&mut self, before: u32, leaf: LeafId) -> u32 {
        if let Some(node) = self.tree.get_mut(before as usize) {
            node.goes_on = true;
        }
        self.tree.push(Node { before, leaf, phrase: NONE, goes_on: false });
        self.tree.len() as u32 - 1
    }

    fn add(&mut self, word: &str, kind: u8) -> LeafId {
        let mut bytes = [0; SHORT];
        let len = match bytes.get_mut(..word.len()) {
            Some(short) => {
                short.copy_from_slice(word.as_bytes());
                word.len() as u8
            }
            None => {
                let place = (self.words.len() as u64) << 32 | word.len() as u64;
                bytes.iter_mut().zip(place.to_le_bytes()).for_each(|(byte, place)| *byte = place);
                self.words.extend_from_slice(word.as_bytes());
                LONG
            }
        };
        let alone = match kind & 15 {
            FACT => 30,
            EMOJI => 40,
            PREFIX | WILDCARD => self.common.frequency(word) * 4,
            _ => self.common.frequency(word),
        };
        let rate = if kind >> 4 == 0 { alone } else { (alone / 8).max(1) };
        self.leaves.push(Leaf { word: bytes, len, kind, begins: NONE, list: List::default() });
        self.guesses.push(Guess { rate, asked: 0 });
        self.leaves.len() as u32 - 1
    }

    fn rate(&self, leaf: LeafId) -> u32 {
        self.guesses.get(leaf as usize).map_or(0, |guess| guess.rate)
    }

    fn ask(&mut self, leaf: LeafId) {
        if let Some(guess) = self.guesses.get_mut(leaf as usize) {
            guess.asked = guess.asked.saturating_add(1);
        }
    }
}

#[inline]
fn word_of<'w>(words: &'w [u8], leaf: &'w Leaf) -> &'w [u8] {
    if leaf.len != LONG {
        return leaf.word.get(..usize::from(leaf.len)).unwrap_or(&[]);
    }
    let place = leaf.word.first_chunk().map_or(0, |place| u64::from_le_bytes(*place));
    let (at, len) = ((place >> 32) as usize, place as u32 as usize);
    words.get(at..at + len).unwrap_or(&[])
}

/// A kind with the mark it asks for in its upper half.
fn marked(form: u8, mark: Option<Sign>) -> u8 {
    form | mark.map_or(0, |mark| mark as u8 + 1) << 4
}

/// A hash, kept apart by kind.
#[inline]
fn key(hash: u64, kind: u8) -> u64 {
    hash ^ u64::from(kind).wrapping_mul(SALT)
}

#[inline]
fn branch_hash(node: u32, leaf: LeafId) -> u64 {
    let mixed = (u64::from(node) << 32 | u64::from(leaf)).wrapping_mul(SALT);
    mixed ^ mixed >> 29
}
