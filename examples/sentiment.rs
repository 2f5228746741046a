//! Reads a text a line on standard input, prints `label TAB score TAB p_negative TAB p_neutral TAB p_positive` a line.
//!
//! ```text
//! cut -f3 ../shared/data/sentiment/en_val.tsv | cargo run --release --example sentiment > /tmp/got.tsv
//! python3 ../shared/tools/score_sentiment.py ../shared/data/sentiment/en_val.tsv /tmp/got.tsv
//! ```

use clap::Parser;
use hearken::sentiment::Sentiment;
use hearken::text::Text;
use std::io::{self, BufWriter, Read, Write};

#[derive(Parser)]
#[command(about = "Sentiment of texts, one a line on standard input")]
struct Options {
    /// Add the spans that the score comes from.
    #[arg(long)]
    explain: bool,
}

fn main() -> io::Result<()> {
    let options = Options::parse();
    let mut input = String::new();
    io::stdin().read_to_string(&mut input)?;
    let sentiment = Sentiment::english();
    let mut out = BufWriter::new(io::stdout().lock());
    let mut text = Text::default();
    for line in input.lines() {
        text.read(line);
        let polarity = sentiment.score(&text);
        let p = polarity.probabilities;
        write!(
            out,
            "{}\t{}\t{}\t{}\t{}",
            polarity.label.name(),
            polarity.score,
            p.negative,
            p.neutral,
            p.positive
        )?;
        if options.explain {
            for part in sentiment.explain(&text).contributions {
                write!(out, "\t{}:{}:{}", part.span.of(line).unwrap_or(""), part.reason, part.pull())?;
            }
        }
        writeln!(out)?;
    }
    out.flush()
}
