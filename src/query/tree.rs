//! Shapes that are more than one instruction, in two forms: as they are taken to pieces, and as they are run.
//!
//! ```text
//! (a OR b OR (c /re/)) NOT d
//! built    a b c re AND·2 OR·3 d NOT AND·2          postfix: operands before what joins them
//! run      ANY·2 a b  OR·3 c AND·1 re  AND·2 d NOT   what costs most comes last, and is skipped when it can be
//! ```
//!
//! Run, there is one answer at a time. `AND·n` goes over the next `n` words unless it holds, `OR·n` if it does.

use super::program::WORKED;

/// Not a leaf but a step: its kind, and a count.
pub(super) const STEP: u32 = 1 << 30;
pub(super) const NOT: u32 = STEP;
pub(super) const AND: u32 = STEP | 1 << 27;
pub(super) const OR: u32 = STEP | 2 << 27;
/// Built, at least so many, followed by how many operands there are. Run, whether the count is at least that.
pub(super) const MIN: u32 = STEP | 3 << 27;
/// A question about a fact.
pub(super) const ASK: u32 = STEP | 4 << 27;
/// Run only: one of so many leaves, which follow.
pub(super) const ANY: u32 = STEP | 5 << 27;
/// Run only: begins to count.
pub(super) const BEGIN: u32 = STEP | 6 << 27;
/// Run only: counts one if it holds.
pub(super) const TALLY: u32 = STEP | 7 << 27;
const COUNT: u32 = (1 << 27) - 1;

/// The kind and the count of a step.
pub(super) fn step(step: u32) -> (u32, u32) {
    (step & !COUNT, step & COUNT)
}

pub(super) fn is_step(word: u32) -> bool {
    word & WORKED == 0 && word & STEP != 0
}

/// A part of a tree, as it is run.
struct Part {
    cost: Cost,
    code: Vec<u32>,
}

/// What a part costs to answer, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cost {
    /// A look at a leaf.
    Leaf,
    /// Several, or questions about facts.
    Looks,
    /// A leaf that is worked out.
    Work,
}

/// The form that is run of the form that is built.
pub(super) fn runnable(built: &[u32]) -> Vec<u32> {
    let mut open: Vec<Part> = Vec::new();
    let mut steps = built.iter().copied();
    while let Some(word) = steps.next() {
        if !is_step(word) {
            let cost = if word & WORKED == 0 { Cost::Leaf } else { Cost::Work };
            open.push(Part { cost, code: vec![word] });
            continue;
        }
        let (kind, count) = step(word);
        if kind == ASK {
            open.push(Part { cost: Cost::Looks, code: vec![word] });
        } else if kind == NOT {
            if let Some(part) = open.last_mut() {
                part.cost = part.cost.max(Cost::Looks);
                part.code.push(word);
            }
        } else {
            let of = if kind == MIN { steps.next().unwrap_or(0) } else { count };
            let mut parts = open.split_off(open.len().saturating_sub(of as usize));
            parts.sort_by_key(|part| part.cost);
            let cost = parts.last().map_or(Cost::Looks, |part| part.cost.max(Cost::Looks));
            let code = if kind == MIN { counted(parts, word) } else { joined(parts, kind) };
            open.push(Part { cost, code });
        }
    }
    open.pop().map_or_else(Vec::new, |part| part.code)
}

/// Parts under AND or OR: before each but the first, the word that may go over it.
fn joined(parts: Vec<Part>, kind: u32) -> Vec<u32> {
    let leaves = if kind == OR { parts.partition_point(|part| part.cost == Cost::Leaf) } else { 0 };
    let mut code = Vec::new();
    if leaves > 1 {
        code.push(ANY | leaves as u32);
    }
    for (at, part) in parts.into_iter().enumerate() {
        if at >= leaves && !code.is_empty() {
            code.push(kind | part.code.len() as u32);
        }
        code.extend(part.code);
    }
    code
}

/// Parts of which at least so many must hold: each is counted.
fn counted(parts: Vec<Part>, least: u32) -> Vec<u32> {
    let mut code = vec![BEGIN];
    for part in parts {
        code.extend(part.code);
        code.push(TALLY);
    }
    code.push(least);
    code
}
