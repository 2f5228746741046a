use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// How often a key was written; a store counts it up, a turn states what it read.
///
/// ```
/// use hearken::store::Version;
///
/// assert!(Version::ABSENT < Version(1)); // a key that is not there has a version too
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl Version {
    /// The version of a key that is not there.
    pub const ABSENT: Self = Self(0);
}

/// A record as a store holds it.
///
/// ```
/// use hearken::store::{Record, Row, Version};
///
/// let row = Row { version: Version(3), record: Record::new(1, &"Ann").of("customer:c-1") };
/// assert_eq!((row.record.subject(), row.record.body()), (Some("customer:c-1"), "\"Ann\"".to_owned()));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its version.
    pub version: Version,
    /// What stands there.
    pub record: Record,
}

/// The version of the shapes that this library writes and reads. CONTRIBUTING says what raises it.
pub const SCHEMA: u16 = 1;

/// What stands under a key: a schema version, whose it is, and a body that only its owner reads.
///
/// A store writes [`body`](Record::body) (JSON) and hands back [`Record::stored`]. A store in memory keeps the
/// record itself, whose body stays the live value and is never encoded.
///
/// ```
/// use hearken::store::Record;
///
/// let record = Record::new(1, &vec![1, 2, 3]).of("x:42");
/// assert_eq!(record.body(), "[1,2,3]");
/// let again = Record::stored(1, Some("x:42".into()), "[1,2,3]".into());
/// assert_eq!(again, record);
/// assert_eq!(*again.decode::<Vec<i32>>().unwrap(), [1, 2, 3]);
/// ```
#[derive(Clone)]
pub struct Record {
    schema: u16,
    subject: Option<Arc<str>>,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Encoded(Arc<str>),
    Live(Arc<dyn Live>),
}

/// A value that can be kept as it is and encoded when a store asks.
trait Live: Send + Sync {
    fn encode(&self) -> Result<String, serde_json::Error>;
    fn shared(self: Arc<Self>) -> Arc<dyn Any + Send + Sync>;
}

impl<T: Serialize + Any + Send + Sync> Live for T {
    fn encode(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
    fn shared(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}

/// A stored record that cannot be read.
///
/// ```
/// use hearken::store::{Record, SCHEMA};
///
/// let newer = Record::stored(SCHEMA + 1, None, "[]".into());
/// let error = newer.decode::<Vec<i32>>().unwrap_err();
/// assert_eq!(error.to_string(), "a stored record has schema 2, and this version of hearken reads up to 1");
/// assert_eq!(error.newer_schema(), Some(2));
///
/// let other = Record::stored(SCHEMA, None, "{}".into()).decode::<Vec<i32>>().unwrap_err();
/// assert_eq!(other.newer_schema(), None);
/// ```
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct DecodeError(#[from] Unreadable);

#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error("a stored record has schema {0}, and this version of hearken reads up to {SCHEMA}")]
    Newer(u16),
    #[error("a stored record does not decode as {wanted}: {source}")]
    Shape { wanted: &'static str, source: serde_json::Error },
}

impl DecodeError {
    /// The record's schema, where that is newer than [`SCHEMA`]: a newer program wrote it.
    pub fn newer_schema(&self) -> Option<u16> {
        match self.0 {
            Unreadable::Newer(schema) => Some(schema),
            Unreadable::Shape { .. } => None,
        }
    }
}

impl Record {
    /// A record of `value` under `schema`, the version of its shape.
    pub fn new<T: Serialize + Clone + Send + Sync + 'static>(schema: u16, value: &T) -> Self {
        Self::shared(schema, Arc::new(value.clone()))
    }

    /// A record that shares `value`.
    pub fn shared<T: Serialize + Send + Sync + 'static>(schema: u16, value: Arc<T>) -> Self {
        Self { schema, subject: None, body: Body::Live(value) }
    }

    /// A record as a store wrote it.
    pub fn stored(schema: u16, subject: Option<Arc<str>>, body: Arc<str>) -> Self {
        Self { schema, subject, body: Body::Encoded(body) }
    }

    /// States whose data this is: `platform:account` or `customer:id`.
    #[must_use]
    pub fn of(mut self, subject: impl Into<Arc<str>>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// The version of the body's shape.
    pub fn schema(&self) -> u16 {
        self.schema
    }

    /// Whose data this is.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// The body as JSON. Bodies are made of plain data whose encoding cannot fail; should a host's own
    /// value fail all the same, the body is `null`.
    pub fn body(&self) -> String {
        match &self.body {
            Body::Encoded(text) => text.to_string(),
            Body::Live(value) => value.encode().unwrap_or_else(|_| "null".to_owned()),
        }
    }

    /// The body as its owner's type; shared, not decoded, where it is still live.
    ///
    /// # Errors
    /// When a stored body is not of that type, or the record is of a schema newer than [`SCHEMA`].
    pub fn decode<T: DeserializeOwned + Send + Sync + 'static>(&self) -> Result<Arc<T>, DecodeError> {
        if self.schema > SCHEMA {
            return Err(Unreadable::Newer(self.schema).into());
        }
        let parse = |text: &str| {
            let shape = |source| Unreadable::Shape { wanted: std::any::type_name::<T>(), source };
            serde_json::from_str(text).map(Arc::new).map_err(|error| shape(error).into())
        };
        match &self.body {
            Body::Encoded(text) => parse(text),
            Body::Live(value) => match Arc::clone(value).shared().downcast::<T>() {
                Ok(live) => Ok(live),
                Err(_) => parse(&self.body()),
            },
        }
    }
}

/// Equal when schema, subject and encoded body are.
impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.schema == other.schema && self.subject == other.subject && self.body() == other.body()
    }
}

/// Shows the schema; body and subject are personal and stay hidden.
impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record(schema {})", self.schema)
    }
}
