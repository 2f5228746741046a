//! Templates: faults with their place, stand-ins, private values.

use hearken::respond::{Template, Unfilled, Values};

#[test]
fn every_fault_is_told_with_its_place() {
    let error = Template::parse("t", "Hi {nmae},\nopen { and } close }", &["name"]).unwrap_err();
    let lines: Vec<String> = error.faults().iter().map(|fault| fault.to_string()).collect();
    assert_eq!(
        lines,
        [
            "template t, line 1, column 4: no variable is named \"nmae\" (one of name)",
            "template t, line 2, column 6: no variable is named \"and\" (one of name)",
            "template t, line 2, column 20: this } closes nothing (write }} for a brace)",
        ]
    );
    let error = Template::parse("t", "never {closed", &[]).unwrap_err();
    assert_eq!(error.faults()[0].position(), Some((1, 7)));
}

#[test]
fn a_missing_value_is_an_error_never_a_blank() {
    let template = Template::parse("t", "Dear {name}", &[]).unwrap();
    let missing = template.fill(&Values::default()).unwrap_err();
    assert_eq!(missing, Unfilled::Missing { template: "t".into(), variable: "name".into() });
}

#[test]
fn a_private_value_keeps_the_draft_out_of_public() {
    let template = Template::parse("t", "Order {order} {{sic}}", &[]).unwrap();
    let mut values = Values::default();
    values.set("order", "17");
    assert!(!template.fill(&values).unwrap().private);
    values.set_private("order", "17");
    let draft = template.fill(&values).unwrap();
    assert!(draft.private);
    assert_eq!(draft.text.reveal(), "Order 17 {sic}");
}

#[test]
fn a_filled_text_is_bounded() {
    let template = Template::parse("t", &"{x}".repeat(50), &[]).unwrap();
    let mut values = Values::default();
    values.set("x", &"y".repeat(1_000));
    assert!(matches!(template.fill(&values), Err(Unfilled::TooLong { .. })));
}
