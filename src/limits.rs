//! Every bound in one struct, each with its reason.
//!
//! What goes over a bound is cut or refused, and counted; nothing grows with the bytes of a post.
//!
//! ```
//! use hearken::limits::Limits;
//!
//! let limits = Limits { text_bytes: 4 * 1024, ..Limits::default() };
//! assert!(limits.text_bytes < Limits::default().text_bytes);
//! ```

/// The bounds of a build or a turn. All are inclusive maxima.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::source::{Reason, Source, X};
///
/// let limits = Limits { payload_items: 1, ..Limits::default() };
/// let batch = X::new().parse(br#"{"data": [{"id": "1", "text": "a"}, {"id": "2", "text": "b"}]}"#, &limits);
/// assert_eq!((batch.events.len(), batch.rejected[0].reason), (1, Reason::Limit));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one platform payload (8 MiB: the largest webhook batches seen are below 1 MiB).
    pub payload_bytes: usize,
    /// Items in one payload (10,000: beyond that a host should page).
    pub payload_items: usize,
    /// Bytes of one text; the rest is cut at a character (64 KiB: the longest post of any platform).
    pub text_bytes: usize,
    /// Bytes of one query (1 MiB: 100,000 short leaves fit).
    pub query_bytes: usize,
    /// Leaves of one query.
    pub query_leaves: usize,
    /// Nesting of one query; parsed without recursion, so this bounds work, not the stack.
    pub query_depth: usize,
    /// Bytes of one `/regex/` leaf.
    pub regex_bytes: usize,
    /// Compiled size of one `/regex/` leaf in bytes.
    pub regex_size: usize,
    /// Candidates compared per author; the rest is counted as cut in the receipt.
    pub candidates: usize,
    /// Rounds of `Need` in one turn (12; a new author whose complaint opens a case, alerts a lead and asks another
    /// team takes 8).
    pub rounds: usize,
    /// Events of one lead's history; the oldest make room for the newest (2,000: something every day for five years).
    pub lead_events: usize,
    /// Different counts kept of one item (64: a post that is polled every quarter of an hour through its first day has about
    /// as many that differ).
    pub metrics: usize,
    /// Bytes of one expanded template.
    pub template_bytes: usize,
    /// Actions one cascade of rules may take before it is stopped and its rules are named.
    pub cascade_steps: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            payload_bytes: 8 * 1024 * 1024,
            payload_items: 10_000,
            text_bytes: 64 * 1024,
            query_bytes: 1024 * 1024,
            query_leaves: 100_000,
            query_depth: 32,
            regex_bytes: 1024,
            regex_size: 256 * 1024,
            candidates: 200,
            rounds: 12,
            lead_events: 2_000,
            metrics: 64,
            template_bytes: 16 * 1024,
            cascade_steps: 64,
        }
    }
}
