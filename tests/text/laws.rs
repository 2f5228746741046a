//! Laws that hold for every text: against the oracle, and of spans, gaps, folding and buffers.

use super::oracle::{self, Plain};
use hearken::text::{FacetKind, Text, TokenKind, fold, graphemes, hash, weighted_length};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// The text in the terms of the oracle.
fn plain(text: &Text) -> Vec<Plain> {
    let describe = |token: &hearken::text::Token| Plain {
        kind: token.kind(),
        span: (token.span().start as usize, token.span().end as usize),
        position: token.position(),
        folded: text.folded(token).to_owned(),
        mark: token.mark(),
        traits: [
            token.is_upper(),
            token.is_title(),
            token.has_digit(),
            token.is_joined(),
            token.is_elongated(),
        ],
    };
    text.tokens().iter().map(describe).collect()
}

/// Everything that must hold of one text.
fn holds(source: &str) {
    let text = Text::new(source);
    assert_eq!(plain(&text), oracle::tokens(source), "{source:?}");
    let mut rebuilt = String::new();
    for (i, token) in text.tokens().iter().enumerate() {
        rebuilt.push_str(text.gap(i));
        rebuilt.push_str(text.raw(token));
        assert!(!token.span().is_empty() && token.span().of(source).is_some());
        assert_eq!(token.hash(), hash(text.folded(token)));
        if token.kind() != TokenKind::Link {
            assert_eq!(text.folded(token), fold(text.raw(token)));
        }
    }
    rebuilt.push_str(text.gap(text.tokens().len()));
    assert_eq!(rebuilt, source);
    let count = text.tokens().len();
    for ranges in [text.sentences().collect::<Vec<_>>(), text.clauses().collect()] {
        let all: Vec<usize> =
            ranges.into_iter().inspect(|range| assert!(!range.is_empty())).flatten().collect();
        assert_eq!(all, (0..count).collect::<Vec<_>>());
    }
    let mut end = 0;
    for facet in text.facets() {
        assert!(facet.span().start >= end && facet.span().of(source).is_some(), "{source:?}");
        assert!(!text.name(&facet).is_empty());
        assert!(text.parts(&facet).iter().all(|part| part.of(source).is_some()));
        end = facet.span().end;
    }
    assert!(weighted_length(source) <= 6 * source.chars().count()); // `a.co` counts 23
}

/// Stretches of text in which things happen.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-z]{1,6}",
        2 => "[A-Z][a-z]{0,9}|[A-Z]{1,5}|[a-zA-Z0-9_]{1,40}",
        4 => " |  |\n|, |\\. |'|’|-|\\.|:|/|#|@|\\$|＃|＠|_",
        1 => "http://|https://|HTTP://|www\\.|://|t\\.co/|\\.com|a@b\\.co|\\+49 30 |555-123-4567",
        1 => "so{2,5}|A{3}|İ|ς|ß|ﬁ|½|ａＢ|\u{AD}|\u{200D}|\u{200C}|\u{FE0F}|\u{20E3}|\u{301}{1,12}",
        1 => "😀|👍🏽|👩\u{200D}👩|🇩🇪|🇩|❤️|❤|™|©\u{FE0F}|1️⃣|🅰|Ⓜ️|…|“|ÀÉ|[а-яА-Я]{1,5}|ﾊﾞ|[あ-ん]{1,3}|[가-각]{1,2}|日本|\u{1100}\u{1161}",
        1 => "\\PC{1,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_as_the_oracle_says(source in texts()) {
        holds(&source);
    }

    #[test]
    fn a_reused_text_equals_a_new_one(sources in prop::collection::vec(texts(), 2..5)) {
        let mut reused = Text::default();
        for source in &sources {
            reused.read(source);
            let new = Text::new(source);
            prop_assert_eq!((plain(&reused), reused.facets()), (plain(&new), new.facets()));
        }
    }

    #[test]
    fn folding_is_idempotent_and_hashes_agree(word in "\\w{1,20}|\\PC{1,12}") {
        let folded = fold(&word);
        prop_assert_eq!(fold(&folded), folded.clone());
        prop_assert_eq!(&*folded, oracle::fold(&word));
        prop_assert_eq!(hash(&folded), hash(&fold(&word)));
    }
}

#[test]
fn every_character_is_as_the_oracle_says() {
    for c in '\0'..=char::MAX {
        let folded = fold(c.encode_utf8(&mut [0; 4])).into_owned();
        assert_eq!(folded, oracle::fold(&c.to_string()), "{c:?}");
        assert_eq!(fold(&folded), folded, "{c:?}");
    }
    let all: Vec<char> =
        ('\0'..=char::MAX).filter(|c| *c < '\u{33000}' || *c > '\u{E0000}' && *c < '\u{E0200}').collect();
    for chars in all.chunks(512) {
        let glued: String = chars.iter().flat_map(|c| ['a', *c, 'b', ' ', *c, '\u{FE0F}', ' ']).collect();
        holds(&glued);
    }
}

#[test]
fn words_at_every_place_of_a_window() {
    for lead in (0..4).chain(40..70) {
        for len in [1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 130] {
            let word: String = "aBcdefgh_1".chars().cycle().take(len).collect();
            for tail in ["", "é", "’", " x", ".com", "://x", "😀"] {
                holds(&format!("{}{word}{tail}", " ".repeat(lead)));
            }
        }
    }
}

#[test]
fn hashes_do_not_collide() {
    let mut words: BTreeSet<String> = (0..200_000_u32).map(|n| format!("{n:x}")).collect();
    words.extend((0..40).flat_map(|n| ["a".repeat(n), "\0".repeat(n)]));
    let hashes: BTreeSet<u64> = words.iter().map(|word| hash(word)).collect();
    assert_eq!(hashes.len(), words.len());
}

#[test]
fn hashes_are_the_same_everywhere() {
    let expected = [
        ("", 0x4DC2170803388B41),
        ("acme", 0x2E31943931FD7B63),
        ("customers", 0x3222B00465AA57FC),
        ("a longer word than sixteen", 0x0959A64472341DF1),
    ];
    assert_eq!(expected.map(|(word, _)| hash(word)), expected.map(|(_, hash)| hash));
}

/// Inputs made to be slow: at the limit of a text, everything must still end at once.
#[test]
fn walls_are_read_in_linear_time() {
    let units = [
        "a",
        "é",
        "\u{301}",
        "😀",
        "👩\u{200D}",
        "a.",
        "a.com.-",
        "a.co/(",
        "#@$",
        "a@a.",
        "1-",
        "\u{202E}a",
        "あ.",
        "A",
        "'",
        "a.comあ-.",
        "#a#",
        "http://a.co/",
        "www.",
        "+1 ",
        "1️⃣",
        "a_",
        "日",
        "\u{AD}",
        "ﷺ",
        "$a.",
        "xn--",
        "a.xn--é.",
    ];
    for unit in units {
        let wall = unit.repeat(70_000 / unit.len());
        let text = Text::new(&wall);
        assert!(text.source().len() <= 65_536 && text.truncated() == wall.len() - text.source().len());
        let facets = text.facets();
        assert!(facets.iter().all(|facet| facet.kind() != FacetKind::Phone || unit.contains('1')));
        assert!(text.sentences().count() <= text.clauses().count());
        assert!(weighted_length(text.source()) > 0 && graphemes(text.source()) > 0);
    }
}
