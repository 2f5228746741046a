//! One newcomer against known people.

use hearken::identity::{
    BlockingKey, BlockingRule, Comparison, Decision, Index, Kind, Level, Matcher, POSTING, Person, Posting,
    Thresholds, keys,
};
use hearken::model::Points;
use proptest::prelude::*;

fn matcher() -> Matcher {
    Matcher::standard(100_000)
}

#[test]
fn exact_contact_points_are_certain_and_names_alone_are_not() {
    let known = Person::new("c-1").name("Ann Lee").email("ann@lee.example").phone("+44 20 7946 0018");
    for author in [Person::new("a").email("ANN@lee.example"), Person::new("a").phone("+442079460018")] {
        let found = matcher().compare(&author, &known);
        assert!(found.certain.is_some() && found.probability > 0.999, "{found:?}");
    }
    for author in [Person::new("a").name("Ann Lee"), Person::new("a").handle("annlee")] {
        assert!(matcher().compare(&author, &known).certain.is_none());
    }
}

#[test]
fn what_is_only_claimed_is_never_certain() {
    let known = Person::new("c-1").name("Ann Lee").email("ann@lee.example");
    let author = Person::new("a").claimed(Kind::Email, "ann@lee.example");
    assert_eq!(matcher().compare(&author, &known).certain, None);
}

#[test]
fn another_account_on_the_same_platform_speaks_against_one_elsewhere_does_not() {
    let total = |accounts: &[(&str, &str)]| {
        let known = Person::new("c-1").name("Ann Lee").account("x", "1");
        let author = Person::new("a").name("Ann Lee");
        let author = accounts.iter().fold(author, |author, (platform, id)| author.account(platform, id));
        matcher().compare(&author, &known).waterfall.total()
    };
    assert_eq!(total(&[("mastodon", "2")]), total(&[]));
    assert!(total(&[("x", "2")]) < total(&[]));
    assert_eq!(total(&[("x", "2"), ("mastodon", "2")]), total(&[("x", "2")]));
}

#[test]
fn a_role_address_and_a_household_phone_are_weighed_not_believed() {
    let a = Person::new("a").name("Ann Lee").email("info@acme.example").phone("+442079460018");
    let b = Person::new("b").name("Bob Stone").email("info@acme.example").phone("+442079460018");
    assert_eq!(matcher().compare(&a, &b).certain, None);
}

#[test]
fn a_switchboard_number_held_by_many_is_not_certain() {
    let mut index = Index::new(matcher());
    for n in 0..500 {
        index.upsert(
            Person::new(format!("c-{n}")).name(&format!("Person{n} Family{n}")).phone("+442079460018"),
        );
    }
    let author = Person::new("a").phone("+442079460018");
    assert!(matches!(
        index.resolve(&author, Thresholds::tolerating(0.01)),
        Decision::CreateNew | Decision::Review(_)
    ));
}

#[test]
fn decisions_go_by_thresholds_and_rivals_make_a_review() {
    let matcher = matcher();
    let author =
        Person::new("a").name("Zebulon Quartermain").with(Kind::Date, "1971-06-24").with(Kind::City, "Leeds");
    let twin = |id: &str| {
        Person::new(id).name("Zebulon Quartermain").with(Kind::Date, "1971-06-24").with(Kind::City, "Leeds")
    };
    let (one, two) = (matcher.compare(&author, &twin("c-1")), matcher.compare(&author, &twin("c-2")));
    assert!(
        matches!(matcher.decide([one.clone()], Thresholds::tolerating(0.01)), Decision::Match(found) if found.candidate == "c-1")
    );
    assert!(
        matches!(matcher.decide([two, one], Thresholds::tolerating(0.01)), Decision::Review(both) if both.len() == 2 && both[0].candidate == "c-1")
    );
    let stranger = matcher.compare(&author, &Person::new("c-3").name("Otto Maier"));
    assert_eq!(matcher.decide([stranger], Thresholds::tolerating(0.01)), Decision::CreateNew);
    let half = Matcher::standard(10_000).compare(&Person::new("a").name("Zebulon Quartermain"), &twin("c-1"));
    assert!(matches!(matcher.decide([half], Thresholds::tolerating(0.001)), Decision::Review(_)));
}

#[test]
fn thresholds_keep_the_expected_share_of_false_merges() {
    let probabilities = [0.9999, 0.999, 0.999, 0.99, 0.98, 0.9, 0.5, 0.1];
    let thresholds = Thresholds::over(&probabilities, 0.01);
    let taken: Vec<f64> = probabilities.iter().copied().filter(|p| *p >= thresholds.accept()).collect();
    let wrong: f64 = taken.iter().map(|p| 1.0 - p).sum();
    assert!(wrong / taken.len() as f64 <= 0.01 && taken.len() >= 4, "{thresholds:?}");
}

#[test]
fn names_are_found_across_order_nickname_script_and_error() {
    for (a, b) in [
        ("Robert Miller", "Bob Miller"),
        ("Robert Miller", "Miller, Robert"),
        ("Иван Петров", "Ivan Petrov"),
        ("Robert Miller", "Robert Millre"),
        ("王小明", "王小明"),
        ("محمد علي", "محمد علي"),
        ("Jane Q. Public", "Jane Public"),
    ] {
        let left = Person::new("a").name(a);
        let right = Person::new("b").name(b);
        let shared = keys(&left).iter().filter(|key| keys(&right).contains(key)).count();
        assert!(shared > 0, "{a} and {b} share no key");
        let step = matcher().compare(&left, &right).waterfall.steps.into_iter().next().unwrap();
        assert!(step.weight > Points::ZERO, "{a} and {b}: {step:?}");
    }
}

#[test]
fn names_in_scripts_without_a_letter_in_common_say_nothing() {
    let level = |kind: Kind, a: &str, b: &str| {
        let compared = matcher().compare(&Person::new("a").with(kind, a), &Person::new("b").with(kind, b));
        compared.waterfall.steps.first().map_or(Level::Missing, |step| step.level)
    };
    for (kind, a, b) in [
        (Kind::Given, "محمد", "Mohammed"),
        (Kind::Family, "النجار", "Al Najjar"),
        (Kind::Name, "محمد عبد الله النجار", "Mohammed Abdullah Al Najjar"),
        (Kind::Name, "やまだ たろう", "山田 太郎"),
        (Kind::City, "القاهرة", "Cairo"),
        (Kind::Company, "三菱商事株式会社", "Mitsubishi Corporation"),
        (Kind::Address, "ул. Ленина 5", "列宁大街 5"),
    ] {
        assert_eq!(level(kind, a, b), Level::Missing, "{a} and {b}");
        assert_eq!(level(kind, b, a), Level::Missing, "{b} and {a}");
    }
    // One alphabet, one written in the other, or a script in common: they can be held against each other.
    for (kind, a, b) in [
        (Kind::Given, "محمد", "فاطمة"),
        (Kind::Name, "Иван Петров", "Jessica Clark"),
        (Kind::Name, "山田 太郎 Taro Yamada", "Jessica Clark"),
        (Kind::Address, "12", "東京都港区"),
    ] {
        assert_eq!(level(kind, a, b), Level::Distant, "{a} and {b}");
    }
    assert!(level(Kind::Name, "山田 太郎 Taro Yamada", "Taro Yamada") < Level::Faint);
}

#[test]
fn a_hot_key_is_bounded_and_fine_keys_still_find() {
    let mut index = Index::new(matcher());
    for n in 0..10_000 {
        let person = Person::new(format!("c-{n}"))
            .name("Maria Smith")
            .with(Kind::Date, &format!("19{:02}-{:02}-{:02}", n % 90 + 10, n % 12 + 1, n % 28 + 1));
        index.upsert(person.with(Kind::Postcode, &format!("AB{n}")));
    }
    let author = Person::new("a").name("Maria Smith").with(Kind::Postcode, "AB9999");
    let (candidates, found) = index.candidates(&author);
    assert!(candidates.len() <= 200 && found.full > 0, "{found:?}");
    assert_eq!(candidates[0].id(), "c-9999");
    let mut posting = Posting::default();
    let written = (0..10_000).filter(|n| posting.insert(&format!("c-{n}"))).count();
    assert_eq!((written, posting.ids().len()), (POSTING + 1, POSTING), "a full posting is written no more");
}

#[test]
fn ten_thousand_identical_and_empty_people_are_survived() {
    let mut index = Index::new(matcher());
    for n in 0..10_000 {
        index.upsert(Person::new(format!("c-{n}")).name("Ann Lee").email("ann@lee.example"));
        index.upsert(Person::new(format!("e-{n}")));
    }
    assert_eq!(index.len(), 20_000);
    assert_eq!(index.resolve(&Person::new("a"), Thresholds::tolerating(0.01)), Decision::CreateNew);
    let _ = index.resolve(&Person::new("a").name("Ann Lee"), Thresholds::tolerating(0.01));
}

#[derive(Debug)]
struct Loyalty;

impl Comparison for Loyalty {
    fn name(&self) -> &str {
        "loyalty card"
    }

    fn compare(&self, a: &Person, b: &Person) -> Option<(Level, Points)> {
        let (left, right) = (a.of(Kind::Code).next()?, b.of(Kind::Code).next()?);
        (left.normal() == right.normal()).then_some((Level::Exact, Points::whole(12)))
    }
}

impl BlockingRule for Loyalty {
    fn keys(&self, person: &Person, out: &mut Vec<BlockingKey>) {
        out.extend(person.of(Kind::Code).map(|value| BlockingKey::new("loyalty", value.normal())));
    }
}

#[test]
fn a_host_adds_a_comparison_and_a_rule() {
    let matcher = matcher().comparison(Box::new(Loyalty)).rule(Box::new(Loyalty));
    let (a, b) = (Person::new("a").with(Kind::Code, "L-77"), Person::new("b").with(Kind::Code, "l77"));
    assert!(matcher.keys(&a).contains(&BlockingKey::new("loyalty", "l77")));
    let found = matcher.compare(&a, &b);
    assert!(
        found
            .waterfall
            .steps
            .iter()
            .any(|step| step.field == "loyalty card" && step.weight == Points::whole(12))
    );
}

#[test]
fn persons_survive_serde_and_hide_in_debug() {
    let person = Person::new("c").name("Ann Lee").claimed(Kind::Email, "a@b.example");
    let json = serde_json::to_string(&person).unwrap();
    assert_eq!(serde_json::from_str::<Person>(&json).unwrap(), person);
    assert!(!format!("{person:?}").contains("Lee"));
}

fn any_person() -> impl Strategy<Value = Person> {
    let value = (
        0..Kind::ALL.len(),
        prop_oneof!["[a-c]{0,6}( [a-c]{1,6})?", "\\PC{0,12}", "[0-9]{4,9}"],
        any::<bool>(),
    );
    proptest::collection::vec(value, 0..8).prop_map(|values| {
        values.into_iter().fold(Person::new("p"), |person, (kind, text, claimed)| {
            if claimed { person.claimed(Kind::ALL[kind], &text) } else { person.with(Kind::ALL[kind], &text) }
        })
    })
}

proptest! {
    #[test]
    fn comparing_is_symmetric_and_adds_up(a in any_person(), b in any_person()) {
        let matcher = matcher();
        let (there, back) = (matcher.compare(&a, &b), matcher.compare(&b, &a));
        prop_assert_eq!(&there.waterfall, &back.waterfall);
        let sum: Points = there.waterfall.steps.iter().map(|step| step.weight).sum();
        prop_assert_eq!(there.waterfall.prior + sum, there.waterfall.total());
        prop_assert!((0.0..=1.0).contains(&there.probability));
    }

    #[test]
    fn removing_undoes_an_upsert(people in proptest::collection::vec(any_person(), 1..6), author in any_person()) {
        let mut index = Index::new(matcher());
        index.upsert(Person::new("first").name("Ann Lee"));
        let before = index.matches(&author);
        for (n, person) in people.iter().enumerate() {
            let copy = person.values().iter().fold(Person::new(format!("n{n}")), |copy, value| copy.with(value.kind(), value.raw().reveal()));
            index.upsert(copy);
        }
        for n in 0..people.len() {
            let gone = index.remove(&format!("n{n}"));
            prop_assert!(gone.is_some());
        }
        prop_assert_eq!(index.matches(&author), before);
    }
}
