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

mod changes;
mod key;
mod memory;
mod record;
#[cfg(feature = "testkit")]
pub mod testkit;

pub use changes::{Changes, Commit};
pub use key::{Key, Kind, Scan};
pub use memory::{MemoryStore, SharedStore};
pub use record::{DecodeError, Record, Row, Version};

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
