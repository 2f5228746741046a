//! What comes apart: words that are split off, deleted or erased, accounts that were linked by mistake.

use super::escalation::{Desk, settings};
use super::world::{account, act, addressed, created, draft, post, resolve};
use hearken::engine::{
    Action, CaseAct, Command, Disposition, DraftAct, Effect, Event, Outcome, Story, StoryPage, Subject, look,
};
use hearken::model::{CaseId, Interaction, ItemKey, Platform};
use hearken::source::PlatformEvent;
use std::collections::BTreeSet;

const COMPLAINT: &str = "my kettle broke after a week, worst kettle ever";

/// What the customer says at a second.
fn word(second: i64) -> Event {
    let mut item = post(0, 1, second, COMPLAINT);
    item.key.id = format!("word{second}").into();
    created(item)
}

fn item(second: i64) -> ItemKey {
    ItemKey::new(Platform::X, format!("word{second}"))
}

/// What an account says where ids name their authors.
fn from(author: u8, id: u8, second: i64) -> Event {
    created(nameless(addressed(id, author, second, COMPLAINT)))
}

/// Whom nobody would take for a customer by their name.
fn nameless(mut item: Interaction) -> Interaction {
    item.author.as_mut().unwrap().display_name = None;
    item
}

fn done(outcome: Outcome) -> Outcome {
    assert_eq!(outcome.disposition, Disposition::Accepted, "{}", outcome.receipt);
    outcome
}

fn opened(outcome: &Outcome) -> CaseId {
    outcome.assessment.as_ref().unwrap().case.clone().unwrap()
}

fn case_of(desk: &mut Desk, words: std::ops::Range<i64>) -> CaseId {
    let ids: BTreeSet<CaseId> = words.map(|n| opened(&done(desk.at(n, word(n))))).collect();
    assert_eq!(ids.len(), 1, "one case");
    ids.into_iter().next().unwrap()
}

fn split(desk: &mut Desk, second: i64, case: &CaseId, words: impl Iterator<Item = i64>) -> CaseId {
    let parted = desk.at(second, act(case, "ann", CaseAct::Split { items: words.map(item).collect() }));
    let told = done(parted).receipt.find("split").unwrap().result.to_string();
    told.split_once(" into ").unwrap().1.split(',').next().unwrap().into()
}

fn page(desk: &Desk, case: &CaseId) -> StoryPage {
    look(&Story::of("acme", case.clone()).limit(1_000), &desk.store).unwrap().unwrap()
}

fn said(desk: &Desk, case: &CaseId, turns: usize) -> Vec<String> {
    let (mut view, mut all) = (Story::of("acme", case.clone()).limit(turns), Vec::new());
    loop {
        let page = look(&view, &desk.store).unwrap().unwrap();
        all.extend(page.lines.iter().map(|line| line.item.key.id.to_string()));
        match page.next {
            Some(next) => view = view.after(next),
            None => return all,
        }
    }
}

/// What a new reply in a case answers.
fn answered(desk: &mut Desk, second: i64, case: &CaseId) -> String {
    done(
        desk.at(second, draft(case, "ann", DraftAct::Write { text: "We are sorry.".into(), private: false })),
    );
    let row = desk.store.rows().find(|(key, _)| key.kind().as_str() == "case" && key.id() == case.as_str());
    let body: serde_json::Value = serde_json::from_str(&row.unwrap().1.record.body()).unwrap();
    body["reply"]["item"]["id"].as_str().unwrap().to_owned()
}

/// Rows that say something.
fn left(desk: &Desk, what: &str) -> Vec<String> {
    let rows =
        desk.store.rows().map(|(key, row)| format!("{} {} {}", key.kind(), key.id(), row.record.body()));
    rows.filter(|row| row.contains(what)).collect()
}

fn link(n: u8) -> Command {
    Command::Link { account: account(n), customer: "c-1".into(), by: "ann".into() }
}

fn unlink(n: u8) -> Command {
    Command::Unlink { account: account(n), by: "ann".into() }
}

fn erase(n: u8) -> Command {
    Command::Erase { subject: Subject::Account(account(n)) }
}

#[test]
fn a_case_whose_last_words_are_split_off_answers_those_before_them() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..60);
    let late = split(&mut desk, 70, &case, 40..60);
    assert_eq!(answered(&mut desk, 71, &case), "word39");
    assert_eq!(answered(&mut desk, 72, &late), "word59");
    let early = split(&mut desk, 73, &case, 3..10);
    assert_eq!(answered(&mut desk, 74, &early), "word9", "the last of its own words, however old");
}

#[test]
fn a_word_that_is_deleted_stands_in_no_case_and_is_not_answered() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..4);
    done(desk.at(10, PlatformEvent::Deleted { item: item(3), at: None }));
    let told = page(&desk, &case);
    assert_eq!((told.said[&Platform::X], told.lines.len()), (2, 2));
    assert!(told.receipts.last().unwrap().find("deleted").is_some(), "its story tells of it");
    assert_eq!(answered(&mut desk, 11, &case), "word2");
    let rest = desk.at(12, act(&case, "ann", CaseAct::Split { items: [item(1), item(2)].into() }));
    assert!(matches!(rest.disposition, Disposition::Dropped(_)), "nothing would be left of the case");
}

#[test]
fn whoever_takes_all_their_words_back_is_asked_all_the_same_whether_it_is_solved() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..2);
    done(desk.at(10, PlatformEvent::Deleted { item: item(1), at: None }));
    let solved = done(desk.at(90, resolve(&case)));
    let asks = |effect: &Effect| effect.action == Action::AskCsat { case: case.clone() };
    assert!(solved.effects.iter().any(asks), "{}", solved.receipt);
}

#[test]
fn what_was_split_off_and_folded_into_a_third_case_is_told_there_once() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..9);
    let (one, other) = (split(&mut desk, 20, &case, 3..6), split(&mut desk, 21, &case, 6..8));
    done(desk.at(22, act(&one, "ann", CaseAct::Merge { into: other.clone() })));
    let all = ["word3", "word4", "word5", "word6", "word7"];
    for turns in [1, 2, 100] {
        let mut told = said(&desk, &other, turns);
        told.sort();
        assert_eq!(told, all, "{turns} turns a page");
    }
    done(desk.at(23, act(&other, "ann", CaseAct::Merge { into: case.clone() })));
    for turns in [1, 2, 100] {
        let mut told = said(&desk, &case, turns);
        told.sort();
        assert_eq!(told.len(), 8, "each once: {told:?}");
    }
}

#[test]
fn who_spoke_in_the_case_of_another_is_forgotten_in_it_after_they_parted() {
    let mut desk = Desk::new(settings());
    let case = opened(&desk.at(5, from(6, 0, 5)));
    desk.at(6, link(6));
    desk.at(10, from(5, 1, 10));
    desk.at(11, link(5));
    assert_eq!(opened(&desk.at(12, from(6, 2, 12))), case);
    assert_eq!(opened(&desk.at(13, from(5, 3, 13))), case, "the open case of the customer");
    assert_eq!(answered(&mut desk, 14, &case), "at://own5/post3");
    done(desk.at(15, unlink(5)));
    done(desk.at(16, erase(5)));
    assert_eq!(left(&desk, "own5"), Vec::<String>::new());
    assert_eq!((page(&desk, &case).said[&Platform::X], page(&desk, &case).lines.len()), (2, 2));
    assert_eq!(answered(&mut desk, 17, &case), "at://own6/post2");
}

#[test]
fn an_account_of_a_customer_who_stays_is_forgotten_in_a_case_of_another_account() {
    let mut desk = Desk::new(settings());
    let case = opened(&desk.at(5, from(6, 0, 5)));
    desk.at(6, link(6));
    desk.at(7, created(nameless(addressed(1, 5, 7, "hello"))));
    desk.at(8, link(5));
    assert_eq!(opened(&desk.at(13, from(5, 3, 13))), case);
    done(desk.at(16, erase(5)));
    assert_eq!(left(&desk, "own5"), Vec::<String>::new());
    assert_eq!(said(&desk, &case, 100), ["at://own6/post0"]);
}

#[test]
fn a_case_stays_when_somebody_whose_case_was_folded_into_it_goes() {
    let mut desk = Desk::new(settings());
    let case = opened(&desk.at(5, from(6, 0, 5)));
    let folded = opened(&desk.at(10, from(5, 1, 10)));
    for n in [5, 6] {
        desk.at(11, link(n));
    }
    done(desk.at(12, act(&folded, "ann", CaseAct::Merge { into: case.clone() })));
    desk.at(13, from(5, 3, 13));
    done(desk.at(14, unlink(5)));
    done(desk.at(15, erase(5)));
    assert_eq!(left(&desk, "own5"), Vec::<String>::new());
    assert_eq!(said(&desk, &case, 100), ["at://own6/post0"]);
    assert_eq!(page(&desk, &case).said[&Platform::X], 1);
}

#[test]
fn whoever_spoke_last_for_long_goes_within_the_rounds_of_a_turn() {
    let mut desk = Desk::new(settings());
    let case = opened(&desk.at(5, from(6, 0, 5)));
    let (own, folded) = (opened(&desk.at(6, from(5, 1, 6))), opened(&desk.at(7, from(7, 2, 7))));
    for n in [6, 7, 5] {
        desk.at(11, link(n));
    }
    done(desk.at(12, act(&folded, "ann", CaseAct::Merge { into: case.clone() })));
    let help = CaseAct::Escalate { team: "product".into(), why: "a defect".into() };
    done(desk.at(13, act(&own, "ann", help)));
    for n in 20..60u8 {
        assert_eq!(opened(&done(desk.at(n.into(), from(5, n, n.into())))), case);
    }
    // Others wait for whoever is free.
    for n in 60..80u8 {
        done(desk.at(n.into(), from(n, n, n.into())));
    }
    for events in [vec![erase(5)], vec![unlink(5), erase(5)]] {
        let mut other = Desk::new(settings());
        other.store = desk.store.clone();
        for (second, event) in (90..).zip(events) {
            let outcome = done(other.at(second, event));
            assert!(outcome.stats.rounds <= 10, "{} rounds, of 12", outcome.stats.rounds);
        }
        assert_eq!(left(&other, "own5"), Vec::<String>::new());
        assert_eq!(answered(&mut other, 99, &case), "at://own7/post2");
    }
}
