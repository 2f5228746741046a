use super::Mention;
use crate::model::{ItemKey, Timestamp};
use crate::pulse::{Emerging, TrendConfig, Trends};
use crate::text::{Text, Token, TokenKind};
use std::collections::{BTreeMap, BTreeSet};

/// Phrases of one post at most.
const PHRASES: usize = 500;
/// Posts linked to a phrase at most.
const SAMPLES: usize = 5;
/// A word is left out beside a phrase that has at least this share of its count, in percent.
const COVERED: u64 = 60;

/// Words that carry no subject: function words, words of time and degree, and the verbs that every post has.
const PLAIN: &str = " a about above after again all almost already also always am amp an and any anyone anything are \
 around as at away back be because been before being best better but by bye came can cannot come could day days \
 did do does doesn doing don done down each else even ever every everyone everything few for from fuck get gets getting give go \
 goes going gonna good got great had has hasn have haven having he hello help her here hey hi him his hope hour hours how i if im in \
 into is isn it its just keep keeps know last least let like little ll lol long look looking lot love made make makes many \
 may maybe me might minute minutes month months more most much must my need needs never new next no nobody none not nothing now of off oh ok okay \
 old on once one only or other our out over own people please pls put quite re real really right said same say see \
 she should since so some someone something soon still stuff such sure take tell than thank thanks that the \
 their them then there these they thing things think this those though time to today told tomorrow too trying two u up us use used using ve very via \
 want wanted wants was wasn way we week weeks well went were what when where which while who why will wish with won work working works would \
 wouldn year years yes yet you your yours worst bad terrible awful horrible hate anybody somebody ago anymore ur t s m d rt ";

/// What kind of post a theme is drawn from.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, ThemeKind, Themes};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut themes = Themes::new(TrendConfig::default());
/// for (source, topic) in [("battery dies", "complaint"), ("battery rocks", "praise"), ("battery", "spam")] {
///     let (text, item) = (Text::new(source), Interaction::new(Platform::X, source, InteractionKind::Post));
///     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", topic)), &text, &[]);
/// }
/// // The same word, as a pain and as an interest, each from posts of its own.
/// let battery = |kind| themes.top(kind, 9).iter().any(|theme| theme.phrase.contains("battery"));
/// assert!(battery(ThemeKind::Complaint) && battery(ThemeKind::Interest) && !battery(ThemeKind::Question));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ThemeKind {
    /// Complaints and bugs: pain points.
    Complaint,
    /// Praise, purchase intent and recommendations: interests.
    Interest,
    /// Questions.
    Question,
    /// Feature requests.
    Request,
}

impl ThemeKind {
    const ALL: [Self; 4] = [Self::Complaint, Self::Interest, Self::Question, Self::Request];

    /// True when a post of these topics and intents is of this kind.
    fn holds(self, mention: &Mention) -> bool {
        match self {
            Self::Complaint => mention.is_about("complaint") || mention.is_about("bug"),
            Self::Interest => {
                mention.is_about("praise") || mention.is_about("lead") || mention.intends("recommend")
            }
            Self::Question => mention.is_about("question"),
            Self::Request => mention.is_about("feature_request"),
        }
    }
}

/// What people speak of: phrases of complaints, interests, questions and requests, with posts to look at.
///
/// A phrase is a word of four letters or more, or two neighbours in one clause, none of which is plain
/// ("the", "really"). A phrase counts once a post. Memory is bounded: see [`Trends`].
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, ThemeKind, Themes};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut themes = Themes::new(TrendConfig::default());
/// for (id, source) in ["the battery life is a joke", "Battery life again!", "screen broke"].iter().enumerate() {
///     let text = Text::new(source);
///     let item = Interaction::new(Platform::X, id.to_string(), InteractionKind::Post);
///     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", "complaint")), &text, &[]);
/// }
/// let pains = themes.top(ThemeKind::Complaint, 3);
/// assert_eq!((&*pains[0].phrase, pains[0].posts), ("battery life", 2));
/// assert_eq!(pains[0].samples.len(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Themes {
    capacity: usize,
    trends: BTreeMap<ThemeKind, Trends>,
    samples: BTreeMap<(ThemeKind, Box<str>), Vec<ItemKey>>,
}

impl Themes {
    /// Themes that have seen nothing; `config` bounds each of the four kinds.
    pub fn new(config: TrendConfig) -> Self {
        Self {
            capacity: config.capacity,
            trends: ThemeKind::ALL.into_iter().map(|kind| (kind, Trends::new(config.clone()))).collect(),
            samples: BTreeMap::new(),
        }
    }

    /// Counts the phrases of a post, but for `skip`: the brand's own names, folded. A post without a time counts at 1970.
    pub fn add(&mut self, mention: &Mention, text: &Text, skip: &[&str]) {
        let kinds: Vec<ThemeKind> = ThemeKind::ALL.into_iter().filter(|kind| kind.holds(mention)).collect();
        if kinds.is_empty() {
            return;
        }
        let at = mention.at.unwrap_or_default();
        let phrases = phrases(text, skip);
        for kind in kinds {
            let Some(trends) = self.trends.get_mut(&kind) else { continue };
            for phrase in &phrases {
                trends.add(at, phrase, 1);
                let samples = self.samples.entry((kind, phrase.as_str().into())).or_default();
                if samples.len() < SAMPLES {
                    samples.push(mention.item.clone());
                }
            }
        }
        self.forget();
    }

    /// The phrases of most posts, at most `n`; words that mostly come in a phrase of the list are left out.
    pub fn top(&self, kind: ThemeKind, n: usize) -> Vec<Theme> {
        let Some(trends) = self.trends.get(&kind) else { return Vec::new() };
        let all = trends.all();
        let mut covered: BTreeMap<&str, u64> = BTreeMap::new();
        for hit in all.top() {
            for word in hit.term.split(' ').filter(|word| word.len() < hit.term.len()) {
                let most = covered.entry(word).or_default();
                *most = hit.least.max(*most);
            }
        }
        all.top()
            .filter(|hit| covered.get(hit.term).is_none_or(|phrase| phrase * 100 < hit.least * COVERED))
            .take(n)
            .map(|hit| self.theme(kind, hit.term, hit.least))
            .collect()
    }

    /// The phrases that come far more often than usual in the bucket of an instant, strongest growth first.
    ///
    /// Of questions these are what to write about; of complaints, a problem in the making.
    pub fn rising(&self, kind: ThemeKind, at: Timestamp) -> Vec<Rising> {
        let emerging = self.trends.get(&kind).map(|trends| trends.emerging(at)).unwrap_or_default();
        let longer: BTreeSet<Box<str>> = emerging
            .iter()
            .filter(|one| one.term.contains(' '))
            .flat_map(|one| one.term.split(' ').map(Into::into).collect::<Vec<Box<str>>>())
            .collect();
        emerging
            .into_iter()
            .filter(|one| !longer.contains(&one.term))
            .map(|growth| Rising { theme: self.theme(kind, &growth.term, growth.least), growth })
            .collect()
    }

    /// Topics that people suddenly ask about: what to write about next.
    pub fn content_suggestions(&self, at: Timestamp) -> Vec<ContentSuggestion> {
        self.rising(ThemeKind::Question, at)
            .into_iter()
            .map(|rising| ContentSuggestion {
                topic: rising.theme.phrase,
                questions: rising.growth.least,
                usual: rising.growth.usual,
                samples: rising.theme.samples,
            })
            .collect()
    }

    /// What to build and what to mend: the top `n` requests and complaints that at least `floor` posts share.
    pub fn opportunities(&self, n: usize, floor: u64) -> Vec<Opportunity> {
        let of = |kind, what| {
            self.top(kind, n)
                .into_iter()
                .filter(move |theme| theme.posts >= floor)
                .map(move |theme| Opportunity { kind: what, theme })
        };
        of(ThemeKind::Request, OpportunityKind::ProductIdea)
            .chain(of(ThemeKind::Complaint, OpportunityKind::ServiceFix))
            .collect()
    }

    fn theme(&self, kind: ThemeKind, phrase: &str, posts: u64) -> Theme {
        let samples = self.samples.get(&(kind, phrase.into())).cloned().unwrap_or_default();
        Theme { phrase: phrase.into(), posts, samples }
    }

    /// Drops the samples of phrases that are no longer counted, when they are far more than those counted.
    fn forget(&mut self) {
        if self.samples.len() < 8 * self.capacity.max(64) {
            return;
        }
        let counted: BTreeMap<ThemeKind, _> =
            self.trends.iter().map(|(kind, trends)| (*kind, trends.all())).collect();
        self.samples
            .retain(|(kind, phrase), _| counted.get(kind).is_some_and(|all| all.count(phrase).least > 0));
    }
}

/// The phrases of a text, each once.
fn phrases(text: &Text, skip: &[&str]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for clause in text.clauses() {
        let mut before: Option<&str> = None;
        for token in text.tokens().get(clause).unwrap_or(&[]) {
            if out.len() >= PHRASES {
                return out;
            }
            let word = telling(text, token, skip);
            if let Some(word) = word {
                if word.chars().count() > 3 {
                    out.insert(word.to_owned());
                }
                if let Some(before) = before {
                    out.insert(format!("{before} {word}"));
                }
            }
            before = word;
        }
    }
    out
}

fn telling<'t>(text: &'t Text, token: &Token, skip: &[&str]) -> Option<&'t str> {
    let word = text.folded(token);
    let subject = token.kind() == TokenKind::Word
        && !token.is_joined()
        && token.mark() != Some(crate::text::Mark::At)
        && word.chars().any(char::is_alphabetic)
        && word.chars().count() > 1
        && !skip.contains(&word)
        && !PLAIN.contains(&format!(" {word} "));
    subject.then_some(word)
}

/// A phrase, how many posts have it at least, and some of them.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, ThemeKind, Themes};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut themes = Themes::new(TrendConfig::default());
/// for id in ["1", "2", "3"] {
///     let (text, item) = (Text::new("the hinge squeaks"), Interaction::new(Platform::X, id, InteractionKind::Post));
///     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", "bug")), &text, &[]);
/// }
/// let theme = &themes.top(ThemeKind::Complaint, 1)[0];
/// // A line of a report, with the first post to look at.
/// assert_eq!(format!("{} ({})", theme.phrase, theme.posts), "hinge squeaks (3)");
/// assert_eq!(theme.samples[0].to_string(), "x:1");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    /// One word or two, folded.
    pub phrase: Box<str>,
    /// At least so many posts.
    pub posts: u64,
    /// The first of them, five at most.
    pub samples: Vec<ItemKey>,
}

/// A phrase that comes far more often than usual.
///
/// ```
/// # use hearken::facts::Facts;
/// # use hearken::listen::{Mention, ThemeKind, Themes};
/// # use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// # use hearken::pulse::TrendConfig;
/// # use hearken::text::Text;
/// # let (day, mut themes) = (86_400, Themes::new(TrendConfig::default()));
/// # let mut complain = |source: &str, on: i64, times: usize| (0..times).for_each(|n| {
/// #     let text = Text::new(source);
/// #     let mut item = Interaction::new(Platform::X, format!("{source} {on} {n}"), InteractionKind::Post);
/// #     item.published_at = Some(Timestamp::from_secs(on * day));
/// #     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", "complaint")), &text, &[]);
/// # });
/// // Delivery is complained of every day; today, the hinge.
/// for on in 0..10 {
///     complain("delivery", on, 6);
/// }
/// complain("hinge", 9, 12);
/// let rising = themes.rising(ThemeKind::Complaint, Timestamp::from_secs(9 * day));
/// assert_eq!((rising.len(), &*rising[0].theme.phrase), (1, "hinge"));
/// assert_eq!((rising[0].growth.least, rising[0].growth.usual), (12, 0.0));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Rising {
    /// The phrase, and its posts in this bucket.
    pub theme: Theme,
    /// How it grows.
    pub growth: Emerging,
}

/// A topic to write about.
///
/// ```
/// # use hearken::facts::Facts;
/// # use hearken::listen::{Mention, Themes};
/// # use hearken::model::{Interaction, InteractionKind, Platform, Timestamp};
/// # use hearken::pulse::TrendConfig;
/// # use hearken::text::Text;
/// # let (day, mut themes) = (86_400, Themes::new(TrendConfig::default()));
/// # let mut ask = |source: &str, on: i64, times: usize| (0..times).for_each(|n| {
/// #     let text = Text::new(source);
/// #     let mut item = Interaction::new(Platform::X, format!("{source} {on} {n}"), InteractionKind::Post);
/// #     item.published_at = Some(Timestamp::from_secs(on * day));
/// #     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", "question")), &text, &[]);
/// # });
/// ask("warranty?", 0, 2);
/// ask("warranty?", 7, 12);
/// let page = &themes.content_suggestions(Timestamp::from_secs(7 * day))[0];
/// assert_eq!((&*page.topic, page.questions), ("warranty", 12), "the page to write today");
/// assert!(page.usual < 1.0 && !page.samples.is_empty());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct ContentSuggestion {
    /// What is asked about.
    pub topic: Box<str>,
    /// At least so many questions in the bucket.
    pub questions: u64,
    /// The most there can have been on average before.
    pub usual: f64,
    /// Some of the posts that ask.
    pub samples: Vec<ItemKey>,
}

/// What sort of opportunity a theme is.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, OpportunityKind, Themes};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut themes = Themes::new(TrendConfig::default());
/// for (source, topic) in [("darkmode", "feature_request"), ("hinge", "complaint")] {
///     let (text, item) = (Text::new(source), Interaction::new(Platform::X, source, InteractionKind::Post));
///     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", topic)), &text, &[]);
/// }
/// let to = |kind| match kind { OpportunityKind::ProductIdea => "product", OpportunityKind::ServiceFix => "service" };
/// let found = themes.opportunities(5, 1);
/// let sent: Vec<_> = found.iter().map(|found| (to(found.kind), &*found.theme.phrase)).collect();
/// assert_eq!(sent, [("product", "darkmode"), ("service", "hinge")]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OpportunityKind {
    /// Something to build: people ask for it.
    ProductIdea,
    /// Something to mend: people complain of it.
    ServiceFix,
}

/// Something to build or to mend, with the posts that say so.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Themes};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut themes = Themes::new(TrendConfig::default());
/// for (id, source) in ["darkmode", "darkmode", "bluetooth"].iter().enumerate() {
///     let (text, item) = (Text::new(source), Interaction::new(Platform::X, id.to_string(), InteractionKind::Post));
///     themes.add(&Mention::of(&item, &Facts::new(&text).with("topic", "feature_request")), &text, &[]);
/// }
/// // What at least two people ask for, with who they are.
/// let found = themes.opportunities(5, 2);
/// assert_eq!((found.len(), &*found[0].theme.phrase, found[0].theme.samples.len()), (1, "darkmode", 2));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opportunity {
    /// Build or mend.
    pub kind: OpportunityKind,
    /// What.
    pub theme: Theme,
}
