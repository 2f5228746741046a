use super::{AccountKey, CustomerId, ItemKey, Timestamp};
use serde::{Deserialize, Serialize};

/// A thread or chat, as a list of items with what is needed to order and measure it.
///
/// [`thread`](Conversation::thread) gives the items parents first, in a stable order, with a placeholder for a
/// parent that never arrived.
///
/// ```
/// use hearken::model::{Conversation, ItemKey, Platform, Timestamp, ThreadNode, Turn};
///
/// let key = |id: &str| ItemKey::new(Platform::X, id);
/// let mut talk = Conversation::default();
/// talk.add(Turn { item: key("2"), parent: Some("1".into()), at: Timestamp::from_secs(5), outbound: false });
/// assert_eq!(talk.thread(), [ThreadNode::Missing("1".into()), ThreadNode::Item(key("2"), 1)]);
/// assert_eq!(talk.waiting_since(), Some(Timestamp::from_secs(5)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Items ordered by time, then id.
    pub turns: Vec<Turn>,
    /// Accounts that took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<AccountKey>,
    /// The customer it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
}

/// One item of a conversation.
///
/// ```
/// use hearken::model::{ItemKey, Platform, Timestamp, Turn};
///
/// let item = ItemKey::new(Platform::Bluesky, "at://did:plc:a/app.bsky.feed.post/k");
/// let turn = Turn { item, parent: None, at: Timestamp::from_secs(60), outbound: false };
/// let json = serde_json::to_value(&turn).unwrap();
/// assert_eq!(json.get("outbound"), None); // only what holds is written
/// assert_eq!(serde_json::from_value::<Turn>(json).unwrap(), turn);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The item.
    pub item: ItemKey,
    /// The id of the item it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Box<str>>,
    /// When.
    pub at: Timestamp,
    /// True when the brand spoke.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outbound: bool,
}

/// A line of a thread.
///
/// ```
/// use hearken::model::{ItemKey, Platform, ThreadNode};
///
/// let show = |node: &ThreadNode| match node {
///     ThreadNode::Item(item, depth) => format!("{}{item}", "  ".repeat(*depth)),
///     ThreadNode::Missing(id) => format!("({id} never arrived)"),
/// };
/// assert_eq!(show(&ThreadNode::Item(ItemKey::new(Platform::X, "2"), 1)), "  x:2");
/// assert_eq!(show(&ThreadNode::Missing("1".into())), "(1 never arrived)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ThreadNode {
    /// An item and its depth below the root.
    Item(ItemKey, usize),
    /// A parent that is spoken of and never arrived.
    Missing(Box<str>),
}

impl Conversation {
    /// Adds a turn in its place; a turn of the same item is replaced.
    pub fn add(&mut self, turn: Turn) {
        self.turns.retain(|t| t.item != turn.item);
        let place = self.turns.partition_point(|t| (t.at, &t.item) < (turn.at, &turn.item));
        self.turns.insert(place, turn);
    }

    /// The time of the first item from outside.
    pub fn first_inbound_at(&self) -> Option<Timestamp> {
        self.turns.iter().find(|t| !t.outbound).map(|t| t.at)
    }

    /// The time of the brand's first answer.
    pub fn first_reply_at(&self) -> Option<Timestamp> {
        let first = self.first_inbound_at()?;
        self.turns.iter().find(|t| t.outbound && t.at >= first).map(|t| t.at)
    }

    /// Since when somebody waits: the earliest inbound item after the brand's last word.
    pub fn waiting_since(&self) -> Option<Timestamp> {
        let after = self.turns.iter().rposition(|t| t.outbound).map_or(0, |i| i + 1);
        self.turns.get(after..).and_then(|rest| rest.first()).map(|t| t.at)
    }

    /// The items, parents before children, siblings by time then id; O(n log n), without recursion.
    pub fn thread(&self) -> Vec<ThreadNode> {
        use std::collections::{BTreeMap, BTreeSet};
        let present: BTreeSet<&str> = self.turns.iter().map(|t| &*t.item.id).collect();
        let mut children: BTreeMap<&str, Vec<&Turn>> = BTreeMap::new();
        let mut roots: Vec<(Option<&str>, &Turn)> = Vec::new();
        for turn in &self.turns {
            match turn.parent.as_deref() {
                Some(parent) if present.contains(parent) && parent != &*turn.item.id => {
                    children.entry(parent).or_default().push(turn);
                }
                missing => roots.push((missing, turn)),
            }
        }
        let mut lines = Vec::new();
        let mut announced = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(&Turn, usize)> = Vec::new();
        // Items in a loop of replies hang from no root; each is then started from where it stands.
        let strays = self.turns.iter().map(|t| (None, t));
        for (missing, turn) in roots.into_iter().chain(strays) {
            if seen.contains(&*turn.item.id) {
                continue;
            }
            let depth = usize::from(missing.is_some());
            if let Some(parent) = missing.filter(|p| announced.insert(*p)) {
                lines.push(ThreadNode::Missing(parent.into()));
            }
            stack.push((turn, depth));
            while let Some((turn, depth)) = stack.pop() {
                if !seen.insert(&*turn.item.id) {
                    continue;
                }
                lines.push(ThreadNode::Item(turn.item.clone(), depth));
                let below = children.get(&*turn.item.id).map_or(&[][..], Vec::as_slice);
                stack.extend(below.iter().rev().map(|t| (*t, depth + 1)));
            }
        }
        lines
    }
}
