//! One test binary: behaviour through the public API, a module per folder of `src`.
//!
//! Tests that read `../shared` say so, and are skipped and counted when it is absent.

mod architecture;
mod calendar;
mod desk;
mod engine;
mod identity;
mod lead;
mod listen;
mod model;
mod pulse;
mod query;
mod respond;
mod route;
mod scorecard;
mod sentiment;
mod shared;
mod signal;
mod source;
mod store;
mod text;
