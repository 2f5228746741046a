//! Choosing blocking rules from the data.
//!
//! A rule is a set of atoms. What it costs follows from the counts of values; what it finds is tried on pairs
//! that agree on something so rare that they are surely one person: whoever shares an e-mail address tells how
//! often the *other* fields of one person agree. Rules are then taken greedily, the most newly found pairs for
//! the fewest comparisons first.

use super::atom::{Atom, Atoms};
use super::seed::{Seed, Seeds};
use super::table::Table;
use std::collections::BTreeMap;

/// A blocking rule: rows that agree on all of its atoms are compared.
#[derive(Debug, Clone)]
pub(in crate::identity) struct Rule {
    pub(in crate::identity) atoms: Vec<usize>,
    /// The rule whose oversized blocks this one refines.
    pub(in crate::identity) refines: Option<usize>,
}

/// Most rules, the refining ones included: one bit each in a row's mask.
const RULES: usize = 64;
/// Probability from which on a seed is sure.
const SURE: f64 = 0.9;
/// Seeds from which on they are heard.
const ENOUGH: usize = 50;
/// Others that a seed takes what it is known by from.
const DONORS: usize = 4;

/// Rules, and the share of matching pairs that they seem to find.
pub(in crate::identity) struct Choice {
    pub(in crate::identity) rules: Vec<Rule>,
    pub(in crate::identity) completeness: Option<f64>,
}

/// Chooses the rules for a table.
pub(in crate::identity) fn choose(table: &Table, atoms: &Atoms, seeds: &Seeds) -> Choice {
    let rows = table.len();
    // Pairs a row may take part in: many in a small table, few in a large one. From a hundred thousand rows to a
    // million a smaller share of them costs half a point of F1 and saves a quarter of the time.
    let n = rows.max(1) as f64;
    let budget = (3_800.0 / n.sqrt()).min(1_200_000.0 / n).clamp(1.2, 60.0);
    let candidates = candidates(atoms, rows, budget / 4.0);
    let sure: Vec<&Seed> = seeds.seeds.iter().filter(|seed| seed.weight >= SURE).collect();
    let chosen = greedy(atoms, candidates, &seeds.seeds, rows, budget);
    let completeness = completeness(atoms, &chosen, &sure);
    Choice { rules: refined(atoms, chosen), completeness }
}

/// Every set of up to three atoms of different fields that makes few enough pairs and that no part of it nor a
/// coarser set makes superfluous.
fn candidates(atoms: &Atoms, rows: usize, most: f64) -> Vec<Vec<usize>> {
    let mut found: Vec<Vec<usize>> = Vec::new();
    let mut frontier: Vec<Vec<usize>> = (0..atoms.atoms.len()).map(|at| vec![at]).collect();
    for _ in 0..3 {
        let mut next = Vec::new();
        for set in frontier {
            if found.iter().any(|other| other.iter().all(|at| set.contains(at))) {
                continue;
            }
            if atoms.pairs_a_row(&set, rows) <= most {
                found.push(set);
                continue;
            }
            let fields = atoms.fields(&set);
            let after = set.last().map_or(0, |last| last + 1);
            next.extend(
                (after..atoms.atoms.len())
                    .filter(|at| atoms.get(*at).is_some_and(|atom| !fields.contains(&atom.field)))
                    .map(|at| set.iter().copied().chain([at]).collect::<Vec<usize>>()),
            );
        }
        frontier = next;
    }
    if found.is_empty() {
        // Nothing tells rows apart: the most telling atoms together, and what they leave is compared with neighbours.
        let mut telling: Vec<usize> = (0..atoms.atoms.len()).collect();
        telling.sort_by(|a, b| {
            let chance = |at: &usize| atoms.get(*at).map_or(1.0, |atom| atom.chance);
            chance(a).total_cmp(&chance(b)).then(a.cmp(b))
        });
        telling.truncate(3);
        return if telling.is_empty() { found } else { vec![telling] };
    }
    let implies = |fine: &usize, coarse: &usize| match (atoms.get(*fine), atoms.get(*coarse)) {
        (Some(fine), Some(coarse)) => fine.field == coarse.field && fine.code.implies(coarse.code),
        _ => false,
    };
    let superfluous = |set: &Vec<usize>| {
        found.iter().any(|other| {
            other != set && other.iter().all(|coarse| set.iter().any(|fine| implies(fine, coarse)))
        })
    };
    found.iter().filter(|set| !superfluous(set)).cloned().collect()
}

/// Takes rules by what they find for what they cost, until nothing new is found or the budget is spent.
fn greedy(
    atoms: &Atoms,
    mut candidates: Vec<Vec<usize>>,
    seeds: &[Seed],
    rows: usize,
    budget: f64,
) -> Vec<Vec<usize>> {
    let most = RULES * 5 / 8;
    let mut open: Vec<&Seed> = seeds.iter().collect();
    let (mut chosen, mut spent): (Vec<Vec<usize>>, f64) = (Vec::new(), 0.0);
    let mask = |set: &[usize]| set.iter().fold(0_u64, |mask, at| mask | 1 << at);
    let field_mask = |set: &[usize]| atoms.fields(set).iter().fold(0_u64, |mask, field| mask | 1 << field);
    let covers = |set: &[usize], seed: &Seed| {
        seed.agree & mask(set) == mask(set) && seed.fields & field_mask(set) == 0
    };
    while chosen.len() < most && spent < budget {
        let mut best: Option<(f64, usize)> = None;
        for (at, set) in candidates.iter().enumerate() {
            let cost = atoms.pairs_a_row(set, rows);
            // Sets of fields that are seldom both there, and rules for which no seed can speak, still find somebody.
            let turn = chosen.iter().filter(|other| field_mask(other) == field_mask(set)).count() as i32;
            let unseen = atoms.present(set) * 0.5_f64.powi(turn) * 0.002 * seeds.len().max(500) as f64;
            let found = open.iter().filter(|seed| covers(set, seed)).count() as f64;
            let worth = (found + unseen) / (cost + 0.15);
            let affordable = spent + cost <= budget * 1.2 || chosen.is_empty();
            if affordable && best.is_none_or(|(most, _)| worth > most) {
                best = Some((worth, at));
            }
        }
        let Some((_, at)) = best else { break };
        let set = candidates.swap_remove(at);
        open.retain(|seed| !covers(&set, seed));
        spent += atoms.pairs_a_row(&set, rows);
        chosen.push(set);
    }
    chosen
}

/// The share of matching pairs that agree on all atoms of a rule at least. A seed agrees on what it is known by because
/// that is how it was found; how often other pairs do, seeds known by other fields tell. So each seed is held against
/// the rules with what such others agree on in its place (the fields of one person err independently, as
/// Fellegi–Sunter has it). `None` when too few seeds have such others.
fn completeness(atoms: &Atoms, rules: &[Vec<usize>], seeds: &[&Seed]) -> Option<f64> {
    let mask = |set: &[usize]| set.iter().fold(0_u64, |mask, at| mask | 1 << at);
    let rules: Vec<u64> = rules.iter().map(|set| mask(set)).collect();
    // By the fields a seed is known by: the atoms of these fields, and what others agree on among them.
    let mut known: BTreeMap<u64, (u64, Vec<u64>)> = BTreeMap::new();
    for seed in seeds {
        known.entry(seed.fields).or_default();
    }
    for (fields, (own, others)) in &mut known {
        let of = |at: &usize| atoms.get(*at).is_some_and(|atom| fields >> atom.field & 1 == 1);
        *own = (0..atoms.atoms.len()).filter(of).fold(0, |mask, at| mask | 1_u64 << at);
        others
            .extend(seeds.iter().filter(|other| other.fields & fields == 0).map(|other| other.agree & *own));
    }
    let (mut asked, mut found) = (0_usize, 0_usize);
    for (at, seed) in seeds.iter().enumerate() {
        let Some((own, others)) = known.get(&seed.fields).filter(|(_, others)| others.len() >= ENOUGH) else {
            continue;
        };
        for other in
            others.iter().cycle().skip(at % others.len()).step_by(others.len() / DONORS + 1).take(DONORS)
        {
            let agree = seed.agree & !own | other;
            asked += 1;
            found += usize::from(rules.iter().any(|rule| agree & rule == *rule));
        }
    }
    (asked >= ENOUGH).then(|| found as f64 / asked as f64)
}

/// Adds to each rule a finer one for its oversized blocks: the rule with the most telling atom of another field.
fn refined(atoms: &Atoms, chosen: Vec<Vec<usize>>) -> Vec<Rule> {
    let mut rules: Vec<Rule> = chosen.into_iter().map(|atoms| Rule { atoms, refines: None }).collect();
    let telling = |atom: &Atom| atom.present * atom.present * (1.0 - atom.chance).powi(50);
    let mut extras: Vec<usize> = (0..atoms.atoms.len()).collect();
    extras.sort_by(|a, b| {
        let worth = |at: &usize| atoms.get(*at).map_or(0.0, telling);
        worth(b).total_cmp(&worth(a)).then(a.cmp(b))
    });
    for base in 0..rules.len() {
        let Some(set) = rules.get(base).map(|rule| rule.atoms.clone()) else { continue };
        let fields = atoms.fields(&set);
        let extra =
            extras.iter().find(|at| atoms.get(**at).is_some_and(|atom| !fields.contains(&atom.field)));
        if let Some(extra) = extra.filter(|_| rules.len() < RULES) {
            rules.push(Rule { atoms: set.into_iter().chain([*extra]).collect(), refines: Some(base) });
        }
    }
    rules
}
