//! Given names and the short and pet forms people use for them.
//!
//! `nickname.txt` holds one line per formal name: the name, then its other forms. That Robert is called Bob is a
//! fact about English; the English facts agree with the public table *nickname-and-diminutive-names-lookup*
//! (Carlton Northern and others, Apache-2.0), the German, Spanish, Italian, Polish and Russian ones are common
//! knowledge of those languages. The relation has a direction and is not transitive: Ed is short for Edward and
//! for Edmund, and Edward is not Edmund.

use siphasher::sip::SipHasher13;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasherDefault;
use std::sync::LazyLock;

const TABLE: &str = include_str!("nickname.txt");

/// The table, names numbered in alphabetical order.
struct Nicknames {
    /// Name → its number.
    numbers: HashMap<&'static str, u16, BuildHasherDefault<SipHasher13>>,
    /// By number less one: the name.
    names: Vec<&'static str>,
    /// By number: the formal names this one may stand for, itself included when it is formal; sorted.
    formal: Vec<Vec<u16>>,
}

static NICKNAMES: LazyLock<Nicknames> = LazyLock::new(|| {
    let mut numbers: BTreeMap<&str, u16> = TABLE.split_whitespace().map(|name| (name, 0)).collect();
    for (number, slot) in (1_u16..).zip(numbers.values_mut()) {
        *slot = number;
    }
    let mut formal = vec![Vec::new(); numbers.len() + 1];
    let number = |name: &str| numbers.get(name).copied().unwrap_or(0);
    for line in TABLE.lines() {
        let head = number(line.split(' ').next().unwrap_or(""));
        for name in line.split_whitespace() {
            if let Some(list) = formal.get_mut(usize::from(number(name))) {
                list.push(head);
            }
        }
    }
    for list in &mut formal {
        list.sort_unstable();
        list.dedup();
    }
    Nicknames { names: numbers.keys().copied().collect(), numbers: numbers.into_iter().collect(), formal }
});

/// The number of a folded given name in the table; 0 when it is not there.
pub(in crate::identity) fn number(folded: &str) -> u16 {
    NICKNAMES.numbers.get(folded).copied().unwrap_or(0)
}

/// The numbers of the formal names that the name `number` may stand for.
pub(in crate::identity) fn formal(number: u16) -> &'static [u16] {
    NICKNAMES.formal.get(usize::from(number)).map_or(&[], Vec::as_slice)
}

/// The name with this number.
pub(in crate::identity) fn name(number: u16) -> Option<&'static str> {
    NICKNAMES.names.get(usize::from(number).checked_sub(1)?).copied()
}

/// True when the two numbered names share a formal name.
pub(in crate::identity) fn related(a: u16, b: u16) -> bool {
    let (left, right) = (formal(a), formal(b));
    left.iter().any(|name| right.binary_search(name).is_ok())
}

/// The short forms of a folded given name, and the formal names it is short for; without the name itself.
pub(in crate::identity) fn forms(folded: &str) -> Vec<&'static str> {
    let own = number(folded);
    let all = (1_u16..).zip(NICKNAMES.names.iter().copied());
    let related = |other: u16| formal(own).contains(&other) || formal(other).contains(&own);
    all.filter(|(other, _)| own != 0 && *other != own && related(*other)).map(|(_, name)| name).collect()
}

/// True when two folded given names may be one person's: one is a form of the other, or both of a third.
///
/// ```
/// use hearken::identity::same_given_name;
///
/// assert!(same_given_name("bob", "robert"));
/// assert!(same_given_name("bob", "rob"));
/// assert!(!same_given_name("edward", "edmund"));
/// ```
pub fn same_given_name(a: &str, b: &str) -> bool {
    a == b || related(number(a), number(b))
}
