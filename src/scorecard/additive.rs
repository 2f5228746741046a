//! The whole fit: weight of evidence first, then all fields together, then pairs of fields.

use super::bins::FIRST;
use super::fit::{
    Block, Direction, GRID_RIDGE, News, Progress, Sample, Shape, columns, evidence, sum_by_code,
};
use super::real::{ln, sigmoid};

/// What a field is to the solver.
#[derive(Debug, Clone, Copy)]
pub(super) struct FieldShape {
    pub(super) bins: usize,
    pub(super) ordered: bool,
    pub(super) direction: Option<Direction>,
}

/// Two fields that say more together than apart, as a coarse grid of log-odds.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) fields: (usize, usize),
    pub(super) rows: Vec<u8>,
    pub(super) columns: Vec<u8>,
    pub(super) width: usize,
    pub(super) weights: Vec<f64>,
}

/// A fitted model in log-odds.
#[derive(Debug, Clone)]
pub(super) struct Additive {
    pub(super) intercept: f64,
    pub(super) tables: Vec<Vec<f64>>,
    pub(super) grids: Vec<Grid>,
}

/// Passes over all fields, and then over fields and grids. Stopping early is part of the shrinkage.
const FIELD_PASSES: usize = 8;
const GRID_PASSES: usize = 3;
/// A grid has at most this many rows or columns of numbers, and of words.
const NUMBER_CELLS: usize = 8;
const WORD_CELLS: usize = 12;
/// Expected gain in log-likelihood, twice over, below which a grid is noise.
const LEAST_GAIN: f64 = 2.0;

impl Additive {
    /// Fits the fields alone, and then, where there are any worth it, with up to `most_grids` pairs.
    pub(super) fn fit(fields: &[FieldShape], sample: &Sample, most_grids: usize) -> (Self, Option<Self>) {
        let (total, positive) = (sample.weights.iter().zip(&sample.outcomes))
            .fold((0.0, 0.0), |(all, won), (w, y)| (all + w, won + w * y));
        let intercept = ln((positive + 0.5) / (total - positive + 0.5));
        let mut blocks: Vec<Block> = (fields.iter().zip(&sample.codes))
            .map(|(field, codes)| Block::line(codes.clone(), field.bins, field.ordered, field.direction))
            .collect();
        let mut progress = Progress::new(intercept, sample.len());
        start_from_evidence(&mut blocks, &mut progress, sample);
        progress.cycle(&mut blocks, sample, FIELD_PASSES);

        let chosen = if most_grids > 0 {
            choose_grids(fields, &blocks, sample, &mut progress, most_grids)
        } else {
            Vec::new()
        };
        let tables = |blocks: &[Block]| blocks.iter().map(|block| block.weights.clone()).collect();
        let alone = Self { intercept: progress.intercept, tables: tables(&blocks), grids: Vec::new() };
        if chosen.is_empty() {
            return (alone, None);
        }
        let (mut grids, added): (Vec<Grid>, Vec<Block>) = chosen.into_iter().unzip();
        blocks.extend(added);
        progress.cycle(&mut blocks, sample, GRID_PASSES);
        for (grid, block) in grids.iter_mut().zip(blocks.drain(fields.len()..)) {
            grid.weights = block.weights;
        }
        (alone, Some(Self { intercept: progress.intercept, tables: tables(&blocks), grids }))
    }

    /// The log-odds of every row of a sample.
    pub(super) fn logits(&self, sample: &Sample) -> Vec<f64> {
        let mut progress = Progress::new(self.intercept, sample.len());
        for (table, codes) in self.tables.iter().zip(&sample.codes) {
            progress.shift(codes, table);
        }
        for grid in &self.grids {
            if let (Some(a), Some(b)) = (sample.codes.get(grid.fields.0), sample.codes.get(grid.fields.1)) {
                progress.shift(&grid.codes(a, b), &grid.weights);
            }
        }
        progress.logits
    }
}

impl Grid {
    /// The cell of every row.
    pub(super) fn codes(&self, a: &[u8], b: &[u8]) -> Vec<u8> {
        a.iter().zip(b).map(|(&a, &b)| self.cell(a, b)).collect()
    }

    /// The cell of a bin of each field; a grid has at most 196 cells.
    pub(super) fn cell(&self, a: u8, b: u8) -> u8 {
        let row = self.rows.get(usize::from(a)).copied().unwrap_or(0);
        let column = self.columns.get(usize::from(b)).copied().unwrap_or(0);
        row.wrapping_mul(self.width as u8).wrapping_add(column)
    }
}

/// Every field alone gives its smoothed weight of evidence. Their plain sum counts what fields have in
/// common several times, so one slope scales it down to fit; the tables then start there, and are drawn
/// there where rows are few. Only the bins without a value are drawn to no evidence.
fn start_from_evidence(blocks: &mut [Block], progress: &mut Progress, sample: &Sample) {
    let mass = sample.mass();
    for block in &mut *blocks {
        let sums = sum_by_code(&block.codes, &mass);
        let (weights, positives) = columns(sums.get(..block.shape.len()).unwrap_or_default());
        evidence(block, progress.intercept, &weights, &positives);
        let weights = block.weights.clone();
        progress.shift(&block.codes, &weights);
    }
    let sums: Vec<f64> = progress.logits.iter().map(|logit| logit - progress.intercept).collect();
    let (slope, level) = slope_and_level(&sums, &sample.outcomes, &sample.weights, (0.5, progress.intercept));
    for block in blocks {
        block.weights.iter_mut().for_each(|w| *w *= slope);
        block.prior.clone_from(&block.weights);
        block.prior.iter_mut().take(FIRST).for_each(|without_value| *without_value = 0.0);
    }
    progress.intercept = level;
    for (logit, sum) in progress.logits.iter_mut().zip(&sums) {
        *logit = level + slope * sum;
    }
}

/// Logistic regression on one number: `(slope, level)`, by Newton steps from `start`, each at most 0.5.
pub(super) fn slope_and_level(x: &[f64], outcomes: &[f64], weights: &[f64], start: (f64, f64)) -> (f64, f64) {
    let (mut slope, mut level) = start;
    for _ in 0..12 {
        let (mut g0, mut g1, mut h00, mut h01, mut h11) = (0.0, 0.0, 1e-6, 0.0, 1e-6);
        for ((x, outcome), weight) in x.iter().zip(outcomes).zip(weights) {
            let p = sigmoid(level + slope * x);
            let (r, h) = ((outcome - p) * weight, p * (1.0 - p) * weight);
            g0 += r;
            g1 += r * x;
            h00 += h;
            h01 += h * x;
            h11 += h * x * x;
        }
        let determinant = h00 * h11 - h01 * h01;
        if determinant <= 0.0 {
            break;
        }
        let up = (h00 * g1 - h01 * g0) / determinant;
        let over = (h11 * g0 - h01 * g1) / determinant;
        let scale = 1.0_f64.min(0.5 / up.abs().max(over.abs()).max(1e-12));
        slope += scale * up;
        level += scale * over;
        if up.abs().max(over.abs()) < 1e-10 {
            break;
        }
    }
    (slope, level)
}

/// The pairs whose coarse grid explains most of what the fields left unexplained (one Newton step on
/// the residuals per cell, shrunk), best first, ties in field order.
fn choose_grids(
    fields: &[FieldShape],
    blocks: &[Block],
    sample: &Sample,
    progress: &mut Progress,
    most: usize,
) -> Vec<(Grid, Block)> {
    let mass = sample.mass();
    let news = progress.derive(sample);
    let coarse: Vec<(Vec<u8>, usize, Vec<u8>)> = (fields.iter().zip(blocks))
        .map(|(field, block)| {
            let (map, cells) = coarsen(field, block, &mass);
            let codes = block.codes.iter().map(|&c| map.get(usize::from(c)).copied().unwrap_or(0)).collect();
            (map, cells, codes)
        })
        .collect();
    let mut found: Vec<(f64, usize, usize)> = Vec::new();
    let mut codes: Vec<u8> = Vec::new();
    let free = |i: usize| fields.get(i).is_some_and(|field| field.direction.is_none());
    for (a, (_, _, rows)) in coarse.iter().enumerate().filter(|(a, _)| free(*a)) {
        for (b, (_, width, columns)) in coarse.iter().enumerate().skip(a + 1).filter(|(b, _)| free(*b)) {
            codes.clear();
            codes
                .extend(rows.iter().zip(columns).map(|(r, c)| r.wrapping_mul(*width as u8).wrapping_add(*c)));
            let sums = sum_by_code(&codes, news);
            let seen = sums.iter().filter(|[_, h]| *h > 0.0);
            let gain: f64 = seen.map(|[g, h]| (g * g - h) / (h + GRID_RIDGE)).sum();
            if gain > LEAST_GAIN {
                found.push((gain, a, b));
            }
        }
    }
    found.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    found
        .into_iter()
        .take(most)
        .filter_map(|(_, a, b)| {
            let ((rows, height, _), (columns, width, _)) = (coarse.get(a)?, coarse.get(b)?);
            let shape = Shape {
                rows: *height,
                columns: *width,
                rows_ordered: fields.get(a)?.ordered,
                columns_ordered: fields.get(b)?.ordered,
            };
            let grid = Grid {
                fields: (a, b),
                rows: rows.clone(),
                columns: columns.clone(),
                width: *width,
                weights: Vec::new(),
            };
            let codes = grid.codes(sample.codes.get(a)?, sample.codes.get(b)?);
            Some((grid, Block::grid(codes, shape)))
        })
        .collect()
}

/// Which cell of a grid each bin belongs to, and how many cells there are: numbers in about equal
/// shares of the rows, words the most frequent each alone.
fn coarsen(field: &FieldShape, block: &Block, mass: &[News]) -> (Vec<u8>, usize) {
    let (weights, _) = columns(&sum_by_code(&block.codes, mass));
    let weights = weights.get(FIRST..field.bins).unwrap_or_default();
    let mut map: Vec<u8> = vec![0, 1];
    if field.ordered {
        let (mut left, mut cell, mut held) = (weights.iter().sum::<f64>(), FIRST, 0.0);
        for (i, weight) in weights.iter().enumerate() {
            map.push(cell as u8);
            held += weight;
            let open = NUMBER_CELLS + FIRST - cell;
            if held * open as f64 >= left * 0.999_9 && open > 1 && i + 1 < weights.len() {
                left -= held;
                held = 0.0;
                cell += 1;
            }
        }
        (map, cell + 1)
    } else {
        let mut order: Vec<usize> = (0..weights.len()).collect();
        let weight = |i: &usize| weights.get(*i).copied().unwrap_or(0.0);
        order.sort_by(|a, b| weight(b).total_cmp(&weight(a)).then(a.cmp(b)));
        map.resize(field.bins, 1);
        for (place, i) in order.iter().take(WORD_CELLS).enumerate() {
            if let Some(cell) = map.get_mut(FIRST + i) {
                *cell = (FIRST + place) as u8;
            }
        }
        (map, FIRST + order.len().min(WORD_CELLS))
    }
}
