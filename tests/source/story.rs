//! The data of the examples tells the story that its README promises.

use hearken::limits::Limits;
use hearken::model::{Interaction, ItemKey, Platform, Timestamp};
use hearken::source::{Batch, PlatformEvent, Reason, adapter};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

const ACCOUNTS: [&str; 10] = [
    "lumora",
    "104928173650012",
    "17841400123456789",
    "lumora.home",
    "urn:li:organization:2414183",
    "UCLumoraHome00000000001",
    "did:plc:lumora7k2m4q6s8u3w5y7a9",
    "lumora.example",
    "help@lumora.example",
    "sales@lumora.example",
];

/// Every bundled payload, read, in order of arrival.
fn arrivals() -> Vec<(Platform, Batch)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/payloads");
    let mut files = BTreeMap::new();
    for folder in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let platform = folder.file_name().unwrap().to_string_lossy().into_owned();
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            files.insert(file.file_name().unwrap().to_owned(), (Platform::from(&*platform), file));
        }
    }
    let read = |(platform, file): (Platform, _)| {
        let batch = adapter(&platform, ACCOUNTS).parse(&fs::read(file).unwrap(), &Limits::default());
        (platform, batch)
    };
    files.into_values().map(read).collect()
}

fn created(events: &[PlatformEvent]) -> Vec<&Interaction> {
    events
        .iter()
        .filter_map(|event| if let PlatformEvent::Created(item) = event { Some(&**item) } else { None })
        .collect()
}

#[test]
fn enough_is_said_in_enough_places() {
    let arrivals = arrivals();
    let events: Vec<_> = arrivals.iter().flat_map(|(_, batch)| batch.events.clone()).collect();
    let items = created(&events);
    let keys: BTreeSet<_> = items.iter().map(|item| &item.key).collect();
    let platforms: BTreeSet<_> = keys.iter().map(|key| &key.platform).collect();
    assert!(
        keys.len() >= 140 && platforms.len() >= 8,
        "{} items from {} platforms",
        keys.len(),
        platforms.len()
    );
    assert!(items.len() > keys.len(), "nothing is delivered twice");

    let times: BTreeSet<_> = items.iter().filter_map(|item| item.published_at).collect();
    assert_eq!(times.first().unwrap().to_string().split('T').next(), Some("2026-03-02"));
    assert_eq!(times.last().unwrap().to_string().split('T').next(), Some("2026-04-05"));

    let edits = events.iter().filter(|event| matches!(event, PlatformEvent::Edited(_))).count();
    assert!(edits >= 5, "{edits} edits");
    let reasons: BTreeSet<_> =
        arrivals.iter().flat_map(|(_, batch)| &batch.rejected).map(|piece| piece.reason).collect();
    for reason in [Reason::NotJson, Reason::Field, Reason::UnknownKind, Reason::NotAnInteraction] {
        assert!(reasons.contains(&reason), "no {reason:?} among the rejected");
    }
    assert_eq!(arrivals.iter().map(|(_, batch)| batch.follow_up.len()).sum::<usize>(), 1);
}

#[test]
fn one_deletion_comes_before_its_item_and_others_after() {
    let (mut seen, mut early, mut late) = (BTreeSet::<ItemKey>::new(), BTreeSet::<ItemKey>::new(), 0);
    let mut caught_up = 0;
    for (_, batch) in arrivals() {
        for event in batch.events {
            match event {
                PlatformEvent::Deleted { item, .. } if seen.contains(&item) => late += 1,
                PlatformEvent::Deleted { item, .. } => drop(early.insert(item)),
                PlatformEvent::Created(item) => {
                    caught_up += usize::from(early.contains(&item.key));
                    seen.insert(item.key);
                }
                _ => {}
            }
        }
    }
    assert_eq!((caught_up, late), (1, 3));
}

#[test]
fn the_wave_and_the_case() {
    let events: Vec<_> = arrivals().into_iter().flat_map(|(_, batch)| batch.events).collect();
    let items = created(&events);
    let at = |text| Timestamp::parse(text).unwrap();
    let wave = at("2026-03-18T13:00:00Z")..at("2026-03-18T17:30:00Z");
    let melted = |item: &&&Interaction| item.published_at.is_some_and(|at| wave.contains(&at));
    let keys: BTreeSet<_> = items.iter().filter(melted).map(|item| &item.key).collect();
    assert!(keys.len() >= 25, "{} items in the wave", keys.len());

    let by_mara =
        |item: &&&Interaction| item.author.as_ref().is_some_and(|author| &*author.key.id == "31840021");
    let mara: Vec<_> = items.iter().filter(by_mara).collect();
    assert!(mara[0].content.text.reveal().contains("handle") && !mara[0].is_private());
    let private: Vec<_> = mara.iter().filter(|item| item.is_private()).collect();
    assert!(private[0].content.text.reveal().contains("mara.lindqvist@post.example"));
    assert!(private[1].content.text.reveal().contains("happy again"));
}

#[test]
fn forty_customers() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/data/customers.csv");
    let mut table = csv::Reader::from_path(path).unwrap();
    let rows: Vec<BTreeMap<String, String>> = table.deserialize().map(Result::unwrap).collect();
    let ids: BTreeSet<_> = rows.iter().map(|row| &row["id"]).collect();
    assert_eq!((rows.len(), ids.len()), (40, 40));
    let orders: Vec<_> =
        rows.iter().flat_map(|row| row["products"].split(';')).filter(|p| !p.is_empty()).collect();
    let numbers: BTreeSet<_> = orders.iter().map(|order| order.split('|').next().unwrap()).collect();
    assert_eq!(numbers.len(), orders.len(), "an order number stands twice");
    assert!(orders.iter().all(|order| order.split('|').count() == 3));
}
