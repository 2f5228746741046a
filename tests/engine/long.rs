//! A case in which much is said: no record of it grows, and what happened is read a page at a time.

use super::escalation::{Desk, settings};
use super::world::{account, act, created, post};
use hearken::desk::CaseEvent;
use hearken::engine::{
    CaseAct, Command, Disposition, Event, Moment, Outcome, Story, StoryPage, Subject, Timeline, TimelineRow,
    look,
};
use hearken::model::{CaseId, Direction, ItemKey, Platform};
use hearken::store::Kind;
use std::collections::BTreeSet;

const COMPLAINT: &str = "my kettle broke after a week, worst kettle ever";

/// What the customer says at a second.
fn word(second: i64) -> Event {
    let mut item = post(0, 1, second, COMPLAINT);
    item.key.id = format!("word{second}").into();
    created(item)
}

fn opened(outcome: &Outcome) -> CaseId {
    assert_eq!(outcome.disposition, Disposition::Accepted, "{}", outcome.receipt);
    outcome.assessment.as_ref().unwrap().case.clone().unwrap()
}

/// A case of so many words, a second apart.
fn case_of(desk: &mut Desk, words: std::ops::Range<i64>) -> CaseId {
    let ids: BTreeSet<CaseId> = words.map(|n| opened(&desk.at(n, word(n)))).collect();
    assert_eq!(ids.len(), 1, "one case");
    ids.into_iter().next().unwrap()
}

/// All pages of a story.
fn story(desk: &Desk, case: &CaseId, turns: usize) -> Vec<StoryPage> {
    let (mut view, mut pages) = (Story::of("acme", case.clone()).limit(turns), Vec::new());
    loop {
        let page = look(&view, &desk.store).unwrap().unwrap();
        let next = page.next.clone();
        pages.push(page);
        match next {
            Some(next) => view = view.after(next),
            None => return pages,
        }
    }
}

fn said(pages: &[StoryPage]) -> Vec<String> {
    pages.iter().flat_map(|page| &page.lines).map(|line| line.item.key.id.to_string()).collect()
}

fn timeline(desk: &Desk, who: Subject, rows: usize) -> Vec<TimelineRow> {
    let (mut view, mut all) = (Timeline::of("acme", who).limit(rows), Vec::new());
    loop {
        let page = look(&view, &desk.store).unwrap();
        assert!(page.next.is_none() || page.rows.len() == rows, "a page that is not the last is full");
        all.extend(page.rows);
        match page.next {
            Some(next) => view = view.after(next),
            None => return all,
        }
    }
}

fn item(second: i64) -> ItemKey {
    ItemKey::new(Platform::X, format!("word{second}"))
}

#[test]
fn a_turn_in_a_long_case_writes_no_more_than_one_in_a_short_case() {
    let mut desk = Desk::new(settings());
    let written = |outcome: &Outcome| -> usize {
        // A lead's history and a kind's alerts have bounds of their own.
        let others = [Kind::Alert, Kind::Lead, Kind::Receipt];
        let rows = outcome.changes.writes().filter(|(key, _)| !others.contains(key.kind()));
        rows.filter_map(|(_, record)| Some(record?.body().len())).sum()
    };
    let case = case_of(&mut desk, 1..60);
    let before = written(&desk.at(60, word(60)));
    case_of(&mut desk, 61..300);
    let last = desk.at(300, word(300));
    assert!(written(&last) < before + 100, "{} bytes, {before} before", written(&last));
    let page = &story(&desk, &case, 10)[0];
    assert_eq!(page.said[&Platform::X], 300);
}

#[test]
fn the_pages_of_a_story_are_the_whole_story_and_the_last_names_no_next() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..21);
    let whole = story(&desk, &case, 1_000);
    assert_eq!((whole.len(), said(&whole).len()), (1, 20));
    for turns in [1, 3, 7, 10, 20] {
        let pages = story(&desk, &case, turns);
        assert_eq!(pages.len(), 20usize.div_ceil(turns));
        assert_eq!(said(&pages), said(&whole));
        let told: Vec<_> = pages.iter().flat_map(|page| page.case.timeline.clone()).collect();
        assert_eq!(told, whole[0].case.timeline);
        let receipts: Vec<_> = pages.iter().flat_map(|page| page.receipts.clone()).collect();
        assert_eq!(receipts, whole[0].receipts);
    }
}

#[test]
fn what_was_split_off_is_told_in_its_own_case_and_after_a_merge_in_one() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..9);
    let moved: BTreeSet<ItemKey> = (3..6).map(item).collect();
    let split = desk.at(20, act(&case, "ann", CaseAct::Split { items: moved.clone() }));
    assert_eq!(split.disposition, Disposition::Accepted, "{}", split.receipt);
    let part = story(&desk, &case, 100)[0].case.timeline.iter().find_map(|entry| match &entry.event {
        CaseEvent::Split { into, .. } => Some(into.clone()),
        _ => None,
    });
    let part = part.unwrap();
    assert_eq!(said(&story(&desk, &part, 100)), ["word3", "word4", "word5"]);
    assert_eq!(said(&story(&desk, &case, 2)), ["word1", "word2", "word6", "word7", "word8"]);
    assert_eq!(story(&desk, &part, 100)[0].said[&Platform::X], 3);
    assert_eq!(story(&desk, &case, 100)[0].said[&Platform::X], 5);
    let again = desk.at(21, act(&case, "ann", CaseAct::Split { items: moved }));
    assert!(matches!(again.disposition, Disposition::Dropped(_)), "they are not there any more");
    let all = desk.at(21, act(&part, "ann", CaseAct::Split { items: (3..6).map(item).collect() }));
    assert!(matches!(all.disposition, Disposition::Dropped(_)), "nothing would be left");

    let merged = desk.at(30, act(&part, "ann", CaseAct::Merge { into: case.clone() }));
    assert_eq!(merged.disposition, Disposition::Accepted, "{}", merged.receipt);
    for turns in [1, 2, 100] {
        let mut words = said(&story(&desk, &case, turns));
        words.sort();
        words.dedup();
        assert_eq!(words.len(), 8, "{turns} turns a page");
    }
    assert_eq!(story(&desk, &case, 100)[0].said[&Platform::X], 8);
    let whole = &story(&desk, &case, 100)[0];
    let turns: BTreeSet<_> =
        whole.receipts.iter().map(|receipt| (receipt.at, receipt.event.clone())).collect();
    assert_eq!(turns.len(), whole.receipts.len(), "each turn is told of once");
}

#[test]
fn an_item_stays_in_its_case_whatever_came_after_it() {
    let mut desk = Desk::new(settings());
    let first = case_of(&mut desk, 1..4);
    for (second, act_of) in [(5, CaseAct::Resolve { code: "sent".into() }), (6, CaseAct::Close)] {
        desk.at(second, act(&first, "ann", act_of));
    }
    let month = 40 * 24 * 3_600;
    let second = opened(&desk.at(month, word(month)));
    assert_ne!(second, first);
    let mut item = post(0, 1, 2, "my kettle broke after two weeks, worst kettle ever");
    item.key.id = "word2".into();
    item.edited_at = Some(super::world::at(month + 10));
    let edited = desk.at(month + 10, Event::from(hearken::source::PlatformEvent::Edited(Box::new(item))));
    assert_eq!(edited.disposition, Disposition::Revised, "{}", edited.receipt);
    assert_eq!(edited.assessment.unwrap().case, Some(first));
    assert_eq!(story(&desk, &second, 100)[0].said[&Platform::X], 1);
}

#[test]
fn a_timeline_loads_a_page_of_what_happened() {
    let mut desk = Desk::new(settings());
    let case = case_of(&mut desk, 1..40);
    for second in 50..90 {
        let note = CaseAct::Note { text: format!("note {second}").into() };
        desk.at(second, act(&case, "ann", note));
    }
    // Two at one time stay in their order.
    for text in ["one", "another"] {
        desk.at(90, act(&case, "ann", CaseAct::Note { text: text.into() }));
    }
    let who = Subject::Account(account(1));
    let whole = timeline(&desk, who.clone(), 1_000);
    let notes: Vec<&str> = (whole.iter())
        .filter_map(|row| match &row.what {
            Moment::Case { event: CaseEvent::Note(text), .. } => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!((notes.len(), notes[0], notes[1], notes[41]), (42, "another", "one", "note 50"));
    assert!(whole.iter().filter(|row| matches!(row.what, Moment::Said { .. })).count() == 39);
    for rows in [1, 7, whole.len()] {
        assert_eq!(timeline(&desk, who.clone(), rows), whole, "{rows} rows a page");
    }
}

#[test]
fn what_happened_goes_with_the_account_that_a_case_came_through() {
    let mut desk = Desk::new(settings());
    let mut item = post(0, 5, 10, COMPLAINT);
    item.author.as_mut().unwrap().display_name = None;
    desk.at(10, created(item.clone()));
    desk.at(11, Command::Link { account: account(5), customer: "c-1".into(), by: "ann".into() });
    item.key.id = "at://own5/word".into();
    item.direction = Direction::Inbound;
    let case = opened(&desk.at(12, created(item)));
    let note = CaseAct::Note { text: "call them about the zebra".into() };
    desk.at(13, act(&case, "ann", note));
    desk.at(14, Command::Unlink { account: account(5), by: "ann".into() });
    let alone = timeline(&desk, Subject::Account(account(5)), 100);
    let is_note = |row: &TimelineRow| matches!(&row.what, Moment::Case { event: CaseEvent::Note(_), .. });
    assert!(alone.iter().any(is_note), "{alone:?}");
    assert!(!timeline(&desk, Subject::Customer("c-1".into()), 100).iter().any(is_note));
    let erased = desk.at(15, Command::Erase { subject: Subject::Account(account(5)) });
    assert_eq!(erased.disposition, Disposition::Accepted, "{}", erased.receipt);
    for (key, row) in desk.store.rows() {
        let said = format!("{} {}", key.id(), row.record.body());
        assert!(!said.contains("own5") && !said.contains("zebra"), "left of them: {said}");
    }
}
