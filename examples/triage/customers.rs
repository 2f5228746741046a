//! The customers of a CRM, from a CSV file. Every fault is told at once, with line and field.

use crate::fault::{Loaded, at, nearest};
use csv::StringRecord;
use hearken::model::{Address, Customer, Money, Timestamp, Transaction, TransactionKind};
use std::collections::BTreeMap;
use std::path::Path;

const COLUMNS: [&str; 20] = [
    "id",
    "given",
    "family",
    "emails",
    "phones",
    "handles",
    "company",
    "street",
    "city",
    "region",
    "postcode",
    "country",
    "languages",
    "tier",
    "stage",
    "lifetime_value",
    "currency",
    "products",
    "owner",
    "team",
];

/// Faults told before the rest is only counted.
const SHOWN: usize = 20;

/// Reads the customers; a column that is not known is told on standard error.
pub fn load(path: &Path) -> Loaded<Vec<Customer>> {
    let mut reader = csv::Reader::from_path(path).map_err(at(path))?;
    let headers = reader.headers().map_err(|fault| at(path)(unread(&fault)))?.clone();
    check_headers(path, &headers)?;
    let (mut customers, mut faults, mut lines) = (Vec::new(), Vec::new(), BTreeMap::new());
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(fault) => {
                faults.push(unread(&fault));
                continue;
            }
        };
        let line = row.position().map_or(0, csv::Position::line);
        let mut row = Row { headers: &headers, row: &row, line, faults: &mut faults };
        let Some(customer) = row.customer() else { continue };
        if let Some(first) = lines.insert(customer.id.clone(), line) {
            row.fault("id", &format!("{} stands in line {first} too; keep one of them", customer.id));
        }
        customers.push(customer);
    }
    if faults.is_empty() {
        return Ok(customers);
    }
    let more = faults.len().saturating_sub(SHOWN);
    faults.truncate(SHOWN);
    if more > 0 {
        faults.push(format!("and {more} more"));
    }
    Err(at(path)(faults.join("\n")))
}

/// What is wrong with a row that is no CSV.
fn unread(fault: &csv::Error) -> String {
    let line = fault.position().map_or(0, csv::Position::line);
    match fault.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!(
                "line {line}: {len} fields, the header has {expected_len}; put a value with a comma in quotes"
            )
        }
        csv::ErrorKind::Utf8 { .. } => format!("line {line}: not UTF-8; save the file as UTF-8"),
        _ => fault.to_string(),
    }
}

fn check_headers(path: &Path, headers: &StringRecord) -> Loaded<()> {
    let delimiter = [';', '\t', '|'].into_iter().find(|mark| headers.iter().any(|name| name.contains(*mark)));
    if let (1, Some(mark)) = (headers.len(), delimiter) {
        let why = format!("line 1: one column {:?}: the delimiter is {mark:?}; write commas", &headers[0]);
        return Err(at(path)(why));
    }
    if !headers.iter().any(|name| name == "id") {
        let found = headers.iter().collect::<Vec<_>>().join(", ");
        let case = headers.iter().any(|name| name.trim().eq_ignore_ascii_case("id"));
        let mend =
            if case { "column names are in lower case" } else { "name the column of the CRM's key id" };
        return Err(at(path)(format!("line 1: no column id among {found}; {mend}")));
    }
    for name in headers.iter().filter(|name| !COLUMNS.contains(name)) {
        eprintln!("{}: line 1: column {name:?} is not read{}", path.display(), nearest(name, COLUMNS));
    }
    Ok(())
}

/// One row, and the list of what is wrong in the file.
struct Row<'r> {
    headers: &'r StringRecord,
    row: &'r StringRecord,
    line: u64,
    faults: &'r mut Vec<String>,
}

impl<'r> Row<'r> {
    fn fault(&mut self, field: &str, what: &str) {
        self.faults.push(format!("line {}, {field}: {what}", self.line));
    }

    fn get(&self, name: &str) -> Option<&'r str> {
        let at = self.headers.iter().position(|header| header == name)?;
        self.row.get(at).map(str::trim).filter(|value| !value.is_empty())
    }

    fn many(&self, name: &str) -> Vec<&'r str> {
        let values = self.get(name).into_iter().flat_map(|value| value.split(';'));
        values.map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    /// The values of a field that look as they must; the others are faults.
    fn checked<T: From<&'r str>>(&mut self, name: &str, good: fn(&str) -> bool, shape: &str) -> Vec<T> {
        let values = self.many(name);
        for bad in values.iter().filter(|value| !good(value)) {
            self.fault(name, &format!("{bad:?} is not {shape}"));
        }
        values.into_iter().filter(|value| good(value)).map(T::from).collect()
    }

    fn customer(&mut self) -> Option<Customer> {
        let Some(id) = self.get("id") else {
            self.fault("id", "empty; every customer needs the key of the CRM");
            return None;
        };
        let mut customer = Customer::new(id);
        customer.given = self.get("given").map(Into::into);
        customer.family = self.get("family").map(Into::into);
        customer.emails = self.checked("emails", |text| text.contains('@'), "an e-mail address");
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).count() >= 5;
        customer.phones = self.checked("phones", digits, "a phone number");
        let handle = |text: &str| text.split_once(':').is_some_and(|(a, b)| !a.is_empty() && !b.is_empty());
        customer.handles = self.checked("handles", handle, "PLATFORM:HANDLE");
        customer.company = self.get("company").map(Into::into);
        customer.city = self.get("city").map(Into::into);
        let country = |text: &str| text.len() == 2 && text.chars().all(|c| c.is_ascii_alphabetic());
        customer.country = self.checked("country", country, "a country code of two letters").pop();
        customer.addresses = self.address(customer.country.clone()).into_iter().collect();
        customer.languages = self.many("languages").into_iter().map(Into::into).collect();
        customer.tier = self.get("tier").map(Into::into);
        customer.stage = self.get("stage").map(Into::into);
        customer.owner = self.get("owner").map(Into::into);
        customer.team = self.get("team").map(Into::into);
        customer.lifetime_value = self.amount();
        for product in self.many("products") {
            match order(product) {
                Some(order) => customer.transactions.push(order),
                None => self.fault("products", &format!("{product:?} is not ORDER|PRODUCT|YYYY-MM-DD")),
            }
        }
        customer.transactions.sort_by_key(|transaction| transaction.placed_at);
        Some(customer)
    }

    /// The parts of an address that are known, if there are any beside city and country.
    fn address(&self, country: Option<Box<str>>) -> Option<Address> {
        let part = |name| self.get(name).map(Into::into);
        let (street, region, postcode) = (part("street"), part("region"), part("postcode"));
        let is_known = street.is_some() || region.is_some() || postcode.is_some();
        is_known.then(|| Address { street, locality: part("city"), region, postcode, country })
    }

    fn amount(&mut self) -> Option<Money> {
        let value = self.get("lifetime_value")?;
        let Some(currency) = self.get("currency") else {
            self.fault("currency", &format!("empty, beside an amount of {value}; name it (EUR, JPY)"));
            return None;
        };
        let places = minor_digits(currency);
        let minor = places.and_then(|places| minor(value, places));
        match (places, minor) {
            (None, _) => self.fault("currency", &format!("{currency:?} is not a code like EUR")),
            (Some(places), None) => {
                let shape = format!("{value:?} is not an amount in {currency}, which has {places} decimals");
                self.fault("lifetime_value", &shape);
            }
            _ => {}
        }
        Some(Money { minor: minor?, currency: currency.into() })
    }
}

fn order(text: &str) -> Option<Transaction> {
    let [order, name, day] = text.split('|').collect::<Vec<_>>().try_into().ok()?;
    let placed_at = Timestamp::parse(&format!("{day}T12:00:00Z"))?;
    let mut order = Transaction::new(order, TransactionKind::Order, placed_at);
    order.products.push(name.into());
    Some(order)
}

/// Decimals of a currency's minor unit (ISO 4217); `None` for what is no code.
fn minor_digits(currency: &str) -> Option<usize> {
    let code = currency.len() == 3 && currency.chars().all(|c| c.is_ascii_uppercase());
    code.then_some(match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    })
}

/// An amount like `-1250.5` in minor units, exactly.
fn minor(value: &str, places: usize) -> Option<i64> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let bare = whole.strip_prefix('-').unwrap_or(whole);
    if bare.is_empty() || !digits(bare) || !digits(part) || part.len() > places {
        return None;
    }
    format!("{whole}{part:0<places$}").parse().ok()
}
