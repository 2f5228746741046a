//! Scenarios 11–13: business hours, changes of the clock, pauses.

use super::at;
use hearken::calendar::{Calendar, Hours, Weekly};
use hearken::desk::{
    Case, CaseEvent, CasePolicy, Promise, Sla, SlaCommand, SlaEvent, Targets, about_to_breach,
    ignored_negative, weekly_ratio,
};
use hearken::model::{ItemKey, Platform, Timestamp};
use proptest::prelude::*;

const MINUTE: i64 = 60_000;

fn targets(first: i64, next: i64, resolution: i64) -> Targets {
    Targets { first: Some(first * MINUTE), next: Some(next * MINUTE), resolution: Some(resolution * MINUTE) }
}

fn without_wakes(commands: Vec<SlaCommand>) -> Vec<SlaCommand> {
    commands.into_iter().filter(|command| !matches!(command, SlaCommand::WakeAt(_))).collect()
}

/// Scenario 11: four hours from Monday 17:00 on 8–18 are due Tuesday 11:00, announced Tuesday 10:00.
#[test]
fn scenario_11_due_and_announced_in_business_time() {
    let hours = Hours { zone: "UTC".into(), weekly: Weekly::workdays(&["08:00-18:00"]), holidays: vec![] };
    let calendar = Calendar::build(&hours).unwrap();
    let time = |text: &str| Timestamp::parse(text).unwrap();
    let opened = time("2026-03-02T17:00:00Z");
    let mut sla = Sla::open(opened, Targets { first: Some(240 * MINUTE), ..Targets::default() }, 60 * MINUTE);
    assert_eq!(sla.tick(opened, &calendar), [SlaCommand::WakeAt(time("2026-03-03T10:00:00Z"))]);
    let due = time("2026-03-03T11:00:00Z");
    let soon = sla.tick(time("2026-03-03T10:00:00Z"), &calendar);
    assert_eq!(soon, [SlaCommand::DueSoon { promise: Promise::First, due }, SlaCommand::WakeAt(due + 1)]);
    assert!(sla.tick(due, &calendar).is_empty(), "due is not yet missed");
    assert_eq!(sla.tick(due + 1, &calendar), [SlaCommand::Missed { promise: Promise::First, due }]);
}

/// Scenario 14: a second deadline on the same day is told as well.
#[test]
fn scenario_14_every_deadline_of_a_day_is_told() {
    let calendar = Calendar::always();
    let mut sla = Sla::open(at(0), targets(60, 60, 120), 10 * MINUTE);
    let said = |sla: &mut Sla, minute| without_wakes(sla.tick(at(minute), &calendar));
    let soon = |promise, due| SlaCommand::DueSoon { promise, due: at(due) };
    assert_eq!(said(&mut sla, 50), [soon(Promise::First, 60)]);
    sla.hear(SlaEvent::Reply, at(55));
    sla.hear(SlaEvent::Inbound, at(56));
    assert_eq!(said(&mut sla, 110), [soon(Promise::Next, 116), soon(Promise::Resolution, 120)]);
    assert!(said(&mut sla, 111).is_empty(), "each once");
}

#[test]
fn the_default_is_a_first_response_in_a_day() {
    let sla = Sla::open(at(0), Targets::default(), 0);
    assert_eq!(sla.due(&Calendar::always(), at(0)), Some(at(24 * 60)));
}

/// Scenario 13: pauses, no double count, a swap keeps them, the first response is never paused.
#[test]
fn scenario_13_pauses() {
    let calendar = Calendar::always();
    let mut sla = Sla::open(at(0), targets(10, 20, 100), 0);
    sla.hear(SlaEvent::Reply, at(5));
    sla.hear(SlaEvent::Pause, at(10));
    sla.hear(SlaEvent::Pause, at(20)); // pending, then on hold
    sla.hear(SlaEvent::Resume, at(40));
    let due = |sla: &Sla, now| sla.state(Promise::Resolution, &calendar, at(now)).due;
    assert_eq!(due(&sla, 40), Some(at(130)), "30 minutes of pause, once");
    assert_eq!(due(&sla, 30), None, "paused");

    sla.hear(SlaEvent::Swap(targets(10, 20, 50)), at(45));
    assert_eq!(due(&sla, 45), Some(at(80)), "the pause counts against the new target as well");

    sla.hear(SlaEvent::Pause, at(50));
    sla.hear(SlaEvent::Inbound, at(60));
    assert_eq!(due(&sla, 60), Some(at(90)), "the customer's word ends the pause");

    let mut waiting = Sla::open(at(0), targets(10, 20, 100), 0);
    waiting.hear(SlaEvent::Pause, at(1));
    assert_eq!(waiting.state(Promise::First, &calendar, at(2)).due, Some(at(10)), "the first response runs");
}

#[test]
fn a_miss_survives() {
    let calendar = Calendar::always();
    let mut sla = Sla::open(at(0), targets(10, 20, 30), 0);
    sla.hear(SlaEvent::Swap(targets(10, 20, 100)), at(50));
    let state = sla.state(Promise::Resolution, &calendar, at(60));
    assert!(state.is_active_with_misses());
    assert_eq!((state.missed, state.due), (vec![at(30)], Some(at(100))));
    sla.hear(SlaEvent::Resolve, at(70));
    let state = sla.state(Promise::Resolution, &calendar, at(200));
    assert_eq!((state.missed.len(), state.kept, state.running), (1, 1, false));
}

#[test]
fn next_response_runs_from_the_first_unanswered_word() {
    let calendar = Calendar::always();
    let mut sla = Sla::open(at(0), targets(10, 20, 1_000), 0);
    sla.hear(SlaEvent::Inbound, at(1));
    assert_eq!(sla.state(Promise::Next, &calendar, at(2)).due, None, "the first response comes first");
    sla.hear(SlaEvent::Reply, at(5));
    sla.hear(SlaEvent::Inbound, at(30));
    sla.hear(SlaEvent::Inbound, at(45));
    assert_eq!(sla.state(Promise::Next, &calendar, at(46)).due, Some(at(50)), "a second word starts nothing");
    sla.hear(SlaEvent::Reply, at(50));
    let state = sla.state(Promise::Next, &calendar, at(99));
    assert_eq!((state.kept, state.missed.len()), (1, 0), "to act at the due instant keeps it");
}

#[test]
fn what_is_about_to_be_missed_comes_soonest_first() {
    let calendar = Calendar::always();
    let case = |id: &str| Case::open(id, at(0), ItemKey::new(Platform::X, id));
    let (a, b, done) = (case("a"), case("b"), case("done"));
    let (slow, fast) = (Sla::open(at(0), targets(50, 60, 90), 0), Sla::open(at(0), targets(40, 60, 500), 0));
    let mut over = Sla::open(at(0), targets(30, 60, 90), 0);
    over.hear(SlaEvent::Resolve, at(5));
    let watched = [(&a, &slow), (&b, &fast), (&done, &over)];
    let lines = |now, horizon: i64| -> Vec<(String, Promise)> {
        let list = about_to_breach(watched, &calendar, at(now), horizon * MINUTE);
        list.into_iter().map(|due| (due.case.to_string(), due.promise)).collect()
    };
    assert_eq!(lines(30, 20), [("b".to_owned(), Promise::First), ("a".to_owned(), Promise::First)]);
    assert_eq!(lines(30, 9), [], "the bound is the horizon");
    let later = [(Promise::First, "a"), (Promise::Resolution, "a")].map(|(p, id)| (id.to_owned(), p));
    assert_eq!(lines(41, 49), later, "what was missed is no longer about to be");
}

/// Business time counts, longest first; an answered case and one without a negative word are not ignored.
#[test]
fn ignored_negative_words_come_longest_first() {
    let hours = Hours { zone: "UTC".into(), weekly: Weekly::workdays(&["09:00-17:00"]), holidays: vec![] };
    let calendar = Calendar::build(&hours).unwrap();
    let time = |text: &str| Timestamp::parse(text).unwrap();
    let case = |id: &str, since: &str| Case::open(id, time(since), ItemKey::new(Platform::X, id));
    let mut answered = case("answered", "2026-03-06T10:00:00Z");
    let reply = CaseEvent::Reply { item: ItemKey::new(Platform::X, "r"), by: "ann".into(), bot: false };
    answered.step(reply, time("2026-03-06T10:30:00Z"), &CasePolicy::default());
    let cases = [
        case("young", "2026-03-09T09:00:00Z"),
        case("friday", "2026-03-06T16:00:00Z"),
        case("older", "2026-03-06T15:00:00Z"),
        case("praise", "2026-03-06T15:00:00Z"),
        answered,
    ];
    let negative = |case: &Case| case.id.as_str() != "praise";
    let list = |now: &str| -> Vec<String> {
        let ignored = ignored_negative(&cases, negative, &calendar, time(now), 60 * MINUTE);
        ignored.into_iter().map(|item| item.case.to_string()).collect()
    };
    assert_eq!(
        list("2026-03-09T09:00:00Z"),
        ["older"],
        "an hour to the minute is in time; nights do not count"
    );
    assert_eq!(list("2026-03-09T09:00:01Z"), ["older", "friday"]);
    assert_eq!(list("2026-03-09T10:00:01Z"), ["older", "friday", "young"]);
}

#[test]
fn a_week_without_answers_shows() {
    let weeks = weekly_ratio([(at(0), true), (at(1), false), (at(60 * 24 * 7), false)]);
    let counts: Vec<_> = weeks.iter().map(|week| (week.inbound, week.answered)).collect();
    assert_eq!(counts, [(2, 1), (1, 0)]);
    assert_eq!(weeks[1].week, Timestamp::parse("1970-01-05T00:00:00Z").unwrap());
}

fn weekly() -> Calendar {
    let weekly =
        Weekly { sun: vec!["01:00-20:00".into()], ..Weekly::workdays(&["03:00-09:00", "10:00-22:00"]) };
    Calendar::build(&Hours { zone: "UTC".into(), weekly, holidays: vec![] }).unwrap()
}

/// Ten years of one case fit into the record of a month, and nothing that was promised is forgotten.
#[test]
fn a_long_history_is_folded() {
    let calendar = Calendar::always();
    let mut sla = Sla::open(at(0), targets(10, 20, 1_000_000), 0);
    let mut bound = usize::MAX;
    for round in 0..5_000 {
        let from = round * 100;
        // Every thousandth answer comes too late.
        let answer = from + if round % 1_000 == 999 { 21 } else { 5 };
        for (event, minute) in [(SlaEvent::Inbound, from), (SlaEvent::Reply, answer)] {
            sla.hear(event, at(minute));
            sla.tick(at(minute), &calendar);
        }
        let bytes = serde_json::to_vec(&sla).unwrap().len();
        assert!(bytes < bound, "{bytes} bytes after {round} rounds");
        if round == 50 {
            bound = bytes + 400;
        }
    }
    let state = sla.state(Promise::Next, &calendar, at(500_000));
    assert_eq!((state.kept, state.missed.len()), (4_999 - 5, 5));
    assert_eq!(sla.state(Promise::First, &calendar, at(500_000)).kept, 1);
}

fn events(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<(SlaEvent, i64)>> {
    let event = prop_oneof![
        Just(SlaEvent::Inbound),
        Just(SlaEvent::Reply),
        Just(SlaEvent::Pause),
        Just(SlaEvent::Resume),
        Just(SlaEvent::Resolve),
        Just(SlaEvent::Reopen),
        (1i64..200, 1i64..200, 1i64..400).prop_map(|(a, b, c)| SlaEvent::Swap(targets(a, b, c))),
    ];
    prop::collection::vec((event, 0i64..2_000), count)
}

/// What is announced at the very instant of a change is said before it, however late the tick.
#[test]
fn a_change_at_the_instant_of_an_announcement_comes_after_it() {
    let calendar = Calendar::always();
    let mut sla = Sla::open(at(0), targets(1_000, 1_000, 100), 10 * MINUTE);
    sla.hear(SlaEvent::Swap(targets(1_000, 1_000, 60)), at(90));
    let dues: Vec<_> = without_wakes(sla.tick(at(90), &calendar))
        .into_iter()
        .map(|command| match command {
            SlaCommand::DueSoon { due, .. } => due,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(dues, [at(100), at(90)]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// One tick at the end says what a tick every seven minutes says, in the same order, though the one replays the whole
    /// history and the other goes on from what it has folded.
    #[test]
    fn ticks_do_not_matter(events in prop_oneof![events(0..12), events(60..150)], warn in 0i64..30) {
        let calendar = weekly();
        let mut sorted = events.clone();
        sorted.sort_by_key(|(_, minute)| *minute);
        let open = || Sla::open(at(0), targets(60, 90, 300), warn * MINUTE);

        let (mut often, mut said) = (open(), Vec::new());
        let mut next = sorted.iter().peekable();
        for minute in (0..=2_100).step_by(7) {
            while let Some((event, time)) = next.next_if(|(_, time)| *time <= minute) {
                said.extend(often.tick(at(*time), &calendar));
                often.hear(*event, at(*time));
            }
            said.extend(often.tick(at(minute), &calendar));
        }
        let mut once = open();
        sorted.iter().for_each(|(event, time)| once.hear(*event, at(*time)));
        for promise in Promise::ALL {
            let state = |sla: &Sla| sla.state(promise, &calendar, at(2_100));
            prop_assert_eq!(state(&often), state(&once));
        }
        let at_once = without_wakes(once.tick(at(2_100), &calendar));
        prop_assert_eq!(without_wakes(said), at_once);
        prop_assert_eq!(often.targets(), once.targets());

        // A pause never moves a deadline earlier.
        let before = once.state(Promise::Resolution, &calendar, at(2_100)).due;
        once.hear(SlaEvent::Pause, at(2_101));
        once.hear(SlaEvent::Resume, at(2_150));
        let after = once.state(Promise::Resolution, &calendar, at(2_150)).due;
        if let (Some(before), Some(after)) = (before, after) {
            prop_assert!(after >= before);
        }
    }
    /// However late news comes, it counts the same whether or not somebody has looked in between.
    #[test]
    fn looking_does_not_change_what_late_news_says(
        events in events(0..150),
        looks in prop::collection::vec(0i64..2_100, 0..40),
    ) {
        let calendar = weekly();
        let open = || Sla::open(at(0), targets(60, 90, 300), 0);
        let (mut looked, mut left) = (open(), open());
        let mut looks = looks.into_iter();
        for (event, minute) in events {
            looked.hear(event, at(minute));
            left.hear(event, at(minute));
            if let Some(now) = looks.next() {
                looked.tick(at(now), &calendar);
            }
        }
        for promise in Promise::ALL {
            let state = |sla: &Sla| sla.state(promise, &calendar, at(2_100));
            prop_assert_eq!(state(&looked), state(&left));
        }
    }
}
