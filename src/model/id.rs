use super::open::open_enum;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

macro_rules! id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

id!(
    /// Whose data this is: one customer of the host. Two tenants never meet.
    Tenant
);
id!(
    /// A customer record: the host's own id, or one made from content.
    CustomerId
);
id!(
    /// A case, made from the tenant and the interaction that opened it.
    CaseId
);
id!(
    /// A person or a bot who answers: the host's own id.
    AgentId
);
id!(
    /// A team: the host's own id.
    TeamId
);

open_enum!(
    /// Where people speak.
    Platform {
        /// X, formerly Twitter; also read from `twitter`.
        X = "x" | "twitter",
        /// Facebook pages.
        Facebook = "facebook",
        /// Instagram.
        Instagram = "instagram",
        /// Facebook Messenger.
        Messenger = "messenger",
        /// Threads.
        Threads = "threads",
        /// WhatsApp.
        Whatsapp = "whatsapp",
        /// LinkedIn.
        Linkedin = "linkedin",
        /// YouTube.
        Youtube = "youtube",
        /// Any Mastodon server; ids are those of the server that was asked.
        Mastodon = "mastodon",
        /// Bluesky (AT Protocol).
        Bluesky = "bluesky",
        /// Reddit.
        Reddit = "reddit",
        /// TikTok.
        Tiktok = "tiktok",
        /// Telegram.
        Telegram = "telegram",
        /// E-mail.
        Email = "email",
    }
);

/// A platform's own id for one item: a post, a comment, a message. Unique within the platform.
///
/// ```
/// use hearken::model::{ItemKey, Platform};
///
/// let post = ItemKey::new(Platform::X, "1899000000000000001");
/// assert_eq!(post.to_string(), "x:1899000000000000001");
/// assert_ne!(ItemKey::new(Platform::X, "0123"), ItemKey::new(Platform::X, "123")); // ids are text
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    /// The platform.
    pub platform: Platform,
    /// Its id for the item, as text whatever its type in the payload.
    pub id: Box<str>,
}

/// A platform's own id for one account. Unique within the platform, and stable when the handle changes.
///
/// ```
/// use hearken::model::{AccountKey, Platform};
///
/// let ann = AccountKey::new(Platform::Bluesky, "did:plc:abc");
/// assert_eq!(format!("{ann:?}"), "AccountKey(bluesky:‹11 bytes›)"); // who it is shows nowhere by accident
/// ```
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountKey {
    /// The platform.
    pub platform: Platform,
    /// Its id for the account.
    pub id: Box<str>,
}

impl ItemKey {
    /// The key of `id` on `platform`.
    pub fn new(platform: Platform, id: impl Into<Box<str>>) -> Self {
        Self { platform, id: id.into() }
    }
}

impl AccountKey {
    /// The key of `id` on `platform`.
    pub fn new(platform: Platform, id: impl Into<Box<str>>) -> Self {
        Self { platform, id: id.into() }
    }
}

/// Prints `platform:id`.
impl fmt::Display for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.platform, self.id)
    }
}

/// Shows the platform; the id names a person and stays hidden.
impl fmt::Debug for AccountKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccountKey({}:‹{} bytes›)", self.platform, self.id.len())
    }
}
