//! Links the people of two files, one to one.
//!
//! ```text
//! cargo run --release --example link -- crm.csv export.csv --id id:user --field first:given_name:given \
//!     --field last:surname:family --field mail:email:email --out links.csv
//! ```

mod common;

use clap::Parser;
use common::args::share;
use common::end::{end, say};
use common::page::HOUSEHOLD;
use common::{Column, People, Progress, write_csv};
use hearken::identity::{Waterfall, match_rows};
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

/// Links the rows of two CSV files that are the same person, one row to one row.
#[derive(Parser)]
struct Args {
    /// The first CSV file, with a header.
    left: PathBuf,
    /// The second.
    right: PathBuf,
    /// The columns that identify a row.
    #[arg(long, value_name = "COLUMN_A:COLUMN_B")]
    id: String,
    /// The columns of a field, and what they hold.
    #[arg(long = "field", value_name = "COLUMN_A:COLUMN_B:KIND", required = true)]
    fields: Vec<Column>,
    /// The probability from which on a link is written.
    #[arg(long, default_value_t = 0.5, value_parser = share)]
    threshold: f64,
    /// Where to write `left,right,probability`; standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Prints how the probability of these two came about, and links nothing.
    #[arg(long, num_args = 2, value_names = ["LEFT", "RIGHT"])]
    explain: Option<Vec<String>>,
}

fn main() -> ExitCode {
    end(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let (left_id, right_id) = args.id.split_once(':').unwrap_or((&args.id, &args.id));
    let mut progress = Progress::new();
    progress.stage("read");
    let mut people = People::new(&args.fields)?;
    people.read(&args.left, left_id, |column| column.left.as_str())?;
    let split = people.table.len();
    people.table.second_source();
    people.read(&args.right, right_id, |column| column.right.as_str())?;
    let run = match_rows(&mut people.table, |stage| progress.stage(stage));
    progress.finish();
    if let Some([left, right]) = args.explain.as_deref() {
        let find = |id: &str, mut rows: std::ops::Range<usize>, file: &PathBuf| {
            rows.find(|row| people.id(*row as u32) == id)
                .ok_or_else(|| format!("{}: no row {id:?}", file.display()))
        };
        let a = find(left, 0..split, &args.left)?;
        let b = find(right, split..people.table.len(), &args.right)?;
        say(waterfall(&run.explain(&people.table, a as u32, b as u32)));
        return Ok(());
    }
    let links = run.links(args.threshold);
    write_csv(args.out.as_deref(), &["left", "right", "probability"], people.pair_rows(links.iter()))?;
    Ok(())
}

/// Prior, a line a field, total.
fn waterfall(waterfall: &Waterfall) -> String {
    let mut out = format!("{:<28} {:<9} {:>10}\n", "prior", "", waterfall.prior);
    for step in &waterfall.steps {
        out += &format!("{:<28} {:<9} {:>10}\n", step.field, step.level.name(), step.weight);
    }
    out += &format!(
        "{:<28} {:<9} {:>10}\n{:<38} {:>10.6}",
        "total",
        "bits",
        waterfall.total(),
        "probability",
        waterfall.probability()
    );
    if waterfall.steps.iter().any(|step| step.field == "household") {
        out += &format!("\n{HOUSEHOLD}");
    }
    out
}
