//! A handle as letters, and what the part of it that is not the name consists of.
//!
//! ```text
//! RepMikeRogersAL03   rep · mike · rogers · al · 03
//!                     affix  ╰── the name ──╯  place, number
//! ```
//!
//! The rest is read in the cheapest way, by dynamic programming over affixes, numbers, places, words of the owner
//! (company, year of birth), and letters that nothing explains. Each costs bits twice: for the owner, and for a
//! stranger who has the same name. An affix costs both the same and is no evidence; the owner's own state costs
//! the owner little; letters that nothing explains speak for a stranger, of whose name they are a part.

use super::place;
use super::surprisal::Surprisal;
use crate::identity::normalise::account::Handle;
use std::collections::BTreeSet;

/// Words around a name that do not tell one person from another: titles, offices, trades, what the account is for.
const AFFIXES: &[&str] = &[
    "actual",
    "app",
    "art",
    "ask",
    "author",
    "blog",
    "ceo",
    "chef",
    "club",
    "coach",
    "congress",
    "congressman",
    "congresswoman",
    "dev",
    "dr",
    "fan",
    "for",
    "gov",
    "governor",
    "hey",
    "hq",
    "iam",
    "im",
    "insta",
    "its",
    "itsme",
    "judge",
    "live",
    "mayor",
    "md",
    "media",
    "mp",
    "mr",
    "mrs",
    "ms",
    "music",
    "news",
    "office",
    "official",
    "online",
    "page",
    "phd",
    "press",
    "prof",
    "real",
    "rep",
    "representative",
    "sen",
    "senator",
    "speaker",
    "support",
    "team",
    "the",
    "tv",
    "tweets",
    "us",
    "usa",
    "vote",
    "writes",
];

/// Letters of a handle that are read; platforms allow 15 (X) to 30 (Instagram), a federated name rarely more.
const LETTERS: usize = 48;
/// The longest word of the rest that is looked up: `northernmarianaislands`.
const WORD: usize = 22;
/// One affix of a hundred words or so, at the places where affixes stand.
const AFFIX: f64 = 4.5;
/// That a number follows, and each of its digits.
const NUMBER: f64 = 3.0;
const DIGIT: f64 = 2.5;
/// That a word of the owner's own follows: a state, a company, a year.
const OWN: f64 = 4.0;
/// What a state that is not the owner's weighs against the owner.
const ELSEWHERE: f64 = 5.0;
/// That letters follow which nothing explains.
const UNEXPLAINED: f64 = 5.0;

/// What is known of an owner that a handle may hold beside the name. Compact words.
#[derive(Debug, Clone, Default)]
pub(in crate::identity) struct Context {
    /// Codes of the states.
    pub(in crate::identity) places: BTreeSet<&'static str>,
    /// Cities, companies, years of birth in four digits and in two.
    pub(in crate::identity) words: BTreeSet<String>,
}

/// What reading a part of a handle costs, in bits.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(in crate::identity) struct Rest {
    /// When the owner made it.
    pub(in crate::identity) owner: f64,
    /// When a stranger with the same name made it.
    pub(in crate::identity) stranger: f64,
    /// When a stranger made it who has another name, or none.
    pub(in crate::identity) stranger_alone: f64,
    /// Letters that nothing explains.
    pub(in crate::identity) unexplained: usize,
}

impl Rest {
    pub(in crate::identity) fn then(self, other: Self) -> Self {
        Self {
            owner: self.owner + other.owner,
            stranger: self.stranger + other.stranger,
            stranger_alone: self.stranger_alone + other.stranger_alone,
            unexplained: self.unexplained + other.unexplained,
        }
    }
}

/// The letters and digits of a handle, folded, with where its words end and what its letters surprise.
#[derive(Debug)]
pub(in crate::identity) struct Letters {
    text: String,
    /// The byte at which each letter starts, and the end.
    starts: Vec<usize>,
    /// Letters before which the handle itself has a seam: a separator, a capital, a digit.
    seams: BTreeSet<usize>,
    /// By first letter: the surprisal of the letters up to the next, the next but one, ….
    surprisal: Vec<Vec<f64>>,
}

impl Letters {
    pub(in crate::identity) fn new(handle: &str, surprisal: &Surprisal) -> Self {
        let mut text = String::new();
        let (mut seams, mut count) = (BTreeSet::from([0]), 0);
        for part in Handle::parse(handle).parts() {
            for c in part.chars().take(LETTERS - count) {
                text.push(c);
                count += 1;
            }
            seams.insert(count);
        }
        let mut starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let running = |at: &usize| surprisal.running(text.get(*at..).unwrap_or("").chars()).collect();
        let surprisal = starts.iter().map(running).collect();
        starts.push(text.len());
        Self { text, starts, seams, surprisal }
    }

    /// All of them.
    pub(in crate::identity) fn text(&self) -> &str {
        &self.text
    }

    /// How many letters there are.
    pub(in crate::identity) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The letters `from..to`.
    pub(in crate::identity) fn word(&self, from: usize, to: usize) -> &str {
        let at = |letter: usize| self.starts.get(letter).copied().unwrap_or(self.text.len());
        self.text.get(at(from)..at(to)).unwrap_or("")
    }

    /// Every run of two letters or more: its first letter, the one behind it, and the run.
    pub(in crate::identity) fn runs(&self) -> impl Iterator<Item = (usize, usize, &str)> {
        (0..self.len())
            .flat_map(move |from| (from + 2..=self.len()).map(move |to| (from, to, self.word(from, to))))
    }

    /// How many ends of `from..to` lie inside a word, in a handle that shows its words.
    pub(in crate::identity) fn cuts(&self, from: usize, to: usize) -> u32 {
        let shows = self.seams.len() > 2;
        u32::from(shows && !self.seams.contains(&from)) + u32::from(shows && !self.seams.contains(&to))
    }

    /// The cheapest reading of `from..to` as something other than a name. Cubic in its length at worst, which is
    /// bounded.
    pub(in crate::identity) fn rest(&self, from: usize, to: usize, context: &Context) -> Rest {
        let mut best: Vec<Option<Rest>> = vec![None; to.saturating_sub(from) + 1];
        if let Some(first) = best.first_mut() {
            *first = Some(Rest::default());
        }
        for start in from..to {
            let Some(so_far) = best.get(start - from).copied().flatten() else { continue };
            for end in start + 1..=to {
                for way in self.ways(start, end, context).into_iter().flatten() {
                    let there = so_far.then(way);
                    if let Some(slot) = best.get_mut(end - from)
                        && slot.is_none_or(|known| there.owner < known.owner)
                    {
                        *slot = Some(there);
                    }
                }
            }
        }
        best.last().copied().flatten().unwrap_or_default()
    }

    /// The ways in which `from..to` can be one word of the rest.
    fn ways(&self, from: usize, to: usize, context: &Context) -> [Option<Rest>; 4] {
        let (word, length) = (self.word(from, to), to - from);
        let free = self.surprisal.get(from).and_then(|row| row.get(length - 1)).copied().unwrap_or(0.0);
        let unexplained = Rest {
            owner: UNEXPLAINED + free,
            stranger: free,
            stranger_alone: UNEXPLAINED + free,
            unexplained: length,
        };
        if length > WORD {
            return [Some(unexplained), None, None, None];
        }
        let both = |bits: f64| Rest { owner: bits, stranger: bits, stranger_alone: bits, unexplained: 0 };
        let number = word.bytes().all(|byte| byte.is_ascii_digit());
        let digits = both(NUMBER + DIGIT * length as f64);
        let somewhere = OWN + (place::COUNT as f64).log2();
        let place = place::code(word).map(|code| {
            let owner = if context.places.contains(code) {
                OWN
            } else if context.places.is_empty() {
                somewhere
            } else {
                somewhere + ELSEWHERE
            };
            Rest { owner, ..both(somewhere) }
        });
        let own = context.words.contains(word).then(|| {
            let stranger = if number { digits.stranger } else { UNEXPLAINED + free };
            Rest { owner: OWN.min(stranger), ..both(stranger) }
        });
        [
            (!number).then_some(unexplained),
            number.then_some(digits),
            AFFIXES.binary_search(&word).is_ok().then(|| both(AFFIX)).or(place),
            own,
        ]
    }
}
