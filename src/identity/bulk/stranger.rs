//! What strangers have in common: u, and how much a shared value is worth.
//!
//! The exact level follows from the counts of values in closed form, without a sample: two rows drawn blindly hold
//! the same city as often as the squared shares of the cities add up to. The other levels are counted among rows
//! drawn blindly. Handles and e-mail addresses are made of names, so for them strangers are also drawn among rows
//! that share a name.
//!
//! The rows that hold a value are not all strangers to each other. Once learning knows how many records a person has,
//! those are taken out: who holds an e-mail address that one other row holds too is, as a rule, that row's person.

use super::generic::{CROWD, personal};
use super::pattern::{Pattern, RowComparer};
use super::table::Table;
use crate::identity::kind::{Kind, Level};
use crate::identity::weight::{FieldModel, Namesake, household, made_of_names, standard_field};
use std::borrow::Cow;

/// Pairs of rows drawn for u.
const DRAWS: usize = 75_000;
/// Draws that the stated share of a level counts as: what is rarer than any sample shows stays as stated.
const STATED: f64 = 500.0;

/// A model of every field with u measured and m as stated for its kind.
pub(in crate::identity) fn strangers(table: &Table, comparer: &mut RowComparer<'_>) -> Vec<FieldModel> {
    let rows = table.len();
    let mut draws = vec![[0.0_f64; Level::COUNT]; table.fields().len()];
    let mut random = Random::new(1_000);
    for _ in 0..DRAWS.min(rows * rows / 2) {
        let (a, b) = (random.below(rows) as u32, random.below(rows) as u32);
        if a == b || !table.admits(a, b) {
            continue;
        }
        let pattern = comparer.pattern(a, b);
        for (field, counts) in draws.iter_mut().enumerate() {
            if let Some(count) = counts.get_mut(pattern.level(field) as usize) {
                *count += 1.0;
            }
        }
    }
    let names = Names::of(table);
    let mut out = Vec::new();
    for ((field, definition), counts) in table.fields().iter().enumerate().zip(draws) {
        let values = table.counts(field);
        let held: f64 = values.iter().skip(1).map(|n| f64::from(*n)).sum();
        let same: f64 = values.iter().skip(1).map(|n| f64::from(*n) * (f64::from(*n) - 1.0)).sum();
        let exact = ((same + 0.5) / (held * (held - 1.0)).max(1.0)).min(0.999);
        let standard = standard_field(definition.kind);
        let drawn: f64 = counts.iter().skip(2).sum();
        let mut u = [0.0; Level::COUNT];
        for ((slot, count), stated) in u.iter_mut().zip(counts).zip(standard.u).skip(2) {
            *slot = (count + STATED * stated) / (drawn + STATED) * (1.0 - exact);
        }
        if let Some(slot) = u.get_mut(Level::Exact as usize) {
            *slot = exact;
        }
        let namesakes =
            made_of_names(definition.kind).then(|| [half_namesakes(table, comparer, &names, field, u); 2]);
        let name = Cow::Owned(definition.name.clone());
        out.push(FieldModel { name, kind: definition.kind, m: standard.m, u, namesakes });
    }
    out
}

/// How often strangers who share a given or a family name are at each level of a field; the exact level stays as
/// it is. Who shares one part of the name and not the other is a stranger, as a rule, and surely not when the two also
/// share a date of birth, a number or an address.
fn half_namesakes(
    table: &Table,
    comparer: &mut RowComparer<'_>,
    names: &Names,
    field: usize,
    u: [f64; Level::COUNT],
) -> [f64; Level::COUNT] {
    let personal: Vec<usize> = (0..table.fields().len())
        .filter(|at| {
            *at != field && table.fields().get(*at).is_some_and(|other| tells_people_apart(other.kind))
        })
        .collect();
    let mut counts = [0.0_f64; Level::COUNT];
    for (named, other) in &names.sides {
        let (held, other) = (named.held(), *other);
        let mut random = Random::new(field as u64);
        for _ in 0..(DRAWS / 2).min(held.len() * 8) {
            let Some(a) = held.get(random.below(held.len())).copied() else { continue };
            let same = named.like(table, a);
            let Some(b) = same.get(random.below(same.len())).copied() else { continue };
            if a == b || !matches!(comparer.level_of_rows(other, a, b), Level::Distant | Level::Faint) {
                continue;
            }
            if personal.iter().any(|other| is_alike(comparer.level_of_rows(*other, a, b))) {
                continue;
            }
            if let Some(count) = counts.get_mut(comparer.level_of_rows(field, a, b) as usize) {
                *count += 1.0;
            }
        }
    }
    let drawn: f64 = counts.iter().skip(2).sum();
    let mut out = u;
    for (slot, count) in out.iter_mut().zip(counts).skip(2) {
        *slot = slot.max(count / drawn.max(100.0));
    }
    out
}

/// The rows by their given and by their family name, each with the other of the two fields; nothing where a table has
/// not both.
struct Names {
    sides: Vec<(ByValue, usize)>,
}

impl Names {
    fn of(table: &Table) -> Self {
        let at = |kind: Kind| table.fields().iter().position(|definition| definition.kind == kind);
        let made = table.fields().iter().any(|definition| made_of_names(definition.kind));
        let both = at(Kind::Given).zip(at(Kind::Family)).filter(|_| made);
        let sides = both.into_iter().flat_map(|(given, family)| [(given, family), (family, given)]);
        Self { sides: sides.map(|(name, other)| (ByValue::of(table, name), other)).collect() }
    }
}

/// Rows in the order of the value they hold in one field, counted into their places.
struct ByValue {
    field: usize,
    rows: Vec<u32>,
    /// By value: where its rows begin, and after the last value where they end.
    starts: Vec<u32>,
}

impl ByValue {
    fn of(table: &Table, field: usize) -> Self {
        let mut end = 0;
        let mut starts: Vec<u32> = vec![0];
        starts.extend(table.counts(field).into_iter().map(|count| {
            end += count;
            end
        }));
        let mut next = starts.clone();
        let mut rows = vec![0; table.len()];
        for row in 0..table.len() as u32 {
            let value = table.row(row).get(field).copied().unwrap_or(0);
            let Some(place) = next.get_mut(value as usize) else { continue };
            if let Some(slot) = rows.get_mut(*place as usize) {
                *slot = row;
            }
            *place += 1;
        }
        Self { field, rows, starts }
    }

    fn start(&self, value: u32) -> usize {
        self.starts.get(value as usize).copied().unwrap_or(0) as usize
    }

    /// The rows that hold a value at all.
    fn held(&self) -> &[u32] {
        self.rows.get(self.start(1)..).unwrap_or(&[])
    }

    /// The rows that hold what this row holds.
    fn like(&self, table: &Table, row: u32) -> &[u32] {
        let value = table.row(row).get(self.field).copied().unwrap_or(0);
        self.rows.get(self.start(value)..self.start(value + 1)).unwrap_or(&[])
    }
}

/// Missing, faint and distant say nothing for one person.
fn is_alike(level: Level) -> bool {
    !matches!(level, Level::Missing | Level::Faint | Level::Distant)
}

/// True for a kind of which two people seldom have values alike, made of names or not.
fn tells_people_apart(kind: Kind) -> bool {
    matches!(kind, Kind::Date | Kind::Phone | Kind::Email)
}

/// A fixed sequence of draws: the same table gives the same model.
struct Random(u64);

impl Random {
    fn new(seed: u64) -> Self {
        Self(0x2545_f491_4f6c_dd1d ^ seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `n`; 0 when `n` is 0.
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 33) * n as u64) >> 31) as usize
    }
}

/// Share of the other rows with a value that are strangers, at least.
const STRANGERS: f64 = 0.25;
/// Steps of a rarity to the bit.
const STEPS: f32 = 8.0;
/// Most bits of a rarity, either way.
const RAREST: f32 = 12.0;

/// What the commonness of each value adds to an agreement on it, in eighths of a bit: by field, by value.
#[derive(Debug)]
pub(in crate::identity) struct Rarity {
    fields: Vec<Vec<i8>>,
    /// By field: a household shares it.
    shared: Vec<bool>,
    /// By field: what comes with a value that nobody owns.
    offices: Vec<Office>,
}

/// What agreement on a field tells of two people who share a number or an address that nobody owns: those of an office share
/// its switchboard, its name and its city, and that is one piece of news.
#[derive(Debug)]
struct Office {
    /// Bits of each level, before its rarity.
    worth: [f32; Level::COUNT],
    /// Rarity of a value of a personal kind that a crowd holds, at most.
    crowd: Option<i8>,
    /// A place or a name of the office.
    place: bool,
}

impl Rarity {
    /// With so many matching pairs a row: of those who hold a value, a row's own other records are no strangers.
    pub(in crate::identity) fn of(table: &Table, fields: &[FieldModel], matches_a_row: f64) -> Self {
        let own = 2.0 * matches_a_row;
        let mut offices = Vec::new();
        let shared = fields.iter().map(|field| household(field.kind).is_some()).collect();
        let fields = fields
            .iter()
            .enumerate()
            .map(|(at, field)| {
                let counts = table.counts(at);
                let held: f64 = counts.iter().skip(1).map(|n| f64::from(*n)).sum();
                let exact = field.u.get(Level::Exact as usize).copied().unwrap_or(1.0);
                let own = own * field.m.get(Level::Exact as usize).copied().unwrap_or(0.0);
                // How many other rows hold the value, the row itself left out, and its own other records.
                let bits = |n: f64| {
                    let others = (n - 1.0).max(1.0);
                    let bits = (exact * held / (others - own).max(others * STRANGERS)).log2() as f32;
                    (bits.clamp(-RAREST, RAREST) * STEPS).round() as i8
                };
                offices.push(Office {
                    worth: Level::ALL.map(|level| field.bits(level, None, Namesake::No) as f32),
                    crowd: personal(field.kind).then(|| bits(1.0 + f64::from(CROWD) + own)),
                    place: matches!(field.kind, Kind::Company | Kind::Address | Kind::Postcode | Kind::City),
                });
                counts.iter().map(|n| bits(f64::from(*n))).collect()
            })
            .collect();
        Self { fields, shared, offices }
    }

    /// The correction for a pair of rows: of all fields, and of those that a household does not share.
    pub(in crate::identity) fn of_pair(&self, pattern: Pattern, left: &[u32], right: &[u32]) -> (f32, f32) {
        let corrections = self.of_fields(pattern, left, right).zip(&self.shared);
        corrections.fold((0.0, 0.0), |(all, personal), (bits, shared)| {
            (all + bits, if *shared { personal } else { personal + bits })
        })
    }

    /// The correction for a pair of rows, field by field: of what comes with an office only the rarest counts.
    pub(in crate::identity) fn of_fields<'a>(
        &'a self,
        pattern: Pattern,
        left: &'a [u32],
        right: &'a [u32],
    ) -> impl Iterator<Item = f32> + 'a {
        let office = self.office(pattern, left, right);
        left.iter().zip(right).enumerate().map(move |(field, (x, y))| {
            let bits = self.bits(field, pattern.level(field), *x, *y);
            match office {
                Some(rarest) if rarest != field => {
                    bits - self.of_office(field, pattern, *x, *y).unwrap_or(0.0)
                }
                _ => bits,
            }
        })
    }

    /// Of two rows that share a number or an address of a crowd, or nearly: the field that tells most of those that come
    /// with it.
    fn office(&self, pattern: Pattern, left: &[u32], right: &[u32]) -> Option<usize> {
        let both = || left.iter().zip(right).enumerate();
        let shared = |(field, (x, y)): (usize, (&u32, &u32))| {
            is_alike(pattern.level(field)) && (self.is_crowd(field, *x) || self.is_crowd(field, *y))
        };
        if !both().any(shared) {
            return None;
        }
        let told =
            both().filter_map(|(field, (x, y))| Some((self.of_office(field, pattern, *x, *y)?, field)));
        told.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, field)| field)
    }

    /// What a field that comes with an office tells, in bits: nothing less than nothing.
    fn of_office(&self, field: usize, pattern: Pattern, x: u32, y: u32) -> Option<f32> {
        let (office, level) = (self.offices.get(field)?, pattern.level(field));
        let is_nobodys = office.place || self.is_crowd(field, x) || self.is_crowd(field, y);
        let worth = office.worth.get(level as usize).filter(|_| is_nobodys && is_alike(level))?;
        Some((worth + self.bits(field, level, x, y)).max(0.0))
    }

    /// True for a value of a personal kind that more rows hold than one person has.
    fn is_crowd(&self, field: usize, value: u32) -> bool {
        let most = self.offices.get(field).and_then(|office| office.crowd);
        let rarity = self.fields.get(field).and_then(|values| values.get(value as usize));
        value != 0 && most.zip(rarity).is_some_and(|(most, rarity)| *rarity <= most)
    }

    /// The correction for one field.
    pub(in crate::identity) fn bits(&self, field: usize, level: Level, x: u32, y: u32) -> f32 {
        let factor = match level {
            Level::Exact => 1.0,
            Level::Missing | Level::Distant | Level::Faint | Level::Swapped => return 0.0,
            _ => 0.5,
        };
        let Some(values) = self.fields.get(field) else { return 0.0 };
        let rarity = |value: u32| values.get(value as usize).copied().map_or(0.0, f32::from);
        factor / STEPS * rarity(x).min(rarity(y))
    }
}
