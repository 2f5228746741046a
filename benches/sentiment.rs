//! Texts a second, one thread, splitting included, beside the VADER crates in the same run.
//!
//! `cargo bench --bench sentiment`. The texts are `../shared/data/sentiment/en_val.tsv`, or made-up ones without it.

use hearken::sentiment::Sentiment;
use hearken::text::Text;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

fn texts() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/sentiment/en_val.tsv");
    match std::fs::read_to_string(path) {
        Ok(source) => source.lines().filter_map(|line| line.split('\t').nth(2)).map(str::to_owned).collect(),
        Err(_) => {
            eprintln!("../shared is absent: made-up texts");
            (0..2_000)
                .map(|n| format!("@acme I really don't like update {n}, but the NEW icons look great! :)"))
                .collect()
        }
    }
}

/// Texts that are timed at a time.
const SLICE: usize = 50;

/// Of every slice of the texts the least time of all rounds: what disturbs only ever adds, and seldom hits a short slice
/// each time.
fn best(texts: &[String], rounds: usize, mut score: impl FnMut(&str)) -> Duration {
    let mut least = vec![Duration::MAX; texts.len().div_ceil(SLICE)];
    for _ in 0..rounds {
        for (slice, least) in texts.chunks(SLICE).zip(&mut least) {
            let begun = Instant::now();
            slice.iter().for_each(|text| score(text));
            *least = begun.elapsed().min(*least);
        }
    }
    least.iter().sum()
}

fn main() {
    let texts = texts();
    let bytes: usize = texts.iter().map(String::len).sum();
    let rate = |time: Duration| texts.len() as f64 / time.as_secs_f64();

    let begun = Instant::now();
    let sentiment = Sentiment::english();
    println!("{:.1} ms build", begun.elapsed().as_secs_f64() * 1e3);

    let mut text = Text::default();
    let split = best(&texts, 60, |source| {
        text.read(source);
        black_box(text.tokens().len());
    });
    let mut text = Text::default();
    let ours = best(&texts, 60, |source| {
        text.read(source);
        black_box(sentiment.score(&text));
    });
    let mut text = Text::default();
    let read = best(&texts, 10, |source| {
        text.read(source);
        black_box(sentiment.read(&text));
    });
    let parity = vader_parity::SentimentIntensityAnalyzer::new();
    let parity = best(&texts, 10, |source| {
        black_box(parity.polarity_scores(source));
    });
    let other = vader_sentiment::SentimentIntensityAnalyzer::new();
    let other = best(&texts, 10, |source| {
        black_box(other.polarity_scores(source));
    });
    println!("{:.0} texts/s splitting alone", rate(split));
    println!("{:.0} texts/s full reading", rate(read));
    println!("{:.0} texts/s vader_sentiment", rate(other));
    println!("{:.0} texts/s vader-parity", rate(parity));
    println!("{:.1} x vader_sentiment", rate(ours) / rate(other));
    println!("{:.1} x vader-parity", rate(ours) / rate(parity));
    println!("{:.1} MB/s", bytes as f64 / 1e6 / ours.as_secs_f64());
    println!("{:.0} texts/s", rate(ours));
}
