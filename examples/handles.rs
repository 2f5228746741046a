//! Finds whose social accounts are whose, from names and handles alone.
//!
//! ```text
//! cargo run --release --example handles -- people.csv handles.csv --out ranked.csv
//! ```
//!
//! `people.csv` has `id,first,nick,last,full,state`, `handles.csv` has `platform,handle`; other columns are not read.
//! For every handle the best person, the probability that it is theirs, and the decision: match, review or new.
//!
//! With `--bench`, and handles that say in a column `id` whose they are: how many are found, and, when half of the owners
//! are not among the people, how many of the automatic links are false.

#[path = "common/args.rs"]
mod args;
#[path = "common/end.rs"]
mod end;
#[path = "common/sheet.rs"]
mod sheet;

use args::share;
use clap::Parser;
use hearken::identity::{HandleLink, HandleMatcher, Kind, Owner, Person, Thresholds, Verdict, fold};
use hearken::model::{Platform, Profile};
use sheet::{Sheet, cell};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

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
    /// The share of false links that is tolerated among automatic ones, from 0 to 1.
    #[arg(long, default_value_t = 0.01, value_parser = share)]
    tolerate: f64,
    /// Prints to standard error how the probability of this handle came about.
    #[arg(long, value_name = "HANDLE")]
    explain: Option<String>,
    /// Prints how many handles of known owners are found, and what becomes of those of strangers.
    #[arg(long)]
    bench: bool,
}

struct Row {
    id: String,
    first: String,
    nick: String,
    last: String,
    full: String,
    state: String,
}

struct Account {
    /// Whose it is: the answer, for `--bench` only; empty where the file does not say.
    id: String,
    platform: String,
    handle: String,
}

fn main() -> ExitCode {
    end::end(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let mut people = read(&args.people, ["id", "first", "nick", "last", "full", "state"], None, |cells| {
        let [id, first, nick, last, full, state] = cells;
        Row { id, first, nick, last, full, state }
    })?;
    mend_columns(&mut people);
    let accounts =
        read(&args.handles, ["platform", "handle", "id"], Some("id"), |[platform, handle, id]| Account {
            id,
            platform,
            handle,
        })?;

    let owners: Vec<Owner> = people.iter().map(owner).collect();
    if args.bench {
        bench(&owners, &accounts, args.tolerate);
        return Ok(());
    }
    let links = link(&owners, &accounts, args.tolerate);

    let mut out = csv::Writer::from_writer(end::sink(args.out.as_deref())?);
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

fn link(owners: &[Owner], accounts: &[Account], tolerate: f64) -> Vec<HandleLink> {
    let profiles: Vec<Profile> = accounts.iter().map(profile).collect();
    let matcher = HandleMatcher::learn(owners, accounts.iter().map(|account| account.handle.as_str()));
    matcher.link(owners, &profiles, Thresholds::tolerating(tolerate))
}

/// Links of accounts whose owners are among the people, and automatic links, right and wrong.
#[derive(Default)]
struct Tally {
    known: u32,
    first: u32,
    found: u32,
    automatic: u32,
}

impl Tally {
    fn add(&mut self, owners: &[Owner], accounts: &[Account], links: &[HandleLink]) {
        for (account, link) in accounts.iter().zip(links) {
            let known = owners.iter().any(|owner| owner.person().id() == account.id);
            let right = link.best.as_ref().is_some_and(|best| best.candidate == account.id);
            let automatic = link.verdict == Verdict::Match;
            self.known += u32::from(known);
            self.first += u32::from(known && right);
            self.automatic += u32::from(automatic);
            self.found += u32::from(automatic && right);
        }
    }

    /// The share of false links among automatic ones, and the upper end of its 95 % interval (Wilson 1927).
    fn false_links(&self) -> (f64, f64) {
        let (n, z) = (f64::from(self.automatic.max(1)), 1.96_f64);
        let p = f64::from(self.automatic - self.found) / n;
        let spread = z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        (p, (p + z * z / (2.0 * n) + spread) / (1.0 + z * z / n))
    }
}

/// All people against all handles; then every other person is left out, and after that the others: each handle once
/// has an owner among the people, and once has none.
fn bench(owners: &[Owner], accounts: &[Account], tolerate: f64) {
    let (mut all, mut open) = (Tally::default(), Tally::default());
    all.add(owners, accounts, &link(owners, accounts, tolerate));
    for left_out in 0..2 {
        let half = owners.iter().enumerate().filter(|(at, _)| at % 2 != left_out);
        let half: Vec<Owner> = half.map(|(_, owner)| owner.clone()).collect();
        open.add(&half, accounts, &link(&half, accounts, tolerate));
    }
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let (rate, upper) = open.false_links();
    let aside = "half of the owners unknown";
    end::say(format_args!(
        "{:.4} share recall of automatic links, {} handles",
        share(all.found, all.known),
        all.known
    ));
    end::say(format_args!("{:.4} share recall of automatic links, {aside}", share(open.found, open.known)));
    end::say(format_args!("{upper:.4} share upper 95 % bound of false links among automatic ones, {aside}"));
    end::say(format_args!("{rate:.4} share false links among {} automatic ones, {aside}", open.automatic));
    end::say(format_args!("{:.4} share top-1 of {} people", share(all.first, all.known), owners.len()));
}

/// Every row of a file, made from the cells of these columns; `may_lack` is empty in a file without it.
fn read<T, const N: usize>(
    path: &Path,
    columns: [&str; N],
    may_lack: Option<&str>,
    make: impl Fn([String; N]) -> T,
) -> Result<Vec<T>, Box<dyn Error>> {
    let (mut sheet, mut record, mut rows) = (Sheet::open(path)?, csv::ByteRecord::new(), Vec::new());
    let mut places = [None; N];
    for (place, name) in places.iter_mut().zip(columns) {
        *place = if may_lack == Some(name) { sheet.find(name) } else { Some(sheet.place(name)?) };
    }
    while sheet.next(&mut record)? {
        let text = |place: Option<usize>| place.map_or(String::new(), |at| cell(&record, at).into_owned());
        rows.push(make(places.map(text)));
    }
    Ok(rows)
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
