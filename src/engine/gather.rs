//! What is known of an item before anybody analyses it, as facts.

use super::Engine;
use super::author::Author;
use crate::facts::{Facts, Field};
use crate::model::{Direction, Interaction, InteractionKind, Timestamp};
use crate::text::Text;

/// The facts that the item, its author and the clock give.
pub(super) fn facts<'t>(
    engine: &Engine,
    item: &Interaction,
    author: Option<&Author>,
    text: &'t Text,
    at: Timestamp,
) -> Facts<'t> {
    let mut facts = Facts::new(text);
    facts.set(Field::Platform, item.key.platform.as_str());
    facts.set(Field::Kind, item.kind.as_str());
    if let Some(lang) = &item.content.lang {
        facts.set(Field::Lang, &**lang);
    }
    if let Some(url) = &item.url {
        facts.set(Field::Url, &**url);
        facts.set(Field::Site, host(url));
    }
    if let Some(geo) = item.geo.as_ref().or(author.and_then(|author| author.account.profile.geo.as_ref())) {
        if let Some(country) = &geo.country {
            facts.set(Field::Country, &**country);
        }
        if let Some(city) = &geo.city {
            facts.set(Field::City, &**city);
        }
        if let Some(point) = geo.point {
            facts.set(Field::Geo, point);
        }
    }
    words(&mut facts, Field::Has, item.attachments.iter().map(|attachment| attachment.kind.to_string()));
    words(&mut facts, Field::Is, marks(item).map(str::to_owned));
    words(&mut facts, Field::To, item.recipients.iter().map(|account| account.id.to_string()));
    if let Some(author) = author {
        let profile = &author.account.profile;
        let names = profile.handle.iter().map(|handle| handle.reveal().to_owned());
        words(&mut facts, Field::From, names.chain([profile.key.id.to_string()]));
        if let Some(followers) = profile.followers {
            facts.set(Field::Followers, followers);
        }
        if let Some(verified) = profile.verified {
            facts.set(Field::Verified, verified);
        }
        if let Some(customer) = &author.customer {
            if let Some(tier) = &customer.tier {
                facts.set(Field::Tier, &**tier);
            }
            if let Some(stage) = &customer.stage {
                facts.set(Field::Stage, stage.as_str());
            }
        }
    }
    if let Some(score) = item.review.as_ref().and_then(|review| review.score) {
        facts.set(Field::Attr("rating".into()), score);
    }
    let local = engine.zone.local(at);
    facts.set(Field::Weekday, local.weekday());
    facts.set(Field::Time, format!("{:02}:{:02}", local.hour(), local.minute()));
    facts.set(Field::Date, day(local.day()));
    facts
}

fn words(facts: &mut Facts<'_>, field: Field, values: impl Iterator<Item = String>) {
    let values: Vec<String> = values.collect();
    if !values.is_empty() {
        facts.set(field, values);
    }
}

/// What an item is, beside its kind.
fn marks(item: &Interaction) -> impl Iterator<Item = &'static str> {
    let marks = [
        (item.in_reply_to.is_some() || item.kind == InteractionKind::Reply, "reply"),
        (item.kind == InteractionKind::Share, "repost"),
        (item.quotes.is_some() || item.kind == InteractionKind::Quote, "quote"),
        (item.edited_at.is_some(), "edited"),
        (item.is_private(), "private"),
        (item.direction == Direction::Inbound, "inbound"),
        (item.sensitive == Some(true), "sensitive"),
    ];
    marks.into_iter().filter(|(is, _)| *is).map(|(_, name)| name)
}

/// The host of an address.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// `YYYY-MM-DD` of a count of days since 1970-01-01.
fn day(days: i64) -> String {
    let date = chrono::NaiveDate::from_ymd_opt(1970, 1, 1)
        .and_then(|first| first.checked_add_signed(chrono::TimeDelta::try_days(days)?));
    date.map(|date| date.to_string()).unwrap_or_default()
}
