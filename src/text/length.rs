//! How long a text is, as platforms count it.

use super::{emoji, url};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// What a link counts, however long it is.
const LINK: usize = 23;

/// The length of a post as X counts it against 280: version 3 of the twitter-text configuration.
///
/// A link counts 23, an emoji sequence 2, a character of Latin, Greek, Cyrillic, Hebrew, Arabic and other scripts up
/// to U+10FF and of common punctuation 1, any other 2. Counted over the NFC form; linear.
///
/// ```
/// use hearken::text::weighted_length;
///
/// assert_eq!(weighted_length("Hi https://acme.com/a/long/path?indeed"), 3 + 23);
/// assert_eq!(weighted_length("日本 👍🏽"), 7);
/// ```
pub fn weighted_length(text: &str) -> usize {
    let text: String = text.nfc().collect();
    let mut links = Vec::new();
    url::links(&text, &mut links);
    let mut links = links.into_iter().peekable();
    let (mut at, mut length) = (0, 0);
    while let Some((rest, c)) = text.get(at..).and_then(|rest| rest.chars().next().map(|c| (rest, c))) {
        if let Some(link) = links.next_if(|link| link.start as usize == at) {
            at = link.end as usize;
            length += LINK;
            continue;
        }
        let emoji = emoji::sequence(rest);
        let light = matches!(c, '\0'..='\u{10FF}' | '\u{2000}'..='\u{200D}' | '\u{2010}'..='\u{201F}' | '\u{2032}'..='\u{2037}');
        length += if emoji == 0 && light { 1 } else { 2 };
        at += emoji.max(c.len_utf8());
    }
    length
}

/// The number of characters as a reader sees them (extended grapheme clusters), as Mastodon and Bluesky count.
///
/// ```
/// assert_eq!(hearken::text::graphemes("née 👨‍👩‍👧"), 5);
/// ```
pub fn graphemes(text: &str) -> usize {
    text.graphemes(true).count()
}

/// The length in UTF-16 code units, as Meta's and Google's platforms count and as Telegram counts offsets.
///
/// ```
/// assert_eq!(hearken::text::utf16_units("ok 😀"), 5);
/// ```
pub fn utf16_units(text: &str) -> usize {
    text.encode_utf16().count()
}
