use super::{Missing, View};
use crate::engine::Assessment;
use crate::engine::is_wordless;
use crate::engine::shelf::Shelf;
use crate::engine::state::{ItemState, Keys, conversation_name};
use crate::model::{AccountKey, Conversation, Interaction, ItemKey, Scope, Tenant, Turn};
use crate::store::{Key, Kind, Scan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A conversation as it was heard, oldest line first, a page at a time.
///
/// ```
/// use hearken::engine::{Engine, Thread, drive, look};
/// use hearken::model::{Interaction, InteractionKind, ItemKey, Platform, ThreadNode, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// for (id, parent, words) in [("1", None, "my lamp broke"), ("2", Some("1"), "mine too"), ("9", Some("7"), "same")] {
///     let mut item = Interaction::new(Platform::Mastodon, id, InteractionKind::Reply);
///     (item.in_reply_to, item.root) = (parent.map(Into::into), Some("1".into()));
///     item.content.text = words.into();
///     drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
/// }
/// let page = look(&Thread::of("acme", ItemKey::new(Platform::Mastodon, "2")), &store).unwrap();
/// assert_eq!(page.lines.len(), 3);
/// assert!(page.conversation().thread().contains(&ThreadNode::Missing("7".into())), "a gap is told");
/// ```
#[derive(Debug, Clone)]
pub struct Thread {
    tenant: Tenant,
    item: ItemKey,
    scope: Scope,
    after: Option<Box<str>>,
    limit: usize,
}

/// A page of a conversation.
///
/// ```
/// use hearken::engine::{Engine, Thread, drive, look};
/// use hearken::model::{Interaction, InteractionKind, ItemKey, Platform, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut hear = |id: &str, kind, words: &str| {
///     let mut item = Interaction::new(Platform::Mastodon, id, kind);
///     item.share_of = (id != "1").then(|| "1".into());
///     item.reaction = (id != "1").then(|| "like".into());
///     item.content.text = words.into();
///     drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
/// };
/// hear("1", InteractionKind::Post, "my new lamp");
/// hear("2", InteractionKind::Reaction, "");
/// let page = look(&Thread::of("acme", ItemKey::new(Platform::Mastodon, "1")), &store).unwrap();
/// assert_eq!((page.lines.len(), page.reactions["1"]["like"]), (1, 1));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ThreadPage {
    /// What was said, oldest first.
    pub lines: Vec<Line>,
    /// Likes, shares and the like on this page: how many of each name, by the item they are about.
    pub reactions: BTreeMap<Box<str>, BTreeMap<Box<str>, u32>>,
    /// Where the next page begins, if there is one.
    pub next: Option<Box<str>>,
}

/// A line of a conversation.
///
/// ```
/// use hearken::engine::{Engine, Thread, drive, look};
/// use hearken::model::{Interaction, InteractionKind, ItemKey, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "77"));
/// item.content.text = "a lovely lamp".into();
/// drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
/// let line = look(&Thread::of("acme", ItemKey::new(Platform::X, "1")), &store).unwrap().lines.remove(0);
/// assert_eq!((line.turn.at, line.turn.outbound), (Timestamp::from_secs(60), false));
/// assert!(line.assessment.unwrap().numbers["sentiment"] > 0.0);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its place: when it was said, and what it answers.
    pub turn: Turn,
    /// The item, in its latest revision.
    pub item: Interaction,
    /// What was found about it.
    pub assessment: Option<Arc<Assessment>>,
}

impl Thread {
    /// The conversation that an item stands in, 100 lines a page.
    pub fn of(tenant: impl Into<Tenant>, item: ItemKey) -> Self {
        Self { tenant: tenant.into(), item, scope: Scope::All, after: None, limit: 100 }
    }

    /// Only what may be shown to those: to anybody, nothing private and nothing that the brand found out.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// The page behind that place: [`ThreadPage::next`] of the page before.
    #[must_use]
    pub fn after(mut self, next: Box<str>) -> Self {
        self.after = Some(next);
        self
    }

    /// At most so many lines a page, reactions included.
    #[must_use]
    pub fn limit(mut self, lines: usize) -> Self {
        self.limit = lines.max(1);
        self
    }
}

impl View for Thread {
    type Page = ThreadPage;

    fn read(&self, shelf: &Shelf) -> Result<ThreadPage, Missing> {
        let keys = Keys(&self.tenant);
        let item = shelf.get::<ItemState>(&keys.item(&self.item))?;
        // Of an item that never came, or is gone, there may still be the answers.
        let talk = item.and_then(|state| state.conversation());
        let lone = Interaction::new(self.item.platform.clone(), self.item.id.clone(), "post".into());
        let talk = talk.unwrap_or_else(|| conversation_name(&lone));
        let mut scan = Scan::new(
            &self.tenant,
            Kind::Conversation,
            Key::join(&[&talk, ""]),
            self.limit.saturating_add(1),
        );
        scan.after = self.after.as_deref().map(Into::into);
        let found = shelf.page(&scan)?;
        let (rows, more) = found.split_at_checked(self.limit).unwrap_or((found, &[]));
        let mut turns = Vec::with_capacity(rows.len());
        for (_, row) in rows {
            turns.push(row.record.decode::<Turn>()?);
        }
        let items: Vec<Key> = turns.iter().map(|turn| keys.item(&turn.item)).collect();
        shelf.want(&items, [])?;
        let mut page = ThreadPage::default();
        if !more.is_empty() {
            page.next = rows.last().map(|(key, _)| key.id().into());
        }
        for (turn, key) in turns.iter().zip(&items) {
            let Some(state) = shelf.get::<ItemState>(key)? else { continue };
            let Some(item) = state.item.clone().filter(|item| self.scope.admits(item)) else { continue };
            if is_wordless(&item) {
                let about = turn.parent.clone().unwrap_or_else(|| turn.item.id.clone());
                let name = item.reaction.clone().unwrap_or_else(|| item.kind.as_str().into());
                *page.reactions.entry(about).or_default().entry(name).or_default() += 1;
            } else {
                let assessment = state.assessment.clone().filter(|_| self.scope == Scope::All);
                page.lines.push(Line { turn: (**turn).clone(), item, assessment });
            }
        }
        Ok(page)
    }
}

impl ThreadPage {
    /// The lines as a conversation: in the order of a thread, with gaps, and since when somebody waits.
    pub fn conversation(&self) -> Conversation {
        let mut talk = Conversation::default();
        self.lines.iter().for_each(|line| talk.add(line.turn.clone()));
        let authors = self.lines.iter().filter_map(|line| line.item.author.as_ref());
        let participants: BTreeSet<AccountKey> = authors.map(|author| author.key.clone()).collect();
        talk.participants = participants.into_iter().collect();
        let customers = self.lines.iter().filter_map(|line| line.assessment.as_ref()?.customer.as_ref());
        talk.customer = customers.filter(|found| found.linked).map(|found| found.customer.clone()).next();
        talk
    }
}
