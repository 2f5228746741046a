//! What the splitter finds, through its public API.

mod cases;
mod conformance;
mod laws;
mod oracle;
mod tokens;
