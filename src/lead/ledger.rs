//! From a history to a ledger: who counts, for how much, and what the bounds take off.

use super::decay::halved;
use super::history::{Activity, History, Override};
use super::rules::{Criterion, GroupKind, Once, Rules, Score};
use crate::model::{Points, Timestamp};
use crate::scorecard::real::ln;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::f64::consts::LN_2;
use std::fmt;

/// A score as the sum of its entries, at one instant.
///
/// `total` equals the sum of the points of `entries`, always and exactly: caps, floor and ceiling,
/// adjustments by hand are entries too. Every entry is a whole number of thousandths, each computed from
/// its event alone, so the order in which events arrived cannot show.
///
/// ```
/// use hearken::lead::{Activity, History, RuleFile, Rules};
/// use hearken::limits::Limits;
/// use hearken::model::{Points, Timestamp};
///
/// let file: RuleFile = serde_json::from_str(r#"{
///     "scores": [{"id": "interest", "groups": [{"id": "what", "kind": "engagement", "cap": 30}]}],
///     "criteria": [{"id": "asks", "score": "interest", "group": "what", "when": "intent:buy", "points": 20}]}"#).unwrap();
/// let (rules, at, mut history) = (Rules::build(&file, &Limits::default()).unwrap(), Timestamp::from_secs, History::default());
/// for (id, now) in [("x:1", 0), ("x:2", 60)] {
///     history.record(Activity::new(id, at(now), ["asks"]));
/// }
/// let ledger = rules.ledger("interest", &history, &[], at(60)).unwrap();
/// assert_eq!((ledger.raw, ledger.total), (Points::whole(40), Points::whole(30)), "the cap takes ten off");
/// assert_eq!(ledger.entries.iter().map(|entry| entry.points).sum::<Points>(), ledger.total);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ledger {
    /// The score.
    pub score: String,
    /// The instant it holds for.
    pub as_of: Timestamp,
    /// The entries: fit, then events in order of time, then what bounds take off, adjustments, and what
    /// floor and ceiling do.
    pub entries: Vec<Entry>,
    /// What criteria gave before any bound.
    pub raw: Points,
    /// The sum of the fit groups after their caps.
    pub fit: Points,
    /// The sum of the engagement groups after their caps.
    pub engagement: Points,
    /// The score.
    pub total: Points,
    /// The grade, where the score has grades.
    pub grade: Option<Grade>,
    /// A score set by hand, which a host shows beside `total`.
    pub by_hand: Option<Override>,
    /// Events that did not count, and why.
    pub dropped: Vec<Dropped>,
    /// The latest instant of what the history had to forget: what is older may be missing here.
    pub forgotten: Option<Timestamp>,
    #[serde(skip)]
    standing: Standing,
}

/// One line of a ledger.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}]}],
/// #     "criteria": [{"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": 20, "half_life": "7d"}]}"#).unwrap();
/// # let (rules, mut history, week) = (Rules::build(&file, &Limits::default()).unwrap(), History::default(), 7 * 86_400);
/// history.record(Activity::new("x:1", Timestamp::from_secs(0), ["asks"]));
/// history.record(Activity::new("x:2", Timestamp::from_secs(week), ["asks"]));
/// let ledger = rules.ledger("crm", &history, &[], Timestamp::from_secs(week)).unwrap();
/// // A week halves the first of them; both say what they still bring.
/// let points: Vec<_> = ledger.entries.iter().map(|entry| entry.points).collect();
/// assert_eq!(points, [Points::whole(10), Points::whole(20)]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// Where it comes from.
    pub source: Source,
    /// What it contributes now.
    pub points: Points,
}

/// Where an entry comes from.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules, Source};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement", "cap": 30}, {"id": "is", "kind": "fit"}]}],
/// #     "criteria": [{"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": 40},
/// #                  {"id": "near", "score": "crm", "group": "is", "when": "country:ch", "points": 5}]}"#).unwrap();
/// # let (rules, mut history, now) = (Rules::build(&file, &Limits::default()).unwrap(), History::default(), Timestamp::from_secs(0));
/// history.record(Activity::new("x:1", now, ["asks"]));
/// let ledger = rules.ledger("crm", &history, &["near"], now).unwrap();
/// let sources: Vec<_> = ledger.entries.iter().map(|entry| &entry.source).collect();
/// assert!(matches!(sources[..], [Source::Fit { .. }, Source::Event { .. }, Source::GroupCap { .. }]));
/// assert_eq!(ledger.entries[2].points, Points::whole(-10), "what the cap of thirty takes off forty");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// A fit criterion that holds.
    Fit {
        /// The criterion.
        criterion: String,
    },
    /// An event.
    Event {
        /// The event.
        activity: String,
        /// The criterion it met.
        criterion: String,
        /// When it happened.
        at: Timestamp,
        /// What it was worth then.
        worth: Points,
        /// True when another event implied it.
        implied: bool,
    },
    /// The cap of a criterion.
    CriterionCap {
        /// The criterion.
        criterion: String,
    },
    /// The cap of a group.
    GroupCap {
        /// The group.
        group: String,
    },
    /// A person gave or took points.
    Adjustment {
        /// The adjustment.
        id: String,
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// The floor of the score.
    Floor,
    /// The ceiling of the score.
    Ceiling,
}

/// An event that met a criterion and did not count.
///
/// ```
/// # use hearken::lead::{Activity, History, Reason, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::Timestamp;
/// # let file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}]}],
/// #     "criteria": [{"id": "opens", "score": "crm", "group": "does", "when": "intent:buy", "points": 2, "once": "object"}]}"#).unwrap();
/// # let (rules, mut history, at) = (Rules::build(&file, &Limits::default()).unwrap(), History::default(), Timestamp::from_secs);
/// history.record(Activity::new("e1", at(0), ["opens"]).about("newsletter 7"));
/// history.record(Activity::new("e2", at(9), ["opens"]).about("newsletter 7"));
/// // "Why did this not count?" has an answer.
/// let dropped = &rules.ledger("crm", &history, &[], at(9)).unwrap().dropped;
/// assert_eq!((dropped[0].activity.as_str(), dropped[0].reason), ("e2", Reason::Once));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Dropped {
    /// The event.
    pub activity: String,
    /// The criterion.
    pub criterion: String,
    /// Why it did not count.
    pub reason: Reason,
}

/// Why an event did not count.
///
/// ```
/// # use hearken::lead::{Activity, History, Reason, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::Timestamp;
/// # let file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}]}], "bursts": {"links": 3, "within": "10s"},
/// #     "criteria": [{"id": "clicks", "score": "crm", "group": "does", "when": "intent:buy", "points": 2}]}"#).unwrap();
/// # let (rules, mut history, at) = (Rules::build(&file, &Limits::default()).unwrap(), History::default(), Timestamp::from_secs);
/// // Three links of one mail within three seconds: a filter followed them, not a person.
/// for (second, link) in [(1, "/a"), (2, "/b"), (3, "/c")] {
///     history.record(Activity::new(link, at(second), ["clicks"]).following(link));
/// }
/// let ledger = rules.ledger("crm", &history, &[], at(60)).unwrap();
/// assert!(ledger.entries.is_empty());
/// assert!(ledger.dropped.iter().all(|dropped| dropped.reason == Reason::Burst));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Part of a burst of links that no person followed.
    Burst,
    /// The object, or the lead, had its one already.
    Once,
    /// Counted towards a number that is not reached, or that another event completed.
    Counting,
    /// The rules have no such criterion.
    NoCriterion,
}

/// Fit as a letter, engagement as a digit: A1 is the best, C3 the least.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::Timestamp;
/// # let file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}, {"id": "is", "kind": "fit"}],
/// #                 "grades": {"fit": [10, 5], "engagement": [30, 15]}}],
/// #     "criteria": [{"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": 20},
/// #                  {"id": "big", "score": "crm", "group": "is", "when": "author.followers>1000", "points": 12}]}"#).unwrap();
/// # let (rules, mut history, now) = (Rules::build(&file, &Limits::default()).unwrap(), History::default(), Timestamp::from_secs(0));
/// history.record(Activity::new("x:1", now, ["asks"]));
/// let grade = |fit: &[&str]| rules.ledger("crm", &history, fit, now).unwrap().grade.unwrap();
/// assert_eq!((grade(&["big"]).to_string(), grade(&[]).to_string()), ("A2".to_owned(), "C2".to_owned()));
/// assert!(grade(&["big"]) < grade(&[]), "sorted, the best stand first");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Grade {
    fit: u8,
    engagement: u8,
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match (self.fit, self.engagement) {
            (0, 0) => "A1",
            (0, 1) => "A2",
            (0, _) => "A3",
            (1, 0) => "B1",
            (1, 1) => "B2",
            (1, _) => "B3",
            (_, 0) => "C1",
            (_, 1) => "C2",
            (_, _) => "C3",
        })
    }
}

impl From<Grade> for String {
    fn from(grade: Grade) -> Self {
        grade.to_string()
    }
}

impl Rules {
    /// The ledger of one score at `as_of`, from the history up to then and the fit criteria that hold.
    /// `None` when there is no such score. O(events × criteria), and O(events) more for each event that
    /// takes points away.
    ///
    /// Events count in the order in which they happened. One that takes points takes them from the
    /// points its group has at that moment, from each event in proportion, and leaves no debt: a lead
    /// that comes back earns what a fresh one would.
    pub fn ledger(&self, score: &str, history: &History, fit: &[&str], as_of: Timestamp) -> Option<Ledger> {
        let place = self.scores.iter().position(|s| s.id == score)?;
        let score = self.scores.get(place)?;
        let (hits, dropped) = self.hits(place, history, as_of);
        let mut entries: Vec<Entry> = Vec::new();
        let mut standing = Standing::new(score);
        for (criterion, rule) in self.of_score(place) {
            if self.kind(rule) == Some(GroupKind::Fit) && fit.contains(&rule.id.as_str()) {
                standing.hold(criterion, rule);
                let source = Source::Fit { criterion: rule.id.clone() };
                entries.push(Entry { source, points: rule.points });
            }
        }
        for hit in &hits {
            let (worth, points) = standing.happen(hit, as_of);
            let source = Source::Event {
                activity: hit.activity.id.clone(),
                criterion: hit.rule.id.clone(),
                at: hit.activity.at,
                worth,
                implied: hit.implied,
            };
            entries.push(Entry { source, points });
        }
        let raw = entries.iter().map(|entry| entry.points).sum();

        let bounds = standing.bounds(as_of);
        for (criterion, excess) in &bounds.criteria {
            let rule = self.criteria.get(*criterion);
            let source = Source::CriterionCap { criterion: rule.map_or(String::new(), |r| r.id.clone()) };
            entries.push(Entry { source, points: -*excess });
        }
        for (group, excess) in score.groups.iter().zip(&bounds.groups).filter(|(_, e)| **e != Points::ZERO) {
            let source = Source::GroupCap { group: group.id.clone() };
            entries.push(Entry { source, points: -*excess });
        }
        for adjustment in history.adjustments().filter(|a| a.score == score.id && a.at <= as_of) {
            standing.adjusted += adjustment.points;
            let (id, by, reason) = (adjustment.id.clone(), adjustment.by.clone(), adjustment.reason.clone());
            let source = Source::Adjustment { id, by, reason };
            entries.push(Entry { source, points: adjustment.points });
        }
        let open: Points = entries.iter().map(|entry| entry.points).sum();
        let total = open.clamp(score.floor, score.ceiling.max(score.floor));
        if total != open {
            let source = if total > open { Source::Floor } else { Source::Ceiling };
            entries.push(Entry { source, points: total - open });
        }
        let sum_of = |kind| {
            let groups = score.groups.iter().zip(&bounds.sums);
            groups.filter(|(group, _)| group.kind == kind).map(|(_, sum)| *sum).sum::<Points>()
        };
        let (fit, engagement) = (sum_of(GroupKind::Fit), sum_of(GroupKind::Engagement));
        Some(Ledger {
            score: score.id.clone(),
            as_of,
            entries,
            raw,
            fit,
            engagement,
            total,
            grade: score.grades.as_ref().map(|(letters, digits)| {
                let band =
                    |steps: &[Points; 2], points| steps.iter().filter(|step| points < **step).count() as u8;
                Grade { fit: band(letters, fit), engagement: band(digits, engagement) }
            }),
            by_hand: history.by_hand(&score.id, as_of).cloned(),
            dropped,
            forgotten: history.forgotten(),
            standing,
        })
    }

    /// The ledgers of all scores, in the order of the file.
    pub fn ledgers(&self, history: &History, fit: &[&str], as_of: Timestamp) -> Vec<Ledger> {
        self.scores().filter_map(|score| self.ledger(score, history, fit, as_of)).collect()
    }

    fn of_score(&self, score: usize) -> impl Iterator<Item = (usize, &Criterion)> {
        self.criteria.iter().enumerate().filter(move |(_, rule)| rule.score == score)
    }

    /// The events that count for a score, in order of time, and those that do not.
    fn hits<'a>(
        &'a self,
        score: usize,
        history: &'a History,
        as_of: Timestamp,
    ) -> (Vec<Hit<'a>>, Vec<Dropped>) {
        let mut seen: Vec<&Activity> = history.activities().filter(|a| a.at <= as_of).collect();
        seen.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        let bursts = self.burst(&seen);
        let (mut hits, mut dropped) = (Vec::new(), Vec::new());
        let mut drop = |activity: &Activity, criterion: &str, reason| {
            let (activity, criterion) = (activity.id.clone(), criterion.to_owned());
            dropped.push(Dropped { activity, criterion, reason });
        };
        for activity in &seen {
            for criterion in activity.criteria.iter().filter(|c| !self.criteria.iter().any(|r| r.id == **c)) {
                drop(activity, criterion, Reason::NoCriterion);
            }
        }
        for (criterion, rule) in self.of_score(score) {
            if self.kind(rule) != Some(GroupKind::Engagement) {
                continue;
            }
            let meets = |activity: &Activity, id: &str| activity.criteria.iter().any(|met| met == id);
            let object = |activity: &'a Activity| activity.object.as_deref().unwrap_or(&activity.id);
            let real: BTreeSet<&str> = (seen.iter())
                .filter(|a| meets(a, &rule.id) && !bursts.contains(a.id.as_str()))
                .map(|a| object(a))
                .collect();
            let implying = || rule.implied_by.iter().filter_map(|i| self.criteria.get(*i));
            let mut implied = BTreeSet::new();
            let mut objects = BTreeSet::new();
            let mut counting: VecDeque<(Timestamp, &Activity)> = VecDeque::new();
            for activity in &seen {
                let direct = meets(activity, &rule.id);
                if !direct && !implying().any(|other| meets(activity, &other.id)) {
                    continue;
                }
                if bursts.contains(activity.id.as_str()) {
                    drop(activity, &rule.id, Reason::Burst);
                    continue;
                }
                // An implied event stands in for a real one that never came.
                if !direct && (real.contains(object(activity)) || !implied.insert(object(activity))) {
                    continue;
                }
                let key = match rule.once {
                    Once::Never => None,
                    Once::Object => Some(object(activity)),
                    Once::Lead => Some(""),
                };
                if key.is_some_and(|key| !objects.insert(key)) {
                    drop(activity, &rule.id, Reason::Once);
                    continue;
                }
                if let Some((count, within)) = rule.frequency {
                    counting.push_back((activity.at, activity));
                    while counting.front().is_some_and(|(first, _)| activity.at.since(*first) > within) {
                        if let Some((_, old)) = counting.pop_front() {
                            drop(old, &rule.id, Reason::Counting);
                        }
                    }
                    if counting.len() < count {
                        continue;
                    }
                    counting.pop_back();
                    for (_, earlier) in counting.drain(..) {
                        drop(earlier, &rule.id, Reason::Counting);
                    }
                }
                hits.push(Hit { activity, criterion, rule, implied: !direct });
            }
            for (_, waiting) in counting {
                drop(waiting, &rule.id, Reason::Counting);
            }
        }
        hits.sort_by(|a, b| {
            (a.activity.at, &a.activity.id, a.criterion).cmp(&(b.activity.at, &b.activity.id, b.criterion))
        });
        dropped.sort();
        (hits, dropped)
    }

    /// Events that followed links in a burst: within the span, so many different links.
    fn burst<'a>(&self, seen: &[&'a Activity]) -> BTreeSet<&'a str> {
        let mut machine = BTreeSet::new();
        let Some((links, within)) = self.bursts else { return machine };
        let mut window: VecDeque<(&Activity, &str)> = VecDeque::new();
        for activity in seen {
            let Some(link) = activity.link.as_deref() else { continue };
            window.push_back((activity, link));
            while window.front().is_some_and(|(first, _)| activity.at.since(first.at) > within) {
                window.pop_front();
            }
            let different: BTreeSet<&str> = window.iter().map(|(_, link)| *link).collect();
            if different.len() >= links {
                machine.extend(window.iter().map(|(activity, _)| activity.id.as_str()));
            }
        }
        machine
    }
}

/// An event that counts.
struct Hit<'a> {
    activity: &'a Activity,
    criterion: usize,
    rule: &'a Criterion,
    implied: bool,
}

/// What stands to a lead's account and how it will fade: all that the future of a score depends on.
#[derive(Debug, Clone, PartialEq, Default)]
struct Standing {
    lives: Vec<Live>,
    /// Points that criteria have taken so far, for their caps.
    taken: BTreeMap<usize, f64>,
    caps: BTreeMap<usize, Points>,
    groups: Vec<(GroupKind, Option<Points>)>,
    adjusted: Points,
    floor: Points,
    ceiling: Points,
}

/// Points of one event, or of a fit criterion.
#[derive(Debug, Clone, PartialEq)]
struct Live {
    criterion: usize,
    group: usize,
    at: Timestamp,
    points: f64,
    half_life: Option<i64>,
}

impl Live {
    fn open(&self, when: Timestamp) -> f64 {
        self.points * self.half_life.map_or(1.0, |half_life| halved(when.since(self.at), half_life))
    }

    fn worth(&self, when: Timestamp) -> Points {
        Points::nearest(self.open(when))
    }
}

/// What caps take off.
struct Bounds {
    criteria: Vec<(usize, Points)>,
    groups: Vec<Points>,
    /// The sum of each group after its cap.
    sums: Vec<Points>,
}

impl Standing {
    fn new(score: &Score) -> Self {
        Self {
            groups: score.groups.iter().map(|group| (group.kind, group.cap)).collect(),
            floor: score.floor,
            ceiling: score.ceiling.max(score.floor),
            ..Self::default()
        }
    }

    fn hold(&mut self, criterion: usize, rule: &Criterion) {
        let (group, points) = (rule.group, rule.points.as_f64());
        self.lives.push(Live { criterion, group, at: Timestamp::default(), points, half_life: None });
        self.caps.extend(rule.cap.map(|cap| (criterion, cap)));
    }

    /// An event happens: it gives points, or takes from what its group has. Returns what it was worth
    /// then and what it gives at `as_of`: the entries of a group add up to what its points are worth.
    fn happen(&mut self, hit: &Hit<'_>, as_of: Timestamp) -> (Points, Points) {
        let (criterion, rule, at) = (hit.criterion, hit.rule, hit.activity.at);
        if rule.points > Points::ZERO {
            let (group, points) = (rule.group, rule.points.as_f64());
            let live = Live { criterion, group, at, points, half_life: rule.half_life };
            let worth = live.worth(as_of);
            self.lives.push(live);
            self.caps.extend(rule.cap.map(|cap| (criterion, cap)));
            return (rule.points, worth);
        }
        let there: f64 = self.group(rule.group).map(|live| live.open(at)).sum();
        let taken = self.taken.entry(criterion).or_default();
        let left = rule.cap.map_or(f64::INFINITY, |cap| (cap.as_f64() - *taken).max(0.0));
        let take = (-rule.points.as_f64()).min(there).min(left);
        if take <= 0.0 {
            return (Points::ZERO, Points::ZERO);
        }
        *taken += take;
        let keep = 1.0 - take / there;
        let before: Points = self.group(rule.group).map(|live| live.worth(as_of)).sum();
        for live in self.lives.iter_mut().filter(|live| live.group == rule.group) {
            live.points *= keep;
        }
        let after: Points = self.group(rule.group).map(|live| live.worth(as_of)).sum();
        (-Points::nearest(take), after - before)
    }

    fn group(&self, group: usize) -> impl Iterator<Item = &Live> {
        self.lives.iter().filter(move |live| live.group == group)
    }

    fn bounds(&self, when: Timestamp) -> Bounds {
        let mut by_criterion: BTreeMap<usize, (usize, Points)> = BTreeMap::new();
        for live in &self.lives {
            by_criterion.entry(live.criterion).or_insert((live.group, Points::ZERO)).1 += live.worth(when);
        }
        let mut sums = vec![Points::ZERO; self.groups.len()];
        let mut criteria = Vec::new();
        for (criterion, (group, sum)) in by_criterion {
            let cap = self.caps.get(&criterion);
            let held = cap.map_or(sum, |cap| sum.clamp(-*cap, *cap));
            if held != sum {
                criteria.push((criterion, sum - held));
            }
            if let Some(group) = sums.get_mut(group) {
                *group += held;
            }
        }
        let mut groups = Vec::new();
        for (sum, (_, cap)) in sums.iter_mut().zip(&self.groups) {
            let held = cap.map_or(*sum, |cap| (*sum).clamp(-cap, cap));
            groups.push(*sum - held);
            *sum = held;
        }
        Bounds { criteria, groups, sums }
    }

    /// The score at a later instant if nothing more happens.
    fn total(&self, when: Timestamp) -> Points {
        let sum: Points = self.bounds(when).sums.into_iter().sum();
        (sum + self.adjusted).clamp(self.floor, self.ceiling)
    }
}

impl Ledger {
    /// The score at a later instant if nothing more happens until then.
    pub fn later(&self, when: Timestamp) -> Points {
        self.standing.total(when.max(self.as_of))
    }

    /// The first millisecond after `as_of` at which the score will be below `threshold` if nothing more
    /// happens, for a `WakeAt`: no scan, no cron job. `None` when it is below already, or never will be.
    ///
    /// The score only falls from here on. What fades does so with half-lives between a shortest and a
    /// longest, so the instant lies between `as_of + h · log2(fading / (threshold − lasting))` for the
    /// two: a formula when there is one half-life and no cap binds. Between them it is found by
    /// bisection, to the millisecond and in the ledger's own integers; O(events) for each of at most 60
    /// steps.
    pub fn falls_below(&self, threshold: Points) -> Option<Timestamp> {
        let standing = &self.standing;
        let at = |wait: i64| standing.total(self.as_of + wait);
        if self.total < threshold {
            return None;
        }
        let half_lives = || standing.lives.iter().filter_map(|live| live.half_life);
        let (shortest, longest) = (half_lives().min()?, half_lives().max()?);
        let fading: f64 =
            standing.lives.iter().filter(|l| l.half_life.is_some()).map(|live| live.open(self.as_of)).sum();
        let lasting: Points =
            standing.lives.iter().filter(|l| l.half_life.is_none()).map(|live| live.worth(self.as_of)).sum();
        let left = (threshold - lasting - standing.adjusted).as_f64();
        // Once nothing that fades rounds to a thousandth any more, the score has come to rest.
        let rest = longest.saturating_mul(64);
        if at(rest) >= threshold {
            return None;
        }
        let halvings = if left > 0.0 && fading > left { ln(fading / left) / LN_2 } else { 0.0 };
        let wait = |half_life: i64| (halvings * half_life as f64) as i64;
        // Rounding moves the instant by a little: the formula's bracket is opened until it holds it.
        let (mut above, mut below) = (wait(shortest), wait(longest).max(1));
        let mut slack = (longest >> 20).max(1);
        while above > 0 && at(above) < threshold {
            above = (above - slack).max(0);
            slack = slack.saturating_mul(4);
        }
        while at(below) >= threshold {
            below = below.saturating_add(slack).min(rest);
            slack = slack.saturating_mul(4);
        }
        while below - above > 1 {
            let middle = above + (below - above) / 2;
            if at(middle) < threshold {
                below = middle;
            } else {
                above = middle;
            }
        }
        Some(self.as_of + below)
    }
}
