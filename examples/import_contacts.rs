//! Takes an old list of contacts into a customer base: every row is linked, added, held for review or refused, and
//! says why.
//!
//! ```text
//! cargo run --release --example import_contacts -- customers.csv contacts.csv --id id:key \
//!     --field given:first:given --field family:last:family --field emails:mail:email
//! ```
//!
//! Contacts may also be an address book, `contacts.vcf`; `COLUMN_A` and the kind are then enough.

mod common;

use clap::Parser;
use common::Column;
use common::args::share;
use common::end::{end, sink};
use common::sheet::{Sheet, cell};
use hearken::identity::{Index, Kind, Matcher, Outcome, Person, RowResult, Thresholds, import, vcards};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What stands before the id of a customer in the index, so that customers and contacts may be numbered alike.
const CUSTOMER: &str = "customer ";

/// Takes the contacts of a CSV or vCard file into the customers of a CSV file, with a result per contact.
#[derive(Parser)]
struct Args {
    /// The customers, a CSV file with a header. Customers and contacts may be numbered alike: ids are not evidence.
    customers: PathBuf,
    /// The contacts: a CSV file with a header, or vCards when its name ends in `.vcf`.
    contacts: PathBuf,
    /// The columns that identify a row.
    #[arg(long, value_name = "COLUMN_A:COLUMN_B")]
    id: String,
    /// The columns of a field, and what they hold. Given and family name make one name.
    #[arg(long = "field", value_name = "COLUMN_A:COLUMN_B:KIND", required = true)]
    fields: Vec<Column>,
    /// The share of false links that is tolerated among automatic ones, from 0 to 1.
    #[arg(long, default_value_t = 0.01, value_parser = share)]
    tolerate: f64,
    /// Where to write `id,outcome,customer,probability,malformed`; standard output when absent.
    #[arg(long)]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    end(run(&Args::parse()))
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let (left_id, right_id) = args.id.split_once(':').unwrap_or((&args.id, &args.id));
    let customers = read(&args.customers, CUSTOMER, left_id, &args.fields, |column| &column.left)?;
    let contacts = if args.contacts.extension().is_some_and(|end| end.eq_ignore_ascii_case("vcf")) {
        let bytes = std::fs::read(&args.contacts);
        vcards(&bytes.map_err(|fault| format!("{}: {fault}", args.contacts.display()))?)
    } else {
        read(&args.contacts, "", right_id, &args.fields, |column| &column.right)?
    };
    let mut index = Index::new(Matcher::standard(customers.len() as u64));
    customers.into_iter().for_each(|person| index.upsert(person));
    let results = import(&mut index, contacts, Thresholds::tolerating(args.tolerate));

    let mut out = csv::Writer::from_writer(sink(args.out.as_deref())?);
    out.write_record(["id", "outcome", "customer", "probability", "malformed"])?;
    for result in &results {
        out.write_record(line(result, |id| shown(&index, id)))?;
    }
    out.flush()?;
    Ok(())
}

/// A person of the index as the files call them. Both files may count from 1: a contact that was added under the id of
/// a customer is `contact:ID`.
fn shown(index: &Index, id: &str) -> String {
    match id.strip_prefix(CUSTOMER) {
        Some(customer) => customer.to_owned(),
        None if index.get(&format!("{CUSTOMER}{id}")).is_some() => format!("contact:{id}"),
        None => id.to_owned(),
    }
}

/// The people of a file, `prefix` before their ids. A row without an id is called after its place: `row-1`, `row-2` …
fn read(
    path: &Path,
    prefix: &str,
    id: &str,
    columns: &[Column],
    side: impl Fn(&Column) -> &str,
) -> Result<Vec<Person>, Box<dyn Error>> {
    let mut sheet = Sheet::open(path)?;
    let id = sheet.place(id)?;
    let places = columns.iter().map(|column| Ok((sheet.place(side(column))?, column.kind)));
    let places = places.collect::<Result<Vec<_>, Box<dyn Error>>>()?;
    let (mut record, mut people) = (csv::ByteRecord::new(), Vec::new());
    while sheet.next(&mut record)? {
        let of = |kind: Kind| {
            places.iter().find(|(_, other)| *other == kind).map_or("".into(), |(at, _)| cell(&record, *at))
        };
        let name = match cell(&record, id) {
            name if name.is_empty() => format!("{prefix}row-{}", people.len() + 1),
            name => format!("{prefix}{name}"),
        };
        let person = Person::new(name).given_family(&of(Kind::Given), &of(Kind::Family));
        let others = places.iter().filter(|(_, kind)| !matches!(kind, Kind::Given | Kind::Family));
        people.push(others.fold(person, |person, (at, kind)| person.with(*kind, &cell(&record, *at))));
    }
    Ok(people)
}

/// `id,outcome,customer,probability,malformed`; of a review every candidate, best first.
fn line(result: &RowResult, shown: impl Fn(&str) -> String) -> [String; 5] {
    let probability = |p: &f64| format!("{p:.6}");
    let (outcome, customer, p) = match &result.outcome {
        Outcome::Linked { to, probability: p } => ("linked", shown(to), probability(p)),
        Outcome::Added => ("added", String::new(), String::new()),
        Outcome::Review(found) => {
            let ids: Vec<String> = found.iter().map(|(id, _)| shown(id)).collect();
            ("review", ids.join(";"), found.iter().map(|(_, p)| probability(p)).collect::<Vec<_>>().join(";"))
        }
        Outcome::Empty => ("empty", String::new(), String::new()),
        Outcome::IdTaken => ("id taken", String::new(), String::new()),
        _ => ("other", String::new(), String::new()),
    };
    let malformed: Vec<&str> = result.malformed.iter().map(|kind| kind.name()).collect();
    [result.id.clone(), outcome.to_owned(), customer, p, malformed.join(";")]
}
