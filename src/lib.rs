#![doc = include_str!("../README.md")]
#![deny(missing_docs, missing_debug_implementations, unreachable_pub)]
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::unreachable,
        clippy::todo,
        clippy::indexing_slicing,
        clippy::string_slice,
        clippy::disallowed_methods,
        clippy::disallowed_macros,
        clippy::allow_attributes
    )
)]

pub mod engine;

pub mod desk;
pub mod lead;
pub mod listen;
pub mod route;
pub mod signal;

pub mod identity;
pub mod query;
pub mod respond;
pub mod scorecard;
pub mod sentiment;

pub mod facts;

pub mod calendar;
pub mod pulse;
pub mod source;
pub mod store;
pub mod text;

pub mod error;
pub mod limits;
pub mod model;
