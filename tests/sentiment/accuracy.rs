//! Accuracy on the shared validation tweets, where they stand beside the repository.

use super::BUILTIN;
use hearken::sentiment::{Label, Sentiment};
use hearken::text::Text;

/// Mean recall of the three labels on `en_val.tsv`.
fn macro_recall(sentiment: &Sentiment) -> Option<f64> {
    let path = crate::shared::dir("data/sentiment/en_val.tsv")?;
    let mut found = [(0_u32, 0_u32); 3];
    let mut text = Text::default();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let mut columns = line.splitn(3, '\t');
        let (label, tweet) = (columns.next().unwrap(), columns.nth(1).unwrap());
        let label = match label {
            "neg" => Label::Negative,
            "neu" => Label::Neutral,
            _ => Label::Positive,
        };
        text.read(tweet);
        let (all, right) = &mut found[label as usize];
        *all += 1;
        *right += u32::from(sentiment.score(&text).label == label);
    }
    Some(found.iter().map(|(all, right)| f64::from(*right) / f64::from(*all)).sum::<f64>() / 3.0)
}

#[test]
fn the_hand_written_lexicon_alone_is_a_pack_of_its_own() {
    let hand = Sentiment::builder().hand_written().build().unwrap();
    if let Some(recall) = macro_recall(&hand) {
        assert!(recall >= 0.60, "{recall:.4}");
    }
}

#[test]
fn the_fitted_lexicon_reaches_what_it_was_built_for() {
    if let Some(recall) = macro_recall(&BUILTIN).filter(|_| cfg!(feature = "fitted")) {
        assert!(recall >= 0.705, "{recall:.4}");
    }
}
