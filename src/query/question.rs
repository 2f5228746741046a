//! Questions about facts: `field:value`, `field:(a OR b)`, `field:[lo..hi]`, `field>n`.

use super::ast::{Comparison, Question, Test};
use super::lexer::{Lexer, syntax};
use crate::error::{Fault, FaultKind};
use crate::facts::{self, Field, FieldType, Scope};

/// Reads a question whose name has been taken.
pub(super) fn read(lexer: &mut Lexer<'_>, name: &str) -> Result<Question, Fault> {
    let comparison = if lexer.take(">=") {
        Some(Comparison::AtLeast)
    } else if lexer.take("<=") {
        Some(Comparison::AtMost)
    } else if lexer.take(">") {
        Some(Comparison::More)
    } else if lexer.take("<") {
        Some(Comparison::Less)
    } else if lexer.take("=") {
        lexer.bare();
        return Err(syntax("`=` is no operator").mend(format!("{name}:value")));
    } else {
        lexer.take(":");
        None
    };
    // The value is read even when the name is at fault, so that reading goes on behind it.
    let value = Raw::read(lexer)?;
    let Some(field) = Field::find(name) else {
        return Err(unknown(name));
    };
    allowed(&field, lexer.scope)?;
    let test = match (comparison, value) {
        (Some(comparison), Raw::One(value)) => {
            numeric(&field, "compared")?;
            Test::Compare(comparison, facts::read_number(&field, &value)?)
        }
        (Some(_), _) => return Err(syntax(format!("expected one value after `{name}` and its comparison"))),
        (None, Raw::One(value)) => listed(lexer, &field, vec![value])?,
        (None, Raw::List(values)) => listed(lexer, &field, values)?,
        (None, Raw::Range(from, to)) => range(&field, &from, &to)?,
    };
    Ok(Question { field, test })
}

/// A value as it is written.
enum Raw {
    One(String),
    List(Vec<String>),
    Range(String, String),
}

impl Raw {
    fn read(lexer: &mut Lexer<'_>) -> Result<Raw, Fault> {
        if lexer.take("[") {
            return Self::range(lexer);
        }
        if lexer.take("(") {
            return Self::list(lexer);
        }
        Self::value(lexer).map(Raw::One)
    }

    fn value(lexer: &mut Lexer<'_>) -> Result<String, Fault> {
        let value = if lexer.peek() == Some('"') { lexer.quoted()? } else { lexer.bare().to_owned() };
        if value.trim().is_empty() {
            return Err(syntax("expected a value").mend("field:value, field:(a OR b) or field:[lo..hi]"));
        }
        Ok(value)
    }

    fn list(lexer: &mut Lexer<'_>) -> Result<Raw, Fault> {
        let mut values = Vec::new();
        loop {
            lexer.skip(char::is_whitespace);
            values.push(Self::value(lexer)?);
            lexer.skip(char::is_whitespace);
            if lexer.take(")") {
                return Ok(Raw::List(values));
            }
            if lexer.bare() != "OR" {
                lexer.skip(|c| c != ')');
                lexer.take(")");
                return Err(
                    syntax("expected OR or `)` after a value of the list").mend("field:(a OR \"b c\")")
                );
            }
        }
    }

    fn range(lexer: &mut Lexer<'_>) -> Result<Raw, Fault> {
        let inside = lexer.skip(|c| c != ']');
        let closed = lexer.take("]");
        match inside.split_once("..") {
            Some((from, to)) if closed => Ok(Raw::Range(from.trim().to_owned(), to.trim().to_owned())),
            _ => Err(syntax("expected a range").mend("field:[lowest..highest]")),
        }
    }
}

fn unknown(name: &str) -> Fault {
    let fault = Fault::new(FaultKind::Unknown, "", format!("no field is called `{name}`"));
    match Field::suggest(name) {
        _ if matches!(name, "http" | "https") => fault.mend("to ask for a link write url:\"acme.com\""),
        Some(near) => fault.mend(format!("did you mean `{near}`?")),
        None => fault
            .mend(format!("a fact of your own is `attr.{name}`; words with a colon go in quotation marks")),
    }
}

fn allowed(field: &Field, scope: Scope) -> Result<(), Fault> {
    if field.scope() <= scope {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::Conflict,
        "",
        format!("`{field}` is found after the monitors have run, so only rules may ask about it"),
    )
    .mend("ask in a rule"))
}

fn numeric(field: &Field, what: &str) -> Result<(), Fault> {
    match field.field_type() {
        FieldType::Number | FieldType::Rank(_) | FieldType::Time | FieldType::Date | FieldType::Any => Ok(()),
        FieldType::Point => {
            Err(Fault::new(FaultKind::Value, "", "`geo` takes a box").mend("geo:[47.3,8.4..47.5,8.6]"))
        }
        _ => Err(Fault::new(FaultKind::Value, "", format!("`{field}` holds words and cannot be {what}"))
            .mend(format!("{field}:value"))),
    }
}

fn listed(lexer: &Lexer<'_>, field: &Field, values: Vec<String>) -> Result<Test, Fault> {
    if values.len() > lexer.limits.query_leaves {
        return Err(super::lexer::limit(format!("a list may have {} values", lexer.limits.query_leaves)));
    }
    match field.field_type() {
        FieldType::Point => {
            Err(Fault::new(FaultKind::Value, "", "`geo` takes a box").mend("geo:[47.3,8.4..47.5,8.6]"))
        }
        FieldType::Number | FieldType::Rank(_) | FieldType::Time | FieldType::Date => {
            let numbers = values.iter().map(|value| facts::read_number(field, value));
            numbers.collect::<Result<_, _>>().map(Test::Equals)
        }
        FieldType::Flag => {
            let flags = values.iter().map(|value| match &*facts::fold(field, value) {
                "true" | "yes" => Ok("true".into()),
                "false" | "no" => Ok("false".into()),
                _ => Err(Fault::new(
                    FaultKind::Value,
                    "",
                    format!("`{field}` is true or false, and this is `{value}`"),
                )),
            });
            flags.collect::<Result<_, _>>().map(Test::OneOf)
        }
        _ => {
            let folded: Vec<Box<str>> = values.iter().map(|value| facts::fold(field, value).into()).collect();
            if *field == Field::Has {
                for asked in folded.iter().filter_map(|name| Field::find(name)) {
                    allowed(&asked, lexer.scope)?;
                }
            }
            if folded.iter().any(|value| value.is_empty()) {
                return Err(syntax(format!("`{field}` needs a value with a letter or digit in it")));
            }
            Ok(Test::OneOf(folded))
        }
    }
}

fn range(field: &Field, from: &str, to: &str) -> Result<Test, Fault> {
    if field.field_type() == FieldType::Point {
        return corners(from, to);
    }
    numeric(field, "put in a range")?;
    let (low, high) = (facts::read_number(field, from)?, facts::read_number(field, to)?);
    let wraps = matches!(field, Field::Time | Field::Weekday);
    if (low > high && !wraps) || (low == high && *field == Field::Time) {
        return Err(Fault::new(FaultKind::Value, "", format!("nothing lies in [{from}..{to}]"))
            .mend(format!("{field}:[{to}..{from}]")));
    }
    Ok(Test::Between(low, high))
}

/// `[lat,lon..lat,lon]`: latitudes in any order, longitudes from west to east.
fn corners(from: &str, to: &str) -> Result<Test, Fault> {
    let corner = |text: &str| {
        let (latitude, longitude) = text.split_once(',')?;
        let (latitude, longitude): (f64, f64) =
            (latitude.trim().parse().ok()?, longitude.trim().parse().ok()?);
        (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then_some((latitude, longitude))
    };
    let (Some((a, west)), Some((b, east))) = (corner(from), corner(to)) else {
        return Err(Fault::new(
            FaultKind::Value,
            "",
            "expected two corners, latitude and longitude in degrees",
        )
        .mend("geo:[47.3,8.4..47.5,8.6]"));
    };
    Ok(Test::Box([a.min(b), west, a.max(b), east]))
}
