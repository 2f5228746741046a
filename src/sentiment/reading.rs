//! The full reading in one walk: polarity, how strongly, which emotions, and what hints at sarcasm.

use super::explain::{Explanation, Notes};
use super::pack::Pack;
use super::sarcasm::Cues;
use super::score::{self, Sum, Sums};
use super::sink::{Hit, Sink};
use super::walk::{self, Tally};
use super::{Emotion, Label, Polarity, Reading, Sentiment};
use crate::model::Span;
use crate::text::Text;

/// Logits of pull at which intensity is one half.
const FELT: f64 = 1.5;
/// Thousandths of pull that both poles need for a text to be mixed.
const MIXED: i64 = 800;
/// Words from which on the irony model is heard: of fewer it knows too little.
const TELLING: u32 = 6;
/// What suspected sarcasm leaves of the confidence.
const SUSPECTED: f64 = 0.6;

/// What a reading takes from the entries besides their sums.
struct Impression<'a> {
    pack: &'a Pack,
    up: i64,
    down: i64,
    strongest: i64,
    felt: [u32; 8],
    cues: Cues,
}

impl Sink for Impression<'_> {
    fn hit(&mut self, hit: Hit<'_>) {
        if hit.node.valence == 0 && hit.node.role & Cues::ROLES == 0 && hit.node.extra == 0 {
            return;
        }
        let [negative, _, positive, _] = self.pack.weigh(&hit);
        let pull = positive - negative;
        self.up += pull.max(0);
        self.down += (-pull).max(0);
        self.strongest = self.strongest.max(pull.abs());
        if hit.node.extra != 0 && !hit.is_turned() {
            let emotions = self.pack.table.emotions_at(hit.node.extra);
            self.felt.iter_mut().zip(emotions).for_each(|(sum, strength)| *sum += u32::from(strength));
        }
        self.cues.hit(&hit);
    }

    fn sentence(&mut self, _question: bool, _span: Span) {
        self.cues.sentence();
    }
}

impl Impression<'_> {
    /// The emotions named, strongest first.
    fn emotions(&self) -> Vec<(Emotion, f64)> {
        let total: u32 = self.felt.iter().sum();
        if total == 0 {
            return Vec::new();
        }
        let felt = Emotion::ALL.into_iter().zip(self.felt).filter(|(_, sum)| *sum > 0);
        let mut emotions: Vec<(Emotion, f64)> =
            felt.map(|(emotion, sum)| (emotion, score::round(f64::from(sum) / f64::from(total)))).collect();
        emotions.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        emotions
    }
}

/// A listener at the walk that knows in the end what the entries and grams add.
trait Adder: Sink {
    /// What is read besides the reading.
    type Found;

    /// The raw sums, and what was found besides.
    fn found(self, pack: &Pack, text: &Text, tally: &Tally) -> (Sum, Self::Found);
}

impl<F: Fn(&Hit<'_>) -> Sum> Adder for Sums<4, F> {
    type Found = ();

    fn found(self, pack: &Pack, text: &Text, tally: &Tally) -> (Sum, ()) {
        (pack.whole(text, self.sums, tally), ())
    }
}

impl<F: Fn(&Hit<'_>) -> Sum> Adder for Notes<F> {
    type Found = Explanation;

    fn found(self, pack: &Pack, text: &Text, tally: &Tally) -> (Sum, Explanation) {
        let explanation = self.explanation(pack, text, tally);
        (explanation.raw.thousandths(), explanation)
    }
}

pub(super) fn read(sentiment: &Sentiment, pack: &Pack, text: &Text) -> Reading {
    walked(sentiment, pack, text, Sums::new(|hit: &Hit<'_>| pack.weigh(hit))).0
}

/// The reading, and what adds up to its raw score, in one walk.
pub(super) fn explained(sentiment: &Sentiment, pack: &Pack, text: &Text) -> (Reading, Explanation) {
    walked(sentiment, pack, text, Notes::new(|hit: &Hit<'_>| pack.weigh(hit)))
}

fn walked<A: Adder>(sentiment: &Sentiment, pack: &Pack, text: &Text, adder: A) -> (Reading, A::Found) {
    let impression = Impression { pack, up: 0, down: 0, strongest: 0, felt: [0; 8], cues: Cues::default() };
    let head = sentiment.irony.as_ref().filter(|_| pack.code == "en");
    let irony = head.map(|head| Sums::new(|hit: &Hit<'_>| head.weigh(&pack.table, hit)));
    let mut heard = ((adder, impression), irony);
    let tally = walk::walk(&pack.table, text, &mut heard);
    let ((adder, impression), irony) = heard;
    let irony = head.zip(irony).map(|(head, irony)| {
        let [irony, _] = head.publish(text, irony.sums, &tally);
        irony
    });
    let (raw, found) = adder.found(pack, text, &tally);
    let polarity = pack.publish(raw, tally.words);
    let pull = impression.strongest as f64 / 1_000.0;
    let mut reading = Reading {
        intensity: score::round(pull / (pull + FELT)),
        emotions: impression.emotions(),
        mixed: impression.up.min(impression.down) > MIXED,
        sarcasm: impression.cues.found(irony.filter(|_| tally.words >= TELLING)),
        ..Reading::default()
    };
    reading.settle(polarity, sentiment.review_below);
    (reading, found)
}

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
