//! What is measured of conversations: the same in whatever order things become known.

use super::at;
use hearken::calendar::{Calendar, Hours, Weekly};
use hearken::desk::{
    HandOverReason, HandOverRules, OutcomeTally, ReplyOutcome, ReplyResponse, Responsiveness, RiskCommand,
    RiskWatch, RiskWeights, Standing, Transcript, Utterance, Voice, bot_may_speak, by_risk, hand_over,
    reply_outcomes, risk,
};
use hearken::model::{ItemKey, Platform, Points, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn said(id: u32, minute: i64, voice: Voice) -> Utterance {
    Utterance::new(at(minute), ItemKey::new(Platform::X, id.to_string()), voice)
}

fn customer(id: u32, minute: i64) -> Utterance {
    said(id, minute, Voice::Customer)
}

fn agent(id: u32, minute: i64) -> Utterance {
    said(id, minute, Voice::Agent("ann".into()))
}

fn bot(id: u32, minute: i64) -> Utterance {
    said(id, minute, Voice::Bot("helper".into()))
}

fn talk(said: impl IntoIterator<Item = Utterance>) -> Transcript {
    let mut talk = Transcript::default();
    for said in said {
        talk.add(said);
    }
    talk
}

/// Minutes are few, so that things are often said at once; ids repeat, so that items are told twice.
fn utterances() -> impl Strategy<Value = Vec<Utterance>> {
    let one =
        (0_u32..12, 0_i64..20, 0..3, prop::option::of(-1_000_i64..=1_000), any::<bool>(), 0_i64..4, 0..8)
            .prop_map(|(id, minute, voice, mood, question, sure, asks)| {
                let voice = match voice {
                    0 => Voice::Agent("ann".into()),
                    1 => Voice::Bot("helper".into()),
                    _ => Voice::Customer,
                };
                let confidence = (sure > 0).then(|| Points::thousandths(250 * sure));
                let mood = mood.map(Points::thousandths);
                Utterance { mood, question, confidence, asks_person: asks == 0, ..said(id, minute, voice) }
            });
    prop::collection::vec(one, 0..24)
}

proptest! {
    #[test]
    fn a_transcript_is_a_set_in_order_of_time(list in utterances(), cut in 0_usize..24, turn in 0_usize..24) {
        let whole = talk(list.clone());
        let (a, b) = list.split_at(cut.min(list.len()));
        let mut rest = talk(b.iter().cloned());
        rest.merge(talk(a.iter().cloned()));
        prop_assert_eq!(&rest, &whole);
        let mut turned = list.clone();
        turned.rotate_left(turn.min(list.len()));
        prop_assert_eq!(&talk(turned), &whole);
        let mut twice = whole.clone();
        prop_assert!(list.into_iter().all(|said| !twice.add(said)));
        let ids: BTreeSet<_> = whole.said().iter().map(|said| &said.item).collect();
        prop_assert_eq!(ids.len(), whole.said().len());
        prop_assert!(whole.said().is_sorted_by_key(|said| (said.at, said.item.clone())));
    }

    #[test]
    fn whatever_becomes_known_a_silent_bot_stays_silent(list in utterances(), rules in rules()) {
        let mut talk = Transcript::default();
        let mut silent = false;
        for said in list {
            // An item that is told otherwise is another word: only more words are meant here.
            if talk.said().iter().all(|known| known.item != said.item) {
                talk.add(said);
            }
            let speaks = bot_may_speak(&talk, &rules);
            prop_assert!(!(silent && speaks));
            silent = !speaks;
            if let Some(given) = hand_over(&talk, &rules) {
                prop_assert_eq!(given.transcript, talk.clone());
                prop_assert!(!given.reasons.is_empty());
            }
        }
    }

    #[test]
    fn outcomes_are_final_and_add_up(list in utterances(), solved in prop::collection::vec(0_i64..25, 0..3), window in 1_i64..8) {
        let (mut talk, window) = (talk(list), window * 60_000);
        solved.into_iter().for_each(|minute| talk.resolve(at(minute)));
        let mut last: Vec<ReplyOutcome> = Vec::new();
        for minute in 0..40 {
            let outcomes = reply_outcomes(&talk, window, at(minute));
            for (old, new) in last.iter().zip(&outcomes) {
                if old.response != ReplyResponse::Pending {
                    prop_assert_eq!((&old.item, old.response, old.after), (&new.item, new.response, new.after));
                }
            }
            let mut tally = OutcomeTally::default();
            outcomes.iter().for_each(|outcome| tally.add(outcome));
            let parts = [
                tally.customer_replied, tally.resolved_first, tally.brand_followed_up, tally.silent, tally.pending,
            ];
            prop_assert_eq!(parts.iter().sum::<u32>(), tally.sent);
            let (mut halves, half) = (OutcomeTally::default(), outcomes.len() / 2);
            for part in [&outcomes[half..], &outcomes[..half]] {
                let mut sum = OutcomeTally::default();
                part.iter().for_each(|outcome| sum.add(outcome));
                halves.merge(&sum);
            }
            prop_assert_eq!(halves, tally);
            prop_assert_eq!(tally.sent as usize, talk.until(at(minute)).iter().filter(|s| s.voice.is_brand()).count());
            last = outcomes;
        }
        prop_assert!(last.iter().all(|outcome| outcome.response != ReplyResponse::Pending));
        prop_assert!(last.iter().all(|outcome| outcome.after.is_some_and(|after| (0..=window).contains(&after))));
    }

    #[test]
    fn a_risk_is_the_sum_of_its_parts_and_grows_while_somebody_waits(
        list in utterances(), missed in 0_u32..5, reopened in 0_u32..5, reach in prop::option::of(any::<u64>()), leaving: bool,
    ) {
        let talk = talk(list);
        let standing = Standing { missed, reopened, reach, leaving };
        let weights = RiskWeights::default();
        let one = risk(&talk, &standing, &weights, at(30));
        prop_assert_eq!(one.parts.iter().map(|(_, points)| *points).sum::<Points>(), one.score);
        prop_assert!(one.parts.iter().all(|(_, points)| *points > Points::ZERO));
        let later = risk(&talk, &standing, &weights, at(90)).score;
        let grows = talk.waiting_since().is_some();
        prop_assert_eq!((later > one.score, later == one.score), (grows, !grows));
        let worse = Standing { missed: missed + 1, reopened: reopened + 1, ..standing };
        prop_assert!(risk(&talk, &worse, &weights, at(30)).score >= one.score);
    }

    #[test]
    fn a_watch_raises_and_calms_in_turn(scores in prop::collection::vec(0_i64..60, 0..40), raise in 20_i64..50, gap in 0_i64..20) {
        let mut watch = RiskWatch::new(Points::whole(raise), Points::whole(raise - gap));
        let mut raised = false;
        for score in scores.into_iter().map(Points::whole) {
            match watch.see(score) {
                Some(RiskCommand::PreEscalate(said)) => {
                    prop_assert!(!raised && said == score && score >= Points::whole(raise));
                    raised = true;
                }
                Some(RiskCommand::Calm(_)) => {
                    prop_assert!(raised && score < Points::whole(raise - gap));
                    raised = false;
                }
                _ if raised => prop_assert!(score >= Points::whole(raise - gap)),
                _ => prop_assert!(score < Points::whole(raise)),
            }
        }
    }

    #[test]
    fn response_times_add_up_in_any_order(talks in prop::collection::vec(utterances(), 0..6), cut in 0_usize..6, target in 0_i64..15) {
        let (calendar, now) = (Calendar::always(), at(20));
        let report = |talks: &[Transcript]| {
            let mut report = Responsiveness::default();
            talks.iter().for_each(|talk| report.add(talk, &calendar, now));
            report
        };
        let talks: Vec<Transcript> = talks.into_iter().map(talk).collect();
        let whole = report(&talks);
        let (a, b) = talks.split_at(cut.min(talks.len()));
        let mut merged = report(b);
        merged.merge(&report(a));
        prop_assert_eq!(&merged, &whole);

        // Plainly: every change from customer to brand is an answered turn, every customer's word at the end an open one.
        let target = target * 60_000;
        let (mut asked, mut kept, mut judged) = (0, 0, 0);
        let mut waits = Vec::new();
        for talk in &talks {
            let mut turn: Vec<&Utterance> = Vec::new();
            let end = talk.said().iter().map(Some).chain([None]);
            for said in end {
                match said {
                    Some(said) if said.voice == Voice::Customer => turn.push(said),
                    said if turn.iter().any(|word| word.question) => {
                        let waited = said.map_or(now, |said| said.at).since(turn[0].at);
                        asked += 1;
                        waits.extend(said.map(|_| waited));
                        kept += usize::from(said.is_some() && waited <= target);
                        judged += usize::from(said.is_some() || waited > target);
                        turn.clear();
                    }
                    _ => turn.clear(),
                }
            }
        }
        prop_assert_eq!(whole.questions.asked(), asked);
        waits.sort_unstable();
        for percent in [0, 1, 50, 90, 100] {
            // The least time within which so many percent had their answer.
            let enough = |&&time: &&i64| {
                100 * waits.iter().filter(|&&wait| wait <= time).count() >= percent * waits.len()
            };
            prop_assert_eq!(whole.questions.percentile(percent), waits.iter().find(enough).copied());
        }
        let share = (judged > 0).then(|| Points::thousandths((kept * 1_000 / judged) as i64));
        prop_assert_eq!(whole.questions.share_within(target), share);
    }
}

fn rules() -> impl Strategy<Value = HandOverRules> {
    (0_i64..1_000, -1_000_i64..0, 1_u32..4).prop_map(|(confidence, mood, turns)| HandOverRules {
        confidence: Points::thousandths(confidence),
        mood: Points::thousandths(mood),
        turns,
    })
}

#[test]
fn each_rule_hands_over_by_itself() {
    let rules = HandOverRules::default();
    let reasons = |talk: &Transcript| {
        hand_over(talk, &rules).map(|given| given.reasons.into_iter().collect::<Vec<_>>())
    };
    assert_eq!(reasons(&talk([customer(1, 0), bot(2, 1), customer(3, 2)])), None);
    let last = |said: Utterance| talk([customer(1, 0), bot(2, 1), said]);
    let asks = Utterance { asks_person: true, ..customer(3, 2) };
    assert_eq!(reasons(&last(asks)), Some(vec![HandOverReason::AsksForPerson]));
    let angry = Utterance { mood: Some(Points::thousandths(-400)), ..customer(3, 2) };
    assert_eq!(reasons(&last(angry)), Some(vec![HandOverReason::Negative]));
    let unsure = Utterance { confidence: Some(Points::thousandths(499)), ..customer(3, 2) };
    assert_eq!(reasons(&last(unsure)), Some(vec![HandOverReason::LowConfidence]));
    let sure = Utterance { confidence: Some(Points::thousandths(500)), ..customer(3, 2) };
    assert_eq!(reasons(&last(sure)), None);
    let turns = |n: u32| {
        talk((0..n).flat_map(|i| [customer(2 * i, 2 * i64::from(i)), bot(2 * i + 1, 2 * i64::from(i) + 1)]))
    };
    let mut three = turns(3);
    assert_eq!(reasons(&three), None, "the third answer may have been the right one");
    three.add(customer(99, 99));
    assert_eq!(reasons(&three), Some(vec![HandOverReason::TooManyTurns]));
    // A person who spoke is a person who took over.
    let mut taken = turns(1);
    assert!(bot_may_speak(&taken, &rules));
    taken.add(agent(99, 99));
    assert!(!bot_may_speak(&taken, &rules) && hand_over(&taken, &rules).is_none());
}

#[test]
fn a_bot_that_gave_a_conversation_up_cannot_publish_in_it() {
    use hearken::desk::{ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, DraftRefusal, Setting};
    let (rules, policy) =
        (HandOverRules::default(), ApprovalPolicy { bots_need_approval: false, ..Default::default() });
    let mut talk = talk([customer(1, 0)]);
    let mut draft = Draft::new("d", Author::Bot("helper".into()), "Have you tried turning it off and on?");
    // The answer is in flight when the customer asks for a person.
    talk.add(Utterance { asks_person: true, ..customer(2, 1) });
    let setting = Setting { human: !bot_may_speak(&talk, &rules), ..Setting::default() };
    let publish = DraftEvent::Publish { text: draft.hash(), case_version: 0 };
    let refused = [DraftCommand::Refused(DraftRefusal::HumanTookOver)];
    assert_eq!(draft.step(publish, at(2), &policy, setting), refused);
}

#[test]
fn a_watch_that_clears_above_its_raise_does_not_flicker() {
    let mut watch = RiskWatch::new(Points::whole(40), Points::whole(60));
    assert!(matches!(watch.see(Points::whole(50)), Some(RiskCommand::PreEscalate(_))));
    assert_eq!(watch.see(Points::whole(50)), None);
}

#[test]
fn what_comes_of_a_reply() {
    let window = 10 * 60_000;
    let outcome = |rest: Vec<Utterance>, solved: &[i64], now: i64| {
        let first = Utterance { mood: Some(Points::thousandths(-500)), ..customer(1, 0) };
        let mut talk = talk([first, agent(2, 5)].into_iter().chain(rest));
        solved.iter().for_each(|&minute| talk.resolve(at(minute)));
        reply_outcomes(&talk, window, at(now)).remove(0)
    };
    use ReplyResponse::{BrandFollowedUp, CustomerReplied, Pending, Resolved, Silent};
    let is = |outcome: &ReplyOutcome| (outcome.response, outcome.after.map(|after| after / 60_000));
    assert_eq!(is(&outcome(vec![], &[], 15)), (Pending, None));
    assert_eq!(is(&outcome(vec![], &[], 16)), (Silent, Some(10)));
    assert_eq!(is(&outcome(vec![customer(3, 16)], &[], 30)), (Silent, Some(10)), "too late");
    assert_eq!(is(&outcome(vec![agent(3, 9)], &[], 30)), (BrandFollowedUp, Some(4)));
    let solved = outcome(vec![customer(3, 12)], &[8], 30);
    assert_eq!((is(&solved), solved.resolved), ((Resolved, Some(3)), true));
    assert!(!outcome(vec![agent(3, 7)], &[8], 30).resolved, "that is the next reply's");
    let thanks = Utterance { mood: Some(Points::thousandths(700)), ..customer(3, 6) };
    let answered = outcome(vec![thanks], &[8], 30);
    assert_eq!((is(&answered), answered.resolved), ((CustomerReplied, Some(1)), true));
    assert_eq!(answered.mood_change, Some(Points::thousandths(1_200)));
    assert_eq!(outcome(vec![customer(3, 6)], &[], 30).mood_change, None, "unknown is not neutral");
    let late = Utterance { mood: Some(Points::thousandths(700)), ..customer(3, 16) };
    assert_eq!(outcome(vec![late], &[], 30).mood_change, None, "too late to be of this reply");
    assert!(!outcome(vec![agent(3, 29)], &[20], 40).resolved, "so is that");
}

#[test]
fn what_is_resolved_waits_for_nothing() {
    let thanks = talk([customer(1, 0), agent(2, 5), customer(3, 6)]);
    let mut resolved = thanks.clone();
    resolved.resolve(at(7));
    let measure = |talk: &Transcript| {
        let mut report = Responsiveness::default();
        report.add(talk, &Calendar::always(), at(600));
        let waits = risk(talk, &Standing::default(), &RiskWeights::default(), at(600));
        (talk.waiting_since(), report.others.asked(), waits.score > Points::ZERO)
    };
    assert_eq!(measure(&thanks), (Some(at(6)), 2, true));
    assert_eq!(measure(&resolved), (None, 1, false));
    // Merged into what did not know of it, it is known; a later word waits again, and not since the one before.
    let mut merged = thanks;
    merged.merge(resolved.clone());
    assert_eq!(merged, resolved);
    merged.add(customer(4, 9));
    assert_eq!(measure(&merged), (Some(at(9)), 2, true));
    merged.add(agent(5, 20));
    let mut report = Responsiveness::default();
    report.add(&merged, &Calendar::always(), at(600));
    assert_eq!(report.others.percentile(100), Some(11 * 60_000));
}

#[test]
fn questions_wait_in_business_time() {
    let office = Calendar::build(&Hours {
        zone: "UTC".into(),
        weekly: Weekly::workdays(&["09:00-17:00"]),
        holidays: vec![],
    })
    .unwrap();
    let asked = Timestamp::parse("2026-03-06T16:30:00Z").unwrap(); // a Friday
    let item = |id: &str| ItemKey::new(Platform::X, id);
    let question = Utterance { question: true, ..Utterance::new(asked, item("1"), Voice::Customer) };
    let monday = Timestamp::parse("2026-03-09T09:15:00Z").unwrap();
    let talk = talk([question, Utterance::new(monday, item("2"), Voice::Agent("ann".into()))]);
    let mut report = Responsiveness::default();
    report.add(&talk, &office, monday + 1);
    assert_eq!(report.questions.percentile(50), Some(45 * 60_000));
    assert_eq!((report.questions.answered(), report.others.asked()), (1, 0));
    assert_eq!(
        report.index(60 * 60_000, Points::thousandths(530)),
        Some(Points::whole(1)),
        "nothing else to weigh"
    );
}

#[test]
fn an_index_weighs_questions_against_the_rest() {
    let mut report = Responsiveness::default();
    let (calendar, hour) = (Calendar::always(), 60 * 60_000);
    let asks = |said: Utterance| Utterance { question: true, ..said };
    report.add(&talk([asks(customer(1, 0)), agent(2, 10)]), &calendar, at(600));
    report.add(&talk([asks(customer(1, 0))]), &calendar, at(600));
    report.add(&talk([customer(1, 0), agent(2, 10)]), &calendar, at(600));
    report.add(&talk([asks(customer(1, 590))]), &calendar, at(600)); // may still be in time
    assert_eq!((report.questions.asked(), report.questions.overdue(hour)), (3, 1));
    assert_eq!(report.index(hour, Points::thousandths(530)), Some(Points::thousandths(735))); // 0.53·½ + 0.47
    assert_eq!(report.index(hour, Points::whole(1)), Some(Points::thousandths(500)));
}

#[test]
fn risk_tells_its_parts_and_ranks() {
    let mood = |mood| Some(Points::thousandths(mood));
    let worse = talk([
        Utterance { mood: mood(200), ..customer(1, 0) },
        agent(2, 5),
        Utterance { mood: mood(-600), ..customer(3, 10) },
        customer(4, 20),
        Utterance { mood: mood(-800), ..customer(5, 70) },
    ]);
    let standing = Standing { missed: 1, reopened: 9, reach: Some(250_000), leaving: true };
    let told = risk(&worse, &standing, &RiskWeights::default(), at(130));
    let parts = [
        ("negative", 24_000),
        ("falling", 10_000),
        ("waiting", 2_000),
        ("again", 10_000),
        ("missed", 10_000),
        ("reopened", 30_000),
        ("reach", 15_000),
        ("leaving", 20_000),
    ];
    assert_eq!(told.parts, parts.map(|(name, points)| (name, Points::thousandths(points))));
    // An answer ends the wait; at another time it had not come yet.
    let mut answered = worse.clone();
    answered.add(agent(6, 131));
    assert!(
        risk(&answered, &standing, &RiskWeights::default(), at(131))
            .parts
            .iter()
            .all(|part| part.0 != "waiting")
    );
    assert_eq!(risk(&answered, &standing, &RiskWeights::default(), at(130)), told);

    // Beyond a day of waiting, and with every other part at its most, nothing is added.
    let waiting = |hours: i64| risk(&worse, &standing, &RiskWeights::default(), at(10 + 60 * hours)).parts[2];
    assert_eq!(waiting(100), ("waiting", Points::whole(24)));

    let calm = Standing::default();
    let open = [("b".into(), &answered, calm), ("c".into(), &worse, standing), ("a".into(), &answered, calm)];
    let order: Vec<_> =
        by_risk(open, &RiskWeights::default(), at(131)).into_iter().map(|(case, _)| case).collect();
    assert_eq!(order.iter().map(|case| case.as_str()).collect::<Vec<_>>(), ["c", "a", "b"]);
}
