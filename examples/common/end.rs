//! How a program ends: what went wrong is said in words on standard error, and a reader who has read enough (`| head`)
//! ends it quietly.
#![allow(dead_code)]

use std::error::Error;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

pub fn end(result: Result<(), Box<dyn Error>>) -> ExitCode {
    match result {
        Err(failure) if !nobody_reads(failure.as_ref()) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}

/// A line on standard output.
pub fn say(line: impl Display) {
    if let Err(failure) = writeln!(io::stdout().lock(), "{line}") {
        let closed = failure.kind() == ErrorKind::BrokenPipe;
        if !closed {
            eprintln!("error: standard output: {failure}");
        }
        std::process::exit(i32::from(!closed));
    }
}

/// A file to write, standard output without a path.
pub fn sink(path: Option<&Path>) -> Result<Box<dyn Write>, Box<dyn Error>> {
    Ok(match path {
        Some(path) => Box::new(File::create(path).map_err(|fault| format!("{}: {fault}", path.display()))?),
        None => Box::new(io::stdout().lock()),
    })
}

/// True when standard output was closed from the other side.
fn nobody_reads(failure: &(dyn Error + 'static)) -> bool {
    let kind = match failure.downcast_ref::<csv::Error>().map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(failure)) => Some(failure.kind()),
        _ => failure.downcast_ref::<io::Error>().map(io::Error::kind),
    };
    kind == Some(ErrorKind::BrokenPipe)
}
