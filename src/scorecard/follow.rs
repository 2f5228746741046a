use super::calibrate::Calibration;
use super::card::{Score, Scorecard};
use super::judge::logit_loss;
use super::real::{exp, sigmoid};
use super::rows::Fold;
use serde::{Deserialize, Serialize};
use std::hash::Hasher;

/// How many of the latest cases each line remembers.
const MEMORIES: [f64; 4] = [50.0, 100.0, 200.0, 400.0];
/// How many of the latest cases speak for or against a line.
const RECORD: f64 = 200.0;
/// What a line is taken to know before its first case: this much curvature speaks for slope 1, shift 0.
const BEFORE: (f64, f64) = (3.0, 9.0);
/// Slopes that a line may take: a stretch of chance must not turn the order round.
const SLOPES: (f64, f64) = (0.2, 2.0);

/// Follows a level that moves between two fits: recalibrates a [`Scorecard`] with every outcome.
///
/// Four straight lines on the log-odds learn from each case, with memories of 50 to 400 cases; what is
/// published is their mean, weighted by how well each foretold the latest cases. So a jump is followed within
/// some tens of cases and a calm level is not disturbed. The points of a score, its reasons and the order of two
/// scores given at one time stay as they are; only the map to the probability moves, and the version with it.
///
/// It learns from the outcomes it is told, when it is told: where they come late, it follows late, and where
/// they come later than the level moves, it is better not to follow. Unlike a fit, the order of cases matters.
///
/// ```
/// use hearken::scorecard::{Follower, Learned, Learner, Rows};
///
/// # let mut rows = Rows::new(["source"]).unwrap();
/// # for i in 0..400 { rows.push(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2); }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// let scorer = fitted.card.scorer(&["source"]);
/// let score = scorer.score(&["web"], &mut scorer.sheet());
/// let mut follower = Follower::new(&fitted.card);
/// assert_eq!(follower.correct(score).probability, score.probability, "nothing is known better yet");
/// for _ in 0..60 {
///     follower.observe(&score, false);      // the season is over: nobody buys
/// }
/// let now = follower.correct(score);
/// assert!(now.probability < 0.5 * score.probability);
/// assert_eq!(now.points, score.points);
/// assert_ne!(now.model, score.model);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Follower {
    base: Calibration,
    /// The least probability of the card.
    least: f64,
    lines: [Line; MEMORIES.len()],
    slope: f64,
    shift: f64,
    version: u64,
}

/// A straight line on the log-odds, learnt by Newton steps whose curvature fades.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Line {
    slope: f64,
    shift: f64,
    /// The curvature seen so far: of the shift, of both, of the slope.
    curvature: [f64; 3],
    /// Loss over the latest cases.
    loss: f64,
}

impl Line {
    const NEW: Self = Self { slope: 1.0, shift: 0.0, curvature: [0.0; 3], loss: 0.0 };

    fn log_odds(&self, x: f64) -> f64 {
        self.slope * x + self.shift
    }

    fn observe(&mut self, x: f64, outcome: f64, memory: f64) {
        self.loss = self.loss * (1.0 - 1.0 / RECORD) + logit_loss(self.log_odds(x), outcome);
        let p = sigmoid(self.log_odds(x));
        let (residual, weight) = (outcome - p, (p * (1.0 - p)).max(0.01));
        let keep = 1.0 - 1.0 / memory;
        for (sum, news) in self.curvature.iter_mut().zip([weight, weight * x, weight * x * x]) {
            *sum = *sum * keep + news;
        }
        let [shift, both, slope] = self.curvature;
        let (shift, slope) = (shift + BEFORE.0, slope + BEFORE.1);
        let determinant = shift * slope - both * both;
        if determinant > 0.0 {
            self.shift += residual * (slope - both * x) / determinant;
            self.slope += residual * (shift * x - both) / determinant;
            self.slope = self.slope.clamp(SLOPES.0, SLOPES.1);
        }
    }
}

impl Follower {
    /// Follows nothing yet: corrects no score of this card until it has seen outcomes.
    pub fn new(card: &Scorecard) -> Self {
        let base = card.calibration().clone();
        let lines = [Line::NEW; MEMORIES.len()];
        Self { base, least: card.least(), lines, slope: 1.0, shift: 0.0, version: card.version() }
    }

    /// The score with the probability as it stands now, and a version that says so.
    #[must_use]
    pub fn correct(&self, mut score: Score) -> Score {
        score.probability = sigmoid(self.log_odds(self.raw(&score))).clamp(self.least, 1.0 - self.least);
        score.model = self.version;
        score
    }

    /// Learns from an outcome that has become known, of a case scored with this card. O(1).
    pub fn observe(&mut self, score: &Score, outcome: bool) {
        self.learn(self.raw(score), f64::from(u8::from(outcome)));
        let mut hash = Fold::default();
        for word in [self.version, self.slope.to_bits(), self.shift.to_bits()] {
            hash.write_u64(word);
        }
        self.version = hash.finish() >> 11;
    }

    /// The function from the card's own log-odds to those published now, as `(slope, shift)`.
    pub fn line(&self) -> (f64, f64) {
        (self.slope, self.shift)
    }

    pub(super) fn log_odds(&self, x: f64) -> f64 {
        self.slope * x + self.shift
    }

    /// What the card itself says of a score.
    fn raw(&self, score: &Score) -> f64 {
        self.base.log_odds(Scorecard::log_odds(score.points))
    }

    pub(super) fn learn(&mut self, x: f64, outcome: f64) {
        for (line, memory) in self.lines.iter_mut().zip(MEMORIES) {
            line.observe(x, outcome, memory);
        }
        let least = self.lines.iter().map(|line| line.loss).fold(f64::INFINITY, f64::min);
        let (mut sum, mut slope, mut shift) = (0.0, 0.0, 0.0);
        for line in &self.lines {
            let weight = exp(least - line.loss);
            sum += weight;
            slope += weight * line.slope;
            shift += weight * line.shift;
        }
        (self.slope, self.shift) = (slope / sum, shift / sum);
    }

    /// Goes on with another model of the same outcome: what was learnt of the level stays.
    pub(super) fn onto(mut self, card: &Scorecard) -> Self {
        self.base = card.calibration().clone();
        self.least = card.least();
        self.version = card.version();
        self
    }
}
