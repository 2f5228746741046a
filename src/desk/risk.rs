use super::transcript::Transcript;
use crate::model::{CaseId, Points, Timestamp};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

const HOUR: i64 = 60 * 60_000;

/// What makes a conversation likely to escalate, in points.
///
/// ```
/// use hearken::desk::{RiskWeights, Standing, Transcript, risk};
/// use hearken::model::{Points, Timestamp};
///
/// // To this brand a customer who speaks of leaving is worth more than the usual twenty points.
/// let ours: RiskWeights = serde_json::from_str(r#"{"leaving": 60000}"#).unwrap();
/// let standing = Standing { leaving: true, ..Standing::default() };
/// let found = risk(&Transcript::default(), &standing, &ours, Timestamp::from_secs(0));
/// assert_eq!(found.score, Points::whole(60));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RiskWeights {
    /// The customer sounds as bad as can be; half as bad is half of it.
    pub negative: Points,
    /// The customer sounds worse than at first, by one.
    pub falling: Points,
    /// For each hour that the customer waits, up to a day.
    pub waiting: Points,
    /// For each word since the first that nobody has answered, up to five.
    pub again: Points,
    /// For each promised time that was missed, up to three.
    pub missed: Points,
    /// For each time that the case was opened again, up to three.
    pub reopened: Points,
    /// For each power of ten of the people reached, from 1,000 on.
    pub reach: Points,
    /// The customer speaks of leaving.
    pub leaving: Points,
}

impl Default for RiskWeights {
    /// 30 for anger, 10 for a fall by one, 1 an hour, 5 a word again, 10 a miss, 10 an opening again, 5 a power of ten,
    /// 20 for leaving.
    fn default() -> Self {
        let [negative, falling, waiting, again, missed, reopened, reach, leaving] =
            [30, 10, 1, 5, 10, 10, 5, 20].map(Points::whole);
        Self { negative, falling, waiting, again, missed, reopened, reach, leaving }
    }
}

/// What is known of a conversation beside its words.
///
/// ```
/// use hearken::desk::{RiskWeights, Standing, Transcript, risk};
/// use hearken::model::{Points, Timestamp};
///
/// let score = |standing| risk(&Transcript::default(), &standing, &RiskWeights::default(), Timestamp::from_secs(0)).score;
/// let missed = Standing { missed: 2, ..Standing::default() };
/// assert_eq!(score(missed), Points::whole(20));
/// assert_eq!(score(Standing { reach: Some(40_000), ..missed }), Points::whole(30));
/// assert_eq!(score(Standing { reach: None, ..missed }), Points::whole(20), "unknown reach adds nothing");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Standing {
    /// Promised times that were missed.
    pub missed: u32,
    /// How often the case was opened again.
    pub reopened: u32,
    /// How many people the customer reaches; absent: unknown, which adds nothing.
    pub reach: Option<u64>,
    /// The customer speaks of leaving.
    pub leaving: bool,
}

/// How likely a conversation is to escalate, and why.
///
/// ```
/// use hearken::desk::{RiskWeights, Standing, Transcript, risk};
/// use hearken::model::{Points, Timestamp};
///
/// let standing = Standing { reopened: 1, leaving: true, ..Standing::default() };
/// let found = risk(&Transcript::default(), &standing, &RiskWeights::default(), Timestamp::from_secs(0));
/// // Every point is accounted for.
/// let why: Vec<_> = found.parts.iter().map(|(name, points)| format!("{points} {name}")).collect();
/// assert_eq!(why, ["10 reopened", "20 leaving"]);
/// assert_eq!(found.score, found.parts.iter().map(|(_, points)| *points).sum());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Risk {
    /// The sum of the parts, exactly.
    pub score: Points,
    /// What it is made of, in a fixed order; parts of no points are left out.
    pub parts: Vec<(&'static str, Points)>,
}

/// The risk of one conversation at `now`. O(n).
///
/// ```
/// use hearken::desk::{RiskWeights, Standing, Transcript, Utterance, Voice, risk};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let at = Timestamp::from_secs;
/// let mut talk = Transcript::default();
/// let word = Utterance::new(at(0), ItemKey::new(Platform::X, "1"), Voice::Customer);
/// talk.add(Utterance { mood: Some(Points::thousandths(-500)), ..word });
/// let risk = risk(&talk, &Standing::default(), &RiskWeights::default(), at(2 * 3_600));
/// assert_eq!(risk.parts, [("negative", Points::whole(15)), ("waiting", Points::whole(2))]);
/// assert_eq!(risk.score, Points::whole(17));
/// ```
pub fn risk(transcript: &Transcript, standing: &Standing, weights: &RiskWeights, now: Timestamp) -> Risk {
    let said = transcript.until(now);
    let open = transcript.unanswered(now);
    let mut moods = said.iter().filter(|said| !said.voice.is_brand()).filter_map(|said| said.mood);
    let first = moods.next();
    let last = moods.next_back().or(first);
    let bad = last.map_or(0, |mood| -mood.as_thousandths()).clamp(0, 1_000);
    let fall = first.zip(last).map_or(0, |(first, last)| (first - last).as_thousandths()).clamp(0, 2_000);
    let waited = open.first().map_or(0, |said| now.since(said.at)).clamp(0, 24 * HOUR);
    let times = |n: u32, most: u32| i64::from(n.min(most)) * 1_000;
    let again = u32::try_from(open.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let powers = standing.reach.and_then(u64::checked_ilog10).unwrap_or(0).saturating_sub(2);
    let parts = [
        ("negative", bad, weights.negative),
        ("falling", fall, weights.falling),
        ("waiting", waited / (HOUR / 1_000), weights.waiting),
        ("again", times(again, 5), weights.again),
        ("missed", times(standing.missed, 3), weights.missed),
        ("reopened", times(standing.reopened, 3), weights.reopened),
        ("reach", times(powers, 20), weights.reach),
        ("leaving", times(u32::from(standing.leaving), 1), weights.leaving),
    ];
    // A part is so many thousandths of its weight.
    let parts = parts.map(|(name, share, weight)| {
        (name, Points::thousandths(weight.as_thousandths().saturating_mul(share) / 1_000))
    });
    let parts: Vec<_> = parts.into_iter().filter(|(_, points)| *points != Points::ZERO).collect();
    Risk { score: parts.iter().map(|(_, points)| *points).sum(), parts }
}

/// Open conversations by risk: the highest first, equal ones by the id of their case.
///
/// ```
/// use hearken::desk::{RiskWeights, Standing, Transcript, by_risk};
/// use hearken::model::Timestamp;
///
/// let calm = Transcript::default();
/// let leaving = Standing { leaving: true, ..Standing::default() };
/// let open = [("a".into(), &calm, Standing::default()), ("b".into(), &calm, leaving)];
/// let list = by_risk(open, &RiskWeights::default(), Timestamp::from_secs(0));
/// assert_eq!(list[0].0.as_str(), "b");
/// ```
pub fn by_risk<'a>(
    open: impl IntoIterator<Item = (CaseId, &'a Transcript, Standing)>,
    weights: &RiskWeights,
    now: Timestamp,
) -> Vec<(CaseId, Risk)> {
    let mut list: Vec<_> =
        open.into_iter().map(|(case, talk, standing)| (case, risk(talk, &standing, weights, now))).collect();
    list.sort_by(|(a, x), (b, y)| (Reverse(x.score), a).cmp(&(Reverse(y.score), b)));
    list
}

/// What a change of risk asks for.
///
/// ```
/// use hearken::desk::{RiskCommand, RiskWatch};
/// use hearken::model::Points;
///
/// let mut watch = RiskWatch::new(Points::whole(40), Points::whole(25));
/// let who = match watch.see(Points::whole(55)) {
///     Some(RiskCommand::PreEscalate(score)) => format!("senior, at {score}"),
///     Some(_) | None => "nobody".to_owned(),
/// };
/// assert_eq!(who, "senior, at 55");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RiskCommand {
    /// Have somebody senior look at it before it escalates by itself.
    PreEscalate(Points),
    /// It has calmed down.
    Calm(Points),
}

/// Watches the risk of one conversation: a score that has risen to `raise` asks for help once, and not again before it
/// has fallen below `clear`. Between the two nothing is said, so that a score at the edge does not flicker.
///
/// ```
/// use hearken::desk::{RiskCommand, RiskWatch};
/// use hearken::model::Points;
///
/// let mut watch = RiskWatch::new(Points::whole(40), Points::whole(25));
/// let said: Vec<_> = [10, 40, 39, 41, 24, 39, 40].map(|n| watch.see(Points::whole(n))).into();
/// let (up, down) = (RiskCommand::PreEscalate(Points::whole(40)), RiskCommand::Calm(Points::whole(24)));
/// assert_eq!(said, [None, Some(up), None, None, Some(down), None, Some(up)]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskWatch {
    raise: Points,
    clear: Points,
    raised: bool,
}

impl RiskWatch {
    /// A watch over a conversation that is calm. A `clear` above `raise` counts as `raise`.
    pub fn new(raise: Points, clear: Points) -> Self {
        Self { raise, clear: clear.min(raise), raised: false }
    }

    /// True between asking for help and calming down.
    pub const fn is_raised(&self) -> bool {
        self.raised
    }

    /// Takes the score of the moment in.
    pub fn see(&mut self, score: Points) -> Option<RiskCommand> {
        let was = self.raised;
        self.raised = if was { score >= self.clear } else { score >= self.raise };
        match (was, self.raised) {
            (false, true) => Some(RiskCommand::PreEscalate(score)),
            (true, false) => Some(RiskCommand::Calm(score)),
            _ => None,
        }
    }
}
