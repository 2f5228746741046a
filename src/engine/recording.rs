use super::Answer;
use super::Engine;
use super::Event;
use super::Need;
use super::Outcome;
use super::Rows;
use super::Step;
use crate::model::Timestamp;
use crate::store::{Key, Record, Row, Scan, Version};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A turn and everything it was decided by: the event, the time, and each row that it read, as it was then.
///
/// With the same engine it gives the same outcome to the byte, receipt included, whatever has happened in the store
/// since ([`Engine::reevaluate`]). It holds personal data: a host that keeps recordings erases them with their person.
///
/// ```
/// use hearken::engine::{Command, Engine, Recording, drive_recorded};
/// use hearken::model::{Customer, Timestamp};
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let event = Command::PutCustomer { customer: Box::new(Customer::new("c-1")) }.into();
/// let (outcome, recording) = drive_recorded(&engine, &mut store, &event, Timestamp::from_secs(60)).unwrap();
///
/// let line = serde_json::to_string(&recording).unwrap();
/// let kept: Recording = serde_json::from_str(&line).unwrap();
/// assert_eq!(engine.reevaluate(&kept).unwrap(), outcome);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// What happened.
    pub event: Event,
    /// When.
    pub now: Timestamp,
    rows: Vec<(Key, Option<Kept>)>,
    pages: Vec<(Scan, Vec<(Key, Kept)>)>,
    answers: Vec<Answer>,
}

/// A row as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Body", from = "Body")]
struct Kept(Row);

#[derive(Serialize, Deserialize)]
struct Body {
    version: Version,
    schema: u16,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    body: String,
}

impl From<Kept> for Body {
    fn from(Kept(row): Kept) -> Self {
        let subject = row.record.subject().map(str::to_owned);
        Self { version: row.version, schema: row.record.schema(), subject, body: row.record.body() }
    }
}

impl From<Body> for Kept {
    fn from(kept: Body) -> Self {
        let record = Record::stored(kept.schema, kept.subject.map(Into::into), kept.body.into());
        Self(Row { version: kept.version, record })
    }
}

/// The engine asks for rows that the recorded turn did not read: it is configured otherwise, and what it would decide
/// cannot be said from this recording alone. A [`Simulation`](super::Simulation) over the log can.
///
/// ```
/// use hearken::engine::{Command, Engine, drive_recorded};
/// use hearken::model::{Customer, Timestamp};
/// use hearken::store::MemoryStore;
///
/// let (ours, theirs) = (Engine::builder("acme").build().unwrap(), Engine::builder("apex").build().unwrap());
/// let event = Command::PutCustomer { customer: Box::new(Customer::new("c-1")) }.into();
/// let (_, kept) = drive_recorded(&ours, &mut MemoryStore::default(), &event, Timestamp::from_secs(60)).unwrap();
/// assert_eq!(theirs.reevaluate(&kept).unwrap_err().keys, 1, "another tenant's rows were never read");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{keys} keys and {scans} scans were not read when the turn was recorded")]
pub struct Unrecorded {
    /// Keys it asks for besides.
    pub keys: usize,
    /// Scans it asks for besides.
    pub scans: usize,
}

impl Recording {
    /// A recording that begins: [`note`](Recording::note) each round of the bare turn.
    pub fn new(event: Event, now: Timestamp) -> Self {
        Self { event, now, rows: Vec::new(), pages: Vec::new(), answers: Vec::new() }
    }

    /// Notes what was looked up for a need, before it is supplied.
    pub fn note(&mut self, need: &Need<'_>, rows: &Rows) {
        let absent = std::iter::repeat(None);
        let found = need.keys().iter().zip(rows.rows.iter().cloned().chain(absent));
        self.rows.extend(found.map(|(key, row)| (key.clone(), row.map(Kept))));
        let empty = std::iter::repeat_with(Vec::new);
        let pages = need.scans().iter().zip(rows.pages.iter().cloned().chain(empty));
        let kept = |page: Vec<(Key, Row)>| page.into_iter().map(|(key, row)| (key, Kept(row))).collect();
        self.pages.extend(pages.map(|(scan, page)| (scan.clone(), kept(page))));
        self.answers.extend(rows.answers.iter().cloned());
    }

    /// Forgets what was noted: the turn is decided again.
    pub(super) fn rewind(&mut self) {
        self.rows.clear();
        self.pages.clear();
        self.answers.clear();
    }
}

impl Engine {
    /// Decides a recorded turn again, without a store: the same outcome, when the engine is the same.
    ///
    /// # Errors
    /// [`Unrecorded`], when this engine asks for rows that the recorded turn did not read.
    pub fn reevaluate(&self, recording: &Recording) -> Result<Outcome, Unrecorded> {
        let rows: BTreeMap<&Key, &Option<Kept>> =
            recording.rows.iter().map(|(key, row)| (key, row)).collect();
        let pages: BTreeMap<&Scan, &Vec<(Key, Kept)>> =
            recording.pages.iter().map(|(scan, page)| (scan, page)).collect();
        let mut step = self.begin(&recording.event, recording.now);
        loop {
            let need = match step {
                Step::Done(outcome) => return Ok(*outcome),
                Step::Need(need) => need,
            };
            let keys: BTreeSet<&Key> = need.keys().iter().filter(|key| !rows.contains_key(key)).collect();
            let scans: BTreeSet<&Scan> =
                need.scans().iter().filter(|scan| !pages.contains_key(scan)).collect();
            if !keys.is_empty() || !scans.is_empty() {
                return Err(Unrecorded { keys: keys.len(), scans: scans.len() });
            }
            let row = |key: &Key| rows.get(key).and_then(|row| row.as_ref()).map(|Kept(row)| row.clone());
            let mut found = Rows::new(need.keys().iter().map(row).collect());
            for page in need.scans().iter().filter_map(|scan| pages.get(scan)) {
                found.page(page.iter().map(|(key, Kept(row))| (key.clone(), row.clone())).collect());
            }
            if !need.questions().is_empty() {
                recording.answers.iter().for_each(|answer| found.answer(answer.clone()));
            }
            step = need.supply(found);
        }
    }
}
