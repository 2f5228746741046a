//! One person against one other: levels, weights, probability, decision.

use super::compare::Comparer;
use super::key::{BlockingKey, BlockingRule, keys};
use super::kind::{Kind, Level};
use super::normalise::email::Email;
use super::person::{Person, Value};
use super::weight::{FieldModel, Model, Namesake, Step, Waterfall};
use crate::model::Points;
use std::borrow::Cow;

/// What certainty weighs: more than all that a model can say against it.
const CERTAIN: Points = Points::whole(60);

/// How common values are among the host's records. The [`Index`](super::Index) knows it for its own.
///
/// ```
/// use hearken::identity::{Frequencies, Kind, Matcher, Person};
///
/// /// What the host's own database counts.
/// struct Census;
/// impl Frequencies for Census {
///     fn share(&self, kind: Kind, value: &str) -> Option<f64> {
///         (kind == Kind::City).then_some(if value == "london" { 0.4 } else { 0.000_1 })
///     }
///     fn holders(&self, _: Kind, _: &str) -> Option<u32> { None }
/// }
/// let matcher = Matcher::standard(10_000);
/// let both_in = |city: &str| {
///     let [a, b] = ["a", "b"].map(|id| Person::new(id).with(Kind::City, city));
///     matcher.compare_among(&a, &b, &Census).waterfall.total()
/// };
/// assert!(both_in("Wick") > both_in("London"), "to share a rare town says more");
/// ```
pub trait Frequencies {
    /// The share of records, 0..=1, that hold this normalised value; `None` where that is not known.
    fn share(&self, kind: Kind, value: &str) -> Option<f64>;

    /// How many records hold this value; `None` where that is not known.
    fn holders(&self, kind: Kind, value: &str) -> Option<u32>;
}

/// Nothing known of how common values are.
impl Frequencies for () {
    fn share(&self, _: Kind, _: &str) -> Option<f64> {
        None
    }

    fn holders(&self, _: Kind, _: &str) -> Option<u32> {
        None
    }
}

/// A comparison of the host's own, beside the built-in ones: another step of the waterfall.
///
/// ```
/// use hearken::identity::{Comparison, Kind, Level, Matcher, Person};
/// use hearken::model::Points;
///
/// /// The same loyalty number is worth twelve bits.
/// #[derive(Debug)]
/// struct Loyalty;
/// impl Comparison for Loyalty {
///     fn name(&self) -> &str { "loyalty" }
///     fn compare(&self, a: &Person, b: &Person) -> Option<(Level, Points)> {
///         let number = |person: &Person| person.of(Kind::Code).next().map(|value| value.normal().to_owned());
///         (number(a)? == number(b)?).then_some((Level::Exact, Points::whole(12)))
///     }
/// }
/// let matcher = Matcher::standard(10_000).comparison(Box::new(Loyalty));
/// let [a, b] = ["a", "b"].map(|id| Person::new(id).name("Ann Lee").with(Kind::Code, "4711"));
/// let steps = matcher.compare(&a, &b).waterfall.steps;
/// assert_eq!(steps.last().map(|step| (&*step.field, step.weight)), Some(("loyalty", Points::whole(12))));
/// ```
pub trait Comparison: std::fmt::Debug + Send + Sync {
    /// The name of the step.
    fn name(&self) -> &str;

    /// The level and its weight in bits; `None` when either person has nothing to compare. Should be symmetric.
    fn compare(&self, a: &Person, b: &Person) -> Option<(Level, Points)>;
}

/// The outcome of comparing two persons.
///
/// ```
/// use hearken::identity::{Kind, Matcher, Person};
///
/// let known = Person::new("c-9").name("Robert Miller").phone("+1 415 555 0100");
/// let found = Matcher::standard(50_000).compare(&Person::new("x:1").name("Bob Miller").phone("415-555-0100"), &known);
/// // What somebody who looks at it is shown: who, how sure, and each thing that speaks for it or against.
/// assert_eq!((found.candidate.as_str(), found.certain), ("c-9", None), "a number without its country settles nothing");
/// let fields: Vec<_> = found.waterfall.steps.iter().map(|step| &*step.field).collect();
/// assert_eq!(fields, ["name", "phone"]);
/// assert_eq!(found.probability, found.waterfall.probability());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// The id of the second person, the candidate.
    pub candidate: String,
    /// Probability that the two are one person.
    pub probability: f64,
    /// How it came about.
    pub waterfall: Waterfall,
    /// The kind of the value that settles it alone, if there is one.
    pub certain: Option<Kind>,
}

/// From which probability on two persons are taken for one, and from which somebody should look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Thresholds {
    accept: f64,
    review: f64,
}

impl Thresholds {
    /// Thresholds that tolerate this share of false merges (0..=1) in each decision: a pair is merged when the
    /// probability that it is wrong is at most `false_merges`, and shown to somebody when it is more likely than
    /// not to be right, or at least a third as likely.
    ///
    /// ```
    /// use hearken::identity::Thresholds;
    ///
    /// assert_eq!(Thresholds::tolerating(0.01).accept(), 0.99);
    /// ```
    pub fn tolerating(false_merges: f64) -> Self {
        let accept = 1.0 - false_merges.clamp(0.0, 1.0);
        Self { accept, review: accept.min(0.25) }
    }

    /// The lowest threshold at which the expected share of false merges, over all pairs of these probabilities
    /// that it accepts, is at most `false_merges`. It uses the slack that near-certain pairs leave, and so is
    /// never above [`tolerating`](Self::tolerating).
    pub fn over(probabilities: &[f64], false_merges: f64) -> Self {
        let mut sorted: Vec<f64> = probabilities.iter().copied().filter(|p| p.is_finite()).collect();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let (mut wrong, mut accept) = (0.0, 1.0 - false_merges.clamp(0.0, 1.0));
        for (taken, p) in (1_u32..).zip(sorted) {
            wrong += 1.0 - p;
            if wrong > false_merges * f64::from(taken) {
                break;
            }
            accept = accept.min(p);
        }
        Self { accept, review: accept.min(0.25) }
    }

    /// From here on two are one.
    pub fn accept(self) -> f64 {
        self.accept
    }

    /// From here on somebody should look.
    pub fn review(self) -> f64 {
        self.review
    }
}

/// What to do with a newcomer, given its candidates.
///
/// ```
/// use hearken::identity::{Decision, Index, Matcher, Person, Thresholds};
///
/// let mut index = Index::new(Matcher::standard(1_000));
/// index.upsert(Person::new("c-1").name("Ann Okafor"));
/// let decide = |author: Person| match index.resolve(&author, Thresholds::tolerating(0.000_1)) {
///     Decision::Match(found) => format!("is {}", found.candidate),
///     Decision::Review(found) => format!("is it {}?", found[0].candidate),
///     Decision::CreateNew => "is new".to_owned(),
///     _ => unreachable!(),
/// };
/// assert_eq!(decide(Person::new("x:1").name("Ann Okafor")), "is it c-1?");
/// assert_eq!(decide(Person::new("x:2").name("Bert Lind")), "is new");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// It is this one.
    Match(Match),
    /// It may be one of these, best first: somebody should look.
    Review(Vec<Match>),
    /// Nobody here: make a new record.
    CreateNew,
}

/// Compares persons under a model. Make one, keep it.
///
/// ```
/// use hearken::identity::{Decision, Matcher, Person, Thresholds};
///
/// let matcher = Matcher::standard(50_000);
/// let author = Person::new("author").name("Bob Miller").email("bob.miller@corp.example");
/// let known = Person::new("c-9").name("Robert Miller").email("Bob.Miller@corp.example");
/// let found = matcher.compare(&author, &known);
/// assert!(found.certain.is_some() && found.probability > 0.999);
/// assert!(matches!(matcher.decide([found], Thresholds::tolerating(0.001)), Decision::Match(_)));
/// ```
#[derive(Debug)]
pub struct Matcher {
    model: Model,
    comparisons: Vec<Box<dyn Comparison>>,
    rules: Vec<Box<dyn BlockingRule>>,
}

impl Matcher {
    /// A matcher under `model`.
    pub fn new(model: Model) -> Self {
        Self { model, comparisons: Vec::new(), rules: Vec::new() }
    }

    /// A matcher under [`Model::standard`].
    pub fn standard(population: u64) -> Self {
        Self::new(Model::standard(population))
    }

    /// Adds a comparison of the host's own.
    #[must_use]
    pub fn comparison(mut self, comparison: Box<dyn Comparison>) -> Self {
        self.comparisons.push(comparison);
        self
    }

    /// Adds a blocking rule of the host's own.
    #[must_use]
    pub fn rule(mut self, rule: Box<dyn BlockingRule>) -> Self {
        self.rules.push(rule);
        self
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The keys of `person`: the built-in ones, then those of the host's rules.
    pub fn keys(&self, person: &Person) -> Vec<BlockingKey> {
        let mut out = keys(person);
        for rule in &self.rules {
            rule.keys(person, &mut out);
        }
        out
    }

    /// Compares two persons, nothing known of how common values are.
    pub fn compare(&self, a: &Person, b: &Person) -> Match {
        self.compare_among(a, b, &())
    }

    /// Compares two persons among records whose values are so common. Symmetric but for `candidate`.
    ///
    /// Of several values of a kind the pair with the greatest weight counts. One shared account, DID, e-mail
    /// address or E.164 number settles the matter, unless it is only claimed, belongs to a role or to many
    /// records, or (a phone number in a household) the names contradict it: then it is weighed like the rest.
    pub fn compare_among(&self, a: &Person, b: &Person, frequencies: &dyn Frequencies) -> Match {
        self.compare_with(&mut Comparer::default(), a, b, frequencies)
    }

    /// The same with the buffers of a comparer that is kept.
    pub(super) fn compare_with(
        &self,
        comparer: &mut Comparer,
        a: &Person,
        b: &Person,
        frequencies: &dyn Frequencies,
    ) -> Match {
        let mut waterfall = Waterfall { prior: self.model.prior_points(), steps: Vec::new() };
        let names = best(comparer, self.model.of_kind(Kind::Name), a, b, frequencies, Namesake::No);
        let names = names.map(|(level, ..)| level);
        let strangers = matches!(names, Some(Level::Distant | Level::Faint));
        let namesake = match names {
            None | Some(Level::Distant) => Namesake::No,
            Some(Level::Faint) => Namesake::Half,
            Some(_) => Namesake::Whole,
        };
        let mut certain = None;
        for field in &self.model.fields {
            let Some((level, bits, value)) = best(comparer, Some(field), a, b, frequencies, namesake) else {
                continue;
            };
            let mut weight = Points::nearest(bits);
            if level == Level::Exact && settles(field.kind, value, a, b, strangers, frequencies) {
                certain = certain.or(Some(field.kind));
                weight = CERTAIN;
            }
            waterfall.steps.push(Step { field: field.name.clone(), level, weight });
        }
        for comparison in &self.comparisons {
            if let Some((level, weight)) = comparison.compare(a, b) {
                waterfall.steps.push(Step { field: Cow::Owned(comparison.name().to_owned()), level, weight });
            }
        }
        Match { candidate: b.id().to_owned(), probability: waterfall.probability(), waterfall, certain }
    }

    /// Decides on a newcomer. Candidates may come in any order; equal ones are ordered by id.
    ///
    /// A second candidate that would also be accepted makes it a review: the newcomer can be only one of them,
    /// unless both are settled by certain evidence, when the better one is taken and the other two are
    /// duplicates of each other.
    pub fn decide(&self, candidates: impl IntoIterator<Item = Match>, thresholds: Thresholds) -> Decision {
        let mut ranked: Vec<Match> = candidates
            .into_iter()
            .filter(|found| found.probability >= thresholds.review || found.certain.is_some())
            .collect();
        ranked.sort_by(|a, b| {
            b.waterfall.total().cmp(&a.waterfall.total()).then_with(|| a.candidate.cmp(&b.candidate))
        });
        let accepted = |found: &Match| found.certain.is_some() || found.probability >= thresholds.accept;
        let rivals = ranked.iter().filter(|found| accepted(found)).count();
        let settled = ranked.iter().filter(|found| found.certain.is_some()).count();
        match rivals {
            0 if ranked.is_empty() => Decision::CreateNew,
            0 => Decision::Review(ranked),
            1 => Decision::Match(ranked.swap_remove(0)),
            _ if settled >= 1 && ranked.first().is_some_and(|best| best.certain.is_some()) => {
                Decision::Match(ranked.swap_remove(0))
            }
            _ => Decision::Review(ranked),
        }
    }
}

/// The pair of values with the greatest weight: its level, its weight in bits, and the value of `a`.
fn best<'a>(
    comparer: &mut Comparer,
    field: Option<&FieldModel>,
    a: &'a Person,
    b: &Person,
    frequencies: &dyn Frequencies,
    namesake: Namesake,
) -> Option<(Level, f64, &'a Value)> {
    let field = field?;
    let mut best: Option<(Level, f64, &Value)> = None;
    for left in a.of(field.kind) {
        for right in b.of(field.kind) {
            let level = comparer.level(field.kind, left.view(), right.view());
            if level == Level::Missing {
                continue;
            }
            let share = if matches!(level, Level::Distant | Level::Faint) {
                None
            } else {
                let shares = [left, right].map(|value| frequencies.share(field.kind, value.normal()));
                shares.into_iter().flatten().reduce(f64::max)
            };
            let bits = field.bits(level, share, namesake);
            if best.as_ref().is_none_or(|(_, most, _)| bits > *most) {
                best = Some((level, bits, left));
            }
        }
    }
    best
}

/// True when sharing `value` settles that two persons are one.
fn settles(
    kind: Kind,
    value: &Value,
    a: &Person,
    b: &Person,
    strangers: bool,
    frequencies: &dyn Frequencies,
) -> bool {
    let claimed = |person: &Person| {
        person.of(kind).filter(|other| other.normal() == value.normal()).all(Value::is_claimed)
    };
    let common = frequencies.holders(kind, value.normal()).is_some_and(|holders| holders > 3);
    let personal = match kind {
        Kind::Account | Kind::Did => true,
        Kind::Email => Email::parse(value.normal()).is_some_and(|mail| !mail.is_role()),
        Kind::Phone => value.normal().starts_with('+') && !strangers,
        _ => false,
    };
    personal && !common && !claimed(a) && !claimed(b)
}
