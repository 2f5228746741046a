//! What texts ask for: sentences with expectations, the pattern format, wishes and votes.

use hearken::facts::{Facts, Field};
use hearken::model::{ItemKey, Platform, Points, Span};
use hearken::query::Scratch;
use hearken::sentiment::Sentiment;
use hearken::signal::{Found, Requests, Signals, Urgency};
use hearken::text::Text;
use proptest::prelude::*;
use std::sync::LazyLock;

const SENTENCES: &str = include_str!("../data/signal/en.tsv");

fn english() -> &'static Signals {
    static ENGLISH: LazyLock<Signals> = LazyLock::new(Signals::english);
    &ENGLISH
}

/// Reads a post as the engine does: its tone first.
fn read(signals: &Signals, source: &str) -> Found {
    static TONE: LazyLock<Sentiment> = LazyLock::new(|| Sentiment::builder().build().unwrap());
    let text = Text::new(source);
    let mut facts = Facts::new(&text).with(Field::Sentiment, TONE.score(&text).score);
    signals.read(&mut facts, &mut Scratch::default())
}

fn holds(found: &Found, source: &str, wanted: &str) -> bool {
    let named = |span: Option<Span>, name: &str| span.and_then(|span| span.of(source)) == Some(name);
    match wanted.split_once(':') {
        Some(("intent", name)) => found.has_intent(name),
        Some(("urgency", level)) => found.urgency.name() == level,
        Some(("buying", "0")) => found.buying == Points::ZERO,
        Some(("buying", points)) => found.buying >= Points::whole(points.parse().unwrap()),
        Some(("from", name)) => found.switches.iter().any(|switch| named(switch.from, name)),
        Some(("to", name)) => found.switches.iter().any(|switch| named(switch.to, name)),
        Some(("product", name)) => found.recommendations.iter().any(|given| named(Some(given.product), name)),
        Some(("wish", words)) => found
            .wishes
            .iter()
            .any(|wish| wish.what.of(source).is_some_and(|what| what.to_lowercase() == words)),
        _ => found.has_category(wanted),
    }
}

/// Expectations may hold spaces after a colon: a new one begins at `!` or at a word that is known to begin one.
fn expectations(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut open = false;
    for word in text.split(' ') {
        let begins = word.contains(':') || word.starts_with('!') || NAMES.contains(&word);
        if open && !begins {
            let last = out.last_mut().unwrap();
            last.push(' ');
            last.push_str(word);
        } else {
            out.push(word.to_owned());
            open = ["from:", "to:", "product:", "wish:"].iter().any(|kind| word.contains(kind));
        }
    }
    out
}

const NAMES: [&str; 21] = [
    "lead",
    "question",
    "complaint",
    "praise",
    "thanks",
    "feature_request",
    "bug",
    "outage",
    "spam",
    "billing",
    "refund",
    "delivery",
    "account",
    "security",
    "pricing",
    "safety",
    "self_harm",
    "legal",
    "press",
    "recommendation",
    "suggestion",
];

#[test]
fn sentences_ask_for_what_they_should() {
    let signals = english();
    let (mut sentences, mut wrong) = (0, Vec::new());
    for line in SENTENCES.lines().filter(|line| !line.starts_with('#')) {
        let (wanted, source) = line.split_once('\t').unwrap();
        let found = read(signals, source);
        sentences += 1;
        for wanted in expectations(wanted) {
            let (plain, yes) = wanted.strip_prefix('!').map_or((&*wanted, true), |plain| (plain, false));
            if holds(&found, source, plain) != yes {
                wrong.push(format!("{wanted}: {source}"));
            }
        }
        for span in found.evidence() {
            assert!(span.of(source).is_some_and(|words| !words.is_empty()), "{span:?} in {source}");
        }
    }
    assert!(sentences >= 150, "{sentences} sentences");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// Of Unicode classes the crate's `regex` has the properties that are true or false; other crates of a test build
/// may turn on more, so that a pattern which asks for more would compile here and nowhere else.
#[test]
fn the_shipped_patterns_need_no_feature_of_other_crates() {
    let shipped = include_str!("../../src/signal/data/en.signals");
    let classes: Vec<&str> = shipped.split("\\p").skip(1).filter_map(|rest| rest.split('}').next()).collect();
    assert!(
        classes.iter().all(|class| ["{Uppercase", "{Lowercase", "{Alphabetic"].contains(class)),
        "{classes:?}"
    );
}

#[test]
fn the_shipped_patterns_compile() {
    let found = read(english(), "please help");
    assert!(found.has_intent("support"));
    assert!(read(&Signals::default(), "please help").intents.is_empty());
}

#[test]
fn every_fault_has_its_line_and_column() {
    let error = Signals::parse(
        "intent buy = want OR\n  (\nmood x = y\n\nurgency huge why = now\nbuying lots = x\nno sign",
    )
    .unwrap_err();
    let places: Vec<_> = error.faults().iter().map(|fault| fault.position().unwrap().0).collect();
    assert_eq!(places.len(), 5, "{error}");
    assert!(places.is_sorted() && places.starts_with(&[1]) || places.starts_with(&[2]), "{error}");
    assert!(error.faults().iter().all(|fault| fault.remedy().is_some()), "{error}");
    let position = |source: &str| Signals::parse(source).unwrap_err().faults()[0].position().unwrap();
    assert_eq!(position("category x = a NEARLY:2"), (1, 16));
    assert_eq!(position("words tools = saw OR NEARLY:2"), (1, 22));
    // Where groups are written out, faults stand where the file has them.
    let tools = "words tools = saw OR\n  \"claw hammer\"\n";
    assert_eq!(position(&format!("{tools}category x = {{tools}} {{tools}} NEARLY:2 {{tools}}")), (3, 30));
    assert_eq!(position(&format!("{tools}category x = {{tools}}\n  {{tools}} {{other}}")), (4, 11));
}

#[test]
fn patterns_share_groups_of_words() {
    let source = "words tools = saw OR \"claw hammer\"\nwords all = {tools} OR glue\n\
                  category tool = {tools} -{all} OR sharp {tools}\ncategory any = {all}";
    let signals = Signals::parse(source).unwrap();
    let names = |source: &str| -> Vec<String> {
        let found = read(&signals, source);
        found.categories.iter().map(|signal| signal.name.to_string()).collect()
    };
    assert_eq!(names("a claw hammer"), ["any"]);
    assert_eq!(names("a sharp saw"), ["tool", "any"]);
    assert_eq!(names("sharp glue"), ["any"]);
}

#[test]
fn a_host_adds_replaces_and_asks_about_facts() {
    let ours = "category vip = customer.tier:gold topic:complaint\nurgency critical vip = topic:vip\nintent buy := purchase";
    let signals = english().clone().with(ours).unwrap();
    let text = Text::new("Worst service ever, I want to buy something else");
    let mut facts = Facts::new(&text).with("customer.tier", "gold").with("topic", "billing");
    let found = signals.read(&mut facts, &mut Scratch::default());
    assert!(found.has_category("vip") && !found.has_intent("buy"));
    assert_eq!(found.urgency, Urgency::Critical);
    assert_eq!(&*found.reasons[0].why, "vip");
    assert!(found.reasons[0].evidence.is_empty(), "it rests on facts alone");
    // The facts know what was found, beside what the host said.
    assert!(facts.words(&Field::Topic).any(|topic| topic == "billing"));
    assert!(facts.words(&Field::Topic).any(|topic| topic == "vip"));
    assert_eq!(facts.number(&Field::Urgency), Some(3.0));
}

#[test]
fn reach_makes_a_complaint_more_urgent() {
    let signals = english();
    let text = Text::new("so disappointed with this kettle");
    let level = |followers: f64| {
        signals
            .read(&mut Facts::new(&text).with("author.followers", followers), &mut Scratch::default())
            .urgency
    };
    assert_eq!(
        (level(10.0), level(50_000.0), level(250_000.0)),
        (Urgency::Medium, Urgency::Medium, Urgency::High)
    );
}

#[test]
fn purchase_intent_is_ordered() {
    let signals = english();
    let points: Vec<Points> = [
        "nice weather",
        "Acme vs Globex",
        "any recommendations for a tent",
        "how much is the tent",
        "where can I buy the tent",
        "ready to order the tent",
    ]
    .map(|source| read(signals, source).buying)
    .to_vec();
    assert!(points.windows(2).all(|pair| pair[0] < pair[1]), "{points:?}");
}

#[test]
fn a_wish_has_one_vote_an_author() {
    let signals = english();
    let mut requests = Requests::new(2);
    let posts = [
        ("ann", "I wish it had dark mode"),
        ("bob", "please add a dark mode option"),
        ("ann", "Please add dark mode!!"),
        ("cho", "would love to see CSV export"),
        ("dee", "can you add an export for csv?"),
        ("eve", "please add fonts"),
        ("fay", "please add it"),
    ];
    for (number, (author, post)) in posts.iter().enumerate() {
        for wish in read(signals, post).wishes {
            requests.add(wish.what.of(post).unwrap(), author, &ItemKey::new(Platform::X, number.to_string()));
        }
    }
    let ranked: Vec<(String, u64, u64)> =
        requests.ranked().into_iter().map(|r| (r.wish.into(), r.votes, r.posts)).collect();
    assert_eq!(ranked, [("dark mode".to_owned(), 2, 3), ("csv export".to_owned(), 2, 2)]);
    assert_eq!(requests.dropped(), 1); // the third wish found no room, the fourth said nothing
}

proptest! {
    #[test]
    fn any_text_is_read_and_cites_itself(source in "\\PC{0,80}", cue in 0_usize..6) {
        let cues = ["switched from ", "please add ", "I recommend ", "ditched ", "where can I buy ", ""];
        let source = format!("{}{source} to {source} for X", cues[cue]);
        let found = read(english(), &source);
        for span in found.evidence() {
            prop_assert!(span.of(&source).is_some());
        }
        for switch in &found.switches {
            prop_assert!([switch.from, switch.to].into_iter().flatten().all(|name| name.of(&source).is_some()));
        }
    }
}
