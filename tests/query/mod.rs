//! The query language: cases in files, laws as properties, limits, explanation.

mod language;
mod random;
