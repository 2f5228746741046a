//! Who may be answered: by the latest word for each purpose and channel, however long the ledger is and in whatever order it
//! was entered.

use super::escalation::refused;
use super::world::{self, account, at, created, customer, engine, post, run};
use hearken::engine::{Command, Disposition, DraftAct, Moment, Outcome, Subject, Timeline, look};
use hearken::model::{CaseId, Consent, ConsentStatus, Purpose, Timestamp};
use hearken::store::MemoryStore;
use proptest::prelude::*;

fn write(case: &CaseId) -> Command {
    world::draft(case, "ann", DraftAct::Write { text: "We are sorry.".into(), private: false })
}

/// A store with a complaint of a customer's, and its case.
fn complained() -> (MemoryStore, CaseId) {
    let mut store = MemoryStore::default();
    let put = Command::PutCustomer { customer: Box::new(customer(1)) };
    run(engine(), &mut store, &put.into(), at(0));
    let complaint = created(post(1, 1, 1, "my kettle broke after a week, worst kettle ever"));
    let case = run(engine(), &mut store, &complaint, at(1)).assessment.unwrap().case.clone().unwrap();
    does(&mut store, 2, Command::Link { account: account(1), customer: "c-1".into(), by: "ann".into() });
    (store, case)
}

fn does(store: &mut MemoryStore, seconds: i64, command: Command) -> Outcome {
    run(engine(), store, &command.into(), at(seconds))
}

fn standing(store: &MemoryStore) -> usize {
    store.rows().filter(|(key, _)| key.kind().as_str() == "standing").count()
}

fn entries() -> impl Strategy<Value = Vec<(Consent, i64)>> {
    use ConsentStatus::{Denied, Granted, Withdrawn};
    let one = (
        prop::sample::select(vec![Granted, Denied, Withdrawn]),
        prop::sample::select(vec![None, Some("x"), Some("email")]),
        prop::sample::select(vec![Purpose::Service, Purpose::Service, Purpose::Marketing]),
        (0..40i64, prop::option::of(0..80i64), 10..40i64),
    );
    type Drawn = (ConsentStatus, Option<&'static str>, Purpose, (i64, Option<i64>, i64));
    let entry = |(n, drawn): (usize, Drawn)| {
        let (status, channel, purpose, (said, ends, entered)) = drawn;
        let mut entry = Consent::new("c-1", purpose, status, at(said), format!("form {n}"));
        (entry.channel, entry.expires) = (channel.map(Into::into), ends.map(at));
        (entry, entered)
    };
    prop::collection::vec(one, 0..12).prop_map(move |all| all.into_iter().enumerate().map(entry).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn an_answer_is_drafted_as_the_whole_ledger_says(mut entries in entries(), when in 40..60i64) {
        let (mut store, case) = complained();
        // Some are dated ahead of the day they are entered on.
        entries.sort_by_key(|(_, entered)| *entered);
        for (consent, entered) in &entries {
            does(&mut store, *entered, Command::Consent { consent: consent.clone() });
        }
        let tie = |entry: &Consent| {
            let same = |other: &&(Consent, i64)| other.0.at == entry.at && other.0.purpose == entry.purpose;
            entries.iter().filter(same).count() > 1
        };
        prop_assume!(!entries.iter().any(|(entry, _)| tie(entry)));
        let ledger = entries.iter().map(|(entry, _)| entry);
        let status = Consent::status(ledger, &Purpose::Service, "x", at(when));
        let no = matches!(status, ConsentStatus::Denied | ConsentStatus::Withdrawn | ConsentStatus::Expired);
        let outcome = does(&mut store, when, write(&case));
        prop_assert_eq!(outcome.disposition != Disposition::Accepted, no, "{}: {}", status, outcome.receipt);
    }
}

#[test]
fn a_draft_reads_no_more_of_a_long_ledger_than_of_a_short_one() {
    let reads = |entries: i64| {
        let (mut store, case) = complained();
        for n in 0..entries {
            let mut consent = Consent::new("c-1", Purpose::Service, ConsentStatus::Granted, at(n), "form");
            consent.expires = Some(at(10_000 + n));
            does(&mut store, 100 + n, Command::Consent { consent });
        }
        assert_eq!(standing(&store), 1, "one record for the purpose");
        let drafted = does(&mut store, 900, write(&case));
        assert_eq!(drafted.disposition, Disposition::Accepted, "{}", drafted.receipt);
        (drafted.stats.keys, drafted.stats.rounds)
    };
    assert_eq!(reads(1), reads(300));
}

#[test]
fn the_ledger_itself_stays_whole_and_goes_with_the_person() {
    let (mut store, case) = complained();
    for (seconds, status) in [(10, ConsentStatus::Granted), (20, ConsentStatus::Withdrawn)] {
        let consent = Consent::new("c-1", Purpose::Service, status, at(seconds), "form");
        does(&mut store, seconds, Command::Consent { consent });
    }
    refused(&does(&mut store, 30, write(&case)), "is withdrawn");
    let customer = Subject::Customer("c-1".into());
    let page = look(&Timeline::of("acme", customer.clone()), &store).unwrap();
    let said: Vec<Timestamp> = page
        .rows
        .iter()
        .filter_map(|row| match &row.what {
            Moment::Consent(entry) => Some(entry.at),
            _ => None,
        })
        .collect();
    assert_eq!(said, [at(20), at(10)]);
    does(&mut store, 40, Command::Erase { subject: customer });
    assert_eq!(standing(&store), 0);
}
