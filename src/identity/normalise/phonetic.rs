//! A phonetic code for names of European languages in Latin letters.
//!
//! The code is our own short one in the manner of Metaphone: letters that are heard alike are written alike,
//! vowels after the first letter are dropped, doubles are one. It serves blocking and the "near" level, where a
//! code that is too coarse costs a comparison and no more.

/// The code of the first word of a folded name, at most 8 letters; empty for a name without Latin letters.
///
/// ```
/// use hearken::identity::phonetic;
///
/// assert_eq!(phonetic("philips"), phonetic("fillips"));
/// assert_eq!(phonetic("schmidt"), phonetic("shmit"));
/// assert_ne!(phonetic("smith"), phonetic("jones"));
/// ```
pub fn phonetic(folded: &str) -> String {
    let mut code = String::with_capacity(8);
    let mut rest = folded.bytes().take_while(u8::is_ascii_lowercase).collect::<Vec<_>>();
    rest.push(b' ');
    let mut rest = rest.as_slice();
    while let Some((&letter, tail)) = rest.split_first() {
        let (sound, used): (u8, usize) = match rest {
            [b's', b'c', b'h', ..] => (b'x', 3),
            [b's', b'h', ..] | [b'c', b'h', ..] | [b'c', b'z', ..] | [b's', b'z', ..] => (b'x', 2),
            [b'p', b'h', ..] => (b'f', 2),
            [b't', b'h', ..] | [b'd', b't', ..] => (b't', 2),
            [b'g', b'h', ..] if !code.is_empty() => (b' ', 2),
            [b'c', b'k', ..] => (b'k', 2),
            [b'c', b'e' | b'i' | b'y', ..] => (b's', 1),
            [b'k' | b'g', b'n', ..] if code.is_empty() => (b'n', 2),
            [b'w', b'r', ..] if code.is_empty() => (b'r', 2),
            [b'a' | b'e' | b'i' | b'o' | b'u' | b'y', ..] => (if code.is_empty() { b'a' } else { b' ' }, 1),
            [b'h', ..] => (if code.is_empty() { b'h' } else { b' ' }, 1),
            [b'c' | b'q' | b'k', ..] => (b'k', 1),
            [b'z' | b's', ..] => (b's', 1),
            [b'v' | b'w', ..] => (b'v', 1),
            [b'd' | b't', ..] => (b't', 1),
            [b'b' | b'p', ..] => (b'p', 1),
            [b'j' | b'g', ..] => (b'g', 1),
            [b' ', ..] => break,
            _ => (letter, 1),
        };
        if sound != b' ' && code.as_bytes().last() != Some(&sound) && code.len() < 8 {
            code.push(char::from(sound));
        }
        rest = rest.get(used..).unwrap_or(tail);
    }
    code
}
