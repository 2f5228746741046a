//! The report of a run as one page: no script, no file beside it, readable on a phone.

use super::{People, Progress};
use hearken::identity::{Learning, Level, Run, Waterfall};
use std::fmt::Write as _;

const STYLE: &str = "body{font:16px/1.45 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}.scroll{overflow-x:auto}table{border-collapse:collapse}\
td,th{padding:.15rem .6rem;text-align:left;border-bottom:1px solid #8884}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}\
.bar{display:inline-block;height:.7rem;background:#2a7;vertical-align:middle}.bar.no{background:#c53}\
.bars td{width:100%}details{border:1px solid #8886;border-radius:.5rem;padding:.5rem .8rem;margin:.6rem 0}summary{cursor:pointer}\
@media(prefers-color-scheme:dark){body{background:#161616;color:#ddd}}";

/// What a step of this name means.
pub const HOUSEHOLD: &str =
    "household: what is taken away because relatives share a family name, an address or a phone";

/// Pairs of which the page shows how their probability came about.
const SAMPLES: usize = 12;

/// The page.
pub fn page(people: &People, run: &Run, progress: &Progress) -> String {
    let mut out = format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width,initial-scale=1\"><title>Duplicates</title>\
         <style>{STYLE}</style><h1>Who stands here more than once</h1>"
    );
    let learning = &run.learning;
    let _ = write!(
        out,
        "<p>{} rows, {} of {:.3e} pairs compared: a reduction ratio of {:.6}, at an estimated pairs completeness of {}. \
         {} rows say word for word what another says and are one person with it. One pair in {:.0} is expected to match ({:.0} pairs); learning {} after {} rounds.</p>",
        people.table.len(),
        run.compared,
        run.possible,
        1.0 - run.compared as f64 / run.possible.max(1.0),
        super::completeness(run),
        run.copies,
        1.0 / run.model.prior,
        learning.matches,
        if learning.diverged { "<b>diverged</b>" } else { "settled" },
        learning.rounds
    );
    out += "<h2>Scored pairs by log-odds</h2><div class=scroll><table class=bars>";
    let bins = super::bins(run);
    let most = bins.iter().copied().max().unwrap_or(1).max(1);
    for (at, count) in bins.iter().enumerate() {
        let _ = write!(
            out,
            "<tr><th class=n>{}&hellip;<td class=n>{count}<td><span class=bar style=\"width:{}%\"></span>",
            at as i64 * 4 - 8,
            count * 100 / most
        );
    }
    let _ = write!(out, "</table></div><h2>Sample pairs</h2><p>{HOUSEHOLD}</p>");
    for (left, right) in samples(run) {
        let waterfall = run.explain(&people.table, left, right);
        let score = run.pairs.iter().find(|pair| (pair.left, pair.right) == (left, right));
        let _ = write!(
            out,
            "<details><summary>{} and {}: {:.4}</summary>{}</details>",
            escaped(people.id(left)),
            escaped(people.id(right)),
            score.map_or(0.0, |pair| pair.probability()),
            steps(people, left, right, &waterfall)
        );
    }
    out += "<h2>What agreement is worth</h2><div class=scroll><table><tr><th>field<th>level<th class=n>m<th class=n>u<th class=n>bits";
    for (field, heard) in run.model.fields.iter().zip(&learning.heard) {
        let stated = if *heard < Learning::HEARD { "<td>m as stated, not learnt" } else { "" };
        let levels = Level::ALL.iter().zip(field.m).zip(field.u).skip(1);
        for ((level, m), u) in levels.filter(|((_, m), _)| *m >= 0.0005) {
            let _ = write!(
                out,
                "<tr><td>{}<td>{level}<td class=n>{m:.4}<td class=n>{u:.2e}<td class=n>{:.2}{stated}",
                escaped(&field.name),
                (m / u.max(1e-12)).log2()
            );
        }
    }
    out += "</table></div><h2>Blocking</h2><div class=scroll><table><tr><th>rule<th class=n>pairs<th class=n>oversized<th class=n>windowed";
    for rule in run.rules.iter().filter(|rule| rule.pairs + rule.oversized + rule.windowed > 0) {
        let _ = write!(
            out,
            "<tr><td>{}<td class=n>{}<td class=n>{}<td class=n>{}",
            escaped(&rule.rule),
            rule.pairs,
            rule.oversized,
            rule.windowed
        );
    }
    out += "</table></div><h2>Time</h2><div class=scroll><table>";
    for (stage, seconds) in progress.timings() {
        let _ = write!(out, "<tr><td>{stage}<td class=n>{seconds:.3} s");
    }
    out + "</table></div></html>\n"
}

/// Pairs from the whole range: every so many of those ordered by log-odds.
fn samples(run: &Run) -> Vec<(u32, u32)> {
    let mut ranked: Vec<_> = run.pairs.iter().collect();
    ranked.sort_by(|a, b| b.bits.total_cmp(&a.bits).then((a.left, a.right).cmp(&(b.left, b.right))));
    let step = (ranked.len() / SAMPLES).max(1);
    ranked.iter().step_by(step).take(SAMPLES).map(|pair| (pair.left, pair.right)).collect()
}

/// The two rows side by side, with the weight of every field.
fn steps(people: &People, left: u32, right: u32, waterfall: &Waterfall) -> String {
    let mut out = format!(
        "<div class=scroll><table><tr><th>field<th>{}<th>{}<th>level<th class=n>bits<th><tr><td>prior<td><td><td><td class=n>{}<td>",
        escaped(people.id(left)),
        escaped(people.id(right)),
        waterfall.prior
    );
    for step in &waterfall.steps {
        let at = people.table.fields().iter().position(|field| field.name == step.field);
        let value = |row: u32| at.map_or("", |field| people.table.value(row, field));
        let bits = step.weight.as_f64();
        let _ = write!(
            out,
            "<tr><td>{}<td>{}<td>{}<td>{}<td class=n>{}<td><span class=\"bar{}\" style=\"width:{:.0}px\"></span>",
            escaped(&step.field),
            escaped(value(left)),
            escaped(value(right)),
            step.level,
            step.weight,
            if bits < 0.0 { " no" } else { "" },
            (bits.abs() * 6.0).min(180.0)
        );
    }
    let _ = write!(
        out,
        "<tr><th>total<td><td><td><th class=n>{}<td>probability {:.4} side by side</table></div>",
        waterfall.total(),
        waterfall.probability()
    );
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
