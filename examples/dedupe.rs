//! Finds the people who stand in a file more than once.
//!
//! ```text
//! cargo run --release --example dedupe -- people.csv --id id --field first:given --field last:family \
//!     --field email:email --out clusters.csv --report
//! ```

mod common;

use clap::Parser;
use common::args::share;
use common::end::end;
use common::page::page;
use common::{Column, People, Progress, read_pairs, report, write_csv};
use hearken::identity::{carry_names, match_rows};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Finds the rows of a CSV file that are the same person.
#[derive(Parser)]
struct Args {
    /// The CSV file, with a header.
    file: PathBuf,
    /// The column that identifies a row.
    #[arg(long)]
    id: String,
    /// A column and what it holds: given, family, name, email, phone, handle, date, company, address, city,
    /// postcode, code or text.
    #[arg(long = "field", value_name = "COLUMN:KIND", value_parser = Column::of_one_file, required = true)]
    fields: Vec<Column>,
    /// The pair probability from which on two rows are one person, from 0 to 1.
    #[arg(long, default_value_t = 0.95, value_parser = share)]
    threshold: f64,
    /// `id,cluster` of an earlier run: clusters keep the names they had there.
    #[arg(long, value_name = "FILE")]
    before: Option<PathBuf>,
    /// `left,right`, with a header: rows that somebody decided not to be one person.
    #[arg(long, value_name = "FILE")]
    apart: Option<PathBuf>,
    /// Where to write `id,cluster`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where to write `left,right,probability` of every scored pair above 0.01; of a large crowd of rows alike, each
    /// with the first.
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Prints blocking, the learnt tables, the prior, a histogram of weights and timings.
    #[arg(long)]
    report: bool,
    /// Where to write the same as a page, with sample pairs explained field by field.
    #[arg(long)]
    html: Option<PathBuf>,
}

fn main() -> ExitCode {
    end(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut progress = Progress::new();
    progress.stage("read");
    let mut people = People::new(&args.fields)?;
    people.read(&args.file, &args.id, |column| column.left.as_str())?;
    if let Some(path) = &args.apart {
        let rows: BTreeMap<String, u32> = people.ids().map(str::to_owned).zip(0..).collect();
        for (left, right) in read_pairs(path)? {
            if let (Some(left), Some(right)) = (rows.get(&left), rows.get(&right)) {
                people.table.keep_apart(*left, *right);
            }
        }
    }
    let run = match_rows(&mut people.table, |stage| progress.stage(stage));
    progress.stage("write");
    if let Some(path) = &args.out {
        let clusters = run.clusters(args.threshold);
        let rows =
            people.ids().zip(&clusters).map(|(id, cluster)| [id, people.id(*cluster)].map(str::to_owned));
        match &args.before {
            None => write_csv(Some(path), &["id", "cluster"], rows)?,
            Some(before) => {
                let before = read_pairs(before)?.into_iter().collect();
                let names = carry_names(&before, &rows.map(|[id, cluster]| (id, cluster)).collect());
                let rows = people.ids().map(|id| [id.to_owned(), names.get(id).cloned().unwrap_or_default()]);
                write_csv(Some(path), &["id", "cluster"], rows)?;
            }
        }
    }
    if let Some(path) = &args.pairs {
        write_csv(
            Some(path),
            &["left", "right", "probability"],
            people.pair_rows(run.pairs.iter().filter(|pair| pair.probability() > 0.01)),
        )?;
    }
    progress.finish();
    if let Some(path) = &args.html {
        let written = std::fs::write(path, page(&people, &run, &progress));
        written.map_err(|fault| format!("{}: {fault}", path.display()))?;
    }
    if args.report {
        std::io::stdout().write_all(report(&people, &run, &progress).as_bytes())?;
    }
    Ok(())
}
