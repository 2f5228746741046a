//! The nouns as data: what a host writes comes back, absent stays absent, tomorrow's names and fields survive.

use hearken::model::{
    Attribution, Consent, ConsentStatus, Customer, DataSubjectRequest, DoNotContact, Interaction,
    InteractionKind, LegalBasis, Money, Platform, Points, Poll, PollOption, Preference, PreferenceBasis,
    Profile, Provenance, Purpose, Relationship, RequestKind, RequestState, Scope, Timestamp, Transaction,
    TransactionKind, TransactionLine, TransactionStatus, Visibility,
};
use proptest::option::of;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::Debug;

/// Written and read again it is the same, and no absent field was written.
fn round_trip<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) -> Result<(), TestCaseError> {
    let json = serde_json::to_value(value).unwrap();
    prop_assert!(!has_null(&json), "{json}");
    prop_assert_eq!(&serde_json::from_value::<T>(json).unwrap(), value);
    Ok(())
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(list) => list.iter().any(has_null),
        Value::Object(fields) => fields.values().any(has_null),
        _ => false,
    }
}

fn word() -> impl Strategy<Value = Box<str>> {
    "[a-z]{1,6}".prop_map(Into::into)
}

/// One of the named values, or a name of tomorrow.
fn open<T: Clone + Debug + for<'a> From<&'a str> + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    prop_oneof![prop::sample::select(all), "zz[a-z]{1,6}".prop_map(|name| T::from(&*name))]
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-1_000_000i64..4_000_000_000_000).prop_map(Timestamp::from_millis)
}

fn money() -> impl Strategy<Value = Money> {
    (any::<i64>(), "[A-Z]{3}").prop_map(|(minor, currency)| Money { minor, currency: currency.into() })
}

fn points() -> impl Strategy<Value = Points> {
    any::<i32>().prop_map(|thousandths| serde_json::from_value(json!(thousandths)).unwrap())
}

prop_compose! {
    fn consent()(purpose in open(Purpose::ALL), status in open(ConsentStatus::ALL), at in time(), channel in of(word()),
        expires in of(time()), legal_basis in of(open(LegalBasis::ALL)), jurisdiction in of(word()), by in of(word()),
        supersedes in of(time()), text_version in of(word()), tomorrow in any::<bool>()) -> Consent {
        let mut entry = Consent::new("c-1", purpose, status, at, "form");
        (entry.channel, entry.expires, entry.legal_basis) = (channel, expires, legal_basis);
        (entry.jurisdiction, entry.supersedes, entry.text_version) = (jurisdiction, supersedes, text_version);
        entry.recorded_by = by.map(|by| (&*by).into());
        if tomorrow {
            entry.extensions.insert("field_of_tomorrow".into(), json!({"a": [1]}));
        }
        entry
    }
}

prop_compose! {
    fn line()(name in word(), sku in of(word()), category in of(word()), quantity in of(any::<u64>()),
        unit_price in of(money()), discount in of(money()), tax in of(money())) -> TransactionLine {
        let mut line = TransactionLine::new(name);
        (line.sku, line.category, line.quantity) = (sku, category, quantity);
        (line.unit_price, line.discount, line.tax) = (unit_price, discount, tax);
        line
    }
}

prop_compose! {
    fn transaction()(kind in open(TransactionKind::ALL), at in time(), status in of(open(TransactionStatus::ALL)),
        lines in prop::collection::vec(line(), 0..3), total in of(money()), channel in of(word()), campaign in of(word()),
        credit in prop::collection::vec((word(), points()), 0..3), refund_of in of(word())) -> Transaction {
        let mut order = Transaction::new("o-1", kind, at);
        (order.status, order.lines, order.total) = (status, lines, total);
        (order.channel, order.campaign, order.refund_of) = (channel, campaign, refund_of);
        let touch = |id: Box<str>| hearken::model::ItemKey::new(Platform::X, id);
        order.attribution =
            credit.into_iter().map(|(id, credit)| Attribution { touch: touch(id), credit }).collect();
        order
    }
}

prop_compose! {
    fn preference()(key in word(), value in word(), basis in open(PreferenceBasis::ALL), confidence in of(points()),
        expires in of(time())) -> Preference {
        Preference { key, value: (&*value).into(), basis, confidence, expires }
    }
}

prop_compose! {
    fn request()(kind in open(RequestKind::ALL), at in time(), due_at in of(time()), state in open(RequestState::ALL),
        extended in of(any::<bool>()), certificate in of(word()), by in of(word())) -> DataSubjectRequest {
        let mut request = DataSubjectRequest::new("c-1", kind, at);
        (request.due_at, request.state, request.extended) = (due_at, state, extended);
        (request.certificate, request.verified_by) = (certificate, by.map(|by| (&*by).into()));
        request
    }
}

prop_compose! {
    fn poll()(id in of(word()), question in of(word()), options in prop::collection::vec((word(), of(any::<u64>())), 0..4),
        multiple in of(any::<bool>()), closes_at in of(time()), votes in of(any::<u64>()), voters in of(any::<u64>())) -> Poll {
        let options = options.into_iter().map(|(text, votes)| PollOption { text: (&*text).into(), votes }).collect();
        Poll { id, question: question.map(|q| (&*q).into()), options, multiple, closes_at, votes, voters }
    }
}

proptest! {
    #[test]
    fn entries_of_the_consent_ledger_round_trip(entry in consent()) {
        round_trip(&entry)?;
    }

    #[test]
    fn transactions_round_trip(order in transaction()) {
        round_trip(&order)?;
        prop_assert_eq!(order.product_names().count(), order.lines.len());
    }

    #[test]
    fn requests_round_trip(request in request(), now in time()) {
        round_trip(&request)?;
        let over = matches!(request.state, RequestState::Fulfilled | RequestState::Refused);
        prop_assert_eq!(request.is_overdue(now), !over && request.due_at.is_some_and(|due| due < now));
    }

    #[test]
    fn customers_round_trip(
        preferences in prop::collection::vec(preference(), 0..3),
        transactions in prop::collection::vec(transaction(), 0..2),
        barred in prop::collection::vec((of(word()), of(word())), 0..3),
        external in prop::collection::btree_map(word(), word(), 0..3),
        words in (of(word()), of(word()), prop::collection::vec(word(), 0..2), prop::collection::vec(word(), 0..2)),
        channel in word(),
    ) {
        let mut ann = Customer::new("c-1");
        (ann.preferences, ann.transactions, ann.external_ids) = (preferences, transactions, external);
        (ann.title, ann.time_zone) = (words.0.map(|title| (&*title).into()), words.1);
        (ann.interests, ann.segments) = (words.2, words.3);
        ann.do_not_contact = barred.into_iter().map(|(channel, reason)| DoNotContact { channel, reason }).collect();
        ann.extensions.insert("field_of_tomorrow".into(), json!([1]));
        round_trip(&ann)?;
        let bars = |entry: &DoNotContact| entry.channel.is_none() || entry.channel.as_ref() == Some(&channel);
        prop_assert_eq!(ann.may_contact(&channel), !ann.do_not_contact.iter().any(bars));
    }

    #[test]
    fn items_and_accounts_round_trip(
        poll in of(poll()),
        flags in (of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>()), of(any::<bool>())),
        counts in (of(any::<u64>()), of(word()), of(time())),
        kind in open(InteractionKind::ALL),
    ) {
        let mut author = Profile::new(Platform::Mastodon, "9");
        author.relationship = Some(Relationship {
            we_follow: flags.0, follows_us: flags.1, blocked: flags.2, blocked_by: flags.3, muted: flags.4,
        });
        (author.suspended, author.dm_open, author.listed) = (flags.0, flags.1, counts.0);
        author.avatar = counts.1.as_deref().map(Into::into);
        author.moved_to = counts.1.map(|id| hearken::model::AccountKey::new(Platform::Mastodon, id));
        let mut item = Interaction::new(Platform::Mastodon, "1", kind);
        (item.poll, item.author) = (poll.map(Box::new), Some(author));
        item.provenance = counts.2.map(|at| Box::new(Provenance {
            source: "Mastodon".into(), adapter_version: "0.1.0".into(), raw_hash: None, observed_at: Some(at),
        }));
        round_trip(&item)?;
    }

    /// The status by the ledger is that of a plain reading: go through the entries in order of time, keep the last.
    #[test]
    fn the_latest_entry_holds(
        entries in prop::collection::vec((0i64..6, 0usize..2, of(Just("email")), 0usize..3, of(0i64..9)), 0..8),
        now in 0i64..8,
    ) {
        let at = Timestamp::from_secs;
        let said = [ConsentStatus::Granted, ConsentStatus::Denied, ConsentStatus::Withdrawn];
        let entry = |&(t, purpose, channel, status, end): &(i64, usize, Option<&str>, usize, Option<i64>)| {
            let mut entry = Consent::new("c-1", Purpose::ALL[purpose].clone(), said[status].clone(), at(t), "form");
            (entry.channel, entry.expires) = (channel.map(Into::into), end.map(at));
            entry
        };
        let mut ledger: Vec<Consent> = entries.iter().map(entry).collect();
        let told = Consent::status(&ledger, &Purpose::ALL[0], "email", at(now));
        ledger.sort_by_key(|entry| entry.at);
        let mut wanted = ConsentStatus::NotAsked;
        for entry in ledger.iter().filter(|entry| entry.purpose == Purpose::ALL[0] && entry.at <= at(now)) {
            let over = entry.status == ConsentStatus::Granted && entry.expires.is_some_and(|end| end <= at(now));
            wanted = if over { ConsentStatus::Expired } else { entry.status.clone() };
        }
        prop_assert_eq!(told, wanted);
    }

    /// C05: nothing that is not everybody's stands in a public output.
    #[test]
    fn a_private_item_is_never_public(
        visibility in open(Visibility::ALL),
        kind in open(InteractionKind::ALL),
    ) {
        let mut item = Interaction::new(Platform::X, "1", kind);
        item.visibility = visibility;
        let everybodys = matches!(item.visibility, Visibility::Public | Visibility::Unlisted);
        prop_assert_eq!(Scope::Public.admits(&item), everybodys);
        prop_assert!(!(item.is_private() && Scope::Public.admits(&item)) && Scope::All.admits(&item));
    }
}

#[test]
fn an_alias_is_read_and_not_written() {
    let platform: Platform = serde_json::from_str("\"twitter\"").unwrap();
    assert_eq!(serde_json::to_string(&platform).unwrap(), "\"x\"");
    assert_eq!(Platform::from("Twitter"), Platform::Other("Twitter".into()));
}
