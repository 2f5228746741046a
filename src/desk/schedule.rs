use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the host should do with scheduled posts.
///
/// ```
/// use hearken::desk::{Schedule, ScheduleCommand};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut schedule = Schedule::default();
/// schedule.plan("spring sale", at(100));
/// assert_eq!(schedule.tick(at(0)), [ScheduleCommand::WakeAt(at(100))]);
/// // The host woke a minute late: it learns when the post was due.
/// let due = ScheduleCommand::Publish { draft: "spring sale".into(), due: at(100) };
/// assert_eq!(schedule.tick(at(160)), [due]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScheduleCommand {
    /// It is time: publish the draft of this id.
    Publish {
        /// The draft.
        draft: String,
        /// When it was due.
        due: Timestamp,
    },
    /// It is time, and a crisis holds it back.
    Held {
        /// The draft.
        draft: String,
        /// When it was due.
        due: Timestamp,
    },
    /// The crisis is over and its time has passed: somebody looks whether it still fits, then plans it again or drops it.
    Review {
        /// The draft.
        draft: String,
        /// When it was due.
        due: Timestamp,
    },
    /// Call [`Schedule::tick`] then.
    WakeAt(Timestamp),
}

/// Posts that are planned, and the crises that hold them back.
///
/// While any crisis pauses, nothing that falls due goes out. A post that was held back never goes out by itself: what was
/// written for a quiet day is looked at again. Each is told once as published or held, at most once for review, and it
/// does not matter how often the clock ticks.
///
/// ```
/// use hearken::desk::{Schedule, ScheduleCommand};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut schedule = Schedule::default();
/// schedule.plan("spring sale", at(100));
/// schedule.plan("new colours", at(900));
/// schedule.pause("outage", at(50));
/// let (draft, due) = ("spring sale".to_owned(), at(100));
/// let held = ScheduleCommand::Held { draft: draft.clone(), due };
/// assert_eq!(schedule.tick(at(200)), [held, ScheduleCommand::WakeAt(at(900))]);
/// assert_eq!(schedule.resume("outage", at(300)), [ScheduleCommand::Review { draft, due }]);
/// let (draft, due) = ("new colours".to_owned(), at(900));
/// assert_eq!(schedule.tick(at(900)), [ScheduleCommand::Publish { draft, due }]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    planned: BTreeMap<String, Timestamp>,
    held: BTreeMap<String, Timestamp>,
    pauses: BTreeSet<String>,
    /// The tick asked for last.
    wake: Option<Timestamp>,
}

impl Schedule {
    /// Plans a post, or plans it anew.
    pub fn plan(&mut self, draft: &str, at: Timestamp) {
        self.held.remove(draft);
        self.planned.insert(draft.to_owned(), at);
    }

    /// Drops a post, planned or held.
    pub fn drop_post(&mut self, draft: &str) {
        self.held.remove(draft);
        self.planned.remove(draft);
    }

    /// A crisis holds posts back from now on. What was due before still goes out.
    pub fn pause(&mut self, crisis: &str, now: Timestamp) -> Vec<ScheduleCommand> {
        let commands = self.tick(now);
        self.pauses.insert(crisis.to_owned());
        commands
    }

    /// A crisis is over. When it was the last, what was held back is to be looked at.
    pub fn resume(&mut self, crisis: &str, now: Timestamp) -> Vec<ScheduleCommand> {
        let mut commands = self.tick(now);
        if self.pauses.remove(crisis) && self.pauses.is_empty() {
            let held = std::mem::take(&mut self.held);
            commands.extend(held.into_iter().map(|(draft, due)| ScheduleCommand::Review { draft, due }));
        }
        commands
    }

    /// Posts that wait for their time, by id.
    pub fn planned(&self) -> impl Iterator<Item = (&str, Timestamp)> {
        self.planned.iter().map(|(draft, at)| (draft.as_str(), *at))
    }

    /// Posts that a crisis holds back.
    pub fn held(&self) -> impl Iterator<Item = &str> {
        self.held.keys().map(String::as_str)
    }

    /// What is due by `now`, in order of time, then of id.
    pub fn tick(&mut self, now: Timestamp) -> Vec<ScheduleCommand> {
        let mut due: Vec<(Timestamp, String)> = Vec::new();
        self.planned.retain(|draft, at| {
            let later = *at > now;
            if !later {
                due.push((*at, draft.clone()));
            }
            later
        });
        due.sort();
        let mut commands = Vec::with_capacity(due.len() + 1);
        for (due, draft) in due {
            if self.pauses.is_empty() {
                commands.push(ScheduleCommand::Publish { draft, due });
            } else {
                self.held.insert(draft.clone(), due);
                commands.push(ScheduleCommand::Held { draft, due });
            }
        }
        let next = self.planned.values().min().copied();
        if next != self.wake {
            self.wake = next;
            commands.extend(next.map(ScheduleCommand::WakeAt));
        }
        commands
    }
}
