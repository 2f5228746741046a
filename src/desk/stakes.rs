use crate::model::{CustomerId, Money, Points};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is assumed about people who get no answer: shares from 0 to 1, of surveys among consumers. They are not measured
/// on a brand's own customers; a host that has measured sets its own.
///
/// ```
/// use hearken::desk::Stakes;
/// use hearken::model::Points;
///
/// let ours: Stakes = serde_json::from_str(r#"{"ignored": 120}"#).unwrap();
/// assert_eq!((ours.ignored, ours.silent), (Points::thousandths(120), Points::thousandths(320)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stakes {
    /// Of those whose negative word is ignored, who turn away.
    pub ignored: Points,
    /// Of a community that gets no answer at all, who leave.
    pub silent: Points,
    /// Of all, who hold a timely answer to a question for what matters: the weight of questions in
    /// [`Responsiveness::index`](super::Responsiveness::index).
    pub timely: Points,
}

impl Default for Stakes {
    /// 28 %, 32 % and 53 %.
    fn default() -> Self {
        let [ignored, silent, timely] = [280, 320, 530].map(Points::thousandths);
        Self { ignored, silent, timely }
    }
}

/// What silence may cost.
///
/// ```
/// use hearken::desk::expected_loss;
/// use hearken::model::{Money, Points};
///
/// let worth = |minor, currency: &str| Some(Money { minor, currency: currency.into() });
/// let people = [("ann".into(), worth(200_00, "EUR")), ("bo".into(), worth(80_00, "GBP")), ("cy".into(), None)];
/// let loss = expected_loss(people, Points::thousandths(500));
/// assert_eq!((loss.people, loss.valued), (3, 2), "of one nobody knows the worth");
/// // Currencies are not added up.
/// assert_eq!((loss.value["EUR"], loss.value["GBP"]), (100_00, 40_00));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Loss {
    /// People concerned, each once.
    pub people: u64,
    /// Those whose value is known.
    pub valued: u64,
    /// How many may leave: a count, in thousandths.
    pub leavers: Points,
    /// What those of known value may take with them, in minor units by currency, rounded towards zero.
    pub value: BTreeMap<Box<str>, i64>,
}

/// The loss to be expected when a `share` of these people leave. Somebody who is named twice counts once, by the greater
/// value; a value nobody knows adds to the people and not to the money.
///
/// ```
/// use hearken::desk::{Stakes, expected_loss};
/// use hearken::model::{Money, Points};
///
/// let euros = |minor| Some(Money { minor, currency: "EUR".into() });
/// let ignored = [("ann".into(), euros(500_00)), ("bo".into(), None), ("ann".into(), euros(500_00))];
/// let loss = expected_loss(ignored, Stakes::default().ignored);
/// assert_eq!((loss.people, loss.valued, loss.leavers), (2, 1, Points::thousandths(560)));
/// assert_eq!(loss.value["EUR"], 140_00);
/// ```
pub fn expected_loss(people: impl IntoIterator<Item = (CustomerId, Option<Money>)>, share: Points) -> Loss {
    let mut known = BTreeMap::<CustomerId, Option<(i64, Box<str>)>>::new();
    for (customer, value) in people {
        let value = value.map(|money| (money.minor, money.currency));
        let kept = known.entry(customer).or_default();
        *kept = kept.take().max(value);
    }
    let mut sums = BTreeMap::<Box<str>, i128>::new();
    for (minor, currency) in known.values().flatten() {
        *sums.entry(currency.clone()).or_default() += i128::from(*minor);
    }
    let share = share.as_thousandths().clamp(0, 1_000);
    let part = |sum: i128| i64::try_from(sum * i128::from(share) / 1_000).unwrap_or(i64::MAX);
    let people = known.len() as u64;
    Loss {
        people,
        valued: known.values().flatten().count() as u64,
        leavers: Points::thousandths(i64::try_from(people).unwrap_or(i64::MAX).saturating_mul(share)),
        value: sums.into_iter().map(|(currency, sum)| (currency, part(sum))).collect(),
    }
}
