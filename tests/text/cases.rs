//! Reads the subset of YAML in which the twitter-text cases are written.

use crate::shared;

/// One case. Nested answers are flattened: the values in their order.
pub struct Case {
    pub section: String,
    pub description: String,
    pub text: String,
    pub expected: Vec<String>,
}

/// The cases of a file of `../shared/conformance/twitter-text`, `None` where it is absent.
pub fn load(file: &str) -> Option<Vec<Case>> {
    let path = shared::dir("conformance/twitter-text")?.join(file);
    let mut cases: Vec<Case> = Vec::new();
    let mut section = String::new();
    for line in std::fs::read_to_string(path).unwrap().lines() {
        let trimmed = line.trim();
        let (key, value) = trimmed.trim_start_matches("- ").split_once(':').unwrap_or((trimmed, ""));
        let value = value.trim();
        match (line.len() - line.trim_start().len(), key, cases.last_mut()) {
            _ if trimmed.is_empty() || trimmed.starts_with('#') => {}
            (0, ..) => {}
            (2, ..) => section = key.to_owned(),
            (4, "description", _) => cases.push(Case {
                section: section.clone(),
                description: scalar(value),
                text: String::new(),
                expected: Vec::new(),
            }),
            (6, "text", Some(case)) => case.text = scalar(value),
            (6, "expected", Some(case)) => case.expected = list(value),
            (8.., _, Some(case)) => case.expected.push(scalar(value)),
            other => panic!("{file}: {other:?}", other = (other.0, other.1)),
        }
    }
    Some(cases)
}

/// `["a", "b"]` or one scalar or nothing.
fn list(value: &str) -> Vec<String> {
    let Some(inside) = value.strip_prefix('[').and_then(|value| value.strip_suffix(']')) else {
        return if value.is_empty() { Vec::new() } else { vec![scalar(value)] };
    };
    let mut items = Vec::new();
    let mut rest = inside.trim();
    while let Some(body) = rest.strip_prefix('"') {
        let end = body.find('"').unwrap();
        items.push(scalar(&rest[..end + 2]));
        rest = body[end + 1..].trim_start_matches([',', ' ']);
    }
    items
}

/// A plain scalar as it stands, a quoted one without quotes and escapes.
fn scalar(value: &str) -> String {
    let Some(quoted) = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) else {
        return value.to_owned();
    };
    let mut out = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escape = chars.next().unwrap();
        let digits = match escape {
            'u' => 4,
            'U' => 8,
            'n' => {
                out.push('\n');
                continue;
            }
            '"' | '\\' => {
                out.push(escape);
                continue;
            }
            other => panic!("escape {other}"),
        };
        let code: String = chars.by_ref().take(digits).collect();
        out.extend(char::from_u32(u32::from_str_radix(&code, 16).unwrap()));
    }
    out
}
