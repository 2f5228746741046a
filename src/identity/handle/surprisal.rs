//! How much a run of letters surprises: a Markov model of letters, learnt from names and handles.
//!
//! A rare handle that fits a name says more than a common one (Perito and others 2011, *How unique and traceable
//! are usernames?*): this is the term frequency of a value that is hardly ever seen twice.

use std::collections::BTreeMap;

/// The letters that the next one depends on, at most.
const CONTEXT: usize = 2;
/// Letters and digits that may come next, before anything is known.
const ALPHABET: f64 = 37.0;
/// Stands before the first letter.
const START: char = '^';

type Context = [char; CONTEXT];

/// A Markov model of letters: the two letters before decide, smoothed by Witten and Bell's method with one letter,
/// none, and an even alphabet.
///
/// ```
/// use hearken::identity::Surprisal;
///
/// let model = Surprisal::learn(["miller", "muller", "mills", "hill"]);
/// assert!(model.bits("mill") < model.bits("xqzv"));
/// assert_eq!(model.bits(""), 0.0);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Surprisal {
    /// By the letters before, `\0` where a context is shorter: what came next, and how often.
    next: BTreeMap<Context, Next>,
}

#[derive(Debug, Clone, Default)]
struct Next {
    total: u32,
    counts: BTreeMap<char, u32>,
}

impl Surprisal {
    /// Learns from words, folded and without separators. The order of the words does not matter.
    pub fn learn<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut next: BTreeMap<Context, Next> = BTreeMap::new();
        for word in words {
            let mut before = [START; CONTEXT];
            for c in word.chars() {
                for context in contexts(before) {
                    let seen = next.entry(context).or_default();
                    seen.total += 1;
                    *seen.counts.entry(c).or_default() += 1;
                }
                before = [before[1], c];
            }
        }
        Self { next }
    }

    /// The surprisal of `word`, in bits: −log₂ of the chance that the model writes it. Linear in its length.
    pub fn bits(&self, word: &str) -> f64 {
        self.running(word.chars()).last().unwrap_or(0.0)
    }

    /// The surprisal of the first letter, of the first two, and so on.
    pub(in crate::identity) fn running(
        &self,
        letters: impl Iterator<Item = char>,
    ) -> impl Iterator<Item = f64> {
        let (mut before, mut sum) = ([START; CONTEXT], 0.0);
        letters.map(move |c| {
            sum -= self.chance(before, c).log2();
            before = [before[1], c];
            sum
        })
    }

    /// The chance that `c` comes after `before`.
    fn chance(&self, before: Context, c: char) -> f64 {
        let mut chance = 1.0 / ALPHABET;
        for context in contexts(before) {
            let Some(seen) = self.next.get(&context) else { break };
            let (total, kinds) = (f64::from(seen.total), seen.counts.len() as f64);
            let count = f64::from(seen.counts.get(&c).copied().unwrap_or(0));
            chance = (count + kinds * chance) / (total + kinds);
        }
        chance
    }
}

/// No letter, the last one, both.
fn contexts([first, second]: Context) -> [Context; 3] {
    [['\0', '\0'], ['\0', second], [first, second]]
}
