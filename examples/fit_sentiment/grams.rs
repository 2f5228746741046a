//! Packs of hashed n-grams: the other languages, and the emotions and irony of English.

use crate::softmax::{self, Row};
use crate::{Example, data, read};
use hearken::sentiment::{GramKind, Sentiment};
use hearken::text::Text;
use std::collections::BTreeMap;

/// Features beside the grams: the bias, then those that a trace names.
const EXTRAS: usize = 32;

/// What a fit of one pack is given.
pub struct Task<'a> {
    pub file: &'a str,
    pub language: &'a str,
    pub classes: &'a [&'a str],
    pub train: &'a str,
    pub val: Option<&'a str>,
    pub kinds: &'a [GramKind],
    /// A power of two; each takes a byte a class.
    pub buckets: usize,
    /// Ridge of grams and of the other features.
    pub ridge: (f64, f64),
}

struct Table {
    names: Vec<String>,
    rows: Vec<(Vec<(u32, f32)>, usize)>,
}

/// The grams and named features of texts; a feature of a gram is its bucket.
fn table(sentiment: &Sentiment, task: &Task<'_>, examples: &[Example]) -> Table {
    let mut text = Text::default();
    let mut names = Vec::new();
    let rows = examples
        .iter()
        .map(|example| {
            text.read(&example.text);
            let trace = sentiment.trace_in(&text, Some(task.language));
            names = std::iter::once("bias".to_owned())
                .chain(trace.features.iter().map(|(name, _)| (*name).to_owned()))
                .collect();
            let mut values: BTreeMap<u32, f32> = BTreeMap::from([(0, 1.0)]);
            for (at, (_, value)) in trace.features.iter().enumerate() {
                values.insert(at as u32 + 1, (value * trace.share) as f32);
            }
            for gram in trace.buckets(task.kinds, task.buckets) {
                *values.entry((EXTRAS + gram) as u32).or_insert(0.0) += trace.share as f32;
            }
            let class = task.classes.iter().position(|class| *class == example.label).expect("a known label");
            (values.into_iter().filter(|(_, value)| *value != 0.0).collect(), class)
        })
        .collect();
    Table { names, rows }
}

/// Inverse document frequency of each feature; 1 for those beside the grams.
fn rarity(rows: &[(Vec<(u32, f32)>, usize)], buckets: usize) -> Vec<f32> {
    let mut seen = vec![0_u32; EXTRAS + buckets];
    rows.iter().flat_map(|(features, _)| features).for_each(|(feature, _)| seen[*feature as usize] += 1);
    let all = rows.len() as f64;
    seen.iter()
        .enumerate()
        .map(
            |(at, seen)| {
                if at < EXTRAS { 1.0 } else { ((1.0 + all) / (1.0 + f64::from(*seen))).ln() as f32 + 1.0 }
            },
        )
        .collect()
}

fn train(rows: &[(Vec<(u32, f32)>, usize)], task: &Task<'_>) -> Vec<f64> {
    let rarity = rarity(rows, task.buckets);
    let classes = task.classes.len();
    let mut data: Vec<Row> = rows
        .iter()
        .map(|(features, class)| Row {
            features: features.iter().map(|(at, value)| (*at, value * rarity[*at as usize])).collect(),
            class: *class,
            weight: 1.0,
            faint: 0.0,
        })
        .collect();
    softmax::balance(&mut data, classes);
    let ridge: Vec<f64> =
        (0..EXTRAS + task.buckets).map(|at| if at < EXTRAS { task.ridge.1 } else { task.ridge.0 }).collect();
    let mut weights = softmax::fit(&data, classes, &ridge, 100);
    for (at, weight) in weights.iter_mut().enumerate() {
        *weight *= f64::from(rarity[at / classes]);
    }
    weights
}

fn guesses(weights: &[f64], classes: usize, rows: &[(Vec<(u32, f32)>, usize)]) -> (Vec<usize>, Vec<usize>) {
    rows.iter()
        .map(|(features, class)| {
            let logits = softmax::logits(weights, classes, features);
            (*class, (0..classes).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap())
        })
        .unzip()
}

fn f1(gold: &[usize], guess: &[usize], class: usize) -> f64 {
    let both = gold.iter().zip(guess).filter(|(gold, guess)| gold == guess && **gold == class).count() as f64;
    let either = (gold.iter().chain(guess)).filter(|label| **label == class).count() as f64;
    if either > 0.0 { 2.0 * both / either } else { 0.0 }
}

fn report(task: &Task<'_>, note: &str, gold: &[usize], guess: &[usize]) {
    let each: Vec<f64> = (0..task.classes.len()).map(|class| f1(gold, guess, class)).collect();
    let mean = each.iter().sum::<f64>() / each.len() as f64;
    eprintln!("{} {note}: macro F1 {mean:.4}, F1 of {} {:.4}", task.file, task.classes[0], each[0]);
}

/// Fits a pack, reports on its validation texts or by five folds, and writes it.
pub fn fit(task: &Task<'_>) {
    let sentiment = Sentiment::builtin();
    let examples = read(task.train);
    let table_of_all = table(&sentiment, task, &examples);
    let classes = task.classes.len();
    if let Some(val) = task.val {
        let weights = train(&table_of_all.rows, task);
        let (gold, guess) = guesses(&weights, classes, &table(&sentiment, task, &read(val)).rows);
        report(task, "validation", &gold, &guess);
    } else {
        let (mut gold, mut guess) = (Vec::new(), Vec::new());
        for fold in 0..5 {
            let (mut kept, mut rest) = (Vec::new(), Vec::new());
            for (at, row) in table_of_all.rows.iter().enumerate() {
                if at % 5 == fold { kept.push(row.clone()) } else { rest.push(row.clone()) }
            }
            let weights = train(&rest, task);
            let (part_gold, part_guess) = guesses(&weights, classes, &kept);
            gold.extend(part_gold);
            guess.extend(part_guess);
        }
        report(task, "five folds", &gold, &guess);
    }
    let weights = train(&table_of_all.rows, task);
    write(task, &table_of_all.names, &weights);
}

/// Writes a pack: header, empty line, bytes.
fn write(task: &Task<'_>, names: &[String], weights: &[f64]) {
    let classes = task.classes.len();
    let (extras, grams) = weights.split_at(EXTRAS * classes);
    let most = grams.iter().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let unit = (most / 127.0 * 1_000.0).ceil().max(1.0);
    let kinds: Vec<&str> = task.kinds.iter().map(|kind| kind.name()).collect();
    let kinds = kinds.join(" ");
    let mut file = format!(
        "# Hashed grams of the kinds below, fitted by examples/fit_sentiment on {} ({}): softmax regression,\n\
         # L-BFGS, inverse document frequency, ridge {} and {}. No text is in it.\nformat 1\nclasses {classes}\nunit {unit}\nkinds {kinds}\n",
        task.train,
        task.classes.join(" "),
        task.ridge.0,
        task.ridge.1,
    );
    for (name, weights) in names.iter().zip(extras.chunks(classes)) {
        let weights: Vec<String> =
            weights.iter().map(|weight| ((weight * 1_000.0).round() as i64).to_string()).collect();
        file.push_str(&format!("extra {name} {}\n", weights.join(" ")));
    }
    file.push('\n');
    let mut bytes = file.into_bytes();
    bytes.extend(grams.iter().map(|weight| ((weight * 1_000.0 / unit).round() as i8).cast_unsigned()));
    std::fs::write(data(task.file), bytes).expect("the data folder is there");
}
