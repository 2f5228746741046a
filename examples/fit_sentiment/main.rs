//! Fits the weights that the crate ships, from `../shared/data/sentiment`, and writes them under `src/sentiment/data`.
//!
//! `cargo run --release --example fit_sentiment -- [english|emotion|irony|languages|all]`. Deterministic. What it writes holds
//! words and n-grams that at least several texts share, never a text, a handle or a link.

mod english;
mod grams;
mod softmax;

use hearken::sentiment::GramKind;
use std::path::{Path, PathBuf};

/// A labelled text: its label, its valence where there is one, and itself.
pub struct Example {
    pub label: String,
    pub valence: Option<f64>,
    pub text: String,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the evaluation data.
pub fn read(name: &str) -> Vec<Example> {
    let path = root().join("../shared/data/sentiment").join(name);
    let source = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    source
        .lines()
        .filter_map(|line| {
            let mut columns = line.splitn(3, '\t');
            let (label, valence, text) = (columns.next()?, columns.next()?, columns.next()?);
            Some(Example { label: label.to_owned(), valence: valence.parse().ok(), text: text.to_owned() })
        })
        .collect()
}

/// Where a weight file of the crate stands.
pub fn data(name: &str) -> PathBuf {
    root().join("src/sentiment/data").join(Path::new(name))
}

/// Macro-averaged recall of guesses.
pub fn macro_recall(gold: &[usize], guess: &[usize], classes: usize) -> f64 {
    let recall = |class| {
        let of = gold.iter().filter(|gold| **gold == class).count();
        let hit = gold.iter().zip(guess).filter(|(gold, guess)| **gold == class && gold == guess).count();
        hit as f64 / of.max(1) as f64
    };
    let seen = (0..classes).filter(|class| gold.contains(class)).count();
    (0..classes).filter(|class| gold.contains(class)).map(recall).sum::<f64>() / seen as f64
}

fn main() {
    let what = std::env::args().nth(1).unwrap_or_else(|| "all".to_owned());
    if matches!(what.as_str(), "english" | "all") {
        english::fit();
    }
    for task in tasks() {
        if what == "all" || task.file.contains(&what) || (what == "languages" && task.language != "en") {
            grams::fit(&task);
        }
    }
}

/// The packs of grams.
fn tasks() -> Vec<grams::Task<'static>> {
    let mut tasks = vec![
        grams::Task {
            file: "en.emotion.grams",
            language: "en",
            classes: &["anger", "joy", "optimism", "sadness"],
            train: "en_emotion_train.tsv",
            val: Some("en_emotion_val.tsv"),
            kinds: &[GramKind::Word, GramKind::Letters],
            buckets: 1 << 14,
            ridge: (3_000.0, 150.0),
        },
        grams::Task {
            file: "en.irony.grams",
            language: "en",
            classes: &["irony", "non_irony"],
            train: "en_irony_train.tsv",
            val: Some("en_irony_val.tsv"),
            kinds: &[GramKind::Word],
            buckets: 1 << 13,
            ridge: (1_500.0, 40.0),
        },
    ];
    for (language, file, train) in [
        ("es", "es.grams", "es_train.tsv"),
        ("pt", "pt.grams", "pt_train.tsv"),
        ("fr", "fr.grams", "fr_train.tsv"),
        ("de", "de.grams", "de_train.tsv"),
        ("it", "it.grams", "it_train.tsv"),
        ("ar", "ar.grams", "ar_train.tsv"),
        ("hi", "hi.grams", "hi_train.tsv"),
    ] {
        tasks.push(grams::Task {
            file,
            language,
            classes: &["neg", "neu", "pos"],
            train,
            val: None,
            kinds: &[GramKind::Word, GramKind::Pair, GramKind::Letters],
            buckets: 1 << 15,
            // Chosen by five folds; Hindi has the most noise and leans on the English lexicon.
            ridge: if language == "hi" { (40_000.0, 200.0) } else { (4_000.0, 60.0) },
        });
    }
    tasks
}
