//! A whole file at once: rows in, pair probabilities and clusters out.
//!
//! ```text
//! rows ─► table: columns of distinct values ─► copies: rows alike word for word, folded
//!           │
//!           ├─► seed: pairs that are surely one person
//!           ├─► rules, block: which pairs are brought together
//!           ▼
//!         pattern: levels of a pair ─► em: the model, from seeds and a sample ─► bound: read no further than need be
//!           │                            ▲ redundant, counterpart, stranger, generic: what agreement is worth
//!           ▼
//!         pair probabilities ─► cluster
//! ```

pub(super) mod atom;
pub(super) mod block;
pub(super) mod bound;
pub(super) mod cluster;
pub(super) mod copies;
pub(super) mod counterpart;
pub(super) mod em;
pub(super) mod generic;
pub(super) mod pattern;
pub(super) mod redundant;
pub(super) mod rules;
pub(super) mod seed;
pub(super) mod stranger;
pub(super) mod table;

use self::block::{Blocks, RuleReport};
use self::bound::Bound;
use self::cluster::{Accounts, Apart, Clustering, Edge, cluster, pair_up};
use self::copies::Copies;
use self::counterpart::{Counterparts, Found};
use self::em::{Histogram, Learning, Weights, learn, relearn, seed};
use self::pattern::{Pattern, RowComparer};
use self::redundant::Echo;
use self::stranger::{Rarity, strangers};
use self::table::Table;
use super::kind::Level;
use super::weight::{Model, Step, Waterfall, probability};
use crate::model::Points;
use std::collections::BTreeMap;

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
///
/// ```
/// # use hearken::identity::{Kind, Table, match_rows};
/// # let mut table = Table::new([("name", Kind::Name), ("email", Kind::Email)]).unwrap();
/// # for n in 0..60 {
/// #     let (given, family) = (["Ann", "Bert", "Chloe", "Dmitri", "Elena"][n % 5], ["Okafor", "Lind", "Moreau"][n % 3]);
/// #     let (name, email) = (format!("{given} {family}"), format!("{given}{n}@mail.example"));
/// #     table.push([name.as_str(), email.as_str()]);
/// # }
/// table.push(["Ann Okafor", "a.okafor@mail.example"]);
/// table.push(["Okafor, Ann", "A.OKAFOR@mail.example"]);
/// let run = match_rows(&mut table, |_| {});
/// // A list for somebody to go through, the surest first.
/// let mut list = run.pairs.clone();
/// list.sort_by(|a, b| b.bits.total_cmp(&a.bits));
/// assert_eq!((list[0].left, list[0].right), (60, 61));
/// assert_eq!(list[0].probability() > 0.5, list[0].bits > 0.0, "no bits for or against are even odds");
/// ```
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
    /// The probability: that of the bits to the thousandth, as a waterfall adds them up.
    pub fn probability(self) -> f64 {
        probability(Points::nearest(f64::from(self.bits)).as_f64())
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
    /// Rows that say word for word what a row before them says, and too much for chance: they were joined to it
    /// outright, and the model is learnt from one of them.
    pub copies: u64,
    /// Distinct patterns among the pairs.
    pub patterns: usize,
    /// By row: its group at even odds, named by one of its rows.
    pub(super) groups: Vec<u32>,
    /// Rows that somebody decided not to be one person.
    apart: Vec<(u32, u32)>,
    two_sources: bool,
    counterparts: Counterparts,
    /// What the run weighed the commonness of values with, and what it took for said twice: as the rows stood, folded.
    rarity: Rarity,
    echoes: Vec<Echo>,
}

impl Run {
    /// The cluster of each row, named by its smallest row: rows that pairs of at least this probability join,
    /// within the groups that all their pairs together speak for. Below one half groups that do not are joined
    /// too, best first, while all pairs between them together come to the threshold; between two sources they are not,
    /// since each row has one counterpart at most.
    pub fn clusters(&self, threshold: f64) -> Vec<u32> {
        let mut roots: Vec<u32> = (0..self.groups.len() as u32).collect();
        let lower = if threshold < 0.5 && !self.two_sources { self.loosened(threshold) } else { Vec::new() };
        let groups = if lower.is_empty() { &self.groups } else { &lower };
        let group = |row: u32| groups.get(row as usize);
        for pair in self
            .pairs
            .iter()
            .filter(|pair| pair.probability() >= threshold && group(pair.left) == group(pair.right))
        {
            join(&mut roots, pair.left, pair.right);
        }
        (0..self.groups.len() as u32).map(|row| root(&mut roots, row)).collect()
    }

    /// The groups at a threshold below even odds. Two rows that nobody compared speak against with seven bits.
    fn loosened(&self, threshold: f64) -> Vec<u32> {
        let least = (threshold.max(1e-6) / (1.0 - threshold)).log2() as f32;
        let group = |row: u32| self.groups.get(row as usize).copied().unwrap_or(row);
        let mut sizes: BTreeMap<u32, f32> = BTreeMap::new();
        self.groups.iter().for_each(|group| *sizes.entry(*group).or_default() += 1.0);
        let mut between: BTreeMap<(u32, u32), f32> = BTreeMap::new();
        for pair in &self.pairs {
            let (a, b) = (group(pair.left), group(pair.right));
            if a != b {
                *between.entry((a.min(b), a.max(b))).or_default() += pair.bits - HOPELESS;
            }
        }
        self.apart.iter().for_each(|(a, b)| {
            let (a, b) = (group(*a), group(*b));
            between.insert((a.min(b), a.max(b)), f32::NEG_INFINITY);
        });
        let mean = |a: &[u32], b: &[u32]| {
            let size = |groups: &[u32]| groups.iter().filter_map(|group| sizes.get(group)).sum::<f32>();
            let cross = a.iter().flat_map(|a| b.iter().map(|b| (*a.min(b), *a.max(b))));
            let said = cross.filter_map(|pair| between.get(&pair)).sum::<f32>();
            HOPELESS + said / (size(a) * size(b))
        };
        let ranked = between.keys().map(|(a, b)| (mean(&[*a], &[*b]), (*a, *b)));
        let mut ranked: Vec<(f32, (u32, u32))> = ranked.filter(|(bits, _)| *bits >= least).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut name: BTreeMap<u32, u32> = BTreeMap::new();
        let met = ranked.iter().flat_map(|(_, (a, b))| [*a, *b]);
        let mut members: BTreeMap<u32, Vec<u32>> = met.map(|group| (group, vec![group])).collect();
        for (_, (a, b)) in ranked {
            let named = |group: u32| name.get(&group).copied().unwrap_or(group);
            let (a, b) = (named(a), named(b));
            let said = members.get(&a).zip(members.get(&b)).map(|(a, b)| mean(a, b));
            if a != b && said.is_some_and(|bits| bits >= least) {
                let gone = members.remove(&b).unwrap_or_default();
                name.extend(gone.iter().map(|group| (*group, a)));
                members.entry(a).or_default().extend(gone);
            }
        }
        self.groups.iter().map(|group| name.get(group).copied().unwrap_or(*group)).collect()
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

    /// The same run with other row numbers: what was row `n` is row `order[n]`, `back` leads back, and rows that were
    /// folded have what the row has that stood for them.
    fn renumbered(mut self, order: &[u32], back: &[u32], copies: &Copies) -> Self {
        let renumber = |row: u32| order.get(row as usize).copied().unwrap_or(row);
        let mut pairs = Vec::with_capacity(self.pairs.len());
        let mut tell = |a: u32, b: u32, bits| pairs.push(Pair { left: a.min(b), right: a.max(b), bits });
        for pair in std::mem::take(&mut self.pairs) {
            copies.between(renumber(pair.left), renumber(pair.right), |a, b| tell(a, b, pair.bits));
        }
        if !self.two_sources {
            copies.within(&mut tell);
        }
        pairs.sort_unstable_by_key(|pair| (pair.left, pair.right));
        self.pairs = pairs;
        // Between two sources each row has a counterpart of its own.
        let group = |(row, place): (u32, &u32)| {
            let first = self.groups.get(*place as usize).copied().map_or(0, renumber);
            if self.two_sources { copies.opposite(row, first) } else { first }
        };
        self.groups = (0_u32..).zip(back).map(group).collect();
        self
    }

    /// How the log-odds of two rows of the table came about, without the word of their groups. Between two sources,
    /// where groups have no word, its total is that of the pair to the thousandth of a bit.
    ///
    /// A step called `household` takes away what relatives share: a family name, an address, a phone. They are weighed
    /// as strangers would share them; where the two look more like relatives than like one person, that is too much.
    pub fn explain(&self, table: &Table, a: u32, b: u32) -> Waterfall {
        let pattern = RowComparer::with(table, self.echoes.clone()).pattern(a, b);
        let rarity = &self.rarity;
        let weights = Weights::of(&self.model);
        let namesake = weights.namesake(pattern);
        let mut waterfall = Waterfall { prior: self.model.prior_points(), steps: Vec::new() };
        // Each step is what the sum so far, rounded, grows by: no rounding adds up.
        let mut sum = weights.prior();
        let rare = rarity.of_fields(pattern, table.row(a), table.row(b));
        for (at, (field, rare)) in self.model.fields.iter().zip(rare).enumerate() {
            let level = pattern.level(at);
            if level != Level::Missing {
                let told = self.counterparts.of_field(at, pattern, table.row(a), table.row(b), rarity);
                sum += field.bits(level, None, namesake) + f64::from(rare + told);
                let weight = Points::nearest(sum) - waterfall.total();
                waterfall.steps.push(Step { field: field.name.clone(), level, weight });
            }
        }
        let (rare, personal) = rarity.of_pair(pattern, table.row(a), table.row(b));
        let (told, own) = self.counterparts.of_pair(pattern, table.row(a), table.row(b), rarity);
        let odds = weights.odds(pattern).with(f64::from(rare + told), f64::from(personal + own));
        let kin = Points::nearest(f64::from(odds.bits() as f32)) - waterfall.total();
        match waterfall.steps.last_mut() {
            // Where relatives are hardly likelier than strangers the two sums part in the last digits only.
            Some(last) if [-1, 0, 1].contains(&kin.as_thousandths()) => last.weight += kin,
            _ if kin < Points::ZERO => {
                waterfall.steps.push(Step { field: "household".into(), level: Level::Partial, weight: kin });
            }
            _ => {}
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
    stage("fold");
    let possible = possible(table);
    let copies = Copies::of(table);
    stage("arrange");
    let order = table.by_name(|row| copies.first(row) == row);
    let mut back = vec![0_u32; table.len()];
    for (place, row) in (0_u32..).zip(&order) {
        if let Some(slot) = back.get_mut(*row as usize) {
            *slot = place;
        }
    }
    for row in 0..back.len() as u32 {
        let place = back.get(copies.first(row) as usize).copied();
        if let Some((slot, place)) = back.get_mut(row as usize).zip(place) {
            *slot = place;
        }
    }
    table.close(&order);
    let place = |row: u32| back.get(row as usize).copied();
    let apart = Apart::of(table.apart(), place);
    let repeats: Vec<u32> = copies.stay.iter().filter_map(|row| place(*row)).collect();
    let run = match_arranged(table, &apart, &repeats, &mut stage);
    stage("unfold");
    let mut run = Run { possible, copies: copies.folded(), ..run.renumbered(&order, &back, &copies) };
    table.arrange(&back);
    run.apart = table.apart().to_vec();
    stage("done");
    run
}

/// Pairs of rows there are.
fn possible(table: &Table) -> f64 {
    let (rows, left) = (table.len() as f64, table.left as f64);
    if table.left == 0 { rows * (rows - 1.0) / 2.0 } else { left * (rows - left) }
}

/// Matches rows that stand as they stand. `repeats` are rows that say what others say.
fn match_arranged(
    table: &Table,
    apart: &Apart,
    repeats: &[u32],
    stage: &mut impl FnMut(&'static str),
) -> Run {
    let (rows, all) = (table.len() as f64, possible(table));
    stage("strangers");
    let mut comparer = RowComparer::new(table);
    let mut fields = strangers(table, &mut comparer);
    let mut rarity = Rarity::of(table, &fields, 0.0);
    stage("block");
    let blocks = Blocks::of(table, repeats, &mut comparer, &fields);
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
    let accounts = Accounts::of(table);
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
            cluster(table.len(), edges, apart, &accounts, |left, right| {
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
            // How many records a person has is known now: what they alone hold is rarer than it seemed.
            rarity = Rarity::of(table, &model.fields, learning.matches_a_row(table.len()));
            for pair in &mut kept {
                let (left, right) = (table.row(pair.left), table.row(pair.right));
                (pair.rare, pair.personal) = rarity.of_pair(pair.pattern, left, right);
            }
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
        copies: 0,
        possible: all,
        patterns,
        groups,
        apart: Vec::new(),
        two_sources: table.left > 0,
        counterparts,
        rarity,
        echoes: comparer.into_echoes(),
    }
}
