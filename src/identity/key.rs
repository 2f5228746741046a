//! Blocking keys: the few values under which a person can be found again.
//!
//! Nobody compares every author with every customer. A person is filed under keys, rare ones first, and only
//! people who share a key are compared. The key is plain text whose order is the order of its parts, so that it can
//! stand in any ordered store: with one posting a key ([`Posting`](super::Posting)), or, as the engine does, with a
//! row for every key and person, of which a lookup reads the first [`POSTING`].
//!
//! ```text
//! Ann Lee, ann@lee.example, Leeds, 1983-04-05
//!   email/ann@lee.example         rare: one person, or one household
//!   local/annlee                  the same local part elsewhere, or the same handle
//!   birth/19830405/a              whatever happened to the family name
//!   place/leeds/l/a               a fine key: stays short when …
//!   name/ann lee                  … this one is full,
//!   sound/l/a                     or this one, which finds typing errors
//! ```
//!
//! A popular name fills its coarse posting up to [`POSTING`] ids and is then left alone: it neither grows nor is
//! it written again, so turns on it do not conflict; rows of their own never do. The fine keys beside it (name with
//! city, company, date) go on finding people of that name.

use super::kind::Kind;
use super::normalise::account::Handle;
use super::normalise::email::Email;
use super::normalise::fold::compact;
use super::normalise::nickname;
use super::normalise::phonetic::phonetic;
use super::person::{Person, Value};
use serde::{Deserialize, Serialize};

/// Most ids in one posting: what one lookup may bring from one key. Two hundred candidates a turn
/// ([`Limits::candidates`](crate::limits::Limits)) leave room for three full postings beside the rare ones.
pub const POSTING: usize = 64;

/// A key under which a person is filed: `rule/value`.
///
/// ```
/// use hearken::identity::{BlockingKey, Person, keys};
///
/// // The rows of a host's own index: a key, and whoever is filed under it.
/// let keys = keys(&Person::new("c-1").phone("+1 415 555 0100"));
/// assert_eq!((keys[0].as_str(), keys[0].rule()), ("phone/55550100", "phone"));
/// assert_eq!(BlockingKey::new("loyalty", "4711").as_str(), "loyalty/4711");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BlockingKey(String);

impl BlockingKey {
    /// The key of a rule of the host's own.
    pub fn new(rule: &str, value: &str) -> Self {
        Self(format!("{rule}/{value}"))
    }

    /// The key as plain text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rule that made it.
    pub fn rule(&self) -> &str {
        self.0.split('/').next().unwrap_or("")
    }
}

/// A blocking rule of the host's own, beside the built-in ones.
///
/// ```
/// use hearken::identity::{BlockingKey, BlockingRule, Index, Kind, Matcher, Person};
///
/// /// Customers of one branch in one town, whatever they are called.
/// #[derive(Debug)]
/// struct Branch;
/// impl BlockingRule for Branch {
///     fn keys(&self, person: &Person, out: &mut Vec<BlockingKey>) {
///         out.extend(person.of(Kind::City).map(|city| BlockingKey::new("branch", city.normal())));
///     }
/// }
/// let candidates = |matcher| {
///     let mut index = Index::new(matcher);
///     index.upsert(Person::new("c-1").name("Ann Lee").with(Kind::City, "Leeds"));
///     index.candidates(&Person::new("author").name("Zoe Okafor").with(Kind::City, "LEEDS")).0.len()
/// };
/// assert_eq!(candidates(Matcher::standard(1_000)), 0);
/// assert_eq!(candidates(Matcher::standard(1_000).rule(Box::new(Branch))), 1);
/// ```
pub trait BlockingRule: std::fmt::Debug + Send + Sync {
    /// Adds the keys of `person`. Few and rare keys serve best.
    fn keys(&self, person: &Person, out: &mut Vec<BlockingKey>);
}

/// The keys of a person, rare rules first, each once; at most a few for every value.
///
/// ```
/// use hearken::identity::{keys, Person};
///
/// let keys = keys(&Person::new("c-1").name("Zoltan Lee").email("info@acme.example"));
/// let text: Vec<_> = keys.iter().map(|key| key.as_str()).collect();
/// assert_eq!(text, ["email/info@acme.example", "name/lee zoltan", "sound/l/z"]);
/// ```
pub fn keys(person: &Person) -> Vec<BlockingKey> {
    let mut out = Vec::new();
    for (kind, rule) in [
        (Kind::Account, "account"),
        (Kind::Did, "did"),
        (Kind::Email, "email"),
        (Kind::Phone, "phone"),
        (Kind::Url, "url"),
    ] {
        out.extend(person.of(kind).map(|value| match kind {
            Kind::Phone => BlockingKey::new(rule, last(value.normal(), 8)),
            _ => BlockingKey::new(rule, value.normal()),
        }));
    }
    for value in person.of(Kind::Handle) {
        let core = compact(Handle::parse(value.raw().reveal()).core());
        out.push(BlockingKey::new("handle", value.normal()));
        if core.len() >= 5 {
            out.push(BlockingKey::new("local", &core));
        }
    }
    for mail in person.of(Kind::Email).filter_map(|value| Email::parse(value.raw().reveal())) {
        let local = compact(Handle::parse(mail.local()).core());
        if local.len() >= 5 && !mail.is_role() {
            out.push(BlockingKey::new("local", &local));
        }
    }
    let names: Vec<_> = person.names().collect();
    for name in &names {
        let (given, family) = (first_word(name.given()), name.family());
        let initial = given.chars().next().map_or(String::new(), String::from);
        for date in person.of(Kind::Date) {
            out.push(BlockingKey::new("birth", &format!("{}/{initial}", date.normal())));
        }
        for (kind, rule) in [(Kind::Postcode, "post"), (Kind::Company, "work"), (Kind::City, "place")] {
            for place in person.of(kind) {
                out.push(BlockingKey::new(rule, &format!("{}/{}/{initial}", place.normal(), sound(family))));
            }
        }
    }
    for name in &names {
        let (given, family) = (first_word(name.given()), name.family());
        for root in roots(given) {
            out.push(BlockingKey::new("name", &sorted(root, family)));
        }
        let initial = given.chars().next().map_or(String::new(), String::from);
        out.push(BlockingKey::new("sound", &format!("{}/{initial}", sound(family))));
    }
    let rest = [Kind::Given, Kind::Family, Kind::Code].into_iter().flat_map(|kind| person.of(kind));
    out.extend(rest.map(|value: &Value| BlockingKey::new(value.kind().name(), value.normal())));
    let mut once: Vec<BlockingKey> = Vec::with_capacity(out.len());
    for key in out {
        if !once.contains(&key) {
            once.push(key);
        }
    }
    once
}

/// The given name and, when it is short for others, up to three formal names.
fn roots(given: &str) -> Vec<&str> {
    let formal = nickname::formal(nickname::number(given));
    if formal.is_empty() {
        vec![given]
    } else {
        formal.iter().take(3).filter_map(|n| nickname::name(*n)).collect()
    }
}

/// The words of a name in alphabetical order: order of given and family name does not matter.
fn sorted(given: &str, family: &str) -> String {
    let mut words: Vec<&str> =
        given.split(' ').chain(family.split(' ')).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// The phonetic code of a family name; its first two characters in a script that has none.
fn sound(family: &str) -> String {
    let code = phonetic(family.rsplit(' ').next().unwrap_or(family));
    if code.is_empty() { family.chars().take(2).collect() } else { code }
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or(text)
}

fn last(text: &str, n: usize) -> &str {
    text.get(text.len().saturating_sub(n)..).unwrap_or(text)
}
