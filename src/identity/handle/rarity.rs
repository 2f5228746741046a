//! How rare a name is: what sharing it with a handle is worth.

use super::surprisal::Surprisal;
use std::collections::BTreeMap;

/// How the mass of names seen once is spread: in proportion to the chance of their letters to this power. At 0 Scott
/// and Krishnamoorthi would be equally likely to turn up a second time, at 1 the letters alone would decide.
const SPREAD: f64 = 0.3;
/// The spread keeps within these bounds.
const LEAST: f64 = 0.1;
const MOST: f64 = 4.0;
/// People from which on names held once tell how common such names are; fewer are taken for so many.
const ENOUGH: f64 = 100.0;
/// A given name in the table of short forms is one of some 1,500 common ones.
const COMMON_GIVEN: f64 = 1.0 / 1_500.0;

/// Frequencies of names among the host's people, and of what was not seen.
///
/// The chance that a stranger bears a name held by `c` of `n` people is `(c − d) / n` plus the chance of its letters,
/// with the discount `d = n₁ / (n₁ + 2 n₂)` of Ney, Essen and Kneser (1994), where n₁ and n₂ count the names held by one
/// person and by two.
#[derive(Debug, Clone, Default)]
pub(in crate::identity) struct Rarity {
    counts: BTreeMap<String, u32>,
    people: f64,
    /// 1 − d, and the mean that the spread is measured by.
    kept: f64,
    mean: f64,
    common: f64,
}

impl Rarity {
    /// Counts names, each once for each person who bears it.
    pub(in crate::identity) fn learn<'a>(
        names: impl IntoIterator<Item = &'a str>,
        people: usize,
        given: bool,
        surprisal: &Surprisal,
    ) -> Self {
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        for name in names {
            *counts.entry(name.to_owned()).or_default() += 1;
        }
        let held = |times: u32| counts.values().filter(|count| **count == times).count() as f64;
        let (once, twice) = (held(1), held(2));
        let kept = (2.0 * twice + 1.0) / (once + 2.0 * twice + 1.0);
        let sum: f64 = counts.keys().map(|name| likelihood(name, surprisal)).sum();
        let mean = sum / counts.len().max(1) as f64;
        let common = if given { COMMON_GIVEN } else { 0.0 };
        Self { counts, people: people.max(1) as f64, kept, mean, common }
    }

    /// −log₂ of the chance that a stranger bears this name.
    pub(in crate::identity) fn bits(&self, name: &str, surprisal: &Surprisal) -> f64 {
        let mut chance = (-surprisal.bits(name)).exp2();
        if let Some(count) = self.counts.get(name) {
            let spread = (likelihood(name, surprisal) / self.mean.max(f64::MIN_POSITIVE)).clamp(LEAST, MOST);
            chance += (f64::from(*count) - 1.0) / self.people;
            chance += self.kept * spread / self.people.max(ENOUGH);
        }
        if crate::identity::normalise::nickname::number(name) != 0 {
            chance += self.common;
        }
        -chance.min(1.0).log2()
    }
}

fn likelihood(name: &str, surprisal: &Surprisal) -> f64 {
    (-SPREAD * surprisal.bits(name)).exp2()
}
