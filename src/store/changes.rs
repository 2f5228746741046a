use super::{Key, Record, Version};
use std::collections::BTreeMap;

/// Everything a turn read and wants written: one transaction.
///
/// A key stands at most once among the puts and deletes: the last word holds.
///
/// ```
/// use hearken::model::Tenant;
/// use hearken::store::{Changes, Key, Kind, Record, Version};
///
/// let key = |id: &str| Key::new(&Tenant::from("acme"), Kind::Customer, id);
/// let mut changes = Changes::default();
/// changes.read(key("c-1"), Version(4));
/// changes.put(key("c-1"), Record::new(1, &"Ann"));
/// changes.delete(key("c-2"));
/// assert_eq!(changes.reads().next(), Some((&key("c-1"), Version(4))));
/// let writes: Vec<bool> = changes.writes().map(|(_, record)| record.is_some()).collect();
/// assert_eq!(writes, [true, false]);
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Changes {
    reads: BTreeMap<Key, Version>,
    writes: BTreeMap<Key, Option<Record>>,
}

/// What became of a commit.
///
/// ```
/// use hearken::model::Tenant;
/// use hearken::store::{Changes, Commit, Key, Kind, MemoryStore, Record, Store, Version};
///
/// let key = Key::new(&Tenant::from("acme"), Kind::Customer, "c-1");
/// let mut changes = Changes::default();
/// changes.read(key.clone(), Version(9)); // nobody wrote it so often
/// changes.put(key.clone(), Record::new(1, &"Ann"));
/// let mut store = MemoryStore::default();
/// assert_eq!(store.commit(&changes).unwrap(), Commit::Conflict(vec![key]));
/// assert!(store.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Commit {
    /// All was written.
    Done,
    /// Nothing was written: these keys have moved since they were read.
    Conflict(Vec<Key>),
}

impl Changes {
    /// States that `key` was read at `version`; the first statement of a key holds.
    pub fn read(&mut self, key: Key, version: Version) {
        self.reads.entry(key).or_insert(version);
    }

    /// Writes a record.
    pub fn put(&mut self, key: Key, record: Record) {
        self.writes.insert(key, Some(record));
    }

    /// Takes a record away; one that is not there stays so.
    pub fn delete(&mut self, key: Key) {
        self.writes.insert(key, None);
    }

    /// What was read, and at which versions, in key order.
    pub fn reads(&self) -> impl Iterator<Item = (&Key, Version)> {
        self.reads.iter().map(|(key, version)| (key, *version))
    }

    /// What to write, in key order: a record to put, or `None` to delete.
    pub fn writes(&self) -> impl Iterator<Item = (&Key, Option<&Record>)> {
        self.writes.iter().map(|(key, record)| (key, record.as_ref()))
    }

    /// True when `key` is to be written.
    pub fn touches(&self, key: &Key) -> bool {
        self.writes.contains_key(key)
    }

    /// True when nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}
