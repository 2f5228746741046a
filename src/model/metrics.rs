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
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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

impl EngagementMetrics {
    /// Every count by its name, unknown ones too.
    pub fn counts(&self) -> [(&'static str, Option<u64>); 9] {
        [
            ("impressions", self.impressions),
            ("reach", self.reach),
            ("views", self.views),
            ("reactions", self.reactions),
            ("comments", self.comments),
            ("shares", self.shares),
            ("quotes", self.quotes),
            ("saves", self.saves),
            ("link_clicks", self.link_clicks),
        ]
    }

    /// True when both say the same, at whatever time.
    pub(super) fn says(&self, other: &Self) -> bool {
        self.basis == other.basis && self.counts() == other.counts()
    }
}

/// Counts of one item in order of time, of each different ones the first and the last time that they were given, and of the
/// `keep` different ones that were given last. So it does not matter in which order they come or how often.
pub(super) fn in_order(all: &mut Vec<EngagementMetrics>, keep: usize) {
    all.sort();
    all.dedup();
    let mut last: Vec<EngagementMetrics> = Vec::new();
    for seen in all.iter().rev() {
        if last.len() < keep && !last.iter().any(|known| known.says(seen)) {
            last.push(seen.clone());
        }
    }
    let mut begun: Vec<EngagementMetrics> = Vec::new();
    all.retain(|seen| {
        let first = !begun.iter().any(|known| known.says(seen));
        if first {
            begun.push(seen.clone());
        }
        last.iter().any(|known| known == seen || first && known.says(seen))
    });
}

/// What became of counts between the first time that each was given and the last, where that is not the same; `all` in order
/// of time.
pub(super) fn growth<'m>(
    all: impl DoubleEndedIterator<Item = &'m EngagementMetrics> + Clone,
) -> Vec<(&'static str, i64)> {
    let names = EngagementMetrics::default().counts().map(|(name, _)| name);
    let grown = names.into_iter().zip(0..).filter_map(|(name, place): (_, usize)| {
        let count = |seen: &EngagementMetrics| seen.counts().get(place).and_then(|(_, count)| *count);
        let (first, last) = (all.clone().find_map(count)?, all.clone().rev().find_map(count)?);
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Some((name, signed(last).saturating_sub(signed(first))))
    });
    grown.filter(|(_, by)| *by != 0).collect()
}
