//! What a brand's messages say over time, in threads and of each product; what its corrections would teach.
//!
//! ```text
//! cargo run --release --example sentiment_report -- examples/data/sentiment/messages.csv --target arc --target glow \
//!     --overlay examples/data/sentiment/lamps.lex --corrections examples/data/sentiment/corrections.csv
//! ```
//! Prints four tables, tabs between the columns, an empty line between the tables: mood by the day, messages that their
//! thread moved, each target, and the lexicon that the corrections propose with the messages that it would read otherwise.

use clap::Parser;
use hearken::model::{Personal, Span, Timestamp};
use hearken::sentiment::{Builder, Correction, Label, Polarity, Sentiment, Series, SeriesPoint};
use hearken::text::{Text, fold};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const DAY: i64 = 86_400_000;
/// By how much a thread moves a score that is worth a line.
const TELLING: f64 = 0.05;

/// Mood by the day, by thread and by target.
#[derive(Parser)]
struct Options {
    /// A CSV file with the columns when, thread, text, oldest first.
    messages: PathBuf,
    /// A word that people speak of, such as the name of a product.
    #[arg(long, value_name = "WORD")]
    target: Vec<String>,
    /// A lexicon of your own, laid over the built-in one.
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// A CSV file with the columns text, label (negative, neutral, positive), who, when.
    #[arg(long, value_name = "FILE")]
    corrections: Option<PathBuf>,
}

#[derive(serde::Deserialize)]
struct Message {
    when: String,
    thread: String,
    text: String,
}

#[derive(serde::Deserialize)]
struct Corrected {
    text: Personal,
    label: Label,
    who: String,
    when: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = Options::parse();
    let mut builder = Sentiment::builder();
    for path in &options.overlay {
        let lexicon =
            std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.overlay(&path.to_string_lossy(), &lexicon);
    }
    let sentiment = builder.clone().build()?;
    let messages: Vec<Message> = rows(&options.messages)?;
    let mut out = BufWriter::new(io::stdout().lock());
    days(&mut out, &sentiment, &messages)?;
    threads(&mut out, &sentiment, &messages)?;
    if !options.target.is_empty() {
        targets(&mut out, &sentiment, &messages, &options.target)?;
    }
    if let Some(path) = &options.corrections {
        lessons(&mut out, &builder, &rows(path)?, &messages)?;
    }
    out.flush()?;
    Ok(())
}

fn rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let rows = reader.deserialize().collect::<Result<_, _>>();
    Ok(rows.map_err(|error| format!("{}: {error}", path.display()))?)
}

fn time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| format!("{text}: not a time"))
}

/// Mood by the day, and over all.
fn days(out: &mut impl Write, sentiment: &Sentiment, messages: &[Message]) -> Result<(), Box<dyn Error>> {
    let mut series = Series::new(DAY);
    let mut text = Text::default();
    for message in messages {
        text.read(&message.text);
        series.add(time(&message.when)?, &sentiment.score(&text));
    }
    writeln!(out, "day\tnegative\tneutral\tpositive\tmean\tnet\tpositive share of the polar, 95 %")?;
    for point in series.points() {
        let day = point.start.to_string();
        row(out, day.get(..10).unwrap_or(&day), &point)?;
    }
    let (first, behind) = (Timestamp::from_millis(i64::MIN), Timestamp::from_millis(i64::MAX));
    row(out, "all", &series.window(first, behind))?;
    Ok(())
}

fn row(out: &mut impl Write, name: &str, point: &SeriesPoint) -> io::Result<()> {
    let (low, high) = point.interval;
    let share = point.positive_share.map_or("-".to_owned(), |share| format!("{share:.2}"));
    writeln!(
        out,
        "{name}\t{}\t{}\t{}\t{:+.2}\t{:+.2}\t{share} ({low:.2} to {high:.2})",
        point.negative, point.neutral, point.positive, point.mean, point.net
    )
}

/// Messages whose score is moved in the light of those before them.
fn threads(out: &mut impl Write, sentiment: &Sentiment, messages: &[Message]) -> io::Result<()> {
    writeln!(out, "\nthread\talone\tin its thread\tmessage")?;
    let mut before: BTreeMap<&str, Vec<Polarity>> = BTreeMap::new();
    let mut text = Text::default();
    for message in messages {
        text.read(&message.text);
        let earlier = before.entry(&message.thread).or_default();
        let reading = sentiment.read_in_thread(&text, None, earlier);
        if (reading.reading.score - reading.alone.score).abs() >= TELLING {
            writeln!(
                out,
                "{}\t{} {:+.2}\t{} {:+.2}\t{}",
                message.thread,
                reading.alone.label.name(),
                reading.alone.score,
                reading.reading.label.name(),
                reading.reading.score,
                message.text
            )?;
        }
        earlier.push(reading.alone);
    }
    Ok(())
}

/// What is said about each target.
fn targets(
    out: &mut impl Write,
    sentiment: &Sentiment,
    messages: &[Message],
    words: &[String],
) -> io::Result<()> {
    let words: Vec<String> = words.iter().map(|word| fold(word).into_owned()).collect();
    let mut told: BTreeMap<&str, (Series, Vec<String>)> = BTreeMap::new();
    let mut text = Text::default();
    for message in messages {
        text.read(&message.text);
        let known = |folded: &str| words.iter().find(|word| *word == folded);
        let (spans, names): (Vec<Span>, Vec<&String>) =
            text.tokens().iter().filter_map(|token| Some((token.span(), known(text.folded(token))?))).unzip();
        for (name, aspect) in names.into_iter().zip(sentiment.aspects(&text, &spans)) {
            let (series, lines) = told.entry(name).or_insert_with(|| (Series::new(i64::MAX), Vec::new()));
            series.add(Timestamp::from_secs(0), &aspect.polarity);
            let Polarity { label, score, .. } = aspect.polarity;
            lines.push(format!("\t{} {score:+.2}\t{}", label.name(), message.text));
        }
    }
    for (name, (series, lines)) in &told {
        for point in series.points() {
            let (negative, neutral, positive) = (point.negative, point.neutral, point.positive);
            writeln!(out, "\n{name}\t{negative} negative, {neutral} neutral, {positive} positive\tmessage")?;
        }
        lines.iter().try_for_each(|line| writeln!(out, "{line}"))?;
    }
    Ok(())
}

/// The overlay that corrections propose, and what it would read otherwise.
fn lessons(
    out: &mut impl Write,
    builder: &Builder,
    corrected: &[Corrected],
    messages: &[Message],
) -> Result<(), Box<dyn Error>> {
    let correction = |row: &Corrected| {
        let (text, label, who) = (row.text.clone(), row.label, row.who.clone());
        time(&row.when).map(|when| Correction { text, label, who, when })
    };
    let log: Vec<Correction> = corrected.iter().map(correction).collect::<Result<_, _>>()?;
    let texts: Vec<&str> = messages.iter().map(|message| message.text.as_str()).collect();
    let proposal = builder.learn(&log, &texts)?;
    let (before, after) = proposal.misread;
    writeln!(out, "\nof {} corrections {before} were misread, {after} would be", log.len())?;
    write!(out, "{}", proposal.overlay)?;
    for flip in &proposal.flips {
        let text = texts.get(flip.index).unwrap_or(&"");
        writeln!(out, "{} becomes {}: {text}", flip.before.name(), flip.after.name())?;
    }
    Ok(())
}
