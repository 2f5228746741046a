use crate::limits::Limits;
use crate::model::{Points, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something a lead did: which criteria it met, about what, and when.
///
/// ```
/// use hearken::lead::{Activity, History};
/// use hearken::model::Timestamp;
///
/// let mut history = History::default();
/// let asked = || Activity::new("x:17", Timestamp::from_secs(0), ["asks-for-a-quote"]);
/// assert!(history.record(asked()));
/// assert!(!history.record(asked()), "delivered again, it counts once");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Activity {
    /// The event's own id: the same id is the same event, however often it arrives.
    pub id: String,
    /// When it happened.
    pub at: Timestamp,
    /// The criteria that its facts met, by id ([`Rules::matches`](super::Rules::matches)).
    pub criteria: Vec<String>,
    /// What it was about, where the same object should count once: the e-mail, the page, the post.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The link that was followed, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The contact who did it, so that a merge can be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

impl Activity {
    /// An event about nothing in particular.
    pub fn new<S: Into<String>>(
        id: impl Into<String>,
        at: Timestamp,
        criteria: impl IntoIterator<Item = S>,
    ) -> Self {
        let criteria = criteria.into_iter().map(Into::into).collect();
        Self { id: id.into(), at, criteria, object: None, link: None, contact: None }
    }

    /// Says what it was about.
    #[must_use]
    pub fn about(mut self, object: impl Into<String>) -> Self {
        self.object = Some(object.into());
        self
    }

    /// Says which link was followed.
    #[must_use]
    pub fn following(mut self, link: impl Into<String>) -> Self {
        self.link = Some(link.into());
        self
    }

    /// Says who did it.
    #[must_use]
    pub fn by(mut self, contact: impl Into<String>) -> Self {
        self.contact = Some(contact.into());
        self
    }
}

/// Points that a person gave or took, with the reason: an entry of the ledger like any other.
///
/// ```
/// # use hearken::lead::{Adjustment, History, RuleFile, Rules, Source};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let file: RuleFile = serde_json::from_str(r#"{"scores": [{"id": "crm", "groups": []}]}"#).unwrap();
/// # let rules = Rules::build(&file, &Limits::default()).unwrap();
/// let (now, mut history) = (Timestamp::from_secs(0), History::default());
/// history.adjust(Adjustment {
///     id: "a-1".into(), at: now, score: "crm".into(), points: Points::whole(15),
///     by: "ann".into(), reason: "spoke at the fair".into(),
/// });
/// // It counts, and the ledger says whose word it was.
/// let ledger = rules.ledger("crm", &history, &[], now).unwrap();
/// assert_eq!(ledger.total, Points::whole(15));
/// assert!(matches!(&ledger.entries[0].source, Source::Adjustment { by, .. } if by == "ann"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Adjustment {
    /// Its own id.
    pub id: String,
    /// From when it counts.
    pub at: Timestamp,
    /// The score it changes.
    pub score: String,
    /// Points given, or taken. They do not fade.
    pub points: Points,
    /// Who did it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// A score that a person set by hand. It stands beside the computed score and never explains it.
///
/// ```
/// # use hearken::lead::{History, Override, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let file: RuleFile = serde_json::from_str(r#"{"scores": [{"id": "crm", "groups": []}]}"#).unwrap();
/// # let rules = Rules::build(&file, &Limits::default()).unwrap();
/// let (at, mut history) = (Timestamp::from_secs, History::default());
/// let set = |at, points| Override { at, score: "crm".into(), points, by: "ann".into(), reason: "a partner".into() };
/// history.set_by_hand(set(at(0), Some(Points::whole(90))));
/// history.set_by_hand(set(at(600), None));
/// // It stands beside the computed score, until it is lifted.
/// let ledger = rules.ledger("crm", &history, &[], at(60)).unwrap();
/// assert_eq!((ledger.total, ledger.by_hand.unwrap().points), (Points::ZERO, Some(Points::whole(90))));
/// assert!(rules.ledger("crm", &history, &[], at(600)).unwrap().by_hand.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Override {
    /// From when it holds, until a later one.
    pub at: Timestamp,
    /// The score it sets.
    pub score: String,
    /// To what; absent lifts an earlier one.
    pub points: Option<Points>,
    /// Who did it.
    pub by: String,
    /// Why.
    pub reason: String,
}

/// Everything that happened with a lead, as a set: order and repetition of arrival leave no trace.
///
/// It is bounded: of more events (adjustments, scores by hand) than [`Limits::lead_events`] it keeps the newest,
/// and [`forgotten`](Self::forgotten) says from when on it is whole.
///
/// ```
/// use hearken::lead::{Activity, History};
/// use hearken::model::Timestamp;
///
/// let mut history = History::default();
/// let open = Activity::new("e1", Timestamp::from_secs(9), ["open"]);
/// assert!(history.record(open.clone()));
/// assert!(!history.record(open.clone()), "known already");
/// history.retract("e1");
/// assert!(!history.record(open), "taken back wins, even when it comes first");
/// assert_eq!(history.activities().count(), 0);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    most: usize,
    forgotten: Option<Timestamp>,
    activities: BTreeMap<String, Activity>,
    retracted: BTreeSet<String>,
    adjustments: BTreeMap<String, Adjustment>,
    overrides: BTreeSet<Override>,
}

/// Bounded by the default [`Limits`].
impl Default for History {
    fn default() -> Self {
        Self::within(&Limits::default())
    }
}

impl History {
    /// An empty history under these bounds.
    pub fn within(limits: &Limits) -> Self {
        Self {
            most: limits.lead_events.max(1),
            forgotten: None,
            activities: BTreeMap::new(),
            retracted: BTreeSet::new(),
            adjustments: BTreeMap::new(),
            overrides: BTreeSet::new(),
        }
    }

    /// Adds an event; false when its id is known or was taken back, or when it is older than all that a full
    /// history holds: none of these changes anything. Two events under one id that differ leave the lesser one,
    /// whichever came first. O(log events), O(events) when it is full.
    pub fn record(&mut self, activity: Activity) -> bool {
        if self.retracted.contains(&activity.id) {
            return false;
        }
        if let Some(known) = self.activities.get_mut(&activity.id) {
            if activity < *known {
                *known = activity;
            }
            return false;
        }
        let id = activity.id.clone();
        self.activities.insert(id.clone(), activity);
        self.forget_oldest();
        self.activities.contains_key(&id)
    }

    /// Takes an event back, for good; true when it was there. Of more withdrawals than events may be, those with
    /// the greatest ids are remembered.
    pub fn retract(&mut self, id: &str) -> bool {
        self.retracted.insert(id.to_owned());
        if self.retracted.len() > self.most {
            self.retracted.pop_first();
        }
        self.activities.remove(id).is_some()
    }

    /// Adds an adjustment; false when its id is known.
    pub fn adjust(&mut self, adjustment: Adjustment) -> bool {
        let id = adjustment.id.clone();
        if self.adjustments.contains_key(&id) {
            return false;
        }
        self.adjustments.insert(id.clone(), adjustment);
        self.forget_oldest();
        self.adjustments.contains_key(&id)
    }

    /// Sets a score by hand, or lifts that.
    pub fn set_by_hand(&mut self, by_hand: Override) {
        self.overrides.insert(by_hand);
        self.forget_oldest();
    }

    /// The latest instant of anything that had to make room; what came after it is here whole.
    pub fn forgotten(&self) -> Option<Timestamp> {
        self.forgotten
    }

    /// Lets the oldest go while there are too many. What is left depends on what came, not on its order.
    fn forget_oldest(&mut self) {
        let mut gone = self.forgotten;
        gone = gone.max(drop_oldest(&mut self.activities, self.most, |activity| activity.at));
        gone = gone.max(drop_oldest(&mut self.adjustments, self.most, |adjustment| adjustment.at));
        while self.overrides.len() > self.most {
            gone = gone.max(self.overrides.pop_first().map(|by_hand| by_hand.at));
        }
        self.forgotten = gone;
    }

    /// Takes in everything of another history, as when two leads prove to be one: no event is counted
    /// twice and none is lost.
    pub fn merge(&mut self, other: Self) {
        for id in other.retracted {
            self.retract(&id);
        }
        for activity in other.activities.into_values() {
            self.record(activity);
        }
        for adjustment in other.adjustments.into_values() {
            self.adjust(adjustment);
        }
        self.overrides.extend(other.overrides);
        self.forgotten = self.forgotten.max(other.forgotten);
        self.forget_oldest();
    }

    /// Parts with the events that `leaves` accepts, as when a merge was wrong: what one history loses the
    /// other gains. Adjustments and scores set by hand stay.
    #[must_use]
    pub fn split(&mut self, leaves: impl Fn(&Activity) -> bool) -> Self {
        let (gone, kept) =
            std::mem::take(&mut self.activities).into_iter().partition(|(_, activity)| leaves(activity));
        self.activities = kept;
        Self {
            most: self.most,
            forgotten: self.forgotten,
            activities: gone,
            retracted: self.retracted.clone(),
            adjustments: BTreeMap::new(),
            overrides: BTreeSet::new(),
        }
    }

    /// Says anew which criteria each event meets, as after a change of rules.
    pub fn rematch(&mut self, criteria: impl Fn(&Activity) -> Vec<String>) {
        for activity in self.activities.values_mut() {
            activity.criteria = criteria(activity);
        }
    }

    /// The events, by id.
    pub fn activities(&self) -> impl Iterator<Item = &Activity> {
        self.activities.values()
    }

    /// The adjustments, by id.
    pub fn adjustments(&self) -> impl Iterator<Item = &Adjustment> {
        self.adjustments.values()
    }

    /// The score set by hand that holds at `when`.
    pub fn by_hand(&self, score: &str, when: Timestamp) -> Option<&Override> {
        let mut so_far = self.overrides.iter().filter(|o| o.score == score && o.at <= when);
        so_far.next_back().filter(|o| o.points.is_some())
    }
}

/// Drops the oldest entries beyond `most`, ties by id; the instant of the last one dropped.
fn drop_oldest<T>(
    entries: &mut BTreeMap<String, T>,
    most: usize,
    at: impl Fn(&T) -> Timestamp,
) -> Option<Timestamp> {
    let mut gone = None;
    while entries.len() > most {
        let (instant, id) = entries.iter().map(|(id, entry)| (at(entry), id.clone())).min()?;
        entries.remove(&id);
        gone = Some(instant);
    }
    gone
}
