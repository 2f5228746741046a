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

pub(super) mod inbox;
pub(super) mod planned;
pub(super) mod story;
pub(super) mod thread;
pub(super) mod timeline;

use super::shelf::{Rows, Shelf, Stop, Want};
use crate::store::{AsyncStore, DecodeError, Key, Scan, Store};

/// Something to read: a page of it, from the rows on a shelf.
///
/// ```
/// use hearken::engine::{Inbox, Missing, Rows, Shelf, View};
/// use hearken::store::MemoryStore;
///
/// let (store, view) = (MemoryStore::default(), Inbox::of("acme"));
/// let mut shelf = Shelf::default();
/// let page = loop {
///     match view.read(&shelf) {
///         Ok(page) => break page,
///         Err(Missing::Rows(lookup)) => {
///             let rows = Rows::fetch(&store, lookup.keys(), lookup.scans()).unwrap();
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
///
/// ```
/// use hearken::engine::{Inbox, Missing, Shelf, View};
///
/// match Inbox::of("acme").read(&Shelf::default()) {
///     Err(Missing::Rows(lookup)) => assert_eq!(lookup.scans().len(), 1, "look these up, supply them, read again"),
///     Err(Missing::Unreadable(error)) => panic!("no further look-up helps: {error}"),
///     Ok(_) => panic!("nothing is known yet"),
/// }
/// ```
#[derive(Debug)]
pub enum Missing {
    /// These rows must be looked up.
    Rows(Lookup),
    /// A stored record cannot be read.
    Unreadable(DecodeError),
}

/// Rows that a view waits for. The page of [`View`] shows the whole loop.
///
/// ```
/// use hearken::engine::{Inbox, Missing, Shelf, View};
///
/// let Err(Missing::Rows(lookup)) = Inbox::of("acme").read(&Shelf::default()) else { panic!() };
/// assert_eq!((lookup.keys().len(), lookup.scans().len()), (0, 1));
/// ```
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

impl Shelf {
    /// Puts what was looked up for a view on the shelf; what is missing counts as absent.
    pub fn supply(&mut self, lookup: Lookup, rows: Rows) {
        self.take(lookup.0.keys, lookup.0.scans, rows);
    }
}

/// Why a view could not be read.
///
/// ```
/// use hearken::engine::{Inbox, LookError, look};
/// use hearken::store::{Changes, Commit, Key, Row, Scan, Store};
///
/// struct Down;
/// impl Store for Down {
///     type Error = &'static str;
///     fn load(&self, _: &[Key]) -> Result<Vec<Option<Row>>, Self::Error> { Err("no connection") }
///     fn scan(&self, _: &Scan) -> Result<Vec<(Key, Row)>, Self::Error> { Err("no connection") }
///     fn commit(&mut self, _: &Changes) -> Result<Commit, Self::Error> { Err("no connection") }
/// }
/// // The database's own error comes back as it was: whether to try again is the host's to say.
/// let error = look(&Inbox::of("acme"), &Down).map(drop).unwrap_err();
/// assert!(matches!(error, LookError::Store("no connection")));
/// ```
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
                let rows = Rows::fetch(store, lookup.keys(), lookup.scans());
                shelf.supply(lookup, rows.map_err(LookError::Store)?);
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
                let rows = Rows::fetch_async(store, lookup.keys(), lookup.scans()).await;
                shelf.supply(lookup, rows.map_err(LookError::Store)?);
            }
        }
    }
}
