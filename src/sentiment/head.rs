//! A model of hashed grams beside the lexicon: for the other languages, for emotions and for irony.
//!
//! Of the lexicon it reads the valence and the emotions of each entry, and the three weights that the entry has itself.

use super::grams::Grams;
use super::lexicon::EMOTIONS;
use super::score::{self, Sums};
use super::sink::Hit;
use super::table::Table;
use super::walk::{self, RULES, Tally};
use crate::text::Text;

/// Thousandths of a logit: per class, for each named feature.
#[derive(Debug, Clone)]
pub(super) struct Head<const N: usize> {
    pub(super) grams: Grams,
    pub(super) bias: [i64; N],
    pub(super) rules: [[i64; N]; RULES.len()],
    /// A point of valence: above zero, below it, and the same under negation.
    sides: [[i64; N]; 4],
    emotions: [[i64; N]; EMOTIONS.len()],
    /// What a logit of an entry's own weight for negative, neutral and positive adds.
    own: [[i64; N]; 3],
}

/// The names of the sides of a valence.
pub(super) const SIDES: [&str; 4] = ["above", "below", "not_above", "not_below"];

/// The names of the weights of an entry.
pub(super) const OWN: [&str; 3] = ["negative", "neutral", "positive"];

/// The side a hit's valence is on.
pub(super) fn side(hit: &Hit<'_>) -> usize {
    usize::from(hit.node.valence < 0) + 2 * usize::from(hit.negated)
}

impl<const N: usize> Head<N> {
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let grams = Grams::parse(bytes)?;
        let extra = |name: &str| {
            let mut weights = [0; N];
            weights.iter_mut().zip(grams.extra(name)).for_each(|(mine, weight)| *mine = *weight);
            weights
        };
        let (bias, rules, sides) = (extra("bias"), RULES.map(extra), SIDES.map(extra));
        let (emotions, own) = (EMOTIONS.map(extra), OWN.map(extra));
        (grams.classes == N).then_some(Self { grams, bias, rules, sides, emotions, own })
    }

    /// What a hit adds, through its valence, its emotions and its own weights.
    #[inline]
    pub(super) fn weigh(&self, table: &Table, hit: &Hit<'_>) -> [i64; N] {
        let mut adds = [0; N];
        let strength = i64::from(hit.strength);
        let points = i64::from(hit.node.valence.unsigned_abs()) * strength / 1_000;
        for (weights, own) in self.own.iter().zip(hit.adds()) {
            adds.iter_mut().zip(weights).for_each(|(add, weight)| *add += weight * own / 1_000);
        }
        if points != 0
            && let Some(weights) = self.sides.get(side(hit))
        {
            adds.iter_mut().zip(weights).for_each(|(add, weight)| *add += weight * points / 1_000);
        }
        if hit.node.extra != 0 && !hit.is_turned() {
            for (weights, felt) in self.emotions.iter().zip(table.emotions_at(hit.node.extra)) {
                let felt = i64::from(felt) * strength;
                adds.iter_mut().zip(weights).for_each(|(add, weight)| *add += weight * felt / 1_000);
            }
        }
        adds
    }

    /// The probabilities of the classes.
    pub(super) fn probabilities(&self, table: &Table, text: &Text) -> [f64; N] {
        let mut sums = Sums::new(|hit: &Hit<'_>| self.weigh(table, hit));
        let tally = walk::walk(table, text, &mut sums);
        self.publish(text, sums.sums, &tally)
    }

    /// The same, from what the entries add.
    pub(super) fn publish(&self, text: &Text, entries: [i64; N], tally: &Tally) -> [f64; N] {
        let mut raw = score::tally(&self.rules, tally);
        raw.iter_mut().zip(entries).for_each(|(raw, sum)| *raw += sum);
        self.grams.add(text, |_, adds: [i64; N]| {
            raw.iter_mut().zip(adds).for_each(|(raw, add)| *raw += add);
        });
        let share = score::share(tally.words);
        let mut logits = self.bias.map(|weight| weight as f64 / 1_000.0);
        logits.iter_mut().zip(raw).for_each(|(logit, sum)| *logit += sum as f64 * share / 1_000.0);
        score::softmax(logits).map(score::round)
    }
}
