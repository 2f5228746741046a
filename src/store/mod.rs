//! Where records live: a contract small enough for any database, and the store in memory that keeps it.
//!
//! ```text
//!            load(keys) ──► rows with versions ──┐
//! turn ◄──── scan(prefix) ─► rows in key order ──┤
//!   │                                            │
//!   └──► Changes { reads, puts, deletes } ──► commit ──► Done │ Conflict(keys)
//! ```
//!
//! One table `(tenant, kind, id, version, schema, subject, body)` with the first three as its key is a whole
//! backend. Effects that wait for the host (the outbox) and receipts are records like any other, so one
//! transaction covers them. A [`Record`] is opaque to a store: its owner encodes and decodes it.
//!
//! ```
//! use hearken::model::Tenant;
//! use hearken::store::{Changes, Commit, Key, Kind, MemoryStore, Record, Store, Version};
//!
//! let mut store = MemoryStore::default();
//! let key = Key::new(&Tenant::from("acme"), Kind::Customer, "c-1");
//! let mut changes = Changes::default();
//! changes.read(key.clone(), Version::ABSENT);
//! changes.put(key.clone(), Record::new(1, &"Ann"));
//! assert_eq!(store.commit(&changes).unwrap(), Commit::Done);
//! // Whoever read "absent" in the meantime is told, and decides again.
//! assert_eq!(store.commit(&changes).unwrap(), Commit::Conflict(vec![key.clone()]));
//! let rows = store.load(&[key]).unwrap();
//! assert_eq!(*rows[0].as_ref().unwrap().record.decode::<String>().unwrap(), "Ann");
//! ```
//!
//! # Schema
//! Every record says under which version of the library's shapes it was written ([`SCHEMA`] today). A field that is
//! added is optional, and what is not known survives in the model's `extensions`: neither raises the version.
//! Versions below `SCHEMA` are read as they stand or brought up to date by their owner before they are decoded; a
//! record of a newer version is refused by [`Record::decode`], and a turn that meets one changes nothing
//! (`Drop::Unreadable`), so that an old program never writes over what it does not understand.

#[cfg(feature = "testkit")]
mod asynckit;
mod changes;
mod key;
mod memory;
mod record;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use changes::{Changes, Commit};
pub use key::{Key, Kind, Scan};
pub use memory::{MemoryStore, SharedStore};
pub use record::{DecodeError, Record, Row, SCHEMA, Version};

use std::future::Future;

/// A database, as the engine sees it.
///
/// # Contract
/// - [`load`](Store::load) answers one row for each key, in the order asked; `None` for a key that is not there.
///   All rows of one call are of one moment.
/// - [`scan`](Store::scan) answers rows of one tenant and kind whose id starts with the prefix and is greater
///   than `after`, in byte order of the id, at most `limit`. A row that exists during a whole walk is met once.
/// - [`commit`](Store::commit) is atomic: when the version of any key in [`Changes::reads`] differs from the
///   stored one (an absent key has [`Version::ABSENT`]) it changes nothing and answers [`Commit::Conflict`] with
///   every such key in order; else all puts and deletes are applied and each put key's version grows by one.
///   A key that was deleted and put again has a version it never had before.
/// - Two tenants never meet: no call returns a row of another tenant than it names.
///
/// [`testkit`](crate::store) (feature `testkit`) checks all of this for any implementation.
///
/// A table of one's own, in a few lines; the kit finds what it forgets:
///
/// ```
/// use hearken::store::{Changes, Commit, Key, Row, Scan, Store, Version};
/// use std::collections::BTreeMap;
/// use std::convert::Infallible;
///
/// #[derive(Default)]
/// struct Table {
///     rows: BTreeMap<Key, Row>,
///     writes: u64,
/// }
///
/// impl Store for Table {
///     type Error = Infallible;
///
///     fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
///         Ok(keys.iter().map(|key| self.rows.get(key).cloned()).collect())
///     }
///
///     fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
///         let met = self.rows.iter().filter(|(key, _)| scan.meets(key)).take(scan.limit);
///         Ok(met.map(|(key, row)| (key.clone(), row.clone())).collect())
///     }
///
///     fn commit(&mut self, changes: &Changes) -> Result<Commit, Infallible> {
///         let stored = |key: &Key| self.rows.get(key).map_or(Version::ABSENT, |row| row.version);
///         let moved: Vec<Key> =
///             changes.reads().filter(|(key, read)| stored(key) != *read).map(|(key, _)| key.clone()).collect();
///         if !moved.is_empty() {
///             return Ok(Commit::Conflict(moved));
///         }
///         self.writes += 1;
///         for (key, record) in changes.writes() {
///             match record {
///                 Some(record) => {
///                     let row = Row { version: Version(self.writes), record: record.clone() };
///                     self.rows.insert(key.clone(), row);
///                 }
///                 None => drop(self.rows.remove(key)),
///             }
///         }
///         Ok(Commit::Done)
///     }
/// }
///
/// # #[cfg(feature = "testkit")]
/// hearken::store::testkit::check(Table::default).unwrap();
/// ```
pub trait Store {
    /// What can go wrong in the database itself.
    type Error;

    /// The rows of `keys`, in their order.
    ///
    /// # Errors
    /// The database's own.
    fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Self::Error>;

    /// Rows in key order.
    ///
    /// # Errors
    /// The database's own.
    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Self::Error>;

    /// Applies everything or nothing.
    ///
    /// # Errors
    /// The database's own; a conflict is not an error.
    fn commit(&mut self, changes: &Changes) -> Result<Commit, Self::Error>;
}

/// [`Store`] for a database with an asynchronous driver; the same contract, any runtime.
///
/// Calls may overlap, and a future may be dropped before it ends: a commit is whole or nothing all the same.
/// `testkit::check_async` checks this, too.
///
/// ```
/// use hearken::store::{AsyncStore, Changes, Commit, Key, MemoryStore, Row, Scan, Store};
/// use std::convert::Infallible;
/// use std::sync::RwLock;
///
/// #[derive(Default)]
/// struct Locked(RwLock<MemoryStore>);
///
/// impl AsyncStore for Locked {
///     type Error = Infallible;
///
///     async fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
///         self.0.read().unwrap().load(keys)
///     }
///
///     async fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
///         self.0.read().unwrap().scan(scan)
///     }
///
///     async fn commit(&self, changes: &Changes) -> Result<Commit, Infallible> {
///         self.0.write().unwrap().commit(changes)
///     }
/// }
///
/// # #[cfg(feature = "testkit")]
/// hearken::store::testkit::check_async(Locked::default, &hearken::store::testkit::Polling).unwrap();
/// ```
pub trait AsyncStore {
    /// What can go wrong in the database itself.
    type Error;

    /// The rows of `keys`, in their order.
    fn load(&self, keys: &[Key]) -> impl Future<Output = Result<Vec<Option<Row>>, Self::Error>> + Send;

    /// Rows in key order.
    fn scan(&self, scan: &Scan) -> impl Future<Output = Result<Vec<(Key, Row)>, Self::Error>> + Send;

    /// Applies everything or nothing.
    fn commit(&self, changes: &Changes) -> impl Future<Output = Result<Commit, Self::Error>> + Send;
}
