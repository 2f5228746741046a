//! A whole file at once: rows in, pair probabilities and clusters out.

use super::block::{Blocks, RuleReport};
use super::bound::Bound;
use super::cluster::{Apart, Clustering, Edge, cluster, pair_up};
use super::counterpart::{Counterparts, Found};
use super::em::{Histogram, Learning, Weights, learn, relearn, seed};
use super::kind::Level;
use super::pattern::{Pattern, RowComparer};
use super::stranger::{Rarity, strangers};
use super::table::Table;
use super::weight::{Model, Step, Waterfall, probability};
use crate::model::Points;

/// Bits below which a pair is counted but not kept: it cannot reach a probability of 1 %.
const HOPELESS: f32 = -7.0;
/// How often the model is learnt again from the clusters it led to.
const RELEARN: usize = 1;

/// Bits that learning again from the clusters may add to a pair.
const SLACK: f32 = 3.0;
/// Pairs the model is learnt from, at most: an even sample of those that blocking brought together.
const LESSONS: usize = 250_000;

/// A pair that is not hopeless: its rows, its pattern, and what the commonness of its values adds to its odds.
struct Kept {
    left: u32,
    right: u32,
    pattern: Pattern,
    rare: f32,
    personal: f32,
}

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
    /// The share of matching pairs that blocking brings together, as pairs that are surely one person tell it. `None`
    /// without such pairs.
    pub completeness: Option<f64>,
    /// Pairs there are, compared or not.
    pub possible: f64,
    /// Distinct patterns among the pairs.
    pub patterns: usize,
    /// By row: its group at even odds, named by one of its rows.
    pub(super) groups: Vec<u32>,
    counterparts: Counterparts,
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
            join(&mut roots, pair.left, pair.right);
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

    /// The same run with other row numbers: what was row `n` is row `order[n]`, and `back` is the inverse.
    fn renumbered(mut self, order: &[u32], back: &[u32]) -> Self {
        let renumber = |row: u32| order.get(row as usize).copied().unwrap_or(row);
        for pair in &mut self.pairs {
            let (a, b) = (renumber(pair.left), renumber(pair.right));
            (pair.left, pair.right) = (a.min(b), a.max(b));
        }
        self.pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        let group = |place: &u32| self.groups.get(*place as usize).copied().map_or(0, renumber);
        self.groups = back.iter().map(group).collect();
        self
    }

    /// How the log-odds of two rows of the table came about, without the word of their groups.
    pub fn explain(&self, table: &Table, a: u32, b: u32) -> Waterfall {
        let mut comparer = RowComparer::new(table);
        let pattern = comparer.pattern(a, b);
        let rarity = Rarity::of(table, &self.model.fields);
        let weights = Weights::of(&self.model);
        let namesake = weights.namesake(pattern);
        let mut waterfall = Waterfall { prior: self.model.prior_points(), steps: Vec::new() };
        let rare = rarity.of_fields(pattern, table.row(a), table.row(b));
        for (at, (field, rare)) in self.model.fields.iter().zip(rare).enumerate() {
            let level = pattern.level(at);
            if level != Level::Missing {
                let told = self.counterparts.of_field(at, pattern, table.row(a), table.row(b), &rarity);
                let weight = Points::nearest(field.bits(level, None, namesake) + f64::from(rare + told));
                waterfall.steps.push(Step { field: field.name.clone(), level, weight });
            }
        }
        let (rare, personal) = rarity.of_pair(pattern, table.row(a), table.row(b));
        let (told, own) = self.counterparts.of_pair(pattern, table.row(a), table.row(b), &rarity);
        let odds = weights.odds(pattern).with(f64::from(rare + told), f64::from(personal + own));
        let total = Points::nearest(odds.bits());
        let kin = total - waterfall.total();
        if kin < Points::ZERO {
            // What both having the family name, address or phone of one household takes away.
            waterfall.steps.push(Step { field: "household".into(), level: Level::Partial, weight: kin });
        }
        waterfall
    }
}

/// Keeps the pairs of every so many of the groups that likely pairs make.
fn sample(edges: &mut Vec<Edge>, rows: usize, stride: u32) {
    if stride > 1 {
        let mut roots: Vec<u32> = (0..rows as u32).collect();
        for edge in edges.iter().filter(|edge| edge.bits > 0.0) {
            join(&mut roots, edge.left, edge.right);
        }
        edges.retain(|edge| root(&mut roots, edge.left).is_multiple_of(stride));
    }
}

/// Makes one tree of those of two rows, under its smallest row.
fn join(roots: &mut [u32], a: u32, b: u32) {
    let (a, b) = (root(roots, a), root(roots, b));
    if let Some(slot) = roots.get_mut(a.max(b) as usize) {
        *slot = a.min(b);
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
    stage("arrange");
    let order = table.by_name();
    table.close(&order);
    let mut back = vec![0_u32; order.len()];
    for (place, row) in (0_u32..).zip(&order) {
        if let Some(slot) = back.get_mut(*row as usize) {
            *slot = place;
        }
    }
    let apart = Apart::of(table.apart(), |row| back.get(row as usize).copied());
    let run = match_arranged(table, &apart, &mut stage);
    table.arrange(&back);
    stage("done");
    run.renumbered(&order, &back)
}

/// Matches rows that stand as they stand.
fn match_arranged(table: &Table, apart: &Apart, stage: &mut impl FnMut(&'static str)) -> Run {
    let rows = table.len() as f64;
    let all = if table.left == 0 {
        rows * (rows - 1.0) / 2.0
    } else {
        table.left as f64 * (rows - table.left as f64)
    };
    stage("strangers");
    let mut comparer = RowComparer::new(table);
    let mut fields = strangers(table, &mut comparer);
    let rarity = Rarity::of(table, &fields);
    stage("block");
    let blocks = Blocks::of(table, &mut comparer, &fields);
    stage("pairs");
    let mut met: Vec<(u32, u32)> = Vec::new();
    let rules = blocks.run(table, |a, b| met.push((a.min(b), a.max(b))));
    let compared = met.len() as u64;
    let (completeness, foretold) = (blocks.completeness, blocks.seeds.matches());
    stage("learn");
    seed(&mut fields, blocks.seeds.levels(&mut comparer, table.fields().len()));
    drop(blocks);
    let mut histogram = Histogram::default();
    let step = met.len().div_ceil(LESSONS).max(1);
    for (a, b) in met.iter().step_by(step) {
        let pattern = comparer.pattern(*a, *b);
        let (rare, personal) = rarity.of_pair(pattern, table.row(*a), table.row(*b));
        histogram.add(pattern, rare, personal, step as f64);
    }
    let (mut model, mut learning) = learn(fields, &histogram, all.max(1.0), rows, foretold);
    let patterns = histogram.bins.len();
    drop(histogram);
    stage("compare");
    let weights = Weights::of(&model);
    let bound = Bound::new(table, &weights, &rarity, HOPELESS - SLACK);
    let mut kept: Vec<Kept> = Vec::new();
    met.retain(|(a, b)| !apart.has(*a, *b));
    comparer.hopeful(&met, &bound, |left, right, pattern| {
        let (rare, personal) = rarity.of_pair(pattern, table.row(left), table.row(right));
        kept.push(Kept { left, right, pattern, rare, personal });
    });
    drop(met);
    let mut clustering = Clustering::default();
    let mut counterparts = Counterparts::default();
    for round in 0..=RELEARN {
        stage("cluster");
        let weights = Weights::of(&model);
        let score = |pair: &Kept| {
            let (left, right) = (table.row(pair.left), table.row(pair.right));
            let (all, personal) = counterparts.of_pair(pair.pattern, left, right, &rarity);
            let odds = weights.odds(pair.pattern);
            odds.with(f64::from(pair.rare + all), f64::from(pair.personal + personal)).bits() as f32
        };
        let scored = kept.iter().map(|pair| Edge { left: pair.left, right: pair.right, bits: score(pair) });
        let mut edges: Vec<Edge> = scored.filter(|edge| edge.bits > HOPELESS).collect();
        // What is learnt again needs no more pairs than what was learnt first.
        let stride = if round < RELEARN { edges.len().div_ceil(LESSONS).max(1) } else { 1 };
        sample(&mut edges, table.len(), stride as u32);
        clustering = if table.left > 0 {
            pair_up(table.len(), edges)
        } else {
            cluster(table.len(), edges, apart, |left, right| {
                let pattern = comparer.pattern(left, right);
                let (rare, personal) = rarity.of_pair(pattern, table.row(left), table.row(right));
                score(&Kept { left, right, pattern, rare, personal })
            })
        };
        if round < RELEARN {
            stage("relearn");
            let likely = clustering.edges.iter().filter(|edge| table.left == 0 || clustering.together(edge));
            let found = likely.map(|edge| Found {
                left: edge.left,
                right: edge.right,
                pattern: Pattern::default(),
                probability: probability(f64::from(edge.bits)),
            });
            let mut found: Vec<Found> = found.filter(|pair| pair.probability > 0.05).collect();
            for pair in &mut found {
                pair.pattern = comparer.pattern(pair.left, pair.right);
                pair.probability *= stride as f64;
            }
            relearn(&mut model, &mut learning, &found, all.max(1.0));
            counterparts = Counterparts::of(table, &model, &found);
        }
    }
    let pairs =
        clustering.edges.iter().map(|e| Pair { left: e.left, right: e.right, bits: e.bits }).collect();
    let groups = clustering.group_of;
    Run {
        pairs,
        model,
        rules,
        learning,
        compared,
        completeness,
        possible: all,
        patterns,
        groups,
        counterparts,
    }
}
