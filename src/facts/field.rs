use std::fmt;

/// What a field holds, and so which questions a query may ask of it.
///
/// ```
/// use hearken::facts::{Field, FieldType, Scope};
/// use hearken::query::Query;
///
/// // A form for conditions shows a slider for numbers and a list for ranks.
/// assert_eq!(Field::Sentiment.field_type(), FieldType::Number);
/// let FieldType::Rank(steps) = Field::Urgency.field_type() else { panic!() };
/// assert!(steps.iter().all(|step| Query::parse(&format!("urgency>={step}"), Scope::Monitor).is_ok()));
/// assert!(Query::parse("urgency>=7", Scope::Monitor).is_err(), "what the type does not have, no query may ask");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// At most one word or name: `platform:x`, `city:"New York"`.
    Word,
    /// Any number of words: `topic:(billing OR refund)` holds when one of them is there.
    Words,
    /// `true` or `false`.
    Flag,
    /// A number: `author.followers>1000`, `sentiment:[-1..-0.5]`.
    Number,
    /// One of a fixed list in a fixed order, lowest first: `urgency>=high`, `weekday:[mon..fri]`.
    Rank(&'static [&'static str]),
    /// A local time of day, `HH:MM`; a range excludes its end and may wrap midnight.
    Time,
    /// A local day, `YYYY-MM-DD`.
    Date,
    /// A point on the earth; asked by box: `geo:[47.3,8.4..47.5,8.6]`.
    Point,
    /// Whole addresses; asked by the words in them: `url:acme.com/pricing`.
    Addresses,
    /// What the host makes of it: words, a flag or a number.
    Any,
}

const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const URGENCY: &[&str] = &["low", "medium", "high", "critical"];

/// Who may ask: a monitor, or a rule that runs after the monitors and the lead score.
///
/// ```
/// use hearken::facts::Scope;
/// use hearken::query::Query;
///
/// // A monitor is asked before any monitor has hit; the rules come after.
/// assert!(Query::parse("monitor:brand", Scope::Rule).is_ok());
/// let error = Query::parse("monitor:brand", Scope::Monitor).unwrap_err();
/// assert_eq!(error.faults().len(), 1, "{error}");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Monitors, signals and lead criteria: every field but those found later.
    Monitor,
    /// Routing and alert rules: every field.
    Rule,
}

macro_rules! fields {
    ($($variant:ident $name:literal $($alias:literal)* , $type:expr, $scope:ident, $meaning:literal;)*) => {
        /// A name that a query may ask about. The table of all of them is in the [module](crate::facts).
        ///
        /// ```
        /// use hearken::facts::{Field, FieldType};
        ///
        /// // The help beside a box for conditions, from the one table there is.
        /// let help: Vec<_> = Field::ALL.iter().map(|field| format!("{field}: {}", field.meaning())).collect();
        /// assert!(help.contains(&"city: The city, by name.".to_owned()));
        /// assert_eq!(Field::find("followers"), Some(Field::Followers), "by its alias");
        /// // A name of the host's own is a field like any other.
        /// assert_eq!(Field::find("attr.Shop").unwrap().field_type(), FieldType::Any);
        /// ```
        #[non_exhaustive]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = $meaning] $variant,)*
            /// `attr.name`: a fact of the host's own; the name is kept in lower case.
            Attr(Box<str>),
        }

        impl Field {
            /// Every field of the table, without `attr.*`.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// Finds a field by its name or alias (`author` is `from`, `language` is `lang`).
            pub fn find(name: &str) -> Option<Field> {
                match name {
                    $($name $(| $alias)* => Some(Field::$variant),)*
                    _ => {
                        let attr = name.strip_prefix("attr.")?;
                        let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
                        (!attr.is_empty() && attr.chars().all(plain))
                            .then(|| Field::Attr(attr.to_lowercase().into()))
                    }
                }
            }

            /// Its place in the table, from 1; 0 for a fact of the host's own.
            pub(super) fn place(&self) -> u64 {
                enum Place { Attr, $($variant,)* }
                match self {
                    $(Field::$variant => Place::$variant as u64,)*
                    Field::Attr(_) => Place::Attr as u64,
                }
            }

            /// What it holds.
            pub fn field_type(&self) -> FieldType {
                match self {
                    $(Field::$variant => $type,)*
                    Field::Attr(_) => FieldType::Any,
                }
            }

            /// What it means, in one sentence.
            pub fn meaning(&self) -> &'static str {
                match self {
                    $(Field::$variant => $meaning,)*
                    Field::Attr(_) => "A fact of the host's own.",
                }
            }

            /// The narrowest scope that may ask about it.
            pub fn scope(&self) -> Scope {
                match self {
                    $(Field::$variant => Scope::$scope,)*
                    Field::Attr(_) => Scope::Monitor,
                }
            }
        }

        impl Field {
            /// The name that a query uses, in two parts: `attr.` or nothing, and the rest.
            pub(crate) fn parts(&self) -> [&str; 2] {
                match self {
                    $(Field::$variant => ["", $name],)*
                    Field::Attr(name) => ["attr.", name],
                }
            }
        }

        /// Every name and alias, for suggestions.
        const NAMES: &[&str] = &[$($name, $($alias,)*)*];
    };
}

fields! {
    Platform "platform" "source", FieldType::Word, Monitor, "The network it came from: `x`, `reddit`, …";
    Kind "kind", FieldType::Word, Monitor, "The kind of interaction: `post`, `comment`, `review`, `direct_message`, …";
    Lang "lang" "language", FieldType::Word, Monitor, "The language, BCP 47 in lower case: `en`, `pt-br`.";
    Country "country", FieldType::Word, Monitor, "The country, ISO 3166-1 alpha-2: `ch`.";
    City "city", FieldType::Word, Monitor, "The city, by name.";
    Geo "geo", FieldType::Point, Monitor, "Latitude and longitude in degrees (WGS 84).";
    Site "site", FieldType::Words, Monitor, "The host it was published on; `site:acme.com` holds for `blog.acme.com` too.";
    Url "url" "links", FieldType::Addresses, Monitor, "Its address and the links it shares; links in the text are added.";
    Has "has", FieldType::Words, Monitor, "What comes with it: `media`, `image`, `video`, …; `has:field` asks whether a fact is known.";
    Is "is", FieldType::Words, Monitor, "What it is: `reply`, `repost`, `quote`, `edited`, …";
    From "from" "author", FieldType::Words, Monitor, "Who wrote it: handle or stable id, without `@`.";
    To "to", FieldType::Words, Monitor, "Whom it addresses: handles or stable ids, without `@`.";
    Followers "author.followers" "followers", FieldType::Number, Monitor, "How many follow the author.";
    Verified "author.verified" "verified", FieldType::Flag, Monitor, "Whether the platform has verified the author.";
    Tier "customer.tier", FieldType::Word, Monitor, "The customer's tier, in the host's terms.";
    Stage "customer.stage", FieldType::Word, Monitor, "The customer's lifecycle stage: `lead`, `customer`, …";
    Sentiment "sentiment", FieldType::Number, Monitor, "Polarity of the whole text, −1 to 1.";
    Emotion "emotion", FieldType::Words, Monitor, "Emotions found: `anger`, `joy`, …";
    Intent "intent", FieldType::Words, Monitor, "Intents found: `buy`, `cancel`, `support`, …";
    Urgency "urgency", FieldType::Rank(URGENCY), Monitor, "How urgent: `low`, `medium`, `high`, `critical`.";
    Topic "topic", FieldType::Words, Monitor, "Topics and categories found: `complaint`, `billing`, …";
    Weekday "weekday", FieldType::Rank(WEEKDAYS), Monitor, "The day of the week, `mon` to `sun`, in the brand's zone.";
    Time "time", FieldType::Time, Monitor, "The time of day, in the brand's zone.";
    Date "date", FieldType::Date, Monitor, "The day, in the brand's zone.";
    Length "length", FieldType::Number, Monitor, "Length of the text in characters; counted when it is not given.";
    Monitor "monitor", FieldType::Words, Rule, "The monitors that hit.";
    LeadScore "lead.score", FieldType::Number, Rule, "The lead's score in points.";
    LeadGrade "lead.grade", FieldType::Word, Rule, "The lead's grade: `a1` to `c3`.";
}

/// Prints the name that a query uses.
impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.parts() {
            ["", name] => f.pad(name),
            [before, name] => write!(f, "{before}{name}"),
        }
    }
}

impl Field {
    /// Where this number stands among the numeric facts, if it is one.
    pub(crate) fn slot(&self) -> Option<usize> {
        match self {
            Field::Followers => Some(0),
            Field::Sentiment => Some(1),
            Field::Urgency => Some(2),
            Field::Weekday => Some(3),
            Field::Time => Some(4),
            Field::Date => Some(5),
            Field::Length => Some(6),
            Field::LeadScore => Some(7),
            _ => None,
        }
    }

    /// The field name nearest to `name`, where one is near enough to be what was meant.
    pub fn suggest(name: &str) -> Option<&'static str> {
        nearest(name, NAMES)
    }
}

/// How many numeric facts have a slot.
pub(super) const SLOTS: usize = 8;

/// The candidate nearest to `name`, where one is near enough to be what was meant.
pub(crate) fn nearest<'c>(name: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let near = |c: &&str| (strsim::jaro_winkler(name, c) * 1_000.0) as u32;
    candidates.iter().copied().max_by_key(near).filter(|c| near(c) >= 800)
}
