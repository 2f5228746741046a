use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A range of UTF-8 bytes in a text, start included, end excluded.
///
/// ```
/// use hearken::model::Span;
///
/// assert_eq!(Span::new(4, 9).of("the café"), Some("café"));
/// assert_eq!(Span::new(0, 99).of("short"), None);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span of bytes `start..end`.
    pub const fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// The text under the span, or `None` where it does not lie on characters of `text`.
    pub fn of(self, text: &str) -> Option<&str> {
        text.get(self.range())
    }

    /// The span as a range of `usize`.
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// True when it holds no byte.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// True when the two share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}
