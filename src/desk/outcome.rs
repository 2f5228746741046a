use super::transcript::{Transcript, Voice};
use crate::model::{ItemKey, Points, Timestamp};
use serde::{Deserialize, Serialize};

/// What came first of a reply.
///
/// ```
/// use hearken::desk::{ReplyResponse, Transcript, Utterance, Voice, reply_outcomes};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let (at, day) = (Timestamp::from_secs, 86_400_000);
/// let mut talk = Transcript::default();
/// talk.add(Utterance::new(at(0), ItemKey::new(Platform::X, "1"), Voice::Agent("ann".into())));
/// // An hour later nothing has come yet; after two days nothing will have.
/// assert_eq!(reply_outcomes(&talk, day, at(3_600))[0].response, ReplyResponse::Pending);
/// assert_eq!(reply_outcomes(&talk, day, at(172_800))[0].response, ReplyResponse::Silent);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ReplyResponse {
    /// The customer replied.
    CustomerReplied,
    /// The matter was resolved.
    Resolved,
    /// The brand itself spoke next.
    BrandFollowedUp,
    /// Nothing happened for as long as was waited.
    Silent,
    /// Nothing has happened yet.
    Pending,
}

/// One reply that was sent, and what came of it before the brand's next word and before the window was over.
///
/// ```
/// use hearken::desk::{OutcomeTally, Transcript, Utterance, Voice, reply_outcomes};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut talk = Transcript::default();
/// talk.add(Utterance::new(at(0), item("1"), Voice::Bot("helper".into())));
/// talk.add(Utterance::new(at(60), item("2"), Voice::Agent("ann".into())));
/// talk.add(Utterance::new(at(90), item("3"), Voice::Customer));
/// // What came of Ann's replies alone.
/// let (mut hers, ann) = (OutcomeTally::default(), Voice::Agent("ann".into()));
/// for outcome in reply_outcomes(&talk, 3_600_000, at(100)).iter().filter(|outcome| outcome.by == ann) {
///     hers.add(outcome);
/// }
/// assert_eq!((hers.sent, hers.customer_replied), (1, 1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ReplyOutcome {
    /// The reply.
    pub item: ItemKey,
    /// When it was sent.
    pub at: Timestamp,
    /// Who sent it.
    pub by: Voice,
    /// What came of it.
    pub response: ReplyResponse,
    /// Milliseconds until then; absent while nothing has come.
    pub after: Option<i64>,
    /// How much better the customer sounds than before the reply, −2 to 2; absent when either is unknown.
    pub mood_change: Option<Points>,
    /// The matter was resolved, first or later.
    pub resolved: bool,
}

/// What came of every reply of a conversation by `now`, in order of sending.
///
/// A reply is given what happens until the brand speaks again, for at most `window` milliseconds, both ends included. A
/// response other than [`Pending`](ReplyResponse::Pending) is final: no later `now` changes it. O(n·(n + r)) for r
/// resolutions.
///
/// ```
/// use hearken::desk::{ReplyResponse, Transcript, Utterance, Voice, reply_outcomes};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut talk = Transcript::default();
/// let mood = |mood| Some(Points::thousandths(mood));
/// talk.add(Utterance { mood: mood(-800), ..Utterance::new(at(0), item("1"), Voice::Customer) });
/// talk.add(Utterance::new(at(60), item("2"), Voice::Agent("ann".into())));
/// talk.add(Utterance { mood: mood(500), ..Utterance::new(at(90), item("3"), Voice::Customer) });
/// talk.resolve(at(95));
/// let outcome = &reply_outcomes(&talk, 3_600_000, at(100))[0];
/// assert_eq!((outcome.response, outcome.after), (ReplyResponse::CustomerReplied, Some(30_000)));
/// assert_eq!((outcome.mood_change, outcome.resolved), (mood(1_300), true));
/// ```
pub fn reply_outcomes(transcript: &Transcript, window: i64, now: Timestamp) -> Vec<ReplyOutcome> {
    let mut outcomes = Vec::new();
    let mut before = None;
    let mut rest = transcript.until(now);
    while let Some((reply, after)) = rest.split_first() {
        rest = after;
        if !reply.voice.is_brand() {
            before = reply.mood.or(before);
            continue;
        }
        let last = reply.at + window;
        let answer = after.first().filter(|said| !said.voice.is_brand() && said.at <= last);
        let next = after.iter().find(|said| said.voice.is_brand()).filter(|said| said.at <= last);
        let bound = next.map_or(last, |said| said.at).min(now);
        let solved = transcript.resolved_until(bound).find(|&at| reply.at <= at);
        let happened = [
            (answer.map(|said| said.at), ReplyResponse::CustomerReplied),
            (solved, ReplyResponse::Resolved),
            (next.map(|said| said.at), ReplyResponse::BrandFollowedUp),
            ((last < now).then_some(last), ReplyResponse::Silent),
        ];
        let first = happened.into_iter().filter_map(|(at, response)| Some((at?, response))).min();
        outcomes.push(ReplyOutcome {
            item: reply.item.clone(),
            at: reply.at,
            by: reply.voice.clone(),
            response: first.map_or(ReplyResponse::Pending, |(_, response)| response),
            after: first.map(|(at, _)| at.since(reply.at)),
            mood_change: answer.and_then(|answer| answer.mood).zip(before).map(|(new, old)| new - old),
            resolved: solved.is_some(),
        });
    }
    outcomes
}

/// Sums of outcomes: of an agent, a template, a month. Integers, so that shards add up in any order.
///
/// ```
/// use hearken::desk::OutcomeTally;
///
/// let mut all = OutcomeTally { sent: 3, silent: 3, ..OutcomeTally::default() };
/// all.merge(&OutcomeTally { sent: 1, customer_replied: 1, ..OutcomeTally::default() });
/// assert_eq!((all.sent, all.silent, all.mean_mood_change()), (4, 3, None));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeTally {
    /// Replies: the sum of the next five.
    pub sent: u32,
    /// [`ReplyResponse::CustomerReplied`].
    pub customer_replied: u32,
    /// [`ReplyResponse::Resolved`].
    pub resolved_first: u32,
    /// [`ReplyResponse::BrandFollowedUp`].
    pub brand_followed_up: u32,
    /// [`ReplyResponse::Silent`].
    pub silent: u32,
    /// [`ReplyResponse::Pending`].
    pub pending: u32,
    /// Replies after which the matter was resolved, first or later.
    pub resolved: u32,
    /// Replies of which a change of mood is known.
    pub with_mood: u32,
    /// The sum of those changes.
    pub mood_change: Points,
}

impl OutcomeTally {
    /// Counts an outcome.
    pub fn add(&mut self, outcome: &ReplyOutcome) {
        self.sent += 1;
        *match outcome.response {
            ReplyResponse::CustomerReplied => &mut self.customer_replied,
            ReplyResponse::Resolved => &mut self.resolved_first,
            ReplyResponse::BrandFollowedUp => &mut self.brand_followed_up,
            ReplyResponse::Silent => &mut self.silent,
            ReplyResponse::Pending => &mut self.pending,
        } += 1;
        self.resolved += u32::from(outcome.resolved);
        self.with_mood += u32::from(outcome.mood_change.is_some());
        self.mood_change += outcome.mood_change.unwrap_or_default();
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.sent += other.sent;
        self.customer_replied += other.customer_replied;
        self.resolved_first += other.resolved_first;
        self.brand_followed_up += other.brand_followed_up;
        self.silent += other.silent;
        self.pending += other.pending;
        self.resolved += other.resolved;
        self.with_mood += other.with_mood;
        self.mood_change += other.mood_change;
    }

    /// How much better customers sound after a reply, in the mean of those of which it is known.
    pub fn mean_mood_change(&self) -> Option<Points> {
        let sum = self.mood_change.as_thousandths();
        (self.with_mood > 0).then(|| Points::thousandths(sum / i64::from(self.with_mood)))
    }
}
