use super::Action;
use super::Disposition;
use super::Effect;
use super::Finding;
use super::Outcome;
use super::Receipt;
use super::Stats;
use super::state::{CaseRecord, Chapter, Keys, Target};
use super::turn::Turn;
use crate::model::{CaseId, ItemKey, Tenant, Timestamp};
use crate::store::{Changes, Key, Kind, Record, SCHEMA};
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a handler has decided so far: writes, effects and the receipt, turned into one [`Outcome`].
pub(super) struct Plan<'t, 'e> {
    turn: &'t Turn<'e>,
    subject: Option<Arc<str>>,
    /// What stands under a filing.
    filed: Record,
    changes: Changes,
    effects: Vec<Effect>,
    /// What happened to cases: to whose, and at which version of the case.
    told: BTreeMap<CaseId, (String, u64, Chapter)>,
    /// The cases in which items stand from now on.
    pub(super) joined: BTreeMap<ItemKey, CaseId>,
    /// Which revision this is; empty for the original.
    series: Box<str>,
    pub(super) receipt: Receipt,
    pub(super) stats: Stats,
}

impl<'t, 'e> Plan<'t, 'e> {
    /// A plan for an event of that id about that subject's data.
    pub(super) fn new(turn: &'t Turn<'e>, event: &str, subject: Option<String>) -> Self {
        Self {
            turn,
            subject: subject.map(Into::into),
            filed: Record::shared(SCHEMA, ().into()),
            changes: Changes::default(),
            effects: Vec::new(),
            told: BTreeMap::new(),
            joined: BTreeMap::new(),
            series: Box::default(),
            receipt: Receipt { by: Arc::clone(&turn.engine.version), ..Receipt::new(event, turn.now) },
            stats: Stats::default(),
        }
    }

    fn tenant(&self) -> &Tenant {
        &self.turn.engine.tenant
    }

    /// Writes a value that is the plan's subject's own.
    pub(super) fn put<T: Serialize + Send + Sync + 'static>(&mut self, key: Key, value: T) {
        self.put_held(key, value.into());
    }

    /// [`put`](Plan::put) of a value that others hold, too.
    pub(super) fn put_held<T: Serialize + Send + Sync + 'static>(&mut self, key: Key, value: Arc<T>) {
        let subject = self.subject.clone();
        self.write(subject.as_deref(), key, Record::shared(SCHEMA, value));
    }

    /// Writes a value of `subject`'s.
    pub(super) fn put_of<T: Serialize + Send + Sync + 'static>(&mut self, subject: &str, key: Key, value: T) {
        self.write(Some(subject), key, Record::shared(SCHEMA, value.into()));
    }

    /// Writes a value that is `subject`'s, if there is one.
    pub(super) fn put_filed<T>(&mut self, subject: Option<&str>, key: Key, value: T)
    where
        T: Serialize + Send + Sync + 'static,
    {
        self.write(subject, key, Record::shared(SCHEMA, value.into()));
    }

    /// Writes a value that is nobody's own.
    pub(super) fn put_shared<T: Serialize + Send + Sync + 'static>(&mut self, key: Key, value: T) {
        self.write(None, key, Record::shared(SCHEMA, value.into()));
    }

    /// The subject, shared where it is the plan's own.
    fn shared(&self, subject: &str) -> Arc<str> {
        let own = self.subject.as_ref().filter(|own| ***own == *subject);
        own.map_or_else(|| subject.into(), Arc::clone)
    }

    fn write(&mut self, subject: Option<&str>, key: Key, record: Record) {
        let Some(subject) = subject else { return self.changes.put(key, record) };
        let before = self.turn.row(&key).map(|row| row.record.subject());
        if before != Some(Some(subject)) {
            if let Some(other) = before.flatten() {
                self.unfile(other, &key);
            }
            self.file(subject, &key);
        }
        let subject = self.shared(subject);
        self.changes.put(key, record.of(subject));
    }

    /// Notes that a record speaks of `subject`, so that export and erasure find it.
    pub(super) fn file(&mut self, subject: &str, key: &Key) {
        let record = self.filed.clone().of(self.shared(subject));
        self.changes.put(self.filing(subject, key), record);
    }

    /// Takes back [`file`](Plan::file).
    pub(super) fn unfile(&mut self, subject: &str, key: &Key) {
        self.changes.delete(self.filing(subject, key));
    }

    fn filing(&self, subject: &str, key: &Key) -> Key {
        Key::ordered(self.tenant(), Kind::Subject, &[subject, key.kind().as_str(), key.id()])
    }

    /// Takes a record away, and its filing under `subject`.
    pub(super) fn delete_of(&mut self, subject: &str, key: Key) {
        self.unfile(subject, &key);
        self.changes.delete(key);
    }

    /// Takes a record away that is nobody's own.
    pub(super) fn delete(&mut self, key: Key) {
        self.changes.delete(key);
    }

    /// Takes a record away, and its filing if there is one.
    pub(super) fn delete_filed(&mut self, subject: Option<&str>, key: Key) {
        match subject {
            Some(subject) => self.delete_of(subject, key),
            None => self.delete(key),
        }
    }

    /// Asks the host to do something.
    pub(super) fn effect(&mut self, action: Action) {
        let (event, series, place) = (&self.receipt.event, &self.series, self.effects.len());
        let id =
            if series.is_empty() { format!("{event}/{place}") } else { format!("{event} {series}/{place}") };
        self.effects.push(Effect { id: id.into(), action });
    }

    /// Says which revision of the event's item this is: its effects and its receipt are not those of the original.
    pub(super) fn revises(&mut self, series: &str) {
        self.series = series.into();
    }

    /// Says that the receipt tells of a case, and what happened to it.
    pub(super) fn tells(&mut self, record: &CaseRecord, chapter: Chapter) {
        let version = record.case.version;
        let told = self.told.entry(record.case.id.clone());
        let (.., known) = told.or_insert_with(|| (record.person.clone(), version, Chapter::default()));
        known.entries.extend(chapter.entries);
    }

    /// Asks to be woken: a timer record, and an effect that tells the host when.
    pub(super) fn timer(&mut self, at: Timestamp, target: Target) {
        let key = Keys(self.tenant()).timer(at, &target);
        self.put_shared(key, target);
        self.effect(Action::WakeAt { at });
    }

    /// Notes a finding.
    pub(super) fn find(&mut self, finding: Finding) {
        self.receipt.add(finding);
    }

    /// The outcome: all that was read and decided. A turn that decides nothing writes nothing.
    pub(super) fn done(mut self, disposition: Disposition) -> Outcome {
        self.stats.rounds = self.turn.rounds();
        self.stats.keys = self.turn.reads().count();
        let receipt = Arc::new(std::mem::take(&mut self.receipt));
        let decided = !matches!(disposition, Disposition::Dropped(_));
        if decided {
            let tenant = self.tenant().clone();
            let time = Key::time(self.turn.now.millis());
            let subject = self.subject.clone();
            for effect in self.effects.clone() {
                let key = Key::ordered(&tenant, Kind::Outbox, &[&time, &effect.id]);
                self.write(subject.as_deref(), key, Record::shared(SCHEMA, effect.into()));
            }
            for (case, (person, version, chapter)) in std::mem::take(&mut self.told) {
                let key = Keys(&tenant).story(&case, &time, version, &receipt.event, &self.series);
                self.put_of(&person, key, chapter);
            }
            let key = Keys(&tenant).receipt(&receipt.event, &time, &self.series);
            self.write(subject.as_deref(), key, Record::shared(SCHEMA, Arc::clone(&receipt)));
            for (key, version, hint) in self.turn.reads() {
                if !hint || self.changes.touches(key) {
                    self.changes.read(key.clone(), version);
                }
            }
        }
        Outcome {
            disposition,
            changes: if decided { self.changes } else { Changes::default() },
            effects: self.effects,
            receipt,
            assessment: None,
            stats: self.stats,
            again: false,
        }
    }
}
