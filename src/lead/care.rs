use crate::model::Points;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known of a channel to a customer.
///
/// ```
/// use hearken::lead::{Channel, preferred_channel};
///
/// let mut known: Vec<Channel> = serde_json::from_str(r#"[
///     {"name": "mail", "allowed": true, "sent": 10, "answered": 1},
///     {"name": "x", "allowed": true, "sent": 8, "answered": 6}]"#).unwrap();
/// assert_eq!(preferred_channel(None, &known), Some("x"));
/// // The customer withdraws consent for it.
/// known[1].allowed = false;
/// assert_eq!(preferred_channel(None, &known), Some("mail"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Whether the customer may be written to there.
    pub allowed: bool,
    /// Messages sent there.
    pub sent: u32,
    /// Messages answered there.
    pub answered: u32,
}

/// The channel a customer prefers: the one they named, if it is allowed; else the allowed one where they
/// answer best. `None` when no channel is allowed or none has a history.
///
/// Answers are compared by `(answered + 1) / (sent + 2)`, so that one answer to one message does not beat
/// forty to fifty; ties go to the first name.
///
/// ```
/// use hearken::lead::{Channel, preferred_channel};
///
/// let channel = |name: &str, allowed, sent, answered| Channel { name: name.into(), allowed, sent, answered };
/// let known = [channel("x", true, 50, 40), channel("mail", true, 1, 1), channel("sms", false, 9, 9)];
/// assert_eq!(preferred_channel(None, &known), Some("x"));
/// assert_eq!(preferred_channel(Some("mail"), &known), Some("mail"));
/// assert_eq!(preferred_channel(Some("sms"), &known), Some("x"), "a wish does not replace consent");
/// ```
pub fn preferred_channel<'a>(stated: Option<&str>, channels: &'a [Channel]) -> Option<&'a str> {
    let allowed = || channels.iter().filter(|channel| channel.allowed);
    if let Some(channel) = allowed().find(|channel| Some(channel.name.as_str()) == stated) {
        return Some(&channel.name);
    }
    // a/b > c/d as a·d > c·b: exact, and no rate is divided out.
    let rate = |c: &Channel| (u64::from(c.answered) + 1, u64::from(c.sent.max(c.answered)) + 2);
    let better = |a: &Channel, b: &Channel| {
        let ((an, ad), (bn, bd)) = (rate(a), rate(b));
        (u128::from(an) * u128::from(bd)).cmp(&(u128::from(bn) * u128::from(ad)))
    };
    let known = allowed().filter(|channel| channel.sent > 0 || channel.answered > 0);
    known.max_by(|a, b| better(a, b).then_with(|| b.name.cmp(&a.name))).map(|channel| channel.name.as_str())
}

/// Something a customer showed an interest in, once.
///
/// ```
/// use hearken::lead::{Mention, interests};
/// use hearken::model::Points;
///
/// let mention = |evidence: &str, weight| Mention {
///     topic: "boats".into(), evidence: evidence.into(), weight: Points::whole(weight),
/// };
/// assert_eq!(interests([mention("x:1", 2)]).len(), 1);
/// assert!(interests([mention("x:1", 2), mention("x:2", -3)]).is_empty(), "she says that she is tired of them");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The topic.
    pub topic: String,
    /// The interaction that shows it.
    pub evidence: String,
    /// How much it shows, after decay or not as the host likes; negative for a dislike.
    pub weight: Points,
}

/// An interest with the interactions that show it.
///
/// ```
/// use hearken::lead::{Mention, interests};
/// use hearken::model::Points;
///
/// let mention = |topic: &str, evidence: &str| Mention {
///     topic: topic.into(), evidence: evidence.into(), weight: Points::whole(1),
/// };
/// let found = interests([mention("bikes", "x:2"), mention("bikes", "x:1"), mention("boats", "x:3")]);
/// // A claim about a person, with the posts that bear it out.
/// assert_eq!((found[0].topic.as_str(), found[0].weight), ("bikes", Points::whole(2)));
/// assert_eq!(found[0].evidence, ["x:1", "x:2"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Interest {
    /// The topic.
    pub topic: String,
    /// The weights added up.
    pub weight: Points,
    /// The interactions, sorted, each once.
    pub evidence: Vec<String>,
}

/// The interests of a customer, strongest first. A topic without evidence, or whose weights do not add up
/// to something positive, is never claimed; the same interaction counts once for a topic.
///
/// ```
/// use hearken::lead::{Mention, interests};
/// use hearken::model::Points;
///
/// let mention = |topic: &str, evidence: &str, weight| Mention {
///     topic: topic.into(), evidence: evidence.into(), weight: Points::whole(weight),
/// };
/// let found = interests([mention("boats", "p1", 3), mention("bikes", "p2", 2), mention("boats", "p1", 3),
///                        mention("bikes", "p3", 2), mention("cars", "", 9), mention("golf", "p4", -1)]);
/// let told: Vec<_> = found.iter().map(|i| (i.topic.as_str(), i.evidence.len())).collect();
/// assert_eq!(told, [("bikes", 2), ("boats", 1)]);
/// ```
pub fn interests(mentions: impl IntoIterator<Item = Mention>) -> Vec<Interest> {
    let mut topics: BTreeMap<String, BTreeMap<String, Points>> = BTreeMap::new();
    for mention in mentions.into_iter().filter(|mention| !mention.evidence.is_empty()) {
        let weight =
            topics.entry(mention.topic).or_default().entry(mention.evidence).or_insert(mention.weight);
        *weight = (*weight).max(mention.weight);
    }
    let mut interests: Vec<Interest> = topics
        .into_iter()
        .map(|(topic, evidence)| Interest {
            topic,
            weight: evidence.values().copied().sum(),
            evidence: evidence.into_keys().collect(),
        })
        .filter(|interest| interest.weight > Points::ZERO)
        .collect();
    interests.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.topic.cmp(&b.topic)));
    interests
}

/// A tier of value and the least value it begins with.
///
/// ```
/// use hearken::lead::{Tier, value_tier};
///
/// let tiers: Vec<Tier> =
///     serde_json::from_str(r#"[{"name": "gold", "from": 5000.0}, {"name": "silver", "from": 500.0}]"#).unwrap();
/// assert_eq!(value_tier(&tiers, Some(5_000.0), &[]), Some("gold"), "in any order of the file");
/// assert_eq!(value_tier(&tiers, Some(20.0), &[]), None);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tier {
    /// Its name, such as `gold`.
    pub name: String,
    /// The least lifetime value.
    pub from: f64,
}

/// The tier of a customer: by the lifetime value the host knows, else by the sum of the transactions. `None`
/// when neither is known, or the value lies below every tier: unknown is not nothing.
///
/// ```
/// use hearken::lead::{Tier, value_tier};
///
/// let tier = |name: &str, from| Tier { name: name.into(), from };
/// let tiers = [tier("silver", 500.0), tier("gold", 5_000.0)];
/// assert_eq!(value_tier(&tiers, None, &[400.0, 300.0]), Some("silver"));
/// assert_eq!(value_tier(&tiers, Some(9_000.0), &[]), Some("gold"));
/// assert_eq!(value_tier(&tiers, None, &[]), None);
/// ```
pub fn value_tier<'a>(tiers: &'a [Tier], lifetime: Option<f64>, transactions: &[f64]) -> Option<&'a str> {
    // In thousandths, so that the sum does not depend on the order.
    let spent = || {
        let sum: Points = transactions.iter().map(|amount| Points::nearest(*amount)).sum();
        (!transactions.is_empty()).then(|| sum.as_f64())
    };
    let value = lifetime.or_else(spent)?;
    let reached = tiers.iter().filter(|tier| value >= tier.from);
    reached.max_by(|a, b| a.from.total_cmp(&b.from)).map(|tier| tier.name.as_str())
}
