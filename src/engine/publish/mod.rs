//! What the brand says: replies and posts, from a draft to what became of them.
//!
//! ```text
//! drafts: a reply, written and approved  ─┐
//! posts: what everybody may read,         ├─► the platform ─► delivery: arrived, read or failed
//!        planned, held back in a crisis  ─┘
//! ```

pub(super) mod delivery;
pub(super) mod drafts;
pub(super) mod posts;
