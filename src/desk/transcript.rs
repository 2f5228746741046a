use crate::model::{AgentId, ItemKey, Points, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Who said something.
///
/// ```
/// use hearken::desk::Voice;
///
/// let said = [Voice::Customer, Voice::Bot("helper".into()), Voice::Agent("ann".into())];
/// let line: Vec<_> = said.iter().map(|voice| if voice.is_brand() { "us" } else { "them" }).collect();
/// assert_eq!(line, ["them", "us", "us"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Voice {
    /// The customer.
    Customer,
    /// A person of the brand.
    Agent(AgentId),
    /// A program of the brand.
    Bot(AgentId),
}

impl Voice {
    /// True for whoever speaks for the brand, person or program.
    pub const fn is_brand(&self) -> bool {
        !matches!(self, Self::Customer)
    }
}

/// One thing that was said, with what the analysers found in it. The words stay in the host's records, under `item`.
///
/// ```
/// use hearken::desk::{Transcript, Utterance, Voice};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let mut talk = Transcript::default();
/// let word = Utterance::new(Timestamp::from_secs(0), ItemKey::new(Platform::X, "1"), Voice::Customer);
/// talk.add(word.clone());
/// assert_eq!(talk.said()[0].mood, None, "nobody has looked yet, which is not neutral");
/// // Once it has been read it is told again, and still counts once.
/// talk.add(Utterance { mood: Some(Points::thousandths(-600)), question: true, ..word });
/// assert_eq!((talk.said().len(), talk.said()[0].question), (1, true));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Utterance {
    /// When.
    pub at: Timestamp,
    /// Which item it is.
    pub item: ItemKey,
    /// Who spoke.
    pub voice: Voice,
    /// How it sounds, −1 to 1; absent: unknown, which is not neutral.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mood: Option<Points>,
    /// It asks something.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub question: bool,
    /// It asks for a person instead of a program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asks_person: bool,
    /// How sure the program is of what was meant, 0 to 1; absent: no program looked at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Points>,
}

impl Utterance {
    /// Something that was said, with nothing found in it yet.
    pub fn new(at: Timestamp, item: ItemKey, voice: Voice) -> Self {
        Self { at, item, voice, mood: None, question: false, asks_person: false, confidence: None }
    }
}

/// Everything that was said in one conversation, in order of time, and when the matter was resolved.
///
/// It is a set: an item counts once, however often it is told, and two halves merge in any order to the same whole.
/// Of two tellings of one item the one that sorts last stays. What is measured of conversations
/// ([`reply_outcomes`](super::reply_outcomes), [`risk`](super::risk()), [`Responsiveness`](super::Responsiveness),
/// [`hand_over`](super::hand_over())) is a function of it.
///
/// ```
/// use hearken::desk::{Transcript, Utterance, Voice};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut talk = Transcript::default();
/// talk.add(Utterance::new(at(60), item("2"), Voice::Agent("ann".into())));
/// assert!(talk.add(Utterance::new(at(0), item("1"), Voice::Customer)));
/// assert!(!talk.add(Utterance::new(at(0), item("1"), Voice::Customer)), "told twice");
/// assert_eq!(talk.waiting_since(), None);
/// talk.add(Utterance::new(at(90), item("3"), Voice::Customer));
/// talk.add(Utterance::new(at(95), item("4"), Voice::Customer));
/// assert_eq!(talk.waiting_since(), Some(at(90)));
/// talk.resolve(at(95)); // the last word was a thank-you
/// assert_eq!(talk.waiting_since(), None);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcript {
    said: Vec<Utterance>,
    /// When the matter was resolved, each time.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    resolved: BTreeSet<Timestamp>,
}

impl Transcript {
    /// Takes something in; false when that changes nothing. O(n).
    pub fn add(&mut self, utterance: Utterance) -> bool {
        if let Some(place) = self.said.iter().position(|known| known.item == utterance.item) {
            if self.said.get(place).is_some_and(|known| *known >= utterance) {
                return false;
            }
            self.said.remove(place);
        }
        let place = self.said.partition_point(|known| *known < utterance);
        self.said.insert(place, utterance);
        true
    }

    /// The matter was resolved: what was said by then needs no answer.
    pub fn resolve(&mut self, at: Timestamp) {
        self.resolved.insert(at);
    }

    /// Takes in everything that another knows of the same conversation.
    pub fn merge(&mut self, other: Self) {
        for utterance in other.said {
            self.add(utterance);
        }
        self.resolved.extend(other.resolved);
    }

    /// What was said, in order of time; at the same time by platform and id.
    pub fn said(&self) -> &[Utterance] {
        &self.said
    }

    /// The conversation as it was known at `now`.
    pub fn until(&self, now: Timestamp) -> &[Utterance] {
        self.said
            .split_at_checked(self.said.partition_point(|said| said.at <= now))
            .map_or(&[], |(past, _)| past)
    }

    /// When the matter was resolved, each time, by `now`.
    pub(super) fn resolved_until(&self, now: Timestamp) -> impl DoubleEndedIterator<Item = Timestamp> + '_ {
        self.resolved.range(..=now).copied()
    }

    /// What the customer has said by `now`, after the brand's last word and after the matter was last resolved.
    pub fn unanswered(&self, now: Timestamp) -> &[Utterance] {
        let open = self.until(now).rsplit(|said| said.voice.is_brand()).next().unwrap_or_default();
        let done = self.resolved_until(now).next_back();
        let settled = open.partition_point(|said| done.is_some_and(|done| said.at <= done));
        open.split_at_checked(settled).map_or(&[], |(_, open)| open)
    }

    /// Since when the customer waits for a word: their first since the brand last spoke or the matter was resolved.
    pub fn waiting_since(&self) -> Option<Timestamp> {
        self.unanswered(Timestamp::from_millis(i64::MAX)).first().map(|said| said.at)
    }
}
