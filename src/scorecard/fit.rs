//! The solver: one table of log-odds per field, fitted block by block.
//!
//! The model is a logistic regression on bin membership. Block `f` (a field, or a pair of fields) has a
//! weight `w[b]` per bin and pays
//!
//! ```text
//!   ridge/2 · Σ (w[b] − prior[b])²   +   smooth/2 · Σ over neighbouring bins of the difference, squared
//! ```
//!
//! A pass takes slope and curvature of every row, then visits every block and takes one Newton step on it, after
//! which the slopes follow as the curvatures say. A block's Hessian is diagonal plus the neighbour differences,
//! tridiagonal for one field, so a step costs two walks over the rows and O(bins), and a pass one exponential a
//! row. After its step each block chooses its own `ridge` or `smooth` by empirical
//! Bayes (MacKay's fixed point: the penalty is the effective number of weights divided by the sum of
//! their squares). A field without news is so flattened by itself, and no grid of penalties is searched.
//!
//! The bins of missing, unreadable and rare values have no neighbours, and the values of the field do not say how
//! strong they may be. They are drawn to no evidence, with a ridge that is never weak: one row must not
//! decide the score of a table in which that value is missing everywhere.

use super::bins::FIRST;
use super::real::sigmoid;

/// Rows ready to fit: a code per field and row, the outcome as 0 or 1, and the weight of each row.
#[derive(Debug, Clone)]
pub(super) struct Sample {
    pub(super) codes: Vec<Vec<u8>>,
    pub(super) outcomes: Vec<f64>,
    pub(super) weights: Vec<f64>,
}

impl Sample {
    pub(super) fn len(&self) -> usize {
        self.outcomes.len()
    }

    /// The weight of each row, and again where it has the outcome.
    pub(super) fn mass(&self) -> Vec<News> {
        self.weights.iter().zip(&self.outcomes).map(|(weight, outcome)| [*weight, weight * outcome]).collect()
    }

    /// The rows whose place in the order `keep` accepts.
    pub(super) fn part(&self, keep: impl Fn(usize) -> bool) -> Self {
        fn pick<T: Copy>(values: &[T], keep: impl Fn(usize) -> bool) -> Vec<T> {
            values.iter().enumerate().filter(|(i, _)| keep(*i)).map(|(_, v)| *v).collect()
        }
        Self {
            codes: self.codes.iter().map(|codes| pick(codes, &keep)).collect(),
            outcomes: pick(&self.outcomes, &keep),
            weights: pick(&self.weights, &keep),
        }
    }
}

/// The bins of a block: a line (`rows` is 1) or a grid, and on which sides neighbours are alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) rows_ordered: bool,
    pub(super) columns_ordered: bool,
}

impl Shape {
    pub(super) fn line(bins: usize, ordered: bool) -> Self {
        Self { rows: 1, columns: bins, rows_ordered: false, columns_ordered: ordered }
    }

    pub(super) fn len(self) -> usize {
        self.rows * self.columns
    }

    /// The bins before `i` and after it that it should be like, as (neighbour exists, its index).
    fn neighbours(self, i: usize) -> impl Iterator<Item = usize> {
        let (row, column) = (i / self.columns, i % self.columns);
        let along = self.columns_ordered && column >= FIRST;
        let across = self.rows_ordered && row >= FIRST;
        [
            (along && column > FIRST).then(|| i - 1),
            (along && column + 1 < self.columns).then(|| i + 1),
            (across && row > FIRST).then(|| i - self.columns),
            (across && row + 1 < self.rows).then(|| i + self.columns),
        ]
        .into_iter()
        .flatten()
    }

    fn has_neighbours(self) -> bool {
        self.rows_ordered || self.columns_ordered
    }

    /// True for a bin of missing, unreadable or rare values, and for a cell with one of these on a side.
    fn without_value(self, i: usize) -> bool {
        i % self.columns < FIRST || (self.rows > 1 && i / self.columns < FIRST)
    }
}

/// Which way the score must go as the number grows.
///
/// ```
/// # use hearken::scorecard::{Direction, Learned, Learner, Rows};
/// # let mut rows = Rows::new(["visits"]).unwrap();
/// # for i in 0..600_usize { rows.push(&[&(i % 5).to_string()], [1, 4, 2, 6, 8][i % 5] > i / 5 % 10); }
/// // More visits never count against anybody, whatever a few rows say.
/// let learn = |learner: Learner| {
///     let Ok(Learned::Ready(fitted)) = learner.fit(&rows) else { panic!() };
///     fitted.card.fields()[0].points[2..].to_vec()
/// };
/// assert!(!learn(Learner::new()).is_sorted());
/// assert!(learn(Learner::new().monotone("visits", Direction::Rising)).is_sorted());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// Never falls.
    Rising,
    /// Never rises.
    Falling,
}

/// One table being fitted.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) codes: Vec<u8>,
    pub(super) shape: Shape,
    pub(super) direction: Option<Direction>,
    pub(super) weights: Vec<f64>,
    pub(super) prior: Vec<f64>,
    /// Rows of each bin by weight, once the evidence is known.
    mass: Vec<f64>,
    pub(super) ridge: f64,
    pub(super) smooth: f64,
}

/// Strongest and weakest penalties that the empirical Bayes step may choose.
const RIDGE_RANGE: (f64, f64) = (0.2, 5_000.0);
const SMOOTH_RANGE: (f64, f64) = (0.2, 20_000.0);
/// The ridge of a smoothed line, which only holds its level.
const LINE_RIDGE: f64 = 0.1;
/// The least ridge of a bin without a value: its weight is expected within half a unit of log-odds around none.
/// A single training row then moves a probability of a quarter by three hundredths, and twenty rows
/// speak for themselves. Chosen on training rows of bank and telco with values blanked out, 100 to 1,000 rows at a time:
/// log loss is flat from 1 to 12 and rises below.
const VALUELESS_RIDGE: f64 = 4.0;
/// No weight moves further in one step; a full Newton step can overshoot when a bin is nearly pure.
const LONGEST_STEP: f64 = 1.0;
/// A pass that moves no weight further than this is the last.
const STILL: f64 = 1e-3;

impl Block {
    pub(super) fn line(codes: Vec<u8>, bins: usize, ordered: bool, direction: Option<Direction>) -> Self {
        let (ridge, smooth) = if ordered { (LINE_RIDGE, 5.0) } else { (1.0, 0.0) };
        let zero = vec![0.0; bins];
        let shape = Shape::line(bins, ordered);
        Self { codes, shape, direction, weights: zero.clone(), prior: zero, mass: Vec::new(), ridge, smooth }
    }

    pub(super) fn grid(codes: Vec<u8>, shape: Shape) -> Self {
        let smooth = if shape.has_neighbours() { GRID_RIDGE * 0.5 } else { 0.0 };
        let zero = vec![0.0; shape.len()];
        let (weights, prior) = (zero.clone(), zero);
        Self { codes, shape, direction: None, weights, prior, mass: Vec::new(), ridge: GRID_RIDGE, smooth }
    }

    /// The ridge of a bin: what the values of its own field are like says nothing of a bin without a value.
    fn ridge(&self, i: usize) -> f64 {
        if self.shape.without_value(i) { self.ridge.max(VALUELESS_RIDGE) } else { self.ridge }
    }

    /// One Newton step from the slope and curvature of the log-likelihood per bin; returns how the log-odds of each
    /// bin move, and how much of that the intercept takes over.
    fn step(&mut self, slope: &[f64], curvature: &[f64]) -> (Vec<f64>, f64) {
        let target: Vec<f64> = {
            let mut diagonal: Vec<f64> =
                curvature.iter().enumerate().map(|(i, h)| h + self.ridge(i)).collect();
            let mut right: Vec<f64> = (slope.iter().zip(curvature).enumerate())
                .zip(self.weights.iter().zip(&self.prior))
                .map(|((i, (g, h)), (w, m))| g + h * w + self.ridge(i) * m)
                .collect();
            if self.shape.has_neighbours() {
                for (i, (d, r)) in diagonal.iter_mut().zip(&mut right).enumerate() {
                    let own = at(&self.prior, i);
                    for j in self.shape.neighbours(i) {
                        *d += self.smooth;
                        *r += self.smooth * (own - at(&self.prior, j));
                    }
                }
            }
            if !self.shape.has_neighbours() {
                right.iter().zip(&diagonal).map(|(r, d)| r / d).collect()
            } else if self.shape.rows == 1 {
                solve_line(diagonal, right, self.smooth)
            } else {
                self.solve_grid(&diagonal, &right)
            }
        };
        let target = match self.direction {
            Some(direction) => monotone(target, curvature, direction),
            None => target,
        };
        let moves = (self.weights.iter_mut().zip(target))
            .map(|(weight, target)| {
                let move_ = (target - *weight).clamp(-LONGEST_STEP, LONGEST_STEP);
                *weight += move_;
                move_
            })
            .collect();
        (moves, self.centre())
    }

    /// Takes the mean over the rows out of a line, so that no evidence means like the average row; returns that mean.
    fn centre(&mut self) -> f64 {
        let sum: f64 = self.mass.iter().zip(&self.weights).map(|(n, w)| n * w).sum();
        let mean = sum / self.mass.iter().sum::<f64>().max(1e-9);
        self.weights.iter_mut().for_each(|weight| *weight -= mean);
        mean
    }

    /// Gauss–Seidel from the present weights: there and back eight times is far below the step's own error.
    fn solve_grid(&self, diagonal: &[f64], right: &[f64]) -> Vec<f64> {
        let mut weights = self.weights.clone();
        let forth = 0..self.shape.len();
        for _ in 0..8 {
            for i in forth.clone().chain(forth.clone().rev()) {
                let near: f64 = self.shape.neighbours(i).map(|j| at(&weights, j)).sum();
                let value = (at(right, i) + self.smooth * near) / at(diagonal, i);
                if let Some(weight) = weights.get_mut(i) {
                    *weight = value;
                }
            }
        }
        weights
    }

    /// Chooses the penalty that the weights themselves speak for, those of bins with a value.
    fn choose_penalty(&mut self, curvature: &[f64]) {
        let seen = (curvature.iter().enumerate())
            .filter(|(i, h)| **h > 0.0 && !self.shape.without_value(*i))
            .map(|(i, h)| (h + self.ridge + self.smooth * self.shape.neighbours(i).count() as f64, i));
        let (mut count, mut squares, mut loose) = (0.0, 0.0, 0.0);
        for (tightness, i) in seen {
            let off = at(&self.weights, i) - at(&self.prior, i);
            count += 1.0;
            squares += off * off;
            loose += 1.0 / tightness;
        }
        if count < 2.0 {
            return;
        }
        if !self.shape.has_neighbours() {
            let effective = (count - self.ridge * loose).max(1e-6);
            self.ridge = (effective / (squares + 1e-4)).clamp(RIDGE_RANGE.0, RIDGE_RANGE.1);
        } else if self.shape.rows == 1 {
            let diagonal: Vec<f64> = (curvature.iter().enumerate())
                .map(|(i, h)| h + self.ridge(i) + self.smooth * self.shape.neighbours(i).count() as f64)
                .collect();
            let (differences, edges) = self.differences();
            let effective = (edges - self.smooth * edge_variance(&diagonal, self.smooth)).max(1e-6);
            self.smooth = (effective / (differences + 1e-4)).clamp(SMOOTH_RANGE.0, SMOOTH_RANGE.1);
        } else {
            // A grid keeps its ratio of smoothing to ridge; EM's step is slower and safer than MacKay's.
            let ratio = self.smooth / self.ridge;
            self.ridge = (count / (squares + loose + 1e-9)).clamp(RIDGE_RANGE.0, RIDGE_RANGE.1);
            self.smooth = self.ridge * ratio;
        }
    }

    /// Sum of squared differences from the prior's between neighbours of a line, and how many there are.
    fn differences(&self) -> (f64, f64) {
        let off = || self.weights.iter().zip(&self.prior).map(|(w, m)| w - m).skip(FIRST);
        let squares = off().zip(off().skip(1)).map(|(a, b)| (a - b) * (a - b)).sum();
        (squares, self.weights.len().saturating_sub(FIRST + 1) as f64)
    }
}

/// The ridge with which a grid of two fields starts: pairs must earn their weight.
pub(super) const GRID_RIDGE: f64 = 10.0;

fn at(values: &[f64], i: usize) -> f64 {
    values.get(i).copied().unwrap_or(0.0)
}

/// Solves a line: bins before [`FIRST`] stand alone, the others are tridiagonal with `-smooth` beside
/// the diagonal (Thomas's algorithm; the matrix is diagonally dominant, so no pivoting).
fn solve_line(mut diagonal: Vec<f64>, mut right: Vec<f64>, smooth: f64) -> Vec<f64> {
    let mut last: Option<(f64, f64)> = None;
    for (d, r) in diagonal.iter_mut().zip(&mut right).skip(FIRST) {
        if let Some((before, value)) = last {
            let factor = smooth / before;
            *d -= factor * smooth;
            *r += factor * value;
        }
        last = Some((*d, *r));
    }
    let mut next = 0.0;
    for (d, r) in diagonal.iter().zip(&mut right).skip(FIRST).rev() {
        *r = (*r + smooth * next) / d;
        next = *r;
    }
    for (d, r) in diagonal.iter().zip(&mut right).take(FIRST) {
        *r /= d;
    }
    right
}

/// Sum over neighbours of the posterior variance of their difference, from the two-way elimination of
/// the tridiagonal matrix: O(bins) instead of an inverse.
fn edge_variance(diagonal: &[f64], smooth: f64) -> f64 {
    let line = diagonal.get(FIRST..).unwrap_or_default();
    let mut backward = line.to_vec();
    let mut next: Option<f64> = None;
    for d in backward.iter_mut().rev() {
        if let Some(after) = next {
            *d -= smooth * smooth / after;
        }
        next = Some(*d);
    }
    let (mut sum, mut before, mut last): (f64, Option<f64>, Option<(f64, f64)>) = (0.0, None, None);
    for (i, (d, back)) in line.iter().zip(&backward).enumerate() {
        let forward = before.map_or(*d, |b| d - smooth * smooth / b);
        let variance = 1.0 / (forward + back - d);
        if let Some((previous, covariance)) = last {
            sum += previous + variance - 2.0 * covariance;
        }
        let after = backward.get(i + 1).copied().unwrap_or(1.0);
        last = Some((variance, variance * smooth / after));
        before = Some(forward);
    }
    sum
}

/// Nearest monotone line, weighted (pool adjacent violators). The bins before [`FIRST`] stay.
fn monotone(mut line: Vec<f64>, weights: &[f64], direction: Direction) -> Vec<f64> {
    let sign = if direction == Direction::Rising { 1.0 } else { -1.0 };
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (value, weight) in line.iter().zip(weights).skip(FIRST) {
        let mut pool = (sign * value, weight + 1e-9, 1);
        while let Some((mean, mass, count)) = pools.pop() {
            if mean <= pool.0 {
                pools.push((mean, mass, count));
                break;
            }
            pool = ((mean * mass + pool.0 * pool.1) / (mass + pool.1), mass + pool.1, count + pool.2);
        }
        pools.push(pool);
    }
    let pooled = pools.into_iter().flat_map(|(mean, _, count)| std::iter::repeat_n(sign * mean, count));
    for (slot, value) in line.iter_mut().skip(FIRST).zip(pooled) {
        *slot = value;
    }
    line
}

/// Slope and curvature of the log-likelihood: of a row, or summed over rows.
pub(super) type News = [f64; 2];

/// The state of a fit: the intercept, the present log-odds of every row, and what the row says of them.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    pub(super) intercept: f64,
    pub(super) logits: Vec<f64>,
    news: Vec<News>,
}

impl Progress {
    pub(super) fn new(intercept: f64, rows: usize) -> Self {
        Self { intercept, logits: vec![intercept; rows], news: vec![[0.0; 2]; rows] }
    }

    /// What each row says at its present log-odds.
    pub(super) fn derive(&mut self, sample: &Sample) -> &[News] {
        let known = sample.outcomes.iter().zip(&sample.weights);
        for ((logit, (outcome, weight)), news) in self.logits.iter().zip(known).zip(&mut self.news) {
            let p = sigmoid(*logit);
            *news = [(outcome - p) * weight, p * (1.0 - p) * weight];
        }
        &self.news
    }

    /// Adds `moves[code]` to the log-odds of every row.
    pub(super) fn shift(&mut self, codes: &[u8], moves: &[f64]) {
        let moves = by_code(moves);
        for (logit, &code) in self.logits.iter_mut().zip(codes) {
            *logit += look_up(&moves, code);
        }
    }

    /// Adds `moves[code]` to the log-odds of every row, and to its slope what the curvature makes of that.
    fn follow(&mut self, codes: &[u8], moves: &[f64]) {
        let moves = by_code(moves);
        for ((logit, [slope, curvature]), &code) in self.logits.iter_mut().zip(&mut self.news).zip(codes) {
            let step = look_up(&moves, code);
            *logit += step;
            *slope -= *curvature * step;
        }
    }

    /// Passes over all blocks until they rest, at most `passes`. Within a pass the curvature of a row stays and
    /// its slope follows the steps, so that a pass costs one exponential a row.
    pub(super) fn cycle(&mut self, blocks: &mut [Block], sample: &Sample, passes: usize) {
        for pass in 1..=passes {
            let mut furthest = 0.0_f64;
            self.derive(sample);
            for block in &mut *blocks {
                let sums = sum_by_code(&block.codes, &self.news);
                let (slope, curvature) = columns(sums.get(..block.shape.len()).unwrap_or_default());
                let (moves, level) = block.step(&slope, &curvature);
                self.intercept += level;
                furthest = moves.iter().fold(furthest, |most, m| most.max(m.abs()));
                if pass < passes {
                    block.choose_penalty(&curvature);
                }
                self.follow(&block.codes, &moves);
            }
            let (slope, curvature) =
                self.news.iter().fold((0.0, 0.0), |(g, h), news| (g + news[0], h + news[1]));
            let step = (slope / (curvature + 1e-9)).clamp(-LONGEST_STEP, LONGEST_STEP);
            self.intercept += step;
            self.logits.iter_mut().for_each(|logit| *logit += step);
            if furthest < STILL {
                break;
            }
        }
    }
}

/// The values of every row summed per code, rows in order.
#[expect(clippy::indexing_slicing, reason = "a byte is below 256, the length of the array")]
pub(super) fn sum_by_code(codes: &[u8], values: &[News]) -> [News; 256] {
    let mut sums = [[0.0; 2]; 256];
    for (&code, [a, b]) in codes.iter().zip(values) {
        let sum = &mut sums[usize::from(code)];
        sum[0] += a;
        sum[1] += b;
    }
    sums
}

/// Slopes and curvatures apart.
pub(super) fn columns(sums: &[News]) -> (Vec<f64>, Vec<f64>) {
    sums.iter().map(|[a, b]| (*a, *b)).unzip()
}

fn by_code(values: &[f64]) -> [f64; 256] {
    let mut table = [0.0; 256];
    table.iter_mut().zip(values).for_each(|(slot, value)| *slot = *value);
    table
}

#[expect(clippy::indexing_slicing, reason = "a byte is below 256, the length of the array")]
fn look_up(table: &[f64; 256], code: u8) -> f64 {
    table[usize::from(code)]
}

/// A line fitted to nothing but its own counts: the smoothed weight of evidence of a field.
///
/// `weights[b]` and `positives[b]` are the weighted rows of bin `b` and those with the outcome.
pub(super) fn evidence(block: &mut Block, intercept: f64, weights: &[f64], positives: &[f64]) {
    const PASSES: usize = 6;
    block.mass = weights.to_vec();
    let mut level = intercept;
    for pass in 1..=PASSES {
        let (mut slope, mut curvature) = (Vec::new(), Vec::new());
        for ((weight, positive), w) in weights.iter().zip(positives).zip(&block.weights) {
            let p = sigmoid(level + w);
            slope.push(positive - weight * p);
            curvature.push(weight * p * (1.0 - p));
        }
        level += block.step(&slope, &curvature).1;
        if pass < PASSES {
            block.choose_penalty(&curvature);
        }
        let (mut slope, mut curvature) = (0.0, 1e-9);
        for ((weight, positive), w) in weights.iter().zip(positives).zip(&block.weights) {
            let p = sigmoid(level + w);
            slope += positive - weight * p;
            curvature += weight * p * (1.0 - p);
        }
        level += (slope / curvature).clamp(-LONGEST_STEP, LONGEST_STEP);
    }
}
