use super::action::{Lot, Play};
use crate::model::Points;
use crate::scorecard::{Change, Fitted, Scorecard, Scorer, Sheet, Threshold};

/// Who is likely to leave, why, what would help, and whether to treat them: a scorecard of churn with the
/// threshold that its own history and the host's costs speak for, and a play with a holdout.
///
/// ```
/// use hearken::lead::{Lot, Retention};
/// use hearken::scorecard::{Learned, Learner, Rows};
///
/// let mut rows = Rows::new(["complaints", "plan"]).unwrap();
/// for i in 0..600_usize {
///     let complaints = i % 5;
///     rows.push(&[&complaints.to_string(), ["basic", "pro"][i / 5 % 2]], complaints * 2 + i / 10 % 7 > 7);
/// }
/// let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// // A customer lost costs ten times a call in vain; one in ten at risk is left alone, to compare with.
/// let retention = Retention::new(&fitted, (10.0, 1.0), "win-back", 0.1).unwrap();
/// let mut watch = retention.watch(&["complaints", "plan"]);
/// let risk = watch.assess("customer-7", &["4", "basic"]);
/// assert!(risk.probability > retention.threshold.threshold && risk.lot == Lot::Treated);
/// assert_eq!(risk.reasons[0].0, "complaints is 4");
/// let help = watch.remedy(|field| field == "complaints").unwrap();
/// assert_eq!((help[0].field.as_str(), help[0].now.as_str()), ("complaints", "is 4"));
/// assert_eq!(watch.assess("customer-8", &["0", "basic"]).lot, Lot::Below);
/// ```
#[derive(Debug, Clone)]
pub struct Retention {
    /// The model of leaving.
    pub card: Scorecard,
    /// From which risk to act, and what that did on rows not learnt from.
    pub threshold: Threshold,
    /// Who is treated and who is held back.
    pub play: Play,
}

/// A customer's risk of leaving.
///
/// ```
/// # use hearken::lead::{Lot, Retention};
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["complaints", "plan"]).unwrap();
/// # for i in 0..600_usize {
/// #     let complaints = i % 5;
/// #     rows.push(&[&complaints.to_string(), ["basic", "pro"][i / 5 % 2]], complaints * 2 + i / 10 % 7 > 7);
/// # }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// // A customer lost costs ten times a call in vain; nobody is held back.
/// let retention = Retention::new(&fitted, (10.0, 1.0), "win-back", 0.0).unwrap();
/// let risk = retention.watch(&["complaints", "plan"]).assess("customer-7", &["4", "pro"]);
/// let line = format!("{:.0} %, {}", risk.probability * 100.0, risk.reasons[0].0);
/// assert!(line.ends_with("%, complaints is 4"), "{line}");
/// assert_eq!(risk.lot, Lot::Treated);
/// assert_eq!(risk.model, retention.card.version());
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Risk {
    /// The calibrated probability that they leave.
    pub probability: f64,
    /// The score it stands for.
    pub points: Points,
    /// The version of the model.
    pub model: u64,
    /// The strongest reasons in words and points; negative ones speak for staying.
    pub reasons: Vec<(String, Points)>,
    /// What the play does with them.
    pub lot: Lot,
}

impl Retention {
    /// From a model of leaving, the cost of a customer lost unnoticed and of acting in vain, the name of the play
    /// and the share held back. `None` when nothing was validated or a cost is not positive.
    pub fn new(fitted: &Fitted, (miss, false_alarm): (f64, f64), play: &str, holdout: f64) -> Option<Self> {
        let threshold = fitted.validation.threshold(miss, false_alarm)?;
        let play = Play { id: play.to_owned(), threshold: threshold.threshold, holdout };
        Some(Self { card: fitted.card.clone(), threshold, play })
    }

    /// Prepares for customers in rows of these columns.
    pub fn watch<S: AsRef<str>>(&self, columns: &[S]) -> Watch<'_> {
        let scorer = self.card.scorer(columns);
        Watch { retention: self, sheet: scorer.sheet(), scorer }
    }
}

/// A [`Retention`] bound to the columns of a table.
///
/// ```
/// # use hearken::lead::Retention;
/// # use hearken::scorecard::{Learned, Learner, Rows};
/// # let mut rows = Rows::new(["complaints", "plan"]).unwrap();
/// # for i in 0..600_usize {
/// #     let complaints = i % 5;
/// #     rows.push(&[&complaints.to_string(), ["basic", "pro"][i / 5 % 2]], complaints * 2 + i / 10 % 7 > 7);
/// # }
/// # let Ok(Learned::Ready(fitted)) = Learner::new().fit(&rows) else { panic!() };
/// # let retention = Retention::new(&fitted, (10.0, 1.0), "win-back", 0.0).unwrap();
/// // The host's own table, with its columns in their order; what the model does not know adds nothing.
/// let mut watch = retention.watch(&["name", "plan", "complaints"]);
/// let risks = ["4", "0"].map(|complaints| watch.assess("c-1", &["Ann", "pro", complaints]).probability);
/// assert!(risks[0] > risks[1]);
/// assert_eq!(watch.remedy(|_| true), Some(Vec::new()), "the last one is calm already");
/// ```
#[derive(Debug, Clone)]
pub struct Watch<'a> {
    retention: &'a Retention,
    scorer: Scorer<'a>,
    sheet: Sheet,
}

impl Watch<'_> {
    /// The risk of a customer with these cells. O(fields).
    pub fn assess(&mut self, customer: &str, cells: &[&str]) -> Risk {
        let score = self.scorer.score(cells, &mut self.sheet);
        let words = |reason| (self.scorer.describe(&self.sheet, reason), reason.points);
        Risk {
            probability: score.probability,
            points: score.points,
            model: score.model,
            reasons: score.reasons().map(words).collect(),
            lot: self.retention.play.draw(customer, score.probability),
        }
    }

    /// What would bring the customer assessed last below the threshold, changing only fields that `may_change`
    /// accepts: no change where they are below already, `None` where none would do.
    pub fn remedy(&self, may_change: impl Fn(&str) -> bool) -> Option<Vec<Change>> {
        self.scorer.changes_below(&self.sheet, self.retention.play.threshold, may_change)
    }
}
