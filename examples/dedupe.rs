//! Finds the people who stand in a file more than once.

use clap::Parser;
use hearken::identity::{Kind, Table, run};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

/// Finds the rows of a CSV file that are the same person.
#[derive(Parser)]
struct Args {
    /// The CSV file, with a header.
    file: PathBuf,
    /// The column that identifies a row.
    #[arg(long)]
    id: String,
    /// A column to compare, and what it holds: given, family, name, email, phone, handle, date, company, address,
    /// city, postcode, code or text.
    #[arg(long = "field", value_name = "COLUMN:KIND", required = true)]
    fields: Vec<String>,
    #[arg(long, default_value_t = 0.95)]
    threshold: f64,
    #[arg(long)]
    out: Option<PathBuf>,
    #[arg(long)]
    pairs: Option<PathBuf>,
    #[arg(long)]
    report: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let start = Instant::now();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_path(&args.file)?;
    let headers = reader.headers()?.clone();
    let column =
        |name: &str| headers.iter().position(|h| h == name).ok_or_else(|| format!("no column {name}"));
    let id = column(&args.id)?;
    let mut fields = Vec::new();
    let mut columns = Vec::new();
    for field in &args.fields {
        let (name, kind) = field.rsplit_once(':').ok_or("COLUMN:KIND")?;
        columns.push(column(name)?);
        fields.push((name.to_owned(), kind.parse::<Kind>()?));
    }
    let mut table = Table::new(fields)?;
    let mut ids = Vec::new();
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        ids.push(record.get(id).unwrap_or("").to_owned());
        table.push(columns.iter().map(|at| record.get(*at).unwrap_or("")));
    }
    let run = run(&mut table, |stage| {
        let st = std::fs::read_to_string("/proc/self/stat").unwrap();
        let f: Vec<&str> = st.split(" ").collect();
        eprintln!("{:8.3} cpu {} {stage}", start.elapsed().as_secs_f64(), f[13])
    });
    if args.report {
        for rule in &run.rules {
            println!(
                "{:40} pairs {:9} oversized {:9} windowed {:9}",
                rule.rule, rule.pairs, rule.oversized, rule.windowed
            );
        }
        println!(
            "pairs {} patterns {} prior {:e} {:?}",
            run.compared, run.patterns, run.model.prior, run.learning
        );
        for field in &run.model.fields {
            println!("{} {}", field.name, field.kind);
            println!("   m {:?}", field.m.map(|x| (x * 1e4).round() / 1e4));
            println!("   u {:?}", field.u.map(|x| (x * 1e7).round() / 1e7));
        }
    }
    if let Some(path) = &args.out {
        let bits = (args.threshold / (1.0 - args.threshold)).log2() as f32;
        let mut root: Vec<u32> = (0..ids.len() as u32).collect();
        fn find(root: &mut [u32], x: u32) -> u32 {
            let mut x = x;
            while root[x as usize] != x {
                root[x as usize] = root[root[x as usize] as usize];
                x = root[x as usize];
            }
            x
        }
        for pair in &run.pairs {
            if pair.bits >= bits && run.groups[pair.left as usize] == run.groups[pair.right as usize] {
                let (a, b) = (find(&mut root, pair.left), find(&mut root, pair.right));
                root[a.max(b) as usize] = a.min(b);
            }
        }
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        writeln!(out, "id,cluster")?;
        for row in 0..ids.len() as u32 {
            let c = find(&mut root, row);
            writeln!(out, "{},{}", ids[row as usize], ids[c as usize])?;
        }
    }
    if let Some(path) = &args.pairs {
        let mut out = std::io::BufWriter::new(std::fs::File::create(path)?);
        writeln!(out, "left,right,probability")?;
        for pair in &run.pairs {
            if pair.probability() > 0.01 {
                writeln!(
                    out,
                    "{},{},{:.6}",
                    ids[pair.left as usize],
                    ids[pair.right as usize],
                    pair.probability()
                )?;
            }
        }
    }
    Ok(())
}
