//! Finds whose social accounts are whose, from names and handles alone.
//!
//! ```text
//! cargo run --release --example handles -- people.csv handles.csv --out ranked.csv
//! ```
//!
//! `people.csv` has `id,first,nick,last,full,state`, `handles.csv` has `platform,handle`; other columns are not read.
//! For every handle the best person, the probability that it is theirs, and the decision: match, review or new.

use clap::Parser;
use hearken::identity::{HandleMatcher, Kind, Owner, Person, Thresholds, fold};
use hearken::model::{Platform, Profile};
use serde::Deserialize;
use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Finds the owners of social accounts among people known by name.
#[derive(Parser)]
struct Args {
    /// The people: `id,first,nick,last,full,state`.
    people: PathBuf,
    /// The accounts: `platform,handle`.
    handles: PathBuf,
    /// Where to write `handle,platform,person,probability,decision`; standard output otherwise.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The share of false links that is tolerated among automatic ones.
    #[arg(long, default_value_t = 0.01)]
    tolerate: f64,
    /// Prints to standard error how the probability of this handle came about.
    #[arg(long, value_name = "HANDLE")]
    explain: Option<String>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    first: String,
    nick: String,
    last: String,
    full: String,
    state: String,
}

#[derive(Deserialize)]
struct Account {
    platform: String,
    handle: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let mut people: Vec<Row> = read(&args.people)?;
    mend_columns(&mut people);
    let accounts: Vec<Account> = read(&args.handles)?;

    let owners: Vec<Owner> = people.iter().map(owner).collect();
    let profiles: Vec<Profile> = accounts.iter().map(profile).collect();
    let handles = accounts.iter().map(|account| account.handle.as_str());
    let matcher = HandleMatcher::learn(&owners, handles);
    let links = matcher.link(&owners, &profiles, Thresholds::tolerating(args.tolerate));

    let out: Box<dyn Write> = match &args.out {
        Some(path) => Box::new(std::fs::File::create(path)?),
        None => Box::new(std::io::stdout().lock()),
    };
    let mut out = csv::Writer::from_writer(out);
    out.write_record(["handle", "platform", "person", "probability", "decision"])?;
    for (account, link) in accounts.iter().zip(&links) {
        let best = link.best.as_ref();
        let person = best.map_or("", |best| best.candidate.as_str());
        let probability = format!("{:.6}", best.map_or(0.0, |best| best.probability));
        out.write_record([&account.handle, &account.platform, person, &probability, link.verdict.as_str()])?;
        if let Some(best) = best.filter(|_| args.explain.as_ref() == Some(&account.handle)) {
            eprintln!("{} on {}: {person}, {probability}", account.handle, account.platform);
            eprintln!("{:>9}  prior", best.waterfall.prior.to_string());
            for step in &best.waterfall.steps {
                eprintln!("{:>9}  {} ({:?})", step.weight.to_string(), step.field, step.level);
            }
            eprintln!("{:>9}  total", best.waterfall.total().to_string());
        }
    }
    out.flush()?;
    Ok(())
}

fn read<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<Vec<T>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let rows: Result<Vec<T>, _> = reader.deserialize().collect();
    rows.map_err(|fault| format!("{}: {fault}", path.display()).into())
}

/// Lists of people are found whose header names the columns `nick` and `last` the wrong way round. A full name ends in
/// the family name, so the names themselves say which column is which.
fn mend_columns(people: &mut [Row]) {
    let held = |column: fn(&Row) -> &str| {
        let ends = |row: &&Row| !column(row).is_empty() && fold(&row.full).contains(&fold(column(row)));
        people.iter().filter(ends).count()
    };
    if held(|row| &row.nick) > held(|row| &row.last) {
        eprintln!(
            "people: the columns `nick` and `last` are read the other way round, as the full names say"
        );
        for row in people {
            std::mem::swap(&mut row.nick, &mut row.last);
        }
    }
}

fn owner(row: &Row) -> Owner {
    let person = Person::new(&row.id)
        .name(&row.full)
        .with(Kind::Given, &row.first)
        .with(Kind::Given, &row.nick)
        .with(Kind::Family, &row.last)
        .with(Kind::City, &row.state);
    Owner::new(person)
}

fn profile(account: &Account) -> Profile {
    let mut out = Profile::new(Platform::from(account.platform.as_str()), account.handle.as_str());
    out.handle = Some(account.handle.as_str().into());
    out
}
