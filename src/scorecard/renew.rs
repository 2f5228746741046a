use super::calibrate::Calibration;
use super::card::Scorecard;
use super::follow::Follower;
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
/// Where outcomes come soon, [`following`](Self::following) judges each half-life together with a [`Follower`]
/// that learns from every row after it was scored, as the host will do between two fits.
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
/// let mut renewal = Renewal::new(Learner::new(), 100).following();
/// assert!(matches!(renewal.fit(&rows), Ok(Learned::Ready(_))));
/// add(&mut rows, 100);
/// let Ok(Learned::Ready(next)) = renewal.fit(&rows) else { panic!() };
/// assert!(next.validation.rows() >= 200, "what it said before it knew");
///
/// // Between two fits the level is followed.
/// let mut follower = renewal.follower().unwrap();
/// let scorer = next.card.scorer(&["source"]);
/// let score = follower.correct(scorer.score(&["web"], &mut scorer.sheet()));
/// follower.observe(&score, true);
/// ```
#[derive(Debug, Clone)]
pub struct Renewal {
    learner: Learner,
    block: usize,
    candidates: Vec<Candidate>,
    judged: usize,
    follows: bool,
}

/// One half-life, its present model, and its record: what it said before the outcome was known.
#[derive(Debug, Clone)]
struct Candidate {
    half_life: Option<f64>,
    model: Option<(Scorecard, Follower)>,
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
                model: None,
                logits: Vec::new(),
                outcomes: Vec::new(),
                loss: 0.0,
            })
            .collect();
        Self { learner, block: block.max(1), candidates, judged: 0, follows: false }
    }

    /// Counts on every outcome being told to [`follower`](Self::follower) before the next row is scored.
    #[must_use]
    pub fn following(mut self) -> Self {
        self.follows = true;
        self
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
        let Some((best, (card, _))) = self.best().and_then(|best| Some((best, best.model.as_ref()?))) else {
            return self.learner.fit(rows);
        };
        let calibration = if self.follows || best.logits.len() < self.block {
            Calibration::None
        } else {
            Calibration::platt(&best.logits, &best.outcomes, &vec![1.0; best.logits.len()])
        };
        let record = best.logits.iter().zip(&best.outcomes);
        let validation = Validation::new(record.map(|(x, y)| (calibration.probability(*x), *y > 0.5)));
        let card = card.clone().calibrated(calibration);
        Ok(Learned::Ready(Box::new(Fitted { card, validation })))
    }

    /// Follows the model of the last fit from here on, with what its predecessors taught of the level. `None`
    /// before the first fit, or when the level is not followed.
    pub fn follower(&self) -> Option<Follower> {
        let best = self.best().filter(|_| self.follows)?;
        best.model.as_ref().map(|(_, follower)| follower.clone())
    }

    /// The half-life in rows that stands best so far; none means never to forget.
    pub fn half_life(&self) -> Option<f64> {
        self.best()?.half_life
    }

    fn best(&self) -> Option<&Candidate> {
        let fitted = self.candidates.iter().filter(|candidate| candidate.model.is_some());
        fitted.min_by(|a, b| a.loss.total_cmp(&b.loss))
    }

    fn renew(&mut self, rows: &Rows) -> Result<Option<Learned>, BuildError> {
        let mut rows = rows.clone();
        rows.times.iter_mut().zip(0..).for_each(|(time, row)| *time = row);
        let names: Vec<&str> = rows.names().collect();
        let mut refused = None;
        for candidate in &mut self.candidates {
            candidate.judge(&rows, &names, self.judged, self.follows);
            let learner = match candidate.half_life {
                Some(half_life) => self.learner.clone().forget(half_life),
                None => self.learner.clone(),
            };
            match learner.fit_plain(&rows)? {
                Learned::Ready(fitted) => {
                    let follower = match candidate.model.take() {
                        Some((_, follower)) => follower.onto(&fitted.card),
                        None => Follower::new(&fitted.card),
                    };
                    candidate.model = Some((fitted.card, follower));
                }
                other => refused = Some(other),
            }
        }
        self.judged = rows.len();
        Ok(refused)
    }
}

impl Candidate {
    /// Says of each row from `first` on what it would have said, then learns the outcome.
    fn judge(&mut self, rows: &Rows, names: &[&str], first: usize, follows: bool) {
        let Some((card, follower)) = &mut self.model else { return };
        let scorer = card.scorer(names);
        let mut sheet = scorer.sheet();
        for (row, outcome) in rows.outcomes.iter().enumerate().skip(first) {
            let score = scorer.score(&rows.row(row).unwrap_or_default(), &mut sheet);
            let raw = Scorecard::log_odds(score.points);
            let said = if follows { follower.log_odds(raw) } else { raw };
            let known = f64::from(u8::from(*outcome));
            self.loss += logit_loss(said, known);
            self.logits.push(said);
            self.outcomes.push(known);
            follower.learn(raw, known);
        }
    }
}
