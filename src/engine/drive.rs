use super::turn::Question;
use super::{Engine, Event, Need, Outcome, Rows, Step};
use crate::model::Timestamp;
use crate::store::{AsyncStore, Commit, Key, Store};

/// How often a turn is decided again when others move what it read.
const ATTEMPTS: usize = 64;

/// Why a turn could not be carried through. The event is untouched: drive it again.
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
}

impl<'e> Attempts<'e> {
    fn new(engine: &'e Engine, event: &'e Event, now: Timestamp) -> Self {
        Self { engine, event, now, left: ATTEMPTS }
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
    let mut attempts = Attempts::new(engine, event, now);
    let mut ask = attempts.begin()?;
    loop {
        ask = match ask {
            Ask::Load(need) => {
                let mut rows = Rows::new(store.load(need.keys()).map_err(DriveError::Store)?);
                for scan in need.scans() {
                    rows.page(store.scan(scan).map_err(DriveError::Store)?);
                }
                Attempts::ask(need.supply(rows))?
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
    let mut attempts = Attempts::new(engine, event, now);
    let mut ask = attempts.begin()?;
    loop {
        ask = match ask {
            Ask::Load(need) => {
                let mut rows = Rows::new(store.load(need.keys()).await.map_err(DriveError::Store)?);
                for scan in need.scans() {
                    rows.page(store.scan(scan).await.map_err(DriveError::Store)?);
                }
                Attempts::ask(need.supply(rows))?
            }
            Ask::Commit(outcome) => match store.commit(&outcome.changes).await.map_err(DriveError::Store)? {
                Commit::Done => return Ok(*outcome),
                Commit::Conflict(keys) => attempts.again(keys)?,
            },
        }
    }
}
