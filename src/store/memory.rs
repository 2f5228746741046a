use super::{AsyncStore, Changes, Commit, Key, Kind, Record, Row, Scan, Store, Version};
use crate::model::Tenant;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

/// A store in memory: for tests, examples and hosts that keep their own log.
///
/// Point reads and writes are O(log n); a scan is O(log n) and its page. Records stay live values, so
/// nothing is encoded.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    tables: BTreeMap<(Tenant, Kind), BTreeMap<Arc<str>, Row>>,
    /// Versions of deleted keys go on from the highest version ever given.
    highest: u64,
}

impl MemoryStore {
    /// Every row, in key order.
    pub fn rows(&self) -> impl Iterator<Item = (Key, &Row)> {
        self.tables.iter().flat_map(|((tenant, kind), table)| {
            table.iter().map(|(id, row)| (Key::new(tenant, kind.clone(), Arc::clone(id)), row))
        })
    }

    /// Count of rows.
    pub fn len(&self) -> usize {
        self.tables.values().map(BTreeMap::len).sum()
    }

    /// True when there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The state as text: every key, subject and body in key order, without versions. Two stores that went
    /// through the same decisions have the same dump.
    pub fn dump(&self) -> String {
        let mut out = String::new();
        for (key, row) in self.rows() {
            let subject = row.record.subject().unwrap_or("-");
            out.push_str(&format!(
                "{}\t{}\t{}\t{subject}\t{}\n",
                key.tenant(),
                key.kind(),
                key.id(),
                row.record.body()
            ));
        }
        out
    }

    fn row(&self, key: &Key) -> Option<&Row> {
        // The tuple key is cheap to make: tenants are shared and kinds are plain.
        self.tables.get(&(key.tenant().clone(), key.kind().clone()))?.get(key.id())
    }

    fn put(&mut self, key: &Key, record: Record) {
        let table = self.tables.entry((key.tenant().clone(), key.kind().clone())).or_default();
        let highest = self.highest;
        match table.get_mut(key.id()) {
            Some(row) => *row = Row { version: Version(row.version.0 + 1), record },
            None => {
                table.insert(Arc::clone(key.shared_id()), Row { version: Version(highest + 1), record });
            }
        }
    }

    fn delete(&mut self, key: &Key) {
        let slot = (key.tenant().clone(), key.kind().clone());
        if let Some(table) = self.tables.get_mut(&slot) {
            if let Some(row) = table.remove(key.id()) {
                self.highest = self.highest.max(row.version.0);
            }
            if table.is_empty() {
                self.tables.remove(&slot);
            }
        }
    }
}

impl Store for MemoryStore {
    type Error = Infallible;

    fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
        Ok(keys.iter().map(|key| self.row(key).cloned()).collect())
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
        let Some(table) = self.tables.get(&(scan.tenant.clone(), scan.kind.clone())) else {
            return Ok(Vec::new());
        };
        let prefix: &str = &scan.prefix;
        let from = match scan.after.as_deref() {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let inside =
            |id: &str| id.starts_with(prefix) && scan.before.as_deref().is_none_or(|before| id < before);
        let rows =
            table.range::<str, _>((from, Bound::Unbounded)).take_while(|(id, _)| inside(id)).take(scan.limit);
        Ok(rows
            .map(|(id, row)| (Key::new(&scan.tenant, scan.kind.clone(), Arc::clone(id)), row.clone()))
            .collect())
    }

    fn commit(&mut self, changes: &Changes) -> Result<Commit, Infallible> {
        let current = |key: &Key| self.row(key).map_or(Version::ABSENT, |row| row.version);
        let moved: Vec<Key> =
            changes.reads().filter(|(key, read)| current(key) != *read).map(|(key, _)| key.clone()).collect();
        if !moved.is_empty() {
            return Ok(Commit::Conflict(moved));
        }
        for (key, record) in changes.writes() {
            match record {
                Some(record) => self.put(key, record.clone()),
                None => self.delete(key),
            }
        }
        Ok(Commit::Done)
    }
}

/// A [`MemoryStore`] behind a lock, for asynchronous hosts and several writers.
#[derive(Debug, Clone, Default)]
pub struct SharedStore(Arc<Mutex<MemoryStore>>);

impl SharedStore {
    /// Looks at the store.
    pub fn with<T>(&self, look: impl FnOnce(&mut MemoryStore) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AsyncStore for SharedStore {
    type Error = Infallible;

    async fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
        self.with(|store| Store::load(store, keys))
    }

    async fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
        self.with(|store| Store::scan(store, scan))
    }

    async fn commit(&self, changes: &Changes) -> Result<Commit, Infallible> {
        self.with(|store| Store::commit(store, changes))
    }
}
