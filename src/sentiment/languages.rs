//! The languages that are built in, each behind a cargo feature of its code.

use super::head::Head;
use super::lexicon::Lexicon;
use super::pack::Pack;

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

macro_rules! packs {
    ($($code:literal)*) => {
        /// The languages of this build other than English.
        pub(super) fn others() -> Vec<Pack> {
            let packs = [$(
                #[cfg(feature = $code)]
                Pack::new(
                    $code,
                    &lexicon(concat!($code, ".lex"), include_str!(concat!("data/", $code, ".lex"))),
                    Head::parse(include_bytes!(concat!("data/", $code, ".grams"))),
                ),
            )*];
            packs.into()
        }
    };
}

packs!("es" "pt" "fr" "de" "it" "ar" "hi");
