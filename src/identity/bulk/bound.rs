//! What a pair can be worth at most while some of its fields are not compared yet.
//!
//! Most candidate pairs are strangers who share a name or an employer. Which fields are the same, missing or
//! clearly distant is known from value numbers and signatures alone; with the learnt weights that is as a rule
//! enough to see that the rest cannot make one person of the two, and the rest is not read.

use super::em::Weights;
use super::pattern::Pattern;
use super::stranger::Rarity;
use super::table::{Field, Table, Vocabulary};
use crate::identity::kind::{Kind, Level};

/// Bounds on the bits of a pair under one model.
pub(in crate::identity) struct Bound<'a> {
    prior: f32,
    floor: f32,
    rarity: &'a Rarity,
    /// By field and level: its weight under the kindest view of the names.
    best: Vec<[f32; Level::COUNT]>,
    /// By field: the best weight of two different values.
    open: Vec<f32>,
    /// The fields, those with few distinct values first: their comparisons are remembered.
    order: Vec<usize>,
}

impl<'a> Bound<'a> {
    /// Bounds under these weights; pairs that stay below `floor` bits are hopeless.
    pub(in crate::identity) fn new(table: &Table, weights: &Weights, rarity: &'a Rarity, floor: f32) -> Self {
        let best: Vec<[f32; Level::COUNT]> = weights.kindest().collect();
        // Names that changed places are seen by number and never bounded; other kinds say "swapped" themselves.
        let different = |(levels, field): (&[f32; Level::COUNT], &Field)| {
            let name = matches!(field.kind, Kind::Given | Kind::Family);
            let levels = Level::ALL.iter().zip(levels).skip(2);
            let possible = levels.filter(|(level, _)| !(name && **level == Level::Swapped));
            possible.map(|(_, bits)| *bits).fold(f32::MIN, f32::max)
        };
        let open: Vec<f32> = best.iter().zip(table.fields()).map(different).collect();
        let mut order: Vec<usize> = (0..best.len()).collect();
        order.sort_by_key(|field| table.vocabulary(*field).map_or(0, Vocabulary::len));
        Self { prior: weights.prior() as f32, floor, rarity, best, open, order }
    }

    pub(in crate::identity) fn floor(&self) -> f32 {
        self.floor
    }

    pub(in crate::identity) fn order(&self) -> impl Iterator<Item = usize> + '_ {
        self.order.iter().copied()
    }

    /// The most a pair can be worth with these fields known and those `open`.
    pub(in crate::identity) fn most(&self, pattern: Pattern, open: u32, left: &[u32], right: &[u32]) -> f32 {
        let values = left.iter().zip(right);
        self.best.iter().zip(values).enumerate().fold(self.prior, |sum, (field, (levels, (x, y)))| {
            let level = pattern.level(field);
            sum + match level {
                Level::Missing if open >> field & 1 == 1 => self.of_open(field, *x, *y),
                Level::Missing => 0.0,
                _ => {
                    levels.get(level as usize).copied().unwrap_or(0.0)
                        + self.rarity.bits(field, level, *x, *y)
                }
            }
        })
    }

    /// What the bound loses when an open field turns out to be at this level.
    pub(in crate::identity) fn loss(&self, field: usize, level: Level, left: &[u32], right: &[u32]) -> f32 {
        let Some((x, y)) = left.get(field).zip(right.get(field)) else { return 0.0 };
        let weight =
            self.best.get(field).and_then(|levels| levels.get(level as usize)).copied().unwrap_or(0.0);
        self.of_open(field, *x, *y) - weight - self.rarity.bits(field, level, *x, *y)
    }

    fn of_open(&self, field: usize, x: u32, y: u32) -> f32 {
        let rare = self.rarity.bits(field, Level::Close, x, y).max(0.0);
        self.open.get(field).copied().unwrap_or(0.0) + rare
    }
}
