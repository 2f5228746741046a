use super::{Missing, View};
use crate::desk::{CaseEvent, Entry};
use crate::engine::Assessment;
use crate::engine::Subject;
use crate::engine::shelf::Shelf;
use crate::engine::state::{Chapter, CustomerState, ItemState, Keys};
use crate::model::{CaseId, Consent, Interaction, ItemKey, Platform, Scope, Tenant, Timestamp, Transaction};
use crate::store::{Key, Kind, Scan};
use std::sync::Arc;

/// Filings read at once.
const PAGE: usize = 1_000;

/// Everything with one person, on whatever channel: what they said, what became of their cases, what they bought, what
/// they consented to. Newest first.
///
/// Filtering by channel loses nothing: the pages of all [channels](TimelineRow::channel) together are the whole.
/// Takes time in the number of the person's items and of the turns that touched their cases; only those on the page are
/// loaded.
///
/// ```
/// use hearken::engine::{Engine, Moment, Subject, Timeline, drive, look};
/// use hearken::model::{AccountKey, Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "77"));
/// item.content.text = "a lovely lamp".into();
/// drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
///
/// let who = Subject::Account(AccountKey::new(Platform::X, "77"));
/// let page = look(&Timeline::of("acme", who), &store).unwrap();
/// assert!(matches!(&page.rows[0].what, Moment::Said { item, .. } if item.content.text.reveal() == "a lovely lamp"));
/// ```
#[derive(Debug, Clone)]
pub struct Timeline {
    tenant: Tenant,
    who: Subject,
    channel: Option<Box<str>>,
    scope: Scope,
    after: Option<Box<str>>,
    limit: usize,
}

/// A page of a timeline.
///
/// ```
/// use hearken::engine::{Engine, Subject, Timeline, drive, look};
/// use hearken::model::{AccountKey, Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// for seconds in [60, 61, 62] {
///     let mut item = Interaction::new(Platform::X, seconds.to_string(), InteractionKind::Post);
///     item.author = Some(Profile::new(Platform::X, "77"));
///     item.content.text = "a lovely lamp".into();
///     drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(seconds)).unwrap();
/// }
/// let of = Timeline::of("acme", Subject::Account(AccountKey::new(Platform::X, "77"))).limit(2);
/// let first = look(&of, &store).unwrap();
/// let second = look(&of.clone().after(first.next.unwrap()), &store).unwrap();
/// assert_eq!((first.rows.len(), second.rows.len(), second.next), (2, 1, None));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TimelinePage {
    /// What happened, newest first.
    pub rows: Vec<TimelineRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<Box<str>>,
}

/// A row of a timeline.
///
/// ```
/// use hearken::engine::{Engine, Subject, Timeline, drive, look};
/// use hearken::model::{AccountKey, Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.author = Some(Profile::new(Platform::X, "77"));
/// item.content.text = "a lovely lamp".into();
/// drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
/// let who = Subject::Account(AccountKey::new(Platform::X, "77"));
/// let row = look(&Timeline::of("acme", who), &store).unwrap().rows.remove(0);
/// assert_eq!((&*row.channel, row.at), ("x", Timestamp::from_secs(60)));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineRow {
    /// When.
    pub at: Timestamp,
    /// Where it comes from: a platform's name, `case`, `purchase` or `consent`.
    pub channel: Box<str>,
    /// What.
    pub what: Moment,
}

/// Something that happened with a person. What was said bears its counts, and how they have grown.
///
/// ```
/// use hearken::engine::{Disposition, Engine, Moment, Subject, Timeline, drive, look};
/// use hearken::model::{AccountKey, EngagementMetrics, Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
/// let mut poll = |seconds, likes| {
///     let (observed_at, reactions) = (Some(Timestamp::from_secs(seconds)), Some(likes));
///     let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
///     item.author = Some(Profile::new(Platform::X, "77"));
///     item.content.text = "a lovely lamp".into();
///     item.metrics = Some(EngagementMetrics { observed_at, reactions, ..EngagementMetrics::default() });
///     let event = PlatformEvent::Created(Box::new(item)).into();
///     drive(&engine, &mut store, &event, Timestamp::from_secs(seconds)).unwrap().disposition
/// };
/// assert_eq!((poll(60, 3), poll(3_600, 45)), (Disposition::Accepted, Disposition::Measured));
/// let who = Subject::Account(AccountKey::new(Platform::X, "77"));
/// let row = look(&Timeline::of("acme", who), &store).unwrap().rows.remove(0);
/// let Moment::Said { item, .. } = row.what else { panic!() };
/// assert_eq!(item.growth(), [("reactions", 42)]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub enum Moment {
    /// They said something.
    Said {
        /// The item, in its latest revision.
        item: Box<Interaction>,
        /// What was found about it.
        assessment: Option<Arc<Assessment>>,
    },
    /// Something happened to a case of theirs: an answer, an escalation, a rating.
    Case {
        /// The case.
        case: CaseId,
        /// What happened.
        event: CaseEvent,
    },
    /// They bought something, or gave it back.
    Purchase(Transaction),
    /// They gave or withdrew consent.
    Consent(Consent),
}

/// What is not loaded yet, and its place: time, then id.
struct Place {
    id: String,
    at: Timestamp,
    channel: Box<str>,
    what: Found,
}

enum Found {
    Item(ItemKey),
    Chapter(Key),
    Moment(Box<Moment>),
}

impl Timeline {
    /// The timeline of a customer with all linked accounts, or of one account; 50 rows a page.
    pub fn of(tenant: impl Into<Tenant>, who: Subject) -> Self {
        Self { tenant: tenant.into(), who, channel: None, scope: Scope::All, after: None, limit: 50 }
    }

    /// Only what may be shown to those: to anybody, what was said in public, and nothing that the brand found out.
    #[must_use]
    pub fn scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// Only this channel.
    #[must_use]
    pub fn channel(mut self, channel: impl Into<Box<str>>) -> Self {
        self.channel = Some(channel.into());
        self
    }

    /// The page behind that place: [`TimelinePage::next`] of the page before.
    #[must_use]
    pub fn after(mut self, next: Box<str>) -> Self {
        self.after = Some(next);
        self
    }

    /// At most so many rows a page.
    #[must_use]
    pub fn limit(mut self, rows: usize) -> Self {
        self.limit = rows.max(1);
        self
    }

    /// Keys filed under some names, of some kinds.
    fn filed(&self, shelf: &Shelf, names: &[String], kinds: &[Kind]) -> Result<Vec<Key>, Missing> {
        let filing = |name: &String, kind: &Kind| {
            let prefix = Key::join(&[name, kind.as_str(), ""]);
            Scan::new(&self.tenant, Kind::Subject, prefix, PAGE)
        };
        let filings = names.iter().flat_map(|name| kinds.iter().map(move |kind| filing(name, kind)));
        let target = |pointer: &Key| {
            let mut parts = pointer.parts().into_iter().skip(1);
            let kind = Kind::from(parts.next()?.as_str());
            Some(Key::new(&self.tenant, kind, parts.next()?))
        };
        Ok(shelf.all(filings.collect())?.into_iter().filter_map(target).collect())
    }

    /// Everything of the person as places, in no order.
    fn places(&self, shelf: &Shelf) -> Result<Vec<Place>, Missing> {
        let mut names = vec![self.who.name()];
        let mut places = Vec::new();
        if let Subject::Customer(id) = &self.who {
            let accounts = self.filed(shelf, &names, &[Kind::Account])?;
            names.extend(accounts.iter().map(|key| format!("account {}", key.id())));
            let customer = shelf.get::<CustomerState>(&Keys(&self.tenant).customer(id))?;
            for bought in customer.iter().flat_map(|customer| &customer.record.transactions) {
                let what = Moment::Purchase(bought.clone());
                places.push(Place::new(bought.placed_at, "purchase", &bought.id, what));
            }
            let ledger = Scan::new(&self.tenant, Kind::Consent, Key::join(&[id.as_str(), ""]), PAGE);
            let entries: Vec<Key> = shelf.all(vec![ledger])?.into_iter().cloned().collect();
            shelf.want(&entries, [])?;
            for key in &entries {
                if let Some(entry) = shelf.get::<Consent>(key)? {
                    places.push(Place::new(entry.at, "consent", key.id(), Moment::Consent((*entry).clone())));
                }
            }
        }
        let filed = self.filed(shelf, &names, &[Kind::Conversation, Kind::Story])?;
        places.extend(filed.into_iter().filter_map(|key| match key.kind() {
            Kind::Story => told(key),
            _ => said(&key),
        }));
        Ok(places)
    }

    /// The rows from a place on that are to be shown, at least so many, unless there are no more.
    fn rows(
        &self,
        shelf: &Shelf,
        places: &[Place],
        least: usize,
    ) -> Result<Vec<(String, TimelineRow)>, Missing> {
        let keys = Keys(&self.tenant);
        let (mut rows, mut size) = (Vec::new(), least);
        let mut rest = places;
        while !rest.is_empty() && rows.len() < least {
            let (some, others) = rest.split_at_checked(size).unwrap_or((rest, &[]));
            (rest, size) = (others, size.saturating_mul(2));
            let wanted = some.iter().filter_map(|place| match &place.what {
                Found::Item(item) => Some(keys.item(item)),
                Found::Chapter(key) => Some(key.clone()),
                Found::Moment(_) => None,
            });
            shelf.want(&wanted.collect::<Vec<_>>(), [])?;
            for place in some {
                let found = self.moments(shelf, place)?.into_iter().rev();
                rows.extend(found.filter(|(id, _)| self.after.as_ref().is_none_or(|after| **id < **after)));
            }
        }
        Ok(rows)
    }

    /// What is shown of a place, each with its own, in order.
    fn moments(&self, shelf: &Shelf, place: &Place) -> Result<Vec<(String, TimelineRow)>, Missing> {
        let row = |what| TimelineRow { at: place.at, channel: place.channel.clone(), what };
        Ok(match &place.what {
            Found::Moment(what) => vec![(place.id.clone(), row((**what).clone()))],
            Found::Item(item) => {
                let state = shelf.get::<ItemState>(&Keys(&self.tenant).item(item))?;
                let shown = state.and_then(|state| Some((state.item.clone()?, state)));
                let shown = shown.filter(|(item, _)| self.scope.admits(item));
                let shown = shown.map(|(item, state)| {
                    let assessment = state.assessment.clone().filter(|_| self.scope == Scope::All);
                    (place.id.clone(), row(Moment::Said { item: Box::new(item), assessment }))
                });
                shown.into_iter().collect()
            }
            Found::Chapter(key) => {
                let (case, chapter) = (key.parts().into_iter().next(), shelf.get::<Chapter>(key)?);
                let Some((case, chapter)) = case.zip(chapter) else { return Ok(Vec::new()) };
                let case = CaseId::from(case.as_str());
                let news = (0..).zip(&chapter.entries).filter(|(_, entry)| is_news(&case, entry));
                let told = news.map(|(n, entry): (u32, _)| {
                    let what = Moment::Case { case: case.clone(), event: entry.event.clone() };
                    (Key::join(&[&place.id, &format!("{n:06}")]), row(what))
                });
                told.collect()
            }
        })
    }
}

/// The customer's own words stand in the timeline themselves; ticks are nobody's, and a split is told of once.
fn is_news(case: &CaseId, entry: &Entry) -> bool {
    match &entry.event {
        CaseEvent::Inbound(_) | CaseEvent::Tick => false,
        CaseEvent::Split { into, .. } => into != case,
        _ => true,
    }
}

/// What a turn did to a case, as a place: its key tells the time.
fn told(key: Key) -> Option<Place> {
    let parts = key.parts();
    let [case, time, version, event, series] = parts.as_slice() else { return None };
    let at = Timestamp::from_millis(Key::read_time(time)?);
    let id = format!("{time} case {case} {version} {event} {series}");
    Some(Place { id, at, channel: "case".into(), what: Found::Chapter(key) })
}

/// A line of a conversation as a place: its key tells the platform, the time and the item.
fn said(line: &Key) -> Option<Place> {
    let parts = line.parts();
    let [talk, time, item] = parts.as_slice() else { return None };
    let (platform, _) = talk.split_once(':')?;
    let at = Timestamp::from_millis(Key::read_time(time)?);
    let key = ItemKey::new(Platform::from(platform), item.as_str());
    let channel = platform.into();
    Some(Place { id: format!("{time} {key}"), at, channel, what: Found::Item(key) })
}

impl Place {
    fn new(at: Timestamp, channel: &str, id: &str, what: Moment) -> Self {
        let id = format!("{} {channel} {id}", Key::time(at.millis()));
        Self { id, at, channel: channel.into(), what: Found::Moment(Box::new(what)) }
    }
}

impl View for Timeline {
    type Page = TimelinePage;

    fn read(&self, shelf: &Shelf) -> Result<TimelinePage, Missing> {
        let mut places = self.places(shelf)?;
        places.retain(|place| self.channel.as_ref().is_none_or(|channel| *channel == place.channel));
        let is_open = |place: &Place| self.scope == Scope::All || matches!(place.what, Found::Item(_));
        places.retain(is_open);
        places.sort_by(|a, b| b.id.cmp(&a.id));
        let first =
            self.after.as_deref().map_or(0, |after| places.partition_point(|place| *place.id >= *after));
        let places = places.get(first..).unwrap_or_default();
        let mut rows = self.rows(shelf, places, self.limit.saturating_add(1))?;
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = rows.last().filter(|_| more).map(|(id, _)| id.as_str().into());
        Ok(TimelinePage { rows: rows.into_iter().map(|(_, row)| row).collect(), next })
    }
}
