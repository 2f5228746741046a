//! The engine through its public API: laws over random sequences of events, then behaviour case by case.

mod consent;
mod crowd;
mod desk;
mod escalation;
mod language;
mod laws;
mod long;
mod names;
mod news;
mod parted;
mod person;
mod plugins;
mod posts;
mod replay;
mod rounds;
mod scale;
mod shape;
mod story;
mod ticks;
mod views;
pub mod world;
