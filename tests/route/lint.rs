//! Every finding is shown by its witness; what is sound is not found.

use hearken::facts::{Facts, Scope};
use hearken::limits::Limits;
use hearken::query::{Query, Scratch};
use hearken::route::{Finding, Lint, RuleBook, Rules, Witness, lint, responsibilities};
use serde::Deserialize;

/// `tests/data/route/lint.json`: a book, and the findings it must have: lint and rules.
#[derive(Deserialize)]
struct Case {
    name: String,
    book: RuleBook,
    findings: Vec<(Lint, Vec<String>)>,
}

fn shown(finding: &Finding, book: &RuleBook) -> bool {
    let rules = Rules::build(book, &Limits::default()).unwrap();
    let condition = |id: &str| Query::parse(&rules.rule(id).unwrap().when, Scope::Rule).unwrap();
    let decide = |facts: &Facts<'_>| rules.decide(facts, &mut Scratch::default());
    finding.witness.shows(|facts| match finding.lint {
        Lint::Shadowed => {
            let fired = decide(facts).fired;
            condition(&finding.rules[0]).matches(facts)
                && condition(&finding.rules[1]).matches(facts)
                && fired.iter().all(|fired| fired.rule != finding.rules[0])
        }
        Lint::Unreachable => !condition(&finding.rules[0]).matches(facts),
        Lint::Contradictory => {
            let fired = decide(facts).fired;
            finding.rules.iter().all(|rule| fired.iter().any(|fired| fired.rule == *rule))
        }
        Lint::Ownerless => decide(facts).verdict.assign.team.is_none(),
        Lint::Looping => finding.rules.iter().all(|rule| decide(facts).looping.contains(rule)),
        Lint::OverBroad => condition(&finding.rules[0]).matches(facts),
        _ => false,
    })
}

#[test]
fn findings_and_their_witnesses() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../data/route/lint.json")).unwrap();
    for case in cases {
        let findings =
            lint(&case.book, &Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        let found: Vec<_> = findings.iter().map(|finding| (finding.lint, finding.rules.clone())).collect();
        assert_eq!(found, case.findings, "{}", case.name);
        for finding in &findings {
            assert!(shown(finding, &case.book), "{}: {finding}", case.name);
        }
    }
}

#[test]
fn witnesses_meet_their_conditions() {
    for condition in [
        "refund",
        "\"never came\" -lost",
        "#sale OR @acme",
        "sentiment:[-0.4..-0.2] author.followers>=1000",
        "weekday:[mon..fri] time:[09:00..17:00]",
        "topic:billing topic:refund",
        "lang:(en OR de) NOT customer.tier:gold",
        "min:2(a b c)",
        "has:sentiment (a OR b) c",
        "attr.shop:basel attr.score>3",
        "author.verified:true urgency>=high",
    ] {
        let query = Query::parse(condition, Scope::Rule).unwrap();
        let witness = Witness::of(&query).unwrap_or_else(|| panic!("nothing for {condition}"));
        assert!(witness.shows(|facts| query.matches(facts)), "{condition}: {witness}");
    }
    assert!(Witness::of(&Query::parse("lang:en lang:de", Scope::Rule).unwrap()).is_none());
}

#[test]
fn the_matrix_of_responsibilities_shows_no_owner_and_two() {
    let book: RuleBook = serde_json::from_str(
        r#"{"rules": [
        {"id": "a", "when": "topic:(billing OR refund) lang:en", "then": [{"assign": {"team": "x"}}]},
        {"id": "b", "when": "topic:refund (urgent OR topic:legal)", "then": [{"assign": {"team": "y"}}]},
        {"id": "c", "when": "topic:spam -topic:praise", "then": ["hide"]}]}"#,
    )
    .unwrap();
    let matrix = responsibilities(&book);
    let teams = |topic: &str| matrix[topic].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!((teams("billing"), teams("refund"), teams("legal")), (vec!["x"], vec!["x", "y"], vec!["y"]));
    assert!(teams("spam").is_empty() && !matrix.contains_key("praise"));
}
