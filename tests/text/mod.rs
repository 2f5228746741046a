//! What the splitter finds, through its public API.

mod cases;
mod conformance;
mod tokens;
