//! What monitors heard, as a report: `cargo run --release --example listen_report -- --monitors FILE.json --posts
//! FILE.jsonl [--brand QUERY]`.
//!
//! Monitors are a JSON array of [`Monitor`](hearken::listen::Monitor)s, posts an interaction a line, oldest first. Standard
//! output has one section after another, tab-separated: what was kept and why the rest was dropped, volume and net
//! sentiment by monitor and platform with their sums, share of voice, the triage queue with its reasons, pain points
//! and interests, what questions suddenly ask about, problems in the making, alerts of the hour with the posts behind them,
//! opportunities and wishes with votes, rivals, advocates, and what the monitors miss.

use clap::Parser;
use hearken::facts::{Facts, Field, Scope};
use hearken::listen::{
    Change, Coverage, DropReason, EventReport, Intake, IntakeConfig, Listener, Mention, Monitor, MonitorKind,
    PeerTalk, Post, Rivals, Theme, ThemeKind, Themes, Tone, TriageWeights, Verdict, Voice, Volume, amplify,
    triage,
};
use hearken::model::{Interaction, ItemKey, Platform, Timestamp};
use hearken::pulse::{AlertKind, Observation, TrendConfig, Watch, WatchConfig, Window};
use hearken::query::{Query, Scratch};
use hearken::sentiment::Sentiment;
use hearken::signal::{Requests, Signals};
use hearken::text::Text;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::{fs, io};

/// What monitors heard, as a report.
#[derive(Parser)]
struct Options {
    /// a JSON array of monitors
    #[arg(long)]
    monitors: PathBuf,
    /// an interaction a line, oldest first
    #[arg(long)]
    posts: PathBuf,
    /// a wide query for whatever sounds like a mention of the brand
    #[arg(long, default_value = "lumora OR lumora~2")]
    brand: String,
    /// posts in the triage queue
    #[arg(long, default_value_t = 8)]
    top: usize,
}

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// Everything that is folded from the kept posts.
struct Report {
    voice: Voice,
    themes: Themes,
    rivals: Rivals,
    requests: Requests,
    peers: PeerTalk,
    events: Vec<(Box<str>, EventReport)>,
    queue: Vec<Mention>,
    hours: Window,
    praised: Vec<(ItemKey, Vec<&'static str>)>,
    last: Timestamp,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let monitors: Vec<Monitor> = serde_json::from_slice(&fs::read(&options.monitors)?)?;
    let listener = Listener::build(monitors.iter().cloned())?;
    let mut intake = Intake::new(&listener, &IntakeConfig::default())?;
    let mut coverage = Coverage::new(&listener, Query::parse(&options.brand, Scope::Monitor)?);
    let mut report = Report::new(&monitors);

    let sentiment = Sentiment::builder().build()?;
    let (signals, mut scratch, mut text) = (Signals::english(), Scratch::default(), Text::default());
    for line in fs::read_to_string(&options.posts)?.lines() {
        let item: Interaction = serde_json::from_str(line)?;
        text.read(item.content.text.reveal());
        let mut facts = Facts::of(&text, &item);
        facts.set(Field::Sentiment, sentiment.score(&text).score);
        let found = signals.read(&mut facts, &mut scratch);
        let thread = item.conversation.as_deref().filter(|thread| **thread != *item.key.id);
        let post = Post { item: &item.key, thread, at: item.published_at };
        let verdict = intake.take(post, &facts);
        let hits: Vec<usize> = match &verdict {
            Verdict::Kept(kept) => kept.heard.hits.iter().map(|hit| hit.place).collect(),
            _ => Vec::new(),
        };
        if matches!(verdict, Verdict::Kept(_) | Verdict::Dropped { why: DropReason::NoMonitor, .. }) {
            coverage.note(&hits, &facts, &item.key, item.published_at.unwrap_or_default());
        }
        let Verdict::Kept(kept) = verdict else { continue };

        let said = |span: hearken::model::Span| span.of(text.source()).unwrap_or("");
        let mut mention = Mention::of(&item, &facts);
        mention.recommends = found.recommendations.iter().map(|given| said(given.product).into()).collect();
        mention.changes = found
            .switches
            .iter()
            .map(|s| Change {
                from: s.from.map(|span| said(span).into()),
                to: s.to.map(|span| said(span).into()),
            })
            .collect();
        for wish in &found.wishes {
            report.requests.add(said(wish.what), mention.author.as_deref().unwrap_or(""), &item.key);
        }
        let hits = kept.heard.hits.iter().filter_map(|hit| listener.monitor(hit.place));
        report.add(mention, hits, &text);
    }

    let mut out = io::BufWriter::new(io::stdout().lock());
    let counts = intake.counts();
    writeln!(out, "# intake\ninput\t{}\nkept\t{}", counts.input, counts.kept)?;
    for (why, n) in &counts.dropped {
        writeln!(out, "dropped {why:?}\t{n}")?;
    }
    report.print(&mut out, &monitors, options.top)?;

    writeln!(out, "\n# coverage\nweek\tmonitor\thits")?;
    for (week, monitor, hits) in coverage.weeks() {
        writeln!(out, "{week}\t{monitor}\t{hits}")?;
    }
    writeln!(out, "silent\t{}", coverage.silent().collect::<Vec<_>>().join(", "))?;
    writeln!(out, "missed\t{}\t{}", coverage.missed(), ids(coverage.samples()))?;
    Ok(out.flush()?)
}

impl Report {
    fn new(monitors: &[Monitor]) -> Self {
        let window = |monitor: &Monitor| {
            let (from, to) = monitor.window.filter(|_| monitor.kind == MonitorKind::Event)?;
            Some((monitor.id.clone(), EventReport::new(from, to)))
        };
        Self {
            voice: Voice::default(),
            themes: Themes::new(TrendConfig::default()),
            rivals: Rivals::new(TrendConfig::default()),
            requests: Requests::new(1_000),
            peers: PeerTalk::default(),
            events: monitors.iter().filter_map(window).collect(),
            queue: Vec::new(),
            hours: Window::new(HOUR, 24 * 60),
            praised: Vec::new(),
            last: Timestamp::default(),
        }
    }

    /// Folds one kept post into everything.
    fn add<'a>(
        &mut self,
        mention: Mention,
        hits: impl Iterator<Item = (&'a str, &'a MonitorKind)>,
        text: &Text,
    ) {
        let mut ours = false;
        for (monitor, kind) in hits {
            self.voice.add(monitor, &mention);
            match kind {
                MonitorKind::Competitor => {
                    let opted_out = text.tokens().iter().any(|token| text.folded(token) == "nodm");
                    self.rivals.add(monitor, &mention, text, opted_out);
                }
                MonitorKind::Event => {
                    self.events
                        .iter_mut()
                        .filter(|(id, _)| **id == *monitor)
                        .for_each(|(_, e)| e.add(&mention));
                }
                _ => ours = true,
            }
        }
        self.peers.add(&mention);
        self.last = self.last.max(mention.at.unwrap_or_default());
        if ours {
            self.themes.add(&mention, text, &["lumora", "boil"]);
            let tone = mention.tone();
            self.hours.add(&Observation {
                negative: u64::from(tone == Tone::Negative),
                positive: u64::from(tone == Tone::Positive),
                shares: u64::from(!mention.original),
                reach: mention.reach.unwrap_or(0),
                author: mention.author.as_deref(),
                ..Observation::at(mention.at.unwrap_or_default())
            });
            self.praised.extend(amplify(&mention, 1_000).map(|reasons| (mention.item.clone(), reasons)));
            self.queue.push(mention);
        }
    }

    fn print(&self, out: &mut impl Write, monitors: &[Monitor], top: usize) -> io::Result<()> {
        self.print_voice(out, monitors)?;
        writeln!(out, "\n# triage\nscore\tpost\treasons")?;
        for ranked in triage(&self.queue, self.last, &TriageWeights::default()).iter().take(top) {
            let reasons = ranked.reasons.iter().map(|(why, points)| format!("{why} {points}"));
            let item = &self.queue[ranked.place].item;
            writeln!(out, "{}\t{item}\t{}", ranked.score, reasons.collect::<Vec<_>>().join(", "))?;
        }
        for (title, kind) in [("pain points", ThemeKind::Complaint), ("interests", ThemeKind::Interest)] {
            themes(out, title, self.themes.top(kind, 5).iter())?;
        }
        writeln!(out, "\n# what to write about\ntopic\tquestions\tusual\tposts")?;
        for one in self.themes.content_suggestions(self.last) {
            writeln!(out, "{}\t{}\t{:.1}\t{}", one.topic, one.questions, one.usual, ids(&one.samples))?;
        }
        let rising = self.themes.rising(ThemeKind::Complaint, self.last);
        themes(out, "problems in the making", rising.iter().map(|rising| &rising.theme))?;
        self.print_alerts(out)?;
        writeln!(out, "\n# opportunities\nkind\tphrase\tposts")?;
        for one in self.themes.opportunities(6, 2) {
            writeln!(out, "{:?}\t{}\t{}", one.kind, one.theme.phrase, one.theme.posts)?;
        }
        writeln!(out, "\n# wishes\nvotes\tposts\twish\tsamples")?;
        for one in self.requests.ranked() {
            writeln!(out, "{}\t{}\t{}\t{}", one.votes, one.posts, one.wish, ids(&one.samples))?;
        }
        for rival in self.rivals.monitors() {
            let Some(about) = self.rivals.report(rival, 3) else { continue };
            writeln!(out, "\n# rival {rival}\nposts\t{}\nnet\t{}", about.volume.posts, net(&about.volume))?;
            writeln!(out, "prices\t{}\nopenings\t{}", about.prices, ids(&about.openings))?;
            writeln!(out, "opted out\t{}", about.opted_out)?;
            for (change, n) in &about.changes {
                let side = |side: &Option<Box<str>>| side.as_deref().unwrap_or("?").to_owned();
                writeln!(out, "switch\t{} > {}\t{n}", side(&change.from), side(&change.to))?;
            }
            for pain in &about.pains {
                writeln!(out, "pain\t{}\t{}", pain.phrase, pain.posts)?;
            }
        }
        writeln!(out, "\n# among peers")?;
        for (item, answers) in self.peers.asks() {
            writeln!(out, "asks\t{item}\t{answers} answers")?;
        }
        for (product, n) in self.peers.products() {
            writeln!(out, "recommended\t{product}\t{n}")?;
        }
        writeln!(out, "\n# worth amplifying")?;
        for (item, reasons) in &self.praised {
            writeln!(out, "{item}\t{}", reasons.join(", "))?;
        }
        for (id, event) in &self.events {
            let open: Vec<ItemKey> = event.open_questions().cloned().collect();
            writeln!(out, "\n# event {id}\nposts\t{}\noutside\t{}", event.posts(), event.outside())?;
            writeln!(out, "attendees\t{}\nopen questions\t{}", event.attendees(), ids(&open))?;
            writeln!(out, "praise\t{}", ids(event.praise()))?;
        }
        Ok(())
    }

    /// What the watch over the brand's hours says, with the posts behind it that most people saw.
    fn print_alerts(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n# alerts\nhour\talert\tposts\tnegative\ttop posts")?;
        let readings = Watch::replay(&WatchConfig::hourly(), &self.hours);
        for alert in readings.flat_map(|reading| reading.alerts) {
            let tone = match alert.kind {
                AlertKind::Volume => None,
                AlertKind::Positive => Some(Tone::Positive),
                _ => Some(Tone::Negative),
            };
            let behind = |mention: &&Mention| {
                mention.at.is_some_and(|at| (0..HOUR).contains(&at.since(alert.start)))
                    && tone.is_none_or(|tone| mention.tone() == tone)
            };
            let mut top: Vec<&Mention> = self.queue.iter().filter(behind).collect();
            top.sort_by_key(|mention| (Reverse(mention.reach), &mention.item));
            let top: Vec<ItemKey> = top.into_iter().take(3).map(|mention| mention.item.clone()).collect();
            let kind = match alert.kind {
                AlertKind::Crisis(level) => format!("crisis level {}", level.number()),
                kind => format!("{kind:?}").to_lowercase(),
            };
            writeln!(out, "{}\t{kind}\t{}\t{}\t{}", alert.start, alert.posts, alert.negative, ids(&top))?;
        }
        Ok(())
    }

    /// Rows, their sums by monitor and by platform, the total; and the shares of brand and competitors.
    fn print_voice(&self, out: &mut impl Write, monitors: &[Monitor]) -> io::Result<()> {
        writeln!(out, "\n# volume\nmonitor\tplatform\tposts\t+\t0\t-\t?\tnet")?;
        let platforms: BTreeSet<&Platform> = self.voice.rows().map(|row| row.1).collect();
        let mut row = |monitor: &str, platform: &str, v: &Volume| {
            let Volume { posts, positive, neutral, negative, unknown, .. } = *v;
            writeln!(
                out,
                "{monitor}\t{platform}\t{posts}\t{positive}\t{neutral}\t{negative}\t{unknown}\t{}",
                net(v)
            )
        };
        for (monitor, platform, volume) in self.voice.rows() {
            row(monitor, &platform.to_string(), volume)?;
        }
        for monitor in monitors {
            row(&monitor.id, "all", &self.voice.of(&monitor.id))?;
        }
        for platform in &platforms {
            row("all", &platform.to_string(), &self.voice.on(platform))?;
        }
        row("all", "all", &self.voice.total())?;

        let rivals =
            monitors.iter().filter(|m| matches!(m.kind, MonitorKind::Brand | MonitorKind::Competitor));
        let group: Vec<&str> = rivals.map(|monitor| &*monitor.id).collect();
        writeln!(out, "\n# share of voice\nmonitor\tplatform\tshare")?;
        for monitor in &group {
            for platform in &platforms {
                let posts = |of: &str| {
                    let rows = self.voice.rows().filter(|row| row.0 == of && row.1 == *platform);
                    rows.map(|row| row.2.posts).sum::<u64>()
                };
                let all: u64 = group.iter().map(|one| posts(one)).sum();
                if all > 0 {
                    writeln!(
                        out,
                        "{monitor}\t{platform}\t{:.1} %",
                        100.0 * posts(monitor) as f64 / all as f64
                    )?;
                }
            }
            if let Some(share) = self.voice.share(monitor, group.iter().copied()) {
                writeln!(out, "{monitor}\tall\t{:.1} %", 100.0 * share)?;
            }
        }
        Ok(())
    }
}

fn themes<'a>(out: &mut impl Write, title: &str, themes: impl Iterator<Item = &'a Theme>) -> io::Result<()> {
    writeln!(out, "\n# {title}\nphrase\tposts\tsamples")?;
    for theme in themes {
        writeln!(out, "{}\t{}\t{}", theme.phrase, theme.posts, ids(&theme.samples))?;
    }
    Ok(())
}

fn net(volume: &Volume) -> String {
    volume.net().map_or("-".to_owned(), |net| format!("{net:+.2}"))
}

fn ids(items: &[ItemKey]) -> String {
    if items.is_empty() {
        "-".to_owned()
    } else {
        items.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }
}
