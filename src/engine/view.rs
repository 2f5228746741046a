//! Reading what the engine has written, from any store: pages of conversations, timelines, stories and inboxes.
//!
//! ```text
//! view.read(shelf) ──► Missing(keys, scans) ──► host looks them up ──► shelf.supply ──┐
//!        ▲                                                                             │
//!        └─────────────────────────────────────────────────────────────────────────────┘
//!        └──► page
//! ```
//!
//! A view says what it must know until it knows enough, as a turn does; [`look`] and [`look_async`] are the loops
//! over it. It writes nothing.

use super::Rows;
use super::turn::{Stop, Want};
use crate::store::{AsyncStore, DecodeError, Key, Row, Scan, Store};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Something to read: a page of it, from the rows on a shelf.
///
/// ```
/// use hearken::engine::{Inbox, Missing, Rows, Shelf, View};
/// use hearken::store::{MemoryStore, Store};
///
/// let (store, view) = (MemoryStore::default(), Inbox::of("acme"));
/// let mut shelf = Shelf::default();
/// let page = loop {
///     match view.read(&shelf) {
///         Ok(page) => break page,
///         Err(Missing::Rows(lookup)) => {
///             let mut rows = Rows::new(store.load(lookup.keys()).unwrap());
///             lookup.scans().iter().for_each(|scan| rows.page(store.scan(scan).unwrap()));
///             shelf.supply(lookup, rows);
///         }
///         Err(Missing::Unreadable(error)) => panic!("{error}"),
///     }
/// };
/// assert!(page.cases.is_empty());
/// ```
pub trait View {
    /// What is read.
    type Page;

    /// The page, or what must be looked up first.
    ///
    /// # Errors
    /// [`Missing::Rows`] until the shelf holds enough; [`Missing::Unreadable`] when a stored record does not decode.
    fn read(&self, shelf: &Shelf) -> Result<Self::Page, Missing>;
}

/// Why a view gives no page yet.
#[derive(Debug)]
pub enum Missing {
    /// These rows must be looked up.
    Rows(Lookup),
    /// A stored record cannot be read.
    Unreadable(DecodeError),
}

/// Rows that a view waits for.
#[derive(Debug)]
pub struct Lookup(Want);

impl Lookup {
    /// Keys to load, each once.
    pub fn keys(&self) -> &[Key] {
        &self.0.keys
    }

    /// Pages to scan.
    pub fn scans(&self) -> &[Scan] {
        &self.0.scans
    }
}

impl From<DecodeError> for Missing {
    fn from(error: DecodeError) -> Self {
        Self::Unreadable(error)
    }
}

impl From<Stop> for Missing {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Need(want) => Self::Rows(Lookup(want)),
            Stop::Unreadable(error) => Self::Unreadable(error),
        }
    }
}

/// What was looked up for a view so far.
#[derive(Debug, Default)]
pub struct Shelf {
    rows: BTreeMap<Key, Option<Row>>,
    pages: BTreeMap<Scan, Vec<(Key, Row)>>,
}

impl Shelf {
    /// Puts what was looked up on the shelf; what is missing counts as absent.
    pub fn supply(&mut self, lookup: Lookup, rows: Rows) {
        let (mut rows, mut pages) = (rows.rows.into_iter(), rows.pages.into_iter());
        for key in lookup.0.keys {
            self.rows.insert(key, rows.next().flatten());
        }
        for scan in lookup.0.scans {
            self.pages.insert(scan, pages.next().unwrap_or_default());
        }
    }

    /// Stops unless all these are known: one round for all of them.
    pub(super) fn want<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k Key>,
        scans: impl IntoIterator<Item = &'k Scan>,
    ) -> Result<(), Missing> {
        let mut want = Want::default();
        want.keys.extend(keys.into_iter().filter(|key| !self.rows.contains_key(key)).cloned());
        want.scans.extend(scans.into_iter().filter(|scan| !self.pages.contains_key(scan)).cloned());
        want.keys.sort();
        want.keys.dedup();
        if want.keys.is_empty() && want.scans.is_empty() { Ok(()) } else { Err(Missing::Rows(Lookup(want))) }
    }

    /// The value under a key.
    pub(super) fn get<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        key: &Key,
    ) -> Result<Option<Arc<T>>, Missing> {
        self.want([key], [])?;
        match self.rows.get(key).and_then(Option::as_ref) {
            Some(row) => Ok(Some(row.record.decode()?)),
            None => Ok(None),
        }
    }

    /// The rows of a scan.
    pub(super) fn page(&self, scan: &Scan) -> Result<&[(Key, Row)], Missing> {
        self.want([], [scan])?;
        Ok(self.pages.get(scan).map_or(&[], Vec::as_slice))
    }

    /// The keys of all rows that a scan meets, page after page.
    pub(super) fn all(&self, scan: Scan) -> Result<Vec<&Key>, Missing> {
        let (mut scan, mut keys) = (scan, Vec::new());
        loop {
            let page = self.page(&scan)?;
            keys.extend(page.iter().map(|(key, _)| key));
            match page.last().filter(|_| page.len() >= scan.limit) {
                Some((last, _)) => scan = scan.after(last.id()),
                None => return Ok(keys),
            }
        }
    }
}

/// Why a view could not be read.
#[non_exhaustive]
#[derive(Debug, thiserror::Error)]
pub enum LookError<E> {
    /// The database failed.
    #[error("the store failed: {0}")]
    Store(E),
    /// A stored record cannot be read.
    #[error(transparent)]
    Unreadable(DecodeError),
}

/// Reads a page of a view.
///
/// # Errors
/// See [`LookError`].
pub fn look<V: View, S: Store>(view: &V, store: &S) -> Result<V::Page, LookError<S::Error>> {
    let mut shelf = Shelf::default();
    loop {
        match view.read(&shelf) {
            Ok(page) => return Ok(page),
            Err(Missing::Unreadable(error)) => return Err(LookError::Unreadable(error)),
            Err(Missing::Rows(lookup)) => {
                let mut rows = Rows::new(store.load(lookup.keys()).map_err(LookError::Store)?);
                for scan in lookup.scans() {
                    rows.page(store.scan(scan).map_err(LookError::Store)?);
                }
                shelf.supply(lookup, rows);
            }
        }
    }
}

/// [`look`] for an asynchronous store.
///
/// # Errors
/// See [`LookError`].
pub async fn look_async<V: View, S: AsyncStore>(view: &V, store: &S) -> Result<V::Page, LookError<S::Error>> {
    let mut shelf = Shelf::default();
    loop {
        match view.read(&shelf) {
            Ok(page) => return Ok(page),
            Err(Missing::Unreadable(error)) => return Err(LookError::Unreadable(error)),
            Err(Missing::Rows(lookup)) => {
                let mut rows = Rows::new(store.load(lookup.keys()).await.map_err(LookError::Store)?);
                for scan in lookup.scans() {
                    rows.page(store.scan(scan).await.map_err(LookError::Store)?);
                }
                shelf.supply(lookup, rows);
            }
        }
    }
}
