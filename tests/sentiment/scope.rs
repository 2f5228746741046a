//! How far each rule reaches, on made-up words whose weights the test gives, so that no fit changes what is seen.

use hearken::model::Points;
use hearken::sentiment::{Contribution, SarcasmCue, Sentiment};
use hearken::text::Text;
use std::sync::LazyLock;

const WORDS: &str = "glorp, gloo = +2
adored glorp = +3
zam = -2
dread zam = -3
zem = +2 joined
glorp zim = +2 keeps
<ellipsis>, <quote>, <link>, <mention>, <hashtag>, <capitals>, <elongation>, <number> = 0/50/0";

static MADE_UP: LazyLock<Sentiment> =
    LazyLock::new(|| Sentiment::builder().hand_written().overlay("made up", WORDS).build().unwrap());

fn parts(source: &str) -> Vec<(String, Contribution)> {
    let text = Text::new(source);
    let explanation = MADE_UP.explain(&text);
    assert_eq!(explanation.raw, MADE_UP.score(&text).raw, "{source}");
    assert_eq!(explanation.raw, explanation.total(), "{source}");
    let parts = explanation.contributions.into_iter();
    parts.map(|part| (part.span.of(source).unwrap().to_lowercase(), part)).collect()
}

/// It counts, and against.
fn is_against(pull: Option<Points>) -> bool {
    pull.is_some_and(|pull| pull < Points::ZERO)
}

/// What a word pulls; nothing where it does not count.
fn pull(source: &str, word: &str) -> Option<Points> {
    let of_word =
        |(words, part): &(String, Contribution)| words == word && matches!(part.reason, "entry" | "negated");
    parts(source).iter().find(|part| of_word(part)).map(|(_, part)| part.pull())
}

fn reasons(source: &str) -> Vec<&'static str> {
    parts(source).iter().map(|(_, part)| part.reason).collect()
}

#[test]
fn a_question_takes_half_of_its_sentence_and_of_no_other() {
    assert!(reasons("so it is glorp?").contains(&"question"));
    assert!(!reasons("so it is glorp.").contains(&"question"));
    let question = |source: &str| {
        let parts = parts(source);
        parts.iter().find(|(_, part)| part.reason == "question").map(|(_, part)| part.pull())
    };
    assert_eq!(question("so it is glorp?"), question("it is zam. so it is glorp?"));
}

#[test]
fn a_word_in_a_title_or_name_counts_for_nothing() {
    assert_eq!(pull("he read \"Glorp\" again on the train", "glorp"), None);
    assert_eq!(pull("he read \"Glorp Zim\" again on the train", "glorp zim"), None);
    assert!(pull("he read glorp again on the train", "glorp").is_some());
    assert_eq!(pull("we all went to see Glorp Story with them", "glorp"), None);
    assert!(pull("We All Saw Glorp Things There", "glorp").is_some(), "every word has a capital");
}

#[test]
fn the_first_word_of_a_sentence_is_no_name() {
    assert!(pull("Glorp Things are what they sell in this town", "glorp").is_some());
    assert!(pull("we know what they do. Glorp Things are what they sell", "glorp").is_some());
}

#[test]
fn capitals_and_elongation_strengthen_where_they_stand_out() {
    let plain = pull("this is glorp for all of us", "glorp");
    assert!(pull("this is GLORP for all of us", "glorp") > plain);
    assert!(pull("this is glorrrrp for all of us", "glorrrrp") > plain);
    assert_eq!(pull("THIS IS GLORP", "glorp"), pull("this is glorp", "glorp"));
    assert!(pull("this is glooooo", "glooooo").is_some(), "two letters stay where the word has two");
}

#[test]
fn what_works_on_the_next_words_ends_with_the_clause() {
    let plain = pull("this is glorp", "glorp");
    for source in [
        "not so, glorp",
        "very, glorp",
        "not so but glorp",
        "not so. glorp",
        "if so. glorp",
        "if so but glorp",
    ] {
        assert_eq!(pull(source, "glorp"), plain, "{source}");
    }
    assert!(pull("if so glorp", "glorp").is_some_and(|pull| Some(pull) < plain));
    assert!(is_against(pull("not so glorp", "glorp")));
    assert!(pull("very glorp", "glorp") > plain);
    for source in ["it ends. zam", "it ends but zam"] {
        assert!(is_against(pull(source, "zam")), "{source}");
        assert!(!reasons(source).contains(&"negated"), "{source}");
    }
    assert!(reasons("it ends zam").contains(&"negated"));
    assert!(reasons("glorp than this").contains(&"comparison"));
    assert!(!reasons("glorp, than this").contains(&"comparison"));
}

#[test]
fn a_term_that_is_joined_needs_its_apostrophe() {
    assert_eq!(pull("x zem", "zem"), None);
    assert!(pull("x'zem", "zem").is_some());
}

#[test]
fn a_phrase_goes_on_into_a_tag() {
    assert!(pull("what a glorp #zim", "glorp #zim").is_some());
    assert_eq!(pull("what a glorp, zim", "glorp, zim"), None);
}

#[test]
fn an_emoticon_may_repeat_its_last_sign() {
    assert!(is_against(pull("on the bus :((((", ":((((")));
    assert_eq!(pull("on the bus %((((", "%(((("), None);
}

#[test]
fn what_the_text_as_a_whole_shows_is_counted() {
    for (rule, source) in [
        ("<ellipsis>", "so it is..."),
        ("<quote>", "so \"it\" is"),
        ("<link>", "so https://acme.example/x"),
        ("<mention>", "so @ann"),
        ("<hashtag>", "so #bus"),
        ("<capitals>", "this is GLORP for all of us"),
        ("<elongation>", "so it isssss"),
        ("<number>", "so 12345678"),
    ] {
        assert!(reasons(source).contains(&rule), "{rule}");
        assert!(!reasons("so it is").contains(&rule), "{rule}");
    }
}

#[test]
fn beyond_sixty_words_each_counts_the_less() {
    let score =
        |words: usize| MADE_UP.score(&Text::new(&format!("glorp{}", " so the bus".repeat(words / 3)))).score;
    assert!(score(240) < 0.6 * score(60), "{} {}", score(240), score(60));
}

#[test]
fn praise_and_trouble_clash_only_within_a_sentence_and_without_a_but() {
    let clash = |source: &str| MADE_UP.read(&Text::new(source)).sarcasm.contains(&SarcasmCue::Incongruity);
    assert!(clash("we adored glorp with dread zam"));
    assert!(!clash("we adored glorp but had dread zam"));
    assert!(!clash("we adored glorp. it had dread zam"));
}

#[test]
fn what_is_bad_and_ends_is_good_news_and_what_does_not_end_is_none() {
    let gone = |source: &str| parts(source).iter().map(|(_, part)| part.pull()).sum::<Points>();
    let (bad, good) = (gone("this is zam"), gone("this is glorp"));
    assert!(bad < Points::ZERO && good > Points::ZERO);
    for over in ["the zam went away", "the zam has stopped", "the zam has been resolved"] {
        assert!(gone(over) > Points::ZERO, "{over}");
    }
    assert!(gone("the glorp is gone") < Points::ZERO);
    assert!(gone("glorp zim that is gone") > Points::ZERO, "what keeps is not what is gone");
    assert!(gone("the zam has not been resolved") < Points::ZERO, "a denied end is none");
    assert!(pull("it ends zam", "zam") > pull("it is not zam", "zam"), "an end tells more than a denial");
}
