//! Names of people: order, titles, particles, initials.
//!
//! No table knows every naming custom, so little is decided here: titles and generational suffixes are set
//! aside, a comma puts the family name in front back to the end, a particle stays with the family name it
//! belongs to, and everything else keeps its place. What the words mean is left to comparison, which tries
//! every pairing of them.

use super::fold::words;

/// Words before a name that are not part of it.
const TITLES: &[&str] = &[
    "baron",
    "baroness",
    "capt",
    "col",
    "count",
    "countess",
    "dame",
    "dr",
    "frau",
    "gen",
    "herr",
    "hon",
    "judge",
    "lady",
    "lord",
    "lt",
    "maj",
    "miss",
    "mme",
    "mr",
    "mrs",
    "ms",
    "mx",
    "prof",
    "professor",
    "rabbi",
    "rev",
    "reverend",
    "sen",
    "senator",
    "senor",
    "senora",
    "sgt",
    "signor",
    "signora",
    "sir",
    "sr",
    "sra",
];

/// Words after a name that are not part of it.
const SUFFIXES: &[&str] = &[
    "bsc", "cpa", "dds", "esq", "esquire", "ii", "iii", "iv", "jnr", "jr", "llb", "ma", "mba", "md", "mp",
    "msc", "obe", "phd", "snr", "sr",
];

/// Small words that belong to the family name behind them.
const PARTICLES: &[&str] = &[
    "abu", "al", "af", "av", "bin", "bint", "da", "dal", "das", "de", "dei", "del", "della", "den", "der",
    "di", "do", "dos", "du", "el", "ibn", "la", "le", "les", "lo", "of", "san", "st", "ten", "ter", "van",
    "vom", "von", "y", "zu", "zum", "zur",
];

/// A person's name in parts. Every part is folded words.
///
/// ```
/// use hearken::identity::Name;
///
/// let name = Name::parse("Dr. Ludwig van Beethoven Jr.");
/// assert_eq!((name.given(), name.family()), ("ludwig", "van beethoven"));
/// assert_eq!(Name::parse("Beethoven, Ludwig van").plain(), "ludwig van beethoven");
/// assert_eq!(Name::parse("王小明").plain(), "王小明");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name {
    plain: String,
    /// Bytes of `plain` before the family name, the space between included.
    family_at: usize,
}

impl Name {
    /// Reads a full name in the order it is written.
    pub fn parse(full: &str) -> Self {
        let ordered = match full.split_once([',', '，', '،']) {
            Some((family, given)) if !is_suffix(given) && !given.trim().is_empty() => {
                format!("{given} {family}")
            }
            _ => full.to_owned(),
        };
        let folded = words(&ordered);
        let mut parts: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        while parts.len() > 1 && parts.first().is_some_and(|word| TITLES.contains(word)) {
            parts.remove(0);
        }
        while parts.len() > 1 && parts.last().is_some_and(|word| SUFFIXES.contains(word)) {
            parts.pop();
        }
        // The family name is the last word with the particles before it; the first word is never one.
        let mut family = parts.len().saturating_sub(1);
        while family > 1 && parts.get(family - 1).is_some_and(|word| PARTICLES.contains(word)) {
            family -= 1;
        }
        let given: usize = parts.iter().take(family).map(|word| word.len() + 1).sum();
        Self { plain: parts.join(" "), family_at: given }
    }

    /// Every word of the name, in order, one space between them.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The words before the family name; empty when there is one word only.
    pub fn given(&self) -> &str {
        self.plain.get(..self.family_at).unwrap_or("").trim_end()
    }

    /// The family name with its particles.
    pub fn family(&self) -> &str {
        self.plain.get(self.family_at..).unwrap_or("")
    }

    /// True when there is no word in it.
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }
}

fn is_suffix(text: &str) -> bool {
    let folded = words(text);
    !folded.is_empty() && folded.split(' ').all(|word| SUFFIXES.contains(&word))
}
