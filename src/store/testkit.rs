//! The test kit that proves an implementation of [`Store`] or [`AsyncStore`](super::AsyncStore) (feature `testkit`).
//!
//! A backend's own test calls [`check`] or [`check_async`] with a function that makes an empty store; every law of
//! the contract is tried, and the first broken one is told in words.
//!
//! ```
//! # #[cfg(feature = "testkit")] {
//! use hearken::store::{MemoryStore, testkit};
//!
//! testkit::check(MemoryStore::default).unwrap();
//! # }
//! ```

pub use super::asynckit::{Executor, Polling, check_async};
use super::{Changes, Commit, Key, Kind, Record, Row, Scan, Store, Version};
use crate::model::Tenant;
use std::fmt::Debug;

/// A law that an implementation broke.
///
/// ```
/// use hearken::store::{Changes, Commit, Key, MemoryStore, Row, Scan, Store, testkit};
/// use std::convert::Infallible;
///
/// /// A backend whose author has not come to scans yet.
/// #[derive(Default)]
/// struct Half(MemoryStore);
/// impl Store for Half {
///     type Error = Infallible;
///     fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Infallible> { self.0.load(keys) }
///     fn scan(&self, _: &Scan) -> Result<Vec<(Key, Row)>, Infallible> { Ok(Vec::new()) }
///     fn commit(&mut self, changes: &Changes) -> Result<Commit, Infallible> { self.0.commit(changes) }
/// }
/// let broken = testkit::check(Half::default).unwrap_err().to_string();
/// assert!(broken.starts_with("the store breaks its contract, ") && broken.ends_with("0 rows in a scan"), "{broken}");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the store breaks its contract, {law}: {detail}")]
pub struct Broken {
    law: &'static str,
    detail: String,
}

impl Broken {
    pub(super) fn new(law: &'static str, detail: impl Into<String>) -> Self {
        Self { law, detail: detail.into() }
    }
}

type Outcome = Result<(), Broken>;

/// Tries every law on fresh stores.
///
/// # Errors
/// The first law that does not hold, with what was seen.
pub fn check<S: Store>(fresh: impl Fn() -> S) -> Result<(), Broken>
where
    S::Error: Debug,
{
    let laws: [Law<S>; 12] = [
        ("what was put is loaded, in the order asked", loads),
        ("a row comes back whole: version, schema, subject and body", records),
        ("a key that moved since it was read is a conflict", conflicts),
        ("a conflict names every key that moved, in order", all_conflicts),
        ("absent has a version too", absence),
        ("a conflict writes nothing", atomicity),
        ("a deleted key that comes back has a new version", rebirth),
        ("a scan walks a prefix in byte order, page by page", scans),
        ("the outbox is read in order, and what is taken away stays away", outbox),
        ("the same commit twice is a conflict, not a second write", duplicates),
        ("keys are told apart to the byte", exact_keys),
        ("two tenants never meet", tenants),
    ];
    for (law, test) in laws {
        test(&mut Bench { store: fresh(), law })?;
    }
    large_batch(&mut Bench { store: fresh(), law: "a batch of ten thousand is one commit" })
}

type Law<S> = (&'static str, fn(&mut Bench<S>) -> Outcome);

struct Bench<S> {
    store: S,
    law: &'static str,
}

impl<S: Store> Bench<S>
where
    S::Error: Debug,
{
    fn that(&self, holds: bool, detail: impl Into<String>) -> Outcome {
        if holds { Ok(()) } else { Err(Broken::new(self.law, detail)) }
    }

    fn fails(&self, what: &str, error: &S::Error) -> Broken {
        Broken::new(self.law, format!("{what} failed: {error:?}"))
    }

    fn commit(&mut self, changes: &Changes) -> Result<Commit, Broken> {
        self.store.commit(changes).map_err(|e| self.fails("commit", &e))
    }

    fn put(&mut self, key: &Key, value: &str) -> Outcome {
        let mut changes = Changes::default();
        changes.put(key.clone(), record(value));
        let commit = self.commit(&changes)?;
        self.that(commit == Commit::Done, "a put without reads was refused")
    }

    fn rows(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Broken> {
        self.store.load(keys).map_err(|e| self.fails("load", &e))
    }

    fn load(&self, keys: &[Key]) -> Result<Vec<Option<(Version, String)>>, Broken> {
        let rows = self.rows(keys)?;
        Ok(rows.into_iter().map(|row| row.map(|r| (r.version, r.record.body()))).collect())
    }

    fn one(&self, key: &Key) -> Result<Option<(Version, String)>, Broken> {
        Ok(self.load(std::slice::from_ref(key))?.into_iter().next().flatten())
    }

    fn version(&self, key: &Key) -> Result<Version, Broken> {
        Ok(self.one(key)?.map_or(Version::ABSENT, |(version, _)| version))
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<String>, Broken> {
        let rows = self.store.scan(scan).map_err(|e| self.fails("scan", &e))?;
        Ok(rows.into_iter().map(|(key, _)| key.id().to_owned()).collect())
    }
}

fn tenant() -> Tenant {
    Tenant::from("acme")
}

fn key(id: &str) -> Key {
    Key::new(&tenant(), Kind::Customer, id)
}

fn record(value: &str) -> Record {
    Record::new(1, &value.to_owned()).of("x:1")
}

fn json(value: &str) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn loads<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    bench.put(&key("b"), "two")?;
    bench.put(&key("a"), "one")?;
    let rows = bench.load(&[key("b"), key("none"), key("a"), key("b")])?;
    let bodies: Vec<Option<String>> = rows.into_iter().map(|row| row.map(|(_, body)| body)).collect();
    bench.that(
        bodies == [Some(json("two")), None, Some(json("one")), Some(json("two"))],
        format!("{bodies:?}"),
    )
}

/// What a row is, in words.
fn whole(row: &Row) -> String {
    let record = &row.record;
    format!("schema {}, subject {:?}, body {}", record.schema(), record.subject(), record.body())
}

fn records<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let put = [
        ("a", record("one")),
        ("b", Record::new(u16::MAX, &"two").of("customer:ü'\"\u{1f}\u{0}ñ")),
        ("c", Record::new(0, &["three\n", "\u{0}😀"])),
    ];
    // The second time each key has the record of the next: nothing of the first may stay.
    for turn in 0..2 {
        let mut changes = Changes::default();
        let shifted = put.iter().cycle().skip(turn);
        let wanted: Vec<(Key, Record)> =
            put.iter().zip(shifted).map(|((id, _), (_, record))| (key(id), record.clone())).collect();
        wanted.iter().for_each(|(key, record)| changes.put(key.clone(), record.clone()));
        bench.commit(&changes)?;
        let keys: Vec<Key> = wanted.iter().map(|(key, _)| key.clone()).collect();
        let loaded: Vec<Row> = bench.rows(&keys)?.into_iter().flatten().collect();
        let scan = Scan::new(&tenant(), Kind::Customer, "", 9);
        let scanned = bench.store.scan(&scan).map_err(|e| bench.fails("scan", &e))?;
        bench.that(loaded.len() == wanted.len(), format!("{} of {} rows", loaded.len(), wanted.len()))?;
        for ((row, (key, wanted)), (met, there)) in loaded.iter().zip(&wanted).zip(&scanned) {
            let wanted = Row { version: row.version, record: wanted.clone() };
            bench.that(*row == wanted, format!("put {}; loaded {}", whole(&wanted), whole(row)))?;
            let same = met == key && *there == wanted;
            bench.that(
                same,
                format!(
                    "loaded version {:?}, {}; scanned version {:?}, {}",
                    row.version,
                    whole(row),
                    there.version,
                    whole(there)
                ),
            )?;
        }
        bench.that(scanned.len() == wanted.len(), format!("{} rows in a scan", scanned.len()))?;
    }
    Ok(())
}

fn all_conflicts<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    for id in ["a", "b", "c"] {
        bench.put(&key(id), "one")?;
    }
    let mut changes = Changes::default();
    for id in ["c", "a", "b", "none"] {
        changes.read(key(id), bench.version(&key(id))?);
    }
    changes.put(key("d"), record("x"));
    bench.put(&key("c"), "two")?;
    bench.put(&key("a"), "two")?;
    bench.put(&key("none"), "here")?;
    let commit = bench.commit(&changes)?;
    bench.that(commit == Commit::Conflict(vec![key("a"), key("c"), key("none")]), format!("{commit:?}"))
}

fn conflicts<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    bench.put(&key("a"), "one")?;
    let read = bench.version(&key("a"))?;
    bench.put(&key("a"), "two")?;
    let grown = bench.version(&key("a"))?;
    bench.that(grown > read, "a put did not raise the version")?;
    let mut changes = Changes::default();
    changes.read(key("a"), read);
    changes.put(key("b"), record("three"));
    let commit = bench.commit(&changes)?;
    bench.that(commit == Commit::Conflict(vec![key("a")]), format!("{commit:?}"))
}

fn absence<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let mut changes = Changes::default();
    changes.read(key("a"), Version::ABSENT);
    changes.put(key("b"), record("one"));
    let commit = bench.commit(&changes)?;
    bench.that(commit == Commit::Done, "an absent key read as absent was refused")?;
    bench.put(&key("a"), "here")?;
    let commit = bench.commit(&changes)?;
    bench.that(commit == Commit::Conflict(vec![key("a")]), "a key read as absent came up unnoticed")
}

fn atomicity<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    bench.put(&key("a"), "one")?;
    bench.put(&key("gone"), "stays")?;
    let mut changes = Changes::default();
    changes.read(key("a"), Version::ABSENT);
    changes.put(key("new"), record("x"));
    changes.delete(key("gone"));
    bench.commit(&changes)?;
    let (new, gone) = (bench.one(&key("new"))?, bench.one(&key("gone"))?);
    bench.that(new.is_none() && gone.is_some(), "a refused commit left a trace")
}

fn rebirth<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    bench.put(&key("a"), "one")?;
    let before = bench.version(&key("a"))?;
    let mut changes = Changes::default();
    changes.delete(key("a"));
    bench.commit(&changes)?;
    let gone = bench.one(&key("a"))?;
    bench.that(gone.is_none(), "a deleted key is still there")?;
    bench.put(&key("a"), "again")?;
    let after = bench.version(&key("a"))?;
    bench.that(after > before, format!("version {before:?} came back as {after:?}"))
}

fn scans<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    for id in ["p/b", "p/a", "p/é", "p/Z", "q/a", "p", "p/c", "o"] {
        bench.put(&key(id), id)?;
    }
    let first = Scan::new(&tenant(), Kind::Customer, "p/", 2);
    let (mut all, mut page) = (Vec::new(), bench.scan(&first)?);
    while let Some(last) = page.last().cloned() {
        bench.that(page.len() <= 2, "a page is longer than its limit")?;
        all.append(&mut page);
        if all.len() == 2 {
            bench.put(&key("p/0"), "behind the cursor")?; // writes do not disturb a walk
        }
        page = bench.scan(&first.clone().after(last))?;
    }
    bench.that(all == ["p/Z", "p/a", "p/b", "p/c", "p/é"], format!("{all:?}"))?;
    let cut = bench.scan(&Scan::new(&tenant(), Kind::Customer, "p/", 9).after("p/a").before("p/c"))?;
    bench.that(cut == ["p/b"], format!("between after and before: {cut:?}"))
}

fn outbox<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let effect = |ms: i64, id: &str| Key::ordered(&tenant(), Kind::Outbox, &[&Key::time(ms), id]);
    let mut changes = Changes::default();
    for (ms, id) in [(10, "b"), (9, "z"), (10, "a"), (-1, "q")] {
        changes.put(effect(ms, id), record(id));
    }
    bench.commit(&changes)?;
    let wanted: Vec<String> = [(-1, "q"), (9, "z"), (10, "a"), (10, "b")]
        .iter()
        .map(|(ms, id)| effect(*ms, id).id().to_owned())
        .collect();
    let all = Scan::new(&tenant(), Kind::Outbox, "", 9);
    let seen = bench.scan(&all)?;
    bench.that(seen == wanted, format!("{} effects, or in another order", seen.len()))?;
    let mut taken = Changes::default();
    taken.delete(effect(-1, "q"));
    bench.commit(&taken)?;
    let seen = bench.scan(&all)?;
    bench.that(Some(seen.as_slice()) == wanted.get(1..), "an effect that was taken came back")
}

fn duplicates<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let mut changes = Changes::default();
    changes.read(key("a"), Version::ABSENT);
    changes.put(key("a"), record("one"));
    let (first, second) = (bench.commit(&changes)?, bench.commit(&changes)?);
    bench.that(
        first == Commit::Done && second == Commit::Conflict(vec![key("a")]),
        format!("{first:?} {second:?}"),
    )
}

fn exact_keys<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let ids = [
        "0123",
        "123",
        "9007199254740993",
        "9007199254740992",
        "a\0b",
        "a",
        "😀",
        "A",
        "a ",
        "é",
        "e\u{301}",
    ];
    for id in ids {
        bench.put(&key(id), id)?;
    }
    for id in ids {
        let seen = bench.one(&key(id))?.map(|(_, body)| body);
        bench.that(seen == Some(json(id)), format!("{id:?} gave {seen:?}"))?;
    }
    Ok(())
}

fn tenants<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let other = Tenant::from("acme2");
    let theirs = Key::new(&other, Kind::Customer, "a");
    bench.put(&key("a"), "ours")?;
    bench.put(&theirs, "theirs")?;
    let ours = bench.one(&key("a"))?.map(|(_, body)| body);
    bench.that(ours == Some(json("ours")), "a key of one tenant was written by another")?;
    let mut changes = Changes::default();
    changes.delete(theirs);
    bench.commit(&changes)?;
    let seen = bench.scan(&Scan::new(&tenant(), Kind::Customer, "", 9))?;
    let none = bench.scan(&Scan::new(&other, Kind::Customer, "", 9))?;
    bench.that(seen == ["a"] && none.is_empty(), "a scan or delete crossed tenants")
}

fn large_batch<S: Store>(bench: &mut Bench<S>) -> Outcome
where
    S::Error: Debug,
{
    let mut changes = Changes::default();
    let keys: Vec<Key> = (0..10_000).map(|i| key(&format!("{i:05}"))).collect();
    for (i, key) in keys.iter().enumerate() {
        changes.put(key.clone(), record(&i.to_string()));
    }
    bench.commit(&changes)?;
    let rows = bench.load(&keys)?;
    let right = rows
        .iter()
        .enumerate()
        .all(|(i, row)| row.as_ref().is_some_and(|(_, body)| *body == json(&i.to_string())));
    bench.that(right && rows.len() == keys.len(), "rows are missing or mixed up")
}
