//! Monitors: what is heard, kept, dropped, counted, ranked and reported.

mod intake;
mod monitors;
mod reports;

use hearken::facts::{Facts, Field};
use hearken::listen::Mention;
use hearken::model::{Direction, Interaction, InteractionKind, ItemKey, Platform, Timestamp};
use hearken::text::Text;

fn key(id: impl ToString) -> ItemKey {
    ItemKey::new(Platform::X, id.to_string())
}

/// A mention made as a host makes it: from an interaction and its facts.
struct Said<'a> {
    id: usize,
    platform: Platform,
    at: i64,
    topics: &'a [&'a str],
    intents: &'a [&'a str],
    sentiment: Option<f64>,
    urgency: &'a str,
    followers: Option<i64>,
    direction: Direction,
    thread: Option<&'a str>,
}

impl Default for Said<'_> {
    fn default() -> Self {
        Self {
            id: 0,
            platform: Platform::X,
            at: 0,
            topics: &[],
            intents: &[],
            sentiment: None,
            urgency: "low",
            followers: None,
            direction: Direction::Inbound,
            thread: None,
        }
    }
}

impl Said<'_> {
    fn mention(&self) -> Mention {
        let mut item = Interaction::new(self.platform.clone(), self.id.to_string(), InteractionKind::Post);
        item.published_at = Some(Timestamp::from_secs(self.at));
        item.direction = self.direction.clone();
        item.conversation = self.thread.map(Into::into);
        let text = Text::new("");
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let mut facts = Facts::new(&text).with(Field::Urgency, self.urgency);
        facts.set(Field::Topic, names(self.topics));
        facts.set(Field::Intent, names(self.intents));
        if let Some(sentiment) = self.sentiment {
            facts.set(Field::Sentiment, sentiment);
        }
        if let Some(followers) = self.followers {
            facts.set(Field::Followers, followers);
        }
        Mention::of(&item, &facts)
    }
}
