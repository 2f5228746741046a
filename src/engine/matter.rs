//! The turns of commands about cases, agents and alerts.

use super::alerts;
use super::outcome::Drop;
use super::plan::Plan;
use super::shelf::Stop;
use super::turn::Turn;
use super::work::Docket;
use super::{Disposition, Finding, Outcome};
use crate::desk::CaseEvent;
use crate::model::{AgentId, CaseId};
use crate::route::{DeskEvent, Presence};

/// Tells a case one or more things; the first that is refused refuses the command.
pub(super) fn tell(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    said: Vec<CaseEvent>,
) -> Result<Outcome, Stop> {
    let mut docket = Docket::new(turn);
    let Some(person) = docket.case(case)?.map(|record| record.person.clone()) else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such case"));
    };
    let before = docket.case(case)?.map(|record| record.case.version);
    for said in said {
        docket.tell(case, said)?;
        if let Some(refusal) = docket.refusal() {
            return Ok(Outcome::dropped(turn, event, Drop::Refused, &refusal.to_string()));
        }
    }
    if docket.case(case)?.map(|record| record.case.version) == before {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the case is as it was"));
    }
    let mut plan = Plan::new(turn, event, Some(person));
    let raised = docket.raised();
    docket.record(&mut plan);
    alerts::raise(turn, &mut plan, &raised)?;
    Ok(plan.done(Disposition::Accepted))
}

/// An agent came or went: waiting work may go to them, and theirs to others.
pub(super) fn presence(
    turn: &Turn<'_>,
    event: &str,
    agent: &AgentId,
    presence: Presence,
) -> Result<Outcome, Stop> {
    if !turn.engine.agents().any(|known| known.id == *agent) {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such agent"));
    }
    let mut docket = Docket::new(turn);
    docket.desk(DeskEvent::Presence { agent: agent.clone(), presence })?;
    let mut plan = Plan::new(turn, event, None);
    plan.find(Finding::new("presence").result(format!("{agent} {presence:?}").to_lowercase()));
    let raised = docket.raised();
    docket.record(&mut plan);
    alerts::raise(turn, &mut plan, &raised)?;
    Ok(plan.done(Disposition::Accepted))
}

/// Somebody has seen an alert.
pub(super) fn acknowledge(turn: &Turn<'_>, event: &str, group: &str, by: &AgentId) -> Result<Outcome, Stop> {
    let kind = group.split('/').next().unwrap_or(group);
    let mut plan = Plan::new(turn, event, None);
    let known = alerts::acknowledge(turn, &mut plan, kind, group, by)?;
    if !known {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such alert is active"));
    }
    plan.find(Finding::new("acknowledged").result(format!("{group} by {by}")));
    Ok(plan.done(Disposition::Accepted))
}
