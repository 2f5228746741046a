//! A scorer in the making: which languages, which overlays, which bounds.

use super::learn::{self, Correction, Proposal};
use super::lexicon::Lexicon;
use super::pack::Pack;
use super::{Sentiment, languages};
use crate::error::{BuildError, Fault, FaultKind};

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
    /// The language, the name and the source of each.
    overlays: Vec<[String; 3]>,
    review_below: f64,
    #[cfg(feature = "detect")]
    detects: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            fitted: cfg!(feature = "fitted"),
            overlays: Vec::new(),
            review_below: REVIEW_BELOW,
            #[cfg(feature = "detect")]
            detects: false,
        }
    }
}

impl Builder {
    /// Leaves out the fitted weights, as a build without the feature `fitted` does.
    #[must_use]
    pub fn hand_written(mut self) -> Self {
        self.fitted = false;
        self
    }

    /// Lays a host's lexicon over the English one and all overlays so far; `name` stands in faults.
    #[must_use]
    pub fn overlay(self, name: &str, source: &str) -> Self {
        self.overlay_in("en", name, source)
    }

    /// Lays a host's lexicon over that of a language, such as `es`.
    ///
    /// Where a language has weights for n-grams beside its lexicon, those of a word stay: an entry's valence and its
    /// `by:` come on top of them.
    #[must_use]
    pub fn overlay_in(mut self, language: &str, name: &str, source: &str) -> Self {
        self.overlays.push([language, name, source].map(str::to_owned));
        self
    }

    /// Finds out the language of a text when the host names none (feature `detect`), as the engine does. Where the text is
    /// too short or too mixed to tell, it is read as English, unless its letters or small words are none of English; that,
    /// and a language that is found but not compiled in, is neutral, to be reviewed.
    ///
    /// ```
    /// use hearken::sentiment::{Label, Sentiment};
    /// use hearken::text::Text;
    ///
    /// let sentiment = Sentiment::builder().detecting().build().unwrap();
    /// let croatian = Text::new("Danas je bio jako lijep dan i svi smo zajedno otišli na more, a navečer smo šetali gradom.");
    /// let reading = sentiment.read_in(&croatian, None);
    /// assert_eq!((reading.label, reading.needs_review), (Label::Neutral, true));
    /// ```
    #[cfg(feature = "detect")]
    #[must_use]
    pub fn detecting(mut self) -> Self {
        self.detects = true;
        self
    }

    /// Readings with less confidence than this ask for review (0 to 1; 0.5 unless told).
    #[must_use]
    pub fn review_below(mut self, confidence: f64) -> Self {
        self.review_below = confidence;
        self
    }

    /// What a log of corrections of English texts would teach; see [`learn_in`](Self::learn_in).
    ///
    /// # Errors
    /// The faults of the overlays laid so far.
    pub fn learn(&self, log: &[Correction], sample: &[&str]) -> Result<Proposal, BuildError> {
        self.learn_in("en", log, sample)
    }

    /// What a log of corrections of texts in a language would teach; `sample` are texts whose flips a person wants to see
    /// before accepting. Nothing changes until the overlay is laid, with [`overlay_in`](Self::overlay_in).
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
    /// The faults of the overlays laid so far; a language that is not compiled in.
    pub fn learn_in(
        &self,
        language: &str,
        log: &[Correction],
        sample: &[&str],
    ) -> Result<Proposal, BuildError> {
        learn::learn(self, language, log, sample)
    }

    /// Compiles the lexicons.
    ///
    /// # Errors
    /// Every fault of every overlay, each with its line and column; an overlay of a language that is not compiled in. Files
    /// that are built in are held to the same.
    pub fn build(self) -> Result<Sentiment, BuildError> {
        let mut error = BuildError::default();
        let mut lexicons = languages::lexicons(self.fitted, &mut error);
        for [language, name, source] in &self.overlays {
            let overlay = Lexicon::parse(name, source, &mut error);
            match lexicons.iter_mut().find(|(code, _)| code == language) {
                Some((_, lexicon)) => lexicon.lay(overlay, true),
                None => error.push(unread(name, language)),
            }
        }
        let sentiment = self.assemble(lexicons, &mut error);
        error.or(sentiment)
    }

    /// English alone; the overlays are not looked at.
    pub(super) fn english(&self) -> Sentiment {
        let mut none = BuildError::default();
        self.assemble(vec![("en", languages::english(self.fitted, &mut none))], &mut none)
    }

    /// Every language as built in; the overlays are not looked at. What is built in has no fault: [`build`](Self::build)
    /// would tell of it, and a test builds every pack there is.
    pub(super) fn builtin(&self) -> Sentiment {
        let mut none = BuildError::default();
        self.assemble(languages::lexicons(self.fitted, &mut none), &mut none)
    }

    fn assemble(&self, lexicons: Vec<(&'static str, Lexicon)>, error: &mut BuildError) -> Sentiment {
        let packs = lexicons
            .iter()
            .map(|(code, lexicon)| Pack::new(code, lexicon, languages::head(code, error)))
            .collect();
        let (emotion, irony) = languages::heads(error);
        Sentiment {
            packs,
            emotion,
            irony,
            review_below: self.review_below,
            #[cfg(feature = "detect")]
            detects: self.detects,
        }
    }
}

/// The fault of a language that is not compiled in.
pub(super) fn unread(place: &str, language: &str) -> Fault {
    Fault::new(FaultKind::Unknown, place, format!("language '{language}' is not compiled in"))
        .mend("turn on the cargo feature of that name, or 'languages'")
}
