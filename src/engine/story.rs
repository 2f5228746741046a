use super::shelf::Shelf;
use super::state::{CaseRecord, ItemState, Keys, turn_of};
use super::view::{Missing, View};
use super::{Line, Receipt};
use crate::desk::{Case, Draft};
use crate::model::{CaseId, Tenant};
use crate::store::{Key, Kind, Scan};

/// A case and how it came to be as it is: what was said, the draft, and the receipt of every turn that touched it.
///
/// ```
/// use hearken::engine::{Engine, Settings, Story, drive, look};
/// use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"rules": {"rules": [
///     {"id": "broken", "when": "broke", "then": [{"assign": {"team": "service"}}]}]}}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "77"));
/// item.content.text = "my lamp broke".into();
/// let event = PlatformEvent::Created(Box::new(item)).into();
/// let heard = drive(&engine, &mut store, &event, Timestamp::from_secs(60)).unwrap();
///
/// let case = heard.assessment.as_ref().unwrap().case.clone().unwrap();
/// let story = look(&Story::of("acme", case), &store).unwrap().unwrap();
/// assert_eq!(story.case.team.unwrap().as_str(), "service");
/// assert_eq!(story.receipts[0], *heard.receipt);
/// ```
#[derive(Debug, Clone)]
pub struct Story {
    tenant: Tenant,
    case: CaseId,
    after: Option<Box<str>>,
    limit: usize,
}

/// A page of a case's story.
///
/// ```
/// use hearken::engine::{CaseAct, Command, Engine, Settings, Story, drive, look};
/// use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"rules": {"rules": [
///     {"id": "broken", "when": "broke", "then": [{"assign": {"team": "service"}}]}]}}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "7"));
/// item.content.text = "my lamp broke".into();
/// let at = Timestamp::from_secs;
/// let heard = drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), at(60)).unwrap();
/// let case = heard.assessment.as_ref().unwrap().case.clone().unwrap();
/// let solve = Command::Case { case: case.clone(), by: "ann".into(), act: CaseAct::Resolve { code: "replaced".into() } };
/// drive(&engine, &mut store, &solve.into(), at(90)).unwrap();
///
/// let page = look(&Story::of("acme", case).limit(1), &store).unwrap().unwrap();
/// assert_eq!(page.lines[0].item.content.text.reveal(), "my lamp broke");
/// assert_eq!(page.receipts, [(*heard.receipt).clone()]);
/// assert!(page.next.is_some(), "the receipt of the solution stands on the next page");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct StoryPage {
    /// The case as it stands, with its timeline.
    pub case: Case,
    /// The reply on its way out, or the last one that went.
    pub draft: Option<Draft>,
    /// What was said in it, oldest first, in its latest revision; what was deleted is not there.
    pub lines: Vec<Line>,
    /// Why it is as it is, oldest first.
    pub receipts: Vec<Receipt>,
    /// Where the next page of receipts begins, if there is one.
    pub next: Option<Box<str>>,
}

impl Story {
    /// The story of a case, 100 receipts a page.
    pub fn of(tenant: impl Into<Tenant>, case: CaseId) -> Self {
        Self { tenant: tenant.into(), case, after: None, limit: 100 }
    }

    /// The page behind that place: [`StoryPage::next`] of the page before.
    #[must_use]
    pub fn after(mut self, next: Box<str>) -> Self {
        self.after = Some(next);
        self
    }

    /// At most so many receipts a page.
    #[must_use]
    pub fn limit(mut self, receipts: usize) -> Self {
        self.limit = receipts.max(1);
        self
    }
}

impl View for Story {
    /// `None`: there is no such case.
    type Page = Option<StoryPage>;

    fn read(&self, shelf: &Shelf) -> Result<Option<StoryPage>, Missing> {
        let keys = Keys(&self.tenant);
        let own = keys.case(&self.case);
        let prefix = Key::join(&[self.case.as_str(), ""]);
        let mut scan = Scan::new(&self.tenant, Kind::Story, prefix, self.limit);
        scan.after = self.after.as_deref().map(Into::into);
        shelf.want([&own], [&scan])?;
        let Some(record) = shelf.get::<CaseRecord>(&own)? else { return Ok(None) };
        let told = shelf.page(&scan)?;
        let receipt = |key: &Key| match key.parts().as_slice() {
            [_, time, event, series] => Some(keys.receipt(event, time, series)),
            _ => None,
        };
        let wanted: Vec<Key> = told.iter().filter_map(|(key, _)| receipt(key)).collect();
        let items: Vec<Key> = record.case.items.iter().map(|item| keys.item(item)).collect();
        shelf.want(wanted.iter().chain(&items), [])?;
        let mut receipts = Vec::with_capacity(wanted.len());
        for key in &wanted {
            receipts.extend(shelf.get::<Receipt>(key)?.map(|receipt| (*receipt).clone()));
        }
        let mut lines = Vec::with_capacity(items.len());
        for key in &items {
            let Some(state) = shelf.get::<ItemState>(key)? else { continue };
            if let (Some(item), Some(at)) = (state.item.clone(), state.at) {
                lines.push(Line { turn: turn_of(&item, at), item, assessment: state.assessment.clone() });
            }
        }
        lines.sort_by(|a, b| (a.turn.at, &a.turn.item).cmp(&(b.turn.at, &b.turn.item)));
        let next = told.last().filter(|_| told.len() >= self.limit).map(|(key, _)| key.id().into());
        let draft = record.reply.as_ref().map(|reply| reply.draft.clone());
        Ok(Some(StoryPage { case: record.case.clone(), draft, lines, receipts, next }))
    }
}
