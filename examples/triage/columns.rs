//! Columns of a terminal: what matters is how wide a text is shown, not how many characters it has.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Cuts a text to `width` cells and pads it to as many.
pub fn fit(text: &str, width: usize) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut cut = String::new();
    if flat.width() <= width {
        cut += &flat;
    } else {
        for grapheme in flat.graphemes(true) {
            if cut.width() + grapheme.width() >= width {
                break;
            }
            cut += grapheme;
        }
        cut.push('…');
    }
    let pad = width.saturating_sub(cut.width());
    cut + &" ".repeat(pad)
}
