use crate::facts::{Facts, Field};
use serde::{Deserialize, Serialize};

/// What happens to a post when the facts that a filter asks about are unknown.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Audience, Unknown};
/// use hearken::text::Text;
///
/// let text = Text::new("hello");
/// let swiss = |unknown| Audience { countries: vec!["ch".into()], unknown, ..Audience::default() };
/// let hears = |unknown| swiss(unknown).fits(&Facts::new(&text));
/// // Few posts say where they come from: the one misses most of them, the other takes the strangers in.
/// assert!(hears(Unknown::Keep) && !hears(Unknown::Drop));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// It passes the filter.
    #[default]
    Keep,
    /// It does not.
    Drop,
}

/// Who must speak, and where: filters over what is declared, never over what a name might suggest.
///
/// A filter that is empty asks nothing. A post passes when every filter that is set either fits or is
/// unknown and unknown is kept. Countries and areas are one filter: a post fits in any of them.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::listen::{Audience, Unknown};
/// use hearken::text::Text;
///
/// let text = Text::new("hello");
/// let swiss = Audience { countries: vec!["ch".into()], unknown: Unknown::Drop, ..Audience::default() };
/// assert!(swiss.fits(&Facts::new(&text).with("country", "CH")));
/// assert!(!swiss.fits(&Facts::new(&text)));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// ISO 3166-1 alpha-2 in lower case; the fact `country`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub countries: Vec<Box<str>>,
    /// South, west, north, east in degrees; an area may cross the date line. The fact `geo`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub areas: Vec<[f64; 4]>,
    /// BCP 47 in lower case; `en` takes in `en-gb`. The fact `lang`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<Box<str>>,
    /// The least and the most followers, both included. The fact `author.followers`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followers: Option<(u64, u64)>,
    /// Kinds of account: `person`, `organization`, … The fact `attr.account`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<Box<str>>,
    /// Age bands that authors declare, in the host's terms. The fact `attr.age`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ages: Vec<Box<str>>,
    /// What happens when a filter's fact is unknown.
    pub unknown: Unknown,
}

impl Audience {
    /// True when no filter is set.
    pub fn is_everybody(&self) -> bool {
        *self == Self { unknown: self.unknown, ..Self::default() }
    }

    /// True when a post with these facts passes every filter.
    pub fn fits(&self, facts: &Facts<'_>) -> bool {
        let unknown = self.unknown == Unknown::Keep;
        [
            self.place(facts),
            words(&self.languages, facts, &Field::Lang, |wanted, is| {
                is.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            }),
            self.followers.map(|(least, most)| {
                facts.number(&Field::Followers).map(|n| least as f64 <= n && n <= most as f64)
            }),
            words(&self.accounts, facts, &Field::Attr("account".into()), |wanted, is| wanted == is),
            words(&self.ages, facts, &Field::Attr("age".into()), |wanted, is| wanted == is),
        ]
        .into_iter()
        .flatten()
        .all(|answer| answer.unwrap_or(unknown))
    }

    /// `None` asks nothing, `Some(None)` is unknown.
    fn place(&self, facts: &Facts<'_>) -> Option<Option<bool>> {
        let country = words(&self.countries, facts, &Field::Country, |wanted, is| wanted == is);
        let area = (!self.areas.is_empty()).then(|| {
            facts.point().map(|(latitude, longitude)| {
                self.areas.iter().any(|[south, west, north, east]| {
                    let across = if west <= east {
                        *west <= longitude && longitude <= *east
                    } else {
                        *west <= longitude || longitude <= *east
                    };
                    across && *south <= latitude && latitude <= *north
                })
            })
        });
        match (country, area) {
            (Some(a), Some(b)) => Some(match (a, b) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                // In no wanted country, and no point to tell more: outside. Likewise the other way round.
                (Some(false), None) | (None, Some(false)) => Some(false),
                (None, None) => None,
            }),
            (one, None) | (None, one) => one,
        }
    }
}

/// `None` when nothing is wanted, `Some(None)` when the fact is unknown.
fn words(
    wanted: &[Box<str>],
    facts: &Facts<'_>,
    field: &Field,
    fits: impl Fn(&str, &str) -> bool,
) -> Option<Option<bool>> {
    if wanted.is_empty() {
        return None;
    }
    Some(
        facts.known(field).then(|| facts.words(field).any(|is| wanted.iter().any(|wanted| fits(wanted, is)))),
    )
}
