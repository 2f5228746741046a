use super::Effect;
use super::Finding;
use super::Receipt;
use super::turn::Turn;
use crate::facts::{Facts, Field};
use crate::model::{
    AccountKey, AgentId, CaseId, CustomerId, Interaction, ItemKey, Points, Priority, TeamId, Timestamp,
};
use crate::store::{Changes, DecodeError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a turn decided.
///
/// ```
/// use hearken::engine::{Disposition, Drop, Engine, drive};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.content.text = "my lamp broke".into();
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// let first = drive(&engine, &mut store, &event, Timestamp::from_secs(60)).unwrap();
/// assert_eq!(first.disposition, Disposition::Accepted);
/// assert!(first.receipt.check().is_ok() && first.stats.keys > 0);
/// let again = drive(&engine, &mut store, &event, Timestamp::from_secs(61)).unwrap();
/// assert_eq!(again.disposition, Disposition::Dropped(Drop::Duplicate));
/// assert!(again.changes.is_empty() && again.effects.is_empty());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What became of the event.
    pub disposition: Disposition,
    /// Everything to write, effects and receipt included: one transaction.
    pub changes: Changes,
    /// What the host should do, in order; the same effects stand in the outbox.
    pub effects: Vec<Effect>,
    /// Why; the record of it shares it.
    pub receipt: Arc<Receipt>,
    /// What was found about an interaction; the record of the item shares it.
    pub assessment: Option<Arc<Assessment>>,
    /// What the turn did.
    pub stats: Stats,
    /// True when there is more to do than one turn may: drive the same event again.
    pub again: bool,
}

/// What became of an event.
///
/// ```
/// use hearken::engine::{Disposition, Drop};
///
/// let dropped = Disposition::Dropped(Drop::Duplicate);
/// assert_eq!(serde_json::to_string(&dropped).unwrap(), r#"{"dropped":"duplicate"}"#);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It was new, and was decided on.
    Accepted,
    /// A later revision of an item that was known.
    Revised,
    /// Other counts of an item that was known: they are kept with it, and nothing else is decided.
    Measured,
    /// It changed nothing, for this reason.
    Dropped(Drop),
}

/// Why an event changed nothing.
///
/// ```
/// use hearken::engine::{Command, Disposition, Drop, Engine, drive};
/// use hearken::model::Timestamp;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let csat = Command::Csat { case: "C-nowhere".into(), score: 5, scale: 5 };
/// let outcome = drive(&engine, &mut store, &csat.into(), Timestamp::from_secs(0)).unwrap();
/// assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Unknown));
/// assert!(outcome.receipt.to_string().contains("no such case"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drop {
    /// Seen before, or older than what is known.
    Duplicate,
    /// The item was deleted on its platform.
    Deleted,
    /// Its author asked to be erased after it was published.
    Erased,
    /// What it speaks of is not there.
    Unknown,
    /// What it asks is not allowed as things stand; the receipt says why.
    Refused,
    /// A stored record could not be read; the receipt says which sort.
    Unreadable,
    /// The turn asked for more rounds of lookup than [`Limits::rounds`](crate::limits::Limits::rounds).
    Exhausted,
}

/// What a turn did: a host's metrics come from here.
///
/// ```
/// use hearken::engine::{Engine, drive};
/// use hearken::limits::Limits;
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let limits = Limits { text_bytes: 1_000, ..Limits::default() };
/// let (engine, mut store) = (Engine::builder("acme").limits(limits).build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.content.text = "lamp ".repeat(300).into();
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// let stats = drive(&engine, &mut store, &event, Timestamp::from_secs(0)).unwrap().stats;
/// assert!(stats.bytes_cut >= 500, "what was left out is counted");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stats {
    /// Rounds of lookup.
    pub rounds: usize,
    /// Keys read.
    pub keys: usize,
    /// Candidates the author was compared with.
    pub candidates: usize,
    /// Candidates left out by [`Limits::candidates`](crate::limits::Limits::candidates).
    pub candidates_cut: usize,
    /// Monitors that hit.
    pub monitors: usize,
    /// Rules that matched.
    pub rules: usize,
    /// Bytes of text cut by [`Limits::text_bytes`](crate::limits::Limits::text_bytes).
    pub bytes_cut: usize,
}

/// What was found about an interaction and what was decided on it, as plain data.
///
/// ```
/// use hearken::engine::{Assessment, Engine, Settings, drive};
/// use hearken::model::{Interaction, InteractionKind, Platform, Priority, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"rules": {"rules": [{"id": "broken", "when": "topic:complaint",
///     "then": [{"assign": {"team": "service"}}, {"priority": "urgent"}]}]}}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.content.text = "my lamp broke after a week, worst lamp ever".into();
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// let found = drive(&engine, &mut store, &event, Timestamp::from_secs(0)).unwrap().assessment.unwrap();
/// assert!(found.words["topic"].contains(&"complaint".into()) && found.numbers["sentiment"] < 0.0);
/// assert_eq!((found.team.as_ref().unwrap().as_str(), found.priority), ("service", Priority::Urgent));
/// let json = serde_json::to_string(&*found).unwrap();
/// assert_eq!(serde_json::from_str::<Assessment>(&json).unwrap(), *found);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The item.
    pub item: ItemKey,
    /// Who spoke.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<AccountKey>,
    /// Which customer that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Matched>,
    /// Words found by field, as queries ask for them: `lang`, `topic`, `intent`, `emotion`, `monitor`…
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub words: BTreeMap<Box<str>, Vec<Box<str>>>,
    /// Numbers found by field: `sentiment`, `lead.score`…
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub numbers: BTreeMap<Box<str>, f64>,
    /// How sure the sentiment is, 0 to 1.
    pub confidence: f64,
    /// A person should look at the sentiment.
    pub needs_review: bool,
    /// Lead score of the person after this item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<Points>,
    /// Lead grade.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Box<str>>,
    /// How much it matters.
    pub priority: Priority,
    /// The rule that routed it; `None` for the implicit root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Box<str>>,
    /// The case it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseId>,
    /// Where it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// Who should answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
}

/// Which customer an author is.
///
/// ```
/// use hearken::engine::{Command, Engine, drive};
/// use hearken::model::{AccountKey, Customer, Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut ann = Customer::new("c-17");
/// ann.accounts.push(AccountKey::new(Platform::X, "77"));
/// let at = Timestamp::from_secs;
/// drive(&engine, &mut store, &Command::PutCustomer { customer: Box::new(ann) }.into(), at(0)).unwrap();
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "77"));
/// let heard = drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), at(60)).unwrap();
/// let found = heard.assessment.unwrap().customer.clone().unwrap();
/// assert!(found.customer.as_str() == "c-17" && found.linked && found.probability > 990);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// The customer.
    pub customer: CustomerId,
    /// Probability that they are the same person, in thousandths.
    pub probability: u16,
    /// False when a person should look first.
    pub linked: bool,
}

impl Assessment {
    /// Nothing found yet.
    pub(super) fn new(item: &Interaction) -> Self {
        Self {
            item: item.key.clone(),
            author: item.author.as_ref().map(|author| author.key.clone()),
            customer: None,
            words: BTreeMap::new(),
            numbers: BTreeMap::new(),
            confidence: 0.0,
            needs_review: false,
            lead: None,
            grade: None,
            priority: Priority::default(),
            rule: None,
            case: None,
            team: None,
            agent: None,
            due: None,
        }
    }

    /// Keeps what the analysers found, by field.
    pub(super) fn take(&mut self, facts: &Facts<'_>) {
        for field in [Field::Lang, Field::Emotion, Field::Intent, Field::Topic, Field::Monitor] {
            let words: Vec<Box<str>> = facts.words(&field).map(Box::from).collect();
            if !words.is_empty() {
                let [.., name] = field.parts();
                self.words.insert(name.into(), words);
            }
        }
        for field in [Field::Sentiment, Field::Urgency, Field::LeadScore] {
            if let Some(number) = facts.number(&field) {
                let [.., name] = field.parts();
                self.numbers.insert(name.into(), number);
            }
        }
    }
}

impl Outcome {
    pub(super) fn dropped(turn: &Turn<'_>, event: &str, reason: Drop, why: &str) -> Self {
        let mut receipt = Receipt::new(event, turn.now);
        receipt.add(Finding::new("dropped").result(why));
        Self {
            disposition: Disposition::Dropped(reason),
            changes: Changes::default(),
            effects: Vec::new(),
            receipt: Arc::new(receipt),
            assessment: None,
            stats: Stats { rounds: turn.rounds(), keys: turn.reads().count(), ..Stats::default() },
            again: false,
        }
    }

    pub(super) fn unreadable(turn: &Turn<'_>, error: &DecodeError) -> Self {
        Self::dropped(turn, "-", Drop::Unreadable, &error.to_string())
    }

    pub(super) fn exhausted(turn: &Turn<'_>) -> Self {
        Self::dropped(turn, "-", Drop::Exhausted, "the turn asked for more rounds of lookup than its limit")
    }
}
