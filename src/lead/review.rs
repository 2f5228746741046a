use super::history::History;
use super::ledger::{Grade, Ledger};
use super::rules::Rules;
use crate::model::{Points, Timestamp};
use crate::scorecard::{Threshold, Validation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A lead under one set of rules: its history with the criteria that these rules match, and the fit
/// criteria that hold.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules, Standpoint};
/// # use hearken::limits::Limits;
/// # use hearken::model::Timestamp;
/// # let rules = |points: u32| {
/// #     let file: RuleFile = serde_json::from_str(&format!(r#"{{
/// #         "scores": [{{"id": "crm", "groups": [{{"id": "is", "kind": "fit"}}]}}],
/// #         "criteria": [{{"id": "near", "score": "crm", "group": "is", "when": "country:ch", "points": {points}}}]}}"#)).unwrap();
/// #     Rules::build(&file, &Limits::default()).unwrap()
/// # };
/// let (old, new, history) = (rules(5), rules(8), History::default());
/// let swiss = Standpoint { history: &history, fit: &["near"] };
/// let other = Standpoint { history: &history, fit: &[] };
/// let shifts = new.dry_run(&old, [("ann", swiss, swiss), ("bo", other, other)], Timestamp::from_secs(0));
/// assert_eq!(shifts.iter().map(|shift| shift.lead.as_str()).collect::<Vec<_>>(), ["ann"]);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Standpoint<'a> {
    /// What happened, matched by the rules.
    pub history: &'a History,
    /// The fit criteria that hold.
    pub fit: &'a [&'a str],
}

/// What a change of rules would do to one score of one lead.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules, Standpoint};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let rules = |points: u32| {
/// #     let file: RuleFile = serde_json::from_str(&format!(r#"{{
/// #         "scores": [{{"id": "crm", "groups": [{{"id": "does", "kind": "engagement"}}]}}],
/// #         "criteria": [{{"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": {points}}}]}}"#)).unwrap();
/// #     Rules::build(&file, &Limits::default()).unwrap()
/// # };
/// # let (old, new, now, mut history) = (rules(20), rules(12), Timestamp::from_secs(0), History::default());
/// history.record(Activity::new("x:1", now, ["asks"]));
/// let ann = Standpoint { history: &history, fit: &[] };
/// // A dry run before the rules change: who would move, and from where to where.
/// let shift = &new.dry_run(&old, [("ann", ann, ann)], now)[0];
/// let total = |side: &Option<(Points, _)>| side.as_ref().map(|(total, _)| *total);
/// assert_eq!((total(&shift.before), total(&shift.after)), (Some(Points::whole(20)), Some(Points::whole(12))));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Shift {
    /// The lead.
    pub lead: String,
    /// The score.
    pub score: String,
    /// Total and grade under the old rules; absent where they had no such score.
    pub before: Option<(Points, Option<Grade>)>,
    /// Total and grade under the new rules.
    pub after: Option<(Points, Option<Grade>)>,
    /// Named thresholds, of the old or the new rules, that the lead would newly reach or lose.
    pub crossed: Vec<Crossing>,
}

/// A threshold that a change makes a lead reach or lose.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules, Standpoint};
/// # use hearken::limits::Limits;
/// # use hearken::model::Timestamp;
/// # let rules = |points: u32| {
/// #     let file: RuleFile = serde_json::from_str(&format!(r#"{{
/// #         "scores": [{{"id": "crm", "groups": [{{"id": "does", "kind": "engagement"}}], "thresholds": {{"mql": 15, "hot": 90}}}}],
/// #         "criteria": [{{"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": {points}}}]}}"#)).unwrap();
/// #     Rules::build(&file, &Limits::default()).unwrap()
/// # };
/// # let (old, new, now, mut history) = (rules(20), rules(12), Timestamp::from_secs(0), History::default());
/// history.record(Activity::new("x:1", now, ["asks"]));
/// let ann = Standpoint { history: &history, fit: &[] };
/// // `new` gives twelve points where `old` gave twenty: sales would no longer get this lead.
/// let crossed = &new.dry_run(&old, [("ann", ann, ann)], now)[0].crossed;
/// assert_eq!(crossed.len(), 1);
/// assert_eq!((crossed[0].threshold.as_str(), crossed[0].reached), ("mql", false));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Crossing {
    /// The threshold, such as `mql`.
    pub threshold: String,
    /// True when it is newly reached, false when it is lost.
    pub reached: bool,
}

impl Rules {
    /// The named thresholds that a total reaches, highest first.
    pub fn reached(&self, score: &str, total: Points) -> Vec<&str> {
        let rules = self.scores.iter().filter(|s| s.id == score).flat_map(|s| &s.thresholds);
        rules.filter(|(_, at)| total >= *at).map(|(name, _)| name.as_str()).collect()
    }

    /// When a ledger's score will next lose a named threshold if nothing happens: the instant and the
    /// threshold, for a `WakeAt`.
    pub fn next_loss(&self, ledger: &Ledger) -> Option<(Timestamp, &str)> {
        let thresholds = self.scores.iter().filter(|s| s.id == ledger.score).flat_map(|s| &s.thresholds);
        let (name, at) = thresholds.into_iter().find(|(_, at)| ledger.total >= *at)?;
        Some((ledger.falls_below(*at)?, name))
    }

    /// What these rules would change against `old`, as of an instant: every score that differs, by lead
    /// and score. Nothing is stored: it is a dry run.
    ///
    /// A lead comes as it stands under the old rules and under the new ones; where only points changed,
    /// both are the same.
    pub fn dry_run<'a>(
        &self,
        old: &Rules,
        leads: impl IntoIterator<Item = (&'a str, Standpoint<'a>, Standpoint<'a>)>,
        as_of: Timestamp,
    ) -> Vec<Shift> {
        let mut shifts = Vec::new();
        for (lead, before, after) in leads {
            let read = |rules: &Rules, standpoint: Standpoint<'_>| -> BTreeMap<String, _> {
                let ledgers = rules.ledgers(standpoint.history, standpoint.fit, as_of);
                ledgers.into_iter().map(|l| (l.score, (l.total, l.grade))).collect()
            };
            let (before, after) = (read(old, before), read(self, after));
            let scores: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
            for score in scores {
                let (was, is) = (before.get(score).copied(), after.get(score).copied());
                if was == is {
                    continue;
                }
                let reached = |rules: &Rules, state: Option<(Points, Option<Grade>)>| -> Vec<String> {
                    let names = state.map(|(total, _)| rules.reached(score, total)).unwrap_or_default();
                    names.into_iter().map(str::to_owned).collect()
                };
                let (had, has) = (reached(old, was), reached(self, is));
                let gained = has.iter().filter(|name| !had.contains(name)).map(|name| (name, true));
                let lost = had.iter().filter(|name| !has.contains(name)).map(|name| (name, false));
                let crossed = gained
                    .chain(lost)
                    .map(|(threshold, reached)| Crossing { threshold: threshold.clone(), reached })
                    .collect();
                shifts.push(Shift {
                    lead: lead.to_owned(),
                    score: score.clone(),
                    before: was,
                    after: is,
                    crossed,
                });
            }
        }
        shifts
    }
}

/// How the scores of the contacts of a company make the company's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RollUp {
    /// All together.
    Sum,
    /// The best of them.
    Max,
    /// Their mean, rounded towards zero to a thousandth.
    Mean,
}

impl RollUp {
    /// The company's score; none without contacts.
    ///
    /// ```
    /// use hearken::lead::RollUp;
    /// use hearken::model::Points;
    ///
    /// let contacts = [Points::whole(30), Points::whole(50)];
    /// assert_eq!(RollUp::Sum.of(contacts), Some(Points::whole(80)));
    /// assert_eq!(RollUp::Max.of(contacts), Some(Points::whole(50)));
    /// assert_eq!(RollUp::Mean.of(contacts), Some(Points::whole(40)));
    /// assert_eq!(RollUp::Max.of([]), None);
    /// ```
    pub fn of(self, contacts: impl IntoIterator<Item = Points>) -> Option<Points> {
        let contacts: Vec<Points> = contacts.into_iter().collect();
        let best = contacts.iter().max().copied()?;
        let sum: Points = contacts.iter().copied().sum();
        Some(match self {
            Self::Sum => sum,
            Self::Max => best,
            Self::Mean => Points::thousandths(sum.as_thousandths() / contacts.len() as i64),
        })
    }
}

/// Where a threshold such as `mql` should lie, from the points that closed leads had when they were handed over and
/// whether they bought: the points of least cost, given that of a buyer not called and of a call in vain, with
/// precision and recall there and their intervals ([`Threshold::threshold`] is the same place on a scale from 0 to
/// 1). Above all points when calling nobody costs least. `None` without leads or with a cost that is not positive.
/// O(n log n).
///
/// ```
/// use hearken::lead::qualify;
/// use hearken::model::Points;
///
/// let closed = [(20, false), (35, false), (40, true), (55, false), (60, true), (80, true)];
/// let closed = closed.map(|(points, bought)| (Points::whole(points), bought));
/// let (mql, judged) = qualify(closed, 5.0, 1.0).unwrap();
/// assert_eq!((mql, judged.hits, judged.false_alarms), (Points::whole(40), 3, 1));
/// ```
pub fn qualify(
    closed: impl IntoIterator<Item = (Points, bool)>,
    miss: f64,
    false_alarm: f64,
) -> Option<(Points, Threshold)> {
    let closed: Vec<(Points, bool)> = closed.into_iter().collect();
    let mut levels: Vec<Points> = closed.iter().map(|(points, _)| *points).collect();
    levels.sort();
    levels.dedup();
    // The place among the levels is exact, whatever the points are.
    let scale = |points: &Points| levels.partition_point(|level| level < points) as f64 / levels.len() as f64;
    let check = Validation::new(closed.iter().map(|(points, bought)| (scale(points), *bought)));
    let chosen = check.threshold(miss, false_alarm)?;
    let above = || levels.last().map(|most| *most + Points::thousandths(1));
    let at = levels.iter().find(|level| scale(level) >= chosen.threshold).copied().or_else(above)?;
    Some((at, chosen))
}
