//! Boolean monitors a second, beside Aho–Corasick prefilters with the same postings and verification.
//!
//! `cargo bench --bench listen` reads `../shared/data/listening` and prints, for 100 to 100,000 monitors, posts a
//! second of one thread, splitting the text included, the ratio to each peer in the same run, the build and the
//! bytes of the index; before that the posts a second that signals are read from, and for 1 to 30 monitors the ratio
//! to a plain scan. A figure is the best of several whole passes over the posts, as a stream brings them: nothing is
//! read again while it is still in the cache.
//!
//! A peer finds every term and phrase of the monitors in the lowered text with one automaton, keeps those that
//! stand between word boundaries, and verifies the monitors whose rarest group was hit. It is given the true
//! frequencies of the first posts to choose that group; the index only guesses. Peers match a phrase with one
//! space between its words, so their hits differ by a percent or two.

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::DoubleArrayAhoCorasick;
use hearken::facts::{Facts, Scope};
use hearken::limits::Limits;
use hearken::query::{Index, Parser, Query, Scratch};
use hearken::signal::Signals;
use hearken::text::Text;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::time::Instant;

fn main() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data/listening");
    let Ok(posts) = fs::read_to_string(folder.join("posts_60k.txt")) else {
        println!("skipped: ../shared/data/listening is absent");
        return;
    };
    let posts: Vec<&str> = posts.lines().collect();
    let mut text = Text::new("");
    let (split, _) = best(&posts, |post| {
        text.read(post);
        text.tokens().len()
    });
    println!("{:>8.0} ns a post to split its text", split / posts.len() as f64 * 1e9);

    let few = &posts[..posts.len().min(10_000)];
    let signals = Signals::english();
    let mut scratch = Scratch::default();
    let (read, found) = best(few, |post| {
        text.read(post);
        signals.read(&mut Facts::new(&text), &mut scratch).categories.len()
    });
    println!("{:>8.0} posts/s  signals  {found} categories", few.len() as f64 / read);

    if let Ok(lines) = fs::read_to_string(folder.join("monitors_100.tsv")) {
        let sources = queries_of(&lines);
        [1, 3, 10, 30].into_iter().for_each(|n| scan(&sources[..n], few));
    }

    for n in [100, 1_000, 10_000, 100_000] {
        let Ok(lines) = fs::read_to_string(folder.join(format!("monitors_{n}.tsv"))) else { continue };
        let sources = queries_of(&lines);
        println!("{n} monitors");
        let ours = index(&sources, &posts);
        let peers = Peers::new(&sources, &posts);
        let kind = if n <= 1_000 { AhoCorasickKind::DFA } else { AhoCorasickKind::ContiguousNFA };
        let automaton = AhoCorasick::builder().kind(Some(kind)).build(&peers.terms).unwrap();
        peers.run("aho-corasick", &posts, ours, |post, found| {
            automaton
                .find_overlapping_iter(post)
                .for_each(|m| found(m.start(), m.end(), m.pattern().as_u32()));
        });
        let automaton = DoubleArrayAhoCorasick::<u32>::new(&peers.terms).unwrap();
        peers.run("daachorse", &posts, ours, |post, found| {
            automaton.find_overlapping_iter(post).for_each(|m| found(m.start(), m.end(), m.value()));
        });
    }
}

/// Whole passes that are timed; the least counts, since what else runs on the machine only adds.
const PASSES: usize = 5;

/// Seconds for all posts, and the sum of what `each` gives over one pass.
fn best(posts: &[&str], mut each: impl FnMut(&str) -> usize) -> (f64, usize) {
    let passes = (0..PASSES).map(|_| {
        let started = Instant::now();
        let sum = posts.iter().map(|post| each(post)).sum::<usize>();
        (started.elapsed().as_secs_f64(), sum)
    });
    passes.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

/// The queries of `id TAB query` lines.
fn queries_of(lines: &str) -> Vec<&str> {
    lines.lines().filter_map(|line| Some(line.split_once('\t')?.1)).collect()
}

fn parse(sources: &[&str]) -> Vec<Query> {
    let limits = Limits::default();
    let mut parser = Parser::new(Scope::Monitor, &limits);
    sources.iter().map(|source| parser.parse(source).unwrap()).collect()
}

/// Few monitors: the index beside a plain scan that asks one after the other.
fn scan(sources: &[&str], posts: &[&str]) {
    let queries = parse(sources);
    let index = Index::build(&queries);
    let (mut text, mut scratch) = (Text::new(""), Scratch::default());
    let (ours, hits) = best(posts, |post| {
        text.read(post);
        index.matches(&Facts::new(&text), &mut scratch).len()
    });
    let (plain, expected) = best(posts, |post| {
        text.read(post);
        let facts = Facts::new(&text);
        queries.iter().filter(|query| query.matches(&facts)).count()
    });
    assert_eq!(hits, expected);
    println!(
        "{:>8.0} posts/s  {} monitors; {:.2} times as fast as a plain scan",
        posts.len() as f64 / ours,
        sources.len(),
        plain / ours
    );
}

/// Builds and runs the index; posts a second.
fn index(sources: &[&str], posts: &[&str]) -> f64 {
    let started = Instant::now();
    let queries = parse(sources);
    let read = started.elapsed();
    let mut index = Index::build(&queries);
    let built = started.elapsed();
    let mut scratch = Scratch::default();
    let mut text = Text::new("");
    let (spent, hits) = best(posts, |post| {
        text.read(post);
        index.matches(&Facts::new(&text), &mut scratch).len()
    });
    let rate = posts.len() as f64 / spent;
    println!("{rate:>12.0} posts/s  hearken  {hits} hits");
    let started = Instant::now();
    let changes = (0..queries.len()).step_by(7).take(1_000);
    let count = changes.len();
    changes.for_each(|at| index.insert(at as u32, &queries[at]));
    let changed = started.elapsed().as_secs_f64() / count as f64;
    println!(
        "{:>12} build {:.1} ms, of that reading {:.1}; {:.1} MB; a change {:.2} us",
        "",
        built.as_secs_f64() * 1e3,
        read.as_secs_f64() * 1e3,
        index.bytes() as f64 / 1e6,
        changed * 1e6
    );
    rate
}

/// A monitor as the generator writes them.
#[derive(Default)]
struct Monitor {
    groups: Vec<Vec<u32>>,
    none: Vec<u32>,
    near: Option<(u32, u32, usize)>,
}

/// Monitors over the terms of one automaton.
struct Peers {
    terms: Vec<String>,
    monitors: Vec<Monitor>,
    postings: Vec<Vec<u32>>,
}

impl Peers {
    fn new(sources: &[&str], posts: &[&str]) -> Self {
        let mut ids: HashMap<String, u32> = HashMap::new();
        let monitors: Vec<Monitor> = sources.iter().map(|source| read(source, &mut ids)).collect();
        let mut terms = vec![String::new(); ids.len()];
        ids.into_iter().for_each(|(term, id)| terms[id as usize] = term);
        let mut peers = Self { terms, monitors, postings: Vec::new() };

        let automaton = AhoCorasick::new(&peers.terms).unwrap();
        let mut frequency = vec![1_u32; peers.terms.len()];
        for post in posts.iter().take(10_000) {
            let lowered = post.to_lowercase();
            for m in automaton.find_overlapping_iter(&lowered) {
                frequency[m.pattern().as_usize()] += u32::from(peers.bounded(&lowered, m.start(), m.end()));
            }
        }
        peers.postings = vec![Vec::new(); peers.terms.len()];
        for (at, monitor) in peers.monitors.iter().enumerate() {
            let cost = |group: &&Vec<u32>| group.iter().map(|term| frequency[*term as usize]).sum::<u32>();
            let anchor = match monitor.near {
                Some((a, b, _)) => {
                    vec![*[a, b].iter().min_by_key(|term| frequency[**term as usize]).unwrap()]
                }
                None => monitor.groups.iter().min_by_key(cost).unwrap().clone(),
            };
            anchor.iter().for_each(|term| peers.postings[*term as usize].push(at as u32));
        }
        peers
    }

    fn bounded(&self, text: &str, start: usize, end: usize) -> bool {
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let tag = text[start..].starts_with('#');
        (tag || !word(text[..start].chars().next_back())) && !word(text[end..].chars().next())
    }

    fn run(
        &self,
        name: &str,
        posts: &[&str],
        ours: f64,
        scan: impl Fn(&str, &mut dyn FnMut(usize, usize, u32)),
    ) {
        let mut seen = vec![0_u32; self.terms.len()];
        let mut tried = vec![0_u32; self.monitors.len()];
        let (mut places, mut found, mut pass) = (Vec::new(), Vec::new(), 0);
        let (spent, hits) = best(posts, |post| {
            pass += 1;
            let lowered = post.to_lowercase();
            places.clear();
            found.clear();
            scan(&lowered, &mut |start, end, term| {
                if self.bounded(&lowered, start, end) {
                    places.push((term, start));
                    if seen[term as usize] != pass {
                        seen[term as usize] = pass;
                        found.push(term);
                    }
                }
            });
            let monitors = found.iter().flat_map(|term| &self.postings[*term as usize]);
            let fresh = monitors.filter(|at| std::mem::replace(&mut tried[**at as usize], pass) != pass);
            let has = |term: &u32| seen[*term as usize] == pass;
            fresh.filter(|at| self.monitors[**at as usize].holds(&lowered, has, &places)).count()
        });
        let rate = posts.len() as f64 / spent;
        println!("{rate:>12.0} posts/s  {name}  {hits} hits; hearken is {:.2} times as fast", ours / rate);
    }
}

impl Monitor {
    fn holds(&self, text: &str, has: impl Fn(&u32) -> bool, places: &[(u32, usize)]) -> bool {
        if !self.groups.iter().all(|group| group.iter().any(&has)) || self.none.iter().any(&has) {
            return false;
        }
        let Some((a, b, within)) = self.near else { return true };
        let of = |term: u32| places.iter().filter(move |(found, _)| *found == term).map(|(_, at)| *at);
        of(a).any(|x| {
            of(b).any(|y| {
                let words = text[x.min(y)..x.max(y)].split(|c: char| !(c.is_alphanumeric() || c == '_'));
                x != y && words.filter(|word| !word.is_empty()).count() <= within
            })
        })
    }
}

/// Reads a monitor of the generator: groups in brackets, `-exclusions`, `a NEAR/n b`.
fn read(source: &str, ids: &mut HashMap<String, u32>) -> Monitor {
    let mut monitor = Monitor::default();
    let mut open: Option<Vec<u32>> = None;
    let mut near = None;
    let mut rest = source.trim();
    while !rest.is_empty() {
        let quoted = rest.starts_with('"') || rest.starts_with("-\"");
        let end = match quoted {
            true => rest[2..].find('"').map_or(rest.len(), |at| at + 3),
            false => rest.find([' ', '(', ')']).map_or(rest.len(), |at| at.max(1)),
        };
        let (piece, behind) = rest.split_at(end);
        rest = behind.trim_start();
        let (negated, term) = piece.strip_prefix('-').map_or((false, piece), |term| (true, term));
        match term {
            "(" => open = Some(Vec::new()),
            ")" => monitor.groups.extend(open.take()),
            "OR" => {}
            _ if term.starts_with("NEAR/") => near = term[5..].parse().ok(),
            _ => {
                let next = ids.len() as u32;
                let id = *ids.entry(term.trim_matches('"').to_lowercase()).or_insert(next);
                match (&mut open, near.take()) {
                    _ if negated => monitor.none.push(id),
                    (Some(group), _) => group.push(id),
                    (None, Some(within)) => {
                        let before = monitor.groups.last().unwrap()[0];
                        monitor.near = Some((before, id, within));
                        monitor.groups.push(vec![id]);
                    }
                    (None, None) => monitor.groups.push(vec![id]),
                }
            }
        }
    }
    monitor
}
