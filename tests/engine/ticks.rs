//! Timers: few of them, and each worked off.

use super::escalation::{Desk, settings, told};
use super::world::{created, post};
use hearken::engine::{Disposition, Event, Outcome};
use hearken::model::Timestamp;
use hearken::store::{Key, Kind};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;

/// A complaint of somebody of whom there are many.
fn complaint(n: i64) -> Event {
    let mut item = post(0, 0, n, "my kettle broke after a week, worst kettle ever");
    item.key.id = format!("complaint {n}").into();
    let author = item.author.as_mut().unwrap();
    (author.key.id, author.handle) = (format!("crowd{n}").into(), None);
    author.display_name = None;
    created(item)
}

fn timers(desk: &Desk) -> Vec<String> {
    let timers = desk.store.rows().filter(|(key, _)| *key.kind() == Kind::Timer);
    timers.map(|(_, row)| row.record.body()).collect()
}

/// When the next timer comes, in seconds of the test.
fn next(desk: &Desk) -> Option<i64> {
    let timers = desk.store.rows().filter(|(key, _)| *key.kind() == Kind::Timer);
    let due = timers.filter_map(|(key, _)| Key::read_time(key.parts().first()?)).min()?;
    Some(Timestamp::from_millis(due).since(super::world::at(0)) / 1_000)
}

#[test]
fn however_many_complaints_their_alerts_ask_for_one_timer() {
    let mut desk = Desk::new(settings());
    for n in 1..200 {
        desk.at(n, complaint(n));
    }
    let alerts = timers(&desk).iter().filter(|body| body.contains("alerts")).count();
    assert!(alerts <= 3, "{alerts} timers of alerts: {:?}", timers(&desk));
}

#[test]
fn a_timer_that_comes_too_early_asks_anew_and_nothing_is_told_late() {
    let mut desk = Desk::new(settings());
    for n in 1..20 {
        desk.at(n * 47, complaint(n));
    }
    let mut climbed = Vec::new();
    while let Some(due) = next(&desk).filter(|due| *due < 2 * HOUR) {
        let tick: Outcome = desk.at(due, Event::Due);
        assert_eq!(tick.disposition, Disposition::Accepted);
        climbed.extend(told(&tick, "negative").into_iter().map(|(to, level)| (due, to, level)));
    }
    let steps: Vec<_> = climbed.iter().filter(|(.., level)| *level > 1).collect();
    assert_eq!(steps.len(), 3, "{climbed:?}");
    for (step, (second, _, level)) in (1..).zip(steps) {
        assert_eq!((*second, *level), (47 + 15 * MINUTE * step, step as u32 + 1), "{climbed:?}");
    }
}
