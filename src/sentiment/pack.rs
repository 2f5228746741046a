//! One language made ready: its table, and the head of grams where it has one.

use super::grams::{self, GramKind};
use super::head::{Head, OWN, SIDES, side};
use super::lexicon::{EMOTIONS, Lexicon, role};
use super::score::{self, Scale, Sum, Sums};
use super::sink::{Hit, Sink};
use super::table::Table;
use super::walk::{self, RULES, Tally};
use super::{Match, Polarity, Trace};
use crate::model::Span;
use crate::text::Text;

/// A language of the scorer.
#[derive(Debug, Clone)]
pub(super) struct Pack {
    pub(super) code: &'static str,
    pub(super) table: Table,
    head: Option<Head<3>>,
    pub(super) rules: [[i64; 3]; RULES.len()],
    scale: Scale,
}

impl Pack {
    pub(super) fn new(code: &'static str, lexicon: &Lexicon, head: Option<Head<3>>) -> Self {
        let table = Table::compile(lexicon, head.is_some());
        let (rules, scale) = match &head {
            Some(head) => (head.rules, Scale::balanced(head.bias)),
            None => (score::rules(&table), Scale::of(lexicon)),
        };
        Self { code, table, head, rules, scale }
    }

    /// What a hit adds to negative, neutral and positive, and to the valence.
    pub(super) fn weigh(&self, hit: &Hit<'_>) -> Sum {
        match &self.head {
            Some(head) => {
                let mut adds = head.weigh(&self.table, hit);
                if hit.node.is(role::TAUGHT) {
                    let taught = self.table.taught(hit.node.key).map(i64::from);
                    adds.iter_mut()
                        .zip(taught)
                        .for_each(|(add, shift)| *add += shift * i64::from(hit.strength) / 1_000);
                }
                let [negative, neutral, positive] = adds;
                [negative, neutral, positive, hit.valence()]
            }
            None => hit.adds(),
        }
    }

    /// The fast path: sums and no notes.
    pub(super) fn score(&self, text: &Text) -> Polarity {
        let (raw, words) = self.raw(text);
        self.publish(raw, words)
    }

    /// Raw sums, and the words they are over.
    pub(super) fn raw(&self, text: &Text) -> (Sum, u32) {
        if self.head.is_none() {
            let mut sums = Sums::new(|hit: &Hit<'_>| hit.adds());
            let tally = walk::walk(&self.table, text, &mut sums);
            return (self.whole(text, sums.sums, &tally), tally.words);
        }
        let mut sums = Sums::new(|hit: &Hit<'_>| self.weigh(hit));
        let tally = walk::walk(&self.table, text, &mut sums);
        (self.whole(text, sums.sums, &tally), tally.words)
    }

    /// True when the language has grams.
    pub(super) fn has_grams(&self) -> bool {
        self.head.is_some()
    }

    /// What the grams of each token add; nothing where the language has none.
    pub(super) fn grams(&self, text: &Text, mut adds: impl FnMut(usize, [i64; 3])) {
        if let Some(head) = &self.head {
            head.grams.add(text, &mut adds);
        }
    }

    /// The raw sums of a text, from what its entries add.
    pub(super) fn whole(&self, text: &Text, entries: Sum, tally: &Tally) -> Sum {
        let mut all = entries;
        self.grams(text, |_, adds| all.iter_mut().zip(adds).for_each(|(sum, add)| *sum += add));
        self.with_rules(all, tally)
    }

    /// The sums of hits and grams, with what the rules add.
    pub(super) fn with_rules(&self, sums: Sum, tally: &Tally) -> Sum {
        let mut raw = sums;
        raw.iter_mut().zip(score::tally(&self.rules, tally)).for_each(|(raw, add)| *raw += add);
        raw
    }

    /// The polarity of raw sums over a text of `words` words.
    pub(super) fn publish(&self, raw: Sum, words: u32) -> Polarity {
        self.scale.polarity(raw, words)
    }

    pub(super) fn trace(&self, text: &Text) -> Trace {
        let mut tracer = Tracer { pack: self, matches: Vec::new(), sentence: 0 };
        let tally = walk::walk(&self.table, text, &mut tracer);
        let mut sides = [0.0; SIDES.len()];
        let mut felt = [0.0; EMOTIONS.len()];
        let mut own = [0.0; OWN.len()];
        for (found, side, emotions) in &tracer.matches {
            let node = self.table.find(found.key).copied().unwrap_or_default();
            let weights = if found.negated { node.negated } else { node.plain };
            own.iter_mut()
                .zip(weights)
                .for_each(|(sum, weight)| *sum += f64::from(weight) / 1_000.0 * found.strength);
            sides.iter_mut().skip(*side).take(1).for_each(|sum| *sum += found.valence.abs() * found.strength);
            felt.iter_mut().zip(emotions).for_each(|(sum, felt)| *sum += f64::from(*felt) * found.strength);
        }
        let counts = tally.counts.map(f64::from);
        let features = SIDES.into_iter().zip(sides).chain(RULES.into_iter().zip(counts));
        let features = features.chain(EMOTIONS.into_iter().zip(felt));
        let features = features.chain(OWN.into_iter().zip(own)).collect();
        let mut grams = Vec::new();
        grams::visit(text, &GramKind::ALL, |_, kind, gram| grams.push((kind, gram)));
        let matches = tracer.matches.into_iter().map(|(found, _, _)| found).collect();
        Trace { matches, features, grams, share: score::share(tally.words) }
    }
}

/// Collects what a fitting program needs: each match, the side of its valence, and its emotions.
struct Tracer<'a> {
    pack: &'a Pack,
    matches: Vec<(Match, usize, [u8; 8])>,
    sentence: usize,
}

impl Tracer<'_> {
    fn weaken(&mut self, from: usize, share: i64) {
        for (found, _, _) in self.matches.iter_mut().skip(from) {
            found.strength *= share as f64 / 1_000.0;
        }
    }
}

impl Sink for Tracer<'_> {
    fn hit(&mut self, hit: Hit<'_>) {
        let found = Match {
            span: hit.span,
            key: hit.node.key,
            negated: hit.negated,
            strength: f64::from(hit.strength) / 1_000.0,
            valence: f64::from(hit.node.valence) / 1_000.0,
        };
        let emotions = if hit.is_turned() { [0; 8] } else { self.pack.table.emotions_at(hit.node.extra) };
        self.matches.push((found, side(&hit), emotions));
    }

    fn contrast(&mut self, _span: Span) {
        self.weaken(0, score::BEFORE_CONTRAST);
    }

    fn spent(&mut self, _reason: &'static str, _span: Span) {
        let works = |key| self.pack.table.find(key).is_some_and(|node| node.works());
        if let Some((last, _, _)) = self.matches.iter_mut().rfind(|(found, _, _)| works(found.key)) {
            last.strength = 0.0;
        }
    }

    fn back(&mut self, stays: i16, _span: Span) {
        if let Some((last, _, _)) = self.matches.iter_mut().rfind(|(found, _, _)| found.valence != 0.0) {
            last.strength *= f64::from(stays) / 1_000.0;
        }
    }

    fn sentence(&mut self, question: bool, _span: Span) {
        if question {
            self.weaken(self.sentence, score::IN_QUESTION);
        }
        self.sentence = self.matches.len();
    }
}
