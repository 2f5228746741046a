//! Words for an answer: templates whose variables are facts.
//!
//! ```text
//! source ──parse──► Template ──fill(values)──► Draft { text, cites, private }
//!   │ faults with line and column   │ a value that is not known, and has no stand-in, is an error: never a blank
//! ```
//!
//! A draft says which facts it cites, and whether it may stand in public: one that cites a private fact may not.
//!
//! ```
//! use hearken::respond::{Template, Values};
//!
//! let template = Template::parse("sorry", "Hello {given|there}, we are sorry about your {product}.", &[]).unwrap();
//! let mut values = Values::default();
//! values.set("product", "kettle");
//! let draft = template.fill(&values).unwrap();
//! assert_eq!(draft.text.reveal(), "Hello there, we are sorry about your kettle.");
//! assert_eq!(&*draft.cites[0], "product");
//! ```

mod template;

pub use template::{Draft, Template, Unfilled, Values};
