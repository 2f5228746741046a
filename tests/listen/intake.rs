//! Kept and dropped are all; copies collapse; a thread surfaces once.

use super::key;
use hearken::facts::Facts;
use hearken::listen::{
    DropReason, Duplicates, Intake, IntakeConfig, Kept, Listener, Monitor, MonitorKind, Post, Verdict,
};
use hearken::text::Text;
use proptest::prelude::*;

fn listener() -> Listener {
    let acme = Monitor::new("acme", MonitorKind::Brand).indirect("acme").exclude("cartoon");
    let globex = Monitor::new("globex", MonitorKind::Competitor).indirect("globex").countries(["ch"]);
    Listener::build([acme, globex]).unwrap()
}

fn take<'l>(
    intake: &mut Intake<'l>,
    id: usize,
    source: &str,
    topic: &str,
    thread: Option<&str>,
) -> Verdict<'l> {
    let text = Text::new(source);
    let facts = Facts::new(&text).with("topic", topic).with("country", "de");
    intake.take(Post { item: &key(id), thread, at: None }, &facts)
}

fn kept(verdict: Verdict<'_>) -> Kept<'_> {
    match verdict {
        Verdict::Kept(kept) => kept,
        Verdict::Dropped { why, .. } => panic!("dropped: {why:?}"),
        _ => panic!(),
    }
}

#[test]
fn every_drop_has_its_reason() {
    let listener = listener();
    let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
    let posts = [
        ("the acme kettle leaks every morning", "", None),
        ("nothing to hear", "", Some(DropReason::NoMonitor)),
        ("acme cartoon", "", Some(DropReason::Excluded)),
        ("globex is here", "", Some(DropReason::Audience)),
        ("acme prizes for you, click now", "spam", Some(DropReason::Spam)),
        ("The ACME kettle leaks, every morning! https://x.example @bob", "", Some(DropReason::Duplicate)),
        ("acme help", "", None),
        ("acme help", "", None), // short texts are nobody's copy
    ];
    for (id, (source, topic, wanted)) in posts.into_iter().enumerate() {
        match (take(&mut intake, id, source, topic, None), wanted) {
            (Verdict::Kept(_), None) => {}
            (Verdict::Dropped { why, original, .. }, Some(wanted)) => {
                assert_eq!(why, wanted, "{source}");
                assert_eq!(original.is_some(), why == DropReason::Duplicate);
            }
            (verdict, _) => panic!("{source}: {verdict:?}"),
        }
    }
    let counts = intake.counts();
    assert_eq!((counts.input, counts.kept), (8, 3));
    assert_eq!(counts.kept + counts.dropped.values().sum::<u64>(), counts.input);
    assert_eq!(intake.copies(&key(0)), 1);
}

#[test]
fn bots_are_dropped_and_bad_queries_refused() {
    let listener = listener();
    let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
    let text = Text::new("acme stock news");
    let verdict =
        intake.take(Post { item: &key(1), thread: None, at: None }, &Facts::new(&text).with("is", "bot"));
    assert!(matches!(verdict, Verdict::Dropped { why: DropReason::Bot, .. }));
    let config = IntakeConfig { spam: "(".into(), bots: "no.such:field".into(), ..IntakeConfig::default() };
    assert_eq!(Intake::new(&listener, &config).unwrap_err().faults().len(), 2);
}

#[test]
fn a_thread_surfaces_once_and_is_followed() {
    let listener = listener();
    let mut intake = Intake::new(&listener, &IntakeConfig::default()).unwrap();
    assert!(matches!(take(&mut intake, 1, "hello there", "", Some("t")), Verdict::Dropped { .. }));
    let first = kept(take(&mut intake, 2, "does acme do refunds", "", Some("t")));
    assert!(first.surfaces && first.heard.hits.len() == 1);
    let answer = kept(take(&mut intake, 3, "yes, mine came quickly", "", Some("t")));
    assert!(!answer.surfaces && answer.heard.hits.is_empty());
    assert_eq!(answer.by_thread, [0]);
    let again = kept(take(&mut intake, 4, "acme did it for me too", "", Some("t")));
    assert!(!again.surfaces && again.by_thread.is_empty());
    assert!(kept(take(&mut intake, 5, "acme again", "", Some("u"))).surfaces);
}

#[test]
fn near_copies_are_found_and_other_posts_are_not() {
    let mut last = Duplicates::new(100);
    let first = "Huge giveaway today: follow us, share this post and win one of ten phones before midnight";
    let copies = [
        "huge GIVEAWAY today - follow us, share this post & win one of ten phones before midnight!!!",
        "Huge giveaway today: follow us, share this post and win one of five phones before midnight",
        "@ann Huge giveaway today: follow us, share this post and win one of ten phones before midnight https://spam.example/1",
    ];
    let others = [
        "Huge queue at the phone shop today, one of ten people got anything before midnight",
        "follow us and share your story, we read every post",
        "The kettle leaks every single morning and nobody answers",
    ];
    assert_eq!(last.note(&Text::new(first), &key("first")), None);
    for (number, copy) in copies.iter().enumerate() {
        assert_eq!(last.note(&Text::new(copy), &key(number)), Some(key("first")), "{copy}");
    }
    for (number, other) in others.iter().enumerate() {
        assert_eq!(last.note(&Text::new(other), &key(number + 10)), None, "{other}");
    }
    assert_eq!(last.copies(&key("first")), 3);
}

#[test]
fn memory_is_bounded_and_the_oldest_goes_first() {
    let mut last = Duplicates::new(3);
    let post =
        |n: usize| Text::new(&format!("post{n} about thing{n} with words{n} that nobody{n} else{n} has{n}"));
    for n in 0..4 {
        assert_eq!(last.note(&post(n), &key(n)), None);
    }
    assert_eq!(last.note(&post(1), &key("copy")), Some(key(1)));
    assert_eq!(last.note(&post(0), &key("new")), None, "the first was forgotten");
    assert_eq!(last.note(&post(1), &key("later")), None, "and now the second");
}

proptest! {
    #[test]
    fn kept_and_dropped_are_all(posts in prop::collection::vec((0_usize..6, 0_usize..4, prop::option::of(0_u8..3)), 0..60)) {
        let sources = ["acme kettle leaks again and again today", "acme cartoon", "globex", "nothing", "acme", "my acme phone is on sale now"];
        let topics = ["", "spam", "question", "complaint"];
        let listener = listener();
        let mut intake = Intake::new(&listener, &IntakeConfig { threads: 2, ..IntakeConfig::default() }).unwrap();
        let mut kept = 0;
        for (id, (source, topic, thread)) in posts.iter().enumerate() {
            let thread = thread.map(|n| format!("t{n}"));
            let verdict = take(&mut intake, id, sources[*source], topics[*topic], thread.as_deref());
            kept += u64::from(matches!(verdict, Verdict::Kept(_)));
        }
        let counts = intake.counts();
        prop_assert_eq!(counts.input, posts.len() as u64);
        prop_assert_eq!(counts.kept, kept);
        prop_assert_eq!(counts.kept + counts.dropped.values().sum::<u64>(), counts.input);
    }

    #[test]
    fn copies_do_not_depend_on_case_links_or_mentions(words in prop::collection::vec("[a-z]{2,9}", 5..30)) {
        let source = words.join(" ");
        let mut last = Duplicates::new(10);
        prop_assert_eq!(last.note(&Text::new(&source), &key(0)), None);
        let copy = format!("@someone {}! https://x.example/{}", source.to_uppercase(), words.len());
        prop_assert_eq!(last.note(&Text::new(&copy), &key(1)), Some(key(0)));
    }
}
