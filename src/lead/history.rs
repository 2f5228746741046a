use crate::model::{Points, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something a lead did: which criteria it met, about what, and when.
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
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    activities: BTreeMap<String, Activity>,
    retracted: BTreeSet<String>,
    adjustments: BTreeMap<String, Adjustment>,
    overrides: BTreeSet<Override>,
}

impl History {
    /// Adds an event; false when its id is known or was taken back, which changes nothing. Two events
    /// under one id that differ leave the lesser one, whichever came first. O(log events).
    pub fn record(&mut self, activity: Activity) -> bool {
        if self.retracted.contains(&activity.id) {
            return false;
        }
        match self.activities.get_mut(&activity.id) {
            Some(known) => {
                if activity < *known {
                    *known = activity;
                }
                false
            }
            None => self.activities.insert(activity.id.clone(), activity).is_none(),
        }
    }

    /// Takes an event back, for good; true when it was there.
    pub fn retract(&mut self, id: &str) -> bool {
        self.retracted.insert(id.to_owned());
        self.activities.remove(id).is_some()
    }

    /// Adds an adjustment; false when its id is known.
    pub fn adjust(&mut self, adjustment: Adjustment) -> bool {
        if self.adjustments.contains_key(&adjustment.id) {
            return false;
        }
        self.adjustments.insert(adjustment.id.clone(), adjustment).is_none()
    }

    /// Sets a score by hand, or lifts that.
    pub fn set_by_hand(&mut self, by_hand: Override) {
        self.overrides.insert(by_hand);
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
    }

    /// Parts with the events that `leaves` accepts, as when a merge was wrong: what one history loses the
    /// other gains. Adjustments and scores set by hand stay.
    #[must_use]
    pub fn split(&mut self, leaves: impl Fn(&Activity) -> bool) -> Self {
        let (gone, kept) =
            std::mem::take(&mut self.activities).into_iter().partition(|(_, activity)| leaves(activity));
        self.activities = kept;
        Self { activities: gone, retracted: self.retracted.clone(), ..Self::default() }
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
