//! What the splitter finds, through its public API.

mod tokens;
