//! What the program reads: configuration, customers, payloads.

use hearken::engine::Settings;
use hearken::limits::Limits;
use hearken::model::{Customer, Money, Platform, Timestamp, Transaction, TransactionKind};
use hearken::source::{PlatformEvent, Rejected, adapter};
use serde::Deserialize;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

type Loaded<T> = Result<T, Box<dyn Error>>;

/// The brand's accounts, how the engine is set up, what the team did, and the item whose story is told.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default)]
    pub accounts: Vec<String>,
    #[serde(default)]
    pub settings: Settings,
    /// How the team works, where the script says nothing.
    #[serde(default)]
    pub team: Option<Team>,
    #[serde(default)]
    pub script: Vec<Step>,
    #[serde(default)]
    pub story: String,
}

/// A team that answers and solves whatever it is given, so many minutes after it was given.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Team {
    pub answers_after_minutes: i64,
    pub solves_after_minutes: i64,
}

/// A command of the team. `case of ITEM` and `product case of ITEM` stand for their ids,
/// `words for ITEM` for the hash of the text drafted in answer; whoever publishes sees the case as it is then.
#[derive(Deserialize)]
pub struct Step {
    pub at: String,
    #[serde(flatten)]
    pub command: serde_json::Map<String, serde_json::Value>,
}

/// A platform event, and when it came.
pub struct Arrival {
    pub at: Timestamp,
    pub event: PlatformEvent,
}

/// A piece of a payload that gave no event, and where it stands.
pub struct Refused {
    pub file: String,
    pub rejected: Rejected,
}

pub fn config(path: &Path) -> Loaded<Config> {
    let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()).into())
}

pub fn customers(path: &Path) -> Loaded<Vec<Customer>> {
    let mut reader = csv::Reader::from_path(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let headers = reader.headers()?.clone();
    let mut customers = Vec::new();
    for row in reader.records() {
        let row = row?;
        let get = |name: &str| -> Option<&str> {
            let at = headers.iter().position(|header| header == name)?;
            row.get(at).map(str::trim).filter(|value| !value.is_empty())
        };
        let many = |name: &str| get(name).into_iter().flat_map(|value| value.split(';'));
        let Some(id) = get("id") else { return Err(format!("{}: a row without id", path.display()).into()) };
        let mut customer = Customer::new(id);
        customer.given = get("given").map(Into::into);
        customer.family = get("family").map(Into::into);
        customer.emails = many("emails").map(Into::into).collect();
        customer.phones = many("phones").map(Into::into).collect();
        customer.handles = many("handles").map(Into::into).collect();
        customer.company = get("company").map(Into::into);
        customer.city = get("city").map(Into::into);
        customer.country = get("country").map(Into::into);
        customer.languages = many("languages").map(Into::into).collect();
        customer.tier = get("tier").map(Into::into);
        customer.stage = get("stage").map(Into::into);
        customer.owner = get("owner").map(Into::into);
        customer.team = get("team").map(Into::into);
        let currency = get("currency").unwrap_or("EUR");
        let amount = get("lifetime_value").and_then(|value| value.parse::<f64>().ok());
        customer.lifetime_value =
            amount.map(|value| Money { minor: (value * 100.0).round() as i64, currency: currency.into() });
        for product in many("products") {
            let mut parts = product.split('|');
            if let (Some(order), Some(name), Some(day)) = (parts.next(), parts.next(), parts.next()) {
                let placed_at = Timestamp::parse(&format!("{day}T12:00:00Z")).unwrap_or_default();
                customer.transactions.push(Transaction {
                    id: order.into(),
                    kind: TransactionKind::Order,
                    placed_at,
                    products: vec![name.into()],
                    total: None,
                    source: None,
                    refund_of: None,
                });
            }
        }
        customer.transactions.sort_by_key(|transaction| transaction.placed_at);
        customers.push(customer);
    }
    Ok(customers)
}

/// Every event of every payload in order of arrival, and every piece that gave none. An event without a time of its
/// own came when the one before it did.
pub fn payloads(paths: &[PathBuf], accounts: &[String]) -> Loaded<(Vec<Arrival>, Vec<Refused>)> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort_by(|a, b| a.file_name().cmp(&b.file_name()).then_with(|| a.cmp(b)));
    let (mut arrivals, mut refused) = (Vec::new(), Vec::new());
    let mut now = Timestamp::default();
    for file in files {
        let platform =
            file.parent().and_then(|dir| dir.file_name()).and_then(|name| name.to_str()).unwrap_or("generic");
        let batch = adapter(&Platform::from(platform), accounts).parse(&fs::read(&file)?, &Limits::default());
        for event in batch.events {
            now = time_of(&event).map_or(now, |at| now.max(at));
            arrivals.push(Arrival { at: now, event });
        }
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        refused
            .extend(batch.rejected.into_iter().map(|rejected| Refused { file: name.to_owned(), rejected }));
    }
    Ok((arrivals, refused))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Loaded<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else if path.exists() {
        files.push(path.to_path_buf());
    } else {
        return Err(format!("{}: no such file or folder", path.display()).into());
    }
    Ok(())
}

fn time_of(event: &PlatformEvent) -> Option<Timestamp> {
    match event {
        PlatformEvent::Created(item) | PlatformEvent::Edited(item) => item.edited_at.or(item.published_at),
        PlatformEvent::Deleted { at, .. } => *at,
        PlatformEvent::Profile(profile) => profile.observed_at,
        _ => None,
    }
}
