//! Reads a text a line on standard input, prints `label TAB score TAB p_negative TAB p_neutral TAB p_positive` a line.
//!
//! ```text
//! cut -f3 ../shared/data/sentiment/en_val.tsv | cargo run --release --example sentiment > got.tsv
//! python3 ../shared/tools/score_sentiment.py ../shared/data/sentiment/en_val.tsv got.tsv
//! ```

use clap::Parser;
use hearken::model::Span;
use hearken::sentiment::{Contribution, Emotion, Polarity, Sentiment};
use hearken::text::{Text, fold};
use std::hint::black_box;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Parser)]
#[command(about = "Sentiment of texts, one a line on standard input")]
struct Options {
    /// The language of the texts: a code such as es; languages other than en need `--features languages`.
    #[arg(long, default_value = "en")]
    lang: String,
    /// The label is one of anger, joy, optimism, sadness (English).
    #[arg(long)]
    emotion: bool,
    /// The label is irony or non_irony (English).
    #[arg(long, conflicts_with = "emotion")]
    irony: bool,
    /// Add the spans that the score comes from, each as `text|reason|negative|neutral|positive`.
    #[arg(long)]
    explain: bool,
    /// The hand-written lexicon alone, without fitted weights.
    #[arg(long)]
    hand: bool,
    /// Lay a lexicon of your own over that of the language, as `examples/data/sentiment/lamps.lex`; of several the last wins.
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Judge only what is said about a word where it stands first; a text without it is neutral. Of several, commas between
    /// them, the first is judged, and the others take what is said about them.
    #[arg(long, value_name = "WORD", value_delimiter = ',', conflicts_with_all = ["emotion", "irony", "bench"])]
    target: Vec<String>,
    /// Score the input again and again in one thread, and print how fast that is.
    #[arg(long)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let mut builder = Sentiment::builder();
    if options.hand {
        builder = builder.hand_written();
    }
    for path in &options.overlay {
        let lexicon =
            std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        builder = builder.overlay_in(&options.lang, &path.to_string_lossy(), &lexicon);
    }
    let sentiment = builder.build()?;
    if !sentiment.languages().any(|code| options.lang.split('-').next() == Some(code)) {
        eprintln!("'{}' is not compiled in: every text is neutral, to be reviewed", options.lang);
    }
    if (options.emotion || options.irony) && sentiment.irony(&Text::default()).is_none() {
        eprintln!("emotion and irony need the feature 'fitted': every label is the same");
    }
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    let input = String::from_utf8_lossy(&bytes);
    let lines: Vec<&str> = input.lines().collect();
    if options.bench {
        bench(&sentiment, &lines, &options.lang);
        return Ok(());
    }
    let language = Some(options.lang.as_str());
    let targets: Vec<String> = options.target.iter().map(|word| fold(word).into_owned()).collect();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut text = Text::default();
    for line in &lines {
        text.read(line);
        let (polarity, parts) = if targets.is_empty() {
            let parts = options.explain.then(|| sentiment.explain_in(&text, language).contributions);
            (sentiment.score_in(&text, language), parts.unwrap_or_default())
        } else {
            about(&sentiment, &text, language, &targets)
        };
        let label = match (options.emotion, options.irony) {
            (true, _) => emotion(&sentiment, &text),
            (_, true) if sentiment.irony(&text).is_some_and(|irony| irony > 0.5) => "irony",
            (_, true) => "non_irony",
            _ => polarity.label.name(),
        };
        let p = polarity.probabilities;
        write!(out, "{label}\t{}\t{}\t{}\t{}", polarity.score, p.negative, p.neutral, p.positive)?;
        if options.explain {
            for part in parts {
                let (adds, words) = (part.adds, part.span.of(text.source()).unwrap_or(""));
                write!(
                    out,
                    "\t{words}|{}|{}|{}|{}",
                    part.reason, adds.negative, adds.neutral, adds.positive
                )?;
            }
        }
        writeln!(out)?;
    }
    out.flush()?;
    Ok(())
}

/// What is said about the first of some words rather than about the others, and what that comes from.
fn about(
    sentiment: &Sentiment,
    text: &Text,
    language: Option<&str>,
    words: &[String],
) -> (Polarity, Vec<Contribution>) {
    let place = |word: &String| text.tokens().iter().find(|token| text.folded(token) == word);
    let Some(first) = words.first().and_then(place) else {
        return (sentiment.score_in(&Text::default(), language), Vec::new());
    };
    let others = words.iter().skip(1).filter_map(place);
    let spans: Vec<Span> = std::iter::once(first).chain(others).map(|token| token.span()).collect();
    let said = sentiment.aspects_in(text, language, &spans).into_iter().next();
    said.map(|aspect| (aspect.polarity, aspect.contributions)).unwrap_or_default()
}

/// The most likely of the four emotions.
fn emotion(sentiment: &Sentiment, text: &Text) -> &'static str {
    let likely = sentiment.emotion(text).into_iter().flatten().max_by(|a, b| a.1.total_cmp(&b.1));
    likely.map_or(Emotion::Joy, |(emotion, _)| emotion).name()
}

/// Splits and scores all lines over and over for about three seconds; the best round counts.
fn bench(sentiment: &Sentiment, lines: &[&str], language: &str) {
    let bytes: usize = lines.iter().map(|line| line.len()).sum();
    let mut text = Text::default();
    let mut best = Duration::MAX;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(3) {
        let round = Instant::now();
        for line in lines {
            text.read(line);
            black_box(sentiment.score_in(&text, Some(language)));
        }
        best = best.min(round.elapsed());
    }
    println!("{:.1} MB/s", bytes as f64 / 1e6 / best.as_secs_f64());
    println!("{:.0} texts/s", lines.len() as f64 / best.as_secs_f64());
}
