//! Bulk blocking: which pairs of rows are worth comparing.
//!
//! ```text
//! values ──► atoms              what two rows may agree on: a value, its sound, its year, a rare word …
//! atoms ──► rules               an atom, or two or three of different fields
//! rules ──► one sort each       rows with one key side by side; a block that is too large goes on to a finer rule
//! blocks ──► pairs              a pair is met under the first rule that brings it together, so only once
//! ```

use super::atom::{Atoms, Code};
use super::pattern::{RowComparer, fetch};
use super::rules::{Choice, Rule, choose};
use super::seed::Seeds;
use super::table::Table;
use crate::identity::weight::FieldModel;

/// Most rows of a block that are all compared with each other.
const BLOCK: usize = 60;
/// Pairs looked up together, at least.
const BATCH: usize = 24;
/// How far apart two rows of a block that stays too large may stand and still be compared.
const WINDOW: usize = 6;

/// What one rule did.
///
/// ```
/// # use hearken::identity::{Kind, Table, match_rows};
/// # let mut table = Table::new([("name", Kind::Name), ("email", Kind::Email)]).unwrap();
/// # for n in 0..60 {
/// #     let (given, family) = (["Ann", "Bert", "Chloe", "Dmitri", "Elena"][n % 5], ["Okafor", "Lind", "Moreau"][n % 3]);
/// #     let (name, email) = (format!("{given} {family}"), format!("{given}{n}@mail.example"));
/// #     table.push([name.as_str(), email.as_str()]);
/// # }
/// # table.push(["Ann Okafor", "ann0@mail.example"]);
/// let run = match_rows(&mut table, |_| {});
/// // Which rules a long run spends its time on.
/// for report in &run.rules {
///     println!("{:>9} pairs by {}", report.pairs, report.rule);
/// }
/// assert_eq!(run.rules.iter().map(|report| report.pairs).sum::<u64>(), run.compared);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleReport {
    /// The rule: the atoms its rows agree on.
    pub rule: String,
    /// Pairs it brought together first.
    pub pairs: u64,
    /// Rows in blocks that were too large and went on to a finer rule.
    pub oversized: u64,
    /// Rows in blocks that stayed too large: compared with their neighbours only.
    pub windowed: u64,
}

/// The rules of a table, ready to run.
#[derive(Debug)]
pub(in crate::identity) struct Blocks {
    rules: Vec<Rule>,
    names: Vec<String>,
    /// By rule: the atoms it uses, a bit each.
    needs: Vec<u64>,
    /// By atom the rules use: the code of every row; 0 where absent. What a rule reads.
    columns: Vec<Vec<u32>>,
    /// The same row after row: what a pair reads.
    codes: Vec<u32>,
    pub(in crate::identity) seeds: Seeds,
    /// [`Choice::completeness`] of the rules.
    pub(in crate::identity) completeness: Option<f64>,
}

impl Blocks {
    /// The rules for a table. Rows of `repeats` say what others say, and count for nothing when rules are judged.
    pub(in crate::identity) fn of(
        table: &Table,
        repeats: &[u32],
        comparer: &mut RowComparer<'_>,
        fields: &[FieldModel],
    ) -> Self {
        let atoms = Atoms::of(table, repeats);
        let seeds = Seeds::of(table, &atoms, comparer, fields);
        let Choice { mut rules, completeness } = choose(table, &atoms, &seeds);
        let names = rules.iter().map(|rule| describe(table, &atoms, rule)).collect();
        let mut used: Vec<usize> = rules.iter().flat_map(|rule| rule.atoms.iter().copied()).collect();
        used.sort_unstable();
        used.dedup();
        let rows = 0..table.len() as u32;
        let column = |atom: &usize| rows.clone().map(|row| atoms.code(table, *atom, row)).collect();
        let columns: Vec<Vec<u32>> = used.iter().map(column).collect();
        let mut codes = Vec::with_capacity(used.len() * table.len());
        for row in 0..table.len() {
            codes.extend(columns.iter().map(|column| column.get(row).copied().unwrap_or(0)));
        }
        for atom in rules.iter_mut().flat_map(|rule| rule.atoms.iter_mut()) {
            *atom = used.partition_point(|other| other < atom);
        }
        let needs =
            rules.iter().map(|rule| rule.atoms.iter().fold(0, |mask, atom| mask | 1 << atom)).collect();
        Self { rules, names, needs, columns, codes, seeds, completeness }
    }

    /// Meets every pair once, and reports what each rule did.
    pub(in crate::identity) fn run(&self, table: &Table, mut meet: impl FnMut(u32, u32)) -> Vec<RuleReport> {
        let rows = table.len();
        let row_bits = 64 - (rows as u64).leading_zeros();
        let row_mask = (1_u64 << row_bits) - 1;
        let member = |key: &u64| (key & row_mask) as u32;
        // Bit k of a row: it stands in a block of rule k that was small enough.
        let mut live = vec![0_u64; rows];
        let mut keys: Vec<u64> = Vec::with_capacity(rows);
        let mut starts: Vec<u64> = Vec::new();
        let mut open: Vec<(u32, u32)> = Vec::new();
        let mut reports = Vec::new();
        for (k, (rule, name)) in self.rules.iter().zip(&self.names).enumerate() {
            let mut report = RuleReport { rule: name.clone(), ..RuleReport::default() };
            keys.clear();
            let refined = |mask: u64| rule.refines.is_some_and(|base| mask >> base & 1 == 1);
            let columns: Vec<&[u32]> =
                rule.atoms.iter().filter_map(|atom| self.columns.get(*atom)).map(Vec::as_slice).collect();
            for (row, _) in live.iter().enumerate().filter(|(_, mask)| !refined(**mask)) {
                keys.extend(key(&columns, row).map(|key| key << row_bits | row as u64));
            }
            keys.sort_unstable();
            let finer = self.rules.iter().any(|other| other.refines == Some(k));
            // Blocks in the order of their first rows: those of neighbouring rows then find their rows in the cache.
            starts.clear();
            let mut at = 0;
            for block in keys.chunk_by(|a, b| a >> row_bits == b >> row_bits) {
                if let Some(first) = block.first().filter(|_| block.len() > 1) {
                    starts.push(u64::from(member(first)) << 32 | at as u64);
                }
                at += block.len();
            }
            starts.sort_unstable();
            for start in &starts {
                let rest = keys.get((start & u64::from(u32::MAX)) as usize..).unwrap_or(&[]);
                let block = rest.chunk_by(|a, b| a >> row_bits == b >> row_bits).next().unwrap_or(&[]);
                let reach = match block.len() {
                    0..=BLOCK => BLOCK,
                    size if finer => {
                        report.oversized += size as u64;
                        continue;
                    }
                    size => {
                        report.windowed += size as u64;
                        WINDOW
                    }
                };
                for (at, first) in block.iter().enumerate() {
                    for other in block.iter().skip(at + 1).take(reach) {
                        let (a, b) = (member(first), member(other));
                        if table.admits(a, b) {
                            open.push((a, b));
                        }
                    }
                }
                if open.len() >= BATCH {
                    report.pairs += self.new_pairs(k, &mut open, &live, &mut meet);
                }
                if reach == BLOCK {
                    for key in block {
                        if let Some(mask) = live.get_mut(member(key) as usize) {
                            *mask |= 1 << k;
                        }
                    }
                }
            }
            report.pairs += self.new_pairs(k, &mut open, &live, &mut meet);
            reports.push(report);
        }
        reports
    }

    /// Meets those of the pairs that no rule before `k` brought together, and says how many they were.
    fn new_pairs(
        &self,
        k: usize,
        open: &mut Vec<(u32, u32)>,
        live: &[u64],
        meet: &mut impl FnMut(u32, u32),
    ) -> u64 {
        let mask = |row: u32| live.get(row as usize).copied().unwrap_or(0);
        let code = |code: Option<&u32>| code.copied().map_or(0, u64::from);
        let touch = |row: u32| mask(row) ^ code(self.row(row).first()) ^ code(self.row(row).last());
        fetch(open.iter().map(|(a, b)| touch(*a) ^ touch(*b)));
        let mut count = 0;
        for (a, b) in open.drain(..) {
            if !self.met(k, a, b, live) {
                count += 1;
                meet(a, b);
            }
        }
        count
    }

    fn row(&self, row: u32) -> &[u32] {
        let width = self.columns.len();
        self.codes.get(row as usize * width..(row as usize + 1) * width).unwrap_or(&[])
    }

    /// True when a rule before `k` has brought two rows together.
    fn met(&self, k: usize, a: u32, b: u32, live: &[u64]) -> bool {
        let mask = |row: u32| live.get(row as usize).copied().unwrap_or(0);
        let mut earlier = mask(a) & mask(b) & ((1 << k) - 1);
        if earlier == 0 {
            return false;
        }
        let codes = self.row(a).iter().zip(self.row(b));
        let agree = codes.rev().fold(0_u64, |agree, (x, y)| agree << 1 | u64::from(x == y));
        while earlier != 0 {
            let need = self.needs.get(earlier.trailing_zeros() as usize);
            earlier &= earlier - 1;
            if need.is_some_and(|need| agree & need == *need) {
                return true;
            }
        }
        false
    }
}

/// The key of a row by these columns; `None` where an atom is absent.
fn key(columns: &[&[u32]], row: usize) -> Option<u64> {
    let mut key = 0x9e37_79b9_7f4a_7c15_u64;
    for column in columns {
        let code = column.get(row).copied().filter(|code| *code != 0)?;
        key = (key ^ u64::from(code)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        key ^= key >> 32;
    }
    Some(key)
}

fn describe(table: &Table, atoms: &Atoms, rule: &Rule) -> String {
    let names = rule.atoms.iter().filter_map(|atom| atoms.get(*atom)).map(|atom| {
        let name = table.fields().get(atom.field).map_or("", |field| field.name.as_str());
        if atom.code == Code::Exact {
            name.to_owned()
        } else {
            format!("{name} ({:?})", atom.code).to_lowercase()
        }
    });
    names.collect::<Vec<_>>().join(" + ")
}
