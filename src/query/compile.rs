//! A query as the index runs it: what brings it up, what the bitmaps answer, and a program for the rest.

use super::Query;
use super::ast::{Form, Leaf, Near, Node, Phrase, Question, Test};
use super::columns::{Asked, Columns};
use super::program::{self, Program, WORKED, Worked};
use super::seen::{ANYTHING, LeafId, NOTHING, Signature, signature};
use super::tree;
use super::vocabulary::Vocabulary;
use crate::facts::{Field, FieldType};
use std::ops::Range;

/// A query in pieces that must all hold.
#[derive(Debug, Clone, Default)]
pub(super) struct Lowered {
    /// Instructions, without what the bitmaps answer.
    pub(super) code: Vec<u32>,
    /// What the bitmaps answer.
    pub(super) asked: Vec<Asked>,
}

/// How a query is brought up.
#[derive(Debug, Clone, Default)]
pub(super) struct Anchor {
    /// One of these leaves is there whenever the query holds.
    pub(super) leaves: Vec<LeafId>,
    /// The one that the most posts hold.
    pub(super) commonest: LeafId,
    /// One of the leaves with this signature is there, too.
    pub(super) also: Signature,
    /// The instruction that says no more than the leaves.
    pub(super) told: Option<Range<usize>>,
    /// The one that says no more than the signature.
    pub(super) told_too: Option<Range<usize>>,
    /// How many of ten thousand posts bring it up: a guess.
    pub(super) cost: u32,
}

/// What queries are compiled into.
pub(super) struct Compiler<'i> {
    pub(super) vocabulary: &'i mut Vocabulary,
    pub(super) columns: &'i mut Columns,
    pub(super) program: &'i mut Program,
}

impl Compiler<'_> {
    /// Takes a query to pieces, and gives every word and phrase in it a leaf.
    pub(super) fn lower(&mut self, query: &Query) -> Lowered {
        let nodes = &query.nodes;
        let firsts = firsts(nodes);
        let mut lowered = Lowered::default();
        let mut none: Vec<u32> = Vec::new();
        // Every piece that must hold, or must not: the root, taken apart at AND, and at OR under NOT.
        let mut pieces = vec![(nodes.len().saturating_sub(1), true)];
        while let Some((at, positive)) = pieces.pop() {
            let Some(node) = nodes.get(at) else { continue };
            match (node, positive) {
                (Node::And(_), true) | (Node::Or(_), false) => {
                    pieces.extend(operands(nodes, &firsts, at).map(|operand| (operand, positive)));
                }
                (Node::Not, _) => pieces.push((at.saturating_sub(1), !positive)),
                (Node::Leaf(Leaf::Field(question)), _) => {
                    self.field(question, positive, &mut lowered, &mut none)
                }
                (Node::Leaf(leaf), false) => {
                    let leaf = self.leaf(leaf);
                    none.push(leaf);
                }
                (Node::Leaf(Leaf::Near(near)), true) => match self.simple_near(near) {
                    Some(code) => lowered.code.extend(code),
                    None => {
                        let leaf = self.worked(&Leaf::Near(near.clone()));
                        lowered.code.extend([program::ANY | 1 << 4, leaf]);
                    }
                },
                (Node::Leaf(leaf), true) => {
                    let leaf = self.leaf(leaf);
                    lowered.code.extend([program::ANY | 1 << 4, leaf]);
                }
                _ => {
                    let nodes = firsts.get(at).and_then(|first| nodes.get(*first..=at)).unwrap_or(&[]);
                    self.tree(nodes, positive, &mut lowered.code);
                }
            }
        }
        if !none.is_empty() {
            lowered.code.push(program::NONE | (none.len() as u32) << 4);
            lowered.code.append(&mut none);
        }
        lowered
    }

    /// Chooses what brings a query up: the required group of leaves that the fewest posts hold.
    pub(super) fn anchor(&self, lowered: &Lowered) -> Option<Anchor> {
        let mut groups: Vec<(u32, Vec<LeafId>, Option<Range<usize>>)> = Vec::new();
        for (at, kind, operands) in instructions(&lowered.code) {
            let range = at..at + 1 + operands.len();
            match kind {
                program::ANY => {
                    if let Some(leaves) = self.any(operands) {
                        let told = operands.iter().all(|leaf| leaf & WORKED == 0).then_some(range);
                        groups.push((self.cost(&leaves), leaves, told));
                    }
                }
                program::NEAR | program::ONEAR => {
                    for leaves in near_groups(operands) {
                        groups.push((self.cost(leaves), leaves.to_vec(), None));
                    }
                }
                program::TREE => {
                    if let Some(leaves) = self.required(operands) {
                        groups.push((self.cost(&leaves), leaves, None));
                    }
                }
                _ => {}
            }
        }
        groups.sort_by_key(|(cost, ..)| *cost);
        let mut groups = groups.into_iter();
        let (cost, mut leaves, told) = groups.next()?;
        leaves.sort_unstable();
        leaves.dedup();
        let second = groups.next().and_then(|(_, also, range)| Some((signature(&also)?, range)));
        let (also, told_too) =
            second.map_or((ANYTHING, None), |((also, exact), range)| (also, range.filter(|_| exact)));
        let commonest = leaves.iter().copied().max_by_key(|leaf| self.vocabulary.frequency(*leaf))?;
        Some(Anchor { leaves, commonest, also, told, told_too, cost })
    }

    /// A question about a fact: for the bitmaps, or as leaves, or asked when its turn comes.
    fn field(&mut self, question: &Question, positive: bool, lowered: &mut Lowered, none: &mut Vec<u32>) {
        if let Some(column) = self.columns.of(&question.field) {
            let words = matches!(question.test, Test::OneOf(_));
            let taken = lowered.asked.iter().any(|a| a.column == column && !a.negated);
            // Rows of words join; "this and that" takes more than one bit.
            if !(words && positive && taken) {
                lowered.asked.push(Asked { column, question: question.clone(), negated: !positive });
                return;
            }
        }
        match self.fact_leaves(question) {
            Some(leaves) if positive => {
                lowered.code.push(program::ANY | (leaves.len() as u32) << 4);
                lowered.code.extend(leaves);
            }
            Some(leaves) => none.extend(leaves),
            None => {
                let kind = if positive { program::ASK } else { program::NOT_ASK };
                let question = self.question(question);
                lowered.code.extend([kind | 1 << 4, question]);
            }
        }
    }

    /// The leaves of the words asked for, where the answer is no more than whether one of them is there.
    fn fact_leaves(&mut self, question: &Question) -> Option<Vec<LeafId>> {
        let Test::OneOf(words) = &question.test else { return None };
        let plain = match question.field.field_type() {
            FieldType::Word | FieldType::Words | FieldType::Flag => question.field != Field::Has,
            // A number of the host's own equals the word that spells it.
            FieldType::Any => words.iter().all(|word| word.parse::<f64>().is_err()),
            _ => false,
        };
        let (columns, vocabulary) = (&mut *self.columns, &mut *self.vocabulary);
        plain.then(|| {
            words.iter().map(|word| columns.leaf(&question.field, word, || vocabulary.fact())).collect()
        })
    }

    fn question(&mut self, question: &Question) -> u32 {
        self.program.questions.push(question.clone());
        self.program.questions.len() as u32 - 1
    }

    /// Any other shape: one ANY for an OR of leaves, else a tree.
    fn tree(&mut self, nodes: &[Node], positive: bool, code: &mut Vec<u32>) {
        let start = code.len();
        code.push(0);
        let mut flat = positive;
        for node in nodes {
            match node {
                Node::Leaf(Leaf::Field(question)) => match self.fact_leaves(question) {
                    Some(leaves) => {
                        code.extend(&leaves);
                        code.push(tree::OR | leaves.len() as u32);
                    }
                    None => {
                        flat = false;
                        let question = self.question(question);
                        code.push(tree::ASK | question);
                    }
                },
                Node::Leaf(leaf) => {
                    let leaf = self.leaf(leaf);
                    code.push(leaf);
                }
                Node::Or(of) => code.push(tree::OR | of),
                Node::And(of) => {
                    flat = false;
                    code.push(tree::AND | of);
                }
                Node::Not => {
                    flat = false;
                    code.push(tree::NOT);
                }
                Node::Min { least, of } => {
                    flat = false;
                    code.extend([tree::MIN | least, *of]);
                }
            }
        }
        if flat {
            let mut at = 0;
            code.retain(|word| {
                at += 1;
                at <= start + 1 || !tree::is_step(*word)
            });
            // What must be worked out has the highest numbers, and comes last.
            code.get_mut(start + 1..).unwrap_or_default().sort_unstable();
        } else if !positive {
            code.push(tree::NOT);
        }
        let kind = if flat { program::ANY } else { program::TREE };
        let count = (code.len() - start - 1) as u32;
        if let Some(first) = code.get_mut(start) {
            *first = kind | count << 4;
        }
    }

    fn leaf(&mut self, leaf: &Leaf) -> u32 {
        match leaf {
            Leaf::Phrase(phrase) if read_as_one(phrase) => self.vocabulary.phrase(phrase),
            Leaf::Near(near) => match self.simple_near(near) {
                Some(code) => self.work(Worked::Near(code)),
                None => self.worked(leaf),
            },
            _ => self.worked(leaf),
        }
    }

    /// A leaf for the plain evaluator, with the groups of leaves that it cannot do without.
    fn worked(&mut self, leaf: &Leaf) -> u32 {
        let groups = match leaf {
            Leaf::Phrase(phrase) => self.words_of(phrase),
            Leaf::Near(near) => {
                let sides = std::iter::once(&near.first).chain(near.then.iter().map(|step| &step.of));
                sides.map(|side| side.iter().flat_map(|phrase| self.one_of(phrase)).collect()).collect()
            }
            _ => Vec::new(),
        };
        self.work(Worked::Plain(leaf.clone(), groups))
    }

    fn work(&mut self, worked: Worked) -> u32 {
        self.program.worked.push(worked);
        WORKED | (self.program.worked.len() as u32 - 1)
    }

    /// Every word of a phrase, each a group: all must be there.
    fn words_of(&mut self, phrase: &Phrase) -> Vec<Vec<LeafId>> {
        let words = phrase.words.iter();
        words
            .map(|word| vec![self.vocabulary.phrase(&Phrase { words: [word.clone()].into(), within: None })])
            .collect()
    }

    /// One leaf that is there whenever the phrase is.
    fn one_of(&mut self, phrase: &Phrase) -> Option<LeafId> {
        if read_as_one(phrase) {
            return Some(self.vocabulary.phrase(phrase));
        }
        let words = self.words_of(phrase);
        words.into_iter().flatten().min_by_key(|leaf| self.vocabulary.frequency(*leaf))
    }

    /// A NEAR of two groups of single words, as an instruction.
    fn simple_near(&mut self, near: &Near) -> Option<Vec<u32>> {
        let [step] = near.then.as_slice() else { return None };
        let single =
            |phrase: &Phrase| phrase.words.len() == 1 && phrase.words.iter().all(|w| w.form != Form::Emoji);
        if !near.first.iter().chain(&step.of).all(single) {
            return None;
        }
        let kind = if step.ordered { program::ONEAR } else { program::NEAR };
        let mut code = vec![0, step.within, near.first.len() as u32];
        code.extend(near.first.iter().chain(&step.of).map(|phrase| self.vocabulary.phrase(phrase)));
        let count = code.len() as u32 - 1;
        if let Some(first) = code.first_mut() {
            *first = kind | count << 4;
        }
        Some(code)
    }

    fn cost(&self, leaves: &[LeafId]) -> u32 {
        leaves.iter().fold(0, |cost, leaf| cost.saturating_add(self.vocabulary.frequency(*leaf)))
    }

    /// The leaves one of which must be there for one of the operands to hold, if there are such.
    fn any(&self, operands: &[u32]) -> Option<Vec<LeafId>> {
        let mut leaves = Vec::new();
        for operand in operands {
            leaves.extend(self.one(*operand)?);
        }
        Some(leaves)
    }

    fn one(&self, leaf: u32) -> Option<Vec<LeafId>> {
        if leaf & WORKED == 0 {
            return Some(vec![leaf]);
        }
        let groups = match self.program.worked.get((leaf & !WORKED) as usize)? {
            Worked::Near(code) => near_groups(code.get(1..)?).map(<[u32]>::to_vec).to_vec(),
            Worked::Plain(_, groups) => groups.clone(),
        };
        groups.into_iter().min_by_key(|leaves| self.cost(leaves))
    }

    /// What a tree cannot do without: of AND the cheapest of its operands' groups, of OR all of them together.
    fn required(&self, steps: &[u32]) -> Option<Vec<LeafId>> {
        let mut open: Vec<Option<Vec<LeafId>>> = Vec::new();
        let mut steps = steps.iter();
        while let Some(step) = steps.next() {
            if !tree::is_step(*step) {
                open.push(self.one(*step));
                continue;
            }
            let (kind, count) = tree::step(*step);
            let (least, of) = match kind {
                tree::ASK => {
                    open.push(None);
                    continue;
                }
                tree::NOT => {
                    open.pop();
                    open.push(None);
                    continue;
                }
                tree::AND => (count, count),
                tree::OR => (1, count),
                _ => (count, steps.next().copied().unwrap_or(0)),
            };
            // Of `least` of `of`, one is among any `of - least + 1`: the cheapest so many will do.
            let mut groups = open.split_off(open.len().saturating_sub(of as usize));
            groups.sort_by_key(|group| group.as_ref().map_or(u32::MAX, |leaves| self.cost(leaves)));
            let enough: Option<Vec<Vec<LeafId>>> =
                groups.into_iter().take((of - least + 1) as usize).collect();
            open.push(enough.map(|groups| groups.concat()));
        }
        open.pop().flatten()
    }
}

/// The signature of the leaves that must not be there, where the program asks nothing else.
pub(super) fn none_of(code: &[u32]) -> Option<Signature> {
    let mut instructions = instructions(code);
    match (instructions.next(), instructions.next()) {
        (None, _) => Some(NOTHING),
        (Some((_, program::NONE, leaves)), None) if leaves.iter().all(|leaf| leaf & WORKED == 0) => {
            signature(leaves).map(|(signature, _)| signature)
        }
        _ => None,
    }
}

/// Adds a program to `out` as it is run: what needs no work first, trees in the form that is run.
pub(super) fn runnable(code: &[u32], out: &mut Vec<u32>) {
    let works = |operands: &[u32]| operands.iter().any(|word| word & WORKED != 0);
    for late in [false, true] {
        for (_, kind, operands) in instructions(code).filter(|(.., operands)| works(operands) == late) {
            let operands = if kind == program::TREE { &tree::runnable(operands) } else { operands };
            out.push(kind | (operands.len() as u32) << 4);
            out.extend_from_slice(operands);
        }
    }
    out.push(program::END);
}

/// Whether a phrase is found by reading: its words stand behind one another, and emoji between them do not count.
fn read_as_one(phrase: &Phrase) -> bool {
    let emoji = phrase.words.iter().any(|word| word.form == Form::Emoji);
    phrase.within.is_none() && (!emoji || phrase.words.len() == 1)
}

/// The two groups of a NEAR instruction.
fn near_groups(operands: &[u32]) -> [&[LeafId]; 2] {
    let [_, left, leaves @ ..] = operands else { return [&[], &[]] };
    let (left, right) = leaves.split_at_checked(*left as usize).unwrap_or((leaves, &[]));
    [left, right]
}

/// The instructions of a program: where each starts, its kind, its operands.
pub(super) fn instructions(code: &[u32]) -> impl Iterator<Item = (usize, u32, &[u32])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let first = code.get(at)?;
        let operands = code.get(at + 1..at + 1 + (first >> 4) as usize)?;
        let instruction = (at, first & 15, operands);
        at += 1 + operands.len();
        Some(instruction)
    })
}

/// For every node the first node of what it joins.
fn firsts(nodes: &[Node]) -> Vec<usize> {
    let mut firsts = Vec::with_capacity(nodes.len());
    let mut open: Vec<usize> = Vec::new();
    for (at, node) in nodes.iter().enumerate() {
        let operands = open.split_off(open.len().saturating_sub(node.arity()));
        let first = operands.first().copied().unwrap_or(at);
        firsts.push(first);
        open.push(first);
    }
    firsts
}

/// The operands of a node, from the last to the first.
fn operands(nodes: &[Node], firsts: &[usize], at: usize) -> impl Iterator<Item = usize> {
    let count = nodes.get(at).map_or(0, Node::arity);
    let before = |at: usize| at.checked_sub(1);
    std::iter::successors(before(at), move |last| firsts.get(*last).copied().and_then(before)).take(count)
}
