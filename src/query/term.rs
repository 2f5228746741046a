//! Words of a query: the text's own tokeniser reads them, so that both sides agree on what a word is.

use super::ast::{Form, Phrase, Sign, Word};
use super::lexer::syntax;
use crate::error::Fault;
use crate::text::{self, Text, TokenKind};

/// Reads the words of a phrase, or of a bare term such as `don't`.
pub(super) fn phrase(text: &mut Text, source: &str, exact: bool) -> Result<Phrase, Fault> {
    // Room for what nearly every phrase has: what is given back piece by piece is slow to give.
    let mut words = Vec::with_capacity(source.split_whitespace().count());
    for piece in source.split_whitespace() {
        let piece = piece.trim_end_matches('?');
        match piece.contains(['*', '?', '~']) {
            true if exact => {
                return Err(
                    syntax(format!("`{piece}` cannot be exact and open at once")).mend("take out the `!`")
                );
            }
            true => words.push(open(text, piece)?),
            false => whole(text, piece, exact, &mut words)?,
        }
    }
    if words.is_empty() {
        return Err(nothing(source));
    }
    Ok(Phrase { words: words.into(), within: None })
}

/// `"a b"~n`: the words in any order within a window.
pub(super) fn loosen(phrase: Phrase, within: u32) -> Result<Phrase, Fault> {
    let words = phrase.words.iter().filter(|w| w.form != Form::Emoji).count();
    if phrase.words.len() < 2 {
        return Err(syntax("`~n` after a phrase needs two words or more")
            .mend("for a word that may be misspelt write word~1"));
    }
    if phrase
        .words
        .iter()
        .any(|w| w.mark.is_some() || !matches!(w.form, Form::Whole | Form::Exact | Form::Emoji))
    {
        return Err(syntax("`~n` takes plain words").mend("join other terms with NEAR/n"));
    }
    if (within as usize) + 1 < words {
        return Err(
            syntax(format!("{words} words never stand within {within}")).mend(format!("~{}", words - 1))
        );
    }
    Ok(Phrase { within: Some(within), ..phrase })
}

/// A piece without wildcards: as many words as the tokeniser finds in it.
fn whole(text: &mut Text, piece: &str, exact: bool, words: &mut Vec<Word>) -> Result<(), Fault> {
    text.read(piece);
    for token in text.tokens() {
        let form = match token.kind() {
            TokenKind::Link => {
                return Err(syntax("an address is no word: no word matches inside a link")
                    .mend(format!("url:\"{piece}\"")));
            }
            TokenKind::Emoji => Form::Emoji,
            _ if exact => Form::Exact,
            _ => Form::Whole,
        };
        let word =
            if matches!(form, Form::Exact | Form::Emoji) { text.raw(token) } else { text.folded(token) };
        words.push(Word::new(word, form, token.mark().map(Sign::of)));
    }
    Ok(())
}

/// `pre*`, `w?rd` or `word~1`: one word that stands for several.
fn open(text: &mut Text, piece: &str) -> Result<Word, Fault> {
    let (body, fuzz) = match piece.split_once('~') {
        Some((body, "1")) => (body, Some(1)),
        Some((body, "2")) => (body, Some(2)),
        Some((_, other)) => {
            return Err(syntax(format!("expected 1 or 2 after `~`, and this is `{other}`")).mend("word~1"));
        }
        None => (piece, None),
    };
    let wild = body.contains(['*', '?']);
    if wild && fuzz.is_some() {
        return Err(syntax("a word takes wildcards or `~`, not both"));
    }
    let plain = body.replace(['*', '?'], "");
    text.read(&plain);
    let token = match text.tokens() {
        [token] if token.kind() == TokenKind::Word => *token,
        [] => return Err(nothing(piece)),
        _ => {
            return Err(syntax(format!("`{piece}` is more than one word"))
                .mend("put the wildcard or `~` on a word of its own"));
        }
    };
    let mark = token.mark().map(Sign::of);
    if let Some(distance) = fuzz {
        let text = text.folded(&token);
        return Ok(Word::new(text, Form::Fuzzy(distance), mark));
    }
    let body =
        if mark.is_some() { body.trim_start_matches(['#', '@', '$', '＃', '＠', '＄']) } else { body };
    if !text::fold(&body.replace(['*', '?'], "")).eq(text.folded(&token)) {
        return Err(syntax(format!("`{piece}` holds more than a word and wildcards"))
            .mend("take out what is no letter, digit or wildcard"));
    }
    let mut folded = String::new();
    for part in body.split_inclusive(['*', '?']) {
        let literal = part.trim_end_matches(['*', '?']);
        folded.push_str(&text::fold(literal));
        folded.extend(part.chars().skip(literal.chars().count()));
    }
    match folded.strip_suffix('*') {
        Some(prefix) if !prefix.contains(['*', '?']) => Ok(Word::new(prefix, Form::Prefix, mark)),
        _ => Ok(Word::new(folded, Form::Wildcard, mark)),
    }
}

fn nothing(source: &str) -> Fault {
    syntax(format!("no word in `{source}`: a word is made of letters and digits, or is an emoji"))
        .mend(format!("raw:\"{}\" finds it as written", source.replace('\\', "\\\\").replace('"', "\\\"")))
}
