//! A whole file at once: rows in, pair probabilities and clusters out.

use super::block::{Blocks, RuleReport};
use super::cluster::{Clustering, Edge, cluster};
use super::em::{Histogram, Learning, Weights, learn, relearn};
use super::kind::Level;
use super::pattern::RowComparer;
use super::stranger::{Rarity, strangers};
use super::table::Table;
use super::weight::{Model, Step, Waterfall, probability};
use crate::model::Points;

/// Bits below which a pair is counted but not kept: it cannot reach a probability of 1 %.
const HOPELESS: f32 = -7.0;
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
    /// Every pair that is not hopeless, in the order of its rows.
    pub pairs: Vec<Pair>,
    /// The learnt model.
    pub model: Model,
    /// What each blocking rule did.
    pub rules: Vec<RuleReport>,
    /// How learning went.
    pub learning: Learning,
    /// Pairs compared.
    pub compared: u64,
    /// Pairs there are, compared or not.
    pub possible: f64,
    /// Distinct patterns among the pairs.
    pub patterns: usize,
    /// By row: its group at even odds, named by one of its rows.
    groups: Vec<u32>,
}

impl Run {
    /// The cluster of each row, named by its smallest row: rows that pairs of at least this probability join,
    /// within the groups that all their pairs together speak for.
    pub fn clusters(&self, threshold: f64) -> Vec<u32> {
        let mut roots: Vec<u32> = (0..self.groups.len() as u32).collect();
        let group = |row: u32| self.groups.get(row as usize);
        for pair in self
            .pairs
            .iter()
            .filter(|pair| pair.probability() >= threshold && group(pair.left) == group(pair.right))
        {
            let (a, b) = (root(&mut roots, pair.left), root(&mut roots, pair.right));
            if let Some(slot) = roots.get_mut(a.max(b) as usize) {
                *slot = a.min(b);
            }
        }
        (0..self.groups.len() as u32).map(|row| root(&mut roots, row)).collect()
    }

    /// The links between two sources, one row to one row, the surest first, none below this probability.
    pub fn links(&self, threshold: f64) -> Vec<Pair> {
        let mut ranked: Vec<Pair> =
            self.pairs.iter().copied().filter(|pair| pair.probability() >= threshold).collect();
        ranked.sort_by(|a, b| {
            b.bits.total_cmp(&a.bits).then_with(|| (a.left, a.right).cmp(&(b.left, b.right)))
        });
        let mut taken = vec![false; self.groups.len()];
        ranked.retain(|pair| {
            let rows = [pair.left as usize, pair.right as usize];
            let free = rows.iter().all(|row| taken.get(*row) == Some(&false));
            for row in rows {
                if let Some(slot) = taken.get_mut(row).filter(|_| free) {
                    *slot = true;
                }
            }
            free
        });
        ranked
    }

    /// How the log-odds of two rows of the table came about, without the word of their groups.
    pub fn explain(&self, table: &Table, a: u32, b: u32) -> Waterfall {
        let mut comparer = RowComparer::new(table);
        let pattern = comparer.pattern(a, b);
        let rarity = Rarity::of(table, &self.model.fields);
        let namesake = Weights::of(&self.model).namesake(pattern);
        let mut waterfall = Waterfall { prior: self.model.prior_points(), steps: Vec::new() };
        for (at, (field, rare)) in
            self.model.fields.iter().zip(rarity.of_fields(pattern, table.row(a), table.row(b))).enumerate()
        {
            let level = pattern.level(at);
            if level != Level::Missing {
                let weight = Points::nearest(field.bits(level, None, namesake) + f64::from(rare));
                waterfall.steps.push(Step { field: field.name.clone(), level, weight });
            }
        }
        waterfall
    }
}

/// The smallest row of the tree that holds `row`; halves the path on the way.
fn root(roots: &mut [u32], mut row: u32) -> u32 {
    while let Some(parent) = roots.get(row as usize).copied().filter(|parent| *parent != row) {
        let above = roots.get(parent as usize).copied().unwrap_or(parent);
        if let Some(slot) = roots.get_mut(row as usize) {
            *slot = above;
        }
        row = above;
    }
    row
}

/// Matches the rows of `table`: blocks, compares, learns a model, scores and clusters.
///
/// The same table gives the same run. `stage` is told the name of each stage as it begins, so that a host can time it.
///
/// ```
/// use hearken::identity::{Kind, Table, match_rows};
///
/// let mut table = Table::new([("name", Kind::Name), ("email", Kind::Email), ("born", Kind::Date)])?;
/// let given = ["Ann", "Bertram", "Chloe", "Dmitri", "Eleanor", "Faisal", "Greta"];
/// let family = ["Okafor", "Lindqvist", "Moreau", "Tanaka", "Whitfield", "Zhang", "Castellano", "Novak"];
/// for n in 0..50 {
///     let (given, family) = (given[n % 7], family[n % 8]);
///     let born = format!("19{:02}-{:02}-{:02}", 40 + n, 1 + n % 12, 1 + n % 28);
///     table.push([format!("{given} {family}"), format!("{given}{n}@mail.example"), born].iter().map(String::as_str));
/// }
/// table.push(["Novak, Ann", "ANN7@mail.example", "1947-08-08"]);
/// let run = match_rows(&mut table, |_| {});
/// assert_eq!(run.clusters(0.95)[50], 7);
/// assert!(run.explain(&table, 7, 50).total() > hearken::model::Points::ZERO);
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
pub fn match_rows(table: &mut Table, mut stage: impl FnMut(&'static str)) -> Run {
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
        let edges = scored.filter(|edge| edge.bits > HOPELESS).collect();
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
    Run { pairs, groups: clustering.group_of, model, rules, learning, compared, possible: all, patterns }
}
