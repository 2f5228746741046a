//! The main job: platform payloads in, a support lead's board out, every decision with its receipt.
//!
//! ```text
//! cargo run --release --example triage                        the bundled story
//! cargo run --release --example triage -- --payloads DIR --customers FILE.csv --config FILE.json
//! cargo run --release --example triage -- --json              one outcome a line
//! cargo run --release --example triage -- --html board.html   a page to look at, no network
//! cargo run --release --example triage -- --explain x:2033448681599926329
//! cargo run --release --example triage -- --what-if FILE.json  what other rules would have decided
//! ```
//!
//! Payloads stand in folders named after their platform; the order of their file names is the order of arrival.

mod board;
mod load;
mod page;
mod run;
mod story;
mod what_if;

use clap::Parser;
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Runs platform payloads through the engine and prints what came of them.
#[derive(Parser)]
struct Args {
    /// Payload files, or folders of them; a file's platform is the name of its folder.
    #[arg(long, num_args = 1.., value_name = "FILE|DIR", default_value = "examples/data/payloads")]
    payloads: Vec<PathBuf>,
    /// The customers of the CRM.
    #[arg(long, value_name = "FILE.csv", default_value = "examples/data/customers.csv")]
    customers: PathBuf,
    /// Brand accounts, engine settings, and what the team did.
    #[arg(long, value_name = "FILE.json", default_value = "examples/data/lumora.json")]
    config: PathBuf,
    /// Print one outcome a line, as JSON.
    #[arg(long)]
    json: bool,
    /// Write a self-contained page.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Say what another configuration would have decided on the same days.
    #[arg(long, value_name = "FILE.json")]
    what_if: Option<PathBuf>,
    /// Print the receipts of an item or a case.
    #[arg(long, value_name = "ID")]
    explain: Option<String>,
}

fn main() -> ExitCode {
    match triage(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn triage(args: &Args) -> Result<(), Box<dyn Error>> {
    let config = load::config(&args.config)?;
    let customers = load::customers(&args.customers)?;
    let (payloads, rejected) = load::payloads(&args.payloads, &config.accounts)?;
    let run = run::run(&config, customers, payloads, rejected)?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if let Some(id) = &args.explain {
        story::explain(&mut out, &run, id)?;
    } else if let Some(path) = &args.what_if {
        what_if::print(&mut out, &run, &load::config(path)?)?;
    } else if args.json {
        for turn in &run.turns {
            writeln!(out, "{}", turn.json())?;
        }
    } else {
        board::print(&mut out, &run)?;
        story::print(&mut out, &run, &config.story)?;
    }
    out.flush()?;
    if let Some(path) = &args.html {
        std::fs::write(path, page::page(&run))?;
        eprintln!("{} written", path.display());
    }
    Ok(())
}
