//! Pairs that are surely one person, found before anything is learnt.
//!
//! Two rows that alone hold one e-mail address, or alone a date of birth together with a telephone number, are one
//! person: too much for chance. But where nobody stands twice, those who share a telephone number are a household, and
//! those who share a date and a city do so by chance. So every source is doubted first: the fields it does not go by
//! tell what share of its pairs is true, and each pair counts by as much. They tell three things without a label:
//!
//! - how often the *other* fields of one person agree: where learning starts;
//! - which of them blocking rules over other fields would have found: which rules to take, and how complete they are;
//! - how many matching pairs there are. Were a third of the pairs that share an e-mail address to share a telephone
//!   number too, there would be three times as many matches as pairs with one telephone number.

use super::atom::{Atoms, Code};
use super::em::{Weights, seed as learn_m};
use super::pattern::{Pattern, RowComparer};
use super::table::Table;
use crate::identity::kind::Level;
use crate::identity::weight::{FieldModel, Model, probability};

/// Pairs kept of one source.
const KEPT: usize = 2_000;
/// Sources at most.
const SOURCES: usize = 8;
/// Rows of which the keys are looked at; of a larger table every second, third … key.
const ROWS: usize = 100_000;
/// Rows that may hold one of the rare values and surely be one person's.
const SURELY: usize = 4;
/// Rows that may hold one and be one person's: they are counted.
const RECORDS: usize = 32;
/// Pairs from which on they are heard.
const ENOUGH: f64 = 20.0;
/// Pairs of relatives for every true pair of a source, before anything else is compared.
const RELATIVES: f64 = 0.5;
/// How often m is learnt from what is left, and the seeds are doubted again under it.
const DOUBTS: usize = 3;
/// Rounds of estimating what share of a source is true.
const ROUNDS: usize = 30;

/// Two rows that are surely one person: on which atoms they agree, and by which fields that was known.
#[derive(Debug)]
pub(in crate::identity) struct Seed {
    left: u32,
    right: u32,
    /// The number of its source.
    source: usize,
    pub(in crate::identity) agree: u64,
    pub(in crate::identity) fields: u64,
    /// Probability that the two are one person, as the other fields say.
    pub(in crate::identity) weight: f64,
}

/// Atoms too rare together for chance, and how many pairs of rows agree on them.
#[derive(Debug)]
struct Source {
    atoms: u64,
    fields: u64,
    /// Those of them that are true, once they were doubted.
    pairs: f64,
    /// Log-odds that one of them is true.
    odds: f64,
}

/// The seeds of a table.
#[derive(Debug, Default)]
pub(in crate::identity) struct Seeds {
    pub(in crate::identity) seeds: Vec<Seed>,
    sources: Vec<Source>,
}

impl Seeds {
    /// Pairs that agree on one or two whole values which together are too rare for chance.
    pub(in crate::identity) fn of(
        table: &Table,
        atoms: &Atoms,
        comparer: &mut RowComparer<'_>,
        fields: &[FieldModel],
    ) -> Self {
        let mut out = Self::default();
        for set in rare_sets(table, atoms) {
            out.gather(table, atoms, &set);
        }
        out.doubt(comparer, fields);
        out
    }

    /// Asks the other fields of every seed whether it is one person, under the stated m and the measured u. In a file
    /// without duplicates whoever shares a telephone number is a household or a colleague, and all seeds are false: what
    /// share of a source is true is estimated with them. Seeds that are rather false are dropped.
    fn doubt(&mut self, comparer: &mut RowComparer<'_>, fields: &[FieldModel]) {
        let patterns: Vec<Pattern> = self
            .seeds
            .iter()
            .map(|seed| {
                let mut pattern = comparer.pattern(seed.left, seed.right);
                for known in (0..fields.len()).filter(|field| seed.fields >> field & 1 == 1) {
                    pattern.set(known, Level::Missing);
                }
                pattern
            })
            .collect();
        let mut fields = fields.to_vec();
        for _ in 0..DOUBTS {
            let weights = Weights::of(&Model { prior: 0.5, fields: fields.clone(), relatives: RELATIVES });
            let bits: Vec<f64> = patterns.iter().map(|pattern| weights.odds(*pattern).bits()).collect();
            for (number, source) in self.sources.iter_mut().enumerate() {
                source.odds =
                    true_odds(self.seeds.iter().zip(&bits).filter(|(seed, _)| seed.source == number));
            }
            for (seed, bits) in self.seeds.iter_mut().zip(bits) {
                let odds = self.sources.get(seed.source).map_or(0.0, |source| source.odds);
                seed.weight = probability(odds + bits);
            }
            let levels = self.levels(comparer, fields.len());
            learn_m(&mut fields, levels);
        }
        for source in &mut self.sources {
            source.pairs *= probability(source.odds);
        }
        self.seeds.retain(|seed| seed.weight >= 0.5);
    }

    fn gather(&mut self, table: &Table, atoms: &Atoms, set: &[usize]) {
        let fields = atoms.fields(set).iter().fold(0, |mask, field| mask | 1_u64 << field);
        let stride = table.len().div_ceil(ROWS).max(1) as u64;
        let key = |row: u32| {
            set.iter().map(|atom| atoms.code(table, *atom, row)).try_fold(0_u64, |key, code| {
                (code != 0).then(|| (key ^ u64::from(code)).wrapping_mul(0xff51_afd7_ed55_8ccd))
            })
        };
        let mut keys: Vec<(u64, u32)> = (0..table.len() as u32)
            .filter_map(|row| key(row).filter(|key| (key >> 32).is_multiple_of(stride)).map(|key| (key, row)))
            .collect();
        keys.sort_unstable();
        let mut pairs = 0;
        let mut kept = 0;
        for block in keys.chunk_by(|a, b| a.0 == b.0).filter(|block| (2..=RECORDS).contains(&block.len())) {
            let rows = || block.iter().map(|(_, row)| *row);
            let admitted = rows().enumerate().flat_map(|(n, a)| rows().skip(n + 1).map(move |b| (a, b)));
            pairs += admitted.filter(|(a, b)| table.admits(*a, *b)).count();
            let (Some((_, left)), Some((_, right))) = (block.first(), block.last()) else { continue };
            if block.len() <= SURELY && kept < KEPT && table.admits(*left, *right) {
                let same = |atom: &usize| {
                    let code = atoms.code(table, *atom, *left);
                    code != 0 && code == atoms.code(table, *atom, *right)
                };
                let agree = (0..atoms.atoms.len()).filter(same).fold(0, |mask, atom| mask | 1_u64 << atom);
                let source = self.sources.len();
                self.seeds.push(Seed { left: *left, right: *right, source, agree, fields, weight: 1.0 });
                kept += 1;
            }
        }
        let pairs = (pairs as u64 * stride) as f64;
        let atoms = set.iter().fold(0, |mask, atom| mask | 1_u64 << atom);
        self.sources.push(Source { atoms, fields, pairs, odds: 0.0 });
    }

    /// Matching pairs there are, as the sources foretell it of each other: the middle one of their estimates. `None`
    /// when too few pairs say so.
    pub(in crate::identity) fn matches(&self) -> Option<f64> {
        let mut estimates: Vec<f64> =
            self.sources.iter().filter_map(|source| self.estimate(source)).collect();
        estimates.sort_by(f64::total_cmp);
        estimates.get(estimates.len() / 2).copied()
    }

    /// All matching pairs are to those of this source as other seeds are to those of them that agree on it.
    fn estimate(&self, source: &Source) -> Option<f64> {
        self.agreeing(source).map(|share| source.pairs / share)
    }

    /// The share of the seeds known by other fields that agree on what makes this source. `None` when they are few.
    fn agreeing(&self, source: &Source) -> Option<f64> {
        let others = self.seeds.iter().filter(|seed| seed.fields & source.fields == 0);
        let (all, agreeing) = others.fold((0.0, 0.0), |(all, agreeing), seed| {
            let agrees = seed.agree & source.atoms == source.atoms;
            (all + seed.weight, agreeing + if agrees { seed.weight } else { 0.0 })
        });
        (agreeing >= ENOUGH).then(|| agreeing / all)
    }

    /// By field: how many of the seeds known by other fields are at each level.
    pub(in crate::identity) fn levels(
        &self,
        comparer: &mut RowComparer<'_>,
        fields: usize,
    ) -> Vec<[f64; Level::COUNT]> {
        let mut counts = vec![[0.0; Level::COUNT]; fields];
        for seed in &self.seeds {
            let pattern = comparer.pattern(seed.left, seed.right);
            for (field, count) in counts.iter_mut().enumerate().filter(|(at, _)| seed.fields >> at & 1 == 0) {
                if let Some(slot) = count.get_mut(pattern.level(field) as usize) {
                    *slot += seed.weight;
                }
            }
        }
        counts
    }
}

/// Log-odds that a seed of a source is true, when its seeds have these bits in their other fields.
fn true_odds<'a>(seeds: impl Iterator<Item = (&'a Seed, &'a f64)>) -> f64 {
    let bits: Vec<f64> = seeds.map(|(_, bits)| *bits).collect();
    let mut odds = 0.0;
    for _ in 0..ROUNDS {
        let sure: f64 = bits.iter().map(|bits| probability(odds + bits)).sum();
        let share = (sure / bits.len().max(1) as f64).clamp(1e-6, 1.0 - 1e-6);
        odds = (share / (1.0 - share)).log2();
    }
    odds
}

/// Sets of one or two atoms of whole values, too rare for chance, those that most rows have first.
fn rare_sets(table: &Table, atoms: &Atoms) -> Vec<Vec<usize>> {
    let exact: Vec<usize> = (0..atoms.atoms.len())
        .filter(|at| atoms.get(*at).is_some_and(|atom| matches!(atom.code, Code::Exact | Code::Root)))
        .collect();
    let rare = |set: &[usize]| atoms.pairs_a_row(set, table.len()) < 0.3;
    let singles = exact.iter().map(|at| vec![*at]).filter(|set| rare(set));
    let alone: Vec<usize> = singles.clone().flatten().collect();
    let common: Vec<usize> = exact.iter().copied().filter(|at| !alone.contains(at)).collect();
    let doubles =
        common.iter().enumerate().flat_map(|(n, a)| common.iter().skip(n + 1).map(|b| vec![*a, *b]));
    let mut sets: Vec<Vec<usize>> = singles.chain(doubles.filter(|set| rare(set))).collect();
    sets.sort_by(|a, b| atoms.present(b).total_cmp(&atoms.present(a)).then_with(|| a.cmp(b)));
    sets.truncate(SOURCES);
    sets
}
