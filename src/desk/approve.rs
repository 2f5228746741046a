use crate::model::{AgentId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::hash::Hasher;

/// The exact text that an approval is about, as a number: SipHash-2-4 of its bytes, 128 bits.
///
/// It tells texts apart for receipts and stale requests; it is no defence against a forger.
///
/// ```
/// use hearken::desk::TextHash;
///
/// assert_eq!(TextHash::of("Sorry!"), TextHash::of("Sorry!"));
/// assert_ne!(TextHash::of("Sorry!"), TextHash::of("Sorry !"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TextHash(String);

impl TextHash {
    /// The hash of a text.
    pub fn of(text: &str) -> Self {
        use siphasher::sip128::Hasher128;
        let mut hasher = siphasher::sip128::SipHasher24::new();
        hasher.write(text.as_bytes());
        Self(format!("{:032x}", hasher.finish128().as_u128()))
    }
}

/// Who must agree before a reply goes out.
///
/// ```
/// use hearken::desk::ApprovalPolicy;
///
/// let policy: ApprovalPolicy = serde_json::from_str(r#"{"approvals": 2}"#).unwrap();
/// assert!(policy.bots_need_approval);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalPolicy {
    /// So many people other than those who wrote it; 0: none.
    pub approvals: usize,
    /// An approval holds for this long, in milliseconds.
    pub valid: i64,
    /// Programs never send without an approval.
    pub bots_need_approval: bool,
}

impl Default for ApprovalPolicy {
    /// One approval, valid for a day; bots need it too.
    fn default() -> Self {
        Self { approvals: 1, valid: 24 * 60 * 60_000, bots_need_approval: true }
    }
}

/// Where a draft stands.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftEvent, DraftStatus, Setting};
/// use hearken::model::Timestamp;
///
/// let (now, policy, setting) = (Timestamp::from_secs(0), ApprovalPolicy::default(), Setting::default());
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "Whatever.");
/// draft.step(DraftEvent::Submit, now, &policy, setting);
/// draft.step(DraftEvent::Reject { by: "bo".into(), why: "too curt".into() }, now, &policy, setting);
/// assert_eq!((draft.status, draft.rejected.as_deref()), (DraftStatus::Rejected, Some("bo: too curt")));
/// draft.step(DraftEvent::Edit { by: "ann".into(), text: "We are sorry.".into() }, now, &policy, setting);
/// assert_eq!(draft.status, DraftStatus::Draft, "to be submitted again");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftStatus {
    /// Being written.
    Draft,
    /// Waits for approval.
    Submitted,
    /// May go out.
    Approved,
    /// Must not; an edit makes it a draft again.
    Rejected,
    /// Went out. Nothing more happens to it.
    Published,
}

/// Who writes.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftEvent, DraftStatus, Setting};
/// use hearken::model::Timestamp;
///
/// // Nobody needs an approval here; where a person has taken over, a program is silent all the same.
/// let policy: ApprovalPolicy = serde_json::from_str(r#"{"approvals": 0, "bots_need_approval": false}"#).unwrap();
/// let taken_over = Setting { human: true, ..Setting::default() };
/// let status = |author| {
///     let mut draft = Draft::new("d1", author, "We are sorry.");
///     let event = DraftEvent::Publish { text: draft.hash(), case_version: 0 };
///     draft.step(event, Timestamp::from_secs(0), &policy, taken_over);
///     draft.status
/// };
/// assert_eq!(status(Author::Person("ann".into())), DraftStatus::Published);
/// assert_eq!(status(Author::Bot("helper".into())), DraftStatus::Draft, "a person has taken over");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// A person.
    Person(AgentId),
    /// A program.
    Bot(AgentId),
}

impl Author {
    fn id(&self) -> &AgentId {
        match self {
            Self::Person(id) | Self::Bot(id) => id,
        }
    }
}

/// What happens to a draft.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, Setting};
/// use hearken::model::Timestamp;
///
/// let (now, policy, setting) = (Timestamp::from_secs(0), ApprovalPolicy::default(), Setting::default());
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "We are sorry.");
/// assert!(draft.step(DraftEvent::Open("ann".into()), now, &policy, setting).is_empty());
/// let warned = draft.step(DraftEvent::Open("ben".into()), now, &policy, setting);
/// assert!(matches!(&warned[..], [DraftCommand::Warn { who, .. }] if who.as_str() == "ben"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DraftEvent {
    /// Somebody opens it to write.
    Open(AgentId),
    /// Somebody leaves it.
    Leave(AgentId),
    /// The text becomes this; every approval is void.
    Edit {
        /// Who.
        by: AgentId,
        /// The new text.
        text: String,
    },
    /// Asks for approval.
    Submit,
    /// Agrees to this exact text.
    Approve {
        /// Who.
        by: AgentId,
        /// What was read.
        text: TextHash,
    },
    /// Disagrees.
    Reject {
        /// Who.
        by: AgentId,
        /// Why.
        why: String,
    },
    /// Sends it out, if the text is this one and the case has not moved on.
    Publish {
        /// What is to go out.
        text: TextHash,
        /// The version of the case that was looked at.
        case_version: u64,
    },
}

/// What a draft must know of its case to go out.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, DraftRefusal, Setting};
/// use hearken::model::Timestamp;
///
/// let policy: ApprovalPolicy = serde_json::from_str(r#"{"approvals": 0}"#).unwrap();
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "It ships today.");
/// // Ann looked at version 3 of the case; since then the customer has written again.
/// let publish = DraftEvent::Publish { text: draft.hash(), case_version: 3 };
/// let setting = Setting { case_version: 4, ..Setting::default() };
/// let commands = draft.step(publish, Timestamp::from_secs(0), &policy, setting);
/// assert_eq!(commands, [DraftCommand::Refused(DraftRefusal::StaleCase)]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Setting {
    /// The case's version now.
    pub case_version: u64,
    /// A person has answered in the case.
    pub human: bool,
    /// What would be answered was itself sent by a program (an out-of-office note, another bot).
    pub answers_auto_reply: bool,
}

/// What the host should do.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, Setting, TextHash};
/// use hearken::model::Timestamp;
///
/// let (now, setting) = (Timestamp::from_secs(0), Setting::default());
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "We are sorry.");
/// let asked = draft.step(DraftEvent::Submit, now, &ApprovalPolicy::default(), setting);
/// // Whoever is asked approves this text and no other.
/// assert_eq!(asked, [DraftCommand::AskApproval(TextHash::of("We are sorry."))]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DraftCommand {
    /// Somebody else is writing an answer to the same thing.
    Warn {
        /// Whom to warn.
        who: AgentId,
        /// Who is writing already.
        others: BTreeSet<AgentId>,
    },
    /// Ask for approval.
    AskApproval(TextHash),
    /// Send this text; said once in the life of a draft.
    Publish {
        /// The draft.
        draft: String,
        /// The text.
        text: String,
        /// Its hash.
        hash: TextHash,
    },
    /// Nothing was done.
    Refused(DraftRefusal),
}

/// Why nothing was done.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, DraftRefusal, Setting};
/// use hearken::model::Timestamp;
///
/// let (now, policy, setting) = (Timestamp::from_secs(0), ApprovalPolicy::default(), Setting::default());
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "We are sorry.");
/// let read = draft.hash();
/// draft.step(DraftEvent::Edit { by: "cy".into(), text: "Not our fault.".into() }, now, &policy, setting);
/// draft.step(DraftEvent::Submit, now, &policy, setting);
/// let late = draft.step(DraftEvent::Approve { by: "bo".into(), text: read }, now, &policy, setting);
/// assert_eq!(late, [DraftCommand::Refused(DraftRefusal::OtherText)]);
/// assert_eq!(DraftRefusal::OtherText.to_string(), "the text has changed since", "as the user may be told");
/// ```
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, thiserror::Error,
)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DraftRefusal {
    /// Not from this status.
    #[error("not in this status")]
    Status,
    /// Nobody approves what they wrote.
    #[error("nobody approves what they wrote")]
    OwnWork,
    /// The text has changed since.
    #[error("the text has changed since")]
    OtherText,
    /// The case has moved on since.
    #[error("the case has moved on since")]
    StaleCase,
    /// Not enough approvals that still hold.
    #[error("not enough approvals that still hold")]
    NotApproved,
    /// A person has taken over; programs are silent.
    #[error("a person has taken over")]
    HumanTookOver,
    /// A program does not answer a program.
    #[error("a program does not answer a program")]
    AutoReply,
}

/// An approval of one exact text.
///
/// ```
/// use hearken::desk::{ApprovalPolicy, Author, Draft, DraftCommand, DraftEvent, DraftRefusal, Setting};
/// use hearken::model::Timestamp;
///
/// let (at, setting) = (Timestamp::from_secs, Setting::default());
/// let policy: ApprovalPolicy = serde_json::from_str(r#"{"valid": 3600000}"#).unwrap();
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "We are sorry.");
/// draft.step(DraftEvent::Submit, at(0), &policy, setting);
/// draft.step(DraftEvent::Approve { by: "bo".into(), text: draft.hash() }, at(0), &policy, setting);
/// let approval = &draft.approvals[0];
/// assert_eq!((approval.by.as_str(), approval.until), ("bo", at(3_600)));
/// let late = DraftEvent::Publish { text: draft.hash(), case_version: 0 };
/// assert_eq!(draft.step(late, at(3_600), &policy, setting), [DraftCommand::Refused(DraftRefusal::NotApproved)]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// Who.
    pub by: AgentId,
    /// What was read.
    pub text: TextHash,
    /// Holds before this.
    pub until: Timestamp,
}

/// A reply on its way out.
///
/// ```text
/// Draft ──submit──► Submitted ──approve──► Approved ──publish──► Published
///   ▲                   └──reject──► Rejected │
///   └──────────────── edit ──────────┴────────┘
/// ```
///
/// ```
/// use hearken::desk::*;
/// use hearken::model::Timestamp;
///
/// let (now, policy, setting) = (Timestamp::from_secs(0), ApprovalPolicy::default(), Setting::default());
/// let mut draft = Draft::new("d1", Author::Person("ann".into()), "We are sorry.");
/// draft.step(DraftEvent::Submit, now, &policy, setting);
/// let text = draft.hash();
/// let own = draft.step(DraftEvent::Approve { by: "ann".into(), text: text.clone() }, now, &policy, setting);
/// assert_eq!(own, [DraftCommand::Refused(DraftRefusal::OwnWork)]);
/// draft.step(DraftEvent::Approve { by: "bo".into(), text: text.clone() }, now, &policy, setting);
/// let sent = draft.step(DraftEvent::Publish { text, case_version: 0 }, now, &policy, setting);
/// assert!(matches!(&sent[..], [DraftCommand::Publish { text, .. }] if text == "We are sorry."));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Who began it.
    pub author: Author,
    /// Everybody who has written in it.
    pub writers: BTreeSet<AgentId>,
    /// Who has it open.
    pub open: BTreeSet<AgentId>,
    /// The text.
    pub text: String,
    /// Where it stands.
    pub status: DraftStatus,
    /// Approvals of the present text.
    pub approvals: Vec<Approval>,
    /// Why it was rejected.
    pub rejected: Option<String>,
}

impl Draft {
    /// A new draft.
    pub fn new(id: impl Into<String>, author: Author, text: impl Into<String>) -> Self {
        let writers = BTreeSet::from([author.id().clone()]);
        Self {
            id: id.into(),
            author,
            writers,
            open: BTreeSet::new(),
            text: text.into(),
            status: DraftStatus::Draft,
            approvals: Vec::new(),
            rejected: None,
        }
    }

    /// The hash of the present text.
    pub fn hash(&self) -> TextHash {
        TextHash::of(&self.text)
    }

    /// Takes one event in. What is not allowed changes nothing.
    pub fn step(
        &mut self,
        event: DraftEvent,
        now: Timestamp,
        policy: &ApprovalPolicy,
        setting: Setting,
    ) -> Vec<DraftCommand> {
        match self.apply(event, now, policy, setting) {
            Ok(command) => command.into_iter().collect(),
            Err(refusal) => vec![DraftCommand::Refused(refusal)],
        }
    }

    fn apply(
        &mut self,
        event: DraftEvent,
        now: Timestamp,
        policy: &ApprovalPolicy,
        setting: Setting,
    ) -> Result<Option<DraftCommand>, DraftRefusal> {
        if self.status == DraftStatus::Published && !matches!(event, DraftEvent::Leave(_)) {
            return Err(DraftRefusal::Status);
        }
        match event {
            DraftEvent::Open(who) => {
                let others: BTreeSet<AgentId> =
                    self.open.iter().filter(|&other| *other != who).cloned().collect();
                self.open.insert(who.clone());
                return Ok((!others.is_empty()).then_some(DraftCommand::Warn { who, others }));
            }
            DraftEvent::Leave(who) => {
                self.open.remove(&who);
            }
            DraftEvent::Edit { by, text } => {
                self.writers.insert(by);
                if text != self.text || self.status == DraftStatus::Rejected {
                    self.text = text;
                    self.status = DraftStatus::Draft;
                    self.approvals.clear();
                    self.rejected = None;
                }
            }
            DraftEvent::Submit => {
                self.must_be(DraftStatus::Draft)?;
                self.status = DraftStatus::Submitted;
                return Ok(Some(DraftCommand::AskApproval(self.hash())));
            }
            DraftEvent::Approve { by, text } => {
                if !matches!(self.status, DraftStatus::Submitted | DraftStatus::Approved) {
                    return Err(DraftRefusal::Status);
                }
                if self.writers.contains(&by) {
                    return Err(DraftRefusal::OwnWork);
                }
                if text != self.hash() {
                    return Err(DraftRefusal::OtherText);
                }
                self.approvals.retain(|approval| approval.by != by);
                self.approvals.push(Approval { by, text, until: now + policy.valid });
                if self.holding(now) >= policy.approvals {
                    self.status = DraftStatus::Approved;
                }
            }
            DraftEvent::Reject { by, why } => {
                if !matches!(self.status, DraftStatus::Submitted | DraftStatus::Approved) {
                    return Err(DraftRefusal::Status);
                }
                self.approvals.clear();
                self.rejected = Some(format!("{by}: {why}"));
                self.status = DraftStatus::Rejected;
            }
            DraftEvent::Publish { text, case_version } => {
                self.may_go_out(&text, case_version, now, policy, setting)?;
                self.status = DraftStatus::Published;
                return Ok(Some(DraftCommand::Publish {
                    draft: self.id.clone(),
                    text: self.text.clone(),
                    hash: text,
                }));
            }
        }
        Ok(None)
    }

    fn may_go_out(
        &self,
        text: &TextHash,
        case_version: u64,
        now: Timestamp,
        policy: &ApprovalPolicy,
        setting: Setting,
    ) -> Result<(), DraftRefusal> {
        let bot = matches!(self.author, Author::Bot(_));
        if bot && setting.human {
            return Err(DraftRefusal::HumanTookOver);
        }
        if bot && setting.answers_auto_reply {
            return Err(DraftRefusal::AutoReply);
        }
        if case_version != setting.case_version {
            return Err(DraftRefusal::StaleCase);
        }
        if *text != self.hash() {
            return Err(DraftRefusal::OtherText);
        }
        let needed = if bot && !policy.bots_need_approval { 0 } else { policy.approvals };
        if self.status == DraftStatus::Rejected || self.holding(now) < needed {
            return Err(DraftRefusal::NotApproved);
        }
        Ok(())
    }

    /// Approvals of the present text that still hold.
    fn holding(&self, now: Timestamp) -> usize {
        let hash = self.hash();
        self.approvals.iter().filter(|approval| approval.text == hash && now < approval.until).count()
    }

    fn must_be(&self, status: DraftStatus) -> Result<(), DraftRefusal> {
        if self.status == status { Ok(()) } else { Err(DraftRefusal::Status) }
    }
}
