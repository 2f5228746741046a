use super::open::open_enum;
use super::{AccountKey, Extensions, Geo, Label, Personal, Platform, Timestamp};
use serde::{Deserialize, Serialize};

open_enum!(
    /// What sort of holder an account has.
    ProfileKind {
        /// A person.
        Person = "person",
        /// A company or other body.
        Organization = "organization",
        /// A page.
        Page = "page",
        /// A group.
        Group = "group",
        /// A program.
        Bot = "bot",
    }
);

/// A social account, as a platform described it at one moment.
///
/// ```
/// use hearken::model::{Platform, Profile};
///
/// let mut ann = Profile::new(Platform::Bluesky, "did:plc:abc");
/// ann.handle = Some("ann.example.com".into());
/// assert_eq!(ann.followers, None); // absent is not zero
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The platform's own, stable id.
    #[serde(flatten)]
    pub key: AccountKey,
    /// The name one addresses, without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Personal>,
    /// Handles of before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous_handles: Vec<Personal>,
    /// The name shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<Personal>,
    /// What the holder says of themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bio: Option<Personal>,
    /// A link to the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Personal>,
    /// Links the holder gives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Personal>,
    /// E-mail addresses the holder or host declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Personal>,
    /// Phone numbers the holder or host declares.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Personal>,
    /// Decentralised identifiers (W3C DID) of the holder.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dids: Vec<Personal>,
    /// What sort of holder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<ProfileKind>,
    /// BCP 47 languages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Box<str>>,
    /// Place as the holder writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Personal>,
    /// Place as data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geo: Option<Geo>,
    /// Verified by the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// Only approved followers see its posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub protected: Option<bool>,
    /// When the account was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Count of followers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
    /// Count of accounts followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub following: Option<u64>,
    /// Count of posts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub posts: Option<u64>,
    /// Labels that services put on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// 64-bit perceptual hash of the avatar, where the host computes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_hash: Option<u64>,
    /// When the platform described it so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// Fields this version does not know: they survive a round trip.
    #[serde(flatten)]
    pub extensions: Extensions,
}

impl Profile {
    /// An account of which only the id is known.
    pub fn new(platform: Platform, id: impl Into<Box<str>>) -> Self {
        Self {
            key: AccountKey::new(platform, id),
            handle: None,
            previous_handles: Vec::new(),
            display_name: None,
            bio: None,
            url: None,
            links: Vec::new(),
            emails: Vec::new(),
            phones: Vec::new(),
            dids: Vec::new(),
            kind: None,
            languages: Vec::new(),
            location: None,
            geo: None,
            verified: None,
            protected: None,
            created_at: None,
            followers: None,
            following: None,
            posts: None,
            labels: Vec::new(),
            avatar_hash: None,
            observed_at: None,
            extensions: Extensions::new(),
        }
    }
}
