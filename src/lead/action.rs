use crate::scorecard::share_difference;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Something that could be done for a lead or a customer, and what is expected of it.
///
/// The probability comes from a scorecard learnt on cases where this was done; the value is what the
/// outcome is worth, in any currency.
///
/// ```
/// use hearken::lead::Action;
///
/// let call = Action { name: "call".into(), probability: 0.3, value: 200.0, cost: 20.0 };
/// let gift = Action { name: "gift".into(), cost: 65.0, ..call.clone() };
/// assert!(call.expected() > 0.0 && gift.expected() < 0.0, "the same chance, at a price that eats it");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Its name.
    pub name: String,
    /// Probability of the outcome if it is done.
    pub probability: f64,
    /// What the outcome is worth.
    pub value: f64,
    /// What doing it costs.
    pub cost: f64,
}

impl Action {
    /// The expected value: `probability · value − cost`.
    pub fn expected(&self) -> f64 {
        self.probability * self.value - self.cost
    }
}

/// The action of greatest expected value, and the next best.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Choice {
    /// All actions with their expected value, best first; "do nothing" is one of them.
    pub ranked: Vec<(String, f64)>,
}

/// The name under which doing nothing competes.
pub const NOTHING: &str = "do nothing";

impl Choice {
    /// Ranks actions against doing nothing, which costs nothing and leaves `probability` of an outcome
    /// worth `value`. Among equals doing nothing is first, then the order of the names. Actions whose
    /// expected value is not a number are left out.
    ///
    /// ```
    /// use hearken::lead::{Action, Choice, NOTHING};
    ///
    /// let action = |name: &str, probability, cost| Action { name: name.into(), probability, value: 200.0, cost };
    /// let choice = Choice::among([action("call", 0.30, 20.0), action("mail", 0.24, 1.0)], 0.22, 200.0);
    /// assert_eq!((choice.best(), choice.runner_up()), ("mail", Some(NOTHING)));
    /// assert!((choice.margin() - 3.0).abs() < 1e-9);
    /// ```
    pub fn among(actions: impl IntoIterator<Item = Action>, probability: f64, value: f64) -> Self {
        let nothing = (NOTHING.to_owned(), probability * value);
        let done = actions.into_iter().map(|action| {
            let expected = action.expected();
            (action.name, expected)
        });
        let mut ranked: Vec<(String, f64)> =
            std::iter::once(nothing).chain(done).filter(|(_, expected)| expected.is_finite()).collect();
        ranked.sort_by(|a, b| {
            let idle = |name: &str| name != NOTHING;
            b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal).then((idle(&a.0), &a.0).cmp(&(idle(&b.0), &b.0)))
        });
        Self { ranked }
    }

    /// The best action.
    pub fn best(&self) -> &str {
        self.ranked.first().map_or(NOTHING, |(name, _)| name)
    }

    /// The next best.
    pub fn runner_up(&self) -> Option<&str> {
        self.ranked.get(1).map(|(name, _)| name.as_str())
    }

    /// By how much the best is better than the next; zero when there is no other.
    pub fn margin(&self) -> f64 {
        match self.ranked.as_slice() {
            [(_, best), (_, next), ..] => best - next,
            _ => 0.0,
        }
    }
}

/// A play against churn (or for conversion): whoever is above the threshold is treated, but for a share
/// held back by lot, so that the effect can be measured.
///
/// The lot is a hash of the play and the subject: the same person is always on the same side, on every
/// machine, and no list has to be kept.
///
/// ```
/// use hearken::lead::{Lot, Play};
///
/// let play = Play { id: "win-back".into(), threshold: 0.4, holdout: 0.1 };
/// assert_eq!(play.draw("customer-1", 0.2), Lot::Below);
/// let lots = (0..1000).map(|i| play.draw(&format!("customer-{i}"), 0.9));
/// let held = lots.filter(|lot| *lot == Lot::Held).count();
/// assert!((60..140).contains(&held), "{held}");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Play {
    /// Its name; another name draws other lots.
    pub id: String,
    /// The risk from which it is played, such as the threshold of least cost.
    pub threshold: f64,
    /// The share of those at risk held back, 0 to 1.
    pub holdout: f64,
}

/// What a play does with a subject.
///
/// ```
/// use hearken::lead::{Lot, Play};
///
/// let play = Play { id: "win-back".into(), threshold: 0.4, holdout: 0.5 };
/// let todo = |lot| match lot {
///     Lot::Treated => "call",
///     Lot::Held => "leave alone, and compare with later",
///     _ => "nothing",
/// };
/// assert_eq!(todo(play.draw("customer-1", 0.1)), "nothing");
/// let lots: std::collections::BTreeSet<_> = (0..50).map(|n| play.draw(&format!("customer-{n}"), 0.8)).collect();
/// assert!(lots.into_iter().eq([Lot::Held, Lot::Treated]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Lot {
    /// Not at risk.
    Below,
    /// At risk and held back, to compare with.
    Held,
    /// At risk and treated.
    Treated,
}

impl Play {
    /// Draws the lot of a subject with this risk. O(length of the names).
    pub fn draw(&self, subject: &str, risk: f64) -> Lot {
        if risk.is_nan() || risk < self.threshold {
            Lot::Below
        } else if self.place(subject) < self.holdout {
            Lot::Held
        } else {
            Lot::Treated
        }
    }

    /// Where the subject stands between 0 and 1: FNV-1a of the two names, mixed so that every bit counts.
    fn place(&self, subject: &str) -> f64 {
        let bytes = self.id.bytes().chain([0]).chain(subject.bytes());
        let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mixed = (hash ^ hash >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let mixed = (mixed ^ mixed >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        (mixed >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// What a play did: the outcomes of those treated against those held back.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Effect {
    /// Share of the held with the outcome minus that of the treated: churn avoided.
    pub avoided: f64,
    /// Its 95 % interval (Newcombe's, from the two Wilson intervals). Above zero: it works.
    pub interval: (f64, f64),
}

impl Effect {
    /// Compares `(outcomes, subjects)` of the treated and of the held. `None` when a side is empty.
    ///
    /// ```
    /// use hearken::lead::Effect;
    ///
    /// let effect = Effect::measure((150, 1000), (30, 100)).unwrap();
    /// assert!((effect.avoided - 0.15).abs() < 1e-12 && effect.interval.0 > 0.0);
    /// assert_eq!(Effect::measure((1, 10), (0, 0)), None);
    /// ```
    pub fn measure(treated: (usize, usize), held: (usize, usize)) -> Option<Self> {
        share_difference(treated, held).map(|(avoided, interval)| Self { avoided, interval })
    }
}
