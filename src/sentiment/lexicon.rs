//! The lexicon format: what an entry may say, and the parser that reads packs and overlays alike.
//!
//! One entry a line, `TERM, TERM, … = ATTRIBUTE ATTRIBUTE …`; a line that starts with `# ` is a comment, a line that
//! starts with `! ` sets a number of the pack. A term is one word, several words (a phrase), an emoji, an emoticon or a
//! `<rule>`. Case and width do not matter. The attributes:
//!
//! | attribute | meaning |
//! |---|---|
//! | `+2.5` `-1` `0` | valence, −4 to 4: the three weights follow from it |
//! | `-12/3/20` | weights of negative, neutral, positive, in units of the pack, added to those of the valence |
//! | `not:8/0/-4` | the weights under negation; without it they follow from the valence |
//! | `by:-300/0/300` | thousandths of a logit added to what the term weighs; in an overlay all else of it stays |
//! | `anger` `joy:2` … | an emotion, in strength 1 to 3 |
//! | `negates` `negates:2` | turns the next words around (4 of them unless told) |
//! | `boost:1.3` `damp:0.6` | strengthens or weakens the next polar word; a bad word that does is none before a good one: "terribly nice" |
//! | `contrast` | what stands before it in the text weighs less |
//! | `unreal` | a condition or wish: the polar words after it in the clause weigh less |
//! | `keeps` | negation does not turn it around (superlatives, emoji, fixed phrases), and no word that looks back is about it: "so glad it is over" |
//! | `back:0.5` `back:-0.5` | so much stays of the polar word before it: half of it in "nicer than", turned in "mag ich nicht" and in "the pain is gone", though not in "is not gone" |
//! | `reverses` | turns around the next polar word, as in "ends the nightmare"; a good word only a bad one, a bad word only a good one: "cured my pain", "spoiled the fun" |
//! | `adds` | of a phrase: counts beside its words instead of in their place |
//! | `cue` | a hint of sarcasm |
//! | `joined` | only directly behind an apostrophe or hyphen, as the "t" of "don't" |
//! | `off` | silences the term |

use crate::error::{BuildError, Fault, FaultKind};
use crate::text::Text;
use std::collections::BTreeMap;

/// The version of the lexicon format that this build reads.
pub const FORMAT: u32 = 1;

/// Eight emotions have a strength per entry.
pub(super) const EMOTIONS: [&str; 8] =
    ["anger", "joy", "sadness", "fear", "disgust", "surprise", "trust", "optimism"];

/// What an entry does besides weighing.
pub(super) mod role {
    pub(in crate::sentiment) const NEGATES: u16 = 1;
    pub(in crate::sentiment) const BOOSTS: u16 = 1 << 1;
    pub(in crate::sentiment) const CONTRAST: u16 = 1 << 2;
    pub(in crate::sentiment) const UNREAL: u16 = 1 << 3;
    pub(in crate::sentiment) const KEEPS: u16 = 1 << 4;
    pub(in crate::sentiment) const REVERSES: u16 = 1 << 5;
    pub(in crate::sentiment) const ADDS: u16 = 1 << 6;
    pub(in crate::sentiment) const CUE: u16 = 1 << 7;
    pub(in crate::sentiment) const OFF: u16 = 1 << 8;
    /// More words may follow: a longer phrase begins like this. Set by the compiler of the table.
    pub(in crate::sentiment) const OPENS: u16 = 1 << 9;
    /// Only directly behind an apostrophe or hyphen.
    pub(in crate::sentiment) const JOINED: u16 = 1 << 11;
    /// Under grams: a shift was laid over the entry. Set by the compiler of the table.
    pub(in crate::sentiment) const TAUGHT: u16 = 1 << 12;
    /// Looks back: changes how much stays of the polar entry before it.
    pub(in crate::sentiment) const BACK: u16 = 1 << 13;
    /// Works on words after it, and may leave nothing of its own weight. Set by the compiler of the table.
    pub(in crate::sentiment) const WORKS: u16 = 1 << 14;
    /// Changes what the next words mean, or what the last one is about.
    pub(in crate::sentiment) const TURNS: u16 = NEGATES | BOOSTS | CONTRAST | UNREAL | REVERSES | BACK;
    /// The node is an entry, not only the beginning of one.
    pub(in crate::sentiment) const ENTRY: u16 = 1 << 10;
}

/// One entry as written: thousandths of valence, units of weight.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) valence: Option<i16>,
    pub(super) weights: Option<[i16; 3]>,
    pub(super) negated: Option<[i16; 3]>,
    /// Thousandths of a logit added to whatever the term weighs already.
    pub(super) shift: Option<[i16; 3]>,
    pub(super) emotions: [u8; 8],
    pub(super) role: u16,
    /// Words in the scope of a negation, or thousandths of a boost.
    pub(super) reach: u16,
    /// Thousandths that stay of the polar entry before it.
    pub(super) stays: i16,
}

impl Entry {
    /// Lays a fitted entry over a hand-written one: its weights are added, its absences change nothing.
    fn refine(&mut self, over: &Entry) {
        self.valence = over.valence.or(self.valence);
        self.weights = over.weights.or(self.weights);
        self.negated = over.negated.or(self.negated);
        self.role |= over.role;
        if over.reach != 0 {
            self.reach = over.reach;
        }
        if over.stays != 0 {
            self.stays = over.stays;
        }
        for (mine, theirs) in self.emotions.iter_mut().zip(over.emotions) {
            *mine = (*mine).max(theirs);
        }
    }
}

/// Entries by term, and the numbers of the pack.
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    pub(super) entries: BTreeMap<Vec<String>, Entry>,
    pub(super) numbers: BTreeMap<String, [f64; 3]>,
}

impl Lexicon {
    /// Lays `over` over this one: a fitted pack refines entries, a host's overlay replaces them.
    pub(super) fn lay(&mut self, over: Lexicon, replaces: bool) {
        for (term, entry) in over.entries {
            let mine = self.entries.entry(term).or_default();
            if replaces && entry.shift.is_some() {
                mine.shift = entry.shift;
            } else if replaces {
                *mine = entry;
            } else {
                mine.refine(&entry);
            }
        }
        self.numbers.extend(over.numbers);
    }

    /// Reads a lexicon; `place` names it in the faults that it adds. What it gives then is the lines without a fault.
    pub(super) fn parse(place: &str, source: &str, error: &mut BuildError) -> Self {
        let mut lexicon = Self::default();
        let mut text = Text::default();
        for (number, line) in (1u32..).zip(source.lines()) {
            let line = line.trim_end();
            if line.is_empty() || line == "#" || line.starts_with("# ") {
                continue;
            }
            let parsed = match line.strip_prefix("! ") {
                Some(setting) => lexicon.setting(setting),
                None => lexicon.line(line, &mut text),
            };
            if let Err((column, kind, message, mend)) = parsed {
                error.push(Fault::new(kind, place, message).at(number, column).mend(mend));
            }
        }
        lexicon
    }

    fn setting(&mut self, line: &str) -> Result<(), Wrong> {
        let mut words = line.split_whitespace();
        let name = words.next().unwrap_or_default();
        let mut values = [0.0; 3];
        for (value, word) in values.iter_mut().zip(words) {
            *value = word.parse().ok().filter(|number: &f64| number.is_finite()).ok_or_else(|| {
                wrong(3, FaultKind::Value, format!("'{word}' is no number"), "write a decimal number")
            })?;
        }
        if name == "format" && values[0] != f64::from(FORMAT) {
            return Err(wrong(
                3,
                FaultKind::Value,
                format!("format {} is not read here", values[0]),
                "use a build that reads it",
            ));
        }
        self.numbers.insert(name.to_owned(), values);
        Ok(())
    }

    fn line(&mut self, line: &str, text: &mut Text) -> Result<(), Wrong> {
        let (terms, attributes) = line.rsplit_once(" = ").ok_or_else(|| {
            wrong(
                1,
                FaultKind::Syntax,
                "expected TERM = ATTRIBUTES",
                "put ' = ' between the term and its attributes",
            )
        })?;
        let mut column = terms.chars().count() as u32 + 4;
        let mut entry = Entry::default();
        for word in attributes.split(' ') {
            if !word.is_empty() {
                attribute(&mut entry, word)
                    .map_err(|(kind, message, mend)| wrong(column, kind, message, mend))?;
            }
            column += word.chars().count() as u32 + 1;
        }
        let mut column = 1;
        for term in terms.split(", ") {
            let key = key(term.trim(), text);
            if key.is_empty() {
                return Err(wrong(
                    column,
                    FaultKind::Missing,
                    "a term without a word",
                    "write a word before ' = '",
                ));
            }
            if key.len() > LONGEST {
                return Err(wrong(
                    column,
                    FaultKind::Limit,
                    format!("a phrase of more than {LONGEST} words"),
                    "shorten it",
                ));
            }
            if self.entries.insert(key, entry).is_some() {
                return Err(wrong(
                    column,
                    FaultKind::Duplicate,
                    format!("'{term}' is here twice"),
                    "keep one of the lines",
                ));
            }
            column += term.chars().count() as u32 + 2;
        }
        Ok(())
    }
}

/// The most words a phrase may have; bounds the work at each word.
pub(super) const LONGEST: usize = 6;

type Wrong = (u32, FaultKind, String, String);

fn wrong(column: u32, kind: FaultKind, message: impl Into<String>, mend: impl Into<String>) -> Wrong {
    (column, kind, message.into(), mend.into())
}

/// The folded words of a term; a rule, an emoticon or a sign stands for itself.
pub(super) fn key(term: &str, text: &mut Text) -> Vec<String> {
    if term.starts_with('<') && term.ends_with('>') && term.len() > 2 {
        return vec![term.to_owned()];
    }
    text.read(term);
    let signs = text.gap(0).len() + text.gap(text.tokens().len()).len();
    if text.tokens().is_empty() || (signs > 0 && text.tokens().len() == 1 && term.chars().count() <= 4) {
        return if term.is_empty() { Vec::new() } else { vec![crate::text::fold(term).into_owned()] };
    }
    text.tokens().iter().map(|token| super::emoji::plain(text.folded(token)).into_owned()).collect()
}

fn attribute(entry: &mut Entry, word: &str) -> Result<(), (FaultKind, String, String)> {
    let (name, value) = word.split_once(':').map_or((word, None), |(name, value)| (name, Some(value)));
    let bad = |what: &str| {
        (FaultKind::Value, format!("'{word}' is not {what}"), "see the table of attributes".to_owned())
    };
    let number = |low: f64, high: f64, default: f64| match value {
        None => Ok(default),
        Some(value) => value
            .parse::<f64>()
            .ok()
            .filter(|number| (low..=high).contains(number))
            .ok_or_else(|| bad(&format!("a number from {low} to {high}"))),
    };
    if let Some(emotion) = EMOTIONS.iter().position(|emotion| *emotion == name) {
        let strength = number(1.0, 3.0, 1.0)? as u8;
        entry.emotions.iter_mut().skip(emotion).take(1).for_each(|mine| *mine = strength);
        return Ok(());
    }
    match name {
        "negates" => {
            entry.reach = number(1.0, 12.0, 4.0)? as u16;
            entry.role |= role::NEGATES;
        }
        "boost" | "damp" => {
            entry.reach = (number(0.1, 3.0, if name == "boost" { 1.3 } else { 0.6 })? * 1_000.0) as u16;
            entry.role |= role::BOOSTS;
        }
        "contrast" => entry.role |= role::CONTRAST,
        "unreal" => entry.role |= role::UNREAL,
        "keeps" => entry.role |= role::KEEPS,
        "reverses" => entry.role |= role::REVERSES,
        "back" => {
            entry.stays = (number(-1.0, 1.0, 0.5)? * 1_000.0) as i16;
            entry.role |= role::BACK;
        }
        "adds" => entry.role |= role::ADDS,
        "cue" => entry.role |= role::CUE,
        "joined" => entry.role |= role::JOINED,
        "off" => entry.role |= role::OFF,
        "by" => {
            entry.shift = Some(value.and_then(weights).ok_or_else(|| bad("three weights, as by:-300/0/300"))?)
        }
        "not" => {
            entry.negated = Some(value.and_then(weights).ok_or_else(|| bad("three weights, as not:8/0/-4"))?)
        }
        _ if word.contains('/') => {
            entry.weights = Some(weights(word).ok_or_else(|| bad("three weights, as -12/3/20"))?)
        }
        _ => match word.parse::<f64>().ok().filter(|valence| (-4.0..=4.0).contains(valence)) {
            Some(valence) => entry.valence = Some((valence * 1_000.0).round() as i16),
            None => {
                return Err((
                    FaultKind::Unknown,
                    format!("unknown attribute '{word}'"),
                    "a valence is a number from -4 to 4".to_owned(),
                ));
            }
        },
    }
    Ok(())
}

fn weights(word: &str) -> Option<[i16; 3]> {
    let mut parts = word.split('/').map(|part| part.parse::<i16>().ok().filter(|part| part.abs() <= 2_000));
    let weights = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(weights)
}
