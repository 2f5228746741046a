//! Who is likely to leave, what to do for each, and whether it helped.

use hearken::lead::{Action, Choice, Effect, Lot, NOTHING, Offer, Play, Retention, Strategies};
use hearken::scorecard::{Fitted, Learned, Learner, Rows};
use proptest::prelude::*;

/// Customers by complaints and months, and what was done for them: a call keeps those who complain.
fn customers(n: usize) -> Rows {
    let mut rows = Rows::new(["complaints", "months", "action"]).unwrap();
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for _ in 0..n {
        let (complaints, months, called) = (next(5), next(40), next(2) == 1);
        let risk = 5 + 14 * complaints + if months < 6 { 15 } else { 0 };
        let risk = if called { risk / 3 + 4 } else { risk };
        let stays = next(100) >= risk;
        rows.push(&[&complaints.to_string(), &months.to_string(), if called { "call" } else { "" }], stays);
    }
    rows
}

fn learnt(rows: &Rows) -> Fitted {
    match Learner::new().fit(rows).unwrap() {
        Learned::Ready(fitted) => *fitted,
        other => panic!("{other:?}"),
    }
}

/// The model of leaving when nothing is done.
fn leaving() -> Fitted {
    let all = customers(4_000);
    let alone = &all.by("action")[""];
    let mut rows = Rows::new(alone.names()).unwrap();
    for i in 0..alone.len() {
        rows.push(&alone.row(i).unwrap(), !alone.outcome(i).unwrap());
    }
    learnt(&rows)
}

#[test]
fn those_at_risk_are_found_with_reasons_and_remedies() {
    let fitted = leaving();
    let retention = Retention::new(&fitted, (200.0, 20.0), "win-back", 0.2).unwrap();
    let chosen = fitted.validation.threshold(200.0, 20.0).unwrap();
    assert_eq!(retention.threshold, chosen);
    let mut watch = retention.watch(&["months", "complaints"]);
    let angry = watch.assess("c-1", &["3", "4"]);
    assert!(angry.probability > 0.5 && angry.model == retention.card.version());
    assert_eq!(angry.reasons[0].0, "complaints is 4");
    let help = watch.remedy(|_| true).unwrap();
    assert_eq!(help[0].field, "complaints");
    let gained = help.iter().map(|change| change.gain).sum();
    assert!(retention.card.probability(angry.points + gained) < chosen.threshold, "{help:?}");
    assert_eq!(watch.remedy(|_| false), None);
    let calm = watch.assess("c-1", &["30", "0"]);
    assert!(calm.probability < angry.probability);
    assert_eq!(calm.lot, Lot::Below);
    assert_eq!(watch.remedy(|_| true), Some(Vec::new()));
    assert!(Retention::new(&fitted, (0.0, 20.0), "win-back", 0.2).is_none());
}

#[test]
fn each_gets_what_brings_most_and_nothing_is_a_choice() {
    let offer = |name: &str, cost| Offer { name: name.into(), cost };
    let offers = [offer("call", 25.0), offer("gift", 5.0)];
    let strategies = Strategies::learn(&Learner::new(), &customers(4_000), "action", &offers, 200.0).unwrap();
    assert_eq!(strategies.unlearnt(), ["gift"]);
    let stored = serde_json::to_string(&strategies).unwrap();
    let strategies: Strategies = serde_json::from_str(&stored).unwrap();
    let mut advisor = strategies.advisor(&["complaints", "months"]);
    let angry = advisor.choose(&["4", "20"]).unwrap();
    assert_eq!((angry.best(), angry.runner_up()), ("call", Some(NOTHING)));
    assert!(angry.margin() > 20.0, "{angry:?}");
    let calm = advisor.choose(&["0", "20"]).unwrap();
    assert_eq!((calm.best(), calm.runner_up()), (NOTHING, Some("call")));

    // Without cases of doing nothing there is nothing to compare with.
    let only_calls = customers(60);
    let none = Strategies::learn(&Learner::new(), &only_calls, "action", &offers, 200.0).unwrap();
    assert_eq!(none.unlearnt(), ["call", "gift"]);
    assert_eq!(none.advisor(&["complaints"]).choose(&["4"]), None);
}

#[test]
fn lots_are_the_same_on_every_machine_and_another_play_draws_others() {
    let play = |id: &str| Play { id: id.into(), threshold: 0.3, holdout: 0.1 };
    let held = |play: &Play| -> Vec<usize> {
        (0..2_000).filter(|i| play.draw(&format!("customer-{i}"), 0.9) == Lot::Held).collect()
    };
    let (spring, autumn) = (held(&play("spring")), held(&play("autumn")));
    assert!((150..250).contains(&spring.len()), "{}", spring.len());
    let both = spring.iter().filter(|i| autumn.contains(i)).count();
    assert!(both < 50, "{both}");
    assert_eq!(spring[..5], [9, 24, 26, 31, 33]);
    // A larger holdout holds the same people and more.
    let wider = held(&Play { holdout: 0.3, ..play("spring") });
    assert!(spring.iter().all(|i| wider.contains(i)) && wider.len() > spring.len());
}

proptest! {
    #[test]
    fn only_those_at_risk_are_drawn(risk in 0.0..1.0_f64, threshold in 0.0..1.0_f64, holdout in 0.0..1.0_f64) {
        let play = Play { id: "p".into(), threshold, holdout };
        prop_assert_eq!(play.draw("someone", risk) == Lot::Below, risk < threshold);
        prop_assert_eq!(play.draw("someone", f64::NAN), Lot::Below);
        prop_assert_ne!(Play { holdout: 0.0, ..play.clone() }.draw("someone", risk), Lot::Held);
        prop_assert_ne!(Play { holdout: 1.0, ..play }.draw("someone", risk), Lot::Treated);
    }

    #[test]
    fn an_effect_lies_in_its_interval_and_turns_with_its_sides(
        (t, tn) in (1..500_usize).prop_flat_map(|n| (0..=n, Just(n))),
        (h, hn) in (1..500_usize).prop_flat_map(|n| (0..=n, Just(n))),
    ) {
        let effect = Effect::measure((t, tn), (h, hn)).unwrap();
        let (low, high) = effect.interval;
        prop_assert!(low <= effect.avoided && effect.avoided <= high && low >= -1.0 && high <= 1.0);
        let turned = Effect::measure((h, hn), (t, tn)).unwrap();
        prop_assert!((turned.avoided + effect.avoided).abs() < 1e-12);
        prop_assert!((turned.interval.0 + high).abs() < 1e-12);
    }

    #[test]
    fn the_best_choice_is_worth_most(
        actions in prop::collection::vec((0.0..1.0_f64, -50.0..400.0_f64, 0.0..50.0_f64), 0..6),
        (probability, value) in (0.0..1.0_f64, 0.0..400.0_f64),
    ) {
        let actions: Vec<Action> = actions
            .iter()
            .enumerate()
            .map(|(i, (p, value, cost))| Action { name: format!("a{i}"), probability: *p, value: *value, cost: *cost })
            .collect();
        let broken = Action { name: "broken".into(), probability: f64::NAN, value: 1.0, cost: 0.0 };
        let choice = Choice::among(actions.iter().cloned().chain([broken]), probability, value);
        let best = actions.iter().map(Action::expected).fold(probability * value, f64::max);
        prop_assert!((choice.ranked[0].1 - best).abs() < 1e-12);
        prop_assert_eq!(choice.ranked.len(), actions.len() + 1);
        prop_assert!(choice.ranked.iter().any(|(name, _)| name == NOTHING));
        prop_assert!(choice.margin() >= 0.0);
    }
}
