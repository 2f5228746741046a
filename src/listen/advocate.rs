use super::{Mention, Role, Tone};
use crate::model::{ItemKey, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Posts kept in one list of a report.
const LISTED: usize = 1_000;

/// Why a post is worth amplifying: positive, original, by nobody of one's own, and seen by at least `floor` people.
/// `None` when one of these does not hold or is unknown.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, amplify};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let text = Text::new("best lamp ever");
/// let item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// let facts = Facts::new(&text).with("sentiment", 0.9).with("topic", "praise").with("author.followers", 5_000);
/// assert_eq!(amplify(&Mention::of(&item, &facts), 1_000).unwrap(), ["positive", "original", "by a peer", "reach", "praise"]);
/// assert_eq!(amplify(&Mention::of(&item, &facts), 10_000), None);
/// ```
pub fn amplify(mention: &Mention, floor: u64) -> Option<Vec<&'static str>> {
    let worth = mention.tone() == Tone::Positive
        && mention.original
        && mention.role == Role::Peer
        && mention.reach.is_some_and(|reach| reach >= floor)
        && !mention.is_about("complaint")
        && !mention.is_about("spam");
    worth.then(|| {
        let mut reasons = vec!["positive", "original", "by a peer", "reach"];
        if mention.is_about("praise") {
            reasons.push("praise");
        }
        if mention.intends("recommend") {
            reasons.push("recommends");
        }
        reasons
    })
}

/// What people say at an event, during its window and no longer.
///
/// A question is open until somebody of the brand answers in its thread.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{EventReport, Mention};
/// use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// use hearken::text::Text;
///
/// let mut report = EventReport::new(Timestamp::from_secs(0), Timestamp::from_secs(100));
/// let text = Text::new("where is hall 2? #acmefair");
/// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// item.published_at = Some(Timestamp::from_secs(50));
/// report.add(&Mention::of(&item, &Facts::new(&text).with("topic", "question")));
/// assert_eq!(report.open_questions().count(), 1);
/// item.published_at = Some(Timestamp::from_secs(100));
/// report.add(&Mention::of(&item, &Facts::new(&text)));
/// assert_eq!((report.posts(), report.outside()), (1, 1));
/// ```
#[derive(Debug, Clone)]
pub struct EventReport {
    window: (Timestamp, Timestamp),
    posts: u64,
    outside: u64,
    attendees: BTreeSet<Box<str>>,
    questions: BTreeMap<ItemKey, Option<Box<str>>>,
    answered: BTreeSet<Box<str>>,
    praise: Vec<ItemKey>,
}

impl EventReport {
    /// A report on what is published from `from` to `to`, the end excluded.
    pub fn new(from: Timestamp, to: Timestamp) -> Self {
        Self {
            window: (from, to),
            posts: 0,
            outside: 0,
            attendees: BTreeSet::new(),
            questions: BTreeMap::new(),
            answered: BTreeSet::new(),
            praise: Vec::new(),
        }
    }

    /// Counts a mention of the event. One without a time is outside.
    pub fn add(&mut self, mention: &Mention) {
        let (from, to) = self.window;
        if !mention.at.is_some_and(|at| from <= at && at < to) {
            self.outside += 1;
            return;
        }
        if mention.role != Role::Peer {
            if self.answered.len() < LISTED {
                self.answered.extend(mention.thread.clone());
            }
            return;
        }
        self.posts += 1;
        if let Some(author) = mention.author.clone().filter(|_| self.attendees.len() < LISTED) {
            self.attendees.insert(author);
        }
        if mention.is_about("question") && self.questions.len() < LISTED {
            let thread = mention.thread.clone().or_else(|| Some(mention.item.id.clone()));
            self.questions.insert(mention.item.clone(), thread);
        }
        if mention.is_about("praise") && self.praise.len() < LISTED {
            self.praise.push(mention.item.clone());
        }
    }

    /// Posts of attendees in the window.
    pub fn posts(&self) -> u64 {
        self.posts
    }

    /// Posts outside the window.
    pub fn outside(&self) -> u64 {
        self.outside
    }

    /// Distinct authors among the attendees, counted to a thousand.
    pub fn attendees(&self) -> usize {
        self.attendees.len()
    }

    /// Questions that nobody of the brand has answered, by platform and id, a thousand at most.
    pub fn open_questions(&self) -> impl Iterator<Item = &ItemKey> {
        let open = |thread: &Option<Box<str>>| !thread.as_ref().is_some_and(|id| self.answered.contains(id));
        self.questions.iter().filter(move |(_, thread)| open(thread)).map(|(item, _)| item)
    }

    /// Posts with praise, in the order they came, a thousand at most.
    pub fn praise(&self) -> &[ItemKey] {
        &self.praise
    }
}

/// Recommendations among peers, where no brand takes part: who asks, and which products others answer with.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, PeerTalk};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::text::Text;
///
/// let mut talk = PeerTalk::default();
/// let text = Text::new("I recommend Acme");
/// let mut item = Interaction::new(Platform::Reddit, "2", InteractionKind::Comment);
/// item.conversation = Some("t1".into());
/// let mut answer = Mention::of(&item, &Facts::new(&text).with("intent", "recommend"));
/// answer.recommends.push("Acme".into());
/// talk.add(&answer);
/// assert_eq!(talk.products().collect::<Vec<_>>(), [("acme", 1)]);
/// ```
#[derive(Debug, Clone, Default)]
pub struct PeerTalk {
    asks: BTreeMap<Box<str>, ItemKey>,
    answers: BTreeMap<Box<str>, u64>,
    products: BTreeMap<Box<str>, u64>,
    skipped: u64,
}

impl PeerTalk {
    /// Counts a post that asks for or gives a recommendation. Posts of the brand and its employees are skipped.
    pub fn add(&mut self, mention: &Mention) {
        if mention.role != Role::Peer {
            self.skipped += 1;
            return;
        }
        let thread = mention.thread.clone().unwrap_or_else(|| mention.item.id.clone());
        if mention.intends("seek") && self.asks.len() < LISTED {
            self.asks.entry(thread.clone()).or_insert_with(|| mention.item.clone());
        }
        if !mention.intends("recommend") {
            return;
        }
        if self.answers.len() < LISTED || self.answers.contains_key(&thread) {
            *self.answers.entry(thread).or_default() += 1;
        }
        for product in &mention.recommends {
            let product: Box<str> = product.to_lowercase().into();
            if self.products.len() < LISTED || self.products.contains_key(&product) {
                *self.products.entry(product).or_default() += 1;
            }
        }
    }

    /// The posts that ask, with the number of answers in their threads, by thread.
    pub fn asks(&self) -> impl Iterator<Item = (&ItemKey, u64)> {
        self.asks.iter().map(|(thread, item)| (item, self.answers.get(thread).copied().unwrap_or(0)))
    }

    /// The products that are recommended, in lower case, most often first.
    pub fn products(&self) -> impl Iterator<Item = (&str, u64)> {
        let mut out: Vec<(&str, u64)> = self.products.iter().map(|(name, count)| (&**name, *count)).collect();
        out.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        out.into_iter()
    }

    /// Posts of the brand and its employees.
    pub fn skipped(&self) -> u64 {
        self.skipped
    }
}
