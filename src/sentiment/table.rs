//! The compiled lexicon: one flat hash table, probed once a word with the hash that `text` computed.
//!
//! ```text
//! key ─► group   four slots side by side, compared at once, so that nothing is guessed on the way
//!          slot  the index of a node, and bits of its key: another word's slot is seen to be so without its node
//!          node  what the term does
//! ```
//! A phrase is a path: each of its beginnings is a node that [opens](role::OPENS) longer ones, found under the mix of
//! its word hashes. A probe that fails touches one group.

use super::lexicon::{EMOTIONS, Entry, Lexicon, role};
use crate::text::hash;
use std::collections::BTreeMap;

/// What a term does, in 32 bytes: thousandths of a logit per class, plain and negated.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(32))]
pub(super) struct Node {
    pub(super) key: u64,
    pub(super) plain: [i16; 3],
    pub(super) negated: [i16; 3],
    pub(super) valence: i16,
    pub(super) role: u16,
    pub(super) reach: u16,
    pub(super) extra: u16,
    pub(super) stays: i16,
}

impl Node {
    /// An entry, or the beginning of one.
    #[inline]
    pub(super) fn is_known(&self) -> bool {
        self.role != 0
    }

    pub(super) fn is(&self, role: u16) -> bool {
        self.role & role != 0
    }

    /// Works on words after it, and may do so in a way that leaves nothing of its own weight: the "no" of "no pain", the
    /// "terribly" of "terribly nice".
    #[inline]
    pub(super) fn works(&self) -> bool {
        self.is(role::WORKS)
    }

    /// Adds to the weights that hold without negation.
    fn shift(&mut self, by: [i16; 3]) {
        for (weight, by) in self.plain.iter_mut().zip(by) {
            *weight = weight.saturating_add(by);
        }
        if self.is(role::KEEPS) {
            self.negated = self.plain;
        }
    }
}

/// A place of the table: the index of a node in the low bits, as many as the mask of the table has, and above them those
/// bits of its key. Four bytes, since what a lookup waits for is memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot(u32);

/// A place that nothing stands at: its index is that of [`NOTHING`], the first node.
const EMPTY: Slot = Slot(0);

/// Slots that are compared at once. They are filled from the first on, and a full group goes on in the next one.
const GROUP: usize = 4;

/// What is found where there is no node.
pub(super) static NOTHING: Node =
    Node { key: 0, plain: [0; 3], negated: [0; 3], valence: 0, role: 0, reach: 0, extra: 0, stays: 0 };

impl Slot {
    fn of(node: usize, key: u64, mask: u32) -> Self {
        Self((key >> 32) as u32 & !mask | node as u32)
    }

    /// The index of its node.
    fn node(self, mask: u32) -> usize {
        (self.0 & mask) as usize
    }

    /// May be of this key, as far as its bits tell.
    #[inline]
    fn may_be(self, key: u64, mask: u32) -> bool {
        (self.0 ^ (key >> 32) as u32) & !mask == 0
    }
}

/// Words of 64 bits that hold a bit for each joined key: 8 KiB, which stay in the nearest memory.
const JOINED: usize = 1024;

/// The table, and what only explanations and emotions read.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// A power of two of them.
    groups: Vec<[Slot; GROUP]>,
    /// The bits of a slot that hold an index: one less than there are slots.
    mask: u32,
    nodes: Vec<Node>,
    /// A bit for each [joined](join) key, at a place that others may share: most words that stand side by side are no
    /// phrase, and this says so without a look at the slots.
    joined: Vec<u64>,
    emotions: Vec<[u8; 8]>,
    /// Under grams: thousandths of a logit that an overlay adds to an entry.
    taught: BTreeMap<u64, [i16; 3]>,
}

/// Joins the hash of the next word to that of the words before it.
pub(super) fn join(before: u64, word: u64) -> u64 {
    (before.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The keys of the first word, the first two words, … of a term; the last is the key of the term.
pub(super) fn beginnings(term: &[String]) -> impl Iterator<Item = u64> {
    let mut before = None;
    term.iter().map(move |word| {
        let key = before.map_or_else(|| hash(word), |before| join(before, hash(word)));
        before = Some(key);
        key
    })
}

/// Thousandths of a logit by which the denial of something bad leans to praise, where the texts say otherwise.
const LEAN: i32 = 150;

/// How a valence becomes weights, in logits a point of valence.
#[derive(Debug, Clone, Copy)]
struct Prior {
    /// Weights of one point above zero, and of one point below zero.
    above: [f64; 3],
    below: [f64; 3],
    /// The same under negation.
    not_above: [f64; 3],
    not_below: [f64; 3],
    /// Weights of a unit of strength of each emotion.
    emotions: [[f64; 3]; EMOTIONS.len()],
    /// Logits a unit of the fitted weights.
    unit: f64,
}

impl Prior {
    fn of(lexicon: &Lexicon) -> Self {
        let number = |name: &str, default| lexicon.numbers.get(name).copied().unwrap_or(default);
        Self {
            above: number("above", [-0.25, -0.1, 0.35]),
            below: number("below", [0.35, -0.1, -0.25]),
            not_above: number("not_above", [0.2, 0.0, -0.2]),
            not_below: number("not_below", [-0.1, 0.05, 0.1]),
            emotions: EMOTIONS.map(|name| number(name, [0.0; 3])),
            unit: number("unit", [0.02, 0.0, 0.0])[0],
        }
    }

    fn node(&self, entry: &Entry) -> Node {
        let valence = entry.valence.map_or(0.0, |valence| f64::from(valence) / 1_000.0);
        let is = |role: u16| entry.role & role != 0;
        let keeps = is(role::KEEPS);
        let works = is(role::NEGATES | role::REVERSES) || (is(role::BOOSTS) && valence < 0.0);
        let (plain, turned) =
            if valence >= 0.0 { (self.above, self.not_above) } else { (self.below, self.not_below) };
        let weights = |mut sums: [f64; 3], fitted: Option<[i16; 3]>| {
            for (sum, weight) in sums.iter_mut().zip(fitted.unwrap_or_default()) {
                *sum += f64::from(weight) * self.unit;
            }
            sums.map(|sum| (sum * 1_000.0).round().clamp(-32_000.0, 32_000.0) as i16)
        };
        let mut plain = plain.map(|weight| weight * valence.abs());
        for (weights, strength) in self.emotions.iter().zip(entry.emotions) {
            plain.iter_mut().zip(weights).for_each(|(sum, weight)| *sum += weight * f64::from(strength));
        }
        let plain = weights(plain, entry.weights);
        let mut turned = weights(turned.map(|weight| weight * valence.abs()), entry.negated);
        // What is turned around pulls to the other side, or to none, however few texts there were to learn it from: "not
        // disappointed" is a hint of praise, "not great" none of a complaint.
        let pull = i32::from(turned[2]) - i32::from(turned[0]);
        if pull * i32::from(entry.valence.unwrap_or(0)) > 0 {
            let middle = (i32::from(turned[0]) + i32::from(turned[2])) / 2;
            let lean = if pull < 0 { LEAN } else { 0 };
            (turned[0], turned[2]) = ((middle - lean) as i16, (middle + lean) as i16);
        }
        Node {
            plain,
            negated: if keeps { plain } else { turned },
            valence: entry.valence.unwrap_or(0),
            role: entry.role | role::ENTRY | if works { role::WORKS } else { 0 },
            reach: entry.reach,
            stays: entry.stays,
            ..Node::default()
        }
    }
}

impl Table {
    /// Compiles a lexicon; in a language of grams, where entries weigh by their valence, shifts are kept apart.
    pub(super) fn compile(lexicon: &Lexicon, under_grams: bool) -> Self {
        let prior = Prior::of(lexicon);
        let mut table = Self {
            groups: vec![[EMPTY; GROUP]],
            mask: GROUP as u32 - 1,
            nodes: vec![NOTHING],
            joined: vec![0; JOINED],
            emotions: vec![[0; 8]],
            taught: BTreeMap::new(),
        };
        // Short words are the commonest: their nodes stand together, where memory is read in lines.
        let mut terms: Vec<(&Vec<String>, &Entry)> = lexicon.entries.iter().collect();
        terms.sort_by_key(|(term, _)| (term.len(), term.iter().map(String::len).sum::<usize>()));
        for (term, entry) in terms {
            if entry.role & role::OFF != 0 {
                continue;
            }
            let mut beginnings = beginnings(term).peekable();
            let mut key = 0;
            while let Some(beginning) = beginnings.next() {
                if key != 0 {
                    table.mark(beginning);
                }
                key = beginning;
                if beginnings.peek().is_some() {
                    table.at(key).role |= role::OPENS;
                }
            }
            let extra = if entry.emotions == [0; 8] { 0 } else { table.emotion(entry.emotions) };
            let mut compiled = prior.node(entry);
            match entry.shift {
                Some(shift) if under_grams => {
                    compiled.role |= role::TAUGHT;
                    table.taught.insert(key, shift);
                }
                Some(shift) => compiled.shift(shift),
                None => {}
            }
            let node = table.at(key);
            *node = Node { key, extra, role: compiled.role | node.role & role::OPENS, ..compiled };
        }
        table
    }

    /// Notes a joined key for [`may_join`](Self::may_join).
    fn mark(&mut self, key: u64) {
        if let Some(bits) = self.joined.get_mut((key >> 6) as usize % JOINED) {
            *bits |= 1 << (key & 63);
        }
    }

    /// False for most keys that no phrase has, and for none that one has.
    #[inline]
    pub(super) fn may_join(&self, key: u64) -> bool {
        self.joined.get((key >> 6) as usize % JOINED).is_some_and(|bits| bits >> (key & 63) & 1 == 1)
    }

    fn emotion(&mut self, emotions: [u8; 8]) -> u16 {
        let known = self.emotions.iter().position(|known| *known == emotions);
        known.unwrap_or_else(|| {
            self.emotions.push(emotions);
            self.emotions.len() - 1
        }) as u16
    }

    /// Twice the groups, so that at least half of the slots stay empty.
    fn grow(&mut self) {
        let size = self.groups.len() * 2;
        (self.mask, self.groups) = ((size * GROUP) as u32 - 1, vec![[EMPTY; GROUP]; size]);
        for node in 1..self.nodes.len() {
            self.place(node);
        }
    }

    /// The group that a key belongs to.
    #[inline]
    fn home(&self, key: u64) -> usize {
        key as usize & (self.groups.len() - 1)
    }

    /// Gives a node the first free slot behind those of its group.
    fn place(&mut self, node: usize) {
        let key = self.nodes.get(node).map_or(0, |node| node.key);
        let home = self.home(key);
        let (before, from) = self.groups.split_at_mut(home);
        if let Some(place) = from.iter_mut().chain(before).flatten().find(|slot| **slot == EMPTY) {
            *place = Slot::of(node, key, self.mask);
        }
    }

    /// The node of `key`, made if there is none.
    fn at(&mut self, key: u64) -> &mut Node {
        let at = self.index(key).unwrap_or_else(|| {
            if self.nodes.len() * 2 >= self.groups.len() * GROUP {
                self.grow();
            }
            self.nodes.push(Node { key, ..NOTHING });
            self.place(self.nodes.len() - 1);
            self.nodes.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the index of a node found, or pushed above")]
        &mut self.nodes[at]
    }

    /// The keys of all entries.
    pub(super) fn keys(&self) -> impl Iterator<Item = u64> + '_ {
        self.nodes.iter().filter(|node| node.is(role::ENTRY)).map(|node| node.key)
    }

    /// The node of a word hash or of a joined one.
    #[inline]
    pub(super) fn find(&self, key: u64) -> Option<&Node> {
        let node = self.look(self.guess(key), key);
        node.is_known().then_some(node)
    }

    /// Where [`look`](Self::look) should look for the node of `key`: the index in that of the four slots whose bits are
    /// right, and a high bit where the group is full, so that the key may stand further on.
    ///
    /// No branch: which slot it is, and whether there is one, is anyone's guess. Two whose bits are right make a wrong
    /// index, which `look` sees.
    #[inline]
    pub(super) fn guess(&self, key: u64) -> u32 {
        let group = self.groups.get(self.home(key)).copied().unwrap_or([EMPTY; GROUP]);
        let right = group.map(|slot| if slot.may_be(key, self.mask) { slot.0 } else { 0 });
        let [.., last] = group;
        (right.into_iter().fold(0, |index, slot| index | slot) & self.mask) | u32::from(last != EMPTY) << 31
    }

    /// The node of `key`, given its [`guess`](Self::guess); one that is not [known](Node::is_known) where there is none.
    #[inline]
    pub(super) fn look(&self, guess: u32, key: u64) -> &Node {
        let node = self.nodes.get((guess & self.mask) as usize).unwrap_or(&NOTHING);
        // Both at once: one of them nearly always holds.
        if (node.key == key) | (guess == 0) { node } else { self.search(key) }
    }

    /// The node of a key that its guess has missed.
    #[inline(never)]
    fn search(&self, key: u64) -> &Node {
        self.index(key).and_then(|at| self.nodes.get(at)).unwrap_or(&NOTHING)
    }

    /// The index of the node of a key.
    fn index(&self, key: u64) -> Option<usize> {
        let (before, from) = self.groups.split_at_checked(self.home(key))?;
        let slots = from.iter().chain(before).flatten().take_while(|slot| **slot != EMPTY);
        let mut likely = slots.filter(|slot| slot.may_be(key, self.mask)).map(|slot| slot.node(self.mask));
        likely.find(|at| self.nodes.get(*at).is_some_and(|node| node.key == key))
    }

    /// The shift of an entry under grams.
    pub(super) fn taught(&self, key: u64) -> [i16; 3] {
        self.taught.get(&key).copied().unwrap_or_default()
    }

    /// The emotions of a node, by its `extra`.
    pub(super) fn emotions_at(&self, extra: u16) -> [u8; 8] {
        self.emotions.get(extra as usize).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::BuildError;

    /// Full groups, slots of other groups' words and equal bits are all among so many words in so few slots.
    #[test]
    fn finds_every_term_and_no_other() {
        for count in [1, 3, 4, 5, 40, 511, 512, 5_000] {
            let lines: String = (0..count).map(|n| format!("w{n} = +1\nw{n} x{} = -1\n", n % 7)).collect();
            let table = Table::compile(&Lexicon::parse("test", &lines, &mut BuildError::default()), false);
            for n in 0..count {
                let word = hash(&format!("w{n}"));
                assert_eq!(table.find(word).map(|node| (node.key, node.valence)), Some((word, 1_000)));
                let pair = join(word, hash(&format!("x{}", n % 7)));
                assert_eq!(table.find(pair).map(|node| (node.key, node.valence)), Some((pair, -1_000)));
                assert!(table.may_join(pair));
            }
            let absent = (0..20_000).map(|n| hash(&format!("v{n}")));
            assert_eq!(absent.filter(|key| table.find(*key).is_some()).count(), 0);
        }
    }
}
