//! Many accounts at once: what one account says of the others.
//!
//! ```text
//! pairs of every account ──► share of accounts whose owner is known ──╮
//!        ▲                   who already has an account elsewhere     │  a few rounds
//!        ╰────────────────────────────────────────────────────────────╯
//! pairs ──► best first: an account has one owner, an owner one account on each platform; who has another choice gives way
//! ```

use super::evidence::{account_keys, owner_keys};
use super::owner::Owner;
use super::{HandleMatcher, rivals, step};
use crate::identity::kind::Level;
use crate::identity::matcher::{Match, Thresholds};
use crate::model::{Personal, Platform, Points, Profile};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Rounds of estimating; the share has settled to three digits after four.
const ROUNDS: usize = 6;
/// The chance that somebody who is on one platform is on another as well.
const ELSEWHERE: f64 = 0.85;
/// What an account elsewhere multiplies the odds by, at most.
const ELSEWHERE_MOST: f64 = 3.0;

/// What to do with an account of a batch.
///
/// ```
/// use hearken::identity::{HandleMatcher, Owner, Person, Thresholds, Verdict};
/// use hearken::model::{Platform, Profile};
///
/// let owners = [Owner::new(Person::new("c-1").name("Tilda Brackenhurst"))];
/// let accounts = ["tildabrackenhurst", "gardengnome77"].map(|handle| {
///     let mut account = Profile::new(Platform::Bluesky, handle);
///     account.handle = Some(handle.into());
///     account
/// });
/// let links = HandleMatcher::learn(&owners, []).link(&owners, &accounts, Thresholds::tolerating(0.01));
/// assert_eq!(links.iter().map(|link| link.verdict.as_str()).collect::<Vec<_>>(), ["match", "new"]);
/// assert!(Verdict::Match < Verdict::Review && Verdict::Review < Verdict::New);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It is the best person's.
    Match,
    /// It may be the best person's: somebody should look.
    Review,
    /// It is nobody's here.
    New,
}

impl Verdict {
    /// `match`, `review` or `new`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Review => "review",
            Self::New => "new",
        }
    }
}

/// The owner of an account of a batch, as far as the batch tells.
///
/// ```
/// use hearken::identity::{HandleMatcher, Owner, Person, Thresholds, Verdict};
/// use hearken::model::{Platform, Profile};
///
/// let owners = [Owner::new(Person::new("c-1").name("Tilda Brackenhurst"))];
/// let mut account = Profile::new(Platform::Bluesky, "did:plc:1");
/// account.handle = Some("tilda.brackenhurst".into());
/// let links = HandleMatcher::learn(&owners, []).link(&owners, &[account], Thresholds::tolerating(0.01));
/// let Some(best) = links[0].best.as_ref().filter(|_| links[0].verdict == Verdict::Match) else { panic!() };
/// assert_eq!(best.candidate, "c-1");
/// assert!(best.probability > 0.99);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct HandleLink {
    /// The best person who is not better matched to another account of that platform; `None` when nothing speaks for
    /// anybody.
    pub best: Option<Match>,
    /// What to do.
    pub verdict: Verdict,
}

/// One account against one owner.
#[derive(Debug)]
struct Pair {
    owner: usize,
    found: Match,
    /// What the pair itself weighs, in bits.
    bits: f64,
    /// What accounts of the owner on other platforms weigh, in bits.
    elsewhere: f64,
    probability: f64,
}

impl HandleMatcher {
    /// Finds the owners of a batch of accounts: one link for each, in their order. The order of owners and accounts
    /// does not matter but for that.
    ///
    /// The share of accounts whose owner is known is estimated from the batch and replaces the stated one. A person who
    /// has one account here is likelier to have another; a step `other accounts` says so. Then links are made best first:
    /// an account has one owner, and an owner one account on each platform; an account that has another owner nearly as
    /// likely gives way to one that has none. Only pairs that share a spelling or a
    /// key are compared.
    ///
    /// ```
    /// use hearken::identity::{HandleMatcher, Owner, Person, Thresholds, Verdict};
    /// use hearken::model::{Platform, Profile};
    ///
    /// let owners = ["Tilda Brackenhurst", "Omar Feldmoser"].map(|name| Owner::new(Person::new(name).name(name)));
    /// let accounts = ["tildabrackenhurst", "official_tilda_b", "gardengnome77"].map(|handle| {
    ///     let mut account = Profile::new(Platform::Bluesky, handle);
    ///     account.handle = Some(handle.into());
    ///     account
    /// });
    /// let links = HandleMatcher::learn(&owners, []).link(&owners, &accounts, Thresholds::tolerating(0.01));
    /// assert_eq!(links[0].verdict, Verdict::Match);
    /// assert_eq!(links[1].verdict, Verdict::New); // she has her account on Bluesky already
    /// assert_eq!(links[2].verdict, Verdict::New);
    /// ```
    pub fn link(&self, owners: &[Owner], accounts: &[Profile], thresholds: Thresholds) -> Vec<HandleLink> {
        let mut batch = self.pairs(owners, accounts);
        let mut known = self.known();
        for _ in 0..ROUNDS {
            known = estimate(&mut batch, owners.len(), known);
            elsewhere(&mut batch, accounts, known);
        }
        let prior = self.clone().knowing(known).prior();
        let mut found: Vec<Vec<Match>> = batch.into_iter().map(|pairs| finish(pairs, prior)).collect();
        best_first(&mut found, accounts)
            .into_iter()
            .map(|best| {
                let probability = best.as_ref().map_or(0.0, |best| best.probability);
                let verdict = match probability {
                    p if p >= thresholds.accept() => Verdict::Match,
                    p if p >= thresholds.review() => Verdict::Review,
                    _ => Verdict::New,
                };
                HandleLink { best, verdict }
            })
            .collect()
    }

    /// The pairs of each account that share a spelling or a key.
    fn pairs(&self, owners: &[Owner], accounts: &[Profile]) -> Vec<Vec<Pair>> {
        let mut spelt: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut keyed: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, owner) in owners.iter().enumerate() {
            for spelling in owner.written() {
                spelt.entry(spelling).or_default().push(i);
            }
            for key in owner_keys(owner) {
                keyed.entry(key).or_default().push(i);
            }
        }
        let of_account = |account: &Profile| {
            let letters = self.letters(account);
            let mut candidates: BTreeSet<usize> = BTreeSet::new();
            for (_, _, run) in letters.iter().flat_map(|letters| letters.runs()) {
                candidates.extend(spelt.get(run).into_iter().flatten());
            }
            for key in account_keys(account) {
                candidates.extend(keyed.get(&key).into_iter().flatten());
            }
            let pair = |owner: usize| {
                let found = self.compare_letters(owners.get(owner)?, account, letters.as_ref());
                let bits = (found.waterfall.total() - found.waterfall.prior).as_f64();
                Some(Pair { owner, found, bits, elsewhere: 0.0, probability: 0.0 })
            };
            candidates.into_iter().filter_map(pair).collect()
        };
        accounts.iter().map(of_account).collect()
    }
}

/// The probabilities under the share `known`, and the share that follows from them.
fn estimate(batch: &mut [Vec<Pair>], people: usize, known: f64) -> f64 {
    let prior = known / ((1.0 - known) * people.max(1) as f64);
    // Millionths: their sum does not depend on the order of the accounts.
    let mut owned: u64 = 0;
    for pairs in batch.iter_mut() {
        let mut odds: Vec<f64> =
            pairs.iter().map(|pair| prior * (pair.bits + pair.elsewhere).exp2()).collect();
        for (pair, odds) in pairs.iter_mut().zip(&odds) {
            pair.probability = *odds;
        }
        odds.sort_by(f64::total_cmp);
        let sum: f64 = odds.iter().sum();
        for pair in pairs.iter_mut() {
            pair.probability /= 1.0 + sum;
        }
        owned += (sum / (1.0 + sum) * 1e6).round() as u64;
    }
    ((owned as f64 / 1e6 + 1.0) / (batch.len() as f64 + 2.0)).clamp(0.01, 0.99)
}

/// What accounts on other platforms say of each pair.
fn elsewhere(batch: &mut [Vec<Pair>], accounts: &[Profile], known: f64) {
    let mut likely: BTreeMap<usize, BTreeMap<&Platform, f64>> = BTreeMap::new();
    for (pairs, account) in batch.iter().zip(accounts) {
        for pair in pairs {
            let slot = likely.entry(pair.owner).or_default().entry(&account.key.platform).or_default();
            *slot = slot.max(pair.probability);
        }
    }
    for (pairs, account) in batch.iter_mut().zip(accounts) {
        for pair in pairs {
            let others = likely.get(&pair.owner).into_iter().flatten();
            let there = others
                .filter(|(platform, _)| **platform != &account.key.platform)
                .fold(0.0_f64, |most, (_, probability)| most.max(*probability));
            let factor = (ELSEWHERE / known).min(ELSEWHERE_MOST);
            pair.elsewhere = (1.0 - there + there * factor).log2();
        }
    }
}

/// The matches of one account under the estimated prior.
fn finish(pairs: Vec<Pair>, prior: Points) -> Vec<Match> {
    let mut out: Vec<Match> = pairs
        .into_iter()
        .map(|pair| {
            let mut found = pair.found;
            found.waterfall.prior = prior;
            found.waterfall.steps.extend(step("other accounts", Level::Missing, pair.elsewhere));
            found
        })
        .collect();
    rivals(&mut out);
    out
}

/// What a pair weighs, negative; the platform, handle and owner; the numbers of the account and of the match in it.
type Ranked<'a> = (Points, &'a Platform, Personal, &'a str, usize, usize);

/// Takes the likeliest pair of all, then the likeliest that does not contradict it, and so on. Then accounts that have
/// another owner nearly as likely give way to those that have none.
fn best_first(found: &mut [Vec<Match>], accounts: &[Profile]) -> Vec<Option<Match>> {
    let handle = |account: &Profile| account.handle.clone().unwrap_or_default();
    let mut order: Vec<Ranked<'_>> = Vec::new();
    for (i, (matches, account)) in found.iter().zip(accounts).enumerate() {
        for (j, one) in matches.iter().enumerate() {
            let weight = -one.waterfall.total();
            order.push((weight, &account.key.platform, handle(account), &one.candidate, i, j));
        }
    }
    order.sort();
    // By platform and owner: the account that has them.
    let mut holders: BTreeMap<(&Platform, &str), usize> = BTreeMap::new();
    let mut chosen: Vec<Option<usize>> = vec![None; found.len()];
    for (_, platform, _, candidate, i, j) in &order {
        if let Some(slot) = chosen.get_mut(*i).filter(|slot| slot.is_none())
            && let Entry::Vacant(free) = holders.entry((platform, candidate))
        {
            free.insert(*i);
            *slot = Some(*j);
        }
    }
    give_way(found, &order, &mut holders, &mut chosen);
    let pick = |(matches, chosen): (&mut Vec<Match>, Option<usize>)| {
        chosen.filter(|j| *j < matches.len()).map(|j| matches.swap_remove(j))
    };
    found.iter_mut().zip(chosen).map(pick).collect()
}

/// Hands the best owner of an account over to it where it gains more by it than the account that has them loses by
/// going to another, free owner.
fn give_way<'a>(
    found: &'a [Vec<Match>],
    order: &[Ranked<'a>],
    holders: &mut BTreeMap<(&'a Platform, &'a str), usize>,
    chosen: &mut [Option<usize>],
) {
    // A doubtful owner is worth nearly nothing, a likely one what it weighs.
    let worth = |bits: f64| (1.0 + bits.exp2()).log2();
    let of = |i: usize, j: usize| found.get(i).and_then(|matches| matches.get(j));
    let bits = |i: usize, j: usize| of(i, j).map_or(f64::MIN, |one| one.waterfall.total().as_f64());
    let mut seen: BTreeSet<usize> = BTreeSet::new();
    // In this order the first pair of an account is its best.
    for (_, platform, _, owner, i, j) in order.iter().filter(|(.., i, _)| seen.insert(*i)) {
        let Some(holder) = holders.get(&(*platform, *owner)).copied().filter(|holder| holder != i) else {
            continue;
        };
        let others = found.get(holder).into_iter().flatten().enumerate();
        let free = others.filter(|(_, one)| !holders.contains_key(&(*platform, one.candidate.as_str())));
        let instead = free.min_by_key(|(_, one)| (-one.waterfall.total(), one.candidate.as_str()));
        let (Some((instead, other)), Some(held)) = (instead, chosen.get(holder).copied().flatten()) else {
            continue;
        };
        let now = chosen.get(*i).copied().flatten();
        let before = worth(bits(holder, held)) + now.map_or(0.0, |now| worth(bits(*i, now)));
        if worth(bits(*i, *j)) + worth(bits(holder, instead)) <= before {
            continue;
        }
        if let Some(left) = now.and_then(|now| of(*i, now)) {
            holders.remove(&(*platform, left.candidate.as_str()));
        }
        holders.insert((*platform, *owner), *i);
        holders.insert((*platform, other.candidate.as_str()), holder);
        for (account, pair) in [(*i, *j), (holder, instead)] {
            if let Some(slot) = chosen.get_mut(account) {
                *slot = Some(pair);
            }
        }
    }
}
