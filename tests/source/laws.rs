//! What holds for every payload.

use hearken::limits::Limits;
use hearken::model::{Direction, Interaction, InteractionKind, ItemKey, Platform, Timestamp, Visibility};
use hearken::source::{Batch, Generic, PlatformEvent, Reason, Source, X, adapter};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const PLATFORMS: [&str; 9] =
    ["x", "facebook", "instagram", "messenger", "linkedin", "youtube", "mastodon", "bluesky", "generic"];

fn parse(platform: &str, payload: &[u8]) -> Batch {
    adapter(&Platform::from(platform), ["lumora"]).parse(payload, &Limits::default())
}

fn items(batch: &Batch) -> Vec<&Interaction> {
    let item = |event| match event {
        &PlatformEvent::Created(ref item) | &PlatformEvent::Edited(ref item) => Some(&**item),
        _ => None,
    };
    batch.events.iter().filter_map(item).collect()
}

/// The payloads of the golden cases: real shapes, to be mutated.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/source");
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let cases =
        files.iter().flat_map(|file| serde_json::from_slice::<Vec<Value>>(&fs::read(file).unwrap()).unwrap());
    let seed = |case: Value| {
        let payload = case["payload"].as_str().map_or_else(|| case["payload"].to_string(), str::to_owned);
        (case["platform"].as_str().unwrap().to_owned(), payload.into_bytes())
    };
    cases.map(seed).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Real shapes, flipped, cut and spliced: always a batch, always the same, and serde can write it.
    #[test]
    fn mutated_payloads_give_a_batch(
        (seed, other) in (0usize..1_000, 0usize..1_000),
        edits in prop::collection::vec((0u8..4, any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<u8>()), 1..5),
    ) {
        thread_local! { static SEEDS: Vec<(String, Vec<u8>)> = seeds(); }
        let ((platform, mut bytes), (_, other)) =
            SEEDS.with(|seeds| (seeds[seed % seeds.len()].clone(), seeds[other % seeds.len()].clone()));
        for (edit, at, to, byte) in edits {
            if bytes.is_empty() { break; }
            let at = at.index(bytes.len());
            match edit {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => { bytes.drain(at..at + to.index(bytes.len() - at)); }
                _ => { let from = to.index(other.len()); bytes.splice(at..at, other[from..].iter().copied()); }
            }
        }
        let batch = parse(&platform, &bytes);
        prop_assert_eq!(&batch, &parse(&platform, &bytes));
        let json = serde_json::to_string(&batch).unwrap();
        prop_assert_eq!(serde_json::from_str::<Batch>(&json).unwrap(), batch);
    }

    /// Bytes that are no payload at all are told, unless they are blank.
    #[test]
    fn bytes_of_any_kind_give_a_batch(platform in prop::sample::select(&PLATFORMS), bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let batch = parse(platform, &bytes);
        let blank = String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').trim().is_empty();
        prop_assert_eq!(blank, batch.events.is_empty() && batch.rejected.is_empty());
    }

    /// An id comes out as the text that went in; text and number of the same digits are the same id, and
    /// leading zeros keep two ids apart.
    #[test]
    fn ids_are_text(number in any::<u64>(), zeros in 0usize..3) {
        let text = format!("{}{number}", "0".repeat(zeros));
        let batch = parse("generic", json!([{"id": text, "text": "a"}, {"id": number, "text": "b"}]).to_string().as_bytes());
        let ids: Vec<_> = items(&batch).iter().map(|item| item.key.id.to_string()).collect();
        prop_assert_eq!(&ids, &[text, number.to_string()]);
        prop_assert_eq!(ids[0] == ids[1], zeros == 0);
    }

    /// C04: an item written as canonical JSON and read again is the same, for every kind, also unknown ones.
    #[test]
    fn canonical_items_round_trip(
        kind in prop_oneof![
            prop::sample::select(InteractionKind::ALL),
            "[a-z]{3,8}".prop_map(|name| InteractionKind::from(&*name)),
        ],
        id in "[0-9a-zA-Z:/_.-]{1,20}",
        text in "\\PC{0,40}",
        at in 0i64..4_000_000_000_000,
        visibility in prop::sample::select(Visibility::ALL),
        direction in prop::sample::select(Direction::ALL),
        edited in any::<bool>(),
        lang in prop::option::of("[a-z]{2}"),
    ) {
        let mut item = Interaction::new(Platform::from("forum"), id, kind);
        item.content.text = text.into();
        item.content.lang = lang.map(Into::into);
        item.published_at = Some(Timestamp::from_millis(at));
        item.edited_at = edited.then(|| Timestamp::from_millis(at + 1));
        item.visibility = visibility;
        item.direction = direction;
        item.extensions.insert("field_of_tomorrow".into(), json!({"a": [1, null]}));
        let event = if edited { PlatformEvent::Edited(Box::new(item)) } else { PlatformEvent::Created(Box::new(item)) };
        let json = serde_json::to_string(&event).unwrap();
        let batch = Generic::new().parse(json.as_bytes(), &Limits::default());
        prop_assert_eq!(batch.events, vec![event]);
    }
}

/// The place of each value in a document.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, v)| pointers(v, &format!("{at}/{i}"), found))
        }
        Value::Object(map) => map.iter().for_each(|(k, v)| {
            pointers(v, &format!("{at}/{}", k.replace('~', "~0").replace('/', "~1")), found);
        }),
        _ => {}
    }
    found.push(at.to_owned());
}

/// Every value of every golden payload, replaced by one of another type: a batch, and never more than was
/// there before.
#[test]
fn a_value_of_the_wrong_type_anywhere() {
    let wrong =
        [json!(null), json!(true), json!(-1), json!(1.5), json!("x"), json!([]), json!({}), json!([[{}]])];
    for (platform, payload) in seeds() {
        let Ok(document) = serde_json::from_slice::<Value>(&payload) else { continue };
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        for (n, place) in places.iter().enumerate() {
            let mut changed = document.clone();
            *changed.pointer_mut(place).unwrap() = wrong[n % wrong.len()].clone();
            let batch = parse(&platform, changed.to_string().as_bytes());
            let pieces = batch.events.len() + batch.rejected.len() + batch.follow_up.len();
            assert!(pieces <= places.len(), "{platform} {place}: {pieces} pieces");
        }
    }
}

/// What a host would miss in a batch: of each item that it has words, an author, a time, an edit.
fn holdings(batch: &Batch) -> BTreeMap<String, [bool; 4]> {
    let held = |item: &Interaction| {
        [
            !item.content.text.is_empty(),
            item.author.is_some(),
            item.published_at.is_some() || item.edited_at.is_some(),
            item.edited_at.is_some(),
        ]
    };
    items(batch).into_iter().map(|item| (item.key.to_string(), held(item))).collect()
}

/// Any value of any golden payload replaced by one of a type that it cannot have: what is then missing, an item or
/// its words, author or times, is told with a place, asked for, or kept as it came.
#[test]
fn nothing_is_lost_without_a_word() {
    let wrong = [json!(true), json!(-1e300), json!(["a"]), json!({"a": 1}), json!("soon")];
    let mut silent = Vec::new();
    for (platform, payload) in seeds() {
        let Ok(document) = serde_json::from_slice::<Value>(&payload) else { continue };
        let before = parse(&platform, &payload);
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        for (place, wrong) in places.iter().flat_map(|place| wrong.iter().map(move |wrong| (place, wrong))) {
            let mut changed = document.clone();
            let value = changed.pointer_mut(place).unwrap();
            let same_sort = std::mem::discriminant(value) == std::mem::discriminant(wrong) && !is_time(value);
            let id = wrong.is_string() && place.ends_with("/id");
            if same_sort || id || value.is_null() || *value == json!([]) {
                continue;
            }
            *value = wrong.clone();
            let after = parse(&platform, changed.to_string().as_bytes());
            let told = after.rejected.iter().any(|piece| !before.rejected.contains(piece))
                || after.follow_up.iter().any(|request| !before.follow_up.contains(request));
            let kept = |batch: &Batch| items(batch).iter().map(|item| item.extensions.len()).sum::<usize>();
            if told || kept(&after) > kept(&before) {
                continue;
            }
            let (had, has) = (holdings(&before), holdings(&after));
            let fewer = after.events.len() < before.events.len();
            let poorer = had
                .iter()
                .any(|(id, had)| has.get(id).is_some_and(|has| had.iter().zip(has).any(|(a, b)| *a && !b)));
            if fewer || poorer {
                silent.push(format!(
                    "{platform} {place} = {wrong}: {}",
                    if fewer { "an event" } else { "a field" }
                ));
            }
        }
    }
    assert!(silent.is_empty(), "{} losses without a word:\n{}", silent.len(), silent.join("\n"));
}

fn is_time(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.len() > 9 && text.starts_with("20") && text.contains(':'))
}

/// What the generic format does not know is kept as it came, and written out and read again.
#[test]
fn unknown_fields_of_generic_items_survive() {
    let payload = json!({"id": "1", "text": "x", "foo": {"bar": 1}, "customer_no": "77", "comment": "second words",
        "title": 7, "event": "seen", "external_id": "9", "author": {"handle": "ann", "shoe": 38, "bio": 5},
        "metrics": {"likes": 3, "claps": 4}, "attachments": ["https://a.example", {"kind": "image", "size": 9}, 5],
        "review": {"score": 4, "scale_max": 5, "helpful": true}, "geo": {"country": "SE", "street": "Kyrkogatan"}});
    let batch = parse("generic", payload.to_string().as_bytes());
    let item = items(&batch)[0];
    assert_eq!(
        serde_json::to_value(&item.extensions).unwrap(),
        json!({"foo": {"bar": 1}, "customer_no": "77", "comment": "second words", "/title": 7, "/event": "seen",
            "/id": "1", "/metrics/claps": 4, "/attachments/1/size": 9, "/attachments/2": 5,
            "/review/helpful": true, "/geo/street": "Kyrkogatan"})
    );
    let deep = json!({"id": 1, "content": {"text": "x", "lang": "fr", "warning": "w", "format": "html"}});
    let batch = parse("generic", deep.to_string().as_bytes());
    let said = &items(&batch)[0].content;
    assert_eq!((said.lang.as_deref(), said.warning.is_some()), (Some("fr"), true));
    assert_eq!(items(&batch)[0].extensions["/content/format"], "html");
    let batch = parse("generic", br#"{"id": 1, "content": {"text": ["a"]}}"#);
    assert_eq!((batch.events.len(), &*batch.rejected[0].place), (0, "/content/text"));
    let batch = parse("generic", payload.to_string().as_bytes());
    let item = items(&batch)[0];
    let author = item.author.as_ref().unwrap();
    assert_eq!(serde_json::to_value(&author.extensions).unwrap(), json!({"shoe": 38, "/bio": 5}));
    assert_eq!((&*item.key.id, item.attachments.len()), ("9", 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever fields a generic item has, known, unknown or of the wrong type: what is read of it comes back
    /// from its canonical form.
    #[test]
    fn generic_items_round_trip(fields in prop::collection::btree_map(prop::sample::select(NAMES), prop::sample::select(VALUES), 0..12)) {
        let mut item: serde_json::Map<String, Value> =
            fields.into_iter().map(|(name, json)| (name.to_owned(), serde_json::from_str(json).unwrap())).collect();
        item.entry("id").or_insert(json!("1"));
        item.entry("text").or_insert(json!("words"));
        let batch = parse("generic", Value::Object(item).to_string().as_bytes());
        let json = serde_json::to_string(&batch.events).unwrap();
        let again = parse("generic", json.as_bytes());
        prop_assert_eq!(again.events, batch.events);
        prop_assert_eq!(again.rejected, []);
    }
}

/// Names of the format, of the model, and of neither.
const NAMES: &[&str] = &[
    "id",
    "text",
    "kind",
    "type",
    "event",
    "platform",
    "author",
    "user",
    "published_at",
    "date",
    "edited_at",
    "content",
    "title",
    "subject",
    "url",
    "lang",
    "rating",
    "review",
    "metrics",
    "geo",
    "country",
    "recipients",
    "to",
    "labels",
    "facets",
    "poll",
    "provenance",
    "extensions",
    "agent",
    "brand_account",
    "direction",
    "visibility",
    "source_kind",
    "conversation",
    "thread_id",
    "attachments",
    "sensitive",
    "warning",
    "campaign",
    "/id",
    "foo",
    "handle",
    "name",
    "stream_offset_ms",
    "share_of",
    "quotes",
    "reaction",
    "root",
    "in_reply_to",
    "deleted",
];

const VALUES: &[&str] = &[
    "null",
    "true",
    "-1",
    "7",
    "1.5",
    "1772703015",
    "\"\"",
    "\"x\"",
    "\"a b\"",
    "\"2026-03-05T09:30:15Z\"",
    "[]",
    "{}",
    "[\"a\", 2]",
    "{\"id\": \"5\", \"foo\": 1, \"kind\": 3, \"platform\": \"y\"}",
    "{\"text\": \"deep\", \"lang\": \"en\"}",
    "[{\"kind\": \"image\", \"id\": 4}]",
    "{\"score\": 4, \"likes\": 2, \"country\": \"SE\"}",
];

#[test]
fn a_name_of_before_is_understood() {
    for name in ["x", "twitter"] {
        let batch = parse(name, br#"{"data": {"id": "1", "text": "a"}}"#);
        assert_eq!(items(&batch)[0].key.to_string(), "x:1", "{name}");
    }
}

#[test]
fn one_bad_item_never_sinks_its_siblings() {
    let posts: Vec<Value> = (0..100)
        .map(|n| {
            if n % 10 == 3 {
                json!({"id": {"no": "id"}, "text": "x"})
            } else {
                json!({"id": n.to_string(), "text": "x"})
            }
        })
        .collect();
    let batch = parse("x", json!({ "data": posts }).to_string().as_bytes());
    assert_eq!((batch.events.len(), batch.rejected.len()), (90, 10));
    assert!(batch.rejected.iter().all(|piece| piece.reason == Reason::Field));
    assert_eq!(batch.rejected[1].place, "/data/13/id");
}

#[test]
fn a_stream_survives_its_broken_lines() {
    let payload =
        "\r\n{\"id\":\"1\",\"text\":\"a\"}\r\n\r\n{\"id\":\"2\",\"te\n{\"id\":\"3\",\"text\":\"c\"}\n";
    let batch = parse("generic", payload.as_bytes());
    assert_eq!(items(&batch).iter().map(|item| &*item.key.id).collect::<Vec<_>>(), ["1", "3"]);
    assert_eq!(batch.rejected.len(), 1);
    assert_eq!((&*batch.rejected[0].place, batch.rejected[0].reason), ("/2", Reason::NotJson));
}

#[test]
fn keep_alives_say_nothing() {
    for payload in [&b""[..], b"\r\n", b" \n\n", b"\xef\xbb\xbf\n"] {
        assert_eq!(parse("x", payload), Batch::default());
    }
}

#[test]
fn half_an_emoji_costs_one_character() {
    let payload =
        r#"{"id":"1","text":"cut \ud83d","url":"a\\ud83d","title":"\ud83d\ude00 whole, \udc00 not"}"#;
    let batch = parse("generic", payload.as_bytes());
    let item = items(&batch)[0];
    assert_eq!(item.content.text.reveal(), "cut \u{fffd}");
    assert_eq!(item.url.as_deref(), Some("a\\ud83d"));
    assert_eq!(item.title.as_ref().unwrap().reveal(), "😀 whole, \u{fffd} not");
}

#[test]
fn an_id_that_a_number_cannot_hold_is_refused() {
    let batch = parse(
        "generic",
        br#"[{"id": 184467440737095516160, "text": "a"}, {"id": 18446744073709551615, "text": "b"}]"#,
    );
    assert_eq!(items(&batch)[0].key.id.as_ref(), "18446744073709551615");
    assert_eq!((&*batch.rejected[0].place, batch.rejected[0].reason), ("/0/id", Reason::Field));
}

#[test]
fn bounds_hold_and_are_told() {
    let posts: Vec<Value> = (0..50).map(|n| json!({"id": n.to_string(), "text": "é".repeat(20)})).collect();
    let payload = json!({ "data": posts }).to_string();
    let few = Limits { payload_items: 10, ..Limits::default() };
    let batch = X::new().parse(payload.as_bytes(), &few);
    assert_eq!((batch.events.len(), batch.rejected.len()), (10, 1));
    assert_eq!(batch.rejected[0].reason, Reason::Limit);
    assert!(batch.rejected[0].detail.starts_with("40 pieces"), "{}", batch.rejected[0].detail);

    let small = Limits { payload_bytes: payload.len() - 1, ..Limits::default() };
    let batch = X::new().parse(payload.as_bytes(), &small);
    assert_eq!((batch.events.len(), batch.rejected[0].reason), (0, Reason::Limit));

    let short = Limits { text_bytes: 5, ..Limits::default() };
    let batch = X::new().parse(payload.as_bytes(), &short);
    assert_eq!(items(&batch)[0].content.text.reveal(), "éé");
    assert_eq!((batch.rejected.len(), &*batch.rejected[0].place), (50, "/data/0"));
}

#[test]
fn a_redelivered_payload_gives_the_same_keys() {
    for (platform, payload) in seeds() {
        assert_eq!(parse(&platform, &payload), parse(&platform, &payload), "{platform}");
    }
}

/// Each format of the reference, the same instant.
#[test]
fn every_time_format() {
    let at = Timestamp::parse("2026-03-05T09:30:15Z").unwrap();
    for written in [
        json!("2026-03-05T09:30:15Z"),
        json!("2026-03-05T09:30:15.000Z"),
        json!("2026-03-05T10:30:15+01:00"),
        json!("2026-03-05T09:30:15+0000"),
        json!("2026-03-05T09:30:15"),
        json!("2026-03-05 09:30:15"),
        json!("Thu Mar 05 09:30:15 +0000 2026"),
        json!("Mon Mar 05 09:30:15 +0000 2026"),
        json!("Thu, 05 Mar 2026 09:30:15 +0000"),
        json!(1_772_703_015),
        json!(1_772_703_015_000_i64),
        json!(1_772_703_015_000_000_i64),
        json!("1772703015"),
        json!("1772703015000"),
        json!(1_772_703_015.0),
        json!({"seconds": "1772703015", "nanos": 0}),
    ] {
        let batch = parse("generic", json!({"id": 1, "text": "t", "date": written}).to_string().as_bytes());
        assert_eq!(items(&batch)[0].published_at, Some(at), "{written}");
    }
    for unreadable in
        [json!("soon"), json!(""), json!(null), json!(true), json!([]), json!({"seconds": true})]
    {
        let batch =
            parse("generic", json!({"id": 1, "text": "t", "date": unreadable}).to_string().as_bytes());
        assert_eq!(items(&batch)[0].published_at, None, "{unreadable}");
    }
    let fraction =
        parse("generic", json!({"id": 1, "text": "t", "date": 1_772_703_015.25}).to_string().as_bytes());
    assert_eq!(items(&fraction)[0].published_at, Some(at + 250));
}

/// Whatever order a create, an edit and a delete arrive in, all three name the same item.
#[test]
fn the_life_of_an_item_has_one_key() {
    let lives = [
        (
            "bluesky",
            r#"{"did":"did:plc:a","time_us":1772703015000000,"kind":"commit","commit":{"operation":"create","collection":"app.bsky.feed.post","rkey":"k","record":{"$type":"app.bsky.feed.post","text":"a"}}}
{"did":"did:plc:a","time_us":1772703016000000,"kind":"commit","commit":{"operation":"update","collection":"app.bsky.feed.post","rkey":"k","record":{"$type":"app.bsky.feed.post","text":"b"}}}
{"did":"did:plc:a","time_us":1772703017000000,"kind":"commit","commit":{"operation":"delete","collection":"app.bsky.feed.post","rkey":"k"}}"#,
        ),
        (
            "mastodon",
            r#"{"stream":["user"],"event":"update","payload":"{\"id\":\"1\",\"content\":\"a\",\"account\":{\"id\":\"9\",\"acct\":\"z\"},\"created_at\":\"2026-03-05T09:30:15Z\"}"}
{"stream":["user"],"event":"status.update","payload":"{\"id\":\"1\",\"content\":\"b\",\"account\":{\"id\":\"9\",\"acct\":\"z\"},\"created_at\":\"2026-03-05T09:30:15Z\",\"edited_at\":\"2026-03-05T09:40:15Z\"}"}
{"stream":["user"],"event":"delete","payload":"1"}"#,
        ),
        (
            "facebook",
            r#"{"object":"page","entry":[{"id":"5","time":1772703015,"changes":[
            {"field":"feed","value":{"item":"comment","verb":"add","comment_id":"7_1","post_id":"5_7","from":{"id":9,"name":"Z"},"message":"a"}},
            {"field":"feed","value":{"item":"comment","verb":"edited","comment_id":"7_1","post_id":"5_7","from":{"id":"9","name":"Z"},"message":"b"}},
            {"field":"feed","value":{"item":"comment","verb":"remove","comment_id":"7_1","post_id":"5_7"}}]}]}"#,
        ),
    ];
    for (platform, payload) in lives {
        let batch = parse(platform, payload.as_bytes());
        let life: Vec<(&str, ItemKey)> = batch
            .events
            .iter()
            .map(|event| match event {
                PlatformEvent::Created(item) => ("created", item.key.clone()),
                PlatformEvent::Edited(item) => ("edited", item.key.clone()),
                PlatformEvent::Deleted { item, .. } => ("deleted", item.clone()),
                other => panic!("{platform}: {other:?}"),
            })
            .collect();
        assert_eq!(
            life.iter().map(|(act, _)| *act).collect::<Vec<_>>(),
            ["created", "edited", "deleted"],
            "{platform}"
        );
        assert!(life.iter().all(|(_, key)| *key == life[0].1), "{platform}: {life:?}");
    }
}
