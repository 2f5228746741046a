use super::Action;
use super::Disposition;
use super::DriveError;
use super::Engine;
use super::Event;
use super::Outcome;
use super::drive;
use crate::model::{AgentId, CaseId, Priority, TeamId, Timestamp};
use crate::store::MemoryStore;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::convert::Infallible;

/// What came of an event, as far as anybody notices it: what a simulation compares. A host keeps one beside each event
/// of its log.
///
/// ```
/// use hearken::engine::{Disposition, Engine, Event, Verdict, drive};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let engine = Engine::builder("acme").build().unwrap();
/// let outcome = drive(&engine, &mut MemoryStore::default(), &Event::Due, Timestamp::from_secs(60)).unwrap();
/// // One line beside each event of the log is all that a later what-if compares with.
/// let line = serde_json::to_string(&Verdict::of(&outcome)).unwrap();
/// let kept: Verdict = serde_json::from_str(&line).unwrap();
/// assert_eq!(kept.disposition, outcome.disposition);
/// assert!(kept.team.is_none() && kept.actions.is_empty(), "nothing was due");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The event: an item's key, or a name made from the command.
    pub event: Box<str>,
    /// What became of it.
    pub disposition: Disposition,
    /// The case it belongs to.
    pub case: Option<CaseId>,
    /// Where it goes.
    pub team: Option<TeamId>,
    /// Who should answer.
    pub agent: Option<AgentId>,
    /// How much it matters.
    pub priority: Option<Priority>,
    /// By when.
    pub due: Option<Timestamp>,
    /// What the host was asked to do, in words: `alert negative to legal`, `draft`, `hide`. Timers are left out.
    pub actions: Vec<Box<str>>,
    /// The rules that fired. They say why, and are not compared.
    pub rules: Vec<Box<str>>,
}

impl Verdict {
    /// What came of a turn.
    pub fn of(outcome: &Outcome) -> Self {
        let found = outcome.assessment.as_ref();
        let route = outcome.receipt.find("route");
        Self {
            event: outcome.receipt.event.clone(),
            disposition: outcome.disposition.clone(),
            case: found.and_then(|found| found.case.clone()),
            team: found.and_then(|found| found.team.clone()),
            agent: found.and_then(|found| found.agent.clone()),
            priority: found.map(|found| found.priority),
            due: found.and_then(|found| found.due),
            actions: outcome.effects.iter().filter_map(|effect| in_words(&effect.action)).collect(),
            rules: route.iter().flat_map(|route| &route.because).map(|rule| (*rule.what).into()).collect(),
        }
    }
}

/// An action as people speak of it; `None` for those that only the host notices.
fn in_words(action: &Action) -> Option<Box<str>> {
    let words = match action {
        Action::WakeAt { .. } | Action::Exported { .. } | Action::Erased { .. } => return None,
        Action::Alert { kind, to, .. } => format!("alert {kind} to {to}"),
        Action::Assign { case, team, agent: Some(agent) } => format!("assign {case} to {agent} of {team}"),
        Action::Assign { case, team, agent: None } => format!("queue {case} for {team}"),
        Action::AskCsat { case } => format!("ask how {case} went"),
        Action::Escalate { team, .. } => format!("escalate to {team}"),
        Action::Draft { .. } => "draft".to_owned(),
        Action::Warn { who, .. } => format!("warn {who}"),
        Action::Publishing { paused: true, .. } => "hold scheduled posts back".to_owned(),
        Action::Publishing { paused: false, .. } => "let scheduled posts go".to_owned(),
        Action::PostDraft { post, .. } => format!("draft of {post}"),
        Action::Post { post, .. } => format!("post {post}"),
        Action::PostHeld { post, .. } => format!("hold {post} back"),
        Action::PostReview { post, .. } => format!("review {post}"),
        Action::PlaybookStep { playbook, step, .. } => format!("{playbook}: {} by {}", step.id, step.owner),
        Action::Reply { .. } => "reply".to_owned(),
        Action::Hide { .. } => "hide".to_owned(),
        Action::UpsertContact { .. } => "upsert contact".to_owned(),
        Action::ReviewMatch { customer, .. } => format!("review match with {customer}"),
        Action::Custom { name, .. } => name.to_string(),
    };
    Some(words.into())
}

/// An event of which something else would have come: [`Simulation`] shows one.
///
/// ```
/// # use hearken::engine::{Engine, Event, Settings, Simulation, Verdict, drive};
/// # use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// # use hearken::source::PlatformEvent;
/// # use hearken::store::MemoryStore;
/// # let engine = |priority: &str| {
/// #     let rules = format!(r#"{{"rules": {{"rules": [{{"id": "broken", "when": "broke",
/// #         "then": [{{"assign": {{"team": "service"}}}}, {{"priority": "{priority}"}}]}}]}}}}"#);
/// #     Engine::builder("acme").settings(serde_json::from_str::<Settings>(&rules).unwrap()).build().unwrap()
/// # };
/// # let (now, next, at) = (engine("high"), engine("urgent"), Timestamp::from_secs(60));
/// # let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// # item.author = Some(Profile::new(Platform::X, "77"));
/// # item.content.text = "my lamp broke".into();
/// # let event: Event = PlatformEvent::Created(Box::new(item)).into();
/// # let was = Verdict::of(&drive(&now, &mut MemoryStore::default(), &event, at).unwrap());
/// // `next` is `now` with one rule that says "urgent" where it said "high".
/// let mut what_if = Simulation::new(&next, MemoryStore::default());
/// what_if.turn(&event, at, &was).unwrap();
/// let parts = what_if.differences()[0].parts();
/// assert!(parts.contains(&("priority", "high".to_owned(), "urgent".to_owned())), "{parts:?}");
/// assert!(parts.iter().all(|(what, ..)| *what != "team"), "it goes where it went");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// When it happened.
    pub at: Timestamp,
    /// What came of it.
    pub was: Verdict,
    /// What would have come of it.
    pub would_be: Verdict,
}

impl Difference {
    /// What is different, each as (name, was, would be).
    pub fn parts(&self) -> Vec<(&'static str, String, String)> {
        fn shown<T: ToString>(value: Option<&T>) -> String {
            value.map_or_else(|| "none".to_owned(), ToString::to_string)
        }
        let (was, now) = (&self.was, &self.would_be);
        let disposition = |verdict: &Verdict| format!("{:?}", verdict.disposition).to_lowercase();
        let parts = [
            ("became", disposition(was), disposition(now)),
            ("case", shown(was.case.as_ref()), shown(now.case.as_ref())),
            ("team", shown(was.team.as_ref()), shown(now.team.as_ref())),
            ("agent", shown(was.agent.as_ref()), shown(now.agent.as_ref())),
            ("priority", shown(was.priority.as_ref()), shown(now.priority.as_ref())),
            ("due", shown(was.due.as_ref()), shown(now.due.as_ref())),
            ("actions", was.actions.join(", "), now.actions.join(", ")),
        ];
        parts.into_iter().filter(|(_, was, now)| was != now).collect()
    }
}

/// What if: another engine over the events that were, against what came of them.
///
/// Each event is decided by the other engine on the state that its own decisions led to, so consequences are followed:
/// a case that it would not have opened is not there to be answered. The clock is the log's: timers are told at the
/// ticks ([`Event::Due`]) that the log holds. The same engine over its own log differs in nothing.
///
/// ```
/// use hearken::engine::{Engine, Event, Settings, Simulation, Verdict, drive};
/// use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let engine = |team: &str| {
///     let rules = format!(r#"{{"rules": {{"rules": [
///         {{"id": "broken", "when": "broke", "then": [{{"assign": {{"team": "{team}"}}}}]}}]}}}}"#);
///     Engine::builder("acme").settings(serde_json::from_str::<Settings>(&rules).unwrap()).build().unwrap()
/// };
/// let (now, next, at) = (engine("service"), engine("repairs"), Timestamp::from_secs(60));
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "77"));
/// item.content.text = "my lamp broke".into();
/// let event: Event = PlatformEvent::Created(Box::new(item)).into();
/// let was = Verdict::of(&drive(&now, &mut MemoryStore::default(), &event, at).unwrap());
///
/// let mut same = Simulation::new(&now, MemoryStore::default());
/// same.turn(&event, at, &was).unwrap();
/// assert!(same.differences().is_empty());
///
/// let mut other = Simulation::new(&next, MemoryStore::default());
/// other.turn(&event, at, &was).unwrap();
/// assert_eq!(other.differences()[0].would_be.team.as_ref().unwrap().as_str(), "repairs");
/// assert_eq!(other.counts()["team"], 1);
/// ```
#[derive(Debug)]
pub struct Simulation<'e> {
    engine: &'e Engine,
    store: MemoryStore,
    turns: usize,
    differences: Vec<Difference>,
}

impl<'e> Simulation<'e> {
    /// The engine to try, and the state before the first event of the log.
    pub fn new(engine: &'e Engine, store: MemoryStore) -> Self {
        Self { engine, store, turns: 0, differences: Vec::new() }
    }

    /// Decides an event of the log, and compares with what came of it then.
    ///
    /// # Errors
    /// When the engine asks a model of the host's: simulate without one.
    pub fn turn(
        &mut self,
        event: &Event,
        at: Timestamp,
        was: &Verdict,
    ) -> Result<(), DriveError<Infallible>> {
        let mut would_be = Verdict::of(&drive(self.engine, &mut self.store, event, at)?);
        self.turns += 1;
        // A tick is one tick, whatever timers are due; why it was decided is not what was decided.
        would_be.event.clone_from(&was.event);
        let rules = std::mem::replace(&mut would_be.rules, was.rules.clone());
        if would_be != *was {
            would_be.rules = rules;
            self.differences.push(Difference { at, was: was.clone(), would_be });
        }
        Ok(())
    }

    /// Events decided so far.
    pub fn turns(&self) -> usize {
        self.turns
    }

    /// The events of which something else would have come, in order.
    pub fn differences(&self) -> &[Difference] {
        &self.differences
    }

    /// How many events differ in what.
    pub fn counts(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for (name, ..) in self.differences.iter().flat_map(Difference::parts) {
            *counts.entry(name).or_default() += 1;
        }
        counts
    }
}
