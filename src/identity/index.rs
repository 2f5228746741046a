//! The incremental index: people under blocking keys, in memory.
//!
//! An engine that keeps people in a store does with [`Posting`] values what this does in maps: load the postings
//! of the newcomer's keys, add up who stands in them, load those people, compare. Both use the same keys and the
//! same bound.

use super::compare::Comparer;
use super::key::POSTING;
use super::kind::Kind;
use super::matcher::{Decision, Frequencies, Match, Matcher, Thresholds};
use super::person::Person;
use crate::limits::Limits;
use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Maps that are only probed, never walked into an output.
type Map<K, V> = HashMap<K, V, BuildHasherDefault<SipHasher13>>;

/// The ids filed under one key, at most [`POSTING`] of them: a record a store can keep.
///
/// ```
/// use hearken::identity::Posting;
///
/// let mut posting = Posting::default();
/// assert!(posting.insert("c-1"));
/// assert!(!posting.insert("c-1"), "nothing changed, so nothing needs to be written");
/// assert!(posting.remove("c-1"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    ids: Vec<String>,
    /// Somebody was left out for want of room.
    full: bool,
}

impl Posting {
    /// Files `id`. True when the posting changed and has to be written; a full one changes no more, so writers
    /// of a popular name do not meet there.
    pub fn insert(&mut self, id: &str) -> bool {
        if self.ids.iter().any(|known| known == id) {
            return false;
        }
        if self.ids.len() >= POSTING {
            return !std::mem::replace(&mut self.full, true);
        }
        self.ids.push(id.to_owned());
        true
    }

    /// Takes `id` out. True when the posting changed.
    pub fn remove(&mut self, id: &str) -> bool {
        let before = self.ids.len();
        self.ids.retain(|known| known != id);
        self.ids.len() < before
    }

    /// The ids, in the order they came.
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// True when somebody was left out: the key is too common to say much.
    pub fn is_full(&self) -> bool {
        self.full
    }
}

/// What a search met.
///
/// ```
/// use hearken::identity::{Index, Matcher, POSTING, Person};
///
/// let mut index = Index::new(Matcher::standard(10_000));
/// for n in 0..=POSTING {
///     index.upsert(Person::new(format!("c-{n}")).name("John Smith"));
/// }
/// let (candidates, found) = index.candidates(&Person::new("author").name("John Smith"));
/// assert_eq!(candidates.len(), found.sharing - found.cut);
/// assert!(found.full > 0, "more people have the name than its key holds: ask for something rarer");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Keys looked up.
    pub keys: usize,
    /// Of these, too common to hold everybody.
    pub full: usize,
    /// People who share a key with the newcomer.
    pub sharing: usize,
    /// Of these, left out because of [`Limits::candidates`].
    pub cut: usize,
}

/// One posting in memory: slots instead of ids.
#[derive(Debug, Default)]
struct Slots {
    slots: Vec<u32>,
    full: bool,
}

/// People under blocking keys. `upsert`, `candidates`, `remove` in time that depends on the keys of one person,
/// not on how many people there are.
///
/// ```
/// use hearken::identity::{Decision, Index, Matcher, Person, Thresholds};
///
/// let mut index = Index::new(Matcher::standard(10_000));
/// index.upsert(Person::new("c-1").name("Ann Lee").phone("+44 20 7946 0018"));
/// let author = Person::new("author").name("Ann B. Lee").phone("+442079460018");
/// assert!(matches!(index.resolve(&author, Thresholds::tolerating(0.01)), Decision::Match(found) if found.candidate == "c-1"));
/// index.remove("c-1");
/// assert_eq!(index.resolve(&author, Thresholds::tolerating(0.01)), Decision::CreateNew);
/// ```
#[derive(Debug)]
pub struct Index {
    matcher: Matcher,
    limit: usize,
    slots: Map<String, u32>,
    people: Vec<Option<Person>>,
    free: Vec<u32>,
    postings: Map<u64, Slots>,
    /// How many values of each sort: what [`Frequencies`] answers from.
    counts: Map<u64, u32>,
}

impl Index {
    /// An empty index that compares with `matcher`.
    pub fn new(matcher: Matcher) -> Self {
        Self {
            matcher,
            limit: Limits::default().candidates,
            slots: Map::default(),
            people: Vec::new(),
            free: Vec::new(),
            postings: Map::default(),
            counts: Map::default(),
        }
    }

    /// How many people there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// True when there is nobody.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// The person with this id.
    pub fn get(&self, id: &str) -> Option<&Person> {
        self.person(*self.slots.get(id)?)
    }

    /// The matcher.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// Adds a person, or replaces the one with the same id.
    pub fn upsert(&mut self, person: Person) {
        self.remove(person.id());
        let slot = self.free.pop().unwrap_or(u32::try_from(self.people.len()).unwrap_or(u32::MAX));
        for key in self.matcher.keys(&person) {
            let posting = self.postings.entry(hash(&key)).or_default();
            if posting.slots.len() < POSTING {
                posting.slots.push(slot);
            } else {
                posting.full = true;
            }
        }
        for counted in counted(&person) {
            *self.counts.entry(counted).or_default() += 1;
        }
        self.slots.insert(person.id().to_owned(), slot);
        match self.people.get_mut(slot as usize) {
            Some(place) => *place = Some(person),
            None => self.people.push(Some(person)),
        }
    }

    /// Takes a person out and gives it back. Those who found no room in a full posting are not filed there
    /// afterwards; their other keys still find them.
    pub fn remove(&mut self, id: &str) -> Option<Person> {
        let slot = self.slots.remove(id)?;
        let person = self.people.get_mut(slot as usize)?.take()?;
        for key in self.matcher.keys(&person) {
            if let Some(posting) = self.postings.get_mut(&hash(&key)) {
                posting.slots.retain(|other| *other != slot);
                if posting.slots.is_empty() && !posting.full {
                    self.postings.remove(&hash(&key));
                }
            }
        }
        for counted in counted(&person) {
            if let Some(count) = self.counts.get_mut(&counted) {
                *count = count.saturating_sub(1);
            }
        }
        self.free.push(slot);
        Some(person)
    }

    /// The people who share a key with `person`, itself left out: those who share rare keys first, then by how
    /// many keys they share, then in the order they came; at most [`Limits::candidates`].
    pub fn candidates(&self, person: &Person) -> (Vec<&Person>, Found) {
        let keys = self.matcher.keys(person);
        let mut found = Found { keys: keys.len(), ..Found::default() };
        let mut shared: BTreeMap<u32, f64> = BTreeMap::new();
        for posting in keys.iter().filter_map(|key| self.postings.get(&hash(key))) {
            found.full += usize::from(posting.full);
            let rarity = 1.0 / posting.slots.len() as f64;
            for slot in &posting.slots {
                *shared.entry(*slot).or_default() += rarity;
            }
        }
        let mut ranked: Vec<(u32, f64)> = shared
            .into_iter()
            .filter(|(slot, _)| self.person(*slot).is_some_and(|other| other.id() != person.id()))
            .collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.sharing = ranked.len();
        found.cut = ranked.len().saturating_sub(self.limit);
        (ranked.into_iter().take(self.limit).filter_map(|(slot, _)| self.person(slot)).collect(), found)
    }

    /// Compares `person` with its candidates, best first.
    pub fn matches(&self, person: &Person) -> Vec<Match> {
        let (candidates, _) = self.candidates(person);
        let mut comparer = Comparer::default();
        let compare = |other| self.matcher.compare_with(&mut comparer, person, other, self);
        let mut matches: Vec<Match> = candidates.into_iter().map(compare).collect();
        matches.sort_by(|a, b| {
            b.waterfall.total().cmp(&a.waterfall.total()).then_with(|| a.candidate.cmp(&b.candidate))
        });
        matches
    }

    /// Who `person` is.
    pub fn resolve(&self, person: &Person, thresholds: Thresholds) -> Decision {
        self.matcher.decide(self.matches(person), thresholds)
    }

    fn person(&self, slot: u32) -> Option<&Person> {
        self.people.get(slot as usize)?.as_ref()
    }

    fn count(&self, kind: Kind, word: &str) -> u32 {
        self.counts.get(&hash(&(kind, word))).copied().unwrap_or(0)
    }
}

impl Frequencies for Index {
    /// Of a name the product of the shares of its words; of other values their own share; never less than one
    /// record, and nothing below a hundred records, where shares say little.
    fn share(&self, kind: Kind, value: &str) -> Option<f64> {
        let people = self.len() as f64;
        if people < 100.0 {
            return None;
        }
        let share = |word: &str| f64::from(self.count(kind, word).max(1)) / people;
        match kind {
            Kind::Name => Some(value.split(' ').map(share).product::<f64>().max(0.5 / people)),
            _ => Some(share(value)),
        }
    }

    fn holders(&self, kind: Kind, value: &str) -> Option<u32> {
        (kind != Kind::Name).then(|| self.count(kind, value))
    }
}

/// What is counted of a person: each word of the names, each other value.
fn counted(person: &Person) -> Vec<u64> {
    let mut out = Vec::new();
    for value in person.values() {
        match value.kind() {
            Kind::Name => out.extend(value.normal().split(' ').map(|word| hash(&(Kind::Name, word)))),
            kind => out.push(hash(&(kind, value.normal()))),
        }
    }
    out
}

/// A fixed 64-bit hash. Two keys that collide share a posting: a comparison more, never a match more.
fn hash(value: &impl Hash) -> u64 {
    let mut hasher = SipHasher13::new();
    value.hash(&mut hasher);
    hasher.finish()
}
