//! What if: another configuration over the same days, against what was decided.

use crate::clock::Clock;
use crate::run::Run;
use hearken::engine::{Engine, Simulation, Verdict};
use std::error::Error;
use std::io::Write;

pub fn print(
    out: &mut impl Write,
    run: &Run,
    engine: &Engine,
    clock: &Clock<'_>,
) -> Result<(), Box<dyn Error>> {
    let mut simulation = Simulation::new(engine, run.start.clone());
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
        writeln!(out, "\n{}  {}", clock.stamp(difference.at), difference.was.event)?;
        if was != would_be {
            writeln!(out, "  rules      {was} → {would_be}")?;
        }
        for (what, was, would_be) in difference.parts() {
            writeln!(out, "  {what:<10} {was} → {would_be}")?;
        }
    }
    Ok(())
}
