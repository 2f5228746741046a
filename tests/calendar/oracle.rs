//! Minute by minute: what does the wall clock show, and is that open? Nothing is shared with the crate but
//! the data.

use chrono::{Datelike, NaiveDateTime, Offset, TimeDelta, TimeZone, Timelike};
use chrono_tz::{TZ_VARIANTS, Tz};
use hearken::calendar::{Calendar, Holiday, Hours, Weekly};
use hearken::model::Timestamp;

const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;

/// A working week with breaks, a holiday and a short day around the usual transition dates.
pub fn office(zone: &str) -> Hours {
    Hours {
        zone: zone.into(),
        weekly: Weekly {
            sat: vec!["01:30-04:00".into()],
            sun: vec!["00:00-01:15".into(), "01:45-02:30".into(), "03:00-24:00".into()],
            ..Weekly::workdays(&["09:00-12:30", "13:30-17:00"])
        },
        holidays: vec![
            Holiday { date: "2025-03-30".into(), hours: vec![] },
            Holiday { date: "2024-10-27".into(), hours: vec!["01:10-01:50".into()] },
            Holiday { date: "2024-12-25".into(), hours: vec![] },
        ],
    }
}

/// Overnight spans on every day, one of them cut by a holiday.
pub fn nights(zone: &str) -> Hours {
    let mut weekly = Weekly::workdays(&["22:15-06:05"]);
    weekly.sat = vec!["23:00-02:30".into()];
    weekly.sun = vec!["02:45-03:10".into(), "21:00-01:20".into()];
    Hours { zone: zone.into(), weekly, holidays: vec![Holiday { date: "2026-03-29".into(), hours: vec![] }] }
}

/// The same opening rule, told plainly.
struct Plain {
    zone: Tz,
    /// Minutes of each weekday from Monday; an end past 1,440 is the next day's.
    weekly: [Vec<(u32, u32)>; 7],
    holidays: Vec<(String, Vec<(u32, u32)>)>,
}

impl Plain {
    fn new(hours: &Hours) -> Self {
        let week = &hours.weekly;
        Self {
            zone: hours.zone.parse().unwrap(),
            weekly: [&week.mon, &week.tue, &week.wed, &week.thu, &week.fri, &week.sat, &week.sun]
                .map(|d| spans(d)),
            holidays: hours.holidays.iter().map(|h| (h.date.clone(), spans(&h.hours))).collect(),
        }
    }

    fn local(&self, minute: i64) -> NaiveDateTime {
        let utc = chrono::DateTime::from_timestamp(minute * 60, 0).unwrap().naive_utc();
        utc + TimeDelta::seconds(self.zone.offset_from_utc_datetime(&utc).fix().local_minus_utc().into())
    }

    fn is_open(&self, minute: i64) -> bool {
        let local = self.local(minute);
        let now = local.hour() * 60 + local.minute();
        if let Some((_, own)) = self.holidays.iter().find(|(date, _)| *date == local.date().to_string()) {
            return own.iter().any(|&(from, to)| (from..to).contains(&now));
        }
        let today = local.weekday().num_days_from_monday() as usize;
        let within =
            |day: usize, now: u32| self.weekly[day].iter().any(|&(from, to)| (from..to).contains(&now));
        within(today, now) || within((today + 6) % 7, now + 1_440)
    }
}

fn spans(day: &[String]) -> Vec<(u32, u32)> {
    let minutes = |text: &str| text[..2].parse::<u32>().unwrap() * 60 + text[3..].parse::<u32>().unwrap();
    let span = |text: &String| (minutes(&text[..5]), minutes(&text[6..]));
    day.iter().map(span).map(|(from, to)| if to > from { (from, to) } else { (from, to + 1_440) }).collect()
}

/// Compares every minute of `minutes`; gives the count of comparisons.
fn compare(hours: &Hours, calendar: &Calendar, plain: &Plain, from: i64, to: i64) -> u64 {
    let start = Timestamp::from_millis(from * MINUTE);
    let mut open_minutes = 0;
    for minute in from..to {
        let now = Timestamp::from_millis(minute * MINUTE);
        let open = plain.is_open(minute);
        let place = || format!("{} at {now}", hours.zone);
        assert_eq!(calendar.elapsed(start, now), open_minutes * MINUTE, "elapsed, {}", place());
        assert_eq!(calendar.is_open(now), open, "open, {}", place());
        if open {
            // The deadline of one millisecond less, exact and one more than the minutes so far.
            let spent = open_minutes * MINUTE;
            assert_eq!(calendar.deadline(start, spent + 1), now + 1, "deadline, {}", place());
            open_minutes += 1;
            let due = calendar.deadline(start, open_minutes * MINUTE);
            assert_eq!(due, now + MINUTE, "deadline, {}", place());
        }
    }
    (to - from) as u64
}

/// Instants (in minutes) at which the zone's offset changes, found hour by hour.
fn transitions(zone: Tz, from_year: i32, to_year: i32) -> Vec<i64> {
    let hour =
        |year| chrono::NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc();
    let (from, to) = (hour(from_year).timestamp() / 3_600, hour(to_year).timestamp() / 3_600);
    let offset = |hour: i64| {
        let utc = chrono::DateTime::from_timestamp(hour * 3_600, 0).unwrap().naive_utc();
        zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
    };
    (from..to).filter(|&hour| offset(hour) != offset(hour + 1)).map(|hour| hour * 60).collect()
}

#[test]
fn equal_to_the_oracle_around_transitions() {
    let full = std::env::var_os("HEARKEN_FULL").is_some();
    let zones: Vec<Tz> = match full {
        true => TZ_VARIANTS.to_vec(),
        false => {
            ["Europe/London", "America/St_Johns", "Africa/Casablanca", "Australia/Lord_Howe", "America/Nuuk"]
                .map(|name| name.parse().unwrap())
                .to_vec()
        }
    };
    let years = if full { (2019, 2029) } else { (2024, 2025) };
    let (mut places, mut compared) = (0, 0);
    for zone in zones {
        for hours in [office(zone.name()), nights(zone.name())] {
            let calendar = Calendar::build(&hours).unwrap();
            let plain = Plain::new(&hours);
            for minute in transitions(zone, years.0, years.1) {
                let half = 3 * DAY / MINUTE / 2;
                compared += compare(&hours, &calendar, &plain, minute - half, minute + half);
                places += 1;
            }
        }
    }
    assert!(places >= 20, "only {places} transitions");
    println!("{places} transitions, {compared} minutes, 0 mismatches");
}

#[test]
fn equal_to_the_oracle_over_whole_zones() {
    let full = std::env::var_os("HEARKEN_FULL").is_some();
    let mut compared = 0;
    for zone in
        ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]
    {
        for hours in [office(zone), nights(zone)] {
            let (calendar, plain) = (Calendar::build(&hours).unwrap(), Plain::new(&hours));
            // From 2019 on: ten years, or a week at the year's end.
            let (from, to) = if full { (25_772_640, 31_034_400) } else { (28_919_520, 28_929_600) };
            compared += compare(&hours, &calendar, &plain, from, to);
        }
    }
    println!("{compared} minutes, 0 mismatches");
}
