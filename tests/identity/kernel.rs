//! The bit-parallel kernels against `strsim`.

use hearken::identity::Pattern;
use proptest::prelude::*;

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

proptest! {
    #[test]
    fn kernels_equal_strsim_on_short_alphabets(a in "[abc]{0,12}", b in "[abc]{0,12}") {
        let mut pattern = Pattern::default();
        pattern.set(&a);
        prop_assert!(near(pattern.jaro_winkler(&b), strsim::jaro_winkler(&a, &b)), "{a} {b}");
        prop_assert_eq!(pattern.osa(&b), strsim::osa_distance(&a, &b));
    }

    #[test]
    fn kernels_equal_strsim_on_any_text(a in "\\PC{0,80}", b in "[a-z ]{0,80}", c in "[a-z]{0,70}") {
        let mut pattern = Pattern::default();
        for (left, right) in [(&a, &b), (&b, &c), (&c, &b), (&c, &a)] {
            pattern.set(left);
            prop_assert!(near(pattern.jaro_winkler(right), strsim::jaro_winkler(left, right)));
            prop_assert_eq!(pattern.osa(right), strsim::osa_distance(left, right));
        }
    }
}

#[test]
fn the_sixty_fourth_letter_counts() {
    let a = "a".repeat(63) + "b";
    let b = "a".repeat(63) + "c";
    let mut pattern = Pattern::default();
    pattern.set(&a);
    assert_eq!(pattern.osa(&b), 1);
    assert_eq!(pattern.osa(&a), 0);
    assert!(near(pattern.jaro_winkler(&b), strsim::jaro_winkler(&a, &b)));
}
