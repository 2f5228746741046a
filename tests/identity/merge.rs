//! Merging and its inverse, survivorship, stable names, imports.

use hearken::identity::{
    Basis, Fact, Index, Kind, Matcher, MergeLedger, Outcome, Person, Record, Refusal, Rule, Survivorship,
    Thresholds, Waterfall, carry_names, import,
};
use hearken::model::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_secs(seconds)
}

fn fact(kind: Kind, value: &str, basis: Basis, source: &str, seconds: i64) -> Fact {
    Fact { kind, value: value.into(), basis, source: source.into(), at: at(seconds) }
}

fn ledger(records: usize) -> MergeLedger {
    let mut ledger = MergeLedger::default();
    for n in 0..records {
        let city = fact(Kind::City, ["Leeds", "York", "Hull"][n % 3], Basis::Observed, "crm", n as i64);
        ledger.record(Record { id: format!("r{n}"), facts: vec![city] });
    }
    ledger
}

/// What a host can see of a ledger, its history left out.
fn state(ledger: &MergeLedger) -> impl PartialEq + std::fmt::Debug + use<> {
    let customers = ledger.customers();
    let cards: Vec<_> = customers.keys().map(|id| ledger.card(id, &Survivorship::default())).collect();
    (customers, cards, ledger.merges().cloned().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn merges_undone_in_any_order_leave_nothing(pairs in proptest::collection::vec((0..8_usize, 0..8_usize), 1..12), order in any::<u64>()) {
        let mut ledger = ledger(8);
        let before = state(&ledger);
        let mut merges: Vec<u64> = pairs
            .iter()
            .filter_map(|(a, b)| ledger.merge(&format!("r{a}"), &format!("r{b}"), Waterfall::default(), at(1)).ok())
            .collect();
        let mut seed = order;
        while !merges.is_empty() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let merge = merges.swap_remove((seed >> 33) as usize % merges.len());
            prop_assert!(ledger.unmerge(merge, at(2)));
        }
        prop_assert_eq!(state(&ledger), before);
    }

    #[test]
    fn one_merge_more_and_less_changes_nothing(pairs in proptest::collection::vec((0..8_usize, 0..8_usize), 0..8), a in 0..8_usize, b in 0..8_usize) {
        let mut ledger = ledger(8);
        for (x, y) in pairs {
            let _ = ledger.merge(&format!("r{x}"), &format!("r{y}"), Waterfall::default(), at(1));
        }
        let before = state(&ledger);
        if let Ok(merge) = ledger.merge(&format!("r{a}"), &format!("r{b}"), Waterfall::default(), at(2)) {
            prop_assert_ne!(&state(&ledger), &before);
            ledger.unmerge(merge, at(3));
        }
        prop_assert_eq!(state(&ledger), before);
        prop_assert_eq!(MergeLedger::replay(ledger.events().to_vec()), ledger);
    }
}

/// A ledger as plainly as it can be said: merges in a list, customers by spreading labels until nothing changes.
#[derive(Default)]
struct Plain {
    merges: Vec<(u64, usize, usize)>,
    apart: Vec<(usize, usize)>,
    numbered: u64,
}

impl Plain {
    fn labels(&self, without: Option<u64>) -> Vec<usize> {
        let mut labels: Vec<usize> = (0..8).collect();
        for _ in 0..8 {
            for (id, a, b) in &self.merges {
                if Some(*id) != without {
                    let least = labels[*a].min(labels[*b]);
                    (labels[*a], labels[*b]) = (least, least);
                }
            }
        }
        labels
    }

    fn merge(&mut self, a: usize, b: usize) -> Option<u64> {
        let labels = self.labels(None);
        let sides = |x: usize, y: usize| (labels[x], labels[y]) == (labels[a], labels[b]);
        if labels[a] == labels[b] || self.apart.iter().any(|(x, y)| sides(*x, *y) || sides(*y, *x)) {
            return None;
        }
        self.numbered += 1;
        self.merges.push((self.numbered, a, b));
        Some(self.numbered)
    }

    fn keep_apart(&mut self, a: usize, b: usize) -> Vec<u64> {
        self.apart.push((a, b));
        let mut undone = Vec::new();
        while a != b && self.labels(None)[a] == self.labels(None)[b] {
            let parts = |id: &u64| self.labels(Some(*id))[a] != self.labels(Some(*id))[b];
            let newest = self.merges.iter().map(|(id, ..)| *id).filter(parts).max().unwrap();
            self.merges.retain(|(id, ..)| *id != newest);
            undone.push(newest);
        }
        undone
    }

    fn customers(&self) -> BTreeMap<String, Vec<String>> {
        let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (record, label) in self.labels(None).into_iter().enumerate() {
            out.entry(format!("r{label}")).or_default().push(format!("r{record}"));
        }
        out
    }
}

proptest! {
    #[test]
    fn the_ledger_does_what_a_plain_one_does(steps in proptest::collection::vec((0..4_u8, 0..8_usize, 0..8_usize), 1..40)) {
        let (mut ledger, mut plain) = (ledger(8), Plain::default());
        for (kind, a, b) in steps {
            let (x, y) = (format!("r{a}"), format!("r{b}"));
            match kind {
                0 | 1 => prop_assert_eq!(ledger.merge(&x, &y, Waterfall::default(), at(1)).ok(), plain.merge(a, b)),
                2 => prop_assert_eq!(ledger.keep_apart(&x, &y, at(2)), plain.keep_apart(a, b)),
                _ => {
                    let known = plain.merges.iter().any(|(id, ..)| *id == a as u64);
                    prop_assert_eq!(ledger.unmerge(a as u64, at(3)), known);
                    plain.merges.retain(|(id, ..)| *id != a as u64);
                }
            }
            prop_assert_eq!(ledger.customers(), plain.customers());
            prop_assert_eq!(ledger.customer(&y), plain.customers().into_iter().find(|(_, ids)| ids.contains(&y)).map(|(id, _)| id));
        }
        prop_assert_eq!(MergeLedger::replay(ledger.events().to_vec()).customers(), ledger.customers());
    }
}

#[test]
fn a_ledger_of_many_merges_is_quick_to_ask() {
    // Half a minute when each question walks over every merge.
    let mut ledger = ledger(20_000);
    for n in (0..20_000).step_by(2) {
        let (a, b) = (format!("r{n}"), format!("r{}", n + 1));
        ledger.merge(&a, &b, Waterfall::default(), at(1)).unwrap();
        assert_eq!(ledger.customer(&b), Some(a));
    }
    assert_eq!(ledger.customers().len(), 10_000);
}

#[test]
fn decisions_to_keep_apart_hold_and_take_merges_back() {
    let mut ledger = ledger(4);
    ledger.merge("r0", "r1", Waterfall::default(), at(1)).unwrap();
    let bridge = ledger.merge("r1", "r2", Waterfall::default(), at(2)).unwrap();
    assert_eq!(ledger.keep_apart("r0", "r2", at(3)), [bridge]);
    assert_eq!(ledger.customer("r1"), Some("r0".into()));
    let refused = ledger.merge("r1", "r2", Waterfall::default(), at(4));
    assert_eq!(
        refused,
        Err(Refusal::KeptApart("r0".into(), "r2".into())),
        "not through a third record either"
    );
    assert_eq!(ledger.merge("r0", "r1", Waterfall::default(), at(4)), Err(Refusal::AlreadyOne));
    assert_eq!(ledger.merge("r0", "x", Waterfall::default(), at(4)), Err(Refusal::Unknown("x".into())));
}

#[test]
fn two_accounts_on_one_platform_need_a_decision() {
    let mut ledger = MergeLedger::default();
    for (id, account) in [("a", "x:1"), ("b", "x:2"), ("c", "mastodon:9")] {
        ledger.record(Record {
            id: id.into(),
            facts: vec![fact(Kind::Account, account, Basis::Observed, "x", 1)],
        });
    }
    assert_eq!(ledger.merge("a", "b", Waterfall::default(), at(1)), Err(Refusal::TwoAccounts("x".into())));
    assert!(ledger.merge("a", "c", Waterfall::default(), at(1)).is_ok());
    assert!(ledger.merge_despite("a", "b", Waterfall::default(), at(2)).is_ok());
}

#[test]
fn inferred_never_survives_declared_under_any_rule() {
    let records = [
        Record { id: "old".into(), facts: vec![fact(Kind::City, "Leeds", Basis::Declared, "form", 1)] },
        Record { id: "new".into(), facts: vec![fact(Kind::City, "York", Basis::Inferred, "model", 9)] },
        Record { id: "new2".into(), facts: vec![fact(Kind::City, "York", Basis::Inferred, "model", 8)] },
    ];
    for rule in [Rule::Surest, Rule::Newest, Rule::Commonest, Rule::Sources(vec!["model".into()])] {
        let card = Survivorship(BTreeMap::from([(Kind::City, rule)])).of(&records);
        assert_eq!(
            (card[&Kind::City].fact.value.reveal(), card[&Kind::City].record.as_str()),
            ("Leeds", "old")
        );
    }
}

#[test]
fn rules_choose_and_say_where_from() {
    let records = [
        Record { id: "a".into(), facts: vec![fact(Kind::City, "Leeds", Basis::Declared, "crm", 1)] },
        Record { id: "b".into(), facts: vec![fact(Kind::City, "York", Basis::Observed, "x", 9)] },
        Record { id: "c".into(), facts: vec![fact(Kind::City, "york", Basis::Observed, "shop", 5)] },
    ];
    for (rule, record) in [
        (Rule::Surest, "a"),
        (Rule::Newest, "b"),
        (Rule::Commonest, "b"),
        (Rule::Sources(vec!["shop".into()]), "c"),
    ] {
        let rules = Survivorship(BTreeMap::from([(Kind::City, rule)]));
        let card = rules.of(&records);
        assert_eq!(card[&Kind::City].record, record);
        assert_eq!(card[&Kind::City].others, 1);
        assert_eq!(rules.of(records.iter().rev()), card, "the order of the records does not matter");
    }
}

#[test]
fn names_of_clusters_stay() {
    let map = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect::<BTreeMap<_, _>>()
    };
    let before = map(&[("1", "p"), ("2", "p"), ("3", "p"), ("4", "q")]);
    let split = map(&[("1", "1"), ("2", "1"), ("3", "3"), ("4", "4")]);
    assert_eq!(carry_names(&before, &split), map(&[("1", "p"), ("2", "p"), ("3", "3"), ("4", "q")]));
    assert_eq!(carry_names(&before, &before), before);
}

#[test]
fn an_old_list_is_taken_in_with_a_result_a_row() {
    let mut index = Index::new(Matcher::standard(10_000));
    index.upsert(Person::new("c-1").name("Ann Lee").email("ann@lee.example"));
    let rows = [
        Person::new("r1").name("Anne Lee").email("ann@lee.example"),
        Person::new("r2").name("Hedwig Sommer").email("hedwig at sommer"),
        Person::new("r3").name("Otto Maier").phone("+49 30 1234567"),
        Person::new("r4").name("Otto W. Maier").phone("+49 (0)30 1234567"),
        Person::new("r5"),
        Person::new("r3").name("Somebody Else"),
    ];
    let results = import(&mut index, rows, Thresholds::tolerating(0.01));
    assert_eq!(results.len(), 6);
    assert!(matches!(&results[0].outcome, Outcome::Linked { to, .. } if to == "c-1"));
    assert_eq!((&results[1].outcome, results[1].malformed.as_slice()), (&Outcome::Added, &[Kind::Email][..]));
    assert!(matches!(&results[3].outcome, Outcome::Linked { .. } | Outcome::Review(_)), "{:?}", results[3]);
    assert_eq!(results[4].outcome, Outcome::Empty);
}
