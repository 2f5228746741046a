//! The queries that wait at leaves: for every leaf a list, all lists in one place.

use super::seen::Signature;

/// A query that waits at a leaf.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    /// One of these leaves must be there as well.
    pub(super) also: Signature,
    /// If none of these is there, a [`SETTLED`] query holds.
    pub(super) none: Signature,
    pub(super) query: u32,
    /// Where its program starts, and perhaps [`SETTLED`].
    pub(super) code: u32,
}

/// In the place of a program: the signatures say all, unless a leaf of `none` may be there.
pub(super) const SETTLED: u32 = 1 << 31;

/// Where the list of a leaf stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct List {
    start: u32,
    len: u32,
    room: u32,
}

/// Every list, one behind the other. A list that outgrows its room moves to the end.
///
/// ```text
/// also also also …    none place none place none place …      place: the query and its program
/// ╰─── room ────╯     ╰───────────── room ──────────────╯
/// ```
///
/// What turns most queries away stands close together; the rest is looked at for those that pass.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting {
    words: Vec<[u16; 4]>,
    /// Queries that wait, each counted once.
    pub(super) queries: usize,
}

impl Waiting {
    /// Gives a new list room for one posting more. Before the first posting only.
    pub(super) fn reserve(list: &mut List) {
        list.room += 1;
    }

    /// Lays out the lists, once room has been reserved.
    pub(super) fn lay_out<'l>(&mut self, lists: impl Iterator<Item = &'l mut List>) {
        let mut end = 0;
        for list in lists {
            list.start = end;
            end += 3 * list.room;
        }
        self.words = vec![[0; 4]; end as usize];
    }

    /// The first signatures of a list, and where what belongs to the first of them stands.
    #[inline]
    pub(super) fn also(&self, list: List) -> (&[Signature], u32) {
        let start = list.start as usize;
        (self.words.get(start..start + list.len as usize).unwrap_or(&[]), list.start + list.room)
    }

    /// What belongs to a signature: the other signature, the query, and its program.
    #[inline]
    pub(super) fn rest(&self, at: u32) -> Option<(Signature, u32, u32)> {
        let [none, [a, b, c, d]] = *self.words.get(at as usize..)?.first_chunk()?;
        let join = |low, high| u32::from(low) | u32::from(high) << 16;
        Some((none, join(a, b), join(c, d)))
    }

    pub(super) fn push(&mut self, list: &mut List, posting: Posting) {
        if list.len == list.room {
            self.move_to_end(list);
        }
        self.put(list, list.len, posting);
        list.len += 1;
    }

    /// Takes a query out of a list; the order of the others stays.
    pub(super) fn remove(&mut self, list: &mut List, query: u32) {
        let of = |at: &u32| self.posting(list, *at).is_some_and(|posting| posting.query == query);
        if let Some(at) = (0..list.len).find(of) {
            list.len -= 1;
            for at in at..list.len {
                let next = self.posting(list, at + 1);
                next.into_iter().for_each(|next| self.put(list, at, next));
            }
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<[u16; 4]>()
    }

    fn move_to_end(&mut self, list: &mut List) {
        let room = (list.room * 2).max(2);
        let moved = List { start: self.words.len() as u32, len: list.len, room };
        self.words.resize(self.words.len() + 3 * room as usize, [0; 4]);
        for at in 0..list.len {
            self.posting(list, at).into_iter().for_each(|posting| self.put(&moved, at, posting));
        }
        *list = moved;
    }

    fn posting(&self, list: &List, at: u32) -> Option<Posting> {
        let also = *self.words.get((list.start + at) as usize)?;
        let (none, query, code) = self.rest(list.start + list.room + 2 * at)?;
        Some(Posting { also, none, query, code })
    }

    fn put(&mut self, list: &List, at: u32, posting: Posting) {
        let Posting { also, none, query, code } = posting;
        if let Some(word) = self.words.get_mut((list.start + at) as usize) {
            *word = also;
        }
        let rest = self.words.get_mut((list.start + list.room + 2 * at) as usize..);
        if let Some([first, second, ..]) = rest {
            let [low, high] = [|n: u32| n as u16, |n: u32| (n >> 16) as u16];
            (*first, *second) = (none, [low(query), high(query), low(code), high(code)]);
        }
    }
}
