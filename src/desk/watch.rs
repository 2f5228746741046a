use super::case::Case;
use super::sla::{Promise, Sla};
use crate::calendar::Calendar;
use crate::model::{CaseId, Timestamp};
use serde::{Deserialize, Serialize};

/// A promise and when it will be missed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Due {
    /// When it will be missed, or was.
    pub due: Timestamp,
    /// Whose it is.
    pub case: CaseId,
    /// Which promise.
    pub promise: Promise,
}

/// What will be missed within `horizon` milliseconds unless somebody acts, soonest first.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{about_to_breach, Case, Sla, Targets};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let case = Case::open("c1", at(0), ItemKey::new(Platform::X, "1"));
/// let sla = Sla::open(at(0), Targets { first: Some(600_000), ..Targets::default() }, 0);
/// let due = about_to_breach([(&case, &sla)], &Calendar::always(), at(500), 200_000);
/// assert_eq!(due[0].due, at(600));
/// ```
pub fn about_to_breach<'a>(
    cases: impl IntoIterator<Item = (&'a Case, &'a Sla)>,
    calendar: &Calendar,
    now: Timestamp,
    horizon: i64,
) -> Vec<Due> {
    let mut list: Vec<Due> = Vec::new();
    for (case, sla) in cases {
        for promise in Promise::ALL {
            let due = sla.state(promise, calendar, now).due.filter(|&due| due <= now + horizon);
            list.extend(due.map(|due| Due { due, case: case.id.clone(), promise }));
        }
    }
    list.sort();
    list
}

/// A negative item that nobody has answered in time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Ignored {
    /// Since when the customer waits.
    pub since: Timestamp,
    /// The case.
    pub case: CaseId,
}

/// Cases with a negative word whose customer has waited longer than `patience` milliseconds of business time,
/// longest first. `negative` says which cases those are: what sentiment found is not the case's own.
pub fn ignored_negative<'a>(
    cases: impl IntoIterator<Item = &'a Case>,
    negative: impl Fn(&Case) -> bool,
    calendar: &Calendar,
    now: Timestamp,
    patience: i64,
) -> Vec<Ignored> {
    let mut list: Vec<Ignored> = (cases.into_iter())
        .filter(|case| negative(case))
        .filter_map(|case| Some(Ignored { since: case.waiting_since?, case: case.id.clone() }))
        .filter(|item| calendar.elapsed(item.since, now) > patience)
        .collect();
    list.sort();
    list
}

/// How many of one week's inbound items got an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekRatio {
    /// Monday 00:00 UTC of the week.
    pub week: Timestamp,
    /// Inbound items.
    pub inbound: u32,
    /// Those that were answered, whenever.
    pub answered: u32,
}

/// The community ratio by week, oldest first, of pairs (when an item came in, whether it was answered). A
/// week without any item is absent: nothing was ignored in it. A week with items and no answer is the
/// zero-interaction week to alert about.
pub fn weekly_ratio(items: impl IntoIterator<Item = (Timestamp, bool)>) -> Vec<WeekRatio> {
    const WEEK: i64 = 7 * 24 * 60 * 60_000;
    const MONDAY: i64 = 4 * 24 * 60 * 60_000; // 1970-01-05
    let mut weeks = std::collections::BTreeMap::<i64, WeekRatio>::new();
    for (at, answered) in items {
        let monday = at.millis() - (at.millis() - MONDAY).rem_euclid(WEEK);
        let week = weeks.entry(monday).or_default();
        week.week = Timestamp::from_millis(monday);
        week.inbound += 1;
        week.answered += u32::from(answered);
    }
    weeks.into_values().collect()
}
