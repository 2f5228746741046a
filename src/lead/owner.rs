use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::{Facts, Scope};
use crate::limits::Limits;
use crate::query::{Parser, Query};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A territory as written in a file: which leads belong to it, whose it is, who stands in.
///
/// ```
/// use hearken::lead::{Territories, TerritoryRule};
/// use hearken::limits::Limits;
///
/// let rule = |id: &str, when: &str, owner: &str| TerritoryRule {
///     id: id.into(), when: when.into(), owner: owner.into(), fallback: Vec::new(),
/// };
/// // Every fault of the file at once.
/// let rules = [rule("alps", "country:(ch OR", "anna"), rule("rest", "", "")];
/// let error = Territories::build(&rules, &Limits::default()).unwrap_err();
/// assert_eq!(error.faults().len(), 2, "{error}");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TerritoryRule {
    /// Its name.
    pub id: String,
    /// Which leads: a condition in the query language. Empty: all.
    pub when: String,
    /// Whose it is.
    pub owner: String,
    /// Who stands in when the owner is away, in order.
    pub fallback: Vec<String>,
}

/// Territories in order: the first whose condition holds has the lead.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::lead::{Territories, TerritoryRule};
/// use hearken::limits::Limits;
/// use hearken::text::Text;
///
/// let rules: Vec<TerritoryRule> = serde_json::from_str(r#"[
///   {"id": "alps", "when": "country:(ch OR at)", "owner": "anna", "fallback": ["urs"]},
///   {"id": "rest", "owner": "desk"}
/// ]"#).unwrap();
/// let territories = Territories::build(&rules, &Limits::default()).unwrap();
/// let text = Text::new("");
/// let swiss = Facts::new(&text).with("country", "ch");
/// let owned = territories.owner(&swiss, |person| person == "anna").unwrap();
/// assert_eq!((owned.territory, owned.owner, owned.stands_in_for), ("alps", Some("urs"), Some("anna")));
/// ```
#[derive(Debug, Clone)]
pub struct Territories {
    territories: Vec<(TerritoryRule, Option<Query>)>,
}

/// Whose a lead is.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::lead::{Territories, TerritoryRule};
/// use hearken::limits::Limits;
/// use hearken::text::Text;
///
/// let rule = TerritoryRule { id: "alps".into(), owner: "anna".into(), ..TerritoryRule::default() };
/// let territories = Territories::build(&[rule], &Limits::default()).unwrap();
/// let text = Text::new("");
/// let owned = territories.owner(&Facts::new(&text), |_| true).unwrap();
/// // Everybody is away: the territory is known, and somebody must be told.
/// assert_eq!((owned.territory, owned.owner, owned.stands_in_for), ("alps", None, Some("anna")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Owned<'a> {
    /// The territory.
    pub territory: &'a str,
    /// Who works on it; none when everybody named is away.
    pub owner: Option<&'a str>,
    /// The owner who is away, when somebody else stands in.
    pub stands_in_for: Option<&'a str>,
}

impl Territories {
    /// Checks territories and compiles their conditions.
    ///
    /// # Errors
    /// Every condition that does not parse, every id that stands twice, every territory without an owner.
    pub fn build(rules: &[TerritoryRule], limits: &Limits) -> Result<Self, BuildError> {
        let (mut error, mut names, mut territories) = (BuildError::default(), BTreeSet::new(), Vec::new());
        let mut parser = Parser::new(Scope::Rule, limits);
        for rule in rules {
            let place = format!("territory {}", rule.id);
            if !names.insert(&rule.id) {
                error.push(Fault::new(FaultKind::Duplicate, &place, "this id stands twice"));
            }
            if rule.owner.is_empty() {
                error.push(Fault::new(FaultKind::Missing, &place, "a territory needs an owner"));
            }
            let when = if rule.when.trim().is_empty() { None } else { Some(parser.parse(&rule.when)) };
            match when.transpose() {
                Ok(when) => territories.push((rule.clone(), when)),
                Err(faults) => error.absorb(&place, faults),
            }
        }
        error.or(Self { territories })
    }

    /// Whose a lead with these facts is; `None` outside all territories.
    pub fn owner(&self, facts: &Facts<'_>, away: impl Fn(&str) -> bool) -> Option<Owned<'_>> {
        let holds = |when: &Option<Query>| when.as_ref().is_none_or(|query| query.matches(facts));
        let (rule, _) = self.territories.iter().find(|(_, when)| holds(when))?;
        let people = std::iter::once(&rule.owner).chain(&rule.fallback);
        let owner = people.map(String::as_str).find(|person| !away(person));
        let stands_in_for = (owner != Some(rule.owner.as_str())).then_some(rule.owner.as_str());
        Some(Owned { territory: &rule.id, owner, stands_in_for })
    }
}
