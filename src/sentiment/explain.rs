//! The slow path: every contribution with its span, and what a fitting program needs to know.

use super::Raw;
use super::grams::{self, GramKind};
use super::pack::Pack;
use super::score::{Sum, Sums};
use super::sink::{Hit, Sink};
use super::walk::{self, RULES, Tally};
use crate::model::{Points, Span};
use crate::text::Text;

/// What one span adds to the raw score.
///
/// ```
/// use hearken::model::Points;
/// use hearken::sentiment::Sentiment;
/// use hearken::text::Text;
///
/// let text = Text::new("The staff were wonderful, the room was filthy");
/// let why = Sentiment::english().explain(&text);
/// // What an editor marks green and red.
/// let marked = |word| why.contributions.iter().find(|part| part.span.of(text.source()) == Some(word)).unwrap().pull();
/// assert!(marked("wonderful") > Points::ZERO && marked("filthy") < Points::ZERO);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// Where, in UTF-8 bytes; empty for what the text as a whole adds.
    pub span: Span,
    /// Why: `entry`, `negated`, `grams`, `contrast`, `comparison`, `negation`, `intensity`, `question`, or the name of a rule as `<exclamation>`.
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
///
/// ```
/// use hearken::sentiment::Sentiment;
/// use hearken::text::Text;
///
/// let (sentiment, text) = (Sentiment::english(), Text::new("They are not helpful!!!"));
/// let why = sentiment.explain(&text);
/// // It explains this very score, to the thousandth.
/// assert_eq!(why.raw, sentiment.score(&text).raw);
/// assert_eq!(why.total(), why.raw);
/// assert!(why.contributions.iter().any(|part| part.reason == "negated"));
/// ```
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
            valence: sum.valence + part.adds.valence,
        })
    }
}

/// An entry found in a text, as a fitting program sees it.
///
/// ```
/// use hearken::sentiment::Sentiment;
/// use hearken::text::Text;
///
/// let text = Text::new("it is not reliable");
/// let trace = Sentiment::english().trace_in(&text, None);
/// let found = trace.matches.iter().find(|found| found.span.of(text.source()) == Some("reliable")).unwrap();
/// // A program that fits weights learns of the entry, and that it was turned around here.
/// assert!(found.negated && found.valence > 0.0);
/// assert_eq!(Some(found.key), Sentiment::key("reliable"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Match {
    /// Where, in UTF-8 bytes.
    pub span: Span,
    /// The [key](super::Sentiment::key) of its term.
    pub key: u64,
    /// Turned around by a negator.
    pub negated: bool,
    /// How much of its weights counts: 1 plain, more when emphatic, less when hedged, asked or before a "but".
    pub strength: f64,
    /// Its valence, −4 to 4.
    pub valence: f64,
}

/// The entries and rules found in a text: what a program that fits weights needs.
///
/// ```
/// use hearken::sentiment::{GramKind, Sentiment};
/// use hearken::text::Text;
///
/// // One row of a table to fit on: which weights of 1,024 this text touches.
/// let trace = Sentiment::english().trace_in(&Text::new("late again"), None);
/// let row: Vec<usize> = trace.buckets(&[GramKind::Word, GramKind::Pair], 1_024).collect();
/// assert_eq!(row.len(), 3, "two words and a pair");
/// assert!(row.iter().all(|bucket| *bucket < 1_024));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trace {
    /// The entries.
    pub matches: Vec<Match>,
    /// Sums of valence by side, counts of the rules, strengths of the emotions, each with its name.
    pub features: Vec<(&'static str, f64)>,
    /// Hashes of words, pairs of words and character n-grams, each with what it is.
    pub grams: Vec<(GramKind, u64)>,
    /// How much each of them counts in a text of this length.
    pub share: f64,
}

impl Trace {
    /// The buckets of the grams of these kinds among `buckets`, a power of two.
    pub fn buckets(&self, kinds: &[GramKind], buckets: usize) -> impl Iterator<Item = usize> {
        let grams = self.grams.iter().filter(|(kind, _)| kinds.contains(kind));
        grams.map(move |(_, gram)| grams::bucket(*gram, buckets))
    }
}

/// The reason of what a contrast takes.
pub(super) const CONTRAST: &str = "contrast";

/// Sums, and a note of each addition.
pub(super) struct Notes<F> {
    sums: Sums<4, F>,
    parts: Vec<Contribution>,
}

impl<F: Fn(&Hit<'_>) -> Sum> Notes<F> {
    pub(super) fn new(weigh: F) -> Self {
        Self { sums: Sums::new(weigh), parts: Vec::new() }
    }

    fn note(&mut self, span: Span, reason: &'static str, adds: Sum) {
        if adds != [0; 4] {
            self.parts.push(Contribution { span, reason, adds: Raw::of(adds) });
        }
    }

    fn grams(&mut self, pack: &Pack, text: &Text) {
        // A text of signs alone has grams and no token: they are about all of it.
        let mut spans: Vec<Span> = text.tokens().iter().map(|token| token.span()).collect();
        if spans.is_empty() {
            spans.push(Span::new(0, text.source().len() as u32));
        }
        let mut by_token = vec![[0; 4]; spans.len()];
        pack.grams(text, |at, adds| {
            if let Some(sums) = by_token.get_mut(at) {
                sums.iter_mut().zip(adds).for_each(|(sum, add)| *sum += add);
            }
        });
        for (span, adds) in spans.into_iter().zip(by_token) {
            self.note(span, "grams", adds);
            self.sums.add(adds);
        }
    }

    /// What is known once the walk is over.
    pub(super) fn explanation(mut self, pack: &Pack, text: &Text, tally: &Tally) -> Explanation {
        if pack.has_grams() {
            self.grams(pack, text);
        }
        for ((rule, [a, b, c]), count) in RULES.into_iter().zip(pack.rules).zip(tally.counts) {
            self.note(Span::default(), rule, [a, b, c, 0].map(|weight| weight * i64::from(count)));
        }
        Explanation { raw: Raw::of(pack.with_rules(self.sums.sums, tally)), contributions: self.parts }
    }
}

impl<F: Fn(&Hit<'_>) -> Sum> Sink for Notes<F> {
    fn hit(&mut self, hit: Hit<'_>) {
        let adds = self.sums.take(&hit);
        self.note(hit.span, if hit.is_turned() { "negated" } else { "entry" }, adds);
    }

    fn contrast(&mut self, span: Span) {
        self.note(span, CONTRAST, self.sums.contrast_takes());
        self.sums.contrast(span);
    }

    fn spent(&mut self, reason: &'static str, span: Span) {
        self.note(span, reason, self.sums.worker_takes());
        self.sums.spent(reason, span);
    }

    fn back(&mut self, stays: i16, span: Span) {
        let reason = if stays < 0 { "negation" } else { "comparison" };
        self.note(span, reason, self.sums.back_takes(stays));
        self.sums.back(stays, span);
    }

    fn sentence(&mut self, question: bool, span: Span) {
        if question {
            self.note(span, "question", self.sums.question_takes());
        }
        self.sums.sentence(question, span);
    }
}

pub(super) fn explain(pack: &Pack, text: &Text) -> Explanation {
    let mut notes = Notes::new(|hit: &Hit<'_>| pack.weigh(hit));
    let tally = walk::walk(&pack.table, text, &mut notes);
    notes.explanation(pack, text, &tally)
}
