//! Whether, when, where and with what somebody is approached.

use hearken::facts::Facts;
use hearken::lead::{
    Approach, Cadence, Channel, Guard, Mention, Nurture, NurtureState, NurtureStep, Refusal, Step, Tier,
    engage_by, interests, preferred_channel, value_tier,
};
use hearken::model::{ConsentStatus, Customer, DoNotContact, Permission, Points, Timestamp};
use hearken::query::Scratch;
use hearken::signal::Signals;
use hearken::text::Text;
use proptest::prelude::*;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// The strength of the buying signal in a text, 0 to 1: patterns give up to five points.
fn strength(words: &str) -> f64 {
    let text = Text::new(words);
    let found = Signals::english().read(&mut Facts::new(&text), &mut Scratch::default());
    found.buying.as_f64() / 5.0
}

#[test]
fn a_question_is_answered_in_its_hour_and_praise_is_left_alone() {
    let asked = strength("can anyone recommend a CRM? we want to buy one this month");
    let praised = strength("I recommend Acme");
    let by = engage_by(at(0), asked, 0.2, 6 * HOUR);
    assert!(by.is_some_and(|by| by > at(HOUR) && by < at(3 * DAY)), "{asked} {by:?}");
    assert_eq!(engage_by(at(0), praised, 0.2, 6 * HOUR), None);
}

proptest! {
    #[test]
    fn the_moment_to_engage_ends_when_the_signal_has_faded(
        strength in 0.0..1.0_f64, floor in 0.01..1.0_f64, half_life in HOUR..30 * DAY,
    ) {
        let left = |when: Timestamp| strength * (-(when.millis() as f64) / half_life as f64).exp2();
        match engage_by(at(0), strength, floor, half_life) {
            Some(by) => {
                prop_assert!(left(by) <= floor * (1.0 + 1e-9));
                prop_assert!(left(by - 1) >= floor * (1.0 - 1e-9));
            }
            None => prop_assert!(strength <= floor),
        }
    }

    #[test]
    fn a_guard_refuses_for_every_reason_there_is(
        consent in 0..5_usize, public in any::<bool>(), relevance in 0.0..1.0_f64,
        touches in prop::collection::vec(-20 * DAY..2 * DAY, 0..6), until in prop::option::of(-DAY..DAY),
        barred in prop::option::of(prop::sample::select(vec!["email", "x", ""])),
    ) {
        use ConsentStatus::{Denied, Expired, Granted, NotAsked, Withdrawn};
        let consent = [Granted, Denied, Withdrawn, Expired, NotAsked][consent].clone();
        let guard = Guard { touches: 2, within: 7 * DAY, relevance: 0.5 };
        let touches: Vec<Timestamp> = touches.into_iter().map(at).collect();
        let until = until.map(at);
        let mut ann = Customer::new("c-1");
        ann.do_not_contact.extend(barred.map(|channel| DoNotContact {
            channel: (!channel.is_empty()).then(|| channel.into()),
            reason: None,
        }));
        let permission = Permission::of(Some(&ann), consent.clone(), "email");
        let approach = Approach { permission, public, relevance, until, touches: &touches };
        let against = guard.check(&approach, at(0));
        let recent = touches.iter().filter(|touch| touch.millis() <= 0 && touch.millis() > -7 * DAY).count();
        let expected = [
            (matches!(barred, Some("email" | "")), Refusal::Barred),
            (matches!(consent, Denied | Withdrawn | Expired), Refusal::NoConsent),
            (!public && consent != Granted, Refusal::NotPublic),
            (relevance < 0.5, Refusal::NotRelevant),
            (until.is_some_and(|until| until < at(0)), Refusal::TooLate),
            (recent >= 2, Refusal::TooOften),
        ];
        for (reason, refusal) in expected {
            prop_assert_eq!(against.contains(&refusal), reason, "{:?}", refusal);
        }
    }

    #[test]
    fn the_channel_is_allowed_and_nobody_answers_better_elsewhere(
        known in prop::collection::vec((any::<bool>(), 0..50_u32, 0..50_u32), 0..6),
        stated in prop::option::of(0..6_usize),
    ) {
        let channels: Vec<Channel> = known
            .iter()
            .enumerate()
            .map(|(i, (allowed, sent, answered))| Channel {
                name: format!("c{i}"),
                allowed: *allowed,
                sent: *sent,
                answered: *answered.min(sent),
            })
            .collect();
        let stated = stated.map(|i| format!("c{i}"));
        let named = channels.iter().find(|c| c.allowed && Some(&c.name) == stated.as_ref());
        let rate = |c: &Channel| f64::from(c.answered + 1) / f64::from(c.sent + 2);
        let usable = || channels.iter().filter(|c| c.allowed && c.sent > 0);
        match preferred_channel(stated.as_deref(), &channels) {
            Some(name) if named.is_some() => prop_assert_eq!(name, &named.unwrap().name),
            Some(name) => {
                let chosen = usable().find(|c| c.name == name).unwrap();
                prop_assert!(usable().all(|c| rate(c) <= rate(chosen) + 1e-12));
            }
            None => prop_assert!(named.is_none() && usable().next().is_none()),
        }
    }

    #[test]
    fn an_interest_is_claimed_only_with_evidence(
        said in prop::collection::vec((0..4_u8, 0..5_u8, -3..5_i64), 0..30),
    ) {
        let mention = |(topic, evidence, weight): &(u8, u8, i64)| Mention {
            topic: format!("t{topic}"),
            evidence: if *evidence == 0 { String::new() } else { format!("p{evidence}") },
            weight: Points::whole(*weight),
        };
        let found = interests(said.iter().map(mention));
        prop_assert!(found.windows(2).all(|pair| (pair[1].weight, &pair[0].topic) <= (pair[0].weight, &pair[1].topic)
            || pair[1].weight < pair[0].weight));
        for interest in &found {
            prop_assert!(interest.weight > Points::ZERO && !interest.evidence.is_empty());
            prop_assert!(interest.evidence.iter().all(|evidence| !evidence.is_empty()));
            prop_assert!(interest.evidence.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
            for evidence in &interest.evidence {
                let there = |m: &Mention| m.topic == interest.topic && m.evidence == *evidence;
                prop_assert!(said.iter().map(mention).any(|m| there(&m)));
            }
        }
    }
}

#[test]
fn a_plan_sends_each_content_once_in_its_time_and_stops_when_it_should() {
    let step = |content: &str, stage: &str, interest: Option<&str>| Step {
        content: content.into(),
        stage: stage.into(),
        interest: interest.map(str::to_owned),
    };
    let plan = Nurture {
        steps: vec![
            step("hello", "nurture", None),
            step("bikes", "nurture", Some("bikes")),
            step("boats", "nurture", Some("boats")),
            step("offer", "mql", None),
        ],
        cadence: Cadence { waits: vec![2 * DAY, 4 * DAY, 8 * DAY, 8 * DAY] },
    };
    let mut sent: Vec<(&str, Timestamp)> = Vec::new();
    let mut told = Vec::new();
    loop {
        let state = NurtureState {
            stage: "nurture",
            interests: &["boats", "bikes"],
            sent: &sent,
            start: at(0),
            opted_out: false,
            converted: false,
        };
        let over = NurtureState { opted_out: true, ..state.clone() };
        assert_eq!(plan.next(&over), NurtureStep::OptedOut);
        assert_eq!(plan.next(&NurtureState { converted: true, ..state.clone() }), NurtureStep::Converted);
        match plan.next(&state) {
            NurtureStep::Send { content, due } => {
                let content = plan.steps.iter().find(|step| step.content == content).unwrap();
                told.push((content.content.as_str(), due.millis() / DAY));
                sent.push((&content.content, due));
            }
            end => {
                assert_eq!(end, NurtureStep::Done);
                break;
            }
        }
    }
    assert_eq!(
        told,
        [("boats", 0), ("bikes", 2), ("hello", 6)],
        "strongest interest first, the wait after each"
    );
}

#[test]
fn a_cadence_counts_from_the_last_touch_and_ends() {
    let cadence = Cadence { waits: vec![DAY, 3 * DAY] };
    assert_eq!(cadence.next(at(5), &[]), Some(at(5)));
    assert_eq!(cadence.next(at(5), &[at(10 * DAY)]), Some(at(11 * DAY)));
    assert_eq!(cadence.next(at(5), &[at(10 * DAY), at(2 * DAY)]), Some(at(13 * DAY)), "in any order");
    assert_eq!(cadence.next(at(5), &[at(0), at(1), at(2)]), None);
}

#[test]
fn a_tier_begins_where_it_says_and_unknown_is_not_nothing() {
    let tier = |name: &str, from| Tier { name: name.into(), from };
    let tiers = [tier("gold", 5_000.0), tier("basic", 0.0), tier("silver", 500.0)];
    assert_eq!(value_tier(&tiers, Some(499.99), &[9_000.0]), Some("basic"), "the host knows better");
    assert_eq!(value_tier(&tiers, Some(500.0), &[]), Some("silver"));
    assert_eq!(value_tier(&tiers, None, &[4_000.0, -200.0, 1_200.0]), Some("gold"), "refunds count");
    assert_eq!(value_tier(&tiers, None, &[]), None);
    assert_eq!(value_tier(&tiers, Some(-1.0), &[]), None);
}
