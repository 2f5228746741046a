//! Values as they can be compared: one spelling for what people write in many.
//!
//! ```text
//! name      ─► fold (letters, scripts) ─► words ─► name: given, family, particles ─► nickname, phonetic
//! e-mail    ─► email: by the rules of its provider          phone   ─► E.164
//! account   ─► platform and handle; web addresses, postcodes, DIDs
//! company   ─► without its legal form                       date    ─► day, month, year
//! ```
//!
//! Values in scripts that have no letter in common are not compared at all (script).
//!
//! Every normal form is its own normal form.

pub(super) mod account;
pub(super) mod company;
pub(super) mod date;
pub(super) mod email;
pub(super) mod fold;
pub(super) mod name;
pub(super) mod nickname;
pub(super) mod phone;
pub(super) mod phonetic;
pub(super) mod script;
