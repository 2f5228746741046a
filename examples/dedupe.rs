//! Finds the people who stand in a file more than once.
//!
//! ```text
//! cargo run --release --example dedupe -- people.csv --id id --field first:given --field last:family \
//!     --field email:email --out clusters.csv --report
//! ```

mod common;

use clap::Parser;
use common::page::page;
use common::{Column, People, Progress, report, write_csv};
use hearken::identity::match_rows;
use std::error::Error;
use std::path::PathBuf;

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
    #[arg(long = "field", value_name = "COLUMN:KIND", required = true)]
    fields: Vec<Column>,
    /// The pair probability from which on two rows are one person.
    #[arg(long, default_value_t = 0.95)]
    threshold: f64,
    /// Where to write `id,cluster`.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where to write `left,right,probability` of every scored pair above 0.01.
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Prints blocking, the learnt tables, the prior, a histogram of weights and timings.
    #[arg(long)]
    report: bool,
    /// Where to write the same as a page, with sample pairs explained field by field.
    #[arg(long)]
    html: Option<PathBuf>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let mut progress = Progress::new();
    progress.stage("read");
    let mut people = People::new(&args.fields)?;
    people.read(&args.file, &args.id, |column| column.left.as_str())?;
    let run = match_rows(&mut people.table, |stage| progress.stage(stage));
    progress.stage("write");
    if let Some(path) = &args.out {
        let clusters = run.clusters(args.threshold);
        let rows =
            people.ids().zip(&clusters).map(|(id, cluster)| [id.to_owned(), people.id(*cluster).to_owned()]);
        write_csv(path, &["id", "cluster"], rows)?;
    }
    if let Some(path) = &args.pairs {
        write_csv(
            path,
            &["left", "right", "probability"],
            people.pair_rows(run.pairs.iter().filter(|pair| pair.probability() > 0.01)),
        )?;
    }
    progress.finish();
    if let Some(path) = &args.html {
        std::fs::write(path, page(&people, &run, &progress))?;
    }
    if args.report {
        print!("{}", report(&people, &run, &progress));
    }
    Ok(())
}
