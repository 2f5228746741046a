//! An asynchronous store as a host would write one, which waits in the middle of its calls, and its faults.

use hearken::store::testkit::{Polling, check_async};
use hearken::store::{AsyncStore, Changes, Commit, Key, Record, Row, Scan, SharedStore, Version};
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::sync::{Mutex, MutexGuard};
use std::task::Poll;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Fault {
    None,
    /// Waits between the puts of a commit.
    WritesBitByBit,
    /// Waits between looking at the versions and writing.
    LooksThenWrites,
    /// Keeps the bodies alone.
    ForgetsSubject,
    /// Waits for what never comes.
    Stalls,
}

/// What a table would hold: version, schema, subject, body.
type Cells = (u64, u16, Option<String>, String);

struct Ledger {
    rows: Mutex<BTreeMap<Key, Cells>>,
    fault: Fault,
}

/// Pending once, as a call over a network is.
fn later() -> impl Future<Output = ()> + Send {
    let mut asked = false;
    poll_fn(move |context| {
        if asked {
            return Poll::Ready(());
        }
        asked = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

impl Ledger {
    fn with(fault: Fault) -> Self {
        Self { rows: Mutex::default(), fault }
    }

    fn table(&self) -> MutexGuard<'_, BTreeMap<Key, Cells>> {
        self.rows.lock().unwrap()
    }

    fn moved(&self, changes: &Changes) -> Vec<Key> {
        let table = self.table();
        let current = |key: &Key| table.get(key).map_or(0, |cells| cells.0);
        changes.reads().filter(|(key, read)| current(key) != read.0).map(|(key, _)| key.clone()).collect()
    }

    fn write(&self, key: &Key, record: Option<&Record>) {
        static WRITES: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let version = WRITES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        match record {
            Some(record) => {
                let subject = record.subject().filter(|_| self.fault != Fault::ForgetsSubject);
                let cells = (version, record.schema(), subject.map(str::to_owned), record.body());
                self.table().insert(key.clone(), cells);
            }
            None => drop(self.table().remove(key)),
        }
    }
}

fn row((version, schema, subject, body): &Cells) -> Row {
    let record = Record::stored(*schema, subject.as_deref().map(Into::into), body.as_str().into());
    Row { version: Version(*version), record }
}

impl AsyncStore for Ledger {
    type Error = String;

    async fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, String> {
        later().await;
        let table = self.table();
        Ok(keys.iter().map(|key| table.get(key).map(row)).collect())
    }

    async fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, String> {
        later().await;
        let table = self.table();
        let met = table.iter().filter(|(key, _)| scan.meets(key)).take(scan.limit);
        Ok(met.map(|(key, cells)| (key.clone(), row(cells))).collect())
    }

    async fn commit(&self, changes: &Changes) -> Result<Commit, String> {
        later().await;
        let moved = self.moved(changes);
        if !moved.is_empty() {
            return Ok(Commit::Conflict(moved));
        }
        match self.fault {
            Fault::LooksThenWrites => later().await,
            Fault::Stalls => std::future::pending().await,
            _ => {}
        }
        for (key, record) in changes.writes() {
            self.write(key, record);
            if self.fault == Fault::WritesBitByBit {
                later().await;
            }
        }
        Ok(Commit::Done)
    }
}

#[test]
fn stores_from_inside_and_outside_keep_the_contract() {
    check_async(SharedStore::default, &Polling).unwrap();
    check_async(|| Ledger::with(Fault::None), &Polling).unwrap();
}

#[test]
fn each_fault_breaks_the_law_it_should() {
    for (fault, law) in [
        (Fault::ForgetsSubject, "a row comes back whole"),
        (Fault::WritesBitByBit, "dropped half-way"),
        (Fault::LooksThenWrites, "one wins"),
        (Fault::Stalls, "Stalled"),
    ] {
        let broken = check_async(|| Ledger::with(fault), &Polling).unwrap_err().to_string();
        assert!(broken.contains(law), "{fault:?}: {broken}");
    }
}
