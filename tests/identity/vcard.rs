//! Address books: the versions of vCard as programs write them, broken ones, and any bytes.

use hearken::identity::{Index, Kind, Matcher, Outcome, Person, Thresholds, import, vcards};
use proptest::prelude::*;

/// `kind=normal` of every value.
fn values(person: &Person) -> Vec<String> {
    person.values().iter().map(|value| format!("{}={}", value.kind(), value.normal())).collect()
}

#[test]
fn the_three_versions_are_read() {
    let four = "\u{feff}BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:4fbe8971\r\nFN:Dr. Zoë Ferrán\r\n\
        N:Ferrán;Zoë;;Dr.;\r\nNICKNAME:Zozo,Zoey\r\nitem1.EMAIL;TYPE=\"work:home\";PREF=1:zoe@ferran.example\r\n\
        TEL;VALUE=uri:tel:+44-20-7946-0018;ext=102\r\nADR;TYPE=home:;;7 Mill Lane\\, Top;Leeds;;LS1 4AP;UK\r\n\
        ORG:Acme Foods Ltd.;Sales\r\nBDAY:19960415\r\nSOCIALPROFILE;SERVICE-TYPE=Bluesky:https://bsky.app/profile/zoe.ferran.exa\r\n mple\r\n\
        URL:https://ferran.example/about\r\nPHOTO:data:image/jpeg;base64,AAAA=\r\nNOTE:x\\nEMAIL:no@no.example\r\nend:vcard\r\n";
    let [zoe] = &vcards(four.as_bytes())[..] else { panic!("one card") };
    assert_eq!(zoe.id(), "4fbe8971");
    let expected = "name=zoe ferran,name=zozo ferran,name=zoey ferran,email=zoe@ferran.example,phone=+442079460018,\
        address=7 mill lane top,city=leeds,postcode=LS14AP,company=acme foods,date=19960415,\
        url=bluesky.com/zoe.ferran.example,handle=zoe.ferran.example,url=ferran.example/about";
    assert_eq!(values(zoe).join(","), expected);

    let older = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BC=\n  ller;J=C3=B6rg\n\
        TEL;HOME:+49 30 1234567\nBDAY:--0415\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nKIND:org\nFN:Smith & Sons\nX-SOCIALPROFILE;type=twitter:https://twitter.com/SmithSons\nEND:VCARD\n";
    let people = vcards(older.as_bytes());
    assert_eq!(people.iter().map(Person::id).collect::<Vec<_>>(), ["card-1", "card-2"]);
    assert_eq!(values(&people[0]), ["name=jorg muller", "phone=+49301234567"]);
    assert_eq!(values(&people[1]), ["company=smith sons", "url=x.com/smithsons", "handle=smithsons"]);
}

#[test]
fn broken_cards_cost_no_other() {
    let text = b"EMAIL:outside@x.example\nBEGIN:VCARD\nFN:Ann Lee\nno colon here\n:\nEMAIL\nBEGIN:VCARD\nFN:Ren\xe9 Roy\nEND:VCARD\n\
        BEGIN:VCARD\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:Last One";
    let people = vcards(text);
    let names: Vec<String> = people.iter().map(|person| values(person).join(",")).collect();
    assert_eq!(names, ["name=ann lee", "name=rene roy", "", "name=last one"]);
}

#[test]
fn an_address_book_is_taken_in_with_a_result_a_card() {
    let mut index = Index::new(Matcher::standard(10_000));
    index.upsert(Person::new("c-1").name("Ann Lee").email("ann@lee.example"));
    let book =
        b"BEGIN:VCARD\nFN:Anne Lee\nEMAIL:ann@lee.example\nEND:VCARD\nBEGIN:VCARD\nNOTE:nobody\nEND:VCARD\n\
        BEGIN:VCARD\nFN:Otto Maier\nEMAIL:otto at maier\nEND:VCARD\n";
    let results = import(&mut index, vcards(book), Thresholds::tolerating(0.01));
    assert!(matches!(&results[0].outcome, Outcome::Linked { to, .. } if to == "c-1"));
    assert_eq!(results[1].outcome, Outcome::Empty);
    assert_eq!((&results[2].outcome, results[2].malformed.as_slice()), (&Outcome::Added, &[Kind::Email][..]));
}

#[test]
fn endless_lines_and_cards_are_bounded_work() {
    let line = format!("BEGIN:VCARD\nFN{}", "\n =".repeat(300_000));
    assert_eq!(vcards(line.as_bytes()).len(), 1);
    let mails: String = (0..100_000).map(|n| format!("EMAIL:u{n}@mail.example\n")).collect();
    let people = vcards(format!("BEGIN:VCARD\n{mails}END:VCARD\nBEGIN:VCARD\nFN:Ann Lee").as_bytes());
    assert_eq!(people.iter().map(|person| person.values().len()).collect::<Vec<_>>(), [500, 1]);
}

/// A card as RFC 6350 has it written: backslashes, and lines of at most 75 bytes.
fn card(name: &str, street: &str) -> String {
    let hidden = |text: &str| {
        text.chars()
            .flat_map(|c| matches!(c, ',' | ';' | '\\').then_some('\\').into_iter().chain([c]))
            .collect::<String>()
    };
    let mut out = String::from("BEGIN:VCARD\r\nVERSION:4.0\r\n");
    for line in [format!("FN:{}", hidden(name)), format!("ADR:;;{};;;;", hidden(street))] {
        let mut length = 0;
        for c in line.chars() {
            if length + c.len_utf8() > 75 {
                out.push_str("\r\n ");
                length = 1;
            }
            out.push(c);
            length += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out + "END:VCARD\r\n"
}

proptest! {
    #[test]
    fn what_is_written_by_the_book_is_read(name in "\\PC{0,120}", street in "\\PC{0,120}") {
        let [person] = &vcards(card(&name, &street).as_bytes())[..] else { panic!("one card") };
        let plain = Person::new("card-1").name(&name).with(Kind::Address, &street);
        prop_assert_eq!(values(person), values(&plain));
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut text = b"BEGIN:VCARD\nN;QUOTED-PRINTABLE:".to_vec();
        text.extend(&bytes);
        prop_assert!(!vcards(&text).is_empty());
        vcards(&bytes);
    }
}
