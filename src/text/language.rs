//! Which language a text is in: feature `detect`, by the trigrams of [whatlang](https://docs.rs/whatlang).
//!
//! The words alone are looked at: links, mentions and emoji say nothing about the language of a post.

use super::{Mark, Text, TokenKind};

/// A guess at the language of a text.
///
/// ```
/// use hearken::text::{Text, language};
///
/// let long = language::detect(&Text::new("La livraison est arrivée beaucoup trop tard, je suis très déçue")).unwrap();
/// assert!(long.code == "fr" && long.reliable, "to be answered in French");
/// // Too little to go by, and that is said.
/// assert!(!language::detect(&Text::new("ok super")).unwrap().reliable);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Language {
    /// The code: ISO 639-1 where there is one (`en`), else ISO 639-3.
    pub code: &'static str,
    /// From 0 to 1; below about 0.5 it is a coin toss.
    pub confidence: f64,
    /// Whether the guess can be relied on: enough text, and far from the next language.
    pub reliable: bool,
}

/// Bytes that are looked at: more text makes no better guess.
const ENOUGH: usize = 1024;

/// Guesses the language of `text` from the first kilobyte of its words; `None` where it has none. One allocation.
///
/// ```
/// use hearken::text::{Text, language};
///
/// let text = Text::new("@acme Die Lieferung kam leider viel zu spät an https://t.co/x");
/// let found = language::detect(&text).unwrap();
/// assert_eq!(found.code, "de");
/// assert!(language::detect(&Text::new("😀 @acme")).is_none());
/// ```
pub fn detect(text: &Text) -> Option<Language> {
    let mut words = String::with_capacity(ENOUGH);
    for token in text.tokens() {
        let spaced = match token.kind() {
            TokenKind::Word if token.mark() != Some(Mark::At) => true,
            TokenKind::Cjk => false,
            _ => continue,
        };
        if words.len() + token.span().len() as usize >= ENOUGH {
            break;
        }
        if spaced && !words.is_empty() {
            words.push(if token.is_joined() { '\'' } else { ' ' });
        }
        words.push_str(text.raw(token));
    }
    let info = whatlang::detect(&words)?;
    Some(Language { code: code(info.lang()), confidence: info.confidence(), reliable: info.is_reliable() })
}

/// The two-letter code of a language, where it has one.
fn code(lang: whatlang::Lang) -> &'static str {
    let long = lang.code();
    CODES.split(' ').find_map(|codes| codes.strip_prefix(long)).unwrap_or(long)
}

/// ISO 639-3 and 639-1 codes, three and two letters. Source: the code tables of SIL International.
const CODES: &str = "afraf akaak amham araar azeaz belbe benbn bulbg catca cescs cmnzh cymcy danda deude \
     ellel engen epoeo estet finfi frafr gujgu hebhe hinhi hrvhr hunhu hyehy indid itait \
     javjv jpnja kankn katka khmkm korko latla lavlv litlt malml marmr mkdmk myamy nepne \
     nldnl nobnb orior panpa pesfa polpl porpt ronro rusru sinsi slksk slvsl snasn spaes \
     srpsr swesv tamta telte tgltl thath tuktk turtr ukruk urdur uzbuz vievi yidyi zulzu";
