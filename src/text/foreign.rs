//! Which language a text is in that nobody named, for everything that must choose how to read it.
//!
//! The feature `detect` guesses and is believed when it is sure. Else a text counts as English unless its letters or its
//! small words are another language's: then nobody knows which.

use super::{Text, TokenKind};

/// The language of a text that nobody named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Guess {
    /// The code of a language that was recognised (feature `detect`).
    #[cfg_attr(not(feature = "detect"), expect(dead_code, reason = "nothing is recognised without it"))]
    Detected(&'static str),
    /// Another than English, and nobody knows which.
    Foreign,
    /// Nothing speaks against English.
    English,
}

impl Text {
    /// The language of this text, as far as it tells.
    pub(crate) fn guess(&self) -> Guess {
        #[cfg(feature = "detect")]
        if let Some(found) = super::language::detect(self).filter(|found| found.reliable) {
            return Guess::Detected(found.code);
        }
        if is_foreign(self) { Guess::Foreign } else { Guess::English }
    }
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
