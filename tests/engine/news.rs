//! News that are nobody's words: what became of a reply, an account that goes on elsewhere, what a fold noticed, what the
//! law lets a person ask.

use super::escalation::{Desk, refused, settings, told};
use super::world::{self, account, act, at, created, customer, post};
use hearken::engine::{
    Action, CaseAct, Command, Disposition, DraftAct, Drop, Event, Observation, Outcome, Story, Subject, look,
};
use hearken::model::{
    CaseId, CaseStatus, Consent, ConsentStatus, DataSubjectRequest, DoNotContact, ItemKey, Platform, Poll,
    PollOption, Purpose, RequestKind, RequestState, Transaction, TransactionKind, TransactionLine,
};
use hearken::source::PlatformEvent;

fn opened(outcome: &Outcome) -> CaseId {
    outcome.assessment.as_ref().unwrap().case.clone().unwrap()
}

fn delivery(id: &str, status: &str) -> Event {
    PlatformEvent::Delivery { item: ItemKey::new(Platform::X, id), status: status.into() }.into()
}

fn answered(desk: &mut Desk, case: &CaseId) {
    let item = ItemKey::new(Platform::X, "answer");
    desk.at(70, Command::ReplySent { case: case.clone(), item, by: "ann".into(), automatic: false });
}

#[test]
fn a_reply_that_failed_gives_the_case_back() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    answered(&mut desk, &id);
    let story = |desk: &Desk| look(&Story::of("acme", id.clone()), &desk.store).unwrap().unwrap();
    let before = story(&desk);
    assert_eq!((before.case.status, before.case.waiting_since), (CaseStatus::PendingCustomer, None));
    let read = desk.at(80, delivery("answer", "read"));
    assert_eq!(&*read.receipt.find("delivery").unwrap().result, format!("{id}, read"));
    let seen = story(&desk);
    assert_eq!(seen.case, before.case, "nothing is stale because it was read");
    assert_eq!(seen.receipts.len(), before.receipts.len() + 1, "the story tells it");
    let older = desk.at(81, delivery("answer", "delivered"));
    assert_eq!(older.disposition, Disposition::Dropped(Drop::Duplicate), "older news");

    let failed = desk.at(82, delivery("answer", "failed"));
    assert_eq!(told(&failed, "undelivered"), [("service".to_owned(), 0)], "{}", failed.receipt);
    let after = story(&desk).case;
    assert_eq!((after.status, after.waiting_since), (CaseStatus::Open, Some(at(60))));
    assert_eq!(desk.at(83, delivery("answer", "failed")).disposition, Disposition::Dropped(Drop::Duplicate));
    assert_eq!(desk.at(84, delivery("other", "read")).disposition, Disposition::Dropped(Drop::Unknown));
}

#[test]
fn a_reply_that_failed_opens_a_solved_case_again() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    answered(&mut desk, &id);
    desk.at(71, world::resolve(&id));
    desk.at(80, delivery("answer", "failed"));
    let case = look(&Story::of("acme", id), &desk.store).unwrap().unwrap().case;
    assert_eq!((case.status, case.reopened), (CaseStatus::Open, 1));
    assert_eq!(case.assignee.unwrap().as_str(), "ann");
}

fn link(n: u8) -> Command {
    Command::Link { account: account(n), customer: "c-1".into(), by: "ann".into() }
}

fn moved(from: u8, to: u8) -> Event {
    PlatformEvent::AccountMoved { from: account(from), to: account(to) }.into()
}

#[test]
fn an_account_that_goes_on_elsewhere_is_still_the_customers() {
    let mut desk = Desk::new(settings());
    assert_eq!(desk.at(10, moved(2, 3)).disposition, Disposition::Dropped(Drop::Unknown));
    desk.at(11, created(post(2, 2, 11, "hello")));
    let own = opened(&desk.at(12, created(post(3, 3, 12, "my kettle broke, terrible"))));
    desk.at(13, link(2));
    let followed = desk.at(14, moved(2, 3));
    assert_eq!(followed.disposition, Disposition::Accepted, "{}", followed.receipt);
    let heard = desk.at(15, created(post(7, 3, 15, "the kettle is still broken, awful")));
    let found = heard.assessment.as_ref().unwrap();
    assert_eq!(found.customer.as_ref().unwrap().customer.as_str(), "c-1");
    assert_eq!(found.case, Some(own), "what the account had comes along");
    assert_eq!(desk.at(16, moved(2, 3)).disposition, Disposition::Dropped(Drop::Duplicate));
    desk.at(17, Command::Erase { subject: Subject::Customer("c-1".into()) });
    assert!(!desk.store.dump().contains("own3"), "{}", desk.store.dump());
    assert_eq!(desk.at(18, moved(2, 3)).disposition, Disposition::Dropped(Drop::Erased));
}

#[test]
fn an_account_that_somebody_kept_apart_is_not_linked_by_a_move() {
    let mut desk = Desk::new(settings());
    desk.at(11, created(post(2, 2, 11, "hello")));
    desk.at(12, link(2));
    desk.at(13, Command::NotSame { account: account(3), customer: "c-1".into(), by: "ann".into() });
    refused(&desk.at(14, moved(2, 3)), "not the same");
}

#[test]
fn a_spike_and_a_trend_are_told_each_once() {
    let mut desk = Desk::new(settings());
    let seen = |kind: &str, level, seconds| Observation {
        about: "kettle".into(),
        kind: kind.into(),
        at: at(seconds),
        level,
        measures: [("posts".into(), 24.0)].into(),
    };
    let spike = desk.at(10, seen("spike", 0, 10));
    assert_eq!(told(&spike, "spike"), [("on-call".to_owned(), 0)], "{}", spike.receipt);
    assert!(spike.receipt.to_string().contains("posts: 24.000"), "{}", spike.receipt);
    assert!(told(&desk.at(11, seen("spike", 0, 10)), "spike").is_empty(), "the same again");
    assert!(told(&desk.at(70, seen("trend", 0, 70)), "spike").is_empty(), "one alert while it lasts");
    let crisis = desk.at(80, seen("negative_spike", 3, 80));
    assert_eq!(told(&crisis, "crisis"), [("on-call".to_owned(), 0)]);
    let later = desk.at(80 + 2 * 3_600, seen("trend", 0, 80 + 2 * 3_600));
    assert_eq!(told(&later, "spike"), [("on-call".to_owned(), 0)], "an hour of quiet, and it is new");
}

fn request(kind: RequestKind, state: RequestState) -> Command {
    let mut request = DataSubjectRequest::new("c-1", kind, at(10));
    (request.state, request.due_at) = (state, Some(at(5_000)));
    Command::Request { request }
}

#[test]
fn a_request_that_nobody_answers_is_told_when_its_time_is_up() {
    let mut desk = Desk::new(settings());
    let asked = desk.at(10, request(RequestKind::Rectification, RequestState::Received));
    assert!(asked.effects.iter().any(|effect| effect.action == Action::WakeAt { at: at(5_000) }));
    assert!(told(&desk.at(4_999, Event::Due), "request-due").is_empty());
    let due = desk.at(5_000, Event::Due);
    assert_eq!(told(&due, "request-due"), [("on-call".to_owned(), 0)], "{}", due.receipt);
    assert!(told(&desk.at(5_001, Event::Due), "request-due").is_empty(), "once");

    let mut other = Desk::new(settings());
    other.at(10, request(RequestKind::Rectification, RequestState::Received));
    other.at(20, request(RequestKind::Rectification, RequestState::Fulfilled));
    assert!(told(&other.at(5_000, Event::Due), "request-due").is_empty(), "answered in time");
}

#[test]
fn a_verified_request_is_done_in_its_turn() {
    let mut desk = Desk::new(settings());
    desk.at(10, request(RequestKind::Access, RequestState::Received));
    let done = desk.at(20, request(RequestKind::Access, RequestState::Verified));
    let exported = done.effects.iter().find_map(|effect| match &effect.action {
        Action::Exported { document } => Some(serde_json::to_string(document).unwrap()),
        _ => None,
    });
    assert!(exported.unwrap().contains("Family1"), "{:?}", done.effects);
    assert!(desk.store.dump().contains("fulfilled"), "with its certificate: {}", desk.store.dump());
    assert!(told(&desk.at(5_000, Event::Due), "request-due").is_empty());

    let erased = desk.at(5_001, request(RequestKind::Erasure, RequestState::Verified));
    assert!(erased.effects.iter().any(|effect| matches!(effect.action, Action::Erased { .. })));
    let left = desk.store.dump();
    assert!(!left.contains("Family1") && !left.contains("c-1"), "{left}");
}

fn sorry(case: &CaseId) -> Command {
    world::draft(case, "ann", DraftAct::Write { text: "We are sorry.".into(), private: false })
}

#[test]
fn nobody_writes_to_a_customer_who_is_not_to_be_contacted() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    desk.at(61, link(1));
    let mut ann = customer(1);
    ann.do_not_contact.push(DoNotContact { channel: Some("x".into()), reason: Some("asked".into()) });
    desk.at(62, Command::PutCustomer { customer: Box::new(ann) });
    refused(&desk.at(63, sorry(&id)), "not to be contacted on x");
    let heard = desk.complaint(2, 64);
    assert!(!heard.effects.iter().any(|effect| matches!(effect.action, Action::Draft { .. })));
    assert_eq!(desk.at(65, act(&id, "ann", CaseAct::AwaitInternal)).disposition, Disposition::Accepted);
}

#[test]
fn a_reply_stays_in_when_the_customer_takes_their_consent_back() {
    let mut desk = Desk::new(settings());
    let id = opened(&desk.complaint(1, 60));
    desk.at(61, link(1));
    assert_eq!(desk.at(62, sorry(&id)).disposition, Disposition::Accepted);
    desk.at(63, world::draft(&id, "ann", DraftAct::Submit));
    let text = hearken::desk::TextHash::of("We are sorry.");
    desk.at(64, world::draft(&id, "ben", DraftAct::Approve { text: text.clone() }));
    let withdrawn = Consent::new("c-1", Purpose::Service, ConsentStatus::Withdrawn, at(65), "a message");
    desk.at(65, Command::Consent { consent: withdrawn });
    let publish = DraftAct::Publish { text, version: desk.version(&id) };
    refused(&desk.at(66, world::draft(&id, "ann", publish)), "consent to be answered on x is withdrawn");
}

#[test]
fn a_rule_drafts_nothing_for_whoever_is_not_to_be_contacted() {
    let mut desk = Desk::new(settings());
    desk.at(10, created(post(3, 1, 10, "hello")));
    desk.at(11, link(1));
    let mut ann = customer(1);
    ann.do_not_contact.push(DoNotContact { channel: None, reason: None });
    desk.at(12, Command::PutCustomer { customer: Box::new(ann) });
    let heard = desk.complaint(1, 60);
    assert!(!heard.effects.iter().any(|effect| matches!(effect.action, Action::Draft { .. })));
    assert!(heard.receipt.to_string().contains("not to be contacted"), "{}", heard.receipt);
}

#[test]
fn the_words_of_a_poll_are_heard() {
    let mut desk = Desk::new(settings());
    let mut item = post(1, 1, 60, "Which one would you take?");
    let options = ["the kettle", "none"].map(|text| PollOption { text: text.into(), votes: None });
    item.poll = Some(Box::new(Poll { options: options.into(), ..Poll::default() }));
    let heard = desk.at(60, created(item)).assessment.unwrap();
    assert_eq!(heard.words["monitor"], ["kettle".into()]);
}

#[test]
fn a_draft_names_the_product_and_the_order_as_the_customer_bought_it() {
    let mut settings = settings();
    settings.templates = [("sorry".to_owned(), "Your {product}, order {order}".to_owned())].into();
    let mut desk = Desk::new(settings);
    desk.at(10, created(post(3, 1, 10, "hello")));
    desk.at(11, link(1));
    let mut ann = customer(1);
    for (id, name) in [("o-1", "Boil 2 Kettle"), ("o-2", "Glow lamp")] {
        let mut order = Transaction::new(id, TransactionKind::Order, at(0));
        order.lines.push(TransactionLine::new(name));
        ann.transactions.push(order);
    }
    desk.at(12, Command::PutCustomer { customer: Box::new(ann) });
    let (words, _) = super::escalation::draft(&desk.complaint(1, 60));
    assert_eq!(words, "Your Boil 2 Kettle, order o-1");
}
