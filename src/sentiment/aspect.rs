//! Sentiment towards targets: "love Acme, hate the app" is two judgements.
//!
//! Every contribution goes to one target: to the nearest in its clause, else to the nearest in its sentence, else to
//! the last one named before ("I have Acme. It is awful."). What the text as a whole shows goes to every target. A
//! contrast weakens what was said of each target before it: "Acme is good, but Zenith is better" takes nothing from Zenith.

use super::explain::CONTRAST;
use super::pack::Pack;
use super::score::{self, Sum};
use super::{Contribution, Polarity, Raw, explain};
use crate::model::Span;
use crate::text::Text;
use std::ops::Range;

/// What is said about one target.
///
/// ```
/// use hearken::model::Span;
/// use hearken::sentiment::{Label, Sentiment};
/// use hearken::text::Text;
///
/// let text = Text::new("I love Acme, but the app is awful");
/// // A monitor says where its targets are; what is said of each is told apart.
/// let aspects = Sentiment::english().aspects(&text, &[Span::new(7, 11), Span::new(21, 24)]);
/// let told: Vec<_> = aspects.iter().map(|it| (it.target.of(text.source()).unwrap(), it.polarity.label)).collect();
/// assert_eq!(told, [("Acme", Label::Positive), ("app", Label::Negative)]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Aspect {
    /// The target, as given.
    pub target: Span,
    /// The polarity of what is said about it; neutral when nothing is.
    pub polarity: Polarity,
    /// The contributions that went to it.
    pub contributions: Vec<Contribution>,
}

pub(super) fn aspects(pack: &Pack, text: &Text, targets: &[Span]) -> Vec<Aspect> {
    let clauses = bytes(text, text.clauses());
    let sentences = bytes(text, text.sentences());
    let mut aspects: Vec<Aspect> = targets
        .iter()
        .map(|target| Aspect { target: *target, polarity: Polarity::default(), contributions: Vec::new() })
        .collect();
    let mut sums = vec![[0; 4]; targets.len()];
    for part in explain::explain(pack, text).contributions {
        let mut all = aspects.iter_mut().zip(&mut sums);
        if part.reason == CONTRAST {
            for (aspect, sum) in all {
                let adds = Raw::of(score::taken(*sum, score::BEFORE_CONTRAST));
                aspect.take(sum, Contribution { adds, ..part.clone() });
            }
        } else if part.span.is_empty() {
            all.for_each(|(aspect, sum)| aspect.take(sum, part.clone()));
        } else if let Some((aspect, sum)) =
            choose(part.span, targets, &clauses, &sentences).and_then(|at| all.nth(at))
        {
            aspect.take(sum, part);
        }
    }
    for (aspect, sum) in aspects.iter_mut().zip(sums) {
        aspect.polarity = pack.publish(sum, text.tokens().len() as u32);
    }
    aspects
}

impl Aspect {
    /// Adds a contribution to those of this target, and to their sum.
    fn take(&mut self, sum: &mut Sum, part: Contribution) {
        if part.adds != Raw::default() {
            sum.iter_mut().zip(part.adds.thousandths()).for_each(|(sum, add)| *sum += add);
            self.contributions.push(part);
        }
    }
}

/// Ranges of tokens as sorted ranges of bytes.
fn bytes(text: &Text, ranges: impl Iterator<Item = Range<usize>>) -> Vec<Span> {
    let spans = ranges.filter_map(|range| {
        let first = text.tokens().get(range.start)?;
        let last = text.tokens().get(range.end.checked_sub(1)?)?;
        Some(Span::new(first.span().start, last.span().end))
    });
    spans.collect()
}

/// The part that holds the span's first byte, by binary search.
fn part(parts: &[Span], span: Span) -> usize {
    parts.partition_point(|part| part.end <= span.start)
}

/// The target that a contribution at `span` belongs to.
fn choose(span: Span, targets: &[Span], clauses: &[Span], sentences: &[Span]) -> Option<usize> {
    let (clause, sentence) = (part(clauses, span), part(sentences, span));
    targets
        .iter()
        .enumerate()
        .filter_map(|(at, target)| {
            let tier = match () {
                () if part(clauses, *target) == clause => 0,
                () if part(sentences, *target) == sentence => 1,
                () if target.start < span.start => 2,
                () => return None,
            };
            let distance = if target.start >= span.end {
                target.start - span.end
            } else {
                span.start.saturating_sub(target.end)
            };
            Some((tier, distance, at))
        })
        .min()
        .map(|(_, _, at)| at)
}
