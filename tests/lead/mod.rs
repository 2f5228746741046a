//! Points add up, fade, and forget nothing they should not: the scenarios that users of eight systems
//! asked for, and the laws behind them; then who gets a lead, how it is approached, and who is kept.

mod laws;
mod outreach;
mod retention;
mod scenarios;
mod stages;
