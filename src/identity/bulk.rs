//! A whole file at once: rows in, pair probabilities and clusters out.

use super::block::{RuleReport, block};
use super::cluster::{Edge, cluster};
use super::em::{Histogram, Learning, Weights, learn};
use super::pattern::{Pattern, RowComparer};
use super::stranger::{Rarity, strangers};
use super::table::Table;
use super::weight::{Model, probability};

/// A pair of rows with the probability that they are one person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// The smaller row number.
    pub left: u32,
    /// The larger.
    pub right: u32,
    /// Log-odds in bits.
    pub bits: f32,
}

impl Pair {
    /// The probability.
    pub fn probability(self) -> f64 {
        probability(f64::from(self.bits))
    }
}

/// What a run found and how.
#[non_exhaustive]
#[derive(Debug)]
pub struct Run {
    /// Every scored pair.
    pub pairs: Vec<Pair>,
    /// By row: the number of its cluster, the smallest row in it.
    pub clusters: Vec<u32>,
    /// The learnt model.
    pub model: Model,
    /// What each blocking rule did.
    pub rules: Vec<RuleReport>,
    /// How learning went.
    pub learning: Learning,
    /// Pairs compared.
    pub compared: u64,
    /// Distinct patterns.
    pub patterns: usize,
}

/// Matches the rows of `table`.
pub fn run(table: &mut Table, mut stage: impl FnMut(&'static str)) -> Run {
    table.close();
    stage("block");
    let blocks = block(table);
    stage("compare");
    let table = &*table;
    let mut comparer = RowComparer::new(table);
    let fields = strangers(table, &mut comparer);
    let rarity = Rarity::of(table, &fields);
    let mut histogram = Histogram::default();
    let mut bins = Vec::with_capacity(blocks.pairs.len());
    let mut corrections = Vec::with_capacity(blocks.pairs.len());
    for (a, b) in &blocks.pairs {
        let pattern: Pattern = comparer.pattern(*a, *b);
        let correction = rarity.of_pair(pattern, table.row(*a), table.row(*b));
        bins.push(histogram.add(pattern, correction));
        corrections.push(correction);
    }
    stage("learn");
    let rows = table.len() as f64;
    let all = if table.left == 0 {
        rows * (rows - 1.0) / 2.0
    } else {
        table.left as f64 * (rows - table.left as f64)
    };
    let (model, learning) = learn(fields, &histogram, all.max(1.0), rows);
    stage("score");
    let weights = Weights::of(&model);
    let by_bin: Vec<f64> = histogram.bins.iter().map(|bin| weights.bits(bin.pattern)).collect();
    let edges: Vec<Edge> = blocks
        .pairs
        .iter()
        .zip(bins.iter().zip(&corrections))
        .map(|((left, right), (bin, correction))| {
            let bits = by_bin.get(*bin as usize).copied().unwrap_or(0.0) as f32 + correction;
            Edge { left: *left, right: *right, bits }
        })
        .collect();
    stage("cluster");
    let clustering = cluster(table.len(), edges, 0.0, |a, b| {
        let pattern = comparer.pattern(a, b);
        weights.bits(pattern) as f32 + rarity.of_pair(pattern, table.row(a), table.row(b))
    });
    let pairs =
        clustering.edges.iter().map(|e| Pair { left: e.left, right: e.right, bits: e.bits }).collect();
    stage("done");
    Run {
        clusters: clustering.cluster_of,
        pairs,
        model,
        rules: blocks.reports,
        learning,
        compared: bins.len() as u64,
        patterns: histogram.bins.len(),
    }
}
