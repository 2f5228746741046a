//! Where a query that holds rests in a text, found without asking every leaf.

use super::Query;
use super::ast::{Form, Leaf, Node, Phrase};
use super::plain::{self, View};
use crate::facts::Facts;
use crate::model::Span;

/// What [`Query::evidence`] must know of a query; made once by those who ask often.
#[derive(Debug, Clone)]
pub(crate) struct Grounds {
    /// The node above each node; its own number at the last.
    above: Box<[u32]>,
    /// Leaves that need a certain word, by its hash, in order.
    by_word: Box<[(u64, u32)]>,
    /// The leaves that are asked whatever the text.
    always: Box<[u32]>,
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
        Self { above: above(&query.nodes).into(), by_word: by_word.into(), always: always.into() }
    }

    /// [`Query::evidence`] of the query that these are the grounds of, with a view of the text of the facts, and
    /// whether it holds.
    pub(crate) fn evidence(&self, query: &Query, facts: &Facts<'_>, view: &View<'_>) -> (bool, Vec<Span>) {
        let mut asked: Vec<u32> = self.always.to_vec();
        for token in facts.text().tokens() {
            let from = self.by_word.partition_point(|(word, _)| *word < token.hash());
            let here = self.by_word.get(from..).unwrap_or_default();
            asked.extend(here.iter().take_while(|(word, _)| *word == token.hash()).map(|(_, leaf)| *leaf));
        }
        asked.sort_unstable();
        asked.dedup();
        let mut values = vec![false; query.nodes.len()];
        let mut found: Vec<(u32, Span)> = Vec::new();
        for at in &asked {
            if let (Some(Node::Leaf(leaf)), Some(value)) =
                (query.nodes.get(*at as usize), values.get_mut(*at as usize))
            {
                let before = found.len();
                found.extend(plain::spans(leaf, view).into_iter().map(|span| (*at, span)));
                // Whatever stands in a text has a place there; a fact has none.
                *value =
                    found.len() > before || matches!(leaf, Leaf::Field(_)) && plain::holds(leaf, facts, view);
            }
        }
        plain::join(&query.nodes, &mut values);
        let decisive = decisive(&query.nodes, &self.above, &values);
        found.retain(|(at, _)| decisive.get(*at as usize) == Some(&true));
        let mut spans: Vec<Span> = found.into_iter().map(|(_, span)| span).collect();
        spans.sort_unstable();
        spans.dedup();
        (values.last() == Some(&true), spans)
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
