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

/// How the brand's account and another stand to each other; absent is unknown.
///
/// ```
/// use hearken::model::Relationship;
///
/// let fan = Relationship { follows_us: Some(true), ..Relationship::default() };
/// assert_eq!(serde_json::to_string(&fan).unwrap(), r#"{"follows_us":true}"#);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relationship {
    /// The brand follows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub we_follow: Option<bool>,
    /// It follows the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follows_us: Option<bool>,
    /// The brand blocks it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
    /// It blocks the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked_by: Option<bool>,
    /// The brand has muted it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
}

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
    /// Count of lists that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<u64>,
    /// A link to its picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Personal>,
    /// The platform has suspended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suspended: Option<bool>,
    /// It takes private messages from the brand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dm_open: Option<bool>,
    /// The account its holder has moved to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<AccountKey>,
    /// How it and the brand's account stand to each other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relationship: Option<Relationship>,
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

/// One field of an account that a newer description changed.
///
/// ```
/// use hearken::model::{Platform, Profile};
///
/// let (mut held, mut newer) = (Profile::new(Platform::X, "7"), Profile::new(Platform::X, "7"));
/// (held.followers, newer.followers) = (Some(10), Some(12));
/// let changes = held.update(&newer);
/// assert_eq!((changes[0].field, changes[0].new.reveal()), ("followers", "12"));
/// assert_eq!(changes[0].old.as_ref().unwrap().reveal(), "10");
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// The field's name.
    pub field: &'static str,
    /// What it was; `None` where it was absent.
    pub old: Option<Personal>,
    /// What it is.
    pub new: Personal,
    /// When the platform said so.
    pub observed_at: Option<Timestamp>,
}

impl Profile {
    /// Takes over what a newer description says, and tells what changed.
    ///
    /// Fields that the newer one does not give stay as they are. A description older than the one held changes
    /// nothing; one without a time counts as being of the same time. A changed handle is remembered among
    /// [`previous_handles`](Profile::previous_handles).
    ///
    /// ```
    /// use hearken::model::{Platform, Profile, Timestamp};
    ///
    /// let mut held = Profile::new(Platform::X, "7");
    /// (held.handle, held.observed_at) = (Some("ann".into()), Some(Timestamp::from_secs(9)));
    /// let mut newer = Profile::new(Platform::X, "7");
    /// (newer.handle, newer.observed_at) = (Some("ann_b".into()), Some(Timestamp::from_secs(10)));
    /// assert_eq!(held.update(&newer)[0].field, "handle");
    /// newer.observed_at = Some(Timestamp::from_secs(3));
    /// newer.handle = Some("stale".into());
    /// assert!(held.update(&newer).is_empty());
    /// ```
    pub fn update(&mut self, newer: &Profile) -> Vec<FieldChange> {
        if newer.observed_at.is_some_and(|at| self.observed_at.is_some_and(|held| at < held)) {
            return Vec::new();
        }
        let mut changes = Vec::new();
        let observed_at = newer.observed_at.or(self.observed_at);
        macro_rules! take {
            ($($field:ident: $show:expr),+ $(,)?) => {$(
                if let Some(new) = newer.$field.as_ref().filter(|new| self.$field.as_ref() != Some(*new)) {
                    let show = $show;
                    let old = self.$field.as_ref().map(|old| Personal::from(show(old)));
                    changes.push(FieldChange { field: stringify!($field), old, new: show(new).into(), observed_at });
                    let old = self.$field.replace(new.clone());
                    remember(&mut self.previous_handles, stringify!($field), old.map(|old| show(&old)));
                }
            )+};
        }
        let plain = |value: &Personal| value.reveal().to_owned();
        take! {
            handle: plain, display_name: plain, bio: plain, url: plain, location: plain,
            kind: |kind: &ProfileKind| kind.to_string(),
            geo: |geo: &Geo| format!("{geo:?}"),
            verified: bool::to_string, protected: bool::to_string,
            created_at: Timestamp::to_string,
            followers: u64::to_string, following: u64::to_string, posts: u64::to_string,
            listed: u64::to_string, avatar: plain, suspended: bool::to_string, dm_open: bool::to_string,
            moved_to: |to: &AccountKey| format!("{}:{}", to.platform, to.id),
            avatar_hash: u64::to_string,
        }
        self.relationship = newer.relationship.or(self.relationship);
        let lists: [(&'static str, &mut Vec<Personal>, &Vec<Personal>); 4] = [
            ("links", &mut self.links, &newer.links),
            ("emails", &mut self.emails, &newer.emails),
            ("phones", &mut self.phones, &newer.phones),
            ("dids", &mut self.dids, &newer.dids),
        ];
        for (field, held, given) in lists {
            for value in given {
                if !held.contains(value) {
                    held.push(value.clone());
                    changes.push(FieldChange { field, old: None, new: value.clone(), observed_at });
                }
            }
        }
        if !newer.languages.is_empty() {
            self.languages.clone_from(&newer.languages);
        }
        if !newer.labels.is_empty() {
            self.labels.clone_from(&newer.labels);
        }
        self.extensions.extend(newer.extensions.iter().map(|(name, value)| (name.clone(), value.clone())));
        self.observed_at = observed_at;
        changes
    }

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
            listed: None,
            avatar: None,
            suspended: None,
            dm_open: None,
            moved_to: None,
            relationship: None,
            labels: Vec::new(),
            avatar_hash: None,
            observed_at: None,
            extensions: Extensions::new(),
        }
    }
}

/// A handle that was given up is kept, once.
fn remember(handles: &mut Vec<Personal>, field: &str, old: Option<String>) {
    let given_up = old.filter(|_| field == "handle").map(Personal::from);
    handles.extend(given_up.filter(|old| !handles.contains(old)));
}

/// A handle as it is compared: without its `@`, whatever its case.
pub(crate) fn plain_handle(handle: &str) -> String {
    handle.trim_start_matches('@').to_lowercase()
}
