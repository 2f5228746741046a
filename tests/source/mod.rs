//! Payloads to events, through the public API.

mod capabilities;
mod golden;
mod laws;
mod story;
mod survey;
