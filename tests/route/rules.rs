use hearken::facts::{Facts, Scope};
use hearken::limits::Limits;
use hearken::query::{Query, Scratch};
use hearken::route::{Action, Assign, Group, Mode, Rule, RuleBook, Rules};
use hearken::text::Text;
use std::collections::BTreeMap;

fn rules(json: &str) -> Rules {
    let book: RuleBook = serde_json::from_str(json).unwrap();
    Rules::build(&book, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn fired(rules: &Rules, facts: &Facts<'_>) -> Vec<String> {
    rules.decide(facts, &mut Scratch::default()).fired.into_iter().map(|fired| fired.rule).collect()
}

/// Scenario 6: two rules that set each other off stop and are named; a chain of two still runs.
#[test]
fn scenario_06_loops_are_stopped_and_named() {
    let rules = rules(
        r#"{"groups": [{"id": "g", "mode": "always", "rules": [
        {"id": "down", "when": "attr.x:2", "then": [{"set": {"name": "x", "value": "1"}}]},
        {"id": "up", "when": "attr.x:1", "then": [{"set": {"name": "x", "value": "2"}}]},
        {"id": "first", "when": "attr.a:yes", "then": [{"set": {"name": "b", "value": "yes"}}]},
        {"id": "second", "when": "attr.b:yes", "then": [{"tag": "chained"}]},
        {"id": "plain", "when": "attr.x:*", "then": [{"tag": "plain"}]}]}]}"#,
    );
    let text = Text::new("");
    let decision = rules.decide(&Facts::new(&text).with("attr.x", "2"), &mut Scratch::default());
    assert_eq!(decision.looping, ["down", "up"]);
    assert_eq!(decision.fired.len(), 2, "each once");

    let decision = rules.decide(&Facts::new(&text).with("attr.a", "yes"), &mut Scratch::default());
    assert!(decision.looping.is_empty());
    assert!(decision.verdict.tags.contains("chained"));
}

/// A chain as long as the limit allows is no loop, whichever way round it is written.
#[test]
fn a_long_chain_is_no_loop() {
    let links = hearken::limits::Limits::default().cascade_steps;
    let rule = |n: usize| {
        format!(
            r#"{{"id": "r{n}", "when": "attr.x:{n}", "then": [{{"set": {{"name": "x", "value": "{}"}}}}]}}"#,
            n + 1
        )
    };
    let written: Vec<String> = (0..links).rev().map(rule).collect();
    let rules = rules(&format!(
        r#"{{"groups": [{{"id": "g", "mode": "always", "rules": [{}]}}]}}"#,
        written.join(",")
    ));
    let text = Text::new("");
    let decision = rules.decide(&Facts::new(&text).with("attr.x", "0"), &mut Scratch::default());
    assert_eq!((decision.fired.len(), decision.looping.len()), (links, 0));
}

/// Scenario 7: a leaf about an absent fact is false, its negation true, and `has:` asks.
#[test]
fn scenario_07_an_absent_fact_has_one_documented_answer() {
    let rules = rules(
        r#"{"groups": [{"id": "g", "mode": "always", "rules": [
        {"id": "is", "when": "customer.tier:gold", "then": ["hide"]},
        {"id": "not", "when": "NOT customer.tier:gold", "then": ["hide"]},
        {"id": "minus", "when": "-customer.tier:gold", "then": ["hide"]},
        {"id": "known", "when": "has:customer.tier", "then": ["hide"]}]}]}"#,
    );
    let text = Text::new("");
    assert_eq!(fired(&rules, &Facts::new(&text)), ["not", "minus"]);
    assert_eq!(fired(&rules, &Facts::new(&text).with("customer.tier", "gold")), ["is", "known"]);
    assert_eq!(fired(&rules, &Facts::new(&text).with("customer.tier", "none")), ["not", "minus", "known"]);
}

/// Scenario 8: conditions are trees; a list holds when any of its values is there.
#[test]
fn scenario_08_conditions_are_trees() {
    let rules = rules(
        r#"{"groups": [{"id": "g", "mode": "always", "rules": [
        {"id": "grouped", "when": "(attr.a:1 attr.t:1) OR (attr.b:1 attr.t:1)", "then": ["hide"]},
        {"id": "bound", "when": "attr.a:1 attr.b:1 OR attr.c:1", "then": ["hide"]},
        {"id": "any", "when": "topic:(billing OR refund)", "then": ["hide"]}]}]}"#,
    );
    let text = Text::new("");
    let facts = |names: &[&str]| names.iter().fold(Facts::new(&text), |facts, name| facts.with(*name, "1"));
    assert!(fired(&rules, &facts(&["attr.t"])).is_empty());
    assert_eq!(fired(&rules, &facts(&["attr.b", "attr.t"])), ["grouped"]);
    assert_eq!(fired(&rules, &facts(&["attr.c"])), ["bound"]);
    assert!(fired(&rules, &facts(&["attr.b"])).is_empty());
    assert_eq!(fired(&rules, &Facts::new(&text).with("topic", ["delivery", "refund"])), ["any"]);
}

/// Scenario 9: priority, then position, then id; the first match stops.
#[test]
fn scenario_09_order_is_total() {
    let rules = rules(
        r#"{"rules": [
        {"id": "z", "when": "a", "then": ["hide"]},
        {"id": "y", "when": "a", "then": ["hide"]},
        {"id": "x", "when": "a", "priority": 7, "then": ["hide"], "continue": true},
        {"id": "w", "when": "b", "priority": 8, "then": ["hide"]}]}"#,
    );
    let text = Text::new("a");
    let facts = Facts::new(&text);
    assert_eq!(rules.first(&facts, &mut Scratch::default()).unwrap().id, "x");
    assert_eq!(
        rules
            .matches(&facts, &mut Scratch::default())
            .iter()
            .map(|rule| rule.id.as_str())
            .collect::<Vec<_>>(),
        ["x", "z", "y"]
    );
    assert_eq!(fired(&rules, &facts), ["x", "z"], "x goes on, z stops");
}

/// What a rule that goes on has set is seen by every rule after it, not only by the next.
#[test]
fn what_is_set_is_seen_by_the_rules_after_it() {
    let rules = rules(
        r#"{"rules": [
        {"id": "unseen", "when": "attr.c:1", "then": ["hide"]},
        {"id": "a", "when": "start", "continue": true, "then": [{"set": {"name": "b", "value": "1"}}]},
        {"id": "b", "when": "attr.b:1", "continue": true, "then": [{"set": {"name": "c", "value": "1"}}]},
        {"id": "same", "when": "start", "continue": true, "then": [{"tag": "same"}]},
        {"id": "c", "when": "attr.c:1", "then": [{"tag": "seen"}]},
        {"id": "last", "when": "start", "then": ["hide"]}]}"#,
    );
    assert_eq!(fired(&rules, &Facts::new(&Text::new("start"))), ["a", "b", "same", "c"]);
}

/// Scenario 10: ten thousand rules give the answers of the plain evaluator, from an index of a stated size and without
/// looking at most of them. `cargo bench --bench route` and `examples/route.rs --bench` print what that takes.
#[test]
fn scenario_10_ten_thousand_rules() {
    let mut random = super::Random(10);
    let rule = |index: usize, random: &mut super::Random| {
        let parts = [
            format!("platform:{}", ["x", "reddit", "youtube"][random.below(3) as usize]),
            format!("sentiment<{}", random.below(16) as f64 / 10.0 - 0.8),
            format!("author.followers>{}", 10u64.pow(1 + random.below(6) as u32)),
            format!("word{}", random.below(300)),
        ];
        Rule::new(format!("r{index}"), parts.join(" "), vec![Action::Hide])
    };
    let book = RuleBook {
        rules: (0..10_000).map(|index| rule(index, &mut random)).collect(),
        ..RuleBook::default()
    };
    let rules = Rules::build(&book, &Limits::default()).unwrap();
    assert!(rules.bytes() < 200 * 10_000, "{} bytes", rules.bytes());
    let queries: Vec<Query> =
        book.rules.iter().map(|rule| Query::parse(&rule.when, Scope::Rule).unwrap()).collect();
    let mut scratch = Scratch::default();
    for _ in 0..20 {
        let words: Vec<String> = (0..8).map(|_| format!("word{}", random.below(300))).collect();
        let text = Text::new(&words.join(" "));
        let facts = Facts::new(&text)
            .with("platform", "x")
            .with("sentiment", random.below(20) as f64 / 10.0 - 1.0)
            .with("author.followers", random.below(1_000_000) as f64);
        let plain: Vec<usize> =
            (0..).zip(&queries).filter(|(_, query)| query.matches(&facts)).map(|(at, _)| at).collect();
        let found: Vec<String> =
            rules.matches(&facts, &mut scratch).iter().map(|rule| rule.id.clone()).collect();
        assert_eq!(found, plain.iter().map(|at| format!("r{at}")).collect::<Vec<_>>());
        assert_eq!(rules.first(&facts, &mut scratch).map(|rule| rule.id.clone()), found.first().cloned());
    }
}

#[test]
fn the_root_always_matches() {
    let rules = rules(
        r#"{"rules": [{"id": "a", "when": "nothing", "then": ["hide"]}], "root": [{"assign": {"team": "service"}}]}"#,
    );
    let text = Text::new("anything");
    let decision = rules.decide(&Facts::new(&text), &mut Scratch::default());
    assert!(decision.by_root && decision.fired.is_empty());
    assert_eq!(decision.verdict.assign.team, Some("service".into()));
}

#[test]
fn every_fault_of_a_book_is_reported() {
    let mut book = RuleBook { author: Some("ann".into()), ..RuleBook::default() };
    book.rules = vec![
        Rule::new("a", "(late", vec![Action::Hide]),
        Rule::new("a", "late", vec![]),
        Rule { approved_by: Some("ann".into()), ..Rule::new("b", "colour:red", vec![Action::Hide]) },
        Rule::new("c", "late", vec![Action::Set { name: "no good".into(), value: None }]),
        Rule::new("", "late", vec![Action::Assign(Assign::default())]),
    ];
    let skills = BTreeMap::from([("law".to_owned(), 9)]);
    let skilled = Action::Assign(Assign { skills, ..Assign::default() });
    let group = |id: &str| Group { id: id.into(), mode: Mode::First, rules: vec![] };
    book.groups =
        vec![group("g"), Group { rules: vec![Rule::new("d", "late", vec![skilled])], ..group("g") }];
    let faults = Rules::build(&book, &Limits::default()).unwrap_err();
    let error = faults.to_string();
    for part in [
        "rule a, line 1",
        "rule a: the id",
        "rule a: it does nothing",
        "nobody approves",
        "rule b, line 1",
        "rule c:",
        "group \"\", rule number 5: a rule needs an id",
        "group \"\", rule number 5: it assigns nobody",
        "rule d: level 9 of law (levels are 1 to 5)",
        "group g: the id is given twice",
    ] {
        assert!(error.contains(part), "{part} is not in {error}");
    }
    let ours = faults.faults().iter().filter(|fault| fault.position().is_none());
    ours.for_each(|fault| assert!(fault.remedy().is_some(), "{fault}"));
}

/// A rule that is put in the place of another is held to the same as one of the book.
#[test]
fn a_rule_that_is_replaced_is_checked_with_its_book() {
    let mut rules = rules(
        r#"{"author": "ann", "approved_by": "bo", "rules": [{"id": "a", "when": "late", "then": ["hide"]}]}"#,
    );
    let own = Rule { approved_by: Some("ann".into()), ..Rule::new("a", "late", vec![Action::Hide]) };
    let error = rules.replace(own, &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("nobody approves"), "{error}");
    assert!(rules.rule("a").unwrap().approved_by.is_none(), "nothing has changed");
    rules.replace(Rule::new("a", "lost", vec![Action::Hide]), &Limits::default()).unwrap();
    assert_eq!(rules.rule("a").unwrap().when, "lost");
}
