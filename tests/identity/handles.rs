//! Whose account a handle is.

use hearken::identity::{
    Decision, HandleMatcher, Kind, Match, Owner, Person, Surprisal, Thresholds, Verdict,
};
use hearken::model::{Platform, Points, Profile};
use proptest::prelude::*;
use std::sync::LazyLock;

const NAMES: [&str; 6] = [
    "Tilda Maud Brackenhurst",
    "Robert Quillfeather",
    "Joaquim del Monte-Vidal",
    "Mikhail Petrov",
    "王小明",
    "Anne Smith",
];

static OWNERS: LazyLock<Vec<Owner>> = LazyLock::new(|| NAMES.map(|name| Owner::new(person(name))).into());

static MATCHER: LazyLock<HandleMatcher> = LazyLock::new(|| HandleMatcher::learn(&OWNERS, ["annesmith"]));

fn person(name: &str) -> Person {
    let out = Person::new(name.replace(" Maud", "")).name(name);
    // Where a family name begins cannot always be seen.
    if name.ends_with("del Monte-Vidal") { out.with(Kind::Family, "del Monte-Vidal") } else { out }
}

fn account(platform: Platform, handle: &str) -> Profile {
    let mut out = Profile::new(platform, handle);
    out.handle = Some(handle.into());
    out
}

fn total(owner: &Owner, account: &Profile) -> Points {
    MATCHER.compare(owner, account).waterfall.total()
}

fn adds_up(found: &Match) -> bool {
    let waterfall = &found.waterfall;
    let total = waterfall.steps.iter().fold(waterfall.prior, |sum, step| sum + step.weight);
    total == waterfall.total() && (found.probability - 1.0 / (1.0 + (-total.as_f64()).exp2())).abs() < 1e-12
}

#[test]
fn handles_made_of_a_name_find_it() {
    for line in include_str!("../data/identity/handles.tsv").lines().filter(|line| !line.starts_with('#')) {
        let (handle, owner) = line.split_once('\t').unwrap();
        let ranked = MATCHER.rank(&OWNERS, &account(Platform::Bluesky, handle));
        let best = ranked.first().map_or("-", |found| found.candidate.as_str());
        assert_eq!(best, owner, "{handle}");
    }
}

#[test]
fn whole_names_are_matches_and_family_names_alone_are_not() {
    let decide = |handle| {
        let ranked = MATCHER.rank(&OWNERS, &account(Platform::Bluesky, handle));
        MATCHER.decide(ranked, Thresholds::tolerating(0.01))
    };
    assert!(matches!(decide("tildabrackenhurst"), Decision::Match(_)));
    assert!(matches!(decide("smith"), Decision::Review(_) | Decision::CreateNew));
    assert_eq!(decide("gardengnome77"), Decision::CreateNew);
}

#[test]
fn another_given_name_speaks_against() {
    let robert = &OWNERS[1];
    let bits = |handle| total(robert, &account(Platform::Bluesky, handle));
    assert!(bits("robertquillfeather") > bits("quillfeather"));
    assert!(bits("quillfeather") > bits("gertrudequillfeather"));
    assert!(bits("quillfeather") > bits("tulip"));
    // Half of a word is not the name.
    let anne = &OWNERS[5];
    let anne_bits = |handle| total(anne, &account(Platform::Bluesky, handle));
    assert!(anne_bits("Anne_XandriaMoss") > anne_bits("AnnexandriaMoss"));
}

#[test]
fn states_years_and_companies_in_a_handle_count_for_their_owner() {
    let plain = Owner::new(Person::new("a").name("Anne Smith"));
    let known =
        Person::new("a").name("Anne Smith").with(Kind::City, "Ohio").with(Kind::Company, "Zwirn GmbH");
    let known = Owner::new(known.with(Kind::Date, "1971-06-24"));
    for (handle, better) in [
        ("annesmithoh", true),
        ("AnneSmithOhio", true),
        ("annesmithtx", false),
        ("annesmith1971", true),
        ("annesmith71", true),
        ("annesmith_zwirn", true),
    ] {
        let account = account(Platform::Bluesky, handle);
        let (with, without) = (total(&known, &account), total(&plain, &account));
        assert!(if better { with > without } else { with < without }, "{handle}: {with} {without}");
    }
}

#[test]
fn what_a_profile_says_beside_its_handle_counts() {
    let person = Person::new("a").name("Anne Smith").email("anne83@post.example");
    let person =
        person.with(Kind::Url, "https://bsky.app/profile/gnome").with(Kind::Url, "https://smith.example");
    let owner = Owner::new(person.with(Kind::Company, "Zwirn GmbH").with(Kind::City, "Leeds")).avatar(0xF0F0);
    let bare = account(Platform::Bluesky, "gnome");
    let says = |change: fn(&mut Profile)| {
        let mut profile = bare.clone();
        change(&mut profile);
        total(&owner, &profile) - total(&owner, &bare)
    };
    assert!(says(|p| p.url = Some("https://bsky.app/profile/Gnome".into())) > Points::whole(20));
    assert!(says(|p| p.links = vec!["http://www.smith.example/".into()]) > Points::whole(10));
    assert!(says(|p| p.emails = vec!["Anne83@post.example".into()]) > Points::whole(20));
    assert!(says(|p| p.bio = Some("Weaver at Zwirn".into())) > Points::whole(4));
    assert!(says(|p| p.bio = Some("see smith.example".into())) > Points::whole(10));
    assert!(says(|p| p.location = Some("Leeds, UK".into())) > Points::whole(2));
    assert!(says(|p| p.avatar_hash = Some(0xF0F1)) > says(|p| p.avatar_hash = Some(0xF00F)));
    assert_eq!(says(|p| p.avatar_hash = Some(!0xF0F0)), Points::ZERO);
    assert!(says(|p| p.display_name = Some("Anne Smith".into())) > Points::whole(10));
    assert!(says(|p| p.display_name = Some("Bruno Kowalski".into())) < Points::ZERO);
    assert_eq!(says(|p| p.bio = Some("nothing to see".into())), Points::ZERO);
    // The local part of the address is a handle of hers.
    let local = account(Platform::Bluesky, "anne83");
    assert!(total(&owner, &local) > total(&Owner::new(Person::new("a").name("Anne Smith")), &local));
}

#[test]
fn a_display_name_does_not_count_the_handle_twice() {
    let owner = &OWNERS[0];
    let handle = account(Platform::Bluesky, "tildabrackenhurst");
    let mut shown = handle.clone();
    shown.display_name = Some("Tilda Brackenhurst".into());
    let more = total(owner, &shown) - total(owner, &handle);
    assert!(more > Points::ZERO && more < Points::whole(5), "{more}");
}

#[test]
fn one_account_for_each_owner_and_platform() {
    let handles = ["tildabrackenhurst", "tilda_m_brackenhurst", "RealTilda"];
    let accounts: Vec<Profile> = handles.map(|handle| account(Platform::Bluesky, handle)).into();
    let links = MATCHER.link(&OWNERS, &accounts, Thresholds::tolerating(0.01));
    let hers = links.iter().flat_map(|link| &link.best).filter(|best| best.candidate == "Tilda Brackenhurst");
    assert_eq!(hers.count(), 1);
    assert_eq!(links.iter().filter(|link| link.verdict == Verdict::Match).count(), 1);
}

#[test]
fn two_people_of_one_name_are_reviewed() {
    let twins = ["a", "b"].map(|id| Owner::new(Person::new(id).name("Tilda Brackenhurst")));
    let account = account(Platform::Bluesky, "tildabrackenhurst");
    let ranked = MATCHER.rank(&twins, &account);
    assert!(ranked.iter().all(|found| found.probability < 0.6 && adds_up(found)), "{ranked:?}");
    assert!(matches!(MATCHER.decide(ranked, Thresholds::tolerating(0.01)), Decision::Review(_)));
}

#[test]
fn odd_people_are_survived() {
    let long = "Abc ".repeat(400);
    for name in ["", " ", "X", "O", "Jr.", "!!!", "محمد علي", long.as_str()] {
        let owner = Owner::new(Person::new("a").name(name));
        let matcher = HandleMatcher::learn(std::slice::from_ref(&owner), [""]);
        for handle in ["", "x", "@", long.as_str(), "محمد"] {
            assert!(adds_up(&matcher.compare(&owner, &account(Platform::Bluesky, handle))));
        }
    }
    let none = HandleMatcher::learn(&[], []);
    let links = none.link(&[], &[account(Platform::Bluesky, "ann")], Thresholds::tolerating(0.01));
    assert!(links[0].best.is_none() && links[0].verdict == Verdict::New);
}

#[test]
fn letters_seen_before_surprise_less() {
    let model = Surprisal::learn(["brackenhurst", "brackenridge"]);
    assert!(model.bits("bracken") < model.bits("nekcarb"));
    // Chances of one letter after another add up to one at most.
    let letters = "abcdefghijklmnopqrstuvwxyz0123456789";
    let sum: f64 = letters.chars().map(|c| (model.bits("br") - model.bits(&format!("br{c}"))).exp2()).sum();
    assert!((0.9..=1.0).contains(&sum), "{sum}");
}

fn handles() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z]{0,6}(tilda|bob|anne|mikhail)?[._]?(brackenhurst|quill|smith|petrov)?[A-Z0-9]{0,4}",
        ".{0,40}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn waterfalls_add_up(handle in handles(), shown in ".{0,20}", bio in ".{0,40}") {
        let mut account = account(Platform::Bluesky, &handle);
        account.display_name = Some(shown.as_str().into());
        account.bio = Some(bio.as_str().into());
        for owner in OWNERS.iter() {
            prop_assert!(adds_up(&MATCHER.compare(owner, &account)));
        }
        let ranked = MATCHER.rank(&OWNERS, &account);
        prop_assert!(ranked.iter().all(adds_up));
        prop_assert!(ranked.iter().map(|found| found.probability).sum::<f64>() <= 1.001);
    }

    #[test]
    fn the_order_of_people_and_accounts_does_not_matter(
        handles in prop::collection::btree_set((0..2_usize, handles()), 1..8),
    ) {
        let platforms = [Platform::Bluesky, Platform::Mastodon];
        let accounts: Vec<Profile> =
            handles.iter().map(|(i, handle)| account(platforms[*i].clone(), handle)).collect();
        let mut turned = OWNERS.clone();
        turned.reverse();
        let backwards: Vec<Profile> = accounts.iter().rev().cloned().collect();
        let thresholds = Thresholds::tolerating(0.01);
        let names = |accounts: &[Profile]| -> Vec<String> {
            accounts.iter().map(|account| account.handle.clone().unwrap().reveal().to_owned()).collect()
        };
        let learn = |owners: &[Owner], accounts: &[Profile]| {
            HandleMatcher::learn(owners, names(accounts).iter().map(String::as_str)).link(owners, accounts, thresholds)
        };
        let mut other = learn(&turned, &backwards);
        other.reverse();
        prop_assert_eq!(learn(&OWNERS, &accounts), other);
    }
}

#[test]
fn an_account_with_another_choice_gives_way_to_one_without() {
    for [tilda, maud] in [["a", "b"], ["b", "a"]] {
        let named = |id: &str, name: &str| Owner::new(Person::new(id).name(name));
        let both = [named(tilda, "Tilda Brackenhurst"), named(maud, "Maud Brackenhurst")];
        let others = (0..40).map(|n| {
            let (first, last) = (super::learn::GIVEN[n % 11], super::learn::FAMILY[n % 13]);
            named(&format!("z{n}"), &format!("{first} {last}"))
        });
        let owners: Vec<Owner> = both.into_iter().chain(others).collect();
        let accounts = ["RepBrackenhurst", "CongressmanTB"].map(|handle| account(Platform::Bluesky, handle));
        let matcher = HandleMatcher::learn(&owners, []);
        let links = matcher.link(&owners, &accounts, Thresholds::tolerating(0.01));
        let best = |at: usize| links[at].best.as_ref().map(|best| best.candidate.as_str());
        assert_eq!((best(0), best(1)), (Some(maud), Some(tilda)));
        assert_ne!(links[0].verdict, Verdict::Match, "either may be meant");
    }
}

#[test]
fn a_part_of_a_double_name_is_no_rarer_than_a_name_of_its_own() {
    let double = Person::new("double").name("Pilar Brackenhurst Montero");
    let double = double.with(Kind::Family, "Brackenhurst Montero");
    let others = (0..100).map(|n| {
        let (first, last) = (super::learn::GIVEN[n % 11], super::learn::FAMILY[n % 13]);
        Person::new(format!("z{n}")).name(&format!("{first} {last}{}", n / 13))
    });
    let people = [double, Person::new("single").name("Pilar Quillfeather")].into_iter().chain(others);
    let owners: Vec<Owner> = people.map(Owner::new).collect();
    let matcher = HandleMatcher::learn(&owners, []);
    let weight = |owner: usize, handle| {
        let account = account(Platform::Bluesky, handle);
        matcher.compare(&owners[owner], &account).waterfall.total()
    };
    for (part, whole) in [("brackenhurst", "quillfeather"), ("emile_brackenhurst", "emile_quillfeather")] {
        let (part, whole) = (weight(0, part), weight(1, whole));
        assert!(part <= whole, "{part:?} {whole:?}");
    }
}
