//! One condition language for monitors, signals, routing rules, lead criteria, alerts and segments.
//!
//! ```text
//! "acme (late OR \"never came\") -lang:de"
//!    │ lexer    characters → operators, brackets, leaves; words by the text's own tokeniser
//!    │ parser   explicit stack → a flat program in postfix order, checked against the table of facts
//!    ▼
//!  Query ── print    the same query as text: parse ∘ print = identity
//!    ├───── plain    the evaluator that defines the language
//!    ├───── explain  which leaves matched and where; which one stood in the way
//!    ├───── grounds  the same spans, without asking every leaf
//!    ▼
//!  Index               many queries at once, with the answers of `plain`
//!    │ compile         what brings a query up (its rarest required group), what bitmaps answer, a program
//!    │ vocabulary      text → the words and phrases that queries ask for, each once
//!    │ open            prefixes, wildcards, misspellings; columns: facts → bitmaps over queries
//!    ▼ waiting         the queries at those words; program: what is left to ask of each
//!  the numbers of the queries that hold
//! ```
//!
//! ```
//! use hearken::facts::{Facts, Scope};
//! use hearken::query::Query;
//! use hearken::text::Text;
//!
//! let query = Query::parse(r#"(acme OR @acmehelp) ("never came" OR late~1) sentiment<0"#, Scope::Monitor)?;
//! let text = Text::new("@AcmeHelp my parcel never came!!");
//! assert!(query.matches(&Facts::new(&text).with("sentiment", -0.4)));
//! assert!(!query.matches(&Facts::new(&text)), "an absent fact answers no");
//! # Ok::<(), hearken::error::BuildError>(())
//! ```
//!
//! # The language, version 1
//!
//! ```text
//! query := and ("OR" and)*            and  := unary (["AND"] unary)*     NOT binds before AND, AND before OR
//! unary := ("NOT" | "-") unary | near near := prim (("NEAR" | "ONEAR") "/" n prim)*
//! prim  := "(" query ")" | phrase ["~" n] | term | field | "min:" n "(" unary+ ")" | "{near/" n ":" a "," b "}"
//! term  := ["!"] word | pre"*" | w"?"rd | word"~"(1|2) | #tag | @user | $cash | emoji | raw:"literal" | /regex/[i]
//! field := name ":" (value | "(" value ("OR" value)* ")" | "[" lo ".." hi "]") | name (">" | ">=" | "<" | "<=") n
//! ```
//!
//! | written | holds when |
//! |---|---|
//! | `late` | the word is there, in any case or width, also behind `#` or `@`; never as part of a longer word or of a link |
//! | `!NASA` `!"NASA Ames"` | the words are there as written |
//! | `#sale` `@acme` `$acme` | the word is there with that mark |
//! | `refund*` `colo?r` `w*d` | `?` is one character inside a word, `*` any number of them |
//! | `recieve~1` | the word is there with at most one (or two) letters inserted, left out, changed or swapped |
//! | `"never came"` `don't` | the words directly behind one another, across punctuation and emoji |
//! | `"late refund"~5` | all the words, in any order, first and last at most 5 apart |
//! | `a NEAR/3 b`, `a ONEAR/3 b` (`a NEAR/3f b`) | two different places at most 3 words apart; in that order |
//! | `(a OR "b c") NEAR/3 d NEAR/5 e` | a chain: each near the one before it |
//! | `🔥` | the emoji is there; an emoji takes no place among words, it stands between two |
//! | `日本` | the characters of a CJK word are a phrase |
//! | `raw:"Google+"` | the text as written holds this |
//! | `/acme-\d+/i` | the regex matches the text as written; its size is bounded, its time is linear |
//! | `min:2(late broken (refund OR money))` | at least two of the parts hold |
//! | `lang:(en OR de)` `author.followers>1000` `sentiment:[-1..-0.5]` | the fact is known and fits |
//! | `time:[22:00..06:00]` `weekday:[sat..sun]` | a time range excludes its end; times and weekdays wrap |
//! | `geo:[47.3,8.4..47.5,8.6]` | the point lies in the box |
//! | `has:sentiment` `has:links` | the fact is known; the interaction has some |
//!
//! Operators are upper case: `and` is a word. A leaf about an absent fact is false, and NOT of it is true. The
//! fields are those of [`facts`](crate::facts). Queries that ask for no word, or only for the absence of
//! something, are legal; [`Query::basis`] says so.
//!
//! # Figures
//!
//! `cargo bench --bench listen` prints posts a second for 1 to 100,000 queries, beside a plain scan and beside
//! Aho–Corasick prefilters with the same verification, as ratios. `cargo run --release --example listen -- --monitors
//! FILE.tsv --posts FILE --bench` prints them for a file of monitors, with the build and the bytes of the index.

mod alternatives;
mod ast;
mod columns;
mod common;
mod compile;
mod explain;
mod grounds;
mod groups;
mod index;
mod lexer;
mod open;
mod parser;
mod plain;
mod print;
mod program;
mod question;
mod rows;
mod seen;
mod sieve;
mod table;
mod term;
mod tree;
mod vocabulary;
mod waiting;

pub(crate) use alternatives::Literal;
pub use explain::{Explanation, LeafReport};
pub(crate) use grounds::{Grounds, Search};
pub use index::{Index, Scratch};
pub use parser::Parser;

use crate::error::BuildError;
use crate::facts::{Facts, Field, Scope};
use crate::limits::Limits;
use crate::model::Span;
use ast::{Leaf, Node, Question};

/// A condition on one interaction, read and checked. `Display` writes it as text again.
///
/// ```
/// use hearken::facts::Scope;
/// use hearken::query::Query;
///
/// let query = Query::parse("NOT (b AND a) OR  topic:refund", Scope::Rule)?;
/// assert_eq!(query.to_string(), "-(b a) OR topic:refund");
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Query {
    nodes: Vec<Node>,
}

/// What a query needs before it can hold.
///
/// Whoever runs many queries wants most of them to need a word: the others are looked at for every post.
///
/// ```
/// use hearken::facts::Scope;
/// use hearken::query::{Basis, Query};
///
/// let basis = |source| Query::parse(source, Scope::Monitor).unwrap().basis();
/// assert_eq!(basis("acme lang:en"), Basis::Text);
/// assert_eq!(basis("lang:en author.followers>1000"), Basis::Facts);
/// // Holds for every post but a few: hardly what somebody meant by a monitor.
/// assert_eq!(basis("-spam"), Basis::Nothing);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// Nothing: it can hold for a post with no words and no facts. Purely negative queries are such.
    Nothing,
    /// A known fact, but no word: filters only.
    Facts,
    /// Something in the text.
    Text,
}

impl Query {
    /// Reads one query under the default [`Limits`]; for many, or other limits, see [`Parser`].
    ///
    /// # Errors
    /// Every fault, with line, column, what was expected and how to mend it.
    pub fn parse(source: &str, scope: Scope) -> Result<Self, BuildError> {
        Parser::new(scope, &Limits::default()).parse(source)
    }

    /// True when the query holds. Plain and slow: to run many queries, build an index.
    pub fn matches(&self, facts: &Facts<'_>) -> bool {
        plain::values(self, facts).last().copied().unwrap_or(false)
    }

    /// Why the query holds or does not.
    pub fn explain(&self, facts: &Facts<'_>) -> Explanation {
        explain::explain(self, facts)
    }

    /// Where the leaves that the answer rests on hold, in bytes of the source, in order, each span once: the
    /// [evidence](Explanation::evidence) of the explanation, at the cost of the leaves that share a word with the
    /// text.
    ///
    /// ```
    /// use hearken::facts::{Facts, Scope};
    /// use hearken::query::Query;
    /// use hearken::text::Text;
    ///
    /// let query = Query::parse("(refund OR \"money back\" OR chargeback) -thanks", Scope::Monitor)?;
    /// let text = Text::new("I want my money back");
    /// assert_eq!(query.evidence(&Facts::new(&text))[0].of(text.source()), Some("money back"));
    /// # Ok::<(), hearken::error::BuildError>(())
    /// ```
    pub fn evidence(&self, facts: &Facts<'_>) -> Vec<Span> {
        Grounds::of(self).evidence(self, facts, &mut Search::default()).1
    }

    /// Both this and `other`.
    #[must_use]
    pub fn and(self, other: Query) -> Query {
        self.join(other, Node::And(2))
    }

    /// This or `other`.
    #[must_use]
    pub fn or(self, other: Query) -> Query {
        self.join(other, Node::Or(2))
    }

    /// The opposite.
    #[must_use]
    pub fn negate(mut self) -> Query {
        self.nodes.push(Node::Not);
        self
    }

    /// True when some part of it asks about this field, by a test or by `has:`.
    ///
    /// ```
    /// use hearken::facts::{Field, Scope};
    /// use hearken::query::Query;
    ///
    /// let query = Query::parse("boat* -attr.age<18", Scope::Monitor)?;
    /// assert!(query.asks(&Field::Attr("age".into())) && !query.asks(&Field::Country));
    /// # Ok::<(), hearken::error::BuildError>(())
    /// ```
    pub fn asks(&self, field: &Field) -> bool {
        let name = field.to_string();
        self.nodes.iter().any(|node| match node {
            Node::Leaf(Leaf::Field(question)) => {
                question.field == *field
                    || (question.field == Field::Has && question.words().any(|word| word == name))
            }
            _ => false,
        })
    }

    /// What it needs before it can hold.
    pub fn basis(&self) -> Basis {
        // For every open operand: what it needs to hold, and what it needs not to hold.
        let mut needs: Vec<(Basis, Basis)> = Vec::new();
        for node in &self.nodes {
            let operands = needs.split_off(needs.len().saturating_sub(node.arity()));
            let nth = |side: fn(&(Basis, Basis)) -> Basis, n: usize| {
                let mut sides: Vec<Basis> = operands.iter().map(side).collect();
                sides.sort_unstable();
                sides.get(n).copied().unwrap_or(Basis::Nothing)
            };
            let (first, last) = (0, operands.len().saturating_sub(1));
            needs.push(match node {
                // The length is always known, and some regexes match where there is nothing.
                Node::Leaf(Leaf::Field(question)) if question.field == Field::Length => {
                    (Basis::Nothing, Basis::Nothing)
                }
                Node::Leaf(Leaf::Regex(pattern)) if pattern.regex.is_match("") => {
                    (Basis::Nothing, Basis::Nothing)
                }
                Node::Leaf(Leaf::Field(_)) => (Basis::Facts, Basis::Nothing),
                Node::Leaf(_) => (Basis::Text, Basis::Nothing),
                Node::Not => (nth(|n| n.1, first), nth(|n| n.0, first)),
                Node::And(_) => (nth(|n| n.0, last), nth(|n| n.1, first)),
                Node::Or(_) => (nth(|n| n.0, first), nth(|n| n.1, last)),
                // Any `least` of them may be the ones that hold, so the neediest of the least needy counts.
                Node::Min { least, of } => {
                    let least = *least as usize;
                    (
                        nth(|n| n.0, least.saturating_sub(1)),
                        nth(|n| n.1, (*of as usize).saturating_sub(least)),
                    )
                }
            });
        }
        needs.last().map_or(Basis::Nothing, |needs| needs.0)
    }

    /// Its questions about facts.
    fn questions(&self) -> impl Iterator<Item = &Question> {
        self.nodes.iter().filter_map(|node| match node {
            Node::Leaf(Leaf::Field(question)) => Some(question),
            _ => None,
        })
    }

    fn join(mut self, mut other: Query, node: Node) -> Query {
        self.nodes.append(&mut other.nodes);
        self.nodes.push(node);
        self
    }
}
