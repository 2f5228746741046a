//! Matching in the turn, undoing it, export and erasure.

use super::world::*;
use hearken::engine::{Action, Command, Disposition, Drop, Subject};
use hearken::model::{Address, CustomerId};
use hearken::store::MemoryStore;

fn put(n: u8) -> hearken::engine::Event {
    Command::PutCustomer { customer: Box::new(customer(n)) }.into()
}

#[test]
fn an_email_given_in_a_message_links_the_author() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &put(1), at(0));
    let mut item = post(1, 1, 1, "I am Name1 Family1, my mail is zanzibar1@example.com");
    item.author.as_mut().unwrap().display_name = Some("Name1 Family1".into());
    let outcome = run(engine, &mut store, &created(item), at(1));
    let matched = outcome.assessment.unwrap().customer.clone().unwrap();
    assert_eq!(matched.customer, CustomerId::from("c-1"));
    assert!(matched.linked, "{matched:?}\n{}", outcome.receipt);
    assert!(outcome.receipt.find("identity").unwrap().because.len() >= 3, "{}", outcome.receipt);
}

#[test]
fn unlinking_restores_the_account_and_bars_the_pair() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &put(1), at(0));
    run(engine, &mut store, &created(post(1, 1, 1, "hello")), at(1));
    let account_row = |store: &MemoryStore| {
        store
            .rows()
            .find(|(key, _)| key.kind().as_str() == "account")
            .map(|(_, row)| row.record.body())
            .unwrap()
    };
    let before = account_row(&store);
    let link = Command::Link { account: account(1), customer: "c-1".into(), by: "ann".into() };
    run(engine, &mut store, &link.into(), at(2));
    assert!(account_row(&store).contains("c-1"));
    let unlink = Command::Unlink { account: account(1), by: "ann".into() };
    run(engine, &mut store, &unlink.into(), at(3));
    assert_eq!(account_row(&store), before);
    let mut item = post(2, 1, 4, "Name1 Family1 zanzibar1@example.com");
    item.author.as_mut().unwrap().display_name = Some("Name1 Family1".into());
    item.author.as_mut().unwrap().emails.push("zanzibar1@example.com".into());
    let outcome = run(engine, &mut store, &created(item), at(4));
    assert_eq!(outcome.assessment.unwrap().customer, None, "{}", outcome.receipt);
}

/// Bodies of cases and lead histories with whose they are; receipts, effects and timers are the past and stay.
fn belongings(store: &MemoryStore) -> Vec<(String, String, String)> {
    let kinds = ["case", "person", "lead", "account"];
    let rows = store.rows().filter(|(key, _)| kinds.contains(&key.kind().as_str()));
    let subject = |row: &hearken::store::Row| row.record.subject().unwrap_or_default().to_owned();
    rows.map(|(key, row)| (key.id().to_owned(), subject(row), row.record.body())).collect()
}

#[test]
fn unlinking_gives_cases_and_leads_back_and_linking_brings_them_along() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &put(1), at(0));
    run(engine, &mut store, &put(2), at(0));
    run(engine, &mut store, &created(post(1, 1, 1, "my kettle broke, terrible")), at(1));
    run(engine, &mut store, &created(post(2, 1, 2, "can anyone recommend a lamp?")), at(2));
    let link = |n: u8, t: i64| {
        let customer = format!("c-{n}").as_str().into();
        (Command::Link { account: account(1), customer, by: "ann".into() }.into(), at(t))
    };
    let unlink = |t: i64| (Command::Unlink { account: account(1), by: "ann".into() }.into(), at(t));
    let before = belongings(&store);
    let apply =
        |store: &mut MemoryStore, (event, now): (hearken::engine::Event, _)| run(engine, store, &event, now);

    apply(&mut store, link(1, 3));
    let person = |store: &MemoryStore, id: &str| {
        belongings(store).iter().any(|row| row.0 == id && row.2.contains("C-"))
    };
    assert!(person(&store, "customer c-1") && !person(&store, "account x:own1"), "the open case comes along");
    let again = run(engine, &mut store, &created(post(3, 1, 4, "still broken, my kettle, terrible")), at(4));
    let case = again.assessment.unwrap().case.clone();
    let first = before.iter().find(|row| row.1 == "account x:own1" && row.0.starts_with("C-")).unwrap();
    assert_eq!(case.unwrap().as_str(), first.0, "no second case for the same matter");

    apply(&mut store, link(2, 5));
    assert!(person(&store, "customer c-2") && !person(&store, "customer c-1"), "to the other customer");
    apply(&mut store, unlink(6));
    assert!(person(&store, "account x:own1") && !person(&store, "customer c-2"));

    let (mut plain, mut there_and_back) = (MemoryStore::default(), MemoryStore::default());
    for store in [&mut plain, &mut there_and_back] {
        run(engine, store, &put(1), at(0));
        run(engine, store, &created(post(1, 1, 1, "my kettle broke, terrible")), at(1));
        run(engine, store, &created(post(2, 2, 1, "recommend me a lamp, can anyone?")), at(1));
    }
    apply(&mut there_and_back, link(1, 3));
    apply(&mut there_and_back, unlink(4));
    assert_eq!(belongings(&there_and_back), belongings(&plain), "there and back is where it was");
}

#[test]
fn a_case_opened_while_linked_goes_back_with_its_account_and_the_customers_own_stays() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &put(1), at(0));
    for n in [1, 2] {
        run(engine, &mut store, &created(post(n, n, 1, "hello")), at(1));
        let link = Command::Link { account: account(n), customer: "c-1".into(), by: "ann".into() };
        run(engine, &mut store, &link.into(), at(2));
    }
    let words = "my kettle broke, terrible";
    let own = run(engine, &mut store, &created(post(3, 2, 3, words)), at(3))
        .assessment
        .unwrap()
        .case
        .clone()
        .unwrap();
    let confirm = |case: &hearken::model::CaseId| {
        [resolve(case), Command::Confirm { case: case.clone(), waiver: Some("asked by phone".into()) }]
    };
    confirm(&own).into_iter().for_each(|command| drop(run(engine, &mut store, &command.into(), at(4))));
    let days = 30 * 86_400;
    let theirs = run(engine, &mut store, &created(post(4, 1, days, words)), at(days)).assessment.unwrap();
    let theirs = theirs.case.clone().unwrap();
    assert_ne!(own, theirs);
    let unlink = Command::Unlink { account: account(1), by: "ann".into() };
    run(engine, &mut store, &unlink.into(), at(days + 1));
    let subject = |case: &hearken::model::CaseId| {
        belongings(&store).into_iter().find(|row| row.0 == case.as_str()).unwrap().1
    };
    assert_eq!((subject(&own).as_str(), subject(&theirs).as_str()), ("customer c-1", "account x:own1"));
    let erase = Command::Erase { subject: Subject::Account(account(1)) };
    run(engine, &mut store, &erase.into(), at(days + 2));
    assert!(!store.dump().contains(theirs.as_str()) || !store.dump().contains("own1"), "{}", store.dump());
}

#[test]
fn an_export_holds_everything_of_the_person_and_nothing_of_others() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &put(1), at(0));
    run(engine, &mut store, &created(post(1, 1, 1, "mine")), at(1));
    run(engine, &mut store, &created(post(2, 2, 1, "somebody else's")), at(1));
    let link = Command::Link { account: account(1), customer: "c-1".into(), by: "ann".into() };
    run(engine, &mut store, &link.into(), at(2));
    let export = Command::Export { subject: Subject::Customer("c-1".into()) };
    let outcome = run(engine, &mut store, &export.into(), at(3));
    let Some(Action::Exported { document }) = outcome.effects.first().map(|e| &e.action) else { panic!() };
    let text = serde_json::to_string(document).unwrap();
    for held in ["mine", "zanzibar1@example.com", "zanzibar_1"] {
        assert!(text.contains(held), "{held} is missing from {text}");
    }
    assert!(!text.contains("somebody else"));
}

#[test]
fn erasing_a_customer_takes_the_linked_accounts_along() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    run(engine, &mut store, &put(1), at(0));
    run(engine, &mut store, &created(post(1, 1, 1, "mine")), at(1));
    run(engine, &mut store, &created(post(2, 2, 1, "somebody else's")), at(1));
    let link = Command::Link { account: account(1), customer: "c-1".into(), by: "ann".into() };
    run(engine, &mut store, &link.into(), at(2));
    let export = Command::Export { subject: Subject::Customer("c-1".into()) };
    run(engine, &mut store, &export.into(), at(3));
    let erase = Command::Erase { subject: Subject::Customer("c-1".into()) };
    run(engine, &mut store, &erase.into(), at(4));
    let dump = store.dump();
    for gone in ["mine", "zanzibar1@example.com", "zanzibar_1", "own1", "c-1"] {
        assert!(!dump.contains(gone), "{gone} is left in {dump}");
    }
    assert!(dump.contains("somebody else"));
    let outcome = run(engine, &mut store, &created(post(1, 1, 1, "mine")), at(5));
    assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Erased));
}

#[test]
fn a_person_with_thousands_of_posts_is_erased_in_several_turns() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    for n in 0..1_500u16 {
        let mut item = post(0, 1, i64::from(n), "again and again");
        item.key.id = format!("many{n}").into();
        run(engine, &mut store, &created(item), at(2_000));
    }
    let erase = Command::Erase { subject: Subject::Account(account(1)) };
    run(engine, &mut store, &erase.into(), at(3_000));
    assert!(!store.dump().contains("own1") && !store.dump().contains("again and again"));
}

#[test]
fn an_address_is_exported_and_goes_with_the_customer() {
    let (engine, mut store) = (engine(), MemoryStore::default());
    let mut ann = customer(1);
    ann.addresses.push(Address {
        street: Some("12 Mill Lane".into()),
        locality: Some("Leeds".into()),
        postcode: Some("LS1 4AP".into()),
        ..Address::default()
    });
    run(engine, &mut store, &Command::PutCustomer { customer: Box::new(ann) }.into(), at(0));
    let subject = || Subject::Customer("c-1".into());
    let exported = run(engine, &mut store, &Command::Export { subject: subject() }.into(), at(1));
    let document = serde_json::to_string(&exported.effects).unwrap();
    assert!(document.contains("Mill Lane") && !document.contains("region"), "{document}");
    run(engine, &mut store, &Command::Erase { subject: subject() }.into(), at(2));
    let dump = store.dump().to_lowercase();
    assert!(["mill", "leeds", "ls1"].iter().all(|part| !dump.contains(part)), "{dump}");
}
