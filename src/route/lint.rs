use super::book::{Action, Mode, Rule, RuleBook};
use super::rules::Rules;
use super::witness::{Witness, split};
use crate::error::BuildError;
use crate::facts::{Field, FieldType, Scope};
use crate::limits::Limits;
use crate::query::{Literal, Query, Scratch};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is wrong with a rule.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::route::{Lint, RuleBook, lint};
///
/// let book: RuleBook = serde_json::from_str(r#"{"rules": [
///     {"id": "both", "when": "lang:en lang:de", "then": [{"assign": {"team": "languages"}}]},
///     {"id": "vip", "when": "customer.tier:gold", "then": [{"tag": "vip"}]}],
///     "root": [{"tag": "unsorted"}]}"#).unwrap();
/// let findings = lint(&book, &Limits::default()).unwrap();
/// let lints: std::collections::BTreeSet<_> = findings.iter().map(|finding| finding.lint).collect();
/// // A post has one language, and nobody at all is told to answer the gold customer.
/// assert!(lints.into_iter().eq([Lint::Unreachable, Lint::Ownerless]));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lint {
    /// Whatever it matches, an earlier rule of its group takes.
    Shadowed,
    /// Its condition can never hold.
    Unreachable,
    /// Two rules act on the same facts and cannot both have their way.
    Contradictory,
    /// Nobody gets it: no rule that matches assigns, nor does the root.
    Ownerless,
    /// Rules set each other off for ever.
    Looping,
    /// It asks for nothing: it matches where nothing is known.
    OverBroad,
}

/// One finding, with facts that show it.
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::route::{RuleBook, lint};
///
/// let book: RuleBook = serde_json::from_str(r#"{"rules": [
///     {"id": "hide", "when": "casino", "then": ["hide"], "continue": true},
///     {"id": "reply", "when": "casino win", "then": [{"draft": {"template": "hello"}}, {"assign": {"team": "care"}}]}],
///     "root": [{"assign": {"team": "service"}}]}"#).unwrap();
/// // One line for each: what is wrong, with which rules, shown by what.
/// let found: Vec<_> = lint(&book, &Limits::default()).unwrap().iter().map(|finding| finding.to_string()).collect();
/// assert_eq!(found, ["contradictory\thide,reply\t{\"text\":\"casino win\"}"]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What is wrong.
    pub lint: Lint,
    /// The rules concerned, the one to mend first.
    pub rules: Vec<String>,
    /// Facts that show it. Of an unreachable rule: facts that meet every part of its condition but one.
    pub witness: Witness,
}

/// Prints `lint TAB rules TAB witness`.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lint = match self.lint {
            Lint::Shadowed => "shadowed",
            Lint::Unreachable => "unreachable",
            Lint::Contradictory => "contradictory",
            Lint::Ownerless => "ownerless",
            Lint::Looping => "looping",
            Lint::OverBroad => "over-broad",
        };
        let rules = if self.rules.is_empty() { "-".to_owned() } else { self.rules.join(",") };
        write!(f, "{lint}\t{rules}\t{}", self.witness)
    }
}

/// What is wrong with a book, rule by rule in the order in which they are tried.
///
/// Every finding is shown by its witness, checked by the evaluator: no witness, no finding. A rule counts as
/// shadowed or unreachable only where that is proven from the conditions, taken apart into alternatives of leaves
/// (64 of one condition at most); what cannot be proven is not claimed. O(rules × those that match a witness).
///
/// ```
/// use hearken::limits::Limits;
/// use hearken::route::{Lint, RuleBook, lint};
///
/// let book: RuleBook = serde_json::from_str(r#"{"rules": [
///     {"id": "angry", "when": "sentiment<-0.2", "then": [{"assign": {"team": "care"}}]},
///     {"id": "refund", "when": "refund sentiment<-0.5", "then": [{"assign": {"team": "billing"}}]}],
///     "root": [{"assign": {"team": "service"}}]}"#).unwrap();
/// let findings = lint(&book, &Limits::default())?;
/// assert_eq!((findings.len(), findings[0].lint), (1, Lint::Shadowed));
/// assert_eq!(findings[0].rules, ["refund", "angry"]);
/// assert_eq!(findings[0].witness.to_string(), r#"{"sentiment":-1.0,"text":"refund"}"#);
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
///
/// # Errors
/// As [`Rules::build`]: a book that does not build has faults, not findings.
pub fn lint(book: &RuleBook, limits: &Limits) -> Result<Vec<Finding>, BuildError> {
    let rules = Rules::build(book, limits)?;
    let mut linter =
        Linter { rules: &rules, scratch: Scratch::default(), findings: Vec::new(), seen: BTreeSet::new() };
    for (group, mode, rule, query) in rules.parts() {
        linter.rule(group, mode, rule, query);
    }
    linter.nobody(Witness::default(), None);
    Ok(linter.findings)
}

struct Linter<'r> {
    rules: &'r Rules,
    scratch: Scratch,
    findings: Vec<Finding>,
    /// Pairs and rings that have been reported.
    seen: BTreeSet<(Lint, Vec<String>)>,
}

impl Linter<'_> {
    fn rule(&mut self, group: &str, mode: Mode, rule: &Rule, query: &Query) {
        let Some(witness) = Witness::of(query) else {
            self.unreachable(rule, query);
            return;
        };
        if Witness::default().shows(|facts| query.matches(facts)) {
            self.report(Lint::OverBroad, [&*rule.id], Witness::default());
        }
        if mode == Mode::First {
            self.shadowed(group, rule, query, &witness);
        }
        let decision = witness.with(|facts| self.rules.decide(facts, &mut self.scratch)).unwrap_or_default();
        if !decision.looping.is_empty() {
            let mut ring = decision.looping.clone();
            ring.sort();
            self.report(Lint::Looping, ring.iter().map(String::as_str), witness.clone());
        } else if decision.fired.iter().any(|fired| fired.rule == rule.id) {
            let acting: Vec<&Rule> = (decision.fired.iter())
                .filter(|fired| fired.rule != rule.id)
                .filter_map(|fired| self.rules.rule(&fired.rule))
                .collect();
            for other in acting.into_iter().filter(|other| contradict(rule, other)) {
                let mut pair = [rule.id.as_str(), other.id.as_str()];
                pair.sort_unstable();
                self.report(Lint::Contradictory, pair, witness.clone());
            }
        }
        self.nobody(witness, Some(rule));
    }

    /// Shadowed: each alternative of the condition lies within one of an earlier rule of the group that stops there.
    fn shadowed(&mut self, group: &str, rule: &Rule, query: &Query, witness: &Witness) {
        let Some(alternatives) = possible(query) else { return };
        let mut above: Vec<&str> = Vec::new();
        for alternative in &alternatives {
            let Some(shows) = met(alternative) else { return };
            let found = shows.with(|facts| self.rules.matching(group, facts, &mut self.scratch));
            let earlier = found.into_iter().flatten().take_while(|(other, _)| other.id != rule.id);
            let mut stops = earlier.filter(|(other, _)| !other.go_on);
            let Some((other, _)) = stops.find(|(_, wide)| covers(wide, alternative)) else { return };
            if !above.contains(&&*other.id) {
                above.push(&other.id);
            }
        }
        if !above.is_empty() {
            self.report(Lint::Shadowed, [&*rule.id].into_iter().chain(above), witness.clone());
        }
    }

    /// Every alternative has two parts that exclude each other; shown by facts that meet all parts of the first but
    /// one of those two.
    fn unreachable(&mut self, rule: &Rule, query: &Query) {
        let Some(alternatives) = query.alternatives(ALTERNATIVES) else { return };
        if !alternatives.iter().all(|alternative| clash(alternative).is_some()) {
            return;
        }
        let Some(first) = alternatives.first() else { return };
        let mut rest = first.clone();
        while let Some(place) = clash(&rest) {
            rest.remove(place);
        }
        if let Some(witness) = met(&rest).filter(|witness| !witness.shows(|facts| query.matches(facts))) {
            self.report(Lint::Unreachable, [&*rule.id], witness);
        }
    }

    /// Nobody gets what the witness shows. `rule` is the one that it was made for, if it does act on it.
    fn nobody(&mut self, witness: Witness, rule: Option<&Rule>) {
        let decision = witness.with(|facts| self.rules.decide(facts, &mut self.scratch)).unwrap_or_default();
        let assign = &decision.verdict.assign;
        let acts = rule.is_none_or(|rule| decision.fired.iter().any(|fired| fired.rule == rule.id));
        if acts && assign.team.is_none() && assign.agent.is_none() && !decision.verdict.hide {
            self.report(Lint::Ownerless, rule.map(|rule| &*rule.id), witness);
        }
    }

    fn report<'s>(&mut self, lint: Lint, rules: impl IntoIterator<Item = &'s str>, witness: Witness) {
        let rules: Vec<String> = rules.into_iter().map(str::to_owned).collect();
        if self.seen.insert((lint, rules.clone())) {
            self.findings.push(Finding { lint, rules, witness });
        }
    }
}

/// Two rules that both act and cannot both have their way.
fn contradict(one: &Rule, other: &Rule) -> bool {
    let clash = |a: &Action, b: &Action| match (a, b) {
        (Action::Assign(a), Action::Assign(b)) => {
            let teams = a.team.is_some() && b.team.is_some() && a.team != b.team;
            teams || (a.agent.is_some() && b.agent.is_some() && a.agent != b.agent)
        }
        (Action::Set { name: a, value: x }, Action::Set { name: b, value: y }) => a == b && x != y,
        (Action::Hide, Action::Draft { .. }) | (Action::Draft { .. }, Action::Hide) => true,
        _ => false,
    };
    one.then.iter().any(|a| other.then.iter().any(|b| clash(a, b)))
}

/// A condition of more alternatives is not proven anything of.
const ALTERNATIVES: usize = 64;

/// The alternatives of a query that no two parts of exclude each other.
fn possible(query: &Query) -> Option<Vec<Vec<Literal>>> {
    let mut alternatives = query.alternatives(ALTERNATIVES)?;
    alternatives.retain(|alternative| clash(alternative).is_none());
    Some(alternatives)
}

/// Facts that meet all of some literals, if such are found.
fn met(literals: &[Literal]) -> Option<Witness> {
    let written = literals
        .iter()
        .map(|literal| if literal.wanted { literal.leaf.clone() } else { format!("-{}", literal.leaf) });
    let written: Vec<String> = written.collect();
    match written.is_empty() {
        true => Some(Witness::default()),
        false => Witness::of(&Query::parse(&written.join(" "), Scope::Rule).ok()?),
    }
}

/// The place of a literal that another one of them excludes.
fn clash(literals: &[Literal]) -> Option<usize> {
    literals.iter().position(|one| literals.iter().any(|other| apart(one, other)))
}

/// True when it is proven that the two never hold together.
fn apart(one: &Literal, other: &Literal) -> bool {
    match (one.wanted, other.wanted) {
        (true, true) => excludes(&one.leaf, &other.leaf),
        (true, false) => within(&one.leaf, &other.leaf),
        (false, true) => within(&other.leaf, &one.leaf),
        (false, false) => false,
    }
}

/// True when it is proven that `wide` holds wherever all of `narrow` do: some part of it is at least as narrow as each
/// part of one alternative of `wide`.
fn covers(wide: &Query, narrow: &[Literal]) -> bool {
    let implied = |wide: &Literal| {
        narrow.iter().any(|narrow| match (narrow.wanted, wide.wanted) {
            (true, true) => within(&narrow.leaf, &wide.leaf),
            (false, false) => within(&wide.leaf, &narrow.leaf),
            (true, false) => excludes(&narrow.leaf, &wide.leaf),
            (false, true) => false,
        })
    };
    wide.alternatives(ALTERNATIVES)
        .is_some_and(|alternatives| alternatives.iter().any(|alternative| alternative.iter().all(implied)))
}

/// What a leaf about a field lets through.
enum Allowed<'l> {
    Words(BTreeSet<&'l str>),
    /// From, inclusive or not, to, inclusive or not.
    Range((f64, bool), (f64, bool)),
}

fn allowed(leaf: &str) -> Option<(Field, Allowed<'_>)> {
    let (field, test, value) = split(leaf)?;
    let range = match test {
        ":" => match value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            Some(inner) if field.field_type() == FieldType::Number => {
                let (low, high) = inner.split_once("..")?;
                ((low.parse().ok()?, true), (high.parse().ok()?, true))
            }
            Some(_) => return None,
            None => {
                let list = value.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(value);
                return Some((field, Allowed::Words(list.split(" OR ").collect())));
            }
        },
        _ => {
            let (bound, inclusive) = (value.parse().ok()?, test.ends_with('='));
            match test.starts_with('>') {
                true => ((bound, inclusive), (f64::INFINITY, true)),
                false => ((f64::NEG_INFINITY, true), (bound, inclusive)),
            }
        }
    };
    Some((field, Allowed::Range(range.0, range.1)))
}

/// True when whatever lets `narrow` hold lets `wide` hold.
fn within(narrow: &str, wide: &str) -> bool {
    if narrow == wide || word_within(narrow, wide) {
        return true;
    }
    match (allowed(narrow), allowed(wide)) {
        (Some((a, Allowed::Words(narrow))), Some((b, Allowed::Words(wide)))) => {
            a == b
                && !narrow.iter().chain(&wide).any(|word| word.contains(['*', '?']))
                && narrow.is_subset(&wide)
        }
        (Some((a, Allowed::Range(low, high))), Some((b, Allowed::Range(least, most)))) => {
            a == b
                && (low.0 > least.0 || (low.0 == least.0 && (least.1 || !low.1)))
                && (high.0 < most.0 || (high.0 == most.0 && (most.1 || !high.1)))
        }
        _ => false,
    }
}

/// True when a leaf about the text asks for a word that the other, too, is about: `"never came"` holds `never`, `#sale`
/// holds `sale`, and `refunded` begins with `refund*`.
fn word_within(narrow: &str, wide: &str) -> bool {
    let plain = |word: &str| !word.is_empty() && word.chars().all(char::is_alphanumeric);
    let word = narrow.strip_prefix(['#', '@']).unwrap_or(narrow);
    match (narrow.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')), wide.strip_suffix('*')) {
        (Some(phrase), None) => plain(wide) && phrase.split(' ').any(|word| word == wide),
        (None, Some(start)) => plain(start) && plain(word) && word.starts_with(start),
        (None, None) => plain(wide) && word == wide,
        (Some(_), Some(_)) => false,
    }
}

/// True when the two can never hold of the same facts: a field of one value is asked for two.
fn excludes(one: &str, other: &str) -> bool {
    match (allowed(one), allowed(other)) {
        (Some((a, Allowed::Words(one))), Some((b, Allowed::Words(other)))) => {
            let single = matches!(a.field_type(), FieldType::Word | FieldType::Flag | FieldType::Rank(_));
            let plain = !one.iter().chain(&other).any(|word| word.contains(['*', '?', '[']));
            a == b && single && plain && one.is_disjoint(&other)
        }
        (Some((a, Allowed::Range(low, high))), Some((b, Allowed::Range(least, most)))) => {
            let apart = |high: (f64, bool), low: (f64, bool)| {
                high.0 < low.0 || (high.0 == low.0 && !(high.1 && low.1))
            };
            a == b && (apart(high, least) || apart(most, low))
        }
        _ => false,
    }
}

/// Kinds of work and the teams that their rules give them to: more than one team, or none, is worth a look.
pub fn responsibilities(book: &RuleBook) -> BTreeMap<String, BTreeSet<String>> {
    let mut matrix: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for rule in book.groups.iter().flat_map(|group| &group.rules).chain(&book.rules) {
        let teams = rule.then.iter().filter_map(|action| match action {
            Action::Assign(assign) => assign.team.as_ref().map(|team| team.to_string()),
            _ => None,
        });
        let teams: BTreeSet<String> = teams.collect();
        let alternatives =
            Query::parse(&rule.when, Scope::Rule).ok().and_then(|query| query.alternatives(ALTERNATIVES));
        for part in alternatives.into_iter().flatten().flatten().filter(|part| part.wanted) {
            if let Some((Field::Topic, Allowed::Words(topics))) = allowed(&part.leaf) {
                topics
                    .into_iter()
                    .for_each(|topic| matrix.entry(topic.to_owned()).or_default().extend(teams.clone()));
            }
        }
    }
    matrix
}
