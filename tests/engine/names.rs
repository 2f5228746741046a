//! Items that name nobody, items that name others, ids of revisions: what erasure and deletion must reach.

use super::world::*;
use hearken::engine::{Command, Disposition, Drop, Engine, Subject};
use hearken::model::{Direction, Interaction, InteractionKind, ItemKey, Platform};
use hearken::source::PlatformEvent;
use hearken::store::MemoryStore;

fn delete(id: &str) -> hearken::engine::Event {
    PlatformEvent::Deleted { item: ItemKey::new(Platform::X, id), at: None }.into()
}

fn erase(n: u8) -> hearken::engine::Event {
    Command::Erase { subject: Subject::Account(account(n)) }.into()
}

fn world() -> (&'static Engine, MemoryStore) {
    (engine(), MemoryStore::default())
}

#[test]
fn what_nobody_is_named_for_is_read_and_routed() {
    let (engine, mut store) = world();
    let mut item = post(1, 1, 0, "my kettle broke, nobody answers, terrible");
    item.author = None;
    let outcome = run(engine, &mut store, &created(item), at(1));
    let found = outcome.assessment.as_ref().unwrap();
    assert_eq!(found.team.as_ref().unwrap().as_str(), "service", "{}", outcome.receipt);
    assert!(found.case.is_some() && found.customer.is_none() && found.rule.as_deref() == Some("broken"));
    assert!(outcome.receipt.find("sentiment").unwrap().points.unwrap().as_f64() < 0.0);
    assert_eq!(store.rows().filter(|(key, _)| key.kind().as_str() == "account").count(), 0);

    let nobody = hearken::model::AccountKey::new(Platform::X, "unnamed post1");
    run(engine, &mut store, &Command::Erase { subject: Subject::Account(nobody) }.into(), at(2));
    assert!(!store.dump().contains("kettle broke"), "{}", store.dump());
}

#[test]
fn what_the_brand_said_to_somebody_goes_with_them() {
    let (engine, mut store) = world();
    run(engine, &mut store, &created(post(1, 3, 0, "where is my order?")), at(1));
    run(engine, &mut store, &created(reply(1, None, 3, 5)), at(2));
    let mut message = Interaction::new(Platform::X, "dm1", InteractionKind::DirectMessage);
    (message.direction, message.in_reply_to) = (Direction::Outbound, Some("post1".into()));
    message.content.text = format!("Dear {SECRET}_3, it is on its way").as_str().into();
    run(engine, &mut store, &created(message), at(3));
    assert_eq!(store.dump().matches(&format!("{SECRET}_3")).count(), 4);
    run(engine, &mut store, &erase(3), at(9));
    assert!(!store.dump().contains(&format!("{SECRET}_3")), "{}", store.dump());
}

#[test]
fn what_others_said_stays_without_the_name() {
    let (engine, mut store) = world();
    run(engine, &mut store, &created(reply(1, Some(2), 3, 5)), at(1));
    let before = store.dump();
    assert!(before.contains("own3") && before.contains(&format!("@{SECRET}_3: yes")));
    run(engine, &mut store, &erase(3), at(9));
    let after = store.dump();
    assert!(!after.contains("own3") && !after.contains(&format!("{SECRET}_3")), "{after}");
    assert!(after.contains("@__________: yes, that is so") && after.contains("own2"), "{after}");
}

#[test]
fn a_deletion_of_what_was_never_seen_keeps_no_id() {
    let (engine, mut store) = world();
    run(engine, &mut store, &delete("at://own1/post1"), at(1));
    assert!(!store.dump().contains("own1"), "{}", store.dump());
    let late = run(engine, &mut store, &created(addressed(1, 1, 0, "too late")), at(2));
    assert_eq!(late.disposition, Disposition::Dropped(Drop::Deleted));
    let again = run(engine, &mut store, &delete("at://own1/post1"), at(3));
    assert_eq!(again.disposition, Disposition::Dropped(Drop::Duplicate));
}

/// A post whose revision has an id of its own.
fn revised() -> Interaction {
    let mut item = post(1, 1, 0, "first words, and more");
    item.edited_at = Some(at(60));
    item.extensions.insert("revision_id".into(), "post1b".into());
    item
}

#[test]
fn deleting_by_the_id_of_a_revision_deletes_the_item() {
    let (engine, mut store) = world();
    let first = created(post(1, 1, 0, "first words"));
    let edit = PlatformEvent::Edited(Box::new(revised())).into();
    run(engine, &mut store, &first, at(1));
    run(engine, &mut store, &edit, at(2));
    run(engine, &mut store, &delete("post1b"), at(3));
    assert!(!store.dump().contains("first words"), "{}", store.dump());
    for event in [&first, &edit] {
        let outcome = run(engine, &mut store, event, at(4));
        assert_eq!(outcome.disposition, Disposition::Dropped(Drop::Deleted));
    }
}

#[test]
fn deleting_a_revision_before_it_is_seen_deletes_the_item() {
    let (engine, mut store) = world();
    run(engine, &mut store, &created(post(1, 1, 0, "first words")), at(1));
    run(engine, &mut store, &delete("post1b"), at(2));
    run(engine, &mut store, &PlatformEvent::Edited(Box::new(revised())).into(), at(3));
    assert!(!store.dump().contains("first words"), "{}", store.dump());
}

#[test]
fn an_erased_account_is_struck_from_its_customer() {
    let (engine, mut store) = world();
    let mut record = customer(1);
    record.handles.push(format!("x:@{SECRET}_3").into());
    record.accounts.push(account(3));
    run(engine, &mut store, &Command::PutCustomer { customer: Box::new(record) }.into(), at(0));
    let linked = run(engine, &mut store, &created(post(1, 3, 0, "hello")), at(1));
    assert!(linked.assessment.unwrap().customer.as_ref().unwrap().linked);
    run(engine, &mut store, &PlatformEvent::AccountErased { account: account(3) }.into(), at(2));
    let left = store.dump();
    assert!(!left.contains("own3") && !left.contains(&format!("{SECRET}_3")), "{left}");
    assert!(left.contains("Family1"));
}

#[test]
fn what_an_account_left_with_its_customer_goes_with_it() {
    let (engine, mut store) = world();
    run(engine, &mut store, &Command::PutCustomer { customer: Box::new(customer(1)) }.into(), at(0));
    let bar = Command::NotSame { account: account(1), customer: "c-1".into(), by: "ann".into() };
    run(engine, &mut store, &bar.into(), at(0));
    run(engine, &mut store, &created(addressed(1, 1, 0, "my kettle broke, terrible")), at(1));
    let link = Command::Link { account: account(1), customer: "c-1".into(), by: "ann".into() };
    run(engine, &mut store, &link.into(), at(2));
    let second =
        run(engine, &mut store, &created(addressed(2, 1, 5, "still broken, terrible kettle")), at(5));
    let case = second.assessment.unwrap().case.clone().unwrap();
    let answer = ItemKey::new(Platform::X, "answer1");
    let sent = Command::ReplySent { case, item: answer, by: "ann".into(), automatic: false };
    run(engine, &mut store, &sent.into(), at(6));
    assert!(store.dump().matches("own1").count() > 8);
    run(engine, &mut store, &erase(1), at(9));
    let left = store.dump();
    assert!(!left.contains("own1"), "{left}");
    assert!(left.contains("Family1") && left.contains("customer c-1"), "{left}");
}
