//! How far a lead is and whose it is.

use hearken::error::FaultKind;
use hearken::facts::Facts;
use hearken::lead::{Lead, Stages, Territories, TerritoryRule};
use hearken::limits::Limits;
use hearken::model::Timestamp;
use hearken::text::Text;
use proptest::prelude::*;

const NAMES: [&str; 10] =
    ["new", "engaged", "mql", "sql", "opportunity", "won", "lost", "nurture", "disqualified", "nowhere"];

proptest! {
    #[test]
    fn a_lead_only_goes_where_it_may(walk in prop::collection::vec(0..NAMES.len(), 1..40)) {
        let stages = Stages::default();
        let table: serde_json::Value = serde_json::to_value(&stages).unwrap();
        let mut lead = Lead::new("l", "x:1", Timestamp::from_secs(0));
        for (at, to) in (1..).zip(walk) {
            let (to, before) = (NAMES[to], lead.clone());
            let legal = table[&before.stage].as_array().unwrap().iter().any(|next| next == to);
            match lead.advance(&stages, to, Timestamp::from_secs(at)) {
                Ok(moved) => {
                    prop_assert_eq!(moved, before.stage != to);
                    prop_assert!(legal || !moved);
                    prop_assert_eq!(lead.moves.len(), before.moves.len() + usize::from(moved));
                }
                Err(refused) => {
                    prop_assert!(!legal && before.stage != to);
                    prop_assert_eq!(refused.known, to != "nowhere");
                    prop_assert_eq!(&lead, &before, "a refused move changes nothing");
                }
            }
            let trail: Vec<&str> = lead.moves.iter().map(|m| m.to.as_str()).collect();
            prop_assert_eq!(trail.last().copied().unwrap_or("new"), lead.stage.as_str());
        }
    }
}

#[test]
fn a_sale_names_its_transaction_and_only_a_legal_one_is_made() {
    let (stages, at) = (Stages::default(), Timestamp::from_secs(5));
    let mut lead = Lead::new("l", "x:1", at);
    assert!(lead.convert(&stages, "won", "order-1", at).is_err());
    assert_eq!((lead.stage.as_str(), &lead.conversion), ("new", &None));
    for stage in ["mql", "sql", "opportunity"] {
        lead.advance(&stages, stage, at).unwrap();
    }
    lead.convert(&stages, "won", "order-1", at).unwrap();
    assert_eq!(
        (lead.moves.last().unwrap().to.as_str(), lead.conversion.as_deref()),
        ("won", Some("order-1"))
    );
}

#[test]
fn stages_of_ones_own_are_checked() {
    let error = Stages::build([("open", vec!["closed", "gone"]), ("closed", vec![])]).unwrap_err();
    assert_eq!(error.to_string(), "stage open: may become gone, which is no stage");
    let stages = Stages::build([("open", vec!["closed"]), ("closed", vec![])]).unwrap();
    let refused = stages.check("closed", "open").unwrap_err();
    assert_eq!(refused.to_string(), "a lead that is closed cannot become open (it may become nothing else)");
}

#[test]
fn a_lead_goes_to_its_territory_and_to_the_named_deputy_when_the_owner_is_away() {
    let rules: Vec<TerritoryRule> = serde_json::from_str(
        r#"[{"id": "boats", "when": "topic:boats country:(ch OR at)", "owner": "anna", "fallback": ["urs", "mia"]},
            {"id": "alps", "when": "country:(ch OR at)", "owner": "urs"}]"#,
    )
    .unwrap();
    let territories = Territories::build(&rules, &Limits::default()).unwrap();
    let text = Text::new("");
    let sailor = Facts::new(&text).with("country", "ch").with("topic", "boats");
    let walker = Facts::new(&text).with("country", "at");
    let owner = |facts: &Facts<'_>, away: &[&str]| {
        let owned = territories.owner(facts, |person| away.contains(&person))?;
        Some((
            owned.territory.to_owned(),
            owned.owner.map(str::to_owned),
            owned.stands_in_for.map(str::to_owned),
        ))
    };
    let owned = |territory: &str, owner: Option<&str>, away: Option<&str>| {
        Some((territory.to_owned(), owner.map(str::to_owned), away.map(str::to_owned)))
    };
    assert_eq!(owner(&sailor, &[]), owned("boats", Some("anna"), None), "the first that holds");
    assert_eq!(owner(&sailor, &["anna"]), owned("boats", Some("urs"), Some("anna")));
    assert_eq!(owner(&sailor, &["anna", "urs"]), owned("boats", Some("mia"), Some("anna")));
    assert_eq!(owner(&walker, &[]), owned("alps", Some("urs"), None));
    assert_eq!(owner(&walker, &["urs"]), owned("alps", None, Some("urs")), "nobody is invented");
    assert_eq!(owner(&Facts::new(&text).with("country", "fr"), &[]), None);
}

#[test]
fn faults_of_territories_are_told_at_once() {
    let rule = |id: &str, when: &str, owner: &str| TerritoryRule {
        id: id.into(),
        when: when.into(),
        owner: owner.into(),
        fallback: Vec::new(),
    };
    let rules = [rule("a", "country:(", "ann"), rule("a", "", ""), rule("b", "planet:mars", "bob")];
    let error = Territories::build(&rules, &Limits::default()).unwrap_err();
    let kinds: Vec<FaultKind> = error.faults().iter().map(|fault| fault.kind()).collect();
    assert_eq!(kinds.len(), 4, "{error}");
    assert!(kinds.contains(&FaultKind::Duplicate) && kinds.contains(&FaultKind::Missing), "{error}");
}
