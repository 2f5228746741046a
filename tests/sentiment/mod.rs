//! Sentiment: what is read from a text, and that explanations add up.

use hearken::sentiment::{Label, Sentiment};
use hearken::text::Text;

#[test]
fn contributions_add_up_to_the_raw_score() {
    let sentiment = Sentiment::english();
    for source in [
        "",
        "Not good, but not the WORST either!?",
        "soooo happy 😀😀 :) #BestDayEver https://x.example",
        "no no no…",
    ] {
        let text = Text::new(source);
        let explanation = sentiment.explain(&text);
        assert_eq!(explanation.total(), explanation.raw, "{source}");
        assert_eq!(explanation.raw, sentiment.score(&text).raw, "{source}");
    }
}

#[test]
fn plain_sentences_have_their_label() {
    let sentiment = Sentiment::english();
    for (source, label) in [
        ("I love the new update, thank you!", Label::Positive),
        ("This is the worst support I have ever had.", Label::Negative),
        ("The shop opens at nine on Tuesday.", Label::Neutral),
    ] {
        assert_eq!(sentiment.read(&Text::new(source)).label, label, "{source}");
    }
}
