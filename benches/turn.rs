//! The whole turn in one thread: text, sentiment, signals, matching, 100 monitors, 100 rules, receipt and commit, over
//! 100,000 customers. Parsing is left out, the store is warm, every post is new; 98 % of authors are linked.
//!
//! `cargo bench --bench turn [-- POSTS [customers]]`; figures on standard output, the headline last.

use hearken::engine::{Command, Engine, Event, Settings, drive};
use hearken::model::{AccountKey, Customer, Interaction, InteractionKind, Platform, Profile, Timestamp};
use hearken::source::PlatformEvent;
use hearken::store::MemoryStore;
use std::time::Instant;

/// Posts come after all customers are there.
const LATER: u64 = 1_000_000;

fn at(n: u64) -> Timestamp {
    Timestamp::from_millis(1_772_000_000_000 + n as i64 * 1_000)
}

fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

fn word(n: u64) -> String {
    const PARTS: [&str; 16] =
        ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "zu", "da", "fe", "gi", "ho", "ja", "po"];
    let mut z = mix(n);
    (0..3)
        .map(|_| {
            let part = PARTS[(z % 16) as usize];
            z /= 16;
            part
        })
        .collect()
}

fn profile(n: u64) -> Profile {
    let mut profile = Profile::new(Platform::X, format!("{}", 10_000_000 + n));
    profile.handle = Some(format!("{}{}", word(n), n).into());
    profile.display_name = Some(format!("{} {}", word(n), word(n + 7_000_000)).into());
    profile.followers = Some(mix(n) % 5_000);
    profile
}

fn posts(count: u64, author: impl Fn(u64) -> u64, texts: &[String]) -> Vec<Event> {
    (0..count)
        .map(|n| {
            let mut item = Interaction::new(
                Platform::X,
                format!("{}", 1_790_000_000_000_000_000 + n),
                InteractionKind::Mention,
            );
            item.author = Some(profile(author(n)));
            item.published_at = Some(at(LATER + n));
            item.content.text = texts[mix(n) as usize % texts.len()].as_str().into();
            PlatformEvent::Created(Box::new(item)).into()
        })
        .collect()
}

fn texts() -> Vec<String> {
    const LINES: [&str; 8] = [
        "my new kettle broke after a week and support does not answer, very disappointed",
        "love the lamp, best thing I bought this year! thank you",
        "does anybody know when the store in town opens on sundays?",
        "can anyone recommend a good kettle? thinking of buying one this month",
        "on my way to work, coffee in hand, what a morning",
        "the app keeps crashing since the last update, please fix it",
        "just ordered two more for my parents, they will love it 😍",
        "@brand where is my order? it should have been here on monday",
    ];
    (0..4_000u64)
        .map(|n| format!("{} {} {}", LINES[n as usize % 8], word(mix(n) % 3_000), word(n % 500)))
        .collect()
}

/// 100 monitors and 100 rules; about one post in a hundred opens a case.
fn settings() -> Settings {
    let monitors: Vec<_> = (0..100u64)
        .map(|n| serde_json::json!({"id": format!("m{n}"), "kind": "industry",
            "query": format!("({} OR \"{} {}\") -{}", word(n), word(n + 500), word(n + 1_000), word(n + 1_500))}))
        .collect();
    let mut rules: Vec<_> = (0..99u64)
        .map(|n| {
            serde_json::json!({"id": format!("r{n}"), "then": [{"tag": format!("t{n}")}],
            "when": format!("monitor:m{n} sentiment<0.{} author.followers>{}", n % 10, n * 10)})
        })
        .collect();
    rules.push(
        serde_json::json!({"id": "case", "when": format!("topic:complaint ({} OR {})", word(7), word(11)),
        "then": [{"assign": {"team": "service"}}, {"priority": "high"}]}),
    );
    let agents: Vec<_> = (0..20)
        .map(|n| serde_json::json!({"id": format!("a{n}"), "capacity": 1_000, "teams": ["service"]}))
        .collect();
    let settings = serde_json::json!({"monitors": monitors, "rules": {"rules": rules}, "agents": agents});
    serde_json::from_value(settings).unwrap()
}

fn measure(name: &str, engine: &Engine, store: &mut MemoryStore, events: &[Event]) -> f64 {
    let mut times: Vec<u64> = Vec::with_capacity(events.len());
    let start = Instant::now();
    for (n, event) in events.iter().enumerate() {
        let began = Instant::now();
        drive(engine, store, event, at(2 * LATER + n as u64)).unwrap();
        times.push(began.elapsed().as_nanos() as u64);
    }
    let rate = events.len() as f64 / start.elapsed().as_secs_f64();
    times.sort_unstable();
    let part = |share: f64| times[((times.len() - 1) as f64 * share) as usize] as f64 / 1_000.0;
    println!("{:.1} us p50 {name}", part(0.5));
    println!("{:.1} us p99 {name}", part(0.99));
    println!("{rate:.0} turns/s {name}");
    rate
}

fn main() {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let count: u64 = numbers.next().unwrap_or(50_000);
    let customers: u64 = numbers.next().unwrap_or(100_000);
    let engine = Engine::builder("bench").settings(settings()).build().unwrap();
    let mut store = MemoryStore::default();
    let start = Instant::now();
    for n in 0..customers {
        let mut customer = Customer::new(format!("c-{n}"));
        customer.given = Some(word(n).into());
        customer.family = Some(word(n + 7_000_000).into());
        customer.emails.push(format!("{}{n}@example.com", word(n)).into());
        customer.accounts.push(AccountKey::new(Platform::X, format!("{}", 10_000_000 + n)));
        let event = Command::PutCustomer { customer: Box::new(customer) }.into();
        drive(&engine, &mut store, &event, at(0)).unwrap();
    }
    eprintln!("{customers} customers in {:.1} s", start.elapsed().as_secs_f64());
    let texts = texts();
    // Every author linked once; what is measured are later posts of theirs.
    for event in posts(customers, |n| n, &texts) {
        drive(&engine, &mut store, &event, at(LATER)).unwrap();
    }
    eprintln!("warm: {} rows", store.len());
    let again = |events: Vec<Event>, offset: u64| -> Vec<Event> {
        events
            .into_iter()
            .map(|mut event| {
                if let Event::Platform { event: PlatformEvent::Created(item) } = &mut event {
                    item.key.id = format!("{offset}-{}", item.key.id).into();
                }
                event
            })
            .collect()
    };
    let new = again(posts(count / 10, |n| LATER + n, &texts), 2);
    measure("new authors", &engine, &mut store, &new);
    let linked =
        again(posts(count, |n| if n % 50 == 0 { 2 * LATER + n } else { mix(n) % customers }, &texts), 1);
    measure("98 % linked authors", &engine, &mut store, &linked);
}
