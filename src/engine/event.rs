use super::CaseAct;
use super::CrisisAct;
use super::DraftAct;
use super::PostAct;
use crate::model::{
    AccountKey, AgentId, CaseId, Consent, Customer, CustomerId, DataSubjectRequest, ItemKey, Points,
    Timestamp,
};
use crate::source::PlatformEvent;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Anything that can change what the engine knows. A log of events, each with its time, replays to the same state.
///
/// ```
/// use hearken::engine::{Command, Event};
///
/// let event = Event::from(Command::Erase { subject: hearken::engine::Subject::Customer("c-1".into()) });
/// let line = serde_json::to_string(&event).unwrap();
/// assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Event {
    /// What a platform told.
    Platform {
        /// The event, as its source read it.
        event: PlatformEvent,
    },
    /// What somebody in the host's house did or asked.
    Command {
        /// The command.
        command: Command,
    },
    /// What a fold over outcomes noticed: a spike, a trend.
    Observation {
        /// The observation.
        observation: Observation,
    },
    /// Time has passed: whatever is due now is done. See [`Engine::tick`](super::Engine::tick).
    Due,
}

impl From<PlatformEvent> for Event {
    fn from(event: PlatformEvent) -> Self {
        Self::Platform { event }
    }
}

impl From<Command> for Event {
    fn from(command: Command) -> Self {
        Self::Command { command }
    }
}

impl From<Observation> for Event {
    fn from(observation: Observation) -> Self {
        Self::Observation { observation }
    }
}

/// Whose data: a customer with all accounts linked to it, or one account.
///
/// ```
/// use hearken::engine::Subject;
/// use hearken::model::{AccountKey, Platform};
///
/// let account = Subject::Account(AccountKey::new(Platform::X, "77"));
/// assert_eq!((account.name(), Subject::Customer("c-1".into()).name()), ("account x:77".into(), "customer c-1".into()));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A customer and every account linked to it.
    Customer(CustomerId),
    /// One account, linked or not.
    Account(AccountKey),
}

impl Subject {
    /// The name under which records of this subject are filed.
    pub fn name(&self) -> String {
        self.words().concat()
    }

    /// The name in pieces.
    pub(super) fn words(&self) -> [&str; 4] {
        match self {
            Self::Customer(id) => ["customer ", id.as_str(), "", ""],
            Self::Account(key) => ["account ", key.platform.as_str(), ":", &key.id],
        }
    }
}

/// What somebody in the host's house did or asked.
///
/// ```
/// use hearken::engine::{Command, Engine, Event, drive};
/// use hearken::model::{Customer, Timestamp};
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let command = Command::PutCustomer { customer: Box::new(Customer::new("c-17")) };
/// let outcome = drive(&engine, &mut store, &command.into(), Timestamp::from_secs(60)).unwrap();
/// assert_eq!(outcome.receipt.find("customer").unwrap().result, "new".into());
///
/// // A command is one line of JSON, as a log of events or another program holds it.
/// let line = r#"{"do":"case","case":"C-1","by":"ann","act":"hold","why":"parts are ordered"}"#;
/// let command: Command = serde_json::from_str(line).unwrap();
/// assert_eq!(serde_json::to_string(&command).unwrap(), line);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    /// The host's record of a customer is new or has changed.
    PutCustomer {
        /// The whole record.
        customer: Box<Customer>,
    },
    /// An agent came or went.
    Presence {
        /// The agent.
        agent: AgentId,
        /// There or not.
        presence: crate::route::Presence,
    },
    /// The brand answered.
    ReplySent {
        /// The case.
        case: CaseId,
        /// The reply.
        item: ItemKey,
        /// Who answered.
        by: AgentId,
        /// True when a program answered.
        #[serde(default)]
        automatic: bool,
    },
    /// Somebody has seen an alert and acts: its ladder stops.
    Acknowledge {
        /// The alert's group.
        alert: Box<str>,
        /// Who.
        by: AgentId,
    },
    /// Nothing of a kind of alert is told until then: the noise is known.
    Silence {
        /// The kind: `negative`, `sla-missed`, a rule's own word.
        kind: Box<str>,
        /// Only alerts about this; absent: all of the kind.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        about: Option<Box<str>>,
        /// Until when; what is still on then is told then.
        until: Timestamp,
        /// Who.
        by: AgentId,
    },
    /// Somebody of the team does something to a case.
    Case {
        /// The case.
        case: CaseId,
        /// Who.
        by: AgentId,
        /// What.
        #[serde(flatten)]
        act: CaseAct,
    },
    /// Somebody of the team does something to the reply of a case.
    Draft {
        /// The case.
        case: CaseId,
        /// Who.
        by: AgentId,
        /// What.
        #[serde(flatten)]
        act: DraftAct,
    },
    /// Somebody of the team does something to a post of the brand's own, which is no reply to anybody. A name that is new is
    /// a new post; the statements of playbooks are named `playbook/step`.
    Post {
        /// Its name.
        post: Box<str>,
        /// Who.
        by: AgentId,
        /// What.
        #[serde(flatten)]
        act: PostAct,
    },
    /// A playbook of [`Settings::playbooks`](super::Settings::playbooks) begins, goes on or ends.
    Crisis {
        /// The playbook.
        playbook: Box<str>,
        /// Who.
        by: AgentId,
        /// What.
        #[serde(flatten)]
        act: CrisisAct,
    },
    /// The customer said how satisfied they are.
    Csat {
        /// The case.
        case: CaseId,
        /// 1 (not at all) to `scale` (fully).
        score: u8,
        /// The best score.
        scale: u8,
    },
    /// A case is closed for good: after CSAT, or with a stated reason to do without.
    Confirm {
        /// The case.
        case: CaseId,
        /// Why there is no CSAT.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        waiver: Option<Box<str>>,
    },
    /// This account is this customer: a person decided. Its cases and its lead history come along.
    Link {
        /// The account.
        account: AccountKey,
        /// The customer.
        customer: CustomerId,
        /// Who decided.
        by: AgentId,
    },
    /// Takes a link back: the account, its cases and its lead history are its own again. Points given by hand stay
    /// with the customer.
    Unlink {
        /// The account.
        account: AccountKey,
        /// Who decided.
        by: AgentId,
    },
    /// This account is not this customer; no later evidence links them by itself.
    NotSame {
        /// The account.
        account: AccountKey,
        /// The customer.
        customer: CustomerId,
        /// Who decided.
        by: AgentId,
    },
    /// A correction of a lead score by hand: an entry of the ledger like any other.
    AdjustScore {
        /// Whose score.
        subject: Subject,
        /// Points to add.
        points: Points,
        /// Who.
        by: AgentId,
        /// Why.
        reason: Box<str>,
    },
    /// A reviewer's label of an item; kept for learning, changes no past decision.
    Feedback {
        /// The item.
        item: ItemKey,
        /// The label: `negative`, `neutral`, `positive` or the host's own.
        label: Box<str>,
        /// Who.
        by: AgentId,
    },
    /// An entry of the consent ledger.
    Consent {
        /// The entry.
        consent: Consent,
    },
    /// What a person asks about their data, new or further on. A request that is verified and asks for access or
    /// portability exports in the same turn, one that asks for erasure erases; others wait for whoever fulfils them. One
    /// that is open at its deadline raises an alert.
    Request {
        /// The request; customer, kind and time of receipt say which.
        request: DataSubjectRequest,
    },
    /// All that is stored of a person, as one document in an effect.
    Export {
        /// Whose.
        subject: Subject,
    },
    /// Takes away all that is stored of a person, for good.
    Erase {
        /// Whose.
        subject: Subject,
    },
}

/// What a fold over outcomes noticed.
///
/// ```
/// use hearken::engine::{Disposition, Engine, Observation, drive};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let (engine, at) = (Engine::builder("acme").build().unwrap(), Timestamp::from_secs(60));
/// // A watch over the mentions of a product noticed a crisis of level three.
/// let seen = Observation {
///     about: "kettle".into(), kind: "negative_spike".into(), at, level: 3, measures: [("posts".into(), 90.0)].into(),
/// };
/// let outcome = drive(&engine, &mut MemoryStore::default(), &seen.into(), at).unwrap();
/// assert_eq!(outcome.disposition, Disposition::Accepted);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What is observed: a monitor's id, a topic.
    pub about: Box<str>,
    /// What was noticed: `spike`, `negative_spike`, `trend`.
    pub kind: Box<str>,
    /// When it was noticed.
    pub at: Timestamp,
    /// Crisis level 1–4, 0 for none.
    pub level: u8,
    /// Numbers that show it, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub measures: BTreeMap<Box<str>, f64>,
}
