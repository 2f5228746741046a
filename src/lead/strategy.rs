use super::action::{Action, Choice};
use crate::error::BuildError;
use crate::scorecard::{Learned, Learner, Rows, Scorecard, Scorer, Sheet};
use serde::{Deserialize, Serialize};

/// Something that can be done for a customer, and what doing it once costs.
///
/// ```
/// use hearken::lead::{Offer, Strategies};
/// use hearken::scorecard::{Learner, Rows};
///
/// let offers: Vec<Offer> =
///     serde_json::from_str(r#"[{"name": "call", "cost": 20.0}, {"name": "gift", "cost": 5.0}]"#).unwrap();
/// // Nothing has been done yet, so nothing can be said for any of them.
/// let rows = Rows::new(["complaints", "action"]).unwrap();
/// let strategies = Strategies::learn(&Learner::new(), &rows, "action", &offers, 200.0).unwrap();
/// assert_eq!(strategies.unlearnt(), ["call", "gift"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Its name, as the records of what was done have it.
    pub name: String,
    /// Its cost, in the currency of the value.
    pub cost: f64,
}

/// What to do next for one person: each action has a scorecard of its own, learnt from the cases where it was
/// done, and doing nothing has one too. The best is what brings most after its cost.
///
/// What is learnt is what happened where an action was taken. Where agents chose it for customers who would have
/// come round anyway, it looks better than it is: draw by lot for some ([`Play`](super::Play)) and learn from those.
///
/// ```
/// use hearken::lead::{NOTHING, Offer, Strategies};
/// use hearken::scorecard::{Learner, Rows};
///
/// // A call keeps those who complain; whoever does not is kept by nothing more.
/// let mut rows = Rows::new(["complaints", "action"]).unwrap();
/// for i in 0..1_200_usize {
///     let (complaints, called) = (i % 4, i / 4 % 2 == 1);
///     let stays = i / 8 % 10 < if complaints < 2 { 8 } else if called { 7 } else { 2 };
///     rows.push(&[&complaints.to_string(), if called { "call" } else { "" }], stays);
/// }
/// let offers = [Offer { name: "call".into(), cost: 20.0 }, Offer { name: "gift".into(), cost: 5.0 }];
/// let strategies = Strategies::learn(&Learner::new(), &rows, "action", &offers, 200.0).unwrap();
/// assert_eq!(strategies.unlearnt(), ["gift"], "never tried, so never guessed");
///
/// let mut advisor = strategies.advisor(&["complaints"]);
/// let angry = advisor.choose(&["3"]).unwrap();
/// assert_eq!((angry.best(), angry.runner_up()), ("call", Some(NOTHING)));
/// assert_eq!(advisor.choose(&["0"]).unwrap().best(), NOTHING);
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Strategies {
    value: f64,
    nothing: Option<Scorecard>,
    known: Vec<(Offer, Scorecard)>,
    unlearnt: Vec<String>,
}

impl Strategies {
    /// Learns from closed cases: the rows hold in `column` what was done, nothing where the cell is empty, and the
    /// outcome is the wished one, worth `value`. An action with too few cases of either outcome is not guessed
    /// ([`unlearnt`](Self::unlearnt)).
    ///
    /// # Errors
    /// Those of [`Learner::fit`].
    pub fn learn(
        learner: &Learner,
        rows: &Rows,
        column: &str,
        offers: &[Offer],
        value: f64,
    ) -> Result<Self, BuildError> {
        let done = rows.by(column);
        let learn = |name: &str| -> Result<Option<Scorecard>, BuildError> {
            match done.get(name).map(|rows| learner.fit(rows)).transpose()? {
                Some(Learned::Ready(fitted)) => Ok(Some(fitted.card)),
                _ => Ok(None),
            }
        };
        let mut strategies = Self { value, nothing: learn("")?, known: Vec::new(), unlearnt: Vec::new() };
        for offer in offers {
            match learn(&offer.name)? {
                Some(card) => strategies.known.push((offer.clone(), card)),
                None => strategies.unlearnt.push(offer.name.clone()),
            }
        }
        Ok(strategies)
    }

    /// The actions of which too little is known.
    pub fn unlearnt(&self) -> &[String] {
        &self.unlearnt
    }

    /// Prepares for people in rows of these columns.
    pub fn advisor<S: AsRef<str>>(&self, columns: &[S]) -> Advisor<'_> {
        Advisor {
            value: self.value,
            nothing: self.nothing.as_ref().map(|card| bind(card, columns)),
            known: self.known.iter().map(|(offer, card)| (offer, bind(card, columns))).collect(),
        }
    }
}

fn bind<'a, S: AsRef<str>>(card: &'a Scorecard, columns: &[S]) -> (Sheet, Scorer<'a>) {
    let scorer = card.scorer(columns);
    (scorer.sheet(), scorer)
}

/// [`Strategies`] bound to the columns of a table.
///
/// ```
/// use hearken::lead::{NOTHING, Offer, Strategies};
/// use hearken::scorecard::{Learner, Rows};
///
/// # let mut rows = Rows::new(["complaints", "action"]).unwrap();
/// # for i in 0..1_200_usize {
/// #     let (complaints, called) = (i % 4, i / 4 % 2 == 1);
/// #     let stays = i / 8 % 10 < if complaints < 2 { 8 } else if called { 7 } else { 2 };
/// #     rows.push(&[&complaints.to_string(), if called { "call" } else { "" }], stays);
/// # }
/// let offers = [Offer { name: "call".into(), cost: 20.0 }];
/// let strategies = Strategies::learn(&Learner::new(), &rows, "action", &offers, 200.0).unwrap();
/// // Bound once to the columns of today's list, then asked for each customer.
/// let mut advisor = strategies.advisor(&["name", "complaints"]);
/// let list = [["Ann", "3"], ["Bo", "0"]].map(|row| advisor.choose(&row).unwrap().best().to_owned());
/// assert_eq!(list, ["call", NOTHING]);
/// ```
#[derive(Debug, Clone)]
pub struct Advisor<'a> {
    value: f64,
    nothing: Option<(Sheet, Scorer<'a>)>,
    known: Vec<(&'a Offer, (Sheet, Scorer<'a>))>,
}

impl Advisor<'_> {
    /// The actions for a person with these cells by expected value, doing nothing among them. `None` when too
    /// little is known of what happens if nothing is done. O(actions × fields).
    pub fn choose(&mut self, cells: &[&str]) -> Option<Choice> {
        let said = |(sheet, scorer): &mut (Sheet, Scorer<'_>)| scorer.score(cells, sheet).probability;
        let nothing = said(self.nothing.as_mut()?);
        let value = self.value;
        let actions = self.known.iter_mut().map(|(offer, model)| Action {
            name: offer.name.clone(),
            probability: said(model),
            value,
            cost: offer.cost,
        });
        Some(Choice::among(actions.collect::<Vec<_>>(), nothing, value))
    }
}
