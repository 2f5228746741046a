use serde::{Deserialize, Serialize};
use std::fmt;

/// A personal value: a name, a handle, an e-mail address, the words of a message.
///
/// `Debug` is redacted, so that a stray log line shows nothing of anybody; [`reveal`](Personal::reveal)
/// is the deliberate call that shows it. Serde writes the value: storage is the host's own.
///
/// ```
/// use hearken::model::Personal;
///
/// let mail = Personal::from("ann@example.com");
/// assert_eq!(format!("{mail:?}"), "‹15 bytes›");
/// assert_eq!(mail.reveal(), "ann@example.com");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Shows the value.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// True when there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "‹{} bytes›", self.0.len())
    }
}

impl From<&str> for Personal {
    fn from(value: &str) -> Self {
        Self(value.to_owned())
    }
}

impl From<String> for Personal {
    fn from(value: String) -> Self {
        Self(value)
    }
}
