use crate::model::{AgentId, Priority, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Routing rules as data: what a file holds.
///
/// ```
/// use hearken::route::{Action, Mode, RuleBook};
///
/// let book: RuleBook = serde_json::from_str(r#"{
///     "version": 4, "author": "ann", "approved_by": "bo",
///     "groups": [
///         {"id": "marks", "mode": "always", "rules": [
///             {"id": "vip", "when": "customer.tier:gold", "then": [{"tag": "vip"}, {"priority": "high"}]}]},
///         {"id": "teams", "mode": "first", "rules": [
///             {"id": "refunds", "when": "refund sentiment<0", "then": [{"assign": {"team": "billing"}}]}]}],
///     "root": [{"assign": {"team": "service"}}]}"#).unwrap();
/// assert_eq!(book.groups[0].mode, Mode::Always);
/// assert_eq!(book.groups[0].rules[0].then[1], Action::Priority(hearken::model::Priority::High));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleBook {
    /// Counted up by whoever changes it; stands in every receipt.
    #[serde(default)]
    pub version: u64,
    /// Who wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who approved it; not the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Groups, run in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Rules of no group: one more group that stops at the first match, run after the others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// What the implicit root does: it always matches, and acts when no rule has assigned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub root: Vec<Action>,
}

/// Rules that run together.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{Group, RuleBook, Rules};
/// use hearken::text::Text;
///
/// let group: Group = serde_json::from_str(r#"{"id": "marks", "mode": "always", "rules": [
///     {"id": "vip", "when": "customer.tier:gold", "then": [{"tag": "vip"}]},
///     {"id": "angry", "when": "sentiment<0", "then": [{"tag": "angry"}]}]}"#).unwrap();
/// let book = RuleBook { groups: vec![group], ..RuleBook::default() };
/// let (text, rules) = (Text::new("hm"), Rules::build(&book, &Limits::default()).unwrap());
/// let facts = Facts::new(&text).with("customer.tier", "gold").with("sentiment", -0.4);
/// let decision = rules.decide(&facts, &mut Scratch::default());
/// assert!(decision.verdict.tags.iter().eq(["angry", "vip"]), "both of them act");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its name.
    pub id: String,
    /// How many of its rules act.
    #[serde(default)]
    pub mode: Mode,
    /// Its rules.
    pub rules: Vec<Rule>,
}

/// How many rules of a group act.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{Action, Group, Mode, Rule, RuleBook, Rules};
/// use hearken::text::Text;
///
/// let rules = ["late", "refund"].map(|word| Rule::new(word, word, vec![Action::Tag(word.into())]));
/// let (text, mut scratch) = (Text::new("late refund"), Scratch::default());
/// let mut tags = |mode| {
///     let group = Group { id: "marks".into(), mode, rules: rules.to_vec() };
///     let book = RuleBook { groups: vec![group], ..RuleBook::default() };
///     let rules = Rules::build(&book, &Limits::default()).unwrap();
///     rules.decide(&Facts::new(&text), &mut scratch).verdict.tags.len()
/// };
/// assert_eq!((tags(Mode::First), tags(Mode::Always)), (1, 2));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The first that matches, and those after it for as long as the one before says `continue`.
    #[default]
    First,
    /// All that match. What one sets, the others see.
    Always,
}

/// One rule.
///
/// ```
/// use hearken::route::Rule;
///
/// let rule: Rule = serde_json::from_str(r#"{"id": "vip", "when": "customer.tier:gold sentiment<0",
///     "then": [{"assign": {"team": "service"}}, {"priority": "urgent"}]}"#).unwrap();
/// assert_eq!((rule.then.len(), rule.go_on), (2, false));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name, unique in the book.
    pub id: String,
    /// The condition, in the language of [`query`](crate::query).
    pub when: String,
    /// What to do.
    pub then: Vec<Action>,
    /// Smaller goes first. Equal priorities go by position in the file, then by id.
    #[serde(default = "usual", skip_serializing_if = "is_usual")]
    pub priority: i32,
    /// In a group that stops at the first match: goes on to the next one after this.
    #[serde(default, rename = "continue", skip_serializing_if = "std::ops::Not::not")]
    pub go_on: bool,
    /// Who wrote it, where it is not the author of the book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Who approved it; not its author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
}

fn usual() -> i32 {
    100
}

fn is_usual(priority: &i32) -> bool {
    *priority == usual()
}

impl Rule {
    /// A rule of usual priority.
    pub fn new(id: impl Into<String>, when: impl Into<String>, then: Vec<Action>) -> Self {
        Self {
            id: id.into(),
            when: when.into(),
            then,
            priority: usual(),
            go_on: false,
            author: None,
            approved_by: None,
        }
    }
}

/// What a rule does. In JSON `{"tag": "vip"}`, or the bare name where there is nothing to say: `"hide"`.
///
/// ```
/// use hearken::model::Priority;
/// use hearken::route::{Action, Verdict};
///
/// let then: Vec<Action> = serde_json::from_str(
///     r#"["hide", {"priority": "low"}, {"priority": "high"},
///         {"custom": {"name": "page", "args": {"who": "legal"}}}]"#).unwrap();
/// let mut verdict = Verdict::default();
/// then.iter().for_each(|action| verdict.add(action));
/// assert_eq!((verdict.hide, verdict.priority), (true, Some(Priority::High)), "the highest decides");
/// // What the library does not know is handed on to the host.
/// assert!(matches!(&verdict.others[..], [Action::Custom { name, args }] if name == "page" && args["who"] == "legal"));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Says who should do it; the first in order decides, field by field.
    Assign(Assign),
    /// Marks it.
    Tag(String),
    /// Says how much it matters; the highest decides.
    Priority(Priority),
    /// Tells somebody.
    Alert {
        /// The kind of alert.
        kind: String,
        /// Its labels.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        labels: BTreeMap<String, String>,
    },
    /// Takes it out of public sight.
    Hide,
    /// Drafts a reply from a template.
    Draft {
        /// The template's name.
        template: String,
    },
    /// Starts a promise.
    StartSla {
        /// The policy's name.
        policy: String,
    },
    /// Starts a ladder, or a child case for another team.
    Escalate {
        /// The team.
        team: TeamId,
        /// Why.
        why: String,
    },
    /// Sets `attr.name`; see [`Rules::decide`](super::Rules::decide) for who sees it.
    Set {
        /// The name, without `attr.`.
        name: String,
        /// The value; `null` takes it away.
        value: Option<String>,
    },
    /// The host's own.
    Custom {
        /// Its name.
        name: String,
        /// Its arguments.
        #[serde(default, skip_serializing_if = "serde_json::Value::is_null")]
        args: serde_json::Value,
    },
}

/// Who should do it.
///
/// ```
/// use hearken::route::{Action, Assign, Verdict};
///
/// let mut verdict = Verdict::default();
/// for rule in [r#"{"skills": {"billing": 3}}"#, r#"{"team": "service"}"#, r#"{"team": "sales", "agent": "ann"}"#] {
///     verdict.add(&Action::Assign(serde_json::from_str::<Assign>(rule).unwrap()));
/// }
/// // Each rule fills in what those before it left open.
/// let Assign { team, agent, skills } = verdict.assign;
/// assert_eq!((team, agent, skills["billing"]), (Some("service".into()), Some("ann".into()), 3));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Assign {
    /// The team.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<TeamId>,
    /// The agent, asked first: the owner of the account or of the territory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentId>,
    /// Skills and the least level of each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub skills: BTreeMap<String, u8>,
}

/// What the actions of a decision come to.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{RuleBook, Rules};
/// use hearken::text::Text;
///
/// let book: RuleBook = serde_json::from_str(r#"{"rules": [
///     {"id": "spam", "when": "casino", "then": ["hide", {"tag": "spam"}]}],
///     "root": [{"assign": {"team": "service"}}]}"#).unwrap();
/// let rules = Rules::build(&book, &Limits::default()).unwrap();
/// let text = Text::new("Best casino in town");
/// let verdict = rules.decide(&Facts::new(&text), &mut Scratch::default()).verdict;
/// assert!(verdict.hide && verdict.tags.contains("spam"));
/// assert_eq!(verdict.priority, None, "no rule says, so the host does");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// Who should do it.
    pub assign: Assign,
    /// Its marks.
    pub tags: BTreeSet<String>,
    /// How much it matters; `None` when no rule says.
    pub priority: Option<Priority>,
    /// It is to be hidden.
    pub hide: bool,
    /// Everything else, in order, each once.
    pub others: Vec<Action>,
}

impl Verdict {
    /// Adds an action up.
    pub fn add(&mut self, action: &Action) {
        match action {
            Action::Assign(assign) => {
                self.assign.team = self.assign.team.take().or_else(|| assign.team.clone());
                self.assign.agent = self.assign.agent.take().or_else(|| assign.agent.clone());
                if self.assign.skills.is_empty() {
                    self.assign.skills.clone_from(&assign.skills);
                }
            }
            Action::Tag(tag) => {
                self.tags.insert(tag.clone());
            }
            Action::Priority(priority) => self.priority = self.priority.max(Some(*priority)),
            Action::Hide => self.hide = true,
            other if self.others.contains(other) => {}
            other => self.others.push(other.clone()),
        }
    }
}
