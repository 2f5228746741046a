//! The board as one page without network: readable on a phone, with two charts in inline SVG.

use crate::board::LEGEND;
use crate::charts;
use crate::config::Config;
use crate::line::{Line, Reader, priority};
use crate::run::Run;
use crate::story::Told;
use crate::summary::{Summary, open};
use crate::{clock::Clock, left_out, noticed};
use std::fmt::Write;

const STYLE: &str = "body{font:16px/1.4 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#222;background:#fff}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}h3{font-size:1rem;margin:1.4rem 0 .4rem}svg{width:100%;height:auto;display:block}
article{border-left:.3rem solid #bbb;padding:.4rem .8rem;margin:.6rem 0;background:#f7f7f7;overflow-wrap:anywhere}
.critical,.urgent{border-color:#c0392b}.high{border-color:#e69500}.small{color:#555;font-size:.85rem}
p{margin:.2rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem .8rem}dd{margin:0}dt{font-weight:600}
ul{padding-left:1.2rem;overflow-wrap:anywhere}text{font:11px system-ui,sans-serif;fill:#555}
@media(prefers-color-scheme:dark){body{background:#181818;color:#eee}article{background:#242424}.small{color:#aaa}text{fill:#aaa}}";

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

pub fn page(run: &Run, config: &Config, reader: &Reader<'_>, story: Option<&Told>) -> String {
    let lines: Vec<Line<'_>> = run.turns.iter().filter_map(|turn| reader.line(turn)).collect();
    let summary = Summary::of(run, config, reader, &lines);
    let clock = &reader.clock;
    let brand = escape(config.brand());
    let mut out = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width,initial-scale=1\"><title>{brand} board</title><style>{STYLE}</style><h1>{brand}: what people said</h1><p class=small>Times in {}</p><dl>",
        escape(clock.name)
    );
    for (name, fact) in summary.lines() {
        let _ = write!(out, "<dt>{name}</dt><dd>{}</dd>", escape(&fact));
    }
    out += "</dl><details><summary>How to read it</summary>";
    list(&mut out, LEGEND);
    out += "</details>";
    let days = charts::by_day(clock, &lines);
    let _ = write!(out, "<h2>Volume a day, the negative in red</h2>{}", charts::volume(&days));
    let _ = write!(out, "<h2>Net sentiment a day</h2>{}", charts::sentiment(&days));
    let open = open(&summary, &lines);
    let _ = write!(out, "<h2>Open now ({})</h2>", open.len());
    list(
        &mut out,
        open.into_iter().map(|(case, line)| {
            let agent = case.assignee.as_ref().map_or("waits for somebody", |agent| agent.as_str());
            let who = line.map_or_else(|| "colleagues".to_owned(), |line| line.who.clone());
            format!("{}: {who}, {agent}, {}", case.priority.name(), case.id)
        }),
    );
    let crisis = noticed::crisis(run, clock);
    if !crisis.is_empty() {
        out += "<h2>Crises and spikes</h2>";
        list(&mut out, crisis);
    }
    if let Some(story) = story {
        let _ = write!(out, "<h2>{}</h2>", escape(&story.heading));
        list(&mut out, &story.lines);
    }
    out += "<h2>Heard, newest first</h2>";
    let mut today = None;
    for line in lines.iter().rev() {
        let day = clock.day(line.turn.at);
        if today.replace(day) != Some(day) {
            let _ = write!(out, "<h3>{}</h3>", Clock::date(day));
        }
        card(&mut out, clock, line);
    }
    let alerts = noticed::alerts(run, clock, &lines);
    let _ = write!(out, "<h2>Alerts of the clock ({})</h2>", alerts.len());
    list(&mut out, alerts);
    let _ = write!(out, "<h2>Rejected pieces of payloads ({})</h2>", run.refused.len());
    list(&mut out, left_out::rejected(run));
    out += "</html>\n";
    out
}

fn list(out: &mut String, lines: impl IntoIterator<Item = impl AsRef<str>>) {
    *out += "<ul class=small>";
    for line in lines {
        let _ = write!(out, "<li>{}</li>", escape(line.as_ref()));
    }
    *out += "</ul>";
}

fn card(out: &mut String, clock: &Clock<'_>, line: &Line<'_>) {
    let _ = write!(
        out,
        "<article class={}><p class=small>{} · {} · <span dir=auto>{}</span> {}</p><p dir=auto>{}</p>",
        line.found.priority,
        clock.time(line.turn.at),
        escape(&line.place),
        escape(&line.who),
        line.mood.sign(),
        escape(&line.said),
    );
    let lead = if line.lead.is_empty() { String::new() } else { format!("lead {}", line.lead) };
    let goes = if line.goes.is_empty() { String::new() } else { format!("→ {}", line.goes) };
    let alerts = line.alerts.iter().map(|alert| format!("! {alert}"));
    let parts = [line.meant.clone(), priority(line.found.priority).to_owned(), lead, goes];
    let parts: Vec<String> = parts.into_iter().chain(alerts).filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        let _ = write!(out, "<p class=small>{}</p>", escape(&parts.join(" · ")));
    }
    *out += "</article>";
}
