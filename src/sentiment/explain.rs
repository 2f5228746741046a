//! The slow path: every contribution with its span, and what only a full reading needs.

use super::lexicon::role;
use super::score::{self, Sums};
use super::walk::{self, Hit, RULES, Sink};
use super::{Emotion, Label, Raw, Reading, SarcasmCue, Sentiment};
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// Sums, and a note of each addition.
#[derive(Default)]
struct Notes {
    sums: Sums,
    parts: Vec<Contribution>,
    found: Vec<(u16, u16, bool, [i32; 3])>,
}

impl Notes {
    fn note(&mut self, span: Span, reason: &'static str, adds: [i64; 3]) {
        if adds != [0; 3] {
            self.parts.push(Contribution { span, reason, adds: Raw::of(adds) });
        }
    }
}

impl Sink for Notes {
    fn hit(&mut self, hit: Hit<'_>) {
        let reason = if hit.negated { "negated" } else { "entry" };
        self.note(hit.span, reason, hit.adds().map(i64::from));
        self.found.push((hit.node.extra, hit.node.role, hit.negated, hit.adds()));
        self.sums.hit(hit);
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
    }
}

pub(super) fn explain(sentiment: &Sentiment, text: &Text) -> Explanation {
    let mut notes = Notes::default();
    let tally = walk::walk(&sentiment.table, text, &mut notes);
    let raw = sentiment.polarity(notes.sums.sums, &tally).raw;
    for ((rule, weights), count) in RULES.into_iter().zip(sentiment.rules).zip(tally.counts) {
        notes.note(Span::default(), rule, weights.map(|weight| i64::from(weight) * i64::from(count)));
    }
    Explanation { raw, contributions: notes.parts }
}

pub(super) fn read(sentiment: &Sentiment, text: &Text) -> Reading {
    let mut notes = Notes::default();
    let tally = walk::walk(&sentiment.table, text, &mut notes);
    let polarity = sentiment.polarity(notes.sums.sums, &tally);
    let (mut up, mut down, mut strongest) = (0_i64, 0_i64, 0_i64);
    let mut emotions = [0_u32; 8];
    let mut sarcasm = Vec::new();
    for (extra, roles, negated, adds) in notes.found {
        let pull = i64::from(adds[2] - adds[0]);
        up += pull.max(0);
        down += (-pull).max(0);
        strongest = strongest.max(pull.abs());
        if !negated {
            for (sum, strength) in emotions.iter_mut().zip(sentiment.table.emotions_at(extra)) {
                *sum += u32::from(strength);
            }
        }
        if roles & role::CUE != 0 {
            sarcasm.push(SarcasmCue::Marker);
        }
    }
    sarcasm.dedup();
    let total: u32 = emotions.iter().sum();
    let mut emotions: Vec<(Emotion, f64)> = Emotion::ALL
        .into_iter()
        .zip(emotions)
        .filter(|(_, sum)| *sum > 0)
        .map(|(emotion, sum)| (emotion, score::round(f64::from(sum) / f64::from(total))))
        .collect();
    emotions.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let probable = polarity.probabilities.of(polarity.label);
    let confidence = if sarcasm.is_empty() { probable } else { score::round(probable * 0.6) };
    let pull = strongest as f64 / 1_000.0;
    Reading {
        label: polarity.label,
        score: polarity.score,
        intensity: score::round(pull / (pull + 1.5)),
        confidence,
        needs_review: confidence < sentiment.review_below
            || (!sarcasm.is_empty() && polarity.label != Label::Neutral),
        emotions,
        mixed: up.min(down) > 800,
        sarcasm,
        polarity,
    }
}
