//! How common a word is, guessed without a corpus.

/// The commonest English words, the commonest first (function words and everyday verbs; general knowledge).
const WORDS: &str = "the to a i and of in is you for on it my s t that me with at be this have so just we are not but \
     like was all your up out what get if do can from love they about don he one new go now day good re know as when \
     time will no how people today m or see there who got by great lol want her an think more she back has really \
     happy am too some our make going us off need his come still him them here work right life why would night over \
     been had way thanks only their can't thank than never last best first ve let much then tomorrow year being well \
     feel after hope very could ever say man look next please always game down because did into take world into any \
     were every better home again thing two even tonight week live made show team big morning before play also these \
     help things should watch other little god way where school real friends win ll most";

/// How many of ten thousand short posts hold the word: a guess.
pub(super) fn frequency(word: &str) -> u32 {
    if let Some(rank) = WORDS.split_ascii_whitespace().position(|common| common == word) {
        return 4_000 / (rank as u32 + 2) + 60;
    }
    match word.chars().count() {
        0..=2 => 60,
        3 => 24,
        4 => 16,
        5 => 10,
        6 => 8,
        _ => 5,
    }
}
