//! What each platform lets a brand send, as data, and the check of a draft against it.

use crate::model::{Platform, Span};
use crate::text::{FacetKind, Text, weighted_length};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// How a platform measures the length of a text.
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Capabilities, Draft, LengthLimit, LengthMetric};
///
/// // One family is one character to whoever reads, and many to a machine.
/// let fits = |metric| {
///     let mut platform = Capabilities::of(&Platform::Mastodon);
///     platform.text = vec![LengthLimit { metric, max: 5 }];
///     platform.validate(&Draft::new("👩‍👩‍👧")).is_empty()
/// };
/// assert!(fits(LengthMetric::Graphemes) && fits(LengthMetric::Scalars) && fits(LengthMetric::Weighted));
/// assert!(!fits(LengthMetric::Utf16) && !fits(LengthMetric::Bytes));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LengthMetric {
    /// Weighted characters, as X counts them (twitter-text v3).
    Weighted,
    /// Extended grapheme clusters: what people call characters.
    Graphemes,
    /// UTF-8 bytes.
    Bytes,
    /// UTF-16 code units.
    Utf16,
    /// Unicode scalar values.
    Scalars,
}

/// A bound on the length of a text.
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Capabilities, Draft, LengthLimit};
///
/// // The contract of this brand with X allows long posts: a file of settings says so.
/// let mut x = Capabilities::of(&Platform::X);
/// let long = "It is true. ".repeat(40);
/// assert_eq!(x.validate(&Draft::new(&long)).len(), 1);
/// x.text = vec![serde_json::from_str::<LengthLimit>(r#"{"metric": "weighted", "max": 25000}"#).unwrap()];
/// assert!(x.validate(&Draft::new(&long)).is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LengthLimit {
    /// How it is measured.
    pub metric: LengthMetric,
    /// The longest that is allowed.
    pub max: u32,
}

/// What a platform lets a brand send. Data: a host overrides what its instance or contract changes.
///
/// The figures are those that the platforms document; several drift, and Mastodon's are the server's own
/// (`configuration.statuses`).
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Capabilities, Draft, ViolationKind};
///
/// let mut server = Capabilities::of(&Platform::Mastodon);
/// server.text[0].max = 10; // this server is terse
/// let draft = Draft::new("We are sorry 👩‍🚒!");
/// let violations = server.validate(&draft);
/// assert_eq!(violations[0].kind, ViolationKind::TooLong);
/// assert_eq!(violations[0].span.unwrap().of(draft.text), Some("ry 👩‍🚒!"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capabilities {
    /// The platform.
    pub platform: Platform,
    /// Bounds of a public text; all hold.
    pub text: Vec<LengthLimit>,
    /// Bounds of a private message; all hold.
    pub private_text: Vec<LengthLimit>,
    /// What a link counts for, where that is not its length (Mastodon). X's metric has this inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_length: Option<u32>,
    /// Most attachments of one item.
    pub attachments: u32,
    /// Replies to replies are shown under what they answer.
    pub threads: bool,
    /// A sent item may be edited.
    pub edit: bool,
    /// The brand may write private messages.
    pub direct_messages: bool,
    /// The brand may react to an item.
    pub reactions: bool,
}

/// What a draft wants to be.
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Act, Capabilities, Draft};
///
/// let may = |platform, act| {
///     Capabilities::of(&platform).validate(&Draft { act, ..Draft::new("We are sorry.") }).is_empty()
/// };
/// assert!(may(Platform::Facebook, Act::Edit) && !may(Platform::X, Act::Edit), "what is sent there is sent");
/// assert!(may(Platform::X, Act::DirectMessage) && !may(Platform::Youtube, Act::DirectMessage));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A post of its own, or an answer to one.
    #[default]
    Post,
    /// An answer to an answer.
    ThreadReply,
    /// A new form of an item that was sent.
    Edit,
    /// A private message.
    DirectMessage,
    /// A reaction, without text.
    Reaction,
}

/// Something the brand is about to send.
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Capabilities, Draft};
///
/// let with_pictures = Draft { attachments: 6, ..Draft::new("Our new lamps") };
/// let wrong = |platform| Capabilities::of(&platform).validate(&with_pictures).len();
/// assert_eq!((wrong(Platform::Telegram), wrong(Platform::X)), (0, 1), "ten there, four here");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Draft<'a> {
    /// The text.
    pub text: &'a str,
    /// What it wants to be.
    pub act: Act,
    /// Count of attachments.
    pub attachments: u32,
}

impl<'a> Draft<'a> {
    /// A post with a text and nothing else.
    pub fn new(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }
}

/// What sort of violation.
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Act, Capabilities, Draft, ViolationKind};
///
/// let youtube = Capabilities::of(&Platform::Youtube);
/// let kinds = |draft: Draft| youtube.validate(&draft).iter().map(|found| found.kind).collect::<Vec<_>>();
/// assert_eq!(kinds(Draft::new(" ")), [ViolationKind::Empty]);
/// let message = Draft { act: Act::DirectMessage, attachments: 1, ..Draft::new("Hello!") };
/// assert_eq!(kinds(message), [ViolationKind::Unsupported, ViolationKind::TooManyAttachments]);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViolationKind {
    /// Nothing in it.
    Empty,
    /// The text is over a bound.
    TooLong,
    /// More attachments than allowed.
    TooManyAttachments,
    /// The platform has no such act.
    Unsupported,
}

/// A way in which a draft breaks a platform's rules.
///
/// ```
/// use hearken::model::Platform;
/// use hearken::source::{Capabilities, Draft};
///
/// let text = "a".repeat(303);
/// let found = &Capabilities::of(&Platform::Bluesky).validate(&Draft::new(&text))[0];
/// // What an editor marks, and what it says beside it.
/// assert_eq!(found.span.unwrap().of(&text), Some("aaa"));
/// assert_eq!(found.detail, "303 graphemes, bluesky allows 300");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// What sort.
    pub kind: ViolationKind,
    /// The part of the text that is too much: from the first character over the bound to the end.
    pub span: Option<Span>,
    /// In words, with the figures.
    pub detail: String,
}

impl Capabilities {
    /// The documented table's row for a platform; a platform that is not in it may do everything, to 10,000
    /// characters.
    pub fn of(platform: &Platform) -> Self {
        use LengthMetric::{Bytes, Graphemes, Scalars, Utf16, Weighted};
        let row = |text: &[(LengthMetric, u32)], private: &[(LengthMetric, u32)], attachments| {
            let bounds = |list: &[(LengthMetric, u32)]| {
                list.iter().map(|&(metric, max)| LengthLimit { metric, max }).collect::<Vec<_>>()
            };
            Self {
                platform: platform.clone(),
                text: bounds(text),
                private_text: bounds(private),
                link_length: None,
                attachments,
                threads: true,
                edit: true,
                direct_messages: !private.is_empty(),
                reactions: true,
            }
        };
        match platform {
            Platform::X => Self { edit: false, ..row(&[(Weighted, 280)], &[(Scalars, 10_000)], 4) },
            Platform::Facebook => row(&[(Scalars, 8_000)], &[(Scalars, 2_000)], 1),
            Platform::Instagram => Self { edit: false, ..row(&[(Scalars, 2_200)], &[(Bytes, 1_000)], 0) },
            Platform::Messenger => {
                Self { edit: false, threads: false, ..row(&[(Scalars, 2_000)], &[(Scalars, 2_000)], 1) }
            }
            Platform::Threads => Self { edit: false, reactions: false, ..row(&[(Scalars, 500)], &[], 20) },
            Platform::Whatsapp => {
                Self { edit: false, threads: false, ..row(&[(Scalars, 4_096)], &[(Scalars, 4_096)], 1) }
            }
            Platform::Linkedin => row(&[(Utf16, 1_250)], &[], 1),
            Platform::Youtube => Self { reactions: false, ..row(&[(Scalars, 10_000)], &[], 0) },
            Platform::Mastodon => {
                Self { link_length: Some(23), ..row(&[(Graphemes, 500)], &[(Graphemes, 500)], 4) }
            }
            Platform::Bluesky => {
                let text = [(Graphemes, 300), (Bytes, 3_000)];
                Self { edit: false, ..row(&text, &[(Graphemes, 1_000), (Bytes, 10_000)], 4) }
            }
            Platform::Reddit => row(&[(Scalars, 10_000)], &[(Scalars, 10_000)], 0),
            Platform::Tiktok => Self { edit: false, ..row(&[(Scalars, 150)], &[], 0) },
            Platform::Telegram => row(&[(Utf16, 4_096)], &[(Utf16, 4_096)], 10),
            _ => row(&[(Scalars, 10_000)], &[(Scalars, 10_000)], 10),
        }
    }

    /// Lists every way in which `draft` breaks the rules; empty when it may be sent.
    ///
    /// One pass over the text for each bound; about log₂ n passes for [`LengthMetric::Weighted`] on a text
    /// that is too long.
    pub fn validate(&self, draft: &Draft) -> Vec<Violation> {
        let mut violations = Vec::new();
        let (supported, what) = match draft.act {
            Act::Post => (true, "posts"),
            Act::ThreadReply => (self.threads, "answers to answers"),
            Act::Edit => (self.edit, "edits"),
            Act::DirectMessage => (self.direct_messages, "private messages"),
            Act::Reaction => (self.reactions, "reactions"),
        };
        if !supported {
            let detail = format!("{} has no {what}", self.platform);
            violations.push(Violation { kind: ViolationKind::Unsupported, span: None, detail });
        }
        if draft.text.trim().is_empty() && draft.attachments == 0 && draft.act != Act::Reaction {
            let detail = "neither text nor attachment".to_owned();
            violations.push(Violation { kind: ViolationKind::Empty, span: None, detail });
        }
        let bounds = if draft.act == Act::DirectMessage { &self.private_text } else { &self.text };
        for bound in bounds {
            let (length, over) = self.measure(draft.text, *bound);
            if let Some(over) = over {
                let detail = format!("{length} {:?}, {} allows {}", bound.metric, self.platform, bound.max)
                    .to_lowercase();
                let span = Some(Span::new(over as u32, draft.text.len() as u32));
                violations.push(Violation { kind: ViolationKind::TooLong, span, detail });
            }
        }
        if draft.attachments > self.attachments {
            let detail =
                format!("{} attachments, {} allows {}", draft.attachments, self.platform, self.attachments);
            violations.push(Violation { kind: ViolationKind::TooManyAttachments, span: None, detail });
        }
        violations
    }

    /// The length of a text, and its first byte over the bound.
    fn measure(&self, text: &str, bound: LengthLimit) -> (usize, Option<usize>) {
        let max = bound.max as usize;
        if bound.metric == LengthMetric::Weighted {
            let length = weighted_length(text);
            if length <= max {
                return (length, None);
            }
            let ends: Vec<usize> = text.grapheme_indices(true).map(|(at, part)| at + part.len()).collect();
            let fits = |end: &usize| text.get(..*end).is_some_and(|start| weighted_length(start) <= max);
            let fitting = ends.get(..ends.partition_point(fits)).and_then(<[usize]>::last);
            return (length, Some(fitting.copied().unwrap_or(0)));
        }
        let (mut length, mut over) = (0, None);
        let links = self.link_length.map_or_else(Vec::new, |_| links(text));
        let mut links = links.iter().peekable();
        for (at, grapheme) in text.grapheme_indices(true) {
            while links.next_if(|link| link.range().end <= at).is_some() {}
            length += match links.peek() {
                Some(link) if link.range().start == at => self.link_length.unwrap_or(0) as usize,
                Some(link) if link.range().contains(&at) => 0,
                _ => match bound.metric {
                    LengthMetric::Bytes => grapheme.len(),
                    LengthMetric::Utf16 => grapheme.encode_utf16().count(),
                    LengthMetric::Scalars => grapheme.chars().count(),
                    LengthMetric::Graphemes | LengthMetric::Weighted => 1,
                },
            };
            if length > max {
                over = over.or(Some(at));
            }
        }
        (length, over)
    }
}

/// Where the links of a text are, in order.
fn links(text: &str) -> Vec<Span> {
    let facets = Text::new(text).facets();
    facets.iter().filter(|facet| facet.kind() == FacetKind::Link).map(|facet| facet.span()).collect()
}
