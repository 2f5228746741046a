//! Normalisation: idempotent on any text, right on the cases of `tests/data/identity/normalise.tsv`.

use hearken::identity::{Email, Handle, Kind, Name, Phone, did, fold, phonetic, postcode, url, words};
use proptest::prelude::*;

proptest! {
    #[test]
    fn every_kind_is_idempotent(text in "\\PC{0,40}") {
        for kind in Kind::ALL {
            let once = kind.normalise(&text);
            prop_assert_eq!(kind.normalise(&once), once.clone(), "{}", kind);
        }
    }

    #[test]
    fn folding_is_idempotent(text in any::<String>()) {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
        let once = words(&text);
        prop_assert_eq!(words(&once), once);
        let once = postcode(&text);
        prop_assert_eq!(postcode(&once), once);
    }

    #[test]
    fn contact_points_are_idempotent(local in "[a-zA-Z0-9.+-]{1,12}", domain in "(gmail|yahoo|outlook|acme)\\.(com|example)", digits in "[+0]{0,2}[0-9() -]{5,18}") {
        if let Some(mail) = Email::parse(&format!("{local}@{domain}")) {
            let again = Email::parse(mail.as_str());
            prop_assert_eq!(again.as_ref().map(Email::as_str), Some(mail.as_str()));
        }
        for code in [None, Some("44"), Some("1")] {
            if let Some(phone) = Phone::parse(&digits, code).filter(Phone::is_e164) {
                prop_assert_eq!(Phone::parse(phone.as_str(), code), Some(phone));
            }
        }
    }

    #[test]
    fn nothing_panics(text in any::<String>()) {
        let (_, _) = (Handle::parse(&text), Name::parse(&text));
        let _ = (phonetic(&text), url(&text).is_some(), did(&text).is_some());
    }
}

#[test]
fn the_table_of_cases() {
    for (number, line) in include_str!("../data/identity/normalise.tsv").lines().enumerate().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [kind, given, expected] = cells[..] else { panic!("line {}: {line}", number + 1) };
        let kind: Kind = kind.parse().unwrap();
        assert_eq!(kind.normalise(given), expected, "line {}", number + 1);
    }
}

#[test]
fn dids_follow_the_interop_files() {
    let Some(dir) = crate::shared::dir("conformance/atproto-interop/syntax") else { return };
    let lines = |name: &str| -> Vec<String> {
        let text = std::fs::read_to_string(dir.join(name)).unwrap();
        text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(str::to_owned).collect()
    };
    for valid in lines("did_syntax_valid.txt") {
        assert_eq!(did(&valid), Some(valid.as_str()));
    }
}

#[cfg(feature = "phone")]
#[test]
fn a_country_makes_a_national_number_international() {
    assert_eq!(Phone::parse_in("(415) 555-2671", "US").unwrap().as_str(), "+14155552671");
    assert!(Phone::parse_in("12", "US").is_none());
}
