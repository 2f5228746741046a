//! The languages that are built in, each behind a cargo feature of its code. A fault in one of their files is told like
//! one in a host's overlay, never passed over.

use super::head::Head;
use super::lexicon::Lexicon;
use crate::error::{BuildError, Fault, FaultKind};

/// Emoticons and emoji, which every language shares.
const EMOJI: &str = include_str!("data/emoji.lex");

/// A built-in lexicon, laid over emoticons and emoji.
fn lexicon(name: &str, source: &str, error: &mut BuildError) -> Lexicon {
    let mut lexicon = Lexicon::parse("emoji.lex", EMOJI, error);
    lexicon.lay(Lexicon::parse(name, source, error), false);
    lexicon
}

/// A built-in head of grams; none of a file that is left out.
fn grams<const N: usize>(name: &str, bytes: &[u8], error: &mut BuildError) -> Option<Head<N>> {
    let head = Head::parse(bytes);
    if head.is_none() && !bytes.is_empty() {
        error.push(Fault::new(FaultKind::Syntax, name, "no file of grams").mend("fit it anew"));
    }
    head
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
pub(super) fn english(fitted: bool, error: &mut BuildError) -> Lexicon {
    let mut english = lexicon("en.hand.lex", include_str!("data/en.hand.lex"), error);
    if fitted {
        english.lay(Lexicon::parse("en.lex", FITTED.0, error), false);
    }
    english
}

/// The heads of English for emotions and for irony; none where they are not compiled in.
pub(super) fn heads(error: &mut BuildError) -> (Option<Head<4>>, Option<Head<2>>) {
    (grams("en.emotion.grams", FITTED.1, error), grams("en.irony.grams", FITTED.2, error))
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
pub(super) fn lexicons(fitted: bool, error: &mut BuildError) -> Vec<(&'static str, Lexicon)> {
    let mut all = vec![("en", english(fitted, error))];
    for (code, source, _) in OTHERS {
        // Faults of the English files have been told.
        let mut base =
            if *code == "hi" { english(fitted, &mut BuildError::default()) } else { Lexicon::default() };
        base.lay(lexicon(code, source, error), false);
        all.push((code, base));
    }
    all
}

/// The head of grams of a language, where it has one.
pub(super) fn head(code: &str, error: &mut BuildError) -> Option<Head<3>> {
    OTHERS
        .iter()
        .find(|(known, ..)| *known == code)
        .and_then(|(_, _, bytes)| grams(&format!("{code}.grams"), bytes, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_in_a_built_in_file_is_told() {
        let mut error = BuildError::default();
        assert!(grams::<3>("none.grams", b"", &mut error).is_none() && error.is_empty());
        let lexicon = lexicon("xx.lex", "fine = +1\nno equals sign", &mut error);
        assert!(lexicon.entries.contains_key(&vec!["fine".to_owned()]));
        assert!(grams::<3>("xx.grams", b"classes 3\nunit 1\n\nabc", &mut error).is_some());
        assert!(grams::<4>("xx.grams", b"classes 3\nunit 1\n\nabc", &mut error).is_none());
        let places: Vec<_> = error.faults().iter().map(Fault::place).collect();
        assert_eq!(places, ["xx.lex", "xx.grams"]);
    }
}
