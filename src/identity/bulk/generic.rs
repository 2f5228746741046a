//! Values that look personal and are not: a role address, a switchboard number, a handle typed to get past a form.
//!
//! Learning discounts them without being told, since what many hold is worth little. They are listed so that somebody
//! can mend the source they come from.

use super::Run;
use super::stranger::Rarity;
use super::table::Table;
use crate::identity::kind::{Kind, Level};
use crate::identity::weight::Namesake;
use crate::model::{Personal, Points};

/// People who hold a value, from which on it is nobody's own: more than a household shares.
pub(super) const CROWD: u32 = 5;

/// A value that several people hold although its kind is personal.
///
/// ```
/// use hearken::identity::{Kind, Table, match_rows};
///
/// let mut table = Table::new([("name", Kind::Name), ("email", Kind::Email)]).unwrap();
/// for name in ["Ann Okafor", "Jorge Moreau", "Keiko Tanaka", "Oskar Novak", "Nadia Zhang", "Piotr Haugen"] {
///     table.push([name, "office@acme.com"]);
/// }
/// let found = match_rows(&mut table, |_| {}).generic(&table);
/// // Nobody's own address: a host takes it out of its records, or marks it.
/// assert_eq!((found[0].value.reveal(), found[0].people), ("office@acme.com", 6));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq)]
pub struct Generic {
    /// The number of its field.
    pub field: usize,
    /// The normalised value.
    pub value: Personal,
    /// The people who hold it: groups of rows, as the run found them.
    pub people: u32,
    /// What agreeing on it is worth, in bits, before names are looked at.
    pub weight: Points,
}

impl Run {
    /// E-mail addresses, telephone numbers, handles, accounts and links that five people or more hold, those of the most
    /// people first. `table` is the one that was matched. Work grows with `n log n`.
    ///
    /// ```
    /// use hearken::identity::{Kind, Table, match_rows};
    ///
    /// let mut table = Table::new([("name", Kind::Name), ("phone", Kind::Phone)])?;
    /// for name in ["Ann Okafor", "Jorge Moreau", "Keiko Tanaka", "Oskar Novak", "Nadia Zhang", "Piotr Haugen"] {
    ///     table.push([name, "+44 20 7946 0018"]);
    /// }
    /// let found = match_rows(&mut table, |_| {}).generic(&table);
    /// assert_eq!((found[0].field, found[0].people), (1, 6));
    /// # Ok::<(), hearken::error::BuildError>(())
    /// ```
    pub fn generic(&self, table: &Table) -> Vec<Generic> {
        let rarity = Rarity::of(table, &self.model.fields, self.learning.matches_a_row(table.len()));
        let mut out = Vec::new();
        for (field, model) in self.model.fields.iter().enumerate().filter(|(_, model)| personal(model.kind)) {
            let value = |row: u32| table.row(row).get(field).copied().unwrap_or(0);
            let rows = (0_u32..).zip(&self.groups).map(|(row, group)| (value(row), *group));
            let mut held: Vec<(u32, u32)> = rows.filter(|(value, _)| *value != 0).collect();
            held.sort_unstable();
            held.dedup();
            for people in held.chunk_by(|a, b| a.0 == b.0).filter(|people| people.len() >= CROWD as usize) {
                let Some((value, _)) = people.first() else { continue };
                let rare = f64::from(rarity.bits(field, Level::Exact, *value, *value));
                let text = table.vocabulary(field).map_or("", |vocabulary| vocabulary.text(*value));
                out.push(Generic {
                    field,
                    value: text.into(),
                    people: people.len() as u32,
                    weight: Points::nearest(model.bits(Level::Exact, None, Namesake::No) + rare),
                });
            }
        }
        out.sort_by(|a, b| {
            b.people.cmp(&a.people).then_with(|| (a.field, &a.value).cmp(&(b.field, &b.value)))
        });
        out
    }
}

/// True for a kind of which one person's value is as a rule nobody else's.
pub(super) fn personal(kind: Kind) -> bool {
    matches!(kind, Kind::Email | Kind::Phone | Kind::Handle | Kind::Account | Kind::Did | Kind::Url)
}
