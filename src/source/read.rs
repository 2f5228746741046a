//! Reading JSON values: what every adapter needs, once.
//!
//! A reader returns `Err(Fail)` from as deep as it likes; the place grows on the way up, so the happy path
//! pays nothing for it.

use super::{Batch, PlatformEvent, Reason, Rejected, Request, time};
use crate::limits::Limits;
use crate::model::profile::plain_handle;
use crate::model::{
    AccountKey, Direction, EngagementMetrics, Interaction, InteractionKind, ItemKey, MetricBasis, Personal,
    Platform, Profile, Provenance, Timestamp,
};
use serde_json::Value;
use siphasher::sip128::SipHasher;
use std::borrow::Cow;
use std::fmt::Display;

/// Why a piece gave no event, with its place relative to the piece being read.
#[derive(Debug)]
pub(super) struct Fail {
    place: String,
    reason: Reason,
    detail: String,
}

impl Fail {
    pub(super) fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { place: String::new(), reason, detail: detail.into() }
    }

    /// A required `field` is absent or of the wrong type.
    pub(super) fn field(field: &str, expected: &str, found: &Value) -> Self {
        let detail = format!("expected {expected}, found {}", sort(found));
        Self { place: format!("/{field}"), reason: Reason::Field, detail }
    }

    /// A field is there and cannot be read; its item stands without it.
    pub(super) fn stray(expected: &str, found: &Value) -> Self {
        Self::new(Reason::Field, format!("expected {expected}, found {}; read as absent", sort(found)))
    }

    /// A required identifier is absent or of the wrong type.
    pub(super) fn no_id(field: &str, found: &Value) -> Self {
        Self::field(field, "an identifier (a string or an integer)", found)
    }

    /// A kind that this version does not know.
    pub(super) fn unknown(what: &str, name: &str) -> Self {
        Self::new(Reason::UnknownKind, format!("unknown {what} `{}`", excerpt(name)))
    }

    /// Well-formed, and nothing that anybody said or did.
    pub(super) fn not_an_interaction(what: impl Into<String>) -> Self {
        Self::new(Reason::NotAnInteraction, what)
    }

    /// The platform answered with an error of its own.
    pub(super) fn error(words: Option<&str>) -> Self {
        Self::not_an_interaction(format!("an error of the platform: {}", words.unwrap_or("no words")))
    }

    /// An object that looks like nothing this platform says: told by its first keys.
    pub(super) fn shapeless(value: &Value) -> Self {
        match value.as_object() {
            Some(object) if object.is_empty() => Self::not_an_interaction("an empty object"),
            Some(object) => {
                let keys: Vec<&str> = object.keys().take(5).map(|key| excerpt(key)).collect();
                Self::not_an_interaction(format!("an object of other use, with {}", keys.join(", ")))
            }
            None => Self::new(Reason::Shape, "expected an object"),
        }
    }

    /// The same failure seen from an enclosing place.
    pub(super) fn within(mut self, outer: &str) -> Self {
        self.place.insert_str(0, outer);
        self
    }
}

/// What sort of value this is, in words.
fn sort(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// What one reading of a piece gives.
pub(super) type Outcome = Result<PlatformEvent, Fail>;

/// A new item, or a later revision of one where the platform says when it was edited.
pub(super) fn told(item: Interaction) -> PlatformEvent {
    if item.edited_at.is_some() {
        PlatformEvent::Edited(Box::new(item))
    } else {
        PlatformEvent::Created(Box::new(item))
    }
}

/// An account described.
pub(super) fn described(profile: Profile) -> PlatformEvent {
    PlatformEvent::Profile(Box::new(profile))
}

/// An item gone.
pub(super) fn deleted(platform: Platform, id: impl Into<Box<str>>, at: Option<Timestamp>) -> PlatformEvent {
    PlatformEvent::Deleted { item: ItemKey::new(platform, id), at }
}

/// What sort of act an item is by what it points to: a share, a reply, a quote, or a post.
pub(super) fn kind_by_links(item: &Interaction) -> InteractionKind {
    match () {
        () if item.share_of.is_some() => InteractionKind::Share,
        () if item.in_reply_to.is_some() => InteractionKind::Reply,
        () if item.quotes.is_some() => InteractionKind::Quote,
        () => InteractionKind::Post,
    }
}

/// Counts that anybody sees; none where the payload gave none.
pub(super) fn public(counts: EngagementMetrics) -> Option<EngagementMetrics> {
    let given = counts != EngagementMetrics::default();
    given.then_some(EngagementMetrics { basis: Some(MetricBasis::Public), ..counts })
}

/// The id of a reaction on a platform that gives reactions none: one per account, item and sort.
///
/// The reaction's name is left out, since an account has one reaction to an item and may change it.
pub(super) fn reaction_id(target: &str, account: &str) -> Box<str> {
    format!("{target}#reaction#{account}").into()
}

/// An account by its id, or by its handle alone, which then stands as the id with `@` before it.
pub(super) fn account(platform: Platform, id: Option<Box<str>>, handle: Option<&str>) -> Option<Profile> {
    let handle = handle.map(|h| h.trim_start_matches('@')).filter(|h| !h.is_empty());
    let id = id.or_else(|| handle.map(|h| format!("@{h}").into()))?;
    let mut profile = Profile::new(platform, id);
    profile.handle = handle.map(Personal::from);
    Some(profile)
}

/// The value as an identifier: a string as it stands, an integer in full.
pub(super) fn id_of(value: &Value) -> Option<Box<str>> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.as_str().into()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string().into()),
        _ => None,
    }
}

/// Reading by path. A path is keys joined by `/`; what is absent or of another type is `None`, empty or null.
pub(super) trait Read {
    /// The value at the path, null where there is none.
    fn at(&self, path: &str) -> &Value;

    /// A string that is not empty.
    fn text(&self, path: &str) -> Option<&str> {
        self.at(path).as_str().filter(|text| !text.is_empty())
    }

    /// The words at the first of the paths that has any, empty where none has. What stands there and is no
    /// text refuses the item: nobody could tell it from one without words.
    fn said(&self, paths: &[&str]) -> Result<&str, Fail> {
        for path in paths {
            match self.at(path) {
                Value::String(text) if text.is_empty() => {}
                Value::String(text) => return Ok(text),
                // Where nothing stands, what should hold it may be of the wrong type itself.
                Value::Null => {
                    if let Some((outer, holder)) =
                        path.rsplit_once('/').map(|(outer, _)| (outer, self.at(outer)))
                        && !(holder.is_null() || holder.is_object())
                    {
                        return Err(Fail::field(outer, "an object", holder));
                    }
                }
                other => return Err(Fail::field(path, "a string", other)),
            }
        }
        Ok("")
    }

    /// An identifier as text: a string as it stands, an integer in full.
    fn id(&self, path: &str) -> Option<Box<str>> {
        id_of(self.at(path))
    }

    /// The identifier that must be there.
    fn need_id(&self, path: &str) -> Result<Box<str>, Fail> {
        self.id(path).ok_or_else(|| Fail::no_id(path, self.at(path)))
    }

    /// The identifier that must be at one of two places; a failure names the second.
    fn need_either(&self, first: &str, second: &str) -> Result<Box<str>, Fail> {
        self.id(first).map_or_else(|| self.need_id(second), Ok)
    }

    /// An instant, in any of the formats of [`time`].
    fn time(&self, path: &str) -> Option<Timestamp> {
        time::read(self.at(path))
    }

    /// A count: an integer that is not negative, or its digits as a string.
    fn count(&self, path: &str) -> Option<u64> {
        match self.at(path) {
            Value::String(digits) => digits.parse().ok(),
            value => value.as_u64(),
        }
    }

    /// A boolean.
    fn flag(&self, path: &str) -> Option<bool> {
        self.at(path).as_bool()
    }

    /// The elements of a list, none where there is no list.
    fn list(&self, path: &str) -> &[Value] {
        self.at(path).as_array().map_or(&[], Vec::as_slice)
    }

    /// A string that is not empty, for a personal field.
    fn personal(&self, path: &str) -> Option<Personal> {
        self.text(path).map(Personal::from)
    }

    /// True when something other than null stands there.
    fn has(&self, path: &str) -> bool {
        !self.at(path).is_null()
    }
}

impl Read for Value {
    fn at(&self, path: &str) -> &Value {
        const NOTHING: &Value = &Value::Null;
        path.split('/').try_fold(self, |value, key| value.get(key)).unwrap_or(NOTHING)
    }
}

/// Hands each element of the list at `path`, with its place, to `read`.
pub(super) fn each(value: &Value, path: &str, at: &dyn Display, mut read: impl FnMut(&Value, &dyn Display)) {
    for (i, element) in value.list(path).iter().enumerate() {
        read(element, &format_args!("{at}/{path}/{i}"));
    }
}

/// Collects what a payload gives, within the bounds.
#[derive(Debug)]
pub(super) struct Out<'l> {
    batch: Batch,
    limits: &'l Limits,
    over: usize,
}

impl Out<'_> {
    fn has_room(&mut self) -> bool {
        let taken = self.batch.events.len() + self.batch.rejected.len() + self.batch.follow_up.len();
        let room = taken < self.limits.payload_items;
        self.over += usize::from(!room);
        room
    }

    /// Takes the outcome of reading the piece at `place`.
    pub(super) fn put(&mut self, place: &dyn Display, outcome: Outcome) {
        match outcome {
            Ok(mut event) => {
                if !self.has_room() {
                    return;
                }
                let mut cut = 0;
                if let PlatformEvent::Created(item) | PlatformEvent::Edited(item) = &mut event {
                    cut = cut_text(item, self.limits.text_bytes);
                }
                self.batch.events.push(event);
                if cut > 0 {
                    self.reject(place, Fail::new(Reason::Limit, format!("{cut} bytes of text were cut off")));
                }
            }
            Err(fail) => self.reject(place, fail),
        }
    }

    /// Counts the piece at `place` as one that gave no event.
    pub(super) fn reject(&mut self, place: &dyn Display, fail: Fail) {
        if self.has_room() {
            let place = format!("{place}{}", fail.place);
            self.batch.rejected.push(Rejected { place, reason: fail.reason, detail: fail.detail });
        }
    }

    /// How many events and how many other answers there are so far.
    pub(super) fn told(&self) -> (usize, usize) {
        (self.batch.events.len(), self.batch.rejected.len() + self.batch.follow_up.len())
    }

    /// True when something was read since `before`, or nothing was said at all: then a field may be missing
    /// without a word. A document that was refused as a whole has its reason.
    pub(super) fn leaves_something_out(&self, before: (usize, usize)) -> bool {
        let now = self.told();
        now.0 > before.0 || now == before
    }

    /// Where pieces gave no event.
    pub(super) fn rejected_places(&self) -> impl Iterator<Item = &str> {
        self.batch.rejected.iter().map(|piece| &*piece.place)
    }

    /// Tells a list that is something else.
    pub(super) fn need_list(&mut self, value: &Value, path: &str, at: &dyn Display) {
        if value.has(path) && !value.at(path).is_array() {
            self.reject(at, Fail::field(path, "a list", value.at(path)));
        }
    }

    /// Asks the host to fetch what the payload only names.
    pub(super) fn follow_up(&mut self, platform: Platform, id: impl Into<Box<str>>, path: String) {
        if self.has_room() {
            self.batch.follow_up.push(Request { item: ItemKey::new(platform, id), path });
        }
    }

    /// Tells the cursor of the next page.
    pub(super) fn next_page(&mut self, cursor: Option<&str>) {
        if let Some(cursor) = cursor {
            self.batch.next = Some(cursor.to_owned());
        }
    }

    fn finish(mut self) -> Batch {
        if self.over > 0 {
            let detail = format!(
                "{} pieces over the bound of {} in one payload",
                self.over, self.limits.payload_items
            );
            self.batch.rejected.push(Rejected { place: String::new(), reason: Reason::Limit, detail });
        }
        self.batch
    }
}

/// Cuts a text that is over the bound, at a character; answers how many bytes went.
fn cut_text(item: &mut Interaction, bound: usize) -> usize {
    let text = item.content.text.reveal();
    if text.len() <= bound {
        return 0;
    }
    let mut end = bound;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let (kept, gone) = text.split_at_checked(end).unwrap_or((text, ""));
    let (kept, gone) = (Personal::from(kept), gone.len());
    item.content.text = kept;
    item.facets.retain(|facet| facet.span.range().end <= end);
    gone
}

/// Reads a payload: one JSON document, a list of documents, or one a line (a stream). Blank lines are
/// keep-alives.
///
/// In a payload of several lines a place begins with the number of its line, from 0.
pub(super) fn payload(
    source: &str,
    payload: &[u8],
    limits: &Limits,
    one: impl Fn(&Value, &dyn Display, &mut Out),
) -> Batch {
    let read = |document: &Value, at: &dyn Display, out: &mut Out| match document.as_array() {
        Some(list) => {
            list.iter().enumerate().for_each(|(i, value)| one(value, &format_args!("{at}/{i}"), out))
        }
        None => one(document, at, out),
    };
    let mut out = Out { batch: Batch::default(), limits, over: 0 };
    if payload.len() > limits.payload_bytes {
        let detail = format!("{} bytes, the bound is {}", payload.len(), limits.payload_bytes);
        out.reject(&"", Fail::new(Reason::Limit, detail));
        return out.finish();
    }
    let text = String::from_utf8_lossy(payload);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return out.finish();
    }
    out.batch.provenance = Some(Provenance {
        source: source.into(),
        adapter_version: env!("CARGO_PKG_VERSION").into(),
        raw_hash: Some(format!("{:032x}", SipHasher::new().hash(payload).as_u128()).into()),
        observed_at: None,
    });
    match document(text) {
        Ok(document) => read(&document, &"", &mut out),
        Err(whole) if text.lines().any(is_object) => {
            drop(whole);
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let place = format_args!("/{number}");
                match document(line) {
                    Ok(document) => read(&document, &place, &mut out),
                    Err(error) => out.reject(&place, Fail::new(Reason::NotJson, error.to_string())),
                }
            }
        }
        Err(error) => out.reject(&"", Fail::new(Reason::NotJson, error.to_string())),
    }
    out.finish()
}

/// True for a line that is a JSON object by itself and starts at the margin: so looks a stream, and not the
/// inside of one long document.
fn is_object(line: &str) -> bool {
    line.starts_with('{')
        && line.trim_end().ends_with('}')
        && serde_json::from_str::<serde::de::IgnoredAny>(line).is_ok()
}

/// Parses one document. A lone surrogate escape, which some platforms send when they cut a text inside an
/// emoji, is read as U+FFFD instead of failing the payload.
pub(super) fn document(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str(text).or_else(|error| match mend_surrogates(text) {
        Cow::Owned(mended) => serde_json::from_str(&mended).map_err(|_| error),
        Cow::Borrowed(_) => Err(error),
    })
}

/// Replaces every `\uD800`…`\uDFFF` escape that has no partner by `\uFFFD`; borrowed when there is none.
fn mend_surrogates(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut rest = text;
    let mut copied_to = text;
    while let Some((_, after)) = rest.split_once('\\') {
        let unit = unit_escape(after);
        let (high, low) = (
            unit.is_some_and(|u| (0xD800..0xDC00).contains(&u)),
            unit.is_some_and(|u| (0xDC00..0xE000).contains(&u)),
        );
        let pair = high
            && after
                .get(5..)
                .and_then(|next| next.strip_prefix('\\'))
                .and_then(unit_escape)
                .is_some_and(|u| (0xDC00..0xE000).contains(&u));
        if pair {
            rest = after.get(11..).unwrap_or("");
        } else if high || low {
            let before = copied_to.len() - after.len();
            mended.push_str(copied_to.get(..before).unwrap_or(""));
            mended.push_str("ufffd");
            rest = after.get(5..).unwrap_or("");
            copied_to = rest;
        } else {
            // An escaped backslash is passed whole, so that its second half starts no escape.
            rest = after.strip_prefix('\\').unwrap_or(after);
        }
    }
    if mended.is_empty() {
        return Cow::Borrowed(text);
    }
    mended.push_str(copied_to);
    Cow::Owned(mended)
}

/// The code unit of an escape `uXXXX` at the start of the text.
fn unit_escape(text: &str) -> Option<u16> {
    text.strip_prefix('u').and_then(|hex| hex.get(..4)).and_then(|hex| u16::from_str_radix(hex, 16).ok())
}

/// The first characters of a foreign name, for a message.
fn excerpt(name: &str) -> &str {
    name.char_indices().nth(60).and_then(|(end, _)| name.get(..end)).unwrap_or(name)
}

/// The brand's own accounts: ids or handles, the latter in any case and with or without `@`.
#[derive(Debug, Clone, Default)]
pub(super) struct Own(std::collections::BTreeSet<Box<str>>);

impl Own {
    pub(super) fn new<S: AsRef<str>>(accounts: impl IntoIterator<Item = S>) -> Self {
        Self(accounts.into_iter().map(|name| plain_handle(name.as_ref()).into()).collect())
    }

    /// These and one more.
    pub(super) fn and(&self, account: Option<Box<str>>) -> Self {
        let mut all = self.clone();
        all.0.extend(account.map(|account| plain_handle(&account).into()));
        all
    }

    fn has(&self, name: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&*plain_handle(name))
    }

    fn has_profile(&self, profile: &Profile) -> bool {
        self.has(&profile.key.id) || profile.handle.as_ref().is_some_and(|handle| self.has(handle.reveal()))
    }

    /// Settles who speaks to whom: the brand's own words are outbound; a post that names the brand is a
    /// mention of it. `handles` are the names of the recipients, in their order, where they are known.
    pub(super) fn settle(&self, item: &mut Interaction, handles: &[&str]) {
        let author = item.author.as_ref();
        if let Some(author) = author.filter(|author| self.has_profile(author)) {
            item.direction = Direction::Outbound;
            item.brand_account = Some(author.key.clone());
            return;
        }
        let names = handles.iter().map(|handle| Some(*handle)).chain(std::iter::repeat(None));
        let named: Option<AccountKey> = item
            .recipients
            .iter()
            .zip(names)
            .find(|(key, handle)| self.has(&key.id) || handle.is_some_and(|handle| self.has(handle)))
            .map(|(key, _)| key.clone());
        if named.is_some() {
            item.brand_account = item.brand_account.take().or(named);
            if item.kind == InteractionKind::Post {
                item.kind = InteractionKind::Mention;
            }
        }
    }
}
