//! The engine: one event in, one explained outcome out, and no I/O in between.
//!
//! ```text
//! event, now ──► begin ──► Step::Need(keys, scans, questions) ──► host looks them up ──► supply ─┐
//!                  ▲                                                                            │
//!                  └────────────────────────────────────────────────────────────────────────────┘
//!                       Step::Done(Outcome { changes, effects, receipt, assessment, stats })
//!                                     │ one transaction
//!                                     ▼
//!                               the host acts on the effects
//! ```
//!
//! A turn is a pure function of the event, the time, the engine's configuration and the rows it asked for. Ingest is
//! idempotent: an item seen again decides nothing. An edit is a later revision; a deletion wins even when it comes
//! first, and counts that are new alone are kept with the item ([`Disposition::Measured`]). Events that look at nothing in
//! common commute: no key, no scan, no team of which both want somebody's hands. Of two for one team's last free hands the
//! first has them.
//! [`drive`] and [`drive_async`] are thin loops over a turn.
//!
//! What people do is an event like any other: [`Command::Case`] for what is done to a case, [`Command::Draft`] for its
//! reply, [`Command::Post`] for what the brand says to everybody, [`Command::Crisis`] for a playbook. What is not
//! allowed as things stand changes nothing, and the receipt says why.
//!
//! Whoever speaks is compared with customers, never with other accounts: two accounts that give one e-mail address, and are
//! nobody's, stay two people until a customer has that address and each of them speaks again, or somebody links them
//! ([`Command::Link`]).
//!
//! What was written is read back by a [`View`] over any store: a conversation ([`Thread`]), everything with one person
//! ([`Timeline`]), a case with its receipts ([`Story`]), the cases of all networks ([`Inbox`]), the posts that
//! wait for their time ([`Planned`]). A [`Recording`] of a turn decides again what the turn decided; a [`Simulation`]
//! tries another configuration over a log of events.

mod assess;
mod builder;
mod command;
mod drive;
mod effect;
mod event;
mod gather;
mod interaction;
mod language;
mod outcome;
mod people;
mod plan;
mod publish;
mod receipt;
mod recording;
mod shape;
mod shelf;
mod simulate;
mod state;
mod tick;
mod turn;
mod view;
mod work;

pub use builder::{Builder, Settings};
pub use drive::{DriveError, drive, drive_async, drive_recorded, drive_recorded_async};
pub use effect::{Action, Effect};
pub use event::{Command, Event, Observation, Subject};
pub use outcome::{Assessment, Disposition, Drop, Matched, Outcome, Stats};
pub use receipt::{Finding, Mismatch, Receipt, Spans};
pub use recording::{Recording, Unrecorded};
pub use shelf::{Rows, Shelf};
pub use simulate::{Difference, Simulation, Verdict};
pub use turn::{Answer, Need, Question, Step};
pub use view::inbox::{CaseLine, Inbox, InboxPage};
pub use view::planned::{Planned, PlannedPost};
pub use view::story::{Story, StoryPage};
pub use view::thread::{Line, Thread, ThreadPage};
pub use view::timeline::{Moment, Timeline, TimelinePage, TimelineRow};
pub use view::{LookError, Lookup, Missing, View, look, look_async};
pub use work::act::{CaseAct, CrisisAct, DraftAct, PostAct};
pub use work::ladder::LadderLine;

use crate::calendar::{Calendar, Zone};
use crate::desk::{AlertPolicy, ApprovalPolicy, Case, CasePolicy, Playbook, SlaBook, Targets};
use crate::identity::{Matcher, Thresholds};
use crate::lead::Rules as Criteria;
use crate::limits::Limits;
use crate::listen::Listener;
use crate::model::{AccountKey, CaseId, ItemKey, TeamId, Tenant, Timestamp};
use crate::query::Scratch;
use crate::respond::Template;
use crate::route::{Agent, Desk, Rules};
use crate::sentiment::Sentiment;
use crate::signal::Signals;
use crate::source::PlatformEvent;
use crate::store::{Key, Kind};
use interaction::is_wordless;
use shelf::Stop;
use siphasher::sip128::{Hasher128, SipHasher24};
use std::collections::BTreeMap;
use std::hash::Hasher;
use std::sync::{Arc, Mutex, PoisonError};
use turn::Turn;

/// Everything a tenant's turns are decided by. Made by [`Engine::builder`]; immutable, `Send` and `Sync`.
///
/// ```
/// use hearken::engine::{Engine, Rows, Step};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::{MemoryStore, Store};
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.content.text = "Great kettle, thank you!".into();
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// // A turn by hand: whatever it needs is looked up by the host, in any way it likes.
/// let mut step = engine.begin(&event, Timestamp::from_secs(60));
/// let outcome = loop {
///     step = match step {
///         Step::Need(need) => {
///             let rows = Rows::fetch(&store, need.keys(), need.scans()).unwrap();
///             need.supply(rows)
///         }
///         Step::Done(outcome) => break outcome,
///     };
/// };
/// assert!(outcome.assessment.as_ref().unwrap().numbers["sentiment"] > 0.0);
/// store.commit(&outcome.changes).unwrap();
/// ```
#[derive(Debug)]
pub struct Engine {
    tenant: Tenant,
    limits: Limits,
    salt: [u8; 16],
    matcher: Matcher,
    thresholds: Thresholds,
    calendar: Calendar,
    zone: Zone,
    case_policy: CasePolicy,
    sla: SlaBook,
    alert_policy: AlertPolicy,
    ladders: Vec<LadderLine>,
    approvals: ApprovalPolicy,
    playbooks: Vec<Playbook>,
    desk: Desk,
    sentiment: Sentiment,
    signals: Signals,
    listener: Listener,
    leads: Option<Criteria>,
    templates: BTreeMap<String, Template>,
    rules: Rules,
    promises: BTreeMap<String, Targets>,
    default_team: Option<TeamId>,
    ask_model: bool,
    crisis_team: Box<str>,
    version: Arc<str>,
    /// Buffers of turns that are over.
    scratches: Mutex<Vec<Scratch>>,
}

impl Engine {
    /// Starts building an engine for one tenant.
    pub fn builder(tenant: impl Into<Tenant>) -> Builder {
        Builder::new(tenant.into())
    }

    /// Begins the turn of an event that happens at `now`.
    pub fn begin<'e>(&'e self, event: &'e Event, now: Timestamp) -> Step<'e> {
        Box::new(Turn::new(self, event, now)).run()
    }

    /// Begins the turn of whatever is due at `now`: timers of promises, desks and alerts.
    pub fn tick(&self, now: Timestamp) -> Step<'_> {
        self.begin(&Event::Due, now)
    }

    /// Whose engine this is.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// What decides, as every receipt names it: the library's version and a fingerprint of the settings. Two engines of one
    /// version decide alike, unless the host gave them matchers or sentiments of its own.
    pub fn version(&self) -> &str {
        &self.version
    }

    fn decide(&self, turn: &Turn<'_>) -> Result<Outcome, Stop> {
        match turn.event {
            Event::Platform { event } => match event {
                PlatformEvent::Created(item) => interaction::seen(turn, item, false),
                PlatformEvent::Edited(item) => interaction::seen(turn, item, true),
                PlatformEvent::Deleted { item, .. } => interaction::deleted(turn, item),
                PlatformEvent::Profile(profile) => interaction::profile(turn, profile),
                PlatformEvent::AccountErased { account } => {
                    let subject = Subject::Account(account.clone());
                    people::person::erase(turn, &format!("erase {}", self.token(&subject.name())), &subject)
                }
                PlatformEvent::AccountMoved { from, to } => people::moved::moved(turn, from, to),
                PlatformEvent::Delivery { item, status } => publish::delivery::heard(turn, item, status),
            },
            Event::Command { command } => command::carry_out(turn, command),
            Event::Observation { observation } => tick::observed(turn, observation),
            Event::Due => tick::due(turn),
        }
    }

    fn take_scratch(&self) -> Scratch {
        self.scratches.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn give_back(&self, scratch: Scratch) {
        let mut kept = self.scratches.lock().unwrap_or_else(PoisonError::into_inner);
        // As many as turns run side by side on a large machine; more are let go.
        if kept.len() < 64 {
            kept.push(scratch);
        }
    }

    fn agents(&self) -> impl Iterator<Item = &Agent> {
        self.desk.roster().agents().map(|(agent, _)| agent)
    }

    /// True when somebody in the team speaks a language.
    fn speaks(&self, team: Option<&TeamId>, language: &str) -> bool {
        let in_team = |agent: &&Agent| team.is_none_or(|team| agent.teams.contains(team));
        self.agents().filter(in_team).any(|agent| agent.languages.contains(language))
    }

    fn targets(&self, case: &Case, tier: Option<&str>) -> Targets {
        self.sla.targets(&case.kind, case.priority, tier)
    }

    fn case_id(&self, about: &str) -> CaseId {
        let token = self.token(&format!("case {about}"));
        format!("C-{}", token.get(..12).unwrap_or(&token)).into()
    }

    /// A keyed hash (SipHash-2-4, 128 bit) of `text`: the same for the same tenant and salt, and telling nothing.
    fn token(&self, text: &str) -> String {
        let mut hasher = SipHasher24::new_with_key(&self.salt);
        hasher.write(self.tenant.as_str().as_bytes());
        hasher.write_u8(0xff);
        hasher.write(text.as_bytes());
        format!("{:032x}", hasher.finish128().as_u128())
    }

    /// An account as a mark that tells nothing of it: what came through it is known by this.
    fn account_mark(&self, account: &AccountKey) -> Box<str> {
        self.token(&["through ", &state::account_name(account)].concat()).into()
    }

    /// The key of the mark that an item was deleted or erased: it tells nothing, also where ids name accounts.
    fn gone_mark(&self, item: &ItemKey) -> Key {
        Key::new(&self.tenant, Kind::Erased, self.token(&["item ", &state::item_name(item)].concat()))
    }

    /// The key of the mark that an account was erased.
    fn erased_mark(&self, account: &str) -> Key {
        Key::new(&self.tenant, Kind::Erased, self.token(account))
    }
}
