//! What must hold of rules whatever they are: invariants 13 and 15, over random books and facts, some of them absent.

use super::{Checks, Coverage};
use crate::route::Random;
use hearken::facts::{Facts, Field, Scope};
use hearken::limits::Limits;
use hearken::query::{Query, Scratch};
use hearken::route::{Action, Assign, Decision, Group, Mode, Rule, RuleBook, Rules};
use hearken::text::Text;
use std::collections::BTreeSet;

const WORDS: [&str; 4] = ["late", "broken", "refund", "thanks"];
const NAMES: [&str; 3] = ["a", "b", "c"];

fn leaf(random: &mut Random) -> String {
    let leaf = match random.below(7) {
        0 => format!("sentiment<{}", random.below(9) as f64 / 4.0 - 1.0),
        1 => format!(
            "lang:({} OR {})",
            ["en", "de"][random.below(2) as usize],
            ["pt", "fr"][random.below(2) as usize]
        ),
        2 => format!("topic:{}", WORDS[random.below(4) as usize]),
        3 => format!("has:{}", ["lang", "sentiment", "attr.a"][random.below(3) as usize]),
        4 => WORDS[random.below(4) as usize].to_owned(),
        _ => format!("attr.{}:{}", NAMES[random.below(3) as usize], random.below(3)),
    };
    if random.below(5) == 0 { format!("NOT {leaf}") } else { leaf }
}

fn condition(random: &mut Random) -> String {
    let parts: Vec<String> = (0..1 + random.below(3)).map(|_| leaf(random)).collect();
    parts.join(if random.below(4) == 0 { " OR " } else { " " })
}

fn action(random: &mut Random) -> Action {
    match random.below(4) {
        0 => Action::Tag(WORDS[random.below(4) as usize].to_owned()),
        1 => Action::Assign(Assign {
            team: Some(format!("team{}", random.below(3)).into()),
            ..Assign::default()
        }),
        _ => Action::Set {
            name: NAMES[random.below(3) as usize].to_owned(),
            value: (random.below(6) > 0).then(|| random.below(3).to_string()),
        },
    }
}

fn book(random: &mut Random) -> RuleBook {
    let mut book = RuleBook::default();
    for (id, mode) in [("marks", Mode::Always), ("teams", Mode::First)] {
        let rules = (0..1 + random.below(12)).map(|number| Rule {
            priority: random.below(3) as i32,
            go_on: mode == Mode::First && random.below(4) == 0,
            ..Rule::new(format!("{id}-{number:02}"), condition(random), vec![action(random)])
        });
        book.groups.push(Group { id: id.into(), mode, rules: rules.collect() });
    }
    book
}

fn facts<'t>(text: &'t Text, random: &mut Random) -> Facts<'t> {
    let mut facts = Facts::new(text);
    if random.below(2) == 0 {
        facts.set("lang", ["en", "de", "pt", "fr"][random.below(4) as usize]);
    }
    if random.below(2) == 0 {
        facts.set("sentiment", random.below(9) as f64 / 4.0 - 1.0);
    }
    if random.below(2) == 0 {
        facts.set("topic", [WORDS[random.below(4) as usize], WORDS[random.below(4) as usize]]);
    }
    for name in NAMES {
        if random.below(2) == 0 {
            facts.set(format!("attr.{name}").as_str(), random.below(3).to_string());
        }
    }
    facts
}

/// The book with every rule renamed, in another alphabetical order, and rules that never match in between.
fn disguised(book: &RuleBook, random: &mut Random) -> RuleBook {
    let mut other = book.clone();
    for group in &mut other.groups {
        let count = group.rules.len();
        for rule in &mut group.rules {
            rule.id = renamed(&rule.id);
        }
        for idle in 0..3 {
            let rule = Rule {
                priority: random.below(3) as i32,
                ..Rule::new(format!("idle-{}-{idle}", group.id), "lang:xx lang:yy", vec![Action::Hide])
            };
            group.rules.insert(random.below(count as u64 + 1) as usize, rule);
        }
    }
    other
}

fn renamed(id: &str) -> String {
    id.chars().rev().collect()
}

fn without_names(mut decision: Decision, rename: impl Fn(&str) -> String) -> Decision {
    for fired in &mut decision.fired {
        fired.rule = rename(&fired.rule);
    }
    decision.looping = decision.looping.iter().map(|rule| rename(rule)).collect();
    decision
}

pub(super) fn rules(seed: u64, checks: &mut Checks, coverage: &mut Coverage) {
    let (mut random, mut scratch) = (Random(seed ^ 0x0D15_EA5E), Scratch::default());
    for round in 0..60 {
        checks.place = format!("seed {seed}, book {round}");
        let book = book(&mut random);
        let rules = Rules::build(&book, &Limits::default()).expect("a book");
        let other = Rules::build(&disguised(&book, &mut random), &Limits::default()).expect("a book");
        let queries: Vec<Query> =
            rules.iter().map(|(_, rule)| Query::parse(&rule.when, Scope::Rule).expect("a query")).collect();
        for _ in 0..10 {
            let words: Vec<&str> = (0..random.below(3)).map(|_| WORDS[random.below(4) as usize]).collect();
            let text = Text::new(&words.join(" "));
            let facts = facts(&text, &mut random);

            let found: Vec<&str> = rules.matches(&facts, &mut scratch).iter().map(|rule| &*rule.id).collect();
            let pairs = rules.iter().zip(&queries);
            let plain: Vec<&str> =
                pairs.filter(|(_, query)| query.matches(&facts)).map(|((_, rule), _)| &*rule.id).collect();
            checks.must(13, found == plain, || format!("index {found:?}, plainly {plain:?}"));
            let first = rules.first(&facts, &mut scratch).map(|rule| &*rule.id);
            checks.must(13, first == plain.first().copied(), || format!("first {first:?} of {plain:?}"));

            let decision = rules.decide(&facts, &mut scratch);
            let told = without_names(other.decide(&facts, &mut scratch), renamed);
            checks.must(13, told == decision, || format!("{decision:?} under other names {told:?}"));
            cascade(&rules, &facts, &decision, checks, coverage);
        }
    }
}

/// Every rule acts at most once; a cascade that is not stopped has come to rest, one that is names its rules.
fn cascade(
    rules: &Rules,
    facts: &Facts<'_>,
    decision: &Decision,
    checks: &mut Checks,
    coverage: &mut Coverage,
) {
    let mut once = BTreeSet::new();
    checks.must(15, decision.fired.iter().all(|fired| once.insert(&fired.rule)), || {
        format!("twice: {decision:?}")
    });
    let sets = |rule: &str| {
        let rule = rules.rule(rule).expect("a rule");
        rule.then.iter().any(|action| matches!(action, Action::Set { .. }))
    };
    checks.must(15, decision.looping.iter().all(|rule| sets(rule)), || format!("{decision:?}"));
    *coverage
        .entry(if decision.looping.is_empty() { "rules stop by themselves" } else { "rules loop" })
        .or_default() += 1;
    // What the marks have set, in the order in which they acted.
    let mut last = facts.clone();
    for fired in decision.fired.iter().filter(|fired| fired.group == "marks") {
        for action in &rules.rule(&fired.rule).expect("a rule").then {
            if let Action::Set { name, value } = action {
                last.set(format!("attr.{name}").as_str(), value.clone().into_iter().collect::<Vec<String>>());
            }
        }
    }
    let changes = |action: &Action| match action {
        Action::Set { name, value } => {
            let field = Field::find(&format!("attr.{name}")).expect("a field");
            !last.words(&field).eq(value.as_deref())
        }
        _ => false,
    };
    let mut settled = true;
    for (group, rule) in rules.iter().filter(|(group, _)| *group == "marks") {
        let query = Query::parse(&rule.when, Scope::Rule).expect("a query");
        let acted = decision.fired.iter().any(|fired| fired.group == group && fired.rule == rule.id);
        let rests = acted && !rule.then.iter().any(changes);
        settled &= rests || !query.matches(&last);
    }
    checks
        .must(15, settled || !decision.looping.is_empty(), || format!("it stopped too early: {decision:?}"));
}
