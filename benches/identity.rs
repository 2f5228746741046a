//! Speed of identity: kernels beside the rapidfuzz crate, single look-ups, whole files, writers on a hot key.
//!
//! `cargo bench --bench identity` runs all but the million; `-- million` adds it. Rows are made here, from a fixed
//! sequence, so that no file is needed.

use hearken::identity::{
    Index, Kind, Matcher, Pattern, Person, Posting, Table, Thresholds, keys, match_rows,
};
use std::collections::{BTreeMap, BTreeSet};
use std::hint::black_box;
use std::time::Instant;

/// A fixed sequence of numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (((self.0 >> 33) * n as u64) >> 31) as usize
    }

    /// A number below `n`, small ones more often.
    fn skewed(&mut self, n: usize) -> usize {
        self.below(n).min(self.below(n)).min(self.below(n))
    }
}

fn surname(n: usize) -> String {
    let heads = [
        "Ber", "Ca", "Dor", "Fin", "Gal", "Hol", "Jan", "Kra", "Lin", "Mar", "Nor", "Pet", "Ros", "Sten",
        "Tor", "Wal",
    ];
    let middles = ["", "ba", "de", "gi", "ka", "lo", "mi", "ne", "ri", "sa", "ti", "vo"];
    let tails =
        ["son", "man", "ski", "berg", "ton", "ley", "ez", "er", "sen", "feld", "wood", "ini", "ova", "ard"];
    format!("{}{}{}", heads[n % 16], middles[n / 16 % 12], tails[n / 192 % 14]) + middles[n / 2_688 % 12]
}

/// A person by number: a given name, a family name, a date, an address, a number, a city.
fn person(random: &mut Random, n: usize) -> [String; 6] {
    let (given, family) = (surname(random.skewed(900) * 7), surname(random.skewed(20_000)));
    let born = format!("{}-{:02}-{:02}", 1940 + random.below(66), 1 + random.below(12), 1 + random.below(28));
    let mail = format!("{}.{}{}@mail.example", given, family, n % 97);
    let phone = format!("+1{:010}", 2_000_000_000_u64 + (n as u64 * 7_919) % 7_000_000_000);
    [given, family, born, mail, phone, surname(random.skewed(3_000) * 5)]
}

/// `n` rows, two in five of them a second record of somebody, with an error and a value missing.
fn rows(n: usize) -> Vec<[String; 6]> {
    let mut random = Random(7);
    let mut rows: Vec<[String; 6]> = Vec::with_capacity(n);
    while rows.len() < n {
        let mut row = person(&mut random, rows.len());
        if rows.len() > 10 && random.below(5) < 2 {
            row = rows[rows.len() - 1 - random.below(9)].clone();
            row[random.below(6)].clear();
            let cell = &mut row[random.below(2)];
            if cell.len() > 3 {
                cell.remove(2);
            }
        }
        rows.push(row);
    }
    rows
}

/// Best of `rounds`: seconds of one run.
fn best(rounds: usize, mut run: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64()
        })
        .fold(f64::MAX, f64::min)
}

/// CPU seconds and peak memory in MB of this process so far, where the system tells.
fn usage() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: f64 = stat
        .rsplit(')')
        .next()
        .unwrap_or("")
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|t| t.parse::<f64>().ok())
        .sum();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|v| v.split_whitespace().next()?.parse::<f64>().ok());
    (ticks / 100.0, peak.unwrap_or(0.0) / 1024.0)
}

fn kernels() {
    let names: Vec<String> = (0..2_000).map(|n| surname(n * 13).to_lowercase()).collect();
    let pairs = (names.len() * names.len()) as f64 / 1e6;
    let mut ours = 0.0;
    let mine = best(5, || {
        ours = 0.0;
        let mut pattern = Pattern::default();
        for left in &names {
            pattern.set(left);
            ours += names.iter().map(|right| pattern.jaro_winkler(right)).sum::<f64>();
        }
    });
    let mut theirs = 0.0;
    let peer = best(5, || {
        theirs = 0.0;
        for left in &names {
            let batch = rapidfuzz::distance::jaro_winkler::BatchComparator::new(left.chars());
            theirs += names.iter().map(|right| batch.similarity(right.chars())).sum::<f64>();
        }
    });
    assert!((ours - theirs).abs() < 1.0, "the two sums differ: {ours} {theirs}");
    println!("{:.1} M pairs/s Jaro-Winkler, surnames", pairs / mine);
    println!("{:.1} M pairs/s rapidfuzz crate, same pairs (ratio {:.2})", pairs / peer, peer / mine);
    let osa = best(5, || {
        let mut pattern = Pattern::default();
        for left in &names {
            pattern.set(left);
            black_box(names.iter().map(|right| pattern.osa(right)).sum::<usize>());
        }
    });
    println!("{:.1} M pairs/s optimal string alignment, surnames", pairs / osa);
}

/// The profile of a row.
fn profile(id: &str, row: &[String; 6]) -> Person {
    Person::new(id)
        .given_family(&row[0], &row[1])
        .with(Kind::Date, &row[2])
        .email(&row[3])
        .phone(&row[4])
        .with(Kind::City, &row[5])
}

fn online(n: usize) {
    let rows = rows(n + 5_000);
    let mut index = Index::new(Matcher::standard(n as u64));
    for (at, row) in rows.iter().take(n).enumerate() {
        index.upsert(profile(&at.to_string(), row));
    }
    let mut times: Vec<f64> = Vec::new();
    for (at, row) in rows.iter().enumerate().skip(n) {
        let newcomer = profile(&at.to_string(), row);
        let start = Instant::now();
        black_box(index.resolve(&newcomer, Thresholds::tolerating(0.01)));
        index.upsert(newcomer);
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "{:.1} us p50, {:.1} us p99 upsert + resolve against {n} records",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
}

fn bulk(n: usize) {
    let fields = [
        ("given", Kind::Given),
        ("family", Kind::Family),
        ("born", Kind::Date),
        ("mail", Kind::Email),
        ("phone", Kind::Phone),
        ("city", Kind::City),
    ];
    let rows = rows(n);
    let before = usage().0;
    let mut table = Table::new(fields).expect("the fields are well-formed");
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    let (cpu, peak) = usage();
    println!("{:.2} CPU-s, {} pairs compared, {peak:.0} MB peak, {n} rows", cpu - before, run.compared);
}

/// Eight writers take turns at one store: each loads the postings of its newcomer, another seven commit, then it
/// commits; a posting that was written in between is a conflict, and the turn runs again.
fn conflicts(hot: bool) {
    const WRITERS: usize = 8;
    let (mut postings, mut versions): (BTreeMap<String, Posting>, BTreeMap<String, u64>) =
        (BTreeMap::new(), BTreeMap::new());
    let mut random = Random(3);
    let (mut turns, mut retries) = (0_u32, 0_u32);
    for round in 0..1_000 {
        let mut open: Vec<(String, Vec<String>)> = (0..WRITERS)
            .map(|writer| {
                let mut row = person(&mut random, round * WRITERS + writer);
                if hot {
                    (row[0], row[1]) = ("Maria".into(), "Smith".into());
                }
                let id = format!("{round}-{writer}");
                let keys = keys(&profile(&id, &row)).iter().map(|key| key.as_str().to_owned()).collect();
                (id, keys)
            })
            .collect();
        while !open.is_empty() {
            // Everybody loads, then everybody commits in order: who finds a version moved comes again.
            let loaded = versions.clone();
            let mut written: BTreeSet<String> = BTreeSet::new();
            let mut again = Vec::new();
            for (id, keys) in open {
                turns += 1;
                if keys.iter().any(|key| written.contains(key)) {
                    retries += 1;
                    again.push((id, keys));
                    continue;
                }
                for key in &keys {
                    if postings.entry(key.clone()).or_default().insert(&id) {
                        *versions.entry(key.clone()).or_default() += 1;
                        written.insert(key.clone());
                    }
                }
            }
            assert!(loaded.len() <= versions.len());
            open = again;
        }
    }
    let rate = 100.0 * f64::from(retries) / f64::from(turns);
    println!(
        "{rate:.2} % of commits conflict, 8 writers, {}",
        if hot { "all of one popular name" } else { "names as they come" }
    );
}

fn main() {
    kernels();
    conflicts(false);
    conflicts(true);
    let million = std::env::args().any(|arg| arg == "million");
    let sizes: &[usize] = if million { &[10_000, 100_000, 1_000_000] } else { &[10_000, 100_000] };
    sizes.iter().for_each(|n| bulk(*n));
    sizes.iter().for_each(|n| online(*n));
}
