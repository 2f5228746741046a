//! Overlays and learning.

use super::BUILTIN;
use hearken::error::FaultKind;
use hearken::model::Timestamp;
use hearken::sentiment::{Correction, Label, Sentiment};
use hearken::text::Text;

fn label(sentiment: &Sentiment, source: &str) -> Label {
    sentiment.score(&Text::new(source)).label
}

#[test]
fn a_later_overlay_wins_over_an_earlier_one_and_both_over_what_is_built_in() {
    let base = Sentiment::builder().overlay("a", "amazing = -3\nterrible = +3");
    let first = base.clone().build().unwrap();
    assert_eq!(label(&BUILTIN, "amazing"), Label::Positive);
    assert_eq!(label(&first, "amazing"), Label::Negative);
    let second = base.overlay("b", "amazing = +3").build().unwrap();
    assert_eq!(label(&second, "amazing"), Label::Positive);
    assert_eq!(label(&second, "terrible"), Label::Positive);
}

#[test]
fn an_overlay_silences_adds_and_leaves_the_rest_alone() {
    let clinic = Sentiment::builder().overlay("clinic", "sick = off\nbedside manner = +3").build().unwrap();
    let adds = |sentiment: &Sentiment, source: &str| sentiment.explain(&Text::new(source)).contributions;
    assert!(adds(&clinic, "sick").iter().all(|part| part.span.is_empty()));
    assert_eq!(label(&clinic, "bedside manner"), Label::Positive);
    assert_eq!(clinic.score(&Text::new("what a lovely day")), BUILTIN.score(&Text::new("what a lovely day")));
}

#[test]
fn every_fault_is_told_with_line_and_column() {
    let source = "fine = +1\nno equals sign\ngood, , x = +2\nnice = +1 wow\ncold = -1 not:1/2\nfine = 2\na b c d e f g = 1";
    let error = Sentiment::builder().overlay("shop.lex", source).build().unwrap_err();
    let told: Vec<_> = error.faults().iter().map(|fault| (fault.position().unwrap(), fault.kind())).collect();
    assert_eq!(
        told,
        [
            ((2, 1), FaultKind::Syntax),
            ((3, 7), FaultKind::Missing),
            ((4, 11), FaultKind::Unknown),
            ((5, 11), FaultKind::Value),
            ((6, 1), FaultKind::Duplicate),
            ((7, 1), FaultKind::Limit),
        ]
    );
}

#[test]
fn a_number_of_an_overlay_is_finite() {
    for number in ["NaN", "inf", "-inf", "much"] {
        let overlay = format!("! bias 0 {number} 0");
        let error = Sentiment::builder().overlay("shop.lex", &overlay).build().unwrap_err();
        assert_eq!(error.faults().len(), 1, "{error}");
    }
}

fn log() -> Vec<Correction> {
    [
        ("that bassline is filthy", Label::Positive),
        ("filthy drop", Label::Positive),
        ("the gate at noon", Label::Neutral),
    ]
    .into_iter()
    .map(|(text, label)| Correction {
        text: text.into(),
        label,
        who: "ana".to_owned(),
        when: Timestamp::from_secs(5),
    })
    .collect()
}

#[test]
fn the_same_log_teaches_the_same_overlay_and_the_proposal_shows_its_flips() {
    let sample = ["filthy bassline", "thank you all", "filthy toilets everywhere"];
    let proposal = Sentiment::builder().learn(&log(), &sample).unwrap();
    assert_eq!(proposal, Sentiment::builder().learn(&log(), &sample).unwrap());
    assert!(proposal.misread.1 < proposal.misread.0);
    assert!(proposal.flips.iter().any(|flip| flip.index == 0 && flip.after == Label::Positive));
    assert!(proposal.flips.iter().all(|flip| flip.index != 1));
    let learnt = Sentiment::builder().overlay("learnt", &proposal.overlay).build().unwrap();
    assert_eq!(label(&learnt, "filthy drop"), Label::Positive);
}

#[test]
fn every_language_can_be_overlaid_and_taught() {
    let label = |sentiment: &Sentiment, code: &str, source: &str| {
        sentiment.score_in(&Text::new(source), Some(code)).label
    };
    for code in BUILTIN.languages() {
        let overlaid =
            Sentiment::builder().overlay_in(code, "shop", "zorbify = -4\nblanko = +4").build().unwrap();
        assert_eq!(label(&overlaid, code, "zorbify zorbify"), Label::Negative, "{code}");
        assert_eq!(label(&overlaid, code, "blanko blanko"), Label::Positive, "{code}");
        let log = [Correction {
            text: "zorbify blanko".into(),
            label: Label::Negative,
            who: "ana".to_owned(),
            when: Timestamp::from_secs(5),
        }];
        let proposal = Sentiment::builder().learn_in(code, &log, &[]).unwrap();
        assert_eq!(proposal.misread.1, 0, "{code}");
        let learnt = Sentiment::builder().overlay_in(code, "learnt", &proposal.overlay).build().unwrap();
        assert_eq!(label(&learnt, code, "zorbify blanko"), Label::Negative, "{code}");
    }
}

#[test]
fn a_language_that_is_not_compiled_in_is_a_fault_of_its_overlay() {
    let error = Sentiment::builder().overlay_in("tlh", "house.lex", "majqa = +2").build().unwrap_err();
    assert_eq!(error.faults().first().map(|fault| fault.kind()), Some(FaultKind::Unknown));
    assert!(Sentiment::builder().learn_in("tlh", &log(), &[]).is_err());
}

#[test]
fn nothing_to_learn_changes_nothing() {
    let proposal = Sentiment::builder().learn(&[], &["I love it"]).unwrap();
    assert_eq!((proposal.misread, proposal.flips.len()), ((0, 0), 0));
}

#[test]
fn words_that_meant_nothing_are_learnt_where_no_word_is_polar() {
    let correction = |text: &str| Correction {
        text: text.into(),
        label: Label::Negative,
        who: "ana".to_owned(),
        when: Timestamp::from_secs(0),
    };
    let log = [correction("The light has a green cast"), correction("Another lamp with a green cast")];
    let texts: Vec<&str> = log.iter().map(|correction| correction.text.reveal()).collect();
    let proposal = Sentiment::builder().learn(&log, &texts).unwrap();
    assert!(proposal.misread.0 > 0 && proposal.misread.1 == 0, "{proposal:?}");
    assert!(proposal.overlay.contains("\ngreen = by:"), "{}", proposal.overlay);
    assert_eq!(proposal.flips.len(), proposal.misread.0);
}
