use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

/// A fixed-point score: an integer count of thousandths.
///
/// Explained scores are added up from contributions. Integers make the sum exact and the same in any
/// order on any machine, so "the contributions add up to the score" is an equation, not a tolerance.
/// Additions saturate at the ends of `i64`.
///
/// ```
/// use hearken::model::Points;
///
/// let parts = [Points::whole(8), Points::thousandths(-2_500)];
/// let score: Points = parts.into_iter().sum();
/// assert_eq!(score, Points::thousandths(5_500));
/// assert_eq!(score.to_string(), "5.5");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(i64);

impl Points {
    /// No points.
    pub const ZERO: Self = Self(0);

    /// A score of `n` thousandths.
    pub const fn thousandths(n: i64) -> Self {
        Self(n)
    }

    /// A score of `n` whole points.
    pub const fn whole(n: i64) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// The nearest score to `value` points, ties away from zero; not-a-number gives zero.
    pub fn nearest(value: f64) -> Self {
        Self((value * 1_000.0).round() as i64)
    }

    /// The count of thousandths.
    pub const fn as_thousandths(self) -> i64 {
        self.0
    }

    /// The score as a number of points.
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 1_000.0
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl SubAssign for Points {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Points {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// Prints points with at most three decimals: `5`, `5.5`, `-0.125`.
impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 1_000, self.0.unsigned_abs() % 1_000);
        let text = if part == 0 {
            format!("{whole}")
        } else {
            format!("{whole}.{part:03}").trim_end_matches('0').to_owned()
        };
        f.pad_integral(self.0 >= 0, "", &text)
    }
}
