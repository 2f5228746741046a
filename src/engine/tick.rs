//! Turns that nobody's words set off: timers that are due, and what a fold over outcomes noticed.

use super::Disposition;
use super::Finding;
use super::Observation;
use super::Outcome;
use super::outcome::Drop;
use super::people::request;
use super::plan::Plan;
use super::publish::posts::Posts;
use super::shelf::Stop;
use super::state::Target;
use super::turn::Turn;
use super::work::Docket;
use super::work::alerts::{self, Raised};
use super::work::staff;
use crate::model::Priority;
use crate::store::{Key, Kind, Scan};
use std::collections::BTreeSet;

/// Timers handled in one turn; more take another.
const PAGE: usize = 64;

/// Does what is due. The same whatever the frequency of ticks: each machine computes from its history.
pub(super) fn due(turn: &Turn<'_>) -> Result<Outcome, Stop> {
    let tenant = &turn.engine.tenant;
    let until = Key::time(turn.now.millis().saturating_add(1));
    let scan = Scan::new(tenant, Kind::Timer, "", PAGE).before(until);
    turn.want(&[&staff::mark(turn)], &[&scan])?;
    let rows = turn.page(&scan)?;
    let first = rows.first().map(|(key, _)| key.id());
    if first.is_none() && !staff::has_changed(turn)? {
        return Ok(Outcome::dropped(turn, "due", Drop::Unknown, "nothing is due"));
    }
    // The first timer tells one turn from the next, also from one at the same time.
    let mut plan = Plan::new(turn, &format!("due {}", turn.engine.token(first.unwrap_or("staff"))), None);
    let (mut cases, mut lines, mut kinds, mut requests) =
        (Vec::new(), BTreeSet::new(), BTreeSet::new(), Vec::new());
    let mut planned = false;
    for (key, row) in rows {
        plan.delete(key.clone());
        match (*row.record.decode::<Target>()?).clone() {
            Target::Case(id) => cases.push(id),
            Target::Line(team) => drop(lines.insert(team)),
            Target::Alerts(kind) => drop(kinds.insert(kind)),
            Target::Request(name) => requests.push(name),
            Target::Posts => planned = true,
        }
    }
    cases.dedup();
    let mut docket = Docket::new(turn);
    staff::give_back(turn, &mut plan, &mut docket)?;
    docket.wake(cases, lines)?;
    let asked = request::due(turn, &requests)?;
    let mut raised = docket.record(&mut plan);
    raised.extend(asked);
    if planned {
        let mut posts = Posts::load(turn)?;
        posts.tick(&mut plan)?;
        posts.record(&mut plan);
    }
    alerts::tick(turn, &mut plan, &kinds, &raised)?;
    let again = rows.len() >= PAGE;
    let mut outcome = plan.done(Disposition::Accepted);
    outcome.again = again;
    Ok(outcome)
}

/// A spike, a shift of mood or a trend becomes an alert; from level 1 on, a crisis.
pub(super) fn observed(turn: &Turn<'_>, seen: &Observation) -> Result<Outcome, Stop> {
    let event = format!("{} of {} at {}", seen.kind, seen.about, seen.at.millis());
    let mut plan = Plan::new(turn, &event, None);
    let measures = seen
        .measures
        .iter()
        .map(|(name, value)| Finding::new(name.to_string()).result(format!("{value:.3}")));
    plan.find(Finding::new("observed").result(&*seen.kind).children(measures));
    let (kind, priority) = match (seen.level, &*seen.kind) {
        (0, "positive_spike") => ("positive-spike", Priority::Medium),
        (0, _) => ("spike", Priority::Medium),
        (1, _) => ("crisis", Priority::High),
        (2, _) => ("crisis", Priority::Urgent),
        _ => ("crisis", Priority::Critical),
    };
    let raised = Raised {
        kind: kind.into(),
        priority,
        to: turn.engine.crisis_team.clone(),
        about: seen.about.clone(),
        case: None,
        reason: match seen.level {
            0 => format!("{} about {}", seen.kind.replace('_', " "), seen.about),
            level => format!("{} about {}, level {level}", seen.kind.replace('_', " "), seen.about),
        },
    };
    alerts::raise(turn, &mut plan, &[raised])?;
    Ok(plan.done(Disposition::Accepted))
}
