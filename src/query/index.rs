//! Many queries at once: what a text and its facts bring up, and of that what holds.

use super::Query;
use super::columns::{Asked, Columns};
use super::compile::{self, Anchor, Compiler, Lowered};
use super::groups::Groups;
use super::plain::View;
use super::program::{self, Program, Run, State};
use super::rows::Picked;
use super::seen::{ANYTHING, LeafId, NOTHING};
use super::vocabulary::{Reading, Vocabulary};
use super::waiting::{Posting, SETTLED, Waiting};
use crate::facts::{Facts, Field};
use std::collections::BTreeMap;

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
    groups: Groups,
    /// By query.
    entries: Vec<Entry>,
    /// The queries that the bitmaps stand for. Those before `ordered` are scanned, in the order of their
    /// numbers; those behind are scanned, or checked when a leaf brings them up.
    slots: Vec<Slot>,
    /// The scanned ones.
    live: Vec<u64>,
    ordered: usize,
    /// How many are scanned behind those in order.
    unordered: usize,
    free: Vec<u32>,
    /// Whether queries with both words and facts are scanned.
    facts_first: bool,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    query: u32,
    code: u32,
}

/// Where a query is kept, so that it can be taken out again.
#[derive(Debug, Clone, Default)]
struct Entry {
    used: bool,
    /// Where it waits; none when it is scanned.
    leaves: Box<[LeafId]>,
    slot: Option<u32>,
}

/// A query on its way in.
struct Placed {
    /// The leaves that bring it up, unless it is scanned.
    anchor: Option<Anchor>,
    lowered: Lowered,
    query: u32,
}

impl Placed {
    /// Scanned queries in their order; then those that ask about facts, then the others, each beside those that
    /// the same leaf brings up, so that what is read together stands together; those that need nothing else
    /// first.
    fn rank(&self) -> (bool, bool, bool, LeafId, u32) {
        match &self.anchor {
            None => (false, false, false, 0, self.query),
            Some(Anchor { also, commonest, .. }) => {
                let no_facts = self.lowered.asked.is_empty();
                (true, no_facts, no_facts && *also != ANYTHING, *commonest, self.query)
            }
        }
    }

    /// Whether it needs a slot in the bitmaps.
    fn in_bitmaps(&self) -> bool {
        self.anchor.is_none() || !self.lowered.asked.is_empty()
    }
}

/// Buffers for [`Index::matches`] and [`Index::first`]: one per thread, for any number of indexes.
///
/// ```
/// use hearken::facts::{Facts, Scope};
/// use hearken::query::{Index, Query, Scratch};
/// use hearken::text::Text;
///
/// let parse = |source| Query::parse(source, Scope::Monitor).unwrap();
/// let (brands, wishes) = (Index::build(&[parse("acme"), parse("lumora")]), Index::build(&[parse("buy OR need")]));
/// // One for both of them, and for every post to come; nothing of one post shows in the next.
/// let mut scratch = Scratch::default();
/// let mut found = |text: &str| {
///     let text = Text::new(text);
///     let facts = Facts::new(&text);
///     (brands.matches(&facts, &mut scratch).to_vec(), wishes.matches(&facts, &mut scratch).to_vec())
/// };
/// assert_eq!(found("I need a lamp from Lumora"), (vec![1], vec![0]));
/// assert_eq!(found("hello"), (vec![], vec![]));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    reading: Reading,
    picked: Picked,
    counts: Vec<u32>,
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
        let lowered: Vec<Lowered> = queries.iter().map(|query| index.compiler().lower(query)).collect();
        lowered.iter().for_each(|lowered| index.columns.prepare(&lowered.asked));
        let compiler = index.compiler();
        let anchors: Vec<Option<Anchor>> = lowered.iter().map(|lowered| compiler.anchor(lowered)).collect();
        index.facts_first = index.scanning_pays(&lowered, &anchors);
        index.entries = vec![Entry::default(); queries.len()];
        let mut all: Vec<Placed> = (0..)
            .zip(lowered.into_iter().zip(anchors))
            .map(|(query, (lowered, anchor))| index.placed(query, lowered, anchor))
            .collect();
        all.sort_by_cached_key(Placed::rank);
        index.reserve(&all);
        index.ordered = all.partition_point(|placed| placed.anchor.is_none());
        all.into_iter().for_each(|placed| index.place(placed));
        index
    }

    /// Puts a query under a number, in place of the one that is there.
    pub fn insert(&mut self, number: u32, query: &Query) {
        self.take_out(number);
        let lowered = self.compiler().lower(query);
        let anchor = self.compiler().anchor(&lowered);
        self.columns.prepare(&lowered.asked);
        if self.entries.len() <= number as usize {
            self.entries.resize(number as usize + 1, Entry::default());
        }
        let placed = self.placed(number, lowered, anchor);
        self.place(placed);
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
        let scanned =
            self.entries.iter().enumerate().filter(|(_, entry)| entry.used && entry.leaves.is_empty());
        scanned.map(|(number, _)| number as u32).collect()
    }

    /// The numbers of all queries that hold, in order.
    pub fn matches<'s>(&self, facts: &Facts<'_>, scratch: &'s mut Scratch) -> &'s [u32] {
        self.matches_in(facts, scratch, &mut None)
    }

    /// [`matches`](Index::matches) for one of several who look at the same text; the first of them makes the view.
    pub(crate) fn matches_in<'s, 't>(
        &self,
        facts: &Facts<'t>,
        scratch: &'s mut Scratch,
        view: &mut Option<View<'t>>,
    ) -> &'s [u32] {
        let mut hits = std::mem::take(&mut scratch.hits);
        let mut brought = std::mem::take(&mut scratch.brought);
        hits.clear();
        let (picked, mut run) = self.run(facts, scratch, view);
        self.columns.scan(picked, &self.live, |slot| {
            if let Some(slot) = self.slots.get(slot as usize)
                && run.holds(slot.code)
            {
                hits.push(slot.query);
            }
            true
        });
        self.grouped(picked, &mut run, |slot, run| {
            if run.holds(slot.code) {
                hits.push(slot.query);
            }
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
        let mut view = None;
        let (picked, mut run) = self.run(facts, scratch, &mut view);
        self.columns.scan(picked, &self.live, |slot| {
            if let Some(slot) = self.slots.get(slot as usize)
                && slot.query < best
                && run.holds(slot.code)
            {
                best = slot.query;
            }
            best == NONE || self.unordered > 0
        });
        self.grouped(picked, &mut run, |slot, run| {
            if slot.query < best && run.holds(slot.code) {
                best = slot.query;
            }
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
            + self.groups.bytes()
            + leaves
            + self.entries.capacity() * size_of::<Entry>()
            + self.slots.capacity() * size_of::<Slot>()
            + self.live.capacity() * size_of::<u64>()
    }

    /// Picks the rows of the facts.
    #[inline]
    fn run<'r, 't>(
        &'r self,
        facts: &'r Facts<'t>,
        scratch: &'r mut Scratch,
        view: &'r mut Option<View<'t>>,
    ) -> (&'r Picked, Run<'r, 't>) {
        let Scratch { reading, picked, counts, .. } = scratch;
        if self.columns.leaves {
            reading.seen.clear(facts.text().tokens().len() + facts.findings().len());
        }
        self.columns.pick(facts, picked, &mut reading.seen);
        let (program, vocabulary) = (&self.program, &self.vocabulary);
        let state = if self.columns.leaves { State::Cleared } else { State::New };
        (picked, Run { program, vocabulary, facts, reading, counts, state, view })
    }

    /// Calls `each` for every query that waits at a leaf that is there and is content with the facts.
    #[inline]
    fn grouped<'r, 't>(
        &self,
        picked: &Picked,
        run: &mut Run<'r, 't>,
        mut each: impl FnMut(Slot, &mut Run<'r, 't>),
    ) {
        if self.groups.is_empty() {
            return;
        }
        run.read();
        let mut at = 0;
        while let Some(leaf) = run.seen().found().get(at) {
            at += 1;
            for (word, slots) in self.groups.of(*leaf) {
                self.columns.check(picked, word, slots, |slot| {
                    if let Some(slot) = self.slots.get(slot as usize) {
                        each(*slot, run);
                    }
                });
            }
        }
    }

    /// Calls `each` for the other queries that wait at a leaf that is there and hold by their signatures, perhaps
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

    /// Decides whether a query waits; not when it asks about facts and scanning pays.
    fn placed(&self, query: u32, lowered: Lowered, anchor: Option<Anchor>) -> Placed {
        let scanned = self.facts_first && !lowered.asked.is_empty();
        Placed { anchor: anchor.filter(|_| !scanned), lowered, query }
    }

    /// Makes room for all that is to be placed.
    fn reserve(&mut self, all: &[Placed]) {
        for placed in all.iter().filter(|placed| !placed.in_bitmaps()) {
            for leaf in placed.anchor.iter().flat_map(|anchor| &anchor.leaves) {
                self.vocabulary.list_mut(*leaf).into_iter().for_each(Waiting::reserve);
            }
        }
        self.waiting.lay_out(self.vocabulary.lists());
        let slots = all.iter().filter(|placed| placed.in_bitmaps()).count();
        self.columns.widen(slots);
        self.slots.reserve_exact(slots);
    }

    fn place(&mut self, placed: Placed) {
        let in_bitmaps = placed.in_bitmaps();
        let Placed { anchor, lowered: Lowered { mut code, asked }, query } = placed;
        let scanned = anchor.is_none();
        let Anchor { leaves, also, told, told_too, .. } = anchor.unwrap_or_default();
        // Where the bitmaps are asked, the signature is not.
        let mut told: Vec<_> = told.into_iter().chain(told_too.filter(|_| !in_bitmaps)).collect();
        told.sort_by_key(|range| std::cmp::Reverse(range.start));
        for told in told {
            code.drain(told);
        }
        let none = compile::none_of(&code);
        let code = self.keep(&code);
        let slot = in_bitmaps.then(|| self.slot(Slot { query, code }, scanned, &asked));
        for leaf in &leaves {
            if let Some(slot) = slot {
                self.groups.add(*leaf, slot);
            } else if let Some(list) = self.vocabulary.list_mut(*leaf) {
                let settled = if none.is_some() { SETTLED } else { 0 };
                let none = none.unwrap_or(NOTHING);
                self.waiting.push(list, Posting { also, none, query, code: code | settled });
            }
        }
        self.waiting.queries += usize::from(slot.is_none());
        if let Some(entry) = self.entries.get_mut(query as usize) {
            *entry = Entry { used: true, leaves: leaves.into(), slot };
        }
    }

    /// Takes a slot of the bitmaps.
    fn slot(&mut self, mine: Slot, scanned: bool, asked: &[Asked]) -> u32 {
        // Among those in order a free one is for a scanned query of the number it had, which keeps the order.
        let fits = |slot: &u32| {
            *slot as usize >= self.ordered
                || scanned && self.slots.get(*slot as usize).is_some_and(|slot| slot.query == mine.query)
        };
        let slot = match self.free.iter().rposition(fits) {
            Some(at) => self.free.swap_remove(at),
            None => {
                self.slots.push(mine);
                if self.slots.len() > self.columns.room() {
                    self.columns.widen(self.slots.len() * 2);
                }
                self.slots.len() as u32 - 1
            }
        };
        if let Some(place) = self.slots.get_mut(slot as usize) {
            *place = mine;
        }
        let word = slot as usize / 64;
        if scanned && self.live.len() <= word {
            self.live.resize(word + 1, 0);
        }
        if let Some(word) = self.live.get_mut(word).filter(|_| scanned) {
            *word |= 1 << (slot % 64);
            self.unordered += usize::from(slot as usize >= self.ordered);
        }
        self.columns.set(slot, asked);
        slot
    }

    /// Keeps a program, and says where it starts.
    fn keep(&mut self, code: &[u32]) -> u32 {
        if code.is_empty() {
            return program::DIRECT;
        }
        let at = self.program.code.len() as u32;
        compile::runnable(code, &mut self.program.code);
        at
    }

    /// Takes a query out of everything.
    fn take_out(&mut self, number: u32) {
        let Some(entry) = self.entries.get_mut(number as usize).map(std::mem::take) else { return };
        for leaf in &entry.leaves {
            if let Some(slot) = entry.slot {
                self.groups.remove(*leaf, slot);
            } else if let Some(list) = self.vocabulary.list_mut(*leaf) {
                self.waiting.remove(list, number);
            }
        }
        let Some(slot) = entry.slot else {
            self.waiting.queries -= usize::from(entry.used);
            return;
        };
        if let Some(word) = self.live.get_mut(slot as usize / 64) {
            let scanned = *word >> (slot % 64) & 1 == 1;
            *word &= !(1 << (slot % 64));
            self.unordered -= usize::from(scanned && slot as usize >= self.ordered);
        }
        self.columns.free(slot);
        self.free.push(slot);
    }
}
