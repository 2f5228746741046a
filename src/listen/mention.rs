use crate::facts::{Facts, Field};
use crate::model::{Direction, Interaction, ItemKey, Timestamp};

/// Beyond this a sentiment (−1 to 1) counts as positive or negative.
const POLAR: f64 = 0.2;

/// A kept post in plain values: what the reports read.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Role, Tone};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let item = Interaction::new(Platform::X, "17", InteractionKind::Post);
/// let text = Text::new("love it");
/// let mention = Mention::of(&item, &Facts::new(&text).with("sentiment", 0.8).with("topic", "praise"));
/// assert_eq!((mention.tone(), mention.role), (Tone::Positive, Role::Peer));
/// assert!(mention.is_about("praise"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// The platform's id.
    pub item: ItemKey,
    /// When it was published.
    pub at: Option<Timestamp>,
    /// Who spoke: any stable name of a person; the account unless the host knows better.
    pub author: Option<Box<str>>,
    /// On whose side the author stands.
    pub role: Role,
    /// The thread that it is part of.
    pub thread: Option<Box<str>>,
    /// False for a share or repost of somebody else's words.
    pub original: bool,
    /// −1 to 1.
    pub sentiment: Option<f64>,
    /// Topics and categories, folded.
    pub topics: Vec<Box<str>>,
    /// Intents, folded.
    pub intents: Vec<Box<str>>,
    /// 0 (low) to 3 (critical).
    pub urgency: Option<u8>,
    /// People who saw it, else the author's followers.
    pub reach: Option<u64>,
    /// Products that it recommends.
    pub recommends: Vec<Box<str>>,
    /// Changes of product that it tells of.
    pub changes: Vec<Change>,
}

/// A change of product; one side may be unnamed.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Change, Mention, Rivals};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let (text, mut rivals) = (Text::new("so long, Globex"), Rivals::new(TrendConfig::default()));
/// let mut mention = Mention::of(&Interaction::new(Platform::X, "7", InteractionKind::Post), &Facts::new(&text));
/// // She leaves, and does not say where to.
/// mention.changes.push(Change { from: Some("Globex".into()), to: None });
/// rivals.add("globex", &mention, &text, false);
/// let (change, times) = &rivals.report("globex", 5).unwrap().changes[0];
/// assert_eq!((change.from.as_deref(), change.to.as_deref(), *times), (Some("globex"), None, 1));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What is left.
    pub from: Option<Box<str>>,
    /// What is taken instead.
    pub to: Option<Box<str>>,
}

/// On whose side an author stands.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Role};
/// use hearken::model::{Direction, Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let (text, mut item) = (Text::new("our best phone yet"), Interaction::new(Platform::X, "7", InteractionKind::Post));
/// let role = |item: &Interaction, facts: &Facts| Mention::of(item, facts).role;
/// assert_eq!(role(&item, &Facts::new(&text).with("is", "employee")), Role::Employee);
/// assert_eq!(role(&item, &Facts::new(&text)), Role::Peer);
/// item.direction = Direction::Outbound;
/// assert_eq!(role(&item, &Facts::new(&text)), Role::Brand, "no advocate of its own");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The brand itself.
    Brand,
    /// Somebody who works for it: the fact `is:employee`.
    Employee,
    /// Anybody else.
    Peer,
}

/// The tone of a post.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Tone};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let text = Text::new("…");
/// let tone = |facts: Facts| Mention::of(&Interaction::new(Platform::X, "7", InteractionKind::Post), &facts).tone();
/// assert_eq!(tone(Facts::new(&text).with("sentiment", -0.1)), Tone::Neutral);
/// assert_eq!(tone(Facts::new(&text).with("sentiment", -0.3)), Tone::Negative);
/// assert_eq!(tone(Facts::new(&text)), Tone::Unknown, "not the same as neutral: nobody has looked");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tone {
    /// A sentiment above 0.2.
    Positive,
    /// Between.
    Neutral,
    /// A sentiment below −0.2.
    Negative,
    /// Nobody has looked.
    Unknown,
}

impl Mention {
    /// What the reports need of an interaction and its facts. Recommended products and changes of product come from elsewhere.
    pub fn of(item: &Interaction, facts: &Facts<'_>) -> Self {
        let words = |field: &Field| facts.words(field).map(Into::into).collect();
        let metrics = item.metrics.as_ref();
        let role = match item.direction {
            Direction::Outbound => Role::Brand,
            _ if facts.words(&Field::Is).any(|is| is == "employee") => Role::Employee,
            _ => Role::Peer,
        };
        Self {
            item: item.key.clone(),
            at: item.published_at,
            author: item.author.as_ref().map(|a| format!("{}:{}", a.key.platform, a.key.id).into()),
            role,
            thread: item.conversation.clone().or_else(|| item.root.clone()),
            original: item.share_of.is_none(),
            sentiment: facts.number(&Field::Sentiment),
            topics: words(&Field::Topic),
            intents: words(&Field::Intent),
            urgency: facts.number(&Field::Urgency).map(|rank| rank as u8),
            reach: metrics
                .and_then(|m| m.reach.or(m.views).or(m.impressions))
                .or_else(|| facts.number(&Field::Followers).map(|n| n as u64)),
            recommends: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Positive, neutral, negative, or unknown.
    pub fn tone(&self) -> Tone {
        match self.sentiment {
            None => Tone::Unknown,
            Some(score) if score > POLAR => Tone::Positive,
            Some(score) if score < -POLAR => Tone::Negative,
            Some(_) => Tone::Neutral,
        }
    }

    /// True when the topic was found.
    pub fn is_about(&self, topic: &str) -> bool {
        self.topics.iter().any(|is| &**is == topic)
    }

    /// True when the intent was found.
    pub fn intends(&self, intent: &str) -> bool {
        self.intents.iter().any(|is| &**is == intent)
    }
}
