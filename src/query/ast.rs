use crate::facts::Field;
use crate::text::{Mark, fold, hash};
use regex::Regex;

/// One step of a query in postfix order: operands come before what joins them.
///
/// A flat program instead of a tree: nothing that walks it needs recursion, however deep the query.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// One question about the text or the facts.
    Leaf(Leaf),
    /// The opposite of the operand before.
    Not,
    /// All of so many operands before.
    And(u32),
    /// Any of so many operands before.
    Or(u32),
    /// At least `least` of the `of` operands before.
    Min { least: u32, of: u32 },
}

impl Node {
    /// How many operands it takes.
    pub(super) fn arity(&self) -> usize {
        match self {
            Node::Leaf(_) => 0,
            Node::Not => 1,
            Node::And(of) | Node::Or(of) | Node::Min { of, .. } => *of as usize,
        }
    }

    /// Whether it holds where so many of its operands do; a leaf has none to go by.
    pub(super) fn holds(&self, held: u32) -> bool {
        match self {
            Node::Leaf(_) => false,
            Node::Not => held == 0,
            Node::And(of) => held == *of,
            Node::Or(_) => held > 0,
            Node::Min { least, .. } => held >= *least,
        }
    }
}

/// One question about the text or the facts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Leaf {
    Phrase(Phrase),
    Near(Near),
    /// The text as written holds this, byte for byte.
    Raw(Box<str>),
    Regex(Pattern),
    Field(Question),
}

/// Words at consecutive positions, or all within a window. One word is a phrase too.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Phrase {
    pub(super) words: Box<[Word]>,
    /// `"a b"~n`: any order, first and last at most `n` positions apart.
    pub(super) within: Option<u32>,
}

/// One word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word {
    /// Folded, except when exact or an emoji; a wildcard keeps its `*` and `?`.
    pub(super) text: Box<str>,
    pub(super) form: Form,
    /// The mark that must stand before it; `None` takes any or none.
    pub(super) mark: Option<Sign>,
    /// The hash of `text`, of an emoji folded: most words of a post are turned away by it alone.
    pub(super) hash: u64,
}

impl Word {
    pub(super) fn new(text: impl Into<Box<str>>, form: Form, mark: Option<Sign>) -> Self {
        let text = text.into();
        let hash = if form == Form::Emoji { hash(&fold(&text)) } else { hash(&text) };
        Self { hash, text, form, mark }
    }
}

/// How a word is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    /// The whole folded word.
    Whole,
    /// The word as written.
    Exact,
    /// An emoji sequence.
    Emoji,
    /// The word starts with this.
    Prefix,
    /// `?` is one character, `*` any number of them.
    Wildcard,
    /// At most so many insertions, deletions, substitutions or swaps of neighbours.
    Fuzzy(u8),
}

/// A mark that a query asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sign {
    Hash,
    At,
    Cash,
}

impl Sign {
    pub(super) fn of(mark: Mark) -> Self {
        match mark {
            Mark::Hash => Sign::Hash,
            Mark::At => Sign::At,
            Mark::Cash => Sign::Cash,
        }
    }

    pub(super) fn as_char(self) -> char {
        match self {
            Sign::Hash => '#',
            Sign::At => '@',
            Sign::Cash => '$',
        }
    }
}

/// A chain of groups of phrases, each close to the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) first: Vec<Phrase>,
    pub(super) then: Vec<Step>,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) within: u32,
    pub(super) ordered: bool,
    pub(super) of: Vec<Phrase>,
}

/// A `/regex/`, read against the text as written.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    pub(super) source: Box<str>,
    pub(super) ignore_case: bool,
    pub(super) regex: Regex,
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.ignore_case == other.ignore_case
    }
}

/// A question about one fact.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub(super) field: Field,
    pub(super) test: Test,
}

impl Question {
    /// The words it asks for.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let words: &[Box<str>] = if let Test::OneOf(words) = &self.test { words } else { &[] };
        words.iter().map(|word| &**word)
    }

    /// The numbers at which its answer may change.
    pub(super) fn bounds(&self) -> Vec<f64> {
        match &self.test {
            Test::Equals(numbers) => numbers.clone(),
            Test::Compare(_, bound) => vec![*bound],
            Test::Between(low, high) => vec![*low, *high],
            Test::OneOf(_) | Test::Box(_) => Vec::new(),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    /// One of these folded words is there.
    OneOf(Vec<Box<str>>),
    /// The number is one of these.
    Equals(Vec<f64>),
    Compare(Comparison, f64),
    /// Both ends included; a time excludes its end. Times and weekdays wrap when the end comes first.
    Between(f64, f64),
    /// South, west, north, east in degrees; wraps the antimeridian when west is greater than east.
    Box([f64; 4]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Comparison {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Comparison::Less => "<",
            Comparison::AtMost => "<=",
            Comparison::More => ">",
            Comparison::AtLeast => ">=",
        }
    }
}
