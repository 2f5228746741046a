use super::open::open_enum;
use super::{ItemKey, Timestamp};
use serde::{Deserialize, Serialize};

/// An amount of money in minor units (cents), with its currency.
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

/// A purchase, refund or the like, from the host's books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transaction {
    /// The host's id.
    pub id: Box<str>,
    /// What sort.
    pub kind: TransactionKind,
    /// When.
    pub placed_at: Timestamp,
    /// What was bought, by the names customers use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<Box<str>>,
    /// The sum.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<Money>,
    /// The post or message it came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<ItemKey>,
    /// The transaction this gives back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_of: Option<Box<str>>,
}
