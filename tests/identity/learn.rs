//! What a run says of itself: how complete blocking is, how many matches were foretold, whether learning ran away,
//! which values are nobody's own; and what decisions and accounts do to clusters.

use hearken::identity::{Kind, Level, Pair, Run, Table, match_rows};
use hearken::model::Points;

pub const GIVEN: [&str; 11] =
    ["Ann", "Bertram", "Chloe", "Dmitri", "Eleanor", "Faisal", "Greta", "Hassan", "Ingrid", "Jorge", "Keiko"];
pub const FAMILY: [&str; 13] = [
    "Okafor",
    "Lindqvist",
    "Moreau",
    "Tanaka",
    "Whitfield",
    "Zhang",
    "Castellano",
    "Novak",
    "Fitzgerald",
    "Haugen",
    "Ibarra",
    "Jankowski",
    "Kowalczyk",
];
const FIELDS: [(&str, Kind); 5] = [
    ("first", Kind::Given),
    ("last", Kind::Family),
    ("email", Kind::Email),
    ("phone", Kind::Phone),
    ("account", Kind::Account),
];

/// People with a name, an address, a number and no account; every third stands twice, in the next row, with an error.
fn town() -> Vec<[String; 5]> {
    let mut rows = Vec::new();
    for n in 0..600 {
        let (first, last) = (GIVEN[n % 11], FAMILY[n / 11 % 13]);
        let row = [
            first.to_owned(),
            last.to_owned(),
            format!("{last}{n}@mail.example"),
            format!("+4420{:08}", n * 7_654_321 % 100_000_000),
            String::new(),
        ];
        rows.push(row.clone());
        if n % 3 == 0 {
            let mut again = row;
            again[1].push('s');
            rows.push(again);
        }
    }
    rows
}

fn table(rows: &[[String; 5]]) -> Table {
    let mut table = Table::new(FIELDS).unwrap();
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    table
}

fn run(rows: &[[String; 5]]) -> Run {
    match_rows(&mut table(rows), |_| {})
}

#[test]
fn pairs_that_are_surely_one_person_foretell_matches_and_completeness() {
    let run = run(&town());
    let foretold = run.learning.foretold.unwrap();
    assert!((180.0..220.0).contains(&foretold), "200 stand twice: {foretold}");
    assert!((180.0..220.0).contains(&run.learning.matches), "{:?}", run.learning);
    assert!(!run.learning.diverged, "{:?}", run.learning);
    assert!(run.completeness.unwrap() > 0.95, "{:?}", run.completeness);
}

#[test]
fn where_offices_are_taken_for_people_learning_says_so_and_the_prior_is_held() {
    let fields = [
        ("email", Kind::Email),
        ("phone", Kind::Phone),
        ("company", Kind::Company),
        ("street", Kind::Address),
        ("city", Kind::City),
        ("area", Kind::Code),
    ];
    let mut table = Table::new(fields).unwrap();
    let mut rows: Vec<[String; 6]> = Vec::new();
    for n in 0..600_usize {
        // Thirty offices of twenty; one value in six is another office's.
        let of =
            |salt: usize| if (n * 31 + salt * 17).is_multiple_of(6) { (n * 7 + salt) % 30 } else { n / 20 };
        rows.push([
            format!("u{n}@mail.example"),
            format!("+4420{:08}", n * 7_654_321 % 100_000_000),
            format!("{} Works", FAMILY[of(1) % 13].repeat(of(1) / 13 + 1)),
            format!("{} Lane {}", GIVEN[of(2) % 11].repeat(of(2) / 11 + 1), of(2)),
            FAMILY[of(3) % 13].repeat(of(3) / 13 + 1),
            format!("area {}", of(4) * 977),
        ]);
        if n % 5 == 0 {
            rows.push(rows.last().unwrap().clone());
        }
    }
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    let (learning, foretold) = (&run.learning, run.learning.foretold.unwrap());
    assert!((100.0..150.0).contains(&foretold), "{learning:?}");
    assert!(learning.matches > 1_000.0 && learning.diverged, "{learning:?}");
    assert!(run.model.prior * run.possible < 4.001 * foretold, "the prior is held: {}", run.model.prior);
}

#[test]
fn one_record_like_two_people_does_not_make_them_one() {
    let mut rows = town();
    rows.iter_mut().for_each(|row| row[4] = format!("mastodon:{}", row[2]));
    let ann = rows.len();
    let row = |values: [&str; 5]| values.map(str::to_owned);
    for given in ["Annabel", "Annabell", "Anabel"] {
        rows.push(row([given, "", "annabel@home.example", "", "mastodon:annabel"]));
    }
    let hassan = rows.len();
    for given in ["Hassan", "Hasan", "Hassam"] {
        rows.push(row([given, "Castelberg", "", "+441619876543", ""]));
    }
    // The bridge: address and account of the one, name and number of the other.
    let bridge = rows.len();
    rows.push(row(["", "Castelberg", "annabel@home.example", "+441619876543", "mastodon:annabel"]));
    let mut table = table(&rows);
    let run = match_rows(&mut table, |_| {});
    for side in [ann, hassan] {
        let waterfall = run.explain(&table, side as u32, bridge as u32);
        assert!(waterfall.total() > Points::ZERO, "the bridge stands on both sides: {waterfall:?}");
    }
    let clusters = run.clusters(0.5);
    let [left, right] = [&clusters[ann..hassan], &clusters[hassan..bridge]];
    assert!(
        left.iter().all(|row| *row == left[0]) && right.iter().all(|row| *row == right[0]),
        "{clusters:?}"
    );
    assert_ne!(left[0], right[0], "nine pairs of strangers outvote three of the bridge");
}

#[test]
fn a_switchboard_number_is_listed_and_a_household_is_not() {
    let mut rows = town();
    for n in 0..9 {
        let of = |number: &str| {
            let (first, last) = (GIVEN[n], FAMILY[n + 2]);
            [first.into(), last.into(), format!("{first}{last}x@work.example"), number.into(), String::new()]
        };
        rows.push(of(if n < 6 { "+442012345678" } else { "+442087654321" }));
    }
    let mut table = table(&rows);
    let found = match_rows(&mut table, |_| {}).generic(&table);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].field, found[0].value.reveal(), found[0].people), (3, "+442012345678", 6));
}

#[test]
fn rows_kept_apart_share_no_cluster_not_even_through_a_third() {
    let mut rows = town();
    let third = rows.len() as u32;
    rows.push(rows[0].clone());
    assert_eq!(run(&rows).clusters(0.5)[third as usize], 0);
    let mut table = table(&rows);
    table.keep_apart(third, 0);
    let run = match_rows(&mut table, |_| {});
    let clusters = run.clusters(0.0);
    assert_ne!(clusters[third as usize], clusters[0]);
    // The row with an error is like both and belongs to one of them.
    assert!([clusters[0], clusters[third as usize]].contains(&clusters[1]));
    assert!(run.pairs.iter().all(|pair| (pair.left, pair.right) != (0, third)), "the pair is not scored");
    let other = if clusters[1] == 0 { third } else { 0 };
    let pair = run.pairs.iter().find(|pair| (pair.left, pair.right) == (other.min(1), other.max(1)));
    assert!(pair.is_none_or(|pair| pair.probability() < 0.01), "{pair:?}");
}

#[test]
fn two_accounts_on_one_platform_speak_against_and_on_two_say_nothing() {
    let mut rows = town();
    for (n, row) in rows.iter_mut().enumerate() {
        row[4] = format!("{}:{}", ["x", "mastodon", "bluesky"][n % 3], n * 7);
    }
    let mut table = table(&rows);
    let run = match_rows(&mut table, |_| {});
    let account = |a, b| {
        let steps = run.explain(&table, a, b).steps;
        steps.into_iter().find(|step| step.field == "account")
    };
    assert_eq!(account(0, 1), None, "on two platforms");
    let step = account(0, 3).unwrap();
    assert_eq!(step.level, Level::Distant);
    assert!(step.weight < hearken::model::Points::ZERO, "{step:?}");
}

#[test]
fn two_accounts_on_one_platform_are_not_joined_by_a_third_row() {
    let groups = |accounts: [&str; 2], [mail, phone]: [&str; 2]| {
        let row = |mail: &str, phone: &str, account: &str| {
            ["Ingrid", "Umberfield", mail, phone, account].map(str::to_owned)
        };
        let mut rows = town();
        let first = rows.len();
        rows.push(row("ingrid@home.example", phone, accounts[0]));
        rows.push(row(mail, "+442079460018", accounts[1]));
        rows.push(row("ingrid@home.example", "+442079460018", ""));
        let clusters = run(&rows).clusters(0.5);
        clusters[first..].iter().map(|cluster| *cluster as usize - first).collect::<Vec<usize>>()
    };
    let nothing = ["", ""];
    assert_eq!(groups(["x:1", "mastodon:2"], nothing), [0, 0, 0], "the third row is like both");
    let apart = groups(["x:1", "x:2"], nothing);
    assert_ne!(apart[0], apart[1], "a person has one account on a platform");
    assert!(apart[..2].contains(&apart[2]), "{apart:?}");
    let both = groups(["x:1", "x:2"], ["ingrid@home.example", "+442079460018"]);
    assert_eq!(both, [0, 0, 0], "unless the two rows themselves say otherwise");
}

#[test]
fn a_file_of_few_names_does_not_take_namesakes_for_one_person() {
    let names = [
        ["Иван", "Петров", "Ivan", "Petrov"],
        ["Мария", "Иванова", "Maria", "Ivanova"],
        ["Ελένη", "Νικολάου", "Eleni", "Nikolaou"],
        ["Wei", "Wang", "Wei", "Wang"],
        ["محمد", "حسن", "Mohammed", "Hassan"],
        ["Сергей", "Кузнецов", "Sergei", "Kuznetsov"],
    ];
    let mut table =
        Table::new([("first", Kind::Given), ("last", Kind::Family), ("born", Kind::Date)]).unwrap();
    for n in 0..200 {
        let born = format!("{}-{:02}-{:02}", 1930 + n * 31 % 75, 1 + n * 7 % 12, 1 + n * 17 % 28);
        let [first, last, again_first, again_last] = names[n % names.len()];
        table.push([first, last, &born]);
        table.push([again_first, again_last, &born]);
    }
    let run = match_rows(&mut table, |_| {});
    let clusters = run.clusters(0.95);
    let together = |pair: &&Pair| clusters[pair.left as usize] == clusters[pair.right as usize];
    let (right, wrong): (Vec<&Pair>, Vec<&Pair>) =
        run.pairs.iter().filter(together).partition(|pair| pair.left / 2 == pair.right / 2);
    assert!(wrong.len() * 20 <= right.len().max(20), "{} of one person, {} not", right.len(), wrong.len());
}

/// A value that two rows hold is no coincidence to be weighed against them when nearly all who share one are one person.
#[test]
fn the_own_records_of_a_person_do_not_make_a_value_common() {
    let mut table = Table::new([("title", Kind::Text), ("year", Kind::Code)]).unwrap();
    let words = ["harbour", "lantern", "meadow", "quarry", "saddle", "thimble", "walnut", "anchor", "basket"];
    for n in 0..300 {
        let word = |n: usize| words[n % 9];
        let own = [n * 5, n * 7 / 9, n / 4].map(word).concat();
        let title = format!("{} {} {} {own}", word(n), word(n / 9), word(n / 81));
        let year = format!("{}", 1994 + n * 7 % 10);
        [&title, &title].iter().for_each(|title| table.push([title.as_str(), year.as_str()]));
    }
    let run = match_rows(&mut table, |_| {});
    let sure = run.pairs.iter().filter(|pair| pair.probability() >= 0.95);
    assert_eq!(sure.filter(|pair| pair.left / 2 == pair.right / 2).count(), 300);
    assert!(run.pairs.iter().all(|pair| pair.left / 2 == pair.right / 2));
}
