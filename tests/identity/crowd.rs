//! Files in which many rows say the same: a form sent ten thousand times, a column somebody filled in everywhere, one
//! giant block; and what blocking says of its own completeness, held against the truth.

use super::learn::{FAMILY, GIVEN};
use hearken::identity::{Kind, Run, Table, match_rows};
use hearken::model::Points;
use std::collections::{BTreeMap, BTreeSet};

const FIELDS: [(&str, Kind); 5] = [
    ("first", Kind::Given),
    ("last", Kind::Family),
    ("email", Kind::Email),
    ("phone", Kind::Phone),
    ("city", Kind::City),
];
const ANN: [&str; 5] = ["Ann", "Lee", "ann.lee@mail.example", "+442079460018", "Leeds"];
const CITIES: [&str; 3] = ["Leeds", "York", "Hull"];

type Row = [String; 5];

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}

/// So many people, and for every third a second row behind all first ones, in which each field is absent with one
/// chance in `absent`, or else mistyped with one in `wrong`.
fn town(people: usize, absent: usize, wrong: usize) -> Vec<Row> {
    let mut dice = Dice(people as u64);
    let mut rows: Vec<Row> = (0..people)
        .map(|n| {
            let (first, last) = (GIVEN[dice.below(11)], FAMILY[dice.below(13)]);
            let last = format!("{last}{}", ["", "sen", "ova", "er", "ik", "ard", "mann"][dice.below(7)]);
            let mail = format!("{first}.{last}{}@mail{}.example", n * 37 % 997, n % 5);
            let phone = format!("+4420{:08}", 10_000_000 + n * 7_654_321 % 89_000_000);
            [first.to_owned(), last, mail, phone, CITIES[dice.below(3)].to_owned()]
        })
        .collect();
    for n in (0..people).step_by(3) {
        let mut row = rows[n].clone();
        for cell in &mut row {
            if dice.one_in(absent) {
                cell.clear();
            } else if dice.one_in(wrong) {
                let at = 1 + dice.below(cell.len() - 1);
                cell.replace_range(at..=at, ["7", "x", "e"][dice.below(3)]);
            }
        }
        rows.push(row);
    }
    rows
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(FIELDS).unwrap();
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    table
}

fn run_of(rows: &[Row]) -> Run {
    match_rows(&mut table(rows), |_| {})
}

fn alike(row: [&str; 5], times: usize) -> Vec<Row> {
    vec![row.map(str::to_owned); times]
}

fn sizes(clusters: &[u32]) -> Vec<usize> {
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    clusters.iter().for_each(|cluster| *sizes.entry(*cluster).or_default() += 1);
    sizes.into_values().collect()
}

#[test]
fn rows_alike_in_everything_are_one_person_however_many() {
    for times in [5, 20, 21, 100, 1_000, 10_000] {
        let run = run_of(&alike(ANN, times));
        assert_eq!(sizes(&run.clusters(0.95)), [times]);
        assert_eq!(run.copies, times as u64 - 1, "the report says so");
        assert!(run.compared < 1_000 && run.pairs.len() < 2 * times + 200, "bounded: {}", run.pairs.len());
        assert_eq!(run.possible, (times * (times - 1) / 2) as f64);
    }
}

#[test]
fn rows_alike_that_say_little_or_what_an_office_says_stay_apart() {
    let office = ["", "", "info@acme.example", "+442079460018", "Leeds"];
    for (row, times) in [
        (["", "", "", "", ""], 2_000),
        (["", "", "", "", "Leeds"], 2_000),
        (["Ann", "", "", "", "Leeds"], 300),
        (office, 300),
    ] {
        let mut rows = town(300, 10, 10);
        let first = rows.len();
        rows.extend(alike(row, times));
        let run = run_of(&rows);
        assert!(sizes(&run.clusters(0.95)[first..]).iter().all(|size| *size == 1), "{row:?}");
    }
}

#[test]
fn copies_beside_real_rows_change_nothing_between_these() {
    let rows = town(900, 8, 8);
    let found = |run: &Run| -> BTreeSet<(u32, u32)> {
        let real = run.pairs.iter().filter(|pair| pair.right < 1_200 && pair.probability() > 0.95);
        real.map(|pair| (pair.left, pair.right)).collect()
    };
    let plain = found(&run_of(&rows));
    assert!(plain.len() > 200, "{}", plain.len());
    for crowd in [alike(ANN, 10_000), alike(["", "", "", "", "Leeds"], 3_000)] {
        let both = run_of(&[rows.clone(), crowd.clone()].concat());
        let lost = plain.difference(&found(&both)).count();
        assert!(lost * 10 < plain.len(), "{lost} of {} pairs are lost beside {:?}", plain.len(), crowd[0]);
    }
}

#[test]
fn a_copy_decided_not_to_be_the_same_person_stays_apart() {
    let mut table = table(&alike(ANN, 5));
    table.keep_apart(1, 3);
    let clusters = match_rows(&mut table, |_| {}).clusters(0.0);
    assert_ne!(clusters[1], clusters[3]);
}

#[test]
fn one_giant_block_is_bounded_work_and_its_duplicates_are_found() {
    let mut rows = town(4_000, usize::MAX, usize::MAX);
    for row in &mut rows {
        (row[1], row[4]) = ("Smith".into(), "Leeds".into());
    }
    let run = run_of(&rows);
    assert!(run.compared < 60 * rows.len() as u64, "{}", run.compared);
    let clusters = run.clusters(0.95);
    let right = (0..1_334).filter(|n| clusters[4_000 + n] == clusters[3 * n]).count();
    assert!(right > 1_320, "{right}");
    assert!(sizes(&clusters).iter().all(|size| *size <= 3));
}

#[test]
fn links_between_copies_are_one_to_one() {
    let mut table = table(&[town(300, 10, 10), alike(ANN, 100)].concat());
    let split = table.len() as u32;
    table.second_source();
    [town(300, 10, 10), alike(ANN, 90)]
        .concat()
        .iter()
        .for_each(|row| table.push(row.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    let links = run.links(0.5);
    let copies = links.iter().filter(|link| link.left >= 400 && link.right >= split + 400);
    assert_eq!(copies.count(), 90);
    let mut once = BTreeSet::new();
    assert!(links.iter().all(|link| once.insert(link.left) && once.insert(link.right)));
    let clusters = run.clusters(0.5);
    assert!(sizes(&clusters[..split as usize]).iter().all(|size| *size == 1), "two of one list in a cluster");
    assert_eq!(links.len(), clusters[split as usize..].iter().filter(|cluster| **cluster < split).count());
}

#[test]
fn an_explanation_beside_folded_rows_is_the_number_of_the_run() {
    // Half of one list is one sending: counted unfolded, what it says is common and the rest is rarer than it was.
    let mut table = table(&[town(300, 10, 10), alike(ANN, 400)].concat());
    table.second_source();
    let others = [town(300, 10, 10), alike(ANN, 3), alike(["Anne", ANN[1], "", ANN[3], ANN[4]], 1)].concat();
    others.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    assert_eq!(run.copies, 399);
    let pairs: Vec<_> = run.pairs.iter().filter(|pair| pair.left <= 401).collect();
    assert!(pairs.iter().any(|pair| pair.left >= 400) && pairs.iter().any(|pair| pair.left < 400));
    for pair in pairs {
        let told = run.explain(&table, pair.left, pair.right);
        assert_eq!(told.total(), Points::nearest(f64::from(pair.bits)), "{pair:?} {told:?}");
    }
}

#[test]
fn links_survive_empty_rows_and_empty_lists() {
    for (left, right) in [(0, 0), (0, 5), (5, 0), (2_000, 2_000)] {
        let mut table = table(&alike(["", "", "", "", ""], left));
        table.second_source();
        alike(["", "", "", "", ""], right).iter().for_each(|row| table.push(row.iter().map(String::as_str)));
        assert!(match_rows(&mut table, |_| {}).links(0.01).is_empty());
    }
}

#[test]
fn a_lower_threshold_joins_more_and_never_what_was_decided() {
    let rows = town(900, 3, 3);
    let mut table = table(&rows);
    let unsure = match_rows(&mut table, |_| {});
    let joined = |run: &Run, threshold: f64| {
        let clusters = run.clusters(threshold);
        move |a: u32, b: u32| clusters[a as usize] == clusters[b as usize]
    };
    let (low, even) = (joined(&unsure, 0.05), joined(&unsure, 0.5));
    let doubtful =
        unsure.pairs.iter().find(|pair| low(pair.left, pair.right) && !even(pair.left, pair.right));
    let doubtful = doubtful.unwrap();
    assert!((0.05..0.5).contains(&doubtful.probability()), "{doubtful:?}");
    let mut last = 0;
    for threshold in [0.99, 0.5, 0.3, 0.1, 0.02] {
        let inside = sizes(&unsure.clusters(threshold)).iter().map(|size| size * (size - 1) / 2).sum();
        assert!(inside >= last, "{threshold}");
        last = inside;
    }
    table.keep_apart(doubtful.left, doubtful.right);
    assert!(!joined(&match_rows(&mut table, |_| {}), 0.0)(doubtful.left, doubtful.right));
}

#[test]
fn completeness_is_told_as_it_is() {
    let shapes = [(900, 10, 10), (900, 4, 5), (900, 3, 3), (6_000, 8, 6), (6_000, 3, 3)];
    for (people, absent, wrong) in shapes {
        let rows = town(people, absent, wrong);
        let mut table = table(&rows);
        let run = match_rows(&mut table, |_| {});
        let pairs: BTreeSet<(u32, u32)> = run.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        let met =
            (0..people.div_ceil(3)).filter(|n| pairs.contains(&(3 * *n as u32, (people + n) as u32))).count();
        let (truth, told) = (met as f64 / people.div_ceil(3) as f64, run.completeness.unwrap_or(-1.0));
        assert!((truth - told).abs() < 0.03, "{people} {absent} {wrong}: told {told}, true {truth}");
    }
}
