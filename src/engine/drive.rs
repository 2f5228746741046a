use super::Engine;
use super::Event;
use super::Need;
use super::Outcome;
use super::Recording;
use super::Rows;
use super::Step;
use super::turn::Question;
use crate::model::Timestamp;
use crate::store::{AsyncStore, Commit, Key, Store};

/// How often a turn is decided again when others move what it read.
const ATTEMPTS: usize = 64;

/// Why a turn could not be carried through. The event is untouched: drive it again.
///
/// ```
/// use hearken::engine::{DriveError, Engine, drive};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let engine = Engine::builder("acme").ask_model().build().unwrap();
/// let item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// let error = drive(&engine, &mut MemoryStore::default(), &event, Timestamp::from_secs(0)).unwrap_err();
/// assert!(matches!(error, DriveError::Unanswered(questions) if questions.len() == 1));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DriveError<E> {
    /// The database failed.
    #[error("the store failed: {0}")]
    Store(E),
    /// Others moved what the turn read, time after time.
    #[error("{} keys moved at each of {ATTEMPTS} attempts", .0.len())]
    Contended(Vec<Key>),
    /// The turn asks a model, and nobody answers here: take the bare turn and answer.
    #[error("the turn asks a model {} questions; take the bare turn and answer", .0.len())]
    Unanswered(Vec<Question>),
}

/// What a driver must do next: the loop load → decide → commit → retry, without the I/O.
enum Ask<'e> {
    Load(Need<'e>),
    Commit(Box<Outcome>),
}

struct Attempts<'e> {
    engine: &'e Engine,
    event: &'e Event,
    now: Timestamp,
    left: usize,
    tape: Option<Recording>,
}

impl<'e> Attempts<'e> {
    fn new(engine: &'e Engine, event: &'e Event, now: Timestamp) -> Self {
        Self { engine, event, now, left: ATTEMPTS, tape: None }
    }

    fn recorded(engine: &'e Engine, event: &'e Event, now: Timestamp) -> Self {
        let tape = Some(Recording::new(event.clone(), now));
        Self { tape, ..Self::new(engine, event, now) }
    }

    fn supply<E>(&mut self, need: Need<'e>, rows: Rows) -> Result<Ask<'e>, DriveError<E>> {
        if let Some(tape) = &mut self.tape {
            tape.note(&need, &rows);
        }
        Self::ask(need.supply(rows))
    }

    fn begin<E>(&self) -> Result<Ask<'e>, DriveError<E>> {
        Self::ask(self.engine.begin(self.event, self.now))
    }

    fn ask<E>(step: Step<'e>) -> Result<Ask<'e>, DriveError<E>> {
        match step {
            Step::Done(outcome) => Ok(Ask::Commit(outcome)),
            Step::Need(need) if need.questions().is_empty() => Ok(Ask::Load(need)),
            Step::Need(need) => Err(DriveError::Unanswered(need.questions().to_vec())),
        }
    }

    fn again<E>(&mut self, moved: Vec<Key>) -> Result<Ask<'e>, DriveError<E>> {
        self.left -= 1;
        if let Some(tape) = &mut self.tape {
            tape.rewind();
        }
        if self.left == 0 { Err(DriveError::Contended(moved)) } else { self.begin() }
    }
}

/// Carries one event through: loads what the turn needs, commits what it decides, decides again on conflict.
///
/// An outcome that says [`again`](Outcome::again) has more to do than one turn may: drive the same event again.
///
/// # Errors
/// See [`DriveError`]; nothing is half written.
pub fn drive<S: Store>(
    engine: &Engine,
    store: &mut S,
    event: &Event,
    now: Timestamp,
) -> Result<Outcome, DriveError<S::Error>> {
    carry(&mut Attempts::new(engine, event, now), store)
}

/// [`drive`], with a recording of everything the turn read: [`Engine::reevaluate`] decides it again.
///
/// # Errors
/// See [`DriveError`]; nothing is half written.
pub fn drive_recorded<S: Store>(
    engine: &Engine,
    store: &mut S,
    event: &Event,
    now: Timestamp,
) -> Result<(Outcome, Recording), DriveError<S::Error>> {
    let mut attempts = Attempts::recorded(engine, event, now);
    let outcome = carry(&mut attempts, store)?;
    Ok((outcome, attempts.tape.unwrap_or_else(|| Recording::new(event.clone(), now))))
}

fn carry<S: Store>(attempts: &mut Attempts<'_>, store: &mut S) -> Result<Outcome, DriveError<S::Error>> {
    let mut ask = attempts.begin()?;
    loop {
        ask = match ask {
            Ask::Load(need) => {
                let rows = Rows::fetch(&*store, need.keys(), need.scans());
                attempts.supply(need, rows.map_err(DriveError::Store)?)?
            }
            Ask::Commit(outcome) => match store.commit(&outcome.changes).map_err(DriveError::Store)? {
                Commit::Done => return Ok(*outcome),
                Commit::Conflict(keys) => attempts.again(keys)?,
            },
        }
    }
}

/// [`drive`] for an asynchronous store. The future is `Send` when the store is `Sync`.
///
/// # Errors
/// See [`DriveError`]; nothing is half written.
pub async fn drive_async<S: AsyncStore>(
    engine: &Engine,
    store: &S,
    event: &Event,
    now: Timestamp,
) -> Result<Outcome, DriveError<S::Error>> {
    carry_async(&mut Attempts::new(engine, event, now), store).await
}

/// [`drive_recorded`] for an asynchronous store.
///
/// # Errors
/// See [`DriveError`]; nothing is half written.
pub async fn drive_recorded_async<S: AsyncStore>(
    engine: &Engine,
    store: &S,
    event: &Event,
    now: Timestamp,
) -> Result<(Outcome, Recording), DriveError<S::Error>> {
    let mut attempts = Attempts::recorded(engine, event, now);
    let outcome = carry_async(&mut attempts, store).await?;
    Ok((outcome, attempts.tape.unwrap_or_else(|| Recording::new(event.clone(), now))))
}

async fn carry_async<S: AsyncStore>(
    attempts: &mut Attempts<'_>,
    store: &S,
) -> Result<Outcome, DriveError<S::Error>> {
    let mut ask = attempts.begin()?;
    loop {
        ask = match ask {
            Ask::Load(need) => {
                let rows = Rows::fetch_async(store, need.keys(), need.scans()).await;
                attempts.supply(need, rows.map_err(DriveError::Store)?)?
            }
            Ask::Commit(outcome) => match store.commit(&outcome.changes).await.map_err(DriveError::Store)? {
                Commit::Done => return Ok(*outcome),
                Commit::Conflict(keys) => attempts.again(keys)?,
            },
        }
    }
}
