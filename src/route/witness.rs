use crate::facts::{Facts, Field, FieldType};
use crate::query::Query;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;

/// A set of facts that shows something: a flat object, as a line of facts is written.
///
/// ```
/// use hearken::facts::Scope;
/// use hearken::query::Query;
/// use hearken::route::Witness;
///
/// let query = Query::parse("refund sentiment<0 lang:(en OR de)", Scope::Rule)?;
/// let witness = Witness::of(&query).unwrap();
/// assert_eq!(witness.to_string(), r#"{"lang":"en","sentiment":-1.0,"text":"refund"}"#);
/// assert!(witness.shows(|facts| query.matches(facts)));
/// # Ok::<(), hearken::error::BuildError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Witness(Map<String, Value>);

impl Witness {
    /// Facts for which the query holds, with as little in them as could be found; `None` when none were.
    ///
    /// Whatever stands in the way is changed until the query holds, a bounded number of times. The answer is
    /// always checked by the evaluator; that there is none is no proof that there are none.
    pub fn of(query: &Query) -> Option<Self> {
        Self::default().bent(query)
    }

    /// The same facts, changed until the query holds.
    pub(super) fn bent(mut self, query: &Query) -> Option<Self> {
        for _ in 0..64 {
            let why = self.with(|facts| query.explain(facts))?;
            if why.holds() {
                return Some(self);
            }
            let before = self.clone();
            for leaf in why.leaves().iter().filter(|leaf| leaf.decisive) {
                let bent = if leaf.holds { self.refute(&leaf.leaf) } else { self.satisfy(&leaf.leaf) };
                if bent.is_some() && self != before {
                    break;
                }
            }
            if self == before {
                return None;
            }
        }
        None
    }

    /// True when `claim` holds of these facts.
    pub fn shows(&self, claim: impl FnOnce(&Facts<'_>) -> bool) -> bool {
        self.with(claim).unwrap_or(false)
    }

    /// Looks at these facts; `None` when they are none.
    pub(super) fn with<T>(&self, look: impl FnOnce(&Facts<'_>) -> T) -> Option<T> {
        let text = Text::new(self.0.get("text").and_then(Value::as_str).unwrap_or_default());
        Facts::from_json(&text, &self.0).ok().map(|facts| look(&facts))
    }

    /// Makes a leaf hold, as the printer writes it.
    fn satisfy(&mut self, leaf: &str) -> Option<()> {
        let Some((field, test, wanted)) = split(leaf) else {
            let words = leaf.trim_start_matches(['!', '"']).trim_start_matches("raw:\"");
            let words = words.split('~').next().unwrap_or(words).trim_end_matches(['"', '*']);
            let text = self.0.get("text").and_then(Value::as_str).unwrap_or_default();
            let joined = format!("{text} {}", words.replace('?', "a").replace('*', "")).trim().to_owned();
            self.0.insert("text".into(), joined.into());
            return Some(());
        };
        let first = wanted.trim_start_matches(['(', '[']).split([')', ']']).next()?;
        let value = first.split(" OR ").next()?.split("..").next()?.trim_matches('"');
        if field == Field::Has {
            let known = Field::find(value).filter(|known| *known != Field::Has);
            let example = known.as_ref().map(|known| (known.to_string(), example(known)));
            let (name, value) = example.unwrap_or_else(|| ("has".into(), json!([value])));
            self.0.insert(name, value);
            return Some(());
        }
        let value = match field.field_type() {
            FieldType::Number => json!(fitting(&field, test, first)?),
            FieldType::Words | FieldType::Addresses => {
                let mut held =
                    self.0.get(&field.to_string()).and_then(Value::as_array).cloned().unwrap_or_default();
                held.push(json!(value));
                Value::Array(held)
            }
            FieldType::Flag => json!(value == "true"),
            FieldType::Point => {
                let corner: Vec<f64> = value.split(',').filter_map(|part| part.parse().ok()).collect();
                json!(corner)
            }
            FieldType::Any => match test {
                ":" if value == "*" => json!("x"),
                ":" => json!(value),
                _ => json!(fitting(&field, test, first)?),
            },
            _ => json!(value.trim_end_matches('*')),
        };
        // A field of one value that has another already: this way leads nowhere.
        let name = field.to_string();
        let single = matches!(field.field_type(), FieldType::Word | FieldType::Flag | FieldType::Rank(_));
        if single && self.0.contains_key(&name) {
            return None;
        }
        self.0.insert(name, value);
        Some(())
    }

    /// Makes a leaf not hold, by taking away what it asks about.
    fn refute(&mut self, leaf: &str) -> Option<()> {
        let name = split(leaf).map_or_else(|| "text".to_owned(), |(field, ..)| field.to_string());
        self.0.remove(&name).map(|_| ())
    }
}

/// Prints the object, names in order.
impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorted: std::collections::BTreeMap<&String, &Value> = self.0.iter().collect();
        f.write_str(&serde_json::to_string(&sorted).map_err(|_| fmt::Error)?)
    }
}

/// `field`, test and value of a leaf about a fact; `None` for one about the text.
pub(super) fn split(leaf: &str) -> Option<(Field, &'static str, &str)> {
    let at = leaf.find([':', '<', '>'])?;
    let (name, rest) = leaf.split_at_checked(at)?;
    let test = [">=", "<=", ">", "<", ":"].into_iter().find(|test| rest.starts_with(test))?;
    Some((Field::find(name)?, test, rest.strip_prefix(test)?))
}

/// A number that passes the test.
fn fitting(field: &Field, test: &str, first: &str) -> Option<f64> {
    let bounds: Vec<f64> = first.split("..").filter_map(|bound| bound.trim().parse().ok()).collect();
    let bound = *bounds.first()?;
    let (least, most) = if *field == Field::Sentiment { (-1.0, 1.0) } else { (f64::MIN, f64::MAX) };
    Some(match test {
        ">" if bound + 1.0 <= most => bound + 1.0,
        ">" => most,
        "<" if bound - 1.0 >= least => bound - 1.0,
        "<" => least,
        _ => bound,
    })
}

/// Some value of a field.
fn example(field: &Field) -> Value {
    match field.field_type() {
        FieldType::Words | FieldType::Addresses => json!(["x.example"]),
        FieldType::Flag => json!(true),
        FieldType::Number => json!(0.0),
        FieldType::Rank(names) => json!(names.first()),
        FieldType::Time => json!("12:00"),
        FieldType::Date => json!("2026-01-01"),
        FieldType::Point => json!([0.0, 0.0]),
        _ => json!("x"),
    }
}
