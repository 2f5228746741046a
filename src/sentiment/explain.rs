//! The slow path: every contribution with its span, and what only a full reading needs.

use super::grams;
use super::pack::Pack;
use super::score::{self, Sums};
use super::table::Node;
use super::walk::{self, Hit, RULES, Sink};
use super::{Emotion, Label, Polarity, Raw, Reading, Sentiment, sarcasm};
use crate::model::{Points, Span};
use crate::text::Text;

/// What one span adds to the raw score.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Where, in UTF-8 bytes; empty for what the text as a whole adds.
    pub span: Span,
    /// Why: `entry`, `negated`, `contrast`, `question`, or the name of a rule as `<exclamation>`.
    pub reason: &'static str,
    /// What it adds to each class.
    pub adds: Raw,
}

impl Contribution {
    /// How far it pulls: what it adds to positive less what it adds to negative.
    pub fn pull(&self) -> Points {
        self.adds.positive - self.adds.negative
    }
}

/// The raw score and everything that adds up to it.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Explanation {
    /// The raw score.
    pub raw: Raw,
    /// The contributions, in the order of the text, then those of the whole text.
    pub contributions: Vec<Contribution>,
}

impl Explanation {
    /// The sum of the contributions: equal to [`raw`](Self::raw), always.
    pub fn total(&self) -> Raw {
        self.contributions.iter().fold(Raw::default(), |sum, part| Raw {
            negative: sum.negative + part.adds.negative,
            neutral: sum.neutral + part.adds.neutral,
            positive: sum.positive + part.adds.positive,
        })
    }
}

/// An entry found in a text, as a fitting program sees it.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Where, in UTF-8 bytes.
    pub span: Span,
    /// The [key](Sentiment::key) of its term.
    pub key: u64,
    /// Turned around by a negator.
    pub negated: bool,
    /// How much of its weights counts: 1 plain, more when emphatic, less when hedged, asked or before a "but".
    pub strength: f64,
    /// Its valence, −4 to 4.
    pub valence: f64,
}

/// The entries and rules found in a text: what a program that fits weights needs.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// The entries.
    pub matches: Vec<Match>,
    /// Sums of valence by side, counts of the rules, strengths of the emotions, each with its name.
    pub features: Vec<(&'static str, f64)>,
    /// Hashes of words, pairs of words, signs and character n-grams.
    pub grams: Vec<u64>,
    /// How much each of them counts in a text of this length.
    pub share: f64,
}

impl Trace {
    /// The buckets of the grams among `buckets`, a power of two.
    pub fn buckets(&self, buckets: usize) -> impl Iterator<Item = usize> + '_ {
        self.grams.iter().map(move |gram| grams::bucket(*gram, buckets))
    }
}

/// Sums, and a note of each addition.
struct Notes<F> {
    sums: Sums<3, F>,
    parts: Vec<Contribution>,
    found: Vec<Found>,
    sentences: u32,
}

/// What a reading takes from a hit.
pub(super) struct Found {
    extra: u16,
    pub(super) role: u16,
    pub(super) valence: i16,
    pub(super) negated: bool,
    /// The number of its sentence.
    pub(super) sentence: u32,
    pull: i64,
}

impl<F: Fn(&Hit<'_>) -> [i64; 3]> Notes<F> {
    fn note(&mut self, span: Span, reason: &'static str, adds: [i64; 3]) {
        if adds != [0; 3] {
            self.parts.push(Contribution { span, reason, adds: Raw::of(adds) });
        }
    }
}

impl<F: Fn(&Hit<'_>) -> [i64; 3]> Sink for Notes<F> {
    fn hit(&mut self, hit: Hit<'_>) {
        let adds = self.sums.weigh(&hit);
        self.note(hit.span, if hit.negated { "negated" } else { "entry" }, adds);
        let [negative, _, positive] = adds;
        let Node { extra, role, valence, .. } = *hit.node;
        let (negated, sentence, pull) = (hit.negated, self.sentences, positive - negative);
        self.found.push(Found { extra, role, valence, negated, sentence, pull });
        self.sums.add(adds);
    }

    fn contrast(&mut self, span: Span) {
        self.note(span, "contrast", self.sums.contrast_takes());
        self.sums.contrast(span);
    }

    fn sentence(&mut self, question: bool, span: Span) {
        if question {
            self.note(span, "question", self.sums.question_takes());
        }
        self.sums.sentence(question, span);
        self.sentences += 1;
    }
}

/// Everything that a slow reading of a text yields.
struct Noted {
    polarity: Polarity,
    parts: Vec<Contribution>,
    found: Vec<Found>,
}

fn note(pack: &Pack, text: &Text) -> Noted {
    let mut notes = Notes {
        sums: Sums::new(|hit: &Hit<'_>| pack.weigh(hit)),
        parts: Vec::new(),
        found: Vec::new(),
        sentences: 0,
    };
    let tally = walk::walk(&pack.table, text, &mut notes);
    let mut by_token = vec![[0; 3]; text.tokens().len()];
    pack.grams(text, |at, adds| {
        if let Some(sums) = by_token.get_mut(at) {
            sums.iter_mut().zip(adds).for_each(|(sum, add)| *sum += add);
        }
    });
    for (token, adds) in text.tokens().iter().zip(by_token) {
        notes.note(token.span(), "grams", adds);
        notes.sums.add(adds);
    }
    for ((rule, weights), count) in RULES.into_iter().zip(pack.rules).zip(tally.counts) {
        notes.note(Span::default(), rule, weights.map(|weight| weight * i64::from(count)));
    }
    let raw = pack.with_rules(notes.sums.sums, &tally);
    Noted { polarity: pack.publish(raw, tally.words), parts: notes.parts, found: notes.found }
}

pub(super) fn explain(pack: &Pack, text: &Text) -> Explanation {
    let noted = note(pack, text);
    Explanation { raw: noted.polarity.raw, contributions: noted.parts }
}

pub(super) fn read(sentiment: &Sentiment, pack: &Pack, text: &Text) -> Reading {
    let Noted { polarity, found, .. } = note(pack, text);
    let irony = if pack.code == "en" { sentiment.irony(text) } else { None };
    let sarcasm = sarcasm::cues(&found, irony);
    let (mut up, mut down, mut strongest) = (0, 0, 0);
    let mut felt = [0_u32; 8];
    for Found { extra, negated, pull, .. } in found {
        up += pull.max(0);
        down += (-pull).max(0);
        strongest = strongest.max(pull.abs());
        if !negated {
            for (sum, strength) in felt.iter_mut().zip(pack.table.emotions_at(extra)) {
                *sum += u32::from(strength);
            }
        }
    }
    let total: u32 = felt.iter().sum();
    let mut emotions: Vec<(Emotion, f64)> = Emotion::ALL
        .into_iter()
        .zip(felt)
        .filter(|(_, sum)| *sum > 0)
        .map(|(emotion, sum)| (emotion, score::round(f64::from(sum) / f64::from(total))))
        .collect();
    emotions.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let pull = strongest as f64 / 1_000.0;
    let mut reading = Reading {
        intensity: score::round(pull / (pull + FELT)),
        emotions,
        mixed: up.min(down) > MIXED,
        sarcasm,
        ..Reading::default()
    };
    reading.settle(polarity, sentiment.review_below);
    reading
}

/// Logits of pull at which intensity is one half.
const FELT: f64 = 1.5;
/// Thousandths of pull that both poles need for a text to be mixed.
const MIXED: i64 = 800;
/// What suspected sarcasm leaves of the confidence.
const SUSPECTED: f64 = 0.6;

impl Reading {
    /// Takes over a polarity, and what follows from it.
    pub(super) fn settle(&mut self, polarity: Polarity, review_below: f64) {
        let suspect = !self.sarcasm.is_empty();
        let probable = polarity.probabilities.of(polarity.label);
        self.confidence = if suspect { score::round(probable * SUSPECTED) } else { probable };
        self.needs_review = self.confidence < review_below || (suspect && polarity.label != Label::Neutral);
        (self.label, self.score, self.polarity) = (polarity.label, polarity.score, polarity);
    }
}
