//! Routing, assignment and business time. One thread; what is timed is a whole pass over everything that was made
//! beforehand (20,000 facts, 2,000 pieces of work, 10,000 deadlines), and of several passes the shortest counts. Lines of
//! `number unit what`.
//!
//! `cargo bench --bench route`

use hearken::calendar::{Calendar, Holiday, Hours, Weekly};
use hearken::engine::{self, Command, Engine, Settings, drive};
use hearken::facts::{Facts, Scope};
use hearken::limits::Limits;
use hearken::model::{Interaction, InteractionKind, Platform, Priority, Profile, Timestamp};
use hearken::query::{Query, Scratch};
use hearken::route::{
    Action, Agent, AgentState, Assign, Desk, DeskEvent, DeskState, Policy, Presence, Roster, Rule, RuleBook,
    Rules, Work,
};
use hearken::source::PlatformEvent;
use hearken::store::MemoryStore;
use hearken::text::Text;
use std::hint::black_box;
use std::time::Instant;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

/// Nanoseconds for one of `count` rounds of `work`, the least of `runs`. What is made is dropped behind the clock.
fn nanos<T>(runs: usize, count: usize, mut work: impl FnMut() -> T) -> f64 {
    let time = |_| {
        let start = Instant::now();
        let made = black_box(work());
        let took = start.elapsed().as_nanos() as f64 / count as f64;
        drop(made);
        took
    };
    (0..runs).map(time).fold(f64::INFINITY, f64::min)
}

fn main() {
    calendar();
    assign();
    desk();
    turn();
    [10, 100, 1_000, 10_000].into_iter().for_each(rules);
}

fn calendar() {
    let hours = Hours {
        zone: "Europe/London".into(),
        weekly: Weekly::workdays(&["09:00-12:30", "13:30-17:00"]),
        holidays: (2020..2040)
            .flat_map(|year| ["01-01", "12-25", "12-26"].map(|day| format!("{year}-{day}")))
            .map(|date| Holiday { date, hours: vec![] })
            .collect(),
    };
    let calendar = Calendar::build(&hours).expect("hours");
    let mut random = Random(1);
    let starts: Vec<(Timestamp, i64)> = (0..10_000)
        .map(|_| {
            let start = 1_577_836_800_000 + random.below(10 * 365 * 86_400_000) as i64;
            (Timestamp::from_millis(start), random.below(10 * 250 * 7 * 3_600_000) as i64)
        })
        .collect();
    let deadline = nanos(20, starts.len(), || {
        for &(start, business) in &starts {
            black_box(calendar.deadline(start, business));
        }
    });
    let elapsed = nanos(20, starts.len(), || {
        for &(start, business) in &starts {
            black_box(calendar.elapsed(start, start + business));
        }
    });
    println!("{deadline:.1} ns business deadline, up to ten years");
    println!("{elapsed:.1} ns business time elapsed");
}

fn assign() {
    let mut random = Random(2);
    let agents: Vec<Agent> = (0..1_000)
        .map(|index| {
            let mut agent = Agent::new(format!("agent{index:04}"), 4);
            for _ in 0..1 + random.below(3) {
                agent.languages.insert(format!("language{}", random.below(8)));
            }
            for _ in 0..2 + random.below(8) {
                agent.skills.insert(format!("skill{:02}", random.below(50)), 1 + random.below(5) as u8);
            }
            agent
        })
        .collect();
    let now = Timestamp::from_secs(1_000);
    for (name, asks) in [("a language and a skill", 1), ("a language alone", 0)] {
        let mut roster = Roster::build(agents.clone(), Policy::promises()).expect("a roster");
        for agent in &agents {
            roster.set_presence(&agent.id, Presence::Online, now);
            for item in 0..random.below(4) {
                roster.hold(&agent.id, Work::new(format!("{}-{item}", agent.id), now, 0), now);
            }
        }
        let items: Vec<Work> = (0..2_000)
            .map(|index| {
                let mut work = Work::new(format!("work{index}"), now, 600_000);
                work.language = Some(format!("language{}", random.below(8)));
                for _ in 0..asks {
                    work.skills.insert(format!("skill{:02}", random.below(50)), 1 + random.below(3) as u8);
                }
                work
            })
            .collect();
        let each = nanos(20, items.len(), || {
            for work in &items {
                black_box(roster.choose(work, now));
            }
        });
        println!("{each:.1} ns assignment, 1,000 agents, 50 skills, asking for {name}");
    }
}

/// A full desk: 1,000 agents with nothing free, 10,000 pieces of work waiting, one done and one coming in a step.
fn desk() {
    let mut random = Random(3);
    let agents: Vec<Agent> = (0..1_000)
        .map(|index| {
            let mut agent = Agent::new(format!("agent{index:04}"), 4);
            agent.languages.insert(format!("language{}", index % 8));
            agent.skills.insert(format!("skill{:02}", random.below(10)), 3);
            agent
        })
        .collect();
    let mut desk = Desk::build(agents.clone(), Policy::promises()).expect("a desk");
    let now = Timestamp::from_secs(1_000);
    for agent in &agents {
        desk.step(DeskEvent::Presence { agent: agent.id.clone(), presence: Presence::Online }, now);
    }
    let mut offer = |desk: &mut Desk, index: usize| {
        let mut work = Work::new(format!("work{index:06}"), now + index as i64, 3_600_000);
        work.priority = [Priority::Medium, Priority::High][random.below(8) as usize / 7];
        work.language = Some(format!("language{}", random.below(8)));
        work.skills.insert(format!("skill{:02}", random.below(10)), 1);
        desk.step(DeskEvent::Offer(Box::new(work)), now + index as i64);
    };
    let mut index = 0;
    while desk.waiting().len() < 10_000 {
        offer(&mut desk, index);
        index += 1;
    }
    let first = index;
    let each = nanos(3, 50, || {
        for _ in 0..50 {
            let held = desk.roster().agents().find_map(|(_, state)| state.held.keys().next().cloned());
            desk.step(DeskEvent::Done(held.expect("somebody is busy")), now + index as i64);
            offer(&mut desk, index);
            index += 1;
        }
    });
    // A unit that comes free may be kept for urgent work.
    let waiting = desk.waiting().len();
    assert!(index > first && (10_000..10_020).contains(&waiting), "{waiting} wait");
    println!("{:.1} us one done and one coming in, 1,000 agents, 10,000 waiting", each / 1e3);
}

/// What a turn of the engine pays for a desk of 1,000 agents: a copy of the engine's own that goes on from the agents'
/// records, and a whole turn that opens a case and gives it to somebody.
fn turn() {
    let agents: Vec<Agent> = (0..1_000)
        .map(|index| {
            let mut agent = Agent::new(format!("agent{index:04}"), 8);
            agent.teams.insert("service".into());
            agent
                .skills
                .extend((0..5).map(|skill| (format!("skill{:02}", (index * 7 + skill * 11) % 50), 3)));
            agent.hours = Some(Hours {
                zone: "UTC".into(),
                weekly: Weekly::workdays(&["00:00-12:00", "12:30-24:00"]),
                holidays: vec![],
            });
            agent
        })
        .collect();
    let now = Timestamp::parse("2026-03-04T10:00:00Z").expect("a time");
    let desk = Desk::build(agents.clone(), Policy::promises()).expect("a desk");
    let mut state = DeskState { now, ..DeskState::default() };
    for agent in &agents {
        let there = AgentState { presence: Presence::Online, since: now, ..AgentState::default() };
        state.agents.insert(agent.id.clone(), there);
    }
    let each = nanos(50, 1, || {
        let (mut copy, state) = (desk.clone(), state.clone());
        copy.restore(state);
        copy
    });
    println!("{:.1} us restoring a desk of 1,000 agents", each / 1e3);

    let settings = serde_json::json!({"agents": agents, "rules": {"rules": [
        {"id": "case", "when": "topic:complaint", "then": [{"assign": {"team": "service", "skills": {"skill07": 1}}}]}]}});
    let settings: Settings = serde_json::from_value(settings).expect("settings");
    let bench = Engine::builder("bench").settings(settings).build().expect("an engine");
    let mut store = MemoryStore::default();
    for agent in &agents {
        let there = Command::Presence { agent: agent.id.clone(), presence: Presence::Online };
        drive(&bench, &mut store, &there.into(), now).expect("a turn");
    }
    let mut opened = 0;
    let each = nanos(200, 1, || {
        opened += 1;
        let mut item = Interaction::new(Platform::X, format!("{opened}"), InteractionKind::Mention);
        item.author = Some(Profile::new(Platform::X, format!("author{opened}")));
        item.published_at = Some(now);
        item.content.text = "my kettle is broken, please help".into();
        let event = PlatformEvent::Created(Box::new(item)).into();
        let outcome = drive(&bench, &mut store, &event, now).expect("a turn");
        let given = outcome
            .effects
            .iter()
            .any(|effect| matches!(effect.action, engine::Action::Assign { agent: Some(_), .. }));
        assert!(given, "a case is opened and given to somebody");
    });
    println!("{:.1} us a turn that opens a case, 1,000 agents", each / 1e3);
}

const PLATFORMS: [&str; 8] =
    ["x", "facebook", "instagram", "linkedin", "youtube", "mastodon", "bluesky", "reddit"];
const TIERS: [&str; 5] = ["none", "bronze", "silver", "gold", "platinum"];

/// Rules of four conditions of five, and facts they ask about: our own small workload, in the same run as the plain
/// scan. `examples/route.rs --bench` measures any workload.
fn rules(count: usize) {
    let mut random = Random(7);
    let rules = (0..count).map(|index| {
        let left_out = random.below(5);
        let parts = [
            format!("platform:{}", PLATFORMS[random.below(8) as usize]),
            format!(
                "customer.tier:({} OR {})",
                TIERS[random.below(5) as usize],
                TIERS[random.below(5) as usize]
            ),
            format!("sentiment<{}", random.below(16) as f64 / 10.0 - 0.8),
            format!("author.followers>{}", 10u64.pow(1 + random.below(6) as u32)),
            format!("word{}", random.below(300)),
        ];
        let kept =
            parts.into_iter().enumerate().filter(|(part, _)| *part as u64 != left_out).map(|(_, part)| part);
        let assign = Assign { team: Some(format!("team{}", random.below(40)).into()), ..Assign::default() };
        Rule::new(format!("r{index}"), kept.collect::<Vec<_>>().join(" "), vec![Action::Assign(assign)])
    });
    let book = RuleBook { rules: rules.collect(), ..RuleBook::default() };
    let limits = Limits::default();
    let build = nanos(3, 1, || Rules::build(&book, &limits));
    let ready = Rules::build(&book, &limits).expect("rules");
    let texts: Vec<Text> = (0..20_000)
        .map(|_| {
            let words: Vec<String> = (0..12).map(|_| format!("word{}", random.below(300))).collect();
            Text::new(&words.join(" "))
        })
        .collect();
    let facts: Vec<Facts<'_>> = texts
        .iter()
        .map(|text| {
            Facts::new(text)
                .with("platform", PLATFORMS[random.below(8) as usize])
                .with("customer.tier", TIERS[random.below(5) as usize])
                .with("sentiment", random.below(200) as f64 / 100.0 - 1.0)
                .with("author.followers", random.below(10_000_000) as f64)
        })
        .collect();
    let mut scratch = Scratch::default();
    let indexed = nanos(9, facts.len(), || {
        for facts in &facts {
            black_box(ready.first(facts, &mut scratch).is_some());
        }
    });
    let queries: Vec<Query> =
        book.rules.iter().map(|rule| Query::parse(&rule.when, Scope::Rule).expect("a query")).collect();
    let few = &facts[..(2_000_000 / count).clamp(1, facts.len())];
    let plain = nanos(1, few.len(), || {
        for facts in few {
            black_box(queries.iter().position(|query| query.matches(facts)));
        }
    });
    println!("{:.3} ms build of {count} rules", build / 1e6);
    println!(
        "{:.0} facts/s first match of {count} rules, {:.1} times a plain scan",
        1e9 / indexed,
        plain / indexed
    );
}
