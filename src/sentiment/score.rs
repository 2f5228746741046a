//! From sums to what is published: probabilities, label, score. Plain arithmetic only, so that every platform agrees.

use super::lexicon::Lexicon;
use super::sink::{Hit, Sink};
use super::table::Table;
use super::walk::{RULES, Tally};
use super::{Label, Polarity, Probabilities, Raw};
use crate::model::{Points, Span};
use crate::text::hash;

/// e to the `x`, for x at most 0, to nine digits: range reduction and a polynomial, the same bits everywhere, as those of
/// libm are not.
fn exp(x: f64) -> f64 {
    let x = x.max(-700.0);
    let halvings = (x * std::f64::consts::LOG2_E - 0.5) as i64;
    let r = x - halvings as f64 * std::f64::consts::LN_2;
    let low = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0))));
    let high = 1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5_040.0 + r * (1.0 / 40_320.0)));
    (low + r * r * r * r * r * high) * f64::from_bits(((1_023 + halvings) as u64) << 52)
}

/// The logits of classes as probabilities.
pub(super) fn softmax<const N: usize>(logits: [f64; N]) -> [f64; N] {
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let powers = logits.map(|logit| exp(logit - most));
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The weights of the rules of a table, in the order of [`RULES`].
pub(super) fn rules(table: &Table) -> [[i64; 3]; RULES.len()] {
    RULES.map(|rule| table.find(hash(rule)).map(|node| node.plain.map(i64::from)).unwrap_or_default())
}

/// Sums of the classes, in thousandths of a logit; what a score needs and no more. `weigh` says what a hit adds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sums<const N: usize, F> {
    pub(super) sums: [i64; N],
    /// The sums at the beginning of the sentence, for the question rule.
    before: [i64; N],
    /// What the last polar entry added.
    last: [i64; N],
    /// What the last entry added that [works](super::table::Node::works) on words after it.
    worker: [i64; N],
    weigh: F,
}

/// The share that stays, in thousandths, of what stands before a contrast, and of a question.
pub(super) const BEFORE_CONTRAST: i64 = 500;
pub(super) const IN_QUESTION: i64 = 500;

/// What is taken from sums when only `share` thousandths of them stay.
pub(super) fn taken<const N: usize>(sums: [i64; N], share: i64) -> [i64; N] {
    sums.map(|sum| sum * (share - 1_000) / 1_000)
}

impl<const N: usize, F: Fn(&Hit<'_>) -> [i64; N]> Sums<N, F> {
    pub(super) fn new(weigh: F) -> Self {
        Self { sums: [0; N], before: [0; N], last: [0; N], worker: [0; N], weigh }
    }

    /// Adds what a hit adds, and says what that is.
    #[inline]
    pub(super) fn take(&mut self, hit: &Hit<'_>) -> [i64; N] {
        let adds = (self.weigh)(hit);
        if hit.node.valence != 0 {
            self.last = adds;
        }
        if hit.node.works() {
            self.worker = adds;
        }
        self.add(adds);
        adds
    }

    pub(super) fn add(&mut self, adds: [i64; N]) {
        self.sums.iter_mut().zip(adds).for_each(|(sum, add)| *sum += add);
    }

    /// What a contrast takes from all that came before it.
    pub(super) fn contrast_takes(&self) -> [i64; N] {
        taken(self.sums, BEFORE_CONTRAST)
    }

    /// What a word that looks back takes from the last polar entry.
    pub(super) fn back_takes(&self, stays: i16) -> [i64; N] {
        taken(self.last, i64::from(stays))
    }

    /// What is taken back of the last entry that worked on a word.
    pub(super) fn worker_takes(&self) -> [i64; N] {
        taken(self.worker, 0)
    }

    /// What a question mark takes from its sentence.
    pub(super) fn question_takes(&self) -> [i64; N] {
        let mut sentence = self.sums;
        sentence.iter_mut().zip(self.before).for_each(|(sum, before)| *sum -= before);
        taken(sentence, IN_QUESTION)
    }
}

impl<const N: usize, F: Fn(&Hit<'_>) -> [i64; N]> Sink for Sums<N, F> {
    #[inline]
    fn hit(&mut self, hit: Hit<'_>) {
        self.take(&hit);
    }

    fn spent(&mut self, _reason: &'static str, _span: Span) {
        self.add(self.worker_takes());
    }

    fn back(&mut self, stays: i16, _span: Span) {
        self.add(self.back_takes(stays));
    }

    fn contrast(&mut self, _span: Span) {
        self.add(self.contrast_takes());
    }

    fn sentence(&mut self, question: bool, _span: Span) {
        if question {
            self.add(self.question_takes());
        }
        self.before = self.sums;
    }
}

/// Sums for negative, neutral and positive, in thousandths of a logit, and of the valences, in thousandths of a point.
pub(super) type Sum = [i64; 4];

/// What the rules add for the whole text.
pub(super) fn tally<const N: usize>(rules: &[[i64; N]; RULES.len()], tally: &Tally) -> [i64; N] {
    let mut sums = [0; N];
    for (weights, count) in rules.iter().zip(tally.counts) {
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum += weight * i64::from(count);
        }
    }
    sums
}

/// How raw sums become a label and probabilities: numbers of the pack.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scale {
    /// Logits of a text that shows nothing; every class as common as the others.
    bias: [f64; 3],
    /// What each logit adds to the logits of the probabilities, where the classes are as common as in a stream.
    from: [[f64; 3]; 3],
    /// What those start from.
    base: [f64; 3],
    faint: Faint,
    graded: Graded,
}

/// How a text is read in which no word has a valence, though weak ones lean to a side: "how do I reset my password?".
/// What such words lean to is much what their texts were about; the less of it, and the nearer to balance, the likelier
/// that nothing is meant.
#[derive(Debug, Clone, Copy)]
struct Faint {
    /// Logits added to neutral in a short text that leans to neither side.
    adds: f64,
    /// The difference of the logits of the two sides from which on nothing is added.
    until: f64,
}

impl Faint {
    const NONE: Self = Self { adds: 0.0, until: 1.0 };

    fn of([adds, until, _]: [f64; 3]) -> Self {
        Self { adds, until: until.max(0.01) }
    }

    /// What is added to neutral in a text of `words` words.
    fn neutral(self, leans: f64, words: u32) -> f64 {
        let short = FEWEST / f64::from(words).max(FEWEST);
        self.adds * short * (1.0 - leans.abs() / self.until).max(0.0)
    }
}

/// How a score is graded: by the logits, and by the valences that people gave to the words. Either alone tells less: the
/// one does not know how strong a word is among those of its class, the other not what is meant by most words.
#[derive(Debug, Clone, Copy)]
struct Graded {
    /// By how much the logits are divided, so that what is said more strongly is still told apart.
    cools: f64,
    /// The square of the sum of valences that is worth 0.7.
    square: f64,
    /// How far the valences are heeded, 0 to 1, where there is much of them; where there is none, the logits decide.
    heeds: f64,
}

impl Graded {
    fn of([cools, square, heeds]: [f64; 3]) -> Self {
        Self { cools: cools.max(0.1), square: square.max(0.01), heeds: heeds.clamp(0.0, 1.0) }
    }

    fn score(self, logits: [f64; 3], valence: f64) -> f64 {
        let even = softmax(logits.map(|logit| logit / self.cools));
        let felt = valence / (valence * valence + self.square).sqrt();
        let meant = even[2] - even[0];
        meant + self.heeds * felt.abs() * (felt - meant)
    }
}

/// The words of a usual text. A longer one is judged by more evidence, each piece of it counting less.
const USUAL: f64 = 15.0;
/// The fewest words a text is taken to have: a short one has not that much more to say a word.
const FEWEST: f64 = 8.0;

/// The words from which on a text is judged by the average of its words, so that length alone proves nothing.
const LONG: f64 = 60.0;

/// How much a contribution counts in a text of `words` words.
pub(super) fn share(words: u32) -> f64 {
    let words = f64::from(words).max(FEWEST);
    (USUAL / words.min(LONG)).sqrt() * (LONG / words).min(1.0)
}

impl Scale {
    const PLAIN: Self = Self {
        bias: [0.0; 3],
        from: [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        base: [0.0; 3],
        faint: Faint::NONE,
        graded: Graded { cools: 1.0, square: 1.0, heeds: 0.0 },
    };

    /// The numbers of a model whose texts were balanced.
    pub(super) fn balanced(bias: [i64; 3]) -> Self {
        Self { bias: bias.map(|weight| weight as f64 / 1_000.0), ..Self::PLAIN }
    }

    pub(super) fn of(lexicon: &Lexicon) -> Self {
        let number = |name: &str, default| lexicon.numbers.get(name).copied().unwrap_or(default);
        let [negative, neutral, positive] = Self::PLAIN.from;
        Self {
            bias: number("bias", [0.0; 3]),
            from: [
                number("from_negative", negative),
                number("from_neutral", neutral),
                number("from_positive", positive),
            ],
            base: number("base", [0.0; 3]),
            faint: lexicon.numbers.get("faint").copied().map_or(Self::PLAIN.faint, Faint::of),
            graded: lexicon.numbers.get("graded").copied().map_or(Self::PLAIN.graded, Graded::of),
        }
    }

    /// The published polarity of raw sums over a text of `words` words.
    pub(super) fn polarity(&self, raw: Sum, words: u32) -> Polarity {
        let share = share(words) / 1_000.0;
        let [a, b, c, valence] = raw.map(|sum| sum as f64 * share);
        let [negative, mut neutral, positive] = [self.bias[0] + a, self.bias[1] + b, self.bias[2] + c];
        if raw[3] == 0 {
            neutral += self.faint.neutral(positive - negative, words);
        }
        let shows_nothing = raw == [0; 4];
        let label = match () {
            () if shows_nothing => Label::Neutral,
            () if positive > neutral && positive > negative => Label::Positive,
            () if negative > neutral => Label::Negative,
            () => Label::Neutral,
        };
        let score = self.graded.score([negative, neutral, positive], valence);
        let score = match label {
            Label::Positive => score.max(0.0),
            Label::Negative => score.min(0.0),
            Label::Neutral if shows_nothing => 0.0,
            Label::Neutral => score,
        };
        let mut logits = self.base;
        for (from, logit) in self.from.iter().zip([negative, neutral, positive]) {
            logits.iter_mut().zip(from).for_each(|(sum, weight)| *sum += logit * weight);
        }
        let [negative, neutral, positive] = softmax(logits).map(round);
        let probabilities = Probabilities { negative, neutral, positive };
        Polarity { label, score: round(score), probabilities, raw: Raw::of(raw) }
    }
}

/// To four decimals, of a value that is small.
pub(super) fn round(value: f64) -> f64 {
    (value * 10_000.0 + 0.5_f64.copysign(value)) as i64 as f64 / 10_000.0
}

impl Raw {
    pub(super) fn of(sums: Sum) -> Self {
        let [negative, neutral, positive, valence] = sums.map(Points::thousandths);
        Self { negative, neutral, positive, valence }
    }

    pub(super) fn thousandths(self) -> Sum {
        [self.negative, self.neutral, self.positive, self.valence].map(Points::as_thousandths)
    }
}
