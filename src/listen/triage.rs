use super::{Mention, Role, Tone};
use crate::model::{Points, Timestamp};
use std::cmp::Reverse;

/// What counts, in points.
///
/// ```
/// use hearken::listen::TriageWeights;
/// use hearken::model::Points;
///
/// let weights = TriageWeights { lead: Points::whole(30), ..TriageWeights::default() };
/// assert!(weights.lead > weights.question);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriageWeights {
    /// Urgency low, medium, high, critical.
    pub urgency: [Points; 4],
    /// A negative tone.
    pub negative: Points,
    /// A complaint or bug.
    pub complaint: Points,
    /// A question.
    pub question: Points,
    /// Somebody who wants to buy.
    pub lead: Points,
    /// Somebody who wants to leave.
    pub leaving: Points,
    /// For each power of ten of the reach, from 1,000 on.
    pub reach: Points,
    /// For each hour that it has waited, up to a day.
    pub hour: Points,
    /// Posts of the brand and its employees: a negative number puts them last.
    pub own: Points,
}

impl Default for TriageWeights {
    /// Harm before loss before money before praise: 0, 10, 40 and 100 for urgency, 8 for a tone, 12 for a complaint, 6
    /// for a question, 15 for a lead, 20 for leaving, 5 a power of ten, ½ an hour, −100 for one's own.
    fn default() -> Self {
        Self {
            urgency: [Points::ZERO, Points::whole(10), Points::whole(40), Points::whole(100)],
            negative: Points::whole(8),
            complaint: Points::whole(12),
            question: Points::whole(6),
            lead: Points::whole(15),
            leaving: Points::whole(20),
            reach: Points::whole(5),
            hour: Points::thousandths(500),
            own: Points::whole(-100),
        }
    }
}

/// A place in the queue and why. The reasons add up to the score.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, TriageWeights, triage};
/// use hearken::model::{Interaction, InteractionKind, Platform, Points, Timestamp};
/// use hearken::text::Text;
///
/// let text = Text::new("…");
/// let facts = Facts::new(&text).with("sentiment", -0.6).with("topic", "complaint");
/// let queue = [Mention::of(&Interaction::new(Platform::X, "1", InteractionKind::Post), &facts)];
/// let first = &triage(&queue, Timestamp::from_secs(0), &TriageWeights::default())[0];
/// // Why it stands where it stands; the reasons are the score.
/// assert_eq!(first.reasons.iter().map(|(_, points)| *points).sum::<Points>(), first.score);
/// assert_eq!(first.score, Points::whole(8 + 12));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ranked {
    /// The mention's place in the list given.
    pub place: usize,
    /// The sum of the reasons.
    pub score: Points,
    /// What it is made of, in a fixed order.
    pub reasons: Vec<(&'static str, Points)>,
}

/// Puts a queue in order: highest score first, then oldest, then by platform and id. A total order: it does not depend
/// on the order of the list. O(n log n).
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, TriageWeights, triage};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::text::Text;
///
/// let text = Text::new("…");
/// let mention = |id: &str, topic: &str, urgency: &str| {
///     let item = Interaction::new(Platform::X, id, InteractionKind::Post);
///     Mention::of(&item, &Facts::new(&text).with("topic", topic).with("urgency", urgency))
/// };
/// let queue = [mention("1", "praise", "low"), mention("2", "complaint", "critical"), mention("3", "question", "low")];
/// let order = triage(&queue, Timestamp::from_secs(0), &TriageWeights::default());
/// assert_eq!(order.iter().map(|ranked| ranked.place).collect::<Vec<_>>(), [1, 2, 0]);
/// assert_eq!(order[0].reasons[0].0, "urgency critical");
/// ```
pub fn triage(queue: &[Mention], now: Timestamp, weights: &TriageWeights) -> Vec<Ranked> {
    let mut out: Vec<(Ranked, &Mention)> = queue
        .iter()
        .enumerate()
        .map(|(place, mention)| {
            let reasons = reasons(mention, now, weights);
            let score = reasons.iter().map(|reason| reason.1).sum();
            (Ranked { place, score, reasons }, mention)
        })
        .collect();
    out.sort_by(|(a, x), (b, y)| {
        (Reverse(a.score), x.at.is_none(), x.at, &x.item).cmp(&(
            Reverse(b.score),
            y.at.is_none(),
            y.at,
            &y.item,
        ))
    });
    out.into_iter().map(|(ranked, _)| ranked).collect()
}

fn reasons(mention: &Mention, now: Timestamp, weights: &TriageWeights) -> Vec<(&'static str, Points)> {
    const URGENCY: [&str; 4] = ["urgency low", "urgency medium", "urgency high", "urgency critical"];
    let urgency = usize::from(mention.urgency.unwrap_or(0));
    let urgency = URGENCY.into_iter().zip(weights.urgency).nth(urgency).unwrap_or(("", Points::ZERO));
    let powers = i64::from(mention.reach.unwrap_or(0).checked_ilog10().unwrap_or(0)) - 2;
    let hours = mention.at.map_or(0, |at| (now.since(at) / 3_600_000).clamp(0, 24));
    let when = |holds: bool, points: Points| if holds { points } else { Points::ZERO };
    let times =
        |n: i64, points: Points| Points::thousandths(points.as_thousandths().saturating_mul(n.max(0)));
    let mut out = vec![
        urgency,
        ("negative", when(mention.tone() == Tone::Negative, weights.negative)),
        ("complaint", when(mention.is_about("complaint") || mention.is_about("bug"), weights.complaint)),
        ("question", when(mention.is_about("question"), weights.question)),
        ("lead", when(mention.is_about("lead"), weights.lead)),
        ("leaving", when(mention.intends("cancel") || mention.intends("switch"), weights.leaving)),
        ("reach", times(powers, weights.reach)),
        ("waiting", times(hours, weights.hour)),
        ("own post", when(mention.role != Role::Peer, weights.own)),
    ];
    out.retain(|(_, points)| *points != Points::ZERO);
    out
}
