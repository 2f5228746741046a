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
/// that English texts do not have, in byte order.
#[rustfmt::skip]
const FOREIGN: &[&str] = &[
    "aber", "alla", "alles", "anche", "aqui", "así", "att", "até", "au", "auch", "auf", "av", "avec",
    "bei", "bir", "bitte", "bonjour", "ce", "cette", "che", "ciao", "como", "con", "cosa", "cuando",
    "danke", "dans", "das", "dass", "dei", "del", "della", "der", "des", "det", "değil", "di", "doch",
    "du", "een", "ein", "eine", "ela", "ele", "elle", "es", "essa", "esse", "est", "esta", "este",
    "está", "et", "eu", "foi", "för", "für", "gente", "gli", "gracias", "grazie", "habe", "hallo",
    "heb", "heeft", "het", "hoje", "hola", "hoy", "ich", "ik", "ikke", "il", "ils", "immer", "inte",
    "isso", "ist", "isto", "için", "jag", "jak", "je", "jeg", "jest", "já", "keine", "le", "les", "lo",
    "maar", "mais", "mam", "med", "mehr", "merci", "meu", "mich", "minha", "mio", "mit", "molto",
    "muito", "muy", "más", "nada", "nao", "nel", "nem", "nicht", "nie", "niet", "noch", "nous", "nur",
    "não", "obrigado", "och", "oder", "og", "ook", "où", "para", "pas", "pela", "pelo", "perché",
    "pero", "più", "por", "porque", "pour", "pra", "på", "quando", "que", "quem", "questa", "questi",
    "questo", "qui", "schon", "se", "sehr", "seu", "się", "som", "sono", "sont", "soy", "sur", "são",
    "só", "también", "também", "tem", "tiene", "todo", "très", "tudo", "tutto", "uma", "una", "und",
    "une", "uns", "vai", "você", "von", "voor", "votre", "vou", "vous", "wenn", "wie", "wir", "wird",
    "zijn", "zu", "är", "ça", "çok", "è", "że",
];

/// Small words of those languages that stand in English texts too, as words, abbreviations or parts of names ("I do",
/// "I've", "per day", "Los Angeles"), in byte order. They count beside a word of [`FOREIGN`], or when there are many.
#[rustfmt::skip]
const SHARED: &[&str] = &[
    "bu", "ca", "com", "dat", "de", "den", "die", "do", "en", "ha", "ho", "la", "las", "los", "ma",
    "mi", "mon", "na", "ne", "non", "os", "per", "til", "um", "van", "ve", "war", "wel", "y", "z",
];

/// So many words of [`SHARED`] are another language's even without one of [`FOREIGN`].
const MANY: usize = 3;

/// Bytes of the longest word in the lists: a word is a number of 64 bits.
const LONGEST: usize = 8;

/// The lists as numbers, which are faster to search: English, foreign, shared.
const LISTS: [&[u64]; 3] = [
    &numbers::<{ ENGLISH.len() }>(ENGLISH),
    &numbers::<{ FOREIGN.len() }>(FOREIGN),
    &numbers::<{ SHARED.len() }>(SHARED),
];

/// The words of a list as numbers, in the same order.
#[expect(clippy::indexing_slicing, reason = "run by the compiler, which would say so")]
const fn numbers<const N: usize>(words: &[&str]) -> [u64; N] {
    let mut numbers = [0; N];
    let mut at = 0;
    while at < N {
        numbers[at] = number(words[at].as_bytes());
        at += 1;
    }
    numbers
}

/// The bytes of a word of at most eight as a number that stands among others as the word does.
const fn number(word: &[u8]) -> u64 {
    let (mut number, mut rest, mut at) = (0, word, 0);
    while at < LONGEST {
        let (byte, behind) = match rest.split_first() {
            Some((first, behind)) => (*first, behind),
            None => (0, rest),
        };
        (number, rest, at) = (number << 8 | byte as u64, behind, at + 1);
    }
    number
}

/// True when most of its letters are of another script, or more of its small words another language's than English.
fn is_foreign(text: &Text) -> bool {
    let (mut latin, mut other) = (0_usize, 0_usize);
    let (mut english, mut foreign, mut shared) = (0_usize, 0_usize, 0_usize);
    for token in text.tokens().iter().filter(|token| token.mark().is_none()).take(ENOUGH) {
        let word = text.folded(token);
        match token.kind() {
            TokenKind::Cjk => other += 1,
            TokenKind::Word if word.chars().next().is_some_and(is_latin) => {
                latin += 1;
                if word.len() <= LONGEST {
                    let number = number(word.as_bytes());
                    let [in_english, in_foreign, in_shared] =
                        LISTS.map(|list| usize::from(list.binary_search(&number).is_ok()));
                    (english, foreign, shared) =
                        (english + in_english, foreign + in_foreign, shared + in_shared);
                }
            }
            TokenKind::Word if !token.has_digit() => other += 1,
            _ => {}
        }
        // Two small words of English, and none of another language, settle it.
        if english > foreign + shared + 1 && latin > other {
            return false;
        }
    }
    other > latin || ((foreign > 0 || shared >= MANY) && foreign + shared > english)
}

fn is_latin(letter: char) -> bool {
    matches!(letter, 'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_in_byte_order_and_share_no_word() {
        let lists = [ENGLISH, FOREIGN, SHARED];
        assert!(lists.iter().all(|list| list.is_sorted()));
        let mut all = lists.concat();
        assert!(all.iter().all(|word| word.len() <= LONGEST));
        all.sort_unstable();
        assert!(all.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
