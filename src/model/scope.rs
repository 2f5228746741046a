use super::{Interaction, Visibility};
use serde::{Deserialize, Serialize};

/// Whom an output is for, and so what may stand in it. The views of the engine take one.
///
/// ```
/// use hearken::model::{Interaction, InteractionKind, Platform, Scope};
///
/// let post = Interaction::new(Platform::X, "1", InteractionKind::Post);
/// let message = Interaction::new(Platform::X, "2", InteractionKind::DirectMessage);
/// assert!(Scope::Public.admits(&post) && !Scope::Public.admits(&message));
/// assert!(Scope::All.admits(&message));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The brand's own people: everything.
    #[default]
    All,
    /// Anybody: only what anybody could see on its platform. A visibility that this version does not know is not
    /// taken for public.
    Public,
}

impl Scope {
    /// True when an item may stand in an output of this scope.
    pub fn admits(self, item: &Interaction) -> bool {
        self == Self::All || matches!(item.visibility, Visibility::Public | Visibility::Unlisted)
    }
}
