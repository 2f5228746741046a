//! A whole file at once: rows in, pair probabilities and clusters out.

use super::block::{Blocks, RuleReport};
use super::cluster::{Clustering, Edge, cluster};
use super::em::{Histogram, Learning, Weights, learn, relearn};
use super::pattern::RowComparer;
use super::stranger::{Rarity, strangers};
use super::table::Table;
use super::weight::{Model, probability};

/// Bits below which a pair is counted but not kept: it cannot reach a probability of a few percent.
const HOPELESS: f32 = -5.0;
/// How often the model is learnt again from the clusters it led to.
const RELEARN: usize = 2;

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
    /// Every scored pair that is not hopeless.
    pub pairs: Vec<Pair>,
    /// By row: its group at even odds, named by one of its rows.
    pub groups: Vec<u32>,
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

/// Matches the rows of `table`. `stage` is told the name of each stage as it begins, so that a host can time it.
pub fn run(table: &mut Table, mut stage: impl FnMut(&'static str)) -> Run {
    table.close();
    let table = &*table;
    let rows = table.len() as f64;
    let all = if table.left == 0 {
        rows * (rows - 1.0) / 2.0
    } else {
        table.left as f64 * (rows - table.left as f64)
    };
    stage("strangers");
    let mut comparer = RowComparer::new(table);
    let fields = strangers(table, &mut comparer);
    let rarity = Rarity::of(table, &fields);
    stage("block");
    let blocks = Blocks::of(table);
    stage("compare");
    let mut histogram = Histogram::default();
    let mut kept: Vec<(Edge, u32)> = Vec::new();
    let mut compared = 0;
    let reach = rarity.reach(&fields, (0.6 / rows.max(2.0)).log2() as f32);
    let rules = blocks.run(table, |a, b| {
        compared += 1;
        let pattern = comparer.pattern(a, b);
        let bits = rarity.of_pair(pattern, table.row(a), table.row(b));
        if reach.of(pattern) + bits > HOPELESS {
            kept.push((Edge { left: a.min(b), right: a.max(b), bits }, histogram.add(pattern, bits)));
        }
    });
    drop(blocks);
    stage("learn");
    let (mut model, mut learning) = learn(fields, &histogram, all.max(1.0), rows);
    let patterns = histogram.bins.len();
    let mut clustering = Clustering::default();
    for round in 0..=RELEARN {
        stage("cluster");
        let weights = Weights::of(&model);
        let by_bin: Vec<f32> = histogram.bins.iter().map(|bin| weights.bits(bin.pattern) as f32).collect();
        let scored = kept.iter().map(|(edge, bin)| Edge {
            bits: edge.bits + by_bin.get(*bin as usize).copied().unwrap_or(0.0),
            ..*edge
        });
        let edges = scored.filter(|edge| edge.bits > HOPELESS - 2.0).collect();
        clustering = cluster(table.len(), edges, 0.0, |a, b| {
            let pattern = comparer.pattern(a, b);
            weights.bits(pattern) as f32 + rarity.of_pair(pattern, table.row(a), table.row(b))
        });
        if round < RELEARN {
            stage("relearn");
            let found = clustering
                .edges
                .iter()
                .map(|edge| (comparer.pattern(edge.left, edge.right), probability(f64::from(edge.bits))));
            relearn(&mut model, &mut learning, found, all.max(1.0));
        }
    }
    stage("done");
    let pairs =
        clustering.edges.iter().map(|e| Pair { left: e.left, right: e.right, bits: e.bits }).collect();
    Run { pairs, groups: clustering.group_of, model, rules, learning, compared, patterns }
}
