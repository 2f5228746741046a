use super::open::open_enum;
use super::{Extensions, ItemKey, Points, Timestamp};
use serde::{Deserialize, Serialize};

/// An amount of money in minor units (cents), with its currency.
///
/// ```
/// use hearken::model::Money;
///
/// let price = Money { minor: 12_95, currency: "EUR".into() };
/// assert_eq!(serde_json::to_string(&price).unwrap(), r#"{"minor":1295,"currency":"EUR"}"#);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Count of minor units; negative for a debt.
    pub minor: i64,
    /// ISO 4217.
    pub currency: Box<str>,
}

open_enum!(
    /// What sort of transaction.
    TransactionKind {
        /// An order.
        Order = "order",
        /// Money given back.
        Refund = "refund",
        /// A subscription.
        Subscription = "subscription",
        /// A renewal.
        Renewal = "renewal",
        /// A cancellation.
        Cancellation = "cancellation",
        /// A quote.
        Quote = "quote",
        /// A payment.
        Payment = "payment",
    }
);

open_enum!(
    /// Where a transaction stands.
    TransactionStatus {
        /// Not done yet.
        Pending = "pending",
        /// Done.
        Completed = "completed",
        /// Called off.
        Cancelled = "cancelled",
        /// It did not go through.
        Failed = "failed",
    }
);

/// A purchase, refund or the like, from the host's books.
///
/// ```
/// use hearken::model::{Timestamp, Transaction, TransactionKind, TransactionLine};
///
/// let mut order = Transaction::new("o-1", TransactionKind::Order, Timestamp::from_secs(60));
/// order.products.push("boil 2".into());
/// let mut line = TransactionLine::new("Boil 2");
/// line.sku = Some("B2-WHITE".into());
/// order.lines = vec![line, TransactionLine::new("Glow lamp")];
/// assert_eq!(order.product_names().collect::<Vec<_>>(), ["boil 2", "Boil 2", "Glow lamp"]);
/// assert_eq!(order.total, None); // nobody said the sum; it is not zero
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The host's id.
    pub id: Box<str>,
    /// What sort.
    pub kind: TransactionKind,
    /// When.
    pub placed_at: Timestamp,
    /// Where it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<TransactionStatus>,
    /// What was bought, by the names customers use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Box<str>>,
    /// What was bought, line by line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<TransactionLine>,
    /// The sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// Where it was made: a shop, a site, a phone call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Box<str>>,
    /// The campaign it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Box<str>>,
    /// The post or message it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ItemKey>,
    /// What led to it, and how much of it each may claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attribution: Vec<Attribution>,
    /// The transaction this gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_of: Option<Box<str>>,
    /// Fields this version does not know: they survive a round trip.
    #[serde(flatten)]
    pub extensions: Extensions,
}

/// One line of a [`Transaction`].
///
/// ```
/// use hearken::model::TransactionLine;
///
/// let line: TransactionLine = serde_json::from_str(r#"{"name": "Glow lamp", "quantity": 2}"#).unwrap();
/// assert_eq!((line.quantity, line.unit_price), (Some(2), None));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionLine {
    /// The product's name.
    pub name: Box<str>,
    /// The host's number of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<Box<str>>,
    /// What sort of product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Box<str>>,
    /// How many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<u64>,
    /// The price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Money>,
    /// What was taken off the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Money>,
    /// The tax of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax: Option<Money>,
}

/// What led to a transaction.
///
/// ```
/// use hearken::model::{Attribution, ItemKey, Platform, Points};
///
/// let half = Attribution { touch: ItemKey::new(Platform::X, "1"), credit: Points::thousandths(500) };
/// assert_eq!(serde_json::to_value(&half).unwrap()["credit"], 500);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// The post, message or visit.
    pub touch: ItemKey,
    /// Its share of the whole; the shares of a transaction add up to one.
    pub credit: Points,
}

impl Transaction {
    /// A transaction with nothing in it yet.
    pub fn new(id: impl Into<Box<str>>, kind: TransactionKind, placed_at: Timestamp) -> Self {
        Self {
            id: id.into(),
            kind,
            placed_at,
            status: None,
            products: Vec::new(),
            lines: Vec::new(),
            total: None,
            channel: None,
            campaign: None,
            source: None,
            attribution: Vec::new(),
            refund_of: None,
            extensions: Extensions::new(),
        }
    }

    /// The names of what was bought: those that customers use, then those of the lines.
    pub fn product_names(&self) -> impl Iterator<Item = &str> {
        self.products.iter().chain(self.lines.iter().map(|line| &line.name)).map(|name| &**name)
    }
}

impl TransactionLine {
    /// A line of which the name is known.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self {
            name: name.into(),
            sku: None,
            category: None,
            quantity: None,
            unit_price: None,
            discount: None,
            tax: None,
        }
    }
}
