use super::{Change, Mention, Role, Theme, ThemeKind, Themes, Voice, Volume};
use crate::model::ItemKey;
use crate::pulse::TrendConfig;
use crate::text::Text;
use std::collections::BTreeMap;

/// Openings kept for one rival, the newest.
const OPENINGS: usize = 100;
/// Different changes of product kept for one rival.
const CHANGES: usize = 200;

/// What is said about competitors: how much and in what tone, what people complain of, what they say of prices, who
/// switches from what to what, and unhappy customers of theirs to speak to.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Change, Mention, Rivals};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut rivals = Rivals::new(TrendConfig::default());
/// let text = Text::new("globex support is useless, moving from Globex to Acme");
/// let item = Interaction::new(Platform::X, "7", InteractionKind::Post);
/// let facts = Facts::new(&text).with("topic", ["complaint"]).with("sentiment", -0.8);
/// let mut mention = Mention::of(&item, &facts);
/// mention.changes.push(Change { from: Some("Globex".into()), to: Some("Acme".into()) });
/// rivals.add("globex", &mention, &text, false);
///
/// let globex = rivals.report("globex", 5).unwrap();
/// assert_eq!((globex.volume.posts, globex.openings.len()), (1, 1));
/// assert_eq!(globex.changes, [(Change { from: Some("globex".into()), to: Some("acme".into()) }, 1)]);
/// ```
#[derive(Debug, Clone)]
pub struct Rivals {
    config: TrendConfig,
    rivals: BTreeMap<Box<str>, Rival>,
}

#[derive(Debug, Clone)]
struct Rival {
    voice: Voice,
    themes: Themes,
    prices: u64,
    changes: BTreeMap<Change, u64>,
    openings: Vec<ItemKey>,
    opted_out: u64,
}

impl Rivals {
    /// Rivals of whom nothing was said; `config` bounds the themes of each.
    pub fn new(config: TrendConfig) -> Self {
        Self { config, rivals: BTreeMap::new() }
    }

    /// Counts a mention of the rival that a monitor watches. A complaint becomes an opening unless its author has
    /// opted out of being spoken to.
    pub fn add(&mut self, monitor: &str, mention: &Mention, text: &Text, opted_out: bool) {
        let config = &self.config;
        let rival = self.rivals.entry(monitor.into()).or_insert_with(|| Rival {
            voice: Voice::default(),
            themes: Themes::new(config.clone()),
            prices: 0,
            changes: BTreeMap::new(),
            openings: Vec::new(),
            opted_out: 0,
        });
        rival.voice.add(monitor, mention);
        rival.themes.add(mention, text, &[monitor]);
        rival.prices += u64::from(mention.is_about("pricing"));
        for change in &mention.changes {
            let fold = |side: &Option<Box<str>>| side.as_deref().map(|name| name.to_lowercase().into());
            let change = Change { from: fold(&change.from), to: fold(&change.to) };
            if rival.changes.len() < CHANGES || rival.changes.contains_key(&change) {
                *rival.changes.entry(change).or_default() += 1;
            }
        }
        if mention.is_about("complaint") && mention.role == Role::Peer {
            if opted_out {
                rival.opted_out += 1;
            } else {
                if rival.openings.len() >= OPENINGS {
                    rival.openings.remove(0);
                }
                rival.openings.push(mention.item.clone());
            }
        }
    }

    /// The rivals that were mentioned, by monitor.
    pub fn monitors(&self) -> impl Iterator<Item = &str> {
        self.rivals.keys().map(|monitor| &**monitor)
    }

    /// What was said about one rival, with its `n` greatest pains.
    pub fn report(&self, monitor: &str, n: usize) -> Option<RivalReport> {
        let rival = self.rivals.get(monitor)?;
        let mut changes: Vec<(Change, u64)> =
            rival.changes.iter().map(|(change, count)| (change.clone(), *count)).collect();
        changes.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Some(RivalReport {
            volume: rival.voice.total(),
            pains: rival.themes.top(ThemeKind::Complaint, n),
            prices: rival.prices,
            changes,
            openings: rival.openings.clone(),
            opted_out: rival.opted_out,
        })
    }
}

/// What was said about one rival.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Mention, Rivals};
/// use hearken::model::{Interaction, InteractionKind, Platform};
/// use hearken::pulse::TrendConfig;
/// use hearken::text::Text;
///
/// let mut rivals = Rivals::new(TrendConfig::default());
/// for (id, opted_out) in [("1", false), ("2", true)] {
///     let text = Text::new("the Globex hotline is closed again");
///     let facts = Facts::new(&text).with("topic", "complaint").with("sentiment", -0.7);
///     let item = Interaction::new(Platform::X, id, InteractionKind::Post);
///     rivals.add("globex", &Mention::of(&item, &facts), &text, opted_out);
/// }
/// let report = rivals.report("globex", 1).unwrap();
/// assert_eq!((report.pains[0].posts, report.volume.negative), (2, 2));
/// // Whoever does not want to be spoken to is counted, and not named.
/// assert_eq!((report.openings.len(), report.opted_out), (1, 1));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct RivalReport {
    /// How much, and in what tone.
    pub volume: Volume,
    /// What people complain of most: their weak points.
    pub pains: Vec<Theme>,
    /// Posts about prices.
    pub prices: u64,
    /// From what to what people change, in lower case, most often first.
    pub changes: Vec<(Change, u64)>,
    /// The newest complaints of people whom one may speak to, a hundred at most, oldest first.
    pub openings: Vec<ItemKey>,
    /// Complaints of people who have opted out.
    pub opted_out: u64,
}
