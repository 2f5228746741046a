//! Where a query that holds rests in a text, found without asking every leaf.

use super::Query;
use super::ast::{Form, Leaf, Node, Phrase};
use super::plain::{self, View};
use super::sieve::Sieve;
use crate::facts::Facts;
use crate::model::Span;
use crate::text::Token;

/// What [`Query::evidence`] must know of a query; made once by those who ask often.
///
/// Of a text that shares few words with the query, few leaves can hold. What the nodes are where none does is known
/// beforehand; a leaf that holds changes only what stands above it.
#[derive(Debug, Clone)]
pub(crate) struct Grounds {
    /// The node above each node; its own number at the last.
    above: Box<[u32]>,
    /// Leaves that need a certain word, by its hash, in order.
    by_word: Box<[(u64, u32)]>,
    /// The words of those.
    words: Sieve,
    /// The leaves that are asked whatever the text.
    always: Box<[u32]>,
    /// Every node where no leaf holds.
    bare: Box<[State]>,
}

/// Room for the nodes of most queries, and for what most texts hold of them, so that no buffer grows step by step.
const ROOM: usize = 64;

/// A node as it stands.
#[derive(Debug, Clone, Copy, Default)]
struct State {
    /// How many of its operands hold.
    held: u32,
    holds: bool,
}

/// Looks for evidence in one text: for any number of queries, over the same view and buffers.
#[derive(Default)]
pub(crate) struct Search<'t> {
    /// Made when the first query needs it.
    pub(crate) view: Option<View<'t>>,
    /// The leaves that may hold.
    asked: Vec<u32>,
    states: Vec<State>,
    /// The leaves that stand in the text, and where their spans end.
    found: Vec<(u32, usize)>,
    spans: Vec<Span>,
}

impl Grounds {
    /// Prepares a query. Linear in its length.
    pub(crate) fn of(query: &Query) -> Self {
        let (mut by_word, mut always) = (Vec::new(), Vec::new());
        for (at, node) in (0..).zip(&query.nodes) {
            if let Node::Leaf(leaf) = node {
                match words_of(leaf) {
                    Some(words) => by_word.extend(words.into_iter().map(|word| (word, at))),
                    None => always.push(at),
                }
            }
        }
        by_word.sort_unstable();
        let above = above(&query.nodes);
        let mut values = vec![false; query.nodes.len()];
        plain::join(&query.nodes, &mut values);
        let mut bare: Vec<State> = values.iter().map(|holds| State { held: 0, holds: *holds }).collect();
        for (at, above) in above.iter().enumerate().filter(|(at, above)| **above as usize != *at) {
            if values.get(at) == Some(&true)
                && let Some(state) = bare.get_mut(*above as usize)
            {
                state.held += 1;
            }
        }
        Self {
            words: by_word.iter().map(|(word, _)| *word).collect(),
            above: above.into(),
            by_word: by_word.into(),
            always: always.into(),
            bare: bare.into(),
        }
    }

    /// [`Query::evidence`] of the query that these are the grounds of, in the text of the facts, and whether it holds.
    pub(crate) fn evidence<'t>(
        &self,
        query: &Query,
        facts: &Facts<'t>,
        search: &mut Search<'t>,
    ) -> (bool, Vec<Span>) {
        let Search { view, asked, states, found, spans } = search;
        let view = view.get_or_insert_with(|| View::new(facts.text()));
        asked.clear();
        asked.reserve(ROOM);
        asked.extend_from_slice(&self.always);
        let words = facts.text().tokens().iter().map(Token::hash);
        for word in words.filter(|word| self.words.may_have(*word)) {
            let from = self.by_word.partition_point(|(known, _)| *known < word);
            let here = self.by_word.get(from..).unwrap_or_default();
            asked.extend(here.iter().take_while(|(known, _)| *known == word).map(|(_, leaf)| *leaf));
        }
        asked.sort_unstable();
        asked.dedup();
        states.clear();
        states.reserve(ROOM);
        states.extend_from_slice(&self.bare);
        found.clear();
        spans.clear();
        for at in &*asked {
            let Some(Node::Leaf(leaf)) = query.nodes.get(*at as usize) else { continue };
            let before = spans.len();
            plain::find(leaf, view, spans);
            // Whatever stands in a text has a place there; a fact has none.
            if spans.len() > before {
                self.turn(&query.nodes, states, *at);
                found.push((*at, spans.len()));
            } else if matches!(leaf, Leaf::Field(_)) && plain::holds(leaf, facts, view) {
                self.turn(&query.nodes, states, *at);
            }
        }
        let mut evidence = Vec::with_capacity(spans.len());
        let mut rest = spans.as_slice();
        let mut before = 0;
        for (at, end) in found {
            let (here, behind) = rest.split_at_checked(*end - before).unwrap_or_default();
            if self.is_decisive(&query.nodes, states, *at) {
                evidence.extend_from_slice(here);
            }
            (rest, before) = (behind, *end);
        }
        evidence.sort_unstable();
        evidence.dedup();
        (states.last().is_some_and(|state| state.holds), evidence)
    }

    /// A leaf holds: what stands above it may turn around, too.
    fn turn(&self, nodes: &[Node], states: &mut [State], leaf: u32) {
        let mut turned = Some(leaf);
        while let Some((at, state)) = turned.and_then(|at| Some((at, states.get_mut(at as usize)?))) {
            state.holds = !state.holds;
            let holds = state.holds;
            turned = self.above(at).filter(|above| {
                let above = *above as usize;
                let (Some(node), Some(state)) = (nodes.get(above), states.get_mut(above)) else {
                    return false;
                };
                state.held = if holds { state.held + 1 } else { state.held - 1 };
                node.holds(state.held) != state.holds
            });
        }
    }

    /// Whether the value of the last node rests on this one; see [`decisive`].
    fn is_decisive(&self, nodes: &[Node], states: &[State], mut at: u32) -> bool {
        let holds = |at: u32| states.get(at as usize).map(|state| state.holds);
        while let Some(above) = self.above(at) {
            if holds(above) != holds(at) && nodes.get(above as usize) != Some(&Node::Not) {
                return false;
            }
            at = above;
        }
        true
    }

    /// The node above one; none above the last.
    fn above(&self, at: u32) -> Option<u32> {
        self.above.get(at as usize).copied().filter(|above| *above != at)
    }
}

/// The node above each node; its own number at the last.
pub(super) fn above(nodes: &[Node]) -> Vec<u32> {
    let mut above: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut open: Vec<u32> = Vec::new();
    for (at, node) in (0..).zip(nodes) {
        for operand in open.split_off(open.len().saturating_sub(node.arity())) {
            if let Some(place) = above.get_mut(operand as usize) {
                *place = at;
            }
        }
        open.push(at);
    }
    above
}

/// The nodes that the value of the last one rests on: of an AND that fails, the operands that fail; of an OR that
/// holds, those that hold; and so on. Operands stand before what joins them, so they are found from the end.
pub(super) fn decisive(nodes: &[Node], above: &[u32], values: &[bool]) -> Vec<bool> {
    let mut decisive = vec![false; values.len()];
    for (at, (value, above)) in values.iter().zip(above).enumerate().rev() {
        let above = *above as usize;
        let rests = above == at
            || decisive.get(above) == Some(&true)
                && (values.get(above) == Some(value) || nodes.get(above) == Some(&Node::Not));
        if let Some(mark) = decisive.get_mut(at) {
            *mark = rests;
        }
    }
    decisive
}

/// The hashes of words one of which must stand in a text where the leaf holds; `None` where no word must.
fn words_of(leaf: &Leaf) -> Option<Vec<u64>> {
    match leaf {
        Leaf::Phrase(phrase) => Some(vec![word_of(phrase)?]),
        Leaf::Near(near) => near.first.iter().map(word_of).collect(),
        Leaf::Raw(_) | Leaf::Regex(_) | Leaf::Field(_) => None,
    }
}

/// The hash of the longest whole word of a phrase: long words are rare.
fn word_of(phrase: &Phrase) -> Option<u64> {
    let whole = phrase.words.iter().filter(|word| word.form == Form::Whole);
    whole.max_by_key(|word| word.text.len()).map(|word| word.hash)
}
