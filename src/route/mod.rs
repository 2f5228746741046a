//! Who gets it: rules decide what should happen, assignment decides who does it.
//!
//! ```text
//! facts ──► Rules ──► Decision: what should happen, by which rules
//!                        │
//! roster ──► Desk ◄── DeskEvent (offer, done, decline, presence, tick)
//!             └────► DeskCommand (assign with an expected version, queue, unattended, wake at)
//! ```
//!
//! - [`RuleBook`] is the file, [`Rules`] what is built from it, [`Rules::decide`] one decision.
//! - [`Policy`], [`Work`], [`Choice`]: how work is ordered and who gets it, as data.
//! - [`Roster`]: the agents and what they hold, indexed; [`Roster::choose`] is one decision.
//! - [`Desk`]: a roster and its queue as a pure state machine.
//!
//! # Loads without a hot record
//!
//! There is no record of all loads. Each agent has one record ([`AgentState`]: presence, work in hand), each
//! waiting item one ([`Waiting`]). A turn that assigns reads and writes two of them, the agent's and the
//! case's, and both versions are checked at commit: two assignments to different agents touch nothing in
//! common and commute, two to one agent cannot both think the last unit is free. The roster in memory is a
//! fold over those records ([`Roster::restore`]); when it is stale, the commit says so and the turn runs
//! again. What never changes (agents, index, hours, policy) is shared by all copies of a roster, and so is every
//! state that a turn leaves as it was: a turn that goes on from a copy pays for what it changes.
//!
//! # Figures
//!
//! `cargo bench --bench route` prints first matches of 10 to 10,000 rules beside a plain scan, an assignment among
//! 1,000 agents, a turn of the engine that opens a case for them, and business deadlines. `cargo run --release
//! --example route -- --rules rules.json --facts facts.jsonl --bench` prints the same of your own rules, with what a
//! build and a change of one rule cost, and `--what-if other.json` what other rules would have done. `cargo run
//! --release --example desk_simulation -- scenario.json` prints how many promises each policy keeps, and with
//! `--what-if other.json` what other staff would have made of it.

mod agent;
mod assign;
mod backlog;
mod bits;
mod book;
mod lint;
mod need;
mod queue;
mod roster;
mod rules;
mod whatif;
mod witness;

pub use agent::{Agent, AgentState, MAX_LEVEL, Presence};
pub use assign::{Choice, Fair, Margin, Order, Pick, Policy, Wait, Why, Work};
pub use backlog::Waiting;
pub use book::{Action, Assign, Group, Mode, Rule, RuleBook, Verdict};
pub use lint::{Finding, Lint, lint, responsibilities};
pub use queue::{Desk, DeskCommand, DeskEvent, DeskState};
pub use roster::Roster;
pub use rules::{Decision, Fired, Rules};
pub use whatif::{Change, Diff, what_if};
pub use witness::Witness;
