//! The English pack: three weights for each word and pair of words that the tweets share, on top of a valence prior.

use crate::softmax::{self, Row};
use crate::{Example, data, macro_recall, read};
use hearken::sentiment::Sentiment;
use hearken::text::{Mark, Text, TokenKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The features that stand before those of the entries: bias, sides of the valence prior, rules, emotions.
const PRIOR: usize = 1 + SIDES.len() + RULES + EMOTIONS;
const SIDES: [&str; 4] = ["above", "below", "not_above", "not_below"];
const RULES: usize = 10;
const EMOTIONS: usize = 8;

struct Setting {
    /// Ridge of what a lexicon gives a valence. It means the same in texts about other things, and may move further than
    /// words that only stood in these.
    known: f64,
    word: f64,
    pair: f64,
    rule: f64,
    words_from: usize,
    pairs_from: usize,
}

/// Chosen on training tweets held out by topic and by time, and on reviews.
const SETTING: Setting =
    Setting { known: 6.0, word: 30.0, pair: 60.0, rule: 0.5, words_from: 4, pairs_from: 12 };

fn class(label: &str) -> usize {
    match label {
        "neg" | "anger" | "sadness" => 0,
        "neu" => 1,
        _ => 2,
    }
}

/// Words and pairs of words, each counted once a text.
fn vocabulary(texts: &[Example]) -> (BTreeMap<String, usize>, BTreeMap<String, usize>) {
    let (mut words, mut pairs) = (BTreeMap::new(), BTreeMap::new());
    let mut text = Text::default();
    for example in texts {
        text.read(&example.text);
        let (mut seen, mut seen_pairs) = (BTreeSet::new(), BTreeSet::new());
        let mut before: Option<String> = None;
        for (at, token) in text.tokens().iter().enumerate() {
            if token.kind() == TokenKind::Link || token.mark() == Some(Mark::At) {
                before = None;
                continue;
            }
            let word = text.folded(token).to_owned();
            if let Some(before) = before.filter(|_| matches!(text.gap(at), " " | " #") || token.is_joined()) {
                seen_pairs.insert(format!("{before} {word}"));
            }
            seen.insert(word.clone());
            before = Some(word);
        }
        seen.into_iter().for_each(|word| *words.entry(word).or_insert(0) += 1);
        seen_pairs.into_iter().for_each(|pair| *pairs.entry(pair).or_insert(0) += 1);
    }
    (words, pairs)
}

/// The valence that VADER's lexicon (MIT) gives a word, from its normalised score.
fn vader(analyzer: &vader_parity::SentimentIntensityAnalyzer, word: &str) -> f64 {
    let compound = analyzer.polarity_scores(word).compound;
    let valence = compound * (15.0 / (1.0 - compound * compound)).sqrt();
    (valence * 10.0).round() / 10.0
}

/// What the fit works on: the scorer that finds, and the number of each of its terms.
struct Finder {
    sentiment: Sentiment,
    /// Terms, each with the valence it brings (not a number for one that the hand-written lexicon has).
    terms: Vec<(String, f64)>,
    /// The first term that is a pair of words, and the first behind them.
    pairs: std::ops::Range<usize>,
    /// Of the features before those of the terms, without the bias.
    names: Vec<&'static str>,
    number: BTreeMap<u64, usize>,
    /// The terms to which a lexicon gives a valence.
    polar: BTreeSet<usize>,
}

impl Finder {
    fn new(train: &[Example], setting: &Setting) -> Self {
        let (words, pairs) = vocabulary(train);
        let hand = Sentiment::builder().hand_written().build().unwrap();
        let known: BTreeSet<u64> = hand.terms().collect();
        let analyzer = vader_parity::SentimentIntensityAnalyzer::new();
        let mut overlay = String::new();
        let mut terms = Vec::new();
        let mut number = BTreeMap::new();
        let mut polar = BTreeSet::new();
        for (word, count) in &words {
            let key = Sentiment::key(word).unwrap_or(0);
            let valence = if word.is_ascii() { vader(&analyzer, word) } else { 0.0 };
            let is_new = !known.contains(&key);
            if *count < setting.words_from && (valence == 0.0 || !is_new) {
                continue;
            }
            if is_new && word.chars().all(char::is_numeric) {
                continue;
            }
            if number.insert(key, terms.len()).is_some() {
                continue;
            }
            let known = hand.trace_in(&Text::new(word), None);
            if known.matches.iter().any(|found| found.valence != 0.0) || (is_new && valence != 0.0) {
                polar.insert(terms.len());
            }
            terms.push((word.clone(), if is_new { valence } else { f64::NAN }));
            if is_new {
                writeln!(overlay, "{word} = {valence}").unwrap();
            }
        }
        let from = terms.len();
        for (pair, count) in &pairs {
            let key = Sentiment::key(pair).unwrap_or(0);
            if *count < setting.pairs_from || known.contains(&key) || pair.chars().any(char::is_numeric) {
                continue;
            }
            if number.insert(key, terms.len()).is_none() {
                terms.push((pair.clone(), 0.0));
                writeln!(overlay, "{pair} = adds").unwrap();
            }
        }
        let sentiment = Sentiment::builder().hand_written().overlay("candidates", &overlay).build().unwrap();
        let pairs = from..terms.len();
        for (term, key, valence) in signs_and_phrases(&sentiment, train, &number, setting.words_from) {
            number.insert(key, terms.len());
            if valence != 0 {
                polar.insert(terms.len());
            }
            terms.push((term, f64::NAN));
        }
        let trace = sentiment.trace_in(&Text::default(), None);
        let names = trace.features.iter().take(PRIOR - 1).map(|(name, _)| *name).collect();
        Self { sentiment, terms, pairs, names, number, polar }
    }

    fn row(&self, text: &mut Text, example: &Example) -> Row {
        text.read(&example.text);
        let trace = self.sentiment.trace_in(text, None);
        let share = trace.share;
        let mut values: BTreeMap<u32, f32> = BTreeMap::new();
        let mut add =
            |feature: usize, value: f64| *values.entry(feature as u32).or_insert(0.0) += value as f32;
        add(0, 1.0);
        for (at, (_, value)) in trace.features.iter().take(PRIOR - 1).enumerate() {
            add(at + 1, value * share);
        }
        for found in &trace.matches {
            if let Some(term) = self.number.get(&found.key) {
                add(PRIOR + term * 2 + usize::from(found.negated), found.strength * share);
            }
        }
        let mut row = Row {
            features: values.into_iter().collect(),
            class: class(&example.label),
            weight: 1.0,
            faint: 0.0,
        };
        if felt(&row) == 0.0 {
            // The scorer's share falls with the root of the words, what is added to neutral with the words.
            row.faint = FAINT[0] * share * share * 8.0 / 15.0;
        }
        row
    }

    fn rows(&self, examples: &[Example], weight: f64) -> Vec<Row> {
        let mut text = Text::default();
        let mut rows: Vec<Row> = examples.iter().map(|example| self.row(&mut text, example)).collect();
        rows.iter_mut().for_each(|row| row.weight = weight);
        rows
    }
}

/// Emoticons and hand-written phrases that enough texts have, each with its key and its valence in thousandths.
fn signs_and_phrases(
    sentiment: &Sentiment,
    train: &[Example],
    known: &BTreeMap<u64, usize>,
    at_least: usize,
) -> Vec<(String, u64, i64)> {
    let mut counts: BTreeMap<(String, u64, i64), usize> = BTreeMap::new();
    let mut text = Text::default();
    for example in train {
        text.read(&example.text);
        for found in
            sentiment.trace_in(&text, None).matches.iter().filter(|found| !known.contains_key(&found.key))
        {
            let term = hearken::text::fold(found.span.of(text.source()).unwrap_or("")).into_owned();
            if Sentiment::key(&term) == Some(found.key) {
                *counts.entry((term, found.key, (found.valence * 1_000.0) as i64)).or_insert(0) += 1;
            }
        }
    }
    let mut seen = BTreeSet::new();
    let often = counts.into_iter().filter(|(_, count)| *count >= at_least);
    often.map(|(term, _)| term).filter(|(_, key, _)| seen.insert(*key)).collect()
}

/// What is added to neutral in a short text without a word of any valence, which leans to neither side; and the difference of
/// the logits of the two sides from which on nothing is. The more is added, the better reviews are read, whose words the
/// tweets say little about; beyond this, tweets lose.
const FAINT: [f64; 2] = [0.7, 2.0];

/// The logits of a row as the scorer takes them.
fn said(weights: &[f64], row: &Row) -> Vec<f64> {
    let mut logits = softmax::logits(weights, 3, &row.features);
    let leans = (logits[2] - logits[0]).abs();
    logits[1] += row.faint * (1.0 - leans / FAINT[1]).max(0.0);
    logits
}

/// The sum of the valences of a row, of which negation leaves half.
fn felt(row: &Row) -> f64 {
    let sides = [(1, 1.0), (2, -1.0), (3, -0.5), (4, 0.5)];
    let side =
        |feature| row.features.iter().find(|(at, _)| *at == feature).map_or(0.0, |(_, sum)| f64::from(*sum));
    sides.into_iter().map(|(feature, turn)| side(feature) * turn).sum()
}

fn evaluate(name: &str, weights: &[f64], rows: &[Row]) {
    let gold: Vec<usize> = rows.iter().map(|row| row.class).collect();
    let guess: Vec<usize> = rows
        .iter()
        .map(|row| {
            let logits = said(weights, row);
            (0..3).max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap()
        })
        .collect();
    eprintln!("{name}: macro recall {:.4}", macro_recall(&gold, &guess, 3));
}

/// How well two series go together (Pearson's r).
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |series: &[f64]| series.iter().sum::<f64>() / series.len() as f64;
    let (middle_a, middle_b) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| {
        a.iter().zip(b).map(|(a, b)| f(a - middle_a, b - middle_b)).sum::<f64>()
    };
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// The correlation with the mean valence that people gave to sentences of reviews, of weights fitted on tweets alone,
/// beside that of VADER.
fn valence(finder: &Finder, tweets: &[Row], ridge: &[f64]) {
    let weights = softmax::fit(tweets, 3, ridge, ROUNDS);
    let analyzer = vader_parity::SentimentIntensityAnalyzer::new();
    for name in ["en_amazon.tsv", "en_movie.tsv"] {
        let mut examples = read(name);
        examples.retain(|example| example.valence.is_some());
        let people: Vec<f64> = examples.iter().filter_map(|example| example.valence).collect();
        let rows = finder.rows(&examples, 1.0);
        let ours: Vec<f64> = rows.iter().map(|row| graded(&weights, row)).collect();
        let compound = |example: &Example| analyzer.polarity_scores(&example.text).compound;
        let vader: Vec<f64> = examples.iter().map(compound).collect();
        eprintln!(
            "{name}: correlation with human valence {:.3}, VADER {:.3}",
            correlation(&ours, &people),
            correlation(&vader, &people)
        );
    }
}

/// What the logits are divided by for a score, the square of the sum of valences that is worth 0.7 of one, and how far the
/// valences are heeded: chosen by the correlation with human valence, of weights fitted on tweets alone.
const GRADED: [f64; 3] = [1.2, 6.0, 0.5];

/// The score of a row as the scorer grades it.
fn graded(weights: &[f64], row: &Row) -> f64 {
    let [cools, square, heeds] = GRADED;
    let logits: Vec<f64> = said(weights, row).iter().map(|logit| logit / cools).collect();
    let even = softmax::softmax(&logits);
    let valence = felt(row);
    let (meant, felt) = (even[2] - even[0], valence / (valence * valence + square).sqrt());
    meant + heeds * felt.abs() * (felt - meant)
}

pub fn fit() {
    let setting = SETTING;
    let train = read("en_train.tsv");
    let finder = Finder::new(&train, &setting);
    eprintln!("{} terms", finder.terms.len());
    let mut rows = finder.rows(&train, 1.0);
    softmax::balance(&mut rows, 3);
    for (name, weight) in [("en_amazon.tsv", 0.5), ("en_movie.tsv", 0.25), ("en_emotion_train.tsv", 0.5)] {
        let mut more = finder.rows(&read(name), weight);
        if name != "en_emotion_train.tsv" {
            more.retain(|row| row.class != 1 || name == "en_amazon.tsv");
        }
        rows.extend(more);
    }
    let mut ridge = vec![setting.rule; PRIOR];
    for term in 0..finder.terms.len() {
        let strength = match () {
            () if finder.pairs.contains(&term) => setting.pair,
            () if finder.polar.contains(&term) => setting.known,
            () => setting.word,
        };
        ridge.extend([strength, strength]);
    }
    valence(&finder, &rows[..train.len()], &ridge);
    // The probabilities are fitted on texts that the weights they rest on have not seen.
    let (kept, rest): (Vec<_>, Vec<_>) =
        rows.iter().enumerate().partition(|(at, _)| *at < train.len() && at % KEEP_ONE_OF == 0);
    let rows_of = |part: Vec<(usize, &Row)>| part.into_iter().map(|(_, row)| row.clone()).collect::<Vec<_>>();
    let scale = calibrate(&softmax::fit(&rows_of(rest), 3, &ridge, ROUNDS), &rows_of(kept));
    let weights = softmax::fit(&rows, 3, &ridge, ROUNDS);
    for name in ["en_val.tsv", "en_emotion_val.tsv", "en_amazon.tsv", "en_movie.tsv"] {
        evaluate(name, &weights, &finder.rows(&read(name), 1.0));
    }
    eprintln!(
        "en_val.tsv: calibration error {:.4}",
        error(&scale, &logits(&weights, &finder.rows(&read("en_val.tsv"), 1.0)))
    );
    for (name, weights) in std::iter::once(&"bias").chain(&finder.names).zip(weights.chunks(3)) {
        eprintln!("{name} {weights:.3?}");
    }
    write(&finder, &setting, &weights, &scale);
}

/// Every so many texts, one is kept to fit the probabilities on.
const KEEP_ONE_OF: usize = 5;
/// Rounds of a fit.
const ROUNDS: usize = 60;

/// Logits a unit of the written weights.
const UNIT: f64 = 0.02;
/// Words a pack keeps beside those with a valence of their own, and pairs; the strongest stay.
const KEPT: usize = 14_000;

/// How far the weights of a feature spread: what it can do to a label.
fn spread(weights: &[f64]) -> f64 {
    let most = weights.iter().copied().fold(f64::MIN, f64::max);
    let least = weights.iter().copied().fold(f64::MAX, f64::min);
    most - least
}

fn units(weights: &[f64]) -> String {
    // What all classes share moves no label: it is taken off.
    let mean = weights.iter().sum::<f64>() / weights.len() as f64;
    let units: Vec<String> =
        weights.iter().map(|weight| format!("{:.0}", (weight - mean) / UNIT + 0.0)).collect();
    units.join("/").replace("-0", "0").replace("0.", "0")
}

fn numbers(weights: &[f64]) -> String {
    weights.iter().map(|weight| format!("{weight:.3}")).collect::<Vec<_>>().join(" ")
}

/// What the model says of each row, as a row of its own: 1, then the three logits.
fn logits(weights: &[f64], rows: &[Row]) -> Vec<Row> {
    let judged = |row: &Row| {
        let features = std::iter::once(1.0).chain(said(weights, row));
        let features = (0..).zip(features.map(|value| value as f32)).collect();
        Row { features, class: row.class, weight: 1.0, faint: 0.0 }
    };
    rows.iter().map(judged).collect()
}

/// Logits of the probabilities: what they start from, and what each logit of the model adds.
fn calibrate(weights: &[f64], kept: &[Row]) -> Vec<f64> {
    softmax::fit(&logits(weights, kept), 3, &[1.0; 4], 200)
}

/// The calibration error of each class in 15 bins of equal width, averaged.
fn error(scale: &[f64], rows: &[Row]) -> f64 {
    let mut bins = vec![(0.0, 0.0); 3 * 15];
    for row in rows {
        for (class, p) in softmax::softmax(&softmax::logits(scale, 3, &row.features)).into_iter().enumerate()
        {
            let (said, was) = &mut bins[class * 15 + ((p * 15.0) as usize).min(14)];
            *said += p;
            *was += f64::from(u8::from(row.class == class));
        }
    }
    bins.iter().map(|(said, was)| f64::abs(said - was)).sum::<f64>() / (3 * rows.len()) as f64
}

fn write(finder: &Finder, setting: &Setting, weights: &[f64], scale: &[f64]) {
    let of = |feature: usize| &weights[feature * 3..feature * 3 + 3];
    let mut file = format!(
        "# English, fitted by examples/fit_sentiment on labelled tweets of 2013-2016, and with less weight on sentences\n\
         # of reviews and on tweets labelled by emotion: softmax regression on top of a valence prior, the classes\n\
         # balanced; ridge {} for what a lexicon gives a valence, {} for other words, {} for pairs; words of {} texts and pairs of\n\
         # {} at least. Valences of words that the hand-written lexicon lacks are those of VADER's lexicon (MIT; Hutto and\n\
         # Gilbert 2014). No text is in it.\n\
         ! format 1\n! unit {UNIT}\n! bias {}\n",
        setting.known,
        setting.word,
        setting.pair,
        setting.words_from,
        setting.pairs_from,
        numbers(of(0)),
    );
    for (name, scale) in
        ["base", "from_negative", "from_neutral", "from_positive"].iter().zip(scale.chunks(3))
    {
        writeln!(file, "! {name} {}", numbers(scale)).unwrap();
    }
    writeln!(file, "! graded {}", numbers(&GRADED)).unwrap();
    writeln!(file, "! faint {}", numbers(&FAINT)).unwrap();
    for (at, name) in finder.names.iter().enumerate() {
        if name.starts_with('<') {
            writeln!(file, "{name} = {}", units(of(at + 1))).unwrap();
        } else {
            writeln!(file, "! {name} {}", numbers(of(at + 1))).unwrap();
        }
    }
    let mut ranked: Vec<(f64, usize)> = (0..finder.terms.len())
        .map(|term| (spread(of(PRIOR + term * 2)) + 0.5 * spread(of(PRIOR + term * 2 + 1)), term))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut kept: Vec<usize> = ranked.iter().take(KEPT).map(|(_, term)| *term).collect();
    kept.extend(
        ranked.iter().skip(KEPT).filter(|(_, term)| finder.terms[*term].1.abs() > 0.0).map(|(_, term)| *term),
    );
    kept.sort_unstable();
    for term in kept {
        let (name, valence) = &finder.terms[term];
        let (plain, negated) = (units(of(PRIOR + term * 2)), units(of(PRIOR + term * 2 + 1)));
        let mut line = format!("{name} =");
        if valence.abs() > 0.0 {
            write!(line, " {valence}").unwrap();
        }
        if plain != "0/0/0" {
            write!(line, " {plain}").unwrap();
        }
        if negated != "0/0/0" {
            write!(line, " not:{negated}").unwrap();
        }
        if finder.pairs.contains(&term) {
            line.push_str(" adds");
        }
        if !line.ends_with('=') {
            writeln!(file, "{line}").unwrap();
        }
    }
    std::fs::write(data("en.lex"), file).unwrap();
}
