//! Fellegi–Sunter weights: what agreement at a level is worth, and what a total means.
//!
//! ```text
//!            share of matching pairs at this level      m
//! weight  =  ───────────────────────────────────── = log2 ─        (bits, kept as Points)
//!            share of other pairs at this level         u
//!
//! prior + weights of the fields = total;   probability = 1 / (1 + 2^-total)
//! ```
//!
//! The prior is the log-odds that two records picked blindly are one person: −16 means one pair in 65,536. So a
//! probability answers "is this the same person", not "is this the best of these".

use super::kind::{Kind, Level};
use crate::model::Points;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Weights never leave −30..=+30 bits: no table is so well known that a level is impossible.
const WEIGHT_BOUND: f64 = 30.0;

/// What the levels of one field are worth.
///
/// ```
/// use hearken::identity::{Kind, Level, Matcher, Model, Person};
///
/// // In this host's list people move a lot: another city says next to nothing.
/// let mut model = Model::standard(10_000);
/// let cities = model.fields.iter_mut().find(|field| field.kind == Kind::City).unwrap();
/// (cities.m[Level::Exact as usize], cities.m[Level::Distant as usize]) = (0.1, 0.77);
/// let [a, b] = [("a", "Leeds"), ("b", "York")].map(|(id, city)| Person::new(id).with(Kind::City, city));
/// let total = |model| Matcher::new(model).compare(&a, &b).waterfall.total();
/// assert!(total(model) > total(Model::standard(10_000)));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    /// The name of the field, as it stands in waterfalls.
    pub name: Cow<'static, str>,
    /// Its kind.
    pub kind: Kind,
    /// Share of matching pairs at each level, in the order of [`Level::ALL`]; they sum to 1 without `Missing`.
    pub m: [f64; Level::COUNT],
    /// Share of other pairs at each level.
    pub u: [f64; Level::COUNT],
    /// Share of other pairs at each level among those who share one part of their name, and both: handles and
    /// e-mail addresses are made of names, so namesakes have similar ones without being one person. `None` for
    /// fields that are not made of names.
    pub namesakes: Option<[[f64; Level::COUNT]; 2]>,
}

/// How much of their name two records share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namesake {
    No,
    Half,
    Whole,
}

impl FieldModel {
    /// The weight of `level` in bits. `share` is the share of records that hold the value the two agree on (the
    /// commoner of the two, when they differ): rare agreement weighs more, common agreement less.
    pub(super) fn bits(&self, level: Level, share: Option<f64>, namesake: Namesake) -> f64 {
        if level == Level::Missing {
            return 0.0;
        }
        let at = |table: &[f64; Level::COUNT]| table.get(level as usize).copied().unwrap_or(0.0).max(1e-12);
        let exact = self.u.get(Level::Exact as usize).copied().unwrap_or(1.0).max(1e-12);
        let scale = match (share, level) {
            (None, _) | (_, Level::Distant | Level::Faint) => 0.0,
            (Some(share), Level::Exact) => (exact / share.max(1e-12)).log2(),
            (Some(share), _) => 0.5 * (exact / share.max(1e-12)).log2(),
        };
        let u = match (&self.namesakes, namesake) {
            (Some([half, _]), Namesake::Half) => half,
            (Some([_, whole]), Namesake::Whole) => whole,
            _ => &self.u,
        };
        ((at(&self.m) / at(u)).log2() + scale).clamp(-WEIGHT_BOUND, WEIGHT_BOUND)
    }
}

/// The prior and the weights of the fields: all that a probability depends on.
///
/// [`Model::standard`] is a stated one for single lookups; a bulk run learns one from the data it is given.
///
/// ```
/// use hearken::identity::{Matcher, Model, Person};
///
/// // The more people there are, the less it says that two have one name.
/// let [a, b] = ["a", "b"].map(|id| Person::new(id).name("Ann Lee"));
/// let probability = |model| Matcher::new(model).compare(&a, &b).probability;
/// assert!(probability(Model::standard(1_000)) > probability(Model::standard(1_000_000)));
/// // A learnt model is kept as data, and serves again.
/// let kept = serde_json::to_string(&Model::standard(1_000)).unwrap();
/// assert_eq!(serde_json::from_str::<Model>(&kept).unwrap(), Model::standard(1_000));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Probability that two records picked blindly are the same person.
    pub prior: f64,
    /// The fields.
    pub fields: Vec<FieldModel>,
    /// Pairs of relatives for every matching pair: people of one household, who share family name, address and
    /// phone and are not one person. 0 where the fields cannot tell.
    pub relatives: f64,
}

impl Model {
    /// A model for a customer base of `population` records, of which a newcomer matches one in two.
    ///
    /// The shares are round figures of the kind: m from how often people mistype, move and change addresses, u
    /// from how common the commonest names, cities and companies are. Where records are at hand, a learnt model
    /// is better.
    pub fn standard(population: u64) -> Self {
        let fields = Kind::ALL.into_iter().map(standard_field).collect();
        Self { prior: 0.5 / population.max(1) as f64, fields, relatives: 0.0 }
    }

    /// The field of this kind, the first if there are several.
    pub(super) fn of_kind(&self, kind: Kind) -> Option<&FieldModel> {
        self.fields.iter().find(|field| field.kind == kind)
    }

    /// The prior in bits.
    pub(super) fn prior_points(&self) -> Points {
        let p = self.prior.clamp(1e-12, 1.0 - 1e-12);
        Points::nearest((p / (1.0 - p)).log2())
    }
}

/// Round figures for a kind: shares of matching and of other pairs at exact, alias, swapped, close, near,
/// partial, faint, distant.
pub(super) fn standard_field(kind: Kind) -> FieldModel {
    let (m, u): ([f64; 8], [f64; 8]) = match kind {
        Kind::Given => (
            [0.70, 0.08, 0.02, 0.08, 0.04, 0.03, 0.02, 0.03],
            [5e-3, 3e-3, 1e-3, 3e-3, 8e-3, 2e-2, 6e-2, 0.90],
        ),
        Kind::Family => (
            [0.78, 0.01, 0.02, 0.09, 0.04, 0.02, 0.01, 0.03],
            [1e-3, 1e-4, 1e-3, 1e-3, 3e-3, 5e-3, 3e-2, 0.96],
        ),
        Kind::Name => (
            [0.58, 0.08, 0.03, 0.08, 0.05, 0.08, 0.06, 0.04],
            [1e-5, 1e-5, 2e-6, 1e-5, 5e-5, 1e-4, 8e-3, 0.99],
        ),
        Kind::Email => (
            [0.62, 0.06, 1e-6, 0.05, 0.03, 1e-6, 0.04, 0.20],
            [1e-7, 2e-6, 1e-9, 1e-6, 5e-6, 1e-9, 1e-4, 0.999],
        ),
        Kind::Phone => (
            [0.66, 1e-6, 1e-6, 0.04, 1e-6, 0.05, 1e-6, 0.25],
            [3e-7, 1e-9, 1e-9, 1e-5, 1e-9, 1e-6, 1e-9, 0.999],
        ),
        Kind::Handle => (
            [0.45, 1e-6, 1e-6, 0.10, 0.12, 1e-6, 0.08, 0.25],
            [2e-6, 1e-9, 1e-9, 1e-5, 2e-4, 1e-9, 1e-2, 0.99],
        ),
        // Few people have two accounts on one platform.
        Kind::Account => (
            [0.90, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.10],
            [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.999],
        ),
        Kind::Did => (
            [0.97, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.03],
            [1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.05],
        ),
        Kind::Url => (
            [0.60, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.40],
            [1e-5, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 1e-9, 0.99],
        ),
        Kind::Date => (
            [0.84, 1e-6, 0.02, 0.06, 0.02, 0.03, 0.01, 0.02],
            [4e-5, 1e-9, 2e-5, 6e-4, 5e-3, 2e-3, 3e-2, 0.96],
        ),
        Kind::Company => (
            [0.55, 0.01, 1e-6, 0.06, 0.05, 0.06, 0.03, 0.24],
            [1e-3, 1e-6, 1e-9, 2e-4, 1e-3, 2e-3, 2e-2, 0.97],
        ),
        Kind::Address => (
            [0.50, 0.01, 1e-6, 0.08, 0.08, 0.05, 0.04, 0.24],
            [2e-5, 1e-6, 1e-9, 1e-4, 1e-3, 1e-3, 2e-2, 0.97],
        ),
        Kind::City => (
            [0.72, 0.01, 1e-6, 0.06, 0.02, 0.03, 0.01, 0.15],
            [1e-2, 1e-6, 1e-9, 1e-3, 4e-3, 2e-3, 5e-2, 0.93],
        ),
        Kind::Postcode => (
            [0.70, 1e-6, 1e-6, 0.06, 0.03, 0.06, 1e-6, 0.15],
            [3e-4, 1e-9, 1e-9, 1e-3, 6e-3, 1e-2, 1e-9, 0.98],
        ),
        Kind::Code | Kind::Text => (
            [0.70, 1e-6, 1e-6, 0.06, 0.04, 0.04, 0.02, 0.14],
            [1e-2, 1e-9, 1e-9, 4e-3, 6e-3, 1e-2, 4e-2, 0.93],
        ),
    };
    let mut field = FieldModel {
        name: Cow::Borrowed(kind.name()),
        kind,
        m: [0.0; Level::COUNT],
        u: [0.0; Level::COUNT],
        namesakes: None,
    };
    for (slot, share) in field.m.iter_mut().skip(1).zip(m) {
        *slot = share;
    }
    for (slot, share) in field.u.iter_mut().skip(1).zip(u) {
        *slot = share;
    }
    // Of namesakes one in a dozen has the same local part or nearly the same handle; of those who share one part
    // of their name one in a hundred.
    if made_of_names(kind) {
        let among = |often: f64| {
            let mut u = field.u;
            for slot in u.iter_mut().skip(Level::Alias as usize).take(6) {
                *slot = slot.max(often);
            }
            u
        };
        field.namesakes = Some([among(0.01), among(0.08)]);
    }
    field
}

/// How often two people of one household share what one person's records would share.
pub(super) fn household(kind: Kind) -> Option<f64> {
    match kind {
        Kind::Family => Some(0.98),
        Kind::City => Some(0.9),
        Kind::Address | Kind::Postcode => Some(0.8),
        Kind::Phone => Some(0.4),
        _ => None,
    }
}

/// True for a kind whose values people make of their names.
pub(super) fn made_of_names(kind: Kind) -> bool {
    matches!(kind, Kind::Email | Kind::Handle)
}

/// One bar of a waterfall: a field, how far apart its two values are, and what that weighs.
///
/// ```
/// use hearken::identity::{Level, Matcher, Person};
/// use hearken::model::Points;
///
/// let person = |id, name| Person::new(id).name(name).email("ann@lee.example");
/// let (a, b) = (person("a", "Ann Lee"), person("b", "Ann Okafor"));
/// let waterfall = Matcher::standard(10_000).compare(&a, &b).waterfall;
/// // One thing speaks for it, in bits.
/// let email = waterfall.steps.iter().find(|step| step.field == "email").unwrap();
/// assert_eq!(email.level, Level::Exact);
/// assert!(email.weight > Points::ZERO);
/// assert_eq!(waterfall.total(), waterfall.prior + waterfall.steps.iter().map(|step| step.weight).sum());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The field, or the name of a host's own comparison.
    pub field: Cow<'static, str>,
    /// How far apart the values are.
    pub level: Level,
    /// The weight, in bits.
    pub weight: Points,
}

/// How a total came about: `prior + Σ weights = total`, exactly.
///
/// ```
/// use hearken::identity::{Kind, Matcher, Person};
///
/// let a = Person::new("a").name("Ann Lee").with(Kind::City, "Leeds");
/// let b = Person::new("b").name("Ann Lee").with(Kind::City, "York");
/// let waterfall = Matcher::standard(10_000).compare(&a, &b).waterfall;
/// let sum: hearken::model::Points = waterfall.steps.iter().map(|step| step.weight).sum();
/// assert_eq!(waterfall.prior + sum, waterfall.total());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waterfall {
    /// Log-odds before anything is compared, in bits.
    pub prior: Points,
    /// The fields that both records have, in the order of the model.
    pub steps: Vec<Step>,
}

impl Waterfall {
    /// Prior plus every weight.
    pub fn total(&self) -> Points {
        self.prior + self.steps.iter().map(|step| step.weight).sum()
    }

    /// The probability that the total stands for.
    pub fn probability(&self) -> f64 {
        probability(self.total().as_f64())
    }
}

/// `1 / (1 + 2^-bits)`.
pub(super) fn probability(bits: f64) -> f64 {
    1.0 / (1.0 + (-bits).exp2())
}
