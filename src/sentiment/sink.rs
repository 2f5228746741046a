//! Who listens to a [walk](super::walk), and what is told: entries at their places, and what changes those before.

use super::lexicon::role;
use super::score::Sum;
use super::table::Node;
use crate::model::Span;

/// Strength 1.
pub(super) const ONE: i32 = 1_000;

/// One entry at one place of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit<'a> {
    pub(super) node: &'a Node,
    /// Bytes of the source.
    pub(super) span: Span,
    pub(super) negated: bool,
    /// Thousandths: how much of the node's weights counts; below 0 where something bad ends.
    pub(super) strength: i32,
}

impl Hit<'_> {
    /// Says the opposite of its node: it is denied, or it ends.
    #[inline]
    pub(super) fn is_turned(&self) -> bool {
        self.negated || self.strength < 0
    }

    /// What its node adds to negative, neutral and positive, in thousandths of a logit, and to the valence.
    #[inline]
    pub(super) fn adds(&self) -> Sum {
        let [a, b, c] = if self.negated { self.node.negated } else { self.node.plain };
        let weights = [a, b, c, self.node.valence].map(i32::from);
        let [a, b, c, valence] =
            if self.strength == ONE { weights } else { weights.map(|weight| weight * self.strength / ONE) };
        [a, b, c, self.turned(valence)].map(i64::from)
    }

    /// What its node adds to the valence, in thousandths.
    #[inline]
    pub(super) fn valence(&self) -> i64 {
        i64::from(self.turned(i32::from(self.node.valence) * self.strength / ONE))
    }

    /// A valence as negation leaves it: half of it, on the other side.
    #[inline]
    fn turned(&self, valence: i32) -> i32 {
        if self.negated && !self.node.is(role::KEEPS) { -valence / 2 } else { valence }
    }
}

/// Who listens to a walk: sums for a score, a list for an explanation.
pub(super) trait Sink {
    fn hit(&mut self, hit: Hit<'_>);
    /// A contrast: what came so far counts less; the word that says so.
    fn contrast(&mut self, _span: Span) {}
    /// Of the last polar entry only so many thousandths stay; the word that says so.
    fn back(&mut self, _stays: i16, _span: Span) {}
    /// The last entry that works on others has turned something bad around, or strengthened something good, and is no
    /// bad sign itself; why, and the entry that it worked on.
    fn spent(&mut self, _reason: &'static str, _span: Span) {}
    /// A sentence ended, with a question mark or without.
    fn sentence(&mut self, _question: bool, _span: Span) {}
}

/// Two listeners at one walk.
impl<A: Sink, B: Sink> Sink for (A, B) {
    #[inline]
    fn hit(&mut self, hit: Hit<'_>) {
        self.0.hit(hit);
        self.1.hit(hit);
    }

    fn contrast(&mut self, span: Span) {
        self.0.contrast(span);
        self.1.contrast(span);
    }

    fn back(&mut self, stays: i16, span: Span) {
        self.0.back(stays, span);
        self.1.back(stays, span);
    }

    fn spent(&mut self, reason: &'static str, span: Span) {
        self.0.spent(reason, span);
        self.1.spent(reason, span);
    }

    fn sentence(&mut self, question: bool, span: Span) {
        self.0.sentence(question, span);
        self.1.sentence(question, span);
    }
}

/// A listener that may be left out.
impl<A: Sink> Sink for Option<A> {
    #[inline]
    fn hit(&mut self, hit: Hit<'_>) {
        self.iter_mut().for_each(|sink| sink.hit(hit));
    }

    fn contrast(&mut self, span: Span) {
        self.iter_mut().for_each(|sink| sink.contrast(span));
    }

    fn back(&mut self, stays: i16, span: Span) {
        self.iter_mut().for_each(|sink| sink.back(stays, span));
    }

    fn spent(&mut self, reason: &'static str, span: Span) {
        self.iter_mut().for_each(|sink| sink.spent(reason, span));
    }

    fn sentence(&mut self, question: bool, span: Span) {
        self.iter_mut().for_each(|sink| sink.sentence(question, span));
    }
}
