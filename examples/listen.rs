//! Listening: which stored monitors hit which posts.
//!
//! ```text
//! cargo run --release --example listen -- --monitors monitors.tsv --posts posts.txt
//! ```
//!
//! Monitors are `id TAB query`, a line a monitor. Posts are a text a line; of a `.jsonl` file each line is an
//! interaction, or a flat object of facts with its `text`. Standard output has `line TAB monitor` for every hit,
//! lines counted from 0, in the order of the lines and then of the monitors; with `--explain` a third column
//! says which leaves matched and where. `--bench` prints figures instead: the build, the bytes of the index, the hits, and
//! the posts a second of the best of several whole passes, splitting the text included.

use clap::Parser as _;
use hearken::error::BuildError;
use hearken::facts::{Facts, Scope};
use hearken::limits::Limits;
use hearken::model::Interaction;
use hearken::query::{Basis, Index, Parser, Query, Scratch};
use hearken::text::Text;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;
use std::{fs, io};

#[derive(clap::Parser)]
struct Options {
    /// `id TAB query`, a line a monitor
    #[arg(long)]
    monitors: PathBuf,
    /// a text a line, or with `.jsonl` an interaction or a flat object of facts a line
    #[arg(long)]
    posts: PathBuf,
    /// add what matched and where
    #[arg(long)]
    explain: bool,
    /// print figures instead of hits
    #[arg(long)]
    bench: bool,
}

/// What a line of the posts holds.
enum Post {
    Text(String),
    Facts(String, Map<String, Value>),
    Interaction(Box<Interaction>),
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has had enough, such as `head`, is no failure.
        Err(error)
            if error.downcast_ref().is_some_and(|e: &io::Error| e.kind() == io::ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn std::error::Error>> {
    let monitors = fs::read_to_string(&options.monitors)?;
    let started = Instant::now();
    let (names, queries) = read_monitors(&monitors)?;
    let index = Index::build(&queries);
    let build = started.elapsed();
    let wide = queries.iter().filter(|query| query.basis() != Basis::Text).count();
    if wide > 0 {
        eprintln!("{wide} of {} monitors ask for no word and are looked at for every post", queries.len());
    }

    let posts = fs::read_to_string(&options.posts)?;
    let json = options.posts.extension().is_some_and(|extension| extension == "jsonl");
    let posts = posts.lines().map(|line| read_post(line, json)).collect::<Result<Vec<_>, _>>()?;
    if options.bench {
        println!("{:.1} ms build", build.as_secs_f64() * 1e3);
        println!("{} index bytes", index.bytes());
        drop((names, queries));
        return bench(&index, &posts);
    }

    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut scratch = Scratch::default();
    let mut text = Text::new("");
    let mut line = String::new();
    for (number, post) in posts.iter().enumerate() {
        text.read(source(post));
        let facts = facts(&text, post)?;
        for hit in index.matches(&facts, &mut scratch) {
            line.clear();
            write!(line, "{number}\t{}", names[*hit as usize])?;
            if options.explain {
                write!(line, "\t{}", queries[*hit as usize].explain(&facts).to_string().replace('\t', " "))?;
            }
            writeln!(out, "{line}")?;
        }
    }
    Ok(out.flush()?)
}

/// Ids and queries, or everything that is wrong with them.
fn read_monitors(lines: &str) -> Result<(Vec<&str>, Vec<Query>), BuildError> {
    let limits = Limits::default();
    let mut parser = Parser::new(Scope::Monitor, &limits);
    let (mut names, mut queries, mut wrong) = (Vec::new(), Vec::new(), BuildError::default());
    for (number, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let (name, query) = line.split_once('\t').unwrap_or((line, ""));
        match parser.parse(query) {
            Ok(query) => {
                names.push(name);
                queries.push(query);
            }
            Err(error) => wrong.absorb(&format!("monitor {name} (file line {})", number + 1), error),
        }
    }
    wrong.or((names, queries))
}

fn read_post(line: &str, json: bool) -> Result<Post, serde_json::Error> {
    if !json {
        return Ok(Post::Text(line.to_owned()));
    }
    let object: Map<String, Value> = serde_json::from_str(line)?;
    if object.contains_key("content") {
        return serde_json::from_value(Value::Object(object)).map(|post| Post::Interaction(Box::new(post)));
    }
    let text = object.get("text").and_then(Value::as_str).unwrap_or("").to_owned();
    Ok(Post::Facts(text, object))
}

fn source(post: &Post) -> &str {
    match post {
        Post::Text(text) | Post::Facts(text, _) => text,
        Post::Interaction(interaction) => interaction.content.text.reveal(),
    }
}

fn facts<'t>(text: &'t Text, post: &Post) -> Result<Facts<'t>, BuildError> {
    match post {
        Post::Text(_) => Ok(Facts::new(text)),
        Post::Facts(_, object) => Facts::from_json(text, object),
        Post::Interaction(interaction) => Ok(Facts::of(text, interaction)),
    }
}

/// Whole passes over the posts that are timed; the least counts, since what else runs on the machine only adds.
const PASSES: usize = 7;

/// Splitting the text, its facts, and every match, for one post after the other as a stream brings them.
fn bench(index: &Index, posts: &[Post]) -> Result<(), Box<dyn std::error::Error>> {
    let mut scratch = Scratch::default();
    let mut text = Text::new("");
    let (mut least, mut hits) = (f64::INFINITY, 0);
    for _ in 0..PASSES {
        let started = Instant::now();
        hits = 0;
        for post in posts {
            text.read(source(post));
            hits += index.matches(&facts(&text, post)?, &mut scratch).len();
        }
        least = least.min(started.elapsed().as_secs_f64());
    }
    println!("{hits} hits");
    println!("{:.0} posts/s", posts.len() as f64 / least);
    Ok(())
}
