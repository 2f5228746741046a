use crate::model::{Points, Span, Timestamp};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Why a turn decided as it did: a tree of findings, each with the facts, rules and weights behind it.
///
/// It holds no word of a text, only spans of it, so that it may be kept and shown where the text may not.
///
/// ```
/// use hearken::engine::{Finding, Receipt};
/// use hearken::model::{Points, Timestamp};
///
/// let mut receipt = Receipt::new("x:17", Timestamp::from_secs(0));
/// let lead = Finding::new("lead").points(Points::whole(12))
///     .child(Finding::new("asks-for-a-quote").points(Points::whole(15)))
///     .child(Finding::new("left-a-complaint").points(Points::whole(-3)));
/// receipt.add(lead);
/// assert!(receipt.check().is_ok());
/// assert!(receipt.to_string().contains("asks-for-a-quote: +15"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The event it is about.
    pub event: Box<str>,
    /// The turn's time.
    pub at: Timestamp,
    /// What decided: the library's version and the fingerprint of the configuration
    /// ([`Engine::version`](super::Engine::version)).
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub by: Arc<str>,
    /// What was found, in the order of the turn.
    pub findings: Vec<Finding>,
}

/// One finding and what stands behind it.
///
/// ```
/// use hearken::engine::{Finding, Receipt};
/// use hearken::model::{Points, Timestamp};
///
/// // What a host adds of its own: a finding, and what it is made of.
/// let part = |what: &'static str, points| Finding::new(what).points(Points::whole(points));
/// let mut receipt = Receipt::new("x:1", Timestamp::from_secs(60));
/// receipt.add(part("loyalty", 12).result("gold").children([part("orders", 10), part("years", 2)]));
/// assert!(receipt.check().is_ok(), "ten and two are twelve");
/// assert_eq!(&*receipt.find("loyalty").unwrap().result, "gold");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was found or decided: an analyser's name, a rule's id.
    pub what: Cow<'static, str>,
    /// The result, in words or numbers without personal data.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    pub result: Box<str>,
    /// What it adds to the finding above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Points>,
    /// Where in the text the evidence stands.
    #[serde(default, skip_serializing_if = "<[Span]>::is_empty")]
    pub spans: Spans,
    /// What stands behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Finding>,
}

/// Where evidence stands: a list of spans, which needs no memory of its own for none and for one.
///
/// It reads as a slice, and is written as a list.
///
/// ```
/// use hearken::engine::{Finding, Spans};
/// use hearken::model::Span;
///
/// let one = Finding::new("lost").spans([Span::new(4, 8)]);
/// assert_eq!((one.spans.len(), one.spans[0]), (1, Span::new(4, 8)));
/// let two: Spans = one.spans.iter().copied().chain([Span::new(9, 12)]).collect();
/// assert_eq!(serde_json::to_string(&two).unwrap(), r#"[{"start":4,"end":8},{"start":9,"end":12}]"#);
/// ```
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Vec<Span>")]
pub struct Spans(Held);

#[derive(Clone, Default)]
enum Held {
    #[default]
    None,
    One(Span),
    Many(Box<[Span]>),
}

impl Deref for Spans {
    type Target = [Span];

    fn deref(&self) -> &[Span] {
        match &self.0 {
            Held::None => &[],
            Held::One(span) => std::slice::from_ref(span),
            Held::Many(spans) => spans,
        }
    }
}

impl FromIterator<Span> for Spans {
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        let mut spans = spans.into_iter();
        Self(match (spans.next(), spans.next()) {
            (None, _) => Held::None,
            (Some(one), None) => Held::One(one),
            (Some(one), Some(other)) => Held::Many([one, other].into_iter().chain(spans).collect()),
        })
    }
}

impl From<Vec<Span>> for Spans {
    fn from(spans: Vec<Span>) -> Self {
        spans.into_iter().collect()
    }
}

impl Serialize for Spans {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl PartialEq for Spans {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&**self).finish()
    }
}

impl<'s> IntoIterator for &'s Spans {
    type Item = &'s Span;
    type IntoIter = std::slice::Iter<'s, Span>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A finding whose parts do not add up to it.
///
/// ```
/// use hearken::engine::{Finding, Receipt};
/// use hearken::model::{Points, Timestamp};
///
/// let mut receipt = Receipt::new("x:1", Timestamp::from_secs(60));
/// let mut score = Finding::new("lead").children([Finding { points: Some(Points::whole(5)), ..Finding::new("asks") }]);
/// score.points = Some(Points::whole(7));
/// receipt.add(score);
/// assert_eq!(receipt.check().unwrap_err().to_string(), "lead is 7, its parts add up to 5");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} is {stated}, its parts add up to {sum}")]
pub struct Mismatch {
    /// The finding.
    pub what: Cow<'static, str>,
    /// What it says.
    pub stated: Points,
    /// What its parts say.
    pub sum: Points,
}

impl Receipt {
    /// A receipt with nothing found yet.
    pub fn new(event: impl Into<Box<str>>, at: Timestamp) -> Self {
        Self { event: event.into(), at, by: Arc::default(), findings: Vec::new() }
    }

    /// Adds a finding.
    pub fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The first finding of that name at the top.
    pub fn find(&self, what: &str) -> Option<&Finding> {
        self.findings.iter().find(|f| &*f.what == what)
    }

    /// Proves that points add up: wherever a finding with points has parts with points, they sum to it.
    ///
    /// # Errors
    /// The first finding where they do not.
    pub fn check(&self) -> Result<(), Mismatch> {
        let mut open: Vec<&Finding> = self.findings.iter().collect();
        while let Some(finding) = open.pop() {
            let mut parts = finding.because.iter().filter_map(|part| part.points).peekable();
            if let (Some(stated), true) = (finding.points, parts.peek().is_some()) {
                let sum: Points = parts.sum();
                if sum != stated {
                    return Err(Mismatch { what: finding.what.clone(), stated, sum });
                }
            }
            open.extend(&finding.because);
        }
        Ok(())
    }
}

impl Finding {
    /// A finding with a name.
    pub fn new(what: impl Into<Cow<'static, str>>) -> Self {
        Self { what: what.into(), ..Self::default() }
    }

    /// States the result.
    #[must_use]
    pub fn result(mut self, result: impl Into<Box<str>>) -> Self {
        self.result = result.into();
        self
    }

    /// States what it adds.
    #[must_use]
    pub fn points(mut self, points: Points) -> Self {
        self.points = Some(points);
        self
    }

    /// Points at evidence in the text.
    #[must_use]
    pub fn spans(mut self, spans: impl IntoIterator<Item = Span>) -> Self {
        self.spans = if self.spans.is_empty() {
            spans.into_iter().collect()
        } else {
            self.spans.iter().copied().chain(spans).collect()
        };
        self
    }

    /// Adds a part.
    #[must_use]
    pub fn child(mut self, part: Finding) -> Self {
        self.because.push(part);
        self
    }

    /// Adds parts.
    #[must_use]
    pub fn children(mut self, parts: impl IntoIterator<Item = Finding>) -> Self {
        // A list that is empty takes what comes as it is, with no room to spare.
        if self.because.is_empty() {
            self.because = parts.into_iter().collect();
        } else {
            self.because.extend(parts);
        }
        self
    }
}

/// Prints the tree, indented by two, a finding a line.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.event, self.at)?;
        if !self.by.is_empty() {
            write!(f, " by {}", self.by)?;
        }
        writeln!(f)?;
        let mut open: Vec<(usize, &Finding)> =
            self.findings.iter().rev().map(|finding| (1, finding)).collect();
        while let Some((depth, finding)) = open.pop() {
            write!(f, "{:indent$}{}", "", finding.what, indent = depth * 2)?;
            if let Some(points) = finding.points {
                write!(f, ": {points:+}")?;
            }
            if !finding.result.is_empty() {
                write!(f, ": {}", finding.result)?;
            }
            for span in &finding.spans {
                write!(f, " [{}..{}]", span.start, span.end)?;
            }
            writeln!(f)?;
            open.extend(finding.because.iter().rev().map(|part| (depth + 1, part)));
        }
        Ok(())
    }
}
