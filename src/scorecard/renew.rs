use super::calibrate::Calibration;
use super::card::Scorecard;
use super::judge::{Validation, logit_loss};
use super::learn::{Fitted, Learned, Learner};
use super::rows::Rows;
use crate::error::BuildError;

/// Learns anew from time to time while the world drifts, and chooses by its own record how fast to forget.
///
/// At each fit it first judges the models of the fit before on the rows that came since: they are the
/// only honest validation when tomorrow is not like today. Several half-lives stand for election, from
/// never forgetting to half a block; the one with the least loss so far scores the next block, and its record
/// calibrates it. Before the first block the last blocks of the given rows are played through in the same way.
///
/// Only rows known at a fit are ever used for it. Rows must come in order of time.
///
/// ```
/// use hearken::scorecard::{Learned, Learner, Renewal, Rows};
///
/// let mut rows = Rows::new(["source"]).unwrap();
/// let mut add = |rows: &mut Rows, n| (0..n).for_each(|i: usize| {
///     let at = rows.len() as i64;
///     rows.push_at(&[["fair", "web"][i % 2]], i % 2 * 2 + i / 7 % 3 > 2, at);
/// });
/// add(&mut rows, 400);
/// let mut renewal = Renewal::new(Learner::new(), 100);
/// assert!(matches!(renewal.fit(&rows), Ok(Learned::Ready(_))));
/// add(&mut rows, 100);
/// let Ok(Learned::Ready(next)) = renewal.fit(&rows) else { panic!() };
/// assert!(next.validation.rows() >= 200, "what it said before it knew");
/// ```
#[derive(Debug, Clone)]
pub struct Renewal {
    learner: Learner,
    block: usize,
    candidates: Vec<Candidate>,
    judged: usize,
}

/// One half-life, its present model, and its record: log-odds given before the outcome was known.
#[derive(Debug, Clone)]
struct Candidate {
    half_life: Option<f64>,
    card: Option<Scorecard>,
    logits: Vec<f64>,
    outcomes: Vec<f64>,
    loss: f64,
}

/// Half-lives that stand for election, in blocks; and never to forget.
const HALF_LIVES: [f64; 3] = [4.0, 1.0, 0.5];
/// Blocks of the first rows that are played through.
const REHEARSALS: usize = 6;

impl Renewal {
    /// Renews models of this learner, each time after about `block` rows. Pairs are not used: what two
    /// fields say together drifts fastest.
    pub fn new(learner: Learner, block: usize) -> Self {
        let half_lives = HALF_LIVES.iter().map(|blocks| Some(blocks * block.max(1) as f64));
        let candidates = std::iter::once(None)
            .chain(half_lives)
            .map(|half_life| Candidate {
                half_life,
                card: None,
                logits: Vec::new(),
                outcomes: Vec::new(),
                loss: 0.0,
            })
            .collect();
        Self { learner, block: block.max(1), candidates, judged: 0 }
    }

    /// Judges the former models on the rows beyond those of the last fit, then fits anew on all rows.
    /// The validation holds what was said of each row before its outcome was known.
    ///
    /// Each row's time counts in rows, whatever times it was pushed with.
    ///
    /// # Errors
    /// Those of [`Learner::fit`].
    pub fn fit(&mut self, rows: &Rows) -> Result<Learned, BuildError> {
        if self.judged == 0 {
            let rehearsed = (rows.len() / 2 / self.block).min(REHEARSALS);
            for left in (1..=rehearsed).rev() {
                self.renew(&rows.first(rows.len() - left * self.block))?;
            }
        }
        if let Some(refused) = self.renew(rows)? {
            return Ok(refused);
        }
        let better = |a: &&Candidate, b: &&Candidate| a.loss.total_cmp(&b.loss);
        let best = self.candidates.iter().filter(|c| c.card.is_some()).min_by(better);
        let Some((best, card)) = best.and_then(|c| Some((c, c.card.clone()?))) else {
            return self.learner.fit(rows);
        };
        let weights = vec![1.0; best.logits.len()];
        let calibration = if best.logits.len() < self.block {
            Calibration::None
        } else {
            Calibration::platt(&best.logits, &best.outcomes, &weights)
        };
        let record = best.logits.iter().zip(&best.outcomes);
        let validation = Validation::new(record.map(|(x, y)| (calibration.probability(*x), *y > 0.5)));
        Ok(Learned::Ready(Box::new(Fitted { card: card.calibrated(calibration), validation })))
    }

    /// The half-life in rows that stands best so far; none means never to forget.
    pub fn half_life(&self) -> Option<f64> {
        let better = |a: &&Candidate, b: &&Candidate| a.loss.total_cmp(&b.loss);
        self.candidates.iter().min_by(better).and_then(|best| best.half_life)
    }

    fn renew(&mut self, rows: &Rows) -> Result<Option<Learned>, BuildError> {
        let mut rows = rows.clone();
        rows.times.iter_mut().zip(0..).for_each(|(time, row)| *time = row);
        let names: Vec<&str> = rows.names().collect();
        let mut refused = None;
        for candidate in &mut self.candidates {
            if let Some(card) = &candidate.card {
                let scorer = card.scorer(&names);
                let mut sheet = scorer.sheet();
                for (row, outcome) in rows.outcomes.iter().enumerate().skip(self.judged) {
                    let score = scorer.score(&rows.row(row).unwrap_or_default(), &mut sheet);
                    let (logit, outcome) = (Scorecard::log_odds(score.points), f64::from(u8::from(*outcome)));
                    candidate.loss += logit_loss(logit, outcome);
                    candidate.logits.push(logit);
                    candidate.outcomes.push(outcome);
                }
            }
            let learner = match candidate.half_life {
                Some(half_life) => self.learner.clone().forget(half_life),
                None => self.learner.clone(),
            };
            match learner.fit_plain(&rows)? {
                Learned::Ready(fitted) => candidate.card = Some(fitted.card),
                other => refused = Some(other),
            }
        }
        self.judged = rows.len();
        Ok(refused)
    }
}
