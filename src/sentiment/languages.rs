//! The languages that are built in, each behind a cargo feature of its code.

use super::head::Head;
use super::lexicon::Lexicon;

/// Emoticons and emoji, which every language shares.
const EMOJI: &str = include_str!("data/emoji.lex");

/// A built-in lexicon, laid over emoticons and emoji. Built-in files parse: a test reads each.
pub(super) fn lexicon(name: &str, source: &str) -> Lexicon {
    let mut lexicon = Lexicon::parse("emoji.lex", EMOJI).unwrap_or_default();
    lexicon.lay(Lexicon::parse(name, source).unwrap_or_default(), false);
    lexicon
}

/// What was fitted for English: the lexicon, and the heads for emotions and irony.
#[cfg(feature = "fitted")]
const FITTED: (&str, &[u8], &[u8]) = (
    include_str!("data/en.lex"),
    include_bytes!("data/en.emotion.grams"),
    include_bytes!("data/en.irony.grams"),
);
#[cfg(not(feature = "fitted"))]
const FITTED: (&str, &[u8], &[u8]) = ("", b"", b"");

/// English: the hand-written lexicon, refined by the fitted one.
pub(super) fn english(fitted: bool) -> Lexicon {
    let mut english = lexicon("en.hand.lex", include_str!("data/en.hand.lex"));
    if fitted {
        english.lay(Lexicon::parse("en.lex", FITTED.0).unwrap_or_default(), false);
    }
    english
}

/// The heads of English for emotions and for irony; none where they are not compiled in.
pub(super) fn heads() -> (Option<Head<4>>, Option<Head<2>>) {
    (Head::parse(FITTED.1), Head::parse(FITTED.2))
}

/// What each language other than English has: its lexicon, and its weights of n-grams.
const OTHERS: &[(&str, &str, &[u8])] = &[
    #[cfg(feature = "es")]
    ("es", include_str!("data/es.lex"), include_bytes!("data/es.grams")),
    #[cfg(feature = "pt")]
    ("pt", include_str!("data/pt.lex"), include_bytes!("data/pt.grams")),
    #[cfg(feature = "fr")]
    ("fr", include_str!("data/fr.lex"), include_bytes!("data/fr.grams")),
    #[cfg(feature = "de")]
    ("de", include_str!("data/de.lex"), include_bytes!("data/de.grams")),
    #[cfg(feature = "it")]
    ("it", include_str!("data/it.lex"), include_bytes!("data/it.grams")),
    #[cfg(feature = "ar")]
    ("ar", include_str!("data/ar.lex"), include_bytes!("data/ar.grams")),
    #[cfg(feature = "hi")]
    ("hi", include_str!("data/hi.lex"), include_bytes!("data/hi.grams")),
];

/// The lexicons of this build, English first.
///
/// Posts in Hindi mix in English, and most are in Latin letters: the lexicon of Hindi lies over the English one.
pub(super) fn lexicons(fitted: bool) -> Vec<(&'static str, Lexicon)> {
    let others = OTHERS.iter().map(|(code, source, _)| {
        let mut base = if *code == "hi" { english(fitted) } else { Lexicon::default() };
        base.lay(lexicon(code, source), false);
        (*code, base)
    });
    std::iter::once(("en", english(fitted))).chain(others).collect()
}

/// The head of grams of a language, where it has one.
pub(super) fn head(code: &str) -> Option<Head<3>> {
    OTHERS.iter().find(|(known, ..)| *known == code).and_then(|(.., grams)| Head::parse(grams))
}
