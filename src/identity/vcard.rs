//! Contacts as address books export them: vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350, RFC 9554), to people.
//!
//! ```text
//! bytes ──► lines          folded ones joined, those of quoted-printable too
//! line  ──► property       group "." NAME ";" parameters ":" value
//! card  ──► Person         what somebody can be known by; photographs, notes and the rest are passed over
//! ```

use super::kind::Kind;
use super::normalise::account::profile_url;
use super::person::Person;
use std::borrow::Cow;

/// Lines of a card that are read.
const LINES: usize = 500;

/// Reads the cards of a file, in its order. The id of a person is the card's `UID`, or `card-1`, `card-2` … by the place
/// of a card without one. A card without an end ends where the next begins; what stands outside cards is passed over.
/// Text that is not UTF-8 is Latin-1. Of a card of more than 500 lines the first count. Work grows with the length.
///
/// Read are `FN` or `N`, `NICKNAME`, `EMAIL`, `TEL`, `ADR`, `ORG`, `BDAY` with its year, `URL`, `IMPP` and
/// `SOCIALPROFILE`. The name on the card of an organisation (`KIND:org`) is a company's.
///
/// ```
/// use hearken::identity::{Kind, vcards};
///
/// let people = vcards(b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lee;Ann;;Dr.;\r\nitem1.EMAIL;TYPE=work:ann@\r\n lee.example\r\nEND:VCARD\r\n");
/// assert_eq!(people[0].id(), "card-1");
/// assert_eq!(people[0].of(Kind::Email).next().map(|mail| mail.normal()), Some("ann@lee.example"));
/// ```
pub fn vcards(bytes: &[u8]) -> Vec<Person> {
    let text = decoded(bytes);
    let mut people = Vec::new();
    let mut card: Option<Vec<Property>> = None;
    for line in logical_lines(&text) {
        let Some(property) = Property::read(&line) else { continue };
        let marks = |name: &str| property.name == name && property.value.trim().eq_ignore_ascii_case("vcard");
        if marks("BEGIN") || marks("END") {
            let ended = std::mem::replace(&mut card, marks("BEGIN").then(Vec::new));
            people.extend(ended.map(|card| person(&card, people.len() + 1)));
        } else if let Some(card) = card.as_mut().filter(|card| card.len() < LINES) {
            card.push(property);
        }
    }
    people.extend(card.map(|card| person(&card, people.len() + 1)));
    people
}

/// One line of a card.
struct Property {
    /// In upper case, without its group.
    name: String,
    value: String,
}

impl Property {
    /// Reads `group.NAME;PARAMETERS:value`; `None` for a line that is none.
    fn read(line: &str) -> Option<Self> {
        let (head, value) = line.split_at_checked(colon(line)?)?;
        let value = value.strip_prefix(':').unwrap_or(value);
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        let name = name.rsplit('.').next().unwrap_or(name).trim().to_ascii_uppercase();
        let value = if is_quoted_printable(parameters) { unquoted(value) } else { value.to_owned() };
        Some(Self { name, value })
    }
}

/// Where the value begins: the first colon that no quoted parameter holds.
fn colon(line: &str) -> Option<usize> {
    let mut quoted = false;
    line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })
}

fn is_quoted_printable(parameters: &str) -> bool {
    parameters.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}').into(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// Lines with their continuations: a line that begins with white space goes on from the one before, and so does the
/// line after one of quoted-printable that ends with `=`.
fn logical_lines(text: &str) -> Vec<Cow<'_, str>> {
    let mut out: Vec<Cow<'_, str>> = Vec::new();
    // Of the line that is read: it is of quoted-printable; its next one belongs to it.
    let (mut quoted, mut soft) = (false, false);
    for line in text.split(['\n', '\r']).filter(|line| !line.is_empty()) {
        let folded = line.strip_prefix([' ', '\t']);
        match out.last_mut() {
            Some(last) if soft => last.to_mut().push_str(line.trim_start()),
            Some(last) if folded.is_some() => last.to_mut().push_str(folded.unwrap_or(line)),
            _ => {
                quoted = colon(line).and_then(|at| line.get(..at)).is_some_and(is_quoted_printable);
                out.push(line.into());
            }
        }
        soft = quoted && line.ends_with('=');
        if let Some(last) = out.last_mut().filter(|_| soft) {
            last.to_mut().pop();
        }
    }
    out
}

/// The text behind `=C3=A9`.
fn unquoted(value: &str) -> String {
    let mut parts = value.split('=');
    let mut out: Vec<u8> = parts.next().unwrap_or("").as_bytes().to_vec();
    for part in parts {
        let code = part.get(..2).and_then(|code| u8::from_str_radix(code, 16).ok());
        let rest = if code.is_some() { part.get(2..) } else { Some(part) };
        out.push(code.unwrap_or(b'='));
        out.extend_from_slice(rest.unwrap_or("").as_bytes());
    }
    decoded(&out).into_owned()
}

/// The parts of a value between separators that no backslash hides, backslashes read.
fn parts(value: &str, separator: char) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut hidden = false;
    for c in value.chars() {
        if !hidden && c == separator {
            out.push(String::new());
        } else if let Some(part) = out.last_mut().filter(|_| hidden || c != '\\') {
            part.push(if hidden && matches!(c, 'n' | 'N') { ' ' } else { c });
        }
        hidden = !hidden && c == '\\';
    }
    out
}

/// What one card says of somebody.
fn person(card: &[Property], number: usize) -> Person {
    let values = |name: &'static str| {
        card.iter().filter(move |line| line.name == name).map(|line| line.value.as_str())
    };
    let first = |name: &'static str| values(name).find(|value| !value.trim().is_empty());
    // No line holds a line break: nothing is parted.
    let whole = |value: &str| parts(value, '\n').concat();
    let uid = first("UID").map(|uid| whole(uid.trim().trim_start_matches("urn:uuid:")));
    let mut out = Person::new(uid.unwrap_or_else(|| format!("card-{number}")));

    let name = first("N").map(|value| parts(value, ';')).unwrap_or_default();
    let [family, given] = [0, 1].map(|part| name.get(part).map_or("", String::as_str));
    let organisation = first("KIND").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("org"));
    out = match first("FN") {
        Some(full) if organisation => out.with(Kind::Company, &whole(full)),
        Some(full) => out.name(&whole(full)),
        None => out.given_family(given, family),
    };
    for nickname in values("NICKNAME").flat_map(|value| parts(value, ',')) {
        if !nickname.trim().is_empty() && !family.is_empty() {
            out = out.given_family(&nickname, family);
        }
    }
    for line in card {
        let value = whole(&line.value);
        let part = |at: usize| parts(&line.value, ';').get(at).cloned().unwrap_or_default();
        out = match line.name.as_str() {
            "EMAIL" => out.email(&value),
            "TEL" => out.phone(value.trim_start_matches("tel:").split(';').next().unwrap_or("")),
            "ADR" => {
                out.with(Kind::Address, &part(2)).with(Kind::City, &part(3)).with(Kind::Postcode, &part(5))
            }
            "ORG" => out.with(Kind::Company, &part(0)),
            // `--0415` is a birthday of no year.
            "BDAY" if !value.starts_with("--") => out.with(Kind::Date, &value),
            "URL" | "IMPP" | "SOCIALPROFILE" | "X-SOCIALPROFILE" => match profile_url(&value) {
                Some((_, handle)) => out.with(Kind::Url, &value).handle(&handle),
                None if line.name == "URL" => out.with(Kind::Url, &value),
                None => out,
            },
            _ => out,
        };
    }
    out
}
