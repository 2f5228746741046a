use super::{Personal, Timestamp};
use serde::{Deserialize, Serialize};

/// A question put to the readers of an item, with the answers they may choose from.
///
/// ```
/// use hearken::model::{Poll, PollOption};
///
/// let mut poll = Poll::default();
/// poll.options = ["Kettle", "Lamp"].map(|text| PollOption { text: text.into(), votes: None }).into();
/// assert_eq!(poll.votes, None); // nobody said how many voted; that is not "nobody voted"
/// let json = serde_json::to_string(&poll).unwrap();
/// assert_eq!(json, r#"{"options":[{"text":"Kettle"},{"text":"Lamp"}]}"#);
/// assert_eq!(serde_json::from_str::<Poll>(&json).unwrap(), poll);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// The platform's id of the poll.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Box<str>>,
    /// The question, where it is not the text of the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<Personal>,
    /// The answers, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<PollOption>,
    /// True when one may choose several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiple: Option<bool>,
    /// When it ends, or ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
    /// Count of votes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub votes: Option<u64>,
    /// Count of people who voted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voters: Option<u64>,
}

/// One answer of a [`Poll`].
///
/// ```
/// use hearken::model::PollOption;
///
/// let kettle: PollOption = serde_json::from_str(r#"{"text":"Kettle","votes":4}"#).unwrap();
/// assert_eq!((kettle.text.reveal(), kettle.votes), ("Kettle", Some(4)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollOption {
    /// Its words.
    pub text: Personal,
    /// Count of votes for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub votes: Option<u64>,
}
