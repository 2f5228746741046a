//! Columns that say the same thing twice.
//!
//! Fellegi–Sunter adds the weights of fields as if each were news. A full name beside given and family name, a
//! year beside a date of birth, a state beside its city are not: counted again, they make one person of two. So a
//! field is left out of a pair when both rows also have the fields that already say what it says:
//!
//! - a full name, where given or family name are there; a second full name beside the first;
//! - a value that is a part of another: the year in the date, the city in the address;
//! - a value that strangers share as soon as they share another: the state of a city.

use super::table::Table;
use crate::identity::kind::Kind;

/// Rows, and pairs of strangers, that are looked at for a column.
const SAMPLE: usize = 4_000;
/// Share of them that has to agree.
const NEARLY_ALL: f64 = 0.9;
/// Fewest of them that say anything.
const FEW: usize = 30;

/// A field that two rows leave out when both have all of some others: as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) struct Echo {
    said: u32,
    echo: u32,
}

/// The fields that two rows which both have those of `both` are compared on.
pub(in crate::identity) fn news(echoes: &[Echo], both: u32) -> u32 {
    echoes
        .iter()
        .fold(both, |left, echo| if left & echo.said == echo.said { left & !echo.echo } else { left })
}

/// The columns of a table that echo others.
pub(in crate::identity) fn echoes(table: &Table) -> Vec<Echo> {
    let kinds: Vec<Kind> = table.fields().iter().map(|field| field.kind).collect();
    let mut out = of_names(&kinds);
    let named = |field: usize| kinds.get(field).is_some_and(|kind| is_name(*kind));
    let pairs =
        |echo: usize| (0..kinds.len()).filter(move |said| *said != echo).map(move |said| (echo, said));
    let all = || (0..kinds.len()).flat_map(pairs).filter(|(echo, said)| !(named(*said) && named(*echo)));
    let parts = all().filter(|(part, whole)| is_part(table, &kinds, *part, *whole));
    out.extend(parts.map(|(part, whole)| Echo { said: 1 << whole, echo: 1 << part }));
    let alike: Vec<Vec<(u32, u32)>> = (0..kinds.len()).map(|field| alike(table, field)).collect();
    for (echo, said) in all() {
        let known = out.iter().any(|known| known.echo & (1 << echo | 1 << said) != 0);
        if !known && follows(table, &out, echo, said, alike.get(said)) {
            out.push(Echo { said: 1 << said, echo: 1 << echo });
        }
    }
    out
}

fn is_name(kind: Kind) -> bool {
    matches!(kind, Kind::Given | Kind::Family | Kind::Name)
}

fn of_names(kinds: &[Kind]) -> Vec<Echo> {
    let bits = |wanted: Kind| {
        kinds.iter().enumerate().filter(move |(_, kind)| **kind == wanted).map(|(field, _)| 1_u32 << field)
    };
    let mut out = Vec::new();
    if let Some(name) = bits(Kind::Name).next() {
        out.extend(bits(Kind::Name).skip(1).map(|second| Echo { said: name, echo: second }));
        let parts = bits(Kind::Given).chain(bits(Kind::Family));
        out.extend(parts.map(|part| Echo { said: part, echo: name }));
    }
    out
}

/// True when the values of one column stand within those of another, nearly always.
fn is_part(table: &Table, kinds: &[Kind], part: usize, whole: usize) -> bool {
    // Addresses and handles are made of names and yet say something of their own.
    let made = |field: usize| {
        matches!(kinds.get(field), Some(Kind::Email | Kind::Handle | Kind::Url | Kind::Account))
    };
    if made(part) || made(whole) {
        return false;
    }
    let (Some(parts), Some(wholes)) = (table.vocabulary(part), table.vocabulary(whole)) else { return false };
    let step = (table.len() / SAMPLE).max(1);
    let (mut both, mut within) = (0, 0);
    for row in (0..table.len() as u32).step_by(step).map(|row| table.row(row)) {
        let value = |field: usize| row.get(field).copied().unwrap_or(0);
        let (x, y) = (value(part), value(whole));
        if x != 0 && y != 0 {
            let (x, y) = (parts.text(x), wholes.text(y));
            both += 1;
            within += usize::from(x.len() > 1 && x.len() < y.len() && y.contains(x));
        }
    }
    both >= FEW && within as f64 >= NEARLY_ALL * both as f64
}

/// Pairs of rows that hold the same value of a field.
fn alike(table: &Table, field: usize) -> Vec<(u32, u32)> {
    let value = |row: u32| table.row(row).get(field).copied().unwrap_or(0);
    let step = (table.len() / (25 * SAMPLE)).max(1);
    let mut rows: Vec<(u32, u32)> = (0..table.len() as u32)
        .step_by(step)
        .map(|row| (value(row), row))
        .filter(|(value, _)| *value != 0)
        .collect();
    rows.sort_unstable();
    let pairs = rows.iter().zip(rows.iter().skip(1)).filter(|((x, _), (y, _))| x == y);
    let pairs: Vec<(u32, u32)> = pairs.map(|((_, a), (_, b))| (*a, *b)).collect();
    pairs.iter().step_by((pairs.len() / SAMPLE).max(1)).copied().collect()
}

/// True when strangers who share `said` share `echo` too, nearly always, although `echo` has fewer values. Rows are
/// taken for strangers when they differ in most of what else both have: in three fields at least, since two may be
/// those that another list writes another way.
fn follows(table: &Table, known: &[Echo], echo: usize, said: usize, alike: Option<&Vec<(u32, u32)>>) -> bool {
    let distinct = |field: usize| table.vocabulary(field).map_or(0, |vocabulary| vocabulary.len());
    if (distinct(echo), said) >= (distinct(said), echo) {
        return false;
    }
    let (mut seen, mut same) = (0, 0);
    for (a, b) in alike.into_iter().flatten() {
        let fields = table.row(*a).iter().zip(table.row(*b)).enumerate();
        let (mut both, mut equal) = (0_u32, 0_u32);
        for (field, (x, y)) in fields {
            let there = u32::from(*x != 0 && *y != 0);
            both |= there << field;
            equal |= (there & u32::from(x == y)) << field;
        }
        let rest = news(known, both) & !(1 << said | 1 << echo);
        let (alike, unlike) = ((rest & equal).count_ones(), (rest & !equal).count_ones());
        if both >> echo & 1 == 1 && unlike > (alike + 1).max(2) {
            seen += 1;
            same += usize::from(equal >> echo & 1 == 1);
        }
    }
    seen >= FEW && same as f64 >= NEARLY_ALL * seen as f64
}
