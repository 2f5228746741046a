//! Identity: which customer somebody is, how sure that is, on what evidence, and how to undo it.
//!
//! ```text
//!            one at a time                                     in bulk
//! Person ──► keys ──► postings ──► candidates         rows ──► columns of distinct values
//!   │                                  │                          │ blocking passes
//!   │ normalise (fold, name, email …)  │                          ▼
//!   └──────────────► compare ◄─────────┘              pairs ──► levels ──► patterns ──► EM ──► Model
//!                       │ levels                                                          │
//!                       ▼                                                                 ▼
//!                     weigh (Fellegi–Sunter, Points) ◄──── Model ────────────────── pair probabilities
//!                       ▼
//!                     decide: Match, Review, CreateNew
//! ```
//!
//! In bulk rows of a crowd that say the same word for word are folded into one first, where that is too much for chance.
//! The model starts from pairs that are surely one person and is learnt from an even sample of the pairs that
//! blocking brings together. Every other pair is bounded by it first and read no further than it can still become
//! a match; fields that repeat others (a full name beside its parts, a year beside a date) count once. Rows that
//! somebody decided not to be one person never share a cluster, and rows with two accounts on one platform do, as a rule,
//! only where they speak for it themselves. Two lists are linked one row to one row, and learn from each other what
//! one calls by another name than the other: a journal, a state, a trade. A switchboard that a crowd
//! shares is one piece of news, with the company and the city that come with it.
//!
//! Both ways use the same normalisation, the same levels and the same weights; a model learnt in bulk serves
//! the single lookup.
//!
//! ```
//! use hearken::identity::{Decision, Index, Matcher, Person, Thresholds};
//!
//! let mut index = Index::new(Matcher::standard(50_000));
//! index.upsert(Person::new("c-1").name("Robert Miller").email("r.miller@corp.example").phone("+1 415 555 0100"));
//! index.upsert(Person::new("c-2").name("Roberta Mills").email("rm@mills.example"));
//!
//! let author = Person::new("x:99").name("Bob Miller").handle("@bobmiller").phone("+14155550100");
//! match index.resolve(&author, Thresholds::tolerating(0.001)) {
//!     Decision::Match(found) => assert_eq!(found.candidate, "c-1"),
//!     other => panic!("{other:?}"),
//! }
//! ```
//!
//! # Figures
//!
//! | what | command |
//! |---|---|
//! | kernels beside rapidfuzz, merges, conflicts of 8 writers, cost of 10,000 and 100,000 rows, upsert and resolve | `cargo bench --bench identity` |
//! | the same with a million rows: pairs compared, CPU seconds, peak memory | `cargo bench --bench identity -- million` |
//! | the duplicates of a file, with every table that was learnt | `cargo run --release --example dedupe -- FILE.csv --id ID --field COLUMN:KIND … --report --html page.html` |
//! | two files one to one, and why | `cargo run --release --example link -- A.csv B.csv --id A:B --field A:B:KIND … --explain LEFT RIGHT` |
//! | whose handle it is | `cargo run --release --example handles -- people.csv handles.csv` |
//! | how many are found, and false links when half of the owners are unknown, with the upper 95 % bound | the same with `--bench` and handles that say in `id` whose they are |
//! | an old list of contacts, CSV or vCard, a result per row | `cargo run --release --example import_contacts -- customers.csv contacts.csv --id A:B --field A:B:KIND …` |
//!
//! `../shared/tools/score_pairs.py`, `score_clusters.py` and `score_handles.py` score what the programs write.

mod bulk;
mod compare;
mod handle;
mod import;
mod index;
mod intern;
mod kernel;
mod key;
mod kind;
mod matcher;
mod merge;
mod normalise;
mod person;
mod signature;
mod survive;
mod vcard;
mod weight;

pub use bulk::block::RuleReport;
pub use bulk::em::Learning;
pub use bulk::generic::Generic;
pub use bulk::table::{FIELDS, Field, Table};
pub use bulk::{Pair, Run, match_rows};
pub use handle::HandleMatcher;
pub use handle::batch::{HandleLink, Verdict};
pub use handle::owner::Owner;
pub use handle::surprisal::Surprisal;
pub use import::{Outcome, RowResult, import};
pub use index::{Found, Index, Posting};
pub use kernel::Pattern;
pub use key::{BlockingKey, BlockingRule, POSTING, keys};
pub use kind::{Kind, Level, UnknownKind};
pub use matcher::{Comparison, Decision, Frequencies, Match, Matcher, Thresholds};
pub use merge::{Merge, MergeEvent, MergeLedger, Refusal, carry_names};
pub use normalise::account::{Handle, did, postcode, profile_url, url};
pub use normalise::company::company;
pub use normalise::date::Date;
pub use normalise::email::Email;
pub use normalise::fold::{compact, fold, words};
pub use normalise::name::Name;
pub use normalise::nickname::same_given_name;
pub use normalise::phone::Phone;
pub use normalise::phonetic::phonetic;
pub use person::{Person, Value};
pub use survive::{Basis, Fact, Record, Rule, Survivor, Survivorship};
pub use vcard::vcards;
pub use weight::{FieldModel, Model, Step, Waterfall};
