use super::Timestamp;
use serde::{Deserialize, Serialize};

/// Where a piece of data comes from: enough to find the payload again, and to read it anew.
///
/// A source fills what the bytes tell, the host adds the times ([`Batch::stamp`](crate::source::Batch::stamp)).
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::model::Timestamp;
/// use hearken::source::{PlatformEvent, Source, X};
///
/// let mut batch = X::new().parse(br#"{"data": {"id": "1", "text": "a"}}"#, &Limits::default());
/// batch.stamp(Timestamp::from_secs(60));
/// let PlatformEvent::Created(post) = &batch.events[0] else { panic!() };
/// let from = post.provenance.as_ref().unwrap();
/// assert_eq!((&*from.source, from.observed_at), ("X", Some(Timestamp::from_secs(60))));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// The adapter that read it.
    pub source: Box<str>,
    /// The version of this crate that the adapter is of.
    pub adapter_version: Box<str>,
    /// A hash of the payload's bytes (SipHash-2-4, 128 bits, without a key, 32 hexadecimal digits): tells payloads
    /// apart, proves nothing against somebody who wants two to be the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw_hash: Option<Box<str>>,
    /// When the host received the payload.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
}
