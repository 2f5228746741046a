//! Agents whom the configuration no longer names: what they hold goes back to the line of its team.
//!
//! A mark in the store says which agents a tick has last seen. A tick of an engine that knows others looks for those who are
//! gone, and notes since when; every other tick reads the mark, and that is all. While a new configuration is rolled out,
//! engines that know an agent and engines that do not take turns on one store: each tick of one that does clears the note,
//! so that nothing is given back before the last of them has been silent for [`GRACE`].

use super::Docket;
use crate::engine::Finding;
use crate::engine::plan::Plan;
use crate::engine::shelf::Stop;
use crate::engine::state::{Keys, Target};
use crate::engine::turn::Turn;
use crate::model::{AgentId, Timestamp};
use crate::route::AgentState;
use crate::store::{Key, Kind, Scan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long an agent must be unknown to every engine that ticks before what they hold is given back, in milliseconds: an
/// hour, longer than a configuration takes to reach all machines of a host.
const GRACE: i64 = 3_600_000;

/// Agents read at once.
const PAGE: usize = 1_000;

/// Which agents there were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::engine) struct Staff {
    /// A hash of their ids.
    known: String,
    /// Those with a record whom it did not name, and since when.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    missing: BTreeMap<AgentId, Timestamp>,
}

/// A hash of the agents whom the engine knows.
fn known(turn: &Turn<'_>) -> String {
    let ids: Vec<&str> = turn.engine.agents().map(|agent| agent.id.as_str()).collect();
    turn.engine.token(&Key::join(&ids))
}

/// True when an agent has been missing for long enough.
fn is_over(turn: &Turn<'_>, since: Timestamp) -> bool {
    turn.now.since(since) >= GRACE
}

impl Staff {
    /// True when a tick has nothing to find out.
    fn holds(&self, turn: &Turn<'_>) -> bool {
        self.known == known(turn) && !self.missing.values().any(|since| is_over(turn, *since))
    }
}

/// Where the mark stands: no agent is called that.
pub(in crate::engine) fn mark(turn: &Turn<'_>) -> Key {
    Keys(&turn.engine.tenant).agent(&AgentId::from(""))
}

/// True when a tick has seen other agents than there are now, or one has been missing for long enough.
pub(in crate::engine) fn has_changed(turn: &Turn<'_>) -> Result<bool, Stop> {
    Ok(turn.get::<Staff>(&mark(turn))?.is_some_and(|seen| !seen.holds(turn)))
}

/// Gives back what is held by agents who have not been there for a while, and notes who is there and who is not.
pub(in crate::engine) fn give_back(
    turn: &Turn<'_>,
    plan: &mut Plan<'_, '_>,
    docket: &mut Docket<'_, '_>,
) -> Result<(), Stop> {
    let mark = mark(turn);
    let seen = turn.get::<Staff>(&mark)?;
    if seen.as_ref().is_some_and(|seen| seen.holds(turn)) {
        return Ok(());
    }
    let everybody = turn.all(vec![Scan::new(&turn.engine.tenant, Kind::Agent, "", PAGE)])?;
    let is_gone = |key: &&Key| **key != mark && turn.engine.desk.roster().agent(&key.id().into()).is_none();
    let gone: Vec<&Key> = everybody.into_iter().filter(is_gone).collect();
    turn.want(&gone, &[])?;
    let mut missing = BTreeMap::new();
    for key in gone {
        let agent = AgentId::from(key.id());
        let noted = seen.as_ref().and_then(|seen| seen.missing.get(&agent).copied());
        if noted.is_none() {
            plan.find(Finding::new("missing").result(key.id()));
            // Whatever line is looked at: the tick looks at the mark.
            plan.timer(turn.now + GRACE, Target::Line("".into()));
        }
        let since = noted.unwrap_or(turn.now);
        if !is_over(turn, since) {
            missing.insert(agent, since);
            continue;
        }
        if let Some(state) = turn.get::<AgentState>(key)? {
            plan.find(Finding::new("no longer here").result(key.id()));
            docket.release(&agent, state.held.keys())?;
        }
        plan.delete(key.clone());
    }
    plan.put_shared(mark, Staff { known: known(turn), missing });
    Ok(())
}
