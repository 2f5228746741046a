//! Series: a stream equals a batch, in any order and any parts.

use super::BUILTIN;
use hearken::model::Timestamp;
use hearken::sentiment::{Label, Polarity, Series};
use hearken::text::Text;
use proptest::prelude::*;

fn readings() -> Vec<Polarity> {
    ["love it", "hate it", "it is Tuesday", "best day", "so sad"]
        .map(|source| BUILTIN.score(&Text::new(source)))
        .to_vec()
}

proptest! {
    #[test]
    fn parts_merged_in_any_order_equal_the_batch(items in proptest::collection::vec((-10_000_i64..10_000, 0_usize..5), 0..60), cut in 0_usize..60) {
        let readings = readings();
        let mut batch = Series::new(1_000);
        items.iter().for_each(|(when, at)| batch.add(Timestamp::from_millis(*when), &readings[*at]));
        let (mut left, mut right) = (Series::new(1_000), Series::new(1_000));
        for (place, (when, at)) in items.iter().rev().enumerate() {
            let part = if place < cut { &mut left } else { &mut right };
            part.add(Timestamp::from_millis(*when), &readings[*at]);
        }
        right.merge(&left);
        prop_assert_eq!(&batch, &right);

        let window = batch.window(Timestamp::from_millis(-3_000), Timestamp::from_millis(4_000));
        let inside = items.iter().filter(|(when, _)| (-3_000..4_000).contains(when));
        let positive = inside.clone().filter(|(_, at)| readings[*at].label == Label::Positive).count() as u64;
        prop_assert_eq!((window.count(), window.positive), (inside.count() as u64, positive));
        for point in batch.points() {
            let (low, high) = point.interval;
            prop_assert!(point.positive_share.is_none_or(|share| low <= share && share <= high));
            prop_assert!((-1.0..=1.0).contains(&point.net) && (-1.0..=1.0).contains(&point.mean));
        }
    }
}

#[test]
fn the_interval_is_wilsons() {
    let mut series = Series::new(1_000);
    let readings = readings();
    for at in [0, 0, 0, 0, 0, 0, 0, 0, 1, 1] {
        series.add(Timestamp::from_millis(1), &readings[at]);
    }
    let (low, high) = series.points().next().unwrap().interval;
    assert!((low - 0.4902).abs() < 0.001 && (high - 0.9433).abs() < 0.001, "{low} {high}");
}
