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
//! `examples/data/README.md` describes every file that is read.

mod board;
mod charts;
mod clock;
mod columns;
mod config;
mod customers;
mod fault;
mod left_out;
mod line;
mod names;
mod noticed;
mod page;
mod payloads;
mod pulse;
mod run;
mod script;
mod story;
mod summary;
mod team;
mod what_if;

use clap::Parser;
use fault::{Loaded, at};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs platform payloads through the engine and prints what came of them.
#[derive(Parser)]
struct Args {
    /// Payload files, or folders of them; a file's platform is the name of its folder [default: the bundled story].
    #[arg(long, num_args = 1.., value_name = "FILE|DIR")]
    payloads: Vec<PathBuf>,
    /// The customers of the CRM [default: those of the bundled story, with it; else none].
    #[arg(long, value_name = "FILE.csv")]
    customers: Option<PathBuf>,
    /// Brand, accounts, engine settings [default: those of the bundled story].
    #[arg(long, value_name = "FILE.json")]
    config: Option<PathBuf>,
    /// What the brand's people did [default: that of the bundled story, with it; else nothing].
    #[arg(long, value_name = "FILE.json")]
    script: Option<PathBuf>,
    /// Print one outcome a line, as JSON; with --explain, one receipt a line.
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

/// A file of the bundled story.
fn bundled(name: &str) -> PathBuf {
    let here = Path::new("examples/data").join(name);
    if here.exists() { here } else { Path::new(env!("CARGO_MANIFEST_DIR")).join(here) }
}

fn triage(args: &Args) -> Loaded<()> {
    let own = !args.payloads.is_empty();
    // What the bundled story needs and nobody names comes from the bundle; other payloads have no part in it.
    let with_story = |given: &Option<PathBuf>, name| given.clone().or_else(|| (!own).then(|| bundled(name)));
    let path = args.config.clone().unwrap_or_else(|| bundled("lumora.json"));
    let config = config::load(&path)?;
    let engine = config::engine(&path, &config, config.tenant())?;
    let customers = with_story(&args.customers, "customers.csv");
    let customers = customers.map_or_else(|| Ok(Vec::new()), |path| customers::load(&path))?;
    let script = with_story(&args.script, "lumora-script.json");
    let script = script.map_or_else(|| Ok(script::Script::default()), |path| script::load(&path))?;
    let other = |path: &PathBuf| config::engine(path, &config::load(path)?, config.tenant());
    let other = args.what_if.as_ref().map(other).transpose()?;
    let page = args.html.as_deref().map(|path| File::create(path).map_err(at(path))).transpose()?;
    let folders = if own { args.payloads.clone() } else { vec![bundled("payloads")] };
    let payloads = payloads::load(&folders, &config.accounts)?;
    if own {
        notices(args, &config, &payloads);
    }

    let run = run::run((&config, engine), &script, customers, (payloads.arrivals, payloads.refused))?;
    let (zone, name) = config.zone();
    let reader = line::Reader::new(clock::Clock { zone, name }, names::Names::of(&run));
    let story = script.story.as_deref().map(|item| story::of_item(&run, &config, &reader, item));
    let story = story.transpose().unwrap_or_else(|why| {
        eprintln!("{why}");
        None
    });
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if let Some(id) = &args.explain {
        story::explain(&mut out, &run, &config, id, args.json)?;
    } else if let Some(engine) = &other {
        what_if::print(&mut out, &run, engine, &reader.clock)?;
    } else if args.json {
        for turn in &run.turns {
            writeln!(out, "{}", turn.json())?;
        }
    } else {
        board::print(&mut out, &run, &config, &reader)?;
        if let Some(story) = &story {
            board::section(&mut out, &story.heading.to_uppercase(), &story.lines)?;
        }
    }
    out.flush()?;
    if let (Some(mut page), Some(path)) = (page, &args.html) {
        page.write_all(page::page(&run, &config, &reader, story.as_ref()).as_bytes()).map_err(at(path))?;
        eprintln!("{} written", path.display());
    }
    Ok(())
}

/// What was assumed of somebody's own payloads.
fn notices(args: &Args, config: &config::Config, payloads: &payloads::Payloads) {
    if args.config.is_none() {
        eprintln!("no --config: read with the accounts and rules of the bundled {}", config.brand());
    }
    if args.customers.is_none() {
        eprintln!("no --customers: nobody can be recognised");
    }
    for folder in &payloads.generic {
        let meant = payloads::meant(folder);
        eprintln!("folder {folder}: no platform of that name, read in the generic format{meant}");
    }
    if payloads.arrivals.is_empty() {
        eprintln!("nothing could be read; every piece stands under REJECTED with its reason");
    }
}
