//! Leads: learning and scoring on synthetic leads beside smartcore, and events into decay and into a history.
//!
//! `cargo bench --bench lead`. The bank data, where it stands beside the repository, is the input of
//! `--example lead_score -- --bench`; here the rows are generated, so that the bench runs anywhere.
//!
//! The peer is smartcore's logistic regression: maintained, twelve crates, no native code. It takes numbers, so words
//! come to it already as indicator columns, outside its time; here raw strings are in the time of both steps. It
//! explains nothing and calibrates nothing, and learns from a part of the rows so that the bench ends.

use hearken::lead::{Activity, Decay, History, RuleFile, Rules};
use hearken::limits::Limits;
use hearken::model::Timestamp;
use hearken::scorecard::{Learned, Learner, Rows, Scorecard, Validation};
use smartcore::linalg::basic::arrays::Array;
use smartcore::linalg::basic::matrix::DenseMatrix;
use smartcore::linear::logistic_regression::{LogisticRegression, LogisticRegressionParameters};
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 40_000;
const FIELDS: usize = 18;
/// Rows that both learn from, and rows at the end that both are judged on.
const SHARED: usize = 5_000;
const JUDGED: usize = 10_000;

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

/// The values that field `field` may have: words where it is even, numbers where it is odd.
const fn values(field: usize) -> usize {
    3 + 3 * field
}

/// A lead as drawn: the value of each field, and whether it was won.
type Drawn = (Vec<usize>, bool);

fn draw(state: &mut u64) -> Drawn {
    let drawn: Vec<usize> = (0..FIELDS).map(|field| noise(state) as usize % values(field)).collect();
    let chance = 4 + drawn[3] * 2 + drawn[9] + if drawn[1] == drawn[2] { 12 } else { 0 };
    let won = noise(state) % 100 < chance as u64;
    (drawn, won)
}

/// The strings of a lead.
fn strings(drawn: &[usize]) -> Vec<String> {
    let text = |(field, value): (usize, &usize)| match field % 2 {
        0 => format!("level{value}"),
        _ => format!("{value}.5"),
    };
    drawn.iter().enumerate().map(text).collect()
}

/// The numbers of a lead: a column for each word, numbers between 0 and 1.
fn encoded(drawn: &[usize]) -> Vec<f64> {
    let mut row = Vec::new();
    for (field, value) in drawn.iter().enumerate() {
        match field % 2 {
            0 => row.extend((0..values(field)).map(|level| f64::from(u8::from(level == *value)))),
            _ => row.push(*value as f64 / values(field) as f64),
        }
    }
    row
}

fn learn(names: &[String], table: &[(Vec<&str>, bool)]) -> Scorecard {
    let mut rows = Rows::new(names.iter().cloned()).unwrap();
    table.iter().for_each(|(cells, won)| rows.push(cells, *won));
    match Learner::new().fit(&rows).unwrap() {
        Learned::Ready(fitted) => fitted.card,
        other => panic!("{other:?}"),
    }
}

/// Both learn from the same rows and are judged on the same others.
fn beside_the_peer(names: &[String], table: &[(Vec<&str>, bool)], drawn: &[Drawn]) {
    let judged = ROWS - JUDGED;
    let card = learn(names, &table[..SHARED]);
    let ours = best(3, || drop(black_box(learn(names, &table[..SHARED]))));
    let scorer = card.scorer(names);
    let mut sheet = scorer.sheet();
    let said = table[judged..].iter().map(|(cells, won)| (scorer.score(cells, &mut sheet).probability, *won));
    let our_auc = Validation::new(said).auc();
    let our_rate = JUDGED as f64
        / best(5, || {
            for (cells, _) in &table[judged..] {
                black_box(scorer.score(black_box(cells), &mut sheet));
            }
        });

    let matrix = |drawn: &[Drawn]| {
        let rows: Vec<Vec<f64>> = drawn.iter().map(|(drawn, _)| encoded(drawn)).collect();
        DenseMatrix::from_2d_vec(&rows).unwrap()
    };
    let (x, y) = (matrix(&drawn[..SHARED]), drawn[..SHARED].iter().map(|(_, won)| u32::from(*won)).collect());
    let fit = |y: &Vec<u32>| {
        LogisticRegression::fit(&x, y, LogisticRegressionParameters::default().with_alpha(1.0)).unwrap()
    };
    let started = Instant::now();
    let peer = fit(&y);
    let theirs = started.elapsed().as_secs_f64();
    let (weights, level) = (peer.coefficients(), *peer.intercept().get((0, 0)));
    let log_odds = |drawn: &[usize]| -> f64 {
        let row = encoded(drawn);
        level + row.iter().enumerate().map(|(i, value)| value * weights.get((0, i))).sum::<f64>()
    };
    let said = drawn[judged..].iter().map(|(drawn, won)| (1.0 / (1.0 + (-log_odds(drawn)).exp()), *won));
    let peer_auc = Validation::new(said).auc();
    let held = matrix(&drawn[judged..]);
    let peer_rate = JUDGED as f64 / best(3, || drop(black_box(peer.predict(&held).unwrap())));

    println!("beside smartcore, both from {SHARED} rows, judged on {JUDGED} others:");
    println!(
        "  train {:.0} ms, smartcore {:.0} ms: {:.1} times faster",
        ours * 1e3,
        theirs * 1e3,
        theirs / ours
    );
    println!("  AUC {our_auc:.4}, smartcore {peer_auc:.4}");
    println!(
        "  {our_rate:.0} rows/s with reasons from raw strings, smartcore {peer_rate:.0} classes/s from numbers: {:.1} times",
        our_rate / peer_rate
    );
}

fn main() {
    let mut state = 7;
    let drawn: Vec<Drawn> = (0..ROWS).map(|_| draw(&mut state)).collect();
    let cells: Vec<(Vec<String>, bool)> = drawn.iter().map(|(drawn, won)| (strings(drawn), *won)).collect();
    let names: Vec<String> = (0..FIELDS).map(|field| format!("f{field}")).collect();
    let table: Vec<(Vec<&str>, bool)> =
        cells.iter().map(|(cells, won)| (cells.iter().map(String::as_str).collect(), *won)).collect();
    beside_the_peer(&names, &table, &drawn);
    let card = learn(&names, &table);
    let train = best(3, || drop(black_box(learn(&names, &table))));
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
