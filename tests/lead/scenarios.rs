//! Twelve things that users of eight systems asked for, a test each. What happens and what must come of it stands
//! in `tests/data/lead/scenarios.json`; each story is read in order, backwards and 46 times over.

use hearken::facts::Facts;
use hearken::lead::{Activity, Adjustment, History, Ledger, Override, RollUp, RuleFile, Rules, Standpoint};
use hearken::limits::Limits;
use hearken::model::{Points, Timestamp};
use hearken::text::Text;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    name: String,
    rules: RuleFile,
    #[serde(default)]
    fit: Vec<String>,
    events: Vec<Activity>,
    #[serde(default)]
    retract: Vec<String>,
    #[serde(default)]
    adjustments: Vec<Adjustment>,
    #[serde(default)]
    overrides: Vec<Override>,
    checks: Vec<Check>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Check {
    as_of: Timestamp,
    score: String,
    total: String,
    raw: Option<String>,
    dropped: Option<usize>,
    by_hand: Option<String>,
    grade: Option<String>,
    reached: Option<Vec<String>>,
}

pub(super) fn rules(file: &RuleFile) -> Rules {
    Rules::build(file, &Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

pub(super) fn sum(ledger: &Ledger) -> Points {
    ledger.entries.iter().map(|entry| entry.points).sum()
}

impl Scenario {
    fn histories(&self) -> [History; 3] {
        let play = |times: usize, backwards: bool| {
            let mut history = History::default();
            for turn in 0..times {
                for i in 0..self.events.len() {
                    let i = if backwards { self.events.len() - 1 - i } else { i };
                    // Retractions come first, in the middle and last.
                    if turn == 0 && i == self.events.len() / 2 {
                        for id in &self.retract {
                            history.retract(id);
                        }
                    }
                    history.record(self.events[i].clone());
                }
                for adjustment in &self.adjustments {
                    history.adjust(adjustment.clone());
                }
                self.overrides.iter().for_each(|o| history.set_by_hand(o.clone()));
            }
            history
        };
        [play(1, false), play(1, true), play(46, true)]
    }
}

/// Plays the scenario of this number: its story in three ways, and every check on each.
fn play(number: &str) {
    let scenarios: Vec<Scenario> = serde_json::from_str(include_str!("../data/lead/scenarios.json")).unwrap();
    let scenario = scenarios.iter().find(|s| s.name.split_once(':').is_some_and(|(n, _)| n == number));
    let scenario = scenario.unwrap_or_else(|| panic!("no scenario {number}"));
    let name = &scenario.name;
    let rules = rules(&scenario.rules);
    let fit: Vec<&str> = scenario.fit.iter().map(String::as_str).collect();
    let histories = scenario.histories();
    for check in &scenario.checks {
        let [first, others @ ..] =
            histories.each_ref().map(|h| rules.ledger(&check.score, h, &fit, check.as_of).unwrap());
        for other in others {
            assert_eq!(first, other, "{name}");
        }
        let at = check.as_of;
        assert_eq!(first.total.to_string(), check.total, "{name}, at {at}: {:#?}", first.entries);
        assert_eq!(sum(&first), first.total, "{name}, at {at}");
        if let Some(raw) = &check.raw {
            assert_eq!(first.raw.to_string(), *raw, "{name}, at {at}");
        }
        if let Some(dropped) = check.dropped {
            assert_eq!(first.dropped.len(), dropped, "{name}, at {at}: {:?}", first.dropped);
        }
        let by_hand = first.by_hand.as_ref().and_then(|o| o.points).map(|points| points.to_string());
        assert_eq!(by_hand, check.by_hand, "{name}, at {at}");
        assert_eq!(first.grade.map(|g| g.to_string()), check.grade, "{name}, at {at}");
        if let Some(reached) = &check.reached {
            assert_eq!(rules.reached(&check.score, first.total), *reached, "{name}, at {at}");
        }
    }
}

#[test]
fn scenario_01_the_same_action_counts_again_but_once_per_object() {
    play("1");
}

#[test]
fn scenario_02_a_click_implies_at_most_one_open() {
    play("2");
}

#[test]
fn scenario_03_the_score_is_its_ledger() {
    play("3");
}

#[test]
fn scenario_04_the_stored_explanation_reconciles() {
    play("4");
}

#[test]
fn scenario_05_decay_is_gentle_and_no_cliff() {
    play("5");
}

#[test]
fn scenario_06_decay_does_not_rob_the_still_engaged() {
    play("6");
}

#[test]
fn scenario_07_there_is_no_negative_trap() {
    play("7");
}

#[test]
fn scenario_08_bursts_are_withdrawn_afterwards() {
    play("8");
}

#[test]
fn scenario_09_event_ids_are_idempotent() {
    play("9");
}

#[test]
fn scenario_10_a_product_has_its_own_score_and_a_company_gathers_its_contacts() {
    play("10");
    let rules = rules(&serde_json::from_str(include_str!("../data/lead/shop.json")).unwrap());
    let at = Timestamp::from_secs;
    let mut ann = History::default();
    let mut bob = History::default();
    ann.record(Activity::new("1", at(10), ["visit"]).by("ann"));
    ann.record(Activity::new("2", at(20), ["demo"]).by("ann"));
    bob.record(Activity::new("3", at(30), ["visit"]).by("bob"));
    let total = |history: &History| rules.ledger("crm", history, &[], at(30)).unwrap().total;
    let apart = [total(&ann), total(&bob)];
    assert_eq!(apart.map(|points| points.to_string()), ["30", "5"]);
    let gathered = [RollUp::Sum, RollUp::Max, RollUp::Mean].map(|how| how.of(apart).unwrap().to_string());
    assert_eq!(gathered, ["35", "30", "17.5"]);
    let (ann_before, bob_before) = (ann.clone(), bob.clone());
    ann.merge(bob);
    assert_eq!(total(&ann), apart[0] + apart[1], "a merge conserves points");
    let bob = ann.split(|activity| activity.contact.as_deref() == Some("bob"));
    assert_eq!((ann, bob), (ann_before, bob_before), "and so does taking it back");
}

#[test]
fn scenario_11_a_change_of_rules_reaches_back_and_a_dry_run_says_who_crosses() {
    let mut file: RuleFile = serde_json::from_str(include_str!("../data/lead/shop.json")).unwrap();
    let old = rules(&file);
    file.criteria.iter_mut().find(|c| c.id == "visit").unwrap().points = 8.0;
    let new = rules(&file);
    let at = Timestamp::from_secs;
    let visits = |n: usize| {
        let mut history = History::default();
        for i in 0..n {
            history.record(Activity::new(format!("v{i}"), at(i as i64), ["visit"]));
        }
        history
    };
    let leads = [("few", visits(2)), ("many", visits(6))];
    let stand = |history| Standpoint { history, fit: &[] };
    let shifts = new.dry_run(&old, leads.iter().map(|(id, h)| (*id, stand(h), stand(h))), at(6));
    let told: Vec<String> = shifts
        .iter()
        .map(|shift| {
            let total = |state: &Option<(Points, _)>| state.as_ref().unwrap().0.to_string();
            let crossed: Vec<_> = shift.crossed.iter().map(|c| (c.threshold.as_str(), c.reached)).collect();
            format!("{} {} -> {} {crossed:?}", shift.lead, total(&shift.before), total(&shift.after))
        })
        .collect();
    assert_eq!(told, ["few 10 -> 16 []", r#"many 30 -> 48 [("mql", true)]"#]);
    // As of the past, too: the same as if the rule had always been so.
    assert_eq!(new.ledger("crm", &leads[1].1, &[], at(2)).unwrap().total, Points::whole(24));
    assert!(old.dry_run(&old, leads.iter().map(|(id, h)| (*id, stand(h), stand(h))), at(6)).is_empty());
}

#[test]
fn scenario_12_conditions_have_or_lists_ranges_and_counts_in_a_span() {
    play("12");
    play("12b");
    let rules = rules(&serde_json::from_str(include_str!("../data/lead/shop.json")).unwrap());
    let text = Text::new("Can I get a demo?");
    let asks = Facts::new(&text).with("kind", "comment");
    assert_eq!(rules.matches(&asks), ["demo"]);
    let quiet = Text::new("");
    let person = Facts::new(&quiet).with("attr.mail", "gmail").with("attr.size", 250.0);
    assert_eq!(rules.matches(&person), ["free-mail", "size"]);
    let small = Facts::new(&quiet).with("attr.mail", "acme").with("attr.size", 3.0);
    assert!(rules.matches(&small).is_empty());
}

#[test]
fn every_fault_of_a_rule_file_is_told_at_once() {
    let file: RuleFile = serde_json::from_str(include_str!("../data/lead/faulty.json")).unwrap();
    let error = Rules::build(&file, &Limits::default()).unwrap_err();
    let expected = include_str!("../data/lead/faulty.txt");
    assert_eq!(format!("{error}\n"), expected);
}

#[test]
fn rules_that_guess_who_somebody_is_are_not_built() {
    let mut file: RuleFile = serde_json::from_str(include_str!("../data/lead/shop.json")).unwrap();
    file.forbid = ["attr.size", "attr.age", "country"].map(str::to_owned).to_vec();
    let error = Rules::build(&file, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "criterion size, when: asks about `attr.size`, which is forbidden");
    file.criteria.retain(|criterion| criterion.id != "size");
    let rules = rules(&file);
    assert!(rules.forbidden().iter().all(|field| !rules.asks(field)));
    assert_eq!(rules.forbidden().len(), 3);
    file.criteria[0].when = "kind:visit -has:attr.age".to_owned();
    assert!(
        Rules::build(&file, &Limits::default()).is_err(),
        "to ask whether it is known is to ask about it"
    );
    file.forbid = vec!["agee".to_owned()];
    let error = Rules::build(&file, &Limits::default()).unwrap_err();
    assert_eq!(error.to_string(), "forbid: no fact `agee`");
}

#[test]
fn all_nine_grades_are_given() {
    let file = r#"{"scores": [{"id": "crm", "groups": [{"id": "is", "kind": "fit"}, {"id": "does", "kind": "engagement"}],
                    "grades": {"fit": [20, 10], "engagement": [40, 15]}}],
        "criteria": [{"id": "a", "score": "crm", "group": "is", "when": "x", "points": 10},
                     {"id": "b", "score": "crm", "group": "is", "when": "x", "points": 11},
                     {"id": "c", "score": "crm", "group": "does", "when": "x", "points": 15},
                     {"id": "d", "score": "crm", "group": "does", "when": "x", "points": 26}]}"#;
    let rules = rules(&serde_json::from_str(file).unwrap());
    let mut given = Vec::new();
    for fit in [&["a", "b"][..], &["a"], &[]] {
        for does in [&["c", "d"][..], &["c"], &[]] {
            let mut history = History::default();
            history.record(Activity::new("e", Timestamp::from_secs(1), does.iter().copied()));
            let ledger = rules.ledger("crm", &history, fit, Timestamp::from_secs(2)).unwrap();
            given.push(ledger.grade.unwrap().to_string());
        }
    }
    assert_eq!(given, ["A1", "A2", "A3", "B1", "B2", "B3", "C1", "C2", "C3"]);
}
