//! A crisis: how fast it was met, what was said about it, what it may cost, and what waits until it is over.

use super::at;
use hearken::desk::{
    ApprovalPolicy, Author, CrisisRecord, Draft, DraftCommand, DraftEvent, DraftRefusal, Message,
    MessageGroup, Milestone, Part, Schedule, ScheduleCommand, Setting, Stakes, expected_loss,
    statement_effects,
};
use hearken::model::{CustomerId, Money, Platform, Points, Timestamp};
use hearken::pulse::{Observation, Window};
use hearken::source::{Capabilities, Draft as Sent};
use proptest::prelude::*;
use std::collections::BTreeSet;

const MINUTE: i64 = 60_000;

fn milestones() -> impl Strategy<Value = Vec<(Milestone, i64)>> {
    let all = [
        Milestone::Began,
        Milestone::Detected,
        Milestone::Acknowledged,
        Milestone::Statement,
        Milestone::Over,
    ];
    prop::collection::vec((prop::sample::select(all.to_vec()), 0_i64..60), 0..20)
}

fn record(list: &[(Milestone, i64)]) -> CrisisRecord {
    let mut record = CrisisRecord::default();
    list.iter().for_each(|&(milestone, minute)| record.note(milestone, at(minute)));
    record
}

proptest! {
    #[test]
    fn a_record_is_the_same_in_any_order(list in milestones(), cut in 0_usize..20) {
        let whole = record(&list);
        let (a, b) = list.split_at(cut.min(list.len()));
        let mut merged = record(b);
        merged.merge(&record(a));
        merged.merge(&record(b));
        prop_assert_eq!(&merged, &whole);
        let began = list.iter().filter(|(m, _)| *m == Milestone::Began).map(|(_, minute)| *minute).min();
        let later = |m: Milestone| {
            let began = began?;
            list.iter().filter(|(o, minute)| *o == m && *minute >= began).map(|(_, minute)| (minute - began) * MINUTE).min()
        };
        for milestone in [Milestone::Detected, Milestone::Statement, Milestone::Over] {
            prop_assert_eq!(whole.time_to(milestone), later(milestone));
        }
    }

    #[test]
    fn each_side_of_a_statement_is_counted_once(
        posts in prop::collection::vec((0_i64..120, 0_u64..5, 0_u64..5), 1..60),
        statements in prop::collection::vec(0_i64..120, 0..4), span in 1_i64..60, now in 0_i64..140,
    ) {
        let mut window = Window::new(5 * MINUTE, 1_000);
        for &(minute, negative, positive) in &posts {
            let posts = negative + positive;
            window.add(&Observation { posts, negative, positive, ..Observation::at(at(minute)) });
        }
        let effects = statement_effects(&window, statements.iter().map(|&minute| at(minute)), span * MINUTE, at(now));
        let times: BTreeSet<i64> = statements.into_iter().filter(|minute| *minute <= now).collect();
        prop_assert_eq!(effects.iter().map(|e| e.at).collect::<Vec<_>>(), times.iter().map(|&m| at(m)).collect::<Vec<_>>());
        for effect in effects {
            // Plainly: every bucket that lies whole between the neighbours, within the span, and is closed.
            let minute = effect.at.millis() / MINUTE;
            let earlier = times.range(..minute).next_back().map_or(minute - span, |&m| m.max(minute - span));
            let next = times.range(minute + 1..).next().map_or(minute + span, |&m| m.min(minute + span)).min(now);
            let count = |from: i64, to: i64| -> (u64, u64) {
                let inside = |minute: i64| {
                    let start = minute.div_euclid(5) * 5;
                    from <= start && start + 5 <= to
                };
                let list: Vec<_> = posts.iter().filter(|(m, ..)| inside(*m)).collect();
                (list.iter().map(|(_, n, p)| n + p).sum(), list.iter().map(|(_, n, _)| *n).sum())
            };
            prop_assert_eq!((effect.before.posts, effect.before.negative), count(earlier, minute));
            prop_assert_eq!((effect.after.posts, effect.after.negative), count(minute, next));
            for change in [effect.negative, effect.positive, effect.volume].into_iter().flatten() {
                prop_assert!(change.interval.0 <= change.value + 1e-9 && change.value <= change.interval.1 + 1e-9);
                prop_assert!(change.interval.1.is_finite());
            }
        }
    }

    #[test]
    fn every_variant_fits_and_no_required_word_is_lost(
        lengths in prop::collection::vec((1_usize..300, any::<bool>()), 1..6),
    ) {
        let parts: Vec<Part> = (lengths.iter().enumerate())
            .map(|(i, &(length, optional))| Part { text: format!("{}.", char::from(b'a' + i as u8).to_string().repeat(length)), optional })
            .collect();
        let message = Message { id: "m".into(), parts: parts.clone() };
        for platform in [Platform::X, Platform::Bluesky, Platform::Tiktok, Platform::Facebook] {
            let capabilities = Capabilities::of(&platform);
            let bare: Vec<_> = parts.iter().filter(|part| !part.optional).map(|part| &*part.text).collect();
            match message.render([&capabilities]) {
                Ok(group) => {
                    let text = &group.variants[&platform];
                    prop_assert!(capabilities.validate(&Sent::new(text)).is_empty());
                    let kept: Vec<&str> = text.split(' ').collect();
                    prop_assert!(bare.iter().all(|part| kept.contains(part)));
                    prop_assert!(kept.iter().all(|word| parts.iter().any(|part| part.text == *word)), "nothing is cut");
                    // One more would be too many: of the optional parts, the one that was left out last.
                    let optional: Vec<_> = parts.iter().filter(|part| part.optional).collect();
                    let taken = kept.len() - bare.len();
                    if let Some(next) = optional.get(taken) {
                        let mut more: Vec<&str> = Vec::new();
                        for part in &parts {
                            if !part.optional || optional[..taken].contains(&part) || part == *next {
                                more.push(&part.text);
                            }
                        }
                        prop_assert!(!capabilities.validate(&Sent::new(&more.join(" "))).is_empty());
                    }
                }
                Err(unfit) => {
                    prop_assert_eq!(unfit.len(), 1);
                    prop_assert!(!capabilities.validate(&Sent::new(&bare.join(" "))).is_empty());
                }
            }
        }
    }

    #[test]
    fn an_approval_is_bound_to_every_word_of_every_variant(words in prop::collection::vec("[a-z\": \n]{0,12}", 2), other in "[a-z\": \n]{0,12}", which in 0_usize..2) {
        let platforms = [Platform::X, Platform::Facebook];
        let group = |words: &[String]| MessageGroup {
            id: "m".into(),
            variants: platforms.iter().cloned().zip(words.iter().cloned()).collect(),
        };
        let (one, mut changed) = (group(&words), words.clone());
        changed[which] = other;
        let two = group(&changed);
        prop_assert_eq!(one.approval() == two.approval(), one == two);
        prop_assert_eq!(two.release(&one.approval()).is_empty(), one != two);
        prop_assert_eq!(one.release(&one.draft(Author::Person("ann".into())).hash()).len(), 2);
    }

    #[test]
    fn ticks_do_not_matter_to_a_schedule(
        posts in prop::collection::vec(0_i64..50, 0..8), pauses in prop::collection::vec((0_i64..50, 1_i64..20), 0..3), step in 1_i64..9,
    ) {
        let run = |step: i64| {
            let mut schedule = Schedule::default();
            let mut said = Vec::new();
            for (i, &minute) in posts.iter().enumerate() {
                schedule.plan(&format!("p{i}"), at(minute));
            }
            for minute in 0..80 {
                for (crisis, &(from, length)) in pauses.iter().enumerate() {
                    if minute == from {
                        said.extend(schedule.pause(&format!("c{crisis}"), at(minute)));
                    }
                    if minute == from + length {
                        said.extend(schedule.resume(&format!("c{crisis}"), at(minute)));
                    }
                }
                if minute % step == 0 || minute == 79 {
                    said.extend(schedule.tick(at(minute)));
                }
            }
            said.retain(|command| !matches!(command, ScheduleCommand::WakeAt(_)));
            (said, schedule.held().count())
        };
        let (often, held) = run(1);
        prop_assert_eq!(held, 0);
        prop_assert_eq!(&run(step).0, &often);
        for (i, &minute) in posts.iter().enumerate() {
            let id = format!("p{i}");
            // A pause begins after what is due at its instant, and ends after it too.
            let paused = pauses.iter().any(|&(from, length)| from < minute && minute <= from + length);
            let expected: &[ScheduleCommand] = if paused {
                &[ScheduleCommand::Held { draft: id.clone(), due: at(minute) }, ScheduleCommand::Review { draft: id.clone(), due: at(minute) }]
            } else {
                &[ScheduleCommand::Publish { draft: id.clone(), due: at(minute) }]
            };
            let about = |command: &&ScheduleCommand| matches!(command,
                ScheduleCommand::Publish { draft, .. } | ScheduleCommand::Held { draft, .. } | ScheduleCommand::Review { draft, .. } if *draft == id);
            prop_assert_eq!(often.iter().filter(about).cloned().collect::<Vec<_>>(), expected);
        }
    }

    #[test]
    fn a_loss_counts_everybody_once(people in prop::collection::vec((0_u8..6, prop::option::of(0_i64..10_000)), 0..12), turn in 0_usize..12) {
        let list = |people: &[(u8, Option<i64>)]| -> Vec<(CustomerId, Option<Money>)> {
            let money = |minor: i64| Money { minor, currency: if minor % 2 == 0 { "EUR" } else { "SEK" }.into() };
            people.iter().map(|&(id, value)| (id.to_string().into(), value.map(money))).collect()
        };
        let loss = expected_loss(list(&people), Points::thousandths(280));
        let mut turned = people.clone();
        turned.rotate_left(turn.min(people.len()));
        turned.extend(&people);
        prop_assert_eq!(&expected_loss(list(&turned), Points::thousandths(280)), &loss);
        let names: BTreeSet<u8> = people.iter().map(|(id, _)| *id).collect();
        prop_assert_eq!(loss.people, names.len() as u64);
        let valued: BTreeSet<u8> = people.iter().filter(|(_, value)| value.is_some()).map(|(id, _)| *id).collect();
        prop_assert_eq!(loss.valued, valued.len() as u64);
        prop_assert_eq!(loss.leavers, Points::thousandths(280 * names.len() as i64));
        let greatest = |id: &u8| people.iter().filter(|(other, _)| other == id).filter_map(|(_, value)| *value).max();
        let sum: i64 = valued.iter().filter_map(greatest).filter(|value| value % 2 == 0).sum();
        prop_assert_eq!(loss.value.get("EUR").copied().unwrap_or(0), sum * 280 / 1_000);
    }
}

#[test]
fn what_is_assumed_can_be_changed_and_is_stated() {
    let stakes = Stakes::default();
    let shares = [stakes.ignored, stakes.silent, stakes.timely].map(Points::as_thousandths);
    assert_eq!(shares, [280, 320, 530]);
    assert!(serde_json::from_str::<Stakes>(r#"{"ignord": 1}"#).is_err());
    let many = (0..3_u64).map(|n| (n.to_string().into(), Some(money(i64::MAX))));
    assert_eq!(expected_loss(many, Points::whole(1)).value["EUR"], i64::MAX, "bounded");
    let all = expected_loss([("ann".into(), Some(money(100)))], Points::whole(7));
    assert_eq!((all.value["EUR"], all.leavers), (100, Points::whole(1)), "never more than all of it");
}

fn money(minor: i64) -> Money {
    Money { minor, currency: "EUR".into() }
}

#[test]
fn a_change_by_chance_is_told_from_one_that_is_not() {
    let effect = |before: u64, after: u64| {
        let mut window = Window::new(5 * MINUTE, 100);
        for bucket in 0..8 {
            let negative = if bucket < 4 { before } else { after };
            window.add(&Observation { posts: 20, negative, ..Observation::at(at(5 * bucket)) });
        }
        statement_effects(&window, [at(20)], 20 * MINUTE, at(40)).remove(0).negative.unwrap()
    };
    let (real, chance) = (effect(16, 4), effect(11, 10));
    assert!((real.value + 0.6).abs() < 1e-12 && real.interval.1 < 0.0);
    assert!(chance.interval.0 < 0.0 && chance.interval.1 > 0.0);
}

#[test]
fn half_as_long_after_is_no_fewer_posts() {
    let mut window = Window::new(5 * MINUTE, 100);
    for bucket in 0..12 {
        window.add(&Observation { posts: 10, ..Observation::at(at(5 * bucket)) });
    }
    // Forty minutes before, twenty after: the same rate.
    let effect = statement_effects(&window, [at(40)], 40 * MINUTE, at(60)).remove(0);
    assert_eq!((effect.before.posts, effect.after.posts), (80, 40));
    assert_eq!(effect.volume.unwrap().value, 1.0);
    let nothing_before = statement_effects(&window, [at(0)], 40 * MINUTE, at(60)).remove(0);
    assert_eq!((nothing_before.volume, nothing_before.negative), (None, None), "absent is not zero");
}

#[test]
fn a_group_goes_out_under_one_approval_and_waits_for_no_sale() {
    let message =
        Message { id: "sorry".into(), parts: vec![Part { text: "We are sorry.".into(), optional: false }] };
    let group = message.render(&[Platform::X, Platform::Mastodon].map(|p| Capabilities::of(&p))).unwrap();
    let (policy, setting) = (ApprovalPolicy::default(), Setting::default());
    let mut draft: Draft = group.draft(Author::Person("ann".into()));
    let publish = |text| DraftEvent::Publish { text, case_version: 0 };
    let refused = draft.step(publish(group.approval()), at(0), &policy, setting);
    assert_eq!(refused, [DraftCommand::Refused(DraftRefusal::NotApproved)]);
    draft.step(DraftEvent::Submit, at(1), &policy, setting);
    let own =
        draft.step(DraftEvent::Approve { by: "ann".into(), text: group.approval() }, at(1), &policy, setting);
    assert_eq!(own, [DraftCommand::Refused(DraftRefusal::OwnWork)]);
    draft.step(DraftEvent::Approve { by: "bo".into(), text: group.approval() }, at(1), &policy, setting);
    let sent = draft.step(publish(group.approval()), at(2), &policy, setting);
    let [DraftCommand::Publish { hash, .. }] = &sent[..] else { panic!("{sent:?}") };
    assert_eq!(group.release(hash).iter().map(|post| &post.approval).collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn words_that_move_from_one_variant_to_another_need_a_new_approval() {
    let group = |x: &str, facebook: &str| MessageGroup {
        id: "m".into(),
        variants: [(Platform::X, x.to_owned()), (Platform::Facebook, facebook.to_owned())].into(),
    };
    assert_ne!(group("a\nb", "c").approval(), group("a", "b\nc").approval());
    assert_ne!(group("a", "b").approval(), group("b", "a").approval());
}

#[test]
fn a_message_that_fits_nowhere_says_where_and_why() {
    let message =
        Message { id: "long".into(), parts: vec![Part { text: "word ".repeat(100), optional: false }] };
    let unfit =
        message.render(&[Platform::X, Platform::Tiktok, Platform::Facebook].map(|p| Capabilities::of(&p)));
    let told: Vec<String> = unfit.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2);
    assert!(told[0].starts_with("message long does not fit x: 499"), "{}", told[0]);
}

#[test]
fn one_crisis_of_two_that_is_over_frees_nothing() {
    let mut schedule = Schedule::default();
    schedule.plan("a", at(5));
    schedule.pause("outage", at(1));
    schedule.pause("recall", at(2));
    let due = at(5);
    let (held, review) = (
        ScheduleCommand::Held { draft: "a".into(), due },
        ScheduleCommand::Review { draft: "a".into(), due },
    );
    assert_eq!(schedule.resume("outage", at(6)), [held]);
    assert_eq!(schedule.resume("recall", at(7)), [review]);
}

#[test]
fn planned_anew_or_dropped_a_held_post_is_forgotten() {
    let mut schedule = Schedule::default();
    schedule.plan("a", at(1));
    schedule.plan("b", at(1));
    schedule.pause("outage", Timestamp::from_secs(0));
    schedule.tick(at(2));
    assert_eq!(schedule.held().collect::<Vec<_>>(), ["a", "b"]);
    schedule.plan("a", at(9));
    schedule.drop_post("b");
    assert_eq!(schedule.resume("outage", at(5)), [ScheduleCommand::WakeAt(at(9))]);
    assert_eq!(schedule.resume("outage", at(5)), [], "over once");
    assert_eq!(schedule.tick(at(9)), [ScheduleCommand::Publish { draft: "a".into(), due: at(9) }]);
}
