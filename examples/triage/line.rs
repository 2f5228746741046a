//! What was heard, a line each: who spoke, what they meant, how much it matters, where it goes, by when.

use crate::clock::Clock;
use crate::names::Names;
use crate::run::Turn;
use hearken::engine::{Action, Assessment, Disposition};
use hearken::model::Priority;
use hearken::sentiment::Sentiment;

/// Everything that turns a turn into words.
pub struct Reader<'r> {
    pub clock: Clock<'r>,
    pub names: Names<'r>,
    /// Languages whose mood this build can read.
    pub packs: Vec<&'static str>,
}

/// One thing that was said.
pub struct Line<'r> {
    pub turn: &'r Turn,
    pub found: &'r Assessment,
    pub place: String,
    pub who: String,
    pub mood: Mood,
    pub said: String,
    pub meant: String,
    pub lead: String,
    pub goes: String,
    pub alerts: Vec<String>,
}

/// How somebody sounds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mood {
    Negative,
    Neutral,
    Positive,
    /// This build has no words of the language.
    Unread,
}

impl Mood {
    pub fn sign(self) -> &'static str {
        match self {
            Self::Negative => "−",
            Self::Neutral => "·",
            Self::Positive => "+",
            Self::Unread => "?",
        }
    }
}

impl<'r> Reader<'r> {
    pub fn new(clock: Clock<'r>, names: Names<'r>) -> Self {
        Self { clock, names, packs: Sentiment::builtin().languages().collect() }
    }

    /// The line of a turn in which somebody said something in words.
    pub fn line(&self, turn: &'r Turn) -> Option<Line<'r>> {
        let item = turn.item().filter(|_| turn.is_heard())?;
        let found = turn.outcome.assessment.as_deref()?;
        found.numbers.get("sentiment")?;
        let revised = if turn.outcome.disposition == Disposition::Revised { "(edited) " } else { "" };
        let stars = item.review.as_ref().and_then(|review| Some((review.score?, review.scale_max?)));
        let stars = stars.map_or_else(String::new, |(score, most)| format!("[{score} of {most}] "));
        Some(Line {
            turn,
            found,
            place: format!("{}{}", item.key.platform, if item.is_private() { " private" } else { "" }),
            who: self.names.who(turn),
            mood: self.mood(turn, found),
            said: format!("{revised}{stars}{}", item.content.text.reveal()),
            meant: meaning(found),
            lead: lead(found),
            goes: self.goes(turn, found),
            alerts: alerts(turn),
        })
    }

    fn mood(&self, turn: &Turn, found: &Assessment) -> Mood {
        let unread = self.language(turn).is_some_and(|code| !self.packs.iter().any(|pack| code == *pack));
        match found.numbers.get("sentiment").copied().unwrap_or(0.0) {
            score if score < -0.25 => Mood::Negative,
            score if score > 0.25 => Mood::Positive,
            _ if unread => Mood::Unread,
            _ => Mood::Neutral,
        }
    }

    /// The language that an item was read in, without its region, as its receipt says: `… , es as stated`.
    pub fn language(&self, turn: &'r Turn) -> Option<String> {
        let reading = &turn.outcome.receipt.find("sentiment")?.result;
        let code = reading.rsplit(", ").next()?.split([' ', '-', '_']).next()?;
        Some(code.to_lowercase())
    }

    fn goes(&self, turn: &Turn, found: &Assessment) -> String {
        let goes = match (&found.team, &found.agent) {
            (Some(team), Some(agent)) => format!("{team}/{agent}"),
            (Some(team), None) => format!("{team}, waits for somebody"),
            _ if found.rule.as_deref() == Some("spam") => "hidden".to_owned(),
            _ => return String::new(),
        };
        let due = found.due.map(|due| self.clock.seen_from(self.clock.day(turn.at), due));
        due.map_or_else(|| goes.clone(), |due| format!("{goes} by {due}"))
    }
}

/// What they meant, in a few words.
fn meaning(found: &Assessment) -> String {
    let words = |field: &str| found.words.get(field).into_iter().flatten();
    let mut parts: Vec<String> =
        words("topic").chain(words("intent")).map(|word| word.replace(['_', '-'], " ")).collect();
    parts.dedup();
    parts.join(", ")
}

fn lead(found: &Assessment) -> String {
    match (&found.lead, &found.grade) {
        (Some(points), Some(grade)) if points.as_thousandths() > 0 => {
            format!("{:.0} {grade}", points.as_f64())
        }
        _ => String::new(),
    }
}

/// A priority worth a word.
pub fn priority(priority: Priority) -> &'static str {
    if priority >= Priority::High { priority.name() } else { "" }
}

/// Alerts that the turn set off.
pub fn alerts(turn: &Turn) -> Vec<String> {
    let of = |action: &Action| match action {
        Action::Alert { kind, to, .. } => Some(format!("{kind} → {to}")),
        _ => None,
    };
    turn.outcome.effects.iter().filter_map(|effect| of(&effect.action)).collect()
}
