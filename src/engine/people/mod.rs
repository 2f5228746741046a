//! Who somebody is, what is kept of them, and what they may ask for.
//!
//! ```text
//! account ─► author ─► customer ◄─ the host's records        contact: who may be written to
//!              │           ▲
//!              │          kin: what an account brings along, and takes away again; moved: it goes on under another id
//!              ▼
//!            person: all of their data as one document, or gone ◄─ request: what they asked, and by when
//! ```

pub(super) mod author;
pub(super) mod contact;
pub(super) mod customer;
pub(super) mod holder;
pub(super) mod kin;
pub(super) mod moved;
pub(super) mod person;
pub(super) mod request;
