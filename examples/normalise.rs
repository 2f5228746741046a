//! From a platform's payload to canonical events, one JSON line each.
//!
//! ```text
//! cargo run --release --example normalise -- x < payload.json     events on standard output,
//!                                                                 rejected pieces on standard error
//! cargo run --release --example normalise -- --survey ../shared/payloads
//! cargo run --release --example normalise -- --fuzz 1000000       mutated payloads; counts the panics
//! ```

use clap::Parser;
use hearken::limits::Limits;
use hearken::model::Platform;
use hearken::source::{Batch, Reason, adapter};
use serde_json::Value;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Reads platform payloads into canonical events.
#[derive(Parser)]
struct Args {
    /// The platform whose payload comes on standard input: x, facebook, instagram, messenger, linkedin,
    /// youtube, mastodon, bluesky; any other name is read as the generic format.
    #[arg(required_unless_present_any = ["survey", "fuzz"])]
    platform: Option<String>,
    /// An account of the brand's own, by id or handle; may be given often.
    #[arg(long = "account", value_name = "NAME")]
    accounts: Vec<String>,
    /// Counts what is read and what is not in every DIR/PLATFORM/…, rejected pieces on standard error.
    #[arg(long, value_name = "DIR")]
    survey: Option<PathBuf>,
    /// Reads N mutated payloads and counts the panics.
    #[arg(long, value_name = "N")]
    fuzz: Option<u64>,
    /// Where the payloads to mutate stand, as DIR/PLATFORM/….
    #[arg(long, value_name = "DIR", default_value = "examples/data/payloads")]
    seeds: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    if let Some(dir) = &args.survey {
        return survey(dir, &args.accounts);
    }
    if let Some(count) = args.fuzz {
        return fuzz(&args.seeds, count);
    }
    let mut payload = Vec::new();
    io::stdin().read_to_end(&mut payload)?;
    let platform = Platform::from(args.platform.unwrap_or_default().as_str());
    if let Platform::Other(name) = &platform {
        eprintln!("{}", notice(name));
    }
    let batch = adapter(&platform, &args.accounts).parse(&payload, &Limits::default());
    print(&batch)
}

/// What a name that no adapter has is taken for, and which was perhaps meant.
fn notice(name: &str) -> String {
    let nearness = |platform: &&Platform| strsim::jaro_winkler(&name.to_lowercase(), platform.as_str());
    let nearest = Platform::ALL.iter().max_by(|a, b| nearness(a).total_cmp(&nearness(b)));
    let meant = nearest.filter(|platform| nearness(platform) > 0.8);
    let hint = meant.map_or_else(String::new, |platform| format!("; did you mean {platform}?"));
    format!("{name}: no adapter of its own, read as the generic format{hint}")
}

fn print(batch: &Batch) -> Result<(), Box<dyn Error>> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    for event in &batch.events {
        serde_json::to_writer(&mut out, event)?;
        writeln!(out)?;
    }
    out.flush()?;
    for rejected in &batch.rejected {
        eprintln!("{}", serde_json::to_string(rejected)?);
    }
    for request in &batch.follow_up {
        eprintln!("{}", serde_json::json!({ "follow_up": request }));
    }
    if let Some(next) = &batch.next {
        eprintln!("{}", serde_json::json!({ "next": next }));
    }
    Ok(())
}

/// The payloads below `dir/PLATFORM/`, in order of their paths.
fn payloads(dir: &Path) -> io::Result<BTreeMap<String, Vec<PathBuf>>> {
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut open = vec![dir.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let platform = path.strip_prefix(dir).ok().and_then(|p| p.components().next());
            let platform =
                platform.map_or_else(String::new, |p| p.as_os_str().to_string_lossy().into_owned());
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "json" || e == "jsonl") {
                found.entry(platform).or_default().push(path);
            }
        }
    }
    found.values_mut().for_each(|files| files.sort());
    Ok(found)
}

fn survey(dir: &Path, accounts: &[String]) -> Result<(), Box<dyn Error>> {
    let reasons = [
        Reason::NotAnInteraction,
        Reason::UnknownKind,
        Reason::Field,
        Reason::Shape,
        Reason::NotJson,
        Reason::Limit,
    ];
    println!(
        "{:<24} {:>6} {:>6} {:>7} {:>9} {:>9} {:>8} {:>6} {:>6} {:>8} {:>6}",
        "platform",
        "files",
        "read",
        "events",
        "follow-up",
        "not-said",
        "unknown",
        "field",
        "shape",
        "not-json",
        "limit"
    );
    for (platform, files) in payloads(dir)? {
        if let Platform::Other(name) = Platform::from(platform.as_str()) {
            eprintln!("{}", notice(&name));
        }
        let source = adapter(&Platform::from(platform.as_str()), accounts);
        let (mut read, mut events, mut asked) = (0, 0, 0);
        let mut rejected: BTreeMap<Reason, usize> = BTreeMap::new();
        for path in &files {
            let batch = source.parse(&fs::read(path)?, &Limits::default());
            read += usize::from(!batch.events.is_empty() || !batch.follow_up.is_empty());
            events += batch.events.len();
            asked += batch.follow_up.len();
            for piece in batch.rejected {
                *rejected.entry(piece.reason).or_default() += 1;
                let reason = serde_json::to_string(&piece.reason)?;
                eprintln!("{} {} {reason} {}", path.strip_prefix(dir)?.display(), piece.place, piece.detail);
            }
        }
        print!("{platform:<24} {:>6} {read:>6} {events:>7} {asked:>9}", files.len());
        for (reason, width) in reasons.iter().zip([9, 8, 6, 6, 8, 6]) {
            print!(" {:>width$}", rejected.get(reason).copied().unwrap_or(0));
        }
        println!();
    }
    Ok(())
}

/// A small generator (xorshift64*): the same numbers in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % bound.max(1)
    }
}

/// Puts a value of another sort in the place of one somewhere in the document: this passes the JSON parser.
fn twist(value: &mut Value, numbers: &mut Numbers) {
    let deeper = numbers.below(6) > 0;
    let inside = match &mut *value {
        Value::Array(list) if deeper => {
            let i = numbers.below(list.len());
            list.get_mut(i)
        }
        Value::Object(map) if deeper => {
            let i = numbers.below(map.len());
            map.values_mut().nth(i)
        }
        _ => None,
    };
    if let Some(inside) = inside {
        return twist(inside, numbers);
    }
    *value = match numbers.below(10) {
        0 => Value::Null,
        1 => true.into(),
        2 => (-1).into(),
        3 => u64::MAX.into(),
        4 => 1e300.into(),
        5 => "".into(),
        6 => "<a href='x'>\\ud83d&#x110000;&lt;@[a](urn:b){hashtag|\\#|c".into(),
        7 => Value::Array(vec![value.take()]),
        8 => serde_json::json!({ "id": value.take(), "data": [] }),
        _ => "at://a/app.bsky.feed.post/?comment_id=1".into(),
    };
}

/// Flips, truncates and splices bytes.
fn mutate(seed: &[u8], other: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    const MARKS: &[u8] = b"\"{}[]:,\\-0e. \xf0\x80";
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(bytes.len());
        match numbers.below(5) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << numbers.below(8),
            1 if !bytes.is_empty() => bytes[at] = MARKS[numbers.below(MARKS.len())],
            2 => bytes.truncate(at),
            3 => {
                let from = numbers.below(other.len());
                let to = from + numbers.below(other.len() - from);
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            _ => {
                let to = at + numbers.below((bytes.len() - at).min(200));
                bytes.drain(at..to);
            }
        }
    }
    bytes
}

fn fuzz(dir: &Path, count: u64) -> Result<(), Box<dyn Error>> {
    let mut seeds = Vec::new();
    for (platform, files) in payloads(dir)? {
        for path in files {
            let bytes = fs::read(path)?;
            let document = serde_json::from_slice::<Value>(&bytes).ok();
            seeds.push((Platform::from(platform.as_str()), bytes, document));
        }
    }
    if seeds.is_empty() {
        return Err(format!("no payloads below {}", dir.display()).into());
    }
    std::panic::set_hook(Box::new(|_| {}));
    let terminal = io::stderr().is_terminal();
    let bar = if terminal { indicatif::ProgressBar::new(count) } else { indicatif::ProgressBar::hidden() };
    let (mut numbers, limits) = (Numbers(0x9E37_79B9_7F4A_7C15), Limits::default());
    let (mut events, mut rejected, mut panics) = (0, 0, 0);
    for done in 0..count {
        let (platform, seed, document) = &seeds[numbers.below(seeds.len())];
        let (_, other, _) = &seeds[numbers.below(seeds.len())];
        // Half of the payloads stay JSON.
        let payload = match document.clone().filter(|_| numbers.below(2) == 0) {
            Some(mut document) => {
                (0..=numbers.below(3)).for_each(|_| twist(&mut document, &mut numbers));
                serde_json::to_vec(&document)?
            }
            None => mutate(seed, other, &mut numbers),
        };
        match catch_unwind(AssertUnwindSafe(|| adapter(platform, ["lumora"]).parse(&payload, &limits))) {
            Ok(batch) => {
                events += batch.events.len();
                rejected += batch.rejected.len();
            }
            Err(_) => {
                panics += 1;
                eprintln!("panic: {platform} {:?}", String::from_utf8_lossy(&payload));
            }
        }
        if done % 1_000 == 0 {
            bar.set_position(done);
        }
    }
    bar.finish_and_clear();
    println!("{count} payloads, {events} events, {rejected} rejected, {panics} panics");
    if panics > 0 { Err("an adapter panicked".into()) } else { Ok(()) }
}
