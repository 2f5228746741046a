use super::duration::parse_duration;
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::{Facts, Field, Scope};
use crate::limits::Limits;
use crate::model::Points;
use crate::query::{Parser, Query};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The scoring rules as they are written in a file. [`Rules::build`] checks them.
///
/// Points are numbers of points, spans of time are written `90d`, `12h`, `30m`, `2s` or `500ms`.
///
/// ```
/// use hearken::lead::{RuleFile, Rules};
/// use hearken::limits::Limits;
///
/// let file: RuleFile = serde_json::from_str(r#"{
///     "scores": [{"id": "interest", "groups": [{"id": "what", "kind": "engagement", "cap": 60}]}],
///     "criteria": [{"id": "asks", "score": "interest", "group": "what", "when": "intent:buy", "points": 20}]}"#).unwrap();
/// assert_eq!(Rules::build(&file, &Limits::default()).unwrap().scores().collect::<Vec<_>>(), ["interest"]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RuleFile {
    /// The scores of a lead: one, or one for each product.
    pub scores: Vec<ScoreRule>,
    /// What earns or costs points.
    pub criteria: Vec<CriterionRule>,
    /// When links that are followed in a burst show a machine.
    pub bursts: Option<BurstRule>,
    /// Facts that no criterion may ask about, by their names in the query language, such as `attr.age`: leads
    /// are scored by what they want, not by guesses about who they are.
    pub forbid: Vec<String>,
}

/// One score: groups of criteria, each with its bounds, then bounds of the whole.
///
/// ```
/// use hearken::lead::{RuleFile, Rules, ScoreRule};
/// use hearken::limits::Limits;
/// use hearken::model::Points;
///
/// let score: ScoreRule = serde_json::from_str(r#"{"id": "crm", "ceiling": 80, "groups": [],
///     "thresholds": {"mql": 40, "sql": 70}}"#).unwrap();
/// let rules = Rules::build(&RuleFile { scores: vec![score], ..RuleFile::default() }, &Limits::default()).unwrap();
/// // What a total of so many points is called.
/// assert_eq!(rules.reached("crm", Points::whole(75)), ["sql", "mql"]);
/// assert_eq!(rules.reached("crm", Points::whole(50)), ["mql"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreRule {
    /// Its name.
    pub id: String,
    /// The score is never below this.
    #[serde(default)]
    pub floor: f64,
    /// The score is never above this.
    #[serde(default = "hundred")]
    pub ceiling: f64,
    /// Its groups.
    pub groups: Vec<GroupRule>,
    /// Named thresholds, such as `mql` 60.
    #[serde(default)]
    pub thresholds: BTreeMap<String, f64>,
    /// Where grades A1 to C3 begin.
    #[serde(default)]
    pub grades: Option<GradeRule>,
}

/// A group of criteria.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// let total = |group: &str| {
///     let file: RuleFile = serde_json::from_str(&format!(r#"{{
///         "scores": [{{"id": "crm", "groups": [{group}]}}],
///         "criteria": [{{"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": 20}}]}}"#)).unwrap();
///     let rules = Rules::build(&file, &Limits::default()).unwrap();
///     let (now, mut history) = (Timestamp::from_secs(0), History::default());
///     ["x:1", "x:2"].map(|id| history.record(Activity::new(id, now, ["asks"])));
///     rules.ledger("crm", &history, &[], now).unwrap().total
/// };
/// assert_eq!(total(r#"{"id": "does", "kind": "engagement"}"#), Points::whole(40));
/// assert_eq!(total(r#"{"id": "does", "kind": "engagement", "cap": 25}"#), Points::whole(25));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRule {
    /// Its name, unique in its score.
    pub id: String,
    /// What it measures.
    pub kind: GroupKind,
    /// The most the group may give, and the most that a fit group may cost.
    #[serde(default)]
    pub cap: Option<f64>,
}

/// What a group measures.
///
/// ```
/// # use hearken::lead::{Activity, History, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "is", "kind": "fit"}, {"id": "does", "kind": "engagement"}]}],
/// #     "criteria": [{"id": "near", "score": "crm", "group": "is", "when": "country:ch", "points": 5},
/// #         {"id": "asks", "score": "crm", "group": "does", "when": "intent:buy", "points": 20, "half_life": "1d"}]}"#).unwrap();
/// # let (rules, day, mut history) = (Rules::build(&file, &Limits::default()).unwrap(), 86_400, History::default());
/// history.record(Activity::new("x:1", Timestamp::from_secs(0), ["asks"]));
/// // What she did fades; what she is holds as long as it is true.
/// let ledger = rules.ledger("crm", &history, &["near"], Timestamp::from_secs(2 * day)).unwrap();
/// assert_eq!((ledger.fit, ledger.engagement), (Points::whole(5), Points::whole(5)));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// What the lead is: holds while it is true, never fades.
    Fit,
    /// What the lead does: each event counts, and fades.
    Engagement,
}

/// Least points of the upper grades; below the second begins the third.
///
/// ```
/// use hearken::lead::{GradeRule, RuleFile, Rules, ScoreRule};
/// use hearken::limits::Limits;
///
/// let with = |grades: &str| {
///     let grades: GradeRule = serde_json::from_str(grades).unwrap();
///     let mut score: ScoreRule = serde_json::from_str(r#"{"id": "crm", "groups": []}"#).unwrap();
///     score.grades = Some(grades);
///     Rules::build(&RuleFile { scores: vec![score], ..RuleFile::default() }, &Limits::default())
/// };
/// assert!(with(r#"{"fit": [10, 5], "engagement": [30, 15]}"#).is_ok());
/// assert!(with(r#"{"fit": [5, 10], "engagement": [30, 15]}"#).is_err(), "an A takes more than a B");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeRule {
    /// Least fit points of A and of B.
    pub fit: [f64; 2],
    /// Least engagement points of 1 and of 2.
    pub engagement: [f64; 2],
}

/// One criterion: a question in the query language, and what it is worth.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::lead::{CriterionRule, RuleFile, Rules};
/// use hearken::limits::Limits;
/// use hearken::text::Text;
///
/// let mut file: RuleFile = serde_json::from_str(
///     r#"{"scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}]}]}"#).unwrap();
/// file.criteria.push(serde_json::from_str::<CriterionRule>(r#"{"id": "asks", "score": "crm", "group": "does",
///     "when": "intent:buy OR quote", "points": 20, "half_life": "14d", "cap": 40}"#).unwrap());
/// let rules = Rules::build(&file, &Limits::default()).unwrap();
/// let text = Text::new("May I have a quote?");
/// assert_eq!(rules.matches(&Facts::new(&text)), ["asks"], "what its activity is recorded under");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CriterionRule {
    /// Its name, unique in the file.
    pub id: String,
    /// The score it belongs to.
    pub score: String,
    /// The group it belongs to.
    pub group: String,
    /// The condition, in the query language.
    pub when: String,
    /// What it is worth; negative points take away from what is there and leave no debt.
    pub points: f64,
    /// After this span an event is worth half. Absent: it does not fade.
    pub half_life: Option<String>,
    /// The most it may give (or take), however often it happens.
    pub cap: Option<f64>,
    /// Whether repetitions count.
    pub once: Once,
    /// Counts when this many events lie within the span of `within`; then counting starts anew.
    pub count: Option<u32>,
    /// The span of `count`.
    pub within: Option<String>,
    /// Criteria that an event of this one implies once per object: a click implies an open.
    pub implies: Vec<String>,
}

/// Whether repetitions of a criterion count.
///
/// ```
/// # use hearken::lead::{Activity, History, Once, RuleFile, Rules};
/// # use hearken::limits::Limits;
/// # use hearken::model::{Points, Timestamp};
/// # let mut file: RuleFile = serde_json::from_str(r#"{
/// #     "scores": [{"id": "crm", "groups": [{"id": "does", "kind": "engagement"}]}],
/// #     "criteria": [{"id": "opens", "score": "crm", "group": "does", "when": "intent:buy", "points": 2}]}"#).unwrap();
/// # let (now, mut history) = (Timestamp::from_secs(0), History::default());
/// for (id, mail) in [("1", "spring"), ("2", "spring"), ("3", "summer")] {
///     history.record(Activity::new(id, now, ["opens"]).about(mail));
/// }
/// // Two points for each opening, for each mail, for the lead.
/// let totals = [Once::Never, Once::Object, Once::Lead].map(|once| {
///     file.criteria[0].once = once;
///     Rules::build(&file, &Limits::default()).unwrap().ledger("crm", &history, &[], now).unwrap().total
/// });
/// assert_eq!(totals, [6, 4, 2].map(Points::whole));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Once {
    /// Every event counts.
    #[default]
    Never,
    /// The first event about each object counts: the same e-mail opened five times is one open.
    Object,
    /// The first event of the lead counts.
    Lead,
}

/// A burst: so many different links within so short a span that no person followed them.
///
/// ```
/// use hearken::lead::{BurstRule, RuleFile, Rules};
/// use hearken::limits::Limits;
///
/// let with = |bursts: &str| {
///     let mut file: RuleFile = serde_json::from_str(r#"{"scores": [{"id": "crm", "groups": []}]}"#).unwrap();
///     file.bursts = Some(serde_json::from_str::<BurstRule>(bursts).unwrap());
///     Rules::build(&file, &Limits::default()).map(drop)
/// };
/// assert!(with(r#"{"links": 5, "within": "10s"}"#).is_ok());
/// let error = with(r#"{"links": 1, "within": "10s"}"#).unwrap_err();
/// assert!(error.to_string().contains("one link is not a burst"), "{error}");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BurstRule {
    /// Different links, at least 2.
    pub links: usize,
    /// The span they lie in.
    pub within: String,
}

fn hundred() -> f64 {
    100.0
}

/// Checked rules, ready to score.
///
/// ```
/// use hearken::lead::{RuleFile, Rules};
/// use hearken::limits::Limits;
///
/// let file: RuleFile = serde_json::from_str(r#"{
///   "scores": [{"id": "crm", "groups": [{"id": "engagement", "kind": "engagement", "cap": 60}]}],
///   "criteria": [{"id": "demo", "score": "crm", "group": "engagement", "when": "intent:buy OR demo",
///                 "points": 25, "half_life": "14 days"}]
/// }"#).unwrap();
/// let error = Rules::build(&file, &Limits::default()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "criterion demo, half_life: `14 days` is not a span of time (write 90d, 12h, 30m, 2s or 500ms)"
/// );
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    pub(super) scores: Vec<Score>,
    pub(super) criteria: Vec<Criterion>,
    pub(super) bursts: Option<(usize, i64)>,
    forbidden: Vec<Field>,
}

#[derive(Debug, Clone)]
pub(super) struct Score {
    pub(super) id: String,
    pub(super) floor: Points,
    pub(super) ceiling: Points,
    pub(super) groups: Vec<Group>,
    pub(super) thresholds: Vec<(String, Points)>,
    pub(super) grades: Option<([Points; 2], [Points; 2])>,
}

#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: String,
    pub(super) kind: GroupKind,
    pub(super) cap: Option<Points>,
}

#[derive(Debug, Clone)]
pub(super) struct Criterion {
    pub(super) id: String,
    pub(super) score: usize,
    pub(super) group: usize,
    pub(super) when: Query,
    pub(super) points: Points,
    pub(super) half_life: Option<i64>,
    pub(super) cap: Option<Points>,
    pub(super) once: Once,
    pub(super) frequency: Option<(usize, i64)>,
    /// Places of the criteria whose events imply this one.
    pub(super) implied_by: Vec<usize>,
}

impl Rules {
    /// Checks a file and compiles its conditions.
    ///
    /// # Errors
    /// Every fault of the file at once, each with the criterion or score it stands in.
    pub fn build(file: &RuleFile, limits: &Limits) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        let scores = file.scores.iter().map(|score| check_score(score, &mut error)).collect::<Vec<_>>();
        let mut names = BTreeSet::new();
        for score in &file.scores {
            if !names.insert(&score.id) {
                error.push(Fault::new(
                    FaultKind::Duplicate,
                    format!("score {}", score.id),
                    "this id stands twice",
                ));
            }
        }
        if scores.is_empty() {
            error.push(Fault::new(FaultKind::Missing, "scores", "at least one score is needed"));
        }
        let mut parser = Parser::new(Scope::Monitor, limits);
        let forbidden = forbidden(&file.forbid, &mut error);
        let mut names = BTreeSet::new();
        let mut criteria = Vec::new();
        for rule in &file.criteria {
            let place = format!("criterion {}", rule.id);
            if rule.id.is_empty() {
                error.push(Fault::new(FaultKind::Missing, &place, "a criterion needs an id"));
            } else if !names.insert(&rule.id) {
                error.push(Fault::new(FaultKind::Duplicate, &place, "this id stands twice"));
            }
            let mut faults = BuildError::default();
            if let Some(criterion) = check_criterion(rule, file, &scores, &mut parser, &mut faults) {
                for field in forbidden.iter().filter(|field| criterion.when.asks(field)) {
                    let message = format!("asks about `{field}`, which is forbidden");
                    faults.push(Fault::new(FaultKind::Conflict, "when", message));
                }
                criteria.push(criterion);
            }
            error.absorb(&place, faults);
        }
        let bursts = file.bursts.as_ref().and_then(|rule| {
            if rule.links < 2 {
                let fault = Fault::new(FaultKind::Value, "bursts, links", "one link is not a burst");
                error.push(fault.mend("ask for 2 or more"));
            }
            let within = span("bursts, within", &rule.within, &mut error)?;
            Some((rule.links, within))
        });
        error.or(Self { scores, criteria, bursts, forbidden })
    }

    /// The criteria that hold for these facts, by id, in the order of the file. Fit criteria and
    /// engagement criteria alike: what the facts are about says which are meant.
    pub fn matches(&self, facts: &Facts<'_>) -> Vec<&str> {
        let holds = self.criteria.iter().filter(|criterion| criterion.when.matches(facts));
        holds.map(|criterion| criterion.id.as_str()).collect()
    }

    /// The facts that were forbidden. No criterion asks about any of them: such rules are not built.
    pub fn forbidden(&self) -> &[Field] {
        &self.forbidden
    }

    /// True when some criterion asks about this fact.
    pub fn asks(&self, field: &Field) -> bool {
        self.criteria.iter().any(|criterion| criterion.when.asks(field))
    }

    /// The ids of the scores, in the order of the file.
    pub fn scores(&self) -> impl Iterator<Item = &str> {
        self.scores.iter().map(|score| score.id.as_str())
    }

    /// The conditions, by criterion id, for a host that runs them in an index with its other queries.
    pub fn conditions(&self) -> impl Iterator<Item = (&str, &Query)> {
        self.criteria.iter().map(|criterion| (criterion.id.as_str(), &criterion.when))
    }

    pub(super) fn kind(&self, criterion: &Criterion) -> Option<GroupKind> {
        Some(self.scores.get(criterion.score)?.groups.get(criterion.group)?.kind)
    }
}

/// The fields of these names.
fn forbidden(names: &[String], error: &mut BuildError) -> Vec<Field> {
    let mut fields = Vec::new();
    for name in names {
        match Field::find(name) {
            Some(field) => fields.push(field),
            None => error.push(Fault::new(FaultKind::Unknown, "forbid", format!("no fact `{name}`"))),
        }
    }
    fields
}

fn check_score(rule: &ScoreRule, error: &mut BuildError) -> Score {
    let place = format!("score {}", rule.id);
    let mut value = |what: &str, value: f64| {
        if !value.is_finite() || value.abs() > 1e9 {
            error.push(Fault::new(FaultKind::Value, format!("{place}, {what}"), "out of range"));
        }
        Points::nearest(value)
    };
    let mut score = Score {
        id: rule.id.clone(),
        floor: value("floor", rule.floor),
        ceiling: value("ceiling", rule.ceiling),
        groups: Vec::new(),
        thresholds: rule.thresholds.iter().map(|(name, at)| (name.clone(), value(name, *at))).collect(),
        grades: rule.grades.as_ref().map(|grades| {
            (
                grades.fit.map(|points| value("grades, fit", points)),
                grades.engagement.map(|points| value("grades, engagement", points)),
            )
        }),
    };
    for group in &rule.groups {
        let cap = group.cap.map(|cap| value(&group.id, cap));
        score.groups.push(Group { id: group.id.clone(), kind: group.kind, cap });
    }
    score.thresholds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let mut refuse = |kind, what: &str, message: &str| {
        error.push(Fault::new(kind, format!("{place}, {what}"), message));
    };
    if score.floor > score.ceiling {
        refuse(FaultKind::Conflict, "floor", "the floor lies above the ceiling");
    }
    let falls = |steps: &[Points; 2]| matches!(steps, [upper, lower] if upper < lower);
    if score.grades.as_ref().is_some_and(|(fit, engagement)| falls(fit) || falls(engagement)) {
        refuse(FaultKind::Conflict, "grades", "the better grade must not begin below the lesser one");
    }
    let mut names = BTreeSet::new();
    for group in &score.groups {
        if !names.insert(&group.id) {
            refuse(FaultKind::Duplicate, &group.id, "this group stands twice");
        }
        if group.cap.is_some_and(|cap| cap <= Points::ZERO) {
            refuse(FaultKind::Value, &group.id, "a cap must be positive");
        }
    }
    score
}

fn check_criterion(
    rule: &CriterionRule,
    file: &RuleFile,
    scores: &[Score],
    parser: &mut Parser<'_>,
    error: &mut BuildError,
) -> Option<Criterion> {
    let mut refuse = |kind, what: &str, message: String| error.push(Fault::new(kind, what, message));
    let points = Points::nearest(rule.points);
    if !rule.points.is_finite() || rule.points.abs() > 1e6 || points == Points::ZERO {
        refuse(FaultKind::Value, "points", format!("{} points are not worth a rule", rule.points));
    }
    if rule.cap.is_some_and(|cap| !cap.is_finite() || Points::nearest(cap) <= Points::ZERO) {
        refuse(FaultKind::Value, "cap", "a cap must be positive, for negative points too".to_owned());
    }
    let score = scores.iter().position(|score| score.id == rule.score);
    if score.is_none() {
        refuse(FaultKind::Unknown, "score", format!("no score `{}`", rule.score));
    }
    let groups = score.and_then(|score| scores.get(score)).map(|score| score.groups.as_slice());
    let group = groups.and_then(|groups| groups.iter().position(|group| group.id == rule.group));
    if score.is_some() && group.is_none() {
        refuse(FaultKind::Unknown, "group", format!("no group `{}` in score `{}`", rule.group, rule.score));
    }
    let fit = groups.and_then(|groups| groups.get(group?)).is_some_and(|g| g.kind == GroupKind::Fit);
    let about_events = rule.half_life.is_some()
        || rule.count.is_some()
        || rule.once != Once::Never
        || !rule.implies.is_empty();
    if fit && about_events {
        let message = "half_life, count, once and implies are for engagement; fit holds while it is true";
        refuse(FaultKind::Conflict, "group", message.to_owned());
    }
    if rule.count.is_some() != rule.within.is_some() {
        refuse(FaultKind::Missing, "within", "`count` and `within` go together".to_owned());
    }
    if rule.count == Some(0) {
        refuse(FaultKind::Value, "count", "nothing cannot be counted to".to_owned());
    }
    for implied in &rule.implies {
        if *implied == rule.id || !file.criteria.iter().any(|other| other.id == *implied) {
            refuse(FaultKind::Unknown, "implies", format!("no other criterion `{implied}`"));
        }
    }
    let half_life = rule.half_life.as_deref().and_then(|text| span("half_life", text, error));
    let within = rule.within.as_deref().and_then(|text| span("within", text, error));
    let when = match parser.parse(&rule.when) {
        Ok(query) => Some(query),
        Err(faults) => {
            error.absorb("when", faults);
            None
        }
    };
    Some(Criterion {
        id: rule.id.clone(),
        score: score?,
        group: group?,
        when: when?,
        points,
        half_life,
        cap: rule.cap.map(Points::nearest),
        once: rule.once,
        frequency: rule.count.map(|count| count as usize).zip(within),
        implied_by: (file.criteria.iter().enumerate())
            .filter(|(_, other)| other.implies.contains(&rule.id))
            .map(|(place, _)| place)
            .collect(),
    })
}

fn span(place: &str, text: &str, error: &mut BuildError) -> Option<i64> {
    let span = parse_duration(text).filter(|span| *span > 0);
    if span.is_none() {
        let message = format!("`{text}` is not a span of time");
        error.push(Fault::new(FaultKind::Value, place, message).mend("write 90d, 12h, 30m, 2s or 500ms"));
    }
    span
}
