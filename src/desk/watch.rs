use super::case::Case;
use super::sla::{Promise, Sla};
use crate::calendar::Calendar;
use crate::model::{CaseId, Timestamp};
use serde::{Deserialize, Serialize};

/// A promise and when it will be missed.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Case, Promise, Sla, Targets, about_to_breach};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let case = |id: &str| Case::open(id, at(0), ItemKey::new(Platform::X, id));
/// let sla = |minutes: i64| Sla::open(at(0), Targets { first: Some(minutes * 60_000), ..Targets::default() }, 0);
/// let open = [(case("a"), sla(50)), (case("b"), sla(20)), (case("c"), sla(600))];
/// let list = about_to_breach(open.iter().map(|(case, sla)| (case, sla)), &Calendar::always(), at(0), 3_600_000);
/// let next: Vec<_> = list.iter().map(|due| (due.case.as_str(), due.promise)).collect();
/// assert_eq!(next, [("b", Promise::First), ("a", Promise::First)]);
/// ```
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
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Case, ignored_negative};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let cases = [("a", 0), ("b", 3_000)].map(|(id, second)| Case::open(id, at(second), ItemKey::new(Platform::X, id)));
/// // All of them bad; only one has waited for more than an hour.
/// let ignored = ignored_negative(&cases, |_| true, &Calendar::always(), at(4_000), 3_600_000);
/// assert_eq!(ignored.len(), 1);
/// assert_eq!((ignored[0].case.as_str(), ignored[0].since), ("a", at(0)));
/// ```
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
///
/// ```
/// use hearken::desk::weekly_ratio;
/// use hearken::model::Timestamp;
///
/// let day = |day: i64| Timestamp::from_secs(day * 86_400);
/// // Two items in one week, one of them answered; the next week brought one, and nobody spoke to it.
/// let weeks = weekly_ratio([(day(4), true), (day(6), false), (day(12), false)]);
/// let ratios: Vec<_> = weeks.iter().map(|week| (week.week, week.answered, week.inbound)).collect();
/// assert_eq!(ratios, [(day(4), 1, 2), (day(11), 0, 1)]);
/// ```
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
