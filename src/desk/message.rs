use super::approve::{Author, Draft as Reply, TextHash};
use crate::model::Platform;
use crate::source::{Capabilities, Draft, Violation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One sentence or paragraph of a message.
///
/// ```
/// use hearken::desk::{Message, Part};
/// use hearken::model::Platform;
/// use hearken::source::Capabilities;
///
/// let part = |text: &str, optional| Part { text: text.into(), optional };
/// let thanks = "Thank you for your patience. ".repeat(12);
/// let message = Message { id: "up".into(), parts: vec![part("It works again.", false), part(&thanks, true)] };
/// let group = message.render([&Capabilities::of(&Platform::X)]).unwrap();
/// assert_eq!(group.variants[&Platform::X], "It works again.", "no room for thanks");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// The words.
    pub text: String,
    /// Left out where the platform has no room for it.
    #[serde(default)]
    pub optional: bool,
}

/// What the brand wants to say everywhere at once.
///
/// ```
/// use hearken::desk::Message;
/// use hearken::model::Platform;
/// use hearken::source::Capabilities;
///
/// let message: Message = serde_json::from_str(
///     r#"{"id": "up", "parts": [{"text": "It works again."}, {"text": "Thank you!", "optional": true}]}"#).unwrap();
/// let group = message.render([Platform::X, Platform::Linkedin].map(|p| Capabilities::of(&p)).iter()).unwrap();
/// assert!(group.variants.values().all(|text| text == "It works again. Thank you!"), "it fits both");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Its name.
    pub id: String,
    /// What it says, in order. What matters most is not optional.
    pub parts: Vec<Part>,
}

/// A message that does not fit a platform, even without its optional parts.
///
/// ```
/// use hearken::desk::Message;
/// use hearken::model::Platform;
/// use hearken::source::Capabilities;
///
/// let long = "Nothing of this may be left out. ".repeat(12);
/// let parts = serde_json::json!({"id": "terms", "parts": [{"text": long}]});
/// let message: Message = serde_json::from_value(parts).unwrap();
/// let unfit = message.render([Platform::X, Platform::Facebook].map(|p| Capabilities::of(&p)).iter()).unwrap_err();
/// assert_eq!(unfit.len(), 1, "Facebook has room");
/// assert_eq!(unfit[0].platform, Platform::X);
/// assert!(unfit[0].to_string().starts_with("message terms does not fit x: "), "{}", unfit[0]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("message {message} does not fit {platform}: {}", .violations.iter().map(|v| &*v.detail).collect::<Vec<_>>().join("; "))]
#[non_exhaustive]
pub struct Unfit {
    /// The message.
    pub message: String,
    /// The platform.
    pub platform: Platform,
    /// What it breaks there.
    pub violations: Vec<Violation>,
}

impl Message {
    /// The message in the form of each platform: all parts where they fit; else optional parts are left out from the end
    /// until the rest does. No sentence is ever cut.
    ///
    /// # Errors
    /// Every platform that it does not fit, with all that is wrong there.
    pub fn render<'a>(
        &self,
        platforms: impl IntoIterator<Item = &'a Capabilities>,
    ) -> Result<MessageGroup, Vec<Unfit>> {
        let (mut variants, mut unfit) = (BTreeMap::new(), Vec::new());
        for capabilities in platforms {
            match self.fit(capabilities) {
                Ok(text) => drop(variants.insert(capabilities.platform.clone(), text)),
                Err(violations) => {
                    let (message, platform) = (self.id.clone(), capabilities.platform.clone());
                    unfit.push(Unfit { message, platform, violations });
                }
            }
        }
        if unfit.is_empty() { Ok(MessageGroup { id: self.id.clone(), variants }) } else { Err(unfit) }
    }

    fn fit(&self, capabilities: &Capabilities) -> Result<String, Vec<Violation>> {
        let mut parts: Vec<&Part> = self.parts.iter().collect();
        loop {
            let text = parts.iter().map(|part| part.text.trim()).collect::<Vec<_>>().join(" ");
            let violations = capabilities.validate(&Draft::new(&text));
            match parts.iter().rposition(|part| part.optional) {
                _ if violations.is_empty() => return Ok(text),
                Some(place) => drop(parts.remove(place)),
                None => return Err(violations),
            }
        }
    }
}

/// One message in the words of each platform, approved as one.
///
/// It goes through the same approval as any reply: [`draft`](MessageGroup::draft) makes a [`Draft`](super::Draft) whose
/// text is the whole group, so that an approval is bound to the exact words of *every* variant, nobody approves their own,
/// it expires, and a [`Schedule`](super::Schedule) can hold it back. What the draft publishes is the [`approval id`](MessageGroup::approval)
/// that every variant bears.
///
/// ```
/// use hearken::desk::*;
/// use hearken::model::{Platform, Timestamp};
/// use hearken::source::Capabilities;
///
/// let message: Message = serde_json::from_str(r#"{"id": "recall", "parts": [
///     {"text": "Please stop using the Boil 2 until we have called you."},
///     {"text": "We will tell you more at six, and every two hours from then on, here and on every other channel that we have; until then our people answer each of you as fast as they can. Nobody has to bring the box or the bill, and nobody has to ask twice: whoever has written to us already is on the list.", "optional": true}]}"#).unwrap();
/// let group = message.render(&[Platform::X, Platform::Facebook].map(|p| Capabilities::of(&p))).unwrap();
/// assert!(group.variants[&Platform::X].len() < group.variants[&Platform::Facebook].len());
///
/// let (now, policy, setting) = (Timestamp::from_secs(0), ApprovalPolicy::default(), Setting::default());
/// let mut draft = group.draft(Author::Person("ann".into()));
/// draft.step(DraftEvent::Submit, now, &policy, setting);
/// draft.step(DraftEvent::Approve { by: "bo".into(), text: group.approval() }, now, &policy, setting);
/// let sent = draft.step(DraftEvent::Publish { text: group.approval(), case_version: 0 }, now, &policy, setting);
/// let Some(DraftCommand::Publish { hash, .. }) = sent.first() else { panic!("{sent:?}") };
/// let posts = group.release(hash);
/// assert_eq!(posts.len(), 2);
/// assert!(posts.iter().all(|post| post.approval == group.approval()), "one approval for all of them");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageGroup {
    /// The message's name.
    pub id: String,
    /// Its words by platform.
    pub variants: BTreeMap<Platform, String>,
}

/// One variant on its way out.
///
/// ```
/// use hearken::desk::{Message, TextHash};
/// use hearken::model::Platform;
/// use hearken::source::Capabilities;
///
/// let message: Message = serde_json::from_str(r#"{"id": "up", "parts": [{"text": "It works again."}]}"#).unwrap();
/// let group = message.render([&Capabilities::of(&Platform::X)]).unwrap();
/// assert!(group.release(&TextHash::of("something else")).is_empty(), "not what was approved");
/// let posts = group.release(&group.approval());
/// assert_eq!((&posts[0].platform, posts[0].text.as_str()), (&Platform::X, "It works again."));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupPost {
    /// Where.
    pub platform: Platform,
    /// The words.
    pub text: String,
    /// The approval it goes out under: the same for all of a group.
    pub approval: TextHash,
}

impl MessageGroup {
    /// What an approval is bound to: the words of every variant. A change in one makes another id.
    pub fn approval(&self) -> TextHash {
        TextHash::of(&self.sheet())
    }

    /// The group as one draft, to be submitted and approved.
    pub fn draft(&self, author: Author) -> Reply {
        Reply::new(self.id.clone(), author, self.sheet())
    }

    /// The posts to send, by platform, once a draft has published `approved`; none when that is not this group's, word by
    /// word.
    pub fn release(&self, approved: &TextHash) -> Vec<GroupPost> {
        let approval = self.approval();
        if approval != *approved {
            return Vec::new();
        }
        let post = |(platform, text): (&Platform, &String)| GroupPost {
            platform: platform.clone(),
            text: text.clone(),
            approval: approval.clone(),
        };
        self.variants.iter().map(post).collect()
    }

    /// Every variant in one text, quoted, so that no two groups have the same.
    fn sheet(&self) -> String {
        let quoted = |(platform, text): (&Platform, &String)| format!("{:?}: {text:?}\n", platform.as_str());
        self.variants.iter().map(quoted).collect()
    }
}
