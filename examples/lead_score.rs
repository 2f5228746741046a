//! Learns a scorecard from closed leads and scores open ones: one probability a line of TEST, in order.
//!
//! ```text
//! cargo run --release --example lead_score -- --train TRAIN.csv --target y --positive yes --test TEST.csv
//! ```
//!
//! `--explain` adds the top reasons in plain words after a TAB; `--report` prints the scorecard and how it
//! did on rows it had not seen (`--html FILE` draws it); `--refit-every N` scores TEST in order, which then
//! carries the target, learns anew from all rows seen after every N, and in between follows the level from row to
//! row: an outcome is told once its row is scored, before the next. How well that did, and how well learning after
//! every N alone, goes to standard error, as do all notices. `--bench` times learning and scoring.
//!
//! What columns hold is found from TRAIN; [`Rows`](hearken::scorecard::Rows) says which cells count as missing, and a
//! notice says how many were and how they were spelt.

#[path = "common/end.rs"]
mod end;

use clap::Parser;
use hearken::scorecard::{
    self, Direction, Fitted, Learned, Learner, Renewal, Rows, Score, Scorecard, Scorer, Validation,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

#[derive(Parser)]
struct Arguments {
    /// Closed leads, with a header
    #[arg(long)]
    train: String,
    /// The column of the outcome
    #[arg(long)]
    target: String,
    /// The value of that column that counts as won
    #[arg(long)]
    positive: String,
    /// A column not to use; may be given several times
    #[arg(long)]
    drop: Vec<String>,
    /// A column of numbers whose growth never speaks against the outcome; may be given several times
    #[arg(long)]
    rising: Vec<String>,
    /// A column of numbers whose growth never speaks for the outcome; may be given several times
    #[arg(long)]
    falling: Vec<String>,
    /// Leads to score
    #[arg(long, required_unless_present_any = ["report", "html"])]
    test: Option<String>,
    /// Adds the top reasons
    #[arg(long, requires = "test")]
    explain: bool,
    /// Prints the scorecard and its validation
    #[arg(long)]
    report: bool,
    /// Writes the report as a page
    #[arg(long)]
    html: Option<String>,
    /// Learns anew after every N rows of TEST
    #[arg(long, value_name = "N", requires = "test", conflicts_with_all = ["report", "html", "bench"])]
    refit_every: Option<NonZeroUsize>,
    /// Cost of an outcome not acted on, for the threshold in the report
    #[arg(long, default_value_t = 5.0, value_parser = cost)]
    cost_miss: f64,
    /// Cost of acting in vain
    #[arg(long, default_value_t = 1.0, value_parser = cost)]
    cost_false_alarm: f64,
    /// Times learning and scoring
    #[arg(long, requires = "test")]
    bench: bool,
}

impl Arguments {
    /// A learner that may use no column of TRAIN that is to be dropped.
    fn learner(&self, train: &Sheet) -> Learner {
        let drop = self.drop.iter().filter(|name| train.header.contains(name));
        let mut learner = Learner::new().forbid(drop);
        for (columns, direction) in [(&self.rising, Direction::Rising), (&self.falling, Direction::Falling)] {
            learner = columns.iter().fold(learner, |learner, column| learner.monotone(column, direction));
        }
        learner
    }
}

fn cost(text: &str) -> Result<f64, String> {
    let cost = text.parse().ok().filter(|cost: &f64| cost.is_finite() && *cost > 0.0);
    cost.ok_or_else(|| format!("{text} is no cost above 0"))
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    end::end(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let train = Sheet::read(&arguments.train)?;
    let test = arguments.test.as_deref().map(Sheet::read).transpose()?;
    let columns: Vec<String> = (train.header.iter())
        .filter(|name| **name != arguments.target && !arguments.drop.contains(name))
        .cloned()
        .collect();
    for name in arguments.drop.iter().filter(|name| !train.header.contains(name)) {
        eprintln!("notice: --drop {name}: TRAIN has no such column");
    }
    let won = train.outcomes(arguments).ok_or_else(|| {
        format!("TRAIN has no column {}, but {}", arguments.target, train.header.join(" | "))
    })?;

    if let (Some(test), Some(every)) = (&test, arguments.refit_every) {
        return refit(arguments, &train, &won, test, &columns, every.get());
    }
    let learner = arguments.learner(&train);
    let started = Instant::now();
    let fitted = ready(learner.fit(&rows(&columns, &train, &won)?)?)?;
    let elapsed = started.elapsed();
    if arguments.report {
        print!("{}", report(&fitted, arguments));
    }
    if let Some(path) = &arguments.html {
        std::fs::write(path, page(&fitted, arguments)).map_err(|error| format!("{path}: {error}"))?;
    }
    let Some(test) = test else { return Ok(()) };
    notices(&fitted.card, &train, &test);
    if arguments.bench {
        bench(&learner, &fitted.card, &test, elapsed.as_secs_f64(), &columns, &train, &won)
    } else if arguments.report && !arguments.explain {
        Ok(())
    } else {
        score(&fitted.card, &test, arguments.explain)
    }
}

/// A table of raw strings.
struct Sheet {
    header: Vec<String>,
    records: Vec<csv::StringRecord>,
}

impl Sheet {
    fn read(path: &str) -> Result<Self, Failure> {
        let place = |error: csv::Error| format!("{path}: {error}");
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).map_err(place)?;
        let header = reader.headers().map_err(place)?.iter();
        let header = header.map(|name| name.trim_start_matches('\u{feff}').trim().to_owned()).collect();
        Ok(Self { header, records: reader.records().collect::<Result<_, _>>().map_err(place)? })
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Whether each row was won, or nothing when the target column is absent.
    fn outcomes(&self, arguments: &Arguments) -> Option<Vec<bool>> {
        let target = self.column(&arguments.target)?;
        let positive = arguments.positive.trim();
        Some(self.records.iter().map(|r| r.get(target).unwrap_or("").trim() == positive).collect())
    }

    /// The cells of these columns, row by row.
    fn cells<'a>(&'a self, columns: &[String]) -> impl Iterator<Item = Vec<&'a str>> {
        let places: Vec<Option<usize>> = columns.iter().map(|name| self.column(name)).collect();
        self.records.iter().map(move |record| {
            places.iter().map(|place| place.and_then(|i| record.get(i)).unwrap_or("")).collect()
        })
    }
}

fn rows(columns: &[String], sheet: &Sheet, won: &[bool]) -> Result<Rows, Failure> {
    let mut rows = Rows::new(columns.iter().cloned())?;
    for (at, (cells, won)) in sheet.cells(columns).zip(won).enumerate() {
        rows.push_at(&cells, *won, at as i64);
    }
    Ok(rows)
}

fn ready(learned: Learned) -> Result<Fitted, Failure> {
    match learned {
        Learned::Ready(fitted) => Ok(*fitted),
        Learned::NotEnough { positives, negatives, floor, .. } => Err(format!(
            "not enough data: {positives} rows with the outcome and {negatives} without; \
             at least {floor} of each are needed"
        )
        .into()),
        _ => Err("no model".into()),
    }
}

fn score(card: &Scorecard, test: &Sheet, explain: bool) -> Result<(), Failure> {
    let scorer = card.scorer(&test.header);
    let mut sheet = scorer.sheet();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for cells in test.cells(&test.header) {
        let score = scorer.score(&cells, &mut sheet);
        print_score(&mut out, &scorer, &sheet, &score, explain)?;
    }
    out.flush()?;
    Ok(())
}

/// Says on standard error what TEST lacks, where either file holds no value, and what TEST has that TRAIN never showed.
fn notices(card: &Scorecard, train: &Sheet, test: &Sheet) {
    for name in card.scorer(&test.header).absent() {
        eprintln!("notice: TEST has no column {name}; it adds nothing to any row");
    }
    cells_without_value(card, train, "TRAIN");
    cells_without_value(card, test, "TEST");
    for field in card.fields().iter().filter(|field| !field.bins.is_ordered()) {
        let (Some(a), Some(b)) = (train.column(&field.name), test.column(&field.name)) else { continue };
        let seen: BTreeSet<&str> = train.records.iter().filter_map(|r| r.get(a)).map(str::trim).collect();
        let mut new: BTreeMap<&str, usize> = BTreeMap::new();
        for value in test.records.iter().filter_map(|r| r.get(b)).map(str::trim) {
            if !value.is_empty() && !seen.contains(value) {
                *new.entry(value).or_default() += 1;
            }
        }
        if !new.is_empty() {
            let rows: usize = new.values().sum();
            eprintln!(
                "notice: {}: {} values unseen in TRAIN in {rows} rows of TEST, such as {}",
                field.name,
                new.len(),
                some(new.keys())
            );
        }
    }
}

/// Says for each field in how many rows its cell is missing, no number or rare, and how that is spelt.
fn cells_without_value(card: &Scorecard, table: &Sheet, name: &str) {
    let scorer = card.scorer(&table.header);
    let mut sheet = scorer.sheet();
    let mut found: BTreeMap<(usize, u8), (usize, BTreeSet<&str>)> = BTreeMap::new();
    let places: Vec<Option<usize>> = card.fields().iter().map(|field| table.column(&field.name)).collect();
    for cells in table.cells(&table.header) {
        scorer.score(&cells, &mut sheet);
        for ((i, bin), place) in sheet.bins().iter().enumerate().zip(&places) {
            if let (0 | 1, Some(place)) = (bin, place) {
                let (rows, spelt) = found.entry((i, *bin)).or_default();
                *rows += 1;
                spelt.extend(cells.get(*place).map(|cell| cell.trim()).filter(|cell| !cell.is_empty()));
            }
        }
    }
    for ((i, bin), (rows, spelt)) in found {
        let Some(field) = card.fields().get(i) else { continue };
        let how = if spelt.is_empty() { String::new() } else { format!(" ({})", some(&spelt)) };
        eprintln!(
            "notice: {} {}{how} in {rows} rows of {name}",
            field.name,
            field.bins.label(usize::from(bin))
        );
    }
}

/// The first five.
fn some<'a>(values: impl IntoIterator<Item = &'a &'a str>) -> String {
    let all: Vec<&str> = values.into_iter().copied().take(6).collect();
    let more = if all.len() > 5 { ", …" } else { "" };
    format!("{}{more}", all.iter().take(5).copied().collect::<Vec<_>>().join(", "))
}

fn refit(
    arguments: &Arguments,
    train: &Sheet,
    won: &[bool],
    test: &Sheet,
    columns: &[String],
    every: usize,
) -> Result<(), Failure> {
    let outcomes = test
        .outcomes(arguments)
        .ok_or_else(|| format!("--refit-every: TEST has no column {}", arguments.target))?;
    let cells: Vec<Vec<&str>> = test.cells(columns).collect();
    let progress = indicatif::ProgressBar::new(2 * cells.len() as u64);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    // Once as printed, once without learning anything between two fits, to tell the difference.
    for follows in [true, false] {
        let renewal = Renewal::new(arguments.learner(train), every);
        let mut renewal = if follows { renewal.following() } else { renewal };
        let mut known = rows(columns, train, won)?;
        let mut said = Vec::new();
        for (block, outcomes) in cells.chunks(every).zip(outcomes.chunks(every)) {
            let fitted = ready(renewal.fit(&known)?)?;
            if follows && said.is_empty() {
                notices(&fitted.card, train, test);
            }
            let mut follower = renewal.follower();
            let scorer = fitted.card.scorer(columns);
            let mut sheet = scorer.sheet();
            for (cells, won) in block.iter().zip(outcomes) {
                let mut score = scorer.score(cells, &mut sheet);
                if let Some(follower) = &mut follower {
                    score = follower.correct(score);
                    print_score(&mut out, &scorer, &sheet, &score, arguments.explain)?;
                    follower.observe(&score, *won);
                }
                said.push((score.probability, *won));
                known.push_at(cells, *won, known.len() as i64);
            }
            progress.inc(block.len() as u64);
        }
        let how = if follows { "followed from row to row" } else { "not followed between fits" };
        let check = Validation::new(said);
        let (auc, error) = (check.auc(), check.calibration_error(15));
        progress.suspend(|| eprintln!("notice: {how}: AUC {auc:.4}, calibration error {error:.4}"));
    }
    progress.finish_and_clear();
    out.flush()?;
    Ok(())
}

/// One line: the probability, and the top reasons where they are asked for.
fn print_score(
    out: &mut impl std::io::Write,
    scorer: &Scorer<'_>,
    sheet: &scorecard::Sheet,
    score: &Score,
    explain: bool,
) -> Result<(), Failure> {
    write!(out, "{}", score.probability)?;
    if explain {
        let words: Vec<String> = score.reasons().map(|reason| scorer.words(sheet, reason)).collect();
        // A line a row, whatever stands in its cells.
        write!(out, "\t{}", words.join("; ").replace(['\t', '\n', '\r'], " "))?;
    }
    Ok(writeln!(out)?)
}

fn bench(
    learner: &Learner,
    card: &Scorecard,
    test: &Sheet,
    first: f64,
    columns: &[String],
    train: &Sheet,
    won: &[bool],
) -> Result<(), Failure> {
    let mut best = first;
    for _ in 0..4 {
        let started = Instant::now();
        ready(learner.fit(&rows(columns, train, won)?)?)?;
        best = best.min(started.elapsed().as_secs_f64());
    }
    let scorer = card.scorer(&test.header);
    let mut sheet = scorer.sheet();
    let cells: Vec<Vec<&str>> = test.cells(&test.header).collect();
    let mut rate = 0.0_f64;
    for _ in 0..15 {
        let started = Instant::now();
        let mut seen = 0.0;
        for cells in &cells {
            let score = scorer.score(cells, &mut sheet);
            seen += score.probability + score.reasons().count() as f64;
        }
        std::hint::black_box(seen);
        rate = rate.max(cells.len() as f64 / started.elapsed().as_secs_f64());
    }
    println!("{:.0} ms train", best * 1e3);
    println!("{rate:.0} rows/s");
    Ok(())
}

/// The scorecard as a table, its validation, a reliability plot and the threshold of least cost.
fn report(fitted: &Fitted, arguments: &Arguments) -> String {
    let (card, check) = (&fitted.card, &fitted.validation);
    let mut text = String::new();
    let (rows, positives) = card.learnt_from();
    let _ = writeln!(text, "model {}: learnt from {rows} rows, {positives} with the outcome", card.version());
    let _ = writeln!(
        text,
        "on {} rows not learnt from: AUC {:.4}, log loss {:.4}, calibration error {:.4}",
        check.rows(),
        check.auc(),
        check.log_loss(),
        check.calibration_error(15)
    );
    let unused = card.forbidden().iter().filter(|name| !card.uses(name));
    let unused: Vec<&str> = unused.map(String::as_str).collect();
    if !unused.is_empty() {
        let _ = writeln!(text, "forbidden, and not used: {}", unused.join(", "));
    }
    let base = positives as f64 / rows.max(1) as f64;
    for k in [check.rows() / 100, check.rows() / 10, check.rows() / 4].into_iter().filter(|k| *k > 0) {
        let precision = check.precision_at(k);
        let _ =
            writeln!(text, "of the first {k}: {precision:.3} won, {:.2} times the average", precision / base);
    }
    let _ = writeln!(
        text,
        "calibration: {}\n\nbase {} points; 20 points double the odds",
        card.calibration(),
        card.base()
    );
    for field in card.fields() {
        let _ = writeln!(text, "\n{}", field.name);
        for (bin, (points, rows)) in field.points.iter().zip(&field.rows).enumerate() {
            if *rows > 0.0 {
                let label = field.bins.label(bin);
                let _ = writeln!(text, "  {label:<36} {:>9}  {rows:>8.0} rows", points.to_string());
            }
        }
    }
    for pair in card.pairs() {
        let name = |i: usize| card.fields().get(i).map_or("", |field| field.name.as_str());
        let strongest = pair.points.iter().map(|p| p.as_thousandths().abs()).max().unwrap_or(0);
        let _ = writeln!(
            text,
            "\n{} with {}: up to {} points",
            name(pair.fields.0),
            name(pair.fields.1),
            strongest as f64 / 1e3
        );
    }
    let _ = writeln!(text, "\nreliability: predicted, observed with its 95 % interval, rows");
    for bar in check.reliability(15) {
        let at = |x: f64| (x * 40.0).round() as usize;
        let mut line = [' '; 41];
        let (low, high) = (at(bar.interval.0), at(bar.interval.1));
        line[low..=high].fill('-');
        line[at(bar.predicted)] = '|';
        line[at(bar.observed)] = 'o';
        let _ = writeln!(
            text,
            "  {:.3}  {:.3} ({:.3}–{:.3})  [{}]  {}",
            bar.predicted,
            bar.observed,
            bar.interval.0,
            bar.interval.1,
            line.iter().collect::<String>(),
            bar.rows
        );
    }
    text.push_str(&threshold(check, arguments));
    text
}

fn threshold(check: &Validation, arguments: &Arguments) -> String {
    let Some(choice) = check.threshold(arguments.cost_miss, arguments.cost_false_alarm) else {
        return String::new();
    };
    let share = |(value, (low, high)): (f64, (f64, f64))| format!("{value:.3} ({low:.3}–{high:.3})");
    format!(
        "\nthreshold at costs {} for a miss and {} for a false alarm: act from {:.4} upwards\n\
         \x20 precision {}, recall {}, cost per row {:.4} ({:.4}–{:.4})\n",
        arguments.cost_miss,
        arguments.cost_false_alarm,
        choice.threshold,
        share(choice.precision),
        share(choice.recall),
        choice.cost,
        choice.cost_interval.0,
        choice.cost_interval.1
    )
}

/// The report as one page without scripts: the plot drawn, the tables as text.
fn page(fitted: &Fitted, arguments: &Arguments) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut plot = String::new();
    for bar in fitted.validation.reliability(15) {
        let (x, y) = (bar.predicted * 400.0, 400.0 - bar.observed * 400.0);
        let (low, high) = (400.0 - bar.interval.0 * 400.0, 400.0 - bar.interval.1 * 400.0);
        let _ = write!(
            plot,
            "<line x1='{x:.1}' x2='{x:.1}' y1='{low:.1}' y2='{high:.1}' stroke='#999'/>\
             <circle cx='{x:.1}' cy='{y:.1}' r='4'><title>{} rows</title></circle>",
            bar.rows
        );
    }
    format!(
        "<!doctype html><meta charset='utf-8'><title>Scorecard {}</title>\
         <body style='font-family:sans-serif;margin:2em'><h1>Scorecard</h1>\
         <svg viewBox='-10 -10 420 420' width='420' role='img' aria-label='reliability'>\
         <rect width='400' height='400' fill='none' stroke='#000'/>\
         <line x1='0' y1='400' x2='400' y2='0' stroke='#ccc'/>{plot}</svg><p>predicted →, observed ↑</p>\
         <pre>{}</pre></body>\n",
        fitted.card.version(),
        escape(&report(fitted, arguments))
    )
}
