//! The shapes of the records that the engine owns, and the keys they stand under.

use super::Assessment;
use super::Subject;
use super::publish::drafts::Reply;
use crate::desk::{Case, Entry, Sla};
use crate::identity::Person;
use crate::model::{
    AccountKey, AgentId, CaseId, Customer, CustomerId, Interaction, ItemKey, Platform, Priority, Profile,
    Purpose, Tenant, Timestamp, Turn,
};
use crate::route::Work;
use crate::store::{Key, Kind};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// An item in its latest revision, or an id that a revision of it goes by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ItemState {
    /// The latest revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) item: Option<Interaction>,
    /// What was found about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) assessment: Option<Arc<Assessment>>,
    /// When it was published, else when it was first seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) at: Option<Timestamp>,
    /// Its conversation, where that is known from the item it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) talk: Option<Box<str>>,
    /// What reviewers said of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) labels: Vec<Label>,
    /// The case whose item it is: that heard it, that it is a reply in, or into which it was split.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) case: Option<CaseId>,
    /// What became of it after it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) delivery: Option<Box<str>>,
    /// Somebody whom it names was erased, and their names were struck out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) struck: bool,
    /// The item of which this is the id of a revision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) same: Option<ItemKey>,
}

/// A reviewer's label of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Label {
    /// Who.
    pub(super) by: Box<str>,
    /// When.
    pub(super) at: Timestamp,
    /// The label.
    pub(super) label: Box<str>,
}

/// An account: its latest description and whom it belongs to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct AccountState {
    /// The latest description.
    pub(super) profile: Profile,
    /// The customer it was matched to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<Link>,
}

/// A customer: the host's record, stored as it is, with what the matcher sees of it once somebody asks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct CustomerState {
    /// The host's record.
    pub(super) record: Customer,
    #[serde(skip)]
    person: OnceLock<Person>,
}

impl CustomerState {
    pub(super) fn new(record: Customer) -> Self {
        Self { record, person: OnceLock::new() }
    }

    /// The customer as the matcher sees one; normalised once for as long as a store keeps the record live.
    pub(super) fn person(&self) -> &Person {
        self.person.get_or_init(|| super::people::author::customer_as_person(&self.record))
    }
}

/// A match of an account to a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Link {
    /// The customer.
    pub(super) customer: CustomerId,
    /// Probability in thousandths that they are the same person; 1000 when a person decided.
    pub(super) probability: u16,
    /// True when a person decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) confirmed: bool,
}

/// What hangs on a person: a customer, or an account that is nobody's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PersonState {
    /// Their cases, newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) cases: Vec<CaseId>,
}

/// A case with what the engine keeps beside it. However much is said in it, it does not grow: each item says in which case
/// it stands ([`ItemState::case`]), and what happened stands in a [`Chapter`] for each turn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct CaseRecord {
    /// Where the matter stands. During a turn it holds the items that the turn is about and what happened in it.
    pub(super) case: Case,
    /// How many items stand in it, by platform.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) said: BTreeMap<Platform, u32>,
    /// The customer's last words of those, oldest first: whoever answers answers the last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) recent: Vec<ItemKey>,
    /// The cases that other teams got for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) children: BTreeSet<CaseId>,
    /// What was promised, and when.
    pub(super) sla: Sla,
    /// Whose matter it is: the name under which it is filed.
    pub(super) person: String,
    /// The mark of the account through which it came: a link that proves wrong gives it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) through: Option<Box<str>>,
    /// Marks of the accounts of cases that were folded into it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) also: BTreeSet<Box<str>>,
    /// The cases that were folded into it, and into those: each leads here in one step.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) folded: BTreeSet<CaseId>,
    /// The customer's tier when it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) tier: Option<String>,
    /// The language an agent must speak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) language: Option<String>,
    /// The agent who owns the relation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) owner: Option<AgentId>,
    /// Skills an agent must have, with their levels.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) skills: BTreeMap<String, u8>,
    /// The reply on its way out, or the last one that went.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) reply: Option<Reply>,
    /// The id of the record by which it waits to be given to somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) place: Option<Box<str>>,
}

/// What happened to a case in one turn, beside the receipt that says why.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Option<Vec<Entry>>", into = "Vec<Entry>")]
pub(super) struct Chapter {
    pub(super) entries: Vec<Entry>,
}

impl From<Option<Vec<Entry>>> for Chapter {
    fn from(entries: Option<Vec<Entry>>) -> Self {
        Self { entries: entries.unwrap_or_default() }
    }
}

impl From<Chapter> for Vec<Entry> {
    fn from(chapter: Chapter) -> Self {
        chapter.entries
    }
}

/// The customer's last words that a case remembers by name.
const RECENT: usize = 16;

impl CaseRecord {
    /// True when an item stands in the case.
    pub(super) fn holds(&self, item: &ItemState) -> bool {
        item.case.as_ref().is_some_and(|case| *case == self.case.id || self.folded.contains(case))
    }

    /// How many items stand in it.
    pub(super) fn items(&self) -> u32 {
        self.said.values().fold(0, |sum, many| sum.saturating_add(*many))
    }

    /// Counts items that came since, and those that went.
    pub(super) fn count(&mut self, before: &BTreeSet<ItemKey>) {
        for item in self.case.items.difference(before) {
            *self.said.entry(item.platform.clone()).or_default() += 1;
        }
        for gone in before.difference(&self.case.items) {
            if let Some(many) = self.said.get_mut(&gone.platform) {
                *many = many.saturating_sub(1);
            }
            self.recent.retain(|item| item != gone);
        }
        self.said.retain(|_, many| *many > 0);
    }

    /// Notes what the customer said last.
    pub(super) fn heard(&mut self, items: impl IntoIterator<Item = ItemKey>) {
        self.recent.extend(items);
        let old = self.recent.len().saturating_sub(RECENT);
        self.recent.drain(..old);
    }

    /// Takes over what the engine keeps beside a case that is folded into this one.
    pub(super) fn absorb(&mut self, other: Self) {
        for (platform, many) in other.said {
            let sum = self.said.entry(platform).or_default();
            *sum = sum.saturating_add(many);
        }
        let mine = std::mem::replace(&mut self.recent, other.recent);
        self.heard(mine);
        self.children.extend(other.children);
        self.folded.extend(other.folded);
        self.folded.insert(other.case.id);
        self.also.extend(other.also);
        self.also.extend(other.through);
        self.reply = self.reply.take().or(other.reply);
    }

    /// The cases in whose names something is told of this one.
    pub(super) fn names(&self) -> impl Iterator<Item = &CaseId> {
        std::iter::once(&self.case.id).chain(&self.folded)
    }

    /// Takes out what stands in rows of its own.
    pub(super) fn take_chapter(&mut self) -> Chapter {
        self.case.items.clear();
        self.case.passed_on.clear();
        Chapter { entries: std::mem::take(&mut self.case.timeline) }
    }
}

/// What a timer wakes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Target {
    /// A case and its promises.
    Case(CaseId),
    /// What waits for a team; `""` for no team.
    Line(Box<str>),
    /// The alerts of one kind and its kin.
    Alerts(Box<str>),
    /// What a person asks about their data.
    Request(Box<str>),
    /// The posts that are planned.
    Posts,
}

impl Target {
    /// The target as part of a timer's id.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Case(id) => format!("case {id}"),
            Self::Line(team) => format!("line {team}"),
            Self::Alerts(kind) => format!("alerts {kind}"),
            Self::Request(name) => format!("request {name}"),
            Self::Posts => "posts".to_owned(),
        }
    }
}

/// A mark that an account was erased (what it published before then stays out), or that an item is gone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct ErasedState {
    pub(super) at: Timestamp,
}

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// Makes the keys of one tenant.
pub(super) struct Keys<'a>(pub(super) &'a Tenant);

impl Keys<'_> {
    pub(super) fn item(&self, item: &ItemKey) -> Key {
        Key::named(self.0, Kind::Interaction, &qualified(&item.platform, &item.id))
    }

    pub(super) fn account(&self, account: &AccountKey) -> Key {
        Key::named(self.0, Kind::Account, &qualified(&account.platform, &account.id))
    }

    pub(super) fn customer(&self, customer: &CustomerId) -> Key {
        Key::new(self.0, Kind::Customer, customer.as_str())
    }

    /// A line of a conversation: conversations grow without one hot record, and a scan reads one in order.
    pub(super) fn turn_of(&self, talk: &str, at: Timestamp, item: &ItemKey) -> Key {
        Key::ordered(self.0, Kind::Conversation, &[talk, &Key::time(at.millis()), &item.id])
    }

    /// What a turn did to a case, and that its receipt tells of it; a scan reads a case's story in the order in which it
    /// happened: of what happened at one time, the version that the case had then tells which was first.
    pub(super) fn story(&self, case: &CaseId, time: &str, version: u64, event: &str, series: &str) -> Key {
        Key::ordered(self.0, Kind::Story, &[case.as_str(), time, &format!("{version:016x}"), event, series])
    }

    /// The receipt of an event at a time; `series` tells revisions at one time apart.
    pub(super) fn receipt(&self, event: &str, time: &str, series: &str) -> Key {
        Key::ordered(self.0, Kind::Receipt, &[event, time, series])
    }

    pub(super) fn person(&self, person: &Subject) -> Key {
        Key::named(self.0, Kind::Person, &person.words())
    }

    pub(super) fn lead(&self, person: &Subject) -> Key {
        Key::named(self.0, Kind::Lead, &person.words())
    }

    /// The keys of a person's cases and of their lead ledger, under one id.
    pub(super) fn person_and_lead(&self, person: &Subject) -> [Key; 2] {
        let own = self.person(person);
        let lead = Key::new(self.0, Kind::Lead, Arc::clone(own.shared_id()));
        [own, lead]
    }

    pub(super) fn agent(&self, agent: &AgentId) -> Key {
        Key::new(self.0, Kind::Agent, agent.as_str())
    }

    /// A case that waits in a line: the most important first, and of equals the oldest. So that nothing starves, a
    /// priority is worth a time: whoever waits that much longer goes first.
    pub(super) fn queue(&self, line: &str, work: &Work) -> Key {
        let ahead = match work.priority {
            Priority::Critical => 30 * DAY,
            Priority::Urgent => 7 * DAY,
            Priority::High => DAY,
            Priority::Medium => 0,
            Priority::Low => -DAY,
        };
        let rank = work.since.millis().saturating_sub(ahead);
        Key::ordered(self.0, Kind::Queue, &[line, &Key::time(rank), work.id.as_str()])
    }

    pub(super) fn alerts(&self, kind: &str) -> Key {
        Key::new(self.0, Kind::Alert, kind)
    }

    pub(super) fn timer(&self, at: Timestamp, target: &Target) -> Key {
        Key::ordered(self.0, Kind::Timer, &[&Key::time(at.millis()), &target.name()])
    }

    pub(super) fn standing(&self, customer: &CustomerId, purpose: &Purpose) -> Key {
        Key::ordered(self.0, Kind::Standing, &[customer.as_str(), purpose.as_str()])
    }

    pub(super) fn case(&self, case: &CaseId) -> Key {
        Key::new(self.0, Kind::Case, case.as_str())
    }
}

/// An item as one word.
pub(super) fn item_name(item: &ItemKey) -> String {
    qualified(&item.platform, &item.id).concat()
}

/// A platform's id, the pieces of one word.
fn qualified<'n>(platform: &'n Platform, id: &'n str) -> [&'n str; 3] {
    [platform.as_str(), ":", id]
}

/// A conversation as one word: `platform:id`.
pub(super) fn conversation_name(item: &Interaction) -> String {
    let own = &item.key.id;
    let known = item.conversation.as_ref().or(item.root.as_ref());
    let id = known.or(item.in_reply_to.as_ref()).or(item.share_of.as_ref()).unwrap_or(own);
    qualified(&item.key.platform, id).concat()
}

impl ItemState {
    /// The case that the item stands in, as far as the item knows: that case may have been folded into another since.
    pub(super) fn stands_in(&self) -> Option<CaseId> {
        let found = || self.assessment.as_ref().and_then(|found| found.case.clone());
        self.case.clone().or_else(found)
    }

    /// The conversation that the item stands in.
    pub(super) fn conversation(&self) -> Option<String> {
        let named = || self.item.as_ref().map(conversation_name);
        self.talk.as_ref().map(ToString::to_string).or_else(named)
    }
}

/// True when the platform tells the conversation of an item.
pub(super) fn names_conversation(item: &Interaction) -> bool {
    item.conversation.is_some() || item.root.is_some()
}

/// The key of the item that an item answers or shares, when its platform does not name the conversation or whom the
/// brand speaks to.
pub(super) fn parent_of(keys: &Keys<'_>, item: &Interaction) -> Option<Key> {
    let joined = names_conversation(item);
    let addressed = !super::interaction::is_outbound(item) || !item.recipients.is_empty();
    let parent = item.in_reply_to.as_ref().or(item.share_of.as_ref()).filter(|_| !(joined && addressed))?;
    Some(keys.item(&ItemKey::new(item.key.platform.clone(), parent.clone())))
}

/// An account as one word.
pub(super) fn account_name(account: &AccountKey) -> String {
    qualified(&account.platform, &account.id).concat()
}

/// The order of revisions: time, then edit after original, then content, so that any order of arrival ends the same.
pub(super) fn revision(item: &Interaction, edit: bool) -> (Timestamp, bool, String) {
    let at = item.edited_at.or(item.published_at).unwrap_or_default();
    (
        at,
        edit || item.edited_at.is_some(),
        super::turn::encoded(&(&item.content, &item.title, &item.review, &item.attachments)),
    )
}

/// An item as a line of its conversation.
pub(super) fn turn_of(item: &Interaction, at: Timestamp) -> Turn {
    Turn {
        item: item.key.clone(),
        parent: item.in_reply_to.clone().or_else(|| item.share_of.clone()),
        at,
        outbound: super::interaction::is_outbound(item),
    }
}
