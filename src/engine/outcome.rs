use super::turn::Turn;
use super::{Effect, Finding, Receipt};
use crate::facts::{Facts, Field};
use crate::model::{
    AccountKey, AgentId, CaseId, CustomerId, Interaction, ItemKey, Points, Priority, TeamId, Timestamp,
};
use crate::store::{Changes, DecodeError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a turn decided.
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
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// It was new, and was decided on.
    Accepted,
    /// A later revision of an item that was known.
    Revised,
    /// It changed nothing, for this reason.
    Dropped(Drop),
}

/// Why an event changed nothing.
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
                self.words.insert(field.parts().concat().into(), words);
            }
        }
        for field in [Field::Sentiment, Field::Urgency, Field::LeadScore] {
            if let Some(number) = facts.number(&field) {
                self.numbers.insert(field.parts().concat().into(), number);
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
