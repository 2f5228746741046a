use super::book::RuleBook;
use crate::error::BuildError;
use crate::limits::Limits;

/// Not yet.
pub fn lint(_book: &RuleBook, _limits: &Limits) -> Result<Vec<String>, BuildError> {
    Ok(Vec::new())
}
