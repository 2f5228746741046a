//! The queries that wait at leaves: for every leaf a list, all lists in one place.

/// A query that waits at a leaf.
#[derive(Debug, Clone, Copy)]
pub(super) struct Posting {
    /// One of these leaves must be there as well, by their lower bits; see [`Seen::may_have`].
    ///
    /// [`Seen::may_have`]: super::seen::Seen::may_have
    pub(super) also: [u16; 4],
    pub(super) query: u32,
    /// Where its program starts.
    pub(super) code: u32,
}

/// Where the list of a leaf stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct List {
    start: u32,
    len: u32,
    room: u32,
}

/// Every list, one behind the other. A list that outgrows its room moves to the end.
#[derive(Debug, Clone, Default)]
pub(super) struct Waiting {
    postings: Vec<Posting>,
    /// Queries that wait, each counted once.
    pub(super) queries: usize,
}

const NOBODY: Posting = Posting { also: [0; 4], query: u32::MAX, code: 0 };

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
            end += list.room;
        }
        self.postings = vec![NOBODY; end as usize];
    }

    #[inline]
    pub(super) fn get(&self, list: List) -> &[Posting] {
        self.postings.get(list.start as usize..(list.start + list.len) as usize).unwrap_or(&[])
    }

    pub(super) fn push(&mut self, list: &mut List, posting: Posting) {
        if list.len == list.room {
            let (start, end) = (list.start as usize, (list.start + list.len) as usize);
            list.start = self.postings.len() as u32;
            list.room = (list.room * 2).max(2);
            self.postings.extend_from_within(start..end);
            self.postings.resize((list.start + list.room) as usize, NOBODY);
        }
        if let Some(place) = self.postings.get_mut((list.start + list.len) as usize) {
            *place = posting;
            list.len += 1;
        }
    }

    /// Takes a query out of a list; the order of the others stays.
    pub(super) fn remove(&mut self, list: &mut List, query: u32) {
        let (start, end) = (list.start as usize, (list.start + list.len) as usize);
        if let Some(at) = self.get(*list).iter().position(|posting| posting.query == query) {
            self.postings.copy_within(start + at + 1..end, start + at);
            list.len -= 1;
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.postings.capacity() * size_of::<Posting>()
    }
}
