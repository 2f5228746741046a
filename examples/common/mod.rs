//! What the identity programs share: reading people from CSV files, writing results, reports.
#![allow(dead_code)]

pub mod args;
pub mod end;
pub mod page;
pub mod sheet;

use hearken::identity::{FIELDS, Kind, Learning, Level, Pair, Run, Table};
use indicatif::{ProgressBar, ProgressStyle};
use sheet::{Sheet, cell, decoded};
use std::borrow::Cow;
use std::collections::HashSet;
use std::error::Error;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::str::FromStr;
use std::time::Instant;

/// A field: the column of the first file, that of the second, and the kind.
#[derive(Debug, Clone)]
pub struct Column {
    pub left: String,
    pub right: String,
    pub kind: Kind,
}

impl Column {
    /// Reads `COLUMN:KIND`; the column may have colons in its name.
    pub fn of_one_file(text: &str) -> Result<Self, String> {
        let (column, kind) = text.rsplit_once(':').ok_or("write COLUMN:KIND")?;
        let kind = kind.parse().map_err(|error| format!("{error}"))?;
        Ok(Self { left: column.to_owned(), right: column.to_owned(), kind })
    }
}

impl FromStr for Column {
    type Err = String;

    /// Reads `COLUMN_A:COLUMN_B:KIND`, or `COLUMN:KIND` where both files call it alike.
    fn from_str(text: &str) -> Result<Self, String> {
        let one = Self::of_one_file(text)?;
        Ok(match one.left.split_once(':') {
            Some((left, right)) => Self { left: left.to_owned(), right: right.to_owned(), kind: one.kind },
            None => one,
        })
    }
}

/// The rows of one or two files.
pub struct People {
    pub table: Table,
    columns: Vec<Column>,
    names: String,
    ends: Vec<usize>,
}

impl People {
    pub fn new(columns: &[Column]) -> Result<Self, Box<dyn Error>> {
        let table = Table::new(columns.iter().map(|column| (column.left.clone(), column.kind)))?;
        Ok(Self { table, columns: columns.to_vec(), names: String::new(), ends: vec![0] })
    }

    /// Reads a file; `side` says which of a field's two columns is its own. Of rows with one id the first counts, those
    /// without one are left out.
    pub fn read(
        &mut self,
        path: &Path,
        id: &str,
        side: impl Fn(&Column) -> &str,
    ) -> Result<(), Box<dyn Error>> {
        let mut sheet = Sheet::open(path)?;
        let id = sheet.place(id)?;
        let places =
            self.columns.iter().map(|column| sheet.place(side(column))).collect::<Result<Vec<_>, _>>()?;
        // Room for the ids of rows of sixty letters, so that the set seldom grows.
        let rows = std::fs::metadata(path).map_or(0, |file| file.len() / 60);
        let mut seen = HashSet::with_capacity(rows as usize);
        let (mut repeated, mut nameless) = (0, 0);
        let mut record = csv::ByteRecord::new();
        while sheet.next(&mut record)? {
            let name = cell(&record, id);
            if name.is_empty() {
                nameless += 1;
                continue;
            }
            let mut hasher = DefaultHasher::new();
            hasher.write(name.as_bytes());
            if !seen.insert(hasher.finish()) {
                repeated += 1;
                continue;
            }
            self.names.push_str(&name);
            self.ends.push(self.names.len());
            // One look at the whole record as a rule; cell by cell where some bytes are not UTF-8.
            let text = std::str::from_utf8(record.as_slice()).ok();
            let whole = |at: usize| text?.get(record.range(at)?);
            let cells: [Cow<'_, str>; FIELDS] = std::array::from_fn(|field| match places.get(field) {
                None => "".into(),
                Some(at) => whole(*at).map_or_else(|| decoded(record.get(*at).unwrap_or(b"")), Cow::from),
            });
            self.table.push(cells.iter().take(places.len()).map(|cell| cell.as_ref()));
        }
        for (rows, why) in [(repeated, "have the id of a row before them"), (nameless, "have no id")] {
            if rows > 0 {
                eprintln!("{}: {rows} rows {why} and are left out", path.display());
            }
        }
        Ok(())
    }

    /// The id of a row.
    pub fn id(&self, row: u32) -> &str {
        &self.names[self.ends[row as usize]..self.ends[row as usize + 1]]
    }

    /// Every id, in the order of the rows.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        (0..self.table.len() as u32).map(|row| self.id(row))
    }

    /// Pairs as rows of `left,right,probability`.
    pub fn pair_rows<'a>(
        &'a self,
        pairs: impl Iterator<Item = &'a Pair>,
    ) -> impl Iterator<Item = [String; 3]> {
        pairs.map(|pair| {
            [
                self.id(pair.left).to_owned(),
                self.id(pair.right).to_owned(),
                format!("{:.6}", pair.probability()),
            ]
        })
    }
}

/// The first two columns of a CSV file with a header.
pub fn read_pairs(path: &Path) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let (mut sheet, mut record, mut pairs) = (Sheet::open(path)?, csv::ByteRecord::new(), Vec::new());
    while sheet.next(&mut record)? {
        pairs.push((cell(&record, 0).into_owned(), cell(&record, 1).into_owned()));
    }
    Ok(pairs)
}

/// Writes a CSV file; to standard output without a path.
pub fn write_csv<const N: usize>(
    path: Option<&Path>,
    header: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), Box<dyn Error>> {
    let mut writer = csv::Writer::from_writer(std::io::BufWriter::new(end::sink(path)?));
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(())
}

/// The stages of a run: a spinner on a terminal, and how long each took.
pub struct Progress {
    bar: ProgressBar,
    stages: Vec<(&'static str, f64)>,
    start: Instant,
}

impl Progress {
    pub fn new() -> Self {
        let bar = ProgressBar::new(10);
        bar.set_style(ProgressStyle::with_template("{elapsed} {bar:30} {msg}").expect("a valid template"));
        Self { bar, stages: Vec::new(), start: Instant::now() }
    }

    pub fn stage(&mut self, name: &'static str) {
        self.stages.push((name, self.seconds()));
        self.bar.set_message(name);
        self.bar.inc(1);
    }

    pub fn finish(&mut self) {
        self.stages.push(("", self.seconds()));
        self.bar.finish_and_clear();
    }

    /// CPU seconds of this thread so far where the system tells, seconds since the start elsewhere.
    pub fn seconds(&self) -> f64 {
        let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let nanoseconds = stat.and_then(|stat| stat.split(' ').next()?.parse::<f64>().ok());
        nanoseconds.map_or_else(|| self.start.elapsed().as_secs_f64(), |ns| ns / 1e9)
    }

    /// The name and seconds of every stage.
    pub fn timings(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.stages.windows(2).map(|pair| (pair[0].0, pair[1].1 - pair[0].1))
    }
}

/// What a run did, as text.
pub fn report(people: &People, run: &Run, progress: &Progress) -> String {
    let mut out = String::new();
    let rows = people.table.len();
    let reduction = 1.0 - run.compared as f64 / run.possible.max(1.0);
    let _ = writeln!(
        out,
        "rows {rows}   pairs compared {}   reduction ratio {reduction:.6}   pairs completeness, estimated {}   patterns {}",
        run.compared,
        completeness(run),
        run.patterns
    );
    if run.copies > 0 {
        let _ = writeln!(
            out,
            "{} rows say word for word what another says, and are one person with it",
            run.copies
        );
    }
    out.push('\n');
    let _ = writeln!(out, "{:<56} {:>10} {:>10} {:>10}", "blocking rule", "pairs", "oversized", "windowed");
    for rule in &run.rules {
        if rule.pairs + rule.oversized + rule.windowed > 0 {
            let _ = writeln!(
                out,
                "{:<56} {:>10} {:>10} {:>10}",
                rule.rule, rule.pairs, rule.oversized, rule.windowed
            );
        }
    }
    let learning = &run.learning;
    let state = if learning.diverged { "DIVERGED" } else { "settled" };
    let _ = writeln!(
        out,
        "\nprior {:.3e} (one match in {:.0} pairs)   expected matches {:.0} (sure pairs foretold {})   learning {state} after {} rounds, last change {:.1e}\n",
        run.model.prior,
        1.0 / run.model.prior,
        learning.matches,
        learning.foretold.map_or("nothing".into(), |matches| format!("{matches:.0}")),
        learning.rounds,
        learning.last_change
    );
    let _ = writeln!(out, "{:<24} {:<9} {:>10} {:>12} {:>8}", "field", "level", "m", "u", "bits");
    for (field, heard) in run.model.fields.iter().zip(&learning.heard) {
        let stated = if *heard < Learning::HEARD { "  m as stated for the kind, not learnt" } else { "" };
        for ((level, m), u) in
            Level::ALL.iter().zip(field.m).zip(field.u).skip(1).filter(|((_, m), _)| *m >= 0.0005)
        {
            let _ = writeln!(
                out,
                "{:<24} {:<9} {m:>10.4} {u:>12.3e} {:>8.2}{stated}",
                field.name,
                level.name(),
                (m / u.max(1e-12)).log2()
            );
        }
    }
    let generic = run.generic(&people.table);
    if !generic.is_empty() {
        let _ = writeln!(out, "\n{} personal values of five people or more", generic.len());
        for one in generic.iter().take(10) {
            let (field, value) = (&people.table.fields()[one.field].name, one.value.reveal());
            let _ = writeln!(out, "{field:<24} {value:<40} {:>6} people {:>8} bits", one.people, one.weight);
        }
    }
    let _ = writeln!(out, "\nlog-odds of the scored pairs (bits)");
    let bins = bins(run);
    let most = bins.iter().copied().max().unwrap_or(1).max(1);
    for (at, count) in bins.iter().enumerate() {
        let bar = "#".repeat((count * 50 / most) as usize);
        let _ = writeln!(out, "{:>4}.. {count:>10} {bar}", at as i64 * 4 - 8);
    }
    let _ = writeln!(out, "\nstage        CPU seconds");
    for (stage, seconds) in progress.timings() {
        let _ = writeln!(out, "{stage:<12} {seconds:>11.3}");
    }
    let _ = writeln!(out, "{:<12} {:>11.3}", "all", progress.seconds());
    if let Some(peak) = peak() {
        let _ = writeln!(out, "\npeak memory {peak:.0} MB");
    }
    out
}

/// Peak memory of this process in MB, where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}

/// The share of matching pairs that blocking brings together, as far as it can be known.
fn completeness(run: &Run) -> String {
    run.completeness.map_or("unknown".into(), |share| format!("{share:.4}"))
}

/// Scored pairs by log-odds: from −8 bits on in steps of four, the last bin open.
fn bins(run: &Run) -> [u64; 16] {
    let mut bins = [0; 16];
    for pair in &run.pairs {
        bins[(((pair.bits + 8.0) / 4.0).max(0.0) as usize).min(15)] += 1;
    }
    bins
}
