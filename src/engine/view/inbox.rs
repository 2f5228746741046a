use super::{Missing, View};
use crate::desk::Case;
use crate::engine::shelf::Shelf;
use crate::engine::state::CaseRecord;
use crate::model::{AgentId, CaseKind, CaseStatus, Platform, TeamId, Tenant, Timestamp};
use crate::store::{Kind, Scan};
use std::collections::BTreeMap;

/// Cases read first, and at most in one page.
const PAGE: usize = 500;

/// Cases gone through for one page. Each time as many are read again as before, so that going through them takes few lookups
/// and no more than twice the work.
const LOOKED_AT: usize = 8_000;

/// The cases of all networks in one list, filtered; a page at a time, by id, so that a walk meets each once.
///
/// One page goes through 8,000 cases at most: where few pass the filter, it holds fewer than the limit, or none, and says
/// where the next begins. The walk is over when no next page is named.
///
/// ```
/// use hearken::engine::{Inbox, look};
/// use hearken::model::{CaseStatus, Platform};
/// use hearken::store::MemoryStore;
///
/// let waiting = Inbox { status: Some(CaseStatus::Open), platform: Some(Platform::X), ..Inbox::of("acme") };
/// assert!(look(&waiting, &MemoryStore::default()).unwrap().cases.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct Inbox {
    /// Whose.
    pub tenant: Tenant,
    /// Only cases that stand so.
    pub status: Option<CaseStatus>,
    /// Only cases of this sort.
    pub kind: Option<CaseKind>,
    /// Only cases with something said on this platform.
    pub platform: Option<Platform>,
    /// Only this team's.
    pub team: Option<TeamId>,
    /// Only this agent's.
    pub agent: Option<AgentId>,
    /// Only cases opened then or later.
    pub since: Option<Timestamp>,
    /// Only cases opened before then.
    pub until: Option<Timestamp>,
    /// From behind that place: [`InboxPage::next`] of the page before.
    pub after: Option<Box<str>>,
    /// At most so many cases; 0 counts as 1, and no page has more than 500.
    pub limit: usize,
}

/// A page of an inbox.
///
/// ```
/// use hearken::engine::{Engine, Inbox, Settings, drive, look};
/// use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"rules": {"rules": [
///     {"id": "broken", "when": "broke", "then": [{"assign": {"team": "service"}}]}]}}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// for author in ["7", "8", "9"] {
///     let mut item = Interaction::new(Platform::X, author, InteractionKind::Post);
///     item.author = Some(Profile::new(Platform::X, author));
///     item.content.text = "my lamp broke".into();
///     drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
/// }
/// let (mut inbox, mut met) = (Inbox { limit: 2, ..Inbox::of("acme") }, Vec::new());
/// loop {
///     let page = look(&inbox, &store).unwrap();
///     met.extend(page.cases.into_iter().map(|line| line.case.id));
///     match page.next {
///         Some(next) => inbox.after = Some(next),
///         None => break,
///     }
/// }
/// assert_eq!(met.len(), 3);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq)]
pub struct InboxPage {
    /// The cases, in order of id.
    pub cases: Vec<CaseLine>,
    /// Where the next page begins, if there is one.
    pub next: Option<Box<str>>,
}

/// A case in an inbox.
///
/// ```
/// use hearken::engine::{Engine, Inbox, Settings, drive, look};
/// use hearken::model::{Interaction, InteractionKind, Platform, Profile, Timestamp};
/// use hearken::source::PlatformEvent;
/// use hearken::store::MemoryStore;
///
/// let settings: Settings = serde_json::from_str(r#"{"rules": {"rules": [
///     {"id": "broken", "when": "broke", "then": [{"assign": {"team": "service"}}]}]}}"#).unwrap();
/// let (engine, mut store) = (Engine::builder("acme").settings(settings).build().unwrap(), MemoryStore::default());
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// (item.author, item.content.lang) = (Some(Profile::new(Platform::X, "7")), Some("en".into()));
/// item.content.text = "my lamp broke".into();
/// drive(&engine, &mut store, &PlatformEvent::Created(Box::new(item)).into(), Timestamp::from_secs(60)).unwrap();
/// let line = look(&Inbox::of("acme"), &store).unwrap().cases.remove(0);
/// assert_eq!((line.case.team.unwrap().as_str(), line.drafted), ("service", false));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct CaseLine {
    /// The case as it stands. What was said in it and what happened to it, its [`Story`](crate::engine::Story) tells.
    pub case: Case,
    /// How many items stand in it, by platform: what the customer said, and what was answered.
    pub said: BTreeMap<Platform, u32>,
    /// The language its customer speaks, where it is known.
    pub language: Option<Box<str>>,
    /// A reply waits for approval or for being sent.
    pub drafted: bool,
}

impl Inbox {
    /// Everything of a tenant, 50 cases a page.
    pub fn of(tenant: impl Into<Tenant>) -> Self {
        Self {
            tenant: tenant.into(),
            status: None,
            kind: None,
            platform: None,
            team: None,
            agent: None,
            since: None,
            until: None,
            after: None,
            limit: 50,
        }
    }

    fn holds(&self, record: &CaseRecord) -> bool {
        let case = &record.case;
        fn is<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none() || wanted == found
        }
        let said_on = |platform: &Platform| record.said.contains_key(platform);
        is(self.status.as_ref(), Some(&case.status))
            && is(self.kind.as_ref(), Some(&case.kind))
            && is(self.team.as_ref(), case.team.as_ref())
            && is(self.agent.as_ref(), case.assignee.as_ref())
            && self.platform.as_ref().is_none_or(said_on)
            && self.since.is_none_or(|since| case.opened_at >= since)
            && self.until.is_none_or(|until| case.opened_at < until)
    }
}

impl View for Inbox {
    type Page = InboxPage;

    fn read(&self, shelf: &Shelf) -> Result<InboxPage, Missing> {
        let limit = self.limit.clamp(1, PAGE);
        let mut page = InboxPage::default();
        let mut scan = Scan::new(&self.tenant, Kind::Case, "", PAGE);
        scan.after = self.after.as_deref().map(Into::into);
        let mut looked_at = 0;
        loop {
            let rows = shelf.page(&scan)?;
            for (key, row) in rows {
                let record = row.record.decode::<CaseRecord>()?;
                if !self.holds(&record) {
                    continue;
                }
                if page.cases.len() == limit {
                    return Ok(page);
                }
                page.next = Some(key.id().into());
                page.cases.push(CaseLine {
                    case: record.case.clone(),
                    said: record.said.clone(),
                    language: record.language.as_deref().map(Into::into),
                    drafted: record
                        .reply
                        .as_ref()
                        .is_some_and(crate::engine::publish::drafts::Reply::is_waiting),
                });
            }
            looked_at += rows.len();
            let Some((last, _)) = rows.last().filter(|_| rows.len() >= scan.limit) else { break };
            if looked_at >= LOOKED_AT {
                page.next = Some(last.id().into());
                return Ok(page);
            }
            scan = Scan { limit: looked_at, ..scan.after(last.id()) };
        }
        page.next = None;
        Ok(page)
    }
}
