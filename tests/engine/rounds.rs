//! How often a turn asks its store.

use hearken::engine::{Command, Engine, drive};
use hearken::model::{AccountKey, Customer, Interaction, InteractionKind, Platform, Profile, Timestamp};
use hearken::source::PlatformEvent;
use hearken::store::MemoryStore;

/// The rounds of the turn in which `author` says something at `second`.
fn rounds(engine: &Engine, store: &mut MemoryStore, author: &str, second: i64) -> usize {
    let mut item = Interaction::new(Platform::X, format!("{second}"), InteractionKind::Post);
    item.author = Some(Profile::new(Platform::X, author));
    item.content.text = "where is my lamp?".into();
    let event = PlatformEvent::Created(Box::new(item)).into();
    drive(engine, store, &event, Timestamp::from_secs(second)).unwrap().stats.rounds
}

#[test]
fn a_known_author_takes_two_rounds_and_a_stranger_no_more_than_four() {
    let (engine, mut store) = (Engine::builder("acme").build().unwrap(), MemoryStore::default());
    let mut customer = Customer::new("c-1");
    customer.accounts.push(AccountKey::new(Platform::X, "77"));
    let event = Command::PutCustomer { customer: Box::new(customer) }.into();
    drive(&engine, &mut store, &event, Timestamp::from_secs(1)).unwrap();
    // The item, the account, the marks; postings; candidates; what is kept of the customer.
    assert_eq!(rounds(&engine, &mut store, "77", 2), 4);
    assert_eq!(rounds(&engine, &mut store, "77", 3), 2);
    assert_eq!(rounds(&engine, &mut store, "78", 4), 2);
}
