//! Whose account is this? A handle, and what its profile says, against people known by name.
//!
//! ```text
//! people ──► Owner: spellings of the name, states, companies          ╮
//! people, handles ──► HandleMatcher: how rare a name is,              ├─► compare ──► rank ──► link
//!                     how surprising a run of letters                 ╯   one pair    one      a batch
//! account ──► Letters: words, seams                                   ╯               account
//! ```
//!
//! The evidence of a handle is a ratio of two stories, each counted in bits: that this person wrote it after their
//! own name (`first.last`, `flast`, `nick + last`, initials …), and that a stranger did. A stranger with the same name
//! would write it as well, so what the name is worth is its rarity, and a whole handle is never worth more than its own
//! surprisal. A rare family name alone is a match for nobody with certainty: strangers bear it, too.
//!
//! Most accounts are nobody's customer. The prior says that the owner of an account is among the people with a
//! stated chance (one half unless said otherwise; a batch estimates it), so a probability means "is this person", not
//! "is the best of these".

pub(super) mod batch;
pub(super) mod evidence;
pub(super) mod owner;
pub(super) mod place;
pub(super) mod rarity;
pub(super) mod surprisal;
pub(super) mod text;

use self::evidence::evidence;
use self::owner::{Owner, Spelling};
use self::rarity::Rarity;
use self::surprisal::Surprisal;
use self::text::{Letters, Rest};
use super::kind::Level;
use super::matcher::{Decision, Match, Thresholds};
use super::weight::{Step, Waterfall};
use crate::model::{Points, Profile};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Before anything is seen, the owner of an account is as likely among the people as not.
const KNOWN: f64 = 0.5;
/// What a handle weighs that is no way to write the name.
const NO_PATTERN: f64 = -6.0;
/// What a handle weighs, at most, that is the person's on another platform or the local part of their address.
const SAME_ELSEWHERE: f64 = 20.0;
/// What each end of a name weighs that lies inside a word of the handle: `adam` in `RepAdams`.
const CUT_WORD: f64 = -4.0;
/// What unexplained letters weigh beside half of a name: they may be the other half of another one.
const OTHER_HALF: f64 = -3.0;
/// What one initial is worth, and one letter of several initials.
const INITIAL: f64 = 4.0;
const INITIALS: f64 = 4.2;

/// Compares accounts with people. Learn it once from the people at hand, keep it.
///
/// ```
/// use hearken::identity::{Decision, HandleMatcher, Kind, Owner, Person, Thresholds};
/// use hearken::model::{Platform, Profile};
///
/// let people = ["Edward Thornbury", "Maria Elena Vasquez", "Joan Pettigrew"];
/// let owners: Vec<Owner> = people.iter().map(|name| Owner::new(Person::new(*name).name(name))).collect();
/// let matcher = HandleMatcher::learn(&owners, []);
///
/// let mut account = Profile::new(Platform::Bluesky, "did:plc:1");
/// account.handle = Some("TheRealTedThornbury".into());
/// let ranked = matcher.rank(&owners, &account);
/// assert_eq!(ranked[0].candidate, "Edward Thornbury");
/// assert!(matches!(matcher.decide(ranked, Thresholds::tolerating(0.01)), Decision::Match(_)));
/// ```
#[derive(Debug, Clone)]
pub struct HandleMatcher {
    surprisal: Surprisal,
    given: Rarity,
    family: Rarity,
    people: usize,
    known: f64,
}

impl HandleMatcher {
    /// Learns how rare names are from the people, and which letters follow which from their names and the handles. The
    /// order of neither matters; the handles may be none.
    pub fn learn<'a>(owners: &[Owner], handles: impl IntoIterator<Item = &'a str>) -> Self {
        let handles: BTreeSet<String> = handles
            .into_iter()
            .map(|handle| Letters::new(handle, &Surprisal::default()).text().to_owned())
            .collect();
        let given = || owners.iter().flat_map(|owner| &owner.given).map(String::as_str);
        let family = || owners.iter().flat_map(|owner| &owner.family).map(String::as_str);
        let surprisal = Surprisal::learn(given().chain(family()).chain(handles.iter().map(String::as_str)));
        Self {
            given: Rarity::learn(given(), owners.len(), true, &surprisal),
            family: Rarity::learn(family(), owners.len(), false, &surprisal),
            surprisal,
            people: owners.len(),
            known: KNOWN,
        }
    }

    /// States the share of accounts, 0.01..=0.99, whose owner is among the people.
    #[must_use]
    pub fn knowing(mut self, share: f64) -> Self {
        self.known = if share.is_finite() { share.clamp(0.01, 0.99) } else { KNOWN };
        self
    }

    /// The model of letters that was learnt.
    pub fn surprisal(&self) -> &Surprisal {
        &self.surprisal
    }

    /// One person against one account. The steps of the waterfall and its prior add up to its total exactly.
    ///
    /// Time is bounded: the handle is read up to 48 letters, biography and display name as far as they go.
    pub fn compare(&self, owner: &Owner, account: &Profile) -> Match {
        self.compare_letters(owner, account, self.letters(account).as_ref())
    }

    /// Every person for whom something speaks, against one account, best first, ties by id.
    ///
    /// An account has one owner: a step `rivals` takes from each what the others are likely to have.
    pub fn rank(&self, owners: &[Owner], account: &Profile) -> Vec<Match> {
        let letters = self.letters(account);
        let mut out: Vec<Match> =
            owners.iter().map(|owner| self.compare_letters(owner, account, letters.as_ref())).collect();
        out.retain(|found| found.waterfall.total() > found.waterfall.prior);
        rivals(&mut out);
        out
    }

    /// Decides on one account, given what [`rank`](Self::rank) found.
    pub fn decide(&self, ranked: Vec<Match>, thresholds: Thresholds) -> Decision {
        let mut ranked = ranked;
        ranked.retain(|found| found.probability >= thresholds.review());
        match ranked.first() {
            None => Decision::CreateNew,
            Some(best) if best.probability >= thresholds.accept() => Decision::Match(ranked.swap_remove(0)),
            Some(_) => Decision::Review(ranked),
        }
    }

    /// The handle of an account as letters; `None` when it has none.
    pub(super) fn letters(&self, account: &Profile) -> Option<Letters> {
        account.handle.as_ref().map(|handle| Letters::new(handle.reveal(), &self.surprisal))
    }

    pub(super) fn compare_letters(
        &self,
        owner: &Owner,
        account: &Profile,
        letters: Option<&Letters>,
    ) -> Match {
        let mut waterfall = Waterfall { prior: self.prior(), steps: Vec::new() };
        if let Some(letters) = letters {
            waterfall.steps = self.handle_steps(owner, letters);
        }
        evidence(owner, account, &mut waterfall.steps);
        Match {
            candidate: owner.person().id().to_owned(),
            probability: waterfall.probability(),
            waterfall,
            certain: None,
        }
    }

    /// The share of accounts whose owner is among the people, as stated.
    pub(super) fn known(&self) -> f64 {
        self.known
    }

    /// Log-odds that an account is this person's rather than a stranger's.
    pub(super) fn prior(&self) -> Points {
        Points::nearest((self.known / ((1.0 - self.known) * self.people.max(1) as f64)).log2())
    }

    /// What the handle says: the reading with the greatest weight.
    fn handle_steps(&self, owner: &Owner, letters: &Letters) -> Vec<Step> {
        let whole = letters.rest(0, letters.len(), &owner.context).stranger_alone;
        let known = owner
            .uses(letters.word(0, letters.len()))
            .then(|| step("handle", Level::Exact, whole.min(SAME_ELSEWHERE)).into_iter().collect());
        let readings = letters.runs().filter_map(|(from, to, run)| {
            let spelling = owner.spellings.get(run)?;
            let rest =
                letters.rest(0, from, &owner.context).then(letters.rest(to, letters.len(), &owner.context));
            Some(self.reading(spelling, rest, letters.cuts(from, to), whole, to - from))
        });
        let best =
            readings.chain(known).max_by_key(|steps| steps.iter().map(|step| step.weight).sum::<Points>());
        let digits_only = letters.word(0, letters.len()).bytes().all(|byte| byte.is_ascii_digit());
        match best {
            Some(steps) => steps,
            // A number is no attempt at a name.
            None if digits_only => Vec::new(),
            None => step("handle", Level::Distant, NO_PATTERN).into_iter().collect(),
        }
    }

    /// The steps of one reading of a handle.
    fn reading(&self, spelling: &Spelling, rest: Rest, cuts: u32, whole: f64, length: usize) -> Vec<Step> {
        let Spelling { pattern, bits, given, family } = spelling;
        let rare_given = match given.chars().nth(1) {
            Some(_) => self.given.bits(given, &self.surprisal),
            None if given.is_empty() => 0.0,
            None => INITIAL,
        };
        let rare_family = if family.is_empty() { 0.0 } else { self.family.bits(family, &self.surprisal) };
        let rarity = match rare_given + rare_family {
            sum if sum > 0.0 => sum,
            _ => INITIALS * length as f64,
        };
        let named = rest.stranger + rarity + pattern.stranger();
        let half = rest.unexplained > 1 && pattern.is_half();
        let level = pattern.level();
        let steps = [
            step("handle", level, rarity + pattern.stranger() - bits),
            step(
                "rest of the handle",
                level,
                rest.stranger - rest.owner + if half { OTHER_HALF } else { 0.0 },
            ),
            step("cut word", level, CUT_WORD * f64::from(cuts)),
            // A handle is never worth more than its own surprisal.
            step("common handle", level, (whole - named).min(0.0)),
        ];
        steps.into_iter().flatten().collect()
    }
}

/// A step, unless it weighs nothing.
pub(super) fn step(field: &'static str, level: Level, bits: f64) -> Option<Step> {
    let weight = Points::nearest(bits);
    (weight != Points::ZERO).then_some(Step { field: Cow::Borrowed(field), level, weight })
}

/// Orders the candidates of one account, best first, and takes from each what the others are likely to have.
pub(super) fn rivals(found: &mut [Match]) {
    found.sort_by(|a, b| {
        b.waterfall.total().cmp(&a.waterfall.total()).then_with(|| a.candidate.cmp(&b.candidate))
    });
    let odds: Vec<f64> = found.iter().map(|one| one.waterfall.total().as_f64().exp2()).collect();
    for (i, one) in found.iter_mut().enumerate() {
        let others: f64 = odds.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, odds)| odds).sum();
        one.waterfall.steps.extend(step("rivals", Level::Missing, -(1.0 + others).log2()));
        one.probability = one.waterfall.probability();
    }
}
