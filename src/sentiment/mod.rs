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
mod grams;
mod head;
mod languages;
mod learn;
mod lexicon;
mod pack;
mod sarcasm;
mod score;
mod series;
mod table;
mod thread;
mod walk;

pub use aspect::Aspect;
pub use explain::{Contribution, Explanation, Match, Trace};
pub use learn::{Correction, Flip, Proposal};
pub use lexicon::FORMAT;
pub use sarcasm::SarcasmCue;
pub use series::{Series, SeriesPoint};
pub use thread::InThread;

use crate::error::BuildError;
use crate::model::{Points, Span};
use crate::text::Text;
use head::Head;
use lexicon::{EMOTIONS, Lexicon};
use pack::Pack;
use serde::{Deserialize, Serialize};

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
    /// The label that fits best when the three are taken as equally common, so that rare ones are found; neutral on
    /// a tie. The probabilities follow how common each is, so it need not be the likeliest of them.
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
    /// English first.
    packs: Vec<Pack>,
    emotion: Option<Head<4>>,
    irony: Option<Head<2>>,
    review_below: f64,
}

impl Sentiment {
    /// English, as built in.
    pub fn english() -> Self {
        Self::builder().assemble(languages::english(cfg!(feature = "fitted")), Vec::new())
    }

    /// Every language that is compiled in.
    pub fn builtin() -> Self {
        Self::builder().assemble(languages::english(cfg!(feature = "fitted")), languages::others())
    }

    /// Every language that is compiled in, to be changed before it is built.
    pub fn builder() -> Builder {
        Builder { fitted: cfg!(feature = "fitted"), overlays: Vec::new(), review_below: REVIEW_BELOW }
    }

    /// The codes of the languages it reads, English first.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.packs.iter().map(|pack| pack.code)
    }

    /// The pack of a language; `es-MX` is `es`; told nothing, English.
    fn pack(&self, language: Option<&str>) -> Option<&Pack> {
        let code = language.map_or("en", |code| code.split(['-', '_']).next().unwrap_or(code));
        self.packs.iter().find(|pack| pack.code.eq_ignore_ascii_case(code))
    }

    /// Label, score and probabilities in English, nothing else: allocates nothing, linear in the length of the text.
    pub fn score(&self, text: &Text) -> Polarity {
        self.score_in(text, None)
    }

    /// The same in the language the host knows or has detected: a code such as `es` or `pt-BR`.
    ///
    /// A language that is not compiled in, or not known, is neutral without a guess: every label equally likely.
    pub fn score_in(&self, text: &Text, language: Option<&str>) -> Polarity {
        self.pack(language).map_or_else(Polarity::unknown, |pack| pack.score(text))
    }

    fn english_pack(&self) -> Option<&Pack> {
        self.packs.first()
    }

    /// Everything that can be read from an English text.
    pub fn read(&self, text: &Text) -> Reading {
        self.read_in(text, None)
    }

    /// A reading in the light of the messages before it in its thread, oldest first, with their effect told apart.
    ///
    /// The last four count, each further one half as much, and the less the surer the text is of itself.
    ///
    /// ```
    /// use hearken::sentiment::Sentiment;
    /// use hearken::text::Text;
    ///
    /// let sentiment = Sentiment::english();
    /// let before = sentiment.score(&Text::new("Your app is awful, it lost all my photos"));
    /// let reading = sentiment.read_in_thread(&Text::new("still the same today"), None, &[before]);
    /// assert!(reading.reading.score < reading.alone.score);
    /// assert!(reading.effect.negative > reading.effect.positive);
    /// ```
    pub fn read_in_thread(&self, text: &Text, language: Option<&str>, earlier: &[Polarity]) -> InThread {
        thread::read(self, text, language, earlier)
    }

    /// Everything that can be read from a text in a language; see [`score_in`](Self::score_in).
    ///
    /// ```
    /// use hearken::sentiment::{Label, Sentiment};
    /// use hearken::text::Text;
    ///
    /// let reading = Sentiment::builtin().read_in(&Text::new("sjajna usluga"), Some("hr"));
    /// assert_eq!((reading.label, reading.needs_review), (Label::Neutral, true));
    /// ```
    pub fn read_in(&self, text: &Text, language: Option<&str>) -> Reading {
        self.pack(language).map_or_else(Reading::unknown, |pack| explain::read(self, pack, text))
    }

    /// What adds up to the raw score of an English text, span by span.
    pub fn explain(&self, text: &Text) -> Explanation {
        self.explain_in(text, None)
    }

    /// What adds up to the raw score of a text in a language; see [`score_in`](Self::score_in).
    pub fn explain_in(&self, text: &Text, language: Option<&str>) -> Explanation {
        self.pack(language).map(|pack| explain::explain(pack, text)).unwrap_or_default()
    }

    /// What a program that fits weights needs of a text.
    pub fn trace_in(&self, text: &Text, language: Option<&str>) -> Trace {
        self.pack(language).map(|pack| pack.trace(text)).unwrap_or_default()
    }

    /// The keys of all English terms, in no order that means anything.
    pub fn terms(&self) -> impl Iterator<Item = u64> + '_ {
        self.packs.iter().take(1).flat_map(|pack| pack.table.keys())
    }

    /// The key of a term, as a [`Match`] names it; `None` for a term without a word.
    pub fn key(term: &str) -> Option<u64> {
        table::beginnings(&lexicon::key(term, &mut Text::default())).last()
    }

    /// How likely an English text is angry, joyful, optimistic or sad, in this order; they sum to 1.
    /// `None` in a build without the feature `fitted`.
    pub fn emotion(&self, text: &Text) -> Option<[(Emotion, f64); 4]> {
        let [anger, joy, optimism, sadness] =
            self.emotion.as_ref()?.probabilities(&self.packs.first()?.table, text);
        Some([
            (Emotion::Anger, anger),
            (Emotion::Joy, joy),
            (Emotion::Optimism, optimism),
            (Emotion::Sadness, sadness),
        ])
    }

    /// How likely an English text is ironic, 0 to 1. `None` in a build without the feature `fitted`.
    pub fn irony(&self, text: &Text) -> Option<f64> {
        let [irony, _] = self.irony.as_ref()?.probabilities(&self.packs.first()?.table, text);
        Some(irony)
    }

    /// What is said about each target of an English text; see [`aspects_in`](Self::aspects_in).
    pub fn aspects(&self, text: &Text, targets: &[Span]) -> Vec<Aspect> {
        self.aspects_in(text, None, targets)
    }

    /// What is said about each target, in the order given: spans of names, or the hits of a monitor. Empty in a
    /// language that is not compiled in.
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
    pub fn aspects_in(&self, text: &Text, language: Option<&str>, targets: &[Span]) -> Vec<Aspect> {
        self.pack(language).map(|pack| aspect::aspects(pack, text, targets)).unwrap_or_default()
    }
}

impl Polarity {
    /// Of a language nobody reads here: neutral, every label equally likely.
    fn unknown() -> Self {
        let third = score::round(1.0 / 3.0);
        let probabilities = Probabilities { negative: third, neutral: third, positive: third };
        Self { probabilities, ..Self::default() }
    }
}

impl Reading {
    /// Of a language nobody reads here: neutral, no confidence, to be reviewed.
    fn unknown() -> Self {
        Self { polarity: Polarity::unknown(), needs_review: true, ..Self::default() }
    }
}

/// Readings less confident than this ask for review, unless the host says otherwise.
const REVIEW_BELOW: f64 = 0.5;

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
    fitted: bool,
    overlays: Vec<(String, String)>,
    review_below: f64,
}

impl Builder {
    /// Leaves out the fitted weights, as a build without the feature `fitted` does.
    #[must_use]
    pub fn hand_written(mut self) -> Self {
        self.fitted = false;
        self
    }

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

    /// What a log of corrections of English texts would teach; `sample` are texts whose flips a person wants to see
    /// before accepting. Nothing changes until the overlay is laid.
    ///
    /// ```
    /// use hearken::model::Timestamp;
    /// use hearken::sentiment::{Correction, Label, Sentiment};
    ///
    /// let log = [Correction {
    ///     text: "filthy drop".into(),
    ///     label: Label::Positive,
    ///     who: "ana".to_owned(),
    ///     when: Timestamp::from_secs(0),
    /// }];
    /// let proposal = Sentiment::builder().learn(&log, &["filthy drop"]).unwrap();
    /// assert_eq!(proposal.misread, (1, 0));
    /// assert_eq!(proposal.flips.len(), 1);
    /// let learnt = Sentiment::builder().overlay("learnt", &proposal.overlay).build();
    /// assert!(learnt.is_ok());
    /// ```
    ///
    /// # Errors
    /// The faults of the overlays laid so far.
    pub fn learn(&self, log: &[Correction], sample: &[&str]) -> Result<Proposal, BuildError> {
        learn::learn(self, log, sample)
    }

    /// Compiles the lexicon.
    ///
    /// # Errors
    /// Every fault of every overlay, each with its line and column.
    pub fn build(self) -> Result<Sentiment, BuildError> {
        let mut lexicon = languages::english(self.fitted);
        let mut error = BuildError::default();
        for (name, source) in &self.overlays {
            match Lexicon::parse(name, source) {
                Ok(overlay) => lexicon.lay(overlay, true),
                Err(faults) => faults.faults().iter().cloned().for_each(|fault| error.push(fault)),
            }
        }
        error.or(self.assemble(lexicon, languages::others()))
    }

    fn assemble(&self, english: Lexicon, others: Vec<Pack>) -> Sentiment {
        let mut packs = vec![Pack::new("en", &english, None)];
        packs.extend(others);
        let (emotion, irony) = languages::heads();
        Sentiment { packs, emotion, irony, review_below: self.review_below }
    }
}
