//! What was said before in a thread, and how far it moves a reading.

use super::{Polarity, Raw, Reading, Sentiment, reading, score};
use crate::model::Points;
use crate::text::Text;

/// A reading in the light of the thread, with the effect of the thread told apart.
///
/// ```
/// use hearken::model::Points;
/// use hearken::sentiment::Sentiment;
/// use hearken::text::Text;
///
/// let sentiment = Sentiment::english();
/// let earlier = ["This is the worst service ever", "I am so disappointed"].map(|post| sentiment.score(&Text::new(post)));
/// let told = sentiment.read_in_thread(&Text::new("and still nothing"), None, &earlier);
/// // How much of the reading is the thread's and not the text's own stands beside it.
/// assert_eq!(told.looked_at, 2);
/// assert!(told.effect.negative > Points::ZERO);
/// assert_eq!(told.alone, sentiment.score(&Text::new("and still nothing")));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct InThread {
    /// The reading with the effect.
    pub reading: Reading,
    /// The polarity of the text alone.
    pub alone: Polarity,
    /// What the thread adds to the raw score.
    pub effect: Raw,
    /// How many earlier messages were looked at.
    pub looked_at: usize,
}

/// Earlier messages that count; each further one counts half as much as the one after it.
const LOOKS_BACK: usize = 4;
/// Logits that a thread of one mind adds to a text that says nothing itself.
const PULL: f64 = 0.9;

/// What the earlier scores, oldest first, add to a text that is sure of itself to `confidence`.
fn effect(earlier: &[Polarity], confidence: f64) -> Raw {
    let mut weight = 0.5;
    let mut mood = 0.0;
    for before in earlier.iter().rev().take(LOOKS_BACK) {
        mood += weight * before.score;
        weight /= 2.0;
    }
    let pull = PULL * mood * (1.0 - confidence);
    Raw { negative: Points::nearest(-pull), positive: Points::nearest(pull), ..Raw::default() }
}

pub(super) fn read(
    sentiment: &Sentiment,
    text: &Text,
    language: Option<&str>,
    earlier: &[Polarity],
) -> InThread {
    let Some(pack) = sentiment.pack_for(text, language) else {
        let reading = Reading::unknown();
        return InThread { alone: reading.polarity, reading, effect: Raw::default(), looked_at: 0 };
    };
    let mut reading = reading::read(sentiment, pack, text);
    let alone = reading.polarity;
    let effect = effect(earlier, reading.confidence);
    let (raw, words) = pack.raw(text);
    let share = score::share(words);
    let scaled = |points: Points| Points::nearest(points.as_f64() / share);
    let effect =
        Raw { negative: scaled(effect.negative), positive: scaled(effect.positive), ..Raw::default() };
    let mut moved = raw;
    moved.iter_mut().zip(effect.thousandths()).for_each(|(sum, add)| *sum += add);
    reading.settle(pack.publish(moved, words), sentiment.review_below);
    InThread { reading, alone, effect, looked_at: earlier.len().min(LOOKS_BACK) }
}
