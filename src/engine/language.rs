//! Which language an item is in, and who says so.
//!
//! What the platform says holds. Where it says nothing, the feature `detect` guesses and is believed when it is sure.
//! Else an item counts as English unless its letters or its small words are another language's: then nobody knows
//! which, and a language that is not known is read as neutral, to be looked at, never as a guess.

use crate::model::Interaction;
use crate::text::{Text, TokenKind};
use std::borrow::Cow;
use std::fmt;

/// The code of a language that is not known (ISO 639-2: undetermined).
const UNKNOWN: &str = "und";

/// The language of an item.
pub(super) struct Language<'i> {
    /// Its code, `und` where it is not known.
    pub(super) code: Cow<'i, str>,
    source: Source,
}

/// Who says which language it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Source {
    /// The platform.
    Stated,
    /// The feature `detect`.
    Detected,
    /// Its letters or small words: not English.
    Foreign,
    /// Nobody; nothing speaks against English.
    Assumed,
}

impl<'i> Language<'i> {
    /// The language of an item of that text.
    pub(super) fn of(item: &'i Interaction, text: &Text) -> Self {
        // Platforms write `und` and the like for what they do not know themselves.
        let unknown = |code: &&str| matches!(*code, "" | UNKNOWN | "zxx" | "mis" | "mul");
        let (code, source) = match item.content.lang.as_deref().filter(|code| !unknown(code)) {
            Some(code) => (code.into(), Source::Stated),
            None => match detected(text) {
                Some(code) => (code.into(), Source::Detected),
                None if is_foreign(text) => (UNKNOWN.into(), Source::Foreign),
                None => ("en".into(), Source::Assumed),
            },
        };
        Self { code, source }
    }

    /// The language without its region, where it is known: what an agent must speak.
    pub(super) fn spoken(&self) -> Option<String> {
        let code = self.known()?;
        Some(code.split(['-', '_']).next().unwrap_or(code).to_lowercase())
    }

    /// The code, where it is known and not only assumed: what a query may ask for.
    pub(super) fn known(&self) -> Option<&str> {
        matches!(self.source, Source::Stated | Source::Detected).then_some(&*self.code)
    }
}

/// As it stands in a receipt: `es as stated`.
impl fmt::Display for Language<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match self.source {
            Source::Stated => "as stated",
            Source::Detected => "as detected",
            Source::Foreign => "by its words",
            Source::Assumed => "as nothing says otherwise",
        };
        write!(f, "{} {source}", self.code)
    }
}

#[cfg(feature = "detect")]
fn detected(text: &Text) -> Option<&'static str> {
    crate::text::language::detect(text).filter(|found| found.reliable).map(|found| found.code)
}

#[cfg(not(feature = "detect"))]
fn detected(_: &Text) -> Option<&'static str> {
    None
}

/// Words looked at: the beginning of a text tells its language.
const ENOUGH: usize = 64;

/// Common small words of English that none of the languages below has, in byte order.
#[rustfmt::skip]
const ENGLISH: &[&str] = &[
    "about", "after", "again", "all", "also", "an", "and", "any", "are", "at", "be", "because", "been",
    "but", "by", "can", "could", "did", "does", "don", "for", "from", "get", "had", "has", "have", "he",
    "her", "here", "his", "how", "if", "in", "is", "it", "its", "just", "my", "never", "not", "of", "only",
    "or", "our", "out", "really", "she", "should", "so", "some", "still", "than", "that", "the", "their",
    "them", "then", "there", "they", "this", "too", "very", "was", "we", "were", "what", "when", "who",
    "will", "with", "would", "you", "your",
];

/// Small words of Spanish, Portuguese, French, Italian, German, Dutch, the Scandinavian languages, Polish and Turkish
/// that English does not have, in byte order.
#[rustfmt::skip]
const FOREIGN: &[&str] = &[
    "aber", "anche", "as", "att", "au", "auch", "auf", "av", "avec", "bei", "bir", "bitte", "bonjour", "bu",
    "ca", "ce", "cette", "che", "ciao", "com", "como", "con", "danke", "dans", "das", "dat", "del", "della",
    "den", "der", "des", "det", "değil", "di", "die", "do", "du", "een", "ein", "eine", "el", "elle", "es",
    "est", "esta", "este", "está", "et", "foi", "för", "für", "gli", "gracias", "grazie", "ha", "hallo",
    "heb", "heeft", "het", "ho", "hola", "ich", "ik", "ikke", "il", "ils", "im", "inte", "isso", "ist",
    "için", "jag", "jak", "je", "jeg", "jest", "já", "las", "le", "les", "lo", "los", "ma", "maar", "mais",
    "mam", "med", "merci", "meu", "mi", "minha", "mio", "mit", "molto", "mon", "muito", "muy", "más", "na",
    "ne", "nicht", "nie", "niet", "non", "nous", "não", "obrigado", "och", "og", "ook", "os", "où", "para",
    "pas", "per", "pero", "por", "pour", "på", "que", "questa", "questo", "qui", "se", "sehr", "seu", "się",
    "som", "sono", "sont", "sur", "são", "tem", "til", "très", "um", "uma", "una", "und", "une", "van", "ve",
    "você", "von", "voor", "votre", "vous", "war", "wel", "wie", "wird", "y", "z", "zijn", "zu", "är", "ça",
    "çok", "è", "że",
];

/// Bytes of the longest word in the lists.
const LONGEST: usize = 8;

/// True when most of its letters are of another script, or more of its small words another language's than English.
fn is_foreign(text: &Text) -> bool {
    let (mut latin, mut other, mut english, mut foreign) = (0_usize, 0_usize, 0_usize, 0_usize);
    for token in text.tokens().iter().filter(|token| token.mark().is_none()).take(ENOUGH) {
        let word = text.folded(token);
        match token.kind() {
            TokenKind::Cjk => other += 1,
            TokenKind::Word if word.chars().next().is_some_and(is_latin) => {
                latin += 1;
                english += usize::from(is_listed(ENGLISH, word));
                foreign += usize::from(is_listed(FOREIGN, word));
            }
            TokenKind::Word if !token.has_digit() => other += 1,
            _ => {}
        }
        // Two small words of English, and none of another language, settle it.
        if english > foreign + 1 && latin > other {
            return false;
        }
    }
    other > latin || foreign > english
}

fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn is_listed(list: &[&str], word: &str) -> bool {
    word.len() <= LONGEST && list.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_byte_order_and_share_no_word() {
        assert!(ENGLISH.is_sorted() && FOREIGN.is_sorted());
        assert!(!ENGLISH.iter().any(|word| FOREIGN.contains(word)));
        assert!(ENGLISH.iter().chain(FOREIGN).all(|word| word.len() <= LONGEST));
    }
}
