//! From pairs to people: best-first clustering under guards.
//!
//! Connected components are no clustering: one wrong pair in a thousand chains thousands of people into one. Here
//! pairs are taken best first, and each asks two groups to become one. They do when *all* pairs between the two
//! groups, taken together, speak for it: pairs that no blocking rule had brought together are compared now. A
//! bridge, one strong pair between two groups that are otherwise strangers, is outvoted by the others.
//!
//! Once they are one, every pair between them is as sure as the strongest: two records that look doubtful side by
//! side, but both like a third, are not doubtful. Where they refuse, no pair between them is surer than what the
//! groups said.
//!
//! Groups that hold two rows somebody decided not to be one person never become one, whatever speaks for it. Neither do
//! groups that hold two accounts on one platform, as a rule: a person has one there. Two rows that are one person in
//! spite of it, each by its own word, are the evidence that says otherwise; what a third row says is none.

use super::table::{HashedMap, Table};
use crate::identity::compare::platform;
use crate::identity::kind::Kind;
use std::collections::{BTreeMap, BTreeSet};

/// Pairs between two groups that are heard before they may become one; of larger groups an even sample.
const WITNESSES: usize = 100;
/// Bits one pair may say for or against.
const VOICE: f32 = 14.0;

/// A pair of rows with its log-odds in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::identity) struct Edge {
    pub(in crate::identity) left: u32,
    pub(in crate::identity) right: u32,
    pub(in crate::identity) bits: f32,
}

/// Groups of rows, and the pairs with the word of their groups.
#[derive(Debug, Default)]
pub(in crate::identity) struct Clustering {
    /// By row: its group, named by a row of it.
    pub(in crate::identity) group_of: Vec<u32>,
    /// Pairs within groups, and pairs that were refused; each once, in the order of their rows.
    pub(in crate::identity) edges: Vec<Edge>,
}

impl Clustering {
    /// True when the two rows are in one group.
    pub(in crate::identity) fn together(&self, edge: &Edge) -> bool {
        self.group_of.get(edge.left as usize) == self.group_of.get(edge.right as usize)
    }
}

/// Rows that somebody decided not to be one person: by row, the others.
#[derive(Debug, Default)]
pub(in crate::identity) struct Apart(BTreeMap<u32, BTreeSet<u32>>);

impl Apart {
    /// The decisions about `pairs` of rows, each of which stands at `place`.
    pub(in crate::identity) fn of(pairs: &[(u32, u32)], place: impl Fn(u32) -> Option<u32>) -> Self {
        let mut out: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (a, b) in pairs.iter().filter_map(|(a, b)| place(*a).zip(place(*b))) {
            out.entry(a).or_default().insert(b);
            out.entry(b).or_default().insert(a);
        }
        Self(out)
    }

    pub(in crate::identity) fn has(&self, a: u32, b: u32) -> bool {
        self.0.get(&a).is_some_and(|others| others.contains(&b))
    }

    /// True when a row of one group is kept apart from one of the other.
    fn part(&self, left: &[u32], right: u32, groups: &Groups) -> bool {
        let others = || left.iter().filter_map(|row| self.0.get(row)).flatten();
        !self.0.is_empty() && others().any(|other| groups.of(*other) == right)
    }
}

/// The columns that hold accounts, of which a person has one on each platform.
pub(in crate::identity) struct Accounts<'a> {
    table: &'a Table,
    fields: Vec<usize>,
}

impl<'a> Accounts<'a> {
    pub(in crate::identity) fn of(table: &'a Table) -> Self {
        let fields = table.fields().iter().enumerate();
        let fields = fields.filter(|(_, field)| field.kind == Kind::Account).map(|(at, _)| at).collect();
        Self { table, fields }
    }

    /// True when two rows hold different accounts on one platform.
    fn differ(&self, a: u32, b: u32) -> bool {
        self.fields.iter().any(|field| {
            let account = |row: u32| {
                let value = self.table.row(row).get(*field).copied().filter(|value| *value != 0)?;
                Some(self.table.vocabulary(*field)?.text(value))
            };
            account(a).zip(account(b)).is_some_and(|(a, b)| a != b && platform(a) == platform(b))
        })
    }
}

/// Joins rows best first while groups speak for it and nobody has decided against it. `score` compares two rows.
pub(in crate::identity) fn cluster(
    rows: usize,
    mut edges: Vec<Edge>,
    apart: &Apart,
    accounts: &Accounts<'_>,
    mut score: impl FnMut(u32, u32) -> f32,
) -> Clustering {
    edges.sort_unstable_by(|a, b| {
        b.bits.total_cmp(&a.bits).then_with(|| (a.left, a.right).cmp(&(b.left, b.right)))
    });
    let mut groups = Groups::new(rows);
    let mut out: Vec<Edge> = Vec::with_capacity(edges.len());
    let mut refused: HashedMap<(u32, f32)> = HashedMap::default();
    let mut sampled = false;
    for edge in &edges {
        let (a, b) = (groups.of(edge.left), groups.of(edge.right));
        if a == b {
            // Heard when the groups became one, unless there were too many.
            if sampled {
                out.push(*edge);
            }
            continue;
        }
        if edge.bits <= 0.0 {
            out.push(*edge);
            continue;
        }
        let (key, sizes) = (u64::from(a.min(b)) << 32 | u64::from(a.max(b)), groups.size(a) + groups.size(b));
        if let Some((known, said)) = refused.get(&key)
            && *known == sizes
        {
            out.push(Edge { bits: edge.bits.min(*said), ..*edge });
            continue;
        }
        let first = out.len();
        let (left, right) = (groups.members(a), groups.members(b));
        if apart.part(&left, b, &groups) {
            out.push(Edge { bits: edge.bits.min(-VOICE), ..*edge });
            refused.insert(key, (sizes, -VOICE));
            continue;
        }
        let step = (left.len() * right.len()).div_ceil(WITNESSES);
        sampled |= step > 1;
        let cross = left.iter().flat_map(|x| right.iter().map(|y| (*x.min(y), *x.max(y))));
        for (left, right) in cross.step_by(step) {
            let bits = if (left, right) == (edge.left, edge.right) { edge.bits } else { score(left, right) };
            out.push(Edge { left, right, bits });
        }
        let heard = out.len() - first;
        let voices = out.iter().skip(first).map(|edge| edge.bits.clamp(-VOICE, VOICE));
        let against =
            out.iter().skip(first).find(|edge| edge.bits <= 0.0 && accounts.differ(edge.left, edge.right));
        let said = match against {
            Some(edge) => edge.bits,
            None => voices.sum::<f32>() / heard.max(1) as f32,
        };
        if said <= 0.0 {
            out.truncate(first);
            out.push(Edge { bits: edge.bits.min(said), ..*edge });
            refused.insert(key, (sizes, said));
            continue;
        }
        let strongest = out.iter().skip(first).map(|edge| edge.bits).fold(f32::MIN, f32::max);
        for pair in out.iter_mut().skip(first) {
            pair.bits = strongest;
        }
        groups.join(a, b);
    }
    // A pair refused early may stand within a group in the end: the word of the group counts.
    out.sort_unstable_by(|a, b| {
        (a.left, a.right).cmp(&(b.left, b.right)).then_with(|| b.bits.total_cmp(&a.bits))
    });
    out.dedup_by(|later, first| (later.left, later.right) == (first.left, first.right));
    Clustering { group_of: groups.group_of, edges: out }
}

/// Pairs up the rows of two sources best first, each row once at most. Pairs keep their own word: there is no third
/// row to speak for them.
pub(in crate::identity) fn pair_up(rows: usize, mut edges: Vec<Edge>) -> Clustering {
    let mut groups = Groups::new(rows);
    let place = |edge: &Edge| (edge.left, edge.right);
    edges.sort_unstable_by(|a, b| b.bits.total_cmp(&a.bits).then_with(|| place(a).cmp(&place(b))));
    for edge in edges.iter().filter(|edge| edge.bits > 0.0) {
        let (a, b) = (groups.of(edge.left), groups.of(edge.right));
        if groups.size(a) + groups.size(b) == 2 {
            groups.join(a, b);
        }
    }
    edges.sort_unstable_by_key(place);
    Clustering { group_of: groups.group_of, edges }
}

/// Groups of rows: every row knows its group, every group its rows.
struct Groups {
    group_of: Vec<u32>,
    /// The rows of a group in a ring.
    next: Vec<u32>,
    sizes: Vec<u32>,
}

impl Groups {
    fn new(rows: usize) -> Self {
        let alone: Vec<u32> = (0..rows as u32).collect();
        Self { next: alone.clone(), group_of: alone, sizes: vec![1; rows] }
    }

    fn of(&self, row: u32) -> u32 {
        self.group_of.get(row as usize).copied().unwrap_or(row)
    }

    fn size(&self, group: u32) -> u32 {
        self.sizes.get(group as usize).copied().unwrap_or(1)
    }

    fn members(&self, group: u32) -> Vec<u32> {
        let mut out = vec![group];
        let mut at = group;
        while let Some(next) = self.next.get(at as usize).copied().filter(|next| *next != group) {
            out.push(next);
            at = next;
        }
        out
    }

    /// Joins two groups under the name of the larger.
    fn join(&mut self, a: u32, b: u32) {
        let (keep, gone) = if self.size(a) >= self.size(b) { (a, b) } else { (b, a) };
        for row in self.members(gone) {
            if let Some(group) = self.group_of.get_mut(row as usize) {
                *group = keep;
            }
        }
        let size = self.size(a) + self.size(b);
        if let Some(slot) = self.sizes.get_mut(keep as usize) {
            *slot = size;
        }
        if (keep as usize) < self.next.len() && (gone as usize) < self.next.len() {
            self.next.swap(keep as usize, gone as usize);
        }
    }
}
