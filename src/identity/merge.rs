//! Merging that can be undone.
//!
//! Records are never melted together. A merge is an edge between two records, with its evidence; a customer is
//! the records that edges join; what the customer's card shows follows from its records. Taking an edge away is
//! therefore the exact inverse of adding it, in any order, whatever happened in between.
//!
//! ```text
//! records    a ──── b      c ──── d        customers {a, b} and {c, d}, called a and c
//!                └── e1 ──┘                 merge e1: one customer, called a
//!                                           unmerge e1: as before, to the byte
//! ```
//!
//! The name of a customer is that of its oldest record, so it stays what it is when others join it.

use super::kind::Kind;
use super::survive::{Record, Survivor, Survivorship};
use super::weight::Waterfall;
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What happened, in order: enough to rebuild the ledger.
///
/// ```
/// use hearken::identity::{MergeEvent, MergeLedger, Record, Waterfall};
/// use hearken::model::Timestamp;
///
/// let mut ledger = MergeLedger::default();
/// for id in ["a", "b"] {
///     ledger.record(Record { id: id.into(), facts: Vec::new() });
/// }
/// ledger.merge("a", "b", Waterfall::default(), Timestamp::from_secs(1)).unwrap();
/// // A log of events is all that has to be kept.
/// let log = serde_json::to_string(ledger.events()).unwrap();
/// let events: Vec<MergeEvent> = serde_json::from_str(&log).unwrap();
/// assert!(matches!(&events[2], MergeEvent::Merged(merge) if merge.b == "b"));
/// assert_eq!(MergeLedger::replay(events), ledger);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeEvent {
    /// A record came, or came again with other facts.
    Recorded(Record),
    /// Two records were found to be one person.
    Merged(Merge),
    /// A merge was taken back.
    Unmerged {
        /// The merge.
        merge: u64,
        /// When.
        at: Timestamp,
    },
    /// Somebody decided that two records are not one person.
    KeptApart {
        /// The one.
        a: String,
        /// The other.
        b: String,
        /// When.
        at: Timestamp,
    },
}

/// A merge: two records, why, and when.
///
/// ```
/// use hearken::identity::{MergeLedger, Matcher, Person, Record};
/// use hearken::model::Timestamp;
///
/// let mut ledger = MergeLedger::default();
/// let [a, b] = ["a", "b"].map(|id| Person::new(id).email("ann@lee.example"));
/// for person in [&a, &b] {
///     ledger.record(Record { id: person.id().into(), facts: Vec::new() });
/// }
/// let evidence = Matcher::standard(1_000).compare(&a, &b).waterfall;
/// ledger.merge("a", "b", evidence.clone(), Timestamp::from_secs(60)).unwrap();
/// // Why these two are one customer can be told as long as they are.
/// let merge = ledger.merges().next().unwrap();
/// assert_eq!((merge.a.as_str(), merge.b.as_str(), merge.at), ("a", "b", Timestamp::from_secs(60)));
/// assert_eq!(merge.evidence, evidence);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    /// Its number, from 1.
    pub id: u64,
    /// The one record.
    pub a: String,
    /// The other.
    pub b: String,
    /// How likely, and from what.
    pub evidence: Waterfall,
    /// When.
    pub at: Timestamp,
}

/// Why two records were not merged.
///
/// ```
/// use hearken::identity::{MergeLedger, Record, Refusal, Waterfall};
/// use hearken::model::Timestamp;
///
/// let (at, mut ledger) = (Timestamp::from_secs, MergeLedger::default());
/// for id in ["a", "b"] {
///     ledger.record(Record { id: id.into(), facts: Vec::new() });
/// }
/// ledger.keep_apart("a", "b", at(1));
/// let refused = ledger.merge("a", "b", Waterfall::default(), at(2)).unwrap_err();
/// assert_eq!(refused, Refusal::KeptApart("a".into(), "b".into()));
/// assert_eq!(refused.to_string(), r#""a" and "b" were decided not to be the same person"#);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No record has this id.
    #[error("there is no record {0:?}")]
    Unknown(String),
    /// They already are one customer.
    #[error("they are one customer already")]
    AlreadyOne,
    /// Somebody decided that these two are not one person.
    #[error("{0:?} and {1:?} were decided not to be the same person")]
    KeptApart(String, String),
    /// Both customers have an account on this platform.
    #[error("both have an account on {0}")]
    TwoAccounts(String),
}

/// Records, merges and decisions, with everything that happened.
///
/// What one call costs depends on the customers it names, not on how many there are: `m log n` for customers of `m`
/// records in a ledger of `n`.
///
/// ```
/// use hearken::identity::{MergeLedger, Record, Waterfall};
/// use hearken::model::Timestamp;
///
/// let mut ledger = MergeLedger::default();
/// for id in ["a", "b"] {
///     ledger.record(Record { id: id.into(), facts: Vec::new() });
/// }
/// let before = ledger.customers();
/// let merge = ledger.merge("a", "b", Waterfall::default(), Timestamp::from_secs(1)).unwrap();
/// assert_eq!(ledger.customer("b"), Some("a".to_owned()));
/// ledger.unmerge(merge, Timestamp::from_secs(2));
/// assert_eq!(ledger.customers(), before);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MergeLedger {
    /// Record and its place in the order of arrival.
    records: BTreeMap<String, (u64, Record)>,
    merges: BTreeMap<u64, Merge>,
    /// By record: the merges that join it to others.
    joins: BTreeMap<String, BTreeSet<u64>>,
    /// By record: those it is not one person with.
    apart: BTreeMap<String, BTreeSet<String>>,
    events: Vec<MergeEvent>,
    numbered: u64,
}

impl MergeLedger {
    /// Rebuilds a ledger from its events.
    pub fn replay(events: impl IntoIterator<Item = MergeEvent>) -> Self {
        let mut ledger = Self::default();
        for event in events {
            match event {
                MergeEvent::Recorded(record) => ledger.record(record),
                MergeEvent::Unmerged { merge, at } => {
                    ledger.unmerge(merge, at);
                }
                MergeEvent::KeptApart { a, b, at } => {
                    ledger.keep_apart(&a, &b, at);
                }
                MergeEvent::Merged(merge) => ledger.add(merge),
            }
        }
        ledger
    }

    /// Adds a record, or replaces its facts.
    pub fn record(&mut self, record: Record) {
        let arrived = self.records.len() as u64;
        self.events.push(MergeEvent::Recorded(record.clone()));
        match self.records.get_mut(&record.id) {
            Some((_, known)) => *known = record,
            None => {
                self.records.insert(record.id.clone(), (arrived, record));
            }
        }
    }

    /// Merges the customers of two records and returns the number of the merge.
    ///
    /// # Errors
    /// A [`Refusal`]: an unknown record, one customer already, a decision that two of their records are not one
    /// person, or an account on one platform on both sides (see [`merge_despite`](Self::merge_despite)).
    pub fn merge(&mut self, a: &str, b: &str, evidence: Waterfall, at: Timestamp) -> Result<u64, Refusal> {
        match self.common_platform(&self.sides(a, b)?) {
            Some(platform) => Err(Refusal::TwoAccounts(platform)),
            None => Ok(self.merge_sides(a, b, evidence, at)),
        }
    }

    /// Merges although both have an account on one platform: people do have two.
    ///
    /// # Errors
    /// Every other [`Refusal`].
    pub fn merge_despite(
        &mut self,
        a: &str,
        b: &str,
        evidence: Waterfall,
        at: Timestamp,
    ) -> Result<u64, Refusal> {
        self.sides(a, b)?;
        Ok(self.merge_sides(a, b, evidence, at))
    }

    /// Takes a merge back. False when there is none of this number.
    pub fn unmerge(&mut self, merge: u64, at: Timestamp) -> bool {
        let known = self.cut(merge);
        if known {
            self.events.push(MergeEvent::Unmerged { merge, at });
        }
        known
    }

    /// Decides that two records are not one person. Merges that join them are taken back, the newest first, until
    /// they are two customers; returns those.
    pub fn keep_apart(&mut self, a: &str, b: &str, at: Timestamp) -> Vec<u64> {
        for (one, other) in [(a, b), (b, a)] {
            self.apart.entry(one.to_owned()).or_default().insert(other.to_owned());
        }
        self.events.push(MergeEvent::KeptApart { a: a.to_owned(), b: b.to_owned(), at });
        let mut undone = Vec::new();
        while let Some(newest) = self.path(a, b).into_iter().max() {
            self.cut(newest);
            undone.push(newest);
        }
        undone
    }

    /// The customer a record belongs to: the id of its oldest record.
    pub fn customer(&self, record: &str) -> Option<String> {
        self.records.get(record)?;
        self.oldest(&self.members(record)).map(str::to_owned)
    }

    /// Every customer with its records, both in the order of their ids. Work grows with `n log n`.
    pub fn customers(&self) -> BTreeMap<String, Vec<String>> {
        let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for id in self.records.keys().filter(|id| self.joins.contains_key(*id)) {
            if !seen.contains(id.as_str()) {
                let members = self.members(id);
                if let Some(oldest) = self.oldest(&members) {
                    out.insert(oldest.to_owned(), members.iter().map(|id| (*id).to_owned()).collect());
                }
                seen.extend(members);
            }
        }
        let alone = self.records.keys().filter(|id| !self.joins.contains_key(*id));
        out.extend(alone.map(|id| (id.clone(), vec![id.clone()])));
        out
    }

    /// What the card of a record's customer shows.
    pub fn card(&self, record: &str, rules: &Survivorship) -> BTreeMap<Kind, Survivor> {
        rules.of(self.members(record).into_iter().filter_map(|id| self.get(id)))
    }

    /// A record as it came.
    pub fn get(&self, id: &str) -> Option<&Record> {
        self.records.get(id).map(|(_, record)| record)
    }

    /// The merges in force, in order.
    pub fn merges(&self) -> impl Iterator<Item = &Merge> {
        self.merges.values()
    }

    /// Everything that happened.
    pub fn events(&self) -> &[MergeEvent] {
        &self.events
    }

    /// The records of the two customers, where nothing but accounts speaks against a merge.
    fn sides<'a>(&'a self, a: &'a str, b: &'a str) -> Result<[BTreeSet<&'a str>; 2], Refusal> {
        if let Some(unknown) = [a, b].into_iter().find(|id| !self.records.contains_key(*id)) {
            return Err(Refusal::Unknown(unknown.to_owned()));
        }
        let (left, right) = (self.members(a), self.members(b));
        if left.contains(b) {
            return Err(Refusal::AlreadyOne);
        }
        let decided =
            left.iter().flat_map(|x| self.apart.get(*x).into_iter().flatten().map(move |y| (*x, y.as_str())));
        match decided.into_iter().find(|(_, y)| right.contains(y)) {
            Some((x, y)) => Err(Refusal::KeptApart(x.min(y).to_owned(), x.max(y).to_owned())),
            None => Ok([left, right]),
        }
    }

    /// A platform on which both sides have an account, and not the same one.
    fn common_platform(&self, sides: &[BTreeSet<&str>; 2]) -> Option<String> {
        let [left, right] = sides.each_ref().map(|side| {
            let mut out: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            let facts = side.iter().filter_map(|id| self.get(id)).flat_map(|record| &record.facts);
            for fact in facts.filter(|fact| fact.kind == Kind::Account) {
                let normal = Kind::Account.normalise(fact.value.reveal());
                let (platform, id) = normal.split_once(':').unwrap_or((&normal, ""));
                out.entry(platform.to_owned()).or_default().insert(id.to_owned());
            }
            out
        });
        let differs = |platform: &String, ids: &BTreeSet<String>| {
            right.get(platform).is_some_and(|other| other.is_disjoint(ids))
        };
        left.iter().find(|(platform, ids)| differs(platform, ids)).map(|(platform, _)| platform.clone())
    }

    fn merge_sides(&mut self, a: &str, b: &str, evidence: Waterfall, at: Timestamp) -> u64 {
        let id = self.numbered + 1;
        self.add(Merge { id, a: a.to_owned(), b: b.to_owned(), evidence, at });
        id
    }

    fn add(&mut self, merge: Merge) {
        self.numbered = self.numbered.max(merge.id);
        self.events.push(MergeEvent::Merged(merge.clone()));
        for end in [&merge.a, &merge.b] {
            self.joins.entry(end.clone()).or_default().insert(merge.id);
        }
        self.merges.insert(merge.id, merge);
    }

    /// Takes a merge away. False when there is none of this number.
    fn cut(&mut self, id: u64) -> bool {
        let Some(merge) = self.merges.remove(&id) else { return false };
        for end in [merge.a, merge.b] {
            if let Some(ids) = self.joins.get_mut(&end) {
                ids.remove(&id);
                if ids.is_empty() {
                    self.joins.remove(&end);
                }
            }
        }
        true
    }

    /// The records that merges join to `record` directly, and by which.
    fn joined<'a>(&'a self, record: &str) -> impl Iterator<Item = (&'a str, u64)> {
        let merges = self.joins.get(record).into_iter().flatten().filter_map(|id| self.merges.get(id));
        let far = record.to_owned();
        merges.map(move |merge| (if merge.a == far { merge.b.as_str() } else { merge.a.as_str() }, merge.id))
    }

    /// The records of a record's customer, in the order of their ids.
    fn members<'a>(&'a self, record: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::from([record]);
        let mut open = vec![record];
        while let Some(at) = open.pop() {
            open.extend(self.joined(at).map(|(other, _)| other).filter(|other| seen.insert(other)));
        }
        seen
    }

    /// The merges by which one record is joined to another; none where they are two customers. Merges make a forest,
    /// so there is one way.
    fn path(&self, from: &str, to: &str) -> Vec<u64> {
        let mut came: BTreeMap<&str, (&str, u64)> = BTreeMap::new();
        let mut open = vec![from];
        while let Some(at) = open.pop().filter(|at| *at != to) {
            for (other, merge) in self.joined(at) {
                if other != from && !came.contains_key(other) {
                    came.insert(other, (at, merge));
                    open.push(other);
                }
            }
        }
        let mut way = Vec::new();
        let mut at = to;
        while let Some((before, merge)) = came.get(at) {
            way.push(*merge);
            at = before;
        }
        way
    }

    /// The record that came first.
    fn oldest<'a>(&self, members: &BTreeSet<&'a str>) -> Option<&'a str> {
        members.iter().copied().min_by_key(|id| self.records.get(*id).map(|(arrived, _)| *arrived))
    }
}

/// Carries cluster names over from one run to the next: each new cluster takes the old name that most of its
/// members had, the larger share first, the smaller name on a tie; an old name serves once. A cluster of newcomers
/// keeps its own name.
///
/// Both maps go from the id of a row to the name of its cluster. Work grows with `n log n`.
///
/// ```
/// use std::collections::BTreeMap;
/// use hearken::identity::carry_names;
///
/// let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect::<BTreeMap<_, _>>();
/// let before = map(&[("1", "ann"), ("2", "ann"), ("3", "bob")]);
/// let after = map(&[("1", "1"), ("2", "1"), ("3", "1"), ("4", "4")]);
/// assert_eq!(carry_names(&before, &after), map(&[("1", "ann"), ("2", "ann"), ("3", "ann"), ("4", "4")]));
/// ```
pub fn carry_names(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let mut shared: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (row, new) in after {
        if let Some(old) = before.get(row) {
            *shared.entry((new, old)).or_default() += 1;
        }
    }
    let mut ranked: Vec<((&str, &str), usize)> = shared.into_iter().collect();
    ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| (a.0.1, a.0.0).cmp(&(b.0.1, b.0.0))));
    let (mut names, mut used): (BTreeMap<&str, &str>, BTreeSet<&str>) = (BTreeMap::new(), BTreeSet::new());
    for ((new, old), _) in ranked {
        if !names.contains_key(new) && used.insert(old) {
            names.insert(new, old);
        }
    }
    // A newcomer's own name must not collide with one that was carried over.
    let name = |new: &String| match names.get(new.as_str()) {
        Some(old) => (*old).to_owned(),
        None if used.contains(new.as_str()) => format!("{new}+"),
        None => new.clone(),
    };
    after.iter().map(|(row, new)| (row.clone(), name(new))).collect()
}
