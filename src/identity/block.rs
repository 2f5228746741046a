//! Bulk blocking: which pairs of rows are worth comparing.
//!
//! ```text
//! values ──► atoms              what two rows may agree on: a value, its sound, its year, a rare word …
//! atoms ──► rules               an atom, or two or three of different fields, chosen by how few pairs they make
//! rules ──► one sort each       rows with one key side by side; a block that is too large goes on to a finer rule
//! blocks ──► pairs              a pair is emitted under the first rule that brings it together, so only once
//! ```
//!
//! The rules are chosen from the data: how often two rows picked blindly agree on an atom follows from the counts
//! of its values, and a rule is good when its rows rarely agree by chance.

use super::account::Handle;
use super::fold::compact;
use super::kind::Kind;
use super::nickname;
use super::phonetic::phonetic;
use super::table::{Table, Vocabulary, hash_text};
use std::collections::BTreeMap;

/// Most rules: one bit each in a row's mask.
const RULES: usize = 64;
/// Most rows of a block that are all compared with each other.
const BLOCK: usize = 60;
/// How far apart two rows of a block that stays too large may stand and still be compared.
const WINDOW: usize = 6;

/// One thing that two rows may agree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Code {
    /// The whole value.
    Exact,
    /// The formal name behind a nickname.
    Root,
    /// How it sounds.
    Sound,
    /// Its first character.
    Initial,
    /// Its first three characters: a year but for its last digit, an outward postcode, the start of a name.
    Head,
    /// Its last four characters: month and day, the end of a number.
    Tail,
    /// The letters before the `@`, or of a handle.
    Core,
    /// Its rarest word.
    Rare,
    /// Its second rarest word.
    Second,
}

/// An atom: a code of a field.
#[derive(Debug, Clone, Copy)]
struct Atom {
    field: usize,
    code: Code,
    /// Probability that two rows that have it agree on it by chance.
    chance: f64,
    /// Share of rows that have it.
    present: f64,
}

/// A blocking rule: rows that agree on all of its atoms are compared.
#[derive(Debug, Clone)]
struct Rule {
    atoms: Vec<usize>,
    /// The rule whose oversized blocks this one refines.
    refines: Option<usize>,
}

/// What one rule did.
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleReport {
    /// The rule: the atoms its rows agree on.
    pub rule: String,
    /// Pairs it brought together first.
    pub pairs: u64,
    /// Rows in blocks that were too large and went on to finer rules.
    pub oversized: u64,
    /// Rows in blocks that stayed too large: compared with their neighbours only.
    pub windowed: u64,
}

/// The pairs of a table, and how they were found.
#[derive(Debug)]
pub(super) struct Blocks {
    pub(super) pairs: Vec<(u32, u32)>,
    pub(super) reports: Vec<RuleReport>,
}

/// Finds the pairs of `table` that are worth comparing.
pub(super) fn block(table: &Table) -> Blocks {
    let plan = Plan::of(table);
    plan.run(table)
}

struct Plan {
    atoms: Vec<Atom>,
    rules: Vec<Rule>,
    /// Row after row, a code an atom; 0 where absent.
    codes: Vec<u32>,
}

impl Plan {
    fn of(table: &Table) -> Self {
        let mut atoms = Vec::new();
        let mut by_value: Vec<Vec<u32>> = Vec::new();
        for (field, counts) in (0..table.fields().len()).map(|field| (field, table.counts(field))) {
            let Some((kind, vocabulary)) =
                table.fields().get(field).map(|f| f.kind).zip(table.vocabulary(field))
            else {
                continue;
            };
            for code in codes_of(kind) {
                let values = encode(vocabulary, *code, &counts);
                let atom = measure(field, *code, &values, &counts, table.len());
                // An atom that says no more than one before it is dropped.
                let known = by_value
                    .iter()
                    .zip(&atoms)
                    .any(|(other, known): (_, &Atom)| known.field == field && *other == values);
                if atom.present > 0.0 && !known {
                    atoms.push(atom);
                    by_value.push(values);
                }
            }
        }
        let width = atoms.len();
        let mut codes = vec![0; width * table.len()];
        for (row, out) in (0_u32..).zip(codes.chunks_exact_mut(width.max(1))) {
            let cells = table.row(row);
            for ((slot, atom), values) in out.iter_mut().zip(&atoms).zip(&by_value) {
                let value = cells.get(atom.field).copied().unwrap_or(0);
                *slot = values.get(value as usize).copied().unwrap_or(0);
            }
        }
        let rules = choose(table, &atoms);
        Self { atoms, rules, codes }
    }

    fn row(&self, row: u32) -> &[u32] {
        let width = self.atoms.len();
        self.codes.get(row as usize * width..(row as usize + 1) * width).unwrap_or(&[])
    }

    /// The key of a row under a rule; `None` where an atom is absent.
    fn key(&self, rule: &Rule, codes: &[u32]) -> Option<u64> {
        let mut key = 0x9e37_79b9_7f4a_7c15_u64;
        for atom in &rule.atoms {
            let code = codes.get(*atom).copied().filter(|code| *code != 0)?;
            key = (key ^ u64::from(code)).wrapping_mul(0xff51_afd7_ed55_8ccd);
            key ^= key >> 32;
        }
        Some(key)
    }

    fn run(&self, table: &Table) -> Blocks {
        let rows = table.len();
        let row_bits = 64 - (rows as u64).leading_zeros();
        let row_mask = (1_u64 << row_bits) - 1;
        // Bit k of a row: it stands in a block of rule k that was small enough.
        let mut live = vec![0_u64; rows];
        let mut pairs = Vec::new();
        let mut reports = Vec::new();
        let mut keys: Vec<u64> = Vec::with_capacity(rows);
        for (k, rule) in self.rules.iter().enumerate() {
            let mut report = RuleReport { rule: self.describe(table, rule), ..RuleReport::default() };
            keys.clear();
            for (row, mask) in (0_u32..).zip(&live) {
                if rule.refines.is_some_and(|base| mask >> base & 1 == 1) {
                    continue;
                }
                if let Some(key) = self.key(rule, self.row(row)) {
                    keys.push(key << row_bits | u64::from(row));
                }
            }
            keys.sort_unstable();
            let refined = self.rules.iter().any(|other| other.refines == Some(k));
            for run in keys.chunk_by(|a, b| a >> row_bits == b >> row_bits) {
                let member = |key: &u64| (key & row_mask) as u32;
                if run.len() < 2 {
                    continue;
                }
                if run.len() <= BLOCK {
                    for key in run {
                        if let Some(mask) = live.get_mut(member(key) as usize) {
                            *mask |= 1 << k;
                        }
                    }
                    let mut rest = run;
                    while let Some((first, others)) = rest.split_first() {
                        for other in others {
                            self.emit(table, k, (member(first), member(other)), &live, &mut pairs);
                        }
                        rest = others;
                    }
                } else if refined {
                    report.oversized += run.len() as u64;
                } else {
                    report.windowed += run.len() as u64;
                    for (at, first) in run.iter().enumerate() {
                        for other in run.iter().skip(at + 1).take(WINDOW) {
                            self.emit(table, k, (member(first), member(other)), &live, &mut pairs);
                        }
                    }
                }
            }
            report.pairs = pairs.len() as u64 - reports.iter().map(|r: &RuleReport| r.pairs).sum::<u64>();
            reports.push(report);
        }
        pairs.sort_unstable();
        pairs.dedup();
        Blocks { pairs, reports }
    }

    /// Emits a pair of rule `k` unless an earlier rule brought it together.
    fn emit(&self, table: &Table, k: usize, (a, b): (u32, u32), live: &[u64], pairs: &mut Vec<(u32, u32)>) {
        let mask = |row: u32| live.get(row as usize).copied().unwrap_or(0);
        let mut earlier = mask(a) & mask(b) & ((1 << k) - 1);
        let (left, right) = (self.row(a), self.row(b));
        while earlier != 0 {
            let rule = earlier.trailing_zeros() as usize;
            earlier &= earlier - 1;
            let agree = self
                .rules
                .get(rule)
                .is_some_and(|rule| rule.atoms.iter().all(|atom| left.get(*atom) == right.get(*atom)));
            if agree {
                return;
            }
        }
        if table.admits(a, b) {
            pairs.push((a, b));
        }
    }

    fn describe(&self, table: &Table, rule: &Rule) -> String {
        let names: Vec<String> = rule
            .atoms
            .iter()
            .filter_map(|atom| self.atoms.get(*atom))
            .map(|atom| {
                let name = table.fields().get(atom.field).map_or("", |field| field.name.as_str());
                if atom.code == Code::Exact {
                    name.to_owned()
                } else {
                    format!("{name} {:?}", atom.code).to_lowercase()
                }
            })
            .collect();
        names.join(" + ")
    }
}

/// What rows may agree on in a field of this kind.
fn codes_of(kind: Kind) -> &'static [Code] {
    match kind {
        Kind::Given => &[Code::Root, Code::Sound, Code::Head, Code::Initial],
        Kind::Family => &[Code::Exact, Code::Sound, Code::Head, Code::Initial],
        Kind::Name => &[Code::Exact, Code::Rare, Code::Second, Code::Sound],
        Kind::Email | Kind::Handle => &[Code::Exact, Code::Core],
        Kind::Phone => &[Code::Exact, Code::Tail],
        Kind::Date => &[Code::Exact, Code::Tail, Code::Head],
        Kind::Account | Kind::Did | Kind::Url => &[Code::Exact],
        Kind::Postcode => &[Code::Exact, Code::Head],
        Kind::Code => &[Code::Exact, Code::Head, Code::Tail],
        Kind::City => &[Code::Exact, Code::Head],
        Kind::Company | Kind::Address => &[Code::Exact, Code::Rare],
        Kind::Text => &[Code::Exact, Code::Rare, Code::Second],
    }
}

/// The code of every value of a vocabulary, as a number that is not 0; 0 where it has none.
fn encode(vocabulary: &Vocabulary, code: Code, counts: &[u32]) -> Vec<u32> {
    let words: BTreeMap<&str, u32> = if matches!(code, Code::Rare | Code::Second) {
        word_counts(vocabulary, counts)
    } else {
        BTreeMap::new()
    };
    let mut by_rarity: Vec<(u32, &str)> = Vec::new();
    (0..vocabulary.len() as u32)
        .map(|value| {
            let text = vocabulary.text(value);
            if text.is_empty() || counts.get(value as usize) == Some(&0) {
                return 0;
            }
            match code {
                Code::Exact => value,
                Code::Root => {
                    let tag = vocabulary.tags.get(value as usize).copied().unwrap_or(0);
                    match nickname::formal(tag).first() {
                        Some(formal) => number(nickname::name(*formal).unwrap_or(text)),
                        None => number(text.split(' ').next().unwrap_or(text)),
                    }
                }
                Code::Sound => {
                    let word = text.rsplit(' ').next().unwrap_or(text);
                    let sound = phonetic(word);
                    if sound.is_empty() { number(word) } else { number(&sound) }
                }
                Code::Initial => text.chars().next().map_or(0, |c| c as u32),
                Code::Head => text
                    .char_indices()
                    .nth(3)
                    .map_or_else(|| number(text), |(at, _)| number(text.get(..at).unwrap_or(text))),
                Code::Tail => text.len().checked_sub(4).and_then(|at| text.get(at..)).map_or(0, number),
                Code::Core => {
                    let local = text.split('@').next().unwrap_or(text);
                    let core = compact(Handle::parse(local).core());
                    if core.len() < 4 { 0 } else { number(&core) }
                }
                Code::Rare | Code::Second => {
                    by_rarity.clear();
                    by_rarity
                        .extend(text.split(' ').map(|word| (words.get(word).copied().unwrap_or(0), word)));
                    by_rarity.sort_unstable();
                    by_rarity.dedup();
                    by_rarity.get(usize::from(code == Code::Second)).map_or(0, |(_, word)| number(word))
                }
            }
        })
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

/// How often rows have an atom and agree on it by chance.
fn measure(field: usize, code: Code, values: &[u32], counts: &[u32], rows: usize) -> Atom {
    let mut by_code: Vec<(u32, u32)> =
        values.iter().copied().zip(counts.iter().copied()).filter(|(code, _)| *code != 0).collect();
    by_code.sort_unstable();
    let (mut holders, mut squares) = (0.0, 0.0);
    for run in by_code.chunk_by(|a, b| a.0 == b.0) {
        let rows: f64 = run.iter().map(|(_, count)| f64::from(*count)).sum();
        holders += rows;
        squares += rows * (rows - 1.0);
    }
    let chance = if holders > 1.0 { squares / (holders * (holders - 1.0)) } else { 1.0 };
    Atom { field, code, chance, present: holders / rows.max(1) as f64 }
}

/// Chooses rules: every atom, pair and triple of atoms that makes few enough pairs and of which no part already
/// does, those that most rows have first; then finer rules for the blocks that turn out too large.
fn choose(table: &Table, atoms: &[Atom]) -> Vec<Rule> {
    let rows = table.len() as f64;
    // Pairs a row may take part in under one rule: many in a small table, few in a large one.
    let budget = (40_000.0 / rows.max(1.0)).clamp(1.5, 12.0);
    let expected = |set: &[usize]| {
        set.iter()
            .filter_map(|at| atoms.get(*at))
            .fold(rows / 2.0, |pairs, atom| pairs * atom.chance * atom.present * atom.present)
    };
    let mut chosen: Vec<(Vec<usize>, f64)> = Vec::new();
    let mut frontier: Vec<Vec<usize>> = (0..atoms.len()).map(|at| vec![at]).collect();
    for _ in 0..3 {
        let mut next = Vec::new();
        for set in frontier {
            if chosen.iter().any(|(other, _)| other.iter().all(|at| set.contains(at))) {
                continue;
            }
            if expected(&set) <= budget {
                let present: f64 =
                    set.iter().filter_map(|at| atoms.get(*at)).map(|atom| atom.present).product();
                chosen.push((set, present));
                continue;
            }
            let last = set.last().copied().unwrap_or(0);
            for at in last + 1..atoms.len() {
                let field = |at: usize| atoms.get(at).map(|atom| atom.field);
                if set.iter().all(|other| field(*other) != field(at)) {
                    next.push(set.iter().copied().chain([at]).collect());
                }
            }
        }
        frontier = next;
    }
    let chosen = spread(atoms, chosen, if rows > 300_000.0 { 24 } else { 40 });
    let mut rules: Vec<Rule> = chosen.into_iter().map(|atoms| Rule { atoms, refines: None }).collect();
    // Finer rules: the rule with the most telling atom of another field.
    let mut telling: Vec<usize> =
        (0..atoms.len()).filter(|at| atoms.get(*at).is_some_and(|atom| atom.present > 0.2)).collect();
    telling.sort_by(|a, b| {
        let chance = |at: &usize| atoms.get(*at).map_or(1.0, |atom| atom.chance);
        chance(a).total_cmp(&chance(b)).then(a.cmp(b))
    });
    for base in 0..rules.len() {
        let Some(set) = rules.get(base).map(|rule| rule.atoms.clone()) else { continue };
        let fields: Vec<usize> = set.iter().filter_map(|at| atoms.get(*at)).map(|atom| atom.field).collect();
        let finer = telling.iter().find(|at| {
            atoms.get(**at).is_some_and(|atom| !fields.contains(&atom.field) && atom.chance > 1e-5)
        });
        if let Some(extra) = finer.filter(|_| rules.len() < RULES) {
            rules.push(Rule { atoms: set.into_iter().chain([*extra]).collect(), refines: Some(base) });
        }
    }
    rules
}

/// Drops rules that a coarser one contains, then takes the best rule of every set of fields, the second best, and
/// so on: rules of different fields find different people.
fn spread(atoms: &[Atom], mut chosen: Vec<(Vec<usize>, f64)>, most: usize) -> Vec<Vec<usize>> {
    let implies = |fine: usize, coarse: usize| {
        let (Some(fine), Some(coarse)) = (atoms.get(fine), atoms.get(coarse)) else { return false };
        let order = fine.code == coarse.code
            || fine.code == Code::Exact
            || (fine.code == Code::Head && coarse.code == Code::Initial);
        fine.field == coarse.field && order
    };
    let sets: Vec<Vec<usize>> = chosen.iter().map(|(set, _)| set.clone()).collect();
    chosen.retain(|(set, _)| {
        !sets.iter().any(|other| {
            other != set && other.iter().all(|coarse| set.iter().any(|fine| implies(*fine, *coarse)))
        })
    });
    let fields = |set: &[usize]| -> Vec<usize> {
        set.iter().filter_map(|at| atoms.get(*at)).map(|atom| atom.field).collect()
    };
    let coarseness = |set: &[usize]| -> f64 {
        set.iter().filter_map(|at| atoms.get(*at)).map(|atom| atom.chance).product()
    };
    // Within one set of fields the coarsest rule finds most.
    chosen.sort_by(|a, b| coarseness(&b.0).total_cmp(&coarseness(&a.0)).then_with(|| a.0.cmp(&b.0)));
    let mut ranked: Vec<(usize, f64, Vec<usize>)> = Vec::new();
    for (set, present) in chosen {
        let turn = ranked.iter().filter(|(_, _, other)| fields(other) == fields(&set)).count();
        ranked.push((turn, present, set));
    }
    ranked.sort_by(|a, b| {
        let worth = |(turn, present, _): &(usize, f64, Vec<usize>)| present * 0.6_f64.powi(*turn as i32);
        worth(b).total_cmp(&worth(a)).then_with(|| a.2.cmp(&b.2))
    });
    ranked.into_iter().take(most).map(|(_, _, set)| set).collect()
}
