//! Speed of identity: kernels beside the rapidfuzz crate, single look-ups, whole files, merges, writers on a hot name.
//!
//! `cargo bench --bench identity` runs all but the million; `-- million` adds it. Rows are made here, from a fixed
//! sequence, so that no file is needed. Kernels and whole files are measured in CPU seconds where the system tells them,
//! single look-ups in wall time; every file size has a process of its own, so that its peak memory is its own.

use hearken::engine::{Command, Engine, Event, Rows, Settings, Step};
use hearken::identity::{
    Index, Kind, Matcher, MergeLedger, Pattern, Person, Record, Table, Thresholds, Waterfall, match_rows,
};
use hearken::model::{Customer, Interaction, InteractionKind, Platform, Profile, Timestamp};
use hearken::source::PlatformEvent;
use hearken::store::{Commit, MemoryStore, Store};
use std::collections::VecDeque;
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

/// Rows without end, two in five of them a second record of somebody, with an error and a value missing.
fn rows() -> impl Iterator<Item = [String; 6]> {
    let mut random = Random(7);
    let mut last: VecDeque<[String; 6]> = VecDeque::new();
    (0..).map(move |n| {
        let mut row = person(&mut random, n);
        if n > 10 && random.below(5) < 2 {
            row = last[random.below(9)].clone();
            row[random.below(6)].clear();
            let cell = &mut row[random.below(2)];
            if cell.len() > 3 {
                cell.remove(2);
            }
        }
        last.push_front(row.clone());
        last.truncate(9);
        row
    })
}

/// CPU seconds of this thread so far where the system tells, seconds since some moment elsewhere.
fn seconds() -> f64 {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = stat.and_then(|stat| stat.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |ns| ns / 1e9)
}

/// Best of `rounds`: seconds of one run.
fn best(rounds: usize, mut run: impl FnMut()) -> f64 {
    (0..rounds)
        .map(|_| {
            let start = seconds();
            run();
            seconds() - start
        })
        .fold(f64::MAX, f64::min)
}

/// Peak memory of this process in MB, where the system tells.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|v| v.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
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
    let mut rows = rows().enumerate();
    let mut index = Index::new(Matcher::standard(n as u64));
    for (at, row) in rows.by_ref().take(n) {
        index.upsert(profile(&at.to_string(), &row));
    }
    let mut times: Vec<f64> = Vec::new();
    for (at, row) in rows.take(5_000) {
        let newcomer = profile(&at.to_string(), &row);
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
    let start = seconds();
    let mut table = Table::new(fields).expect("the fields are well-formed");
    rows().take(n).for_each(|row| table.push(row.iter().map(String::as_str)));
    let made = best(1, || rows().take(n).for_each(|row| drop(black_box(row))));
    let run = match_rows(&mut table, |_| {});
    let cpu = seconds() - start - 2.0 * made;
    println!("{cpu:.2} CPU-s, {} pairs compared, {:.0} MB peak, {n} rows", run.compared, peak());
}

/// One file size in a process of its own.
fn grow(n: usize) {
    let this = std::env::current_exe().expect("a bench has a path");
    let status = std::process::Command::new(this).args(["rows", &n.to_string()]).status();
    assert!(status.is_ok_and(|status| status.success()), "{n} rows");
}

/// Merges of records two by two, and a look at each: what one costs in a small ledger and in a large one.
fn merges() {
    for n in [2_000, 200_000] {
        let mut ledger = MergeLedger::default();
        (0..n).for_each(|at| ledger.record(Record { id: format!("r{at}"), facts: Vec::new() }));
        let each = best(1, || {
            for at in (0..n).step_by(2) {
                let (a, b) = (format!("r{at}"), format!("r{}", at + 1));
                let merge = ledger.merge(&a, &b, Waterfall::default(), Timestamp::from_secs(1));
                black_box(ledger.customer(&b));
                if at % 4 == 0 {
                    ledger.unmerge(merge.expect("nothing speaks against"), Timestamp::from_secs(2));
                }
            }
        });
        println!("{:.2} us a merge, a look and half an unmerge, {n} records", each / (n / 2) as f64 * 1e6);
    }
}

/// Whom the writers write about.
#[derive(Clone, Copy, PartialEq)]
enum Who {
    OneAuthor,
    Anybody,
    Namesakes,
}

impl Who {
    fn name(self) -> &'static str {
        match self {
            Self::OneAuthor => "posts of one author",
            Self::Anybody => "customers and new authors, names as they come",
            Self::Namesakes => "customers and new authors, all of one popular name",
        }
    }
}

/// A customer for the record.
fn customer(n: usize, [given, family, _, mail, phone, _]: &[String; 6]) -> Event {
    let mut customer = Customer::new(format!("c-{n}"));
    (customer.given, customer.family) = (Some(given.as_str().into()), Some(family.as_str().into()));
    customer.emails.push(mail.as_str().into());
    customer.phones.push(phone.as_str().into());
    Command::PutCustomer { customer: Box::new(customer) }.into()
}

/// A post by somebody who may be one of the customers.
fn post(n: usize, author: usize, [given, family, .., city]: &[String; 6]) -> Event {
    let mut profile = Profile::new(Platform::X, author.to_string());
    profile.handle = Some(format!("{given}{family}{author}").into());
    profile.display_name = Some(format!("{given} {family}").into());
    profile.location = Some(city.as_str().into());
    let mut item = Interaction::new(Platform::X, format!("post-{n}"), InteractionKind::Mention);
    item.author = Some(profile);
    item.content.text = "my lamp broke".into();
    PlatformEvent::Created(Box::new(item)).into()
}

/// Eight writers at one store, in step: each takes its turn over what all have committed before, then all commit, one
/// after another. Who finds that somebody moved what it read comes again in the next step.
///
/// One author who writes eight times at once is there to show that conflicts are seen.
fn conflicts(who: Who) {
    const WRITERS: usize = 8;
    let engine = Engine::builder("bench").settings(Settings::default()).build().expect("nothing to refuse");
    let mut store = MemoryStore::default();
    let mut random = Random(3);
    let (mut commits, mut refused) = (0_u32, 0_u32);
    for round in 0..1_000 {
        let now = Timestamp::from_secs(1_772_000_000 + round as i64);
        let mut open: Vec<Event> = (0..WRITERS)
            .map(|writer| {
                let n = round * WRITERS + writer;
                let mut row = person(&mut random, n);
                if who == Who::Namesakes {
                    (row[0], row[1]) = ("Maria".into(), "Smith".into());
                }
                match who {
                    Who::OneAuthor => post(n, round, &row),
                    _ if writer % 2 == 0 => customer(n, &row),
                    _ => post(n, n, &row),
                }
            })
            .collect();
        while !open.is_empty() {
            let decided: Vec<_> = open.iter().map(|event| decide(&engine, &store, event, now)).collect();
            let mut waiting = decided.into_iter().map(|changes| {
                commits += 1;
                let Ok(commit) = store.commit(&changes);
                matches!(commit, Commit::Conflict(_))
            });
            open.retain(|_| waiting.next() == Some(true));
            refused += open.len() as u32;
        }
    }
    let rate = 100.0 * f64::from(refused) / f64::from(commits);
    println!("{rate:.2} % of {commits} commits conflict, {WRITERS} writers, {}", who.name());
}

/// A turn up to its commit.
fn decide(engine: &Engine, store: &MemoryStore, event: &Event, now: Timestamp) -> hearken::store::Changes {
    let mut step = engine.begin(event, now);
    loop {
        step = match step {
            Step::Done(outcome) => return outcome.changes,
            Step::Need(need) => {
                let Ok(rows) = Rows::fetch(store, need.keys(), need.scans());
                need.supply(rows)
            }
        };
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, n] = arguments.as_slice()
        && command == "rows"
    {
        return bulk(n.parse().expect("a number of rows"));
    }
    kernels();
    merges();
    [Who::OneAuthor, Who::Anybody, Who::Namesakes].into_iter().for_each(conflicts);
    let million = arguments.iter().any(|argument| argument == "million");
    let sizes: &[usize] = if million { &[10_000, 100_000, 1_000_000] } else { &[10_000, 100_000] };
    sizes.iter().for_each(|n| grow(*n));
    sizes.iter().for_each(|n| online(*n));
}
