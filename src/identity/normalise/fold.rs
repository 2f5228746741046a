//! Folding: two spellings that a reader takes for the same are the same bytes.
//!
//! Compatibility forms (full width, ligatures), case, Latin accents and the zero-width characters go; Greek
//! and Cyrillic are written in Latin letters, so that one name in two scripts meets itself; Chinese,
//! Japanese, Korean, Arabic, Hebrew and every other script stay as they are. Each function here is
//! idempotent.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Folds width, case, Latin accents and zero-width characters, and writes Greek and Cyrillic in Latin letters.
///
/// Linear in the length of `text`; idempotent.
///
/// ```
/// use hearken::identity::fold;
///
/// assert_eq!(fold("ＺＯË Łukasz"), "zoe lukasz");
/// assert_eq!(fold("Иван Петров"), "ivan petrov");
/// assert_eq!(fold("王小明"), "王小明");
/// ```
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().flat_map(char::to_lowercase).nfkd() {
        match c {
            // Combining marks of Latin, Greek and Cyrillic; Arabic and Hebrew points; tatweel; zero width.
            '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{489}'
            | '\u{591}'..='\u{5bd}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{640}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            _ => match latin(c) {
                Some(letters) => out.push_str(letters),
                None => out.push(c),
            },
        }
    }
    composed(out)
}

/// The folded words of `text`, one space between them: apostrophes and full stops inside a word vanish
/// (`O'Brien` is `obrien`), every other sign ends a word. Letters that an old export writes as references of HTML are
/// read (`Ren&eacute;e`, `Smith &amp; Co`).
///
/// ```
/// use hearken::identity::words;
///
/// assert_eq!(words("  O’Brien-Smith,  J.R. "), "obrien smith j r");
/// assert_eq!(words("Ren&eacute;e M&#252;ller"), "renee muller");
/// ```
pub fn words(text: &str) -> String {
    let folded = fold(&referenced(text));
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        if c.is_alphanumeric() || is_mark(c) {
            out.push(c);
        } else if !matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´') && !out.ends_with(' ') && !out.is_empty()
        {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    composed(out)
}

/// The folded letters and digits of `text` and nothing else.
///
/// ```
/// use hearken::identity::compact;
///
/// assert_eq!(compact("SW1A 2AA"), "sw1a2aa");
/// ```
pub fn compact(text: &str) -> String {
    let mut out = fold(text);
    out.retain(|c| c.is_alphanumeric() || is_mark(c));
    composed(out)
}

/// The text with its references of HTML read: letters with an accent, `&amp;` and its like, numbers. Others stay.
fn referenced(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut parts = text.split('&');
    let mut out = parts.next().unwrap_or("").to_owned();
    for part in parts {
        match part.split_once(';').and_then(|(name, rest)| Some((reference(name)?, rest))) {
            Some((c, rest)) => {
                out.push(c);
                out.push_str(rest);
            }
            None => {
                out.push('&');
                out.push_str(part);
            }
        }
    }
    Cow::Owned(out)
}

/// The character that a reference of this name stands for, as far as folding tells it from others.
fn reference(name: &str) -> Option<char> {
    const ACCENTS: [&str; 9] = ["acute", "grave", "circ", "uml", "tilde", "cedil", "ring", "slash", "caron"];
    Some(match name {
        "szlig" => 'ß',
        "aelig" | "AElig" => 'æ',
        "apos" | "rsquo" | "lsquo" => '\'',
        "amp" | "nbsp" | "ndash" | "mdash" | "quot" | "lt" | "gt" => ' ',
        _ => match name.strip_prefix('#') {
            Some(number) => char::from_u32(number.parse().ok()?)?,
            None => {
                let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
                name.get(1..).filter(|accent| ACCENTS.contains(accent)).map(|_| letter)?
            }
        },
    })
}

/// Puts marks that have become neighbours into their canonical order.
fn composed(text: String) -> String {
    if text.is_ascii() { text } else { text.nfc().collect() }
}

/// Vowel signs and other marks that a word of an Indic or South-East Asian script needs.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{dff}' | '\u{e31}'..='\u{e4e}' | '\u{eb1}'..='\u{ebc}' | '\u{102b}'..='\u{103e}' | '\u{3099}' | '\u{309a}')
        && !c.is_alphanumeric()
        && !matches!(c, '\u{964}' | '\u{965}' | '\u{970}')
}

/// The Latin letters for a letter of another alphabet: ISO 9 and ISO 843 without their accents, in the common
/// English digraphs for the letters that have one (BGN/PCGN).
fn latin(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' | 'ǽ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ħ' => "h",
        'ŋ' => "n",
        'ŧ' => "t",
        'ə' => "a",
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'е' | 'э' | 'є' => "e",
        'ж' => "zh",
        'з' => "z",
        'и' | 'і' | 'ы' => "i",
        'к' => "k",
        'л' => "l",
        'м' => "m",
        'н' => "n",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'у' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'ч' => "ch",
        'ш' => "sh",
        'щ' => "shch",
        'ъ' | 'ь' => "",
        'ю' => "yu",
        'я' => "ya",
        'ј' => "j",
        'љ' => "lj",
        'њ' => "nj",
        'ћ' => "c",
        'ђ' => "dj",
        'џ' => "dz",
        'α' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' | 'υ' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => return None,
    })
}
