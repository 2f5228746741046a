use super::transcript::{Transcript, Voice};
use crate::model::{ItemKey, Points, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// When a program gives a conversation to a person.
///
/// ```
/// use hearken::desk::{HandOverRules, Transcript, Utterance, Voice, hand_over};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let mut talk = Transcript::default();
/// let word = Utterance::new(Timestamp::from_secs(0), ItemKey::new(Platform::X, "1"), Voice::Customer);
/// talk.add(Utterance { mood: Some(Points::thousandths(-300)), ..word });
/// // A little cross: the usual rules leave it to the program, this brand's do not.
/// let ours: HandOverRules = serde_json::from_str(r#"{"mood": -250}"#).unwrap();
/// assert!(hand_over(&talk, &HandOverRules::default()).is_none());
/// assert!(hand_over(&talk, &ours).is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HandOverRules {
    /// The customer's word was understood less surely than this, 0 to 1.
    pub confidence: Points,
    /// The customer sounds like this or worse, −1 to 1.
    pub mood: Points,
    /// The customer speaks again after so many answers of the program.
    pub turns: u32,
}

impl Default for HandOverRules {
    /// Less than half sure, a mood of −0.4 or worse, three answers in vain.
    fn default() -> Self {
        Self { confidence: Points::thousandths(500), mood: Points::thousandths(-400), turns: 3 }
    }
}

/// Why a person takes over.
///
/// ```
/// use hearken::desk::{HandOverReason, HandOverRules, Transcript, Utterance, Voice, hand_over};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut talk = Transcript::default();
/// for (second, id) in [(1, "a"), (2, "b"), (3, "c")] {
///     talk.add(Utterance::new(at(second), item(id), Voice::Bot("helper".into())));
/// }
/// let unsure = Some(Points::thousandths(200));
/// talk.add(Utterance { confidence: unsure, ..Utterance::new(at(9), item("d"), Voice::Customer) });
/// let reasons = hand_over(&talk, &HandOverRules::default()).unwrap().reasons;
/// assert!(reasons.into_iter().eq([HandOverReason::LowConfidence, HandOverReason::TooManyTurns]));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HandOverReason {
    /// The customer asks for a person.
    AsksForPerson,
    /// The customer is angry.
    Negative,
    /// The program is not sure what is meant.
    LowConfidence,
    /// The program has answered often enough in vain.
    TooManyTurns,
}

/// A conversation that goes from a program to a person, with all that was said in it.
///
/// ```
/// use hearken::desk::{HandOverRules, Transcript, Utterance, Voice, hand_over};
/// use hearken::model::{ItemKey, Platform, Points, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let mut talk = Transcript::default();
/// let bad = Some(Points::thousandths(-900));
/// talk.add(Utterance { mood: bad, ..Utterance::new(at(5), item("1"), Voice::Customer) });
/// talk.add(Utterance::new(at(8), item("2"), Voice::Customer));
/// let given = hand_over(&talk, &HandOverRules::default()).unwrap();
/// // The first bad word made it so; whoever takes over reads everything.
/// assert_eq!((given.item, given.at), (item("1"), at(5)));
/// assert_eq!(given.transcript, talk);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HandOver {
    /// The word of the customer that made it so.
    pub item: ItemKey,
    /// When that was.
    pub at: Timestamp,
    /// Every rule that it met.
    pub reasons: BTreeSet<HandOverReason>,
    /// Everything that was said, before and since: nobody has to explain it twice.
    pub transcript: Transcript,
}

/// Whether a person takes over, and why: the first word of the customer that meets a rule. What is said later only adds
/// to the transcript. O(n).
///
/// ```
/// use hearken::desk::{HandOverReason, HandOverRules, Transcript, Utterance, Voice, bot_may_speak, hand_over};
/// use hearken::model::{ItemKey, Platform, Timestamp};
///
/// let (at, item) = (Timestamp::from_secs, |id: &str| ItemKey::new(Platform::X, id));
/// let rules = HandOverRules::default();
/// let mut talk = Transcript::default();
/// talk.add(Utterance::new(at(0), item("1"), Voice::Customer));
/// talk.add(Utterance::new(at(5), item("2"), Voice::Bot("helper".into())));
/// assert!(bot_may_speak(&talk, &rules));
/// talk.add(Utterance { asks_person: true, ..Utterance::new(at(9), item("3"), Voice::Customer) });
/// let given = hand_over(&talk, &rules).unwrap();
/// assert!(given.reasons.contains(&HandOverReason::AsksForPerson));
/// assert_eq!(given.transcript.said().len(), 3);
/// assert!(!bot_may_speak(&talk, &rules));
/// ```
pub fn hand_over(transcript: &Transcript, rules: &HandOverRules) -> Option<HandOver> {
    let mut turns = 0;
    for said in transcript.said() {
        match said.voice {
            Voice::Bot(_) => turns += 1,
            Voice::Agent(_) => {}
            Voice::Customer => {
                let met = [
                    (said.asks_person, HandOverReason::AsksForPerson),
                    (said.mood.is_some_and(|mood| mood <= rules.mood), HandOverReason::Negative),
                    (
                        said.confidence.is_some_and(|sure| sure < rules.confidence),
                        HandOverReason::LowConfidence,
                    ),
                    (turns > 0 && turns >= rules.turns, HandOverReason::TooManyTurns),
                ];
                let reasons: BTreeSet<_> =
                    met.into_iter().filter_map(|(met, why)| met.then_some(why)).collect();
                if !reasons.is_empty() {
                    let (item, at) = (said.item.clone(), said.at);
                    return Some(HandOver { item, at, reasons, transcript: transcript.clone() });
                }
            }
        }
    }
    None
}

/// Whether a program may still speak: no rule gives the conversation to a person, and no person has spoken. Once false
/// it stays so, whatever is said or becomes known later; [`Setting::human`](super::Setting) is its opposite.
pub fn bot_may_speak(transcript: &Transcript, rules: &HandOverRules) -> bool {
    let person = transcript.said().iter().any(|said| matches!(said.voice, Voice::Agent(_)));
    !person && hand_over(transcript, rules).is_none()
}
