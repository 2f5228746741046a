use super::{Duplicates, Heard, Listener, Refused, Scratch};
use crate::error::BuildError;
use crate::facts::{Facts, Scope};
use crate::model::{ItemKey, Timestamp};
use crate::query::Query;
use std::collections::{BTreeMap, BTreeSet};

/// What an intake drops, and how much it remembers.
///
/// ```
/// use hearken::listen::IntakeConfig;
///
/// let config = IntakeConfig { bots: "is:bot OR from:rss".into(), ..IntakeConfig::default() };
/// assert_eq!(&*config.spam, "topic:spam");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntakeConfig {
    /// A query that spam fulfils.
    pub spam: Box<str>,
    /// A query that posts of programs fulfil.
    pub bots: Box<str>,
    /// Posts among which near-duplicates are sought.
    pub duplicates: usize,
    /// Threads that are remembered.
    pub threads: usize,
}

impl Default for IntakeConfig {
    /// `topic:spam`; `is:bot` or the host's `attr.account:bot`; the last 10,000 posts and threads.
    fn default() -> Self {
        Self {
            spam: "topic:spam".into(),
            bots: "is:bot OR attr.account:bot".into(),
            duplicates: 10_000,
            threads: 10_000,
        }
    }
}

/// A post on its way in.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Intake, IntakeConfig, Listener, Monitor, MonitorKind, Post, Verdict};
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let listener = Listener::build([Monitor::new("acme", MonitorKind::Brand).indirect("acme")]).unwrap();
/// let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
/// let mut keeps = |id: &str, thread, source| {
///     let (item, text) = (ItemKey::new(Platform::Reddit, id), Text::new(source));
///     matches!(intake.take(Post { item: &item, thread, at: None }, &Facts::new(&text)), Verdict::Kept(_))
/// };
/// // The thread it is part of decides of a post that names nobody.
/// assert!(keeps("1", Some("t3_77"), "which Acme phone lasts longest?"));
/// assert!(keeps("2", Some("t3_77"), "mine holds three days") && !keeps("3", None, "mine held four"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// The platform's id.
    pub item: &'a ItemKey,
    /// The thread that it is part of.
    pub thread: Option<&'a str>,
    /// When it was published.
    pub at: Option<Timestamp>,
}

/// Keeps what concerns a monitor and drops the rest, each with its reason: of the posts taken, those kept and
/// those dropped are all.
///
/// A thread in which a post concerned a monitor is followed: later posts of it are kept for that monitor, without words of
/// their own, and only the first one [surfaces](Kept::surfaces) the thread.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{DropReason, Intake, IntakeConfig, Listener, Monitor, MonitorKind, Post};
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let listener = Listener::build([Monitor::new("acme", MonitorKind::Brand).indirect("acme")])?;
/// let mut intake = Intake::new(&listener, &IntakeConfig::default())?;
/// for (id, source) in ["my acme phone broke again", "My Acme phone broke again!!", "nothing"].iter().enumerate() {
///     let text = Text::new(source);
///     let item = ItemKey::new(Platform::X, id.to_string());
///     intake.take(Post { item: &item, thread: None, at: None }, &Facts::new(&text));
/// }
/// let counts = intake.counts();
/// assert_eq!((counts.input, counts.kept, counts.dropped[&DropReason::Duplicate]), (3, 1, 1));
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Intake<'l> {
    listener: &'l Listener,
    spam: Query,
    bots: Query,
    duplicates: Duplicates,
    threads: Threads,
    counts: Counts,
    scratch: Scratch,
}

impl<'l> Intake<'l> {
    /// An intake that has taken nothing.
    ///
    /// # Errors
    /// The faults of the two queries.
    pub fn new(listener: &'l Listener, config: &IntakeConfig) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        let mut read = |place: &str, source: &str| {
            Query::parse(source, Scope::Monitor).map_err(|faults| error.absorb(place, faults)).ok()
        };
        let (spam, bots) = (read("intake, spam", &config.spam), read("intake, bots", &config.bots));
        match (spam, bots) {
            (Some(spam), Some(bots)) => Ok(Self {
                listener,
                spam,
                bots,
                duplicates: Duplicates::new(config.duplicates),
                threads: Threads::new(config.threads),
                counts: Counts::default(),
                scratch: Scratch::default(),
            }),
            _ => Err(error),
        }
    }

    /// Takes one post: kept, or dropped with the first reason in the order of [`DropReason`].
    pub fn take(&mut self, post: Post<'_>, facts: &Facts<'_>) -> Verdict<'l> {
        let verdict = self.judge(post, facts);
        self.counts.input += 1;
        match &verdict {
            Verdict::Kept(_) => self.counts.kept += 1,
            Verdict::Dropped { why, .. } => *self.counts.dropped.entry(*why).or_default() += 1,
        }
        verdict
    }

    /// What came of the posts so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// How many near-copies of a kept post were dropped, as far as it is remembered.
    pub fn copies(&self, item: &ItemKey) -> u64 {
        self.duplicates.copies(item)
    }

    fn judge(&mut self, post: Post<'_>, facts: &Facts<'_>) -> Verdict<'l> {
        let dropped = |why| Verdict::Dropped { why, original: None };
        let listener = self.listener;
        let heard = listener.hear(facts, post.at, &mut self.scratch);
        let followed = post.thread.map(|thread| self.threads.followers(thread)).unwrap_or_default();
        if heard.hits.is_empty() && followed.is_empty() {
            return dropped(match heard.refused.first().map(|refusal| &refusal.why) {
                None => DropReason::NoMonitor,
                Some(Refused::Excluded(_)) => DropReason::Excluded,
                Some(Refused::Audience) => DropReason::Audience,
                Some(Refused::Window) => DropReason::Window,
            });
        }
        if self.spam.matches(facts) {
            return dropped(DropReason::Spam);
        }
        if self.bots.matches(facts) {
            return dropped(DropReason::Bot);
        }
        if let Some(original) = self.duplicates.note(facts.text(), post.item) {
            return Verdict::Dropped { why: DropReason::Duplicate, original: Some(original) };
        }
        let mut surfaces = post.thread.is_none();
        let mut by_thread = Vec::new();
        if let Some(thread) = post.thread {
            let hits: BTreeSet<usize> = heard.hits.iter().map(|hit| hit.place).collect();
            surfaces = !hits.is_subset(&followed);
            by_thread = followed.difference(&hits).copied().collect();
            self.threads.follow(thread, hits);
        }
        Verdict::Kept(Kept { heard, by_thread, surfaces })
    }
}

/// What came of one post.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{DropReason, Intake, IntakeConfig, Listener, Monitor, MonitorKind, Post, Verdict};
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let listener = Listener::build([Monitor::new("acme", MonitorKind::Brand).indirect("acme")]).unwrap();
/// let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
/// let told = ["1", "2"].map(|id| {
///     let (item, text) = (ItemKey::new(Platform::X, id), Text::new("my Acme phone broke again today"));
///     match intake.take(Post { item: &item, thread: None, at: None }, &Facts::new(&text)) {
///         Verdict::Kept(_) => "kept".to_owned(),
///         Verdict::Dropped { why: DropReason::Duplicate, original: Some(of), .. } => format!("a copy of {of}"),
///         other => format!("{other:?}"),
///     }
/// });
/// assert_eq!(told, ["kept", "a copy of x:1"]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'l> {
    /// It is kept.
    Kept(Kept<'l>),
    /// It is dropped.
    #[non_exhaustive]
    Dropped {
        /// Why.
        why: DropReason,
        /// What it is a copy of.
        original: Option<ItemKey>,
    },
}

/// A kept post.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Intake, IntakeConfig, Listener, Monitor, MonitorKind, Post, Verdict};
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let listener = Listener::build([Monitor::new("acme", MonitorKind::Brand).indirect("acme")]).unwrap();
/// let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
/// let shown = ["an Acme phone, anybody?", "mine is fine", "Acme? never again"].map(|source| {
///     let (item, text) = (ItemKey::new(Platform::Reddit, source), Text::new(source));
///     let post = Post { item: &item, thread: Some("t3_77"), at: None };
///     let Verdict::Kept(kept) = intake.take(post, &Facts::new(&text)) else { panic!("{source}") };
///     (kept.surfaces, kept.by_thread.len())
/// });
/// // The thread is shown once; the second post is kept for the thread's sake alone.
/// assert_eq!(shown, [(true, 0), (false, 1), (false, 0)]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept<'l> {
    /// The monitors that it concerns by its words.
    pub heard: Heard<'l>,
    /// Places of further monitors that follow its thread.
    pub by_thread: Vec<usize>,
    /// True when it brings up something new: it is in no thread, or the first post of its thread for one of its
    /// monitors. What surfaces once a thread is what people are shown.
    pub surfaces: bool,
}

/// Why a post was dropped; when several reasons hold, the first in this order that could be seen.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{DropReason, Intake, IntakeConfig, Listener, Monitor, MonitorKind, Post, Verdict};
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let listener = Listener::build([Monitor::new("acme", MonitorKind::Brand).indirect("acme")]).unwrap();
/// let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
/// let (item, text) = (ItemKey::new(Platform::X, "1"), Text::new("win an acme phone"));
/// // Spam of a program: the first reason in the order counts, so that the sums add up.
/// let facts = Facts::new(&text).with("topic", "spam").with("is", "bot");
/// let verdict = intake.take(Post { item: &item, thread: None, at: None }, &facts);
/// assert!(matches!(verdict, Verdict::Dropped { why: DropReason::Spam, .. }));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DropReason {
    /// It concerns no monitor.
    NoMonitor,
    /// An exclusion of the first monitor that it would concern.
    Excluded,
    /// The audience of that monitor.
    Audience,
    /// The window of that monitor.
    Window,
    /// It is spam.
    Spam,
    /// A program wrote it.
    Bot,
    /// It says nearly the same as a post before.
    Duplicate,
}

/// What came of all posts: `input` is `kept` and all of `dropped`.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Intake, IntakeConfig, Listener, Monitor, MonitorKind, Post};
/// use hearken::model::{ItemKey, Platform};
/// use hearken::text::Text;
///
/// let listener = Listener::build([Monitor::new("acme", MonitorKind::Brand).indirect("acme")]).unwrap();
/// let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
/// for (id, source) in ["acme is great", "hello", "acme is fine, I think"].iter().enumerate() {
///     let (item, text) = (ItemKey::new(Platform::X, id.to_string()), Text::new(source));
///     intake.take(Post { item: &item, thread: None, at: None }, &Facts::new(&text));
/// }
/// // Nothing is lost without a reason.
/// let counts = intake.counts();
/// assert_eq!(counts.input, counts.kept + counts.dropped.values().sum::<u64>());
/// assert_eq!(format!("{:?}", counts.dropped), "{NoMonitor: 1}");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Posts taken.
    pub input: u64,
    /// Posts kept.
    pub kept: u64,
    /// Posts dropped, by reason.
    pub dropped: BTreeMap<DropReason, u64>,
}

/// The last threads that concerned a monitor, and which monitors.
#[derive(Debug, Clone)]
struct Threads {
    capacity: usize,
    followers: BTreeMap<Box<str>, (u64, BTreeSet<usize>)>,
    /// By the time they were last followed, oldest first.
    ages: BTreeMap<u64, Box<str>>,
    next: u64,
}

impl Threads {
    fn new(capacity: usize) -> Self {
        Self { capacity: capacity.max(1), followers: BTreeMap::new(), ages: BTreeMap::new(), next: 0 }
    }

    fn followers(&self, thread: &str) -> BTreeSet<usize> {
        self.followers.get(thread).map(|(_, places)| places.clone()).unwrap_or_default()
    }

    fn follow(&mut self, thread: &str, places: BTreeSet<usize>) {
        let (age, followers) = self.followers.entry(thread.into()).or_default();
        self.ages.remove(age);
        self.next += 1;
        *age = self.next;
        followers.extend(places);
        self.ages.insert(self.next, thread.into());
        if self.ages.len() > self.capacity
            && let Some((_, oldest)) = self.ages.pop_first()
        {
            self.followers.remove(&oldest);
        }
    }
}
