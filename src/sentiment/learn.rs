//! Learning from people: a log of corrections becomes an overlay, shown before it is accepted.
//!
//! ```text
//! corrections ──► learn ──► Proposal { overlay, flips } ──► a person accepts ──► Builder::overlay
//! ```
//! A perceptron over the log in its order, in whole units: the same log gives the same overlay, to the byte. Only
//! words that carry meaning move, by a bounded amount, so that one wrong correction cannot turn the lexicon over.

use super::builder::{Builder, unread};
use super::lexicon::role;
use super::pack::Pack;
use super::score::Sum;
use super::{Label, Sentiment};
use crate::error::BuildError;
use crate::model::{Personal, Timestamp};
use crate::text::{Mark, Text, TokenKind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A person's judgement of one text.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::sentiment::{Correction, Label, Sentiment};
///
/// let log = [Correction {
///     text: "that lamp is sick".into(), label: Label::Positive, who: "ann".into(), when: Timestamp::from_secs(0),
/// }];
/// assert!(!format!("{log:?}").contains("lamp"), "a log file does not hold what customers say");
/// let proposal = Sentiment::builder().learn(&log, &[]).unwrap();
/// assert_eq!(proposal.misread, (1, 0), "misread before, and not any more");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The text that was misread.
    pub text: Personal,
    /// What it says in truth.
    pub label: Label,
    /// Who says so: an id of the host.
    pub who: String,
    /// When.
    pub when: Timestamp,
}

/// A text whose label an overlay changes.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::sentiment::{Correction, Label, Sentiment};
///
/// let correction = Correction {
///     text: "that lamp is sick".into(), label: Label::Positive, who: "ann".into(), when: Timestamp::from_secs(0),
/// };
/// // What the lesson would do to the posts of last week, before anybody accepts it.
/// let week = ["sick lamp", "where is my order", "I am sick and tired"];
/// let flips = Sentiment::builder().learn(&[correction], &week).unwrap().flips;
/// assert!(flips.iter().any(|flip| week[flip.index] == "sick lamp" && flip.after == Label::Positive));
/// assert!(flips.iter().all(|flip| flip.before != flip.after));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flip {
    /// Its place among the texts that were looked at.
    pub index: usize,
    /// The label before.
    pub before: Label,
    /// The label after.
    pub after: Label,
}

/// What a log of corrections would change.
///
/// ```
/// use hearken::model::Timestamp;
/// use hearken::sentiment::{Correction, Label, Sentiment};
/// use hearken::text::Text;
///
/// let correction = Correction {
///     text: "that lamp is sick".into(), label: Label::Positive, who: "ann".into(), when: Timestamp::from_secs(0),
/// };
/// let proposal = Sentiment::builder().learn(&[correction], &[]).unwrap();
/// assert!(proposal.overlay.contains("sick = by:"), "to be read by a person: {}", proposal.overlay);
/// // Once accepted it is an overlay like any other.
/// let taught = Sentiment::builder().overlay("learnt.lex", &proposal.overlay).build().unwrap();
/// assert_eq!(taught.score(&Text::new("that lamp is sick")).label, Label::Positive);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// An overlay for [`Builder::overlay`](super::Builder::overlay), entries in order of their terms.
    pub overlay: String,
    /// Corrections that were misread before, and those that still are after.
    pub misread: (usize, usize),
    /// The texts of the host's sample whose labels would change.
    pub flips: Vec<Flip>,
}

/// Rounds over the log.
const ROUNDS: usize = 12;
/// Thousandths of a logit that a word moves at a time, and at most.
const STEP: i64 = 100;
const MOST: i64 = 1_500;

/// A correction, ready to be learnt from.
struct Lesson {
    label: Label,
    raw: Sum,
    words: u32,
    terms: BTreeSet<String>,
}

fn lesson(pack: &Pack, correction: &Correction, text: &mut Text) -> Lesson {
    text.read(correction.text.reveal());
    let (raw, words) = pack.raw(text);
    let trace = pack.trace(text);
    let mut terms: BTreeSet<String> = trace
        .matches
        .iter()
        .filter(|found| found.valence != 0.0 && !found.negated)
        .filter_map(|found| Some(crate::text::fold(found.span.of(text.source())?).into_owned()))
        .filter(|term| Sentiment::key(term).is_some())
        .collect();
    let is_plain = terms.is_empty();
    let seen: BTreeSet<u32> = trace.matches.iter().map(|found| found.span.start).collect();
    for token in text.tokens() {
        // Where no word is polar, those that are known to mean nothing have come to mean something, unless they work on others.
        let works = || pack.table.find(token.hash()).is_some_and(|node| node.is(role::TURNS));
        let is_new = !seen.contains(&token.span().start) || (is_plain && !works());
        if is_new
            && token.kind() != TokenKind::Link
            && token.mark() != Some(Mark::At)
            && text.folded(token).chars().count() > 3
        {
            terms.insert(text.folded(token).to_owned());
        }
    }
    Lesson { label: correction.label, raw, words, terms }
}

impl Lesson {
    fn label_under(&self, pack: &Pack, moved: &BTreeMap<&str, [i64; 3]>) -> Label {
        let mut raw = self.raw;
        for shift in self.terms.iter().filter_map(|term| moved.get(term.as_str())) {
            raw.iter_mut().zip(shift).for_each(|(sum, shift)| *sum += shift);
        }
        pack.publish(raw, self.words).label
    }
}

pub(super) fn learn(
    builder: &Builder,
    language: &str,
    log: &[Correction],
    sample: &[&str],
) -> Result<Proposal, BuildError> {
    let known = builder.clone().build()?;
    let mut text = Text::default();
    let Some(pack) = known.pack(Some(language)) else {
        let mut error = BuildError::default();
        error.push(unread("learn", language));
        return Err(error);
    };
    let lessons: Vec<Lesson> = log.iter().map(|correction| lesson(pack, correction, &mut text)).collect();
    let mut moved: BTreeMap<&str, [i64; 3]> = BTreeMap::new();
    let misread = |moved: &BTreeMap<&str, [i64; 3]>| {
        lessons.iter().filter(|lesson| lesson.label_under(pack, moved) != lesson.label).count()
    };
    let before = misread(&moved);
    for _ in 0..ROUNDS {
        for lesson in &lessons {
            let said = lesson.label_under(pack, &moved);
            if said == lesson.label {
                continue;
            }
            for term in &lesson.terms {
                let shift = moved.entry(term).or_default();
                for (class, sum) in [Label::Negative, Label::Neutral, Label::Positive].into_iter().zip(shift)
                {
                    let step = STEP * (i64::from(class == lesson.label) - i64::from(class == said));
                    *sum = (*sum + step).clamp(-MOST, MOST);
                }
            }
        }
    }
    let after = misread(&moved);
    let mut overlay =
        format!("# Learnt from {} corrections: thousandths of a logit, added to the entries.\n", log.len());
    for (term, [negative, neutral, positive]) in &moved {
        if (negative, neutral, positive) != (&0, &0, &0) {
            let _ = writeln!(overlay, "{term} = by:{negative}/{neutral}/{positive}");
        }
    }
    let learnt = builder.clone().overlay_in(pack.code, "learnt", &overlay).build()?;
    let flips = sample.iter().enumerate().filter_map(|(index, source)| {
        text.read(source);
        let label = |scorer: &Sentiment| scorer.score_in(&text, Some(language)).label;
        let (before, after) = (label(&known), label(&learnt));
        (before != after).then_some(Flip { index, before, after })
    });
    Ok(Proposal { flips: flips.collect(), overlay, misread: (before, after) })
}
