//! What queries mean, what is wrong with wrong ones, and the laws that hold for all of them.

use super::random;
use hearken::error::FaultKind;
use hearken::facts::{Facts, Scope};
use hearken::limits::Limits;
use hearken::query::{Basis, Parser, Query};
use hearken::text::Text;
use proptest::prelude::*;
use std::fs;

fn rows(file: &str) -> Vec<Vec<String>> {
    let path = format!("{}/tests/data/query/{file}", env!("CARGO_MANIFEST_DIR"));
    let lines = fs::read_to_string(path).unwrap();
    let rows = lines.lines().filter(|line| !line.starts_with("# "));
    rows.map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

#[test]
fn cases() {
    let mut wrong = Vec::new();
    for row in rows("cases.tsv") {
        let query = Query::parse(&row[1], Scope::Rule).unwrap_or_else(|error| panic!("{}: {error}", row[1]));
        let text = Text::new(&row[2]);
        let facts = row.get(3).map_or("{}", String::as_str);
        let facts = random::read(&text, &serde_json::from_str(facts).unwrap());
        if query.matches(&facts) != (row[0] == "yes") {
            wrong.push(format!("{row:?}: {}", query.explain(&facts)));
        }
        if query.explain(&facts).holds() != query.matches(&facts) {
            wrong.push(format!("{row:?}: the explanation disagrees"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn errors() {
    let mut wrong = Vec::new();
    for row in rows("errors.tsv") {
        let error =
            Query::parse(&row[0], Scope::Monitor).map_or_else(|e| e.to_string(), |q| format!("reads as {q}"));
        if error != row[1].replace('|', "\n") {
            wrong.push(format!("{}\n  {error}", row[0]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn columns_count_characters_and_lines_count() {
    let error = Query::parse("日本\n  ÄÖ platfrom:x", Scope::Rule).unwrap_err();
    assert_eq!(error.faults()[0].position(), Some((2, 6)));
    assert_eq!(error.faults()[0].kind(), FaultKind::Unknown);
}

#[test]
fn printing_puts_brackets_where_they_are_needed() {
    for (written, printed) in [
        ("a  AND b", "a b"),
        ("(a OR b) c", "(a OR b) c"),
        ("a b OR c", "a b OR c"),
        ("NOT (a b)", "-(a b)"),
        ("((a b) c)", "(a b) c"),
        ("min:2( a (b c) -d)", "min:2(a (b c) -d)"),
        ("a NEAR/3f (b OR c)", "a ONEAR/3 (b OR c)"),
        ("{near/2:a,b c}", "a NEAR/2 \"b c\""),
        ("author:@Ann followers>=10", "from:ann author.followers>=10"),
        ("time:[22:00..06:00] date>2026-01-05", "time:[22:00..06:00] date>2026-01-05"),
        ("raw:\"a \\\"b\"  /a\\/b/i", "raw:\"a \\\"b\" /a\\/b/i"),
        ("Don't", "\"don t\""),
        ("weekday:(SAT OR sun)", "weekday:(sat OR sun)"),
    ] {
        assert_eq!(Query::parse(written, Scope::Rule).unwrap().to_string(), printed);
    }
}

#[test]
fn negative_and_filter_only_queries_are_legal_and_reported() {
    for (query, basis) in [
        ("a", Basis::Text),
        ("a lang:en", Basis::Text),
        ("a OR lang:en", Basis::Facts),
        ("lang:en -a", Basis::Facts),
        ("-a", Basis::Nothing),
        ("a OR -b", Basis::Nothing),
        ("-(-a -lang:en)", Basis::Facts),
        ("min:2(a b lang:en)", Basis::Text),
        ("min:2(a lang:de lang:en)", Basis::Facts),
        ("-(min:2(-a -b c))", Basis::Text),
        ("raw:x", Basis::Text),
    ] {
        assert_eq!(Query::parse(query, Scope::Rule).unwrap().basis(), basis, "{query}");
    }
}

#[test]
fn limits_are_kept_and_named() {
    let small = Limits {
        query_bytes: 60,
        query_leaves: 5,
        query_depth: 3,
        regex_bytes: 8,
        regex_size: 4096,
        ..Limits::default()
    };
    let mut parser = Parser::new(Scope::Rule, &small);
    for (query, message) in [
        (&*"a ".repeat(31), "a query may have 60 bytes"),
        ("a b c d e f", "a query may have 5 leaves"),
        ("\"a b c d e f\"", "a query may have 5 leaves"),
        ("((((a))))", "brackets may nest 3 deep"),
        ("/123456789/", "a regex may have 8 bytes"),
        ("/a{9999}/", "the regex compiles to more than 4096 bytes"),
    ] {
        let error = parser.parse(query).unwrap_err();
        assert_eq!((error.faults()[0].kind(), error.faults()[0].message()), (FaultKind::Limit, message));
    }
    assert!(parser.parse("(((a b c d e)))").is_ok());
}

#[test]
fn a_hundred_thousand_leaves_and_deep_negation_are_no_trouble() {
    let wide = vec!["ab"; 100_000].join(" OR ");
    let query = Query::parse(&wide, Scope::Rule).unwrap();
    assert_eq!(query.to_string(), wide);
    let text = Text::new("x AB");
    assert!(query.matches(&Facts::new(&text)));
    let error = Query::parse(&format!("{wide} OR a"), Scope::Rule).unwrap_err();
    assert_eq!(error.faults()[0].message(), "a query may have 100000 leaves");

    let deep = "-".repeat(100_001) + "a";
    let query = Query::parse(&deep, Scope::Rule).unwrap();
    assert!(query.matches(&Facts::new(&text)));
    assert_eq!(query.to_string(), deep);
}

#[test]
fn a_near_miss_names_the_leaf_that_failed() {
    let query = Query::parse("(acme OR apex) (late OR lost) -lang:de sentiment<0", Scope::Rule).unwrap();
    let text = Text::new("Acme: parcel lost, so late!");
    let facts = Facts::new(&text).with("lang", "de").with("sentiment", -0.3);
    let why = query.explain(&facts);
    let decisive: Vec<&str> = why.leaves().iter().filter(|l| l.decisive).map(|l| &*l.leaf).collect();
    assert_eq!((why.holds(), decisive), (false, vec!["lang:de"]));

    let facts = Facts::new(&text).with("lang", "en").with("sentiment", -0.3);
    let why = query.explain(&facts);
    let evidence: Vec<&str> =
        why.evidence().into_iter().map(|span| span.of(text.source()).unwrap()).collect();
    assert_eq!((why.holds(), evidence), (true, vec!["Acme", "lost", "late"]));
    assert_eq!(
        why.to_string(),
        "yes: acme [0..4] <-; apex no; late [22..26] <-; lost [13..17] <-; lang:de no <-; sentiment<0 yes <-"
    );
}

#[test]
fn spans_cover_what_took_part() {
    let text = Text::new("the refund never, ever came 🔥");
    for (query, spans) in [
        ("\"never ever\"", vec!["never, ever"]),
        ("came NEAR/3 refund", vec!["refund never, ever came"]),
        ("\"ever never\"~2", vec!["never, ever"]),
        ("/e[fv]/", vec!["ef", "ev", "ev"]),
        ("raw:\"r,\" OR ever", vec!["r,", "ever"]),
        ("came NEAR/1 🔥", vec!["came 🔥"]),
    ] {
        let why = Query::parse(query, Scope::Rule).unwrap().explain(&Facts::new(&text));
        let found: Vec<&str> =
            why.evidence().into_iter().map(|span| span.of(text.source()).unwrap()).collect();
        assert_eq!(found, spans, "{query}");
    }
}

#[test]
fn queries_join() {
    let query = |source| Query::parse(source, Scope::Rule).unwrap();
    let joined = query("a OR b").and(query("c d").negate()).or(query("e"));
    assert_eq!(joined.to_string(), "(a OR b) -(c d) OR e");
    assert_eq!(joined, query("(a OR b) -(c d) OR e"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_what_is_printed_gives_the_same_query(source in random::query()) {
        if let Ok(query) = Query::parse(&source, Scope::Rule) {
            let printed = query.to_string();
            prop_assert_eq!(Query::parse(&printed, Scope::Rule), Ok(query), "{} as {}", source, printed);
        }
    }

    #[test]
    fn any_characters_are_read_or_refused(source in "[ab\"()\\[\\]{}!~*?:/#@$<>=\\- 0-9NEAROTDmin.,\\\\🔥日]{0,40}") {
        match Query::parse(&source, Scope::Rule) {
            Ok(query) => {
                let printed = query.to_string();
                prop_assert_eq!(Query::parse(&printed, Scope::Rule), Ok(query), "{}", printed);
            }
            Err(error) => prop_assert!(error.faults().iter().all(|fault| fault.position().is_some())),
        }
    }

    #[test]
    fn de_morgan(a in random::query(), b in random::query(), text in random::text(), facts in random::facts()) {
        let text = Text::new(&text);
        let facts = random::read(&text, &facts);
        if let (Ok(a), Ok(b)) = (Query::parse(&a, Scope::Rule), Query::parse(&b, Scope::Rule)) {
            let neither = a.clone().or(b.clone()).negate();
            let both_not = a.clone().negate().and(b.clone().negate());
            prop_assert_eq!(neither.matches(&facts), both_not.matches(&facts));
            prop_assert_eq!(a.clone().and(b.clone()).matches(&facts), a.matches(&facts) && b.matches(&facts));
        }
    }

    #[test]
    fn random_queries_are_mostly_well_formed(sources in prop::collection::vec(random::query(), 20)) {
        let good = sources.iter().filter(|source| Query::parse(source, Scope::Rule).is_ok()).count();
        prop_assert!(good >= 10, "{} of {}: {:?}", good, sources.len(),
            sources.iter().filter_map(|s| Query::parse(s, Scope::Rule).err().map(|e| (s, e.to_string()))).next());
    }

    #[test]
    fn without_its_basis_a_query_does_not_hold(source in random::query(), facts in random::facts()) {
        if let Ok(query) = Query::parse(&source, Scope::Rule) {
            let text = Text::new("");
            let bare = Facts::new(&text);
            match query.basis() {
                Basis::Nothing => {}
                Basis::Facts => prop_assert!(!query.matches(&bare)),
                Basis::Text => prop_assert!(!query.matches(&random::read(&text, &facts))),
            }
        }
    }
}
