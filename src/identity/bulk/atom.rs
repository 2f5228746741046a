//! Atoms of blocking: what two rows may agree on in one field.

use super::table::{Table, Vocabulary};
use crate::identity::intern::hash_text;
use crate::identity::kind::Kind;
use crate::identity::normalise::account::Handle;
use crate::identity::normalise::fold::compact;
use crate::identity::normalise::nickname;
use crate::identity::normalise::phonetic::phonetic;
use std::collections::BTreeMap;

/// One thing two values may have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::identity) enum Code {
    /// The whole value.
    Exact,
    /// The formal name behind a nickname.
    Root,
    /// How it sounds.
    Sound,
    /// Its first character.
    Initial,
    /// Its first three characters: a decade, an outward postcode, the start of a name.
    Head,
    /// Its last four characters: the month and day of a date.
    Tail,
    /// All but its last four characters.
    Front,
    /// Its last six characters, or its last half.
    Back,
    /// The letters before the `@`, or of a handle.
    Core,
    /// Its rarest word.
    Rare,
    /// Its second rarest word.
    Second,
}

impl Code {
    /// What rows may agree on in a field of this kind.
    fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Given => &[Self::Root, Self::Sound, Self::Head, Self::Initial],
            Kind::Family => &[Self::Exact, Self::Sound, Self::Head, Self::Initial],
            Kind::Name => &[Self::Exact, Self::Rare, Self::Second, Self::Sound],
            Kind::Email | Kind::Handle => &[Self::Exact, Self::Core],
            Kind::Phone => &[Self::Exact, Self::Front, Self::Back],
            Kind::Date => &[Self::Exact, Self::Tail, Self::Head],
            Kind::Account | Kind::Did | Kind::Url => &[Self::Exact],
            Kind::Postcode => &[Self::Exact, Self::Head],
            Kind::Code => &[Self::Exact, Self::Front, Self::Back],
            Kind::City => &[Self::Exact, Self::Head],
            Kind::Company | Kind::Address => &[Self::Exact, Self::Rare],
            Kind::Text => &[Self::Exact, Self::Rare, Self::Second],
        }
    }

    /// True when agreeing on this implies agreeing on `coarse`, in one field.
    pub(in crate::identity) fn implies(self, coarse: Self) -> bool {
        self == coarse || self == Self::Exact || (self == Self::Head && coarse == Self::Initial)
    }
}

/// An atom: a code of a field.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Atom {
    pub(in crate::identity) field: usize,
    pub(in crate::identity) code: Code,
    /// Probability that two rows that have it agree on it by chance.
    pub(in crate::identity) chance: f64,
    /// Share of rows that have it.
    pub(in crate::identity) present: f64,
}

/// The atoms of a table, and the code of every row under each of them.
#[derive(Debug)]
pub(in crate::identity) struct Atoms {
    pub(in crate::identity) atoms: Vec<Atom>,
    /// By atom: the code of every value of its field; 0 where it has none.
    by_value: Vec<Vec<u32>>,
}

impl Atoms {
    /// Every atom that some rows have, each once. Rows of `repeats` say what others say and do not count.
    pub(in crate::identity) fn of(table: &Table, repeats: &[u32]) -> Self {
        let mut out = Self { atoms: Vec::new(), by_value: Vec::new() };
        for (field, definition) in table.fields().iter().enumerate() {
            let Some(vocabulary) = table.vocabulary(field) else { continue };
            let counts = table.counts(field);
            let once = table.counts_once(field, repeats);
            for code in Code::of(definition.kind) {
                let values = encode(vocabulary, *code, &counts);
                let atom = measure(field, *code, &values, &once, table.len() - repeats.len());
                let known = out
                    .by_value
                    .iter()
                    .zip(&out.atoms)
                    .any(|(other, known)| known.field == field && *other == values);
                if atom.present > 0.0 && !known && out.atoms.len() < 64 {
                    out.atoms.push(atom);
                    out.by_value.push(values);
                }
            }
        }
        out
    }

    pub(in crate::identity) fn get(&self, atom: usize) -> Option<&Atom> {
        self.atoms.get(atom)
    }

    /// The code of a row under an atom; 0 where it has none.
    pub(in crate::identity) fn code(&self, table: &Table, atom: usize, row: u32) -> u32 {
        let value =
            self.atoms.get(atom).and_then(|atom| table.row(row).get(atom.field)).copied().unwrap_or(0);
        self.by_value.get(atom).and_then(|codes| codes.get(value as usize)).copied().unwrap_or(0)
    }

    /// The fields of a set of atoms.
    pub(in crate::identity) fn fields(&self, set: &[usize]) -> Vec<usize> {
        set.iter().filter_map(|at| self.get(*at)).map(|atom| atom.field).collect()
    }

    /// Pairs a row takes part in by chance when rows are compared that agree on all of these atoms.
    pub(in crate::identity) fn pairs_a_row(&self, set: &[usize], rows: usize) -> f64 {
        let atoms = set.iter().filter_map(|at| self.get(*at));
        atoms.fold(rows as f64 / 2.0, |pairs, atom| pairs * atom.chance * atom.present * atom.present)
    }

    /// Share of rows that have all of these atoms, were the fields independent.
    pub(in crate::identity) fn present(&self, set: &[usize]) -> f64 {
        set.iter().filter_map(|at| self.get(*at)).map(|atom| atom.present).product()
    }
}

/// The code of every value of a vocabulary, as a number that is not 0; 0 where it has none.
fn encode(vocabulary: &Vocabulary, code: Code, counts: &[u32]) -> Vec<u32> {
    let by_word = matches!(code, Code::Rare | Code::Second);
    let words = if by_word { word_counts(vocabulary, counts) } else { BTreeMap::new() };
    let mut by_rarity: Vec<(u32, &str)> = Vec::new();
    let mut one = |value: u32| {
        let text = vocabulary.text(value);
        match code {
            Code::Exact => value,
            Code::Root => match nickname::formal(vocabulary.tag(value)).first() {
                Some(formal) => nickname::name(*formal).map_or(0, number),
                None => number(text.split(' ').next().unwrap_or(text)),
            },
            Code::Sound if vocabulary.sound(value) != 0 => vocabulary.sound(value),
            Code::Sound => {
                let word = text.rsplit(' ').next().unwrap_or(text);
                let sound = phonetic(word);
                number(if sound.is_empty() { word } else { &sound })
            }
            Code::Initial => text.chars().next().map_or(0, |c| c as u32),
            Code::Head => {
                let end = text.char_indices().nth(3).map_or(text.len(), |(at, _)| at);
                text.get(..end).map_or(0, number)
            }
            Code::Tail => text.len().checked_sub(4).and_then(|at| text.get(at..)).map_or(0, number),
            Code::Front => text.get(..text.len().saturating_sub(4).max(text.len() / 2)).map_or(0, number),
            Code::Back => text.get(text.len().saturating_sub(6).max(text.len() / 2)..).map_or(0, number),
            Code::Core => {
                let core = compact(Handle::parse(text.split('@').next().unwrap_or(text)).core());
                if core.len() < 4 { 0 } else { number(&core) }
            }
            Code::Rare | Code::Second => {
                by_rarity.clear();
                let counted = text.split(' ').map(|word| (words.get(word).copied().unwrap_or(0), word));
                // A word that stands in one row only brings nobody together.
                by_rarity.extend(counted.filter(|(count, _)| *count > 1));
                by_rarity.sort_unstable();
                by_rarity.dedup();
                by_rarity.get(usize::from(code == Code::Second)).map_or(0, |(_, word)| number(word))
            }
        }
    };
    (0_u32..)
        .zip(counts)
        .map(|(value, count)| if value == 0 || *count == 0 { 0 } else { one(value) })
        .collect()
}

/// In how many rows each word of a vocabulary stands.
fn word_counts<'a>(vocabulary: &'a Vocabulary, counts: &[u32]) -> BTreeMap<&'a str, u32> {
    let mut words = BTreeMap::new();
    for (value, count) in (0_u32..).zip(counts) {
        for word in vocabulary.text(value).split(' ') {
            *words.entry(word).or_default() += count;
        }
    }
    words
}

/// 32 bits of a text, never 0. Two texts that share them share a block: a comparison more, never a match more.
fn number(text: &str) -> u32 {
    (hash_text(text) as u32) | 1
}

/// How many times the block of the middle row a block may count: one value that a source filled in everywhere does not
/// speak for the others.
const OUTSIZE: f64 = 16.0;

/// How often rows have an atom and agree on it by chance.
fn measure(field: usize, code: Code, values: &[u32], counts: &[u32], rows: usize) -> Atom {
    let mut by_code: Vec<(u32, u32)> =
        values.iter().copied().zip(counts.iter().copied()).filter(|(code, _)| *code != 0).collect();
    by_code.sort_unstable();
    let mut sizes: Vec<f64> = by_code
        .chunk_by(|a, b| a.0 == b.0)
        .map(|run| run.iter().map(|(_, count)| f64::from(*count)).sum())
        .collect();
    let holders: f64 = sizes.iter().sum();
    let most = OUTSIZE * middle(&mut sizes, holders);
    let squares: f64 = sizes.iter().map(|rows| rows.min(most) * (rows - 1.0)).sum();
    let chance = if holders > 1.0 { squares / (holders * (holders - 1.0)) } else { 1.0 };
    Atom { field, code, chance, present: holders / rows.max(1) as f64 }
}

/// The size of the block that the middle one of all rows stands in. Sorts the sizes.
fn middle(sizes: &mut [f64], rows: f64) -> f64 {
    sizes.sort_unstable_by(f64::total_cmp);
    let mut before = 0.0;
    let mut sizes = sizes.iter().copied();
    sizes
        .find(|size| {
            before += size;
            before * 2.0 >= rows
        })
        .unwrap_or(0.0)
}
