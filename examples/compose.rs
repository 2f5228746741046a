//! The modules wired by hand: text, sentiment, signals, identity, leads and routing on plain values.
//!
//! No engine, no store: `cargo run --release --example compose`.

use hearken::facts::{Facts, Field};
use hearken::identity::{Decision, Index, Kind, Matcher, Person, Thresholds};
use hearken::lead::{Activity, History, RuleFile, Rules as Criteria};
use hearken::limits::Limits;
use hearken::model::Timestamp;
use hearken::query::Scratch;
use hearken::route::{RuleBook, Rules};
use hearken::sentiment::Sentiment;
use hearken::signal::Signals;
use hearken::text::Text;
use std::error::Error;

const CRITERIA: &str = r#"{
    "scores": [{"id": "interest", "groups": [{"id": "what", "kind": "engagement"}]}],
    "criteria": [{"id": "asks", "score": "interest", "group": "what", "when": "intent:seek", "points": 25, "half_life": "21d"}]
}"#;
const RULES: &str = r#"{"rules": [
    {"id": "angry", "when": "topic:complaint sentiment<0", "then": [{"assign": {"team": "service"}}]},
    {"id": "lead", "when": "intent:seek lead.score>=20", "then": [{"assign": {"team": "sales"}}]}
]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let limits = Limits::default();
    let sentiment = Sentiment::english();
    let signals = Signals::english();
    let criteria = Criteria::build(&serde_json::from_str::<RuleFile>(CRITERIA)?, &limits)?;
    let rules = Rules::build(&serde_json::from_str::<RuleBook>(RULES)?, &limits)?;
    let mut customers = Index::new(Matcher::standard(10_000));
    customers.upsert(Person::new("c-1").name("Robert Miller").email("bob@example.com").handle("bobmiller"));
    let mut history = History::default();
    let mut scratch = Scratch::default();

    let said = [
        ("Bob Miller", "@bobmiller", "can anyone recommend a quiet kettle?"),
        ("Ann Svensson", "@annsv", "my lamp broke after a week, this is the worst lamp ever"),
    ];
    for (i, (name, handle, words)) in said.into_iter().enumerate() {
        let now = Timestamp::from_secs(1_772_000_000 + i as i64);
        let text = Text::new(words);
        let mut facts = Facts::new(&text).with(Field::Platform, "x");

        let reading = sentiment.read(&text);
        facts.set(Field::Sentiment, reading.score);
        let found = signals.read(&mut facts, &mut scratch);

        let author = Person::new(handle).claimed(Kind::Name, name).handle(handle);
        let who = match customers.resolve(&author, Thresholds::tolerating(0.01)) {
            Decision::Match(found) => format!("{} ({:.1} %)", found.candidate, found.probability * 100.0),
            Decision::Review(found) => format!("perhaps {}", found[0].candidate),
            _ => "nobody we know".to_owned(),
        };

        let met = criteria.matches(&facts);
        history.record(Activity::new(format!("post {i}"), now, met.iter().copied()));
        if let Some(ledger) = criteria.ledger("interest", &history, &met, now) {
            facts.set(Field::LeadScore, ledger.total.as_f64());
        }
        let decision = rules.decide(&facts, &mut scratch);

        println!("{words}");
        println!("  who        {who}");
        println!("  mood       {} {:+.2}", reading.label.name(), reading.score);
        println!("  urgency    {}", found.urgency.name());
        println!(
            "  goes to    {}",
            decision.verdict.assign.team.map_or("nobody".into(), |team| team.to_string())
        );
        println!("  because    {:?}", decision.fired.iter().map(|fired| &fired.rule).collect::<Vec<_>>());
    }
    Ok(())
}
