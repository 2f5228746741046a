use crate::desk::{PlaybookStep, TextHash};
use crate::model::{AgentId, CaseId, CustomerId, ItemKey, Personal, Priority, TeamId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Something the host should do. It waits in the outbox until the host takes it away.
///
/// The id comes from the event and the place among its effects, so a retry is the same effect.
///
/// ```
/// # use hearken::engine::{Engine, Event, Settings, drive};
/// # use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// # use hearken::source::PlatformEvent;
/// # use hearken::store::MemoryStore;
/// # let rules = r#"{"rules": {"rules": [{"id": "spam", "when": "casino", "then": ["hide", {"assign": {"team": "care"}}]}]}}"#;
/// # let settings = serde_json::from_str::<Settings>(rules).unwrap();
/// # let engine = Engine::builder("acme").settings(settings).build().unwrap();
/// # let mut item = Interaction::new(Platform::X, "1", InteractionKind::Comment);
/// # item.author = Some(Profile::new(Platform::X, "77"));
/// # item.content.text = "best casino".into();
/// # let event: Event = PlatformEvent::Created(Box::new(item)).into();
/// let effects = |at| drive(&engine, &mut MemoryStore::default(), &event, Timestamp::from_secs(at)).unwrap().effects;
/// // Decided again after a crash they have the same ids: what was done already is known by them.
/// let ids = |at| effects(at).into_iter().map(|effect| effect.id).collect::<Vec<_>>();
/// assert!(!ids(60).is_empty());
/// assert_eq!(ids(60), ids(3_600));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The same for the same event and effect, whenever it is decided.
    pub id: Box<str>,
    /// What to do.
    #[serde(flatten)]
    pub action: Action,
}

fn is_zero(level: &u32) -> bool {
    *level == 0
}

/// What a host is asked to do.
///
/// ```
/// # use hearken::engine::{Action, Engine, Event, Settings, drive};
/// # use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// # use hearken::source::PlatformEvent;
/// # use hearken::store::MemoryStore;
/// # let rules = r#"{"rules": {"rules": [{"id": "spam", "when": "casino",
/// #     "then": ["hide", {"assign": {"team": "care"}}, {"custom": {"name": "report"}}]}]}}"#;
/// # let settings = serde_json::from_str::<Settings>(rules).unwrap();
/// # let engine = Engine::builder("acme").settings(settings).build().unwrap();
/// # let mut item = Interaction::new(Platform::X, "1", InteractionKind::Comment);
/// # item.author = Some(Profile::new(Platform::X, "77"));
/// # item.content.text = "best casino".into();
/// # let event: Event = PlatformEvent::Created(Box::new(item)).into();
/// let outcome = drive(&engine, &mut MemoryStore::default(), &event, Timestamp::from_secs(60)).unwrap();
/// let mut done = Vec::new();
/// for effect in &outcome.effects {
///     match &effect.action {
///         Action::Hide { .. } => done.push("hidden by the platform's API".to_owned()),
///         Action::Custom { name, .. } => done.push(format!("{name}, which is the host's own")),
///         _ => {}
///     }
/// }
/// done.sort();
/// assert_eq!(done, ["hidden by the platform's API", "report, which is the host's own"]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum Action {
    /// Tell somebody now.
    Alert {
        /// What the alert is about: alerts of one group are one alert.
        group: Box<str>,
        /// `negative`, `crisis`, `opportunity`, `unattended`, `sla`, or a rule's own word.
        kind: Box<str>,
        /// How much it matters.
        priority: Priority,
        /// Who is told: a team, a role.
        to: Box<str>,
        /// The step of its ladder, from 1; 0 for the alert's own notice.
        #[serde(default, skip_serializing_if = "is_zero")]
        level: u32,
        /// The case it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        case: Option<CaseId>,
        /// Why, in words without personal data.
        reason: Box<str>,
    },
    /// Give a case to somebody. Holds only while the case is at `version`.
    Assign {
        /// The case.
        case: CaseId,
        /// The team.
        team: TeamId,
        /// The agent; absent while the case waits in the team's queue.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        agent: Option<AgentId>,
    },
    /// Ask the customer how satisfied they are.
    AskCsat {
        /// The case.
        case: CaseId,
    },
    /// Ask another team; the customer-facing owner stays.
    Escalate {
        /// The case that needs help.
        case: CaseId,
        /// The case the other team gets.
        child: CaseId,
        /// The other team.
        team: TeamId,
    },
    /// A reply that waits for approval: [`DraftAct::Approve`](super::DraftAct::Approve) names its hash.
    Draft {
        /// What it answers.
        item: ItemKey,
        /// The case.
        case: CaseId,
        /// The words.
        text: Personal,
        /// The exact text, as a number.
        hash: TextHash,
        /// True when it should go by private message.
        private: bool,
    },
    /// A reply that may go out.
    Reply {
        /// What it answers.
        item: ItemKey,
        /// The case.
        case: CaseId,
        /// The words.
        text: Personal,
        /// True when it should go by private message.
        private: bool,
    },
    /// Somebody opened a draft that others are writing in: tell them, before two answers go out.
    Warn {
        /// The case.
        case: CaseId,
        /// Whom to warn.
        who: AgentId,
        /// Who is writing already.
        others: BTreeSet<AgentId>,
    },
    /// A crisis holds posts back, or lets them go again. Those planned here ([`PostAct::Plan`](super::PostAct::Plan)) wait by
    /// themselves; a host that plans others elsewhere stops them there.
    Publishing {
        /// Held back or not.
        paused: bool,
        /// The playbook that says so.
        playbook: Box<str>,
    },
    /// A step of a playbook can begin: give it to its owner.
    PlaybookStep {
        /// The playbook.
        playbook: Box<str>,
        /// The step, without the words of its holding statement.
        step: PlaybookStep,
        /// The draft of its holding statement, which [`Action::PostDraft`] asks to approve.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        post: Option<Box<str>>,
    },
    /// A post that waits for approval: [`PostAct::Approve`](super::PostAct::Approve) names its hash.
    PostDraft {
        /// Its name.
        post: Box<str>,
        /// Where it goes; empty: wherever the host decides.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<Box<str>>,
        /// The words.
        text: Personal,
        /// The exact text, as a number.
        hash: TextHash,
    },
    /// A post that may go out.
    Post {
        /// Its name.
        post: Box<str>,
        /// Where it goes; empty: wherever the host decides.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        channels: Vec<Box<str>>,
        /// The words.
        text: Personal,
        /// What was approved.
        hash: TextHash,
    },
    /// The time of a planned post has come, and a crisis holds it back.
    PostHeld {
        /// Its name.
        post: Box<str>,
        /// Its time.
        due: Timestamp,
    },
    /// The time of a planned post came in vain: somebody looks, then plans it again or leaves it.
    PostReview {
        /// Its name.
        post: Box<str>,
        /// Its time.
        due: Timestamp,
        /// Why it did not go out.
        why: Box<str>,
    },
    /// Call [`Engine::tick`](super::Engine::tick) at this time, or soon after.
    WakeAt {
        /// When.
        at: Timestamp,
    },
    /// Hide an item on the platform.
    Hide {
        /// The item.
        item: ItemKey,
    },
    /// A contact of the host's CRM should be made or changed.
    UpsertContact {
        /// The customer, where it is known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer: Option<CustomerId>,
        /// The item that showed it.
        item: ItemKey,
    },
    /// A person should look: is this account this customer?
    ReviewMatch {
        /// The item that raised it.
        item: ItemKey,
        /// The candidate.
        customer: CustomerId,
        /// Probability that they are the same person, in thousandths.
        probability: u16,
    },
    /// All that is stored of a person.
    Exported {
        /// Records by kind, each as its owner encodes it.
        document: BTreeMap<Box<str>, Vec<serde_json::Value>>,
    },
    /// Everything of a person is gone.
    Erased {
        /// Records taken away or cleaned, by kind.
        counts: BTreeMap<Box<str>, u32>,
    },
    /// A rule's own action.
    Custom {
        /// Its name.
        name: Box<str>,
        /// Its arguments, as the rule gives them.
        args: serde_json::Value,
        /// The item that set it off.
        item: ItemKey,
    },
}
