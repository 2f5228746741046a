//! The waist of the house: what the analysers found about one interaction, and the only thing rules read.
//!
//! ```text
//! text ──► sentiment ─┐
//!      ──► signal ────┼──► Facts ──► monitors ──► lead criteria ──► routing rules
//!      ──► identity ──┘     └ a reference to the Text, whose words queries ask about
//! ```
//!
//! A fact has a name from one table ([`Field::ALL`], or `attr.name` for the host's own), and the table says
//! what type its values have. A query is checked against the same table when it is read, so a question that
//! no fact can answer is refused when rules are built, not when they run.
//!
//! **Absent is not zero.** A fact that nobody found is absent: every question about it is answered with no.
//!
//! Words are folded like the words of a text (case and width; accents stay), and keep the hash of the folded
//! form, so that an index compares hashes first.
//!
//! ```
//! use hearken::facts::{Facts, Field};
//! use hearken::text::Text;
//!
//! let text = Text::new("My #refund is late again");
//! let facts = Facts::new(&text)
//!     .with("platform", "X")
//!     .with("topic", ["complaint", "billing"])
//!     .with("sentiment", -0.6)
//!     .with("attr.shop", "Basel")
//!     .checked()?;
//! assert!(facts.words(&Field::Topic).eq(["billing", "complaint"]));
//! assert_eq!(facts.number(&Field::Sentiment), Some(-0.6));
//! assert_eq!(facts.number(&Field::Followers), None);
//! assert!(facts.has("hashtags") && facts.has("attr.shop") && !facts.has("city"));
//! # Ok::<(), hearken::error::BuildError>(())
//! ```
//!
//! # The fields
//!
//! | name | type | meaning |
//! |---|---|---|
//! | `platform` | word | the network it came from: `x`, `reddit`, … |
//! | `kind` | word | the kind of interaction: `post`, `comment`, `review`, `direct_message`, … |
//! | `lang` (`language`) | word | BCP 47: `en`, `pt-br` |
//! | `country` `city` | word | ISO 3166-1 alpha-2; a name |
//! | `geo` | point | latitude and longitude in degrees |
//! | `site` | words | the host it was published on; a domain holds for its subdomains |
//! | `url` (`links`) | addresses | its address and the links it shares; links in the text are added |
//! | `has` | words | `media`, `image`, …; from the text itself `links hashtags mentions cashtags emoji`; or any field's name |
//! | `is` | words | `reply`, `repost`, `quote`, `edited`, `private`, `inbound`, `sensitive` |
//! | `from` (`author`), `to` | words | handles or stable ids, without `@` |
//! | `author.followers` (`followers`) | number | how many follow the author |
//! | `author.verified` (`verified`) | flag | `true` or `false` |
//! | `customer.tier` `customer.stage` | word | in the host's terms |
//! | `sentiment` | number | −1 to 1 |
//! | `emotion` `intent` `topic` | words | what `sentiment` and `signal` found |
//! | `urgency` | rank | `low` `medium` `high` `critical` |
//! | `weekday` `time` `date` | rank, time, date | `mon`–`sun`, `HH:MM`, `YYYY-MM-DD`, in the brand's zone |
//! | `length` | number | characters of the text |
//! | `attr.NAME` | any | the host's own words, flags or numbers; `attr.rating` is a review's score |
//! | `monitor` | words | rules only: the monitors that hit |
//! | `lead.score` `lead.grade` | number, word | rules only |

pub(crate) mod decimal;
mod field;
mod value;

pub(crate) use field::nearest;
pub use field::{Field, FieldType, Scope};
pub use value::Value;
pub(crate) use value::{fold, read_number, write_number};

use crate::error::{BuildError, Fault, FaultKind};
use crate::model::{Direction, Interaction, InteractionKind, Profile};
use crate::text::{self, Mark, Text, TokenKind};
use field::SLOTS;
use serde_json::{Map, Value as Json};
use std::borrow::Cow;

/// The findings about one interaction, beside its text.
///
/// Made by chaining [`with`](Facts::with), or from a flat JSON object by [`from_json`](Facts::from_json). What
/// does not fit the table is left out and kept as a fault; [`checked`](Facts::checked) turns faults into an
/// error. A new value of a field replaces the old one.
#[derive(Debug, Clone)]
pub struct Facts<'t> {
    text: &'t Text,
    numbers: [Option<f64>; SLOTS],
    point: Option<(f64, f64)>,
    words: Vec<Finding>,
    attributes: Vec<(Field, f64)>,
    faults: Vec<Fault>,
}

/// One folded value of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) field: Field,
    pub(crate) value: Box<str>,
    pub(crate) key: u64,
    /// What decides, for a short value, without a look at where the value is kept.
    pub(crate) head: Head,
}

impl Finding {
    fn new(field: &Field, value: &str) -> Self {
        Self { field: field.clone(), value: value.into(), key: key(field, value), head: Head::of(value) }
    }
}

/// The first fifteen bytes of a word and its length: two short words are the same when their heads are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head([u64; 2]);

impl Head {
    /// The length that stands for every longer one.
    const LONG: u8 = 16;

    pub(crate) fn of(word: &str) -> Self {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(word.bytes().take(15)).for_each(|(to, from)| *to = from);
        let [.., length] = &mut bytes;
        *length = u8::try_from(word.len()).map_or(Self::LONG, |length| length.min(Self::LONG));
        let number = u128::from_le_bytes(bytes);
        Self([number as u64, (number >> 64) as u64])
    }

    /// True when the whole word is in it.
    #[inline]
    pub(crate) fn is_whole(self) -> bool {
        self.0[1] >> 56 < u64::from(Self::LONG)
    }
}

/// Words that are mostly found about a post.
const FOUND: usize = 16;

/// Bytes that the facts of a post mostly take when they are [told](Facts::told).
const TOLD: usize = 256;

/// The hash of a folded value as a value of that field: equal pairs have equal keys.
pub(crate) fn key(field: &Field, value: &str) -> u64 {
    let name = match field {
        Field::Attr(name) => text::hash(name),
        other => other.place(),
    };
    (text::hash(value) ^ name.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xD6E8_FEB8_6659_FD93)
}

/// Names a field: a [`Field`], or its name in a query.
///
/// ```
/// use hearken::facts::{Facts, Field};
/// use hearken::text::Text;
///
/// // The table's own name, any of its aliases, or a name of the host's.
/// let text = Text::new("");
/// let facts = Facts::new(&text).with(Field::Followers, 120.0).with("author", "ann").with("attr.shop", "Basel");
/// assert_eq!(facts.number(&Field::Followers), Some(120.0));
/// assert!(facts.words(&Field::From).eq(["ann"]));
/// // A name that is not in the table is a fault that `checked` tells.
/// assert!(facts.with("folowers", 7.0).checked().is_err());
/// ```
pub trait Named {
    /// The field, or the name that no field has.
    fn field(self) -> Result<Field, String>;
}

impl Named for Field {
    fn field(self) -> Result<Field, String> {
        Ok(self)
    }
}

impl Named for &str {
    fn field(self) -> Result<Field, String> {
        Field::find(self).ok_or_else(|| self.to_owned())
    }
}

impl<'t> Facts<'t> {
    /// Nothing found yet about `text`. Allocates nothing.
    pub fn new(text: &'t Text) -> Self {
        Self {
            text,
            numbers: [None; SLOTS],
            point: None,
            words: Vec::new(),
            attributes: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Adds a finding: [`set`](Facts::set), to be chained.
    #[must_use]
    pub fn with(mut self, field: impl Named, value: impl Into<Value>) -> Self {
        self.set(field, value);
        self
    }

    /// Sets a finding. One that does not fit the table is left out and kept as a fault. Ranks, times and days may
    /// also be given as the numbers that [`number`](Facts::number) answers.
    pub fn set(&mut self, field: impl Named, value: impl Into<Value>) {
        let taken = match field.field() {
            Ok(field) => self.put(field, value.into()),
            Err(name) => Err(unknown(&name)),
        };
        if let Err(fault) = taken {
            self.faults.push(fault);
        }
    }

    /// The facts, if everything set was taken.
    ///
    /// # Errors
    /// Every finding that was left out: an unknown name, or a value that its field cannot hold.
    pub fn checked(mut self) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        for fault in self.faults.drain(..) {
            error.push(fault);
        }
        error.or(self)
    }

    /// Reads a flat object by query names: words as strings, sets as arrays of strings, numbers as numbers,
    /// times as `"HH:MM"`, days as `"YYYY-MM-DD"`, a point as `[latitude, longitude]`. `null` is absent. The
    /// keys `id` and `text` are the caller's and are passed over.
    ///
    /// ```
    /// use hearken::facts::{Facts, Field};
    /// use hearken::text::Text;
    ///
    /// let line = r#"{"id": "i0", "platform": "x", "topic": ["price"], "time": "00:48", "sentiment": null}"#;
    /// let object = serde_json::from_str(line).unwrap();
    /// let text = Text::new("");
    /// let facts = Facts::from_json(&text, &object)?;
    /// assert_eq!(facts.number(&Field::Time), Some(48.0));
    /// assert_eq!(facts.number(&Field::Sentiment), None);
    ///
    /// let object = serde_json::from_str(r#"{"platfrom": "x"}"#).unwrap();
    /// let error = Facts::from_json(&text, &object).unwrap_err();
    /// assert_eq!(error.to_string(), "platfrom: no fact has this name (did you mean `platform`?)");
    /// # Ok::<(), hearken::error::BuildError>(())
    /// ```
    ///
    /// # Errors
    /// Every entry that the table of fields does not allow.
    pub fn from_json(text: &'t Text, object: &Map<String, Json>) -> Result<Self, BuildError> {
        let mut facts = Self::new(text);
        for (name, value) in object {
            if matches!(name.as_str(), "id" | "text") || value.is_null() {
                continue;
            }
            match read_json(value) {
                Some(value) => facts.set(name.as_str(), value),
                None => facts.faults.push(Fault::new(
                    FaultKind::Value,
                    name.as_str(),
                    "takes a string, a number, true, false or an array of strings",
                )),
            }
        }
        facts.checked()
    }

    /// What an interaction says of itself, before any analyser: where it came from, who wrote it to whom, what
    /// comes with it. Language and place are taken only where they are stated.
    ///
    /// ```
    /// use hearken::facts::{Facts, Field};
    /// use hearken::model::{Interaction, InteractionKind, Platform};
    /// use hearken::text::Text;
    ///
    /// let mut post = Interaction::new(Platform::from("reddit"), "t3_1", InteractionKind::Comment);
    /// post.content.lang = Some("de".into());
    /// let text = Text::new("Guten Tag");
    /// let facts = Facts::of(&text, &post);
    /// assert!(facts.words(&Field::Platform).eq(["reddit"]));
    /// assert!(facts.words(&Field::Lang).eq(["de"]));
    /// ```
    pub fn of(text: &'t Text, interaction: &Interaction) -> Self {
        Self::by(text, interaction, interaction.author.as_ref())
    }

    /// [`of`](Facts::of), where more may be known of the author than the interaction tells.
    pub(crate) fn by(text: &'t Text, interaction: &Interaction, author: Option<&Profile>) -> Self {
        let mut facts = Self::new(text);
        facts.words.reserve(FOUND);
        facts.add(&Field::Platform, interaction.key.platform.as_str());
        facts.add(&Field::Kind, interaction.kind.as_str());
        let address = interaction.url.as_deref();
        let host = address.and_then(|url| url.split("://").nth(1)?.split(['/', '?', '#', ':']).next());
        let geo = interaction.geo.as_ref().or(author.and_then(|author| author.geo.as_ref()));
        let words = [
            (Field::Lang, interaction.content.lang.as_deref()),
            (Field::Url, address),
            (Field::Site, host),
            (Field::Country, geo.and_then(|geo| geo.country.as_deref())),
            (Field::City, geo.and_then(|geo| geo.city.as_deref())),
        ];
        words.iter().for_each(|(field, word)| word.iter().for_each(|word| facts.add(field, word)));
        // The names under which an author is known: the stable id and the handle.
        if let Some(author) = author {
            author.handle.iter().for_each(|handle| facts.add(&Field::From, handle.reveal()));
            facts.add(&Field::From, &author.key.id);
            author.followers.into_iter().for_each(|count| facts.put_number(&Field::Followers, count as f64));
            author.verified.into_iter().for_each(|flag| facts.set(Field::Verified, flag));
        }
        interaction.recipients.iter().for_each(|account| facts.add(&Field::To, &account.id));
        geo.and_then(|geo| geo.point).into_iter().for_each(|point| facts.set(Field::Geo, point));
        for attachment in &interaction.attachments {
            facts.add(&Field::Has, &attachment.kind);
            facts.add(&Field::Has, "media");
        }
        let is = [
            ("reply", interaction.in_reply_to.is_some() || interaction.kind == InteractionKind::Reply),
            ("quote", interaction.quotes.is_some() || interaction.kind == InteractionKind::Quote),
            ("repost", interaction.share_of.is_some() || interaction.kind == InteractionKind::Share),
            ("edited", interaction.edited_at.is_some()),
            ("private", interaction.is_private()),
            ("inbound", interaction.direction == Direction::Inbound),
            ("sensitive", interaction.sensitive == Some(true)),
        ];
        is.into_iter().filter(|(_, is)| *is).for_each(|(name, _)| facts.add(&Field::Is, name));
        let rating = interaction.review.as_ref().and_then(|review| review.score);
        rating.into_iter().for_each(|rating| facts.set(Field::Attr("rating".into()), rating));
        facts
    }

    /// The text that the findings are about.
    pub fn text(&self) -> &'t Text {
        self.text
    }

    /// The folded words of a field, in order; none when it is absent or not made of words.
    pub fn words(&self, field: &Field) -> impl Iterator<Item = &str> {
        self.findings().iter().filter(move |f| f.field == *field).map(|f| &*f.value)
    }

    /// The number of a field: ranks count from 0 (`mon`, `low`), times are minutes since midnight, dates days
    /// since the first day of year 1. `length` is counted in the text when it was not set.
    pub fn number(&self, field: &Field) -> Option<f64> {
        match field {
            Field::Attr(_) => {
                self.attributes.iter().find(|(name, _)| name == field).map(|(_, number)| *number)
            }
            _ => {
                let known = field.slot().and_then(|slot| self.numbers.get(slot).copied().flatten());
                match (known, field) {
                    (None, Field::Length) => Some(self.text.source().chars().count() as f64),
                    _ => known,
                }
            }
        }
    }

    /// The number at a [place](Field::slot), if it was given.
    #[inline]
    pub(crate) fn number_at(&self, place: usize) -> Option<f64> {
        self.numbers.get(place).copied().flatten()
    }

    /// Latitude and longitude, in degrees.
    pub fn point(&self) -> Option<(f64, f64)> {
        self.point
    }

    /// True when the fact is known.
    pub fn known(&self, field: &Field) -> bool {
        match field {
            Field::Geo => self.point.is_some(),
            Field::Url => self.addresses().next().is_some(),
            _ => self.words(field).next().is_some() || self.number(field).is_some(),
        }
    }

    /// What `has:name` asks: whether the fact of that name is known, or `name` is among what the analysers
    /// found, or the text itself has it (`links`, `hashtags`, `mentions`, `cashtags`, `emoji`).
    pub fn has(&self, name: &str) -> bool {
        Field::find(name).is_some_and(|field| field != Field::Has && self.known(&field))
            || self.words(&Field::Has).any(|found| found == name)
            || self.text_has(name)
    }

    /// The folded addresses: those set, then the links of the text.
    pub fn addresses(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let links = self.text.tokens().iter().filter(|token| token.kind() == TokenKind::Link);
        let links = links.map(|token| text::fold(self.text.raw(token)));
        self.words(&Field::Url).map(Cow::Borrowed).chain(links)
    }

    /// The facts of the fields that `shown` lets through, each as a query would ask for it: `platform:x sentiment:-0.4`.
    pub(crate) fn told(&self, shown: impl Fn(&Field) -> bool) -> String {
        let mut told = String::with_capacity(TOLD);
        let begin = |told: &mut String, field: &Field| {
            if !told.is_empty() {
                told.push(' ');
            }
            field.parts().into_iter().for_each(|part| told.push_str(part));
            told.push(':');
        };
        for Finding { field, value, .. } in self.findings().iter().filter(|found| shown(&found.field)) {
            begin(&mut told, field);
            let mark = value.contains(char::is_whitespace).then_some('"');
            told.extend(mark);
            told.push_str(value);
            told.extend(mark);
        }
        let numbers = Field::ALL.iter().filter_map(|field| Some((field, self.number_at(field.slot()?)?)));
        for (field, number) in numbers.filter(|(field, _)| shown(field)) {
            begin(&mut told, field);
            decimal::write(&mut told, number);
        }
        told
    }

    /// Every word found, with its key.
    pub(crate) fn findings(&self) -> &[Finding] {
        &self.words
    }

    fn text_has(&self, name: &str) -> bool {
        let tokens = self.text.tokens();
        match name {
            "links" => tokens.iter().any(|t| t.kind() == TokenKind::Link),
            "emoji" => tokens.iter().any(|t| t.kind() == TokenKind::Emoji),
            "hashtags" => tokens.iter().any(|t| t.mark() == Some(Mark::Hash)),
            "mentions" => tokens.iter().any(|t| t.mark() == Some(Mark::At)),
            "cashtags" => tokens.iter().any(|t| t.mark() == Some(Mark::Cash)),
            _ => false,
        }
    }

    fn put(&mut self, field: Field, value: Value) -> Result<(), Fault> {
        self.forget(&field);
        match (field.field_type(), value) {
            (FieldType::Words | FieldType::Addresses | FieldType::Any, Value::Many(values)) => {
                values.iter().for_each(|value| self.add(&field, value));
            }
            (FieldType::Word, Value::Many(values)) if values.len() <= 1 => {
                values.iter().for_each(|value| self.add(&field, value));
            }
            (
                FieldType::Word | FieldType::Words | FieldType::Addresses | FieldType::Any,
                Value::Text(value),
            ) => self.add(&field, &value),
            (FieldType::Flag | FieldType::Any, Value::Flag(flag)) => {
                self.add(&field, if flag { "true" } else { "false" });
            }
            (FieldType::Any, Value::Number(number)) if number.is_finite() => {
                self.attributes.push((field, number));
            }
            (
                FieldType::Number | FieldType::Rank(_) | FieldType::Time | FieldType::Date,
                Value::Number(number),
            ) if value::is_number_of(&field, number) => self.put_number(&field, number),
            (FieldType::Rank(_) | FieldType::Time | FieldType::Date, Value::Text(value)) => {
                let number = read_number(&field, &value).map_err(|fault| fault.within(&field.to_string()))?;
                self.put_number(&field, number);
            }
            (FieldType::Point, Value::Point(latitude, longitude))
                if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 =>
            {
                self.point = Some((latitude, longitude));
            }
            (_, value) => return Err(unfit(&field, &value)),
        }
        Ok(())
    }

    fn forget(&mut self, field: &Field) {
        let from = self.words.partition_point(|finding| finding.field < *field);
        let mine = self.words.iter().skip(from).take_while(|finding| finding.field == *field).count();
        self.words.drain(from..from + mine);
        self.attributes.retain(|(name, _)| name != field);
        if let Some(number) = field.slot().and_then(|slot| self.numbers.get_mut(slot)) {
            *number = None;
        }
        if *field == Field::Geo {
            self.point = None;
        }
    }

    fn put_number(&mut self, field: &Field, number: f64) {
        if let Some(slot) = field.slot().and_then(|slot| self.numbers.get_mut(slot)) {
            *slot = Some(number);
        }
    }

    /// Adds a word to a field of words: folded, in order, once; a host name adds the domains above it too.
    pub(crate) fn add(&mut self, field: &Field, value: &str) {
        let folded = fold(field, value);
        let mut rest = &*folded;
        while !rest.is_empty() {
            let place = (field, rest);
            if let Err(at) = self.words.binary_search_by(|f| (&f.field, &*f.value).cmp(&place)) {
                self.words.insert(at, Finding::new(field, rest));
            }
            let above = if *field == Field::Site { rest.split_once('.') } else { None };
            rest = above.map_or("", |(_, above)| above);
        }
    }
}

fn read_json(value: &Json) -> Option<Value> {
    match value {
        Json::String(text) => Some(Value::Text(text.clone())),
        Json::Bool(flag) => Some(Value::Flag(*flag)),
        Json::Number(number) => number.as_f64().map(Value::Number),
        Json::Array(items) => {
            let numbers: Option<Vec<f64>> = items.iter().map(Json::as_f64).collect();
            if let Some([latitude, longitude]) = numbers.as_deref() {
                return Some(Value::Point(*latitude, *longitude));
            }
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>().map(Value::Many)
        }
        _ => None,
    }
}

fn unknown(name: &str) -> Fault {
    let fault = Fault::new(FaultKind::Unknown, name, "no fact has this name");
    match Field::suggest(name) {
        Some(near) => fault.mend(format!("did you mean `{near}`?")),
        None => fault.mend(format!("a fact of your own is `attr.{name}`")),
    }
}

fn unfit(field: &Field, value: &Value) -> Fault {
    let wanted = match field.field_type() {
        FieldType::Word => "one word",
        FieldType::Words | FieldType::Addresses => "words",
        FieldType::Flag => "true or false",
        FieldType::Number => "a finite number",
        FieldType::Rank(_) => "one of its names",
        FieldType::Time => "a time HH:MM",
        FieldType::Date => "a day YYYY-MM-DD",
        FieldType::Point => "a latitude of −90 to 90 and a longitude of −180 to 180",
        FieldType::Any => "words, a flag or a finite number",
    };
    let given = match value {
        Value::Text(_) => "a text",
        Value::Many(_) => "a list",
        Value::Number(_) => "a number",
        Value::Flag(_) => "a flag",
        Value::Point(..) => "a point",
    };
    Fault::new(FaultKind::Value, field.to_string(), format!("takes {wanted}, and this is {given}"))
}
