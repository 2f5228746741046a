//! Polarity, intensity, emotion and sarcasm cues of a text, from a lexicon that explains itself.
//!
//! ```text
//! Text ──► walk ──► hits: entry × strength, negated or not ──► sums of negative, neutral, positive (Points)
//!            │                                                    │  publish: softmax, label, score
//!            └ signs, phrases, scope of negation,                 ▼
//!              boosts, capitals, wishes, contrast              Reading
//! ```
//! Each entry weighs three classes, because most errors of one-dimensional lexicons are neutral texts read as polar.
//!
//! ```
//! use hearken::sentiment::{Label, Sentiment};
//! use hearken::text::Text;
//!
//! let sentiment = Sentiment::english();
//! let reading = sentiment.read(&Text::new("I really love this, thank you!"));
//! assert_eq!(reading.label, Label::Positive);
//!
//! let explanation = sentiment.explain(&Text::new("I can't stand the new app."));
//! assert_eq!(explanation.total(), explanation.raw);
//! ```

mod aspect;
mod emoji;
mod explain;
mod lexicon;
mod score;
mod table;
mod walk;

pub use aspect::Aspect;
pub use explain::{Contribution, Explanation};
pub use lexicon::FORMAT;

use crate::error::BuildError;
use crate::model::{Points, Span};
use crate::text::Text;
use lexicon::{EMOTIONS, Lexicon};
use serde::{Deserialize, Serialize};
use table::Table;

/// The polarity of a text.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// Something is said against.
    Negative,
    /// Neither, or nothing to go by.
    #[default]
    Neutral,
    /// Something is said in favour.
    Positive,
}

impl Label {
    /// The label as a word: `negative`, `neutral`, `positive`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Negative => "negative",
            Self::Neutral => "neutral",
            Self::Positive => "positive",
        }
    }
}

/// How likely each label is; they sum to 1 up to rounding at four decimals.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Probabilities {
    /// Of [`Label::Negative`].
    pub negative: f64,
    /// Of [`Label::Neutral`].
    pub neutral: f64,
    /// Of [`Label::Positive`].
    pub positive: f64,
}

impl Probabilities {
    /// The probability of a label.
    pub const fn of(self, label: Label) -> f64 {
        match label {
            Label::Negative => self.negative,
            Label::Neutral => self.neutral,
            Label::Positive => self.positive,
        }
    }
}

/// The raw score: sums of the contributions to each class, in logits.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// For negative.
    pub negative: Points,
    /// For neutral.
    pub neutral: Points,
    /// For positive.
    pub positive: Points,
}

/// Label, score and probabilities: what the fast path gives.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Polarity {
    /// The most likely label; neutral on a tie.
    pub label: Label,
    /// −1 (negative) to 1 (positive).
    pub score: f64,
    /// How likely each label is.
    pub probabilities: Probabilities,
    /// The sums that the probabilities come from.
    pub raw: Raw,
}

/// A named feeling.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Emotion {
    /// Irritation to fury.
    Anger,
    /// Pleasure, happiness.
    Joy,
    /// Sorrow, disappointment.
    Sadness,
    /// Worry to terror.
    Fear,
    /// Revulsion, contempt.
    Disgust,
    /// Astonishment, either way.
    Surprise,
    /// Confidence in somebody or something.
    Trust,
    /// Hope, encouragement.
    Optimism,
}

impl Emotion {
    /// Every emotion, in the order of the fields of a lexicon.
    pub const ALL: [Self; 8] = [
        Self::Anger,
        Self::Joy,
        Self::Sadness,
        Self::Fear,
        Self::Disgust,
        Self::Surprise,
        Self::Trust,
        Self::Optimism,
    ];

    /// The emotion as a word.
    pub fn name(self) -> &'static str {
        EMOTIONS.get(self as usize).copied().unwrap_or("")
    }
}

/// Everything that is read from a text.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Label, score and probabilities.
    pub polarity: Polarity,
    /// The label of `polarity`.
    pub label: Label,
    /// The score of `polarity`, −1 to 1.
    pub score: f64,
    /// How strongly it is said, 0 to 1, whichever way.
    pub intensity: f64,
    /// How sure the label is, 0 to 1.
    pub confidence: f64,
    /// A person should look: the confidence is below the bound, or sarcasm is suspected.
    pub needs_review: bool,
    /// The emotions named, strongest first, each with its share of 0 to 1.
    pub emotions: Vec<(Emotion, f64)>,
    /// Both poles are strong.
    pub mixed: bool,
    /// What hints at sarcasm; hints lower the confidence and never turn the label around.
    pub sarcasm: Vec<SarcasmCue>,
}

/// What hints at sarcasm.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SarcasmCue {
    /// A word or tag that says so: `#sarcasm`, "yeah right".
    Marker,
    /// Praise beside a bad situation.
    Incongruity,
}

/// The scorer. Build once, share freely: it never changes.
///
/// ```
/// use hearken::sentiment::Sentiment;
/// use hearken::text::Text;
///
/// let sentiment = Sentiment::english();
/// let mut text = Text::default();
/// text.read("Worst support ever.");
/// assert!(sentiment.score(&text).score < 0.0);
/// ```
#[derive(Debug, Clone)]
pub struct Sentiment {
    table: Table,
    rules: [[i16; 3]; walk::RULES.len()],
    review_below: f64,
}

impl Sentiment {
    /// English, as built in.
    pub fn english() -> Self {
        Self::compile(&builtin(), REVIEW_BELOW)
    }

    /// English, to be changed before it is built.
    pub fn builder() -> Builder {
        Builder { overlays: Vec::new(), review_below: REVIEW_BELOW }
    }

    fn compile(lexicon: &Lexicon, review_below: f64) -> Self {
        let table = Table::compile(lexicon);
        let rules = score::rules(&table);
        Self { table, rules, review_below }
    }

    /// Label, score and probabilities, nothing else: allocates nothing, linear in the length of the text.
    pub fn score(&self, text: &Text) -> Polarity {
        let mut sums = score::Sums::default();
        let tally = walk::walk(&self.table, text, &mut sums);
        self.polarity(sums.sums, &tally)
    }

    fn polarity(&self, sums: [i64; 3], tally: &walk::Tally) -> Polarity {
        let mut raw = score::tally(&self.rules, tally);
        for (raw, sum) in raw.iter_mut().zip(sums) {
            *raw += sum;
        }
        score::polarity(raw, tally.words)
    }

    /// Everything that can be read from the text.
    pub fn read(&self, text: &Text) -> Reading {
        explain::read(self, text)
    }

    /// What adds up to the raw score, span by span.
    pub fn explain(&self, text: &Text) -> Explanation {
        explain::explain(self, text)
    }

    /// What is said about each target, in the order given: spans of names, or the hits of a monitor.
    ///
    /// Takes time in the number of contributions times that of targets.
    ///
    /// ```
    /// use hearken::model::Span;
    /// use hearken::sentiment::{Label, Sentiment};
    /// use hearken::text::Text;
    ///
    /// let text = Text::new("love Acme, hate the app");
    /// let aspects = Sentiment::english().aspects(&text, &[Span::new(5, 9), Span::new(20, 23)]);
    /// assert_eq!(aspects[0].polarity.label, Label::Positive);
    /// assert_eq!(aspects[1].polarity.label, Label::Negative);
    /// ```
    pub fn aspects(&self, text: &Text, targets: &[Span]) -> Vec<Aspect> {
        aspect::aspects(self, text, targets)
    }
}

/// Readings less confident than this ask for review, unless the host says otherwise.
const REVIEW_BELOW: f64 = 0.5;

/// The built-in English lexicon: the hand-written one, refined by the fitted one where that is compiled in.
fn builtin() -> Lexicon {
    let mut lexicon = Lexicon::parse("en.hand.lex", include_str!("data/en.hand.lex")).unwrap_or_default();
    if cfg!(feature = "fitted") {
        lexicon.lay(Lexicon::parse("en.lex", include_str!("data/en.lex")).unwrap_or_default(), false);
    }
    lexicon
}

/// A scorer in the making: overlays and bounds of a host.
///
/// An overlay entry replaces the built-in entry of the same term whole; of two overlays the later one wins.
///
/// ```
/// use hearken::sentiment::{Label, Sentiment};
/// use hearken::text::Text;
///
/// let clinic = "sick = 0\nwaiting room = 0\nbedside manner = +1.5 trust";
/// let sentiment = Sentiment::builder().overlay("clinic.lex", clinic).build().unwrap();
/// assert_eq!(sentiment.read(&Text::new("two sick children in the waiting room")).label, Label::Neutral);
///
/// let error = Sentiment::builder().overlay("clinic.lex", "sick = +9").build().unwrap_err();
/// assert!(error.to_string().starts_with("clinic.lex, line 1, column 8: unknown attribute '+9'"));
/// ```
#[derive(Debug, Clone)]
pub struct Builder {
    overlays: Vec<(String, String)>,
    review_below: f64,
}

impl Builder {
    /// Lays a host's lexicon over everything so far; `name` stands in faults.
    #[must_use]
    pub fn overlay(mut self, name: &str, source: &str) -> Self {
        self.overlays.push((name.to_owned(), source.to_owned()));
        self
    }

    /// Readings with less confidence than this ask for review (0 to 1; 0.5 unless told).
    #[must_use]
    pub fn review_below(mut self, confidence: f64) -> Self {
        self.review_below = confidence;
        self
    }

    /// Compiles the lexicon.
    ///
    /// # Errors
    /// Every fault of every overlay, each with its line and column.
    pub fn build(self) -> Result<Sentiment, BuildError> {
        let mut lexicon = builtin();
        let mut error = BuildError::default();
        for (name, source) in &self.overlays {
            match Lexicon::parse(name, source) {
                Ok(overlay) => lexicon.lay(overlay, true),
                Err(faults) => faults.faults().iter().cloned().for_each(|fault| error.push(fault)),
            }
        }
        error.or(Sentiment::compile(&lexicon, self.review_below))
    }
}
