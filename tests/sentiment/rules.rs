//! Sentences in files: the rules, one by one.

use super::BUILTIN;
use hearken::sentiment::Label;
use hearken::text::Text;

#[test]
fn every_sentence_of_the_rules_is_read_as_told() {
    if !cfg!(feature = "fitted") {
        return;
    }
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("../data/sentiment/rules.tsv").lines().filter(|line| !line.starts_with("# ")) {
        let mut columns = line.split('\t');
        let (kind, expected, sentence) =
            (columns.next().unwrap(), columns.next().unwrap(), columns.next().unwrap());
        let polarity = BUILTIN.score(&Text::new(sentence));
        let right = match expected {
            "neg" => polarity.label == Label::Negative,
            "neu" => polarity.label == Label::Neutral,
            "pos" => polarity.label == Label::Positive,
            "notpos" => polarity.label != Label::Positive,
            "notneg" => polarity.label != Label::Negative,
            "mild" => polarity.score.abs() < 0.6,
            _ => panic!("unknown expectation {expected}"),
        };
        count += 1;
        if !right {
            wrong.push(format!(
                "{kind}: {sentence:?} is {} ({}), not {expected}",
                polarity.label.name(),
                polarity.score
            ));
        }
    }
    assert!(count >= 600);
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}
