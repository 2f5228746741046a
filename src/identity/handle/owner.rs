//! The spellings of a person's name that a handle may hold.

use super::place;
use super::text::Context;
use crate::identity::kind::{Kind, Level};
use crate::identity::normalise::account::Handle;
use crate::identity::normalise::date::Date;
use crate::identity::normalise::email::Email;
use crate::identity::normalise::fold::words;
use crate::identity::normalise::nickname;
use crate::identity::person::Person;
use std::collections::{BTreeMap, BTreeSet};

/// Words of a name that are read; the rest of a longer name is left out.
const WORDS: usize = 6;
/// The shortest beginning that stands for a name: Fitz for Fitzpatrick.
const BEGINNING: usize = 3;
/// What a short or pet form from the table costs, in bits: one form of several.
const NICKNAME: f64 = 2.0;
/// What a beginning of a name costs.
const CUT: f64 = 4.5;
/// What one part of a double family name costs, and what its initials cost.
const PART: f64 = 2.0;
const INITIALS: f64 = 3.0;

/// How a handle is made of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Pattern {
    /// `annlee`
    FirstLast,
    /// `lee`
    Last,
    /// `anntlee`, `anntheresalee`
    FirstMiddleLast,
    /// `alee`
    InitialLast,
    /// `atlee`
    InitialsLast,
    /// `ann`
    First,
    /// `atl`
    Initials,
    /// `annl`
    FirstInitial,
    /// `leea`
    LastInitial,
    /// `leeann`
    LastFirst,
}

impl Pattern {
    /// −log₂ of how often owners use it. Round figures; congressional handles agree within a bit.
    pub(in crate::identity) fn bits(self) -> f64 {
        match self {
            Self::FirstLast => 1.2,
            Self::Last => 2.5,
            Self::FirstMiddleLast => 4.0,
            Self::InitialLast => 5.0,
            Self::InitialsLast | Self::First | Self::Initials => 6.0,
            Self::FirstInitial => 7.0,
            Self::LastInitial | Self::LastFirst => 8.0,
        }
    }

    /// What a stranger of that name pays for it: strangers, too, mostly write their names in full.
    pub(in crate::identity) fn stranger(self) -> f64 {
        match self {
            Self::FirstLast | Self::Last => Self::FirstLast.bits(),
            _ => 0.0,
        }
    }

    /// True when half of the name is missing, so that letters which nothing explains may well be the other half of
    /// another name.
    pub(in crate::identity) fn is_half(self) -> bool {
        matches!(self, Self::First | Self::Last | Self::InitialLast | Self::LastInitial)
    }

    /// How near the handle is to the name, as a waterfall shows it.
    pub(in crate::identity) fn level(self) -> Level {
        match self {
            Self::FirstLast | Self::FirstMiddleLast => Level::Exact,
            Self::LastFirst => Level::Swapped,
            Self::Last | Self::First | Self::InitialLast | Self::LastInitial => Level::Partial,
            Self::InitialsLast | Self::FirstInitial => Level::Near,
            Self::Initials => Level::Faint,
        }
    }
}

/// One way to write a name as a handle.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::identity) struct Spelling {
    pub(in crate::identity) pattern: Pattern,
    /// −log₂ of how often the owner would write it so.
    pub(in crate::identity) bits: f64,
    /// The part of the given name in it; one letter for an initial, empty when there is none.
    pub(in crate::identity) given: String,
    /// The part of the family name in it; empty when there is none or only initials.
    pub(in crate::identity) family: String,
}

/// A person who may own accounts, prepared once for any number of comparisons.
///
/// Names are read from [`Kind::Name`], with [`Kind::Given`] and [`Kind::Family`] where they are known apart; states
/// and cities from [`Kind::City`], [`Kind::Code`] and [`Kind::Address`] taken as a whole, companies and dates of
/// birth from theirs.
///
/// ```
/// use hearken::identity::{Kind, Owner, Person};
///
/// let owner = Owner::new(Person::new("c-7").name("Elizabeth Ann Moss").with(Kind::City, "OR"));
/// assert!(owner.writes("lizmoss") && owner.writes("eamoss"));
/// assert!(!owner.writes("annamoss"));
/// ```
#[derive(Debug, Clone)]
pub struct Owner {
    person: Person,
    avatars: Vec<u64>,
    pub(in crate::identity) given: BTreeSet<String>,
    pub(in crate::identity) family: BTreeSet<String>,
    pub(in crate::identity) spellings: BTreeMap<String, Spelling>,
    /// Letters of their handles elsewhere, and of the local parts of their own addresses.
    elsewhere: BTreeSet<String>,
    pub(in crate::identity) context: Context,
}

impl Owner {
    /// Prepares `person`: a few hundred spellings.
    pub fn new(person: Person) -> Self {
        let mut out = Self {
            avatars: Vec::new(),
            given: BTreeSet::new(),
            family: BTreeSet::new(),
            spellings: BTreeMap::new(),
            elsewhere: elsewhere(&person),
            context: context(&person),
            person,
        };
        let names = Names::of(&out.person);
        out.spell(&names);
        out.given =
            names.given.into_iter().filter(|(_, bits)| *bits < NICKNAME).map(|(name, _)| name).collect();
        // A part of a double name is written alone, too, and strangers bear it: it is a name that somebody has.
        let parts = |family: &Vec<String>| family.iter().filter(is_long).cloned().collect::<Vec<String>>();
        out.family = names.families.iter().flat_map(parts).collect();
        out.family.extend(names.families.iter().map(|words| words.concat()));
        out
    }

    /// Adds the perceptual hash of a portrait of theirs, as the host computes it.
    #[must_use]
    pub fn avatar(mut self, hash: u64) -> Self {
        self.avatars.push(hash);
        self
    }

    /// The person.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// True when `core`, folded and without separators, is a way to write their name.
    pub fn writes(&self, core: &str) -> bool {
        self.spellings.contains_key(core)
    }

    /// True when `letters` are those of a handle of theirs elsewhere, or of the local part of their address.
    pub(in crate::identity) fn uses(&self, letters: &str) -> bool {
        self.elsewhere.contains(letters)
    }

    /// Every spelling and every handle of theirs elsewhere.
    pub(in crate::identity) fn written(&self) -> impl Iterator<Item = &str> {
        self.spellings.keys().chain(&self.elsewhere).map(String::as_str)
    }

    pub(in crate::identity) fn avatars(&self) -> &[u64] {
        &self.avatars
    }

    /// Every pattern of every name.
    fn spell(&mut self, names: &Names) {
        let givens = with_beginnings(names.given.iter().filter(|(name, _)| name.chars().nth(1).is_some()));
        let middle_initials: BTreeSet<String> = names.middle.iter().map(|word| first_letter(word)).collect();
        for family in &names.families {
            let whole = family.concat();
            let initials: String = family.iter().map(|word| first_letter(word)).collect();
            for (given, bits) in &givens {
                self.add(Pattern::First, *bits, &[given], given, "");
                let short = [given.as_str(), &first_letter(&whole)];
                self.add(Pattern::FirstInitial, *bits, &short, given, "");
                for middle in &names.middle {
                    self.add(Pattern::First, bits + PART, &[given, middle], given, "");
                    let short = [given.as_str(), &first_letter(middle), &first_letter(&whole)];
                    self.add(Pattern::FirstInitial, *bits, &short, given, "");
                }
                if family.len() > 1 {
                    self.add(Pattern::FirstLast, bits + INITIALS, &[given, &initials], given, "");
                }
            }
            for (last, cost, cut) in lasts(family, &names.middle) {
                self.add(Pattern::Last, cost, &[&last], "", &last);
                for (given, bits) in &givens {
                    // Not both cut short.
                    if cut && *bits >= CUT {
                        continue;
                    }
                    let bits = bits + cost;
                    self.add(Pattern::FirstLast, bits, &[given, &last], given, &last);
                    self.add(Pattern::LastFirst, bits, &[&last, given], given, &last);
                    for middle in names.middle.iter().chain(&middle_initials) {
                        self.add(Pattern::FirstMiddleLast, bits, &[given, middle, &last], given, &last);
                    }
                }
                for initial in &names.initials {
                    self.add(Pattern::InitialLast, cost, &[initial, &last], initial, &last);
                    self.add(Pattern::LastInitial, cost, &[&last, initial], initial, &last);
                    for middle in &middle_initials {
                        self.add(Pattern::InitialsLast, cost, &[initial, middle, &last], initial, &last);
                    }
                    for (given, _) in names.given.iter().filter(|(_, bits)| **bits < NICKNAME) {
                        self.add(Pattern::InitialsLast, cost, &[initial, given, &last], given, &last);
                    }
                }
            }
            for initial in &names.initials {
                self.add(Pattern::Initials, 0.0, &[initial, &initials], "", "");
                let middles: String = names.middle.iter().map(|word| first_letter(word)).collect();
                for middle in middle_initials.iter().chain([&middles]) {
                    self.add(Pattern::Initials, 0.0, &[initial, middle, &initials], "", "");
                }
            }
        }
    }

    /// Keeps the cheapest way to each spelling.
    fn add(&mut self, pattern: Pattern, extra: f64, parts: &[&str], given: &str, family: &str) {
        let text = parts.concat();
        let bits = pattern.bits() + extra;
        let known = self.spellings.get(&text).is_some_and(|known| known.bits <= bits);
        if !known && text.chars().nth(1).is_some() {
            let (given, family) = (given.to_owned(), family.to_owned());
            self.spellings.insert(text, Spelling { pattern, bits, given, family });
        }
    }
}

/// The words of a person's names.
#[derive(Debug, Default)]
struct Names {
    /// Given names and what writing each costs.
    given: BTreeMap<String, f64>,
    /// Initials of the given names, without those of pet forms.
    initials: BTreeSet<String>,
    /// Words between the first given and the family name, in order.
    middle: Vec<String>,
    /// Family names, in words.
    families: BTreeSet<Vec<String>>,
}

impl Names {
    fn of(person: &Person) -> Self {
        let mut out = Self::default();
        let listed = |text: &str| -> Vec<String> {
            words(text).split(' ').filter(|w| !w.is_empty()).take(WORDS).map(str::to_owned).collect()
        };
        let apart: BTreeSet<Vec<String>> =
            person.of(Kind::Family).map(|value| listed(value.raw().reveal())).collect();
        let of_family: BTreeSet<&String> = apart.iter().flatten().collect();
        for value in person.of(Kind::Given) {
            let parts = listed(value.raw().reveal());
            out.given.insert(parts.concat(), 0.0);
            out.given.extend(parts.into_iter().map(|word| (word, 0.0)));
        }
        let mut middle: Vec<String> = Vec::new();
        for name in person.names() {
            let mut rest = listed(name.plain());
            if apart.is_empty() {
                rest = listed(name.given());
                out.families.insert(listed(name.family()));
            } else {
                rest.retain(|word| !of_family.contains(word));
            }
            let mut rest = rest.into_iter();
            let Some(first) = rest.next() else { continue };
            let mut rest = rest.peekable();
            if first.chars().nth(1).is_none()
                && let Some(second) = rest.peek()
            {
                out.given.insert(second.clone(), 0.0);
            }
            out.given.insert(first, 0.0);
            middle.extend(rest);
        }
        out.families.extend(apart);
        out.families.remove(&Vec::new());
        for word in middle {
            if !out.given.contains_key(&word) && !out.middle.contains(&word) && out.middle.len() < WORDS {
                out.middle.push(word);
            }
        }
        out.initials = out.given.keys().map(|name| first_letter(name)).collect();
        let formal: Vec<String> = out.given.keys().cloned().collect();
        for name in formal.iter().flat_map(|name| nickname::forms(name)) {
            out.given.entry(name.to_owned()).or_insert(NICKNAME);
        }
        out
    }
}

/// Ways to write a family name, what each costs, and whether it is cut short: in full, one part of a double name, a
/// middle name in front of it, a beginning.
fn lasts(family: &[String], middle: &[String]) -> Vec<(String, f64, bool)> {
    let whole = family.concat();
    let mut out = vec![(whole.clone(), 0.0, false)];
    if family.len() > 1 {
        out.extend(family.iter().filter(is_long).map(|word| (word.clone(), PART, false)));
    }
    out.extend(middle.iter().filter(is_long).map(|word| (format!("{word}{whole}"), PART, false)));
    out.extend(beginnings(&whole).map(|cut| (cut, CUT, true)));
    out
}

/// A word of three letters or more, which stands alone in a handle.
fn is_long(word: &&String) -> bool {
    word.chars().nth(2).is_some()
}

/// Given names with their beginnings; those of pet forms are pet forms themselves and stand in the table.
fn with_beginnings<'a>(names: impl Iterator<Item = (&'a String, &'a f64)>) -> BTreeMap<String, f64> {
    let mut out = BTreeMap::new();
    for (name, bits) in names {
        out.insert(name.clone(), *bits);
        if *bits < NICKNAME {
            for cut in beginnings(name) {
                out.entry(cut).or_insert(CUT);
            }
        }
    }
    out
}

/// The beginnings of a word, from three letters to all but one.
fn beginnings(word: &str) -> impl Iterator<Item = String> {
    let cuts: Vec<usize> = word.char_indices().map(|(at, _)| at).skip(BEGINNING).collect();
    cuts.into_iter().filter_map(move |at| word.get(..at).map(str::to_owned))
}

fn first_letter(word: &str) -> String {
    word.chars().take(1).collect()
}

/// The letters of handles and of personal addresses.
fn elsewhere(person: &Person) -> BTreeSet<String> {
    let handles = person.of(Kind::Handle).map(|value| value.raw().reveal().to_owned());
    let mails = person.of(Kind::Email).filter_map(|value| Email::parse(value.normal()));
    let locals = mails.filter(|mail| !mail.is_role()).map(|mail| mail.local().to_owned());
    handles.chain(locals).map(|text| Handle::parse(&text).parts().concat()).collect()
}

/// What a handle may hold beside the name.
fn context(person: &Person) -> Context {
    let mut out = Context::default();
    for value in person.values() {
        let normal = value.normal();
        match value.kind() {
            Kind::City | Kind::Address | Kind::Code => {
                let compact = normal.replace(' ', "");
                if let Some(code) = place::code(&compact) {
                    out.places.insert(code);
                } else if value.kind() == Kind::City {
                    out.words.insert(compact);
                }
            }
            Kind::Company => {
                out.words.insert(normal.replace(' ', ""));
                out.words.extend(normal.split(' ').filter(|word| word.len() > 2).map(str::to_owned));
            }
            Kind::Date => {
                if let Some(date) = Date::parse(normal) {
                    let year = date.year();
                    out.words.extend([format!("{year:04}"), format!("{:02}", year % 100)]);
                }
            }
            _ => {}
        }
    }
    out
}
