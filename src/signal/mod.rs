//! What a text asks for: categories, intents, urgency, wishes, recommendations, changes of product.
//!
//! ```text
//! en.signals ─┐ patterns: KIND NAME = QUERY, data in the query language
//! the host's ─┴──► Signals ── read(&mut Facts) ──► Found      every hit with its evidence: byte spans
//!                     │                              ├ intents, categories        → Facts: intent, topic
//!                     │ intents, then categories,    ├ urgency and its reasons    → Facts: urgency
//!                     │ then the rest: a later one   ├ buying points
//!                     │ may ask about earlier ones   ├ switches (from, to) · recommendations (product)
//!                     │                              └ wishes ──► Requests: votes by distinct authors
//! ```
//!
//! A signal is a pattern that matched, and nothing else: no probability is claimed, since none was calibrated.
//! Which post is a complaint is a matter of words here; how angry it is, `sentiment` says. Patterns may ask
//! about any fact that a monitor may ask about (`author.followers>=100000` makes a complaint more urgent), and
//! about the intents and topics found before them. Some ask about `sentiment`: a host that tells the tone first, as
//! the engine does, has more complaints and praise found.
//!
//! `cargo run --release --example signals` reads texts and prints what they ask for; `cargo bench --bench listen`
//! prints how many posts a second are read.
//!
//! The shipped patterns are English ([`Signals::english`]). A host adds its own, replaces single
//! names, or starts from nothing: see [`Signals::parse`] for the format.
//!
//! ```
//! use hearken::facts::Facts;
//! use hearken::query::Scratch;
//! use hearken::signal::{Signals, Urgency};
//! use hearken::text::Text;
//!
//! let (signals, mut scratch) = (Signals::english(), Scratch::default());
//! let text = Text::new("Can anyone recommend a CRM? We are moving from Acme to something cheaper");
//! let mut facts = Facts::new(&text);
//! let found = signals.read(&mut facts, &mut scratch);
//! assert!(found.has_intent("seek") && found.has_category("lead"));
//! assert_eq!(found.switches[0].from.unwrap().of(text.source()), Some("Acme"));
//! assert_eq!(found.urgency, Urgency::Low);
//! assert_eq!(found.intents[0].evidence[0].of(text.source()), Some("Can anyone recommend"));
//!
//! let text = Text::new("I recommend Acme");
//! let found = signals.read(&mut Facts::new(&text), &mut Scratch::default());
//! assert!(found.has_intent("recommend") && !found.has_category("lead"));
//! ```

mod pattern;
mod requests;
mod slot;

pub use requests::{FeatureRequest, Requests};

use crate::error::BuildError;
use crate::facts::{Facts, Field};
use crate::model::{Points, Span};
use crate::query::{Index, Scratch, Search};
use crate::text::Text;
use pattern::{Kind, Pattern};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// The shipped English patterns.
const ENGLISH: &str = include_str!("data/en.signals");

/// Compiled patterns.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::query::Scratch;
/// use hearken::signal::Signals;
/// use hearken::text::Text;
///
/// let ours = "category returns = return OR \"send back\"\ncategory praise := adore";
/// let signals = Signals::english().with(ours)?;
/// let text = Text::new("adore it, but how do I return it?");
/// let found = signals.read(&mut Facts::new(&text), &mut Scratch::default());
/// assert!(found.has_category("returns") && found.has_category("praise") && found.has_category("question"));
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Signals {
    patterns: Vec<Pattern>,
    intents: Stage,
    categories: Stage,
    /// The places of the categories that ask about topics.
    chained: Vec<usize>,
    rest: Stage,
}

/// The patterns that are asked at one time.
#[derive(Debug, Clone, Default)]
struct Stage {
    /// Places among all patterns, in order.
    places: Vec<usize>,
    index: Index,
}

impl Stage {
    fn new(patterns: &[Pattern], wanted: fn(&Pattern) -> bool) -> Self {
        let places = places(patterns, wanted);
        let index = Index::build(
            places.iter().filter_map(|place| patterns.get(*place)).map(|pattern| &pattern.query),
        );
        Self { places, index }
    }

    /// The patterns that hold, in order, with their evidence.
    fn hits<'s, 't>(
        &self,
        patterns: &'s [Pattern],
        facts: &Facts<'t>,
        search: &mut Search<'t>,
        scratch: &mut Scratch,
    ) -> Vec<(&'s Pattern, Vec<Span>)> {
        let hits = self.index.matches_in(facts, scratch, &mut search.view).iter();
        hits.filter_map(|hit| patterns.get(*self.places.get(*hit as usize)?))
            .map(|pattern| (pattern, pattern.evidence(facts, search).1))
            .collect()
    }
}

/// Where the wanted patterns are, in order.
fn places(patterns: &[Pattern], wanted: fn(&Pattern) -> bool) -> Vec<usize> {
    (0..).zip(patterns).filter(|(_, pattern)| wanted(pattern)).map(|(place, _)| place).collect()
}

impl Pattern {
    /// Whether it holds, and where.
    fn evidence<'t>(&self, facts: &Facts<'t>, search: &mut Search<'t>) -> (bool, Vec<Span>) {
        self.grounds.evidence(&self.query, facts, search)
    }
}

impl Signals {
    /// The shipped English patterns.
    pub fn english() -> Self {
        Self::parse(ENGLISH).unwrap_or_default()
    }

    /// Patterns from a text, and no others.
    ///
    /// A pattern is a line `KIND NAME = QUERY`; `:=` replaces all patterns of that kind and name that came before; a line
    /// that starts with white space goes on with the one before; `#` starts a comment line. `words NAME = QUERY` gives a name
    /// to words that several patterns of the text share: further down `{NAME}` stands for them, in brackets. The kinds are:
    ///
    /// | kind and name | a hit says |
    /// |---|---|
    /// | `intent NAME` | the author wants to … |
    /// | `category NAME` | the post is a … |
    /// | `buying POINTS` | so many points of purchase intent; the strongest hit counts |
    /// | `urgency LEVEL REASON` | at least so urgent (`low` to `critical`), and why |
    /// | `request NAME` | a wish: what follows the hit in its clause |
    /// | `recommend NAME` | a product is recommended: the name that follows the hit |
    /// | `switch FIRST WORD` | after the hit comes the name of the product `from` or `to` which somebody changes, then WORD, then the other; `-` for WORD where only one is named |
    ///
    /// # Errors
    /// Every fault of the text, with its line and, in a query, the column.
    pub fn parse(source: &str) -> Result<Self, BuildError> {
        Self::default().with(source)
    }

    /// These patterns and those of a text, which come after them.
    ///
    /// # Errors
    /// As [`parse`](Signals::parse).
    pub fn with(self, source: &str) -> Result<Self, BuildError> {
        let patterns = pattern::parse(self.patterns, source)?;
        let stage = |wanted: fn(&Pattern) -> bool| Stage::new(&patterns, wanted);
        Ok(Self {
            intents: stage(|pattern| pattern.kind == Kind::Intent),
            categories: stage(|pattern| pattern.kind == Kind::Category && !pattern.asks_topics),
            chained: places(&patterns, |pattern| pattern.kind == Kind::Category && pattern.asks_topics),
            rest: stage(|pattern| !matches!(pattern.kind, Kind::Intent | Kind::Category)),
            patterns,
        })
    }

    /// Reads one post: what it asks for. The facts learn its intents, its categories (as topics, beside those
    /// that are there already) and its urgency, if the host has given none.
    pub fn read(&self, facts: &mut Facts<'_>, scratch: &mut Scratch) -> Found {
        let (mut found, mut search) = (Found::default(), Search::default());
        for (pattern, evidence) in self.intents.hits(&self.patterns, facts, &mut search, scratch) {
            add(&mut found.intents, &pattern.name, evidence);
        }
        tell(facts, &Field::Intent, &found.intents);
        self.categories(facts, &mut search, scratch, &mut found);
        for (pattern, evidence) in self.rest.hits(&self.patterns, facts, &mut search, scratch) {
            found.take(pattern, evidence, facts.text());
        }
        found.tidy();
        if !facts.known(&Field::Urgency) {
            facts.set(Field::Urgency, found.urgency.name());
        }
        found
    }

    /// Those that ask about topics come last and one by one, so that each may ask about the ones before it.
    fn categories<'t>(
        &self,
        facts: &mut Facts<'t>,
        search: &mut Search<'t>,
        scratch: &mut Scratch,
        found: &mut Found,
    ) {
        let intents: Vec<Span> =
            found.intents.iter().flat_map(|intent| intent.evidence.iter().copied()).collect();
        // A pattern that asks about intents alone rests on what they rest on.
        let grounds = |evidence: Vec<Span>| if evidence.is_empty() { intents.clone() } else { evidence };
        for (pattern, evidence) in self.categories.hits(&self.patterns, facts, search, scratch) {
            add(&mut found.categories, &pattern.name, grounds(evidence));
        }
        tell(facts, &Field::Topic, &found.categories);
        for pattern in self.chained.iter().filter_map(|place| self.patterns.get(*place)) {
            let (holds, evidence) = pattern.evidence(facts, search);
            if holds {
                add(&mut found.categories, &pattern.name, grounds(evidence));
                tell(facts, &Field::Topic, &found.categories);
            }
        }
    }
}

/// Adds a hit to those of the same name.
fn add(signals: &mut Vec<Signal>, name: &str, evidence: Vec<Span>) {
    match signals.iter_mut().find(|signal| &*signal.name == name) {
        Some(signal) => {
            signal.evidence.extend(evidence);
            signal.evidence.sort_unstable();
            signal.evidence.dedup();
        }
        None => signals.push(Signal { name: name.into(), evidence }),
    }
}

/// Lets the facts know the names, beside the words that are there.
fn tell(facts: &mut Facts<'_>, field: &Field, signals: &[Signal]) {
    signals.iter().for_each(|signal| facts.add(field, &signal.name));
}

/// What one post asks for.
///
/// ```
/// use hearken::facts::{Facts, Field};
/// use hearken::query::Scratch;
/// use hearken::signal::Signals;
/// use hearken::text::Text;
///
/// let text = Text::new("How do I cancel my subscription?");
/// let mut facts = Facts::new(&text);
/// let found = Signals::english().read(&mut facts, &mut Scratch::default());
/// assert!(found.has_intent("cancel") && found.has_category("question"));
/// // Rules learn of it through the facts, with no further step.
/// assert!(facts.words(&Field::Intent).any(|intent| intent == "cancel"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What the author wants to do: `buy`, `seek`, `cancel`, …, in the order of the patterns.
    pub intents: Vec<Signal>,
    /// What the post is: `complaint`, `question`, …, in the order of the patterns.
    pub categories: Vec<Signal>,
    /// How urgent it is: the highest of the reasons, else low.
    pub urgency: Urgency,
    /// Why it is so urgent, most urgent first.
    pub reasons: Vec<Reason>,
    /// Purchase intent; zero without a sign of it.
    pub buying: Points,
    /// Changes of product that are talked about.
    pub switches: Vec<Switch>,
    /// Wishes for a product.
    pub wishes: Vec<Wish>,
    /// Products that the author recommends.
    pub recommendations: Vec<Recommendation>,
}

impl Found {
    /// True when the intent was found.
    pub fn has_intent(&self, name: &str) -> bool {
        self.intents.iter().any(|signal| &*signal.name == name)
    }

    /// True when the category was found.
    pub fn has_category(&self, name: &str) -> bool {
        self.categories.iter().any(|signal| &*signal.name == name)
    }

    /// Every span that any signal rests on, in order, each once.
    pub fn evidence(&self) -> Vec<Span> {
        let signals = self.intents.iter().chain(&self.categories).flat_map(|signal| &signal.evidence);
        let mut spans: Vec<Span> =
            signals.chain(self.reasons.iter().flat_map(|reason| &reason.evidence)).copied().collect();
        spans.extend(self.wishes.iter().map(|wish| wish.cue));
        spans.extend(self.switches.iter().map(|switch| switch.cue));
        spans.extend(self.recommendations.iter().map(|given| given.cue));
        spans.sort_unstable();
        spans.dedup();
        spans
    }

    /// Takes the hit of a pattern that is neither an intent nor a category.
    fn take(&mut self, pattern: &Pattern, evidence: Vec<Span>, text: &Text) {
        match &pattern.kind {
            Kind::Buying(points) => self.buying = self.buying.max(*points),
            Kind::Urgency(level) => {
                self.urgency = self.urgency.max(*level);
                self.reasons.push(Reason { level: *level, why: pattern.name.clone(), evidence });
            }
            Kind::Request => {
                let wish = |cue| Some(Wish { cue, what: slot::rest_of_clause(text, cue)? });
                self.wishes.extend(evidence.into_iter().filter_map(wish));
            }
            Kind::Recommend => {
                let given = |cue| Some(Recommendation { cue, product: slot::name_after(text, cue)? });
                self.recommendations.extend(evidence.into_iter().filter_map(given));
            }
            Kind::Switch(shape) => {
                self.switches.extend(evidence.into_iter().filter_map(|cue| slot::switch(text, cue, shape)));
            }
            Kind::Intent | Kind::Category => {}
        }
    }

    /// Puts everything in order; of two cues for the same thing ("I wish it had", "wish it had") the first stays.
    fn tidy(&mut self) {
        self.reasons.sort_by_key(|reason| Reverse(reason.level));
        self.switches.sort_unstable_by_key(|switch| (switch.from, switch.to, switch.cue));
        self.switches.dedup_by_key(|switch| (switch.from, switch.to));
        self.wishes.sort_unstable_by_key(|wish| (wish.what, wish.cue));
        self.wishes.dedup_by_key(|wish| wish.what);
        self.recommendations.sort_unstable_by_key(|given| (given.product, given.cue));
        self.recommendations.dedup_by_key(|given| given.product);
    }
}

/// A category or intent that was found.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::query::Scratch;
/// use hearken::signal::Signals;
/// use hearken::text::Text;
///
/// let signals = Signals::parse("category returns = refund OR \"send back\"").unwrap();
/// let text = Text::new("A refund, or may I send back the lamp?");
/// let found = signals.read(&mut Facts::new(&text), &mut Scratch::default());
/// let returns = &found.categories[0];
/// let words: Vec<_> = returns.evidence.iter().map(|span| span.of(text.source()).unwrap()).collect();
/// assert_eq!((&*returns.name, words), ("returns", vec!["refund", "send back"]));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signal {
    /// Its name in the patterns.
    pub name: Box<str>,
    /// The bytes it rests on, in order.
    pub evidence: Vec<Span>,
}

/// How urgent a post is.
///
/// ```
/// use hearken::facts::{Facts, Scope};
/// use hearken::query::{Query, Scratch};
/// use hearken::signal::{Signals, Urgency};
/// use hearken::text::Text;
///
/// let text = Text::new("The charger caught fire and I burnt my hand");
/// let mut facts = Facts::new(&text);
/// let found = Signals::english().read(&mut facts, &mut Scratch::default());
/// assert_eq!((found.urgency, found.urgency.name()), (Urgency::Critical, "critical"));
/// // In order, so that a rule may ask for "at least".
/// assert!(Query::parse("urgency>=high", Scope::Rule).unwrap().matches(&facts));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Nothing presses.
    #[default]
    Low,
    /// Somebody waits.
    Medium,
    /// It gets worse soon.
    High,
    /// Somebody may be harmed.
    Critical,
}

impl Urgency {
    /// `low`, `medium`, `high` or `critical`, as queries write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Why a post is urgent.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::query::Scratch;
/// use hearken::signal::{Signals, Urgency};
/// use hearken::text::Text;
///
/// let text = Text::new("The charger caught fire and I burnt my hand");
/// let found = Signals::english().read(&mut Facts::new(&text), &mut Scratch::default());
/// // What whoever is woken reads first.
/// let reason = &found.reasons[0];
/// assert_eq!((reason.level, &*reason.why), (Urgency::Critical, "safety"));
/// assert_eq!(found.urgency, reason.level, "the highest of the reasons comes first");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// At least so urgent.
    pub level: Urgency,
    /// `safety`, `time`, `reach`, …: the name in the patterns.
    pub why: Box<str>,
    /// The bytes it rests on; empty where it rests on facts alone.
    pub evidence: Vec<Span>,
}

/// A change of product; one side may be unnamed.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::query::Scratch;
/// use hearken::signal::Signals;
/// use hearken::text::Text;
///
/// let text = Text::new("We are switching from Globex to Acme");
/// let found = Signals::english().read(&mut Facts::new(&text), &mut Scratch::default());
/// let switch = found.switches[0];
/// let name = |side: Option<hearken::model::Span>| side.and_then(|span| span.of(text.source()));
/// assert_eq!((name(switch.from), name(switch.to)), (Some("Globex"), Some("Acme")));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switch {
    /// The words that say so.
    pub cue: Span,
    /// The name of what is left.
    pub from: Option<Span>,
    /// The name of what is taken instead.
    pub to: Option<Span>,
}

/// A wish for a product.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::query::Scratch;
/// use hearken::signal::Signals;
/// use hearken::text::Text;
///
/// let text = Text::new("I wish it had a dark mode");
/// let found = Signals::english().read(&mut Facts::new(&text), &mut Scratch::default());
/// // What a backlog counts votes for, as `Requests` does.
/// assert!(found.wishes[0].what.of(text.source()).unwrap().contains("dark mode"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The words that say so.
    pub cue: Span,
    /// What is wished for.
    pub what: Span,
}

/// A product that somebody recommends.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::query::Scratch;
/// use hearken::signal::Signals;
/// use hearken::text::Text;
///
/// let text = Text::new("I recommend Acme to everybody");
/// let found = Signals::english().read(&mut Facts::new(&text), &mut Scratch::default());
/// let given = found.recommendations[0];
/// assert_eq!(given.product.of(text.source()), Some("Acme"));
/// assert_eq!(given.cue.of(text.source()), Some("I recommend"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recommendation {
    /// The words that say so.
    pub cue: Span,
    /// The name of the product.
    pub product: Span,
}
