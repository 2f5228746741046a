//! Business time: documented cases, laws, and a minute-by-minute oracle over chrono-tz itself.
//!
//! The oracle runs over a sample here; `HEARKEN_FULL=1 cargo test --release --test main calendar::`
//! covers three days around every transition of every IANA zone over ten years, and five zones whole.

mod oracle;

use hearken::calendar::{Calendar, Holiday, Hours, Weekly, Zone};
use hearken::model::Timestamp;
use proptest::prelude::*;
use serde::Deserialize;

fn hours(json: &str) -> Hours {
    serde_json::from_str(json).unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("no time {text}"))
}

/// `tests/data/calendar/deadlines.json`: one calendar, a start, an amount, and where it ends.
#[derive(Deserialize)]
struct Case {
    name: String,
    hours: Hours,
    start: String,
    minutes: i64,
    due: String,
}

#[test]
fn scenarios_11_and_12_documented_deadlines() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/calendar/deadlines.json")).unwrap();
    for case in cases {
        let calendar = Calendar::build(&case.hours).unwrap();
        let due = calendar.deadline(at(&case.start), case.minutes * 60_000);
        assert_eq!(due, at(&case.due), "{}: got {due}", case.name);
        assert_eq!(calendar.elapsed(at(&case.start), due), case.minutes * 60_000, "{}", case.name);
    }
}

#[test]
fn openings_and_closings() {
    let calendar = Calendar::build(&hours(
        r#"{"weekly": {"mon": ["09:00-12:00", "13:00-17:00"], "sun": ["22:00-02:00"]}, "holidays": ["2026-03-09"]}"#,
    ))
    .unwrap();
    let monday = at("2026-03-02T09:00:00Z");
    assert!(calendar.is_open(monday) && !calendar.is_open(monday - 1));
    assert_eq!(calendar.next_close(monday), Some(at("2026-03-02T12:00:00Z")));
    assert_eq!(calendar.next_open(at("2026-03-02T12:00:00Z")), at("2026-03-02T13:00:00Z"));
    // The holiday on Monday the 9th cuts the night from Sunday, and its own hours.
    assert_eq!(calendar.next_close(at("2026-03-08T23:00:00Z")), Some(at("2026-03-09T00:00:00Z")));
    assert_eq!(calendar.next_open(at("2026-03-09T00:00:00Z")), at("2026-03-15T22:00:00Z"));
    assert_eq!(calendar.next_close(at("2026-03-15T23:00:00Z")), Some(at("2026-03-16T02:00:00Z")));
    assert_eq!(Calendar::always().next_close(monday), None);
    let closed_once = Calendar::build(&hours(
        r#"{"weekly": {"mon": ["00:00-24:00"], "tue": ["00:00-24:00"], "wed": ["00:00-24:00"],
            "thu": ["00:00-24:00"], "fri": ["00:00-24:00"], "sat": ["00:00-24:00"], "sun": ["00:00-24:00"]},
            "holidays": ["2027-01-01"]}"#,
    ))
    .unwrap();
    assert_eq!(closed_once.next_close(monday), Some(at("2027-01-01T00:00:00Z")));
    assert_eq!(closed_once.next_close(at("2027-01-02T00:00:00Z")), None);
}

#[test]
fn every_fault_is_reported() {
    let wrong = hours(
        r#"{"zone": "Europe/Londn", "weekly": {"mon": ["9-5", "09:00-13:00", "12:00-14:00"], "tue": ["08:00-08:00"]},
            "holidays": ["2026-02-30", "2026-12-25", "2026-12-25", {"date": "2026-12-24", "hours": ["20:00-02:00"]}]}"#,
    );
    let error = Calendar::build(&wrong).unwrap_err();
    insta_lines(
        &error.to_string(),
        &[
            "zone: no zone \"Europe/Londn\"",
            "mon: no span \"9-5\"",
            "tue: no span \"08:00-08:00\"",
            "weekly: spans overlap",
            "holidays: no date \"2026-02-30\"",
            "2026-12-24: the hours of a holiday end by 24:00",
            "holidays: a date is given twice",
        ],
    );
    let never = Calendar::build(&hours(r#"{"weekly": {}}"#)).unwrap_err();
    assert_eq!(never.to_string(), "weekly: no open time in the week");
    // The Sunday night runs into the Monday.
    assert!(
        Calendar::build(&hours(r#"{"weekly": {"sun": ["22:00-03:00"], "mon": ["02:00-05:00"]}}"#)).is_err()
    );
}

fn insta_lines(text: &str, starts: &[&str]) {
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), starts.len(), "{text}");
    for (line, start) in lines.iter().zip(starts) {
        assert!(line.starts_with(start), "{line} does not start with {start}");
    }
}

#[test]
fn scenario_12_zones_by_name_by_offset_and_by_table() {
    let london = Zone::named("Europe/London").unwrap();
    let local = london.local(at("2024-10-27T00:30:00Z"));
    assert_eq!((local.weekday(), local.hour(), local.minute()), ("sun", 1, 30));
    assert_eq!(london.local(at("2024-10-27T01:30:00Z")), local, "the hour is shown twice");
    assert_eq!(Zone::named("-03:30").unwrap().local(at("1970-01-01T00:00:00Z")).day(), -1);
    assert!(Zone::named("+25:00").is_err() && Zone::named("").is_err() && Zone::named("é").is_err());
    let table =
        Zone::from_changes(0, &[(at("2024-03-31T01:00:00Z"), 3_600), (at("2024-10-27T01:00:00Z"), 0)])
            .unwrap();
    for t in ["2024-03-31T00:59:59Z", "2024-03-31T01:00:00Z", "2024-10-27T00:59:59Z", "2024-10-27T01:00:00Z"]
    {
        assert_eq!(table.local(at(t)), london.local(at(t)), "{t}");
    }
    assert!(
        Zone::from_changes(0, &[(at("2024-03-31T01:00:00Z"), 0), (at("2024-03-31T01:00:00Z"), 0)]).is_err()
    );
}

#[test]
fn extreme_instants_do_not_overflow() {
    let calendar = Calendar::build(&oracle::office("Europe/London")).unwrap();
    for t in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX].map(Timestamp::from_millis) {
        let _ = (calendar.is_open(t), calendar.next_open(t), calendar.next_close(t));
        for amount in [i64::MIN, -1, 0, 1, i64::MAX] {
            let _ = (calendar.deadline(t, amount), Calendar::always().deadline(t, amount));
        }
        let _ = calendar.elapsed(t, Timestamp::from_millis(i64::MAX));
    }
}

#[test]
fn hours_round_trip() {
    let spec = Hours {
        zone: "Asia/Kolkata".into(),
        weekly: Weekly::workdays(&["09:00-18:00"]),
        holidays: vec![
            Holiday { date: "2026-01-26".into(), hours: vec![] },
            Holiday { date: "2026-01-27".into(), hours: vec!["10:00-12:00".into()] },
        ],
    };
    let text = serde_json::to_string(&spec).unwrap();
    assert!(text.contains(r#""holidays":["2026-01-26",{"date""#), "{text}");
    assert_eq!(hours(&text), spec);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Additive over any split; a deadline is the earliest instant that spends its time.
    #[test]
    fn laws(zone in prop::sample::select(vec!["Europe/London", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe"]),
            night in any::<bool>(), a in 1_500_000_000_000i64..1_900_000_000_000, b in 0i64..4_000_000_000, c in 0i64..40_000_000_000,
            amount in 1i64..10_000_000_000) {
        let calendar = Calendar::build(&if night { oracle::nights(zone) } else { oracle::office(zone) }).unwrap();
        let (a, b, c) = (Timestamp::from_millis(a), Timestamp::from_millis(a + b), Timestamp::from_millis(a + b + c));
        prop_assert_eq!(calendar.elapsed(a, b) + calendar.elapsed(b, c), calendar.elapsed(a, c));
        prop_assert_eq!(calendar.elapsed(c, a), -calendar.elapsed(a, c));
        prop_assert!(calendar.elapsed(a, b) >= 0 && calendar.elapsed(a, b) <= b.since(a));
        let due = calendar.deadline(a, amount);
        prop_assert_eq!(calendar.elapsed(a, due), amount);
        prop_assert_eq!(calendar.elapsed(a, due - 1), amount - 1);
        let spent = calendar.elapsed(a, b);
        let landed = calendar.deadline(a, spent);
        prop_assert!(landed <= b && calendar.elapsed(landed, b) == 0);
        let open = calendar.next_open(b);
        prop_assert!(calendar.is_open(open) && calendar.elapsed(b, open) == 0);
        let close = calendar.next_close(b).unwrap();
        prop_assert!(!calendar.is_open(close) && calendar.elapsed(b, close) == close.since(b));
    }
}
