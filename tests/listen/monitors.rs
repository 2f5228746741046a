//! What a post concerns: aliases, exclusions, audience, window, faults.

use hearken::facts::Facts;
use hearken::listen::{Audience, Listener, MentionKind, Monitor, MonitorKind, Refused, Scratch, Unknown};
use hearken::model::Timestamp;
use hearken::text::Text;

fn acme() -> Monitor {
    Monitor::new("acme", MonitorKind::Brand)
        .direct("@acme")
        .direct("#acme")
        .indirect("acme")
        .indirect("\"rocket skates\"")
}

/// Monitor, kind, alias and the words of every hit.
fn heard(monitors: &[Monitor], source: &str) -> Vec<(String, MentionKind, Option<String>, Vec<String>)> {
    let listener = Listener::build(monitors.to_vec()).unwrap();
    let text = Text::new(source);
    let heard = listener.hear(&Facts::new(&text), None, &mut Scratch::default());
    let words = |spans: &[hearken::model::Span]| {
        spans.iter().map(|span| span.of(source).unwrap().to_owned()).collect::<Vec<_>>()
    };
    heard
        .hits
        .iter()
        .map(|hit| (hit.monitor.to_owned(), hit.kind, hit.alias.map(str::to_owned), words(&hit.spans)))
        .collect()
}

#[test]
fn direct_and_indirect_mentions_name_the_alias_and_the_place() {
    let [direct] = &heard(&[acme()], "@acme broke")[..] else { panic!() };
    assert_eq!((direct.1, direct.2.as_deref()), (MentionKind::Direct, Some("@acme")));
    let [indirect] = &heard(&[acme()], "my Acme phone broke, poor Acme")[..] else { panic!() };
    assert_eq!((indirect.1, indirect.2.as_deref()), (MentionKind::Indirect, Some("acme")));
    assert_eq!(indirect.3, ["Acme", "Acme"]);
    assert_eq!(heard(&[acme()], "my Rocket-Skates!")[0].3, ["Rocket-Skates"]);
    let topic = Monitor::new("shoes", MonitorKind::Industry).query("shoes OR boots");
    assert_eq!(heard(&[topic], "new boots")[0].1, MentionKind::Topic);
    assert!(heard(&[acme()], "acmeology is not it").is_empty());
}

#[test]
fn a_query_narrows_the_aliases() {
    let repairs = acme().query("broke OR broken OR repair");
    assert!(heard(std::slice::from_ref(&repairs), "my acme is great").is_empty());
    assert_eq!(heard(&[repairs], "my acme broke").len(), 1);
}

#[test]
fn every_refusal_has_its_reason() {
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let monitor = Monitor { kind: MonitorKind::Event, ..acme() }
        .exclude("cartoon")
        .countries(["CH"])
        .unknown(Unknown::Drop)
        .window(at("2026-05-01T00:00:00Z"), at("2026-05-03T00:00:00Z"));
    let listener = Listener::build([monitor]).unwrap();
    let why = |source: &str, country: Option<&str>, when: Option<&str>| {
        let text = Text::new(source);
        let mut facts = Facts::new(&text);
        if let Some(country) = country {
            facts.set("country", country);
        }
        let heard = listener.hear(&facts, when.map(at), &mut Scratch::default());
        assert_eq!(heard.hits.len() + heard.refused.len(), usize::from(source.contains("acme")));
        heard.refused.first().map(|refusal| refusal.why.clone())
    };
    let inside = Some("2026-05-02T10:00:00Z");
    assert_eq!(why("acme", Some("ch"), inside), None);
    assert_eq!(why("acme cartoon", Some("ch"), inside), Some(Refused::Excluded("cartoon".into())));
    assert_eq!(why("acme", Some("de"), inside), Some(Refused::Audience));
    assert_eq!(why("acme", None, inside), Some(Refused::Audience));
    assert_eq!(why("acme", Some("ch"), None), Some(Refused::Window));
    assert_eq!(why("acme", Some("ch"), Some("2026-05-03T00:00:00Z")), Some(Refused::Window));
    assert_eq!(why("nothing", Some("ch"), inside), None);
}

#[test]
fn the_policy_for_unknown_decides_what_is_not_declared() {
    let text = Text::new("x");
    let known = Facts::new(&text)
        .with("country", "ch")
        .with("geo", hearken::facts::Value::Point(47.4, 8.5))
        .with("lang", "de-ch")
        .with("author.followers", 500)
        .with("attr.account", "person")
        .with("attr.age", "25-34");
    let one = |set: fn(&mut Audience)| {
        let mut audience = Audience::default();
        set(&mut audience);
        audience
    };
    let fits: [fn(&mut Audience); 6] = [
        |a| a.countries = vec!["ch".into()],
        |a| a.areas = vec![[47.0, 8.0, 48.0, 9.0]],
        |a| a.languages = vec!["de".into()],
        |a| a.followers = Some((100, 500)),
        |a| a.accounts = vec!["person".into()],
        |a| a.ages = vec!["18-24".into(), "25-34".into()],
    ];
    let misses: [fn(&mut Audience); 7] = [
        |a| a.countries = vec!["de".into()],
        |a| a.areas = vec![[0.0, 8.0, 10.0, 9.0], [47.0, 170.0, 48.0, -170.0]],
        |a| a.languages = vec!["d".into()],
        |a| a.followers = Some((0, 499)),
        |a| a.followers = Some((501, u64::MAX)),
        |a| a.accounts = vec!["bot".into()],
        |a| a.ages = vec!["18-24".into()],
    ];
    for unknown in [Unknown::Keep, Unknown::Drop] {
        for (number, fit) in fits.iter().enumerate() {
            let audience = Audience { unknown, ..one(*fit) };
            assert!(audience.fits(&known), "{number}");
            assert_eq!(audience.fits(&Facts::new(&text)), unknown == Unknown::Keep, "{number}");
        }
        for (number, miss) in misses.iter().enumerate() {
            assert!(!Audience { unknown, ..one(*miss) }.fits(&known), "{number}");
        }
    }
    // A place is one filter: in any of the countries or areas.
    let mut place = one(fits[0]);
    place.areas = vec![[0.0, 0.0, 1.0, 1.0]];
    assert!(place.fits(&known));
    assert!(one(|_| ()).is_everybody());
}

#[test]
fn every_fault_is_reported_at_once() {
    let at = Timestamp::from_secs;
    let error = Listener::build([
        acme().exclude("(open"),
        acme(),
        Monitor::new("empty", MonitorKind::Campaign),
        Monitor::new("fair", MonitorKind::Event).direct("#fair"),
        Monitor::new("late", MonitorKind::Crisis).query("x").window(at(2), at(1)),
        Monitor::new("rule", MonitorKind::Brand).query("monitor:acme"),
    ])
    .unwrap_err();
    let places: Vec<&str> = error.faults().iter().map(|fault| fault.place()).collect();
    let wanted = [
        "monitor acme, exclusion",
        "monitor acme",
        "monitor empty",
        "monitor fair, window",
        "monitor late, window",
        "monitor rule, query",
    ];
    assert_eq!(places, wanted, "{error}");
}

#[test]
fn a_monitor_is_replaced_and_removed_in_its_place() {
    let mut listener =
        Listener::build([acme(), Monitor::new("b", MonitorKind::Product).query("kettle")]).unwrap();
    let places = |listener: &Listener, source: &str| -> Vec<usize> {
        let text = Text::new(source);
        let heard = listener.hear(&Facts::new(&text), None, &mut Scratch::default());
        heard.hits.iter().map(|hit| hit.place).collect()
    };
    assert_eq!(places(&listener, "acme kettle"), [0, 1]);
    assert_eq!(listener.set(Monitor::new("acme", MonitorKind::Brand).direct("@acmehelp")).unwrap(), 0);
    assert_eq!(places(&listener, "acme kettle"), [1]);
    assert_eq!(listener.set(Monitor::new("c", MonitorKind::Brand).query("kettle")).unwrap(), 2);
    assert!(listener.set(Monitor::new("b", MonitorKind::Product)).is_err());
    assert_eq!(places(&listener, "@acmehelp my kettle"), [0, 1, 2]);
    assert!(listener.remove("b") && !listener.remove("b"));
    assert_eq!(places(&listener, "@acmehelp my kettle"), [0, 2]);
    assert_eq!(
        listener.monitors().map(|(place, id, _)| (place, id)).collect::<Vec<_>>(),
        [(0, "acme"), (2, "c")]
    );
    assert_eq!(listener.len(), 2);
}
