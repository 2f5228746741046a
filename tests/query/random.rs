//! Random queries of the whole grammar, and random texts and facts for them to meet.
//!
//! Words come from a small set, so that queries do hold now and then.

use hearken::facts::Facts;
use hearken::text::Text;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value};

const WORDS: &[&str] = &[
    "a", "b", "c", "ab", "abc", "late", "later", "refund", "refunds", "Acme", "don't", "日本", "本", "🔥",
    "❤️", "x1",
];

/// A word as it may stand in a text or in a query.
fn word() -> impl Strategy<Value = String> {
    select(WORDS).prop_map(str::to_owned)
}

fn plain_word() -> impl Strategy<Value = String> {
    select(&["a", "b", "c", "ab", "abc", "late", "later", "refund", "Acme", "x1"][..]).prop_map(str::to_owned)
}

fn term() -> impl Strategy<Value = String> {
    let sign = select(&["#", "@", "$"][..]);
    prop_oneof![
        6 => word(),
        1 => (sign, plain_word()).prop_map(|(sign, w)| format!("{sign}{w}")),
        1 => plain_word().prop_map(|w| format!("!{w}")),
        1 => plain_word().prop_map(|w| format!("{w}*")),
        1 => plain_word().prop_map(|w| format!("*{w}")),
        1 => select(&["a?c", "l*r", "re?und*", "?bc*"][..]).prop_map(str::to_owned),
        1 => (plain_word(), 1..3u8).prop_map(|(w, n)| format!("{w}~{n}")),
    ]
}

fn phrase() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => prop::collection::vec(prop_oneof![8 => word(), 1 => plain_word().prop_map(|w| format!("#{w}"))], 1..4)
            .prop_map(|words| format!("\"{}\"", words.join(" "))),
        1 => prop::collection::vec(plain_word(), 1..3).prop_map(|words| format!("!\"{}\"", words.join(" "))),
        2 => (prop::collection::vec(word(), 2..4), 8..12u32)
            .prop_map(|(words, n)| format!("\"{}\"~{n}", words.join(" "))),
        2 => (plain_word(), plain_word(), 1..4u32).prop_map(|(a, b, n)| format!("\"{a} {b}\"~{n}")),
    ]
}

fn positional() -> impl Strategy<Value = String> {
    prop_oneof![3 => term(), 1 => phrase()]
}

fn near() -> impl Strategy<Value = String> {
    let group = prop_oneof![
        2 => positional(),
        1 => prop::collection::vec(positional(), 2..4).prop_map(|g| format!("({})", g.join(" OR "))),
    ];
    let operator = (select(&["NEAR/", "ONEAR/"][..]), 1..5u32, select(&["", "f"][..]))
        .prop_map(|(near, n, f)| format!("{near}{n}{}", if near == "NEAR/" { f } else { "" }));
    let chain = prop_oneof![3 => 1..2usize, 1 => 2..4usize];
    (group.clone(), chain.prop_flat_map(move |n| prop::collection::vec((operator.clone(), group.clone()), n)))
        .prop_map(|(first, rest)| rest.into_iter().fold(first, |out, (op, g)| format!("{out} {op} {g}")))
}

fn field() -> impl Strategy<Value = String> {
    let sign = select(&["<", "<=", ">", ">="][..]);
    let number = select(&["-0.5", "0", "0.25", "3", "10"][..]);
    let time = select(&["00:00", "06:00", "09:30", "17:00", "23:59"][..]);
    prop_oneof![
        select(
            &[
                "platform:x",
                "platform:(x OR reddit)",
                "-lang:en",
                "lang:(en OR pt-br)",
                "country:ch",
                "city:\"New York\"",
                "topic:(billing OR refund)",
                "topic:billing",
                "is:reply",
                "from:@ann",
                "author.verified:true",
                "author.verified:(yes OR no)",
                "site:acme.com",
                "url:acme",
                "url:acme.com/x",
                "has:sentiment",
                "has:links",
                "has:emoji",
                "has:hashtags",
                "has:image",
                "has:(topic OR attr.shop)",
                "attr.shop:basel",
                "attr.score:3",
                "attr.score>2",
                "attr.score:[0..3]",
                "has:attr.score",
                "weekday:[mon..fri]",
                "weekday:[sat..mon]",
                "weekday:(sat OR sun)",
                "weekday>tue",
                "urgency>=high",
                "urgency:[low..medium]",
                "urgency:low",
                "date:[2026-01-01..2026-06-30]",
                "date>2026-03-01",
                "geo:[47,8..48,9]",
                "geo:[-20,170..20,-170]",
                "length>5",
                "length:[3..20]",
                "length<=12",
                "monitor:brand",
                "lead.score>=50",
                "lead.grade:a1",
            ][..]
        )
        .prop_map(str::to_owned),
        (sign, number.clone()).prop_map(|(s, n)| format!("sentiment{s}{n}")),
        (number.clone(), number).prop_map(|(a, b)| {
            let (low, high): (f64, f64) = (a.parse().unwrap(), b.parse().unwrap());
            format!("author.followers:[{}..{}]", low.min(high), low.max(high))
        }),
        (time.clone(), time)
            .prop_filter("a time range has two ends", |(a, b)| a != b)
            .prop_map(|(a, b)| format!("time:[{a}..{b}]")),
    ]
}

fn leaf() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => term(),
        3 => phrase(),
        2 => near(),
        4 => field(),
        1 => select(&["raw:\"a b\"", "raw:Acme", "raw:\"don't\"", "/ab?c/", "/^a/i", "/late.*refund/", "/\\bb$/"][..])
            .prop_map(str::to_owned),
        1 => Just("{near/3:a,late}".to_owned()),
    ]
}

/// A query of the whole grammar, at most a few brackets deep.
pub fn query() -> impl Strategy<Value = String> {
    leaf().prop_recursive(4, 24, 4, |inner| {
        let some = || prop::collection::vec(inner.clone(), 2..5);
        prop_oneof![
            some().prop_map(|parts| format!("({})", parts.join(" "))),
            some().prop_map(|parts| format!("({})", parts.join(" AND "))),
            some().prop_map(|parts| format!("({})", parts.join(" OR "))),
            some().prop_map(|parts| parts.join(" ")).prop_map(|all| format!("({all})")),
            inner.clone().prop_map(|part| format!("-({part})")),
            inner.clone().prop_map(|part| format!("NOT {part}")),
            (some(), 1..3u32).prop_map(|(parts, n)| {
                let parts: Vec<String> = parts.into_iter().map(|part| format!("({part})")).collect();
                format!("min:{n}({})", parts.join(" "))
            }),
        ]
    })
}

/// A text, friendly or not.
pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => word(),
        1 => plain_word().prop_map(|w| format!("#{w}")),
        1 => plain_word().prop_map(|w| format!("@{w}")),
        1 => plain_word().prop_map(|w| format!("${w}")),
        1 => plain_word().prop_map(|w| w.to_uppercase()),
        1 => select(&["https://acme.com/x", "www.a.b/late", "#LateRefund", "日本人", "👍🏽", "…", "!!", "\n"][..])
            .prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ];
    let between = select(&[" ", " ", " ", ", ", "", "-", "'"][..]);
    prop_oneof![
        12 => prop::collection::vec((piece, between), 0..14)
            .prop_map(|parts| parts.into_iter().flat_map(|(p, b)| [p, b.to_owned()]).collect()),
        1 => "\\PC{0,40}",
        1 => any::<String>(),
    ]
}

/// A flat object of facts; each is absent as often as not.
pub fn facts() -> impl Strategy<Value = Map<String, Value>> {
    fn one(values: &'static [&'static str]) -> impl Strategy<Value = Option<Value>> {
        prop::option::of(select(values).prop_map(|json| serde_json::from_str(json).unwrap()))
    }
    let words = (
        one(&["\"x\"", "\"reddit\"", "\"X\""]),
        one(&["\"en\"", "\"pt-br\"", "\"de\""]),
        one(&["\"ch\"", "\"us\""]),
        one(&["\"New York\"", "\"york\""]),
        one(&["[]", "[\"billing\"]", "[\"refund\", \"billing\"]", "[\"x\"]"]),
        one(&["[\"reply\"]", "[\"quote\"]"]),
        one(&["\"@Ann\"", "[\"bob\", \"ann\"]"]),
        one(&["true", "false"]),
        one(&["\"www.acme.com\"", "\"blog.acme.com\"", "\"acme.org\""]),
        one(&["\"https://acme.com/x\"", "\"https://b.org/acmes\""]),
    );
    let more = (
        one(&["[\"image\"]", "[\"video\", \"image\"]"]),
        one(&["\"Basel\"", "\"Bern\""]),
        one(&["3", "\"3\"", "1.5", "0"]),
        one(&["\"mon\"", "\"sat\"", "\"sun\"", "\"wed\""]),
        one(&["\"low\"", "\"high\"", "\"critical\""]),
        one(&["\"2026-01-01\"", "\"2026-03-01\"", "\"2027-01-01\""]),
        one(&["[47.4, 8.5]", "[0, 179]", "[0, -179]"]),
        one(&["\"00:00\"", "\"05:59\"", "\"09:30\"", "\"17:00\"", "\"23:59\""]),
        one(&["-0.5", "0", "0.25", "-1"]),
        one(&["0", "3", "10", "4000000"]),
    );
    let rules =
        (one(&["[\"brand\"]", "[\"crisis\", \"brand\"]"]), one(&["49.5", "50"]), one(&["\"A1\"", "\"b2\""]));
    (words, more, rules).prop_map(|(w, m, r)| {
        let all = [
            ("platform", w.0),
            ("lang", w.1),
            ("country", w.2),
            ("city", w.3),
            ("topic", w.4),
            ("is", w.5),
            ("from", w.6),
            ("author.verified", w.7),
            ("site", w.8),
            ("url", w.9),
            ("has", m.0),
            ("attr.shop", m.1),
            ("attr.score", m.2),
            ("weekday", m.3),
            ("urgency", m.4),
            ("date", m.5),
            ("geo", m.6),
            ("time", m.7),
            ("sentiment", m.8),
            ("author.followers", m.9),
            ("monitor", r.0),
            ("lead.score", r.1),
            ("lead.grade", r.2),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    })
}

/// The facts of a flat object about a text.
pub fn read<'t>(text: &'t Text, object: &Map<String, Value>) -> Facts<'t> {
    Facts::from_json(text, object).unwrap()
}
