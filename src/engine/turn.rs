use super::Engine;
use super::Event;
use super::Outcome;
use super::interaction::Known;
use super::people::author::{Author, Wanted};
use super::shelf::{Rows, Shelf, Stop, Want};
use super::state::account_name;
use crate::model::{AccountKey, Interaction, ItemKey, Personal, Timestamp};
use crate::query::Scratch;
use crate::store::{Key, Row, Scan, Version};
use crate::text::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::cell::{OnceCell, RefCell, RefMut};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// Where a turn stands: it needs something, or it is done.
///
/// ```
/// use hearken::engine::{Engine, Event, Rows, Step};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let (engine, store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut step = engine.begin(&Event::Due, Timestamp::from_secs(60));
/// let outcome = loop {
///     step = match step {
///         Step::Need(need) => {
///             let rows = Rows::fetch(&store, need.keys(), need.scans()).unwrap();
///             need.supply(rows)
///         }
///         Step::Done(outcome) => break outcome,
///     };
/// };
/// assert!(outcome.effects.is_empty(), "the host commits its changes, then acts");
/// ```
#[derive(Debug)]
#[must_use = "a turn does nothing until its outcome is committed"]
pub enum Step<'e> {
    /// The host must look something up, and hand it to [`Need::supply`].
    Need(Need<'e>),
    /// Decided. Commit [`Outcome::changes`], then act.
    Done(Box<Outcome>),
}

/// What a turn must know to go on. Consumed by [`supply`](Need::supply), so it cannot be answered twice.
///
/// ```
/// use hearken::engine::{Engine, Event, Rows, Step};
/// use hearken::model::Timestamp;
///
/// // A tick asks for the timers that are due, and whether the agents are those it knows. Nothing is found, so nothing is done.
/// let engine = Engine::builder("acme").build().unwrap();
/// let Step::Need(need) = engine.tick(Timestamp::from_secs(0)) else { panic!() };
/// assert_eq!((need.keys().len(), need.scans().len(), need.questions().len()), (1, 1, 0));
/// let mut rows = Rows::new(vec![None]);
/// rows.page(Vec::new());
/// let Step::Done(outcome) = need.supply(rows) else { panic!() };
/// assert!(outcome.changes.is_empty());
/// ```
#[derive(Debug)]
#[must_use = "a turn goes on when its need is supplied"]
pub struct Need<'e> {
    turn: Box<Turn<'e>>,
    want: Want,
}

/// A question to a model of the host's own.
///
/// ```
/// use hearken::engine::{Answer, Engine, Rows, Step};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
///
/// let engine = Engine::builder("acme").ask_model().build().unwrap();
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.content.text = "the handle is warm".into();
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// let mut step = engine.begin(&event, Timestamp::from_secs(0));
/// let outcome = loop {
///     step = match step {
///         Step::Need(need) => {
///             // Nothing is stored yet; the model knows better than patterns what warm handles are.
///             let mut rows = Rows::new(vec![None; need.keys().len()]);
///             need.scans().iter().for_each(|_| rows.page(Vec::new()));
///             for question in need.questions() {
///                 assert_eq!(question.text.reveal(), "the handle is warm");
///                 rows.answer(Answer { model: "ours 3".into(), topics: vec![("safety".into(), 0.9)] });
///             }
///             need.supply(rows)
///         }
///         Step::Done(outcome) => break outcome,
///     };
/// };
/// assert!(outcome.assessment.as_ref().unwrap().words["topic"].contains(&"safety".into()));
/// assert_eq!(&*outcome.receipt.find("model").unwrap().result, "ours 3");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The item it is about.
    pub item: ItemKey,
    /// Its text.
    pub text: Personal,
}

/// A model's answer: names and how sure it is of each, 0 to 1. It stands in the receipt.
///
/// ```
/// use hearken::engine::Answer;
///
/// let answer = Answer { model: "ours 3".into(), topics: vec![("safety".into(), 0.9)] };
/// assert_eq!(serde_json::to_string(&answer).unwrap(), r#"{"model":"ours 3","topics":[["safety",0.9]]}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The model and its version.
    pub model: Box<str>,
    /// Topics it found, which queries ask as `topic:`.
    pub topics: Vec<(Box<str>, f64)>,
}

impl<'e> Need<'e> {
    /// Keys to load, each once.
    pub fn keys(&self) -> &[Key] {
        &self.want.keys
    }

    /// Pages to scan.
    pub fn scans(&self) -> &[Scan] {
        &self.want.scans
    }

    /// Questions to a model of the host's own; the answer may come later, from a queue or another process.
    pub fn questions(&self) -> &[Question] {
        &self.want.questions
    }

    /// Hands over what was looked up; what is missing counts as absent.
    pub fn supply(self, rows: Rows) -> Step<'e> {
        let Need { mut turn, want } = self;
        turn.hints.extend(want.hints);
        let answers = turn.shelf.take(want.keys, want.scans, rows);
        if !want.questions.is_empty() {
            turn.answers = Some(answers);
        }
        turn.run()
    }
}

/// A turn under way: the event, and all that was looked up for it so far.
///
/// A turn decides by running its handler from the start each time something more is known. A handler asks for rows
/// as it goes; when one is not there yet it stops with [`Stop::Need`]. So a handler reads as straight code, and the
/// bare turn needs neither threads nor futures. What does not change any more once it is known (the split text, whether
/// the item is let in, who its author is) is worked out once and kept.
pub(super) struct Turn<'e> {
    pub(super) engine: &'e Engine,
    pub(super) event: &'e Event,
    pub(super) now: Timestamp,
    shelf: Shelf,
    hints: BTreeSet<Key>,
    answers: Option<Vec<Answer>>,
    rounds: usize,
    text: OnceCell<Text>,
    erased: OnceCell<Key>,
    gone: OnceCell<Key>,
    pub(super) known: OnceCell<Known>,
    pub(super) wanted: OnceCell<Wanted>,
    pub(super) author: OnceCell<Author>,
    scratch: RefCell<Option<Scratch>>,
}

/// Shows how far it has come; what it knows is personal and stays hidden.
impl fmt::Debug for Turn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn").field("now", &self.now).field("rounds", &self.rounds).finish_non_exhaustive()
    }
}

/// The scratch goes back to the engine for the next turn.
impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.scratch.take().into_iter().for_each(|scratch| self.engine.give_back(scratch));
    }
}

impl<'e> Turn<'e> {
    pub(super) fn new(engine: &'e Engine, event: &'e Event, now: Timestamp) -> Self {
        Self {
            engine,
            event,
            now,
            shelf: Shelf::default(),
            hints: BTreeSet::new(),
            answers: None,
            rounds: 0,
            text: OnceCell::new(),
            erased: OnceCell::new(),
            gone: OnceCell::new(),
            known: OnceCell::new(),
            wanted: OnceCell::new(),
            author: OnceCell::new(),
            scratch: RefCell::new(None),
        }
    }

    pub(super) fn run(mut self: Box<Self>) -> Step<'e> {
        match self.engine.decide(&self) {
            Ok(outcome) => Step::Done(Box::new(outcome)),
            Err(Stop::Unreadable(error)) => Step::Done(Box::new(Outcome::unreadable(&self, &error))),
            Err(Stop::Need(_)) if self.rounds >= self.engine.limits.rounds => {
                Step::Done(Box::new(Outcome::exhausted(&self)))
            }
            Err(Stop::Need(want)) => {
                self.rounds += 1;
                Step::Need(Need { turn: self, want })
            }
        }
    }

    /// The text of the item that the event is about, split once.
    pub(super) fn text(&self, item: &Interaction) -> &Text {
        self.text.get_or_init(|| {
            let mut text = Text::bounded(&self.engine.limits);
            text.read(&item.words());
            text
        })
    }

    /// The key of the mark that the account which the event is about was erased; hashed once.
    pub(super) fn erased_key(&self, account: &AccountKey) -> Key {
        self.erased.get_or_init(|| self.engine.erased_mark(&account_name(account))).clone()
    }

    /// The key of the mark that the item which the event is about is gone; hashed once.
    pub(super) fn gone_key(&self, item: &ItemKey) -> Key {
        self.gone.get_or_init(|| self.engine.gone_mark(item)).clone()
    }

    /// Buffers for running many queries.
    pub(super) fn scratch(&self) -> RefMut<'_, Scratch> {
        RefMut::map(self.scratch.borrow_mut(), |scratch| {
            scratch.get_or_insert_with(|| self.engine.take_scratch())
        })
    }

    /// Rounds of lookup so far.
    pub(super) fn rounds(&self) -> usize {
        self.rounds
    }

    /// Stops unless all these are known: one round for all of them.
    pub(super) fn want(&self, keys: &[&Key], scans: &[&Scan]) -> Result<(), Stop> {
        self.shelf.want(keys.iter().copied(), scans.iter().copied())
    }

    /// [`want`](Turn::want) for rows that are hints: a turn that only looked at one does not mind if it moves.
    pub(super) fn glance(&self, keys: &[Key], scans: &[&Scan]) -> Result<(), Stop> {
        match self.want(&keys.iter().collect::<Vec<_>>(), scans) {
            Err(Stop::Need(mut want)) => {
                want.hints.clone_from(&want.keys);
                Err(Stop::Need(want))
            }
            other => other,
        }
    }

    /// The value under a key.
    pub(super) fn get<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        key: &Key,
    ) -> Result<Option<Arc<T>>, Stop> {
        self.shelf.get(key)
    }

    /// True when there is a record under the key.
    pub(super) fn has(&self, key: &Key) -> Result<bool, Stop> {
        self.want(&[key], &[])?;
        Ok(self.row(key).is_some())
    }

    /// The row under a key that was looked up.
    pub(super) fn row(&self, key: &Key) -> Option<&Row> {
        self.shelf.row(key)
    }

    /// The rows that were looked up by key and are there.
    pub(super) fn looked_up(&self) -> impl Iterator<Item = (&Key, &Row)> {
        self.shelf.rows().filter_map(|(key, row)| Some((key, row.as_ref()?)))
    }

    /// Under whose name the record that was looked up under a key is filed.
    pub(super) fn subject(&self, key: &Key) -> Option<String> {
        self.row(key)?.record.subject().map(str::to_owned)
    }

    /// The rows of a scan.
    pub(super) fn page(&self, scan: &Scan) -> Result<&[(Key, Row)], Stop> {
        self.shelf.page(scan)
    }

    /// The keys of all rows that some scans meet.
    pub(super) fn all(&self, scans: Vec<Scan>) -> Result<Vec<&Key>, Stop> {
        self.shelf.all(scans)
    }

    /// The host's model's answer to one question.
    pub(super) fn ask(&self, question: impl FnOnce() -> Question) -> Result<Option<&Answer>, Stop> {
        match &self.answers {
            Some(answers) => Ok(answers.first()),
            None => Err(Stop::Need(Want { questions: vec![question()], ..Want::default() })),
        }
    }

    /// Everything that was looked up by key, with its version, and whether it was only a hint.
    pub(super) fn reads(&self) -> impl Iterator<Item = (&Key, Version, bool)> {
        let version = |row: &Option<Row>| row.as_ref().map_or(Version::ABSENT, |row| row.version);
        self.shelf.rows().map(move |(key, row)| (key, version(row), self.hints.contains(key)))
    }
}

/// Encodes a value for a receipt or a comparison; plain data cannot fail.
pub(super) fn encoded<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
