use super::decay::Decay;
use crate::model::{ConsentStatus, Permission, Timestamp};
use serde::{Deserialize, Serialize};

/// What must hold before anybody writes to a lead of their own accord.
///
/// ```
/// use hearken::lead::{Approach, Guard, Refusal};
/// use hearken::model::{ConsentStatus, Customer, DoNotContact, Permission, Timestamp};
///
/// let guard = Guard { touches: 2, within: 7 * 86_400_000, relevance: 0.5 };
/// let now = Timestamp::from_secs(1_000_000);
/// let touches = [now - 5_000, now - 1_000];
/// let mut ann = Customer::new("c-17");
/// let permission = Permission::of(Some(&ann), ConsentStatus::NotAsked, "email");
/// let mut approach = Approach { permission, public: true, relevance: 0.8, until: None, touches: &touches[..1] };
/// assert_eq!(guard.check(&approach, now), []);
/// approach.touches = &touches;
/// approach.public = false;
/// assert_eq!(guard.check(&approach, now), [Refusal::NotPublic, Refusal::TooOften]);
/// approach.until = Some(now - 1);
/// assert_eq!(guard.check(&approach, now), [Refusal::NotPublic, Refusal::TooLate, Refusal::TooOften]);
///
/// ann.do_not_contact.push(DoNotContact { channel: Some("email".into()), reason: Some("bounced".into()) });
/// let permission = Permission::of(Some(&ann), ConsentStatus::Granted, "email");
/// let approach = Approach { permission, public: true, relevance: 0.8, until: None, touches: &[] };
/// assert_eq!(guard.check(&approach, now), [Refusal::Barred]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// The most touches within the span.
    pub touches: usize,
    /// The span, in milliseconds.
    pub within: i64,
    /// The least relevance of what would be said, 0 to 1.
    pub relevance: f64,
}

/// An approach that somebody has in mind.
///
/// ```
/// use hearken::lead::{Approach, Guard, Refusal, engage_by};
/// use hearken::model::{ConsentStatus, Permission, Timestamp};
///
/// let (hour, asked) = (3_600_000, Timestamp::from_secs(1_000_000));
/// let guard = Guard { touches: 2, within: 7 * 24 * hour, relevance: 0.5 };
/// // An answer to "who can recommend a lamp?", said in public.
/// let until = engage_by(asked, 0.8, 0.2, 6 * hour);
/// let permission = Permission::of(None, ConsentStatus::NotAsked, "x");
/// let approach = Approach { permission, public: true, relevance: 0.9, until, touches: &[] };
/// assert_eq!(guard.check(&approach, asked + hour), []);
/// assert_eq!(guard.check(&approach, asked + 48 * hour), [Refusal::TooLate]);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Approach<'a> {
    /// What the person said to being written to there, and what bars the channel.
    pub permission: Permission,
    /// Whether the signal it answers was said in public.
    pub public: bool,
    /// How much it has to do with what they said, 0 to 1.
    pub relevance: f64,
    /// Until when it meets the moment ([`engage_by`]); absent where it answers no signal.
    pub until: Option<Timestamp>,
    /// When they were written to before.
    pub touches: &'a [Timestamp],
}

/// Why an approach would be invasive.
///
/// ```
/// use hearken::lead::{Approach, Guard, Refusal};
/// use hearken::model::{ConsentStatus, Permission, Timestamp};
///
/// let guard = Guard { touches: 2, within: 86_400_000, relevance: 0.5 };
/// let check = |consent, relevance| {
///     let permission = Permission::of(None, consent, "email");
///     let approach = Approach { permission, public: false, relevance, until: None, touches: &[] };
///     guard.check(&approach, Timestamp::from_secs(0))
/// };
/// assert_eq!(check(ConsentStatus::NotAsked, 0.9), [Refusal::NotPublic], "what was said in private stays there");
/// assert_eq!(check(ConsentStatus::Granted, 0.1), [Refusal::NotRelevant]);
/// assert_eq!(check(ConsentStatus::Granted, 0.9), []);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Refusal {
    /// The person is not to be contacted on the channel, whatever they said.
    Barred,
    /// The person said no, no longer, or yes for a time that is over.
    NoConsent,
    /// The signal was not public and the person did not agree.
    NotPublic,
    /// It has too little to do with what they said.
    NotRelevant,
    /// The moment of the signal has passed.
    TooLate,
    /// They have been written to often enough.
    TooOften,
}

impl Guard {
    /// Every reason against an approach; none means it may be made.
    pub fn check(&self, approach: &Approach<'_>, now: Timestamp) -> Vec<Refusal> {
        let recent =
            approach.touches.iter().filter(|at| **at <= now && now.since(**at) < self.within).count();
        let permission = &approach.permission;
        let private = !approach.public && permission.consent != ConsentStatus::Granted;
        [
            (permission.barred.is_some(), Refusal::Barred),
            (permission.is_refused(), Refusal::NoConsent),
            (private, Refusal::NotPublic),
            (approach.relevance.is_nan() || approach.relevance < self.relevance, Refusal::NotRelevant),
            (approach.until.is_some_and(|until| until < now), Refusal::TooLate),
            (recent >= self.touches, Refusal::TooOften),
        ]
        .into_iter()
        .filter(|(against, _)| *against)
        .map(|(_, refusal)| refusal)
        .collect()
    }
}

/// Until when an answer to a buying signal still meets the moment: while its strength, halving every
/// `half_life` milliseconds, stays above `floor`. `None` for a signal that is too weak from the start.
///
/// ```
/// use hearken::lead::engage_by;
/// use hearken::model::Timestamp;
///
/// let hour = 3_600_000;
/// let asked = Timestamp::from_secs(0);
/// assert_eq!(engage_by(asked, 0.8, 0.2, 6 * hour), Some(asked + 12 * hour));
/// assert_eq!(engage_by(asked, 0.1, 0.2, 6 * hour), None);
/// ```
pub fn engage_by(signal: Timestamp, strength: f64, floor: f64, half_life: i64) -> Option<Timestamp> {
    let mut interest = Decay::new(half_life);
    interest.add(signal, strength);
    interest.falls_below(floor)
}

/// How often to be in touch: the waits between touches, and then no more.
///
/// ```
/// use hearken::lead::Cadence;
/// use hearken::model::Timestamp;
///
/// let day = 86_400_000;
/// let cadence = Cadence { waits: vec![2 * day, 4 * day] };
/// let start = Timestamp::from_secs(0);
/// assert_eq!(cadence.next(start, &[]), Some(start));
/// assert_eq!(cadence.next(start, &[start + day]), Some(start + 3 * day));
/// assert_eq!(cadence.next(start, &[start, start + 2 * day, start + 6 * day]), None);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cadence {
    /// The wait after the first touch, after the second and so on, in milliseconds.
    pub waits: Vec<i64>,
}

impl Cadence {
    /// When the next touch is due: at once for a lead that had none, later by the wait that follows the
    /// last, `None` when the cadence is over.
    pub fn next(&self, start: Timestamp, touches: &[Timestamp]) -> Option<Timestamp> {
        match touches.iter().max() {
            None => Some(start),
            Some(last) => self.waits.get(touches.len() - 1).map(|wait| *last + *wait),
        }
    }
}

/// Contents for leads that are not ready yet, by stage and interest.
///
/// ```
/// use hearken::lead::{Cadence, Nurture, NurtureState, NurtureStep, Step};
/// use hearken::model::Timestamp;
///
/// let step = |content: &str, interest: &str| Step {
///     content: content.into(), stage: "nurture".into(), interest: Some(interest.into()),
/// };
/// let plan = Nurture { steps: vec![step("bikes-1", "bikes"), step("boats-1", "boats")], cadence: Cadence { waits: vec![7] } };
/// let mut state = NurtureState {
///     stage: "nurture", interests: &["boats"], sent: &[], start: Timestamp::from_millis(0),
///     opted_out: false, converted: false,
/// };
/// assert_eq!(plan.next(&state), NurtureStep::Send { content: "boats-1", due: Timestamp::from_millis(0) });
/// state.opted_out = true;
/// assert_eq!(plan.next(&state), NurtureStep::OptedOut);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nurture {
    /// The contents, in order.
    pub steps: Vec<Step>,
    /// How often.
    pub cadence: Cadence,
}

/// One content of a plan.
///
/// ```
/// use hearken::lead::{Cadence, Nurture, NurtureState, NurtureStep, Step};
/// use hearken::model::Timestamp;
///
/// let step: Step = serde_json::from_str(r#"{"content": "guide", "stage": "engaged"}"#).unwrap();
/// let plan = Nurture { steps: vec![step], cadence: Cadence { waits: Vec::new() } };
/// let start = Timestamp::from_secs(0);
/// let mut state = NurtureState {
///     stage: "engaged", interests: &[], sent: &[], start, opted_out: false, converted: false,
/// };
/// // Without an interest it is for everybody at that stage.
/// assert_eq!(plan.next(&state), NurtureStep::Send { content: "guide", due: start });
/// state.stage = "won";
/// assert_eq!(plan.next(&state), NurtureStep::Done);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What to send.
    pub content: String,
    /// To leads at this stage.
    pub stage: String,
    /// To leads with this interest; absent: to all.
    #[serde(default)]
    pub interest: Option<String>,
}

/// Where a lead stands in a plan.
///
/// ```
/// use hearken::lead::{Cadence, Nurture, NurtureState, NurtureStep, Step};
/// use hearken::model::Timestamp;
///
/// let step = |content: &str| Step { content: content.into(), stage: "engaged".into(), interest: None };
/// let day = 86_400_000;
/// let plan = Nurture { steps: vec![step("guide"), step("demo")], cadence: Cadence { waits: vec![3 * day] } };
/// let start = Timestamp::from_secs(0);
/// // The guide went out a day late: the demo waits three days from then, and the guide is not sent twice.
/// let state = NurtureState {
///     stage: "engaged", interests: &[], sent: &[("guide", start + day)], start, opted_out: false, converted: false,
/// };
/// assert_eq!(plan.next(&state), NurtureStep::Send { content: "demo", due: start + 4 * day });
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NurtureState<'a> {
    /// Its stage.
    pub stage: &'a str,
    /// Its interests, strongest first.
    pub interests: &'a [&'a str],
    /// What it was sent, and when.
    pub sent: &'a [(&'a str, Timestamp)],
    /// When the plan began.
    pub start: Timestamp,
    /// Whether it asked to be left alone.
    pub opted_out: bool,
    /// Whether it bought.
    pub converted: bool,
}

/// What a plan does next.
///
/// ```
/// use hearken::lead::{Cadence, Nurture, NurtureState, NurtureStep, Step};
/// use hearken::model::Timestamp;
///
/// let steps = vec![Step { content: "guide".into(), stage: "engaged".into(), interest: None }];
/// let plan = Nurture { steps, cadence: Cadence { waits: Vec::new() } };
/// let todo = |converted| {
///     let state = NurtureState {
///         stage: "engaged", interests: &[], sent: &[], start: Timestamp::from_secs(0), opted_out: false, converted,
///     };
///     match plan.next(&state) {
///         NurtureStep::Send { content, due } => format!("send {content} at {}", due.millis()),
///         over => format!("{over:?}"),
///     }
/// };
/// assert_eq!((todo(false).as_str(), todo(true).as_str()), ("send guide at 0", "Converted"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NurtureStep<'a> {
    /// Send this, not before then.
    Send {
        /// What.
        content: &'a str,
        /// When.
        due: Timestamp,
    },
    /// Nothing is left to send, or the cadence is over.
    Done,
    /// It asked to be left alone: the plan is over.
    OptedOut,
    /// It bought: the plan is over.
    Converted,
}

impl Nurture {
    /// The next step: of the contents for its stage that it has not had, the one for its strongest
    /// interest, else the first for everybody.
    pub fn next(&self, state: &NurtureState<'_>) -> NurtureStep<'_> {
        if state.opted_out {
            return NurtureStep::OptedOut;
        }
        if state.converted {
            return NurtureStep::Converted;
        }
        let open =
            |step: &&Step| step.stage == state.stage && !state.sent.iter().any(|s| s.0 == step.content);
        let rank = |step: &Step| match &step.interest {
            Some(interest) => state.interests.iter().position(|i| i == interest),
            None => Some(state.interests.len()),
        };
        let fitting = self.steps.iter().filter(open).filter_map(|step| Some((rank(step)?, step)));
        let touches: Vec<Timestamp> = state.sent.iter().map(|(_, at)| *at).collect();
        match (fitting.min_by_key(|(rank, _)| *rank), self.cadence.next(state.start, &touches)) {
            (Some((_, step)), Some(due)) => NurtureStep::Send { content: &step.content, due },
            _ => NurtureStep::Done,
        }
    }
}
