//! Laws: order, repetition and merging leave no trace; a score only falls when nothing happens.

use super::scenarios::{rules, sum};
use hearken::lead::{Activity, Adjustment, Decay, History, Override, RuleFile, Rules, qualify};
use hearken::limits::Limits;
use hearken::model::{Points, Timestamp};
use proptest::prelude::*;
use std::sync::LazyLock;

const DAY: i64 = 86_400_000;

static RULES: LazyLock<Rules> = LazyLock::new(|| {
    let file: RuleFile = serde_json::from_str(include_str!("../data/lead/all.json")).unwrap();
    rules(&file)
});

fn activity() -> impl Strategy<Value = Activity> {
    let criteria = prop::sample::subsequence(vec!["open", "click", "visit", "keen", "leave", "late"], 1..4);
    (0..40_u8, 0..60 * DAY, criteria, prop::option::of(0..3_u8), prop::option::of(0..4_u8)).prop_map(
        |(id, at, criteria, object, link)| {
            let mut activity = Activity::new(format!("e{id}"), Timestamp::from_millis(at), criteria);
            activity.object = object.map(|n| format!("o{n}"));
            activity.link = link.map(|n| format!("l{n}"));
            activity
        },
    )
}

fn history(activities: &[Activity]) -> History {
    let mut history = History::default();
    for activity in activities {
        history.record(activity.clone());
    }
    history
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn order_and_repetition_of_arrival_leave_no_trace(
        (one, two) in prop::collection::vec(activity(), 0..30)
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        when in 0..90 * DAY,
    ) {
        let mut twice = two.clone();
        twice.extend(one.iter().cloned());
        let when = Timestamp::from_millis(when);
        let ledgers = [&one, &two, &twice].map(|list| RULES.ledgers(&history(list), &["fit"], when));
        prop_assert_eq!(&ledgers[0], &ledgers[1]);
        prop_assert_eq!(&ledgers[0], &ledgers[2]);
        for ledger in &ledgers[0] {
            prop_assert_eq!(sum(ledger), ledger.total);
            prop_assert_eq!(ledger.later(when), ledger.total);
        }
    }

    #[test]
    fn a_full_history_keeps_the_newest_in_any_order(
        (one, two) in prop::collection::btree_map(0..99_u8, 0..500_i64, 0..40)
            .prop_flat_map(|events| {
                let list: Vec<(u8, i64)> = events.into_iter().collect();
                (Just(list.clone()), Just(list).prop_shuffle())
            }),
        most in 1..20_usize,
    ) {
        let fill = |times: usize, list: &[(u8, i64)]| {
            let mut history = History::within(&Limits { lead_events: most, ..Limits::default() });
            for (id, at) in (0..times).flat_map(|_| list) {
                history.record(Activity::new(id.to_string(), Timestamp::from_millis(*at), ["open"]));
            }
            history
        };
        let full = fill(1, &one);
        prop_assert_eq!(&full, &fill(46, &two));
        let mut newest: Vec<(i64, String)> = one.iter().map(|(id, at)| (*at, id.to_string())).collect();
        newest.sort();
        let gone = newest.len().saturating_sub(most);
        let forgotten = newest[..gone].last().map(|(at, _)| Timestamp::from_millis(*at));
        prop_assert_eq!(full.forgotten(), forgotten);
        let mut kept: Vec<(i64, String)> = full.activities().map(|a| (a.at.millis(), a.id.clone())).collect();
        kept.sort();
        prop_assert_eq!(&kept, &newest[gone..]);
        prop_assert_eq!(RULES.ledger("crm", &full, &[], Timestamp::from_millis(900)).unwrap().forgotten, forgotten);

        // Two halves that merge are the whole.
        let (left, right) = two.split_at(two.len() / 2);
        let mut merged = fill(1, left);
        merged.merge(fill(1, right));
        prop_assert_eq!(merged, full);
    }

    #[test]
    fn a_threshold_of_points_costs_least(
        closed in prop::collection::vec((-20..90_i64, any::<bool>()), 1..40),
        (miss, alarm) in (0.1..9.0_f64, 0.1..9.0_f64),
    ) {
        let cost = |at: Points| -> f64 {
            let each = |(points, bought): &(i64, bool)| match (Points::whole(*points) >= at, bought) {
                (false, true) => miss,
                (true, false) => alarm,
                _ => 0.0,
            };
            closed.iter().map(each).sum()
        };
        let (at, judged) = qualify(closed.iter().map(|(p, b)| (Points::whole(*p), *b)), miss, alarm).unwrap();
        let least = (-21..92).map(|p| cost(Points::whole(p))).fold(f64::INFINITY, f64::min);
        prop_assert!((cost(at) - least).abs() < 1e-9, "{} {least}", cost(at));
        prop_assert_eq!(judged.hits, closed.iter().filter(|(p, b)| *b && Points::whole(*p) >= at).count());
        prop_assert!(qualify([], miss, alarm).is_none());
    }

    #[test]
    fn taking_back_is_as_if_it_had_never_been(list in prop::collection::vec(activity(), 1..20), which in 0..20_usize) {
        let gone = list[which % list.len()].id.clone();
        let mut one = history(&list);
        one.retract(&gone);
        let rest: Vec<Activity> = list.iter().filter(|a| a.id != gone).cloned().collect();
        let when = Timestamp::from_millis(60 * DAY);
        prop_assert_eq!(RULES.ledgers(&one, &[], when), RULES.ledgers(&history(&rest), &[], when));
    }

    #[test]
    fn the_wake_instant_is_the_first_millisecond_below(
        list in prop::collection::vec(activity(), 1..20),
        threshold in 1..40_000_i64,
    ) {
        let (threshold, now) = (Points::thousandths(threshold), Timestamp::from_millis(60 * DAY));
        let history = history(&list);
        for ledger in RULES.ledgers(&history, &["fit"], now) {
            match ledger.falls_below(threshold) {
                Some(at) => {
                    prop_assert!(ledger.later(at) < threshold && ledger.later(at - 1) >= threshold);
                    // And the ledger read then says the same as the forecast.
                    let then = RULES.ledger(&ledger.score, &history, &["fit"], at).unwrap();
                    prop_assert_eq!(then.total, ledger.later(at));
                }
                None => prop_assert!(
                    ledger.total < threshold || ledger.later(now + 100_000 * DAY) >= threshold
                ),
            }
        }
    }

    #[test]
    fn decay_agrees_with_a_plain_sum_in_any_order(
        (one, two) in prop::collection::vec((0..400 * DAY, -50..50_i32), 1..60)
            .prop_flat_map(|list| (Just(list.clone()), Just(list).prop_shuffle())),
        half_life in DAY..200 * DAY,
        cut in 0..60_usize,
    ) {
        let at = Timestamp::from_millis;
        let fill = |list: &[(i64, i32)]| {
            let mut decay = Decay::new(half_life);
            list.iter().for_each(|(t, points)| decay.add(at(*t), f64::from(*points)));
            decay
        };
        let now = at(400 * DAY);
        let plain: f64 = one
            .iter()
            .map(|(t, points)| f64::from(*points) * (-((400 * DAY - t) as f64) / half_life as f64).exp2())
            .sum();
        let size: f64 = one.iter().map(|(_, points)| f64::from(points.abs())).sum::<f64>().max(1.0);
        let (left, right) = two.split_at(cut.min(two.len()));
        let (mut merged, right) = (fill(left), fill(right));
        merged.merge(&right);
        for sum in [fill(&one), fill(&two), merged] {
            prop_assert!((sum.at(now) - plain).abs() <= 1e-9 * size, "{} {plain}", sum.at(now));
        }
        let mut undone = fill(&one);
        one.iter().for_each(|(t, points)| undone.retract(at(*t), f64::from(*points)));
        prop_assert!(undone.at(now).abs() <= 1e-9 * size);
    }

    #[test]
    fn decay_falls_below_when_it_says(points in 1.0..1e6_f64, share in 0.0001..0.9999_f64, half_life in 1_000..400 * DAY) {
        let mut decay = Decay::new(half_life);
        decay.add(Timestamp::from_millis(0), points);
        let threshold = points * share;
        let at = decay.falls_below(threshold).unwrap();
        prop_assert!(decay.at(at) <= threshold * (1.0 + 1e-12));
        prop_assert!(decay.at(at - 1) >= threshold * (1.0 - 1e-12));
        prop_assert_eq!(decay.falls_below(points), None);
        prop_assert_eq!(decay.falls_below(0.0), None);
    }
}

#[test]
fn nothing_in_a_history_grows_without_bound() {
    let mut history = History::within(&Limits { lead_events: 10, ..Limits::default() });
    for i in 0..1_000 {
        let (id, at) = (format!("{i:04}"), Timestamp::from_secs(i));
        let (score, by, reason) = ("crm".to_owned(), "ann".to_owned(), String::new());
        history.retract(&format!("gone {i:04}"));
        history.record(Activity::new(id.clone(), at, ["open"]));
        let (points, hand) = (Points::whole(1), Some(Points::whole(i)));
        history.adjust(Adjustment {
            id,
            at,
            score: score.clone(),
            points,
            by: by.clone(),
            reason: reason.clone(),
        });
        history.set_by_hand(Override { at, score, points: hand, by, reason });
    }
    assert!(serde_json::to_string(&history).unwrap().len() < 4_000);
    assert_eq!((history.activities().count(), history.adjustments().count()), (10, 10));
    assert_eq!(history.forgotten(), Some(Timestamp::from_secs(989)));
    assert!(!history.record(Activity::new("gone 0999", Timestamp::from_secs(2_000), ["open"])));
    let ledger = RULES.ledger("crm", &history, &[], Timestamp::from_secs(2_000)).unwrap();
    assert_eq!(ledger.by_hand.unwrap().points, Some(Points::whole(999)));
}
