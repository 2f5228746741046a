//! What was looked up, and what must still be: the one way by which turns and views come to their rows.

use super::turn::{Answer, Question};
use crate::store::{AsyncStore, DecodeError, Key, Row, Scan, Store};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many times as long as a page the next is, where all of something is read.
const LONGER: usize = 16;

/// Keys, scans and questions that somebody waits for.
#[derive(Debug, Default)]
pub(super) struct Want {
    pub(super) keys: Vec<Key>,
    pub(super) scans: Vec<Scan>,
    pub(super) questions: Vec<Question>,
    pub(super) hints: Vec<Key>,
}

/// Why a handler or a view stopped.
#[derive(Debug)]
pub(super) enum Stop {
    /// It must know more.
    Need(Want),
    /// A stored record does not decode.
    Unreadable(DecodeError),
}

impl From<DecodeError> for Stop {
    fn from(error: DecodeError) -> Self {
        Self::Unreadable(error)
    }
}

/// What a host looked up for a [`Need`](super::Need) or a [`Lookup`](super::Lookup).
///
/// ```
/// use hearken::engine::{Engine, Event, Rows, Step};
/// use hearken::model::Timestamp;
///
/// let engine = Engine::builder("acme").build().unwrap();
/// let Step::Need(need) = engine.begin(&Event::Due, Timestamp::from_secs(60)) else { panic!() };
/// // A host with tables of its own hands over a row or `None` for each key, and a page for each scan.
/// let mut rows = Rows::new(need.keys().iter().map(|_| None).collect());
/// need.scans().iter().for_each(|_| rows.page(Vec::new()));
/// assert!(matches!(need.supply(rows), Step::Done(_)), "no timer is there, so there is no more to ask");
/// ```
#[derive(Debug, Default)]
pub struct Rows {
    pub(super) rows: Vec<Option<Row>>,
    pub(super) pages: Vec<Vec<(Key, Row)>>,
    pub(super) answers: Vec<Answer>,
}

impl Rows {
    /// The rows of the keys, in their order.
    pub fn new(rows: Vec<Option<Row>>) -> Self {
        Self { rows, pages: Vec::new(), answers: Vec::new() }
    }

    /// Looks keys and scans up in a store.
    ///
    /// # Errors
    /// Those of the store.
    pub fn fetch<S: Store>(store: &S, keys: &[Key], scans: &[Scan]) -> Result<Self, S::Error> {
        let mut rows = Self::new(store.load(keys)?);
        for scan in scans {
            rows.page(store.scan(scan)?);
        }
        Ok(rows)
    }

    /// [`fetch`](Rows::fetch) from an asynchronous store.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn fetch_async<S: AsyncStore>(
        store: &S,
        keys: &[Key],
        scans: &[Scan],
    ) -> Result<Self, S::Error> {
        let mut rows = Self::new(store.load(keys).await?);
        for scan in scans {
            rows.page(store.scan(scan).await?);
        }
        Ok(rows)
    }

    /// Adds the page of the next of the scans.
    pub fn page(&mut self, page: Vec<(Key, Row)>) {
        self.pages.push(page);
    }

    /// Adds the answer to the next of [`Need::questions`](super::Need::questions).
    pub fn answer(&mut self, answer: Answer) {
        self.answers.push(answer);
    }
}

/// What was looked up so far, for a turn or for a view.
///
/// ```
/// use hearken::engine::{Inbox, Missing, Rows, Shelf, View};
///
/// let (view, mut shelf) = (Inbox::of("acme"), Shelf::default());
/// let Err(Missing::Rows(lookup)) = view.read(&shelf) else { panic!("an empty shelf knows nothing") };
/// // What the host did not find counts as absent: the view is not stopped by it a second time.
/// shelf.supply(lookup, Rows::default());
/// assert!(view.read(&shelf).unwrap().cases.is_empty());
/// ```
#[derive(Debug, Default)]
pub struct Shelf {
    rows: BTreeMap<Key, Option<Row>>,
    pages: BTreeMap<Scan, Vec<(Key, Row)>>,
}

impl Shelf {
    /// Puts what was looked up on the shelf; what is missing counts as absent. Hands the answers on.
    pub(super) fn take(&mut self, keys: Vec<Key>, scans: Vec<Scan>, rows: Rows) -> Vec<Answer> {
        let (mut found, mut pages) = (rows.rows.into_iter(), rows.pages.into_iter());
        for key in keys {
            self.rows.insert(key, found.next().flatten());
        }
        for scan in scans {
            self.pages.insert(scan, pages.next().unwrap_or_default());
        }
        rows.answers
    }

    /// Stops unless all these are known: one round for all of them, each once.
    pub(super) fn want<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k Key>,
        scans: impl IntoIterator<Item = &'k Scan>,
    ) -> Result<(), Stop> {
        let mut want = Want::default();
        for key in keys {
            if !self.rows.contains_key(key) {
                want.keys.push(key.clone());
            }
        }
        for scan in scans {
            if !self.pages.contains_key(scan) {
                want.scans.push(scan.clone());
            }
        }
        want.keys.sort_unstable();
        want.keys.dedup();
        want.scans.sort_unstable();
        want.scans.dedup();
        if want.keys.is_empty() && want.scans.is_empty() { Ok(()) } else { Err(Stop::Need(want)) }
    }

    /// The value under a key.
    pub(super) fn get<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        key: &Key,
    ) -> Result<Option<Arc<T>>, Stop> {
        match self.rows.get(key) {
            Some(Some(row)) => Ok(Some(row.record.decode()?)),
            Some(None) => Ok(None),
            None => Err(Stop::Need(Want { keys: vec![key.clone()], ..Want::default() })),
        }
    }

    /// The rows of a scan.
    pub(super) fn page(&self, scan: &Scan) -> Result<&[(Key, Row)], Stop> {
        match self.pages.get(scan) {
            Some(page) => Ok(page),
            None => Err(Stop::Need(Want { scans: vec![scan.clone()], ..Want::default() })),
        }
    }

    /// The keys of all rows that some scans meet, in order, page after page. The next pages of all of them are looked up
    /// together, and each is many times as long as the one before: however many scans and rows, a few lookups do.
    pub(super) fn all(&self, mut scans: Vec<Scan>) -> Result<Vec<&Key>, Stop> {
        let mut keys = Vec::new();
        while !scans.is_empty() {
            self.want([], &scans)?;
            let mut further = Vec::new();
            for scan in scans {
                let page = self.page(&scan)?;
                keys.extend(page.iter().map(|(key, _)| key));
                if let Some((last, _)) = page.last().filter(|_| page.len() >= scan.limit) {
                    further.push(Scan { limit: scan.limit.saturating_mul(LONGER), ..scan.after(last.id()) });
                }
            }
            scans = further;
        }
        Ok(keys)
    }

    /// The row under a key that was looked up.
    pub(super) fn row(&self, key: &Key) -> Option<&Row> {
        self.rows.get(key).and_then(Option::as_ref)
    }

    /// Everything that was looked up by key.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Key, &Option<Row>)> {
        self.rows.iter()
    }
}
