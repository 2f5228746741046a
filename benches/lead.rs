//! Leads: learning and scoring on synthetic leads, and events into decay and into a history.
//!
//! `cargo bench --bench lead`. The bank data, where it stands beside the repository, is the input of
//! `--example lead_score -- --bench`; here the rows are generated, so that the bench runs anywhere.

use hearken::lead::{Activity, Decay, History, RuleFile, Rules};
use hearken::limits::Limits;
use hearken::model::Timestamp;
use hearken::scorecard::{Learned, Learner, Rows};
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 40_000;
const FIELDS: usize = 18;

/// The least seconds of `times` runs.
fn best(times: usize, mut run: impl FnMut()) -> f64 {
    let timed = (0..times).map(|_| {
        let started = Instant::now();
        run();
        started.elapsed().as_secs_f64()
    });
    timed.fold(f64::INFINITY, f64::min)
}

fn noise(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

fn main() {
    let mut state = 7;
    let cells: Vec<(Vec<String>, bool)> = (0..ROWS)
        .map(|_| {
            let drawn: Vec<u64> =
                (0..FIELDS).map(|field| noise(&mut state) % (3 + 3 * field as u64)).collect();
            let chance = 4 + drawn[3] * 2 + drawn[9] + if drawn[1] == drawn[2] { 12 } else { 0 };
            let won = noise(&mut state) % 100 < chance;
            let text = drawn.iter().enumerate().map(|(field, value)| match field % 2 {
                0 => format!("level{value}"),
                _ => format!("{value}.5"),
            });
            (text.collect(), won)
        })
        .collect();
    let names: Vec<String> = (0..FIELDS).map(|field| format!("f{field}")).collect();
    let table: Vec<(Vec<&str>, bool)> =
        cells.iter().map(|(cells, won)| (cells.iter().map(String::as_str).collect(), *won)).collect();
    let learn = || {
        let mut rows = Rows::new(names.iter().cloned()).unwrap();
        table.iter().for_each(|(cells, won)| rows.push(cells, *won));
        match Learner::new().fit(&rows).unwrap() {
            Learned::Ready(fitted) => fitted.card,
            other => panic!("{other:?}"),
        }
    };
    let card = learn();
    let train = best(3, || drop(black_box(learn())));
    println!(
        "{:.0} ms train ({ROWS} rows × {FIELDS} fields, {} pairs chosen)",
        train * 1e3,
        card.pairs().len()
    );

    let scorer = card.scorer(&names);
    let mut sheet = scorer.sheet();
    let score = best(9, || {
        for (cells, _) in &table {
            black_box(scorer.score(black_box(cells), &mut sheet));
        }
    });
    println!("{:.0} rows/s scored from raw strings, with the top five reasons", ROWS as f64 / score);

    let at: Vec<(Timestamp, f64)> = (0..1_000_000)
        .map(|i| {
            let late = (noise(&mut state) % 3_600_000) as i64;
            (Timestamp::from_millis(i * 10_000 - late), (noise(&mut state) % 25) as f64)
        })
        .collect();
    let decay = best(9, || {
        let mut sum = Decay::new(14 * 86_400_000);
        for (at, points) in &at {
            sum.add(*at, *points);
        }
        black_box(sum);
    });
    println!("{:.0} events/s into decay, one in two late", at.len() as f64 / decay);

    let rules = r#"{"scores": [{"id": "s", "groups": [{"id": "g", "kind": "engagement", "cap": 60}]}],
        "criteria": [
          {"id": "open", "score": "s", "group": "g", "when": "kind:open", "points": 7, "half_life": "14d", "once": "object"},
          {"id": "click", "score": "s", "group": "g", "when": "kind:click", "points": 3, "half_life": "30d", "implies": ["open"]}],
        "bursts": {"links": 3, "within": "2s"}}"#;
    let rules: RuleFile = serde_json::from_str(rules).unwrap();
    let rules = Rules::build(&rules, &Limits::default()).unwrap();
    let mut history = History::default();
    for (i, (at, _)) in at.iter().take(200).enumerate() {
        let criteria = [["open"], ["click"]][i % 2];
        history.record(Activity::new(format!("e{i}"), *at, criteria).about(format!("o{}", i % 50)));
    }
    let now = at[199].0 + 1_000;
    let read = best(200, || drop(black_box(rules.ledger("s", &history, &[], now))));
    println!("{:.1} µs to read a ledger of 200 events", read * 1e6);
    let ledger = rules.ledger("s", &history, &[], now).unwrap();
    let threshold = hearken::model::Points::whole(30);
    let wake = best(200, || {
        black_box(ledger.falls_below(threshold));
    });
    println!("{:.1} µs to find when it will fall below a threshold", wake * 1e6);
}
