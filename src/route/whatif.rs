use super::rules::{Decision, Rules};
use crate::facts::Facts;
use crate::query::Scratch;
use serde::{Deserialize, Serialize};

/// What other rules would have done about facts that have been seen.
///
/// ```
/// # use hearken::facts::Facts;
/// # use hearken::limits::Limits;
/// # use hearken::query::Scratch;
/// # use hearken::route::{RuleBook, Rules, what_if};
/// # use hearken::text::Text;
/// # let rules = |when: &str| Rules::build(&serde_json::from_str::<RuleBook>(&format!(
/// #     r#"{{"rules": [{{"id": "r", "when": "{when}", "then": [{{"tag": "money"}}]}}]}}"#)).unwrap(), &Limits::default()).unwrap();
/// let (today, wider) = (rules("refund"), rules("refund OR invoice"));
/// let (texts, mut scratch) = (["refund", "invoice", "hello"].map(Text::new), Scratch::default());
/// let facts = texts.each_ref().map(|text| Facts::new(text));
/// let record: Vec<_> = facts.iter().map(|facts| ("post", facts, today.decide(facts, &mut scratch))).collect();
/// let diff = what_if(&wider, record.iter().map(|(id, facts, was)| (*id, *facts, was)), &mut scratch);
/// assert_eq!(format!("{} of {}", diff.changed.len(), diff.seen), "1 of 3");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Diff {
    /// How many were looked at.
    pub seen: usize,
    /// Those that come out differently, in the order of the facts.
    pub changed: Vec<Change>,
}

/// One set of facts that would be decided differently.
///
/// ```
/// # use hearken::facts::Facts;
/// # use hearken::limits::Limits;
/// # use hearken::query::Scratch;
/// # use hearken::route::{RuleBook, Rules, what_if};
/// # use hearken::text::Text;
/// # let rules = |then: &str| Rules::build(&serde_json::from_str::<RuleBook>(&format!(
/// #     r#"{{"rules": [{{"id": "spam", "when": "casino", "then": ["hide", {then}]}}]}}"#)).unwrap(), &Limits::default()).unwrap();
/// let (today, kinder) = (rules(r#"{"tag": "spam"}"#), rules(r#"{"tag": "advert"}"#));
/// let (text, mut scratch) = (Text::new("casino"), Scratch::default());
/// let facts = Facts::new(&text);
/// let was = today.decide(&facts, &mut scratch);
/// let diff = what_if(&kinder, [("x:17", &facts, &was)], &mut scratch);
/// let change = &diff.changed[0];
/// assert_eq!((change.id.as_str(), &change.before), ("x:17", &was));
/// assert!(change.after.verdict.hide && change.after.verdict.tags.contains("advert"), "hidden all the same");
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Whatever the host calls it.
    pub id: String,
    /// The recorded decision.
    pub before: Decision,
    /// What the other rules decide.
    pub after: Decision,
}

/// Runs rules over recorded facts and decisions: who would have got what instead. The version of the book
/// alone is no difference, so the rules that decided once differ from their record in nothing.
///
/// ```
/// use hearken::facts::Facts;
/// use hearken::limits::Limits;
/// use hearken::query::Scratch;
/// use hearken::route::{RuleBook, Rules, what_if};
/// use hearken::text::Text;
///
/// let rules = |team: &str| Rules::build(&serde_json::from_str::<RuleBook>(&format!(
///     r#"{{"rules": [{{"id": "r", "when": "refund", "then": [{{"assign": {{"team": "{team}"}}}}]}}]}}"#)).unwrap(), &Limits::default());
/// let (today, tomorrow) = (rules("billing")?, rules("care")?);
/// let (text, mut scratch) = (Text::new("refund?"), Scratch::default());
/// let facts = Facts::new(&text);
/// let record = [("c1", &facts, &today.decide(&facts, &mut scratch))];
/// assert!(what_if(&today, record, &mut scratch).changed.is_empty());
/// let diff = what_if(&tomorrow, record, &mut scratch);
/// assert_eq!(diff.changed[0].after.verdict.assign.team, Some("care".into()));
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
pub fn what_if<'a, 't: 'a>(
    rules: &Rules,
    record: impl IntoIterator<Item = (&'a str, &'a Facts<'t>, &'a Decision)>,
    scratch: &mut Scratch,
) -> Diff {
    let mut diff = Diff::default();
    for (id, facts, before) in record {
        diff.seen += 1;
        let after = rules.decide(facts, scratch);
        if (Decision { version: before.version, ..after.clone() }) != *before {
            diff.changed.push(Change { id: id.to_owned(), before: before.clone(), after });
        }
    }
    diff
}
