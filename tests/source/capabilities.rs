//! Drafts against the table.

use hearken::model::{Platform, Span};
use hearken::source::{Act, Capabilities, Draft, LengthMetric, ViolationKind};

#[test]
fn the_span_is_what_is_too_much() {
    let mut caps = Capabilities::of(&Platform::Telegram);
    assert_eq!(caps.text[0].metric, LengthMetric::Utf16);
    caps.text[0].max = 4;
    let draft = Draft::new("ab😀cd");
    let violations = caps.validate(&draft);
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].kind, ViolationKind::TooLong);
    assert_eq!(violations[0].span.unwrap().of(draft.text), Some("cd"));
    assert_eq!(violations[0].detail, "6 utf16, telegram allows 4");
}

#[test]
fn a_grapheme_is_never_cut() {
    let mut caps = Capabilities::of(&Platform::Telegram);
    caps.text[0].max = 3;
    let draft = Draft::new("ab👨‍👩‍👧cd");
    let violations = caps.validate(&draft);
    assert_eq!(violations[0].span.unwrap().of(draft.text), Some("👨‍👩‍👧cd"));
}

#[test]
fn both_bounds_of_bluesky_hold() {
    let caps = Capabilities::of(&Platform::Bluesky);
    let family = "👨‍👩‍👧‍👦";
    let graphemes_fit = family.repeat(200);
    let violations = caps.validate(&Draft::new(&graphemes_fit));
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(violations[0].span, Some(Span::new(3_000, 5_000)));
    let bytes_fit = "a".repeat(301);
    let violations = caps.validate(&Draft::new(&bytes_fit));
    assert_eq!(violations[0].span, Some(Span::new(300, 301)));
}

#[test]
fn a_link_counts_for_what_the_server_says() {
    let caps = Capabilities::of(&Platform::Mastodon);
    let text = format!("{} https://example.com/{} end", "a".repeat(470), "x".repeat(60));
    assert_eq!(caps.validate(&Draft::new(&text)), []);
    let mut plain = caps;
    plain.link_length = None;
    assert_eq!(plain.validate(&Draft::new(&text)).len(), 1);
}

#[test]
fn weighted_length_is_asked_for() {
    let caps = Capabilities::of(&Platform::X);
    let text = "あ".repeat(140);
    assert_eq!(caps.validate(&Draft::new(&text)), []);
    let text = "あ".repeat(141);
    assert_eq!(caps.validate(&Draft::new(&text))[0].span, Some(Span::new(420, 423)));
}

#[test]
fn every_violation_is_listed() {
    let caps = Capabilities::of(&Platform::Tiktok);
    let text = "a".repeat(151);
    let draft = Draft { act: Act::Edit, attachments: 3, ..Draft::new(&text) };
    let kinds: Vec<_> = caps.validate(&draft).into_iter().map(|v| v.kind).collect();
    assert_eq!(
        kinds,
        [ViolationKind::Unsupported, ViolationKind::TooLong, ViolationKind::TooManyAttachments]
    );
    let empty = Draft { act: Act::DirectMessage, ..Draft::new(" ") };
    let kinds: Vec<_> = caps.validate(&empty).into_iter().map(|v| v.kind).collect();
    assert_eq!(kinds, [ViolationKind::Unsupported, ViolationKind::Empty]);
}

#[test]
fn the_table_is_data() {
    for platform in Platform::ALL {
        let caps = Capabilities::of(platform);
        let json = serde_json::to_string(&caps).unwrap();
        assert_eq!(serde_json::from_str::<Capabilities>(&json).unwrap(), caps);
        assert!(caps.validate(&Draft::new("Thank you!")).is_empty(), "{platform}");
    }
}
