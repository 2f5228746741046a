//! Who is likely to leave, why, and what to do for each: a churn model, the best action with its runner-up, and
//! what the last play achieved against its holdout.
//!
//! ```text
//! cargo run --release --example retain -- --closed examples/data/leads/closed.csv \
//!     --open examples/data/leads/customers.csv --played examples/data/leads/played.csv
//! ```
//!
//! CLOSED holds former cases: `customer`, whatever is known of them, `action` (what was done, empty for nothing)
//! and `left`, `yes` or `no`. OPEN has the same columns without the last two. PLAYED holds the `customer`, `risk`
//! and `left` of a play that is over: who was held back is not stored, the lot is drawn again. Risks are learnt
//! where nothing was done, each action where it was done. One line a customer, most at risk first:
//! id, risk, lot, best action with its expected value, the runner-up, reasons, what would help.

#[path = "common/end.rs"]
mod end;

use clap::Parser;
use hearken::lead::{Advisor, Choice, Effect, Lot, Offer, Play, Retention, Strategies, Watch};
use hearken::scorecard::{Fitted, Learned, Learner, Rows};
use std::collections::BTreeMap;
use std::process::ExitCode;

#[derive(Parser)]
struct Arguments {
    /// Former cases, with what was done and how it ended
    #[arg(long)]
    closed: String,
    /// Customers of today
    #[arg(long)]
    open: String,
    /// A play that is over
    #[arg(long)]
    played: Option<String>,
    /// What a customer who stays is worth
    #[arg(long, default_value_t = 240.0)]
    value: f64,
    /// An action and its cost, `NAME:COST`; may be given several times
    #[arg(long, value_parser = offer, default_values = ["call:18", "voucher:15"])]
    offer: Vec<Offer>,
    /// Cost of a customer lost unnoticed, against that of acting in vain
    #[arg(long, default_value_t = 5.0)]
    cost_miss: f64,
    /// Cost of acting in vain
    #[arg(long, default_value_t = 1.0)]
    cost_false_alarm: f64,
    /// Share of those at risk who are left alone, to measure the effect
    #[arg(long, default_value_t = 0.25, value_parser = share)]
    holdout: f64,
    /// The name of the play; another name draws other lots
    #[arg(long, default_value = "win-back")]
    play: String,
}

type Failure = Box<dyn std::error::Error>;

fn offer(text: &str) -> Result<Offer, String> {
    let (name, cost) = text.split_once(':').ok_or("write NAME:COST")?;
    let known = cost.parse().ok().filter(|cost: &f64| cost.is_finite() && *cost >= 0.0);
    let cost = known.ok_or_else(|| format!("{cost} is no cost"))?;
    Ok(Offer { name: name.to_owned(), cost })
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| format!("{text} is no share of 0 to 1"))
}

fn main() -> ExitCode {
    end::end(run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let closed = Table::read(&arguments.closed)?;
    let open = Table::read(&arguments.open)?;

    let mut left = Rows::new(closed.known())?;
    let mut stayed = Rows::new(closed.known().chain(["action"]))?;
    for row in 0..closed.rows.len() {
        let gone = closed.cell(row, "left") == "yes";
        let cells: Vec<&str> = closed.known().map(|name| closed.cell(row, name)).collect();
        let action = closed.cell(row, "action");
        if action.is_empty() {
            left.push(&cells, gone);
        }
        stayed.push(&[cells, vec![action]].concat(), !gone);
    }

    let fitted = match Learner::new().fit(&left)? {
        Learned::Ready(fitted) => fitted,
        Learned::NotEnough { positives, negatives, floor, .. } => {
            return Err(format!(
                "not enough data: {positives} who left and {negatives} who stayed, all without an action; \
                 at least {floor} of each are needed"
            )
            .into());
        }
        _ => return Err("no model".into()),
    };
    let costs = (arguments.cost_miss, arguments.cost_false_alarm);
    let retention = Retention::new(&fitted, costs, &arguments.play, arguments.holdout)
        .ok_or("the costs must be positive")?;
    end::say(format_args!("{}", model(&fitted, &retention)));
    if let Some(path) = &arguments.played {
        end::say(format_args!("{}", effect(&Table::read(path)?, &retention.play)));
    }

    let strategies =
        Strategies::learn(&Learner::new(), &stayed, "action", &arguments.offer, arguments.value)?;
    for name in strategies.unlearnt() {
        eprintln!("notice: not enough cases of {name} to say what it does");
    }
    let mut watch = retention.watch(&open.header);
    let mut advisor = strategies.advisor(&open.header);
    let mut lines: Vec<(f64, String)> =
        (0..open.rows.len()).map(|row| customer(&open, row, &mut watch, &mut advisor)).collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    lines.iter().for_each(|(_, line)| end::say(line));
    Ok(())
}

/// How well the model of leaving does, and from where on to act.
fn model(fitted: &Fitted, retention: &Retention) -> String {
    let ((rows, gone), check, act) = (fitted.card.learnt_from(), &fitted.validation, &retention.threshold);
    let (precision, (low, high)) = act.precision;
    format!(
        "# {rows} cases without action, {gone} left; AUC {:.3}, calibration error {:.3} on rows not learnt from\n\
         # act from {:.3} upwards: {precision:.2} of those would leave ({low:.2}–{high:.2}), \
         {:.2} of the leavers are among them",
        check.auc(),
        check.calibration_error(15),
        act.threshold,
        act.recall.0,
    )
}

/// What a play achieved: those treated against those held back.
fn effect(played: &Table, play: &Play) -> String {
    let mut sides: BTreeMap<Lot, (usize, usize)> = BTreeMap::new();
    for row in 0..played.rows.len() {
        let risk = played.cell(row, "risk").parse().unwrap_or(f64::NAN);
        let side = sides.entry(play.draw(played.cell(row, "customer"), risk)).or_default();
        side.0 += usize::from(played.cell(row, "left") == "yes");
        side.1 += 1;
    }
    let side = |lot| sides.get(&lot).copied().unwrap_or_default();
    let (treated, held) = (side(Lot::Treated), side(Lot::Held));
    let told = format!(
        "# {}: {} of {} treated left, {} of {} held back",
        play.id, treated.0, treated.1, held.0, held.1
    );
    match Effect::measure(treated, held) {
        Some(effect) => {
            let (low, high) = effect.interval;
            format!("{told}; {:.2} fewer leave ({low:+.2} to {high:+.2})", effect.avoided)
        }
        None => format!("{told}; nothing to compare"),
    }
}

/// The risk of one customer and the line that tells it.
fn customer(open: &Table, row: usize, watch: &mut Watch<'_>, advisor: &mut Advisor<'_>) -> (f64, String) {
    let cells: Vec<&str> = open.rows[row].iter().collect();
    let id = open.cell(row, "customer");
    let risk = watch.assess(id, &cells);
    let reasons: Vec<String> =
        risk.reasons.iter().take(3).map(|(words, points)| format!("{words} ({points})")).collect();
    let may_change = |field: &str| matches!(field, "complaints" | "mood" | "visits");
    let help = match watch.remedy(may_change) {
        Some(changes) if changes.is_empty() => "-".to_owned(),
        Some(changes) => {
            let each = changes.iter().map(|change| format!("{} {}", change.field, change.instead));
            format!("safe if {}", each.collect::<Vec<_>>().join(" and "))
        }
        None => "nothing that can change would do".to_owned(),
    };
    let lot = match risk.lot {
        Lot::Held => "held back",
        Lot::Treated => "at risk",
        _ => "safe",
    };
    let advice = advisor.choose(&cells).map_or("not enough data\t-".to_owned(), |choice| told(&choice));
    (
        risk.probability,
        format!("{id}\t{:.3}\t{lot}\t{advice}\t{}\t{help}", risk.probability, reasons.join(", ")),
    )
}

/// The best action and the next best, with what each is expected to bring.
fn told(choice: &Choice) -> String {
    let worth = |place: usize| match choice.ranked.get(place) {
        Some((name, expected)) => format!("{name} {expected:.1}"),
        None => "-".to_owned(),
    };
    format!("{}\t{}", worth(0), worth(1))
}

/// A table of raw strings.
struct Table {
    header: Vec<String>,
    rows: Vec<csv::StringRecord>,
}

impl Table {
    fn read(path: &str) -> Result<Self, Failure> {
        let mut reader = csv::Reader::from_path(path).map_err(|error| format!("{path}: {error}"))?;
        let header = reader.headers()?.iter().map(str::to_owned).collect();
        Ok(Self { header, rows: reader.records().collect::<Result<_, _>>()? })
    }

    /// What is known of a customer: neither the name nor the end nor what was done.
    fn known(&self) -> impl Iterator<Item = &str> {
        self.header.iter().map(String::as_str).filter(|name| !["customer", "action", "left"].contains(name))
    }

    fn cell(&self, row: usize, column: &str) -> &str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.rows[row].get(place)).unwrap_or("").trim()
    }
}
