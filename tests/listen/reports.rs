//! Sums that add up, orders that are total, phrases that lead back to posts.

use super::{Said, key};
use hearken::facts::{Facts, Scope};
use hearken::listen::{
    Change, Coverage, EventReport, Listener, Mention, Monitor, MonitorKind, OpportunityKind, PeerTalk,
    Rivals, Scratch, ThemeKind, Themes, TriageWeights, Voice, amplify, triage,
};
use hearken::model::{Direction, Platform, Points, Timestamp};
use hearken::pulse::{CrisisLevel, Observation, TrendConfig, Watch, WatchConfig, Window};
use hearken::query::Query;
use hearken::text::Text;
use proptest::prelude::*;

const DAY: i64 = 86_400;

proptest! {
    #[test]
    fn rows_add_up_in_any_split(posts in prop::collection::vec((0_usize..3, 0_usize..3, prop::option::of(-1.0_f64..1.0), 0_u8..2), 0..80)) {
        let monitors = ["acme", "globex", "initech"];
        let platforms = [Platform::X, Platform::Reddit, Platform::Other("forum".into())];
        let (mut all, mut shards) = (Voice::default(), [Voice::default(), Voice::default()]);
        for (id, (monitor, platform, sentiment, shard)) in posts.iter().enumerate() {
            let said = Said { id, platform: platforms[*platform].clone(), sentiment: *sentiment, followers: Some(3), ..Said::default() };
            all.add(monitors[*monitor], &said.mention());
            shards[*shard as usize].add(monitors[*monitor], &said.mention());
        }
        let [mut merged, other] = shards;
        merged.merge(&other);
        prop_assert_eq!(&merged, &all);
        let total = all.total();
        prop_assert_eq!(total.posts, posts.len() as u64);
        prop_assert_eq!(total.positive + total.neutral + total.negative + total.unknown, total.posts);
        prop_assert_eq!(monitors.iter().map(|m| all.of(m).posts).sum::<u64>(), total.posts);
        prop_assert_eq!(platforms.iter().map(|p| all.on(p).posts).sum::<u64>(), total.posts);
        prop_assert_eq!(all.rows().map(|row| row.2.reach).sum::<u64>(), total.reach);
        let shares: Vec<f64> = monitors.iter().filter_map(|m| all.share(m, monitors)).collect();
        if posts.is_empty() {
            prop_assert!(shares.is_empty());
        } else {
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn triage_is_a_total_order_whatever_the_input_order(
        posts in prop::collection::vec((0_usize..4, 0_i64..5, 0_usize..5), 0..30),
        turn in 0_usize..30,
    ) {
        let urgency = ["low", "medium", "high", "critical"];
        let topics: [&[&str]; 5] = [&[], &["complaint"], &["question"], &["lead"], &["complaint", "question"]];
        let mut queue: Vec<Mention> = posts
            .iter()
            .enumerate()
            .map(|(id, (u, at, t))| Said { id, at: at * 3_600, urgency: urgency[*u], topics: topics[*t], ..Said::default() }.mention())
            .collect();
        let order = |queue: &[Mention]| -> Vec<_> {
            triage(queue, Timestamp::from_secs(10 * 3_600), &TriageWeights::default())
                .into_iter()
                .map(|ranked| {
                    assert_eq!(ranked.reasons.iter().map(|reason| reason.1).sum::<Points>(), ranked.score);
                    (ranked.score, queue[ranked.place].item.clone())
                })
                .collect()
        };
        let first = order(&queue);
        prop_assert!(first.windows(2).all(|pair| pair[0].0 >= pair[1].0));
        if !queue.is_empty() {
            let middle = turn % queue.len();
            queue.rotate_left(middle);
        }
        prop_assert_eq!(order(&queue), first);
    }
}

/// Two hundred posts as a week brings them, twenty of them important by hand: all of those in the top decile.
#[test]
fn what_matters_lands_in_the_top_decile() {
    let important: [Said; 4] = [
        Said {
            topics: &["safety", "complaint"],
            urgency: "critical",
            sentiment: Some(-0.3),
            ..Said::default()
        },
        Said {
            topics: &["complaint"],
            intents: &["cancel"],
            urgency: "high",
            sentiment: Some(-0.8),
            ..Said::default()
        },
        Said { topics: &["security"], urgency: "critical", ..Said::default() },
        Said {
            topics: &["outage", "question"],
            urgency: "high",
            followers: Some(2_000_000),
            ..Said::default()
        },
    ];
    let plain: [Said; 5] = [
        Said { topics: &["praise"], sentiment: Some(0.9), followers: Some(900), ..Said::default() },
        Said { topics: &["question"], ..Said::default() },
        Said { topics: &["complaint"], urgency: "medium", sentiment: Some(-0.6), ..Said::default() },
        Said { topics: &["lead"], intents: &["buy"], ..Said::default() },
        Said { topics: &[], followers: Some(20_000), ..Said::default() },
    ];
    let queue: Vec<Mention> = (0..200)
        .map(|id| {
            let said = if id % 10 == 3 { &important[id / 10 % 4] } else { &plain[id % 5] };
            let mut mention = said.mention();
            (mention.item, mention.at) = (key(id), Some(Timestamp::from_secs((id as i64 * 7_919) % DAY)));
            mention
        })
        .collect();
    let top = triage(&queue, Timestamp::from_secs(DAY), &TriageWeights::default());
    let found = top.iter().take(20).filter(|ranked| ranked.place % 10 == 3).count();
    println!("{found} of 20 important posts in the top decile");
    assert_eq!(found, 20);
}

fn told(themes: &mut Themes, id: usize, day: i64, topic: &str, source: &str) {
    let said = Said { id, at: day * DAY, topics: &[topic], ..Said::default() };
    themes.add(&said.mention(), &Text::new(source), &["acme"]);
}

#[test]
fn pains_and_interests_are_split_and_lead_back_to_posts() {
    let mut themes = Themes::new(TrendConfig::default());
    for id in 0..6 {
        told(&mut themes, id, 1, "complaint", "Acme battery life is terrible, the battery life really is");
        told(&mut themes, id + 10, 1, "praise", "love the camera");
    }
    told(&mut themes, 20, 1, "complaint", "the camera is late");
    let pains = themes.top(ThemeKind::Complaint, 10);
    assert_eq!((&*pains[0].phrase, pains[0].posts), ("battery life", 6), "once a post");
    assert_eq!(pains[0].samples, (0..5).map(key).collect::<Vec<_>>());
    assert!(
        pains.iter().all(|theme| !["acme", "battery", "life", "the"].contains(&&*theme.phrase)),
        "{pains:?}"
    );
    let interests = themes.top(ThemeKind::Interest, 1);
    assert_eq!((&*interests[0].phrase, interests[0].posts), ("camera", 6));
    let opportunities = themes.opportunities(5, 3);
    assert!(opportunities.iter().all(|one| one.kind == OpportunityKind::ServiceFix && one.theme.posts >= 3));
    assert_eq!(opportunities.len(), 1);
}

#[test]
fn a_burst_of_questions_is_a_content_suggestion_and_of_complaints_an_issue() {
    let mut themes = Themes::new(TrendConfig::default());
    let mut id = 0;
    for day in 0..12 {
        for (topic, source) in
            [("question", "does acme sell gift cards"), ("complaint", "screen flickers again")]
        {
            let times = if day == 11 && topic == "question" { 20 } else { 2 };
            for _ in 0..times {
                told(&mut themes, id, day, topic, source);
                id += 1;
            }
        }
        if day == 11 {
            for _ in 0..9 {
                told(&mut themes, id, day, "complaint", "the checkout page hangs");
                id += 1;
            }
        }
    }
    let now = Timestamp::from_secs(11 * DAY + 5);
    let suggestions = themes.content_suggestions(now);
    assert_eq!(
        suggestions.iter().map(|s| (&*s.topic, s.questions)).collect::<Vec<_>>(),
        [("gift cards", 20), ("sell gift", 20)]
    );
    assert!(!suggestions[0].samples.is_empty());
    let issues: Vec<String> = themes
        .rising(ThemeKind::Complaint, now)
        .into_iter()
        .map(|rising| rising.theme.phrase.into())
        .collect();
    assert_eq!(issues, ["checkout page", "page hangs"]);
    assert!(themes.content_suggestions(Timestamp::from_secs(10 * DAY)).is_empty(), "a flat topic is none");
}

#[test]
fn an_issue_shows_before_it_is_a_crisis() {
    const HOUR: i64 = 3_600_000;
    let (mut themes, mut hours) = (Themes::new(TrendConfig::default()), Window::new(HOUR, 24 * 30));
    let mut id = 0;
    let mut complain = |hour: i64, times: usize, source: &str| {
        for _ in 0..times {
            let said = Said { id, at: hour * 3_600, topics: &["complaint"], ..Said::default() };
            themes.add(&said.mention(), &Text::new(source), &["acme"]);
            let (at, author) = (Timestamp::from_millis(hour * HOUR), id.to_string());
            hours.add(&Observation { negative: 1, author: Some(&author), ..Observation::at(at) });
            id += 1;
        }
        let rising = themes.rising(ThemeKind::Complaint, Timestamp::from_millis(hour * HOUR));
        let phrases: Vec<String> = rising.into_iter().map(|rising| rising.theme.phrase.into()).collect();
        let level = Watch::replay(&WatchConfig::hourly(), &hours).last().and_then(|last| last.crisis.level);
        (phrases, level)
    };
    for hour in (0..240).step_by(4) {
        assert_eq!(complain(hour, 1, "screen flickers again"), (vec![], None), "hour {hour}");
    }
    let told: Vec<_> = (0..6).map(|n| complain(240 + 2 * n, 1, "the checkout page hangs")).collect();
    assert!(told.iter().all(|(_, level)| level.is_none()), "{told:?}");
    assert_eq!(told[5].0, ["checkout page", "page hangs"], "six in half a day are a problem in the making");
    let (_, level) = complain(252, 40, "the checkout page hangs");
    assert!(level >= Some(CrisisLevel::Concern), "forty in an hour are a crisis: {level:?}");
}

#[test]
fn rivals_show_weak_points_openings_and_who_switches() {
    let mut rivals = Rivals::new(TrendConfig::default());
    for id in 0..150 {
        let said = Said { id, topics: &["complaint", "pricing"], sentiment: Some(-0.9), ..Said::default() };
        let mut mention = said.mention();
        if id < 3 {
            mention.changes = vec![Change { from: Some("Globex".into()), to: Some("ACME".into()) }];
        } else if id == 3 {
            mention.changes = vec![Change { from: Some("acme".into()), to: None }];
        }
        rivals.add("globex", &mention, &Text::new("globex invoices are a mess"), id % 3 == 0);
    }
    let report = rivals.report("globex", 3).unwrap();
    assert_eq!((report.volume.posts, report.volume.net(), report.prices), (150, Some(-1.0), 150));
    assert_eq!((report.openings.len(), report.opted_out), (100, 50));
    assert_eq!(&*report.pains[0].phrase, "invoices");
    assert_eq!(report.changes.iter().map(|change| change.1).collect::<Vec<_>>(), [3, 1]);
    assert_eq!(report.changes[0].0.from.as_deref(), Some("globex"));
    assert!(rivals.report("initech", 3).is_none());
}

#[test]
fn only_a_positive_original_post_of_a_peer_with_reach_is_amplified() {
    let good = || {
        Said { sentiment: Some(0.8), followers: Some(5_000), intents: &["recommend"], ..Said::default() }
            .mention()
    };
    assert!(amplify(&good(), 1_000).unwrap().contains(&"recommends"));
    let worse: [fn(&mut Mention); 5] = [
        |m| m.sentiment = Some(0.1),
        |m| m.original = false,
        |m| m.role = hearken::listen::Role::Employee,
        |m| m.reach = None,
        |m| m.topics.push("complaint".into()),
    ];
    for (number, change) in worse.iter().enumerate() {
        let mut mention = good();
        change(&mut mention);
        assert_eq!(amplify(&mention, 1_000), None, "{number}");
    }
}

#[test]
fn an_event_counts_its_window_and_closes_answered_questions() {
    let mut report = EventReport::new(Timestamp::from_secs(100), Timestamp::from_secs(200));
    let question =
        |id, at, thread| Said { id, at, topics: &["question"], thread, ..Said::default() }.mention();
    report.add(&question(1, 99, None));
    report.add(&question(2, 100, Some("a")));
    report.add(&question(3, 150, Some("b")));
    report.add(&Said { id: 4, at: 199, topics: &["praise"], ..Said::default() }.mention());
    report.add(
        &Said { id: 5, at: 160, direction: Direction::Outbound, thread: Some("a"), ..Said::default() }
            .mention(),
    );
    report.add(&question(6, 200, None));
    assert_eq!((report.posts(), report.outside()), (3, 2));
    assert_eq!(report.open_questions().collect::<Vec<_>>(), [&key(3)]);
    assert_eq!(report.praise(), [key(4)]);
}

#[test]
fn peers_ask_and_answer_without_the_brand() {
    let mut talk = PeerTalk::default();
    talk.add(&Said { id: 1, intents: &["seek"], thread: Some("t"), ..Said::default() }.mention());
    for (id, product) in [(2, "Acme"), (3, "globex"), (4, "acme")] {
        let mut answer = Said { id, intents: &["recommend"], thread: Some("t"), ..Said::default() }.mention();
        answer.recommends.push(product.into());
        talk.add(&answer);
    }
    let mut ours =
        Said { id: 5, intents: &["recommend"], direction: Direction::Outbound, ..Said::default() }.mention();
    ours.recommends.push("acme".into());
    talk.add(&ours);
    assert_eq!(talk.asks().collect::<Vec<_>>(), [(&key(1), 3)]);
    assert_eq!(talk.products().collect::<Vec<_>>(), [("acme", 2), ("globex", 1)]);
    assert_eq!(talk.skipped(), 1);
}

#[test]
fn coverage_counts_by_week_and_shows_what_was_missed() {
    let monitors = [
        Monitor::new("acme", MonitorKind::Brand).indirect("acme"),
        Monitor::new("never", MonitorKind::Campaign).direct("#never"),
    ];
    let listener = Listener::build(monitors).unwrap();
    let mut coverage = Coverage::new(&listener, Query::parse("acm* OR akme", Scope::Monitor).unwrap());
    let sunday = Timestamp::parse("2026-03-01T23:59:59Z").unwrap();
    for (id, (source, at)) in [
        ("acme", sunday),
        ("acme", sunday + 1_000),
        ("acme", sunday + 2_000),
        ("akme is down", sunday),
        ("other", sunday),
    ]
    .into_iter()
    .enumerate()
    {
        let text = Text::new(source);
        let facts = Facts::new(&text);
        let heard = listener.hear(&facts, None, &mut Scratch::default());
        let hits: Vec<usize> = heard.hits.iter().map(|hit| hit.place).collect();
        coverage.note(&hits, &facts, &key(id), at);
    }
    let weeks: Vec<(String, &str, u64)> =
        coverage.weeks().map(|(week, id, hits)| (week.to_string(), id, hits)).collect();
    assert_eq!(
        weeks,
        [
            ("2026-02-23T00:00:00.000Z".to_owned(), "acme", 1),
            ("2026-03-02T00:00:00.000Z".to_owned(), "acme", 2)
        ]
    );
    assert_eq!(coverage.silent().collect::<Vec<_>>(), ["never"]);
    assert_eq!((coverage.missed(), coverage.samples()), (1, &[key(3)][..]));
}
