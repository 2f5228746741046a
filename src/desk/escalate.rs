use crate::model::{AgentId, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who is told when nobody takes care: ordered steps, each after a time without acknowledgement.
///
/// ```
/// use hearken::desk::Ladder;
///
/// let ladder: Ladder = serde_json::from_str(r#"{"steps": [
///     {"to": "social", "wait": 300000}, {"to": "legal", "wait": 600000}, {"to": "executives", "wait": 600000}],
///     "rounds": 2}"#).unwrap();
/// assert_eq!(ladder.steps[1].to.as_str(), "legal");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// The first is told at once, each other when the one before has waited in vain.
    pub steps: Vec<LadderStep>,
    /// How often the whole ladder is climbed; more than [`Ladder::MAX_ROUNDS`] is that many.
    #[serde(default = "once")]
    pub rounds: u32,
}

impl Ladder {
    /// Climbing a ladder more often than this helps nobody, and bounds what a late tick has to tell.
    pub const MAX_ROUNDS: u32 = 5;
}

fn once() -> u32 {
    1
}

/// One step of a ladder.
///
/// ```
/// use hearken::desk::{Escalation, EscalationCommand, Ladder, LadderStep};
/// use hearken::model::Timestamp;
///
/// // Legal has ten minutes, and nobody comes after them.
/// let legal: LadderStep = serde_json::from_str(r#"{"to": "legal", "wait": 600000}"#).unwrap();
/// let mut climb = Escalation::start(Ladder { steps: vec![legal], rounds: 1 }, Timestamp::from_secs(0));
/// climb.tick(Timestamp::from_secs(0));
/// assert_eq!(climb.tick(Timestamp::from_secs(600)), [EscalationCommand::Exhausted]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LadderStep {
    /// The team told: legal, public relations, executives.
    pub to: TeamId,
    /// How long it has for an acknowledgement, in milliseconds.
    pub wait: i64,
}

/// What the host should do.
///
/// ```
/// use hearken::desk::{Escalation, EscalationCommand, Ladder};
/// use hearken::model::Timestamp;
///
/// let ladder: Ladder = serde_json::from_str(
///     r#"{"steps": [{"to": "social", "wait": 300000}, {"to": "legal", "wait": 300000}]}"#).unwrap();
/// let at = Timestamp::from_secs;
/// let mut climb = Escalation::start(ladder, at(0));
/// // The clock was late: both are told, each with the time at which it was due.
/// let told: Vec<_> = (climb.tick(at(420)).into_iter())
///     .filter_map(|command| match command {
///         EscalationCommand::Tell { to, due, .. } => Some((to.as_str().to_owned(), due)),
///         _ => None,
///     })
///     .collect();
/// assert_eq!(told, [("social".to_owned(), at(0)), ("legal".to_owned(), at(300))]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EscalationCommand {
    /// Tell this team.
    Tell {
        /// The team.
        to: TeamId,
        /// From 1.
        level: u32,
        /// From 1.
        round: u32,
        /// The instant at which it was due; a late tick tells it late, with its own time.
        due: Timestamp,
    },
    /// The last step of the last round has waited in vain.
    Exhausted,
    /// Call [`Escalation::tick`] then.
    WakeAt(Timestamp),
}

/// A ladder being climbed for one case or alert.
///
/// It goes by the ladder as it was at the start: changing the ladder does not disturb those that are on it.
/// Each step is told once a round, at its exact time however late the tick, and nothing after an
/// acknowledgement.
///
/// ```
/// use hearken::desk::{Escalation, EscalationCommand, Ladder, LadderStep};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let step = |to: &str| LadderStep { to: to.into(), wait: 600_000 };
/// let ladder = Ladder { steps: vec![step("social"), step("legal")], rounds: 1 };
/// let mut climb = Escalation::start(ladder, at(0));
/// assert!(matches!(&climb.tick(at(0))[..], [EscalationCommand::Tell { level: 1, .. }, EscalationCommand::WakeAt(_)]));
/// assert!(climb.tick(at(599)).is_empty());
/// assert!(matches!(climb.tick(at(601))[0], EscalationCommand::Tell { level: 2, due, .. } if due == at(600)));
/// climb.acknowledge("ann".into());
/// assert!(climb.tick(at(9_999)).is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    ladder: Ladder,
    /// Steps told so far, over all rounds.
    told: u32,
    /// When the next is due; `None` when it is over.
    next: Option<Timestamp>,
    /// The tick asked for last.
    wake: Option<Timestamp>,
    /// Who takes care of it.
    pub acknowledged: Option<AgentId>,
}

impl Escalation {
    /// Starts to climb.
    pub fn start(ladder: Ladder, now: Timestamp) -> Self {
        let next = (!ladder.steps.is_empty() && ladder.rounds > 0).then_some(now);
        Self { ladder, told: 0, next, wake: None, acknowledged: None }
    }

    /// Somebody takes care of it: it stops.
    pub fn acknowledge(&mut self, by: AgentId) {
        if self.next.take().is_some() {
            self.acknowledged = Some(by);
        }
    }

    /// The matter is over: it stops.
    pub fn stop(&mut self) {
        self.next = None;
    }

    /// True while there is more to tell: nobody has acknowledged it, and it is neither stopped nor exhausted.
    pub fn is_climbing(&self) -> bool {
        self.next.is_some()
    }

    /// True when a step is to be told by `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next.is_some_and(|due| due <= now)
    }

    /// When [`tick`](Escalation::tick) is wanted next; `None` when it climbs no further.
    pub fn due(&self) -> Option<Timestamp> {
        self.next
    }

    /// The highest level told in this round; 0 before the first.
    pub fn level(&self) -> u32 {
        self.told.checked_sub(1).map_or(0, |before| before % self.length() + 1)
    }

    /// What is due by `now`, in order.
    pub fn tick(&mut self, now: Timestamp) -> Vec<EscalationCommand> {
        let mut commands = Vec::new();
        while let Some(due) = self.next.filter(|&due| due <= now) {
            let (round, level) = (self.told / self.length() + 1, self.told % self.length());
            match self
                .ladder
                .steps
                .get(level as usize)
                .filter(|_| round <= self.ladder.rounds.min(Ladder::MAX_ROUNDS))
            {
                Some(step) => {
                    let (to, level) = (step.to.clone(), level + 1);
                    commands.push(EscalationCommand::Tell { to, level, round, due });
                    self.told += 1;
                    self.next = Some(due + step.wait.max(1));
                }
                None => {
                    commands.push(EscalationCommand::Exhausted);
                    self.next = None;
                }
            }
        }
        if self.next != self.wake {
            self.wake = self.next;
            commands.extend(self.next.map(EscalationCommand::WakeAt));
        }
        commands
    }

    fn length(&self) -> u32 {
        u32::try_from(self.ladder.steps.len()).unwrap_or(u32::MAX).max(1)
    }
}

/// What to do in a crisis of one kind: a recall, an outage, bad press.
///
/// ```
/// use hearken::desk::Playbook;
///
/// let book: Playbook = serde_json::from_str(r#"{"id": "outage", "pause_publishing": true, "steps": [
///     {"id": "statement", "owner": "pr", "holding_statement": "We are looking into it.", "channels": ["x"]},
///     {"id": "cause", "owner": "engineering", "after": ["statement"]}]}"#).unwrap();
/// assert_eq!(book.steps[1].after, ["statement"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playbook {
    /// Its name.
    pub id: String,
    /// Scheduled posts wait until it is over.
    #[serde(default)]
    pub pause_publishing: bool,
    /// What is to be done.
    pub steps: Vec<PlaybookStep>,
}

/// One step of a playbook.
///
/// ```
/// use hearken::desk::PlaybookStep;
///
/// let step: PlaybookStep = serde_json::from_str(
///     r#"{"id": "say", "owner": "pr", "holding_statement": "We are looking into it.", "channels": ["x"]}"#).unwrap();
/// assert_eq!(step.holding_statement.as_deref(), Some("We are looking into it."));
/// assert!(step.after.is_empty(), "it begins at once");
/// // A misspelt field is a fault, not silence on the day.
/// assert!(serde_json::from_str::<PlaybookStep>(r#"{"id": "say", "owner": "pr", "afetr": ["x"]}"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlaybookStep {
    /// Its name.
    pub id: String,
    /// The team that does it.
    pub owner: TeamId,
    /// What to say while nothing is known; it still needs approval like any reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holding_statement: Option<String>,
    /// Where to say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<String>,
    /// Steps that must be done before; a step that does not exist is never done.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
}

/// What the host should do in a crisis.
///
/// ```
/// use hearken::desk::{Crisis, CrisisCommand, Playbook};
/// use hearken::model::Timestamp;
///
/// let book: Playbook =
///     serde_json::from_str(r#"{"id": "recall", "steps": [{"id": "stop sales", "owner": "shops"}]}"#).unwrap();
/// let (mut crisis, begun) = Crisis::begin(book, Timestamp::from_secs(0));
/// let [CrisisCommand::Begin(step)] = &begun[..] else { panic!("{begun:?}") };
/// assert_eq!(step.owner.as_str(), "shops");
/// let after = crisis.done("stop sales", "ann".into(), Timestamp::from_secs(60));
/// assert_eq!(after, [CrisisCommand::AllDone]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CrisisCommand {
    /// Hold scheduled posts back.
    PausePublishing,
    /// Let them go.
    ResumePublishing,
    /// Give the step to its owner.
    Begin(PlaybookStep),
    /// Every step is done.
    AllDone,
}

/// A playbook being carried out.
///
/// ```
/// use hearken::desk::{Crisis, CrisisCommand, Playbook};
/// use hearken::model::Timestamp;
///
/// let book: Playbook = serde_json::from_str(r#"{"id": "outage", "pause_publishing": true,
///     "steps": [{"id": "say", "owner": "pr"}, {"id": "mend", "owner": "tech", "after": ["say"]}]}"#).unwrap();
/// let (mut crisis, commands) = Crisis::begin(book, Timestamp::from_secs(0));
/// assert_eq!((commands.len(), crisis.pauses_publishing()), (2, true));
/// let commands = crisis.done("say", "ann".into(), Timestamp::from_secs(60));
/// assert!(matches!(&commands[..], [CrisisCommand::Begin(step)] if step.id == "mend"));
/// assert_eq!(crisis.progress(), (1, 2));
/// assert_eq!(crisis.end(Timestamp::from_secs(90)), [CrisisCommand::ResumePublishing]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crisis {
    /// The playbook as it was at the start.
    pub playbook: Playbook,
    /// When it began.
    pub since: Timestamp,
    /// When it was over.
    pub ended: Option<Timestamp>,
    /// Steps done: by whom and when.
    pub done: BTreeMap<String, (AgentId, Timestamp)>,
}

impl Crisis {
    /// Begins; gives the steps that wait for no other to their owners.
    pub fn begin(playbook: Playbook, now: Timestamp) -> (Self, Vec<CrisisCommand>) {
        let crisis = Self { playbook, since: now, ended: None, done: BTreeMap::new() };
        let pause = crisis.playbook.pause_publishing.then_some(CrisisCommand::PausePublishing);
        let first = crisis.playbook.steps.iter().filter(|step| step.after.is_empty()).cloned();
        let commands = pause.into_iter().chain(first.map(CrisisCommand::Begin)).collect();
        (crisis, commands)
    }

    /// A step is done: those that waited for it alone can begin. Done twice is done once.
    pub fn done(&mut self, step: &str, by: AgentId, now: Timestamp) -> Vec<CrisisCommand> {
        let known = self.playbook.steps.iter().any(|other| other.id == step);
        if self.ended.is_some() || !known || self.done.contains_key(step) {
            return Vec::new();
        }
        self.done.insert(step.to_owned(), (by, now));
        let ready = self.playbook.steps.iter().filter(|other| {
            other.after.iter().any(|before| before == step)
                && other.after.iter().all(|before| self.done.contains_key(before))
                && !self.done.contains_key(&other.id)
        });
        let begin = ready.cloned().map(CrisisCommand::Begin);
        let all = (self.done.len() == self.playbook.steps.len()).then_some(CrisisCommand::AllDone);
        begin.chain(all).collect()
    }

    /// Steps done, of how many.
    pub fn progress(&self) -> (usize, usize) {
        (self.done.len(), self.playbook.steps.len())
    }

    /// True while scheduled posts wait.
    pub fn pauses_publishing(&self) -> bool {
        self.playbook.pause_publishing && self.ended.is_none()
    }

    /// It is over; said once.
    pub fn end(&mut self, now: Timestamp) -> Vec<CrisisCommand> {
        if self.ended.replace(self.ended.unwrap_or(now)).is_some() || !self.playbook.pause_publishing {
            return Vec::new();
        }
        vec![CrisisCommand::ResumePublishing]
    }
}
