//! A configuration that is not of the shape of settings: every fault at once, each with its place.

use hearken::engine::Settings;
use hearken::error::FaultKind;

fn faults(source: &str) -> Vec<String> {
    let error = Settings::parse(source).unwrap_err();
    error.faults().iter().map(|fault| format!("{}: {}", fault.place(), fault.message())).collect()
}

#[test]
fn every_fault_of_shape_is_told_at_once_with_its_place() {
    let source = r#"{
        "agents": [{"id": "ann", "capacity": "three"}, {"capacity": 1}, {"id": "eve", "capacity": 2}],
        "alerts": {"rules": [["negative", {"threshold": 2}], ["crisis", {"windw": 5}]]},
        "monitors": [{"id": "kettle", "kind": "product", "indirect": "kettle"}],
        "playbooks": [{"id": "recall", "steps": [{"id": "say", "owner": "pr"}, {"id": "mend"}]}],
        "promises": {"fast": {"first": 5}, "slow": {"first": "ten"}},
        "rules": {"rules": [
            {"id": "a", "when": "x", "then": [{"asign": {"team": "t"}}]},
            {"id": "b", "when": 7, "then": ["hide"], "prio": 1}]},
        "temlates": {},
        "zone": 1
    }"#;
    let wanted = [
        "agents, ann, capacity: invalid type: string \"three\"",
        "agents, item 2: missing field `id`",
        "alerts, rules, item 2: unknown field `windw`",
        "monitors, kettle, indirect: invalid type: string \"kettle\"",
        "playbooks, recall, steps, mend: missing field `owner`",
        "promises, slow, first: invalid type: string \"ten\"",
        "rules, rules, a, then, item 1: unknown variant `asign`",
        "rules, rules, b, when: invalid type: integer `7`",
        "rules, rules, b: unknown field `prio`",
        ": unknown field `temlates`",
        "zone: invalid type: integer `1`",
    ];
    let mut told = faults(source);
    told.sort();
    let mut rest = told.clone();
    for fault in wanted {
        let before = rest.len();
        rest.retain(|line| !line.starts_with(fault));
        assert_eq!(rest.len() + 1, before, "{fault} in {told:#?}");
    }
    assert_eq!(rest, [""; 0], "nothing is told that is not so");
}

#[test]
fn what_was_perhaps_meant_is_said() {
    let error = Settings::parse(r#"{"temlates": {}}"#).unwrap_err();
    assert_eq!(error.faults()[0].kind(), FaultKind::Unknown);
    assert_eq!(error.faults()[0].remedy(), Some("did you mean templates?"));
}

#[test]
fn text_that_is_no_json_is_told_with_line_and_column() {
    let error = Settings::parse("{\n  \"zone\": }").unwrap_err();
    assert_eq!((error.faults()[0].kind(), error.faults()[0].position()), (FaultKind::Syntax, Some((2, 11))));
    assert!(Settings::parse("7").is_err());
}

#[test]
fn what_has_the_right_shape_is_read_as_serde_reads_it() {
    let source = include_str!("../data/engine/settings.json");
    assert_eq!(Settings::parse(source).unwrap(), serde_json::from_str(source).unwrap());
}
