//! Leads as somebody who writes to them sees them: what they said, who they are and what they bought, until when an
//! answer meets the moment, whose they are, whether they may be approached, where, and what to send next.
//!
//! ```text
//! cargo run --release --example outreach -- --plan examples/data/leads/outreach.json \
//!     --people examples/data/leads/people.jsonl --as-of 2026-03-09T09:00:00Z
//! ```
//!
//! PLAN holds the guard, the cadence, the contents to nurture with, territories, tiers of value and topics as
//! queries; PEOPLE a JSON object a line: a lead with what it said. The strength of a buying signal comes from the
//! patterns of [`hearken::signal`].

#[path = "common/end.rs"]
mod end;

use clap::Parser;
use hearken::facts::{Facts, Field, Scope};
use hearken::lead::{
    Approach, Cadence, Channel, Guard, Lead, Mention, Nurture, NurtureState, NurtureStep, Stages, Step,
    Territories, TerritoryRule, Tier, engage_by, interests, parse_duration, preferred_channel, value_tier,
};
use hearken::limits::Limits;
use hearken::model::{ConsentStatus, Customer, DoNotContact, Permission, Timestamp};
use hearken::query::{Query, Scratch};
use hearken::signal::Signals;
use hearken::text::Text;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(Parser)]
struct Arguments {
    /// How this house writes to people, JSON
    #[arg(long)]
    plan: String,
    /// The leads, one JSON object a line
    #[arg(long)]
    people: String,
    /// Now, RFC 3339
    #[arg(long)]
    as_of: String,
}

/// How this house writes to people.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Plan {
    guard: Guard,
    half_life: String,
    floor: f64,
    cadence: Cadence,
    steps: Vec<Step>,
    territories: Vec<TerritoryRule>,
    tiers: Vec<Tier>,
    topics: BTreeMap<String, String>,
    away: Vec<String>,
}

/// A lead and what is known of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    name: String,
    post: String,
    at: String,
    text: String,
    public: bool,
    consent: ConsentStatus,
    country: String,
    stage: String,
    #[serde(default)]
    conversion: Option<String>,
    #[serde(default)]
    lifetime: Option<f64>,
    purchases: Vec<Purchase>,
    channels: Vec<Channel>,
    #[serde(default)]
    states: Option<String>,
    mentions: Vec<Mention>,
    sent: Vec<Sent>,
    #[serde(default)]
    do_not_contact: Vec<DoNotContact>,
}

#[derive(Deserialize)]
struct Purchase {
    what: String,
    amount: f64,
}

#[derive(Deserialize)]
struct Sent {
    content: String,
    at: String,
}

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    end::end(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let read = |path: &str| std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"));
    let plan: Plan = serde_json::from_str(&read(&arguments.plan)?)
        .map_err(|error| format!("{}: {error}", arguments.plan))?;
    let now = time(&arguments.as_of)?;
    let house = House::new(plan)?;
    for (number, line) in read(&arguments.people)?.lines().enumerate() {
        let told =
            serde_json::from_str(line).map_err(Failure::from).and_then(|person| house.view(&person, now));
        match told {
            Ok(view) => end::say(format_args!("{view}\n")),
            Err(why) => eprintln!("line {}: {why}", number + 1),
        }
    }
    Ok(())
}

fn time(text: &str) -> Result<Timestamp, Failure> {
    Ok(Timestamp::parse(text).ok_or_else(|| format!("{text}: not a time"))?)
}

/// The plan, checked and compiled.
struct House {
    guard: Guard,
    half_life: i64,
    floor: f64,
    nurture: Nurture,
    territories: Territories,
    tiers: Vec<Tier>,
    topics: Vec<(String, Query)>,
    away: Vec<String>,
    signals: Signals,
    stages: Stages,
}

impl House {
    fn new(plan: Plan) -> Result<Self, Failure> {
        let topic = |(name, query): (String, String)| Ok((name, Query::parse(&query, Scope::Monitor)?));
        Ok(Self {
            guard: plan.guard,
            half_life: parse_duration(&plan.half_life)
                .filter(|span| *span > 0)
                .ok_or("half_life: write 12h or 2d")?,
            floor: plan.floor,
            nurture: Nurture { steps: plan.steps, cadence: plan.cadence },
            territories: Territories::build(&plan.territories, &Limits::default())?,
            tiers: plan.tiers,
            topics: plan.topics.into_iter().map(topic).collect::<Result<_, Failure>>()?,
            away: plan.away,
            signals: Signals::english(),
            stages: Stages::default(),
        })
    }

    /// Everything about one lead.
    fn view(&self, person: &Person, now: Timestamp) -> Result<String, Failure> {
        let said_at = time(&person.at)?;
        let text = Text::new(&person.text);
        let mut facts = Facts::new(&text).with(Field::Country, person.country.as_str());
        let found = self.signals.read(&mut facts, &mut Scratch::default());
        let topics: Vec<String> = self
            .topics
            .iter()
            .filter(|(_, query)| query.matches(&facts))
            .map(|(name, _)| name.clone())
            .collect();
        facts.set(Field::Topic, topics.clone());

        let mut lead = Lead::new(&person.id, &person.post, said_at);
        lead.stage.clone_from(&person.stage);
        lead.conversion.clone_from(&person.conversion);
        let owned = self.territories.owner(&facts, |owner| self.away.iter().any(|away| away == owner));
        lead.owner = owned.and_then(|owned| owned.owner).map(str::to_owned);
        lead.territory = owned.map(|owned| owned.territory.to_owned());

        // A signal gives up to five points of purchase intent.
        let strength = found.buying.as_f64() / 5.0;
        let engage = engage_by(said_at, strength, self.floor, self.half_life);
        let sent: Vec<(&str, Timestamp)> = (person.sent.iter())
            .map(|sent| Ok((sent.content.as_str(), time(&sent.at)?)))
            .collect::<Result<_, Failure>>()?;
        let touches: Vec<Timestamp> = sent.iter().map(|(_, at)| *at).collect();
        let relevance = if topics.is_empty() { 0.0 } else { strength };
        let channel = preferred_channel(person.states.as_deref(), &person.channels);
        let mut customer = Customer::new(person.id.as_str());
        customer.do_not_contact.clone_from(&person.do_not_contact);
        let permission = Permission::of(Some(&customer), person.consent.clone(), channel.unwrap_or(""));
        let opted_out = permission.is_refused() || permission.barred.is_some();
        let approach =
            Approach { permission, public: person.public, relevance, until: engage, touches: &touches };
        let against = self.guard.check(&approach, now);

        let wants = interests(person.mentions.iter().cloned());
        let names: Vec<&str> = wants.iter().map(|interest| interest.topic.as_str()).collect();
        let next = self.nurture.next(&NurtureState {
            stage: &lead.stage,
            interests: &names,
            sent: &sent,
            start: now,
            opted_out,
            converted: lead.conversion.is_some(),
        });
        let amounts: Vec<f64> = person.purchases.iter().map(|purchase| purchase.amount).collect();
        let bought: Vec<String> = person
            .purchases
            .iter()
            .map(|purchase| format!("{} for {}", purchase.what, purchase.amount))
            .chain(lead.conversion.iter().map(|order| format!("and ended in {order}")))
            .collect();
        let because = wants.iter().map(|want| format!("{} ({})", want.topic, want.evidence.join(", ")));
        let in_sales = self.stages.check(&lead.stage, "sql");

        let or = |text: String, nothing: &str| if text.is_empty() { nothing.to_owned() } else { text };
        Ok([
            format!("{} ({}), {}, source {}", person.name, lead.id, lead.stage, lead.source),
            format!("  said       {:?}", person.text),
            format!("  bought     {}", or(bought.join(", "), "nothing yet")),
            format!(
                "  value      {}",
                value_tier(&self.tiers, person.lifetime, &amounts).unwrap_or("unknown")
            ),
            format!("  wants      {}", or(because.collect::<Vec<_>>().join(", "), "unknown")),
            match engage {
                Some(by) => format!("  signal     {strength:.1}, answer by {by}"),
                None => format!("  signal     {strength:.1}, nothing to answer"),
            },
            match (&lead.owner, owned.and_then(|owned| owned.stands_in_for)) {
                (Some(owner), Some(away)) => format!("  owner      {owner}, for {away} who is away"),
                (Some(owner), None) => format!("  owner      {owner}"),
                (None, _) => "  owner      nobody".to_owned(),
            },
            match against.as_slice() {
                [] => "  approach   yes".to_owned(),
                against => format!("  approach   no: {against:?}"),
            },
            format!("  where      {}", channel.unwrap_or("nowhere")),
            match next {
                NurtureStep::Send { content, due } => format!("  next       {content:?}, not before {due}"),
                end => format!("  next       {end:?}"),
            },
            match in_sales {
                Ok(()) => "  to sales   may become sql".to_owned(),
                Err(refused) => format!("  to sales   {refused}"),
            },
        ]
        .join("\n"))
    }
}
