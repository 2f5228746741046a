use crate::model::Tenant;
use crate::model::open_enum;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

open_enum!(
    /// What sort of record stands under a key. A host may add its own.
    Kind {
        /// An interaction, its latest revision or its tombstone; id `platform:native id`.
        Interaction = "interaction",
        /// A social account and whom it was matched to; id `platform:native id`.
        Account = "account",
        /// A customer; the host's id.
        Customer = "customer",
        /// One customer under one blocking key; id `blocking key, customer`.
        Posting = "posting",
        /// A thread or chat; id `platform:native id`.
        Conversation = "conversation",
        /// A case and the draft of its reply; its id.
        Case = "case",
        /// A person's open case and how to reach it; id of the person.
        Person = "person",
        /// A person's lead ledger; id of the person.
        Lead = "lead",
        /// An agent with presence and load; id `team, agent`.
        Agent = "agent",
        /// A case that waits for an agent; id `team, priority, since, case`.
        Queue = "queue",
        /// A timer; id `due time, what`.
        Timer = "timer",
        /// A firing alert; its group key.
        Alert = "alert",
        /// A playbook under way, or the last time it was; its id.
        Crisis = "crisis",
        /// A post of the brand's own, from its first word until it went out; its name.
        Post = "post",
        /// Which posts are planned for when, and what holds them back; one record.
        Schedule = "schedule",
        /// What a person asks about their data; a keyed hash of customer, time and kind.
        Request = "request",
        /// Entries of the consent ledger; id `customer, time`.
        Consent = "consent",
        /// What holds of the consent ledger for one purpose; id `customer, purpose`.
        Standing = "standing",
        /// A decision "not the same person"; id `account, customer`.
        Unlike = "unlike",
        /// An effect that waits for the host; id `time, effect id`.
        Outbox = "outbox",
        /// A receipt; id `event id`.
        Receipt = "receipt",
        /// What a turn did to a case, and which receipt tells of it; id `case, time, version, event id`.
        Story = "story",
        /// Where a person's records are; id `subject, kind, id`.
        Subject = "subject",
        /// A keyed hash of an account that was erased.
        Erased = "erased",
    }
);

/// Bytes kept free for the separator behind a part of an id, and for a few escapes in it.
const ESCAPES: usize = 4;

/// Bytes of most ids, at most: they are put together where they need no allocation but the one that keys share.
const SHORT: usize = 192;

/// A text that is put together piece by piece, as long as it stays short.
struct Short {
    bytes: [u8; SHORT],
    length: usize,
}

impl Short {
    /// What `fill` pushes as one text that is shared; `None` where it is long.
    fn shared(fill: impl FnOnce(&mut Self) -> bool) -> Option<Arc<str>> {
        let mut short = Self { bytes: [0; SHORT], length: 0 };
        let fits = fill(&mut short);
        let text = std::str::from_utf8(short.bytes.get(..short.length)?).ok();
        text.filter(|_| fits).map(Arc::from)
    }

    /// Adds a piece; false when there is no room for it.
    fn push(&mut self, piece: &str) -> bool {
        let free = self.bytes.get_mut(self.length..).and_then(|free| free.get_mut(..piece.len()));
        let Some(free) = free else { return false };
        free.copy_from_slice(piece.as_bytes());
        self.length += piece.len();
        true
    }
}

/// A record's place: tenant first, then kind, then an id whose byte order is the order of a scan.
///
/// ```
/// use hearken::model::Tenant;
/// use hearken::store::{Key, Kind};
///
/// let tenant = Tenant::from("acme");
/// let due = |ms: i64| Key::ordered(&tenant, Kind::Timer, &[&Key::time(ms), "sla"]);
/// assert!(due(-5) < due(9) && due(9) < due(10));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Key {
    tenant: Tenant,
    kind: Kind,
    id: Arc<str>,
}

impl Key {
    /// Separates the parts of an id; parts that hold it have it escaped, so two ids never run together.
    const SEPARATOR: char = '\u{1f}';

    /// The key of one record.
    pub fn new(tenant: &Tenant, kind: Kind, id: impl Into<Arc<str>>) -> Self {
        Self { tenant: tenant.clone(), kind, id: id.into() }
    }

    /// The key of one record whose id is the pieces, one behind the other.
    pub(crate) fn named(tenant: &Tenant, kind: Kind, pieces: &[&str]) -> Self {
        let id = Short::shared(|short| pieces.iter().all(|piece| short.push(piece)));
        Self::new(tenant, kind, id.unwrap_or_else(|| pieces.concat().into()))
    }

    /// A key of several parts, ordered by the first, then the second, and so on.
    pub fn ordered(tenant: &Tenant, kind: Kind, parts: &[&str]) -> Self {
        let id = Short::shared(|short| Self::joined(parts, |piece| short.push(piece)));
        Self::new(tenant, kind, id.unwrap_or_else(|| Self::join(parts).into()))
    }

    /// Joins the parts of an id. A part that is a prefix for a scan ends with an empty last part.
    pub fn join(parts: &[&str]) -> String {
        let mut id = String::with_capacity(parts.iter().map(|p| p.len() + ESCAPES).sum());
        Self::joined(parts, |piece| {
            id.push_str(piece);
            true
        });
        id
    }

    /// Hands on the pieces of which joined parts are made, until one is refused.
    fn joined(parts: &[&str], mut push: impl FnMut(&str) -> bool) -> bool {
        parts.iter().enumerate().all(|(i, part)| {
            let mut fits = i == 0 || push("\u{1f}");
            let mut rest = *part;
            while let Some((before, behind)) =
                memchr::memchr2(0x1f, 0x10, rest.as_bytes()).and_then(|at| rest.split_at_checked(at))
            {
                let (escaped, after) = match behind.strip_prefix(Self::SEPARATOR) {
                    Some(after) => ("\u{10}s", after),
                    None => ("\u{10}d", behind.get(1..).unwrap_or("")),
                };
                fits = fits && push(before) && push(escaped);
                rest = after;
            }
            fits && push(rest)
        })
    }

    /// The parts of an id that [`join`](Key::join) made.
    pub fn parts(&self) -> Vec<String> {
        self.id.split(Self::SEPARATOR).map(Self::plain).collect()
    }

    /// The last of the [parts](Key::parts).
    pub fn last_part(&self) -> Cow<'_, str> {
        let part = self.id.rsplit(Self::SEPARATOR).next().unwrap_or_default();
        if part.contains('\u{10}') { Cow::Owned(Self::plain(part)) } else { Cow::Borrowed(part) }
    }

    /// A part without the escapes of [`join`](Key::join).
    fn plain(part: &str) -> String {
        part.replace("\u{10}s", "\u{1f}").replace("\u{10}d", "\u{10}")
    }

    /// Milliseconds as text whose byte order is the order of time.
    pub fn time(millis: i64) -> String {
        format!("{:016x}", (millis as u64) ^ (1 << 63))
    }

    /// Reads what [`time`](Key::time) wrote.
    pub fn read_time(text: &str) -> Option<i64> {
        u64::from_str_radix(text, 16).ok().map(|bits| (bits ^ (1 << 63)) as i64)
    }

    /// Whose it is.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// What sort of record.
    pub fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The id within tenant and kind.
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn shared_id(&self) -> &Arc<str> {
        &self.id
    }
}

/// By tenant, kind and id. Keys of one tenant mostly share its name, which need not be read then.
impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let [tenant, others] = [self, other].map(|key| key.tenant.as_str());
        let tenants = if std::ptr::eq(tenant, others) { Ordering::Equal } else { tenant.cmp(others) };
        tenants.then_with(|| self.kind.cmp(&other.kind)).then_with(|| self.id.cmp(&other.id))
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Shows tenant and kind; an id may name a person and stays hidden.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({}/{}/‹{} bytes›)", self.tenant, self.kind, self.id.len())
    }
}

/// Which rows to walk through, in key order.
///
/// ```
/// use hearken::model::Tenant;
/// use hearken::store::{Changes, Key, Kind, MemoryStore, Record, Scan, Store};
///
/// let acme = Tenant::from("acme");
/// let (mut store, mut changes) = (MemoryStore::default(), Changes::default());
/// for id in ["red/1", "red/2", "red/3", "blue/1"] {
///     changes.put(Key::new(&acme, Kind::Queue, id), Record::new(1, &()));
/// }
/// store.commit(&changes).unwrap();
///
/// let page = store.scan(&Scan::new(&acme, Kind::Queue, "red/", 2)).unwrap();
/// let last = page.last().unwrap().0.id();
/// let rest = store.scan(&Scan::new(&acme, Kind::Queue, "red/", 2).after(last)).unwrap();
/// assert_eq!((page.len(), rest[0].0.id()), (2, "red/3"));
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Scan {
    /// Whose rows.
    pub tenant: Tenant,
    /// What sort of record.
    pub kind: Kind,
    /// What an id starts with.
    pub prefix: Arc<str>,
    /// Only ids greater than this: the last one of the page before.
    pub after: Option<Arc<str>>,
    /// Only ids smaller than this.
    pub before: Option<Arc<str>>,
    /// At most so many rows.
    pub limit: usize,
}

impl Scan {
    /// The first `limit` rows of a kind whose id starts with `prefix`.
    pub fn new(tenant: &Tenant, kind: Kind, prefix: impl Into<Arc<str>>, limit: usize) -> Self {
        Self { tenant: tenant.clone(), kind, prefix: prefix.into(), after: None, before: None, limit }
    }

    /// True for a key that this walk comes by, its limit left out.
    ///
    /// ```
    /// use hearken::model::Tenant;
    /// use hearken::store::{Key, Kind, Scan};
    ///
    /// let acme = Tenant::from("acme");
    /// let walk = Scan::new(&acme, Kind::Timer, "p/", 10).after("p/b");
    /// assert!(walk.meets(&Key::new(&acme, Kind::Timer, "p/c")));
    /// assert!(!walk.meets(&Key::new(&acme, Kind::Timer, "p/b")));
    /// assert!(!walk.meets(&Key::new(&Tenant::from("other"), Kind::Timer, "p/c")));
    /// ```
    pub fn meets(&self, key: &Key) -> bool {
        key.tenant == self.tenant
            && key.kind == self.kind
            && key.id.starts_with(&*self.prefix)
            && self.after.as_ref().is_none_or(|after| key.id > *after)
            && self.before.as_ref().is_none_or(|before| key.id < *before)
    }

    /// The same walk, from behind `id` on.
    #[must_use]
    pub fn after(mut self, id: impl Into<Arc<str>>) -> Self {
        self.after = Some(id.into());
        self
    }

    /// The same walk, ending in front of `id`.
    #[must_use]
    pub fn before(mut self, id: impl Into<Arc<str>>) -> Self {
        self.before = Some(id.into());
        self
    }
}

impl fmt::Debug for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Scan({}/{}, at most {})", self.tenant, self.kind, self.limit)
    }
}
