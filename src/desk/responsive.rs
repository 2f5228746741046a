use super::transcript::Transcript;
use crate::calendar::Calendar;
use crate::model::{Points, Timestamp};
use serde::{Deserialize, Serialize};

/// How long customers waited for an answer, in business milliseconds.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Responsiveness, Transcript, Utterance, Voice};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut report = Responsiveness::default();
/// for (id, minutes) in [("a", 5), ("b", 10), ("c", 90)] {
///     let mut talk = Transcript::default();
///     talk.add(Utterance::new(at(0), item(id), Voice::Customer));
///     talk.add(Utterance::new(at(minutes * 60), item("reply"), Voice::Agent("ann".into())));
///     report.add(&talk, &Calendar::always(), at(86_400));
/// }
/// let (times, hour) = (&report.others, 3_600_000);
/// assert_eq!((times.percentile(50), times.percentile(100)), (Some(600_000), Some(5_400_000)));
/// assert_eq!(times.share_within(hour), Some(Points::thousandths(666)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseTimes {
    /// Of those who were answered; sorted.
    answered: Vec<i64>,
    /// Of those who still wait; sorted.
    waiting: Vec<i64>,
}

impl ResponseTimes {
    fn add(&mut self, waited: i64, answered: bool) {
        let list = if answered { &mut self.answered } else { &mut self.waiting };
        list.insert(list.partition_point(|other| *other <= waited), waited);
    }

    /// Adds what another has counted; any order gives the same.
    pub fn merge(&mut self, other: &Self) {
        for (list, more) in [(&mut self.answered, &other.answered), (&mut self.waiting, &other.waiting)] {
            list.extend(more);
            list.sort_unstable();
        }
    }

    /// How many asked for a word.
    pub fn asked(&self) -> usize {
        self.answered.len() + self.waiting.len()
    }

    /// How many got one.
    pub fn answered(&self) -> usize {
        self.answered.len()
    }

    /// How many wait longer than `target`.
    pub fn overdue(&self, target: i64) -> usize {
        self.waiting.len() - self.waiting.partition_point(|waited| *waited <= target)
    }

    /// The share answered within `target`, of those that were answered or have waited longer than that: who may still be
    /// answered in time speaks for neither side. `None` when there is nobody.
    pub fn share_within(&self, target: i64) -> Option<Points> {
        let within = self.answered.partition_point(|waited| *waited <= target);
        let judged = self.answered.len() + self.overdue(target);
        (judged > 0).then(|| Points::thousandths((within * 1_000 / judged) as i64))
    }

    /// The time within which so many percent of those that were answered had their answer (nearest rank).
    pub fn percentile(&self, percent: usize) -> Option<i64> {
        let rank = (self.answered.len() * percent.min(100)).div_ceil(100).max(1);
        self.answered.get(rank - 1).copied()
    }
}

/// How long questions waited for an answer, and how long everything else did.
///
/// A customer's words up to the brand's next are one turn: it waits since its first word, and is a question when any of
/// them is. A turn that was resolved without a word waits for nothing and does not count. It is a fold over conversations; parts merge in any order.
///
/// ```
/// use hearken::calendar::Calendar;
/// use hearken::desk::{Responsiveness, Transcript, Utterance, Voice};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut talk = Transcript::default();
/// talk.add(Utterance { question: true, ..Utterance::new(at(0), item("1"), Voice::Customer) });
/// talk.add(Utterance::new(at(600), item("2"), Voice::Agent("ann".into())));
/// talk.add(Utterance::new(at(700), item("3"), Voice::Customer));
///
/// let mut report = Responsiveness::default();
/// report.add(&talk, &Calendar::always(), at(9_000));
/// assert_eq!(report.questions.percentile(50), Some(600_000));
/// let hour = 3_600_000;
/// assert_eq!((report.others.asked(), report.others.overdue(hour)), (1, 1));
/// // Questions weigh 53 %: all of them in time, nothing else.
/// assert_eq!(report.index(hour, Points::thousandths(530)), Some(Points::thousandths(530)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Responsiveness {
    /// Turns that ask something.
    pub questions: ResponseTimes,
    /// All other turns.
    pub others: ResponseTimes,
}

impl Responsiveness {
    /// Counts every turn of a conversation as it stands at `now`. O(n) calendar look-ups.
    pub fn add(&mut self, transcript: &Transcript, calendar: &Calendar, now: Timestamp) {
        let mut resolved = transcript.resolved_until(now).peekable();
        let mut turn: Option<(Timestamp, bool)> = None;
        for said in transcript.until(now) {
            while resolved.next_if(|&done| done < said.at).is_some() {
                turn = None;
            }
            if !said.voice.is_brand() {
                let (since, asks) = turn.unwrap_or((said.at, false));
                turn = Some((since, asks || said.question));
            } else if let Some((since, asks)) = turn.take() {
                self.times(asks).add(calendar.elapsed(since, said.at), true);
            }
        }
        if let Some((since, asks)) = turn.filter(|_| resolved.next().is_none()) {
            self.times(asks).add(calendar.elapsed(since, now), false);
        }
    }

    /// Adds what another has counted.
    pub fn merge(&mut self, other: &Self) {
        self.questions.merge(&other.questions);
        self.others.merge(&other.others);
    }

    /// The share answered within `target`, where questions weigh `weight` (0 to 1) and all else the rest. Of one kind
    /// alone it is that kind's share; `None` when there is neither.
    pub fn index(&self, target: i64, weight: Points) -> Option<Points> {
        let weight = weight.as_thousandths().clamp(0, 1_000);
        match (self.questions.share_within(target), self.others.share_within(target)) {
            (Some(questions), Some(others)) => {
                let sum = questions.as_thousandths() * weight + others.as_thousandths() * (1_000 - weight);
                Some(Points::thousandths(sum / 1_000))
            }
            (questions, others) => questions.or(others),
        }
    }

    fn times(&mut self, asks: bool) -> &mut ResponseTimes {
        if asks { &mut self.questions } else { &mut self.others }
    }
}
