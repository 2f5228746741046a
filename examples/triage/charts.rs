//! Two charts in inline SVG: how much was said each day, and how it sounded.

use crate::clock::Clock;
use crate::line::{Line, Mood};
use std::collections::BTreeMap;

/// Items of one day, and the negative and positive ones among them.
type Day = (i64, [u32; 3]);

/// Every day from the first to the last, also those on which nothing was said.
pub fn by_day(clock: &Clock<'_>, lines: &[Line<'_>]) -> Vec<Day> {
    let mut days: BTreeMap<i64, [u32; 3]> = BTreeMap::new();
    for line in lines {
        let [count, negative, positive] = days.entry(clock.day(line.turn.at)).or_default();
        *count += 1;
        *negative += u32::from(line.mood == Mood::Negative);
        *positive += u32::from(line.mood == Mood::Positive);
    }
    let (Some(first), Some(last)) = (days.keys().next().copied(), days.keys().next_back().copied()) else {
        return Vec::new();
    };
    (first..=last).map(|day| (day, days.get(&day).copied().unwrap_or_default())).collect()
}

fn frame(days: &[Day], inner: &str, title: &str) -> String {
    let label = |day: Option<&Day>| {
        let date = day.map_or_else(String::new, |(day, _)| Clock::date(*day));
        date.split(' ').skip(1).take(2).collect::<Vec<_>>().join(" ")
    };
    format!(
        "<svg viewBox=\"0 0 640 150\" role=img aria-label=\"{title}\">{inner}<text x=4 y=146>{}</text><text x=636 y=146 text-anchor=end>{}</text></svg>",
        label(days.first()),
        label(days.last())
    )
}

pub fn volume(days: &[Day]) -> String {
    let most = days.iter().map(|(_, [count, ..])| *count).max().unwrap_or(1).max(1);
    let width = 640.0 / days.len().max(1) as f64;
    let mut bars = format!("<text x=4 y=12>{most}</text>");
    for (i, (day, [count, negative, _])) in days.iter().enumerate() {
        let bar = |n: u32, colour: &str| {
            let height = 125.0 * f64::from(n) / f64::from(most);
            let (x, y) = (i as f64 * width + 1.0, 130.0 - height);
            format!(
                "<rect x={x:.1} y={y:.1} width={:.1} height={height:.1} fill=\"{colour}\"><title>{}: {n}</title></rect>",
                width - 2.0,
                Clock::date(*day)
            )
        };
        bars += &bar(*count, "#7f9cc0");
        bars += &bar(*negative, "#c0392b");
    }
    frame(days, &bars, "Items a day, the negative ones in red")
}

pub fn sentiment(days: &[Day]) -> String {
    let width = 640.0 / days.len().max(1) as f64;
    let points: Vec<String> = days
        .iter()
        .enumerate()
        .filter(|(_, (_, [_, negative, positive]))| negative + positive > 0)
        .map(|(i, (_, [_, negative, positive]))| {
            let net = (f64::from(*positive) - f64::from(*negative)) / f64::from(positive + negative);
            format!("{:.1},{:.1}", (i as f64 + 0.5) * width, 67.0 - net * 60.0)
        })
        .collect();
    let line = format!(
        "<line x1=0 y1=67 x2=640 y2=67 stroke=\"#999\" stroke-dasharray=4 /><polyline fill=none stroke=\"#2c7a4b\" stroke-width=2 points=\"{}\"/><text x=4 y=12>all positive</text><text x=4 y=128>all negative</text>",
        points.join(" ")
    );
    frame(days, &line, "Net sentiment a day")
}
