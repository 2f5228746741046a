//! E-mail addresses: one mailbox, one spelling.
//!
//! Which spellings reach one mailbox is each provider's own rule, published in its help pages: Gmail ignores
//! dots and what follows `+`; Outlook, iCloud, Proton, Fastmail and Yandex ignore what follows `+`; Yahoo
//! separates throw-away addresses with `-`. Of other domains nothing is assumed.

use super::fold::fold;

/// Local parts that name a role or a machine, not a person.
const ROLES: &[&str] = &[
    "abuse",
    "accounts",
    "admin",
    "billing",
    "booking",
    "bookings",
    "careers",
    "contact",
    "customerservice",
    "donotreply",
    "enquiries",
    "enquiry",
    "events",
    "feedback",
    "finance",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hostmaster",
    "hr",
    "info",
    "inquiries",
    "invoices",
    "jobs",
    "kontakt",
    "mail",
    "mailbox",
    "marketing",
    "media",
    "news",
    "newsletter",
    "no-reply",
    "noreply",
    "office",
    "orders",
    "postmaster",
    "press",
    "privacy",
    "reception",
    "root",
    "sales",
    "security",
    "service",
    "shop",
    "social",
    "support",
    "team",
    "test",
    "webmaster",
];

/// A well-formed address in its provider's canonical spelling.
///
/// ```
/// use hearken::identity::Email;
///
/// let mail = Email::parse(" <J.Doe+news@GoogleMail.com> ").unwrap();
/// assert_eq!(mail.as_str(), "jdoe@gmail.com");
/// assert!(Email::parse("info@acme.example").unwrap().is_role());
/// assert!(Email::parse("nobody").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email {
    canonical: String,
    at: usize,
}

impl Email {
    /// Reads an address; `None` where there is no local part, no dotted domain, or a space inside.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = fold(text);
        let plain =
            plain.trim().trim_start_matches("mailto:").trim_matches(|c| matches!(c, '<' | '>' | ';' | ','));
        let (local, domain) = plain.rsplit_once('@')?;
        let domain = domain.trim_end_matches('.');
        let dotted = domain.split('.').count() >= 2 && domain.split('.').all(|label| !label.is_empty());
        if local.is_empty() || !dotted || plain.contains(char::is_whitespace) || local.contains('@') {
            return None;
        }
        let (local, domain) = canonical(local, domain);
        let at = local.len();
        Some(Self { canonical: format!("{local}@{domain}"), at })
    }

    /// The canonical address.
    pub fn as_str(&self) -> &str {
        &self.canonical
    }

    /// What stands before the `@`.
    pub fn local(&self) -> &str {
        self.canonical.get(..self.at).unwrap_or("")
    }

    /// What stands after the `@`.
    pub fn domain(&self) -> &str {
        self.canonical.get(self.at + 1..).unwrap_or("")
    }

    /// True for a shared mailbox such as `info@`: it says where somebody works, not who writes.
    pub fn is_role(&self) -> bool {
        ROLES.binary_search(&self.local()).is_ok()
    }
}

/// Applies the provider's rule.
fn canonical(local: &str, domain: &str) -> (String, String) {
    let before = |sign: char| local.split(sign).next().filter(|part| !part.is_empty()).unwrap_or(local);
    let provider = domain.split('.').next().unwrap_or("");
    match provider {
        "gmail" | "googlemail" => {
            let plain = before('+').replace('.', "");
            (if plain.is_empty() { local.to_owned() } else { plain }, "gmail.com".to_owned())
        }
        "outlook" | "hotmail" | "live" | "msn" | "icloud" | "me" | "mac" | "proton" | "protonmail" | "pm"
        | "fastmail" | "yandex" => (before('+').to_owned(), domain.to_owned()),
        "yahoo" | "ymail" => (before('-').to_owned(), domain.to_owned()),
        _ => (local.to_owned(), domain.to_owned()),
    }
}
