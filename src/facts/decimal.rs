//! Numbers of at most four decimals, as analysers round them, written without the detours that any number may need.

use std::fmt::Write as _;

/// How many parts of one are told apart.
const PARTS: f64 = 10_000.0;

/// Numbers below this have four decimals to spare: no two of those are the same number.
const MOST: f64 = 1e9;

/// The size of a number in parts of one, where that is exactly what it is.
fn parts(number: f64) -> Option<u64> {
    let parts = (number * PARTS).round();
    (parts / PARTS == number && number.abs() < MOST).then_some(parts.abs() as u64)
}

/// Writes a number with the fewest digits that tell it, as `{}` does.
pub(crate) fn write(out: &mut String, number: f64) {
    match parts(number) {
        Some(parts) => {
            sign(out, number, "");
            digits(out, parts / 10_000);
            let (mut rest, mut unit) = (parts % 10_000, 1_000);
            if rest > 0 {
                out.push('.');
            }
            while rest > 0 {
                out.push(digit(rest / unit));
                (rest, unit) = (rest % unit, unit / 10);
            }
        }
        // Writing to a string cannot fail.
        None => write!(out, "{number}").unwrap_or_default(),
    }
}

/// Writes a number to two decimals, as `{:.2}` does; with `plus` in front where it is not negative.
pub(crate) fn write_hundredths(out: &mut String, number: f64, plus: &str) {
    match parts(number).filter(|parts| parts % 100 != 50) {
        Some(parts) => {
            sign(out, number, plus);
            let hundredths = (parts + 50) / 100;
            digits(out, hundredths / 100);
            out.extend(['.', digit(hundredths / 10 % 10), digit(hundredths % 10)]);
        }
        // Half of a hundredth is above or below by what the number cannot tell, and its digits can.
        None if plus.is_empty() => write!(out, "{number:.2}").unwrap_or_default(),
        None => write!(out, "{number:+.2}").unwrap_or_default(),
    }
}

fn sign(out: &mut String, number: f64, plus: &str) {
    out.push_str(if number.is_sign_negative() { "-" } else { plus });
}

fn digits(out: &mut String, whole: u64) {
    if whole > 9 {
        digits(out, whole / 10);
    }
    out.push(digit(whole % 10));
}

fn digit(digit: u64) -> char {
    char::from_digit(digit as u32, 10).unwrap_or('0')
}

#[cfg(test)]
mod tests {
    use super::{write, write_hundredths};
    use proptest::prelude::*;

    fn check(number: f64) {
        let (mut short, mut two, mut plus) = (String::new(), String::new(), String::new());
        write(&mut short, number);
        write_hundredths(&mut two, number, "");
        write_hundredths(&mut plus, number, "+");
        assert_eq!((short, two, plus), (number.to_string(), format!("{number:.2}"), format!("{number:+.2}")));
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        for parts in -20_000..=20_000_i64 {
            check(parts as f64 / 10_000.0);
            check(parts as f64 / 1_000.0);
            check(parts as f64 * 0.000_1);
        }
        for odd in [
            0.0,
            -0.0,
            1e-9,
            0.005,
            -0.004_999,
            1e9,
            123_456_789.123_4,
            1e15,
            1e300,
            f64::MAX,
            f64::MIN_POSITIVE,
        ] {
            check(odd);
        }
        for none in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            check(none);
        }
    }

    proptest! {
        #[test]
        fn any_number_is_written_as_the_language_writes_it(number in any::<f64>(), parts in any::<i64>()) {
            check(number);
            check(parts as f64 / 10_000.0);
            check((parts % 100_000_000_000_000) as f64 / 10_000.0);
        }
    }
}
