//! Build errors.
