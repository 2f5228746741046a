//! Learning a model from unlabelled pairs: expectation–maximisation over the histogram of patterns.
//!
//! u is not learnt: how often strangers agree follows from the counts of values (exact levels, in closed form)
//! and from pairs of rows drawn blindly (the other levels). m and the prior are: they start from pairs that are surely
//! one person, and every round weighs the patterns under the present model and takes the shares of levels among
//! what looks like matches. A round costs what the number of *patterns* costs, not the number of pairs.
//!
//! Plain EM runs away on a large file: strangers who share a common name look a little like matches, there are
//! millions of them, and the prior creeps up until they are matches. Three things hold it: the weight of an
//! agreement depends on how common the value is, pairs that no rule brought together count as non-matches, and the
//! prior goes no further from what the sure pairs foretell than to four times as many matches or a quarter; where
//! there are none, it goes no further up than to four times what is usual. A run whose shares still move when the
//! rounds are used up, or that finds many times the matches (or few of them) that the sure pairs foretell, is
//! reported as diverged, never as converged.

use super::counterpart::Found;
use super::pattern::Pattern;
use super::table::HashedMap;
use crate::identity::kind::{Kind, Level};
use crate::identity::weight::{FieldModel, Model, Namesake, household, probability, standard_field};

/// Rounds at most.
const ROUNDS: u32 = 150;
/// A change of shares below which learning has settled.
const SETTLED: f64 = 1e-4;
/// How many times the foretold matches, or what part of them, is divergence.
const FAR: f64 = 4.0;
/// Matching pairs that the stated shares of a kind count as.
const STATED: f64 = 10.0;
/// Matching pairs for each row where nothing foretells them.
const MATCHES_A_ROW: f64 = 0.3;

/// How learning went.
///
/// ```
/// use hearken::identity::{Kind, Learning, Table, match_rows};
///
/// let mut table = Table::new([("name", Kind::Name)]).unwrap();
/// for name in ["Ann Okafor", "Bert Lind", "Chloe Moreau"] {
///     table.push([name]);
/// }
/// // Nothing can be learnt from three strangers: what a name is worth is as stated for its kind, and that is said.
/// let learning = match_rows(&mut table, |_| {}).learning;
/// assert!(learning.heard[0] < Learning::HEARD);
/// assert_eq!(learning.foretold, None);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Learning {
    /// Rounds run.
    pub rounds: u32,
    /// The largest change of any share of levels in the last round.
    pub last_change: f64,
    /// Matching pairs under the learnt model.
    pub matches: f64,
    /// Matching pairs as pairs that are surely one person foretell; `None` when there are too few of those.
    pub foretold: Option<f64>,
    /// Shares still moved when the rounds ran out, or matches are far from what was foretold: read the probabilities
    /// with care.
    pub diverged: bool,
    /// By field: matching pairs that m was learnt from. Where there are next to none, as in a field that others repeat
    /// or that few rows have, m is as stated for the kind.
    pub heard: Vec<f64>,
}

impl Learning {
    /// Matching pairs below which m of a field is rather stated for its kind than learnt.
    pub const HEARD: f64 = STATED;
}

impl Learning {
    /// Takes the matches under the model and judges them.
    fn found(&mut self, matches: f64) {
        self.matches = matches;
        let far = |foretold: f64| matches > FAR * foretold || matches * FAR < foretold;
        self.diverged = self.last_change >= SETTLED || self.foretold.is_some_and(far);
    }

    /// Matches a row that there are as far as one may build on it: where nothing was foretold, no more than usual.
    pub(in crate::identity) fn matches_a_row(&self, rows: usize) -> f64 {
        let learnt = self.matches / rows.max(1) as f64;
        self.foretold.map_or(learnt.min(MATCHES_A_ROW), |_| learnt)
    }

    /// The prior that so many matches make among so many pairs; it stays as near to what was foretold as is not far, and
    /// where nothing was, it goes no further up than that from what is usual.
    fn prior(&self, matches: f64, pairs: f64) -> f64 {
        let usual = MATCHES_A_ROW * (2.0 * pairs).sqrt();
        let held = match self.foretold {
            Some(foretold) => matches.clamp(foretold / FAR, foretold * FAR),
            None => matches.min(usual * FAR),
        };
        (held.max(1.0) / pairs).clamp(1e-12, 0.5)
    }
}

/// Pairs by pattern and by how telling their agreed values are.
#[derive(Debug, Default)]
pub(in crate::identity) struct Histogram {
    index: HashedMap<u32>,
    pub(in crate::identity) bins: Vec<Bin>,
}

/// Pairs of one pattern with nearly the same frequency correction.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Bin {
    pub(in crate::identity) pattern: Pattern,
    /// Bits that the commonness of the agreed values adds.
    pub(in crate::identity) rarity: f64,
    /// The same without the fields that a household shares, summed over the pairs.
    personal: f64,
    pub(in crate::identity) count: f64,
}

impl Histogram {
    /// Counts a pair that stands for `weight` pairs.
    pub(in crate::identity) fn add(&mut self, pattern: Pattern, rarity: f32, personal: f32, weight: f64) {
        let step = (rarity / 2.0).round().clamp(-60.0, 60.0);
        let key =
            (pattern.0 ^ ((step as i64 + 64) as u64).rotate_right(8)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let next = self.bins.len() as u32;
        let bin = *self.index.entry(key).or_insert(next);
        if bin == next {
            self.bins.push(Bin { pattern, rarity: f64::from(step) * 2.0, personal: 0.0, count: 0.0 });
        }
        if let Some(bin) = self.bins.get_mut(bin as usize) {
            bin.count += weight;
            bin.personal += weight * f64::from(personal);
        }
    }
}

/// Sets m of every field to the shares of levels among pairs that are surely one person.
pub(in crate::identity) fn seed(fields: &mut [FieldModel], levels: Vec<[f64; Level::COUNT]>) {
    for (field, share) in fields.iter_mut().zip(levels) {
        update(field, share);
    }
}

/// Learns m and the prior. `pairs` is how many pairs of rows there are, compared or not; `foretold`, how many matches
/// there seem to be.
pub(in crate::identity) fn learn(
    fields: Vec<FieldModel>,
    histogram: &Histogram,
    pairs: f64,
    rows: f64,
    foretold: Option<f64>,
) -> (Model, Learning) {
    let start = foretold.unwrap_or(MATCHES_A_ROW * rows);
    let mut model = Model { prior: (start / pairs).min(0.5), fields, relatives: 0.0 };
    let households = model.fields.iter().any(|f| f.kind == Kind::Given)
        && model.fields.iter().any(|f| f.kind == Kind::Family);
    model.relatives = if households { 0.1 } else { 0.0 };
    let mut report = Learning { foretold, ..Learning::default() };
    for round in 1..=ROUNDS {
        report.rounds = round;
        let tables = Weights::of(&model);
        let mut shares = vec![[0.0_f64; Level::COUNT]; model.fields.len()];
        let mut others = vec![[0.0_f64; Level::COUNT]; model.fields.len()];
        let (mut matches, mut kin) = (0.0, 0.0);
        for bin in &histogram.bins {
            let odds = tables.odds(bin.pattern).with(bin.rarity, bin.personal / bin.count.max(1.0));
            let expected = bin.count * probability(odds.bits());
            kin += bin.count * odds.relatives();
            matches += expected;
            if tables.namesake(bin.pattern) == Namesake::Whole {
                for (field, other) in others.iter_mut().enumerate() {
                    if let Some(slot) = other.get_mut(bin.pattern.level(field) as usize) {
                        *slot += bin.count - expected;
                    }
                }
            }
            for (field, share) in shares.iter_mut().enumerate() {
                if let Some(slot) = share.get_mut(bin.pattern.level(field) as usize) {
                    *slot += expected;
                }
            }
        }
        report.last_change = 0.0;
        report.heard = heard(&shares);
        for (field, share) in model.fields.iter_mut().zip(shares) {
            report.last_change = report.last_change.max(update(field, share));
        }
        for (field, other) in model.fields.iter_mut().zip(others) {
            let u = field.u;
            if let Some([half, whole]) = &mut field.namesakes {
                let held: f64 = other.iter().skip(1).sum();
                for (((slot, count), least), half) in whole.iter_mut().zip(other).zip(u).zip(half).skip(2) {
                    *slot = ((count + 20.0 * *half) / (held + 20.0)).max(least);
                }
            }
        }
        report.found(matches);
        model.prior = report.prior(matches, pairs);
        if households {
            model.relatives = (kin / matches.max(1.0)).clamp(0.05, 2.0);
        }
        if report.last_change < SETTLED {
            break;
        }
    }
    (model, report)
}

/// Learns m and the prior again from pairs within clusters and their probabilities: clusters hold the hard pairs
/// that only a third record explains, so m becomes wider and the prior fuller.
pub(in crate::identity) fn relearn(model: &mut Model, report: &mut Learning, found: &[Found], pairs: f64) {
    let mut shares = vec![[0.0_f64; Level::COUNT]; model.fields.len()];
    let mut matches = 0.0;
    for Found { pattern, probability, .. } in found {
        matches += probability;
        for (field, share) in shares.iter_mut().enumerate() {
            if let Some(slot) = share.get_mut(pattern.level(field) as usize) {
                *slot += probability;
            }
        }
    }
    report.heard = heard(&shares);
    for (field, share) in model.fields.iter_mut().zip(shares) {
        update(field, share);
    }
    report.found(matches);
    model.prior = report.prior(matches, pairs);
}

/// By field: the pairs that have it on both sides.
fn heard(shares: &[[f64; Level::COUNT]]) -> Vec<f64> {
    shares.iter().map(|share| share.iter().skip(1).sum()).collect()
}

/// How far one person's values of a kind may differ: the greatest shares of their pairs that may be at the last so many
/// levels. A household or an office shares all else: were learning free to think that one person goes by any given
/// name, it would take the household for the person, and in a small file it does. Were it free to think that one person
/// was born on several days, it would do the same with namesakes.
fn most_unlike(kind: Kind) -> &'static [(usize, f64)] {
    match kind {
        Kind::Given | Kind::Name => &[(1, 0.15)],
        Kind::Date => &[(1, 0.25), (2, 0.4), (Level::COUNT - 2, 0.7)],
        Kind::Family => &[(1, 0.3)],
        _ => &[],
    }
}

/// Scales the shares so that the last `levels` of them together are at most this.
fn hold(shares: &mut [f64; Level::COUNT], levels: usize, most: f64) {
    let held: f64 = shares.iter().rev().take(levels).sum();
    if held > most {
        let (less, more) = (most / held, (1.0 - most) / (1.0 - held).max(1e-9));
        for (at, slot) in shares.iter_mut().skip(1).rev().enumerate() {
            *slot *= if at < levels { less } else { more };
        }
    }
}

/// Sets m of a field to the shares of its levels, the stated shares counting as [`STATED`] pairs; the largest change.
fn update(field: &mut FieldModel, share: [f64; Level::COUNT]) -> f64 {
    let standard = standard_field(field.kind);
    let held: f64 = share.iter().skip(1).sum();
    let mut shares = share;
    for (slot, prior) in shares.iter_mut().zip(standard.m).skip(1) {
        *slot = (*slot + STATED * prior.max(1e-5)) / (held + STATED);
    }
    for (levels, most) in most_unlike(field.kind) {
        hold(&mut shares, *levels, *most);
    }
    let mut change = 0.0_f64;
    for (m, next) in field.m.iter_mut().zip(shares).skip(1) {
        change = change.max((next - *m).abs());
        *m = next;
    }
    change
}

/// What speaks for one person rather than two: against strangers, and against relatives.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Odds {
    strangers: f64,
    relatives: f64,
}

impl Odds {
    /// The odds with the commonness of the agreed values, and of those among them that a household does not share.
    pub(in crate::identity) fn with(self, rarity: f64, personal: f64) -> Self {
        Self { strangers: self.strangers + rarity, relatives: self.relatives + personal }
    }

    /// Log-odds against both.
    pub(in crate::identity) fn bits(self) -> f64 {
        let (less, more) = (self.strangers.min(self.relatives), self.strangers.max(self.relatives));
        less - (1.0 + (less - more).exp2()).log2()
    }

    /// Probability that the two are relatives.
    fn relatives(self) -> f64 {
        let (strangers, relatives) = ((-self.strangers).exp2(), (-self.relatives).exp2());
        if relatives.is_finite() { relatives / (1.0 + strangers + relatives) } else { 1.0 }
    }
}

/// The weights of a model by namesake, field and level, in bits, for patterns.
pub(in crate::identity) struct Weights {
    prior: f64,
    fields: Vec<[[f64; Level::COUNT]; 3]>,
    /// Log-odds of a match against relatives before anything is compared; none where they are not told apart.
    kin: Option<f64>,
    /// By field: the weights against relatives, for the fields that a household shares.
    household: Vec<Option<[f64; Level::COUNT]>>,
    given: Option<usize>,
    family: Option<usize>,
    name: Option<usize>,
}

impl Weights {
    pub(in crate::identity) fn of(model: &Model) -> Self {
        let fields = model.fields.iter().map(|field| {
            [Namesake::No, Namesake::Half, Namesake::Whole]
                .map(|namesake| Level::ALL.map(|level| field.bits(level, None, namesake)))
        });
        let household = model.fields.iter().map(|field| {
            let often = household(field.kind)?;
            let mut bits = [0.0; Level::COUNT];
            for ((slot, m), u) in bits.iter_mut().zip(field.m).zip(field.u).skip(1) {
                *slot = (m.max(1e-9) / (often * m + (1.0 - often) * u).max(1e-9)).log2();
            }
            Some(bits)
        });
        let at = |kind: Kind| model.fields.iter().position(|field| field.kind == kind);
        Self {
            prior: (model.prior / (1.0 - model.prior)).log2(),
            fields: fields.collect(),
            kin: (model.relatives > 0.0).then(|| -model.relatives.log2()),
            household: household.collect(),
            given: at(Kind::Given),
            family: at(Kind::Family),
            name: at(Kind::Name),
        }
    }

    /// The prior in bits.
    pub(in crate::identity) fn prior(&self) -> f64 {
        self.prior
    }

    /// By field and level the best weight whatever the names are.
    pub(in crate::identity) fn kindest(&self) -> impl Iterator<Item = [f32; Level::COUNT]> + '_ {
        self.fields.iter().map(|[no, half, whole]| {
            let mut best = [0.0; Level::COUNT];
            for (((slot, no), half), whole) in best.iter_mut().zip(no).zip(half).zip(whole) {
                *slot = no.max(*half).max(*whole) as f32;
            }
            best
        })
    }

    /// The odds of a pattern, the commonness of values left out.
    pub(in crate::identity) fn odds(&self, pattern: Pattern) -> Odds {
        let namesake = self.namesake(pattern) as usize;
        let mut odds = Odds { strangers: self.prior, relatives: self.kin.unwrap_or(f64::INFINITY) };
        for (field, (bits, shared)) in self.fields.iter().zip(&self.household).enumerate() {
            let level = pattern.level(field) as usize;
            let weight = bits.get(namesake).and_then(|bits| bits.get(level)).copied().unwrap_or(0.0);
            odds.strangers += weight;
            odds.relatives +=
                shared.as_ref().map_or(weight, |shared| shared.get(level).copied().unwrap_or(0.0));
        }
        odds
    }

    /// How much of their name two rows share.
    pub(in crate::identity) fn namesake(&self, pattern: Pattern) -> Namesake {
        let shared = |field: Option<usize>| {
            field.is_some_and(|field| {
                matches!(
                    pattern.level(field),
                    Level::Exact
                        | Level::Alias
                        | Level::Swapped
                        | Level::Close
                        | Level::Near
                        | Level::Partial
                )
            })
        };
        match (shared(self.given), shared(self.family), shared(self.name)) {
            (true, true, _) | (_, _, true) => Namesake::Whole,
            (false, false, _) => Namesake::No,
            _ => Namesake::Half,
        }
    }
}
