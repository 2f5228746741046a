//! Why a query holds, or which leaf stood in its way.

use super::ast::{Leaf, Node, Test};
use super::{Query, grounds, plain};
use crate::facts::{Facts, Field};
use crate::model::Span;
use std::fmt;

/// Why a query holds or does not: every leaf, with the places where it holds.
///
/// ```
/// use hearken::facts::{Facts, Scope};
/// use hearken::query::Query;
/// use hearken::text::Text;
///
/// let query = Query::parse("acme refund lang:en", Scope::Monitor)?;
/// let text = Text::new("No refund from Acme!");
/// let why = query.explain(&Facts::new(&text));
/// assert!(!why.holds());
/// let stood_in_the_way: Vec<_> = why.leaves().iter().filter(|leaf| leaf.decisive).collect();
/// assert_eq!(stood_in_the_way.len(), 1);
/// assert_eq!(stood_in_the_way[0].leaf, "lang:en");
/// assert!(stood_in_the_way[0].absent);
/// assert_eq!(why.to_string(), "no: acme [15..19]; refund [3..9]; lang:en is absent <-");
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    holds: bool,
    leaves: Vec<LeafReport>,
}

/// What one leaf of a query came to.
///
/// ```
/// use hearken::facts::{Facts, Scope};
/// use hearken::query::Query;
/// use hearken::text::Text;
///
/// let query = Query::parse("refund lang:en customer.tier:gold", Scope::Monitor).unwrap();
/// let text = Text::new("Refund!");
/// let why = query.explain(&Facts::new(&text).with("lang", "en"));
/// // What the author of the query should know: which part failed, and that nobody said what the tier is.
/// let failed: Vec<_> = why.leaves().iter().filter(|leaf| !leaf.holds).collect();
/// assert_eq!((failed.len(), failed[0].leaf.as_str(), failed[0].absent), (1, "customer.tier:gold", true));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeafReport {
    /// The leaf, as the printer writes it.
    pub leaf: String,
    /// Whether it holds.
    pub holds: bool,
    /// Whether the answer rests on it. Of a query that does not hold these are the leaves that stood in the
    /// way: had they come out otherwise, it would hold.
    pub decisive: bool,
    /// Whether the fact it asks about is absent.
    pub absent: bool,
    /// Where it holds, in bytes of the source, in order; none for a question about a fact.
    pub spans: Vec<Span>,
}

impl Explanation {
    /// Whether the query holds.
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// Every leaf, in the order of the query.
    pub fn leaves(&self) -> &[LeafReport] {
        &self.leaves
    }

    /// Where the leaves that the answer rests on hold: the evidence, in order, each span once.
    pub fn evidence(&self) -> Vec<Span> {
        let mut spans: Vec<Span> =
            self.leaves.iter().filter(|leaf| leaf.decisive).flat_map(|leaf| leaf.spans.clone()).collect();
        spans.sort_unstable();
        spans.dedup();
        spans
    }
}

/// Prints one line: the answer, and every leaf with its spans; `<-` marks those the answer rests on.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.holds { "yes:" } else { "no:" })?;
        for (i, leaf) in self.leaves.iter().enumerate() {
            write!(f, "{} {}", if i == 0 { "" } else { ";" }, leaf.leaf)?;
            match (leaf.holds, leaf.absent) {
                (_, true) => f.write_str(" is absent")?,
                (false, false) => f.write_str(" no")?,
                (true, false) if leaf.spans.is_empty() => f.write_str(" yes")?,
                (true, false) => {}
            }
            for span in &leaf.spans {
                write!(f, " [{}..{}]", span.start, span.end)?;
            }
            if leaf.decisive {
                f.write_str(" <-")?;
            }
        }
        Ok(())
    }
}

/// Explains a query on some facts.
pub(super) fn explain(query: &Query, facts: &Facts<'_>) -> Explanation {
    let values = plain::values(query, facts);
    let decisive = grounds::decisive(&query.nodes, &grounds::above(&query.nodes), &values);
    let view = plain::View::new(facts.text());
    let leaves =
        query.nodes.iter().zip(values.iter().zip(&decisive)).filter_map(|(node, (holds, decisive))| {
            let Node::Leaf(leaf) = node else { return None };
            Some(LeafReport {
                leaf: leaf.to_string(),
                holds: *holds,
                decisive: *decisive,
                absent: absent(leaf, facts),
                spans: plain::spans(leaf, &view),
            })
        });
    Explanation { holds: values.last().copied().unwrap_or(false), leaves: leaves.collect() }
}

fn absent(leaf: &Leaf, facts: &Facts<'_>) -> bool {
    match leaf {
        Leaf::Field(question) if question.field == Field::Has => match &question.test {
            Test::OneOf(values) => !values.iter().any(|value| facts.has(value)),
            _ => false,
        },
        Leaf::Field(question) => !facts.known(&question.field),
        _ => false,
    }
}
