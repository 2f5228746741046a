//! The turns of commands about cases, agents and alerts.

use super::Docket;
use super::alerts;
use crate::desk::{CaseEvent, Refusal};
use crate::engine::CaseAct;
use crate::engine::Disposition;
use crate::engine::Finding;
use crate::engine::Outcome;
use crate::engine::outcome::Drop;
use crate::engine::people::kin;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::turn::Turn;
use crate::model::{AgentId, CaseId, ItemKey, Timestamp};
use crate::route::{DeskEvent, Presence};
use std::collections::BTreeSet;

/// Why something is not done.
type No = (Drop, String);

fn no<T>(why: Drop, words: impl Into<String>) -> Result<Result<T, No>, Stop> {
    Ok(Err((why, words.into())))
}

/// What somebody of the team does to a case.
pub(in crate::engine) fn act(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: &AgentId,
    act: &CaseAct,
) -> Result<Outcome, Stop> {
    let said = match act {
        CaseAct::Take { version } => return give(turn, event, case, by, by, *version),
        CaseAct::Give { to, version } => return give(turn, event, case, by, to, *version),
        CaseAct::Decline => return decline(turn, event, case, by),
        CaseAct::Merge { into } => return merge(turn, event, case, by, into),
        CaseAct::Split { items } => return split(turn, event, case, by, items),
        CaseAct::HandOff { team, why } => CaseEvent::HandOff { team: team.clone(), why: why.to_string() },
        CaseAct::AwaitCustomer => CaseEvent::AwaitCustomer,
        CaseAct::AwaitInternal => CaseEvent::AwaitInternal,
        CaseAct::Hold { why } => CaseEvent::Hold(why.to_string()),
        CaseAct::Snooze { until } => CaseEvent::Snooze(*until),
        CaseAct::Resume => CaseEvent::Resume,
        CaseAct::Note { text } => CaseEvent::Note(text.reveal().to_owned()),
        CaseAct::Prioritise { priority } => CaseEvent::Prioritise(*priority),
        CaseAct::Escalate { team, why } => {
            let child = turn.engine.case_id(&format!("{case} for {team}"));
            CaseEvent::Escalate { child, team: team.clone(), why: why.to_string() }
        }
        CaseAct::Resolve { code } => CaseEvent::Resolve(code.to_string()),
        CaseAct::Close => CaseEvent::Close,
    };
    tell(turn, event, case, Some(by), vec![said])
}

/// Tells a case one or more things; the first that is refused refuses the command.
pub(in crate::engine) fn tell(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: Option<&AgentId>,
    said: Vec<CaseEvent>,
) -> Result<Outcome, Stop> {
    change(turn, event, case, by, |docket| {
        for said in said {
            docket.tell(case, said)?;
        }
        Ok(Ok(()))
    })
}

/// The brand answered in a case.
pub(in crate::engine) fn replied(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    item: &ItemKey,
    by: &AgentId,
    automatic: bool,
) -> Result<Outcome, Stop> {
    change(turn, event, case, None, |docket| {
        let reply = CaseEvent::Reply { item: item.clone(), by: by.clone(), bot: automatic };
        docket.tell(case, reply)?;
        docket.sent(case, item)?;
        Ok(Ok(()))
    })
}

/// A turn that changes a case: all of it, or nothing.
fn change(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: Option<&AgentId>,
    does: impl FnOnce(&mut Docket<'_, '_>) -> Result<Result<(), No>, Stop>,
) -> Result<Outcome, Stop> {
    let mut docket = Docket::new(turn).by(by);
    let Some((person, before)) =
        docket.case(case)?.map(|record| (record.person.clone(), record.case.version))
    else {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such case"));
    };
    if let Err((why, words)) = does(&mut docket)? {
        return Ok(Outcome::dropped(turn, event, why, &words));
    }
    if let Some(refusal) = docket.refusal() {
        return Ok(Outcome::dropped(turn, event, Drop::Refused, &refusal.to_string()));
    }
    if docket.case(case)?.map(|record| record.case.version) == Some(before) {
        return Ok(Outcome::dropped(turn, event, Drop::Duplicate, "the case is as it was"));
    }
    let mut plan = Plan::new(turn, event, Some(person));
    let raised = docket.record(&mut plan);
    alerts::raise(turn, &mut plan, &raised)?;
    Ok(plan.done(Disposition::Accepted))
}

/// An agent gets a case, if nobody has changed it since it was looked at.
fn give(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: &AgentId,
    to: &AgentId,
    expected: u64,
) -> Result<Outcome, Stop> {
    change(turn, event, case, Some(by), |docket| {
        if !turn.engine.agents().any(|known| known.id == *to) {
            return no(Drop::Unknown, "no such agent");
        }
        let found = docket.case(case)?.map_or(0, |record| record.case.version);
        if found != expected {
            return no(Drop::Refused, Refusal::Stale { expected, found }.to_string());
        }
        docket.desk([DeskEvent::Take { work: case.clone(), agent: to.clone() }])?;
        match docket.case(case)?.map(|record| (record.case.assignee == Some(to.clone()), record.case.status))
        {
            Some((false, status)) => no(Drop::Refused, Refusal::Status(status).to_string()),
            _ => Ok(Ok(())),
        }
    })
}

/// An agent gives a case back: it goes to the next.
fn decline(turn: &Turn<'_>, event: &str, case: &CaseId, by: &AgentId) -> Result<Outcome, Stop> {
    change(turn, event, case, Some(by), |docket| {
        if docket.case(case)?.is_none_or(|record| record.case.assignee.as_ref() != Some(by)) {
            return no(Drop::Refused, format!("{by} does not have the case"));
        }
        docket.decline(case, by)?;
        Ok(Ok(()))
    })
}

/// One case is folded into another of the same person.
fn merge(turn: &Turn<'_>, event: &str, case: &CaseId, by: &AgentId, into: &CaseId) -> Result<Outcome, Stop> {
    change(turn, event, case, Some(by), |docket| {
        let Some(other) = docket.case(case)?.cloned() else { return no(Drop::Unknown, "no such case") };
        let Some(person) = docket.case(into)?.map(|record| record.person.clone()) else {
            return no(Drop::Unknown, "no such case to fold it into");
        };
        if kin::behind(turn, &person)? != kin::behind(turn, &other.person)? {
            return no(Drop::Refused, "the cases are of two people: link their accounts first");
        }
        if let Some(there) = other.case.merged_into {
            return no(Drop::Refused, Refusal::Merged(there).to_string());
        }
        docket.tell(into, CaseEvent::Absorb(Box::new(other.case.clone())))?;
        docket.tell(case, CaseEvent::MergeInto(into.clone()))?;
        docket.follow(&other.folded, into)?;
        if let Some(record) = docket.case(into)? {
            record.absorb(other);
        }
        Ok(Ok(()))
    })
}

/// Some of a case's items become a case of their own.
fn split(
    turn: &Turn<'_>,
    event: &str,
    case: &CaseId,
    by: &AgentId,
    items: &BTreeSet<ItemKey>,
) -> Result<Outcome, Stop> {
    change(turn, event, case, Some(by), |docket| {
        if docket.holds(case, items)? {
            return no(Drop::Refused, "nothing would be left of the case");
        }
        let names: Vec<String> = items.iter().map(ToString::to_string).collect();
        let into = turn.engine.case_id(&format!("{case} without {}", names.join(" ")));
        docket.tell(case, CaseEvent::Split { into: into.clone(), items: items.clone() })?;
        if docket.refusal().is_none() {
            docket.moved(items, &into)?;
        }
        Ok(Ok(()))
    })
}

/// An agent came or went: waiting work may go to them, and theirs to others.
pub(in crate::engine) fn presence(
    turn: &Turn<'_>,
    event: &str,
    agent: &AgentId,
    presence: Presence,
) -> Result<Outcome, Stop> {
    if !turn.engine.agents().any(|known| known.id == *agent) {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such agent"));
    }
    let mut docket = Docket::new(turn);
    docket.desk([DeskEvent::Presence { agent: agent.clone(), presence }])?;
    let mut plan = Plan::new(turn, event, None);
    plan.find(Finding::new("presence").result(format!("{agent} {presence:?}").to_lowercase()));
    let raised = docket.record(&mut plan);
    alerts::raise(turn, &mut plan, &raised)?;
    Ok(plan.done(Disposition::Accepted))
}

/// Somebody has seen an alert.
pub(in crate::engine) fn acknowledge(
    turn: &Turn<'_>,
    event: &str,
    group: &str,
    by: &AgentId,
) -> Result<Outcome, Stop> {
    let kind = group.split('/').next().unwrap_or(group);
    let mut plan = Plan::new(turn, event, None);
    let known = alerts::acknowledge(turn, &mut plan, kind, group, by)?;
    if !known {
        return Ok(Outcome::dropped(turn, event, Drop::Unknown, "no such alert is active"));
    }
    plan.find(Finding::new("acknowledged").result(format!("{group} by {by}")));
    Ok(plan.done(Disposition::Accepted))
}

/// Somebody keeps a kind of alert quiet for a time.
pub(in crate::engine) fn silence(
    turn: &Turn<'_>,
    event: &str,
    kind: &str,
    about: Option<&str>,
    until: Timestamp,
    by: &AgentId,
) -> Result<Outcome, Stop> {
    if until <= turn.now {
        return Ok(Outcome::dropped(turn, event, Drop::Refused, &Refusal::Value.to_string()));
    }
    let mut plan = Plan::new(turn, event, None);
    alerts::silence(turn, &mut plan, kind, about, until)?;
    let what = about.map_or_else(|| kind.to_owned(), |about| format!("{kind} about {about}"));
    plan.find(Finding::new("silenced").result(format!("{what} until {until}, by {by}")));
    Ok(plan.done(Disposition::Accepted))
}
