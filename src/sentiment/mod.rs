//! Polarity, intensity, emotion and sarcasm cues of a text, from a lexicon that explains itself.
//!
//! ```text
//! Text ──► walk ──► hits: entry × strength, negated or not ──► sums of negative, neutral, positive (Points)
//!            │                                                    │  publish: softmax, label, score
//!            └ signs, phrases, scope of negation,                 ▼
//!              boosts, capitals, wishes, contrast              Reading
//! ```
//! Each entry weighs three classes, because most errors of one-dimensional lexicons are neutral texts read as polar.
//! English is a lexicon alone: a hand-written one, refined by weights fitted on labelled tweets (feature `fitted`). The
//! other languages add hashed words and n-grams to a small lexicon, as do emotion and irony in English.
//!
//! # Which call
//! [`Sentiment::read_in`] is the whole of it: a text and, where the host knows it, its language. A language that is not
//! compiled in is neutral, with no confidence, to be reviewed. Told none, it reads English; with the feature `detect`
//! and `Builder::detecting` it finds out first. [`Sentiment::score_in`] gives the polarity alone, the fastest.
//!
//! # Figures
//! ```text
//! cargo run --release --example fit_sentiment             # fits every weight file anew, in a minute; figures on standard error
//! cargo run --release --example fit_sentiment             # once more after a change of words: emotion and irony read what the first wrote
//! cut -f3 ../shared/data/sentiment/en_val.tsv | cargo run --release --example sentiment > got.tsv
//! python3 ../shared/tools/score_sentiment.py ../shared/data/sentiment/en_val.tsv got.tsv
//! cargo bench --bench sentiment                            # texts a second, beside two VADER crates
//! ```
//! | what | figure |
//! |---|---|
//! | macro recall on `en_val.tsv` (VADER .598) | .713 |
//! | the same of the hand-written lexicon: `--example sentiment -- --hand` | .622 |
//! | calibration error of the three probabilities there, fitted on a fifth of the training texts; by that measure a scorer without any error shows .024 on 2,000 texts | .035 |
//! | correlation with human valence, reviews of goods, of films; tweets fitted (VADER .590, .427) | .721, .521 |
//! | emotion, macro F1 on `en_emotion_val.tsv`: `-- --emotion` | .676 |
//! | irony, F1 on `en_irony_val.tsv`: `-- --irony` | .630 |
//! | macro F1 of five folds, mean of es pt fr de it | .625 |
//! | the same, ar and hi (logistic regression on words, on character n-grams: hi .375, .373) | .597 and .398 |
//!
//! # Example
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
mod builder;
mod emoji;
mod explain;
mod grams;
mod head;
mod languages;
mod learn;
mod lexicon;
mod pack;
mod reading;
mod sarcasm;
mod score;
mod series;
mod signs;
mod sink;
mod table;
mod thread;
mod walk;

pub use aspect::Aspect;
pub use builder::Builder;
pub use explain::{Contribution, Explanation, Match, Trace};
pub use grams::GramKind;
pub use learn::{Correction, Flip, Proposal};
pub use lexicon::FORMAT;
pub use sarcasm::SarcasmCue;
pub use series::{Series, SeriesPoint};
pub use thread::InThread;

use crate::model::{Points, Span};
#[cfg(feature = "detect")]
use crate::text::Guess;
use crate::text::Text;
use head::Head;
use lexicon::EMOTIONS;
use pack::Pack;
use serde::{Deserialize, Serialize};

/// The polarity of a text.
///
/// ```
/// use hearken::sentiment::{Label, Sentiment};
/// use hearken::text::Text;
///
/// let label = |text| Sentiment::english().score(&Text::new(text)).label;
/// assert_eq!(label("Thank you, great service!").name(), "positive");
/// assert_eq!(label("The shop opens at nine"), Label::Neutral);
/// assert_eq!(label(""), Label::default(), "nothing to go by");
/// ```
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
///
/// ```
/// use hearken::sentiment::{Label, Sentiment};
/// use hearken::text::Text;
///
/// let chances = Sentiment::english().score(&Text::new("Worst support ever, I am furious")).probabilities;
/// assert!(chances.of(Label::Negative) > 0.8, "sure enough to act without a person: {chances:?}");
/// assert!((chances.negative + chances.neutral + chances.positive - 1.0).abs() < 0.001);
/// ```
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

/// The raw score: sums of the contributions to each class, in logits, and to the valence.
///
/// ```
/// use hearken::sentiment::Sentiment;
/// use hearken::text::Text;
///
/// let raw = |text| Sentiment::english().score(&Text::new(text)).raw;
/// let (plain, strong) = (raw("good"), raw("very good"));
/// // Whole thousandths, the same on every machine: a test may hold on to them.
/// assert!(strong.positive > plain.positive && strong.valence > plain.valence);
/// assert_eq!(raw("good"), plain);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// For negative.
    pub negative: Points,
    /// For neutral.
    pub neutral: Points,
    /// For positive.
    pub positive: Points,
    /// Of the valences of the words, −4 to 4 each: it grades the score, and moves no label and no probability.
    #[serde(default)]
    pub valence: Points,
}

/// Label, score and probabilities: what the fast path gives.
///
/// ```
/// use hearken::sentiment::{Label, Polarity, Sentiment};
/// use hearken::text::Text;
///
/// let sentiment = Sentiment::english();
/// let posts = ["I hate this so much", "The shop opens at nine", "I love it so much"];
/// let mut read: Vec<Polarity> = posts.iter().rev().map(|post| sentiment.score(&Text::new(post))).collect();
/// // The worst first; the sign of a score never speaks against the label.
/// read.sort_by(|a, b| a.score.total_cmp(&b.score));
/// assert!(read.iter().map(|it| it.label).eq([Label::Negative, Label::Neutral, Label::Positive]));
/// assert!(read[0].score < 0.0 && read[2].score > 0.0);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Polarity {
    /// The label that fits best when the three are taken as equally common, so that rare ones are found; neutral on
    /// a tie, where the text shows nothing and, in English, sooner where no word in it has a valence. The probabilities follow how common each is, so it need not be the
    /// likeliest of them.
    pub label: Label,
    /// −1 (negative) to 1 (positive), 0 where the text shows nothing, never against the label. In English it is graded by
    /// the probabilities of classes that are equally common, and by the valences that people gave to the words.
    pub score: f64,
    /// How likely each label is.
    pub probabilities: Probabilities,
    /// The sums that the probabilities come from.
    pub raw: Raw,
}

/// A named feeling.
///
/// ```
/// use hearken::sentiment::{Emotion, Sentiment};
/// use hearken::text::Text;
///
/// let strongest = |text| Sentiment::english().read(&Text::new(text)).emotions.first().map(|found| found.0);
/// assert_eq!(strongest("I am so angry and furious with you"), Some(Emotion::Anger));
/// // By its name a query asks for it: `emotion:joy`.
/// assert_eq!(Emotion::Joy.name(), "joy");
/// ```
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
///
/// ```
/// use hearken::sentiment::{Label, Sentiment};
/// use hearken::text::Text;
///
/// let sentiment = Sentiment::english();
/// let reading = sentiment.read(&Text::new("The camera is fantastic but the battery is horrible"));
/// assert!(reading.mixed, "an answer that only says thanks would be wrong");
/// // What nobody can read is left to a person rather than guessed.
/// let foreign = sentiment.read_in(&Text::new("tak for sidst"), Some("da"));
/// assert_eq!((foreign.label, foreign.needs_review), (Label::Neutral, true));
/// ```
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
    #[cfg(feature = "detect")]
    detects: bool,
}

impl Sentiment {
    /// English, as built in.
    pub fn english() -> Self {
        Builder::default().english()
    }

    /// Every language that is compiled in.
    pub fn builtin() -> Self {
        Builder::default().builtin()
    }

    /// Every language that is compiled in, to be changed by a host before it is built.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The codes of the languages it reads, English first.
    pub fn languages(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.packs.iter().map(|pack| pack.code)
    }

    /// The pack for a text: of the language the host names, else of the one found in it where that is asked for, else
    /// English.
    fn pack_for(&self, text: &Text, language: Option<&str>) -> Option<&Pack> {
        #[cfg(feature = "detect")]
        if self.detects && language.is_none() {
            return match text.guess() {
                Guess::Detected(code) => self.pack(Some(code)),
                Guess::Foreign => None,
                Guess::English => self.pack(None),
            };
        }
        let _ = text;
        self.pack(language)
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

    /// The same in a language: a code such as `es` or `pt-BR`.
    ///
    /// A language that is not compiled in is neutral without a guess: every label equally likely. `None` is English,
    /// unless the scorer was told to look for itself (`Builder::detecting`, feature `detect`).
    pub fn score_in(&self, text: &Text, language: Option<&str>) -> Polarity {
        self.pack_for(text, language).map_or_else(Polarity::unknown, |pack| pack.score(text))
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
        self.pack_for(text, language).map_or_else(Reading::unknown, |pack| reading::read(self, pack, text))
    }

    /// What adds up to the raw score of an English text, span by span.
    pub fn explain(&self, text: &Text) -> Explanation {
        self.explain_in(text, None)
    }

    /// What adds up to the raw score of a text in a language; see [`score_in`](Self::score_in).
    pub fn explain_in(&self, text: &Text, language: Option<&str>) -> Explanation {
        self.pack_for(text, language).map(|pack| explain::explain(pack, text)).unwrap_or_default()
    }

    /// [`read_in`](Self::read_in) and [`explain_in`](Self::explain_in) in one walk.
    pub(crate) fn read_explained(&self, text: &Text, language: Option<&str>) -> (Reading, Explanation) {
        let unknown = || (Reading::unknown(), Explanation::default());
        self.pack_for(text, language).map_or_else(unknown, |pack| reading::explained(self, pack, text))
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
        self.pack_for(text, language).map(|pack| aspect::aspects(pack, text, targets)).unwrap_or_default()
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
