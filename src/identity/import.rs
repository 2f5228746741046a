//! Taking in an old list of contacts: row by row, each linked, added, held for review or refused, with a result.

use super::index::Index;
use super::kind::Kind;
use super::matcher::{Decision, Thresholds};
use super::normalise::date::Date;
use super::normalise::email::Email;
use super::normalise::phone::Phone;
use super::person::Person;

/// What became of a row.
///
/// ```
/// use hearken::identity::{Index, Matcher, Outcome, Person, Thresholds, import};
///
/// let mut index = Index::new(Matcher::standard(1_000));
/// let list = ["r1", "r1", "r2"].map(|id| Person::new(id).name("Ann Lee").email("ann@lee.example"));
/// let results = import(&mut index, list, Thresholds::tolerating(0.01));
/// let told = results.iter().map(|row| match &row.outcome {
///     Outcome::Added => "added".to_owned(),
///     Outcome::Linked { to, .. } => format!("is {to}"),
///     Outcome::IdTaken => "an id that stands twice".to_owned(),
///     other => format!("look at it: {other:?}"),
/// });
/// assert!(told.eq(["added", "an id that stands twice", "is r1"]));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is a person who was there already.
    Linked {
        /// Who.
        to: String,
        /// How sure.
        probability: f64,
    },
    /// It is new and was added.
    Added,
    /// It may be one of these; nothing was added.
    Review(Vec<(String, f64)>),
    /// There is nothing in it to know anybody by.
    Empty,
    /// A row before it, or a person who is there, has its id.
    IdTaken,
}

/// The result of a row.
///
/// ```
/// use hearken::identity::{Index, Kind, Matcher, Outcome, Person, Thresholds, import};
///
/// let mut index = Index::new(Matcher::standard(1_000));
/// let row = Person::new("r1").name("Ann Lee").email("ann at lee").with(Kind::Date, "some day");
/// let result = &import(&mut index, [row], Thresholds::tolerating(0.01))[0];
/// // It is taken in all the same, and somebody can mend the list.
/// assert_eq!((result.id.as_str(), &result.outcome), ("r1", &Outcome::Added));
/// assert_eq!(result.malformed, [Kind::Email, Kind::Date]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct RowResult {
    /// The id of the row.
    pub id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Kinds of which a value is not well-formed: an e-mail address without `@`, a date that is none. They still
    /// count as weak evidence.
    pub malformed: Vec<Kind>,
}

/// Takes rows into `index`, one result a row, in order. A row is compared with everybody who was there and with
/// the rows added before it, so a contact that stands twice in the list is added once.
///
/// ```
/// use hearken::identity::{Index, Matcher, Outcome, Person, Thresholds, import};
///
/// let mut index = Index::new(Matcher::standard(1_000));
/// index.upsert(Person::new("c-1").name("Ann Lee").email("ann@lee.example"));
/// let rows = [Person::new("r1").name("Anne Lee").email("ann@lee.example"), Person::new("r2")];
/// let results = import(&mut index, rows, Thresholds::tolerating(0.01));
/// assert!(matches!(&results[0].outcome, Outcome::Linked { to, .. } if to == "c-1"));
/// assert_eq!(results[1].outcome, Outcome::Empty);
/// ```
pub fn import(
    index: &mut Index,
    rows: impl IntoIterator<Item = Person>,
    thresholds: Thresholds,
) -> Vec<RowResult> {
    let mut results = Vec::new();
    for row in rows {
        let id = row.id().to_owned();
        let malformed = malformed(&row);
        let outcome = if row.values().is_empty() {
            Outcome::Empty
        } else if index.get(&id).is_some() {
            Outcome::IdTaken
        } else {
            match index.resolve(&row, thresholds) {
                Decision::Match(found) => {
                    Outcome::Linked { to: found.candidate, probability: found.probability }
                }
                Decision::Review(found) => Outcome::Review(
                    found.into_iter().map(|found| (found.candidate, found.probability)).collect(),
                ),
                Decision::CreateNew => {
                    index.upsert(row);
                    Outcome::Added
                }
            }
        };
        results.push(RowResult { id, outcome, malformed });
    }
    results
}

fn malformed(person: &Person) -> Vec<Kind> {
    let mut kinds: Vec<Kind> = person
        .values()
        .iter()
        .filter(|value| {
            let raw = value.raw().reveal();
            match value.kind() {
                Kind::Email => Email::parse(raw).is_none(),
                Kind::Phone => Phone::parse(raw, None).is_none(),
                Kind::Date => Date::parse(raw).is_none(),
                Kind::Did => super::normalise::account::did(raw).is_none(),
                Kind::Url => super::normalise::account::url(raw).is_none(),
                _ => false,
            }
        })
        .map(|value| value.kind())
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}
