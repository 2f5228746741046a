//! The query language: cases in files, laws as properties, limits, explanation.

mod index;
mod language;
mod random;
