//! Hashed words, pairs of words and character n-grams: for what a list of words does not cover.
//!
//! A file of them is a text header, an empty line, and a signed byte a class and bucket. Words stand in no file: a
//! bucket is a hash. Handles, links and numbers are left out.

use crate::text::{Mark, Text, Token, TokenKind, hash};

/// What a gram is made of.
///
/// ```
/// use hearken::sentiment::{GramKind, Sentiment};
/// use hearken::text::Text;
///
/// let trace = Sentiment::english().trace_in(&Text::new("late again"), None);
/// let count = |kind| trace.grams.iter().filter(|(of, _)| *of == kind).count();
/// assert_eq!((count(GramKind::Word), count(GramKind::Pair)), (2, 1));
/// assert!(count(GramKind::Letters) > 10, "what a language with many endings is read by");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GramKind {
    /// A word, or a run of signs.
    Word,
    /// Two words in a row.
    Pair,
    /// Two to five characters of a word, its borders among them.
    Letters,
}

impl GramKind {
    /// Its name in the header of a file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Pair => "pair",
            Self::Letters => "letters",
        }
    }

    /// Every kind, in the order in which a token gives them.
    pub const ALL: [Self; 3] = [Self::Word, Self::Pair, Self::Letters];
}

/// Weights by bucket, in units of a thousandth of a logit times `unit`.
#[derive(Debug, Clone, Default)]
pub(super) struct Grams {
    pub(super) classes: usize,
    unit: i64,
    buckets: usize,
    /// The kinds that have weights.
    kinds: Vec<GramKind>,
    weights: Vec<i8>,
    /// Thousandths of a logit a class, for named features beside the grams.
    extras: Vec<(String, Vec<i64>)>,
}

/// The longest n-gram of a word, in characters.
const LONGEST: usize = 5;
/// The longest word whose n-grams are read, in characters: the work stays linear with a small factor.
const LONGEST_WORD: usize = 40;

impl Grams {
    /// Reads a file; `None` where it breaks off. The files are built in, and a test reads every one.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (header, body) = split(bytes)?;
        let mut grams = Self::default();
        for line in header.lines() {
            let mut words = line.split(' ');
            match words.next()? {
                "classes" => grams.classes = words.next()?.parse().ok()?,
                "unit" => grams.unit = words.next()?.parse().ok()?,
                "kinds" => {
                    grams.kinds = words
                        .filter_map(|word| GramKind::ALL.into_iter().find(|kind| kind.name() == word))
                        .collect();
                }
                "extra" => {
                    let name = words.next()?.to_owned();
                    grams.extras.push((name, words.map_while(|word| word.parse().ok()).collect()));
                }
                _ => {}
            }
        }
        grams.weights = body.iter().map(|byte| byte.cast_signed()).collect();
        grams.buckets = grams.weights.len().checked_div(grams.classes)?;
        grams.buckets.is_power_of_two().then_some(grams)
    }

    /// The weights of a named feature in thousandths of a logit; of none, nothing.
    pub(super) fn extra(&self, name: &str) -> &[i64] {
        self.extras.iter().find(|(known, _)| known == name).map_or(&[], |(_, weights)| weights)
    }

    /// Hands over what each gram adds to the `N` classes, with the place of its token.
    pub(super) fn add<const N: usize>(&self, text: &Text, mut adds: impl FnMut(usize, [i64; N])) {
        visit(text, &self.kinds, |at, _, gram| {
            let from = bucket(gram, self.buckets) * self.classes;
            if let Some(row) = self.weights.get(from..).and_then(|rest| rest.first_chunk::<N>()) {
                adds(at, row.map(|weight| i64::from(weight) * self.unit));
            }
        });
    }
}

fn split(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\n\n")?;
    let (header, body) = bytes.split_at_checked(end + 2)?;
    Some((std::str::from_utf8(header).ok()?, body))
}

/// The bucket of a gram; `buckets` is a power of two.
pub(super) fn bucket(gram: u64, buckets: usize) -> usize {
    (gram >> 20) as usize & buckets.saturating_sub(1)
}

fn mix(state: u64, next: u64) -> u64 {
    (state ^ next).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
}

/// Every gram of these kinds, with the place of its token; signs belong to the token before them.
pub(super) fn visit(text: &Text, kinds: &[GramKind], mut gram: impl FnMut(usize, GramKind, u64)) {
    let [words, pairs, letters] = GramKind::ALL.map(|kind| kinds.contains(&kind));
    let mut before = 0;
    for (at, token) in text.tokens().iter().enumerate() {
        let gap = text.gap(at);
        if words && gap != " " {
            signs(gap, |sign| gram(at.saturating_sub(1), GramKind::Word, sign));
        }
        if is_left_out(text, token) {
            before = 0;
            continue;
        }
        let word = token.hash();
        if words {
            gram(at, GramKind::Word, mix(1, word));
        }
        if pairs && before != 0 {
            gram(at, GramKind::Pair, mix(mix(2, before), word));
        }
        before = word;
        if letters && token.kind() == TokenKind::Word {
            word_letters(text.folded(token), |hash| gram(at, GramKind::Letters, hash));
        }
    }
    if words {
        let last = text.tokens().len();
        signs(text.gap(last), |sign| gram(last.saturating_sub(1), GramKind::Word, sign));
    }
}

fn is_left_out(text: &Text, token: &Token) -> bool {
    token.kind() == TokenKind::Link
        || token.mark() == Some(Mark::At)
        || text.folded(token).starts_with(|first: char| first.is_ascii_digit())
}

/// Runs of signs between words, such as `:)` and `!!`, the first three signs of each.
fn signs(gap: &str, mut gram: impl FnMut(u64)) {
    for run in gap.split_whitespace().filter(|run| !matches!(*run, "#" | "@")) {
        let end = run.char_indices().nth(3).map_or(run.len(), |(end, _)| end);
        gram(mix(3, hash(run.get(..end).unwrap_or(run))));
    }
}

/// The n-grams of a word between its borders, elongations squeezed to two letters.
fn word_letters(word: &str, mut gram: impl FnMut(u64)) {
    let mut letters = [' '; LONGEST_WORD + 2];
    let (mut last, mut run) = (' ', 0);
    let squeezed = word.chars().filter(|c| {
        run = if *c == last { run + 1 } else { 1 };
        last = *c;
        run <= 2
    });
    let places = letters.iter_mut().skip(1).zip(squeezed.take(LONGEST_WORD));
    let length = places.map(|(place, c)| *place = c).count() + 2;
    for start in 0..length {
        let mut state = 4;
        for (size, letter) in letters.iter().take(length).skip(start).take(LONGEST).enumerate() {
            state = mix(state, u64::from(*letter));
            if size > 0 {
                gram(state);
            }
        }
    }
}
