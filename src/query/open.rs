//! Words that stand for several: prefixes, wildcards and misspellings, found from a word of the text.
//!
//! Prefixes and wildcards are filed under the literal that they begin or end with, misspellings under every
//! word that leaves out up to two of their letters: two words within such a distance share one of those.

use super::plain::{fuzzy, wildcard};
use super::seen::LeafId;
use super::table::Table;
use crate::text::hash;

/// A misspelt word longer than this is compared with every word instead: its variants grow with the square.
const LONGEST: usize = 32;

/// Where to look for the leaves that a word may be.
#[derive(Debug, Clone, Default)]
pub(super) struct Open {
    leaves: Vec<(LeafId, Shape)>,
    prefixes: Filed,
    suffixes: Filed,
    variants: Filed,
    /// Filed nowhere: wildcards at both ends, long misspelt words.
    others: Vec<u32>,
}

/// What makes a word of the text one of these.
#[derive(Debug, Clone)]
pub(super) enum Shape {
    Prefix(Box<str>),
    Wildcard(Box<str>),
    Fuzzy(Box<str>, u8),
}

impl Shape {
    fn fits(&self, word: &str) -> bool {
        match self {
            Shape::Prefix(prefix) => word.starts_with(&**prefix),
            Shape::Wildcard(pattern) => wildcard(pattern, word),
            Shape::Fuzzy(wanted, distance) => fuzzy(wanted, word, *distance),
        }
    }
}

impl Open {
    pub(super) fn insert(&mut self, leaf: LeafId, shape: Shape) {
        let id = self.leaves.len() as u32;
        match &shape {
            Shape::Prefix(prefix) => self.prefixes.add_part(prefix, prefix.bytes().next(), id),
            Shape::Wildcard(pattern) => {
                let literal = |part: Option<&'_ str>| part.unwrap_or("").to_owned();
                let (first, last) =
                    (literal(pattern.split(['*', '?']).next()), literal(pattern.rsplit(['*', '?']).next()));
                if !first.is_empty() {
                    self.prefixes.add_part(&first, first.bytes().next(), id);
                } else if !last.is_empty() {
                    self.suffixes.add_part(&last, last.bytes().next_back(), id);
                } else {
                    self.others.push(id);
                }
            }
            Shape::Fuzzy(wanted, distance) => {
                let letters = wanted.chars().count();
                if letters > LONGEST {
                    self.others.push(id);
                } else {
                    let variants = &mut self.variants;
                    without(wanted, *distance, |key| variants.add(key, letters, id));
                }
            }
        }
        self.leaves.push((leaf, shape));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.leaves.is_empty()
    }

    /// Adds every leaf that the word is to `found`.
    pub(super) fn find(&self, word: &str, found: &mut Vec<LeafId>) {
        let already = found.len();
        let mut try_all = |ids: &[u32]| {
            for id in ids {
                if let Some((leaf, shape)) = self.leaves.get(*id as usize)
                    && !found.iter().skip(already).any(|known| known == leaf)
                    && shape.fits(word)
                {
                    found.push(*leaf);
                }
            }
        };
        for len in self.prefixes.lengths_at(word.bytes().next()) {
            if let Some(prefix) = word.get(..*len) {
                try_all(self.prefixes.get(hash(prefix)));
            }
        }
        for len in self.suffixes.lengths_at(word.bytes().next_back()) {
            if let Some(suffix) = word.len().checked_sub(*len).and_then(|at| word.get(at..)) {
                try_all(self.suffixes.get(hash(suffix)));
            }
        }
        if let Some(longest) = self.variants.lengths.last()
            && word.len() <= (longest + 2) * 4
            && word.chars().count() <= longest + 2
        {
            without(word, 2, |key| try_all(self.variants.get(key)));
        }
        try_all(&self.others);
    }

    pub(super) fn bytes(&self) -> usize {
        let text: usize = self
            .leaves
            .iter()
            .map(|(_, shape)| match shape {
                Shape::Prefix(text) | Shape::Wildcard(text) | Shape::Fuzzy(text, _) => text.len(),
            })
            .sum();
        text + self.leaves.capacity() * size_of::<(LeafId, Shape)>()
            + self.prefixes.bytes()
            + self.suffixes.bytes()
            + self.variants.bytes()
            + self.others.capacity() * size_of::<u32>()
    }
}

/// Calls `each` with the hash of the word, and of the word without any one, or two, of its letters.
fn without(word: &str, distance: u8, mut each: impl FnMut(u64)) {
    let letters: Vec<char> = word.chars().collect();
    let mut shorter = String::with_capacity(word.len());
    let mut skipping = |skip: [usize; 2], each: &mut dyn FnMut(u64)| {
        shorter.clear();
        shorter.extend(letters.iter().enumerate().filter(|(at, _)| !skip.contains(at)).map(|(_, c)| c));
        each(hash(&shorter));
    };
    let none = letters.len();
    skipping([none, none], &mut each);
    for first in 0..letters.len() {
        skipping([first, none], &mut each);
        if distance > 1 {
            for second in first + 1..letters.len() {
                skipping([first, second], &mut each);
            }
        }
    }
}

/// Ids filed under hashes, any number under one.
#[derive(Debug, Clone, Default)]
struct Filed {
    table: Table,
    keys: Vec<u64>,
    ids: Vec<Vec<u32>>,
    /// The lengths of what is filed, each once, in order.
    lengths: Vec<usize>,
    /// A bit for every byte at the outer end of a part of words that is filed.
    ends: [u64; 4],
}

impl Filed {
    /// Files a part of words by its hash, with the byte at its outer end.
    fn add_part(&mut self, part: &str, end: Option<u8>, id: u32) {
        let (word, bit) = end.map_or((0, 0), |end| (usize::from(end / 64), 1 << (end % 64)));
        if let Some(word) = self.ends.get_mut(word) {
            *word |= bit;
        }
        self.add(hash(part), part.len(), id);
    }

    /// The lengths of the parts that a word with that byte at its end may have: all, or none.
    #[inline]
    fn lengths_at(&self, end: Option<u8>) -> &[usize] {
        let may = end.is_some_and(|end| {
            self.ends.get(usize::from(end / 64)).is_some_and(|word| word >> (end % 64) & 1 == 1)
        });
        if may { &self.lengths } else { &[] }
    }

    fn add(&mut self, key: u64, length: usize, id: u32) {
        if let Err(at) = self.lengths.binary_search(&length) {
            self.lengths.insert(at, length);
        }
        let known = |at: u32| self.keys.get(at as usize).copied().unwrap_or(0);
        match self.table.find(key, |at| known(at) == key) {
            Some(at) => self.ids.get_mut(at as usize).into_iter().for_each(|ids| {
                if ids.last() != Some(&id) {
                    ids.push(id);
                }
            }),
            None => {
                self.table.insert(key, self.ids.len() as u32, known);
                self.keys.push(key);
                self.ids.push(vec![id]);
            }
        }
    }

    fn get(&self, key: u64) -> &[u32] {
        let known = |at: u32| self.keys.get(at as usize).copied().unwrap_or(0);
        let at = self.table.find(key, |at| known(at) == key);
        at.and_then(|at| self.ids.get(at as usize)).map_or(&[], Vec::as_slice)
    }

    fn bytes(&self) -> usize {
        self.table.bytes()
            + self.keys.capacity() * size_of::<u64>()
            + self
                .ids
                .iter()
                .map(|ids| size_of::<Vec<u32>>() + ids.capacity() * size_of::<u32>())
                .sum::<usize>()
    }
}
