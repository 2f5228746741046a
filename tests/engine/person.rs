//! Matching in the turn, undoing it, export and erasure.

use super::world::*;
use hearken::engine::{Action, Command, Disposition, Drop, Subject};
use hearken::model::CustomerId;
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
