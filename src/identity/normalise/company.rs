//! Names of organisations, without the words that only state their legal form.

use super::fold::words;

/// Legal forms and filler, folded.
const FORMS: &[&str] = &[
    "ab",
    "ag",
    "and",
    "as",
    "asa",
    "bv",
    "co",
    "company",
    "corp",
    "corporation",
    "gmbh",
    "group",
    "holding",
    "holdings",
    "inc",
    "incorporated",
    "kg",
    "limited",
    "llc",
    "llp",
    "lp",
    "ltd",
    "ltda",
    "nv",
    "ohg",
    "oy",
    "oyj",
    "plc",
    "pte",
    "pty",
    "sa",
    "sarl",
    "sas",
    "se",
    "sl",
    "spa",
    "srl",
    "the",
    "und",
];

/// The name of a company folded, without its legal form; the folded name itself when nothing else is left.
///
/// ```
/// use hearken::identity::company;
///
/// assert_eq!(company("The Acme Foods Co., Ltd."), "acme foods");
/// assert_eq!(company("Müller & Söhne GmbH"), "muller sohne");
/// assert_eq!(company("AG"), "ag");
/// ```
pub fn company(text: &str) -> String {
    let folded = words(text);
    let kept: Vec<&str> = folded.split(' ').filter(|word| !FORMS.contains(word)).collect();
    if kept.is_empty() { folded } else { kept.join(" ") }
}
