//! The cases of twitter-text: what to extract (all 238, no deviation), and how long a post is.

use super::cases::{Case, load};
use crate::shared;
use hearken::text::{Facet, FacetKind, Text, weighted_length};

/// Cases of `validate.yml` that count by the rules before version 3: description and reason.
const LENGTH: [(&str, &str); 2] = [
    (
        "Count a mix of single byte single word, and double word unicode characters",
        "an emoji sequence counted by its parts",
    ),
    ("Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers", "the same"),
];

#[test]
fn extracts_what_twitter_text_extracts() {
    let Some(cases) = load("extract.yml") else { return };
    let mut wrong = Vec::new();
    for case in &cases {
        let found = answers(case);
        if found != case.expected {
            wrong.push(format!(
                "{}: {}\n  wants {:?}\n  found {found:?}",
                case.section, case.description, case.expected
            ));
        }
    }
    assert_eq!(cases.len(), 238);
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// What the text holds, in the terms of the section.
fn answers(case: &Case) -> Vec<String> {
    use FacetKind::{Cashtag, Hashtag, Link, List, Mention};
    let text = Text::new(&case.text);
    let facets = text.facets();
    let units = |byte: u32| text.source()[..byte as usize].chars().count();
    let indices = |facet: &Facet| format!("[{}, {}]", units(facet.span().start), units(facet.span().end));
    let list = |kinds: &[FacetKind], show: &dyn Fn(&Facet) -> Vec<String>| {
        facets.iter().filter(|facet| kinds.contains(&facet.kind())).flat_map(show).collect::<Vec<_>>()
    };
    let name = |facet: &Facet| vec![text.name(facet).to_owned()];
    let placed = |facet: &Facet| vec![text.name(facet).to_owned(), indices(facet)];
    match case.section.as_str() {
        "mentions" => list(&[Mention], &name),
        "mentions_with_indices" => list(&[Mention], &placed),
        "mentions_or_lists_with_indices" => list(&[Mention, List], &|facet| {
            let (user, slug) =
                text.name(facet).split_at(text.name(facet).find('/').unwrap_or(text.name(facet).len()));
            vec![user.to_owned(), slug.to_owned(), indices(facet)]
        }),
        "replies" => {
            let first = facets.first().filter(|facet| facet.kind() == Mention);
            let first = first.filter(|facet| text.source()[..facet.span().start as usize].trim().is_empty());
            first.map_or(Vec::new(), name)
        }
        "urls" | "tco_urls_with_params" => list(&[Link], &name),
        "urls_with_indices" | "urls_with_directional_markers" => list(&[Link], &placed),
        "hashtags" | "hashtags_from_astral" => list(&[Hashtag], &name),
        "hashtags_with_indices" => list(&[Hashtag], &placed),
        "cashtags" => list(&[Cashtag], &name),
        "cashtags_with_indices" => list(&[Cashtag], &placed),
        other => panic!("unknown section {other}"),
    }
}

#[test]
fn knows_every_top_level_domain() {
    let Some(path) = shared::dir("conformance/twitter-text/tlds.yml") else { return };
    let file = std::fs::read_to_string(path).unwrap();
    let links: Vec<&str> = file.lines().filter_map(|line| line.trim().strip_prefix("text: ")).collect();
    for link in &links {
        let text = Text::new(link);
        assert_eq!(text.facets().iter().map(|facet| text.name(facet)).collect::<Vec<_>>(), [*link]);
    }
    assert!(links.len() > 1500);
}

#[test]
fn weighs_what_twitter_text_weighs() {
    let Some(cases) = load("validate.yml") else { return };
    let mut wrong = Vec::new();
    let mut seen = 0;
    for case in cases.iter().filter(|case| case.section.ends_with("CounterTest")) {
        seen += 1;
        let length = weighted_length(&case.text).to_string();
        let excused = case.section == "WeightedTweetsCounterTest"
            && LENGTH.iter().any(|(name, _)| *name == case.description);
        assert!(!excused || length != case.expected[0], "no deviation any more: {}", case.description);
        if length != case.expected[0] && !excused {
            wrong.push(format!(
                "{}: {} wants {}, is {length}",
                case.section, case.description, case.expected[0]
            ));
        }
    }
    assert!(wrong.is_empty() && seen == 44, "{} of {seen}\n{}", wrong.len(), wrong.join("\n"));
}
