//! Build errors: everything wrong with a configuration, reported at once, each fault with its place.
//!
//! Building may fail, running may not. A builder collects every [`Fault`] it finds into one
//! [`BuildError`], so that a host's user mends a file in one go instead of one error at a time.
//!
//! ```
//! use hearken::error::{BuildError, Fault, FaultKind};
//!
//! let mut error = BuildError::default();
//! error.push(Fault::new(FaultKind::Syntax, "rule refunds", "expected a word after OR").at(1, 12).mend("remove the OR"));
//! assert_eq!(error.to_string(), "rule refunds, line 1, column 12: expected a word after OR (remove the OR)");
//! ```

use std::fmt;

/// What sort of fault a configuration has. More kinds may come.
///
/// ```
/// use hearken::error::{Fault, FaultKind};
///
/// // A host may treat some kinds otherwise: a name that is not there yet can wait, a typing error cannot.
/// let fault = Fault::new(FaultKind::Unknown, "rule vip", "no team is called `beta`");
/// assert!(matches!(fault.kind(), FaultKind::Unknown | FaultKind::Missing));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// The text does not follow its grammar.
    Syntax,
    /// A name that nothing has: a field, a team, a rule.
    Unknown,
    /// A value of the wrong type or out of range.
    Value,
    /// The same identifier twice.
    Duplicate,
    /// Something required is absent.
    Missing,
    /// Over a bound of [`Limits`](crate::limits::Limits).
    Limit,
    /// Parts that cannot both hold.
    Conflict,
}

/// One fault: what is wrong, where, and how to mend it.
///
/// ```
/// use hearken::error::{Fault, FaultKind};
///
/// let fault = Fault::new(FaultKind::Unknown, "rule vip", "no team is called `servce`").mend("service?");
/// assert_eq!(fault.within("rules.json").to_string(), "rules.json, rule vip: no team is called `servce` (service?)");
/// assert_eq!(Fault::new(FaultKind::Missing, "", "no rules").to_string(), "no rules", "a fault of the whole");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    kind: FaultKind,
    place: String,
    position: Option<(u32, u32)>,
    message: String,
    mend: Option<String>,
}

impl Fault {
    /// A fault of `kind` in `place` (a rule id, a file, a field).
    pub fn new(kind: FaultKind, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind, place: place.into(), position: None, message: message.into(), mend: None }
    }

    /// Adds the line and column, both counted from 1, columns in characters.
    #[must_use]
    pub fn at(mut self, line: u32, column: u32) -> Self {
        self.position = Some((line, column));
        self
    }

    /// Adds how to mend it.
    #[must_use]
    pub fn mend(mut self, how: impl Into<String>) -> Self {
        self.mend = Some(how.into());
        self
    }

    /// The same fault seen from an enclosing place: `rule a` becomes `file.json, rule a`.
    #[must_use]
    pub fn within(mut self, outer: &str) -> Self {
        self.place =
            if self.place.is_empty() { outer.to_owned() } else { format!("{outer}, {}", self.place) };
        self
    }

    /// What sort of fault this is.
    pub fn kind(&self) -> FaultKind {
        self.kind
    }

    /// Where: a rule id, a file, a field.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Line and column from 1, where the place is a text.
    pub fn position(&self) -> Option<(u32, u32)> {
        self.position
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How to mend it, where that is known.
    pub fn remedy(&self) -> Option<&str> {
        self.mend.as_deref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)?;
        if let Some((line, column)) = self.position {
            let comma = if self.place.is_empty() { "" } else { ", " };
            write!(f, "{comma}line {line}, column {column}")?;
        }
        // A fault of the whole has no place to name.
        let is_placed = !self.place.is_empty() || self.position.is_some();
        write!(f, "{}{}", if is_placed { ": " } else { "" }, self.message)?;
        match &self.mend {
            Some(how) => write!(f, " ({how})"),
            None => Ok(()),
        }
    }
}

/// Every fault found while building, in the order of the input.
///
/// ```
/// use hearken::error::{BuildError, Fault, FaultKind};
///
/// let mut rules = BuildError::default();
/// rules.push(Fault::new(FaultKind::Syntax, "rule a", "expected a word after OR").at(1, 10));
/// rules.push(Fault::new(FaultKind::Duplicate, "rule b", "the id is given twice"));
/// let mut all = BuildError::default();
/// all.absorb("rules.json", rules);
/// assert_eq!(all.faults()[1].place(), "rules.json, rule b");
/// assert_eq!(all.or("a rule book").unwrap_err().faults().len(), 2);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.lines())]
pub struct BuildError {
    faults: Vec<Fault>,
}

impl BuildError {
    /// Adds a fault.
    pub fn push(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Takes over the faults of another error, seen from `place`.
    pub fn absorb(&mut self, place: &str, other: BuildError) {
        self.faults.extend(other.faults.into_iter().map(|fault| fault.within(place)));
    }

    /// The faults.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// True when nothing was wrong.
    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// `Ok(value)` when nothing was wrong, else every fault.
    ///
    /// # Errors
    /// The collected faults, if there are any.
    pub fn or<T>(self, value: T) -> Result<T, BuildError> {
        if self.is_empty() { Ok(value) } else { Err(self) }
    }

    fn lines(&self) -> String {
        self.faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n")
    }
}

impl From<Fault> for BuildError {
    fn from(fault: Fault) -> Self {
        Self { faults: vec![fault] }
    }
}
