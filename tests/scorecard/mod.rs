//! The scorecard learns from raw rows, adds up, and is the same model however the rows come.

use hearken::model::Points;
use hearken::scorecard::{
    Direction, Fitted, Follower, Learned, Learner, Renewal, Rows, Scorecard, Validation,
};
use proptest::prelude::*;

/// Closed cases from a small deterministic generator: two fields matter, one is noise.
fn cases(n: u64) -> Vec<(Vec<String>, bool)> {
    let mut state = 0x9e37_79b9_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 33
    };
    (0..n)
        .map(|_| {
            let (source, visits, noise) = (next() % 4, next() % 12, next() % 3);
            let chance = [10, 25, 45, 60][source as usize] + 3 * visits;
            let won = next() % 100 < chance;
            let visits = if next() % 10 == 0 { String::new() } else { visits.to_string() };
            let source = ["fair", "web", "partner", "referral"][source as usize];
            (vec![source.to_owned(), visits, format!("n{noise}")], won)
        })
        .collect()
}

fn table<'a>(cases: impl IntoIterator<Item = &'a (Vec<String>, bool)>) -> Rows {
    let mut rows = Rows::new(["source", "visits", "noise"]).unwrap();
    for (cells, won) in cases {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        rows.push(&cells, *won);
    }
    rows
}

fn fit(learner: &Learner, rows: &Rows) -> Fitted {
    match learner.fit(rows).unwrap() {
        Learned::Ready(fitted) => *fitted,
        other => panic!("no model: {other:?}"),
    }
}

#[test]
fn same_rows_in_any_order_give_the_same_bytes() {
    let mut cases = cases(600);
    let one = serde_json::to_string(&fit(&Learner::new(), &table(&cases)).card).unwrap();
    cases.reverse();
    let (left, right) = cases.split_at(217);
    let two = serde_json::to_string(&fit(&Learner::new(), &table(right.iter().chain(left))).card).unwrap();
    assert_eq!(one, two);
}

#[test]
fn parts_add_up_to_the_score_for_every_row() {
    let cases = cases(800);
    let card = fit(&Learner::new(), &table(&cases)).card;
    let scorer = card.scorer(&["noise", "source"]);
    assert_eq!(scorer.absent().collect::<Vec<_>>(), ["visits"]);
    let mut sheet = scorer.sheet();
    for cells in [["n0", "web"], ["n9", ""], ["", "never seen"]] {
        let score = scorer.score(&cells, &mut sheet);
        assert_eq!(card.base() + sheet.parts().iter().copied().sum(), score.points);
        assert_eq!(score.probability, card.probability(score.points));
        assert_eq!(score.model, card.version());
        let strongest: Vec<_> = scorer.explain(&sheet).into_iter().take(5).collect();
        assert!(score.reasons().eq(&strongest));
    }
}

#[test]
fn learns_what_matters_and_flattens_noise() {
    let fitted = fit(&Learner::new(), &table(&cases(4_000)));
    assert!(fitted.validation.auc() > 0.72, "{}", fitted.validation.auc());
    assert!(fitted.validation.calibration_error(15) < 0.03);
    let spread = |name: &str| {
        let field = fitted.card.fields().iter().find(|f| f.name == name).unwrap();
        *field.points.iter().max().unwrap() - *field.points.iter().min().unwrap()
    };
    assert!(spread("source") > Points::whole(40), "{}", spread("source"));
    assert!(spread("noise") < Points::whole(4), "{}", spread("noise"));
}

#[test]
fn forbidden_columns_are_not_used_and_change_nothing() {
    let cases = cases(500);
    let card = fit(&Learner::new().forbid(["noise"]), &table(&cases)).card;
    assert!(!card.uses("noise") && card.uses("source"));
    assert_eq!(card.forbidden(), ["noise"]);
    let scorer = card.scorer(&["source", "visits", "noise"]);
    let mut sheet = scorer.sheet();
    let with = |noise| ["web", "3", noise];
    assert_eq!(scorer.score(&with("n0"), &mut sheet), scorer.score(&with("n2"), &mut scorer.sheet()));
}

#[test]
fn a_monotone_column_never_turns() {
    let rows = table(&cases(300));
    for (direction, sign) in [(Direction::Rising, 1), (Direction::Falling, -1)] {
        let card = fit(&Learner::new().monotone("visits", direction), &rows).card;
        let field = card.fields().iter().find(|f| f.name == "visits").unwrap();
        let points: Vec<i64> = field.points.iter().skip(2).map(|p| sign * p.as_thousandths()).collect();
        assert!(points.is_sorted(), "{points:?}");
    }
}

#[test]
fn faults_are_reported_together() {
    let learner = Learner::new()
        .monotone("source", Direction::Rising)
        .monotone("nothing", Direction::Rising)
        .monotone("noise", Direction::Falling)
        .forbid(["noise"]);
    let error = learner.fit(&table(&cases(200))).unwrap_err();
    assert_eq!(error.faults().len(), 3, "{error}");
    assert!(Rows::new(["a", "b", "a"]).is_err());
    assert!(Rows::new(Vec::<String>::new()).is_err());
}

#[test]
fn abstains_below_its_floor() {
    let mut few = table(&cases(1_000).into_iter().filter(|c| !c.1).take(200).collect::<Vec<_>>());
    for (cells, won) in cases(1_000).iter().filter(|c| c.1).take(39) {
        few.push(&cells.iter().map(String::as_str).collect::<Vec<_>>(), *won);
    }
    let answer = Learner::new().fit(&few).unwrap();
    assert!(matches!(answer, Learned::NotEnough { positives: 39, negatives: 200, floor: 40, .. }));
    assert!(matches!(Learner::new().floor(39).fit(&few).unwrap(), Learned::Ready(_)));
}

#[test]
fn changes_reach_the_target_they_promise() {
    let card = fit(&Learner::new(), &table(&cases(1_500))).card;
    let scorer = card.scorer(&["source", "visits", "noise"]);
    let mut sheet = scorer.sheet();
    let low = scorer.score(&["fair", "1", "n0"], &mut sheet);
    let target = low.points + Points::whole(30);
    let changes = scorer.changes_to(&sheet, target, |field| field != "source").unwrap_or_default();
    assert!(changes.iter().all(|change| change.field != "source"));
    let changes = scorer.changes_to(&sheet, target, |_| true).unwrap();
    let gained: Points = changes.iter().map(|change| change.gain).sum();
    assert!(low.points + gained >= target);
    assert_eq!(changes.first().unwrap().field, "source");
    assert_eq!(scorer.changes_to(&sheet, Points::whole(10_000), |_| true), None);
    assert_eq!(scorer.changes_to(&sheet, low.points, |_| true), Some(vec![]));
}

#[test]
fn a_follower_tracks_a_level_that_has_changed_and_leaves_a_calm_one_alone() {
    let card = fit(&Learner::new(), &table(&cases(1_000))).card;
    let scorer = card.scorer(&["source", "visits", "noise"]);
    let mut sheet = scorer.sheet();
    let mut losses = |turned: bool| {
        let mut follower = Follower::new(&card);
        let (mut moving, mut fixed) = (Vec::new(), Vec::new());
        for (i, (cells, won)) in cases(3_000).iter().skip(1_000).enumerate() {
            // Only every fourth sale goes through from now on.
            let won = *won && !(turned && i % 4 != 0);
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let raw = scorer.score(&cells, &mut sheet);
            let score = follower.correct(raw);
            assert_eq!((score.points, score.reasons().count()), (raw.points, raw.reasons().count()));
            moving.push((score.probability, won));
            fixed.push((raw.probability, won));
            let before = follower.clone();
            follower.observe(&score, won);
            assert_eq!(follower.correct(score), follower.correct(raw), "a corrected score is the same case");
            assert_ne!(follower.correct(raw).model, before.correct(raw).model);
        }
        [moving, fixed].map(|cases| Validation::new(cases).log_loss())
    };
    let [moving, fixed] = losses(true);
    assert!(moving < fixed - 0.2, "{moving} {fixed}");
    let [moving, fixed] = losses(false);
    assert!(moving < fixed + 0.006, "{moving} {fixed}");
}

#[test]
fn pairs_are_taken_where_they_gain_and_only_there() {
    let tables = |together: bool| {
        let mut rows = Rows::new(["a", "b", "c"]).unwrap();
        for (i, (cells, won)) in cases(3_000).iter().enumerate() {
            let (a, b) = (i / 3 % 2, i / 7 % 2);
            let won = if together { (a == b) == (i % 10 < 9) } else { *won };
            rows.push(&[["x", "y"][a], ["p", "q"][b], &cells[2]], won);
        }
        fit(&Learner::new(), &rows)
    };
    let (xor, noise) = (tables(true), tables(false));
    let fields =
        |card: &Scorecard| -> Vec<(usize, usize)> { card.pairs().iter().map(|p| p.fields).collect() };
    assert_eq!(fields(&xor.card).first(), Some(&(0, 1)));
    assert!(xor.validation.auc() > 0.85, "{}", xor.validation.auc());
    assert!(noise.card.pairs().is_empty(), "{:?}", fields(&noise.card));
}

#[test]
fn precision_at_k_is_the_share_among_the_first_k() {
    let check = Validation::new([(0.9, true), (0.7, false), (0.7, true), (0.7, true), (0.2, false)]);
    let told: Vec<String> = (0..=6).map(|k| format!("{:.3}", check.precision_at(k))).collect();
    assert_eq!(told, ["0.000", "1.000", "0.833", "0.778", "0.750", "0.600", "0.600"]);
}

#[test]
fn a_renewal_forgets_when_the_world_turns_and_looks_at_nothing_ahead() {
    let cases: Vec<(Vec<String>, bool)> = cases(2_400)
        .into_iter()
        .enumerate()
        .map(|(i, (cells, won))| (cells, if i < 1_200 { won } else { !won }))
        .collect();
    let learner = Learner::new();
    let mut renewal = Renewal::new(learner.clone(), 200);
    assert!(renewal.follower().is_none());
    let mut known = table(&cases[..1_000]);
    let (mut renewed, mut stubborn) = (Vec::new(), Vec::new());
    for block in cases[1_000..].chunks(200) {
        let Learned::Ready(fitted) = renewal.fit(&known).unwrap() else { panic!() };
        let plain = fit(&learner, &known).card;
        for (cells, won) in block {
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            for (card, list) in [(&fitted.card, &mut renewed), (&plain, &mut stubborn)] {
                let scorer = card.scorer(&["source", "visits", "noise"]);
                list.push((scorer.score(&cells, &mut scorer.sheet()).probability, *won));
            }
            known.push(&cells, *won);
        }
    }
    assert!(renewal.half_life().is_some());
    let [renewed, stubborn] = [renewed, stubborn].map(|cases| Validation::new(cases).log_loss());
    assert!(renewed < stubborn - 0.02, "{renewed} {stubborn}");
}

#[test]
fn missing_columns_and_new_words_count_as_average() {
    let card = fit(&Learner::new(), &table(&cases(1_000))).card;
    let scorer = card.scorer(&["source"]);
    let mut sheet = scorer.sheet();
    scorer.score(&["a word never seen"], &mut sheet);
    assert_eq!(sheet.parts()[0], Points::ZERO);
}

/// How the probabilities of 500 rows without a value in `column` change, at most and on average, when `holes` training
/// rows of one outcome lack it too; and the AUC before and after. `test` is what the rows hold there; none is no such column.
fn moved(column: usize, hole: &str, holes: usize, outcome: bool, test: Option<&str>) -> (f64, f64, [f64; 2]) {
    let whole: Vec<(Vec<String>, bool)> = (cases(2_000).into_iter().enumerate())
        .map(|(i, (mut cells, won))| {
            if cells[1].is_empty() {
                cells[1] = "5".to_owned();
            }
            cells[2] = u8::from(won && i % 3 == 0).to_string();
            (cells, won)
        })
        .collect();
    let said = |holes: usize| -> Vec<(f64, bool)> {
        let (mut train, mut left) = (whole[..1_500].to_vec(), holes);
        for (cells, _) in train.iter_mut().filter(|(_, won)| *won == outcome) {
            if left > 0 {
                left -= 1;
                cells[column] = hole.to_owned();
            }
        }
        let card = fit(&Learner::new(), &table(&train)).card;
        let mut names = vec!["source", "visits", "noise"];
        if test.is_none() {
            names[column] = "something else";
        }
        let (scorer, mut sheet) = (card.scorer(&names), card.scorer(&names).sheet());
        let score = |(cells, won): &(Vec<String>, bool)| {
            let mut cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            cells[column] = test.unwrap_or("5");
            (scorer.score(&cells, &mut sheet).probability, *won)
        };
        whole[1_500..].iter().map(score).collect()
    };
    let (before, after) = (said(0), said(holes));
    let changes: Vec<f64> = before.iter().zip(&after).map(|(a, b)| b.0 - a.0).collect();
    let most = changes.iter().fold(0.0_f64, |most, change| most.max(change.abs()));
    let mean = changes.iter().sum::<f64>() / changes.len() as f64;
    (most, mean, [before, after].map(|said| Validation::new(said).auc()))
}

#[test]
fn a_few_rows_without_a_value_decide_nothing() {
    for (column, hole) in [(0, ""), (0, "once"), (1, ""), (1, "many"), (2, "")] {
        for (holes, bound) in [(1, 0.05), (3, 0.1)] {
            for outcome in [true, false] {
                for test in [None, Some(hole)] {
                    let (most, mean, [before, after]) = moved(column, hole, holes, outcome, test);
                    let bound = if test.is_none() { 0.02 } else { bound };
                    let at = format!("{column} {hole:?} {holes} {outcome} {test:?}");
                    assert!(most < bound, "{at}: {most}");
                    assert!(test.is_none() || (mean > 0.0) == outcome, "{at}: {mean}");
                    assert!(after > before - 0.005, "{at}: {before} {after}");
                }
            }
        }
    }
}

#[test]
fn many_rows_without_a_value_speak_for_themselves() {
    let mut cases = cases(2_000);
    for (i, (cells, won)) in cases.iter_mut().enumerate() {
        cells[1] = if i % 5 == 0 { String::new() } else { format!("{}", i / 4 % 12) };
        *won = if i % 5 == 0 { i % 10 == 0 || i % 15 == 0 } else { i % 4 == 0 };
    }
    let card = fit(&Learner::new(), &table(&cases)).card;
    let scorer = card.scorer(&["source", "visits", "noise"]);
    let said = ["", "3"].map(|visits| scorer.score(&["web", visits, "n0"], &mut scorer.sheet()).probability);
    assert!((said[0] - 0.667).abs() < 0.06 && (said[1] - 0.25).abs() < 0.06, "{said:?}");
}

/// Of 400 rows that three columns part without an exception, the next may still be another.
#[test]
fn nothing_is_surer_than_its_rows_allow() {
    let mut rows = Rows::new(["a", "b", "c"]).unwrap();
    for i in 0..400 {
        let won = i % 2 == 0;
        let cell = if won { (i % 7).to_string() } else { (20 + i % 7).to_string() };
        rows.push(&[&cell, &cell, &cell], won);
    }
    let card = fit(&Learner::new(), &rows).card;
    let scorer = card.scorer(&["a", "b", "c"]);
    let mut sheet = scorer.sheet();
    let mut follower = Follower::new(&card);
    for (cell, won) in [("3", true), ("23", false)] {
        let score = scorer.score(&[cell; 3], &mut sheet);
        for _ in 0..200 {
            follower.observe(&score, won);
        }
        for probability in [score.probability, follower.correct(score).probability] {
            let wrong = if won { 1.0 - probability } else { probability };
            assert!((1.0 / 402.0..0.05).contains(&(wrong + 1e-12)), "{cell}: {probability}");
        }
    }
}

#[test]
fn marks_for_nothing_are_missing_among_numbers_and_words_among_words() {
    let card = |hole: &str| {
        let mut rows = Rows::new(["visits", "answer"]).unwrap();
        for (i, (cells, won)) in cases(900).into_iter().enumerate() {
            let visits = if i % 3 == 0 { hole } else { &cells[1] };
            rows.push(&[visits, ["yes", "unknown", "NA"][i % 3]], won);
        }
        fit(&Learner::new(), &rows).card
    };
    let blank = card("");
    for mark in ["?", "-", "--", ".", "unknown", "None", "nil", "NA", "n/a", "#N/A", "NaN", "NULL", " ? "] {
        assert_eq!(card(mark), blank, "{mark}");
    }
    let [visits, answer] = blank.fields() else { panic!("two fields") };
    assert!(visits.bins.is_ordered() && visits.rows[0] >= 300.0);
    assert_eq!(
        (2..answer.bins.len()).map(|bin| answer.bins.label(bin)).collect::<Vec<_>>(),
        ["is unknown", "is yes"]
    );
    assert_eq!(answer.rows[0], 300.0);

    // What is no number is counted apart, and one in twenty does not make a column of numbers one of words.
    let mut rows = Rows::new(["visits"]).unwrap();
    cases(900).iter().enumerate().for_each(|(i, (cells, won))| {
        rows.push(&[if i % 25 == 0 { ["many", "1e999", "inf", "1,5"][i % 4] } else { &cells[1] }], *won);
    });
    let card = fit(&Learner::new(), &rows).card;
    assert!(card.fields()[0].bins.is_ordered());
    assert_eq!(card.fields()[0].rows[1], 36.0);
}

#[test]
fn an_absent_column_adds_nothing_alone_or_in_a_pair() {
    let mut rows = Rows::new(["a", "b"]).unwrap();
    for i in 0..3_000 {
        let (a, b) = (i / 3 % 2, i / 7 % 2);
        let a_text = if i % 9 == 0 { "" } else { ["x", "y"][a] };
        rows.push(&[a_text, ["p", "q"][b]], i % 9 != 0 && (a == b) == (i % 10 < 9));
    }
    let card = fit(&Learner::new(), &rows).card;
    assert_eq!(card.pairs().len(), 1);
    let scorer = card.scorer(&["b"]);
    let mut sheet = scorer.sheet();
    let score = scorer.score(&["p"], &mut sheet);
    assert_eq!(sheet.parts(), [Points::ZERO, score.points - card.base(), Points::ZERO]);
    assert_eq!(card.fields()[0].bins.label(usize::from(sheet.bins()[0])), "is not given");
    assert_eq!(scorer.changes_to(&sheet, score.points, |_| true), Some(vec![]), "both read the same sum");
}

#[test]
fn numbers_of_any_size_fall_into_bins_in_order() {
    let mut rows = Rows::new(["size"]).unwrap();
    let sizes = [-1.7e308, -1.6e308, 1.5e308, 1.6e308, 1.7e308];
    for i in 0..500 {
        rows.push(&[&format!("{:e}", sizes[i % 5])], i % 5 * 2 + i / 5 % 3 > 5);
    }
    let card = fit(&Learner::new(), &rows).card;
    assert_eq!(card.fields()[0].rows[2..], [100.0; 5]);
    let scorer = card.scorer(&["size"]);
    let said = sizes.map(|size| scorer.score(&[&size.to_string()], &mut scorer.sheet()).probability);
    assert!(said[0] < 0.1 && said[4] > 0.9 && said.is_sorted(), "{said:?}");
}

#[test]
fn the_threshold_of_least_cost_is_found() {
    let cases = [(0.1, false), (0.2, true), (0.3, false), (0.6, true), (0.7, false), (0.9, true)];
    let check = Validation::new(cases);
    let cost = |t: f64, miss: f64, alarm: f64| -> f64 {
        cases
            .iter()
            .map(|&(p, y)| {
                if y && p < t {
                    miss
                } else if !y && p >= t {
                    alarm
                } else {
                    0.0
                }
            })
            .sum()
    };
    for (miss, alarm) in [(1.0, 1.0), (5.0, 1.0), (1.0, 5.0), (0.1, 9.0), (100.0, 1.0)] {
        let choice = check.threshold(miss, alarm).unwrap();
        let least = [0.0, 0.1, 0.2, 0.3, 0.6, 0.7, 0.9, 1.1].map(|t| cost(t, miss, alarm));
        let least = least.into_iter().fold(f64::INFINITY, f64::min);
        assert!((cost(choice.threshold, miss, alarm) - least).abs() < 1e-12, "{miss} {alarm}");
        assert!((choice.cost * 6.0 - least).abs() < 1e-12);
    }
    assert_eq!(check.threshold(0.0, 1.0), None);
    assert_eq!(Validation::default().threshold(1.0, 1.0), None);
}

proptest! {
    #[test]
    fn auc_is_the_share_of_ordered_pairs(cases in prop::collection::vec((0..20_u8, any::<bool>()), 0..60)) {
        let cases: Vec<(f64, bool)> = cases.into_iter().map(|(p, y)| (f64::from(p) / 20.0, y)).collect();
        let (mut won, mut pairs) = (0.0, 0.0);
        for a in cases.iter().filter(|c| c.1) {
            for b in cases.iter().filter(|c| !c.1) {
                pairs += 1.0;
                won += if a.0 > b.0 { 1.0 } else if a.0 == b.0 { 0.5 } else { 0.0 };
            }
        }
        let slow = if pairs == 0.0 { 0.5 } else { won / pairs };
        prop_assert!((Validation::new(cases).auc() - slow).abs() < 1e-12);
    }

    #[test]
    fn any_cells_score(cells in prop::collection::vec(".{0,12}", 0..5)) {
        static CARD: std::sync::LazyLock<Scorecard> =
            std::sync::LazyLock::new(|| fit(&Learner::new(), &table(&cases(300))).card);
        let scorer = CARD.scorer(&["source", "visits", "noise"]);
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        let score = scorer.score(&cells, &mut scorer.sheet());
        prop_assert!((0.0..=1.0).contains(&score.probability));
    }
}
