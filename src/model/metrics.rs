use super::Timestamp;
use super::open::open_enum;
use serde::{Deserialize, Serialize};

open_enum!(
    /// Whose view a count is.
    MetricBasis {
        /// What anybody sees.
        Public = "public",
        /// What the owner sees.
        Owner = "owner",
        /// Unpaid.
        Organic = "organic",
        /// Paid.
        Promoted = "promoted",
        /// All together.
        Total = "total",
    }
);

/// Counts of engagement with one item at one moment; an absent count is unknown, not zero.
///
/// ```
/// use hearken::model::EngagementMetrics;
///
/// let seen = EngagementMetrics { reactions: Some(0), ..EngagementMetrics::default() };
/// assert_eq!(serde_json::to_string(&seen).unwrap(), r#"{"reactions":0}"#); // nobody liked it; who shared it, nobody said
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngagementMetrics {
    /// When the platform gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<Timestamp>,
    /// Whose view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<MetricBasis>,
    /// Times shown, repeats counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impressions: Option<u64>,
    /// Distinct people who saw it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reach: Option<u64>,
    /// Plays or views.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
    /// Likes and other reactions together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reactions: Option<u64>,
    /// Comments and replies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<u64>,
    /// Shares and reposts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shares: Option<u64>,
    /// Quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quotes: Option<u64>,
    /// Saves and bookmarks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves: Option<u64>,
    /// Clicks on links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link_clicks: Option<u64>,
}
