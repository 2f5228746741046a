//! Survivorship: which of several values a merged record shows, and where it came from.
//!
//! Merging loses nothing: every fact stays with its record. What a customer card shows is worked out from the
//! facts of all its records, field by field, under a rule a field; and says which record, source and time it is
//! from.

use super::kind::Kind;
use crate::model::{Personal, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a value came to be known, the surest first.
///
/// ```
/// use hearken::identity::{Basis, Fact, Kind, Record, Survivorship};
/// use hearken::model::Timestamp;
///
/// let fact = |value: &str, basis, at| Fact {
///     kind: Kind::City, value: value.into(), basis, source: "crm".into(), at: Timestamp::from_secs(at),
/// };
/// let facts = vec![fact("Leeds", Basis::Observed, 1), fact("York", Basis::Inferred, 9)];
/// let record = Record { id: "a".into(), facts };
/// assert_eq!(Survivorship::default().of([&record])[&Kind::City].fact.value.reveal(), "Leeds", "seen, not guessed");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The person, or the business, said so.
    Declared,
    /// A platform showed it.
    Observed,
    /// A program worked it out.
    Inferred,
}

/// One value of a record: what, how known, from where, when.
///
/// ```
/// use hearken::identity::{Basis, Fact, Kind};
///
/// // As the host's systems tell it: what, how known, from where, when.
/// let fact: Fact = serde_json::from_str(
///     r#"{"kind": "phone", "value": "+1 415 555 0100", "basis": "declared", "source": "shop", "at": 60000}"#).unwrap();
/// assert_eq!((fact.kind, fact.basis), (Kind::Phone, Basis::Declared));
/// assert!(!format!("{fact:?}").contains("415"), "a log does not hold the number");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What sort of value it is.
    pub kind: Kind,
    /// The value.
    pub value: Personal,
    /// How it came to be known.
    pub basis: Basis,
    /// The system or platform it came from.
    pub source: String,
    /// When it was seen.
    pub at: Timestamp,
}

/// Which of several values survives. Whatever the rule, an inferred value never survives a declared one.
///
/// ```
/// use hearken::identity::{Basis, Fact, Kind, Record, Rule, Survivorship};
/// use hearken::model::Timestamp;
///
/// let record = |id: &str, city: &str, source: &str, at| {
///     let (kind, basis, at) = (Kind::City, Basis::Declared, Timestamp::from_secs(at));
///     Record { id: id.into(), facts: vec![Fact { kind, value: city.into(), basis, source: source.into(), at }] }
/// };
/// let records = [record("a", "Leeds", "shop", 1), record("b", "Leeds", "app", 2), record("c", "York", "form", 9)];
/// let shown = |rule| {
///     let card = Survivorship([(Kind::City, rule)].into()).of(&records);
///     (card[&Kind::City].record.clone(), card[&Kind::City].fact.value.reveal().to_owned())
/// };
/// assert_eq!(shown(Rule::Newest), ("c".into(), "York".into()));
/// assert_eq!(shown(Rule::Commonest), ("b".into(), "Leeds".into()));
/// assert_eq!(shown(Rule::Sources(vec!["shop".into()])), ("a".into(), "Leeds".into()));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The surest basis, then the newest.
    #[default]
    Surest,
    /// The newest.
    Newest,
    /// The one most records have, then the surest, then the newest.
    Commonest,
    /// By source, the first in the list best, then the newest. A source that is not listed comes last.
    Sources(Vec<String>),
}

/// The rule of each kind; [`Rule::Surest`] where none is set.
///
/// ```
/// use hearken::identity::{Basis, Fact, Kind, Record, Survivorship};
/// use hearken::model::Timestamp;
///
/// let fact = |value: &str, basis, at| Fact {
///     kind: Kind::City, value: value.into(), basis, source: "crm".into(), at: Timestamp::from_secs(at),
/// };
/// let old = Record { id: "a".into(), facts: vec![fact("Leeds", Basis::Declared, 1)] };
/// let new = Record { id: "b".into(), facts: vec![fact("York", Basis::Inferred, 9)] };
/// let card = Survivorship::default().of([&old, &new]);
/// assert_eq!(card[&Kind::City].fact.value.reveal(), "Leeds");
/// assert_eq!(card[&Kind::City].record, "a");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivorship(pub BTreeMap<Kind, Rule>);

/// A record: an id and its facts.
///
/// ```
/// use hearken::identity::{Kind, MergeLedger, Record, Survivorship};
///
/// let record: Record = serde_json::from_str(r#"{"id": "shop:17", "facts": [
///     {"kind": "city", "value": "Leeds", "basis": "declared", "source": "shop", "at": 60000}]}"#).unwrap();
/// let mut ledger = MergeLedger::default();
/// ledger.record(record.clone());
/// assert_eq!(ledger.get("shop:17"), Some(&record), "as it came, whatever is merged with it");
/// assert_eq!(ledger.card("shop:17", &Survivorship::default())[&Kind::City].record, "shop:17");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The host's identifier.
    pub id: String,
    /// What it holds.
    pub facts: Vec<Fact>,
}

/// A value that survived, with the record it is from.
///
/// ```
/// use hearken::identity::{Basis, Fact, Kind, Record, Survivorship};
/// use hearken::model::Timestamp;
///
/// let fact = |value: &str, source: &str, at| Fact {
///     kind: Kind::Phone, value: value.into(), basis: Basis::Declared, source: source.into(), at: Timestamp::from_secs(at),
/// };
/// let facts = vec![fact("+1 415 555 0100", "shop", 1), fact("+1 415 555 0177", "app", 9)];
/// let card = Survivorship::default().of([&Record { id: "a".into(), facts }]);
/// // A line of the card: the newest number, where it is from, and that there is another.
/// let phone = &card[&Kind::Phone];
/// assert_eq!((phone.fact.source.as_str(), phone.record.as_str(), phone.others), ("app", "a", 1));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survivor {
    /// The fact.
    pub fact: Fact,
    /// The id of its record.
    pub record: String,
    /// How many other values there were.
    pub others: usize,
}

impl Survivorship {
    /// The surviving value of every kind that the records have. Does not depend on the order of the records.
    pub fn of<'a>(&self, records: impl IntoIterator<Item = &'a Record>) -> BTreeMap<Kind, Survivor> {
        let mut by_kind: BTreeMap<Kind, Vec<(&Fact, &str)>> = BTreeMap::new();
        for record in records {
            for fact in
                record.facts.iter().filter(|fact| !fact.kind.normalise(fact.value.reveal()).is_empty())
            {
                by_kind.entry(fact.kind).or_default().push((fact, &record.id));
            }
        }
        let mut card = BTreeMap::new();
        for (kind, mut facts) in by_kind {
            let declared = facts.iter().any(|(fact, _)| fact.basis == Basis::Declared);
            facts.retain(|(fact, _)| !(declared && fact.basis == Basis::Inferred));
            let normal = |fact: &Fact| kind.normalise(fact.value.reveal());
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for (fact, _) in &facts {
                *counts.entry(normal(fact)).or_default() += 1;
            }
            let rule = self.0.get(&kind).cloned().unwrap_or_default();
            // The smallest key wins; the record's id and the value settle ties.
            let best = facts.iter().min_by_key(|(fact, record)| {
                let newest = std::cmp::Reverse(fact.at);
                let rank = match &rule {
                    Rule::Surest => (0, 0, fact.basis),
                    Rule::Newest => (0, 0, Basis::Declared),
                    Rule::Commonest => {
                        (0, usize::MAX - counts.get(&normal(fact)).copied().unwrap_or(0), fact.basis)
                    }
                    Rule::Sources(list) => (
                        list.iter().position(|s| *s == fact.source).unwrap_or(list.len()),
                        0,
                        Basis::Declared,
                    ),
                };
                (rank, newest, *record, &fact.value)
            });
            if let Some((fact, record)) = best {
                let survivor = Survivor {
                    fact: (*fact).clone(),
                    record: (*record).to_owned(),
                    others: counts.len() - 1,
                };
                card.insert(kind, survivor);
            }
        }
        card
    }
}
