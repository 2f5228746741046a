//! `exp` and `ln` from additions, multiplications and one division each.
//!
//! The platform's mathematics library may differ in the last bit from one machine to the next, and a
//! model must not. IEEE 754 fixes the basic operations, so these give the same bits everywhere; both
//! are within two units in the last place of the true value. The loops over rows vectorise.

use std::f64::consts::{LN_2, LOG2_E, SQRT_2};

/// ln 2 in two parts: the first has zeros at its end, so that its small multiples are exact.
const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Adding this number rounds to an integer, which then stands in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// e^x, `x` held to ±708 so that the result is finite and not zero; not-a-number stays.
#[inline]
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-708.0, 708.0);
    let shifted = x * LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    // Taylor to r^12; |r| <= ln2/2, so what is left out is below 2e-16.
    let mut p = 1.0 / 479_001_600.0;
    for inverse in [
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        p = p * r + inverse;
    }
    // 2^k, built from its exponent bits.
    let power = f64::from_bits((shifted.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
    p * power
}

/// Natural logarithm of a positive, finite, normal number.
pub(crate) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let mut exponent = ((bits >> 52) & 0x7ff) as i64 - 1_023;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 1.0_f64.to_bits());
    if mantissa > SQRT_2 {
        mantissa *= 0.5;
        exponent += 1;
    }
    // ln m = 2 artanh s, |s| < 0.172: the terms left out are below 1e-17.
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for odd in [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0, 1.0] {
        sum = sum * square + 1.0 / odd;
    }
    2.0 * s * sum + exponent as f64 * LN_2
}

/// The probability of log-odds `x`.
#[inline]
pub(crate) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The log-odds of a probability, which is first held within 1e-9 of 0 and 1.
pub(crate) fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-9, 1.0 - 1e-9);
    ln(p / (1.0 - p))
}

/// 2^x, under the bounds of [`exp`].
#[inline]
pub(crate) fn exp2(x: f64) -> f64 {
    exp(x * LN_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_platform_to_a_few_units_in_the_last_place() {
        for i in -70_000..70_000 {
            let x = f64::from(i) * 0.01;
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-15, "exp {x}");
        }
        for i in 1..100_000 {
            let x = f64::from(i) * 0.003;
            assert!((ln(x) - x.ln()).abs() <= 1e-15 * x.ln().abs().max(0.5), "ln {x}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(ln(1.0), 0.0);
        assert!(exp(f64::NAN).is_nan());
        assert!(exp(-1e9) > 0.0 && exp(1e9).is_finite());
    }

    #[test]
    fn probability_and_log_odds_are_inverse() {
        for i in -18..=18 {
            let x = f64::from(i);
            assert!((logit(sigmoid(x)) - x).abs() < 1e-6, "{x}");
        }
        assert!((exp2(-1.0) - 0.5).abs() < 1e-16);
    }
}
