use super::agent::MAX_LEVEL;
use super::book::{Action, Assign, Mode, Rule, RuleBook, Verdict};
use crate::error::{BuildError, Fault, FaultKind};
use crate::facts::{Facts, Field, Scope};
use crate::limits::Limits;
use crate::query::{Explanation, Index, Parser, Query, Scratch};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// Rules that have been read and checked, ready to decide.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{RuleBook, Rules};
/// use hearken::text::Text;
///
/// let book: RuleBook = serde_json::from_str(r#"{"rules": [
///     {"id": "refunds", "when": "refund sentiment<0", "then": [{"assign": {"team": "billing"}}]},
///     {"id": "angry", "when": "sentiment<-0.5", "then": [{"assign": {"team": "care"}}]}],
///     "root": [{"assign": {"team": "service"}}]}"#).unwrap();
/// let rules = Rules::build(&book, &Limits::default())?;
///
/// let (text, mut scratch) = (Text::new("Where is my refund?"), Scratch::default());
/// let decision = rules.decide(&Facts::new(&text).with("sentiment", -0.7), &mut scratch);
/// assert_eq!(decision.fired[0].rule, "refunds");
/// assert_eq!(decision.verdict.assign.team, Some("billing".into()));
/// let decision = rules.decide(&Facts::new(&text), &mut scratch);
/// assert_eq!((decision.fired.len(), decision.verdict.assign.team), (0, Some("service".into())));
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rules {
    version: u64,
    /// Who wrote and who approved the book: so did whoever wrote and approved a rule that does not say.
    author: Option<String>,
    approved_by: Option<String>,
    groups: Vec<Ready>,
    /// By id: the group of a rule, and its place there.
    places: BTreeMap<String, (usize, usize)>,
    root: Vec<Action>,
    cascade_steps: usize,
}

/// A group in the order of its rules.
#[derive(Debug, Clone)]
struct Ready {
    id: String,
    mode: Mode,
    rules: Vec<Rule>,
    queries: Vec<Query>,
    index: Index,
}

/// A rule that acted.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{RuleBook, Rules};
/// use hearken::text::Text;
///
/// let book: RuleBook = serde_json::from_str(r#"{"groups": [{"id": "teams", "rules": [
///     {"id": "refunds", "when": "refund", "then": [{"assign": {"team": "billing"}}]}]}]}"#).unwrap();
/// let rules = Rules::build(&book, &Limits::default()).unwrap();
/// let text = Text::new("My refund, please");
/// let decision = rules.decide(&Facts::new(&text), &mut Scratch::default());
/// let names: Vec<_> = decision.fired.iter().map(|fired| format!("{}/{}", fired.group, fired.rule)).collect();
/// assert_eq!(names, ["teams/refunds"]);
/// // By its name the rule can say why.
/// let why = rules.explain(&decision.fired[0].rule, &Facts::new(&text)).unwrap();
/// assert_eq!(why.to_string(), "yes: refund [3..9] <-");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Fired {
    /// Its group.
    pub group: String,
    /// The rule.
    pub rule: String,
}

/// What the rules say about one set of facts.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{Decision, RuleBook, Rules};
/// use hearken::text::Text;
///
/// let book: RuleBook =
///     serde_json::from_str(r#"{"version": 7, "root": [{"assign": {"team": "service"}}]}"#).unwrap();
/// let (text, rules) = (Text::new("Hello?"), Rules::build(&book, &Limits::default()).unwrap());
/// let decision = rules.decide(&Facts::new(&text), &mut Scratch::default());
/// assert!(decision.by_root && decision.fired.is_empty(), "no rule said anything");
/// // A record of it is kept with the version of the book that decided.
/// let kept = serde_json::to_string(&decision).unwrap();
/// assert_eq!(serde_json::from_str::<Decision>(&kept).unwrap().version, 7);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The version of the book.
    pub version: u64,
    /// The rules that acted, in order.
    pub fired: Vec<Fired>,
    /// The implicit root acted, because no rule had assigned.
    pub by_root: bool,
    /// What their actions come to.
    pub verdict: Verdict,
    /// A cascade was stopped: the rules that would have gone on setting each other off. Empty: none.
    pub looping: Vec<String>,
}

impl Rules {
    /// Reads and orders the rules.
    ///
    /// # Errors
    /// Every fault: a condition that cannot be read, an id twice or none, a rule that does nothing or assigns nobody, a
    /// level of a skill that nobody can have, an author who approved the own work, an attribute name that no query could
    /// ask for.
    pub fn build(book: &RuleBook, limits: &Limits) -> Result<Self, BuildError> {
        let mut error = BuildError::default();
        let mut parser = Parser::new(Scope::Rule, limits);
        let mut places = BTreeMap::new();
        let mut groups = Vec::new();
        let loose = (!book.rules.is_empty()).then_some(("", Mode::First, &book.rules));
        let named = book.groups.iter().map(|group| (group.id.as_str(), group.mode, &group.rules));
        let mut names = BTreeSet::new();
        let (author, approved_by) = (book.author.clone(), book.approved_by.clone());
        for (id, mode, rules) in named.chain(loose) {
            if !names.insert(id) {
                let fault = Fault::new(FaultKind::Duplicate, format!("group {id}"), "the id is given twice");
                error.push(fault.mend("give each group an id of its own"));
            }
            let mut ready = Ready {
                id: id.to_owned(),
                mode,
                rules: Vec::new(),
                queries: Vec::new(),
                index: Index::default(),
            };
            let mut order: Vec<(usize, &Rule)> = rules.iter().enumerate().collect();
            order.sort_by(|(i, a), (j, b)| (a.priority, i, &a.id).cmp(&(b.priority, j, &b.id)));
            for (position, rule) in order {
                let place = match rule.id.as_str() {
                    "" => format!("group {id:?}, rule number {}", position + 1),
                    id => format!("rule {id}"),
                };
                if places.insert(rule.id.clone(), (groups.len(), ready.rules.len())).is_some() {
                    let fault = Fault::new(FaultKind::Duplicate, &*place, "the id is given twice");
                    error.push(fault.mend("give each rule an id of its own"));
                }
                check(rule, (&author, &approved_by), &place, &mut error);
                match parser.parse(&rule.when) {
                    Ok(query) => {
                        ready.rules.push(rule.clone());
                        ready.queries.push(query);
                    }
                    Err(faults) => error.absorb(&place, faults),
                }
            }
            ready.index = Index::build(&ready.queries);
            groups.push(ready);
        }
        let cascade_steps = limits.cascade_steps;
        let (version, root) = (book.version, book.root.clone());
        error.or(Self { version, author, approved_by, groups, places, root, cascade_steps })
    }

    /// The version of the book.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The rules in the order in which they are tried, each with its group.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Rule)> {
        self.groups.iter().flat_map(|group| group.rules.iter().map(|rule| (group.id.as_str(), rule)))
    }

    /// Every rule with its group, the group's mode and the condition, in order.
    pub(super) fn parts(&self) -> impl Iterator<Item = (&str, Mode, &Rule, &Query)> {
        self.groups.iter().flat_map(|group| {
            let pairs = group.rules.iter().zip(&group.queries);
            pairs.map(|(rule, query)| (group.id.as_str(), group.mode, rule, query))
        })
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let (group, number) = self.place(id)?;
        group.rules.get(number)
    }

    fn place(&self, id: &str) -> Option<(&Ready, usize)> {
        let (group, number) = *self.places.get(id)?;
        Some((self.groups.get(group)?, number))
    }

    /// The rules of a group that match, in order, with their conditions.
    pub(super) fn matching(
        &self,
        group: &str,
        facts: &Facts<'_>,
        scratch: &mut Scratch,
    ) -> Vec<(&Rule, &Query)> {
        let Some(group) = self.groups.iter().find(|other| other.id == group) else { return Vec::new() };
        let places = group.matches(facts, scratch).into_iter();
        places.filter_map(|place| group.rules.get(place).zip(group.queries.get(place))).collect()
    }

    /// Bytes of the indexes.
    pub fn bytes(&self) -> usize {
        self.groups.iter().map(|group| group.index.bytes()).sum()
    }

    /// Puts a rule in the place of the one with its id; its priority stays. The cost is that of the one rule.
    ///
    /// # Errors
    /// Every fault of the rule, or that there is none with this id; nothing is changed then.
    pub fn replace(&mut self, rule: Rule, limits: &Limits) -> Result<(), BuildError> {
        let place = format!("rule {}", rule.id);
        let found = self
            .places
            .get(&rule.id)
            .and_then(|(group, number)| Some((*number, self.groups.get_mut(*group)?)));
        let mut error = BuildError::default();
        check(&rule, (&self.author, &self.approved_by), &place, &mut error);
        let query = match Parser::new(Scope::Rule, limits).parse(&rule.when) {
            Ok(query) => Some(query),
            Err(faults) => {
                error.absorb(&place, faults);
                None
            }
        };
        match (found, query) {
            (Some((number, group)), Some(query)) if error.is_empty() => {
                group.index.insert(number as u32, &query);
                if let (Some(old), Some(known)) = (group.rules.get_mut(number), group.queries.get_mut(number))
                {
                    let priority = old.priority;
                    *old = Rule { priority, ..rule };
                    *known = query;
                }
            }
            (None, _) => error.push(
                Fault::new(FaultKind::Unknown, place, "no rule has this id").mend("build the book with it"),
            ),
            _ => {}
        }
        error.or(())
    }

    /// The first rule that matches, whatever its group.
    pub fn first(&self, facts: &Facts<'_>, scratch: &mut Scratch) -> Option<&Rule> {
        self.groups.iter().find_map(|group| group.rules.get(group.first(facts, scratch)?))
    }

    /// Every rule that matches, in order.
    pub fn matches(&self, facts: &Facts<'_>, scratch: &mut Scratch) -> Vec<&Rule> {
        let mut found = Vec::new();
        for group in &self.groups {
            let numbers = group.index.matches(facts, scratch).iter();
            found.extend(numbers.filter_map(|&number| group.rules.get(number as usize)));
        }
        found
    }

    /// Why a rule matches or does not; `None` when there is no such rule.
    pub fn explain(&self, rule: &str, facts: &Facts<'_>) -> Option<Explanation> {
        let (group, number) = self.place(rule)?;
        group.queries.get(number).map(|query| query.explain(facts))
    }

    /// Runs every group in order. Each rule acts at most once; what a rule sets is seen by all rules of its own group, if
    /// that runs all of them, else by those after it, and by the groups after it.
    pub fn decide(&self, facts: &Facts<'_>, scratch: &mut Scratch) -> Decision {
        let mut run =
            Run { rules: self, facts: Cow::Borrowed(facts), decision: Decision::default(), scratch };
        run.decision.version = self.version;
        for group in &self.groups {
            match group.mode {
                Mode::First => run.first(group),
                Mode::Always => run.always(group),
            }
        }
        let Decision { verdict, by_root, .. } = &mut run.decision;
        if verdict.assign.team.is_none() && verdict.assign.agent.is_none() {
            *by_root = true;
            self.root.iter().for_each(|action| verdict.add(action));
        }
        run.decision
    }
}

/// What is wrong with a rule of a book that `of_book` wrote and approved.
fn check(rule: &Rule, of_book: (&Option<String>, &Option<String>), place: &str, error: &mut BuildError) {
    let mut fault = |kind, message: &str, mend: &str| {
        error.push(Fault::new(kind, place, message).mend(mend));
    };
    if rule.id.is_empty() {
        fault(FaultKind::Missing, "a rule needs an id", "receipts name it by that");
    }
    if rule.then.is_empty() {
        fault(FaultKind::Missing, "it does nothing", "add an action");
    }
    let author = rule.author.as_ref().or(of_book.0.as_ref());
    if author.is_some() && author == rule.approved_by.as_ref().or(of_book.1.as_ref()) {
        fault(FaultKind::Conflict, "nobody approves their own rules", "let somebody else approve it");
    }
    for action in &rule.then {
        match action {
            Action::Set { name, .. } if Field::find(&format!("attr.{name}")).is_none() => {
                let message = format!("no query could ask for `attr.{name}`");
                fault(FaultKind::Value, &message, "letters, digits and `_`");
            }
            Action::Assign(assign) if *assign == Assign::default() => {
                fault(FaultKind::Missing, "it assigns nobody", "name a team, an agent or skills");
            }
            Action::Assign(assign) => {
                for (skill, level) in &assign.skills {
                    if !(1..=MAX_LEVEL).contains(level) {
                        let message = format!("level {level} of {skill}");
                        fault(FaultKind::Value, &message, &format!("levels are 1 to {MAX_LEVEL}"));
                    }
                }
            }
            _ => {}
        }
    }
}

impl Ready {
    fn first(&self, facts: &Facts<'_>, scratch: &mut Scratch) -> Option<usize> {
        self.index.first(facts, scratch).map(|number| number as usize)
    }

    fn matches(&self, facts: &Facts<'_>, scratch: &mut Scratch) -> Vec<usize> {
        self.index.matches(facts, scratch).iter().map(|&number| number as usize).collect()
    }
}

/// A decision in the making.
struct Run<'r, 't> {
    rules: &'r Rules,
    /// Copied when a rule sets something.
    facts: Cow<'r, Facts<'t>>,
    decision: Decision,
    scratch: &'r mut Scratch,
}

impl Run<'_, '_> {
    /// Runs the first rule that matches, and for as long as the one before goes on the next after it: that is looked
    /// for again where the one before has set something.
    fn first(&mut self, group: &Ready) {
        let Some(mut place) = group.first(&self.facts, self.scratch) else { return };
        let mut ahead: Option<std::vec::IntoIter<usize>> = None;
        while let Some(rule) = group.rules.get(place) {
            let set = rule.then.iter().any(|action| self.would_change(action));
            self.fire(group, rule);
            if !rule.go_on {
                return;
            }
            if set || ahead.is_none() {
                ahead = Some(group.matches(&self.facts, self.scratch).into_iter());
            }
            let Some(next) = ahead.as_mut().and_then(|ahead| ahead.find(|&next| next > place)) else {
                return;
            };
            place = next;
        }
    }

    /// Runs all rules that match, each once and each seeing what those before it have set.
    fn always(&mut self, group: &Ready) {
        let mut acted = vec![false; group.rules.len()];
        let mut setters: Vec<&str> = Vec::new();
        while setters.len() <= self.rules.cascade_steps {
            let mut set = false;
            for place in group.matches(&self.facts, self.scratch) {
                let (Some(rule), Some(acted)) = (group.rules.get(place), acted.get_mut(place)) else {
                    continue;
                };
                set = rule.then.iter().any(|action| self.would_change(action));
                if !std::mem::replace(acted, true) {
                    self.fire(group, rule);
                    setters.extend(set.then_some(rule.id.as_str()));
                } else if set {
                    // What it set no longer holds: those that have set something since would set it off again.
                    let from = setters.iter().position(|&other| other == rule.id).unwrap_or(0);
                    self.stop(setters.iter().skip(from));
                    set = false;
                }
                if set {
                    break;
                }
            }
            if !set {
                return;
            }
        }
        self.stop(setters.iter());
    }

    /// Names the rules of a cascade that was stopped, each once.
    fn stop<'s>(&mut self, rules: impl Iterator<Item = &'s &'s str>) {
        for &rule in rules {
            if !self.decision.looping.iter().any(|known| known == rule) {
                self.decision.looping.push(rule.to_owned());
            }
        }
    }

    fn would_change(&self, action: &Action) -> bool {
        match action {
            Action::Set { name, value } => match Field::find(&format!("attr.{name}")) {
                Some(field) => {
                    let held: Vec<&str> = self.facts.words(&field).collect();
                    match value {
                        Some(value) => held != [crate::text::fold(value)],
                        None => !held.is_empty(),
                    }
                }
                None => false,
            },
            _ => false,
        }
    }

    fn fire(&mut self, group: &Ready, rule: &Rule) {
        self.decision.fired.push(Fired { group: group.id.clone(), rule: rule.id.clone() });
        for action in &rule.then {
            if let Action::Set { name, value } = action {
                let value = value.as_ref().map_or(Vec::new(), |value| vec![value.clone()]);
                self.facts.to_mut().set(format!("attr.{name}").as_str(), value);
            }
            self.decision.verdict.add(action);
        }
    }
}
