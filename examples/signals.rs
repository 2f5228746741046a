//! What each text asks for: `cargo run --release --example signals [FILE]`, a text a line, standard input unless
//! a file is named.
//!
//! Prints `categories TAB intents TAB urgency TAB evidence` for each line: names joined by commas, and the evidence as
//! `start..end words` (UTF-8 bytes of the line) joined by semicolons; `-` stands for none.

use clap::Parser;
use hearken::facts::{Facts, Field};
use hearken::query::Scratch;
use hearken::sentiment::Sentiment;
use hearken::signal::{Signal, Signals};
use hearken::text::Text;
use std::io::{BufRead, BufReader, Write};

/// What each text asks for.
#[derive(Parser)]
struct Args {
    /// A text a line; standard input when absent.
    file: Option<std::path::PathBuf>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let input: Box<dyn BufRead> = match Args::parse().file {
        Some(file) => Box::new(BufReader::new(std::fs::File::open(file)?)),
        None => Box::new(std::io::stdin().lock()),
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (signals, mut scratch) = (Signals::english(), Scratch::default());
    let sentiment = Sentiment::builder().build()?;
    let mut text = Text::default();
    for line in input.lines() {
        text.read(&line?);
        // As in a turn of the engine: the tone is read first, and patterns may ask about it.
        let mut facts = Facts::new(&text);
        facts.set(Field::Sentiment, sentiment.score(&text).score);
        let found = signals.read(&mut facts, &mut scratch);
        let evidence: Vec<String> = found
            .evidence()
            .iter()
            .map(|span| format!("{}..{} {}", span.start, span.end, span.of(text.source()).unwrap_or("")))
            .collect();
        writeln!(
            out,
            "{}\t{}\t{}\t{}",
            names(&found.categories),
            names(&found.intents),
            found.urgency.name(),
            or_dash(evidence.join("; ").replace('\t', " "))
        )?;
    }
    Ok(out.flush()?)
}

fn names(signals: &[Signal]) -> String {
    or_dash(signals.iter().map(|signal| &*signal.name).collect::<Vec<_>>().join(","))
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}
