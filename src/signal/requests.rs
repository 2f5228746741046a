use crate::model::ItemKey;
use crate::pulse::Distinct;
use crate::text::{Text, TokenKind};
use std::collections::BTreeMap;

/// Sample items kept for each request.
const SAMPLES: usize = 5;

/// Words that do not tell one wish from another.
const PLAIN: [&str; 44] = [
    "a", "an", "the", "to", "for", "of", "in", "on", "with", "and", "or", "my", "your", "our", "its", "it",
    "is", "be", "some", "more", "option", "feature", "support", "please", "pls", "would", "could", "can",
    "we", "you", "i", "that", "this", "have", "had", "has", "add", "added", "app", "soon", "really", "so",
    "too", "just",
];

/// Feature requests with votes: equal wishes are one request, and an author votes once.
///
/// Two wishes are equal when they have the same words, in any order, without those that every wish has ("a",
/// "option", "please"). At most `capacity` requests are kept; wishes for more are counted as dropped. Votes are exact up to 63
/// authors and an estimate above ([`Distinct`]).
///
/// ```
/// use hearken::model::{ItemKey, Platform};
/// use hearken::signal::Requests;
///
/// let mut requests = Requests::new(1_000);
/// let item = |id: &str| ItemKey::new(Platform::X, id);
/// requests.add("a dark mode", "ann", &item("1"));
/// requests.add("the dark mode option please", "bob", &item("2"));
/// requests.add("Dark Mode!", "ann", &item("3"));
/// let top = requests.ranked();
/// assert_eq!((&*top[0].wish, top[0].votes, top[0].posts), ("dark mode", 2, 3));
/// ```
#[derive(Debug, Clone)]
pub struct Requests {
    capacity: usize,
    kept: BTreeMap<Box<str>, Wanted>,
    dropped: u64,
    text: Text,
}

#[derive(Debug, Clone, Default)]
struct Wanted {
    wish: Box<str>,
    posts: u64,
    authors: Distinct,
    samples: Vec<ItemKey>,
}

/// A wish and who shares it.
///
/// ```
/// use hearken::model::{ItemKey, Platform};
/// use hearken::signal::Requests;
///
/// let mut requests = Requests::new(100);
/// for (wish, author, id) in [("a dark mode", "ann", "1"), ("dark mode", "bo", "2"), ("dark mode!", "bo", "3")] {
///     requests.add(wish, author, &ItemKey::new(Platform::X, id));
/// }
/// let request = &requests.ranked()[0];
/// // Two people, though one of them asked twice.
/// assert_eq!(format!("{}: {} votes", request.wish, request.votes), "dark mode: 2 votes");
/// assert_eq!((request.posts, request.samples[0].to_string()), (3, "x:1".to_owned()));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeatureRequest {
    /// The wish in its first wording, without the plain words.
    pub wish: Box<str>,
    /// Distinct authors who wish it.
    pub votes: u64,
    /// Posts that wish it.
    pub posts: u64,
    /// The first posts that wished it, five at most.
    pub samples: Vec<ItemKey>,
}

impl Requests {
    /// Keeps at most `capacity` requests.
    pub fn new(capacity: usize) -> Self {
        Self { capacity, kept: BTreeMap::new(), dropped: 0, text: Text::default() }
    }

    /// Counts a wish of `author` (any stable name of a person) in a post. A wish without a telling word counts for nothing.
    pub fn add(&mut self, wish: &str, author: &str, item: &ItemKey) {
        self.text.read(wish);
        let words: Vec<&str> = self
            .text
            .tokens()
            .iter()
            .filter(|token| token.kind() != TokenKind::Link)
            .map(|token| self.text.folded(token))
            .filter(|word| !PLAIN.contains(word))
            .collect();
        if words.is_empty() {
            return;
        }
        let mut sorted = words.clone();
        sorted.sort_unstable();
        sorted.dedup();
        let key = sorted.join(" ");
        if self.kept.len() >= self.capacity && !self.kept.contains_key(key.as_str()) {
            self.dropped += 1;
            return;
        }
        let wanted = self.kept.entry(key.into()).or_default();
        if wanted.posts == 0 {
            wanted.wish = words.join(" ").into();
        }
        wanted.posts += 1;
        wanted.authors.insert(author);
        if wanted.samples.len() < SAMPLES {
            wanted.samples.push(item.clone());
        }
    }

    /// The requests, most votes first; equal ones by posts, then alphabetically.
    pub fn ranked(&self) -> Vec<FeatureRequest> {
        let mut out: Vec<FeatureRequest> = self
            .kept
            .values()
            .map(|wanted| FeatureRequest {
                wish: wanted.wish.clone(),
                votes: wanted.authors.count(),
                posts: wanted.posts,
                samples: wanted.samples.clone(),
            })
            .collect();
        out.sort_by(|a, b| (b.votes, b.posts).cmp(&(a.votes, a.posts)).then(a.wish.cmp(&b.wish)));
        out
    }

    /// Wishes that found no room.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }
}
