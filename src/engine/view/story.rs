use super::{Missing, View};
use crate::desk::{Case, CaseEvent, Draft};
use crate::engine::Line;
use crate::engine::Receipt;
use crate::engine::shelf::Shelf;
use crate::engine::state::{CaseRecord, Chapter, ItemState, Keys, turn_of};
use crate::model::{CaseId, Platform, Tenant};
use crate::store::{Key, Kind, Row, Scan};
use std::collections::{BTreeMap, BTreeSet};

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
    /// The case as it stands, with its timeline and its items as far as this page tells of them.
    pub case: Case,
    /// How many items stand in it, by platform.
    pub said: BTreeMap<Platform, u32>,
    /// The reply on its way out, or the last one that went.
    pub draft: Option<Draft>,
    /// What was said in the turns of this page, oldest first, in its latest revision; what was deleted is not there.
    pub lines: Vec<Line>,
    /// Why it is as it is, oldest first.
    pub receipts: Vec<Receipt>,
    /// Where the next page begins, if there is one.
    pub next: Option<Box<str>>,
}

impl Story {
    /// The story of a case and of those that were folded into it, 100 turns a page.
    pub fn of(tenant: impl Into<Tenant>, case: CaseId) -> Self {
        Self { tenant: tenant.into(), case, after: None, limit: 100 }
    }

    /// The page behind that place: [`StoryPage::next`] of the page before.
    #[must_use]
    pub fn after(mut self, next: Box<str>) -> Self {
        self.after = Some(next);
        self
    }

    /// At most so many turns a page.
    #[must_use]
    pub fn limit(mut self, turns: usize) -> Self {
        self.limit = turns.max(1);
        self
    }
}

impl Story {
    /// What turns of a page did to the case and to what was folded into it, in the order in which it happened, and where the
    /// next page begins.
    fn told<'s>(&self, shelf: &'s Shelf, record: &CaseRecord) -> Result<Told<'s>, Missing> {
        let prefixes: Vec<String> = record.names().map(|case| Key::join(&[case.as_str(), ""])).collect();
        let scan = |prefix: &String| {
            let after = self.after.as_ref().map(|after| format!("{prefix}{after}").into());
            let more = self.limit.saturating_add(1);
            Scan { after, ..Scan::new(&self.tenant, Kind::Story, prefix.as_str(), more) }
        };
        let scans: Vec<Scan> = prefixes.iter().map(scan).collect();
        shelf.want([], &scans)?;
        let mut rows: BTreeMap<&str, Vec<&'s (Key, Row)>> = BTreeMap::new();
        for (scan, prefix) in scans.iter().zip(&prefixes) {
            for row in shelf.page(scan)? {
                rows.entry(row.0.id().strip_prefix(prefix.as_str()).unwrap_or_default())
                    .or_default()
                    .push(row);
            }
        }
        let more = rows.len() > self.limit;
        let last = rows.keys().take(self.limit).next_back().filter(|_| more).map(|place| Box::from(*place));
        Ok((rows.into_values().take(self.limit).flatten().collect(), last))
    }
}

/// Rows of a story, and where the next begin.
type Told<'s> = (Vec<&'s (Key, Row)>, Option<Box<str>>);

impl View for Story {
    /// `None`: there is no such case.
    type Page = Option<StoryPage>;

    fn read(&self, shelf: &Shelf) -> Result<Option<StoryPage>, Missing> {
        let keys = Keys(&self.tenant);
        let Some(record) = shelf.get::<CaseRecord>(&keys.case(&self.case))? else { return Ok(None) };
        let (told, next) = self.told(shelf, &record)?;
        let mut case = record.case.clone();
        let mut wanted = Vec::with_capacity(told.len());
        let mut parts = BTreeSet::new();
        for (key, row) in told {
            let chapter = row.record.decode::<Chapter>()?;
            let names = key.parts();
            // Rows of earlier builds do not tell the version.
            if let [_, time, _, event, series] | [_, time, event, series] = names.as_slice() {
                let receipt = keys.receipt(event, time, series);
                // One turn may have folded one into the other.
                if !wanted.contains(&receipt) {
                    wanted.push(receipt);
                }
            }
            for entry in &chapter.entries {
                match &entry.event {
                    CaseEvent::Inbound(item) | CaseEvent::Reply { item, .. } => {
                        case.items.insert(item.clone());
                    }
                    CaseEvent::Split { into, items }
                        if names.first().is_some_and(|of| **of == *into.as_str()) =>
                    {
                        parts.insert((into.clone(), items.clone()));
                    }
                    _ => {}
                }
            }
            case.timeline.extend(chapter.entries.iter().cloned());
        }
        let ids: Vec<Key> = parts.iter().map(|(part, _)| keys.case(part)).collect();
        shelf.want(&ids, [])?;
        for ((_, items), part) in parts.into_iter().zip(&ids) {
            // What came from a case that is told of here was told of where it came in.
            let from = shelf.get::<CaseRecord>(part)?.and_then(|part| part.case.parent.clone());
            if !from.is_some_and(|from| record.names().any(|name| *name == from)) {
                case.items.extend(items);
            }
        }
        let items: Vec<Key> = case.items.iter().map(|item| keys.item(item)).collect();
        shelf.want(wanted.iter().chain(&items), [])?;
        let mut receipts = Vec::with_capacity(wanted.len());
        for key in &wanted {
            receipts.extend(shelf.get::<Receipt>(key)?.map(|receipt| (*receipt).clone()));
        }
        let (mut lines, mut here) = (Vec::with_capacity(items.len()), BTreeSet::new());
        for (key, item) in items.iter().zip(std::mem::take(&mut case.items)) {
            // What was split off since is told of in its own case.
            let Some(state) = shelf.get::<ItemState>(key)?.filter(|state| record.holds(state)) else {
                continue;
            };
            here.insert(item);
            if let (Some(item), Some(at)) = (state.item.clone(), state.at) {
                lines.push(Line { turn: turn_of(&item, at), item, assessment: state.assessment.clone() });
            }
        }
        case.items = here;
        lines.sort_by(|a, b| (a.turn.at, &a.turn.item).cmp(&(b.turn.at, &b.turn.item)));
        let draft = record.reply.as_ref().map(|reply| reply.draft.clone());
        Ok(Some(StoryPage { case, said: record.said.clone(), draft, lines, receipts, next }))
    }
}
