//! Scripts: whether two values are written in letters that can be held against each other.
//!
//! "محمد" and "Mohammed" are one name, "محمد" and "Peter" are two, and no letter tells the one case from the other. Where
//! two values have no script in common they say nothing for one person and nothing against.

use std::ops::RangeInclusive;

/// The letters of a script, as ranges of a folded text. Greek and Cyrillic are folded to Latin letters, so the three
/// are one. Source: Blocks.txt of Unicode 16.
const SCRIPTS: &[&[RangeInclusive<char>]] = &[
    &['a'..='\u{52f}', '\u{1e00}'..='\u{1fff}'],
    // Armenian, Hebrew, Arabic.
    &['\u{530}'..='\u{58f}'],
    &['\u{590}'..='\u{5ff}'],
    &['\u{600}'..='\u{6ff}', '\u{750}'..='\u{77f}', '\u{8a0}'..='\u{8ff}'],
    // Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada, Malayalam, Sinhala.
    &['\u{900}'..='\u{97f}'],
    &['\u{980}'..='\u{9ff}'],
    &['\u{a00}'..='\u{a7f}'],
    &['\u{a80}'..='\u{aff}'],
    &['\u{b00}'..='\u{b7f}'],
    &['\u{b80}'..='\u{bff}'],
    &['\u{c00}'..='\u{c7f}'],
    &['\u{c80}'..='\u{cff}'],
    &['\u{d00}'..='\u{d7f}'],
    &['\u{d80}'..='\u{dff}'],
    // Thai, Lao, Tibetan, Burmese, Georgian, Korean, Ethiopic, Khmer.
    &['\u{e00}'..='\u{e7f}'],
    &['\u{e80}'..='\u{eff}'],
    &['\u{f00}'..='\u{fff}'],
    &['\u{1000}'..='\u{109f}'],
    &['\u{10a0}'..='\u{10ff}'],
    &['\u{1100}'..='\u{11ff}', '\u{ac00}'..='\u{d7ff}'],
    &['\u{1200}'..='\u{137f}'],
    &['\u{1780}'..='\u{17ff}'],
    // Hiragana, katakana, Chinese characters.
    &['\u{3040}'..='\u{309f}'],
    &['\u{30a0}'..='\u{30ff}'],
    &['\u{3400}'..='\u{9fff}', '\u{20000}'..='\u{3ffff}'],
];

/// True when both folded texts have letters and no script in common. Linear in their lengths.
pub(in crate::identity) fn in_other_letters(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return false;
    }
    let (a, b) = (scripts(a), scripts(b));
    a != 0 && b != 0 && a & b == 0
}

/// The scripts of a folded text, a bit each; all of them for a letter of a script that is not told apart.
fn scripts(text: &str) -> u32 {
    text.chars().filter(|c| c.is_alphabetic()).fold(0, |scripts, c| {
        let script = SCRIPTS.iter().position(|ranges| ranges.iter().any(|range| range.contains(&c)));
        scripts | script.map_or(u32::MAX, |bit| 1 << bit)
    })
}
