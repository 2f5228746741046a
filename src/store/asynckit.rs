//! The test kit for [`AsyncStore`]: the laws of the synchronous kit through an executor, and two that only
//! overlapping calls can break.

use super::testkit::{Broken, check};
use super::{AsyncStore, Changes, Commit, Key, Kind, Record, Row, Scan, Store, Version};
use crate::model::Tenant;
use std::fmt::Debug;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs a future to its end: a host's runtime, or [`Polling`].
///
/// For a runtime this is its `block_on`: `fn run<F: Future>(&self, future: F) -> Option<F::Output> { Some(self.0.block_on(future)) }`.
///
/// ```
/// use hearken::store::{SharedStore, testkit::{Executor, check_async}};
/// use std::{future::Future, pin::pin, task::{Context, Poll, Waker}};
///
/// /// What a host writes around its own runtime; here there is none, and nothing ever has to wait.
/// struct Once;
/// impl Executor for Once {
///     fn run<F: Future>(&self, future: F) -> Option<F::Output> {
///         match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
///             Poll::Ready(output) => Some(output),
///             Poll::Pending => None,
///         }
///     }
/// }
/// assert_eq!(Once.run(async { 7 }), Some(7));
/// check_async(SharedStore::default, &Once).unwrap();
/// ```
pub trait Executor {
    /// What the future gives; `None` when it does not end.
    fn run<F: Future>(&self, future: F) -> Option<F::Output>;
}

/// Polls until the future ends, at most a million times, with a waker that does nothing: enough for a store that
/// needs no runtime.
///
/// ```
/// use hearken::store::testkit::{Executor, Polling};
///
/// assert_eq!(Polling.run(async { 7 }), Some(7));
/// assert_eq!(Polling.run(std::future::pending::<()>()), None);
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Polling;

impl Executor for Polling {
    fn run<F: Future>(&self, future: F) -> Option<F::Output> {
        let (mut future, mut context) = (pin!(future), Context::from_waker(Waker::noop()));
        (0..1_000_000).find_map(|_| match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        })
    }
}

/// Tries every law on fresh stores: those of [`check`], that a commit dropped half-way is whole or nothing, and
/// that of two commits under way at once which read the same, one wins.
///
/// ```
/// use hearken::store::{SharedStore, testkit};
///
/// testkit::check_async(SharedStore::default, &testkit::Polling).unwrap();
/// ```
///
/// # Errors
/// The first law that does not hold, with what was seen.
pub fn check_async<S: AsyncStore>(fresh: impl Fn() -> S, executor: &impl Executor) -> Result<(), Broken>
where
    S::Error: Debug,
{
    check(|| Blocking { store: fresh(), executor })?;
    dropped(&fresh(), executor)?;
    rivals(&fresh(), executor)
}

/// An asynchronous store as a synchronous one.
struct Blocking<'e, S, E> {
    store: S,
    executor: &'e E,
}

/// What can go wrong when a future is run.
#[derive(Debug)]
enum Failed<E> {
    Store(E),
    Stalled,
}

impl<S: AsyncStore, E: Executor> Blocking<'_, S, E> {
    fn run<T>(&self, future: impl Future<Output = Result<T, S::Error>>) -> Result<T, Failed<S::Error>> {
        self.executor.run(future).ok_or(Failed::Stalled)?.map_err(Failed::Store)
    }
}

impl<S: AsyncStore, E: Executor> Store for Blocking<'_, S, E> {
    type Error = Failed<S::Error>;

    fn load(&self, keys: &[Key]) -> Result<Vec<Option<Row>>, Self::Error> {
        self.run(self.store.load(keys))
    }

    fn scan(&self, scan: &Scan) -> Result<Vec<(Key, Row)>, Self::Error> {
        self.run(self.store.scan(scan))
    }

    fn commit(&mut self, changes: &Changes) -> Result<Commit, Self::Error> {
        self.run(self.store.commit(changes))
    }
}

fn key(id: &str) -> Key {
    Key::new(&Tenant::from("acme"), Kind::Customer, id)
}

/// Two keys that were read as absent, and are put.
fn both(value: &str) -> Changes {
    let mut changes = Changes::default();
    for key in [key("a"), key("b")] {
        changes.read(key.clone(), Version::ABSENT);
        changes.put(key, Record::new(1, &value.to_owned()));
    }
    changes
}

fn rows<S: AsyncStore>(
    store: &S,
    executor: &impl Executor,
    law: &'static str,
) -> Result<Vec<Option<Row>>, Broken>
where
    S::Error: Debug,
{
    match executor.run(store.load(&[key("a"), key("b")])) {
        Some(Ok(rows)) => Ok(rows),
        Some(Err(error)) => Err(Broken::new(law, format!("load failed: {error:?}"))),
        None => Err(Broken::new(law, "load does not end")),
    }
}

fn dropped<S: AsyncStore>(store: &S, executor: &impl Executor) -> Result<(), Broken>
where
    S::Error: Debug,
{
    let law = "a commit that is dropped half-way is whole or nothing";
    for polls in 1..8 {
        let changes = both("one");
        {
            let mut commit = pin!(store.commit(&changes));
            let mut left = polls;
            let some = poll_fn(|context| {
                left -= 1;
                match commit.as_mut().poll(context) {
                    Poll::Pending if left > 0 => {
                        context.waker().wake_by_ref();
                        Poll::Pending
                    }
                    _ => Poll::Ready(()),
                }
            });
            executor.run(some).ok_or_else(|| Broken::new(law, "commit does not end"))?;
        }
        let rows = rows(store, executor, law)?;
        let there = rows.iter().flatten().count();
        if there == 1 {
            return Err(Broken::new(law, format!("of two keys one was written after {polls} polls")));
        }
        if there == 2 {
            break;
        }
    }
    Ok(())
}

fn rivals<S: AsyncStore>(store: &S, executor: &impl Executor) -> Result<(), Broken>
where
    S::Error: Debug,
{
    let law = "of two commits under way at once that read the same, one wins";
    let (ours, theirs) = (both("ours"), both("theirs"));
    let answers = {
        let (mut first, mut second) = (pin!(store.commit(&ours)), pin!(store.commit(&theirs)));
        let (mut one, mut two) = (None, None);
        executor.run(poll_fn(move |context| {
            if one.is_none()
                && let Poll::Ready(answer) = first.as_mut().poll(context)
            {
                one = Some(answer);
            }
            if two.is_none()
                && let Poll::Ready(answer) = second.as_mut().poll(context)
            {
                two = Some(answer);
            }
            match (one.take(), two.take()) {
                (Some(a), Some(b)) => Poll::Ready([a, b]),
                (a, b) => {
                    (one, two) = (a, b);
                    Poll::Pending
                }
            }
        }))
    };
    let Some(answers) = answers else { return Err(Broken::new(law, "the commits do not end")) };
    let done = answers.iter().filter(|answer| matches!(answer, Ok(Commit::Done))).count();
    if done != 1 {
        return Err(Broken::new(law, format!("{done} of them were done: {answers:?}")));
    }
    let bodies: Vec<String> =
        rows(store, executor, law)?.iter().flatten().map(|row| row.record.body()).collect();
    match &*bodies {
        [a, b] if a == b => Ok(()),
        _ => Err(Broken::new(law, format!("what stands there is of both: {bodies:?}"))),
    }
}
