//! Listening: which monitors a post concerns, what is kept, and what the kept posts say.
//!
//! ```text
//! Monitor (kind, aliases, query, exclusions, audience, window) ──build──► Listener
//!                                                                          │
//! Facts of a post ─────────────────────────────────────────── hear ────────┤
//!                                                                          ▼
//!                  Heard { hits: direct or indirect, which alias, where · refused: why not }
//!                                                                          │
//!   Intake  spam · bots · near-duplicates · threads ── take ──► kept or dropped, each with its reason and counted
//!                                                                          │ Mention (a kept post, in plain values)
//!                                                                          ▼
//!   Coverage    hits a week, silent monitors, missed mentions
//!   Triage      an order with reasons
//!   Voice       volume, share of voice, net sentiment by monitor and platform
//!   Themes      pain points, interests, question spikes → content suggestions, product ideas and service fixes
//!   Rivals      what is said about competitors: openings, prices, who switches where
//!   Advocates   posts worth amplifying · recommendations among peers · events
//! ```
//!
//! [`Listener::hear`] is a function of its input; everything below it is a fold that a host feeds in its own
//! time. Sums add up: of the posts taken, those kept and those dropped are all; the rows of a report are
//! their total.
//!
//! All of it on a bundled fortnight, from what was dropped to what the monitors miss:
//! `cargo run --release --example listen_report -- --monitors examples/data/listen/monitors.json --posts
//! examples/data/listen/week.jsonl`.
//!
//! ```
//! use hearken::facts::Facts;
//! use hearken::listen::{Listener, MentionKind, Monitor, MonitorKind, Scratch};
//! use hearken::text::Text;
//!
//! let acme = Monitor::new("acme", MonitorKind::Brand).direct("@acme").indirect("acme").exclude("\"acme corporation\" cartoon");
//! let listener = Listener::build([acme])?;
//! let mut scratch = Scratch::default();
//!
//! let text = Text::new("my Acme phone broke");
//! let heard = listener.hear(&Facts::new(&text), None, &mut scratch);
//! assert_eq!(heard.hits[0].kind, MentionKind::Indirect);
//! assert_eq!(heard.hits[0].spans[0].of(text.source()), Some("Acme"));
//! # Ok::<(), hearken::error::BuildError>(())
//! ```

mod advocate;
mod audience;
mod coverage;
mod duplicate;
mod hear;
mod intake;
mod mention;
mod monitor;
mod rival;
mod theme;
mod triage;
mod voice;

pub use crate::query::Scratch;
pub use advocate::{EventReport, PeerTalk, amplify};
pub use audience::{Audience, Unknown};
pub use coverage::Coverage;
pub use duplicate::Duplicates;
pub use hear::{Heard, Hit, Listener, MentionKind, Refusal, Refused};
pub use intake::{Counts, DropReason, Intake, IntakeConfig, Kept, Post, Verdict};
pub use mention::{Change, Mention, Role, Tone};
pub use monitor::{Monitor, MonitorKind};
pub use rival::{RivalReport, Rivals};
pub use theme::{ContentSuggestion, Opportunity, OpportunityKind, Rising, Theme, ThemeKind, Themes};
pub use triage::{Ranked, TriageWeights, triage};
pub use voice::{Voice, Volume};
