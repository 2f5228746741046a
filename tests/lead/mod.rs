//! Points add up, fade, and forget nothing they should not: the scenarios that users of eight systems
//! asked for, and the laws behind them.

mod laws;
mod scenarios;
