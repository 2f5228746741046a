//! Spikes, shifts, crises, trends and seasons: laws over random input, and planted events.

use crate::shared;
use hearken::model::Timestamp;
use hearken::pulse::{
    AlertKind, CrisisLevel, Distinct, HeavyHitters, Observation, Reading, Season, Shift, Spike, Tally,
    TrendConfig, Trends, Watch, WatchConfig, Window,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

const HOUR: i64 = 3_600_000;

fn hour(number: i64) -> Timestamp {
    Timestamp::from_millis(number * HOUR)
}

/// Noise without a random number generator: a fixed integer hash.
fn noise(seed: u64, n: u64) -> u64 {
    let mut x = seed.wrapping_add(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 31;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^ (x >> 29)
}

/// Roughly Poisson of mean `mean`: a sum of many rare coins.
fn poisson(seed: u64, n: u64, mean: u64) -> u64 {
    (0..100).filter(|coin| noise(seed, n * 100 + coin) % 100 < mean).count() as u64
}

fn alerts(readings: &[Reading], kind: fn(&AlertKind) -> bool) -> Vec<i64> {
    let hit = |reading: &&Reading| reading.alerts.iter().any(|alert| kind(&alert.kind));
    readings.iter().filter(hit).map(|reading| reading.start.millis() / HOUR).collect()
}

#[test]
fn a_planted_burst_is_flagged_in_its_bucket() {
    for (mean, per_day) in [(8, 24), (12, 96), (25, 288), (10, 24)] {
        for place in [120_u64, 333, 450] {
            let mut spike = Spike::new(per_day);
            let scores: Vec<f64> = (0..600)
                .map(|n| spike.push(if n == place { 5 * mean } else { poisson(mean, n, mean) }).score())
                .collect();
            let found: Vec<usize> = (0..600).filter(|n| scores[*n] >= 0.5).collect();
            assert_eq!(found, [place as usize], "mean {mean}, {per_day} a day, place {place}");
        }
    }
}

#[test]
fn a_flat_series_is_never_flagged() {
    for level in [0, 1, 7, 1_000, u64::MAX] {
        let mut spike = Spike::new(288);
        assert!((0..2_000).all(|_| spike.push(level).score() == 0.0), "level {level}");
    }
    for seed in 0..20 {
        let mut spike = Spike::new(24);
        assert!((0..2_000).all(|n| spike.push(poisson(seed, n, 12)).score() < 0.5), "noise {seed}");
    }
}

#[test]
fn one_event_alerts_once() {
    let mut spike = Spike::new(24);
    let series = (0..300).map(|n| match n {
        200 => 80,
        201..=210 => 85, // goes on, not a quarter above the record
        211 => 400,      // gets far worse
        _ => 10,
    });
    let hit: Vec<usize> =
        series.enumerate().filter(|(_, x)| spike.push(*x).score() >= 0.5).map(|x| x.0).collect();
    assert_eq!(hit, [200, 211]);
}

#[test]
fn a_slow_turn_of_mood_raises_the_share_and_it_clears() {
    let mut shift = Shift::new(24);
    let calm = (0..2_000).filter(|n| shift.push(30, poisson(3, *n, 6)).raised).count();
    println!("false alarms of the share on a calm series: {calm} of 2000 buckets");
    assert_eq!(calm, 0);
    let seen = (0..24).position(|n| shift.push(30, poisson(4, n, 14)).raised);
    assert!(seen.is_some_and(|hours| hours < 8), "{seen:?}");
    let over = (0..200).position(|n| !shift.push(30, poisson(5, n, 6)).raised);
    assert!(over.is_some(), "the alarm never cleared");
}

#[test]
fn an_empty_bucket_says_nothing_of_the_share() {
    let mut shift = Shift::new(24);
    for _ in 0..10 {
        shift.push(30, 6);
    }
    let (before, share) = (shift.clone(), shift.push(0, 0));
    assert_eq!(share.share, None);
    assert_eq!(shift, before);
}

fn trouble(n: i64) -> Tally {
    let mut tally = Tally::default();
    let bad = (200..206).contains(&n);
    (tally.posts, tally.negative) = if bad { (120, 100) } else { (12, 2) };
    tally.shares = if bad { 400 } else { 5 };
    tally.reach = if bad { 1_000_000 } else { 2_000 };
    for author in 0..if bad { 60 } else { 8 } {
        tally.authors.insert(&format!("{n}/{author}"));
    }
    tally
}

#[test]
fn a_crisis_rises_at_once_and_falls_by_single_levels() {
    let mut watch = Watch::new(WatchConfig::hourly());
    let readings: Vec<Reading> = (0..260).map(|n| watch.push(hour(n), &trouble(n))).collect();
    let levels: Vec<u8> = readings.iter().map(|r| r.crisis.level.map_or(0, CrisisLevel::number)).collect();
    assert!(levels[..200].iter().all(|level| *level == 0));
    assert_eq!(levels[200], 4);
    for pair in levels[200..].windows(2) {
        assert!(pair[1] + 1 >= pair[0], "fell by more than one: {levels:?}");
    }
    assert_eq!(levels.last(), Some(&0), "it ends");
    let reading = &readings[200];
    assert_eq!(
        reading.crisis.reasons.iter().map(|r| r.1).sum::<hearken::model::Points>(),
        reading.crisis.velocity
    );
    // One alert of each kind: hysteresis and cool-down hold the rest back.
    assert_eq!(alerts(&readings, |kind| matches!(kind, AlertKind::Crisis(_))), [200]);
    assert_eq!(alerts(&readings, |kind| *kind == AlertKind::Negative), [200]);
}

#[test]
fn one_loud_author_is_no_crisis_and_praise_is_none() {
    let mut watch = Watch::new(WatchConfig::hourly());
    for n in 0..200 {
        watch.push(hour(n), &trouble(n));
    }
    let mut lone = trouble(200);
    lone.authors = Distinct::default();
    lone.authors.insert("ann");
    assert_eq!(watch.clone().push(hour(200), &lone).crisis.level, Some(CrisisLevel::Watch));
    let mut praise = trouble(200);
    (praise.negative, praise.positive) = (2, 110);
    let reading = watch.push(hour(200), &praise);
    assert_eq!(reading.crisis.level, None);
    assert!(reading.alerts.iter().any(|alert| alert.kind == AlertKind::Positive));
}

#[test]
fn cool_down_keeps_back_and_counts() {
    let config = WatchConfig { cool_down: 100, ..WatchConfig::hourly() };
    let mut watch = Watch::new(config);
    let spikes = [200, 230, 260, 290];
    let mut all = Vec::new();
    for n in 0..500 {
        let mut tally = Tally::default();
        tally.posts = if spikes.contains(&n) {
            100
        } else if n == 450 {
            5_000
        } else {
            10
        };
        all.extend(
            watch.push(hour(n), &tally).alerts.into_iter().map(|a| (a.start.millis() / HOUR, a.suppressed)),
        );
    }
    assert_eq!(all[0], (200, 0));
    assert_eq!(all.last().unwrap().0, 450);
    assert_eq!(all.iter().map(|alert| alert.1 as usize).sum::<usize>() + all.len(), 5, "{all:?}");
}

fn observations() -> impl Strategy<Value = Vec<(i64, u64, u64, u8)>> {
    prop::collection::vec((0_i64..400, 0_u64..9, 0_u64..4, 0_u8..200), 0..300)
}

fn window_of(items: &[(i64, u64, u64, u8)]) -> Window {
    let mut window = Window::new(HOUR, 100);
    for item in items {
        let author = item.3.to_string();
        window.add(&Observation {
            posts: item.1,
            negative: item.2.min(item.1),
            author: Some(&author),
            ..Observation::at(hour(item.0))
        });
    }
    window
}

proptest! {
    #[test]
    fn any_split_merged_in_any_order_is_the_batch(
        items in observations(),
        keys in prop::collection::vec(0_usize..4, 300),
        order in Just([0_usize, 1, 2, 3]).prop_shuffle(),
    ) {
        let batch = window_of(&items);
        let mut merged = Window::new(HOUR, 100);
        for shard in order {
            let part: Vec<_> = items.iter().zip(&keys).filter(|x| *x.1 == shard).map(|x| *x.0).rev().collect();
            prop_assert!(merged.merge(&window_of(&part)));
        }
        prop_assert_eq!(&merged, &batch);
        let kept: u64 = batch.buckets().map(|x| x.1.posts).sum();
        prop_assert_eq!(kept + batch.expired(), items.iter().map(|x| x.1).sum::<u64>());
        // Streaming over closed buckets is the replay.
        let mut watch = Watch::new(WatchConfig::hourly());
        let streamed: Vec<Reading> = batch.buckets().map(|(start, tally)| watch.push(start, &tally)).collect();
        prop_assert_eq!(streamed, Watch::replay(&WatchConfig::hourly(), &merged).collect::<Vec<_>>());
        let json = serde_json::to_string(&batch).unwrap();
        prop_assert_eq!(serde_json::from_str::<Window>(&json).unwrap(), batch);
    }

    #[test]
    fn heavy_hitters_keep_their_bounds(
        shards in prop::collection::vec(prop::collection::vec((0_u8..60, 1_u64..20), 0..80), 1..5),
        capacity in 1_usize..40,
    ) {
        let mut truth: BTreeMap<String, u64> = BTreeMap::new();
        let mut merged = HeavyHitters::new(capacity);
        for shard in &shards {
            let mut part = HeavyHitters::new(capacity);
            for (term, times) in shard {
                let term = format!("t{}", u32::from(*term).pow(2) / 40); // some terms come often
                *truth.entry(term.clone()).or_default() += times;
                part.add(&term, *times);
            }
            merged.merge(&part);
        }
        prop_assert_eq!(merged.total(), truth.values().sum::<u64>());
        prop_assert!(merged.error() <= merged.total() / (capacity as u64 + 1));
        prop_assert!(merged.top().count() <= capacity);
        for (term, count) in &truth {
            let hit = merged.count(term);
            prop_assert!(hit.least <= *count && *count <= hit.most, "{term}: {hit:?}, truly {count}");
        }
        if truth.len() <= capacity {
            prop_assert_eq!(merged.error(), 0);
        }
    }

    #[test]
    fn trends_merge_in_any_order_to_the_batch(
        items in prop::collection::vec((0_i64..8, 0_u8..12, 1_u64..9, 0_usize..3), 0..120),
        order in Just([0_usize, 1, 2]).prop_shuffle(),
    ) {
        let config = TrendConfig { width: HOUR, buckets: 5, capacity: 12, ..TrendConfig::default() };
        let feed = |trends: &mut Trends, item: &(i64, u8, u64, usize)| {
            trends.add(hour(item.0), &format!("t{}", item.1), item.2);
        };
        let mut batch = Trends::new(config.clone());
        items.iter().for_each(|item| feed(&mut batch, item));
        let mut merged = Trends::new(config.clone());
        for shard in order {
            let mut part = Trends::new(config.clone());
            items.iter().filter(|item| item.3 == shard).for_each(|item| feed(&mut part, item));
            prop_assert!(merged.merge(&part));
        }
        prop_assert_eq!(merged, batch);
    }

    #[test]
    fn distinct_is_exact_when_small_and_near_when_large(n in 0_u64..5_000, parts in 1_u64..5) {
        let mut merged = Distinct::default();
        for part in 0..parts {
            let mut sketch = Distinct::default();
            // Overlapping parts: most authors come more than once.
            (0..n).filter(|i| i % parts == part || i % 3 == 0).for_each(|i| sketch.insert(&format!("author {i}")));
            merged.merge(&sketch);
        }
        let count = merged.count();
        if n < 64 {
            prop_assert_eq!(count, n);
        } else {
            prop_assert!(count.abs_diff(n) * 2 <= n, "{count} for {n}"); // four standard errors
        }
    }
}

#[test]
fn a_planted_term_emerges_in_its_bucket_and_a_flat_one_never() {
    let config = TrendConfig { width: HOUR, buckets: 24, capacity: 50, ..TrendConfig::default() };
    let mut trends = Trends::new(config);
    for n in 0..48 {
        for term in 0..30 {
            trends.add(hour(n), &format!("term {term}"), 6);
        }
        trends.add(hour(n), "recall", if n == 40 { 30 } else { 6 });
        if n >= 44 {
            trends.add(hour(n), "leak", 7);
        }
        // Judged as soon as the bucket is there, when it is the newest one.
        let found: Vec<String> = trends.emerging(hour(n)).into_iter().map(|e| e.term.into()).collect();
        let wanted: &[&str] = match n {
            40 => &["recall"],
            44 | 45 => &["leak"],
            _ => &[],
        };
        if n != 46 && n != 47 {
            assert_eq!(found, wanted, "hour {n}");
        }
    }
}

#[test]
fn seasons_find_the_busy_hour_and_day_and_merge() {
    let (mut ours, mut theirs, mut batch) = (Season::new(HOUR), Season::new(HOUR), Season::new(HOUR));
    for n in 0..168 * 5 {
        let posts = 10 + if n % 24 == 19 { 40 } else { 0 } + if (n / 24) % 7 == 2 { 20 } else { 0 };
        batch.add(hour(n), posts);
        if n % 2 == 0 { &mut ours } else { &mut theirs }.add(hour(n), posts);
    }
    assert!(theirs.merge(&ours));
    assert_eq!(theirs, batch);
    assert_eq!(batch.hours().next().unwrap().0, 20); // one hour ahead of UTC
    assert_eq!(batch.weekdays().next().unwrap().0, 5); // 1970-01-03 was a Saturday
    assert!(!ours.merge(&Season::new(0)));
    assert_eq!(Season::new(0).factor(hour(3)), None);
}

/// The five labelled series of the Numenta benchmark: a spike in three quarters of the windows, few outside.
#[test]
fn labelled_windows_are_found_with_few_false_alerts() {
    let Some(dir) = shared::dir("data/listening/spikes") else { return };
    let windows: BTreeMap<String, Vec<[String; 2]>> =
        serde_json::from_str(&std::fs::read_to_string(dir.join("windows.json")).unwrap()).unwrap();
    let (mut all, mut found, mut outside) = (0, 0, 0);
    for (name, windows) in &windows {
        let mut spike = Spike::new(288);
        let mut hits = vec![false; windows.len()];
        for (row, record) in csv::Reader::from_path(dir.join(name)).unwrap().records().enumerate() {
            let record = record.unwrap();
            if spike.push(record[1].parse().unwrap()).score() < 0.5 || row < 750 {
                continue;
            }
            match windows.iter().position(|[from, to]| from[..19] <= record[0] && record[0] <= to[..19]) {
                Some(window) => hits[window] = true,
                None => outside += 1,
            }
        }
        all += hits.len();
        found += hits.iter().filter(|hit| **hit).count();
    }
    println!("{found} of {all} windows found, {outside} alerts outside in {} series", windows.len());
    assert!(found * 4 >= all * 3 && outside <= 12 * windows.len());
}
