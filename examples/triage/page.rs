//! The board as one page without network: readable on a phone, with two charts in inline SVG.

use crate::board::{alerts, meaning, mood, short, who};
use crate::run::{Run, Turn};
use hearken::model::Timestamp;
use std::collections::BTreeMap;
use std::fmt::Write;

const DAY: i64 = 24 * 3_600_000;
const STYLE: &str = "body{font:16px/1.4 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#222;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}svg{width:100%;height:auto;display:block}
article{border-left:.3rem solid #bbb;padding:.4rem .8rem;margin:.6rem 0;background:#f7f7f7}
.critical,.urgent{border-color:#c0392b}.high{border-color:#e69500}.small{color:#555;font-size:.85rem}
p{margin:.2rem 0}text{font:11px system-ui,sans-serif;fill:#555}
@media(prefers-color-scheme:dark){body{background:#181818;color:#eee}article{background:#242424}.small{color:#aaa}text{fill:#aaa}}";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub fn page(run: &Run) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>Lumora board</title><style>{STYLE}</style><h1>Lumora: what people said</h1>"
    );
    let days = by_day(run);
    let _ = write!(out, "<h2>Volume a day</h2>{}", volume(&days));
    let _ = write!(out, "<h2>Net sentiment a day</h2>{}", sentiment(&days));
    out += "<h2>Board</h2>";
    for turn in run.turns.iter().rev() {
        card(&mut out, run, turn);
    }
    let _ = write!(out, "<h2>Rejected pieces of payloads ({})</h2>", run.refused.len());
    for piece in &run.refused {
        let reason = format!(
            "{} {}: {:?}, {}",
            piece.file, piece.rejected.place, piece.rejected.reason, piece.rejected.detail
        );
        let _ = write!(out, "<p class=small>{}</p>", escape(&reason));
    }
    out += "</html>\n";
    out
}

fn card(out: &mut String, run: &Run, turn: &Turn) {
    let (Some(item), Some(found)) = (turn.item(), &turn.outcome.assessment) else { return };
    if !found.numbers.contains_key("sentiment") {
        return;
    }
    let goes = match (&found.team, &found.agent) {
        (Some(team), Some(agent)) => format!(" → {team}/{agent}"),
        (Some(team), None) => format!(" → {team} queue"),
        _ => String::new(),
    };
    let due = found.due.map_or_else(String::new, |due| format!(", by {}", short(due)));
    let lead = found
        .lead
        .filter(|p| p.as_thousandths() > 0)
        .map_or_else(String::new, |p| format!(", lead {:.0}", p.as_f64()));
    let alerts: String = alerts(turn).iter().map(|alert| format!(" <b>! {}</b>", escape(alert))).collect();
    let _ = write!(
        out,
        "<article class={}><p class=small>{} · {} · {} {}</p><p>{}</p><p class=small>{}{}{}{}{}</p></article>",
        found.priority,
        short(turn.at),
        escape(item.key.platform.as_str()),
        escape(&who(run, turn)),
        mood(found),
        escape(item.content.text.reveal()),
        escape(&meaning(found)),
        escape(&lead),
        escape(&goes),
        due,
        alerts
    );
}

/// Count, negative and positive items of each day.
fn by_day(run: &Run) -> Vec<(Timestamp, [u32; 3])> {
    let mut days: BTreeMap<i64, [u32; 3]> = BTreeMap::new();
    for turn in &run.turns {
        let Some(score) = turn.outcome.assessment.as_ref().and_then(|found| found.numbers.get("sentiment"))
        else {
            continue;
        };
        let day = days.entry(turn.at.millis().div_euclid(DAY)).or_default();
        day[0] += 1;
        day[1] += u32::from(*score < -0.25);
        day[2] += u32::from(*score > 0.25);
    }
    let (Some(first), Some(last)) = (days.keys().next().copied(), days.keys().next_back().copied()) else {
        return Vec::new();
    };
    (first..=last)
        .map(|day| (Timestamp::from_millis(day * DAY), days.get(&day).copied().unwrap_or_default()))
        .collect()
}

fn frame(days: &[(Timestamp, [u32; 3])], inner: &str, title: &str) -> String {
    let label = |at: Option<&(Timestamp, [u32; 3])>| {
        at.map_or_else(String::new, |(at, _)| short(*at).chars().take(5).collect())
    };
    format!(
        "<svg viewBox=\"0 0 640 150\" role=img aria-label=\"{title}\">{inner}<text x=4 y=146>{}</text><text x=600 y=146>{}</text></svg>",
        label(days.first()),
        label(days.last())
    )
}

fn volume(days: &[(Timestamp, [u32; 3])]) -> String {
    let most = days.iter().map(|(_, [count, ..])| *count).max().unwrap_or(1).max(1);
    let width = 640.0 / days.len().max(1) as f64;
    let mut bars = format!("<text x=4 y=12>{most}</text>");
    for (i, (at, [count, negative, _])) in days.iter().enumerate() {
        let bar = |n: u32, colour: &str| {
            let height = 125.0 * f64::from(n) / f64::from(most);
            let (x, y) = (i as f64 * width + 1.0, 130.0 - height);
            format!(
                "<rect x={x:.1} y={y:.1} width={:.1} height={height:.1} fill=\"{colour}\"><title>{}: {n}</title></rect>",
                width - 2.0,
                short(*at)
            )
        };
        bars += &bar(*count, "#7f9cc0");
        bars += &bar(*negative, "#c0392b");
    }
    frame(days, &bars, "Items a day, the negative ones in red")
}

fn sentiment(days: &[(Timestamp, [u32; 3])]) -> String {
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
