//! Two lists of the same works: links one to one, although the lists call journals by other names.

use hearken::identity::{Kind, Level, Matcher, Person, Run, Table, match_rows};

/// A work as the first list has it and as the second has it.
struct Work {
    first: [String; 4],
    second: [String; 4],
}

/// What the two lists call a journal. The first two look alike across the lists, and are not the same.
const JOURNALS: [[&str; 2]; 4] = [
    ["The Exchange", "Conference on Barter"],
    ["TXJ", "The Exchange Journal"],
    ["Neur. Comp.", "Annals of Brains"],
    ["Quarterly", "Proceedings on Reasoning"],
];

/// Five hundred works; every tenth was printed again a year later, another tenth elsewhere in the same year.
fn library() -> Vec<Work> {
    let words: Vec<String> = (0..180)
        .map(|n| format!("{}{}{}", ["ba", "do", "ke", "lu"][n % 4], ["ri", "sta", "no"][n / 4 % 3], n / 12))
        .collect();
    let mut state = 7_u64;
    let mut below = move |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    let mut out = Vec::new();
    for n in 0..500 {
        let title = (0..4).map(|_| words[below(180)].as_str()).collect::<Vec<_>>().join(" ");
        let [given, family] = [super::learn::GIVEN[below(11)], super::learn::FAMILY[below(13)]];
        let [other, last] = [super::learn::GIVEN[below(11)], super::learn::FAMILY[below(13)]];
        let authors = format!("{given} {family}, {other} {last}");
        let short = format!("{}. {family}, {}. {last}", &given[..1], &other[..1]);
        let (journal, year) = (below(4), 1990 + below(10));
        for again in 0..if n % 5 == 0 { 2 } else { 1 } {
            let (later, elsewhere) = if n % 10 == 0 { (again, 0) } else { (0, again) };
            let names = JOURNALS[(journal + elsewhere) % 4];
            let work = |title: &str, authors: &str, list: usize| {
                [title, authors, names[list], &(year + later).to_string()].map(str::to_owned)
            };
            let second = if n % 3 == 0 { &short } else { &authors };
            out.push(Work { first: work(&title, &authors, 0), second: work(&title, second, 1) });
        }
    }
    out
}

/// The works of the first list, and those of the second in reverse.
fn linked(works: &[Work]) -> (Table, Run) {
    let fields =
        [("title", Kind::Text), ("authors", Kind::Text), ("venue", Kind::Text), ("year", Kind::Code)];
    let mut table = Table::new(fields).unwrap();
    works.iter().for_each(|work| table.push(work.first.iter().map(String::as_str)));
    table.second_source();
    works.iter().rev().for_each(|work| table.push(work.second.iter().map(String::as_str)));
    let run = match_rows(&mut table, |_| {});
    (table, run)
}

#[test]
fn works_are_linked_to_themselves_and_not_to_what_was_printed_again() {
    let works = library();
    let links = linked(&works).1.links(0.5);
    let last = 2 * works.len() as u32 - 1;
    let right = links.iter().filter(|link| link.left + link.right == last).count();
    assert_eq!((right, links.len()), (works.len(), works.len()));
}

#[test]
fn no_pair_stands_within_one_list() {
    let works = library();
    let run = linked(&works).1;
    let half = works.len() as u32;
    assert!(run.pairs.iter().all(|pair| pair.left < half && pair.right >= half));
    let clusters = run.clusters(0.5);
    let mut once = std::collections::BTreeSet::new();
    assert!(
        clusters[..half as usize].iter().all(|cluster| once.insert(cluster)),
        "two of one list in a cluster"
    );
}

#[test]
fn a_link_is_explained_to_the_last_bit() {
    let works = library();
    let (table, run) = linked(&works);
    for link in run.links(0.5) {
        let told = run.explain(&table, link.left, link.right);
        assert_eq!(told.probability().to_bits(), link.probability().to_bits(), "{told:?} {}", link.bits);
    }
}

#[test]
fn texts_are_held_against_each_other_word_by_word() {
    let cases = [
        ("query processing on streams", "Query Processing, on Streams", Level::Exact),
        ("query processing on streams", "query procesing on streams", Level::Close),
        ("ann okafor jorge moreau", "jorge moreau ann okafor", Level::Swapped),
        ("ann okafor jorge moreau", "moreau j okafor a", Level::Alias),
        ("transactions on database systems", "trans database syst on", Level::Alias),
        ("query processing on streams", "query processing on streams an extended abstract", Level::Partial),
        ("very large query processing systems", "very large query evaluation systems", Level::Near),
        ("learning to rank documents well", "learning to cook at home", Level::Faint),
        ("query processing on streams", "the art of bread and wine", Level::Distant),
    ];
    let matcher = Matcher::standard(1_000);
    let text = |text: &str| Person::new(text).with(Kind::Text, text);
    for (a, b, level) in cases {
        for (a, b) in [(a, b), (b, a)] {
            let steps = matcher.compare(&text(a), &text(b)).waterfall.steps;
            assert_eq!(steps.first().map(|step| step.level), Some(level), "{a} | {b}");
        }
    }
}
