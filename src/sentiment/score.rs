//! From sums to what is published: probabilities, label, score. Plain arithmetic only, so that every platform agrees.

use super::walk::{Hit, RULES, Sink, Tally};
use super::{Label, Polarity, Probabilities, Raw};
use crate::model::{Points, Span};
use crate::sentiment::table::Table;
use crate::text::hash;

/// e to the `x`, for x at most 0, by range reduction and a polynomial: the same bits everywhere, as libm is not.
fn exp(x: f64) -> f64 {
    let x = x.max(-700.0);
    let halves = (x * std::f64::consts::LOG2_E).round();
    let rest = x - halves * std::f64::consts::LN_2;
    let mut term = 1.0;
    let mut sum = 1.0;
    for n in 1..=12 {
        term *= rest / f64::from(n);
        sum += term;
    }
    sum * f64::from_bits(((1_023 + halves as i64).max(0) as u64) << 52)
}

/// The three classes' logits as probabilities.
pub(super) fn softmax(logits: [f64; 3]) -> [f64; 3] {
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let powers = logits.map(|logit| exp(logit - most));
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The weights of the rules of a table, in the order of [`RULES`].
pub(super) fn rules(table: &Table) -> [[i16; 3]; RULES.len()] {
    RULES.map(|rule| table.find(hash(rule)).map(|node| node.plain).unwrap_or_default())
}

/// Sums of three classes, in thousandths of a logit; what a score needs and no more.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) sums: [i64; 3],
    /// Sums of the sentence so far, for the question rule.
    sentence: [i64; 3],
    pub(super) polar: u32,
}

/// The share that stays, in thousandths, of what stands before a contrast, and of a question.
const BEFORE_CONTRAST: i64 = 700;
const IN_QUESTION: i64 = 750;

/// What is taken from sums when only `share` thousandths of them stay.
fn taken(sums: [i64; 3], share: i64) -> [i64; 3] {
    sums.map(|sum| sum * (share - 1_000) / 1_000)
}

impl Sums {
    fn add(&mut self, adds: [i64; 3]) {
        for ((sum, sentence), add) in self.sums.iter_mut().zip(&mut self.sentence).zip(adds) {
            *sum += add;
            *sentence += add;
        }
    }

    /// What a contrast takes from all that came before it.
    pub(super) fn contrast_takes(&self) -> [i64; 3] {
        taken(self.sums, BEFORE_CONTRAST)
    }

    /// What a question mark takes from its sentence.
    pub(super) fn question_takes(&self) -> [i64; 3] {
        taken(self.sentence, IN_QUESTION)
    }
}

impl Sink for Sums {
    #[inline]
    fn hit(&mut self, hit: Hit<'_>) {
        self.polar += u32::from(hit.node.valence != 0);
        self.add(hit.adds().map(i64::from));
    }

    fn contrast(&mut self, _span: Span) {
        self.add(self.contrast_takes());
    }

    fn sentence(&mut self, question: bool, _span: Span) {
        if question {
            self.add(self.question_takes());
        }
        self.sentence = [0; 3];
    }
}

/// Adds what the rules say of the whole text.
pub(super) fn tally(rules: &[[i16; 3]; RULES.len()], tally: &Tally) -> [i64; 3] {
    let mut sums = [0; 3];
    for (weights, count) in rules.iter().zip(tally.counts) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += i64::from(*weight) * i64::from(count);
        }
    }
    sums
}

/// Words up to which sums count in full; a longer text is judged by its average, so that length alone proves nothing.
const FULL: f64 = 40.0;

/// The published polarity of raw sums over a text of `words` words.
pub(super) fn polarity(raw: [i64; 3], words: u32) -> Polarity {
    let share = (FULL / f64::from(words.max(1))).min(1.0).sqrt();
    let [negative, neutral, positive] = softmax(raw.map(|sum| sum as f64 / 1_000.0 * share)).map(round);
    let label = match () {
        () if positive > neutral && positive > negative => Label::Positive,
        () if negative > neutral => Label::Negative,
        () => Label::Neutral,
    };
    let probabilities = Probabilities { negative, neutral, positive };
    Polarity { label, score: round(positive - negative), probabilities, raw: Raw::of(raw) }
}

/// To four decimals.
pub(super) fn round(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}

impl Raw {
    pub(super) fn of(sums: [i64; 3]) -> Self {
        let [negative, neutral, positive] = sums.map(Points::thousandths);
        Self { negative, neutral, positive }
    }
}
