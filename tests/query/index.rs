//! The index gives the answers of the plain evaluator, whatever the queries and the input.

use super::random;
use hearken::facts::{Facts, Scope};
use hearken::query::{Index, Query, Scratch};
use hearken::text::Text;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn parse(sources: &[String]) -> Vec<Query> {
    sources.iter().filter_map(|source| Query::parse(source, Scope::Rule).ok()).collect()
}

/// What the plain evaluator says, by number.
fn plain(queries: &BTreeMap<u32, Query>, facts: &Facts<'_>) -> Vec<u32> {
    queries.iter().filter(|(_, query)| query.matches(facts)).map(|(number, _)| *number).collect()
}

fn agree(
    index: &Index,
    queries: &BTreeMap<u32, Query>,
    facts: &Facts<'_>,
    scratch: &mut Scratch,
) -> Result<(), TestCaseError> {
    let expected = plain(queries, facts);
    let found = index.matches(facts, scratch).to_vec();
    let shown =
        |numbers: &[u32]| numbers.iter().map(|n| queries.get(n).map(Query::to_string)).collect::<Vec<_>>();
    prop_assert_eq!(
        &found,
        &expected,
        "found {:?}, expected {:?} in {:?} {:?}",
        shown(&found),
        shown(&expected),
        facts.text().source(),
        facts
    );
    prop_assert_eq!(index.first(facts, scratch), expected.first().copied());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_agrees_with_the_plain_evaluator(
        sources in prop::collection::vec(random::query(), 1..40),
        posts in prop::collection::vec((random::text(), random::facts()), 8),
    ) {
        let queries = parse(&sources);
        let index = Index::build(&queries);
        let queries: BTreeMap<u32, Query> = (0..).zip(queries).collect();
        let mut scratch = Scratch::default();
        for (text, facts) in &posts {
            let text = Text::new(text);
            agree(&index, &queries, &random::read(&text, facts), &mut scratch)?;
        }
    }

    #[test]
    fn one_query_alone_agrees(source in random::query(), text in random::text(), facts in random::facts()) {
        let queries = parse(&[source]);
        let index = Index::build(&queries);
        let text = Text::new(&text);
        let queries: BTreeMap<u32, Query> = (0..).zip(queries).collect();
        agree(&index, &queries, &random::read(&text, &facts), &mut Scratch::default())?;
    }

    #[test]
    fn inserting_and_removing_is_as_good_as_building(
        sources in prop::collection::vec(random::query(), 1..20),
        changes in prop::collection::vec((0..24u32, prop::option::weighted(0.8, random::query())), 1..20),
        posts in prop::collection::vec((random::text(), random::facts()), 4),
    ) {
        let built = parse(&sources);
        let mut index = Index::build(&built);
        let mut queries: BTreeMap<u32, Query> = (0..).zip(built).collect();
        for (number, source) in changes {
            match source.and_then(|source| Query::parse(&source, Scope::Rule).ok()) {
                Some(query) => {
                    index.insert(number, &query);
                    queries.insert(number, query);
                }
                None => prop_assert_eq!(index.remove(number), queries.remove(&number).is_some()),
            }
        }
        prop_assert_eq!(index.len(), queries.len());
        let mut scratch = Scratch::default();
        for (text, facts) in &posts {
            let text = Text::new(text);
            agree(&index, &queries, &random::read(&text, facts), &mut scratch)?;
        }
    }

    #[test]
    fn rules_over_facts_agree_at_any_number(
        sources in prop::collection::vec(rule(), 1..400),
        posts in prop::collection::vec((random::text(), random::facts()), 6),
    ) {
        let queries = parse(&sources);
        prop_assert_eq!(queries.len(), sources.len());
        let index = Index::build(&queries);
        let queries: BTreeMap<u32, Query> = (0..).zip(queries).collect();
        let mut scratch = Scratch::default();
        for (text, facts) in &posts {
            let text = Text::new(text);
            agree(&index, &queries, &random::read(&text, facts), &mut scratch)?;
        }
    }
}

/// A rule as people write them: a few questions about facts, now and then a word.
fn rule() -> impl Strategy<Value = String> {
    let part = proptest::sample::select(
        &[
            "platform:x",
            "platform:reddit",
            "-platform:x",
            "lang:(en OR de)",
            "lang:pt-br",
            "-lang:(en OR de)",
            "topic:billing",
            "topic:(refund OR x)",
            "-topic:billing",
            "topic:x topic:billing",
            "sentiment<0",
            "sentiment:[-1..-0.5]",
            "-sentiment>=0.25",
            "author.followers>5",
            "weekday:[mon..fri]",
            "weekday:[sat..mon]",
            "time:[22:00..06:00]",
            "time:[09:00..17:00]",
            "-time:[09:30..17:00]",
            "late",
            "refund",
            "-refund",
            "urgency>=high",
            "date>2026-02-01",
            "from:ann",
            "-from:ann",
        ][..],
    );
    prop::collection::vec(part, 1..5).prop_map(|parts| parts.join(" "))
}

#[test]
fn hostile_texts_agree_and_end() {
    let sources =
        ["a NEAR/2 a", "\"a a a\"", "a* NEAR/3 (b OR a)", "\"a b\"~3", "aaaa~2", "*a*", "/(a|aa)+b/", "a -b"];
    let queries: Vec<Query> =
        sources.iter().map(|source| Query::parse(source, Scope::Rule).unwrap()).collect();
    let index = Index::build(&queries);
    let queries: BTreeMap<u32, Query> = (0..).zip(queries).collect();
    let mut scratch = Scratch::default();
    for source in [
        "a ".repeat(3_000),
        "a".repeat(9_000),
        "a b ".repeat(2_000),
        "\u{301}".repeat(5_000),
        "🔥a".repeat(2_000),
    ] {
        let text = Text::new(&source);
        agree(&index, &queries, &Facts::new(&text), &mut scratch).unwrap();
    }
}

#[test]
fn an_index_of_many_fields_and_values_agrees() {
    // More values and bounds than a column holds: they are asked as leaves and one by one.
    let sources: Vec<String> = (0..700)
        .map(|i| match i % 4 {
            0 => format!("from:user{i}"),
            1 => format!("author.followers>{i} lang:en"),
            2 => format!("city:(c{i} OR c{}) -from:user{}", i + 1, i - 2),
            _ => format!("attr.n:{i} OR is:k{i}"),
        })
        .collect();
    let queries = parse(&sources);
    assert_eq!(queries.len(), 700);
    let index = Index::build(&queries);
    let queries: BTreeMap<u32, Query> = (0..).zip(queries).collect();
    let mut scratch = Scratch::default();
    let text = Text::new("nothing much");
    for i in 0..200 {
        let facts = Facts::new(&text)
            .with("from", format!("user{i}"))
            .with("author.followers", i * 4)
            .with("lang", if i % 2 == 0 { "en" } else { "de" })
            .with("city", format!("c{i}"))
            .with("attr.n", i)
            .with("is", ["k3", "k7"]);
        agree(&index, &queries, &facts, &mut scratch).unwrap();
    }
}

#[test]
fn what_is_scanned_is_reported() {
    let sources = ["acme", "-acme", "lang:en", "acme lang:en", "/a|b/", "a OR lang:en"].map(str::to_owned);
    let index = Index::build(&parse(&sources));
    assert_eq!(index.scanned(), [1, 2, 4]);
    assert!(index.bytes() > 0);
}

#[test]
fn an_empty_index_has_no_answers() {
    let text = Text::new("a b");
    let index = Index::default();
    assert!(index.is_empty());
    assert!(index.matches(&Facts::new(&text), &mut Scratch::default()).is_empty());
    assert_eq!(index.first(&Facts::new(&text), &mut Scratch::default()), None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn evidence_is_that_of_the_explanation(
        source in random::query(), text in random::text(), facts in random::facts(),
    ) {
        let Ok(query) = Query::parse(&source, Scope::Rule) else { return Ok(()) };
        let text = Text::new(&text);
        let facts = random::read(&text, &facts);
        prop_assert_eq!(query.evidence(&facts), query.explain(&facts).evidence(), "{} in {:?}", query, text.source());
    }
}
