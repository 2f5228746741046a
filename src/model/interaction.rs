use super::metrics::{growth, in_order};
use super::open::open_enum;
use super::{
    AccountKey, AgentId, EngagementMetrics, Extensions, ItemKey, Personal, Platform, Poll, Profile,
    Provenance, Span, Timestamp,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

open_enum!(
    /// What sort of act an interaction is.
    InteractionKind {
        /// A post of one's own.
        Post = "post",
        /// A comment under a post.
        Comment = "comment",
        /// A reply to a comment or post.
        Reply = "reply",
        /// A post that quotes another.
        Quote = "quote",
        /// A share or repost without words of one's own.
        Share = "share",
        /// A post that mentions the brand's account.
        Mention = "mention",
        /// A private message.
        DirectMessage = "direct_message",
        /// A like or another reaction.
        Reaction = "reaction",
        /// A review, with or without a rating.
        Review = "review",
        /// A follow.
        Follow = "follow",
        /// An unfollow.
        Unfollow = "unfollow",
        /// A reply to a story.
        StoryReply = "story_reply",
        /// A comment in a live stream.
        LiveComment = "live_comment",
        /// A call.
        Call = "call",
        /// An e-mail.
        Email = "email",
        /// A form that was filled in.
        Form = "form",
    }
);

open_enum!(
    /// Who speaks to whom.
    Direction {
        /// To the brand.
        Inbound = "inbound",
        /// From the brand.
        Outbound = "outbound",
        /// Between others.
        Peer = "peer",
    }
);

open_enum!(
    /// Who can see an item.
    Visibility {
        /// Anybody.
        Public = "public",
        /// Anybody with the link.
        Unlisted = "unlisted",
        /// The author's followers.
        Followers = "followers",
        /// The people addressed: a private message.
        Direct = "direct",
        /// The brand's own staff.
        Internal = "internal",
    }
);

open_enum!(
    /// What sort of place an item comes from.
    SourceKind {
        /// A social network.
        SocialNetwork = "social_network",
        /// A forum.
        Forum = "forum",
        /// A blog.
        Blog = "blog",
        /// A site of reviews.
        ReviewSite = "review_site",
        /// A news site.
        News = "news",
        /// A channel of the host's own: mail, phone, tickets.
        OwnChannel = "own_channel",
    }
);

/// One thing that somebody said or did, as the platform told it. What analysers find stands in `Facts`.
///
/// Absent is not zero: a field that the platform did not give is `None` or empty.
///
/// ```
/// use hearken::model::{Interaction, InteractionKind, Platform};
///
/// let mut post = Interaction::new(Platform::X, "1790000000000000001", InteractionKind::Post);
/// post.content.text = "My lamp broke after a week".into();
/// let json = serde_json::to_string(&post).unwrap();
/// assert_eq!(serde_json::from_str::<Interaction>(&json).unwrap(), post);
/// assert!(!format!("{post:?}").contains("lamp")); // Debug is redacted
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interaction {
    /// The platform's own id.
    #[serde(flatten)]
    pub key: ItemKey,
    /// What sort of act.
    pub kind: InteractionKind,
    /// Who speaks to whom.
    pub direction: Direction,
    /// Who can see it.
    pub visibility: Visibility,
    /// What sort of place it comes from.
    pub source_kind: SourceKind,
    /// Who spoke, with what the payload said of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Profile>,
    /// Accounts addressed or mentioned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<AccountKey>,
    /// The brand's account that received or published it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_account: Option<AccountKey>,
    /// The agent who wrote it on the brand's behalf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// When it was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<Timestamp>,
    /// When it was last edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// A link to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Box<str>>,
    /// A title, where the place has titles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Personal>,
    /// What was said.
    pub content: Content,
    /// Parts of the text that the platform marked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<Facet>,
    /// Pictures, films, sound, files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
    /// The item this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<Box<str>>,
    /// The first item of the thread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root: Option<Box<str>>,
    /// The item this quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<Box<str>>,
    /// The item this shares or reacts to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share_of: Option<Box<str>>,
    /// The platform's id of the conversation: a thread or a chat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<Box<str>>,
    /// A reaction's name (`like`, `love`) or emoji.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<Box<str>>,
    /// A review's rating.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// A poll that came with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poll: Option<Box<Poll>>,
    /// Where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    /// The author or platform marked it as sensitive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensitive: Option<bool>,
    /// Labels that services put on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Counts at the time of the payload; of a stored item the latest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<EngagementMetrics>,
    /// Earlier counts, in order of time: see [`measure`](Interaction::measure).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics_history: Vec<EngagementMetrics>,
    /// A campaign the item belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Box<str>>,
    /// Milliseconds into the live stream or film that this belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream_offset_ms: Option<u64>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Box<Provenance>>,
    /// Fields this version does not know: they survive a round trip.
    #[serde(flatten)]
    pub extensions: Extensions,
}

impl Interaction {
    /// An inbound public item of a social network with nothing in it yet.
    pub fn new(platform: Platform, id: impl Into<Box<str>>, kind: InteractionKind) -> Self {
        let visibility = match kind {
            InteractionKind::DirectMessage | InteractionKind::Email | InteractionKind::Call => {
                Visibility::Direct
            }
            _ => Visibility::Public,
        };
        Self {
            key: ItemKey::new(platform, id),
            kind,
            direction: Direction::Inbound,
            visibility,
            source_kind: SourceKind::SocialNetwork,
            author: None,
            recipients: Vec::new(),
            brand_account: None,
            agent: None,
            published_at: None,
            edited_at: None,
            url: None,
            title: None,
            content: Content::default(),
            facets: Vec::new(),
            attachments: Vec::new(),
            in_reply_to: None,
            root: None,
            quotes: None,
            share_of: None,
            conversation: None,
            reaction: None,
            review: None,
            poll: None,
            geo: None,
            sensitive: None,
            labels: Vec::new(),
            metrics: None,
            metrics_history: Vec::new(),
            campaign: None,
            stream_offset_ms: None,
            provenance: None,
            extensions: Extensions::new(),
        }
    }

    /// All that it says: its text, and the question and answers of its poll, a line each. Spans of the text hold in it.
    ///
    /// ```
    /// use hearken::model::{Interaction, InteractionKind, Platform, Poll, PollOption};
    ///
    /// let mut item = Interaction::new(Platform::X, "1", InteractionKind::Post);
    /// item.content.text = "Which one?".into();
    /// assert_eq!(item.words(), "Which one?");
    /// let options = ["Kettle", "Lamp"].map(|text| PollOption { text: text.into(), votes: None });
    /// item.poll = Some(Box::new(Poll { options: options.into(), ..Poll::default() }));
    /// assert_eq!(item.words(), "Which one?\nKettle\nLamp");
    /// ```
    pub fn words(&self) -> Cow<'_, str> {
        let text = self.content.text.reveal();
        let Some(poll) = &self.poll else { return Cow::Borrowed(text) };
        let options = poll.options.iter().map(|option| &option.text);
        let lines = poll.question.iter().chain(options).map(|words| words.reveal());
        Cow::Owned([text].into_iter().chain(lines).collect::<Vec<_>>().join("\n"))
    }

    /// Takes counts in, in whatever order they come; false when they tell nothing new. Of counts that stay as they are, the
    /// first and the last time are kept, and no more than the `keep` different ones that were given last. Counts without a
    /// time are of `now`, and new only where none like them are known.
    ///
    /// ```
    /// use hearken::model::{EngagementMetrics, Interaction, InteractionKind, Platform, Timestamp};
    ///
    /// let seen = |seconds, reactions| EngagementMetrics {
    ///     observed_at: Some(Timestamp::from_secs(seconds)), reactions: Some(reactions), ..EngagementMetrics::default()
    /// };
    /// let (mut post, now) = (Interaction::new(Platform::X, "1", InteractionKind::Post), Timestamp::from_secs(900));
    /// let mut take = |seen| post.measure(seen, now, 64);
    /// assert!(take(seen(60, 3)) && take(seen(600, 40)));
    /// assert!(!take(seen(600, 40)), "it was told before");
    /// assert!(take(seen(300, 12)), "late, and in its place all the same");
    /// assert_eq!(post.metrics.as_ref().unwrap().reactions, Some(40));
    /// assert_eq!(post.metrics_history, [seen(60, 3), seen(300, 12)]);
    /// assert_eq!(post.growth(), [("reactions", 37)]);
    /// ```
    pub fn measure(&mut self, mut seen: EngagementMetrics, now: Timestamp, keep: usize) -> bool {
        let mut all = std::mem::take(&mut self.metrics_history);
        all.extend(self.metrics.take());
        let before = all.clone();
        if seen.observed_at.is_some() || !all.iter().any(|known| known.says(&seen)) {
            seen.observed_at.get_or_insert(now);
            all.push(seen);
            in_order(&mut all, keep);
        }
        let is_new = all != before;
        self.metrics = all.pop();
        self.metrics_history = all;
        is_new
    }

    /// By how much each count has changed from the first time it was given to the last, by name; empty where only one is known.
    pub fn growth(&self) -> Vec<(&'static str, i64)> {
        growth(self.metrics_history.iter().chain(&self.metrics))
    }

    /// True for a message that only the people addressed may see.
    pub fn is_private(&self) -> bool {
        matches!(self.visibility, Visibility::Direct | Visibility::Internal)
    }
}

/// What was said.
///
/// ```
/// use hearken::model::Content;
///
/// let said = Content { text: "Où est ma lampe ?".into(), lang: Some("fr".into()), warning: None };
/// assert_eq!(serde_json::to_string(&said).unwrap(), r#"{"text":"Où est ma lampe ?","lang":"fr"}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Plain text; markup of the platform is taken out by its source.
    #[serde(default, skip_serializing_if = "Personal::is_empty")]
    pub text: Personal,
    /// BCP 47 language that the platform or host declares.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<Box<str>>,
    /// A warning that hides the text until opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning: Option<Personal>,
}

open_enum!(
    /// What sort of thing a facet marks.
    FacetKind {
        /// An account.
        Mention = "mention",
        /// A hashtag.
        Hashtag = "hashtag",
        /// A link.
        Link = "link",
        /// An emoji sequence.
        Emoji = "emoji",
        /// A cashtag.
        Cashtag = "cashtag",
        /// An e-mail address.
        Email = "email",
        /// A phone number.
        Phone = "phone",
        /// A product.
        Product = "product",
    }
);

/// A part of a text with a meaning.
///
/// ```
/// use hearken::model::{Facet, FacetKind, Span};
///
/// let text = "my #GlowLamp broke";
/// let tag = Facet { span: Span::new(3, 12), kind: FacetKind::Hashtag, target: Some("GlowLamp".into()) };
/// assert_eq!(tag.span.of(text), Some("#GlowLamp"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facet {
    /// Where, in UTF-8 bytes of the content's text.
    pub span: Span,
    /// What sort of thing.
    pub kind: FacetKind,
    /// What it points to: an account id, a link's target, a tag without its mark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Personal>,
}

/// A picture, film, sound or file that came with an item.
///
/// ```
/// use hearken::model::Attachment;
///
/// let picture = Attachment { kind: "image".into(), alt_text: Some("a torn cord".into()), ..Attachment::default() };
/// assert_eq!(serde_json::to_string(&picture).unwrap(), r#"{"kind":"image","alt_text":"a torn cord"}"#);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// `image`, `video`, `audio`, `file`, `link`, `location`, or the platform's word.
    pub kind: Box<str>,
    /// Where it can be had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Box<str>>,
    /// MIME type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<Box<str>>,
    /// The author's description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alt_text: Option<Personal>,
    /// Length in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// What is said in it, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transcript: Vec<Utterance>,
}

/// A piece of a transcript.
///
/// ```
/// use hearken::model::Utterance;
///
/// let said = Utterance { start_ms: 1_500, end_ms: 3_000, text: "the handle melted".into() };
/// assert_eq!(said.end_ms - said.start_ms, 1_500);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utterance {
    /// Milliseconds from the start.
    pub start_ms: u64,
    /// Milliseconds from the start at which it ends.
    pub end_ms: u64,
    /// What is said.
    pub text: Personal,
}

/// A rating, with the scale it is on.
///
/// ```
/// use hearken::model::Review;
///
/// let two_stars = Review { score: Some(2.0), scale_max: Some(5.0), scale_min: Some(1.0), subject: None };
/// let json = serde_json::to_string(&two_stars).unwrap();
/// assert_eq!(serde_json::from_str::<Review>(&json).unwrap(), two_stars);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The rating; absent in a review of words only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The best rating of the scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_max: Option<f64>,
    /// The worst rating of the scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale_min: Option<f64>,
    /// What is reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Box<str>>,
}

/// A place.
///
/// ```
/// use hearken::model::Geo;
///
/// let lund = Geo { country: Some("SE".into()), city: Some("Lund".into()), point: Some((55.70, 13.19)) };
/// assert_eq!(serde_json::from_str::<Geo>(r#"{"country":"SE","city":"Lund","point":[55.70,13.19]}"#).unwrap(), lund);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Geo {
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Box<str>>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<Box<str>>,
    /// Latitude and longitude in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<(f64, f64)>,
}

/// A label that a service put on an item or account.
///
/// ```
/// use hearken::model::Label;
///
/// let label: Label = serde_json::from_str(r#"{"source":"did:plc:mod","value":"spam"}"#).unwrap();
/// assert!(!label.negated && label.expires.is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Label {
    /// Who labels.
    pub source: Box<str>,
    /// The label.
    pub value: Box<str>,
    /// True when this takes an earlier label back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub negated: bool,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Timestamp>,
}
