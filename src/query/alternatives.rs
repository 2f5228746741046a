//! A query as alternatives of leaves: what proofs about conditions read.

use super::Query;
use super::ast::Node;

/// A leaf, as the printer writes it, and whether it must hold or must not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Literal {
    pub(crate) leaf: String,
    pub(crate) wanted: bool,
}

type Alternatives = Vec<Vec<Literal>>;

/// Where a node holds, and where it does not; `None` when that takes too many alternatives.
type Sides = (Option<Alternatives>, Option<Alternatives>);

impl Query {
    /// The query as alternatives: it holds exactly where all literals of one of them do. `None` when there would be
    /// more than `most`.
    pub(crate) fn alternatives(&self, most: usize) -> Option<Alternatives> {
        let mut open: Vec<Sides> = Vec::new();
        for node in &self.nodes {
            let operands = open.split_off(open.len().saturating_sub(node.arity()));
            let count = operands.len();
            let (holds, fails): (Vec<_>, Vec<_>) = operands.into_iter().unzip();
            open.push(match node {
                Node::Leaf(leaf) => {
                    let side = |wanted| Some(vec![vec![Literal { leaf: leaf.to_string(), wanted }]]);
                    (side(true), side(false))
                }
                Node::Not => (fails.into_iter().next().flatten(), holds.into_iter().next().flatten()),
                Node::And(_) => (at_least(count, holds, most), at_least(1, fails, most)),
                Node::Or(_) => (at_least(1, holds, most), at_least(count, fails, most)),
                Node::Min { least, .. } => {
                    let least = *least as usize;
                    let too_few = (count + 1).saturating_sub(least);
                    (at_least(least, holds, most), at_least(too_few, fails, most))
                }
            });
        }
        open.pop()?.0
    }
}

/// Where at least `least` of the parts are.
fn at_least(least: usize, parts: Vec<Option<Alternatives>>, most: usize) -> Option<Alternatives> {
    // By how many of the parts so far are there, as far as that matters.
    let mut so_many: Vec<Alternatives> = vec![Vec::new(); least + 1];
    so_many.first_mut()?.push(Vec::new());
    for part in parts {
        let part = part?;
        for have in (0..least).rev() {
            let with = product(so_many.get(have)?, &part);
            so_many.get_mut(have + 1)?.extend(with);
        }
        if so_many.iter().any(|alternatives| alternatives.len() > most) {
            return None;
        }
    }
    so_many.pop()
}

fn product(some: &Alternatives, others: &Alternatives) -> Alternatives {
    let pairs = some.iter().flat_map(|one| others.iter().map(move |other| (one, other)));
    pairs.map(|(one, other)| one.iter().chain(other).cloned().collect()).collect()
}
