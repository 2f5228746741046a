use super::{AsyncStore, Changes, Commit, Key, Kind, Record, Row, Scan, Store, Version};
use crate::model::Tenant;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A store in memory: for tests, examples and hosts that keep their own log.
///
/// Point reads and writes are O(1). A scan costs its page, after the keys of its kind that were written since the
/// last one are put in order: kinds that nobody scans are never sorted. Records stay live values, so nothing is
/// encoded.
///
/// ```
/// use hearken::model::Tenant;
/// use hearken::store::{Changes, Key, Kind, MemoryStore, Record, Store};
///
/// let mut store = MemoryStore::default();
/// let mut changes = Changes::default();
/// changes.put(Key::new(&Tenant::from("acme"), Kind::Customer, "c-1"), Record::new(1, &"Ann").of("customer:c-1"));
/// store.commit(&changes).unwrap();
/// assert_eq!(store.dump(), "acme\tcustomer\tc-1\tcustomer:c-1\t\"Ann\"\n");
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    tables: BTreeMap<Tenant, BTreeMap<Kind, Table>>,
    /// Versions of deleted keys go on from the highest version ever given.
    highest: u64,
}

/// The rows of one kind. Hashes are the same in every run; what leaves is in the order of ids.
#[derive(Debug, Default)]
struct Table {
    rows: HashMap<Arc<str>, Row, BuildHasherDefault<DefaultHasher>>,
    order: Mutex<Order>,
}

/// The ids of a table in order, as far as anybody has asked.
#[derive(Debug, Clone, Default)]
struct Order {
    sorted: BTreeSet<Arc<str>>,
    /// Ids that came or went since.
    changed: Vec<Arc<str>>,
}

impl Clone for Table {
    fn clone(&self) -> Self {
        Self { rows: self.rows.clone(), order: Mutex::new(self.order().clone()) }
    }
}

impl Table {
    fn order(&self) -> MutexGuard<'_, Order> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The order of the ids, up to date.
    fn sorted(&self) -> MutexGuard<'_, Order> {
        let mut order = self.order();
        for id in std::mem::take(&mut order.changed) {
            if self.rows.contains_key(&*id) {
                order.sorted.insert(id);
            } else {
                order.sorted.remove(&*id);
            }
        }
        order
    }

    fn changed(&mut self, id: Arc<str>) {
        self.order.get_mut().unwrap_or_else(PoisonError::into_inner).changed.push(id);
    }
}

impl MemoryStore {
    /// Every row, in key order.
    pub fn rows(&self) -> impl Iterator<Item = (Key, &Row)> {
        let tables = self
            .tables
            .iter()
            .flat_map(|(tenant, kinds)| kinds.iter().map(move |(kind, table)| (tenant, kind, table)));
        tables.flat_map(|(tenant, kind, table)| {
            let ids = table.sorted().sorted.clone();
            ids.into_iter().filter_map(move |id| {
                let row = table.rows.get(&*id)?;
                Some((Key::new(tenant, kind.clone(), id), row))
            })
        })
    }

    /// Count of rows.
    pub fn len(&self) -> usize {
        self.tables.values().flat_map(BTreeMap::values).map(|table| table.rows.len()).sum()
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

    fn table(&self, tenant: &Tenant, kind: &Kind) -> Option<&Table> {
        self.tables.get(tenant)?.get(kind)
    }

    fn row(&self, key: &Key) -> Option<&Row> {
        self.table(key.tenant(), key.kind())?.rows.get(key.id())
    }

    fn put(&mut self, key: &Key, record: Record) {
        let table =
            self.tables.entry(key.tenant().clone()).or_default().entry(key.kind().clone()).or_default();
        let first = Version(self.highest + 1);
        match table.rows.entry(Arc::clone(key.shared_id())) {
            Entry::Occupied(mut known) => {
                let row = known.get_mut();
                *row = Row { version: Version(row.version.0 + 1), record };
            }
            Entry::Vacant(place) => {
                place.insert(Row { version: first, record });
                table.changed(Arc::clone(key.shared_id()));
            }
        }
    }

    fn delete(&mut self, key: &Key) {
        let table = self.tables.get_mut(key.tenant()).and_then(|kinds| kinds.get_mut(key.kind()));
        if let Some(table) = table
            && let Some((id, row)) = table.rows.remove_entry(key.id())
        {
            self.highest = self.highest.max(row.version.0);
            table.changed(id);
        }
    }
}

impl Store for MemoryStore {
    type Error = Infallible;

    fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
        Ok(keys.iter().map(|key| self.row(key).cloned()).collect())
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
        let Some(table) = self.table(&scan.tenant, &scan.kind) else { return Ok(Vec::new()) };
        let prefix: &str = &scan.prefix;
        let from = match scan.after.as_deref() {
            Some(after) if after >= prefix => Bound::Excluded(after),
            _ => Bound::Included(prefix),
        };
        let inside =
            |id: &str| id.starts_with(prefix) && scan.before.as_deref().is_none_or(|before| id < before);
        let order = table.sorted();
        let ids = order.sorted.range::<str, _>((from, Bound::Unbounded)).take_while(|id| inside(id));
        let rows = ids.take(scan.limit).filter_map(|id| {
            let row = table.rows.get(&**id)?;
            Some((Key::new(&scan.tenant, scan.kind.clone(), Arc::clone(id)), row.clone()))
        });
        Ok(rows.collect())
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
///
/// ```
/// use hearken::store::SharedStore;
///
/// let (mine, theirs) = (SharedStore::default(), SharedStore::default());
/// let same = mine.clone(); // a clone is the same store
/// assert!(same.with(|store| store.is_empty()) && theirs.with(|store| store.is_empty()));
/// ```
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
