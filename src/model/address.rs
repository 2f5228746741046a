use super::Personal;
use serde::{Deserialize, Serialize};

/// Where somebody lives or works, in parts; a part that is not known is absent.
///
/// ```
/// use hearken::model::Address;
///
/// let json = r#"{"street":"12 Mill Lane","locality":"Leeds","postcode":"LS1 4AP","country":"GB"}"#;
/// let home: Address = serde_json::from_str(json).unwrap();
/// assert_eq!(home.region, None); // not known, which is not the same as none
/// assert!(!format!("{home:?}").contains("Mill")); // Debug is redacted
/// assert_eq!(serde_json::to_string(&home).unwrap(), json);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Street and number, floor, box.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<Personal>,
    /// City, town or village.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<Personal>,
    /// State, province, county.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Personal>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postcode: Option<Personal>,
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Box<str>>,
}
