//! Scores every bucket of a volume series: `cargo run --release --example spikes -- FILE.csv`.
//!
//! FILE has the header `timestamp,value`, one row a bucket of equal width, oldest first, posts as the value.
//! Prints `timestamp,value,anomaly_score`; the score is in 0..1, ½ and more is an alert. A row's score uses
//! nothing that comes after it.

use clap::Parser;
use hearken::model::Timestamp;
use hearken::pulse::Spike;
use std::error::Error;
use std::io::Write;

/// Scores every bucket of a volume series.
#[derive(Parser)]
struct Args {
    /// A CSV file with the header `timestamp,value`.
    file: std::path::PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut rows = csv::Reader::from_path(Args::parse().file)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "timestamp,value,anomaly_score")?;
    let mut first: Option<(u64, Option<Timestamp>)> = None;
    let mut spike: Option<Spike> = None;
    for (line, row) in rows.records().enumerate() {
        let row = row?;
        let (time, text) = (row.get(0).unwrap_or(""), row.get(1).unwrap_or(""));
        let value: f64 =
            text.trim().parse().map_err(|_| format!("row {}: {text:?} is not a number", line + 1))?;
        let (count, at) = (value.max(0.0).round() as u64, instant(time));
        // The width of a bucket is known at the second row; the first one has nothing to be compared with.
        let score = match (&mut spike, &first) {
            (Some(spike), _) => spike.push(count).score(),
            (None, None) => {
                first = Some((count, at));
                0.0
            }
            (None, Some((before, start))) => {
                let fresh = spike.insert(Spike::new(per_day(*start, at)));
                fresh.push(*before);
                fresh.push(count).score()
            }
        };
        writeln!(out, "{time},{text},{score}")?;
    }
    Ok(out.flush()?)
}

/// Buckets a day, from the first two instants; five minutes each where they cannot be read.
fn per_day(start: Option<Timestamp>, next: Option<Timestamp>) -> u32 {
    let width = start.zip(next).map(|(start, next)| next.since(start)).filter(|width| *width > 0);
    u32::try_from(86_400_000 / width.unwrap_or(300_000)).unwrap_or(288)
}

/// `2015-02-26 21:42:53`, with or without decimals and zone.
fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim().replacen(' ', "T", 1);
    Timestamp::parse(&text).or_else(|| Timestamp::parse(&format!("{text}Z")))
}
