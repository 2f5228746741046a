//! Routing rules, assignment, and the scenarios of the field.

mod rules;
