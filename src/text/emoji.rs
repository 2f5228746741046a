//! Emoji sequences, as Unicode Technical Standard 51 spells them.

/// The length in bytes of the emoji sequence at the start of `text`, 0 where there is none.
///
/// A sequence is a flag (two regional indicators), a keycap (`1️⃣`), or pictographs joined by zero-width joiners, each
/// with its variation selector, skin tone and tags.
pub(super) fn sequence(text: &str) -> usize {
    let mut chars = text.chars();
    match chars.next() {
        Some('0'..='9' | '#' | '*') => keycap(text),
        Some(c) if is_regional(c) => {
            if chars.next().is_some_and(is_regional) {
                8
            } else {
                4
            }
        }
        Some(c) if is_tone(c) => 4,
        Some(c) if is_pictograph(c) && (stands_alone(c) || chars.next() == Some('\u{FE0F}')) => joined(text),
        _ => 0,
    }
}

/// A digit, `#` or `*` under an enclosing keycap.
fn keycap(text: &str) -> usize {
    let mut chars = text.chars().skip(1);
    match chars.next() {
        Some('\u{20E3}') => 4,
        Some('\u{FE0F}') if chars.next() == Some('\u{20E3}') => 7,
        _ => 0,
    }
}

/// Pictographs with what modifies them, joined by zero-width joiners.
fn joined(text: &str) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    let mut open = true; // the next pictograph belongs to this sequence
    while let Some((at, c)) = chars.next() {
        let fits = if is_pictograph(c) { std::mem::take(&mut open) } else { is_modifier(c) };
        if c == '\u{200D}' {
            open = chars.peek().is_some_and(|(_, next)| is_pictograph(*next));
        }
        if !(fits || open) {
            break;
        }
        end = at + c.len_utf8();
    }
    end
}

/// Variation selectors, keycap, skin tones, tags.
fn is_modifier(c: char) -> bool {
    matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}' | '\u{E0020}'..='\u{E007F}') || is_tone(c)
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{1F3FB}'..='\u{1F3FF}')
}

fn is_regional(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Extended_Pictographic of emoji-data.txt, Unicode 15.1; it covers the places kept for emoji to come.
fn is_pictograph(c: char) -> bool {
    match c {
        '\0'..='\u{203B}' => matches!(c, '\u{A9}' | '\u{AE}'),
        '\u{203C}'..='\u{25FF}' => matches!(c,
            '\u{203C}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2194}'..='\u{2199}' | '\u{21A9}'..='\u{21AA}'
            | '\u{231A}'..='\u{231B}' | '\u{2328}' | '\u{2388}' | '\u{23CF}' | '\u{23E9}'..='\u{23F3}'
            | '\u{23F8}'..='\u{23FA}' | '\u{24C2}' | '\u{25AA}'..='\u{25AB}' | '\u{25B6}' | '\u{25C0}'
            | '\u{25FB}'..='\u{25FE}'),
        '\u{2600}'..='\u{27BF}' => matches!(c,
            '\u{2600}'..='\u{2605}' | '\u{2607}'..='\u{2612}' | '\u{2614}'..='\u{2685}' | '\u{2690}'..='\u{2705}'
            | '\u{2708}'..='\u{2712}' | '\u{2714}' | '\u{2716}' | '\u{271D}' | '\u{2721}' | '\u{2728}'
            | '\u{2733}'..='\u{2734}' | '\u{2744}' | '\u{2747}' | '\u{274C}' | '\u{274E}' | '\u{2753}'..='\u{2755}'
            | '\u{2757}' | '\u{2763}'..='\u{2767}' | '\u{2795}'..='\u{2797}' | '\u{27A1}' | '\u{27B0}' | '\u{27BF}'),
        '\u{27C0}'..='\u{1EFFF}' => matches!(c,
            '\u{2934}'..='\u{2935}' | '\u{2B05}'..='\u{2B07}' | '\u{2B1B}'..='\u{2B1C}' | '\u{2B50}' | '\u{2B55}'
            | '\u{3030}' | '\u{303D}' | '\u{3297}' | '\u{3299}'),
        _ => matches!(c,
            '\u{1F000}'..='\u{1F0FF}' | '\u{1F10D}'..='\u{1F10F}' | '\u{1F12F}' | '\u{1F16C}'..='\u{1F171}'
            | '\u{1F17E}'..='\u{1F17F}' | '\u{1F18E}' | '\u{1F191}'..='\u{1F19A}' | '\u{1F1AD}'..='\u{1F1E5}'
            | '\u{1F201}'..='\u{1F20F}' | '\u{1F21A}' | '\u{1F22F}' | '\u{1F232}'..='\u{1F23A}'
            | '\u{1F23C}'..='\u{1F23F}' | '\u{1F249}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1F53D}'
            | '\u{1F546}'..='\u{1F64F}' | '\u{1F680}'..='\u{1F6FF}' | '\u{1F774}'..='\u{1F77F}'
            | '\u{1F7D5}'..='\u{1F7FF}' | '\u{1F80C}'..='\u{1F80F}' | '\u{1F848}'..='\u{1F84F}'
            | '\u{1F85A}'..='\u{1F85F}' | '\u{1F888}'..='\u{1F88F}' | '\u{1F8AE}'..='\u{1F8FF}'
            | '\u{1F90C}'..='\u{1F93A}' | '\u{1F93C}'..='\u{1F945}' | '\u{1F947}'..='\u{1FAFF}'
            | '\u{1FC00}'..='\u{1FFFD}'),
    }
}

/// Is an emoji without a variation selector. The pictographs below U+2600 and from U+27C0 to U+EFFF that writers also
/// use as plain signs (©, ™, ▪, ↔, ㊗) need one.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{231A}'..='\u{231B}' | '\u{23E9}'..='\u{23FA}' | '\u{25FD}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2B1B}'..='\u{2B1C}' | '\u{2B50}' | '\u{2B55}' | '\u{1F000}'..)
}
