//! What is left of a query once a leaf has brought it up: a flat program of 32-bit words.
//!
//! ```text
//! ANY n leaf…   one of the leaves is there        NONE n leaf…   none of them is
//! NEAR …        two groups of words are near      ASK i          a question about a fact
//! TREE n step…  any other shape
//! ```

use super::ast::{Leaf, Question};
use super::plain::{self, View};
use super::seen::{LeafId, Seen};
use super::tree;
use super::vocabulary::{Reading, Vocabulary};
use crate::facts::Facts;

/// The kinds of instruction, in the lower four bits of its first word; a count stands above them.
pub(super) const END: u32 = 0;
pub(super) const ANY: u32 = 1;
pub(super) const NONE: u32 = 2;
pub(super) const NEAR: u32 = 3;
pub(super) const ONEAR: u32 = 4;
pub(super) const ASK: u32 = 5;
pub(super) const NOT_ASK: u32 = 6;
pub(super) const TREE: u32 = 7;

/// No program: the query holds wherever it is brought up.
pub(super) const DIRECT: u32 = u32::MAX;

/// A leaf that is worked out when it is asked for: the rest is a place among the [`Program`]'s `worked`.
pub(super) const WORKED: u32 = 1 << 31;
/// Every program of an index, one behind the other, and the leaves too rare for an instruction.
#[derive(Debug, Clone, Default)]
pub(super) struct Program {
    pub(super) code: Vec<u32>,
    pub(super) questions: Vec<Question>,
    pub(super) worked: Vec<Worked>,
}

/// A leaf that is worked out by the plain evaluator, or from the places of words.
#[derive(Debug, Clone)]
pub(super) enum Worked {
    /// A NEAR instruction.
    Near(Vec<u32>),
    /// Any other leaf, with groups of leaves each of which has one that must be there.
    Plain(Leaf, Vec<Vec<LeafId>>),
}

/// How far the reading of a text has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// The table of leaves is that of another text.
    New,
    /// It is empty, or has the words of the facts.
    Cleared,
    Read,
}

/// One run over one interaction.
pub(super) struct Run<'r, 't> {
    pub(super) program: &'r Program,
    pub(super) vocabulary: &'r Vocabulary,
    pub(super) facts: &'r Facts<'t>,
    pub(super) reading: &'r mut Reading,
    pub(super) counts: &'r mut Vec<u32>,
    pub(super) state: State,
    pub(super) view: &'r mut Option<View<'t>>,
}

impl<'r> Run<'r, '_> {
    /// Reads the text, once.
    pub(super) fn read(&mut self) {
        if self.state == State::Read {
            return;
        }
        let text = self.facts.text();
        if self.state == State::New {
            self.reading.seen.clear(text.tokens().len());
        }
        self.state = State::Read;
        self.vocabulary.read(text, self.reading);
    }

    /// What was found.
    pub(super) fn seen(&self) -> &Seen {
        &self.reading.seen
    }

    /// Whether the program that starts there holds.
    #[inline]
    pub(super) fn holds(&mut self, at: u32) -> bool {
        at == DIRECT || self.runs(at)
    }

    fn runs(&mut self, at: u32) -> bool {
        let program: &'r Program = self.program;
        let mut code = program.code.get(at as usize..).unwrap_or(&[]);
        loop {
            let Some((first, rest)) = code.split_first() else { return true };
            let count = (first >> 4) as usize;
            let (operands, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            let holds = match first & 15 {
                END => return true,
                ANY => operands.iter().any(|leaf| self.leaf(*leaf)),
                NONE => !operands.iter().any(|leaf| self.leaf(*leaf)),
                NEAR => self.near(operands, false),
                ONEAR => self.near(operands, true),
                ASK => operands.iter().all(|i| self.ask(*i)),
                NOT_ASK => !operands.iter().any(|i| self.ask(*i)),
                _ => self.tree(operands),
            };
            if !holds {
                return false;
            }
            code = behind;
        }
    }

    #[inline]
    fn leaf(&mut self, leaf: u32) -> bool {
        if leaf & WORKED == 0 {
            self.read();
            return self.reading.seen.has(leaf);
        }
        let program: &'r Program = self.program;
        match program.worked.get((leaf & !WORKED) as usize) {
            Some(Worked::Near(code)) => match code.split_first() {
                Some((first, operands)) => self.near(operands, first & 15 == ONEAR),
                None => false,
            },
            Some(Worked::Plain(leaf, groups)) => {
                self.read();
                let possible =
                    groups.iter().all(|group| group.iter().any(|leaf| self.reading.seen.has(*leaf)));
                possible && {
                    let text = self.facts.text();
                    let view = self.view.get_or_insert_with(|| View::new(text));
                    plain::holds(leaf, self.facts, view)
                }
            }
            None => false,
        }
    }

    fn ask(&self, question: u32) -> bool {
        self.program.questions.get(question as usize).is_some_and(|q| plain::answer(q, self.facts))
    }

    /// `within, n, left…, right…`: two different words, one of each side, at most so many apart.
    fn near(&mut self, operands: &[u32], ordered: bool) -> bool {
        self.read();
        let [within, left, leaves @ ..] = operands else { return false };
        let (left, right) = leaves.split_at_checked(*left as usize).unwrap_or((leaves, &[]));
        let seen = &self.reading.seen;
        left.iter().any(|a| {
            seen.has(*a) && right.iter().any(|b| seen.has(*b) && seen.near(*a, *b, *within, ordered))
        })
    }

    /// Any other shape, in the form that is [run](tree).
    fn tree(&mut self, steps: &[u32]) -> bool {
        self.counts.clear();
        let (mut holds, mut at) = (false, 0);
        while let Some(word) = steps.get(at).copied() {
            at += 1;
            if !tree::is_step(word) {
                holds = self.leaf(word);
                continue;
            }
            let (kind, count) = tree::step(word);
            match kind {
                tree::ANY => {
                    let leaves = steps.get(at..at + count as usize).unwrap_or(&[]);
                    holds = leaves.iter().any(|leaf| self.leaf(*leaf));
                    at += count as usize;
                }
                tree::AND => at += if holds { 0 } else { count as usize },
                tree::OR => at += if holds { count as usize } else { 0 },
                tree::NOT => holds = !holds,
                tree::ASK => holds = self.ask(count),
                tree::BEGIN => self.counts.push(0),
                tree::TALLY => self.counts.last_mut().into_iter().for_each(|n| *n += u32::from(holds)),
                _ => holds = self.counts.pop().is_some_and(|n| n >= count),
            }
        }
        holds
    }
}

impl Program {
    /// Bytes of everything in it.
    pub(super) fn bytes(&self) -> usize {
        self.code.capacity() * size_of::<u32>()
            + self.questions.capacity() * size_of::<Question>()
            + self.worked.capacity() * size_of::<Worked>()
    }
}
