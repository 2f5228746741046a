use crate::calendar::Calendar;
use crate::model::{CaseKind, Priority, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

const HOUR: i64 = 60 * 60_000;

/// Late news finds its place among so many events; what was before them is settled. Events of one case that were made
/// at one time arrive within a handful of each other.
const UNSETTLED: usize = 32;

/// Promised times in business milliseconds; absent: not promised.
///
/// ```
/// use hearken::desk::{Promise, Targets};
///
/// let targets: Targets = serde_json::from_str(r#"{"first": 900000}"#).unwrap();
/// assert_eq!((targets.of(Promise::First), targets.of(Promise::Resolution)), (Some(900_000), None));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    /// From the first word of the customer to the first of the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
    /// From any later word of the customer to the brand's next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
    /// From opening to resolving, pauses left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolution: Option<i64>,
}

impl Default for Targets {
    /// A first response within 24 hours, as about half of those who ask on social media expect.
    fn default() -> Self {
        Self { first: Some(24 * HOUR), next: None, resolution: None }
    }
}

/// Which case gets which targets. The first line whose every stated condition holds; the default targets
/// where none does.
///
/// ```
/// use hearken::desk::{SlaBook, Targets};
/// use hearken::model::{CaseKind, Priority};
///
/// let book: SlaBook = serde_json::from_str(r#"{"lines": [
///     {"priority": "urgent", "tier": "gold", "targets": {"first": 300000}},
///     {"priority": "urgent", "targets": {"first": 900000}}]}"#).unwrap();
/// let first = |tier| book.targets(&CaseKind::Complaint, Priority::Urgent, tier).first;
/// assert_eq!((first(Some("gold")), first(None)), (Some(300_000), Some(900_000)));
/// assert_eq!(book.targets(&CaseKind::Praise, Priority::Low, None), Targets::default());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SlaBook {
    /// Tried in order.
    pub lines: Vec<SlaLine>,
    /// What holds otherwise.
    pub default: Targets,
}

/// One line of an [`SlaBook`]: absent conditions hold.
///
/// ```
/// use hearken::desk::{SlaBook, SlaLine, Targets};
/// use hearken::model::{CaseKind, Priority};
///
/// // Complaints within the hour, whatever their priority and whoever complains.
/// let line: SlaLine = serde_json::from_str(r#"{"kind": "complaint", "targets": {"first": 3600000}}"#).unwrap();
/// let book = SlaBook { lines: vec![line], default: Targets::default() };
/// assert_eq!(book.targets(&CaseKind::Complaint, Priority::Low, Some("gold")).first, Some(3_600_000));
/// assert_eq!(book.targets(&CaseKind::Question, Priority::Low, Some("gold")), Targets::default());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaLine {
    /// What the case is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaseKind>,
    /// How much it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// The customer's tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// What is promised.
    pub targets: Targets,
}

impl SlaBook {
    /// The targets of a case.
    pub fn targets(&self, kind: &CaseKind, priority: Priority, tier: Option<&str>) -> Targets {
        let holds = |line: &&SlaLine| {
            line.kind.as_ref().is_none_or(|wanted| wanted == kind)
                && line.priority.is_none_or(|wanted| wanted == priority)
                && line.tier.as_deref().is_none_or(|wanted| Some(wanted) == tier)
        };
        self.lines.iter().find(holds).map_or(self.default, |line| line.targets)
    }
}

/// What an SLA hears of a case.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Promise, Sla, SlaEvent, Targets};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut sla = Sla::open(at(0), Targets { first: Some(600_000), ..Targets::default() }, 0);
/// sla.hear(SlaEvent::Reply, at(60));
/// assert_eq!(sla.state(Promise::First, &Calendar::always(), at(900)).kept, 1);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlaEvent {
    /// The customer says something; the first opens the case. Ends a pause.
    Inbound,
    /// The brand answers.
    Reply,
    /// The resolution clock stops: the case waits for somebody else. Twice is once.
    Pause,
    /// The resolution clock goes on.
    Resume,
    /// The case is resolved.
    Resolve,
    /// It is open again.
    Reopen,
    /// Other targets hold from now on. Pauses and misses stay.
    Swap(Targets),
}

/// One of the three promises.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Promise, Sla, SlaEvent, Targets};
/// use hearken::model::Timestamp;
///
/// let (at, calendar) = (Timestamp::from_secs, Calendar::always());
/// let hour = Some(3_600_000);
/// let mut sla = Sla::open(at(0), Targets { first: hour, next: hour, resolution: Some(86_400_000) }, 0);
/// sla.hear(SlaEvent::Reply, at(60));
/// // A word in time keeps the first promise; the matter itself is still open.
/// let running = Promise::ALL.map(|promise| sla.state(promise, &calendar, at(120)).running);
/// assert_eq!(running, [false, false, true]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// First response.
    First,
    /// Next response.
    Next,
    /// Resolution.
    Resolution,
}

impl Promise {
    /// All three.
    pub const ALL: [Self; 3] = [Self::First, Self::Next, Self::Resolution];
}

impl Targets {
    /// The target of one promise.
    pub const fn of(&self, promise: Promise) -> Option<i64> {
        match promise {
            Promise::First => self.first,
            Promise::Next => self.next,
            Promise::Resolution => self.resolution,
        }
    }
}

/// How one promise stands.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Promise, Sla, SlaEvent, Targets};
/// use hearken::model::Timestamp;
///
/// let (at, calendar) = (Timestamp::from_secs, Calendar::always());
/// let mut sla = Sla::open(at(0), Targets { first: Some(600_000), ..Targets::default() }, 0);
/// let state = sla.state(Promise::First, &calendar, at(300));
/// assert_eq!((state.used, state.due), (300_000, Some(at(600))), "half of it is gone");
/// sla.hear(SlaEvent::Swap(Targets { first: Some(1_800_000), ..Targets::default() }), at(900));
/// let state = sla.state(Promise::First, &calendar, at(901));
/// assert!(state.is_active_with_misses(), "more time does not undo the miss: {state:?}");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseState {
    /// Counts the time now.
    pub running: bool,
    /// When it will be missed if nothing happens; `None` while stopped, kept, missed or not promised.
    pub due: Option<Timestamp>,
    /// Business milliseconds used in the current run.
    pub used: i64,
    /// Runs that were kept.
    pub kept: u32,
    /// When it was missed, each time; never forgotten.
    pub missed: Vec<Timestamp>,
}

impl PromiseState {
    /// Still counting although it has been missed before.
    pub fn is_active_with_misses(&self) -> bool {
        self.running && !self.missed.is_empty()
    }
}

/// Something to tell about a promise, at its logical time.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Promise, Sla, SlaCommand, Targets};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut sla = Sla::open(at(0), Targets { first: Some(600_000), ..Targets::default() }, 0);
/// let told = sla.tick(at(9_000), &Calendar::always());
/// assert!(told.contains(&SlaCommand::Missed { promise: Promise::First, due: at(600) }), "late, with its own time");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlaCommand {
    /// It will be missed at `due` unless somebody acts; said as long as [`Sla::open`] was told, in business milliseconds, before.
    DueSoon {
        /// Which.
        promise: Promise,
        /// When it will be missed.
        due: Timestamp,
    },
    /// It was due at `due` and nobody had acted.
    Missed {
        /// Which.
        promise: Promise,
        /// When it was due.
        due: Timestamp,
    },
    /// Call [`Sla::tick`] then.
    WakeAt(Timestamp),
}

/// The promises to one customer about one case: its history, and what has been said about it.
///
/// Everything is computed from the history each time, so it does not matter how often anybody looks: one
/// tick at the end says the same, at the same logical times, as a tick every second. To act exactly at the
/// due instant still keeps the promise.
///
/// A case may go on for years: [`Sla::tick`] folds all but the last 32 events into where they have left the three
/// clocks, with every promise kept and every miss, so neither a tick nor the record grows with the events of a case. News
/// that is older than those 32 events counts from the first of them, folded or not; so does a question about a time
/// before what was folded. Business time that is folded stays as the calendar counted it then.
///
/// - **First response** and **next response** run from the customer's word to the brand's; nothing pauses
///   them, and a second word does not start them again. The next-response clock begins after the first reply.
/// - **Resolution** runs while the case is open; waiting for the customer or another team, holding and
///   snoozing pause it, and so does being resolved, until it is opened again.
/// - **Other targets** count from the same beginning with the same pauses. A promise that was missed stays
///   missed; when the new target still lies ahead it is active with misses.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Promise, Sla, SlaCommand, SlaEvent, Targets};
/// use hearken::model::Timestamp;
///
/// let (at, calendar) = (Timestamp::from_secs, Calendar::always());
/// let targets = Targets { first: Some(600_000), ..Targets::default() };
/// let mut sla = Sla::open(at(0), targets, 60_000);
/// assert_eq!(sla.tick(at(0), &calendar), [SlaCommand::WakeAt(at(540))]);
/// let due = at(600);
/// assert_eq!(sla.tick(at(540), &calendar)[0], SlaCommand::DueSoon { promise: Promise::First, due });
/// assert_eq!(sla.tick(at(9_999), &calendar), [SlaCommand::Missed { promise: Promise::First, due }]);
///
/// sla.hear(SlaEvent::Reply, at(10_000));
/// assert_eq!(sla.state(Promise::First, &calendar, at(10_001)).missed, [due]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sla {
    /// What was promised before the history.
    targets: Targets,
    /// How long before a miss it is announced, in business milliseconds.
    warn: i64,
    /// Where events before the history have left the clocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    folded: Option<Folded>,
    /// In order of time; of equal times in order of arrival.
    history: Vec<(Timestamp, SlaEvent)>,
    /// What has been said and could come up again, so that it is said once.
    said: BTreeSet<SlaCommand>,
    /// The tick asked for last.
    wake: Option<Timestamp>,
}

impl Sla {
    /// The SLA of a case that the customer opened at `at`; misses are announced `warn` business milliseconds
    /// before.
    pub fn open(at: Timestamp, targets: Targets, warn: i64) -> Self {
        let history = vec![(at, SlaEvent::Inbound)];
        Self { targets, warn, folded: None, history, said: BTreeSet::new(), wake: None }
    }

    /// What is promised now.
    pub fn targets(&self) -> Targets {
        let swapped = self.history.iter().rev().find_map(|(_, event)| match event {
            SlaEvent::Swap(targets) => Some(*targets),
            _ => None,
        });
        swapped.unwrap_or(self.targets)
    }

    /// Takes one event into the history, in the place of its time: late news is no less true, and comes at the earliest
    /// after what is settled.
    pub fn hear(&mut self, event: SlaEvent, at: Timestamp) {
        let settled = self.history.len().checked_sub(UNSETTLED).and_then(|last| self.history.get(last));
        let at = settled.map_or(at, |(last, _)| at.max(*last));
        let place = self.history.partition_point(|(other, _)| *other <= at);
        self.history.insert(place, (at, event));
    }

    /// How a promise stands at `now`.
    pub fn state(&self, promise: Promise, calendar: &Calendar, now: Timestamp) -> PromiseState {
        self.replay(promise, calendar, now).state()
    }

    /// The earliest instant at which a promise will be missed.
    pub fn due(&self, calendar: &Calendar, now: Timestamp) -> Option<Timestamp> {
        Promise::ALL.iter().filter_map(|&promise| self.state(promise, calendar, now).due).min()
    }

    /// What there is to say by `now`, in order of logical time, each once; then when to ask again.
    pub fn tick(&mut self, now: Timestamp, calendar: &Calendar) -> Vec<SlaCommand> {
        let replays = Promise::ALL.map(|promise| self.replay(promise, calendar, now));
        let wake = replays.iter().filter_map(Replay::wake).min();
        let mut news: Vec<_> = replays.into_iter().flat_map(|replay| replay.news).collect();
        news.sort();
        let fresh =
            news.into_iter().map(|(.., command)| command).filter(|&command| self.said.insert(command));
        let mut commands: Vec<SlaCommand> = fresh.collect();
        if wake != self.wake {
            self.wake = wake;
            commands.extend(wake.map(SlaCommand::WakeAt));
        }
        self.fold(now, calendar);
        commands
    }

    /// Folds what is settled and has been told of into where it leaves the clocks.
    fn fold(&mut self, now: Timestamp, calendar: &Calendar) {
        let past = self.history.partition_point(|(at, _)| *at <= now);
        let settled = past.min(self.history.len().saturating_sub(UNSETTLED));
        let Some(&(until, _)) = settled.checked_sub(1).and_then(|last| self.history.get(last)) else {
            return;
        };
        let clock = |promise| {
            let mut replay = Replay::new(self, promise, calendar);
            self.history.iter().take(settled).for_each(|&(at, event)| replay.hear(event, at));
            (promise, replay.clock)
        };
        self.folded = Some(Folded { until, clocks: Promise::ALL.map(clock).into() });
        for (_, event) in self.history.drain(..settled) {
            if let SlaEvent::Swap(targets) = event {
                self.targets = targets;
            }
        }
        // What comes up from here on is due from here on.
        self.said.retain(|said| match said {
            SlaCommand::DueSoon { due, .. } | SlaCommand::Missed { due, .. } => *due >= until,
            SlaCommand::WakeAt(_) => false,
        });
    }

    fn replay<'a>(&self, promise: Promise, calendar: &'a Calendar, now: Timestamp) -> Replay<'a> {
        let now = self.folded.as_ref().map_or(now, |folded| now.max(folded.until));
        let mut replay = Replay::new(self, promise, calendar);
        for &(at, event) in self.history.iter().take_while(|(at, _)| *at <= now) {
            replay.hear(event, at);
        }
        replay.run_to(now);
        replay
    }
}

/// Where the clocks stand after events that are no longer kept one by one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Folded {
    /// The time of the last of them.
    until: Timestamp,
    clocks: BTreeMap<Promise, Clock>,
}

/// Where one promise's clock stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Clock {
    used: i64,
    kept: u32,
    misses: Vec<Timestamp>,
    /// Counting since this instant.
    since: Option<Timestamp>,
    /// A run has begun and is not over; it may be paused.
    begun: bool,
    /// The brand has answered at least once.
    replied: bool,
    /// The run has been missed, or announced, at the present target.
    missed: bool,
    warned: bool,
}

/// One promise's clock while history is replayed.
#[derive(Debug)]
struct Replay<'a> {
    promise: Promise,
    calendar: &'a Calendar,
    warn: i64,
    target: Option<i64>,
    clock: Clock,
    /// At its time, after so many events: what is said at the time of an event is said before or after it.
    news: Vec<(Timestamp, usize, SlaCommand)>,
    heard: usize,
}

impl<'a> Replay<'a> {
    fn new(sla: &Sla, promise: Promise, calendar: &'a Calendar) -> Self {
        let folded = sla.folded.as_ref().and_then(|folded| folded.clocks.get(&promise));
        let (target, clock) = (sla.targets.of(promise), folded.cloned().unwrap_or_default());
        Self { promise, calendar, warn: sla.warn, target, clock, news: Vec::new(), heard: 0 }
    }

    /// When the running clock warns, and when it is due.
    fn ahead(&self) -> Option<(Timestamp, Timestamp)> {
        let (since, left) = (self.clock.since?, self.target? - self.clock.used);
        let warning = self.calendar.deadline(since, left - self.warn);
        (!self.clock.missed).then(|| (warning, self.calendar.deadline(since, left)))
    }

    /// Lets the clock run until `to`; acting at `to` itself is still in time.
    fn run_to(&mut self, to: Timestamp) {
        let promise = self.promise;
        if let Some((warning, due)) = self.ahead() {
            if self.warn > 0 && !self.clock.warned && warning <= to {
                self.clock.warned = true;
                self.news.push((warning, self.heard, SlaCommand::DueSoon { promise, due }));
            }
            if due < to {
                self.clock.missed = true;
                self.clock.misses.push(due);
                self.news.push((due + 1, self.heard, SlaCommand::Missed { promise, due }));
            }
        }
        if let Some(since) = self.clock.since {
            self.clock.used += self.calendar.elapsed(since, to);
            self.clock.since = Some(to);
        }
    }

    fn hear(&mut self, event: SlaEvent, at: Timestamp) {
        use SlaEvent::{Inbound, Pause, Reopen, Reply, Resolve, Resume, Swap};
        self.run_to(at);
        self.heard += 1;
        let clock = &mut self.clock;
        match (self.promise, event) {
            (_, Swap(targets)) => {
                self.target = targets.of(self.promise);
                clock.missed &= self.target.is_some_and(|target| target <= clock.used);
                clock.warned = clock.missed;
            }
            (Promise::First, Inbound) if !clock.begun && !clock.replied => clock.begin(at),
            (Promise::Next, Inbound) if !clock.begun && clock.replied => clock.begin(at),
            (Promise::First | Promise::Next, Reply) => {
                clock.replied = true;
                clock.end(self.target.is_some());
            }
            // Resolved without a word: there is nothing left to answer.
            (Promise::First | Promise::Next, Resolve) => clock.end(false),
            (Promise::Resolution, Inbound | Resume | Reopen) if clock.begun => {
                clock.since = clock.since.or(Some(at));
            }
            (Promise::Resolution, Inbound | Reopen) => {
                let (used, missed) = (clock.used, clock.missed);
                clock.begin(at);
                (clock.used, clock.missed) = (used, missed);
            }
            (Promise::Resolution, Pause) => clock.since = None,
            (Promise::Resolution, Resolve) => clock.end(self.target.is_some()),
            _ => {}
        }
    }

    /// When there is next something to tell.
    fn wake(&self) -> Option<Timestamp> {
        let (warning, due) = self.ahead()?;
        Some(if self.warn > 0 && !self.clock.warned { warning } else { due + 1 })
    }

    fn state(self) -> PromiseState {
        let due = self.ahead().map(|(_, due)| due);
        let Clock { used, kept, misses: missed, since, .. } = self.clock;
        PromiseState { running: since.is_some(), due, used, kept, missed }
    }
}

impl Clock {
    fn begin(&mut self, at: Timestamp) {
        (self.begun, self.since, self.used) = (true, Some(at), 0);
        (self.missed, self.warned) = (false, false);
    }

    /// The run is over; `kept` when that keeps a promise, unless it has been missed.
    fn end(&mut self, kept: bool) {
        if self.begun && kept && !self.missed {
            self.kept += 1;
        }
        (self.begun, self.since) = (false, None);
    }
}
