use crate::model::ItemKey;
use crate::text::{Mark, Text, TokenKind};
use std::collections::{BTreeMap, BTreeSet};

/// Hash functions of a signature: 8 bands of 2. Two texts that share 70 % of their shingles meet in a band
/// with a probability of 1 − (1 − 0.7²)⁸, above 99 %.
const BANDS: usize = 8;
const ROWS: usize = 2;
/// Shared shingles from which two texts are the same, in percent.
const SAME: usize = 70;
/// Shingles kept of one text: longer ones are compared by the smallest hashes of both.
const SHINGLES: usize = 64;
/// Words that a text needs to be anybody's copy: short ones ("help please") are said by many people.
const WORDS: usize = 5;
/// Texts looked at in one band, newest first: bounds the time against a flood.
const LOOK: usize = 16;

/// Finds posts that say nearly the same as one of the last, in bounded memory (MinHash, Broder 1997).
///
/// Links, mentions, case and punctuation do not count. Two texts are the same when the sets of their words and word pairs have a
/// Jaccard index of at least 0.7: one word of ten may differ. Deterministic: the answer depends on the
/// texts and their order alone.
///
/// ```
/// use hearken::listen::Duplicates;
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let key = |id: &str| ItemKey::new(Platform::X, id);
/// let mut last = Duplicates::new(10_000);
/// assert_eq!(last.note(&Text::new("Win a free phone now! Only today at https://a.example"), &key("1")), None);
/// let copy = last.note(&Text::new("win a FREE phone now, only today at https://b.example @bob"), &key("2"));
/// assert_eq!(copy, Some(key("1")));
/// assert_eq!(last.copies(&key("1")), 1);
/// ```
#[derive(Debug, Clone)]
pub struct Duplicates {
    capacity: usize,
    /// Number of the text → what is kept of it; numbers grow.
    texts: BTreeMap<u64, Kept>,
    bands: BTreeMap<(usize, u64), Vec<u64>>,
    numbers: BTreeMap<ItemKey, u64>,
    next: u64,
}

#[derive(Debug, Clone)]
struct Kept {
    item: ItemKey,
    shingles: BTreeSet<u64>,
    bands: [u64; BANDS],
    copies: u64,
}

impl Duplicates {
    /// Remembers the last `capacity` texts that were no copies, at least one; about 1 KB each.
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            texts: BTreeMap::new(),
            bands: BTreeMap::new(),
            numbers: BTreeMap::new(),
            next: 0,
        }
    }

    /// The first of the remembered posts that says the same; else `None`, and this one is remembered. A text of
    /// fewer than five words is a copy of nothing: many people say "help please", and each of them means it.
    pub fn note(&mut self, text: &Text, item: &ItemKey) -> Option<ItemKey> {
        let shingles = shingles(text)?;
        let bands = bands(&shingles);
        if let Some(number) = self.find(&shingles, &bands) {
            let kept = self.texts.get_mut(&number)?;
            kept.copies += 1;
            return Some(kept.item.clone());
        }
        self.keep(Kept { item: item.clone(), shingles, bands, copies: 0 });
        None
    }

    /// How many copies of a remembered post came.
    pub fn copies(&self, item: &ItemKey) -> u64 {
        self.numbers.get(item).and_then(|number| self.texts.get(number)).map_or(0, |kept| kept.copies)
    }

    fn find(&self, shingles: &BTreeSet<u64>, bands: &[u64; BANDS]) -> Option<u64> {
        let met: BTreeSet<u64> = bands
            .iter()
            .enumerate()
            .filter_map(|(band, key)| self.bands.get(&(band, *key)))
            .flat_map(|numbers| numbers.iter().rev().take(LOOK))
            .copied()
            .collect();
        met.into_iter().find(|number| {
            self.texts.get(number).is_some_and(|kept| {
                let shared = kept.shingles.intersection(shingles).count();
                shared * 100 >= SAME * (kept.shingles.len() + shingles.len() - shared)
            })
        })
    }

    fn keep(&mut self, kept: Kept) {
        if self.texts.len() >= self.capacity
            && let Some((number, old)) = self.texts.pop_first()
        {
            self.numbers.remove(&old.item);
            for key in old.bands.into_iter().enumerate() {
                if let Some(numbers) = self.bands.get_mut(&key) {
                    numbers.retain(|other| *other != number);
                    if numbers.is_empty() {
                        self.bands.remove(&key);
                    }
                }
            }
        }
        for key in kept.bands.into_iter().enumerate() {
            self.bands.entry(key).or_default().push(self.next);
        }
        self.numbers.insert(kept.item.clone(), self.next);
        self.texts.insert(self.next, kept);
        self.next += 1;
    }
}

/// Hashes of the words and of the pairs of neighbours, without links and mentions; the smallest of many. `None` for
/// a text with too few words.
fn shingles(text: &Text) -> Option<BTreeSet<u64>> {
    let mut out = BTreeSet::new();
    let mut before = None;
    let mut words = 0;
    for token in text.tokens() {
        if token.kind() == TokenKind::Link || token.mark() == Some(Mark::At) {
            continue;
        }
        words += 1;
        let word = token.hash();
        out.insert(mix(word));
        if let Some(before) = before.replace(word) {
            out.insert(mix(before.rotate_left(17) ^ word));
        }
        while out.len() > SHINGLES {
            out.pop_last();
        }
    }
    (words >= WORDS).then_some(out)
}

fn bands(shingles: &BTreeSet<u64>) -> [u64; BANDS] {
    let least = |seed: usize| {
        let salt = (seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        shingles.iter().map(|shingle| mix(shingle ^ salt)).min().unwrap_or(0)
    };
    std::array::from_fn(|band| (0..ROWS).fold(0, |key, row| mix(key ^ least(band * ROWS + row))))
}

/// The finaliser of MurmurHash3.
fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}
