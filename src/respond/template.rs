use crate::error::{BuildError, Fault, FaultKind};
use crate::limits::Limits;
use crate::model::Personal;
use std::collections::BTreeMap;

/// Values for the variables of a template.
///
/// ```
/// use hearken::respond::{Template, Values};
///
/// let mut values = Values::default();
/// values.set("given", "Ann");
/// let template = Template::parse("hello", "Hello {given}", &[]).unwrap();
/// assert_eq!(template.fill(&values).unwrap().text.reveal(), "Hello Ann");
/// assert!(template.fill(&Values::default()).is_err(), "no name, and no stand-in for it");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    values: BTreeMap<Box<str>, (Personal, bool)>,
}

impl Values {
    /// Sets a value that may be shown in public.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.into(), (value.into(), false));
    }

    /// Sets a value that only the person concerned may see: an order number, an address.
    pub fn set_private(&mut self, name: &str, value: &str) {
        self.values.insert(name.into(), (value.into(), true));
    }
}

/// An answer, ready to be looked at.
///
/// ```
/// use hearken::respond::{Template, Values};
///
/// let template = Template::parse("where", "{given|Hello}, it went to {street}.", &[]).unwrap();
/// let mut values = Values::default();
/// values.set_private("street", "1 Mill Lane");
/// let draft = template.fill(&values).unwrap();
/// // An address goes out in a private message, or not at all.
/// let to = if draft.private { "direct message" } else { "reply" };
/// assert_eq!((to, &draft.cites[..]), ("direct message", &["street".into()][..]));
/// assert!(!format!("{draft:?}").contains("Mill"));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The words.
    pub text: Personal,
    /// The variables whose values it shows, in the order of the text.
    pub cites: Vec<Box<str>>,
    /// True when a value in it may not be shown in public.
    pub private: bool,
}

/// Why a template gave no draft.
///
/// ```
/// use hearken::respond::{Template, Unfilled, Values};
///
/// let template = Template::parse("sorry", "We look into {case}.", &["case"]).unwrap();
/// // No draft rather than one with a hole in it; the host asks for the value, or takes another template.
/// let error = template.fill(&Values::default()).unwrap_err();
/// assert!(matches!(&error, Unfilled::Missing { variable, .. } if &**variable == "case"));
/// assert_eq!(error.to_string(), "template sorry: {case} is not known and has no stand-in");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfilled {
    /// A variable without value and without stand-in.
    #[error("template {template}: {{{variable}}} is not known and has no stand-in")]
    Missing {
        /// The template.
        template: Box<str>,
        /// The variable.
        variable: Box<str>,
    },
    /// The filled text is over [`Limits::template_bytes`].
    #[error("template {template}: longer than {limit} bytes when filled")]
    TooLong {
        /// The template.
        template: Box<str>,
        /// The bound.
        limit: usize,
    },
}

/// A text with variables: `{name}`, or `{name|stand-in}` for when the value is not known; `{{` is a brace.
///
/// Filling is linear in the length of the result, which [`Limits::template_bytes`] bounds.
///
/// ```
/// use hearken::respond::{Template, Values};
///
/// let template = Template::parse("sorry", "Hello {given|there}, we look into {case}.", &["given", "case"]).unwrap();
/// let mut values = Values::default();
/// values.set_private("case", "C-1");
/// let draft = template.fill(&values).unwrap();
/// assert_eq!(draft.text.reveal(), "Hello there, we look into C-1.");
/// assert!(draft.private, "it shows a private value");
/// assert!(Template::parse("typo", "Hello {gvien}", &["given"]).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    id: Box<str>,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Words(String),
    Variable { name: Box<str>, stand_in: Option<Box<str>> },
}

impl Template {
    /// Reads a template. With `known` not empty, a variable outside it is a fault.
    ///
    /// # Errors
    /// Every brace without its partner and every unknown variable, with line, column and what may have been meant.
    pub fn parse(id: &str, source: &str, known: &[&str]) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        let mut parts = Vec::new();
        let mut words = String::new();
        let (mut line, mut column) = (1, 0);
        let mut chars = source.chars().peekable();
        let fault = |kind, message: String, at: (u32, u32)| {
            Fault::new(kind, format!("template {id}"), message).at(at.0, at.1)
        };
        while let Some(c) = chars.next() {
            (line, column) = if c == '\n' { (line + 1, 0) } else { (line, column + 1) };
            let at = (line, column);
            match c {
                '{' | '}' if chars.next_if_eq(&c).is_some() => {
                    column += 1;
                    words.push(c);
                }
                '{' => {
                    let mut inside = String::new();
                    let mut closed = false;
                    while let Some(c) = chars.next_if(|c| *c != '\n' && *c != '{') {
                        column += 1;
                        closed = c == '}';
                        if closed {
                            break;
                        }
                        inside.push(c);
                    }
                    if !closed {
                        let fault = fault(FaultKind::Syntax, "this { is never closed".to_owned(), at);
                        error.push(fault.mend("close it with }, or write {{ for a brace"));
                        continue;
                    }
                    let (name, stand_in) = match inside.split_once('|') {
                        Some((name, stand_in)) => (name.trim(), Some(stand_in.into())),
                        None => (inside.trim(), None),
                    };
                    if !known.is_empty() && !known.contains(&name) {
                        let fault = fault(FaultKind::Unknown, format!("no variable is named {name:?}"), at);
                        error.push(fault.mend(format!("one of {}", known.join(", "))));
                    }
                    parts.push(Part::Words(std::mem::take(&mut words)));
                    parts.push(Part::Variable { name: name.into(), stand_in });
                }
                '}' => {
                    let fault = fault(FaultKind::Syntax, "this } closes nothing".to_owned(), at);
                    error.push(fault.mend("write }} for a brace"));
                }
                c => words.push(c),
            }
        }
        parts.push(Part::Words(words));
        error.or(Self { id: id.into(), parts })
    }

    /// The template's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Puts the values in.
    ///
    /// # Errors
    /// When a value is missing, or the text grows too long.
    pub fn fill(&self, values: &Values) -> Result<Draft, Unfilled> {
        let limit = Limits::default().template_bytes;
        let (mut text, mut cites, mut private) = (String::new(), Vec::new(), false);
        for part in &self.parts {
            match part {
                Part::Words(words) => text.push_str(words),
                Part::Variable { name, stand_in } => match (values.values.get(name), stand_in) {
                    (Some((value, hidden)), _) => {
                        text.push_str(value.reveal());
                        private |= hidden;
                        cites.push(name.clone());
                    }
                    (None, Some(stand_in)) => text.push_str(stand_in),
                    (None, None) => {
                        return Err(Unfilled::Missing { template: self.id.clone(), variable: name.clone() });
                    }
                },
            }
            if text.len() > limit {
                return Err(Unfilled::TooLong { template: self.id.clone(), limit });
            }
        }
        Ok(Draft { text: text.into(), cites, private })
    }
}
