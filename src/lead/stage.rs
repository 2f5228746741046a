use crate::error::{BuildError, Fault, FaultKind};
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The stages of a lead and the moves that are legal between them.
///
/// ```
/// use hearken::lead::Stages;
///
/// let stages = Stages::default();
/// assert!(stages.check("new", "engaged").is_ok());
/// let refused = stages.check("won", "new").unwrap_err();
/// assert_eq!(refused.to_string(), "a lead that is won cannot become new (it may become nurture)");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Stages {
    moves: BTreeMap<String, BTreeSet<String>>,
}

/// A move that the stages do not allow.
///
/// ```
/// use hearken::lead::{Lead, Stages};
/// use hearken::model::Timestamp;
///
/// let mut lead = Lead::new("lead-7", "x:1801", Timestamp::from_secs(0));
/// let refused = lead.advance(&Stages::default(), "won", Timestamp::from_secs(9)).unwrap_err();
/// // What a form offers instead.
/// assert!(refused.known && refused.legal.contains(&"engaged".to_owned()));
/// assert_eq!(lead.stage, "new", "it stays where it is");
/// assert!(!Stages::default().check("new", "wno").unwrap_err().known, "a slip of the pen");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.words())]
#[non_exhaustive]
pub struct IllegalMove {
    /// Where the lead is.
    pub from: String,
    /// Where it was to go.
    pub to: String,
    /// Where it may go.
    pub legal: Vec<String>,
    /// Whether both stages exist.
    pub known: bool,
}

impl IllegalMove {
    fn words(&self) -> String {
        let Self { from, to, legal, known } = self;
        let may = if legal.is_empty() { "nothing else".to_owned() } else { legal.join(" or ") };
        let unknown = if *known { "" } else { "; no such stage" };
        format!("a lead that is {from} cannot become {to} (it may become {may}{unknown})")
    }
}

impl Stages {
    /// Stages from what may follow each.
    ///
    /// # Errors
    /// Every move to a stage that is not itself listed.
    pub fn build<S: Into<String>>(moves: impl IntoIterator<Item = (S, Vec<S>)>) -> Result<Self, BuildError> {
        let moves: BTreeMap<String, BTreeSet<String>> = moves
            .into_iter()
            .map(|(from, to)| (from.into(), to.into_iter().map(Into::into).collect()))
            .collect();
        let mut error = BuildError::default();
        for (from, to) in &moves {
            for stage in to.iter().filter(|stage| !moves.contains_key(*stage)) {
                let message = format!("may become {stage}, which is no stage");
                error.push(Fault::new(FaultKind::Unknown, format!("stage {from}"), message));
            }
        }
        error.or(Self { moves })
    }

    /// Says whether a lead may move from one stage to another. To stay is no move and always legal.
    ///
    /// # Errors
    /// [`IllegalMove`] with what would be legal.
    pub fn check(&self, from: &str, to: &str) -> Result<(), IllegalMove> {
        let legal = self.moves.get(from);
        if from == to || legal.is_some_and(|legal| legal.contains(to)) {
            return Ok(());
        }
        Err(IllegalMove {
            from: from.to_owned(),
            to: to.to_owned(),
            legal: legal.into_iter().flatten().cloned().collect(),
            known: legal.is_some() && self.moves.contains_key(to),
        })
    }
}

/// new → engaged → mql → sql → opportunity → won, each of which may be lost, disqualified or nurtured,
/// and every end but a sale may begin again.
impl Default for Stages {
    fn default() -> Self {
        let moves: [(&str, &[&str]); 9] = [
            ("new", &["engaged", "mql", "nurture", "disqualified"]),
            ("engaged", &["mql", "nurture", "disqualified"]),
            ("mql", &["sql", "nurture", "disqualified"]),
            ("sql", &["opportunity", "nurture", "disqualified"]),
            ("opportunity", &["won", "lost", "nurture"]),
            ("won", &["nurture"]),
            ("lost", &["nurture", "engaged"]),
            ("nurture", &["engaged", "mql", "disqualified"]),
            ("disqualified", &["new"]),
        ];
        let owned = |stages: &[&str]| stages.iter().map(|stage| (*stage).to_owned()).collect();
        Self { moves: moves.into_iter().map(|(from, to)| (from.to_owned(), owned(to))).collect() }
    }
}

/// A lead: where it came from, how far it is, whose it is.
///
/// ```
/// use hearken::lead::{Lead, Stages};
/// use hearken::model::Timestamp;
///
/// let at = Timestamp::from_secs;
/// let mut lead = Lead::new("lead-7", "x:1801", at(0));
/// lead.advance(&Stages::default(), "engaged", at(60)).unwrap();
/// assert!(lead.advance(&Stages::default(), "won", at(61)).is_err());
/// assert_eq!((lead.stage.as_str(), lead.moves.len()), ("engaged", 1));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Its id.
    pub id: String,
    /// The interaction it came from.
    pub source: String,
    /// When it came.
    pub since: Timestamp,
    /// Where it stands.
    pub stage: String,
    /// The moves so far, in order.
    #[serde(default)]
    pub moves: Vec<StageMove>,
    /// Who works on it.
    #[serde(default)]
    pub owner: Option<String>,
    /// Where it belongs.
    #[serde(default)]
    pub territory: Option<String>,
    /// The transaction it ended in.
    #[serde(default)]
    pub conversion: Option<String>,
}

/// A move from one stage to the next.
///
/// ```
/// use hearken::lead::{Lead, Stages};
/// use hearken::model::Timestamp;
///
/// let (stages, at) = (Stages::default(), Timestamp::from_secs);
/// let mut lead = Lead::new("lead-7", "x:1801", at(0));
/// for (stage, second) in [("engaged", 60), ("mql", 660)] {
///     lead.advance(&stages, stage, at(second)).unwrap();
/// }
/// // How long it took to become ripe.
/// let [first, .., last] = &lead.moves[..] else { panic!() };
/// assert_eq!((last.from.as_str(), last.to.as_str(), last.at.since(first.at)), ("engaged", "mql", 600_000));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageMove {
    /// From.
    pub from: String,
    /// To.
    pub to: String,
    /// When.
    pub at: Timestamp,
}

impl Lead {
    /// A new lead at stage `new`, without an owner.
    pub fn new(id: impl Into<String>, source: impl Into<String>, since: Timestamp) -> Self {
        Self {
            id: id.into(),
            source: source.into(),
            since,
            stage: "new".to_owned(),
            moves: Vec::new(),
            owner: None,
            territory: None,
            conversion: None,
        }
    }

    /// Moves the lead, if the stages allow it; true when it was not there already.
    ///
    /// # Errors
    /// [`IllegalMove`]; the lead then stays where it is.
    pub fn advance(&mut self, stages: &Stages, to: &str, at: Timestamp) -> Result<bool, IllegalMove> {
        stages.check(&self.stage, to)?;
        if self.stage == to {
            return Ok(false);
        }
        let from = std::mem::replace(&mut self.stage, to.to_owned());
        self.moves.push(StageMove { from, to: to.to_owned(), at });
        Ok(true)
    }

    /// Moves the lead to the stage that means a sale and names the transaction it ended in.
    ///
    /// ```
    /// use hearken::lead::{Lead, Stages};
    /// use hearken::model::Timestamp;
    ///
    /// let (stages, at) = (Stages::default(), Timestamp::from_secs(9));
    /// let mut lead = Lead::new("lead-7", "x:1801", at);
    /// assert!(lead.convert(&stages, "won", "order-12", at).is_err());
    /// for stage in ["mql", "sql", "opportunity"] {
    ///     lead.advance(&stages, stage, at).unwrap();
    /// }
    /// lead.convert(&stages, "won", "order-12", at).unwrap();
    /// assert_eq!((lead.stage.as_str(), lead.conversion.as_deref()), ("won", Some("order-12")));
    /// ```
    ///
    /// # Errors
    /// [`IllegalMove`]; the lead then stays where it is, without a transaction.
    pub fn convert(
        &mut self,
        stages: &Stages,
        won: &str,
        transaction: impl Into<String>,
        at: Timestamp,
    ) -> Result<(), IllegalMove> {
        self.advance(stages, won, at)?;
        self.conversion = Some(transaction.into());
        Ok(())
    }
}
