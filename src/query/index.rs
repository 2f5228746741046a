//! Many queries at once: what a text and its facts bring up, and of that what holds.

use super::Query;
use super::columns::{Asked, Columns, Picked, Side};
use super::compile::{self, Anchor, Compiler, Lowered};
use super::program::{self, Program, Run};
use super::seen::{ANYTHING, LeafId, NOTHING};
use super::vocabulary::{Reading, Vocabulary};
use super::waiting::{Posting, SETTLED, Waiting};
use crate::facts::{Facts, Field};
use std::collections::BTreeMap;

/// No program: the query holds wherever it is brought up.
const DIRECT: u32 = u32::MAX;
/// No slot, no query.
const NONE: u32 = u32::MAX;

/// Queries under numbers, compiled into one structure; the number is the order, lowest first.
///
/// A query that cannot hold without certain words waits at the rarest of them and costs nothing until a text
/// brings it up. Questions about facts are bitmaps over the queries. What neither answers is a short program.
/// The answers are those of [`Query::matches`], whatever the queries and the input.
///
/// ```
/// use hearken::facts::{Facts, Scope};
/// use hearken::query::{Index, Query, Scratch};
/// use hearken::text::Text;
///
/// let read = |query| Query::parse(query, Scope::Rule);
/// let mut index = Index::build(&[read("lang:en refund")?, read("lang:en")?, read("\"never came\" -lost")?]);
///
/// let mut scratch = Scratch::default();
/// let text = Text::new("my refund never came");
/// let facts = Facts::new(&text).with("lang", "en");
/// assert_eq!(index.matches(&facts, &mut scratch), [0, 1, 2]);
/// assert_eq!(index.first(&facts, &mut scratch), Some(0));
///
/// index.remove(0);
/// index.insert(7, &read("/ref.nd/")?);
/// assert_eq!(index.matches(&facts, &mut scratch), [1, 2, 7]);
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
///
/// A text costs its length, plus the queries it brings up. Replacing a query costs its own size plus a bit in
/// every row of the bitmaps. The words of removed queries are kept: an index that has seen many more queries
/// than it holds is worth building again.
#[derive(Debug, Clone, Default)]
pub struct Index {
    vocabulary: Vocabulary,
    columns: Columns,
    program: Program,
    waiting: Waiting,
    /// By query.
    entries: Vec<Entry>,
    /// By scanned slot; those before `ordered` are in the order of their queries.
    scanned: Vec<Scanned>,
    live: Vec<u64>,
    ordered: usize,
    free_scanned: Vec<u32>,
    checked: u32,
    free_checked: Vec<u32>,
    /// Whether queries with both words and facts are scanned.
    facts_first: bool,
}

#[derive(Debug, Clone, Copy)]
struct Scanned {
    query: u32,
    code: u32,
}

/// Where a query is kept, so that it can be taken out again.
#[derive(Debug, Clone, Default)]
struct Entry {
    used: bool,
    leaves: Box<[LeafId]>,
    scanned: Option<u32>,
    checked: Option<u32>,
}

/// Buffers for [`Index::matches`] and [`Index::first`]: one per thread, for any number of indexes.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    reading: Reading,
    picked: Picked,
    values: Vec<bool>,
    brought: Brought,
    hits: Vec<u32>,
}

/// The queries that a text has brought up.
#[derive(Debug, Clone, Default)]
struct Brought {
    /// Where they stand in the lists; behind those of this text there may be others.
    places: Vec<u32>,
    /// Those that are left with a program: the query, and where the program starts.
    open: Vec<(u32, u32)>,
}

impl Index {
    /// Compiles queries; their numbers are their places.
    pub fn build<'q>(queries: impl IntoIterator<Item = &'q Query>) -> Self {
        let queries: Vec<&Query> = queries.into_iter().collect();
        let mut index = Self::default();
        index.make_columns(&queries);
        let mut lowered: Vec<Lowered> = queries.iter().map(|query| index.compiler().lower(query)).collect();
        lowered.iter().for_each(|lowered| index.columns.prepare(&lowered.asked));
        let compiler = index.compiler();
        let mut anchors: Vec<Option<Anchor>> =
            lowered.iter().map(|lowered| compiler.anchor(lowered)).collect();
        index.facts_first = index.scanning_pays(&lowered, &anchors);
        index.entries = vec![Entry::default(); queries.len()];
        for (lowered, anchor) in lowered.iter().zip(&anchors) {
            let anchor = anchor.as_ref().filter(|_| !index.scans(lowered));
            for leaf in anchor.into_iter().flat_map(|anchor| &anchor.leaves) {
                index.vocabulary.list_mut(*leaf).into_iter().for_each(Waiting::reserve);
            }
        }
        index.waiting.lay_out(index.vocabulary.lists());
        // Scanned queries in their order. The others beside those that the same leaf brings up, so that what is
        // read together stands together; those that need nothing else first.
        let mut order: Vec<(bool, LeafId, u32)> = (0..)
            .zip(lowered.iter().zip(&anchors))
            .map(|(query, (lowered, anchor))| match anchor {
                Some(anchor) if !index.scans(lowered) => {
                    (anchor.also != ANYTHING, anchor.commonest + 1, query)
                }
                _ => (false, 0, query),
            })
            .collect();
        order.sort_unstable();
        for (.., query) in order {
            let at = query as usize;
            if let (Some(lowered), Some(anchor)) = (lowered.get_mut(at), anchors.get_mut(at)) {
                index.place(query, std::mem::take(lowered), anchor.take());
            }
        }
        index.ordered = index.scanned.len();
        index
    }

    /// Puts a query under a number, in place of the one that is there.
    pub fn insert(&mut self, number: u32, query: &Query) {
        self.take_out(number);
        let lowered = self.compiler().lower(query);
        let anchor = self.compiler().anchor(&lowered);
        if self.entries.len() <= number as usize {
            self.entries.resize(number as usize + 1, Entry::default());
        }
        self.place(number, lowered, anchor);
    }

    /// Takes a query out. False when there is none under that number.
    pub fn remove(&mut self, number: u32) -> bool {
        let used = self.entries.get(number as usize).is_some_and(|entry| entry.used);
        self.take_out(number);
        used
    }

    /// How many queries are in it.
    pub fn len(&self) -> usize {
        self.entries.iter().filter(|entry| entry.used).count()
    }

    /// True when there is no query in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers of the queries that are looked at for every interaction, in order: those that need no word,
    /// and those that the bitmaps answer faster.
    pub fn scanned(&self) -> Vec<u32> {
        let used = self.entries.iter().enumerate().filter(|(_, entry)| entry.used && entry.scanned.is_some());
        used.map(|(number, _)| number as u32).collect()
    }

    /// The numbers of all queries that hold, in order.
    pub fn matches<'s>(&self, facts: &Facts<'_>, scratch: &'s mut Scratch) -> &'s [u32] {
        let mut hits = std::mem::take(&mut scratch.hits);
        let mut brought = std::mem::take(&mut scratch.brought);
        hits.clear();
        let mut run = self.run(facts, scratch);
        let picked = run.picked;
        self.columns.scan(picked, &self.live, |slot| {
            if let Some(scanned) = self.scanned.get(slot as usize)
                && (scanned.code == DIRECT || run.holds(scanned.code))
            {
                hits.push(scanned.query);
            }
            true
        });
        self.waiting(&mut run, &mut brought, |query| hits.push(query));
        hits.extend(brought.open.iter().filter(|(_, code)| run.holds(*code)).map(|(query, _)| query));
        hits.sort_unstable();
        hits.dedup();
        scratch.hits = hits;
        scratch.brought = brought;
        &scratch.hits
    }

    /// The lowest number of a query that holds.
    pub fn first(&self, facts: &Facts<'_>, scratch: &mut Scratch) -> Option<u32> {
        let mut best = NONE;
        let mut brought = std::mem::take(&mut scratch.brought);
        let mut run = self.run(facts, scratch);
        let picked = run.picked;
        self.columns.scan(picked, &self.live, |slot| {
            let ordered = (slot as usize) < self.ordered;
            if let Some(scanned) = self.scanned.get(slot as usize)
                && scanned.query < best
                && (scanned.code == DIRECT || run.holds(scanned.code))
            {
                best = scanned.query;
            }
            // Behind the ordered slots come those of later queries, if there are any.
            !(ordered && best != NONE && self.scanned.len() == self.ordered)
        });
        self.waiting(&mut run, &mut brought, |query| best = best.min(query));
        for (query, code) in &brought.open {
            if *query < best && run.holds(*code) {
                best = *query;
            }
        }
        scratch.brought = brought;
        (best != NONE).then_some(best)
    }

    /// Bytes of the structures, by their capacity.
    pub fn bytes(&self) -> usize {
        let leaves: usize = self.entries.iter().map(|entry| size_of_val(&*entry.leaves)).sum();
        self.vocabulary.bytes()
            + self.columns.bytes()
            + self.program.bytes()
            + self.waiting.bytes()
            + leaves
            + self.entries.capacity() * size_of::<Entry>()
            + self.scanned.capacity() * size_of::<Scanned>()
            + self.live.capacity() * size_of::<u64>()
    }

    /// Picks the rows of the facts, and clears the table of leaves.
    fn run<'r, 't>(&'r self, facts: &'r Facts<'t>, scratch: &'r mut Scratch) -> Run<'r, 't> {
        let Scratch { reading, picked, values, .. } = scratch;
        reading.seen.clear(facts.text().tokens().len() + facts.findings().len());
        self.columns.pick(facts, picked, &mut reading.seen);
        Run {
            program: &self.program,
            vocabulary: &self.vocabulary,
            columns: &self.columns,
            facts,
            picked,
            reading,
            values,
            read: false,
            view: None,
        }
    }

    /// Calls `each` for the queries that wait at a leaf that is there and hold by their signatures, perhaps
    /// more than once; leaves those that need their program.
    ///
    /// In passes, so that none waits for the memory that the next one needs.
    fn waiting(&self, run: &mut Run<'_, '_>, brought: &mut Brought, mut each: impl FnMut(u32)) {
        let Brought { places, open } = brought;
        open.clear();
        if self.waiting.queries == 0 {
            return;
        }
        run.read();
        let (seen, flags) = (run.seen(), run.seen().flags());
        let mut count = 0;
        for leaf in seen.found() {
            let (also, first) = self.waiting.also(self.vocabulary.list(*leaf));
            if places.len() < count + also.len() {
                places.resize(count + also.len(), 0);
            }
            for (at, also) in (first..).step_by(2).zip(also) {
                if let Some(place) = places.get_mut(count) {
                    *place = at;
                }
                count += usize::from(flags.may_have(*also));
            }
        }
        for (none, query, code) in places.iter().take(count).filter_map(|at| self.waiting.rest(*at)) {
            if code & SETTLED != 0 && !flags.may_have(none) {
                each(query);
            } else {
                open.push((query, code & !SETTLED));
            }
        }
    }

    fn compiler(&mut self) -> Compiler<'_> {
        Compiler { vocabulary: &mut self.vocabulary, columns: &mut self.columns, program: &mut self.program }
    }

    /// Gives a column to every field that is asked few different things.
    fn make_columns(&mut self, queries: &[&Query]) {
        let mut asked: BTreeMap<&Field, Vec<&str>> = BTreeMap::new();
        let mut bounds: BTreeMap<&Field, Vec<f64>> = BTreeMap::new();
        for question in queries.iter().flat_map(|query| query.questions()) {
            let words = asked.entry(&question.field).or_default();
            words.extend(question.words());
            bounds.entry(&question.field).or_default().extend(question.bounds());
        }
        for (field, mut words) in asked {
            words.sort_unstable();
            words.dedup();
            let mut bounds = bounds.remove(field).unwrap_or_default();
            bounds.sort_by(f64::total_cmp);
            bounds.dedup();
            if Columns::suits(field, words.len() + bounds.len()) {
                self.columns.add(field.clone());
            }
        }
    }

    /// Whether queries with both words and facts cost less when they are scanned for their facts. The units
    /// are tenths of a nanosecond: half of one to scan a query, 100 to run a program, 500 to read a text.
    fn scanning_pays(&self, lowered: &[Lowered], anchors: &[Option<Anchor>]) -> bool {
        let mut scan = 0_u64;
        let mut wait = 0_u64;
        let mut reads_anyway = false;
        for (lowered, anchor) in lowered.iter().zip(anchors) {
            match anchor {
                Some(anchor) if !lowered.asked.is_empty() => {
                    // Thousandths of the units above, so that nothing is lost to rounding.
                    scan += 500 + 100 * u64::from(self.columns.chance(&lowered.asked));
                    wait += 10 * u64::from(anchor.cost);
                }
                Some(_) => reads_anyway = true,
                None => {}
            }
        }
        scan < wait + if reads_anyway { 0 } else { 500_000 }
    }

    /// Whether a query is scanned though a word could bring it up.
    fn scans(&self, lowered: &Lowered) -> bool {
        self.facts_first && !lowered.asked.is_empty()
    }

    fn place(&mut self, number: u32, lowered: Lowered, anchor: Option<Anchor>) {
        let scans = self.scans(&lowered);
        let Lowered { mut code, asked } = lowered;
        let entry = match anchor {
            Some(anchor) if !scans => self.wait(number, code, &asked, anchor),
            _ => {
                let code = self.keep(&mut code);
                self.scan(number, code, &asked)
            }
        };
        if let Some(place) = self.entries.get_mut(number as usize) {
            *place = entry;
        }
    }

    /// Puts a query where the leaves of its anchor bring it up.
    fn wait(&mut self, number: u32, mut code: Vec<u32>, asked: &[Asked], anchor: Anchor) -> Entry {
        for told in anchor.told {
            code.drain(told);
        }
        let mut checked = None;
        if !asked.is_empty() {
            let slot = self.free_checked.pop().unwrap_or_else(|| {
                self.checked += 1;
                self.checked - 1
            });
            self.columns.set(Side::Checked, slot, asked);
            code.splice(0..0, [program::SLOT | 1 << 4, slot]);
            checked = Some(slot);
        }
        let none = compile::none_of(&code);
        let settled = if none.is_some() { SETTLED } else { 0 };
        let posting = Posting {
            also: anchor.also,
            none: none.unwrap_or(NOTHING),
            query: number,
            code: self.keep(&mut code) | settled,
        };
        for leaf in &anchor.leaves {
            if let Some(list) = self.vocabulary.list_mut(*leaf) {
                self.waiting.push(list, posting);
            }
        }
        self.waiting.queries += 1;
        Entry { used: true, leaves: anchor.leaves.into(), scanned: None, checked }
    }

    fn scan(&mut self, number: u32, code: u32, asked: &[Asked]) -> Entry {
        // Among the ordered slots a free one is for a query of the number it had, which keeps the order.
        let fits = |slot: &u32| {
            *slot as usize >= self.ordered
                || self.scanned.get(*slot as usize).is_some_and(|s| s.query == number)
        };
        let free = self.free_scanned.iter().rposition(fits);
        let slot = match free {
            Some(at) => self.free_scanned.swap_remove(at),
            None => {
                self.scanned.push(Scanned { query: NONE, code: DIRECT });
                self.live.resize(self.scanned.len().div_ceil(64), 0);
                self.scanned.len() as u32 - 1
            }
        };
        if let Some(place) = self.scanned.get_mut(slot as usize) {
            *place = Scanned { query: number, code };
        }
        if let Some(word) = self.live.get_mut(slot as usize / 64) {
            *word |= 1 << (slot % 64);
        }
        self.columns.set(Side::Scanned, slot, asked);
        Entry { used: true, leaves: Box::default(), scanned: Some(slot), checked: None }
    }

    /// Keeps a program, and says where it starts.
    fn keep(&mut self, code: &mut Vec<u32>) -> u32 {
        if code.is_empty() {
            return DIRECT;
        }
        let at = self.program.code.len() as u32;
        self.program.code.append(code);
        self.program.code.push(program::END);
        at
    }

    /// Takes a query out of everything.
    fn take_out(&mut self, number: u32) {
        let Some(entry) = self.entries.get_mut(number as usize).map(std::mem::take) else { return };
        for leaf in &entry.leaves {
            if let Some(list) = self.vocabulary.list_mut(*leaf) {
                self.waiting.remove(list, number);
            }
        }
        self.waiting.queries -= usize::from(!entry.leaves.is_empty());
        self.free_checked.extend(entry.checked);
        if let Some(slot) = entry.scanned
            && let Some(word) = self.live.get_mut(slot as usize / 64)
        {
            *word &= !(1 << (slot % 64));
            self.free_scanned.push(slot);
        }
    }
}
