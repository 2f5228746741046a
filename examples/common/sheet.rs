//! CSV files as people have them: a comma, a semicolon, a tab or a bar between cells; UTF-8, UTF-16 or Latin-1, with or
//! without a byte-order mark; white space around headers and cells.

use std::borrow::Cow;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

/// What may stand between cells. Of two that the header holds as often the first counts.
const SEPARATORS: [u8; 4] = *b",;\t|";

/// A CSV file with a header.
pub struct Sheet {
    path: PathBuf,
    headers: Vec<String>,
    reader: csv::Reader<Box<dyn Read>>,
}

impl Sheet {
    /// Opens a file. What separates its cells is seen from the header.
    pub fn open(path: &Path) -> Result<Self, Box<dyn Error>> {
        let at = |fault: &dyn std::fmt::Display| format!("{}: {fault}", path.display());
        let mut file = BufReader::new(File::open(path).map_err(|fault| at(&fault))?);
        let head = file.fill_buf().map_err(|fault| at(&fault))?;
        let wide = match head {
            [0xff, 0xfe, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
            [0xfe, 0xff, ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
            _ => None,
        };
        let mut builder = csv::ReaderBuilder::new();
        builder.flexible(true);
        let (separator, bytes): (u8, Box<dyn Read>) = match wide {
            None => (separator(head), Box::new(file)),
            Some(unit) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).map_err(|fault| at(&fault))?;
                let units = bytes.chunks_exact(2).skip(1).map(|two| unit([two[0], two[1]]));
                let text: String = char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect();
                (separator(text.as_bytes()), Box::new(Cursor::new(text)))
            }
        };
        let mut reader = builder.delimiter(separator).from_reader(bytes);
        let headers = reader.byte_headers().map_err(|fault| at(&fault))?;
        let headers: Vec<String> = headers.iter().map(|name| trimmed(&decoded(name)).to_owned()).collect();
        if headers.is_empty() {
            return Err(at(&"empty; a header and rows are needed").into());
        }
        Ok(Self { path: path.to_owned(), headers, reader })
    }

    /// Where a column stands.
    pub fn place(&self, name: &str) -> Result<usize, Box<dyn Error>> {
        self.find(name).ok_or_else(|| {
            let (path, known) = (self.path.display(), self.headers.join(", "));
            format!("{path}: no column {name:?}; there are {known}").into()
        })
    }

    /// Where a column stands, if there is one.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| header == trimmed(name))
    }

    /// Reads the next row; false after the last. Rows may be shorter or longer than the header.
    pub fn next(&mut self, row: &mut csv::ByteRecord) -> Result<bool, Box<dyn Error>> {
        self.reader.read_byte_record(row).map_err(|fault| format!("{}: {fault}", self.path.display()).into())
    }
}

/// The cell of a row at a place, without the white space around it; empty where the row is too short.
pub fn cell(row: &csv::ByteRecord, at: usize) -> Cow<'_, str> {
    match decoded(row.get(at).unwrap_or(b"")) {
        Cow::Borrowed(text) => trimmed(text).into(),
        Cow::Owned(text) => trimmed(&text).to_owned().into(),
    }
}

/// UTF-8, Latin-1 where it is not.
pub fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    let latin = || bytes.iter().map(|byte| char::from(*byte)).collect();
    std::str::from_utf8(bytes).map_or_else(|_| latin(), Cow::from)
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace())
}

/// What stands most often between the cells of the first line that is not blank, outside quotes.
fn separator(text: &[u8]) -> u8 {
    let (mut counts, mut quoted, mut began) = ([0_usize; SEPARATORS.len()], false, false);
    for byte in text {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && began => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = SEPARATORS.iter().position(|separator| separator == byte) {
                    counts[at] += 1;
                }
            }
        }
        began |= !byte.is_ascii_whitespace();
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    let first = counts.iter().position(|count| *count == most).unwrap_or(0);
    SEPARATORS[first]
}
