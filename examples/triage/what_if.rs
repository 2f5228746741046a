//! What if: another configuration over the same days, against what was decided.

use crate::board::short;
use crate::load::Config;
use crate::run::{self, Run};
use hearken::engine::{Simulation, Verdict};
use std::error::Error;
use std::io::Write;

pub fn print(out: &mut impl Write, run: &Run, config: &Config) -> Result<(), Box<dyn Error>> {
    let engine = run::engine(config)?;
    let mut simulation = Simulation::new(&engine, run.start.clone());
    for turn in &run.turns {
        simulation.turn(&turn.event, turn.at, &Verdict::of(&turn.outcome))?;
    }
    let differences = simulation.differences();
    writeln!(
        out,
        "WHAT IF: of {} turns {} would be decided otherwise",
        simulation.turns(),
        differences.len()
    )?;
    for (what, count) in simulation.counts() {
        writeln!(out, "  {count:>4}  {what}")?;
    }
    for difference in differences {
        let rules = |verdict: &Verdict| verdict.rules.join(", ");
        let (was, would_be) = (rules(&difference.was), rules(&difference.would_be));
        writeln!(out, "\n{}  {}", short(difference.at), difference.was.event)?;
        if was != would_be {
            writeln!(out, "  rules      {was} → {would_be}")?;
        }
        for (what, was, would_be) in difference.parts() {
            writeln!(out, "  {what:<10} {was} → {would_be}")?;
        }
    }
    Ok(())
}
