//! What the values of one record are called in another.
//!
//! One list says "VLDB" where the next says "Very Large Data Bases", one "NSW" where the next says "New South Wales":
//! no comparison of letters sees that they are the same. In a field of few values the pairs that are surely enough one
//! person show which values go together, and which never do although they look alike.
//!
//! Two values that stand together in n matches, where chance would put e of them, weigh
//!
//! ```text
//! log2 (n + K · r) / (e + K)          r: the odds that the level between them stands for
//! ```
//!
//! which is the gamma–Poisson shrinkage of DuMouchel (1999): the weight of the level until matches say otherwise.

use super::pattern::Pattern;
use super::stranger::Rarity;
use super::table::{HashedMap, Table};
use crate::identity::kind::{Kind, Level};
use crate::identity::weight::{Model, Namesake, household};

/// Matches that the weight of the level counts as.
const STATED: f64 = 4.0;
/// Most bits that counterparts add to a level or take from it.
const MOST: f64 = 12.0;

/// A pair of rows that is a match with this probability.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Found {
    pub(in crate::identity) left: u32,
    pub(in crate::identity) right: u32,
    pub(in crate::identity) pattern: Pattern,
    pub(in crate::identity) probability: f64,
}

/// What pairs of values are worth beyond their level, by field; `None` where there are too many values to tell.
#[derive(Debug, Default)]
pub(in crate::identity) struct Counterparts(Vec<Option<Together>>);

/// The values of one field in matches.
#[derive(Debug)]
struct Together {
    /// Bits of each level.
    levels: [f64; Level::COUNT],
    /// Share of the rows that hold a value, of the first and of the second source.
    shares: [Vec<f64>; 2],
    /// Matches that hold two values.
    counts: HashedMap<f64>,
    matches: f64,
    two_sources: bool,
    /// A household shares the field.
    shared: bool,
}

impl Counterparts {
    /// Counts the values of matches.
    pub(in crate::identity) fn of(table: &Table, model: &Model, found: &[Found]) -> Self {
        let matches: f64 = found.iter().map(|pair| pair.probability).sum();
        let fields = model.fields.iter().enumerate().map(|(at, field)| {
            let values = table.vocabulary(at)?.len() as f64;
            let named = matches!(field.kind, Kind::Code | Kind::Text | Kind::Company | Kind::City);
            (named && values * values <= matches).then(|| Together {
                levels: Level::ALL.map(|level| field.bits(level, None, Namesake::No)),
                shares: shares(table, at),
                counts: HashedMap::default(),
                matches: 0.0,
                two_sources: table.left > 0,
                shared: household(field.kind).is_some(),
            })
        });
        let mut out = Self(fields.collect());
        for pair in found {
            let values = table.row(pair.left).iter().zip(table.row(pair.right));
            for ((at, field), (x, y)) in out.0.iter_mut().enumerate().zip(values) {
                if let Some(field) = field.as_mut().filter(|_| pair.pattern.level(at) != Level::Missing) {
                    *field.counts.entry(field.key(*x, *y)).or_default() += pair.probability;
                    field.matches += pair.probability;
                }
            }
        }
        out
    }

    /// Bits beyond level and rarity for a pair of rows: of all fields, and of those that a household does not share.
    pub(in crate::identity) fn of_pair(
        &self,
        pattern: Pattern,
        left: &[u32],
        right: &[u32],
        rarity: &Rarity,
    ) -> (f32, f32) {
        let fields = self.0.iter().enumerate().filter_map(|(at, field)| Some((at, field.as_ref()?)));
        fields.fold((0.0, 0.0), |(all, personal), (at, field)| {
            let bits = self.of_field(at, pattern, left, right, rarity);
            (all + bits, if field.shared { personal } else { personal + bits })
        })
    }

    /// The same for one field.
    pub(in crate::identity) fn of_field(
        &self,
        at: usize,
        pattern: Pattern,
        left: &[u32],
        right: &[u32],
        rarity: &Rarity,
    ) -> f32 {
        let (Some(Some(field)), Some(x), Some(y)) = (self.0.get(at), left.get(at), right.get(at)) else {
            return 0.0;
        };
        let level = pattern.level(at);
        if level == Level::Missing {
            return 0.0;
        }
        field.bits(level, *x, *y, f64::from(rarity.bits(at, level, *x, *y))) as f32
    }
}

impl Together {
    fn key(&self, x: u32, y: u32) -> u64 {
        let (x, y) = if self.two_sources { (x, y) } else { (x.min(y), x.max(y)) };
        u64::from(x) << 32 | u64::from(y)
    }

    fn bits(&self, level: Level, x: u32, y: u32, rare: f64) -> f64 {
        let [first, second] = &self.shares;
        let share = |shares: &[f64], value: u32| shares.get(value as usize).copied().unwrap_or(0.0);
        let orders = if self.two_sources || x == y { 1.0 } else { 2.0 };
        let chance = orders * self.matches * share(first, x) * share(second, y);
        // The pair that asks is one of the matches, as a rule: it does not vouch for itself.
        let seen = (self.counts.get(&self.key(x, y)).copied().unwrap_or(0.0) - 1.0).max(0.0);
        let said = self.levels.get(level as usize).copied().unwrap_or(0.0) + rare;
        let told = ((seen + STATED * said.exp2()) / (chance + STATED)).log2();
        (told - said).clamp(-MOST, MOST)
    }
}

/// By value: the share of the rows of each source that hold it, of those that hold any.
fn shares(table: &Table, field: usize) -> [Vec<f64>; 2] {
    let all = 0..table.len() as u32;
    let split = table.left as u32;
    let sources = if split > 0 { [0..split, split..all.end] } else { [all.clone(), all] };
    sources.map(|rows| {
        let mut shares = vec![0.0; table.vocabulary(field).map_or(0, |values| values.len())];
        let mut held = 0.0;
        for value in rows.filter_map(|row| table.row(row).get(field)).filter(|value| **value != 0) {
            held += 1.0;
            if let Some(share) = shares.get_mut(*value as usize) {
                *share += 1.0;
            }
        }
        shares.iter_mut().for_each(|share| *share /= f64::max(held, 1.0));
        shares
    })
}
