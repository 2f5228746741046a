//! Whole files: what must be survived, what must hold, and the figures on known data.

use hearken::identity::{Kind, Run, Table, match_rows};
use hearken::model::Points;
use std::collections::BTreeMap;

fn people(rows: &[[&str; 4]]) -> Table {
    let fields =
        [("first", Kind::Given), ("last", Kind::Family), ("phone", Kind::Phone), ("city", Kind::City)];
    let mut table = Table::new(fields).unwrap();
    rows.iter().for_each(|row| table.push(*row));
    table
}

#[test]
fn empty_tables_and_empty_rows_are_survived() {
    let run = match_rows(&mut people(&[]), |_| {});
    assert!(run.pairs.is_empty() && run.clusters(0.95).is_empty());
    let run = match_rows(&mut people(&[["", "", "", ""]; 50]), |_| {});
    assert!(run.pairs.is_empty());
    assert_eq!(run.clusters(0.95), (0..50).collect::<Vec<u32>>());
}

#[test]
fn right_to_left_names_and_two_scripts_are_compared() {
    let mut table = Table::new([("name", Kind::Name), ("born", Kind::Date), ("mail", Kind::Email)]).unwrap();
    for n in 0..200 {
        let name = ["محمد علي", "Иван Петров", "王小明", "שרה כהן"][n % 4];
        table.push(
            [
                format!("{name} x{n}"),
                format!("19{:02}-01-{:02}", n % 90 + 10, n % 28 + 1),
                format!("u{n}@a{n}.example"),
            ]
            .iter()
            .map(String::as_str),
        );
    }
    table.push(["Ivan Petrov x1", "1911-01-02", "u1@a1.example"]);
    table.push(["علي محمد x0", "1910-01-01", "u0@a0.example"]);
    let clusters = match_rows(&mut table, |_| {}).clusters(0.95);
    assert_eq!((clusters[200], clusters[201]), (1, 0));
}

#[test]
fn people_who_write_their_name_in_two_scripts_are_found_by_what_else_they_say() {
    let arabic = ["محمد", "فاطمة", "حسن", "زينب", "خالد", "مريم", "يوسف", "ليلى"];
    let latin = ["Mohammed", "Fatima", "Hassan", "Zainab", "Khalid", "Maryam", "Yusuf", "Layla"];
    let families = ["النجار", "حداد", "منصور", "قاسم", "شاهين"];
    let spelt = ["Al Najjar", "Haddad", "Mansour", "Qasim", "Shaheen"];
    let fields = [
        ("given", Kind::Given),
        ("family", Kind::Family),
        ("born", Kind::Date),
        ("city", Kind::City),
        ("phone", Kind::Phone),
    ];
    let mut table = Table::new(fields).unwrap();
    for n in 0..300 {
        let day = n * 2_654_435_761 % 4_294_967_291;
        let born = format!("19{:02}-{:02}-{:02}", day % 90 + 10, day / 90 % 12 + 1, day / 1080 % 28 + 1);
        let phone =
            if n % 3 == 0 { format!("+9665{:08}", n * 7_654_321 % 100_000_000) } else { String::new() };
        let city = ["Leeds", "York", "Hull"][n % 3];
        table.push([arabic[n % 8], families[n % 5], &born, city, &phone]);
        table.push([latin[n % 8], spelt[n % 5], &born, city, &phone]);
    }
    let run = match_rows(&mut table, |_| {});
    let clusters = run.clusters(0.5);
    let found = clusters.chunks_exact(2).filter(|two| two[0] == two[1]).count();
    assert!(found > 290, "{found} of 300: {:?}", run.explain(&table, 0, 1));
    let people: std::collections::BTreeSet<u32> = clusters.into_iter().collect();
    assert!(people.len() >= 300, "{}", people.len());
}

/// Two hundred people; every third stands twice, the second time with an error.
fn town() -> Vec<[String; 4]> {
    let (first, last) = (super::learn::GIVEN, super::learn::FAMILY);
    let mut rows = Vec::new();
    for n in 0..143 {
        let row = [
            first[n % 11].to_owned(),
            last[n % 13].to_owned(),
            format!("+4420{:08}", n * 7_654_321 % 100_000_000),
            ["Leeds", "York", "Hull"][n % 3].to_owned(),
        ];
        rows.push(row.clone());
        if n % 3 == 0 {
            rows.push([row[0].clone(), format!("{}s", row[1]), row[2].clone(), String::new()]);
        }
    }
    rows
}

fn run_of(rows: &[[String; 4]]) -> (Table, Run) {
    let mut table = people(&[]);
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    (table, run)
}

#[test]
fn a_switchboard_does_not_make_one_person() {
    let mut rows = town();
    let shared = rows.len();
    for n in 0..40 {
        let given = ["Ann", "Hassan", "Keiko", "Jorge"][n % 4].to_owned();
        let family = format!("Worker{}", ["a", "bo", "cur", "dint", "elmor"][n % 5].repeat(n % 3 + 1));
        rows.push([given, family, "+442012345678".to_owned(), "Leeds".to_owned()]);
    }
    let clusters = run_of(&rows).1.clusters(0.95);
    let sizes = clusters.iter().skip(shared).fold(BTreeMap::new(), |mut sizes: BTreeMap<u32, u32>, c| {
        *sizes.entry(*c).or_default() += 1;
        sizes
    });
    assert!(sizes.values().all(|size| *size < 12), "{sizes:?}");
}

/// A number, an address, a company and a city that sixty people share are one piece of news, however many fields they fill.
#[test]
fn offices_beside_ordinary_people_stay_people() {
    let fields = [
        ("first", Kind::Given),
        ("last", Kind::Family),
        ("email", Kind::Email),
        ("phone", Kind::Phone),
        ("company", Kind::Company),
        ("address", Kind::Address),
        ("city", Kind::City),
    ];
    let mut table = Table::new(fields).unwrap();
    let syllables = ["ba", "do", "fi", "ke", "lu", "mo", "ni", "pra", "su", "ve", "wo", "xi", "zan"];
    let word = |n: usize| [n, n / 13 + 5, n / 169 + n + 2].map(|n| syllables[n % 13]).concat();
    let mut people = Vec::new();
    for n in 0..1_500 {
        let (first, last) = (word(n * 7), word(n * 31 + 3));
        let email = format!("{first}.{last}@mail.example");
        let phone = format!("+4420{:08}", n * 7_654_321 % 100_000_000);
        let city = ["York", "Leeds", "Hull", "Bath"][n % 4];
        let company = format!("{} Works", word(n % 300));
        for copy in 0..1 + n % 2 {
            let last = if copy == 0 { last.clone() } else { format!("{last}s") };
            let address = format!("{} {} Lane", n % 97 + 1, word(n * 3 + 1));
            table.push([first.as_str(), &last, &email, &phone, &company, &address, city]);
            people.push(n);
        }
    }
    for n in 0..180 {
        let office = n / 60;
        let (first, last) = (word(n * 11 + 1), word(n * 17 + 8));
        let email = if n % 2 == 0 { format!("info@office{office}.example") } else { String::new() };
        let phone = format!("+44207725552{office}2");
        let company = format!("Office {office} Trade");
        table.push([first.as_str(), &last, &email, &phone, &company, "1 Harbour Road", "Leeds"]);
        people.push(10_000 + n);
    }
    let clusters = match_rows(&mut table, |_| {}).clusters(0.95);
    let mut held: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    clusters
        .iter()
        .zip(&people)
        .for_each(|(cluster, person)| held.entry(*cluster).or_default().push(*person));
    let wrong = held.values().filter(|people| people.iter().any(|person| *person != people[0])).count();
    let found = held.values().filter(|people| people.len() == 2 && people[0] == people[1]).count();
    let largest = held.values().map(Vec::len).max().unwrap();
    assert!(wrong <= 3 && largest <= 4, "{wrong} clusters of strangers, the largest of {largest}");
    assert!(found >= 700, "{found} of 750 people found twice");
}

#[test]
fn a_household_that_shares_name_phone_and_city_stays_two_people() {
    let mut rows = town();
    let ann = rows.len();
    for given in ["Ann", "Bertram"] {
        rows.push([given.into(), "Household".into(), "+442000000001".into(), "York".into()]);
    }
    let (table, run) = run_of(&rows);
    let clusters = run.clusters(0.95);
    let waterfall = run.explain(&table, ann as u32, ann as u32 + 1);
    assert_ne!(clusters[ann], clusters[ann + 1], "{waterfall:?}");
    assert!(waterfall.steps.iter().any(|step| step.field == "household"), "{waterfall:?}");
}

/// Thirty strangers, four of whom stand twice; six households of three with one name, phone, city and address; fifteen
/// colleagues behind one switchboard.
fn village() -> Vec<[String; 6]> {
    let given = [
        "Ann", "Bertram", "Chloe", "Dmitri", "Eleanor", "Faisal", "Greta", "Hassan", "Ingrid", "Jorge",
        "Keiko", "Lorenzo", "Mireille", "Nadia", "Oskar", "Piotr", "Quentin", "Rosalind", "Sven", "Tamara",
        "Umberto", "Valeria", "Wilhelm", "Xenia", "Yusuf",
    ];
    let family =
        ["Okafor", "Lindqvist", "Moreau", "Tanaka", "Whitfield", "Zhang", "Castellano", "Novak", "Haugen"];
    let row = |given: &str, family: &str, phone: usize, address: String, company: &str| {
        let phone = format!("+4420{:08}", phone * 7_654_321 % 100_000_000);
        [given, family, &phone, &address, company, "York"].map(str::to_owned)
    };
    let mut rows: Vec<[String; 6]> =
        (0..30).map(|n| row(given[n % 25], family[n % 9], n + 1, format!("{n} Mill Lane"), "")).collect();
    for n in 0..4 {
        let mut again = rows[n * 7].clone();
        again[1].push('s');
        rows.push(again);
    }
    for house in 0..6 {
        rows.extend((0..3).map(|n| {
            row(
                given[(4 * house + 3 * n) % 25],
                &format!("{}sen", family[house]),
                500 + house,
                format!("{house} Kiln Hill"),
                "",
            )
        }));
    }
    let colleague = |n: usize| {
        row(given[2 * n % 25], &format!("{}ak", family[n % 9]), 900, "1 Works Road".into(), "Acme Tools")
    };
    rows.extend((0..15).map(colleague));
    rows
}

#[test]
fn a_small_file_of_households_and_colleagues_does_not_mislead_learning() {
    let fields = [
        ("first", Kind::Given),
        ("last", Kind::Family),
        ("phone", Kind::Phone),
        ("address", Kind::Address),
        ("company", Kind::Company),
        ("city", Kind::City),
    ];
    let rows = village();
    let mut table = Table::new(fields).unwrap();
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    let clusters = run.clusters(0.9);
    for n in 0..4 {
        assert_eq!(
            clusters[n * 7],
            clusters[30 + n],
            "{:?}",
            run.explain(&table, n as u32 * 7, 30 + n as u32)
        );
    }
    for (a, b) in (34..rows.len()).flat_map(|a| (34..a).map(move |b| (a, b))) {
        let waterfall = run.explain(&table, b as u32, a as u32);
        assert_ne!(clusters[a], clusters[b], "{:?} {:?} {waterfall:?}", rows[a], rows[b]);
    }
}

#[test]
fn columns_that_repeat_others_count_once() {
    let rows = town();
    let fields =
        [("first", Kind::Given), ("last", Kind::Family), ("phone", Kind::Phone), ("city", Kind::City)];
    let more =
        fields.iter().copied().chain([("name", Kind::Name), ("again", Kind::Name), ("area", Kind::Code)]);
    let mut table = Table::new(more).unwrap();
    for row in &rows {
        let name = format!("{} {}", row[0], row[1]);
        let area = row[2].get(..8).unwrap_or("");
        table.push(row.iter().map(String::as_str).chain([name.as_str(), &name, area]));
    }
    let run = match_rows(&mut table, |_| {});
    let plain = run_of(&rows).1;
    assert_eq!(run.clusters(0.95), plain.clusters(0.95));
    let steps = run.explain(&table, 0, 1).steps;
    assert!(steps.iter().all(|step| !["name", "again", "area"].contains(&step.field.as_ref())), "{steps:?}");
}

#[test]
fn every_pair_stands_once_and_its_waterfall_adds_up() {
    let (table, run) = run_of(&town());
    assert!(run.pairs.windows(2).all(|two| (two[0].left, two[0].right) < (two[1].left, two[1].right)));
    for pair in run.pairs.iter().take(100) {
        let waterfall = run.explain(&table, pair.left, pair.right);
        let sum: Points = waterfall.steps.iter().map(|step| step.weight).sum();
        assert_eq!(waterfall.prior + sum, waterfall.total());
    }
    let joined = run.clusters(0.9);
    assert_eq!(joined[1], 0, "the second row is the first one with an error");
}

#[test]
fn the_same_rows_in_another_order_give_the_same_clusters() {
    let rows = town();
    let mut turned = rows.clone();
    turned.reverse();
    let name = |clusters: Vec<u32>, at: &dyn Fn(usize) -> usize| -> Vec<Vec<usize>> {
        let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        clusters
            .iter()
            .enumerate()
            .for_each(|(row, cluster)| groups.entry(*cluster).or_default().push(at(row)));
        let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
        groups.iter_mut().for_each(|group| group.sort_unstable());
        groups.sort();
        groups
    };
    let last = rows.len() - 1;
    assert_eq!(
        name(run_of(&rows).1.clusters(0.95), &|row| row),
        name(run_of(&turned).1.clusters(0.95), &|row| last - row)
    );
}

#[test]
fn links_are_one_to_one_and_between_sources_only() {
    let mut table = people(&[]);
    let rows = town();
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    table.second_source();
    rows.iter().for_each(|row| table.push(row.iter().map(String::as_str)));
    let half = rows.len() as u32;
    let links = match_rows(&mut table, |_| {}).links(0.5);
    assert!(links.len() as u32 > half * 8 / 10, "{} of {half}", links.len());
    let mut seen = std::collections::BTreeSet::new();
    assert!(links.iter().all(|link| link.left < half
        && link.right >= half
        && seen.insert(link.left)
        && seen.insert(link.right)));
}

/// Pair F1 of clusters at .95 on a labelled file of `../shared/data/identity`.
fn pair_f1(
    file: &str,
    fields: &[(&str, Kind)],
    truth: impl Fn(&csv::StringRecord, &[String]) -> String,
) -> Option<f64> {
    let path = crate::shared::dir("data/identity")?.join(file);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).unwrap();
    let headers: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let mut table = Table::new(fields.iter().copied()).unwrap();
    let mut truths = Vec::new();
    for record in reader.records().map(Result::unwrap) {
        let cell = |name: &str| record.get(headers.iter().position(|h| h == name).unwrap()).unwrap();
        table.push(fields.iter().map(|(name, _)| cell(name)));
        truths.push(truth(&record, &headers));
    }
    let clusters = match_rows(&mut table, |_| {}).clusters(0.95);
    let pairs = |keys: Vec<String>| -> f64 {
        let mut sizes: BTreeMap<String, f64> = BTreeMap::new();
        keys.into_iter().for_each(|key| *sizes.entry(key).or_default() += 1.0);
        sizes.values().map(|n| n * (n - 1.0) / 2.0).sum()
    };
    let both = pairs(truths.iter().zip(&clusters).map(|(t, c)| format!("{t} {c}")).collect());
    Some(2.0 * both / (pairs(truths) + pairs(clusters.iter().map(u32::to_string).collect())))
}

#[test]
fn fake_1000_without_labels() {
    let fields = [
        ("first_name", Kind::Given),
        ("surname", Kind::Family),
        ("dob", Kind::Date),
        ("city", Kind::City),
        ("email", Kind::Email),
    ];
    let at = |record: &csv::StringRecord, headers: &[String]| {
        record[headers.iter().position(|h| h == "cluster").unwrap()].to_owned()
    };
    let Some(f1) = pair_f1("fake_1000.csv", &fields, at) else { return };
    assert!(f1 > 0.93, "cluster F1 {f1}");
}

#[test]
fn febrl3_without_labels() {
    let fields = [
        ("given_name", Kind::Given),
        ("surname", Kind::Family),
        ("address_1", Kind::Address),
        ("suburb", Kind::City),
        ("postcode", Kind::Postcode),
        ("date_of_birth", Kind::Date),
        ("soc_sec_id", Kind::Code),
    ];
    let Some(f1) =
        pair_f1("febrl3.csv", &fields, |record, _| record[0].split('-').nth(1).unwrap().to_owned())
    else {
        return;
    };
    assert!(f1 > 0.998, "cluster F1 {f1}");
}
