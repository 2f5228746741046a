//! The store contract: the test kit on the memory store, and stores that break it are found out.

mod asynchronous;
mod golden;

use hearken::model::Tenant;
use hearken::store::{Changes, Commit, Key, Kind, MemoryStore, Record, Row, Scan, Store, testkit};
use proptest::prelude::*;
use std::convert::Infallible;

#[test]
fn memory_store_keeps_the_contract() {
    testkit::check(MemoryStore::default).unwrap();
}

/// A store with one fault, implemented from outside the crate as a host would.
struct Faulty {
    inner: MemoryStore,
    fault: Fault,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    IgnoresVersions,
    WritesDespiteConflict,
    LoadsOutOfOrder,
    ScanIgnoresCursor,
    ScanIgnoresLimit,
    TrimsIds,
    ForgetsSubject,
    ForgetsSchema,
    KeepsOldSubject,
    ScansForgetSubject,
    NamesOneConflict,
}

impl Faulty {
    fn record(&self, key: &Key, record: &Record) -> Record {
        let body = record.body().as_str().into();
        let subject = record.subject().map(Into::into);
        match self.fault {
            Fault::ForgetsSubject => Record::stored(record.schema(), None, body),
            Fault::ForgetsSchema => Record::stored(1, subject, body),
            Fault::KeepsOldSubject => {
                let held = Store::load(&self.inner, std::slice::from_ref(key)).unwrap().remove(0);
                let held = held.and_then(|row| row.record.subject().map(Into::into));
                Record::stored(record.schema(), held.or(subject), body)
            }
            _ => record.clone(),
        }
    }

    fn trim(&self, key: &Key) -> Key {
        match self.fault {
            Fault::TrimsIds => Key::new(key.tenant(), key.kind().clone(), key.id().trim()),
            _ => key.clone(),
        }
    }
}

impl Store for Faulty {
    type Error = Infallible;

    fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> {
        let keys: Vec<Key> = keys.iter().map(|k| self.trim(k)).collect();
        let mut rows = Store::load(&self.inner, &keys)?;
        if self.fault == Fault::LoadsOutOfOrder {
            rows.reverse();
        }
        Ok(rows)
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Infallible> {
        let mut scan = scan.clone();
        match self.fault {
            Fault::ScanIgnoresCursor => scan.before = None,
            Fault::ScanIgnoresLimit => scan.limit = usize::MAX,
            _ => {}
        }
        let mut rows = Store::scan(&self.inner, &scan)?;
        if self.fault == Fault::ScansForgetSubject {
            for (_, row) in &mut rows {
                row.record = Record::stored(row.record.schema(), None, row.record.body().as_str().into());
            }
        }
        Ok(rows)
    }

    fn commit(&mut self, changes: &Changes) -> Result<Commit, Infallible> {
        let mut plain = Changes::default();
        for (key, record) in changes.writes() {
            match record {
                Some(record) => plain.put(self.trim(key), self.record(key, record)),
                None => plain.delete(self.trim(key)),
            }
        }
        if self.fault == Fault::IgnoresVersions {
            return Store::commit(&mut self.inner, &plain);
        }
        let mut checked = plain.clone();
        for (key, version) in changes.reads() {
            checked.read(self.trim(key), version);
        }
        let commit = Store::commit(&mut self.inner, &checked)?;
        if self.fault == Fault::WritesDespiteConflict && commit != Commit::Done {
            Store::commit(&mut self.inner, &plain)?;
        }
        if let (Fault::NamesOneConflict, Commit::Conflict(keys)) = (self.fault, &commit) {
            return Ok(Commit::Conflict(keys[..1].to_vec()));
        }
        Ok(commit)
    }
}

#[test]
fn the_test_kit_finds_every_fault() {
    use Fault::*;
    for fault in [
        IgnoresVersions,
        WritesDespiteConflict,
        LoadsOutOfOrder,
        ScanIgnoresCursor,
        ScanIgnoresLimit,
        TrimsIds,
        ForgetsSubject,
        ForgetsSchema,
        KeepsOldSubject,
        ScansForgetSubject,
        NamesOneConflict,
    ] {
        let found = testkit::check(|| Faulty { inner: MemoryStore::default(), fault });
        assert!(found.is_err(), "{fault:?} went unnoticed");
    }
}

proptest! {
    #[test]
    fn ids_of_parts_never_run_together(a in prop::collection::vec(any::<String>(), 1..4), b in prop::collection::vec(any::<String>(), 1..4)) {
        let parts = |p: &[String]| Key::ordered(&Tenant::from("t"), Kind::Timer, &p.iter().map(String::as_str).collect::<Vec<_>>());
        prop_assert_eq!(parts(&a).parts(), a.clone());
        prop_assert_eq!(parts(&a) == parts(&b), a == b);
    }

    #[test]
    fn parts_are_read_back_as_they_were(parts in prop::collection::vec("[ad-s\u{10}\u{1f}é]{0,6}", 1..4)) {
        let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
        let key = Key::ordered(&Tenant::from("acme"), Kind::Timer, &borrowed);
        prop_assert_eq!(key.last_part(), borrowed[borrowed.len() - 1]);
        prop_assert_eq!(key.parts(), parts);
    }

    #[test]
    fn an_id_is_what_its_parts_join_to_however_long(parts in prop::collection::vec("[ad\u{10}\u{1f}é]{0,110}", 1..4)) {
        let borrowed: Vec<&str> = parts.iter().map(String::as_str).collect();
        let key = Key::ordered(&Tenant::from("acme"), Kind::Timer, &borrowed);
        prop_assert_eq!(key.id(), Key::join(&borrowed));
        prop_assert_eq!(key.parts(), parts);
    }

    #[test]
    fn keys_are_in_the_order_of_tenant_kind_and_id(keys in prop::collection::vec(("[ab]{1,2}", 0..3_usize, "[ab]{0,2}"), 2..6)) {
        let shared = Tenant::from("a");
        let key = |(tenant, kind, id): &(String, usize, String)| {
            // Some share the tenant's name and some have their own.
            let tenant = if tenant == "a" && id.is_empty() { shared.clone() } else { Tenant::from(tenant.as_str()) };
            Key::new(&tenant, Kind::ALL[*kind].clone(), id.as_str())
        };
        let mut made: Vec<Key> = keys.iter().map(key).collect();
        made.sort();
        let mut keys = keys;
        keys.sort();
        prop_assert_eq!(made, keys.iter().map(key).collect::<Vec<_>>());
    }

    #[test]
    fn time_keys_are_in_the_order_of_time(a in any::<i64>(), b in any::<i64>()) {
        prop_assert_eq!(Key::time(a).cmp(&Key::time(b)), a.cmp(&b));
        prop_assert_eq!(Key::read_time(&Key::time(a)), Some(a));
    }
}

#[test]
fn nothing_personal_shows_in_debug() {
    let key = Key::new(&Tenant::from("acme"), Kind::Account, "x:maralindq");
    assert!(!format!("{key:?}").contains("mara"));
    let record = hearken::store::Record::new(1, &"Mara").of("x:maralindq");
    assert!(!format!("{record:?}").to_lowercase().contains("mara"));
}
